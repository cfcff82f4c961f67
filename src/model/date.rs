//! Dates as people know them: to the day, the month or the decade, uncertain, open, one of several.
//!
//! The format is EDTF, the Extended Date/Time Format (ISO 8601-2:2019 annex A, described at
//! <https://www.loc.gov/standards/datetime/>): levels 0 and 1, and from level 2 one-of sets.
//! The grammar is `edtf-core`'s. Ours are the plain forms, which nearly all data has and which are
//! read without allocating, the choice of what is supported, and the explanation of what is not.

mod bin;
mod day;
mod explain;
mod foreign;
mod read;
#[cfg(test)]
mod tests;
mod timing;
mod window;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset};

pub use self::bin::Bin;
pub use self::day::Day;
pub use self::explain::DateError;
pub use self::timing::{DaySpan, Instant, Timing};
pub use self::window::{Window, WindowError};

/// The longest date text, in bytes.
pub const MAX_DATE_BYTES: usize = 64;

/// A valid EDTF date: a closed interval of days, with a precision and a certainty.
///
/// Two dates are equal when they are written alike. There is no order on them; sort by
/// [`Date::earliest`], then [`Date::latest`].
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Date {
    earliest: Day,
    latest: Day,
    /// What days alone cannot say; `None` for the plain forms `2023`, `2023-06`, `2023-06-16`.
    special: Option<Box<Special>>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Special {
    written: Box<str>,
    precision: Precision,
    open_start: bool,
    open_end: bool,
    /// A moment, with the zone in which it was written.
    moment: Option<DateTime<FixedOffset>>,
    timing: Timing,
    /// The days of each member of a set with gaps, ascending.
    members: Box<[(Day, Day)]>,
}

/// How finely a date is given, or that it is an interval or a set.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Precision {
    /// A time of day is given.
    Instant,
    /// `2023-06-16`
    Day,
    /// `2023-06`, `2023-06-XX`
    Month,
    /// `2023-22`
    Season,
    /// `2023`, `2023-XX`, `2023-XX-XX`
    Year,
    /// `202X`
    Decade,
    /// `20XX`
    Century,
    /// `2023-06-18/2023-06-19`, `../2023`
    Interval,
    /// `[2023-06-01,2023-06-03]`
    Set,
}

impl Precision {
    /// The name in answers and documents: lower case, one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Day => "day",
            Self::Month => "month",
            Self::Season => "season",
            Self::Year => "year",
            Self::Decade => "decade",
            Self::Century => "century",
            Self::Interval => "interval",
            Self::Set => "set",
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Date {
    /// Reads a date of at most [`MAX_DATE_BYTES`].
    ///
    /// Supported are level 0 (`2023-06-16`, `2023-06`, `2023`, intervals, times of day), level 1
    /// (negative years, seasons 21 to 24, `X` for unspecified digits on the right, `?`, `~` or `%`
    /// after a date, open and unknown ends of intervals) and one-of sets (`[2023-06-01..2023-06-03]`),
    /// of which one of several members is not open.
    /// Years beyond four digits (`Y170000002`) are not.
    ///
    /// # Errors
    ///
    /// [`DateError`] says what is wrong and, where the intention is plain, what to write instead.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        read::read(text).map_err(|refusal| explain::explain(text, &refusal))
    }

    /// Reads a date that was stored by this version or an earlier one, which took more.
    ///
    /// # Errors
    ///
    /// As [`Date::parse`], but for sets of several members of which one is open.
    pub fn parse_stored(text: &str) -> Result<Self, DateError> {
        read::read_stored(text).map_err(|refusal| explain::explain(text, &refusal))
    }

    /// Whether the date is a plain day, month or year: then its first and last day say all of it.
    pub fn is_plain(&self) -> bool {
        self.special.is_none()
    }

    /// The plain date from `earliest` to `latest`, when they bound a day, a month or a year.
    pub fn of_days(earliest: Day, latest: Day) -> Option<Self> {
        let date = Self {
            earliest,
            latest,
            special: None,
        };
        // What it would be written as must be read as the same days.
        let same = earliest == latest || Self::parse(&date.to_string()).as_ref() == Ok(&date);
        same.then_some(date)
    }

