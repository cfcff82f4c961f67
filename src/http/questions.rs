//! The questions: paths, timelines, histograms, dyads, relationships, the summary.

use actix_web::{HttpRequest, HttpResponse, get, web};
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::answer::{Answer, answer, on_thread};
use super::asked::{Asked, Paging, Query};
use super::condition::Known;
use super::documentation::{
    PageProblems, PathsProblems, QuestionProblems, ReachProblems, SummaryProblems, TimelineProblems,
};
use super::format::TIMELINES;
use super::little;
use super::negotiation::chosen;
use super::parameters::{
    ActorTimelineParameters, BY_QUAD, DyadParameters, EVIDENCE_DEFAULT, HOPS_DEFAULT,
    HistogramParameters, PATHS_DEFAULT, PathsParameters, ReachParameters, RelationshipsParameters,
    SummaryParameters, TimelineParameters,
};
use super::problem::{Code, Problem};
use super::routes::Routes;
use super::timeline_files;
use crate::engine::Engine;
use crate::graph::View;
use crate::query::answer::{
    DyadAnswer, ExplainAnswer, HistogramAnswer, MarksAnswer, PathsAnswer, ReachPage, RecordPage,
    RelationshipPage, SummaryAnswer,
};
use crate::query::{
    self, Bin, DyadQuestion, Following, HistogramQuestion, JOINS_MAX, MarksQuestion, Match, Mode,
    PathsQuestion, ReachQuestion, RelationshipsQuestion, Selection, Split, SummaryQuestion,
    Timeline, TimelineQuestion,
};

/// Adds the questions.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(timeline).service(paths).service(histogram);
    config.service(explain).service(reach);
    config.service(actor_timeline).service(actor_relationships);
    config.service(dyad).service(summary);
}

/// Paths between two actors
///
/// Up to `limit` loopless paths of at most `max_hops`, the best first, each hop with the records
/// that are its evidence. No path is an answer: `paths` is empty.
#[utoipa::path(
    tag = "questions",
    params(PathsParameters),
    responses((status = 200, description = "The paths, best first.", body = PathsAnswer<'static>), PathsProblems),
)]
#[get("/paths")]
async fn paths(
    engine: web::Data<Engine>,
    asked: Asked<PathsParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let known = Known::of(request.headers());
    let view = asked.view(&engine)?;
    if let Some(found) = on_thread(|| paths_soon(&asked, &view, &known))? {
        return Ok(found.to(&request));
    }
    answer(&request, move || {
        let question = paths_question(&asked, &view)?;
        paths_of(&asked, &view, &question, &known)
    })
    .await
}

/// The paths of a query, if they are [little] work.
fn paths_soon(asked: &Query, view: &View, known: &Known) -> Result<Option<Answer>, Problem> {
    if !little::are_ids(asked, &["source", "target", "via", "avoid"], view) {
        return Ok(None);
    }
    let question = paths_question(asked, view)?;
    if !little::paths(view, &question) {
        return Ok(None);
    }
    paths_of(asked, view, &question, known).map(Some)
}

fn paths_of(
    asked: &Query,
    view: &View,
    question: &PathsQuestion,
    known: &Known,
) -> Result<Answer, Problem> {
    let tag = asked.tag(view, 0);
    if known.has(&tag) {
        return Ok(Answer::unchanged(tag));
    }
    let body = query::paths_json(view, question);
    let body = body.map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
    Ok(Answer::bytes("application/json", body).tagged(tag))
}

/// The question that the parameters of paths make.
pub(super) fn paths_question(asked: &Query, view: &View) -> Result<PathsQuestion, Problem> {
    let scope = asked.scope_in(view, &[])?;
    let window = scope.window;
    Ok(PathsQuestion {
        source: asked.the_actor("source", view, window)?,
        target: asked.the_actor("target", view, window)?,
        mode: asked
            .word("mode", &Mode::ALL, Mode::as_str)?
            .unwrap_or_default(),
        diverse: asked.flag("diverse")?,
        directed: asked.flag("directed")?,
        max_hops: asked.whole("max_hops", HOPS_DEFAULT)?,
        limit: asked.whole("limit", PATHS_DEFAULT)?,
        via: asked.actors("via", view, window)?,
        avoid: asked.actors("avoid", view, window)?,
        chains: following(asked)?,
        max_degree: asked.whole_if_given("max_degree")?,
        evidence: asked.whole("evidence", EVIDENCE_DEFAULT)?,
        joins_max: JOINS_MAX,
        scope,
    })
}

