//! Dyads over time: series and windows compared, against loops.

use std::collections::{BTreeMap, BTreeSet};

use chancery::graph::{Term, TermKind, View};
use chancery::model::{Coding, Date, Record, Window};
use chancery::query::answer::{
    CompareAnswer, CompareCount, SeriesAnswer, SeriesBin, SeriesDirection,
};
use chancery::query::{Bin, CompareQuestion, Scope, SeriesQuestion, compare, series};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::answers::{Quads, Reference, around, calendar, coding, ongoing, show, type_name};
use super::compare::quads;
use super::store::{Days, Entry};
use super::time::When;
use super::world::{ParseId as _, Size, id, scope, worlds};
use super::{Both, cases, open_engine};

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
    let start = |entry: &Entry| When::from_record(&entry.record)?.counts_on(asked.scope.window);
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
    let is_dated = |entry: &Entry| When::from_record(&entry.record).is_some();
    let dated = rows.iter().filter(|(entry, _)| is_dated(entry)).count();
    assert_eq!(answer.count, dated, "{about}");
    assert_eq!(answer.began_before.count, dated - total, "{about}");
    assert_eq!(answer.bins.len(), bins.len(), "{about}");
    let whole = reference.dyad(&asked.a, &asked.b);
    let undated = rows.len() - dated + whole.undated;
    assert_eq!(answer.meta.undated_omitted, undated, "{about}");
    assert_eq!(answer.meta.not_occurred, whole.not_occurred, "{about}");
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
        holds_bin(&reference, found, records, &about);
        let going = ongoing(rows.iter().map(|(entry, _)| &entry.record), lo.max(*from));
        let told = found.ongoing.as_ref().map_or(0, |ongoing| ongoing.count);
        assert_eq!(told, going, "{about}");
        let end = span.map_or(to, |(_, last)| to.min(last));
        let fading: f64 = rows
            .iter()
            .filter_map(|(entry, _)| known_start(entry, &asked.scope, asked.bin))
            .filter(|day| *day <= to)
            .map(|day| 2_f64.powf(-f64::from(end - day) / f64::from(half_life(asked))))
            .sum();
        assert!(
            (found.intensity - fading).abs() < 1e-5,
            "{about}: {} {fading}",
            found.intensity
        );
        let silent = silent_bins(asked.bin, before.unwrap(), *from);
        assert_eq!(found.silent_before, silent, "{about}");
        before = Some(to + 1);
    }
    let of_word = |bin: &&Bin| bin.as_str() == answer.method.bin;
    let bin = *Bin::ALL.iter().find(of_word).unwrap();
    let starts = rows
        .iter()
        .filter(|(entry, _)| !matches!(entry.record, Record::Relation(_)))
        .filter_map(|(entry, _)| known_start(entry, &asked.scope, bin));
    let counted = rows.iter().filter(|(entry, _)| start(entry).is_some());
    let datasets = counted.map(|(entry, _)| entry.record.dataset().as_str());
    let observed = observed(entries, &datasets.collect(), (lo, hi), bin);
    holds_segments(&answer, &starts.collect::<Vec<_>>(), &observed, &about);
}

/// The days of a window on which some data sets were observed: each from the first to the last on which
/// an event or a statement of it is known to start, as well as a bin asks.
fn observed(
    entries: &[Entry],
    datasets: &BTreeSet<&str>,
    (lo, hi): Days,
    bin: Bin,
) -> BTreeSet<i32> {
    let covered = datasets.iter().flat_map(|dataset| {
        let told = entries.iter().filter(|entry| {
            matches!(entry.record, Record::Event(_) | Record::Statement(_))
                && entry.record.dataset().as_str() == *dataset
        });
        let starts = told.filter_map(|entry| {
            let when = When::from_record(&entry.record)?;
            let (first, last) = when.starts();
            if first == Window::ALL.lo().number() || last == Window::ALL.hi().number() {
                return None;
            }
            let (from, to) = around(bin, calendar(first));
            let is_known = !when.is_wider((from.to_epoch_days(), to.to_epoch_days()));
            (first == last || is_known).then_some((first, last))
        });
        let starts: Vec<Days> = starts.collect();
        let first = starts.iter().map(|days| days.0).min().unwrap_or(0);
        let last = starts.iter().map(|days| days.1).max().unwrap_or(-1);
        first.max(lo)..=last.min(hi)
    });
    covered.collect()
}

/// The records of a bin by class and direction, and those that are wider than it.
fn holds_bin(
    reference: &Reference<'_>,
    found: &SeriesBin,
    records: &[(&Entry, [bool; 3])],
    about: &str,
) {
    assert_eq!(found.count, records.len(), "{about}");
    let days = (found.from.number(), found.to.number());
    let wide = records.iter().filter(|(entry, _)| is_wider(entry, days));
    assert_eq!(found.wider_than_bin, wide.count(), "{about}");
    let mut all = Quads::default();
    for (entry, _) in records {
        reference.count_quad(&mut all, &entry.record);
    }
    assert_eq!(quads(&found.quad), all, "{about}");
    let ways = [&found.a_to_b, &found.b_to_a, &found.together];
    for (way, found) in ways.into_iter().enumerate() {
        holds_way(reference, found, records, way, about);
    }
}

/// The bins from that of a day up to one that starts on another: step by step through the silence.
fn silent_bins(bin: Bin, day: i32, until: i32) -> usize {
    let (mut silent, mut at) = (0, day);
    loop {
        let (from, end) = around(bin, calendar(at));
        if from.to_epoch_days() == until {
            return silent;
        }
        silent += 1;
        at = end.to_epoch_days() + 1;
    }
}

