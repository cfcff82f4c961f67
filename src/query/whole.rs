//! A timeline as a whole: what files are made of.

use super::answer::Meta;
use super::filter::Scope;
use super::network::Network;
use super::selection::{Order, Selection};
use super::timeline::{meta, select};
use crate::graph::{Row, View};

/// The rows of a timeline in their order, and what holds for all of them.
pub fn whole_timeline(
    view: &View,
    selection: &Selection,
    scope: &Scope,
    order: Order,
) -> (Vec<Row>, Meta) {
    let network = Network::new(view, scope);
    let mut rows = select(&network, selection);
    if order == Order::Descending {
        rows.reverse();
    }
    (rows, meta(&network, selection, scope))
}
