//! Search: names and words, as the guide promises them.

use serde_json::{Value, json};

use crate::app::App;

fn search(app: &App, query: &[(&str, &str)]) -> Value {
    let pairs: Vec<String> = query
        .iter()
        .map(|(name, value)| {
            let escaped: Vec<String> = value.bytes().map(|b| format!("%{b:02X}")).collect();
            format!("{name}={}", escaped.concat())
        })
        .collect();
    app.get(&format!("/api/v1/search?{}", pairs.join("&"))).ok()
}

fn found(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    let ids = items
        .iter()
        .map(|item| item["record"]["id"].as_str().unwrap());
    ids.collect()
}

fn actors(page: &Value) -> Vec<(&str, &str)> {
    let items = page["items"].as_array().unwrap().iter();
    let each = items.map(|item| {
        let id = item["record"]["id"].as_str().unwrap();
        (id, item["matched"].as_str().unwrap())
    });
    each.collect()
}

#[test]
fn actors_are_found_by_any_name() {
    let app = App::article();
    app.put(
        "/api/v1/actors/kim-jong-il",
        r#"{"id": "kim-jong-il", "kind": "person", "name": "Kim Jong Il"}"#,
    )
    .ok();
    app.put(
        "/api/v1/actors/park-jin",
        r#"{"id": "park-jin", "kind": "person", "name": "Park Jin", "aliases": [{"text": "박진", "language": "ko"}]}"#,
    )
    .ok();
    for (words, first) in [
        ("Antony Blinken", ("antony-blinken", "name")),
        ("Blinken Antony", ("antony-blinken", "name")),
        ("Anthony Blinkin", ("antony-blinken", "name")),
        ("blin", ("antony-blinken", "alias")),
        ("박진", ("park-jin", "alias")),
        ("PARK  jin", ("park-jin", "name")),
        ("Yoshimasa Hayashi", ("hayashi-yoshimasa", "alias")),
        ("Hayashi Yoshimasa", ("hayashi-yoshimasa", "name")),
        ("林芳正", ("hayashi-yoshimasa", "alias")),
        ("DPRK", ("prk", "alias")),
        ("Kim Jong Il", ("kim-jong-il", "name")),
    ] {
        let page = search(&app, &[("q", words), ("in", "actors")]);
        assert_eq!(actors(&page).first(), Some(&first), "{words}: {page:#}");
    }
    for (words, never) in [
        ("Kim Jong Un", "kim-jong-il"),
        ("Kim Jong Il", "kim-jong-un"),
    ] {
        let page = search(&app, &[("q", words), ("in", "actors")]);
        assert!(!found(&page).contains(&never), "{words}");
    }
    let office = search(
        &app,
        &[
            ("q", "Secretary of State"),
            ("in", "actors"),
            ("from", "2023-06"),
            ("to", "2023-06"),
        ],
    );
    assert_eq!(actors(&office)[0], ("antony-blinken", "office"));
    let states = search(
        &app,
        &[("q", "Blinken"), ("in", "actors"), ("kind", "state")],
    );
    assert_eq!(states["total"], 0);
}

#[test]
fn texts_are_found_by_their_words_and_shown_where() {
    let app = App::article();
    let page = search(&app, &[("q", "missile launch")]);
    let items = page["items"].as_array().unwrap();
    assert!(!items.is_empty());
    let mut last = 1.0;
    for item in items {
        let score = item["score"].as_f64().unwrap();
        assert!(score > 0.0 && score <= last, "{score} after {last}");
        last = score;
        assert_eq!(item["matched"], "text");
        for highlight in item["highlights"].as_array().unwrap() {
            let text: Vec<char> = highlight["text"].as_str().unwrap().chars().collect();
            for range in highlight["ranges"].as_array().unwrap() {
                let at = |i: usize| usize::try_from(range[i].as_u64().unwrap()).unwrap();
                let word: String = text[at(0)..at(1)].iter().collect();
                let word = word.to_lowercase();
                assert!(
                    word.starts_with("missile") || word.starts_with("launch"),
                    "{word}"
                );
            }
        }
        assert!(!item["highlights"].as_array().unwrap().is_empty());
    }
    let kinds = page["facets"]["kind"].as_object().unwrap().values();
    let sum: u64 = kinds.map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(page["total"], sum);
    let events = search(
        &app,
        &[("q", "missile launch"), ("in", "events"), ("in", "sources")],
    );
    for item in events["items"].as_array().unwrap() {
        assert!(["event", "source"].contains(&item["record"]["record"].as_str().unwrap()));
    }
}

