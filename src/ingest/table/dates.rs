//! Dates as cells have them. The order of day and month is never guessed: a date such as `1/2/2017` is
//! read as the other dates of its column show, or refused.

use crate::ingest::limits::ROW_YEAR_MAX;
use crate::model::{Date, Day, RecordProblem};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// In which order the dates of a table name day and month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::ingest) enum DayOrder {
    /// No date shows it.
    #[default]
    Unknown,
    /// `31/1/2017`
    DayFirst,
    /// `1/31/2017`
    MonthFirst,
    /// Some show the one, some the other.
    Both,
}

/// What the dates of a table show of that order.
#[derive(Debug, Default)]
pub(super) struct OrderEvidence {
    day_first: bool,
    month_first: bool,
    has_dates: bool,
}

impl OrderEvidence {
    /// Takes up a cell.
    pub(super) fn note(&mut self, cell: &[u8]) {
        let Some([first, second, _]) = str::from_utf8(cell).ok().and_then(parts_of_numbers) else {
            return;
        };
        self.has_dates = true;
        self.day_first |= first > 12 && second <= 12;
        self.month_first |= second > 12 && first <= 12;
    }

    /// Whether there is a date in which the order matters.
    pub(super) fn has_dates(&self) -> bool {
        self.has_dates
    }

    /// The order.
    pub(super) fn order(&self) -> DayOrder {
        match (self.day_first, self.month_first) {
            (false, false) => DayOrder::Unknown,
            (true, false) => DayOrder::DayFirst,
            (false, true) => DayOrder::MonthFirst,
            (true, true) => DayOrder::Both,
        }
    }
}

/// The numbers of a date such as `1/2/2017`, `1.2.2017` or `1-2-2017`, with or without a time.
fn parts_of_numbers(written: &str) -> Option<[u32; 3]> {
    let date = without_time(written.trim());
    let separator = date.chars().find(|c| matches!(c, '/' | '.' | '-'))?;
    let mut parts = date.split(separator);
    let [first, second, year] = [parts.next()?, parts.next()?, parts.next()?];
    let is_short = |part: &str| (1..=2).contains(&part.len());
    let is_year = year.len() == 4 || year.len() == 2;
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let all = [first, second, year];
    let is_date = parts.next().is_none()
        && is_short(first)
        && is_short(second)
        && is_year
        && all.into_iter().all(is_number);
    if !is_date {
        return None;
    }
    Some([
        first.parse().ok()?,
        second.parse().ok()?,
        year.parse().ok()?,
    ])
}

/// What stands before a time of day.
fn without_time(written: &str) -> &str {
    let is_clock = |rest: &str| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        (1..=2).contains(&digits) && rest.as_bytes().get(digits) == Some(&b':')
    };
    match written.split_once([' ', 'T']) {
        Some((date, rest)) if is_clock(rest.trim_start()) => date,
        _ => written,
    }
}

/// Reads a date: `2018-06-01`, `20180601`, `03 December 2020`, `9-May-20`, `1/31/2017` where the order is
/// known, each with or without a time of day, or EDTF. `century_year` is the year that another column
/// names, for years of two digits.
pub(in crate::ingest) fn read_date(
    written: &str,
    order: DayOrder,
    century_year: Option<i32>,
) -> Result<Date, RecordProblem> {
    let date = without_time(written.trim());
    let read = match compact(date).or_else(|| year_first(date)) {
        Some(ymd) => day(ymd),
        None => match worded(date) {
            Some(ymd) => with_century(ymd, century_year).and_then(day),
            None => match parts_of_numbers(date) {
                Some(parts) => in_order(parts, order, century_year),
                None => other(date),
            },
        },
    };
    read.and_then(plausible)
}

fn plausible(date: Date) -> Result<Date, RecordProblem> {
    if date.latest().ymd().0 > ROW_YEAR_MAX {
        let problem = format!("lies after the year {ROW_YEAR_MAX}: it stands for a day not known");
        return Err(RecordProblem::new("", problem).suggest("the day, or no row".to_owned()));
    }
    Ok(date)
}

fn day((year, month, day): (i32, u32, u32)) -> Result<Date, RecordProblem> {
    let found = Day::from_ymd(year, month, day);
    found
        .and_then(|day| Date::of_days(day, day))
        .ok_or_else(|| RecordProblem::new("", "is no day of the calendar"))
}

/// `20180601`
fn compact(date: &str) -> Option<(i32, u32, u32)> {
    let is_compact = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
    let number: i32 = date.parse().ok().filter(|_| is_compact)?;
    let rest = number.unsigned_abs();
    Some((number / 10_000, rest / 100 % 100, rest % 100))
}

