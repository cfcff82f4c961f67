//! A view narrowed to a window of days.

use super::columns::{Columns, StoredHeader};
use super::dyads::{Direction, DyadRows, Dyads, LinkEnd, link_of_roles, links_by_role};
use super::matched_rows::{
    Bounds, MatchedRows, Positions, SegmentCandidates, VisibleRows, WindowMatch,
};
use super::merges::{SegmentLists, StandingActors};
use super::row_lists::{RowList, RowSpan};
use super::terms::Term;
use super::view::{Row, View};
use crate::invariant::{Holds as _, number_32};
use crate::model::{Coding, Day, Instant, Kind, Role, Timing, Window};

/// The rows of one segment that a window may match.
#[derive(Clone, Copy, Debug)]
pub(super) struct SegmentWindow<'v> {
    look: VisibleRows<'v>,
    bounds: Bounds<'v>,
}

impl<'v> SegmentWindow<'v> {
    pub(super) fn for_segment(
        number: u32,
        lists: SegmentLists<'v>,
        limit: u32,
        (window, matching): (Window, WindowMatch),
    ) -> Self {
        let look = VisibleRows::new(number, lists, limit, window, matching);
        if window == Window::ALL {
            return Self {
                look,
                ..Self::whole(number, lists, limit)
            };
        }
        let segment = lists.segment;
        let (lo, hi) = (window.lo().number(), window.hi().number());
        let place = |bound: i32| segment.place_of_day(bound);
        // An instant is sorted at its day in UTC, at most one from the day as written; and a window
        // that begins or ends with a moment may leave out instants of that day in UTC.
        let by_moment = window.has_instants() && segment.has_instants;
        let margin = i32::from(segment.has_strays || by_moment);
        let start = place(lo.saturating_sub(segment.short_span.max(margin)));
        let before = segment.long.partition_point(|row| *row < start);
        let end = place(hi.saturating_add(1 + margin));
        let after = segment.early.partition_point(|row| *row < end);
        Self {
            look,
            bounds: Bounds {
                // Partition points are in range.
                long: segment.long.get(..before).unwrap_or_default(),
                start,
                inside: if segment.short_span == 0 && margin == 0 {
                    start
                } else {
                    place(lo.saturating_add(2 * margin))
                },
                settled: if margin == 0 {
                    end
                } else {
                    place(hi.saturating_sub(2 * margin - 1))
                },
                end,
                early: segment.early.get(after..).unwrap_or_default(),
                undated: end,
            },
        }
    }

    /// All rows.
    pub(super) fn whole(number: u32, lists: SegmentLists<'v>, limit: u32) -> Self {
        let segment = lists.segment;
        Self {
            look: VisibleRows::new(number, lists, limit, Window::ALL, WindowMatch::default()),
            bounds: Bounds {
                long: &[],
                start: 0,
                inside: 0,
                settled: segment.dated,
                end: segment.dated,
                early: &[],
                undated: row(segment.columns.len()),
            },
        }
    }

    /// The rows without a date.
    pub(super) fn undated(
        number: u32,
        lists: SegmentLists<'v>,
        limit: u32,
        matching: WindowMatch,
    ) -> Self {
        let mut undated = Self::whole(number, lists, limit);
        undated.look = VisibleRows::new(number, lists, limit, Window::ALL, matching);
        undated.bounds.start = lists.segment.dated;
        undated.bounds.inside = lists.segment.dated;
        undated
    }

    /// The same without most rows that end before a day.
    fn after(self, day: i32) -> Self {
        let segment = self.look.segment;
        let margin = i32::from(segment.has_strays);
        let reaching = segment.place_of_day(day.saturating_sub(segment.short_span.max(margin)));
        let start = reaching.max(self.bounds.start);
        let before = segment.long.partition_point(|row| *row < start);
        Self {
            bounds: Bounds {
                // A partition point is in range.
                long: segment.long.get(..before).unwrap_or_default(),
                start,
                inside: (segment.place_of_day(day.saturating_add(2 * margin)))
                    .max(self.bounds.inside),
                ..self.bounds
            },
            ..self
        }
    }

