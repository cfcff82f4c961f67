//! The resources of the kinds of record. They differ in their paths and shapes only.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use serde::de::IgnoredAny;
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::answer::{Answer, answer, etag, off_thread};
use super::body;
use super::documentation::{
    ChangeProblems, CreateProblems, DeleteProblems, ListProblems, RecordProblems,
};
use super::parameters::{KnownAtParams, NameParams, PageParams};
use super::preconditions::Preconditions;
use super::problem::{Problem, ProblemKind};
use super::query_params::ValidatedParams;
use super::routes::Routes;
use super::url;
use crate::document::{
    ActorDocument, EventDocument, JudgementDocument, RecordDocument, RelationDocument,
    SourceDocument, StatementDocument,
};
use crate::engine::{
    self, AcceptedWrite, Engine, EngineError, KnownAt, Write, WriteMode, WriteOutcome,
};
use crate::graph::{Row, TermKind, View};
use crate::model::{Id, Kind, Scheme};
use crate::parameter::{NoParams, ParamSet, parameters, word_values};
use crate::query::answer::{
    ActorAnswer, EventAnswer, History, JudgementAnswer, RecordPage, RelationAnswer, SourceAnswer,
    StatementAnswer,
};
use crate::query::{
    self, ListQuestion, OfActors, OfLists, OfSources, SchemeParams, Scope, ScopeParams,
};

/// The form of a record in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordForm {
    /// With names, days and counts.
    Answer,
    /// As it can be written and imported.
    Document,
}

impl RecordForm {
    const ALL: [Self; 2] = [Self::Answer, Self::Document];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Document => "document",
        }
    }
}

word_values! {
    RecordForm: RecordForm::ALL, RecordForm::as_str;
}

parameters! {
    /// What a list of actors is asked.
    pub(super) struct ActorsParams {
        name: NameParams,
        scope: ScopeParams<OfActors>,
        page: PageParams,
        at: KnownAtParams,
    }
}

parameters! {
    /// What a list of sources is asked.
    pub(super) struct SourcesParams {
        name: NameParams,
        scope: ScopeParams<OfSources>,
        page: PageParams,
        at: KnownAtParams,
    }
}

parameters! {
    /// What a list of judgements is asked.
    pub(super) struct JudgementsParams {
        scope: ScopeParams<OfSources>,
        page: PageParams,
        at: KnownAtParams,
    }
}

parameters! {
    /// What a list of relations, events or statements is asked.
    pub(super) struct DatedParams {
        scope: ScopeParams<OfLists>,
        page: PageParams,
        at: KnownAtParams,
    }
}

parameters! {
    /// What one record is asked.
    pub(super) struct RecordParams {
        /// The form of the record: with additional names, days and counts (`answer`), or only the content
        /// that can be written and imported (`document`).
        form: RecordForm = "answer",
        scheme: SchemeParams,
        at: KnownAtParams,
    }
}

parameters! {
    /// What the history of a record is asked.
    pub(super) struct HistoryParams {
        scheme: SchemeParams,
        at: KnownAtParams,
    }
}

/// What asks for a list of records.
trait AsksList: ParamSet {
    /// Which part of which list.
    fn parts(&self) -> (&Scope, &PageParams, &KnownAtParams);

    /// What a name has in it.
    fn name(&self) -> Option<String> {
        None
    }
}

impl AsksList for ActorsParams {
    fn parts(&self) -> (&Scope, &PageParams, &KnownAtParams) {
        (&self.scope.scope, &self.page, &self.at)
    }

    fn name(&self) -> Option<String> {
        self.name.name.as_ref().map(|name| name.0.clone())
    }
}

impl AsksList for SourcesParams {
    fn parts(&self) -> (&Scope, &PageParams, &KnownAtParams) {
        (&self.scope.scope, &self.page, &self.at)
    }

    fn name(&self) -> Option<String> {
        self.name.name.as_ref().map(|name| name.0.clone())
    }
}

impl AsksList for JudgementsParams {
    fn parts(&self) -> (&Scope, &PageParams, &KnownAtParams) {
        (&self.scope.scope, &self.page, &self.at)
    }
}

impl AsksList for DatedParams {
    fn parts(&self) -> (&Scope, &PageParams, &KnownAtParams) {
        (&self.scope.scope, &self.page, &self.at)
    }
}

