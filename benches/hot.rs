//! The hot paths one by one, on the base of the workload: what a change in one of them does is seen
//! here before it is seen in `workload`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "a benchmark ends at the first thing that is wrong, and takes from the workload's data \
              what it needs"
)]

#[path = "workload/data.rs"]
mod data;
#[path = "workload/seeded.rs"]
mod seeded;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use chancery::document::Defaults;
use chancery::engine::{Engine, KnownAt, Progress};
use chancery::graph::{Direction, Links, Term, View, WindowMatch};
use chancery::ingest::{Input, InputFormat, ReadOptions, read};
use chancery::model::{Date, Day, Id, Window};
use chancery::query::{
    ChainRule, Page, PathsQuestion, RankingMeasure, RankingsQuestion, ReachQuestion, Scope, paths,
    rankings, reach,
};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use petgraph::visit::Bfs;

use crate::data::{Data, importing};

/// Records of a page.
const PAGE: usize = 50;
/// Lines that are parsed at a time.
const LINES: usize = 10_000;
/// Days of the window.
const YEAR: i32 = 365;

fn main() {
    divan::main();
}

/// A state, and whom to ask it about.
struct Asked {
    view: View,
    year: Scope,
    /// The actor of the most events, and whom it meets most.
    busiest: Term,
    partner: Term,
    /// Two actors of few events.
    few: [Term; 2],
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    let beside = "../shared/data/tkg/icews05-15";
    Data::base(&Path::new(env!("CARGO_MANIFEST_DIR")).join(beside)).unwrap()
});

static ASKED: LazyLock<Asked> = LazyLock::new(|| {
    let data = &*DATA;
    let folder = tempfile::tempdir().unwrap();
    let (engine, _) = Engine::open(&folder.path().join("record")).unwrap();
    let options = importing(&engine, "bench", InputFormat::JsonLines);
    let mut lines = Vec::new();
    data.write_json_lines(&mut lines).unwrap();
    let input = Input::bytes(lines);
    engine
        .import(input, options, Arc::new(Progress::default()))
        .unwrap();
    let view = engine.view(KnownAt::Now).unwrap();
    let mut counts = vec![0; data.actors.len()];
    for event in &data.events {
        counts[event.source as usize] += 1;
        counts[event.target as usize] += 1;
    }
    let mut by_count: Vec<usize> = (0..counts.len()).collect();
    by_count.sort_by_key(|actor| counts[*actor]);
    let term = |actor: usize| view.resolve(&data.ids[actor], None).unwrap().actor;
    let busiest = by_count[by_count.len() - 1];
    let mut meetings = vec![0; data.actors.len()];
    for event in &data.events {
        let (source, target) = (event.source as usize, event.target as usize);
        if source == busiest && target != busiest {
            meetings[target] += 1;
        }
    }
    let partner = (0..meetings.len()).max_by_key(|actor| meetings[*actor]);
    let from = i32::midpoint(data.days.0, data.days.1);
    let day = |number| {
        let day = Day::from_number(number).unwrap();
        Date::of_days(day, day).unwrap()
    };
    let window = Window::new(Some(&day(from)), Some(&day(from + YEAR - 1))).unwrap();
    let middle = by_count.len() / 2;
    Asked {
        year: Scope {
            window,
            ..Scope::default()
        },
        busiest: term(busiest),
        partner: term(partner.unwrap()),
        few: [term(by_count[middle]), term(by_count[middle + 1])],
        view,
    }
});

#[divan::bench]
fn newest_rows_of_an_actor_in_a_year(bencher: Bencher<'_, '_>) {
    let asked = &*ASKED;
    bencher.bench(|| {
        let windowed = asked
            .view
            .window(black_box(asked.year.window), WindowMatch::default());
        let rows = windowed.of_actor(asked.busiest).descending();
        (rows.total(), rows.page(0, PAGE))
    });
}

#[divan::bench]
fn rows_of_a_dyad_in_a_year(bencher: Bencher<'_, '_>) {
    let asked = &*ASKED;
    bencher.bench(|| {
        let windowed = asked
            .view
            .window(black_box(asked.year.window), WindowMatch::default());
        windowed.of_dyad(asked.busiest, asked.partner).count()
    });
}

#[divan::bench]
fn shortest_path_in_a_year_without_evidence(bencher: Bencher<'_, '_>) {
    let asked = &*ASKED;
    let [a, b] = asked.few;
    let question = PathsQuestion {
        scope: asked.year.clone(),
        limit: 1,
        evidence: 0,
        ..PathsQuestion::new(a, b)
    };
    bencher.bench(|| paths(&asked.view, black_box(&question)));
}

/// The same with petgraph: breadth first from one end over the view itself, without the path.
#[divan::bench]
fn shortest_path_in_a_year_by_petgraph(bencher: Bencher<'_, '_>) {
    let asked = &*ASKED;
    let windowed = asked.view.window(asked.year.window, WindowMatch::default());
    let links = Links::new(&windowed, Direction::ANY, |_| true);
    let [a, b] = asked.few;
    bencher.bench_local(|| {
        let mut walk = Bfs::new(&links, black_box(a.number()));
        let mut met = 0;
        while let Some(actor) = walk.next(&links) {
            met += 1;
            if actor == b.number() {
                break;
            }
        }
        met
    });
}

#[divan::bench]
fn one_pass_through_a_year(bencher: Bencher<'_, '_>) {
    let asked = &*ASKED;
    let question = ReachQuestion {
        origin: asked.busiest,
        backward: false,
        scope: asked.year.clone(),
        directed: true,
        chains: ChainRule::Possible,
        max_hops: None,
        avoid: Vec::new(),
        max_degree: None,
        page: NOTHING,
    };
    bencher.bench(|| reach(&asked.view, black_box(&question)));
}

#[divan::bench(args = [RankingMeasure::Degree, RankingMeasure::PageRank])]
fn network_of_a_year(bencher: Bencher<'_, '_>, by: RankingMeasure) {
    let asked = &*ASKED;
    let question = RankingsQuestion {
        by,
        scope: asked.year.clone(),
        seed: 0,
        page: NOTHING,
    };
    bencher.bench(|| rankings(&asked.view, black_box(&question)));
}

#[divan::bench]
fn quadruple_parsed(bencher: Bencher<'_, '_>) {
    let mut text = Vec::new();
    DATA.write_quads(&mut text).unwrap();
    parse(bencher, &text, InputFormat::Quads);
}

#[divan::bench]
fn json_line_parsed(bencher: Bencher<'_, '_>) {
    let mut text = Vec::new();
    DATA.write_events(&mut text, "bench").unwrap();
    parse(bencher, &text, InputFormat::JsonLines);
}

/// Nothing of a list but its total.
const NOTHING: Page = Page {
    limit: 0,
    offset: 0,
};

fn parse(bencher: Bencher<'_, '_>, text: &[u8], format: InputFormat) {
    let lines: Vec<&[u8]> = text
        .split_inclusive(|byte| *byte == b'\n')
        .take(LINES)
        .collect();
    let input = Input::bytes(lines.concat());
    let defaults = Defaults {
        dataset: Id::parse("bench").unwrap(),
    };
    let options = ReadOptions {
        format: Some(format),
        ..ReadOptions::new(defaults)
    };
    bencher.counter(ItemsCount::new(lines.len())).bench(|| {
        let mut items = 0;
        let summary = read(&input, &options, &mut |item| {
            items += 1;
            drop(black_box(item));
            ControlFlow::Continue(())
        });
        (summary.unwrap().records, items)
    });
}
