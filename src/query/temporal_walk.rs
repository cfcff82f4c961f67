//! How news travels through time: who can have it by which day.
//!
//! A record that links two actors on some day can carry on what one of them has by then. The day
//! reached is `max(day reached, first day of the record)`, and a record can follow as long as its
//! last day is not before the day reached: what is dated to a month may have happened on any of its
//! days. Records of one day follow one another in any order.
//!
//! [`ContactSequence::spread`] goes through the window once, day by day, and keeps for each actor by which day
//! it can be reached in how many hops. Backward in time the same walk tells from whom news can have
//! come, and how late it may have left them.

use std::ops::Range;

use hashbrown::HashMap;

use super::network::Network;
use crate::graph::{Direction, Moment, Term};
use crate::invariant::Holds as _;

/// The links that `directed` follows: from source to target, and those of equals both ways.
pub(super) const ONWARD: Direction = Direction::FORWARD.or(Direction::WITH);

/// Links for which room is set aside before they are gathered.
const ROOM_MAX: usize = 1 << 20;
/// What holds of the ties of a day.
const GATHERED: &str = "the ties of a day are among all ties";
/// No entry.
const NONE: u32 = u32::MAX;
/// Hops that are counted.
const HOPS_MAX: u16 = u16::MAX - 1;

/// In how few hops an actor is reached so far, and whether since the present day: in one number, since
/// nearly all that is done with it is finding out that a link does not matter. Fewer hops are less; of
/// the same, those since an earlier day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Arrival(u32);

impl Arrival {
    const UNREACHED: Self = Self::new(u16::MAX, false);

    const fn new(hops: u16, is_fresh: bool) -> Self {
        Self((hops as u32) << 1 | is_fresh as u32)
    }

    fn hops(self) -> u16 {
        u16::try_from(self.0 >> 1).unwrap_or(u16::MAX)
    }

    /// Whether since the present day.
    fn is_fresh(self) -> bool {
        self.0 & 1 != 0
    }

    /// The same on a later day.
    fn aged(self) -> Self {
        Self(self.0 & !1)
    }

    /// Whether a step from here to there may change anything, as far as days and hops tell: it takes
    /// fewer hops than are known, or as few on the day on which they became known; and `limit` allows
    /// one more.
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "which of it holds cannot be foretold, and nearly never all does: one branch, not two"
    )]
    fn may_change(self, there: Self, limit: Self) -> bool {
        let one_more = (self.0 | 1) + 1;
        (self < limit) & (one_more < there.0)
    }
}

/// A tie carries from its first actor to its second.
const THERE: u8 = 1;
/// A tie carries from its second actor to its first.
const BACK: u8 = 2;

/// The direction in which time is walked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeDirection {
    /// From an origin on: earliest arrivals.
    Onward,
    /// From a target back: latest departures.
    Backward,
}

impl TimeDirection {
    /// A day, so that what comes later on the course is larger. The same again gives the day.
    pub(super) const fn day(self, day: i32) -> i32 {
        match self {
            Self::Onward => day,
            Self::Backward => -day,
        }
    }
}

/// A link of two actors on one day.
#[derive(Clone, Copy, Debug)]
struct DayContact {
    /// The number of the actor from whom it carries, with [`BOTH`] when it carries back as well.
    from: u32,
    to: Term,
}

/// Terms have fewer bits.
const BOTH: u32 = 1 << 31;

impl DayContact {
    /// In the ways of a [`WindowContact`].
    fn new(a: Term, b: Term, ways: u8) -> Self {
        let (from, to) = if ways == BACK { (b, a) } else { (a, b) };
        let both = if ways == THERE | BACK { BOTH } else { 0 };
        Self {
            from: from.number() | both,
            to,
        }
    }

    fn from(self) -> Term {
        Term::at((self.from & !BOTH) as usize)
    }

    fn carries_back(self) -> bool {
        self.from & BOTH != 0
    }
}

/// A link of two actors on several days of a window.
#[derive(Clone, Copy, Debug)]
struct WindowContact {
    first: i32,
    last: i32,
    a: Term,
    b: Term,
    /// [`THERE`], [`BACK`] or both.
    ways: u8,
}

impl WindowContact {
    /// The first and the last day on a course.
    fn days(&self, course: TimeDirection) -> (i32, i32) {
        match course {
            TimeDirection::Onward => (self.first, self.last),
            TimeDirection::Backward => (-self.last, -self.first),
        }
    }

