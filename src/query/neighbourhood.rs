//! The network of a window for drawing: some actors and whom they are linked with.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::adjacency::Adjacency;
use super::answer::{
    EventNode, GraphAnswer, LinkBetween, MoreActor, MoreAnswer, NodeAnswer, ParticipantAnswer,
    QuadCounts,
};
use super::cell_filter::{BY_QUAD, opens};
use super::describe::actor_brief;
use super::drill_down::{DrillDown, DrillDownBase};
use super::filter::Scope;
use super::network::Network;
use super::selection::{ActorMatch, Selection};
use super::timeline::meta;
use crate::graph::{Direction, Row, SortKey, Term, TimeExtent, View};
use crate::model::{Day, Kind, Record, Scheme, Timing};

/// Nodes of one answer.
pub const NODES_MAX: usize = 500;
/// Hops from the actors asked for.
pub const GRAPH_HOPS_MAX: usize = 3;
/// Links of one answer; of more, those with the fewest records are only counted.
pub const LINKS_MAX: usize = 10_000;
/// Event nodes of one answer; of more, the later ones are only counted.
pub const EVENTS_MAX: usize = 1_000;
/// Actors that are named among those there was no room for.
const NAMED_MAX: usize = 20;

/// How the numbers of a link are opened.
const OPENS: &[(&str, &str)] = &[
    BY_QUAD,
    ("a_to_b", "way=a_to_b"),
    ("b_to_a", "way=b_to_a"),
    ("together", "way=together"),
];

/// Whom some actors are linked with.
#[derive(Clone, Debug)]
pub struct GraphQuestion {
    /// Around whom; when nobody, the strongest actors of the window.
    pub actors: Vec<Term>,
    /// How far from them, at most [`GRAPH_HOPS_MAX`].
    pub hops: usize,
    /// Nodes at the most, up to [`NODES_MAX`].
    pub limit: usize,
    /// Whether events are shown as nodes of their own.
    pub events: bool,
    /// Within what. The filter on kinds of actor leaves actors of others out, but for those asked for.
    pub scope: Scope,
}

/// The network around some actors.
pub fn graph<'v>(view: &'v View, question: &GraphQuestion) -> GraphAnswer<'v> {
    let scope = &question.scope;
    let everyone = scope.of_all_kinds();
    let network = Network::new(view, scope);
    let standing = Network::new(view, &everyone);
    let adjacency = Adjacency::around(&network, scope, &question.actors);
    let reached = reach(view, &adjacency, question);
    let room = question.limit.min(NODES_MAX).min(reached.len());
    let (shown, rest) = reached.split_at(room);
    let standing_in = |actor: Term| -> DrillDown {
        let selection = Selection::Actors(vec![actor], ActorMatch::Any);
        DrillDownBase::timeline(view, &selection, &everyone).all()
    };
    let mut more = MoreAnswer {
        nodes: rest.len(),
        ..MoreAnswer::default()
    };
    more.named = rest
        .iter()
        .take(NAMED_MAX)
        .map(|node| MoreActor {
            actor: actor_brief(view, node.actor),
            records: standing.total_of(node.actor),
            records_url: standing_in(node.actor),
        })
        .collect();
    let nodes = shown.iter().map(|node| {
        let (records, extent) = standing.extent_of(node.actor);
        NodeAnswer {
            actor: actor_brief(view, node.actor),
            degree: node.place.map_or(0, |at| adjacency.ends(at).len()),
            records,
            since: extent.map(|extent| extent.first),
            until: extent.map(|extent| extent.last),
            ongoing: extent.is_some_and(|extent| extent.is_ongoing),
            depth: node.depth,
            records_url: standing_in(node.actor),
        }
    });
    let nodes = nodes.collect();
    let mut pairs = pairs(view, &adjacency, shown);
    more.links = pairs.len().saturating_sub(LINKS_MAX);
    pairs.truncate(LINKS_MAX);
    let mut events: BTreeSet<OrderedRow> = BTreeSet::new();
    let mut links = Vec::with_capacity(pairs.len());
    for (_, a, b) in &pairs {
        let rows = standing.between(*a, *b);
        if question.events {
            let of_events = rows
                .iter()
                .filter(|(row, _)| view.kind(*row) == Kind::Event);
            events.extend(of_events.map(|(row, _)| OrderedRow(view.order(*row), *row)));
        }
        links.push(link(view, (*a, *b), &rows, scope));
    }
    more.events = events.len().saturating_sub(EVENTS_MAX);
    let shown_events = events.iter().take(EVENTS_MAX);
    let event_nodes = shown_events.filter_map(|event| event_node(view, event.1, scope.scheme));
    let mut meta = meta(&network, &Selection::Everything, scope);
    meta.opens = opens(OPENS, &scope.filter.narrowed);
    GraphAnswer {
        nodes,
        links,
        events: question.events.then(|| event_nodes.collect()),
        more,
        meta,
    }
}

/// A row in the order of time.
#[derive(PartialEq, Eq)]
struct OrderedRow(SortKey, Row);

