//! The questions in process: compared with the reference, then timed.

use std::collections::{BTreeMap, HashMap};

use chancery::engine::{Engine, KnownAt};
use chancery::graph::{Direction, PackedId, Term, View};
use chancery::model::{Cameo, Date, Day, Kind, Window};
use chancery::query::answer::ReachAnswer;
use chancery::query::{
    ActorMatch, Bin, ChainRule, HistogramQuestion, Order, Page, PathsQuestion, RankingMeasure,
    RankingsQuestion, ReachQuestion, Scope, Selection, TimelineQuestion, histogram, paths,
    rankings, reach, timeline, timeline_rows,
};

use crate::data::Data;
use crate::naive::Naive;
use crate::questions::{Days, Questions};
use crate::report::{ask, grown, timed_once};

/// What the table calls the questions that peers are asked, too.
pub(crate) const TIMELINE: &str = "Q3 timeline, 50 rows of a year";
pub(crate) const DYAD: &str = "Q4 dyad, all rows of a year";
pub(crate) const MONTHS: &str = "Q5 dyad by month, all years";
pub(crate) const PATH: &str = "Q6 path of a year with evidence";
pub(crate) const REACH: &str = "Q7 earliest arrivals in a year";
pub(crate) const RANK: &str = "Q8 PageRank of a year, first ten";

/// Records of a page.
pub(crate) const PAGE: usize = 50;
/// Hops of a path.
pub(crate) const HOPS: usize = 6;
/// Questions of each kind that are compared with the reference.
const COMPARED: usize = 200;
/// Questions of the kinds that walk a window that are compared.
const FEW_COMPARED: usize = 5;
/// Records that are shown for a hop.
const EVIDENCE: usize = 3;

/// What a caller reads of a record: its id, its actors, its code and its day.
type Shown<'v> = (PackedId<'v>, Option<Term>, Option<Term>, Option<Cameo>, i32);

/// The same without the id.
type Bare = (Option<Term>, Option<Term>, Option<Cameo>, i32);

/// A state with the terms of the actors.
pub(crate) struct Inside<'d> {
    pub(crate) view: View,
    pub(crate) data: &'d Data,
    terms: Vec<Term>,
}

impl<'d> Inside<'d> {
    /// # Panics
    ///
    /// When an actor of the data is not in the record.
    pub(crate) fn new(engine: &Engine, data: &'d Data) -> Self {
        let view = engine.view(KnownAt::Now).unwrap();
        let mut named = HashMap::new();
        for row in view.of_kind(Kind::Actor) {
            let term = view.resolve(&view.id(row), None).unwrap().actor;
            named.insert(view.name(term).unwrap().name.to_owned(), term);
        }
        let terms = data.actors.iter().map(|name| named[name]).collect();
        Self { view, data, terms }
    }

    pub(crate) fn term(&self, actor: u32) -> Term {
        self.terms[actor as usize]
    }

    fn timeline(&self, &(actor, days): &(u32, Days)) -> TimelineQuestion {
        TimelineQuestion {
            selection: Selection::Actors(vec![self.term(actor)], ActorMatch::Any),
            scope: scope(days),
            order: Order::Descending,
            page: Page {
                limit: PAGE,
                offset: 0,
            },
        }
    }

    fn dyad(&self, &(a, b, days): &(u32, u32, Days)) -> TimelineQuestion {
        TimelineQuestion {
            selection: Selection::Dyad(self.term(a), self.term(b), Direction::ANY),
            scope: scope(days),
            order: Order::Ascending,
            page: Page {
                limit: usize::MAX,
                offset: 0,
            },
        }
    }

    fn months(&self, (a, b): (u32, u32)) -> HistogramQuestion {
        HistogramQuestion {
            selection: Selection::Dyad(self.term(a), self.term(b), Direction::ANY),
            scope: Scope::default(),
            bin: Bin::Month,
            split: None,
        }
    }

    fn path(&self, &(a, b, days): &(u32, u32, Days)) -> PathsQuestion {
        PathsQuestion {
            scope: scope(days),
            max_hops: HOPS,
            limit: 1,
            evidence: EVIDENCE,
            ..PathsQuestion::new(self.term(a), self.term(b))
        }
    }

