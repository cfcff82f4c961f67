//! The peers, asked by `benches/peers.py` where Python and they are installed.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;

use chancery::model::Day;
use serde_json::{Value, json};

use crate::data::Data;
use crate::inside::PAGE;
use crate::naive::{Naive, class};
use crate::questions::Questions;
use crate::report::Table;

/// Questions of each kind whose answers the peers must give.
const COMPARED: usize = 20;

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
        for (kind, what) in KINDS {
            let micros = |at: usize| found[kind][at].as_f64().unwrap_or_default() * 1e6;
            let number = format!("{:.1} / {:.0} µs", micros(0), micros(1));
            Table::row(&format!("   {what}"), &number, "");
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

const KINDS: [(&str, &str); 3] = [
    ("timeline", "Q3 timeline, 50 rows of a year"),
    ("dyad", "Q4 dyad, all rows of a year"),
    ("months", "Q5 dyad by month, all years"),
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
    let mut out = create("classes.tsv");
    for (_, code) in &data.relations {
        writeln!(out, "{}", class(*code)).unwrap();
    }
    out.flush().unwrap();
    let timelines = questions.timelines.iter();
    let dyads = questions.dyads.iter();
    let months = questions.months.iter();
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
    });
    fs::write(folder.join("questions.json"), questions.to_string()).unwrap();
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
