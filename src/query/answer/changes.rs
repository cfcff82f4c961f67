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
    /// How many there are on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// What holds for the whole answer.
    pub meta: ChangesMeta,
}

/// What holds for an answer about commits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangesMeta {
    /// The commit that the answer was given at: pass it as `since` to get what comes after.
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
    /// What it was: `import`, `write` (of one record) or `undo` (of an import).
    #[schema(example = "import")]
    pub kind: &'static str,
    /// The id of the import that it was, or undid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<String>,
    /// How many records it changed.
    pub counts: ChangeCounts,
    /// The URL, relative to the service, that lists them as they were and as they became.
    #[schema(value_type = String, example = "/api/v1/diff?from_commit=1&to_commit=2")]
    pub records_url: DrillDown,
    /// The first 20 of them, in the order in which they were written.
    pub records: Vec<ChangedRecord>,
    /// How many more there are.
    pub more: usize,
}

/// Records by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeCounts {
    /// New ones.
    pub created: usize,
    /// New versions.
    pub changed: usize,
    /// Deleted ones.
    pub deleted: usize,
}

/// A record and what became of it.
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

/// A page of what differs between two commits.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DiffPage<'v> {
    /// The commit compared with.
    pub from_commit: u64,
    /// The commit asked about.
    pub to_commit: u64,
    /// The records of this page that differ, by kind, then by id.
    pub items: Vec<DiffItem<'v>>,
    /// How many there are on all pages.
    pub total: usize,
    /// How many of each sort, on all pages.
    pub counts: ChangeCounts,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// What holds for the whole answer.
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
    /// As it was at `from_commit`; absent when it was not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<RecordAnswer<'v>>,
    /// As it was at `to_commit`; absent when it was not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<RecordAnswer<'v>>,
}
