//! A segment: the changes of some commits as immutable columns in the order of time, with every
//! index that a question needs.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use hashbrown::{HashMap, HashTable};

use super::columns::{ALIVE, Columns, Key, UNDATED, at};
use super::dyads::{Direction, Dyads, links};
use super::lists::Postings;
use super::terms::{Term, Terms};
use crate::model::{Kind, Record, RelationKind, Role, fold};
use crate::text::Index;

/// Days that a row may span before it is kept in the list of long rows.
const SHORT_MAX_DAYS: i32 = 366;
/// Rows and list items that one segment may hold; its lists are addressed with 32 bits.
const ITEMS_MAX: usize = 1 << 31;

/// A commit as the graph knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
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
    pub(super) marks: Vec<Mark>,
    pub(super) terms: Terms,
    pub(super) columns: Columns,
    /// The operation that ended each row. Set by the writer before the commit that does so can be
    /// seen: a reader of an earlier commit compares and finds the row still current.
    died: Vec<AtomicU32>,
    /// No row ended before this operation.
    first_end: AtomicU32,
    /// The last operation that made a row.
    last_born: u32,
    /// Rows by kind and id; several when a record has several versions.
    ids: HashTable<u32>,
    pub(super) by_actor: Postings,
    pub(super) by_source: Postings,
    pub(super) by_topic: Postings,
    pub(super) by_event: Postings,
    /// Rows of offices, representations and parts, by subject and by object.
    pub(super) ties_of: Postings,
    pub(super) ties_to: Postings,
    pub(super) dyads: Dyads,
    /// Rows of actors by folded name, alias and code.
    pub(super) names: HashMap<Box<str>, Vec<u32>>,
    /// Rows of offices by folded title.
    pub(super) offices: HashMap<Box<str>, Vec<u32>>,
    /// Dated rows that span more than [`SHORT_MAX_DAYS`], ascending.
    pub(super) long: Vec<u32>,
    /// The longest span in days of the other dated rows.
    pub(super) short_span: i32,
    /// The number of rows with a date; the others come after them.
    pub(super) dated: u32,
    /// The words and names of the rows, once somebody has searched.
    pub(super) words: OnceLock<Index>,
    /// Rows of each kind, in the order of [`Kind::ALL`], whether current or not.
    pub(super) by_kind: [Vec<u32>; 5],
}

