//! The `OpenAPI` document: what the attributes of the handlers do not say.

use std::collections::BTreeMap;

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{self, Ref, RefOr, Required, Schema};
use utoipa::{IntoResponses, OpenApi, PartialSchema, ToSchema};

use super::problem::{
    CandidateActor, FieldProblem, MEDIA_TYPE, ProblemKind, ProblemMembers, ReferencingRecord,
};
use super::same_origin::ANY_HOST;
use crate::engine::{ImportReport, ImportStatus, KindCounts, RejectReport};

/// The head of the document.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Chancery",
        description = "A temporal knowledge graph of diplomatic events: actors, events and statements, with \
            queries for paths and timelines.\n\nLists and timelines are paginated: pass `next` of \
            a page as `cursor` to get the next page. Every read accepts `known_at`, which returns \
            the answer as of an earlier commit or instant. To give a parameter several values, \
            repeat it; values are never split at commas. Values of one parameter are combined with \
            OR, different parameters with AND. Errors are problems (RFC 9457) with a stable `kind`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "questions", description = "How actors are connected, and what happened when."),
        (name = "actors", description = "Who or what acts."),
        (name = "events", description = "Dated things that actors did."),
        (name = "statements", description = "Words of a speaker to an audience or about a target."),
        (name = "relations", description = "Lasting ties between two actors, with their periods."),
        (name = "reconciliation", description = "Matching tables with actors, as the Reconciliation API 0.2 describes."),
        (name = "sources", description = "The documents that records cite."),
        (name = "imports", description = "Import of many records, export of all records."),
        (name = "service", description = "The service itself."),
    ),
    components(schemas(ProblemMembers, FieldProblem, CandidateActor, ReferencingRecord, RejectedImport)),
)]
pub(super) struct HeadMethods;

/// The resource of an actor, which may have been merged.
const ACTOR: &str = "/api/v1/actors/{id}";

/// A list of `ETag`s, or `*`.
const ETAGS: &str = r#"^([*]|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$"#;

/// Problems that any request may meet.
const ANY: &[ProblemKind] = &[
    ProblemKind::BadRequest,
    ProblemKind::BadQuery,
    ProblemKind::UnknownParameter,
    ProblemKind::RepeatedParameter,
    ProblemKind::NotFound,
    ProblemKind::MethodNotAllowed,
    ProblemKind::NotAcceptable,
    ProblemKind::UriTooLong,
    ProblemKind::Internal,
    ProblemKind::Unavailable,
];

/// Declares the problems that a group of routes may answer with, beside those of every route.
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = [$($kind:ident),*];)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(super) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                responses(&[$(ProblemKind::$kind),*])
            }
        }
    )+};
}

