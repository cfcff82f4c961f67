//! The actors that an actor is linked with, ranked by the records between them.

use std::cmp::Reverse;

use super::answer::{RelationshipAnswer, RelationshipPage};
use super::cell_filter::{BY_QUAD, opens};
use super::describe::actor_brief;
use super::drill_down::DrillDownBase;
use super::filter::Scope;
use super::network::{NeighbourCount, Network};
use super::selection::{ActorMatch, Page, PageOffset, Selection};
use super::tally::LinkTally;
use super::timeline::meta;
use crate::graph::{Direction, Term, View};

/// Whom an actor deals with.
#[derive(Clone, Debug)]
pub struct RelationshipsQuestion {
    /// Who.
    pub actor: Term,
    /// Within what. The filter on kinds of actor is of the counterparts.
    pub scope: Scope,
    /// Which part.
    pub page: Page,
}

/// How the numbers of a relationship are opened.
const OPENS: &[(&str, &str)] = &[
    BY_QUAD,
    ("outgoing", "way=a_to_b"),
    ("incoming", "way=b_to_a"),
    ("together", "way=together"),
];

/// The relationships of an actor: most records first, then by id; and where the next page starts.
/// `next` of the page is left empty.
pub fn relationships<'v>(
    view: &'v View,
    question: &RelationshipsQuestion,
) -> (RelationshipPage<'v>, Option<PageOffset>) {
    let network = Network::new(view, &question.scope);
    let neighbours = network.neighbours(question.actor, Direction::ANY);
    let of_kind = neighbours
        .iter()
        .filter(|(other, _)| network.compiled.accepts_kind(*other));
    let mut ranked: Vec<NeighbourCount> = of_kind.copied().collect();
    ranked.sort_by_cached_key(|(other, records)| (Reverse(*records), view.text(*other)));
    let (page, next) = question.page.slice(&ranked);
    let items = page
        .iter()
        .map(|(other, _)| relationship(&network, question, *other));
    let selection = Selection::Actors(vec![question.actor], ActorMatch::Any);
    let mut meta = meta(&network, &selection, &question.scope);
    meta.opens = opens(OPENS, &question.scope.filter.narrowed);
    let page = RelationshipPage {
        items: items.collect(),
        total: ranked.len(),
        next: None,
        meta,
    };
    (page, next)
}

fn relationship<'v>(
    network: &Network<'v>,
    question: &RelationshipsQuestion,
    other: Term,
) -> RelationshipAnswer<'v> {
    let view = network.view();
    let rows = network.between(question.actor, other);
    let linking = LinkTally::from_rows(view, &rows, question.scope.scheme);
    RelationshipAnswer {
        actor: actor_brief(view, other),
        records: linking.records,
        outgoing: linking.forward,
        incoming: linking.backward,
        together: linking.together,
        quad: linking.quad,
        first: linking.first,
        last: linking.last,
        ongoing: linking.ongoing,
        // Here kinds are of the counterpart; on a timeline they are of third actors.
        records_url: DrillDownBase::link(view, question.actor, other, &question.scope).all(),
    }
}
