//! Which days a data set covers: what is not in it on one of these did not happen, as far as it tells.

use hashbrown::HashMap;

use super::columns::RowClass;
use super::segment::Segment;
use super::terms::Term;
use super::view::View;
use crate::invariant::Holds as _;
use crate::model::{Bin, Day, DayRange, Kind, Timing};

/// From the first to the last known day of each data set, for each width of bins.
pub(super) type Coverage = HashMap<Term, [Option<DayRange>; Bin::ALL.len()]>;

impl Segment {
    /// The days that the data sets cover by all rows: events and statements of which the day they start
    /// on is known well enough for a bin of each width. Relations tell of no day.
    fn covered(&self) -> Coverage {
        let columns = &self.columns;
        let datasets = columns.by_shape(|class, _| tells(class).then_some(class.dataset));
        let mut coverage = Coverage::new();
        // Rows of one data set mostly follow one another.
        let mut last: Option<(Term, [Option<DayRange>; Bin::ALL.len()])> = None;
        for row in 0..self.dated {
            let index = row as usize;
            let dataset = datasets.get(columns.shape(index) as usize).copied();
            // Rows of other kinds tell of no day.
            let Some(dataset) = dataset.flatten() else {
                continue;
            };
            let Some(timing) = columns.timing(index).holds("a dated row has a timing") else {
                continue;
            };
            if last.is_none_or(|(known, _)| known != dataset) {
                if let Some((known, days)) = last.take() {
                    coverage.insert(known, days);
                }
                let days = coverage.get(&dataset).copied().unwrap_or_default();
                last = Some((dataset, days));
            }
            if let Some((_, days)) = &mut last {
                widen(days, &timing);
            }
        }
        coverage.extend(last);
        coverage
    }

    /// The days that a data set covers by the rows that `sees` lets through: from both ends of what all
    /// rows cover inwards, so that few are looked at unless most are gone.
    fn seen_of(
        &self,
        (dataset, width): (Term, Bin),
        whole: DayRange,
        sees: impl Fn(u32) -> bool,
    ) -> Option<DayRange> {
        let start = |row: u32| {
            let class = self.columns.class(row as usize)?;
            let is_seen = class.dataset == dataset && tells(class) && sees(row);
            let timing = self.columns.timing(row as usize).filter(|_| is_seen)?;
            known_start(&timing, width)
        };
        // A row is sorted at the day on which it is known to start, an instant at one beside it.
        let from = self.place_of_day(whole.0.number().saturating_sub(1));
        let to = self.place_of_day(whole.1.number().saturating_add(2));
        let rows = from..to.min(self.dated);
        let mut first: Option<Day> = None;
        for row in rows.clone() {
            if first.is_some_and(|first| first.number() + 1 < self.day_of(row)) {
                break;
            }
            let day = start(row).map(|days| days.0);
            first = first.into_iter().chain(day).min();
        }
        let mut last: Option<Day> = None;
        for row in rows.rev() {
            let latest = |day: Day| width.around(day).1.number().max(day.number() + 1);
            let latest = Day::from_number(self.day_of(row)).map(latest);
            if last.is_some_and(|last| latest.is_some_and(|latest| latest <= last.number())) {
                break;
            }
            let day = start(row).map(|days| days.1);
            last = last.into_iter().chain(day).max();
        }
        first.zip(last)
    }
}

/// Whether records of a class tell what was observed.
fn tells(class: &RowClass) -> bool {
    matches!(class.kind, Kind::Event | Kind::Statement)
}

/// The days on which a record starts, when these are known well enough for a bin of a width.
fn known_start(timing: &Timing, width: Bin) -> Option<DayRange> {
    let (first, last) = timing.start;
    let days = first.zip(last)?;
    let is_known = days.0 == days.1 || !timing.is_wider(width.around(days.0));
    is_known.then_some(days)
}

/// Takes up the days on which a record starts, where these are known.
fn widen(covered: &mut [Option<DayRange>; Bin::ALL.len()], timing: &Timing) {
    for (width, days) in Bin::ALL.into_iter().zip(covered) {
        if let Some((first, last)) = known_start(timing, width) {
            *days = Some(days.map_or((first, last), |known| {
                (known.0.min(first), known.1.max(last))
            }));
        }
    }
}

impl View {
    /// The days that a data set covers in bins of a width: from the first to the last on which one of its
    /// events or statements is known to start. `None` when no day of it is known.
    pub fn covered(&self, dataset: Term, width: Bin) -> Option<DayRange> {
        let nth = Bin::ALL.iter().position(|bin| *bin == width)?;
        let of_segments = self.segments().filter_map(|(_, segment)| {
            let coverage = segment.coverage.get_or_init(|| segment.covered());
            let whole = (*coverage.get(&dataset)?.get(nth)?)?;
            if segment.is_born(self.limit) && segment.ends.none_before(self.limit) {
                return Some(whole);
            }
            segment.seen_of((dataset, width), whole, |row| self.sees(segment, row))
        });
        of_segments.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }
}
