//! Paths, how far news travels, and what connections rest on: by looking at every simple path.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chancery::model::{Id, Kind, Record};
use chancery::query::{ChainRule, Filter, Mode, Rollup, Scope};

use super::answers::{Reference, calendar, days, show};
use super::store::{Entry, find};
use super::time::{FIRST_DAY, LAST_DAY, Stand, When};
use super::world::{Chosen, ParseId as _, Spread, Ways};

/// A record as it is named here.
pub(crate) type Key = (Kind, String);

/// A path: its actors, and the records of each hop as they are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Route {
    pub(crate) actors: Vec<String>,
    pub(crate) hops: Vec<Vec<Key>>,
    pub(crate) cost: Option<f64>,
    pub(crate) arrival: Option<String>,
    /// The greatest instant of the records chosen.
    pub(crate) instant: Option<i64>,
    /// Of the whole path, and of each hop after the first.
    pub(crate) order: Option<String>,
    pub(crate) orders: Vec<Option<String>>,
}

/// An actor that news reaches: who, when, in how many hops, by which chain.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Far {
    pub(crate) actor: String,
    pub(crate) day: Option<String>,
    pub(crate) instant: Option<i64>,
    pub(crate) hops: usize,
    pub(crate) chain: Chain,
}

/// The actors and the records of a chain, and whether each record certainly follows the one before.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Chain {
    pub(crate) order: String,
    pub(crate) actors: Vec<String>,
    pub(crate) records: Vec<Key>,
}

/// What a connection rests on: the paths, each source with records and hops and whether it breaks the
/// connection, and the fewest sources that do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rest {
    pub(crate) paths: usize,
    pub(crate) sources: BTreeMap<String, (usize, usize, bool)>,
    pub(crate) fewest: Option<Vec<String>>,
}

impl Bounds {
    fn for_question(asked: &Spread) -> Self {
        Self {
            directed: asked.directed,
            avoid: asked.avoid.iter().map(|id| id.parse_id()).collect(),
            max_degree: asked.max_degree,
        }
    }
}

/// A hop of a path: the records, in the order of time.
pub(crate) type Hop<'a> = Vec<&'a Entry>;
pub(crate) type Hops<'a> = BTreeMap<(Id, Id), Hop<'a>>;

/// What a path must keep to.
struct Bounds {
    directed: bool,
    avoid: Vec<Id>,
    max_degree: Option<usize>,
}

