//! The graph as of one commit, and windows of it.

use std::sync::Arc;

use super::Graph;
use super::columns::{Class, Key, UNDATED, at};
use super::dyads::{Direction, DyadRows};
use super::segment::{Mark, Segment};
use super::terms::{Term, TermKind};
use crate::codec::{self, ActorHead, SourceHead};
use crate::model::{Coding, Day, Kind, Record, Role, Status, Window};

/// One version of a record in one state of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    segment: u32,
    index: u32,
}

impl Row {
    pub(super) const fn new(segment: u32, index: u32) -> Self {
        Self { segment, index }
    }
}

/// A version of a record with the commits that made and ended it.
#[derive(Clone, Debug)]
pub struct Version {
    /// The commit that made it.
    pub since: Mark,
    /// The commit that replaced or deleted it; `None` while it is current.
    pub until: Option<Mark>,
    /// The record.
    pub record: Record,
}

/// The graph as it was after one commit. Cheap to clone; it never changes.
#[derive(Clone, Debug)]
pub struct View {
    graph: Arc<Graph>,
    mark: Option<Mark>,
    limit: u32,
}

impl View {
    pub(super) fn new(graph: Arc<Graph>, mark: Option<Mark>) -> Self {
        Self {
            graph,
            mark,
            limit: mark.map_or(0, |m| m.limit),
        }
    }

    /// A view that sees uncommitted changes too.
    pub(super) fn of_all(graph: Arc<Graph>) -> Self {
        let mark = graph.last();
        Self {
            graph,
            mark,
            limit: u32::MAX,
        }
    }

    /// The last commit that is seen; `None` before the first.
    pub fn mark(&self) -> Option<Mark> {
        self.mark
    }

