//! The questions that no peer answers: compared with the reference where plain lists tell the answer,
//! then timed against the target of their kind.

use chancery::graph::Term;
use chancery::model::{Day, Window};
use chancery::query::{ActorMatch, answer::MarksAnswer};
use chancery::query::{
    Bin, CommunitiesQuestion, CompareQuestion, GraphQuestion, HALF_LIFE_DEFAULT, MarksQuestion,
    Mode, Order, Page, PathsQuestion, RankingMeasure, RankingsQuestion, Scope, SearchOrder,
    SearchQuestion, Selection, SeriesQuestion, communities, compare, explain, graph, marks, paths,
    rankings, search, series,
};
use chancery::text::TextQuery;

use crate::inside::{HOPS, Inside, each, scope};
use crate::naive::Naive;
use crate::questions::{Days, Questions};
use crate::report::ask;

/// Questions of the kinds that walk a window: compared, and timed.
const COMPARED: usize = 5;
const FEW: usize = 40;
/// Questions of the kinds that take a long time each.
const FEWER: usize = 5;
/// Alternative paths.
const ALTERNATIVES: usize = 20;
const DIVERSE: usize = 5;
/// Marks of a timeline that has to fit.
const MARKS: usize = 400;
/// Nodes of a neighbourhood.
const NODES: usize = 100;

/// Targets, p50 and p99 in microseconds: a walk over a few actors (paths), the records of a dyad
/// (months), one pass over the links of a window (reach), its whole network (`PageRank`).
const TWENTY_WALKS: Option<(f64, f64)> = Some((20.0 * 15.0, 20.0 * 250.0));
const FIVE_WALKS: Option<(f64, f64)> = Some((5.0 * 15.0, 5.0 * 250.0));
const TWO_DYADS: Option<(f64, f64)> = Some((2.0 * 3.0, 2.0 * 150.0));
/// Four of them: a series counts all records, and those of each direction for themselves.
const FOUR_DYADS: Option<(f64, f64)> = Some((4.0 * 3.0, 4.0 * 150.0));
const PASS: Option<(f64, f64)> = Some((800.0, f64::INFINITY));
const FIVE_PASSES: Option<(f64, f64)> = Some((5.0 * 800.0, f64::INFINITY));
const NETWORK: Option<(f64, f64)> = Some((3000.0, f64::INFINITY));

/// Asks the further questions of a state.
pub(crate) struct Further<'i, 'd>(pub(crate) &'i Inside<'d>);

impl Further<'_, '_> {
    fn term(&self, actor: u32) -> Term {
        self.0.term(actor)
    }

    fn path(&self, &(a, b, days): &(u32, u32, Days), mode: Mode, limit: usize) -> PathsQuestion {
        PathsQuestion {
            scope: scope(days),
            mode,
            max_hops: HOPS,
            limit,
            ..PathsQuestion::new(self.term(a), self.term(b))
        }
    }

    fn series(&self, (a, b): (u32, u32)) -> SeriesQuestion {
        SeriesQuestion {
            a: self.term(a),
            b: self.term(b),
            scope: Scope::default(),
            bin: Bin::Month,
            half_life: HALF_LIFE_DEFAULT,
        }
    }

    /// The window of a dyad beside the one of equal length before it.
    fn compare(&self, &(a, b, (from, to)): &(u32, u32, Days)) -> CompareQuestion {
        CompareQuestion {
            a: self.term(a),
            b: self.term(b),
            scope: scope((from, to)),
            base: Self::before((from, to)),
        }
    }

    fn before((from, to): Days) -> Window {
        scope((from - (to - from) - 1, from - 1)).window
    }

    fn rank(days: Days, by: RankingMeasure) -> RankingsQuestion {
        RankingsQuestion {
            by,
            scope: scope(days),
            seed: 0,
            page: FIRST_TEN,
        }
    }

    fn communities(days: Days) -> CommunitiesQuestion {
        CommunitiesQuestion {
            scope: scope(days),
            seed: 0,
            members: 20,
            page: FIRST_TEN,
        }
    }

    fn marks(&self, &(actor, _): &(u32, Days)) -> MarksQuestion {
        MarksQuestion {
            selection: Selection::Actors(vec![self.term(actor)], ActorMatch::Any),
            scope: Scope::default(),
            order: Order::Ascending,
            max_marks: MARKS,
            lanes: false,
        }
    }