    fn carries(&self, course: TimeDirection) -> (bool, bool) {
        let (there, back) = (self.ways & THERE != 0, self.ways & BACK != 0);
        match course {
            TimeDirection::Onward => (there, back),
            TimeDirection::Backward => (back, there),
        }
    }
}

/// The dated links of a question's network, by time.
pub(super) struct ContactSequence {
    /// Those of one day.
    single: Vec<DayContact>,
    /// Where in `single` the ties of each day are: each day once, ascending; while they are gathered, once for
    /// each segment.
    days: Vec<(i32, Range<usize>)>,
    /// The others, cut to the window: by first day, and by last day from the end.
    onward: Vec<WindowContact>,
    backward: Vec<WindowContact>,
    terms: usize,
}

/// Where a walk starts, and what it keeps to.
pub(super) struct WalkRule<'w> {
    pub(super) course: TimeDirection,
    pub(super) origin: Term,
    /// The day on which it starts; nothing before it, on the course, counts.
    pub(super) day: i32,
    /// The day after which, on the course, nothing counts.
    pub(super) last: Option<i32>,
    /// Hops at the most; unlimited when `None`.
    pub(super) max_hops: Option<usize>,
    /// The walk is over with the day that reaches this actor.
    pub(super) until: Option<Term>,
    /// Actors that are not reached at all.
    pub(super) blocked: &'w [Term],
    /// Actors that are not reached directly from the origin.
    pub(super) taken: &'w [Term],
    /// Whether what reaches an actor goes on from there.
    pub(super) passable: &'w dyn Fn(Term) -> bool,
    /// Whether the first of two actors is taken, when both pass something on as early and in as few
    /// hops.
    pub(super) goes_first: &'w dyn Fn(Term, Term) -> bool,
}

impl ContactSequence {
    /// The links that a question counts; those from source to target only, when `directed`.
    pub(super) fn from_network(network: &Network<'_>, directed: bool) -> Self {
        let window = network.windowed.window();
        let (lo, hi) = (window.lo().number(), window.hi().number());
        let mut ties = Self {
            // Nearly every row of a data set is one link on one day.
            single: Vec::with_capacity(network.windowed.all().most().min(ROOM_MAX)),
            days: Vec::new(),
            onward: Vec::new(),
            backward: Vec::new(),
            terms: network.view().terms_end(),
        };
        // The day whose ties are being gathered, and where they start.
        let mut of_day = (0, 0);
        network.each_link(&mut |moment, _, a, b, direction| {
            let Moment { first, last, .. } = moment;
            let ways = if directed {
                let way = |of: Direction, way| if direction.meets(of) { way } else { 0 };
                way(ONWARD, THERE) | way(ONWARD.reversed(), BACK)
            } else {
                THERE | BACK
            };
            if ways == 0 {
                return;
            }
            if first == last {
                if first != of_day.0 {
                    ties.end_day(of_day);
                    of_day = (first, ties.single.len());
                }
                ties.single.push(DayContact::new(a, b, ways));
            } else {
                ties.onward.push(WindowContact {
                    first: first.max(lo),
                    last: last.min(hi),
                    a,
                    b,
                    ways,
                });
            }
        });
        ties.end_day(of_day);
        // Segments are in the order of time: the stable sort is linear on few of them.
        ties.days.sort_by_key(|(day, _)| *day);
        ties.join_days();
        ties.onward.sort_by_key(|tie| tie.first);
        ties.backward.clone_from(&ties.onward);
        ties.backward.sort_by_key(|tie| -tie.last);
        ties
    }

    /// Notes that the ties from `start` on are those of a day.
    fn end_day(&mut self, (day, start): (i32, usize)) {
        let end = self.single.len();
        if start < end {
            self.days.push((day, start..end));
        }
    }

    /// Brings the ties of each day together, where several segments have some.
    fn join_days(&mut self) {
        let is_joined = self.days.is_sorted_by(|(one, _), (next, _)| one < next);
        if is_joined {
            return;
        }
        let mut single = Vec::with_capacity(self.single.len());
        let mut joined = Vec::with_capacity(self.days.len());
        for parts in self.days.chunk_by(|(one, _), (next, _)| one == next) {
            let start = single.len();
            for (_, part) in parts {
                single.extend_from_slice(
                    self.single
                        .get(part.clone())
                        .holds(GATHERED)
                        .unwrap_or_default(),
                );
            }
            let day = parts.first().map(|(day, _)| *day);
            joined.extend(day.map(|day| (day, start..single.len())));
        }
        (self.single, self.days) = (single, joined);
    }

