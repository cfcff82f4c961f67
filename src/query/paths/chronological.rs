//! The path that arrives first: a walk through time from the start tells the day and the fewest
//! hops; one back from the target tells which steps keep to both, and of these the ids decide.

use std::cmp::Reverse;

use super::Search;
use super::ranked::{Ends, Path, Rank, Space};
use crate::graph::{Direction, Row, Term, View};
use crate::query::passage::{Course, Walk};

/// A record that carries a path on: the record, the day reached with it, and whether it certainly
/// follows the record before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::query) struct Carrier {
    pub(in crate::query) row: Row,
    pub(in crate::query) day: i32,
    pub(in crate::query) certain: bool,
}

/// The record by which one actor is reached from another, who is reached on `day` by `before`: it
/// reaches him first, then certainly follows `before`, then goes first in the order of time.
///
/// A record certainly follows another when its first day is after the other's last (of two on one day
/// nobody knows which came first), and neither date is open or in doubt.
fn carrier(
    view: &View,
    rows: impl Iterator<Item = Row>,
    day: i32,
    before: Option<Row>,
) -> Option<Carrier> {
    let follows = |row: Row| {
        let Some(before) = before else { return true };
        let (Some((_, last)), Some((first, _))) = (view.days(before), view.days(row)) else {
            return false;
        };
        last < first && !view.is_uncertain(before) && !view.is_uncertain(row)
    };
    let mut best: Option<Carrier> = None;
    for row in rows {
        let Some((first, last)) = view.days(row) else {
            continue;
        };
        if last.number() < day {
            continue;
        }
        let reached = first.number().max(day);
        // Rows come in the order of time: no later one reaches earlier.
        if best.is_some_and(|best| reached > best.day) {
            break;
        }
        let found = Carrier {
            row,
            day: reached,
            certain: follows(row),
        };
        if found.certain {
            return Some(found);
        }
        best = best.or(Some(found));
    }
    best
}

impl Search<'_, '_> {
    /// The record by which `b` is reached from `a`, who is reached on `day` by `before`.
    pub(in crate::query) fn carrier(
        &self,
        (a, b): (Term, Term),
        day: i32,
        before: Option<Row>,
    ) -> Option<Carrier> {
        let view = self.network.view();
        let ways =
            |(row, direction): (Row, Direction)| direction.meets(self.directions).then_some(row);
        if self.network.is_plain() {
            let rows = self.network.windowed.between_from(a, b, day);
            return carrier(view, rows.filter_map(ways), day, before);
        }
        let rows = self.network.between(a, b).into_iter();
        carrier(view, rows.filter_map(ways), day, before)
    }
}

/// The first path of a space by day of arrival, hops and ids.
pub(super) fn chronological<'v>(
    search: &Search<'_, 'v>,
    ends: &Ends,
    space: &Space,
) -> Option<Path<'v>> {
    let (&from, before) = space.root.split_last()?;
    let most_hops = ends.max_hops.checked_sub(before.len())?;
    let start = day_after(search, &space.root, ends.day)?;
    let ties = search.ties();
    let passable = |actor| search.passable(actor);
    let mut blocked = [before, &ends.blocked[..]].concat();
    let onward = ties.spread(&Walk {
        course: Course::Onward,
        origin: from,
        day: start,
        last: None,
        max_hops: Some(most_hops),
        until: Some(ends.to),
        blocked: &blocked,
        taken: &space.taken,
        passable: &passable,
        goes_first: &|_, _| false,
    });
    let (arrival, hops) = onward.first(ends.to)?;
    blocked.push(from);
    let backward = ties.spread(&Walk {
        course: Course::Backward,
        origin: ends.to,
        day: arrival,
        last: Some(start),
        max_hops: Some(hops - 1),
        until: None,
        blocked: &blocked,
        taken: &[],
        passable: &passable,
        goes_first: &|_, _| false,
    });
    let mut actors = space.root.clone();
    let (mut at, mut day) = (from, start);
    for left in (0..hops).rev() {
        let in_time = |actor: Term, reached: i32| {
            let latest = backward.within(actor, left);
            latest.is_some_and(|latest| reached <= latest)
        };
        let mut ahead = Vec::new();
        search
            .network
            .visit(at, search.directions, &mut |other, _| {
                let open = other == ends.to || (search.passable(other) && other != from);
                let is_taken = at == from && space.taken.contains(&other);
                if open && !is_taken && in_time(other, day) {
                    ahead.push(other);
                }
            });
        ahead.sort_by_key(|other| search.network.view().text(*other));
        let step = |other: Term| {
            let reached = search.carrier((at, other), day, None)?.day;
            in_time(other, reached).then_some((other, reached))
        };
        (at, day) = ahead.into_iter().find_map(step)?;
        actors.push(at);
    }
    Some(Path {
        rank: Rank {
            first: arrival.into(),
            hops: actors.len() - 1,
            records: Reverse(0),
            ids: search.ids(&actors),
        },
        actors,
    })
}

/// The day on which a path is at its last actor.
fn day_after(search: &Search<'_, '_>, actors: &[Term], start: i32) -> Option<i32> {
    let mut day = start;
    for pair in actors.windows(2) {
        if let [a, b] = pair {
            day = search.carrier((*a, *b), day, None)?.day;
        }
    }
    Some(day)
}
