//! Which actors a record links, and the records of each pair of actors.

use super::lists::Lists;
use super::terms::Term;
use crate::model::{Kind, Role};

/// The ways in which one record links two actors, as a set. Seen from the first of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct Direction(u8);

impl Direction {
    /// From the first to the second: source to target, speaker to audience, subject to object.
    pub const FORWARD: Self = Self(1);
    /// From the second to the first.
    pub const BACKWARD: Self = Self(2);
    /// With one another, as equals.
    pub const WITH: Self = Self(4);
    /// Any of them.
    pub const ANY: Self = Self(7);

    /// The ways in either set.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the sets share a way.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The same ways seen from the second of the two.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self((self.0 & 1) << 1 | (self.0 & 2) >> 1 | self.0 & 4)
    }
}

/// Calls `emit` for each pair that a record of `kind` with these `actors` links:
///
/// - an event links each source with each target (forward), actors of one role with each other
///   (with), and hosts and mediators with everyone else in it (with);
/// - a statement links speakers with audience and with those it takes a stance toward (forward);
/// - a relation links subject and object (forward).
///
/// An actor is never linked with itself. A pair may be given more than once.
pub fn links(kind: Kind, actors: &[(Term, Role)], emit: &mut impl FnMut(Term, Term, Direction)) {
    for (i, &(a, first)) in actors.iter().enumerate() {
        for &(b, second) in actors.get(i + 1..).unwrap_or_default() {
            if let (Some(direction), true) = (between(kind, first, second), a != b) {
                emit(a, b, direction);
            }
        }
    }
}

/// The same for actors and their roles apart.
pub(super) fn links_by_role(
    kind: Kind,
    actors: &[Term],
    roles: &[Role],
    emit: &mut impl FnMut(Term, Term, Direction),
) {
    for (i, (&a, &first)) in actors.iter().zip(roles).enumerate() {
        let others = actors.iter().zip(roles).skip(i + 1);
        for (&b, &second) in others {
            if let (Some(direction), true) = (between(kind, first, second), a != b) {
                emit(a, b, direction);
            }
        }
    }
}

/// How a record of `kind` links an actor in one role with an actor in another.
fn between(kind: Kind, first: Role, second: Role) -> Option<Direction> {
    let forward = match kind {
        Kind::Source | Kind::Actor => return None,
        Kind::Event => {
            let everyone = |role| matches!(role, Role::Host | Role::Mediator);
            if first == second || everyone(first) || everyone(second) {
                return Some(Direction::WITH);
            }
            |from, to| (from, to) == (Role::Source, Role::Target)
        }
        Kind::Statement => {
            |from, to| from == Role::Speaker && matches!(to, Role::Audience | Role::StanceTarget)
        }
        Kind::Relation => |from, to| (from, to) == (Role::Subject, Role::Object),
    };
    if forward(first, second) {
        Some(Direction::FORWARD)
    } else if forward(second, first) {
        Some(Direction::BACKWARD)
    } else {
        None
    }
}

/// One end of a link seen from the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Neighbour {
    /// The actor at the other end.
    pub(super) actor: Term,
    /// Which dyad.
    pub(super) dyad: u32,
    /// Whether the dyad's directions are to be read from its second actor.
    pub(super) reversed: bool,
}

/// The rows that link each pair of actors in one segment.
#[derive(Clone, Debug, Default)]
pub(super) struct Dyads {
    /// The pairs, the lower term first, ascending.
    pairs: Vec<(Term, Term)>,
    /// The rows of each pair, ascending, with their directions seen from the lower term.
    rows: Lists<u32>,
    directions: Vec<Direction>,
    /// The actors that have a neighbour, ascending, and their neighbours, ascending.
    actors: Vec<Term>,
    neighbours: Lists<Neighbour>,
}

/// The rows of one pair of actors in one segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct DyadRows<'a> {
    pub(super) rows: &'a [u32],
    pub(super) directions: &'a [Direction],
    /// Whether `directions` are to be reversed.
    pub(super) reversed: bool,
}