/// Declares the resource of a kind: its six routes and the schema of both forms.
macro_rules! resource {
    (
        $kind:ident, $one:literal, $many:literal, $document:ident, $answer:ident, $forms:ident,
        $parameters:ident, example: $example:tt,
        $list:ident $create:ident $list_path:tt,
        $get:ident $put:ident $delete:ident $path:tt,
        $history:ident $history_path:tt
    ) => {
        #[doc = concat!("One of the ", $many, ", in either form.")]
        #[derive(Debug)]
        struct $forms;

        impl PartialSchema for $forms {
            fn schema() -> RefOr<Schema> {
                let answer = Ref::from_schema_name(<$answer<'static> as ToSchema>::name());
                let document = Ref::from_schema_name(<$document<'static> as ToSchema>::name());
                let either = AnyOfBuilder::new().item(answer).item(document);
                Schema::AnyOf(either.build()).into()
            }
        }

        impl ToSchema for $forms {
            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                schemas.push((<$answer<'static> as ToSchema>::name().into(), <$answer<'static>>::schema()));
                <$answer<'static> as ToSchema>::schemas(schemas);
                schemas.push((
                    <$document<'static> as ToSchema>::name().into(),
                    <$document<'static>>::schema(),
                ));
                <$document<'static> as ToSchema>::schemas(schemas);
            }
        }

        #[utoipa::path(
            tag = $many,
            summary = concat!("The ", $many),
            description = concat!(
                "Returns the ", $many, " that pass all filters, in pages. Relations, events and \
                 statements are in chronological order; actors, sources and judgements are ordered by id."
            ),
            params(ValidatedParams<$parameters>),
            responses((status = 200, description = "A page of records.", body = RecordPage<'static>), ListProblems),
        )]
        #[get($list_path)]
        async fn $list(
            engine: web::Data<Engine>,
            asked: ValidatedParams<$parameters>,
            request: HttpRequest,
        ) -> Result<HttpResponse, Problem> {
            answer(&request, move || list(&engine, &asked, Kind::$kind)).await
        }

        #[utoipa::path(
            tag = $many,
            summary = concat!("Create a record of kind ", $one),
            description = "Creates a record. A record without an id gets an id that depends only on its \
                content. If the same record exists already, nothing is written.",
            request_body(content = $document<'static>, content_type = "application/json", example = json!($example)),
            responses(
                (status = 201, description = "The record was created.", body = $answer<'static>,
                    headers(("Location" = String, description = "The path of the record."))),
                (status = 200, description = "The same record existed already.", body = $answer<'static>),
                CreateProblems,
            ),
        )]
        #[post($list_path)]
        async fn $create(
            engine: web::Data<Engine>,
            _asked: ValidatedParams<NoParams>,
            request: HttpRequest,
            payload: web::Payload,
        ) -> Result<HttpResponse, Problem> {
            let json = body::record(&request, payload).await?;
            answer(&request, move || create(&engine, Kind::$kind, &json)).await
        }

        #[utoipa::path(
            tag = $many,
            summary = concat!("One record of kind ", $one),
            params(("id" = String, Path, description = "Its id.", pattern = "^[a-z0-9][a-z0-9._:-]*$", max_length = 128), ValidatedParams<RecordParams>),
            responses(
                (status = 200, description = "The record, in the requested form.", body = $forms),
                RecordProblems,
            ),
        )]
        #[get($path)]
        async fn $get(
            engine: web::Data<Engine>,
            id: web::Path<String>,
            asked: ValidatedParams<RecordParams>,
            request: HttpRequest,
        ) -> Result<HttpResponse, Problem> {
            let query = request.query_string().to_owned();
            answer(&request, move || one(&engine, &asked, Kind::$kind, (&id, &query))).await
        }

        #[utoipa::path(
            tag = $many,
            summary = concat!("Create or replace a record of kind ", $one),
            description = "Creates the record or a new version of it. Old versions stay readable \
                through `known_at`. The id may be omitted from the body. With `If-Match`, the write \
                succeeds only if the record has not changed since it was read; with \
                `If-None-Match: *`, only if it does not exist.",
            params(
                ("id" = String, Path, description = "Its id.", pattern = "^[a-z0-9][a-z0-9._:-]*$", max_length = 128),
            ),
            request_body(content = $document<'static>, content_type = "application/json", example = json!($example)),
            responses(
                (status = 201, description = "The record was created.", body = $answer<'static>,
                    headers(("Location" = String, description = "The path of the record."))),
                (status = 200, description = "The record has a new version, or is unchanged.", body = $answer<'static>),
                ChangeProblems,
            ),
        )]
        #[put($path)]
        async fn $put(
            engine: web::Data<Engine>,
            id: web::Path<String>,
            _asked: ValidatedParams<NoParams>,
            request: HttpRequest,
            payload: web::Payload,
        ) -> Result<HttpResponse, Problem> {
            let id = path_id(&id)?;
            let condition = Preconditions::read(request.headers())?;
            let json = body::record(&request, payload).await?;
            answer(&request, move || replace(&engine, Kind::$kind, &id, condition, &json)).await
        }

        #[utoipa::path(
            tag = $many,
            summary = concat!("Delete a record of kind ", $one),
            description = "Deletes the record. Its history is kept. The request is refused while other \
                records refer to the record.",
            params(
                ("id" = String, Path, description = "Its id.", pattern = "^[a-z0-9][a-z0-9._:-]*$", max_length = 128),
            ),
            responses((status = 204, description = "The record was deleted."), DeleteProblems),
        )]
        #[delete($path)]
        async fn $delete(
            engine: web::Data<Engine>,
            id: web::Path<String>,
            _asked: ValidatedParams<NoParams>,
            request: HttpRequest,
        ) -> Result<HttpResponse, Problem> {
            let id = path_id(&id)?;
            let condition = Preconditions::read(request.headers())?;
            remove(engine, Kind::$kind, id, condition).await
        }

        #[utoipa::path(
            tag = $many,
            summary = concat!("The versions of a record of kind ", $one),
            params(
                ("id" = String, Path, description = "Its id.", pattern = "^[a-z0-9][a-z0-9._:-]*$", max_length = 128),
                ValidatedParams<HistoryParams>,
            ),
            responses(
                (status = 200, description = "All versions, the oldest first.", body = History<'static>),
                RecordProblems,
            ),
        )]
        #[get($history_path)]
        async fn $history(
            engine: web::Data<Engine>,
            id: web::Path<String>,
            asked: ValidatedParams<HistoryParams>,
            request: HttpRequest,
        ) -> Result<HttpResponse, Problem> {
            answer(&request, move || history(&engine, &asked, Kind::$kind, &id)).await
        }
    };
}

