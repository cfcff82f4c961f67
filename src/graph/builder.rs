//! From changes to the next state.

use std::sync::Arc;

use hashbrown::HashTable;

use super::Graph;
use super::columns::{ALIVE, Columns, Key};
use super::segment::{Mark, Segment};
use super::terms::Terms;
use crate::codec::{Change, CodecError};
use crate::model::{Id, Kind, Record};

/// Collects the changes of one commit or several on top of a state. Dropping it changes nothing.
#[derive(Debug)]
pub struct Builder<'g> {
    graph: &'g Graph,
    terms: Terms,
    columns: Columns,
    marks: Vec<Mark>,
    /// Rows of `columns` by kind and id.
    ids: HashTable<u32>,
    /// Rows of earlier segments that end: segment, row, operation.
    ends: Vec<(usize, u32, u32)>,
    next_operation: u32,
}

/// The state that a [`Builder`] made. The rows that it ended are marked in segments that it shares
/// with the state before; nobody sees that before the commit, and [`Applied::abandon`] undoes it.
#[derive(Debug)]
pub struct Applied {
    /// The next state.
    pub graph: Arc<Graph>,
    ended: Vec<(Arc<Segment>, u32)>,
    /// The operation that the next builder starts with.
    next_operation: u32,
}

impl Applied {
    /// Undoes what the builder marked in shared segments. The state must not be used any more.
    pub fn abandon(self) {
        for (segment, row) in self.ended {
            segment.revive(row);
        }
    }

    /// Adds changes to the same commit: they follow those applied so far.
    pub fn builder(&self) -> Builder<'_> {
        Builder::starting_at(&self.graph, self.next_operation)
    }

    /// Joins what was applied before to what was applied on top of it.
    #[must_use]
    pub fn after(mut self, before: Self) -> Self {
        self.ended.extend(before.ended);
        self
    }
}

impl<'g> Builder<'g> {
    /// A builder on top of the last commit of `graph`.
    pub fn new(graph: &'g Graph) -> Self {
        Self::starting_at(graph, graph.last().map_or(0, |mark| mark.limit))
    }

    fn starting_at(graph: &'g Graph, next_operation: u32) -> Self {
        Self {
            graph,
            terms: Terms::starting_at(graph.terms_end()),
            columns: Columns::default(),
            marks: Vec::new(),
            ids: HashTable::new(),
            ends: Vec::new(),
            next_operation,
        }
    }

    /// Applies one change. Deleting what is not there changes nothing.
    ///
    /// # Errors
    ///
    /// When the record can't be encoded.
    pub fn apply(&mut self, change: &Change) -> Result<(), CodecError> {
        match change {
            Change::Put(record) => self.put(record),
            Change::Delete(kind, id) => {
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
            ids,
            ..
        } = self;
        columns.push(record, (operation, first), |kind, text| {
            graph
                .term(kind, text)
                .or_else(|| terms.find(kind, text))
                .unwrap_or_else(|| terms.add(kind, text))
        })?;
        let row = u32::try_from(columns.len() - 1).unwrap_or(u32::MAX);
        ids.insert_unique(columns.key_hash(row), row, |other| columns.key_hash(*other));
        Ok(())
    }

    /// The record is no more.
    pub fn delete(&mut self, kind: Kind, id: &Id) {
        let operation = self.operation();
        self.end(kind, id, operation);
    }

    /// Ends a commit: the changes since the last one belong to it.
    pub fn commit(&mut self, commit: u64, recorded_at: i64) {
        self.marks.push(Mark {
            commit,
            recorded_at,
            limit: self.next_operation,
        });
    }

    /// Whether the changes so far hold a record with this id.
    pub fn has(&self, kind: Kind, id: &Id) -> bool {
        self.row(&Key::of(kind, id.as_str())).is_some()
    }

    /// Whether the changes so far hold just this record, or another version of it.
    pub fn holds(&self, record: &Record) -> Option<bool> {
        let row = self.row(&Key::of(record.kind(), record.id().as_str()))?;
        let held = self.columns.record(row as usize, |term| {
            self.terms
                .text(term)
                .unwrap_or_else(|| self.graph.text(term))
        });
        Some(held.as_ref() == Some(record))
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
    pub fn finish(self) -> Applied {
        let mut ended = Vec::with_capacity(self.ends.len());
        for (segment, row, operation) in &self.ends {
            // A row that ended twice ended the first time.
            if let Some(segment) = self.graph.segments.get(*segment)
                && segment.died(*row) == ALIVE
            {
                segment.end(*row, *operation);
                ended.push((Arc::clone(segment), *row));
            }
        }
        let graph = if self.columns.len() == 0 && self.marks.is_empty() {
            self.graph.clone()
        } else {
            self.graph
                .with(Segment::of(self.marks, self.terms, &self.columns))
        };
        Applied {
            graph: Arc::new(graph),
            ended,
            next_operation: self.next_operation,
        }
    }

    fn operation(&mut self) -> u32 {
        let operation = self.next_operation;
        self.next_operation += 1;
        operation
    }

    fn row(&self, key: &Key<'_>) -> Option<u32> {
        let rows = self.ids.iter_hash(key.hash).copied();
        let alive = |row: &u32| self.columns.died.get(*row as usize) == Some(&ALIVE);
        rows.filter(|row| key.is_of(&self.columns, *row) && alive(row))
            .max()
    }

    /// Ends the current version of a record, if there is one, and tells which operation made the
    /// first.
    fn end(&mut self, kind: Kind, id: &Id, operation: u32) -> Option<u32> {
        let key = Key::of(kind, id.as_str());
        if let Some(row) = self.row(&key) {
            if let Some(died) = self.columns.died.get_mut(row as usize) {
                *died = operation;
            }
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
