//! What is said: statements made from a seed beside the events, for the questions that ask for stances
//! and for what the record learned. Compared with plain counts, then timed.

use std::fmt::Write as _;
use std::sync::Arc;

use chancery::engine::{Engine, ImportStatus, KnownAt, Progress};
use chancery::graph::View;
use chancery::ingest::{Input, InputFormat};
use chancery::model::{Day, Scheme, StanceKind};
use chancery::query::{
    ContradictionsQuestion, DiffQuestion, MatrixColumns, MatrixQuestion, Page, Rule, Scope,
    Stances, StancesQuestion, contradictions, diff, matrix, stances,
};

use crate::data::{Data, importing};
use crate::inside::{Inside, PAGE, each, scope};
use crate::questions::{Days, Questions};
use crate::report::{Table, ask};
use crate::seeded::Seeded;

/// Seed of the statements.
const SEED: u64 = 19_450_626;
/// Events for each statement: their speakers and targets say something on their days.
const EVENTS_A_STATEMENT: usize = 20;
/// Topics that are spoken about.
const TOPICS: u64 = 50;
/// Questions of each kind.
const FEW: usize = 40;

/// Targets, p50 and p99 in microseconds: the records of a few actors, as a page of them is; one pass
/// over the links of a window, as earliest arrivals are; its whole network, as `PageRank` is.
const PASS: Option<(f64, f64)> = Some((800.0, f64::INFINITY));
const NETWORK: Option<(f64, f64)> = Some((3000.0, f64::INFINITY));

/// A stance as it was made: who, when, toward whom, how.
struct Said {
    speaker: u32,
    target: u32,
    day: i32,
    stance: StanceKind,
    topic: u64,
}

/// The statements of some events.
fn said(data: &Data) -> Vec<Said> {
    let mut random = Seeded::new(SEED);
    let events = data.events.iter().step_by(EVENTS_A_STATEMENT);
    let apart = events.filter(|event| event.source != event.target);
    let all = apart.map(|event| Said {
        speaker: event.source,
        target: event.target,
        day: event.day,
        stance: StanceKind::ALL[random.index(StanceKind::ALL.len())],
        topic: random.below(TOPICS),
    });
    all.collect()
}

/// The statements as JSON Lines.
fn lines(data: &Data, all: &[Said]) -> String {
    let mut text = String::new();
    for (number, one) in all.iter().enumerate() {
        let day = Day::from_number(one.day).unwrap();
        writeln!(
            text,
            r#"{{"record":"statement","id":"said-{number}","dataset":"bench","speakers":["{}"],"date":"{day}","text":"Statement number {number}","quote":false,"topics":["topic-{topic}"],"stances":[{{"toward":{{"actor":"{}"}},"stance":"{}","about":"topic-{topic}"}}],"sources":[{{"source":"bench"}}]}}"#,
            data.ids[one.speaker as usize],
            data.ids[one.target as usize],
            one.stance,
            topic = one.topic,
        )
        .unwrap();
    }
    text
}

/// Adds the statements to a record, compares what is asked about them with plain counts, and times it.
///
/// # Panics
///
/// When an answer differs.
pub(crate) fn time(engine: &Engine, data: &Data, questions: &Questions) {
    let before = engine.view(KnownAt::Now).unwrap();
    let all = said(data);
    let options = importing(engine, "bench", InputFormat::JsonLines);
    let input = Input::bytes(lines(data, &all).into_bytes());
    let report = engine.import(input, options, Arc::new(Progress::default()));
    let report = report.unwrap();
    assert_eq!(report.status, ImportStatus::Committed, "{report:?}");
    let inside = Inside::new(engine, data);
    let view = &inside.view;
    let some = &questions.timelines[..FEW.min(questions.timelines.len())];
    let days = &questions.ranks[..FEW.min(questions.ranks.len())];
    compare(&inside, &before, &all, some);
    Table::row(
        "statements",
        &all.len().to_string(),
        "answers are those of plain counts",
    );
    let asked = each(some, |asked| of_speaker(&inside, asked));
    ask(
        "stances of a speaker in a year",
        &asked,
        |question| stances(view, question),
        PASS,
    );
    let asked = each(days, |days| MatrixQuestion {
        stances: Stances::default(),
        scope: scope(*days),
        columns: MatrixColumns::Target,
    });
    ask(
        "stances of a year as a matrix",
        &asked,
        |question| matrix(view, question),
        NETWORK,
    );
    let asked = each(some, |(actor, days)| ContradictionsQuestion {
        actors: vec![inside.term(*actor)],
        rules: Vec::new(),
        scope: scope(*days),
        page: FIRST,
    });
    ask(
        "contradictions of an actor in a year",
        &asked,
        |question| contradictions(view, question),
        PASS,
    );
    let asked = each(days, |days| reversals(*days));
    ask(
        "who turned within a year",
        &asked,
        |question| contradictions(view, question),
        NETWORK,
    );
    ask(
        "what the statements added, first fifty",
        &[LEARNED; FEW],
        |question| diff(&before, view, question),
        NETWORK,
    );
}

fn of_speaker(inside: &Inside<'_>, &(actor, days): &(u32, Days)) -> StancesQuestion {
    StancesQuestion {
        stances: Stances {
            speakers: vec![inside.term(actor)],
            ..Stances::default()
        },
        scope: scope(days),
        page: FIRST,
    }
}

fn reversals(days: Days) -> ContradictionsQuestion {
    ContradictionsQuestion {
        actors: Vec::new(),
        rules: vec![Rule::StanceReversal],
        scope: scope(days),
        page: FIRST,
    }
}

fn compare(inside: &Inside<'_>, before: &View, all: &[Said], some: &[(u32, Days)]) {
    let view = &inside.view;
    for asked in some {
        let (actor, (from, to)) = *asked;
        let within = all.iter().filter(|one| from <= one.day && one.day <= to);
        let of_year = within.clone().count();
        let of_speaker = within.filter(|one| one.speaker == actor).count();
        let found = stances(view, &self::of_speaker(inside, asked)).0.total;
        assert_eq!(found, of_speaker, "{asked:?}");
        let everyone = StancesQuestion {
            stances: Stances::default(),
            scope: scope((from, to)),
            page: FIRST,
        };
        assert_eq!(stances(view, &everyone).0.total, of_year, "{asked:?}");
    }
    let learned = diff(before, view, &LEARNED).0.counts;
    assert_eq!(
        (learned.created, learned.changed, learned.deleted),
        (all.len(), 0, 0)
    );
    // Nobody has turned who has said one thing only.
    let everything = ContradictionsQuestion {
        scope: Scope::default(),
        ..reversals((0, 0))
    };
    assert!(contradictions(view, &everything).0.total > 0);
}

const FIRST: Page = Page {
    limit: PAGE,
    offset: 0,
};

const LEARNED: DiffQuestion = DiffQuestion {
    scheme: Scheme::Icews,
    page: FIRST,
};
