//! When a record counts, written anew from the table of forms in `api-docs/time.md`: form by form, from
//! the text of the date, with nothing of the service but the days of plain dates.

use chancery::model::{Date, Day, Instant, Record, Window};
use chrono::DateTime;

use super::store::Days;

/// What stands for no `from` of a window, and for no first day of a chain.
pub(crate) const FIRST_DAY: i32 = Day::MIN.number();
/// What stands for no `to` of a window, and for no last day of a chain.
pub(crate) const LAST_DAY: i32 = Day::MAX.number();

/// A form of dates; the days are those of its members.
#[derive(Clone, Debug)]
enum Form {
    /// One or some of these days.
    Within(Days),
    /// A moment: the day as written, and the half seconds since 1970 in UTC.
    Moment(i32, i64),
    /// `A/B`
    Lasting(Days, Days),
    /// `A/..`
    GoesOn(Days),
    /// `../B`
    WentOn(Days),
    /// `[..X]`
    NoLater(Days),
    /// `[X..]`
    NoEarlier(Days),
    /// `A/`
    EndUnknown(Days),
    /// `/B`
    StartUnknown(Days),
    /// `[A,B]`
    OneOf(Vec<Days>),
}

/// When a record counts.
#[derive(Clone, Debug)]
pub(crate) struct When {
    form: Form,
    /// In doubt, or a tie of which an end is not known: no window certainly has it.
    is_doubtful: bool,
    is_tie: bool,
}

/// Where a record stands in a chain: its first and last day, and its instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stand {
    pub(crate) first: i32,
    pub(crate) last: i32,
    pub(crate) instant: Option<i64>,
    /// Whether a step from it or to it can be certain.
    pub(crate) is_sure: bool,
}

impl Stand {
    /// The same where time runs the other way.
    pub(crate) fn mirrored(self) -> Self {
        Self {
            first: -self.last,
            last: -self.first,
            instant: self.instant.map(|instant| -instant),
            is_sure: self.is_sure,
        }
    }

    /// Whether a chain may have this one somewhere before the other.
    pub(crate) fn may_precede(self, later: Self) -> bool {
        match (self.instant, later.instant) {
            (Some(one), Some(other)) => one <= other,
            _ => self.first <= later.last,
        }
    }

    /// Whether the other, as the next of a chain, certainly follows this one.
    pub(crate) fn surely_precedes(self, next: Self) -> bool {
        self.is_sure
            && next.is_sure
            && match (self.instant, next.instant) {
                (Some(one), Some(other)) => one < other,
                (None, None) => self.last < next.first,
                _ => self.last + 2 <= next.first,
            }
    }
}

/// What orders a record: its day, its end with none last, its instant with none first.
pub(crate) type SortKey = (i32, bool, Option<i32>, Option<i64>);

impl When {
    /// Of a record; `None` when it has no date.
    pub(crate) fn from_record(record: &Record) -> Option<Self> {
        let date = match record {
            Record::Source(_) | Record::Actor(_) | Record::Judgement(_) => None,
            Record::Relation(r) => return Self::of_tie(r.since.as_ref(), r.until.as_ref()),
            Record::Event(r) => r.date.as_ref(),
            Record::Statement(r) => r.date.as_ref(),
        };
        date.map(Self::of_date)
    }

    pub(crate) fn of_date(date: &Date) -> Self {
        let written = date.as_written();
        Self {
            form: form(&written),
            is_doubtful: written.contains(['?', '~', '%']),
            is_tie: false,
        }
    }

    /// Of a tie: from the first day of its start to the last of its end. Without an end it is assumed to
    /// go on; with an end alone it counts on the days of that.
    pub(crate) fn of_tie(since: Option<&Date>, until: Option<&Date>) -> Option<Self> {
        let [start, end] = [since, until].map(|date| date.map(Self::of_date));
        let is_sure = |end: &Option<Self>| end.as_ref().is_some_and(Self::is_closed);
        let is_doubtful = !is_sure(&start) || !is_sure(&end);
        let form = match (start, end) {
            (Some(start), Some(end)) => Form::Lasting(start.known(), end.known()),
            (Some(start), None) => Form::GoesOn(start.known()),
            (None, Some(end)) => Form::Within(end.known()),
            (None, None) => return None,
        };
        Some(Self {
            form,
            is_doubtful,
            is_tie: true,
        })
    }

