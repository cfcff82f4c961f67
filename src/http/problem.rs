//! Problems: every answer that is an error, as RFC 9457 describes. The only place that knows which
//! error has which status.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::document::ReadError;
use crate::engine::{Blocker, EngineError, ImportReport};
use crate::export::ExportError;
use crate::graph::{NameCandidate, NameError};
use crate::ingest::IngestError;
use crate::invariant::BrokenInvariant;
use crate::model;

/// The media type of problems.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";
/// Seconds after which a refused write may be tried again, when the service is not available.
const RETRY_AFTER_SECONDS: u16 = 30;
/// Characters of a value that a problem repeats.
const VALUE_SHOWN_CHARS: usize = 200;

/// The table of problems: kind, status, title.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $kind:literal, $status:ident, $title:literal;)+) => {
        /// What kind of problem it is. Kinds are stable: clients may rely on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ProblemKind { $($(#[$doc])* $variant,)+ }

        impl ProblemKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word for the kind in answers and in the documentation.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $kind,)+ }
            }

            /// The status that it is answered with.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)+ }
            }

            /// What it says in a few words, the same every time.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }
        }
    };
}

/// Kinds whose code, the word of version 0.1, is another word. All other codes are the kind with hyphens.
const RENAMED: [(ProblemKind, &str); 3] = [
    (ProblemKind::IdMismatch, "other-id"),
    (ProblemKind::StillReferenced, "named"),
    (ProblemKind::UnresolvedReference, "unresolved"),
];

impl ProblemKind {
    /// The word of version 0.1 for the kind, sent as `code` until version 0.3.
    fn legacy_code(self) -> String {
        match RENAMED.iter().find(|(kind, _)| *kind == self) {
            Some((_, code)) => (*code).to_owned(),
            None => self.as_str().replace('_', "-"),
        }
    }

    /// The kind that a code of version 0.1 stands for; `None` for any other text.
    pub(super) fn from_legacy_code(code: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|kind| kind.legacy_code() == code)
    }
}

kinds! {
    /// The request is no HTTP that can be understood.
    BadRequest = "bad_request", BAD_REQUEST, "The request cannot be understood";
    /// The query string is not well encoded.
    BadQuery = "bad_query", BAD_REQUEST, "The query string is not well encoded";
    /// A query parameter that the resource does not know.
    UnknownParameter = "unknown_parameter", BAD_REQUEST, "Unknown parameter";
    /// A parameter is given more often than it may be.
    RepeatedParameter = "repeated_parameter", BAD_REQUEST, "The parameter is given too often";
    /// A parameter that is needed is not given.
    MissingParameter = "missing_parameter", BAD_REQUEST, "A required parameter is missing";
    /// A parameter's value can't be used.
    BadParameter = "bad_parameter", BAD_REQUEST, "Invalid parameter value";
    /// The cursor is none of this query's.
    BadCursor = "bad_cursor", BAD_REQUEST, "The cursor does not belong to this query";
    /// A file would hold more records than its format takes.
    AnswerTooLarge = "answer_too_large", BAD_REQUEST, "The file would hold too many records";
    /// A name in a question means several actors.
    AmbiguousActor = "ambiguous_actor", BAD_REQUEST, "The name means several actors";
    /// A header's value can't be used.
    BadHeader = "bad_header", BAD_REQUEST, "Invalid header value";
    /// The body is no JSON.
    BadJson = "bad_json", BAD_REQUEST, "The body is not valid JSON";
    /// The id in the body is another than that of the path.
    IdMismatch = "id_mismatch", BAD_REQUEST, "The id in the body differs from the id in the path";
    /// A page of another origin would write.
    CrossOriginWrite = "cross_origin_write", FORBIDDEN, "Pages of other origins may not write";
    /// There is nothing at this path.
    NotFound = "not_found", NOT_FOUND, "Nothing exists at this path";
    /// There is no such record.
    NoSuchRecord = "no_such_record", NOT_FOUND, "No such record";
    /// There is no such import.
    NoSuchImport = "no_such_import", NOT_FOUND, "No such import";
    /// There is no such commit.
    NoSuchCommit = "no_such_commit", NOT_FOUND, "No such commit";
    /// A name in a question means nobody.
    UnknownActor = "unknown_actor", NOT_FOUND, "The name means no actor";
    /// The path has no such method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "Method not allowed";
    /// No acceptable form can be given.
    NotAcceptable = "not_acceptable", NOT_ACCEPTABLE, "No acceptable representation";
    /// There is such a record, with other content.
    Exists = "exists", CONFLICT, "A record with this id exists, with other content";
    /// Other records name what would go.
    StillReferenced = "still_referenced", CONFLICT, "Other records still refer to this one";
    /// The actor has been merged into another.
    MergedActor = "merged_actor", CONFLICT, "The actor has been merged into another";
    /// Somebody has judged that the two are different.
    JudgedDifferent = "judged_different", CONFLICT, "The two actors have been judged to be different";
    /// The import can't be undone.
    NotUndoable = "not_undoable", CONFLICT, "The import cannot be undone";
    /// The record is not as the request demands.
    PreconditionFailed = "precondition_failed", PRECONDITION_FAILED, "Precondition failed";
    /// The body is larger than the resource takes.
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE, "The body is too large";
    /// The URI is longer than the service takes.
    UriTooLong = "uri_too_long", URI_TOO_LONG, "The URI is too long";
    /// The body's media type or encoding is not understood.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "Unsupported media type";
    /// The request was meant for another host.
    MisdirectedRequest = "misdirected_request", MISDIRECTED_REQUEST, "The service does not answer under this host name";
    /// The values in the body make no record.
    InvalidRecord = "invalid_record", UNPROCESSABLE_ENTITY, "The body is not a valid record";
    /// The record names what is not there.
    UnresolvedReference = "unresolved_reference", UNPROCESSABLE_ENTITY, "The record refers to something that does not exist";
    /// The import has rejects, so nothing was written.
    ImportRejected = "import_rejected", UNPROCESSABLE_ENTITY, "The import was rejected; nothing was written";
    /// The service failed.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Internal error";
    /// The service can't do it now.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "The service is unavailable";
}

