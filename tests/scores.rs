//! Scores, ranks, communities and change points: the same in whatever order and parts the record came, and
//! no change where nothing changed.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use chancery::engine::{Engine, KnownAt, Write, WriteMode};
use chancery::graph::{TermKind, View};
use chancery::model::{Date, Day, Id, Kind, Scheme, Window};
use chancery::query::{
    Bin, CommunitiesQuestion, CompareQuestion, DyadQuestion, Mode, Page, PathsQuestion,
    RankingMeasure, RankingsQuestion, RelationshipsQuestion, Scope, SearchOrder, SearchQuestion,
    SeriesQuestion, communities, compare, dyad, paths, rankings, rankings_within, relationships,
    search, series,
};
use chancery::text;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::import::import;

fn engine_of(parts: &[Vec<String>]) -> Engine {
    let engine = Engine::temporary().unwrap();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        import(&engine, &part.join("\n"), "d");
    }
    engine
}

fn now(engine: &Engine) -> View {
    engine.view(KnownAt::Now).unwrap()
}

const ALL: Page = Page {
    limit: 1000,
    offset: 0,
};

fn actor(name: &str) -> String {
    json!({"record": "actor", "id": name, "kind": "state", "name": format!("State {name}")})
        .to_string()
}

fn event(id: &str, date: &str, a: &str, b: &str, roles: [&str; 2]) -> String {
    json!({
        "record": "event", "id": id, "type": "CONSULT", "date": date,
        "participants": [{"actor": a, "role": roles[0]}, {"actor": b, "role": roles[1]}],
    })
    .to_string()
}

// In whatever order.

const NAMES: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

#[derive(Clone, Debug)]
struct World {
    actors: Vec<String>,
    events: Vec<String>,
}

fn worlds() -> impl Strategy<Value = World> {
    let link = (0..NAMES.len(), 1..NAMES.len(), 1..28_u32, any::<bool>());
    prop::collection::vec(link, 1..30).prop_map(|links| {
        let events = links
            .iter()
            .enumerate()
            .map(|(nth, (a, step, day, mutual))| {
                let b = (a + step) % NAMES.len();
                let roles = if *mutual {
                    ["participant", "participant"]
                } else {
                    ["source", "target"]
                };
                let date = format!("2023-01-{day:02}");
                event(&format!("e{nth:02}"), &date, NAMES[*a], NAMES[b], roles)
            });
        World {
            actors: NAMES.iter().map(|name| actor(name)).collect(),
            events: events.collect(),
        }
    })
}

/// All that an order of arrival might show in, as text.
fn told(engine: &Engine) -> Vec<String> {
    let view = now(engine);
    let mut told = Vec::new();
    for by in RankingMeasure::ALL {
        let question = RankingsQuestion {
            by,
            scope: Scope::default(),
            seed: 7,
            page: ALL,
        };
        told.push(without_urls(&rankings(&view, &question).0));
        // From a sample, whatever the size.
        told.push(without_urls(&rankings_within(&view, &question, 1).0));
    }
    for seed in [1, 2] {
        let question = CommunitiesQuestion {
            scope: Scope::default(),
            seed,
            members: 100,
            page: ALL,
        };
        told.push(without_urls(&communities(&view, &question).0));
    }
    let term = |name: &str| view.term(TermKind::Actor, name).unwrap();
    for mode in Mode::ALL {
        for directed in [false, true] {
            let question = PathsQuestion {
                mode,
                directed,
                limit: 20,
                ..PathsQuestion::new(term("a"), term("c"))
            };
            let found = paths(&view, &question);
            let ways = found.paths.iter().map(|path| {
                let hops = path.hops.iter().map(|hop| hop.target.id.to_string());
                format!(
                    "{:?} {:?} {:?}",
                    path.cost,
                    path.arrival,
                    hops.collect::<Vec<_>>()
                )
            });
            told.extend(ways);
        }
    }
    let question = RelationshipsQuestion {
        actor: term("a"),
        scope: Scope::default(),
        page: ALL,
    };
    told.push(without_urls(&relationships(&view, &question).0));
    let question = SearchQuestion {
        query: text::TextQuery::parse("state").unwrap(),
        kinds: Vec::new(),
        scope: Scope::default(),
        order: SearchOrder::Relevance,
        page: ALL,
    };
    told.push(without_urls(&search(&view, &question).0));
    told
}

