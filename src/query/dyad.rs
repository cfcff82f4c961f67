//! What there is between two actors.

use std::collections::BTreeMap;

use super::answer::{DirectionAnswer, DyadAnswer, Meta};
use super::cell_filter::{BY_QUAD, BY_TYPE, opens};
use super::describe::actor_brief;
use super::drill_down::{DrillDown, DrillDownBase, WAYS};
use super::filter::Scope;
use super::network::Network;
use super::selection::Selection;
use super::series::intensity;
use super::tally::{CodedScore, Tally};
use super::timeline::meta;
use crate::graph::{Direction, Term, TimeExtent, View};
use crate::model::{Day, Timing};

/// What links two actors.
#[derive(Clone, Debug)]
pub struct DyadQuestion {
    /// The one.
    pub a: Term,
    /// The other.
    pub b: Term,
    /// Within what.
    pub scope: Scope,
}

/// Counts the records that link two actors, in each direction.
pub fn dyad<'v>(view: &'v View, question: &DyadQuestion) -> DyadAnswer<'v> {
    let network = Network::new(view, &question.scope);
    let scope = &question.scope;
    let selection = Selection::Dyad(question.a, question.b, Direction::ANY);
    let opened = DrillDownBase::timeline(view, &selection, scope);
    let mut records = 0;
    let mut timings: Vec<Timing> = Vec::new();
    let mut ways = WAYS.map(|(way, _)| (way, DirectionCounts::default()));
    network.each_of_dyad(question.a, question.b, &mut |of_dyad| {
        records += 1;
        timings.extend(of_dyad.timing);
        let told = CodedScore::from_coding(of_dyad.coding, scope.scheme);
        for (way, counted) in &mut ways {
            if of_dyad.direction.meets(*way) {
                counted.tally.add(told);
                let kind = of_dyad.kind(view).as_str();
                *counted.kinds.entry(kind).or_default() += 1;
            }
        }
    });
    let starts = timings.iter().filter_map(|timing| {
        let day = timing.counts_on(scope.window)?;
        (!timing.is_wider((day, day))).then_some(day)
    });
    let mut starts: Vec<Day> = starts.collect();
    // Instants come in the order of UTC, and count on the day that is written.
    starts.sort_unstable();
    let intensity = intensity(starts.into_iter(), scope.window);
    let extent = TimeExtent::from_timings(timings.into_iter());
    let [a_to_b, b_to_a, together] =
        ways.map(|(way, counted)| counted.answer(opened.directed(way)));
    DyadAnswer {
        a: actor_brief(view, question.a),
        b: actor_brief(view, question.b),
        records,
        first: extent.map(|extent| extent.first),
        last: extent.map(|extent| extent.last),
        ongoing: extent.is_some_and(|extent| extent.is_ongoing),
        intensity,
        a_to_b,
        b_to_a,
        together,
        records_url: opened.all(),
        meta: Meta {
            opens: opens(
                &[BY_QUAD, BY_TYPE, ("kinds", "only_record={key}")],
                &scope.filter.narrowed,
            ),
            ..meta(&network, &selection, scope)
        },
    }
}

/// The records in one direction.
#[derive(Default)]
struct DirectionCounts {
    tally: Tally,
    kinds: BTreeMap<&'static str, usize>,
}

impl DirectionCounts {
    fn answer(self, records_url: DrillDown) -> DirectionAnswer {
        DirectionAnswer {
            records: self.tally.count,
            records_url,
            quad: self.tally.quad,
            types: self.tally.types,
            kinds: self.kinds,
            goldstein_mean: self.tally.mean(),
        }
    }
}
