//! The path that arrives first: a walk through time from the start tells the day and the fewest
//! hops; one back from the target tells which steps keep to both, and of these the ids decide.

use std::cmp::Reverse;

use super::path::{Path, PathEnds, Rank, Space};
use super::question::Mode;
use super::search::PathSearch;
use crate::graph::{Direction, Moment, Row, Term, View};
use crate::model::{Day, Instant};
use crate::query::chains::{ChainState, Chains, certainly_follows};
use crate::query::temporal_walk::{TimeDirection, WalkRule};

/// A record that carries a path on: the record, the day reached with it, the latest instant by then,
/// and whether it certainly follows the record before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::query) struct Carrier {
    pub(in crate::query) row: Row,
    pub(in crate::query) day: i32,
    pub(in crate::query) instant: Option<Instant>,
    pub(in crate::query) certain: bool,
}

impl Carrier {
    /// Of records that follow one another, each with the state that it leads to.
    pub(in crate::query) fn all(
        view: &View,
        records: impl Iterator<Item = (Row, ChainState)>,
    ) -> Vec<Self> {
        let mut before: Option<Row> = None;
        let carriers = records.map(|(row, state)| {
            let certain = before.is_none_or(|before| certainly_follows(view, row, before));
            before = Some(row);
            Self {
                row,
                day: state.day,
                instant: state.latest(),
                certain,
            }
        });
        carriers.collect()
    }
}

/// The record by which one actor is reached from another, who is reached on `day` by `before`: it
/// reaches him first, then certainly follows `before`, then goes first in the order of time. Where
/// rows are `in_order` of their first days, no later one reaches earlier.
fn carrier(
    view: &View,
    rows: impl Iterator<Item = Row>,
    (day, before): (i32, Option<Row>),
    in_order: bool,
) -> Option<Carrier> {
    let mut best: Option<Carrier> = None;
    for row in rows {
        let Some(Moment { first, last, .. }) = view.moment(row) else {
            continue;
        };
        if last < day {
            continue;
        }
        let reached = first.max(day);
        if best.is_some_and(|best| reached > best.day) {
            if in_order {
                break;
            }
            continue;
        }
        let found = Carrier {
            row,
            day: reached,
            instant: None,
            certain: before.is_none_or(|before| certainly_follows(view, row, before)),
        };
        let is_better =
            best.is_none_or(|best| (reached, !found.certain) < (best.day, !best.certain));
        if is_better {
            best = Some(found);
        }
        if in_order && found.certain {
            break;
        }
    }
    best
}

impl PathSearch<'_, '_> {
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
        let in_order = !self.network.windowed.may_stand_early();
        if self.network.is_plain() {
            let rows = self.network.windowed.between_from(a, b, day);
            return carrier(view, rows.filter_map(ways), (day, before), in_order);
        }
        let rows = self.network.between(a, b).into_iter();
        carrier(view, rows.filter_map(ways), (day, before), in_order)
    }

    /// The records that carry a path in chronological order, hop by hop; in other modes none.
    pub(in crate::query) fn carriers(&self, path: &Path<'_>) -> Vec<Carrier> {
        let mut chosen: Vec<Carrier> = Vec::new();
        if self.mode != Mode::Chronological {
            return chosen;
        }
        let view = self.network.view();
        let start = self.start();
        if let Some(chains) = self.chains() {
            let course = (TimeDirection::Onward, ChainState::at(start));
            let found = chains.carriers(view, &path.actors, course);
            return Carrier::all(view, found.iter().map(|one| (one.row, one.state)));
        }
        for pair in path.actors.windows(2) {
            let &[a, b] = pair else { continue };
            let before = chosen.last();
            let day = before.map_or(start, |before| before.day);
            let before = before.map(|before| before.row);
            chosen.extend(self.carrier((a, b), day, before));
        }
        chosen
    }

    /// The day on which a chain arrives with its last record: where nothing in it has a known
    /// beginning, the known end of that.
    pub(in crate::query) fn arrival(&self, last: &Carrier) -> Option<Day> {
        Day::from_number(last.day)
            .filter(|day| *day != Day::MIN)
            .or_else(|| Some(self.network.view().known_days(last.row)?.1))
    }
}

/// The first path of a space where days alone do not tell.
fn by_chains<'v>(
    search: &PathSearch<'_, 'v>,
    chains: &Chains,
    ends: &PathEnds,
    space: &Space,
    walk: &WalkRule<'_>,
) -> Option<Path<'v>> {
    let view = search.network.view();
    let start = chains.along(&space.root, &ends.start);
    let (others, (day, instant)) = chains.best(view, walk, &start)?;
    let actors = [&space.root[..], &others].concat();
    Some(Path {
        rank: Rank {
            first: day.into(),
            instant,
            hops: actors.len() - 1,
            records: Reverse(0),
            ids: search.ids(&actors),
        },
        actors,
    })
}

/// The first path of a space by day of arrival, hops and ids.
pub(super) fn chronological<'v>(
    search: &PathSearch<'_, 'v>,
    ends: &PathEnds,
    space: &Space,
) -> Option<Path<'v>> {
    let (&from, before) = space.root.split_last()?;
    let most_hops = ends.max_hops.checked_sub(before.len())?;
    let passable = |actor| search.passable(actor);
    let mut blocked = [before, &ends.blocked[..]].concat();
    let onward = WalkRule {
        course: TimeDirection::Onward,
        origin: from,
        day: search.start(),
        last: None,
        max_hops: Some(most_hops),
        until: Some(ends.to),
        blocked: &blocked,
        taken: &space.taken,
        passable: &passable,
        goes_first: &|_, _| false,
    };
    if let Some(chains) = search.chains() {
        return by_chains(search, chains, ends, space, &onward);
    }
    let start = day_after(search, &space.root, ends.start.first()?.day)?;
    let ties = search.ties();
    let onward = ties.spread(&WalkRule {
        day: start,
        ..onward
    });
    let (arrival, hops) = onward.first(ends.to)?;
    blocked.push(from);
    let backward = ties.spread(&WalkRule {
        course: TimeDirection::Backward,
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
            instant: i64::MIN,
            hops: actors.len() - 1,
            records: Reverse(0),
            ids: search.ids(&actors),
        },
        actors,
    })
}

/// The day on which a path is at its last actor.
fn day_after(search: &PathSearch<'_, '_>, actors: &[Term], start: i32) -> Option<i32> {
    let mut day = start;
    for pair in actors.windows(2) {
        if let [a, b] = pair {
            day = search.carrier((*a, *b), day, None)?.day;
        }
    }
    Some(day)
}
