//! When a record counts: what the forms of dates mean in windows, lists, bins and chains.
//!
//! `api-docs/time.md` has the table. Here it is as numbers: from a [`Date`](super::Date), or the
//! two of a relation, to a [`Timing`], which the graph keeps and the questions read.

use std::fmt;

use chrono::{DateTime, FixedOffset, SecondsFormat};

use super::{Day, Window};
use crate::model::DayRange;

/// A moment of universal time, to the second. A leap second is a moment of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Instant(i64);

impl Instant {
    /// Half seconds since 1970-01-01T00:00:00Z: even for a second, odd for the leap second that
    /// follows it.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The moment of such a number.
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// The day in UTC, within the days there are.
    pub fn day(self) -> Day {
        let number = self.0.div_euclid(2 * 86_400);
        // Within these bounds there is a day of every number, so that the alternative is never taken.
        let number = number.clamp(Day::MIN.number().into(), Day::MAX.number().into());
        i32::try_from(number)
            .ok()
            .and_then(Day::from_number)
            .unwrap_or(Day::MAX)
    }
}

impl From<DateTime<FixedOffset>> for Instant {
    fn from(moment: DateTime<FixedOffset>) -> Self {
        // chrono holds a leap second as a second with more than a second's worth of nanoseconds.
        let is_leap = moment.timestamp_subsec_nanos() >= 1_000_000_000;
        Self(moment.timestamp() * 2 + i64::from(is_leap))
    }
}

/// RFC 3339 in UTC: `2023-06-16T14:00:00Z`.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = if self.0.rem_euclid(2) == 1 {
            1_000_000_000
        } else {
            0
        };
        match DateTime::from_timestamp(self.0.div_euclid(2), nanos) {
            Some(moment) => f.write_str(&moment.to_rfc3339_opts(SecondsFormat::Secs, true)),
            None => self.day().fmt(f),
        }
    }
}

/// Days between two bounds, both included; `None` where there is no bound.
pub type DaySpan = (Option<Day>, Option<Day>);

/// When a record counts, of whatever form its date is. Of one of several days that do not follow one
/// another (`[2022,2024]`) it knows the first and the last; the members are [`Date::members`].
///
/// [`Date::members`]: super::Date::members
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Timing {
    /// The day that it is sorted at: the first, of an instant that in UTC, of what has only an end
    /// the last day of that.
    pub sorts_on: Day,
    /// The first and the last day that the date names.
    pub known: DayRange,
    /// The first day that it may mean and the last; `None` where that side is open or nobody knows it.
    pub days: DaySpan,
    /// The days on which a window finds it.
    pub found: DaySpan,
    /// The days on one of which it starts.
    pub start: DaySpan,
    /// The moment, when a time of day with its zone is given.
    pub instant: Option<Instant>,
    /// Whether it is one of several days with others between them.
    pub has_gaps: bool,
    /// Whether it lasts from its first day to its last, rather than being on one or some of them.
    pub lasts: bool,
    /// Whether it is never certainly inside a window: marked as in doubt, or with an end that nobody
    /// knows.
    pub is_doubtful: bool,
}

impl Timing {
    /// Of a record on one or some of the days from a first to a last.
    pub const fn within(first: Day, last: Day) -> Self {
        let days = (Some(first), Some(last));
        Self {
            sorts_on: first,
            known: (first, last),
            days,
            found: days,
            start: days,
            instant: None,
            has_gaps: false,
            lasts: false,
            is_doubtful: false,
        }
    }

    /// Of a record that lasts from one day to another.
    pub const fn lasting(first: Day, last: Day) -> Self {
        Self {
            start: (Some(first), Some(first)),
            lasts: true,
            ..Self::within(first, last)
        }
    }

