//! `chancery import`: takes up a file of records.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::BoolishValueParser;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::exit::CliError;
use super::migrate;
use super::question::{id, word};
use super::table::Table;
use super::terminal::{self, harmless};
use crate::engine::{
    Engine, EngineError, ImportOptions, ImportReport, ImportStatus, OnError, Progress,
    RejectReport, defaults,
};
use crate::ingest::{Input, InputFormat};
use crate::journal::Journal;
use crate::model::{Id, Kind};

/// Rejects that are shown; the others are counted.
const REJECTS_SHOWN_MAX: usize = 20;
/// Warnings that are shown at the most.
const WARNINGS_SHOWN_MAX: usize = 10;
/// How often the progress bar is brought up to date.
const TICK: Duration = Duration::from_millis(100);

/// Import a file of records atomically: all of its records or none
#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// A file of any supported format, plain, compressed with gzip or zstd, or in a zip or tar archive; - reads
    /// from stdin
    file: PathBuf,
    /// The data directory; created if it does not exist
    #[arg(long, env = "CHANCERY_DATA", value_name = "DIR")]
    data: PathBuf,
    /// The data set of records that do not name one; `default` if not given
    #[arg(long, env = "CHANCERY_DATASET", value_name = "ID", value_parser = id)]
    dataset: Option<Id>,
    /// The format, such as jsonl, icews or gdelt; detected from the content if not given
    #[arg(long, env = "CHANCERY_INPUT_FORMAT", value_parser = word(InputFormat::parse))]
    format: Option<InputFormat>,
    /// What to do when records are rejected
    #[arg(long, env = "CHANCERY_ON_ERROR", value_enum, default_value = "reject")]
    on_error: OnErrorChoice,
    /// Check everything, but do not write
    #[arg(long, env = "CHANCERY_DRY_RUN", value_parser = BoolishValueParser::new())]
    dry_run: bool,
    /// The output format of the report
    #[arg(long, env = "CHANCERY_OUTPUT", value_enum, default_value = "table")]
    output: ReportFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OnErrorChoice {
    /// Write nothing
    Reject,
    /// Write the valid records
    Skip,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    /// Counts in aligned columns
    Table,
    /// The report as the REST service returns it
    Json,
}

pub(super) fn run(args: ImportArgs) -> Result<(), CliError> {
    let input = open_input(&args)?;
    let name = if is_stdin(&args) {
        "stdin".to_owned()
    } else {
        args.file.display().to_string()
    };
    let engine = open_engine(&args)?;
    let options = ImportOptions {
        id: engine.import_id(),
        dataset: defaults(args.dataset).dataset,
        format: args.format,
        on_error: match args.on_error {
            OnErrorChoice::Reject => OnError::Reject,
            OnErrorChoice::Skip => OnError::Skip,
        },
        dry_run: args.dry_run,
    };
    let report = import(&engine, input, options)?;
    show_rejects(&name, &report);
    show_warnings(&name, &report);
    show_report(&report, args.output)?;
    if report.status == ImportStatus::Rejected {
        return Err(CliError::Rejected(counted(&report)));
    }
    Ok(())
}

fn is_stdin(args: &ImportArgs) -> bool {
    args.file.as_os_str() == "-"
}

fn open_input(args: &ImportArgs) -> Result<Input, CliError> {
    if is_stdin(args) {
        let stdin = io::stdin().lock();
        if stdin.is_terminal() {
            terminal::say(format_args!("reading from the terminal, up to Ctrl-D"));
        }
        return Input::spool(stdin).map_err(|source| CliError::Input {
            input: "stdin".into(),
            source,
        });
    }
    Input::file(&args.file).map_err(|source| CliError::Input {
        input: args.file.display().to_string(),
        source,
    })
}

/// A dry run into a directory that is not there is made in a throw-away one.
fn open_engine(args: &ImportArgs) -> Result<Engine, CliError> {
    if args.dry_run && !Journal::exists(&args.data)? {
        return Ok(Engine::temporary()?);
    }
    let (engine, opened) = Engine::open(&args.data)?;
    if opened.created {
        terminal::say(format_args!(
            "created a data directory in {}",
            args.data.display()
        ));
    }
    if opened.rolled_back_blocks > 0 {
        terminal::say(format_args!(
            "removed what an unfinished import left behind"
        ));
    }
    migrate::say_old(&engine)?;
    Ok(engine)
}

/// Imports, with a progress bar when stderr is a terminal.
fn import(
    engine: &Engine,
    input: Input,
    options: ImportOptions,
) -> Result<ImportReport, EngineError> {
    let total = input.len();
    let progress = Arc::new(Progress::default());
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    if bar.is_hidden() {
        return engine.import(input, options, progress);
    }
    // A bar of another look is as good.
    if let Ok(style) = ProgressStyle::with_template(
        "importing {bar:30} {percent:>3} %  {msg} records  {elapsed_precise}",
    ) {
        bar.set_style(style);
    }
    thread::scope(|scope| {
        let (done, until_done) = mpsc::channel::<()>();
        let shown = Arc::clone(&progress);
        scope.spawn(move || {
            // The sender goes when the import is done, which ends the wait.
            while until_done.recv_timeout(TICK) == Err(mpsc::RecvTimeoutError::Timeout) {
                bar.set_position(shown.bytes_of(total));
                bar.set_message(shown.records().to_string());
            }
            bar.finish_and_clear();
        });
        let report = engine.import(input, options, progress);
        drop(done);
        report
    })
}

