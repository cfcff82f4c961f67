//! Paths one after the other, the best first.
//!
//! The paths from one actor to another are divided as by Lawler (1972, "A procedure for computing
//! the K best solutions to discrete optimization problems", Management Science 18(7)), who
//! sharpened Yen (1971): a [`Space`] is the set of paths that begin in some way and do not go on in
//! some others. A search finds the first paths of a space; when they are used up, what is left of
//! the space is divided by the places where a path may leave them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hashbrown::HashMap;

use super::chronological::chronological;
use super::fewest::fewest;
use super::path::{Path, PathEnds, Space};
use super::question::{Mode, PathsQuestion};
use super::search::PathSearch;
use super::strongest::strongest;
use crate::graph::Term;
use crate::query::chains::ChainState;

impl<'v> PathSearch<'_, 'v> {
    /// The paths of the answer.
    pub(in crate::query) fn best(&self, question: &PathsQuestion) -> Vec<Path<'v>> {
        let mut via = question.via.clone();
        via.sort_unstable();
        via.dedup();
        let blocked = |actor: &Term| self.avoid.contains(actor);
        let mut ends = [self.source, self.target].into_iter().chain(via.clone());
        via.retain(|actor| *actor != self.source && *actor != self.target);
        if self.source == self.target
            || ends.any(|actor| blocked(&actor))
            || !via.iter().all(|actor| self.passable(*actor))
        {
            return Vec::new();
        }
        if !question.diverse {
            return self.some(question, &via, Vec::new(), question.limit);
        }
        let mut found: Vec<Path<'v>> = Vec::new();
        let mut used = Vec::new();
        // Paths without an actor of their own between the ends come again.
        let mut again = 0;
        while found.len() < question.limit {
            let next = self.some(question, &via, used.clone(), again + 1);
            let Some(path) = next.into_iter().find(|path| !found.contains(path)) else {
                break;
            };
            let before = used.len();
            let inner = path.actors.iter().copied();
            used.extend(inner.filter(|actor| {
                ![self.source, self.target].contains(actor) && !via.contains(actor)
            }));
            again += usize::from(used.len() == before);
            found.push(path);
        }
        found
    }

    fn some(
        &self,
        question: &PathsQuestion,
        via: &[Term],
        blocked: Vec<Term>,
        limit: usize,
    ) -> Vec<Path<'v>> {
        let ends = PathEnds {
            from: self.source,
            to: self.target,
            start: vec![ChainState::at(self.start())],
            max_hops: question.max_hops,
            blocked,
        };
        if !via.is_empty() {
            return through(self, &ends, via, (limit, question.joins_max));
        }
        let mut leg = Leg::new(self, ends, limit);
        (0..limit).map_while(|nth| leg.path(nth).cloned()).collect()
    }
}

/// The first paths of a space, at least one if there is one and at most `want`.
fn first_of<'v>(
    search: &PathSearch<'_, 'v>,
    ends: &PathEnds,
    space: &Space,
    want: usize,
) -> Vec<Path<'v>> {
    match search.mode {
        Mode::Fewest => fewest(search, ends, space, want),
        Mode::Strongest => strongest(search, ends, space).into_iter().collect(),
        Mode::Chronological => chronological(search, ends, space).into_iter().collect(),
    }
}

/// The first paths of a space, and how many of them were given.
struct Batch<'v> {
    space: Space,
    paths: Vec<Path<'v>>,
    given: usize,
}

/// The paths from one actor to another, the best first, found as they are asked for.
pub(super) struct Leg<'s, 'n, 'v> {
    search: &'s PathSearch<'n, 'v>,
    pub(super) ends: PathEnds,
    /// Paths that are wanted at the most.
    want: usize,
    found: Vec<Path<'v>>,
    /// The next path of each batch, and the batch.
    queue: BinaryHeap<Reverse<(Path<'v>, usize)>>,
    batches: Vec<Batch<'v>>,
    /// The batch that was used up last and is not yet divided.
    used_up: Option<usize>,
}

impl<'s, 'n, 'v> Leg<'s, 'n, 'v> {
    pub(super) fn new(search: &'s PathSearch<'n, 'v>, ends: PathEnds, want: usize) -> Self {
        let mut leg = Self {
            search,
            want,
            found: Vec::new(),
            queue: BinaryHeap::new(),
            batches: Vec::new(),
            used_up: None,
            ends,
        };
        leg.look_into(Space {
            root: vec![leg.ends.from],
            taken: Vec::new(),
        });
        leg
    }