    /// The matched ones of some rows.
    pub(super) fn positions<'a>(self, rows: RowList<'a>) -> Positions<'a>
    where
        'v: 'a,
    {
        Positions::new(self.look, SegmentCandidates::Listed(rows), self.bounds)
    }

    /// Whether one of some rows, which are no world of actors and sources, is matched.
    fn holds_any(self, rows: RowList<'_>) -> bool {
        self.bounds
            .hold(&self.look, rows)
            .unwrap_or_else(|| self.positions(rows).next().is_some())
    }

    /// The matched ones of the rows of some spans, ascending.
    pub(super) fn spanned<'a>(self, spans: &'a [RowSpan]) -> Positions<'a>
    where
        'v: 'a,
    {
        Positions::new(self.look, SegmentCandidates::Spans(spans), self.bounds)
    }

    /// The matched ones of all rows that say something about the world.
    ///
    /// An iterator, so that what is done with a row stands in one place and is compiled into the loop.
    fn of_world(self, bounds: Bounds<'v>) -> impl Iterator<Item = (usize, &'v StoredHeader)> {
        let heads = self.look.segment.columns.heads();
        let positions = Positions::new(self.look, SegmentCandidates::World, bounds);
        let (before, stretches, after) = positions.parts();
        // Nearly all rows of a data set: nothing is asked of them one by one.
        let sure = stretches.flat_map(|sure| {
            let within = heads
                .get(sure.clone())
                .holds("places in the world are rows");
            let within = within.unwrap_or_default();
            sure.zip(within)
        });
        let with_head = |position: usize| Some((position, heads.get(position)?));
        before
            .filter_map(with_head)
            .chain(sure)
            .chain(after.filter_map(with_head))
    }

    fn dyad<'a>(self, dyad: DyadRows<'a>) -> impl Iterator<Item = (Row, Direction)> + use<'a, 'v>
    where
        'v: 'a,
    {
        let number = self.look.number;
        let positions = self.positions(RowList::from_rows(dyad.rows));
        // Positions are places in the list of the dyad.
        positions.filter_map(move |position| {
            let (row, direction, _) = dyad.at(position)?;
            Some((Row::new(number, row), direction))
        })
    }

    /// Calls `each` with the matched rows of a dyad and what the lists tell of them, so that mostly no
    /// row is looked at.
    fn each_of(self, dyad: DyadRows<'v>, each: &mut impl FnMut(DyadRow<'v>)) {
        let segment = self.look.segment;
        let columns = &segment.columns;
        let of_dyad = |position: usize| {
            // Positions are places in the list of the dyad.
            let Some((row, direction, shape)) = dyad.at(position) else {
                return;
            };
            let index = row as usize;
            let class = columns.class_of(shape.unwrap_or_else(|| columns.shape(index)));
            let day = segment.day_of(row);
            each(DyadRow {
                row: Row::new(self.look.number, row),
                direction,
                timing: class.and_then(|class| columns.timing_of(index, day, class)),
                coding: class.and_then(|class| class.coding.as_ref()),
                may_have_topics: class.is_none_or(|class| !class.plain),
            });
        };
        let (before, stretches, after) = self.positions(RowList::from_rows(dyad.rows)).parts();
        before
            .chain(stretches.flatten())
            .chain(after)
            .for_each(of_dyad);
    }
}

fn row(row: usize) -> u32 {
    number_32(row)
}

/// A view narrowed to a window of days.
#[derive(Clone, Debug)]
pub struct WindowView<'v> {
    view: &'v View,
    window: Window,
    segments: Vec<SegmentWindow<'v>>,
}

