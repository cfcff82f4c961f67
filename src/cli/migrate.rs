//! `chancery migrate`: what an earlier version wrote, as this one would.

use std::path::PathBuf;

use clap::Subcommand;
use clap::builder::BoolishValueParser;

use super::exit::CliError;
use super::question::{self, AnswerFormat};
use super::table::Table;
use super::terminal;
use crate::engine::{DateRewrite, Engine, ImportStatus, OldDates};

/// Convert data of an earlier version to the form of this version
#[derive(Debug, clap::Args)]
pub(super) struct MigrateArgs {
    #[command(subcommand)]
    what: MigrateCommand,
}

#[derive(Debug, Subcommand)]
enum MigrateCommand {
    Dates(DatesArgs),
}

/// Rewrite open dates of earlier versions: `../X`, meant as "by X", becomes `[..X]`
///
/// Since version 0.2, `../X` means a period that lasted until X, and `X/..` means an ongoing period
/// since X. If an earlier version wrote `../X`, this command rewrites it to `[..X]` (one day, no
/// later than X), also in the dates of periods. The result is one commit, which can be undone like
/// an import. Ids do not change.
#[derive(Debug, clap::Args)]
struct DatesArgs {
    /// The data directory
    #[arg(long, env = "CHANCERY_DATA", value_name = "DIR")]
    data: PathBuf,
    /// Show what would be rewritten, and write nothing
    #[arg(long, env = "CHANCERY_DRY_RUN", value_parser = BoolishValueParser::new())]
    dry_run: bool,
    /// Also rewrite `X/..` of events and statements to `[X..]`: one day, no earlier than X
    #[arg(long, env = "CHANCERY_NO_EARLIER", value_parser = BoolishValueParser::new())]
    no_earlier: bool,
    /// The output format; tables truncate long texts
    #[arg(long, env = "CHANCERY_FORMAT", value_enum, default_value = "table")]
    format: AnswerFormat,
}

pub(super) fn run(args: &MigrateArgs) -> Result<(), CliError> {
    match &args.what {
        MigrateCommand::Dates(args) => dates(args),
    }
}

fn dates(args: &DatesArgs) -> Result<(), CliError> {
    let (engine, _) = Engine::open_existing(&args.data)?;
    let (rewritten, report) = engine.rewrite_dates(args.no_earlier, args.dry_run)?;
    let shown: Vec<_> = rewritten.iter().map(as_json).collect();
    question::print(args.format, &shown, || table(&rewritten))?;
    match report.status {
        ImportStatus::Committed => terminal::say(format_args!(
            "{} dates are rewritten in {} records, as import {}; DELETE /api/v1/imports/{} undoes it",
            rewritten.len(),
            report.total(|counts| counts.changed),
            report.id,
            report.id
        )),
        ImportStatus::Checked => terminal::say(format_args!(
            "{} dates would be rewritten in {} records; nothing is written",
            rewritten.len(),
            report.total(|counts| counts.changed)
        )),
        ImportStatus::Unchanged => terminal::say(format_args!("there is nothing to rewrite")),
        ImportStatus::Rejected
        | ImportStatus::Failed
        | ImportStatus::Undone
        | ImportStatus::Running => {
            let reject = report.rejects.first();
            let why = reject.map_or("", |reject| reject.problem.as_str());
            return Err(CliError::Internal(format!(
                "the rewritten records were rejected: {why}"
            )));
        }
    }
    Ok(())
}

fn as_json(one: &DateRewrite) -> serde_json::Value {
    serde_json::json!({
        "record": one.kind.as_str(),
        "id": one.id,
        "field": one.field,
        "before": one.before.as_written(),
        "after": one.after.as_written(),
    })
}

fn table(rewritten: &[DateRewrite]) -> Table<5> {
    let mut table = Table::new(["record", "id", "field", "before", "after"]);
    for one in rewritten {
        table.push([
            one.kind.to_string(),
            one.id.clone(),
            one.field.to_owned(),
            one.before.to_string(),
            one.after.to_string(),
        ]);
    }
    table
}

/// Says how many records are spelled as earlier versions took them, if any are.
pub(super) fn say_old(engine: &Engine) -> Result<(), CliError> {
    let OldDates { until, since } = engine.old_dates()?;
    if until + since == 0 {
        return Ok(());
    }
    terminal::say(format_args!(
        "{until} records that an earlier version wrote are dated ../X, which now means a period \
         that lasted until X, and {since} are dated X/.., which now means an ongoing period; \
         `chancery migrate dates` rewrites those that mean \"by X\" to [..X]"
    ));
    Ok(())
}
