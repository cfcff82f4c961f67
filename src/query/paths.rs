//! Paths between two actors, with the evidence of every hop.
//!
//! The best paths come out one after the other, each loopless, by the algorithm of Yen (1971,
//! "Finding the k shortest loopless paths in a network", Management Science 17(11)): every further
//! path leaves an earlier one at some actor and goes on by the best way that none has taken. The
//! cost of a path is its hops; of equally long ones the one with more records goes first, then the
//! one whose ids sort first.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use hashbrown::{HashMap, HashSet};

use super::answer::{HopAnswer, PathAnswer, PathsAnswer};
use super::describe::Describer;
use super::filter::Scope;
use super::network::{Neighbour, Network};
use super::rollup::{self, Rollup};
use super::timeline::{Selection, meta};
use crate::graph::{Direction, Term, View};

/// Paths that one answer has at the most.
pub const PATHS_MAX: usize = 20;
/// Hops that a path has at the most.
pub const MAX_HOPS_MAX: usize = 8;
/// Actors that paths may be made to lead through.
pub const VIA_MAX: usize = 3;
/// Records shown for one hop at the most.
pub const EVIDENCE_MAX: usize = 20;
/// Joined paths looked at before giving up on those that cross themselves (`via`).
const JOINS_MAX: usize = 20_000;

/// How two actors are connected.
#[derive(Clone, Debug)]
pub struct PathsQuestion {
    /// Where paths start.
    pub source: Term,
    /// Where they end.
    pub target: Term,
    /// Within what.
    pub scope: Scope,
    /// Whether links are followed from source to target only.
    pub directed: bool,
    /// Hops that a path may have, at most [`MAX_HOPS_MAX`].
    pub max_hops: usize,
    /// Paths wanted, at most [`PATHS_MAX`].
    pub limit: usize,
    /// Actors that each path leads through, in any order; at most [`VIA_MAX`].
    pub via: Vec<Term>,
    /// Actors that no path leads through.
    pub avoid: Vec<Term>,
    /// Records shown for each hop, at most [`EVIDENCE_MAX`].
    pub evidence: usize,
}

/// The best paths, by hops, then records, then ids.
pub fn paths<'v>(view: &'v View, question: &PathsQuestion) -> PathsAnswer<'v> {
    let network = Network::new(view, &question.scope);
    let search = Search::new(&network, question);
    let found = search.best(question);
    let describer = Describer::new(view, question.scope.scheme);
    let paths = found
        .iter()
        .map(|path| answer(&network, question, &describer, search.directions, path));
    PathsAnswer {
        source: describer.actor(search.source),
        target: describer.actor(search.target),
        mode: "fewest",
        paths: paths.collect(),
        meta: meta(
            &network,
            &Selection::Actors(vec![search.source, search.target], super::Match::Any),
            &question.scope,
        ),
    }
}

fn answer<'v>(
    network: &Network<'v>,
    question: &PathsQuestion,
    describer: &Describer<'v>,
    directions: Direction,
    path: &Path,
) -> PathAnswer<'v> {
    let hops = path.actors.windows(2).filter_map(|pair| {
        let &[a, b] = pair else { return None };
        let mut rows = network.between(a, b);
        rows.retain(|(_, direction)| direction.meets(directions));
        let shown = rows.iter().take(question.evidence);
        let evidence =
            shown.filter_map(|(row, _)| describer.record(*row, network.via(*row, &[a, b])));
        Some(HopAnswer {
            source: describer.actor(a),
            target: describer.actor(b),
            records: rows.len(),
            evidence: evidence.collect(),
        })
    });
    let hops: Vec<HopAnswer<'v>> = hops.collect();
    PathAnswer {
        length: hops.len(),
        records: hops.iter().map(|hop| hop.records).sum(),
        hops,
    }
}

/// A path: its actors from source to target, and the records of all hops.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Path {
    actors: Vec<Term>,
    records: usize,
}

