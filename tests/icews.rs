//! ICEWS14 through the engine: what is known of the data comes out of the answers.
//!
//! `tests/fixtures/quadruples` has the traps of the data in a few hundred facts. The data itself is looked for in
//! `../shared/data` beside the project, or where `CHANCERY_DATA` says: `cargo test icews -- --ignored`.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
#![expect(clippy::indexing_slicing, reason = "tests fail by panicking")]
#![expect(clippy::print_stdout, reason = "tests tell how long things take")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use chancery::engine::{
    Engine, EngineError, ImportOptions, ImportReport, ImportStatus, KnownAt, OnError, Progress,
};
use chancery::graph::{Term, View};
use chancery::ingest::Input;
use chancery::model::{Id, Window};
use chancery::query::{
    ActorMatch, Order, Page, PathsQuestion, RelationshipsQuestion, Scope, Selection,
    SummaryQuestion, TimelineQuestion, paths, relationships, summary, timeline,
};
use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, to_value};

const FIRST: Page = Page {
    limit: 1000,
    offset: 0,
};

/// A folder of both writings of the facts, and what is known of them.
struct Known {
    folder: PathBuf,
    /// Facts with names; the actors in them; those, their pairs, the parts of their network and the largest.
    named: usize,
    network: [usize; 4],
    /// Of John Kerry: his events, whom he met, and how many paths of two hops lead from him to Kim Jong-Un, of all
    /// that are asked for.
    events: usize,
    met: usize,
    short_paths: usize,
    paths: usize,
    /// All facts, and actors that only they name.
    whole: u64,
    added: u64,
}

impl Known {
    /// What stands in the tree.
    fn fixture() -> Self {
        Self {
            folder: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/quadruples"),
            named: 187,
            network: [22, 113, 2, 20],
            events: 16,
            met: 10,
            short_paths: 2,
            paths: 20,
            whole: 316,
            // Of 31 names two are one (A.K. Singh, AK Singh), and 22 were known.
            added: 31 - 1 - 22,
        }
    }

    /// The data itself.
    fn icews14() -> Self {
        let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
        let data = std::env::var_os("CHANCERY_DATA").map_or_else(beside, PathBuf::from);
        let folder = data.join("tkg");
        assert!(
            folder.is_dir(),
            "there is no {}: CHANCERY_DATA names the folder above tkg",
            folder.display()
        );
        Self {
            folder,
            named: 17_904,
            network: [3_856, 8_440, 144, 3_519],
            events: 568,
            met: 113,
            short_paths: 6,
            paths: 20,
            whole: 90_730,
            // Of 7,128 names two are one (A.K. Singh, AK Singh), and 3,856 were known.
            added: 7_128 - 1 - 3_856,
        }
    }
}

/// A data set as quadruples.
struct Corpus {
    dataset: &'static str,
    rows: String,
}

/// The facts with names.
fn named(data: &Path) -> Corpus {
    let file = |part| fs::read_to_string(data.join(format!("icews14/icews_2014_{part}.txt")));
    Corpus {
        dataset: "icews14",
        rows: ["valid", "test"].map(|part| file(part).unwrap()).concat(),
    }
}

/// All facts, whose numbers are turned into the names that they stand for.
fn whole(data: &Path) -> Corpus {
    let folder = data.join("icews14-ids");
    let text = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
    let names = |file: &str| -> BTreeMap<String, String> {
        let text = text(file);
        let rows = text.lines().map(|row| row.rsplit_once('\t').unwrap());
        rows.map(|(name, number)| (number.trim().to_owned(), name.trim().to_owned()))
            .collect()
    };
    let (entities, relations) = (names("entity2id.txt"), names("relation2id.txt"));
    let start = NaiveDate::from_ymd_opt(2014, 1, 1).unwrap();
    let mut rows = String::new();
    for part in ["train.txt", "valid.txt", "test.txt"] {
        for row in text(part).lines() {
            let columns: Vec<&str> = row.split_whitespace().collect();
            let hours = TimeDelta::hours(columns[3].parse().unwrap());
            let (subject, object) = (&entities[columns[0]], &entities[columns[2]]);
            let (relation, day) = (&relations[columns[1]], start + hours);
            writeln!(rows, "{subject}\t{relation}\t{object}\t{day}").unwrap();
        }
    }
    Corpus {
        dataset: "icews14-whole",
        rows,
    }
}

