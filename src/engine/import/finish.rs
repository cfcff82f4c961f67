//! Finishing: the one pass that needs the writer. The checked changes become a commit.
//!
//! What comes before has run on a snapshot. Today the writer waits while it runs, so nothing can have
//! been committed since; this is the place where names, ids and links are checked against newer commits
//! once it does not.

use std::panic::resume_unwind;
use std::thread;

use super::PreparedCommit;
use crate::clock;
use crate::engine::error::EngineError;
use crate::engine::header::{CommitCause, CommitHeader, DATES, rejects_block};
use crate::engine::report::{ImportReport, ImportStatus};
use crate::engine::writer::recorded_at;
use crate::graph::{Graph, GraphBuilder, NextState};
use crate::invariant;
use crate::journal::{Journal, MAX_HEADER_BYTES, StagedCommit};

/// A commit with its end in the journal; not synced.
pub(super) struct EndedCommit {
    report: ImportReport,
    referenced: NextState,
    builder: GraphBuilder,
}

/// What a finished import gives: its report, and the state when something was committed and synced.
pub(super) type Finished = (ImportReport, Option<NextState>);

/// Removes what was staged.
pub(super) fn abandon(staged: Option<StagedCommit<'_>>) -> Result<(), EngineError> {
    match staged {
        Some(staged) => Ok(staged.abandon()?),
        None => Ok(()),
    }
}

/// Checks that `current` is the snapshot that the import ran on, and ends its commit in the journal.
///
/// # Errors
///
/// When something was committed since, or the journal does not take it. Nothing is committed then.
pub(super) fn append_end(
    current: &Graph,
    staged: Option<StagedCommit<'_>>,
    prepared: PreparedCommit,
) -> Result<EndedCommit, EngineError> {
    let PreparedCommit {
        snapshot,
        mut report,
        referenced,
        mut builder,
    } = prepared;
    if current.last() != snapshot {
        let import = &report.id;
        let what = format!("something was committed while import {import} ran");
        return Err(EngineError::broken(what));
    }
    // Only a dry run has nothing staged, and that is never committed.
    let mut staged = staged.ok_or_else(|| {
        EngineError::broken(format!("nothing was staged for import {}", report.id))
    })?;
    let recorded_at = recorded_at(current);
    let kept = ImportReport {
        rejects: Vec::new(),
        ..report.clone()
    };
    let header = header_with_what_fits(recorded_at, kept)?;
    if !report.rejects.is_empty() {
        staged.block(&rejects_block(&report.rejects)?)?;
    }
    let number = staged.finish(&header)?;
    builder.commit(number, recorded_at);
    report.commit = Some(number);
    report.recorded_at = Some(clock::rfc3339(recorded_at));
    Ok(EndedCommit {
        report,
        referenced,
        builder,
    })
}

/// The header of the commit of an import, with as many of the first warnings as there is room for: their counts
/// stay, and whoever imports is shown all.
fn header_with_what_fits(
    recorded_at: i64,
    mut report: ImportReport,
) -> Result<Vec<u8>, EngineError> {
    loop {
        let header = CommitHeader {
            dates: DATES,
            recorded_at,
            cause: CommitCause::Import(Box::new(report.clone())),
        };
        let bytes = header.bytes()?;
        if bytes.len() <= MAX_HEADER_BYTES || report.warnings.pop().is_none() {
            return Ok(bytes);
        }
    }
}

/// Makes the commit durable, and the state with it ready to be published: what is written goes to the
/// disk while its rows are put in order and indexed.
///
/// # Errors
///
/// When the disk does not take it. The journal takes no more writes then.
pub(super) fn sync_and_index(
    journal: &mut Journal,
    ended: EndedCommit,
) -> Result<Finished, EngineError> {
    let EndedCommit {
        report,
        referenced,
        builder,
    } = ended;
    debug_assert_eq!(report.status, ImportStatus::Committed);
    let (applied, synced) = thread::scope(|scope| {
        let applied = scope.spawn(|| invariant::observe(|| builder.finish()));
        let synced = journal.sync();
        let applied = applied.join();
        // The commit may be on the disk by now, so that no error is right: this poisons the engine.
        let applied = applied.unwrap_or_else(|panic| resume_unwind(panic));
        (invariant::joined(applied), synced)
    });
    synced?;
    Ok((report, Some(applied.after(referenced))))
}
