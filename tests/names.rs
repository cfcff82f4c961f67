//! Names and ids over whole stores: in whatever order rows come, the same actors; what version 0.1.0
//! wrote stays.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use chancery::engine::{Engine, ImportStatus, KnownAt};
use chancery::model::{Kind, Record};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::support::export::export;
use crate::support::import::import;

/// The names of actors by id.
fn actors(engine: &Engine) -> BTreeMap<String, String> {
    let view = engine.view(KnownAt::Now).unwrap();
    let rows: Vec<_> = view.of_kind(Kind::Actor).collect();
    let each = rows.into_iter().filter_map(|row| {
        let Some(Record::Actor(actor)) = view.record(row) else {
            return None;
        };
        Some((actor.id.to_string(), actor.name.to_string()))
    });
    each.collect()
}

fn events(engine: &Engine) -> BTreeSet<String> {
    let view = engine.view(KnownAt::Now).unwrap();
    let rows: Vec<_> = view.of_kind(Kind::Event).collect();
    rows.into_iter().map(|row| view.id(row)).collect()
}

/// Names of ten scripts and more, several of them writings of one spelling.
const NAMES: &[&str] = &[
    "Seoul",
    "SEOUL",
    "North Korea",
    "north-korea",
    "North_Korea",
    "U.S.",
    "US",
    "Lech Wałęsa",
    "Lech Walesa",
    "Cote d'Ivoire",
    "Côte d’Ivoire",
    "COTE D´IVOIRE",
    "STRAUSS",
    "Strauß",
    "Blinken, Antony",
    "Antony Blinken",
    "Ministry (Japan)",
    "Ministry Japan",
    "東京",
    "ソウル",
    "平壌",
    "北京",
    "山西",
    "陕西",
    "パリ",
    "バリ",
    "ﾊﾟﾘ",
    "김정은",
    "김정일",
    "Владимир Путин",
    "ВЛАДИМИР ПУТИН",
    "Андрій",
    "Андрии",
    "Παύλος",
    "ΠΑΎΛΟΣ",
    "أحمد",
    "احمد",
    "בנימין",
    "भारत",
    "भरत",
    "কমল",
    "কমলা",
    "พล",
    "พิล",
    "မြန်မာ",
    "Երևան",
    "ԵՐԵՒԱՆ",
    "საქართველო",
    "()",
    "(?)",
    "a-b.c",
    "seoul",
];

fn row() -> impl Strategy<Value = String> {
    let verb = select(&["Make a visit", "Consult", "Praise or endorse"]);
    (select(NAMES), verb, select(NAMES), 1..=28_u8)
        .prop_map(|(a, verb, b, day)| format!("{a}\t{verb}\t{b}\t2014-09-{day:02}"))
}

/// Some cuts of rows in an order.
fn parts(rows: &[String], order: &[Index], cuts: &[Index]) -> Vec<String> {
    let mut rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    for (at, index) in order.iter().enumerate().take(rows.len()) {
        let other = index.index(rows.len());
        rows.swap(at, other);
    }
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(rows.len())).collect();
    ends.extend([0, rows.len()]);
    ends.sort_unstable();
    ends.dedup();
    ends.windows(2)
        .map(|ends| rows[ends[0]..ends[1]].join("\n"))
        .collect()
}

fn store(parts: &[String]) -> Engine {
    let engine = Engine::temporary().unwrap();
    for part in parts {
        import(&engine, part, "corpus");
    }
    engine
}

