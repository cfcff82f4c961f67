//! Open dates as earlier versions took them, and how they are rewritten.
//!
//! Until 0.1, `../X` was written for "by X" and `X/..` for "from X on". Now the first went on until X and
//! the second goes on since, and one day no later or no earlier than X is `[..X]` and `[X..]`. What was
//! written before keeps its text until somebody asks for it to be rewritten.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::EngineError;
use super::import::{ImportOptions, OnError, Progress};
use super::report::{ImportReport, ImportStatus};
use super::{Engine, KnownAt, defaults};
use crate::document::RecordDocument;
use crate::graph::View;
use crate::ingest::{Input, InputFormat};
use crate::model::{Date, Kind, Precision, Record};

/// Records written before whose dates are spelled as earlier versions took them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OldDates {
    /// Records with `../X`.
    pub until: usize,
    /// Records with `X/..`.
    pub since: usize,
}

/// A date that is rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateRewrite {
    /// The kind of the record.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// The field: `date`, `since` or `until`.
    pub field: &'static str,
    /// The date as it was written.
    pub before: Date,
    /// The date as it is written then.
    pub after: Date,
}

/// The records of an engine in which an interval stands for one of its days, as far as they were written
/// so by an earlier version: `is_spelled` tells which dates do.
fn spelled_before(
    view: &View,
    last: u64,
    kinds: &[Kind],
    is_spelled: impl Fn(&'static str, &Date) -> bool,
) -> Result<Vec<Record>, EngineError> {
    let mut found = Vec::new();
    for kind in kinds {
        for row in view.of_kind(*kind) {
            // Events and statements have such a date only where more is kept of it than two days.
            let may_be = match kind {
                Kind::Event | Kind::Statement => view
                    .timing(row)
                    .is_some_and(|timing| timing.lasts && !timing.is_plain()),
                Kind::Source | Kind::Actor | Kind::Relation | Kind::Judgement => true,
            };
            if !may_be {
                continue;
            }
            let record = view.record(row).ok_or_else(|| {
                let id = view.id(row);
                EngineError::broken(format!("the stored {kind} {id} can't be read"))
            })?;
            if is_old(view, &record, last, &is_spelled) {
                found.push(record);
            }
        }
    }
    Ok(found)
}

/// Whether a version that an earlier program wrote has just the dates of the record that are spelled so.
fn is_old(
    view: &View,
    record: &Record,
    last: u64,
    is_spelled: &impl Fn(&'static str, &Date) -> bool,
) -> bool {
    let spelled = |record: &Record| -> Vec<(&'static str, Date)> {
        let dates = record.dates().into_iter();
        let spelled = dates.filter(|(field, date)| is_spelled(field, date));
        spelled.map(|(field, date)| (field, date.clone())).collect()
    };
    let now = spelled(record);
    if now.is_empty() {
        return false;
    }
    let versions = view.versions(record.kind(), record.id().as_str());
    let mut before = versions
        .iter()
        .filter(|version| version.since.commit <= last);
    before.any(|version| spelled(&version.record) == now)
}

/// Whether a date is an interval that is open at its end, or at its beginning.
fn is_open_at(date: &Date, end: bool) -> bool {
    let is_open = if end {
        date.open_end()
    } else {
        date.open_start()
    };
    date.precision() == Precision::Interval && is_open && !date.end_unknown()
}

impl Engine {
    /// How many records are spelled as earlier versions took them, of those that such a version wrote.
    /// Looks through the relations and through what lasts.
    ///
    /// # Errors
    ///
    /// When the record can't be read.
    pub fn old_dates(&self) -> Result<OldDates, EngineError> {
        let last = self.shared.written_before;
        if last == 0 {
            return Ok(OldDates::default());
        }
        let view = self.view(KnownAt::Now)?;
        let kinds = [Kind::Relation, Kind::Event, Kind::Statement];
        let count = |end: bool| {
            spelled_before(&view, last, &kinds, |_, date| is_open_at(date, end))
                .map(|found| found.len())
        };
        Ok(OldDates {
            until: count(false)?,
            since: count(true)?,
        })
    }

    /// Rewrites the dates that an earlier version wrote, as one commit that can be undone like an import:
    /// `../X` to `[..X]`, in periods `A/B` to `[A..B]` and `X/..` to `[X..]`, and with `no_earlier`
    /// `X/..` to `[X..]` everywhere. With `dry_run` nothing is written. Ids stay as they are.
    ///
    /// # Errors
    ///
    /// When the record can't be read or the disk did not take it.
    pub fn rewrite_dates(
        &self,
        no_earlier: bool,
        dry_run: bool,
    ) -> Result<(Vec<DateRewrite>, ImportReport), EngineError> {
        let view = self.view(KnownAt::Now)?;
        let is_spelled = |field: &'static str, date: &Date| {
            date.as_one_of().is_some()
                && match field {
                    "date" => is_open_at(date, false) || (no_earlier && is_open_at(date, true)),
                    _ => true,
                }
        };
        let kinds = [Kind::Actor, Kind::Relation, Kind::Event, Kind::Statement];
        let last = self.shared.written_before;
        let mut rewritten = Vec::new();
        let mut lines: BTreeMap<Kind, Vec<u8>> = BTreeMap::new();
        for record in spelled_before(&view, last, &kinds, is_spelled)? {
            let (kind, id) = (record.kind(), record.id().to_string());
            let before = rewritten.len();
            let other = record.with_dates(&mut |field, date| {
                let after = date.as_one_of().filter(|_| is_spelled(field, date))?;
                rewritten.push(DateRewrite {
                    kind,
                    id: id.clone(),
                    field,
                    before: date.clone(),
                    after: after.clone(),
                });
                Some(after)
            });
            // What begins or ends no later than a day may hold together only as it is: then it stays.
            let Ok(Some(other)) = other else {
                rewritten.truncate(before);
                continue;
            };
            let line = serde_json::to_vec(&RecordDocument::from_record(&other));
            let line = line
                .map_err(|e| EngineError::broken(format!("{kind} {id} is not valid JSON: {e}")))?;
            let lines = lines.entry(kind).or_default();
            lines.extend(line);
            lines.push(b'\n');
        }
        let options = ImportOptions {
            id: self.import_id(),
            dataset: defaults(None).dataset,
            format: Some(InputFormat::JsonLines),
            on_error: OnError::Reject,
            dry_run,
        };
        if lines.is_empty() {
            let mut report = options.waiting();
            report.status = ImportStatus::Unchanged;
            return Ok((rewritten, report));
        }
        let input = Input::bytes(lines.into_values().flatten().collect::<Vec<u8>>());
        let report =
            self.import_or_rewrite((input, true), options, Arc::new(Progress::default()))?;
        Ok((rewritten, report))
    }
}
