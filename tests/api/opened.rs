//! Every number can be opened: each `records_url` of an answer lists as many records as the number
//! beside it says, on the article and on random worlds; and answers come back byte for byte.

use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::app::App;
use crate::reference::world::{Step, worlds};

/// Opens the numbers of one answer.
struct Opener<'a> {
    app: &'a App,
    asked: &'a str,
    /// What opens the numbers that have no URL of their own.
    opens: Value,
    /// Numbers that were come by, and those of them that were opened.
    met: usize,
    opened: usize,
}

/// Numbers of one answer that are all opened; of more, every seventh is.
const OPENED_MAX: usize = 25;

/// Opens every number of records of an answer, and fails when one can't be. Gives back how many were
/// opened.
fn follow(app: &App, asked: &str, answer: &Value) -> usize {
    let mut opener = Opener {
        app,
        asked,
        opens: answer["meta"]["opens"].clone(),
        met: 0,
        opened: 0,
    };
    opener.walk(answer);
    opener.opened
}

impl Opener<'_> {
    fn walk(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.walk(item)),
            Value::Object(members) => {
                if members.contains_key("records_url") || members.contains_key("records_urls") {
                    self.object(value);
                } else {
                    self.is_no_aggregate(value);
                }
                // What a record says of itself is no number of records, and a URL is none.
                let others = ["attributes", "records_urls"];
                let inner = members
                    .iter()
                    .filter(|(name, _)| !others.contains(&name.as_str()));
                inner.for_each(|(_, inner)| self.walk(inner));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// What counts records and has no URL must be counted elsewhere.
    fn is_no_aggregate(&self, object: &Value) {
        let has = |name: &str| object.get(name).is_some_and(|value| !value.is_null());
        // A list is what its total counts; a path's records are those of its hops; a matrix counts what
        // its cells do; commits of a difference are listed with it.
        let elsewhere = has("items") || has("hops") || has("cells");
        for name in [
            "count", "records", "quad", "types", "kinds", "by", "datasets", "counts",
        ] {
            let counted = object
                .get(name)
                .is_some_and(|v| v.is_number() || v.is_object());
            let within = ["rankings", "changes"]
                .iter()
                .any(|of| self.asked.starts_with(of));
            assert!(
                !counted || elsewhere || (within && name == "by"),
                "{}: {name} can't be opened: {object}",
                self.asked
            );
        }
    }

    /// The numbers of an object with a URL.
    fn object(&mut self, object: &Value) {
        let Some(url) = object["records_url"].as_str() else {
            self.several(object);
            return;
        };
        if let Some(counts) = object.get("counts") {
            // Of a commit.
            let all = ["created", "changed", "deleted"].map(|name| counts[name].as_u64().unwrap());
            self.open(url, &json!(all.iter().sum::<u64>()));
            return;
        }
        let number = ["count", "records", "total"]
            .iter()
            .find_map(|name| object.get(*name));
        match number {
            Some(number) => self.open(url, number),
            // The segment that a change point begins, and facets, whose page counts them.
            None => drop(self.app.get(url).ok()),
        }
        if let Some(statements) = object.get("statements") {
            let opened = self.app.get(url).ok();
            assert_eq!(&opened["statements"], statements, "{}: {url}", self.asked);
        }
        let opens = self.opens.clone();
        for (member, added) in opens.as_object().into_iter().flatten() {
            let added = added.as_str().unwrap();
            match &object[member] {
                number @ Value::Number(_) => self.open(&format!("{url}&{added}"), number),
                Value::Object(counts) if !counts.contains_key("records_url") => {
                    for (key, number) in counts.iter().filter(|(_, number)| number.is_number()) {
                        let key: String = key
                            .bytes()
                            .fold(String::new(), |all, byte| format!("{all}%{byte:02X}"));
                        let added = added.replace("{key}", &key);
                        self.open(&format!("{url}&{added}"), number);
                    }
                }
                Value::Null
                | Value::Bool(_)
                | Value::String(_)
                | Value::Array(_)
                | Value::Object(_) => {}
            }
        }
    }

    /// The numbers of an object with several URLs.
    fn several(&mut self, object: &Value) {
        match &object["records_urls"] {
            // Each opens a part of the records, which may overlap.
            Value::Array(urls) => {
                let mut seen = std::collections::BTreeSet::new();
                for url in urls {
                    let page = self
                        .app
                        .get(&format!("{}&limit=1000", url.as_str().unwrap()));
                    for item in page.ok()["items"].as_array().unwrap() {
                        seen.insert((item["record"].to_string(), item["id"].to_string()));
                    }
                }
                assert_eq!(
                    json!(seen.len()),
                    object["records"],
                    "{}: {urls:?}",
                    self.asked
                );
                self.opened += 1;
            }
            Value::Object(members) => {
                for (member, urls) in members {
                    let numbers = object[member].as_object().unwrap();
                    let urls = urls.as_object().unwrap();
                    assert!(numbers.keys().eq(urls.keys()), "{}: {member}", self.asked);
                    for (key, number) in numbers {
                        let Some(parts) = urls[key].as_array() else {
                            self.open(urls[key].as_str().unwrap(), number);
                            continue;
                        };
                        let total = |url: &Value| {
                            let page = self.app.get(url.as_str().unwrap()).ok();
                            page["total"].as_u64().unwrap()
                        };
                        let all: u64 = parts.iter().map(total).sum();
                        assert_eq!(&json!(all), number, "{}: {parts:?}", self.asked);
                        self.opened += 1;
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                panic!("{}: {object}", self.asked)
            }
        }
    }

    fn open(&mut self, url: &str, number: &Value) {
        self.met += 1;
        if self.met > OPENED_MAX && !self.met.is_multiple_of(7) {
            return;
        }
        let opened = self.app.get(&format!("{url}&limit=1")).ok();
        assert_eq!(&opened["total"], number, "{}: {url}", self.asked);
        self.opened += 1;
    }
}

/// The questions whose numbers can be opened, with `{}` for further parameters.
const ASKED: &[&str] = &[
    "dyads/a0/a1?{}",
    "dyads/a1/a2/series?bin=month&{}",
    "dyads/a0/a1/series?bin=day&{}",
    "dyads/a2/a0/series?bin=quarter&{}",
    "dyads/a0/a1/compare?base_from=2023-01&base_to=2023-01&from=2023-02&to=2023-03&{}",
    "dyads/a1/a0/compare?base_from=2022&base_to=2023-01-05&from=2023-01-06&to=2024&{}",
    "actors/a0/relationships?limit=1000&{}",
    "actors/a1/relationships?limit=1000&{}",
    "paths?source=a0&target=a1&limit=20&{}",
    "paths?source=a1&target=a2&directed=true&mode=strongest&{}",
    "graph?actor=a0&hops=2&{}",
    "graph?{}",
    "rankings?by=degree&{}",
    "timeline/histogram?bin=week&actor=a0&actor=a1&{}",
    "timeline/histogram?bin=month&actor=a0&actor=a1&match=all&{}",
    "timeline/histogram?bin=year&between=a0&between=a1&way=a_to_b&{}",
    "timeline/histogram?bin=quarter&{}",
    "timeline/histogram?bin=year&by=type&{}",
    "timeline/histogram?bin=quarter&by=dataset&actor=a0&{}",
    "timeline/histogram?bin=year&by=record&between=a0&between=a1&{}",
    "timeline/histogram?bin=quarter&by=counterpart&actor=a0&actor=a1&{}",
    "timeline/histogram?bin=year&by=counterpart&actor=a0&actor=a1&match=all&{}",
    "timeline/histogram?bin=year&by=counterpart&{}",
    "timeline?max_marks=3&only_quad=verbal_conflict&only_with=a1&actor=a0&{}",
    "explain?source=a0&target=a1&{}",
    "explain?source=a1&target=a2&directed=true&limit=20&{}",
    "explain?source=a0&target=a2&mode=chronological&{}",
    "graph?limit=2&{}",
    "summary?{}",
    "search?q=week&{}",
    "search?q=front&in=sources&in=events&{}",
    "changes?{}",
    "timeline?max_marks=3&{}",
    "timeline?max_marks=4&actor=a0&actor=a1&lanes=true&{}",
];
const OF_STANCES: &[&str] = &[
    "stances/matrix?columns=target&{}",
    "stances/matrix?columns=topic&{}",
    "stances/matrix?speaker=a0&speaker=a1&{}",
    "stances/matrix?toward=a0&toward=a2&toward_topic=trade&{}",
    "stances/matrix?columns=topic&about=trade&stance=condemns&stance=supports&{}",
    "stances/matrix?relayed_by=a1&{}",
];
/// What may be asked of any record.
const OF_ANY: &[&str] = &[
    "from=2023-01-04",
    "to=2023-02",
    "from=2023-01-04&to=2023-02-05",
    "certain=true",
    "dataset=north",
    "cited=s0",
    "exclude_source=s0",
    "min_independent=1",
    "topic=trade",
    "topic=trade&topic=missiles",
    "min_confidence=0.5",
    "scheme=gdelt",
    "rollup=state",
];
const OF_EVENTS: &[&str] = &[
    "type=CONSULT&type=none",
    "type=none",
    "cameo=04",
    "quad=verbal_conflict&quad=1",
    "status=occurred",
    "role=source",
    "role=speaker&role=participant",
    "kind=state",
    "kind=person&kind=government_body",
    "record=event",
    "record=statement&record=relation",
];

/// Parameters of one name are not to be given twice where they may not.
fn joined(parts: &[&'static str]) -> String {
    let mut by_name: BTreeMap<&str, &str> = BTreeMap::new();
    for pair in parts.iter().flat_map(|part| part.split('&')) {
        let (name, _) = pair.split_once('=').unwrap();
        let repeats = [
            "dataset", "cited", "topic", "type", "quad", "role", "kind", "record",
        ];
        if repeats.contains(&name) {
            continue;
        }
        by_name.insert(name, pair);
    }
    let kept = parts.iter().flat_map(|part| part.split('&'));
    let repeated = kept.filter(|pair| !by_name.contains_key(pair.split_once('=').unwrap().0));
    let mut all: Vec<&str> = repeated.collect();
    all.sort_unstable();
    all.dedup();
    all.extend(by_name.values().copied());
    all.join("&")
}

/// A question as its path and query.
fn question() -> impl Strategy<Value = String> {
    let of_any = || vec(select(OF_ANY), 0..3);
    let of_records = (select(ASKED), of_any(), vec(select(OF_EVENTS), 0..2));
    let of_stances = (select(OF_STANCES), of_any());
    prop_oneof![
        3 => of_records.prop_map(|(asked, any, events)| (asked, [any, events].concat())),
        1 => of_stances,
    ]
    .prop_map(|(asked, more)| {
        // The windows of a comparison are its own.
        let is_window = |part: &&str| part.starts_with("from=") || part.starts_with("to=");
        let fits = |part: &&str| match asked.split(['?', '/']).next() {
            Some("dyads") if asked.contains("/compare") => !is_window(part),
            Some("summary") => !part.starts_with("rollup="),
            Some("search") => !part.starts_with("record="),
            Some("changes") => false,
            _ => true,
        };
        let more: Vec<&str> = more.into_iter().filter(fits).collect();
        asked.replace("{}", &joined(&more))
    })
}

/// Writes a world over HTTP; what is refused is refused.
fn write(app: &App, steps: &[Step]) {
    for step in steps {
        let answer = match step {
            Step::Import { records, .. } => {
                let lines: Vec<String> = records.iter().map(ToString::to_string).collect();
                let headers = [("Content-Type", "application/x-ndjson")];
                let path = "/api/v1/imports?on_error=skip";
                app.call("POST", path, &headers, lines.join("\n").as_bytes())
            }
            Step::Create(record) | Step::Put(record) => {
                let mut record = record.clone();
                let kind = record["record"].as_str().unwrap().to_owned();
                let id = record["id"].as_str().unwrap().to_owned();
                record.as_object_mut().unwrap().remove("record");
                app.put(&format!("/api/v1/{kind}s/{id}"), &record.to_string())
            }
            Step::Delete(kind, id) => app.delete(&format!("/api/v1/{kind}s/{id}")),
            Step::Undo(_) | Step::Again => continue,
        };
        assert!(answer.status < 500, "{}", answer.text());
    }
}

#[test]
fn numbers_of_random_worlds_open() {
    let config = ProptestConfig {
        cases: cases(12),
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let cases = config.cases as usize;
    let followed = Cell::new(0);
    let asked = (worlds(), vec(question(), 12));
    let done = TestRunner::new(config).run(&asked, |((steps, _), questions)| {
        let app = App::empty();
        write(&app, &steps);
        for asked in &questions {
            let answer = app.get(&format!("/api/v1/{asked}"));
            // An actor may have been deleted, or never come.
            if answer.status != 404 {
                followed.set(followed.get() + follow(&app, asked, &answer.ok()));
            }
        }
        Ok(())
    });
    done.unwrap_or_else(|error| panic!("{error}"));
    let followed = followed.get();
    assert!(
        followed > 10 * cases,
        "{followed} numbers in {cases} worlds"
    );
}

fn cases(everyday: u32) -> u32 {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default().cases,
        None => everyday,
    }
}

const OF_THE_ARTICLE: &[&str] = &[
    "dyads/usa/chn?rollup=state",
    "dyads/usa/prk/series?rollup=state&bin=day",
    "dyads/blinken/prc/series?from=2023&to=2023-12",
    "dyads/usa/chn/compare?rollup=state&base_from=2023-02&base_to=2023-02&from=2023-06&to=2023-06",
    "dyads/blinken/park/compare?base_from=2022&base_to=2022&from=2023&to=2023&topic=defence",
    "actors/blinken/relationships",
    "timeline/histogram?bin=week&by=type",
    "timeline/histogram?bin=month&by=counterpart&actor=usa&rollup=state",
    "summary?from=2023-06",
    "search?q=missile",
    "explain?source=park-jin&target=prk",
    "graph?actor=blinken&hops=2&limit=5",
    "timeline?max_marks=5",
    "timeline?max_marks=6&actor=usa&actor=chn&actor=prk&lanes=true",
    "stances/matrix?rollup=state",
    "stances/matrix?columns=topic&min_confidence=0.5",
];

#[test]
fn numbers_of_the_article_open() {
    let app = App::article();
    for asked in OF_THE_ARTICLE {
        let answer = app.get(&format!("/api/v1/{asked}")).ok();
        assert!(follow(&app, asked, &answer) > 0, "{asked}: {answer}");
    }
}

#[test]
fn answers_come_back_byte_for_byte() {
    let app = App::article();
    let more = [
        "stances?about=missile-launches",
        "contradictions",
        "changes",
        "diff?from_commit=0&to_commit=1",
        "timeline?max_marks=50&actor=usa",
    ];
    let all = OF_THE_ARTICLE.iter().chain(&more);
    let ask = |asked: &str| {
        let sign = if asked.contains('?') { '&' } else { '?' };
        let asked = if asked.starts_with("diff") {
            format!("/api/v1/{asked}")
        } else {
            format!("/api/v1/{asked}{sign}known_at=1")
        };
        let answer = app.get(&asked);
        answer.ok();
        (answer.etag().to_owned(), answer.body)
    };
    let then: Vec<_> = all.clone().map(|asked| ask(asked)).collect();
    // Corrections, deletions and new records since.
    let event = json!({"id": "later", "type": "SUPPORT", "date": "2023-06-16",
        "participants": [{"actor": "antony-blinken", "role": "source"}, {"actor": "chn", "role": "target"}]});
    app.post("/api/v1/events", &event.to_string()).ok();
    let statement = json!({"id": "turn", "speakers": ["antony-blinken"], "date": "2023-07",
        "stances": [{"toward": {"actor": "prk"}, "stance": "praises", "about": "missile-launches"}]});
    app.post("/api/v1/statements", &statement.to_string()).ok();
    app.delete("/api/v1/relations/joe-biden-president")
        .ok_empty();
    app.delete("/api/v1/statements/biden-on-meeting-xi-2023-06-17")
        .ok_empty();
    for (asked, then) in all.zip(then) {
        assert_eq!(ask(asked), then, "{asked}");
    }
    let now = app.get("/api/v1/contradictions").ok();
    assert_eq!(now["items"][0]["rule"], "stance_reversal", "{now}");
}
