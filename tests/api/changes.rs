//! What the record learned: commits in pages and as a feed, the difference of two; timelines that
//! have to fit; limits at their edges.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use chancery::http::FEEDS_MAX;
use serde_json::{Value, json};

use super::app::{App, ids};

fn meeting(id: &str, date: &str) -> String {
    let event = json!({"id": id, "type": "CONSULT", "date": date, "participants": [
        {"actor": "usa", "role": "participant"}, {"actor": "chn", "role": "participant"}]});
    event.to_string()
}

/// The article, a correction of it, a new event, its deletion, and the undo of an import.
fn history() -> App {
    let app = App::article();
    app.post("/api/v1/events", &meeting("talks", "2023-07"))
        .ok();
    app.put("/api/v1/events/talks", &meeting("talks", "2023-08"))
        .ok();
    let line = r#"{"record":"actor","id":"fra","kind":"state","name":"France"}"#;
    let headers = [("Content-Type", "application/x-ndjson")];
    let import = app
        .call("POST", "/api/v1/imports", &headers, line.as_bytes())
        .ok();
    app.delete("/api/v1/events/talks").ok_empty();
    let id = import["id"].as_str().unwrap();
    app.delete(&format!("/api/v1/imports/{id}")).ok();
    app
}

#[test]
fn commits_say_what_they_were_and_did() {
    let app = history();
    let all = app.get("/api/v1/changes").ok();
    let items = all["items"].as_array().unwrap();
    let kinds: Vec<&str> = items.iter().map(|i| i["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        ["import", "write", "write", "import", "write", "undo"]
    );
    let counts: Vec<[u64; 3]> = items
        .iter()
        .map(|item| ["created", "changed", "deleted"].map(|n| item["counts"][n].as_u64().unwrap()))
        .collect();
    assert_eq!(
        counts,
        [
            [50, 0, 0],
            [1, 0, 0],
            [0, 1, 0],
            [1, 0, 0],
            [0, 0, 1],
            [0, 0, 1]
        ]
    );
    assert_eq!(items[0]["records"].as_array().unwrap().len(), 20);
    assert_eq!(items[0]["more"], 30);
    assert_eq!(items[3]["import"], items[5]["import"]);
    assert_eq!(
        items[4]["records"],
        json!([{"record": "event", "id": "talks", "change": "deleted"}])
    );
    let since = app.get("/api/v1/changes?since=4").ok();
    assert_eq!(since["items"], json!(items[4..]));
    assert_eq!(app.get("/api/v1/changes?since=6").ok()["total"], 0);
    assert_eq!(app.get("/api/v1/changes?known_at=2").ok()["total"], 2);
    let first = app.get("/api/v1/changes?limit=4").ok();
    let next = first["next"].as_str().unwrap();
    app.post("/api/v1/events", &meeting("later", "2024")).ok();
    let second = app
        .get(&format!("/api/v1/changes?limit=4&cursor={next}"))
        .ok();
    assert_eq!(
        second["items"],
        json!(items[4..]),
        "pages are of one commit"
    );
    app.get("/api/v1/changes?since=-1").problem("bad_parameter");
}

#[test]
fn a_difference_is_what_stays_of_the_changes() {
    let app = history();
    let diff = |from: &str, to: &str| {
        app.get(&format!("/api/v1/diff?from_commit={from}&to_commit={to}"))
            .ok()
    };
    let changed = diff("2", "3");
    assert_eq!(changed["total"], 1);
    assert_eq!(changed["items"][0]["change"], "changed");
    assert_eq!(changed["items"][0]["before"]["date"], "2023-07");
    assert_eq!(changed["items"][0]["after"]["date"], "2023-08");
    assert_eq!(diff("1", "6")["total"], 0, "all was taken back");
    assert_eq!(diff("3", "3")["total"], 0);
    let there = diff("1", "4");
    assert_eq!(
        there["counts"],
        json!({"created": 2, "changed": 0, "deleted": 0})
    );
    let back = diff("4", "1");
    assert_eq!(
        back["counts"],
        json!({"created": 0, "changed": 0, "deleted": 2})
    );
    let bare = |page: &Value, side: &str| -> Vec<Value> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| item[side].clone()).collect()
    };
    assert_eq!(
        bare(&there, "after"),
        bare(&back, "before"),
        "mirror images"
    );
    app.get("/api/v1/diff").problem("missing_parameter");
    app.get("/api/v1/diff?from_commit=99")
        .problem("no_such_commit");
    let at = app.get("/api/v1/changes").ok()["items"][1]["at"].clone();
    let since = diff(at.as_str().unwrap(), "4");
    assert_eq!(since["from_commit"], 2, "an instant names a state, too");
}

/// An open feed.
struct Feed(BufReader<TcpStream>);

