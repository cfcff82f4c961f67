//! One question to both, and the two answers side by side.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chancery::engine::{Engine, KnownAt};
use chancery::graph::{Direction, NameError, Term, TermKind, View};
use chancery::model::{Date, Day, Instant, Kind, Scheme};
use chancery::query::answer::{
    DirectionAnswer, HopAnswer, MarksAnswer, PathAnswer, QuadCounts, RecordAnswer, RecordPage,
};
use chancery::query::{
    ActorMatch, Bin, DyadQuestion, HistogramQuestion, JOINS_MAX, ListQuestion, MarksQuestion,
    Order, Page, PathsQuestion, ReachQuestion, RelationshipsQuestion, Rollup, Scope, Selection,
    Split, SummaryQuestion, TimelinePlan, TimelineQuestion, dyad, explain, explain_within,
    histogram, history, list, marks, paths, paths_json, reach, relationships, summary, timeline,
};
use serde_json::{Value, json, to_value};

use super::answers::{
    Binned, Counted, Dated, Dyad, Glance, Item, Items, OneWay, Quads, Reference, Relationship,
};
use super::names::resolve_name;
use super::store::{Store, Unnamed, as_merged, survivor};
use super::time::When;
use super::ways::{Chain, Far, Key, Rest, Route};
use super::world::{Asked, Chosen, ParseId as _, Question, Spread, Ways, Ways3};

/// Asks both at a commit; panics when they disagree.
pub(crate) fn ask(engine: &Engine, store: &Store, asked: &Asked, commit: usize) {
    let view = engine.view(KnownAt::Commit(commit as u64)).unwrap();
    let stored = &store.commits[commit];
    let entries = as_merged(stored);
    // Who is asked for counts as the survivor, and two that are one are no pair.
    let counts = |id: &str| survivor(stored, &id.parse_id()).to_string();
    let Some(question) = asked.question.renamed(&counts) else {
        return;
    };
    let ids = question.actors().into_iter();
    let terms: Option<Vec<Term>> = ids.map(|id| view.term(TermKind::Actor, id)).collect();
    // An actor that never was has no term to ask for.
    let Some(terms) = terms else { return };
    let both = Both {
        view: &view,
        reference: Reference::new(&entries, &asked.scope),
        scope: asked.scope.clone(),
        terms,
        about: format!("{asked:?} at commit {commit}"),
    };
    match &question {
        Question::Timeline(chosen, order, page) => both.timeline(chosen, *order, *page),
        Question::Histogram(chosen, bin, split) => both.histogram(chosen, *bin, *split),
        Question::Dyad(a, b) => both.dyad(a, b),
        Question::Relationships(actor, page) => both.relationships(actor, *page),
        Question::Paths(ways) => both.paths(ways),
        Question::Reach(spread) => both.reach(spread),
        Question::Explain(ways) => both.explain(ways),
        Question::Summary => both.summary(),
        Question::List(kind, name, page) => both.list(*kind, name.as_ref(), *page),
        Question::Name(name, date) => name_means(&view, store, commit, name, date.as_ref()),
        Question::History(kind, id) => both.history(store, *kind, id, commit as u64),
    }
}

/// The bins of each lane of a timeline.
type Lanes = Vec<(Option<String>, Binned)>;

/// A view and the reference at one commit, with what is asked of them.
struct Both<'a> {
    view: &'a View,
    reference: Reference<'a>,
    scope: Scope,
    /// The actors that the question names.
    terms: Vec<Term>,
    about: String,
}