resource! {
    Actor, "actor", "actors", ActorDocument, ActorAnswer, ActorForms, ActorsParams,
    example: {
        "id": "wang-yi", "kind": "person", "name": "Wang Yi", "aliases": ["Wang"]
    },
    list_actors create_actor "/actors",
    get_actor put_actor delete_actor "/actors/{id}",
    actor_history "/actors/{id}/history"
}

resource! {
    Event, "event", "events", EventDocument, EventAnswer, EventForms, DatedParams,
    example: {
        "id": "beijing-meeting", "type": "CONSULT", "cameo": "040", "date": "2023-06-18",
        "title": "A meeting in Beijing",
        "participants": [
            { "actor": "usa", "role": "participant" },
            { "actor": "chn", "role": "participant" }
        ]
    },
    list_events create_event "/events",
    get_event put_event delete_event "/events/{id}",
    event_history "/events/{id}/history"
}

resource! {
    Statement, "statement", "statements", StatementDocument, StatementAnswer, StatementForms,
    DatedParams,
    example: {
        "id": "seoul-statement", "speakers": ["kor"], "audience": ["usa"], "date": "2023-06",
        "text": "The alliance stands.",
        "stances": [{ "toward": { "actor": "usa" }, "stance": "supports" }]
    },
    list_statements create_statement "/statements",
    get_statement put_statement delete_statement "/statements/{id}",
    statement_history "/statements/{id}/history"
}

resource! {
    Relation, "relation", "relations", RelationDocument, RelationAnswer, RelationForms, DatedParams,
    example: {
        "id": "usa-kor-alliance", "subject": "usa", "kind": "allied_with", "object": "kor",
        "since": "1953-10-01"
    },
    list_relations create_relation "/relations",
    get_relation put_relation delete_relation "/relations/{id}",
    relation_history "/relations/{id}/history"
}

resource! {
    Source, "source", "sources", SourceDocument, SourceAnswer, SourceForms, SourcesParams,
    example: {
        "id": "communique-2023", "kind": "communique", "title": "A joint communiqué",
        "published": "2023-06-19"
    },
    list_sources create_source "/sources",
    get_source put_source delete_source "/sources/{id}",
    source_history "/sources/{id}/history"
}

