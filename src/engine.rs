//! Where the journal and the graph meet: open, resolve, commit, view, imports and their undo.
//!
//! One thread writes; any number read, each on the state of one commit. A write is *accepted* when
//! its call returns: then its commit is on the disk and in the state that new views see. Writes that
//! wait together share one sync.

mod background;
mod date_migration;
mod error;
#[cfg(test)]
mod failpoint;
mod header;
mod import;
mod link_check;
mod merger;
mod poison;
mod replay;
mod report;
mod undo;
mod warnings;
mod write;
mod writer;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use arc_swap::ArcSwap;
use serde::Serialize;

pub use date_migration::{DateRewrite, OldDates};
pub use error::{Blocker, EngineError};
pub use header::CommitCause;
pub use import::{ImportOptions, OnError, Progress};
pub use report::{ImportReport, ImportStatus, KindCounts, REJECTS_KEPT_MAX, RejectReport};
pub use warnings::{WARNINGS_KEPT_MAX, WarningKind, WarningReport};
pub use write::{AcceptedWrite, Precondition, Write, WriteMode, WriteOutcome};

use crate::document::Defaults;
use crate::graph::{Graph, View};
use crate::ingest::Input;
use crate::journal::{self, Journal, JournalError};
use crate::model::Kind;
use header::CommitHeader;
use poison::{Poison, PoisonGuard};
use report::ImportReports;
use writer::{Writer, WriterJob};

/// What the threads of the engine are called in messages.
const WRITER: &str = "the thread that writes";
const MERGER: &str = "the thread that merges";
/// Jobs that may wait for the writer before callers are made to wait to hand theirs in.
const QUEUE_MAX: usize = 1024;

/// Which state is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownAt {
    /// After the last commit.
    Now,
    /// After the commit of this number; 0 is the empty record.
    Commit(u64),
    /// As it was at an instant, in milliseconds since 1970-01-01T00:00:00Z.
    Time(i64),
}

/// What opening found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenReport {
    /// Commits in the journal.
    pub commits: u64,
    /// Blocks of an unfinished import that were rolled back.
    pub rolled_back_blocks: u64,
    /// Whether the data directory was made.
    pub created: bool,
}

/// The state shared by readers and the writer.
#[derive(Debug)]
struct SharedState {
    graph: ArcSwap<Graph>,
    /// Held while rows may be ended or another state be published.
    writing: Mutex<()>,
    reports: Mutex<ImportReports>,
    /// Imports that wait or run, with the bytes of their inputs.
    running: Mutex<BTreeMap<String, (Arc<Progress>, u64)>>,
    poison: Arc<Poison>,
    /// The last commit of a program to which open dates meant something else; 0 when there is none.
    written_before: u64,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ImportProgress {
    /// Bytes of the input that were read.
    pub bytes: u64,
    /// Bytes of the input.
    pub total: u64,
    /// Records taken up so far.
    pub records: u64,
}

/// A running record. Shared between threads; dropped, it finishes what it has accepted.
#[derive(Debug)]
pub struct Engine {
    shared: Arc<SharedState>,
    jobs: Option<mpsc::SyncSender<WriterJob>>,
    threads: Vec<thread::JoinHandle<()>>,
    journal: journal::Reader,
    next_import: AtomicU64,
}

impl Engine {
    /// Opens the record in `dir`, which is made when there is none, and reads its journal.
    ///
    /// # Errors
    ///
    /// When the directory can't be opened, is in use or damaged.
    pub fn open(dir: &Path) -> Result<(Self, OpenReport), EngineError> {
        let (journal, opened) = Journal::open(dir)?;
        let commits = opened.commits;
        let engine = Self::start(journal)?;
        let opened = OpenReport {
            commits,
            rolled_back_blocks: opened.rolled_back_blocks,
            created: opened.created,
        };
        Ok((engine, opened))
    }

    /// Opens the record in `dir` as [`Engine::open`] does, but makes none.
    ///
    /// # Errors
    ///
    /// As [`Engine::open`], and when there is none.
    pub fn open_existing(dir: &Path) -> Result<(Self, OpenReport), EngineError> {
        if Journal::exists(dir)? {
            Self::open(dir)
        } else {
            let dir = dir.to_owned();
            Err(JournalError::Missing { dir }.into())
        }
    }

    /// An empty record in a throw-away directory that goes with the engine.
    ///
    /// # Errors
    ///
    /// When no temporary directory can be made.
    pub fn temporary() -> Result<Self, EngineError> {
        Self::start(Journal::temporary()?)
    }

