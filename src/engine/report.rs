//! What became of imports.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::header::{CommitCause, CommitHeader};
use super::warnings::WarningReport;
use crate::clock;
use crate::ingest::Reject;
use crate::model::Kind;

/// Rejects that a report lists; further ones are counted only.
pub const REJECTS_KEPT_MAX: usize = 1_000;
/// Characters of one text of a reject.
const REJECT_TEXT_MAX_CHARS: usize = 1_000;
/// Reports of imports without a commit that are remembered.
const UNCOMMITTED_MAX: usize = 1_000;

/// The status of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportStatus {
    /// It waits or runs.
    Running,
    /// It is on the disk.
    Committed,
    /// All its records were there already: there was nothing to commit.
    Unchanged,
    /// It was a dry run without rejects.
    Checked,
    /// It had rejects, so nothing was written.
    Rejected,
    /// It was committed and has been undone.
    Undone,
    /// It could not be read or written.
    Failed,
}

/// Records of one kind in an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KindCounts {
    /// Records that did not exist before.
    pub new: u64,
    /// Records that existed with other content and now have a new version.
    pub changed: u64,
    /// Records that existed with the same content.
    pub same: u64,
    /// Records that were rejected.
    pub rejected: u64,
}

/// The report of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportReport {
    /// Its id.
    #[schema(example = "import-1890f2c5a00-1")]
    pub id: String,
    /// The status of the import.
    pub status: ImportStatus,
    /// Whether this was a dry run, which writes nothing.
    pub dry_run: bool,
    /// The data set of records that do not name one.
    #[schema(example = "default")]
    pub dataset: String,
    /// The detected format of the input; absent if the input was too malformed to detect it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "jsonl")]
    pub format: Option<String>,
    /// The number of records read, valid or not.
    pub records: u64,
    /// The counts for each kind of record; the keys are plurals.
    pub counts: BTreeMap<String, KindCounts>,
    /// The number of rejects that belong to no kind: malformed lines, records of an unknown kind.
    pub unreadable: u64,
    /// The number of problems found; `rejects` lists the first 1,000.
    pub problems: u64,
    /// The problems, in the order of the input.
    #[serde(default)]
    pub rejects: Vec<RejectReport>,
    /// The commit that the import made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<u64>,
    /// When the commit was recorded (RFC 3339, UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub recorded_at: Option<String>,
    /// Why the import failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// The number of records that an undo did not restore, because they had been changed after the import.
    #[serde(default)]
    pub kept: u64,
    /// The number of duplicates: new events that are equal to another event except for the id, after their
    /// actors have been resolved. `GET /events/duplicates` lists them.
    #[serde(default)]
    pub same_as: u64,
    /// Warnings about imported records that may be wrong: the first 100.
    #[serde(default)]
    pub warnings: Vec<WarningReport>,
    /// The number of warnings of each kind.
    #[serde(default)]
    pub warning_counts: BTreeMap<String, u64>,
}

/// One problem of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RejectReport {
    /// The member of the archive in which it stands, if the input is an archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2014/events.tab")]
    pub member: Option<String>,
    /// The line, from 1.
    pub line: u64,
    /// The column in characters, from 1.
    pub column: u64,
    /// The kind of the record, if known.
    #[schema(example = "event")]
    pub record: Option<String>,
    /// The id of the record, if known.
    pub id: Option<String>,
    /// The field, as a path in the record; empty for the record as a whole.
    #[schema(example = "participants[1].actor")]
    pub field: String,
    /// The invalid value.
    pub value: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What to write instead.
    pub suggestion: Option<String>,
}

impl From<Reject> for RejectReport {
    fn from(reject: Reject) -> Self {
        Self {
            member: None,
            line: reject.position.line,
            column: reject.position.column,
            record: reject.subject.kind.map(|kind| kind.to_string()),
            id: reject.subject.id,
            field: shortened(reject.problem.field),
            value: reject.problem.value.map(shortened),
            problem: shortened(reject.problem.problem),
            suggestion: reject.problem.suggestion.map(shortened),
        }
    }
}

/// A text of a report, cut where its author's input would swell it.
pub(super) fn shortened(text: String) -> String {
    // Where a character begins, a text can be cut.
    match text.char_indices().nth(REJECT_TEXT_MAX_CHARS) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text,
    }
}

impl ImportReport {
    /// The report of an import that has not begun.
    pub fn waiting(id: String, dataset: &str, dry_run: bool) -> Self {
        Self {
            id,
            status: ImportStatus::Running,
            dry_run,
            dataset: dataset.to_owned(),
            format: None,
            records: 0,
            counts: Kind::ALL
                .iter()
                .map(|k| (k.plural().to_owned(), KindCounts::default()))
                .collect(),
            unreadable: 0,
            problems: 0,
            rejects: Vec::new(),
            commit: None,
            recorded_at: None,
            failure: None,
            kept: 0,
            same_as: 0,
            warnings: Vec::new(),
            warning_counts: BTreeMap::new(),
        }
    }

    /// The report of an import that has not begun, when that fails.
    #[must_use]
    pub fn failed(self, why: &impl ToString) -> Self {
        Self {
            status: ImportStatus::Failed,
            failure: Some(why.to_string()),
            ..self
        }
    }

    /// The counts of one kind.
    pub(super) fn count(&mut self, kind: Kind) -> &mut KindCounts {
        self.counts.entry(kind.plural().to_owned()).or_default()
    }

    /// Events that are new.
    pub(super) fn new_events(&self) -> u64 {
        let events = self.counts.get(Kind::Event.plural());
        events.map_or(0, |counts| counts.new)
    }

    /// The sum of one of the counts over all kinds.
    pub fn total(&self, of: impl Fn(&KindCounts) -> u64) -> u64 {
        self.counts.values().map(of).sum()
    }
}

/// The reports of all committed imports and of the last others.
#[derive(Debug, Default)]
pub(super) struct ImportReports {
    committed: Vec<ImportReport>,
    others: VecDeque<ImportReport>,
}

impl ImportReports {
    /// Takes up a commit of the journal.
    pub(super) fn replay(&mut self, commit: u64, header: CommitHeader, rejects: Vec<RejectReport>) {
        match header.cause {
            CommitCause::Write => {}
            CommitCause::Import(mut report) => {
                report.rejects = rejects;
                report.commit = Some(commit);
                report.recorded_at = Some(clock::rfc3339(header.recorded_at));
                self.keep(*report);
            }
            CommitCause::Undo(import) => self.undone(&import),
        }
    }

    /// Keeps a report, in place of the one with its id.
    pub(super) fn keep(&mut self, report: ImportReport) {
        self.others.retain(|other| other.id != report.id);
        if report.commit.is_some() {
            self.committed.retain(|other| other.id != report.id);
            self.committed.push(report);
        } else {
            self.others.push_back(report);
            if self.others.len() > UNCOMMITTED_MAX {
                self.others.pop_front();
            }
        }
    }

    pub(super) fn undone(&mut self, import: &str) {
        if let Some(report) = self.committed.iter_mut().find(|report| report.id == import) {
            report.status = ImportStatus::Undone;
        }
    }

    pub(super) fn find(&self, import: &str) -> Option<ImportReport> {
        let mut all = self.committed.iter().chain(&self.others);
        all.find(|report| report.id == import).cloned()
    }

    pub(super) fn count(&self) -> usize {
        self.committed.len() + self.others.len()
    }

    pub(super) fn newest(&self, limit: usize) -> Vec<ImportReport> {
        let others = self.others.iter().rev();
        others
            .chain(self.committed.iter().rev())
            .take(limit)
            .cloned()
            .collect()
    }
}
