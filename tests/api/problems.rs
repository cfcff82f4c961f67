//! Every error path answers with a problem, those of the web framework included.

use super::app::App;

/// A body that nests objects `levels` deep.
fn nested(levels: usize) -> String {
    format!(
        "{{\"attributes\":{}{}}}",
        "{\"a\":".repeat(levels),
        "1".to_owned() + &"}".repeat(levels)
    )
}

#[test]
fn what_can_be_wrong_with_a_request_is_a_problem() {
    let app = App::article();
    let long_id = "a".repeat(129);
    let paths = "/api/v1/paths?source=usa&target=chn";
    for (path, status, code) in [
        ("/nowhere", 404, "not_found"),
        ("/api/v1", 404, "not_found"),
        ("/api/v1/", 404, "not_found"),
        ("/api/v1/actor", 404, "not_found"),
        ("/api/v1/actors/", 404, "not_found"),
        ("/api/v1//actors", 404, "not_found"),
        (&format!("/api/v1/actors/{long_id}"), 400, "bad_parameter"),
        ("/api/v1/actors/Blinken", 400, "bad_parameter"),
        ("/api/v1/actors/%FF", 400, "bad_parameter"),
        ("/api/v1/actors/%zz", 400, "bad_parameter"),
        ("/api/v1/actors/blinken", 404, "no_such_record"),
        ("/api/v1/events/nothing", 404, "no_such_record"),
        ("/api/v1/events/nothing/history", 404, "no_such_record"),
        ("/api/v1/timeline?from=zzz", 400, "bad_parameter"),
        ("/api/v1/timeline?from=2023-02-30", 400, "bad_parameter"),
        ("/api/v1/timeline?from=2024&to=2023", 400, "bad_parameter"),
        ("/api/v1/timeline?from=", 400, "bad_parameter"),
        ("/api/v1/timeline?from=2023/..", 400, "bad_parameter"),
        ("/api/v1/timeline?to=../2023", 400, "bad_parameter"),
        ("/api/v1/timeline?to=2023/", 400, "bad_parameter"),
        ("/api/v1/timeline?from=[..2023-06]", 400, "bad_parameter"),
        ("/api/v1/timeline?to=[2022,2023]", 400, "bad_parameter"),
        ("/api/v1/timeline?from=../..", 400, "bad_parameter"),
        ("/api/v1/timeline?limit=0", 400, "bad_parameter"),
        ("/api/v1/timeline?limit=-1", 400, "bad_parameter"),
        ("/api/v1/timeline?limit=1001", 400, "bad_parameter"),
        ("/api/v1/timeline?form=answer", 400, "unknown_parameter"),
        (
            "/api/v1/timeline?from=2022&from=2023",
            400,
            "repeated_parameter",
        ),
        ("/api/v1/timeline?cursor=x", 400, "bad_cursor"),
        ("/api/v1/timeline?actor=%FF", 400, "bad_query"),
        ("/api/v1/timeline?actor=%", 400, "bad_query"),
        ("/api/v1/timeline?actor=nobody", 404, "unknown_actor"),
        ("/api/v1/timeline?known_at=99", 404, "no_such_commit"),
        ("/api/v1/timeline?between=usa", 400, "bad_parameter"),
        (
            "/api/v1/timeline?between=usa&between=chn&actor=kor",
            400,
            "bad_parameter",
        ),
        (
            "/api/v1/timeline/histogram?bin=decade",
            400,
            "bad_parameter",
        ),
        ("/api/v1/paths?source=usa", 400, "missing_parameter"),
        (&format!("{paths}&mode=quickest"), 400, "bad_parameter"),
        (&format!("{paths}&max_hops=9"), 400, "bad_parameter"),
        (&format!("{paths}&limit=21"), 400, "bad_parameter"),
        (&format!("{paths}&evidence=21"), 400, "bad_parameter"),
        (
            &format!("{paths}&via=jpn&via=kor&via=prk&via=usa"),
            400,
            "repeated_parameter",
        ),
        ("/api/v1/imports/nothing", 404, "no_such_import"),
        ("/api/v1/imports/nothing/rejects", 404, "no_such_import"),
        ("/healthz?x=1", 400, "unknown_parameter"),
        ("/docs/nothing.css", 404, "not_found"),
        ("/problems/nothing", 404, "not_found"),
    ] {
        let answer = app.get(path);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        answer.problem(code);
    }
}

