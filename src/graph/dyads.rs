//! Which actors a record links, and the records of each pair of actors.

use std::collections::BTreeMap;
use std::thread;

use super::lists::{Lists, SPARSE_MAX, TABLE_MIN, place_of};
use super::terms::Term;
use crate::model::{Kind, Role};

/// Links from which on two threads work.
const PARALLEL_MIN: usize = 1 << 17;

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

    /// The set as a number below 8.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set of a number that [`Self::bits`] gave.
    pub const fn of_bits(bits: u8) -> Self {
        Self(bits & Self::ANY.0)
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
            if let (Some(direction), true) = (link_of_roles(kind, first, second), a != b) {
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
            if let (Some(direction), true) = (link_of_roles(kind, first, second), a != b) {
                emit(a, b, direction);
            }
        }
    }
}

/// How a record of `kind` links an actor in one role with an actor in another.
pub(super) fn link_of_roles(kind: Kind, first: Role, second: Role) -> Option<Direction> {
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
    /// The first and the last row of the dyad: mostly they tell whether it is in a window.
    pub(super) first: u32,
    pub(super) last: u32,
}

/// The rows that link each pair of actors in one segment.
#[derive(Clone, Debug, Default)]
pub(super) struct Dyads {
    /// Where the rows of each pair start in `rows`, and at the end their number. Pairs ascend, the
    /// lower term first.
    starts: Vec<u32>,
    /// The rows of each pair, ascending, and their directions seen from the lower term.
    rows: Vec<u32>,
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

/// A link from a lower term, in one number: the higher term, the row and the direction.
type Packed = u64;

/// Bits of a packed link that are the direction, and that are the row.
const DIRECTION_BITS: u32 = 3;
const ROW_BITS: u32 = 31;
/// Terms that a packed link can name.
pub(super) const TERMS_MAX: u32 = 1 << (64 - ROW_BITS - DIRECTION_BITS);

fn pack(other: Term, row: u32, direction: Direction) -> Packed {
    (u64::from(other.0) << (ROW_BITS + DIRECTION_BITS))
        | (u64::from(row) << DIRECTION_BITS)
        | u64::from(direction.0)
}

fn other_of(link: Packed) -> Term {
    Term(u32::try_from(link >> (ROW_BITS + DIRECTION_BITS)).unwrap_or(u32::MAX))
}

fn row_of(link: Packed) -> u32 {
    u32::try_from((link >> DIRECTION_BITS) & ((1 << ROW_BITS) - 1)).unwrap_or(u32::MAX)
}

fn direction_of(link: Packed) -> Direction {
    Direction(u8::try_from(link & u64::from(Direction::ANY.0)).unwrap_or_default())
}

impl Dyads {
    /// Indexes the links that `each` gives, always the same: lower term, higher term, row,
    /// direction from the lower.
    pub(super) fn of(each: impl Fn(&mut dyn FnMut(Term, Term, u32, Direction))) -> Self {
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        let mut table: Vec<u32> = Vec::new();
        // Terms are small numbers, so a table will do but for a few links between late terms.
        let (mut total, mut most) = (0_usize, 0);
        each(&mut |lower, _, _, _| {
            total += 1;
            most = most.max(lower.0);
        });
        if total == 0 {
            return Self::default();
        }
        let dense = (most as usize) < SPARSE_MAX * total + TABLE_MIN;
        if dense {
            table = vec![0; most as usize + 1];
            each(&mut |lower, _, _, _| {
                if let Some(count) = table.get_mut(lower.index()) {
                    *count += 1;
                }
            });
        } else {
            each(&mut |lower, _, _, _| *counts.entry(lower.0).or_default() += 1);
        }
        // From counts to where the links of each lower term start, and the groups in order.
        let mut groups: Vec<(Term, usize)> = Vec::new();
        let mut start = 0;
        let mut place = |term: u32, count: &mut u32| {
            if *count > 0 {
                groups.push((Term(term), *count as usize));
                start += *count;
                *count = start - *count;
            }
        };
        for (term, count) in (0..).zip(&mut table) {
            place(term, count);
        }
        for (term, count) in &mut counts {
            place(*term, count);
        }
        let mut packed: Vec<Packed> = vec![0; total];
        each(&mut |lower, higher, row, direction| {
            let next = if dense {
                table.get_mut(lower.index())
            } else {
                counts.get_mut(&lower.0)
            };
            if let Some(next) = next
                && let Some(slot) = packed.get_mut(*next as usize)
            {
                *slot = pack(higher, row, direction);
                *next += 1;
            }
        });
        drop((table, counts));
        sort_groups(&mut packed, &groups);
        Self::of_groups(&packed, &groups)
    }

