//! A segment: the changes of some commits as immutable columns in the order of time, with every
//! index that a question needs.

use std::ops::Range;
use std::sync::OnceLock;

use hashbrown::HashMap;

use super::columns::{Columns, ENDLESS, SHAPES_MAX, StoredHeader, UNDATED, at};
use super::coverage::Coverage;
use super::dyads::{Direction, Dyads, TERMS_MAX, link_of_roles, links};
use super::ids::IdIndex;
use super::names::keys;
use super::offices::Offices;
use super::packed_id::RecordKey;
use super::parallel::both;
use super::row_lists::{Postings, RowRanges};
use super::terms::{Term, Terms};
use super::tombstones::{ALIVE, Tombstones};
use crate::invariant::{Holds as _, number_32};
use crate::model::{Day, Kind, Record, RelationKind, Role, Status};
use crate::text::TextIndex;

/// Days that a row may span before it is kept in the list of long rows.
const SHORT_MAX_DAYS: i32 = 366;
/// Rows for each day from which on a table tells where they start.
const ROWS_A_DAY_MIN: usize = if cfg!(test) { 1 } else { 8 };
/// Rows and list items that one segment may hold; its lists are addressed with 32 bits.
const ITEMS_MAX: usize = 1 << 31;

/// A commit as the graph knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitMark {
    /// Its number, from 1.
    pub commit: u64,
    /// When it was recorded, in milliseconds since 1970-01-01T00:00:00Z.
    pub recorded_at: i64,
    /// The number of operations up to its end, which tells what it sees.
    pub(super) limit: u32,
}

/// Immutable but for the marks of rows that later commits end.
#[derive(Debug, Default)]
pub(super) struct Segment {
    pub(super) marks: Vec<CommitMark>,
    pub(super) terms: Terms,
    pub(super) columns: Columns,
    pub(super) ends: Tombstones,
    /// The last operation that made a row.
    last_born: u32,
    ids: IdIndex,
    pub(super) by_actor: Postings,
    pub(super) by_topic: Postings,
    pub(super) by_event: Postings,
    /// Rows of judgements, by the actors that they are about.
    pub(super) by_judged: Postings,
    /// Rows of offices, representations and parts, by subject and by object.
    pub(super) ties_of: Postings,
    pub(super) ties_to: Postings,
    pub(super) dyads: Dyads,
    /// Rows of actors by folded name, alias and code; see [`keys`].
    pub(super) names: HashMap<Box<str>, Vec<u32>>,
    pub(super) offices: Offices,
    /// Dated rows that span more than [`SHORT_MAX_DAYS`], ascending.
    pub(super) long: Vec<u32>,
    /// The longest span in days of the other dated rows.
    pub(super) short_span: i32,
    /// Dated rows that a window may find that ends before the day they are sorted at, ascending.
    pub(super) early: Vec<u32>,
    /// Whether some rows are instants, and whether some of these have another day in UTC than as written.
    pub(super) has_instants: bool,
    pub(super) has_strays: bool,
    /// Rows of events that did not occur, ascending, and those in which each actor stands.
    pub(super) not_occurred: Vec<u32>,
    pub(super) not_occurred_of: Postings,
    /// The number of rows with a date; the others come after them.
    pub(super) dated: u32,
    /// Where the rows of each day start.
    days: DayTable,
    /// Rows that cite each source.
    pub(super) by_source: RowRanges,
    /// Rows of each kind, by its number, whether current or not.
    pub(super) by_kind: RowRanges,
    /// The words and names of the rows, once somebody has searched.
    pub(super) words: OnceLock<TextIndex>,
    /// The days that the data sets cover by all rows, once somebody has asked.
    pub(super) coverage: OnceLock<Coverage>,
    /// The records of actors, by term, as places among the rows with a body; once somebody has asked
    /// for one.
    pub(super) actors: OnceLock<Postings>,
}

