//! Rows of several segments in the order of time, read from either end.
//!
//! In each segment the candidates are an ascending list of rows, so the ones that a window matches
//! are a stretch of it, found by binary search. Only at the stretch's edges must single rows be
//! looked at, where a record that began earlier may reach in, and among rows of which some have
//! ended. So a page costs what it shows, and a count costs what lies at the edges.

use std::ops::Range;

use super::columns::{SortKey, UNDATED, at};
use super::merges::SegmentLists;
use super::row_lists::{RowList, RowSpan};
use super::segment::Segment;
use super::view::{Row, TimeExtent};
use crate::invariant::Holds as _;
use crate::model::{Kind, Timing, Window};

/// Which rows of a segment a view sees in a window.
#[derive(Clone, Copy, Debug)]
pub(super) struct VisibleRows<'v> {
    pub(super) number: u32,
    pub(super) segment: &'v Segment,
    /// Its lists, as the view reads them.
    pub(super) lists: SegmentLists<'v>,
    /// The operations that the view sees.
    limit: u32,
    /// Whether the view sees every row of the segment but those that have ended.
    born: bool,
    /// Whether there may be such.
    ended: bool,
    window: Window,
    /// Which records count; `actual` only where something here did not occur.
    matching: WindowMatch,
}

/// Which records of a window count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WindowMatch {
    /// Only those that certainly lie inside it.
    pub certain: bool,
    /// Only those that came about: no events of another status than `occurred`.
    pub actual: bool,
}

impl<'v> VisibleRows<'v> {
    pub(super) fn new(
        number: u32,
        lists: SegmentLists<'v>,
        limit: u32,
        window: Window,
        matching: WindowMatch,
    ) -> Self {
        let segment = lists.segment;
        Self {
            number,
            segment,
            lists,
            limit,
            born: segment.is_born(limit),
            ended: !segment.ends.none_before(limit),
            window,
            matching: WindowMatch {
                actual: matching.actual && !segment.not_occurred.is_empty(),
                ..matching
            },
        }
    }

    /// Whether there may be rows that do not count though they lie inside the window.
    fn has_holes(&self) -> bool {
        self.ended || self.matching.actual
    }

    /// The next stretch of rows, from `row` on, of which some may not count.
    fn hole_from(&self, row: u32) -> Option<Range<u32>> {
        let ended = || self.segment.ends.stretch_from(row);
        let ended = self.ended.then(ended).flatten();
        let others = &self.segment.not_occurred;
        let other = others.get(others.partition_point(|other| *other < row));
        let other = other
            .filter(|_| self.matching.actual)
            .map(|row| *row..*row + 1);
        match (ended, other) {
            (Some(ended), Some(other)) if other.start < ended.start => Some(other),
            (Some(ended), _) => Some(ended),
            (None, other) => other,
        }
    }

    /// Whether a row that lies inside the window needs no look but for whether it has ended.
    fn is_sure(&self) -> bool {
        self.born && !self.matching.certain
    }

    /// Whether a row that the view once saw is still there, and counts.
    fn is_current(&self, row: u32) -> bool {
        (!self.ended || self.segment.died(row) >= self.limit)
            && (!self.matching.actual || self.segment.has_occurred(row))
    }

    fn sees(&self, row: u32) -> bool {
        (self.born || at(&self.segment.columns.born, row as usize) < self.limit)
            && self.is_current(row)
    }

    /// Whether the view sees the row and the window matches it.
    pub(super) fn matches(&self, row: u32) -> bool {
        if !self.sees(row) {
            return false;
        }
        let columns = &self.segment.columns;
        let index = row as usize;
        if !self.matching.certain {
            if self.window == Window::ALL {
                return true;
            }
            // Mostly the two days of a row tell. What has more to its date is over no later than a day
            // after the last by which it is sorted.
            let (first, last) = columns.days(index);
            let (lo, hi) = (self.window.lo().number(), self.window.hi().number());
            if first == UNDATED || last < lo.saturating_sub(1) {
                return false;
            }
            if !columns.is_timed(index) {
                return first <= hi && last >= lo;
            }
        }
        let Some(timing) = columns.timing(index) else {
            return !self.matching.certain && self.window == Window::ALL;
        };
        let members = if timing.has_gaps {
            columns.members(index)
        } else {
            &[]
        };
        timing.is_found(self.window, members)
            && (!self.matching.certain || timing.is_inside(self.window))
    }
}