/// An error in the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct FieldProblem {
    /// The field, as a path in the record; empty for the record as a whole.
    #[schema(example = "participants[1].actor")]
    pub field: String,
    /// The invalid value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is wrong with it.
    pub problem: String,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// The line in the body, from 1, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in bytes, from 1, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
}

/// An actor that a name may refer to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct CandidateActor {
    /// Its id.
    pub id: String,
    /// The name under which it is shown.
    pub name: String,
}

/// A record that refers to another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ReferencingRecord {
    /// Its kind.
    #[schema(example = "event")]
    pub record: String,
    /// Its id.
    pub id: String,
}

/// The members of a problem (RFC 9457). Members without a value are absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemMembers {
    /// The path of the description of this kind of problem.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference", example = "/problems/unknown_parameter")]
    pub type_uri: String,
    /// A short description of the kind of problem.
    pub title: String,
    /// The HTTP status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is wrong in this case, and what to do.
    pub detail: String,
    /// The kind of problem. Kinds are stable.
    #[schema(example = "unknown_parameter")]
    pub kind: &'static str,
    /// The name of the kind in version 0.1. Use `kind` instead; this member will be removed in version 0.3.
    #[schema(example = "unknown-parameter", deprecated)]
    pub code: String,
    /// The invalid parameter or header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// The invalid value, truncated if it is long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// The valid parameters, values or methods.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<String>,
    /// The actors that the name may refer to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<CandidateActor>,
    /// The errors in the body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// The number of records that refer to the record to be deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// The first of the records that refer to the record to be deleted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub referenced_by: Vec<ReferencingRecord>,
    /// The same as `referenced_by`. Use `referenced_by` instead; this member will be removed in version 0.3.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(deprecated)]
    pub named_by: Vec<ReferencingRecord>,
    /// The report of a rejected import, its status called `import_status`.
    #[serde(flatten)]
    #[schema(ignore)]
    pub report: Map<String, Value>,
}

/// An answer that is an error.
#[derive(Debug)]
pub(super) struct Problem {
    kind: ProblemKind,
    members: Box<ProblemMembers>,
    /// The methods that a path has, for the header `Allow`.
    allow: Option<String>,
}