    fn reach(&self, &(actor, days): &(u32, Days), limit: usize) -> ReachQuestion {
        ReachQuestion {
            origin: self.term(actor),
            backward: false,
            scope: scope(days),
            directed: true,
            chains: ChainRule::Possible,
            max_hops: None,
            avoid: Vec::new(),
            max_degree: None,
            page: Page { limit, offset: 0 },
        }
    }

    fn rank(days: Days) -> RankingsQuestion {
        RankingsQuestion {
            by: RankingMeasure::PageRank,
            scope: scope(days),
            seed: 0,
            page: Page {
                limit: 10,
                offset: 0,
            },
        }
    }

    /// The rows of a timeline as its caller reads them.
    fn rows(&self, question: &TimelineQuestion) -> Vec<Shown<'_>> {
        let view = &self.view;
        let page = timeline_rows(view, question);
        let shown = page.rows.iter().map(|row| {
            let event = view.plain(*row).unwrap();
            let mut actors = event.actors.iter().copied();
            let day = event.days.map_or(0, |(first, _)| first.number());
            let code = event.coding.cameo();
            (event.id, actors.next(), actors.next(), code, day)
        });
        shown.collect()
    }

    /// The rows of the reference, without ids: an import may give its own.
    fn expected(&self, events: &[u32]) -> Vec<Bare> {
        let shown = events.iter().map(|number| {
            let event = self.data.events[*number as usize];
            let code = self.data.relations[event.relation as usize].1;
            (
                Some(self.term(event.source)),
                Some(self.term(event.target)),
                Some(code),
                event.day,
            )
        });
        shown.collect()
    }

    /// Compares answers with the reference.
    ///
    /// # Panics
    ///
    /// When one differs: then no timing is worth anything.
    pub(crate) fn compare(&self, questions: &Questions, naive: &Naive<'_>) {
        let bare = |rows: Vec<Shown<'_>>| -> Vec<_> {
            let bare = rows
                .into_iter()
                .map(|(_, a, b, code, day)| (a, b, code, day));
            bare.collect()
        };
        for asked in questions.timelines.iter().take(COMPARED) {
            let (events, total) = naive.timeline(asked.0, asked.1, PAGE);
            let question = self.timeline(asked);
            assert_eq!(
                bare(self.rows(&question)),
                self.expected(&events),
                "{asked:?}"
            );
            let page = timeline(&self.view, &question).0;
            assert_eq!(
                (page.total, page.items.len()),
                (total, events.len()),
                "{asked:?}"
            );
        }
        for asked in questions.dyads.iter().take(COMPARED) {
            let events = naive.dyad(asked.0, asked.1, asked.2);
            let rows = self.rows(&self.dyad(asked));
            assert_eq!(bare(rows), self.expected(&events), "{asked:?}");
        }
        for asked in questions.months.iter().take(COMPARED) {
            let answer = histogram(&self.view, &self.months(*asked));
            let bins = answer.bins.iter().map(|bin| {
                let quad = bin.quad;
                let classes = [
                    quad.verbal_cooperation,
                    quad.material_cooperation,
                    quad.verbal_conflict,
                    quad.material_conflict,
                ];
                (bin.from.number(), classes)
            });
            assert_eq!(naive.months(asked.0, asked.1), bins.collect(), "{asked:?}");
        }
        for asked in questions.paths.iter().take(COMPARED) {
            let answer = paths(&self.view, &self.path(asked));
            let found = answer.paths.first();
            let hops = naive.hops(asked.0, asked.1, asked.2, HOPS);
            assert_eq!(found.map(|path| path.length), hops, "{asked:?}");
            for hop in found.iter().flat_map(|path| &path.hops) {
                let number = |id: &str| {
                    let term = self.view.resolve(id, None).unwrap().actor;
                    let place = self.terms.iter().position(|known| *known == term);
                    u32::try_from(place.unwrap()).unwrap()
                };
                let (a, b) = (number(&hop.source.id), number(&hop.target.id));
                let records = naive.dyad(a, b, asked.2).len();
                assert_eq!((hop.records, hop.records > 0), (records, true), "{asked:?}");
            }
        }
    }

    /// Compares the answers that take a whole window with the reference.
    ///
    /// # Panics
    ///
    /// When one differs.
    pub(crate) fn compare_networks(&self, questions: &Questions, naive: &Naive<'_>) {
        for asked in questions.reaches.iter().take(FEW_COMPARED) {
            let question = self.reach(asked, usize::MAX);
            let page = reach(&self.view, &question).0;
            let named = |item: &ReachAnswer<'_>| (item.actor.id.to_string(), item.day);
            let found: BTreeMap<String, Option<Day>> = page.items.iter().map(named).collect();
            let expected = naive
                .reach(asked.0, asked.1)
                .into_iter()
                .map(|(actor, day)| {
                    let id = self.view.text(self.term(actor)).to_owned();
                    (id, Day::from_number(day))
                });
            assert_eq!(found, expected.collect(), "{asked:?}");
        }
        for days in questions.ranks.iter().take(FEW_COMPARED) {
            let page = rankings(&self.view, &Self::rank(*days)).0;
            let mut ranks: Vec<(f64, u32)> = naive
                .rank(*days)
                .into_iter()
                .map(|(actor, score)| (score, actor))
                .collect();
            ranks.sort_by(|a, b| b.0.total_cmp(&a.0));
            for (item, (score, actor)) in page.items.iter().zip(ranks) {
                let id = self.view.text(self.term(actor));
                assert!(
                    (item.score - score).abs() < 1e-5,
                    "{days:?}: {id} {score} {item:?}"
                );
            }
        }
    }

    /// Times timelines that fill their pages, here and in a smaller record, round by round in turn, and
    /// prints how many times as long they take here.
    pub(crate) fn beside(&self, small: (&Inside<'_>, &Questions), questions: &Questions) {
        let full = |inside: &Inside<'_>, questions: &Questions| {
            let mut asked = each(&questions.timelines, |asked| inside.timeline(asked));
            asked.retain(|question| timeline_rows(&inside.view, question).rows.len() == PAGE);
            asked
        };
        let asked = (full(small.0, small.1), full(self, questions));
        let json = |inside: &Inside<'_>, question: &TimelineQuestion| {
            serde_json::to_vec(&timeline(&inside.view, question).0).unwrap()
        };
        grown("a timeline of 50 rows, as its caller reads them", || {
            let few = timed_once(&asked.0, |question| small.0.rows(question));
            (few, timed_once(&asked.1, |question| self.rows(question)))
        });
        grown("   the same as JSON", || {
            let few = timed_once(&asked.0, |question| json(small.0, question));
            (few, timed_once(&asked.1, |question| json(self, question)))
        });
    }

    /// Times the questions and prints them.
    pub(crate) fn time(&self, questions: &Questions) {
        let timelines = each(&questions.timelines, |asked| self.timeline(asked));
        ask(
            TIMELINE,
            &timelines,
            |question| self.rows(question),
            Some((3.0, 15.0)),
        );
        ask(
            "   the same as JSON",
            &timelines,
            |question| serde_json::to_vec(&timeline(&self.view, question).0).unwrap(),
            None,
        );
        let dyads = each(&questions.dyads, |asked| self.dyad(asked));
        ask(
            DYAD,
            &dyads,
            |question| self.rows(question),
            Some((2.0, f64::INFINITY)),
        );
        let months = each(&questions.months, |asked| self.months(*asked));
        ask(
            MONTHS,
            &months,
            |question| histogram(&self.view, question),
            Some((3.0, 150.0)),
        );
        let asked = each(&questions.paths, |asked| self.path(asked));
        ask(
            PATH,
            &asked,
            |question| paths(&self.view, question),
            Some((15.0, 250.0)),
        );
        let asked = each(&questions.reaches, |asked| self.reach(asked, PAGE));
        ask(
            REACH,
            &asked,
            |question| reach(&self.view, question),
            Some((800.0, f64::INFINITY)),
        );
        let asked = each(&questions.ranks, |days| Self::rank(*days));
        ask(
            RANK,
            &asked,
            |question| rankings(&self.view, question),
            Some((3000.0, f64::INFINITY)),
        );
    }
}

/// A question of each of some.
pub(crate) fn each<A, Q>(asked: &[A], question: impl Fn(&A) -> Q) -> Vec<Q> {
    asked.iter().map(question).collect()
}

/// Everything within a window, with no filter.
pub(crate) fn scope((from, to): Days) -> Scope {
    let date = |number| {
        let day = Day::from_number(number).unwrap();
        Date::of_days(day, day).unwrap()
    };
    let window = Window::new(Some(&date(from)), Some(&date(to)));
    Scope {
        window: window.unwrap(),
        ..Scope::default()
    }
}
