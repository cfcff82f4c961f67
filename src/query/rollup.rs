//! Roll-up: what a person does counts for the state or body that he or she stands for on that day.

use crate::graph::{Row, Term, View};
use crate::invariant::Holds as _;
use crate::model::{ActorKind, DayRange, Role, Tenure};

/// Steps from a person up to a state: an office in a section of a ministry of a state.
const DEPTH_MAX: usize = 6;
/// Ways up that are followed for one actor on one day.
const WAYS_MAX: usize = 64;

/// Whether what people do counts for those they stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rollup {
    /// Everyone counts for himself.
    None,
    /// Everyone counts for the state that he represents on the day of the record, or for the body,
    /// when that stands for no state.
    State,
}

impl Rollup {
    /// Both.
    pub const ALL: [Self; 2] = [Self::None, Self::State];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::State => "state",
        }
    }
}

/// A way from an actor up to the state or body that he stands for, and the relations that say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RollupPath {
    /// From the actor himself to the top; the actor alone, when he stands for nobody.
    pub(super) actors: Vec<Term>,
    /// One for each step.
    pub(super) relations: Vec<Row>,
    /// How each holds on these days.
    pub(super) tenures: Vec<Tenure>,
}

impl RollupPath {
    fn top(&self) -> Option<Term> {
        self.actors.last().copied()
    }
}

/// The ways up from `actor` on some of the days from `first` to `last`: each leads to a state, or as
/// far as the relations do that hold on a day together. At least one, at most [`WAYS_MAX`].
pub(super) fn ways(view: &View, actor: Term, (first, last): DayRange) -> Vec<RollupPath> {
    let mut found = Vec::new();
    let mut way = RollupPath {
        actors: vec![actor],
        relations: Vec::new(),
        tenures: Vec::new(),
    };
    climb(view, (first, last), &mut way, &mut found);
    found
}

fn climb(view: &View, days: DayRange, way: &mut RollupPath, found: &mut Vec<RollupPath>) {
    let Some(at) = way.top().holds("a way begins with an actor") else {
        return;
    };
    let mut higher = false;
    if !is_state(view, at) && way.relations.len() < DEPTH_MAX {
        for tie in view.ties_of(at) {
            let Some((object, days, tenure)) = object_on(view, tie, days) else {
                continue;
            };
            if way.actors.contains(&object) || found.len() >= WAYS_MAX {
                continue;
            }
            higher = true;
            way.actors.push(object);
            way.relations.push(tie);
            way.tenures.push(tenure);
            climb(view, days, way, found);
            way.tenures.pop();
            way.actors.pop();
            way.relations.pop();
        }
    }
    if !higher && found.len() < WAYS_MAX {
        found.push(way.clone());
    }
}

/// Those whom `actor` stands for on some of the days, by term: the states, or the last bodies on
/// the way up. Himself, when he is a state or stands for nobody.
pub(super) fn tops(view: &View, actor: Term, days: DayRange) -> Vec<Term> {
    let mut tops: Vec<Term> = ways(view, actor, days)
        .iter()
        .filter_map(RollupPath::top)
        .collect();
    tops.sort_unstable();
    tops.dedup();
    tops
}

/// Whether `actor` stands for `body` on some of the days: it is the state at the top or on the way.
pub(super) fn stands_for(view: &View, actor: Term, body: Term, days: DayRange) -> bool {
    let ways = ways(view, actor, days);
    ways.iter().any(|way| way.actors.contains(&body))
}

/// The object of a tie that holds on some of the days or is assumed to, on which of them, and how.
fn object_on(view: &View, tie: Row, days: DayRange) -> Option<(Term, DayRange, Tenure)> {
    let (object, _) = view.actors(tie).find(|(_, role)| *role == Role::Object)?;
    let period = view.period(tie)?;
    let tenure = period.on(days)?;
    let (from, to) = period.widest();
    Some((object, (days.0.max(from), days.1.min(to)), tenure))
}

fn is_state(view: &View, actor: Term) -> bool {
    view.actor(actor)
        .is_some_and(|row| view.detail(row) == ActorKind::State.number())
}

/// The actors who at some time stood for `top`, ascending.
pub(super) fn members(view: &View, top: Term) -> Vec<Term> {
    let mut found = vec![top];
    let mut next = 0;
    while let Some(&body) = found.get(next) {
        next += 1;
        for tie in view.ties_to(body) {
            for (actor, role) in view.actors(tie) {
                if role == Role::Subject && !found.contains(&actor) {
                    found.push(actor);
                }
            }
        }
    }
    found.retain(|actor| *actor != top);
    found.sort_unstable();
    found
}

/// An actor of a record as it counts under roll-up.
#[derive(Clone, Debug)]
pub(super) struct RolledActor {
    /// For whom it counts.
    pub(super) actor: Term,
    pub(super) role: Role,
    /// The ways from him who stands in the record to the one for whom it counts.
    pub(super) ways: Vec<RollupPath>,
}

impl RolledActor {
    /// Whether one of `focus` stands in the record, or is stood for.
    pub(super) fn is_of(&self, focus: &[Term]) -> bool {
        let mut all = self.ways.iter().flat_map(|way| &way.actors);
        all.any(|actor| focus.contains(actor))
    }
}

/// The actors of a record as they count. An undated record counts for those who stand in it.
pub(super) fn rolled(view: &View, row: Row) -> Vec<RolledActor> {
    let mut counted: Vec<RolledActor> = Vec::new();
    for (actor, role) in view.actors(row) {
        let alone = || RollupPath {
            actors: vec![actor],
            relations: Vec::new(),
            tenures: Vec::new(),
        };
        let ways = view
            .known_days(row)
            .map_or_else(|| vec![alone()], |days| ways(view, actor, days));
        let start = counted.len();
        for way in ways {
            let Some(top) = way.top() else { continue };
            let mut known = counted.iter_mut().skip(start);
            match known.find(|rolled| rolled.actor == top) {
                Some(rolled) => rolled.ways.push(way),
                None => counted.push(RolledActor {
                    actor: top,
                    role,
                    ways: vec![way],
                }),
            }
        }
    }
    counted
}
