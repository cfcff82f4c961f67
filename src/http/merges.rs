//! Whether two actors are one: merging, reverting, and judgements that they are two.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde_json::{Map, Value};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::answer::{Answer, answer};
use super::body;
use super::documentation::{MergeProblems, PageProblems, RevertProblems};
use super::parameters::{KnownAtParams, PageParams};
use super::problem::{Problem, ProblemKind};
use super::query_params::ValidatedParams;
use super::records::{find, path_id, placed, read, store};
use super::routes::Routes;
use crate::document::{JudgementDocument, RecordDocument};
use crate::engine::{self, Engine, EngineError, KnownAt, Write, WriteMode};
use crate::graph::{Term, View};
use crate::model::{Draft, Id, Kind, Scheme, Verdict, Window};
use crate::parameter::{ActorName, NoParams, parameters};
use crate::query::answer::{JudgementAnswer, MergePage, MergeReport, RevertReport};
use crate::query::{self, MergesQuestion};

parameters! {
    /// How a merge is made.
    pub(super) struct MergeParams {
        /// Report what the merge would do, but do not write.
        dry_run: bool = "false",
        /// Merge even if a judgement says that the two actors are different.
        despite_different: bool = "false",
    }
}

parameters! {
    /// Which merges.
    pub(super) struct MergesParams {
        /// Only merges that involve this actor, merged or surviving: an id, a code, a name, an
        /// alias or an office.
        actor: Option<ActorName>,
        page: PageParams,
        at: KnownAtParams,
    }
}

/// Adds the resources.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(make_merge).service(different_from);
    config.service(list_merges).service(make_revert);
}

/// A judgement on the actor that the path names: the members of a judgement without `actor` and `verdict`.
#[derive(Debug)]
struct JudgementBody;

/// The members that the path says.
const SAID_BY_PATH: [&str; 3] = ["record", "verdict", "actor"];

impl PartialSchema for JudgementBody {
    fn schema() -> RefOr<Schema> {
        let mut schema = <JudgementDocument<'static>>::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.description = Some("A judgement about the actor in the path.".to_owned());
            object
                .properties
                .retain(|name, _| !SAID_BY_PATH.contains(&name.as_str()));
            object
                .required
                .retain(|name| !SAID_BY_PATH.contains(&name.as_str()));
        }
        schema
    }
}

impl ToSchema for JudgementBody {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        <JudgementDocument<'static> as ToSchema>::schemas(schemas);
    }
}

/// Merge an actor into another
///
/// From this commit on, every answer shows the other actor, the survivor, instead of this one. If a
/// record names this actor, `merged_from` of the survivor contains its id. No existing record is
/// changed, so the merge can be reverted, and answers as of an earlier commit stay the same. The
/// answer reports what the merge changes; with `dry_run=true`, nothing is written.
#[utoipa::path(
    tag = "merges",
    params(
        ("id" = String, Path, description = "The id of the actor that is merged.", pattern = "^[a-z0-9][a-z0-9._:-]*$", max_length = 128),
        ValidatedParams<MergeParams>,
    ),
    request_body(content = JudgementBody, content_type = "application/json",
        example = json!({ "other": "jpn", "reason": "Two spellings of one name.", "decided_by": "R. Analyst" })),
    responses(
        (status = 201, description = "The actor was merged.", body = MergeReport<'static>,
            headers(("Location" = String, description = "The path of the judgement."))),
        (status = 200, description = "The same merge existed already, or this was a dry run.", body = MergeReport<'static>),
        MergeProblems,
    ),
)]
#[post("/actors/{id}/merge")]
async fn make_merge(
    engine: web::Data<Engine>,
    id: web::Path<String>,
    asked: ValidatedParams<MergeParams>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let id = path_id(&id)?;
    let json = body::record(&request, payload).await?;
    answer(&request, move || {
        merge_actor(&engine, &asked.params, &id, &json)
    })
    .await
}

