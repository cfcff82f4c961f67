//! The strongest path: that of the least cost, where a hop costs one over its records.
//!
//! Costs are whole numbers, so that equal ones are equal: see [`UNIT`]. A search by Dijkstra from the
//! target back tells what a path must still cost at the least from each actor on; led by that, the
//! search from the source (A*, Hart, Nilsson and Raphael 1968) looks at little beside the path. A way
//! that costs more than another to the same actor is kept as long as it is shorter, since hops are
//! limited.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::rc::Rc;

use hashbrown::HashMap;

use super::path::{Path, PathEnds, Rank, Space};
use super::question::MAX_HOPS_MAX;
use super::search::PathSearch;
use super::strengths::{RemainingCost, Strengths};
use crate::graph::{Direction, Term};
use crate::query::adjacency::Adjacency;

/// The cost of a hop of one record: the least common multiple of the numbers up to 40, so that
/// hops of up to 40 records cost exactly one over that, and others to 16 digits.
pub(super) const UNIT: i64 = 5_342_931_457_063_200;

/// The cost of a hop of so many records.
pub(super) fn cost(records: usize) -> i64 {
    // Beyond 63 bits of records a hop costs nothing.
    UNIT / i64::try_from(records.max(1)).unwrap_or(i64::MAX)
}

impl Strengths {
    /// What paths to the target of `ends` must cost.
    fn ahead(&mut self, search: &PathSearch<'_, '_>, ends: &PathEnds) -> Rc<RemainingCost> {
        if let Some((to, ahead)) = &self.ahead
            && *to == ends.to
        {
            return Rc::clone(ahead);
        }
        let ahead = Rc::new(RemainingCost::to_target(self, search, ends));
        self.ahead = Some((ends.to, Rc::clone(&ahead)));
        ahead
    }

    /// Calls `each` with the neighbours of an actor, onward or backward, and the number of records.
    fn neighbours(
        &self,
        search: &PathSearch<'_, '_>,
        actor: Term,
        onward: bool,
        each: &mut impl FnMut(Term, usize),
    ) {
        let directions = if onward {
            search.directions
        } else {
            search.directions.reversed()
        };
        let gathered = if onward || directions == Direction::ANY {
            &self.onward
        } else {
            &self.backward
        };
        match gathered.get_or_init(|| Adjacency::of_links(search.network, directions)) {
            Some(adjacency) => {
                let place = adjacency.place(actor);
                for end in place.map_or(&[][..], |place| adjacency.ends(place)) {
                    if let Some(other) = adjacency.actors.get(end.to as usize) {
                        each(*other, end.records as usize);
                    }
                }
            }
            None => {
                for (other, records) in &*search.network.neighbours(actor, directions) {
                    each(*other, *records);
                }
            }
        }
    }
}

/// No path costs more.
#[expect(clippy::cast_possible_wrap, reason = "a small number")]
const COST_MAX: i64 = UNIT * MAX_HOPS_MAX as i64;

impl RemainingCost {
    /// Goes back from the target until the source is met.
    fn to_target(strengths: &Strengths, search: &PathSearch<'_, '_>, ends: &PathEnds) -> Self {
        let mut costs = vec![i64::MAX; search.network.view().terms_end()];
        let mut queue = BinaryHeap::from([Reverse((0, ends.to))]);
        if let Some(cost) = costs.get_mut(ends.to.index()) {
            *cost = 0;
        }
        while let Some(Reverse((so_far, actor))) = queue.pop() {
            if costs.get(actor.index()) != Some(&so_far) {
                continue;
            }
            if actor == ends.from {
                let others = so_far;
                return Self { costs, others };
            }
            if actor != ends.to && !search.passable(actor) {
                continue;
            }
            strengths.neighbours(search, actor, false, &mut |other, records| {
                let through = so_far + cost(records);
                if let Some(known) = costs.get_mut(other.index())
                    && through < *known
                    && through <= COST_MAX
                {
                    *known = through;
                    queue.push(Reverse((through, other)));
                }
            });
        }
        // Nobody else leads to the target.
        let others = i64::MAX;
        Self { costs, others }
    }

    /// The least cost from an actor on; `None` when nothing leads to the target.
    fn from(&self, actor: Term) -> Option<i64> {
        let known = self.costs.get(actor.index()).copied();
        let least = known.unwrap_or(i64::MAX).min(self.others);
        (least != i64::MAX).then_some(least)
    }
}

