//! Search over names and texts, whom a name means, and what is told twice.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::answer::{Answer, answer};
use super::asked::Asked;
use super::documentation::{ListProblems, ResolveProblems, SearchProblems};
use super::parameters::{DuplicatesParameters, ResolveParameters, SearchParameters};
use super::problem::Problem;
use super::routes::Routes;
use crate::engine::Engine;
use crate::model::{ActorKind, Date, Kind, Name};
use crate::query::answer::{DuplicatePage, ResolveAnswer, SearchPage};
use crate::query::{
    self, DuplicatesQuestion, ResolveQuestion, SEARCHED, SearchOrder, SearchQuestion,
};
use crate::text;

/// Adds the search.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(search).service(resolve).service(duplicates);
}

/// Actors by their names, and records by their words
///
/// Actors are found by any of their names, codes and offices: in any order of its parts, by their
/// starts, with an error of typing in parts of four letters or more. Events, statements and sources
/// are found when they have every word of `q`, a longer word that begins with it, or another form of it in the
/// language of a cited source, in titles, texts, quotes, places or topics; case and accents are no matter.
/// `match` says which, and what has the words as they stand comes first. `"two words"` are a phrase, `-word`
/// leaves out.
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

/// Whom a name means
///
/// The steps by which names resolve, in this order: id; code, name or alias as written; spelling;
/// accents; office as of the day. The first that finds anybody answers; several actors in it are
/// ambiguous. Every way to an actor is listed with its reason, and where there is none, actors whose names
/// are near.
#[utoipa::path(
    tag = "questions",
    params(ResolveParameters),
    responses((status = 200, description = "Whom it means.", body = ResolveAnswer<'static>), ResolveProblems),
)]
#[get("/resolve")]
async fn resolve(
    engine: web::Data<Engine>,
    asked: Asked<ResolveParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let view = asked.view(&engine)?;
        let on = asked.read_one("on", Date::parse)?;
        let name = asked.read_one("q", |text| {
            Name::new(text).map_err(|error| error.to_string())
        })?;
        let question = ResolveQuestion {
            // That it is there was checked when the query was read.
            name: name.map_or(String::new(), |name| name.to_string()),
            days: on.map(|on| on.naming_days()),
            kinds: asked.words("kind", ActorKind::ALL, ActorKind::as_str)?,
        };
        Answer::json(&query::resolve(&view, &question))
    })
    .await
}

/// Events that are told twice
///
/// Groups of events that say the same under different ids once their actors are known: two files that
/// name the actors differently make two events of one. None is ever joined by itself.
#[utoipa::path(
    tag = "events",
    params(DuplicatesParameters),
    responses((status = 200, description = "A page of groups.", body = DuplicatePage<'static>), ListProblems),
)]
#[get("/events/duplicates")]
async fn duplicates(
    engine: web::Data<Engine>,
    asked: Asked<DuplicatesParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let (paging, scope) = (asked.paging(&engine)?, asked.scope()?);
        let question = DuplicatesQuestion {
            scope,
            page: paging.page,
        };
        paging.answer(query::duplicates(&paging.view, &question), |page| {
            &mut page.next
        })
    })
    .await
}
