//! Which actors a record links, and the records of each pair of actors.

use std::ops::Range;

use super::row_lists::{ListColumn, SPARSE_MAX, TABLE_MIN, place_of};
use super::terms::Term;
use crate::invariant::{Holds as _, number_32};
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
    /// Bits of a number that [`Self::bits`] gives.
    pub(crate) const BITS: u32 = 3;

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
        Kind::Source | Kind::Actor | Kind::Judgement => return None,
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
pub(super) struct LinkEnd {
    /// The actor at the other end.
    pub(super) actor: Term,
    /// Which dyad.
    pub(super) dyad: u32,
    /// The first and the last row of the dyad: mostly they tell whether it is in a window.
    pub(super) first: u32,
    pub(super) last: u32,
}

/// What holds of the rows of a dyad and of the links of a term.
const COUNTED: &str = "links are as many as were counted";

/// The rows that link each pair of actors in one segment.
#[derive(Clone, Debug, Default)]
pub(super) struct Dyads {
    /// Where the rows of each pair start in `rows`, and at the end their number. Pairs ascend, the
    /// lower term first.
    starts: Vec<u32>,
    /// The rows of each pair, ascending, and how each links the two.
    rows: Vec<u32>,
    hints: Vec<DyadRowHint>,
    /// The actors that have a neighbour, ascending, and their neighbours, ascending.
    actors: Vec<Term>,
    neighbours: ListColumn<LinkEnd>,
}

/// The rows of one pair of actors in one segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct DyadRows<'a> {
    pub(super) rows: &'a [u32],
    hints: &'a [DyadRowHint],
    /// Whether directions are to be reversed.
    reversed: bool,
}

impl DyadRows<'_> {
    /// The row at a position, its direction seen from the first of the two, and its shape, if that is
    /// kept here.
    #[inline]
    pub(super) fn at(&self, position: usize) -> Option<(u32, Direction, Option<u32>)> {
        let (row, hint) = (*self.rows.get(position)?, *self.hints.get(position)?);
        let direction = hint.direction();
        let seen = if self.reversed {
            direction.reversed()
        } else {
            direction
        };
        Some((row, seen, hint.shape()))
    }
}

/// How a row links the two actors of a dyad, seen from the lower term, and above that, in the bits that
/// are left, the number of its shape: what it shares with others is then known without a look at the
/// row, which is in another place for each.
#[derive(Clone, Copy, Debug)]
struct DyadRowHint(u16);

/// Shapes whose numbers a [`DyadRowHint`] can hold; all its bits together stand for the others.
const SHAPES_HINTED: u16 = (1 << (u16::BITS - Direction::BITS)) - 1;

impl DyadRowHint {
    fn new(direction: Direction, shape: u32) -> Self {
        let shape = u16::try_from(shape).unwrap_or(SHAPES_HINTED);
        Self(shape.min(SHAPES_HINTED) << Direction::BITS | u16::from(direction.0))
    }

    #[inline]
    fn direction(self) -> Direction {
        let [_, low] = self.0.to_be_bytes();
        Direction::of_bits(low)
    }

    #[inline]
    fn shape(self) -> Option<u32> {
        let shape = self.0 >> Direction::BITS;
        (shape < SHAPES_HINTED).then(|| shape.into())
    }
}

/// A link from a lower term, in one number: the higher term, the row and the direction.
type PackedLink = u64;

/// Bits of a packed link that are the row.
const ROW_BITS: u32 = 31;
/// Terms that a packed link can name.
pub(super) const TERMS_MAX: u32 = 1 << (64 - ROW_BITS - Direction::BITS);

fn pack(other: Term, row: u32, direction: Direction) -> PackedLink {
    (u64::from(other.0) << (ROW_BITS + Direction::BITS))
        | (u64::from(row) << Direction::BITS)
        | u64::from(direction.0)
}

