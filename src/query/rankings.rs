//! The actors of a window's network, ranked by how they are linked.

use std::collections::VecDeque;

use super::adjacency::Adjacency;
use super::answer::{RankedAnswer, RankingPage, SampledAnswer};
use super::describe::actor_brief;
use super::drill_down::DrillDownBase;
use super::filter::Scope;
use super::network::Network;
use super::selection::{ActorMatch, Page, PageOffset, Selection};
use super::shuffle::Shuffle;
use super::timeline::meta;
use crate::graph::{Direction, View};
use crate::invariant::{Holds as _, number_32};

/// What holds of whoever is ranked, and of what is handed on to him.
const RANKED: &str = "whoever is ranked is an actor with a score";
const GIVEN: &str = "those who hand on are listed within all";
/// The share of a rank that is handed on along links.
const DAMPING: f64 = 0.85;
/// Ranks are done when one round changes all of them together by less than this share of them. No rank
/// is then further from the exact one than this times 0.85 / 0.15, and to make them add up to 1 at
/// most doubles that: it is less than [`PAGERANK_ERROR`].
const PAGERANK_TOLERANCE: f64 = 8e-12;
/// How far a `PageRank` may be off.
const PAGERANK_ERROR: f64 = 1e-10;
/// Rounds after which ranks are taken as they are; 0.85 to this power is below the tolerance.
const PAGERANK_ROUNDS_MAX: usize = 200;
/// By how much rounding may change the betweenness of an actor, for each actor of the network: shares of
/// paths are added up once for each start, with a few roundings each.
const BETWEENNESS_ROUNDING: f64 = 8.0 * f64::EPSILON;
/// Steps along links that exact betweenness takes as a rule.
pub const BETWEENNESS_STEPS_MAX: usize = 50_000_000;
/// Actors that a sample has at the least.
const PIVOTS_MIN: usize = 64;
/// The probability with which the bound of a sample holds.
const CONFIDENCE: f64 = 0.95;

/// What actors are ranked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RankingMeasure {
    /// The number of neighbours.
    Degree,
    /// The records in links.
    WeightedDegree,
    /// `PageRank` along directed links.
    PageRank,
    /// The share of shortest paths that lead through an actor.
    Betweenness,
}

impl RankingMeasure {
    /// All measures.
    pub const ALL: [Self; 4] = [
        Self::Degree,
        Self::WeightedDegree,
        Self::PageRank,
        Self::Betweenness,
    ];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Degree => "degree",
            Self::WeightedDegree => "weighted_degree",
            Self::PageRank => "pagerank",
            Self::Betweenness => "betweenness",
        }
    }

    /// How the scores are worked out.
    const fn method(self) -> &'static str {
        match self {
            Self::Degree => "the number of actors that at least one record links with the actor",
            Self::WeightedDegree => {
                "the number of records that link the actor with each other actor, summed over \
                 all of them"
            }
            Self::PageRank => {
                "PageRank (Brin and Page 1998) on the simple directed graph: damping 0.85; \
                 links between equals count in both directions; an actor without outgoing links \
                 passes its rank to all actors"
            }
            Self::Betweenness => {
                "betweenness (Brandes 2001) on the simple undirected graph: the share of the \
                 shortest paths between others that lead through the actor, from 0 to 1"
            }
        }
    }
}

/// Who matters in a network.
#[derive(Clone, Debug)]
pub struct RankingsQuestion {
    /// By what.
    pub by: RankingMeasure,
    /// Within what. The filter on kinds of actor is of the actors ranked, and leaves the others out of
    /// the network.
    pub scope: Scope,
    /// The seed of a sample.
    pub seed: u64,
    /// Which part.
    pub page: Page,
}

/// The actors ranked: the highest score first, and by id where scores differ by no more than they may be off; and where the next page starts. `next` of
/// the page is left empty.
pub fn rankings<'v>(
    view: &'v View,
    question: &RankingsQuestion,
) -> (RankingPage<'v>, Option<PageOffset>) {
    rankings_within(view, question, BETWEENNESS_STEPS_MAX)
}

