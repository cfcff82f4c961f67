//! What the machine can do at the most, measured in the same run.

use std::borrow::Cow;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::data::Data;
use crate::report::{ROUNDS, Table, Timing, median};

/// Bytes of one durable append.
const APPEND_BYTES: usize = 4096;
/// Durable appends.
const APPENDS: usize = 1000;
/// Events that are parsed.
const PARSED: usize = 100_000;

/// The fields of a line, with nothing made of them.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    date: Option<Cow<'a, str>>,
    #[serde(borrow)]
    cameo: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    participants: Vec<Participant<'a>>,
}

#[derive(Deserialize)]
struct Participant<'a> {
    #[serde(borrow)]
    actor: Cow<'a, str>,
    #[serde(borrow)]
    role: Cow<'a, str>,
}

/// Measures and prints them; files go to `folder`.
pub(crate) fn print(data: &Data, folder: &Path) {
    Table::part("limits of the machine");
    let mut json = Vec::new();
    data.write_json_lines(&mut json).unwrap();
    let text = String::from_utf8(json).unwrap();
    let lines: Vec<&str> = text.lines().rev().take(PARSED).collect();
    let rates = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        for line in &lines {
            let line: Line<'_> = serde_json::from_str(line).unwrap();
            let parts = line
                .participants
                .iter()
                .map(|p| p.actor.len() + p.role.len());
            std::hint::black_box((parts.sum::<usize>(), line.id, line.date, line.cameo));
        }
        #[expect(clippy::cast_precision_loss, reason = "few lines")]
        let rate = lines.len() as f64 / start.elapsed().as_secs_f64();
        rate
    });
    let rate = median(rates.collect());
    Table::row(
        "serde_json, the same lines, borrowed, 1 core",
        &format!("{:.2} M events/s", rate / 1e6),
        "",
    );
    let file = folder.join("appends");
    let mut out = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&file)
        .unwrap();
    let mut each: Vec<Duration> = Vec::with_capacity(APPENDS);
    let start = Instant::now();
    for _ in 0..APPENDS {
        let append = Instant::now();
        out.write_all(&[1; APPEND_BYTES]).unwrap();
        out.sync_data().unwrap();
        each.push(append.elapsed());
    }
    let timing = Timing::from_durations(&mut each, start.elapsed());
    Table::timing("append of 4 KiB, on the disk", timing, None);
    std::fs::remove_file(file).unwrap();
}
