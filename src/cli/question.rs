//! What the questions have in common: the record that is asked, the window, the filters, the form of
//! the answer.

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::BoolishValueParser;

use super::exit::CliError;
use super::table::Table;
use super::terminal;
use crate::clock;
use crate::engine::{Engine, KnownAt};
use crate::graph::{Term, View};
use crate::model::{
    ActorKind, Cameo, Date, EventType, Id, Kind, Label, Problem, QuadClass, Role, Scheme, Status,
    Window,
};
use crate::query::answer::Meta;
use crate::query::{Filter, INDEPENDENT_MAX, Occurrence, Position, Rollup, Scope};

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

/// Whether what people do counts for their states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RollupChoice {
    /// Everyone counts for himself
    None,
    /// Everyone counts for the state or body that he represents on the day
    State,
}

/// Whether events count that did not occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OccurrenceChoice {
    /// Events of every status
    Any,
    /// Events that occurred, and all statements and relations
    Actual,
}

impl From<OccurrenceChoice> for Occurrence {
    fn from(choice: OccurrenceChoice) -> Self {
        match choice {
            OccurrenceChoice::Any => Self::Any,
            OccurrenceChoice::Actual => Self::Actual,
        }
    }
}

/// Which record is asked, and in which state.
#[derive(Debug, clap::Args)]
pub(super) struct RecordArgs {
    /// The directory that holds the record
    #[arg(long, env = "CHANCERY_DATA", value_name = "DIR")]
    data: PathBuf,
    /// The record as it was known then: the number of a commit, or an instant (RFC 3339)
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
pub(super) struct ScopeArgs {
    /// The first day of the window: a day, month or year (EDTF)
    #[arg(long, env = "CHANCERY_FROM", value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// The last day of the window, inclusive: a day, month or year (EDTF)
    #[arg(long, env = "CHANCERY_TO", value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// Only records that certainly lie inside the window
    #[arg(long, env = "CHANCERY_CERTAIN", value_parser = BoolishValueParser::new())]
    certain: bool,
    /// Whether what people do counts for their states
    #[arg(long, env = "CHANCERY_ROLLUP", value_enum, default_value = "none")]
    rollup: RollupChoice,
    /// The coding scheme of quad classes and scores: icews or gdelt
    #[arg(long, env = "CHANCERY_SCHEME", default_value = "icews", value_parser = scheme)]
    scheme: Scheme,
    /// Only these kinds of record: event, statement, relation
    #[arg(long, env = "CHANCERY_RECORD", value_parser = word(Kind::parse))]
    record: Vec<Kind>,
    /// Only events of these PLOVER types: CONSULT, THREATEN…
    #[arg(long = "type", env = "CHANCERY_TYPE", value_parser = event_type)]
    types: Vec<EventType>,
    /// Only events whose CAMEO code starts so
    #[arg(long, env = "CHANCERY_CAMEO", value_parser = cameo)]
    cameo: Vec<Cameo>,
    /// Only events of these quad classes: `verbal_cooperation`…, or 1 to 4
    #[arg(long, env = "CHANCERY_QUAD", value_parser = quad)]
    quad: Vec<QuadClass>,
    /// Only events with this status: occurred, scheduled, cancelled, postponed, rumoured
    #[arg(long, env = "CHANCERY_STATUS", value_parser = word(Status::parse))]
    status: Vec<Status>,
    /// Whether events count that did not occur; --status overrides it
    #[arg(long, env = "CHANCERY_OCCURRENCE", value_enum)]
    occurrence: Option<OccurrenceChoice>,
    /// Only records in which the actor asked for has this role: source, target, speaker…
    #[arg(long, env = "CHANCERY_ROLE", value_parser = word(Role::parse))]
    role: Vec<Role>,
    /// Only records with somebody else of this kind; on a path, everyone between its ends is
    #[arg(long, env = "CHANCERY_KIND", value_parser = word(ActorKind::parse))]
    kind: Vec<ActorKind>,
    /// Only records of this data set
    #[arg(long, env = "CHANCERY_DATASET", value_name = "ID", value_parser = id)]
    dataset: Vec<Id>,
    /// Only records that cite this source
    #[arg(long, env = "CHANCERY_CITED", value_name = "ID", value_parser = id)]
    cited: Vec<Id>,
    /// Only records about this topic
    #[arg(long, env = "CHANCERY_TOPIC", value_parser = topic)]
    topic: Vec<Label>,
    /// Only records that some source gives with this confidence, from 0 to 1
    #[arg(long, env = "CHANCERY_MIN_CONFIDENCE", value_name = "0..1", value_parser = confidence)]
    min_confidence: Option<f32>,
    /// A source that is not believed: records that cite no other fall
    #[arg(long, env = "CHANCERY_EXCLUDE_SOURCE", value_name = "ID", value_parser = id)]
    exclude_source: Vec<Id>,
    /// Only records of at least so many independent sources, 1 to 100
    #[arg(long, env = "CHANCERY_MIN_INDEPENDENT", value_name = "N",
          value_parser = within::<1, INDEPENDENT_MAX>)]
    min_independent: Option<usize>,
    /// How the answer is written; tables cut long texts
    #[arg(long, env = "CHANCERY_FORMAT", value_enum, default_value = "table")]
    pub(super) format: AnswerFormat,
}

