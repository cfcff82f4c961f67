//! The Reconciliation API, version 0.2: tables matched with actors, from `OpenRefine` and its like.

use actix_web::http::header::HOST;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, answer};
use super::body::{self, QuestionBody};
use super::documentation::{ReconcileBatchProblems, ReconcileProblems, RecordProblems};
use super::frame::FrameAncestors;
use super::parameters::KnownAtParams;
use super::problem::{Problem, ProblemKind};
use super::query_params::ValidatedParams;
use super::reconcile_pages::{self, PREVIEW_PIXELS};
use super::reconcile_queries::{
    BODY_MAX_BYTES, BatchAnswer, BatchQuestion, QUERIES_MAX, QuestionDocument,
};
use super::routes::Routes;
use super::url::{api_path, base_path};
use crate::engine::Engine;
use crate::model::{ActorKind, Kind};
use crate::parameter::{Chars, WholeNumber, parameters, word_values};
use crate::query::answer::{
    EntitySuggestions, EntityType, PropertyProposals, PropertySuggestions, TypeSuggestions,
};
use crate::query::{self, Page, PropertyCatalog, TypeStrictness};
use crate::text::{QUERY_MAX_CHARS, TextQuery};

/// The version of the API.
const VERSION: &str = "0.2";
/// What stands before the id of an actor, and of a kind or property, as in exports to RDF.
const IDENTIFIER_SPACE: &str = "urn:chancery:actor:";
const SCHEMA_SPACE: &str = "urn:chancery:vocabulary:";
/// Suggestions and proposed properties at the most.
const SUGGESTIONS_MAX: usize = 100;
/// Suggestions that a cursor may pass over.
const SKIPPED_MAX: usize = 10_000;

word_values! {
    TypeStrictness: TypeStrictness::ALL, TypeStrictness::as_str;
}

parameters! {
    /// The parameters of reconciliation in a query string.
    pub(super) struct ReconcileParams {
        /// A batch of queries as JSON, each under its own key.
        #[example(r#"{"q0": {"query": "DPRK"}}"#)]
        queries: Option<Chars<BODY_MAX_BYTES>>,
        /// The ids of actors and the properties whose values are returned, as JSON.
        #[example(r#"{"ids": ["prk"], "properties": [{"id": "name"}]}"#)]
        extend: Option<Chars<BODY_MAX_BYTES>>,
        at: KnownAtParams,
    }
}

parameters! {
    /// The fields of a form.
    pub(super) struct ReconcileFields {
        /// A batch of queries as JSON, each under its own key.
        queries: Option<Chars<BODY_MAX_BYTES>>,
        /// The ids of actors and the properties whose values are returned, as JSON.
        extend: Option<Chars<BODY_MAX_BYTES>>,
    }
}

parameters! {
    /// What suggestions are asked.
    pub(super) struct SuggestParams {
        /// What the user has typed: the beginnings of words of a name. Case and accents are
        /// ignored.
        #[example("kim jo")]
        prefix: Chars<QUERY_MAX_CHARS>,
        /// The number of suggestions to skip.
        cursor: WholeNumber<0, SKIPPED_MAX> = "0",
        /// The maximum number of suggestions.
        limit: WholeNumber<1, SUGGESTIONS_MAX> = "10",
    }
}

impl SuggestParams {
    const fn page(&self) -> Page {
        Page {
            limit: self.limit.0,
            offset: self.cursor.0,
        }
    }
}

parameters! {
    /// What suggestions of actors are asked.
    pub(super) struct SuggestEntityParams {
        suggest: SuggestParams,
        /// Only actors of this kind.
        #[spelled("type")]
        kinds: Vec<ActorKind>,
        /// Accepted because clients send it with `type`, but without effect: only actors of the
        /// given kinds are suggested.
        type_strict: Option<TypeStrictness>,
        at: KnownAtParams,
    }
}

parameters! {
    /// What suggestions of properties are asked.
    pub(super) struct SuggestPropertyParams {
        suggest: SuggestParams,
        /// Only properties that actors of this kind have.
        #[spelled("type")]
        kind: Option<ActorKind>,
        at: KnownAtParams,
    }
}

parameters! {
    /// What is asked of the properties of a kind.
    pub(super) struct ProposalParams {
        /// Only properties that actors of this kind have. By default, the properties of all actors.
        #[spelled("type")]
        kind: Option<ActorKind>,
        /// The maximum number of properties.
        limit: WholeNumber<1, SUGGESTIONS_MAX> = "100",
        at: KnownAtParams,
    }
}

