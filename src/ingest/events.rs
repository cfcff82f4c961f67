//! Plain events on their way in: read without making a draft of each, with what they share kept
//! once for the whole reading.

use std::ops::Range;
use std::sync::Arc;

use hashbrown::HashMap;

use super::InputPosition;
use crate::document::{ContentId, places_in_order, plain_date, quoted};
use crate::model::{
    Date, Day, Draft, Event, Id, Kind, Name, RecordProblem, Role, Shape, ValidRecord,
};

/// Events that are handed on together.
pub const EVENTS_MAX: usize = 4096;

/// Plain events that were read one after the other.
///
/// Names and shapes are numbered from 0 through the whole reading. Each batch brings those that were
/// first met in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventBatch {
    /// The names first met here.
    pub names: Vec<Name>,
    /// The shapes first met here.
    pub shapes: Vec<Arc<Shape>>,
    /// The events.
    pub rows: Vec<EventRow>,
    /// The numbers of the names of all participants, event after event.
    pub actors: Vec<u32>,
    /// The ids that events have of their own, one after the other.
    pub ids: String,
    /// The hashes of events whose participants of one role were written in another order than that of
    /// their names, in the order in which they were written: version 0.1.0 made ids of these. By the
    /// number of the row in the batch, ascending.
    pub as_written: Vec<(usize, [u8; 16])>,
    /// Bytes of the lines that were read for it, unpacked.
    pub bytes: u64,
    /// Whether the format has no records of actors and sources: those that nobody knows are made
    /// of the names and the ids.
    pub implied: bool,
}

/// One plain event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Where it starts.
    pub position: InputPosition,
    /// The number of its shape.
    pub shape: u32,
    /// The first and the last day of its date.
    pub days: Option<(Day, Day)>,
    /// Its id.
    pub id: RowId,
}

/// The id of a plain event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowId {
    /// The hash of its content, since its author gave none; zeros before
    /// [`ContentIds::complete`].
    Content([u8; 16]),
    /// Where its own stands in [`EventBatch::ids`].
    Stated(Range<u32>),
}

impl EventBatch {
    /// The id of an event of this batch.
    pub fn id(&self, row: &EventRow) -> Option<Id> {
        match &row.id {
            RowId::Content(hash) => Some(Id::of_hash(Kind::Event, *hash)),
            RowId::Stated(_) => Id::parse(self.stated(row)?).ok(),
        }
    }

    /// The id that an event of this batch has of its own.
    pub fn stated(&self, row: &EventRow) -> Option<&str> {
        match &row.id {
            RowId::Content(_) => None,
            RowId::Stated(range) => self.ids.get(range.start as usize..range.end as usize),
        }
    }
}

/// The draft of one plain event.
///
/// # Errors
///
/// As [`ValidRecord::new`].
pub fn draft(
    shape: &Shape,
    id: Id,
    days: Option<(Day, Day)>,
    actors: impl IntoIterator<Item = Name>,
) -> Result<Draft, Vec<RecordProblem>> {
    let date = days.and_then(|(first, last)| Date::of_days(first, last));
    let event: Event<Name> = ValidRecord::new(shape.event(id, date, actors))?;
    Ok(Draft::Event(event))
}

/// Makes the ids of events whose author gave none: apart from reading them, since it takes as long.
#[derive(Debug, Default)]
pub struct ContentIds {
    /// The names as written and as JSON, by number.
    names: Vec<Box<str>>,
    quoted: Vec<Box<[u8]>>,
    shapes: Vec<Arc<Shape>>,
    /// How the ids of events of each shape are made.
    contents: Vec<ContentId>,
    /// The last date and how it is written: the next is often the same.
    date: Option<((Day, Day), Vec<u8>)>,
    text: Vec<u8>,
}

impl ContentIds {
    /// Makes the ids of a batch. Every batch of a reading must be given, in order.
    pub fn complete(&mut self, events: &mut EventBatch) {
        let names = events.names.iter();
        self.names
            .extend(names.clone().map(|name| Box::from(name.as_str())));
        self.quoted
            .extend(names.map(|name| quoted(name.as_str()).into_boxed_slice()));
        let shapes = events.shapes.iter();
        self.shapes.extend(shapes.clone().map(Arc::clone));
        self.contents
            .extend(shapes.map(|shape| ContentId::new(shape)));
        let mut rest = events.actors.as_slice();
        for (number, row) in events.rows.iter_mut().enumerate() {
            // A batch whose numbers are of no shape or name was put together wrongly, which is said by
            // whoever looks up what its events name.
            let Some(content) = self.contents.get(row.shape as usize) else {
                debug_assert!(false, "the shape of an event was never met");
                continue;
            };
            let split = rest.split_at_checked(content.roles());
            debug_assert!(split.is_some(), "an event has fewer names than its shape");
            let (actors, after) = split.unwrap_or_default();
            rest = after;
            let RowId::Content(hash) = &mut row.id else {
                continue;
            };
            let known = self.date.as_ref().map(|(known, _)| *known);
            if let Some(days) = row.days.filter(|days| Some(*days) != known) {
                self.date = Some((days, plain_date(days.0, days.1)));
            }
            let date = self.date.as_ref().filter(|_| row.days.is_some());
            let date = date.map(|(_, date)| date.as_slice());
            let quoted = |name: &u32| self.quoted.get(*name as usize).map(AsRef::as_ref);
            let in_order = match self.shapes.get(row.shape as usize) {
                Some(shape) if shape.repeats_a_role() => in_order(shape, actors, &self.names),
                _ => None,
            };
            debug_assert!(actors.iter().all(|name| quoted(name).is_some()));
            let written = actors.iter().filter_map(quoted);
            let written = content.hash(date, written, &mut self.text);
            *hash = match in_order {
                Some(in_order) => {
                    events.as_written.push((number, written));
                    let names = in_order.iter().filter_map(quoted);
                    content.hash(date, names, &mut self.text)
                }
                None => written,
            };
        }
    }
}