resource! {
    Judgement, "judgement", "judgements", JudgementDocument, JudgementAnswer, JudgementForms,
    JudgementsParams,
    example: {
        "id": "usa-is-not-chn", "verdict": "different", "actor": "usa", "other": "chn",
        "reason": "Two states.", "decided_by": "R. Analyst"
    },
    list_judgements create_judgement "/judgements",
    get_judgement put_judgement delete_judgement "/judgements/{id}",
    judgement_history "/judgements/{id}/history"
}

/// Adds the resources.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(list_actors).service(create_actor);
    config
        .service(get_actor)
        .service(put_actor)
        .service(delete_actor);
    config.service(actor_history);
    config.service(list_events).service(create_event);
    config
        .service(get_event)
        .service(put_event)
        .service(delete_event);
    config.service(event_history);
    config.service(list_statements).service(create_statement);
    config
        .service(get_statement)
        .service(put_statement)
        .service(delete_statement);
    config.service(statement_history);
    config.service(list_relations).service(create_relation);
    config
        .service(get_relation)
        .service(put_relation)
        .service(delete_relation);
    config.service(relation_history);
    config.service(list_sources).service(create_source);
    config
        .service(get_source)
        .service(put_source)
        .service(delete_source);
    config.service(source_history);
    config.service(list_judgements).service(create_judgement);
    config
        .service(get_judgement)
        .service(put_judgement)
        .service(delete_judgement);
    config.service(judgement_history);
}

fn list<P: AsksList>(
    engine: &Engine,
    asked: &ValidatedParams<P>,
    kind: Kind,
) -> Result<Answer, Problem> {
    let (scope, page, at) = asked.params.parts();
    let paging = asked.paging(page, at, engine)?;
    let question = ListQuestion {
        kind,
        scope: scope.clone(),
        name: asked.params.name(),
        page: paging.page,
    };
    paging.answer(query::list(&paging.view, &question), |page| &mut page.next)
}

fn one(
    engine: &Engine,
    asked: &ValidatedParams<RecordParams>,
    kind: Kind,
    (id, query): (&str, &str),
) -> Result<Answer, Problem> {
    let id = path_id(id)?;
    let RecordParams { form, scheme, at } = &asked.params;
    let view = at.view(engine)?;
    let row = find(&view, kind, &id)?;
    if view.is_of_merged(row) {
        return Ok(survivor(&view, &id, query));
    }
    described(&view, row, *form, scheme.scheme)
}

/// The way from a merged actor to its survivor, with the same question.
fn survivor(view: &View, id: &Id, query: &str) -> Answer {
    let actor = view.term(TermKind::Actor, id.as_str());
    let survivor = actor.map_or("", |actor| view.text(view.survivor(actor)));
    let sign = if query.is_empty() { "" } else { "?" };
    let path = url::api_path(&format!("/actors/{survivor}{sign}{query}"));
    let nothing = Answer::bytes("application/json", Vec::new());
    nothing
        .status(StatusCode::PERMANENT_REDIRECT)
        .location(path)
}

pub(super) fn find(view: &View, kind: Kind, id: &Id) -> Result<Row, Problem> {
    let row = view.find(kind, id.as_str());
    row.ok_or_else(|| engine::not_found(view, kind, id.as_str()).into())
}

fn described(view: &View, row: Row, form: RecordForm, scheme: Scheme) -> Result<Answer, Problem> {
    let described = match form {
        RecordForm::Answer => {
            query::describe(view, row, scheme, Vec::new()).map(|record| Answer::json(&record))
        }
        RecordForm::Document => view
            .record(row)
            .map(|record| Answer::json(&RecordDocument::from_record(&record))),
    };
    described.unwrap_or_else(|| {
        let detail = format!("{} {} can't be read", view.kind(row), view.id(row));
        Err(Problem::new(ProblemKind::Internal, detail))
    })
}

fn history(
    engine: &Engine,
    asked: &ValidatedParams<HistoryParams>,
    kind: Kind,
    id: &str,
) -> Result<Answer, Problem> {
    let id = path_id(id)?;
    let view = asked.params.at.view(engine)?;
    let history = query::history(&view, kind, id.as_str(), asked.params.scheme.scheme);
    if history.versions.is_empty() {
        return Err(engine::not_found(&view, kind, id.as_str()).into());
    }
    Answer::json(&history)
}

