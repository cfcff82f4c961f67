//! The rows of a segment as columns: one row for each version of a record.

use super::lists::Lists;
use super::terms::{Term, TermKind};
use crate::codec::{self, CodecError};
use crate::model::{Coding, Kind, Record, Role, Status};

/// The day number of a row without a date: after every day there is.
pub(super) const UNDATED: i32 = i32::MAX;
/// The operation that ended a row which is still current.
pub(super) const ALIVE: u32 = u32::MAX;
/// The confidence of a citation that states none, in thousandths: as good as certain, since its
/// coder had no doubt to note.
const UNSTATED: u16 = 1000;

/// What a row is, in four bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) kind: Kind,
    pub(super) status: Status,
    /// The number of the actor's or the relation's kind; 0 elsewhere.
    pub(super) detail: u8,
    /// Whether its date is open on a side, so that it is never certainly inside a window.
    pub(super) open: bool,
}

/// One row for each version of a record; the columns are of equal length.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    /// First and last day of the row, or [`UNDATED`].
    pub(super) earliest: Vec<i32>,
    pub(super) latest: Vec<i32>,
    /// The operations that made it and ended it.
    pub(super) born: Vec<u32>,
    pub(super) died: Vec<u32>,
    pub(super) shape: Vec<Shape>,
    pub(super) coding: Vec<Option<Coding>>,
    pub(super) dataset: Vec<Term>,
    /// Actors with their roles, in the order of the record.
    pub(super) actors: Lists<(Term, Role)>,
    /// Cited sources with confidence in thousandths.
    pub(super) cited: Lists<(Term, u16)>,
    pub(super) topics: Lists<Term>,
    /// Events that the record names.
    pub(super) events: Lists<Term>,
    /// The whole record, encoded by [`codec`].
    pub(super) body: Lists<u8>,
}

impl Columns {
    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.born.len()
    }

    /// Adds a version of a record. `intern` gives the number of a text.
    pub(super) fn push(
        &mut self,
        record: &Record,
        born: u32,
        mut intern: impl FnMut(TermKind, &str) -> Term,
    ) -> Result<(), CodecError> {
        let mut body = Vec::with_capacity(128);
        codec::encode(record, &mut body)?;
        let (earliest, latest) = record
            .interval()
            .map_or((UNDATED, UNDATED), |(first, last)| {
                (first.number(), last.number())
            });
        self.earliest.push(earliest);
        self.latest.push(latest);
        self.born.push(born);
        self.died.push(ALIVE);
        self.shape.push(shape(record));
        self.coding.push(match record {
            Record::Event(event) => Some(event.coding),
            Record::Source(_) | Record::Actor(_) | Record::Relation(_) | Record::Statement(_) => {
                None
            }
        });
        self.dataset
            .push(intern(TermKind::Dataset, record.dataset().as_str()));
        for (role, actor) in record.actors() {
            self.actors
                .add((intern(TermKind::Actor, actor.as_str()), role));
        }
        self.actors.close();
        for citation in record.sources() {
            let source = intern(TermKind::Source, citation.source.as_str());
            self.cited.add((
                source,
                citation
                    .confidence
                    .map_or(UNSTATED, |c| thousandths(c.get())),
            ));
        }
        if let Record::Source(source) = record
            && let Some(original) = &source.original
        {
            self.cited
                .add((intern(TermKind::Source, original.as_str()), UNSTATED));
        }
        self.cited.close();
        for topic in record.topics() {
            self.topics.add(intern(TermKind::Topic, topic.as_str()));
        }
        self.topics.close();
        for (_, event) in record.events() {
            self.events.add(intern(TermKind::Event, event.as_str()));
        }
        self.events.close();
        // Records that others name by id are terms from the start.
        match record {
            Record::Actor(actor) => _ = intern(TermKind::Actor, actor.id.as_str()),
            Record::Source(source) => _ = intern(TermKind::Source, source.id.as_str()),
            Record::Relation(_) | Record::Event(_) | Record::Statement(_) => {}
        }
        self.body.push(body);
        Ok(())
    }

    /// Adds all rows of `other` at the end.
    pub(super) fn append(&mut self, other: &Self) {
        self.earliest.extend_from_slice(&other.earliest);
        self.latest.extend_from_slice(&other.latest);
        self.born.extend_from_slice(&other.born);
        self.died.extend_from_slice(&other.died);
        self.shape.extend_from_slice(&other.shape);
        self.coding.extend_from_slice(&other.coding);
        self.dataset.extend_from_slice(&other.dataset);
        self.actors.append(&other.actors);
        self.cited.append(&other.cited);
        self.topics.append(&other.topics);
        self.events.append(&other.events);
        self.body.append(&other.body);
    }

    /// The same rows in the order of time: earliest day, latest day, recorded order.
    pub(super) fn in_order(&self) -> Self {
        let mut order: Vec<u32> = (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).collect();
        let key = |row: &u32| {
            let row = *row as usize;
            (
                at(&self.earliest, row),
                at(&self.latest, row),
                at(&self.born, row),
            )
        };
        // The stable sort is linear on the few ordered runs that a merge hands it.
        order.sort_by_key(key);
        Self {
            earliest: gather(&self.earliest, &order),
            latest: gather(&self.latest, &order),
            born: gather(&self.born, &order),
            died: gather(&self.died, &order),
            shape: gather(&self.shape, &order),
            coding: gather(&self.coding, &order),
            dataset: gather(&self.dataset, &order),
            actors: self.actors.gather(&order),
            cited: self.cited.gather(&order),
            topics: self.topics.gather(&order),
            events: self.events.gather(&order),
            body: self.body.gather(&order),
        }
    }

    /// The id of a row, read from the start of its body.
    pub(super) fn id(&self, row: usize) -> &str {
        codec::id(self.body.get(row)).unwrap_or_default()
    }
}

/// The value of a row that exists. Rows come from the segment itself, so there is always one.
pub(super) fn at<T: Copy + Default>(column: &[T], row: usize) -> T {
    column.get(row).copied().unwrap_or_default()
}

fn gather<T: Copy>(column: &[T], order: &[u32]) -> Vec<T> {
    order
        .iter()
        .filter_map(|row| column.get(*row as usize).copied())
        .collect()
}

fn shape(record: &Record) -> Shape {
    let open =
        |date: &Option<crate::model::Date>| date.as_ref().is_some_and(crate::model::Date::is_open);
    let (status, detail, open) = match record {
        Record::Source(_) => (Status::Occurred, 0, false),
        Record::Actor(actor) => (Status::Occurred, actor.kind.number(), false),
        Record::Relation(r) => {
            let open = open(&r.since) || open(&r.until) || r.since.is_none() || r.until.is_none();
            (Status::Occurred, r.kind.number(), open)
        }
        Record::Event(event) => (event.status, 0, open(&event.date)),
        Record::Statement(statement) => (Status::Occurred, 0, open(&statement.date)),
    };
    Shape {
        kind: record.kind(),
        status,
        detail,
        open,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a confidence lies between 0 and 1"
)]
fn thousandths(confidence: f32) -> u16 {
    (confidence * 1000.0).round() as u16
}