#[test]
fn filters_order_and_pages_hold_for_what_is_found() {
    let app = App::article();
    let all = search(
        &app,
        &[
            ("q", "china"),
            ("in", "events"),
            ("order", "date"),
            ("limit", "1000"),
        ],
    );
    let days: Vec<&str> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["record"]["sorts_on"].as_str())
        .collect();
    assert!(days.len() > 1);
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
    let windowed = search(
        &app,
        &[("q", "china"), ("from", "2023-06-16"), ("to", "2023-06-16")],
    );
    for item in windowed["items"].as_array().unwrap() {
        if item["record"]["record"] != "actor" {
            assert!(item["record"]["sorts_on"].as_str() <= Some("2023-06-16"));
        }
    }
    let consult = search(&app, &[("q", "china"), ("type", "CONSULT")]);
    assert_eq!(
        consult["facets"]["type"],
        json!({"CONSULT": consult["total"]})
    );
    let (mut pages, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let mut query = vec![("q", "china"), ("limit", "2")];
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page = search(&app, &query);
        pages.extend(page["items"].as_array().unwrap().clone());
        cursor = page["next"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(
        json!(pages),
        search(&app, &[("q", "china"), ("limit", "1000")])["items"]
    );
}

#[test]
fn a_write_is_found_at_once_and_an_old_commit_stays_as_it_was() {
    let app = App::article();
    let count = |query: &[(&str, &str)]| search(&app, query)["total"].as_u64().unwrap();
    assert_eq!(count(&[("q", "walrus")]), 0);
    let before = app.get("/api/v1/search?q=china&known_at=1");
    let event = |title: &str| {
        format!(
            r#"{{"id": "walrus", "cameo": "040", "title": "{title}", "date": "2023-06-01", "participants": [{{"actor": "usa", "role": "participant"}}, {{"actor": "chn", "role": "participant"}}], "sources": [{{"source": "trtworld-2023-06-17"}}]}}"#
        )
    };
    app.put("/api/v1/events/walrus", &event("A walrus visits China"))
        .ok();
    assert_eq!(count(&[("q", "walrus")]), 1);
    app.put("/api/v1/events/walrus", &event("A seal visits China"))
        .ok();
    assert_eq!(count(&[("q", "walrus")]), 0);
    assert_eq!(count(&[("q", "seal")]), 1);
    assert_eq!(count(&[("q", "walrus"), ("known_at", "2")]), 1);
    app.delete("/api/v1/events/walrus").ok_empty();
    assert_eq!(count(&[("q", "seal")]), 0);
    assert_eq!(count(&[("q", "seal"), ("known_at", "3")]), 1);
    let after = app.get("/api/v1/search?q=china&known_at=1");
    assert_eq!((before.etag(), &before.body), (after.etag(), &after.body));
}

#[test]
fn limits_of_a_search_hold_at_their_edges() {
    let app = App::article();
    let longest = "a".repeat(256);
    app.get(&format!("/api/v1/search?q={longest}")).ok();
    for (wrong, code) in [
        (format!("q={longest}a"), "bad-parameter"),
        ("q=%2C%20-".into(), "bad-parameter"),
        ("q=a%01".into(), "bad-parameter"),
        ("q=".into(), "bad-parameter"),
        (String::new(), "missing-parameter"),
        ("q=a&in=relations".into(), "bad-parameter"),
        ("q=a&order=asc".into(), "bad-parameter"),
        ("q=a&words=b".into(), "unknown-parameter"),
    ] {
        app.get(&format!("/api/v1/search?{wrong}")).problem(code);
    }
}

#[test]
fn so_many_words_of_a_record_are_searched() {
    let app = App::article();
    let words = 20_000;
    let text = format!("{}outermost beyond", "word ".repeat(words - 1));
    let statement = json!({"id": "long", "speakers": ["usa"], "text": text});
    app.post("/api/v1/statements", &statement.to_string()).ok();
    assert_eq!(found(&search(&app, &[("q", "outermost")])), ["long"]);
    assert_eq!(found(&search(&app, &[("q", "beyond")])), [""; 0]);
}

#[test]
fn topics_are_ranked_by_their_records_and_open_to_them() {
    let app = App::article();
    let page = app.get("/api/v1/topics?limit=1000").ok();
    let items = page["items"].as_array().unwrap();
    assert!(items.len() > 1 && page["total"] == items.len());
    // Every record is counted under each of its topics, once.
    let all = app.get("/api/v1/timeline?limit=1000").ok();
    let records = all["items"].as_array().unwrap().iter();
    let named = records.map(|record| record["topics"].as_array().map_or(0, Vec::len));
    let counted = items.iter().map(|item| item["records"].as_u64().unwrap());
    assert_eq!(named.sum::<usize>() as u64, counted.clone().sum::<u64>());
    assert!(
        counted
            .clone()
            .zip(counted.skip(1))
            .all(|(one, next)| one >= next)
    );
    for item in items {
        let opened = app.get(item["records_url"].as_str().unwrap()).ok();
        assert_eq!(opened["total"], item["records"], "{item}");
        let topics = opened["items"][0]["topics"].as_array().unwrap();
        assert!(topics.contains(&item["topic"]), "{item}");
    }
    let first = app.get("/api/v1/topics?limit=1").ok();
    let next = first["next"].as_str().unwrap();
    let second = app
        .get(&format!("/api/v1/topics?limit=1&cursor={next}"))
        .ok();
    assert_eq!(second["items"][0], items[1]);
    let topic = items[0]["topic"].as_str().unwrap();
    let only = app
        .get(&format!("/api/v1/topics?topic={topic}&record=event"))
        .ok();
    assert!(
        only["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|item| item["topic"] == topic)
    );
}
