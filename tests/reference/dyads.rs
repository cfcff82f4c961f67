//! Dyads over time: series and windows compared, against loops.

use std::collections::{BTreeMap, BTreeSet};

use chancery::graph::{Term, TermKind, View};
use chancery::model::{Coding, Date, Record, Window};
use chancery::query::answer::{CompareAnswer, SeriesAnswer, SeriesDirection};
use chancery::query::{Bin, CompareQuestion, Scope, SeriesQuestion, compare, series};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::answers::{Quads, Reference, around, calendar, coding, days, show, type_name};
use crate::compare::quads;
use crate::store::Entry;
use crate::world::{ParseId as _, Size, id, scope, worlds};
use crate::{Both, cases, open_engine};

/// A question about a dyad.
#[derive(Clone, Debug)]
struct Asked {
    a: String,
    b: String,
    scope: Scope,
    bin: Bin,
    half_life: usize,
    base: Window,
}

const SIZE: Size = Size {
    actors: 8,
    sources: 3,
};

fn asked() -> impl Strategy<Value = Asked> {
    let bases = [
        ("2022", "2022"),
        ("2023-01", "2023-01"),
        ("2023-01-05", "2023-02-10"),
    ];
    let base = select(bases.to_vec()).prop_map(|(from, to)| {
        let [from, to] = [from, to].map(|text| Date::parse(text).unwrap());
        Window::new(Some(&from), Some(&to)).unwrap()
    });
    let half_lives = [1_usize, 30, 90, 3650];
    (
        id(SIZE),
        id(SIZE),
        scope(SIZE),
        select(&Bin::ALL[..]),
        select(half_lives.to_vec()),
        base,
    )
        .prop_map(|(a, b, scope, bin, half_life, base)| Asked {
            a,
            b,
            scope,
            bin,
            half_life,
            base,
        })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(48),
        max_shrink_iters: 5_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn dyads_over_time_are_those_of_the_reference(
        (steps, _) in worlds(),
        questions in vec((asked(), any::<prop::sample::Index>()), 1..12),
    ) {
        let both = Both::after(open_engine(), &steps);
        for (asked, earlier) in &questions {
            both.at_last_and(*earlier, |view, entries| hold(view, entries, asked));
        }
    }
}

fn hold(view: &View, entries: &[Entry], asked: &Asked) {
    let term = |id: &str| view.term(TermKind::Actor, id);
    let (Some(a), Some(b)) = (term(&asked.a), term(&asked.b)) else {
        return;
    };
    holds_series(view, entries, asked, (a, b));
    holds_compare(view, entries, asked, (a, b));
}

/// The records of a dyad with the ways in which they link the two.
fn rows<'e>(reference: &Reference<'e>, asked: &Asked) -> Vec<(&'e Entry, [bool; 3])> {
    let ids = [asked.a.parse_id(), asked.b.parse_id()];
    let mut rows = reference.between(&ids[0], &ids[1]);
    rows.retain(|(entry, _)| reference.accepts(&entry.record, &ids));
    rows
}

