//! The engine over a directory: what was accepted is there after a restart, with its reports.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::path::Path;
use std::thread;
use std::time::Duration;

use chancery::document::read;
use chancery::engine::{
    Engine, EngineError, ImportReport, ImportStatus, KnownAt, OnError, Precondition, Write,
    WriteMode, defaults,
};
use chancery::graph::{TermKind, WindowMatch};
use chancery::model::{Id, Kind, Window};
use proptest::prelude::*;

use crate::support::export::export_view;
use crate::support::import::attempt_with;

fn import(engine: &Engine, lines: &str, on_error: OnError) -> ImportReport {
    attempt_with(engine, lines, "test", on_error)
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

fn actor(id: &str, condition: Option<Precondition>) -> Write {
    let json = format!(r#"{{"id":"{id}","kind":"state","name":"{id}"}}"#);
    Write {
        mode: WriteMode::Create(Box::new(read(Kind::Actor, &json, &defaults(None)).unwrap())),
        condition,
    }
}

#[test]
fn a_panic_of_the_writer_is_no_end_of_reading_and_none_of_what_was_written() {
    let dir = tempfile::tempdir().unwrap();
    let engine = reopen(dir.path());
    engine.write(actor("a", None)).unwrap();
    assert_eq!(engine.health(), Ok(()));
    // Some wait behind the one at which the writer panics: none of them waits for ever.
    thread::scope(|scope| {
        let panic: Precondition = Box::new(|_| {
            thread::sleep(Duration::from_millis(50));
            panic!("as planned")
        });
        let writes = [actor("b", Some(panic)), actor("c", None), actor("d", None)];
        let refused = writes.map(|write| scope.spawn(|| engine.write(write)));
        let refused = refused.map(|write| write.join().unwrap());
        assert!(matches!(refused, [Err(EngineError::Poisoned(_)), ..]));
    });
    let why = engine.health().unwrap_err();
    assert!(why.contains("restart the service"), "{why}");
    for refused in [
        engine.write(actor("e", None)).unwrap_err(),
        engine.undo("any").unwrap_err(),
    ] {
        assert!(matches!(refused, EngineError::Poisoned(_)), "{refused:?}");
        assert_eq!(refused.to_string(), why);
    }
    let view = engine.view(KnownAt::Now).unwrap();
    assert!(view.find(Kind::Actor, "a").is_some());
    assert!(view.find(Kind::Actor, "b").is_none());
    engine.cause(1).unwrap();
    drop((view, engine));

    let engine = reopen(dir.path());
    assert_eq!(engine.health(), Ok(()));
    assert!(engine.verify().damage.is_empty());
    let view = engine.view(KnownAt::Now).unwrap();
    assert!(view.find(Kind::Actor, "a").is_some());
    assert!(view.find(Kind::Actor, "b").is_none());
    engine.write(actor("e", None)).unwrap();
}

/// Something that is done to the record.
#[derive(Clone, Debug)]
enum Step {
    /// An import of lines, of quadruples or of events with an id.
    Quads(Vec<(u8, u8, u8)>),
    Lines(Vec<(u8, u8, u8)>),
    /// Another event in place of one with an id, or with a title if it has none.
    Put(u8, u8),
    Delete(u8),
    /// The undo of one of the imports so far.
    Undo(prop::sample::Index),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let rows = || prop::collection::vec((0..6_u8, 0..6_u8, 0..4_u8), 1..9);
    prop_oneof![
        3 => rows().prop_map(Step::Quads),
        3 => rows().prop_map(Step::Lines),
        2 => (0..6_u8, 0..6_u8).prop_map(|(event, actor)| Step::Put(event, actor)),
        2 => (0..6_u8).prop_map(Step::Delete),
        1 => any::<prop::sample::Index>().prop_map(Step::Undo),
        2 => Just(Step::Reopen),
    ]
}

fn quads(rows: &[(u8, u8, u8)]) -> String {
    let dates = ["2014-09-22", "2014-09", "2014-09-23", "2014-09-22~"];
    let row = |(a, b, date): &(u8, u8, u8)| {
        let date = dates.get(usize::from(*date)).unwrap();
        format!("Actor {a}\tMake a visit\tActor {b}\t{date}")
    };
    rows.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// Events with ids, between events that are not plain.
fn lines(rows: &[(u8, u8, u8)]) -> String {
    let mut lines: Vec<String> = (0..6)
        .map(|a| {
            format!(r#"{{"record":"actor","id":"actor-{a}","kind":"unknown","name":"Actor {a}"}}"#)
        })
        .collect();
    for (event, actor, more) in rows {
        let more = match more {
            0 => r#","title":"T""#,
            1 => r#","date":"2014-09-22""#,
            2 => r#","date":"2014""#,
            _ => "",
        };
        lines.push(format!(
            r#"{{"record":"event","id":"e{event}","type":"CONSULT","participants":[{{"actor":"actor-{actor}","role":"source"}},{{"actor":"Actor {event}","role":"target"}}]{more}}}"#
        ));
    }
    lines.join("\n")
}

/// All that every commit shows: its records, and each actor's timeline in order.
fn shown(engine: &Engine) -> Vec<Vec<String>> {
    let last = engine
        .view(KnownAt::Now)
        .unwrap()
        .mark()
        .map_or(0, |mark| mark.commit);
    let views = (0..=last).map(|commit| engine.view(KnownAt::Commit(commit)).unwrap());
    views
        .map(|view| {
            let mut shown = vec![export_view(view.clone())];
            let window = view.window(Window::ALL, WindowMatch::default());
            for actor in 0..6 {
                if let Some(actor) = view.term(TermKind::Actor, &format!("actor-{actor}")) {
                    shown.extend(window.of_actor(actor).map(|row| view.id(row)));
                }
            }
            shown.extend(window.all().map(|row| view.id(row)));
            shown
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn reopening_changes_no_answer(steps in prop::collection::vec(step(), 1..14)) {
        let dir = tempfile::tempdir().unwrap();
        let mut engine = reopen(dir.path());
        let mut imports = Vec::new();
        for step in &steps {
            match step {
                Step::Quads(rows) => {
                    let report = import(&engine, &quads(rows), OnError::Reject);
                    let counts = report.counts["events"];
                    prop_assert_eq!(counts.new + counts.same + counts.rejected, rows.len() as u64);
                    // What was taken once is there.
                    if report.status == ImportStatus::Committed {
                        let again = import(&engine, &quads(rows), OnError::Reject);
                        prop_assert_eq!(again.status, ImportStatus::Unchanged);
                    }
                    imports.push(report.id);
                }
                Step::Lines(rows) => imports.push(import(&engine, &lines(rows), OnError::Skip).id),
                Step::Put(event, actor) => {
                    let line = lines(&[(*event, *actor, 1)]);
                    let line = line.lines().last().unwrap();
                    let draft = read(Kind::Event, line, &defaults(None)).unwrap();
                    // It fails where the actors are not there.
                    drop(engine.write(write(WriteMode::Put(Box::new(draft)))));
                }
                Step::Delete(event) => {
                    let id = Id::parse(&format!("e{event}")).unwrap();
                    drop(engine.write(write(WriteMode::Delete(Kind::Event, id))));
                }
                Step::Undo(import) if !imports.is_empty() => {
                    drop(engine.undo(import.get::<String>(&imports)));
                }
                Step::Undo(_) => {}
                Step::Reopen => {
                    let before = shown(&engine);
                    drop(engine);
                    engine = reopen(dir.path());
                    prop_assert!(shown(&engine) == before);
                }
            }
        }
        let before = shown(&engine);
        drop(engine);
        engine = reopen(dir.path());
        prop_assert!(shown(&engine) == before);
        let verified = engine.verify();
        prop_assert_eq!(verified.damage, vec![]);
    }
}

fn write(mode: WriteMode) -> Write {
    Write {
        mode,
        condition: None,
    }
}