impl<'a> Reference<'a> {
    pub(crate) fn hops(&self, directed: bool) -> Hops<'a> {
        let mut hops = Hops::new();
        let everyone = self.everyone();
        for a in &everyone {
            for b in &everyone {
                let rows = self.between(a, b);
                let counted = rows
                    .iter()
                    .filter(|(_, ways)| ways[0] || ways[2] || !directed);
                let entries: Hop<'_> = counted.map(|(entry, _)| *entry).collect();
                if !entries.is_empty() {
                    hops.insert((a.clone(), b.clone()), entries);
                }
            }
        }
        hops
    }

    /// Whether a path may lead through an actor.
    fn lets_through(&self, bounds: &Bounds, actor: &Id) -> bool {
        let kinds = &self.filter().kinds;
        let degree = || {
            let everyone = self.everyone();
            let linked = everyone
                .iter()
                .filter(|b| !self.between(actor, b).is_empty());
            linked.count()
        };
        !bounds.avoid.contains(actor)
            && (kinds.is_empty() || kinds.contains(&self.kind_of(actor)))
            && bounds.max_degree.is_none_or(|most| degree() <= most)
    }

    /// All simple paths between two actors.
    fn simple(
        &self,
        hops: &Hops<'a>,
        bounds: &Bounds,
        (source, target): (&Id, &Id),
        max_hops: usize,
    ) -> Vec<Vec<Id>> {
        let mut all = Vec::new();
        let ends = [source, target];
        if source != target && !ends.iter().any(|end| bounds.avoid.contains(end)) {
            let open: BTreeSet<Id> = self
                .everyone()
                .into_iter()
                .filter(|actor| self.lets_through(bounds, actor))
                .collect();
            walk(
                hops,
                &open,
                target,
                max_hops,
                &mut vec![source.clone()],
                &mut all,
            );
        }
        all
    }

    pub(crate) fn paths(&self, asked: &Ways) -> (String, String, Vec<Route>) {
        let (source, target, found) = self.best(asked);
        let hops = self.hops(asked.directed);
        let routes = found.iter().map(|path| self.route(asked, &hops, path));
        (source.to_string(), target.to_string(), routes.collect())
    }

    fn best(&self, asked: &Ways) -> (Id, Id, Vec<Vec<Id>>) {
        let [source, target] = [&asked.source, &asked.target].map(|id| self.path_end(id));
        let ids = |ids: &[String]| -> Vec<Id> { ids.iter().map(|id| id.parse_id()).collect() };
        let via = ids(&asked.via);
        let bounds = Bounds {
            directed: asked.directed,
            avoid: ids(&asked.avoid),
            max_degree: asked.max_degree,
        };
        let hops = self.hops(bounds.directed);
        let mut all = self.simple(&hops, &bounds, (&source, &target), asked.max_hops);
        all.retain(|path| via.iter().all(|actor| path.contains(actor)));
        let start = self.window().0;
        let mut ranked: Vec<_> = all
            .into_iter()
            .filter_map(|path| {
                let steps = steps(&hops, &path);
                let records: usize = steps.iter().map(|hop| hop.len()).sum();
                let count = |hop: &&Hop<'_>| i128::try_from(hop.len()).unwrap();
                let counts: Vec<i128> = steps.iter().map(count).collect();
                let rank = match asked.mode {
                    Mode::Fewest => (Fraction(0, 1), None, path.len(), Reverse(records)),
                    Mode::Strongest => (Fraction::sum(&counts), None, path.len(), Reverse(records)),
                    Mode::Chronological => {
                        let (day, instant) = Course::on(start, asked.chains).best(&steps)?;
                        (Fraction(day.into(), 1), instant, path.len(), Reverse(0))
                    }
                };
                Some((rank, path))
            })
            .collect();
        ranked.sort();
        let mut found: Vec<Vec<Id>> = Vec::new();
        for (_, path) in ranked {
            let own = |path: &Vec<Id>| -> BTreeSet<Id> {
                let inner = path[1..path.len() - 1].iter();
                inner
                    .filter(|actor| !via.contains(actor))
                    .cloned()
                    .collect()
            };
            let apart = found
                .iter()
                .all(|other| own(other).is_disjoint(&own(&path)));
            if found.len() < asked.limit && (apart || !asked.diverse) {
                found.push(path);
            }
        }
        (source, target, found)
    }

    fn route(&self, asked: &Ways, hops: &Hops<'a>, path: &[Id]) -> Route {
        let mode = asked.mode;
        let steps = steps(hops, path);
        let mut route = Route {
            actors: path.iter().map(ToString::to_string).collect(),
            hops: steps
                .iter()
                .map(|hop| hop.iter().map(|e| key(e)).collect())
                .collect(),
            orders: vec![None; steps.len()],
            ..Route::default()
        };
        if mode == Mode::Strongest {
            let of_hop = |hop: &&Hop<'_>| 1.0 / f64::from(u32::try_from(hop.len()).unwrap());
            let cost: f64 = steps.iter().map(of_hop).sum();
            route.cost = Some((cost * 1e9).round() / 1e9);
        }
        if mode == Mode::Chronological {
            let course = Course::on(self.window().0, asked.chains);
            let carriers = course.carriers(&steps);
            let best = course.best(&steps).unwrap();
            let last = carriers.last().map(|(entry, _)| *entry).unwrap();
            route.arrival = Some(arrival_day(best.0, last));
            route.instant = best.1;
            route.order = Some(word(carriers.iter().all(|(_, certain)| *certain)));
            for (at, (entry, certain)) in carriers.iter().enumerate() {
                let chosen = key(entry);
                route.hops[at].retain(|other| *other != chosen);
                route.hops[at].insert(0, chosen);
                route.orders[at] = (at > 0).then(|| word(*certain));
            }
        }
        route
    }

    /// Under roll-up whoever stands for one state or body in the window is that at a path's end.
    pub(crate) fn path_end(&self, actor: &str) -> Id {
        let actor = actor.parse_id();
        if self.scope.rollup == Rollup::None {
            return actor;
        }
        let ways = self.ways_up(&actor, self.window());
        let tops: BTreeSet<&Id> = ways
            .iter()
            .filter_map(|way| way.last().map(|(top, _)| top))
            .collect();
        match tops.into_iter().collect::<Vec<_>>().as_slice() {
            [top] => (*top).clone(),
            _ => actor,
        }
    }

    /// Everyone whom news of an actor reaches, or from whom news comes to him; how many, and where
    /// the next page starts.
    pub(crate) fn reach(&self, asked: &Spread) -> (String, Vec<Far>, usize, Option<usize>) {
        let origin = self.path_end(&asked.origin);
        let bounds = Bounds::for_question(asked);
        let hops = self.hops(bounds.directed);
        let (lo, hi) = self.window();
        let course = Course::for_window(asked, (lo, hi));
        let mut spread = Chains {
            course: &course,
            origin: origin.clone(),
            hops: &hops,
            reached: BTreeMap::new(),
        };
        let mut found = Vec::new();
        for actor in self.everyone() {
            let ends = if asked.backward {
                (&actor, &origin)
            } else {
                (&origin, &actor)
            };
            let all = self.simple(&hops, &bounds, ends, asked.max_hops.unwrap_or(usize::MAX));
            let timed: Vec<(Come, usize)> = all
                .iter()
                .filter_map(|path| {
                    let steps = steps(&hops, path);
                    Some((course.best(&steps)?, steps.len()))
                })
                .collect();
            let best = timed.iter().min().copied();
            found.extend(best.map(|(come, hops)| (come, hops, actor.clone())));
            if self.lets_through(&bounds, &actor) {
                spread.reached.insert(actor, timed);
            }
        }
        found.sort();
        let (total, end) = (found.len(), asked.page.offset + asked.page.limit);
        let shown = found
            .into_iter()
            .skip(asked.page.offset)
            .take(asked.page.limit);
        let by_days = tells_by_days(asked, &hops);
        let far = shown.map(|(come, len, actor)| {
            let chain = if by_days {
                spread.by_days(&actor, come.0, len, lo)
            } else {
                Chain::default()
            };
            let (day, instant) = if asked.backward {
                (-come.0, come.1.map(|instant| -instant))
            } else {
                come
            };
            // Where no first day is known, the known end of the last record is shown, whichever it is.
            let is_known = day != LAST_DAY && (by_days || day != FIRST_DAY);
            Far {
                actor: actor.to_string(),
                day: match chain.records.last() {
                    Some((kind, id)) if day == FIRST_DAY => {
                        let last = find(self.entries, &(*kind, id.parse_id())).unwrap();
                        Some(arrival_day(day, last))
                    }
                    _ => is_known.then(|| show(calendar(day))),
                },
                instant,
                hops: len,
                chain,
            }
        });
        let far = far.collect();
        (origin.to_string(), far, total, (end < total).then_some(end))
    }

    /// What is found of a question, but for what may be told in several ways: by which records news comes
    /// where days alone don't tell.
    pub(crate) fn comparable(&self, asked: &Spread, found: Vec<Far>) -> Vec<Far> {
        if tells_by_days(asked, &self.hops(asked.directed)) {
            return found;
        }
        let bare = found.into_iter().map(|far| Far {
            day: far
                .day
                .filter(|_| !self.has_no_first_day(asked, &far.chain)),
            chain: Chain::default(),
            ..far
        });
        bare.collect()
    }

    /// Whether no record of a chain has a known first day, nor the window.
    fn has_no_first_day(&self, asked: &Spread, chain: &Chain) -> bool {
        let stands = self.stands(&chain.records);
        !asked.backward
            && self.window().0 == FIRST_DAY
            && stands.iter().all(|stand| stand.first == FIRST_DAY)
    }

    fn stands(&self, records: &[Key]) -> Vec<Stand> {
        let of = |(kind, id): &Key| {
            let entry = find(self.entries, &(*kind, id.parse_id())).unwrap();
            When::from_record(&entry.record).unwrap().stand()
        };
        records.iter().map(of).collect()
    }

    /// A chain that is shown leads where it says, over records that link its actors, in an order that is
    /// asked for, and comes to the day and the instant that are told.
    pub(crate) fn holds_chain(&self, asked: &Spread, far: &Far, about: &str) {
        let about = format!("{far:?}: {about}");
        let hops = self.hops(asked.directed);
        let chain = &far.chain;
        assert_eq!(chain.records.len(), far.hops, "{about}");
        for (pair, record) in chain.actors.windows(2).zip(&chain.records) {
            let hop = &hops[&(pair[0].parse_id(), pair[1].parse_id())];
            assert!(hop.iter().any(|entry| key(entry) == *record), "{about}");
        }
        let stands = self.stands(&chain.records);
        let (lo, hi) = self.window();
        let is_certain = stands
            .windows(2)
            .all(|pair| pair[0].surely_precedes(pair[1]));
        assert_eq!(chain.order, word(is_certain), "{about}");
        if asked.chains == ChainRule::Certain {
            assert!(is_certain, "{about}");
        }
        for (at, later) in stands.iter().enumerate() {
            for earlier in &stands[..at] {
                assert!(earlier.may_precede(*later), "{about}");
            }
        }
        let instants = stands.iter().filter_map(|stand| stand.instant);
        let (day, instant) = if asked.backward {
            let day = stands.iter().map(|stand| stand.last).min().unwrap();
            (day.min(hi), instants.min())
        } else {
            let day = stands.iter().map(|stand| stand.first).max().unwrap();
            (day.max(lo), instants.max())
        };
        assert_eq!(far.instant, instant, "{about}");
        let last = chain.records.last().unwrap();
        let last = find(self.entries, &(last.0, last.1.parse_id())).unwrap();
        let shown = if asked.backward {
            (day != LAST_DAY).then(|| show(calendar(day)))
        } else {
            Some(arrival_day(day, last))
        };
        assert_eq!(far.day, shown, "{about}");
    }

    /// What paths rest on, by leaving out every set of sources.
    pub(crate) fn explain(&self, asked: &Ways) -> Rest {
        let (_, _, found) = self.best(asked);
        let hops = self.hops(asked.directed);
        let believed = |record: &Record| -> BTreeSet<String> {
            let all = record.sources().iter().map(|c| &c.source);
            let believed = all.filter(|source| !self.filter().excluded.contains(source));
            believed.map(ToString::to_string).collect()
        };
        let mut supports: BTreeMap<String, (BTreeSet<Key>, BTreeSet<BTreeSet<&Id>>)> =
            BTreeMap::new();
        for path in &found {
            for (hop, pair) in steps(&hops, path).iter().zip(path.windows(2)) {
                for entry in *hop {
                    for source in believed(&entry.record) {
                        let support = supports.entry(source).or_default();
                        support.0.insert(key(entry));
                        support.1.insert(pair.iter().collect());
                    }
                }
            }
        }
        let all: BTreeSet<String> = self
            .entries
            .iter()
            .flat_map(|e| believed(&e.record))
            .collect();
        let all: Vec<String> = all.into_iter().collect();
        let is_left = |lost: &[String]| {
            let mut filter: Filter = self.filter().clone();
            filter.excluded.extend(lost.iter().map(|id| id.parse_id()));
            let scope = Scope {
                filter,
                ..self.scope.clone()
            };
            let one = Ways {
                limit: 1,
                ..asked.clone()
            };
            !Reference::new(self.entries, &scope).best(&one).2.is_empty()
        };
        let mut sets: Vec<Vec<String>> = (0..1_usize << all.len())
            .map(|bits| {
                let of_set = (0..all.len()).filter(|at| (bits >> at) & 1 == 1);
                of_set.map(|at| all[at].clone()).collect()
            })
            .collect();
        sets.sort_by_key(|set: &Vec<String>| (set.len(), set.clone()));
        let breaks = |source: &String| !found.is_empty() && !is_left(std::slice::from_ref(source));
        Rest {
            paths: found.len(),
            sources: supports
                .iter()
                .map(|(id, (records, hops))| (id.clone(), (records.len(), hops.len(), breaks(id))))
                .collect(),
            fewest: sets.into_iter().find(|lost| !is_left(lost)),
        }
    }

    /// Records of an actor that the window left out because they have no date.
    pub(crate) fn undated_of(&self, actors: &[&str]) -> usize {
        let ids = actors.iter().map(ToString::to_string).collect();
        let chosen = Chosen::Actors(ids, chancery::query::ActorMatch::Any);
        self.undated(|record| self.selects(&chosen, record))
    }
}

