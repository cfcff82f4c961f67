//! From text to days: the plain forms by hand, all others through `edtf-core`.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _};
use edtf_core::{
    Bound, Edtf, Interval, IntervalEndpoint, Precision as Finest, Set, SetElement, SetKind,
    TimeShift, YearKind,
};

use super::{Date, Day, Instant, MAX_DATE_BYTES, Precision, Special, Timing};

/// Why a text is no date of ours.
#[derive(Debug)]
pub(super) enum DateRefusal {
    /// Longer than [`MAX_DATE_BYTES`].
    Long,
    /// Not EDTF at all.
    Syntax(edtf_core::ParseError),
    /// EDTF, but of a form of level 2 that is not supported.
    Level2(Edtf),
    /// EDTF, but with days outside [`Day::MIN`] to [`Day::MAX`].
    Range,
    /// An interval that is over before it begins.
    Reversed,
    /// A set of several members of which one is open.
    OpenMember,
}

/// First and last day.
type DayBounds = (Day, Day);

pub(super) fn read(text: &str) -> Result<Date, DateRefusal> {
    let date = read_stored(text)?;
    let is_several = || text.contains(',');
    if date.precision() == Precision::Set && date.is_open() && is_several() {
        return Err(DateRefusal::OpenMember);
    }
    Ok(date)
}

/// The same with what earlier versions took, too: sets of several members of which one is open.
pub(super) fn read_stored(text: &str) -> Result<Date, DateRefusal> {
    if let Some((earliest, latest)) = plain(text.as_bytes()) {
        return Ok(Date {
            earliest,
            latest,
            special: None,
        });
    }
    if text.len() > MAX_DATE_BYTES {
        return Err(DateRefusal::Long);
    }
    let edtf = Edtf::parse(text).map_err(DateRefusal::Syntax)?;
    if !is_supported(&edtf) || !marks_are_last(text) {
        return Err(DateRefusal::Level2(edtf));
    }
    special(text, &edtf)
}

/// `2023-06-16`, `2023-06` and `2023`; `None` for every other text, valid or not.
fn plain(text: &[u8]) -> Option<DayBounds> {
    let (year, rest) = text.split_first_chunk::<4>()?;
    let year = i32::try_from(digits(year)?).ok()?;
    match rest {
        [] => Some((Day::from_ymd(year, 1, 1)?, Day::from_ymd(year, 12, 31)?)),
        [b'-', month @ ..] if month.len() == 2 => month_extent(year, digits(month)?),
        [b'-', tens, ones, b'-', day @ ..] if day.len() == 2 => {
            let day = Day::from_ymd(year, digits(&[*tens, *ones])?, digits(day)?)?;
            Some((day, day))
        }
        _ => None,
    }
}

/// The number that two or four digits write; `None` if there is any other character.
fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        Some(number * 10 + digit)
    })
}

fn month_extent(year: i32, month: u32) -> Option<DayBounds> {
    Some(Day::from_ymd(year, month, 1)?.month())
}

/// The last day of a month; `None` if there is no such month.
pub(super) fn last_of_month(year: i32, month: u32) -> Option<Day> {
    Some(month_extent(year, month)?.1)
}

fn is_supported(edtf: &Edtf) -> bool {
    match edtf {
        Edtf::Set(set) => set.kind == SetKind::OneMember && set.elements.iter().all(is_level_1),
        Edtf::Date(_) | Edtf::DateTime(_) | Edtf::Interval(_) => edtf.level() <= 1,
    }
}

fn is_level_1(element: &SetElement) -> bool {
    let level = |date: &edtf_core::Date| Edtf::Date(*date).level();
    match element {
        SetElement::Date(date) | SetElement::OnOrBefore(date) | SetElement::OnOrAfter(date) => {
            level(date) <= 1
        }
        SetElement::Range(from, to) => level(from).max(level(to)) <= 1,
    }
}

/// Whether each `?`, `~` and `%` ends its date. `edtf-core` counts `?2004` as level 1 because it
/// means `2004?`, but only the latter is how level 1 writes it.
fn marks_are_last(text: &str) -> bool {
    let follows = text.bytes().skip(1).chain([b'/']);
    text.bytes()
        .zip(follows)
        .all(|(byte, next)| !b"?~%".contains(&byte) || b"/,.]".contains(&next))
}

