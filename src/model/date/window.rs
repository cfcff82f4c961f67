//! The stretch of days that a question asks about.

use thiserror::Error;

use super::{Date, DateError, Day, Precision};

/// A closed stretch of days: both ends belong to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Window {
    lo: Day,
    hi: Day,
}

/// The window's `from` begins after its `to` ends.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error(
    "from `{from}` begins on {lo}, after to `{to}` ends on {hi}, so no day lies between them; \
     exchange them"
)]
pub struct WindowError {
    /// The `from` as written.
    pub from: String,
    /// The `to` as written.
    pub to: String,
    /// The first day of `from`.
    pub lo: Day,
    /// The last day of `to`.
    pub hi: Day,
}

impl Date {
    /// Reads a date that a window may begin or end with: one whose first and last day are known.
    ///
    /// # Errors
    ///
    /// As [`Date::parse`], and for a set or a date with an open or unknown side.
    pub fn parse_bound(text: &str) -> Result<Self, DateError> {
        // What is suggested for no date at all must do for a window, too.
        let date = Self::parse(text).map_err(|error| DateError {
            suggestion: error
                .suggestion
                .map(|suggested| match Self::parse_bound(&suggested) {
                    Ok(_) => suggested,
                    Err(refused) => refused.suggestion.unwrap_or(suggested),
                }),
            ..error
        })?;
        let refused = |problem| {
            let known = text.trim_matches(['[', ']', '/', '.']);
            Err(DateError::new(problem).suggesting(known))
        };
        if date.is_open() {
            return refused("a window has no open end; leave a side out to leave it open");
        }
        if date.precision() == Precision::Set {
            return refused("a window begins and ends with one date, not with one of several");
        }
        Ok(date)
    }
}

impl Window {
    /// Every day there is.
    pub const ALL: Self = Self {
        lo: Day::MIN,
        hi: Day::MAX,
    };

    /// From the earliest day of `from` to the latest day of `to`, so `2023-01` to `2023-06` is
    /// January through June. `None` leaves that side unbounded. Of an open interval the known end
    /// counts, as everywhere: from `2023-01/..` is from 2023-01-01; [`Date::parse_bound`] refuses such.
    ///
    /// # Errors
    ///
    /// When the window would begin after its end.
    pub fn new(from: Option<&Date>, to: Option<&Date>) -> Result<Self, WindowError> {
        let lo = from.map_or(Day::MIN, Date::earliest);
        let hi = to.map_or(Day::MAX, Date::latest);
        match (from, to) {
            (Some(from), Some(to)) if lo > hi => Err(WindowError {
                from: from.to_string(),
                to: to.to_string(),
                lo,
                hi,
            }),
            _ => Ok(Self { lo, hi }),
        }
    }

    /// The first day; [`Day::MIN`] if there was no `from`.
    pub const fn lo(self) -> Day {
        self.lo
    }

    /// The last day; [`Day::MAX`] if there was no `to`.
    pub const fn hi(self) -> Day {
        self.hi
    }

    /// Whether the date's days and the window share at least one day: it may have happened then.
    pub fn overlaps(self, date: &Date) -> bool {
        date.earliest() <= self.hi && self.lo <= date.latest()
    }

    /// Whether all the date's days lie in the window: it did happen then. Never true for a date that
    /// is open or in doubt, not even in [`Window::ALL`].
    pub fn contains(self, date: &Date) -> bool {
        date.is_certain() && self.lo <= date.earliest() && date.latest() <= self.hi
    }
}
