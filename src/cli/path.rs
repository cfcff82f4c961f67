//! `chancery path`: how two actors are connected.

use clap::ValueEnum;
use clap::builder::BoolishValueParser;

use super::exit::CliError;
use super::question::{self, RecordArgs, ScopeArgs};
use super::rows;
use super::table::Table;
use super::terminal;
use crate::query::answer::PathsAnswer;
use crate::query::{
    DEGREE_MAX, EVIDENCE_MAX, Following, JOINS_MAX, MAX_HOPS_MAX, Mode, Occurrence, PATHS_MAX,
    PathsQuestion, VIA_MAX, paths,
};

/// What makes a path good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ModeChoice {
    /// Few hops; of equally long paths, more records
    Fewest,
    /// Little cost, where a hop costs one over its records
    Strongest,
    /// An early arrival by records that can follow one another in time
    Chronological,
}

impl From<ModeChoice> for Mode {
    fn from(choice: ModeChoice) -> Self {
        match choice {
            ModeChoice::Fewest => Self::Fewest,
            ModeChoice::Strongest => Self::Strongest,
            ModeChoice::Chronological => Self::Chronological,
        }
    }
}

/// Which chains of records are asked for, in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ChainsChoice {
    /// Each record may follow the one before it
    Possible,
    /// Each certainly does
    Certain,
}

impl From<ChainsChoice> for Following {
    fn from(choice: ChainsChoice) -> Self {
        match choice {
            ChainsChoice::Possible => Self::Possible,
            ChainsChoice::Certain => Self::Certain,
        }
    }
}

/// Show how two actors are connected, with the evidence of every hop
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where paths start: an actor's id, code, name, alias or office
    source: String,
    /// Where they end
    target: String,
    #[command(flatten)]
    record: RecordArgs,
    #[command(flatten)]
    scope: ScopeArgs,
    /// What makes a path good
    #[arg(long, env = "CHANCERY_MODE", value_enum, default_value = "fewest")]
    mode: ModeChoice,
    /// With --mode chronological: whether records may follow one another, or must certainly
    #[arg(long, env = "CHANCERY_CHAINS", value_enum, default_value = "possible")]
    chains: ChainsChoice,
    /// Paths that share nobody between their ends
    #[arg(long, env = "CHANCERY_DIVERSE", value_parser = BoolishValueParser::new())]
    diverse: bool,
    /// Follow what one does to another only from source to target; what is done together both ways
    #[arg(long, env = "CHANCERY_DIRECTED", value_parser = BoolishValueParser::new())]
    directed: bool,
    /// Hops that a path may have, 1 to 8
    #[arg(long, env = "CHANCERY_MAX_HOPS", value_name = "N", default_value_t = 6,
          value_parser = question::within::<1, MAX_HOPS_MAX>)]
    max_hops: usize,
    /// Paths wanted, 1 to 20
    #[arg(long, env = "CHANCERY_PATH_LIMIT", value_name = "N", default_value_t = 5,
          value_parser = question::within::<1, PATHS_MAX>)]
    limit: usize,
    /// An actor that each path leads through; up to three
    #[arg(long, env = "CHANCERY_VIA", value_name = "ACTOR")]
    via: Vec<String>,
    /// An actor that no path leads through
    #[arg(long, env = "CHANCERY_AVOID", value_name = "ACTOR")]
    avoid: Vec<String>,
    /// Lead through nobody with more neighbours than so many, 1 to 1,000,000
    #[arg(long, env = "CHANCERY_MAX_DEGREE", value_name = "N",
          value_parser = question::within::<1, DEGREE_MAX>)]
    max_degree: Option<usize>,
    /// Records shown for each hop, 0 to 20
    #[arg(long, env = "CHANCERY_EVIDENCE", value_name = "N", default_value_t = 3,
          value_parser = question::within::<0, EVIDENCE_MAX>)]
    evidence: usize,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    if args.via.len() > VIA_MAX {
        return Err(CliError::Usage {
            problem: format!("{} actors are given with --via", args.via.len()),
            remedy: format!("give at most {VIA_MAX}"),
        });
    }
    let scope = args.scope.scope(Occurrence::Actual)?;
    let view = args.record.view()?;
    let window = scope.window;
    let question = PathsQuestion {
        source: question::actor(&view, window, &args.source)?,
        target: question::actor(&view, window, &args.target)?,
        via: question::actors(&view, window, &args.via)?,
        avoid: question::actors(&view, window, &args.avoid)?,
        scope,
        mode: args.mode.into(),
        diverse: args.diverse,
        max_degree: args.max_degree,
        directed: args.directed,
        chains: args.chains.into(),
        max_hops: args.max_hops,
        limit: args.limit,
        evidence: args.evidence,
        joins_max: JOINS_MAX,
    };
    let answer = paths(&view, &question);
    question::print(args.scope.format, &answer, || table(&answer))?;
    if answer.given_up {
        terminal::say(format_args!(
            "the search was given up after {JOINS_MAX} beginnings of paths: there may be more"
        ));
    }
    if answer.paths.is_empty() {
        terminal::say(format_args!(
            "no path from {} to {} of at most {} hops",
            answer.source.id, answer.target.id, args.max_hops
        ));
    }
    question::say_left_out(&answer.meta);
    Ok(())
}

/// A row for each record of each hop of each path.
fn table(answer: &PathsAnswer<'_>) -> Table<10> {
    let mut table = Table::new([
        "path", "hop", "from", "to", "records", "date", "id", "coding", "text", "sources",
    ]);
    for (path, number) in answer.paths.iter().zip(1_usize..) {
        for (hop, step) in path.hops.iter().zip(1_usize..) {
            let mut push = |[date, _, id, coding, _, _, text, sources]: [String; 8]| {
                table.push([
                    number.to_string(),
                    step.to_string(),
                    hop.source.id.to_string(),
                    hop.target.id.to_string(),
                    hop.records.to_string(),
                    date,
                    id,
                    coding,
                    text,
                    sources,
                ]);
            };
            if hop.evidence.is_empty() {
                push(Default::default());
            }
            hop.evidence.iter().map(rows::cells).for_each(&mut push);
        }
    }
    table
}
