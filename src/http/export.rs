//! The export: every record, as a stream of JSON Lines.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, web};
use futures_util::stream;
use utoipa_actix_web::service_config::ServiceConfig;

use super::answer::{etag, off_thread};
use super::asked::Asked;
use super::condition;
use super::documentation::ExportProblems;
use super::parameters::ExportParameters;
use super::problem::Problem;
use crate::engine::Engine;
use crate::export::JsonLines;
use crate::graph::View;

/// Bytes that are sent at once, and a line more.
const PIECE_BYTES: usize = 64 * 1024;

/// Adds the export.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(export);
}

/// Everything, as JSON Lines
///
/// Every current record, one a line, in the form that imports take: sources, actors, relations,
/// events, statements, and within a kind by id. A complete backup in neutral form.
#[utoipa::path(
    tag = "imports",
    params(ExportParameters),
    responses(
        (status = 200, description = "The records, one a line.", body = String, content_type = "application/x-ndjson"),
        ExportProblems,
    ),
)]
#[get("/export")]
async fn export(
    engine: web::Data<Engine>,
    asked: Asked<ExportParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let view = off_thread(move || asked.view(&engine)).await?;
    let etag = etag(&name_of(&view));
    if condition::is_known(request.headers(), &etag) {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, etag))
            .finish());
    }
    let pieces = stream::try_unfold(JsonLines::new(view), |lines| {
        off_thread(move || Ok(piece(lines)?))
    });
    Ok(HttpResponse::Ok()
        .insert_header((ETAG, etag))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((CONTENT_TYPE, "application/x-ndjson"))
        .insert_header((
            CONTENT_DISPOSITION,
            "attachment; filename=\"chancery.jsonl\"",
        ))
        .streaming(pieces))
}

/// The export depends on nothing but the commit, so its hash need not be known before it is sent.
fn name_of(view: &View) -> Vec<u8> {
    let mark = view.mark();
    let (commit, at) = mark.map_or((0, 0), |mark| (mark.commit, mark.recorded_at));
    format!("export {commit} {at}").into_bytes()
}

/// The next lines, and what is left; `None` at the end.
fn piece(mut lines: JsonLines) -> Result<Option<(Bytes, JsonLines)>, crate::export::ExportError> {
    let mut piece = Vec::with_capacity(PIECE_BYTES);
    while piece.len() < PIECE_BYTES {
        let Some(line) = lines.next() else { break };
        piece.extend(line?.bytes());
        piece.push(b'\n');
    }
    Ok((!piece.is_empty()).then(|| (piece.into(), lines)))
}
