//! The question of paths.

use crate::graph::Term;
use crate::query::chains::ChainRule;
use crate::query::filter::Scope;

/// Paths that one answer has at the most.
pub const PATHS_MAX: usize = 20;
/// Hops that a path has at the most.
pub const MAX_HOPS_MAX: usize = 8;
/// Beginnings of paths through `via` that are looked at; then the search is given up.
pub const JOINS_MAX: usize = 20_000;
/// Actors that paths may be made to lead through.
pub const VIA_MAX: usize = 3;
/// Records shown for one hop at the most.
pub const EVIDENCE_MAX: usize = 20;
/// The largest number of neighbours that a question may set as the bound of a hub.
pub const DEGREE_MAX: usize = 1_000_000;

/// What makes a path good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// Few hops; of equally long paths, more records; then ids.
    #[default]
    Fewest,
    /// Little cost, where a hop costs one over its records; then few hops, more records, ids.
    Strongest,
    /// An early arrival, where the records of the hops can be chosen so that none goes before the
    /// one ahead of it in time; then few hops, then ids. Records without a date carry nothing.
    Chronological,
}

impl Mode {
    /// All modes.
    pub const ALL: [Self; 3] = [Self::Fewest, Self::Strongest, Self::Chronological];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fewest => "fewest",
            Self::Strongest => "strongest",
            Self::Chronological => "chronological",
        }
    }
}

/// How two actors are connected.
#[derive(Clone, Debug)]
pub struct PathsQuestion {
    /// Where paths start.
    pub source: Term,
    /// Where they end.
    pub target: Term,
    /// Within what.
    pub scope: Scope,
    /// What makes a path good.
    pub mode: Mode,
    /// Whether each path must share no actor between its ends with those before it, but for `via`.
    pub diverse: bool,
    /// Whether links are followed from source to target only.
    pub directed: bool,
    /// Hops that a path may have, at most [`MAX_HOPS_MAX`].
    pub max_hops: usize,
    /// Paths wanted, at most [`PATHS_MAX`].
    pub limit: usize,
    /// Actors that each path leads through, in any order; at most [`VIA_MAX`].
    pub via: Vec<Term>,
    /// Actors that no path leads through.
    pub avoid: Vec<Term>,
    /// In [`Mode::Chronological`]: whether records must certainly follow one another, or may.
    pub chains: ChainRule,
    /// No path leads through an actor that has more neighbours than so many in the window and under
    /// the filters, whichever way the links go; at most [`DEGREE_MAX`].
    pub max_degree: Option<usize>,
    /// Records shown for each hop, at most [`EVIDENCE_MAX`].
    pub evidence: usize,
    /// Beginnings of paths through `via` that are looked at, [`JOINS_MAX`] as a rule.
    pub joins_max: usize,
}

impl PathsQuestion {
    /// The five shortest paths of at most six hops, with three records a hop, from all there is.
    pub fn new(source: Term, target: Term) -> Self {
        Self {
            source,
            target,
            scope: Scope::default(),
            mode: Mode::Fewest,
            diverse: false,
            directed: false,
            max_hops: 6,
            limit: 5,
            via: Vec::new(),
            avoid: Vec::new(),
            chains: ChainRule::Possible,
            max_degree: None,
            evidence: 3,
            joins_max: JOINS_MAX,
        }
    }
}
