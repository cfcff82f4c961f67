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
mod inside;
mod naive;
mod questions;
mod record;
mod report;
mod seeded;

use std::path::PathBuf;
use std::time::Instant;

use data::Data;
use inside::Inside;
use naive::Naive;
use questions::Questions;
use record::Record;

const USAGE: &str = "cargo bench --bench workload -- [--size 92k|460k|4.6m|46m] [--data FOLDER]";

/// What is to be run.
struct Options {
    copies: usize,
    folder: PathBuf,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let beside = "../shared/data/tkg/icews05-15";
        let mut options = Self {
            copies: 5,
            folder: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(beside),
        };
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let value = arguments.next();
                value.ok_or_else(|| format!("{argument} needs a value: {USAGE}"))
            };
            match argument.as_str() {
                "--size" => {
                    options.copies = match value()?.to_lowercase().as_str() {
                        "92k" => 1,
                        "460k" => 5,
                        "4.6m" => 50,
                        "46m" => 500,
                        other => return Err(format!("there is no size {other}: {USAGE}")),
                    }
                }
                "--data" => options.folder = value()?.into(),
                // Cargo's own.
                "--bench" => {}
                other => return Err(format!("unknown {other}: {USAGE}")),
            }
        }
        Ok(options)
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
    let questions = Questions::of(&data);
    let naive = Naive::of(&data);
    let record = Record::import(&data);
    record.reopen(&data);
    let engine = record.open();
    let inside = Inside::of(&engine, &data);
    inside.compare(&questions, &naive);
    println!("\nanswers are those of the reference");
    report::Table::part("in process, p50 / p99");
    inside.time(&questions);
}
