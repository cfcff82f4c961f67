//! The one thread that writes.

use std::sync::{Arc, mpsc};

use super::background;
use super::error::EngineError;
use super::header::{CommitCause, CommitHeader, DATES};
use super::import::{self, ImportOptions, ImportRequest, Progress};
use super::report::{ImportReport, ImportStatus};
use super::undo;
use super::write::{self, AcceptedWrite, Write, WriteOutcome};
use super::{SharedState, WRITER};
use crate::clock;
use crate::codec::{self, RecordChange};
use crate::graph::{Graph, GraphBuilder, NextState};
use crate::ingest::Input;
use crate::invariant;
use crate::journal::Journal;

/// Writes that share one sync at the most.
const GROUP_MAX: usize = 256;
/// Bytes of changes after which a block of the journal is closed.
pub(super) const BLOCK_BYTES: usize = 128 * 1024;

type WriterReply<T> = mpsc::SyncSender<Result<T, EngineError>>;

/// What the writer is asked to do.
#[derive(Debug)]
pub(super) enum WriterJob {
    Write(Box<Write>, WriterReply<AcceptedWrite>),
    Import {
        input: Input,
        options: ImportOptions,
        progress: Arc<Progress>,
        /// Whether it only rewrites dates.
        rewrites: bool,
        reply: WriterReply<ImportReport>,
    },
    Undo(String, WriterReply<ImportReport>),
}

/// The writer's state.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) journal: Journal,
    shared: Arc<SharedState>,
    /// Tells the merger that there is something to do.
    merger: mpsc::SyncSender<()>,
}

impl Writer {
    pub(super) fn new(
        journal: Journal,
        shared: Arc<SharedState>,
        merger: mpsc::SyncSender<()>,
    ) -> Self {
        Self {
            journal,
            shared,
            merger,
        }
    }

    /// Does the jobs until nobody is left who could hand one in.
    pub(super) fn run(mut self, jobs: &mpsc::Receiver<WriterJob>) {
        let mut held_back = None;
        // `None` when the engine is dropped: it alone hands jobs in.
        while let Some(job) = held_back.take().or_else(|| jobs.recv().ok()) {
            let shared = Arc::clone(&self.shared);
            let _writing = shared.writing();
            // Whoever waits is answered when it is known whether more writes are taken.
            match job {
                WriterJob::Write(write, reply) => {
                    let mut group = vec![(write, reply)];
                    while group.len() < GROUP_MAX {
                        match jobs.try_recv() {
                            Ok(WriterJob::Write(write, reply)) => group.push((write, reply)),
                            Ok(other) => {
                                held_back = Some(other);
                                break;
                            }
                            Err(_none) => break,
                        }
                    }
                    let written = shared.poison.watch(WRITER, || self.write_group(group));
                    for (reply, result) in written {
                        answer(&reply, result);
                    }
                }
                WriterJob::Import {
                    input,
                    options,
                    progress,
                    rewrites,
                    reply,
                } => {
                    let request = ImportRequest {
                        input: &input,
                        rewrites,
                        options: &options,
                        progress: &progress,
                    };
                    let import = || background::run(|| self.import(request));
                    answer(&reply, shared.poison.watch(WRITER, import));
                }
                WriterJob::Undo(import, reply) => {
                    let undo = || background::run(|| self.undo(&import));
                    answer(&reply, shared.poison.watch(WRITER, undo));
                }
            }
        }
    }

    /// Writes that come together: each sees those before it, and all share one sync. Gives what is to be
    /// answered.
    fn write_group(
        &mut self,
        group: Vec<(Box<Write>, WriterReply<AcceptedWrite>)>,
    ) -> Vec<(
        WriterReply<AcceptedWrite>,
        Result<AcceptedWrite, EngineError>,
    )> {
        let mut graph = self.graph();
        let mut applied: Vec<NextState> = Vec::new();
        let mut written = Vec::new();
        for (write, reply) in group {
            match self.write_one(&graph, *write) {
                Ok((accepted, next)) => {
                    if let Some(next) = next {
                        graph = Arc::clone(&next.graph);
                        applied.push(next);
                    }
                    written.push((reply, Ok(accepted)));
                }
                Err(error) => written.push((reply, Err(error))),
            }
        }
        if applied.is_empty() {
            return written;
        }
        match self.journal.sync() {
            Ok(()) => {
                for next in applied {
                    next.keep();
                }
                self.publish(graph);
            }
            Err(error) => {
                let why = error.to_string();
                self.shared.poison.journal_failed(&why);
                drop(applied);
                for (_, result) in written.iter_mut().filter(|(_, result)| result.is_ok()) {
                    *result = Err(EngineError::Unwritten(why.clone()));
                }
            }
        }
        written
    }