impl Both<'_> {
    fn timeline(self, chosen: &Chosen, order: Order, page: Page) {
        let question = TimelineQuestion {
            selection: selection(chosen, &self.terms),
            scope: self.scope.clone(),
            order,
            page,
        };
        let (answer, next) = timeline(self.view, &question);
        let expected = self.reference.timeline(chosen, order, page);
        assert_eq!(items(&answer, next), expected, "{}", self.about);
        // What is written row by row is what the answer as a whole is written as.
        let mut start = None;
        let written = TimelinePlan::new(self.view, &question).json(|next| {
            start = next;
            None
        });
        assert_eq!(start, next, "{}", self.about);
        let written = String::from_utf8(written.unwrap()).unwrap();
        let whole = serde_json::to_string(&answer).unwrap();
        assert_eq!(written, whole, "{}", self.about);
        // Lanes are of actors of whom any may take part.
        let of_any = matches!(chosen, Chosen::Actors(_, ActorMatch::Any));
        for (max_marks, lanes) in [(1, false), (2, true), (5, false), (9, true)] {
            self.marks(chosen, order, max_marks, lanes && of_any);
        }
    }

    /// The same timeline in so many marks at the most.
    fn marks(&self, chosen: &Chosen, order: Order, max_marks: usize, lanes: bool) {
        let about = format!("{max_marks} marks, lanes {lanes}: {}", self.about);
        let question = MarksQuestion {
            selection: selection(chosen, &self.terms),
            scope: self.scope.clone(),
            order,
            max_marks,
            lanes,
        };
        let page = Page {
            limit: max_marks,
            offset: 0,
        };
        let all = self.reference.timeline(chosen, order, page);
        let answer = match marks(self.view, &question) {
            MarksAnswer::Records(records) => {
                assert_eq!(items(&records, None), all, "{about}");
                return;
            }
            MarksAnswer::Bins(bins) => bins,
        };
        assert!(all.total > max_marks, "{about}");
        let (word, expected) = self.binned(chosen, max_marks, lanes);
        assert_eq!(answer.bin, word, "{about}");
        let before = expected
            .iter()
            .map(|(lane, bins)| (lane.clone(), bins.began_before));
        let before: Vec<_> = before.filter(|(_, count)| *count > 0).collect();
        let found: Vec<_> = answer
            .began_before
            .iter()
            .map(|before| {
                let lane = before.lane.as_ref().map(|actor| actor.id.to_string());
                (lane, before.records.count)
            })
            .collect();
        assert_eq!(found, before, "{about}");
        let expected: Vec<_> = expected
            .into_iter()
            .flat_map(|(lane, binned)| {
                let bins = binned.bins.into_iter();
                bins.map(move |bin| (lane.clone(), bin))
            })
            .map(|(lane, bin)| {
                let start = format!("{word}/{}", bin.from);
                let id = lane
                    .as_ref()
                    .map_or(start.clone(), |lane| format!("{lane}/{start}"));
                (
                    id,
                    lane,
                    bin.from,
                    bin.to,
                    (bin.count, bin.wider),
                    bin.quads,
                )
            })
            .collect();
        let found: Vec<_> = answer
            .bins
            .iter()
            .map(|bin| {
                let lane = bin.lane.as_ref().map(|actor| actor.id.to_string());
                let days = (bin.from.to_string(), bin.to.to_string());
                (
                    bin.id.clone(),
                    lane,
                    days.0,
                    days.1,
                    (bin.count, bin.wider_than_bin),
                    quads(&bin.quad),
                )
            })
            .collect();
        assert_eq!(found, expected, "{about}");
        let whole = self.reference.histogram(chosen, Bin::Year, None);
        let omitted = answer.meta.omitted.unwrap();
        assert_eq!(
            (omitted.clustered, omitted.undated),
            (whole.total, whole.undated),
            "{about}"
        );
        assert_eq!(answer.meta.not_occurred, whole.not_occurred, "{about}");
        assert_eq!(answer.total, all.total, "{about}");
    }

    /// The bins of each lane, as fine as there is room for, and the word for their width.
    fn binned(&self, chosen: &Chosen, max_marks: usize, lanes: bool) -> (&'static str, Lanes) {
        let own = |id: &String| {
            (
                Some(id.clone()),
                Chosen::Actors(vec![id.clone()], ActorMatch::Any),
            )
        };
        let parts: Vec<(Option<String>, Chosen)> = match chosen {
            Chosen::Actors(ids, _) if lanes => {
                let mut ids = ids.clone();
                let mut seen = BTreeSet::new();
                ids.retain(|id| seen.insert(id.clone()));
                ids.iter().map(own).collect()
            }
            _ => vec![(None, chosen.clone())],
        };
        let binned = |bin: Bin| -> Lanes {
            let of = |(lane, part): &(Option<String>, Chosen)| {
                (lane.clone(), self.reference.histogram(part, bin, None))
            };
            parts.iter().map(of).collect()
        };
        for bin in Bin::ALL {
            let lanes = binned(bin);
            if lanes.iter().map(|(_, all)| all.bins.len()).sum::<usize>() <= max_marks {
                return (bin.as_str(), lanes);
            }
        }
        let mut whole = binned(Bin::Day);
        for (_, Binned { bins, .. }) in &mut whole {
            let merged = bins.drain(..).reduce(|mut all, bin| {
                all.to = bin.to;
                all.count += bin.count;
                let pairs = all.quads.iter_mut().zip(bin.quads);
                pairs.for_each(|(sum, one)| *sum += one);
                all
            });
            // One bin of everything is as wide as can be.
            bins.extend(merged.map(|all| Counted { wider: 0, ..all }));
        }
        ("all", whole)
    }

    fn histogram(self, chosen: &Chosen, bin: Bin, split: Option<Split>) {
        let question = HistogramQuestion {
            selection: selection(chosen, &self.terms),
            scope: self.scope,
            bin,
            split,
        };
        let answer = histogram(self.view, &question);
        let bins = answer.bins.into_iter().map(|bin| Counted {
            from: bin.from.to_string(),
            to: bin.to.to_string(),
            count: bin.count,
            wider: bin.wider_than_bin,
            ongoing: bin.ongoing.map_or(0, |ongoing| ongoing.count),
            quads: quads(&bin.quad),
            by: bin.by.map(counts),
        });
        let found = Binned {
            bins: bins.collect(),
            began_before: answer.began_before.count,
            total: answer.total,
            undated: answer.meta.undated_omitted,
            not_occurred: answer.meta.not_occurred,
        };
        let expected = self.reference.histogram(chosen, bin, split);
        assert_eq!(found, expected, "{}", self.about);
    }

    fn dyad(self, a: &str, b: &str) {
        let question = DyadQuestion {
            a: self.terms[0],
            b: self.terms[1],
            scope: self.scope,
        };
        let answer = dyad(self.view, &question);
        let found = Dyad {
            records: answer.records,
            span: (shown(answer.first), shown(answer.last), answer.ongoing),
            ways: [answer.a_to_b, answer.b_to_a, answer.together].map(one_way),
            undated: answer.meta.undated_omitted,
            not_occurred: answer.meta.not_occurred,
        };
        let strength = self.reference.intensity(a, b);
        let days = |at: Day| at.to_string();
        assert_eq!(
            answer.intensity.map(|told| days(told.at)),
            strength.as_ref().map(|(_, at)| at.clone()),
            "{}",
            self.about
        );
        let told = answer.intensity.map_or(0.0, |told| told.value);
        let fading = strength.map_or(0.0, |(fading, _)| fading);
        assert!((told - fading).abs() < 1e-5, "{}", self.about);
        assert_eq!(found, self.reference.dyad(a, b), "{}", self.about);
    }

    fn relationships(self, actor: &str, page: Page) {
        let question = RelationshipsQuestion {
            actor: self.terms[0],
            scope: self.scope,
            page,
        };
        let (answer, next) = relationships(self.view, &question);
        let items = answer.items.into_iter().map(|item| Relationship {
            other: item.actor.id.to_string(),
            records: item.records,
            ways: [item.outgoing, item.incoming, item.together],
            quads: quads(&item.quad),
            span: (shown(item.first), shown(item.last), item.ongoing),
        });
        let of_actor = Chosen::Actors(vec![actor.to_owned()], ActorMatch::Any);
        assert_eq!(
            answer.meta.not_occurred,
            self.reference.not_occurred(&of_actor),
            "{}",
            self.about
        );
        let found = (items.collect(), answer.total, next);
        assert_eq!(
            found,
            self.reference.relationships(actor, page),
            "{}",
            self.about
        );
    }

    fn paths(self, ways: &Ways) {
        let mut question = self.paths_question(ways);
        let answer = paths(self.view, &question);
        assert!(!answer.given_up, "{}", self.about);
        let written = String::from_utf8(paths_json(self.view, &question).unwrap()).unwrap();
        let whole = serde_json::to_string(&answer).unwrap();
        assert_eq!(written, whole, "{}", self.about);
        if !question.via.is_empty() {
            question.joins_max = ways.limit % 4;
            let first = paths(self.view, &question);
            assert!(answer.paths.starts_with(&first.paths), "{}", self.about);
            assert!(
                first.given_up || first.paths.len() == answer.paths.len(),
                "{}",
                self.about
            );
        }
        let routes = answer.paths.iter().map(route).collect();
        let found = (
            answer.source.id.to_string(),
            answer.target.id.to_string(),
            routes,
        );
        let expected = self.reference.paths(ways);
        let undated = self.reference.undated_of(&[&expected.0, &expected.1]);
        let ends = [expected.0.clone(), expected.1.clone()].to_vec();
        let not_occurred = self
            .reference
            .not_occurred(&Chosen::Actors(ends, ActorMatch::Any));
        assert_eq!(found, expected, "{}", self.about);
        assert_eq!(answer.meta.undated_omitted, undated, "{}", self.about);
        assert_eq!(answer.meta.not_occurred, not_occurred, "{}", self.about);
    }

    fn explain(self, ways: &Ways) {
        let question = self.paths_question(ways);
        let answer = explain(self.view, &question);
        let supports = answer.rests_on.iter().map(|support| {
            let id = support.source.id.to_string();
            let breaks = support.breaks.unwrap();
            (id, (support.records, support.hops, breaks))
        });
        assert!(answer.fragility.exact, "{}", self.about);
        let fewest = answer.fragility.sources.map(|sources| {
            assert_eq!(sources, answer.fragility.set.len(), "{}", self.about);
            answer
                .fragility
                .set
                .iter()
                .map(ToString::to_string)
                .collect()
        });
        let found = Rest {
            paths: answer.paths,
            sources: supports.collect(),
            fewest,
        };
        let expected = self.reference.explain(ways);
        assert_eq!(found, expected, "{}", self.about);
        self.explain_in_haste(&question, 1 + ways.limit % 3, &expected);
    }

    /// What is told by few searches is an upper bound, and says so.
    fn explain_in_haste(&self, question: &PathsQuestion, searches_max: usize, rest: &Rest) {
        let answer = explain_within(self.view, question, searches_max);
        for support in &answer.rests_on {
            let (_, _, breaks) = rest.sources[&*support.source.id];
            assert!(
                support.breaks.is_none_or(|said| said == breaks),
                "{}",
                self.about
            );
        }
        let fewest = rest.fewest.as_ref().map(Vec::len);
        if answer.fragility.exact {
            assert_eq!(answer.fragility.sources, fewest, "{}", self.about);
            return;
        }
        let Some(sources) = answer.fragility.sources else {
            return;
        };
        assert!(
            fewest.is_some_and(|fewest| sources >= fewest),
            "{}",
            self.about
        );
        let mut without = question.clone();
        let lost = answer.fragility.set.iter().map(|id| id.parse_id());
        without.scope.filter.excluded.extend(lost);
        assert!(
            paths(self.view, &without).paths.is_empty(),
            "{}",
            self.about
        );
    }

    fn reach(self, spread: &Spread) {
        let question = ReachQuestion {
            origin: self.terms[0],
            backward: spread.backward,
            scope: self.scope.clone(),
            directed: spread.directed,
            chains: spread.chains,
            max_hops: spread.max_hops,
            avoid: self.terms[1..].to_vec(),
            max_degree: spread.max_degree,
            page: spread.page,
        };
        let (answer, next) = reach(self.view, &question);
        let expected = self.reference.reach(spread);
        let far = answer.items.iter().map(|item| {
            let ends = item.chain.iter().map(|link| &link.target.id);
            let actors = [&item.chain[0].source.id].into_iter().chain(ends);
            let records = item.chain.iter().map(|link| key(&link.record));
            Far {
                actor: item.actor.id.to_string(),
                day: item.day.map(|day| day.to_string()),
                instant: item.instant.map(Instant::number),
                hops: item.hops,
                chain: Chain {
                    order: item.order.to_owned(),
                    actors: actors.map(ToString::to_string).collect(),
                    records: records.collect(),
                },
            }
        });
        let far: Vec<Far> = far.collect();
        for far in &far {
            self.reference.holds_chain(spread, far, &self.about);
        }
        let found = (
            answer.origin.id.to_string(),
            self.reference.comparable(spread, far),
            answer.total,
            next,
        );
        assert_eq!(found, expected, "{}", self.about);
        let origin = Chosen::Actors(vec![expected.0], ActorMatch::Any);
        let not_occurred = self.reference.not_occurred(&origin);
        assert_eq!(answer.meta.not_occurred, not_occurred, "{}", self.about);
    }

    fn paths_question(&self, ways: &Ways) -> PathsQuestion {
        let (via, avoid) = self.terms[2..].split_at(ways.via.len());
        PathsQuestion {
            source: self.terms[0],
            target: self.terms[1],
            scope: self.scope.clone(),
            mode: ways.mode,
            diverse: ways.diverse,
            max_degree: ways.max_degree,
            directed: ways.directed,
            chains: ways.chains,
            max_hops: ways.max_hops,
            limit: ways.limit,
            via: via.to_vec(),
            avoid: avoid.to_vec(),
            evidence: 20,
            joins_max: JOINS_MAX,
        }
    }

    fn summary(self) {
        // Nobody asks for a summary under roll-up.
        let is_plain = self.scope.rollup == Rollup::None;
        let answer = summary(self.view, &SummaryQuestion { scope: self.scope });
        let network = answer.network;
        let found = Glance {
            counts: counts(answer.counts),
            datasets: counts(answer.datasets),
            span: (shown(answer.first), shown(answer.last)),
            quads: quads(&answer.quad),
            network: [
                network.actors,
                network.dyads,
                network.components,
                network.largest_component,
            ],
            undated: answer.meta.undated_omitted,
            not_occurred: answer.meta.not_occurred,
        };
        let mut expected = self.reference.summary();
        if !is_plain {
            expected.not_occurred = found.not_occurred;
        }
        assert_eq!(found, expected, "{}", self.about);
    }

    fn list(self, kind: Kind, name: Option<&String>, page: Page) {
        let question = ListQuestion {
            kind,
            scope: self.scope,
            name: name.cloned(),
            page,
        };
        let (answer, next) = list(self.view, &question);
        let expected = self.reference.list(kind, name.map(String::as_str), page);
        let found = Items {
            not_occurred: None,
            ..items(&answer, next)
        };
        assert_eq!(found, expected, "{}", self.about);
    }

    fn history(self, store: &Store, kind: Kind, id: &str, commit: u64) {
        let expected = store.versions(&(kind, id.parse_id()), commit);
        let known = self.view.versions(kind, id);
        let shown = history(self.view, kind, id, Scheme::Icews).versions;
        assert_eq!(
            (known.len(), shown.len()),
            (expected.len(), expected.len()),
            "{}",
            self.about
        );
        for ((known, shown), expected) in known.iter().zip(&shown).zip(&expected) {
            assert_eq!(known.since.commit, expected.since, "{}", self.about);
            assert_eq!(
                known.until.map(|mark| mark.commit),
                expected.until,
                "{}",
                self.about
            );
            assert_eq!(known.record, expected.record, "{}", self.about);
            assert_eq!(shown.since.commit, expected.since, "{}", self.about);
            let until = shown.until.as_ref().map(|recorded| recorded.commit);
            assert_eq!(until, expected.until, "{}", self.about);
            assert_eq!(
                item(&shown.version).commit,
                expected.since,
                "{}",
                self.about
            );
        }
    }
}