/// The same, where betweenness may take so many steps along links until it is estimated from a
/// sample.
pub fn rankings_within<'v>(
    view: &'v View,
    question: &RankingsQuestion,
    steps_max: usize,
) -> (RankingPage<'v>, Option<PageOffset>) {
    let scope = &question.scope;
    let network = Network::new(view, scope);
    let adjacency = Adjacency::from_network(&network, scope);
    let (scores, sampled) = score(&adjacency, question, steps_max);
    let error = match question.by {
        RankingMeasure::Degree | RankingMeasure::WeightedDegree => 0.0,
        RankingMeasure::PageRank => PAGERANK_ERROR,
        RankingMeasure::Betweenness => BETWEENNESS_ROUNDING * number(adjacency.len()),
    };
    let ranked = ranked(&scores, error);
    let (page, next) = question.page.slice(&ranked);
    let unkind = scope.of_all_kinds();
    let standing = Network::new(view, &unkind);
    let items = page.iter().filter_map(|&(place, rank)| {
        let actor = *adjacency.actors.get(place).holds(RANKED)?;
        let selection = Selection::Actors(vec![actor], ActorMatch::Any);
        Some(RankedAnswer {
            actor: actor_brief(view, actor),
            score: scores.get(place).copied().holds(RANKED)?,
            rank,
            records: standing.total_of(actor),
            records_url: DrillDownBase::timeline(view, &selection, &unkind).all(),
        })
    });
    let page = RankingPage {
        by: question.by.as_str(),
        items: items.collect(),
        total: ranked.len(),
        next: None,
        method: question.by.method(),
        error,
        sampled,
        meta: meta(&network, &Selection::Everything, scope),
    };
    (page, next)
}

/// The places of actors with their ranks, from 1: the highest score first. A new rank starts where a score
/// is lower than the one before by more than twice what scores may be off; within one, places ascend, so
/// ids do.
fn ranked(scores: &[f64], error: f64) -> Vec<(usize, usize)> {
    let mut order: Vec<(f64, usize)> = scores.iter().copied().zip(0..).collect();
    order.sort_unstable_by(|one, two| two.0.total_cmp(&one.0).then(one.1.cmp(&two.1)));
    let mut ranked = Vec::with_capacity(order.len());
    for alike in order.chunk_by(|before, after| before.0 - after.0 <= 2.0 * error) {
        let rank = ranked.len() + 1;
        let mut places: Vec<usize> = alike.iter().map(|(_, place)| *place).collect();
        places.sort_unstable();
        ranked.extend(places.into_iter().map(|place| (place, rank)));
    }
    ranked
}

/// The scores of all actors, by place.
fn score(
    adjacency: &Adjacency,
    question: &RankingsQuestion,
    steps_max: usize,
) -> (Vec<f64>, Option<SampledAnswer>) {
    let places = 0..adjacency.len();
    match question.by {
        RankingMeasure::Degree => {
            let degrees = places.map(|at| number(adjacency.ends(at).len()));
            (degrees.collect(), None)
        }
        RankingMeasure::WeightedDegree => {
            let weights = places.map(|at| {
                adjacency
                    .ends(at)
                    .iter()
                    .map(|end| f64::from(end.records))
                    .sum()
            });
            (weights.collect(), None)
        }
        RankingMeasure::PageRank => (pagerank(adjacency), None),
        RankingMeasure::Betweenness => betweenness(adjacency, steps_max, question.seed),
    }
}

/// A count as a score.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of actors are far below 2^52"
)]
fn number(count: usize) -> f64 {
    count as f64
}

