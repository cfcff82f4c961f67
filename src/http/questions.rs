//! The questions: paths, timelines, histograms, dyads, relationships, the summary.

use actix_web::{HttpRequest, HttpResponse, get, web};
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::answer::{Answer, answer, on_thread};
use super::cheap;
use super::documentation::{
    PageProblems, PathsProblems, QuestionProblems, ReachProblems, SummaryProblems, TimelineProblems,
};
use super::format::TIMELINES;
use super::negotiation::chosen;
use super::parameters::{
    BinParams, ChainsParams, DirectedParams, DyadPath, KnownAtParams, MaxDegreeParams, PageParams,
    SelectionParams, TimelineFormParams, form_word,
};
use super::preconditions::IfNoneMatch;
use super::problem::{Problem, ProblemKind};
use super::query_params::{PageRequest, QueryParams, ValidatedParams};
use super::routes::Routes;
use super::timeline_files;
use crate::engine::Engine;
use crate::graph::View;
use crate::parameter::{ActorName, Few, ParamSet, WholeNumber, parameters, word_values};
use crate::query::answer::{
    DyadAnswer, ExplainAnswer, HistogramAnswer, MarksAnswer, PathsAnswer, ReachPage, RecordPage,
    RelationshipPage, SummaryAnswer,
};
use crate::query::{
    self, ActorMatch, CHAIN_MAX, CellParams, DyadQuestion, EVIDENCE_MAX, HistogramQuestion,
    JOINS_MAX, MARKS_MAX, MAX_HOPS_MAX, MarksQuestion, Mode, OfLinks, OfPaths, OfRecords,
    OfSummaries, OfTimelines, Order, OrderParams, PATHS_MAX, PathsQuestion, ReachQuestion,
    RelationshipsQuestion, Scope, ScopeParams, Selection, Split, SummaryQuestion, TimelinePlan,
    TimelineQuestion, VIA_MAX,
};

/// Adds the questions.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(timeline).service(paths).service(histogram);
    config.service(explain).service(reach);
    config.service(actor_timeline).service(actor_relationships);
    config.service(dyad).service(summary);
}

word_values! {
    Mode: Mode::ALL, Mode::as_str;
    By: By::ALL, By::as_str;
}

parameters! {
    /// Which paths, and how much of them.
    pub(crate) struct PathOptions {
        /// How paths are ranked. `fewest`: fewer hops first; of paths with the same number of hops, those
        /// with more records first. `strongest`: lower cost first; the cost of a hop is 1 divided by the
        /// number of its records. `chronological`: earlier arrival first; one record is chosen for each hop
        /// so that no record is earlier than the record of the previous hop.
        mode: Mode = "fewest",
        /// Each path after the first is the best path that shares no intermediate actor with the paths before
        /// it. Actors in `via` are exempt.
        diverse: bool = "false",
        directed: DirectedParams,
        /// The maximum number of hops of a path.
        max_hops: WholeNumber<1, MAX_HOPS_MAX> = "6",
        /// The maximum number of paths.
        limit: WholeNumber<1, PATHS_MAX> = "5",
        /// An actor that each path must lead through. Several such actors can come in any order.
        via: Few<ActorName, VIA_MAX>,
        /// An actor that no path may lead through.
        avoid: Vec<ActorName>,
        /// The maximum number of records shown per hop.
        evidence: WholeNumber<0, EVIDENCE_MAX> = "3",
        chains: ChainsParams,
        max_degree: MaxDegreeParams,
    }
}

parameters! {
    /// What paths are asked.
    pub(super) struct PathsParams {
        /// Where paths start: an actor's id, code, name, alias or office as of the window.
        #[example("park-jin")]
        source: ActorName,
        /// Where paths end.
        #[example("prk")]
        target: ActorName,
        options: PathOptions,
        scope: ScopeParams<OfPaths>,
        at: KnownAtParams,
    }
}

