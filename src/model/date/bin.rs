//! Stretches of the calendar in which records are counted.

use super::Day;
use crate::model::DayRange;

/// The width of a bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bin {
    /// A day.
    Day,
    /// A week from Monday to Sunday (ISO 8601).
    Week,
    /// A calendar month.
    Month,
    /// Three calendar months from January, April, July or October.
    Quarter,
    /// A calendar year.
    Year,
}

impl Bin {
    /// All widths.
    pub const ALL: [Self; 5] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
    ];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The first and the last day of the bin that `day` lies in, within the supported years.
    pub fn around(self, day: Day) -> (Day, Day) {
        let months = |year, first: u32, last: u32| {
            let of_month = |month| Day::from_ymd(year, month, 1).unwrap_or(day).month();
            (of_month(first).0, of_month(last).1)
        };
        match self {
            Self::Day => (day, day),
            Self::Week => {
                // 1970-01-01 was a Thursday.
                let monday = day.number() - (day.number() + 3).rem_euclid(7);
                let bound = |number, edge| Day::from_number(number).unwrap_or(edge);
                (bound(monday, Day::MIN), bound(monday + 6, Day::MAX))
            }
            Self::Month => day.month(),
            Self::Quarter => {
                let (year, month, _) = day.ymd();
                let first = (month - 1) / 3 * 3 + 1;
                months(year, first, first + 2)
            }
            Self::Year => months(day.ymd().0, 1, 12),
        }
    }

    /// The number of the bin around a day, counted from some bin.
    pub fn nth(self, day: Day) -> i32 {
        let months = |day: Day| {
            let (year, month, _) = day.ymd();
            year * 12 + i32::try_from(month).unwrap_or(1) - 1
        };
        match self {
            Self::Day => day.number(),
            // 1970-01-01 was a Thursday.
            Self::Week => (day.number() + 3).div_euclid(7),
            Self::Month => months(day),
            Self::Quarter => months(day).div_euclid(3),
            Self::Year => day.ymd().0,
        }
    }

    /// The bins that some days lie in.
    pub fn count(self, (first, last): DayRange) -> usize {
        self.nth(last).abs_diff(self.nth(first)) as usize + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_hold_their_day_and_meet_without_gaps() {
        for bin in Bin::ALL {
            let edges = [Day::MIN, Day::MAX].map(Day::number);
            let around_edges = [edges[0]..edges[0] + 800, edges[1] - 800..edges[1]];
            let years = (-800_000..800_000).step_by(13);
            for number in (-1000..1000)
                .chain(years)
                .chain(around_edges.into_iter().flatten())
            {
                let day = Day::from_number(number).unwrap();
                let (from, to) = bin.around(day);
                assert!(from <= day && day <= to, "{bin:?} of {day}");
                if let Some(after) = to.succ() {
                    assert_eq!(bin.around(after).0, after, "{bin:?} after {day}");
                }
            }
        }
    }

    #[test]
    fn weeks_start_on_monday() {
        let day = Day::from_ymd(2023, 6, 16).unwrap();
        let (from, to) = Bin::Week.around(day);
        assert_eq!(
            (from.to_string(), to.to_string()),
            ("2023-06-12".into(), "2023-06-18".into())
        );
    }
}
