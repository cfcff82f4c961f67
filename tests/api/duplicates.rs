//! What may be one, over HTTP: actors and events, with reasons and scores.

use serde_json::{Value, json};

use super::app::App;

const LINES: &str = r#"
{"record":"source","id":"wire"}
{"record":"actor","id":"usa","kind":"state","name":"USA"}
{"record":"actor","id":"prk","kind":"state","name":"Democratic People's Republic of Korea","codes":{"iso3":"PRK"}}
{"record":"actor","id":"north-korea","kind":"state","name":"North Korea","codes":{"iso3":"PRK"}}
{"record":"actor","id":"kor","kind":"state","name":"Republic of Korea","codes":{"iso3":"KOR"}}
{"record":"actor","id":"south-korea","kind":"state","name":"South Korea"}
{"record":"actor","id":"niger","kind":"state","name":"Niger"}
{"record":"actor","id":"nigeria","kind":"state","name":"Nigeria"}
{"record":"actor","id":"kang","kind":"person","name":"Kang Kyung Wha"}
{"record":"actor","id":"kyung-wha","kind":"person","name":"Kyung-wha Kang"}
{"record":"actor","id":"un","kind":"person","name":"Kim Jong Un"}
{"record":"actor","id":"il","kind":"person","name":"Kim Jong Il"}
{"record":"actor","id":"lavrov","kind":"person","name":"Sergei Lavrov"}
{"record":"actor","id":"lavrow","kind":"unknown","name":"Сергей Лавров"}
{"record":"relation","id":"o1","subject":"kang","kind":"holds_office","object":"kor","title":"Foreign Minister","since":"2017-06-18","until":"2021-02-08"}
{"record":"relation","id":"o2","subject":"kyung-wha","kind":"holds_office","object":"kor","title":"Foreign minister","since":"2018-01","until":"2019-12"}
{"record":"event","id":"e1","cameo":"036","date":"2018-03-01","participants":[{"actor":"kang","role":"source"},{"actor":"usa","role":"target"}]}
{"record":"event","id":"e2","cameo":"036","date":"2018-03-02","participants":[{"actor":"kyung-wha","role":"source"},{"actor":"usa","role":"target"}]}
{"record":"event","id":"e3","cameo":"112","date":"2018-03-02","participants":[{"actor":"kang","role":"source"},{"actor":"usa","role":"target"}]}
"#;

fn app() -> App {
    let app = App::empty();
    import(&app, LINES.trim(), "one");
    app
}

fn import(app: &App, lines: &str, dataset: &str) {
    let headers = [("Content-Type", "application/x-ndjson")];
    let path = format!("/api/v1/imports?dataset={dataset}");
    let report = app.call("POST", &path, &headers, lines.as_bytes()).ok();
    assert_eq!(report["status"], "committed", "{report}");
}

fn pairs(page: &Value) -> Vec<[&str; 2]> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| ["actor", "other"].map(|side| item[side]["id"].as_str().unwrap()))
        .collect()
}

fn codes(item: &Value) -> Vec<&str> {
    let reasons = item["reasons"].as_array().unwrap().iter();
    reasons
        .map(|reason| {
            reason["code"]
                .as_str()
                .unwrap_or_else(|| reason.as_str().unwrap())
        })
        .collect()
}

#[test]
fn actors_that_may_be_one_are_listed_with_reasons() {
    let app = app();
    let page = app.get("/api/v1/actors/duplicates").ok();
    assert_eq!(
        pairs(&page),
        [
            ["kang", "kyung-wha"],
            ["north-korea", "prk"],
            ["lavrov", "lavrow"]
        ],
        "{page:#}"
    );
    assert_eq!(
        (&page["total"], &page["truncated"], &page["next"]),
        (&json!(3), &json!(false), &Value::Null)
    );
    let first = &page["items"][0];
    assert_eq!(
        codes(first),
        ["word_order", "same_office", "shared_counterparts"],
        "{first:#}"
    );
    let shared = first["shared_counterparts"].as_array().unwrap().iter();
    let shared: Vec<&Value> = shared.map(|actor| &actor["id"]).collect();
    assert_eq!(shared, ["kor", "usa"]);
    let text = first["reasons"][0]["text"].as_str().unwrap();
    assert!(
        text.contains("Kang Kyung Wha") && text.contains("Kyung-wha Kang"),
        "{text}"
    );
    assert_eq!(codes(&page["items"][1]), ["same_code", "names_differ"]);
    let records = app.get(first["actor_records_url"].as_str().unwrap()).ok();
    assert_eq!(records["total"], 3);
    for item in page["items"].as_array().unwrap() {
        let score = item["score"].as_f64().unwrap();
        assert!((0.65..=1.0).contains(&score), "{item:#}");
    }
    // However low the score may be, these are two.
    let page = app.get("/api/v1/actors/duplicates?min_score=0").ok();
    for two in [
        ["il", "un"],
        ["niger", "nigeria"],
        ["kor", "prk"],
        ["kor", "north-korea"],
        ["north-korea", "south-korea"],
    ] {
        assert!(!pairs(&page).contains(&two), "{two:?}");
    }
}

