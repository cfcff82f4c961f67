//! How far news travels: whom an actor's could have reached by a day, and from whom an actor could
//! have had it.

use std::cmp::Ordering;

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use super::answer::{LinkOfChain, ReachAnswer, ReachPage};
use super::chains::{ChainRule, ChainState, Chains};
use super::describe::Describer;
use super::filter::Scope;
use super::network::Network;
use super::paths::{Carrier, Mode, PathSearch, PathsQuestion, order};
use super::selection::{ActorMatch, Page, PageOffset, Selection};
use super::temporal_walk::{Arrivals, TimeDirection, WalkRule};
use super::timeline::meta;
use crate::graph::{Row, Term, View};
use crate::model::{Day, Instant};

/// Hops of a chain that a question may set as its bound.
pub const CHAIN_MAX: usize = 100;

/// Whom news can reach, or from whom it can come.
#[derive(Clone, Debug)]
pub struct ReachQuestion {
    /// Where it starts, or where it ends.
    pub origin: Term,
    /// Whether it ends there.
    pub backward: bool,
    /// Within what: news starts no earlier than its window and ends no later.
    pub scope: Scope,
    /// Whether links carry from source to target only.
    pub directed: bool,
    /// Whether records must certainly follow one another, or may.
    pub chains: ChainRule,
    /// Hops of a chain, at most [`CHAIN_MAX`]; unlimited when `None`.
    pub max_hops: Option<usize>,
    /// Actors whom it neither reaches nor passes.
    pub avoid: Vec<Term>,
    /// It goes through no actor that has more neighbours than so many, at most
    /// [`DEGREE_MAX`](super::DEGREE_MAX).
    pub max_degree: Option<usize>,
    /// Which part.
    pub page: Page,
}

/// The actors that news reaches, the first first, each with the chain of records that carries it.
/// Everyone on a chain is reached as early as can be in so few hops (left as late, backward); where
/// several could have passed it on, by the one whose id sorts first. And where the next page starts;
/// `next` of the page is left empty.
pub fn reach<'v>(view: &'v View, question: &ReachQuestion) -> (ReachPage<'v>, Option<PageOffset>) {
    let network = Network::new(view, &question.scope);
    let chronological = PathsQuestion {
        scope: question.scope.clone(),
        mode: Mode::Chronological,
        directed: question.directed,
        avoid: question.avoid.clone(),
        chains: question.chains,
        max_degree: question.max_degree,
        ..PathsQuestion::new(question.origin, question.origin)
    };
    let search = PathSearch::new(&network, &chronological);
    let window = question.scope.window;
    let (course, start) = if question.backward {
        (TimeDirection::Backward, window.hi().number())
    } else {
        (TimeDirection::Onward, window.lo().number())
    };
    let passable = |actor| search.passable(actor);
    let walk = WalkRule {
        course,
        origin: search.source,
        day: start,
        last: None,
        max_hops: question.max_hops,
        until: None,
        blocked: &question.avoid,
        taken: &[],
        passable: &passable,
        goes_first: &|one, two| view.text(one) < view.text(two),
    };
    let is_avoided = question.avoid.contains(&search.source);
    let found = ReachDescriber {
        search: &search,
        course,
        start,
    };
    let end = question.page.offset.saturating_add(question.page.limit);
    let describer = Describer::new(view, question.scope.scheme);
    let (items, total) = if is_avoided {
        (Vec::new(), 0)
    } else if let Some(chains) = search.chains() {
        found.by_chains(&describer, (chains, &walk), question.page)
    } else {
        let reached = search.ties().spread(&walk);
        found.by_days(&describer, &reached, question.page)
    };
    let answer = ReachPage {
        origin: describer.actor(search.source),
        direction: if question.backward {
            "backward"
        } else {
            "forward"
        },
        items,
        total,
        next: None,
        meta: meta(
            &network,
            &Selection::Actors(vec![search.source], ActorMatch::Any),
            &question.scope,
        ),
    };
    (answer, (end < total).then_some(end))
}

/// An actor that is reached: the day on the course, the hops, who.
type ArrivalKey = (i32, usize, Term);

/// The links made so far, by all that decides on one: the two actors, the day, the record before.
/// Chains share where they begin.
type LinkCache<'v> = HashMap<(Term, Term, i32, Option<Row>), (Carrier, LinkOfChain<'v>)>;

/// What puts the actors that a question reaches into words.
struct ReachDescriber<'s, 'n, 'v> {
    search: &'s PathSearch<'n, 'v>,
    course: TimeDirection,
    start: i32,
}

impl<'v> ReachDescriber<'_, '_, 'v> {
    /// A page of the actors that are reached by days alone, and how many there are.
    fn by_days(
        &self,
        describer: &Describer<'v>,
        reached: &Arrivals,
        page: Page,
    ) -> (Vec<ReachAnswer<'v>>, usize) {
        let (all, total) = self.ranked(reached, page);
        let mut made = LinkCache::new();
        // Whoever was reached has a chain.
        let items = page.slice(&all).0.iter().filter_map(|found| {
            let chain = self.chain(reached, found.2);
            self.answer(describer, *found, &chain, &mut made)
        });
        (items.collect(), total)
    }

