//! From changes to the next state.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Graph;
use super::columns::Columns;
use super::ids::RecentIds;
use super::packed_id::{PackedId, RecordKey};
use super::segment::{CommitMark, Segment};
use super::terms::{Term, TermKind, Terms};
use super::tombstones::ALIVE;
use crate::codec::{CodecError, RecordChange};
use crate::invariant::number_32;
use crate::model::{Day, Id, Kind, Record, Shape};

/// The number of a shape in one [`GraphBuilder`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapeNumber(u32);

/// Collects the changes of one commit or several on top of a state. Dropping it changes nothing.
#[derive(Debug)]
pub struct GraphBuilder {
    graph: Arc<Graph>,
    terms: Terms,
    columns: Columns,
    /// Rows of `columns` that ended, with the operation.
    died: BTreeMap<u32, u32>,
    marks: Vec<CommitMark>,
    /// Rows of `columns` that are no events.
    others: RecentIds,
    /// Those that are, before row `indexed`: those that were added by [`GraphBuilder::add_again`] are
    /// looked at only when one is looked for.
    events: RecentIds,
    indexed: u32,
    /// Rows of earlier segments that end: segment, row, operation.
    ends: Vec<(usize, u32, u32)>,
    next_operation: u32,
}

/// The state that a [`GraphBuilder`] made. The rows that it ended are marked in segments that it shares
/// with the state before; nobody sees that before the commit, and unless the state is
/// [kept](NextState::keep), dropping this undoes it.
#[derive(Debug)]
pub struct NextState {
    /// The next state.
    pub graph: Arc<Graph>,
    ended: Vec<(Arc<Segment>, u32)>,
    /// The operation that the next builder starts with.
    next_operation: u32,
}

impl Drop for NextState {
    fn drop(&mut self) {
        for (segment, row) in self.ended.drain(..) {
            segment.ends.set(row, ALIVE);
        }
    }
}

impl NextState {
    /// The next state, for good.
    pub fn keep(mut self) -> Arc<Graph> {
        self.ended.clear();
        Arc::clone(&self.graph)
    }

    /// Adds changes to the same commit: they follow those applied so far.
    pub fn builder(&self) -> GraphBuilder {
        GraphBuilder::starting_at(Arc::clone(&self.graph), self.next_operation)
    }

    /// Joins what was applied before to what was applied on top of it.
    #[must_use]
    pub fn after(mut self, mut before: Self) -> Self {
        self.ended.append(&mut before.ended);
        self
    }
}

impl GraphBuilder {
    /// A builder on top of the last commit of `graph`.
    pub fn new(graph: &Arc<Graph>) -> Self {
        let next_operation = graph.last().map_or(0, |mark| mark.limit);
        Self::starting_at(Arc::clone(graph), next_operation)
    }

    fn starting_at(graph: Arc<Graph>, next_operation: u32) -> Self {
        Self {
            terms: Terms::starting_at(graph.terms_end()),
            graph,
            columns: Columns::default(),
            died: BTreeMap::new(),
            marks: Vec::new(),
            others: RecentIds::default(),
            events: RecentIds::default(),
            indexed: 0,
            ends: Vec::new(),
            next_operation,
        }
    }

    /// Applies one change. Deleting what is not there changes nothing.
    ///
    /// # Errors
    ///
    /// When the record can't be encoded.
    pub fn apply(&mut self, change: &RecordChange) -> Result<(), CodecError> {
        match change {
            RecordChange::Put(record) => self.put(record),
            RecordChange::Delete(kind, id) => {
                self.delete(*kind, id);
                Ok(())
            }
        }
    }

    /// The record is as given from now on.
    ///
    /// # Errors
    ///
    /// When the record can't be encoded.
    pub fn put(&mut self, record: &Record) -> Result<(), CodecError> {
        let operation = self.operation();
        let replaced = self.end(record.kind(), record.id(), operation);
        let first = replaced.unwrap_or(operation);
        let Self {
            graph,
            terms,
            columns,
            ..
        } = self;
        columns.push(record, (operation, first), |kind, text| {
            intern(graph, terms, kind, text)
        })?;
        let row = number_32(columns.len() - 1);
        let hash = columns.key_of(record.kind(), row).hash;
        if record.kind() == Kind::Event {
            // It has just been looked for, so all before it are indexed.
            self.events.insert(hash, row);
            self.indexed = row + 1;
        } else {
            self.others.insert(hash, row);
        }
        Ok(())
    }

    /// Sets room aside for so many more plain events.
    pub fn reserve(&mut self, rows: usize) {
        self.columns.reserve(rows);
        self.events.reserve(rows);
    }

    /// Sets room aside for so many more plain events that are added by [`GraphBuilder::add_again`].
    pub fn reserve_again(&mut self, rows: usize) {
        self.columns.reserve(rows);
    }

    /// Indexes the events that are not yet.
    fn index(&mut self) {
        let end = number_32(self.columns.len());
        let rest = self.indexed..end;
        if rest.len() > 1 {
            self.events.reserve(rest.len());
        }
        for row in rest {
            if self.columns.kind(row as usize) == Some(Kind::Event) {
                let hash = self.columns.key_of(Kind::Event, row).hash;
                self.events.insert(hash, row);
            }
        }
        self.indexed = end;
    }

    /// The number of a shape, for [`GraphBuilder::add`].
    pub fn shape(&mut self, shape: &Shape) -> ShapeNumber {
        let Self {
            graph,
            terms,
            columns,
            ..
        } = self;
        let number = columns.plain_shape(shape, |kind, text| intern(graph, terms, kind, text));
        ShapeNumber(number)
    }

