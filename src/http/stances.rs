//! The questions about stances: the list, the matrix, and what disagrees.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::answer::{Answer, answer};
use super::documentation::{PageProblems, QuestionProblems};
use super::parameters::{KnownAtParams, PageParams};
use super::problem::Problem;
use super::query_params::{QueryParams, ValidatedParams};
use super::routes::Routes;
use crate::engine::Engine;
use crate::graph::View;
use crate::model::{Id, Label, StanceKind, Window};
use crate::parameter::{ActorName, OneOf, WordList, parameters, word_values};
use crate::query::answer::{ContradictionPage, StanceMatrix, StancePage};
use crate::query::{
    self, ContradictionsQuestion, MatrixColumns, MatrixQuestion, OfTellings, Rule, ScopeParams,
    Stances, StancesQuestion,
};

word_values! {
    MatrixColumns: MatrixColumns::ALL, MatrixColumns::as_str;
    Rule: Rule::ALL, Rule::as_str;
}

parameters! {
    /// Which stances.
    pub(super) struct StancesParams {
        /// Only stances of this speaker: an id, a code, a name, an alias or an office as of the
        /// window.
        #[example("antony-blinken")]
        speaker: Vec<ActorName>,
        /// Only stances toward this actor. If `toward_event` or `toward_topic` is also given, a stance toward
        /// any of the given targets matches.
        #[example("prk")]
        toward: Vec<ActorName>,
        /// Only stances toward this event.
        toward_event: Vec<Id>,
        /// Only stances toward this topic.
        toward_topic: Vec<Label>,
        /// Only stances about this topic. The topic of a stance is the one that it names in `about`; if it
        /// names none, it is the target, if the target is a topic.
        #[example("missile-launches")]
        about: Vec<Label>,
        /// Only this stance.
        stance: Vec<StanceKind>,
        /// Only stances of statements that this actor relayed.
        relayed_by: Vec<ActorName>,
    }
}

parameters! {
    /// What tells apart what a cell of a matrix counts.
    pub(super) struct OnlyStanceParams {
        /// Of the stances that all other parameters select, only this one. The drill-downs in the cells of a
        /// matrix use this parameter.
        only_stance: Option<StanceKind>,
    }
}

parameters! {
    /// What a list of stances is asked.
    pub(super) struct StanceListParams {
        stances: StancesParams,
        only: OnlyStanceParams,
        scope: ScopeParams<OfTellings>,
        page: PageParams,
        at: KnownAtParams,
    }
}

/// What the rows of a matrix may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct MatrixRows;

impl WordList for MatrixRows {
    fn words() -> Vec<&'static str> {
        vec!["speaker"]
    }
}

parameters! {
    /// What a matrix of stances is asked.
    pub(super) struct MatrixParams {
        /// What the rows stand for.
        rows: OneOf<MatrixRows> = "speaker",
        /// What the columns stand for: the targets of the stances, or the topics that the stances are about.
        columns: MatrixColumns = "target",
        stances: StancesParams,
        scope: ScopeParams<OfTellings>,
        at: KnownAtParams,
    }
}

parameters! {
    /// What contradictions are asked.
    pub(super) struct ContradictionsParams {
        /// Only contradictions that involve this actor: an id, a code, a name, an alias or an office as of
        /// the window.
        actor: Vec<ActorName>,
        /// Only contradictions found by this rule. `stance_reversal`: a speaker takes opposite stances on one
        /// topic. `denial`: a statement denies an event. `date`, `participants`, `type`: two events that are
        /// linked as contradicting or corroborating each other differ in this property. `account`: one event
        /// contradicts another in some other way. `office_overlap`: two actors hold an office on the same day
        /// that otherwise has one holder at a time.
        rule: Vec<Rule>,
        scope: ScopeParams<OfTellings>,
        page: PageParams,
        at: KnownAtParams,
    }
}

/// Adds the questions.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(stances).service(matrix);
    config.service(contradictions);
}

/// Who takes which stance toward whom
///
/// Returns one item for each speaker of a statement and each stance in it, in chronological order, with the
/// actors that relayed the statement. With `rollup=state`, speakers and targets are replaced by the states or
/// bodies that they represent on that day; filter by the state in this case.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<StanceListParams>),
    responses((status = 200, description = "A page of stances.", body = StancePage<'static>), PageProblems),
)]
#[get("/stances")]
async fn stances(
    engine: web::Data<Engine>,
    asked: ValidatedParams<StanceListParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let paging = asked.paging(&params.page, &params.at, &engine)?;
        let view = &paging.view;
        let scope = asked.named(&params.scope.scope, view, &[]);
        let question = StancesQuestion {
            stances: Stances {
                only: params.only.only_stance,
                ..wanted(&asked, &params.stances, view, scope.window)?
            },
            scope,
            page: paging.page,
        };
        paging.answer(query::stances(view, &question), |page| &mut page.next)
    })
    .await
}

/// Stances counted by speaker and target, or by speaker and topic
///
/// Each cell has the URL that lists its statements. The answer contains at most 200 rows and 200 columns,
/// those with the most stances first. The others are counted.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<MatrixParams>),
    responses((status = 200, description = "The matrix.", body = StanceMatrix<'static>), QuestionProblems),
)]
#[get("/stances/matrix")]
async fn matrix(
    engine: web::Data<Engine>,
    asked: ValidatedParams<MatrixParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let view = params.at.view(&engine)?;
        let scope = asked.named(&params.scope.scope, &view, &[]);
        let question = MatrixQuestion {
            stances: wanted(&asked, &params.stances, &view, scope.window)?,
            scope,
            columns: params.columns,
        };
        Answer::json(&query::matrix(&view, &question))
    })
    .await
}

/// Contradictions between records
///
/// Returns speakers who take opposite stances on one topic, events with conflicting accounts, events that are
/// denied, and offices held by two actors on the same day. Each item contains both claims with their sources;
/// neither is preferred. Both claims are in the window and pass the filters.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<ContradictionsParams>),
    responses((status = 200, description = "A page of contradictions.", body = ContradictionPage<'static>), PageProblems),
)]
#[get("/contradictions")]
async fn contradictions(
    engine: web::Data<Engine>,
    asked: ValidatedParams<ContradictionsParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let paging = asked.paging(&params.page, &params.at, &engine)?;
        let view = &paging.view;
        let scope = asked.named(&params.scope.scope, view, &[]);
        let question = ContradictionsQuestion {
            actors: asked.actors(&params.actor, view, scope.window)?,
            rules: params.rule.clone(),
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
fn wanted(
    asked: &QueryParams,
    params: &StancesParams,
    view: &View,
    window: Window,
) -> Result<Stances, Problem> {
    Ok(Stances {
        speakers: asked.actors(&params.speaker, view, window)?,
        toward: asked.actors(&params.toward, view, window)?,
        toward_events: params.toward_event.clone(),
        toward_topics: params.toward_topic.clone(),
        about: params.about.clone(),
        kinds: params.stance.clone(),
        relayed_by: asked.actors(&params.relayed_by, view, window)?,
        only: None,
    })
}