/// The candidates of one segment.
#[derive(Clone, Copy, Debug)]
pub(super) enum SegmentCandidates<'a> {
    /// Some rows, ascending.
    Listed(RowList<'a>),
    /// The rows of some spans, ascending.
    Spans(&'a [RowSpan]),
    /// All rows that say something about the world: relations, events, statements.
    World,
}

impl SegmentCandidates<'_> {
    #[inline]
    fn row(self, position: usize) -> Option<u32> {
        match self {
            Self::Listed(listed) => listed.rows().get(position).copied(),
            Self::Spans(spans) => RowSpan::row(spans, position),
            Self::World => u32::try_from(position).ok(),
        }
    }

    /// The place of the first candidate that is `bound` or later.
    #[inline]
    fn place(self, bound: u32) -> usize {
        match self {
            Self::Listed(listed) => listed.place(bound),
            Self::Spans(spans) => RowSpan::place(spans, bound),
            Self::World => bound as usize,
        }
    }

    /// The place of a row among the candidates.
    fn find(self, row: u32) -> Option<usize> {
        match self {
            Self::Listed(listed) => listed.rows().binary_search(&row).ok(),
            Self::Spans(spans) => {
                let place = RowSpan::place(spans, row);
                (RowSpan::row(spans, place) == Some(row)).then_some(place)
            }
            Self::World => Some(row as usize),
        }
    }

    fn len(self, rows: usize) -> usize {
        match self {
            Self::Listed(listed) => listed.rows().len(),
            Self::Spans(spans) => RowSpan::place(spans, u32::MAX),
            Self::World => rows,
        }
    }
}

/// Bounds of the rows of a segment that a window may match.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds<'v> {
    /// Rows before `start` that span so long that they may reach into the window, ascending.
    pub(super) long: &'v [u32],
    /// Rows from here on may reach into the window.
    pub(super) start: u32,
    /// Rows from here on lie inside the window.
    pub(super) inside: u32,
    /// Rows from here on may lie outside: instants may, a day from where they are sorted.
    pub(super) settled: u32,
    /// Rows from here on lie after the window, or have no date.
    pub(super) end: u32,
    /// Rows after `end` that may reach back into the window, ascending.
    pub(super) early: &'v [u32],
    /// Rows from `end` to here have no date and count.
    pub(super) undated: u32,
}

impl<'v> Bounds<'v> {
    /// Whether a window matches one of some rows that are no world of actors and sources, as far as
    /// their first and last tell.
    pub(super) fn meet(&self, look: &VisibleRows<'_>, first: u32, last: u32) -> Option<bool> {
        let none_early = self.early_to(Some(last)).is_empty();
        let none_long = self.long.last().is_none_or(|row| *row < first);
        if (first >= self.undated && none_early) || (last < self.start && none_long) {
            Some(false)
        } else if look.is_sure() && (self.is_sure(look, first) || self.is_sure(look, last)) {
            Some(true)
        } else {
            None
        }
    }

    /// Whether a row lies inside, whatever its date says, and counts.
    fn is_sure(&self, look: &VisibleRows<'_>, row: u32) -> bool {
        let is_inside =
            (self.inside <= row && row < self.settled) || (self.end <= row && row < self.undated);
        is_inside && look.is_current(row)
    }

    /// Whether a window matches one of such rows, where a single search tells.
    pub(super) fn hold(&self, look: &VisibleRows<'_>, rows: RowList<'_>) -> Option<bool> {
        if !look.is_sure() {
            return None;
        }
        let first = rows.rows().get(rows.place(self.inside));
        if let Some(row) = first.filter(|row| **row < self.undated) {
            // Where one does not count, another may.
            return self.is_sure(look, *row).then_some(true);
        }
        // What begins before may reach in, and what is sorted after.
        let none_before = self.start == self.inside && self.long.is_empty();
        let none_early = self.early_to(rows.rows().last().copied()).is_empty();
        (none_before && none_early).then_some(false)
    }