/// Whether records of chains must certainly follow one another.
fn following(asked: &Query) -> Result<Following, Problem> {
    let following = asked.word("chains", &Following::ALL, Following::as_str)?;
    Ok(following.unwrap_or_default())
}

/// What the paths between two actors rest on
///
/// The sources of the records behind the paths that `/paths` answers with, which of them break the
/// connection when they alone are not believed, and the fewest whose loss leaves no path at all.
#[utoipa::path(
    tag = "questions",
    params(PathsParameters),
    responses((status = 200, description = "The sources.", body = ExplainAnswer<'_>), PathsProblems),
)]
#[get("/explain")]
async fn explain(
    engine: web::Data<Engine>,
    asked: Asked<PathsParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let view = asked.view(&engine)?;
        let question = paths_question(&asked, &view)?;
        Answer::json(&query::explain(&view, &question))
    })
    .await
}

/// How far news travels
///
/// The actors whom news of `source` could have reached within the window, the earliest first; or
/// those from whom it could have come to `target`, the latest first. Each with the chain of records
/// that carries it: none goes before the one ahead of it in time.
#[utoipa::path(
    tag = "questions",
    params(ReachParameters),
    responses((status = 200, description = "A page of actors.", body = ReachPage<'_>), ReachProblems),
)]
#[get("/reach")]
async fn reach(
    engine: web::Data<Engine>,
    asked: Asked<ReachParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let paging = asked.paging(&engine)?;
        let view = &paging.view;
        let scope = asked.scope_in(view, &[])?;
        let window = scope.window;
        let (origin, backward) = match (asked.one("source"), asked.one("target")) {
            (Some(_), None) => ("source", false),
            (None, Some(_)) => ("target", true),
            (None, None) => {
                let detail = "source or target is needed: whose news goes out, or whom it reaches";
                return Err(Problem::new(Code::MissingParameter, detail).at("source"));
            }
            (Some(_), Some(target)) => {
                let problem = "give either source or target: paths between two are under /paths";
                return Err(Problem::parameter("target", target, problem));
            }
        };
        let question = ReachQuestion {
            origin: asked.the_actor(origin, view, window)?,
            backward,
            directed: asked.flag("directed")?,
            chains: following(&asked)?,
            max_hops: asked.whole_if_given("max_hops")?,
            avoid: asked.actors("avoid", view, window)?,
            max_degree: asked.whole_if_given("max_degree")?,
            page: paging.page,
            scope,
        };
        paging.answer(query::reach(view, &question), |page| &mut page.next)
    })
    .await
}

/// What a timeline answers with: a page without `max_marks`, marks with it. A page of no record has
/// the shape of both.
#[derive(Debug)]
struct TimelineBody;

impl PartialSchema for TimelineBody {
    fn schema() -> RefOr<Schema> {
        let page = Ref::from_schema_name(RecordPage::name());
        let marks = Ref::from_schema_name(MarksAnswer::name());
        let either = AnyOfBuilder::new().item(page).item(marks);
        let described = either.description(Some("Without `max_marks` a page, with it marks."));
        Schema::AnyOf(described.build()).into()
    }
}

impl ToSchema for TimelineBody {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((RecordPage::name().into(), RecordPage::schema()));
        RecordPage::schemas(schemas);
        schemas.push((MarksAnswer::name().into(), MarksAnswer::schema()));
        MarksAnswer::schemas(schemas);
    }
}

/// The record in the order of time
///
/// Events, statements and relations: of some actors, of a dyad, or all; in pages, or with `max_marks`
/// all that fits.
#[utoipa::path(
    tag = "questions",
    params(TimelineParameters),
    responses((status = 200, description = "A page of records; with `max_marks`, records or bins; or all of them as a file.", content(
        (TimelineBody = "application/json"),
        (String = "text/csv"),
        (String = "text/calendar"),
        (Object = "application/vnd.timelinejs+json"),
        (Object = "application/vnd.vis-timeline+json"),
    )), TimelineProblems),
)]
#[get("/timeline")]
async fn timeline(
    engine: web::Data<Engine>,
    asked: Asked<TimelineParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let form = chosen(&asked, request.headers(), &TIMELINES)?;
    if let Some(format) = form.of {
        return timeline_files::send(engine, asked, None, (form, format), &request).await;
    }
    let known = Known::of(request.headers());
    if asked.one("max_marks").or(asked.one("lanes")).is_none()
        && let Some(answer) = on_thread(|| timeline_soon(&engine, &asked, None, &known))?
    {
        return Ok(answer.to(&request));
    }
    answer(&request, move || {
        if let Some(max_marks) = asked.whole_if_given("max_marks")? {
            return marks_of(&engine, &asked, max_marks);
        }
        if asked.flag("lanes")? {
            let problem = "lanes are of bins: give max_marks, or leave it out";
            return Err(Problem::parameter("lanes", "true", problem));
        }
        let asking = AskedTimeline::of(&asked, asked.paging(&engine)?, None)?;
        asking.answer(&asking.timeline(), &known)
    })
    .await
}