/// Whether days alone tell how records follow one another, so that one number an actor does.
fn tells_by_days(asked: &Spread, hops: &Hops<'_>) -> bool {
    let has_instant = |entry: &&Entry| {
        When::from_record(&entry.record).is_some_and(|when| when.instant().is_some())
    };
    asked.chains == ChainRule::Possible && !hops.values().flatten().any(has_instant)
}

/// The word for whether records certainly follow one another.
fn word(is_certain: bool) -> String {
    if is_certain { "certain" } else { "possible" }.to_owned()
}

/// The day on which a chain arrives in words: where nothing has a known first day, the known end of the
/// last record.
pub(crate) fn arrival_day(day: i32, last: &Entry) -> String {
    let known = || days(&last.record).unwrap().1;
    show(calendar(if day == FIRST_DAY { known() } else { day }))
}

/// What a chain comes to: its greatest first day, and its greatest instant.
pub(crate) type Come = (i32, Option<i64>);

/// A beginning of a chain, as far as it says what may follow: what it comes to; the greatest first day of
/// those records that are instants, and of those that are none; the last record, where only the next
/// must fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Beginning {
    come: Come,
    of_instants: Option<i32>,
    of_others: Option<i32>,
    last: Option<Stand>,
}

/// The way of chains through time: on from a day, or back from one, where all is mirrored.
pub(crate) struct Course {
    is_backward: bool,
    start: i32,
    chains: ChainRule,
}