impl Path {
    fn hops(&self) -> usize {
        self.actors.len() - 1
    }
}

struct Search<'n, 'v> {
    network: &'n Network<'v>,
    directions: Direction,
    source: Term,
    target: Term,
    avoid: Vec<Term>,
}

/// A combination of paths waiting to be looked at: its rank, which path of each leg, its actors.
type Join<'v> = Reverse<(Rank<'v>, Vec<usize>, Vec<Term>)>;

/// What orders paths: hops, more records, ids.
type Rank<'v> = (usize, Reverse<usize>, Vec<&'v str>);

impl<'n, 'v> Search<'n, 'v> {
    fn new(network: &'n Network<'v>, question: &PathsQuestion) -> Self {
        let view = network.view();
        // Under roll-up a person stands for his state at the ends of a path, too.
        let end = |actor: Term| {
            let window = question.scope.window;
            match rollup::tops(view, actor, (window.lo(), window.hi())).as_slice() {
                [top] if question.scope.rollup == Rollup::State => *top,
                _ => actor,
            }
        };
        Self {
            network,
            directions: if question.directed {
                Direction::FORWARD
            } else {
                Direction::ANY
            },
            source: end(question.source),
            target: end(question.target),
            avoid: question.avoid.clone(),
        }
    }

    fn best(&self, question: &PathsQuestion) -> Vec<Path> {
        let blocked = |actor: &Term| self.avoid.contains(actor);
        if self.source == self.target
            || [self.source, self.target]
                .iter()
                .chain(&question.via)
                .any(blocked)
        {
            return Vec::new();
        }
        let mut via: Vec<Term> = question.via.clone();
        via.sort_unstable();
        via.dedup();
        via.retain(|actor| *actor != self.source && *actor != self.target);
        if !via.iter().all(|actor| self.passable(*actor)) {
            return Vec::new();
        }
        if via.is_empty() {
            let mut leg = Leg::new(self, self.source, self.target, question.max_hops);
            return (0..question.limit)
                .map_while(|nth| leg.path(nth).cloned())
                .collect();
        }
        let mut found = Vec::new();
        for order in permutations(&via) {
            found.extend(self.joined(&order, question));
        }
        found.sort_by_cached_key(|path| self.rank(path));
        found.dedup();
        found.truncate(question.limit);
        found
    }

    /// The best paths through some actors in order: the best combinations of the best paths from
    /// one to the next that together cross no actor twice.
    fn joined(&self, order: &[Term], question: &PathsQuestion) -> Vec<Path> {
        let stops: Vec<Term> = std::iter::once(self.source)
            .chain(order.iter().copied())
            .chain([self.target])
            .collect();
        let Some(spare) = question.max_hops.checked_sub(stops.len() - 2) else {
            return Vec::new();
        };
        let mut legs: Vec<Leg<'_, 'n, 'v>> = stops
            .windows(2)
            .filter_map(|pair| match pair {
                [from, to] => Some(Leg::new(self, *from, *to, spare)),
                _ => None,
            })
            .collect();
        let mut queue = BinaryHeap::new();
        let mut queued = HashSet::new();
        let mut found = Vec::new();
        self.queue_join(&mut legs, vec![0; stops.len() - 1], &mut queue, &mut queued);
        for _ in 0..JOINS_MAX {
            let Some(Reverse((rank, choice, path))) = queue.pop() else {
                break;
            };
            if rank.0 > question.max_hops || found.len() >= question.limit {
                break;
            }
            let mut seen = HashSet::new();
            if path.iter().all(|actor| seen.insert(*actor)) {
                found.push(Path {
                    actors: path,
                    records: rank.1.0,
                });
            }
            for leg in 0..choice.len() {
                let mut next = choice.clone();
                if let Some(nth) = next.get_mut(leg) {
                    *nth += 1;
                }
                self.queue_join(&mut legs, next, &mut queue, &mut queued);
            }
        }
        found
    }

