//! Imports a text into an engine.

use std::sync::Arc;

use chancery::engine::{Engine, ImportOptions, ImportReport, ImportStatus, OnError, Progress};
use chancery::ingest::Input;
use chancery::model::Id;

/// Imports records into a data set, all or none, whatever comes of it.
pub(crate) fn attempt(engine: &Engine, text: &str, dataset: &str) -> ImportReport {
    attempt_with(engine, text, dataset, OnError::Reject)
}

/// The same; `on_error` says what becomes of the good records when some are not.
pub(crate) fn attempt_with(
    engine: &Engine,
    text: &str,
    dataset: &str,
    on_error: OnError,
) -> ImportReport {
    let options = ImportOptions {
        id: engine.import_id(),
        dataset: Id::parse(dataset).unwrap(),
        format: None,
        on_error,
        dry_run: false,
    };
    let report = engine.import(Input::bytes(text), options, Arc::new(Progress::default()));
    report.unwrap()
}

/// The same; every record must be taken.
pub(crate) fn import(engine: &Engine, text: &str, dataset: &str) -> ImportReport {
    let report = attempt(engine, text, dataset);
    let good = [ImportStatus::Committed, ImportStatus::Unchanged];
    assert!(good.contains(&report.status), "{:?}", report.rejects);
    report
}
