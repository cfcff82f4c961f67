//! Through whom a record came in under roll-up, as an answer says it.

use std::borrow::Cow;

use super::answer::Via;
use super::describe::actor_brief;
use super::rollup::RolledActor;
use crate::graph::{Term, View};
use crate::invariant::Holds as _;
use crate::model::Tenure;

/// Through whom a record came in for the actors of `focus`.
pub(super) fn via<'v>(view: &'v View, rolled: &[RolledActor], focus: &[Term]) -> Vec<Via<'v>> {
    let mut found: Vec<Via<'v>> = Vec::new();
    for way in rolled.iter().flat_map(|rolled| &rolled.ways) {
        let mut actors = way.actors.iter().enumerate();
        let Some((_, stands)) = actors.next().holds("a way begins with an actor") else {
            continue;
        };
        for (steps, represented) in actors.filter(|(_, actor)| focus.contains(*actor)) {
            let relations = way.relations.iter().take(steps);
            let via = Via {
                actor: actor_brief(view, *stands),
                represents: actor_brief(view, *represented),
                relations: relations.map(|r| Cow::Owned(view.id(*r))).collect(),
                assumed: way
                    .tenures
                    .iter()
                    .take(steps)
                    .any(|tenure| *tenure == Tenure::Assumed),
            };
            let is_same = |v: &&mut Via<'_>| v.actor == via.actor && v.represents == via.represents;
            match found.iter_mut().find(is_same) {
                // The way that sources show goes before one that is assumed.
                Some(known) if known.assumed && !via.assumed => *known = via,
                Some(_) => {}
                None => found.push(via),
            }
        }
    }
    found
}
