//! The export: every record, as a stream.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::answer::off_thread;
use super::documentation::ExportProblems;
use super::files::FileResponse;
use super::format::{EXPORTS, EXPORTS_OF_ONE};
use super::negotiation::chosen;
use super::parameters::{KnownAtParams, form_word};
use super::problem::Problem;
use super::query_params::ValidatedParams;
use super::routes::Routes;
use crate::engine::Engine;
use crate::export::ExportStream;
use crate::model::Kind;
use crate::parameter::{OneOf, WordList, parameters};

/// The forms of an export.
#[derive(Clone, Copy, Debug)]
pub(super) struct ExportForms;

impl WordList for ExportForms {
    fn words() -> Vec<&'static str> {
        EXPORTS.iter().map(|form| form.word).collect()
    }
}

parameters! {
    /// What an export is asked.
    pub(super) struct ExportParams {
        /// The format of the file. By default, the format that `Accept` prefers.
        format: Option<OneOf<ExportForms>>,
        /// Only records of this kind.
        record: Vec<Kind>,
        at: KnownAtParams,
    }
}

/// Adds the export.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(export);
}

/// Export of all records as a file
///
/// Returns every current record, in the order sources, actors, relations, events, statements,
/// judgements, and by id within a kind. With JSON Lines, merged actors and judgements are as they were written;
/// in all other formats a merged actor is shown as its survivor. JSON Lines can be imported again and are a complete backup in a neutral format. CSV and
/// Parquet have one table per kind of record: a single file if one kind is selected with `record`, otherwise
/// a zip archive. N-Quads and JSON-LD are RDF that uses schema.org, PROV-O and EDTF dates.
#[utoipa::path(
    tag = "imports",
    params(ValidatedParams<ExportParams>),
    responses(
        (status = 200, description = "The records.", content(
            (String = "application/x-ndjson"),
            (String = "text/csv"),
            (String = "application/vnd.apache.parquet"),
            (String = "application/zip"),
            (String = "application/n-quads"),
            (Object = "application/ld+json"),
        )),
        ExportProblems,
    ),
)]
#[get("/export")]
async fn export(
    engine: web::Data<Engine>,
    asked: ValidatedParams<ExportParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let kinds = kinds(&asked.params.record);
    let forms = if kinds.len() == 1 {
        &EXPORTS_OF_ONE
    } else {
        &EXPORTS
    };
    let form = chosen(form_word(asked.params.format), request.headers(), forms)?;
    let file = off_thread(move || {
        let view = asked.params.at.view(&engine)?;
        let mark = FileResponse::mark(&view);
        let about = kinds.iter().map(|kind| kind.as_str());
        let stream = ExportStream::records(view, &kinds, form.of);
        Ok(FileResponse {
            about: format!(
                "export {} {}",
                form.word,
                about.collect::<Vec<_>>().join(" ")
            ),
            records: stream.len(),
            stream,
            media_type: form.media_type,
            name: form.file.unwrap_or("chancery"),
            mark,
            omitted: Vec::new(),
        })
    });
    Ok(file.await?.send(&request))
}

/// The kinds of record asked for, in order; all, when none is.
fn kinds(wanted: &[Kind]) -> Vec<Kind> {
    let all = Kind::ALL.iter().copied();
    all.filter(|kind| wanted.is_empty() || wanted.contains(kind))
        .collect()
}
