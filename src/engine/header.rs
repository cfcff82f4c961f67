//! What the journal keeps of a commit beside its changes: a header, which is a small JSON object,
//! and the rejects of an import in a block of their own.

use serde::{Deserialize, Serialize};

use super::error::EngineError;
use super::report::{ImportReport, RejectReport};
use crate::codec::{Block, BlockDecoder};
use crate::journal::Commit;

/// First byte of a block that holds the rejects of an import as JSON. Blocks of changes begin with
/// the version of their encoding, which never comes to this.
const REJECTS: u8 = 0xFF;

/// What open dates mean now: `../X` went on until X. Before, it was written for "by X".
pub(super) const DATES: u8 = 2;

/// The header of a commit.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CommitHeader {
    /// When it was recorded, in milliseconds since 1970-01-01T00:00:00Z. Never less than the one
    /// before.
    pub(super) recorded_at: i64,
    /// What open dates meant to the program that wrote it: [`DATES`], or nothing before that.
    #[serde(default)]
    pub(super) dates: u8,
    /// What it was.
    pub(super) cause: CommitCause,
}

/// What a commit was.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommitCause {
    /// A single write.
    Write,
    /// An import, with its report but for the rejects.
    Import(Box<ImportReport>),
    /// The undo of an import, by the import's id.
    Undo(String),
}

impl CommitHeader {
    /// The header as it is kept.
    ///
    /// # Errors
    ///
    /// When it can't be written as JSON, which it always can: the types have no maps with keys other
    /// than strings.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, EngineError> {
        serde_json::to_vec(self)
            .map_err(|e| EngineError::broken(format!("a commit's header is not valid JSON: {e}")))
    }

    /// The events that the commit adds, as far as it says.
    pub(super) fn new_events(&self) -> u64 {
        match &self.cause {
            CommitCause::Import(report) => report.new_events(),
            CommitCause::Write | CommitCause::Undo(_) => 0,
        }
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes).map_err(|e| format!("its header is not a commit header: {e}"))
    }
}

/// Bytes of rejects that are kept with a commit; further rejects are counted only.
const REJECTS_MAX_BYTES: usize = 1024 * 1024;

/// The block that keeps the rejects of an import: as many of the first as fit.
///
/// # Errors
///
/// As [`CommitHeader::bytes`].
pub(super) fn rejects_block(rejects: &[RejectReport]) -> Result<Vec<u8>, EngineError> {
    let mut block = vec![REJECTS, b'['];
    for reject in rejects {
        let json = serde_json::to_vec(reject)
            .map_err(|e| EngineError::broken(format!("a reject is not valid JSON: {e}")))?;
        if block.len() + json.len() > REJECTS_MAX_BYTES {
            break;
        }
        if block.len() > 2 {
            block.push(b',');
        }
        block.extend(json);
    }
    block.push(b']');
    Ok(block)
}

/// Reads a commit: calls `each` with what every block holds, in order, and gives back the rejects.
pub(super) fn read_commit(
    commit: &Commit<'_>,
    mut each: impl FnMut(Block) -> Result<(), EngineError>,
) -> Result<Vec<RejectReport>, EngineError> {
    let number = commit.number();
    let damaged = |what: String| EngineError::Damaged {
        commit: number,
        what,
    };
    let mut rejects = Vec::new();
    let mut decoder = BlockDecoder::default();
    for block in commit.blocks() {
        let block = block?;
        if let Some((&REJECTS, json)) = block.split_first() {
            rejects = serde_json::from_slice(json).map_err(|e| damaged(e.to_string()))?;
            continue;
        }
        each(decoder.block(&block).map_err(|e| damaged(e.to_string()))?)?;
    }
    Ok(rejects)
}
