//! Roll-up: what a person does counts for the state or body that he or she stands for on that day.

use super::answer::Via;
use super::describe::actor_brief;
use crate::graph::{Row, Term, View};
use crate::model::{ActorKind, Day, Record, Role};

/// Steps from a person up to a state: an office in a section of a ministry of a state.
const DEPTH_MAX: usize = 6;

/// Whether what people do counts for those they stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rollup {
    /// Everyone counts for himself.
    None,
    /// Everyone counts for the state that he represents on the day of the record, or for the body,
    /// when that stands for no state.
    State,
}

impl Rollup {
    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::State => "state",
        }
    }
}

/// Whom an actor stands for on some days, and the relations that say so, from the actor upward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Top {
    pub(super) actor: Term,
    pub(super) relations: Vec<Row>,
}

/// Those whom `actor` stands for on some of the days from `first` to `last`: the states, or the
/// last bodies on the way up. Nobody, when it is a state itself or stands for nobody.
pub(super) fn tops(view: &View, actor: Term, (first, last): (Day, Day)) -> Vec<Top> {
    let mut tops = Vec::new();
    climb(
        view,
        actor,
        (first, last),
        &mut Vec::new(),
        &mut vec![actor],
        &mut tops,
    );
    tops
}

fn climb(
    view: &View,
    actor: Term,
    days: (Day, Day),
    relations: &mut Vec<Row>,
    seen: &mut Vec<Term>,
    tops: &mut Vec<Top>,
) {
    let before = tops.len();
    let at_top = is_state(view, actor) || relations.len() >= DEPTH_MAX;
    if !at_top {
        for tie in view.ties_of(actor) {
            let Some(object) = object_on(view, tie, days).filter(|o| !seen.contains(o)) else {
                continue;
            };
            seen.push(object);
            relations.push(tie);
            climb(view, object, days, relations, seen, tops);
            relations.pop();
            seen.pop();
        }
    }
    let known = tops.iter().any(|top| top.actor == actor);
    if tops.len() == before && !relations.is_empty() && !known {
        tops.push(Top {
            actor,
            relations: relations.clone(),
        });
    }
}

/// Whether `actor` stands for `body` on some of the days: it is the state at the top or on the way.
pub(super) fn stands_for(view: &View, actor: Term, body: Term, days: (Day, Day)) -> bool {
    let tops = tops(view, actor, days);
    let mut relations = tops.iter().flat_map(|top| &top.relations);
    relations.any(|relation| object(view, *relation) == Some(body))
}

fn object(view: &View, relation: Row) -> Option<Term> {
    view.actors(relation)
        .find(|(_, role)| *role == Role::Object)
        .map(|(actor, _)| actor)
}

/// The object of a tie that may hold on some of the days.
fn object_on(view: &View, tie: Row, (first, last): (Day, Day)) -> Option<Term> {
    match view.record(tie)? {
        Record::Relation(relation) if relation.may_cover(first, last) => object(view, tie),
        Record::Source(_)
        | Record::Actor(_)
        | Record::Relation(_)
        | Record::Event(_)
        | Record::Statement(_) => None,
    }
}

fn is_state(view: &View, actor: Term) -> bool {
    view.actor(actor)
        .is_some_and(|row| view.detail(row) == ActorKind::State.number())
}

/// The actors who at some time stood for `top`, ascending.
pub(super) fn members(view: &View, top: Term) -> Vec<Term> {
    let mut found = vec![top];
    let mut next = 0;
    while let Some(&body) = found.get(next) {
        next += 1;
        for tie in view.ties_to(body) {
            for (actor, role) in view.actors(tie) {
                if role == Role::Subject && !found.contains(&actor) {
                    found.push(actor);
                }
            }
        }
    }
    found.retain(|actor| *actor != top);
    found.sort_unstable();
    found
}

/// An actor of a record as it counts under roll-up.
#[derive(Clone, Debug)]
pub(super) struct Rolled {
    pub(super) actor: Term,
    pub(super) role: Role,
    /// Who stands in the record, and the relations upward, when it is somebody else.
    pub(super) through: Option<(Term, Vec<Row>)>,
}

/// The actors of a record as they count. An undated record counts for those who stand in it.
pub(super) fn rolled(view: &View, row: Row) -> Vec<Rolled> {
    let mut counted = Vec::new();
    for (actor, role) in view.actors(row) {
        let tops = view
            .days(row)
            .map(|days| tops(view, actor, days))
            .unwrap_or_default();
        if tops.is_empty() {
            counted.push(Rolled {
                actor,
                role,
                through: None,
            });
        }
        for top in tops {
            counted.push(Rolled {
                actor: top.actor,
                role,
                through: Some((actor, top.relations)),
            });
        }
    }
    counted
}

/// Through whom a record came in for the actors of `focus`.
pub(super) fn via(view: &View, row: Row, focus: &[Term]) -> Vec<Via> {
    let mut found = Vec::new();
    for rolled in rolled(view, row) {
        if let (true, Some((actor, relations))) = (focus.contains(&rolled.actor), rolled.through) {
            let via = Via {
                actor: actor_brief(view, actor),
                represents: actor_brief(view, rolled.actor),
                relations: relations.iter().map(|r| view.id(*r)).collect(),
            };
            if !found.contains(&via) {
                found.push(via);
            }
        }
    }
    found
}
