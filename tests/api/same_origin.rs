//! No page of another origin writes into the record, and no foreign name reads it: every route, every
//! method, every origin and host.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use chancery::http::openapi_json;
use serde_json::Value;

use super::app::{ARTICLE, App};

const METHODS: [&str; 8] = [
    "GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE",
];
const READS: [&str; 3] = ["GET", "HEAD", "OPTIONS"];
const SITES: [Option<&str>; 6] = [
    None,
    Some("same-origin"),
    Some("none"),
    Some("same-site"),
    Some("cross-site"),
    Some("Same-Origin"),
];
/// What is served beside the documented paths.
const BESIDE: [&str; 6] = [
    "/",
    "/ui/theme.js",
    "/docs",
    "/docs/",
    "/problems",
    "/nowhere",
];

/// A connection that is kept as long as the service keeps it, to which bytes are sent as they are.
struct Connection {
    address: SocketAddr,
    stream: BufReader<TcpStream>,
}

impl Connection {
    fn to(app: &App) -> Self {
        let address = app.address;
        Self {
            address,
            stream: Self::open(address),
        }
    }

    fn open(address: SocketAddr) -> BufReader<TcpStream> {
        let stream = TcpStream::connect(address).unwrap();
        let patience = Some(Duration::from_secs(20));
        stream.set_read_timeout(patience).unwrap();
        stream.set_nodelay(true).unwrap();
        BufReader::new(stream)
    }

    /// The status and the body of the answer. The service closes a connection whose body it has not
    /// read; what is sent on one that it has closed was never seen, and is sent again.
    fn ask(&mut self, method: &str, path: &str, headers: &str, body: &str) -> (u16, Vec<u8>) {
        let body = if READS.contains(&method) { "" } else { body };
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.try_ask(method, &request).unwrap_or_else(|| {
            self.stream = Self::open(self.address);
            let answer = self.try_ask(method, &request);
            answer.unwrap_or_else(|| panic!("{request:?}: no answer"))
        })
    }

    /// The answer; nothing when the connection is closed.
    fn try_ask(&mut self, method: &str, request: &str) -> Option<(u16, Vec<u8>)> {
        self.stream.get_mut().write_all(request.as_bytes()).ok()?;
        let mut status = None;
        let (mut length, mut chunked) = (0, false);
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).ok()?;
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if status.is_none() {
                status = line.split(' ').nth(1).map(|code| code.parse().unwrap());
            } else if let Some(bytes) = line.strip_prefix("content-length: ") {
                length = bytes.parse().unwrap();
            }
            chunked |= line == "transfer-encoding: chunked";
        }
        let status = status?;
        let mut answer = Vec::new();
        if method == "HEAD" || status == 204 || status == 304 {
            return Some((status, answer));
        }
        while chunked {
            let mut size = String::new();
            self.stream.read_line(&mut size).unwrap();
            length = usize::from_str_radix(size.trim_end(), 16).unwrap();
            let mut chunk = vec![0; length + 2];
            self.stream.read_exact(&mut chunk).unwrap();
            answer.extend_from_slice(&chunk[..length]);
            chunked = length > 0;
        }
        if answer.is_empty() {
            answer = vec![0; length];
            self.stream.read_exact(&mut answer).unwrap();
        }
        Some((status, answer))
    }
}

fn commit(app: &App) -> Value {
    app.get("/api/v1/summary").ok()["meta"]["known_at"].clone()
}

/// Every documented path, with an id where it wants one.
fn paths() -> Vec<String> {
    let document: Value = serde_json::from_str(&openapi_json().unwrap()).unwrap();
    let documented = document["paths"].as_object().unwrap().keys();
    let filled = documented.map(|path| {
        let known = ["{a}", "{b}", "{id}"];
        known.iter().fold(path.clone(), |path, name| {
            path.replace(name, "nobody-of-this-id")
        })
    });
    filled.chain(BESIDE.map(str::to_owned)).collect()
}