    fn around(&self, &(actor, days): &(u32, Days)) -> GraphQuestion {
        GraphQuestion {
            actors: vec![self.term(actor)],
            hops: 1,
            limit: NODES,
            events: false,
            scope: scope(days),
        }
    }

    fn search(text: &str) -> SearchQuestion {
        SearchQuestion {
            query: TextQuery::parse(text).unwrap(),
            kinds: Vec::new(),
            scope: Scope::default(),
            order: SearchOrder::Relevance,
            page: FIRST_TEN,
        }
    }

    fn name(&self, actor: u32) -> &str {
        &self.0.data.actors[actor as usize]
    }

    /// Compares answers with the reference.
    ///
    /// # Panics
    ///
    /// When one differs.
    pub(crate) fn compare_with(&self, questions: &Questions, naive: &Naive<'_>) {
        let view = &self.0.view;
        for asked in questions.paths.iter().take(COMPARED) {
            let answer = paths(view, &self.path(asked, Mode::Strongest, 1));
            let cost = answer.paths.first().and_then(|path| path.cost);
            let expected = naive.cost(asked.0, asked.1, asked.2, HOPS);
            let same = match (cost, expected) {
                (Some(cost), Some(expected)) => (cost - expected).abs() < 1e-8,
                (cost, expected) => cost == expected,
            };
            assert!(same, "{asked:?}: {cost:?} {expected:?}");
            let answer = paths(view, &self.path(asked, Mode::Chronological, 1));
            let arrival = answer.paths.first().and_then(|path| path.arrival);
            let expected = naive.arrival(asked.0, asked.1, asked.2, HOPS);
            assert_eq!(arrival.map(Day::number), expected, "{asked:?}");
        }
        for asked in questions.months.iter().take(COMPARED) {
            let answer = series(view, &self.series(*asked)).unwrap();
            let bins = answer.bins.iter();
            let counts: Vec<(i32, usize)> =
                bins.map(|bin| (bin.from.number(), bin.count)).collect();
            let months = naive.months(asked.0, asked.1).into_iter();
            let expected: Vec<(i32, usize)> = months
                .map(|(day, classes)| (day, classes.iter().sum()))
                .collect();
            assert_eq!(counts, expected, "{asked:?}");
        }
        for asked in questions.dyads.iter().take(COMPARED) {
            let answer = compare(view, &self.compare(asked));
            let base = Self::before(asked.2);
            let base = (base.lo().number(), base.hi().number());
            let expected = [base, asked.2].map(|days| naive.dyad(asked.0, asked.1, days).len());
            assert_eq!(
                [answer.base.count, answer.window.count],
                expected,
                "{asked:?}"
            );
        }
        for asked in questions.timelines.iter().take(COMPARED) {
            let (_, total) = naive.timeline(asked.0, (i32::MIN, i32::MAX), 0);
            let counted = match marks(view, &self.marks(asked)) {
                MarksAnswer::Records(page) => page.items.len(),
                MarksAnswer::Bins(bins) => bins.bins.iter().map(|bin| bin.count).sum(),
            };
            assert_eq!(counted, total, "{asked:?}");
            let around = graph(view, &self.around(asked));
            let node = around
                .nodes
                .first()
                .map(|node| (&*node.actor.id, node.degree));
            let id = view.text(self.term(asked.0));
            let degree = naive.degree(asked.0, asked.1);
            assert_eq!(node, Some((id, degree)), "{asked:?}");
            let found = search(view, &Self::search(self.name(asked.0))).0;
            let names = found.items.iter().map(|item| item.matched);
            assert_eq!(names.take(1).collect::<Vec<_>>(), ["name"], "{asked:?}");
        }
        for days in questions.ranks.iter().take(COMPARED) {
            let page = rankings(view, &Self::rank(*days, RankingMeasure::Degree)).0;
            let degrees = (0..).zip(&self.0.data.actors);
            let degrees = degrees.map(|(actor, _)| naive.degree(actor, *days));
            let most = degrees.max().unwrap_or_default();
            #[expect(clippy::cast_precision_loss, reason = "fewer than 2^52 actors")]
            let most = most as f64;
            assert_eq!(page.items.first().map(|item| item.score), Some(most));
        }
    }

