//! How much a question may have to look at, told before it is asked: an upper bound, in records, that
//! costs a few binary searches.

use super::network::Network;
use super::paths::{Mode, PathsQuestion};
use super::rollup::Rollup;
use super::timeline::{Selection, TimelineQuestion};
use crate::graph::{Rows, View, Windowed};

/// The records that a timeline may look at in its network, beside those that it shows.
pub(super) fn timeline_effort(network: &Network<'_>, question: &TimelineQuestion) -> usize {
    if network.rollup != Rollup::None {
        return usize::MAX;
    }
    let one = match &question.selection {
        Selection::Everything | Selection::Dyad(..) => true,
        Selection::Actors(actors, _) => actors.len() == 1,
    };
    let of = |rows: &Rows<'_>| {
        if one && network.is_plain() {
            rows.looked_at(question.page.offset)
        } else {
            rows.most()
        }
    };
    let inside: usize = candidates(&network.windowed, &question.selection)
        .iter()
        .map(of)
        .sum();
    let undated = network.view().undated();
    let outside: usize = candidates(&undated, &question.selection)
        .iter()
        .map(of)
        .sum();
    inside.saturating_add(outside)
}

/// The records that a search for paths may walk over: all in the window, for each path wanted.
pub fn paths_effort(view: &View, question: &PathsQuestion) -> usize {
    let scope = &question.scope;
    let is_simple = scope.rollup == Rollup::None
        && question.mode == Mode::Fewest
        && question.via.is_empty()
        && !question.diverse;
    if !is_simple {
        return usize::MAX;
    }
    let windowed = view.window(scope.window, scope.certain);
    windowed.all().most().saturating_mul(question.limit)
}

fn candidates<'n>(windowed: &'n Windowed<'_>, selection: &Selection) -> Vec<Rows<'n>> {
    match selection {
        Selection::Everything => vec![windowed.all()],
        Selection::Dyad(a, b, _) => vec![windowed.of_dyad(*a, *b)],
        Selection::Actors(actors, _) => {
            let each = actors.iter();
            each.map(|actor| windowed.of_actor(*actor)).collect()
        }
    }
}