    /// Goes through time from an origin.
    pub(super) fn spread(&self, walk: &WalkRule<'_>) -> Arrivals {
        let mut spread = TemporalWalk::new(self, walk);
        let of_day = |(day, ties): &(i32, Range<usize>)| {
            let ties = self.single.get(ties.clone()).holds(GATHERED);
            (*day, ties.unwrap_or_default())
        };
        let place = |from: i32| self.days.partition_point(|(day, _)| *day < from);
        let days = |start: usize, end: usize| {
            // Where time ends before it starts there is no day.
            self.days.get(start..end).unwrap_or_default().iter()
        };
        match walk.course {
            TimeDirection::Onward => {
                let end = walk.last.map_or(self.days.len(), |last| place(last + 1));
                let days = days(place(walk.day), end).map(of_day);
                spread.go(days, &self.onward);
            }
            TimeDirection::Backward => {
                let start = walk.last.map_or(0, place);
                let days = days(start, place(walk.day + 1)).map(of_day).rev();
                spread.go(days, &self.backward);
            }
        }
        spread.reached
    }
}

/// By which day an actor is reached in how many hops.
#[derive(Clone, Copy, Debug)]
struct ArrivalEntry {
    actor: Term,
    day: i32,
    hops: u16,
    /// The entry of the actor before this one: an earlier day, with more hops.
    before: u32,
    /// The entry of the actor who passed it on.
    from: u32,
}

/// What a walk has reached. Days are those of its course.
pub(super) struct Arrivals {
    course: TimeDirection,
    entries: Vec<ArrivalEntry>,
    /// The last entry of each actor, by term.
    last: Vec<u32>,
}

impl Arrivals {
    fn entries(&self, actor: Term) -> impl Iterator<Item = &ArrivalEntry> {
        let last = self.last.get(actor.index()).copied();
        let mut at = last.unwrap_or(NONE);
        std::iter::from_fn(move || {
            let entry = self.entries.get(at as usize)?;
            at = entry.before;
            Some(entry)
        })
    }

    /// The first day, on the course, on which an actor is reached, and in how few hops.
    pub(super) fn first(&self, actor: Term) -> Option<(i32, usize)> {
        let entry = self.entries(actor).last()?;
        Some((self.course.day(entry.day), entry.hops.into()))
    }

    /// The first day, on the course, on which an actor is reached within some hops.
    pub(super) fn within(&self, actor: Term, hops: usize) -> Option<i32> {
        let mut within = self
            .entries(actor)
            .take_while(|entry| usize::from(entry.hops) <= hops);
        let first = within.by_ref().last()?;
        Some(self.course.day(first.day))
    }

    /// The actors by whom an actor is reached first, from the actor back to the origin: each as early
    /// as it can be in so few hops.
    pub(super) fn chain(&self, actor: Term) -> Vec<Term> {
        let mut at = self.entries(actor).last();
        let step = || {
            let entry = at?;
            at = self.entries.get(entry.from as usize);
            Some(entry.actor)
        };
        std::iter::from_fn(step).collect()
    }

    /// How many actors are reached at the most.
    pub(super) fn most(&self) -> usize {
        self.entries.len()
    }

    /// The actors that are reached, beside the origin, each with the first day on the course and the
    /// fewest hops on it: in no order.
    pub(super) fn actors(&self) -> impl Iterator<Item = (i32, usize, Term)> {
        let firsts = self.entries.iter().filter(|entry| entry.before == NONE);
        firsts
            .filter(|entry| entry.hops > 0)
            .map(|entry| (entry.day, entry.hops.into(), entry.actor))
    }
}

/// A walk under way.
struct TemporalWalk<'w> {
    walk: &'w WalkRule<'w>,
    /// Who is reached in so many hops passes nothing on.
    limit: Arrival,
    /// The present day.
    day: i32,
    /// How each actor is reached so far, by term.
    arrivals: Vec<Arrival>,
    /// Those reached since the present day.
    of_day: Vec<Term>,
    /// Whether each lets through: 0 not known, 1 yes, 2 no.
    passes: Vec<u8>,
    reached: Arrivals,
    /// The ties of more than one day that are under way, by actor: the other, and the last day.
    under_way: HashMap<Term, Vec<(Term, i32)>>,
    /// Actors reached since their ties under way were looked at.
    fresh: Vec<Term>,
}