impl PathsParams {
    /// All actors that are named.
    fn names(&self) -> impl Iterator<Item = &str> {
        let ends = [&self.source, &self.target].into_iter();
        let all = ends.chain(&self.options.via.0).chain(&self.options.avoid);
        all.map(|name| name.text.as_str())
    }
}

/// Paths between two actors
///
/// Returns up to `limit` loopless paths of at most `max_hops` hops, best first. Each hop contains the records
/// that are its evidence. If there is no path, this is not an error: `paths` is empty.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<PathsParams>),
    responses((status = 200, description = "The paths, best first.", body = PathsAnswer<'static>), PathsProblems),
)]
#[get("/paths")]
async fn paths(
    engine: web::Data<Engine>,
    asked: ValidatedParams<PathsParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let known = IfNoneMatch::from_headers(request.headers());
    let view = asked.params.at.view(&engine)?;
    if let Some(found) = on_thread(|| paths_soon(&asked, &view, &known))? {
        return Ok(found.to(&request));
    }
    answer(&request, move || {
        let question = paths_question(&asked, &view)?;
        paths_of(&asked, &view, &question, &known)
    })
    .await
}

/// The paths of a query, if they are [cheap].
fn paths_soon(
    asked: &ValidatedParams<PathsParams>,
    view: &View,
    known: &IfNoneMatch,
) -> Result<Option<Answer>, Problem> {
    if !asked.params.names().all(|name| cheap::is_id(name, view)) {
        return Ok(None);
    }
    let question = paths_question(asked, view)?;
    if !cheap::paths(view, &question) {
        return Ok(None);
    }
    paths_of(asked, view, &question, known).map(Some)
}

fn paths_of(
    asked: &QueryParams,
    view: &View,
    question: &PathsQuestion,
    known: &IfNoneMatch,
) -> Result<Answer, Problem> {
    let tag = asked.tag(view, 0);
    if known.has(&tag) {
        return Ok(Answer::unchanged(tag));
    }
    let body = query::paths_json(view, question);
    let body = body.map_err(|error| Problem::new(ProblemKind::Internal, error.to_string()))?;
    Ok(Answer::bytes("application/json", body).tagged(tag))
}

/// The question that the parameters of paths make.
fn paths_question(
    asked: &ValidatedParams<PathsParams>,
    view: &View,
) -> Result<PathsQuestion, Problem> {
    let params = &asked.params;
    let options = &params.options;
    let scope = asked.named(&params.scope.scope, view, &[]);
    let window = scope.window;
    Ok(PathsQuestion {
        source: asked.actor(&params.source, view, window)?,
        target: asked.actor(&params.target, view, window)?,
        mode: options.mode,
        diverse: options.diverse,
        directed: options.directed.directed,
        max_hops: options.max_hops.0,
        limit: options.limit.0,
        via: asked.actors(&options.via.0, view, window)?,
        avoid: asked.actors(&options.avoid, view, window)?,
        chains: options.chains.chains,
        max_degree: options.max_degree.max_degree.map(|most| most.0),
        evidence: options.evidence.0,
        joins_max: JOINS_MAX,
        scope,
    })
}

/// The sources that the paths between two actors depend on
///
/// Returns the sources of the records behind the paths that `/paths` returns. For each source, the answer
/// says whether ignoring it alone breaks the connection. It also gives the smallest set of sources whose loss
/// leaves no path.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<PathsParams>),
    responses((status = 200, description = "The sources.", body = ExplainAnswer<'_>), PathsProblems),
)]
#[get("/explain")]
async fn explain(
    engine: web::Data<Engine>,
    asked: ValidatedParams<PathsParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let view = asked.params.at.view(&engine)?;
        let question = paths_question(&asked, &view)?;
        Answer::json(&query::explain(&view, &question))
    })
    .await
}