    /// The commits that are seen, in order.
    pub fn marks(&self) -> impl DoubleEndedIterator<Item = Mark> + '_ {
        let last = self.mark.map_or(0, |m| m.commit);
        self.graph.marks().filter(move |m| m.commit <= last)
    }

    /// An upper bound of all term numbers, for tables indexed by [`Term::index`].
    pub fn terms_end(&self) -> usize {
        self.graph.terms_end() as usize
    }

    /// The term of a text.
    pub fn term(&self, kind: TermKind, text: &str) -> Option<Term> {
        self.graph.term(kind, text)
    }

    /// The text of a term.
    pub fn text(&self, term: Term) -> &str {
        self.graph.text(term)
    }

    /// All terms of one kind, whether a current record uses them or not.
    pub fn terms(&self, kind: TermKind) -> impl Iterator<Item = (Term, &str)> {
        self.graph
            .segments
            .iter()
            .flat_map(move |s| s.terms.of_kind(kind))
    }

    /// The current version of a record.
    pub fn find(&self, kind: Kind, id: &str) -> Option<Row> {
        let key = Key::of(kind, id);
        self.segments().find_map(|(number, segment)| {
            let index = segment
                .versions(&key)
                .find(|row| self.sees(segment, *row))?;
            Some(Row {
                segment: number,
                index,
            })
        })
    }

    /// The current record of an actor.
    pub fn actor(&self, actor: Term) -> Option<Row> {
        self.find(Kind::Actor, self.text(actor))
    }

    /// The name and the kind of an actor, without decoding the rest of its record.
    pub fn name(&self, actor: Term) -> Option<ActorHead<'_>> {
        codec::actor_head(self.body(self.actor(actor)?)?).ok()
    }

    /// What answers show of a source that records cite, without decoding the rest of it.
    pub fn source(&self, source: Term) -> Option<SourceHead<'_>> {
        let row = self.find(Kind::Source, self.text(source))?;
        codec::source_head(self.body(row)?).ok()
    }

    fn body(&self, row: Row) -> Option<&[u8]> {
        self.segment(row)?.columns.body(row.index as usize)
    }

    /// All versions of a record up to this view's commit, the oldest first.
    pub fn versions(&self, kind: Kind, id: &str) -> Vec<Version> {
        let key = Key::of(kind, id);
        let mut versions: Vec<(u32, Version)> = Vec::new();
        for (_, segment) in self.segments() {
            for row in segment.versions(&key) {
                let (born, died) = (at(&segment.columns.born, row as usize), segment.died(row));
                if born >= self.limit {
                    continue;
                }
                let since = self.graph.commit_of(born);
                let record = segment.columns.record(row as usize, |term| self.text(term));
                if let (Some(since), Some(record)) = (since, record) {
                    let until = if died < self.limit {
                        self.graph.commit_of(died)
                    } else {
                        None
                    };
                    versions.push((
                        born,
                        Version {
                            since,
                            until,
                            record,
                        },
                    ));
                }
            }
        }
        versions.sort_by_key(|(born, _)| *born);
        versions.into_iter().map(|(_, version)| version).collect()
    }

    /// The commit that made a row.
    pub fn recorded(&self, row: Row) -> Option<Mark> {
        self.graph
            .commit_of(self.column(row, |s| &s.columns.born).unwrap_or_default())
    }

    /// The whole record.
    pub fn record(&self, row: Row) -> Option<Record> {
        self.segment(row)?
            .columns
            .record(row.index as usize, |term| self.text(term))
    }

    /// The id of the record.
    pub fn id(&self, row: Row) -> String {
        self.segment(row)
            .map(|s| s.columns.id(row.index as usize))
            .unwrap_or_default()
    }

    /// The kind of the record.
    pub fn kind(&self, row: Row) -> Kind {
        self.class(row).map_or(Kind::Event, |s| s.kind)
    }

    /// Whether the event came about; `Occurred` for other kinds.
    pub fn status(&self, row: Row) -> Status {
        self.class(row).map_or(Status::Occurred, |s| s.status)
    }

    /// The number of the kind of an actor or a relation.
    pub fn detail(&self, row: Row) -> u8 {
        self.class(row).map_or(0, |s| s.detail)
    }

    /// The coding of an event.
    pub fn coding(&self, row: Row) -> Option<Coding> {
        self.class(row)?.coding
    }

    /// The data set of the record.
    pub fn dataset(&self, row: Row) -> Option<Term> {
        self.class(row).map(|class| class.dataset)
    }

    /// The first and the last day of the record.
    pub fn days(&self, row: Row) -> Option<(Day, Day)> {
        let first = self
            .column(row, |s| &s.columns.earliest)
            .filter(|day| *day != UNDATED)?;
        let last = self.segment(row)?.columns.latest(row.index as usize);
        Day::from_number(first).zip(Day::from_number(last))
    }

    /// Whether the record's date is open on a side.
    pub fn is_open(&self, row: Row) -> bool {
        self.class(row).is_some_and(|s| s.open)
    }

    /// The actors of the record with their roles, in the order of the record.
    pub fn actors(&self, row: Row) -> impl Iterator<Item = (Term, Role)> {
        self.segment(row)
            .into_iter()
            .flat_map(move |s| s.columns.actors(row.index as usize))
    }

    /// The cited sources with the confidence in thousandths.
    pub fn cited(&self, row: Row) -> impl Iterator<Item = (Term, u16)> {
        self.segment(row)
            .into_iter()
            .flat_map(move |s| s.columns.cited(row.index as usize))
    }

    /// The citations of an event that says no more than its columns do (coding, status, actors, a
    /// plain date and bare citations): source, confidence in thousandths, whether it is stated.
    /// `None` for other records.
    pub fn plain_citations(&self, row: Row) -> Option<&[(Term, u16, bool)]> {
        let columns = &self.segment(row)?.columns;
        let index = row.index as usize;
        let is_plain = columns.class(index)?.plain;
        is_plain.then(|| columns.citations_of(index))
    }

    /// The topics of the record.
    pub fn topics(&self, row: Row) -> &[Term] {
        self.segment(row)
            .map_or(&[], |s| s.columns.topics(row.index as usize))
    }

    /// What orders rows: earliest day, latest day, and the order in which the records first came, which
    /// a correction does not change. Undated rows come last.
    pub fn order(&self, row: Row) -> (i32, i32, u32) {
        self.segment(row)
            .map_or((UNDATED, UNDATED, u32::MAX), |s| s.columns.order(row.index))
    }

    /// The rows of one kind in the order of time.
    pub fn of_kind(&self, kind: Kind) -> Rows<'_> {
        Rows::of(self.segments().map(|(number, segment)| {
            self.seen_of(
                number,
                segment,
                segment.by_kind.get(u32::from(kind.number())),
            )
        }))
    }

    /// The rows that cite a source.
    pub fn citing(&self, source: Term) -> Rows<'_> {
        Rows::of(self.segments().map(|(number, segment)| {
            self.seen_of(number, segment, segment.by_source.get(source.0))
        }))
    }

    /// The rows that name an event.
    pub fn naming(&self, event: Term) -> Rows<'_> {
        Rows::of(
            self.segments()
                .map(|(number, segment)| self.seen(number, segment, segment.by_event.get(event.0))),
        )
    }

    /// The offices, representations and parts whose subject is `actor`.
    pub fn ties_of(&self, actor: Term) -> Rows<'_> {
        Rows::of(
            self.segments()
                .map(|(number, segment)| self.seen(number, segment, segment.ties_of.get(actor.0))),
        )
    }

    /// The offices, representations and parts whose object is `actor`.
    pub fn ties_to(&self, actor: Term) -> Rows<'_> {
        Rows::of(
            self.segments()
                .map(|(number, segment)| self.seen(number, segment, segment.ties_to.get(actor.0))),
        )
    }

    /// The view narrowed to a window. With `certain`, only rows wholly inside it.
    pub fn window(&self, window: Window, certain: bool) -> Windowed<'_> {
        let segments = self
            .segments()
            .map(|(number, segment)| SegmentWindow::new(number, segment, window, self.limit));
        Windowed {
            view: self,
            window,
            certain,
            segments: segments.collect(),
        }
    }

    /// The view narrowed to the records without a date.
    pub fn undated(&self) -> Windowed<'_> {
        let segments = self.segments().map(|(number, segment)| SegmentWindow {
            start: segment.dated,
            ..SegmentWindow::new(number, segment, Window::ALL, self.limit)
        });
        Windowed {
            view: self,
            window: Window::ALL,
            certain: false,
            segments: segments.collect(),
        }
    }

    /// Segments, the newest first, with their numbers.
    pub(super) fn segments(&self) -> impl Iterator<Item = (u32, &Segment)> {
        let numbered = self.graph.segments.iter().enumerate().rev();
        numbered.map(|(number, segment)| (u32::try_from(number).unwrap_or(u32::MAX), &**segment))
    }

    pub(super) fn sees(&self, segment: &Segment, row: u32) -> bool {
        at(&segment.columns.born, row as usize) < self.limit && segment.died(row) >= self.limit
    }

    fn segment(&self, row: Row) -> Option<&Segment> {
        self.graph.segments.get(row.segment as usize).map(|s| &**s)
    }

    fn class(&self, row: Row) -> Option<&Class> {
        self.segment(row)?.columns.class(row.index as usize)
    }

    fn column<'a, T: Copy + 'a>(
        &'a self,
        row: Row,
        of: impl Fn(&'a Segment) -> &'a Vec<T>,
    ) -> Option<T> {
        of(self.segment(row)?).get(row.index as usize).copied()
    }

    fn seen<'a>(&'a self, number: u32, segment: &'a Segment, rows: &'a [u32]) -> Run<'a> {
        self.seen_of(number, segment, rows.iter().copied())
    }

    fn seen_of<'a>(
        &'a self,
        number: u32,
        segment: &'a Segment,
        rows: impl Iterator<Item = u32> + 'a,
    ) -> Run<'a> {
        let seen = rows.filter(move |row| self.sees(segment, *row));
        Run::new(segment, number, Box::new(seen))
    }
}