    fn write_one(
        &mut self,
        graph: &Arc<Graph>,
        write: Write,
    ) -> Result<(AcceptedWrite, Option<NextState>), EngineError> {
        // Nothing is half done when this reports: the write alone is refused.
        let (outcome, kind, id, change) = invariant::watch(|| write::prepare(&graph.view(), write))
            .map_err(|found| EngineError::Broken(found.to_string()))??;
        let last = graph.last().map_or(0, |mark| mark.commit);
        let Some(change) = change else {
            return Ok((
                AcceptedWrite {
                    outcome: WriteOutcome::Same,
                    kind,
                    id,
                    commit: last,
                },
                None,
            ));
        };
        let (commit, applied) =
            self.append(graph, CommitCause::Write, std::slice::from_ref(&change))?;
        Ok((
            AcceptedWrite {
                outcome,
                kind,
                id,
                commit,
            },
            Some(applied),
        ))
    }

    /// Appends a commit of a few changes and applies it; neither synced nor published.
    fn append(
        &mut self,
        graph: &Arc<Graph>,
        cause: CommitCause,
        changes: &[RecordChange],
    ) -> Result<(u64, NextState), EngineError> {
        let header = CommitHeader {
            dates: DATES,
            recorded_at: recorded_at(graph),
            cause,
        };
        let mut builder = GraphBuilder::new(graph);
        let mut blocks = BlockBuffer::default();
        for change in changes {
            builder.apply(change)?;
            blocks.push(change)?;
        }
        let blocks = blocks.finish();
        let slices: Vec<&[u8]> = blocks.iter().map(Vec::as_slice).collect();
        let commit = self
            .journal
            .append(&header.bytes()?, &slices)
            .inspect_err(|e| {
                if self.journal.poisoned().is_some() {
                    self.shared.poison.journal_failed(&e.to_string());
                }
            })?;
        builder.commit(commit, header.recorded_at);
        Ok((commit, builder.finish()))
    }

    fn import(&mut self, request: ImportRequest<'_>) -> Result<ImportReport, EngineError> {
        let graph = self.graph();
        let imported = import::run(&mut self.journal, &graph, request);
        match imported {
            Ok((report, applied)) => {
                if let Some(applied) = applied {
                    self.publish(applied.keep());
                }
                self.shared.reports().keep(report.clone());
                Ok(report)
            }
            Err(error) => {
                if let Some(why) = self.journal.poisoned() {
                    self.shared.poison.journal_failed(why);
                }
                let report = request.options.waiting().failed(&error);
                self.shared.reports().keep(report);
                Err(error)
            }
        }
    }

    fn undo(&mut self, import: &str) -> Result<ImportReport, EngineError> {
        let Some(mut report) = self.shared.reports().find(import) else {
            return Err(EngineError::NoImport(import.to_owned()));
        };
        let graph = self.graph();
        let undone = undo::prepare(&graph, &self.journal, &report)?;
        let (_, applied) = self.append(
            &graph,
            CommitCause::Undo(import.to_owned()),
            &undone.changes,
        )?;
        if let Err(error) = self.journal.sync() {
            self.shared.poison.journal_failed(&error.to_string());
            return Err(error.into());
        }
        self.publish(applied.keep());
        self.shared.reports().undone(import);
        report.status = ImportStatus::Undone;
        report.kept = undone.kept;
        Ok(report)
    }

    fn graph(&self) -> Arc<Graph> {
        self.shared.graph.load_full()
    }

    fn publish(&self, graph: Arc<Graph>) {
        graph.prepare_merges();
        let has_work = graph.has_work();
        self.shared.graph.store(graph);
        // When it has been told already, it will look once more. It is gone only when it has panicked,
        // and then its guard has said so.
        if has_work && let Err(mpsc::TrySendError::Disconnected(())) = self.merger.try_send(()) {
            tracing::debug!("the thread that indexes and merges is gone");
        }
    }
}

/// The time of the next commit: now, but never before the last one.
pub(super) fn recorded_at(graph: &Graph) -> i64 {
    clock::now_millis().max(graph.last().map_or(i64::MIN, |mark| mark.recorded_at))
}

/// Whoever asked may have gone; what was done stays done.
fn answer<T>(reply: &WriterReply<T>, result: Result<T, EngineError>) {
    if reply.send(result).is_err() {
        tracing::debug!("nobody waits for the answer to a write");
    }
}

/// Changes gathered into blocks of the journal.
#[derive(Default)]
struct BlockBuffer {
    closed: Vec<Vec<u8>>,
    open: Option<Vec<u8>>,
}

impl BlockBuffer {
    fn push(&mut self, change: &RecordChange) -> Result<(), EngineError> {
        let block = self.open.get_or_insert_with(codec::block);
        codec::push(block, change)?;
        if block.len() >= BLOCK_BYTES {
            self.closed.extend(self.open.take());
        }
        Ok(())
    }

    fn finish(mut self) -> Vec<Vec<u8>> {
        self.closed.extend(self.open.take());
        self.closed
    }
}
