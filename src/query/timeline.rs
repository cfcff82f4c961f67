//! Timelines: the records of some actors, of a dyad, or of everything, in the order of time.

use super::answer::{Meta, OmittedCounts, RecordPage};
use super::describe::Describer;
use super::filter::Scope;
use super::network::Network;
use super::selection::{ActorMatch, Order, Page, PageOffset, Selection};
use crate::graph::{Direction, MatchedRows, Row, Term, View};
use crate::model::Window;

/// A timeline.
#[derive(Clone, Debug)]
pub struct TimelineQuestion {
    /// Which records.
    pub selection: Selection,
    /// Within what.
    pub scope: Scope,
    /// In which order.
    pub order: Order,
    /// Which part.
    pub page: Page,
}

/// A page of a timeline as rows of the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPage {
    /// The rows of this page, in order.
    pub rows: Vec<Row>,
    /// How many there are on all pages.
    pub total: usize,
    /// Where the next page starts.
    pub next: Option<PageOffset>,
}

/// The rows of a timeline: what [`timeline`] puts into words.
pub fn timeline_rows(view: &View, question: &TimelineQuestion) -> RowPage {
    let network = Network::new(view, &question.scope);
    page(&network, question, unsifted(&network, &question.selection))
}

/// The page of a question whose rows are [`unsifted`], if they are. Its rows are
/// [looked up](View::look_up), since whoever asks reads them next.
pub(super) fn page(
    network: &Network<'_>,
    question: &TimelineQuestion,
    unsifted: Option<MatchedRows<'_>>,
) -> RowPage {
    let descending = question.order == Order::Descending;
    if let Some(rows) = unsifted {
        let total = rows.total();
        let Page { limit, offset } = question.page;
        let rows = if descending { rows.descending() } else { rows };
        let rows = rows.page(offset, limit);
        network.view().look_up(&rows);
        let end = offset.saturating_add(rows.len());
        return RowPage {
            rows,
            total,
            next: (end < total).then_some(end),
        };
    }
    let mut rows = select(network, &question.selection);
    if descending {
        rows.reverse();
    }
    let (page, next) = question.page.slice(&rows);
    RowPage {
        rows: page.to_vec(),
        total: rows.len(),
        next,
    }
}

/// The rows of a selection as the graph lists them, when nothing else must be asked of any row: then
/// a page costs what it shows.
pub(super) fn unsifted<'v>(
    network: &Network<'v>,
    selection: &Selection,
) -> Option<MatchedRows<'v>> {
    if !network.is_plain() {
        return None;
    }
    match selection {
        Selection::Everything => Some(network.windowed.all()),
        Selection::Dyad(a, b, directions) => {
            (*directions == Direction::ANY).then(|| network.windowed.of_dyad(*a, *b))
        }
        Selection::Actors(actors, _) => match actors.as_slice() {
            [actor] => Some(network.windowed.of_actor(*actor)),
            _ => None,
        },
    }
}

/// The records of a timeline, and where the next page starts. `next` of the page is left empty:
/// how a place in a list is written for clients is not known here.
pub fn timeline<'v>(
    view: &'v View,
    question: &TimelineQuestion,
) -> (RecordPage<'v>, Option<PageOffset>) {
    let network = Network::new(view, &question.scope);
    let page = page(&network, question, unsifted(&network, &question.selection));
    let focus = question.selection.actors();
    let describer = Describer::new(view, question.scope.scheme);
    let items = page
        .rows
        .iter()
        // What can't be read has been reported.
        .filter_map(|row| describer.record(*row, network.via(*row, &focus)));
    let answer = RecordPage {
        items: items.collect(),
        total: page.total,
        next: None,
        meta: meta_with_omitted(&network, &question.selection, &question.scope, page.total),
    };
    (answer, page.next)
}

/// The rows of a selection, in the order of time.
pub(super) fn select(network: &Network<'_>, selection: &Selection) -> Vec<Row> {
    match selection {
        Selection::Everything => {
            let rows = network.windowed.all();
            rows.filter(|row| network.accepts(*row, &[])).collect()
        }
        Selection::Dyad(a, b, directions) => {
            let rows = network.dyad(*a, *b).into_iter();
            let of_way = rows.filter(|(_, direction)| direction.meets(*directions));
            of_way.map(|(row, _)| row).collect()
        }
        Selection::Actors(actors, how) => {
            let mut lists = actors.iter().map(|actor| network.rows_of(*actor, actors));
            let mut rows = lists.next().unwrap_or_default();
            for list in lists {
                match how {
                    ActorMatch::Any => rows.extend(list),
                    ActorMatch::All => {
                        let also: hashbrown::HashSet<Row> = list.into_iter().collect();
                        rows.retain(|row| also.contains(row));
                    }
                }
            }
            if actors.len() > 1 {
                network.put_in_order(&mut rows);
            }
            rows
        }
    }
}

/// What holds for the answer to a question about a selection.
pub(super) fn meta(network: &Network<'_>, selection: &Selection, scope: &Scope) -> Meta {
    Meta {
        known_at: network.view().mark().map_or(0, |m| m.commit),
        scheme: scope.scheme.as_str(),
        undated_omitted: if scope.leaves_undated_out() {
            undated(network, selection, scope)
        } else {
            0
        },
        names: scope.names.clone(),
        not_occurred: network.not_occurred(scope, selection),
        ..Meta::default()
    }
}

/// The records without a date that a window leaves out.
fn undated(network: &Network<'_>, selection: &Selection, scope: &Scope) -> usize {
    let view = network.view();
    let actors = selection.actors();
    let may_stand = |actor: &Term| view.may_stand_undated(*actor);
    // Mostly there are none at all.
    if network.is_plain() && !actors.is_empty() && !actors.iter().any(may_stand) {
        return 0;
    }
    let everything = Scope {
        window: Window::ALL,
        certain: false,
        ..scope.clone()
    };
    let all = Network::undated(view, &everything);
    unsifted(&all, selection).map_or_else(|| select(&all, selection).len(), |rows| rows.total())
}

/// The same, with what a timeline of `total` records leaves out.
pub(super) fn meta_with_omitted(
    network: &Network<'_>,
    selection: &Selection,
    scope: &Scope,
    total: usize,
) -> Meta {
    let known = meta(network, selection, scope);
    let low_confidence = if scope.filter.min_confidence.is_some() {
        let mut any = scope.clone();
        any.filter.min_confidence = None;
        let network = Network::new(network.view(), &any);
        let undated = meta(&network, selection, &any).undated_omitted;
        select(&network, selection).len() + undated - total - known.undated_omitted
    } else {
        0
    };
    Meta {
        omitted: Some(OmittedCounts {
            undated: known.undated_omitted,
            clustered: 0,
            low_confidence,
        }),
        ..known
    }
}