/// Rows of one segment, ascending, with the next one at hand.
struct Run<'a> {
    segment: &'a Segment,
    number: u32,
    head: Option<((i32, i32, u32), u32)>,
    rest: Box<dyn Iterator<Item = u32> + 'a>,
}

impl<'a> Run<'a> {
    fn new(segment: &'a Segment, number: u32, rest: Box<dyn Iterator<Item = u32> + 'a>) -> Self {
        let mut run = Self {
            segment,
            number,
            head: None,
            rest,
        };
        run.advance();
        run
    }

    fn advance(&mut self) {
        self.head = self
            .rest
            .next()
            .map(|row| (self.segment.columns.order(row), row));
    }
}

/// Rows in the order of time: earliest day, latest day, recorded order. Undated rows come last.
pub struct Rows<'a> {
    runs: Vec<Run<'a>>,
}

impl<'a> Rows<'a> {
    fn of(runs: impl Iterator<Item = Run<'a>>) -> Self {
        Self {
            runs: runs.filter(|run| run.head.is_some()).collect(),
        }
    }
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows")
            .field("runs", &self.runs.len())
            .finish()
    }
}

impl Iterator for Rows<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let run = match self.runs.as_mut_slice() {
            [] => return None,
            [only] => only,
            runs => runs
                .iter_mut()
                .min_by_key(|run| run.head.map_or((i32::MAX, i32::MAX, u32::MAX), |h| h.0))?,
        };
        let (_, index) = run.head?;
        let row = Row {
            segment: run.number,
            index,
        };
        run.advance();
        if run.head.is_none() {
            self.runs.retain(|run| run.head.is_some());
        }
        Some(row)
    }
}