/// Shows rejects as compilers show errors.
fn show_rejects(input: &str, report: &ImportReport) {
    for reject in report.rejects.iter().take(REJECTS_SHOWN_MAX) {
        terminal::say(format_args!("{}", harmless(&line(input, reject))));
        if let Some(suggestion) = &reject.suggestion {
            terminal::hint("  ", suggestion);
        }
    }
    let shown = REJECTS_SHOWN_MAX as u64;
    if report.problems > shown {
        terminal::say(format_args!(
            "and {} more problems",
            report.problems - shown
        ));
    }
}

/// Shows what was taken and is worth a look.
fn show_warnings(input: &str, report: &ImportReport) {
    for warning in report.warnings.iter().take(WARNINGS_SHOWN_MAX) {
        let line = warning
            .line
            .map_or(String::new(), |line| format!("{line}:"));
        // A name that many records have is none's in particular.
        let id = warning.id.as_deref().unwrap_or_default();
        let subject = format!("{} {id}", warning.record);
        let text = format!(
            "{input}:{line} warning: {}: {:?} {}",
            subject.trim_end(),
            warning.value,
            warning.message
        );
        terminal::say(format_args!("{}", harmless(&text)));
    }
    let all: u64 = report.warning_counts.values().sum();
    let shown = WARNINGS_SHOWN_MAX as u64;
    if all > shown {
        terminal::say(format_args!("and {} more warnings", all - shown));
    }
    if report.same_as > 0 {
        terminal::say(format_args!(
            "{} new {} equal to another one except for the id: GET /api/v1/events/duplicates of \
             a running service lists them",
            report.same_as,
            if report.same_as == 1 {
                "event is"
            } else {
                "events are"
            }
        ));
    }
}

fn line(input: &str, reject: &RejectReport) -> String {
    let subject = [reject.record.as_deref(), reject.id.as_deref()];
    let subject = subject.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let parts = [subject.as_str(), &reject.field, &reject.problem];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let member = reject.member.as_deref();
    let member = member.map_or(String::new(), |name| format!("({name})"));
    let mut line = format!(
        "{input}{member}:{}:{}: {}",
        reject.line,
        reject.column,
        parts.join(": ")
    );
    if let Some(value) = &reject.value
        && !reject.problem.contains(value.as_str())
    {
        line = format!("{line} ({value:?} is written)");
    }
    line
}

fn counted(report: &ImportReport) -> String {
    let records = report.total(|counts| counts.rejected) + report.unreadable;
    let of = |n: u64, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    format!(
        "{} in {}",
        of(report.problems, "problem"),
        of(records, "record")
    )
}

fn show_report(report: &ImportReport, format: ReportFormat) -> Result<(), CliError> {
    match format {
        ReportFormat::Json => {
            let json = serde_json::to_string_pretty(report)?;
            terminal::print_text(&format!("{json}\n"))
        }
        ReportFormat::Table => {
            let mut table = Table::new(["kind", "new", "changed", "same", "rejected"]);
            for kind in Kind::ALL {
                // A kind that is not counted has no records.
                let counts = report
                    .counts
                    .get(kind.plural())
                    .copied()
                    .unwrap_or_default();
                let row = [counts.new, counts.changed, counts.same, counts.rejected];
                let [new, changed, same, rejected] = row.map(|n| n.to_string());
                table.push([kind.plural().to_owned(), new, changed, same, rejected]);
            }
            terminal::print(|out| {
                let columns = terminal::stdout_columns();
                table.write(out, columns).map_err(CliError::Stdout)?;
                writeln!(out, "{}", ending(report)).map_err(CliError::Stdout)
            })
        }
    }
}

/// What became of the import, in a line.
fn ending(report: &ImportReport) -> String {
    let id = &report.id;
    let bad = if report.problems > 0 {
        format!(", without {}", counted(report))
    } else {
        String::new()
    };
    match (report.status, report.commit) {
        (ImportStatus::Committed, Some(commit)) => {
            format!("{id}: committed as commit {commit}{bad}")
        }
        (ImportStatus::Unchanged, _) => format!("{id}: nothing new, nothing written{bad}"),
        (ImportStatus::Checked, _) => format!("{id}: a dry run, nothing written{bad}"),
        (ImportStatus::Rejected, _) => format!("{id}: rejected, nothing written"),
        (
            ImportStatus::Committed
            | ImportStatus::Running
            | ImportStatus::Undone
            | ImportStatus::Failed,
            _,
        ) => format!("{id}: {:?}", report.status).to_lowercase(),
    }
}
