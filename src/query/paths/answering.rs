//! Paths as answers, but for the records of their hops.

use super::chronological::Carrier;
use super::path::Path;
use super::question::{Mode, PathsQuestion};
use super::search::PathSearch;
use super::strongest;
use crate::graph::{Row, Term};
use crate::query::answer::{HopAnswer, PathAnswer, PathsAnswer};
use crate::query::cell_filter::CellFilter;
use crate::query::describe::Describer;
use crate::query::drill_down::{DrillDown, DrillDownBase, DrillDownCell};
use crate::query::selection::{ActorMatch, Selection};
use crate::query::temporal_walk::ONWARD;
use crate::query::timeline::meta;

/// The word for whether records certainly follow one another.
pub(in crate::query) const fn order(certain: bool) -> &'static str {
    if certain { "certain" } else { "possible" }
}

impl<'v> PathSearch<'_, 'v> {
    /// What stands around paths in the answer.
    pub(super) fn around(
        &self,
        question: &PathsQuestion,
        describer: &Describer<'v>,
        paths: Vec<PathAnswer<'v>>,
    ) -> PathsAnswer<'v> {
        let ends = vec![self.source, self.target];
        PathsAnswer {
            source: describer.actor(self.source),
            target: describer.actor(self.target),
            mode: question.mode.as_str(),
            paths,
            given_up: self.is_given_up(),
            meta: meta(
                self.network,
                &Selection::Actors(ends, ActorMatch::Any),
                &question.scope,
            ),
        }
    }

    /// A path, and the records to show for each of its hops, which have none yet.
    pub(super) fn answer(
        &self,
        question: &PathsQuestion,
        describer: &Describer<'v>,
        path: &Path<'v>,
    ) -> (PathAnswer<'v>, Vec<HopRecords>) {
        let carriers = self.carriers(path);
        let mut hops: Vec<HopAnswer<'v>> = Vec::with_capacity(path.rank.hops);
        let mut shown = Vec::with_capacity(path.rank.hops);
        for pair in path.actors.windows(2) {
            let &[a, b] = pair else { continue };
            let (hop, rows) = self.hop(question, describer, (a, b), carriers.get(hops.len()));
            hops.push(hop);
            shown.push(HopRecords { ends: [a, b], rows });
        }
        // The first record follows none.
        for (hop, carrier) in hops.iter_mut().zip(&carriers).skip(1) {
            hop.order = Some(order(carrier.certain));
        }
        let arrival = carriers.last().and_then(|last| self.arrival(last));
        let answer = PathAnswer {
            length: hops.len(),
            records: hops.iter().map(|hop| hop.records).sum(),
            cost: (self.mode == Mode::Strongest).then(|| strongest::shown(path.rank.first)),
            arrival,
            arrival_instant: carriers.last().and_then(|last| last.instant),
            order: arrival.map(|_| order(carriers.iter().all(|carrier| carrier.certain))),
            hops,
        };
        (answer, shown)
    }

    /// The records that link two actors of a path. On a path kinds are of those between its ends, on
    /// a timeline of third actors.
    fn records_url(
        &self,
        question: &PathsQuestion,
        (a, b): (Term, Term),
        narrowed: CellFilter,
    ) -> DrillDown {
        DrillDownBase::link(self.network.view(), a, b, &question.scope).only(DrillDownCell {
            direction: question.directed.then_some(ONWARD),
            narrowed: narrowed.if_any(),
            ..DrillDownCell::default()
        })
    }

    /// Those of them that cite a source.
    pub(in crate::query) fn cited_url(
        &self,
        question: &PathsQuestion,
        hop: (Term, Term),
        source: &str,
    ) -> DrillDown {
        let narrowed = CellFilter {
            cited: Some(source.into()),
            ..CellFilter::default()
        };
        self.records_url(question, hop, narrowed)
    }

    fn hop(
        &self,
        question: &PathsQuestion,
        describer: &Describer<'v>,
        (a, b): (Term, Term),
        carrier: Option<&Carrier>,
    ) -> (HopAnswer<'v>, Vec<Row>) {
        let chosen = carrier.map(|carrier| carrier.row);
        let most = question.evidence + usize::from(chosen.is_some());
        let (records, first) = self.network.first_between(a, b, self.directions, most);
        let others = first.into_iter().filter(|row| Some(*row) != chosen);
        let shown = chosen.into_iter().chain(others).take(question.evidence);
        let rows: Vec<Row> = shown.collect();
        let hop = HopAnswer {
            source: describer.actor(a),
            target: describer.actor(b),
            records,
            more: records - rows.len(),
            records_url: self.records_url(question, (a, b), CellFilter::default()),
            order: None,
            evidence: Vec::new(),
        };
        (hop, rows)
    }
}

/// The records to show for a hop.
pub(super) struct HopRecords {
    /// The actors that it links.
    pub(super) ends: [Term; 2],
    pub(super) rows: Vec<Row>,
}