    fn queue_join(
        &self,
        legs: &mut [Leg<'_, 'n, 'v>],
        choice: Vec<usize>,
        queue: &mut BinaryHeap<Join<'v>>,
        queued: &mut HashSet<Vec<usize>>,
    ) {
        if !queued.insert(choice.clone()) {
            return;
        }
        let mut whole = Path {
            actors: vec![self.source],
            records: 0,
        };
        for (leg, nth) in legs.iter_mut().zip(&choice) {
            let Some(path) = leg.path(*nth) else { return };
            whole.actors.extend(path.actors.iter().skip(1));
            whole.records += path.records;
        }
        queue.push(Reverse((self.rank(&whole), choice, whole.actors)));
    }

    fn rank(&self, path: &Path) -> Rank<'v> {
        let view = self.network.view();
        let ids = path.actors.iter().map(|actor| view.text(*actor)).collect();
        (path.hops(), Reverse(path.records), ids)
    }

    /// Whether a path may lead through `actor`.
    fn passable(&self, actor: Term) -> bool {
        !self.avoid.contains(&actor)
            && (!self.network.sieve.limits_kinds() || self.network.sieve.accepts_kind(actor))
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

/// The paths from one actor to another, the best first, found as they are asked for.
struct Leg<'s, 'n, 'v> {
    search: &'s Search<'n, 'v>,
    from: Term,
    to: Term,
    max_hops: usize,
    found: Vec<Path>,
    /// Candidates for the next path, ranked, with the number of actors that each shares with the
    /// path it left.
    candidates: BTreeSet<(Rank<'v>, Vec<Term>)>,
    exhausted: bool,
}

impl<'s, 'n, 'v> Leg<'s, 'n, 'v> {
    fn new(search: &'s Search<'n, 'v>, from: Term, to: Term, max_hops: usize) -> Self {
        Self {
            search,
            from,
            to,
            max_hops,
            found: Vec::new(),
            candidates: BTreeSet::new(),
            exhausted: false,
        }
    }

    /// Path number `nth`, from 0.
    fn path(&mut self, nth: usize) -> Option<&Path> {
        while self.found.len() <= nth && !self.exhausted {
            match self.next() {
                Some(path) => self.found.push(path),
                None => self.exhausted = true,
            }
        }
        self.found.get(nth)
    }

    fn next(&mut self) -> Option<Path> {
        match self.found.last().cloned() {
            None => return self.spur(&[], &HashSet::new()),
            Some(last) => self.branch(&last),
        }
        let (rank, actors) = self.candidates.pop_first()?;
        Some(Path {
            actors,
            records: rank.1.0,
        })
    }

    /// Adds the best path that leaves `last` at each of its actors.
    fn branch(&mut self, last: &Path) {
        for at in 0..last.hops() {
            let (Some(root), Some(kept)) = (last.actors.get(..at), last.actors.get(..=at)) else {
                continue;
            };
            // No path may take a first step that an earlier one took from the same root.
            let taken: HashSet<Term> = self
                .found
                .iter()
                .filter(|path| path.actors.starts_with(kept))
                .filter_map(|path| path.actors.get(at + 1).copied())
                .collect();
            let from = kept.last().copied().unwrap_or(self.from);
            if let Some(path) = self.spur_from(root, from, &taken) {
                let rank = self.search.rank(&path);
                self.candidates.insert((rank, path.actors));
            }
        }
    }

    fn spur(&self, root: &[Term], taken: &HashSet<Term>) -> Option<Path> {
        self.spur_from(root, self.from, taken)
    }

    /// The best path that starts with `root` and `from`, and whose next step is none of `taken`.
    fn spur_from(&self, root: &[Term], from: Term, taken: &HashSet<Term>) -> Option<Path> {
        let spare = self.max_hops.checked_sub(root.len())?;
        let spur = self.shortest(root, from, taken, spare)?;
        let mut records = spur.records;
        for pair in [root, &[from]].concat().windows(2) {
            if let [a, b] = pair {
                let neighbours = self.search.network.neighbours(*a, self.search.directions);
                records += count(&neighbours, *b);
            }
        }
        Some(Path {
            actors: [root, &spur.actors].concat(),
            records,
        })
    }

    /// The best path from `from` to the target that avoids the actors of `root`, takes no first
    /// step in `taken`, and has at most `spare` hops.
    ///
    /// Breadth first from `from` until the target's layer is whole; then, from the target back, the
    /// best way into each actor of each layer is chosen by records and ids.
    fn shortest(
        &self,
        root: &[Term],
        from: Term,
        taken: &HashSet<Term>,
        spare: usize,
    ) -> Option<Path> {
        let layers = self.layers(root, from, taken, spare)?;
        // The best way from an actor on to the target: records and next actor.
        let mut onward: HashMap<Term, (usize, Option<Term>)> = HashMap::new();
        onward.insert(self.to, (0, None));
        for layer in layers.iter().rev() {
            let mut reached: HashMap<Term, (usize, Option<Term>)> = HashMap::new();
            for &actor in layer {
                if let Some(best) = self.best_step(actor, from, taken, &onward) {
                    reached.insert(actor, best);
                }
            }
            for (actor, best) in reached.drain() {
                onward.entry(actor).or_insert(best);
            }
        }
        let records = onward.get(&from)?.0;
        let mut actors = vec![from];
        let mut at = from;
        while let Some((_, Some(next))) = onward.get(&at) {
            actors.push(*next);
            at = *next;
        }
        Some(Path { actors, records })
    }

    /// The layers of actors by hops from `from`, up to the one before the target's.
    fn layers(
        &self,
        root: &[Term],
        from: Term,
        taken: &HashSet<Term>,
        spare: usize,
    ) -> Option<Vec<Vec<Term>>> {
        let mut seen: HashSet<Term> = root.iter().copied().collect();
        seen.insert(from);
        let mut layers = vec![vec![from]];
        for _ in 0..spare {
            let mut next = Vec::new();
            let mut arrived = false;
            for &actor in layers.last()? {
                for &(other, _) in &*self
                    .search
                    .network
                    .neighbours(actor, self.search.directions)
                {
                    if (actor == from && taken.contains(&other)) || seen.contains(&other) {
                        continue;
                    }
                    if other == self.to {
                        arrived = true;
                    } else if self.search.passable(other) {
                        seen.insert(other);
                        next.push(other);
                    }
                }
            }
            if arrived {
                return Some(layers);
            }
            if next.is_empty() {
                return None;
            }
            layers.push(next);
        }
        None
    }

    /// The best next actor on a shortest way, among those from which the target is reached.
    fn best_step(
        &self,
        actor: Term,
        from: Term,
        taken: &HashSet<Term>,
        onward: &HashMap<Term, (usize, Option<Term>)>,
    ) -> Option<(usize, Option<Term>)> {
        let view = self.search.network.view();
        let neighbours = self
            .search
            .network
            .neighbours(actor, self.search.directions);
        let steps = neighbours
            .iter()
            .filter(|(other, _)| !(actor == from && taken.contains(other)));
        let ways = steps.filter_map(|&(other, records)| {
            let (rest, _) = onward.get(&other)?;
            Some((records + rest, other))
        });
        let best = ways.min_by_key(|(records, other)| (Reverse(*records), view.text(*other)))?;
        Some((best.0, Some(best.1)))
    }
}

fn count(neighbours: &[Neighbour], actor: Term) -> usize {
    let found = neighbours.binary_search_by_key(&actor, |(other, _)| *other);
    found
        .ok()
        .and_then(|at| neighbours.get(at))
        .map_or(0, |(_, count)| *count)
}
