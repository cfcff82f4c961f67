//! What can go wrong with the record as a whole.

use thiserror::Error;

use crate::codec::CodecError;
use crate::ingest::IngestError;
use crate::invariant::BrokenInvariant;
use crate::journal::JournalError;
use crate::model::{Id, Kind, RecordProblem};

/// A record that names another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: String,
}

/// Why the engine did not do as it was asked. Nothing was written.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The record has problems of its own or with what is stored.
    #[error("{}", problems.first().map_or_else(|| "it is not valid".to_owned(), ToString::to_string))]
    Invalid {
        /// All of them.
        problems: Vec<RecordProblem>,
    },
    /// There is no such record.
    #[error("there is no {kind} {id}")]
    NotFound {
        /// Its kind.
        kind: Kind,
        /// The id asked for.
        id: String,
        /// The nearest id that there is.
        nearest: Option<String>,
    },
    /// There is such a record already, with other content.
    #[error(
        "{kind} {id} exists already, with other content: replace it with PUT, or choose another id"
    )]
    Exists {
        /// Its kind.
        kind: Kind,
        /// Its id.
        id: Id,
    },
    /// Other records name what is to go.
    #[error("{count} records refer to what would be deleted; delete or change them first")]
    Named {
        /// How many.
        count: usize,
        /// The first of them.
        first: Vec<Blocker>,
    },
    /// The actor has been merged into another, which is the one to write.
    #[error(
        "actor {id} has been merged into {survivor}: write {survivor} instead, or revert the \
         merge {by} first"
    )]
    Merged {
        /// Its id.
        id: Id,
        /// Who survives.
        survivor: String,
        /// The judgement that merged it.
        by: String,
    },
    /// The record is not as the caller expects it.
    #[error("the record was changed after it was read: read it again")]
    Changed,
    /// There is no such commit.
    #[error("there is no commit {number}: the last one is {last}")]
    NoCommit {
        /// The number asked for.
        number: u64,
        /// The last one.
        last: u64,
    },
    /// There is no such import.
    #[error("there is no import {0}")]
    NoImport(String),
    /// The import can't be undone.
    #[error("import {import} can't be undone: {why}")]
    NotUndoable {
        /// Which.
        import: String,
        /// Why.
        why: String,
    },
    /// The graph can't number more changes.
    #[error("the data directory is full: it holds 4,294,967,295 changes, the maximum")]
    Full,
    /// The disk did not take it. Further writes are refused.
    #[error("not written: {0}")]
    Unwritten(String),
    /// A thread that works for the engine has panicked, so that nobody knows what it left half done.
    /// Reads go on, further writes are refused.
    #[error(
        "writes are refused because {0} has panicked: restart the service (no acknowledged write \
         is lost), and report what its log says"
    )]
    Poisoned(&'static str),
    /// A thread that works for the engine has met a broken invariant, so that the state may lack something.
    /// Reads go on, further writes are refused.
    #[error("writes are refused, since an invariant is broken: {0}")]
    BrokenState(BrokenInvariant),
    /// A thread that only this work had has panicked. Nothing of the work is left.
    #[error("{0} has panicked, so nothing was written: please report what the log says")]
    Panicked(&'static str),
    /// An invariant does not hold: a fault of this program.
    #[error("nothing was written because {0}: this is a defect of chancery, please report it")]
    Broken(String),
    /// A thread can't be started.
    #[error("a thread can't be started: {0}")]
    Thread(String),
    /// A commit is whole, but what it holds can't be read.
    #[error(
        "commit {commit} can't be read: {what}; the data is untouched: run `chancery verify`, and \
         restore from an export if it is damaged"
    )]
    Damaged {
        /// Its number.
        commit: u64,
        /// What is wrong.
        what: String,
    },
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The input can't be read.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// A record can't be encoded.
    #[error(transparent)]
    Codec(#[from] CodecError),
}

impl EngineError {
    /// An invariant does not hold: `what` is so that must not be, with the record's id. A test stops
    /// here. In service it is an error like others, which is logged and answered, and nothing is
    /// written.
    pub(super) fn broken(what: impl Into<String>) -> Self {
        let what = what.into();
        debug_assert!(false, "{what}");
        Self::Broken(what)
    }
}
