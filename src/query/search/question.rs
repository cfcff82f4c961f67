//! What a search asks, and what it finds before that is described.

use crate::graph::{Row, Term, View};
use crate::model::{Id, Kind};
use crate::query::filter::{Filter, Scope};
use crate::query::selection::Page;
use crate::text::{Fit, NameSource, TextQuery};

/// How what was found is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchOrder {
    /// What fits best first; of what fits equally well, the earliest.
    Relevance,
    /// The latest first; what has no date last, the best first.
    Date,
}

impl SearchOrder {
    /// Both orders.
    pub const ALL: [Self; 2] = [Self::Relevance, Self::Date];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Date => "date",
        }
    }
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct SearchQuestion {
    /// The words.
    pub query: TextQuery,
    /// In which of the [`SEARCHED`](super::SEARCHED) kinds; in all, when empty.
    pub kinds: Vec<Kind>,
    /// Within what. Actors have no date: the window says as of when names and offices count. The filter
    /// on kinds of actor is of themselves; other filters than that and the data set let no actor through,
    /// and no source.
    pub scope: Scope,
    /// In which order.
    pub order: SearchOrder,
    /// Which part.
    pub page: Page,
}

/// A record that was found.
pub(super) struct SearchHit {
    pub(super) row: Row,
    pub(super) score: f64,
    pub(super) fit: Fit,
    /// Of an actor: who, by what, and in how many records of the window it stands.
    pub(super) actor: Option<(Term, NameSource, usize)>,
    /// Whether it is only counted, for it has no date.
    pub(super) is_omitted: bool,
    /// Whether it has a phrase only its texts tell.
    pub(super) is_unread: bool,
}

pub(super) fn put_in_order(view: &View, order: SearchOrder, found: &mut [SearchHit]) {
    // Recorded order decides nothing: a record that came in another order is found in the same.
    let day = |found: &SearchHit| {
        let (day, last, instant, _) = view.order(found.row);
        (day, last, instant, view.kind(found.row).number())
    };
    let by_score = |a: &SearchHit, b: &SearchHit| {
        let best = b.score.total_cmp(&a.score);
        best.then_with(|| day(a).cmp(&day(b)))
            .then_with(|| view.id(a.row).cmp(&view.id(b.row)))
    };
    match order {
        SearchOrder::Relevance => found.sort_by(by_score),
        SearchOrder::Date => found.sort_by(|a, b| {
            let dated = |found: &SearchHit| view.is_dated(found.row);
            match (dated(a), dated(b)) {
                (true, true) => day(b)
                    .cmp(&day(a))
                    .then_with(|| view.id(a.row).cmp(&view.id(b.row))),
                (false, false) => by_score(a, b),
                (a, b) => b.cmp(&a),
            }
        }),
    }
}

/// What the records of an actor are counted in: the filters are about what is found.
pub(super) fn counted(scope: &Scope) -> Scope {
    Scope {
        filter: Filter::default(),
        ..scope.clone()
    }
}

/// Whether a filter asks for nothing but data sets. Actors and sources have no coding, topics or
/// citations: a filter on these lets none of them through. They rest on no source that might be left out.
pub(super) fn is_of_dataset_only(filter: &Filter) -> bool {
    let others = Filter {
        datasets: Vec::new(),
        excluded_datasets: Vec::new(),
        excluded: Vec::new(),
        ..filter.clone()
    };
    others == Filter::default()
}

pub(super) fn is_of_dataset(view: &View, row: Row, filter: &Filter) -> bool {
    let dataset = view.dataset(row).map_or("", |dataset| view.text(dataset));
    let is_among = |ids: &[Id]| ids.iter().any(|id| id.as_str() == dataset);
    (filter.datasets.is_empty() || is_among(&filter.datasets))
        && !is_among(&filter.excluded_datasets)
}

/// A count to calculate with.
#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of words are far below 2^52"
)]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}
