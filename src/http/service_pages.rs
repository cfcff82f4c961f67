//! What stands beside the API: health, the `OpenAPI` document, the pages that describe it.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::answer::Answer;
use super::documentation::PlainProblems;
use super::envelope::OpenApiCache;
use super::problem::{Problem, ProblemKind};
use super::query_params::ValidatedParams;
use super::routes::Routes;
use crate::engine::Engine;
use crate::parameter::NoParams;

/// What the problems mean, one section a kind.
const PROBLEMS: &str = include_str!("../../api-docs/problems.md");
/// Pages load nothing from elsewhere.
pub(super) const NOTHING_FROM_ELSEWHERE: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; frame-ancestors 'none'",
);

/// Paths that are served and are not in the `OpenAPI` document.
pub(super) const UNDOCUMENTED: [&str; 5] = [
    "/docs",
    "/docs/",
    "/docs/{page}",
    "/problems",
    "/problems/{kind}",
];

/// Adds what the `OpenAPI` document describes.
pub(super) fn configure(config: &mut impl Routes) {
    config
        .service(healthz)
        .service(readyz)
        .service(openapi_json);
}

/// Adds the pages, which the `OpenAPI` document does not describe.
pub(super) fn configure_pages(config: &mut web::ServiceConfig) {
    let swagger = Config::from("/openapi.json")
        .validator_url("none")
        .try_it_out_enabled(true);
    config
        .route("/problems", web::get().to(problems))
        .route("/problems/{kind}", web::get().to(problem))
        .route("/docs", web::get().to(docs))
        .service(SwaggerUi::new("/docs/{_:.*}").config(swagger));
}

/// The state of the service.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `ok` or `ready`.
    status: &'static str,
}

/// Whether the process is running
#[utoipa::path(
    tag = "service",
    responses((status = 200, description = "The process is running.", body = Health), PlainProblems),
)]
#[get("/healthz")]
async fn healthz(
    _asked: ValidatedParams<NoParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    Ok(Answer::json(&Health { status: "ok" })?.to(&request))
}

/// Whether the service accepts reads and writes
#[utoipa::path(
    tag = "service",
    responses((status = 200, description = "The service accepts reads and writes.", body = Health), PlainProblems),
)]
#[get("/readyz")]
async fn readyz(
    engine: web::Data<Engine>,
    _asked: ValidatedParams<NoParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    engine
        .health()
        .map_err(|why| Problem::new(ProblemKind::Unavailable, why))?;
    Ok(Answer::json(&Health { status: "ready" })?.to(&request))
}

/// This document
#[utoipa::path(
    tag = "service",
    responses(
        (status = 200, description = "The OpenAPI document.", body = Object),
        PlainProblems,
    ),
)]
#[get("/openapi.json")]
async fn openapi_json(
    described: web::Data<OpenApiCache>,
    _asked: ValidatedParams<NoParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    Ok(Answer::bytes("application/json", described.document()?).to(&request))
}

async fn docs() -> HttpResponse {
    HttpResponse::TemporaryRedirect()
        .insert_header((LOCATION, "/docs/"))
        .finish()
}

async fn problems(request: HttpRequest) -> HttpResponse {
    Answer::bytes("text/markdown; charset=utf-8", PROBLEMS).to(&request)
}

/// One kind of problem. Its code of version 0.1 is redirected.
async fn problem(kind: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    if let Some(section) = section(&kind) {
        return Ok(Answer::bytes("text/markdown; charset=utf-8", section).to(&request));
    }
    if let Some(renamed) = ProblemKind::from_legacy_code(&kind) {
        // Relative, so that it holds below the path of a proxy.
        return Ok(HttpResponse::PermanentRedirect()
            .insert_header((LOCATION, renamed.as_str()))
            .finish());
    }
    let kinds = ProblemKind::ALL.iter().map(|kind| kind.as_str());
    let shown: String = kind.chars().take(64).collect();
    Err(Problem::new(
        ProblemKind::NotFound,
        format!("there is no problem {shown:?}"),
    )
    .known(kinds))
}

/// The section of a kind.
fn section(kind: &str) -> Option<String> {
    let mut sections = PROBLEMS.split("\n## ").skip(1);
    let found = sections.find(|section| section.lines().next() == Some(kind))?;
    Some(format!("## {}\n", found.trim_end()))
}

/// The policy for the pages.
pub(super) fn is_page(content_type: &str) -> bool {
    content_type.starts_with("text/html")
}

/// The header of [`NOTHING_FROM_ELSEWHERE`].
pub(super) const POLICY: HeaderName = CONTENT_SECURITY_POLICY;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_section_and_each_section_a_kind() {
        for kind in ProblemKind::ALL {
            let section = section(kind.as_str());
            let section = section.unwrap_or_else(|| panic!("api-docs/problems.md: ## {kind:?}"));
            let status = format!("Status {}", kind.status().as_u16());
            assert!(section.contains(&status), "{kind:?}: {status}");
            assert!(section.contains(kind.title()), "{kind:?}: {}", kind.title());
        }
        let sections = PROBLEMS
            .lines()
            .filter(|line| line.starts_with("## "))
            .count();
        assert_eq!(sections, ProblemKind::ALL.len());
        assert_eq!(section("no_such_kind"), None);
    }
}