parameters! {
    /// What is asked of how far news travels.
    pub(super) struct ReachParams {
        /// The actor from which the news starts: an id, a code, a name, an alias or an office as of
        /// the window. Give either this or `target`.
        #[example("park-jin")]
        source: Option<ActorName>,
        /// The actor that the news reaches. The answer then lists the actors from which the news
        /// can have come, and the latest time at which it can have left them.
        target: Option<ActorName>,
        directed: DirectedParams,
        /// The maximum number of hops of a chain. By default, there is no limit.
        max_hops: Option<WholeNumber<1, CHAIN_MAX>>,
        /// An actor to be excluded: news neither reaches this actor nor passes through it.
        avoid: Vec<ActorName>,
        chains: ChainsParams,
        max_degree: MaxDegreeParams,
        scope: ScopeParams<OfPaths>,
        page: PageParams,
        at: KnownAtParams,
    }
}

/// Reach: the actors that news from an actor can reach
///
/// With `source`, returns the actors that news from this actor can have reached within the window,
/// earliest first. With `target`, returns the actors from which news can have reached this actor,
/// latest first. Each item contains the chain of records that carries the news. No record of a
/// chain is earlier than the record before it.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<ReachParams>),
    responses((status = 200, description = "A page of actors.", body = ReachPage<'_>), ReachProblems),
)]
#[get("/reach")]
async fn reach(
    engine: web::Data<Engine>,
    asked: ValidatedParams<ReachParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let paging = asked.paging(&params.page, &params.at, &engine)?;
        let view = &paging.view;
        let scope = asked.named(&params.scope.scope, view, &[]);
        let window = scope.window;
        let (origin, backward) = match (&params.source, &params.target) {
            (Some(source), None) => (source, false),
            (None, Some(target)) => (target, true),
            (None, None) => {
                let detail = "source or target is required: where the news starts, or whom it \
                              reaches";
                return Err(Problem::new(ProblemKind::MissingParameter, detail).at("source"));
            }
            (Some(_), Some(target)) => {
                let problem = "give either source or target, not both: /paths finds paths \
                               between two actors";
                return Err(Problem::parameter(target.parameter, &target.text, problem));
            }
        };
        let question = ReachQuestion {
            origin: asked.actor(origin, view, window)?,
            backward,
            directed: params.directed.directed,
            chains: params.chains.chains,
            max_hops: params.max_hops.map(|most| most.0),
            avoid: asked.actors(&params.avoid, view, window)?,
            max_degree: params.max_degree.max_degree.map(|most| most.0),
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

parameters! {
    /// How much a timeline may show.
    pub(super) struct MarksParams {
        /// The maximum number of marks in the answer. If there are at most this many records, the answer
        /// contains all of them. Otherwise it contains counts in the finest bins that stay within the limit.
        /// `mode` says which. Cannot be combined with `limit` or `cursor`.
        max_marks: Option<WholeNumber<1, MARKS_MAX>>,
        /// Requires `max_marks` and `actor`. Return separate bins for each actor. `max_marks` must then be at
        /// least the number of actors.
        lanes: bool = "false",
    }
}

parameters! {
    /// What a timeline is asked.
    pub(super) struct TimelineParams {
        format: TimelineFormParams,
        selection: SelectionParams,
        cell: CellParams,
        marks: MarksParams,
        scope: ScopeParams<OfTimelines>,
        order: OrderParams,
        page: PageParams,
        at: KnownAtParams,
    }
}

parameters! {
    /// What the timeline of an actor is asked.
    pub(super) struct ActorTimelineParams {
        format: TimelineFormParams,
        scope: ScopeParams<OfTimelines>,
        order: OrderParams,
        page: PageParams,
        at: KnownAtParams,
    }
}

/// The records in chronological order
///
/// Returns the events, statements and relations of some actors, of a dyad, or of all actors. The answer comes
/// in pages. With `max_marks`, it is a single answer with all records or, if there are too many, with counts
/// in bins.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<TimelineParams>),
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
    asked: ValidatedParams<TimelineParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let word = form_word(asked.params.format.format);
    let form = chosen(word, request.headers(), &TIMELINES)?;
    if let Some(format) = form.of {
        return timeline_files::send(engine, asked, None, (form, format), &request).await;
    }
    let known = IfNoneMatch::from_headers(request.headers());
    let marks = &asked.params.marks;
    if marks.max_marks.is_none()
        && !marks.lanes
        && let Some(answer) = on_thread(|| timeline_soon(&engine, &asked, None, &known))?
    {
        return Ok(answer.to(&request));
    }
    answer(&request, move || {
        let marks = &asked.params.marks;
        if let Some(max_marks) = marks.max_marks {
            return marks_of(&engine, &asked, max_marks.0);
        }
        if marks.lanes {
            let problem = "lanes requires max_marks: give max_marks, or leave lanes out";
            return Err(Problem::parameter("lanes", "true", problem));
        }
        let asking = TimelinePageRequest::read(&asked, None, &engine)?;
        asking.answer(&asking.timeline(), &known)
    })
    .await
}

/// The timeline of a query in so many marks at the most.
fn marks_of(
    engine: &Engine,
    asked: &ValidatedParams<TimelineParams>,
    max_marks: usize,
) -> Result<Answer, Problem> {
    asked.refuse::<PageParams>(
        "applies to pages, and max_marks returns none: leave out one of the two",
    )?;
    let params = &asked.params;
    let view = params.at.view(engine)?;
    let scope = asked.named(&params.scope.scope, &view, &[]);
    let selection = asked.selection(&params.selection, &view, scope.window)?;
    let lanes = params.marks.lanes;
    if let Selection::Actors(actors, ActorMatch::Any) = &selection {
        if lanes && actors.len() > max_marks {
            let problem = "is less than the number of lanes";
            return Err(Problem::parameter(
                "max_marks",
                &max_marks.to_string(),
                problem,
            ));
        }
    } else if lanes {
        let problem = "requires `actor`, with `match=any`";
        return Err(Problem::parameter("lanes", "true", problem));
    }
    let question = MarksQuestion {
        selection,
        scope,
        order: params.order.order,
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
        ValidatedParams<ActorTimelineParams>,
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
    asked: ValidatedParams<ActorTimelineParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let word = form_word(asked.params.format.format);
    let form = chosen(word, request.headers(), &TIMELINES)?;
    if let Some(format) = form.of {
        let id = Some(id.into_inner());
        return timeline_files::send(engine, asked, id, (form, format), &request).await;
    }
    let known = IfNoneMatch::from_headers(request.headers());
    if let Some(answer) = on_thread(|| timeline_soon(&engine, &asked, Some(&id), &known))? {
        return Ok(answer.to(&request));
    }
    answer(&request, move || {
        let asking = TimelinePageRequest::read(&asked, Some(&id), &engine)?;
        asking.answer(&asking.timeline(), &known)
    })
    .await
}

/// The answer to a timeline of a query, or of the actor that the path names, if it is
/// [cheap].
fn timeline_soon<P: AsksTimeline>(
    engine: &Engine,
    asked: &ValidatedParams<P>,
    actor: Option<&str>,
    known: &IfNoneMatch,
) -> Result<Option<Answer>, Problem> {
    let parts = asked.params.parts();
    let paging = asked.paging(parts.page, parts.at, engine)?;
    let view = &paging.view;
    let mut named = parts
        .selection
        .into_iter()
        .flat_map(|of| of.actor.iter().chain(&of.between.0));
    let by_id = actor.is_none_or(|name| cheap::is_id(name, view))
        && named.all(|name| cheap::is_id(&name.text, view));
    if !by_id {
        return Ok(None);
    }
    let asking = TimelinePageRequest::from_query(asked, paging, actor)?;
    let asked_for = asking.timeline();
    if !cheap::timeline(&asked_for, asking.question.page.limit) {
        return Ok(None);
    }
    asking.answer(&asked_for, known).map(Some)
}

/// What asks for a timeline, or for that of an actor.
pub(super) trait AsksTimeline: ParamSet {
    /// What it asks.
    fn parts(&self) -> TimelineParts<'_>;
}

/// What a timeline is asked.
#[derive(Clone, Copy)]
pub(super) struct TimelineParts<'p> {
    /// Which records; `None` for those of the actor that the path names.
    pub(super) selection: Option<&'p SelectionParams>,
    pub(super) scope: &'p Scope,
    pub(super) order: Order,
    page: &'p PageParams,
    pub(super) at: &'p KnownAtParams,
}

impl AsksTimeline for TimelineParams {
    fn parts(&self) -> TimelineParts<'_> {
        TimelineParts {
            selection: Some(&self.selection),
            scope: &self.scope.scope,
            order: self.order.order,
            page: &self.page,
            at: &self.at,
        }
    }
}

