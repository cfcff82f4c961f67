//! Imports: hand one in, see what became of it, undo it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, HeaderName, HeaderValue};
use actix_web::rt::time;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use futures_util::stream;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, answer};
use super::body::{self, IMPORT_MAX_BYTES};
use super::cursor::PageCursor;
use super::documentation::{ImportProblems, ImportsProblems, OneImportProblems, UndoProblems};
use super::format::REJECTS;
use super::negotiation::chosen;
use super::parameters::{PageParams, RejectForms, form_word};
use super::problem::{Problem, ProblemKind};
use super::query_params::ValidatedParams;
use super::routes::Routes;
use super::url;
use crate::engine::{
    self, Engine, EngineError, ImportOptions, ImportReport, ImportStatus, OnError, Progress,
    RejectReport,
};
use crate::export::{CsvWriter, ExportError};
use crate::ingest::{Input, InputFormat};
use crate::model::Id;
use crate::parameter::{NoParams, OneOf, parameters, word_values};

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
const RESPOND_ASYNC: &str = "respond-async";
/// How often the progress of an import is told.
const PROGRESS_EVERY: Duration = Duration::from_millis(200);
/// Imports that may wait or run on their own at a time.
const BACKGROUND_MAX: usize = 32;

word_values! {
    InputFormat: InputFormat::ALL, InputFormat::as_str;
    OnError: ON_ERRORS, on_error_word;
}

const ON_ERRORS: [OnError; 2] = [OnError::Reject, OnError::Skip];

const fn on_error_word(value: OnError) -> &'static str {
    match value {
        OnError::Reject => "reject",
        OnError::Skip => "skip",
    }
}

parameters! {
    /// What an import is asked.
    pub(super) struct ImportParams {
        /// The data set of records that do not name one.
        dataset: Id = "default",
        /// The format of the input. By default, it is determined from `Content-Type` or from the first bytes.
        format: Option<InputFormat>,
        /// What to do if records are rejected: write nothing, or write the valid records.
        on_error: OnError = "reject",
        /// Check everything, but do not write.
        dry_run: bool = "false",
    }
}

parameters! {
    /// What the list of imports is asked.
    pub(super) struct ImportsParams {
        page: PageParams,
    }
}

parameters! {
    /// What the rejects of an import are asked.
    pub(super) struct RejectsParams {
        /// The format of the answer. By default, the format that `Accept` prefers.
        format: Option<OneOf<RejectForms>>,
    }
}

/// Adds the imports.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(create_import).service(list_imports);
    config
        .service(get_import)
        .service(undo_import)
        .service(import_rejects)
        .service(import_progress);
}

/// Reports of imports.
#[derive(Debug, Serialize, ToSchema)]
struct ImportPage {
    /// The reports on this page, newest first, without their rejects.
    items: Vec<ImportReport>,
    /// The number of items on all pages.
    total: usize,
    /// Where the next page starts; `null` on the last one.
    next: Option<String>,
}

/// Rejects of an import.
#[derive(Debug, Serialize, ToSchema)]
struct RejectList {
    /// The rejects in the order of the input, at most the first 1,000.
    items: Vec<RejectReport>,
    /// The number of items on all pages.
    total: u64,
    /// Always `null`, because there is only one page.
    next: Option<String>,
}

