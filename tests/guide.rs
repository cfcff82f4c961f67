//! The calls of the API guide and of the README, run as they stand there against the demo server, and
//! the programs of `examples/`.
//!
//! A `sh` block is a session of `curl` commands; a `json` block after it is what the last answer
//! must hold: every member shown, arrays item by item from the start, `"…"` for any value.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

#[expect(dead_code, reason = "its `main` is for `cargo run --example`")]
#[path = "../examples/importer.rs"]
mod importer;
#[expect(dead_code, reason = "its `main` is for `cargo run --example`")]
#[path = "../examples/paths.rs"]
mod paths;
#[expect(dead_code, reason = "its `main` is for `cargo run --example`")]
#[path = "../examples/timeline.rs"]
mod timeline;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use chancery::engine::ImportStatus;
use serde_json::Value;

/// The demo server, stopped when dropped.
struct Demo {
    process: Child,
    url: String,
}

impl Demo {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(["serve", "--demo", "--bind", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let url = lines
            .by_ref()
            .map(Result::unwrap)
            .find_map(|line| {
                let at = line.find("http://127.0.0.1:")?;
                let url = line.get(at..)?.split_whitespace().next()?;
                Some(url.trim_end_matches('/').to_owned())
            })
            .unwrap();
        // The rest is read and dropped, so that the server never waits for us to read.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, url }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// A `curl` command, as far as the guide uses it.
#[derive(Debug, Default)]
struct Call {
    method: Option<String>,
    url: String,
    headers: Vec<(String, String)>,
    query: Vec<String>,
    body: Option<Vec<u8>>,
    as_query: bool,
}

impl Call {
    fn parse(words: &[String]) -> Self {
        let mut call = Self::default();
        let mut words = words.iter().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().unwrap().clone();
            match word.as_str() {
                "-s" | "-sS" | "-i" | "-si" | "--no-buffer" => {}
                "-G" | "--get" => call.as_query = true,
                "-X" | "--request" => call.method = Some(value()),
                "-H" | "--header" => {
                    let header = value();
                    let (name, content) = header.split_once(':').unwrap();
                    call.headers
                        .push((name.trim().into(), content.trim().into()));
                }
                "--data-urlencode" => {
                    let pair = value();
                    let (key, content) = pair.split_once('=').unwrap();
                    call.query.push(format!("{key}={}", encode(content)));
                }
                "-d" | "--data" | "--data-binary" => {
                    let data = value();
                    if call.as_query {
                        call.query.push(data);
                        continue;
                    }
                    call.body = Some(data.strip_prefix('@').map_or_else(
                        || data.clone().into_bytes(),
                        |file| std::fs::read(file).unwrap(),
                    ));
                }
                url if url.starts_with("http") => url.clone_into(&mut call.url),
                other => {
                    panic!("the guide uses a curl option that this test does not know: {other}")
                }
            }
        }
        call
    }

    fn run(&self, demo: &Demo) -> (u16, String) {
        // Without -G what is encoded is a form.
        let form = (!self.as_query && !self.query.is_empty()).then(|| self.query.join("&"));
        let mut url = self
            .url
            .replace("http://127.0.0.1:8080", &demo.url)
            .replace(' ', "%20");
        if form.is_none() && !self.query.is_empty() {
            url = format!(
                "{url}{}{}",
                if url.contains('?') { '&' } else { '?' },
                self.query.join("&")
            );
        }
        let has_body = self.body.is_some() || form.is_some();
        let default = if has_body { "POST" } else { "GET" };
        let mut request = ureq::http::Request::builder()
            .method(self.method.as_deref().unwrap_or(default))
            .uri(url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if form.is_some() {
            request = request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        let body = form.map(String::into_bytes).or_else(|| self.body.clone());
        let request = request.body(body.unwrap_or_default()).unwrap();
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true);
        let mut answer = ureq::Agent::from(config.build()).run(request).unwrap();
        let body = answer.body_mut().read_to_string().unwrap();
        (answer.status().as_u16(), body)
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// The words of a shell command: blanks part them, quotes hold them together.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in command.chars() {
        match (quote, c) {
            (Some(q), c) if q == c => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Whether an answer holds what the guide shows of it.
fn holds(answer: &Value, shown: &Value, at: &str) -> Result<(), String> {
    match (answer, shown) {
        (_, Value::String(any)) if any == "…" => Ok(()),
        (Value::Object(answer), Value::Object(shown)) => {
            shown.iter().try_for_each(|(key, shown)| {
                let at = format!("{at}.{key}");
                let answer = answer.get(key).ok_or_else(|| format!("{at} is missing"))?;
                holds(answer, shown, &at)
            })
        }
        (Value::Array(answer), Value::Array(shown)) => {
            shown.iter().enumerate().try_for_each(|(i, shown)| {
                let at = format!("{at}[{i}]");
                holds(
                    answer.get(i).ok_or_else(|| format!("{at} is missing"))?,
                    shown,
                    &at,
                )
            })
        }
        (answer, shown) if answer == shown => Ok(()),
        (answer, shown) => Err(format!("{at} is {answer}, the guide shows {shown}")),
    }
}

/// The fenced blocks of a page: their language and text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.trim().to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

fn run_page(path: &str) -> usize {
    let page = std::fs::read_to_string(path).unwrap();
    let demo = Demo::start();
    let mut last = None;
    let mut calls = 0;
    let mut wrong: Vec<String> = Vec::new();
    for (language, text) in blocks(&page) {
        match language.as_str() {
            "sh" => {
                for command in text.replace("\\\n", " ").split("\ncurl ") {
                    let command = command.trim();
                    let command = command.strip_prefix("curl ").unwrap_or(command);
                    if command.is_empty()
                        || command.starts_with("cargo")
                        || command.starts_with("chancery")
                    {
                        continue;
                    }
                    let call = Call::parse(&words(&format!("curl {command}")));
                    let (status, body) = call.run(&demo);
                    assert!(status < 500, "{path}: {command} gave {status}: {body}");
                    last = Some((command.to_owned(), status, body));
                    calls += 1;
                }
            }
            "json" => {
                let (command, status, body) = last.as_ref().unwrap();
                let shown: Value =
                    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}: {text}"));
                let answer: Value =
                    serde_json::from_str(body).unwrap_or_else(|e| panic!("{command}: {e}: {body}"));
                if let Err(why) = holds(&answer, &shown, "the answer") {
                    wrong.push(format!("{path}: after {command} ({status}): {why}\n{body}"));
                }
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    calls
}

#[test]
fn the_calls_of_the_guide_answer_as_shown() {
    assert!(run_page("api-docs/guide.md") >= 10);
}

#[test]
fn the_calls_about_reconciliation_answer_as_shown() {
    assert!(run_page("api-docs/reconciliation.md") >= 2);
}

#[test]
fn the_calls_of_the_readme_answer_as_shown() {
    assert!(run_page("README.md") >= 1);
}

#[test]
fn this_test_would_notice_a_wrong_answer() {
    let answer = serde_json::json!({"paths": [{"length": 2, "hops": []}]});
    let holds = |shown: Value| holds(&answer, &shown, "");
    assert_eq!(holds(serde_json::json!({"paths": [{"length": 2}]})), Ok(()));
    assert_eq!(holds(serde_json::json!({"paths": "…"})), Ok(()));
    assert_eq!(
        holds(serde_json::json!({"paths": [{"length": 3}]})),
        Err(".paths[0].length is 2, the guide shows 3".into())
    );
    assert_eq!(
        holds(serde_json::json!({"path": []})),
        Err(".path is missing".into())
    );
    assert_eq!(
        words("curl -d '{\"a\": 1}' x"),
        ["curl", "-d", "{\"a\": 1}", "x"]
    );
}

fn printed(out: Vec<u8>) -> String {
    String::from_utf8(out).unwrap()
}

#[test]
fn an_embedded_engine_tells_how_two_actors_are_connected() {
    let mut out = Vec::new();
    paths::connect("Park Jin", "DPRK", &mut out).unwrap();
    let printed = printed(out);
    assert!(printed.starts_with("a path of 1 hops\n"), "{printed}");
    assert!(printed.contains("Park Jin – "), "{printed}");
    assert!(printed.contains(r#""stance":"condemns""#), "{printed}");
    let problem = paths::connect("Nobody At All", "DPRK", &mut Vec::new()).unwrap_err();
    assert!(problem.to_string().contains("Nobody At All"), "{problem}");
}

#[test]
fn a_timeline_is_read_over_http_page_by_page() {
    let demo = Demo::start();
    let mut out = Vec::new();
    timeline::print(&demo.url, "Blinken", &mut out).unwrap();
    let printed = printed(out);
    let lines: Vec<&str> = printed.lines().collect();
    assert!(lines.len() > 3, "more than a page: {printed}");
    let call = "2023-06-16 event blinken-park-call-2023-06-16";
    assert_eq!(lines.iter().filter(|line| **line == call).count(), 1);
    let problem = timeline::print(&demo.url, "Nobody At All", &mut Vec::new()).unwrap_err();
    assert!(problem.to_string().contains("404"), "{problem}");
}

#[test]
fn an_importer_makes_records_of_rows_and_the_same_rows_change_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let csv = "day,caller,called,reported by\n\
               2023-06-16,Antony Blinken,Park Jin,TRT World\n\
               2023-06-17,Antony Blinken,Hayashi Yoshimasa,TRT World\n";
    let mut out = Vec::new();
    let first = importer::import(csv, dir.path(), &mut out).unwrap();
    assert_eq!(first.status, ImportStatus::Committed);
    let told = printed(out);
    for line in ["2 new events", "3 new actors", "1 new sources"] {
        assert!(told.contains(line), "{told}");
    }
    let again = importer::import(csv, dir.path(), &mut Vec::new()).unwrap();
    assert_eq!(again.status, ImportStatus::Unchanged);
    let mut out = Vec::new();
    let wrong = csv.replace("2023-06-16", "2023-06-31");
    let rejected = importer::import(&wrong, dir.path(), &mut out).unwrap();
    assert_eq!(rejected.status, ImportStatus::Rejected);
    let told = printed(out);
    assert!(told.contains("date: "), "{told}");
    let problem = importer::import("day\n2023", dir.path(), &mut Vec::new()).unwrap_err();
    assert_eq!(problem.to_string(), "line 2 of the CSV has 1 cells, not 4");
}