/// Whether the day on which a record starts may lie outside of some days.
fn is_wider(entry: &Entry, days: Days) -> bool {
    When::from_record(&entry.record).is_some_and(|when| when.is_wider(days))
}

/// The day on which a record counts, of which that is known to a bin.
fn known_start(entry: &Entry, scope: &Scope, bin: Bin) -> Option<i32> {
    let day = When::from_record(&entry.record)?.counts_on(scope.window)?;
    let (from, to) = around(bin, calendar(day));
    let days = (from.to_epoch_days(), to.to_epoch_days());
    (!is_wider(entry, days)).then_some(day)
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

/// Segments cover the observed days without gaps, count every record once of which the day is known, and
/// meet in the change points.
fn holds_segments(
    answer: &SeriesAnswer<'_>,
    starts: &[i32],
    observed: &BTreeSet<i32>,
    about: &str,
) {
    let stretches = answer.observed.iter();
    let told = stretches.flat_map(|days| days.from.number()..=days.to.number());
    assert!(told.eq(observed.iter().copied()), "{about}");
    assert_eq!(answer.segments.is_empty(), observed.is_empty(), "{about}");
    let Some(first) = answer.segments.first() else {
        return;
    };
    assert_eq!(Some(&first.from.number()), observed.first(), "{about}");
    let last = answer.segments.last().map(|s| s.to.number());
    assert_eq!(last.as_ref(), observed.last(), "{about}");
    let meet = answer.segments.windows(2).map(|pair| {
        let next = observed.range(pair[0].to.number() + 1..).next();
        assert_eq!(next, Some(&pair[1].from.number()), "{about}");
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
        let inside = starts.iter();
        assert_eq!(
            inside.filter(|day| days.contains(*day)).count(),
            segment.count,
            "{about}"
        );
        let days = observed.range(days).count();
        let per_day = real(segment.count) / real(days);
        assert!((segment.per_day - per_day).abs() < 1e-5, "{about}");
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

/// All records, those that are wide, and what began before.
type Side = [usize; 3];
/// Key and value, and the counts in the base and in the window.
type Compared = BTreeMap<(String, String), [Side; 2]>;

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
    let mirrored = |change: &'static str| match change {
        "began" => "ended",
        "ended" => "began",
        "grew" => "fell",
        "fell" => "grew",
        other => other,
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
    let is_same = |change: &str| ["same", "too_few", "unclear"].contains(&change);
    assert!(
        itself.items.iter().all(|item| is_same(item.change)),
        "{about}"
    );
    for item in &there.items {
        // Of what is wide or began before, nobody knows whether it starts within.
        let known = |side: &CompareCount| side.count - side.wide - side.began_before;
        let (was, is) = (known(&item.base), known(&item.window));
        // Where all of one side may lie without, it tells nothing.
        let tells = |side: &CompareCount| known(side) > 0 || side.count == 0;
        let change = if !tells(&item.base) || !tells(&item.window) || was + is == 0 {
            "unclear"
        } else {
            change(was, is, there.base.days, there.window.days)
        };
        assert_eq!(item.change, change, "{about}");
        let per_day = |side: &CompareCount, days: usize| {
            let [known, days] = [known(side), days].map(|n| f64::from(u32::try_from(n).unwrap()));
            assert!((side.per_day - known / days).abs() < 1e-5, "{about}");
        };
        per_day(&item.base, there.base.days);
        per_day(&item.window, there.window.days);
    }
}

fn real(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap())
}

/// What became of a rate, by the tails of the binomial distribution of the records of the second window
/// among all, added up term by term.
fn change(before: usize, after: usize, base_days: usize, window_days: usize) -> &'static str {
    let tail = |least: usize, share: f64| -> f64 {
        let all = before + after;
        let term = |hits: usize| {
            let choices: f64 = (1..=hits).map(|k| real(all - hits + k) / real(k)).product();
            choices * share.powf(real(hits)) * (1.0 - share).powf(real(all - hits))
        };
        (least..=all).map(term).sum()
    };
    let share = |ratio: f64| {
        let weighed = ratio * real(window_days);
        weighed / (weighed + real(base_days))
    };
    let above = |ratio: f64| after > 0 && tail(after, share(ratio)) < 0.025;
    let below = |ratio: f64| before > 0 && tail(before, 1.0 - share(ratio)) < 0.025;
    if above(1.0) {
        if before == 0 { "began" } else { "grew" }
    } else if below(1.0) {
        if after == 0 { "ended" } else { "fell" }
    } else if above(0.5) && below(2.0) {
        "same"
    } else {
        "too_few"
    }
}

fn compared(answer: &CompareAnswer<'_>) -> Compared {
    let all = answer.items.iter().map(|item| {
        let value = item.value.as_deref().unwrap_or_default().to_owned();
        (
            (item.key.to_owned(), value),
            [&item.base, &item.window].map(|side| [side.count, side.wide, side.began_before]),
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
            let when = When::from_record(&entry.record);
            let day = when.as_ref().and_then(|when| when.counts_on(window));
            let began_before = when.is_some() && day.is_none();
            let is_wide = day.is_some() && is_wider(entry, reference.window());
            for key in keys(&reference, &entry.record, ways) {
                let counted = &mut counts.entry(key).or_default()[side];
                counted[0] += 1;
                counted[1] += usize::from(is_wide);
                counted[2] += usize::from(began_before);
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
