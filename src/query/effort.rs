//! How much a question may have to look at, told before it is asked: an upper bound, in records, that
//! costs a few binary searches.

use super::network::Network;
use super::paths::{Mode, PathsQuestion};
use super::rollup::Rollup;
use super::selection::Selection;
use super::timeline::TimelineQuestion;
use crate::graph::{MatchedRows, View, WindowView};

/// The records that a timeline may look at in its network, beside those that it shows. `unsifted` are
/// all its rows, when nothing must be asked of any.
pub(super) fn timeline_effort(
    network: &Network<'_>,
    question: &TimelineQuestion,
    unsifted: Option<&MatchedRows<'_>>,
) -> usize {
    if network.rollup != Rollup::None {
        return usize::MAX;
    }
    let selection = &question.selection;
    let offset = question.page.offset;
    let all = || candidates(&network.windowed, selection);
    let inside = unsifted.map_or_else(
        || all().iter().map(MatchedRows::most).sum(),
        |rows| rows.looked_at(offset),
    );
    let view = network.view();
    if let Selection::Actors(actors, _) = selection
        && !actors.iter().any(|actor| view.may_stand_undated(*actor))
    {
        return inside;
    }
    let outside = candidates(&view.undated(question.scope.matching()), selection);
    let outside = outside.iter().map(|rows| match unsifted {
        Some(_) => rows.looked_at(offset),
        None => rows.most(),
    });
    inside.saturating_add(outside.sum())
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
    let windowed = view.window(scope.window, scope.matching());
    windowed.all().most().saturating_mul(question.limit)
}

fn candidates<'v>(windowed: &WindowView<'v>, selection: &Selection) -> Vec<MatchedRows<'v>> {
    match selection {
        Selection::Everything => vec![windowed.all()],
        Selection::Dyad(a, b, _) => vec![windowed.of_dyad(*a, *b)],
        Selection::Actors(actors, _) => {
            let each = actors.iter();
            each.map(|actor| windowed.of_actor(*actor)).collect()
        }
    }
}