impl Problem {
    /// A problem with what is wrong in this case.
    pub(super) fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        let members = ProblemMembers {
            type_uri: format!("/problems/{}", kind.as_str()),
            title: kind.title().to_owned(),
            status: kind.status().as_u16(),
            detail: detail.into(),
            kind: kind.as_str(),
            code: kind.legacy_code(),
            ..ProblemMembers::default()
        };
        Self {
            kind,
            members: Box::new(members),
            allow: None,
        }
    }

    /// A value of a parameter (or of a header) that can't be used.
    pub(super) fn parameter(name: &str, value: &str, problem: &str) -> Self {
        Self::of_parameter(ProblemKind::BadParameter, name, value, problem)
    }

    /// A problem of `kind` with a parameter's value.
    pub(super) fn of_parameter(kind: ProblemKind, name: &str, value: &str, problem: &str) -> Self {
        let detail = if problem.contains(name) {
            problem.to_owned()
        } else {
            format!("{name}: {problem}")
        };
        Self::new(kind, detail).at(name).value(value)
    }

    /// Names the parameter or header at fault.
    pub(super) fn at(mut self, parameter: &str) -> Self {
        self.members.parameter = Some(parameter.to_owned());
        self
    }

    pub(super) fn value(mut self, value: &str) -> Self {
        self.members.value = Some(value.chars().take(VALUE_SHOWN_CHARS).collect());
        self
    }

    pub(super) fn suggest(mut self, suggestion: Option<String>) -> Self {
        if let Some(suggestion) = &suggestion
            && !self.members.detail.contains(suggestion.as_str())
        {
            let detail = &mut self.members.detail;
            detail.push_str("; did you mean ");
            detail.push_str(suggestion);
            detail.push('?');
        }
        self.members.suggestion = suggestion;
        self
    }

    pub(super) fn known(mut self, known: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.members.known = known.into_iter().map(Into::into).collect();
        self
    }

    pub(super) fn allow(mut self, methods: &[String]) -> Self {
        self.allow = Some(methods.join(", "));
        self.known(methods)
    }

    fn candidates(mut self, candidates: Vec<NameCandidate>) -> Self {
        let each = candidates.into_iter();
        self.members.candidates = each
            .map(|NameCandidate { id, name }| CandidateActor { id, name })
            .collect();
        self
    }

    fn errors(kind: ProblemKind, errors: Vec<FieldProblem>) -> Self {
        let detail = match errors.as_slice() {
            [] => kind.title().to_owned(),
            [error] => error.to_string(),
            [first, others @ ..] => format!("{first}; and {} more", others.len()),
        };
        let mut problem = Self::new(kind, detail);
        problem.members.errors = errors;
        problem
    }

    /// What is wrong with the values of a record.
    pub(super) fn invalid_record(problems: Vec<model::RecordProblem>) -> Self {
        Self::errors(
            ProblemKind::InvalidRecord,
            problems.into_iter().map(FieldProblem::from).collect(),
        )
    }

    /// A rejected import: the problem carries the members of its report.
    pub(super) fn rejected(report: &ImportReport) -> Self {
        let first = report.rejects.first().map(|reject| {
            let field = if reject.field.is_empty() { "" } else { ": " };
            format!(
                "; the first, in line {} column {}: {}{field}{}",
                reject.line, reject.column, reject.field, reject.problem
            )
        });
        let detail = format!(
            "{} problems were found, so nothing was written{}",
            report.problems,
            first.unwrap_or_default()
        );
        let mut problem = Self::new(ProblemKind::ImportRejected, detail);
        // A report is an object of text, numbers and lists, which can always be written.
        if let Ok(Value::Object(mut members)) = serde_json::to_value(report) {
            // A problem's status is a number (RFC 9457, section 3.1.2).
            if let Some(status) = members.remove("status") {
                members.insert("import_status".into(), status);
            }
            problem.members.report = members;
        }
        problem
    }

    /// A problem of a status that something below us has answered with.
    pub(super) fn of_status(status: StatusCode, detail: &str) -> Self {
        let kind = match status.as_u16() {
            404 => ProblemKind::NotFound,
            405 => ProblemKind::MethodNotAllowed,
            406 => ProblemKind::NotAcceptable,
            412 => ProblemKind::PreconditionFailed,
            413 => ProblemKind::BodyTooLarge,
            414 => ProblemKind::UriTooLong,
            415 => ProblemKind::UnsupportedMediaType,
            400..=499 => ProblemKind::BadRequest,
            503 => ProblemKind::Unavailable,
            _ => ProblemKind::Internal,
        };
        let detail = if detail.is_empty() {
            kind.title()
        } else {
            detail
        };
        Self::new(kind, detail)
    }

    /// What kind of problem it is.
    #[cfg(test)]
    pub(super) fn kind(&self) -> ProblemKind {
        self.kind
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.members.kind, self.members.detail)
    }
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.problem)
    }
}