/// The rows of one segment that a window may match.
#[derive(Clone, Debug)]
struct SegmentWindow<'v> {
    number: u32,
    segment: &'v Segment,
    /// Rows from here to `end` start early enough and may end late enough.
    start: u32,
    /// Rows from here to `end` are wholly or partly inside, whatever their length.
    inside: u32,
    end: u32,
    /// The long rows before `start` that reach into the window, ascending.
    long: Vec<u32>,
    /// Whether the view sees every row of the segment.
    whole: bool,
}

impl<'v> SegmentWindow<'v> {
    fn new(number: u32, segment: &'v Segment, window: Window, limit: u32) -> Self {
        let columns = &segment.columns;
        let whole = segment.is_whole(limit);
        let row = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
        if window == Window::ALL {
            let end = row(columns.len());
            return Self {
                number,
                segment,
                start: 0,
                inside: 0,
                end,
                long: Vec::new(),
                whole,
            };
        }
        let dated = columns
            .earliest
            .get(..segment.dated as usize)
            .unwrap_or_default();
        let (lo, hi) = (window.lo().number(), window.hi().number());
        let first_possible = lo.saturating_sub(segment.short_span);
        let start = row(dated.partition_point(|day| *day < first_possible));
        let before = segment.long.partition_point(|row| *row < start);
        let reach = |row: &u32| columns.latest(*row as usize) >= lo;
        let long = segment.long.get(..before).unwrap_or_default();
        Self {
            number,
            segment,
            start,
            inside: row(dated.partition_point(|day| *day < lo)),
            end: row(dated.partition_point(|day| *day <= hi)),
            long: long.iter().copied().filter(reach).collect(),
            whole,
        }
    }
}

/// A view narrowed to a window of days.
#[derive(Clone, Debug)]
pub struct Windowed<'v> {
    view: &'v View,
    window: Window,
    certain: bool,
    segments: Vec<SegmentWindow<'v>>,
}