impl<'w> TemporalWalk<'w> {
    fn new(ties: &ContactSequence, walk: &'w WalkRule<'w>) -> Self {
        let limit = walk.max_hops.and_then(|hops| u16::try_from(hops).ok());
        let mut spread = Self {
            walk,
            limit: Arrival::new(limit.unwrap_or(HOPS_MAX).min(HOPS_MAX), false),
            day: walk.course.day(walk.day),
            arrivals: vec![Arrival::UNREACHED; ties.terms],
            of_day: Vec::new(),
            passes: vec![0; ties.terms],
            reached: Arrivals {
                course: walk.course,
                entries: Vec::new(),
                last: vec![NONE; ties.terms],
            },
            under_way: HashMap::new(),
            fresh: Vec::new(),
        };
        for actor in walk.blocked {
            spread.set_pass(*actor, false);
            if let Some(arrival) = spread.arrivals.get_mut(actor.index()) {
                // Nothing is fewer.
                *arrival = Arrival::new(0, false);
            }
        }
        spread.set_pass(walk.origin, true);
        spread.reach(walk.origin, NONE, 0);
        spread
    }

    /// Walks through the ties of single days, given day by day, and those of several, by first day.
    fn go<'t>(
        &mut self,
        days: impl Iterator<Item = (i32, &'t [DayContact])>,
        spans: &'t [WindowContact],
    ) {
        let course = self.walk.course;
        let start = course.day(self.walk.day);
        let last = self.walk.last.map_or(i32::MAX, |last| course.day(last));
        let enters = |tie: &WindowContact| tie.days(course).0.max(start);
        let mut spans = spans
            .iter()
            .filter(|tie| tie.days(course).1 >= start)
            .take_while(|tie| enters(tie) <= last)
            .peekable();
        let mut days = days.peekable();
        loop {
            let day_of = |(day, _): &(i32, &[DayContact])| course.day(*day);
            let next = match (days.peek().map(day_of), spans.peek().map(|tie| enters(tie))) {
                (Some(day), Some(span)) => day.min(span),
                (Some(day), None) => day,
                (None, Some(span)) => span,
                (None, None) => break,
            };
            self.begin(next);
            while let Some(tie) = spans.next_if(|tie| enters(tie) == next) {
                self.open(tie);
            }
            if let Some((_, ties)) = days.next_if(|ties| day_of(ties) == next) {
                self.carry_all(ties);
            }
            if self
                .walk
                .until
                .is_some_and(|until| self.arrival_of(until) != Arrival::UNREACHED)
            {
                break;
            }
        }
    }

    /// A day begins.
    fn begin(&mut self, day: i32) {
        if day == self.day {
            return;
        }
        self.day = day;
        for actor in self.of_day.drain(..) {
            if let Some(arrival) = self.arrivals.get_mut(actor.index()) {
                *arrival = arrival.aged();
            }
        }
    }

    /// The ties of one day, in any order: all of them once, then round and round those of actors that
    /// are reached otherwise since this day, until each was looked at since the last change.
    fn carry_all(&mut self, ties: &[DayContact]) {
        let mut unchanged = 0;
        for tie in ties {
            unchanged = if self.tie(*tie) { 0 } else { unchanged + 1 };
        }
        for tie in ties.iter().cycle() {
            if unchanged >= ties.len() {
                return;
            }
            let is_fresh = |actor: Term| self.arrival_of(actor).is_fresh();
            let changed = (is_fresh(tie.from()) || is_fresh(tie.to)) && self.tie(*tie);
            unchanged = if changed { 0 } else { unchanged + 1 };
        }
    }