/// Some answers of the engine as clients see them.
pub(crate) fn glimpse(engine: &Engine, known_at: KnownAt) -> Value {
    let view = engine.view(known_at).unwrap();
    let everything = TimelineQuestion {
        selection: Selection::Everything,
        scope: Scope::default(),
        order: Order::Ascending,
        page: Page {
            limit: 1000,
            offset: 0,
        },
    };
    let actors = ListQuestion {
        kind: Kind::Actor,
        scope: Scope::default(),
        name: None,
        page: everything.page,
    };
    let mut dyads = Vec::new();
    let ends = ["a0", "a1", "a2"].map(|id| view.term(TermKind::Actor, id));
    let [a, b, c] = ends;
    for (a, b) in [(a, b), (b, c), (c, a)] {
        // The terms are the graph's, whatever the commit: ask only for actors who were there.
        let there = |actor: &Term| view.actor(*actor).is_some();
        if let (Some(a), Some(b)) = (a.filter(there), b.filter(there)) {
            let scope = Scope {
                rollup: Rollup::State,
                ..Scope::default()
            };
            dyads.push(to_value(dyad(&view, &DyadQuestion { a, b, scope })).unwrap());
        }
    }
    json!({
        "everything": to_value(timeline(&view, &everything).0).unwrap(),
        "actors": to_value(list(&view, &actors).0).unwrap(),
        "summary": to_value(summary(&view, &SummaryQuestion::default())).unwrap(),
        "dyads": dyads,
    })
}