impl Segment {
    /// Orders and indexes rows.
    pub(super) fn of(marks: Vec<Mark>, terms: Terms, columns: &Columns) -> Self {
        let columns = columns.in_order();
        let mut segment = Self {
            marks,
            terms,
            died: columns.died.iter().map(|op| AtomicU32::new(*op)).collect(),
            first_end: AtomicU32::new(columns.died.iter().copied().min().unwrap_or(ALIVE)),
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
    }

    /// The rows of this segment and of the next one, in one.
    pub(super) fn merged_with(&self, next: &Self) -> Self {
        let mut columns = self.columns_now();
        columns.append(&next.columns_now());
        let marks = self.marks.iter().chain(&next.marks).copied().collect();
        Self::of(marks, self.terms.followed_by(&next.terms), &columns)
    }

    /// The columns with the ends of rows as they are by now.
    fn columns_now(&self) -> Columns {
        let mut columns = self.columns.clone();
        columns.died = self
            .died
            .iter()
            .map(|op| op.load(Ordering::Acquire))
            .collect();
        columns
    }

    fn index(&mut self, columns: &Columns) {
        let mut pairs = Pairs::default();
        self.ids = HashTable::with_capacity(columns.len());
        for row in 0..u32::try_from(columns.len()).unwrap_or(u32::MAX) {
            let index = row as usize;
            let Some(kind) = columns.kind(index) else {
                continue;
            };
            self.ids
                .insert_unique(columns.key_hash(row), row, |other| columns.key_hash(*other));
            if let Some(rows) = self.by_kind.get_mut(usize::from(kind.number())) {
                rows.push(row);
            }
            self.note_span(columns, row);
            pairs.add(columns, row);
            self.note_names(columns, row);
        }
        self.by_actor = Postings::of(pairs.actors);
        self.by_source = Postings::of(pairs.sources);
        self.by_topic = Postings::of(pairs.topics);
        self.by_event = Postings::of(pairs.events);
        self.ties_of = Postings::of(pairs.ties_of);
        self.ties_to = Postings::of(pairs.ties_to);
        self.dyads = Dyads::of(pairs.links);
    }

    fn note_span(&mut self, columns: &Columns, row: u32) {
        let (first, last) = (
            at(&columns.earliest, row as usize),
            at(&columns.latest, row as usize),
        );
        if first == UNDATED {
            return;
        }
        self.dated = row + 1;
        let span = last - first;
        if span > SHORT_MAX_DAYS {
            self.long.push(row);
        } else {
            self.short_span = self.short_span.max(span);
        }
    }

    fn note_names(&mut self, columns: &Columns, row: u32) {
        let kind = columns.kind(row as usize);
        if !matches!(kind, Some(Kind::Actor | Kind::Relation)) {
            return;
        }
        let mut note = |map: fn(&mut Self) -> &mut HashMap<Box<str>, Vec<u32>>, name: &str| {
            let rows = map(self).entry(fold(name).into()).or_default();
            if rows.last() != Some(&row) {
                rows.push(row);
            }
        };
        match columns.record(row as usize, |_| "") {
            Some(Record::Actor(actor)) => {
                note(|s| &mut s.names, &actor.name);
                actor
                    .aliases
                    .iter()
                    .for_each(|alias| note(|s| &mut s.names, &alias.text));
                actor
                    .codes
                    .values()
                    .for_each(|code| note(|s| &mut s.names, code));
            }
            Some(Record::Relation(relation)) => {
                if let (Some(title), RelationKind::HoldsOffice) = (&relation.title, relation.kind) {
                    note(|s| &mut s.offices, title);
                }
            }
            Some(Record::Source(_) | Record::Event(_) | Record::Statement(_)) | None => {}
        }
    }

    /// The versions of a record in this segment, in no order.
    pub(super) fn versions(&self, key: &Key<'_>) -> impl Iterator<Item = u32> {
        let rows = self.ids.iter_hash(key.hash).copied();
        rows.filter(move |row| key.is_of(&self.columns, *row))
    }

    /// The version of a record that no operation has ended yet.
    pub(super) fn current(&self, key: &Key<'_>) -> Option<u32> {
        self.versions(key).find(|row| self.died(*row) == ALIVE)
    }

    /// The operation that ended a row, or [`ALIVE`].
    pub(super) fn died(&self, row: u32) -> u32 {
        self.died
            .get(row as usize)
            .map_or(0, |op| op.load(Ordering::Acquire))
    }

    /// Marks a row as ended by an operation.
    pub(super) fn end(&self, row: u32, operation: u32) {
        if let Some(died) = self.died.get(row as usize) {
            self.first_end.fetch_min(operation, Ordering::AcqRel);
            died.store(operation, Ordering::Release);
        }
    }

    /// Whether a view of operations up to `limit` sees every row.
    pub(super) fn is_whole(&self, limit: u32) -> bool {
        self.last_born < limit && self.first_end.load(Ordering::Acquire) >= limit
    }

    /// Whether none of some operations made or ended a row.
    pub(super) fn is_untouched(&self, operations: &Range<u32>) -> bool {
        self.last_born < operations.start
            && self.first_end.load(Ordering::Acquire) >= operations.end
    }

    /// Takes an end back that was never committed.
    pub(super) fn revive(&self, row: u32) {
        self.end(row, ALIVE);
    }
}

/// What the indexes are made of: keys with rows.
#[derive(Default)]
struct Pairs {
    actors: Vec<(u32, u32)>,
    sources: Vec<(u32, u32)>,
    topics: Vec<(u32, u32)>,
    events: Vec<(u32, u32)>,
    ties_of: Vec<(u32, u32)>,
    ties_to: Vec<(u32, u32)>,
    links: Vec<(Term, Term, u32, Direction)>,
}

impl Pairs {
    fn add(&mut self, columns: &Columns, row: u32) {
        let index = row as usize;
        let Some(class) = columns.class(index) else {
            return;
        };
        let actors: Vec<(Term, Role)> = columns.actors(index).collect();
        self.actors
            .extend(actors.iter().map(|(actor, _)| (actor.0, row)));
        self.sources
            .extend(columns.cited(index).map(|(source, _)| (source.0, row)));
        self.topics
            .extend(columns.topics(index).iter().map(|topic| (topic.0, row)));
        self.events
            .extend(columns.events(index).iter().map(|event| (event.0, row)));
        if class.kind == Kind::Relation && is_tie(class.detail) {
            for &(actor, role) in &actors {
                let ties = if role == Role::Subject {
                    &mut self.ties_of
                } else {
                    &mut self.ties_to
                };
                ties.push((actor.0, row));
            }
        }
        links(class.kind, &actors, &mut |a, b, direction| {
            self.links.push(if a < b {
                (a, b, row, direction)
            } else {
                (b, a, row, direction.reversed())
            });
        });
    }
}

/// Whether what the subject of such a relation does counts for the object.
fn is_tie(detail: u8) -> bool {
    match RelationKind::from_number(detail) {
        Some(RelationKind::HoldsOffice | RelationKind::Represents | RelationKind::PartOf) => true,
        Some(RelationKind::MemberOf | RelationKind::AlliedWith | RelationKind::CapitalOf)
        | None => false,
    }
}