/// `PageRank` of each actor, by place; the ranks add up to 1.
///
/// An actor who hands rank to nobody in particular hands it to all alike, as the random jump does. So
/// such actors make all ranks larger by the same factor, and since the ranks are made to add up to 1
/// in the end, they are left out of the rounds: without what goes round through them, ranks settle in
/// half the rounds.
fn pagerank(adjacency: &Adjacency) -> Vec<f64> {
    let outgoing = Direction::FORWARD.or(Direction::WITH);
    let incoming = Direction::BACKWARD.or(Direction::WITH);
    let actors = adjacency.len();
    // Those who hand rank on, numbered in the order of places.
    let mut ranks = Ranks::default();
    let mut numbers = Vec::with_capacity(actors);
    for at in 0..actors {
        let ends = adjacency.ends(at).iter();
        let takers = ends.filter(|end| end.directions.meets(outgoing)).count();
        numbers.push(ranks.takers.len());
        if takers > 0 {
            ranks.takers.push(number(takers));
        }
    }
    let hands_on = |at: usize| {
        let (this, next) = (numbers.get(at), numbers.get(at + 1));
        this.copied() != Some(next.copied().unwrap_or(ranks.takers.len()))
    };
    // Who hands rank to each, end to end, so that a round reads straight on: first to those who hand
    // it on, then to the others.
    let mut givers: Vec<u32> = Vec::with_capacity(2 * adjacency.links());
    let mut ends_of = Vec::with_capacity(actors);
    let mut places = Vec::with_capacity(actors);
    for handing in [true, false] {
        for at in (0..actors).filter(|at| hands_on(*at) == handing) {
            let ends = adjacency.ends(at).iter();
            let from = ends.filter(|end| end.directions.meets(incoming));
            // Who hands nothing on has no number.
            let numbered = from.filter_map(|end| numbers.get(end.to as usize));
            givers.extend(numbered.map(|number| number_32(*number)));
            ends_of.push(givers.len());
            places.push(at);
        }
    }
    ranks.givers = givers;
    ranks.ends = ends_of;
    let jump = (1.0 - DAMPING) / number(actors);
    ranks.handed = ranks.takers.iter().map(|takers| jump / takers).collect();
    for _ in 0..PAGERANK_ROUNDS_MAX {
        let (change, sum) = ranks.round(jump);
        if change <= PAGERANK_TOLERANCE * sum {
            break;
        }
    }
    let found: Vec<f64> = ranks.given().map(|given| jump + DAMPING * given).collect();
    let sum: f64 = found.iter().sum();
    let mut of_place = vec![0.0; actors];
    for (at, rank) in places.iter().zip(&found) {
        if let Some(of_place) = of_place.get_mut(*at) {
            *of_place = rank / sum;
        }
    }
    of_place
}

/// Ranks on their way.
#[derive(Default)]
struct Ranks {
    /// Where those who hand rank to each actor end in `givers`; first the actors who hand it on.
    ends: Vec<usize>,
    givers: Vec<u32>,
    /// To how many each actor hands rank, of those who do.
    takers: Vec<f64>,
    /// What each of these hands to every taker.
    handed: Vec<f64>,
}

impl Ranks {
    /// Hands all ranks on once, a new one in the same round (Gauss and Seidel), and gives by how much
    /// that changed them together, and their sum. What a round hands on late it changes by at most 0.85
    /// of the change before: so the change bounds how far ranks are from the exact ones as well as
    /// if every rank had been of the round before.
    fn round(&mut self, jump: f64) -> (f64, f64) {
        let (mut change, mut sum) = (0.0, 0.0);
        let mut start = 0;
        for (at, (takers, end)) in self.takers.iter().zip(&self.ends).enumerate() {
            let givers = self
                .givers
                .get(start..*end)
                .holds(GIVEN)
                .unwrap_or_default();
            start = *end;
            let rank = jump + DAMPING * given(&self.handed, givers);
            let next = rank / takers;
            if let Some(handed) = self.handed.get_mut(at) {
                change += (next - *handed).abs() * takers;
                *handed = next;
            }
            sum += rank;
        }
        (change, sum)
    }

    /// What is handed to each actor.
    fn given(&self) -> impl Iterator<Item = f64> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(start, end)| {
            let givers = self
                .givers
                .get(*start..*end)
                .holds(GIVEN)
                .unwrap_or_default();
            given(&self.handed, givers)
        })
    }
}