fn selection(chosen: &Chosen, terms: &[Term]) -> Selection {
    match chosen {
        Chosen::Everything => Selection::Everything,
        Chosen::Actors(_, ActorMatch::Any) => Selection::Actors(terms.to_vec(), ActorMatch::Any),
        Chosen::Actors(_, ActorMatch::All) => Selection::Actors(terms.to_vec(), ActorMatch::All),
        Chosen::Dyad(_, _, ways) => Selection::Dyad(terms[0], terms[1], directions(*ways)),
    }
}

fn directions(ways: Ways3) -> Direction {
    let all = [Direction::FORWARD, Direction::BACKWARD, Direction::WITH];
    let asked = all.into_iter().zip(ways).filter(|(_, asked)| *asked);
    asked
        .map(|(direction, _)| direction)
        .reduce(Direction::or)
        .unwrap()
}

fn item(record: &RecordAnswer<'_>) -> Item {
    let json = to_value(record).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let via = json["via"].as_array().map(Vec::as_slice);
    let via: BTreeSet<_> = via
        .unwrap_or_default()
        .iter()
        .map(|via| {
            let assumed = via["assumed"].as_bool().unwrap_or_default();
            (
                text(&via["actor"]["id"]),
                text(&via["represents"]["id"]),
                assumed,
            )
        })
        .collect();
    Item {
        kind: Kind::parse(&text(&json["record"])).unwrap(),
        id: text(&json["id"]),
        commit: json["recorded"]["commit"].as_u64().unwrap(),
        independent_sources: json["independent_sources"].as_u64(),
        dated: dated(&json),
        via,
    }
}