/// Import records
///
/// The body is a JSON document, JSON Lines with one record per line, quadruples of a temporal knowledge
/// graph, or a file of ICEWS, GDELT, UCDP, ACLED, POLECAT, the Office of the Historian or `TimelineJS` as it was
/// published. The format is determined from the content. In formats that have no records of actors, unknown
/// actors are created. The body can be compressed with gzip or zstd, or be a zip or tar archive. An import is atomic:
/// it writes all records or none. With `on_error=skip`, it writes the valid records. Names of actors are
/// resolved as of the date of each record. Importing a file twice changes nothing. With `Prefer:
/// respond-async`, the answer is sent at once and the import continues in the background. `Content-Type` is
/// required even if `format` is given. Media types that any web page can send without a preflight request
/// (`text/plain`, forms, none) are refused.
#[utoipa::path(
    tag = "imports",
    params(
        ValidatedParams<ImportParams>,
        ("Prefer" = Option<String>, Header, description = "With `respond-async`, the service answers at once and imports in the background.", example = "respond-async"),
    ),
    request_body(
        description = "The records, at most 4 GiB.",
        content(
            (serde_json::Value = "application/json", example = json!({
                "dataset": "example",
                "actors": [{ "id": "wang-yi", "kind": "person", "name": "Wang Yi" }]
            })),
            (String = "text/tab-separated-values", example = json!("Japan\tMake a visit\tThailand\t2014-09-22\n")),
            (serde_json::Value = "application/x-ndjson", example = json!("{\"record\":\"actor\",\"id\":\"wang-yi\",\"kind\":\"person\",\"name\":\"Wang Yi\"}\n")),
        ),
    ),
    responses(
        (status = 200, description = "The import is finished. The body is its report.", body = ImportReport),
        (status = 202, description = "The import is waiting or running. The body is its report so far.", body = ImportReport,
            headers(
                ("Location" = String, description = "The path of the report."),
                ("Preference-Applied" = String, description = "`respond-async`"),
            )),
        ImportProblems,
    ),
)]
#[post("/imports")]
async fn create_import(
    engine: web::Data<Engine>,
    background: web::Data<BackgroundImports>,
    asked: ValidatedParams<ImportParams>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let options = options(&engine, &asked.params, &request)?;
    let input = body::import(&request, payload, IMPORT_MAX_BYTES).await?;
    let engine = engine.into_inner();
    // Of nothing, all can be said at once.
    if is_preferred(&request, RESPOND_ASYNC) && !input.is_empty() {
        let place = background.place().ok_or_else(|| {
            let detail =
                format!("{BACKGROUND_MAX} imports are waiting or running already: try again later");
            Problem::new(ProblemKind::Unavailable, detail)
        })?;
        let mut response = in_background(&engine, input, options, place)?.to(&request);
        let applied = HeaderValue::from_static(RESPOND_ASYNC);
        response.headers_mut().insert(PREFERENCE_APPLIED, applied);
        return Ok(response);
    }
    answer(&request, move || {
        let report = engine.import(input, options, Arc::default())?;
        match report.status {
            ImportStatus::Rejected => Err(Problem::rejected(&report)),
            ImportStatus::Running
            | ImportStatus::Committed
            | ImportStatus::Unchanged
            | ImportStatus::Checked
            | ImportStatus::Undone
            | ImportStatus::Failed => Answer::json(&report),
        }
    })
    .await
}

fn options(
    engine: &Engine,
    params: &ImportParams,
    request: &HttpRequest,
) -> Result<ImportOptions, Problem> {
    Ok(ImportOptions {
        id: engine.import_id(),
        dataset: engine::defaults(Some(params.dataset.clone())).dataset,
        format: body::import_format(request, params.format)?,
        on_error: params.on_error,
        dry_run: params.dry_run,
    })
}

/// Whether a preference (RFC 7240) is among those of the request.
fn is_preferred(request: &HttpRequest, preference: &str) -> bool {
    let values = request.headers().get_all(PREFER);
    let texts = values.filter_map(|value| value.to_str().ok());
    let mut each = texts.flat_map(|text| text.split(','));
    each.any(|one| {
        one.split(';')
            .next()
            .is_some_and(|p| p.trim().eq_ignore_ascii_case(preference))
    })
}

/// Imports that wait or run on their own.
#[derive(Debug, Default)]
pub(super) struct BackgroundImports(Arc<AtomicUsize>);

/// One of them; it counts as long as it lives.
struct ImportSlot(Arc<AtomicUsize>);

impl BackgroundImports {
    /// A place for one more, if there is one.
    fn place(&self) -> Option<ImportSlot> {
        let place = ImportSlot(Arc::clone(&self.0));
        // Relaxed: additions to one counter have one order by themselves, and nothing else goes by it.
        let before = self.0.fetch_add(1, Ordering::Relaxed);
        (before < BACKGROUND_MAX).then_some(place)
    }
}

