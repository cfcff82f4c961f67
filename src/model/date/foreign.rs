//! Dates as they are written elsewhere: by people, by other systems, by the draft of EDTF of 2012.

use super::explain::{DateError, month_name, month_number};

/// What the text is instead of EDTF, if it is of a known foreign kind.
pub(super) fn explain(text: &str) -> Option<DateError> {
    spaces(text)
        .or_else(|| characters(text))
        .or_else(|| draft(text))
        .or_else(|| time(text))
        .or_else(|| words(text))
        .or_else(|| compact(text))
        .or_else(|| numbers(text))
        .or_else(|| span(text))
}

fn spaces(text: &str) -> Option<DateError> {
    let bare: String = text.split_whitespace().collect();
    let error = DateError::new("there are spaces in the date").suggesting(bare);
    (text.contains(char::is_whitespace) && error.suggestion.is_some()).then_some(error)
}

fn characters(text: &str) -> Option<DateError> {
    let strange = text
        .chars()
        .find(|it| !it.is_ascii_graphic() && *it != ' ')?;
    let dashes = [
        '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}',
    ];
    let hyphens = text.replace(dashes, "-");
    let error = DateError::new(format!(
        "the character {strange:?} is not allowed in dates, which are plain ASCII"
    ))
    .suggesting(hyphens.as_str());
    Some(if error.suggestion.is_none() {
        error.suggesting(hyphens.replacen('-', "/", 1))
    } else {
        error
    })
}

/// The draft of 2012 wrote `u` for an unspecified digit, `?~` for both marks, `unknown` and
/// `open` for the ends of intervals, and `x` for a digit of a decade or century.
fn draft(text: &str) -> Option<DateError> {
    let new = if let Some((start, end)) = text.split_once('/') {
        let end = end.replace("unknown", "").replace("open", "..");
        format!(
            "{}/{end}",
            start.replace("unknown", "").replace("open", "..")
        )
    } else {
        text.to_owned()
    };
    let new = new
        .replace("?~", "%")
        .replace("~?", "%")
        .replace(['u', 'x'], "X");
    let error = DateError::new(
        "an older form of EDTF: unspecified digits are now `X`, an unknown end is empty, an open \
         end is `..`, and `%` means both `?` and `~`",
    )
    .suggesting(new);
    if matches!(text, "unknown" | "open") {
        return Some(DateError::new("leave out a date that is not known"));
    }
    error.suggestion.is_some().then_some(error)
}

/// `2023-06-16 14:00`, `2023-06-16T14:00:00.000Z`, `2023-06-16t14:00:00+0200`.
fn time(text: &str) -> Option<DateError> {
    let (date, rest) = (text.get(..10)?, text.get(10..)?);
    let rest = rest.strip_prefix(['T', 't', ' '])?.trim_start();
    let zone = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let (clock, zone) = (rest.get(..zone)?, rest.get(zone..)?.trim());
    if !clock.starts_with(|it: char| it.is_ascii_digit()) || !clock.contains(':') {
        return None;
    }
    let (whole, _) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
    let seconds = if whole.len() == 5 { ":00" } else { "" };
    let zone = match zone {
        "UTC" | "GMT" => "Z".to_owned(),
        _ if zone.len() == 5 && !zone.contains(':') => {
            format!("{}:{}", zone.get(..3)?, zone.get(3..)?)
        }
        _ => zone.to_ascii_uppercase(),
    };
    Some(
        DateError::new(
            "a time of day is written Thh:mm:ss after a day, in whole seconds and followed by Z \
             or an offset such as +09:00",
        )
        .suggesting(format!("{date}T{whole}{seconds}{zone}")),
    )
}

/// `June 2023`, `16 June 2023`, `June 16, 2023`, `Summer 2023`, `1990s`, `c. 1920`.
fn words(text: &str) -> Option<DateError> {
    let words = text.split([' ', ',', '.', '-']).filter(|it| !it.is_empty());
    let words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let new = match *words.as_slice() {
        [decade] => decade.strip_suffix("0s").map(|it| format!("{it}X"))?,
        ["c" | "ca" | "circa" | "about", year] => format!("{year}~"),
        [name, year] | [year, name] if month_number(name).is_some() => {
            format!("{year}-{:02}", month_number(name)?)
        }
        [season, year] => format!("{year}-{}", season_code(season)?),
        [name, day, year] | [day, name, year] if month_number(name).is_some() => {
            let day = day.trim_end_matches(|it: char| it.is_ascii_alphabetic());
            format!("{year}-{:02}-{day:0>2}", month_number(name)?)
        }
        _ => return None,
    };
    Some(DateError::new("a date is written in digits, not in words").suggesting(new))
}

