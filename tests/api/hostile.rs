//! Requests that no friendly client sends, over a bare connection.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::app::App;

/// Sends bytes as they are, and reads until the service closes or falls silent.
fn raw(app: &App, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    loop {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(n) => answer.extend_from_slice(&piece[..n]),
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").into_bytes()
}

#[test]
fn raw_bytes_are_refused_and_the_service_lives() {
    let app = App::article();
    let long = |bytes: usize| get(&format!("/api/v1/timeline?actor={}", "a".repeat(bytes)));
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a long query", long(9_000), "uri_too_long"),
        (
            "a longer path",
            get(&format!("/{}", "a".repeat(20_000))),
            "uri_too_long",
        ),
        ("a null byte", get("/api/v1/actors/%00"), "bad_parameter"),
        ("steps upward", get("/docs/../../etc/passwd"), "not_found"),
        (
            "encoded steps",
            get("/docs/%2e%2e/%2e%2e/etc/passwd"),
            "not_found",
        ),
        (
            "a null in a query",
            get("/api/v1/timeline?topic=%00"),
            "bad_parameter",
        ),
        (
            "a chunk that is none",
            b"POST /api/v1/actors HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: \
              application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"
                .to_vec(),
            "bad_request",
        ),
    ];
    for (what, request, code) in cases {
        let answer = raw(&app, &request);
        assert!(answer.starts_with("HTTP/1.1 4"), "{what}: {answer}");
        assert!(
            answer.contains("application/problem+json"),
            "{what}: {answer}"
        );
        assert!(
            answer.contains(&format!("\"kind\":\"{code}\"")),
            "{what}: {answer}"
        );
    }
    // Below the service's own code there is no body to give.
    for request in [
        b"\x16\x03\x01\x00".repeat(4).as_slice(),
        b"GET / HTTP/9.9\r\n\r\n",
        &get(&format!("/{}", "a".repeat(70_000))),
        format!(
            "GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n",
            "a".repeat(200_000)
        )
        .as_bytes(),
    ] {
        let answer = raw(&app, request);
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    assert_eq!(app.get("/readyz").ok()["status"], "ready");
}

#[test]
fn a_body_that_ends_early_is_not_taken() {
    let app = App::empty();
    let record = r#"{"id": "a", "kind": "person", "name": "A"}"#;
    for path in ["/api/v1/actors", "/api/v1/imports"] {
        let mut stream = TcpStream::connect(app.address).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: 1000\r\n\r\n{record}"
        );
        stream.write_all(head.as_bytes()).unwrap();
        drop(stream);
    }
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(app.get("/api/v1/summary").ok()["counts"]["actors"], 0);
}

#[test]
fn a_record_may_have_a_mebibyte_and_not_more() {
    let app = App::empty();
    let frame = r#"{"id":"a","kind":"person","name":"A"}"#;
    let padded = |bytes: usize| format!("{frame}{}", " ".repeat(bytes - frame.len()));
    assert_eq!(app.post("/api/v1/actors", &padded(1 << 20)).status, 201);
    let answer = app.post("/api/v1/actors", &padded((1 << 20) + 1));
    assert_eq!(answer.status, 413);
    answer.problem("body_too_large");
}

#[test]
fn names_with_markup_and_signs_come_back_as_they_are() {
    let app = App::empty();
    let name = "<img src=x onerror=alert(1)> \u{202e}& \"q\" 100% a+b/c";
    let actor = serde_json::json!({"id": "x", "kind": "person", "name": name});
    app.post("/api/v1/actors", &actor.to_string()).ok();
    assert_eq!(app.get("/api/v1/actors/x").ok()["name"], name);
    let escaped: Vec<String> = name.bytes().map(|b| format!("%{b:02X}")).collect();
    let escaped = escaped.concat();
    let timeline = app.get(&format!("/api/v1/timeline?actor={escaped}"));
    assert_eq!(timeline.ok()["total"], 0);
    let timeline = app.get(&format!("/api/v1/actors/{escaped}/timeline"));
    assert_eq!(timeline.ok()["total"], 0);
}