impl AsksTimeline for ActorTimelineParams {
    fn parts(&self) -> TimelineParts<'_> {
        TimelineParts {
            selection: None,
            scope: &self.scope.scope,
            order: self.order.order,
            page: &self.page,
            at: &self.at,
        }
    }
}

impl TimelineParts<'_> {
    /// Which records are asked for, of the query or of the actor that the path names.
    pub(super) fn selection(
        &self,
        asked: &QueryParams,
        actor: Option<&str>,
        view: &View,
    ) -> Result<Selection, Problem> {
        let window = self.scope.window;
        match (actor, self.selection) {
            (Some(name), _) => {
                let actor = asked.actor_in_path("id", name, view, window)?;
                Ok(Selection::Actors(vec![actor], ActorMatch::Any))
            }
            (None, Some(selection)) => asked.selection(selection, view, window),
            (None, None) => Ok(Selection::Everything),
        }
    }
}

/// A page of a timeline as it is asked for.
struct TimelinePageRequest<'q> {
    asked: &'q QueryParams,
    paging: PageRequest<'q>,
    question: TimelineQuestion,
}

impl<'q> TimelinePageRequest<'q> {
    /// Reads the question: of the query, or of the actor that the path names.
    fn read<P: AsksTimeline>(
        asked: &'q ValidatedParams<P>,
        actor: Option<&str>,
        engine: &Engine,
    ) -> Result<Self, Problem> {
        let parts = asked.params.parts();
        let paging = asked.paging(parts.page, parts.at, engine)?;
        Self::from_query(asked, paging, actor)
    }

