//! The stretch of days that a question asks about.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use thiserror::Error;

use super::{Date, DateError, Day, Instant, Precision};

/// A closed stretch of days: both ends belong to it. An end that is a moment bounds what has one by
/// the moment, and all else by the day that is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Window {
    lo: Day,
    hi: Day,
    from: Option<DateTime<FixedOffset>>,
    to: Option<DateTime<FixedOffset>>,
}

/// The window's `from` begins after its `to` ends.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error(
    "from `{from}` begins on {lo}, after to `{to}` ends on {hi}, so nothing lies between them; \
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
            return refused(
                "a window can't contain an open end; to leave a side open, leave it out",
            );
        }
        if date.precision() == Precision::Set {
            return refused("a window begins and ends with a single date, not with one of several");
        }
        Ok(date)
    }
}

impl Window {
    /// Every day there is.
    pub const ALL: Self = Self {
        lo: Day::MIN,
        hi: Day::MAX,
        from: None,
        to: None,
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
        let moments = [from, to].map(|date| date.and_then(Date::moment));
        let [first, last] = moments;
        // Of two moments in two zones the earlier may be written with the later day.
        let is_over = match (first, last) {
            (Some(first), Some(last)) => first > last,
            _ => lo > hi,
        };
        match (from, to) {
            (Some(from), Some(to)) if is_over => Err(WindowError {
                from: from.to_string(),
                to: to.to_string(),
                lo,
                hi,
            }),
            _ => Ok(Self {
                lo: lo.min(hi),
                hi: hi.max(lo),
                from: first,
                to: last,
            }),
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

    /// The moment with which it begins, if its `from` is one.
    pub fn first_instant(self) -> Option<Instant> {
        self.from.map(Instant::from)
    }

    /// The moment with which it ends, if its `to` is one.
    pub fn last_instant(self) -> Option<Instant> {
        self.to.map(Instant::from)
    }

    /// Whether one of its ends is a moment.
    pub const fn has_instants(self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// Its ends as a question writes them; `None` where it has no end.
    pub fn as_written(self) -> (Option<String>, Option<String>) {
        let written = |moment: Option<DateTime<FixedOffset>>, day: Day, edge: Day| match moment {
            Some(moment) => Some(moment.to_rfc3339_opts(SecondsFormat::Secs, true)),
            None => (day != edge).then(|| day.to_string()),
        };
        (
            written(self.from, self.lo, Day::MIN),
            written(self.to, self.hi, Day::MAX),
        )
    }

    /// Whether a record of the date is found in it: the date may mean something within.
    pub fn finds(self, date: &Date) -> bool {
        date.timing().is_found(self, date.members())
    }

    /// Whether the date certainly lies within it.
    pub fn contains(self, date: &Date) -> bool {
        self.finds(date) && date.timing().is_inside(self)
    }
}