fn special(text: &str, edtf: &Edtf) -> Result<Date, DateRefusal> {
    let mut special = Special {
        written: text.into(),
        precision: Precision::Interval,
        open_start: false,
        open_end: false,
        moment: None,
        timing: Timing::within(Day::MIN, Day::MIN),
        members: Box::default(),
    };
    let timing = match edtf {
        Edtf::Date(date) => {
            special.precision = precision(date);
            extent(date).map(|(first, last)| Timing::within(first, last))
        }
        Edtf::DateTime(moment) => {
            special.precision = Precision::Instant;
            special.moment = self::moment(moment);
            extent(&moment.date).map(|(day, _)| at(day, special.moment))
        }
        Edtf::Interval(interval) => {
            special.open_start = !interval.start.is_dated();
            special.open_end = !interval.end.is_dated();
            interval_timing(interval)
        }
        Edtf::Set(set) => {
            special.precision = Precision::Set;
            special.open_start = has(set, |it| matches!(it, SetElement::OnOrBefore(_)));
            special.open_end = has(set, |it| matches!(it, SetElement::OnOrAfter(_)));
            let sides = (special.open_start, special.open_end);
            if has(set, is_reversed) {
                return Err(DateRefusal::Reversed);
            }
            members(set).and_then(|members| {
                let timing = set_timing(&members, sides)?;
                if timing.has_gaps {
                    special.members = members.into();
                }
                Some(timing)
            })
        }
    };
    let mut timing = timing.ok_or(DateRefusal::Range)?;
    let (earliest, latest) = timing.known;
    if earliest > latest {
        return Err(DateRefusal::Reversed);
    }
    timing.is_doubtful |= text.contains(['?', '~', '%']);
    special.timing = timing;
    Ok(Date {
        earliest,
        latest,
        special: Some(Box::new(special)),
    })
}

fn has(set: &Set, test: impl Fn(&SetElement) -> bool) -> bool {
    set.elements.iter().any(test)
}

/// Of the shapes of level 1 only, where `X` stands for whole fields on the right.
fn precision(date: &edtf_core::Date) -> Precision {
    let given = |field: Option<edtf_core::DateField>| field.is_some_and(|it| !it.has_unspecified());
    if date.precision() == Finest::Season {
        Precision::Season
    } else if given(date.day) {
        Precision::Day
    } else if given(date.month) {
        Precision::Month
    } else {
        match date.year.kind {
            YearKind::Standard {
                digits: [_, _, None, _],
                ..
            } => Precision::Century,
            YearKind::Standard {
                digits: [_, _, _, None],
                ..
            } => Precision::Decade,
            YearKind::Standard { .. } | YearKind::Big { .. } | YearKind::Exponential { .. } => {
                Precision::Year
            }
        }
    }
}

/// The days that one date may mean; `None` if some are outside [`Day::MIN`] to [`Day::MAX`].
pub(super) fn extent(date: &edtf_core::Date) -> Option<DayBounds> {
    let bounds = Edtf::Date(*date).bounds();
    Some((bound(bounds.earliest)?, bound(bounds.latest)?))
}

fn bound(bound: Bound) -> Option<Day> {
    match bound {
        Bound::Date(it) => {
            Day::from_ymd(i32::try_from(it.year).ok()?, it.month.into(), it.day.into())
        }
        Bound::NegativeInfinity | Bound::PositiveInfinity | Bound::Unknown => None,
    }
}

/// A moment lies on the day that is written, and is sorted at that in UTC.
fn at(day: Day, moment: Option<DateTime<FixedOffset>>) -> Timing {
    let of_day = Timing::within(day, day);
    let Some(moment) = moment else { return of_day };
    let instant = Instant::from(moment);
    Timing {
        sorts_on: instant.day(),
        instant: Some(instant),
        ..of_day
    }
}

