//! What the record learns: commits in pages or as they come, and the difference of two.

use actix_web::http::header::ACCEPT;
use actix_web::{HttpRequest, HttpResponse, get, web};

use super::answer::{answer, off_thread};
use super::documentation::{ChangesProblems, DiffProblems};
use super::feed::{self, FeedEvent, Feeds};
use super::parameters::{KnownAtParams, PageParams};
use super::problem::{Problem, ProblemKind};
use super::query_params::ValidatedParams;
use super::routes::Routes;
use crate::engine::{CommitCause, Engine, KnownAt};
use crate::parameter::{CommitNumber, parameters};
use crate::query::answer::{ChangesPage, CommitAnswer, DiffPage};
use crate::query::{self, ChangesQuestion, DiffQuestion, Page, SchemeParams};

/// Commits that are handed to a feed at a time.
const BATCH: usize = 100;
/// The header in which a client that comes back names the last commit that it got.
const LAST_EVENT_ID: &str = "Last-Event-ID";

parameters! {
    /// What the commits are asked.
    pub(super) struct ChangesParams {
        /// Only commits with a number greater than this.
        since: CommitNumber = "0",
        page: PageParams,
        at: KnownAtParams,
    }
}

parameters! {
    /// Which two states of the record.
    pub(super) struct CommitsParams {
        /// The base state: as of this commit (a number; 0 is the state before the first commit) or as of this
        /// instant (RFC 3339).
        #[example("1")]
        from_commit: KnownAt,
        /// The state that is compared with the base state, given in the same way. The default is the current
        /// state.
        to_commit: Option<KnownAt>,
    }
}

parameters! {
    /// What the difference of two commits is asked.
    pub(super) struct DiffParams {
        commits: CommitsParams,
        scheme: SchemeParams,
        page: PageParams,
    }
}

/// Adds the questions.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(changes).service(diff);
}

/// The commits and the records that they changed
///
/// Returns the commits after `since`. With `Accept: text/event-stream`, commits are sent as server-sent
/// events with the commit number as `id`, and new commits are sent when they are made. `Last-Event-ID`
/// resumes a feed that was interrupted.
#[utoipa::path(
    tag = "questions",
    params(
        ValidatedParams<ChangesParams>,
        ("Last-Event-ID" = Option<u64>, Header, description = "Only for an event stream: the last commit that the client received; overrides `since`."),
    ),
    responses(
        (status = 200, description = "A page of commits, or an event stream of commits.", content(
            (ChangesPage = "application/json"),
            (String = "text/event-stream", example = "id: 7\ndata: {\"commit\":7,\"at\":\"2023-06-17T12:00:00Z\",\"kind\":\"write\",\"counts\":{\"created\":1,\"changed\":0,\"deleted\":0},\"records_url\":\"/api/v1/diff?from_commit=6&to_commit=7\",\"records\":[{\"record\":\"event\",\"id\":\"a-call\",\"change\":\"created\"}],\"more\":0}\n\n"),
        )),
        ChangesProblems,
    ),
)]
#[get("/changes")]
async fn changes(
    engine: web::Data<Engine>,
    asked: ValidatedParams<ChangesParams>,
    feeds: web::Data<Feeds>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let last = last_event(&request)?;
    if wants_feed(&request) {
        return follow(engine, &asked, &feeds, last);
    }
    answer(&request, move || {
        let params = &asked.params;
        let paging = asked.paging(&params.page, &params.at, &engine)?;
        let question = ChangesQuestion {
            since: params.since.0,
            page: paging.page,
        };
        let (mut page, next) = query::changes(&paging.view, &question);
        page.items
            .iter_mut()
            .try_for_each(|item| explain(&engine, item))?;
        let answer = paging.answer((page, next), |page| &mut page.next)?;
        Ok(answer.vary_by_accept())
    })
    .await
}

fn wants_feed(request: &HttpRequest) -> bool {
    let accepts = request.headers().get_all(ACCEPT);
    let mut accepts = accepts.filter_map(|value| value.to_str().ok());
    accepts.any(|value| value.contains(feed::MEDIA_TYPE))
}

/// The commit that a client got last.
fn last_event(request: &HttpRequest) -> Result<Option<u64>, Problem> {
    let Some(value) = request.headers().get(LAST_EVENT_ID) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    text.parse().map(Some).map_err(|_none| {
        let detail = format!("{LAST_EVENT_ID} must be the number of a commit");
        Problem::new(ProblemKind::BadHeader, detail)
            .at(LAST_EVENT_ID)
            .value(text)
    })
}

/// Says what a commit was.
fn explain(engine: &Engine, item: &mut CommitAnswer) -> Result<(), Problem> {
    (item.kind, item.import) = match engine.cause(item.commit)? {
        CommitCause::Write => ("write", None),
        CommitCause::Import(report) => ("import", Some(report.id)),
        CommitCause::Undo(import) => ("undo", Some(import)),
    };
    Ok(())
}

/// Follows the commits as they are made.
fn follow(
    engine: web::Data<Engine>,
    asked: &ValidatedParams<ChangesParams>,
    feeds: &Feeds,
    last: Option<u64>,
) -> Result<HttpResponse, Problem> {
    let problem = "applies to pages; a feed sends new commits as they are made: leave it out";
    asked.refuse::<KnownAtParams>(problem)?;
    asked.refuse::<PageParams>(problem)?;
    let since = last.unwrap_or(asked.params.since.0);
    let next = move |after: Option<u64>| {
        let engine = engine.clone();
        off_thread(move || entries(&engine, after.unwrap_or(since)))
    };
    feeds.answer(next)
}

/// The next commits after one.
fn entries(engine: &Engine, since: u64) -> Result<Vec<FeedEvent>, Problem> {
    let view = engine.view(KnownAt::Now)?;
    if view.mark().is_none_or(|mark| mark.commit <= since) {
        return Ok(Vec::new());
    }
    let question = ChangesQuestion {
        since,
        page: Page {
            limit: BATCH,
            offset: 0,
        },
    };
    let (page, _) = query::changes(&view, &question);
    let entry = |mut item: CommitAnswer| {
        explain(engine, &mut item)?;
        FeedEvent::json(item.commit, &item)
    };
    page.items.into_iter().map(entry).collect()
}

/// The records that changed between two commits
///
/// Returns the records that were created, changed or deleted between the two commits, with their content
/// before and after. Records that were changed and changed back are left out. If the first commit is the
/// later one, the answer is the reverse difference.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<DiffParams>),
    responses((status = 200, description = "A page of records that differ.", body = DiffPage<'static>), DiffProblems),
)]
#[get("/diff")]
async fn diff(
    engine: web::Data<Engine>,
    asked: ValidatedParams<DiffParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let DiffParams {
            commits,
            scheme,
            page,
        } = &asked.params;
        let paging = asked.paging_at(page, commits.to_commit, &engine)?;
        let from = engine.view(commits.from_commit)?;
        let question = DiffQuestion {
            scheme: scheme.scheme,
            page: paging.page,
        };
        paging.answer(query::diff(&from, &paging.view, &question), |page| {
            &mut page.next
        })
    })
    .await
}
