//! Chains of records in time where days alone do not tell: among instants, or where each step must be
//! certain.
//!
//! Of two instants the later goes after the earlier, of two days one day's may go in any order, and of
//! an instant and a day nobody knows to within a zone. So how far in time a chain has come is no single
//! day: what may follow depends on the greatest day and on the greatest instant, and a chain that is
//! ahead in one may be behind in the other. The search keeps, for each actor, all [`ChainState`]s of which
//! none is at least as early as another in everything (a Pareto front, as in Hansen 1980, "Bicriterion
//! path problems"); they are few. Networks of days only, and what may follow rather than must, take
//! the way of [`temporal_walk`](super::temporal_walk), where one number an actor does.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hashbrown::HashMap;

use super::network::Network;
use super::temporal_walk::{ONWARD, TimeDirection, WalkRule};
use crate::graph::{Direction, Moment, Row, Term, View};
use crate::model::{Instant, Kind, Timing};

/// Which chains are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChainRule {
    /// Each record may follow the one before it.
    #[default]
    Possible,
    /// Each certainly does.
    Certain,
}

impl ChainRule {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Possible, Self::Certain];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Certain => "certain",
        }
    }
}

/// Days from which on an instant and a record without one certainly follow each other, whatever the
/// zones are.
const ZONES_DAYS: i32 = 2;

/// Whether a record's place in time is known well enough for a step to it or from it to be certain.
fn is_sure(view: &View, row: Row, timing: &Timing) -> bool {
    timing.is_sure() && view.kind(row) != Kind::Relation
}

/// Whether a record certainly follows another. Of two on one day nobody knows which came first.
pub(super) fn certainly_follows(view: &View, row: Row, before: Row) -> bool {
    let timings = view.timing(row).zip(view.timing(before));
    let Some((one, other)) = timings else {
        return false;
    };
    let (first, last) = (one.known.0.number(), other.known.1.number());
    is_sure(view, row, &one)
        && is_sure(view, before, &other)
        && match (one.instant, other.instant) {
            (Some(one), Some(other)) => one > other,
            (None, None) => first > last,
            (Some(_), None) | (None, Some(_)) => first >= last + ZONES_DAYS,
        }
}

/// How far in time a chain has come on a course. Of everything less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChainState {
    /// The greatest first day of its records, and that on which it started.
    pub(super) day: i32,
    /// The number of the greatest instant of its records; the least number when there is none.
    pub(super) instant: i64,
    /// The least day of a next record that is no instant: its last must be no earlier, or its first
    /// when steps must be certain.
    days: i32,
    /// The least day, as written, of a next record that is one.
    zoned: i32,
    /// The number of the least instant of that.
    after: i64,
}

impl ChainState {
    /// Nothing has happened yet; the chain starts on a day.
    pub(super) const fn at(day: i32) -> Self {
        Self {
            day,
            instant: i64::MIN,
            days: i32::MIN,
            zoned: i32::MIN,
            after: i64::MIN,
        }
    }

    /// The same, and no record follows for certain.
    const fn closed(self) -> Self {
        Self {
            days: i32::MAX,
            zoned: i32::MAX,
            after: i64::MAX,
            ..self
        }
    }

    /// The greatest instant of its records.
    pub(super) fn latest(&self) -> Option<Instant> {
        (self.instant != i64::MIN).then(|| Instant::from_number(self.instant))
    }

    fn is_no_later(&self, other: &Self) -> bool {
        self.day <= other.day
            && self.instant <= other.instant
            && self.days <= other.days
            && self.zoned <= other.zoned
            && self.after <= other.after
    }

    fn rank(&self) -> (i32, i64) {
        (self.day, self.instant)
    }

    fn meets(&self, demand: &Demand) -> bool {
        self.days <= demand.days && self.zoned <= demand.zoned && self.after <= demand.after
    }
}

/// Keeps a state unless another one is no later in everything; whether it was kept.
fn keep(front: &mut Vec<ChainState>, state: ChainState) -> bool {
    if front.iter().any(|other| other.is_no_later(&state)) {
        return false;
    }
    front.retain(|other| !state.is_no_later(other));
    front.push(state);
    true
}

/// What the rest of a chain demands of a state before it: at most so much of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Demand {
    days: i32,
    zoned: i32,
    after: i64,
}

impl Demand {
    /// Nothing is demanded.
    const NONE: Self = Self {
        days: i32::MAX,
        zoned: i32::MAX,
        after: i64::MAX,
    };

    fn is_no_stricter(&self, other: &Self) -> bool {
        self.days >= other.days && self.zoned >= other.zoned && self.after >= other.after
    }
}

