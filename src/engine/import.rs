//! Imports: all of an input or nothing, or its good records.
//!
//! An import is made of passes, one file each, in this order:
//!
//! | pass | takes | gives | thread |
//! |---|---|---|---|
//! | [`reading`] | the input, the kinds to read | drafts, batches of plain events and rejects, in order | one parses, one makes ids of content |
//! | [`referenced`] | a snapshot; drafts of sources, actors and relations | the state with them, that nobody sees; rejects known late | the import's |
//! | [`referencing`] | that state as an [`overlay`]; events and statements | the overlay with them | the import's |
//! | [`deferred`] | the overlay with all records; references that led nowhere when they came | rejects known late | the import's |
//! | [`diagnostics`] | what all of them had to say | the report; with the overlay, a [`PreparedCommit`] | the import's |
//! | [`finish`] | that, the current state, the staged blocks | the commit, synced, and the state to publish | the writer's; a second one indexes |
//!
//! Each record takes the general way ([`records`]), plain events mostly the fast path
//! ([`plain_events`], with the records that they imply in [`implied`]). Their changes go to a
//! [`BlockSink`], from which one more thread writes them to the journal ([`blocks`]).
//!
//! Only [`finish`] and whoever writes the blocks need the writer. All before it run on a snapshot and a
//! sink, so they can run beside other writes: today the writer's thread waits for them. One thing is
//! between them and that: an overlay marks the rows that it ends in segments that it shares with the
//! snapshot ([`NextState`]), so there may be one at a time.
//!
//! # Readings and attempts
//!
//! Names resolve whatever the order of the input, so sources, actors and relations must be known
//! before the first event. In most inputs they come first, and one reading does. When one comes
//! after an event, the import starts again and reads twice: the first reading takes up sources,
//! actors and relations, the second the rest.
//!
//! Events and statements are checked, encoded and handed to the journal one by one; what is
//! remembered of them is what the graph keeps anyway. What can be known only at the end (a link to
//! an event that never came) makes a record bad after the fact: with [`OnError::Skip`] the input is
//! read again without it, until no further record falls.

mod blocks;
mod deferred;
mod diagnostics;
mod finish;
mod implied;
mod overlay;
mod plain_events;
mod progress;
mod reading;
mod records;
mod referenced;
mod referencing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use hashbrown::HashSet;

pub use progress::Progress;

use super::error::EngineError;
use super::report::{ImportReport, ImportStatus};
use crate::graph::{CommitMark, Graph, GraphBuilder, NextState, Row};
use crate::ingest::{Input, InputFormat, Kinds};
use crate::journal::Journal;
use crate::model::{Id, Kind};
use blocks::BlockSink;
use deferred::{DeferredChecks, DeferredRejects};
use diagnostics::Diagnostics;
use finish::Finished;
use implied::ImpliedRecords;
use overlay::Overlay;
use plain_events::PlainEvents;
use reading::RecordSelection;
use referenced::REFERENCED;
use referencing::REFERENCING;

/// What to do with an import that has rejects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// Write nothing.
    Reject,
    /// Write the good records.
    Skip,
}

/// How to import.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The id of the import.
    pub id: String,
    /// The data set of records that name none.
    pub dataset: Id,
    /// The format; found out when it is not given.
    pub format: Option<InputFormat>,
    /// What to do with rejects.
    pub on_error: OnError,
    /// Do everything but write.
    pub dry_run: bool,
}

impl ImportOptions {
    /// The report of this import before it has begun.
    pub fn waiting(&self) -> ImportReport {
        ImportReport::waiting(self.id.clone(), self.dataset.as_str(), self.dry_run)
    }
}

/// What an import is asked to do: the same in all its attempts.
#[derive(Clone, Copy)]
pub(super) struct ImportRequest<'a> {
    pub(super) input: &'a Input,
    /// Whether it only rewrites dates: they are taken as they are written, and another spelling of
    /// one is a change.
    pub(super) rewrites: bool,
    pub(super) options: &'a ImportOptions,
    pub(super) progress: &'a Progress,
}

/// What the passes before the last came to.
enum PassResult {
    /// A record that events may name came after an event: the input has to be read twice.
    ReadTwice,
    /// These records turned out bad at the end: the input has to be read again without them.
    Skip(DeferredRejects),
    /// All is checked.
    Prepared(Box<PreparedCommit>),
}

/// An import that is checked: all but the end of its commit. Dropped, nothing is left of it.
struct PreparedCommit {
    /// The last commit of the snapshot that it was checked against.
    snapshot: Option<CommitMark>,
    /// What became of it, or will have when it is committed.
    report: ImportReport,
    /// The snapshot with sources, actors and relations.
    referenced: NextState,
    /// Events and statements on top of that.
    builder: GraphBuilder,
}

/// Runs an import on top of `graph`. The state comes back when something was committed and synced.
///
/// # Errors
///
/// When the input can't be read, a thread panicked, or the journal does not take it. Nothing is
/// committed then.
pub(super) fn run(
    journal: &mut Journal,
    graph: &Arc<Graph>,
    request: ImportRequest<'_>,
) -> Result<Finished, EngineError> {
    let mut skipped = DeferredRejects::new();
    let mut reads_twice = false;
    loop {
        let staged = if request.options.dry_run {
            None
        } else {
            Some(journal.begin()?)
        };
        let (result, staged) = blocks::write_meanwhile(staged, |blocks| {
            Attempt::new(request, &skipped, blocks).prepare(graph, reads_twice)
        })?;
        match result {
            PassResult::ReadTwice => {
                finish::abandon(staged)?;
                reads_twice = true;
                request.progress.start_again();
            }
            PassResult::Skip(rejects) => {
                finish::abandon(staged)?;
                skipped.extend(rejects);
            }
            PassResult::Prepared(prepared) if prepared.report.status == ImportStatus::Committed => {
                let ended = finish::append_end(graph, staged, *prepared)?;
                return finish::sync_and_index(journal, ended);
            }
            PassResult::Prepared(prepared) => {
                finish::abandon(staged)?;
                return Ok((prepared.report, None));
            }
        }
    }
}

