//! What holds for every request and every answer, whoever gives it.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, VARY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};

use super::pages;
use super::problem::{Code, MEDIA_TYPE, Problem};

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
        let detail = format!("the URI has {length} bytes, at most {URI_MAX_BYTES} are taken");
        return Err(Problem::new(Code::UriTooLong, detail).into());
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
    let is_page = |value: &HeaderValue| value.to_str().is_ok_and(pages::is_page);
    // The dashboard has a policy of its own.
    if headers.get(CONTENT_TYPE).is_some_and(is_page) && !headers.contains_key(pages::POLICY) {
        headers.insert(pages::POLICY, pages::NOTHING_FROM_ELSEWHERE);
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

/// The paths that are served, with their methods.
#[derive(Clone, Debug)]
pub(super) struct Paths(pub(super) Vec<(String, Vec<String>)>);

impl Paths {
    /// The methods of a path; none, when there is nothing at it.
    fn methods(&self, path: &str) -> Option<&[String]> {
        let found = self.0.iter().find(|(template, _)| fits(template, path));
        found.map(|(_, methods)| methods.as_slice())
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
    paths: web::Data<Paths>,
) -> Result<HttpResponse, Problem> {
    let path = request.path();
    let shown: String = path.chars().take(100).collect();
    Err(match paths.methods(path) {
        Some(methods) => {
            let detail = format!(
                "{shown} has no method {}; it has {}",
                request.method(),
                methods.join(", ")
            );
            Problem::new(Code::MethodNotAllowed, detail).allow(methods)
        }
        None => Problem::new(
            Code::NotFound,
            format!("there is nothing at {shown}; /docs describes what there is"),
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
