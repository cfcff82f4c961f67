//! A calendar day as one number.

use std::fmt;

use chrono::{Datelike as _, NaiveDate};

/// A day of the proleptic Gregorian calendar, held as days since 1970-01-01.
///
/// Years are astronomical, as EDTF counts them: 0000 is 1 BC and -0043 is 44 BC. They run from
/// -9999 to 9999, what four written digits can say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(i32);

impl Day {
    /// The first day there is: -9999-01-01.
    pub const MIN: Self = Self(-4_371_587);
    /// The last day there is: 9999-12-31.
    pub const MAX: Self = Self(2_932_896);

    /// The day of that year, month (1 to 12) and day of the month; `None` if the calendar has no
    /// such day or the year is outside -9999 to 9999.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        Self::from_number(date.to_epoch_days())
    }

    /// The day that many days after 1970-01-01 (before it, if negative); `None` outside
    /// [`Day::MIN`] to [`Day::MAX`].
    pub fn from_number(number: i32) -> Option<Self> {
        let day = Self(number);
        (Self::MIN..=Self::MAX).contains(&day).then_some(day)
    }

    /// Days since 1970-01-01, negative before it.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Year, month (1 to 12) and day of the month (1 to 31).
    pub fn ymd(self) -> (i32, u32, u32) {
        // The calendar has every day up to `MAX` and many more, so that the default is never taken.
        let date = NaiveDate::from_epoch_days(self.0).unwrap_or_default();
        (date.year(), date.month(), date.day())
    }

    /// The first and the last day of its month.
    pub fn month(self) -> (Self, Self) {
        // As above; and days of a month are few.
        let date = NaiveDate::from_epoch_days(self.0).unwrap_or_default();
        let first = self.0 - i32::try_from(date.day0()).unwrap_or_default();
        (
            Self(first),
            Self(first + i32::from(date.num_days_in_month()) - 1),
        )
    }

    /// The day after; `None` after [`Day::MAX`].
    pub fn succ(self) -> Option<Self> {
        self.0.checked_add(1).and_then(Self::from_number)
    }

    /// The day before; `None` before [`Day::MIN`].
    pub fn pred(self) -> Option<Self> {
        self.0.checked_sub(1).and_then(Self::from_number)
    }
}

/// ISO 8601, with a sign before negative years only: `2023-06-16`, `-0044-03-15`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        let sign = if year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{month:02}-{day:02}", year.unsigned_abs())
    }
}