fn dated(json: &Value) -> Dated {
    let day = |name: &str| json[name].as_str().map(str::to_owned);
    (
        ["earliest", "latest", "sorts_on"].map(day),
        json["end_unknown"].as_bool().unwrap_or_default(),
    )
}

fn items(page: &RecordPage<'_>, next: Option<usize>) -> Items {
    Items {
        shown: page.items.iter().map(item).collect(),
        total: page.total,
        next,
        undated: page.meta.undated_omitted,
        not_occurred: page.meta.not_occurred,
    }
}

pub(crate) fn quads(counts: &QuadCounts) -> Quads {
    [
        counts.verbal_cooperation,
        counts.material_cooperation,
        counts.verbal_conflict,
        counts.material_conflict,
        counts.uncoded,
    ]
}

fn one_way(answer: DirectionAnswer) -> OneWay {
    OneWay {
        records: answer.records,
        quads: quads(&answer.quad),
        types: words(answer.types.by_word()),
        kinds: words(answer.kinds),
        mean: answer.goldstein_mean,
    }
}

fn shown(day: Option<Day>) -> Option<String> {
    day.map(|day| day.to_string())
}

fn counts(counts: BTreeMap<Cow<'_, str>, usize>) -> BTreeMap<String, usize> {
    let counts = counts.into_iter();
    counts.map(|(key, n)| (key.into_owned(), n)).collect()
}

