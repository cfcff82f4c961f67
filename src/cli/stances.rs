//! `chancery stances`: who takes which stance toward whom.

use super::exit::CliError;
use super::question::{self, RecordArgs, ScopeArgs};
use super::rows;
use super::table::Table;
use crate::model::{Label, StanceKind};
use crate::query::answer::{StancePage, TowardAnswer};
use crate::query::{OfRecords, Page, Stances, StancesQuestion, stances};

/// Show who takes which stance toward whom, and who relayed it
#[derive(Debug, clap::Args)]
pub(super) struct StancesArgs {
    /// Speakers, given by ids, codes, names, aliases or offices; without a speaker, the stances of all
    /// speakers are shown
    speaker: Vec<String>,
    #[command(flatten)]
    record: RecordArgs,
    #[command(flatten)]
    scope: ScopeArgs<OfRecords>,
    /// Only stances toward this actor
    #[arg(long, env = "CHANCERY_TOWARD", value_name = "ACTOR")]
    toward: Vec<String>,
    /// Only stances about this topic
    #[arg(long, env = "CHANCERY_ABOUT", value_name = "TOPIC", value_parser = matter)]
    about: Vec<Label>,
    /// Only this stance: condemns, supports, warns…
    #[arg(long, env = "CHANCERY_STANCE", value_parser = question::word(StanceKind::parse))]
    stance: Vec<StanceKind>,
    /// Only stances that this actor relayed
    #[arg(long, env = "CHANCERY_RELAYED_BY", value_name = "ACTOR")]
    relayed_by: Vec<String>,
    /// The maximum number of stances
    #[arg(
        long,
        env = "CHANCERY_STANCES_LIMIT",
        value_name = "N",
        default_value_t = 50
    )]
    limit: usize,
    /// The number of stances to skip
    #[arg(long, env = "CHANCERY_OFFSET", value_name = "N", default_value_t = 0)]
    offset: usize,
}

pub(super) fn run(args: &StancesArgs) -> Result<(), CliError> {
    let scope = args.scope.scope();
    let view = args.record.view()?;
    let actors = |names: &[String]| question::actors(&view, scope.window, names);
    let question = StancesQuestion {
        stances: Stances {
            speakers: actors(&args.speaker)?,
            toward: actors(&args.toward)?,
            about: args.about.clone(),
            kinds: args.stance.clone(),
            relayed_by: actors(&args.relayed_by)?,
            ..Stances::default()
        },
        scope: scope.clone(),
        page: Page {
            limit: args.limit,
            offset: args.offset,
        },
    };
    let (answer, next) = stances(&view, &question);
    question::print(args.scope.format, &answer, || table(&answer))?;
    question::say_more(answer.items.len(), answer.total, "stances", next);
    question::say_left_out(&answer.meta);
    Ok(())
}

fn matter(text: &str) -> Result<Label, String> {
    Label::new(text).map_err(|error| error.to_string())
}

/// A row for each stance.
fn table(answer: &StancePage<'_>) -> Table<9> {
    let mut table = Table::new([
        "date",
        "speaker",
        "stance",
        "toward",
        "about",
        "relayed by",
        "id",
        "text",
        "sources",
    ]);
    for item in &answer.items {
        let [date, _, id, _, _, _, text, sources] = rows::cells(&item.statement);
        let relays: Vec<&str> = item.relayed_by.iter().map(|relay| &*relay.id).collect();
        table.push([
            date,
            item.speaker.id.to_string(),
            item.stance.to_owned(),
            match &item.toward {
                TowardAnswer::Actor(actor) => actor.id.to_string(),
                TowardAnswer::Event(id) => id.to_string(),
                TowardAnswer::Topic(topic) => topic.to_string(),
            },
            // About nothing in particular.
            item.about.as_deref().unwrap_or_default().to_owned(),
            relays.join(", "),
            id,
            text,
            sources,
        ]);
    }
    table
}
