//! Timelines as files: tables, calendars, the input of timeline widgets.

use actix_web::{HttpRequest, HttpResponse, web};

use super::answer::off_thread;
use super::files::{FileResponse, refuse_pages};
use super::format::AnswerForm;
use super::problem::{Problem, ProblemKind};
use super::query_params::ValidatedParams;
use super::questions::AsksTimeline;
use crate::engine::Engine;
use crate::export::{ExportStream, TimelineFormat};
use crate::query::whole_timeline;

/// The timeline of a query, or of the actor that the path names, as a file of all its records.
///
/// # Errors
///
/// When a page is asked for, or there are more records than the format takes.
pub(super) async fn send<S: AsksTimeline>(
    engine: web::Data<Engine>,
    asked: ValidatedParams<S>,
    actor: Option<String>,
    (form, format): (AnswerForm<Option<TimelineFormat>>, TimelineFormat),
    request: &HttpRequest,
) -> Result<HttpResponse, Problem> {
    let file = off_thread(move || file(&engine, &asked, actor.as_deref(), form, format));
    Ok(file.await?.send(request))
}

fn file<S: AsksTimeline>(
    engine: &Engine,
    asked: &ValidatedParams<S>,
    actor: Option<&str>,
    form: AnswerForm<Option<TimelineFormat>>,
    format: TimelineFormat,
) -> Result<FileResponse, Problem> {
    refuse_pages(asked)?;
    let parts = asked.params.parts();
    let (view, scope) = (parts.at.view(engine)?, parts.scope);
    let selection = parts.selection(asked, actor, &view)?;
    let (mut rows, meta) = whole_timeline(&view, &selection, scope, parts.order);
    let undated = rows.iter().filter(|row| !view.is_dated(**row)).count();
    let all = rows.len();
    rows.retain(|row| format.shows(&view, *row));
    let shown = rows.len();
    format.holds(shown).map_err(|most| {
        let detail = format!(
            "there are {shown} records, and a file of this format has at most {most}: narrow the \
             window or add filters"
        );
        Problem::new(ProblemKind::AnswerTooLarge, detail).at("format")
    })?;
    let undated_here = if format.has_undated() { 0 } else { undated };
    let omitted = vec![
        ("undated", meta.undated_omitted + undated_here),
        ("before-year-0", all - shown - undated_here),
    ];
    let hex = |byte: &u8| format!("{byte:02x}");
    let question: Vec<String> = asked.fingerprint().iter().map(hex).collect();
    Ok(FileResponse {
        mark: FileResponse::mark(&view),
        stream: ExportStream::timeline(view, rows, format, scope.scheme),
        media_type: form.media_type,
        name: form.file.unwrap_or("timeline"),
        about: question.concat(),
        records: shown,
        omitted,
    })
}
