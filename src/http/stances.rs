//! The questions about stances: the list, the matrix, and what disagrees.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::answer::{Answer, answer};
use super::asked::{Asked, Query};
use super::documentation::{PageProblems, QuestionProblems};
use super::parameters::{
    ContradictionsParameters, MATRIX_ROWS, MatrixParameters, StancesParameters,
};
use super::problem::Problem;
use super::routes::Routes;
use crate::engine::Engine;
use crate::graph::View;
use crate::model::{StanceKind, Window};
use crate::query::answer::{ContradictionPage, StanceMatrix, StancePage};
use crate::query::{
    self, Columns, ContradictionsQuestion, MatrixQuestion, Rule, Stances, StancesQuestion,
};

/// Adds the questions.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(stances).service(matrix);
    config.service(contradictions);
}

/// Who takes which stance toward whom
///
/// One item for each speaker of a statement and each stance that it takes, with who passed it on, in
/// the order of time. With `rollup=state` speakers and targets count for whom they stand on that
/// day: ask for the state.
#[utoipa::path(
    tag = "questions",
    params(StancesParameters),
    responses((status = 200, description = "A page of stances.", body = StancePage<'static>), PageProblems),
)]
#[get("/stances")]
async fn stances(
    engine: web::Data<Engine>,
    asked: Asked<StancesParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let paging = asked.paging(&engine)?;
        let view = &paging.view;
        let scope = asked.scope_in(view, &[])?;
        let question = StancesQuestion {
            stances: wanted(&asked, view, scope.window)?,
            scope,
            page: paging.page,
        };
        paging.answer(query::stances(view, &question), |page| &mut page.next)
    })
    .await
}

/// Stances counted by speaker and target, or by speaker and topic
///
/// Every cell opens its statements. At most 200 rows and 200 columns are given, the fullest first;
/// the rest are counted.
#[utoipa::path(
    tag = "questions",
    params(MatrixParameters),
    responses((status = 200, description = "The matrix.", body = StanceMatrix<'static>), QuestionProblems),
)]
#[get("/stances/matrix")]
async fn matrix(
    engine: web::Data<Engine>,
    asked: Asked<MatrixParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let view = asked.view(&engine)?;
        let scope = asked.scope_in(&view, &[])?;
        asked.word("rows", &MATRIX_ROWS, |rows| rows)?;
        let question = MatrixQuestion {
            stances: wanted(&asked, &view, scope.window)?,
            scope,
            columns: asked
                .word("columns", &Columns::ALL, Columns::as_str)?
                .unwrap_or(Columns::Target),
        };
        Answer::json(&query::matrix(&view, &question))
    })
    .await
}

/// What disagrees
///
/// Speakers who turn on one matter, events that are told differently or denied, offices that two hold
/// on one day: both claims side by side with their sources, neither preferred. Both lie in the
/// window and pass the filters.
#[utoipa::path(
    tag = "questions",
    params(ContradictionsParameters),
    responses((status = 200, description = "A page of contradictions.", body = ContradictionPage<'static>), PageProblems),
)]
#[get("/contradictions")]
async fn contradictions(
    engine: web::Data<Engine>,
    asked: Asked<ContradictionsParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let paging = asked.paging(&engine)?;
        let view = &paging.view;
        let scope = asked.scope_in(view, &[])?;
        let question = ContradictionsQuestion {
            actors: asked.actors("actor", view, scope.window)?,
            rules: asked.words("rule", &Rule::ALL, Rule::as_str)?,
            scope,
            page: paging.page,
        };
        paging.answer(query::contradictions(view, &question), |page| {
            &mut page.next
        })
    })
    .await
}

/// Which stances are asked for.
fn wanted(asked: &Query, view: &View, window: Window) -> Result<Stances, Problem> {
    Ok(Stances {
        speakers: asked.actors("speaker", view, window)?,
        toward: asked.actors("toward", view, window)?,
        toward_events: asked.ids("toward_event")?,
        toward_topics: asked.topics("toward_topic")?,
        about: asked.topics("about")?,
        kinds: asked.words("stance", StanceKind::ALL, StanceKind::as_str)?,
        relayed_by: asked.actors("relayed_by", view, window)?,
        only: asked.word("only_stance", StanceKind::ALL, StanceKind::as_str)?,
    })
}