impl<'v> WindowView<'v> {
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
    pub fn of_actor(&self, actor: Term) -> MatchedRows<'v> {
        let parts = self.segments.iter();
        MatchedRows::from_positions(
            parts.map(|part| part.positions(part.look.lists.of_actor(actor))),
        )
    }

    /// The events that did not occur, of those in which one of some actors stands; of all, when there is
    /// nobody. They are kept beside the others, so no other row is looked at.
    pub fn not_occurred(&self, actors: &[Term]) -> Vec<Row> {
        let parts = self.segments.iter();
        let rows = parts.flat_map(|part| {
            let segment = part.look.segment;
            let lists: Vec<&[u32]> = if actors.is_empty() {
                vec![&segment.not_occurred]
            } else {
                let of = |actor: &Term| part.look.lists.not_occurred_of(*actor);
                actors.iter().map(of).collect()
            };
            lists.into_iter().flat_map(|rows| {
                let positions = part.positions(RowList::from_rows(rows));
                let found: Vec<u32> = positions.filter_map(|at| rows.get(at).copied()).collect();
                found
                    .into_iter()
                    .map(|index| Row::new(part.look.number, index))
            })
        });
        let mut rows: Vec<Row> = rows.collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// Whether some record may be an instant, in the window or not.
    pub fn may_have_instants(&self) -> bool {
        self.segments
            .iter()
            .any(|part| part.look.segment.has_instants)
    }

    /// Whether some record may stand in a chain on an earlier day than the one that it is sorted at.
    pub fn may_stand_early(&self) -> bool {
        let mut parts = self.segments.iter();
        parts.any(|part| part.look.segment.has_strays || !part.look.segment.early.is_empty())
    }

    /// Whether some event may not have occurred, in the window or not.
    pub fn may_have_not_occurred(&self) -> bool {
        let mut parts = self.segments.iter();
        parts.any(|part| !part.look.segment.not_occurred.is_empty())
    }

    /// The rows of one kind.
    pub fn of_kind(&self, kind: Kind) -> MatchedRows<'v> {
        let parts = self.segments.iter();
        MatchedRows::from_positions(parts.map(|part| {
            let spans = part.look.segment.by_kind.get(u32::from(kind.number()));
            part.spanned(spans)
        }))
    }

    /// The rows that say something about the world: relations, events and statements.
    pub fn all(&self) -> MatchedRows<'v> {
        let parts = self.segments.iter();
        MatchedRows::from_positions(
            parts.map(|part| Positions::new(part.look, SegmentCandidates::World, part.bounds)),
        )
    }

    /// Calls `each` with every row of [`Self::all`], its kind, its actors and their roles: segment by
    /// segment, not in the order of time.
    pub fn each(&self, each: &mut impl FnMut(Row, Kind, &[Term], &[Role])) {
        let mut standing = StandingActors::default();
        for part in &self.segments {
            let columns = &part.look.segment.columns;
            part.of_world(part.bounds).for_each(|(position, head)| {
                let Some(class) = columns.class_of(head.shape()) else {
                    return;
                };
                let (row, index) = (Row::new(part.look.number, row(position)), row(position));
                match part.look.lists.touching(position) {
                    Some(merges) => {
                        merges.standing(columns, index, &mut standing);
                        each(row, class.kind, &standing.actors, &standing.roles);
                    }
                    None => each(row, class.kind, columns.standing_in(head), &class.roles),
                }
            });
        }
    }

    /// The rows that link two actors.
    pub fn of_dyad(&self, a: Term, b: Term) -> MatchedRows<'v> {
        MatchedRows::from_positions(self.segments.iter().map(|part| {
            let dyad = part.look.lists.between(a, b);
            part.positions(RowList::from_rows(dyad.map_or(&[], |dyad| dyad.rows)))
        }))
    }

    /// Calls `each` with every row of [`Self::all`] and who stands in it: as a pair, where that is
    /// all there is to say. Segment by segment, not in the order of time.
    pub fn each_standing(&self, each: &mut impl FnMut(Row, Participants<'_>)) {
        let mut counted = StandingActors::default();
        for part in &self.segments {
            let columns = &part.look.segment.columns;
            let mut pairs = ActorPairs::from_columns(columns);
            part.of_world(part.bounds).for_each(|(position, head)| {
                let merges = part.look.lists.touching(position);
                let link = pairs.linked(head);
                let link = merges.map_or(link, |merges| merges.linked(link?));
                let standing = match (link, merges) {
                    (Some((a, b, direction)), _) => Some(Participants::Pair(a, b, Some(direction))),
                    (None, Some(merges)) => {
                        pairs.shape(head);
                        merges.standing(columns, row(position), &mut counted);
                        let class = columns.class_of(head.shape());
                        class.map(|class| {
                            Participants::Several(class.kind, &counted.actors, &counted.roles)
                        })
                    }
                    (None, None) => pairs.standing(head),
                };
                if let Some(standing) = standing {
                    each(Row::new(part.look.number, row(position)), standing);
                }
            });
        }
    }

    /// Calls `each` with every link of the rows that have a date: when they stand in a chain, the row,
    /// the two actors, the direction seen from the first. Segment by segment, each in the order of
    /// time.
    pub fn each_link(&self, each: &mut impl FnMut(Moment, Row, Term, Term, Direction)) {
        let mut several: Vec<(Term, Term, Direction)> = Vec::new();
        let mut counted = StandingActors::default();
        for part in &self.segments {
            let columns = &part.look.segment.columns;
            let mut pairs = ActorPairs::from_columns(columns);
            let dated = Bounds {
                undated: part.bounds.end,
                ..part.bounds
            };
            part.of_world(dated).for_each(|(position, head)| {
                let merges = part.look.lists.touching(position);
                let link = pairs.linked(head);
                let mut link = merges.map_or(link, |merges| merges.linked(link?));
                if link.is_none() {
                    if let Some(merges) = merges {
                        pairs.shape(head);
                        merges.standing(columns, row(position), &mut counted);
                        if let Some(class) = columns.class_of(head.shape()) {
                            links_in_order(
                                class.kind,
                                &counted.actors,
                                &counted.roles,
                                &mut several,
                            );
                        }
                    } else {
                        pairs.links(head, &mut several);
                    }
                    link = several.pop();
                }
                let row = Row::new(part.look.number, row(position));
                let moment = Moment::of_row(columns, position, head.day);
                // Called in one place, so that it is compiled into the loop.
                while let Some((a, b, direction)) = link {
                    each(moment, row, a, b, direction);
                    link = several.pop();
                }
            });
        }
    }

    /// The rows that link two actors, with their directions seen from the first.
    pub fn between(&self, a: Term, b: Term) -> Vec<(Row, Direction)> {
        let mut found: Vec<(Row, Direction)> = Vec::new();
        for part in &self.segments {
            if let Some(dyad) = part.look.lists.between(a, b) {
                found.extend(part.dyad(dyad));
            }
        }
        if self.segments.len() > 1 {
            found.sort_by_key(|(row, _)| self.view.order(*row));
        }
        found
    }

    /// Calls `each` with every row that links two actors, in the order of time, with directions seen
    /// from the first.
    pub fn each_between(&self, a: Term, b: Term, each: &mut impl FnMut(DyadRow<'v>)) {
        let parts = self.segments.iter();
        let parts = parts.filter_map(|part| Some((part, part.look.lists.between(a, b)?)));
        let parts: Vec<(&SegmentWindow<'v>, DyadRows<'v>)> = parts.collect();
        if let [(part, dyad)] = parts.as_slice() {
            part.each_of(*dyad, each);
            return;
        }
        let mut all: Vec<DyadRow<'v>> = Vec::new();
        for (part, dyad) in parts {
            part.each_of(dyad, &mut |row| all.push(row));
        }
        all.sort_by_key(|of_dyad| self.view.order(of_dyad.row));
        all.into_iter().for_each(each);
    }

    /// The rows that link two actors and do not end before a day, and perhaps some that do, with their
    /// directions seen from the first: in the order of time.
    pub fn between_from(
        &self,
        a: Term,
        b: Term,
        day: i32,
    ) -> impl Iterator<Item = (Row, Direction)> + use<'_, 'v> {
        let mut parts = self.segments.iter().filter_map(|part| {
            let dyad = part.look.lists.between(a, b)?;
            Some(part.after(day).dyad(dyad))
        });
        let (first, second) = (parts.next(), parts.next());
        let (one, mut several) = match (first, second) {
            (first, None) => (first, Vec::new()),
            (first, second) => {
                let two = first.into_iter().chain(second).flatten();
                (None, two.chain(parts.flatten()).collect())
            }
        };
        several.sort_by_key(|(row, _)| self.view.order(*row));
        one.into_iter().flatten().chain(several)
    }

    /// Calls `each` with every actor that may be linked with `actor`, and what links the two. An
    /// actor may be given more than once, with other rows.
    pub fn neighbours<'a>(&'a self, actor: Term, each: &mut impl FnMut(Term, LinkRows<'a, 'v>)) {
        for part in &self.segments {
            part.look.lists.neighbours(actor, &mut |dyads, to| {
                let from = actor;
                let rows = LinkRows {
                    part,
                    dyads,
                    from,
                    to,
                };
                each(to.actor, rows);
            });
        }
    }

    /// What links two actors, with directions seen from the first: at most one a segment.
    pub fn linkings<'a>(&'a self, a: Term, b: Term) -> impl Iterator<Item = LinkRows<'a, 'v>> {
        self.segments.iter().filter_map(move |part| {
            let dyads = part.look.lists.dyads(a, b);
            let to = dyads.neighbour(a, b)?;
            Some(LinkRows {
                part,
                dyads,
                from: a,
                to,
            })
        })
    }

    /// How many actors [`Self::neighbours`] gives.
    pub fn neighbourhood(&self, actor: Term) -> usize {
        let parts = self.segments.iter();
        parts.map(|part| part.look.lists.neighbourhood(actor)).sum()
    }

    /// The number of pairs of actors that some record links, in the window or not; pairs that several
    /// segments know count for each.
    pub fn dyads(&self) -> usize {
        let parts = self.segments.iter();
        parts.map(|part| part.look.lists.pairs()).sum()
    }

    /// The rows in which some actor stands at all, for each actor: terms, ascending.
    pub fn standing_actors(&self) -> Vec<Term> {
        let parts = self.segments.iter();
        let mut actors: Vec<Term> = parts
            .flat_map(|part| part.look.lists.standing_actors())
            .collect();
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

/// When a record stands in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The first day, as a number; that of [`Day::MIN`] when it has none.
    pub first: i32,
    /// The last day; that of [`Day::MAX`] when it has none.
    pub last: i32,
    /// The instant, when it is one: then the two are the day as written.
    pub instant: Option<Instant>,
}

