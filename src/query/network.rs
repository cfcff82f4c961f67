//! The links between actors that a question counts: of the window, the filters and the roll-up.

use std::cell::RefCell;
use std::rc::Rc;

use hashbrown::HashMap;

use super::filter::{Scope, Sieve};
use super::rollup::{self, Rollup};
use crate::graph::{Direction, Row, Term, View, Windowed, links_of};

/// A neighbour and the number of records that link it.
pub(super) type Neighbour = (Term, usize);

/// Neighbours that were looked up before, by actor and direction.
type Known = HashMap<(Term, Direction), Rc<[Neighbour]>>;

/// The network of one question. What it has looked up it remembers, for as long as the question.
pub(super) struct Network<'v> {
    pub(super) windowed: Windowed<'v>,
    pub(super) sieve: Sieve<'v>,
    rollup: Rollup,
    known: RefCell<Known>,
}

impl<'v> Network<'v> {
    pub(super) fn new(view: &'v View, scope: &'v Scope) -> Self {
        Self {
            windowed: view.window(scope.window, scope.certain),
            sieve: Sieve::new(view, scope),
            rollup: scope.rollup,
            known: RefCell::default(),
        }
    }

    /// The same question about the records without a date.
    pub(super) fn undated(view: &'v View, scope: &'v Scope) -> Self {
        Self {
            windowed: view.undated(),
            ..Self::new(view, scope)
        }
    }

    pub(super) fn view(&self) -> &'v View {
        self.windowed.view()
    }

    /// The rows that count for an actor, in the order of time.
    pub(super) fn rows_of(&self, actor: Term, focus: &[Term]) -> Vec<Row> {
        let accepted = |row: &Row| self.sieve.accepts(*row, focus);
        let mut rows: Vec<Row> = self.windowed.of_actor(actor).filter(accepted).collect();
        if self.rollup == Rollup::State {
            let view = self.view();
            for member in rollup::members(view, actor) {
                let counts = |row: &Row| {
                    let days = view.days(*row);
                    days.is_some_and(|days| {
                        rollup::tops(view, member, days)
                            .iter()
                            .any(|t| t.actor == actor)
                    })
                };
                let of_member = self.windowed.of_actor(member);
                // A filter on roles or kinds of actor looks at the member who stands in the record.
                rows.extend(
                    of_member
                        .filter(|row| self.sieve.accepts(*row, &[actor, member]))
                        .filter(counts),
                );
            }
            self.put_in_order(&mut rows);
        }
        rows
    }

    /// Orders rows by time and drops repetitions.
    pub(super) fn put_in_order(&self, rows: &mut Vec<Row>) {
        rows.sort_by_key(|row| self.view().order(*row));
        rows.dedup();
    }

    /// The rows that link two actors, with directions seen from the first, in the order of time.
    pub(super) fn between(&self, a: Term, b: Term) -> Vec<(Row, Direction)> {
        if self.rollup == Rollup::None {
            let mut rows = self.windowed.between(a, b);
            rows.retain(|(row, _)| self.sieve.accepts(*row, &[a, b]));
            return rows;
        }
        let linked = |row: Row| {
            let direction = self
                .rolled_links(row, a)
                .into_iter()
                .filter(|(other, _)| *other == b);
            let all = direction.fold(Direction::default(), |all, (_, d)| all.or(d));
            (all != Direction::default()).then_some((row, all))
        };
        self.rows_of(a, &[a, b])
            .into_iter()
            .filter_map(linked)
            .collect()
    }

    /// The neighbours of an actor by links in `directions`, by term, with the number of records.
    pub(super) fn neighbours(&self, actor: Term, directions: Direction) -> Rc<[Neighbour]> {
        if let Some(known) = self.known.borrow().get(&(actor, directions)) {
            return Rc::clone(known);
        }
        let found: Rc<[Neighbour]> = match self.rollup {
            Rollup::None => self.plain_neighbours(actor, directions),
            Rollup::State => self.rolled_neighbours(actor, directions),
        }
        .into();
        self.known
            .borrow_mut()
            .insert((actor, directions), Rc::clone(&found));
        found
    }

    fn plain_neighbours(&self, actor: Term, directions: Direction) -> Vec<Neighbour> {
        let mut found: Vec<Neighbour> = Vec::new();
        self.windowed.neighbours(actor, &mut |other, rows| {
            let counts = |(row, direction): &(Row, Direction)| {
                direction.meets(directions) && self.sieve.accepts_record_between(*row, actor, other)
            };
            let count = rows.filter(counts).count();
            if count > 0 {
                found.push((other, count));
            }
        });
        // Several segments may each know a part of the records of one pair.
        found.sort_unstable();
        let mut merged: Vec<Neighbour> = Vec::with_capacity(found.len());
        for (other, count) in found {
            match merged.last_mut() {
                Some(last) if last.0 == other => last.1 += count,
                _ => merged.push((other, count)),
            }
        }
        merged
    }

    fn rolled_neighbours(&self, actor: Term, directions: Direction) -> Vec<Neighbour> {
        let mut counts: HashMap<Term, usize> = HashMap::new();
        for row in self.rows_of(actor, &[actor]) {
            let mut others: Vec<Term> = self
                .rolled_links(row, actor)
                .into_iter()
                .filter(|(_, direction)| direction.meets(directions))
                .map(|(other, _)| other)
                .collect();
            others.sort_unstable();
            others.dedup();
            for other in others {
                *counts.entry(other).or_default() += 1;
            }
        }
        let mut found: Vec<Neighbour> = counts.into_iter().collect();
        found.sort_unstable();
        found
    }

    /// Whom a record links `actor` with when people count for their states, seen from `actor`.
    fn rolled_links(&self, row: Row, actor: Term) -> Vec<(Term, Direction)> {
        let view = self.view();
        let counted = rollup::rolled(view, row);
        let actors: Vec<_> = counted.iter().map(|r| (r.actor, r.role)).collect();
        let mut found = Vec::new();
        links_of(view.kind(row), &actors, &mut |a, b, direction| {
            if a == actor {
                found.push((b, direction));
            } else if b == actor {
                found.push((a, direction.reversed()));
            }
        });
        found
    }

    /// Through whom a record came in for the actors of `focus`.
    pub(super) fn via(&self, row: Row, focus: &[Term]) -> Vec<super::answer::Via> {
        match self.rollup {
            Rollup::None => Vec::new(),
            Rollup::State => rollup::via(self.view(), row, focus),
        }
    }
}