fn other_of(link: PackedLink) -> Term {
    // What is left of the bits always fits, here and below.
    Term(u32::try_from(link >> (ROW_BITS + Direction::BITS)).unwrap_or(u32::MAX))
}

fn row_of(link: PackedLink) -> u32 {
    u32::try_from((link >> Direction::BITS) & ((1 << ROW_BITS) - 1)).unwrap_or(u32::MAX)
}

fn direction_of(link: PackedLink) -> Direction {
    Direction(u8::try_from(link & u64::from(Direction::ANY.0)).unwrap_or_default())
}

impl Dyads {
    /// Indexes the links that `each` gives, always the same: lower term, higher term, row,
    /// direction from the lower. Rows ascend. `shape` tells the number of the shape of a row.
    pub(super) fn from_columns(
        each: impl Fn(&mut dyn FnMut(Term, Term, u32, Direction)),
        shape: impl Fn(u32) -> u32,
    ) -> Self {
        let (mut total, mut end) = (0_usize, 0);
        each(&mut |_, higher, _, _| {
            total += 1;
            end = end.max(higher.index() + 1);
        });
        if total == 0 {
            return Self::default();
        }
        // Terms are small numbers, so tables will do but for a few links between late terms.
        if end > SPARSE_MAX * total + TABLE_MIN {
            let mut links: Vec<(Term, PackedLink)> = Vec::with_capacity(total);
            each(&mut |lower, higher, row, direction| {
                links.push((lower, pack(higher, row, direction)));
            });
            links.sort_unstable();
            let groups = links.chunk_by(|a, b| a.0 == b.0);
            let groups = groups.filter_map(|group| Some((group.first()?.0, group.len())));
            let groups: Vec<(Term, usize)> = groups.collect();
            let packed: Vec<PackedLink> = links.into_iter().map(|link| link.1).collect();
            return Self::of_groups(&packed, &groups, None, shape);
        }
        // Sorted by counting, by higher and then by lower term: what was in order stays so.
        let (mut of_higher, mut of_lower) = (
            CountingTable::with_terms(end),
            CountingTable::with_terms(end),
        );
        each(&mut |lower, higher, _, _| {
            of_higher.count(higher);
            of_lower.count(lower);
        });
        let (highers, lowers) = (of_higher.close(), of_lower.close());
        let mut by_higher: Vec<PackedLink> = vec![0; total];
        each(&mut |lower, higher, row, direction| {
            of_higher.put(higher, pack(lower, row, direction), &mut by_higher);
        });
        let mut packed: Vec<PackedLink> = vec![0; total];
        let mut rest = by_higher.as_slice();
        for (higher, count) in highers {
            let (links, after) = rest
                .split_at_checked(count)
                .holds(COUNTED)
                .unwrap_or_default();
            rest = after;
            for link in links {
                let to_higher = pack(higher, row_of(*link), direction_of(*link));
                of_lower.put(other_of(*link), to_higher, &mut packed);
            }
        }
        drop((by_higher, of_higher, of_lower));
        Self::of_groups(&packed, &lowers, Some(end), shape)
    }