    fn start(journal: Journal) -> Result<Self, EngineError> {
        let reader = journal.reader().clone();
        let poison = Arc::<Poison>::default();
        let replayed = poison.watch("the start", || replay::replay(&reader));
        let (graph, reports, written_before) = replayed?;
        let shared = Arc::new(SharedState {
            graph: ArcSwap::new(graph),
            writing: Mutex::new(()),
            reports: Mutex::new(reports),
            running: Mutex::default(),
            poison,
            written_before,
        });
        let (sender, receiver) = mpsc::sync_channel(QUEUE_MAX);
        let (merger, told) = mpsc::sync_channel(1);
        let writer = Writer::new(journal, Arc::clone(&shared), merger);
        let for_merger = Arc::clone(&shared);
        let guard = |thread| PoisonGuard {
            poison: Arc::clone(&shared.poison),
            thread,
        };
        let (of_writer, of_merger) = (guard(WRITER), guard(MERGER));
        // The writer's end ends the merger, too.
        let threads = vec![
            spawn("chancery-writer", of_writer, move || writer.run(&receiver))?,
            spawn("chancery-merger", of_merger, move || {
                merger::run(&for_merger, &told);
            })?,
        ];
        Ok(Self {
            shared,
            jobs: Some(sender),
            threads,
            journal: reader,
            next_import: AtomicU64::new(1),
        })
    }

    /// The state of one commit, with merged actors shown as their survivors. It stays as it is, whatever is
    /// written afterwards.
    ///
    /// # Errors
    ///
    /// [`EngineError::NoCommit`] for a commit that has not been.
    pub fn view(&self, known_at: KnownAt) -> Result<View, EngineError> {
        let graph = self.shared.graph.load_full();
        let view = match known_at {
            KnownAt::Now => Ok(graph.view()),
            KnownAt::Time(millis) => Ok(graph.view_at_time(millis)),
            KnownAt::Commit(number) => {
                let last = graph.last().map_or(0, |mark| mark.commit);
                let view = graph.view_at_commit(number);
                view.ok_or(EngineError::NoCommit { number, last })
            }
        };
        view.map(View::with_merges)
    }

    /// Writes one record or deletes one.
    ///
    /// # Errors
    ///
    /// When the record has problems, is not there, is there already, is named by others or has
    /// changed since it was read; or when the disk did not take it.
    pub fn write(&self, write: Write) -> Result<AcceptedWrite, EngineError> {
        self.ask(|reply| WriterJob::Write(Box::new(write), reply))?
    }

    /// What a write would come to in the state of now. Nothing is written.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::write`] that do not come from the disk.
    pub fn check(&self, write: Write) -> Result<WriteOutcome, EngineError> {
        let view = self.shared.graph.load_full().view();
        write::prepare(&view, write).map(|(outcome, ..)| outcome)
    }

    /// Imports all of an input or nothing (or, with [`OnError::Skip`], its good records). A rejected
    /// import is a report, no error.
    ///
    /// # Errors
    ///
    /// When the input can't be read or the disk did not take it.
    pub fn import(
        &self,
        input: Input,
        options: ImportOptions,
        progress: Arc<Progress>,
    ) -> Result<ImportReport, EngineError> {
        self.import_or_rewrite((input, false), options, progress)
    }

    fn import_or_rewrite(
        &self,
        (input, rewrites): (Input, bool),
        options: ImportOptions,
        progress: Arc<Progress>,
    ) -> Result<ImportReport, EngineError> {
        let waiting = options.waiting();
        let shown = (Arc::clone(&progress), input.len());
        self.shared.running().insert(waiting.id.clone(), shown);
        let report = self.ask(|reply| WriterJob::Import {
            input,
            options,
            progress,
            rewrites,
            reply,
        });
        self.shared.running().remove(&waiting.id);
        // The writer keeps the report of an import that fails, but not when it panics.
        let answered = report.inspect_err(|error| {
            self.shared.reports().keep(waiting.failed(error));
        });
        answered?
    }

    /// How far an import is that waits or runs.
    pub fn progress(&self, import: &str) -> Option<ImportProgress> {
        let running = self.shared.running();
        let (progress, total) = running.get(import)?;
        Some(ImportProgress {
            bytes: progress.bytes_of(*total),
            total: *total,
            records: progress.records(),
        })
    }

    /// Undoes an import in a new commit: its records are as they were before it, but for those
    /// that were changed since, which stay.
    ///
    /// # Errors
    ///
    /// When there is no such import, it wrote nothing, or other records name what would go.
    pub fn undo(&self, import: &str) -> Result<ImportReport, EngineError> {
        let import = import.to_owned();
        self.ask(|reply| WriterJob::Undo(import, reply))?
    }

    /// A new id for an import.
    pub fn import_id(&self) -> String {
        // Relaxed: that no two get one number needs no order with anything else.
        let nth = self.next_import.fetch_add(1, Ordering::Relaxed);
        format!("import-{:x}-{nth}", crate::clock::now_millis())
    }

