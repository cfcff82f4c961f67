//! Bodies of requests: their media type, their encoding, their size.

use std::io::Write as _;

use actix_web::HttpRequest;
use actix_web::dev::{self, Decompress};
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::{self, Bytes};
use futures_util::StreamExt as _;

use super::answer::off_thread;
use super::preconditions::ENCODINGS;
use super::problem::{Problem, ProblemKind};
use crate::ingest::{Input, InputFormat, RECORD_MAX_BYTES, Spool, UNSPECIFIC_MEDIA_TYPES};

/// Bytes of the body of an import, packed or not.
pub(super) const IMPORT_MAX_BYTES: u64 = 4 << 30;
/// Bytes that are gathered before they are put by.
const PIECE_BYTES: usize = 256 * 1024;
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The text of a body that is one record in JSON.
///
/// # Errors
///
/// When it is no JSON by its type, too large, cut off, or no UTF-8.
pub(super) async fn record(
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<String, Problem> {
    let content_type = content_type(request, &[JSON])?;
    if content_type.as_deref() != Some(JSON) {
        return Err(unsupported(content_type.as_deref(), &[JSON]));
    }
    text(request, payload, RECORD_MAX_BYTES).await
}

/// A body that asks something.
#[derive(Debug)]
pub(super) enum QuestionBody {
    /// Written as a query string is.
    Form(String),
    /// JSON.
    Json(String),
}

/// The text of a body that asks something and writes nothing: a page of another origin that sends such a
/// form unasked changes nothing, and is refused for its origin where the browser tells it.
///
/// # Errors
///
/// When it is neither a form nor JSON by its type, too large, cut off, or no UTF-8.
pub(super) async fn question(
    request: &HttpRequest,
    payload: web::Payload,
    max_bytes: usize,
) -> Result<QuestionBody, Problem> {
    let known = [FORM, JSON];
    let content_type = content_type(request, &known)?;
    let is_form = match content_type.as_deref() {
        Some(FORM) => true,
        Some(JSON) => false,
        other => return Err(unsupported(other, &known)),
    };
    let text = text(request, payload, max_bytes).await?;
    Ok(if is_form {
        QuestionBody::Form(text)
    } else {
        QuestionBody::Json(text)
    })
}

/// The text of a body, unpacked.
async fn text(
    request: &HttpRequest,
    payload: web::Payload,
    max_bytes: usize,
) -> Result<String, Problem> {
    check_encoding(request, &ENCODINGS)?;
    let mut body = Vec::new();
    let mut stream =
        Decompress::<dev::Payload>::from_headers(payload.into_inner(), request.headers());
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|error| broken(&error))?;
        if body.len() + piece.len() > max_bytes {
            return Err(too_large(max_bytes as u64));
        }
        body.extend(piece);
    }
    String::from_utf8(body).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let detail = format!("the body is not valid UTF-8 after {at} bytes: send JSON in UTF-8");
        Problem::new(ProblemKind::BadJson, detail)
    })
}

/// The format of an import: that which was `named`, else that of the header `Content-Type`; `None`
/// when the bytes will tell. Whatever is named, the header must be there and must say what a page of
/// another origin can't send unasked (Fetch, section 2.2.2: a CORS-safelisted request header).
///
/// # Errors
///
/// When the header is missing, or names what is not read or what any page may send.
pub(super) fn import_format(
    request: &HttpRequest,
    named: Option<InputFormat>,
) -> Result<Option<InputFormat>, Problem> {
    const PACKED: [&str; 3] = [
        "application/gzip",
        "application/x-gzip",
        "application/octet-stream",
    ];
    let any = UNSPECIFIC_MEDIA_TYPES.iter().chain(&PACKED);
    let types = InputFormat::ALL
        .iter()
        .flat_map(|format| format.media_types());
    let known: Vec<&str> = types.chain(any.clone()).copied().collect();
    let content_type = content_type(request, &known)?;
    let of_type = content_type
        .as_deref()
        .and_then(InputFormat::from_media_type);
    let is_any = |content_type: &str| any.clone().any(|known| *known == content_type);
    match (named, of_type) {
        (Some(named), _) if content_type.as_deref().is_some_and(is_asked_for_first) => {
            Ok(Some(named))
        }
        (None, Some(InputFormat::JsonLines)) => Ok(Some(InputFormat::JsonLines)),
        // Files of JSON Lines are sent as JSON often enough to have a look, and many formats have tabs.
        (None, Some(_)) => Ok(None),
        (None, None) if content_type.as_deref().is_some_and(is_any) => Ok(None),
        (_, _) => Err(unsupported(content_type.as_deref(), &known)),
    }
}

/// Whether a browser asks the service first before a page of another origin may send a body of this
/// type. Forms send the others, and so does a page whose request names no type.
fn is_asked_for_first(content_type: &str) -> bool {
    let Some((kind, subtype)) = content_type.split_once('/') else {
        return false;
    };
    let is_token = |part: &str| {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        !part.is_empty() && part.bytes().all(allowed)
    };
    let is_safelisted = kind == "multipart"
        || ["text/plain", "application/x-www-form-urlencoded"].contains(&content_type);
    is_token(kind) && is_token(subtype) && !is_safelisted
}

