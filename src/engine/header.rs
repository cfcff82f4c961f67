//! What the journal keeps of a commit beside its changes: a small JSON object.

use serde::{Deserialize, Serialize};

use super::report::ImportReport;

/// The header of a commit.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    /// When it was recorded, in milliseconds since 1970-01-01T00:00:00Z. Never less than the one
    /// before.
    pub(super) recorded_at: i64,
    /// What it was.
    pub(super) cause: Cause,
}

/// What a commit was.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cause {
    /// A single write.
    Write,
    /// An import, with its report but for the rejects.
    Import(Box<ImportReport>),
    /// The undo of an import, by the import's id.
    Undo(String),
}

impl Header {
    pub(super) fn bytes(&self) -> Vec<u8> {
        // The types have no maps with keys other than strings, so this can't fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes).map_err(|e| format!("its header is no commit header: {e}"))
    }
}
