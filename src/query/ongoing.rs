//! How many records last on a day, of some that are counted in bins.

use super::answer::CountAnswer;
use super::cell_filter::CellFilter;
use super::drill_down::DrillDownBase;
use crate::model::{Day, Timing};

/// The records of an answer that last, by the day on which they started and by the last.
#[derive(Default)]
pub(super) struct OngoingRecords {
    starts: Vec<i32>,
    ends: Vec<i32>,
    is_sorted: bool,
}

impl OngoingRecords {
    /// Takes up one more record, if it lasts.
    pub(super) fn add(&mut self, timing: &Timing) {
        if timing.lasts {
            self.starts
                .push(timing.days.0.map_or(i32::MIN, Day::number));
            self.ends.push(timing.days.1.map_or(i32::MAX, Day::number));
            self.is_sorted = false;
        }
    }

    /// How many of them started before a day and reach it, which `opened` lists; `None` when none does.
    /// See [`Timing::is_ongoing`].
    pub(super) fn ongoing(&mut self, day: Day, opened: &DrillDownBase) -> Option<CountAnswer> {
        if !self.is_sorted {
            self.starts.sort_unstable();
            self.ends.sort_unstable();
            self.is_sorted = true;
        }
        let before = |days: &[i32]| days.partition_point(|other| *other < day.number());
        // Who ended before the day started before it, too.
        let count = before(&self.starts) - before(&self.ends);
        (count > 0).then(|| CountAnswer {
            count,
            records_url: opened.narrowed(CellFilter {
                ongoing: Some(day),
                ..CellFilter::default()
            }),
        })
    }
}
