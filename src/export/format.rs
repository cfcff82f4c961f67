//! What a format of files is.

use super::error::ExportError;
use crate::graph::{CommitMark, View};
use crate::model::Record;

/// A record with what a format may want to know beside it.
pub(super) struct ExportedRecord<'v> {
    pub(super) view: &'v View,
    pub(super) record: Record,
    /// The commit that recorded it.
    pub(super) mark: Option<CommitMark>,
}

/// What writes the records of one file after another.
pub(super) trait RecordWriter: Send {
    /// What comes before the first record.
    fn head(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError>;

    /// A record. What the format can't say is left out.
    fn record(
        &mut self,
        exported: &ExportedRecord<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ExportError>;

    /// What comes after the last record.
    fn foot(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError>;
}
