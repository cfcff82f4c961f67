//! Imports and the export.

use std::io::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::app::{ARTICLE, Answer, App};

const LINES: &[(&str, &str)] = &[("Content-Type", "application/x-ndjson")];
const GOOD: &str = r#"{"record":"actor","id":"a","kind":"state","name":"A"}
{"record":"actor","id":"b","kind":"state","name":"B"}
{"record":"event","id":"e","type":"CONSULT","date":"2020","participants":[{"actor":"A","role":"source"},{"actor":"b","role":"target"}]}
"#;
const BAD: &str = r#"{"record":"event","id":"f","type":"CONSULT","date":"2023-02-30","participants":[{"actor":"a","role":"source"}]}
"#;

fn import(app: &App, query: &str, body: &str) -> Answer {
    app.call(
        "POST",
        &format!("/api/v1/imports{query}"),
        LINES,
        body.as_bytes(),
    )
}

fn total(app: &App, kind: &str) -> Value {
    app.get(&format!("/api/v1/{kind}")).ok()["total"].clone()
}

#[test]
fn quadruples_are_taken_and_their_actors_made() {
    let app = App::empty();
    let row = "Japan\tMake a visit\tThailand\t2014-09-22\n";
    let send = |row: &str| {
        let media = [("Content-Type", "text/tab-separated-values")];
        app.call(
            "POST",
            "/api/v1/imports?dataset=icews",
            &media,
            row.as_bytes(),
        )
    };
    let report = send(row).ok();
    assert_eq!(report["format"], "quads");
    let new = |kind: &str| report["counts"][kind]["new"].clone();
    assert_eq!(
        (new("events"), new("actors"), new("sources")),
        (1.into(), 2.into(), 1.into())
    );
    assert_eq!(send(row).ok()["counts"]["events"]["same"], 1);
    let bad = send("Japan\tMake a visitt\tThailand\t2014-09-22\n").problem("import_rejected");
    assert_eq!(bad["rejects"][0]["suggestion"], "Make a visit");
}

#[test]
fn files_of_the_field_are_taken_by_their_content() {
    let app = App::empty();
    let send = |query: &str, media: &str, body: &[u8]| {
        let path = format!("/api/v1/imports?dataset=field{query}");
        app.call("POST", &path, &[("Content-Type", media)], body)
    };
    let icews = include_bytes!("../fixtures/formats/icews.tab");
    for (query, media) in [
        ("&dry_run=true", "text/tab-separated-values"),
        ("&dry_run=true", "text/csv"),
        ("&dry_run=true", "application/octet-stream"),
        ("&format=icews", "text/tab-separated-values"),
    ] {
        let report = send(query, media, icews).ok();
        assert_eq!(
            (&report["format"], &report["counts"]["events"]["new"]),
            (&"icews".into(), &6.into())
        );
    }
    let acled = include_bytes!("../fixtures/formats/acled-2024.csv");
    assert_eq!(send("", "text/csv", acled).ok()["format"], "acled");
    let trips = include_bytes!("../fixtures/formats/historian-travels.xml");
    assert_eq!(
        send("", "application/xml", trips).ok()["format"],
        "historian"
    );
    // A format that is named and is another one.
    let refused = send("&format=gdelt", "text/csv", acled).problem("import_rejected");
    let problem = refused["rejects"][0]["problem"].as_str().unwrap();
    assert!(problem.contains("events of GDELT"), "{problem}");
    let remedy = refused["rejects"][0]["suggestion"].as_str().unwrap();
    assert!(remedy.ends_with("acled"), "{remedy}");
    // The rejects of an archive name the member, also as CSV.
    let report = send("&on_error=skip", "application/x-tar", &broken_archive()).ok();
    let rejects = format!(
        "/api/v1/imports/{}/rejects?format=csv",
        report["id"].as_str().unwrap()
    );
    let rows = app.get(&rejects).text();
    assert!(rows.lines().next().unwrap().ends_with(",member"), "{rows}");
    assert!(rows.lines().nth(1).unwrap().ends_with(",b.tab"), "{rows}");
}

