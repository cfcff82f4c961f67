//! The network of a window: for drawing, ranked, and in communities.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::answer::{Answer, answer};
use super::documentation::{ListProblems, QuestionProblems};
use super::format::GRAPHS;
use super::negotiation::chosen;
use super::parameters::{GraphForms, KnownAtParams, PageParams, SeedParams, form_word};
use super::problem::Problem;
use super::query_params::ValidatedParams;
use super::routes::Routes;
use crate::engine::Engine;
use crate::export::network_file;
use crate::parameter::{ActorName, OneOf, WholeNumber, parameters, word_values};
use crate::query::answer::{CommunityPage, GraphAnswer, RankingPage};
use crate::query::{
    self, CommunitiesQuestion, GRAPH_HOPS_MAX, GraphQuestion, NODES_MAX, OfLinks, RankingMeasure,
    RankingsQuestion, ScopeParams,
};

word_values! {
    RankingMeasure: RankingMeasure::ALL, RankingMeasure::as_str;
}

parameters! {
    /// What a network is asked.
    pub(super) struct GraphParams {
        /// Return the network around this actor: an id, a code, a name, an alias or an office as of the
        /// window. Without `actor`, the answer contains the strongest actors of the window.
        #[example("antony-blinken")]
        actor: Vec<ActorName>,
        /// The maximum number of hops from the actors given in `actor`. Without `actor`, it has no effect.
        hops: WholeNumber<0, GRAPH_HOPS_MAX> = "1",
        /// The maximum number of actors.
        limit: WholeNumber<1, NODES_MAX> = "100",
        /// Also show the events behind the links as nodes.
        events: bool = "false",
        /// The format of the answer. By default, the format that `Accept` prefers. With `events=true`, the
        /// files also contain the events as nodes, linked to those of their participants that are shown.
        format: Option<OneOf<GraphForms>>,
        scope: ScopeParams<OfLinks>,
        at: KnownAtParams,
    }
}

parameters! {
    /// What rankings are asked.
    pub(super) struct RankingsParams {
        /// What actors are ranked by.
        by: RankingMeasure = "degree",
        seed: SeedParams,
        scope: ScopeParams<OfLinks>,
        page: PageParams,
        at: KnownAtParams,
    }
}

parameters! {
    /// What communities are asked.
    pub(super) struct CommunitiesParams {
        seed: SeedParams,
        /// The maximum number of members listed per community. The others are counted.
        members: WholeNumber<0, 500> = "20",
        scope: ScopeParams<OfLinks>,
        page: PageParams,
        at: KnownAtParams,
    }
}

/// Adds the questions about networks.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(graph).service(rankings).service(communities);
}

/// The network of a window
///
/// Returns the actors within `hops` hops of the given actors, and the links between them. If no actor is
/// given, returns the strongest actors of the window. The answer contains at most 500 actors. The others are
/// counted, and the strongest of them are named.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<GraphParams>),
    responses((status = 200, description = "The network.", content(
        (GraphAnswer<'static> = "application/json"),
        (String = "application/gexf+xml"),
        (String = "application/graphml+xml"),
        (Object = "application/vnd.cytoscape+json"),
    )), QuestionProblems),
)]
#[get("/graph")]
async fn graph(
    engine: web::Data<Engine>,
    asked: ValidatedParams<GraphParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let form = chosen(form_word(asked.params.format), request.headers(), &GRAPHS)?;
    answer(&request, move || {
        let params = &asked.params;
        let view = params.at.view(&engine)?;
        let scope = asked.named(&params.scope.scope, &view, &[]);
        let question = GraphQuestion {
            actors: asked.actors(&params.actor, &view, scope.window)?,
            hops: params.hops.0,
            limit: params.limit.0,
            events: params.events,
            scope,
        };
        let graph = query::graph(&view, &question);
        let answer = match form.of {
            None => Answer::json(&graph)?,
            Some(format) => Answer::bytes(form.media_type, network_file(&graph, format)),
        };
        let answer = answer.saved_as(form.file).vary_by_accept();
        // The files have no place for what the JSON says of the whole.
        Ok(answer.about(graph.meta.known_at, &left_out(&graph)))
    })
    .await
}

/// Ranking of the actors in a window
///
/// Ranks actors by degree, weighted degree, `PageRank` or betweenness in the network of the records that
/// count.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<RankingsParams>),
    responses((status = 200, description = "A page of actors.", body = RankingPage<'static>), ListProblems),
)]
#[get("/rankings")]
async fn rankings(
    engine: web::Data<Engine>,
    asked: ValidatedParams<RankingsParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let paging = asked.paging(&params.page, &params.at, &engine)?;
        let question = RankingsQuestion {
            by: params.by,
            scope: params.scope.scope.clone(),
            seed: params.seed.seed.0 as u64,
            page: paging.page,
        };
        paging.answer(query::rankings(&paging.view, &question), |page| {
            &mut page.next
        })
    })
    .await
}

/// The communities of a window
///
/// Groups of actors that are linked more with one another than with others, found by the Leiden method. The
/// same seed gives the same communities.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<CommunitiesParams>),
    responses((status = 200, description = "A page of communities.", body = CommunityPage<'static>), ListProblems),
)]
#[get("/communities")]
async fn communities(
    engine: web::Data<Engine>,
    asked: ValidatedParams<CommunitiesParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let paging = asked.paging(&params.page, &params.at, &engine)?;
        let question = CommunitiesQuestion {
            scope: params.scope.scope.clone(),
            seed: params.seed.seed.0 as u64,
            members: params.members.0,
            page: paging.page,
        };
        paging.answer(query::communities(&paging.view, &question), |page| {
            &mut page.next
        })
    })
    .await
}

/// What there was no room for, by reason.
fn left_out(answer: &GraphAnswer<'_>) -> [(&'static str, usize); 4] {
    [
        ("undated", answer.meta.undated_omitted),
        ("actors", answer.more.nodes),
        ("links", answer.more.links),
        ("events", answer.more.events),
    ]
}
