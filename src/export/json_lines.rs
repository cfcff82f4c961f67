//! JSON Lines: every current record of a view, one a line, in the form that imports take. The same
//! records give the same bytes, whatever the history that led to them.

use super::error::ExportError;
use super::format::{ExportedRecord, RecordWriter};
use crate::document::RecordDocument;

/// Writes the records of all kinds.
pub(super) struct JsonLines;

impl RecordWriter for JsonLines {
    fn head(&mut self, _out: &mut Vec<u8>) -> Result<(), ExportError> {
        Ok(())
    }

    fn record(
        &mut self,
        exported: &ExportedRecord<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ExportError> {
        let record = &exported.record;
        serde_json::to_writer(&mut *out, &RecordDocument::from_record(record)).map_err(
            |source| ExportError::Unwritable {
                kind: record.kind(),
                id: record.id().to_string(),
                source,
            },
        )?;
        out.push(b'\n');
        Ok(())
    }

    fn foot(&mut self, _out: &mut Vec<u8>) -> Result<(), ExportError> {
        Ok(())
    }
}