/// An answer as text, without what names a commit.
fn without_urls(answer: &impl serde::Serialize) -> String {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|name, _| {
                    !["records_url", "known_at", "recorded"].contains(&name.as_str())
                });
                members.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut value = serde_json::to_value(answer).unwrap();
    strip(&mut value);
    value.to_string()
}

proptest! {
    #[test]
    fn answers_do_not_depend_on_the_order_or_the_parts_in_which_the_record_came(
        world in worlds(),
        turn in 0..NAMES.len(),
        cut in 0..30_usize,
    ) {
        let first = engine_of(&[[world.actors.clone(), world.events.clone()].concat()]);
        let told_first = told(&first);
        let mut actors = world.actors.clone();
        actors.rotate_left(turn);
        actors.reverse();
        let mut events = world.events.clone();
        events.reverse();
        let (one, two) = events.split_at(cut.min(events.len()));
        let other = engine_of(&[actors, one.to_vec(), two.to_vec()]);
        prop_assert_eq!(told_first, told(&other));
    }
}

#[test]
fn equal_actors_share_a_rank() {
    let ranks = |events: &[String], by: RankingMeasure| -> Vec<(String, usize)> {
        let mut names: Vec<String> = NAMES.iter().map(|name| actor(name)).collect();
        names.reverse();
        let engine = engine_of(&[[names, events.to_vec()].concat()]);
        let question = RankingsQuestion {
            by,
            scope: Scope::default(),
            seed: 1,
            page: ALL,
        };
        let view = now(&engine);
        let page = rankings(&view, &question).0;
        let each = page.items.iter();
        each.map(|item| (item.actor.id.to_string(), item.rank))
            .collect()
    };
    let link = |nth: usize, a: &str, b: &str| {
        event(&format!("e{nth}"), "2023-01-01", a, b, ["source", "target"])
    };
    let expected = |ranks: &[(&str, usize)]| -> Vec<(String, usize)> {
        ranks
            .iter()
            .map(|(id, rank)| ((*id).to_owned(), *rank))
            .collect()
    };
    let two = [link(0, "a", "b"), link(1, "b", "a")];
    assert_eq!(
        ranks(&two, RankingMeasure::PageRank),
        expected(&[("a", 1), ("b", 1)])
    );
    let circle = [link(0, "a", "b"), link(1, "b", "c"), link(2, "c", "a")];
    assert_eq!(
        ranks(&circle, RankingMeasure::PageRank),
        expected(&[("a", 1), ("b", 1), ("c", 1)])
    );
    // Two arms of one star, of the same length.
    let arms = [
        link(0, "c", "b"),
        link(1, "b", "a"),
        link(2, "c", "d"),
        link(3, "d", "e"),
    ];
    assert_eq!(
        ranks(&arms, RankingMeasure::Betweenness),
        expected(&[("c", 1), ("b", 2), ("d", 2), ("a", 4), ("e", 4)])
    );
}

// Change points.

const BINS: [Bin; 5] = Bin::ALL;

/// The first day of each of so many steps of `every` days from a day on.
fn days(from: &str, every: i32, count: i32) -> Vec<Day> {
    let first = Date::parse(from).unwrap().earliest().number();
    (0..count)
        .map(|nth| Day::from_number(first + nth * every).unwrap())
        .collect()
}

fn on(days: &[Day], each: usize) -> Engine {
    let mut lines = vec![actor("a"), actor("b")];
    for (nth, day) in days.iter().enumerate() {
        for copy in 0..each {
            lines.push(event(
                &format!("e{nth}-{copy}"),
                &day.to_string(),
                "a",
                "b",
                ["source", "target"],
            ));
        }
    }
    engine_of(&[lines])
}

fn window(from: &str, to: &str) -> Window {
    let date = |text: &str| (!text.is_empty()).then(|| Date::parse(text).unwrap());
    Window::new(date(from).as_ref(), date(to).as_ref()).unwrap()
}

