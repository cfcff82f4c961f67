//! Events that are told twice, or may be.

use std::collections::BTreeSet;

use super::answer::{DuplicateAnswer, DuplicatePage, DuplicateReason};
use super::describe::Describer;
use super::duplicate_reasons::DuplicateReasons;
use super::event_pairs::{EVENT_PAIRS_MAX, EVENTS_COMPARED_MAX, EventPair, EventPairSearch};
use super::filter::Scope;
use super::network::Network;
use super::selection::{ActorMatch, Page, PageOffset, Selection};
use super::timeline::meta;
use crate::graph::{Row, Term, View};
use crate::model::Kind;

/// Why events are listed: they are equal but for their ids once their actors are known.
const EQUAL: &str = "equal";
/// What that weighs in bits: more than all other reasons together.
const EQUAL_WEIGHT: f64 = 20.0;

/// Events of a scope that may be one.
#[derive(Clone, Debug)]
pub struct DuplicatesQuestion {
    /// Only events in which this actor takes part; all, when `None`.
    pub actor: Option<Term>,
    /// Within what: all events of a group count in it.
    pub scope: Scope,
    /// The least score. With 1 only those that are equal are listed, and no others are looked for.
    pub min_score: f64,
    /// Which part.
    pub page: Page,
}

/// A group of events before it is described.
enum EventGroup {
    Equal(Vec<Row>),
    Pair(EventPair),
}

/// The events that may be one, in groups; and where the next page starts. First those that are equal but for their ids,
/// by their first days, with the score 1; then pairs of others that are near in time, have parties in common and are of
/// one class, the likeliest first. Of events that are equal, pairs name the first only. `next` of the page is left empty.
///
/// At most [`EVENTS_COMPARED_MAX`] events and [`EVENT_PAIRS_MAX`] pairs are compared for the latter; `truncated` says when
/// that leaves some out.
pub fn duplicates<'v>(
    view: &'v View,
    question: &DuplicatesQuestion,
) -> (DuplicatePage<'v>, Option<PageOffset>) {
    let network = Network::new(view, &question.scope);
    let takes_part = |row: Row| {
        let asked = |actor: Term| view.actors(row).any(|(other, _)| other == actor);
        question.actor.is_none_or(asked)
    };
    let counts = |row: Row| {
        network.windowed.matches_row(row) && network.accepts(row, &[]) && takes_part(row)
    };
    let equal = view.equal_events(counts);
    let search = EventPairSearch {
        scheme: question.scope.scheme,
        min_score: question.min_score,
        events_max: EVENTS_COMPARED_MAX,
        pairs_max: EVENT_PAIRS_MAX,
    };
    let (mut pairs, mut truncated) = (Vec::new(), false);
    if question.min_score < 1.0 {
        let again = equal.iter().flat_map(|group| group.iter().skip(1));
        let again: BTreeSet<Row> = again.copied().collect();
        let is_first = |row: &Row| counts(*row) && !again.contains(row);
        (pairs, truncated) = match question.actor {
            Some(actor) => search.pairs(view, network.windowed.of_actor(actor).filter(is_first)),
            None => search.pairs(view, view.of_kind(Kind::Event).filter(is_first)),
        };
        pairs.sort_by(|a, b| {
            let likelier = b.0.total_cmp(&a.0);
            likelier.then_with(|| {
                let orders = |pair: &EventPair| (view.order(pair.1), view.order(pair.2));
                orders(a).cmp(&orders(b))
            })
        });
    }
    let groups = equal.into_iter().map(EventGroup::Equal);
    let groups: Vec<EventGroup> = groups
        .chain(pairs.into_iter().map(EventGroup::Pair))
        .collect();
    let (page, next) = question.page.slice(&groups);
    let describer = Describer::new(view, question.scope.scheme);
    let items = page
        .iter()
        .map(|group| describe_group(view, &describer, &search, group));
    let selection = match question.actor {
        Some(actor) => Selection::Actors(vec![actor], ActorMatch::Any),
        None => Selection::Everything,
    };
    let page = DuplicatePage {
        items: items.collect(),
        total: groups.len(),
        truncated,
        next: None,
        meta: meta(&network, &selection, &question.scope),
    };
    (page, next)
}

fn describe_group<'v>(
    view: &'v View,
    describer: &Describer<'v>,
    search: &EventPairSearch,
    group: &EventGroup,
) -> DuplicateAnswer<'v> {
    let (rows, score, details) = match group {
        EventGroup::Equal(rows) => {
            let equal = DuplicateReason {
                code: EQUAL,
                text: "they are equal except for their ids".to_owned(),
                weight: EQUAL_WEIGHT,
            };
            (rows.clone(), 1.0, vec![equal])
        }
        EventGroup::Pair((score, one, other)) => {
            let reasons = search.compare(view, *one, *other);
            let details = reasons.map_or(Vec::new(), DuplicateReasons::into_sorted);
            let mut rows = vec![*one, *other];
            rows.sort_by_cached_key(|row| view.id(*row));
            (rows, *score, details)
        }
    };
    DuplicateAnswer {
        // What can't be read has been reported.
        events: rows
            .iter()
            .filter_map(|row| describer.record(*row, Vec::new()))
            .collect(),
        reasons: details.iter().map(|reason| reason.code).collect(),
        reason_details: details,
        score,
    }
}
