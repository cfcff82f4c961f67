//! `ETag`s, conditions, `HEAD`, compression.

use std::io::Read as _;

use super::app::App;

#[test]
fn what_a_client_has_is_not_sent_again() {
    let app = App::article();
    for path in [
        "/api/v1/timeline",
        "/api/v1/actors/usa",
        "/api/v1/export",
        "/openapi.json",
        "/",
    ] {
        let first = app.get(path);
        assert_eq!(first.status, 200);
        let etag = first.etag().to_owned();
        assert!(
            etag.starts_with('"') && etag.len() == 34,
            "{etag} is strong"
        );
        let headers = [("If-None-Match", etag.as_str())];
        let second = app.call("GET", path, &headers, b"");
        assert_eq!((second.status, second.body.len()), (304, 0), "{path}");
        assert_eq!(second.etag(), etag);
        for list in [
            format!("\"0\", , {etag}"),
            format!("{etag},"),
            format!("W/{etag}"),
        ] {
            let headers = [("If-None-Match", list.as_str())];
            let status = app.call("GET", path, &headers, b"").status;
            assert_eq!(status, 304, "{path} {list}");
        }
        let stale = [("If-None-Match", "\"0\"")];
        assert_eq!(app.call("GET", path, &stale, b"").status, 200);
    }
    let before = app.get("/api/v1/actors/usa");
    app.post("/api/v1/actors", r#"{"kind": "person", "name": "A"}"#)
        .ok();
    assert_eq!(
        app.get("/api/v1/actors/usa").etag(),
        before.etag(),
        "others do not matter"
    );
    assert_eq!(before.header("Cache-Control"), Some("no-cache"));
    assert_eq!(before.header("Vary"), Some("Accept-Encoding"));
    assert_eq!(before.header("X-Content-Type-Options"), Some("nosniff"));
}

#[test]
fn an_answer_is_the_same_when_its_commit_is_named() {
    let app = App::article();
    let mut tags = Vec::new();
    for path in [
        "timeline?limit=1",
        "timeline?limit=2",
        "timeline?limit=2&order=desc",
        "timeline?actor=usa&limit=2",
        "timeline?actor=prk&limit=2",
        "timeline?between=usa&between=prk&limit=1",
        "timeline?between=prk&between=usa&limit=1",
        "actors/usa/timeline?limit=2",
        "events?limit=1",
        "paths?source=usa&target=prk",
        "paths?source=prk&target=usa",
    ] {
        let ask = |more: &str| app.get(&format!("/api/v1/{path}{more}"));
        let now = ask("");
        let named = ask("&known_at=1");
        assert_eq!((named.etag(), &named.body), (now.etag(), &now.body));
        tags.push(now.etag().to_owned());
        let Some(cursor) = now.ok()["next"].as_str().map(str::to_owned) else {
            continue;
        };
        let next = ask(&format!("&cursor={cursor}"));
        let named = ask(&format!("&cursor={cursor}&known_at=1"));
        assert_eq!((named.etag(), &named.body), (next.etag(), &next.body));
        tags.push(next.etag().to_owned());
        ask(&format!("&cursor={cursor}&known_at=0")).problem("bad_cursor");
    }
    let all = tags.len();
    tags.sort_unstable();
    tags.dedup();
    assert_eq!(tags.len(), all, "another question, another tag");
    app.post("/api/v1/actors", r#"{"kind": "person", "name": "A"}"#)
        .ok();
    let later = app.get("/api/v1/timeline?limit=1");
    assert!(!tags.contains(&later.etag().to_owned()), "another commit");
    let any = [("If-None-Match", "*")];
    app.call("GET", "/api/v1/timeline?actor=nobody", &any, b"")
        .problem("unknown_actor");
}

#[test]
fn writes_can_demand_what_they_change() {
    let app = App::article();
    let path = "/api/v1/actors/usa";
    let json = ("Content-Type", "application/json");
    let put = |condition: (&str, &str), name: &str| {
        let body = format!(r#"{{"kind": "state", "name": "{name}"}}"#);
        app.call("PUT", path, &[json, condition], body.as_bytes())
    };
    let (answer, document) = (app.get(path), app.get(&format!("{path}?form=document")));
    put(("If-None-Match", "*"), "A").problem("precondition_failed");
    put(("If-Match", "\"0\""), "A").problem("precondition_failed");
    put(("If-Match", answer.etag().trim_matches('"')), "A").problem("bad_header");
    assert_eq!(put(("If-Match", answer.etag()), "B").status, 200);
    let stale = put(("If-Match", answer.etag()), "C");
    assert_eq!(stale.status, 412);
    put(("If-Match", document.etag()), "C").problem("precondition_failed");
    let document = app.get(&format!("{path}?form=document"));
    assert_eq!(
        put(("If-Match", document.etag()), "D").status,
        200,
        "either form will do"
    );
    assert_eq!(put(("If-Match", "*"), "E").status, 200);

    let new = "/api/v1/actors/new";
    let body = br#"{"kind": "person", "name": "N"}"#;
    let must_be = [json, ("If-Match", "*")];
    app.call("PUT", new, &must_be, body)
        .problem("precondition_failed");
    let must_not_be = [json, ("If-None-Match", "*")];
    let made = app.call("PUT", new, &must_not_be, body);
    assert_eq!(made.status, 201);
    let stale = [("If-Match", "\"0\"")];
    app.call("DELETE", new, &stale, b"")
        .problem("precondition_failed");
    let current = [("If-Match", made.etag())];
    assert_eq!(app.call("DELETE", new, &current, b"").status, 204);
}

#[test]
fn head_is_get_without_a_body() {
    let app = App::article();
    for path in [
        "/api/v1/timeline",
        "/api/v1/actors/usa",
        "/healthz",
        "/",
        "/docs/",
        "/api/v1/export",
    ] {
        let (get, head) = (app.get(path), app.call("HEAD", path, &[], b""));
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        assert_eq!(head.header("ETag"), get.header("ETag"), "{path}");
        assert_eq!(
            head.header("Content-Type"),
            get.header("Content-Type"),
            "{path}"
        );
        if path != "/api/v1/export" {
            assert_eq!(
                head.header("Content-Length"),
                Some(get.body.len().to_string().as_str()),
                "{path}"
            );
        }
    }
    let missing = app.call("HEAD", "/api/v1/actors/nobody", &[], b"");
    assert_eq!((missing.status, missing.body.len()), (404, 0));
}

#[test]
fn answers_are_packed_when_asked() {
    let app = App::article();
    let plain = app.get("/api/v1/timeline");
    assert_eq!(plain.header("Content-Encoding"), None);
    for (encoding, is_read) in [("gzip", true), ("br", false)] {
        let headers = [("Accept-Encoding", encoding)];
        let packed = app.call("GET", "/api/v1/timeline", &headers, b"");
        assert_eq!(packed.header("Content-Encoding"), Some(encoding));
        assert!(packed.body.len() < plain.body.len() / 2);
        assert_ne!(packed.etag(), plain.etag(), "other bytes, another tag");
        if is_read {
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(packed.body.as_slice())
                .read_to_end(&mut unpacked)
                .unwrap();
            assert_eq!(unpacked, plain.body);
        }
        let known = [
            ("Accept-Encoding", encoding),
            ("If-None-Match", packed.etag()),
        ];
        assert_eq!(app.call("GET", "/api/v1/timeline", &known, b"").status, 304);
    }
    let record = app.call(
        "GET",
        "/api/v1/actors/usa",
        &[("Accept-Encoding", "gzip")],
        b"",
    );
    let headers = [
        ("Content-Type", "application/json"),
        ("If-Match", record.etag()),
    ];
    let body = br#"{"kind": "state", "name": "US"}"#;
    assert_eq!(
        app.call("PUT", "/api/v1/actors/usa", &headers, body).status,
        200
    );
}