problems! {
    /// Of what takes no parameters.
    PlainProblems = [];
    /// Of lists.
    ListProblems = [BadParameter, BadCursor, NoSuchCommit];
    /// Of one record.
    RecordProblems = [BadParameter, NoSuchRecord, NoSuchCommit];
    /// Of making a record.
    CreateProblems = [BadParameter, BadJson, Exists, MergedActor, BodyTooLarge, UnsupportedMediaType, InvalidRecord, UnresolvedReference];
    /// Of making or changing a record.
    ChangeProblems = [BadParameter, BadJson, BadHeader, IdMismatch, MergedActor, PreconditionFailed, BodyTooLarge, UnsupportedMediaType, InvalidRecord, UnresolvedReference];
    /// Of deleting a record.
    DeleteProblems = [BadParameter, BadHeader, NoSuchRecord, StillReferenced, MergedActor, PreconditionFailed];
    /// Of judging whether two actors are one.
    MergeProblems = [BadParameter, BadJson, IdMismatch, NoSuchRecord, UnknownActor, AmbiguousActor, Exists, MergedActor, JudgedDifferent, BodyTooLarge, UnsupportedMediaType, InvalidRecord, UnresolvedReference];
    /// Of reverting a merge.
    RevertProblems = [BadParameter, NoSuchRecord];
    /// Of paths.
    PathsProblems = [BadParameter, MissingParameter, UnknownActor, AmbiguousActor, NoSuchCommit];
    /// Of how far news travels.
    ReachProblems = [BadParameter, MissingParameter, BadCursor, UnknownActor, AmbiguousActor, NoSuchCommit];
    /// Of questions about actors.
    QuestionProblems = [BadParameter, UnknownActor, AmbiguousActor, NoSuchCommit];
    /// Of questions about actors that are answered in pages.
    PageProblems = [BadParameter, BadCursor, UnknownActor, AmbiguousActor, NoSuchCommit];
    /// Of timelines, which may be files.
    TimelineProblems = [BadParameter, BadCursor, UnknownActor, AmbiguousActor, NoSuchCommit, AnswerTooLarge];
    /// Of two windows compared.
    CompareProblems = [BadParameter, MissingParameter, UnknownActor, AmbiguousActor, NoSuchCommit];
    /// Of the changes.
    ChangesProblems = [BadParameter, BadHeader, BadCursor, NoSuchCommit];
    /// Of the difference of two commits.
    DiffProblems = [BadParameter, MissingParameter, BadCursor, NoSuchCommit];
    /// Of a search.
    SearchProblems = [BadParameter, MissingParameter, BadCursor, NoSuchCommit];
    /// Of what a name means.
    ResolveProblems = [BadParameter, MissingParameter, NoSuchCommit];
    /// Of reconciliation, asked by a query string.
    ReconcileProblems = [BadParameter, MissingParameter, NoSuchCommit];
    /// Of reconciliation, asked by a body.
    ReconcileBatchProblems = [BadParameter, MissingParameter, BadJson, BodyTooLarge, UnsupportedMediaType, NoSuchCommit];
    /// Of questions that name no actor.
    SummaryProblems = [BadParameter, NoSuchCommit];
    /// Of an import.
    ImportProblems = [BadParameter, BodyTooLarge, UnsupportedMediaType, ImportRejected];
    /// Of the list of imports.
    ImportsProblems = [BadParameter, BadCursor];
    /// Of one import.
    OneImportProblems = [BadParameter, NoSuchImport];
    /// Of undoing an import.
    UndoProblems = [NoSuchImport, NotUndoable, StillReferenced, UnresolvedReference];
    /// Of the export.
    ExportProblems = [BadParameter, NoSuchCommit];
}

fn responses(own: &[ProblemKind]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<String, Vec<ProblemKind>> = BTreeMap::new();
    for kind in ANY.iter().chain(own) {
        by_status
            .entry(kind.status().as_str().to_owned())
            .or_default()
            .push(*kind);
    }
    let each = by_status.into_iter();
    each.map(|(status, kinds)| (status, response(&kinds).into()))
        .collect()
}

/// The response of one status.
fn response(kinds: &[ProblemKind]) -> Response {
    let lines: Vec<String> = kinds
        .iter()
        .map(|kind| format!("`{}`: {}.", kind.as_str(), kind.title()))
        .collect();
    let schema = if kinds.contains(&ProblemKind::ImportRejected) {
        Ref::from_schema_name(RejectedImport::name())
    } else {
        Ref::from_schema_name(ProblemMembers::name())
    };
    ResponseBuilder::new()
        .description(lines.join(" "))
        .content(
            MEDIA_TYPE,
            ContentBuilder::new().schema(Some(schema)).build(),
        )
        .build()
}

/// A problem that carries the report of a rejected import.
#[derive(Debug)]
struct RejectedImport;

impl PartialSchema for RejectedImport {
    fn schema() -> RefOr<Schema> {
        let problem = Ref::from_schema_name(ProblemMembers::name());
        let RefOr::T(Schema::Object(mut report)) = ImportReport::schema() else {
            return problem.into();
        };
        // A problem's own status is a number.
        if let Some(status) = report.properties.remove("status") {
            report.properties.insert("import_status".into(), status);
        }
        for required in &mut report.required {
            if required == "status" {
                "import_status".clone_into(required);
            }
        }
        let all = AllOfBuilder::new().item(problem).item(report);
        Schema::AllOf(all.build()).into()
    }
}