    /// The question in the state of a page.
    fn from_query<P: AsksTimeline>(
        asked: &'q ValidatedParams<P>,
        paging: PageRequest<'q>,
        actor: Option<&str>,
    ) -> Result<Self, Problem> {
        let parts = asked.params.parts();
        let view = &paging.view;
        let scope = asked.named(parts.scope, view, actor.as_slice());
        let question = TimelineQuestion {
            selection: parts.selection(asked, actor, view)?,
            scope,
            order: parts.order,
            page: paging.page,
        };
        Ok(Self {
            asked,
            paging,
            question,
        })
    }

    fn timeline(&self) -> TimelinePlan<'_> {
        TimelinePlan::new(&self.paging.view, &self.question)
    }

    fn answer(&self, asked_for: &TimelinePlan<'_>, known: &IfNoneMatch) -> Result<Answer, Problem> {
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
        let body = body.map_err(|error| Problem::new(ProblemKind::Internal, error.to_string()))?;
        let answer = Answer::bytes("application/json", body).tagged(tag);
        Ok(answer.next(link).vary_by_accept())
    }
}

/// What a histogram breaks its bins down by: the quad classes alone, or something else, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct By(Option<Split>);

impl By {
    const ALL: [Self; 1 + Split::ALL.len()] = [
        Self(None),
        Self(Some(Split::ALL[0])),
        Self(Some(Split::ALL[1])),
        Self(Some(Split::ALL[2])),
        Self(Some(Split::ALL[3])),
    ];

    fn as_str(self) -> &'static str {
        self.0.map_or("quad", Split::as_str)
    }
}

