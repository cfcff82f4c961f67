//! The command: its flags, what it prints, its exit codes. Data goes to stdout, everything else to
//! stderr.

mod ask;
mod duplicates;
mod dyad;
mod exit;
mod export;
mod flags;
mod import;
mod merge;
mod migrate;
mod path;
mod print;
mod question;
mod rows;
mod search;
mod serve;
mod stances;
mod table;
mod terminal;
mod timeline;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::invariant;
use exit::CliError;

/// A temporal knowledge graph of diplomatic events: who met, called or threatened whom or made promises to
/// whom, when, and according to which source.
///
/// Data is written to stdout, and all other output to stderr. Exit codes: 0 success, 1 failure, 2 usage
/// error.
#[derive(Debug, Parser)]
#[command(name = "chancery", version, max_term_width = 100)]
struct Cli {
    /// The log level: error, warn, info, debug, or a filter such as `chancery=debug,warn`
    #[arg(
        long,
        env = "CHANCERY_LOG",
        value_name = "FILTER",
        default_value = "warn",
        global = true,
        hide_env_values = true
    )]
    log: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::ServeArgs),
    Import(import::ImportArgs),
    #[command(subcommand)]
    Duplicates(duplicates::DuplicatesCommand),
    Merge(merge::MergeArgs),
    Revert(merge::RevertArgs),
    Migrate(migrate::MigrateArgs),
    Export(export::ExportArgs),
    Path(path::PathArgs),
    Timeline(timeline::TimelineArgs),
    Dyad(dyad::DyadArgs),
    Stances(stances::StancesArgs),
    Search(search::SearchArgs),
    Ask(ask::Args),
    Verify(verify::VerifyArgs),
    /// Print the `OpenAPI` document that describes the REST service
    Openapi,
    Schema(print::SchemaArgs),
    Completions(print::CompletionsArgs),
    /// Print the licences of the program and of the third-party code and data that it contains
    Licenses,
}

/// Runs the command with the arguments of the process, the first of which is its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    match parse(arguments) {
        Ok((cli, matches)) => {
            let done = start_log(&cli.log)
                .and_then(|()| invariant::watch(|| dispatch(cli.command, &matches))?);
            match done {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => exit::report(&error),
            }
        }
        // clap knows where its messages go, help to stdout, and has the same exit codes as we.
        Err(message) => match message.print() {
            // They are 0 and 2, so that the alternative is never taken.
            Ok(()) => ExitCode::from(u8::try_from(message.exit_code()).unwrap_or(exit::USAGE)),
            Err(error) => exit::report(&CliError::Stdout(error)),
        },
    }
}

fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<(Cli, ArgMatches), clap::Error> {
    let matches = Cli::command().try_get_matches_from(arguments)?;
    let cli = Cli::from_arg_matches(&matches)?;
    Ok((cli, matches))
}

fn dispatch(command: Command, matches: &ArgMatches) -> Result<(), CliError> {
    match command {
        Command::Serve(args) => {
            let typed = matches.subcommand_matches("serve");
            serve::run(args, |flag| {
                typed.and_then(|typed| typed.value_source(flag))
            })
        }
        Command::Import(args) => import::run(args),
        Command::Duplicates(command) => duplicates::run(&command),
        Command::Merge(args) => merge::run(&args),
        Command::Revert(args) => merge::revert(&args),
        Command::Migrate(args) => migrate::run(&args),
        Command::Export(args) => export::run(args),
        Command::Path(args) => path::run(&args),
        Command::Timeline(args) => timeline::run(&args),
        Command::Dyad(args) => dyad::run(&args),
        Command::Stances(args) => stances::run(&args),
        Command::Search(args) => search::run(&args),
        Command::Ask(args) => ask::run(args),
        Command::Verify(args) => verify::run(&args),
        Command::Openapi => print::openapi(),
        Command::Schema(args) => print::schema(&args),
        Command::Completions(args) => print::completions(&args, Cli::command()),
        Command::Licenses => print::licenses(),
    }
}

fn start_log(filter: &str) -> Result<(), CliError> {
    let filter = EnvFilter::try_new(filter).map_err(|error| CliError::Usage {
        problem: format!("--log {filter:?} is not a valid filter: {error}"),
        remedy: "use a level such as info, or module=level pairs separated by commas".into(),
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(terminal::stderr_has_colours());
    log.try_init()
        .map_err(|error| CliError::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(command: &clap::Command, visit: &mut impl FnMut(&clap::Command)) {
        visit(command);
        for inner in command.get_subcommands() {
            each(inner, visit);
        }
    }

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_has_a_twin_in_the_environment() {
        let mut flags = 0;
        let mut twins = std::collections::BTreeMap::new();
        each(&Cli::command(), &mut |command| {
            for flag in command.get_arguments() {
                let Some(long) = flag.get_long().filter(|l| !["help", "version"].contains(l))
                else {
                    continue;
                };
                let twin = flag.get_env().and_then(|name| name.to_str());
                let twin = twin.unwrap_or_else(|| panic!("--{long} has no twin"));
                let name = long.replace('-', "_").to_uppercase();
                assert!(
                    twin.starts_with("CHANCERY_") && twin.ends_with(&name),
                    "--{long} has the twin {twin}"
                );
                let other = twins.insert(twin.to_owned(), name.clone());
                assert!(other.is_none_or(|other| other == name), "{twin}");
                flags += 1;
            }
        });
        assert!(flags > 30, "{flags} flags were found");
    }

    #[test]
    fn every_command_and_flag_says_what_it_is_for() {
        each(&Cli::command(), &mut |command| {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments() {
                assert!(
                    argument.get_help().is_some(),
                    "{} of {}",
                    argument.get_id(),
                    command.get_name()
                );
            }
        });
    }
}
