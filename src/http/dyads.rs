//! The questions about dyads over time: series, two windows compared.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::answer::{Answer, answer};
use super::asked::Asked;
use super::documentation::{CompareProblems, ListProblems, QuestionProblems};
use super::parameters::{CompareParameters, DyadsParameters, PAIRS_BY, SeriesParameters};
use super::problem::Problem;
use super::routes::Routes;
use crate::engine::Engine;
use crate::query::answer::{CompareAnswer, PairPage, SeriesAnswer};
use crate::query::{self, Bin, CompareQuestion, DyadsQuestion, HALF_LIFE_DEFAULT, SeriesQuestion};

/// Adds the questions.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(series).service(compare).service(dyads);
}

/// The pairs of actors of a window
///
/// All that some record links, the busiest first: each with its records, in each direction.
#[utoipa::path(
    tag = "questions",
    params(DyadsParameters),
    responses((status = 200, description = "A page of pairs.", body = PairPage<'static>), ListProblems),
)]
#[get("/dyads")]
async fn dyads(
    engine: web::Data<Engine>,
    asked: Asked<DyadsParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let (paging, scope) = (asked.paging(&engine)?, asked.scope()?);
        // There is one order as yet; it is read so that another word is refused.
        asked.word("by", &PAIRS_BY, |word| word)?;
        let question = DyadsQuestion {
            scope,
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
        SeriesParameters,
    ),
    responses((status = 200, description = "The series.", body = SeriesAnswer<'static>), QuestionProblems),
)]
#[get("/dyads/{a}/{b}/series")]
async fn series(
    engine: web::Data<Engine>,
    pair: web::Path<(String, String)>,
    asked: Asked<SeriesParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let view = asked.view(&engine)?;
        let scope = asked.scope_in(&view, &[&pair.0, &pair.1])?;
        let (a, b) = asked.dyad(&pair, &view, scope.window)?;
        let question = SeriesQuestion {
            a,
            b,
            bin: asked
                .word("bin", &Bin::ALL, Bin::as_str)?
                .unwrap_or(Bin::Month),
            half_life: asked.whole("half_life", HALF_LIFE_DEFAULT)?,
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
        CompareParameters,
    ),
    responses((status = 200, description = "The two windows.", body = CompareAnswer<'static>), CompareProblems),
)]
#[get("/dyads/{a}/{b}/compare")]
async fn compare(
    engine: web::Data<Engine>,
    pair: web::Path<(String, String)>,
    asked: Asked<CompareParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let view = asked.view(&engine)?;
        let scope = asked.scope_in(&view, &[&pair.0, &pair.1])?;
        let base = asked.window_of("base_from", "base_to")?;
        let (a, b) = asked.dyad(&pair, &view, scope.window)?;
        let question = CompareQuestion { a, b, scope, base };
        Answer::json(&query::compare(&view, &question))
    })
    .await
}