/// Adds reconciliation.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(reconcile).service(reconcile_batch);
    config
        .service(suggest_entity)
        .service(suggest_property)
        .service(suggest_type);
    config
        .service(propose_properties)
        .service(preview_entity)
        .service(fly_out_entity);
}

/// The manifest: what the service supports, for clients of the Reconciliation API.
#[derive(Debug, Serialize, ToSchema)]
struct Manifest {
    versions: [&'static str; 1],
    name: &'static str,
    #[serde(rename = "identifierSpace")]
    identifier_space: &'static str,
    #[serde(rename = "schemaSpace")]
    schema_space: &'static str,
    #[serde(rename = "defaultTypes")]
    default_types: Vec<EntityType>,
    documentation: String,
    #[serde(rename = "serviceVersion")]
    service_version: &'static str,
    #[serde(rename = "batchSize")]
    batch_size: usize,
    view: UrlTemplate,
    preview: PreviewService,
    suggest: SuggestServices,
    extend: ExtendService,
}

/// A URL template in which `{{id}}` stands for an id.
#[derive(Debug, Serialize, ToSchema)]
struct UrlTemplate {
    url: String,
}

/// The URL template of the preview of an actor, and the size of its frame in pixels.
#[derive(Debug, Serialize, ToSchema)]
struct PreviewService {
    url: String,
    width: u16,
    height: u16,
}

/// The URLs of the suggestions.
#[derive(Debug, Serialize, ToSchema)]
struct SuggestServices {
    entity: SplitUrl,
    property: SplitUrl,
    #[serde(rename = "type")]
    kind: SplitUrl,
}

/// A URL in two parts.
#[derive(Debug, Serialize, ToSchema)]
struct SplitUrl {
    service_url: String,
    service_path: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    flyout_service_path: Option<&'static str>,
}

/// The URL that proposes properties by which a table can be extended.
#[derive(Debug, Serialize, ToSchema)]
struct ExtendService {
    propose_properties: SplitUrl,
}

impl Manifest {
    /// As a client sees it that has asked at `origin`.
    fn new(origin: &str) -> Self {
        let below = |path: &str| format!("{origin}{}", api_path(path));
        let service = |service_path, flyout_service_path| SplitUrl {
            service_url: below("/reconcile"),
            service_path,
            flyout_service_path,
        };
        let [width, height] = PREVIEW_PIXELS;
        let kinds = ActorKind::ALL.iter();
        Self {
            versions: [VERSION],
            name: "Chancery",
            identifier_space: IDENTIFIER_SPACE,
            schema_space: SCHEMA_SPACE,
            default_types: kinds.map(|kind| query::entity_type(*kind)).collect(),
            documentation: format!("{origin}{}/docs/", base_path()),
            service_version: env!("CARGO_PKG_VERSION"),
            batch_size: QUERIES_MAX,
            view: UrlTemplate {
                url: format!("{origin}{}/?view=actor&actor={{{{id}}}}", base_path()),
            },
            preview: PreviewService {
                url: below("/reconcile/preview/{{id}}"),
                width,
                height,
            },
            suggest: SuggestServices {
                entity: service("/suggest/entity", Some("/flyout/entity/${id}")),
                property: service("/suggest/property", None),
                kind: service("/suggest/type", None),
            },
            extend: ExtendService {
                propose_properties: service("/properties", None),
            },
        }
    }
}

/// The origin that a request was sent to. Its host is one of the service's own, which has been checked; that TLS ends
/// at a proxy only the proxy can say.
fn origin(request: &HttpRequest) -> String {
    let in_line = request.uri().authority().map(ToString::to_string);
    let in_header = request.headers().get(HOST);
    let in_header = in_header
        .and_then(|host| host.to_str().ok())
        .map(str::to_owned);
    let host = in_line.or(in_header).unwrap_or_default();
    let scheme = match request.connection_info().scheme() {
        "https" => "https",
        _ => "http",
    };
    format!("{scheme}://{host}")
}

/// The answer to a query string.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum ReconcileAnswer<'v> {
    /// The manifest.
    Manifest(Box<Manifest>),
    /// The answer to a batch of queries or to an extension.
    Batch(BatchAnswer<'v>),
}

/// The text of a field, if it is there.
fn field_text(field: Option<&Chars<BODY_MAX_BYTES>>) -> Option<&str> {
    field.map(|text| text.0.as_str())
}

/// A request body as a form: `queries` or `extend`.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it is described here and read as parameters")]
struct ReconciliationForm {
    /// A batch of queries as JSON, each under its own key.
    queries: Option<String>,
    /// The ids of actors and the properties whose values are returned, as JSON.
    extend: Option<String>,
}

/// The manifest of the reconciliation service, or its answers
///
/// Without parameters, returns the manifest of the Reconciliation API 0.2, which describes what the
/// service supports. With `queries` or `extend`, the answer is the same as to a form with these
/// fields.
#[utoipa::path(
    tag = "reconciliation",
    params(ValidatedParams<ReconcileParams>),
    responses((status = 200, description = "The manifest, a result for each query, or the values.", body = ReconcileAnswer<'static>), ReconcileProblems),
)]
#[get("/reconcile")]
async fn reconcile(
    engine: web::Data<Engine>,
    asked: ValidatedParams<ReconcileParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let origin = origin(&request);
    answer(&request, move || {
        let params = &asked.params;
        let view = params.at.view(&engine)?;
        let (queries, extend) = (
            field_text(params.queries.as_ref()),
            field_text(params.extend.as_ref()),
        );
        Answer::json(&match BatchQuestion::from_fields(queries, extend)? {
            Some(asked) => ReconcileAnswer::Batch(asked.answer(&view)?),
            None => ReconcileAnswer::Manifest(Box::new(Manifest::new(&origin))),
        })
    })
    .await
}

/// The actors that match the cells of a table, or their properties
///
/// `queries` is an object with up to 50 queries, each under its own key. A query has the members
/// `query` (the name), `type` (a kind of actor), `type_strict`, `properties` and `limit`. If a
/// query is not valid, its result is empty, and `problem` says why. `extend` lists the ids of
/// actors and the properties whose values are returned. The request writes nothing.
#[utoipa::path(
    tag = "reconciliation",
    params(ValidatedParams<KnownAtParams>),
    request_body(
        content(
            (ReconciliationForm = "application/x-www-form-urlencoded", example = json!({"queries": "{\"q0\": {\"query\": \"DPRK\"}}"})),
            (QuestionDocument = "application/json", example = json!({"queries": {"q0": {"query": "DPRK", "type": "state"}}})),
        ),
    ),
    responses((status = 200, description = "A result for each query, under its key, or the values.", body = BatchAnswer<'static>), ReconcileBatchProblems),
)]
#[post("/reconcile")]
async fn reconcile_batch(
    engine: web::Data<Engine>,
    at: ValidatedParams<KnownAtParams>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = body::question(&request, payload, BODY_MAX_BYTES).await?;
    let path = request.path().to_owned();
    answer(&request, move || {
        let asked = match body {
            QuestionBody::Json(text) => BatchQuestion::from_json(&text)?,
            QuestionBody::Form(text) => {
                let form = ValidatedParams::<ReconcileFields>::read_form(&path, &text)?;
                let (queries, extend) = (&form.params.queries, &form.params.extend);
                BatchQuestion::from_fields(
                    field_text(queries.as_ref()),
                    field_text(extend.as_ref()),
                )?
            }
        };
        let asked = asked.ok_or_else(|| {
            let detail = "queries or extend is required";
            Problem::new(ProblemKind::MissingParameter, detail).at("queries")
        })?;
        let view = at.params.view(&engine)?;
        Answer::json(&asked.answer(&view)?)
    })
    .await
}

/// Suggest actors whose names begin with what the user types
#[utoipa::path(
    tag = "reconciliation",
    params(ValidatedParams<SuggestEntityParams>),
    responses((status = 200, description = "The suggestions, best first.", body = EntitySuggestions<'static>), ReconcileProblems),
)]
#[get("/reconcile/suggest/entity")]
async fn suggest_entity(
    engine: web::Data<Engine>,
    asked: ValidatedParams<SuggestEntityParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let view = params.at.view(&engine)?;
        let prefix = params.suggest.prefix.0.as_str();
        // Nobody who types a name means a phrase or something to leave out.
        let typed = TextQuery::parse(&prefix.replace(['"', '-'], " "))
            .map_err(|error| Problem::parameter("prefix", prefix, &error.to_string()))?;
        let page = params.suggest.page();
        Answer::json(&query::suggest_entities(&view, typed, &params.kinds, page))
    })
    .await
}

