//! JSON Lines: every current record of a view, one a line, in the form that imports take.

use std::vec;

use thiserror::Error;

use crate::document::RecordDocument;
use crate::graph::{Row, View};
use crate::model::Kind;

/// A record that can't be exported. The export is then not complete.
#[derive(Debug, Error)]
pub enum ExportError {
    /// What the graph keeps of the record can't be read.
    #[error("{kind} {id} can't be read: run `chancery verify`")]
    Unreadable {
        /// Its kind.
        kind: Kind,
        /// Its id.
        id: String,
    },
    /// The record can't be written as JSON.
    #[error("{kind} {id} can't be written as JSON: {source}")]
    Unwritable {
        /// Its kind.
        kind: Kind,
        /// Its id.
        id: String,
        /// Why.
        source: serde_json::Error,
    },
}

/// The lines of an export, without their line feeds: sources, actors, relations, events,
/// statements, and within a kind by the bytes of the id. The same records give the same bytes,
/// whatever the history that led to them.
#[derive(Debug)]
pub struct JsonLines {
    view: View,
    kinds: vec::IntoIter<Kind>,
    rows: vec::IntoIter<Row>,
}

impl JsonLines {
    /// The lines of all records that `view` sees.
    pub fn new(view: View) -> Self {
        Self {
            view,
            kinds: Kind::ALL.to_vec().into_iter(),
            rows: Vec::new().into_iter(),
        }
    }

    fn next_row(&mut self) -> Option<Row> {
        loop {
            if let Some(row) = self.rows.next() {
                return Some(row);
            }
            let kind = self.kinds.next()?;
            let mut rows: Vec<Row> = self.view.of_kind(kind).collect();
            rows.sort_by_cached_key(|row| self.view.id(*row));
            self.rows = rows.into_iter();
        }
    }

    fn line(&self, row: Row) -> Result<String, ExportError> {
        let (kind, id) = (self.view.kind(row), self.view.id(row));
        let Some(record) = self.view.record(row) else {
            return Err(ExportError::Unreadable { kind, id });
        };
        serde_json::to_string(&RecordDocument::of(&record))
            .map_err(|source| ExportError::Unwritable { kind, id, source })
    }
}

impl Iterator for JsonLines {
    type Item = Result<String, ExportError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row().map(|row| self.line(row))
    }
}