impl Course {
    fn on(start: i32, chains: ChainRule) -> Self {
        Self {
            is_backward: false,
            start,
            chains,
        }
    }

    fn for_window(asked: &Spread, (lo, hi): (i32, i32)) -> Self {
        Self {
            is_backward: asked.backward,
            start: if asked.backward { -hi } else { lo },
            chains: asked.chains,
        }
    }

    fn beginning(&self) -> Beginning {
        Beginning {
            come: (self.start, None),
            ..Beginning::default()
        }
    }

    /// A beginning with one more record; `None` where that can't follow.
    fn with(&self, one: &Beginning, entry: &Entry) -> Option<Beginning> {
        let stand = When::from_record(&entry.record)?.stand();
        let stand = if self.is_backward {
            stand.mirrored()
        } else {
            stand
        };
        let follows = match (self.chains, stand.instant) {
            (ChainRule::Certain, _) => one.last.is_none_or(|last| {
                if self.is_backward {
                    stand.mirrored().surely_precedes(last.mirrored())
                } else {
                    last.surely_precedes(stand)
                }
            }),
            (ChainRule::Possible, None) => {
                let all = [one.of_instants, one.of_others];
                all.iter().flatten().all(|first| *first <= stand.last)
            }
            (ChainRule::Possible, Some(instant)) => {
                one.of_others.is_none_or(|first| first <= stand.last)
                    && one.come.1.is_none_or(|before| before <= instant)
            }
        };
        let mut next = *one;
        next.come = (one.come.0.max(stand.first), one.come.1.max(stand.instant));
        if stand.instant.is_some() {
            next.of_instants = one.of_instants.max(Some(stand.first));
        } else {
            next.of_others = one.of_others.max(Some(stand.first));
        }
        next.last = (self.chains == ChainRule::Certain).then_some(stand);
        follows.then_some(next)
    }

