//! Events that are told twice: equal but for their ids, once their actors are known.

use std::collections::BTreeMap;

use hashbrown::HashSet;

use super::builder::GraphBuilder;
use super::columns::Columns;
use super::terms::{self, Term};
use super::view::{Row, View};
use crate::codec;
use crate::invariant::{Holds as _, number_32};
use crate::model::{Kind, Record, Role};

/// Candidates with their likeness and row.
type Likenesses = Vec<(u64, Row)>;

/// A hash of what equal events have in common, in which these actors stand; of other records nothing.
fn likeness(
    columns: &Columns,
    row: usize,
    actors: impl Iterator<Item = (Term, Role)>,
) -> Option<u64> {
    let class = columns
        .class(row)
        .filter(|class| class.kind == Kind::Event)?;
    let mut actors: Vec<(Role, Term)> = actors.map(|(actor, role)| (role, actor)).collect();
    actors.sort_unstable();
    let coding = (class.coding, class.status);
    Some(terms::hash_of((
        columns.days(row),
        coding,
        class.dataset,
        actors,
    )))
}

/// What an event says, as bytes: equal for events that are equal but for their ids.
fn content(record: Record) -> Option<Vec<u8>> {
    let Record::Event(event) = record else {
        return None;
    };
    let mut bytes = Vec::new();
    let encoded = codec::encode(&Record::Event(event.without_id()?), &mut bytes);
    encoded.holds("what was decoded can be encoded")?;
    Some(bytes)
}

impl View {
    /// The events that are equal but for their ids, once merged actors are one, in groups: each in the order of its ids, the groups
    /// in that of their first days. `wanted` says which rows come into question.
    pub fn equal_events(&self, wanted: impl Fn(Row) -> bool) -> Vec<Vec<Row>> {
        let mut groups = Vec::new();
        let segments: Vec<_> = self.segments().collect();
        let mut next = vec![0_usize; segments.len()];
        // Rows are in the order of their first days in each segment; those without a day come last.
        loop {
            let day = segments
                .iter()
                .zip(&next)
                .filter_map(|((_, segment), at)| segment.columns.head(*at).map(|head| head.day));
            let Some(day) = day.min() else { break };
            let mut likenesses = Likenesses::new();
            for ((number, segment), at) in segments.iter().zip(&mut next) {
                let columns = &segment.columns;
                while columns.head(*at).is_some_and(|head| head.day == day) {
                    let index = number_32(*at);
                    let row = Row::new(*number, index);
                    if self.sees(segment, index)
                        && wanted(row)
                        && let Some(likeness) = likeness(columns, *at, self.actors(row))
                    {
                        likenesses.push((likeness, row));
                    }
                    *at += 1;
                }
            }
            likenesses.sort_unstable();
            for alike in likenesses
                .chunk_by(|a, b| a.0 == b.0)
                .filter(|alike| alike.len() > 1)
            {
                self.group_equal(alike, &mut groups);
            }
        }
        groups.sort_by_cached_key(|group: &Vec<Row>| group.first().map(|row| self.order_of(*row)));
        groups
    }

    fn order_of(&self, row: Row) -> (i32, String) {
        let day = self
            .timing(row)
            .map_or(i32::MAX, |timing| timing.sorts_on.number());
        (day, self.id(row))
    }

    fn group_equal(&self, alike: &[(u64, Row)], groups: &mut Vec<Vec<Row>>) {
        let mut by_content: BTreeMap<Vec<u8>, Vec<Row>> = BTreeMap::new();
        for (_, row) in alike {
            // What can't be read has been reported; what is no event has no like.
            if let Some(content) = self.counted_record(*row).and_then(content) {
                by_content.entry(content).or_default().push(*row);
            }
        }
        for mut group in by_content.into_values().filter(|group| group.len() > 1) {
            group.sort_by_cached_key(|row| self.id(*row));
            groups.push(group);
        }
    }
}

impl GraphBuilder {
    /// How many of the events added so far are equal, but for their ids, to one that `view` sees or that
    /// was added before.
    pub fn equal_events(&self, view: &View) -> u64 {
        let columns = self.columns();
        let alive = (0..columns.len()).filter(|row| self.is_alive(*row));
        let each = alive.filter_map(|row| {
            let day = columns.head(row).holds("a row has a head")?.day;
            Some((day, likeness(columns, row, columns.actors(row))?, row))
        });
        let mut added: Vec<(i32, u64, usize)> = each.collect();
        added.sort_unstable();
        let record = |row: usize| columns.record(row, |term| self.text(term));
        let mut count = 0;
        for of_day in added.chunk_by(|a, b| a.0 == b.0) {
            let Some((day, ..)) = of_day.first() else {
                continue;
            };
            let mut stored = view.likenesses_on(*day, |likeness| {
                of_day
                    .binary_search_by(|(_, own, _)| own.cmp(&likeness))
                    .is_ok()
            });
            stored.sort_unstable();
            let mut stored = stored.as_slice();
            for alike in of_day.chunk_by(|a, b| a.1 == b.1) {
                let Some((_, likeness, _)) = alike.first() else {
                    continue;
                };
                // Both are in the order of their likenesses, and each of these is one of the new ones.
                let before = stored.partition_point(|(own, _)| own <= likeness);
                let (before, after) = stored.split_at_checked(before).unwrap_or_default();
                stored = after;
                if alike.len() == 1 && before.is_empty() {
                    continue;
                }
                let before = before.iter().filter_map(|(_, row)| view.record(*row));
                let mut known: HashSet<Vec<u8>> = before.filter_map(content).collect();
                let added = alike
                    .iter()
                    .filter_map(|(_, _, row)| content(record(*row)?));
                count += added
                    .map(|content| u64::from(!known.insert(content)))
                    .sum::<u64>();
            }
        }
        count
    }
}

impl View {
    /// The events that are seen and begin on a day, as records name their actors, with likenesses for which `wanted` holds.
    fn likenesses_on(&self, day: i32, wanted: impl Fn(u64) -> bool) -> Likenesses {
        let mut found = Vec::new();
        for (number, segment) in self.segments() {
            let mut at = segment.place_of_day(day) as usize;
            while segment.columns.head(at).is_some_and(|head| head.day == day) {
                let index = number_32(at);
                let columns = &segment.columns;
                if self.sees(segment, index)
                    && let Some(likeness) = likeness(columns, at, columns.actors(at))
                    && wanted(likeness)
                {
                    found.push((likeness, Row::new(number, index)));
                }
                at += 1;
            }
        }
        found
    }
}
