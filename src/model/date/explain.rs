//! What to tell whoever wrote a date that cannot be read.

use edtf_core::{Edtf, ParseError, Precision as Finest, SetKind};
use thiserror::Error;

use super::read::{DateRefusal, extent, last_of_month, read};
use super::{Day, MAX_DATE_BYTES, foreign};

/// A text that is no date, or none that is supported.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Error)]
#[error("{problem}{}", self.advice())]
pub struct DateError {
    /// What is wrong, as a sentence without its full stop.
    pub problem: String,
    /// A date that is valid and probably what was meant.
    pub suggestion: Option<String>,
}

impl DateError {
    fn advice(&self) -> String {
        let suggestion = self.suggestion.as_deref();
        suggestion.map_or_else(String::new, |it| format!("; write `{it}`"))
    }

    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self {
            problem: problem.into(),
            suggestion: None,
        }
    }

    /// Suggests the text if it is a date; if not, it is no help.
    pub(super) fn suggesting(self, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            suggestion: read(&text).is_ok().then_some(text),
            ..self
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// English name of a month, 1 to 12.
pub(super) fn month_name(month: u32) -> Option<&'static str> {
    let index = usize::try_from(month).ok()?.checked_sub(1)?;
    MONTHS.get(index).copied()
}

/// 1 to 12, from a name or its first three letters or more, in any case.
pub(super) fn month_number(name: &str) -> Option<usize> {
    let name = name.to_ascii_lowercase();
    let starts = |month: &&str| month.to_ascii_lowercase().starts_with(&name);
    let index = MONTHS.iter().position(starts)?;
    (name.len() >= 3).then_some(index + 1)
}

pub(super) fn explain(text: &str, refusal: &DateRefusal) -> DateError {
    match refusal {
        DateRefusal::Long => DateError::new(format!(
            "the date has {} bytes; the maximum is {MAX_DATE_BYTES}",
            text.len()
        )),
        DateRefusal::Range => out_of_range(),
        DateRefusal::Reversed => reversed(text).unwrap_or_else(out_of_range),
        DateRefusal::OpenMember => open_member(text),
        DateRefusal::Level2(edtf) => unsupported(text, edtf),
        DateRefusal::Syntax(error) => malformed(text, error),
    }
}

fn out_of_range() -> DateError {
    DateError::new("years run from -9999 to 9999, and every day of the date must lie within them")
}

fn malformed(text: &str, error: &ParseError) -> DateError {
    empty(text)
        .or_else(|| foreign::explain(text))
        .or_else(|| year_forms(text))
        .or_else(|| calendar(text))
        .or_else(|| reversed(text))
        .or_else(|| endless(text))
        .or_else(|| part(text))
        .unwrap_or_else(|| {
            let (place, reason) = (error.offset + 1, error.message);
            DateError::new(format!(
                "not a date: at character {place}, {reason}; dates look like 2023, 2023-06, \
                 2023-06-16 or 2023-06-18/2023-06-19"
            ))
        })
}

fn empty(text: &str) -> Option<DateError> {
    let problem = "the date is empty; leave it out, or write at least a year such as 2023";
    text.trim().is_empty().then(|| DateError::new(problem))
}

/// `[2019,2021..]`: what it means is what its earliest member, or its latest, alone does.
fn open_member(text: &str) -> DateError {
    let inner = text.trim_matches(['[', ']']);
    let bare = |member: &str| member.trim_matches('.').to_owned();
    let error = DateError::new(
        "in a set of several members, none can be open; `[X..]` is one day no earlier than X, \
         `[..X]` one day no later than X",
    );
    let (first, last) = (inner.split(',').next(), inner.split(',').next_back());
    match (first, last) {
        (Some(first), Some(last)) if first.starts_with("..") => {
            error.suggesting(format!("[..{}]", bare(last)))
        }
        (Some(first), Some(last)) if last.ends_with("..") => {
            error.suggesting(format!("[{}..]", bare(first)))
        }
        _ => error,
    }
}

