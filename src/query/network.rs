//! The links between actors that a question counts: of the window, the filters and the roll-up.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use hashbrown::HashMap;

use super::answer::Via;
use super::filter::{CompiledFilter, CountedActor, Occurrence, Scope};
use super::rollup::{self, RolledActor, Rollup};
use super::selection::{ActorMatch, Selection};
use super::via::via;
use crate::graph::{
    Direction, DyadRow, LinkRows, Moment, Row, Term, TimeExtent, View, WindowView, links_of,
};
use crate::invariant::Holds as _;
use crate::model::Role;

/// A neighbour and the number of records that link it.
pub(super) type NeighbourCount = (Term, usize);

/// Neighbours that were looked up before, by actor and direction.
type NeighbourCache = HashMap<(Term, Direction), Rc<[NeighbourCount]>>;

/// The network of one question. What it has looked up it remembers, for as long as the question.
pub(super) struct Network<'v> {
    pub(super) windowed: WindowView<'v>,
    pub(super) compiled: CompiledFilter<'v>,
    pub(super) rollup: Rollup,
    known: RefCell<NeighbourCache>,
    rolled: RefCell<HashMap<Row, Rc<[RolledActor]>>>,
}

impl<'v> Network<'v> {
    pub(super) fn new(view: &'v View, scope: &Scope) -> Self {
        Self::within(view.window(scope.window, scope.matching()), scope)
    }

    /// The same question about the records without a date.
    pub(super) fn undated(view: &'v View, scope: &Scope) -> Self {
        Self::within(view.undated(scope.matching()), scope)
    }

    fn within(windowed: WindowView<'v>, scope: &Scope) -> Self {
        Self {
            compiled: CompiledFilter::new(windowed.view(), scope),
            windowed,
            rollup: scope.rollup,
            known: RefCell::default(),
            rolled: RefCell::default(),
        }
    }

