//! The questions about dyads over time: series, two windows compared.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::answer::{Answer, answer};
use super::documentation::{CompareProblems, ListProblems, QuestionProblems};
use super::parameters::{BinParams, DyadPath, KnownAtParams, PageParams};
use super::problem::Problem;
use super::query_params::ValidatedParams;
use super::routes::Routes;
use crate::engine::Engine;
use crate::parameter::{self, Bound, OneOf, WholeNumber, WordList, parameters};
use crate::query::answer::{CompareAnswer, PairPage, SeriesAnswer};
use crate::query::{
    self, CertainParams, CompareQuestion, DyadsQuestion, HALF_LIFE_MAX, OfLinks, OfWindows,
    ScopeParams, SeriesQuestion,
};

/// What pairs of actors are ordered by.
#[derive(Clone, Copy, Debug)]
pub(super) struct PairsBy;

impl WordList for PairsBy {
    fn words() -> Vec<&'static str> {
        vec!["records"]
    }
}

parameters! {
    /// What all dyads are asked.
    pub(super) struct DyadsParams {
        /// The order of the pairs: by the records that link the two actors.
        by: OneOf<PairsBy> = "records",
        scope: ScopeParams<OfLinks>,
        page: PageParams,
        at: KnownAtParams,
    }
}

parameters! {
    /// What the series of a dyad is asked.
    pub(super) struct SeriesParams {
        bin: BinParams,
        /// The half-life of the intensity: the number of days after which the weight of a record is halved.
        half_life: WholeNumber<1, HALF_LIFE_MAX> = "90",
        scope: ScopeParams<OfLinks>,
        at: KnownAtParams,
    }
}

parameters! {
    /// What two windows of a dyad are asked.
    pub(super) struct CompareParams {
        /// The start of the base window (EDTF): the first day of this date.
        #[example("2023-02")]
        base_from: Bound,
        /// The end of the base window (EDTF): the last day of this date.
        #[example("2023-02")]
        base_to: Bound,
        /// The start of the window that is compared with the base window (EDTF): the first day of this date.
        #[example("2023-06")]
        from: Bound,
        /// The end of the window that is compared with the base window (EDTF): the last day of this date.
        #[example("2023-06")]
        to: Bound,
        certain: CertainParams,
        scope: ScopeParams<OfWindows>,
        at: KnownAtParams,
    }
}

/// Adds the questions.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(series).service(compare).service(dyads);
}

/// The pairs of actors in a window
///
/// Returns all pairs that at least one record links, those with the most records first. Each item has the
/// number of records in each direction.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<DyadsParams>),
    responses((status = 200, description = "A page of pairs.", body = PairPage<'static>), ListProblems),
)]
#[get("/dyads")]
async fn dyads(
    engine: web::Data<Engine>,
    asked: ValidatedParams<DyadsParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let paging = asked.paging(&params.page, &params.at, &engine)?;
        let question = DyadsQuestion {
            scope: params.scope.scope.clone(),
            page: paging.page,
        };
        paging.answer(query::dyads(&paging.view, &question), |page| &mut page.next)
    })
    .await
}

/// The records between two actors over time
///
/// Returns the records of the dyad by day, week, month, quarter or year, for each direction. The answer also
/// has the intensity of the contact and the points at which its rate changed. Bins without records are not
/// listed, but are included in the calculations.
#[utoipa::path(
    tag = "questions",
    params(
        DyadPath,
        ValidatedParams<SeriesParams>,
    ),
    responses((status = 200, description = "The series.", body = SeriesAnswer<'static>), QuestionProblems),
)]
#[get("/dyads/{a}/{b}/series")]
async fn series(
    engine: web::Data<Engine>,
    pair: web::Path<DyadPath>,
    asked: ValidatedParams<SeriesParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let view = params.at.view(&engine)?;
        let (a, b, scope) = asked.dyad(&pair, &view, &params.scope.scope)?;
        let question = SeriesQuestion {
            a,
            b,
            bin: params.bin.bin,
            half_life: params.half_life.0,
            scope,
        };
        let series = query::series(&view, &question).map_err(|error| {
            Problem::parameter("bin", question.bin.as_str(), &error.to_string())
        })?;
        Answer::json(&series)
    })
    .await
}

/// Comparison of the records between two actors in two windows
///
/// Compares the records of the dyad in two windows by kind of record, quad class, event type, direction and
/// topic. The answer says which counts grew, fell, began or ended, and each number has the URL of its
/// records. Rates are records per day, because the windows may differ in length.
#[utoipa::path(
    tag = "questions",
    params(
        DyadPath,
        ValidatedParams<CompareParams>,
    ),
    responses((status = 200, description = "The two windows.", body = CompareAnswer<'static>), CompareProblems),
)]
#[get("/dyads/{a}/{b}/compare")]
async fn compare(
    engine: web::Data<Engine>,
    pair: web::Path<DyadPath>,
    asked: ValidatedParams<CompareParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let view = params.at.view(&engine)?;
        let base = parameter::window(
            ("base_from", Some(&params.base_from)),
            Some(&params.base_to),
        )?;
        let (a, b, scope) = asked.dyad(&pair, &view, &params.scope.scope)?;
        let question = CompareQuestion { a, b, scope, base };
        Answer::json(&query::compare(&view, &question))
    })
    .await
}
