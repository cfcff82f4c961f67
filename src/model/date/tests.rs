//! The format's own examples, every explanation, and laws that hold for all dates.

use chrono::{Datelike as _, NaiveDate};
use proptest::prelude::*;

use super::*;

fn date(text: &str) -> Date {
    match Date::parse(text) {
        Ok(date) => date,
        Err(error) => panic!("`{text}`: {error}"),
    }
}

fn day(text: &str) -> Day {
    date(text).earliest()
}

fn refused(text: &str) -> DateError {
    match Date::parse(text) {
        Ok(date) => panic!("`{text}` was read as {date:?}"),
        Err(error) => error,
    }
}

/// Examples of the Library of Congress' description of EDTF, in its order, with a few of ours
/// where it has none for a case.
#[rustfmt::skip]
const EXAMPLES: &[(&str, &str, &str, Precision)] = &[
    // Level 0: date, date and time, interval
    ("1985-04-12", "1985-04-12", "1985-04-12", Precision::Day),
    ("1985-04", "1985-04-01", "1985-04-30", Precision::Month),
    ("1985", "1985-01-01", "1985-12-31", Precision::Year),
    ("1985-04-12T23:20:30", "1985-04-12", "1985-04-12", Precision::Instant),
    ("1985-04-12T23:20:30Z", "1985-04-12", "1985-04-12", Precision::Instant),
    ("1985-04-12T23:20:30-04", "1985-04-12", "1985-04-12", Precision::Instant),
    ("1985-04-12T23:20:30+04:30", "1985-04-12", "1985-04-12", Precision::Instant),
    ("1964/2008", "1964-01-01", "2008-12-31", Precision::Interval),
    ("2004-06/2006-08", "2004-06-01", "2006-08-31", Precision::Interval),
    ("2004-02-01/2005-02-08", "2004-02-01", "2005-02-08", Precision::Interval),
    ("2004-02-01/2005-02", "2004-02-01", "2005-02-28", Precision::Interval),
    ("2004-02-01/2005", "2004-02-01", "2005-12-31", Precision::Interval),
    ("2005/2006-02", "2005-01-01", "2006-02-28", Precision::Interval),
    ("0000", "0000-01-01", "0000-12-31", Precision::Year),
    // Level 1: seasons
    ("2001-21", "2001-03-01", "2001-05-31", Precision::Season),
    ("2001-22", "2001-06-01", "2001-08-31", Precision::Season),
    ("2001-23", "2001-09-01", "2001-11-30", Precision::Season),
    ("2001-24", "2001-12-01", "2002-02-28", Precision::Season),
    ("2003-24", "2003-12-01", "2004-02-29", Precision::Season),
    // Level 1: qualification
    ("1984?", "1984-01-01", "1984-12-31", Precision::Year),
    ("2004-06~", "2004-06-01", "2004-06-30", Precision::Month),
    ("2004-06-11%", "2004-06-11", "2004-06-11", Precision::Day),
    // Level 1: unspecified digits from the right
    ("201X", "2010-01-01", "2019-12-31", Precision::Decade),
    ("20XX", "2000-01-01", "2099-12-31", Precision::Century),
    ("2004-XX", "2004-01-01", "2004-12-31", Precision::Year),
    ("1985-04-XX", "1985-04-01", "1985-04-30", Precision::Month),
    ("1985-XX-XX", "1985-01-01", "1985-12-31", Precision::Year),
    ("2024-02-XX~", "2024-02-01", "2024-02-29", Precision::Month),
    // Level 1: extended intervals, open and unknown at the end
    ("1985-04-12/..", "1985-04-12", "1985-04-12", Precision::Interval),
    ("1985-04/..", "1985-04-01", "1985-04-30", Precision::Interval),
    ("1985/..", "1985-01-01", "1985-12-31", Precision::Interval),
    ("../1985-04-12", "1985-04-12", "1985-04-12", Precision::Interval),
    ("../1985-04", "1985-04-01", "1985-04-30", Precision::Interval),
    ("../1985", "1985-01-01", "1985-12-31", Precision::Interval),
    ("1985-04-12/", "1985-04-12", "1985-04-12", Precision::Interval),
    ("1985-04/", "1985-04-01", "1985-04-30", Precision::Interval),
    ("1985/", "1985-01-01", "1985-12-31", Precision::Interval),
    ("/1985-04-12", "1985-04-12", "1985-04-12", Precision::Interval),
    ("/1985-04", "1985-04-01", "1985-04-30", Precision::Interval),
    ("/1985", "1985-01-01", "1985-12-31", Precision::Interval),
    ("1984~/2004-06", "1984-01-01", "2004-06-30", Precision::Interval),
    ("1984/2004-06~", "1984-01-01", "2004-06-30", Precision::Interval),
    ("1984~/2004~", "1984-01-01", "2004-12-31", Precision::Interval),
    ("1984?/2004%", "1984-01-01", "2004-12-31", Precision::Interval),
    ("2001-21/2001-24", "2001-03-01", "2002-02-28", Precision::Interval),
    // Level 1: negative years
    ("-1985", "-1985-01-01", "-1985-12-31", Precision::Year),
    ("-0044-03-15", "-0044-03-15", "-0044-03-15", Precision::Day),
    ("-0044-03/0001", "-0044-03-01", "0001-12-31", Precision::Interval),
    ("-9999", "-9999-01-01", "-9999-12-31", Precision::Year),
    ("9999", "9999-01-01", "9999-12-31", Precision::Year),
    // Level 2: one of a set
    ("[1667,1668,1670..1672]", "1667-01-01", "1672-12-31", Precision::Set),
    ("[..1760-12-03]", "1760-12-03", "1760-12-03", Precision::Set),
    ("[1760-12..]", "1760-12-01", "1760-12-31", Precision::Set),
    ("[1667,1760-12]", "1667-01-01", "1760-12-31", Precision::Set),
    ("[..1984]", "1984-01-01", "1984-12-31", Precision::Set),
    ("[2023-06-03,2023-06-01]", "2023-06-01", "2023-06-03", Precision::Set),
    ("[2023-02~,2023-06-XX?]", "2023-02-01", "2023-06-30", Precision::Set),
];