    fn is_closed(&self) -> bool {
        !self.is_doubtful && self.earliest().is_some() && self.latest().is_some()
    }

    /// The least and the greatest day that is known.
    pub(crate) fn known(&self) -> Days {
        match &self.form {
            Form::Moment(day, _) => (*day, *day),
            Form::Lasting(start, end) => (start.0, end.1.max(start.0)),
            Form::OneOf(members) => {
                let firsts = members.iter().map(|days| days.0);
                let lasts = members.iter().map(|days| days.1);
                (firsts.min().unwrap(), lasts.max().unwrap())
            }
            Form::Within(days)
            | Form::GoesOn(days)
            | Form::WentOn(days)
            | Form::NoLater(days)
            | Form::NoEarlier(days)
            | Form::EndUnknown(days)
            | Form::StartUnknown(days) => *days,
        }
    }

    pub(crate) fn earliest(&self) -> Option<i32> {
        let is_open = matches!(
            self.form,
            Form::WentOn(_) | Form::NoLater(_) | Form::StartUnknown(_)
        );
        (!is_open).then(|| self.known().0)
    }

    pub(crate) fn latest(&self) -> Option<i32> {
        let is_open = matches!(
            self.form,
            Form::GoesOn(_) | Form::NoEarlier(_) | Form::EndUnknown(_)
        );
        (!is_open).then(|| self.known().1)
    }

    /// Whether an end is one that nobody knows.
    pub(crate) fn end_unknown(&self) -> bool {
        matches!(self.form, Form::EndUnknown(_) | Form::StartUnknown(_))
    }

    /// The days on which names count that stand in a record of this date: where an end is open or nobody
    /// knows it, all before or after.
    pub(crate) fn naming_days(&self) -> Days {
        (
            self.earliest().unwrap_or(FIRST_DAY),
            self.latest().unwrap_or(LAST_DAY),
        )
    }

    pub(crate) fn goes_on(&self) -> bool {
        matches!(self.form, Form::GoesOn(_))
    }

    fn lasts(&self) -> bool {
        matches!(
            self.form,
            Form::Lasting(..) | Form::GoesOn(_) | Form::WentOn(_)
        )
    }

    pub(crate) fn instant(&self) -> Option<i64> {
        match self.form {
            Form::Moment(_, instant) => Some(instant),
            _ => None,
        }
    }

    pub(crate) fn sorts_on(&self) -> i32 {
        match self.form {
            Form::Moment(_, instant) => i32::try_from(instant.div_euclid(2 * 86_400)).unwrap(),
            Form::WentOn(days) | Form::NoLater(days) | Form::StartUnknown(days) => days.1,
            _ => self.known().0,
        }
    }

    pub(crate) fn sort_key(&self) -> SortKey {
        let end = match self.form {
            Form::Moment(..) => Some(self.sorts_on()),
            _ => self.latest(),
        };
        (self.sorts_on(), end.is_none(), end, self.instant())
    }

    /// Whether a window finds it.
    pub(crate) fn is_found(&self, window: Window) -> bool {
        let (lo, hi) = (window.lo().number(), window.hi().number());
        let overlaps = |days: &Days| days.0 <= hi && lo <= days.1;
        match &self.form {
            Form::Moment(day, instant) => {
                let from = window.first_instant().map(Instant::number);
                let to = window.last_instant().map(Instant::number);
                from.map_or(lo <= *day, |from| from <= *instant)
                    && to.map_or(*day <= hi, |to| *instant <= to)
            }
            Form::GoesOn(days) => days.0 <= hi,
            Form::WentOn(days) => lo <= days.1,
            Form::OneOf(members) => members.iter().any(overlaps),
            _ => overlaps(&self.known()),
        }
    }