impl Moment {
    /// Of a row that is sorted at a day: mostly two days say all, and what it shares with others need
    /// not be looked up.
    pub(super) fn of_row(columns: &Columns, row: usize, day: i32) -> Self {
        let timing = columns.is_timed(row).then(|| columns.timing(row)).flatten();
        timing.map_or_else(
            || Self {
                first: day,
                last: columns.latest(row, day),
                instant: None,
            },
            |timing| Self::from_timing(&timing),
        )
    }

    /// Of a record that counts then.
    pub fn from_timing(timing: &Timing) -> Self {
        let (first, last) = timing.in_chain();
        Self {
            first: first.unwrap_or(Day::MIN).number(),
            last: last.unwrap_or(Day::MAX).number(),
            instant: timing.instant,
        }
    }
}

/// A row that links two actors.
#[derive(Clone, Copy, Debug)]
pub struct DyadRow<'a> {
    /// The row.
    pub row: Row,
    /// How it links them, seen from the first.
    pub direction: Direction,
    /// When the record counts.
    pub timing: Option<Timing>,
    /// The coding of an event.
    pub coding: Option<&'a Coding>,
    /// `false` when it is known to have no topics.
    pub may_have_topics: bool,
}

impl DyadRow<'_> {
    /// The kind of the record. Only events are coded.
    pub fn kind(&self, view: &View) -> Kind {
        self.coding
            .map_or_else(|| view.kind(self.row), |_| Kind::Event)
    }
}

