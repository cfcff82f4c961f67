//! The events that are asked about: quadruples read from files, or made from a seed with the same
//! shape, and scaled up.
//!
//! Scaling follows one rule whatever the base: copy 0 is the base as it is; in every other copy each
//! event has its day shifted by up to a year either way, within the years of the base, and three in
//! ten have the target of another event. So the degrees keep their distribution while pairs grow.
//! Events that say exactly the same are kept once, as an import would.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chancery::engine::{Engine, ImportOptions, OnError};
use chancery::ingest::InputFormat;
use chancery::model::{Cameo, Day, Id, fold};

use crate::seeded::Seeded;

/// Seed of the data; the questions have their own.
const SEED: u64 = 20_051_231;
/// Most days that a copied event is shifted by.
const SHIFT_DAYS: u64 = 365;
/// The share of copied events that get another target, in tenths.
const MOVED_TENTHS: u64 = 3;

/// How all records are imported here: as a whole.
pub(crate) fn importing(engine: &Engine, dataset: &str, format: InputFormat) -> ImportOptions {
    ImportOptions {
        id: engine.import_id(),
        dataset: Id::parse(dataset).unwrap(),
        format: Some(format),
        on_error: OnError::Reject,
        dry_run: false,
    }
}

/// One event: actor numbers, the number of its relation, the day since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Event {
    pub(crate) day: i32,
    pub(crate) source: u32,
    pub(crate) relation: u32,
    pub(crate) target: u32,
}

/// All events, in the order of time.
#[derive(Clone, Debug)]
pub(crate) struct Data {
    /// Where the base came from.
    pub(crate) base: String,
    /// Names, by actor number.
    pub(crate) actors: Vec<String>,
    /// Ids, by actor number.
    pub(crate) ids: Vec<String>,
    /// Labels and codes, by relation number.
    pub(crate) relations: Vec<(String, Cameo)>,
    pub(crate) events: Vec<Event>,
    /// Those of the base.
    first: Vec<Event>,
    /// The first and the last day that an event may have.
    pub(crate) days: (i32, i32),
}

impl Data {
    /// The quadruples of all files of a folder, or the made ones when there is no such folder.
    pub(crate) fn base(folder: &Path) -> io::Result<Self> {
        let mut files: Vec<PathBuf> = match fs::read_dir(folder) {
            Ok(entries) => entries.map(|e| Ok(e?.path())).collect::<io::Result<_>>()?,
            Err(_missing) => return Ok(Self::made()),
        };
        files.retain(|file| file.extension().is_some_and(|e| e == "txt"));
        files.sort();
        let mut rows = Vec::new();
        for file in &files {
            let text = fs::read_to_string(file)?;
            rows.extend(text.lines().filter_map(Quad::read));
        }
        let name = folder.file_name().unwrap_or(folder.as_os_str());
        let base = format!("{} rows of {}", rows.len(), name.display());
        Ok(Self::from_rows(base, &rows))
    }

    /// A base with the shape of a year-long news corpus: few actors in most events, many in few.
    fn made() -> Self {
        const EVENTS: usize = 92_000;
        const ACTORS: u64 = 6600;
        let mut random = Seeded::new(SEED);
        let codes: Vec<&str> = MADE_CODES.to_vec();
        let first = Day::from_ymd(2005, 1, 1).map_or(0, Day::number);
        // An actor's rank is the product of two draws: a long tail, and hubs that meet each other.
        let actor = |random: &mut Seeded| {
            let (a, b) = (random.below(ACTORS) + 1, random.below(ACTORS) + 1);
            let rank = a * b / ACTORS * random.below(ACTORS) / ACTORS;
            format!("Actor {:04}", rank.min(ACTORS - 1))
        };
        let mut rows = Vec::with_capacity(EVENTS);
        while rows.len() < EVENTS {
            let (subject, object) = (actor(&mut random), actor(&mut random));
            let code = codes[index(random.below(codes.len() as u64))];
            rows.push(Quad {
                subject,
                relation: code.to_owned(),
                object,
                day: first + shift(random.below(4017)),
            });
        }
        let base = format!("{EVENTS} rows made from seed {SEED}");
        Self::from_rows(base, &rows)
    }

