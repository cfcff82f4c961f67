//! The questions about dyads over time: series, two windows compared.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::answer::{Answer, answer};
use super::documentation::{CompareProblems, ListProblems, QuestionProblems};
use super::parameters::{BinParams, KnownAtParams, PageParams};
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
        /// What pairs are ordered by: the records that link the two.
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
        /// Days after which a record counts for half in the intensity.
        half_life: WholeNumber<1, HALF_LIFE_MAX> = "90",
        scope: ScopeParams<OfLinks>,
        at: KnownAtParams,
    }
}

parameters! {
    /// What two windows of a dyad are asked.
    pub(super) struct CompareParams {
        /// The start of the window compared with (EDTF): the first day of this date.
        #[example("2023-02")]
        base_from: Bound,
        /// The end of the window compared with (EDTF): the last day of this date.
        #[example("2023-02")]
        base_to: Bound,
        /// The start of the window asked about (EDTF): the first day of this date.
        #[example("2023-06")]
        from: Bound,
        /// The end of the window asked about (EDTF): the last day of this date.
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

/// The pairs of actors of a window
///
/// All that some record links, the busiest first: each with its records, in each direction.
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

/// What there is between two actors, over time
///
/// The records of the dyad by day, week, month, quarter or year, in each direction; how strong the
/// contact is, and where its rate changed. Bins without a record are not listed, but count.
#[utoipa::path(
    tag = "questions",
    params(
        ("a" = String, Path, description = "The one: an id, code, name, alias or office.", min_length = 1, example = "usa"),
        ("b" = String, Path, description = "The other: an id, code, name, alias or office.", min_length = 1, example = "chn"),
        ValidatedParams<SeriesParams>,
    ),
    responses((status = 200, description = "The series.", body = SeriesAnswer<'static>), QuestionProblems),
)]
#[get("/dyads/{a}/{b}/series")]
async fn series(
    engine: web::Data<Engine>,
    pair: web::Path<(String, String)>,
    asked: ValidatedParams<SeriesParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let view = params.at.view(&engine)?;
        let scope = asked.named(&params.scope.scope, &view, &[&pair.0, &pair.1]);
        let (a, b) = asked.dyad(&pair, &view, scope.window)?;
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

/// What changed between two actors
///
/// The records of the dyad in two windows side by side, by kind, class, type, direction and topic:
/// what grew, fell, began and ended, each number with its records. Rates are records a day, since
/// windows may differ in length.
#[utoipa::path(
    tag = "questions",
    params(
        ("a" = String, Path, description = "The one: an id, code, name, alias or office.", min_length = 1, example = "usa"),
        ("b" = String, Path, description = "The other: an id, code, name, alias or office.", min_length = 1, example = "chn"),
        ValidatedParams<CompareParams>,
    ),
    responses((status = 200, description = "The two windows.", body = CompareAnswer<'static>), CompareProblems),
)]
#[get("/dyads/{a}/{b}/compare")]
async fn compare(
    engine: web::Data<Engine>,
    pair: web::Path<(String, String)>,
    asked: ValidatedParams<CompareParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let view = params.at.view(&engine)?;
        let scope = asked.named(&params.scope.scope, &view, &[&pair.0, &pair.1]);
        let base = parameter::window(
            ("base_from", Some(&params.base_from)),
            Some(&params.base_to),
        )?;
        let (a, b) = asked.dyad(&pair, &view, scope.window)?;
        let question = CompareQuestion { a, b, scope, base };
        Answer::json(&query::compare(&view, &question))
    })
    .await
}