/// The names of participants with those of one role in order; `None` when they are already.
fn in_order(shape: &Shape, actors: &[u32], texts: &[Box<str>]) -> Option<Vec<u32>> {
    let each = shape.roles.iter().zip(actors);
    let each = each.map(|(role, number)| Some((*role, &**texts.get(*number as usize)?)));
    let participants: Vec<(Role, &str)> = each.collect::<Option<_>>()?;
    let places = places_in_order(&participants)?.into_iter();
    places.map(|place| actors.get(place).copied()).collect()
}

/// Gathers plain events into batches.
#[derive(Debug, Default)]
pub(super) struct BatchBuilder {
    names: HashMap<Box<str>, u32>,
    shapes: HashMap<Arc<Shape>, u32>,
    batch: EventBatch,
    /// Makes the ids before a batch is given, unless whoever takes it does.
    ids: Option<ContentIds>,
}

impl BatchBuilder {
    /// Nothing yet. With `content_ids`, batches are given with the ids that are made of content.
    pub(super) fn new(content_ids: bool) -> Self {
        Self {
            ids: content_ids.then(ContentIds::default),
            ..Self::default()
        }
    }

    /// The number of a name.
    pub(super) fn name(&mut self, name: Name) -> u32 {
        if let Some(number) = self.names.get(name.as_str()) {
            return *number;
        }
        // Memory ends long before the numbers do.
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.insert(name.as_str().into(), number);
        self.batch.names.push(name);
        number
    }

    /// The number of a shape.
    pub(super) fn shape(&mut self, shape: Shape) -> u32 {
        if let Some(number) = self.shapes.get(&shape) {
            return *number;
        }
        // Memory ends long before the numbers do.
        let number = u32::try_from(self.shapes.len()).unwrap_or(u32::MAX);
        let shape = Arc::new(shape);
        self.shapes.insert(Arc::clone(&shape), number);
        self.batch.shapes.push(shape);
        number
    }

    /// The number of a name that was met before, as it is written.
    pub(super) fn known_name(&self, name: &str) -> Option<u32> {
        self.names.get(name).copied()
    }

    /// Adds an event with the numbers of its participants' names, and the id that it has of its own.
    pub(super) fn add(
        &mut self,
        position: InputPosition,
        shape: u32,
        days: Option<(Day, Day)>,
        (actors, id): (&[u32], Option<&str>),
    ) {
        let id = match id {
            Some(id) => {
                // A batch has few thousand ids, none of them long.
                let at = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
                let start = at(self.batch.ids.len());
                self.batch.ids.push_str(id);
                RowId::Stated(start..at(self.batch.ids.len()))
            }
            None => RowId::Content([0; 16]),
        };
        self.batch.rows.push(EventRow {
            position,
            shape,
            days,
            id,
        });
        self.batch.actors.extend_from_slice(actors);
    }

    /// Whether a batch is full.
    pub(super) fn is_full(&self) -> bool {
        self.batch.rows.len() >= EVENTS_MAX || self.batch.names.len() >= EVENTS_MAX
    }

    /// What was gathered since the last time; `None` when that is nothing.
    pub(super) fn take(&mut self) -> Option<EventBatch> {
        let next = EventBatch {
            implied: self.batch.implied,
            ..EventBatch::default()
        };
        let mut batch = std::mem::replace(&mut self.batch, next);
        if let Some(ids) = &mut self.ids {
            ids.complete(&mut batch);
        }
        let is_empty = batch.rows.is_empty() && batch.names.is_empty() && batch.shapes.is_empty();
        (!is_empty).then_some(batch)
    }

    /// Notes that a line of so many bytes was read.
    pub(super) fn note_line(&mut self, bytes: usize) {
        self.batch.bytes += bytes as u64 + 1;
    }

    /// Says that the format has no records of actors and sources.
    pub(super) fn imply(&mut self) {
        self.batch.implied = true;
    }
}