impl Dyads {
    /// Indexes links given as (lower term, higher term, row, direction from the lower).
    pub(super) fn of(mut links: Vec<(Term, Term, u32, Direction)>) -> Self {
        links.sort_unstable_by_key(|&(a, b, row, _)| (a, b, row));
        let mut dyads = Self::default();
        let mut ends = Vec::new();
        for pair in links.chunk_by(|x, y| (x.0, x.1) == (y.0, y.1)) {
            let Some(&(a, b, ..)) = pair.first() else {
                continue;
            };
            let dyad = u32::try_from(dyads.pairs.len()).unwrap_or(u32::MAX);
            ends.push((
                a,
                Neighbour {
                    actor: b,
                    dyad,
                    reversed: false,
                },
            ));
            ends.push((
                b,
                Neighbour {
                    actor: a,
                    dyad,
                    reversed: true,
                },
            ));
            dyads.pairs.push((a, b));
            for row in pair.chunk_by(|x, y| x.2 == y.2) {
                let all = row
                    .iter()
                    .fold(Direction::default(), |all, link| all.or(link.3));
                dyads.rows.add(row.first().map_or(0, |link| link.2));
                dyads.directions.push(all);
            }
            dyads.rows.close();
        }
        ends.sort_unstable_by_key(|(from, to)| (*from, to.actor));
        for actor in ends.chunk_by(|x, y| x.0 == y.0) {
            dyads.actors.extend(actor.first().map(|end| end.0));
            dyads.neighbours.push(actor.iter().map(|end| end.1));
        }
        dyads
    }

    /// The neighbours of an actor, ascending.
    pub(super) fn neighbours(&self, actor: Term) -> &[Neighbour] {
        self.actors
            .binary_search(&actor)
            .map_or(&[], |i| self.neighbours.get(i))
    }

    /// The rows of dyad number `dyad`.
    pub(super) fn rows(&self, dyad: u32, reversed: bool) -> DyadRows<'_> {
        let rows = self.rows.get(dyad as usize);
        let start = self.rows.start(dyad as usize);
        let directions = self
            .directions
            .get(start..start + rows.len())
            .unwrap_or_default();
        DyadRows {
            rows,
            directions,
            reversed,
        }
    }

    /// The rows that link `a` and `b`, with directions to be read from `a`.
    pub(super) fn between(&self, a: Term, b: Term) -> Option<DyadRows<'_>> {
        let pair = if a < b { (a, b) } else { (b, a) };
        let dyad = self.pairs.binary_search(&pair).ok()?;
        Some(self.rows(u32::try_from(dyad).ok()?, a > b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: Kind, actors: &[(u32, Role)]) -> Vec<(u32, u32, Direction)> {
        let actors: Vec<_> = actors.iter().map(|(a, role)| (Term(*a), *role)).collect();
        let mut found = Vec::new();
        links(kind, &actors, &mut |a, b, direction| {
            found.push((a.0, b.0, direction));
        });
        found
    }

    #[test]
    fn an_event_links_by_role() {
        use Role::{Host, Mediator, Participant, Source, Target};
        assert_eq!(
            of(Kind::Event, &[(1, Target), (2, Source)]),
            [(1, 2, Direction::BACKWARD)]
        );
        assert_eq!(
            of(Kind::Event, &[(1, Source), (2, Source)]),
            [(1, 2, Direction::WITH)]
        );
        assert_eq!(of(Kind::Event, &[(1, Source), (2, Participant)]), []);
        assert_eq!(of(Kind::Event, &[(1, Source), (1, Target)]), []);
        let hosted = of(
            Kind::Event,
            &[(1, Participant), (2, Participant), (3, Host)],
        );
        assert_eq!(hosted.len(), 3);
        assert!(hosted.iter().all(|link| link.2 == Direction::WITH));
        assert_eq!(
            of(Kind::Event, &[(1, Mediator), (2, Source), (3, Target)]).len(),
            3
        );
    }

    #[test]
    fn a_statement_links_its_speakers_with_audience_and_targets_only() {
        use Role::{Audience, OnBehalfOf, RelayedBy, Speaker, StanceTarget};
        let links = of(
            Kind::Statement,
            &[
                (1, Speaker),
                (2, Speaker),
                (3, OnBehalfOf),
                (4, Audience),
                (5, RelayedBy),
                (6, StanceTarget),
            ],
        );
        assert_eq!(
            links,
            [(1, 4), (1, 6), (2, 4), (2, 6)].map(|(a, b)| (a, b, Direction::FORWARD))
        );
    }

    #[test]
    fn directions_turn_round() {
        assert_eq!(Direction::FORWARD.reversed(), Direction::BACKWARD);
        assert_eq!(
            Direction::BACKWARD.or(Direction::WITH).reversed(),
            Direction::FORWARD.or(Direction::WITH)
        );
    }
}