/// Who stands in a row.
#[derive(Clone, Copy, Debug)]
pub enum Participants<'a> {
    /// Two different actors, and how the row links the first with the second, if it does.
    Pair(Term, Term, Option<Direction>),
    /// As many as there are, with their roles, in a record of this kind.
    Several(Kind, &'a [Term], &'a [Role]),
}

/// What the shape of a row tells about it.
#[derive(Clone, Copy)]
enum ShapeSummary {
    /// Not looked at yet.
    New,
    /// It has two actors, linked so.
    Pair(Option<Direction>),
    /// Another number of actors.
    Several,
}

/// Who stands in the rows of a segment. Rows of one shape link their actors in one way, so that the
/// roles of each shape are looked at once.
struct ActorPairs<'a> {
    columns: &'a Columns,
    shapes: Vec<ShapeSummary>,
}

impl<'a> ActorPairs<'a> {
    fn from_columns(columns: &'a Columns) -> Self {
        Self {
            columns,
            shapes: vec![ShapeSummary::New; columns.shapes()],
        }
    }

    /// The two that a row links, if it has two different actors and was seen to be of such a shape
    /// before: so with nearly every row of a data set.
    #[inline]
    fn linked(&self, head: &'a StoredHeader) -> Option<(Term, Term, Direction)> {
        match (self.shapes.get(head.shape() as usize)?, head.two()?) {
            (ShapeSummary::Pair(Some(direction)), [a, b]) if a != b => Some((a, b, *direction)),
            _ => None,
        }
    }

