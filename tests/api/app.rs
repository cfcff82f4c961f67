//! A service of its own for a test, and a client that knows only its address.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::sync::{Arc, mpsc};
use std::thread;

use chancery::engine::Engine;
use chancery::http::{FrameAncestors, ServeOptions, serve};
use serde_json::Value;
use ureq::Agent;
use ureq::http::{Method, Request};

/// The article's record.
pub(crate) const ARTICLE: &str = include_str!("../../examples/blinken-2023.json");

/// More than any answer here has.
const BODY_MAX_BYTES: u64 = 64 << 20;

/// A running service with a record of its own.
pub(crate) struct App {
    pub(crate) url: String,
    pub(crate) address: SocketAddr,
    pub(crate) engine: Arc<Engine>,
    agent: Agent,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    call: String,
}

impl App {
    /// A service with an empty record.
    pub(crate) fn empty() -> Self {
        Self::embedded(FrameAncestors::default())
    }

    /// The same, which these pages may embed.
    pub(crate) fn embedded(frame_ancestors: FrameAncestors) -> Self {
        Self::with(|options| options.frame_ancestors = frame_ancestors)
    }

    /// The same, started with options of its own.
    pub(crate) fn with(set: impl FnOnce(&mut ServeOptions)) -> Self {
        let engine = Arc::new(Engine::temporary().unwrap());
        let (sender, receiver) = mpsc::channel();
        let mut options = ServeOptions {
            workers: NonZeroUsize::new(1),
            stop_on_signals: false,
            ..ServeOptions::new(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
        };
        set(&mut options);
        let served = Arc::clone(&engine);
        thread::spawn(move || serve(served, &options, |address| sender.send(address).unwrap()));
        let address = receiver.recv().unwrap();
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .build()
            .into();
        Self {
            url: format!("http://{address}"),
            address,
            engine,
            agent,
        }
    }

    /// A service with the article's record.
    pub(crate) fn article() -> Self {
        let app = Self::empty();
        let report = app.post("/api/v1/imports", ARTICLE).ok();
        assert_eq!(report["status"], "committed", "{report}");
        app
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[], b"")
    }

    pub(crate) fn post(&self, path: &str, json: &str) -> Answer {
        self.call(
            "POST",
            path,
            &[("Content-Type", "application/json")],
            json.as_bytes(),
        )
    }

    pub(crate) fn put(&self, path: &str, json: &str) -> Answer {
        self.call(
            "PUT",
            path,
            &[("Content-Type", "application/json")],
            json.as_bytes(),
        )
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, &[], b"")
    }

    pub(crate) fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let call = format!("{method} {path}");
        let mut answer =
            if body.is_empty() && ["GET", "HEAD", "DELETE", "OPTIONS"].contains(&method) {
                self.agent.run(request.body(()).unwrap())
            } else {
                self.agent.run(request.body(body.to_vec()).unwrap())
            }
            .unwrap_or_else(|error| panic!("{call}: {error}"));
        let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
            (name.to_string(), value.to_str().unwrap().to_owned())
        };
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().iter().map(header).collect(),
            body: answer
                .body_mut()
                .with_config()
                .limit(BODY_MAX_BYTES)
                .read_to_vec()
                .unwrap(),
            call,
        }
    }
}

impl Answer {
    /// The JSON of an answer that is as it should be.
    pub(crate) fn ok(&self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "{self:?}\n{}",
            self.text()
        );
        self.json()
    }

    /// That an answer without a body is as it should be.
    pub(crate) fn ok_empty(&self) {
        assert_eq!((self.status, self.body.len()), (204, 0), "{}", self.text());
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter();
        all.find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn etag(&self) -> &str {
        self.header("ETag").unwrap()
    }

    /// The problem of this kind; checks what all problems have in common.
    pub(crate) fn problem(&self, kind: &str) -> Value {
        assert_eq!(
            self.header("Content-Type"),
            Some("application/problem+json"),
            "{}: {}",
            self.call,
            self.text()
        );
        let problem = self.json();
        assert_eq!(problem["kind"], kind, "{}: {problem:#}", self.call);
        let code = match kind {
            "id_mismatch" => "other-id".to_owned(),
            "still_referenced" => "named".to_owned(),
            "unresolved_reference" => "unresolved".to_owned(),
            kind => kind.replace('_', "-"),
        };
        assert_eq!(problem["code"], code, "{}: {problem:#}", self.call);
        assert_eq!(problem.get("named_by"), problem.get("referenced_by"));
        assert_eq!(problem["status"], self.status, "{}: {problem}", self.call);
        assert_eq!(problem["type"], format!("/problems/{kind}"));
        assert!(!problem["title"].as_str().unwrap().is_empty());
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        problem
    }
}

/// The ids of the items of a page.
pub(crate) fn ids(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect()
}