/// `2023-02-30`, `2023-13`, `2023-00`: the right shape, but not on the calendar.
fn calendar(text: &str) -> Option<DateError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let sign = if digits.len() < text.len() { -1 } else { 1 };
    let fields: Vec<&str> = digits.split('-').collect();
    let (year, month, day) = match *fields.as_slice() {
        [year, month] => (year, month, None),
        [year, month, day] => (year, month, Some(day)),
        _ => return None,
    };
    let written_year = text.get(..text.len() - digits.len() + year.len())?;
    let year: i32 = number(year, 4)? * sign;
    let month = number(month, 2)?.unsigned_abs();
    let day = day
        .map(|it| number(it, 2))
        .map_or(Some(None), |it| it.map(Some))?;
    Some(match (last_of_month(year, month), day) {
        (None, _) => no_month(written_year, month, day),
        (Some(_), Some(0)) => DateError::new("there is no day 00; leave out a day that is unknown")
            .suggesting(format!("{written_year}-{month:02}")),
        (Some(last), _) => {
            let (name, length) = (month_name(month)?, last.ymd().2);
            DateError::new(format!("{name} {written_year} has {length} days"))
                .suggesting(format!("{written_year}-{month:02}-{length}"))
        }
    })
}

/// Exactly so many digits as a number.
fn number(digits: &str, length: usize) -> Option<i32> {
    let plain = digits.len() == length && digits.bytes().all(|it| it.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

fn no_month(year: &str, month: u32, day: Option<i32>) -> DateError {
    match (month, day) {
        (0, _) => DateError::new("there is no month 00; leave out a month that is unknown")
            .suggesting(year),
        (21..=24, Some(_)) => DateError::new(format!(
            "{month} is a season, and a season has no day in EDTF"
        ))
        .suggesting(format!("{year}-{month}")),
        (_, Some(day)) => DateError::new(format!(
            "there is no month {month:02}; the order is year, month, day"
        ))
        .suggesting(format!("{year}-{day:02}-{month:02}")),
        (_, None) => DateError::new(format!(
            "there is no month {month:02}; months are 01 to 12, seasons 21 (spring) to 24 (winter)"
        )),
    }
}

fn year_forms(text: &str) -> Option<DateError> {
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (text.get(..1)?, rest),
        None => ("", text),
    };
    let sign = if sign == "+" { "" } else { sign };
    let year = digits.split('-').next()?;
    let rest = digits.get(year.len()..)?;
    if year.is_empty() || !year.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    if year.len() > 4 {
        return Some(out_of_range().suggesting(format!("{sign}{year}{rest}")));
    }
    if year == "0000" && sign == "-" {
        let problem = "there is no year -0000; 0000 is 1 BC and -0001 is 2 BC";
        return Some(DateError::new(problem).suggesting(format!("{year}{rest}")));
    }
    let unpadded = year.len() < 4 && (year.len() == 3 || sign == "-");
    let signed = text.starts_with('+');
    (unpadded || signed).then(|| {
        DateError::new("a year has four digits, with a sign only before negative ones")
            .suggesting(format!("{sign}{year:0>4}{rest}"))
    })
}

/// Both ends are dates, but the second is over before the first begins.
fn reversed(text: &str) -> Option<DateError> {
    let inner = text.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let spans = inner.map_or_else(|| vec![text], |it| it.split(',').collect());
    spans.into_iter().find_map(|span| {
        let separator = if inner.is_some() { ".." } else { "/" };
        let (start, end) = span.split_once(separator)?;
        let (first, second) = (read(start).ok()?, read(end).ok()?);
        (second.latest() < first.earliest()).then(|| {
            let exchanged = text.replacen(span, &format!("{end}{separator}{start}"), 1);
            DateError::new(format!("the end {end} is before the start {start}"))
                .suggesting(exchanged)
        })
    })
}

fn endless(text: &str) -> Option<DateError> {
    let (start, end) = text.split_once('/')?;
    let nothing = |side: &str| matches!(side, "" | "..");
    (nothing(start) && nothing(end))
        .then(|| DateError::new("an interval needs a known start or a known end"))
}

/// An interval or set with one bad date in it: says what is wrong with that one.
fn part(text: &str) -> Option<DateError> {
    let pieces = text.split(['/', ',', '[', ']', '{', '}']);
    let pieces = pieces.flat_map(|piece| piece.split(".."));
    let mut pieces = pieces.filter(|it| !it.is_empty());
    pieces.find_map(|piece| {
        // What is wrong with a date is plainer without its marks, which then stay in place.
        let bare = piece.trim_end_matches(['?', '~', '%']);
        let bad = if read(bare).is_err() { bare } else { piece };
        if bad == text {
            return None;
        }
        let inner = explain(bad, &read(bad).err()?);
        let outer = DateError::new(format!("in `{bad}`: {}", inner.problem));
        Some(match inner.suggestion {
            Some(it) => outer.suggesting(text.replacen(bad, &it, 1)),
            None => outer,
        })
    })
}

/// Forms of level 2, and of level 1 spelt as in level 2.
fn unsupported(text: &str, edtf: &Edtf) -> DateError {
    match edtf {
        Edtf::Set(set) if set.kind == SetKind::AllMembers => DateError::new(
            "`{..}` means several dates, and a record has one: write a record for each, or \
             `[..]` if it was one of them",
        ),
        Edtf::Date(date) if text.contains('X') => unspecified(date),
        Edtf::Date(date) if date.precision() == Finest::Season => grouping(date),
        Edtf::Date(_) if text.contains(['S', 'E']) => DateError::new(
            "years in exponents or with significant digits are not supported; write four digits",
        ),
        Edtf::Date(_) => misplaced_mark(text),
        Edtf::Interval(_) if text.contains('X') => {
            DateError::new("an interval can't contain unspecified digits (`X`); leave them out")
                .suggesting(text.replace("-XX", ""))
        }
        Edtf::Interval(_) if text.starts_with("..") || text.ends_with("..") => DateError::new(
            "an open end `..` can't be combined with a date on the same side of the `/`",
        ),
        Edtf::DateTime(_) | Edtf::Interval(_) | Edtf::Set(_) => part(text).unwrap_or_else(|| {
            DateError::new("of EDTF level 2 only one-of sets such as `[2023,2024]` are supported")
        }),
    }
}

fn unspecified(date: &edtf_core::Date) -> DateError {
    let error = DateError::new(
        "`X` stands for the rightmost digits only, as in 201X, 20XX, 2004-XX, 2004-06-XX and \
         2004-XX-XX",
    );
    match extent(date) {
        Some((earliest, latest)) => error.suggesting(format!("{earliest}/{latest}")),
        None => error,
    }
}

/// Quarters, semesters, seasons of a hemisphere: 25 to 41.
fn grouping(date: &edtf_core::Date) -> DateError {
    let error = DateError::new(
        "seasons are 21 (spring) to 24 (winter); write other parts of a year as an interval",
    );
    let month = |day: Day| day.to_string().rsplit_once('-').map(|it| it.0.to_owned());
    let months = extent(date).and_then(|(first, last)| Some((month(first)?, month(last)?)));
    match months {
        Some((first, last)) => error.suggesting(format!("{first}/{last}")),
        None => error,
    }
}

fn misplaced_mark(text: &str) -> DateError {
    let marks = ['?', '~', '%'];
    let (uncertain, approximate) = (text.contains(['?', '%']), text.contains(['~', '%']));
    let mark = match (uncertain, approximate) {
        (true, true) => "%",
        (true, false) => "?",
        (false, _) => "~",
    };
    DateError::new("`?`, `~` and `%` must be at the end of a date and apply to the whole date")
        .suggesting(format!("{}{mark}", text.replace(marks, "")))
}
