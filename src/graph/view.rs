//! The graph as of one commit.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::Graph;
use super::columns::{Columns, RowClass, RowStance, RowStanceTarget, SortKey, UNDATED, at};
use super::matched_rows::{MatchedRows, WindowMatch};
use super::merges::{Merges, SegmentLists, StandingActors};
use super::packed_id::{IdOrder, PackedId, RecordKey};
use super::row_headers::RowShape;
use super::row_lists::{Postings, RowList, RowSpan};
use super::segment::{CommitMark, Segment};
use super::terms::{Term, TermKind};
use super::window::{Moment, SegmentWindow, WindowView};
use crate::codec::{self, ActorSummary, SourceSummary};
use crate::invariant::{Holds as _, broken_record, number_32};
use crate::model::{Coding, Day, DayRange, Kind, Record, Role, Status, Timing, Verdict, Window};

/// One version of a record in one state of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    pub(super) segment: u32,
    pub(super) index: u32,
}

impl Row {
    pub(super) const fn new(segment: u32, index: u32) -> Self {
        Self { segment, index }
    }
}

/// From when to when some records are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeExtent {
    /// The least known day.
    pub first: Day,
    /// The greatest known day.
    pub last: Day,
    /// Whether one goes on.
    pub is_ongoing: bool,
}

impl TimeExtent {
    /// Takes up one more record.
    pub fn add(extent: &mut Option<Self>, timing: &Timing) {
        let (first, last) = timing.known;
        let is_ongoing = timing.goes_on();
        *extent = Some(extent.map_or(
            Self {
                first,
                last,
                is_ongoing,
            },
            |all| Self {
                first: all.first.min(first),
                last: all.last.max(last),
                is_ongoing: all.is_ongoing || is_ongoing,
            },
        ));
    }

    /// Of some records; `None` when none has a date.
    pub fn from_timings(timings: impl Iterator<Item = Timing>) -> Option<Self> {
        let mut extent = None;
        timings.for_each(|timing| Self::add(&mut extent, &timing));
        extent
    }
}

/// A version of a record with the commits that made and ended it.
#[derive(Clone, Debug)]
pub struct Version {
    /// The commit that made it.
    pub since: CommitMark,
    /// The commit that replaced or deleted it; `None` while it is current.
    pub until: Option<CommitMark>,
    /// The record.
    pub record: Record,
}

/// An event that says no more than a coding, a status, actors, a plain date and bare citations.
#[derive(Clone, Copy, Debug)]
pub struct PlainEvent<'v> {
    /// Its id: one of an event.
    pub id: PackedId<'v>,
    /// What it shares with others: all but its id, its days and its actors.
    pub shape: RowShape,
    /// Its data set.
    pub dataset: Term,
    /// Whether it came about.
    pub status: Status,
    /// How it is coded.
    pub coding: Coding,
    /// Its first and its last day.
    pub days: Option<(Day, Day)>,
    /// Its actors, in the order of the record.
    pub actors: &'v [Term],
    /// The role of each.
    pub roles: &'v [Role],
    /// The cited sources, each with the confidence in thousandths, and whether that is stated.
    pub citations: &'v [(Term, u16, bool)],
}

/// Rows that are looked up before the first of them is read.
const AHEAD: usize = 128;

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was not there before.
    Created,
    /// It has a new version.
    Changed,
    /// It is no more.
    Deleted,
}

/// What a commit did to one record.
#[derive(Clone, Copy, Debug)]
pub struct ChangeEntry {
    /// The number of the commit.
    pub commit: u64,
    /// The version that it made, or of a deletion the one that it ended.
    pub row: Row,
    /// What became of the record.
    pub change: ChangeKind,
}

/// What was read of the body of a record; what can't be read is reported.
fn readable<'a, T>(
    read: Result<T, codec::CodecError>,
    record: impl FnOnce() -> (Kind, &'a str),
) -> Option<T> {
    match read {
        Ok(read) => Some(read),
        Err(error) => {
            let (kind, id) = record();
            broken_record(kind, id, &error.to_string());
            None
        }
    }
}