    /// The early rows, of which none is among rows that are all no later than `last`.
    fn early_to(&self, last: Option<u32>) -> &'v [u32] {
        let first = self.early.first();
        let some = first.zip(last).is_some_and(|(first, last)| *first <= last);
        if some { self.early } else { &[] }
    }
}

/// Where among the candidates of a segment the matched ones stand, ascending, read from either end.
#[derive(Clone, Debug)]
pub(super) struct Positions<'a> {
    look: VisibleRows<'a>,
    candidates: SegmentCandidates<'a>,
    /// Long rows that may be candidates.
    long: &'a [u32],
    /// Places to look at, places that need no look but for whether they count at all, places to look
    /// at.
    head: Range<usize>,
    sure: Range<usize>,
    tail: Range<usize>,
    /// Later rows that may be candidates.
    early: &'a [u32],
}

impl<'a> Positions<'a> {
    pub(super) fn new(
        look: VisibleRows<'a>,
        candidates: SegmentCandidates<'a>,
        bounds: Bounds<'a>,
    ) -> Self {
        let place = |bound| candidates.place(bound);
        let mut start = place(bounds.start);
        let end = place(bounds.end).max(start);
        let inside = if bounds.inside == bounds.start {
            start
        } else {
            place(bounds.inside).clamp(start, end)
        };
        let settled = if bounds.settled == bounds.end {
            end
        } else {
            place(bounds.settled).clamp(inside, end)
        };
        let undated = if bounds.undated == bounds.end {
            end
        } else {
            place(bounds.undated).max(end)
        };
        // What lies inside the window needs no look; what has no date, only to know its kind.
        let (sure, tail) = match (look.is_sure(), candidates) {
            (true, SegmentCandidates::Listed(_) | SegmentCandidates::Spans(_))
                if settled == end =>
            {
                (inside..undated, undated..undated)
            }
            (true, _) => (inside..settled, settled..undated),
            (false, _) => (end..end, end..undated),
        };
        // Whichever are fewer are looked at: the long rows of all, or the candidates before the window.
        let mut long = bounds.long;
        if start <= long.len() {
            (start, long) = (0, &[]);
        }
        let mut after = end..undated;
        let mut early = match candidates {
            SegmentCandidates::Listed(listed) => bounds.early_to(listed.rows().last().copied()),
            SegmentCandidates::Spans(_) | SegmentCandidates::World => bounds.early,
        };
        let later = if early.is_empty() {
            0
        } else {
            candidates.len(look.segment.columns.len()) - end
        };
        if later <= early.len() {
            after = end..end + later;
            early = &[];
        }
        Self {
            look,
            candidates,
            long,
            head: start..sure.start,
            sure,
            tail: tail.start..tail.end.max(after.end),
            early,
        }
    }

    fn at(&self, position: usize) -> Option<u32> {
        let row = self.candidates.row(position)?;
        self.look.matches(row).then_some(row)
    }

    /// Whether a place of the tail counts: actors and sources have no date and say nothing.
    fn at_tail(&self, position: usize) -> Option<u32> {
        let row = self.at(position)?;
        let of_world = match self.candidates {
            SegmentCandidates::Listed(_) | SegmentCandidates::Spans(_) => true,
            SegmentCandidates::World => self
                .look
                .segment
                .columns
                .kind(row as usize)
                .is_some_and(Kind::is_of_world),
        };
        of_world.then_some(row)
    }

    fn at_long(&self, row: u32) -> Option<usize> {
        if !self.look.matches(row) {
            return None;
        }
        self.candidates.find(row)
    }

    /// The row at a position.
    fn row(&self, position: usize) -> Option<u32> {
        self.candidates.row(position)
    }

    /// Whether the row at a place that needs no other look is still there.
    fn is_current(&self, position: usize) -> bool {
        !self.look.has_holes()
            || self
                .row(position)
                .is_some_and(|row| self.look.is_current(row))
    }

    /// The places that need no look but for whether their rows count, as far as these stand among rows
    /// of which some do not.
    fn holes(&self) -> impl Iterator<Item = Range<usize>> {
        let mut at = self.sure.start;
        std::iter::from_fn(move || {
            if !self.look.has_holes() || at >= self.sure.end {
                return None;
            }
            let rows = self.look.hole_from(self.row(at)?)?;
            let start = self.candidates.place(rows.start).max(at);
            let end = self.candidates.place(rows.end).min(self.sure.end);
            at = end.max(at + 1);
            Some(start.min(end)..end)
        })
    }

