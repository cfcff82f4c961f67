//! A view narrowed to a window of days.

use super::columns::at;
use super::dyads::{Direction, DyadRows, links_by_role};
use super::lists::Span;
use super::runs::{Bounds, Candidates, Look, Positions, Rows};
use super::segment::Segment;
use super::terms::Term;
use super::view::{Row, View};
use crate::model::{Kind, Role, Window};

/// The rows of one segment that a window may match.
#[derive(Clone, Copy, Debug)]
pub(super) struct SegmentWindow<'v> {
    look: Look<'v>,
    bounds: Bounds<'v>,
}

impl<'v> SegmentWindow<'v> {
    pub(super) fn of(
        number: u32,
        segment: &'v Segment,
        limit: u32,
        (window, certain): (Window, bool),
    ) -> Self {
        let look = Look::new(number, segment, limit, window, certain);
        if window == Window::ALL {
            return Self {
                look,
                ..Self::whole(number, segment, limit)
            };
        }
        let earliest = &segment.columns.earliest;
        let dated = earliest.get(..segment.dated as usize).unwrap_or_default();
        let (lo, hi) = (window.lo().number(), window.hi().number());
        let place = |bound: i32| row(dated.partition_point(|day| *day < bound));
        let start = place(lo.saturating_sub(segment.short_span));
        let before = segment.long.partition_point(|row| *row < start);
        let end = place(hi.saturating_add(1));
        Self {
            look,
            bounds: Bounds {
                long: segment.long.get(..before).unwrap_or_default(),
                start,
                inside: if segment.short_span == 0 {
                    start
                } else {
                    place(lo)
                },
                end,
                undated: end,
            },
        }
    }

    /// All rows.
    pub(super) fn whole(number: u32, segment: &'v Segment, limit: u32) -> Self {
        Self {
            look: Look::new(number, segment, limit, Window::ALL, false),
            bounds: Bounds {
                long: &[],
                start: 0,
                inside: 0,
                end: segment.dated,
                undated: row(segment.columns.len()),
            },
        }
    }

    /// The rows without a date.
    pub(super) fn undated(number: u32, segment: &'v Segment, limit: u32) -> Self {
        let mut undated = Self::whole(number, segment, limit);
        undated.bounds.start = segment.dated;
        undated.bounds.inside = segment.dated;
        undated
    }

    /// The matched ones of some rows, ascending.
    pub(super) fn positions<'a>(self, rows: &'a [u32]) -> Positions<'a>
    where
        'v: 'a,
    {
        Positions::new(self.look, Candidates::Listed(rows), self.bounds)
    }

    /// The matched ones of the rows of some spans, ascending.
    pub(super) fn spanned<'a>(self, spans: &'a [Span]) -> Positions<'a>
    where
        'v: 'a,
    {
        Positions::new(self.look, Candidates::Spans(spans), self.bounds)
    }

    fn dyad<'a>(self, dyad: DyadRows<'a>) -> impl Iterator<Item = (Row, Direction)> + use<'a, 'v>
    where
        'v: 'a,
    {
        let number = self.look.number;
        let positions = Positions::new(self.look, Candidates::Listed(dyad.rows), self.bounds);
        positions.filter_map(move |position| {
            let row = Row::new(number, *dyad.rows.get(position)?);
            let direction = *dyad.directions.get(position)?;
            let seen = if dyad.reversed {
                direction.reversed()
            } else {
                direction
            };
            Some((row, seen))
        })
    }
}

fn row(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

/// A view narrowed to a window of days.
#[derive(Clone, Debug)]
pub struct Windowed<'v> {
    view: &'v View,
    window: Window,
    segments: Vec<SegmentWindow<'v>>,
}

impl<'v> Windowed<'v> {
    pub(super) fn new(
        view: &'v View,
        window: Window,
        segments: impl Iterator<Item = SegmentWindow<'v>>,
    ) -> Self {
        Self {
            view,
            window,
            segments: segments.collect(),
        }
    }