/// One attempt at the whole input: what its passes share. None of it outlives the attempt.
struct Attempt<'a> {
    request: ImportRequest<'a>,
    /// Records that an attempt before found bad at its end, and that are rejected when they come.
    skipped: &'a DeferredRejects,
    diagnostics: Diagnostics,
    deferred: DeferredChecks,
    /// Stored records that the import has met unchanged. All of one kind are looked up in one view,
    /// so their rows tell them apart.
    unchanged: HashSet<(Kind, Row)>,
    plain: PlainEvents,
    implied: ImpliedRecords,
    /// Whether it brings events whose content does not tell at once that no two are equal.
    may_repeat: bool,
    blocks: BlockSink,
}

impl<'a> Attempt<'a> {
    fn new(request: ImportRequest<'a>, skipped: &'a DeferredRejects, blocks: BlockSink) -> Self {
        Self {
            request,
            skipped,
            diagnostics: Diagnostics::new(request.options.waiting()),
            deferred: DeferredChecks::default(),
            unchanged: HashSet::new(),
            plain: PlainEvents::default(),
            implied: ImpliedRecords::default(),
            may_repeat: false,
            blocks,
        }
    }

    /// Runs all passes but the last on a snapshot.
    fn prepare(
        mut self,
        snapshot: &Arc<Graph>,
        reads_twice: bool,
    ) -> Result<PassResult, EngineError> {
        let added = if reads_twice {
            self.read_twice(snapshot)?
        } else {
            self.read_once(snapshot)?
        };
        let Some((referenced, overlay, mut rejects)) = added else {
            return Ok(PassResult::ReadTwice);
        };
        self.deferred.judge_rest(&overlay, &mut rejects);
        let options = self.request.options;
        if options.on_error == OnError::Skip && !rejects.is_empty() {
            return Ok(PassResult::Skip(rejects));
        }
        #[cfg(test)]
        super::failpoint::reach("the checks", &options.id);
        // What waits to be written is, while the rest is worked out.
        let changes = self.blocks.finish()?;
        for ((kind, id), problems) in rejects {
            let position = self.deferred.position(kind, &id);
            self.diagnostics
                .reject_taken(position, (kind, &id), problems);
        }
        let before = snapshot.view();
        let has_events = before.of_kind(Kind::Event).next().is_some();
        let same_as = if self.may_repeat || self.plain.has_synonyms() || has_events {
            overlay.builder.equal_events(&before)
        } else {
            0
        };
        let is_rejected = self.diagnostics.has_rejects() && options.on_error == OnError::Reject;
        let status = match (is_rejected, options.dry_run, changes) {
            (true, ..) => ImportStatus::Rejected,
            (false, true, _) => ImportStatus::Checked,
            (false, false, 0) => ImportStatus::Unchanged,
            (false, false, _) => ImportStatus::Committed,
        };
        Ok(PassResult::Prepared(Box::new(PreparedCommit {
            snapshot: snapshot.last(),
            report: self.diagnostics.into_report(status, same_as),
            referenced,
            builder: overlay.builder,
        })))
    }

    /// Reads the input once. `None` when that is not enough; then nothing is left of it.
    fn read_once(&mut self, snapshot: &Arc<Graph>) -> Result<Option<Added>, EngineError> {
        let all = RecordSelection {
            kinds: Kinds::ALL,
            report_unreadable: true,
        };
        let (added, summary) = reading::read(self.request, all, |items| {
            let (drafts, next) = self.gather_referenced(items);
            let (referenced, rejects) = self.add_referenced(snapshot, drafts)?;
            let mut overlay = Overlay::on_changes(&referenced);
            let mut rest = next.into_iter().chain(items);
            let is_all = self.add_referencing(&mut overlay, &mut rest)?;
            Ok(is_all.then_some((referenced, overlay, rejects)))
        })?;
        self.diagnostics.add_reading(&summary);
        Ok(added)
    }

    /// Reads the input twice: once for what events may name, and once for the rest.
    fn read_twice(&mut self, snapshot: &Arc<Graph>) -> Result<Option<Added>, EngineError> {
        let first = RecordSelection {
            kinds: Kinds::from_kinds(&REFERENCED),
            report_unreadable: true,
        };
        let (drafts, summary) = reading::read(self.request, first, |items| {
            Ok(self.gather_referenced(items).0)
        })?;
        self.diagnostics.add_reading(&summary);
        let (referenced, rejects) = self.add_referenced(snapshot, drafts)?;
        let mut overlay = Overlay::on_changes(&referenced);
        let second = RecordSelection {
            kinds: Kinds::from_kinds(&REFERENCING),
            report_unreadable: false,
        };
        let (is_all, summary) = reading::read(self.request, second, |items| {
            self.add_referencing(&mut overlay, items)
        })?;
        self.diagnostics.add_reading(&summary);
        Ok(is_all.then_some((referenced, overlay, rejects)))
    }
}

/// What was added to a snapshot: referenced records, the rest on top of them, and who of the first
/// turned out bad.
type Added = (NextState, Overlay, DeferredRejects);