impl Segment {
    /// Orders and indexes rows. `ended` are rows that ended, each with the operation.
    pub(super) fn from_columns(
        marks: Vec<CommitMark>,
        terms: Terms,
        columns: Columns,
        ended: impl Iterator<Item = (u32, u32)>,
    ) -> Self {
        let places = columns.places_in_time();
        let ends = Tombstones::with_rows(columns.len());
        for (row, operation) in ended {
            ends.set(at(&places, row as usize), operation);
        }
        let columns = columns.in_places(&places);
        drop(places);
        let mut segment = Self {
            marks,
            terms,
            ends,
            // A segment without rows was made by no operation: it is seen by all.
            last_born: columns.born.iter().copied().max().unwrap_or_default(),
            ..Self::default()
        };
        segment.index(&columns);
        segment.columns = columns;
        segment
    }

    /// Whether `self` and `next` fit into one segment.
    pub(super) fn can_take(&self, next: &Self) -> bool {
        let items = |s: &Self| s.columns.items();
        items(self) + items(next) < ITEMS_MAX
            && next.terms.end() < TERMS_MAX
            && self.columns.shapes() + next.columns.shapes() < SHAPES_MAX
    }

    /// The rows of this segment and of the next one, in one, as if none had ended: see
    /// [`Segment::adopt_ends`].
    pub(super) fn merged_with(&self, next: &Self) -> Self {
        let mut columns = self.columns.clone();
        columns.append(&next.columns);
        let marks = self.marks.iter().chain(&next.marks).copied().collect();
        let terms = self.terms.followed_by(&next.terms);
        Self::from_columns(marks, terms, columns, std::iter::empty())
    }

    /// Marks the rows as ended that have ended in the segments of which this one was made.
    pub(super) fn adopt_ends(&self, parts: &[&Self]) {
        for part in parts {
            for (row, operation) in part.ends.iter() {
                let born = at(&part.columns.born, row as usize);
                let same = |row: &u32| at(&self.columns.born, *row as usize) == born;
                match self.versions(&part.columns.key(row)).find(same) {
                    Some(here) => self.ends.set(here, operation),
                    None => part
                        .columns
                        .report(row, "a row that has ended is in the merged segment"),
                }
            }
        }
    }

    fn index(&mut self, columns: &Columns) {
        let rows = 0..number_32(columns.len());
        let dyads = || {
            // Most rows have two actors: what links those is looked up once for each shape.
            let pairs = columns.by_shape(|class, _| match *class.roles {
                [first, second] => PairedShape::Of(link_of_roles(class.kind, first, second)),
                _ => PairedShape::Many,
            });
            let each = |link: &mut dyn FnMut(Term, Term, u32, Direction)| {
                let mut actors = Vec::new();
                for row in rows.clone() {
                    let pair = at(&pairs, columns.shape(row as usize) as usize);
                    links_of_row(columns, (row, pair), &mut actors, link);
                }
            };
            Dyads::from_columns(each, |row| columns.shape(row as usize))
        };
        self.dyads = both(columns.len(), dyads, || {
            self.index_but_dyads(columns, &rows);
        })
        .0;
    }

    fn index_but_dyads(&mut self, columns: &Columns, rows: &Range<u32>) {
        rows.clone().for_each(|row| self.note_span(columns, row));
        self.note_timed(columns);
        self.note_not_occurred(columns, rows);
        for row in columns.with_body() {
            self.note_names(columns, *row);
        }
        self.days = DayTable::from_headers(dated(columns, self.dated));
        self.note_shapes(columns, rows);
        self.by_actor = Postings::from_pairs(|pair| {
            for row in rows.clone() {
                for actor in columns.standing(row as usize) {
                    pair(actor.0, row);
                }
            }
        })
        .with_places();
        self.ids = IdIndex::from_columns(columns);
        let extras = || columns.with_body().iter().copied();
        self.by_topic = Postings::from_pairs(|pair| {
            for row in extras() {
                let topics = columns.topics(row as usize);
                for topic in topics {
                    pair(topic.0, row);
                }
            }
        });
        self.by_event = Postings::from_pairs(|pair| {
            for row in extras() {
                let events = columns.events(row as usize);
                for event in events {
                    pair(event.0, row);
                }
            }
        });
        self.by_judged = Postings::from_pairs(|pair| {
            for row in extras() {
                let judged = columns.judged(row as usize);
                for actor in judged {
                    pair(actor.0, row);
                }
            }
        });
        let ties = |with: Role| {
            Postings::from_pairs(|pair| {
                for row in extras().filter(|row| is_tie(columns, *row)) {
                    let of_role = columns
                        .actors(row as usize)
                        .filter(|(_, role)| *role == with);
                    of_role.for_each(|(actor, _)| pair(actor.0, row));
                }
            })
        };
        (self.ties_of, self.ties_to) = (ties(Role::Subject), ties(Role::Object));
    }