    /// Path number `nth`, from 0.
    pub(super) fn path(&mut self, nth: usize) -> Option<&Path<'v>> {
        while self.found.len() <= nth {
            let path = self.next()?;
            self.found.push(path);
        }
        self.found.get(nth)
    }

    fn next(&mut self) -> Option<Path<'v>> {
        if let Some(batch) = self.used_up.take() {
            self.divide(batch);
        }
        let Reverse((path, number)) = self.queue.pop()?;
        let batch = self.batches.get_mut(number)?;
        batch.given += 1;
        match batch.paths.get(batch.given) {
            Some(next) => self.queue.push(Reverse((next.clone(), number))),
            None => self.used_up = Some(number),
        }
        Some(path)
    }

    fn look_into(&mut self, space: Space) {
        let want = self.want.saturating_sub(self.found.len()).max(1);
        let paths = first_of(self.search, &self.ends, &space, want);
        if let Some(first) = paths.first() {
            let number = self.batches.len();
            self.queue.push(Reverse((first.clone(), number)));
            self.batches.push(Batch {
                space,
                paths,
                given: 0,
            });
        }
    }

    /// Looks into what is left of a space without the paths that were found in it.
    fn divide(&mut self, number: usize) {
        let Some(batch) = self.batches.get_mut(number) else {
            return;
        };
        let paths = std::mem::take(&mut batch.paths);
        let mut spaces = vec![batch.space.clone()];
        let mut known: HashMap<&[Term], usize> = HashMap::new();
        for path in &paths {
            for at in batch.space.root.len()..path.actors.len() {
                let (Some(root), Some(next)) = (path.actors.get(..at), path.actors.get(at)) else {
                    continue;
                };
                let place = if at == batch.space.root.len() {
                    0
                } else {
                    *known.entry(root).or_insert_with(|| {
                        spaces.push(Space {
                            root: root.to_vec(),
                            taken: Vec::new(),
                        });
                        spaces.len() - 1
                    })
                };
                if let Some(space) = spaces.get_mut(place)
                    && !space.taken.contains(next)
                {
                    space.taken.push(*next);
                }
            }
        }
        for space in spaces {
            self.look_into(space);
        }
    }
}

/// The beginning of a path through `via`: some legs, and which path of the next one comes next.
struct PathPrefix<'s, 'n, 'v> {
    so_far: Path<'v>,
    /// The order of the stops, from source to target, and the leg that comes next.
    stops: Vec<Term>,
    leg: Leg<'s, 'n, 'v>,
    nth: usize,
}

/// The paths that lead through some actors in any order, the best first.
///
/// Beginnings of paths wait in the order of what they would be with the next leg. What follows can
/// only make them worse, so whole paths come out in order. Beyond `joins_max` beginnings the search is
/// given up, and says so.
pub(super) fn through<'v>(
    search: &PathSearch<'_, 'v>,
    ends: &PathEnds,
    via: &[Term],
    (limit, joins_max): (usize, usize),
) -> Vec<Path<'v>> {
    let mut found = Vec::new();
    let mut begun: Vec<PathPrefix<'_, '_, 'v>> = Vec::new();
    let mut queue: BinaryHeap<Reverse<(Path<'v>, usize)>> = BinaryHeap::new();
    for order in permutations(via) {
        let mut stops = vec![ends.from];
        stops.extend(order);
        stops.push(ends.to);
        let start = search.at(ends.from);
        begin(search, ends, start, stops, &mut begun, &mut queue);
    }
    let mut joins = 0;
    while let Some(Reverse((path, number))) = queue.pop() {
        if joins == joins_max {
            search.give_up();
            break;
        }
        joins += 1;
        let Some(from) = begun.get_mut(number) else {
            break;
        };
        from.nth += 1;
        let stops = from.stops.clone();
        if let Some(next) = from.leg.path(from.nth) {
            queue.push(Reverse((search.joined(&from.so_far, next), number)));
        }
        if path.actors.last() == Some(&ends.to) {
            found.push(path);
            if found.len() >= limit {
                break;
            }
        } else {
            begin(search, ends, path, stops, &mut begun, &mut queue);
        }
    }
    found
}

/// Adds the leg that goes on from where a path has come.
fn begin<'s, 'n, 'v>(
    search: &'s PathSearch<'n, 'v>,
    ends: &PathEnds,
    so_far: Path<'v>,
    stops: Vec<Term>,
    begun: &mut Vec<PathPrefix<'s, 'n, 'v>>,
    queue: &mut BinaryHeap<Reverse<(Path<'v>, usize)>>,
) {
    let reached = so_far.actors.last();
    let mut ahead = stops.iter().skip_while(|stop| Some(*stop) != reached);
    let (Some(from), Some(to)) = (ahead.next(), ahead.next()) else {
        return;
    };
    let others = ahead.count();
    let spare = ends.max_hops.checked_sub(so_far.rank.hops + others);
    let Some(max_hops) = spare else { return };
    let before = so_far.actors.iter().filter(|actor| *actor != from);
    let stops_beside = stops.iter().filter(|stop| ![from, to].contains(stop));
    let ends = PathEnds {
        from: *from,
        to: *to,
        start: search.states_of(&so_far),
        max_hops,
        blocked: [
            &ends.blocked[..],
            &before.chain(stops_beside).copied().collect::<Vec<_>>(),
        ]
        .concat(),
    };
    let mut leg = Leg::new(search, ends, 1);
    if let Some(first) = leg.path(0) {
        queue.push(Reverse((search.joined(&so_far, first), begun.len())));
        begun.push(PathPrefix {
            so_far,
            stops,
            leg,
            nth: 0,
        });
    }
}

fn permutations(items: &[Term]) -> Vec<Vec<Term>> {
    if items.len() <= 1 {
        return vec![items.to_vec()];
    }
    let mut all = Vec::new();
    for (i, first) in items.iter().enumerate() {
        let mut rest = items.to_vec();
        rest.remove(i);
        for mut order in permutations(&rest) {
            order.insert(0, *first);
            all.push(order);
        }
    }
    all
}
