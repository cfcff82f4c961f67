//! The answers about what the record learned: commits, and the difference of two.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Meta, RecordAnswer};
use crate::query::drill_down::DrillDown;
use crate::query::written::as_instant;

/// A page of commits.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ChangesPage {
    /// The commits of this page, in order.
    pub items: Vec<CommitAnswer>,
    /// The number of items on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// Metadata of the answer.
    pub meta: ChangesMeta,
}

/// Metadata of an answer about commits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangesMeta {
    /// The last commit that the answer covers. Pass it as `since` to get the later commits.
    pub known_at: u64,
}

/// What one commit did.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CommitAnswer {
    /// Its number.
    pub commit: u64,
    /// When it was recorded (RFC 3339, UTC).
    #[schema(value_type = String, format = DateTime)]
    #[serde(serialize_with = "as_instant")]
    pub at: i64,
    /// The kind of commit: `import`, `write` (of one record) or `undo` (of an import).
    #[schema(example = "import")]
    pub kind: &'static str,
    /// The id of the import that this commit made or undid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<String>,
    /// The number of records that the commit changed.
    pub counts: ChangeCounts,
    /// The URL, relative to the service, that lists the records before and after the commit.
    #[schema(value_type = String, example = "/api/v1/diff?from_commit=1&to_commit=2")]
    pub records_url: DrillDown,
    /// The first 20 records of the commit, in the order in which they were written.
    pub records: Vec<ChangedRecord>,
    /// The number of further records.
    pub more: usize,
}

/// Counts of records by the kind of change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeCounts {
    /// The number of created records.
    pub created: usize,
    /// The number of changed records, which have a new version.
    pub changed: usize,
    /// The number of deleted records.
    pub deleted: usize,
}

/// A record and how it was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangedRecord {
    /// Its kind.
    #[schema(example = "event")]
    pub record: &'static str,
    /// Its id.
    pub id: String,
    /// `created`, `changed` or `deleted`.
    #[schema(example = "created")]
    pub change: &'static str,
}

/// A page of the records that differ between two commits.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DiffPage<'v> {
    /// The base commit.
    pub from_commit: u64,
    /// The commit that is compared with the base commit.
    pub to_commit: u64,
    /// The records of this page that differ, by kind, then by id.
    pub items: Vec<DiffItem<'v>>,
    /// The number of items on all pages.
    pub total: usize,
    /// The number of changes of each kind, on all pages.
    pub counts: ChangeCounts,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// A record that differs between two commits.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DiffItem<'v> {
    /// Its kind.
    #[schema(example = "event")]
    pub record: &'static str,
    /// Its id.
    pub id: Cow<'v, str>,
    /// `created`, `changed` or `deleted`.
    #[schema(example = "changed")]
    pub change: &'static str,
    /// The record as of `from_commit`; absent if it did not exist then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<RecordAnswer<'v>>,
    /// The record as of `to_commit`; absent if it did not exist then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<RecordAnswer<'v>>,
}