    /// How many must be looked at one by one.
    fn edges(&self) -> usize {
        let holes: usize = self.holes().map(|places| places.len()).sum();
        self.long.len() + self.head.len() + holes + self.tail.len() + self.early.len()
    }

    /// How many there are.
    pub(super) fn total(&self) -> usize {
        let long = self.long.iter().filter_map(|row| self.at_long(*row));
        let head = self.head.clone().filter_map(|position| self.at(position));
        let early = self.early.iter().filter_map(|row| self.at_long(*row));
        let not_counted = self
            .holes()
            .flatten()
            .filter(|position| !self.is_current(*position));
        let sure = self.sure.len() - not_counted.count();
        long.count() + head.count() + sure + self.tail_total() + early.count()
    }

    /// How many places of the tail count.
    fn tail_total(&self) -> usize {
        let tail = self.tail.clone();
        if let SegmentCandidates::World = self.candidates
            && self.look.is_sure()
            && !self.look.has_holes()
            && self.look.window == Window::ALL
        {
            // All rows of the kinds that say something count.
            let bounds = [tail.start, tail.end].map(|place| u32::try_from(place).ok());
            let kinds = [Kind::Relation, Kind::Event, Kind::Statement].iter();
            let of_kind = kinds.map(|kind| {
                let spans = self.look.segment.by_kind.get(u32::from(kind.number()));
                let [start, end] =
                    // Beyond 32 bits there is no row.
                    bounds.map(|bound| RowSpan::place(spans, bound.unwrap_or(u32::MAX)));
                end - start
            });
            return of_kind.sum();
        }
        tail.filter_map(|position| self.at_tail(position)).count()
    }

    /// Whether there can be none.
    fn is_bare(&self) -> bool {
        self.long.is_empty()
            && self.head.is_empty()
            && self.sure.is_empty()
            && self.tail.is_empty()
            && self.early.is_empty()
    }

    /// The places before those that need no look, these, and the places after them. Of rows of which
    /// some have ended every one needs a look; events that did not occur are passed over.
    pub(super) fn parts(self) -> (Self, Stretches<'a>, Self) {
        let (start, end) = (self.sure.start, self.sure.end);
        let holes = if self.look.matching.actual {
            // After the last place there is no row.
            let row = |place: usize| self.candidates.row(place).unwrap_or(u32::MAX);
            let others = &self.look.segment.not_occurred;
            let first = others.partition_point(|other| *other < row(start));
            let after = others.partition_point(|other| *other <= row(end.max(1) - 1));
            // Partition points are in range.
            others.get(first..after).unwrap_or_default()
        } else {
            &[]
        };
        // Rather than to look for many in a short list, each of the list is looked at.
        let each = self.look.ended || holes.len() > self.sure.len();
        let (of_before, sure) = if each {
            (start..end, end..end)
        } else {
            (end..end, start..end)
        };
        let stretches = Stretches {
            next: sure.start,
            end: sure.end,
            holes: if each { &[] } else { holes },
            candidates: self.candidates,
        };
        let after = Self {
            long: &[],
            head: end..end,
            sure: end..end,
            tail: self.tail.clone(),
            ..self.clone()
        };
        let before = Self {
            sure: of_before,
            tail: 0..0,
            early: &[],
            ..self
        };
        (before, stretches, after)
    }

    /// Leaves out the first `count`, or the last ones when `last`.
    fn pass_over(&mut self, count: usize, last: bool) {
        let mut left = count;
        while left > 0 {
            let at_sure = if last {
                self.tail.is_empty() && self.early.is_empty()
            } else {
                self.long.is_empty() && self.head.is_empty()
            };
            if at_sure && !self.sure.is_empty() && !self.look.has_holes() {
                let passed = left.min(self.sure.len());
                if last {
                    self.sure.end -= passed;
                } else {
                    self.sure.start += passed;
                }
                left -= passed;
                continue;
            }
            let passed = if last { self.next_back() } else { self.next() };
            if passed.is_none() {
                break;
            }
            left -= 1;
        }
    }
}

