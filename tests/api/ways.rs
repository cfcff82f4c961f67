//! Paths in their modes, how far news travels, what a connection rests on.

use serde_json::{Value, json};

use super::app::App;

fn question(app: &App, path: &str) -> Value {
    app.get(&format!("/api/v1/{path}")).ok()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

#[test]
fn every_hop_opens_to_the_records_it_counts() {
    let app = App::article();
    let mut hops = 0;
    for mode in ["fewest", "strongest", "chronological"] {
        for more in [
            "",
            "&directed=true",
            "&rollup=state",
            "&rollup=state&directed=true&from=2023-06&to=2023-06",
            "&from=2023-06-16&certain=true",
            "&kind=state&kind=person",
            "&record=event&record=statement&cited=trtworld-2023-06-17",
            "&min_independent=1&exclude_source=nobody&min_confidence=0.5",
            "&diverse=true&max_degree=6&role=source&role=target&role=speaker",
        ] {
            let query = format!("paths?source=park-jin&target=xi-jinping&mode={mode}{more}");
            let found = question(&app, &format!("{query}&limit=20&evidence=2"));
            assert_eq!(found["mode"], mode);
            for hop in list(&found["paths"]).iter().flat_map(|p| list(&p["hops"])) {
                let url = hop["records_url"].as_str().unwrap();
                let opened = app.get(url).ok();
                assert_eq!(opened["total"], hop["records"], "{query}: {url}");
                let shown = list(&hop["evidence"]).len() as u64;
                let more = hop["more"].as_u64().unwrap();
                assert_eq!(opened["total"], shown + more, "{query}");
                hops += 1;
            }
        }
    }
    assert!(hops > 100, "{hops}");
}

#[test]
fn links_to_records_stay_as_they_were_when_more_is_written() {
    let app = App::article();
    let found = question(&app, "paths?source=park-jin&target=prk&limit=1");
    let hop = &found["paths"][0]["hops"][0];
    let event = json!({
        "id": "later", "cameo": "112", "date": "2023-06-20", "participants": [
            { "actor": "park-jin", "role": "source" }, { "actor": "prk", "role": "target" },
        ],
    });
    let written = app.post("/api/v1/events", &event.to_string());
    assert_eq!(written.status, 201, "{}", written.text());
    let opened = app.get(hop["records_url"].as_str().unwrap()).ok();
    assert_eq!(opened["total"], hop["records"]);
    let now = question(&app, "paths?source=park-jin&target=prk&limit=1");
    let records = |found: &Value| found["paths"][0]["hops"][0]["records"].as_u64().unwrap();
    assert_eq!(records(&now), records(&found) + 1);
}

/// A world in which the short way goes back in time.
fn in_time(app: &App) {
    let event = |id: &str, date: &str, a: &str, b: &str| {
        json!({
            "record": "event", "id": id, "cameo": "040", "date": date, "sources": [{ "source": id }],
            "participants": [{ "actor": a, "role": "source" }, { "actor": b, "role": "target" }],
        })
    };
    let actors = ["a", "b", "c", "d"]
        .map(|id| json!({ "record": "actor", "id": id, "kind": "state", "name": id }));
    let events = [
        event("b-late", "2023-03-10", "a", "b"),
        event("b-early", "2023-02-01", "b", "d"),
        event("c-one", "2023-01-05", "a", "c"),
        event("c-two", "2023-01-XX", "c", "b"),
    ];
    let sources = ["b-late", "b-early", "c-one", "c-two"]
        .map(|id| json!({ "record": "source", "id": id, "kind": "article", "title": format!("On {id}") }));
    let all = actors.iter().chain(&sources).chain(&events);
    let lines: Vec<String> = all.map(Value::to_string).collect();
    let answer = app.call(
        "POST",
        "/api/v1/imports",
        &[("Content-Type", "application/x-ndjson")],
        lines.join("\n").as_bytes(),
    );
    assert_eq!(answer.ok()["status"], "committed");
}

#[test]
fn paths_in_time_do_not_go_back_and_say_what_is_only_possible() {
    let app = App::empty();
    in_time(&app);
    let fewest = question(&app, "paths?source=a&target=d");
    assert_eq!(fewest["paths"][0]["length"], 2);
    let lawful = question(
        &app,
        "paths?source=a&target=d&mode=chronological&directed=true",
    );
    let [path] = list(&lawful["paths"]) else {
        panic!("{lawful:#}")
    };
    assert_eq!(path["length"], 3);
    assert_eq!(path["arrival"], "2023-02-01");
    assert_eq!(
        path["order"], "possible",
        "a month may end before its last day"
    );
    let hops = list(&path["hops"]);
    let chosen: Vec<&Value> = hops.iter().map(|hop| &hop["evidence"][0]["id"]).collect();
    assert_eq!(chosen, ["c-one", "c-two", "b-early"]);
    let orders: Vec<&Value> = hops.iter().map(|hop| &hop["order"]).collect();
    assert_eq!(
        orders,
        [&Value::Null, &json!("possible"), &json!("certain")]
    );
    let too_late = question(
        &app,
        "paths?source=a&target=d&mode=chronological&from=2023-02",
    );
    assert_eq!(too_late["paths"], json!([]));
    let strongest = question(&app, "paths?source=a&target=d&mode=strongest&limit=1");
    assert_eq!(strongest["paths"][0]["cost"], 2.0);
}

#[test]
fn news_spreads_forward_and_is_traced_back() {
    let app = App::empty();
    in_time(&app);
    let forward = question(&app, "reach?source=a&directed=true");
    assert_eq!(forward["direction"], "forward");
    let reached: Vec<Value> = list(&forward["items"])
        .iter()
        .map(|item| json!([item["actor"]["id"], item["day"], item["hops"]]))
        .collect();
    let expected = json!([
        ["c", "2023-01-05", 1],
        ["b", "2023-01-05", 2],
        ["d", "2023-02-01", 3]
    ]);
    assert_eq!(json!(reached), expected);
    let chain = list(&forward["items"][2]["chain"]);
    let records: Vec<&Value> = chain.iter().map(|link| &link["record"]["id"]).collect();
    assert_eq!(records, ["c-one", "c-two", "b-early"]);
    let near = question(&app, "reach?source=a&directed=true&max_hops=1&to=2023-01");
    assert_eq!(near["total"], 1);
    let back = question(&app, "reach?target=d&directed=true");
    assert_eq!(back["direction"], "backward");
    let days: Vec<Value> = list(&back["items"])
        .iter()
        .map(|item| json!([item["actor"]["id"], item["day"]]))
        .collect();
    let expected = json!([
        ["b", "2023-02-01"],
        ["c", "2023-01-31"],
        ["a", "2023-01-05"]
    ]);
    assert_eq!(json!(days), expected);
}

#[test]
fn pages_of_reach_fit_together() {
    let app = App::article();
    let whole = question(&app, "reach?source=park-jin&limit=1000");
    let mut items = Vec::new();
    let mut url = "/api/v1/reach?source=park-jin&limit=3".to_owned();
    loop {
        let page = app.get(&url).ok();
        assert_eq!(page["total"], whole["total"]);
        items.extend(list(&page["items"]).iter().cloned());
        let Some(next) = page["next"].as_str() else {
            break;
        };
        url = format!("/api/v1/reach?source=park-jin&limit=3&cursor={next}");
    }
    assert_eq!(json!(items), whole["items"]);
}

#[test]
fn a_connection_says_what_it_rests_on() {
    let app = App::article();
    let found = question(&app, "explain?source=park-jin&target=prk");
    let [only] = list(&found["rests_on"]) else {
        panic!("{found:#}")
    };
    assert_eq!(only["source"]["id"], "trtworld-2023-06-17");
    assert_eq!(only["breaks"], true);
    assert_eq!(
        found["fragility"],
        json!({ "sources": 1, "set": ["trtworld-2023-06-17"], "exact": true })
    );
    let gone = question(
        &app,
        "explain?source=park-jin&target=prk&exclude_source=trtworld-2023-06-17",
    );
    assert_eq!(gone["paths"], 0);
    assert_eq!(
        gone["fragility"],
        json!({ "sources": 0, "set": [], "exact": true })
    );

    let app = App::empty();
    in_time(&app);
    let two = question(&app, "explain?source=a&target=b");
    assert_eq!(two["paths"], 2);
    assert!(
        list(&two["rests_on"]).iter().all(|s| s["breaks"] == false),
        "{two:#}"
    );
    assert_eq!(two["fragility"]["sources"], 2);
    assert_eq!(two["fragility"]["set"], json!(["b-late", "c-one"]));
    let in_time = question(&app, "explain?source=a&target=d&mode=chronological");
    assert_eq!(in_time["fragility"]["sources"], 1);
    assert_eq!(in_time["rests_on"][0]["source"]["title"], "On b-early");
}

#[test]
fn diverse_paths_share_nobody_and_hubs_are_left_out_whole() {
    let app = App::article();
    let found = question(
        &app,
        "paths?source=park-jin&target=chn&diverse=true&limit=20",
    );
    let mut inner: Vec<&str> = Vec::new();
    for path in list(&found["paths"]) {
        let hops = list(&path["hops"]);
        let between = hops.iter().skip(1);
        inner.extend(between.map(|hop| hop["source"]["id"].as_str().unwrap()));
    }
    let all = inner.len();
    inner.sort_unstable();
    inner.dedup();
    assert!(all > 0 && inner.len() == all, "{inner:?}");

    let degree = |id: &str| {
        let page = question(&app, &format!("actors/{id}/relationships"));
        page["total"].as_u64().unwrap()
    };
    let most = degree("antony-blinken") - 1;
    let found = question(
        &app,
        &format!("paths?source=park-jin&target=chn&limit=20&max_degree={most}"),
    );
    for hop in list(&found["paths"])
        .iter()
        .flat_map(|p| list(&p["hops"]).iter().skip(1))
    {
        assert!(
            degree(hop["source"]["id"].as_str().unwrap()) <= most,
            "{hop:#}"
        );
    }
}

#[test]
fn what_can_not_be_asked_is_a_problem() {
    let app = App::article();
    for (query, code) in [
        ("reach", "missing_parameter"),
        ("reach?source=usa&target=prk", "bad_parameter"),
        ("reach?source=usa&max_hops=0", "bad_parameter"),
        ("reach?source=usa&max_hops=101", "bad_parameter"),
        ("reach?source=usa&max_degree=1000001", "bad_parameter"),
        ("reach?source=usa&mode=fewest", "unknown_parameter"),
        ("reach?source=nobody", "unknown_actor"),
        ("reach?source=usa&cursor=x", "bad_cursor"),
        ("explain?source=usa", "missing_parameter"),
        ("explain?source=usa&target=nobody", "unknown_actor"),
        ("paths?source=usa&target=prk&mode=best", "bad_parameter"),
        ("paths?source=usa&target=prk&max_degree=0", "bad_parameter"),
        (
            "paths?source=usa&target=prk&max_degree=1000001",
            "bad_parameter",
        ),
        ("paths?source=usa&target=prk&diverse=yes", "bad_parameter"),
    ] {
        app.get(&format!("/api/v1/{query}")).problem(code);
    }
    for edge in [
        "reach?source=usa&max_hops=100&max_degree=1000000",
        "paths?source=usa&target=prk&max_degree=1000000",
        "paths?source=usa&target=prk&max_degree=1",
    ] {
        question(&app, edge);
    }
}