#[test]
fn what_can_be_wrong_with_a_body_is_a_problem() {
    let app = App::article();
    let json = [("Content-Type", "application/json")];
    let actor = r#"{"id": "wang-yi", "kind": "person", "name": "Wang Yi"}"#;
    for (body, status, code) in [
        ("", 400, "bad_json"),
        ("{", 400, "bad_json"),
        ("{\"id\": \"a\",\n \"kind\" \"person\"}", 400, "bad_json"),
        ("[]", 422, "invalid_record"),
        ("null", 422, "invalid_record"),
        ("{}", 422, "invalid_record"),
        (
            r#"{"kind": "person", "name": "A", "nmae": "B"}"#,
            422,
            "invalid_record",
        ),
        (r#"{"kind": "person", "name": 1}"#, 422, "invalid_record"),
        (r#"{"kind": "planet", "name": "A"}"#, 422, "invalid_record"),
        (r#"{"kind": "person", "name": " "}"#, 422, "invalid_record"),
        (
            r#"{"record": "event", "kind": "person", "name": "A"}"#,
            422,
            "invalid_record",
        ),
        (
            r#"{"id": "USA", "kind": "person", "name": "A"}"#,
            422,
            "invalid_record",
        ),
        (
            r#"{"id": "usa", "kind": "person", "name": "A"}"#,
            409,
            "exists",
        ),
    ] {
        let answer = app.post("/api/v1/actors", body);
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
        answer.problem(code);
    }
    let broken = app.post("/api/v1/actors", "{\"id\": \"a\",\n \"kind\" \"person\"}");
    assert_eq!(broken.json()["errors"][0]["line"], 2);
    app.call("POST", "/api/v1/actors", &json, b"{\"name\": \"\xff\"}")
        .problem("bad_json");
    app.post("/api/v1/events", &nested(10_000))
        .problem("invalid_record");
    app.call("POST", "/api/v1/actors", &[], actor.as_bytes())
        .problem("unsupported_media_type");
    for wrong in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
    ] {
        let headers = [("Content-Type", wrong)];
        let answer = app.call("POST", "/api/v1/actors", &headers, actor.as_bytes());
        assert_eq!(answer.status, 415, "{wrong}");
        answer.problem("unsupported_media_type");
    }
    let packed = [json[0], ("Content-Encoding", "zstd")];
    app.call("POST", "/api/v1/actors", &packed, actor.as_bytes())
        .problem("unsupported_media_type");
    let packed = [json[0], ("Content-Encoding", "gzip")];
    app.call("POST", "/api/v1/actors", &packed, actor.as_bytes())
        .problem("bad_request");
    assert_eq!(
        app.get("/api/v1/summary").ok()["counts"]["actors"],
        12,
        "nothing was written"
    );
}

#[test]
fn records_name_only_what_is_there() {
    let app = App::article();
    let event = |actor: &str, more: &str| {
        format!(
            r#"{{"id": "x", "type": "CONSULT", "participants": [{{"actor": "{actor}", "role": "source"}}]{more}}}"#
        )
    };
    let unknown = app
        .post("/api/v1/events", &event("Blinkn", ""))
        .problem("unresolved_reference");
    assert_eq!(unknown["errors"][0]["field"], "participants[0].actor");
    assert_eq!(unknown["errors"][0]["value"], "Blinkn");
    assert_eq!(unknown["errors"][0]["suggestion"], "antony-blinken");
    let links = r#", "links": [{"kind": "follows", "event": "nothing"}]"#;
    let dangling = app
        .post("/api/v1/events", &event("usa", links))
        .problem("unresolved_reference");
    assert_eq!(dangling["errors"][0]["field"], "links[0].event");
    let sources = r#", "sources": [{"source": "trtworld-2023-06-16"}]"#;
    let uncited = app
        .post("/api/v1/events", &event("usa", sources))
        .problem("unresolved_reference");
    assert_eq!(uncited["errors"][0]["suggestion"], "trtworld-2023-06-17");
    app.post("/api/v1/events", &event("usa", "")).ok();
    let links = r#", "links": [{"kind": "follows", "event": "x"}]"#;
    let second = event("usa", links).replace("\"id\": \"x\"", "\"id\": \"y\"");
    app.post("/api/v1/events", &second).ok();
    let links = r#", "links": [{"kind": "follows", "event": "y"}]"#;
    app.put("/api/v1/events/x", &event("usa", links))
        .problem("unresolved_reference");
}

#[test]
fn a_wrong_method_on_a_known_path_is_told_the_right_ones() {
    let app = App::empty();
    for (method, path, allow) in [
        ("POST", "/api/v1/paths", "GET, HEAD"),
        ("DELETE", "/api/v1/actors", "GET, HEAD, POST"),
        ("POST", "/api/v1/actors/usa", "GET, HEAD, PUT, DELETE"),
        ("PATCH", "/api/v1/imports", "GET, HEAD, POST"),
        ("TRACE", "/api/v1/export", "GET, HEAD"),
        ("PUT", "/healthz", "GET, HEAD"),
        ("POST", "/docs/", "GET, HEAD"),
        ("POST", "/docs", "GET, HEAD"),
        ("POST", "/", "GET, HEAD"),
        ("BREW", "/openapi.json", "GET, HEAD"),
    ] {
        let answer = app.call(method, path, &[], b"");
        assert_eq!(answer.status, 405, "{method} {path}: {}", answer.text());
        assert_eq!(answer.header("Allow"), Some(allow), "{method} {path}");
        answer.problem("method_not_allowed");
    }
}

#[test]
fn unknown_things_suggest_the_nearest() {
    let app = App::article();
    let parameter = app
        .get("/api/v1/timeline?actr=usa")
        .problem("unknown_parameter");
    assert_eq!(parameter["suggestion"], "actor");
    assert_eq!(parameter["parameter"], "actr");
    assert!(
        parameter["known"]
            .as_array()
            .unwrap()
            .contains(&"cited".into())
    );
    let actor = app
        .get("/api/v1/paths?source=Blinkn&target=DPRK")
        .problem("unknown_actor");
    assert_eq!(actor["parameter"], "source");
    assert_eq!(actor["candidates"][0]["id"], "antony-blinken");
    let record = app.get("/api/v1/actors/blinken").problem("no_such_record");
    assert_eq!(record["suggestion"], "antony-blinken");
    let date = app
        .get("/api/v1/timeline?from=16.06.2023")
        .problem("bad_parameter");
    assert_eq!(date["suggestion"], "2023-06-16");
    let word = app
        .get("/api/v1/timeline?status=canceled")
        .problem("bad_parameter");
    assert_eq!(word["suggestion"], "cancelled");
    let segment = app.get("/api/v1/dyads/usa/Chna").problem("unknown_actor");
    assert_eq!(segment["parameter"], "b");
}

#[test]
fn a_name_that_several_bear_lists_them() {
    let app = App::article();
    for id in ["kim-one", "kim-two"] {
        let actor = format!(r#"{{"id": "{id}", "kind": "person", "name": "Kim"}}"#);
        app.post("/api/v1/actors", &actor).ok();
    }
    let problem = app
        .get("/api/v1/timeline?actor=KIM")
        .problem("ambiguous_actor");
    let candidates = problem["candidates"].as_array().unwrap();
    assert_eq!(candidates.len(), 2);
    assert_eq!(
        candidates[1],
        serde_json::json!({"id": "kim-two", "name": "Kim"})
    );
}

#[test]
fn encodings_that_are_all_refused_are_not_acceptable() {
    let app = App::empty();
    let headers = [("Accept-Encoding", "identity;q=0")];
    let answer = app.call("GET", "/api/v1/summary", &headers, b"");
    assert_eq!(answer.status, 406);
    answer.problem("not_acceptable");
}
