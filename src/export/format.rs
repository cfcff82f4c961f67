//! What a format of files is.

use super::error::ExportError;
use crate::graph::{CommitMark, Row, View};
use crate::model::Record;

/// A record with what a format may want to know beside it.
pub(super) struct ExportedRecord<'v> {
    pub(super) view: &'v View,
    pub(super) record: Record,
    /// The commit that recorded it.
    pub(super) mark: Option<CommitMark>,
}

impl<'v> ExportedRecord<'v> {
    /// The record of a row.
    pub(super) fn read(view: &'v View, row: Row) -> Result<Self, ExportError> {
        let Some(record) = view.counted_record(row) else {
            let (kind, id) = (view.kind(row), view.id(row));
            return Err(ExportError::Unreadable { kind, id });
        };
        Ok(Self {
            view,
            record,
            mark: view.recorded(row),
        })
    }
}

/// What writes the records of one file after another.
pub(super) trait RecordWriter: Send {
    /// What comes before the first record.
    fn head(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError>;

    /// The record of a row, which some formats need not read whole.
    fn row(&mut self, view: &View, row: Row, out: &mut Vec<u8>) -> Result<(), ExportError> {
        self.record(&ExportedRecord::read(view, row)?, out)
    }

    /// A record. What the format can't say is left out.
    fn record(
        &mut self,
        exported: &ExportedRecord<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ExportError>;

    /// What comes after the last record.
    fn foot(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError>;
}