impl Drop for ImportSlot {
    fn drop(&mut self) {
        // Relaxed: as in `BackgroundImports::place`.
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn in_background(
    engine: &Arc<Engine>,
    input: Input,
    options: ImportOptions,
    place: ImportSlot,
) -> Result<Answer, Problem> {
    let waiting = options.waiting();
    engine.announce(waiting.clone());
    let worker = Arc::clone(engine);
    let work = move || {
        // The engine keeps the report of a failed import, too.
        if let Err(error) = worker.import(input, options, Arc::<Progress>::default()) {
            tracing::error!("an import failed: {error}");
        }
        drop(place);
    };
    let thread = thread::Builder::new().name("chancery-import".into());
    if let Err(error) = thread.spawn(work) {
        engine.announce(waiting.failed(&error));
        return Err(Problem::new(ProblemKind::Unavailable, error.to_string()));
    }
    Ok(Answer::json(&waiting)?
        .status(StatusCode::ACCEPTED)
        .location(url::api_path(&format!("/imports/{}", waiting.id))))
}

/// The imports
///
/// Returns all committed imports and the most recent of the other imports, newest first.
#[utoipa::path(
    tag = "imports",
    params(ValidatedParams<ImportsParams>),
    responses((status = 200, description = "A page of reports.", body = ImportPage), ImportsProblems),
)]
#[get("/imports")]
async fn list_imports(
    engine: web::Data<Engine>,
    asked: ValidatedParams<ImportsParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let page = &asked.params.page;
        let limit = page.limit.0;
        let cursor = asked.cursor(page)?;
        let offset = cursor.map_or(0, |cursor| {
            usize::try_from(cursor.offset).unwrap_or(usize::MAX)
        });
        let total = engine.reports_count();
        let end = offset.saturating_add(limit);
        let mut items = engine.reports(end);
        items.drain(..offset.min(items.len()));
        for report in &mut items {
            report.rejects.clear();
        }
        let next = (end < total).then(|| {
            let cursor = PageCursor {
                commit: 0,
                offset: end as u64,
                fingerprint: asked.fingerprint(),
            };
            cursor.encode()
        });
        let link = next.as_deref().map(|cursor| asked.with_cursor(cursor));
        Ok(Answer::json(&ImportPage { items, total, next })?.next(link))
    })
    .await
}

/// The report of an import
#[utoipa::path(
    tag = "imports",
    params(("id" = String, Path, description = "Its id.", min_length = 1)),
    responses((status = 200, description = "Its report.", body = ImportReport), OneImportProblems),
)]
#[get("/imports/{id}")]
async fn get_import(
    engine: web::Data<Engine>,
    id: web::Path<String>,
    _asked: ValidatedParams<NoParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || Answer::json(&report(&engine, &id)?)).await
}

/// Undo an import
///
/// Writes a new commit that restores the records of the import to their state before it. Records that were
/// changed after the import are not restored; they are counted as `kept`. The request is refused while other
/// records refer to a record that would be removed.
#[utoipa::path(
    tag = "imports",
    params(("id" = String, Path, description = "Its id.", min_length = 1)),
    responses((status = 200, description = "The import is undone. The body is its report.", body = ImportReport), UndoProblems),
)]
#[delete("/imports/{id}")]
async fn undo_import(
    engine: web::Data<Engine>,
    id: web::Path<String>,
    _asked: ValidatedParams<NoParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || Answer::json(&engine.undo(&id)?)).await
}

/// The rejects of an import
///
/// Returns the rejects as JSON or CSV. Rejects are kept only in memory and are lost on a restart.
#[utoipa::path(
    tag = "imports",
    params(("id" = String, Path, description = "Its id.", min_length = 1), ValidatedParams<RejectsParams>),
    responses(
        (status = 200, description = "The rejects, in the order of the input.", content(
            (RejectList = "application/json"),
            (String = "text/csv"),
        )),
        OneImportProblems,
    ),
)]
#[get("/imports/{id}/rejects")]
async fn import_rejects(
    engine: web::Data<Engine>,
    id: web::Path<String>,
    asked: ValidatedParams<RejectsParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let form = chosen(form_word(asked.params.format), request.headers(), &REJECTS)?;
    answer(&request, move || {
        let is_csv = form.of;
        let report = report(&engine, &id)?;
        let answer = if is_csv {
            Answer::bytes(form.media_type, csv(&report.rejects)?)
        } else {
            Answer::json(&RejectList {
                total: report.problems,
                items: report.rejects,
                next: None,
            })?
        };
        Ok(answer.vary_by_accept())
    })
    .await
}

