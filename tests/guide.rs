//! The calls of the API guide and of the README, run as they stand there against the demo server.
//!
//! A `sh` block is a session of `curl` commands; a `json` block after it is what the last answer
//! must hold: every member shown, arrays item by item from the start, `"…"` for any value.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

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
        let mut url = self
            .url
            .replace("http://127.0.0.1:8080", &demo.url)
            .replace(' ', "%20");
        if !self.query.is_empty() {
            url = format!(
                "{url}{}{}",
                if url.contains('?') { '&' } else { '?' },
                self.query.join("&")
            );
        }
        let default = if self.body.is_some() { "POST" } else { "GET" };
        let mut request = ureq::http::Request::builder()
            .method(self.method.as_deref().unwrap_or(default))
            .uri(url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(self.body.clone().unwrap_or_default()).unwrap();
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
