//! Search over names and texts.

use actix_web::{HttpRequest, HttpResponse, get, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::answer::answer;
use super::asked::Asked;
use super::documentation::SearchProblems;
use super::parameters::SearchParameters;
use super::problem::Problem;
use crate::engine::Engine;
use crate::model::Kind;
use crate::query::answer::SearchPage;
use crate::query::{self, SEARCHED, SearchOrder, SearchQuestion};
use crate::text;

/// Adds the search.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(search);
}

/// Actors by their names, and records by their words
///
/// Actors are found by any of their names, codes and offices: in any order of its parts, by their
/// starts, with an error of typing in parts of four letters or more. Events, statements and sources
/// are found when they have every word of `q`, or a longer word that begins with it, in titles, texts,
/// quotes, places or topics; case and accents are no matter.
#[utoipa::path(
    tag = "questions",
    params(SearchParameters),
    responses((status = 200, description = "A page of what was found.", body = SearchPage<'static>), SearchProblems),
)]
#[get("/search")]
async fn search(
    engine: web::Data<Engine>,
    asked: Asked<SearchParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let (paging, scope) = (asked.paging(&engine)?, asked.scope()?);
        // Checked when the query was read.
        let words = asked.one("q").unwrap_or_default();
        let query = text::Query::parse(words)
            .map_err(|error| Problem::parameter("q", words, &error.to_string()))?;
        let order = asked.word("order", &SearchOrder::ALL, SearchOrder::as_str)?;
        let question = SearchQuestion {
            query,
            kinds: asked.words("in", &SEARCHED, Kind::plural)?,
            scope,
            order: order.unwrap_or(SearchOrder::Relevance),
            page: paging.page,
        };
        paging.answer(query::search(&paging.view, &question), |page| {
            &mut page.next
        })
    })
    .await
}
