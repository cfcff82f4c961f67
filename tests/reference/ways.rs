//! Paths, how far news travels, and what connections rest on: by looking at every simple path.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chancery::model::{Id, Kind, Record};
use chancery::query::{Filter, Mode, Rollup, Scope};

use crate::answers::{Reference, calendar, days, is_open, show};
use crate::store::Entry;
use crate::world::{Chosen, ParseId as _, Spread, Ways};

/// A record as it is named here.
pub(crate) type Key = (Kind, String);

/// A path: its actors, and the records of each hop as they are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Route {
    pub(crate) actors: Vec<String>,
    pub(crate) hops: Vec<Vec<Key>>,
    pub(crate) cost: Option<f64>,
    pub(crate) arrival: Option<String>,
    /// Of the whole path, and of each hop after the first.
    pub(crate) order: Option<String>,
    pub(crate) orders: Vec<Option<String>>,
}

/// An actor that news reaches: who, when, in how many hops, by which records.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Far {
    pub(crate) actor: String,
    pub(crate) day: Option<String>,
    pub(crate) hops: usize,
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

/// A hop of a path: the records, in the order of time.
type Hop<'a> = Vec<&'a Entry>;
type Hops<'a> = BTreeMap<(Id, Id), Hop<'a>>;

/// What a path must keep to.
struct Bounds {
    directed: bool,
    avoid: Vec<Id>,
    max_degree: Option<usize>,
}