impl ScopeArgs {
    /// The scope of a question that counts so when nothing is said.
    pub(super) fn scope(&self, by_default: Occurrence) -> Result<Scope, CliError> {
        Ok(Scope {
            window: Window::new(self.from.as_ref(), self.to.as_ref())?,
            certain: self.certain,
            occurrence: self.occurrence.map_or(by_default, Occurrence::from),
            filter: Filter {
                records: self.record.clone(),
                types: self.types.clone(),
                cameo: self.cameo.clone(),
                quad: self.quad.clone(),
                statuses: self.status.clone(),
                roles: self.role.clone(),
                kinds: self.kind.clone(),
                datasets: self.dataset.clone(),
                sources: self.cited.clone(),
                topics: self.topic.clone(),
                min_confidence: self.min_confidence,
                excluded: self.exclude_source.clone(),
                min_independent: self.min_independent,
                ..Filter::default()
            },
            scheme: self.scheme,
            rollup: match self.rollup {
                RollupChoice::None => Rollup::None,
                RollupChoice::State => Rollup::State,
            },
            names: Vec::new(),
        })
    }
}

/// The actor that a name means in a window.
pub(super) fn actor(view: &View, window: Window, name: &str) -> Result<Term, CliError> {
    let days = (window != Window::ALL).then(|| (window.lo(), window.hi()));
    Ok(view.resolve(name, days)?.actor)
}

/// The actors that names mean in a window.
pub(super) fn actors(view: &View, window: Window, names: &[String]) -> Result<Vec<Term>, CliError> {
    names.iter().map(|name| actor(view, window, name)).collect()
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
pub(super) fn say_more(shown: usize, total: usize, things: &str, next: Option<Position>) {
    if let Some(next) = next {
        terminal::say(format_args!(
            "{shown} of {total} {things} shown; go on with --offset {next}"
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

fn date(text: &str) -> Result<Date, String> {
    Date::parse_bound(text).map_err(|e| e.to_string())
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

fn scheme(text: &str) -> Result<Scheme, String> {
    Scheme::parse(text).map_err(|e| e.to_string())
}

fn event_type(text: &str) -> Result<EventType, String> {
    EventType::parse(text).map_err(|e| e.to_string())
}

fn cameo(text: &str) -> Result<Cameo, String> {
    Cameo::parse(text).map_err(|e| e.to_string())
}

fn quad(text: &str) -> Result<QuadClass, String> {
    QuadClass::parse(text).map_err(|e| e.to_string())
}

pub(super) fn id(text: &str) -> Result<Id, String> {
    Id::parse(text).map_err(|e| e.to_string())
}

fn topic(text: &str) -> Result<Label, String> {
    Label::new(text).map_err(|e| e.to_string())
}

fn confidence(text: &str) -> Result<f32, String> {
    let read = text
        .parse()
        .ok()
        .filter(|value| (0.0..=1.0).contains(value));
    read.ok_or_else(|| "a confidence is a number from 0 to 1".to_owned())
}

/// Reads a word of one of the model's lists.
pub(super) fn word<T>(
    parse: fn(&str) -> Result<T, Problem>,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| parse(text).map_err(|e| e.to_string())
}

/// Reads a whole number within bounds.
pub(super) fn within<const MIN: usize, const MAX: usize>(text: &str) -> Result<usize, String> {
    let read = text.parse().ok().filter(|n| (MIN..=MAX).contains(n));
    read.ok_or_else(|| format!("is no number from {MIN} to {MAX}"))
}