fn holds_series(view: &View, entries: &[Entry], asked: &Asked, (a, b): (Term, Term)) {
    let question = SeriesQuestion {
        a,
        b,
        scope: asked.scope.clone(),
        bin: asked.bin,
        half_life: asked.half_life,
    };
    let answer = series(view, &question).unwrap();
    let reference = Reference::new(entries, &asked.scope);
    let rows = rows(&reference, asked);
    let (lo, hi) = reference.window();
    let start = |entry: &Entry| days(&entry.record).map(|(first, _)| first.max(lo));
    let mut bins: BTreeMap<i32, Vec<(&Entry, [bool; 3])>> = BTreeMap::new();
    for (entry, ways) in &rows {
        if let Some(day) = start(entry) {
            let (from, _) = around(asked.bin, calendar(day));
            bins.entry(from.to_epoch_days())
                .or_default()
                .push((entry, *ways));
        }
    }
    let about = format!("{asked:?}");
    let total: usize = bins.values().map(Vec::len).sum();
    assert_eq!(answer.count, total, "{about}");
    assert_eq!(answer.bins.len(), bins.len(), "{about}");
    let undated = rows.len() - total + reference.dyad(&asked.a, &asked.b).undated;
    assert_eq!(answer.meta.undated_omitted, undated, "{about}");
    let ends: Vec<i32> = bins
        .keys()
        .map(|from| around(asked.bin, calendar(*from)).1.to_epoch_days())
        .collect();
    let bounded = |day: i32, edge: i32| (day != edge).then_some(day);
    let first = bounded(lo, Window::ALL.lo().number()).or(bins.keys().next().copied());
    let last = bounded(hi, Window::ALL.hi().number()).or(ends.last().copied());
    let span = first.zip(last).filter(|(first, last)| first <= last);
    let shown = |day: i32| show(calendar(day));
    assert_eq!(
        answer.from.map(|d| d.to_string()),
        span.map(|s| shown(s.0)),
        "{about}"
    );
    assert_eq!(
        answer.to.map(|d| d.to_string()),
        span.map(|s| shown(s.1)),
        "{about}"
    );
    let mut before = span.map(|(first, _)| first);
    for (found, (from, records)) in answer.bins.iter().zip(&bins) {
        let (_, to) = around(asked.bin, calendar(*from));
        let to = to.to_epoch_days();
        assert_eq!(
            (found.from.number(), found.to.number()),
            (*from, to),
            "{about}"
        );
        assert_eq!(found.count, records.len(), "{about}");
        let mut all = Quads::default();
        for (entry, _) in records {
            reference.count_quad(&mut all, &entry.record);
        }
        assert_eq!(quads(&found.quad), all, "{about}");
        let ways = [&found.a_to_b, &found.b_to_a, &found.together];
        for (way, found) in ways.into_iter().enumerate() {
            holds_way(&reference, found, records, way, &about);
        }
        let end = span.map_or(to, |(_, last)| to.min(last));
        let fading: f64 = rows
            .iter()
            .filter_map(|(entry, _)| start(entry))
            .filter(|day| *day <= to)
            .map(|day| 2_f64.powf(-f64::from(end - day) / f64::from(half_life(asked))))
            .sum();
        assert!(
            (found.intensity - fading).abs() < 1e-5,
            "{about}: {} {fading}",
            found.intensity
        );
        // Step by step through the bins of the silence.
        let mut silent = 0;
        let mut at = before.unwrap();
        loop {
            let (bin, end) = around(asked.bin, calendar(at));
            if bin.to_epoch_days() == *from {
                break;
            }
            silent += 1;
            at = end.to_epoch_days() + 1;
        }
        assert_eq!(found.silent_before, silent, "{about}");
        before = Some(to + 1);
    }
    holds_segments(&answer, &rows, start, &about);
}

fn half_life(asked: &Asked) -> u16 {
    u16::try_from(asked.half_life).unwrap()
}

fn holds_way(
    reference: &Reference<'_>,
    found: &SeriesDirection,
    records: &[(&Entry, [bool; 3])],
    way: usize,
    about: &str,
) {
    let of_way = records.iter().filter(|(_, ways)| ways[way]);
    let expected = reference.one_way(of_way.map(|(entry, _)| &entry.record));
    let types: BTreeMap<String, usize> = found
        .types
        .by_word()
        .into_iter()
        .map(|(name, count)| (name.to_owned(), count))
        .collect();
    assert_eq!(found.count, expected.records, "{about}");
    assert_eq!(quads(&found.quad), expected.quads, "{about}");
    assert_eq!(types, expected.types, "{about}");
    assert_eq!(found.goldstein_mean, expected.mean, "{about}");
    assert_eq!(
        found.goldstein_scale.is_some(),
        expected.mean.is_some(),
        "{about}"
    );
}

/// Segments cover the days of the series without gaps, count every record once, and meet in the
/// change points.
fn holds_segments(
    answer: &SeriesAnswer<'_>,
    rows: &[(&Entry, [bool; 3])],
    start: impl Fn(&Entry) -> Option<i32>,
    about: &str,
) {
    assert_eq!(answer.segments.is_empty(), answer.count == 0, "{about}");
    let Some(first) = answer.segments.first() else {
        return;
    };
    assert_eq!(Some(first.from), answer.from, "{about}");
    assert_eq!(answer.segments.last().map(|s| s.to), answer.to, "{about}");
    let meet = answer.segments.windows(2).map(|pair| {
        assert_eq!(pair[0].to.succ(), Some(pair[1].from), "{about}");
        pair[1].from
    });
    let changes: Vec<_> = answer
        .change_points
        .iter()
        .map(|change| change.day)
        .collect();
    assert_eq!(meet.collect::<Vec<_>>(), changes, "{about}");
    for segment in &answer.segments {
        let days = segment.from.number()..=segment.to.number();
        let inside = rows.iter().filter_map(|(entry, _)| start(entry));
        assert_eq!(
            inside.filter(|day| days.contains(day)).count(),
            segment.count,
            "{about}"
        );
    }
    for change in &answer.change_points {
        // A change is not worth less than its penalty: else the segments would be one.
        assert!(
            change.score >= answer.method.penalty - 1e-5,
            "{about}: {change:?}"
        );
        assert_eq!(
            change.direction == "up",
            change.after > change.before,
            "{about}"
        );
    }
}