#[test]
fn suggestions_are_filtered_and_paged() {
    let app = app();
    let get = |query: &str| app.get(&format!("/api/v1/actors/duplicates?{query}")).ok();
    assert_eq!(pairs(&get("kind=state")), [["north-korea", "prk"]]);
    assert_eq!(pairs(&get("actor=Sergei+Lavrov")), [["lavrov", "lavrow"]]);
    assert_eq!(pairs(&get("actor=niger")), [[""; 2]; 0]);
    let high = get("min_score=0.99");
    assert_eq!(pairs(&high), [["kang", "kyung-wha"]], "{high:#}");
    let first = get("limit=2");
    let next = first["next"].as_str().unwrap();
    let second = get(&format!("limit=2&cursor={next}"));
    assert_eq!(
        (pairs(&first).len(), pairs(&second)),
        (2, vec![["lavrov", "lavrow"]])
    );
    assert_eq!(get("known_at=0")["total"], 0);
    for (query, kind) in [
        ("min_score=1.5", "bad_parameter"),
        ("kind=planet", "bad_parameter"),
        ("actor=nobody+at+all", "unknown_actor"),
        ("cursor=x", "bad_cursor"),
    ] {
        app.get(&format!("/api/v1/actors/duplicates?{query}"))
            .problem(kind);
        app.get(&format!("/api/v1/actors/duplicates?limit=3&{query}"))
            .problem(kind);
    }
    app.get("/api/v1/events/duplicates?actor=nobody+at+all")
        .problem("unknown_actor");
    app.get("/api/v1/events/duplicates?min_score=-1")
        .problem("bad_parameter");
}

#[test]
fn judgements_end_suggestions_both_ways() {
    let app = app();
    let path = "/api/v1/actors/duplicates";
    app.post(
        "/api/v1/actors/lavrow/different-from",
        r#"{"other":"lavrov"}"#,
    )
    .ok();
    app.post("/api/v1/actors/kang/merge", r#"{"other":"kyung-wha"}"#)
        .ok();
    let page = app.get(path).ok();
    assert_eq!(pairs(&page), [["north-korea", "prk"]]);
    // As of the commit before they are suggested.
    assert_eq!(app.get(&format!("{path}?known_at=1")).ok()["total"], 3);
    // Of whom was merged, the names and judgements are those of the survivor.
    app.put(
        "/api/v1/actors/kkw",
        r#"{"kind":"person","name":"Kang, Kyung-wha"}"#,
    )
    .ok();
    let page = app.get(&format!("{path}?actor=kang")).ok();
    assert_eq!(pairs(&page), [["kkw", "kyung-wha"]]);
    app.post("/api/v1/actors/kkw/different-from", r#"{"other":"kang"}"#)
        .ok();
    assert_eq!(app.get(&format!("{path}?actor=kang")).ok()["total"], 0);
}

#[test]
fn events_that_may_be_one_follow_those_that_are_equal() {
    let app = app();
    let path = "/api/v1/events/duplicates";
    app.post("/api/v1/actors/kang/merge", r#"{"other":"kyung-wha"}"#)
        .ok();
    let event = |id: &str, date: &str| {
        format!(
            r#"{{"record":"event","id":"{id}","cameo":"036","date":"{date}","participants":[{{"actor":"kang","role":"source"}},{{"actor":"usa","role":"target"}}]}}"#
        )
    };
    import(&app, &event("f1", "2018-03-01"), "two");
    import(&app, &event("e4", "2018-03-01"), "one");
    let equal = app.get(path).ok();
    assert_eq!(
        (&equal["total"], &equal["truncated"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(equal["items"][0]["reasons"], json!(["equal"]));
    assert_eq!(equal["items"][0]["reason_details"][0]["code"], "equal");
    let all = app.get(&format!("{path}?min_score=0.7")).ok();
    let items = all["items"].as_array().unwrap();
    let ids = |item: &Value| -> Vec<String> {
        let events = item["events"].as_array().unwrap().iter();
        events
            .map(|event| event["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let found: Vec<Vec<String>> = items.iter().map(ids).collect();
    // e4 is in the group with e1, and is not told again.
    assert_eq!(
        found,
        [vec!["e1", "e4"], vec!["e1", "f1"], vec!["e2", "f1"]],
        "{all:#}"
    );
    assert_eq!(items[0]["score"], 1.0);
    assert_eq!(
        codes(&items[1]),
        ["same_code", "same_date", "same_parties", "other_dataset"]
    );
    assert_eq!(
        codes(&items[2]),
        ["same_code", "same_parties", "next_day", "other_dataset"]
    );
    let with_actor = app.get(&format!("{path}?min_score=0.7&actor=kang")).ok();
    assert_eq!(with_actor["total"], 3);
    assert_eq!(
        app.get(&format!("{path}?min_score=0.7&actor=niger")).ok()["total"],
        0
    );
    assert_eq!(
        app.get(&format!("{path}?min_score=0.7&to=2018-03-01")).ok()["total"],
        2
    );
}

#[test]
fn records_with_the_id_duplicates_stay_readable() {
    let app = app();
    app.put(
        "/api/v1/actors/duplicates",
        r#"{"kind":"unknown","name":"The Duplicates"}"#,
    )
    .ok();
    app.put("/api/v1/events/duplicates", r#"{"type":"CONSULT","date":"2020","participants":[{"actor":"duplicates","role":"source"}]}"#)
        .ok();
    for kind in ["actors", "events"] {
        let list = app.get(&format!("/api/v1/{kind}/duplicates")).ok();
        assert!(list["items"].is_array());
        let history = app.get(&format!("/api/v1/{kind}/duplicates/history")).ok();
        assert_eq!(history["versions"][0]["version"]["id"], "duplicates");
    }
    let pair = app.get("/api/v1/actors/duplicates?actor=duplicates").ok();
    assert_eq!(pair["total"], 0);
}