/// What a request says of its host and origin, and whether these are the service's own.
struct Case {
    text: String,
    is_own: bool,
}

fn hosts(port: u16) -> Vec<Case> {
    let case = |host: &str, is_own| Case {
        text: format!("Host: {host}\r\n"),
        is_own,
    };
    vec![
        case(&format!("127.0.0.1:{port}"), true),
        case(&format!("localhost:{port}"), true),
        case(&format!("[::1]:{port}"), true),
        case(&format!("evil.test:{port}"), false),
    ]
}

/// The origins of requests to `host`, the text of its header.
fn origins(host: &Case, port: u16) -> Vec<Case> {
    let case = |origin: &str, is_own| Case {
        text: format!("Origin: {origin}\r\n"),
        is_own,
    };
    let asked = host.text.trim_start_matches("Host: ").trim_end();
    let own = format!("http://{asked}");
    vec![
        Case {
            text: String::new(),
            is_own: true,
        },
        case(&own, host.is_own),
        case("null", false),
        case("http://evil.test", false),
        case(&format!("http://localhost:{}", port ^ 1), false),
        case(&format!("{own}\r\nOrigin: http://evil.test"), false),
    ]
}

#[test]
fn every_route_and_method_is_refused_to_foreign_hosts_and_written_by_own_pages_only() {
    let app = App::article();
    let before = commit(&app);
    let mut connection = Connection::to(&app);
    let port = app.address.port();
    let (mut allowed, mut refused) = (0, 0);
    for path in paths() {
        for method in METHODS {
            let reads = READS.contains(&method);
            for host in hosts(port) {
                for origin in origins(&host, port) {
                    for site in SITES {
                        let is_own_site = matches!(site, None | Some("same-origin" | "none"));
                        let expected = if !(host.is_own || reads && path == "/healthz") {
                            Some(421)
                        } else if !(reads || origin.is_own && is_own_site) {
                            Some(403)
                        } else {
                            None
                        };
                        // Of what a read is answered with, its site changes nothing.
                        let is_typical = matches!(site, None | Some("cross-site"));
                        if expected.is_none() && reads && !is_typical {
                            continue;
                        }
                        let site = site.map(|site| format!("Sec-Fetch-Site: {site}\r\n"));
                        let headers = format!(
                            "{}{}{}Content-Type: application/json\r\n",
                            host.text,
                            origin.text,
                            site.unwrap_or_default()
                        );
                        let (status, body) = connection.ask(method, &path, &headers, "[");
                        let what = || {
                            let body = String::from_utf8_lossy(&body);
                            format!("{method} {path} {headers:?}: {status} {body:.300}")
                        };
                        match expected {
                            Some(expected) => assert_eq!(status, expected, "{}", what()),
                            None => assert!(![403, 421].contains(&status), "{}", what()),
                        }
                        allowed += usize::from(expected.is_none());
                        refused += usize::from(expected.is_some());
                    }
                }
            }
        }
    }
    assert_eq!(commit(&app), before);
    assert!(allowed > 3_000 && refused > 30_000, "{allowed} {refused}");
}