/// Suggest properties whose names begin with what the user types
#[utoipa::path(
    tag = "reconciliation",
    params(ValidatedParams<SuggestPropertyParams>),
    responses((status = 200, description = "The properties of all actors, then codes.", body = PropertySuggestions), ReconcileProblems),
)]
#[get("/reconcile/suggest/property")]
async fn suggest_property(
    engine: web::Data<Engine>,
    asked: ValidatedParams<SuggestPropertyParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let view = params.at.view(&engine)?;
        let typed = plain_prefix(&params.suggest)?;
        let page = params.suggest.page();
        Answer::json(&query::suggest_properties(&view, typed, params.kind, page))
    })
    .await
}

/// Suggest kinds of actor whose names begin with what the user types
#[utoipa::path(
    tag = "reconciliation",
    params(ValidatedParams<SuggestParams>),
    responses((status = 200, description = "The kinds, in the order of the documentation.", body = TypeSuggestions), ReconcileProblems),
)]
#[get("/reconcile/suggest/type")]
async fn suggest_type(
    asked: ValidatedParams<SuggestParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let params = &asked.params;
    let suggestions = query::suggest_types(plain_prefix(params)?, params.page());
    Ok(Answer::json(&suggestions)?.to(&request))
}

/// What was typed, which has no control characters.
fn plain_prefix(params: &SuggestParams) -> Result<&str, Problem> {
    let prefix = params.prefix.0.as_str();
    if prefix.chars().any(char::is_control) {
        let problem = "prefix contains a control character: remove it";
        return Err(Problem::parameter("prefix", prefix, problem));
    }
    Ok(prefix.trim())
}