parameters! {
    /// What a histogram is asked.
    pub(super) struct HistogramParams {
        bin: BinParams,
        /// An additional breakdown of the bins. The counts by quad class are always included.
        by: By = "quad",
        selection: SelectionParams,
        scope: ScopeParams<OfRecords>,
        at: KnownAtParams,
    }
}

/// Counts of records over time
///
/// Returns bins of a day, week, month, quarter or year. Each bin has counts by the four quad classes and by
/// the property given in `by`. Records without a date are in no bin.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<HistogramParams>),
    responses((status = 200, description = "The bins that hold a record, in order.", body = HistogramAnswer<'static>), QuestionProblems),
)]
#[get("/timeline/histogram")]
async fn histogram(
    engine: web::Data<Engine>,
    asked: ValidatedParams<HistogramParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let view = params.at.view(&engine)?;
        let scope = asked.named(&params.scope.scope, &view, &[]);
        let question = HistogramQuestion {
            selection: asked.selection(&params.selection, &view, scope.window)?,
            scope,
            bin: params.bin.bin,
            split: params.by.0,
        };
        Answer::json(&query::histogram(&view, &question))
    })
    .await
}

parameters! {
    /// What relationships are asked.
    pub(super) struct RelationshipsParams {
        scope: ScopeParams<OfLinks>,
        page: PageParams,
        at: KnownAtParams,
    }
}

/// The actors that an actor is linked with
///
/// The actors are ranked by the number of records that link them. Each item contains the URL that lists its
/// records.
#[utoipa::path(
    tag = "questions",
    params(
        ("id" = String, Path, description = "An actor's id, code, name, alias or office.", min_length = 1, example = "antony-blinken"),
        ValidatedParams<RelationshipsParams>,
    ),
    responses((status = 200, description = "A page of relationships.", body = RelationshipPage<'static>), PageProblems),
)]
#[get("/actors/{id}/relationships")]
async fn actor_relationships(
    engine: web::Data<Engine>,
    id: web::Path<String>,
    asked: ValidatedParams<RelationshipsParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let paging = asked.paging(&params.page, &params.at, &engine)?;
        let view = &paging.view;
        let scope = asked.named(&params.scope.scope, view, &[&id]);
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

parameters! {
    /// What a dyad is asked.
    pub(super) struct DyadParams {
        scope: ScopeParams<OfLinks>,
        at: KnownAtParams,
    }
}

/// The records between two actors
///
/// Returns the first and the last contact, and the counts by quad class, event type and kind of record for
/// each direction.
#[utoipa::path(
    tag = "questions",
    params(
        DyadPath,
        ValidatedParams<DyadParams>,
    ),
    responses((status = 200, description = "The counts.", body = DyadAnswer<'static>), QuestionProblems),
)]
#[get("/dyads/{a}/{b}")]
async fn dyad(
    engine: web::Data<Engine>,
    pair: web::Path<DyadPath>,
    asked: ValidatedParams<DyadParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let view = params.at.view(&engine)?;
        let (a, b, scope) = asked.dyad(&pair, &view, &params.scope.scope)?;
        Answer::json(&query::dyad(&view, &DyadQuestion { a, b, scope }))
    })
    .await
}

parameters! {
    /// What a summary is asked.
    pub(super) struct SummaryParams {
        scope: ScopeParams<OfSummaries>,
        at: KnownAtParams,
    }
}

/// A summary of all records
///
/// Returns counts by kind of record, data set and quad class, the days that the records span, and the size of
/// their network.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<SummaryParams>),
    responses((status = 200, description = "The counts.", body = SummaryAnswer<'static>), SummaryProblems),
)]
#[get("/summary")]
async fn summary(
    engine: web::Data<Engine>,
    asked: ValidatedParams<SummaryParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let view = asked.params.at.view(&engine)?;
        let scope = asked.params.scope.scope.clone();
        Answer::json(&query::summary(&view, &SummaryQuestion { scope }))
    })
    .await
}