/// The graph as it was after one commit. Cheap to clone; it never changes.
#[derive(Clone, Debug)]
pub struct View {
    pub(super) graph: Arc<Graph>,
    mark: Option<CommitMark>,
    pub(super) limit: u32,
    /// Who is shown in place of whom; `None` where nobody is merged, and where actors are seen as records name them.
    pub(super) merges: Option<Arc<Merges>>,
}

impl View {
    pub(super) fn new(graph: Arc<Graph>, mark: Option<CommitMark>) -> Self {
        Self {
            graph,
            mark,
            limit: mark.map_or(0, |m| m.limit),
            merges: None,
        }
    }

    /// A view that sees uncommitted changes too.
    pub(super) fn of_all(graph: Arc<Graph>) -> Self {
        let mark = graph.last();
        Self {
            graph,
            mark,
            limit: u32::MAX,
            merges: None,
        }
    }

    /// The last commit that is seen; `None` before the first.
    pub fn mark(&self) -> Option<CommitMark> {
        self.mark
    }

    /// The commits that are seen, in order.
    pub fn marks(&self) -> impl DoubleEndedIterator<Item = CommitMark> + '_ {
        let last = self.mark.map_or(0, |m| m.commit);
        self.graph.marks().filter(move |m| m.commit <= last)
    }

    /// What the commits after number `after` and up to number `upto` did, as far as they are seen, in
    /// the order in which it was written. Looks through all rows that were not there unchanged all
    /// the time.
    pub fn doings(&self, after: u64, upto: u64) -> Vec<ChangeEntry> {
        let marks: Vec<CommitMark> = self.marks().filter(|mark| mark.commit <= upto).collect();
        let end = |mark: Option<&CommitMark>| mark.map_or(0, |mark| mark.limit);
        let start = end(marks.iter().rfind(|mark| mark.commit <= after));
        let operations = start..end(marks.last());
        let mut found: Vec<(u32, bool, Row, ChangeKind)> = Vec::new();
        self.each_touched(&operations, &mut |row, (born, died), first_born| {
            if operations.contains(&born) {
                let change = if first_born == born {
                    ChangeKind::Created
                } else {
                    ChangeKind::Changed
                };
                found.push((born, false, row, change));
            }
            if operations.contains(&died) {
                found.push((died, true, row, ChangeKind::Deleted));
            }
        });
        found.sort_unstable_by_key(|(operation, ended, ..)| (*operation, *ended));
        // The operation that makes a version ends the one before it.
        found.dedup_by_key(|(operation, ..)| *operation);
        let mut marks = marks.iter().peekable();
        let commits = found.into_iter().map(|(operation, _, row, change)| {
            while marks.next_if(|mark| mark.limit <= operation).is_some() {}
            ChangeEntry {
                commit: marks.peek().map_or(0, |mark| mark.commit),
                row,
                change,
            }
        });
        commits.collect()
    }

    /// The rows that are seen and were not after commit number `after`, and those that were seen then
    /// and are not any more; both segment by segment. Looks through all rows that were not there
    /// unchanged all the time.
    pub fn turnover(&self, after: u64) -> (Vec<Row>, Vec<Row>) {
        let end = |mark: Option<CommitMark>| mark.map_or(0, |mark| mark.limit);
        let start = end(self.marks().take_while(|mark| mark.commit <= after).last());
        let operations = start..end(self.mark());
        let (mut came, mut went) = (Vec::new(), Vec::new());
        self.each_touched(&operations, &mut |row, (born, died), _| {
            if operations.contains(&born) && died >= operations.end {
                came.push(row);
            } else if born < operations.start && operations.contains(&died) {
                went.push(row);
            }
        });
        (came, went)
    }

    /// Calls `each` with the rows of the segments that some operations changed: a row, the operations
    /// that made and ended it, and the one that made the first version of its record.
    fn each_touched(&self, operations: &Range<u32>, each: &mut impl FnMut(Row, (u32, u32), u32)) {
        for (number, segment) in self.segments() {
            if segment.is_untouched(operations) {
                continue;
            }
            for index in 0..number_32(segment.columns.len()) {
                let row = Row {
                    segment: number,
                    index,
                };
                let born = at(&segment.columns.born, index as usize);
                let life = (born, segment.died(index));
                each(row, life, segment.columns.first(index));
            }
        }
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
        let key = RecordKey::from_text(kind, id);
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
        let (number, segment, place) = self.actor_place(actor)?;
        let index = segment.columns.with_body().get(place).copied();
        let index = index.holds("the record of an actor has a body")?;
        Some(Row::new(number, index))
    }

    /// The name and the kind of an actor, without decoding the rest of its record.
    pub fn name(&self, actor: Term) -> Option<ActorSummary<'_>> {
        let (_, segment, place) = self.actor_place(actor)?;
        let head = codec::actor_head(segment.columns.body_at(place));
        readable(head, || (Kind::Actor, self.text(actor)))
    }

    /// The segment with the current record of an actor, and its place there among the rows with a
    /// body.
    fn actor_place(&self, actor: Term) -> Option<(u32, &Segment, usize)> {
        self.segments().find_map(|(number, segment)| {
            let actors = segment.actors.get_or_init(|| self.actors_of(segment));
            let rows = segment.columns.with_body();
            let sees = |place: &&u32| {
                let row = rows.get(**place as usize);
                row.is_some_and(|row| self.sees(segment, *row))
            };
            let place = actors.get(actor.0).iter().find(sees)?;
            Some((number, segment, *place as usize))
        })
    }

    /// The records of actors in a segment, by term.
    fn actors_of(&self, segment: &Segment) -> Postings {
        let columns = &segment.columns;
        let mut found: Vec<(u32, u32)> = Vec::new();
        for (place, row) in (0..).zip(columns.with_body()) {
            // The id of an actor is a term from the start.
            if columns.kind(*row as usize) == Some(Kind::Actor)
                && let Some(actor) = self
                    .term(TermKind::Actor, &columns.id(*row as usize))
                    .holds("the id of an actor is a term")
            {
                found.push((actor.0, place));
            }
        }
        Postings::from_pairs(|each| found.iter().for_each(|(actor, place)| each(*actor, *place)))
    }

    /// What answers show of a source that records cite, without decoding the rest of it.
    pub fn source(&self, source: Term) -> Option<SourceSummary<'_>> {
        let id = self.text(source);
        let row = self.find(Kind::Source, id)?;
        let body = self.body(row).holds("the record of a source has a body")?;
        readable(codec::source_head(body), || (Kind::Source, id))
    }

    fn body(&self, row: Row) -> Option<&[u8]> {
        self.segment(row)?.columns.body(row.index as usize)
    }

    /// All versions of a record up to this view's commit, the oldest first.
    pub fn versions(&self, kind: Kind, id: &str) -> Vec<Version> {
        let key = RecordKey::from_text(kind, id);
        let mut versions: Vec<(u32, Version)> = Vec::new();
        for (_, segment) in self.segments() {
            for row in segment.versions(&key) {
                let (born, died) = (at(&segment.columns.born, row as usize), segment.died(row));
                if born >= self.limit {
                    continue;
                }
                let since = self.graph.commit_of(born);
                let record = segment.columns.record(row as usize, |term| self.text(term));
                // What can't be read has been reported, and a row that is seen has a commit, unless it
                // is provisional.
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
    pub fn recorded(&self, row: Row) -> Option<CommitMark> {
        let born = self.column(row, |s| &s.columns.born);
        self.graph
            .commit_of(born.holds("a row has a value in every column")?)
    }

    /// The whole record. What can't be read is [reported](crate::invariant), and so is a row of another
    /// state, here and in all that follows.
    pub fn record(&self, row: Row) -> Option<Record> {
        self.segment(row)?
            .columns
            .record(row.index as usize, |term| self.text(term))
    }

    /// The id of the record.
    pub fn id(&self, row: Row) -> String {
        self.id_text(row).into_owned()
    }

    /// The id of the record, borrowed where it is kept as text.
    pub fn id_text(&self, row: Row) -> Cow<'_, str> {
        self.segment(row)
            .map(|s| s.columns.id(row.index as usize))
            .unwrap_or_default()
    }

    /// The place of its id among those of its kind.
    pub fn id_order(&self, row: Row) -> IdOrder<'_> {
        let columns = self.segment(row).map(|segment| &segment.columns);
        let index = row.index as usize;
        let id = columns.and_then(|columns| Some(columns.id_of(index, columns.head(index)?)));
        IdOrder::new(self.kind(row), id.unwrap_or(PackedId::Text(&[])))
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

    /// When the record counts; `None` when it has no date.
    pub fn timing(&self, row: Row) -> Option<Timing> {
        self.segment(row)?.columns.timing(row.index as usize)
    }

    /// When the record stands in a chain; `None` when it has no date.
    pub fn moment(&self, row: Row) -> Option<Moment> {
        let columns = &self.segment(row)?.columns;
        let index = row.index as usize;
        let day = columns.day(index);
        (day != UNDATED).then(|| Moment::of_row(columns, index, day))
    }

    /// From when to when some records are known; `None` when none has a date.
    pub fn extent(&self, rows: impl Iterator<Item = Row>) -> Option<TimeExtent> {
        let mut extent: Option<TimeExtent> = None;
        for row in rows {
            // A row without a segment has been reported.
            let Some(segment) = self.segment(row) else {
                continue;
            };
            let index = row.index as usize;
            let timing = if segment.columns.is_timed(index) {
                segment.columns.timing(index)
            } else {
                let (first, last) = segment.columns.days(index);
                let days = Day::from_number(first).zip(Day::from_number(last));
                days.map(|(first, last)| Timing::within(first, last))
            };
            if let Some(timing) = timing {
                TimeExtent::add(&mut extent, &timing);
            }
        }
        extent
    }

    /// The first and the last day that the record's date names.
    pub fn known_days(&self, row: Row) -> Option<DayRange> {
        self.timing(row).map(|timing| timing.known)
    }

    /// Whether the record has a date.
    pub fn is_dated(&self, row: Row) -> bool {
        let segment = self.segment(row);
        segment.is_some_and(|segment| segment.columns.day(row.index as usize) != UNDATED)
    }

    /// Calls `each` with some rows, when each counts and its coding. Each row lies in some other place,
    /// so it asks for some rows ahead: the waits for memory overlap.
    pub fn each_coded(
        &self,
        rows: impl Iterator<Item = Row>,
        each: &mut impl FnMut(Row, Option<Timing>, Option<&Coding>),
    ) {
        let mut ahead: Vec<Row> = Vec::with_capacity(AHEAD);
        rows.for_each(|row| {
            ahead.push(row);
            if ahead.len() == AHEAD {
                self.coded(&ahead, each);
                ahead.clear();
            }
        });
        self.coded(&ahead, each);
    }

    /// The same of no more than [`AHEAD`] rows.
    fn coded(&self, rows: &[Row], each: &mut impl FnMut(Row, Option<Timing>, Option<&Coding>)) {
        self.glimpse(rows, Columns::day);
        for row in rows {
            let columns = self.segment(*row).map(|segment| &segment.columns);
            let index = row.index as usize;
            let looked_up = columns.and_then(|columns| {
                let head = columns.head(index).holds("a row has a head")?;
                Some((columns, head, columns.class_of(head.shape())?))
            });
            let Some((columns, head, class)) = looked_up else {
                each(*row, None, None);
                continue;
            };
            let timing = columns.timing_of(index, head.day, class);
            each(*row, timing, class.coding.as_ref());
        }
    }

    /// Asks for some rows together: whoever then reads one after the other does not wait for memory
    /// with each.
    pub fn look_up(&self, rows: &[Row]) {
        self.glimpse(rows, Columns::day);
        self.glimpse(rows, |columns, index| columns.glimpse_id(index).into());
    }

    /// Sees something of some rows. Nothing depends on what that is, so all waits for it overlap.
    fn glimpse(&self, rows: &[Row], of: impl Fn(&Columns, usize) -> i32) {
        let seen = rows.iter().fold(0, |seen, row| {
            let segment = self.segment(*row);
            seen ^ segment.map_or(0, |s| of(&s.columns, row.index as usize))
        });
        std::hint::black_box(seen);
    }

    /// The actors of the record with their roles, in the order of the record. In place of a merged actor stands its
    /// survivor, once in each role.
    pub fn actors(&self, row: Row) -> impl Iterator<Item = (Term, Role)> {
        let merged = self.touching(row).map(|(columns, merges)| {
            let mut standing = StandingActors::default();
            merges.standing(columns, row.index, &mut standing);
            standing.actors.into_iter().zip(standing.roles)
        });
        let own = merged.is_none().then(|| self.segment(row)).flatten();
        let own = own.into_iter();
        let own = own.flat_map(move |s| s.columns.actors(row.index as usize));
        merged.into_iter().flatten().chain(own)
    }

    /// The actors as the record names them, merged or not, in its order.
    pub fn named_actors(&self, row: Row) -> impl Iterator<Item = (Term, Role)> {
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

    /// The event of a row, when its columns say all of it: its actors as the record names them. `None`, too, where
    /// merges make one actor of two that stand in it.
    pub fn plain(&self, row: Row) -> Option<PlainEvent<'_>> {
        let columns = &self.segment(row)?.columns;
        let index = row.index as usize;
        let head = columns.head(index)?;
        let (class, citations) = columns.shared(head.shape())?;
        if !class.plain {
            return None;
        }
        if self.joins_actors(row) {
            return None;
        }
        let last = columns.latest(index, head.day);
        Some(PlainEvent {
            id: columns.id_of(index, head),
            shape: RowShape {
                segment: row.segment,
                number: head.shape(),
            },
            dataset: class.dataset,
            status: class.status,
            coding: class.coding?,
            days: Day::from_number(head.day).zip(Day::from_number(last)),
            actors: columns.standing_in(head),
            roles: &class.roles,
            citations,
        })
    }

    /// The topics of the record.
    pub fn topics(&self, row: Row) -> &[Term] {
        self.segment(row)
            .map_or(&[], |s| s.columns.topics(row.index as usize))
    }

    /// The stances that the record takes, in its order; in place of a merged actor its survivor.
    pub fn stances(&self, row: Row) -> impl Iterator<Item = RowStance> {
        let stances = self
            .segment(row)
            .map_or(&[][..], |s| s.columns.stances(row.index as usize));
        stances.iter().map(|stance| RowStance {
            toward: match stance.toward {
                RowStanceTarget::Actor(actor) => RowStanceTarget::Actor(self.survivor(actor)),
                other @ (RowStanceTarget::Event(_) | RowStanceTarget::Topic(_)) => other,
            },
            ..*stance
        })
    }

    /// What orders rows: the day that they are sorted at, the last day (open ends last), the instant
    /// (records without one first), and the order in which the records first came, which a correction
    /// does not change. Undated rows come last.
    pub fn order(&self, row: Row) -> SortKey {
        self.segment(row)
            .map_or((UNDATED, UNDATED, None, u32::MAX), |s| {
                s.columns.order(row.index)
            })
    }

    /// The rows of one kind in the order of time.
    pub fn of_kind(&self, kind: Kind) -> MatchedRows<'_> {
        self.spanned(|segment| segment.by_kind.get(u32::from(kind.number())))
    }

    /// The rows that cite a source.
    pub fn citing(&self, source: Term) -> MatchedRows<'_> {
        self.spanned(|segment| segment.by_source.get(source.0))
    }

    /// The rows that name an event.
    pub fn naming(&self, event: Term) -> MatchedRows<'_> {
        self.seen(|lists| lists.segment.by_event.get(event.0))
    }

    /// The judgements about an actor.
    pub fn judging(&self, actor: Term) -> MatchedRows<'_> {
        self.seen(|lists| lists.segment.by_judged.get(actor.0))
    }

    /// What a judgement says of which two actors; `None` for other rows.
    pub fn judgement(&self, row: Row) -> Option<(Verdict, Term, Term)> {
        let segment = self.segment(row)?;
        let &[actor, other] = segment.columns.judged(row.index as usize) else {
            return None;
        };
        let verdict = Verdict::from_number(self.detail(row));
        Some((verdict.holds("a judgement has a verdict")?, actor, other))
    }

    /// The offices, representations and parts whose subject is `actor`.
    pub fn ties_of(&self, actor: Term) -> MatchedRows<'_> {
        self.seen(|lists| lists.ties_of(actor))
    }

    /// The offices, representations and parts whose object is `actor`.
    pub fn ties_to(&self, actor: Term) -> MatchedRows<'_> {
        self.seen(|lists| lists.ties_to(actor))
    }

    fn seen<'a>(&'a self, rows: impl Fn(SegmentLists<'a>) -> &'a [u32]) -> MatchedRows<'a> {
        MatchedRows::from_positions(self.segments().map(|(number, segment)| {
            let lists = self.lists(number, segment);
            let whole = SegmentWindow::whole(number, lists, self.limit);
            whole.positions(RowList::from_rows(rows(lists)))
        }))
    }

    fn spanned<'a>(&'a self, spans: impl Fn(&'a Segment) -> &'a [RowSpan]) -> MatchedRows<'a> {
        MatchedRows::from_positions(self.segments().map(|(number, segment)| {
            let whole = SegmentWindow::whole(number, self.lists(number, segment), self.limit);
            whole.spanned(spans(segment))
        }))
    }

    /// The view narrowed to the records of a window that match.
    pub fn window(&self, window: Window, matching: WindowMatch) -> WindowView<'_> {
        let segments = self.segments().map(|(number, segment)| {
            let lists = self.lists(number, segment);
            SegmentWindow::for_segment(number, lists, self.limit, (window, matching))
        });
        WindowView::new(self, window, segments)
    }

    /// The view narrowed to the records without a date that match.
    pub fn undated(&self, matching: WindowMatch) -> WindowView<'_> {
        let segments = self.segments().map(|(number, segment)| {
            SegmentWindow::undated(number, self.lists(number, segment), self.limit, matching)
        });
        WindowView::new(self, Window::ALL, segments)
    }

    /// Whether an actor may stand in a record without a date.
    pub fn may_stand_undated(&self, actor: Term) -> bool {
        self.segments().any(|(number, segment)| {
            let last = self.lists(number, segment).of_actor(actor).rows().last();
            last.is_some_and(|row| *row >= segment.dated)
        })
    }

    /// Segments, the newest first, with their numbers.
    pub(super) fn segments(&self) -> impl Iterator<Item = (u32, &Segment)> {
        let numbered = self.graph.segments.iter().enumerate().rev();
        numbered.map(|(number, segment)| (number_32(number), &**segment))
    }

    pub(super) fn sees(&self, segment: &Segment, row: u32) -> bool {
        at(&segment.columns.born, row as usize) < self.limit && segment.died(row) >= self.limit
    }

    #[inline]
    pub(super) fn segment(&self, row: Row) -> Option<&Segment> {
        let segment = self.graph.segments.get(row.segment as usize);
        segment
            .holds("a row is of a segment of its state")
            .map(|s| &**s)
    }

    fn class(&self, row: Row) -> Option<&RowClass> {
        self.segment(row)?.columns.class(row.index as usize)
    }

    fn column<'a, T: Copy + 'a>(
        &'a self,
        row: Row,
        of: impl Fn(&'a Segment) -> &'a Vec<T>,
    ) -> Option<T> {
        of(self.segment(row)?).get(row.index as usize).copied()
    }
}
