//! A small world with a record at every edge, asked through every window and page.

use chancery::model::{Date, Kind, Window};
use chancery::query::{ActorMatch, Bin, Order, Page, Rollup, Scope, Split};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::world::{Asked, Chosen, Question, Step};

/// The days around which all windows lie.
const DAYS: [&str; 7] = [
    "2023-02-27",
    "2023-02-28",
    "2023-03-01",
    "2023-03-02",
    "2023-03-03",
    "2023-03-04",
    "2023-03-05",
];
const ACTORS: [&str; 3] = ["a0", "a1", "a2"];
/// Items of a page; the last shows everything.
const LIMITS: [usize; 3] = [1, 3, 100];

/// Days, months, a year and more; open, undated; an actor with itself; many at once; what is
/// corrected to another day, deleted and brought back.
pub(crate) fn steps() -> Vec<Step> {
    let event = |id: &str, date: Value, participants: &[(&str, &str)]| {
        let participants: Vec<Value> = participants
            .iter()
            .map(|(actor, role)| json!({ "actor": actor, "role": role }))
            .collect();
        let mut event = json!({
            "record": "event", "id": id, "type": "CONSULT", "participants": participants,
            "sources": [{ "source": "s0" }],
        });
        if let (Some(event), false) = (event.as_object_mut(), date.is_null()) {
            event.insert("date".into(), date);
        }
        event
    };
    let pair = [("a0", "source"), ("a1", "target")];
    let mut first = vec![json!({ "record": "source", "id": "s0", "kind": "article" })];
    first.extend(
        ACTORS.map(|id| json!({ "record": "actor", "id": id, "kind": "state", "name": id })),
    );
    for (number, day) in DAYS.iter().enumerate() {
        first.push(event(&format!("day{number}"), json!(day), &pair));
    }
    let dates = [
        json!("2023-02"),
        json!("2023-03"),
        json!("2023"),
        json!("2020/2023-03-01"),
        json!("2023-03-01/2025-12-31"),
        json!("1999/2030"),
        json!("../2023-03-01"),
        json!("2023-03-03/.."),
        Value::Null,
        json!("2023-02-28/2023-03-01"),
    ];
    for (number, date) in dates.into_iter().enumerate() {
        first.push(event(&format!("wide{number}"), date, &pair));
    }
    let itself = [("a0", "source"), ("a0", "target")];
    let many = [
        ("a0", "participant"),
        ("a1", "participant"),
        ("a2", "participant"),
        ("a2", "host"),
    ];
    first.push(event("itself", json!("2023-03-02"), &itself));
    first.push(event("many", json!("2023-03-02"), &many));
    first.push(event("many-wide", json!("2023-03"), &many));
    let relation = json!({
        "record": "relation", "id": "tie", "subject": "a1", "kind": "allied_with", "object": "a0",
        "since": "2021", "sources": [{ "source": "s0" }],
    });
    first.push(relation);
    let import = |records: Vec<Value>| Step::Import {
        records,
        skip: false,
        dry_run: false,
    };
    let late = vec![
        event("late0", json!("2023-03-01"), &pair),
        event("late1", json!("2023-03-04"), &many),
    ];
    vec![
        import(first),
        // Corrected: out of the windows, into them, and within a day.
        Step::Put(event("day1", json!("2023-03-04"), &pair)),
        Step::Put(event("day6", json!("2023-03-01"), &itself)),
        Step::Put(event("wide8", json!("2023-03-02"), &pair)),
        Step::Delete(Kind::Event, "day2".into()),
        import(late),
        Step::Create(event("day2", json!("2023-03-03"), &many)),
        Step::Delete(Kind::Event, "wide5".into()),
    ]
}

/// Every window between two of the days, certain and not, with timelines in both orders page by
/// page, and counts.
pub(crate) fn questions() -> Vec<Asked> {
    let mut all = Vec::new();
    for scope in scopes() {
        for chosen in chosen() {
            for order in [Order::Ascending, Order::Descending] {
                for limit in LIMITS {
                    for offset in [0, 1, limit * 2] {
                        let page = Page { limit, offset };
                        all.push((
                            Question::Timeline(chosen.clone(), order, page),
                            scope.clone(),
                        ));
                    }
                }
            }
            let histogram = Question::Histogram(chosen, Bin::Day, Some(Split::Record));
            all.push((histogram, scope.clone()));
        }
        all.push((Question::Dyad("a0".into(), "a1".into()), scope.clone()));
        all.push((Question::Summary, scope));
    }
    // Whoever asks says at which commit.
    let earlier = any::<Index>().new_tree(&mut TestRunner::deterministic());
    let earlier = earlier.unwrap().current();
    let asked = all.into_iter().map(|(question, scope)| Asked {
        question,
        scope,
        earlier,
    });
    asked.collect()
}

fn chosen() -> Vec<Chosen> {
    let dyad = |a: &str, b: &str| Chosen::Dyad(a.into(), b.into(), [true; 3]);
    vec![
        Chosen::Everything,
        Chosen::Actors(vec!["a0".into()], ActorMatch::Any),
        Chosen::Actors(vec!["a1".into(), "a2".into()], ActorMatch::All),
        dyad("a0", "a1"),
        dyad("a2", "a0"),
    ]
}

fn scopes() -> Vec<Scope> {
    let mut scopes = vec![Scope::default()];
    for (from, first) in DAYS.iter().enumerate() {
        for last in DAYS.iter().skip(from) {
            let day = |text| Date::parse(text).unwrap();
            let window = Window::new(Some(&day(first)), Some(&day(last))).unwrap();
            for certain in [false, true] {
                scopes.push(Scope {
                    window,
                    certain,
                    rollup: Rollup::None,
                    ..Scope::default()
                });
            }
        }
    }
    scopes
}