impl<'a> Reference<'a> {
    fn hops(&self, directed: bool) -> Hops<'a> {
        let mut hops = Hops::new();
        let everyone = self.everyone();
        for a in &everyone {
            for b in &everyone {
                let rows = self.between(a, b);
                let counted = rows.iter().filter(|(_, ways)| ways[0] || !directed);
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
        let routes = found.iter().map(|path| self.route(asked.mode, &hops, path));
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
                    Mode::Fewest => (Fraction(0, 1), path.len(), Reverse(records)),
                    Mode::Strongest => (Fraction::sum(&counts), path.len(), Reverse(records)),
                    Mode::Chronological => {
                        let day = arrival(&steps, start)?;
                        (Fraction(day.into(), 1), path.len(), Reverse(0))
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

    fn route(&self, mode: Mode, hops: &Hops<'a>, path: &[Id]) -> Route {
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
            let start = self.window().0;
            let carriers = carriers(&steps, start);
            let word = |certain| if certain { "certain" } else { "possible" }.to_owned();
            route.arrival = arrival(&steps, start).map(|day| show(calendar(day)));
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
        let bounds = Bounds {
            directed: asked.directed,
            avoid: asked.avoid.iter().map(|id| id.parse_id()).collect(),
            max_degree: asked.max_degree,
        };
        let hops = self.hops(bounds.directed);
        let (lo, hi) = self.window();
        let mut spread = Chains {
            backward: asked.backward,
            origin: origin.clone(),
            start: if asked.backward { -hi } else { lo },
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
            let timed: Vec<(i32, usize)> = all
                .iter()
                .filter_map(|path| {
                    let steps = steps(&hops, path);
                    // What comes later on the course is larger.
                    let day = if asked.backward {
                        -departure(&steps, hi)?
                    } else {
                        arrival(&steps, lo)?
                    };
                    Some((day, steps.len()))
                })
                .collect();
            let best = timed.iter().min().copied();
            found.extend(best.map(|(day, hops)| (day, hops, actor.clone())));
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
        let far = shown.map(|(day, len, actor)| {
            let mut path = spread.chain(&actor, day, len);
            if !asked.backward {
                path.reverse();
            }
            let day = if asked.backward { -day } else { day };
            let start = if asked.backward { day } else { lo };
            let carriers = carriers(&steps(&hops, &path), start);
            let certain = carriers.iter().all(|(_, certain)| *certain);
            Far {
                actor: actor.to_string(),
                day: (day != chancery::model::Day::MAX.number()).then(|| show(calendar(day))),
                hops: len,
                order: if certain { "certain" } else { "possible" }.to_owned(),
                actors: path.iter().map(ToString::to_string).collect(),
                records: carriers.iter().map(|(entry, _)| key(entry)).collect(),
            }
        });
        let far = far.collect();
        (origin.to_string(), far, total, (end < total).then_some(end))
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
        let chosen = Chosen::Actors(ids, chancery::query::Match::Any);
        self.undated(|record| self.selects(&chosen, record))
    }
}

/// The first day on which a path arrives, whatever records are chosen.
fn arrival(hops: &[&Hop<'_>], start: i32) -> Option<i32> {
    let mut reached = BTreeSet::from([start]);
    for hop in hops {
        let mut next = BTreeSet::new();
        for (first, last) in hop.iter().filter_map(|entry| days(&entry.record)) {
            let in_time = reached.iter().filter(|day| last >= **day);
            next.extend(in_time.map(|day| first.max(*day)));
        }
        reached = next;
    }
    reached.first().copied()
}

/// The last day on which a path can be left behind.
fn departure(hops: &[&Hop<'_>], end: i32) -> Option<i32> {
    let mut latest = BTreeSet::from([end]);
    for hop in hops.iter().rev() {
        let mut before = BTreeSet::new();
        for (first, last) in hop.iter().filter_map(|entry| days(&entry.record)) {
            let in_time = latest.iter().filter(|day| first <= **day);
            before.extend(in_time.map(|day| last.min(*day)));
        }
        latest = before;
    }
    latest.last().copied()
}

/// The records that carry a path, each with whether it certainly follows the one before it.
fn carriers<'a>(hops: &[&Hop<'a>], start: i32) -> Vec<(&'a Entry, bool)> {
    let mut chosen: Vec<(&Entry, bool)> = Vec::new();
    let mut day = start;
    for hop in hops {
        let dated = hop
            .iter()
            .filter_map(|entry| Some((*entry, days(&entry.record)?)));
        let in_time: Vec<_> = dated.filter(|(_, (_, last))| *last >= day).collect();
        let reached = in_time
            .iter()
            .map(|(_, (first, _))| (*first).max(day))
            .min()
            .unwrap();
        let first: Vec<&Entry> = in_time
            .iter()
            .filter(|(_, (first, _))| (*first).max(day) == reached)
            .map(|(entry, _)| *entry)
            .collect();
        let certain =
            |entry: &&&Entry| follows(chosen.last().map(|(e, _)| &e.record), &entry.record);
        let best = first.iter().find(certain);
        let (entry, certain) = best.map_or((first[0], false), |entry| (*entry, true));
        chosen.push((entry, certain));
        day = reached;
    }
    chosen
}

/// What finds the chains by which news comes.
struct Chains<'h, 'a> {
    backward: bool,
    origin: Id,
    start: i32,
    hops: &'h Hops<'a>,
    /// For everyone who lets news through: the day and the hops of every simple path.
    reached: BTreeMap<Id, Vec<(i32, usize)>>,
}

impl Chains<'_, '_> {
    /// From an actor back to the origin: by the first, by id, who has it in time in fewer hops.
    fn chain(&self, actor: &Id, day: i32, hops: usize) -> Vec<Id> {
        let mut chain = vec![actor.clone()];
        if hops == 0 {
            return chain;
        }
        let ids: BTreeSet<&Id> = self.reached.keys().chain([&self.origin]).collect();
        let mut steps = ids.into_iter().filter_map(|other| {
            let (at, fewer) = self.within(other, hops - 1)?;
            let pair = if self.backward {
                (actor, other)
            } else {
                (other, actor)
            };
            let hop = self.hops.get(&(pair.0.clone(), pair.1.clone()))?;
            let carried = if self.backward {
                -departure(&[hop], -at)?
            } else {
                arrival(&[hop], at)?
            };
            (carried <= day).then_some((other, at, fewer))
        });
        let (other, at, fewer) = steps.next().unwrap();
        chain.extend(self.chain(other, at, fewer));
        chain
    }

    /// The first day on which an actor is reached within some hops, and in how few.
    fn within(&self, actor: &Id, hops: usize) -> Option<(i32, usize)> {
        if *actor == self.origin {
            return Some((self.start, 0));
        }
        let within = self.reached[actor]
            .iter()
            .filter(|(_, of_path)| *of_path <= hops);
        within.min().copied()
    }
}

fn key(entry: &Entry) -> Key {
    (entry.record.kind(), entry.record.id().to_string())
}

/// Whether a record certainly follows another.
fn follows(before: Option<&Record>, record: &Record) -> bool {
    let Some(before) = before else { return true };
    let (_, last) = days(before).unwrap();
    let (first, _) = days(record).unwrap();
    last < first && !is_open(before) && !is_open(record)
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