/// An archive whose second member has a row with a date that is none.
fn broken_archive() -> Vec<u8> {
    let good = include_str!("../fixtures/formats/icews-2017.tab");
    let bad = good.replace("1/2/2017", "1/45/2017");
    let mut builder = tar::Builder::new(Vec::new());
    for (name, text) in [("a.tab", good), ("b.tab", &bad)] {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        builder
            .append_data(&mut header, name, text.as_bytes())
            .unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn the_progress_of_an_import_is_told_up_to_its_report() {
    let app = App::empty();
    let rows = "Japan\tMake a visit\tThailand\t2014-09-22\n".repeat(20_000);
    let headers = [
        ("Content-Type", "text/tab-separated-values"),
        ("Prefer", "respond-async"),
    ];
    let waiting = app.call("POST", "/api/v1/imports", &headers, rows.as_bytes());
    let path = format!("{}/progress", waiting.header("Location").unwrap());
    let told = app.call("GET", &path, &[("Accept-Encoding", "gzip")], b"");
    assert_eq!(told.header("Content-Type"), Some("text/event-stream"));
    let told = told.text();
    let events: Vec<(&str, Value)> = told
        .split_terminator("\n\n")
        .map(|event| {
            let (name, data) = event.split_once('\n').unwrap();
            let data = data.strip_prefix("data: ").unwrap();
            (name, serde_json::from_str(data).unwrap())
        })
        .collect();
    let ((last, report), before) = events.split_last().unwrap();
    assert_eq!(*last, "event: done");
    assert_eq!(report["status"], "committed");
    assert_eq!(report["counts"]["events"]["same"], 19_999);
    let mut bytes = 0;
    for (name, progress) in before {
        assert_eq!(*name, "event: progress");
        let read = progress["bytes"].as_u64().unwrap();
        assert_eq!(progress["total"], rows.len());
        assert!(bytes <= read && read <= rows.len() as u64);
        bytes = read;
    }
    // Asked for later, it is done at once.
    assert!(app.get(&path).text().starts_with("event: done\n"));
    app.get("/api/v1/imports/none/progress")
        .problem("no_such_import");
}

#[test]
fn an_import_is_taken_once_and_undone() {
    let app = App::empty();
    let first = import(&app, "?dataset=mine", GOOD).ok();
    assert_eq!(first["status"], "committed");
    assert_eq!(first["counts"]["events"]["new"], 1);
    assert_eq!(first["dataset"], "mine");
    assert_eq!(first["format"], "jsonl");
    let id = first["id"].as_str().unwrap();
    let path = format!("/api/v1/imports/{id}");
    assert_eq!(app.get(&path).ok(), first);
    let second = import(&app, "?dataset=mine", GOOD).ok();
    assert_eq!(second["status"], "unchanged");
    assert_eq!(second["counts"]["actors"]["same"], 2);
    assert_eq!(second.get("commit"), None);

    let undone = app.delete(&path);
    assert_eq!(
        (undone.status, undone.json()["status"].clone()),
        (200, "undone".into())
    );
    assert_eq!(total(&app, "actors"), 0);
    assert_eq!(app.get(&path).ok()["status"], "undone");
    app.delete(&path).problem("not_undoable");
    let unchanged = second["id"].as_str().unwrap();
    app.delete(&format!("/api/v1/imports/{unchanged}"))
        .problem("not_undoable");
    app.delete("/api/v1/imports/nothing")
        .problem("no_such_import");
}

#[test]
fn an_import_with_rejects_writes_nothing_or_its_good_records() {
    let app = App::empty();
    let body = format!("{GOOD}{BAD}");
    let rejected = import(&app, "", &body);
    assert_eq!(rejected.status, 422);
    let problem = rejected.problem("import_rejected");
    assert_eq!(problem["import_status"], "rejected");
    assert_eq!(problem["counts"]["events"]["rejected"], 1);
    let reject = &problem["rejects"][0];
    assert_eq!(
        (&reject["line"], &reject["field"]),
        (&4.into(), &"date".into())
    );
    assert_eq!(reject["value"], "2023-02-30");
    assert_eq!(total(&app, "actors"), 0);

    let id = problem["id"].as_str().unwrap();
    assert_eq!(
        app.get(&format!("/api/v1/imports/{id}")).ok()["status"],
        "rejected"
    );
    let listed = app.get(&format!("/api/v1/imports/{id}/rejects")).ok();
    assert_eq!(
        (&listed["items"], &listed["total"]),
        (&problem["rejects"], &1.into())
    );
    let path = format!("/api/v1/imports/{id}/rejects");
    for csv in [
        app.get(&format!("{path}?format=csv")),
        app.call("GET", &path, &[("Accept", "text/csv")], b""),
    ] {
        assert_eq!(csv.header("Content-Type"), Some("text/csv; charset=utf-8"));
        let text = csv.text();
        let mut lines = text.lines();
        assert_eq!(
            lines.next(),
            Some("line,column,record,id,field,value,problem,suggestion,member")
        );
        assert!(lines.next().unwrap().starts_with("4,"), "{text}");
        assert_eq!(lines.next(), None);
    }
    let json = [("Accept", "text/csv")];
    let json = app.call("GET", &format!("{path}?format=json"), &json, b"");
    assert_eq!(json.ok()["total"], 1);

    let skipped = import(&app, "?on_error=skip", &body).ok();
    assert_eq!(skipped["status"], "committed");
    assert_eq!(skipped["counts"]["events"]["rejected"], 1);
    assert_eq!(total(&app, "events"), 1);
}

#[test]
fn a_dry_run_says_all_and_writes_nothing() {
    let app = App::empty();
    let checked = import(&app, "?dry_run=true", GOOD).ok();
    assert_eq!(
        (&checked["status"], &checked["dry_run"]),
        (&"checked".into(), &true.into())
    );
    assert_eq!(checked["counts"]["actors"]["new"], 2);
    import(&app, "?dry_run=true", &format!("{GOOD}{BAD}")).problem("import_rejected");
    assert_eq!(total(&app, "actors"), 0);
}

#[test]
fn an_import_can_go_on_by_itself() {
    let app = App::empty();
    let headers = [LINES[0], ("Prefer", "wait=10, respond-async")];
    let accepted = app.call("POST", "/api/v1/imports", &headers, GOOD.as_bytes());
    assert_eq!(accepted.status, 202);
    assert_eq!(accepted.json()["status"], "running");
    assert_eq!(accepted.header("Preference-Applied"), Some("respond-async"));
    let location = accepted.header("Location").unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    let report = loop {
        let report = app.get(location).ok();
        if report["status"] != "running" {
            break report;
        }
        assert!(Instant::now() < until, "{report}");
        thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(report["status"], "committed");
    assert_eq!(total(&app, "actors"), 2);
}

#[test]
fn formats_are_told_by_type_by_parameter_and_by_content() {
    let article = |content_type: Option<&str>, query: &str, body: &[u8]| {
        let app = App::empty();
        let headers: Vec<(&str, &str)> = content_type
            .map(|t| ("Content-Type", t))
            .into_iter()
            .collect();
        app.call("POST", &format!("/api/v1/imports{query}"), &headers, body)
    };
    let json = ARTICLE.as_bytes();
    assert_eq!(
        article(Some("application/json"), "", json).ok()["format"],
        "json"
    );
    assert_eq!(
        article(Some("application/x-my-own"), "?format=json", json).ok()["format"],
        "json"
    );
    assert_eq!(
        article(Some("application/json"), "", GOOD.as_bytes()).ok()["format"],
        "jsonl"
    );
    assert_eq!(
        article(Some("application/jsonl"), "", GOOD.as_bytes()).ok()["format"],
        "jsonl"
    );
    // What a page of another origin can send without asking is not taken, whatever `format` says.
    for query in ["", "?format=json", "?format=json&dry_run=true"] {
        for unasked in [
            None,
            Some(""),
            Some("json"),
            Some("text/plain"),
            Some("Text/Plain; charset=utf-8"),
            Some("text/plain;charset=UTF-8;application/json"),
            Some("text/plain;charset=iso-8859-1"),
            Some("text/plain, application/json"),
            Some("application/x-www-form-urlencoded"),
            Some("multipart/form-data; boundary=x"),
            Some("multipart/mixed"),
        ] {
            let problem = article(unasked, query, json).problem("unsupported_media_type");
            let known = problem["known"].as_array().unwrap();
            assert!(known.contains(&"application/json".into()), "{problem}");
        }
    }
    article(Some("application/x-my-own"), "", json).problem("unsupported_media_type");
    article(Some("application/json"), "?format=xml", json).problem("bad_parameter");
    article(Some("application/x-ndjson"), "", b"").problem("import_rejected");
    article(Some("application/x-ndjson"), "", b"\xff\xfe\n").problem("import_rejected");
    article(Some("application/json"), "", b"{\"actors\": [").problem("import_rejected");

    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(json).unwrap();
    let packed = gzip.finish().unwrap();
    assert_eq!(
        article(Some("application/gzip"), "", &packed).ok()["format"],
        "json"
    );
    let app = App::empty();
    let headers = [
        ("Content-Type", "application/json"),
        ("Content-Encoding", "gzip"),
    ];
    let report = app.call("POST", "/api/v1/imports", &headers, &packed).ok();
    assert_eq!(report["counts"]["events"]["new"], 15);
    let headers = [
        ("Content-Type", "application/json"),
        ("Content-Encoding", "br"),
    ];
    app.call("POST", "/api/v1/imports", &headers, &packed)
        .problem("unsupported_media_type");
}

#[test]
fn imports_are_listed_the_newest_first() {
    let app = App::article();
    for nth in 0..4 {
        let line = format!(
            "{{\"record\":\"actor\",\"id\":\"n-{nth}\",\"kind\":\"person\",\"name\":\"N\"}}\n"
        );
        import(&app, "", &line).ok();
    }
    let all = app.get("/api/v1/imports").ok();
    assert_eq!((&all["total"], &all["next"]), (&5.into(), &Value::Null));
    assert_eq!(all["items"][4]["counts"]["events"]["new"], 15);
    let first = app.get("/api/v1/imports?limit=3");
    let cursor = first.json()["next"].as_str().unwrap().to_owned();
    assert!(first.header("Link").unwrap().contains(&cursor));
    let second = app
        .get(&format!("/api/v1/imports?limit=3&cursor={cursor}"))
        .ok();
    assert_eq!(
        second["items"].as_array().unwrap().as_slice(),
        &all["items"].as_array().unwrap()[3..]
    );
    assert_eq!(second["next"], Value::Null);
}

#[test]
fn what_is_exported_can_be_imported_and_exported_again() {
    let app = App::article();
    let exported = app.get("/api/v1/export");
    assert_eq!(
        exported.header("Content-Type"),
        Some("application/x-ndjson")
    );
    let text = exported.text();
    let kinds: Vec<String> = text
        .lines()
        .map(|line| {
            let record: Value = serde_json::from_str(line).unwrap();
            record["record"].as_str().unwrap().to_owned()
        })
        .collect();
    let order = ["source", "actor", "relation", "event", "statement"];
    let place = |kind: &String| order.iter().position(|o| o == kind).unwrap();
    assert!(kinds.is_sorted_by_key(place), "{kinds:?}");
    assert_eq!(kinds.len(), 50);

    let other = App::empty();
    import(&other, "", &text).ok();
    assert_eq!(other.get("/api/v1/export").text(), text);
    assert_eq!(app.get("/api/v1/export?known_at=0").body, b"");
    app.delete("/api/v1/statements/miller-statement-2023-06-17")
        .ok_empty();
    assert_eq!(app.get("/api/v1/export").text().lines().count(), 49);
    assert_eq!(app.get("/api/v1/export?known_at=1").text(), text);
}

#[test]
fn an_import_larger_than_memory_keeps_goes_through_the_disk() {
    let app = App::article();
    let quote = "x".repeat(200_000);
    let lines: Vec<String> = (0..60)
        .map(|nth| {
            format!("{{\"record\":\"statement\",\"id\":\"long-{nth}\",\"speakers\":[\"usa\"],\"text\":\"{quote}\"}}\n")
        })
        .collect();
    let lines = lines.concat();
    assert!(lines.len() > 8 << 20);
    assert_eq!(
        import(&app, "", &lines).ok()["counts"]["statements"]["new"],
        60
    );
    let exported = app.get("/api/v1/export").text();
    assert_eq!(exported.lines().count(), 110);
}

#[test]
fn a_line_beyond_its_limit_is_a_reject() {
    let app = App::empty();
    let line = format!(
        "{{\"record\":\"actor\",\"kind\":\"person\",\"name\":\"{}\"}}\n",
        "x".repeat(2 << 20)
    );
    let problem = import(&app, "", &line).problem("import_rejected");
    assert_eq!(problem["rejects"][0]["line"], 1);
}
