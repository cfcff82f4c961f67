//! Why an export is not complete.

use parquet::errors::ParquetError;
use thiserror::Error;
use zip::result::ZipError;

use crate::invariant::BrokenInvariant;
use crate::model::Kind;

/// Why an export is not complete.
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
    /// What writes the format refused to.
    #[error("can't write the file: {0}")]
    Write(#[from] std::io::Error),
    /// What writes archives refused to.
    #[error("can't write the archive: {0}")]
    Archive(#[from] ZipError),
    /// What writes Parquet refused to.
    #[error("can't write Parquet: {0}")]
    Parquet(#[from] ParquetError),
    /// Something does not hold that always does.
    #[error(transparent)]
    Broken(#[from] BrokenInvariant),
}