fn given(handed: &[f64], givers: &[u32]) -> f64 {
    let each = givers.iter().map(|from| handed.get(*from as usize));
    // Not reported, since it is asked a hundred times of each link: givers are places of `handed`.
    each.map(|handed| handed.copied().unwrap_or_default()).sum()
}

/// The betweenness of each actor, by place. When that takes more than `steps_max` steps, it is
/// estimated from the shortest paths that start at some of the actors.
fn betweenness(
    adjacency: &Adjacency,
    steps_max: usize,
    seed: u64,
) -> (Vec<f64>, Option<SampledAnswer>) {
    let actors = adjacency.len();
    let mut scores = vec![0.0; actors];
    if actors < 3 {
        return (scores, None);
    }
    let steps = 2 * adjacency.links() + actors;
    let pivots = (steps_max / steps).max(PIVOTS_MIN);
    let mut starts: Vec<usize> = (0..actors).collect();
    let sampled = pivots < actors;
    if sampled {
        Shuffle::seeded(seed).first(&mut starts, pivots);
        starts.truncate(pivots);
        starts.sort_unstable();
    }
    let mut walk = ShortestPathTree::new(actors);
    for start in &starts {
        walk.from(adjacency, *start, &mut scores);
    }
    let (all, used) = (number(actors), number(starts.len()));
    let scale = all / used / ((all - 1.0) * (all - 2.0));
    for score in &mut scores {
        *score *= scale;
    }
    let note = sampled.then(|| SampledAnswer {
        pivots,
        of: actors,
        seed,
        // The paths from one pivot give each actor between 0 and n / (n - 1): Hoeffding's inequality,
        // which holds for draws without replacement too, and all actors at once.
        bound: all / (all - 1.0) * ((2.0 * all / (1.0 - CONFIDENCE)).ln() / (2.0 * used)).sqrt(),
        confidence: CONFIDENCE,
    });
    (scores, note)
}

/// Shortest paths from one actor to all others.
struct ShortestPathTree {
    /// Hops from the start; `u32::MAX` where none lead.
    hops: Vec<u32>,
    /// The number of shortest paths.
    paths: Vec<f64>,
    /// The share of paths that go on from here.
    onward: Vec<f64>,
    /// The actors reached, the nearest first.
    order: Vec<usize>,
    next: VecDeque<usize>,
}

impl ShortestPathTree {
    fn new(actors: usize) -> Self {
        Self {
            hops: vec![u32::MAX; actors],
            paths: vec![0.0; actors],
            onward: vec![0.0; actors],
            order: Vec::with_capacity(actors),
            next: VecDeque::new(),
        }
    }

    /// Adds to each actor's score the share of the shortest paths from `start` that lead through it.
    #[expect(
        clippy::indexing_slicing,
        reason = "places of one adjacency, in arrays of its length"
    )]
    fn from(&mut self, adjacency: &Adjacency, start: usize, scores: &mut [f64]) {
        self.hops.fill(u32::MAX);
        self.paths.fill(0.0);
        self.onward.fill(0.0);
        self.order.clear();
        self.hops[start] = 0;
        self.paths[start] = 1.0;
        self.next.push_back(start);
        while let Some(at) = self.next.pop_front() {
            self.order.push(at);
            for end in adjacency.ends(at) {
                let to = end.to as usize;
                if self.hops[to] == u32::MAX {
                    self.hops[to] = self.hops[at] + 1;
                    self.next.push_back(to);
                }
                if self.hops[to] == self.hops[at] + 1 {
                    self.paths[to] += self.paths[at];
                }
            }
        }
        for &at in self.order.iter().rev() {
            let share = (1.0 + self.onward[at]) / self.paths[at];
            for end in adjacency.ends(at) {
                let before = end.to as usize;
                if self.hops[before] != u32::MAX && self.hops[before] + 1 == self.hops[at] {
                    self.onward[before] += self.paths[before] * share;
                }
            }
            if at != start {
                scores[at] += self.onward[at];
            }
        }
    }
}
