//! A path, what orders paths, and a part of all paths between two actors.

use std::cmp::{Ordering, Reverse};

use crate::graph::Term;
use crate::query::chains::ChainState;

/// What orders paths.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::query) struct Rank<'v> {
    /// The cost or the day of arrival, where that goes before the number of hops; else 0.
    pub(super) first: i64,
    /// The number of the latest instant, where it counts; else the least number.
    pub(super) instant: i64,
    pub(super) hops: usize,
    /// The records of all hops, where they count; else 0.
    pub(super) records: Reverse<usize>,
    /// The ids of the actors.
    pub(super) ids: Vec<&'v str>,
}

/// A path: its actors from source to target, and its rank.
#[derive(Clone, Debug)]
pub(in crate::query) struct Path<'v> {
    pub(super) rank: Rank<'v>,
    pub(in crate::query) actors: Vec<Term>,
}

impl PartialEq for Path<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.rank == other.rank
    }
}

impl Eq for Path<'_> {}

impl PartialOrd for Path<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Path<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank)
    }
}

/// The paths of a [`Leg`](super::ranked::Leg) that begin with `root` and whose next actor is none of `taken`.
#[derive(Clone, Debug)]
pub(super) struct Space {
    /// Never empty.
    pub(super) root: Vec<Term>,
    pub(super) taken: Vec<Term>,
}

/// Where paths lead from and to, and what they must keep clear of.
#[derive(Clone, Debug)]
pub(super) struct PathEnds {
    pub(super) from: Term,
    pub(super) to: Term,
    /// How far in time the path may have come at `from`; counts in chronological order only.
    pub(super) start: Vec<ChainState>,
    pub(super) max_hops: usize,
    /// Actors that are no way through, beside those that no path may lead through.
    pub(super) blocked: Vec<Term>,
}
