//! The state: a temporal multigraph of actors, linked by dated records.
//!
//! A [`Graph`] is the state after some commit. It is immutable, cheap to clone, and made of
//! [segments](segment): columns in the order of time with their indexes, one for a range of commits.
//! A commit adds a segment; small segments are merged into larger ones, so that there are few. A
//! version of a record is a *row*; it keeps the operations that made it and ended it, so that a
//! [`View`] of any past commit reads the same columns, without a copy.
//!
//! The graph is a cache of the journal and can always be built again from it.

mod annex;
mod builder;
mod columns;
mod coverage;
mod duplicates;
mod dyads;
mod ids;
mod links;
mod matched_rows;
mod merges;
mod names;
mod offices;
mod packed_id;
mod parallel;
mod row_headers;
mod row_lists;
mod segment;
mod terms;
mod tombstones;
mod view;
mod window;
mod words;

use std::sync::Arc;

pub use crate::codec::{ActorSummary, SourceSummary};
pub use annex::AnnexSlot;
pub use builder::{GraphBuilder, NextState, ShapeNumber};
pub use columns::{RowStance, RowStanceTarget, SortKey};
pub use dyads::{Direction, links as links_of};
pub use links::Links;
pub use matched_rows::{MatchedRows, WindowMatch};
pub use merges::Redirects;
pub use names::{
    Meaning, NameCandidate, NameError, NameEvidence, NameMatch, Resolution, ResolutionStep,
};
pub use offices::Holder;
pub(crate) use offices::is_handover;
pub use packed_id::{IdOrder, PackedId};
pub use row_headers::{RowHeader, RowShape};
pub use segment::CommitMark;
pub use terms::{Term, TermKind};
pub use view::{ChangeEntry, ChangeKind, PlainEvent, Row, TimeExtent, Version, View};
pub use window::{DyadRow, LinkRows, Moment, Participants, WindowView};
pub use words::WordIndex;

use crate::invariant::Holds as _;
use annex::Annex;
use merges::MergeCache;
use segment::Segment;

/// How many times larger than its successor a segment is left alone.
const MERGE_RATIO: usize = 4;
/// As long as there are so few segments, one that is so many times smaller than its successor is
/// left alone, too: to merge it costs as much as to index the successor once more.
const FEW_SEGMENTS: usize = 8;
const LITTLE_RATIO: usize = 16;
/// Rows up to which segments are merged when a commit adds one. Larger ones are merged apart
/// ([`Graph::worth_merging`]), so that no commit waits for it.
const MERGED_AT_ONCE_MAX: usize = if cfg!(test) { 8 } else { 4096 };

/// The state after a commit.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Segments in the order of their commits.
    segments: Vec<Arc<Segment>>,
    /// What answers make of it.
    annex: Annex,
    /// Who is merged into whom.
    merges: MergeCache,
}

impl Graph {
    /// The state with these segments in the place of its own.
    fn with_segments(&self, segments: Vec<Arc<Segment>>) -> Self {
        Self {
            segments,
            annex: Annex::default(),
            merges: self.merges.clone(),
        }
    }

    /// The mark of the last commit; `None` before the first.
    pub fn last(&self) -> Option<CommitMark> {
        self.segments
            .iter()
            .rev()
            .find_map(|s| s.marks.last().copied())
    }