/// Stretches of places that need no look, between rows that do not count.
pub(super) struct Stretches<'a> {
    next: usize,
    end: usize,
    /// Ascending.
    holes: &'a [u32],
    candidates: SegmentCandidates<'a>,
}

impl Iterator for Stretches<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        while let Some((hole, rest)) = self.holes.split_first() {
            self.holes = rest;
            let place = self.candidates.find(*hole);
            if let Some(place) = place.filter(|place| (self.next..self.end).contains(place)) {
                let before = self.next..place;
                self.next = place + 1;
                if !before.is_empty() {
                    return Some(before);
                }
            }
        }
        let last = self.next..self.end;
        self.next = self.end;
        (!last.is_empty()).then_some(last)
    }
}

impl Iterator for Positions<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while let Some((row, rest)) = self.long.split_first() {
            self.long = rest;
            if let Some(position) = self.at_long(*row) {
                return Some(position);
            }
        }
        while let Some(position) = self.head.next() {
            if self.at(position).is_some() {
                return Some(position);
            }
        }
        while let Some(position) = self.sure.next() {
            if self.is_current(position) {
                return Some(position);
            }
        }
        while let Some(position) = self.tail.next() {
            if self.at_tail(position).is_some() {
                return Some(position);
            }
        }
        while let Some((row, rest)) = self.early.split_first() {
            self.early = rest;
            if let Some(position) = self.at_long(*row) {
                return Some(position);
            }
        }
        None
    }
}

impl DoubleEndedIterator for Positions<'_> {
    fn next_back(&mut self) -> Option<usize> {
        while let Some((row, rest)) = self.early.split_last() {
            self.early = rest;
            if let Some(position) = self.at_long(*row) {
                return Some(position);
            }
        }
        while let Some(position) = self.tail.next_back() {
            if self.at_tail(position).is_some() {
                return Some(position);
            }
        }
        while let Some(position) = self.sure.next_back() {
            if self.is_current(position) {
                return Some(position);
            }
        }
        while let Some(position) = self.head.next_back() {
            if self.at(position).is_some() {
                return Some(position);
            }
        }
        while let Some((row, rest)) = self.long.split_last() {
            self.long = rest;
            if let Some(position) = self.at_long(*row) {
                return Some(position);
            }
        }
        None
    }
}

/// The matched rows of one segment, with the next one at hand when there are several segments.
#[derive(Clone, Debug)]
struct SegmentRun<'a> {
    positions: Positions<'a>,
    next: Option<(SortKey, u32)>,
}

impl SegmentRun<'_> {
    fn step(&mut self, descending: bool) -> Option<u32> {
        let position = if descending {
            self.positions.next_back()
        } else {
            self.positions.next()
        };
        self.positions.row(position?)
    }

    fn look_ahead(&mut self, descending: bool) {
        let columns = &self.positions.look.segment.columns;
        self.next = self.step(descending).map(|row| (columns.order(row), row));
    }

    fn named(&self, index: u32) -> Row {
        Row::new(self.positions.look.number, index)
    }
}

/// Rows in the order of time: see [`View::order`](super::View::order). Undated rows come last. With
/// [`MatchedRows::descending`], in the opposite order.
#[derive(Clone)]
pub struct MatchedRows<'a> {
    runs: Vec<SegmentRun<'a>>,
    descending: bool,
    /// Whether the runs have looked ahead.
    merging: bool,
}

impl std::fmt::Debug for MatchedRows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows")
            .field("runs", &self.runs.len())
            .field("descending", &self.descending)
            .finish()
    }
}

impl<'a> MatchedRows<'a> {
    pub(super) fn from_positions(positions: impl Iterator<Item = Positions<'a>>) -> Self {
        let some = positions.filter(|positions| !positions.is_bare());
        let runs = some.map(|positions| SegmentRun {
            positions,
            next: None,
        });
        Self {
            runs: runs.collect(),
            descending: false,
            merging: false,
        }
    }

    /// The same rows, the last one first. To be asked for before the first row is taken.
    #[must_use]
    pub fn descending(mut self) -> Self {
        self.descending = true;
        self
    }

