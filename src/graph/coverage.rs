//! Which days a data set covers: what is not in it on one of these did not happen, as far as it tells.

use hashbrown::HashMap;

use super::columns::UNDATED;
use super::segment::Segment;
use super::terms::Term;
use super::view::View;
use crate::model::{Bin, Days, Kind, Timing};

/// From the first to the last known day of each data set, for each width of bins.
pub(super) type Coverage = HashMap<Term, [Option<Days>; Bin::ALL.len()]>;

impl Segment {
    /// The days that the data sets cover by the rows that `sees` lets through: events and statements of
    /// which the day they start on is known well enough for a bin of each width. Relations tell of no
    /// day.
    fn covered(&self, sees: impl Fn(u32) -> bool) -> Coverage {
        let columns = &self.columns;
        let datasets = columns.by_shape(|class, _| match class.kind {
            Kind::Event | Kind::Statement => Some(class.dataset),
            Kind::Source | Kind::Actor | Kind::Relation => None,
        });
        let mut coverage = Coverage::new();
        // Rows of one data set mostly follow one another.
        let mut last: Option<(Term, [Option<Days>; Bin::ALL.len()])> = None;
        for row in 0..self.dated {
            let index = row as usize;
            let dataset = datasets.get(columns.shape(index) as usize).copied();
            let Some(dataset) = dataset.flatten().filter(|_| sees(row)) else {
                continue;
            };
            let Some(timing) = columns
                .timing(index)
                .filter(|_| columns.day(index) != UNDATED)
            else {
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
}

/// Takes up the days on which a record starts, where these are known.
fn widen(covered: &mut [Option<Days>; Bin::ALL.len()], timing: &Timing) {
    let (Some(first), Some(last)) = timing.start else {
        return;
    };
    for (width, days) in Bin::ALL.iter().zip(covered) {
        let is_known = first == last || !timing.is_wider(width.around(first));
        if is_known {
            *days = Some(days.map_or((first, last), |known| {
                (known.0.min(first), known.1.max(last))
            }));
        }
    }
}

impl View {
    /// The days that a data set covers in bins of a width: from the first to the last on which one of its
    /// events or statements is known to start. `None` when no day of it is known.
    pub fn covered(&self, dataset: Term, width: Bin) -> Option<Days> {
        let nth = Bin::ALL.iter().position(|bin| *bin == width)?;
        let of_segments = self.segments().filter_map(|(_, segment)| {
            let is_whole = segment.is_born(self.limit) && segment.ends.none_before(self.limit);
            if is_whole {
                let coverage = segment.coverage.get_or_init(|| segment.covered(|_| true));
                *coverage.get(&dataset)?.get(nth)?
            } else {
                let coverage = segment.covered(|row| self.sees(segment, row));
                *coverage.get(&dataset)?.get(nth)?
            }
        });
        of_segments.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }
}