    /// Notes the kinds and sources of rows. Rows of one shape have the same, and mostly follow one
    /// another when there are few.
    fn note_shapes(&mut self, columns: &Columns, rows: &Range<u32>) {
        let mut groups = HashMap::new();
        let groups = columns.by_shape(|class, cited| {
            let next = groups.len();
            *groups.entry((class.kind, cited)).or_insert(next)
        });
        let group = |row: u32| at(&groups, columns.shape(row as usize) as usize);
        let mut start = 0;
        let note = |segment: &mut Self, start: u32, end: u32| {
            if let Some(kind) = columns.kind(start as usize) {
                segment.by_kind.add(u32::from(kind.number()), start, end);
            }
            for (source, _) in columns.cited(start as usize) {
                segment.by_source.add(source.0, start, end);
            }
        };
        let mut of_start = 0;
        for row in rows.clone() {
            let of_row = group(row);
            if row == start {
                of_start = of_row;
            } else if of_row != of_start {
                note(self, start, row);
                (start, of_start) = (row, of_row);
            }
        }
        if start < rows.end {
            note(self, start, rows.end);
        }
    }

    fn note_span(&mut self, columns: &Columns, row: u32) {
        let (first, last) = columns.days(row as usize);
        if first == UNDATED {
            return;
        }
        self.dated = row + 1;
        // What these reach is noted from their timings.
        if columns.is_timed(row as usize) {
            return;
        }
        self.note_reach(row, last - first);
    }

    /// Notes how far a row reaches beyond the day that it is sorted at.
    fn note_reach(&mut self, row: u32, days: i32) {
        if days > SHORT_MAX_DAYS {
            self.long.push(row);
        } else {
            self.short_span = self.short_span.max(days);
        }
    }

    /// Notes where windows find the rows whose date says more than two days.
    fn note_timed(&mut self, columns: &Columns) {
        for (row, timing) in columns.timed_rows() {
            if timing.instant.is_some() {
                self.has_instants = true;
                self.has_strays |= timing.known.0 != timing.sorts_on;
                continue;
            }
            let at = timing.sorts_on;
            let (first, last) = timing.found;
            if first.is_none_or(|first| first < at) {
                self.early.push(row);
            }
            let last = last.map_or(ENDLESS, Day::number);
            self.note_reach(row, last.saturating_sub(at.number()));
        }
        self.long.sort_unstable();
    }

    /// Notes the events that did not occur.
    fn note_not_occurred(&mut self, columns: &Columns, rows: &Range<u32>) {
        let statuses = columns.by_shape(|class, _| class.status);
        if statuses.iter().all(|status| *status == Status::Occurred) {
            return;
        }
        let others = rows.clone().filter(|row| {
            let status = statuses.get(columns.shape(*row as usize) as usize);
            status.is_some_and(|status| *status != Status::Occurred)
        });
        self.not_occurred = others.collect();
        self.not_occurred_of = Postings::from_pairs(|pair| {
            for row in &self.not_occurred {
                for actor in columns.standing(*row as usize) {
                    pair(actor.0, *row);
                }
            }
        });
    }

    /// Whether a row is of no event that did not occur.
    pub(super) fn has_occurred(&self, row: u32) -> bool {
        self.not_occurred.binary_search(&row).is_err()
    }

    fn note_names(&mut self, columns: &Columns, row: u32) {
        if !matches!(
            columns.kind(row as usize),
            Some(Kind::Actor | Kind::Relation)
        ) {
            return;
        }
        // What can't be read has been reported.
        let Some(record) = columns.record(row as usize, |_| "") else {
            return;
        };
        if let Record::Actor(actor) = &record {
            for key in keys(actor) {
                let rows = self.names.entry(key.into()).or_default();
                if rows.last() != Some(&row) {
                    rows.push(row);
                }
            }
        }
        self.offices
            .note(row, &record, columns.standing(row as usize));
    }