    fn from_rows(base: String, rows: &[Quad]) -> Self {
        let names: BTreeSet<&str> = rows
            .iter()
            .flat_map(|row| [row.subject.as_str(), row.object.as_str()])
            .collect();
        let ids = ids(&names);
        let labels: BTreeSet<&str> = rows.iter().map(|row| row.relation.as_str()).collect();
        let numbers = |all: &BTreeSet<&'_ str>| -> BTreeMap<String, u32> {
            let numbered = all.iter().map(|name| (*name).to_owned()).zip(0..);
            numbered.collect()
        };
        let (actors, relations) = (numbers(&names), numbers(&labels));
        let events = rows.iter().map(|row| Event {
            day: row.day,
            source: actors[&row.subject],
            relation: relations[&row.relation],
            target: actors[&row.object],
        });
        let events: Vec<Event> = events.collect();
        let mut data = Self {
            base,
            actors: names.into_iter().map(str::to_owned).collect(),
            ids,
            relations: relations
                .into_keys()
                .map(|label| (label.clone(), code(&label).unwrap()))
                .collect(),
            events,
            first: Vec::new(),
            days: (0, 0),
        };
        let days = || data.events.iter().map(|event| event.day);
        data.days = (days().min().unwrap(), days().max().unwrap());
        data.put_in_order();
        data.first.clone_from(&data.events);
        data
    }

    /// The same with `copies` times the events.
    pub(crate) fn scaled(mut self, copies: usize) -> Self {
        let mut random = Seeded::new(SEED);
        let base = self.first.clone();
        self.events.clone_from(&base);
        let (first, last) = self.days;
        let span = u64::from(last.abs_diff(first)) + 1;
        self.events.reserve(base.len() * (copies - 1));
        for _ in 1..copies {
            for event in &base {
                // Whole rounds of the years are added, so that no day comes before the first.
                let rounds = span * (SHIFT_DAYS / span + 1);
                let day = u64::from(event.day.abs_diff(first));
                let moved = day + rounds + random.below(2 * SHIFT_DAYS + 1) - SHIFT_DAYS;
                let mut event = Event {
                    day: first + shift(moved % span),
                    ..*event
                };
                if random.below(10) < MOVED_TENTHS {
                    event.target = base[index(random.below(base.len() as u64))].target;
                }
                self.events.push(event);
            }
        }
        self.put_in_order();
        self
    }

    fn put_in_order(&mut self) {
        self.events.sort_unstable();
        self.events.dedup();
    }

    /// Writes the events as JSON Lines, one record a line, actors and source first.
    pub(crate) fn write_json_lines(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            r#"{{"record":"source","id":"bench","dataset":"bench","kind":"dataset","title":"Benchmark"}}"#
        )?;
        for (id, name) in self.ids.iter().zip(&self.actors) {
            let name = serde_json::to_string(name)?;
            writeln!(
                out,
                r#"{{"record":"actor","id":"{id}","dataset":"bench","kind":"unknown","name":{name}}}"#
            )?;
        }
        self.write_events(out, "bench")
    }

    /// Writes the events alone as JSON Lines, as those of a data set: their ids begin with its name.
    pub(crate) fn write_events(&self, out: &mut impl Write, dataset: &str) -> io::Result<()> {
        let mut dates = Dates::default();
        for (number, event) in self.events.iter().enumerate() {
            let (_, code) = &self.relations[event.relation as usize];
            writeln!(
                out,
                r#"{{"record":"event","id":"{dataset}-{number}","dataset":"{dataset}","cameo":"{}","date":"{}","participants":[{{"actor":"{}","role":"source"}},{{"actor":"{}","role":"target"}}],"sources":[{{"source":"bench"}}]}}"#,
                code.as_str(),
                dates.text(event.day),
                self.ids[event.source as usize],
                self.ids[event.target as usize],
            )?;
        }
        Ok(())
    }

    /// Writes the events as quadruples: `subject⇥relation⇥object⇥date`.
    pub(crate) fn write_quads(&self, out: &mut impl Write) -> io::Result<()> {
        let mut dates = Dates::default();
        for event in &self.events {
            writeln!(
                out,
                "{}\t{}\t{}\t{}",
                self.actors[event.source as usize],
                self.relations[event.relation as usize].0,
                self.actors[event.target as usize],
                dates.text(event.day),
            )?;
        }
        Ok(())
    }
}

/// The text of the day that was asked for last: events come by day.
#[derive(Default)]
struct Dates(Option<(i32, String)>);

impl Dates {
    fn text(&mut self, day: i32) -> &str {
        if self.0.as_ref().is_none_or(|(known, _)| *known != day) {
            self.0 = Some((day, Day::from_number(day).unwrap().to_string()));
        }
        self.0.as_ref().map_or("", |(_, text)| text)
    }
}

/// A row of a file.
struct Quad {
    subject: String,
    relation: String,
    object: String,
    day: i32,
}

impl Quad {
    /// `None` for a row that is no quadruple with a known label and a day.
    fn read(line: &str) -> Option<Self> {
        let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
        let &[subject, relation, object, date] = columns.as_slice() else {
            return None;
        };
        code(relation)?;
        let (year, rest) = date.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        let day = Day::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
        Some(Self {
            subject: subject.to_owned(),
            relation: relation.to_owned(),
            object: object.to_owned(),
            day: day.number(),
        })
    }
}

/// The CAMEO code of a label; made relations are their own code's label.
fn code(label: &str) -> Option<Cameo> {
    Cameo::from_label(label)
}

/// Ids of names in their order: lower case with dashes, numbered where two would be the same.
fn ids(names: &BTreeSet<&str>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut ids = Vec::with_capacity(names.len());
    for name in names {
        let plain = fold(name);
        let words: Vec<&str> = plain
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let slug: String = words.join("-").chars().take(100).collect();
        let mut id = slug.trim_end_matches('-').to_owned();
        let mut next = 2;
        while !taken.insert(id.clone()) {
            id = format!("{slug}-{next}");
            next += 1;
        }
        ids.push(id);
    }
    ids
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

fn shift(days: u64) -> i32 {
    i32::try_from(days).unwrap()
}

/// Labels of relations of a made base, as often as they are to come up.
const MADE_CODES: [&str; 12] = [
    "Make statement",
    "Consult",
    "Consult",
    "Make a visit",
    "Host a visit",
    "Express intent to meet or negotiate",
    "Praise or endorse",
    "Criticize or denounce",
    "Accuse",
    "Demand",
    "Use conventional military force",
    "Provide aid",
];