    /// All beginnings that go on over some hops, those of a path in the order of the course.
    fn all(&self, from: BTreeSet<Beginning>, hops: &[&Hop<'_>]) -> BTreeSet<Beginning> {
        hops.iter().fold(from, |all, hop| {
            let next = all.iter().flat_map(|one| {
                let next = hop.iter().filter_map(|entry| self.with(one, entry));
                next.collect::<Vec<_>>()
            });
            next.collect()
        })
    }

    /// The best that a path comes to, whatever records are chosen.
    pub(crate) fn best(&self, hops: &[&Hop<'_>]) -> Option<Come> {
        let mut hops = hops.to_vec();
        if self.is_backward {
            hops.reverse();
        }
        let all = self.all(BTreeSet::from([self.beginning()]), &hops);
        all.iter().map(|one| one.come).min()
    }

    /// The records that carry a path on to the best it can come to, each with whether it certainly follows
    /// the one before it.
    fn carriers<'a>(&self, hops: &[&Hop<'a>]) -> Vec<(&'a Entry, bool)> {
        let best = self.best(hops).unwrap();
        let mut chosen: Vec<(&Entry, bool)> = Vec::new();
        let mut at = self.beginning();
        for (nth, hop) in hops.iter().enumerate() {
            let before = chosen.last().map(|(entry, _)| *entry);
            let nexts = hop.iter().filter_map(|entry| {
                let next = self.with(&at, entry)?;
                let ends = self.all(BTreeSet::from([next]), &hops[nth + 1..]);
                let leads = ends.iter().any(|end| end.come == best);
                leads.then(|| (next, *entry, follows(before, entry)))
            });
            let next = nexts.min_by_key(|(next, _, certain)| (next.come, !certain));
            let (next, entry, certain) = next.unwrap();
            at = next;
            chosen.push((entry, certain));
        }
        chosen
    }
}