    fn of_groups(mut packed: &[Packed], groups: &[(Term, usize)]) -> Self {
        let mut dyads = Self {
            rows: Vec::with_capacity(packed.len()),
            directions: Vec::with_capacity(packed.len()),
            ..Self::default()
        };
        let mut ends: Vec<(Term, Neighbour)> = Vec::new();
        for (lower, count) in groups {
            let (links, rest) = packed.split_at_checked(*count).unwrap_or_default();
            packed = rest;
            for pair in links.chunk_by(|a, b| other_of(*a) == other_of(*b)) {
                let higher = pair.first().map_or(Term(0), |link| other_of(*link));
                let dyad = u32::try_from(dyads.starts.len()).unwrap_or(u32::MAX);
                dyads.start_pair();
                for of_row in pair.chunk_by(|a, b| row_of(*a) == row_of(*b)) {
                    let all = of_row.iter().fold(Direction::default(), |all, link| {
                        all.or(direction_of(*link))
                    });
                    dyads.rows.extend(of_row.first().map(|link| row_of(*link)));
                    dyads.directions.push(all);
                }
                let end = |actor: Term| Neighbour {
                    actor,
                    dyad,
                    first: pair.first().map_or(0, |link| row_of(*link)),
                    last: pair.last().map_or(0, |link| row_of(*link)),
                };
                ends.push((*lower, end(higher)));
                ends.push((higher, end(*lower)));
            }
        }
        dyads.start_pair();
        dyads.rows.shrink_to_fit();
        dyads.directions.shrink_to_fit();
        ends.sort_unstable_by_key(|(from, to)| (*from, to.actor));
        for actor in ends.chunk_by(|x, y| x.0 == y.0) {
            dyads.actors.extend(actor.first().map(|end| end.0));
            dyads.neighbours.push(actor.iter().map(|end| end.1));
        }
        dyads
    }

    fn start_pair(&mut self) {
        self.starts
            .push(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
    }

    /// The number of pairs.
    pub(super) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The neighbours of an actor, ascending.
    pub(super) fn neighbours(&self, actor: Term) -> &[Neighbour] {
        place_of(&self.actors, actor.0, |known| known.0)
            .map_or(&[], |place| self.neighbours.get(place))
    }

    /// How `b` stands among the neighbours of `a`.
    pub(super) fn neighbour(&self, a: Term, b: Term) -> Option<Neighbour> {
        let neighbours = self.neighbours(a);
        let at = neighbours.binary_search_by_key(&b, |neighbour| neighbour.actor);
        neighbours.get(at.ok()?).copied()
    }

    /// The rows that link `actor` with one of its neighbours, with directions to be read from
    /// `actor`.
    pub(super) fn rows(&self, actor: Term, neighbour: Neighbour) -> DyadRows<'_> {
        let at = neighbour.dyad as usize;
        let range = match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        };
        DyadRows {
            rows: self.rows.get(range.clone()).unwrap_or_default(),
            directions: self.directions.get(range).unwrap_or_default(),
            reversed: actor > neighbour.actor,
        }
    }

    /// The rows that link `a` and `b`, with directions to be read from `a`.
    pub(super) fn between(&self, a: Term, b: Term) -> Option<DyadRows<'_>> {
        Some(self.rows(a, self.neighbour(a, b)?))
    }
}

/// Sorts the links of each group, in two halves at a time when they are many.
fn sort_groups(packed: &mut [Packed], groups: &[(Term, usize)]) {
    if packed.len() < PARALLEL_MIN {
        return sort_each(packed, groups);
    }
    let (mut before, mut half) = (0, 0);
    while before < packed.len() / 2 {
        before += groups.get(half).map_or(0, |group| group.1);
        half += 1;
    }
    let (first, second) = packed.split_at_mut(before);
    let (of_first, of_second) = groups.split_at(half);
    thread::scope(|scope| {
        scope.spawn(|| sort_each(second, of_second));
        sort_each(first, of_first);
    });
}

fn sort_each(mut packed: &mut [Packed], groups: &[(Term, usize)]) {
    for (_, count) in groups {
        let (group, rest) = packed.split_at_mut_checked(*count).unwrap_or_default();
        group.sort_unstable();
        packed = rest;
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