fn demand_also(demands: &mut Vec<Demand>, demand: Demand) {
    if !demands.iter().any(|other| other.is_no_stricter(&demand)) {
        demands.retain(|other| !demand.is_no_stricter(other));
        demands.push(demand);
    }
}

/// A record that links two actors.
#[derive(Clone, Copy, Debug)]
struct TimedLink {
    moment: Moment,
    row: Row,
    /// Whether a step to it or from it can be certain.
    is_sure: bool,
    a: Term,
    b: Term,
    /// Whether it carries from the first to the second, and back.
    there: bool,
    back: bool,
}

impl TimedLink {
    /// When it stands on a course: backward, time runs the other way.
    fn on(&self, course: TimeDirection) -> Moment {
        match course {
            TimeDirection::Onward => self.moment,
            TimeDirection::Backward => Moment {
                first: -self.moment.last,
                last: -self.moment.first,
                instant: self
                    .moment
                    .instant
                    .map(|instant| Instant::from_number(-instant.number())),
            },
        }
    }

    /// Whom it reaches from an actor on a course.
    fn from(&self, actor: Term, course: TimeDirection) -> Option<Term> {
        let (there, back) = match course {
            TimeDirection::Onward => (self.there, self.back),
            TimeDirection::Backward => (self.back, self.there),
        };
        if there && self.a == actor {
            Some(self.b)
        } else if back && self.b == actor {
            Some(self.a)
        } else {
            None
        }
    }
}

/// The dated links of a question's network, and how they follow one another.
pub(super) struct Chains {
    ties: Vec<TimedLink>,
    /// The places of an actor's ties, by term.
    of_actor: Vec<Vec<u32>>,
    following: ChainRule,
}

/// An actor that a search has reached.
#[derive(Clone, Copy, Debug)]
struct ChainLabel {
    actor: Term,
    state: ChainState,
    hops: usize,
    /// The place of the label that it was reached from.
    from: Option<usize>,
}

/// What a search has reached: the best first.
pub(super) struct Labels {
    labels: Vec<ChainLabel>,
    /// The first label of each actor.
    first: HashMap<Term, usize>,
}

/// A label that waits, by what ranks chains; of equal ones that goes first whose last actor but one does
/// by id. The last number is its place.
type QueuedLabel<'v> = ((i32, i64), usize, &'v str, usize);

/// A record chosen for a step of a chain, and the state that it leads to.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChainStep {
    pub(super) row: Row,
    pub(super) state: ChainState,
}

impl Chains {
    /// The links that a question counts; those from source to target only, when `directed`. `None` when
    /// days alone tell.
    pub(super) fn from_network(
        network: &Network<'_>,
        directed: bool,
        following: ChainRule,
    ) -> Option<Self> {
        let is_certain = following == ChainRule::Certain;
        if !is_certain && !network.windowed.may_have_instants() {
            return None;
        }
        let view = network.view();
        let mut ties: Vec<TimedLink> = Vec::new();
        network.each_link(&mut |moment, row, a, b, direction| {
            let carries = |way: Direction| !directed || direction.meets(way);
            let timing = view.timing(row);
            ties.push(TimedLink {
                moment,
                row,
                is_sure: timing.is_some_and(|timing| is_sure(view, row, &timing)),
                a,
                b,
                there: carries(ONWARD),
                back: carries(ONWARD.reversed()),
            });
        });
        if !is_certain && ties.iter().all(|tie| tie.moment.instant.is_none()) {
            return None;
        }
        // In the order of time, so that of what serves as well the first is taken.
        ties.sort_by_key(|tie| view.order(tie.row));
        let mut of_actor: Vec<Vec<u32>> = vec![Vec::new(); view.terms_end()];
        for (place, tie) in (0..).zip(&ties) {
            for actor in [tie.a, tie.b] {
                if let Some(places) = of_actor.get_mut(actor.index()) {
                    places.push(place);
                }
            }
        }
        Some(Self {
            ties,
            of_actor,
            following,
        })
    }

    /// The ties that lead on from an actor, and to whom.
    fn ties_from(
        &self,
        actor: Term,
        course: TimeDirection,
    ) -> impl Iterator<Item = (&TimedLink, Term)> {
        let places = self
            .of_actor
            .get(actor.index())
            .map_or(&[][..], Vec::as_slice);
        let ties = places
            .iter()
            // Places are those of the ties.
            .filter_map(|place| self.ties.get(*place as usize));
        ties.filter_map(move |tie| Some((tie, tie.from(actor, course)?)))
    }