    /// Whether it certainly lies within a window.
    pub(crate) fn is_inside(&self, window: Window) -> bool {
        let (lo, hi) = (window.lo().number(), window.hi().number());
        if self.is_doubtful || self.end_unknown() || !self.is_found(window) {
            return false;
        }
        if self.instant().is_some() {
            return true;
        }
        // On the day of a bound that is an instant, nobody knows.
        let lo = lo + i32::from(window.first_instant().is_some());
        let hi = hi - i32::from(window.last_instant().is_some());
        self.earliest().map_or(lo == FIRST_DAY, |first| lo <= first)
            && self.latest().map_or(hi == LAST_DAY, |last| last <= hi)
    }

    /// The day on which it counts in the bins of a window; `None` when it began before.
    pub(crate) fn counts_on(&self, window: Window) -> Option<i32> {
        let (lo, hi) = (window.lo().number(), window.hi().number());
        let began_before = match self.form {
            Form::WentOn(_) => true,
            Form::Lasting(days, _) | Form::GoesOn(days) => days.0 < lo,
            _ => false,
        };
        let day = match self.form {
            Form::Moment(day, _) => day,
            _ => self.sorts_on(),
        };
        (!began_before).then(|| day.clamp(lo, hi))
    }

    /// The days on which it may start.
    pub(crate) fn starts(&self) -> Days {
        match self.form {
            Form::WentOn(days) | Form::NoLater(days) | Form::StartUnknown(days) => {
                (FIRST_DAY, days.1)
            }
            Form::NoEarlier(days) => (days.0, LAST_DAY),
            Form::Lasting(days, _) | Form::GoesOn(days) | Form::EndUnknown(days) => days,
            _ => self.known(),
        }
    }

    /// Whether the day on which it starts may lie outside of some days.
    pub(crate) fn is_wider(&self, (from, to): Days) -> bool {
        let (first, last) = self.starts();
        first < from || to < last
    }

    /// Whether it lasts, started before a day and reaches it.
    pub(crate) fn is_ongoing(&self, day: i32) -> bool {
        self.lasts()
            && self.earliest().is_none_or(|first| first < day)
            && self.latest().is_none_or(|last| day <= last)
    }

    /// Where it stands in a chain.
    pub(crate) fn stand(&self) -> Stand {
        let (first, last) = self.known();
        Stand {
            first: if matches!(self.form, Form::WentOn(_)) {
                FIRST_DAY
            } else {
                first
            },
            last: if self.goes_on() { LAST_DAY } else { last },
            instant: self.instant(),
            is_sure: !self.is_tie && self.is_closed(),
        }
    }
}

/// Reads the form of a date that is valid.
fn form(text: &str) -> Form {
    let plain = text.replace(['?', '~', '%'], "");
    if let Some(set) = plain.strip_prefix('[') {
        return one_of(set.strip_suffix(']').unwrap());
    }
    if let Some((start, end)) = plain.split_once('/') {
        return match (start, end) {
            ("..", end) => Form::WentOn(days(end)),
            (start, "..") => Form::GoesOn(days(start)),
            ("", end) => Form::StartUnknown(days(end)),
            (start, "") => Form::EndUnknown(days(start)),
            (start, end) => Form::Lasting(days(start), days(end)),
        };
    }
    match plain.split_once('T') {
        // Without a zone the hour says nothing.
        Some((day, time)) if time.contains(['Z', '+', '-']) => {
            let moment = DateTime::parse_from_rfc3339(&plain).unwrap();
            Form::Moment(days(day).0, moment.timestamp() * 2)
        }
        Some((day, _)) => Form::Within(days(day)),
        None => Form::Within(days(&plain)),
    }
}

/// One of the members of a set.
fn one_of(members: &str) -> Form {
    if let Some(last) = members.strip_prefix("..") {
        return Form::NoLater(days(last));
    }
    if let Some(first) = members.strip_suffix("..") {
        return Form::NoEarlier(days(first));
    }
    let member = |text: &str| match text.split_once("..") {
        Some((first, last)) => (days(first).0, days(last).1),
        None => days(text),
    };
    Form::OneOf(members.split(',').map(member).collect())
}

/// The days of a date without a sign of its form.
fn days(part: &str) -> Days {
    let date = Date::parse(part).unwrap();
    (date.earliest().number(), date.latest().number())
}