    /// How many there are: what lies wholly inside the window is not looked at.
    pub fn total(&self) -> usize {
        let runs = self.runs.iter();
        runs.map(|run| run.positions.total() + usize::from(run.next.is_some()))
            .sum()
    }

    /// How many there can be at the most.
    pub fn most(&self) -> usize {
        let runs = self.runs.iter().map(|run| &run.positions);
        runs.map(|p| p.long.len() + p.head.len() + p.sure.len() + p.tail.len())
            .sum()
    }

    /// How many rows are looked at, beside those that it gives, for the total and for the page
    /// after `offset` rows.
    pub fn looked_at(&self, offset: usize) -> usize {
        let edges: usize = self.runs.iter().map(|run| run.positions.edges()).sum();
        let passed = if self.runs.len() > 1 { offset } else { 0 };
        edges.saturating_add(passed)
    }

    /// The rows after the first `offset`, at most `limit`.
    pub fn page(mut self, offset: usize, limit: usize) -> Vec<Row> {
        let mut page = Vec::with_capacity(limit.min(self.most()));
        if let ([run], false) = (self.runs.as_mut_slice(), self.merging) {
            run.positions.pass_over(offset, self.descending);
            page.extend(self.take(limit));
        } else {
            page.extend(self.skip(offset).take(limit));
        }
        page
    }

    /// The least and the greatest known day of all, and whether one goes on. To be asked for before the
    /// first row is taken.
    pub fn extent(self) -> Option<TimeExtent> {
        let mut extent: Option<TimeExtent> = None;
        for SegmentRun { mut positions, .. } in self.runs {
            let columns = &positions.look.segment.columns;
            let candidates = positions.candidates;
            let timing = |position: usize| columns.timing(candidates.row(position)? as usize);
            let mut add = |timing: Timing| TimeExtent::add(&mut extent, &timing);
            if columns.lasts() || columns.has_timed() {
                positions.filter_map(timing).for_each(add);
            } else {
                // The order of time is that of the only day there is; rows without one come last.
                let first = positions.next().and_then(timing);
                let last = first.and_then(|_| positions.rev().find_map(timing));
                let both = first.into_iter().chain(last);
                both.for_each(&mut add);
            }
        }
        extent
    }

    fn merge(&mut self) -> Option<Row> {
        if !self.merging {
            self.merging = true;
            for run in &mut self.runs {
                run.look_ahead(self.descending);
            }
        }
        let key = |run: &&mut SegmentRun<'a>| run.next.map(|(key, _)| key);
        let waiting = self.runs.iter_mut().filter(|run| run.next.is_some());
        let run = if self.descending {
            waiting.max_by_key(key)?
        } else {
            waiting.min_by_key(key)?
        };
        let (_, index) = run.next?;
        let row = run.named(index);
        run.look_ahead(self.descending);
        Some(row)
    }
}

impl Iterator for MatchedRows<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        match self.runs.as_mut_slice() {
            [only] => {
                let index = only.step(self.descending)?;
                Some(only.named(index))
            }
            _ => self.merge(),
        }
    }

    /// Rows of one segment are gone through in parts, so that nothing is asked of most of them one by
    /// one.
    fn fold<B, F: FnMut(B, Row) -> B>(mut self, init: B, mut each: F) -> B {
        if self.descending || self.merging || self.runs.len() != 1 {
            let mut folded = init;
            for row in self.by_ref() {
                folded = each(folded, row);
            }
            return folded;
        }
        let Some(SegmentRun { positions, .. }) = self.runs.pop() else {
            return init;
        };
        let (number, candidates) = (positions.look.number, positions.candidates);
        let (before, stretches, after) = positions.parts();
        let row_at = |position: usize| Some(Row::new(number, candidates.row(position)?));
        let mut folded = before.filter_map(row_at).fold(init, &mut each);
        for sure in stretches {
            if let SegmentCandidates::Listed(listed) = candidates {
                let rows = listed.rows().get(sure).holds("places in a list are rows");
                let rows = rows.unwrap_or_default().iter();
                folded = rows.fold(folded, |folded, row| each(folded, Row::new(number, *row)));
            } else {
                folded = sure.filter_map(row_at).fold(folded, &mut each);
            }
        }
        after.filter_map(row_at).fold(folded, each)
    }
}
