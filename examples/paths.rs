//! Embeds the engine: imports a record into a directory of its own and asks how two actors are
//! connected.
//!
//! ```sh
//! cargo run --example paths -- "Park Jin" DPRK
//! ```

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::sync::Arc;

use chancery::engine::{Engine, ImportOptions, ImportStatus, KnownAt, OnError, Progress};
use chancery::ingest::Input;
use chancery::model::Id;
use chancery::query::{PathsQuestion, paths};

/// The record of a news article, with what its sentences say.
const ARTICLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/blinken-2023.json");

fn main() -> Result<(), Box<dyn Error>> {
    let mut names = std::env::args().skip(1);
    let source = names.next().unwrap_or_else(|| "Park Jin".to_owned());
    let target = names.next().unwrap_or_else(|| "DPRK".to_owned());
    connect(&source, &target, &mut io::stdout().lock())
}

/// Writes to `out` how two actors of the article are connected, hop by hop, with the records that
/// say so.
pub(crate) fn connect(
    source: &str,
    target: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    // A service keeps its directory. This one goes at the end.
    let dir = tempfile::tempdir()?;
    let (engine, _) = Engine::open(dir.path())?;

    // All of an import is written, or nothing is and the report says why.
    let options = ImportOptions {
        id: engine.import_id(),
        dataset: Id::parse("example")?,
        format: None,
        on_error: OnError::Reject,
        dry_run: false,
    };
    let article = Input::bytes(fs::read(ARTICLE)?);
    let report = engine.import(article, options, Arc::new(Progress::default()))?;
    if report.status != ImportStatus::Committed {
        return Err(format!("nothing was imported: {:?}", report.rejects).into());
    }

    // A view is the state of one commit. It stays the same while others write.
    let view = engine.view(KnownAt::Now)?;
    // A name that means nobody, or several actors, is an error that lists the nearest.
    let source = view.resolve(source, None)?.actor;
    let target = view.resolve(target, None)?.actor;
    let answer = paths(&view, &PathsQuestion::new(source, target));

    for path in &answer.paths {
        writeln!(out, "a path of {} hops", path.length)?;
        for hop in &path.hops {
            let (from, to) = (&hop.source.name, &hop.target.name);
            writeln!(out, "  {from} – {to}: {} records", hop.records)?;
            for record in &hop.evidence {
                writeln!(out, "    {}", serde_json::to_string(record)?)?;
            }
        }
    }
    Ok(())
}
