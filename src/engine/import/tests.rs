//! Imports whose threads panic, and what they leave.

use std::sync::Arc;

use super::*;
use crate::engine::failpoint::{break_in, panic_in};
use crate::engine::{Engine, EngineError, KnownAt, Write, WriteMode};

const LINES: &str = r#"{"record":"actor","id":"a","kind":"state","name":"A"}
{"record":"actor","id":"b","kind":"state","name":"B"}
{"record":"event","cameo":"042","date":"2023-06-16","participants":[{"actor":"a","role":"source"},{"actor":"b","role":"target"}]}
"#;

fn options(id: String) -> ImportOptions {
    ImportOptions {
        id,
        dataset: Id::parse("test").unwrap(),
        format: None,
        on_error: OnError::Reject,
        dry_run: false,
    }
}

fn import(engine: &Engine, id: String) -> Result<ImportReport, EngineError> {
    engine.import(Input::bytes(LINES), options(id), Arc::default())
}

fn actor(id: &str) -> Write {
    let json = format!(r#"{{"id":"{id}","kind":"state","name":"{id}"}}"#);
    let draft = crate::document::read(Kind::Actor, &json, &crate::engine::defaults(None)).unwrap();
    Write {
        mode: WriteMode::Create(Box::new(draft)),
        condition: None,
    }
}

fn commits(engine: &Engine) -> u64 {
    let view = engine.view(KnownAt::Now).unwrap();
    view.mark().map_or(0, |mark| mark.commit)
}

#[test]
fn an_import_whose_reading_panics_fails_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (engine, _) = Engine::open(dir.path()).unwrap();
    for point in ["the parser", "the ids"] {
        let error = import(&engine, panic_in(point)).unwrap_err();
        assert!(matches!(error, EngineError::Panicked(_)), "{error:?}");
        let report = engine.report(&panic_in(point)).unwrap();
        assert_eq!(report.status, ImportStatus::Failed);
        assert_eq!(report.failure, Some(error.to_string()));
        assert_eq!(commits(&engine), 0);
        // What reads an input holds nothing that others use.
        assert_eq!(engine.health(), Ok(()));
    }
    let report = import(&engine, "good".into()).unwrap();
    assert_eq!(
        (report.status, report.commit),
        (ImportStatus::Committed, Some(1))
    );
    drop(engine);
    let (engine, opened) = Engine::open(dir.path()).unwrap();
    assert_eq!((opened.commits, opened.rolled_back_blocks), (1, 0));
    assert_eq!(engine.report("good"), Some(report));
}

#[test]
fn an_import_whose_checks_panic_poisons_the_engine_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (engine, _) = Engine::open(dir.path()).unwrap();
    engine.write(actor("c")).unwrap();
    let id = panic_in("the checks");
    let error = import(&engine, id.clone()).unwrap_err();
    assert!(matches!(error, EngineError::Poisoned(_)), "{error:?}");
    assert_eq!(engine.health(), Err(error.to_string()));
    assert_eq!(engine.progress(&id), None);
    let report = engine.report(&id).unwrap();
    assert_eq!(report.status, ImportStatus::Failed);
    assert_eq!(report.failure, Some(error.to_string()));
    let refused = engine.write(actor("d")).unwrap_err();
    assert!(matches!(refused, EngineError::Poisoned(_)), "{refused:?}");
    // Reads go on.
    assert_eq!(commits(&engine), 1);
    let view = engine.view(KnownAt::Now).unwrap();
    assert!(view.find(Kind::Actor, "c").is_some());
    assert!(view.find(Kind::Actor, "a").is_none());
    drop((view, engine));
    let (engine, opened) = Engine::open(dir.path()).unwrap();
    assert_eq!((opened.commits, opened.rolled_back_blocks), (1, 0));
    assert!(engine.verify().damage.is_empty());
    engine.write(actor("d")).unwrap();
    assert_eq!(
        import(&engine, "good".into()).unwrap().status,
        ImportStatus::Committed
    );
}

#[test]
fn a_broken_invariant_on_any_thread_of_an_import_ends_the_writing() {
    for point in ["the parser", "the ids", "the checks"] {
        let dir = tempfile::tempdir().unwrap();
        let (engine, _) = Engine::open(dir.path()).unwrap();
        engine.write(actor("c")).unwrap();
        import(&engine, break_in(point)).unwrap();
        let why = engine.health().unwrap_err();
        assert!(why.contains("actor a: as the test wants it"), "{why}");
        let refused = engine.write(actor("d")).unwrap_err();
        assert!(
            matches!(refused, EngineError::BrokenState(_)),
            "{point}: {refused:?}"
        );
        assert_eq!(refused.to_string(), why);
        // Reads go on.
        let view = engine.view(KnownAt::Now).unwrap();
        assert!(view.find(Kind::Actor, "c").is_some());
        drop((view, engine));
        let (engine, _) = Engine::open(dir.path()).unwrap();
        assert_eq!(engine.health(), Ok(()));
    }
}