    /// Whether the first and the last day, and whether it lasts and is in doubt, say all of it.
    pub fn is_plain(&self) -> bool {
        let (first, last) = self.known;
        let plain = if self.lasts {
            Self::lasting(first, last)
        } else {
            Self::within(first, last)
        };
        *self
            == Self {
                is_doubtful: self.is_doubtful,
                ..plain
            }
    }

    /// Whether it goes on: it has begun and has no end.
    pub const fn goes_on(&self) -> bool {
        self.lasts && self.days.1.is_none()
    }

    /// The last day by which it is sorted; `None`, which goes last, where there is none.
    pub fn sort_end(&self) -> Option<Day> {
        match self.instant {
            Some(_) => Some(self.sorts_on),
            None => self.days.1,
        }
    }

    /// The first and the last day between which it stands in a chain: what is one day no later or no
    /// earlier than another stands at that day, what lasts has no bound where it has no end.
    pub const fn in_chain(&self) -> DaySpan {
        if self.lasts {
            self.days
        } else {
            (Some(self.known.0), Some(self.known.1))
        }
    }

    /// Whether its place in a chain may be compared for certain: all its days are known, none is in
    /// doubt.
    pub const fn is_sure(&self) -> bool {
        !self.is_doubtful && self.days.0.is_some() && self.days.1.is_some()
    }

    /// Whether a window finds it, as far as days and instants tell: `members` are those of a date that
    /// [has gaps](Self::has_gaps).
    pub fn is_found(&self, window: Window, members: &[DayRange]) -> bool {
        if let Some(instant) = self.instant {
            let (first, last) = self.known;
            let after = match window.first_instant() {
                Some(from) => instant >= from,
                None => window.lo() <= last,
            };
            let before = match window.last_instant() {
                Some(to) => instant <= to,
                None => first <= window.hi(),
            };
            return after && before;
        }
        let reaches = |from: Option<Day>, to: Option<Day>| {
            from.is_none_or(|from| from <= window.hi()) && to.is_none_or(|to| window.lo() <= to)
        };
        if self.has_gaps {
            let mut members = members.iter();
            return members.any(|(from, to)| reaches(Some(*from), Some(*to)));
        }
        reaches(self.found.0, self.found.1)
    }

    /// Whether it certainly lies inside a window that finds it. What has an open side does where the
    /// window has none; a bound that is an instant leaves what has none in doubt on its day.
    pub fn is_inside(&self, window: Window) -> bool {
        if self.is_doubtful {
            return false;
        }
        if self.instant.is_some() {
            return self.is_found(window, &[]);
        }
        let after = match self.days.0 {
            Some(first) if window.first_instant().is_some() => window.lo() < first,
            Some(first) => window.lo() <= first,
            None => window.lo() == Day::MIN,
        };
        let before = match self.days.1 {
            Some(last) if window.last_instant().is_some() => last < window.hi(),
            Some(last) => last <= window.hi(),
            None => window.hi() == Day::MAX,
        };
        after && before
    }

    /// The day on which it counts among the bins of a window, days as written; `None` when it began
    /// before: what lasts and has begun before the window, or nobody says when. What may mean other days
    /// counts within the window.
    pub fn counts_on(&self, window: Window) -> Option<Day> {
        let day = match self.instant {
            Some(_) => self.known.0,
            None => self.sorts_on,
        };
        let began_before = self.lasts && self.days.0.is_none_or(|first| first < window.lo());
        (!began_before).then(|| day.max(window.lo()).min(window.hi()))
    }

    /// Whether the day on which it starts may lie outside of some days.
    pub fn is_wider(&self, (from, to): DayRange) -> bool {
        let (first, last) = self.start;
        first.is_none_or(|first| first < from) || last.is_none_or(|last| last > to)
    }

    /// Whether it lasts, started before a day and reaches it.
    pub fn is_ongoing(&self, day: Day) -> bool {
        self.lasts
            && self.days.0.is_none_or(|first| first < day)
            && self.days.1.is_none_or(|last| day <= last)
    }
}
