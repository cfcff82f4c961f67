//! The questions, from a seed: actors as often as they act, windows of a year, pairs that have met.

use crate::data::Data;
use crate::seeded::Seeded;

/// Seed of the questions.
const SEED: u64 = 20_051_231;
/// Days of a window.
const YEAR: i32 = 365;
/// Questions of each kind.
const MANY: usize = 1000;
/// Questions of the kinds that walk a whole window.
const FEW: usize = 40;
/// Chances in ten that a path is asked for between actors as often as they act; else any two.
const BUSY_TENTHS: u64 = 5;

/// A window: the first and the last day.
pub(crate) type Days = (i32, i32);

/// All questions; actors by number.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    /// The latest 50 records of an actor in a year, the newest first.
    pub(crate) timelines: Vec<(u32, Days)>,
    /// All records of a pair in a year, the oldest first.
    pub(crate) dyads: Vec<(u32, u32, Days)>,
    /// A pair by month and quad class, all years.
    pub(crate) months: Vec<(u32, u32)>,
    /// The shortest path in a year.
    pub(crate) paths: Vec<(u32, u32, Days)>,
    /// Whom news from an actor may have come to within a year, and when.
    pub(crate) reaches: Vec<(u32, Days)>,
    /// The ten actors of highest `PageRank` in a year.
    pub(crate) ranks: Vec<Days>,
}

impl Questions {
    pub(crate) fn for_data(data: &Data) -> Self {
        let mut random = Seeded::new(SEED);
        let mut questions = Self::default();
        for _ in 0..MANY {
            let actor = busy(data, &mut random);
            questions.timelines.push((actor, window(data, &mut random)));
            let (a, b, day) = met(data, &mut random);
            let shift = i32::try_from(random.below(365)).unwrap_or_default();
            let latest = data.days.1 - YEAR + 1;
            let from = (day - shift).min(latest).max(data.days.0);
            questions.dyads.push((a, b, (from, from + YEAR - 1)));
            let (a, b, _) = met(data, &mut random);
            questions.months.push((a, b));
            questions.paths.push(path(data, &mut random));
        }
        for _ in 0..FEW {
            let actor = busy(data, &mut random);
            questions.reaches.push((actor, window(data, &mut random)));
            questions.ranks.push(window(data, &mut random));
        }
        questions
    }
}

/// An actor, as likely as it acts.
fn busy(data: &Data, random: &mut Seeded) -> u32 {
    let event = data.events[random.index(data.events.len())];
    [event.source, event.target][random.index(2)]
}

/// Two actors of an event, and its day. An actor that deals with itself is no pair.
fn met(data: &Data, random: &mut Seeded) -> (u32, u32, i32) {
    loop {
        let event = data.events[random.index(data.events.len())];
        if event.source != event.target {
            return (event.source, event.target, event.day);
        }
    }
}

fn window(data: &Data, random: &mut Seeded) -> Days {
    let (first, last) = data.days;
    let starts = u64::from((last - YEAR + 1).abs_diff(first)) + 1;
    let from = first + i32::try_from(random.below(starts)).unwrap_or_default();
    (from, from + YEAR - 1)
}

fn path(data: &Data, random: &mut Seeded) -> (u32, u32, Days) {
    let days = window(data, random);
    let any = |random: &mut Seeded| u32::try_from(random.index(data.actors.len())).unwrap_or(0);
    loop {
        let (a, b) = if random.below(10) < BUSY_TENTHS {
            (busy(data, random), busy(data, random))
        } else {
            (any(random), any(random))
        };
        if a != b {
            return (a, b, days);
        }
    }
}
