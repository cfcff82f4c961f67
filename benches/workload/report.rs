//! Timings and the table.

use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// Rounds whose median counts.
pub(crate) const ROUNDS: usize = 5;

/// Rounds in place of these, for a profile; set once at the start.
pub(crate) static MORE_ROUNDS: OnceLock<usize> = OnceLock::new();

/// The middle and the worst but one in a hundred of some timings, in seconds, and how many a second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) per_second: f64,
}

/// Calls `ask` with each question, five rounds; the medians of the rounds.
pub(crate) fn timed<Q, A>(questions: &[Q], mut ask: impl FnMut(&Q) -> A) -> Timing {
    let rounds: Vec<Timing> = rounds().map(|_| timed_once(questions, &mut ask)).collect();
    let middle = |of: fn(&Timing) -> f64| median(rounds.iter().map(of).collect());
    Timing {
        p50: middle(|t| t.p50),
        p99: middle(|t| t.p99),
        per_second: middle(|t| t.per_second),
    }
}

fn rounds() -> std::ops::Range<usize> {
    0..*MORE_ROUNDS.get().unwrap_or(&ROUNDS)
}

/// Calls `ask` with each question.
pub(crate) fn timed_once<Q, A>(questions: &[Q], mut ask: impl FnMut(&Q) -> A) -> Timing {
    let mut each = Vec::with_capacity(questions.len());
    let round = Instant::now();
    for question in questions {
        let start = Instant::now();
        let answer = std::hint::black_box(ask(question));
        each.push(start.elapsed());
        drop(answer);
    }
    Timing::from_durations(&mut each, round.elapsed())
}

/// Times a question of a small record and of a large one in turn, five rounds, and adds the medians
/// and how many times as long the second takes.
pub(crate) fn grown(what: &str, mut both: impl FnMut() -> (Timing, Timing)) {
    let rounds: Vec<(Timing, Timing)> = rounds().map(|_| both()).collect();
    let middle = |of: &dyn Fn(&(Timing, Timing)) -> f64| median(rounds.iter().map(of).collect());
    let (small, large) = (middle(&|(s, _)| s.p50), middle(&|(_, l)| l.p50));
    let times = middle(&|(s, l)| l.p50 / s.p50);
    Table::row(
        what,
        &format!("{} and {} µs", micros(small), micros(large)),
        &format!("{times:.2} times"),
    );
}

impl Timing {
    /// Of timings that took `all` together.
    pub(crate) fn from_durations(each: &mut [Duration], all: Duration) -> Self {
        each.sort_unstable();
        let at = |hundredths: usize| {
            let place = (each.len() * hundredths / 100).min(each.len().saturating_sub(1));
            each.get(place).map_or(f64::NAN, Duration::as_secs_f64)
        };
        #[expect(clippy::cast_precision_loss, reason = "fewer than 2^52 timings")]
        let per_second = each.len() as f64 / all.as_secs_f64();
        Self {
            p50: at(50),
            p99: at(99),
            per_second,
        }
    }
}

/// The middle one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A table that is printed as it grows, so that a long run shows what it has.
#[derive(Debug, Default)]
pub(crate) struct Table;

/// A part of the table.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) title: String,
    pub(crate) rows: Vec<Row>,
}

/// A row: what was measured, the number, what it is beside (a limit, a peer, a target).
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) number: String,
    pub(crate) beside: String,
}

/// The table so far.
static PARTS: Mutex<Vec<Part>> = Mutex::new(Vec::new());

/// What must stand in the name of a question that is timed; set once at the start.
pub(crate) static ONLY: OnceLock<String> = OnceLock::new();

/// Whether a question of this name is timed.
pub(crate) fn is_wanted(what: &str) -> bool {
    ONLY.get().is_none_or(|only| what.contains(only.as_str()))
}

/// Times questions and adds them to the table, unless only others are wanted.
pub(crate) fn ask<Q, A>(
    what: &str,
    questions: &[Q],
    ask: impl FnMut(&Q) -> A,
    target: Option<(f64, f64)>,
) {
    if is_wanted(what) {
        let timing = timed(questions, ask);
        TIMINGS.lock().unwrap().push((what.to_owned(), timing));
        Table::timing(what, timing, target);
    }
}

/// The timings of the questions so far, by name.
static TIMINGS: Mutex<Vec<(String, Timing)>> = Mutex::new(Vec::new());

/// The timing of a question that [`ask`] timed before.
pub(crate) fn timing_of(what: &str) -> Option<Timing> {
    let known = TIMINGS.lock().unwrap();
    known
        .iter()
        .find(|(name, _)| name == what)
        .map(|(_, timing)| *timing)
}

impl Table {
    /// Starts a part of the table.
    pub(crate) fn part(title: &str) {
        println!("\n{title}");
        PARTS.lock().unwrap().push(Part {
            title: title.to_owned(),
            rows: Vec::new(),
        });
    }

    /// Adds a row to the part that was started last.
    pub(crate) fn row(what: &str, number: &str, beside: &str) {
        println!("  {what:<44} {number:<34} {beside}");
        if let Some(part) = PARTS.lock().unwrap().last_mut() {
            part.rows.push(Row {
                what: what.trim().to_owned(),
                number: number.to_owned(),
                beside: beside.to_owned(),
            });
        }
    }

    /// The parts so far.
    pub(crate) fn parts() -> Vec<Part> {
        PARTS.lock().unwrap().clone()
    }

    /// A row of a timing; the target as p50 and p99 in microseconds.
    pub(crate) fn timing(what: &str, timing: Timing, target: Option<(f64, f64)>) {
        let number = format!("{} / {}", micros(timing.p50), micros(timing.p99));
        let beside = target.map_or_else(String::new, |(p50, p99)| {
            format!("target {p50} / {p99} µs{}", missed(timing, p50, p99))
        });
        Self::row(
            what,
            &format!("{number} µs  {:.0}/s", timing.per_second),
            &beside,
        );
    }
}

fn missed(timing: Timing, p50: f64, p99: f64) -> &'static str {
    if timing.p50 * 1e6 <= p50 && timing.p99 * 1e6 <= p99 {
        ", met"
    } else {
        ", missed"
    }
}

fn micros(seconds: f64) -> String {
    let micros = seconds * 1e6;
    if micros < 100.0 {
        format!("{micros:.2}")
    } else {
        format!("{micros:.0}")
    }
}
