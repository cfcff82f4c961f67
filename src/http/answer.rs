//! Answers: a body with its `ETag`.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderName, LINK, LOCATION, VARY,
};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::condition;
use super::problem::{Code, Problem};

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
    body: Vec<u8>,
    headers: Vec<(HeaderName, String)>,
}

impl Answer {
    /// An answer of JSON.
    ///
    /// # Errors
    ///
    /// When it can't be written as JSON.
    pub(super) fn json(answer: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(answer)
            .map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
        Ok(Self::bytes("application/json", body))
    }

    /// An answer of these bytes.
    pub(super) const fn bytes(media_type: &'static str, body: Vec<u8>) -> Self {
        Self {
            status: StatusCode::OK,
            media_type,
            body,
            headers: Vec::new(),
        }
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
    pub(super) fn location(mut self, path: String) -> Self {
        self.headers.push((LOCATION, path));
        self
    }

    /// The same with the link to the next page.
    pub(super) fn next(mut self, link: Option<String>) -> Self {
        let link = link.map(|link| (LINK, format!("<{link}>; rel=\"next\"")));
        self.headers.extend(link);
        self
    }

    /// The same for caches that tell answers apart by the header `Accept`.
    pub(super) fn vary_by_accept(mut self) -> Self {
        self.headers.push((VARY, "Accept".into()));
        self
    }

    /// The same under a name to save it by, if there is one.
    pub(super) fn saved_as(mut self, file: Option<&str>) -> Self {
        let header = file.map(|file| {
            let attachment = format!("attachment; filename=\"{file}\"");
            (CONTENT_DISPOSITION, attachment)
        });
        self.headers.extend(header);
        self
    }

    /// The same with the commit that it is of, and how much of what was left out, by reason.
    pub(super) fn about(mut self, known_at: u64, left_out: &[(&str, usize)]) -> Self {
        self.headers.push((KNOWN_AT.clone(), known_at.to_string()));
        let omitted = omitted(left_out).map(|omitted| (OMITTED.clone(), omitted));
        self.headers.extend(omitted);
        self
    }

    /// The response: 304 when the client has it already.
    pub(super) fn to(self, request: &HttpRequest) -> HttpResponse {
        let etag = etag(&self.body);
        let is_read = request.method() == Method::GET && self.status == StatusCode::OK;
        let unchanged = is_read && condition::is_known(request.headers(), &etag);
        let status = if unchanged {
            StatusCode::NOT_MODIFIED
        } else {
            self.status
        };
        let mut response = HttpResponse::build(status);
        response.insert_header((ETAG, etag));
        response.insert_header((CACHE_CONTROL, "no-cache"));
        for header in self.headers {
            response.append_header(header);
        }
        if unchanged {
            return response.finish();
        }
        response.insert_header((CONTENT_TYPE, self.media_type));
        response.body(self.body)
    }
}

/// The `ETag` of a body: a part of its BLAKE3 hash, in quotes.
pub(super) fn etag(body: &[u8]) -> String {
    let hex = blake3::hash(body).to_hex();
    let shown = hex.get(..2 * ETAG_BYTES).unwrap_or(&hex);
    format!("\"{shown}\"")
}

/// Does what may block on a thread where it may.
///
/// # Errors
///
/// What `work` says, or that the service failed.
pub(super) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let done = web::block(work).await;
    done.map_err(|error| Problem::new(Code::Internal, error.to_string()))?
}

/// Works out an answer where it was asked for when it is [little](super::little) work, else off the
/// thread of the connections; and gives it.
///
/// # Errors
///
/// What `work` says, or that the service failed.
pub(super) async fn answer_soon(
    request: &HttpRequest,
    is_little: bool,
    work: impl FnOnce() -> Result<Answer, Problem> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    if is_little {
        return Ok(work()?.to(request));
    }
    answer(request, work).await
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
