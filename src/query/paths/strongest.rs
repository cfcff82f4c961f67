//! The strongest path: that of the least cost, where a hop costs one over its records.
//!
//! Costs are whole numbers, so that equal ones are equal: see [`UNIT`]. The search goes from the
//! target back, as by Dijkstra; a way that costs more than another from the same actor is kept as
//! long as it is shorter, since hops are limited.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::rc::Rc;

use hashbrown::HashMap;

use super::Search;
use super::ranked::{Ends, Path, Rank, Space};
use crate::graph::Term;

/// The cost of a hop of one record: the least common multiple of the numbers up to 40, so that
/// hops of up to 40 records cost exactly one over that, and others to 16 digits.
pub(super) const UNIT: i64 = 5_342_931_457_063_200;

/// The cost of a hop of so many records.
pub(super) fn cost(records: usize) -> i64 {
    UNIT / i64::try_from(records.max(1)).unwrap_or(i64::MAX)
}

/// A way from an actor on to the target.
#[derive(Clone, Debug)]
struct Way<'v> {
    cost: i64,
    hops: usize,
    records: Reverse<usize>,
    actor: Term,
    id: &'v str,
    next: Option<Rc<Self>>,
}

impl Way<'_> {
    /// What orders ways from one actor: as paths are ordered.
    fn compare(&self, other: &Self) -> Ordering {
        let numbers = |way: &Self| (way.cost, way.hops, way.records);
        let mut order = numbers(self).cmp(&numbers(other));
        let (mut one, mut two) = (Some(self), Some(other));
        while order == Ordering::Equal
            && let (Some(a), Some(b)) = (one, two)
        {
            order = a.id.cmp(b.id);
            (one, two) = (a.next.as_deref(), b.next.as_deref());
        }
        order
    }
}

impl PartialEq for Way<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Way<'_> {}

impl PartialOrd for Way<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Way<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.compare(other)
    }
}

/// The strongest path of a space.
pub(super) fn strongest<'v>(
    search: &Search<'_, 'v>,
    ends: &Ends,
    space: &Space,
) -> Option<Path<'v>> {
    let view = search.network.view();
    let (&from, before) = space.root.split_last()?;
    let most_hops = ends.max_hops.checked_sub(before.len())?;
    let mut queue = BinaryHeap::from([Reverse(Way {
        cost: 0,
        hops: 0,
        records: Reverse(0),
        actor: ends.to,
        id: view.text(ends.to),
        next: None,
    })]);
    // The fewest hops of the ways from each actor that came out of the queue.
    let mut settled: HashMap<Term, usize> = HashMap::new();
    while let Some(Reverse(way)) = queue.pop() {
        if way.actor == from {
            return Some(whole(search, space, &way));
        }
        let fewest = settled.entry(way.actor).or_insert(usize::MAX);
        if way.hops >= *fewest || way.hops >= most_hops {
            continue;
        }
        *fewest = way.hops;
        let way = Rc::new(way);
        let neighbours = search
            .network
            .neighbours(way.actor, search.directions.reversed());
        for &(actor, records) in &*neighbours {
            let shut =
                || before.contains(&actor) || ends.blocked.contains(&actor) || actor == ends.to;
            let open = if actor == from {
                !space.taken.contains(&way.actor)
            } else {
                settled
                    .get(&actor)
                    .is_none_or(|fewest| way.hops + 1 < *fewest)
                    && !shut()
                    && search.passable(actor)
            };
            if open {
                queue.push(Reverse(Way {
                    cost: way.cost + cost(records),
                    hops: way.hops + 1,
                    records: Reverse(way.records.0 + records),
                    actor,
                    id: view.text(actor),
                    next: Some(Rc::clone(&way)),
                }));
            }
        }
    }
    None
}

/// The root of a space, and the way on from its end.
fn whole<'v>(search: &Search<'_, 'v>, space: &Space, way: &Way<'v>) -> Path<'v> {
    let mut path = Path {
        rank: Rank {
            first: way.cost,
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
    let mut at = way.next.as_deref();
    while let Some(way) = at {
        path.actors.push(way.actor);
        at = way.next.as_deref();
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