fn import(engine: &Engine, corpus: &Corpus) -> ImportReport {
    let options = ImportOptions {
        id: engine.import_id(),
        dataset: Id::parse(corpus.dataset).unwrap(),
        format: None,
        on_error: OnError::Reject,
        dry_run: false,
    };
    let lines = corpus.rows.clone().into_bytes();
    let (bytes, start) = (lines.len(), Instant::now());
    let report = engine
        .import(Input::bytes(lines), options, Arc::new(Progress::default()))
        .unwrap();
    println!(
        "import of {} records, {} kB: {:?} in {:.3} s",
        report.records,
        bytes / 1000,
        report.status,
        start.elapsed().as_secs_f64()
    );
    report
}

fn open(dir: &Path) -> Engine {
    let start = Instant::now();
    let (engine, opened) = Engine::open(dir).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    println!("opened with {} commits in {seconds:.3} s", opened.commits);
    engine
}

fn actor(view: &View, name: &str) -> Term {
    view.resolve(name, None).unwrap().actor
}

fn network(view: &View) -> [usize; 4] {
    let network = summary(view, &SummaryQuestion::default()).network;
    [
        network.actors,
        network.dyads,
        network.components,
        network.largest_component,
    ]
}

/// Answers that an undo must bring back, without the number of the commit that they were given at.
fn answers(engine: &Engine) -> Vec<Value> {
    let view = engine.view(KnownAt::Now).unwrap();
    let kerry = actor(&view, "John Kerry");
    let scope = Scope::default();
    let question = TimelineQuestion {
        selection: Selection::Actors(vec![kerry], ActorMatch::Any),
        scope: scope.clone(),
        order: Order::Ascending,
        page: FIRST,
    };
    let others = RelationshipsQuestion {
        actor: kerry,
        scope: scope.clone(),
        page: FIRST,
    };
    let summary = summary(&view, &SummaryQuestion { scope });
    let mut answers = vec![
        to_value(timeline(&view, &question).0).unwrap(),
        to_value(relationships(&view, &others).0).unwrap(),
        to_value(summary).unwrap(),
    ];
    for answer in &mut answers {
        let meta = answer.get_mut("meta").unwrap();
        meta.as_object_mut().unwrap().remove("known_at");
    }
    answers
}

#[test]
fn named_facts_give_the_known_answers() {
    give_the_known_answers(&Known::fixture());
}

#[test]
#[ignore = "needs ICEWS14"]
fn the_named_facts_of_icews14_give_the_known_answers() {
    give_the_known_answers(&Known::icews14());
}