impl From<model::RecordProblem> for FieldProblem {
    fn from(problem: model::RecordProblem) -> Self {
        Self {
            field: problem.field,
            value: problem.value,
            problem: problem.problem,
            suggestion: problem.suggestion,
            line: None,
            column: None,
        }
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.kind.status()
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.kind.status();
        if status.is_server_error() {
            tracing::error!(kind = self.kind.as_str(), "{}", self.members.detail);
        }
        let mut response = HttpResponse::build(status);
        if let Some(allow) = &self.allow {
            response.insert_header((ALLOW, allow.as_str()));
        }
        if self.kind == ProblemKind::Unavailable {
            response.insert_header((RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS)));
        }
        // Text, numbers and lists can always be written.
        let body = serde_json::to_vec(&self.members).unwrap_or_default();
        response
            .insert_header((CONTENT_TYPE, MEDIA_TYPE))
            .body(body)
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        let text = error.to_string();
        match error {
            EngineError::Invalid { problems } => Self::errors(
                ProblemKind::UnresolvedReference,
                problems.into_iter().map(FieldProblem::from).collect(),
            ),
            EngineError::NotFound { id, nearest, .. } => Self::new(ProblemKind::NoSuchRecord, text)
                .value(&id)
                .suggest(nearest),
            EngineError::Exists { id, .. } => {
                Self::new(ProblemKind::Exists, text).value(id.as_str())
            }
            EngineError::Named { count, first } => {
                let mut problem = Self::new(ProblemKind::StillReferenced, text);
                problem.members.count = Some(count);
                let each = first.into_iter();
                problem.members.referenced_by = each
                    .map(|Blocker { kind, id }| ReferencingRecord {
                        record: kind.to_string(),
                        id,
                    })
                    .collect();
                let referencing = problem.members.referenced_by.clone();
                problem.members.named_by = referencing;
                problem
            }
            EngineError::Merged { survivor, .. } => {
                Self::new(ProblemKind::MergedActor, text).suggest(Some(survivor))
            }
            EngineError::Changed => Self::new(ProblemKind::PreconditionFailed, text),
            EngineError::NoCommit { number, .. } => Self::new(ProblemKind::NoSuchCommit, text)
                .at("known_at")
                .value(&number.to_string()),
            EngineError::NoImport(import) => {
                Self::new(ProblemKind::NoSuchImport, text).value(&import)
            }
            EngineError::NotUndoable { .. } => Self::new(ProblemKind::NotUndoable, text),
            EngineError::Full
            | EngineError::Unwritten(_)
            | EngineError::Poisoned(_)
            | EngineError::BrokenState(_) => Self::new(ProblemKind::Unavailable, text),
            EngineError::Journal(error) if error.is_too_large() => {
                Self::new(ProblemKind::BodyTooLarge, text)
            }
            EngineError::Journal(error) if error.is_of_disk() => {
                Self::new(ProblemKind::Unavailable, text)
            }
            EngineError::Panicked(_)
            | EngineError::Broken(_)
            | EngineError::Thread(_)
            | EngineError::Damaged { .. }
            | EngineError::Codec(_)
            | EngineError::Journal(_) => Self::new(ProblemKind::Internal, text),
            EngineError::Ingest(error) => error.into(),
        }
    }
}

/// The body has been put by on our own disk, so it is that which failed.
impl From<IngestError> for Problem {
    fn from(error: IngestError) -> Self {
        Self::new(ProblemKind::Unavailable, error.to_string())
    }
}