    /// All links of a row, the last first.
    fn links(&mut self, head: &'a StoredHeader, links: &mut Vec<(Term, Term, Direction)>) {
        match self.standing(head) {
            Some(Participants::Pair(a, b, direction)) => {
                links.extend(direction.map(|direction| (a, b, direction)));
            }
            Some(Participants::Several(kind, actors, roles)) => {
                links_in_order(kind, actors, roles, links);
            }
            None => {}
        }
    }

    /// How the rows of the shape of a row link their actors.
    fn shape(&mut self, head: &'a StoredHeader) -> Option<ShapeSummary> {
        let shape = self.shapes.get_mut(head.shape() as usize)?;
        if let ShapeSummary::New = shape {
            let class = self.columns.class_of(head.shape())?;
            *shape = match *class.roles {
                [first, second] => ShapeSummary::Pair(link_of_roles(class.kind, first, second)),
                _ => ShapeSummary::Several,
            };
        }
        Some(*shape)
    }

    #[inline(never)]
    fn standing(&mut self, head: &'a StoredHeader) -> Option<Participants<'a>> {
        let columns = self.columns;
        match (self.shape(head)?, columns.standing_in(head)) {
            (ShapeSummary::Pair(direction), &[a, b]) if a != b => {
                Some(Participants::Pair(a, b, direction))
            }
            (_, actors) => {
                let class = columns.class_of(head.shape())?;
                Some(Participants::Several(class.kind, actors, &class.roles))
            }
        }
    }
}

/// Puts all links of a record into an empty list, the last first.
fn links_in_order(
    kind: Kind,
    actors: &[Term],
    roles: &[Role],
    links: &mut Vec<(Term, Term, Direction)>,
) {
    links_by_role(kind, actors, roles, &mut |a, b, direction| {
        links.push((a, b, direction));
    });
    links.reverse();
}

/// What links an actor with a neighbour in one segment, within a window.
#[derive(Clone, Copy, Debug)]
pub struct LinkRows<'a, 'v> {
    part: &'a SegmentWindow<'v>,
    dyads: &'v Dyads,
    from: Term,
    to: LinkEnd,
}

impl<'a, 'v: 'a> LinkRows<'a, 'v> {
    fn dyad(self) -> DyadRows<'a> {
        self.dyads.rows(self.from, self.to)
    }

    /// The rows, in the order of time, with directions seen from the actor.
    pub fn rows(self) -> impl Iterator<Item = (Row, Direction)> + 'a {
        self.part.dyad(self.dyad())
    }

    /// The number of rows.
    pub fn count(self) -> usize {
        match self.meets() {
            Some(false) => 0,
            Some(true) if self.to.first == self.to.last => 1,
            Some(true) | None => self
                .part
                .positions(RowList::from_rows(self.dyad().rows))
                .total(),
        }
    }

    /// Whether there is a row.
    pub fn any(self) -> bool {
        self.meets()
            .unwrap_or_else(|| self.part.holds_any(RowList::from_rows(self.dyad().rows)))
    }

    /// The same, as far as the first and the last row of all tell.
    fn meets(self) -> Option<bool> {
        let SegmentWindow { look, bounds } = self.part;
        bounds.meet(look, self.to.first, self.to.last)
    }
}