impl Feed {
    fn open(app: &App, more: &str) -> Self {
        let mut stream = TcpStream::connect(app.address).unwrap();
        let wait = Some(Duration::from_secs(20));
        stream.set_read_timeout(wait).unwrap();
        let (path, headers) = more.split_once(' ').unwrap_or((more, ""));
        let request = format!(
            "GET /api/v1/changes{path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\
             {headers}\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        Self(BufReader::new(stream))
    }

    /// The next line that starts so.
    fn line(&mut self, start: &str) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the feed ended");
            if line.starts_with(start) {
                return line.trim_end().to_owned();
            }
        }
    }

    /// The next event: its id and what it carries.
    fn event(&mut self) -> (String, Value) {
        let id = self.line("id: ");
        let data = self.line("data: ");
        let data = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
        (id, data)
    }
}

#[test]
fn a_feed_gives_what_was_and_what_comes() {
    let app = App::article();
    // What is compressed would wait until there is enough of it.
    let mut feed = Feed::open(&app, " Accept-Encoding: gzip\r\n");
    assert_eq!(feed.line("HTTP/1.1"), "HTTP/1.1 200 OK");
    let (id, data) = feed.event();
    assert_eq!(id, "id: 1");
    assert_eq!(data, app.get("/api/v1/changes").ok()["items"][0]);
    for nth in 2..5 {
        app.post("/api/v1/events", &meeting(&format!("talks-{nth}"), "2023"))
            .ok();
        let (id, data) = feed.event();
        assert_eq!(id, format!("id: {nth}"));
        assert_eq!(data["records"][0]["id"], format!("talks-{nth}"));
    }
    let mut again = Feed::open(&app, " Last-Event-ID: 3\r\n");
    assert_eq!(again.event().0, "id: 4");
    let mut since = Feed::open(&app, "?since=2");
    assert_eq!(since.event().0, "id: 3");
    for (wrong, code) in [
        ("?limit=5", "bad_parameter"),
        ("?known_at=1", "bad_parameter"),
        (" Last-Event-ID: x\r\n", "bad_header"),
    ] {
        let mut refused = Feed::open(&app, wrong);
        assert!(
            refused.line("HTTP/1.1").starts_with("HTTP/1.1 400"),
            "{wrong}"
        );
        assert!(refused.line("{").contains(code), "{wrong}");
    }
    // A page is not what the header is for, but nonsense in it is not passed over.
    let nonsense = [("Last-Event-ID", "x")];
    app.call("GET", "/api/v1/changes", &nonsense, b"")
        .problem("bad_header");
}