/// Judge that two actors are different
///
/// After this judgement, a merge of the two actors requires `despite_different=true`.
#[utoipa::path(
    tag = "merges",
    params(("id" = String, Path, description = "The id of one of the two actors.", pattern = "^[a-z0-9][a-z0-9._:-]*$", max_length = 128)),
    request_body(content = JudgementBody, content_type = "application/json",
        example = json!({ "other": "usa", "reason": "Two persons of one name.", "decided_by": "R. Analyst" })),
    responses(
        (status = 201, description = "The judgement was created.", body = JudgementAnswer<'static>,
            headers(("Location" = String, description = "The path of the judgement."))),
        (status = 200, description = "The same judgement existed already.", body = JudgementAnswer<'static>),
        MergeProblems,
    ),
)]
#[post("/actors/{id}/different-from")]
async fn different_from(
    engine: web::Data<Engine>,
    id: web::Path<String>,
    _asked: ValidatedParams<NoParams>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let id = path_id(&id)?;
    let json = body::record(&request, payload).await?;
    answer(&request, move || judge_different(&engine, &id, &json)).await
}

/// The merges in effect
///
/// Returns the merges that have not been reverted, ordered by the id of their judgement. A reverted
/// merge is in the history of its judgement and in `/changes`.
#[utoipa::path(
    tag = "merges",
    params(ValidatedParams<MergesParams>),
    responses((status = 200, description = "A page of merges.", body = MergePage<'static>), PageProblems),
)]
#[get("/merges")]
async fn list_merges(
    engine: web::Data<Engine>,
    asked: ValidatedParams<MergesParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let paging = asked.paging(&params.page, &params.at, &engine)?;
        let view = &paging.view;
        let actor = params.actor.as_ref();
        let actor = actor.map(|actor| asked.actor(actor, view, Window::ALL));
        let question = MergesQuestion {
            actor: actor.transpose()?,
            page: paging.page,
        };
        paging.answer(query::merges(view, &question), |page| &mut page.next)
    })
    .await
}

/// Revert a merge
///
/// From this commit on, the two actors are separate again. Records that were written after the
/// merge and name the survivor by its own id stay with the survivor; the answer lists them.
#[utoipa::path(
    tag = "merges",
    params(("id" = String, Path, description = "The id of the judgement that made the merge.", pattern = "^[a-z0-9][a-z0-9._:-]*$", max_length = 128)),
    responses(
        (status = 200, description = "The merge was reverted.", body = RevertReport<'static>),
        RevertProblems,
    ),
)]
#[post("/merges/{id}/revert")]
async fn make_revert(
    engine: web::Data<Engine>,
    id: web::Path<String>,
    _asked: ValidatedParams<NoParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let id = path_id(&id)?;
    answer(&request, move || revert_merge(&engine, &id)).await
}

/// The judgement that a body makes on an actor.
fn judgement(id: &Id, json: &str, verdict: Verdict) -> Result<Draft, Problem> {
    let mut members: Map<String, Value> = match serde_json::from_str(json) {
        Ok(members) => members,
        // Not an object: said as of any record.
        Err(_) => return read(Kind::Judgement, json).and_then(into_draft),
    };
    let said = [Kind::Judgement.as_str(), verdict.as_str(), id.as_str()];
    for (member, value) in SAID_BY_PATH.into_iter().zip(said) {
        if let Some(stated) = members.insert(member.to_owned(), value.into()) {
            let detail = format!("the path determines {member}: leave it out of the body");
            let stated = (stated.as_str()).map_or_else(|| stated.to_string(), str::to_owned);
            return Err(Problem::new(ProblemKind::IdMismatch, detail).value(&stated));
        }
    }
    read(Kind::Judgement, &Value::Object(members).to_string()).and_then(into_draft)
}

fn into_draft(document: RecordDocument<'_>) -> Result<Draft, Problem> {
    let draft = document.into_draft(&engine::defaults(None));
    draft.map_err(Problem::invalid_record)
}