    pub(super) fn view(&self) -> &'v View {
        self.windowed.view()
    }

    /// Whether everyone counts for himself and every record counts.
    pub(super) fn is_plain(&self) -> bool {
        self.rollup == Rollup::None && self.compiled.is_open()
    }

    /// The actors of a record as they count under roll-up.
    fn rolled(&self, row: Row) -> Rc<[RolledActor]> {
        let mut known = self.rolled.borrow_mut();
        let rolled = known
            .entry(row)
            .or_insert_with(|| rollup::rolled(self.view(), row).into());
        Rc::clone(rolled)
    }

    /// The actors of a record as they count: under roll-up, those whom they stand for.
    pub(super) fn counted(&self, row: Row) -> Vec<(Term, Role)> {
        match self.rollup {
            Rollup::None => self.view().actors(row).collect(),
            Rollup::State => self.rolled(row).iter().map(|r| (r.actor, r.role)).collect(),
        }
    }

    /// Those for whom an actor of a record counts, by term: himself, or under roll-up those whom he
    /// stands for on the days of the record. A record without a date counts for himself.
    pub(super) fn counts_for(&self, row: Row, actor: Term, rollup: Rollup) -> Vec<Term> {
        match (rollup, self.view().known_days(row)) {
            (Rollup::State, Some(days)) => rollup::tops(self.view(), actor, days),
            (Rollup::None | Rollup::State, _) => vec![actor],
        }
    }

    /// Those who stand in a record, as they count. A record may give one more than once.
    pub(super) fn standing_in(&self, row: Row) -> Vec<Term> {
        self.counted(row)
            .into_iter()
            .map(|(actor, _)| actor)
            .collect()
    }

    /// Whether a record counts for a question about the actors of `focus` (all, when empty).
    pub(super) fn accepts(&self, row: Row, focus: &[Term]) -> bool {
        if self.rollup == Rollup::None || self.compiled.is_open() {
            return self.compiled.accepts(row, focus);
        }
        let rolled = self.rolled(row);
        let parts = || rolled.iter().map(|r| part(r, focus));
        self.compiled.accepts_record(row) && self.compiled.accepts_parts(parts, focus.is_empty())
    }

    /// Whether a record counts as a link of two actors. Kinds of actor are no matter of the link:
    /// they limit who may stand at its ends.
    pub(super) fn accepts_link(&self, row: Row, a: Term, b: Term) -> bool {
        if self.compiled.is_open() {
            return true;
        }
        let ends = [a, b];
        let has_role = || match self.rollup {
            Rollup::None => {
                let plain = |(actor, role): (Term, Role)| CountedActor {
                    actor,
                    role,
                    is_of_focus: ends.contains(&actor),
                };
                let parts = self.view().actors(row).map(plain);
                self.compiled.accepts_roles(parts, false)
            }
            Rollup::State => {
                let rolled = self.rolled(row);
                let parts = rolled.iter().map(|r| part(r, &ends));
                self.compiled.accepts_roles(parts, false)
            }
        };
        self.compiled.accepts_record(row) && has_role()
    }

    /// The rows in which an actor counts, filtered or not, in the order of time: those in which he
    /// stands himself, and under roll-up those in which somebody stands for him.
    fn standing(&self, actor: Term) -> Vec<Row> {
        let view = self.view();
        let mut rows: Vec<Row> = self.windowed.of_actor(actor).collect();
        if self.rollup == Rollup::State {
            for member in rollup::members(view, actor) {
                let counts = |row: &Row| {
                    let days = view.known_days(*row);
                    days.is_some_and(|days| rollup::stands_for(view, member, actor, days))
                };
                rows.extend(self.windowed.of_actor(member).filter(counts));
            }
            self.put_in_order(&mut rows);
        }
        rows
    }

    /// The rows that count for an actor in a question about the actors of `focus`, in the order of
    /// time.
    pub(super) fn rows_of(&self, actor: Term, focus: &[Term]) -> Vec<Row> {
        let mut rows = self.standing(actor);
        rows.retain(|row| self.accepts(*row, focus));
        rows
    }

    /// The number of rows that count for an actor in a question about him.
    pub(super) fn total_of(&self, actor: Term) -> usize {
        if self.is_plain() {
            self.windowed.of_actor(actor).total()
        } else {
            self.rows_of(actor, &[actor]).len()
        }
    }

    /// The same with the first and the last day that are known of these rows.
    pub(super) fn extent_of(&self, actor: Term) -> (usize, Option<TimeExtent>) {
        if self.is_plain() {
            let rows = self.windowed.of_actor(actor);
            return (rows.total(), rows.extent());
        }
        let rows = self.rows_of(actor, &[actor]);
        let extent = self.view().extent(rows.iter().copied());
        (rows.len(), extent)
    }

    /// How many events of a selection are left out because they did not occur; `None` when such count.
    /// They are kept beside the others, so no other record is looked at.
    pub(super) fn not_occurred(&self, scope: &Scope, selection: &Selection) -> Option<usize> {
        if !scope.matching().actual {
            return None;
        }
        if !self.windowed.may_have_not_occurred() {
            return Some(0);
        }
        let any = Scope {
            occurrence: Occurrence::Any,
            ..scope.clone()
        };
        let all = Self::new(self.view(), &any);
        let mut standing = selection.actors();
        if self.rollup == Rollup::State {
            let members = standing
                .iter()
                .flat_map(|it| rollup::members(self.view(), *it));
            let members: Vec<Term> = members.collect();
            standing.extend(members);
        }
        let rows = all.windowed.not_occurred(&standing).into_iter();
        Some(rows.filter(|row| all.selects(*row, selection)).count())
    }

    /// Whether a record of the window is one of a selection.
    fn selects(&self, row: Row, selection: &Selection) -> bool {
        let stands = |actor: &Term| self.stands(row, *actor);
        match selection {
            Selection::Everything => self.accepts(row, &[]),
            Selection::Actors(actors, how) => {
                let among = match how {
                    ActorMatch::Any => actors.iter().any(stands),
                    ActorMatch::All => actors.iter().all(stands),
                };
                among && self.accepts(row, actors)
            }
            Selection::Dyad(a, b, ways) => {
                let direction = self.direction(row, *a, *b);
                direction.is_some_and(|direction| direction.meets(*ways))
                    && self.accepts_link(row, *a, *b)
                    && self.accepts(row, &[*a, *b])
            }
        }
    }

    /// Whether an actor stands in a record, or under roll-up somebody for him.
    fn stands(&self, row: Row, actor: Term) -> bool {
        let view = self.view();
        let mut standing = view.actors(row).map(|(other, _)| other);
        match (self.rollup, view.known_days(row)) {
            (Rollup::State, Some(days)) => {
                standing.any(|other| other == actor || rollup::stands_for(view, other, actor, days))
            }
            (Rollup::None | Rollup::State, _) => standing.any(|other| other == actor),
        }
    }

    /// Orders rows by time and drops repetitions.
    pub(super) fn put_in_order(&self, rows: &mut Vec<Row>) {
        rows.sort_by_key(|row| self.view().order(*row));
        rows.dedup();
    }

    /// The rows that link two actors, with directions seen from the first, in the order of time.
    pub(super) fn between(&self, a: Term, b: Term) -> Vec<(Row, Direction)> {
        let mut rows = match self.rollup {
            Rollup::None => self.windowed.between(a, b),
            Rollup::State => {
                // Rolled up, not every record of the one links it with the other.
                let linked = |row: Row| Some((row, self.direction(row, a, b)?));
                self.standing(a).into_iter().filter_map(linked).collect()
            }
        };
        rows.retain(|(row, _)| self.accepts_link(*row, a, b));
        rows
    }

    /// The rows of a dyad as a question about it counts them: those of [`Self::between`] that
    /// link the two as asked for, and in which somebody else is of a kind asked for.
    pub(super) fn dyad(&self, a: Term, b: Term) -> Vec<(Row, Direction)> {
        let mut rows = self.between(a, b);
        rows.retain(|(row, _)| self.accepts(*row, &[a, b]));
        rows
    }

    /// Calls `each` with the rows of [`Self::dyad`], in the same order.
    pub(super) fn each_of_dyad(&self, a: Term, b: Term, each: &mut impl FnMut(DyadRow<'_>)) {
        if self.is_plain() {
            return self.windowed.each_between(a, b, each);
        }
        let rows = self.dyad(a, b);
        let mut directions = rows.iter().map(|(_, direction)| *direction);
        let rows = rows.iter().map(|(row, _)| *row);
        self.view().each_coded(rows, &mut |row, timing, coding| {
            each(DyadRow {
                row,
                direction: directions
                    .next()
                    .holds("each row has a direction")
                    .unwrap_or_default(),
                timing,
                coding,
                may_have_topics: true,
            });
        });
    }

    /// How a record links two actors as they count, seen from the first.
    fn direction(&self, row: Row, a: Term, b: Term) -> Option<Direction> {
        let links = self
            .links_from(row, a)
            .into_iter()
            .filter(|(other, _)| *other == b);
        links.map(|(_, direction)| direction).reduce(Direction::or)
    }

    /// The neighbours of an actor by links in `directions`, by term, with the number of records.
    pub(super) fn neighbours(&self, actor: Term, directions: Direction) -> Rc<[NeighbourCount]> {
        if let Some(known) = self.known.borrow().get(&(actor, directions)) {
            return Rc::clone(known);
        }
        let found: Rc<[NeighbourCount]> = match self.rollup {
            Rollup::None => self.plain_neighbours(actor, directions),
            Rollup::State => self.rolled_neighbours(actor, directions),
        }
        .into();
        self.known
            .borrow_mut()
            .insert((actor, directions), Rc::clone(&found));
        found
    }

    fn plain_neighbours(&self, actor: Term, directions: Direction) -> Vec<NeighbourCount> {
        let every = self.compiled.is_open() && directions == Direction::ANY;
        let mut found: Vec<NeighbourCount> = Vec::new();
        self.windowed.neighbours(actor, &mut |other, linking| {
            let counts = |(row, direction): &(Row, Direction)| {
                direction.meets(directions) && self.accepts_link(*row, actor, other)
            };
            let count = if every {
                linking.count()
            } else {
                linking.rows().filter(counts).count()
            };
            if count > 0 {
                found.push((other, count));
            }
        });
        // Several segments may each know a part of the records of one pair.
        found.sort_unstable();
        let mut merged: Vec<NeighbourCount> = Vec::with_capacity(found.len());
        for (other, count) in found {
            match merged.last_mut() {
                Some(last) if last.0 == other => last.1 += count,
                _ => merged.push((other, count)),
            }
        }
        merged
    }

    fn rolled_neighbours(&self, actor: Term, directions: Direction) -> Vec<NeighbourCount> {
        let mut counts: BTreeMap<Term, usize> = BTreeMap::new();
        for row in self.standing(actor) {
            let mut others: Vec<Term> = self
                .links_from(row, actor)
                .into_iter()
                .filter(|(other, direction)| {
                    direction.meets(directions) && self.accepts_link(row, actor, *other)
                })
                .map(|(other, _)| other)
                .collect();
            others.sort_unstable();
            others.dedup();
            for other in others {
                *counts.entry(other).or_default() += 1;
            }
        }
        counts.into_iter().collect()
    }

    /// Calls `each` with the actors that may be linked with `actor` in `directions`, and what tells
    /// whether they are. One may be given more than once, and then one of the times tells.
    pub(super) fn visit(
        &self,
        actor: Term,
        directions: Direction,
        each: &mut impl FnMut(Term, LinkTest<'_, 'v>),
    ) {
        match self.rollup {
            Rollup::None => self.windowed.neighbours(actor, &mut |other, linking| {
                each(
                    other,
                    LinkTest::Asked {
                        network: self,
                        ends: (actor, other),
                        directions,
                        linking,
                    },
                );
            }),
            Rollup::State => {
                for (other, _) in &*self.neighbours(actor, directions) {
                    each(*other, LinkTest::Known);
                }
            }
        }
    }

    /// How many actors [`Self::visit`] would give for some actors together: what that costs.
    pub(super) fn weight(&self, actors: &[Term]) -> usize {
        match self.rollup {
            Rollup::None => {
                let each = actors
                    .iter()
                    .map(|actor| self.windowed.neighbourhood(*actor));
                each.sum()
            }
            Rollup::State => actors.len(),
        }
    }

    /// The number of records that link two actors in `directions`, seen from the first.
    pub(super) fn count(&self, a: Term, b: Term, directions: Direction) -> usize {
        match self.rollup {
            Rollup::None => {
                let parts = self.windowed.linkings(a, b);
                parts
                    .map(|linking| self.counted_in(linking, (a, b), directions))
                    .sum()
            }
            Rollup::State => {
                let neighbours = self.neighbours(a, directions);
                let found = neighbours.binary_search_by_key(&b, |(other, _)| *other);
                let found = found.ok().and_then(|at| neighbours.get(at));
                found.map_or(0, |(_, count)| *count)
            }
        }
    }

    fn counted_in(
        &self,
        linking: LinkRows<'_, '_>,
        (a, b): (Term, Term),
        directions: Direction,
    ) -> usize {
        if self.compiled.is_open() && directions == Direction::ANY {
            return linking.count();
        }
        let counts = |(row, direction): &(Row, Direction)| {
            direction.meets(directions) && self.accepts_link(*row, a, b)
        };
        linking.rows().filter(counts).count()
    }

    /// Whether a record links two actors in `directions`, seen from the first.
    pub(super) fn links(&self, a: Term, b: Term, directions: Direction) -> bool {
        match self.rollup {
            Rollup::None => self.windowed.linkings(a, b).any(|linking| {
                let linked = LinkTest::Asked {
                    network: self,
                    ends: (a, b),
                    directions,
                    linking,
                };
                linked.holds()
            }),
            Rollup::State => self.count(a, b, directions) > 0,
        }
    }

    /// The number of records that link two actors in `directions`, seen from the first, and the
    /// first of them in the order of time, at most `most`.
    pub(super) fn first_between(
        &self,
        a: Term,
        b: Term,
        directions: Direction,
        most: usize,
    ) -> (usize, Vec<Row>) {
        if self.is_plain() && directions == Direction::ANY {
            let rows = self.windowed.of_dyad(a, b);
            return (rows.total(), rows.page(0, most));
        }
        let mut rows = self.between(a, b);
        rows.retain(|(_, direction)| direction.meets(directions));
        let first = rows.iter().take(most).map(|(row, _)| *row);
        (rows.len(), first.collect())
    }

    /// The number of actors that are linked with an actor, whichever way.
    pub(super) fn degree(&self, actor: Term) -> usize {
        let mut others = Vec::new();
        self.visit(actor, Direction::ANY, &mut |other, linked| {
            if linked.holds() {
                others.push(other);
            }
        });
        others.sort_unstable();
        others.dedup();
        others.len()
    }

    /// Calls `each` with every link of a dated record that counts: when it stands in a chain, the record, the
    /// two actors, the direction seen from the first. Segment by segment in the order of time, but for
    /// records that began long before the window.
    pub(super) fn each_link(&self, each: &mut impl FnMut(Moment, Row, Term, Term, Direction)) {
        match self.rollup {
            Rollup::None if self.compiled.is_open() => {
                self.windowed.each_link(each);
            }
            Rollup::None => self.each_accepted_link(each),
            Rollup::State => self.each_rolled_link(each),
        }
    }

    fn each_accepted_link(&self, each: &mut dyn FnMut(Moment, Row, Term, Term, Direction)) {
        self.windowed
            .each_link(&mut |moment, row, a, b, direction| {
                if self.accepts_link(row, a, b) {
                    each(moment, row, a, b, direction);
                }
            });
    }

    fn each_rolled_link(&self, each: &mut dyn FnMut(Moment, Row, Term, Term, Direction)) {
        let view = self.view();
        self.windowed.each(&mut |row, kind, _, _| {
            let Some(timing) = view.timing(row) else {
                return;
            };
            if !self.compiled.accepts_record(row) {
                return;
            }
            links_of(kind, &self.counted(row), &mut |a, b, direction| {
                if self.accepts_link(row, a, b) {
                    each(Moment::from_timing(&timing), row, a, b, direction);
                }
            });
        });
    }

    /// Whom a record links `actor` with, all as they count, with directions seen from `actor`.
    fn links_from(&self, row: Row, actor: Term) -> Vec<(Term, Direction)> {
        let mut found = Vec::new();
        links_of(
            self.view().kind(row),
            &self.counted(row),
            &mut |a, b, direction| {
                if a == actor {
                    found.push((b, direction));
                } else if b == actor {
                    found.push((a, direction.reversed()));
                }
            },
        );
        found
    }

    /// The actors of a record, as they count, other than those of `focus`: by term.
    pub(super) fn counterparts(&self, row: Row, focus: &[Term]) -> Vec<Term> {
        let mut others: Vec<Term> = match self.rollup {
            Rollup::None => {
                let all = self.view().actors(row).map(|(actor, _)| actor);
                all.filter(|actor| !focus.contains(actor)).collect()
            }
            Rollup::State => {
                let rolled = self.rolled(row);
                let others = rolled.iter().filter(|r| !r.is_of(focus));
                others.map(|r| r.actor).collect()
            }
        };
        others.sort_unstable();
        others.dedup();
        others
    }

    /// Through whom a record came in for the actors of `focus`.
    pub(super) fn via(&self, row: Row, focus: &[Term]) -> Vec<Via<'v>> {
        match self.rollup {
            Rollup::None => Vec::new(),
            Rollup::State => via(self.view(), &self.rolled(row), focus),
        }
    }
}

/// What tells whether two actors are linked.
pub(super) enum LinkTest<'a, 'v> {
    /// They are.
    Known,
    /// They are if one of these records counts.
    Asked {
        network: &'a Network<'v>,
        ends: (Term, Term),
        directions: Direction,
        linking: LinkRows<'a, 'v>,
    },
}

impl LinkTest<'_, '_> {
    /// Whether they are.
    pub(super) fn holds(&self) -> bool {
        match *self {
            Self::Known => true,
            Self::Asked {
                network,
                ends: (a, b),
                directions,
                linking,
            } => {
                if network.compiled.is_open() && directions == Direction::ANY {
                    return linking.any();
                }
                let counts = |(row, direction): (Row, Direction)| {
                    direction.meets(directions) && network.accepts_link(row, a, b)
                };
                linking.rows().any(counts)
            }
        }
    }
}

fn part(rolled: &RolledActor, focus: &[Term]) -> CountedActor {
    CountedActor {
        actor: rolled.actor,
        role: rolled.role,
        is_of_focus: rolled.is_of(focus),
    }
}
