//! Turns temporal-KG quadruples made from ICEWS into the JSON Lines that `chancery import` reads.
//!
//! ```text
//! cargo run --release --example quads_to_jsonl -- --dataset icews14 icews_2014_test.txt > out.jsonl
//! cargo run --release --example quads_to_jsonl -- --dataset icews14 --ids DIR DIR/train.txt > out.jsonl
//! ```
//!
//! A row is `subject⇥relation⇥object⇥2014-03-06`: labels of CAMEO codes as relations, one event a
//! row. With `--ids DIR` it is four integers, and perhaps more columns, which are passed over:
//! entities and relations as numbered by `entity2id.txt` and `relation2id.txt` in `DIR`, the time in
//! hours since 2014-01-01.
//!
//! What comes out depends on nothing but the arguments and the rows:
//!
//! - an event's id is the data set, the last word of the file's name and the number of the row:
//!   `icews14-test-000001`;
//! - an actor's id is its name in lower case with dashes; of several names that come to the same,
//!   all but the first in the order of bytes get a number. A name is an actor: nothing says what it
//!   is, so its kind is `unknown`.
//!
//! Rows that are no quadruple, or whose relation is no CAMEO label, are told to stderr and left out;
//! then the exit code is 1.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chancery::model::{Cameo, Date, Id};
use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

const USAGE: &str =
    "quads_to_jsonl [--dataset ID] [--source-title TEXT] [--ids DIR] FILE… > out.jsonl";

/// What to convert.
#[derive(Debug)]
pub(crate) struct Job {
    /// The id of the data set and of its source.
    pub(crate) dataset: String,
    /// The title of the source.
    pub(crate) title: String,
    /// The folder of `entity2id.txt` and `relation2id.txt`, for rows of integers.
    pub(crate) ids: Option<PathBuf>,
    /// The files with the rows.
    pub(crate) files: Vec<PathBuf>,
}

/// One row.
#[derive(Debug)]
struct Quad {
    id: String,
    subject: String,
    object: String,
    cameo: Cameo,
    date: String,
}

/// What the integers of `--ids` stand for.
#[derive(Debug)]
struct Numbered {
    entities: BTreeMap<String, String>,
    relations: BTreeMap<String, String>,
}

fn main() -> ExitCode {
    let run = || {
        let job = Job::from_arguments(std::env::args().skip(1))?;
        let mut out = BufWriter::new(io::stdout().lock());
        let left_out = convert(&job, &mut out)?;
        out.flush().map_err(|e| format!("can't write: {e}"))?;
        Ok(left_out)
    };
    let (lines, code) = match run() {
        Ok(left_out) if left_out.is_empty() => (left_out, ExitCode::SUCCESS),
        Ok(mut left_out) => {
            left_out.push(format!("{} rows were left out", left_out.len()));
            (left_out, ExitCode::FAILURE)
        }
        Err(error) => (vec![error], ExitCode::FAILURE),
    };
    for line in lines {
        if writeln!(io::stderr(), "{line}").is_err() {
            return ExitCode::FAILURE;
        }
    }
    code
}

impl Job {
    fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut job = Self {
            dataset: "icews".into(),
            title: "ICEWS coded event data, as a temporal knowledge graph".into(),
            ids: None,
            files: Vec::new(),
        };
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let value = arguments.next();
                value.ok_or_else(|| format!("{argument} needs a value: {USAGE}"))
            };
            match argument.as_str() {
                "--dataset" => job.dataset = value()?,
                "--source-title" => job.title = value()?,
                "--ids" => job.ids = Some(value()?.into()),
                flag if flag.starts_with('-') => return Err(format!("unknown {flag}: {USAGE}")),
                file => job.files.push(file.into()),
            }
        }
        if job.files.is_empty() {
            return Err(format!("no file is given: {USAGE}"));
        }
        Ok(job)
    }
}

/// Writes the records of a job, and tells the rows that were left out.
///
/// # Errors
///
/// When a file can't be read, `out` not be written, or the arguments don't fit together.
pub(crate) fn convert(job: &Job, out: &mut impl Write) -> Result<Vec<String>, String> {
    Id::parse(&job.dataset).map_err(|e| format!("--dataset {}: {e}", job.dataset))?;
    let numbered = job.ids.as_deref().map(Numbered::read).transpose()?;
    let mut left_out = Vec::new();
    let mut quads = Vec::new();
    let mut parts = BTreeSet::new();
    for file in &job.files {
        let part = part_of(file)?;
        if !parts.insert(part.clone()) {
            let file = file.display();
            return Err(format!(
                "{file}: another file ends in {part} too, and ids would clash"
            ));
        }
        let rows = read(file)?;
        for (row, number) in rows.lines().zip(1..) {
            let id = format!("{}-{part}-{number:06}", job.dataset);
            match quad(row, id, numbered.as_ref()) {
                Ok(quad) => quads.push(quad),
                Err(problem) => left_out.push(format!("{}:{number}: {problem}", file.display())),
            }
        }
    }
    write_records(job, &quads, out).map_err(|e| format!("can't write: {e}"))?;
    Ok(left_out)
}

