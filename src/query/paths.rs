//! Paths between two actors, with the evidence of every hop.
//!
//! [`ranked`] brings the paths out one after the other, the best first, each loopless; what is best
//! is for the [`Mode`] to say, and each has a search of its own.

mod chronological;
mod fewest;
mod json;
mod ranked;
mod strongest;

use std::cell::{Cell, OnceCell, RefCell};
use std::cmp::Reverse;

use hashbrown::HashMap;

use super::answer::{HopAnswer, PathAnswer, PathsAnswer};
use super::chains::{Chains, Following, State};
use super::describe::Describer;
use super::drill_down::{DrillDown, Only, Opened};
use super::filter::Scope;
use super::narrowed::Narrowed;
use super::network::Network;
use super::passage::{Course, Ties};
use super::rollup::{self, Rollup};
use super::timeline::{Selection, meta};
use crate::graph::{Direction, Row, Term, View};
use crate::model::Day;

pub(super) use chronological::Carrier;
pub use json::paths_json;
pub(super) use ranked::Path;
use ranked::{Ends, Leg, Rank, Space, through};
use strongest::Strengths;

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

/// The links that `directed` follows: from source to target, and those of equals both ways.
pub(super) const ONWARD: Direction = Direction::FORWARD.or(Direction::WITH);

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
    pub chains: Following,
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
            chains: Following::Possible,
            max_degree: None,
            evidence: 3,
            joins_max: JOINS_MAX,
        }
    }
}

/// The best paths of the mode.
pub fn paths<'v>(view: &'v View, question: &PathsQuestion) -> PathsAnswer<'v> {
    let network = Network::new(view, &question.scope);
    let search = Search::new(&network, question);
    let found = search.best(question);
    let describer = Describer::new(view, question.scope.scheme);
    let paths = found.iter().map(|path| {
        let (mut answer, shown) = search.answer(question, &describer, path);
        for (hop, Shown { ends, rows }) in answer.hops.iter_mut().zip(shown) {
            let records = rows.into_iter();
            let evidence = records.filter_map(|row| describer.record(row, network.via(row, &ends)));
            hop.evidence = evidence.collect();
        }
        answer
    });
    let paths = paths.collect();
    search.around(question, &describer, paths)
}

/// The word for whether records certainly follow one another.
pub(super) const fn order(certain: bool) -> &'static str {
    if certain { "certain" } else { "possible" }
}

/// What the search of one question has at hand.
pub(super) struct Search<'n, 'v> {
    pub(super) network: &'n Network<'v>,
    mode: Mode,
    pub(super) directions: Direction,
    pub(super) source: Term,
    pub(super) target: Term,
    avoid: Vec<Term>,
    max_degree: Option<usize>,
    /// Whether paths may lead through the actors that were looked at.
    passes: RefCell<HashMap<Term, bool>>,
    /// Whether a search ended before it had looked everywhere.
    given_up: Cell<bool>,
    ties: OnceCell<Ties>,
    following: Following,
    chains: OnceCell<Option<Chains>>,
    strengths: RefCell<Strengths>,
}

impl<'n, 'v> Search<'n, 'v> {
    pub(super) fn new(network: &'n Network<'v>, question: &PathsQuestion) -> Self {
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
    fn give_up(&self) {
        self.given_up.set(true);
    }

    /// Whether there may be paths that were not found, since too many beginnings lead nowhere.
    pub(super) fn is_given_up(&self) -> bool {
        self.given_up.get()
    }

    /// The paths of the answer.
    pub(super) fn best(&self, question: &PathsQuestion) -> Vec<Path<'v>> {
        let mut via = question.via.clone();
        via.sort_unstable();
        via.dedup();
        let blocked = |actor: &Term| self.avoid.contains(actor);
        let mut ends = [self.source, self.target].into_iter().chain(via.clone());
        via.retain(|actor| *actor != self.source && *actor != self.target);
        if self.source == self.target
            || ends.any(|actor| blocked(&actor))
            || !via.iter().all(|actor| self.passable(*actor))
        {
            return Vec::new();
        }
        if !question.diverse {
            return self.some(question, &via, Vec::new(), question.limit);
        }
        let mut found: Vec<Path<'v>> = Vec::new();
        let mut used = Vec::new();
        // Paths without an actor of their own between the ends come again.
        let mut again = 0;
        while found.len() < question.limit {
            let next = self.some(question, &via, used.clone(), again + 1);
            let Some(path) = next.into_iter().find(|path| !found.contains(path)) else {
                break;
            };
            let before = used.len();
            let inner = path.actors.iter().copied();
            used.extend(inner.filter(|actor| {
                ![self.source, self.target].contains(actor) && !via.contains(actor)
            }));
            again += usize::from(used.len() == before);
            found.push(path);
        }
        found
    }