    /// The state after one more record; `None` when it does not follow.
    fn step(
        &self,
        state: ChainState,
        tie: &TimedLink,
        course: TimeDirection,
    ) -> Option<ChainState> {
        let moment = tie.on(course);
        let day = state.day.max(moment.first);
        let is_start = state.days == i32::MIN && state.after == i64::MIN;
        match (self.following, moment.instant.map(Instant::number)) {
            (ChainRule::Possible, None) => (moment.last >= state.days).then(|| ChainState {
                day,
                days: state.days.max(moment.first),
                zoned: state.zoned.max(moment.first),
                ..state
            }),
            (ChainRule::Possible, Some(instant)) => {
                let follows = instant >= state.after && moment.last >= state.zoned;
                follows.then(|| ChainState {
                    day,
                    instant: state.instant.max(instant),
                    days: state.days.max(moment.first),
                    after: state.after.max(instant),
                    ..state
                })
            }
            (ChainRule::Certain, instant) => {
                let follows = match instant {
                    None => moment.first >= state.days,
                    Some(instant) => instant > state.after && moment.first >= state.zoned,
                };
                let is_certain = tie.is_sure && follows;
                if !(is_start || is_certain) {
                    return None;
                }
                let reached = ChainState {
                    day,
                    instant: state.instant.max(instant.unwrap_or(i64::MIN)),
                    ..state
                };
                Some(if tie.is_sure {
                    reached.certainly_after(moment)
                } else {
                    reached.closed()
                })
            }
        }
    }

    /// What is demanded of a state before a record, after which something is demanded, in a chain that
    /// comes no further than `best`; `None` when the record can't stand there.
    fn before(
        &self,
        demand: Demand,
        tie: &TimedLink,
        course: TimeDirection,
        best: (i32, i64),
    ) -> Option<Demand> {
        let moment = tie.on(course);
        let instant = moment.instant.map(Instant::number);
        if moment.first > best.0 || instant.is_some_and(|instant| instant > best.1) {
            return None;
        }
        match (self.following, instant) {
            (ChainRule::Possible, None) => {
                let allows = moment.first <= demand.days && moment.first <= demand.zoned;
                allows.then(|| Demand {
                    days: demand.days.min(moment.last),
                    ..demand
                })
            }
            (ChainRule::Possible, Some(instant)) => {
                let allows = moment.first <= demand.days && instant <= demand.after;
                allows.then(|| Demand {
                    days: demand.days,
                    zoned: demand.zoned.min(moment.last),
                    after: demand.after.min(instant),
                })
            }
            (ChainRule::Certain, instant) => {
                let start = ChainState::at(i32::MIN);
                let (reached, demanded) = if !tie.is_sure {
                    // It follows nothing for certain, and nothing follows it.
                    let nothing = Demand {
                        days: i32::MIN,
                        zoned: i32::MIN,
                        after: i64::MIN,
                    };
                    (start.closed(), nothing)
                } else if let Some(instant) = instant {
                    let demanded = Demand {
                        zoned: demand.zoned.min(moment.first),
                        after: demand.after.min(instant - 1),
                        ..demand
                    };
                    (start.certainly_after(moment), demanded)
                } else {
                    let demanded = Demand {
                        days: demand.days.min(moment.first),
                        ..demand
                    };
                    (start.certainly_after(moment), demanded)
                };
                reached.meets(&demand).then_some(demanded)
            }
        }
    }

