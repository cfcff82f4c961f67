//! The present state, for those who read it without running anything: the table in `README.md` and the
//! lines of `history.jsonl`, written by the run itself.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use chancery::clock;
use serde_json::json;

use crate::data::Data;
use crate::report::{Part, Table};

/// What stands between these lines of `README.md` is written here.
const BEGIN: &str = "<!-- written by `just bench --write`: begin -->";
const END: &str = "<!-- written by `just bench --write`: end -->";
/// What makes a difference to what is measured.
const MEASURED: [&str; 5] = [
    "src",
    "benches/workload",
    "build.rs",
    "Cargo.toml",
    "Cargo.lock",
];

/// When, where and of what something was measured.
struct Run {
    date: String,
    commit: String,
    machine: String,
    events: usize,
    base: String,
}

/// Writes what was measured, all of the table, into `README.md`, and adds it to `history.jsonl`.
pub(crate) fn write(data: &Data) {
    let run = Run::now(data);
    let parts = Table::parts();
    let readme = folder().join("README.md");
    let text = fs::read_to_string(&readme).unwrap();
    let places = text.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let Some((before, after)) = places else {
        panic!("README.md does not have the lines {BEGIN} and {END}");
    };
    let table = run.table(&parts);
    fs::write(
        readme,
        format!("{before}{BEGIN}\n\n{table}\n\n{END}{after}"),
    )
    .unwrap();
    let history = folder().join("history.jsonl");
    let mut history = OpenOptions::new().append(true).open(history).unwrap();
    history.write_all(run.lines(&parts).as_bytes()).unwrap();
}

impl Run {
    fn now(data: &Data) -> Self {
        let now = clock::rfc3339(clock::now_millis());
        let mut commit = git(&["rev-parse", "--short=10", "HEAD"]);
        let changed = git(&[&["status", "--porcelain", "--"][..], &MEASURED].concat());
        if !changed.is_empty() {
            commit.push_str(" and changes");
        }
        Self {
            date: now.split('T').next().unwrap_or_default().to_owned(),
            commit,
            machine: machine(),
            events: data.events.len(),
            base: data.base.clone(),
        }
    }

    /// The table as Markdown, below a sentence that says when and where.
    fn table(&self, parts: &[Part]) -> String {
        let Self {
            date,
            commit,
            machine,
            events,
            base,
        } = self;
        let mut lines = vec![format!(
            "{date}, commit {commit}, {machine}, {events} events made of {base}; medians of five \
             rounds, imports one each."
        )];
        for part in parts {
            lines.push(format!("\n| {} | | |\n|---|---|---|", part.title));
            for row in &part.rows {
                let cells = [&row.what, &row.number, &row.beside];
                let cells = cells.map(|cell| cell.replace('|', "\\|"));
                lines.push(format!("| {} |", cells.join(" | ")));
            }
        }
        lines.join("\n")
    }

    /// A line of JSON for each row.
    fn lines(&self, parts: &[Part]) -> String {
        let rows = parts
            .iter()
            .flat_map(|part| part.rows.iter().map(|row| (&part.title, row)));
        let lines = rows.map(|(part, row)| {
            let line = json!({
                "date": self.date, "commit": self.commit, "machine": self.machine,
                "events": self.events, "base": self.base, "part": part,
                "what": row.what, "measured": row.number, "beside": row.beside,
            });
            format!("{line}\n")
        });
        lines.collect()
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches")
}

/// What git prints, without the line break at its end.
fn git(arguments: &[&str]) -> String {
    let told = Command::new("git")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(told.status.success(), "git {arguments:?}: {told:?}");
    String::from_utf8(told.stdout).unwrap().trim().to_owned()
}

/// The processor, how many of them there are, and the memory, as far as Linux tells.
fn machine() -> String {
    let told = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split_once(':'));
        value.map_or_else(String::new, |(_, value)| value.trim().to_owned())
    };
    let processor = told("/proc/cpuinfo", "model name");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = told("/proc/meminfo", "MemTotal");
    let kilobytes: u64 = memory.trim_end_matches(" kB").parse().unwrap_or_default();
    format!("{processor}, {cores} cores, {} GiB", kilobytes >> 20)
}
