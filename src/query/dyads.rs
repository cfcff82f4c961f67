//! The pairs of actors of a window, the busiest first.

use std::cmp::Reverse;

use super::adjacency::Adjacency;
use super::answer::{PairAnswer, PairPage};
use super::cell_filter::{BY_QUAD, opens};
use super::describe::actor_brief;
use super::drill_down::DrillDownBase;
use super::filter::Scope;
use super::network::Network;
use super::selection::{Page, PageOffset, Selection};
use super::tally::LinkTally;
use super::timeline::meta;
use crate::graph::{Term, View};
use crate::invariant::Holds as _;

/// How the numbers of a pair are opened.
const OPENS: &[(&str, &str)] = &[
    BY_QUAD,
    ("a_to_b", "way=a_to_b"),
    ("b_to_a", "way=b_to_a"),
    ("together", "way=together"),
];

/// All pairs of actors that some record links.
#[derive(Clone, Debug)]
pub struct DyadsQuestion {
    /// Within what. The filter on kinds of actor is of both.
    pub scope: Scope,
    /// Which part.
    pub page: Page,
}

/// The pairs: most records first, then by ids; and where the next page starts. `next` of the page is left
/// empty.
pub fn dyads<'v>(view: &'v View, question: &DyadsQuestion) -> (PairPage<'v>, Option<PageOffset>) {
    let scope = &question.scope;
    let network = Network::new(view, scope);
    let adjacency = Adjacency::from_network(&network, scope);
    // Places are in the order of ids.
    let mut pairs: Vec<(Reverse<u32>, usize, usize)> = Vec::with_capacity(adjacency.links());
    for at in 0..adjacency.len() {
        let later = adjacency.ends(at).iter().filter(|end| end.to as usize > at);
        pairs.extend(later.map(|end| (Reverse(end.records), at, end.to as usize)));
    }
    let total = pairs.len();
    // What comes after the page need not be in order.
    let end = question.page.offset.saturating_add(question.page.limit);
    if end < total {
        pairs.select_nth_unstable(end);
        pairs.truncate(end);
    }
    pairs.sort_unstable();
    let (page, _) = question.page.slice(&pairs);
    let standing = Network::new(view, &scope.of_all_kinds());
    let items = page.iter().filter_map(|(_, a, b)| {
        let [a, b] = [a, b].map(|place| adjacency.actors.get(*place).copied());
        let [a, b] = [a, b].map(|actor| actor.holds("who is linked is an actor"));
        Some(pair(&standing, scope, (a?, b?)))
    });
    let mut meta = meta(&network, &Selection::Everything, scope);
    meta.opens = opens(OPENS, &scope.filter.narrowed);
    let page = PairPage {
        items: items.collect(),
        total,
        next: None,
        meta,
    };
    (page, (end < total).then_some(end))
}

fn pair<'v>(network: &Network<'v>, scope: &Scope, (a, b): (Term, Term)) -> PairAnswer<'v> {
    let view = network.view();
    let linking = LinkTally::from_rows(view, &network.between(a, b), scope.scheme);
    PairAnswer {
        a: actor_brief(view, a),
        b: actor_brief(view, b),
        records: linking.records,
        records_url: DrillDownBase::link(view, a, b, scope).all(),
        a_to_b: linking.forward,
        b_to_a: linking.backward,
        together: linking.together,
        quad: linking.quad,
        first: linking.first,
        last: linking.last,
        ongoing: linking.ongoing,
    }
}
