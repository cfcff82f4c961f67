//! The dashboard as it is served: what may be kept, what may run, what is not there.

use std::str::FromStr as _;

use chancery::http::{FrameAncestor, FrameAncestors};

use super::app::{Answer, App};

/// What the document loads, by the ending of its name.
fn loaded(app: &App, ending: &str) -> String {
    let html = app.get("/").text();
    let found = html
        .split('"')
        .find(|text| text.starts_with("./ui/") && text.ends_with(ending))
        .unwrap_or_else(|| panic!("{html}"));
    found.trim_start_matches('.').to_owned()
}

fn cached(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.header("Cache-Control").unwrap())
}

#[test]
fn files_whose_names_change_with_their_content_are_kept_forever() {
    let app = App::empty();
    for ending in [".js", ".css", ".svg"] {
        let path = loaded(&app, ending);
        let file = app.get(&path);
        if path == "/ui/theme.js" {
            continue;
        }
        let forever = "public, max-age=31536000, immutable";
        assert_eq!(cached(&file), (200, forever), "{path}");
        assert!(!file.body.is_empty());
        assert_eq!(file.header("X-Content-Type-Options"), Some("nosniff"));
    }
    for path in ["/", "/ui/theme.js"] {
        assert_eq!(cached(&app.get(path)), (200, "no-cache"), "{path}");
    }
    let types = [
        ("/", "text/html; charset=utf-8"),
        ("/ui/theme.js", "text/javascript; charset=utf-8"),
    ];
    for (path, media_type) in types {
        assert_eq!(app.get(path).header("Content-Type"), Some(media_type));
    }
}

#[test]
fn who_has_a_file_need_not_load_it_again() {
    let app = App::empty();
    for path in ["/".to_owned(), loaded(&app, ".css")] {
        let file = app.get(&path);
        let tag = file.header("ETag").unwrap();
        let again = app.call("GET", &path, &[("If-None-Match", tag)], b"");
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert_eq!(again.header("ETag"), Some(tag));
        let packed = app.call("GET", &path, &[("Accept-Encoding", "gzip")], b"");
        assert_eq!(packed.header("Content-Encoding"), Some("gzip"), "{path}");
        assert_ne!(packed.header("ETag"), Some(tag));
        assert!(packed.body.len() < file.body.len());
        let vary = packed.header("Vary").unwrap().to_ascii_lowercase();
        assert!(vary.contains("accept-encoding"), "{vary}");
    }
}

#[test]
fn a_head_has_the_headers_of_a_get_and_no_body() {
    let app = App::empty();
    for path in ["/", "/ui/theme.js"] {
        let (get, head) = (app.get(path), app.call("HEAD", path, &[], b""));
        assert_eq!((head.status, head.body.len()), (200, 0));
        for header in ["ETag", "Content-Type", "Cache-Control"] {
            assert_eq!(head.header(header), get.header(header), "{header}");
        }
    }
}

#[test]
fn nothing_else_is_there() {
    let app = App::empty();
    for path in [
        "/ui/assets/nothing.js",
        "/ui/",
        "/ui/index.html",
        "/ui/..%2findex.html",
        "/ui/assets/..%2f..%2fbuild.json",
        "/ui/%00",
    ] {
        app.get(path).problem("not_found");
    }
    app.post("/", "{}").problem("method_not_allowed");
    app.post("/ui/theme.js", "{}").problem("method_not_allowed");
}

#[test]
fn the_policy_lets_no_text_run() {
    let policy = |app: &App| {
        let page = app.get("/");
        page.header("Content-Security-Policy").unwrap().to_owned()
    };
    let own = policy(&App::empty());
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "frame-ancestors 'self'",
    ] {
        assert!(own.split("; ").any(|one| one == rule), "{rule}: {own}");
    }
    assert!(!own.contains("unsafe"), "{own}");
    let origin = FrameAncestor::from_str("https://example.org").unwrap();
    let ancestors = FrameAncestors::new(vec![origin]).unwrap();
    let embedded = policy(&App::embedded(ancestors));
    assert!(
        embedded.ends_with("frame-ancestors https://example.org"),
        "{embedded}"
    );
}
