//! Answers: a body with its `ETag`.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName,
    HeaderValue, LINK, LOCATION, VARY,
};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::preconditions::IfNoneMatch;
use super::problem::{Problem, ProblemKind};
use crate::invariant;

/// The commit that a file is of.
pub(super) static KNOWN_AT: HeaderName = HeaderName::from_static("chancery-known-at");
/// What was asked for and is not in a file, by reason.
pub(super) static OMITTED: HeaderName = HeaderName::from_static("chancery-omitted");

/// How much was left out, by reason, as a header says it; nothing when nothing was.
pub(super) fn omitted(left_out: &[(&str, usize)]) -> Option<String> {
    let some = left_out.iter().filter(|(_, records)| *records > 0);
    let each: Vec<String> = some.map(|(why, n)| format!("{why}={n}")).collect();
    (!each.is_empty()).then(|| each.join(", "))
}

/// Bytes of a hash that an `ETag` shows.
const ETAG_BYTES: usize = 16;

/// An answer that has been worked out.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    media_type: &'static str,
    body: Bytes,
    /// Its `ETag`; that of the body when `None`.
    tag: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Answer {
    /// An answer of JSON.
    ///
    /// # Errors
    ///
    /// When it can't be written as JSON.
    pub(super) fn json(answer: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(answer)
            .map_err(|error| Problem::new(ProblemKind::Internal, error.to_string()))?;
        Ok(Self::bytes("application/json", body))
    }

    /// An answer of these bytes.
    pub(super) fn bytes(media_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            status: StatusCode::OK,
            media_type,
            body: body.into(),
            tag: None,
            headers: Vec::new(),
        }
    }

    /// The answer to a client that has it already, by its `ETag`.
    pub(super) fn unchanged(tag: String) -> Self {
        let nothing = Self::bytes("application/json", Bytes::new());
        nothing.tagged(tag).status(StatusCode::NOT_MODIFIED)
    }

    /// The same with an `ETag` that no other body has.
    pub(super) fn tagged(mut self, tag: String) -> Self {
        self.tag = Some(tag);
        self
    }

    /// The body.
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The same with another status.
    pub(super) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same with the path of what was made.
    pub(super) fn location(self, path: String) -> Self {
        self.header(LOCATION, path)
    }

    fn header(mut self, name: HeaderName, value: String) -> Self {
        match HeaderValue::try_from(value) {
            Ok(value) => self.headers.push((name, value)),
            // Links are escaped and the rest is words and numbers, so there is none.
            Err(error) => tracing::error!(%error, %name, "a header was left out"),
        }
        self
    }

    /// The same with a policy of its own for what a page of it may load, and who may embed it.
    pub(super) fn policy(self, policy: String) -> Self {
        self.header(CONTENT_SECURITY_POLICY, policy)
    }

    /// The same with the link to the next page.
    pub(super) fn next(self, link: Option<String>) -> Self {
        match link {
            Some(link) => self.header(LINK, format!("<{link}>; rel=\"next\"")),
            None => self,
        }
    }

    /// The same for caches that tell answers apart by the header `Accept`.
    pub(super) fn vary_by_accept(mut self) -> Self {
        self.headers
            .push((VARY, HeaderValue::from_static("Accept")));
        self
    }

    /// The same under a name to save it by, if there is one.
    pub(super) fn saved_as(self, file: Option<&str>) -> Self {
        match file {
            Some(file) => {
                let attachment = format!("attachment; filename=\"{file}\"");
                self.header(CONTENT_DISPOSITION, attachment)
            }
            None => self,
        }
    }

    /// The same with the commit that it is of, and how much of what was left out, by reason.
    pub(super) fn about(self, known_at: u64, left_out: &[(&str, usize)]) -> Self {
        let about = self.header(KNOWN_AT.clone(), known_at.to_string());
        match omitted(left_out) {
            Some(omitted) => about.header(OMITTED.clone(), omitted),
            None => about,
        }
    }

    /// The response: 304 when the client has it already.
    pub(super) fn to(self, request: &HttpRequest) -> HttpResponse {
        let tag = self.tag.unwrap_or_else(|| etag(&self.body));
        let is_read = request.method() == Method::GET && self.status == StatusCode::OK;
        let status = if is_read && IfNoneMatch::from_headers(request.headers()).has(&tag) {
            StatusCode::NOT_MODIFIED
        } else {
            self.status
        };
        let mut response = HttpResponse::build(status);
        response.insert_header((ETAG, tag));
        response.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-cache")));
        for header in self.headers {
            response.append_header(header);
        }
        if status == StatusCode::NOT_MODIFIED {
            return response.finish();
        }
        let media_type = HeaderValue::from_static(self.media_type);
        response.insert_header((CONTENT_TYPE, media_type));
        response.body(self.body)
    }
}

/// The `ETag` of a body: a part of its BLAKE3 hash, in quotes.
pub(super) fn etag(body: &[u8]) -> String {
    let hash = blake3::hash(body);
    let hex = hash.to_hex();
    let shown = hex.get(..2 * ETAG_BYTES).unwrap_or(&hex);
    format!("\"{shown}\"")
}

/// Bytes of what tells most answers from others.
const HASHED_BYTES: usize = 512;

/// What tells an answer from others, taken together.
pub(super) struct EtagHasher(Vec<u8>);

impl Default for EtagHasher {
    fn default() -> Self {
        Self(Vec::with_capacity(HASHED_BYTES))
    }
}

impl EtagHasher {
    pub(super) fn number(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_be_bytes());
    }

    /// Adds a text and its length, which keeps apart what would else read the same.
    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    /// The `ETag` of all of it.
    pub(super) fn tag(&self) -> String {
        etag(&self.0)
    }
}

/// Does some work on this thread. When an invariant is broken meanwhile, that is the answer: what
/// came out lacks something.
///
/// # Errors
///
/// What `work` says, or the broken invariant.
pub(super) fn on_thread<T>(work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    invariant::watch(work)?
}

/// Does what may block on a thread where it may, as [`on_thread`] does.
///
/// # Errors
///
/// What `work` says, or that the service failed.
pub(super) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let done = web::block(|| on_thread(work)).await;
    done.map_err(|error| Problem::new(ProblemKind::Internal, error.to_string()))?
}

/// Works out an answer off the thread of the connections, and gives it.
///
/// # Errors
///
/// What `work` says, or that the service failed.
pub(super) async fn answer(
    request: &HttpRequest,
    work: impl FnOnce() -> Result<Answer, Problem> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    Ok(off_thread(work).await?.to(request))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invariant::tests::Expected;
    use crate::model::Kind;

    #[actix_web::test]
    async fn a_broken_invariant_is_a_problem_that_names_the_record() {
        let lacking = || {
            let _expected = Expected::reports();
            invariant::broken_record(Kind::Event, "a-call", "its bytes are a record");
            Ok(Answer::bytes("text/plain", "the rest"))
        };
        for done in [on_thread(lacking), off_thread(lacking).await] {
            let problem = done.unwrap_err();
            assert_eq!(problem.kind(), ProblemKind::Internal);
            let text = problem.to_string();
            assert!(text.contains("event a-call: its bytes"), "{text}");
        }
        assert!(on_thread(|| Ok(7)).is_ok_and(|seven| seven == 7));
    }
}
