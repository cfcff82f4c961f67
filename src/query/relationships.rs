//! The actors that an actor is linked with, ranked by the records between them.

use std::cmp::Reverse;

use super::answer::{QuadCounts, RelationshipAnswer, RelationshipPage};
use super::describe::actor_brief;
use super::filter::Scope;
use super::narrowed::{BY_QUAD, opens};
use super::network::{Neighbour, Network};
use super::records_url::Opened;
use super::timeline::{Match, Page, Position, Selection, meta};
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
) -> (RelationshipPage<'v>, Option<Position>) {
    let network = Network::new(view, &question.scope);
    let neighbours = network.neighbours(question.actor, Direction::ANY);
    let of_kind = neighbours
        .iter()
        .filter(|(other, _)| network.sieve.accepts_kind(*other));
    let mut ranked: Vec<Neighbour> = of_kind.copied().collect();
    ranked.sort_by_cached_key(|(other, records)| (Reverse(*records), view.text(*other)));
    let (page, next) = question.page.of(&ranked);
    let items = page
        .iter()
        .map(|(other, _)| relationship(&network, question, *other));
    let selection = Selection::Actors(vec![question.actor], Match::Any);
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
    let mut quad = QuadCounts::default();
    for (row, _) in &rows {
        quad.add(view, *row, question.scope.scheme);
    }
    let count = |way: Direction| {
        rows.iter()
            .filter(|(_, direction)| direction.meets(way))
            .count()
    };
    let extent = view.extent(rows.iter().map(|(row, _)| *row));
    RelationshipAnswer {
        actor: actor_brief(view, other),
        records: rows.len(),
        outgoing: count(Direction::FORWARD),
        incoming: count(Direction::BACKWARD),
        together: count(Direction::WITH),
        quad,
        first: extent.map(|extent| extent.first),
        last: extent.map(|extent| extent.last),
        ongoing: extent.is_some_and(|extent| extent.is_ongoing),
        // Here kinds are of the counterpart; on a timeline they are of third actors.
        records_url: Opened::link(view, question.actor, other, &question.scope).all(),
    }
}