    /// The view that is narrowed.
    pub fn view(&self) -> &'v View {
        self.view
    }

    /// The window.
    pub fn window(&self) -> Window {
        self.window
    }

    /// The rows in which an actor stands.
    pub fn of_actor(&self, actor: Term) -> Rows<'_> {
        let parts = self.segments.iter();
        Rows::of(parts.map(|part| part.positions(part.look.segment.by_actor.get(actor.0))))
    }

    /// The rows that say something about the world: relations, events and statements.
    pub fn all(&self) -> Rows<'_> {
        let parts = self.segments.iter();
        Rows::of(parts.map(|part| Positions::new(part.look, Candidates::World, part.bounds)))
    }

    /// Calls `each` with every row of [`Self::all`], its kind, its actors and their roles: segment by
    /// segment, not in the order of time.
    pub fn each(&self, each: &mut impl FnMut(Row, Kind, &[Term], &[Role])) {
        for part in &self.segments {
            let columns = &part.look.segment.columns;
            for position in Positions::new(part.look, Candidates::World, part.bounds) {
                if let Some(class) = columns.class(position) {
                    let row = Row::new(part.look.number, row(position));
                    each(row, class.kind, columns.standing(position), &class.roles);
                }
            }
        }
    }

    /// The rows that link two actors.
    pub fn of_dyad(&self, a: Term, b: Term) -> Rows<'_> {
        Rows::of(self.segments.iter().map(|part| {
            let dyad = part.look.segment.dyads.between(a, b);
            part.positions(dyad.map_or(&[], |dyad| dyad.rows))
        }))
    }

    /// Calls `each` with every link of the rows that have a date: their first and last day, the row,
    /// the two actors, the direction seen from the first. Segment by segment, each in the order of
    /// time.
    pub fn each_link(&self, each: &mut impl FnMut((i32, i32), Row, Term, Term, Direction)) {
        for part in &self.segments {
            let columns = &part.look.segment.columns;
            let dated = Bounds {
                undated: part.bounds.end,
                ..part.bounds
            };
            for position in Positions::new(part.look, Candidates::World, dated) {
                let Some(class) = columns.class(position) else {
                    continue;
                };
                let row = Row::new(part.look.number, row(position));
                let days = (at(&columns.earliest, position), columns.latest(position));
                let actors = columns.standing(position);
                links_by_role(class.kind, actors, &class.roles, &mut |a, b, direction| {
                    each(days, row, a, b, direction);
                });
            }
        }
    }

    /// The rows that link two actors, with their directions seen from the first.
    pub fn between(&self, a: Term, b: Term) -> Vec<(Row, Direction)> {
        let mut found: Vec<(Row, Direction)> = Vec::new();
        for part in &self.segments {
            if let Some(dyad) = part.look.segment.dyads.between(a, b) {
                found.extend(part.dyad(dyad));
            }
        }
        if self.segments.len() > 1 {
            found.sort_by_key(|(row, _)| self.view.order(*row));
        }
        found
    }

    /// Calls `each` with every actor that may be linked with `actor`, and what links the two. An
    /// actor may be given more than once, with other rows.
    pub fn neighbours<'a>(&'a self, actor: Term, each: &mut impl FnMut(Term, Linking<'a, 'v>)) {
        for part in &self.segments {
            let dyads = &part.look.segment.dyads;
            for neighbour in dyads.neighbours(actor) {
                let dyad = dyads.rows(actor, *neighbour);
                each(neighbour.actor, Linking { part, dyad });
            }
        }
    }

    /// What links two actors, with directions seen from the first: at most one a segment.
    pub fn linkings<'a>(&'a self, a: Term, b: Term) -> impl Iterator<Item = Linking<'a, 'v>> {
        self.segments.iter().filter_map(move |part| {
            let dyad = part.look.segment.dyads.between(a, b)?;
            Some(Linking { part, dyad })
        })
    }

    /// How many actors [`Self::neighbours`] gives.
    pub fn neighbourhood(&self, actor: Term) -> usize {
        let parts = self.segments.iter();
        parts
            .map(|part| part.look.segment.dyads.neighbours(actor).len())
            .sum()
    }

    /// The rows in which some actor stands at all, for each actor: terms, ascending.
    pub fn standing_actors(&self) -> Vec<Term> {
        let keys = self
            .segments
            .iter()
            .flat_map(|part| part.look.segment.by_actor.keys());
        let mut actors: Vec<Term> = keys.map(|key| Term(*key)).collect();
        actors.sort_unstable();
        actors.dedup();
        actors
    }

    /// Whether a row of the view is matched by the window.
    pub fn matches_row(&self, row: Row) -> bool {
        self.segments
            .iter()
            .find(|part| part.look.number == row.segment)
            .is_some_and(|part| part.look.matches(row.index))
    }
}

/// What links an actor with a neighbour in one segment, within a window.
#[derive(Clone, Copy, Debug)]
pub struct Linking<'a, 'v> {
    part: &'a SegmentWindow<'v>,
    dyad: DyadRows<'a>,
}

impl<'a> Linking<'a, '_> {
    /// The rows, in the order of time, with directions seen from the actor.
    pub fn rows(self) -> impl Iterator<Item = (Row, Direction)> + 'a {
        self.part.dyad(self.dyad)
    }

    /// The number of rows.
    pub fn count(self) -> usize {
        self.part.positions(self.dyad.rows).total()
    }

    /// Whether there is a row.
    pub fn any(self) -> bool {
        self.part.positions(self.dyad.rows).next().is_some()
    }
}