/// That nothing of `from` changes anything of what `into` has under the same ids.
fn imports_without_change(from: &Engine, into: &Engine) {
    let before = actors(into);
    let report = import(into, &export(from), "corpus");
    assert_eq!(report.counts["actors"].changed, 0, "{:?}", report.counts);
    assert_eq!(report.counts["events"].changed, 0, "{:?}", report.counts);
    let after = actors(into);
    for (id, name) in before {
        assert_eq!(after[&id], name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn rows_in_any_order_and_parts_make_the_same_actors(
        rows in proptest::collection::vec(row(), 1..40),
        orders in proptest::collection::vec(
            (proptest::collection::vec(any::<Index>(), 40), proptest::collection::vec(any::<Index>(), 0..4)),
            20,
        ),
    ) {
        let first = store(&parts(&rows, &[], &[]));
        let ids: BTreeSet<String> = actors(&first).into_keys().collect();
        for (nth, (order, cuts)) in orders.iter().enumerate() {
            let other = store(&parts(&rows, order, cuts));
            prop_assert_eq!(&actors(&other).into_keys().collect::<BTreeSet<_>>(), &ids);
            prop_assert_eq!(events(&other), events(&first));
            if nth < 2 {
                imports_without_change(&first, &other);
                imports_without_change(&other, &first);
                prop_assert_eq!(&actors(&first).into_keys().collect::<BTreeSet<_>>(), &ids);
            }
        }
    }

    #[test]
    fn with_the_actors_first_the_rest_may_come_in_any_order(
        rows in proptest::collection::vec(row(), 1..30),
        known in proptest::sample::subsequence(NAMES, 0..6),
        order in proptest::collection::vec(any::<Index>(), 30),
        cuts in proptest::collection::vec(any::<Index>(), 0..4),
    ) {
        let record = |(nth, name): (usize, &&str)| json!({
            "record": "actor", "id": format!("known-{nth}"), "kind": "state", "name": name,
            "aliases": [format!("{name}, The")],
        }).to_string();
        let known: Vec<String> = known.iter().enumerate().map(record).collect();
        let with = |rest: Vec<String>| {
            let all: Vec<String> = [known.join("\n")].into_iter().filter(|text| !text.is_empty()).chain(rest).collect();
            all
        };
        // Two records that bear one name make it ambiguous, so that rows are rejects.
        let texts: Vec<&str> = known.iter().map(String::as_str).collect();
        let spelled = |text: &&str| {
            let name = serde_json::from_str::<Value>(text).unwrap()["name"].as_str().unwrap().to_owned();
            [chancery::model::spelling(&name), chancery::model::fold(&name)]
        };
        let forms: BTreeSet<String> = texts.iter().flat_map(|text| { let [_, fold] = spelled(text); [fold] }).collect();
        prop_assume!(forms.len() == known.len());
        let one = store(&with(parts(&rows, &[], &[])));
        let other = store(&with(parts(&rows, &order, &cuts)));
        prop_assert_eq!(
            actors(&one).into_keys().collect::<BTreeSet<_>>(),
            actors(&other).into_keys().collect::<BTreeSet<_>>()
        );
        prop_assert_eq!(events(&one), events(&other));
        imports_without_change(&one, &other);
        imports_without_change(&other, &one);
    }
}

fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new("tests/fixtures/version-0.1.0").join(name)).unwrap()
}

#[test]
fn what_version_0_1_0_wrote_opens_and_imports_as_nothing_new() {
    let dir = tempfile::tempdir().unwrap();
    for file in fs::read_dir("tests/fixtures/version-0.1.0/record").unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), dir.path().join(file.file_name())).unwrap();
    }
    let (engine, _) = Engine::open(dir.path()).unwrap();
    // Stored ids stay.
    let before = export(&engine);
    assert_eq!(before, fixture("export.jsonl"));
    for (name, dataset) in [
        ("records.jsonl", "old"),
        ("quads.txt", "icews"),
        ("export.jsonl", "x"),
    ] {
        let report = import(&engine, &fixture(name), dataset);
        assert_eq!(
            report.status,
            ImportStatus::Unchanged,
            "{name}: {:?}",
            report.counts
        );
    }
    assert_eq!(export(&engine), before);
    // New rows go to the actors that are there, whatever their ids would be today.
    import(
        &engine,
        "Lech Wałęsa\tConsult\t東京\t2015-01-01\nソウル\tConsult\tstrauss\t2015-01-02",
        "icews",
    );
    let names: Vec<String> = actors(&engine).into_values().collect();
    assert_eq!(
        names
            .iter()
            .filter(|name| ["Lech Wałęsa", "東京", "ソウル", "STRAUẞ"].contains(&name.as_str()))
            .count(),
        4
    );
    assert_eq!(names.len(), actors_in(&before));
}

fn actors_in(export: &str) -> usize {
    export
        .lines()
        .filter(|line| line.contains("\"record\":\"actor\""))
        .count()
}

#[test]
fn an_event_told_in_another_order_has_one_id() {
    let told = |actors: [&str; 2], more: &str| {
        let each = actors.map(|actor| format!(r#"{{"actor":"{actor}","role":"participant"}}"#));
        format!(
            r#"{{"record":"event","type":"CONSULT","date":"2020-01-01"{more},"participants":[{}]}}"#,
            each.join(",")
        )
    };
    let people = "{\"record\":\"actor\",\"id\":\"a\",\"kind\":\"person\",\"name\":\"A\"}\n\
                  {\"record\":\"actor\",\"id\":\"b\",\"kind\":\"person\",\"name\":\"B\"}\n";
    for more in ["", r#","title":"A call""#] {
        let engine = Engine::temporary().unwrap();
        import(&engine, &format!("{people}{}", told(["b", "a"], more)), "x");
        for again in [["a", "b"], ["b", "a"]] {
            let report = import(&engine, &told(again, more), "x");
            assert_eq!(report.status, ImportStatus::Unchanged, "{again:?} {more}");
        }
        assert_eq!(events(&engine).len(), 1);
        // Sorted, as whoever wrote them in order made it.
        let other = Engine::temporary().unwrap();
        import(&other, &format!("{people}{}", told(["a", "b"], more)), "x");
        assert_eq!(events(&other), events(&engine));
    }
}
