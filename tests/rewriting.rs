//! Open dates that an earlier version wrote: counted on opening, rewritten as one commit, undone.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fs;
use std::path::Path;

use chancery::engine::{Engine, ImportStatus, OldDates, WarningKind};

use crate::support::export::export;
use crate::support::import::{attempt, import};

const FIXTURE: &str = "tests/fixtures/open-dates";

/// A copy of the directory that an earlier version wrote.
fn copied() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    for file in fs::read_dir(Path::new(FIXTURE).join("record")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), place.path().join(file.file_name())).unwrap();
    }
    place
}

fn open(place: &tempfile::TempDir) -> Engine {
    Engine::open_existing(place.path()).unwrap().0
}

fn records() -> String {
    fs::read_to_string(Path::new(FIXTURE).join("records.jsonl")).unwrap()
}

/// The file as this version would write it. A period takes no duration any more.
fn respelled() -> String {
    let records = records();
    ["../1900", "../2023-06-16", "../2023-06-15", "../2023-06"]
        .iter()
        .fold(records, |text, old| {
            let new = old.trim_start_matches("../");
            text.replace(&format!("\"{old}\""), &format!("\"[..{new}]\""))
        })
        .replace("2024-01/..", "[2024-01..]")
        .replace("2020/2021", "[2020..2021]")
}

const NONE: OldDates = OldDates { until: 0, since: 0 };

#[test]
fn a_directory_of_before_says_how_many_records_have_dates_of_before() {
    let place = copied();
    let engine = open(&place);
    let before = fs::read_to_string(Path::new(FIXTURE).join("export.jsonl")).unwrap();
    assert_eq!(export(&engine), before);
    // The office has one at either end.
    let old = OldDates { until: 3, since: 2 };
    assert_eq!(engine.old_dates().unwrap(), old);
    // What this version writes is meant as it is read.
    let event = r#"{"record":"event","id":"talks","type":"CONSULT","date":"../2024","participants":[{"actor":"usa","role":"participant"},{"actor":"syria","role":"participant"}]}"#;
    assert_eq!(
        import(&engine, event, "old").status,
        ImportStatus::Committed
    );
    assert_eq!(engine.old_dates().unwrap(), old);
    let (rewritten, report) = engine.rewrite_dates(false, true).unwrap();
    assert_eq!(report.status, ImportStatus::Checked);
    assert!(
        rewritten.iter().all(|one| one.id != "talks"),
        "{rewritten:?}"
    );
    assert_eq!(engine.old_dates().unwrap(), old);
}

#[test]
fn what_is_rewritten_is_one_commit_that_can_be_undone_and_the_file_stays_a_no_op() {
    let place = copied();
    let engine = open(&place);
    let before = export(&engine);
    let (rewritten, report) = engine.rewrite_dates(false, false).unwrap();
    assert_eq!(report.status, ImportStatus::Committed);
    let mut shown: Vec<String> = rewritten
        .iter()
        .map(|one| format!("{} {} {}", one.field, one.before, one.after))
        .collect();
    shown.sort();
    assert_eq!(
        shown,
        [
            "date ../2023-06 [..2023-06]",
            "date ../2023-06-15 [..2023-06-15]",
            "since ../1900 [..1900]",
            "since ../2023-06-16 [..2023-06-16]",
            "since 2020/2021 [2020..2021]",
            "until 2024-01/.. [2024-01..]",
        ]
    );
    // The sanction goes on, and nobody asked for it to be one day.
    assert_eq!(engine.old_dates().unwrap(), OldDates { until: 0, since: 1 });
    let ids = |text: &str| -> Vec<String> {
        let of_line = |line: &str| {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            format!("{} {}", record["record"], record["id"])
        };
        let mut ids: Vec<String> = text.lines().map(of_line).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&export(&engine)), ids(&before));
    // Once more, there is nothing left.
    let (again, report) = engine.rewrite_dates(false, false).unwrap();
    assert_eq!((again.len(), report.status), (0, ImportStatus::Unchanged));
    let rewritten = export(&engine);
    for text in [records().replace("2020/2021", "[2020..2021]"), respelled()] {
        let report = import(&engine, &text, "old");
        assert_eq!(report.status, ImportStatus::Unchanged, "{report:?}");
    }
    drop(engine);
    let engine = open(&place);
    assert_eq!(export(&engine), rewritten);
    let import = engine.reports(10).first().unwrap().id.clone();
    engine.undo(&import).unwrap();
    assert_eq!(export(&engine), before);
    assert_eq!(engine.old_dates().unwrap(), OldDates { until: 3, since: 2 });
}

#[test]
fn what_goes_on_is_rewritten_where_that_is_asked_for() {
    let place = copied();
    let engine = open(&place);
    let (rewritten, _) = engine.rewrite_dates(true, false).unwrap();
    let sanction = rewritten.iter().find(|one| one.id == "sanction").unwrap();
    assert_eq!(sanction.after.to_string(), "[2017-08-05..]");
    assert_eq!(engine.old_dates().unwrap(), NONE);
}

#[test]
fn the_old_file_is_a_no_op_before_it_is_rewritten_too_and_says_once_what_it_means() {
    let place = copied();
    let engine = open(&place);
    let report = import(
        &engine,
        &records().replace("2020/2021", "[2020..2021]"),
        "old",
    );
    assert_eq!(report.counts["relations"].same, 1, "{report:?}");
    // A duration in a period is refused now, and what stands for it is another text.
    assert_eq!(report.counts["relations"].changed, 1, "{report:?}");
    let said: Vec<_> = report
        .warnings
        .iter()
        .filter(|warning| warning.kind == WarningKind::OldSpelling)
        .collect();
    // Of periods, and of what goes on: once each. What is there already, word for word, needs no word.
    assert_eq!(said.len(), 2, "{said:?}");
    let refused = attempt(&engine, &records(), "old");
    assert_eq!(refused.status, ImportStatus::Rejected);
    assert_eq!(
        refused.rejects[0].suggestion.as_deref(),
        Some("[2020..2021]")
    );
}

#[test]
fn the_new_file_and_the_old_one_are_two_records_where_nobody_rewrote_any() {
    let engine = Engine::temporary().unwrap();
    let text = respelled();
    assert_eq!(
        import(&engine, &text, "old").status,
        ImportStatus::Committed
    );
    assert_eq!(
        import(&engine, &text, "old").status,
        ImportStatus::Unchanged
    );
    // Periods are read alike; an event that went on until a day is another than one by that day.
    let report = import(
        &engine,
        &records().replace("2020/2021", "[2020..2021]"),
        "old",
    );
    assert_eq!(report.counts["relations"].same, 2, "{report:?}");
    assert_eq!(report.counts["actors"].same, 3, "{report:?}");
    assert_eq!(report.counts["events"].new, 1, "{report:?}");
    assert_eq!(engine.old_dates().unwrap(), NONE);
}
