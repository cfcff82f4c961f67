//! What stands beside the API.

use crate::app::App;

#[test]
fn the_service_says_how_it_is() {
    let app = App::empty();
    assert_eq!(app.get("/healthz").ok()["status"], "ok");
    assert_eq!(app.get("/readyz").ok()["status"], "ready");
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
