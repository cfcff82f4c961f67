//! The record at a glance.

use std::borrow::Cow;
use std::collections::BTreeMap;

use petgraph::visit::{Dfs, NodeCount as _, VisitMap as _};

use super::answer::{NetworkAnswer, QuadCounts, SummaryAnswer, SummaryUrls};
use super::cell_filter::{CellFilter, CodingFilter, UNCODED};
use super::drill_down::{DrillDown, DrillDownBase, ListedRecords};
use super::filter::{CompiledFilter, Occurrence, Scope};
use super::network::Network;
use super::rollup::Rollup;
use super::selection::Selection;
use super::timeline::meta;
use crate::graph::{Direction, Links, Row, View, WindowView};
use crate::model::{Id, Kind, QuadClass};

/// What there is in a window, under some filters.
#[derive(Clone, Debug, Default)]
pub struct SummaryQuestion {
    /// Within what.
    pub scope: Scope,
}

/// Counts the records, and the actors, dyads and components of the network that they form.
pub fn summary<'v>(view: &'v View, question: &SummaryQuestion) -> SummaryAnswer<'v> {
    let scope = &question.scope;
    // Whoever stands for a state is counted as the person that the record names.
    let plain = Scope {
        rollup: Rollup::None,
        ..scope.clone()
    };
    let mut answer = SummaryAnswer {
        counts: counted_kinds()
            .map(|kind| (Cow::Borrowed(kind.plural()), 0))
            .collect(),
        datasets: BTreeMap::new(),
        first: None,
        last: None,
        quad: QuadCounts::default(),
        network: NetworkAnswer::default(),
        records_urls: SummaryUrls {
            counts: BTreeMap::new(),
            datasets: BTreeMap::new(),
            quad: BTreeMap::new(),
        },
        meta: meta(&Network::new(view, &plain), &Selection::Everything, scope),
    };
    for kind in [Kind::Actor, Kind::Source] {
        let rows = view.of_kind(kind).filter(|row| !view.is_of_merged(*row));
        rows.for_each(|row| answer.count(view, row));
    }
    let windowed = view.window(scope.window, scope.matching());
    let compiled = CompiledFilter::new(view, scope);
    let rows: Vec<Row> = windowed
        .all()
        .filter(|row| compiled.accepts(*row, &[]))
        .collect();
    for row in &rows {
        answer.count(view, *row);
    }
    let happenings = || {
        rows.iter()
            .copied()
            .filter(|row| view.kind(*row) != Kind::Relation)
    };
    let extent = view.extent(happenings());
    (answer.first, answer.last) = extent.map(|extent| (extent.first, extent.last)).unzip();
    happenings().for_each(|row| answer.quad.add(view, row, scope.scheme));
    // Whatever is counted, only what occurred links anybody.
    let actual = Scope {
        occurrence: Occurrence::Actual,
        ..scope.clone()
    };
    answer.network = network(&view.window(scope.window, actual.matching()), &compiled);
    answer.records_urls = urls(view, scope, answer.datasets.keys());
    answer
}

/// The kinds that are counted: judgements say nothing about the world.
fn counted_kinds() -> impl Iterator<Item = &'static Kind> {
    let kinds = Kind::ALL.iter();
    kinds.filter(|kind| **kind != Kind::Judgement)
}

/// The URLs of what a summary counts, which has these data sets.
fn urls<'d, 'v: 'd>(
    view: &View,
    scope: &Scope,
    datasets: impl Iterator<Item = &'d Cow<'v, str>>,
) -> SummaryUrls<'v> {
    let dated = DrillDownBase::timeline(view, &Selection::Everything, scope);
    let of = |kind, dataset: Option<&str>| {
        let listed = ListedRecords::Records(kind, dataset.and_then(|id| Id::parse(id).ok()));
        DrillDownBase::whole_list(listed, view).all()
    };
    let of_kind = |kind: Kind| match kind {
        Kind::Actor | Kind::Source | Kind::Judgement => of(kind, None),
        Kind::Relation | Kind::Event | Kind::Statement => dated.narrowed(CellFilter {
            record: Some(kind),
            ..CellFilter::default()
        }),
    };
    let of_dataset = |dataset: &str| -> [DrillDown; 3] {
        let narrowed = CellFilter {
            dataset: Some(dataset.into()),
            ..CellFilter::default()
        };
        [
            dated.narrowed(narrowed),
            of(Kind::Actor, Some(dataset)),
            of(Kind::Source, Some(dataset)),
        ]
    };
    let of_class = |class: QuadClass| {
        let narrowed = CellFilter {
            quad: Some(CodingFilter::As(class)),
            ..CellFilter::default()
        };
        (class.as_str(), dated.narrowed(narrowed))
    };
    // Relations have no class either, but are not counted by class.
    let uncoded = (UNCODED, of_kind(Kind::Statement));
    let kinds = counted_kinds();
    SummaryUrls {
        counts: kinds.map(|kind| (kind.plural(), of_kind(*kind))).collect(),
        datasets: datasets
            .map(|dataset| (dataset.clone(), of_dataset(dataset)))
            .collect(),
        quad: QuadClass::ALL
            .into_iter()
            .map(of_class)
            .chain([uncoded])
            .collect(),
    }
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

fn network(windowed: &WindowView<'_>, compiled: &CompiledFilter<'_>) -> NetworkAnswer {
    let links = Links::new(windowed, Direction::ANY, |row| compiled.accepts(row, &[]));
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
