//! Diagnostics: what an import says of its input. The report as it grows, with counts, rejects and
//! warnings.

use std::collections::BTreeMap;

use crate::engine::report::{
    ImportReport, ImportStatus, KindCounts, REJECTS_KEPT_MAX, RejectReport,
};
use crate::engine::warnings::Warnings;
use crate::ingest::{InputPosition, ReadSummary, Reject, Subject};
use crate::model::{Kind, RecordProblem};

/// What one attempt at an input has to say so far.
pub(super) struct Diagnostics {
    report: ImportReport,
    /// The rejects that the report will list.
    rejects: Vec<Reject>,
    /// The names of the members of an archive, by number.
    members: BTreeMap<u32, String>,
    pub(super) warnings: Warnings,
}

/// Names a record in a reject.
pub(super) fn subject(kind: Kind, id: &str) -> Subject {
    Subject {
        kind: Some(kind),
        id: Some(id.to_owned()),
    }
}

impl Diagnostics {
    /// Nothing yet, on top of the report of an import that has not begun.
    pub(super) fn new(report: ImportReport) -> Self {
        Self {
            report,
            rejects: Vec::new(),
            members: BTreeMap::new(),
            warnings: Warnings::default(),
        }
    }

    /// Notes that what follows stands in a member of an archive.
    pub(super) fn enter_member(&mut self, number: u32, name: String) {
        self.members.insert(number, name);
    }

    /// The counts of one kind.
    pub(super) fn count(&mut self, kind: Kind) -> &mut KindCounts {
        self.report.count(kind)
    }

    /// Notes what a reading of the input came to.
    pub(super) fn add_reading(&mut self, summary: &ReadSummary) {
        self.report.records += summary.records;
        if let Some(format) = summary.format {
            self.report.format = Some(format.as_str().to_owned());
        }
    }

    /// Rejects a record for all that is wrong with it.
    pub(super) fn reject(
        &mut self,
        position: InputPosition,
        subject: &Subject,
        problems: Vec<RecordProblem>,
    ) {
        let each = problems.into_iter();
        self.reject_record(
            each.map(|problem| Reject {
                position,
                subject: subject.clone(),
                problem,
            })
            .collect(),
        );
    }

    /// Rejects a record whose id another one of the import has, with other content.
    pub(super) fn reject_twin(&mut self, position: InputPosition, kind: Kind, id: String) {
        let problem = RecordProblem::new("id", "appears earlier in this import with other content");
        self.reject(position, &subject(kind, &id), vec![problem.value(id)]);
    }

    /// Rejects a record that was counted as taken before.
    pub(super) fn reject_taken(
        &mut self,
        position: InputPosition,
        (kind, id): (Kind, &str),
        problems: Vec<RecordProblem>,
    ) {
        let counts = self.count(kind);
        // It was counted as new or changed; as none of the import is written, either will do.
        if counts.new > 0 {
            counts.new -= 1;
        } else {
            debug_assert!(counts.changed > 0, "{kind} {id} was not counted");
            counts.changed = counts.changed.saturating_sub(1);
        }
        self.reject(position, &subject(kind, id), problems);
    }

    /// Rejects one record, or what should have been one, for all of these.
    pub(super) fn reject_record(&mut self, rejects: Vec<Reject>) {
        match rejects.first().and_then(|reject| reject.subject.kind) {
            Some(kind) => self.report.count(kind).rejected += 1,
            None => self.report.unreadable += 1,
        }
        for reject in rejects {
            self.report.problems += 1;
            if self.rejects.len() < REJECTS_KEPT_MAX {
                self.rejects.push(reject);
            }
        }
    }

    /// Whether anything was rejected.
    pub(super) fn has_rejects(&self) -> bool {
        self.report.problems > 0
    }

    /// The report, when all has been read and checked.
    pub(super) fn into_report(mut self, status: ImportStatus, same_as: u64) -> ImportReport {
        let mut report = self.report;
        report.status = status;
        report.same_as = same_as;
        self.warnings.into_report(&mut report);
        self.rejects.sort_by_key(|reject| reject.position);
        let members = &self.members;
        let rejects = self.rejects.into_iter().map(|reject| {
            let member = members.get(&reject.position.member).cloned();
            RejectReport {
                member,
                ..RejectReport::from(reject)
            }
        });
        report.rejects = rejects.collect();
        if report.status == ImportStatus::Rejected {
            // Nothing was taken, so nothing is new.
            for counts in report.counts.values_mut() {
                *counts = KindCounts {
                    new: 0,
                    changed: 0,
                    ..*counts
                };
            }
        }
        report
    }
}
