//! Actors that may be one, with what speaks for it.

use super::actor_comparison::ActorComparison;
use super::answer::{ActorDuplicate, ActorDuplicatePage, Meta};
use super::describe::actor_brief;
use super::drill_down::DrillDownBase;
use super::duplicate_keys::DuplicateKeys;
use super::filter::Scope;
use super::selection::{ActorMatch, Page, PageOffset, Selection};
use crate::graph::{Term, View};
use crate::model::ActorKind;

/// Pairs of actors that are compared at the most.
pub const ACTOR_PAIRS_MAX: usize = 1_000_000;

/// Which actors may be one.
#[derive(Clone, Debug)]
pub struct ActorDuplicatesQuestion {
    /// Only pairs with this actor; all, when `None`.
    pub actor: Option<Term>,
    /// Only pairs in which one actor is of these kinds; all, when empty.
    pub kinds: Vec<ActorKind>,
    /// Only pairs with at least this score, from 0 to 1.
    pub min_score: f64,
    /// Which part.
    pub page: Page,
}

/// The pairs of actors that may be one, the likeliest first, then by the ids of the two; and where the next page starts.
/// `next` of the page is left empty.
///
/// Two actors are a pair when they have a key in common that at most [`BLOCK_MAX`](super::BLOCK_MAX) actors have, and a
/// name or a code of the one says that it may be the other. Those that were merged are one; those that were judged to be
/// different are none.
pub fn actor_duplicates<'v>(
    view: &'v View,
    question: &ActorDuplicatesQuestion,
) -> (ActorDuplicatePage<'v>, Option<PageOffset>) {
    actor_duplicates_within(view, question, ACTOR_PAIRS_MAX)
}

/// The same when at most so many pairs are compared.
pub fn actor_duplicates_within<'v>(
    view: &'v View,
    question: &ActorDuplicatesQuestion,
    pairs_max: usize,
) -> (ActorDuplicatePage<'v>, Option<PageOffset>) {
    DuplicateKeys::with(view, |keys| {
        let comparison = ActorComparison::new(view, keys);
        let actor = question.actor.map(|actor| view.survivor(actor));
        let (pairs, truncated) = keys.pairs(view, actor, pairs_max);
        let is_asked = |actor: Term| {
            let kind = comparison.kind(actor);
            kind.is_some_and(|kind| question.kinds.contains(&kind))
        };
        let mut found: Vec<(f64, Term, Term)> = Vec::new();
        for (one, other) in pairs {
            if !question.kinds.is_empty() && !is_asked(one) && !is_asked(other) {
                continue;
            }
            if let Some(reasons) = comparison.compare(one, other, question.min_score) {
                let (one, other) = in_order(view, one, other);
                found.push((reasons.score(), one, other));
            }
        }
        found.sort_by(|a, b| {
            let likelier = b.0.total_cmp(&a.0);
            let ids = |pair: &(f64, Term, Term)| (view.text(pair.1), view.text(pair.2));
            likelier.then_with(|| ids(a).cmp(&ids(b)))
        });
        let (page, next) = question.page.slice(&found);
        let items = page.iter();
        let page = ActorDuplicatePage {
            items: items
                .filter_map(|(_, one, other)| suggestion(&comparison, view, *one, *other))
                .collect(),
            total: found.len(),
            truncated,
            next: None,
            meta: Meta {
                known_at: view.mark().map_or(0, |mark| mark.commit),
                ..Meta::default()
            },
        };
        (page, next)
    })
}

/// What speaks for two actors being one, whatever they have in common; `None` when no name and no code does, or they are
/// judged to be different.
pub fn score_actors(view: &View, one: Term, other: Term) -> Option<ActorDuplicate<'_>> {
    DuplicateKeys::with(view, |keys| {
        let comparison = ActorComparison::new(view, keys);
        let (one, other) = in_order(view, view.survivor(one), view.survivor(other));
        suggestion(&comparison, view, one, other)
    })
}

fn in_order(view: &View, one: Term, other: Term) -> (Term, Term) {
    if view.text(one) <= view.text(other) {
        (one, other)
    } else {
        (other, one)
    }
}

fn suggestion<'v>(
    comparison: &ActorComparison<'_, 'v>,
    view: &'v View,
    one: Term,
    other: Term,
) -> Option<ActorDuplicate<'v>> {
    let reasons = comparison.compare(one, other, 0.0)?;
    let records = |actor: Term| {
        let selection = Selection::Actors(vec![actor], ActorMatch::Any);
        DrillDownBase::timeline(view, &selection, &Scope::default()).all()
    };
    let shared = comparison.shown_counterparts(one, other).into_iter();
    Some(ActorDuplicate {
        actor: actor_brief(view, one),
        other: actor_brief(view, other),
        score: reasons.score(),
        reasons: reasons.into_sorted(),
        shared_counterparts: shared.map(|actor| actor_brief(view, actor)).collect(),
        actor_records_url: records(one),
        other_records_url: records(other),
    })
}