impl ToSchema for RejectedImport {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((KindCounts::name().into(), KindCounts::schema()));
        schemas.push((RejectReport::name().into(), RejectReport::schema()));
        schemas.push((ImportStatus::name().into(), ImportStatus::schema()));
    }
}

/// Adds what every operation of a kind has: conditions, `ETag`s, and what is refused before any
/// route is asked.
pub(super) fn finish(mut document: openapi::OpenApi) -> openapi::OpenApi {
    for (path, item) in &mut document.paths.paths {
        refuse_strangers(path, item);
        if let Some(operation) = &mut item.get {
            let about = "Return the body only if the current `ETag` is not one of these.";
            condition(operation, "If-None-Match", about, None);
            let unchanged = ResponseBuilder::new().description("The answer has not changed.");
            let unchanged = unchanged.header("ETag", etag()).build();
            operation
                .responses
                .responses
                .insert("304".into(), unchanged.into());
            tag_answer(operation);
            if path == ACTOR {
                let moved = ResponseBuilder::new();
                let moved =
                    moved.description("The actor has been merged: its survivor is at `Location`.");
                let moved = moved.header("Location", location()).build();
                operation
                    .responses
                    .responses
                    .insert("308".into(), moved.into());
            }
        }
        for operation in [&mut item.put, &mut item.delete].into_iter().flatten() {
            if operation.responses.responses.contains_key("412") {
                let about = "Write only if the current `ETag` of the record is one of these; `*` means any existing record.";
                condition(operation, "If-Match", about, Some(ETAGS));
                let about = "With `*`: write only if the record does not exist.";
                condition(operation, "If-None-Match", about, Some(ETAGS));
            }
        }
    }
    document
}

/// Adds the problems of [`same_origin`](super::same_origin).
fn refuse_strangers(path: &str, item: &mut PathItem) {
    let add = |operation: &mut Option<Operation>, kinds: &[ProblemKind]| {
        let Some(operation) = operation else { return };
        for kind in kinds {
            let status = kind.status().as_str().to_owned();
            let refused = response(&[*kind]).into();
            operation.responses.responses.insert(status, refused);
        }
    };
    if path != ANY_HOST {
        add(&mut item.get, &[ProblemKind::MisdirectedRequest]);
    }
    for writes in [&mut item.post, &mut item.put, &mut item.delete] {
        add(
            writes,
            &[
                ProblemKind::MisdirectedRequest,
                ProblemKind::CrossOriginWrite,
            ],
        );
    }
}

fn location() -> openapi::Header {
    let schema = ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
    HeaderBuilder::new()
        .schema(Some(schema.build()))
        .description(Some("The path of the survivor, with the same parameters."))
        .build()
}

fn etag() -> openapi::Header {
    let schema = ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
    HeaderBuilder::new()
        .schema(Some(schema.build()))
        .description(Some("A value that changes whenever the answer changes."))
        .build()
}

fn tag_answer(operation: &mut Operation) {
    if let Some(RefOr::T(response)) = operation.responses.responses.get_mut("200") {
        response.headers.insert("ETag".into(), etag().into());
    }
}

fn condition(operation: &mut Operation, name: &str, about: &str, pattern: Option<&str>) {
    let schema = ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .pattern(pattern);
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(schema))
        .build();
    operation
        .parameters
        .get_or_insert_default()
        .push(parameter.into());
}

/// The paths of the document with their methods, as `Allow` lists them.
pub(super) fn paths(document: &openapi::OpenApi) -> Vec<(String, Vec<String>)> {
    let methods = |item: &PathItem| {
        let all = [
            (item.get.is_some(), "GET"),
            (item.get.is_some(), "HEAD"),
            (item.post.is_some(), "POST"),
            (item.put.is_some(), "PUT"),
            (item.delete.is_some(), "DELETE"),
        ];
        all.iter()
            .filter(|(is_there, _)| *is_there)
            .map(|(_, name)| (*name).to_owned())
            .collect()
    };
    let paths = &document.paths.paths;
    paths
        .iter()
        .map(|(path, item)| (path.clone(), methods(item)))
        .collect()
}