fn give_the_known_answers(known: &Known) {
    let engine = Engine::temporary().unwrap();
    let report = import(&engine, &named(&known.folder));
    assert_eq!(report.status, ImportStatus::Committed);
    let (actors, facts) = (known.network[0], known.named);
    assert_eq!(
        report.total(|c| c.new),
        u64::try_from(1 + actors + facts).unwrap()
    );

    let view = engine.view(KnownAt::Now).unwrap();
    let glance = summary(&view, &SummaryQuestion::default());
    assert_eq!(glance.counts.get("events"), Some(&facts));
    assert_eq!(glance.counts.get("actors"), Some(&actors));
    assert_eq!(network(&view), known.network);

    let kerry = actor(&view, "John Kerry");
    let question = TimelineQuestion {
        selection: Selection::Actors(vec![kerry], ActorMatch::Any),
        scope: Scope::default(),
        order: Order::Ascending,
        page: FIRST,
    };
    let (page, _) = timeline(&view, &question);
    assert_eq!((page.total, page.items.len()), (known.events, known.events));
    let question = RelationshipsQuestion {
        actor: kerry,
        scope: Scope::default(),
        page: FIRST,
    };
    let (page, _) = relationships(&view, &question);
    assert_eq!((page.total, page.items.len()), (known.met, known.met));

    let question = PathsQuestion {
        max_hops: 4,
        limit: 20,
        ..PathsQuestion::new(kerry, actor(&view, "Kim Jong-Un"))
    };
    let lengths: Vec<usize> = paths(&view, &question)
        .paths
        .iter()
        .map(|p| p.length)
        .collect();
    assert_eq!(lengths.len(), known.paths);
    let short = lengths.iter().filter(|length| **length == 2).count();
    assert_eq!(short, known.short_paths);
    assert_eq!(lengths.iter().min(), Some(&2));
}

#[test]
fn a_whole_imports_once_and_its_undo_brings_the_old_answers_back() {
    import_once_and_undo(&Known::fixture());
}

#[test]
#[ignore = "needs ICEWS14"]
fn all_of_icews14_imports_once_and_its_undo_brings_the_old_answers_back() {
    import_once_and_undo(&Known::icews14());
}

fn import_once_and_undo(known: &Known) {
    let dir = tempfile::tempdir().unwrap();
    let engine = open(dir.path());
    import(&engine, &named(&known.folder));
    let before = answers(&engine);

    let report = import(&engine, &whole(&known.folder));
    assert_eq!(report.status, ImportStatus::Committed);
    let events = report.counts.get("events").unwrap();
    assert_eq!(
        (events.new, events.changed, events.rejected),
        (known.whole, 0, 0)
    );
    let actors = report.counts.get("actors").unwrap();
    assert_eq!(actors.new, known.added);
    let after = answers(&engine);
    assert_ne!(after, before);

    let again = import(&engine, &whole(&known.folder));
    assert_eq!(again.status, ImportStatus::Unchanged);
    assert_eq!(again.total(|c| c.same), known.whole);
    assert_eq!(answers(&engine), after);

    drop(engine);
    let engine = open(dir.path());
    assert_eq!(answers(&engine), after);

    let start = Instant::now();
    let undone = engine.undo(&report.id).unwrap();
    println!("undone in {:.3} s", start.elapsed().as_secs_f64());
    assert_eq!((undone.status, undone.kept), (ImportStatus::Undone, 0));
    assert_eq!(
        without_recorded(answers(&engine)),
        without_recorded(before.clone())
    );
    assert!(matches!(
        engine.undo(&report.id),
        Err(EngineError::NotUndoable { .. })
    ));

    drop(engine);
    let engine = open(dir.path());
    assert_eq!(without_recorded(answers(&engine)), without_recorded(before));
    // Nothing is overwritten: the commit before the undo still answers.
    let then = engine.view(KnownAt::Commit(2)).unwrap();
    let all = TimelineQuestion {
        selection: Selection::Everything,
        scope: Scope {
            window: Window::ALL,
            ..Scope::default()
        },
        order: Order::Descending,
        page: FIRST,
    };
    assert_eq!(
        timeline(&then, &all).0.total,
        known.named + usize::try_from(known.whole).unwrap()
    );
}

/// What an undo writes back is recorded anew, and links name the commit of their answer.
fn without_recorded(mut answers: Vec<Value>) -> Vec<Value> {
    for answer in &mut answers {
        if let Some(answer) = answer.as_object_mut() {
            answer.remove("records_urls");
        }
        for item in answer
            .get_mut("items")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if let Some(item) = item.as_object_mut() {
                item.remove("recorded");
                item.remove("records_url");
            }
        }
    }
    answers
}