    /// The same where days alone do not tell.
    fn by_chains(
        &self,
        describer: &Describer<'v>,
        (chains, walk): (&Chains, &WalkRule<'_>),
        page: Page,
    ) -> (Vec<ReachAnswer<'v>>, usize) {
        let view = self.search.network.view();
        let start = ChainState::at(self.course.day(self.start));
        let labels = chains.spread(view, walk, &[start]);
        let mut all: Vec<(Term, ChainState, usize)> = labels.actors().collect();
        all.sort_by_key(|(actor, state, hops)| {
            (state.day, state.instant, *hops, view.text(*actor))
        });
        let items = page.slice(&all).0.iter().map(|(actor, state, hops)| {
            let mut chain = labels.chain(*actor);
            let mut records = chains.carriers(view, &chain, (self.course, start));
            if self.course == TimeDirection::Backward {
                chain.reverse();
                records.reverse();
            }
            let carriers = Carrier::all(view, records.iter().map(|one| (one.row, one.state)));
            let links = chain.windows(2).zip(&carriers).enumerate();
            // What can't be read has been reported.
            let links = links.filter_map(|(place, (pair, carried))| {
                let &[a, b] = pair else { return None };
                self.link(describer, (a, b), place > 0, *carried)
            });
            let day = self.course.day(state.day);
            let latest = state.latest().map(|instant| match self.course {
                TimeDirection::Onward => instant,
                TimeDirection::Backward => Instant::from_number(-instant.number()),
            });
            ReachAnswer {
                actor: describer.actor(*actor),
                day: self.day(day, carriers.last()),
                instant: latest,
                hops: *hops,
                order: order(carriers.iter().all(|carried| carried.certain)),
                chain: links.collect(),
            }
        });
        (items.collect(), all.len())
    }

    /// The day of an actor in words: where nothing in its chain has a known beginning, the known end of
    /// the last record; backward none, where nothing has an end.
    fn day(&self, day: i32, last: Option<&Carrier>) -> Option<Day> {
        let known = Day::from_number(day).filter(|day| ![Day::MIN, Day::MAX].contains(day));
        match self.course {
            TimeDirection::Onward => known.or_else(|| self.search.arrival(last?)),
            TimeDirection::Backward => known,
        }
    }

    /// The actors that are reached in order, as far as the page goes, and how many there are.
    fn ranked(&self, reached: &Arrivals, page: Page) -> (Vec<ArrivalKey>, usize) {
        let view = self.search.network.view();
        let mut all: Vec<ArrivalKey> = Vec::with_capacity(reached.most());
        all.extend(reached.actors());
        let total = all.len();
        let end = page.offset.saturating_add(page.limit);
        if end < total {
            // By numbers alone at first: of those that are alike, all stay until their ids decide.
            let (_, last, _) = all.select_nth_unstable_by_key(end, |found| (found.0, found.1));
            let last = (last.0, last.1);
            all.retain(|found| (found.0, found.1) <= last);
        }
        let compare = |one: &ArrivalKey, two: &ArrivalKey| -> Ordering {
            let numbers = (one.0, one.1).cmp(&(two.0, two.1));
            numbers.then_with(|| view.text(one.2).cmp(view.text(two.2)))
        };
        all.sort_unstable_by(compare);
        all.truncate(end);
        (all, total)
    }

    /// The actors of the chain, in the order in which news passes them.
    fn chain(&self, reached: &Arrivals, actor: Term) -> Vec<Term> {
        let mut chain = reached.chain(actor);
        if self.course == TimeDirection::Onward {
            chain.reverse();
        }
        chain
    }

    fn answer(
        &self,
        describer: &Describer<'v>,
        (day, hops, actor): ArrivalKey,
        chain: &[Term],
        made: &mut LinkCache<'v>,
    ) -> Option<ReachAnswer<'v>> {
        let day = self.course.day(day);
        let mut before: Option<Carrier> = None;
        let mut links = Vec::with_capacity(hops);
        let mut is_certain = true;
        let start = match self.course {
            TimeDirection::Onward => self.start,
            TimeDirection::Backward => day,
        };
        for pair in chain.windows(2) {
            let &[a, b] = pair else { continue };
            let at = before.map_or(start, |before| before.day);
            let key = (a, b, at, before.map(|before| before.row));
            let (carried, link) = match made.entry(key) {
                Entry::Occupied(made) => made.get().clone(),
                Entry::Vacant(vacant) => {
                    let carried = self.search.carrier((a, b), at, key.3)?;
                    let link = self.link(describer, (a, b), before.is_some(), carried)?;
                    vacant.insert((carried, link)).clone()
                }
            };
            is_certain &= carried.certain;
            before = Some(carried);
            links.push(link);
        }
        Some(ReachAnswer {
            actor: describer.actor(actor),
            day: self.day(day, before.as_ref()),
            instant: None,
            hops,
            order: order(is_certain),
            chain: links,
        })
    }

    /// A link of a chain in words; the first one follows nothing.
    fn link(
        &self,
        describer: &Describer<'v>,
        (a, b): (Term, Term),
        follows: bool,
        carried: Carrier,
    ) -> Option<LinkOfChain<'v>> {
        let network = self.search.network;
        Some(LinkOfChain {
            source: describer.actor(a),
            target: describer.actor(b),
            order: follows.then(|| order(carried.certain)),
            record: describer.record(carried.row, network.via(carried.row, &[a, b]))?,
        })
    }
}
