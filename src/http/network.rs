//! The network of a window: for drawing, ranked, and in communities.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::answer::{Answer, answer};
use super::asked::Asked;
use super::documentation::{ListProblems, QuestionProblems};
use super::format::GRAPHS;
use super::negotiation::chosen;
use super::parameters::{
    CommunitiesParameters, GRAPH_HOPS_DEFAULT, GRAPH_NODES_DEFAULT, GraphParameters,
    MEMBERS_DEFAULT, RankingsParameters, SEED_DEFAULT,
};
use super::problem::Problem;
use super::routes::Routes;
use crate::engine::Engine;
use crate::export::network_file;
use crate::query::answer::{CommunityPage, GraphAnswer, RankingPage};
use crate::query::{self, CommunitiesQuestion, GraphQuestion, Measure, RankingsQuestion};

/// Adds the questions about networks.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(graph).service(rankings).service(communities);
}

/// The network of a window
///
/// The actors within `hops` of those asked for, or the strongest of the window when none is, and what
/// links them. At most 500 actors; the others are counted, and the strongest of them named.
#[utoipa::path(
    tag = "questions",
    params(GraphParameters),
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
    asked: Asked<GraphParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let form = chosen(&asked, request.headers(), &GRAPHS)?;
    answer(&request, move || {
        let view = asked.view(&engine)?;
        let scope = asked.scope_in(&view, &[])?;
        let question = GraphQuestion {
            actors: asked.actors("actor", &view, scope.window)?,
            hops: asked.whole("hops", GRAPH_HOPS_DEFAULT)?,
            limit: asked.whole("limit", GRAPH_NODES_DEFAULT)?,
            events: asked.flag("events")?,
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

/// The actors of a window, ranked
///
/// By degree, weighted degree, `PageRank` or betweenness in the network of the records that count.
#[utoipa::path(
    tag = "questions",
    params(RankingsParameters),
    responses((status = 200, description = "A page of actors.", body = RankingPage<'static>), ListProblems),
)]
#[get("/rankings")]
async fn rankings(
    engine: web::Data<Engine>,
    asked: Asked<RankingsParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let (paging, scope) = (asked.paging(&engine)?, asked.scope()?);
        let by = asked.word("by", &Measure::ALL, Measure::as_str)?;
        let question = RankingsQuestion {
            by: by.unwrap_or(Measure::Degree),
            scope,
            seed: asked.whole("seed", SEED_DEFAULT)? as u64,
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
/// Actors that deal more with one another than with others, by the Leiden method. The same seed gives
/// the same communities.
#[utoipa::path(
    tag = "questions",
    params(CommunitiesParameters),
    responses((status = 200, description = "A page of communities.", body = CommunityPage<'static>), ListProblems),
)]
#[get("/communities")]
async fn communities(
    engine: web::Data<Engine>,
    asked: Asked<CommunitiesParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let (paging, scope) = (asked.paging(&engine)?, asked.scope()?);
        let question = CommunitiesQuestion {
            scope,
            seed: asked.whole("seed", SEED_DEFAULT)? as u64,
            members: asked.whole("members", MEMBERS_DEFAULT)?,
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