fn write_records(job: &Job, quads: &[Quad], out: &mut impl Write) -> io::Result<()> {
    let dataset = &job.dataset;
    let source = json!({
        "record": "source", "id": dataset, "dataset": dataset, "kind": "dataset", "title": job.title,
    });
    writeln!(out, "{source}")?;
    let names = quads.iter().flat_map(|quad| [&quad.subject, &quad.object]);
    let ids = actor_ids(names.map(String::as_str).collect());
    for (name, id) in &ids {
        let actor = json!({
            "record": "actor", "id": id, "dataset": dataset, "kind": "unknown", "name": name,
        });
        writeln!(out, "{actor}")?;
    }
    for quad in quads {
        let participant = |name: &str, role| json!({ "actor": ids.get(name), "role": role });
        let event = json!({
            "record": "event", "id": quad.id, "dataset": dataset, "cameo": quad.cameo.as_str(),
            "date": quad.date,
            "participants": [
                participant(&quad.subject, "source"),
                participant(&quad.object, "target"),
            ],
            "sources": [{ "source": dataset }],
        });
        writeln!(out, "{event}")?;
    }
    Ok(())
}

/// An id for each name.
fn actor_ids(names: BTreeSet<&str>) -> BTreeMap<&str, String> {
    let mut taken = BTreeSet::new();
    let mut ids = BTreeMap::new();
    for name in names {
        let slug = slug(name);
        let numbers = (2..).map(|number| format!("{slug}-{number}"));
        let mut free = std::iter::once(slug.clone()).chain(numbers);
        if let Some(id) = free.find(|id| !taken.contains(id)) {
            taken.insert(id.clone());
            ids.insert(name, id);
        }
    }
    ids
}

/// A name in lower case with dashes, short enough to be an id even with a number after it.
fn slug(name: &str) -> String {
    const LONGEST: usize = 100;
    let plain = chancery::model::fold(name);
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let joined: String = words.join("-").chars().take(LONGEST).collect();
    if joined.is_empty() {
        "actor".into()
    } else {
        joined.trim_end_matches('-').to_owned()
    }
}

/// The last word of a file's name: `test` of `icews_2014_test.txt`.
fn part_of(file: &Path) -> Result<String, String> {
    let stem = file.file_stem().and_then(|stem| stem.to_str());
    let stem = stem.ok_or_else(|| format!("{} has no name", file.display()))?;
    Ok(slug(stem.rsplit('_').next().unwrap_or(stem)))
}

fn quad(row: &str, id: String, numbered: Option<&Numbered>) -> Result<Quad, String> {
    let (subject, relation, object, date) = match numbered {
        Some(numbered) => numbered.row(row)?,
        None => named_row(row)?,
    };
    let cameo = Cameo::from_label(&relation);
    Ok(Quad {
        id,
        subject,
        object,
        date,
        cameo: cameo.ok_or_else(|| format!("{relation:?} is the label of no CAMEO code"))?,
    })
}

type Row = (String, String, String, String);

/// A row of names and an ISO date. Names keep their quotes, commas and brackets; some copies write
/// `_` for spaces, some end in a no-break space.
fn named_row(row: &str) -> Result<Row, String> {
    let columns: Vec<&str> = row.split('\t').map(str::trim).collect();
    let &[subject, relation, object, date] = columns.as_slice() else {
        return Err(format!(
            "has {} columns, not subject, relation, object, date",
            columns.len()
        ));
    };
    let date = Date::parse(date).map_err(|e| e.to_string())?;
    let name = |text: &str| {
        let spaced = if text.contains(' ') {
            text.to_owned()
        } else {
            text.replace('_', " ")
        };
        let name = spaced.trim().to_owned();
        if name.is_empty() {
            Err("a name is empty")
        } else {
            Ok(name)
        }
    };
    Ok((
        name(subject)?,
        relation.to_owned(),
        name(object)?,
        date.to_string(),
    ))
}

impl Numbered {
    fn read(folder: &Path) -> Result<Self, String> {
        let names = |file: &str| {
            let path = folder.join(file);
            let mut names = BTreeMap::new();
            for (row, line) in read(&path)?.lines().zip(1..) {
                let split = row.rsplit_once('\t');
                let (name, number) =
                    split.ok_or_else(|| format!("{}:{line}: has no TAB", path.display()))?;
                names.insert(number.trim().to_owned(), name.trim().to_owned());
            }
            Ok::<_, String>(names)
        };
        Ok(Self {
            entities: names("entity2id.txt")?,
            relations: names("relation2id.txt")?,
        })
    }

    fn row(&self, row: &str) -> Result<Row, String> {
        // Some copies pad the columns with spaces; a number has none in it.
        let mut columns = row.split_whitespace();
        let mut column = || columns.next().ok_or("has fewer than four columns");
        let [subject, relation, object, time] = [column()?, column()?, column()?, column()?];
        let find = |names: &BTreeMap<String, String>, number: &str| {
            let name = names.get(number).cloned();
            name.ok_or_else(|| format!("{number} has no name"))
        };
        Ok((
            find(&self.entities, subject)?,
            find(&self.relations, relation)?,
            find(&self.entities, object)?,
            day_of_hour(time)?,
        ))
    }
}

/// The day that lies so many hours after the start of 2014.
fn day_of_hour(time: &str) -> Result<String, String> {
    let hours: i64 = time
        .parse()
        .map_err(|e| format!("{time:?} is no number of hours: {e}"))?;
    let start = NaiveDate::from_ymd_opt(2014, 1, 1);
    let day = TimeDelta::try_hours(hours).and_then(|past| start?.checked_add_signed(past));
    day.map(|day| day.to_string())
        .ok_or_else(|| format!("{hours} hours lie outside the calendar"))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| format!("can't read {}: {e}", path.display()))
}