    /// Of links sorted by lower term, higher term and row. `groups` are the lower terms with the
    /// numbers of their links; where a table of all terms will do, `end` is the number after the
    /// last.
    fn of_groups(
        mut packed: &[PackedLink],
        groups: &[(Term, usize)],
        end: Option<usize>,
        shape: impl Fn(u32) -> u32,
    ) -> Self {
        let mut dyads = Self {
            rows: Vec::with_capacity(packed.len()),
            hints: Vec::with_capacity(packed.len()),
            ..Self::default()
        };
        let mut pairs: Vec<(Term, Term)> = Vec::new();
        for (lower, count) in groups {
            let links = packed.split_at_checked(*count).holds(COUNTED);
            let (links, rest) = links.unwrap_or_default();
            packed = rest;
            for pair in links.chunk_by(|a, b| other_of(*a) == other_of(*b)) {
                let higher = pair.first().map_or(Term(0), |link| other_of(*link));
                pairs.push((*lower, higher));
                dyads.start_pair();
                for of_row in pair.chunk_by(|a, b| row_of(*a) == row_of(*b)) {
                    let all = of_row.iter().fold(Direction::default(), |all, link| {
                        all.or(direction_of(*link))
                    });
                    let row = of_row.first().map_or(0, |link| row_of(*link));
                    dyads.rows.push(row);
                    dyads.hints.push(DyadRowHint::new(all, shape(row)));
                }
            }
        }
        dyads.start_pair();
        dyads.rows.shrink_to_fit();
        dyads.hints.shrink_to_fit();
        match end {
            Some(end) => dyads.note_ends(&pairs, end),
            None => dyads.sort_ends(&pairs),
        }
        dyads
    }

    /// The end of a link of a dyad at `actor`.
    fn end(&self, actor: Term, dyad: u32) -> LinkEnd {
        let rows = self.rows_of(dyad);
        let rows = self.rows.get(rows).holds(COUNTED).unwrap_or_default();
        LinkEnd {
            actor,
            dyad,
            // Nobody's, where there is no dyad yet, has no row.
            first: rows.first().copied().unwrap_or_default(),
            last: rows.last().copied().unwrap_or_default(),
        }
    }

    /// Where the rows of a dyad stand.
    fn rows_of(&self, dyad: u32) -> Range<usize> {
        let at = dyad as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    /// Notes the neighbours of each actor, by counting.
    fn note_ends(&mut self, pairs: &[(Term, Term)], end: usize) {
        let mut of_actor = CountingTable::with_terms(end);
        for (lower, higher) in pairs {
            of_actor.count(*lower);
            of_actor.count(*higher);
        }
        let actors = of_actor.close();
        let nobody = self.end(Term(0), 0);
        let mut ends = vec![nobody; pairs.len() * 2];
        // Pairs ascend. Those in which an actor is the higher come first, so its neighbours ascend.
        for (dyad, (lower, higher)) in (0..).zip(pairs) {
            of_actor.put(*higher, self.end(*lower, dyad), &mut ends);
        }
        for (dyad, (lower, higher)) in (0..).zip(pairs) {
            of_actor.put(*lower, self.end(*higher, dyad), &mut ends);
        }
        let mut rest = ends.as_slice();
        for (actor, count) in actors {
            let ends = rest.split_at_checked(count).holds(COUNTED);
            let (neighbours, after) = ends.unwrap_or_default();
            rest = after;
            self.actors.push(actor);
            self.neighbours.push_slice(neighbours);
        }
    }

    /// The same for few pairs of terms that lie far apart.
    fn sort_ends(&mut self, pairs: &[(Term, Term)]) {
        let both = (0..).zip(pairs).flat_map(|(dyad, (lower, higher))| {
            let ends = [(lower, higher), (higher, lower)];
            ends.map(|(from, to)| (*from, self.end(*to, dyad)))
        });
        let mut ends: Vec<(Term, LinkEnd)> = both.collect();
        ends.sort_unstable_by_key(|(from, to)| (*from, to.actor));
        for actor in ends.chunk_by(|x, y| x.0 == y.0) {
            self.actors.extend(actor.first().map(|end| end.0));
            self.neighbours.push(actor.iter().map(|end| end.1));
        }
    }

    fn start_pair(&mut self) {
        self.starts.push(number_32(self.rows.len()));
    }

    /// The number of pairs.
    pub(super) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The neighbours of an actor, ascending.
    pub(super) fn neighbours(&self, actor: Term) -> &[LinkEnd] {
        place_of(&self.actors, actor.0, |known| known.0)
            .map_or(&[], |place| self.neighbours.get(place))
    }

    /// How `b` stands among the neighbours of `a`.
    pub(super) fn neighbour(&self, a: Term, b: Term) -> Option<LinkEnd> {
        let neighbours = self.neighbours(a);
        let at = neighbours.binary_search_by_key(&b, |neighbour| neighbour.actor);
        neighbours.get(at.ok()?).copied()
    }

    /// The rows that link `actor` with one of its neighbours, with directions to be read from
    /// `actor`.
    pub(super) fn rows(&self, actor: Term, neighbour: LinkEnd) -> DyadRows<'_> {
        let range = self.rows_of(neighbour.dyad);
        DyadRows {
            rows: self
                .rows
                .get(range.clone())
                .holds(COUNTED)
                .unwrap_or_default(),
            hints: self.hints.get(range).holds(COUNTED).unwrap_or_default(),
            reversed: actor > neighbour.actor,
        }
    }

