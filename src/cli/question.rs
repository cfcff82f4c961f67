//! What the questions have in common: the record that is asked, the window, the filters, the form of
//! the answer.

use std::path::PathBuf;

use clap::ValueEnum;

use super::exit::CliError;
use super::flags::Flags;
use super::table::Table;
use super::terminal;
use crate::clock;
use crate::engine::{Engine, KnownAt};
use crate::graph::{Term, View};
use crate::model::{Id, RecordProblem, Window};
use crate::query::answer::Meta;
use crate::query::{PageOffset, Scope, ScopeKind, ScopeParams};

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AnswerFormat {
    /// Aligned columns
    Table,
    /// The JSON of the REST service
    Json,
    /// Comma-separated values
    Csv,
}

/// Which record is asked, and in which state.
#[derive(Debug, clap::Args)]
pub(super) struct RecordArgs {
    /// The data directory
    #[arg(long, env = "CHANCERY_DATA", value_name = "DIR")]
    data: PathBuf,
    /// Answer as of this commit (a number) or as of this instant (RFC 3339)
    #[arg(long, env = "CHANCERY_KNOWN_AT", value_name = "COMMIT|INSTANT", value_parser = known_at)]
    known_at: Option<KnownAt>,
}

impl RecordArgs {
    /// The state asked for. A directory without a record is not made one.
    pub(super) fn view(&self) -> Result<View, CliError> {
        let (engine, _) = Engine::open_existing(&self.data)?;
        Ok(engine.view(self.known_at.unwrap_or(KnownAt::Now))?)
    }
}

/// Which records count, and how the answer is written.
#[derive(Debug, clap::Args)]
pub(super) struct ScopeArgs<K: ScopeKind> {
    #[command(flatten)]
    asked: Flags<ScopeParams<K>>,
    /// The output format; tables truncate long texts
    #[arg(long, env = "CHANCERY_FORMAT", value_enum, default_value = "table")]
    pub(super) format: AnswerFormat,
}

impl<K: ScopeKind> ScopeArgs<K> {
    /// The scope that is asked for.
    pub(super) fn scope(&self) -> Scope {
        self.asked.0.scope.clone()
    }
}

/// The actor that a name means in a window.
pub(super) fn actor(view: &View, window: Window, name: &str) -> Result<Term, CliError> {
    let days = (window != Window::ALL).then(|| (window.lo(), window.hi()));
    Ok(view.resolve(name, days)?.actor)
}

/// The actors that names mean in a window.
pub(super) fn actors(
    view: &View,
    window: Window,
    names: &[impl AsRef<str>],
) -> Result<Vec<Term>, CliError> {
    let names = names.iter();
    names
        .map(|name| actor(view, window, name.as_ref()))
        .collect()
}

/// Prints an answer in the form asked for.
pub(super) fn print<const N: usize>(
    format: AnswerFormat,
    answer: &impl serde::Serialize,
    table: impl FnOnce() -> Table<N>,
) -> Result<(), CliError> {
    terminal::print(|out| match format {
        AnswerFormat::Json => {
            let json = serde_json::to_string_pretty(answer)?;
            writeln!(out, "{json}").map_err(CliError::Stdout)
        }
        AnswerFormat::Table => {
            let columns = terminal::stdout_columns();
            table().write(out, columns).map_err(CliError::Stdout)
        }
        AnswerFormat::Csv => table().write_csv(out).map_err(CliError::Stdout),
    })
}

/// Says how to go on after a page of some of `total` things.
pub(super) fn say_more(shown: usize, total: usize, things: &str, next: Option<PageOffset>) {
    if let Some(next) = next {
        terminal::say(format_args!(
            "{shown} of {total} {things} shown; continue with --offset {next}"
        ));
    }
}

/// Says how many records were left out: for want of a date, or because they did not occur.
pub(super) fn say_left_out(meta: &Meta) {
    let undated = meta.undated_omitted;
    if undated > 0 {
        terminal::say(format_args!(
            "{undated} records without a date are left out of the window"
        ));
    }
    if let Some(events) = meta.not_occurred.filter(|events| *events > 0) {
        terminal::say(format_args!(
            "{events} events that did not occur are left out; --occurrence any counts them"
        ));
    }
}

fn known_at(text: &str) -> Result<KnownAt, String> {
    if let Ok(number) = text.parse() {
        return Ok(KnownAt::Commit(number));
    }
    clock::parse_rfc3339(text)
        .map(KnownAt::Time)
        .ok_or_else(|| {
            "is neither the number of a commit nor an instant such as 2023-06-17T12:00:00Z"
                .to_owned()
        })
}

pub(super) fn id(text: &str) -> Result<Id, String> {
    Id::parse(text).map_err(|e| e.to_string())
}

/// Reads a word of one of the model's lists.
pub(super) fn word<T>(
    parse: fn(&str) -> Result<T, RecordProblem>,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| parse(text).map_err(|e| e.to_string())
}
