//! Exit codes, and what is said about failures: the only translator of errors for the command line.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use thiserror::Error;

use super::terminal;
use crate::engine::EngineError;
use crate::export::ExportError;
use crate::graph::NameError;
use crate::invariant::BrokenInvariant;
use crate::journal::JournalError;
use crate::model::date::WindowError;

/// The command did not do what it was asked to.
const FAILED: u8 = 1;
/// The command was asked for something that there is not.
pub(super) const USAGE: u8 = 2;

/// Why a command ended early.
#[derive(Debug, Error)]
pub(super) enum CliError {
    /// The arguments do not make sense.
    #[error("{problem}")]
    Usage { problem: String, remedy: String },
    /// The service would not answer.
    #[error("{problem}")]
    Refused {
        is_usage: bool,
        problem: String,
        remedy: Option<String>,
    },
    /// A window of days that ends before it begins.
    #[error(transparent)]
    Window(#[from] WindowError),
    /// A name that means nobody, or nobody in particular.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The engine did not do it.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The journal can't be opened.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// An export is not complete.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// Something does not hold that always does: what was printed lacks something.
    #[error(transparent)]
    Broken(#[from] BrokenInvariant),
    /// The input of an import can't be opened.
    #[error("can't read {input}: {source}")]
    Input { input: String, source: io::Error },
    /// An import had rejects; they have been shown.
    #[error("nothing was imported: {0}")]
    Rejected(String),
    /// The journal is damaged; the places have been shown.
    #[error("the journal in {} is damaged in {places} places", .dir.display())]
    Damaged { dir: PathBuf, places: usize },
    /// The service can't listen.
    #[error("can't listen on {bind}: {source}")]
    Listen {
        bind: std::net::SocketAddr,
        source: io::Error,
    },
    /// Nobody takes what is printed.
    #[error("can't write to stdout: {0}")]
    Stdout(io::Error),
    /// A file can't be written.
    #[error("can't write {}: {source}", .file.display())]
    File { file: PathBuf, source: io::Error },
    /// A fault of this program.
    #[error("{0}")]
    Internal(String),
}

impl From<serde_json::Error> for CliError {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

/// Says what went wrong and gives the exit code for it.
pub(super) fn report(error: &CliError) -> ExitCode {
    if let CliError::Stdout(source) = error
        && source.kind() == io::ErrorKind::BrokenPipe
    {
        // Whoever reads has seen enough.
        return ExitCode::SUCCESS;
    }
    let Diagnostic { problem, remedy } = said(error);
    terminal::complain(&problem, remedy.as_deref());
    ExitCode::from(code(error))
}

const fn code(error: &CliError) -> u8 {
    match error {
        CliError::Usage { .. } | CliError::Window(_) | CliError::Refused { is_usage: true, .. } => {
            USAGE
        }
        CliError::Refused { .. }
        | CliError::Name(_)
        | CliError::Engine(_)
        | CliError::Journal(_)
        | CliError::Export(_)
        | CliError::Broken(_)
        | CliError::Input { .. }
        | CliError::Rejected(_)
        | CliError::Damaged { .. }
        | CliError::Listen { .. }
        | CliError::Stdout(_)
        | CliError::File { .. }
        | CliError::Internal(_) => FAILED,
    }
}

/// What is wrong, and what to do about it when the problem does not say so itself.
struct Diagnostic {
    problem: String,
    remedy: Option<String>,
}

impl Diagnostic {
    fn new(problem: impl Into<String>, remedy: impl Into<Option<String>>) -> Self {
        Self {
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }
}

fn said(error: &CliError) -> Diagnostic {
    let plain = |remedy: &str| Diagnostic::new(error.to_string(), Some(remedy.to_owned()));
    match error {
        CliError::Usage { remedy, .. } => plain(remedy),
        CliError::Refused { remedy, .. } => Diagnostic::new(error.to_string(), remedy.clone()),
        CliError::Window(_) => Diagnostic::new(error.to_string(), None),
        CliError::Name(name) => Diagnostic::new(
            error.to_string(),
            name.suggestion().map(|id| format!("try {id}")),
        ),
        CliError::Engine(error) => of_engine(error),
        CliError::Journal(error) => of_journal(error),
        CliError::Export(_) | CliError::Broken(_) => {
            plain("the output is incomplete: do not use it")
        }
        CliError::Input { source, .. } if source.kind() == io::ErrorKind::NotFound => {
            plain("check the path; - reads from stdin")
        }
        CliError::Input { source, .. } if source.kind() == io::ErrorKind::IsADirectory => {
            plain("name a file in it")
        }
        CliError::Input { .. } => plain("check the permissions"),
        CliError::Rejected(_) => {
            plain("correct the records listed above, or import the valid ones with --on-error skip")
        }
        CliError::Damaged { .. } => plain(
            "nothing was changed; copy the directory, then import the last export into a new one",
        ),
        CliError::Listen { bind, source } => of_listening(*bind, source),
        CliError::Stdout(_) | CliError::File { .. } => plain("check the disk and the permissions"),
        CliError::Internal(_) => plain("this is a defect of chancery: please report it"),
    }
}

fn of_listening(bind: std::net::SocketAddr, source: &io::Error) -> Diagnostic {
    let (problem, remedy) = if source.kind() == io::ErrorKind::AddrInUse {
        (
            format!("{bind} is in use by another program"),
            format!(
                "stop that program, or choose another port: --bind {}:0 uses a free one",
                bind.ip()
            ),
        )
    } else {
        (
            format!("can't listen on {bind}: {source}"),
            "choose another address or a port above 1023 with --bind".to_owned(),
        )
    };
    Diagnostic::new(problem, Some(remedy))
}

fn of_engine(error: &EngineError) -> Diagnostic {
    let plain = |remedy: &str| Diagnostic::new(error.to_string(), Some(remedy.to_owned()));
    match error {
        EngineError::Journal(error) => of_journal(error),
        EngineError::NoCommit { .. } => plain("leave out --known-at to use the last commit"),
        EngineError::Thread(_) => plain("no more threads can be started: end other programs"),
        EngineError::Unwritten(_) => plain("check the disk, then run the command again"),
        EngineError::Ingest(_) => plain("check that the file can be read to its end"),
        EngineError::NotFound { nearest, .. } => Diagnostic::new(
            error.to_string(),
            nearest.as_ref().map(|id| format!("try {id}")),
        ),
        // These say what to do themselves.
        EngineError::Invalid { .. }
        | EngineError::Exists { .. }
        | EngineError::Named { .. }
        | EngineError::Merged { .. }
        | EngineError::Changed
        | EngineError::NoImport(_)
        | EngineError::NotUndoable { .. }
        | EngineError::Full
        | EngineError::Poisoned(_)
        | EngineError::BrokenState(_)
        | EngineError::Panicked(_)
        | EngineError::Broken(_)
        | EngineError::Damaged { .. }
        | EngineError::Codec(_) => Diagnostic::new(error.to_string(), None),
    }
}

fn of_journal(error: &JournalError) -> Diagnostic {
    let dir_of = |dir: &PathBuf| dir.display().to_string();
    match error {
        JournalError::Locked { dir } => Diagnostic::new(
            format!("{} is in use by another process", dir_of(dir)),
            Some(
                "ask the running service over HTTP, or stop it, or name another directory with \
                 --data"
                    .to_owned(),
            ),
        ),
        JournalError::Missing { dir } => Diagnostic::new(
            format!("there are no records in {}", dir_of(dir)),
            Some(
                "check the path given with --data; `chancery import FILE --data DIR` creates a \
                 data directory"
                    .to_owned(),
            ),
        ),
        // These say what to do themselves.
        JournalError::TooNew { .. }
        | JournalError::Corrupt { .. }
        | JournalError::Poisoned { .. }
        | JournalError::Full { .. }
        | JournalError::Io { .. }
        | JournalError::Unopenable { .. }
        | JournalError::Store { .. }
        | JournalError::TooLarge { .. }
        | JournalError::TooMany { .. } => Diagnostic::new(error.to_string(), None),
    }
}
