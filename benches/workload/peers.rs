//! The peers, asked by `benches/peers.py` where Python and they are installed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;

use chancery::model::Day;
use serde_json::{Value, json};

use crate::data::Data;
use crate::inside::{self, HOPS, PAGE};
use crate::naive::{Naive, class};
use crate::questions::Questions;
use crate::report::{self, Table};

/// Questions of each kind whose answers the peers must give.
const COMPARED: usize = 20;
/// The same of those that take a whole window.
const FEW_COMPARED: usize = 5;

/// Hands the data over in `folder`, and prints what each peer needs for the questions.
pub(crate) fn print(data: &Data, questions: &Questions, naive: &Naive<'_>, folder: &Path) {
    Table::part("peers, p50 / p99, through Python");
    let folder = folder.join("peers");
    fs::create_dir(&folder).unwrap();
    write(data, questions, naive, &folder);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers.py");
    let told = Command::new("python3").arg(script).arg(&folder).output();
    let told = match told {
        Ok(told) if told.status.success() => String::from_utf8(told.stdout).unwrap(),
        Ok(told) => format!(
            "Python\tpassed over: {}",
            String::from_utf8_lossy(&told.stderr)
        ),
        Err(error) => format!("Python\tpassed over: {error}"),
    };
    for line in told.lines() {
        let (peer, found) = line.split_once('\t').unwrap_or((line, ""));
        let Ok(found) = serde_json::from_str::<Value>(found) else {
            println!("  {peer}: {found}");
            continue;
        };
        let rate = found["events_per_second"].as_f64().unwrap_or_default();
        Table::row(
            &format!("{peer}: import"),
            &format!("{:.2} M events/s", rate / 1e6),
            "",
        );
        for (kind, what, target) in KINDS {
            let seconds = |at: usize| found[kind][at].as_f64();
            let (Some(p50), Some(p99)) = (seconds(0), seconds(1)) else {
                continue;
            };
            let number = format!("{:.1} / {:.0} µs", p50 * 1e6, p99 * 1e6);
            let times = report::timing_of(what).map_or_else(String::new, |own| {
                format!("{:.1} / {:.1} times ours", p50 / own.p50, p99 / own.p99)
            });
            let wanted = match target {
                (p50, Some(p99)) if peer == "Lists" => format!(", wanted {p50} / {p99}"),
                (p50, None) if peer == "Lists" => format!(", wanted {p50}"),
                _ => String::new(),
            };
            Table::row(&format!("   {what}"), &number, &(times + &wanted));
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

/// A question, by its names there and here, and how many times as long the lists of Python must
/// take at the median and at p99. Machines differ and change within the hour, so the targets are the
/// ratios of the day on which they were set: what the lists took there over what was wanted.
type Kind = (&'static str, &'static str, (f64, Option<f64>));

const KINDS: [Kind; 6] = [
    ("timeline", inside::TIMELINE, (8.3, Some(3.9))),
    ("dyad", inside::DYAD, (3.5, None)),
    ("months", inside::MONTHS, (6.3, Some(25.0))),
    ("path", inside::PATH, (3.1, Some(4.8))),
    ("reach", inside::REACH, (15.0, None)),
    ("rank", inside::RANK, (11.7, None)),
];

fn write(data: &Data, questions: &Questions, naive: &Naive<'_>, folder: &Path) {
    let create = |name: &str| BufWriter::new(File::create(folder.join(name)).unwrap());
    let mut out = create("events.tsv");
    for (number, event) in data.events.iter().enumerate() {
        let month = month(event.day);
        writeln!(
            out,
            "{number}\t{}\t{}\t{}\t{}\t{month}",
            event.source, event.relation, event.target, event.day
        )
        .unwrap();
    }
    out.flush().unwrap();
    fs::write(folder.join("names.txt"), data.actors.join("\n")).unwrap();
    let mut out = create("classes.tsv");
    for (_, code) in &data.relations {
        writeln!(out, "{}", class(*code)).unwrap();
    }
    out.flush().unwrap();
    let timelines = questions.timelines.iter();
    let dyads = questions.dyads.iter();
    let months = questions.months.iter();
    let paths = questions.paths.iter();
    let reaches = questions.reaches.iter();
    let ranks = questions.ranks.iter();
    let questions = json!({
        "timeline": {
            "questions": timelines.clone().map(|(a, (from, to))| json!([a, from, to, PAGE])).collect::<Vec<_>>(),
            "answers": timelines.take(COMPARED).map(|(a, days)| naive.timeline(*a, *days, PAGE).0).collect::<Vec<_>>(),
        },
        "dyad": {
            "questions": dyads.clone().map(|(a, b, (from, to))| json!([a, b, from, to])).collect::<Vec<_>>(),
            "answers": dyads.take(COMPARED).map(|(a, b, days)| naive.dyad(*a, *b, *days)).collect::<Vec<_>>(),
        },
        "months": {
            "questions": months.clone().map(|(a, b)| json!([a, b])).collect::<Vec<_>>(),
            "answers": months.take(COMPARED).map(|(a, b)| counts(naive, *a, *b)).collect::<Vec<_>>(),
        },
        "path": {
            "questions": paths.clone().map(|(a, b, (from, to))| json!([a, b, from, to, HOPS])).collect::<Vec<_>>(),
            "answers": paths.take(COMPARED).map(|(a, b, days)| naive.hops(*a, *b, *days, HOPS).unwrap_or(0)).collect::<Vec<_>>(),
        },
        "reach": {
            "questions": reaches.clone().map(|(a, (from, to))| json!([a, from, to])).collect::<Vec<_>>(),
            "answers": reaches.take(FEW_COMPARED).map(|(a, days)| pairs(&naive.reach(*a, *days))).collect::<Vec<_>>(),
        },
        "rank": {
            "questions": ranks.clone().map(|(from, to)| json!([from, to])).collect::<Vec<_>>(),
            "answers": ranks.take(FEW_COMPARED).map(|days| highest(naive.rank(*days).into_values())).collect::<Vec<_>>(),
        },
    });
    fs::write(folder.join("questions.json"), questions.to_string()).unwrap();
}

/// Actors and days, by actor.
fn pairs(reached: &BTreeMap<u32, i32>) -> Vec<(u32, i32)> {
    reached.iter().map(|(actor, day)| (*actor, *day)).collect()
}

/// The ten highest scores, the highest first.
fn highest(scores: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut scores: Vec<f64> = scores.collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    scores.truncate(10);
    scores
}

/// Month, class and count of a pair, ascending.
fn counts(naive: &Naive<'_>, a: u32, b: u32) -> Vec<[usize; 3]> {
    let mut rows = Vec::new();
    for (first, classes) in naive.months(a, b) {
        for (class, count) in classes.into_iter().enumerate() {
            if count > 0 {
                rows.push([month(first), class, count]);
            }
        }
    }
    rows
}

/// Months since the year 0.
fn month(day: i32) -> usize {
    let (year, month, _) = Day::from_number(day).unwrap().ymd();
    usize::try_from(year).unwrap() * 12 + usize::try_from(month).unwrap() - 1
}
