//! The days on which the records of a question are observed: what their data sets cover.
//!
//! A day on which no record starts is silent where it is covered; elsewhere nobody looked. So rates are
//! records over covered days, and changes are looked for among these.

use std::collections::BTreeSet;

use crate::graph::{Term, View};
use crate::model::{Bin, Day, DayRange, Window};

/// Some stretches of days, in order and apart.
#[derive(Clone, Debug, Default)]
pub(super) struct ObservedDays(Vec<DayRange>);

impl ObservedDays {
    /// What some data sets cover together in bins of a width, within a window.
    pub(super) fn for_datasets(
        view: &View,
        datasets: &BTreeSet<Term>,
        width: Bin,
        window: Window,
    ) -> Self {
        let covered = datasets
            .iter()
            .filter_map(|dataset| view.covered(*dataset, width));
        let within = covered.map(|(first, last)| (first.max(window.lo()), last.min(window.hi())));
        let mut all: Vec<DayRange> = within.filter(|(first, last)| first <= last).collect();
        all.sort_unstable();
        let mut joined: Vec<DayRange> = Vec::with_capacity(all.len());
        for (first, last) in all {
            match joined.last_mut() {
                Some(before) if before.1.succ().is_none_or(|next| first <= next) => {
                    before.1 = before.1.max(last);
                }
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }

    /// The stretches.
    pub(super) fn stretches(&self) -> &[DayRange] {
        &self.0
    }

    /// How many of these days lie before a day.
    pub(super) fn before(&self, day: Day) -> i32 {
        let each = self.0.iter().map(|(first, last)| {
            let end = day.number().min(last.number() + 1);
            (end - first.number()).max(0)
        });
        each.sum()
    }

    /// How many there are.
    pub(super) fn days(&self) -> i32 {
        let each = self.0.iter();
        each.map(|(first, last)| last.number() - first.number() + 1)
            .sum()
    }

    /// The day before which so many of them lie; `None` when there are no more.
    pub(super) fn nth(&self, number: i32) -> Option<Day> {
        let mut left = number;
        for (first, last) in &self.0 {
            let here = last.number() - first.number() + 1;
            if left < here {
                return Day::from_number(first.number() + left);
            }
            left -= here;
        }
        None
    }

    /// The bins of a width in which they lie.
    pub(super) fn bins(&self, width: Bin) -> usize {
        // Of two stretches the one may end in the bin in which the other begins.
        let mut counted = 0;
        let mut last: Option<i32> = None;
        for (from, to) in &self.0 {
            let shared = last == Some(width.nth(*from));
            counted += width.count((*from, *to)) - usize::from(shared);
            last = Some(width.nth(*to));
        }
        counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i32) -> Day {
        Day::from_number(number).unwrap()
    }

    #[test]
    fn days_are_numbered_across_gaps() {
        let observed = ObservedDays(vec![
            (day(10), day(12)),
            (day(20), day(21)),
            (day(40), day(40)),
        ]);
        assert_eq!(observed.days(), 6);
        for (nth, number) in [10, 11, 12, 20, 21, 40].into_iter().enumerate() {
            let nth = i32::try_from(nth).unwrap();
            assert_eq!(observed.nth(nth), Some(day(number)));
            assert_eq!(observed.before(day(number)), nth);
        }
        assert_eq!(observed.nth(6), None);
        assert_eq!((observed.before(day(9)), observed.before(day(15))), (0, 3));
        assert_eq!(observed.before(day(100)), 6);
        // 1970-01-11 to 13, 21 to 22, 1970-02-10.
        assert_eq!((observed.bins(Bin::Day), observed.bins(Bin::Month)), (6, 2));
        assert_eq!(observed.bins(Bin::Year), 1);
    }
}