impl PartialOrd for OrderedRow {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OrderedRow {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

/// An actor within reach.
struct NearbyActor {
    actor: Term,
    /// Its place in the adjacency; none, when it stands in no record of the window.
    place: Option<usize>,
    depth: Option<usize>,
}

/// The actors within reach, the first to show first: by depth, then by records in links, then by id.
fn reach(view: &View, adjacency: &Adjacency, question: &GraphQuestion) -> Vec<NearbyActor> {
    let mut found: Vec<NearbyActor> = Vec::new();
    if question.actors.is_empty() {
        let all = adjacency.actors.iter().enumerate();
        found.extend(all.map(|(at, actor)| NearbyActor {
            actor: *actor,
            place: Some(at),
            depth: None,
        }));
    } else {
        let mut seen = vec![false; adjacency.len()];
        for actor in &question.actors {
            let place = adjacency.place(*actor);
            let known = found.iter().any(|node| node.actor == *actor);
            if let Some(seen) = place.and_then(|at| seen.get_mut(at)) {
                *seen = true;
            }
            if !known {
                found.push(NearbyActor {
                    actor: *actor,
                    place,
                    depth: Some(0),
                });
            }
        }
        let mut from = 0;
        for depth in 1..=question.hops.min(GRAPH_HOPS_MAX) {
            let places: Vec<usize> = found.iter().skip(from).filter_map(|n| n.place).collect();
            from = found.len();
            for at in places {
                for end in adjacency.ends(at) {
                    let to = end.to as usize;
                    if let (Some(seen), Some(actor)) = (seen.get_mut(to), adjacency.actors.get(to))
                        && !*seen
                    {
                        *seen = true;
                        found.push(NearbyActor {
                            actor: *actor,
                            place: Some(to),
                            depth: Some(depth),
                        });
                    }
                }
            }
        }
    }
    found.sort_by_cached_key(|node| {
        let records = node.place.map_or(0, |at| adjacency.weight(at));
        (node.depth, Reverse(records), view.text(node.actor))
    });
    found
}

/// The linked pairs among those shown, with their records: most first, then by ids; the lower id is
/// the first of a pair.
fn pairs(view: &View, adjacency: &Adjacency, shown: &[NearbyActor]) -> Vec<(u32, Term, Term)> {
    // Those shown by id, so that ids are compared once.
    let mut by_id: Vec<(&str, usize)> = shown
        .iter()
        .filter_map(|node| Some((view.text(node.actor), node.place?)))
        .collect();
    by_id.sort_unstable();
    let mut number_of: Vec<Option<usize>> = vec![None; adjacency.len()];
    for (number, (_, place)) in by_id.iter().enumerate() {
        if let Some(of_place) = number_of.get_mut(*place) {
            *of_place = Some(number);
        }
    }
    let mut pairs: Vec<(Reverse<u32>, usize, usize)> = Vec::new();
    for (number, (_, place)) in by_id.iter().enumerate() {
        for end in adjacency.ends(*place) {
            let other = number_of.get(end.to as usize).copied().flatten();
            if let Some(other) = other.filter(|other| number < *other) {
                pairs.push((Reverse(end.records), number, other));
            }
        }
    }
    pairs.sort_unstable();
    let actor = |number: usize| {
        let (_, place) = by_id.get(number)?;
        adjacency.actors.get(*place).copied()
    };
    let pairs = pairs.into_iter();
    pairs
        .filter_map(|(Reverse(records), a, b)| Some((records, actor(a)?, actor(b)?)))
        .collect()
}

fn link<'v>(
    view: &'v View,
    (a, b): (Term, Term),
    rows: &[(Row, Direction)],
    scope: &Scope,
) -> LinkBetween<'v> {
    let mut quad = QuadCounts::default();
    let mut timings: Vec<Timing> = Vec::with_capacity(rows.len());
    let all = rows.iter().map(|(row, _)| *row);
    view.each_coded(all, &mut |_, timing, coding| {
        quad.count(coding.map(|coding| coding.quad_class(scope.scheme)));
        timings.extend(timing);
    });
    let count = |way: Direction| rows.iter().filter(|(_, d)| d.meets(way)).count();
    let extent = TimeExtent::from_timings(timings.iter().copied());
    LinkBetween {
        source: view.text(a).into(),
        target: view.text(b).into(),
        records: rows.len(),
        quad,
        first: extent.map(|extent| extent.first),
        last: extent.map(|extent| extent.last),
        ongoing: extent.is_some_and(|extent| extent.is_ongoing),
        spells: spells(&timings),
        a_to_b: count(Direction::FORWARD),
        b_to_a: count(Direction::BACKWARD),
        together: count(Direction::WITH),
        records_url: DrillDownBase::link(view, a, b, scope).all(),
    }
}

/// The stretches of days that some records cover, in order, none touching the next.
fn spells(timings: &[Timing]) -> Vec<(Day, Option<Day>)> {
    let each = timings.iter().map(|timing| {
        let last = if timing.goes_on() {
            Day::MAX
        } else {
            timing.known.1
        };
        (timing.known.0, last)
    });
    let mut all: Vec<(Day, Day)> = each.collect();
    all.sort_unstable();
    let mut spells: Vec<(Day, Day)> = Vec::new();
    for (first, last) in all {
        match spells.last_mut() {
            Some(spell) if spell.1.succ().is_none_or(|next| first <= next) => {
                spell.1 = spell.1.max(last);
            }
            _ => spells.push((first, last)),
        }
    }
    let lasting = |day: Day| (day != Day::MAX).then_some(day);
    let each = spells.into_iter();
    each.map(|(first, last)| (first, lasting(last))).collect()
}

fn event_node(view: &View, row: Row, scheme: Scheme) -> Option<EventNode<'_>> {
    // What can't be read has been reported.
    let Some(Record::Event(event)) = view.record(row) else {
        return None;
    };
    let parts = view.actors(row).map(|(actor, role)| ParticipantAnswer {
        actor: actor_brief(view, actor),
        role: role.as_str(),
    });
    Some(EventNode {
        id: event.id.to_string().into(),
        title: event.title.as_ref().map(|t| t.to_string().into()),
        date: event.date.as_ref().map(|d| d.to_string().into()),
        days: view.known_days(row),
        quad_class: event.coding.quad_class(scheme).as_str(),
        participants: parts.collect(),
    })
}
