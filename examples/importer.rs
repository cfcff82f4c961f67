//! An importer for a format that Chancery does not read: makes records of the rows of a small CSV,
//! as JSON Lines, and imports them.
//!
//! ```sh
//! cargo run --example importer
//! ```
//!
//! The rows have a day, who called whom, and where it was reported. The same file imported twice
//! changes nothing, because the same row gets the same id.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use chancery::engine::{Engine, ImportOptions, ImportReport, OnError, Progress};
use chancery::ingest::{Input, InputFormat};
use chancery::model::Id;
use serde_json::{Value, json};

/// What a user of this importer has. A real one would use the crate `csv`, which reads quoted
/// cells, too.
const CALLS: &str = "\
day,caller,called,reported by
2023-06-16,Antony Blinken,Park Jin,TRT World
2023-06-17,Antony Blinken,Hayashi Yoshimasa,TRT World
";

fn main() -> Result<(), Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    import(CALLS, dir.path(), &mut io::stdout().lock())?;
    Ok(())
}

/// Imports calls into the record in `dir` and writes to `out` what came of it.
pub(crate) fn import(
    csv: &str,
    dir: &Path,
    out: &mut impl Write,
) -> Result<ImportReport, Box<dyn Error>> {
    let (engine, _) = Engine::open(dir)?;
    let options = ImportOptions {
        id: engine.import_id(),
        dataset: Id::parse("calls")?,
        format: Some(InputFormat::JsonLines),
        on_error: OnError::Reject,
        dry_run: false,
    };
    let lines = Input::bytes(json_lines(csv)?);
    let report = engine.import(lines, options, Arc::new(Progress::default()))?;
    for reject in &report.rejects {
        let field = &reject.field;
        writeln!(out, "line {}, {field}: {}", reject.line, reject.problem)?;
    }
    for (kind, counts) in &report.counts {
        writeln!(out, "{} new {kind}", counts.new)?;
    }
    Ok(report)
}

/// A line for each source, actor and event of the rows.
fn json_lines(csv: &str) -> Result<String, Box<dyn Error>> {
    // By id, so that who acts in many rows is one actor on one line.
    let mut records = BTreeMap::new();
    for (row, number) in csv.lines().zip(1_u32..).skip(1) {
        let cells: Vec<&str> = row.split(',').map(str::trim).collect();
        let [day, from, to, publisher] = cells[..] else {
            let cells = cells.len();
            return Err(format!("line {number} of the CSV has {cells} cells, not 4").into());
        };
        let source = json!({
            "record": "source", "id": slug(publisher), "kind": "article", "publisher": publisher,
        });
        records.insert(slug(publisher), source);
        for name in [from, to] {
            let actor = json!({
                "record": "actor", "id": slug(name), "kind": "person", "name": name,
            });
            records.insert(slug(name), actor);
        }
        let id = slug(&format!("{day} {from} {to}"));
        let event = json!({
            "record": "event",
            "id": id,
            "date": day,
            "type": "CONSULT",
            "participants": [
                { "actor": slug(from), "role": "source" },
                { "actor": slug(to), "role": "target" },
            ],
            "sources": [{ "source": slug(publisher) }],
        });
        records.insert(id, event);
    }
    let lines: Vec<String> = records.values().map(Value::to_string).collect();
    Ok(lines.join("\n"))
}

/// An id of a text: its letters and digits, with hyphens between the words.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").to_lowercase()
}
