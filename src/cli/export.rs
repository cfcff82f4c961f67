//! `chancery export`: every record, in the form that can be imported again.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::exit::CliError;
use super::question::RecordArgs;
use super::terminal;
use crate::export::JsonLines;
use crate::graph::View;

/// Print every record as JSON Lines, in the form that can be imported again
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    record: RecordArgs,
    /// The file to write; it appears only when the export is complete
    #[arg(short, long, env = "CHANCERY_OUTPUT_FILE", value_name = "FILE")]
    output_file: Option<PathBuf>,
}

pub(super) fn run(args: Args) -> Result<(), CliError> {
    let view = args.record.view()?;
    match args.output_file {
        None => terminal::print(|out| write(view, out, CliError::Stdout)),
        Some(file) => write_file(view, &file),
    }
}

fn write(
    view: View,
    out: &mut dyn Write,
    unwritten: impl Fn(io::Error) -> CliError,
) -> Result<(), CliError> {
    for line in JsonLines::new(view) {
        writeln!(out, "{}", line?).map_err(&unwritten)?;
    }
    Ok(())
}

/// Writes beside the file and puts it in place at the end. What is no plain file (a pipe, a device)
/// is written to as it is.
fn write_file(view: View, file: &Path) -> Result<(), CliError> {
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
    let written = write(view, &mut out, unwritten).and_then(|()| out.flush().map_err(unwritten));
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