    /// The text that was read.
    pub fn as_written(&self) -> Cow<'_, str> {
        match &self.special {
            Some(special) => Cow::Borrowed(&special.written),
            None => Cow::Owned(self.to_string()),
        }
    }

    /// The first day that the date may mean.
    ///
    /// - Qualifiers (`?`, `~`, `%`) move no bound: nothing says by how much.
    /// - Seasons are the meteorological ones of the northern hemisphere, since EDTF leaves the
    ///   months open: 21 is March to May, 22 June to August, 23 September to November, 24 December
    ///   to February of the next year.
    /// - The day of an instant is the one written, on the calendar of its own offset.
    /// - Of an interval or set that is open or unknown on one side, the known part counts:
    ///   `../2023-06` is bounded by 2023-06-01 and 2023-06-30. What it means in windows and lists says
    ///   [`Date::timing`].
    /// - A set is bounded by its earliest and its latest member.
    pub const fn earliest(&self) -> Day {
        self.earliest
    }

    /// The last day that the date may mean, on the terms of [`Date::earliest`].
    pub const fn latest(&self) -> Day {
        self.latest
    }

    /// The days as of which names count that are given for this date: from the first to the last that it
    /// may mean, and where a side is open or unknown, all before or after.
    pub fn naming_days(&self) -> (Day, Day) {
        let first = if self.open_start() {
            Day::MIN
        } else {
            self.earliest
        };
        let last = if self.open_end() {
            Day::MAX
        } else {
            self.latest
        };
        (first, last)
    }

    /// Whether either side is open (`..`) or unknown (`/2023`, `2023/`).
    pub fn is_open(&self) -> bool {
        self.open_start() || self.open_end()
    }

    /// Whether anything marks it as uncertain or approximate.
    pub fn is_doubtful(&self) -> bool {
        self.is_uncertain() || self.is_approximate()
    }

    /// Whether it has a beginning or an end that nobody knows: `/2023`, `2023/`.
    pub fn end_unknown(&self) -> bool {
        let is_bare = |it: &Special| it.written.starts_with('/') || it.written.ends_with('/');
        self.special.as_deref().is_some_and(is_bare)
    }

    /// Whether the start is open or unknown: `../2023`, `/2023`, `[..2023]`.
    pub fn open_start(&self) -> bool {
        self.special.as_ref().is_some_and(|it| it.open_start)
    }

    /// Whether the end is open or unknown: `2023/..`, `2023/`, `[2023..]`.
    pub fn open_end(&self) -> bool {
        self.special.as_ref().is_some_and(|it| it.open_end)
    }

    /// How finely the date is given. Unspecified digits count as left out: `2023-06-XX` is
    /// [`Precision::Month`].
    pub fn precision(&self) -> Precision {
        match &self.special {
            Some(special) => special.precision,
            None if self.earliest == self.latest => Precision::Day,
            None if self.earliest.ymd().1 == self.latest.ymd().1 => Precision::Month,
            None => Precision::Year,
        }
    }

    /// Whether any part is marked uncertain (`?`, or `%` for both).
    pub fn is_uncertain(&self) -> bool {
        self.is_marked(['?', '%'])
    }

    /// Whether any part is marked approximate (`~`, or `%` for both).
    pub fn is_approximate(&self) -> bool {
        self.is_marked(['~', '%'])
    }

    fn is_marked(&self, marks: [char; 2]) -> bool {
        self.special
            .as_ref()
            .is_some_and(|it| it.written.contains(marks))
    }

    /// One of the days of an interval, as a set writes it: of `../X` `[..X]`, of `X/..` `[X..]`, of `A/B`
    /// `[A..B]`. `None` for all other forms, and where an end is not known.
    pub fn as_one_of(&self) -> Option<Self> {
        if self.precision() != Precision::Interval {
            return None;
        }
        let written = self.as_written();
        let (start, end) = written.split_once('/')?;
        let bare = |end: &str| end.trim_matches('.').to_owned();
        if start.is_empty() || end.is_empty() {
            return None;
        }
        // A set has dates only where an interval may have more.
        Self::parse(&format!("[{}..{}]", bare(start), bare(end))).ok()
    }

    /// The interval that earlier versions took for one day no later or no earlier than another: of
    /// `[..X]` `../X`, of `[X..]` `X/..`. `None` for all other forms.
    pub fn as_interval(&self) -> Option<Self> {
        if self.precision() != Precision::Set || !self.is_open() {
            return None;
        }
        let written = self.as_written();
        let inner = written.strip_prefix('[')?.strip_suffix(']')?;
        let interval = match (inner.strip_prefix(".."), inner.strip_suffix("..")) {
            (Some(end), None) => format!("../{end}"),
            (None, Some(start)) => format!("{start}/.."),
            _ => return None,
        };
        Self::parse(&interval).ok()
    }

    /// The moment, if a time of day with `Z` or an offset is given. A time without one is local
    /// to an unknown place: its precision is [`Precision::Instant`] but it has no moment.
    pub fn moment(&self) -> Option<DateTime<FixedOffset>> {
        self.special.as_ref().and_then(|it| it.moment)
    }

    /// When a record of this date counts.
    pub fn timing(&self) -> Timing {
        match &self.special {
            Some(special) => special.timing,
            None => Timing::within(self.earliest, self.latest),
        }
    }

    /// The days of each member of a set with others between them, ascending; of other dates none.
    pub fn members(&self) -> &[(Day, Day)] {
        self.special.as_ref().map_or(&[], |it| &it.members)
    }
}

/// As written.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(special) = &self.special {
            return f.write_str(&special.written);
        }
        let (year, month, _) = self.earliest.ymd();
        if self.earliest == self.latest {
            self.earliest.fmt(f)
        } else if self.precision() == Precision::Month {
            write!(f, "{year:04}-{month:02}")
        } else {
            write!(f, "{year:04}")
        }
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