#[test]
fn feeds_are_limited_and_their_places_come_back() {
    let app = App::article();
    let mut feeds: Vec<Feed> = (0..FEEDS_MAX).map(|_| Feed::open(&app, "")).collect();
    for feed in &mut feeds {
        assert_eq!(feed.event().0, "id: 1");
    }
    let mut one_more = Feed::open(&app, "");
    assert!(one_more.line("HTTP/1.1").starts_with("HTTP/1.1 503"));
    one_more.line("{");
    assert_eq!(
        app.get("/api/v1/changes").ok()["total"],
        1,
        "pages are still given"
    );
    drop(feeds);
    // A client that went away is noticed when something is sent to it.
    let start = Instant::now();
    loop {
        let event = format!("e{}", start.elapsed().as_millis());
        app.post("/api/v1/events", &meeting(&event, "2023")).ok();
        if Feed::open(&app, "").line("HTTP/1.1").ends_with("200 OK") {
            break;
        }
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "no place came back"
        );
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_timeline_fits_and_says_what_it_left_out() {
    let app = App::article();
    let undated =
        r#"{"id": "someday", "type": "AID", "participants": [{"actor": "usa", "role": "source"}]}"#;
    app.post("/api/v1/events", undated).ok();
    let all = app.get("/api/v1/timeline?limit=1000").ok();
    let total = all["total"].as_u64().unwrap();
    for marks in [1, 2, 3, 5, 20, 37, 38, 2000] {
        let fit = app.get(&format!("/api/v1/timeline?max_marks={marks}")).ok();
        assert_eq!(fit["total"], total, "{marks}");
        let omitted = |name: &str| fit["meta"]["omitted"][name].as_u64().unwrap();
        let shown = fit["items"].as_array().map_or(0, Vec::len) as u64;
        assert_eq!(
            shown + omitted("clustered") + omitted("undated"),
            total,
            "{marks}: {}",
            fit["meta"]
        );
        if marks < total {
            assert_eq!(fit["mode"], "bins");
            let bins = fit["bins"].as_array().unwrap();
            assert!(bins.len() as u64 <= marks && !bins.is_empty(), "{marks}");
            let sum: u64 = bins.iter().map(|bin| bin["count"].as_u64().unwrap()).sum();
            assert_eq!(sum, omitted("clustered"), "{marks}");
        } else {
            assert_eq!(fit["mode"], "records");
            assert_eq!(ids(&fit), ids(&all), "{marks}");
        }
    }
    // What confidence alone keeps out.
    let sure = app
        .get("/api/v1/timeline?min_confidence=0.9&from=2023")
        .ok();
    let any = app.get("/api/v1/timeline?from=2023").ok();
    let omitted = &sure["meta"]["omitted"];
    let sum = [
        &sure["total"],
        &omitted["undated"],
        &omitted["low_confidence"],
    ];
    let sum: u64 = sum.iter().map(|n| n.as_u64().unwrap()).sum();
    let known =
        any["total"].as_u64().unwrap() + any["meta"]["omitted"]["undated"].as_u64().unwrap();
    assert_eq!(sum, known);
    for wrong in [
        "max_marks=0",
        "max_marks=2001",
        "max_marks=5&limit=5",
        "lanes=true",
        "max_marks=5&lanes=true",
        "max_marks=5&lanes=true&actor=usa&actor=chn&match=all",
        "max_marks=1&lanes=true&actor=usa&actor=chn",
        "starts_from=2024&starts_to=2023",
    ] {
        app.get(&format!("/api/v1/timeline?{wrong}"))
            .problem("bad_parameter");
    }
    let lanes = "/api/v1/timeline?max_marks=2&lanes=true&actor=usa&actor=chn";
    assert_eq!(app.get(lanes).ok()["bins"].as_array().unwrap().len(), 2);
}

#[test]
fn limits_of_series_and_windows_hold_at_their_edges() {
    let app = App::article();
    for (asked, good) in [
        ("series?half_life=1", true),
        ("series?half_life=36500", true),
        ("series?half_life=0", false),
        ("series?half_life=36501", false),
        ("series?bin=decade", false),
        (
            "compare?base_from=2022&base_to=2022&from=2023&to=2023",
            true,
        ),
        (
            "compare?base_from=2023&base_to=2022&from=2023&to=2023",
            false,
        ),
    ] {
        let answer = app.get(&format!("/api/v1/dyads/usa/chn/{asked}"));
        if good {
            answer.ok();
        } else {
            answer.problem("bad_parameter");
        }
    }
    let missing = "/api/v1/dyads/usa/chn/compare?base_from=2022&base_to=2022&from=2023";
    assert_eq!(
        app.get(missing).problem("missing_parameter")["parameter"],
        "to"
    );
}

#[test]
fn what_disagrees_stands_side_by_side_until_it_is_taken_back() {
    let app = App::article();
    let told = |id: &str, date: &str, links: Value| {
        let event = json!({"id": id, "type": "CONSULT", "date": date, "links": links,
            "participants": [{"actor": "usa", "role": "participant"}, {"actor": "chn", "role": "participant"}]});
        app.post("/api/v1/events", &event.to_string()).ok();
    };
    told("met", "2023-06-18", json!([]));
    told(
        "met-later",
        "2023-06-20",
        json!([{"kind": "contradicts", "event": "met"}]),
    );
    let denial = json!({"id": "never", "speakers": ["chn"], "date": "2023-06-21",
        "stances": [{"toward": {"event": "met"}, "stance": "denies"}]});
    app.post("/api/v1/statements", &denial.to_string()).ok();
    let office = json!({"id": "second-secretary", "subject": "matthew-miller", "kind": "holds_office",
        "object": "jpn", "title": "Minister for Foreign Affairs", "since": "2023-06-01"});
    app.post("/api/v1/relations", &office.to_string()).ok();
    let rules = || {
        let found = app.get("/api/v1/contradictions").ok();
        let items = found["items"].as_array().unwrap().clone();
        let mut rules: Vec<String> = items
            .iter()
            .map(|item| item["rule"].as_str().unwrap().to_owned())
            .collect();
        rules.sort();
        rules
    };
    let found = rules();
    assert!(found.contains(&"date".to_owned()), "{found:?}");
    assert!(found.contains(&"denial".to_owned()), "{found:?}");
    let of_date = app.get("/api/v1/contradictions?rule=date&actor=chn").ok();
    assert_eq!(of_date["items"][0]["claims"][0]["says"], "2023-06-18");
    assert_eq!(
        of_date["items"][0]["claims"][1]["record"]["id"],
        "met-later"
    );
    assert_eq!(
        app.get("/api/v1/contradictions?rule=date&actor=kor").ok()["total"],
        0
    );
    app.delete("/api/v1/events/met-later").ok_empty();
    assert!(
        !rules().contains(&"date".to_owned()),
        "one of the two is gone"
    );
    app.get("/api/v1/contradictions?rule=lies")
        .problem("bad_parameter");
}
