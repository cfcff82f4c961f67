//! Why an answer can't be written.

use thiserror::Error;

use crate::model::Kind;

/// Why an answer can't be written as JSON. It is always a defect: no question can cause it.
#[derive(Debug, Error)]
pub enum AnswerError {
    /// What the graph keeps of a record can't be read.
    #[error("{kind} {id} can't be read: run `chancery verify`")]
    Unreadable {
        /// Its kind.
        kind: Kind,
        /// Its id.
        id: String,
    },
    /// Something that every such answer has is missing.
    #[error("the answer lacks {0}: this is a defect of chancery, please report it")]
    Incomplete(&'static str),
    /// A value can't be written as JSON.
    #[error("the answer can't be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}
