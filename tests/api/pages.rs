//! What stands beside the API.

use chancery::document::read;
use chancery::engine::{Write, WriteMode, defaults};
use chancery::model::Kind;

use super::app::App;

#[test]
fn the_service_says_how_it_is() {
    let app = App::empty();
    assert_eq!(app.get("/healthz").ok()["status"], "ok");
    assert_eq!(app.get("/readyz").ok()["status"], "ready");
}

#[test]
fn a_panic_of_the_writer_is_heard_and_reads_go_on() {
    let app = App::article();
    let before = app.get("/api/v1/timeline?limit=5").ok();
    let json = r#"{"id":"x","kind":"state","name":"X"}"#;
    let draft = read(Kind::Actor, json, &defaults(None)).unwrap();
    let panicked = app.engine.write(Write {
        mode: WriteMode::Create(Box::new(draft)),
        condition: Some(Box::new(|_| panic!("as planned"))),
    });
    panicked.unwrap_err();

    let remedy = |problem: &serde_json::Value| {
        let detail = problem["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("restart the service"), "{detail}");
    };
    for refused in [
        app.post("/api/v1/actors", json),
        app.put("/api/v1/actors/x", json),
        app.post("/api/v1/imports", &format!(r#"{{"actors":[{json}]}}"#)),
        app.get("/readyz"),
    ] {
        assert_eq!(refused.status, 503);
        assert!(refused.header("Retry-After").is_some());
        remedy(&refused.problem("unavailable"));
    }
    // An import that was handed in leaves its report, and none seems to run for ever.
    let reports = app.get("/api/v1/imports").ok();
    assert_eq!(reports["items"][0]["status"], "failed");

    assert_eq!(app.get("/api/v1/timeline?limit=5").ok(), before);
    assert_eq!(app.get("/api/v1/actors/x").status, 404);
    assert_eq!(app.get("/healthz").ok()["status"], "ok");
}

#[test]
fn pages_load_nothing_from_elsewhere() {
    let app = App::empty();
    let docs = app.get("/docs");
    assert_eq!(
        (docs.status, docs.header("Location")),
        (307, Some("/docs/"))
    );
    for (path, starts) in [
        ("/", "default-src 'none';"),
        ("/docs/", "default-src 'self';"),
    ] {
        let page = app.get(path);
        assert_eq!(page.status, 200);
        let policy = page.header("Content-Security-Policy").unwrap();
        assert!(policy.starts_with(starts), "{policy}");
        let html = page.text();
        let loads = html.split(['"', '\'']).filter(|text| text.contains("//"));
        assert_eq!(loads.count(), 0, "{html}");
    }
    for asset in [
        "swagger-ui.css",
        "swagger-ui-bundle.js",
        "swagger-initializer.js",
        "index.css",
    ] {
        let asset = app.get(&format!("/docs/{asset}"));
        assert_eq!(asset.status, 200);
        assert!(!asset.body.is_empty());
    }
    let start = app.get("/docs/swagger-initializer.js").text();
    assert!(start.contains("/openapi.json"), "{start}");
    assert!(start.contains("\"validatorUrl\": \"none\""), "{start}");
}

#[test]
fn problems_are_described_where_their_type_says() {
    let app = App::empty();
    let problem = app.get("/api/v1/actors/nobody").problem("no_such_record");
    let page = app.get(problem["type"].as_str().unwrap());
    assert_eq!(page.status, 200);
    assert!(
        page.text().starts_with("## no_such_record\n"),
        "{}",
        page.text()
    );
    assert!(app.get("/problems").text().contains("## unavailable"));
}

#[test]
fn links_to_the_codes_of_version_0_1_are_redirected() {
    let app = App::empty();
    for (code, kind) in [
        ("other-id", "id_mismatch"),
        ("named", "still_referenced"),
        ("unresolved", "unresolved_reference"),
        ("bad-cursor", "bad_cursor"),
    ] {
        let moved = app.get(&format!("/problems/{code}"));
        assert_eq!(moved.status, 308, "{code}");
        assert_eq!(moved.header("Location"), Some(kind));
        let page = app.get(&format!("/problems/{kind}"));
        assert_eq!(page.status, 200, "{kind}");
        assert!(page.text().starts_with(&format!("## {kind}\n")));
    }
    app.get("/problems/id-mismatch").problem("not_found");
}

#[test]
fn the_openapi_document_is_served() {
    let app = App::empty();
    let document = app.get("/openapi.json").ok();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["title"], "Chancery");
}