/// The actor of the path, and the other that a judgement names.
fn both(view: &View, id: &Id, draft: &Draft) -> Result<(Term, Term), Problem> {
    let found = query::actor_with_id(view, id.as_str());
    let actor =
        found.ok_or_else(|| Problem::from(engine::not_found(view, Kind::Actor, id.as_str())))?;
    let named = draft.judged().map(|[_, (_, other)]| other.as_str());
    let other = view.resolve(named.unwrap_or_default(), None);
    Ok((
        actor,
        other.map_err(|error| Problem::name("other", error))?.actor,
    ))
}

fn merge_actor(
    engine: &Engine,
    params: &MergeParams,
    id: &Id,
    json: &str,
) -> Result<Answer, Problem> {
    let draft = judgement(id, json, Verdict::Same)?;
    loop {
        let view = engine.view(KnownAt::Now)?;
        let (actor, other) = both(&view, id, &draft)?;
        let preview = query::preview_merge(&view, actor, other);
        let despite = params.despite_different;
        if let Some(by) = preview.different.first().filter(|_| !despite) {
            let detail = format!(
                "{id} and {} are different according to judgement {}: delete it, or give \
                 despite_different=true",
                view.text(other),
                by.id
            );
            return Err(Problem::new(ProblemKind::JudgedDifferent, detail).value(&by.id));
        }
        let write = Write {
            mode: WriteMode::Create(Box::new(draft.clone())),
            condition: Some(Box::new(move |view| {
                despite || query::judged_different(view, actor, other).is_empty()
            })),
        };
        if params.dry_run {
            engine.check(write)?;
            let merge = None;
            return Answer::json(&MergeReport { merge, preview });
        }
        let Some((view, row, written)) = unless_changed(store(engine, write))? else {
            continue;
        };
        let merge = query::merge(&view, row);
        let answer = Answer::json(&MergeReport { merge, preview })?;
        return Ok(placed(answer, &written));
    }
}

fn judge_different(engine: &Engine, id: &Id, json: &str) -> Result<Answer, Problem> {
    let draft = judgement(id, json, Verdict::Different)?;
    loop {
        let view = engine.view(KnownAt::Now)?;
        let (actor, other) = both(&view, id, &draft)?;
        if view.survivor(actor) == view.survivor(other) {
            let detail = format!(
                "{id} and {} are the same actor because of a merge: revert the merge first",
                view.text(other)
            );
            return Err(Problem::new(ProblemKind::MergedActor, detail).value(id.as_str()));
        }
        let write = Write {
            mode: WriteMode::Create(Box::new(draft.clone())),
            condition: Some(Box::new(move |view| {
                view.survivor(actor) != view.survivor(other)
            })),
        };
        let Some((view, row, written)) = unless_changed(store(engine, write))? else {
            continue;
        };
        let described = query::describe(&view, row, Scheme::Icews, Vec::new());
        return Ok(placed(Answer::json(&described)?, &written));
    }
}

/// What was written; `None` when somebody has judged of the same actors since they were looked at, so that they are
/// to be looked at again.
fn unless_changed<T>(written: Result<T, EngineError>) -> Result<Option<T>, Problem> {
    match written {
        Ok(written) => Ok(Some(written)),
        Err(EngineError::Changed) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn revert_merge(engine: &Engine, id: &Id) -> Result<Answer, Problem> {
    let view = engine.view(KnownAt::Now)?;
    let row = find(&view, Kind::Judgement, id)?;
    let merge = query::merge(&view, row).ok_or_else(|| {
        let detail =
            format!("judgement {id} is not a merge: delete it with DELETE /judgements/{id}");
        Problem::new(ProblemKind::NoSuchRecord, detail).value(id.as_str())
    })?;
    let written = engine.write(Write {
        mode: WriteMode::Delete(Kind::Judgement, id.clone()),
        condition: None,
    })?;
    // Others may have written meanwhile.
    let before = engine.view(KnownAt::Commit(written.commit - 1))?;
    let stay = find(&before, Kind::Judgement, id).map(|row| query::recorded_since(&before, row))?;
    Answer::json(&RevertReport { merge, stay })
}