fn create(engine: &Engine, kind: Kind, json: &str) -> Result<Answer, Problem> {
    let document = read(kind, json)?;
    write(engine, document, WriteMode::Create, None)
}

fn replace(
    engine: &Engine,
    kind: Kind,
    id: &Id,
    condition: Option<Preconditions>,
    json: &str,
) -> Result<Answer, Problem> {
    let document = read(kind, json)?;
    if let Some(other) = document.id().filter(|other| *other != id.as_str()) {
        let detail = format!(
            "the path has the id {id}, the body has {other:?}: leave the id out of the body"
        );
        return Err(Problem::new(ProblemKind::IdMismatch, detail)
            .value(other)
            .suggest(Some(id.to_string())));
    }
    let condition = condition.map(|condition| guard(condition, kind, id.clone()));
    write(
        engine,
        document.with_id(id.as_str()),
        WriteMode::Put,
        condition,
    )
}

pub(super) fn read(kind: Kind, json: &str) -> Result<RecordDocument<'_>, Problem> {
    RecordDocument::read(kind, json).map_err(|error| {
        let is_json = serde_json::from_str::<IgnoredAny>(json).is_ok();
        Problem::unread(error, is_json)
    })
}

fn write(
    engine: &Engine,
    document: RecordDocument<'_>,
    mode: fn(Box<crate::model::Draft>) -> WriteMode,
    condition: Option<engine::Precondition>,
) -> Result<Answer, Problem> {
    let draft = document
        .into_draft(&engine::defaults(None))
        .map_err(Problem::invalid_record)?;
    let mode = mode(Box::new(draft));
    let (view, row, written) = store(engine, Write { mode, condition })?;
    let answer = described(&view, row, RecordForm::Answer, Scheme::Icews)?;
    Ok(placed(answer, &written))
}

/// Writes a record: the state after it, and its row there.
pub(super) fn store(
    engine: &Engine,
    write: Write,
) -> Result<(View, Row, AcceptedWrite), EngineError> {
    let written = engine.write(write)?;
    let view = engine.view(KnownAt::Commit(written.commit))?;
    let row = view.find(written.kind, written.id.as_str());
    let row = row.ok_or_else(|| engine::not_found(&view, written.kind, written.id.as_str()))?;
    Ok((view, row, written))
}

/// The answer to a write: of a new record with where it is.
pub(super) fn placed(answer: Answer, written: &AcceptedWrite) -> Answer {
    match written.outcome {
        WriteOutcome::New => answer.status(StatusCode::CREATED).location(path(written)),
        WriteOutcome::Changed | WriteOutcome::Same | WriteOutcome::Deleted => answer,
    }
}

async fn remove(
    engine: web::Data<Engine>,
    kind: Kind,
    id: Id,
    condition: Option<Preconditions>,
) -> Result<HttpResponse, Problem> {
    let written = off_thread(move || {
        let condition = condition.map(|condition| guard(condition, kind, id.clone()));
        let mode = WriteMode::Delete(kind, id);
        Ok(engine.write(Write { mode, condition })?)
    });
    written.await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The condition as the engine tests it, on the state that the write is about to change. A record
/// has an `ETag` in each of its forms; any of them will do.
fn guard(condition: Preconditions, kind: Kind, id: Id) -> engine::Precondition {
    Box::new(move |view| {
        let forms = Scheme::ALL.map(|scheme| (RecordForm::Answer, scheme));
        let forms = forms
            .into_iter()
            .chain([(RecordForm::Document, Scheme::Icews)]);
        let row = view.find(kind, id.as_str());
        let etags: Vec<String> = row
            .into_iter()
            .flat_map(|row| forms.clone().map(move |(form, scheme)| (row, form, scheme)))
            .filter_map(|(row, form, scheme)| described(view, row, form, scheme).ok())
            .map(|answer| etag(answer.body()))
            .collect();
        condition.holds(&etags)
    })
}

/// The id in a path.
pub(super) fn path_id(text: &str) -> Result<Id, Problem> {
    Id::parse(text).map_err(|error| {
        let nearest = Id::nearest(text).map(|id| id.to_string());
        Problem::parameter("id", text, &error.to_string()).suggest(nearest)
    })
}

fn path(written: &AcceptedWrite) -> String {
    url::api_path(&format!("/{}/{}", written.kind.plural(), written.id))
}
