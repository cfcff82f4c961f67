//! What every search for paths asks of the network.

use std::cell::{Cell, OnceCell, RefCell};
use std::cmp::Reverse;

use hashbrown::HashMap;

use super::path::{Path, Rank};
use super::question::{Mode, PathsQuestion};
use super::strengths::Strengths;
use crate::graph::{Direction, Row, Term};
use crate::invariant::Holds as _;
use crate::query::chains::{ChainRule, ChainState, Chains};
use crate::query::network::Network;
use crate::query::rollup::{self, Rollup};
use crate::query::temporal_walk::{ContactSequence, ONWARD};

/// What the search of one question has at hand.
pub(in crate::query) struct PathSearch<'n, 'v> {
    pub(in crate::query) network: &'n Network<'v>,
    pub(super) mode: Mode,
    pub(in crate::query) directions: Direction,
    pub(in crate::query) source: Term,
    pub(in crate::query) target: Term,
    pub(super) avoid: Vec<Term>,
    max_degree: Option<usize>,
    /// Whether paths may lead through the actors that were looked at.
    passes: RefCell<HashMap<Term, bool>>,
    /// Whether a search ended before it had looked everywhere.
    given_up: Cell<bool>,
    ties: OnceCell<ContactSequence>,
    following: ChainRule,
    chains: OnceCell<Option<Chains>>,
    pub(super) strengths: RefCell<Strengths>,
}

impl<'n, 'v> PathSearch<'n, 'v> {
    pub(in crate::query) fn new(network: &'n Network<'v>, question: &PathsQuestion) -> Self {
        let view = network.view();
        // Under roll-up a person stands for his state at the ends of a path, too.
        let end = |actor: Term| {
            let window = question.scope.window;
            match question.scope.rollup {
                Rollup::None => actor,
                Rollup::State => {
                    match rollup::tops(view, actor, (window.lo(), window.hi())).as_slice() {
                        [top] => *top,
                        _ => actor,
                    }
                }
            }
        };
        Self {
            network,
            mode: question.mode,
            directions: if question.directed {
                ONWARD
            } else {
                Direction::ANY
            },
            source: end(question.source),
            target: end(question.target),
            avoid: question.avoid.clone(),
            max_degree: question.max_degree,
            passes: RefCell::default(),
            given_up: Cell::new(false),
            ties: OnceCell::new(),
            following: question.chains,
            chains: OnceCell::new(),
            strengths: RefCell::default(),
        }
    }

    /// Notes that a search ends before it has looked everywhere.
    pub(super) fn give_up(&self) {
        self.given_up.set(true);
    }

    /// Whether there may be paths that were not found, since too many beginnings lead nowhere.
    pub(in crate::query) fn is_given_up(&self) -> bool {
        self.given_up.get()
    }

    /// The day with which chains start.
    pub(in crate::query) fn start(&self) -> i32 {
        self.network.windowed.window().lo().number()
    }

    /// The path that has come no farther than its first actor.
    pub(super) fn at(&self, actor: Term) -> Path<'v> {
        Path {
            rank: Rank {
                first: match self.mode {
                    Mode::Fewest | Mode::Strongest => 0,
                    Mode::Chronological => self.start().into(),
                },
                instant: i64::MIN,
                hops: 0,
                records: Reverse(0),
                ids: self.ids(&[actor]),
            },
            actors: vec![actor],
        }
    }

    /// How far in time a path may have come at its last actor; counts in chronological order only.
    pub(super) fn states_of(&self, path: &Path<'_>) -> Vec<ChainState> {
        let start = ChainState::at(self.start());
        match (self.mode, self.chains()) {
            (Mode::Fewest | Mode::Strongest, _) => vec![start],
            (Mode::Chronological, Some(chains)) => chains.along(&path.actors, &[start]),
            (Mode::Chronological, None) => {
                let day = i32::try_from(path.rank.first).holds("what orders a path is its day");
                let day = day.unwrap_or(i32::MAX);
                vec![ChainState::at(day)]
            }
        }
    }

    /// Two paths as one; the second starts where and when the first ends.
    pub(super) fn joined(&self, one: &Path<'v>, two: &Path<'v>) -> Path<'v> {
        let mut actors = one.actors.clone();
        actors.extend(two.actors.iter().skip(1));
        Path {
            rank: Rank {
                first: match self.mode {
                    Mode::Fewest | Mode::Strongest => one.rank.first + two.rank.first,
                    Mode::Chronological => two.rank.first,
                },
                instant: two.rank.instant,
                hops: one.rank.hops + two.rank.hops,
                records: Reverse(one.rank.records.0 + two.rank.records.0),
                ids: self.ids(&actors),
            },
            actors,
        }
    }

    /// The ids of actors.
    pub(super) fn ids(&self, actors: &[Term]) -> Vec<&'v str> {
        let view = self.network.view();
        actors.iter().map(|actor| view.text(*actor)).collect()
    }

    /// The records by which a path goes from one actor to another, in the order of time.
    pub(in crate::query) fn rows(&self, a: Term, b: Term) -> Vec<(Row, Direction)> {
        let mut rows = self.network.between(a, b);
        rows.retain(|(_, direction)| direction.meets(self.directions));
        rows
    }

    /// The number of records by which a path goes from one actor to another.
    pub(super) fn records(&self, a: Term, b: Term) -> usize {
        self.network.count(a, b, self.directions)
    }

    /// The dated links of the network, where days alone do not tell how they follow one another.
    pub(in crate::query) fn chains(&self) -> Option<&Chains> {
        let directed = self.directions != Direction::ANY;
        let chains = || Chains::from_network(self.network, directed, self.following);
        self.chains.get_or_init(chains).as_ref()
    }

    /// The dated links of the network.
    pub(in crate::query) fn ties(&self) -> &ContactSequence {
        let directed = self.directions != Direction::ANY;
        self.ties
            .get_or_init(|| ContactSequence::from_network(self.network, directed))
    }

    /// Whether a path may lead through `actor`.
    pub(in crate::query) fn passable(&self, actor: Term) -> bool {
        if self.avoid.contains(&actor) {
            return false;
        }
        let limits_kinds = self.network.compiled.limits_kinds();
        if !limits_kinds && self.max_degree.is_none() {
            return true;
        }
        let known = self.passes.borrow().get(&actor).copied();
        known.unwrap_or_else(|| {
            let passes = (!limits_kinds || self.network.compiled.accepts_kind(actor))
                && self
                    .max_degree
                    .is_none_or(|most| self.network.degree(actor) <= most);
            self.passes.borrow_mut().insert(actor, passes);
            passes
        })
    }
}