/// The timeline of a query in so many marks at the most.
fn marks_of(engine: &Engine, asked: &Query, max_marks: usize) -> Result<Answer, Problem> {
    let refuse = |name: &str, problem: &str| {
        let value = asked.one(name).unwrap_or_default();
        Err(Problem::parameter(name, value, problem))
    };
    for name in ["limit", "cursor"] {
        if asked.one(name).is_some() {
            return refuse(
                name,
                "is of a page; max_marks makes none: leave one of them out",
            );
        }
    }
    let view = asked.view(engine)?;
    let scope = asked.scope_in(&view, &[])?;
    let selection = asked.selection(&view, scope.window)?;
    let lanes = asked.flag("lanes")?;
    if let Selection::Actors(actors, Match::Any) = &selection {
        if lanes && actors.len() > max_marks {
            return refuse("max_marks", "is less than the number of lanes");
        }
    } else if lanes {
        return refuse("lanes", "are of the actors of `actor`, with `match=any`");
    }
    let question = MarksQuestion {
        selection,
        scope,
        order: asked.order()?,
        max_marks,
        lanes,
    };
    Ok(Answer::json(&query::marks(&view, &question))?.vary_by_accept())
}

/// The timeline of an actor
#[utoipa::path(
    tag = "questions",
    params(
        ("id" = String, Path, description = "An actor's id, code, name, alias or office.", min_length = 1, example = "antony-blinken"),
        ActorTimelineParameters,
    ),
    responses((status = 200, description = "A page of records, or all of them as a file.", content(
        (RecordPage<'static> = "application/json"),
        (String = "text/csv"),
        (String = "text/calendar"),
        (Object = "application/vnd.timelinejs+json"),
        (Object = "application/vnd.vis-timeline+json"),
    )), TimelineProblems),
)]
#[get("/actors/{id}/timeline")]
async fn actor_timeline(
    engine: web::Data<Engine>,
    id: web::Path<String>,
    asked: Asked<ActorTimelineParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let form = chosen(&asked, request.headers(), &TIMELINES)?;
    if let Some(format) = form.of {
        let id = Some(id.into_inner());
        return timeline_files::send(engine, asked, id, (form, format), &request).await;
    }
    let known = Known::of(request.headers());
    if let Some(answer) = on_thread(|| timeline_soon(&engine, &asked, Some(&id), &known))? {
        return Ok(answer.to(&request));
    }
    answer(&request, move || {
        let asking = AskedTimeline::of(&asked, asked.paging(&engine)?, Some(&id))?;
        asking.answer(&asking.timeline(), &known)
    })
    .await
}

/// The answer to a timeline of a query, or of the actor that the path names, if it is
/// [little] work.
fn timeline_soon(
    engine: &Engine,
    asked: &Query,
    actor: Option<&str>,
    known: &Known,
) -> Result<Option<Answer>, Problem> {
    let paging = asked.paging(engine)?;
    let view = &paging.view;
    let by_id = actor.is_none_or(|name| little::is_id(name, view))
        && little::are_ids(asked, &["actor", "between"], view);
    if !by_id {
        return Ok(None);
    }
    let asking = AskedTimeline::of(asked, paging, actor)?;
    let asked_for = asking.timeline();
    if !little::timeline(&asked_for, asking.question.page.limit) {
        return Ok(None);
    }
    asking.answer(&asked_for, known).map(Some)
}

/// A page of a timeline as it is asked for.
struct AskedTimeline<'q> {
    asked: &'q Query,
    paging: Paging<'q>,
    question: TimelineQuestion,
}

impl<'q> AskedTimeline<'q> {
    /// Reads the question: of the query, or of the actor that the path names.
    fn of(asked: &'q Query, paging: Paging<'q>, actor: Option<&str>) -> Result<Self, Problem> {
        let view = &paging.view;
        let scope = asked.scope_in(view, actor.as_slice())?;
        let selection = match actor {
            Some(name) => {
                let actor = asked.actor_in_path("id", name, view, scope.window)?;
                Selection::Actors(vec![actor], Match::Any)
            }
            None => asked.selection(view, scope.window)?,
        };
        let question = TimelineQuestion {
            selection,
            scope,
            order: asked.order()?,
            page: paging.page,
        };
        Ok(Self {
            asked,
            paging,
            question,
        })
    }

