//! The record on the disk: imported, and opened again in a process of its own, so that its memory is
//! its own.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use chancery::engine::{Engine, ImportStatus, KnownAt, Progress};
use chancery::ingest::{Input, InputFormat};
use chancery::model::Kind;
use chancery::query::{ActorMatch, Order, Page, Scope, Selection, TimelineQuestion, timeline};
use tempfile::TempDir;

use crate::data::{Data, importing};
use crate::report::{ROUNDS, Table, median};

/// The word that makes this program a child that only opens a record.
const CHILD: &str = "--open-and-tell";

/// A record in a folder that goes with it.
pub(crate) struct Record {
    folder: TempDir,
}

impl Record {
    /// Imports the data into an empty record, and prints how long it took until it was on the disk.
    pub(crate) fn import(data: &Data, format: InputFormat) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("events");
        let mut out = BufWriter::new(File::create(&file).unwrap());
        let (what, target) = if format == InputFormat::Quads {
            data.write_quads(&mut out).unwrap();
            ("Q1 quadruples", "target 1.5 M events/s")
        } else {
            data.write_json_lines(&mut out).unwrap();
            ("Q1 JSON Lines", "target 1 M events/s")
        };
        out.flush().unwrap();
        drop(out);
        let bytes = fs::metadata(&file).unwrap().len();
        let record = Self { folder };
        let before = resident();
        let start = Instant::now();
        let (engine, _) = Engine::open(&record.path()).unwrap();
        let options = importing(&engine, "bench", format);
        let input = Input::file(&file).unwrap();
        let report = engine.import(input, options, Arc::new(Progress::default()));
        let report = report.unwrap();
        assert_eq!(report.status, ImportStatus::Committed, "{report:?}");
        let seconds = start.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "fewer than 2^52 events")]
        let rate = data.events.len() as f64 / seconds;
        Table::row(
            what,
            &format!("{seconds:.2} s  {:.2} M events/s", rate / 1e6),
            target,
        );
        #[expect(clippy::cast_precision_loss, reason = "fewer than 2^52 bytes")]
        let mb = |bytes: u64| bytes as f64 / 1e6;
        Table::row(
            "   input, memory it took, on the disk",
            &format!(
                "{:.0} MB, {:.0} MB, {:.0} MB",
                mb(bytes),
                mb(resident().saturating_sub(before)),
                mb(size(&record.path())),
            ),
            "",
        );
        drop(engine);
        fs::remove_file(file).unwrap();
        record
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("record")
    }

    /// Where it lies.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// As many other events, in a file of JSON Lines beside the record.
    pub(crate) fn other_lines(&self, data: &Data, copies: usize) -> Input {
        let file = self.folder.path().join("others.jsonl");
        let mut out = BufWriter::new(File::create(&file).unwrap());
        let others = data.clone().scaled(copies);
        others.write_events(&mut out, "other").unwrap();
        out.flush().unwrap();
        Input::file(&file).unwrap()
    }

    /// Opens the record in this process.
    pub(crate) fn open(&self) -> Engine {
        Engine::open(&self.path()).unwrap().0
    }

    /// Opens the record in other processes, and prints how long it took to the first answer, and
    /// the memory of the process that has given it.
    pub(crate) fn reopen(&self, data: &Data) {
        let actor = &data.ids[data.events[data.events.len() / 2].source as usize];
        let mut seconds = Vec::new();
        let mut bytes = Vec::new();
        for _ in 0..ROUNDS {
            let told = Command::new(std::env::current_exe().unwrap())
                .args([CHILD, self.path().to_str().unwrap(), actor])
                .output()
                .unwrap();
            let told = String::from_utf8(told.stdout).unwrap();
            let mut told = told.split_whitespace().map(|t| t.parse::<f64>().unwrap());
            seconds.push(told.next().unwrap());
            bytes.push(told.next().unwrap());
        }
        let (seconds, bytes) = (median(seconds), median(bytes));
        Table::row(
            "Q2 opened again, to the first answer",
            &format!("{seconds:.3} s"),
            "",
        );
        #[expect(clippy::cast_precision_loss, reason = "fewer than 2^52 events")]
        let each = bytes / data.events.len() as f64;
        Table::row(
            "   memory of the process, all indexed",
            &format!("{:.0} MB  {each:.0} bytes an event", bytes / 1e6),
            "",
        );
    }
}

/// When the arguments say so, opens a record, asks it once, and tells how long that took in seconds
/// and the memory of the process in bytes once all is indexed.
pub(crate) fn child(arguments: &mut impl Iterator<Item = String>) -> Option<()> {
    arguments.next().filter(|first| first == CHILD)?;
    let (folder, actor) = (arguments.next()?, arguments.next()?);
    let start = Instant::now();
    let (engine, _) = Engine::open(Path::new(&folder)).unwrap();
    let view = engine.view(KnownAt::Now).unwrap();
    let question = TimelineQuestion {
        selection: Selection::Actors(
            vec![view.resolve(&actor, None).unwrap().actor],
            ActorMatch::Any,
        ),
        scope: Scope::default(),
        order: Order::Descending,
        page: Page {
            limit: 50,
            offset: 0,
        },
    };
    let shown = timeline(&view, &question).0.items.len();
    let seconds = start.elapsed().as_secs_f64();
    assert!(shown > 0, "{actor} has no record");
    // The ids of events are indexed after opening: with the first that is looked for they are.
    assert!(view.find(Kind::Event, "nobody-s").is_none());
    println!("{seconds} {}", resident());
    Some(())
}

/// Bytes of memory that this process has.
pub(crate) fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.map_or(0, |kilobytes| kilobytes * 1024)
}

/// Bytes of all files in a folder.
fn size(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return fs::metadata(folder).map_or(0, |file| file.len());
    };
    entries.map(|entry| size(&entry.unwrap().path())).sum()
}