impl<'v> Windowed<'v> {
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
        self.merge(move |segment| segment.by_actor.get(actor.0))
    }

    /// The rows that say something about the world: relations, events and statements.
    pub fn all(&self) -> Rows<'_> {
        let runs = self.segments.iter().map(|part| {
            let ranges = part.long.iter().copied().chain(part.start..part.end);
            let seen = ranges.filter(move |row| {
                let kind = part.segment.columns.kind(*row as usize);
                kind.is_some_and(|k| !matches!(k, Kind::Actor | Kind::Source))
                    && self.matches(part, *row)
            });
            Run::new(part.segment, part.number, Box::new(seen))
        });
        Rows::of(runs)
    }

    /// Calls `each` with every row of [`Self::all`], its kind, its actors and their roles: segment by
    /// segment, not in the order of time.
    pub fn each(&self, each: &mut impl FnMut(Row, Kind, &[Term], &[Role])) {
        for part in &self.segments {
            let columns = &part.segment.columns;
            for index in part.long.iter().copied().chain(part.start..part.end) {
                let Some(class) = columns.class(index as usize) else {
                    continue;
                };
                if matches!(class.kind, Kind::Actor | Kind::Source) || !self.matches(part, index) {
                    continue;
                }
                let row = Row {
                    segment: part.number,
                    index,
                };
                let actors = columns.standing(index as usize);
                each(row, class.kind, actors, &class.roles);
            }
        }
    }

    /// The rows that link two actors, with their directions seen from the first.
    pub fn between(&self, a: Term, b: Term) -> Vec<(Row, Direction)> {
        let mut found: Vec<(Row, Direction)> = Vec::new();
        for part in &self.segments {
            if let Some(dyad) = part.segment.dyads.between(a, b) {
                found.extend(self.dyad(part, dyad));
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
            for neighbour in part.segment.dyads.neighbours(actor) {
                let dyad = part.segment.dyads.rows(actor, *neighbour);
                each(
                    neighbour.actor,
                    Linking {
                        windowed: self,
                        part,
                        dyad,
                    },
                );
            }
        }
    }

    /// What links two actors, with directions seen from the first: at most one a segment.
    pub fn linkings<'a>(&'a self, a: Term, b: Term) -> impl Iterator<Item = Linking<'a, 'v>> {
        self.segments.iter().filter_map(move |part| {
            Some(Linking {
                windowed: self,
                part,
                dyad: part.segment.dyads.between(a, b)?,
            })
        })
    }

    /// How many actors [`Self::neighbours`] gives.
    pub fn neighbourhood(&self, actor: Term) -> usize {
        let parts = self.segments.iter();
        parts
            .map(|part| part.segment.dyads.neighbours(actor).len())
            .sum()
    }

    /// The rows in which some actor stands at all, for each actor: terms, ascending.
    pub fn standing_actors(&self) -> Vec<Term> {
        let keys = self
            .segments
            .iter()
            .flat_map(|part| part.segment.by_actor.keys());
        let mut actors: Vec<Term> = keys.map(|key| Term(*key)).collect();
        actors.sort_unstable();
        actors.dedup();
        actors
    }

    /// Whether a row of the view is matched by the window.
    pub fn matches_row(&self, row: Row) -> bool {
        self.segments
            .iter()
            .find(|part| part.number == row.segment)
            .is_some_and(|part| self.matches(part, row.index))
    }

    fn merge<'a>(&'a self, rows: impl Fn(&'a Segment) -> &'a [u32]) -> Rows<'a> {
        Rows::of(self.segments.iter().map(|part| {
            let rows = rows(part.segment);
            let at = self.positions(part, rows);
            let found = at.filter_map(move |position| rows.get(position).copied());
            Run::new(part.segment, part.number, Box::new(found))
        }))
    }

    fn dyad<'a>(
        &'a self,
        part: &'a SegmentWindow<'v>,
        dyad: DyadRows<'a>,
    ) -> impl Iterator<Item = (Row, Direction)> + 'a {
        self.positions(part, dyad.rows).filter_map(move |position| {
            let row = Row {
                segment: part.number,
                index: *dyad.rows.get(position)?,
            };
            let direction = *dyad.directions.get(position)?;
            Some((
                row,
                if dyad.reversed {
                    direction.reversed()
                } else {
                    direction
                },
            ))
        })
    }

    /// Where in `rows` (ascending rows of the segment) the matched ones stand, ascending.
    fn positions<'a>(
        &'a self,
        part: &'a SegmentWindow<'v>,
        rows: &'a [u32],
    ) -> impl Iterator<Item = usize> + 'a {
        let (start, inside, end) = part.cut(rows);
        let matched = move |position: &usize| {
            rows.get(*position)
                .is_some_and(|row| self.matches(part, *row))
        };
        // What lies inside a window on a segment that is seen whole needs no look.
        let (looked_at, sure) = if part.whole && !self.certain {
            (inside, end)
        } else {
            (end, end)
        };
        part.long_in(rows, start)
            .chain(start..looked_at)
            .filter(matched)
            .chain(looked_at..sure)
    }

    /// How many of `rows` are matched.
    fn count(&self, part: &SegmentWindow<'v>, rows: &[u32]) -> usize {
        if !part.whole || self.certain {
            return self.positions(part, rows).count();
        }
        let (start, inside, end) = part.cut(rows);
        let matched = |position: &usize| {
            rows.get(*position)
                .is_some_and(|row| self.matches(part, *row))
        };
        part.long_in(rows, start)
            .chain(start..inside)
            .filter(matched)
            .count()
            + (end - inside)
    }

    fn matches(&self, part: &SegmentWindow<'_>, row: u32) -> bool {
        let columns = &part.segment.columns;
        let index = row as usize;
        if !part.whole && !self.view.sees(part.segment, row) {
            return false;
        }
        let (first, last) = (at(&columns.earliest, index), columns.latest(index));
        let closed = || columns.class(index).is_some_and(|class| !class.open);
        if self.window == Window::ALL {
            return !self.certain || (first != UNDATED && closed());
        }
        let (lo, hi) = (self.window.lo().number(), self.window.hi().number());
        if first == UNDATED || first > hi || last < lo {
            return false;
        }
        !self.certain || (first >= lo && last <= hi && closed())
    }
}

