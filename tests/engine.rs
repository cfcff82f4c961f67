//! The engine over a directory: what was accepted is there after a restart, with its reports.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::path::Path;
use std::sync::Arc;

use chancery::engine::{
    Engine, ImportOptions, ImportReport, ImportStatus, KnownAt, OnError, Progress,
};
use chancery::ingest::Input;
use chancery::model::{Id, Kind};

fn import(engine: &Engine, lines: &str, on_error: OnError) -> ImportReport {
    let options = ImportOptions {
        id: engine.import_id(),
        dataset: Id::parse("test").unwrap(),
        format: None,
        on_error,
        dry_run: false,
    };
    engine
        .import(Input::bytes(lines), options, Arc::new(Progress::default()))
        .unwrap()
}

fn reopen(dir: &Path) -> Engine {
    Engine::open(dir).unwrap().0
}

const ACTORS: &str = r#"{"record":"actor","id":"a","kind":"state","name":"A"}
{"record":"actor","id":"b","kind":"state","name":"B"}"#;

fn event(id: &str, target: &str) -> String {
    format!(
        r#"{{"record":"event","id":"{id}","type":"CONSULT","participants":[{{"actor":"a","role":"source"}},{{"actor":"{target}","role":"target"}}]}}"#
    )
}

#[test]
fn reports_and_their_rejects_come_back_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let engine = reopen(dir.path());
    let input = format!(
        "{ACTORS}\n{}\n{}",
        event("good", "b"),
        event("bad", "nobody")
    );
    let report = import(&engine, &input, OnError::Skip);
    assert_eq!(report.status, ImportStatus::Committed);
    assert_eq!((report.problems, report.rejects.len()), (1, 1));
    assert_eq!(
        report.rejects.first().map(|r| (r.line, r.field.as_str())),
        Some((4, "participants[1].actor"))
    );
    drop(engine);
    let engine = reopen(dir.path());
    assert_eq!(engine.report(&report.id), Some(report.clone()));
    let undone = engine.undo(&report.id).unwrap();
    assert_eq!(undone.status, ImportStatus::Undone);
    let now = engine.view(KnownAt::Now).unwrap();
    assert!(now.find(Kind::Event, "good").is_none());
    let then = engine.view(KnownAt::Commit(1)).unwrap();
    assert!(then.find(Kind::Event, "good").is_some());
    drop(engine);
    let engine = reopen(dir.path());
    assert_eq!(
        engine.report(&report.id).map(|r| r.status),
        Some(ImportStatus::Undone)
    );
    assert!(
        engine
            .view(KnownAt::Now)
            .unwrap()
            .find(Kind::Actor, "a")
            .is_none()
    );
}

#[test]
fn a_record_that_falls_late_takes_those_with_it_that_name_it() {
    let dir = tempfile::tempdir().unwrap();
    let engine = reopen(dir.path());
    let linked = |id: &str, to: &str| {
        event(id, "b").replace(
            r#""type""#,
            &format!(r#""links":[{{"kind":"follows","event":"{to}"}}],"type""#),
        )
    };
    // e1 follows e2, which comes later and follows e3, which never comes; e5 and e6 go in a circle.
    let lines = [
        ACTORS.to_owned(),
        linked("e1", "e2"),
        linked("e2", "e3"),
        event("e4", "b"),
        linked("e5", "e6"),
        linked("e6", "e5"),
    ];
    let input = lines.join("\n");
    let report = import(&engine, &input, OnError::Reject);
    assert_eq!(report.status, ImportStatus::Rejected);
    assert!(
        engine.view(KnownAt::Now).unwrap().mark().is_none(),
        "nothing was written"
    );
    let report = import(&engine, &input, OnError::Skip);
    assert_eq!(report.status, ImportStatus::Committed);
    let view = engine.view(KnownAt::Now).unwrap();
    let left: Vec<_> = view.of_kind(Kind::Event).map(|row| view.id(row)).collect();
    assert_eq!(left, ["e4"]);
    let events = report.counts.get("events").unwrap();
    assert_eq!((events.new, events.rejected), (1, 4));
}