    fn timeline(&self) -> Timeline<'_> {
        Timeline::new(&self.paging.view, &self.question)
    }

    fn answer(&self, asked_for: &Timeline<'_>, known: &Known) -> Result<Answer, Problem> {
        let page = self.question.page;
        let tag = self.asked.tag(&self.paging.view, page.offset);
        if known.has(&tag) {
            return Ok(Answer::unchanged(tag).vary_by_accept());
        }
        let mut link = None;
        let body = asked_for.json(|next| {
            let (cursor, next) = self.paging.next(next).unzip();
            link = next;
            cursor
        });
        let body = body.map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
        let answer = Answer::bytes("application/json", body).tagged(tag);
        Ok(answer.next(link).vary_by_accept())
    }
}

/// The record counted by time
///
/// Bins of days, weeks, months, quarters or years with the four quad counts, and broken down by
/// `by`. Records without a date are in no bin.
#[utoipa::path(
    tag = "questions",
    params(HistogramParameters),
    responses((status = 200, description = "The bins that hold a record, in order.", body = HistogramAnswer<'static>), QuestionProblems),
)]
#[get("/timeline/histogram")]
async fn histogram(
    engine: web::Data<Engine>,
    asked: Asked<HistogramParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let view = asked.view(&engine)?;
        let scope = asked.scope_in(&view, &[])?;
        let splits = [None].into_iter().chain(Split::ALL.map(Some));
        let splits: Vec<Option<Split>> = splits.collect();
        let split = asked.word("by", &splits, |split| split.map_or(BY_QUAD, Split::as_str))?;
        let question = HistogramQuestion {
            selection: asked.selection(&view, scope.window)?,
            scope,
            bin: asked
                .word("bin", &Bin::ALL, Bin::as_str)?
                .unwrap_or(Bin::Month),
            split: split.flatten(),
        };
        Answer::json(&query::histogram(&view, &question))
    })
    .await
}

/// The actors that an actor is linked with
///
/// Ranked by the number of records that link them. Each carries the query that lists its records.
#[utoipa::path(
    tag = "questions",
    params(
        ("id" = String, Path, description = "An actor's id, code, name, alias or office.", min_length = 1, example = "antony-blinken"),
        RelationshipsParameters,
    ),
    responses((status = 200, description = "A page of relationships.", body = RelationshipPage<'static>), PageProblems),
)]
#[get("/actors/{id}/relationships")]
async fn actor_relationships(
    engine: web::Data<Engine>,
    id: web::Path<String>,
    asked: Asked<RelationshipsParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let paging = asked.paging(&engine)?;
        let view = &paging.view;
        let scope = asked.scope_in(view, &[&id])?;
        let actor = asked.actor_in_path("id", &id, view, scope.window)?;
        let question = RelationshipsQuestion {
            actor,
            scope,
            page: paging.page,
        };
        paging.answer(query::relationships(view, &question), |page| &mut page.next)
    })
    .await
}

/// What there is between two actors
///
/// First and last contact, and counts by class, type and kind in each direction.
#[utoipa::path(
    tag = "questions",
    params(
        ("a" = String, Path, description = "The one: an id, code, name, alias or office.", min_length = 1, example = "usa"),
        ("b" = String, Path, description = "The other: an id, code, name, alias or office.", min_length = 1, example = "chn"),
        DyadParameters,
    ),
    responses((status = 200, description = "The counts.", body = DyadAnswer<'static>), QuestionProblems),
)]
#[get("/dyads/{a}/{b}")]
async fn dyad(
    engine: web::Data<Engine>,
    pair: web::Path<(String, String)>,
    asked: Asked<DyadParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let view = asked.view(&engine)?;
        let scope = asked.scope_in(&view, &[&pair.0, &pair.1])?;
        let (a, b) = asked.dyad(&pair, &view, scope.window)?;
        Answer::json(&query::dyad(&view, &DyadQuestion { a, b, scope }))
    })
    .await
}

/// The record at a glance
///
/// Counts by kind, data set and quad class, the days it spans, and the size of its network.
#[utoipa::path(
    tag = "questions",
    params(SummaryParameters),
    responses((status = 200, description = "The counts.", body = SummaryAnswer<'static>), SummaryProblems),
)]
#[get("/summary")]
async fn summary(
    engine: web::Data<Engine>,
    asked: Asked<SummaryParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let (view, scope) = (asked.view(&engine)?, asked.scope()?);
        Answer::json(&query::summary(&view, &SummaryQuestion { scope }))
    })
    .await
}