/// `2018-06-01`, `2018/6/1`
fn year_first(date: &str) -> Option<(i32, u32, u32)> {
    let (year, rest) = date.split_once(['-', '/', '.'])?;
    let (month, day) = rest.split_once(['-', '/', '.'])?;
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4 || ![year, month, day].into_iter().all(is_number) {
        return None;
    }
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

/// `03 December 2020`, `9-May-20`, `May 9, 2020`; a year of two digits is left as it is.
fn worded(date: &str) -> Option<(i32, u32, u32)> {
    let parts = date
        .split([' ', '-', ',', '/'])
        .filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.collect();
    let &[first, second, year] = parts.as_slice() else {
        return None;
    };
    let (day, month) = match month(second) {
        Some(month) => (first, month),
        None => (second, month(first)?),
    };
    let is_year = (year.len() == 4 || year.len() == 2) && day.len() <= 2;
    Some((
        year.parse().ok().filter(|_| is_year)?,
        month,
        day.parse().ok()?,
    ))
}

fn month(word: &str) -> Option<u32> {
    let word = word.to_ascii_lowercase();
    let is_it = |month: &str| word.len() >= 3 && month.starts_with(&word);
    let at = MONTHS.iter().position(|month| is_it(month))?;
    u32::try_from(at + 1).ok()
}

/// The whole year of two digits, where another column names it.
fn with_century(
    (year, month, day): (i32, u32, u32),
    century_year: Option<i32>,
) -> Result<(i32, u32, u32), RecordProblem> {
    if year >= 100 {
        return Ok((year, month, day));
    }
    match century_year.filter(|whole| whole % 100 == year) {
        Some(whole) => Ok((whole, month, day)),
        None => Err(RecordProblem::new(
            "",
            "has a year of two digits, and nothing says the century",
        )
        .suggest(format!("20{year:02}-{month:02}-{day:02}"))),
    }
}

fn in_order(
    [first, second, year]: [u32; 3],
    order: DayOrder,
    century_year: Option<i32>,
) -> Result<Date, RecordProblem> {
    // A number of four digits at the most.
    let year = i32::try_from(year).unwrap_or_default();
    let (year, ..) = with_century((year, first.min(12), second), century_year)?;
    let readings = [(year, second, first), (year, first, second)].map(day);
    match (order, readings) {
        (_, [Ok(one), Ok(other)]) if one == other => Ok(one),
        // The number itself shows it, whatever the others do.
        (_, [Ok(one), Err(_)]) if first > 12 => Ok(one),
        (_, [Err(_), Ok(one)]) if second > 12 => Ok(one),
        (DayOrder::DayFirst, [Ok(one), _]) | (DayOrder::MonthFirst, [_, Ok(one)]) => Ok(one),
        (_, [Ok(one), Ok(other)]) => {
            let why = if order == DayOrder::Both {
                "other rows show both orders of day and month"
            } else {
                "no row shows the order of day and month"
            };
            let problem = format!("is {one} or {other}: {why}");
            Err(RecordProblem::new("", problem).suggest(format!("{one} or {other}")))
        }
        _ => Err(RecordProblem::new("", "is no day of the calendar")),
    }
}

/// EDTF, or what is wrong.
fn other(date: &str) -> Result<Date, RecordProblem> {
    if date.contains(':') {
        let problem = "is a time of day: a spreadsheet has dropped the date";
        let remedy = "take the column from the file as it was published".to_owned();
        return Err(RecordProblem::new("", problem).suggest(remedy));
    }
    if date.len() == 5 && date.bytes().all(|byte| byte.is_ascii_digit()) {
        let problem = "is a number: a spreadsheet counts days so, and not all from one day";
        let remedy = "write the column as text, such as 2018-06-01".to_owned();
        return Err(RecordProblem::new("", problem).suggest(remedy));
    }
    Date::parse(date).map_err(|error| {
        let problem = RecordProblem::new("", error.problem.clone());
        problem.suggest(error.suggestion)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str, order: DayOrder) -> Result<String, String> {
        let read = read_date(written, order, Some(2020));
        read.map(|date| date.to_string())
            .map_err(|problem| problem.problem)
    }

    #[test]
    fn the_notations_of_releases_are_read() {
        for written in [
            "2020-05-09",
            "20200509",
            "2020/5/9",
            "2020-05-09 00:00:00.000",
            "2020-05-09T12:00:00",
            "9-May-20",
            "09 May 2020",
            "09-may-2020",
            "May 9, 2020",
            "9 Sept 2020",
        ] {
            let expected = written.replace("9 Sept", "");
            let day = if expected == written {
                "2020-05-09"
            } else {
                "2020-09-09"
            };
            assert_eq!(
                read(written, DayOrder::Unknown),
                Ok(day.to_owned()),
                "{written}"
            );
        }
        assert_eq!(read("2020-05", DayOrder::Unknown), Ok("2020-05".to_owned()));
        assert_eq!(read("2020", DayOrder::Unknown), Ok("2020".to_owned()));
    }

    #[test]
    fn day_and_month_are_not_guessed() {
        let date = |text: &str| Ok(text.to_owned());
        assert_eq!(read("1/2/2017", DayOrder::DayFirst), date("2017-02-01"));
        assert_eq!(read("1/2/2017", DayOrder::MonthFirst), date("2017-01-02"));
        for order in [DayOrder::Unknown, DayOrder::Both] {
            let problem = read("1/2/2017 0:00", order).unwrap_err();
            assert!(problem.contains("2017-02-01 or 2017-01-02"), "{problem}");
            assert_eq!(read("3/3/2017", order), date("2017-03-03"));
            assert_eq!(read("13/1/2017", order), date("2017-01-13"));
            assert_eq!(read("1/13/2017", order), date("2017-01-13"));
        }
        read("13/13/2017", DayOrder::DayFirst).unwrap_err();
        let order = |dates: &[&str]| {
            let mut evidence = OrderEvidence::default();
            for date in dates {
                evidence.note(date.as_bytes());
            }
            evidence.order()
        };
        assert_eq!(order(&["1/1/2017", "2017-01-13"]), DayOrder::Unknown);
        assert_eq!(order(&["1/1/2017", "1/13/2017"]), DayOrder::MonthFirst);
        assert_eq!(order(&["13.1.2017 0:00"]), DayOrder::DayFirst);
        assert_eq!(order(&["13/1/2017", "1/13/2017"]), DayOrder::Both);
    }

    #[test]
    fn what_stands_for_no_date_is_refused() {
        for written in [
            "0000-00-00",
            "00:00.0",
            "43101",
            "9999-12-31",
            "2101",
            "9-May-19",
            "x",
        ] {
            assert!(read(written, DayOrder::Unknown).is_err(), "{written}");
        }
        read("2100-12-31", DayOrder::Unknown).unwrap();
    }
}
