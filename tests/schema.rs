//! The JSON Schemas in `schema/` and the importer say the same: what one takes, the other takes,
//! but for the rules of [`BEYOND_THE_SCHEMA`].

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::cell::Cell;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery::document::schema::SchemaKind;
use chancery::document::values::DATE_FORMAT;
use chancery::engine::{
    Engine, ImportOptions, ImportReport, ImportStatus, OnError, Progress, defaults,
};
use chancery::ingest::{self, Input, InputFormat, Item, ReadOptions};
use chancery::model::Date;
use jsonschema::{Validator, draft202012};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

/// What the importer refuses with these words, no schema can: JSON Schema counts characters and
/// not bytes, compares values as they are written, and knows neither calendars nor other members.
const BEYOND_THE_SCHEMA: &[&str] = &[
    "bytes; the maximum is", // characters of more than one byte; attributes as a whole
    "entries; the maximum is", // actors and stances of a statement, all lists together
    "ends before it starts", // until before since
    "is in the list already", // the same but for white space around it
    "a relation needs two different actors", // subject and object
    "a source can't repeat itself", // original and id
    "an event can't be linked to itself", // links and id
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn validator(described: SchemaKind) -> Validator {
    let schema: Value = serde_json::from_str(&described.schema().unwrap()).unwrap();
    jsonschema::options()
        .with_format(DATE_FORMAT, |text: &str| Date::parse(text).is_ok())
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

/// Everything that the importer says against one record, before it looks at other records.
fn refusals(record: &Value) -> Vec<String> {
    let options = ReadOptions {
        format: Some(InputFormat::JsonLines),
        ..ReadOptions::new(defaults(None))
    };
    let mut refusals = Vec::new();
    let input = Input::bytes(serde_json::to_vec(record).unwrap());
    ingest::read(&input, &options, &mut |item| {
        if let Item::Rejects(rejects) = item {
            refusals.extend(rejects.into_iter().map(|reject| reject.problem.to_string()));
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    refusals
}

fn import(input: Input) -> ImportReport {
    let engine = Engine::temporary().unwrap();
    let options = ImportOptions {
        id: engine.import_id(),
        dataset: defaults(None).dataset,
        format: None,
        on_error: OnError::Reject,
        dry_run: false,
    };
    let progress = Arc::new(Progress::default());
    engine.import(input, options, progress).unwrap()
}

fn examples() -> Vec<(PathBuf, Value)> {
    let files = fs::read_dir(root().join("examples")).unwrap();
    let mut examples: Vec<_> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "json"))
        .map(|path| {
            let json = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            (path, json)
        })
        .collect();
    examples.sort_by(|a, b| a.0.cmp(&b.0));
    examples
}

/// A record of each kind with every member that there is.
fn full_records() -> Vec<Value> {
    vec![
        json!({
            "record": "source", "id": "s", "dataset": "d", "kind": "article", "title": "T",
            "publisher": "P", "authors": ["A", "B"], "agency": "Yonhap", "original": "s0",
            "url": "https://example.org/", "published": "2023-06", "language": "en"
        }),
        json!({
            "record": "actor", "id": "a", "dataset": "d", "kind": "state", "name": "N",
            "aliases": ["X", { "text": "Y", "language": "ko", "since": "1990", "until": "2000-05" }],
            "codes": { "iso3": "USA", "cow": "2" }, "description": "D"
        }),
        json!({
            "record": "relation", "id": "r", "dataset": "d", "subject": "a", "kind": "holds_office",
            "object": "b", "title": "T", "since": "2021-01-26", "until": "2025",
            "sources": [{ "source": "s", "quote": "Q", "locator": "p. 1", "confidence": 0.9 }]
        }),
        json!({
            "record": "event", "id": "e", "dataset": "d", "type": "CONSULT", "cameo": "041",
            "title": "T", "date": "2023-06-18/2023-06-19", "status": "scheduled",
            "participants": [{ "actor": "a", "role": "source" }, { "actor": "b", "role": "target" }],
            "place": { "name": "Seoul", "country": "KOR", "lat": 37.5, "lon": 127.0 },
            "topics": ["nuclear"], "links": [{ "kind": "follows", "event": "e0" }],
            "sources": [{ "source": "s" }], "attributes": { "any": [1, { "thing": null }] }
        }),
        json!({
            "record": "statement", "id": "t", "dataset": "d", "speakers": ["a"],
            "on_behalf_of": ["b"], "audience": ["c"], "relayed_by": ["e"], "date": "2023-06-16",
            "event": "e", "text": "Words", "quote": true, "topics": ["nuclear"],
            "stances": [
                { "toward": "b", "stance": "condemns", "about": "launches" },
                { "toward": { "event": "e" }, "stance": "praises" },
                { "toward": { "topic": "peace" }, "stance": "supports" },
                { "toward": { "actor": "c" }, "stance": "warns" }
            ],
            "sources": []
        }),
    ]
}

/// The full record of a kind, changed.
fn changed(kind: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut records = full_records();
    let record = records.iter_mut().find(|it| it["record"] == kind).unwrap();
    change(record);
    record.take()
}

#[test]
fn the_schemas_are_schemas() {
    for described in SchemaKind::ALL {
        let schema: Value = serde_json::from_str(&described.schema().unwrap()).unwrap();
        let checked = draft202012::meta::validate(&schema);
        assert!(checked.is_ok(), "{}: {checked:?}", described.as_str());
    }
}

#[test]
fn the_files_in_schema_are_fresh() {
    for described in SchemaKind::ALL {
        let name = described.as_str();
        let file = Path::new("schema").join(format!("{name}.schema.json"));
        let committed = fs::read_to_string(root().join(&file)).unwrap_or_default();
        assert!(
            committed == described.schema().unwrap(),
            "{} is out of date; run: cargo run -- schema {name} > {}",
            file.display(),
            file.display()
        );
    }
}

#[test]
fn the_schemas_own_examples_fit_them_and_are_read() {
    for described in SchemaKind::ALL {
        let text = described.schema().unwrap();
        let schema: Value = serde_json::from_str(&text).unwrap();
        let validator = validator(*described);
        for example in schema["examples"].as_array().unwrap() {
            assert!(validator.is_valid(example), "{example}");
        }
    }
    let record: Value = serde_json::from_str(&SchemaKind::Record.schema().unwrap()).unwrap();
    assert_eq!(refusals(&record["examples"][0]), Vec::<String>::new());
    let document: Value = serde_json::from_str(&SchemaKind::Document.schema().unwrap()).unwrap();
    let report = import(Input::bytes(document["examples"][0].to_string()));
    assert_eq!(report.status, ImportStatus::Committed, "{report:?}");
}

#[test]
fn every_example_fits_the_schema_and_is_imported() {
    let validator = validator(SchemaKind::Document);
    let examples = examples();
    assert!(!examples.is_empty());
    for (path, json) in &examples {
        let faults: Vec<_> = validator.iter_errors(json).map(|e| e.to_string()).collect();
        assert!(faults.is_empty(), "{}: {faults:#?}", path.display());
        let report = import(Input::file(path).unwrap());
        assert_eq!(report.status, ImportStatus::Committed, "{report:?}");
    }
}

#[test]
fn full_records_are_taken_by_both() {
    let validator = validator(SchemaKind::Record);
    for record in full_records() {
        assert_eq!(refusals(&record), Vec::<String>::new(), "{record}");
        assert!(validator.is_valid(&record), "{record}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn broken_records_are_refused_by_both() {
    let set = |kind: &str, pointer: &str, value: Value| {
        changed(kind, |record| *record.pointer_mut(pointer).unwrap() = value)
    };
    let add = |kind: &str, object: &str, member: &str, value: Value| {
        changed(kind, |record| {
            record.pointer_mut(object).unwrap()[member] = value;
        })
    };
    let without = |kind: &str, object: &str, member: &str| {
        changed(kind, |record| {
            let object = record.pointer_mut(object).unwrap();
            object.as_object_mut().unwrap().remove(member).unwrap();
        })
    };
    let broken = [
        ("no kind of record", without("event", "", "record")),
        (
            "an unknown kind of record",
            set("event", "/record", json!("meeting")),
        ),
        (
            "a kind of record that is null",
            set("event", "/record", json!(null)),
        ),
        ("no object", json!(["event"])),
        (
            "an unknown member",
            add("event", "", "colour", json!("red")),
        ),
        (
            "a member of another kind",
            add("event", "", "speakers", json!(["a"])),
        ),
        (
            "an unknown member of a participant",
            add("event", "/participants/0", "as", json!("x")),
        ),
        (
            "an unknown member of a place",
            add("event", "/place", "city", json!("x")),
        ),
        ("an id with capitals", set("event", "/id", json!("Blinken"))),
        ("an id with a space", set("event", "/id", json!("a b"))),
        ("an empty id", set("event", "/id", json!(""))),
        (
            "an id of 129 characters",
            set("event", "/id", json!("a".repeat(129))),
        ),
        ("an id that is a number", set("event", "/id", json!(7))),
        (
            "a data set that is no id",
            set("source", "/dataset", json!("My data")),
        ),
        ("no participants", without("event", "", "participants")),
        (
            "an empty list of participants",
            set("event", "/participants", json!([])),
        ),
        (
            "participants that are null",
            set("event", "/participants", json!(null)),
        ),
        (
            "a participant twice",
            add("event", "/participants/1", "role", json!("source"))
                .pointer("/participants/0")
                .map(|first| set("event", "/participants", json!([first, first])))
                .unwrap(),
        ),
        (
            "a participant without a role",
            without("event", "/participants/0", "role"),
        ),
        (
            "a role that there is not",
            set("event", "/participants/0/role", json!("guest")),
        ),
        (
            "a role of statements",
            set("event", "/participants/0/role", json!("speaker")),
        ),
        (
            "257 participants",
            set(
                "event",
                "/participants",
                (0..257)
                    .map(|i| json!({ "actor": format!("a{i}"), "role": "participant" }))
                    .collect(),
            ),
        ),
        (
            "latitude without longitude",
            without("event", "/place", "lon"),
        ),
        (
            "longitude without latitude",
            set("event", "/place/lat", json!(null)),
        ),
        (
            "a latitude beyond the pole",
            set("event", "/place/lat", json!(90.5)),
        ),
        (
            "a place that says nothing",
            set("event", "/place", json!({})),
        ),
        (
            "a day that there is not",
            set("event", "/date", json!("2023-02-30")),
        ),
        ("a date in words", set("event", "/date", json!("last June"))),
        (
            "a date that is a number",
            set("event", "/date", json!(2023)),
        ),
        (
            "an interval backwards",
            set("event", "/date", json!("2023-06/2023-05")),
        ),
        ("a code that is a number", set("event", "/cameo", json!(41))),
        (
            "a code that lost its zero",
            set("event", "/cameo", json!("41")),
        ),
        (
            "a code of an unknown root",
            set("event", "/cameo", json!("21")),
        ),
        (
            "a type that there is not",
            set("event", "/type", json!("MEETING")),
        ),
        (
            "a type that was dropped",
            set("event", "/type", json!("CRIME")),
        ),
        (
            "neither type nor code",
            changed("event", |record| {
                record["type"] = json!(null);
                record["cameo"] = json!(null);
            }),
        ),
        (
            "a status in capitals",
            set("event", "/status", json!("Occurred")),
        ),
        (
            "an unknown link",
            set("event", "/links/0/kind", json!("causes")),
        ),
        (
            "attributes that are a list",
            set("event", "/attributes", json!([1])),
        ),
        ("an empty topic", set("event", "/topics/0", json!(""))),
        ("a topic twice", set("event", "/topics", json!(["a", "a"]))),
        (
            "a confidence above 1",
            set("relation", "/sources/0/confidence", json!(1.5)),
        ),
        (
            "a confidence just above 1",
            set("relation", "/sources/0/confidence", json!(1.000_000_001)),
        ),
        (
            "a confidence just below 0",
            set("relation", "/sources/0/confidence", json!(-1e-60)),
        ),
        (
            "a confidence in words",
            set("relation", "/sources/0/confidence", json!("high")),
        ),
        (
            "a citation that is a list",
            set("relation", "/sources/0", json!(["s"])),
        ),
        (
            "a citation without a source",
            without("relation", "/sources/0", "source"),
        ),
        ("an empty name", set("actor", "/name", json!(""))),
        ("a blank name", set("actor", "/name", json!(" \u{a0}\t"))),
        (
            "a name with a control character",
            set("actor", "/name", json!("a\u{7}b")),
        ),
        ("no name", without("actor", "", "name")),
        (
            "an unknown kind of actor",
            set("actor", "/kind", json!("country")),
        ),
        (
            "an alias that is a number",
            set("actor", "/aliases/0", json!(1)),
        ),
        (
            "an alias without a text",
            without("actor", "/aliases/1", "text"),
        ),
        (
            "a code of an actor that is a number",
            set("actor", "/codes/cow", json!(2)),
        ),
        (
            "an empty code scheme",
            add("actor", "/codes", "", json!("x")),
        ),
        ("no object", without("relation", "", "object")),
        (
            "an unknown relation",
            set("relation", "/kind", json!("friend_of")),
        ),
        (
            "an unknown kind of source",
            set("source", "/kind", json!("tweet")),
        ),
        (
            "a title of 65,537 bytes",
            set("source", "/title", json!("a".repeat(65_537))),
        ),
        (
            "authors that are a text",
            set("source", "/authors", json!("A")),
        ),
        ("no speakers", without("statement", "", "speakers")),
        (
            "an empty list of speakers",
            set("statement", "/speakers", json!([])),
        ),
        (
            "neither text nor stances",
            changed("statement", |record| {
                record["text"] = json!(null);
                record["quote"] = json!(false);
                record["stances"] = json!([]);
            }),
        ),
        (
            "a quotation without a text",
            set("statement", "/text", json!(null)),
        ),
        (
            "a quotation in words",
            set("statement", "/quote", json!("yes")),
        ),
        (
            "an unknown stance",
            set("statement", "/stances/0/stance", json!("hates")),
        ),
        (
            "a stance toward nobody",
            without("statement", "/stances/0", "toward"),
        ),
        (
            "a stance toward two",
            set(
                "statement",
                "/stances/0/toward",
                json!({ "actor": "a", "topic": "t" }),
            ),
        ),
        (
            "a stance toward a place",
            set("statement", "/stances/0/toward", json!({ "place": "a" })),
        ),
    ];
    let validator = validator(SchemaKind::Record);
    for (what, record) in &broken {
        assert!(
            !validator.is_valid(record),
            "the schema takes {what}: {record}"
        );
        assert!(
            !refusals(record).is_empty(),
            "the importer takes {what}: {record}"
        );
    }
    let words: Vec<_> = broken
        .iter()
        .flat_map(|(_, record)| refusals(record))
        .collect();
    assert!(words.len() >= broken.len());
}

#[test]
fn broken_documents_are_refused_by_both() {
    let validator = validator(SchemaKind::Document);
    let broken = [
        json!({}),
        json!({ "dataset": "d" }),
        json!({ "actors": [], "events": [] }),
        json!({ "actors": null }),
        json!({ "actors": {} }),
        json!({ "actors": [{ "kind": "state", "name": "N" }], "people": [] }),
        json!({ "actors": [{ "kind": "state", "name": "N" }], "dataset": "My Data" }),
        json!({ "actors": [{ "kind": "state", "name": "N" }], "dataset": 7 }),
        json!({ "actors": [{ "kind": "state", "name": "N", "record": "event" }] }),
        json!({ "actors": [{ "kind": "state" }] }),
        json!([{ "record": "actor", "kind": "state", "name": "N" }]),
    ];
    for document in broken {
        assert!(!validator.is_valid(&document), "{document}");
        let report = import(Input::bytes(document.to_string()));
        assert_eq!(report.status, ImportStatus::Rejected, "{document}");
    }
    let good =
        json!({ "dataset": null, "actors": [{ "kind": "state", "name": "N", "record": null }] });
    assert!(validator.is_valid(&good));
    assert_eq!(
        import(Input::bytes(good.to_string())).status,
        ImportStatus::Committed
    );
}

#[test]
fn words_and_types_are_read_in_the_cases_that_the_schema_gives() {
    let validator = validator(SchemaKind::Record);
    for (word, good) in [
        ("CONSULT", true),
        ("consult", true),
        ("Consult", true),
        ("demand", true),
        ("Disapprove", true),
        ("CONSULT ", false),
        ("CONSULTS", false),
        ("", false),
    ] {
        let record = changed("event", |record| record["type"] = json!(word));
        assert_eq!(validator.is_valid(&record), good, "{word:?}");
        assert_eq!(refusals(&record).is_empty(), good, "{word:?}");
    }
}

/// One change to a record.
#[derive(Clone, Debug)]
enum Mutation {
    Replace(Value),
    Remove,
    Add(String, Value),
    Double,
}

fn mutations() -> impl Strategy<Value = Vec<(prop::sample::Index, Mutation)>> {
    let mutation = prop_oneof![
        4 => values().prop_map(Mutation::Replace),
        2 => Just(Mutation::Remove),
        2 => (members(), values()).prop_map(|(name, value)| Mutation::Add(name, value)),
        1 => Just(Mutation::Double),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), mutation), 1..4)
}

/// Names of members, known in some place or in none.
fn members() -> impl Strategy<Value = String> {
    let mut names = vec!["colour".to_owned(), " iso3".to_owned(), String::new()];
    for record in full_records() {
        walk(&record, &mut |value| {
            names.extend(
                value
                    .as_object()
                    .into_iter()
                    .flat_map(|it| it.keys().cloned()),
            );
        });
    }
    prop::sample::select(names)
}

/// Values that stand somewhere in good records, edges of what is allowed, and noise.
fn values() -> impl Strategy<Value = Value> {
    let mut known = Vec::new();
    for record in full_records() {
        walk(&record, &mut |value| known.push(value.clone()));
    }
    let edges = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-1),
        json!(1.000_000_001),
        json!(-1e-60),
        json!(1e-60),
        json!(0.5),
        json!(90),
        json!(-90.0),
        json!(180),
        json!(181),
        json!(1e300),
        json!([]),
        json!({}),
        json!(["a", "a"]),
        json!(["a", "a "]),
        json!([null]),
        json!(""),
        json!(" "),
        json!(" a\u{a0}"),
        json!("\u{feff}"),
        json!("\u{85}"),
        json!("a\u{85}"),
        json!("\u{b}a\u{c}"),
        json!("a\u{b}b"),
        json!("a\u{0}"),
        json!("a\nb"),
        json!("\u{1f}a"),
        json!("2024-02-29"),
        json!("2023-02-29"),
        json!("202X"),
        json!("2023-06-XX"),
        json!("2023-06-16?"),
        json!("../2023"),
        json!("2023/.."),
        json!("/2023"),
        json!("2023-22"),
        json!("[2023-01-01..2023-02-01]"),
        json!("[2023, 2024]"),
        json!("{2023,2024}"),
        json!("-0044"),
        json!("2023-06-16T10:00:00Z"),
        json!("2023-06-16T10:00:00+09:00"),
        json!("2023/2022"),
        json!("Y170000002"),
        json!("Consult"),
        json!("demand"),
        json!("CRIME"),
        json!("10"),
        json!("2099"),
        json!("041 "),
        json!("person "),
        json!("a".repeat(128)),
        json!("a".repeat(129)),
        json!("é".repeat(600)),
        json!("a".repeat(1_025)),
        json!(format!("{}a", " ".repeat(1_024))),
        json!({ "lat": 1, "lon": null }),
        json!({ "lat": null, "country": "X" }),
        json!({ "lat": 1, "lon": 2 }),
        json!({ "name": null }),
        json!({ "actor": "a", "event": "e" }),
        json!({ "topic": " t " }),
        json!({ "text": "x", "until": null }),
        json!({ "source": "s" }),
    ];
    prop_oneof![
        4 => prop::sample::select(edges.to_vec()),
        4 => prop::sample::select(known),
        1 => "[-0-9TXZ?~%:,./\\[\\]+ ]{0,24}".prop_map(Value::from),
        1 => "[ \\t\\n\u{b}\u{c}\\r\u{1c}\u{85}\u{a0}\u{1680}\u{200b}\u{2028}\u{3000}\u{feff}a]{0,6}"
            .prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => any::<f64>().prop_map(|it| json!(it)),
    ]
}

fn walk(value: &Value, visit: &mut impl FnMut(&Value)) {
    visit(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        Value::Object(members) => members.values().for_each(|member| walk(member, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The places in a record, as JSON pointers; `record` itself is left as it is.
fn places(value: &Value, at: &str, places: &mut Vec<String>) {
    let mut step = |name: String, inner: &Value| {
        let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        if pointer != "/record" {
            places.push(pointer.clone());
        }
        self::places(inner, &pointer, places);
    };
    match value {
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(i, item)| step(i.to_string(), item));
        }
        Value::Object(members) => members
            .iter()
            .for_each(|(name, inner)| step(name.clone(), inner)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn mutate(record: &mut Value, at: prop::sample::Index, mutation: Mutation) {
    let mut pointers = Vec::new();
    places(record, "", &mut pointers);
    if pointers.is_empty() {
        return;
    }
    let pointer = at.get(&pointers).clone();
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    match mutation {
        Mutation::Replace(value) => *record.pointer_mut(&pointer).unwrap() = value,
        Mutation::Remove => match record.pointer_mut(parent).unwrap() {
            Value::Object(members) => {
                members.remove(&last.replace("~1", "/").replace("~0", "~"));
            }
            Value::Array(items) => {
                items.remove(last.parse().unwrap());
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        },
        Mutation::Add(name, value) => {
            // Among the places, and the record as a whole.
            let object = if pointers.len() % 3 == 0 {
                parent
            } else {
                pointer.as_str()
            };
            if let Some(Value::Object(members)) = record.pointer_mut(object) {
                members.insert(name, value);
            }
        }
        Mutation::Double => {
            if let Some(Value::Array(items)) = record.pointer_mut(parent) {
                let item = items[last.parse::<usize>().unwrap()].clone();
                items.push(item);
            }
        }
    }
}

#[test]
fn schema_and_importer_agree_on_whatever_is_made_of_good_records() {
    let validator = validator(SchemaKind::Record);
    let (taken, refused) = (Cell::new(0), Cell::new(0));
    let strategy = (prop::sample::select(full_records()), mutations());
    let mut runner = TestRunner::new(Config {
        cases: 4_000,
        failure_persistence: None,
        ..Config::default()
    });
    let ran = runner.run(&strategy, |(mut record, mutations)| {
        for (at, mutation) in mutations {
            mutate(&mut record, at, mutation);
        }
        let (fits, refusals) = (validator.is_valid(&record), refusals(&record));
        if refusals.is_empty() {
            taken.set(taken.get() + 1);
            prop_assert!(fits, "the importer takes what the schema refuses: {record}");
        } else {
            refused.set(refused.get() + 1);
            let beyond = |text: &String| BEYOND_THE_SCHEMA.iter().any(|it| text.contains(it));
            prop_assert!(
                !fits || refusals.iter().all(beyond),
                "the schema takes what the importer refuses with {refusals:?}: {record}"
            );
        }
        Ok(())
    });
    if let Err(failure) = ran {
        panic!("{failure}");
    }
    // Neither side may win by refusing, or taking, everything.
    assert!(
        taken.get() > 400 && refused.get() > 400,
        "{taken:?} {refused:?}"
    );
}