    /// The marks of all commits, in order.
    pub fn marks(&self) -> impl DoubleEndedIterator<Item = CommitMark> + '_ {
        self.segments.iter().flat_map(|s| s.marks.iter().copied())
    }

    /// The commit that an operation belongs to.
    fn commit_of(&self, operation: u32) -> Option<CommitMark> {
        // Later segments hold later commits.
        let holds =
            |segment: &&Arc<Segment>| segment.marks.last().is_some_and(|m| operation < m.limit);
        let marks = &self.segments.iter().find(holds)?.marks;
        marks
            .get(marks.partition_point(|mark| mark.limit <= operation))
            .copied()
    }

    /// The state as it is after its last commit.
    pub fn view(self: &Arc<Self>) -> View {
        View::new(Arc::clone(self), self.last())
    }

    /// The state as it was after commit `number`; `None` if there is no such commit. Commit 0 is
    /// the empty record.
    pub fn view_at_commit(self: &Arc<Self>, number: u64) -> Option<View> {
        if number == 0 {
            return Some(View::new(Arc::clone(self), None));
        }
        let mark = self.mark_before(|mark| mark.commit <= number)?;
        (mark.commit == number).then(|| View::new(Arc::clone(self), Some(mark)))
    }

    /// The state as it was at an instant, in milliseconds since 1970-01-01T00:00:00Z.
    pub fn view_at_time(self: &Arc<Self>, millis: i64) -> View {
        let mark = self.mark_before(|mark| mark.recorded_at <= millis);
        View::new(Arc::clone(self), mark)
    }

    /// The last mark of which something holds that holds of all before it: numbers of commits and
    /// the times at which they were recorded only grow.
    fn mark_before(&self, holds: impl Fn(&CommitMark) -> bool) -> Option<CommitMark> {
        let begins = |segment: &&Arc<Segment>| segment.marks.first().is_some_and(&holds);
        let marks = &self.segments.iter().rev().find(begins)?.marks;
        let place = marks.partition_point(&holds);
        marks.get(place.checked_sub(1)?).copied()
    }

    /// The state as the builder's provisional changes leave it, with all of them visible.
    pub(crate) fn view_of_all(self: &Arc<Self>) -> View {
        View::of_all(Arc::clone(self))
    }

    /// The term of a text, if some segment has it.
    fn term(&self, kind: TermKind, text: &str) -> Option<Term> {
        self.segments.iter().find_map(|s| s.terms.find(kind, text))
    }

    fn text(&self, term: Term) -> &str {
        self.segments
            .iter()
            .rev()
            .find_map(|s| s.terms.text(term))
            .holds("a term has a text")
            .unwrap_or_default()
    }

    /// The number after the last term.
    fn terms_end(&self) -> u32 {
        self.segments.last().map_or(0, |s| s.terms.end())
    }

    /// The state with one more segment, merged with small ones before it where it is worth it.
    fn with(&self, segment: Segment) -> Self {
        let mut segments = self.segments.clone();
        let mut last = Arc::new(segment);
        while let Some(previous) = segments.last()
            && is_worth_merging(previous, &last)
            && previous.columns.len() + last.columns.len() <= MERGED_AT_ONCE_MAX
        {
            let merged = previous.merged_with(&last);
            merged.adopt_ends(&[previous, &last]);
            last = Arc::new(merged);
            segments.pop();
        }
        segments.push(last);
        self.with_segments(segments)
    }

    /// Whether there is something to do that no commit and no answer should wait for: see
    /// [`Graph::index_events`] and [`Graph::worth_merging`].
    pub fn has_work(&self) -> bool {
        self.segments.iter().any(|segment| segment.wants_index()) || self.worth_merging().is_some()
    }

    /// Indexes the ids of events in large segments that have not been yet. Whoever looks for an event
    /// by its id does it otherwise, or waits for it.
    pub fn index_events(&self) {
        let segments = self.segments.iter();
        for segment in segments.filter(|segment| segment.wants_index()) {
            segment.index_events();
        }
    }

    /// The first two segments that are worth merging, if there are such.
    pub fn worth_merging(&self) -> Option<MergePlan> {
        let is_few = self.segments.len() <= FEW_SEGMENTS;
        let pays = |first: &Segment, second: &Segment| {
            !is_few || first.columns.len() * LITTLE_RATIO >= second.columns.len()
        };
        let mut pairs = self.segments.windows(2);
        pairs.find_map(|pair| match pair {
            [first, second] if is_worth_merging(first, second) && pays(first, second) => {
                Some(MergePlan {
                    first: Arc::clone(first),
                    second: Arc::clone(second),
                })
            }
            _ => None,
        })
    }

    /// The same state with two segments in one; `None` when they are not in it any more. Rows must
    /// not be ended meanwhile.
    pub fn with_merged(&self, merged: MergedSegment) -> Option<Self> {
        let MergedSegment { of, segment } = merged;
        let is_place = |pair: &[Arc<Segment>]| match pair {
            [first, second] => Arc::ptr_eq(first, &of.first) && Arc::ptr_eq(second, &of.second),
            _ => false,
        };
        let at = self.segments.windows(2).position(is_place)?;
        segment.adopt_ends(&[&of.first, &of.second]);
        let mut segments = self.segments.clone();
        segments.splice(at..at + 2, [Arc::new(segment)]);
        Some(self.with_segments(segments))
    }
}

/// Whether the second of two neighbours is large enough to make one segment of both.
fn is_worth_merging(first: &Segment, second: &Segment) -> bool {
    first.columns.len() < MERGE_RATIO * second.columns.len().max(1) && first.can_take(second)
}

/// Two segments that are worth merging.
#[derive(Debug)]
pub struct MergePlan {
    first: Arc<Segment>,
    second: Arc<Segment>,
}

/// Two segments in one.
#[derive(Debug)]
pub struct MergedSegment {
    of: MergePlan,
    segment: Segment,
}

impl MergePlan {
    /// Merges them. This takes about as long as it took to index their rows.
    pub fn run(self) -> MergedSegment {
        let segment = self.first.merged_with(&self.second);
        // Whoever puts it in its place looks for the rows that have ended, and holds writes off.
        segment.index_events();
        MergedSegment { of: self, segment }
    }
}

#[cfg(test)]
impl Graph {
    /// A state with one event, of which nothing is left that can be read but its columns.
    pub(crate) fn with_an_unreadable_event(id: &str) -> Arc<Self> {
        let parts = crate::model::EventParts {
            id: crate::model::Id::parse(id).unwrap(),
            dataset: crate::model::Id::parse("d").unwrap(),
            coding: crate::model::Coding::new(None, crate::model::Cameo::parse("042").ok())
                .unwrap(),
            // No data set's event has a title, so it has a body.
            title: Some(crate::model::Text::new("A visit").unwrap()),
            date: None,
            status: crate::model::Status::Occurred,
            participants: ["a", "b"]
                .map(|actor| crate::model::Participant {
                    actor: crate::model::Id::parse(actor).unwrap(),
                    role: crate::model::Role::Participant,
                })
                .into(),
            place: None,
            topics: Vec::new(),
            links: Vec::new(),
            sources: Vec::new(),
            attributes: None,
        };
        let mut builder = GraphBuilder::new(&Arc::default());
        let event = crate::model::Event::new(parts).unwrap();
        builder.put(&crate::model::Record::Event(event)).unwrap();
        builder.commit(1, 0);
        let mut graph = Arc::into_inner(builder.finish().keep()).unwrap();
        let segment = Arc::get_mut(graph.segments.first_mut().unwrap()).unwrap();
        segment.columns.spoil_bodies();
        Arc::new(graph)
    }
}

#[cfg(test)]
mod tests;