    /// Times the questions and prints them.
    pub(crate) fn time(&self, questions: &Questions) {
        self.time_paths(questions);
        self.time_dyads(questions);
        self.time_networks(questions);
        self.time_searches(questions);
    }

    fn time_paths(&self, questions: &Questions) {
        let view = &self.0.view;
        let some = &questions.paths[..FEW.min(questions.paths.len())];
        let path = |mode, limit| each(some, |asked| self.path(asked, mode, limit));
        let diverse: Vec<PathsQuestion> = path(Mode::Fewest, DIVERSE)
            .into_iter()
            .map(|question| PathsQuestion {
                diverse: true,
                ..question
            })
            .collect();
        for (what, asked, target) in [
            (
                "strongest path of a year",
                path(Mode::Strongest, 1),
                NETWORK,
            ),
            ("   five", path(Mode::Strongest, 5), NETWORK),
            ("path in time of a year", path(Mode::Chronological, 1), PASS),
            ("   five", path(Mode::Chronological, 5), FIVE_PASSES),
            (
                "twenty shortest paths",
                path(Mode::Fewest, ALTERNATIVES),
                TWENTY_WALKS,
            ),
            ("five diverse ones", diverse, FIVE_WALKS),
        ] {
            ask(what, &asked, |question| paths(view, question), target);
        }
        let asked = path(Mode::Fewest, 5);
        ask(
            "what five paths rest on",
            &asked,
            |question| explain(view, question),
            PASS,
        );
    }

    fn time_dyads(&self, questions: &Questions) {
        let view = &self.0.view;
        let asked = each(&questions.months, |asked| self.series(*asked));
        ask(
            "dyad's series with change points",
            &asked,
            |question| series(view, question),
            FOUR_DYADS,
        );
        let asked = each(&questions.dyads, |asked| self.compare(asked));
        ask(
            "dyad's year beside the one before",
            &asked,
            |question| compare(view, question),
            TWO_DYADS,
        );
    }

    fn time_networks(&self, questions: &Questions) {
        let view = &self.0.view;
        let some = &questions.timelines[..FEW.min(questions.timelines.len())];
        let asked = each(some, |asked| self.marks(asked));
        ask(
            "all years of an actor in 400 marks",
            &asked,
            |question| marks(view, question),
            PASS,
        );
        let asked = each(some, |asked| self.around(asked));
        ask(
            "neighbours of an actor, 100 nodes",
            &asked,
            |question| graph(view, question),
            NETWORK,
        );
        for (what, by, count) in [
            ("degree of a year, first ten", RankingMeasure::Degree, FEW),
            (
                "betweenness of a year, first ten",
                RankingMeasure::Betweenness,
                FEWER,
            ),
        ] {
            let days = &questions.ranks[..count.min(questions.ranks.len())];
            let asked = each(days, |days| Self::rank(*days, by));
            let target = (by == RankingMeasure::Degree).then_some(NETWORK);
            ask(
                what,
                &asked,
                |question| rankings(view, question),
                target.flatten(),
            );
        }
        let asked = each(&questions.ranks, |days| Self::communities(*days));
        ask(
            "communities of a year, first ten",
            &asked,
            |question| communities(view, question),
            NETWORK,
        );
    }

    fn time_searches(&self, questions: &Questions) {
        let view = &self.0.view;
        let some = &questions.timelines[..FEW.min(questions.timelines.len())];
        let names = some.iter().map(|(actor, _)| self.name(*actor));
        let asked: Vec<SearchQuestion> = names.clone().map(Self::search).collect();
        ask(
            "search by a name",
            &asked,
            |question| search(view, question),
            PASS,
        );
        let asked: Vec<SearchQuestion> = names.map(|name| Self::search(&misspelt(name))).collect();
        ask(
            "   with a letter left out",
            &asked,
            |question| search(view, question),
            PASS,
        );
    }
}

const FIRST_TEN: Page = Page {
    limit: 10,
    offset: 0,
};

/// A name without the letter in the middle of its longest word.
fn misspelt(name: &str) -> String {
    let longest = name.split(' ').max_by_key(|word| word.len());
    let longest = longest.unwrap_or_default();
    let middle = longest.chars().count() / 2;
    let kept = longest.chars().enumerate().filter(|(at, _)| *at != middle);
    let shorter: String = kept.map(|(_, c)| c).collect();
    name.replacen(longest, &shorter, 1)
}