/// Key and value, and the counts in the base and in the window.
type Compared = BTreeMap<(String, String), [usize; 2]>;

fn holds_compare(view: &View, entries: &[Entry], asked: &Asked, (a, b): (Term, Term)) {
    let ask = |base: Window, window: Window| {
        let scope = Scope {
            window,
            ..asked.scope.clone()
        };
        compare(view, &CompareQuestion { a, b, scope, base })
    };
    let others = [("2023-01-06", "2023-02"), ("2022-06", "2023-01-05")];
    let other = others[asked.half_life % 2];
    let [from, to] = [other.0, other.1].map(|text| Date::parse(text).unwrap());
    let window = Window::new(Some(&from), Some(&to)).unwrap();
    let about = format!("{asked:?} with {window:?}");
    let there = ask(asked.base, window);
    assert_eq!(
        compared(&there),
        expected(entries, asked, [asked.base, window]),
        "{about}"
    );
    let back = ask(window, asked.base);
    let mirrored = |change: &str| match change {
        "began" => "ended",
        "ended" => "began",
        "grew" => "fell",
        "fell" => "grew",
        _ => "same",
    };
    assert_eq!(there.items.len(), back.items.len(), "{about}");
    for (one, other) in there.items.iter().zip(&back.items) {
        assert_eq!((one.key, &one.value), (other.key, &other.value), "{about}");
        assert_eq!(
            (&one.base, &one.window),
            (&other.window, &other.base),
            "{about}"
        );
        assert_eq!(mirrored(one.change), other.change, "{about}");
    }
    let itself = ask(window, window);
    assert!(
        itself.items.iter().all(|item| item.change == "same"),
        "{about}"
    );
    for item in &there.items {
        let rate = |side: usize, days: usize| i128::try_from(side * days).unwrap();
        let was = rate(item.base.count, there.window.days);
        let is = rate(item.window.count, there.base.days);
        let change = match (was, is) {
            (0, _) => "began",
            (_, 0) => "ended",
            (was, is) if is > was => "grew",
            (was, is) if is < was => "fell",
            _ => "same",
        };
        assert_eq!(item.change, change, "{about}");
    }
}

fn compared(answer: &CompareAnswer<'_>) -> Compared {
    let all = answer.items.iter().map(|item| {
        let value = item.value.as_deref().unwrap_or_default().to_owned();
        (
            (item.key.to_owned(), value),
            [item.base.count, item.window.count],
        )
    });
    all.collect()
}

fn expected(entries: &[Entry], asked: &Asked, windows: [Window; 2]) -> Compared {
    let mut counts = Compared::new();
    for (side, window) in windows.into_iter().enumerate() {
        let scope = Scope {
            window,
            ..asked.scope.clone()
        };
        let reference = Reference::new(entries, &scope);
        for (entry, ways) in rows(&reference, asked) {
            for key in keys(&reference, &entry.record, ways) {
                counts.entry(key).or_default()[side] += 1;
            }
        }
    }
    counts
}

fn keys(reference: &Reference<'_>, record: &Record, ways: [bool; 3]) -> BTreeSet<(String, String)> {
    let mut keys = BTreeSet::new();
    let mut add = |key: &str, value: String| keys.insert((key.to_owned(), value));
    add("all", String::new());
    add("record", record.kind().to_string());
    if let Some(coding) = coding(record) {
        let class = |coding: Coding| coding.quad_class(reference.scope.scheme).to_string();
        add("quad", class(coding));
        add("type", type_name(coding));
    }
    for (way, word) in ways.iter().zip(["a_to_b", "b_to_a", "together"]) {
        if *way {
            add("direction", word.to_owned());
        }
    }
    let wanted = &reference.scope.filter.topics;
    for topic in record.topics() {
        if wanted.is_empty() || wanted.contains(topic) {
            add("topic", topic.to_string());
        }
    }
    keys
}
