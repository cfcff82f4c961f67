//! A timeline that has to fit: all of its records, or as many bins as there is room for.

use super::answer::{MarkedBin, MarkedBins, MarksAnswer, QuadCounts, RecordPage};
use super::describe::{Describer, actor_brief};
use super::filter::{Scope, starts};
use super::histogram::Bin;
use super::narrowed::{BY_QUAD, opens};
use super::network::Network;
use super::records_url::Opened;
use super::timeline::{Match, Order, Selection, meta_with_omitted, select};
use crate::graph::{Row, Term, View};
use crate::model::Day;

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
    let window = question.scope.window;
    let is_dated = |row: &&Row| starts(view, **row, window).is_some();
    let dated = rows.iter().filter(is_dated).count();
    if let Some(omitted) = &mut meta.omitted {
        omitted.clustered = dated;
        omitted.undated += rows.len() - dated;
    }
    meta.undated_omitted += rows.len() - dated;
    meta.opens = opens(&[BY_QUAD], &question.scope.filter.narrowed);
    let lanes = lanes(&network, question, &rows);
    let fits = |bin: &&Bin| {
        let counts = lanes.iter().map(|lane| lane.bins(**bin).count());
        counts.sum::<usize>() <= question.max_marks
    };
    let bin = Bin::ALL.iter().find(fits).copied();
    let bins = lanes.iter().flat_map(|lane| {
        let (bin, word) = (bin.unwrap_or(Bin::Year), bin.map_or(ALL, Bin::as_str));
        let whole = word == ALL;
        let stretches: Vec<Stretch<'_>> = if whole {
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
        total: rows.len(),
        records_url: Opened::timeline(view, &question.selection, &question.scope).all(),
        meta,
    })
}

/// The dated records of a timeline or of one of its actors, in the order in which they start.
struct Lane {
    actor: Option<Term>,
    opened: Opened,
    rows: Vec<(Day, Row)>,
}

/// The records of a lane that start within some days.
type Stretch<'l> = ((Day, Day), &'l [(Day, Row)]);

fn lanes(network: &Network<'_>, question: &MarksQuestion, rows: &[Row]) -> Vec<Lane> {
    let lane = |actor: Option<Term>, selection: &Selection, rows: &[Row]| Lane {
        actor,
        opened: Opened::timeline(network.view(), selection, &question.scope),
        rows: rows
            .iter()
            .filter_map(|row| Some((starts(network.view(), *row, question.scope.window)?, *row)))
            .collect(),
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
            let own = Selection::Actors(vec![actor], Match::Any);
            found.push(lane(Some(actor), &own, &select(network, &own)));
        }
    }
    found
}

impl Lane {
    /// The bins that hold a record, in order.
    fn bins(&self, bin: Bin) -> impl Iterator<Item = Stretch<'_>> {
        let mut rest = self.rows.as_slice();
        std::iter::from_fn(move || {
            let days = bin.around(rest.first()?.0);
            let end = rest.partition_point(|(day, _)| *day <= days.1);
            let (here, others) = rest.split_at_checked(end)?;
            rest = others;
            Some((days, here))
        })
    }

    /// All in one.
    fn whole(&self) -> Option<Stretch<'_>> {
        let (first, last) = (self.rows.first()?.0, self.rows.last()?.0);
        Some(((first, last), &self.rows))
    }

    fn marked<'v>(
        &self,
        view: &'v View,
        question: &MarksQuestion,
        bin: &'static str,
        ((from, to), rows): Stretch<'_>,
    ) -> MarkedBin<'v> {
        let mut quad = QuadCounts::default();
        for (_, row) in rows {
            quad.add(view, *row, question.scope.scheme);
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
            quad,
        }
    }
}