fn of_a_and_b(view: &View, bin: Bin, window: Window) -> SeriesQuestion {
    let term = |name: &str| view.term(TermKind::Actor, name).unwrap();
    SeriesQuestion {
        a: term("a"),
        b: term("b"),
        scope: Scope {
            window,
            ..Scope::default()
        },
        bin,
        half_life: 90,
    }
}

/// The change points of a series, as days, and its rates.
fn changes(engine: &Engine, bin: Bin, within: Window) -> (Vec<String>, Vec<f64>) {
    let view = now(engine);
    let answer = series(&view, &of_a_and_b(&view, bin, within)).unwrap();
    assert!(answer.shifts.is_empty(), "{:?}", answer.shifts);
    let points = answer
        .change_points
        .iter()
        .map(|point| point.day.to_string());
    let rates = answer.segments.iter().map(|segment| segment.per_day);
    (points.collect(), rates.collect())
}

#[test]
fn an_even_series_has_no_change_in_any_bin_and_window() {
    for (about, days, each, rate) in [
        ("three a day for 94 days", days("2023-01-10", 1, 94), 3, 3.0),
        (
            "one a day across New Year",
            days("2022-11-20", 1, 80),
            1,
            1.0,
        ),
        (
            "one a day across a leap day",
            days("2024-02-01", 1, 60),
            1,
            1.0,
        ),
        (
            "one a day for three years",
            days("2019-06-01", 1, 1096),
            1,
            1.0,
        ),
        (
            "one a week for two years",
            days("2021-01-04", 7, 104),
            1,
            0.14,
        ),
        ("one a month, about", days("2015-01-15", 30, 60), 1, 0.03),
        ("two every tenth day", days("2023-01-01", 10, 40), 2, 0.2),
        ("before the year 1", days("-0044-12-01", 1, 70), 1, 1.0),
    ] {
        let engine = on(&days, each);
        for bin in BINS {
            for within in [
                Window::ALL,
                window("2000", ""),
                window("", "2030"),
                window("-0099", "2099"),
            ] {
                let (points, rates) = changes(&engine, bin, within);
                assert_eq!(
                    points, [""; 0],
                    "{about} by {bin:?} in {within:?}: {rates:?}"
                );
                // The same rate whatever the bins are.
                for found in rates {
                    assert!(
                        (found - rate).abs() < rate / 4.0 || within.lo() > days[0],
                        "{about} by {bin:?}: {found}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_planted_step_is_found_within_a_bin() {
    let quiet = days("2022-01-03", 7, 52);
    let busy = days("2023-01-01", 1, 180);
    let engine = on(&[quiet, busy].concat(), 2);
    for bin in BINS {
        let (points, _) = changes(&engine, bin, Window::ALL);
        assert_eq!(points.len(), 1, "{bin:?}: {points:?}");
        let found = Date::parse(&points[0]).unwrap().earliest();
        let (from, to) = bin.around(Day::from_ymd(2023, 1, 1).unwrap());
        let off = from.number() - 7..=to.number() + 7;
        assert!(off.contains(&found.number()), "{bin:?}: {found}");
    }
}

/// One of four codes, and of what it is a sign.
fn coded(id: &str, day: Day, cameo: &str) -> String {
    json!({
        "record": "event", "id": id, "cameo": cameo, "date": day.to_string(),
        "participants": [{"actor": "a", "role": "source"}, {"actor": "b", "role": "target"}],
    })
    .to_string()
}

#[test]
fn shifts_of_balance_and_score_are_told_apart_from_those_of_the_rate() {
    let mut lines = vec![actor("a"), actor("b")];
    for (nth, day) in days("2023-01-01", 1, 120).into_iter().enumerate() {
        // As many every day; from 1 March on threats, with a visit now and then.
        let cameo = match (nth < 59, nth % 5) {
            (true, 2) | (false, 0 | 1 | 3 | 4) => "130",
            _ => "042",
        };
        lines.push(coded(&format!("e{nth:03}"), day, cameo));
    }
    let engine = engine_of(&[lines]);
    let view = now(&engine);
    let answer = series(&view, &of_a_and_b(&view, Bin::Day, Window::ALL)).unwrap();
    assert!(
        answer.change_points.is_empty(),
        "{:?}",
        answer.change_points
    );
    let shifts: Vec<_> = answer
        .shifts
        .iter()
        .map(|shift| (shift.of, shift.direction))
        .collect();
    assert_eq!(shifts, [("balance", "up"), ("goldstein", "down")]);
    // Of a threat among visits and a visit among threats nobody can tell on which side they belong.
    let planted = Day::from_ymd(2023, 3, 1).unwrap().number();
    for shift in &answer.shifts {
        assert!(shift.day.number().abs_diff(planted) <= 2, "{shift:?}");
    }
    assert_eq!(answer.observed.len(), 1);
    assert_eq!(answer.observed[0].to.to_string(), "2023-04-30");
}

#[test]
fn what_a_data_set_covers_is_observed_by_all_of_its_records_and_gaps_are_not() {
    let mut lines = vec![actor("a"), actor("b"), actor("c")];
    let of = |id: String, day: Day, to: &str, dataset: &str| {
        let mut event: Value =
            serde_json::from_str(&event(&id, &day.to_string(), "a", to, ["source", "target"]))
                .unwrap();
        event["dataset"] = dataset.into();
        event.to_string()
    };
    // One data set goes on longer than the pair, another begins a year later.
    for (nth, day) in days("2020-01-01", 1, 100).into_iter().enumerate() {
        lines.push(of(format!("x{nth}"), day, "b", "one"));
    }
    lines.push(of(
        "last".into(),
        Day::from_ymd(2020, 6, 30).unwrap(),
        "c",
        "one",
    ));
    lines.push(
        of(
            "wide".into(),
            Day::from_ymd(2020, 7, 1).unwrap(),
            "c",
            "one",
        )
        .replace("2020-07-01", "2025"),
    );
    for (nth, day) in days("2021-07-01", 1, 100).into_iter().enumerate() {
        lines.push(of(format!("y{nth}"), day, "b", "two"));
    }
    let engine = engine_of(&[lines]);
    let view = now(&engine);
    let answer = series(&view, &of_a_and_b(&view, Bin::Day, Window::ALL)).unwrap();
    let observed: Vec<String> = answer
        .observed
        .iter()
        .map(|stretch| format!("{} {}", stretch.from, stretch.to))
        .collect();
    assert_eq!(observed, ["2020-01-01 2020-06-30", "2021-07-01 2021-10-08"]);
    // Silence that the data set covers is a change, the year that nobody covers is none.
    let points: Vec<String> = answer
        .change_points
        .iter()
        .map(|point| point.day.to_string())
        .collect();
    assert_eq!(points, ["2020-04-10", "2021-07-01"]);
    assert!((answer.segments[0].per_day - 1.0).abs() < 1e-9);
    assert!((answer.segments[2].per_day - 1.0).abs() < 1e-9);
}

#[test]
fn what_is_observed_is_what_a_view_sees() {
    let mut lines = vec![actor("a"), actor("b")];
    // A wide one at each end is known to bins of its width alone, and an instant may lie a day beside the
    // one that it is sorted at.
    let dates = [
        "2023-01",
        "2023-01-03",
        "2023-02-05",
        "2023-02-20",
        "2023-03-01T01:00:00+09:00",
        "2023-04",
    ];
    for (nth, date) in dates.into_iter().enumerate() {
        lines.push(event(
            &format!("e{nth}"),
            date,
            "a",
            "b",
            ["source", "target"],
        ));
    }
    lines.push(event("mid", "2023-02-10", "a", "b", ["source", "target"]));
    let engine = engine_of(&[lines]);
    let observed = |view: &View, bin: Bin| -> Vec<String> {
        let answer = series(view, &of_a_and_b(view, bin, Window::ALL)).unwrap();
        let stretches = answer.observed.iter();
        stretches
            .map(|days| format!("{} {}", days.from, days.to))
            .collect()
    };
    let first = now(&engine);
    assert_eq!(observed(&first, Bin::Day), ["2023-01-03 2023-03-01"]);
    assert_eq!(observed(&first, Bin::Month), ["2023-01-01 2023-04-30"]);
    let remove = |id: &str| {
        let mode = WriteMode::Delete(Kind::Event, Id::parse(id).unwrap());
        let condition = None;
        engine.write(Write { mode, condition }).unwrap();
    };
    // In the middle nothing changes; at an end it does.
    for (id, by_day, by_month) in [
        ("mid", "2023-01-03 2023-03-01", "2023-01-01 2023-04-30"),
        ("e1", "2023-02-05 2023-03-01", "2023-01-01 2023-04-30"),
        ("e0", "2023-02-05 2023-03-01", "2023-02-05 2023-04-30"),
        ("e4", "2023-02-05 2023-02-20", "2023-02-05 2023-04-30"),
        ("e5", "2023-02-05 2023-02-20", "2023-02-05 2023-02-20"),
        ("e3", "2023-02-05 2023-02-05", "2023-02-05 2023-02-05"),
    ] {
        remove(id);
        let view = now(&engine);
        assert_eq!(observed(&view, Bin::Day), [by_day], "without {id}");
        assert_eq!(observed(&view, Bin::Month), [by_month], "without {id}");
    }
    // What was known before is as it was.
    assert_eq!(observed(&first, Bin::Day), ["2023-01-03 2023-03-01"]);
    assert_eq!(observed(&first, Bin::Month), ["2023-01-01 2023-04-30"]);
}

#[test]
fn a_dyads_intensity_and_its_comparison_know_only_what_started_within() {
    let engine = on(&days("2023-01-01", 1, 59), 1);
    let view = now(&engine);
    let term = |name: &str| view.term(TermKind::Actor, name).unwrap();
    let question = CompareQuestion {
        a: term("a"),
        b: term("b"),
        scope: Scope {
            window: window("2023-02", "2023-02"),
            scheme: Scheme::Icews,
            ..Scope::default()
        },
        base: window("2023-01", "2023-01"),
    };
    let answer = compare(&view, &question);
    assert_eq!(answer.items[0].change, "same");
    assert!((answer.items[0].window.per_day - 1.0).abs() < 1e-9);
    let question = DyadQuestion {
        a: term("a"),
        b: term("b"),
        scope: question.scope,
    };
    let strong = dyad(&view, &question).intensity.unwrap().value;
    let expected: f64 = (0..28).map(|ago| (-f64::from(ago) / 90.0).exp2()).sum();
    assert!((strong - expected).abs() < 1e-5, "{strong} {expected}");
}

#[test]
fn actors_are_found_by_match_and_then_by_how_much_is_recorded() {
    let mut lines = Vec::new();
    for (id, name) in [
        ("men", "Men of the United States"),
        ("us", "United States"),
        ("congress", "United States Congress"),
        ("nurse", "United States Nurse"),
        ("united", "Unitedia Statesman"),
    ] {
        lines.push(json!({"record": "actor", "id": id, "kind": "state", "name": name}).to_string());
    }
    for (nth, day) in days("2023-01-01", 1, 30).into_iter().enumerate() {
        let other = select_of(nth);
        lines.push(event(
            &format!("e{nth}"),
            &day.to_string(),
            "united",
            other,
            ["source", "target"],
        ));
    }
    let engine = engine_of(&[lines]);
    let view = now(&engine);
    let question = SearchQuestion {
        query: text::TextQuery::parse("united states").unwrap(),
        kinds: Vec::new(),
        scope: Scope::default(),
        order: SearchOrder::Relevance,
        page: ALL,
    };
    let page = search(&view, &question).0;
    let found: Vec<(String, usize)> = page
        .items
        .iter()
        .map(|item| {
            let record = serde_json::to_value(&item.record).unwrap();
            (
                record["id"].as_str().unwrap().to_owned(),
                item.records.as_ref().unwrap().count,
            )
        })
        .collect();
    let expected = [
        ("us", 0),
        ("congress", 20),
        ("men", 10),
        ("nurse", 0),
        ("united", 30),
    ];
    let expected = expected.map(|(id, records)| (id.to_owned(), records));
    assert_eq!(found, expected);
}

fn select_of(nth: usize) -> &'static str {
    if nth.is_multiple_of(3) {
        "men"
    } else {
        "congress"
    }
}