    /// The versions of a record in this segment, in no order.
    pub(super) fn versions(&self, key: &RecordKey<'_>) -> impl Iterator<Item = u32> {
        let rows = self.ids.candidates(&self.columns, key.kind, key.hash);
        rows.filter(move |row| self.columns.is_keyed(*row, key))
    }

    /// Indexes the ids of events, unless this has been done.
    pub(super) fn index_events(&self) {
        self.ids.index_events(&self.columns);
    }

    /// Whether it has many events whose ids are not indexed yet.
    pub(super) fn wants_index(&self) -> bool {
        self.columns.len() > super::MERGED_AT_ONCE_MAX && !self.ids.is_indexed()
    }

    /// The version of a record that no operation has ended yet.
    pub(super) fn current(&self, key: &RecordKey<'_>) -> Option<u32> {
        self.versions(key).find(|row| self.died(*row) == ALIVE)
    }

    /// The operation that ended a row, or [`ALIVE`].
    pub(super) fn died(&self, row: u32) -> u32 {
        self.ends.get(row)
    }

    /// Whether a view of operations up to `limit` sees every row but those that have ended.
    pub(super) fn is_born(&self, limit: u32) -> bool {
        self.last_born < limit
    }

    /// The first row that is sorted at a day or a later one, or that has no date.
    pub(super) fn place_of_day(&self, day: i32) -> u32 {
        self.days.place(day).unwrap_or_else(|| {
            let dated = dated(&self.columns, self.dated);
            let place = dated.partition_point(|head| head.day < day);
            number_32(place)
        })
    }

    /// The day that a row is sorted at, or [`UNDATED`].
    #[inline]
    pub(super) fn day_of(&self, row: u32) -> i32 {
        let day = self.days.day(row);
        day.unwrap_or_else(|| self.columns.day(row as usize))
    }

    /// Whether none of some operations made or ended a row.
    pub(super) fn is_untouched(&self, operations: &Range<u32>) -> bool {
        self.last_born < operations.start && self.ends.none_before(operations.end)
    }
}

/// How rows of one shape link their actors.
#[derive(Clone, Copy, Default)]
enum PairedShape {
    /// There are two, linked in this way, if at all.
    Of(Option<Direction>),
    /// There are more, or less.
    #[default]
    Many,
}

/// The rows with a date.
fn dated(columns: &Columns, dated: u32) -> &[StoredHeader] {
    let dated = columns.heads().get(..dated as usize);
    dated.holds("rows with a date are rows").unwrap_or_default()
}

/// Where the rows of each day start, and the day of each row, when days are few beside rows.
#[derive(Debug, Default)]
struct DayTable {
    first: i32,
    /// The first row of each day from `first` on, and at the end their number.
    starts: Vec<u32>,
    /// On which of these days each stretch of 2^`shift` rows begins, and the last one ends: there are
    /// about as many stretches as days.
    stretches: Vec<u32>,
    shift: u32,
}

impl DayTable {
    /// Of rows in the order of their first days.
    fn from_headers(dated: &[StoredHeader]) -> Self {
        let bounds = dated.first().zip(dated.last());
        let Some((first, last)) = bounds.map(|(first, last)| (first.day, last.day)) else {
            return Self::default();
        };
        let width = last.abs_diff(first) as usize + 1;
        if width > dated.len() / ROWS_A_DAY_MIN {
            return Self::default();
        }
        // With fewer rows than days, a stretch has one row.
        let shift = (dated.len() / width).checked_ilog2().unwrap_or_default();
        let mut starts = Vec::with_capacity(width + 1);
        let mut stretches: Vec<u32> = Vec::with_capacity((dated.len() >> shift) + 2);
        let mut row = 0;
        for rows in dated.chunk_by(|a, b| a.day == b.day) {
            let day = rows.first().map_or(first, |head| head.day);
            let day = day.abs_diff(first);
            // Days without a row start where the next one does.
            starts.resize(day as usize + 1, row);
            row += number_32(rows.len());
            stretches.resize((row as usize).div_ceil(1 << shift), day);
        }
        starts.push(row);
        stretches.push(last.abs_diff(first));
        Self {
            first,
            starts,
            stretches,
            shift,
        }
    }