/// The properties that actors of a kind have
#[utoipa::path(
    tag = "reconciliation",
    params(ValidatedParams<ProposalParams>),
    responses((status = 200, description = "The properties of all actors, then codes.", body = PropertyProposals), ReconcileProblems),
)]
#[get("/reconcile/properties")]
async fn propose_properties(
    engine: web::Data<Engine>,
    asked: ValidatedParams<ProposalParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let view = params.at.view(&engine)?;
        let mut properties = PropertyCatalog::new(&view).describe(params.kind);
        properties.truncate(params.limit.0);
        Answer::json(&PropertyProposals {
            properties,
            kind: params.kind.map(ActorKind::as_str),
            limit: params.limit.0,
        })
    })
    .await
}

/// A preview page about an actor
///
/// Returns HTML without scripts, which a client shows in a frame.
#[utoipa::path(
    tag = "reconciliation",
    params(("id" = String, Path, description = "Its id.", pattern = "^[a-z0-9][a-z0-9._:-]*$", max_length = 128), ValidatedParams<KnownAtParams>),
    responses((status = 200, description = "The page.", body = String, content_type = "text/html"), RecordProblems),
)]
#[get("/reconcile/preview/{id}")]
async fn preview_entity(
    engine: web::Data<Engine>,
    ancestors: web::Data<FrameAncestors>,
    id: web::Path<String>,
    asked: ValidatedParams<KnownAtParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let shown = shown(&asked.params, &engine, &id)?;
        let page = reconcile_pages::page(&shown);
        let policy = reconcile_pages::policy(&ancestors);
        Ok(Answer::bytes("text/html; charset=utf-8", page).policy(policy))
    })
    .await
}

/// An HTML fragment about an actor.
#[derive(Debug, Serialize, ToSchema)]
struct Flyout {
    /// Its id.
    id: String,
    /// The fragment, without scripts.
    html: String,
}

/// An HTML fragment about an actor  Returns the text that a client shows beside a suggestion.
#[utoipa::path(
    tag = "reconciliation",
    params(("id" = String, Path, description = "Its id.", pattern = "^[a-z0-9][a-z0-9._:-]*$", max_length = 128), ValidatedParams<KnownAtParams>),
    responses((status = 200, description = "The fragment.", body = Flyout), RecordProblems),
)]
#[get("/reconcile/flyout/entity/{id}")]
async fn fly_out_entity(
    engine: web::Data<Engine>,
    id: web::Path<String>,
    asked: ValidatedParams<KnownAtParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let shown = shown(&asked.params, &engine, &id)?;
        Answer::json(&Flyout {
            id: id.to_string(),
            html: reconcile_pages::piece(&shown),
        })
    })
    .await
}

fn shown(at: &KnownAtParams, engine: &Engine, id: &str) -> Result<query::ActorPreview, Problem> {
    let view = at.view(engine)?;
    query::preview(&view, id).ok_or_else(|| {
        let shown: String = id.chars().take(100).collect();
        let detail = format!("there is no {} {shown:?}", Kind::Actor.as_str());
        Problem::new(ProblemKind::NoSuchRecord, detail).value(id)
    })
}