    /// The report of an import: of every committed one, and of the last others.
    pub fn report(&self, import: &str) -> Option<ImportReport> {
        self.shared.reports().find(import)
    }

    /// The reports of imports, the newest first, at most `limit`.
    pub fn reports(&self, limit: usize) -> Vec<ImportReport> {
        self.shared.reports().newest(limit)
    }

    /// How many reports there are.
    pub fn reports_count(&self) -> usize {
        self.shared.reports().count()
    }

    /// Notes an import that has been handed in, so that it can be asked for while it waits or runs.
    pub fn announce(&self, report: ImportReport) {
        self.shared.reports().keep(report);
    }

    /// What a commit was. An import comes without its rejects and its commit.
    ///
    /// # Errors
    ///
    /// When there is no such commit, or the journal is damaged.
    pub fn cause(&self, commit: u64) -> Result<CommitCause, EngineError> {
        let found = self.journal.commit(commit)?;
        let found = found.ok_or_else(|| EngineError::NoCommit {
            number: commit,
            last: self
                .shared
                .graph
                .load()
                .last()
                .map_or(0, |mark| mark.commit),
        })?;
        let header = CommitHeader::read(found.header());
        let header = header.map_err(|what| EngineError::Damaged { commit, what })?;
        Ok(header.cause)
    }

    /// Reads the whole journal and checks every checksum.
    pub fn verify(&self) -> journal::VerifyReport {
        self.journal.verify()
    }

    /// Whether writes are taken; if not, why.
    ///
    /// # Errors
    ///
    /// Why writes are refused.
    pub fn health(&self) -> Result<(), String> {
        self.shared.poison.why().map_or(Ok(()), Err)
    }

    fn ask<T>(&self, job: impl FnOnce(mpsc::SyncSender<T>) -> WriterJob) -> Result<T, EngineError> {
        self.shared.poison.check()?;
        let (reply, answer) = mpsc::sync_channel(1);
        let jobs = self.jobs.as_ref();
        let is_sent = jobs.is_some_and(|jobs| jobs.send(job(reply)).is_ok());
        let answer = is_sent.then(|| answer.recv().ok()).flatten();
        // The writer ends in order only when the engine is dropped, and here somebody holds it. So it
        // has panicked, though its guard may not have said so yet.
        answer.ok_or_else(|| self.shared.poison.thread_panicked(WRITER))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Without senders the writer ends, after the jobs that it has.
        self.jobs = None;
        for thread in self.threads.drain(..) {
            // When it has panicked, its guard has said so.
            drop(thread.join());
        }
    }
}

fn spawn(
    name: &str,
    guard: PoisonGuard,
    work: impl FnOnce() + Send + 'static,
) -> Result<thread::JoinHandle<()>, EngineError> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            let _guard = guard;
            work();
        })
        .map_err(|e| EngineError::Thread(e.to_string()))
}

// A panic while one of these locks was held has poisoned the engine. Reads go on, so that they pass over
// it: reports and progress are replaced one by one, and the third lock guards nothing of its own.

impl SharedState {
    fn reports(&self) -> std::sync::MutexGuard<'_, ImportReports> {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds off whoever else would publish a state.
    fn writing(&self) -> std::sync::MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn running(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, (Arc<Progress>, u64)>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Decodes all that a commit holds, and does nothing with it.
///
/// # Errors
///
/// When it is damaged or can't be read.
pub fn check_readable(commit: &journal::Commit<'_>) -> Result<(), EngineError> {
    header::read_commit(commit, |_block| Ok(())).map(|_rejects| ())
}

/// What to say of a record that `view` does not see: there is none, and which is the nearest.
pub fn not_found(view: &View, kind: Kind, id: &str) -> EngineError {
    let by_name = match (kind, view.resolve(id, None)) {
        (Kind::Actor, Ok(found)) => Some(view.text(found.actor).to_owned()),
        (Kind::Actor, Err(error)) => error.suggestion(),
        (Kind::Source | Kind::Relation | Kind::Event | Kind::Statement | Kind::Judgement, _) => {
            None
        }
    };
    EngineError::NotFound {
        kind,
        id: id.to_owned(),
        nearest: by_name.or_else(|| link_check::nearest_id(view, kind, id)),
    }
}

/// The data set of records that name none.
pub fn defaults(dataset: Option<crate::model::Id>) -> Defaults {
    let dataset = dataset.or_else(|| crate::model::Id::parse("default").ok());
    debug_assert!(dataset.is_some(), "\"default\" is an id");
    // The alternative is never taken: it is there since no panic is.
    Defaults {
        dataset: dataset
            .unwrap_or_else(|| crate::model::Id::of_content(crate::model::Kind::Source, b"")),
    }
}