    /// The day of a row; `None` when that is not kept, or it has none.
    #[inline]
    fn day(&self, row: u32) -> Option<i32> {
        let stretch = (row >> self.shift) as usize;
        let &[from, to] = self.stretches.get(stretch..stretch + 2)? else {
            return None;
        };
        if row >= *self.starts.last()? {
            return None;
        }
        let later = self.starts.get(from as usize + 1..=to as usize)?;
        let passed = later.partition_point(|start| *start <= row);
        Some(self.first + i32::try_from(from as usize + passed).ok()?)
    }

    /// The first row of a day or of a later one; `None` when that is not kept.
    fn place(&self, day: i32) -> Option<u32> {
        let last = *self.starts.last()?;
        let Ok(nth) = usize::try_from(i64::from(day) - i64::from(self.first)) else {
            return Some(0);
        };
        // After the last day there is no row.
        Some(self.starts.get(nth).copied().unwrap_or(last))
    }
}

/// Gives the links of a row; `actors` is working space.
fn links_of_row(
    columns: &Columns,
    (row, pair): (u32, PairedShape),
    actors: &mut Vec<(Term, Role)>,
    link: &mut dyn FnMut(Term, Term, u32, Direction),
) {
    let mut emit = |a: Term, b: Term, direction: Direction| {
        if a < b {
            link(a, b, row, direction);
        } else {
            link(b, a, row, direction.reversed());
        }
    };
    if let PairedShape::Of(direction) = pair {
        if let (Some(direction), [a, b]) = (direction, columns.standing(row as usize))
            && a != b
        {
            emit(*a, *b, direction);
        }
        return;
    }
    // A row without a class has been reported.
    let Some(class) = columns.class(row as usize) else {
        return;
    };
    actors.clear();
    actors.extend(columns.actors(row as usize));
    links(class.kind, actors, &mut emit);
}

/// Whether a row is a relation in which what the subject does counts for the object.
pub(super) fn is_tie(columns: &Columns, row: u32) -> bool {
    let relation = columns
        .class(row as usize)
        .filter(|class| class.kind == Kind::Relation);
    match relation.and_then(|class| RelationKind::from_number(class.detail)) {
        Some(RelationKind::HoldsOffice | RelationKind::Represents | RelationKind::PartOf) => true,
        Some(RelationKind::MemberOf | RelationKind::AlliedWith | RelationKind::CapitalOf)
        | None => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::packed_id::PackedId;
    use super::*;

    proptest! {
        /// Gaps of days, many rows of one day, and rows without a date.
        #[test]
        fn the_table_of_days_tells_the_day_of_each_row_and_the_first_row_of_each_day(
            gaps in prop::collection::vec((0..12_i32, 0..20_i32), 1..300),
            undated in 0..3_usize,
            start in -800_000..800_000_i32,
        ) {
            let days = gaps.iter().scan(start, |day, (often, gap)| {
                *day += if *often == 0 { *gap } else { 0 };
                Some(*day)
            });
            let days: Vec<i32> = days.collect();
            let mut columns = Columns::default();
            let dates = days.iter().map(|day| Some((*day, *day)));
            for (row, dates) in (0..).zip(dates.chain(vec![None; undated])) {
                columns.push_plain(0, dates, &[Term(1), Term(2)], (row, PackedId::Text(b"id")));
            }
            let table = DayTable::from_headers(columns.heads().get(..days.len()).unwrap());
            let is_kept = !table.starts.is_empty();
            for (row, day) in (0..).zip(&days).filter(|_| is_kept) {
                prop_assert_eq!(table.day(row), Some(*day));
                let first = days.partition_point(|other| other < day);
                prop_assert_eq!(table.place(*day), u32::try_from(first).ok());
            }
            for row in days.len()..columns.len() + 2 {
                prop_assert_eq!(table.day(u32::try_from(row).unwrap()), None);
            }
        }
    }
}
