//! Answers that are files of records, sent piece by piece.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderName, VARY,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;

use super::answer::{KNOWN_AT, OMITTED, etag, off_thread, omitted};
use super::parameters::PageParams;
use super::preconditions::IfNoneMatch;
use super::problem::Problem;
use super::query_params::QueryParams;
use super::questions::MarksParams;
use crate::export::ExportStream;
use crate::graph::View;

/// The records in it.
static RECORDS: HeaderName = HeaderName::from_static("chancery-records");

/// A file that has been worked out as far as its first piece.
pub(super) struct FileResponse {
    pub(super) stream: ExportStream,
    pub(super) media_type: &'static str,
    pub(super) name: &'static str,
    /// What it depends on beside the commit: the same text means the same bytes.
    pub(super) about: String,
    /// The commit, and when it was.
    pub(super) mark: (u64, i64),
    pub(super) records: usize,
    /// The records left out, by reason.
    pub(super) omitted: Vec<(&'static str, usize)>,
}

impl FileResponse {
    /// The commit of a view, and when it was.
    pub(super) fn mark(view: &View) -> (u64, i64) {
        let mark = view.mark();
        mark.map_or((0, 0), |mark| (mark.commit, mark.recorded_at))
    }

    /// The response: 304 when the client has it already.
    pub(super) fn send(self, request: &HttpRequest) -> HttpResponse {
        // The file depends on nothing but the commit and the question, so its hash need not be known
        // before it is sent.
        let (commit, at) = self.mark;
        let version = env!("CARGO_PKG_VERSION");
        let name = format!("{version} {commit} {at} {} {}", self.media_type, self.about);
        let etag = etag(name.as_bytes());
        let unchanged = IfNoneMatch::from_headers(request.headers()).has(&etag);
        let mut response = if unchanged {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        response
            .insert_header((ETAG, etag))
            .insert_header((CACHE_CONTROL, "no-cache"))
            .insert_header((VARY, "Accept"))
            .insert_header((KNOWN_AT.clone(), commit.to_string()))
            .insert_header((RECORDS.clone(), self.records.to_string()));
        if let Some(omitted) = omitted(&self.omitted) {
            response.insert_header((OMITTED.clone(), omitted));
        }
        if unchanged {
            return response.finish();
        }
        let attachment = format!("attachment; filename=\"{}\"", self.name);
        response
            .insert_header((CONTENT_TYPE, self.media_type))
            .insert_header((CONTENT_DISPOSITION, attachment))
            .streaming(stream::try_unfold(self.stream, |mut stream| {
                off_thread(move || Ok(stream.piece()?.map(|piece| (Bytes::from(piece), stream))))
            }))
    }
}

/// A problem when a parameter of pages or of marks is given: a file has none.
pub(super) fn refuse_pages(query: &QueryParams) -> Result<(), Problem> {
    let problem = "a file contains the whole timeline: leave it out";
    query.refuse::<PageParams>(problem)?;
    query.refuse::<MarksParams>(problem)
}