    fn some(
        &self,
        question: &PathsQuestion,
        via: &[Term],
        blocked: Vec<Term>,
        limit: usize,
    ) -> Vec<Path<'v>> {
        let ends = Ends {
            from: self.source,
            to: self.target,
            start: vec![State::at(self.start())],
            max_hops: question.max_hops,
            blocked,
        };
        if !via.is_empty() {
            return through(self, &ends, via, (limit, question.joins_max));
        }
        let mut leg = Leg::new(self, ends, limit);
        (0..limit).map_while(|nth| leg.path(nth).cloned()).collect()
    }

    /// The first paths of a space, at least one if there is one and at most `want`.
    fn first_of(&self, ends: &Ends, space: &Space, want: usize) -> Vec<Path<'v>> {
        match self.mode {
            Mode::Fewest => fewest::fewest(self, ends, space, want),
            Mode::Strongest => strongest::strongest(self, ends, space)
                .into_iter()
                .collect(),
            Mode::Chronological => chronological::chronological(self, ends, space)
                .into_iter()
                .collect(),
        }
    }

    /// The day with which chains start.
    pub(super) fn start(&self) -> i32 {
        self.network.windowed.window().lo().number()
    }

    /// The path that has come no farther than its first actor.
    fn at(&self, actor: Term) -> Path<'v> {
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
    fn states_of(&self, path: &Path<'_>) -> Vec<State> {
        let start = State::at(self.start());
        match (self.mode, self.chains()) {
            (Mode::Fewest | Mode::Strongest, _) => vec![start],
            (Mode::Chronological, Some(chains)) => chains.along(&path.actors, &[start]),
            (Mode::Chronological, None) => {
                let day = i32::try_from(path.rank.first).unwrap_or(i32::MAX);
                vec![State::at(day)]
            }
        }
    }

    /// Two paths as one; the second starts where and when the first ends.
    fn joined(&self, one: &Path<'v>, two: &Path<'v>) -> Path<'v> {
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
    fn ids(&self, actors: &[Term]) -> Vec<&'v str> {
        let view = self.network.view();
        actors.iter().map(|actor| view.text(*actor)).collect()
    }

    /// The records by which a path goes from one actor to another, in the order of time.
    pub(super) fn rows(&self, a: Term, b: Term) -> Vec<(Row, Direction)> {
        let mut rows = self.network.between(a, b);
        rows.retain(|(_, direction)| direction.meets(self.directions));
        rows
    }

    /// The number of records by which a path goes from one actor to another.
    fn records(&self, a: Term, b: Term) -> usize {
        self.network.count(a, b, self.directions)
    }

    /// The dated links of the network, where days alone do not tell how they follow one another.
    pub(super) fn chains(&self) -> Option<&Chains> {
        let directed = self.directions != Direction::ANY;
        let chains = || Chains::of(self.network, directed, self.following);
        self.chains.get_or_init(chains).as_ref()
    }

    /// The dated links of the network.
    pub(super) fn ties(&self) -> &Ties {
        let directed = self.directions != Direction::ANY;
        self.ties.get_or_init(|| Ties::of(self.network, directed))
    }

    /// Whether a path may lead through `actor`.
    pub(super) fn passable(&self, actor: Term) -> bool {
        if self.avoid.contains(&actor) {
            return false;
        }
        let limits_kinds = self.network.sieve.limits_kinds();
        if !limits_kinds && self.max_degree.is_none() {
            return true;
        }
        let known = self.passes.borrow().get(&actor).copied();
        known.unwrap_or_else(|| {
            let passes = (!limits_kinds || self.network.sieve.accepts_kind(actor))
                && self
                    .max_degree
                    .is_none_or(|most| self.network.degree(actor) <= most);
            self.passes.borrow_mut().insert(actor, passes);
            passes
        })
    }

    /// The records that carry a path in chronological order, hop by hop; in other modes none.
    pub(super) fn carriers(&self, path: &Path<'_>) -> Vec<Carrier> {
        let mut chosen: Vec<Carrier> = Vec::new();
        if self.mode != Mode::Chronological {
            return chosen;
        }
        let view = self.network.view();
        let start = self.start();
        if let Some(chains) = self.chains() {
            let course = (Course::Onward, State::at(start));
            let found = chains.carriers(view, &path.actors, course);
            return Carrier::all(view, found.iter().map(|one| (one.row, one.state)));
        }
        for pair in path.actors.windows(2) {
            let &[a, b] = pair else { continue };
            let before = chosen.last();
            let day = before.map_or(start, |before| before.day);
            let before = before.map(|before| before.row);
            chosen.extend(self.carrier((a, b), day, before));
        }
        chosen
    }

    /// The day on which a chain arrives with its last record: where nothing in it has a known
    /// beginning, the known end of that.
    pub(super) fn arrival(&self, last: &Carrier) -> Option<Day> {
        Day::from_number(last.day)
            .filter(|day| *day != Day::MIN)
            .or_else(|| Some(self.network.view().known_days(last.row)?.1))
    }

    /// What stands around paths in the answer.
    fn around(
        &self,
        question: &PathsQuestion,
        describer: &Describer<'v>,
        paths: Vec<PathAnswer<'v>>,
    ) -> PathsAnswer<'v> {
        let ends = vec![self.source, self.target];
        PathsAnswer {
            source: describer.actor(self.source),
            target: describer.actor(self.target),
            mode: question.mode.as_str(),
            paths,
            given_up: self.is_given_up(),
            meta: meta(
                self.network,
                &Selection::Actors(ends, super::Match::Any),
                &question.scope,
            ),
        }
    }

    /// A path, and the records to show for each of its hops, which have none yet.
    fn answer(
        &self,
        question: &PathsQuestion,
        describer: &Describer<'v>,
        path: &Path<'v>,
    ) -> (PathAnswer<'v>, Vec<Shown>) {
        let carriers = self.carriers(path);
        let mut hops: Vec<HopAnswer<'v>> = Vec::with_capacity(path.rank.hops);
        let mut shown = Vec::with_capacity(path.rank.hops);
        for pair in path.actors.windows(2) {
            let &[a, b] = pair else { continue };
            let (hop, rows) = self.hop(question, describer, (a, b), carriers.get(hops.len()));
            hops.push(hop);
            shown.push(Shown { ends: [a, b], rows });
        }
        // The first record follows none.
        for (hop, carrier) in hops.iter_mut().zip(&carriers).skip(1) {
            hop.order = Some(order(carrier.certain));
        }
        let arrival = carriers.last().and_then(|last| self.arrival(last));
        let answer = PathAnswer {
            length: hops.len(),
            records: hops.iter().map(|hop| hop.records).sum(),
            cost: (self.mode == Mode::Strongest).then(|| strongest::shown(path.rank.first)),
            arrival,
            arrival_instant: carriers.last().and_then(|last| last.instant),
            order: arrival.map(|_| order(carriers.iter().all(|carrier| carrier.certain))),
            hops,
        };
        (answer, shown)
    }

    /// The records that link two actors of a path. On a path kinds are of those between its ends, on
    /// a timeline of third actors.
    fn records_url(
        &self,
        question: &PathsQuestion,
        (a, b): (Term, Term),
        narrowed: Narrowed,
    ) -> DrillDown {
        Opened::link(self.network.view(), a, b, &question.scope).only(Only {
            direction: question.directed.then_some(ONWARD),
            narrowed: narrowed.if_any(),
            ..Only::default()
        })
    }

    /// Those of them that cite a source.
    pub(super) fn cited_url(
        &self,
        question: &PathsQuestion,
        hop: (Term, Term),
        source: &str,
    ) -> DrillDown {
        let narrowed = Narrowed {
            cited: Some(source.into()),
            ..Narrowed::default()
        };
        self.records_url(question, hop, narrowed)
    }

    fn hop(
        &self,
        question: &PathsQuestion,
        describer: &Describer<'v>,
        (a, b): (Term, Term),
        carrier: Option<&Carrier>,
    ) -> (HopAnswer<'v>, Vec<Row>) {
        let chosen = carrier.map(|carrier| carrier.row);
        let most = question.evidence + usize::from(chosen.is_some());
        let (records, first) = self.network.first_between(a, b, self.directions, most);
        let others = first.into_iter().filter(|row| Some(*row) != chosen);
        let shown = chosen.into_iter().chain(others).take(question.evidence);
        let rows: Vec<Row> = shown.collect();
        let hop = HopAnswer {
            source: describer.actor(a),
            target: describer.actor(b),
            records,
            more: records - rows.len(),
            records_url: self.records_url(question, (a, b), Narrowed::default()),
            order: None,
            evidence: Vec::new(),
        };
        (hop, rows)
    }
}

/// The records to show for a hop.
struct Shown {
    /// The actors that it links.
    ends: [Term; 2],
    rows: Vec<Row>,
}