/// A way from the end of a root to an actor.
#[derive(Clone, Debug)]
struct PartialPath<'v> {
    /// The least cost of a path that begins so.
    least: i64,
    cost: i64,
    hops: usize,
    records: Reverse<usize>,
    actor: Term,
    id: &'v str,
    before: Option<Rc<Self>>,
}

impl<'v> PartialPath<'v> {
    /// The ids on the way, the last first.
    fn ids(&self) -> impl Iterator<Item = &'v str> {
        let mut at = Some(self);
        std::iter::from_fn(move || {
            let way = at?;
            at = way.before.as_deref();
            Some(way.id)
        })
    }
}

impl PartialEq for PartialPath<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for PartialPath<'_> {}

impl PartialOrd for PartialPath<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Ways to one actor are ordered as paths are. Of ways that may cost the same in the end, those that
/// cost less so far go first: they may lead to others of these.
impl Ord for PartialPath<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |way: &Self| (way.least, way.cost, way.hops, way.records);
        numbers(self).cmp(&numbers(other)).then_with(|| {
            let [mut one, mut two] = [self, other].map(|way| way.ids().collect::<Vec<_>>());
            one.reverse();
            two.reverse();
            one.cmp(&two)
        })
    }
}

/// The strongest path of a space.
pub(super) fn strongest<'v>(
    search: &PathSearch<'_, 'v>,
    ends: &PathEnds,
    space: &Space,
) -> Option<Path<'v>> {
    let view = search.network.view();
    let (&from, before) = space.root.split_last()?;
    let most_hops = ends.max_hops.checked_sub(before.len())?;
    let mut strengths = search.strengths.borrow_mut();
    let ahead = strengths.ahead(search, ends);
    let mut queue = BinaryHeap::from([Reverse(PartialPath {
        least: ahead.from(from)?,
        cost: 0,
        hops: 0,
        records: Reverse(0),
        actor: from,
        id: view.text(from),
        before: None,
    })]);
    // The fewest hops of the ways to each actor that came out of the queue.
    let mut settled: HashMap<Term, usize> = HashMap::new();
    while let Some(Reverse(way)) = queue.pop() {
        if way.actor == ends.to {
            return Some(whole(search, space, &way));
        }
        let fewest = settled.entry(way.actor).or_insert(usize::MAX);
        if way.hops >= *fewest || way.hops >= most_hops {
            continue;
        }
        *fewest = way.hops;
        let way = Rc::new(way);
        strengths.neighbours(search, way.actor, true, &mut |actor, records| {
            let Some(rest) = ahead.from(actor) else {
                return;
            };
            let is_taken = way.actor == from && space.taken.contains(&actor);
            let is_shut =
                || actor == from || before.contains(&actor) || ends.blocked.contains(&actor);
            let is_shorter = || {
                let fewest = settled.get(&actor);
                fewest.is_none_or(|fewest| way.hops + 1 < *fewest)
            };
            let is_open =
                actor == ends.to || (is_shorter() && !is_shut() && search.passable(actor));
            if !is_taken && is_open {
                let cost = way.cost + cost(records);
                queue.push(Reverse(PartialPath {
                    least: cost + rest,
                    cost,
                    hops: way.hops + 1,
                    records: Reverse(way.records.0 + records),
                    actor,
                    id: view.text(actor),
                    before: Some(Rc::clone(&way)),
                }));
            }
        });
    }
    None
}

/// The root of a space, and the way on from its end.
fn whole<'v>(search: &PathSearch<'_, 'v>, space: &Space, way: &PartialPath<'v>) -> Path<'v> {
    let mut path = Path {
        rank: Rank {
            first: way.cost,
            instant: i64::MIN,
            hops: way.hops,
            records: way.records,
            ids: Vec::new(),
        },
        actors: space.root.clone(),
    };
    for pair in space.root.windows(2) {
        if let [a, b] = pair {
            let records = search.records(*a, *b);
            path.rank.first += cost(records);
            path.rank.records.0 += records;
            path.rank.hops += 1;
        }
    }
    let mut at = Some(way);
    while let Some(way) = at {
        if way.before.is_some() {
            path.actors.push(way.actor);
        }
        at = way.before.as_deref();
    }
    if let Some(onward) = path.actors.get_mut(space.root.len()..) {
        onward.reverse();
    }
    path.rank.ids = search.ids(&path.actors);
    path
}

/// A cost as clients see it: one over the records of each hop, added up, to nine decimals.
#[expect(
    clippy::cast_precision_loss,
    reason = "more digits than are shown are left"
)]
pub(super) fn shown(cost: i64) -> f64 {
    (cost as f64 / UNIT as f64 * 1e9).round() / 1e9
}
