//! What there is between two actors.

use std::collections::BTreeMap;

use super::answer::{DirectionAnswer, DyadAnswer, Meta};
use super::describe::actor_brief;
use super::filter::{Scope, starts};
use super::narrowed::{BY_QUAD, BY_TYPE, opens};
use super::network::Network;
use super::records_url::{Opened, RecordsUrl};
use super::series::intensity;
use super::tally::{Codings, Tally};
use super::timeline::{Selection, meta};
use crate::graph::{Direction, Row, Term, View};
use crate::model::{Day, Scheme};

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
    let rows = network.dyad(question.a, question.b);
    let scheme = question.scope.scheme;
    let selection = Selection::Dyad(question.a, question.b, Direction::ANY);
    let opened = Opened::timeline(view, &selection, &question.scope);
    let (first, last) = span(rows.iter().filter_map(|(row, _)| view.days(*row))).unzip();
    let of = |way: Direction| {
        let of_way = rows.iter().filter(|(_, direction)| direction.meets(way));
        count(
            view,
            of_way.map(|(row, _)| *row),
            scheme,
            opened.directed(way),
        )
    };
    DyadAnswer {
        a: actor_brief(view, question.a),
        b: actor_brief(view, question.b),
        records: rows.len(),
        first,
        last,
        intensity: intensity(
            rows.iter()
                .filter_map(|(row, _)| starts(view, *row, question.scope.window)),
            question.scope.window,
        ),
        a_to_b: of(Direction::FORWARD),
        b_to_a: of(Direction::BACKWARD),
        together: of(Direction::WITH),
        records_url: opened.all(),
        meta: Meta {
            opens: opens(
                &[BY_QUAD, BY_TYPE, ("kinds", "only_record={key}")],
                &question.scope.filter.narrowed,
            ),
            ..meta(&network, &selection, &question.scope)
        },
    }
}

/// The first and the last day of some records with these days. What lasts for ever counts with the day
/// on which it began.
pub(super) fn span(days: impl Iterator<Item = (Day, Day)>) -> Option<(Day, Day)> {
    let mut span: Option<(Day, Day)> = None;
    for (first, last) in days {
        let last = if last == Day::MAX { first } else { last };
        span = Some(span.map_or((first, last), |(a, b)| (a.min(first), b.max(last))));
    }
    span
}

fn count(
    view: &View,
    rows: impl Iterator<Item = Row>,
    scheme: Scheme,
    records_url: RecordsUrl,
) -> DirectionAnswer {
    let mut codings = Codings::new(scheme);
    let mut tally = Tally::default();
    let mut kinds = BTreeMap::new();
    for row in rows {
        tally.add(codings.told(view.coding(row)));
        *kinds.entry(view.kind(row).as_str()).or_default() += 1;
    }
    DirectionAnswer {
        records: tally.count,
        records_url,
        quad: tally.quad,
        types: tally.types,
        kinds,
        goldstein_mean: tally.mean(),
    }
}
