//! Commands that print what the program knows about itself.

use std::io;

use clap::ValueEnum;
use clap_complete::Shell;
use flate2::read::DeflateDecoder;

use super::exit::CliError;
use super::terminal;
use crate::document::schema::SchemaKind;
use crate::http;

/// The licences, compressed; `build.rs` lists them.
const LICENCES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/licences.deflate"));

/// Print the JSON Schema of what can be imported
#[derive(Debug, clap::Args)]
pub(super) struct SchemaArgs {
    /// The input that the schema describes
    #[arg(value_enum, default_value = "record")]
    described: SchemaChoice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SchemaChoice {
    /// One record, as on a line of JSON Lines
    Record,
    /// A JSON document of records
    Document,
}

/// Print a shell completion script for this command
#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(super) fn openapi() -> Result<(), CliError> {
    terminal::print_text(&http::openapi_json()?)
}

pub(super) fn schema(args: &SchemaArgs) -> Result<(), CliError> {
    let described = match args.described {
        SchemaChoice::Record => SchemaKind::Record,
        SchemaChoice::Document => SchemaKind::Document,
    };
    terminal::print_text(&described.schema()?)
}

pub(super) fn completions(
    args: &CompletionsArgs,
    mut command: clap::Command,
) -> Result<(), CliError> {
    // Written to memory first: it would panic when nobody takes what is printed.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "chancery", &mut script);
    terminal::print(|out| out.write_all(&script).map_err(CliError::Stdout))
}

pub(super) fn licenses() -> Result<(), CliError> {
    terminal::print(|mut out| {
        let copied = io::copy(&mut DeflateDecoder::new(LICENCES), &mut out);
        copied.map(drop).map_err(CliError::Stdout)
    })
}