impl From<BrokenInvariant> for Problem {
    fn from(report: BrokenInvariant) -> Self {
        Self::new(ProblemKind::Internal, report.to_string())
    }
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        Self::new(ProblemKind::Internal, error.to_string())
    }
}

impl Problem {
    /// A name in a question that means nobody, or nobody in particular.
    pub(super) fn name(parameter: &str, error: NameError) -> Self {
        let text = error.to_string();
        let suggestion = error.suggestion();
        let (kind, name, candidates) = match error {
            NameError::Unknown { name, nearest } => (ProblemKind::UnknownActor, name, nearest),
            NameError::OtherDays { name, candidates } => {
                (ProblemKind::UnknownActor, name, candidates)
            }
            NameError::Ambiguous { name, candidates } => {
                (ProblemKind::AmbiguousActor, name, candidates)
            }
        };
        Self::of_parameter(kind, parameter, &name, &text)
            .suggest(suggestion)
            .candidates(candidates)
    }

    /// A body that is no record: no JSON at all, or JSON of another shape or with other values.
    pub(super) fn unread(error: ReadError, is_json: bool) -> Self {
        match error {
            ReadError::Shape {
                problem,
                line,
                column,
            } => {
                let kind = if is_json {
                    ProblemKind::InvalidRecord
                } else {
                    ProblemKind::BadJson
                };
                let known = |place: usize| (place > 0).then_some(place);
                let error = FieldProblem {
                    line: known(line),
                    column: known(column),
                    ..problem.into()
                };
                Self::errors(kind, vec![error])
            }
            ReadError::Values(problems) => Self::invalid_record(problems),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Id, Kind};

    #[test]
    fn only_the_disk_and_defects_are_the_services_fault() {
        let id = Id::parse("a").unwrap();
        let kind = Kind::Actor;
        let not_found = EngineError::NotFound {
            kind,
            id: "a".into(),
            nearest: None,
        };
        let cases = [
            (
                EngineError::Invalid { problems: vec![] },
                ProblemKind::UnresolvedReference,
            ),
            (not_found, ProblemKind::NoSuchRecord),
            (EngineError::Exists { kind, id }, ProblemKind::Exists),
            (EngineError::Changed, ProblemKind::PreconditionFailed),
            (
                EngineError::NoCommit { number: 9, last: 1 },
                ProblemKind::NoSuchCommit,
            ),
            (EngineError::NoImport("a".into()), ProblemKind::NoSuchImport),
            (EngineError::Full, ProblemKind::Unavailable),
            (
                EngineError::Unwritten("full".into()),
                ProblemKind::Unavailable,
            ),
            (EngineError::Poisoned("a thread"), ProblemKind::Unavailable),
            (EngineError::Panicked("a thread"), ProblemKind::Internal),
            (EngineError::Broken("1 is 2".into()), ProblemKind::Internal),
            (EngineError::Thread("no".into()), ProblemKind::Internal),
        ];
        for (error, expected) in cases {
            let text = error.to_string();
            let problem = Problem::from(error);
            assert_eq!(problem.kind(), expected, "{text}");
            let response = problem.error_response();
            assert_eq!(response.status(), expected.status());
            let retry = response.headers().contains_key(RETRY_AFTER);
            assert_eq!(retry, expected == ProblemKind::Unavailable);
        }
    }

    #[test]
    fn kinds_are_told_apart_are_errors_and_keep_their_codes() {
        let mut words: Vec<&str> = ProblemKind::ALL.iter().map(|kind| kind.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), ProblemKind::ALL.len());
        for kind in ProblemKind::ALL {
            assert!(kind.status().as_u16() >= 400);
            assert_eq!(
                ProblemKind::from_legacy_code(&kind.legacy_code()),
                Some(*kind)
            );
        }
        assert_eq!(
            ProblemKind::from_legacy_code("other-id"),
            Some(ProblemKind::IdMismatch)
        );
        assert_eq!(
            ProblemKind::from_legacy_code("bad-cursor"),
            Some(ProblemKind::BadCursor)
        );
        assert_eq!(ProblemKind::from_legacy_code("id-mismatch"), None);
    }
}