/// Puts by the body of an import, so that it can be read twice.
///
/// # Errors
///
/// When it is too large, cut off, packed in a way that is not read, or the disk fails.
pub(super) async fn import(
    request: &HttpRequest,
    mut payload: web::Payload,
    max_bytes: u64,
) -> Result<Input, Problem> {
    // What is packed with gzip is unpacked while it is read.
    check_encoding(request, &["gzip"])?;
    let mut spool = Spool::default();
    let mut piece = Vec::new();
    while let Some(bytes) = payload.next().await {
        let bytes: Bytes = bytes.map_err(|error| broken(&error))?;
        if spool.len() + (piece.len() + bytes.len()) as u64 > max_bytes {
            return Err(too_large(max_bytes));
        }
        piece.extend(bytes);
        if piece.len() >= PIECE_BYTES {
            spool = put_by(spool, std::mem::take(&mut piece)).await?;
        }
    }
    Ok(put_by(spool, piece).await?.finish())
}

async fn put_by(mut spool: Spool, piece: Vec<u8>) -> Result<Spool, Problem> {
    off_thread(move || match spool.write_all(&piece) {
        Ok(()) => Ok(spool),
        Err(error) => {
            let detail = format!("the body can't be stored temporarily: {error}");
            Err(Problem::new(ProblemKind::Unavailable, detail))
        }
    })
    .await
}

/// The media type of the body, in lower case and without parameters. A character set must be
/// UTF-8. `known` are the types that the resource takes, for the problem.
fn content_type(request: &HttpRequest, known: &[&str]) -> Result<Option<String>, Problem> {
    let mut values = request.headers().get_all(CONTENT_TYPE);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        let detail = "Content-Type is given twice: send it once";
        return Err(Problem::new(ProblemKind::UnsupportedMediaType, detail)
            .at("Content-Type")
            .known(known.iter().copied()));
    }
    let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
    let mut parts = text.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_owned();
    let charset = parts.find_map(|part| part.strip_prefix("charset="));
    match charset.map(|charset| charset.trim_matches('"')) {
        None | Some("utf-8" | "utf8" | "us-ascii") => Ok(Some(essence)),
        Some(other) => {
            let detail = format!("the body must be in UTF-8, not in {other}");
            Err(Problem::new(ProblemKind::UnsupportedMediaType, detail)
                .at("Content-Type")
                .known(known.iter().copied()))
        }
    }
}

fn check_encoding(request: &HttpRequest, known: &[&str]) -> Result<(), Problem> {
    let Some(value) = request.headers().get(CONTENT_ENCODING) else {
        return Ok(());
    };
    let text = String::from_utf8_lossy(value.as_bytes())
        .trim()
        .to_ascii_lowercase();
    if text == "identity" || known.contains(&text.as_str()) {
        return Ok(());
    }
    let detail = format!(
        "the content encoding {text} is not supported; the service supports {}",
        known.join(", ")
    );
    Err(Problem::new(ProblemKind::UnsupportedMediaType, detail)
        .at("Content-Encoding")
        .value(&text)
        .known(known.iter().copied()))
}

fn unsupported(content_type: Option<&str>, known: &[&str]) -> Problem {
    let sent = content_type.filter(|sent| !sent.is_empty());
    let sent = sent.unwrap_or("nothing");
    let detail = format!("Content-Type is {sent}; send {}", known.join(", "));
    Problem::new(ProblemKind::UnsupportedMediaType, detail)
        .at("Content-Type")
        .value(sent)
        .known(known.iter().copied())
}

fn too_large(max_bytes: u64) -> Problem {
    let detail = format!("the body has more than {max_bytes} bytes: split it");
    Problem::new(ProblemKind::BodyTooLarge, detail)
}

fn broken(error: &PayloadError) -> Problem {
    Problem::new(
        ProblemKind::BadRequest,
        format!("the body can't be read to its end: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use actix_web::FromRequest as _;
    use actix_web::test as actix_test;

    use super::*;

    async fn import_of(bytes: usize, max_bytes: u64) -> Result<u64, ProblemKind> {
        let request = actix_test::TestRequest::post().set_payload(vec![b'a'; bytes]);
        let (request, mut payload) = request.to_http_parts();
        let payload = web::Payload::from_request(&request, &mut payload)
            .await
            .unwrap();
        let input = import(&request, payload, max_bytes).await;
        input
            .map(|input| input.len())
            .map_err(|problem| problem.kind())
    }

    #[actix_web::test]
    async fn an_import_may_be_as_large_as_its_limit() {
        assert_eq!(import_of(0, 10).await, Ok(0));
        assert_eq!(import_of(10, 10).await, Ok(10));
        assert_eq!(import_of(11, 10).await, Err(ProblemKind::BodyTooLarge));
        let pieces = 2 * PIECE_BYTES + 1;
        assert_eq!(import_of(pieces, pieces as u64).await, Ok(pieces as u64));
        assert_eq!(
            import_of(pieces, pieces as u64 - 1).await,
            Err(ProblemKind::BodyTooLarge)
        );
    }
}