#[test]
fn examples_of_the_format_have_these_bounds() {
    for &(text, earliest, latest, precision) in EXAMPLES {
        let date = date(text);
        let bounds = (date.earliest().to_string(), date.latest().to_string());
        assert_eq!(bounds, (earliest.to_owned(), latest.to_owned()), "{text}");
        assert_eq!(date.precision(), precision, "{text}");
        assert_eq!(date.to_string(), text);
        assert_eq!(date.as_written(), text);
    }
}

#[test]
fn precisions_have_names() {
    let all = [
        "2023-06-16",
        "2023-06",
        "2023-22",
        "2023",
        "202X",
        "20XX",
        "2023/",
    ];
    let names = all.map(|it| date(it).precision().as_str());
    assert_eq!(
        names,
        [
            "day", "month", "season", "year", "decade", "century", "interval"
        ]
    );
    assert_eq!(
        date("2023-06-16T14:00:00Z").precision().to_string(),
        "instant"
    );
    assert_eq!(date("[2023]").precision().to_string(), "set");
}

#[test]
fn marks_are_told_apart() {
    let marks = |text| (date(text).is_uncertain(), date(text).is_approximate());
    assert_eq!(marks("2023-06-16"), (false, false));
    assert_eq!(marks("2023-06-16?"), (true, false));
    assert_eq!(marks("2023-06~"), (false, true));
    assert_eq!(marks("2023%"), (true, true));
    assert_eq!(marks("2022?/2023~"), (true, true));
    assert_eq!(marks("[2022,2023?]"), (true, false));
    assert_eq!(marks("../2023-06-16"), (false, false));
}

#[test]
fn open_and_unknown_sides_are_told_apart() {
    let sides = |text| {
        (
            date(text).open_start(),
            date(text).open_end(),
            date(text).is_open(),
        )
    };
    assert_eq!(sides("2022/2023"), (false, false, false));
    assert_eq!(sides("2023"), (false, false, false));
    assert_eq!(sides("../2023"), (true, false, true));
    assert_eq!(sides("/2023"), (true, false, true));
    assert_eq!(sides("2023/.."), (false, true, true));
    assert_eq!(sides("2023/"), (false, true, true));
    assert_eq!(sides("[..2023]"), (true, false, true));
    assert_eq!(sides("[2023..]"), (false, true, true));
    assert_eq!(sides("[2022..2023]"), (false, false, false));
}

