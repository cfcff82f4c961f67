//! `chancery path`: how two actors are connected.

use super::exit::CliError;
use super::flags::Flags;
use super::question::{self, RecordArgs, ScopeArgs};
use super::rows;
use super::table::Table;
use super::terminal;
use crate::http::PathOptions;
use crate::query::answer::PathsAnswer;
use crate::query::{JOINS_MAX, OfPaths, PathsQuestion, paths};

/// Show how two actors are connected, with the evidence of every hop
#[derive(Debug, clap::Args)]
pub(super) struct PathArgs {
    /// The actor at which paths start: an id, code, name, alias or office
    source: String,
    /// The actor at which paths end
    target: String,
    #[command(flatten)]
    record: RecordArgs,
    #[command(flatten)]
    scope: ScopeArgs<OfPaths>,
    #[command(flatten)]
    options: Flags<PathOptions>,
}

pub(super) fn run(args: &PathArgs) -> Result<(), CliError> {
    let scope = args.scope.scope();
    let view = args.record.view()?;
    let window = scope.window;
    let options = &args.options.0;
    let question = PathsQuestion {
        source: question::actor(&view, window, &args.source)?,
        target: question::actor(&view, window, &args.target)?,
        via: question::actors(&view, window, &options.via.0)?,
        avoid: question::actors(&view, window, &options.avoid)?,
        scope,
        mode: options.mode,
        diverse: options.diverse,
        max_degree: options.max_degree.max_degree.map(|most| most.0),
        directed: options.directed.directed,
        chains: options.chains.chains,
        max_hops: options.max_hops.0,
        limit: options.limit.0,
        evidence: options.evidence.0,
        joins_max: JOINS_MAX,
    };
    let answer = paths(&view, &question);
    question::print(args.scope.format, &answer, || table(&answer))?;
    if answer.given_up {
        terminal::say(format_args!(
            "the search stopped after {JOINS_MAX} partial paths: there may be more paths"
        ));
    }
    if answer.paths.is_empty() {
        terminal::say(format_args!(
            "no path from {} to {} of at most {} hops",
            answer.source.id, answer.target.id, options.max_hops.0
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