/// What finds the chains by which news comes.
struct Chains<'h, 'a> {
    course: &'h Course,
    origin: Id,
    hops: &'h Hops<'a>,
    /// For everyone who lets news through: what every simple path comes to, and its hops.
    reached: BTreeMap<Id, Vec<(Come, usize)>>,
}

impl Chains<'_, '_> {
    /// The chain that is shown where days alone tell.
    fn by_days(&self, actor: &Id, day: i32, hops: usize, lo: i32) -> Chain {
        let mut path = self.chain(actor, day, hops);
        let start = if self.course.is_backward {
            -day
        } else {
            path.reverse();
            lo
        };
        let onward = Course::on(start, ChainRule::Possible);
        let carriers = onward.first_in_time(&steps(self.hops, &path));
        Chain {
            order: word(carriers.iter().all(|(_, certain)| *certain)),
            actors: path.iter().map(ToString::to_string).collect(),
            records: carriers.iter().map(|(entry, _)| key(entry)).collect(),
        }
    }

    /// From an actor back to the origin: by the first, by id, who has it in time in fewer hops.
    fn chain(&self, actor: &Id, day: i32, hops: usize) -> Vec<Id> {
        let mut chain = vec![actor.clone()];
        if hops == 0 {
            return chain;
        }
        let ids: BTreeSet<&Id> = self.reached.keys().chain([&self.origin]).collect();
        let mut steps = ids.into_iter().filter_map(|other| {
            let (at, fewer) = self.within(other, hops - 1)?;
            let pair = if self.course.is_backward {
                (actor, other)
            } else {
                (other, actor)
            };
            let hop = self.hops.get(&(pair.0.clone(), pair.1.clone()))?;
            (self.course.carried(hop, at)? <= day).then_some((other, at, fewer))
        });
        let (other, at, fewer) = steps.next().unwrap();
        chain.extend(self.chain(other, at, fewer));
        chain
    }