#[test]
fn instants_are_utc_and_days_are_as_written() {
    let utc = |text| {
        let instant = date(text).timing().instant;
        instant.map(|it| it.to_string())
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(utc("2023-06-16T14:00:00Z"), some("2023-06-16T14:00:00Z"));
    assert_eq!(
        utc("2023-06-16T02:00:00+09:00"),
        some("2023-06-15T17:00:00Z")
    );
    assert_eq!(utc("2023-06-16T23:30:00-04"), some("2023-06-17T03:30:00Z"));
    assert_eq!(utc("2016-12-31T18:59:60-05"), some("2016-12-31T23:59:60Z"));
    assert_eq!(utc("2023-06-16T14:00:00"), None);
    assert_eq!(utc("2023-06-16"), None);
    assert_eq!(
        date("2023-06-16T02:00:00+09:00").latest(),
        day("2023-06-16")
    );
}

/// Text, part of the problem, suggestion.
#[rustfmt::skip]
const REFUSED: &[(&str, &str, Option<&str>)] = &[
    ("", "empty", None),
    ("  ", "empty", None),
    (" 2023-06-16 ", "spaces", Some("2023-06-16")),
    ("[2022, 2023]", "spaces", Some("[2022,2023]")),
    // Not on the calendar
    ("2023-02-30", "February 2023 has 28 days", Some("2023-02-28")),
    ("2024-02-30", "February 2024 has 29 days", Some("2024-02-29")),
    ("1900-02-29", "February 1900 has 28 days", Some("1900-02-28")),
    ("-0043-04-31", "April -0043 has 30 days", Some("-0043-04-30")),
    ("2023-13", "no month 13", None),
    ("2023-20", "no month 20", None),
    ("2023-42", "no month 42", None),
    ("2023-13-06", "the order is year, month, day", Some("2023-06-13")),
    ("2023-13-32", "no month 13", None),
    ("2023-00", "no month 00", Some("2023")),
    ("2023-00-00", "no month 00", Some("2023")),
    ("2023-06-00", "no day 00", Some("2023-06")),
    ("2023-22-05", "a season has no day", Some("2023-22")),
    ("-0000", "0000 is 1 BC", Some("0000")),
    ("-0000-06-15", "0000 is 1 BC", Some("0000-06-15")),
    // Other orders and separators
    ("16/06/2023", "year, month, day", Some("2023-06-16")),
    ("06/16/2023", "year, month, day", Some("2023-06-16")),
    ("16.6.2023", "year, month, day", Some("2023-06-16")),
    ("16-06-2023", "year, month, day", Some("2023-06-16")),
    ("05/05/2023", "year, month, day", Some("2023-05-05")),
    ("06/05/2023", "6 May 2023 (2023-05-06) or 5 June 2023 (2023-06-05)", None),
    ("16/17/2023", "neither 16 nor 17 is a month", None),
    ("2023/06/16", "hyphens", Some("2023-06-16")),
    ("2023.06", "hyphens", Some("2023-06")),
    ("2023/06", "hyphens", Some("2023-06")),
    ("2023/12", "hyphens", Some("2023-12")),
    ("2023/24", "second year", Some("2023/2024")),
    ("1998/99", "second year", Some("1998/1999")),
    ("2010/19", "second year", Some("2010/2019")),
    ("2023/23", "not a date", None),
    ("6/2023", "hyphens", Some("2023-06")),
    ("2023-6-1", "4, 2 and 2 digits", Some("2023-06-01")),
    ("2023-6", "4, 2 and 2 digits", Some("2023-06")),
    ("20230616", "hyphens", Some("2023-06-16")),
    ("202306", "hyphens", Some("2023-06")),
    ("20230230", "hyphens", None),
    // Words
    ("June 2023", "in digits", Some("2023-06")),
    ("2023 jun", "in digits", Some("2023-06")),
    ("16 June 2023", "in digits", Some("2023-06-16")),
    ("1st Sept. 2023", "in digits", Some("2023-09-01")),
    ("June 16, 2023", "in digits", Some("2023-06-16")),
    ("16-Jun-2023", "in digits", Some("2023-06-16")),
    ("Summer 2023", "in digits", Some("2023-22")),
    ("Fall 2023", "in digits", Some("2023-23")),
    ("Winter 2023", "in digits", Some("2023-24")),
    ("spring 2023", "in digits", Some("2023-21")),
    ("1990s", "in digits", Some("199X")),
    ("c. 1920", "in digits", Some("1920~")),
    ("30 February 2023", "in digits", None),
    ("yesterday", "dates look like", None),
    // Intervals
    ("2023-06-19/2023-06-18", "2023-06-18 is before the start 2023-06-19", Some("2023-06-18/2023-06-19")),
    ("2005/2004~", "2004~ is before the start 2005", Some("2004~/2005")),
    ("[2004..2003]", "2003 is before the start 2004", Some("[2003..2004]")),
    ("[2001,2004..2003]", "2003 is before the start 2004", Some("[2001,2003..2004]")),
    ("2023-02-30/2023-03", "in `2023-02-30`: February 2023 has 28 days", Some("2023-02-28/2023-03")),
    ("2023-02/2023-02-30?", "in `2023-02-30`: February 2023 has 28 days", Some("2023-02/2023-02-28?")),
    ("[2023-06-01,2023-6-3]", "in `2023-6-3`", Some("[2023-06-01,2023-06-03]")),
    ("2023-02-30~", "in `2023-02-30`", Some("2023-02-28~")),
    ("../..", "a known start or a known end", None),
    ("/", "a known start or a known end", None),
    ("2023-2024", "separated by `/`", Some("2023/2024")),
    ("2023 - 2024", "separated by `/`", Some("2023/2024")),
    ("2023-06-01 to 2023-06-03", "separated by `/`", Some("2023-06-01/2023-06-03")),
    ("2022..2023", "separated by `/`", Some("2022/2023")),
    ("2001/2002/2003", "dates look like", None),
    ("[2023", "dates look like", None),
    // The draft of 2012
    ("2004-06-uu", "older form", Some("2004-06-XX")),
    ("199u", "older form", Some("199X")),
    ("199x", "older form", Some("199X")),
    ("1984?~", "older form", Some("1984%")),
    ("2004-06/unknown", "older form", Some("2004-06/")),
    ("unknown/2006", "older form", Some("/2006")),
    ("2004-01-01/open", "older form", Some("2004-01-01/..")),
    ("unknown", "leave out", None),
    ("open", "leave out", None),
    // Times
    ("2023-06-16 14:00:00Z", "Thh:mm:ss", Some("2023-06-16T14:00:00Z")),
    ("2023-06-16 14:00:00 UTC", "Thh:mm:ss", Some("2023-06-16T14:00:00Z")),
    ("2023-06-16T14:00Z", "Thh:mm:ss", Some("2023-06-16T14:00:00Z")),
    ("2023-06-16t14:00:00z", "Thh:mm:ss", Some("2023-06-16T14:00:00Z")),
    ("2023-06-16T14:00:00.123Z", "whole seconds", Some("2023-06-16T14:00:00Z")),
    ("2023-06-16T14:00:00+0900", "+09:00", Some("2023-06-16T14:00:00+09:00")),
    ("2023-06-16T25:00:00Z", "Thh:mm:ss", None),
    // Characters
    ("2023\u{2013}06\u{2013}16", "plain ASCII", Some("2023-06-16")),
    ("2022\u{2013}2023", "plain ASCII", Some("2022/2023")),
    ("2023年", "plain ASCII", None),
    ("２０２３", "plain ASCII", None),
    // Forms of level 1 and 2 that are not supported
    ("Y170000002", "-9999 to 9999", None),
    ("Y-170000002", "-9999 to 9999", None),
    ("9999-24", "-9999 to 9999", None),
    ("12023-06", "-9999 to 9999", None),
    ("+2023-06", "four digits", Some("2023-06")),
    ("-44-03-15", "four digits", Some("-0044-03-15")),
    ("987", "four digits", Some("0987")),
    ("2023-25", "seasons are 21", Some("2023-03/2023-05")),
    ("2023-33", "seasons are 21", Some("2023-01/2023-03")),
    ("-0044-33", "seasons are 21", Some("-0044-01/-0044-03")),
    ("2023-41", "seasons are 21", Some("2023-07/2023-12")),
    ("Y17E7", "exponents", None),
    ("1950S2", "significant digits", None),
    ("2004?-06", "at the end of a date", Some("2004-06?")),
    ("?2004-06-~11", "at the end of a date", Some("2004-06-11%")),
    ("?2004", "at the end of a date", Some("2004?")),
    ("{1960,1961-12}", "write a record for each", None),
    ("1XXX", "rightmost digits", Some("1000-01-01/1999-12-31")),
    ("2004-XX-04", "rightmost digits", Some("2004-01-04/2004-12-04")),
    ("2004-06-XX/2004-07-03", "can't contain unspecified digits", Some("2004-06/2004-07-03")),
    ("202X/2023", "can't contain unspecified digits", None),
    ("2023-33/2023-12", "in `2023-33`", None),
    ("..2004/2005", "can't be combined", None),
    ("[2004?-06,2005]", "in `2004?-06`", Some("[2004-06?,2005]")),
];

#[test]
fn refusals_say_why_and_suggest() {
    let mut wrong = Vec::new();
    for &(text, problem, suggestion) in REFUSED {
        let error = refused(text);
        if !error.problem.contains(problem) || error.suggestion.as_deref() != suggestion {
            wrong.push(format!("`{text}`: {error}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn errors_read_as_one_sentence() {
    assert_eq!(
        refused("2023-02-30").to_string(),
        "February 2023 has 28 days; write `2023-02-28`"
    );
    assert!(!refused("2023-13").to_string().contains("write `"));
}

#[test]
fn length_is_bounded() {
    let set = |last: &str| format!("[{}{last}]", "2023-06,".repeat(7));
    let (longest, longer) = (set("-2023?"), set("-2023-1"));
    assert_eq!(longest.len(), MAX_DATE_BYTES);
    assert_eq!(date(&longest).to_string(), longest);
    assert_eq!(longer.len(), MAX_DATE_BYTES + 1);
    assert_eq!(
        refused(&longer).problem,
        "the date has 65 bytes; the maximum is 64"
    );
}

#[test]
fn days_are_counted_from_1970() {
    assert_eq!(Day::from_ymd(1970, 1, 1).map(Day::number), Some(0));
    assert_eq!(Day::from_ymd(2000, 3, 1).map(Day::number), Some(11_017));
    assert_eq!(Day::from_ymd(2023, 2, 29), None);
    assert_eq!(Day::from_ymd(-9999, 1, 1), Some(Day::MIN));
    assert_eq!(Day::from_ymd(9999, 12, 31), Some(Day::MAX));
    assert_eq!(Day::from_ymd(10_000, 1, 1), None);
    assert_eq!(Day::from_ymd(-10_000, 12, 31), None);
    assert_eq!((Day::MIN.pred(), Day::MAX.succ()), (None, None));
    assert_eq!(Day::from_number(i32::MAX), None);
    assert_eq!(day("0000-02-29").succ(), Some(day("0000-03-01")));
    assert_eq!(day("0000-01-01").pred().map(Day::ymd), Some((-1, 12, 31)));
}

#[test]
fn windows_reach_from_the_first_day_to_the_last() {
    let window = |from, to| Window::new(Some(&date(from)), Some(&date(to))).unwrap();
    let half = window("2023-01", "2023-06");
    assert_eq!(
        (half.lo(), half.hi()),
        (day("2023-01-01"), day("2023-06-30"))
    );
    let open = window("2023-01/..", "2023-06/..");
    assert_eq!(open, half);
    let since = Window::new(Some(&date("2023")), None).unwrap();
    assert_eq!((since.lo(), since.hi()), (day("2023-01-01"), Day::MAX));
    assert_eq!(Window::new(None, None), Ok(Window::ALL));
}

#[test]
fn both_ends_belong_to_a_window() {
    let june = Window::new(Some(&date("2023-06")), Some(&date("2023-06"))).unwrap();
    let answers = |text| (june.finds(&date(text)), june.contains(&date(text)));
    assert_eq!(answers("2023-05-31"), (false, false));
    assert_eq!(answers("2023-05-31/2023-06-01"), (true, false));
    assert_eq!(answers("2023-06-01"), (true, true));
    assert_eq!(answers("2023-06"), (true, true));
    assert_eq!(answers("2023-06-30"), (true, true));
    assert_eq!(answers("2023-06-30/2023-07-01"), (true, false));
    assert_eq!(answers("2023-07-01"), (false, false));
    assert_eq!(answers("2023"), (true, false));
}

#[test]
fn windows_do_not_run_backwards() {
    let error = Window::new(Some(&date("2023-07")), Some(&date("2023-06"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "from `2023-07` begins on 2023-07-01, after to `2023-06` ends on 2023-06-30, so nothing \
         lies between them; exchange them"
    );
    Window::new(Some(&date("2023-06-30")), Some(&date("2023-06"))).unwrap();
}

/// The tables of `api-docs/time.md`.
const PAGE: &str = include_str!("../../../api-docs/time.md");

/// The cells of the rows of a table of the page, by its first words.
fn table(head: &str) -> Vec<Vec<&'static str>> {
    let rows = PAGE
        .lines()
        .skip_while(|line| !line.starts_with(head))
        .skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let cells = |row: &'static str| {
        let cells = row.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().trim_matches('`')).collect()
    };
    rows.map(cells).collect()
}

/// The window of a cell: `from … to`, either of which may be left out.
fn window_of(cell: &str) -> Window {
    let (from, to) = cell.trim().trim_matches('`').split_once('…').unwrap();
    let bound = |text: &str| (!text.trim().is_empty()).then(|| date(text.trim()));
    Window::new(bound(from).as_ref(), bound(to).as_ref()).unwrap()
}

#[test]
fn every_form_is_found_and_sorted_as_the_page_says() {
    let rows = table("| date | earliest | latest |");
    assert!(rows.len() > 30, "{} rows", rows.len());
    for row in rows {
        let [text, earliest, latest, sorts_on, certain, found, not_found] = *row.as_slice() else {
            panic!("{row:?} has other columns");
        };
        let date = date(text);
        let timing = date.timing();
        let written = |day: Option<Day>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
        assert_eq!(written(timing.days.0), earliest, "earliest of {text}");
        assert_eq!(written(timing.days.1), latest, "latest of {text}");
        assert_eq!(timing.sorts_on.to_string(), sorts_on, "{text} sorts on");
        for (windows, is) in [
            (certain, (true, true)),
            (found, (true, false)),
            (not_found, (false, false)),
        ] {
            for window in windows.split(", ").filter(|window| *window != "–") {
                let of = window_of(window);
                assert_eq!(
                    (of.finds(&date), of.contains(&date)),
                    is,
                    "{text} in {window}"
                );
            }
        }
    }
}

#[test]
fn every_form_counts_in_one_bin_and_is_wide_where_the_page_says() {
    let june = window_of("2023-06 … 2023-06");
    let rows = table("| date | counts on |");
    assert!(rows.len() > 15, "{} rows", rows.len());
    for row in rows {
        let [text, counts_on, wide] = *row.as_slice() else {
            panic!("{row:?} has other columns");
        };
        let timing = date(text).timing();
        let day = timing.counts_on(june);
        let is = day.map_or_else(|| "began before".to_owned(), |day| day.to_string());
        assert_eq!(is, counts_on, "{text}");
        let Some(day) = day else { continue };
        let year = (self::day("2023-01-01"), self::day("2023-12-31"));
        let widths = [("day", (day, day)), ("month", day.month()), ("year", year)];
        let beyond = widths.into_iter().filter(|(_, bin)| timing.is_wider(*bin));
        let beyond: Vec<&str> = beyond.map(|(word, _)| word).collect();
        let beyond = if beyond.is_empty() {
            "–".to_owned()
        } else {
            beyond.join(", ")
        };
        assert_eq!(beyond, wide, "{text}");
    }
}

#[test]
fn what_lasts_is_ongoing_from_the_day_after_it_started_to_its_last() {
    let is = |text, on| date(text).timing().is_ongoing(day(on));
    assert!(!is("2023-06-16/2023-06-18", "2023-06-16"));
    assert!(is("2023-06-16/2023-06-18", "2023-06-17"));
    assert!(is("2023-06-16/2023-06-18", "2023-06-18"));
    assert!(!is("2023-06-16/2023-06-18", "2023-06-19"));
    assert!(is("2023-06-16/..", "9999-12-31"));
    assert!(is("../2023-06-16", "-9999-01-01"));
    assert!(!is("../2023-06-16", "2023-06-17"));
    assert!(!is("2023-06-16/", "2023-06-17"));
    assert!(!is("2023", "2023-06-17"));
}

#[test]
fn moments_order_by_utc_with_leap_seconds_of_their_own() {
    let instant = |text| date(text).timing().instant.unwrap();
    let in_order = [
        "2023-06-17T08:00:00+09:00",
        "2023-06-16T23:30:00-00:30",
        "2023-06-16T23:30:00-05:00",
    ];
    assert!(in_order.map(instant).is_sorted());
    assert!(instant("2016-12-31T23:59:59Z") < instant("2016-12-31T23:59:60Z"));
    assert!(instant("2016-12-31T23:59:60Z") < instant("2017-01-01T00:00:00Z"));
    assert_eq!(
        instant("2016-12-31T23:59:60Z").to_string(),
        "2016-12-31T23:59:60Z"
    );
    assert_eq!(
        instant("1969-12-31T23:59:59Z").to_string(),
        "1969-12-31T23:59:59Z"
    );
    // Of two moments in two zones the earlier may be written with the later day.
    let window = window_of("2023-06-17T08:00:00+09:00 … 2023-06-16T23:30:00-05:00");
    assert!(window.contains(&date("2023-06-17T00:00:00Z")));
    assert!(!window.finds(&date("2023-06-16T22:59:59Z")));
    assert!(window.finds(&date("2023-06-16")) && !window.contains(&date("2023-06-16")));
}

#[test]
fn sets_of_several_with_an_open_member_are_read_only_where_they_are_stored() {
    for (text, instead) in [
        ("[..2019,2021]", "[..2021]"),
        ("[2019,2021..]", "[2019..]"),
        ("[..2019,2021..]", "[..2021]"),
    ] {
        let error = refused(text);
        assert!(error.problem.contains("none can be open"), "{error}");
        assert_eq!(error.suggestion.as_deref(), Some(instead), "{text}");
        assert_eq!(Date::parse_stored(text).unwrap().to_string(), text);
    }
}

#[test]
fn dates_are_small() {
    assert_eq!(size_of::<Date>(), 16);
}

/// Anything made of the characters dates are made of, so that many are nearly or really dates.
fn near_dates() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "(-?[0-9X]{4})(-[0-9X]{2}){0,2}[?~%]?",
        "[12][0-9]{3}-[0-3][0-9]-[0-3][0-9]",
        "[-0-9XYSETZuopenJunc?~%.,:/\\[\\]{} ]{0,12}",
        Just(String::new()),
    ];
    let joint = prop_oneof!["/", "\\.\\.", ",", "", " ", "T", "-"];
    let end = || prop_oneof![4 => "", 1 => "[\\[\\]{}]"];
    (end(), part.clone(), joint, part, end()).prop_map(|(a, b, c, d, e)| a + &b + &c + &d + &e)
}

fn days() -> impl Strategy<Value = Day> {
    (Day::MIN.number()..=Day::MAX.number()).prop_map(|it| Day::from_number(it).unwrap())
}

/// Valid dates of every form, close together so that windows meet them.
fn dates() -> impl Strategy<Value = Date> {
    let near = "202[2-4]-0[1-9]-[0-2][1-9]|202[2-4]-0[1-9](-XX)?|202[2-4](-2[1-4])?|20[23]X";
    let bare = || "202[2-4]-0[1-9]-[0-2][1-8]|202[2-4]-0[1-9]|202[2-4]";
    prop_oneof![
        (near, "[?~%]?").prop_map(|(date, mark)| date + &mark),
        (bare(), bare()).prop_map(|(a, b)| format!("{a}/{b}")),
        (bare(), bare()).prop_map(|(a, b)| format!("[{a},{b}]")),
        (bare(), "/|/\\.\\.").prop_map(|(a, side)| a + &side),
        (bare(), "/|\\.\\./").prop_map(|(a, side)| side + &a),
        bare().prop_map(|a| format!("[..{a}]")),
    ]
    .prop_filter_map("ends before it starts", |text| Date::parse(&text).ok())
}

fn every_day(first: Day, last: Day) -> Vec<Day> {
    let from = |day: &Day| day.succ();
    std::iter::successors(Some(first), from)
        .take_while(|it| *it <= last)
        .collect()
}

proptest! {
    #[test]
    fn no_text_makes_reading_fail_otherwise_than_by_an_error(text in any::<String>()) {
        if let Ok(date) = Date::parse(&text) {
            prop_assert_eq!(date.to_string(), text);
        }
    }

    #[test]
    fn what_is_read_is_shown_as_written(text in near_dates()) {
        match Date::parse(&text) {
            Ok(date) => {
                prop_assert_eq!(date.to_string(), text.as_str());
                prop_assert_eq!(date.as_written(), text.as_str());
                prop_assert!(date.earliest() <= date.latest());
            }
            Err(error) => {
                prop_assert!(!error.problem.is_empty());
                if let Some(better) = error.suggestion {
                    prop_assert!(Date::parse(&better).is_ok(), "{} for {}", better, text);
                    prop_assert_ne!(better, text);
                }
            }
        }
    }

    #[test]
    fn days_agree_with_chrono(day in days()) {
        let (year, month, of_month) = day.ymd();
        let chrono = NaiveDate::from_ymd_opt(year, month, of_month).unwrap();
        prop_assert_eq!(day.number(), chrono.num_days_from_ce() - 719_163);
        prop_assert_eq!(Day::from_ymd(year, month, of_month), Some(day));
        prop_assert_eq!(Date::parse(&day.to_string()).map(|it| it.earliest()), Ok(day));
    }

    #[test]
    fn plain_forms_have_the_bounds_that_edtf_gives(year in 0..=9999, month in 1..=12) {
        for text in [format!("{year:04}"), format!("{year:04}-{month:02}")] {
            let plain = date(&text);
            let marked = date(&format!("{text}?"));
            prop_assert_eq!(plain.earliest(), marked.earliest());
            prop_assert_eq!(plain.latest(), marked.latest());
            prop_assert_eq!(plain.precision(), marked.precision());
        }
    }

    /// What is closed, by counting its days; open dates have the table above.
    #[test]
    fn windows_agree_with_counting_days(it in dates(), from in dates(), to in dates()) {
        let within = every_day(from.earliest(), to.latest());
        let mut meant = every_day(it.earliest(), it.latest());
        if !it.members().is_empty() {
            let of_member = |day: &Day| it.members().iter().any(|(a, b)| a <= day && day <= b);
            meant.retain(of_member);
        }
        let is_closed = it.timing().days.0.is_some() && it.timing().days.1.is_some();
        match Window::new(Some(&from), Some(&to)) {
            Ok(window) if is_closed => {
                let shared = meant.iter().filter(|day| within.contains(day)).count();
                prop_assert_eq!(window.finds(&it), shared > 0);
                prop_assert_eq!(window.contains(&it), shared == meant.len() && !it.is_doubtful());
            }
            Ok(window) => prop_assert!(!window.contains(&it)),
            Err(_) => prop_assert!(within.is_empty()),
        }
        prop_assert!(Window::ALL.finds(&it));
        prop_assert_eq!(Window::ALL.contains(&it), !it.is_doubtful() && !it.end_unknown());
    }
}

#[test]
fn plain_dates_are_made_of_their_days_again() {
    for text in ["2023-06-16", "2023-06", "2024-02", "2023"] {
        let date = Date::parse(text).unwrap();
        assert!(date.is_plain());
        assert_eq!(Date::of_days(date.earliest(), date.latest()), Some(date));
    }
    let days = |text: &str| {
        let date = Date::parse(text).unwrap();
        assert!(!date.is_plain());
        Date::of_days(date.earliest(), date.latest())
    };
    assert_eq!(days("2023-06-18/2023-06-19"), None);
    assert_eq!(days("2023-22"), None);
    assert_eq!(days("2023-06~"), Date::parse("2023-06").ok());
}