fn season_code(name: &str) -> Option<u32> {
    match name {
        "spring" => Some(21),
        "summer" => Some(22),
        "autumn" | "fall" => Some(23),
        "winter" => Some(24),
        _ => None,
    }
}

/// `20230616`, `202306`.
fn compact(text: &str) -> Option<DateError> {
    if !text.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = (text.get(..4)?, text.get(4..6)?, text.get(6..)?);
    let hyphen = if day.is_empty() { "" } else { "-" };
    let error = DateError::new("year, month and day are separated by hyphens");
    let error = error.suggesting(format!("{year}-{month}{hyphen}{day}"));
    matches!(day.len(), 0 | 2).then_some(error)
}

/// `2023-6-1`, `2023/06/16`, `16.06.2023`, `06/16/2023`, `6/2023`.
fn numbers(text: &str) -> Option<DateError> {
    let separator = text.chars().find(|it| !it.is_ascii_digit())?;
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let fields: Vec<&str> = text.split(separator).collect();
    let digits = |it: &&str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    if !fields.iter().all(digits) {
        return None;
    }
    let iso = DateError::new("year, month and day have 4, 2 and 2 digits, separated by hyphens");
    match *fields.as_slice() {
        [year, month, day] if year.len() == 4 && month.len() < 3 && day.len() < 3 => {
            let new = format!("{year}-{month:0>2}-{day:0>2}");
            (new != text).then(|| iso.suggesting(new))
        }
        [first, second, year] if year.len() == 4 && first.len() < 3 && second.len() < 3 => {
            day_and_month(first, second, year)
        }
        [first, last] if separator == '/' && first.len() == 4 && last.len() == 2 && last > "12" => {
            second_year(first, last)
        }
        [year, month] | [month, year] if year.len() == 4 && month.len() < 3 => {
            let new = format!("{year}-{month:0>2}");
            (new != text).then(|| iso.suggesting(new))
        }
        _ => None,
    }
}

/// `2023/24`, as people write a year and the next: a month with a slash ends at 12.
fn second_year(first: &str, last: &str) -> Option<DateError> {
    let century = first.get(..2)?;
    let error = DateError::new("the second year of an interval also has four digits");
    (last > first.get(2..)?).then(|| error.suggesting(format!("{first}/{century}{last}")))
}

fn day_and_month(first: &str, second: &str, year: &str) -> Option<DateError> {
    let (a, b): (u32, u32) = (first.parse().ok()?, second.parse().ok()?);
    let iso = |month: u32, day: u32| format!("{year}-{month:02}-{day:02}");
    let reading = |month: u32, day: u32| Some(format!("{day} {} {year}", month_name(month)?));
    match (reading(b, a), reading(a, b)) {
        (Some(one), Some(other)) if a != b => Some(DateError::new(format!(
            "this may be {one} ({}) or {other} ({}); write the one that is meant, year first",
            iso(b, a),
            iso(a, b)
        ))),
        (Some(_), _) => Some(year_first().suggesting(iso(b, a))),
        (None, Some(_)) => Some(year_first().suggesting(iso(a, b))),
        (None, None) => Some(DateError::new(format!(
            "neither {a} nor {b} is a month; the order is year, month, day, as in 2023-06-16"
        ))),
    }
}

fn year_first() -> DateError {
    DateError::new("the order is year, month, day, separated by hyphens")
}

/// `2023-2024`, `2023-06-01 - 2023-06-03`, `2023 to 2024`.
fn span(text: &str) -> Option<DateError> {
    let (start, end) = [" to ", " - ", "--", "..", " "]
        .iter()
        .find_map(|separator| text.split_once(separator))
        .or_else(|| (text.len() == 9).then(|| text.split_once('-')).flatten())?;
    let error = DateError::new("start and end of an interval are separated by `/`")
        .suggesting(format!("{}/{}", start.trim(), end.trim()));
    error.suggestion.is_some().then_some(error)
}