    /// Goes on from an actor, who is reached in some states.
    pub(super) fn spread(&self, view: &View, walk: &WalkRule<'_>, start: &[ChainState]) -> Labels {
        let mut reached = Labels {
            labels: Vec::new(),
            first: HashMap::new(),
        };
        let mut fronts: HashMap<Term, Vec<(ChainState, usize)>> = HashMap::new();
        let mut passes: HashMap<Term, bool> = HashMap::new();
        let mut queue: BinaryHeap<Reverse<QueuedLabel<'_>>> = BinaryHeap::new();
        let mut waiting: Vec<ChainLabel> = Vec::new();
        for state in start {
            queue.push(Reverse((state.rank(), 0, "", waiting.len())));
            waiting.push(ChainLabel {
                actor: walk.origin,
                state: *state,
                hops: 0,
                from: None,
            });
        }
        while let Some(Reverse((_, _, _, number))) = queue.pop() {
            let Some(label) = waiting.get(number).copied() else {
                break;
            };
            let front = fronts.entry(label.actor).or_default();
            let is_behind = |(state, hops): &(ChainState, usize)| {
                *hops <= label.hops && state.is_no_later(&label.state)
            };
            if front.iter().any(is_behind) {
                continue;
            }
            front.push((label.state, label.hops));
            let place = reached.labels.len();
            reached.labels.push(label);
            reached.first.entry(label.actor).or_insert(place);
            if walk.until == Some(label.actor) {
                break;
            }
            let is_origin = label.hops == 0;
            let passable = is_origin
                || *passes
                    .entry(label.actor)
                    .or_insert_with(|| (walk.passable)(label.actor));
            if !passable || walk.max_hops.is_some_and(|most| label.hops >= most) {
                continue;
            }
            for (tie, other) in self.ties_from(label.actor, walk.course) {
                if other == walk.origin
                    || walk.blocked.contains(&other)
                    || (is_origin && walk.taken.contains(&other))
                {
                    continue;
                }
                if let Some(state) = self.step(label.state, tie, walk.course) {
                    let next = ChainLabel {
                        actor: other,
                        state,
                        hops: label.hops + 1,
                        from: Some(place),
                    };
                    let id = view.text(label.actor);
                    queue.push(Reverse((state.rank(), next.hops, id, waiting.len())));
                    waiting.push(next);
                }
            }
        }
        reached
    }

    /// The states in which a chain may be that leads over some actors, from those in which it is at the
    /// first.
    pub(super) fn along(&self, actors: &[Term], start: &[ChainState]) -> Vec<ChainState> {
        let mut front = start.to_vec();
        for pair in actors.windows(2) {
            let &[a, b] = pair else { continue };
            front = self.next(&front, a, b);
        }
        front
    }

    fn next(&self, front: &[ChainState], a: Term, b: Term) -> Vec<ChainState> {
        let mut next = Vec::new();
        for (tie, _) in self
            .ties_from(a, TimeDirection::Onward)
            .filter(|(_, other)| *other == b)
        {
            for state in front {
                if let Some(state) = self.step(*state, tie, TimeDirection::Onward) {
                    keep(&mut next, state);
                }
            }
        }
        next
    }

    /// The best way to an actor in so few hops as tell the ids of those it leads over: the actors after
    /// the first, and what it comes to.
    pub(super) fn best(
        &self,
        view: &View,
        walk: &WalkRule<'_>,
        start: &[ChainState],
    ) -> Option<(Vec<Term>, (i32, i64))> {
        let target = walk.until?;
        let labels = self.spread(view, walk, start);
        let label = labels.labels.get(*labels.first.get(&target)?)?;
        let (best, hops) = (label.state.rank(), label.hops);
        let demands = self.demands(walk, (target, hops), best);
        let mut actors = Vec::with_capacity(hops);
        let (mut at, mut front) = (walk.origin, start.to_vec());
        for left in (0..hops).rev() {
            let demands = demands.get(left)?;
            let others = self
                .ties_from(at, TimeDirection::Onward)
                .map(|(_, other)| other);
            let mut others: Vec<Term> = others
                .filter(|other| demands.contains_key(other))
                .filter(|other| at != walk.origin || !walk.taken.contains(other))
                .collect();
            others.sort_by_key(|other| view.text(*other));
            others.dedup();
            let step = |other: Term| {
                let mut next = self.next(&front, at, other);
                next.retain(|state| {
                    let in_time = state.day <= best.0 && state.instant <= best.1;
                    let demands = demands.get(&other).map_or(&[][..], Vec::as_slice);
                    in_time && demands.iter().any(|demand| state.meets(demand))
                });
                (!next.is_empty()).then_some((other, next))
            };
            (at, front) = others.into_iter().find_map(step)?;
            actors.push(at);
        }
        Some((actors, best))
    }

    /// What is demanded at each actor from which a target is reached in exactly so many hops, by their
    /// number, in a chain that comes no further than `best`.
    fn demands(
        &self,
        walk: &WalkRule<'_>,
        (target, hops): (Term, usize),
        best: (i32, i64),
    ) -> Vec<HashMap<Term, Vec<Demand>>> {
        let mut layers = vec![HashMap::from([(target, vec![Demand::NONE])])];
        for _ in 1..hops {
            let mut layer: HashMap<Term, Vec<Demand>> = HashMap::new();
            for (actor, demands) in layers.last().into_iter().flatten() {
                // Ties that lead back from here are those that lead here.
                for (tie, other) in self.ties_from(*actor, TimeDirection::Backward) {
                    let is_open = other != target
                        && other != walk.origin
                        && !walk.blocked.contains(&other)
                        && (walk.passable)(other);
                    if !is_open {
                        continue;
                    }
                    for demand in demands {
                        if let Some(demand) = self.before(*demand, tie, TimeDirection::Onward, best)
                        {
                            demand_also(layer.entry(other).or_default(), demand);
                        }
                    }
                }
            }
            layers.push(layer);
        }
        layers
    }

