//! The reference: the same questions on plain sorted lists, written to be read, not to be fast.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chancery::model::{Cameo, Day, QuadClass, Scheme};

use crate::data::{Data, Event};
use crate::questions::Days;

/// The damping factor of `PageRank`.
pub(crate) const DAMPING: f64 = 0.85;
/// Rounds of `PageRank`, enough for the order of the first ten.
const ROUNDS: usize = 60;

/// Events by actor and by pair, in the order of time.
pub(crate) struct Naive<'d> {
    data: &'d Data,
    by_actor: Vec<Vec<u32>>,
    by_pair: HashMap<(u32, u32), Vec<u32>>,
    neighbours: Vec<Vec<u32>>,
}

fn pair(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

impl<'d> Naive<'d> {
    pub(crate) fn new(data: &'d Data) -> Self {
        let mut naive = Self {
            data,
            by_actor: vec![Vec::new(); data.actors.len()],
            by_pair: HashMap::new(),
            neighbours: vec![Vec::new(); data.actors.len()],
        };
        for (number, event) in (0..).zip(&data.events) {
            naive.by_actor[event.source as usize].push(number);
            if event.source == event.target {
                continue;
            }
            naive.by_actor[event.target as usize].push(number);
            let events = naive.by_pair.entry(pair(event.source, event.target));
            let events = events.or_default();
            if events.is_empty() {
                naive.neighbours[event.source as usize].push(event.target);
                naive.neighbours[event.target as usize].push(event.source);
            }
            events.push(number);
        }
        naive
    }

    fn within(&self, events: &[u32], (from, to): Days) -> Vec<u32> {
        let inside = |event: &&u32| {
            let day = self.data.events[**event as usize].day;
            from <= day && day <= to
        };
        events.iter().filter(inside).copied().collect()
    }

    /// The latest events of an actor, the newest first, and how many there are.
    pub(crate) fn timeline(&self, actor: u32, days: Days, limit: usize) -> (Vec<u32>, usize) {
        let mut events = self.within(&self.by_actor[actor as usize], days);
        let total = events.len();
        events.reverse();
        events.truncate(limit);
        (events, total)
    }

    /// The events of a pair, the oldest first.
    pub(crate) fn dyad(&self, a: u32, b: u32, days: Days) -> Vec<u32> {
        let events = self.by_pair.get(&pair(a, b));
        events.map_or_else(Vec::new, |events| self.within(events, days))
    }

    /// The events of a pair by the first day of the month and by quad class.
    pub(crate) fn months(&self, a: u32, b: u32) -> BTreeMap<i32, [usize; 4]> {
        let mut months: BTreeMap<i32, [usize; 4]> = BTreeMap::new();
        for number in self.dyad(a, b, (i32::MIN, i32::MAX)) {
            let event = self.data.events[number as usize];
            let (year, month, _) = Day::from_number(event.day).unwrap().ymd();
            let first = Day::from_ymd(year, month, 1).unwrap().number();
            months.entry(first).or_default()
                [class(self.data.relations[event.relation as usize].1)] += 1;
        }
        months
    }

    /// The hops of a shortest path, if there is one of at most `max_hops`.
    pub(crate) fn hops(&self, a: u32, b: u32, days: Days, max_hops: usize) -> Option<usize> {
        let mut seen = HashSet::from([a]);
        let mut edge = vec![a];
        for hops in 1..=max_hops {
            let mut next = Vec::new();
            for actor in edge {
                for &other in &self.neighbours[actor as usize] {
                    if seen.contains(&other) || self.dyad(actor, other, days).is_empty() {
                        continue;
                    }
                    if other == b {
                        return Some(hops);
                    }
                    seen.insert(other);
                    next.push(other);
                }
            }
            edge = next;
        }
        None
    }

    /// How many others an actor meets in a window.
    pub(crate) fn degree(&self, actor: u32, days: Days) -> usize {
        let others = self.neighbours[actor as usize].iter();
        let met = |other: &&u32| !self.dyad(actor, **other, days).is_empty();
        others.filter(met).count()
    }

    /// The least cost of a path of at most `max_hops`, where a hop costs one over its events.
    pub(crate) fn cost(&self, a: u32, b: u32, days: Days, max_hops: usize) -> Option<f64> {
        let mut costs = BTreeMap::from([(a, 0.0)]);
        for _ in 0..max_hops {
            let mut next: BTreeMap<u32, f64> = costs.clone();
            for (actor, cost) in &costs {
                for other in &self.neighbours[*actor as usize] {
                    let events = self.dyad(*actor, *other, days).len();
                    if events > 0 {
                        #[expect(clippy::cast_precision_loss, reason = "fewer than 2^52 events")]
                        let cost = cost + 1.0 / events as f64;
                        let least = next.entry(*other).or_insert(cost);
                        *least = least.min(cost);
                    }
                }
            }
            costs = next;
        }
        costs.get(&b).copied()
    }

    /// The first day on which a chain of at most `max_hops` events, whichever way each goes and none
    /// earlier than the one before, has led from one actor to another.
    pub(crate) fn arrival(&self, a: u32, b: u32, (from, to): Days, max_hops: usize) -> Option<i32> {
        let inside = |event: &&Event| from <= event.day && event.day <= to;
        let events: Vec<Event> = self.data.events.iter().filter(inside).copied().collect();
        let mut hops = HashMap::from([(a, 0)]);
        for day in events.chunk_by(|a, b| a.day == b.day) {
            let mut again = true;
            while again {
                again = false;
                for event in day {
                    for (one, two) in [(event.source, event.target), (event.target, event.source)] {
                        let Some(before) = hops.get(&one).filter(|hops| **hops < max_hops) else {
                            continue;
                        };
                        let after = before + 1;
                        if hops.get(&two).is_none_or(|known| *known > after) {
                            hops.insert(two, after);
                            again = true;
                        }
                    }
                }
            }
            if hops.contains_key(&b) {
                return day.first().map(|event| event.day);
            }
        }
        None
    }

    /// Whom a chain of events from source to target, each no earlier than the one before, leads to
    /// from an actor, and the first day on which it does. The actor himself is left out.
    pub(crate) fn reach(&self, actor: u32, (from, to): Days) -> BTreeMap<u32, i32> {
        let mut arrived = BTreeMap::from([(actor, from)]);
        let inside = |event: &&Event| from <= event.day && event.day <= to;
        let events: Vec<Event> = self.data.events.iter().filter(inside).copied().collect();
        for day in events.chunk_by(|a, b| a.day == b.day) {
            // Events of one day may follow one another in any order.
            let mut again = true;
            while again {
                again = false;
                for event in day {
                    if arrived.contains_key(&event.source) && !arrived.contains_key(&event.target) {
                        arrived.insert(event.target, event.day);
                        again = true;
                    }
                }
            }
        }
        arrived.remove(&actor);
        arrived
    }

    /// `PageRank` on the simple directed graph of a window, by actor: all who have a link in it.
    pub(crate) fn rank(&self, (from, to): Days) -> BTreeMap<u32, f64> {
        let mut targets: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for event in &self.data.events {
            if event.day < from || event.day > to || event.source == event.target {
                continue;
            }
            targets
                .entry(event.source)
                .or_default()
                .insert(event.target);
            targets.entry(event.target).or_default();
        }
        let count = targets.len();
        #[expect(
            clippy::cast_precision_loss,
            reason = "there are fewer than 2^52 actors"
        )]
        let share = |n: usize| 1.0 / n as f64;
        let mut ranks: BTreeMap<u32, f64> =
            targets.keys().map(|actor| (*actor, share(count))).collect();
        for _ in 0..ROUNDS {
            let idle = targets.iter().filter(|(_, to)| to.is_empty());
            let lost: f64 = idle.map(|(actor, _)| ranks[actor]).sum();
            let base = (1.0 - DAMPING + DAMPING * lost) * share(count);
            let mut next: BTreeMap<u32, f64> = targets.keys().map(|a| (*a, base)).collect();
            for (actor, to) in &targets {
                for target in to {
                    *next.entry(*target).or_default() += DAMPING * ranks[actor] * share(to.len());
                }
            }
            ranks = next;
        }
        ranks
    }
}

/// The place of a code's quad class.
pub(crate) fn class(code: Cameo) -> usize {
    match code.quad_class(Scheme::Icews) {
        QuadClass::VerbalCooperation => 0,
        QuadClass::MaterialCooperation => 1,
        QuadClass::VerbalConflict => 2,
        QuadClass::MaterialConflict => 3,
    }
}
