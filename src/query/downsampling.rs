//! A timeline that has to fit: all of its records, or as many bins as there is room for.

use super::answer::{
    CountAnswer, MarkedBefore, MarkedBin, MarkedBins, MarksAnswer, QuadCounts, RecordPage,
};
use super::cell_filter::{BY_QUAD, opens};
use super::describe::{Describer, actor_brief};
use super::drill_down::DrillDownBase;
use super::filter::Scope;
use super::histogram::only_wide;
use super::network::Network;
use super::selection::{ActorMatch, Order, Selection};
use super::timeline::{meta_with_omitted, select};
use crate::graph::{Row, Term, View};
use crate::model::{Bin, Day};

/// Marks that may be asked for.
pub const MARKS_MAX: usize = 2_000;
/// The word for one bin that holds everything.
const ALL: &str = "all";

/// A timeline of so many marks at the most.
#[derive(Clone, Debug)]
pub struct MarksQuestion {
    /// Which records.
    pub selection: Selection,
    /// Within what.
    pub scope: Scope,
    /// In which order records come. Bins are always in the order of time.
    pub order: Order,
    /// How many marks at the most, up to [`MARKS_MAX`]; no fewer than there are lanes.
    pub max_marks: usize,
    /// Whether bins are told apart by the actors of the selection. A record then counts in the lane
    /// of each whose own timeline it is on. Of no matter to a selection without actors.
    pub lanes: bool,
}

/// The records of a timeline when they are few enough, else the finest bins that are.
pub fn marks<'v>(view: &'v View, question: &MarksQuestion) -> MarksAnswer<'v> {
    let network = Network::new(view, &question.scope);
    let rows = select(&network, &question.selection);
    let mut meta = meta_with_omitted(&network, &question.selection, &question.scope, rows.len());
    if rows.len() <= question.max_marks {
        let describer = Describer::new(view, question.scope.scheme);
        let focus = question.selection.actors();
        // What can't be read has been reported.
        let describe = |row: &Row| describer.record(*row, network.via(*row, &focus));
        let items = match question.order {
            Order::Ascending => rows.iter().filter_map(describe).collect(),
            Order::Descending => rows.iter().rev().filter_map(describe).collect(),
        };
        return MarksAnswer::Records(RecordPage {
            items,
            total: rows.len(),
            next: None,
            meta,
        });
    }
    let dated = rows.iter().filter(|row| view.is_dated(**row)).count();
    if let Some(omitted) = &mut meta.omitted {
        omitted.clustered = dated;
        omitted.undated += rows.len() - dated;
    }
    meta.undated_omitted += rows.len() - dated;
    let lanes = lanes(&network, question, &rows);
    let fits = |bin: &&Bin| {
        let counts = lanes.iter().map(|lane| lane.bins(**bin).count());
        counts.sum::<usize>() <= question.max_marks
    };
    let bin = Bin::ALL.iter().find(fits).copied();
    let wide = bin.map(|bin| ("wider_than_bin", only_wide(bin)));
    let members: Vec<_> = [BY_QUAD].into_iter().chain(wide).collect();
    meta.opens = opens(&members, &question.scope.filter.narrowed);
    let bins = lanes.iter().flat_map(|lane| {
        let (bin, word) = (bin.unwrap_or(Bin::Year), bin.map_or(ALL, Bin::as_str));
        let whole = word == ALL;
        let stretches: Vec<LaneSpan<'_>> = if whole {
            lane.whole().into_iter().collect()
        } else {
            lane.bins(bin).collect()
        };
        stretches
            .into_iter()
            .map(|stretch| lane.marked(view, question, word, stretch))
            .collect::<Vec<_>>()
    });
    MarksAnswer::Bins(MarkedBins {
        bin: bin.map_or(ALL, Bin::as_str),
        bins: bins.collect(),
        began_before: lanes.iter().filter_map(|lane| lane.before(view)).collect(),
        total: rows.len(),
        records_url: DrillDownBase::timeline(view, &question.selection, &question.scope).all(),
        meta,
    })
}

/// The dated records of a timeline or of one of its actors, in the order in which they count.
struct Lane {
    actor: Option<Term>,
    opened: DrillDownBase,
    rows: Vec<(Day, Row)>,
    /// How many began before the window.
    before: usize,
}

/// The records of a lane that start within some days.
type LaneSpan<'l> = ((Day, Day), &'l [(Day, Row)]);

fn lanes(network: &Network<'_>, question: &MarksQuestion, rows: &[Row]) -> Vec<Lane> {
    let lane = |actor: Option<Term>, selection: &Selection, rows: &[Row]| {
        let mut before = 0;
        let dated = rows.iter().filter_map(|row| {
            let timing = network.view().timing(*row)?;
            let day = timing.counts_on(question.scope.window);
            before += usize::from(day.is_none());
            Some((day?, *row))
        });
        let mut dated: Vec<(Day, Row)> = dated.collect();
        // Instants may lie a day before the one that they are sorted at.
        dated.sort_by_key(|(day, _)| *day);
        Lane {
            actor,
            opened: DrillDownBase::timeline(network.view(), selection, &question.scope),
            rows: dated,
            before,
        }
    };
    let actors = question.selection.actors();
    if !question.lanes || actors.is_empty() {
        return vec![lane(None, &question.selection, rows)];
    }
    let mut seen: Vec<Term> = Vec::new();
    let mut found = Vec::new();
    for actor in actors {
        if !seen.contains(&actor) {
            seen.push(actor);
            let own = Selection::Actors(vec![actor], ActorMatch::Any);
            found.push(lane(Some(actor), &own, &select(network, &own)));
        }
    }
    found
}

impl Lane {
    /// The bins that contain a record, in chronological order.
    fn bins(&self, bin: Bin) -> impl Iterator<Item = LaneSpan<'_>> {
        let mut rest = self.rows.as_slice();
        std::iter::from_fn(move || {
            let days = bin.around(rest.first()?.0);
            let end = rest.partition_point(|(day, _)| *day <= days.1);
            let (here, others) = rest.split_at_checked(end)?;
            rest = others;
            Some((days, here))
        })
    }

    /// What began before the window, if anything did.
    fn before<'v>(&self, view: &'v View) -> Option<MarkedBefore<'v>> {
        (self.before > 0).then(|| MarkedBefore {
            lane: self.actor.map(|actor| actor_brief(view, actor)),
            records: CountAnswer {
                count: self.before,
                records_url: self.opened.began_before(),
            },
        })
    }

    /// All in one.
    fn whole(&self) -> Option<LaneSpan<'_>> {
        let (first, last) = (self.rows.first()?.0, self.rows.last()?.0);
        Some(((first, last), &self.rows))
    }

    fn marked<'v>(
        &self,
        view: &'v View,
        question: &MarksQuestion,
        bin: &'static str,
        ((from, to), rows): LaneSpan<'_>,
    ) -> MarkedBin<'v> {
        let mut quad = QuadCounts::default();
        let mut wider_than_bin = 0;
        for (_, row) in rows {
            quad.add(view, *row, question.scope.scheme);
            let timing = view.timing(*row);
            wider_than_bin +=
                usize::from(bin != ALL && timing.is_some_and(|timing| timing.is_wider((from, to))));
        }
        let start = format!("{bin}/{from}");
        MarkedBin {
            id: match self.actor {
                Some(actor) => format!("{}/{start}", view.text(actor)),
                None => start,
            },
            lane: self.actor.map(|actor| actor_brief(view, actor)),
            from,
            to,
            count: rows.len(),
            records_url: self.opened.starting(from, to),
            wider_than_bin,
            quad,
        }
    }
}