    /// The rows that link `a` and `b`, with directions to be read from `a`.
    pub(super) fn between(&self, a: Term, b: Term) -> Option<DyadRows<'_>> {
        Some(self.rows(a, self.neighbour(a, b)?))
    }
}

/// A table by term: first how many things each has, then where its next one goes.
struct CountingTable(Vec<u32>);

impl CountingTable {
    /// For terms before number `end`.
    fn with_terms(end: usize) -> Self {
        Self(vec![0; end])
    }

    fn count(&mut self, term: Term) {
        if let Some(count) = self.0.get_mut(term.index()) {
            *count += 1;
        }
    }

    /// Ends the counting: the terms that have something, with how many.
    fn close(&mut self) -> Vec<(Term, usize)> {
        let mut counted = Vec::new();
        let mut start = 0;
        for (term, count) in (0..).zip(&mut self.0) {
            if *count > 0 {
                counted.push((Term(term), *count as usize));
            }
            start += *count;
            *count = start - *count;
        }
        counted
    }

    /// Puts a thing where the next one of a term goes.
    fn put<T>(&mut self, term: Term, thing: T, things: &mut [T]) {
        if let Some(next) = self.0.get_mut(term.index())
            && let Some(place) = things.get_mut(*next as usize)
        {
            *place = thing;
            *next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs_of_actors(kind: Kind, actors: &[(u32, Role)]) -> Vec<(u32, u32, Direction)> {
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
            pairs_of_actors(Kind::Event, &[(1, Target), (2, Source)]),
            [(1, 2, Direction::BACKWARD)]
        );
        assert_eq!(
            pairs_of_actors(Kind::Event, &[(1, Source), (2, Source)]),
            [(1, 2, Direction::WITH)]
        );
        assert_eq!(
            pairs_of_actors(Kind::Event, &[(1, Source), (2, Participant)]),
            []
        );
        assert_eq!(
            pairs_of_actors(Kind::Event, &[(1, Source), (1, Target)]),
            []
        );
        let hosted = pairs_of_actors(
            Kind::Event,
            &[(1, Participant), (2, Participant), (3, Host)],
        );
        assert_eq!(hosted.len(), 3);
        assert!(hosted.iter().all(|link| link.2 == Direction::WITH));
        assert_eq!(
            pairs_of_actors(Kind::Event, &[(1, Mediator), (2, Source), (3, Target)]).len(),
            3
        );
    }

    #[test]
    fn a_statement_links_its_speakers_with_audience_and_targets_only() {
        use Role::{Audience, OnBehalfOf, RelayedBy, Speaker, StanceTarget};
        let links = pairs_of_actors(
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
    fn a_hint_keeps_its_direction_and_the_numbers_of_shapes_that_fit() {
        for direction in (0..8).map(Direction::of_bits) {
            for shape in [0, 1, 8_190, 8_191, 65_535, 65_536, u32::MAX] {
                let hint = DyadRowHint::new(direction, shape);
                assert_eq!(hint.direction(), direction);
                assert_eq!(hint.shape(), Some(shape).filter(|shape| *shape < 8_191));
            }
        }
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
