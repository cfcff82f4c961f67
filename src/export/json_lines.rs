//! JSON Lines: every current record of a view, one a line, in the form that imports take.

use std::vec;

use super::error::ExportError;
use super::stream::everything;
use crate::document::RecordDocument;
use crate::graph::{Row, View};
use crate::model::Kind;

/// The lines of an export, without their line feeds: sources, actors, relations, events,
/// statements, and within a kind by the bytes of the id. The same records give the same bytes,
/// whatever the history that led to them.
#[derive(Debug)]
pub struct JsonLines {
    view: View,
    rows: vec::IntoIter<Row>,
}

impl JsonLines {
    /// The lines of all records that `view` sees.
    pub fn new(view: View) -> Self {
        Self::of(view, Kind::ALL)
    }

    /// The lines of the records of some kinds.
    pub fn of(view: View, kinds: &[Kind]) -> Self {
        let rows = everything(&view, kinds);
        Self {
            view,
            rows: rows.into_iter(),
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
        self.rows.next().map(|row| self.line(row))
    }
}
