//! What may be told twice: actors and events.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::answer::answer;
use super::documentation::PageProblems;
use super::parameters::{KnownAtParams, PageParams};
use super::problem::Problem;
use super::query_params::ValidatedParams;
use super::routes::Routes;
use crate::engine::Engine;
use crate::model::Window;
use crate::parameter::parameters;
use crate::query::answer::{ActorDuplicatePage, DuplicatePage};
use crate::query::{
    self, ActorDuplicatesParams, ActorDuplicatesQuestion, DuplicatesQuestion,
    EventDuplicatesParams, OfLists, ScopeParams,
};

parameters! {
    /// What actors that may be one are asked.
    pub(super) struct DuplicateActorsParams {
        which: ActorDuplicatesParams,
        page: PageParams,
        at: KnownAtParams,
    }
}

parameters! {
    /// What events told twice are asked.
    pub(super) struct DuplicatesParams {
        which: EventDuplicatesParams,
        scope: ScopeParams<OfLists>,
        page: PageParams,
        at: KnownAtParams,
    }
}

/// Adds the lists. They come before the records, one of which may have the id `duplicates`.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(duplicate_actors).service(duplicates);
}

/// Actors that may be one
///
/// Returns pairs of actors with a score and the reasons for and against their being one: names in another order, script
/// or spelling, codes, offices, and counterparts that both have. Pairs that were merged, or judged to be different
/// (`POST /actors/{id}/different-from`), are not listed. Nothing is merged by this: `POST /actors/{id}/merge` does that. An
/// actor with the id `duplicates` is read at `/actors/duplicates/history`.
#[utoipa::path(
    tag = "actors",
    params(ValidatedParams<DuplicateActorsParams>),
    responses((status = 200, description = "A page of pairs.", body = ActorDuplicatePage<'static>), PageProblems),
)]
#[get("/actors/duplicates")]
async fn duplicate_actors(
    engine: web::Data<Engine>,
    asked: ValidatedParams<DuplicateActorsParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let paging = asked.paging(&params.page, &params.at, &engine)?;
        let view = &paging.view;
        let actor = params.which.actor.as_ref();
        let actor = actor.map(|actor| asked.actor(actor, view, Window::ALL));
        let question = ActorDuplicatesQuestion {
            actor: actor.transpose()?,
            kinds: params.which.kind.clone(),
            min_score: params.which.least(),
            page: paging.page,
        };
        paging.answer(query::actor_duplicates(view, &question), |page| {
            &mut page.next
        })
    })
    .await
}

/// Duplicate events
///
/// Returns groups of events that have different ids but are equal after their actors have been resolved. Such
/// duplicates arise when two files name the actors of an event differently. With `min_score` below 1, pairs of events
/// follow that are not equal and may be one: near in time, with parties in common, of one class. The service never merges
/// events automatically. An event with the id `duplicates` is read at `/events/duplicates/history`.
#[utoipa::path(
    tag = "events",
    params(ValidatedParams<DuplicatesParams>),
    responses((status = 200, description = "A page of groups.", body = DuplicatePage<'static>), PageProblems),
)]
#[get("/events/duplicates")]
async fn duplicates(
    engine: web::Data<Engine>,
    asked: ValidatedParams<DuplicatesParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let paging = asked.paging(&params.page, &params.at, &engine)?;
        let view = &paging.view;
        let scope = asked.named(&params.scope.scope, view, &[]);
        let actor = params.which.actor.as_ref();
        let actor = actor.map(|actor| asked.actor(actor, view, scope.window));
        let question = DuplicatesQuestion {
            actor: actor.transpose()?,
            min_score: params.which.least(),
            scope,
            page: paging.page,
        };
        paging.answer(query::duplicates(view, &question), |page| &mut page.next)
    })
    .await
}
