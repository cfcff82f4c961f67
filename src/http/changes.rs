//! What the record learns: commits in pages or as they come, and the difference of two.

use actix_web::http::header::ACCEPT;
use actix_web::{HttpRequest, HttpResponse, get, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::answer::{Answer, answer, off_thread};
use super::asked::Asked;
use super::documentation::{ChangesProblems, DiffProblems};
use super::feed::{self, Entry, Feeds};
use super::parameters::{ChangesParameters, DiffParameters};
use super::problem::{Code, Problem};
use crate::engine::{Cause, Engine, KnownAt};
use crate::query::answer::{ChangesPage, CommitAnswer, DiffPage};
use crate::query::{self, ChangesQuestion, DiffQuestion, Page};

/// Commits that are handed to a feed at a time.
const BATCH: usize = 100;
/// The header in which a client that comes back names the last commit that it got.
const LAST_EVENT_ID: &str = "Last-Event-ID";

/// Adds the questions.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(changes).service(diff);
}

/// What the record learned, commit by commit
///
/// The commits after `since`. With `Accept: text/event-stream` they come as server-sent events, each
/// with its number as `id`, and further ones as they are made; `Last-Event-ID` goes on where a feed
/// broke off.
#[utoipa::path(
    tag = "questions",
    params(
        ChangesParameters,
        ("Last-Event-ID" = Option<u64>, Header, description = "Only for a feed: the last commit that the client got; takes the place of `since`."),
    ),
    responses(
        (status = 200, description = "A page of commits, or a feed of them.", content(
            (ChangesPage = "application/json"),
            (String = "text/event-stream", example = "id: 7\ndata: {\"commit\":7,\"at\":\"2023-06-17T12:00:00Z\",\"kind\":\"write\",\"counts\":{\"created\":1,\"changed\":0,\"deleted\":0},\"records\":[{\"record\":\"event\",\"id\":\"a-call\",\"change\":\"created\"}],\"more\":0}\n\n"),
        )),
        ChangesProblems,
    ),
)]
#[get("/changes")]
async fn changes(
    engine: web::Data<Engine>,
    asked: Asked<ChangesParameters>,
    feeds: web::Data<Feeds>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let last = last_event(&request)?;
    if wants_feed(&request) {
        return follow(engine, &asked, &feeds, last);
    }
    answer(&request, move || {
        let paging = asked.paging(&engine)?;
        let question = ChangesQuestion {
            since: asked.commit("since")?.unwrap_or_default(),
            page: paging.page,
        };
        let (mut page, next) = query::changes(&paging.view, &question);
        page.items
            .iter_mut()
            .try_for_each(|item| explain(&engine, item))?;
        let (cursor, link) = paging.next(next).unzip();
        page.next = cursor;
        Ok(Answer::json(&page)?.next(link).vary_by_accept())
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
        let detail = format!("{LAST_EVENT_ID} is the number of a commit");
        Problem::new(Code::BadHeader, detail)
            .at(LAST_EVENT_ID)
            .value(text)
    })
}

/// Says what a commit was.
fn explain(engine: &Engine, item: &mut CommitAnswer) -> Result<(), Problem> {
    (item.kind, item.import) = match engine.cause(item.commit)? {
        Cause::Write => ("write", None),
        Cause::Import(report) => ("import", Some(report.id)),
        Cause::Undo(import) => ("undo", Some(import)),
    };
    Ok(())
}

/// Follows the commits as they are made.
fn follow(
    engine: web::Data<Engine>,
    asked: &Asked<ChangesParameters>,
    feeds: &Feeds,
    last: Option<u64>,
) -> Result<HttpResponse, Problem> {
    for name in ["known_at", "limit", "cursor"] {
        if let Some(value) = asked.one(name) {
            let problem = "is of a page; a feed goes on as commits are made: leave it out";
            return Err(Problem::parameter(name, value, problem));
        }
    }
    let since = match last {
        Some(last) => Some(last),
        None => asked.commit("since")?,
    };
    let since = since.unwrap_or_default();
    let next = move |after: Option<u64>| {
        let engine = engine.clone();
        off_thread(move || entries(&engine, after.unwrap_or(since)))
    };
    feeds.answer(next)
}

/// The next commits after one.
fn entries(engine: &Engine, since: u64) -> Result<Vec<Entry>, Problem> {
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
        Entry::json(item.commit, &item)
    };
    page.items.into_iter().map(entry).collect()
}

/// What the record learned between two commits
///
/// The records that were created, changed or deleted between the two, as they were before and after;
/// what was changed and changed back is left out. With the later commit first, the way back.
#[utoipa::path(
    tag = "questions",
    params(DiffParameters),
    responses((status = 200, description = "A page of records that differ.", body = DiffPage<'static>), DiffProblems),
)]
#[get("/diff")]
async fn diff(
    engine: web::Data<Engine>,
    asked: Asked<DiffParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let paging = asked.paging_of("to_commit", &engine)?;
        let from = asked.view_of("from_commit", &engine)?;
        let question = DiffQuestion {
            scheme: asked.scheme()?,
            page: paging.page,
        };
        let (mut page, next) = query::diff(&from, &paging.view, &question);
        let (cursor, link) = paging.next(next).unzip();
        page.next = cursor;
        Ok(Answer::json(&page)?.next(link))
    })
    .await
}