    /// The first day on which an actor is reached within some hops, and in how few.
    fn within(&self, actor: &Id, hops: usize) -> Option<(i32, usize)> {
        if *actor == self.origin {
            return Some((self.course.start, 0));
        }
        let within = self.reached[actor]
            .iter()
            .filter(|(_, of_path)| *of_path <= hops);
        within.map(|(come, of_path)| (come.0, *of_path)).min()
    }
}

impl Course {
    /// The first day on which a hop carries on what is there on a day, where days alone tell.
    fn carried(&self, hop: &Hop<'_>, day: i32) -> Option<i32> {
        let stands = hop.iter().filter_map(|entry| {
            let stand = When::from_record(&entry.record)?.stand();
            Some(if self.is_backward {
                stand.mirrored()
            } else {
                stand
            })
        });
        let in_time = stands.filter(|stand| day <= stand.last);
        in_time.map(|stand| stand.first.max(day)).min()
    }

    /// The records that carry a path on from the first day, where days alone tell.
    fn first_in_time<'a>(&self, hops: &[&Hop<'a>]) -> Vec<(&'a Entry, bool)> {
        let mut chosen: Vec<(&Entry, bool)> = Vec::new();
        let mut day = self.start;
        for hop in hops {
            let before = chosen.last().map(|(entry, _)| *entry);
            let nexts = hop.iter().filter_map(|entry| {
                let stand = When::from_record(&entry.record)?.stand();
                let reached = stand.first.max(day);
                (day <= stand.last).then(|| (reached, *entry, follows(before, entry)))
            });
            let next = nexts.min_by_key(|(reached, _, certain)| (*reached, !certain));
            let (reached, entry, certain) = next.unwrap();
            day = reached;
            chosen.push((entry, certain));
        }
        chosen
    }
}

fn key(entry: &Entry) -> Key {
    (entry.record.kind(), entry.record.id().to_string())
}

/// Whether a record certainly follows another; the first follows none.
fn follows(before: Option<&Entry>, entry: &Entry) -> bool {
    let stand = |entry: &Entry| When::from_record(&entry.record).unwrap().stand();
    before.is_none_or(|before| stand(before).surely_precedes(stand(entry)))
}

fn steps<'h, 'a>(hops: &'h Hops<'a>, path: &[Id]) -> Vec<&'h Hop<'a>> {
    let pairs = path.windows(2);
    pairs
        .map(|pair| &hops[&(pair[0].clone(), pair[1].clone())])
        .collect()
}

/// All ways from the last actor of `path` to the target that cross nobody twice.
fn walk(
    hops: &Hops<'_>,
    open: &BTreeSet<Id>,
    target: &Id,
    max_hops: usize,
    path: &mut Vec<Id>,
    found: &mut Vec<Vec<Id>>,
) {
    let at = path.last().unwrap().clone();
    if at == *target {
        found.push(path.clone());
        return;
    }
    if path.len() > max_hops || (path.len() > 1 && !open.contains(&at)) {
        return;
    }
    for (_, next) in hops.keys().filter(|(from, _)| *from == at) {
        if !path.contains(next) {
            path.push(next.clone());
            walk(hops, open, target, max_hops, path, found);
            path.pop();
        }
    }
}

/// A fraction, compared exactly.
#[derive(Clone, Copy, Debug)]
struct Fraction(i128, i128);

impl Fraction {
    /// One over each of some numbers, added up.
    fn sum(numbers: &[i128]) -> Self {
        let add = |sum: Self, n: &i128| Self(sum.0 * n + sum.1, sum.1 * n);
        numbers.iter().fold(Self(0, 1), add)
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0 * other.1).cmp(&(other.0 * self.1))
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Fraction {}
