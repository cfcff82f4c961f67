//! Whom a name means, and how that is known.

use std::borrow::Cow;

use super::answer::{CandidateAnswer, MatchStep, Meta, NameNote, ResolveAnswer};
use super::describe::actor_brief;
use crate::graph::{NameEvidence, NameMatch, Resolution, ResolutionStep, Term, TermKind, View};
use crate::model::{ActorKind, DayRange, Record, Tenure};

/// Suggestions of an answer at the most, where nobody has the name.
const SUGGESTIONS_MAX: usize = 10;
/// How sure a way to an actor is: by each step, by a name that is only near, and the share of that by a
/// tenure that no source shows on the day.
const SURE: f64 = 1.0;
const BY_SPELLING: f64 = 0.95;
const BY_ACCENTS: f64 = 0.9;
const BY_OFFICE: f64 = 0.85;
pub(super) const BY_NEARNESS: f64 = 0.75;
const ASSUMED_SHARE: f64 = 0.8;

/// A name whose meaning is asked for.
#[derive(Clone, Debug)]
pub struct ResolveQuestion {
    /// As it is written.
    pub name: String,
    /// As of which days; any time, when `None`.
    pub days: Option<DayRange>,
    /// Only actors of these kinds; of all, when empty.
    pub kinds: Vec<ActorKind>,
}

/// Whom a name means, with all whom somebody may have meant by it.
pub fn resolve<'v>(view: &'v View, question: &ResolveQuestion) -> ResolveAnswer<'v> {
    let of_kind = |actor: Term| {
        let kind = view
            .actor(actor)
            .and_then(|row| ActorKind::from_number(view.detail(row)));
        question.kinds.is_empty() || kind.is_some_and(|kind| question.kinds.contains(&kind))
    };
    let leads = view.leads(&question.name, question.days).into_iter();
    let leads: Vec<NameEvidence> = leads
        .filter(|lead| of_kind(lead.resolution.actor))
        .collect();
    let first = leads.first().map(|lead| lead.resolution.step);
    let answers = |lead: &&NameEvidence| Some(lead.resolution.step) == first;
    let mut meant: Vec<Term> = leads
        .iter()
        .filter(answers)
        .map(|l| l.resolution.actor)
        .collect();
    meant.sort_unstable();
    meant.dedup();
    let mut items: Vec<CandidateAnswer<'v>> = leads
        .iter()
        .map(|lead| candidate(view, lead, answers(&lead)))
        .collect();
    if items.is_empty() && question.days.is_some() {
        let others = view.leads(&question.name, None).into_iter();
        let others = others.filter(|lead| of_kind(lead.resolution.actor));
        items.extend(others.map(|lead| CandidateAnswer {
            reason: format!("{}, but not on these days", reason(view, &lead)),
            tenure: None,
            ..candidate(view, &lead, false)
        }));
    }
    if items.is_empty() {
        let near = view.nearest(&question.name, SUGGESTIONS_MAX).into_iter();
        let near = near.filter_map(|(near, close)| {
            let actor = view
                .term(TermKind::Actor, &near.id)
                .filter(|actor| of_kind(*actor))?;
            Some(CandidateAnswer {
                actor: actor_brief(view, actor),
                step: MatchStep::Near,
                answers: false,
                score: rounded(close * BY_NEARNESS),
                reason: "its name is similar".to_owned(),
                tenure: None,
            })
        });
        items.extend(near);
    }
    items.sort_by(|a, b| {
        let first = b.answers.cmp(&a.answers).then(a.step.cmp(&b.step));
        first
            .then_with(|| b.score.total_cmp(&a.score))
            .then_with(|| a.actor.cmp(&b.actor))
    });
    ResolveAnswer {
        name: question.name.clone(),
        actor: match meant.as_slice() {
            [actor] => Some(actor_brief(view, *actor)),
            _ => None,
        },
        ambiguous: meant.len() > 1,
        total: items.len(),
        items,
        next: None,
        meta: Meta {
            known_at: view.mark().map_or(0, |mark| mark.commit),
            ..Meta::default()
        },
    }
}

/// How sure a way to an actor is that a step leads, from 0 to 1.
pub(super) const fn sureness(step: ResolutionStep) -> f64 {
    match step {
        ResolutionStep::Id | ResolutionStep::Exact => SURE,
        ResolutionStep::Spelling => BY_SPELLING,
        ResolutionStep::Accents => BY_ACCENTS,
        ResolutionStep::Office => BY_OFFICE,
    }
}

fn candidate<'v>(view: &'v View, lead: &NameEvidence, answers: bool) -> CandidateAnswer<'v> {
    let resolution = lead.resolution;
    let share = match resolution.tenure {
        Tenure::Known => 1.0,
        Tenure::Assumed => ASSUMED_SHARE,
    };
    let dated = match &lead.found {
        NameMatch::Id | NameMatch::Name | NameMatch::Code { .. } => false,
        NameMatch::Alias(_) | NameMatch::Office(_) => true,
    };
    CandidateAnswer {
        actor: actor_brief(view, resolution.actor),
        step: resolution.step.into(),
        answers,
        score: rounded(sureness(resolution.step) * share),
        reason: reason(view, lead),
        tenure: dated.then_some(resolution.tenure.as_str()),
    }
}

/// How an actor was found, in words.
fn reason(view: &View, lead: &NameEvidence) -> String {
    let what = match &lead.found {
        NameMatch::Id => return "is its id".to_owned(),
        NameMatch::Code { scheme, code } => return format!("is its code {scheme}:{code}"),
        NameMatch::Office(row) => {
            // What can't be read has been reported.
            let title = match view.record(*row) {
                Some(Record::Relation(office)) => office.title.as_ref().map(ToString::to_string),
                _ => None,
            };
            let body = view
                .actors(*row)
                .nth(1)
                .map(|(body, _)| actor_brief(view, body).name);
            let title = title.unwrap_or_default();
            let body = body.unwrap_or(Cow::Borrowed("nobody"));
            return format!("holds the office {title} of {body}: {}", view.id(*row));
        }
        NameMatch::Name => "its name".to_owned(),
        NameMatch::Alias(text) => format!("its alias {text}"),
    };
    match lead.resolution.step {
        ResolutionStep::Spelling => format!("is a spelling of {what}"),
        ResolutionStep::Accents => format!("differs from {what} only by accents"),
        ResolutionStep::Id | ResolutionStep::Exact | ResolutionStep::Office => format!("is {what}"),
    }
}

/// A score with three decimals.
fn rounded(score: f64) -> f64 {
    (score * 1000.0).round() / 1000.0
}

/// What there is to say of a name that a question was asked with: where an id is a name of somebody else,
/// too, and where the name was taken by a tenure that no source shows on these days.
pub fn name_note(
    view: &View,
    name: &str,
    found: Resolution,
    days: Option<DayRange>,
) -> Option<NameNote> {
    let also = match found.step {
        ResolutionStep::Id => view.namesakes(name, found.actor, days),
        ResolutionStep::Exact
        | ResolutionStep::Spelling
        | ResolutionStep::Accents
        | ResolutionStep::Office => Vec::new(),
    };
    let is_assumed = found.tenure == Tenure::Assumed;
    let merged = found.step == ResolutionStep::Id && view.text(found.actor) != name;
    (is_assumed || merged || !also.is_empty()).then(|| NameNote {
        name: name.to_owned(),
        actor: view.text(found.actor).to_owned(),
        step: found.step.into(),
        tenure: is_assumed.then_some(found.tenure.as_str()),
        also: also
            .into_iter()
            .map(|other| view.text(other).to_owned())
            .collect(),
        merged,
    })
}
