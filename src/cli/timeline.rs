//! `chancery timeline`: the records of some actors, or of everything, in the order of time.

use clap::ValueEnum;

use super::exit::CliError;
use super::question::{self, RecordArgs, ScopeArgs};
use super::rows;
use super::table::Table;
use crate::query::answer::RecordPage;
use crate::query::{ActorMatch, OfRecords, Order, Page, Selection, TimelineQuestion, timeline};

/// How the actors must take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MatchChoice {
    /// At least one of them
    Any,
    /// All of them
    All,
}

/// The direction of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OrderChoice {
    /// The earliest first
    Asc,
    /// The latest first
    Desc,
}

/// Show the records of some actors, or all records, in chronological order
#[derive(Debug, clap::Args)]
pub(super) struct TimelineArgs {
    /// Actors, given by ids, codes, names, aliases or offices; without an actor, all records are shown
    actor: Vec<String>,
    #[command(flatten)]
    record: RecordArgs,
    #[command(flatten)]
    scope: ScopeArgs<OfRecords>,
    /// How a record must involve the given actors
    #[arg(
        long = "match",
        env = "CHANCERY_MATCH",
        value_enum,
        default_value = "any"
    )]
    how: MatchChoice,
    /// The order of the records
    #[arg(long, env = "CHANCERY_ORDER", value_enum, default_value = "asc")]
    order: OrderChoice,
    /// The maximum number of records
    #[arg(
        long,
        env = "CHANCERY_TIMELINE_LIMIT",
        value_name = "N",
        default_value_t = 50
    )]
    limit: usize,
    /// The number of records to skip
    #[arg(long, env = "CHANCERY_OFFSET", value_name = "N", default_value_t = 0)]
    offset: usize,
}

pub(super) fn run(args: &TimelineArgs) -> Result<(), CliError> {
    let scope = args.scope.scope();
    let view = args.record.view()?;
    let actors = question::actors(&view, scope.window, &args.actor)?;
    let question = TimelineQuestion {
        selection: if actors.is_empty() {
            Selection::Everything
        } else {
            Selection::Actors(
                actors,
                match args.how {
                    MatchChoice::Any => ActorMatch::Any,
                    MatchChoice::All => ActorMatch::All,
                },
            )
        },
        scope,
        order: match args.order {
            OrderChoice::Asc => Order::Ascending,
            OrderChoice::Desc => Order::Descending,
        },
        page: Page {
            limit: args.limit,
            offset: args.offset,
        },
    };
    let (answer, next) = timeline(&view, &question);
    question::print(args.scope.format, &answer, || table(&answer))?;
    question::say_more(answer.items.len(), answer.total, "records", next);
    question::say_left_out(&answer.meta);
    Ok(())
}

fn table(answer: &RecordPage<'_>) -> Table<8> {
    let mut table = Table::new(rows::HEAD);
    answer
        .items
        .iter()
        .map(rows::cells)
        .for_each(|row| table.push(row));
    table
}