    /// The records that carry a chain over some actors, in the order of the course: the best it can come
    /// to, and of what comes to that each record the one that reaches first, then one that certainly
    /// follows the one before, then the first in the order of time. Empty when none does.
    pub(super) fn carriers(
        &self,
        view: &View,
        actors: &[Term],
        (course, start): (TimeDirection, ChainState),
    ) -> Vec<ChainStep> {
        let hops: Vec<Vec<&TimedLink>> = actors
            .windows(2)
            .map(|pair| {
                let &[a, b] = pair else { return Vec::new() };
                let ties = self.ties_from(a, course).filter(|(_, other)| *other == b);
                ties.map(|(tie, _)| tie).collect()
            })
            .collect();
        let mut front = vec![start];
        for ties in &hops {
            let mut next = Vec::new();
            for tie in ties {
                for state in &front {
                    if let Some(state) = self.step(*state, tie, course) {
                        keep(&mut next, state);
                    }
                }
            }
            front = next;
        }
        let Some(best) = front.iter().map(ChainState::rank).min() else {
            return Vec::new();
        };
        let mut demands = vec![vec![Demand::NONE]];
        for ties in hops.iter().skip(1).rev() {
            let mut before = Vec::new();
            for tie in ties {
                for demand in demands.last().into_iter().flatten() {
                    if let Some(demand) = self.before(*demand, tie, course, best) {
                        demand_also(&mut before, demand);
                    }
                }
            }
            demands.push(before);
        }
        let mut chosen: Vec<ChainStep> = Vec::with_capacity(hops.len());
        for (ties, demands) in hops.iter().zip(demands.iter().rev()) {
            let before = chosen.last().copied();
            let state = before.map_or(start, |before| before.state);
            let follows = |row: Row| {
                before.is_none_or(|before| match course {
                    TimeDirection::Onward => certainly_follows(view, row, before.row),
                    TimeDirection::Backward => certainly_follows(view, before.row, row),
                })
            };
            let candidates = ties.iter().filter_map(|tie| {
                let next = self.step(state, tie, course)?;
                let in_time = next.day <= best.0 && next.instant <= best.1;
                let may_go_on = demands.iter().any(|demand| next.meets(demand));
                let chosen = ChainStep {
                    row: tie.row,
                    state: next,
                };
                (in_time && may_go_on).then_some(chosen)
            });
            let first = candidates.min_by_key(|next| (next.state.rank(), !follows(next.row)));
            let Some(first) = first else {
                return Vec::new();
            };
            chosen.push(first);
        }
        chosen
    }
}

impl ChainState {
    /// After a record that stands at a moment, when steps must be certain. What follows must certainly do so
    /// for every record before: an instant may lie on a later day, as written, than one that is later, so
    /// that the last alone would not do, and going round in a circle would help.
    fn certainly_after(self, moment: Moment) -> Self {
        let (days, zoned, after) = match moment.instant {
            None => (1, Some(ZONES_DAYS), None),
            Some(instant) => (ZONES_DAYS, None, Some(instant.number())),
        };
        let later = |days: i32| moment.last.saturating_add(days);
        Self {
            days: self.days.max(later(days)),
            zoned: self.zoned.max(zoned.map_or(i32::MIN, later)),
            after: self.after.max(after.unwrap_or(i64::MIN)),
            ..self
        }
    }
}

impl Labels {
    /// The actors that are reached, beside the origin, each with the day and the instant that the best
    /// chain comes to, and its hops: the best first.
    pub(super) fn actors(&self) -> impl Iterator<Item = (Term, ChainState, usize)> {
        let labels = self.labels.iter().enumerate();
        let first = labels
            .filter(|(place, label)| label.hops > 0 && self.first.get(&label.actor) == Some(place));
        first.map(|(_, label)| (label.actor, label.state, label.hops))
    }

    /// The actors by whom an actor is reached, from the origin on.
    pub(super) fn chain(&self, actor: Term) -> Vec<Term> {
        let mut at = self.first.get(&actor).copied();
        let mut chain = Vec::new();
        while let Some(label) = at.and_then(|at| self.labels.get(at)) {
            chain.push(label.actor);
            at = label.from;
        }
        chain.reverse();
        chain
    }
}
