//! What holds for every request and every answer, whoever gives it.

use std::sync::OnceLock;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, VARY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};

use super::problem::{MEDIA_TYPE, Problem, ProblemKind};
use super::service_pages;

/// Bytes of the path and query of a URI.
pub(super) const URI_MAX_BYTES: usize = 16 * 1024;

/// Wraps every request: `HEAD` is answered like `GET`, what is no problem and should be becomes one.
///
/// # Errors
///
/// As a problem, when something below fails before there is a response.
pub(super) async fn envelope<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let length = request
        .uri()
        .path_and_query()
        .map_or(0, |all| all.as_str().len());
    if length > URI_MAX_BYTES {
        let detail = format!("the URI has {length} bytes; the maximum is {URI_MAX_BYTES}");
        let problem = Problem::new(ProblemKind::UriTooLong, detail);
        let mut response = request.into_response(problem.error_response());
        add_headers(response.response_mut());
        return Ok(response);
    }
    if request.method() == Method::HEAD {
        // The connection knows that no body goes out.
        request.head_mut().method = Method::GET;
    }
    let response = next.call(request).await.map_err(as_problem)?;
    let mut response = with_problem(response.map_into_boxed_body());
    add_headers(response.response_mut());
    Ok(response)
}

fn as_problem(error: actix_web::Error) -> actix_web::Error {
    if error.as_error::<Problem>().is_some() {
        return error;
    }
    let status = error.as_response_error().status_code();
    Problem::of_status(status, &error.to_string()).into()
}

/// The same response; as a problem, if it is an error and none yet.
fn with_problem(response: ServiceResponse) -> ServiceResponse {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let content_type = response.headers().get(CONTENT_TYPE);
    if !is_error || content_type.is_some_and(|is| is.as_bytes().starts_with(MEDIA_TYPE.as_bytes()))
    {
        return response;
    }
    let detail = response
        .response()
        .error()
        .map(ToString::to_string)
        .unwrap_or_default();
    let problem = Problem::of_status(status, &detail).error_response();
    let (request, _replaced) = response.into_parts();
    ServiceResponse::new(request, problem)
}

fn add_headers(response: &mut HttpResponse) {
    let encoding = response.headers().get(CONTENT_ENCODING).cloned();
    let etag = response.headers().get(ETAG).cloned();
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let vary: Vec<&[u8]> = headers.get_all(VARY).map(HeaderValue::as_bytes).collect();
    if !vary
        .iter()
        .any(|value| value.eq_ignore_ascii_case(b"accept-encoding"))
    {
        headers.append(VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    let is_page = |value: &HeaderValue| value.to_str().is_ok_and(service_pages::is_page);
    // The dashboard has a policy of its own.
    if headers.get(CONTENT_TYPE).is_some_and(is_page)
        && !headers.contains_key(service_pages::POLICY)
    {
        headers.insert(service_pages::POLICY, service_pages::NOTHING_FROM_ELSEWHERE);
    }
    // Each encoding of a body is a representation with a tag of its own (RFC 9110, section 8.8.3.3).
    if let (Some(etag), Some(encoding)) = (etag, encoding)
        && let (Ok(etag), Ok(encoding)) = (etag.to_str(), encoding.to_str())
        && let Some(opaque) = etag.strip_suffix('"')
        && let Ok(own) = HeaderValue::from_str(&format!("{opaque}-{encoding}\""))
    {
        headers.insert(ETAG, own);
    }
}

/// What the `OpenAPI` document says, made of it when somebody first asks: the document as a tree takes
/// megabytes, and a service of data answers most of its life without it.
#[derive(Debug, Default)]
pub(super) struct OpenApiCache(OnceLock<Result<Description, String>>);

#[derive(Debug)]
struct Description {
    /// As it is served.
    document: Bytes,
    /// The paths that are served, with their methods.
    paths: Vec<(String, Vec<String>)>,
}

impl OpenApiCache {
    /// The document as JSON.
    ///
    /// # Errors
    ///
    /// When it can't be written; it always can.
    pub(super) fn document(&self) -> Result<Bytes, Problem> {
        Ok(self.get()?.document.clone())
    }

    /// The methods of a path; none, when there is nothing at it.
    fn methods(&self, path: &str) -> Result<Option<&[String]>, Problem> {
        let mut paths = self.get()?.paths.iter();
        let found = paths.find(|(template, _)| fits(template, path));
        Ok(found.map(|(_, methods)| methods.as_slice()))
    }

    fn get(&self) -> Result<&Description, Problem> {
        let made = self.0.get_or_init(|| {
            let document = super::openapi();
            let json = document.to_pretty_json();
            Ok(Description {
                paths: super::paths(&document),
                document: json.map_err(|error| error.to_string())?.into(),
            })
        });
        made.as_ref()
            .map_err(|why| Problem::new(ProblemKind::Internal, why.clone()))
    }
}

/// Whether a path fits a template such as `/actors/{id}`.
fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted == given => {}
            (Some(wanted), Some(given)) if wanted.starts_with('{') && !given.is_empty() => {}
            _ => return false,
        }
    }
}

/// Answers what no route has taken: the path is unknown, or it has no such method.
///
/// # Errors
///
/// Always.
pub(super) async fn nothing_here(
    request: HttpRequest,
    described: web::Data<OpenApiCache>,
) -> Result<HttpResponse, Problem> {
    let path = request.path();
    let shown: String = path.chars().take(100).collect();
    Err(match described.methods(path)? {
        Some(methods) => {
            let detail = format!(
                "{shown} does not support {}; it supports {}",
                request.method(),
                methods.join(", ")
            );
            Problem::new(ProblemKind::MethodNotAllowed, detail).allow(methods)
        }
        None => Problem::new(
            ProblemKind::NotFound,
            format!("nothing exists at {shown}; /docs lists the paths"),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fit_their_templates() {
        assert!(fits("/actors/{id}", "/actors/usa"));
        assert!(fits("/actors", "/actors"));
        assert!(!fits("/actors/{id}", "/actors/"));
        assert!(!fits("/actors/{id}", "/actors/usa/timeline"));
        assert!(!fits("/actors/{id}", "/events/usa"));
    }
}