/// An interval lasts from the first day of its start to the last of its end. An open end goes on, an
/// unknown one tells nothing.
fn interval_timing(interval: &Interval) -> Option<Timing> {
    let (start, end) = (dated(&interval.start), dated(&interval.end));
    let (from, until) = (extent(start.or(end)?)?, extent(end.or(start)?)?);
    let ends = [interval.start, interval.end];
    let timing = Timing {
        is_doubtful: ends.contains(&IntervalEndpoint::Unknown),
        ..Timing::within(from.0, until.1)
    };
    Some(match (interval.start, interval.end) {
        (IntervalEndpoint::Open, _) => Timing {
            sorts_on: until.1,
            days: (None, Some(until.1)),
            found: (None, Some(until.1)),
            start: (None, Some(until.1)),
            lasts: true,
            ..timing
        },
        (_, IntervalEndpoint::Open) => Timing {
            days: (Some(from.0), None),
            found: (Some(from.0), None),
            start: (Some(from.0), Some(from.1)),
            lasts: true,
            ..timing
        },
        (IntervalEndpoint::Unknown, _) => Timing {
            sorts_on: until.1,
            days: (None, Some(until.1)),
            start: (None, Some(until.1)),
            ..timing
        },
        (_, IntervalEndpoint::Unknown) => Timing {
            days: (Some(from.0), None),
            start: (Some(from.0), Some(from.1)),
            ..timing
        },
        _ => Timing {
            start: (Some(from.0), Some(from.1)),
            lasts: true,
            ..timing
        },
    })
}

fn dated(endpoint: &IntervalEndpoint) -> Option<&edtf_core::Date> {
    match endpoint {
        IntervalEndpoint::Date(date)
        | IntervalEndpoint::OnOrBefore(date)
        | IntervalEndpoint::OnOrAfter(date) => Some(date),
        IntervalEndpoint::Open | IntervalEndpoint::Unknown => None,
    }
}

/// Whether a range is over before it begins.
fn is_reversed(element: &SetElement) -> bool {
    let SetElement::Range(from, to) = element else {
        return false;
    };
    let bounds = extent(from).zip(extent(to));
    bounds.is_some_and(|((first, _), (_, last))| first > last)
}

/// The days of the members of a set, those that meet or follow one another as one: ascending.
fn members(set: &Set) -> Option<Vec<DayBounds>> {
    let members = set.elements.iter().map(|element| match element {
        SetElement::Date(date) | SetElement::OnOrBefore(date) | SetElement::OnOrAfter(date) => {
            extent(date)
        }
        SetElement::Range(from, to) => Some((extent(from)?.0, extent(to)?.1)),
    });
    let mut members: Vec<DayBounds> = members.collect::<Option<_>>()?;
    members.sort_unstable();
    let mut joined: Vec<DayBounds> = Vec::with_capacity(members.len());
    for (first, last) in members {
        match joined.last_mut() {
            Some(before) if before.1.succ().is_none_or(|next| first <= next) => {
                before.1 = before.1.max(last);
            }
            _ => joined.push((first, last)),
        }
    }
    Some(joined)
}

/// One of some days. `[..X]` is one day up to X and stands at its last, `[X..]` one from X on.
fn set_timing(members: &[DayBounds], (open_start, open_end): (bool, bool)) -> Option<Timing> {
    let (earliest, latest) = (members.first()?.0, members.last()?.1);
    let of = Timing::within(earliest, latest);
    let days = (
        (!open_start).then_some(earliest),
        (!open_end).then_some(latest),
    );
    Some(Timing {
        sorts_on: if open_start { latest } else { earliest },
        days,
        start: days,
        has_gaps: members.len() > 1,
        ..of
    })
}

fn moment(moment: &edtf_core::DateTime) -> Option<DateTime<FixedOffset>> {
    let seconds_east = match moment.time.shift? {
        TimeShift::Utc => 0,
        TimeShift::Offset { minutes, .. } => i32::from(minutes) * 60,
    };
    let (year, month, day) = extent(&moment.date)?.0.ymd();
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    let local = NaiveDateTime::new(date, time_of_day(moment.time)?);
    let offset = FixedOffset::east_opt(seconds_east)?;
    offset.from_local_datetime(&local).single()
}

/// chrono holds a leap second, written `:60`, as second 59 with a second's worth of nanoseconds.
fn time_of_day(time: edtf_core::Time) -> Option<NaiveTime> {
    let (hour, minute, second) = (time.hour.into(), time.minute.into(), time.second.into());
    if second == 60 {
        NaiveTime::from_hms_nano_opt(hour, minute, 59, 1_000_000_000)
    } else {
        NaiveTime::from_hms_opt(hour, minute, second)
    }
}