impl SegmentWindow<'_> {
    /// Where in `rows` (ascending) the rows from `start`, `inside` and `end` on stand.
    fn cut(&self, rows: &[u32]) -> (usize, usize, usize) {
        let place = |bound: u32| rows.partition_point(|row| *row < bound);
        let (start, end) = (place(self.start), place(self.end));
        (
            start,
            place(self.inside).clamp(start, end.max(start)),
            end.max(start),
        )
    }

    /// Where in `rows` the long rows before `start` stand.
    fn long_in<'a>(&'a self, rows: &'a [u32], start: usize) -> impl Iterator<Item = usize> + 'a {
        let before = rows.get(..start).unwrap_or_default();
        self.long
            .iter()
            .filter_map(|row| before.binary_search(row).ok())
    }
}

/// What links an actor with a neighbour in one segment, within a window.
#[derive(Clone, Copy, Debug)]
pub struct Linking<'a, 'v> {
    windowed: &'a Windowed<'v>,
    part: &'a SegmentWindow<'v>,
    dyad: DyadRows<'a>,
}

impl<'a> Linking<'a, '_> {
    /// The rows, in the order of time, with directions seen from the actor.
    pub fn rows(self) -> impl Iterator<Item = (Row, Direction)> + 'a {
        self.windowed.dyad(self.part, self.dyad)
    }

    /// The number of rows.
    pub fn count(self) -> usize {
        self.windowed.count(self.part, self.dyad.rows)
    }

    /// Whether there is a row.
    pub fn any(self) -> bool {
        self.windowed
            .positions(self.part, self.dyad.rows)
            .next()
            .is_some()
    }
}