fn words(counts: BTreeMap<&str, usize>) -> BTreeMap<String, usize> {
    let counts = counts.into_iter();
    counts.map(|(word, n)| (word.to_owned(), n)).collect()
}

fn route(path: &PathAnswer<'_>) -> Route {
    let ends = path.hops.iter().map(|hop| &hop.target.id);
    let actors: Vec<String> = [&path.hops[0].source.id]
        .into_iter()
        .chain(ends)
        .map(ToString::to_string)
        .collect();
    assert_eq!(path.length, path.hops.len());
    assert_eq!(
        path.records,
        path.hops.iter().map(|hop| hop.records).sum::<usize>()
    );
    for (hop, source) in path.hops.iter().zip(&actors) {
        assert_eq!(
            hop.source.id, *source,
            "a hop starts where the last one ended"
        );
    }
    Route {
        actors,
        hops: path.hops.iter().map(evidence).collect(),
        cost: path.cost,
        arrival: path.arrival.map(|day| day.to_string()),
        instant: path.arrival_instant.map(Instant::number),
        order: path.order.map(str::to_owned),
        orders: path
            .hops
            .iter()
            .map(|hop| hop.order.map(str::to_owned))
            .collect(),
    }
}

fn key(record: &RecordAnswer<'_>) -> Key {
    let item = item(record);
    (item.kind, item.id)
}

fn evidence(hop: &HopAnswer<'_>) -> Vec<Key> {
    let shown: Vec<Key> = hop.evidence.iter().map(key).collect();
    // Worlds are too small for a hop of more records than an answer shows.
    assert_eq!(hop.records, shown.len());
    assert_eq!(hop.more, 0);
    shown
}

fn name_means(view: &View, store: &Store, commit: usize, name: &str, date: Option<&Date>) {
    let known = date.map(|date| When::of_date(date).known());
    let day = |number| Day::from_number(number).unwrap();
    let days = known.map(|(first, last)| (day(first), day(last)));
    let found = match view.resolve(name, days) {
        Ok(found) => Ok(view.text(found.actor).parse_id()),
        Err(NameError::Unknown { .. } | NameError::OtherDays { .. }) => Err(Unnamed::Unknown),
        Err(NameError::Ambiguous { candidates, .. }) => Err(Unnamed::Ambiguous(
            candidates.iter().map(|c| c.id.parse_id()).collect(),
        )),
    };
    let expected = resolve_name(&as_merged(&store.commits[commit]), name, known);
    assert_eq!(found, expected, "{name:?} on {date:?} at commit {commit}");
}
