//! The workload: the questions of a service of record on up to 46 million events, beside what the
//! machine can do at the most. `README.md` says how to run it and how to read it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark ends at the first thing that is wrong, and prints"
)]

mod data;
mod further;
mod inside;
mod limits;
mod load;
mod naive;
mod peers;
mod present;
mod questions;
mod record;
mod report;
mod said;
mod seeded;
mod service;

use std::path::PathBuf;
use std::time::Instant;

use chancery::ingest::InputFormat;
use data::Data;
use further::Further;
use inside::Inside;
use naive::Naive;
use questions::Questions;
use record::Record;
use service::Service;

const USAGE: &str = "cargo bench --bench workload -- [--size 92k|460k|4.6m|46m] \
    [--data FOLDER] [--inside | --http | --quads] [--only WORDS] [--rounds N] [--peers] [--import 92k|460k|4.6m] [--write]";

/// Copies of the base beside which larger sizes are seen.
const SMALL: usize = 5;

/// What is to be run.
struct Options {
    copies: usize,
    folder: PathBuf,
    /// Whether the peers are asked, too.
    peers: bool,
    part: Part,
    /// Copies of the base that are imported while reads go on.
    imported: usize,
    /// Whether the table is written into `README.md`.
    write: bool,
}

/// What of the workload is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    All,
    /// No HTTP, no limits.
    Inside,
    /// Nothing but reads over HTTP is timed.
    Http,
    /// As inside, with no JSON: actors have the ids that the importer made of their names.
    Quads,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let beside = "../shared/data/tkg/icews05-15";
        let mut options = Self {
            copies: SMALL,
            folder: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(beside),
            peers: false,
            part: Part::All,
            imported: 50,
            write: false,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let value = arguments.next();
                value.ok_or_else(|| format!("{argument} needs a value: {USAGE}"))
            };
            match argument.as_str() {
                "--size" => {
                    options.copies = copies(&value()?)?;
                }
                "--import" => options.imported = copies(&value()?)?,
                "--peers" => options.peers = true,
                "--write" => options.write = true,
                "--inside" => options.part = Part::Inside,
                "--http" => options.part = Part::Http,
                "--quads" => options.part = Part::Quads,
                "--only" => {
                    if options.part == Part::All {
                        options.part = Part::Inside;
                    }
                    let only = value()?;
                    _ = report::ONLY.get_or_init(|| only);
                }
                "--rounds" => {
                    let rounds = value()?.parse().map_err(|_not| USAGE.to_owned())?;
                    _ = report::MORE_ROUNDS.get_or_init(|| rounds);
                }
                "--data" => options.folder = value()?.into(),
                // Cargo's own.
                "--bench" => {}
                other => return Err(format!("unknown {other}: {USAGE}")),
            }
        }
        if options.write && options.part != Part::All {
            return Err(format!("--write needs the whole table: {USAGE}"));
        }
        Ok(options)
    }
}

/// How often the base is taken for a size.
fn copies(size: &str) -> Result<usize, String> {
    match size.to_lowercase().as_str() {
        "92k" => Ok(1),
        "460k" => Ok(5),
        "4.6m" => Ok(50),
        "46m" => Ok(500),
        other => Err(format!("there is no size {other}: {USAGE}")),
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let options = match record::child(&mut arguments) {
        Some(()) => return,
        None => Options::read(std::env::args().skip(1)),
    };
    let options = options.unwrap_or_else(|problem| panic!("{problem}"));
    let start = Instant::now();
    let data = Data::base(&options.folder).unwrap().scaled(options.copies);
    println!(
        "{} events of {} actors from {}, made in {:.1} s",
        data.events.len(),
        data.actors.len(),
        data.base,
        start.elapsed().as_secs_f64()
    );
    let questions = Questions::for_data(&data);
    if options.part == Part::Http {
        let record = Record::import(&data, InputFormat::Quads);
        let service = Service::start(record.open(), &data);
        service.reads(&questions);
        if report::is_wanted(service::WHILE_IMPORTING) {
            let lines = record.other_lines(&data, options.imported);
            service.reads_while_importing(&questions, lines);
        }
        return;
    }
    let naive = Naive::new(&data);
    report::Table::part("import until it is on the disk, and opened again in five processes");
    let mut record = Record::import(&data, InputFormat::Quads);
    record.reopen(&data);
    if options.part != Part::Quads {
        record = Record::import(&data, InputFormat::JsonLines);
        record.reopen(&data);
    }
    let engine = record.open();
    let inside = Inside::new(&engine, &data);
    inside.compare(&questions, &naive);
    inside.compare_networks(&questions, &naive);
    Further(&inside).compare_with(&questions, &naive);
    println!("\nanswers are those of the reference");
    report::Table::part("in process, p50 / p99");
    inside.time(&questions);
    report::Table::part("what no peer answers, p50 / p99");
    Further(&inside).time(&questions);
    if options.copies > SMALL && report::is_wanted(inside::TIMELINE) {
        report::Table::part("how a page's cost grows, p50 of both sizes in turn");
        let small = Data::base(&options.folder).unwrap().scaled(SMALL);
        let asked = Questions::for_data(&small);
        let record = Record::import(&small, InputFormat::Quads);
        let engine = record.open();
        inside.beside((&Inside::new(&engine, &small), &asked), &questions);
    }
    if options.part != Part::Quads {
        // In a record of its own: the others are asked on as they are.
        let record = Record::import(&data, InputFormat::JsonLines);
        said::time(&record.open(), &data, &questions);
    }
    if options.peers {
        peers::print(&data, &questions, &naive, record.folder());
    }
    if options.part != Part::All {
        return;
    }
    limits::print(&data, record.folder());
    let lines = record.other_lines(&data, options.imported);
    drop(inside);
    let service = Service::start(engine, &data);
    service.reads(&questions);
    service.writes();
    service.reads_while_importing(&questions, lines);
    if options.write {
        present::write(&data);
    }
}