/// Requests that write, with what they would write.
fn writes(app: &App, nth: usize) -> Vec<(&'static str, String, &'static str, String)> {
    let actor = |id: &str| format!(r#"{{"id":"{id}","kind":"person","name":"N {id}"}}"#);
    let made = format!("made-{nth}");
    let line = format!(r#"{{"record":"actor","id":"line-{nth}","kind":"person","name":"L{nth}"}}"#);
    let report = app.post(
        "/api/v1/imports?format=jsonl",
        &line.replace("line", "undone"),
    );
    let import = report.ok()["id"].as_str().unwrap().to_owned();
    let gone = format!("gone-{nth}");
    app.post("/api/v1/actors", &actor(&gone)).ok();
    let json = "application/json";
    vec![
        ("POST", "/api/v1/actors".into(), json, actor(&made)),
        (
            "PUT",
            format!("/api/v1/actors/put-{nth}"),
            json,
            actor(&format!("put-{nth}")),
        ),
        (
            "DELETE",
            format!("/api/v1/actors/{gone}"),
            json,
            String::new(),
        ),
        (
            "POST",
            "/api/v1/imports".into(),
            "application/x-ndjson",
            line.clone(),
        ),
        (
            "POST",
            "/api/v1/imports?format=jsonl".into(),
            json,
            line.replace("line", "asked"),
        ),
        (
            "DELETE",
            format!("/api/v1/imports/{import}"),
            json,
            String::new(),
        ),
    ]
}

#[test]
fn what_is_refused_changes_nothing_and_would_have() {
    let app = App::article();
    let mut connection = Connection::to(&app);
    let port = app.address.port();
    let all = writes(&app, 0);
    let before = commit(&app);
    for (method, path, media_type, body) in &all {
        for host in hosts(port) {
            for origin in origins(&host, port) {
                for site in SITES {
                    let is_own_site = matches!(site, None | Some("same-origin" | "none"));
                    if host.is_own && origin.is_own && is_own_site {
                        continue;
                    }
                    let site = site.map(|site| format!("Sec-Fetch-Site: {site}\r\n"));
                    let headers = format!(
                        "{}{}{}Content-Type: {media_type}\r\n",
                        host.text,
                        origin.text,
                        site.unwrap_or_default()
                    );
                    let (status, _) = connection.ask(method, path, &headers, body);
                    assert!([403, 421].contains(&status), "{method} {path} {headers:?}");
                    assert_eq!(commit(&app), before, "{method} {path} {headers:?}");
                }
            }
        }
    }
    // What any page may send without asking is refused although it says nothing of its origin.
    let (_, import, ..) = &all[4];
    for unasked in [
        "",
        "Content-Type: text/plain\r\n",
        "Content-Type: multipart/form-data\r\n",
    ] {
        let headers = format!("Host: localhost\r\n{unasked}");
        let (status, _) = connection.ask("POST", import, &headers, &all[4].3);
        assert_eq!((status, commit(&app)), (415, before.clone()), "{unasked}");
    }
    // The same, from the service's own page: each writes.
    let mut last = before;
    for (method, path, media_type, body) in &all {
        let headers = format!(
            "Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n\
             Sec-Fetch-Site: same-origin\r\nContent-Type: {media_type}\r\n"
        );
        let (status, answer) = connection.ask(method, path, &headers, body);
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            (200..300).contains(&status),
            "{method} {path}: {status} {answer}"
        );
        let now = commit(&app);
        assert_ne!(now, last, "{method} {path}");
        last = now;
    }
}

#[test]
fn a_proxys_name_is_allowed_by_an_option() {
    let app = App::with(|options| {
        let names = ["chancery.example", "narrow.example:8443", "tls.example:443"];
        options.allowed_hosts = names.iter().map(|name| name.parse().unwrap()).collect();
    });
    app.post("/api/v1/imports", ARTICLE).ok();
    let port = app.address.port();
    let mut connection = Connection::to(&app);
    let mut ask = |host: &str, origin: &str| {
        let headers =
            format!("Host: {host}\r\nOrigin: {origin}\r\nContent-Type: application/json\r\n");
        connection.ask("POST", "/api/v1/actors", &headers, "{}").0
    };
    let own = format!("127.0.0.1:{port}");
    for (host, origin, status) in [
        ("chancery.example", "https://chancery.example", 422),
        ("Chancery.Example:8080", "http://chancery.example:8080", 422),
        // A proxy that passes on the service's own address.
        (&own, "https://chancery.example", 422),
        (&own, "http://chancery.example:3000", 422),
        ("narrow.example:8443", "https://narrow.example:8443", 422),
        ("tls.example", "https://tls.example", 422),
        ("narrow.example", "https://narrow.example:8443", 421),
        ("narrow.example:8443", "https://narrow.example", 403),
        ("tls.example:8443", "https://tls.example", 421),
        (&own, "https://tls.example:8443", 403),
        (&own, "http://tls.example", 403),
        ("tls.example", "http://tls.example", 403),
        ("narrow.example:8443", "http://narrow.example", 403),
        ("sub.chancery.example", "https://chancery.example", 421),
        (
            "chancery.example",
            "https://chancery.example.evil.test",
            403,
        ),
        ("chancery.example", "https://evil.test", 403),
        ("chancery.example", "null", 403),
        ("evil.test", "https://chancery.example", 421),
    ] {
        assert_eq!(ask(host, origin), status, "{host} {origin}");
    }
}

#[test]
fn a_request_has_one_host_whose_problem_says_how_to_allow_it() {
    let app = App::article();
    let mut connection = Connection::to(&app);
    let mut status = |path: &str, headers: &str| connection.ask("GET", path, headers, "").0;
    assert_eq!(status("/readyz", "Host: localhost\r\n"), 200);
    assert_eq!(status("/readyz", "Host: localhost:1\r\n"), 200);
    assert_eq!(status("/readyz", "Host: evil.test\r\n"), 421);
    assert_eq!(status("/healthz", "Host: evil.test\r\n"), 200);
    assert_eq!(status("/healthz/", "Host: evil.test\r\n"), 421);
    assert_eq!(
        status("http://evil.test/readyz", "Host: localhost\r\n"),
        421
    );
    for line in ["http://localhost/readyz", "http://localhost:80/readyz"] {
        assert_eq!(status(line, "Host: localhost\r\n"), 200, "{line}");
    }

    for second in ["127.0.0.1", "evil.test"] {
        let hosts = format!("Host: localhost\r\nHost: {second}\r\n");
        assert!([400, 421].contains(&status("/readyz", &hosts)), "{second}");
    }

    let headers = [("Host", "chancery.example:8443")];
    let problem = app
        .call("GET", "/api/v1/summary", &headers, b"")
        .problem("misdirected_request");
    assert_eq!(problem["parameter"], "Host");
    assert_eq!(problem["value"], "chancery.example:8443");
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("--allowed-host chancery.example "),
        "{detail}"
    );

    let headers = [("Origin", "https://chancery.example")];
    let problem = app
        .call("DELETE", "/api/v1/actors/usa", &headers, b"")
        .problem("cross_origin_write");
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("--allowed-host chancery.example "),
        "{detail}"
    );
    for (origin, remedy) in [
        ("https://localhost:8443", "--allowed-host localhost:8443 "),
        ("http://127.0.0.1", "--allowed-host 127.0.0.1:80 "),
        (
            "chrome-extension://abc",
            "Open the page that the service serves",
        ),
        ("null", "Open the page that the service serves"),
    ] {
        let headers = [("Origin", origin)];
        let answer = app.call("DELETE", "/api/v1/actors/usa", &headers, b"");
        let problem = answer.problem("cross_origin_write");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(remedy), "{detail}");
        assert_eq!(answer.header("X-Content-Type-Options"), Some("nosniff"));
    }
    let headers = [("Sec-Fetch-Site", "same-site")];
    let problem = app
        .call("DELETE", "/api/v1/actors/usa", &headers, b"")
        .problem("cross_origin_write");
    assert_eq!(problem["parameter"], "Sec-Fetch-Site");
}

#[test]
fn no_answer_is_taken_up_by_a_page_of_another_origin() {
    let app = App::article();
    for path in [
        "/",
        "/ui/theme.js",
        "/api/v1/summary",
        "/api/v1/export",
        "/docs/",
        "/nowhere",
    ] {
        let answer = app.get(path);
        let policy = answer.header("Cross-Origin-Resource-Policy");
        assert_eq!(policy, Some("same-origin"), "{path}");
        assert_eq!(answer.header("Access-Control-Allow-Origin"), None, "{path}");
    }
}