    /// The term of an actor, for [`GraphBuilder::add`].
    pub fn actor(&mut self, id: &Id) -> Term {
        intern(&self.graph, &mut self.terms, TermKind::Actor, id.as_str())
    }

    /// Adds a plain event of which is known that no record has its id, since it was added once
    /// before in the same order of changes.
    pub fn add_again(
        &mut self,
        ShapeNumber(shape): ShapeNumber,
        days: Option<(Day, Day)>,
        actors: &[Term],
        id: PackedId<'_>,
    ) {
        let operation = self.operation();
        let days = days.map(|(first, last)| (first.number(), last.number()));
        self.columns
            .push_plain(shape, days, actors, (operation, id));
    }

    /// Adds a plain event, unless a record has its id: then nothing is done, and the answer is
    /// `false`.
    pub fn add(
        &mut self,
        ShapeNumber(shape): ShapeNumber,
        days: Option<(Day, Day)>,
        actors: &[Term],
        id: PackedId<'_>,
    ) -> bool {
        let key = RecordKey::new(Kind::Event, id);
        let earlier = || {
            self.graph
                .segments
                .iter()
                .any(|s| s.current(&key).is_some())
        };
        if earlier() {
            return false;
        }
        self.index();
        if self.row(&key).is_some() {
            return false;
        }
        let row = number_32(self.columns.len());
        self.events.insert(key.hash, row);
        self.indexed = row + 1;
        let operation = self.operation();
        let days = days.map(|(first, last)| (first.number(), last.number()));
        self.columns
            .push_plain(shape, days, actors, (operation, id));
        true
    }

    pub(super) fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(super) fn is_alive(&self, row: usize) -> bool {
        u32::try_from(row).is_ok_and(|row| !self.died.contains_key(&row))
    }

    /// The text of a term of before or of one added so far.
    pub(super) fn text(&self, term: Term) -> &str {
        let own = self.terms.text(term);
        own.unwrap_or_else(|| self.graph.text(term))
    }

    /// Whether an event has this id, in the changes so far or before.
    pub fn knows_event(&self, id: PackedId<'_>) -> bool {
        let key = RecordKey::new(Kind::Event, id);
        let mut segments = self.graph.segments.iter();
        segments.any(|segment| segment.current(&key).is_some()) || self.row(&key).is_some()
    }

    /// The record is no more.
    pub fn delete(&mut self, kind: Kind, id: &Id) {
        let operation = self.operation();
        self.end(kind, id, operation);
    }

    /// Ends a commit: the changes since the last one belong to it.
    pub fn commit(&mut self, commit: u64, recorded_at: i64) {
        self.marks.push(CommitMark {
            commit,
            recorded_at,
            limit: self.next_operation,
        });
    }

    /// Whether the changes so far hold a record with this id.
    pub fn has(&self, kind: Kind, id: &Id) -> bool {
        self.row(&RecordKey::from_text(kind, id.as_str())).is_some()
    }

    /// The version of a record that the changes so far hold.
    pub fn held(&self, kind: Kind, id: &Id) -> Option<Record> {
        let row = self.row(&RecordKey::from_text(kind, id.as_str()))?;
        self.columns.record(row as usize, |term| self.text(term))
    }

    /// The number of rows added so far.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether nothing was added so far.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The next state.
    pub fn finish(self) -> NextState {
        let mut ended = Vec::with_capacity(self.ends.len());
        for (segment, row, operation) in &self.ends {
            // A row that ended twice ended the first time.
            if let Some(segment) = self.graph.segments.get(*segment)
                && segment.died(*row) == ALIVE
            {
                segment.ends.set(*row, *operation);
                ended.push((Arc::clone(segment), *row));
            }
        }
        let next_operation = self.next_operation;
        let graph = if self.columns.len() == 0 && self.marks.is_empty() {
            self.graph
        } else {
            let ended = self.died.into_iter();
            // Room for the order and the indexes of its rows.
            drop((self.others, self.events));
            let segment = Segment::from_columns(self.marks, self.terms, self.columns, ended);
            Arc::new(self.graph.with(segment))
        };
        NextState {
            graph,
            ended,
            next_operation,
        }
    }

    fn operation(&mut self) -> u32 {
        let operation = self.next_operation;
        self.next_operation += 1;
        operation
    }

    fn row(&self, key: &RecordKey<'_>) -> Option<u32> {
        let ids = match key.kind {
            Kind::Event => &self.events,
            Kind::Source | Kind::Actor | Kind::Relation | Kind::Statement | Kind::Judgement => {
                &self.others
            }
        };
        let rows = ids.candidates(key.hash);
        let alive = |row: &u32| !self.died.contains_key(row);
        rows.filter(|row| self.columns.is_keyed(*row, key) && alive(row))
            .max()
    }

    /// Ends the current version of a record, if there is one, and tells which operation made the
    /// first.
    fn end(&mut self, kind: Kind, id: &Id, operation: u32) -> Option<u32> {
        if kind == Kind::Event {
            self.index();
        }
        let key = RecordKey::from_text(kind, id.as_str());
        if let Some(row) = self.row(&key) {
            self.died.insert(row, operation);
            return Some(self.columns.first(row));
        }
        for (number, segment) in self.graph.segments.iter().enumerate().rev() {
            if let Some(row) = segment.current(&key) {
                self.ends.push((number, row, operation));
                return Some(segment.columns.first(row));
            }
        }
        None
    }
}

fn intern(graph: &Graph, terms: &mut Terms, kind: TermKind, text: &str) -> Term {
    graph
        .term(kind, text)
        .or_else(|| terms.find(kind, text))
        .unwrap_or_else(|| terms.add(kind, text))
}
