//! `chancery duplicates`: actors and events that may be one.

use super::exit::CliError;
use super::flags::Flags;
use super::question::{self, AnswerFormat, RecordArgs, ScopeArgs};
use super::rows;
use super::table::Table;
use super::terminal;
use crate::model::Window;
use crate::query::answer::{ActorDuplicatePage, DuplicatePage};
use crate::query::{
    ActorDuplicatesParams, ActorDuplicatesQuestion, DuplicatesQuestion, EventDuplicatesParams,
    OfLists, Page, actor_duplicates, duplicates,
};

/// List actors or events that may be one, with reasons
#[derive(Debug, clap::Subcommand)]
pub(super) enum DuplicatesCommand {
    /// List pairs of actors that may be one; `chancery merge` merges them
    Actors(DuplicateActorsArgs),
    /// List events that are equal except for their ids and, with --min-score, those that may be one
    Events(Box<DuplicateEventsArgs>),
}

/// Which part of the list.
#[derive(Debug, clap::Args)]
struct DuplicatesPageArgs {
    /// The maximum number of items
    #[arg(
        long,
        env = "CHANCERY_DUPLICATES_LIMIT",
        value_name = "N",
        default_value_t = 50
    )]
    limit: usize,
    /// The number of items to skip
    #[arg(long, env = "CHANCERY_OFFSET", value_name = "N", default_value_t = 0)]
    offset: usize,
}

impl DuplicatesPageArgs {
    const fn page(&self) -> Page {
        Page {
            limit: self.limit,
            offset: self.offset,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct DuplicateActorsArgs {
    #[command(flatten)]
    record: RecordArgs,
    #[command(flatten)]
    which: Flags<ActorDuplicatesParams>,
    #[command(flatten)]
    part: DuplicatesPageArgs,
    /// The output format; tables truncate long texts
    #[arg(long, env = "CHANCERY_FORMAT", value_enum, default_value = "table")]
    format: AnswerFormat,
}

#[derive(Debug, clap::Args)]
pub(super) struct DuplicateEventsArgs {
    #[command(flatten)]
    record: RecordArgs,
    #[command(flatten)]
    which: Flags<EventDuplicatesParams>,
    #[command(flatten)]
    scope: ScopeArgs<OfLists>,
    #[command(flatten)]
    part: DuplicatesPageArgs,
}

pub(super) fn run(command: &DuplicatesCommand) -> Result<(), CliError> {
    match command {
        DuplicatesCommand::Actors(args) => actors(args),
        DuplicatesCommand::Events(args) => events(args),
    }
}

fn actors(args: &DuplicateActorsArgs) -> Result<(), CliError> {
    let view = args.record.view()?;
    let which = &args.which.0;
    let actor = which.actor.as_ref();
    let actor = actor.map(|name| question::actor(&view, Window::ALL, &name.text));
    let asked = ActorDuplicatesQuestion {
        actor: actor.transpose()?,
        kinds: which.kind.clone(),
        min_score: which.least(),
        page: args.part.page(),
    };
    let (answer, next) = actor_duplicates(&view, &asked);
    question::print(args.format, &answer, || actor_table(&answer))?;
    question::say_more(answer.items.len(), answer.total, "pairs", next);
    say_truncated(answer.truncated);
    Ok(())
}

fn events(args: &DuplicateEventsArgs) -> Result<(), CliError> {
    let view = args.record.view()?;
    let scope = args.scope.scope();
    let which = &args.which.0;
    let actor = which.actor.as_ref();
    let actor = actor.map(|name| question::actor(&view, scope.window, &name.text));
    let asked = DuplicatesQuestion {
        actor: actor.transpose()?,
        scope,
        min_score: which.least(),
        page: args.part.page(),
    };
    let (answer, next) = duplicates(&view, &asked);
    question::print(args.scope.format, &answer, || event_table(&answer))?;
    question::say_more(answer.items.len(), answer.total, "groups", next);
    question::say_left_out(&answer.meta);
    say_truncated(answer.truncated);
    Ok(())
}

fn say_truncated(is_truncated: bool) {
    if is_truncated {
        let more = "there are more candidates than are compared; ask about one actor or a window";
        terminal::say(format_args!("{more}"));
    }
}

/// A row for each pair.
fn actor_table(answer: &ActorDuplicatePage<'_>) -> Table<6> {
    let mut table = Table::new(["score", "actor", "name", "other", "name", "reasons"]);
    for item in &answer.items {
        let reasons = item.reasons.iter();
        let reasons: Vec<String> = reasons
            .map(|reason| format!("{} ({:+})", reason.text, reason.weight))
            .collect();
        table.push([
            format!("{:.3}", item.score),
            item.actor.id.to_string(),
            item.actor.name.to_string(),
            item.other.id.to_string(),
            item.other.name.to_string(),
            reasons.join("; "),
        ]);
    }
    table
}

/// A row for each event of a group.
fn event_table(answer: &DuplicatePage<'_>) -> Table<8> {
    let mut table = Table::new([
        "group", "score", "date", "id", "coding", "actors", "text", "reasons",
    ]);
    for (item, number) in answer.items.iter().zip(1..) {
        for event in &item.events {
            let [date, _, id, coding, _, actors, text, _] = rows::cells(event);
            table.push([
                number.to_string(),
                format!("{:.3}", item.score),
                date,
                id,
                coding,
                actors,
                text,
                item.reasons.join(", "),
            ]);
        }
    }
    table
}
