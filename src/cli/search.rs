//! `chancery search`: actors by name, records by their words.

use clap::ValueEnum;

use super::exit::CliError;
use super::question::{self, RecordArgs, ScopeArgs};
use super::rows;
use super::table::Table;
use super::terminal;
use crate::model::Kind;
use crate::query::answer::SearchPage;
use crate::query::{OfRecords, Page, SearchOrder, SearchQuestion, search};
use crate::text;

/// The kinds of record that are searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum InChoice {
    /// Actors, by their names
    Actors,
    /// Statements, by their words
    Statements,
    /// Events, by their words
    Events,
    /// Sources, by their words
    Sources,
}

/// What comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SearchOrderChoice {
    /// The best match first
    Relevance,
    /// The latest record first
    Date,
}

/// Search for actors by name, and for events, statements and sources by text
#[derive(Debug, clap::Args)]
pub(super) struct SearchArgs {
    /// The query: words, "phrases" in quotes, and -words to exclude
    words: String,
    #[command(flatten)]
    record: RecordArgs,
    #[command(flatten)]
    scope: ScopeArgs<OfRecords>,
    /// Only these kinds of record
    #[arg(long = "in", env = "CHANCERY_IN", value_enum)]
    kinds: Vec<InChoice>,
    /// The order of the results
    #[arg(
        long,
        env = "CHANCERY_SEARCH_ORDER",
        value_enum,
        default_value = "relevance"
    )]
    order: SearchOrderChoice,
    /// The maximum number of records
    #[arg(
        long,
        env = "CHANCERY_SEARCH_LIMIT",
        value_name = "N",
        default_value_t = 20
    )]
    limit: usize,
    /// The number of records to skip
    #[arg(long, env = "CHANCERY_OFFSET", value_name = "N", default_value_t = 0)]
    offset: usize,
}

pub(super) fn run(args: &SearchArgs) -> Result<(), CliError> {
    let query = text::TextQuery::parse(&args.words).map_err(|error| CliError::Usage {
        problem: format!("{:?} {error}", args.words),
        remedy: "name a word to look for, such as 'missile -launch'".into(),
    })?;
    let scope = args.scope.scope();
    let view = args.record.view()?;
    let kinds = args.kinds.iter().map(|choice| match choice {
        InChoice::Actors => Kind::Actor,
        InChoice::Statements => Kind::Statement,
        InChoice::Events => Kind::Event,
        InChoice::Sources => Kind::Source,
    });
    let question = SearchQuestion {
        query,
        kinds: kinds.collect(),
        scope,
        order: match args.order {
            SearchOrderChoice::Relevance => SearchOrder::Relevance,
            SearchOrderChoice::Date => SearchOrder::Date,
        },
        page: Page {
            limit: args.limit,
            offset: args.offset,
        },
    };
    let (answer, next) = search(&view, &question);
    question::print(args.scope.format, &answer, || table(&answer))?;
    question::say_more(answer.items.len(), answer.total, "records", next);
    question::say_left_out(&answer.meta);
    for warning in &answer.warnings {
        terminal::say(format_args!("{}", warning.text));
    }
    Ok(())
}

fn table(answer: &SearchPage<'_>) -> Table<8> {
    let mut table = Table::new(rows::HEAD);
    let records = answer.items.iter().map(|found| &found.record);
    records.map(rows::cells).for_each(|row| table.push(row));
    table
}