/// The progress of an import
///
/// Returns server-sent events. A `progress` event is sent at once and then several times per second while the
/// import is waiting or running. It contains the number of `bytes` read of the `total`, and the number of
/// `records` processed so far. A final `done` event contains the report; then the stream ends.
#[utoipa::path(
    tag = "imports",
    params(("id" = String, Path, description = "Its id.", min_length = 1)),
    responses(
        (status = 200, description = "The events.", body = serde_json::Value, content_type = "text/event-stream",
            example = "event: progress\ndata: {\"bytes\":1048576,\"total\":4194304,\"records\":5120}\n\n"),
        OneImportProblems,
    ),
)]
#[get("/imports/{id}/progress")]
async fn import_progress(
    engine: web::Data<Engine>,
    id: web::Path<String>,
    _asked: ValidatedParams<NoParams>,
) -> Result<HttpResponse, Problem> {
    report(&engine, &id)?;
    let engine = engine.into_inner();
    let id = id.into_inner();
    // The first is told at once, each other one after a while, none after the last.
    let start = Some(Duration::ZERO);
    let events = stream::unfold((engine, id, start), async |(engine, id, wait)| {
        time::sleep(wait?).await;
        let report = engine.report(&id)?;
        let (event, wait) = if report.status == ImportStatus::Running {
            let progress = engine.progress(&id);
            // It may have just come to its end, or not begun: then there is nothing to tell.
            let told = progress.map(|progress| event("progress", &progress));
            (told.transpose(), Some(PROGRESS_EVERY))
        } else {
            (event("done", &report).map(Some), None)
        };
        Some((event.map(Option::unwrap_or_default), (engine, id, wait)))
    });
    // Compression would hold events back until there are many.
    let headers = [(CACHE_CONTROL, "no-store"), (CONTENT_ENCODING, "identity")];
    let mut response = HttpResponse::Ok();
    for header in headers {
        response.insert_header(header);
    }
    Ok(response.content_type("text/event-stream").streaming(events))
}

/// A server-sent event. One that can't be written ends the stream, and is logged.
fn event(name: &str, data: &impl Serialize) -> Result<Bytes, Problem> {
    let data = serde_json::to_string(data)
        .map_err(|error| Problem::new(ProblemKind::Internal, error.to_string()))?;
    Ok(format!("event: {name}\ndata: {data}\n\n").into())
}

fn report(engine: &Engine, id: &str) -> Result<ImportReport, Problem> {
    let report = engine.report(id);
    report.ok_or_else(|| EngineError::NoImport(id.to_owned()).into())
}

/// Rejects as CSV (RFC 4180), with the members' names in the first line.
fn csv(rejects: &[RejectReport]) -> Result<Vec<u8>, ExportError> {
    let mut out = Vec::new();
    let mut rows = CsvWriter::for_file(&mut out);
    rows.write_row([
        "line",
        "column",
        "record",
        "id",
        "field",
        "value",
        "problem",
        "suggestion",
        "member",
    ])?;
    for reject in rejects {
        rows.write_row([
            reject.line.to_string().as_str(),
            &reject.column.to_string(),
            reject.record.as_deref().unwrap_or_default(),
            reject.id.as_deref().unwrap_or_default(),
            &reject.field,
            reject.value.as_deref().unwrap_or_default(),
            &reject.problem,
            reject.suggestion.as_deref().unwrap_or_default(),
            reject.member.as_deref().unwrap_or_default(),
        ])?;
    }
    rows.flush()?;
    drop(rows);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_imports_wait_and_no_more() {
        let background = BackgroundImports::default();
        let places: Vec<ImportSlot> = std::iter::from_fn(|| background.place()).collect();
        assert_eq!(places.len(), BACKGROUND_MAX);
        drop(places);
        assert!(background.place().is_some());
    }
}