    /// Carries over a tie of one day; whether that changed anything.
    #[expect(
        clippy::inline_always,
        reason = "a call for each link of a window takes as long as what it does"
    )]
    #[inline(always)]
    fn tie(&mut self, tie: DayContact) -> bool {
        let (from, to) = match self.walk.course {
            TimeDirection::Onward => (tie.from(), tie.to),
            TimeDirection::Backward => (tie.to, tie.from()),
        };
        let (one, other) = (self.arrival_of(from), self.arrival_of(to));
        // Which of it holds can't be foretold, and nearly never any does: one branch.
        let back = tie.carries_back();
        let there = one.may_change(other, self.limit);
        if !(there | (back & other.may_change(one, self.limit))) {
            return false;
        }
        let changed = self.carry(from, to);
        (back && self.carry(to, from)) || changed
    }

    /// A tie of several days begins.
    fn open(&mut self, tie: &WindowContact) {
        let last = tie.days(self.walk.course).1;
        let (there, back) = tie.carries(self.walk.course);
        if there {
            self.under_way.entry(tie.a).or_default().push((tie.b, last));
            self.carry(tie.a, tie.b);
        }
        if back {
            self.under_way.entry(tie.b).or_default().push((tie.a, last));
            self.carry(tie.b, tie.a);
        }
    }

    /// Carries from one actor to another, and on over the ties under way; whether that changed
    /// anything.
    fn carry(&mut self, from: Term, to: Term) -> bool {
        if !self.step(from, to) {
            return false;
        }
        while let Some(actor) = self.fresh.pop() {
            let others = self.under_way.get(&actor).map_or(0, Vec::len);
            for nth in 0..others {
                let tie = self.under_way.get(&actor).and_then(|ties| ties.get(nth));
                if let Some((other, last)) = tie.copied()
                    && last >= self.day
                {
                    self.step(actor, other);
                }
            }
        }
        true
    }

    fn step(&mut self, from: Term, to: Term) -> bool {
        let (here, there) = (self.arrival_of(from), self.arrival_of(to));
        let before = here.hops();
        if !here.may_change(there, self.limit)
            || !self.lets_through(from)
            || (before == 0 && self.walk.taken.contains(&to))
        {
            return false;
        }
        let entry = self.reached.last.get(from.index()).copied();
        let entry = entry.unwrap_or(NONE);
        let hops = before + 1;
        if hops == there.hops() {
            self.prefer(from, entry, to);
            return false;
        }
        self.reach(to, entry, hops);
        if !self.under_way.is_empty() {
            self.fresh.push(to);
        }
        true
    }

    /// Lets an actor be reached by another as early and in as few hops, if that one goes first.
    fn prefer(&mut self, from: Term, entry: u32, to: Term) {
        let last = self.reached.last.get(to.index());
        let Some(reached) = last.and_then(|last| self.reached.entries.get(*last as usize)) else {
            return;
        };
        let by = self.reached.entries.get(reached.from as usize);
        if reached.day == self.day
            && by.is_some_and(|by| by.actor != from && (self.walk.goes_first)(from, by.actor))
            && let Some(last) = last.copied()
            && let Some(reached) = self.reached.entries.get_mut(last as usize)
        {
            reached.from = entry;
        }
    }

    fn arrival_of(&self, actor: Term) -> Arrival {
        let arrival = self.arrivals.get(actor.index()).copied();
        arrival.unwrap_or(Arrival::UNREACHED)
    }

    fn lets_through(&mut self, actor: Term) -> bool {
        match self.passes.get(actor.index()) {
            Some(1) => true,
            Some(0) => {
                let passes = (self.walk.passable)(actor);
                self.set_pass(actor, passes);
                passes
            }
            _ => false,
        }
    }

    fn set_pass(&mut self, actor: Term, passes: bool) {
        if let Some(known) = self.passes.get_mut(actor.index()) {
            *known = if passes { 1 } else { 2 };
        }
    }

    fn reach(&mut self, actor: Term, from: u32, hops: u16) {
        let (place, day) = (actor.index(), self.day);
        // Tables are as long as there are terms.
        let (Some(arrival), Some(last)) = (
            self.arrivals.get_mut(place),
            self.reached.last.get_mut(place),
        ) else {
            return;
        };
        *arrival = Arrival::new(hops, true);
        self.of_day.push(actor);
        match self.reached.entries.get_mut(*last as usize) {
            Some(entry) if entry.day == day => (entry.hops, entry.from) = (hops, from),
            _ => {
                let before = std::mem::replace(
                    last,
                    u32::try_from(self.reached.entries.len()).unwrap_or(NONE),
                );
                self.reached.entries.push(ArrivalEntry {
                    actor,
                    day,
                    hops,
                    before,
                    from,
                });
            }
        }
    }
}
