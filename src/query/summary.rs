//! The record at a glance.

use std::borrow::Cow;
use std::collections::BTreeMap;

use petgraph::visit::{Dfs, NodeCount as _, VisitMap as _};

use super::answer::{NetworkAnswer, QuadCounts, SummaryAnswer};
use super::dyad::span;
use super::filter::{Scope, Sieve};
use super::network::Network;
use super::timeline::{Selection, meta};
use crate::graph::{Direction, Links, Row, View, Windowed};
use crate::model::Kind;

/// What there is in a window, under some filters.
#[derive(Clone, Debug, Default)]
pub struct SummaryQuestion {
    /// Within what.
    pub scope: Scope,
}

/// Counts the records, and the actors, dyads and components of the network that they form.
pub fn summary<'v>(view: &'v View, question: &SummaryQuestion) -> SummaryAnswer<'v> {
    let scope = &question.scope;
    let mut answer = SummaryAnswer {
        counts: Kind::ALL
            .iter()
            .map(|kind| (Cow::Borrowed(kind.plural()), 0))
            .collect(),
        datasets: BTreeMap::new(),
        first: None,
        last: None,
        quad: QuadCounts::default(),
        network: NetworkAnswer::default(),
        meta: meta(&Network::new(view, scope), &Selection::Everything, scope),
    };
    for kind in [Kind::Actor, Kind::Source] {
        view.of_kind(kind).for_each(|row| answer.count(view, row));
    }
    let windowed = view.window(scope.window, scope.certain);
    let sieve = Sieve::new(view, scope);
    let rows: Vec<Row> = windowed
        .all()
        .filter(|row| sieve.accepts(*row, &[]))
        .collect();
    for row in &rows {
        answer.count(view, *row);
    }
    let happenings = || {
        rows.iter()
            .copied()
            .filter(|row| view.kind(*row) != Kind::Relation)
    };
    (answer.first, answer.last) = span(view, happenings());
    happenings().for_each(|row| answer.quad.add(view, row, scope.scheme));
    answer.network = network(&windowed, &sieve);
    answer
}

impl<'v> SummaryAnswer<'v> {
    fn count(&mut self, view: &'v View, row: Row) {
        *self
            .counts
            .entry(Cow::Borrowed(view.kind(row).plural()))
            .or_default() += 1;
        if let Some(dataset) = view.dataset(row) {
            *self
                .datasets
                .entry(Cow::Borrowed(view.text(dataset)))
                .or_default() += 1;
        }
    }
}

fn network(windowed: &Windowed<'_>, sieve: &Sieve<'_>) -> NetworkAnswer {
    let links = Links::new(windowed, Direction::ANY, |row| sieve.accepts(row, &[]));
    let mut answer = NetworkAnswer {
        actors: links.node_count(),
        ..NetworkAnswer::default()
    };
    let mut walk = Dfs::empty(&links);
    for &actor in links.actors() {
        let ahead = links
            .neighbours(actor)
            .into_iter()
            .filter(|other| *other > actor);
        answer.dyads += ahead.count();
        if walk.discovered.is_visited(&actor.number()) {
            continue;
        }
        walk.move_to(actor.number());
        let mut members = 0;
        while walk.next(&links).is_some() {
            members += 1;
        }
        answer.components += 1;
        answer.largest_component = answer.largest_component.max(members);
    }
    answer
}
