//! `chancery verify`: whether all that was written is still there.

use std::path::PathBuf;

use super::exit::CliError;
use super::terminal::{self, harmless};
use crate::engine;
use crate::journal::{ReadOnlyJournal, Reader, VerifyReport};

/// Check every checksum of the data, and that every change can be read; this changes nothing
#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// The data directory
    #[arg(long, env = "CHANCERY_DATA", value_name = "DIR")]
    data: PathBuf,
}

pub(super) fn run(args: &VerifyArgs) -> Result<(), CliError> {
    let journal = ReadOnlyJournal::open(&args.data)?;
    let found = journal.reader().verify();
    let mut damage: Vec<String> = found
        .damage
        .iter()
        .map(|damage| format!("{}: {}", damage.place, damage.what))
        .collect();
    // Bytes that are not as they were written need no second look.
    if damage.is_empty() {
        damage.extend(unreadable(journal.reader()));
    }
    terminal::print(|out| {
        let VerifyReport {
            commits,
            blocks,
            bytes,
            ..
        } = found;
        writeln!(
            out,
            "whole commits: {commits}\nwhole blocks: {blocks}\nbytes in them: {bytes}"
        )
        .and_then(|()| writeln!(out, "damaged places: {}", damage.len()))
        .map_err(CliError::Stdout)?;
        for place in &damage {
            writeln!(out, "{}", harmless(place)).map_err(CliError::Stdout)?;
        }
        Ok(())
    })?;
    if found.unfinished_keys > 0 {
        terminal::say(format_args!(
            "what an unfinished import left behind will be removed when the data directory is \
             next opened"
        ));
    }
    if damage.is_empty() {
        Ok(())
    } else {
        Err(CliError::Damaged {
            dir: args.data.clone(),
            places: damage.len(),
        })
    }
}

/// Commits whose bytes are whole but make no changes.
fn unreadable(journal: &Reader) -> Vec<String> {
    let mut found = Vec::new();
    for (commit, number) in journal.commits(1).zip(1_u64..) {
        let read = || -> Result<(), String> {
            let commit = commit.as_ref().map_err(ToString::to_string)?;
            engine::check_readable(commit).map_err(|e| e.to_string())
        };
        if let Err(what) = read() {
            found.push(format!("commit {number}: {what}"));
        }
    }
    found
}
