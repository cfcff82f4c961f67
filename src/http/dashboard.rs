//! The dashboard: one document at `/`, and what it loads from `/ui/`. It is held by the binary and asks
//! the public API only.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName,
    HeaderValue, REFERRER_POLICY,
};
use actix_web::{HttpRequest, HttpResponse, web};

use super::answer::etag;
use super::frame::FrameAncestors;
use super::preconditions::IfNoneMatch;
use super::problem::{Problem, ProblemKind};

/// The files by path under `dashboard/dist`, sorted.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/dashboard.rs"));
const DOCUMENT: &str = "index.html";
/// Files below it have a hash of their content in their names.
const HASHED: &str = "ui/assets/";
/// How the files may be kept: those whose name changes with their content, and the others.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
const NOT_PACKED: HeaderValue = HeaderValue::from_static("identity");
const OWN_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");

/// Everything comes from here, no text becomes a script, and Svelte's own policy is the only one that
/// makes markup of text.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; require-trusted-types-for 'script'; \
     trusted-types svelte-trusted-html; frame-ancestors ";

/// Paths that the dashboard is served at.
pub(super) const PATHS: [&str; 3] = ["/", "/ui/{file}", "/ui/assets/{file}"];

/// Adds the dashboard.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(document))
        .route("/ui/{file:.*}", web::get().to(file));
}

async fn document(
    request: HttpRequest,
    ancestors: web::Data<FrameAncestors>,
) -> Result<HttpResponse, Problem> {
    let policy = format!("{POLICY}{}", ancestors.as_policy());
    let policy = HeaderValue::try_from(policy)
        .map_err(|error| Problem::new(ProblemKind::Internal, error.to_string()))?;
    let headers = [
        (CONTENT_SECURITY_POLICY, policy),
        (REFERRER_POLICY, OWN_ORIGIN),
    ];
    answer(DOCUMENT, &request, &headers)
}

async fn file(path: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer(&format!("ui/{path}"), &request, &[])
}

fn answer(
    path: &str,
    request: &HttpRequest,
    headers: &[(HeaderName, HeaderValue)],
) -> Result<HttpResponse, Problem> {
    let found = FILES.binary_search_by_key(&path, |(name, _)| name);
    let Some((_, bytes)) = found.ok().and_then(|at| FILES.get(at)) else {
        let shown: String = path.chars().take(100).collect();
        let detail = format!("the dashboard has no file {shown:?}");
        return Err(Problem::new(ProblemKind::NotFound, detail));
    };
    let tag = etag(bytes);
    let known = IfNoneMatch::from_headers(request.headers()).has(&tag);
    let status = if known {
        StatusCode::NOT_MODIFIED
    } else {
        StatusCode::OK
    };
    let keep = if path.starts_with(HASHED) {
        FOREVER
    } else {
        ASK_AGAIN
    };
    let mut response = HttpResponse::build(status);
    response.insert_header((ETAG, tag));
    response.insert_header((CACHE_CONTROL, keep));
    for header in headers {
        response.insert_header(header.clone());
    }
    if known {
        return Ok(response.finish());
    }
    let media_type = media_type(path);
    response.insert_header((CONTENT_TYPE, media_type));
    if media_type.starts_with("font/") {
        // It is packed already.
        response.insert_header((CONTENT_ENCODING, NOT_PACKED));
    }
    Ok(response.body(*bytes))
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_can_be_found_and_are_of_known_types() {
        assert!(FILES.is_sorted_by_key(|(name, _)| name));
        assert!(FILES.iter().any(|(name, _)| *name == DOCUMENT));
        for (name, _) in FILES {
            assert_ne!(media_type(name), "application/octet-stream", "{name}");
        }
    }

    #[test]
    fn the_document_loads_nothing_from_elsewhere() {
        let (_, bytes) = FILES.iter().find(|(name, _)| *name == DOCUMENT).unwrap();
        let html = str::from_utf8(bytes).unwrap();
        for outside in ["http://", "https://", "\"//", "style=", "<style"] {
            assert!(!html.contains(outside), "{outside}");
        }
        // Inline scripts would need a hash in the policy.
        assert_eq!(
            html.matches("<script").count(),
            html.matches(" src=").count()
        );
    }
}
