//! `chancery export`: every record, as a file of one of the formats of the API.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::exit::CliError;
use super::question::{self, RecordArgs};
use super::terminal;
use crate::export::{ExportStream, RecordsFormat};
use crate::model::Kind;

/// Export all records: as JSON Lines, which can be imported again, or in a format for other tools
#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    record: RecordArgs,
    /// The output format. CSV and Parquet have one table per kind of record, in a zip archive unless
    /// `--record` names a single kind. N-Quads and JSON-LD are RDF
    #[arg(long, env = "CHANCERY_EXPORT_FORMAT", default_value = "jsonl", value_parser = formats())]
    format: RecordsFormat,
    /// Only these kinds of record: source, actor, relation, event, statement
    #[arg(long = "record", env = "CHANCERY_RECORD", value_name = "KIND",
          value_parser = question::word(Kind::parse))]
    kinds: Vec<Kind>,
    /// The file to write; it appears only when the export is complete
    #[arg(short, long, env = "CHANCERY_OUTPUT_FILE", value_name = "FILE")]
    output_file: Option<PathBuf>,
}

/// Reads the word of a format.
fn formats() -> impl TypedValueParser<Value = RecordsFormat> {
    let words = PossibleValuesParser::new(RecordsFormat::ALL.map(RecordsFormat::as_str));
    words.try_map(|word| {
        let found = RecordsFormat::ALL.into_iter().find(|f| f.as_str() == word);
        found.ok_or("is not a format")
    })
}

pub(super) fn run(args: ExportArgs) -> Result<(), CliError> {
    let view = args.record.view()?;
    let kinds: &[Kind] = if args.kinds.is_empty() {
        Kind::ALL
    } else {
        &args.kinds
    };
    let export = ExportStream::records(view, kinds, args.format);
    match args.output_file {
        None => terminal::print(|out| write(export, out, CliError::Stdout)),
        Some(file) => write_file(export, &file),
    }
}

fn write(
    mut export: ExportStream,
    out: &mut dyn Write,
    unwritten: impl Fn(io::Error) -> CliError,
) -> Result<(), CliError> {
    while let Some(piece) = export.piece()? {
        out.write_all(&piece).map_err(&unwritten)?;
    }
    Ok(())
}

/// Writes beside the file and puts it in place at the end. What is no plain file (a pipe, a device)
/// is written to as it is.
fn write_file(export: ExportStream, file: &Path) -> Result<(), CliError> {
    let unwritten = |source| CliError::File {
        file: file.to_owned(),
        source,
    };
    let in_place = fs::metadata(file).is_ok_and(|it| !it.is_file());
    let target = if in_place {
        file.to_owned()
    } else {
        beside(file)
    };
    let mut out = BufWriter::new(File::create(&target).map_err(unwritten)?);
    let written = write(export, &mut out, unwritten).and_then(|()| out.flush().map_err(unwritten));
    if in_place {
        return written;
    }
    let kept = written
        .and_then(|()| out.get_ref().sync_all().map_err(unwritten))
        .and_then(|()| fs::rename(&target, file).map_err(unwritten));
    if kept.is_err()
        && let Err(error) = fs::remove_file(&target)
    {
        tracing::debug!("{} stays behind: {error}", target.display());
    }
    kept
}

/// The name of the file while it is not complete.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().map_or_else(OsString::new, OsString::from);
    name.push(".partial");
    file.with_file_name(name)
}
