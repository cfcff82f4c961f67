//! A windowed view as a graph of actors that petgraph's algorithms run on.

use fixedbitset::FixedBitSet;
use petgraph::visit::{
    GraphBase, IntoNeighbors, IntoNodeIdentifiers, NodeCompactIndexable, NodeCount, NodeIndexable,
    Visitable,
};

use super::dyads::Direction;
use super::terms::Term;
use super::view::Row;
use super::window::WindowView;
use crate::invariant::Holds as _;

/// What petgraph asks for.
const OF_NETWORK: &str = "a node is an actor of the network";

/// The actors of a window and their links: a node is an actor, an edge two actors that some
/// accepted record links in an accepted direction. Nothing is copied; the records are looked at
/// when an algorithm asks for neighbours.
pub struct Links<'v> {
    windowed: &'v WindowView<'v>,
    accept: Box<dyn Fn(Row) -> bool + 'v>,
    directions: Direction,
    /// The actors that stand in an accepted record, and the index of each.
    actors: Vec<Term>,
}

impl std::fmt::Debug for Links<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Links")
            .field("actors", &self.actors.len())
            .finish_non_exhaustive()
    }
}

impl<'v> Links<'v> {
    /// The links of the records that `accept` lets through, followed in `directions`. Its nodes
    /// are all actors who stand in such a record, with or without a link.
    pub fn new(
        windowed: &'v WindowView<'v>,
        directions: Direction,
        accept: impl Fn(Row) -> bool + 'v,
    ) -> Self {
        let mut actors = windowed.standing_actors();
        actors.retain(|actor| windowed.of_actor(*actor).any(&accept));
        Self {
            windowed,
            accept: Box::new(accept),
            directions,
            actors,
        }
    }

    /// The neighbours of an actor, ascending and without repetition.
    pub fn neighbours(&self, actor: Term) -> Vec<Term> {
        let mut found = Vec::new();
        self.windowed.neighbours(actor, &mut |other, linking| {
            let linked = |(row, direction): (Row, Direction)| {
                direction.meets(self.directions) && (self.accept)(row)
            };
            if linking.rows().any(linked) {
                found.push(other);
            }
        });
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The actors, ascending.
    pub fn actors(&self) -> &[Term] {
        &self.actors
    }
}

/// A node is the number of a term.
impl GraphBase for Links<'_> {
    type NodeId = u32;
    type EdgeId = (u32, u32);
}

impl IntoNeighbors for &Links<'_> {
    type Neighbors = std::vec::IntoIter<u32>;

    fn neighbors(self, actor: u32) -> Self::Neighbors {
        numbers(&self.neighbours(Term(actor)))
    }
}

impl IntoNodeIdentifiers for &Links<'_> {
    type NodeIdentifiers = std::vec::IntoIter<u32>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        numbers(&self.actors)
    }
}

fn numbers(terms: &[Term]) -> std::vec::IntoIter<u32> {
    terms
        .iter()
        .map(|term| term.0)
        .collect::<Vec<_>>()
        .into_iter()
}

impl NodeCount for Links<'_> {
    fn node_count(&self) -> usize {
        self.actors.len()
    }
}

impl NodeIndexable for Links<'_> {
    fn node_bound(&self) -> usize {
        self.actors.len()
    }

    fn to_index(&self, actor: u32) -> usize {
        let place = self.actors.binary_search(&Term(actor)).ok();
        place.holds(OF_NETWORK).unwrap_or_default()
    }

    fn from_index(&self, index: usize) -> u32 {
        let actor = self.actors.get(index).holds(OF_NETWORK);
        actor.map_or(0, |term| term.0)
    }
}

impl NodeCompactIndexable for Links<'_> {}

impl Visitable for Links<'_> {
    type Map = FixedBitSet;

    fn visit_map(&self) -> FixedBitSet {
        FixedBitSet::with_capacity(self.windowed.view().terms_end())
    }

    fn reset_map(&self, map: &mut FixedBitSet) {
        map.clear();
    }
}
