//! Which of its [forms](super::format) an answer takes: the only place that reads `Accept` and `format`.
//!
//! actix-web's typed `Accept` is not used: it tells what a client likes best of all there is, not what it
//! likes best of what the service has, and it drops ranges with parameters that it can't read.

use actix_web::http::header::{ACCEPT, HeaderMap};

use super::format::AnswerForm;
use super::problem::{Problem, ProblemKind};
use crate::model;

/// Weights of media types are read to thousandths.
const FULL_WEIGHT: u32 = 1000;

/// The form that is asked for: that of `word`, a value of `format`, else the first of those that `Accept` likes best, else
/// the first of all.
///
/// # Errors
///
/// When `format` names no form, or `Accept` likes none; the problem lists what there is.
pub(super) fn chosen<T: Copy>(
    word: Option<&'static str>,
    headers: &HeaderMap,
    forms: &[AnswerForm<T>],
) -> Result<AnswerForm<T>, Problem> {
    if let Some(word) = word {
        let known: Vec<&str> = forms.iter().map(|form| form.word).collect();
        let found = forms.iter().find(|form| form.word == word).copied();
        return found.ok_or_else(|| {
            let problem = model::unknown_word(word, &known);
            Problem::parameter("format", word, &problem.problem).suggest(problem.suggestion)
        });
    }
    let accepts = headers.get_all(ACCEPT).map(|value| {
        // What is no text likes nothing; it is answered as if it were not there.
        value.to_str().unwrap_or("*/*")
    });
    let ranges: Vec<&str> = accepts.flat_map(|value| value.split(',')).collect();
    if let Some(first) = forms.first()
        && likes_best(&ranges, first.media_type)
    {
        return Ok(*first);
    }
    let mut best: Option<(u32, AnswerForm<T>)> = None;
    for form in forms {
        let weight = weight(&ranges, form.media_type);
        if weight > best.map_or(0, |(known, _)| known) {
            best = Some((weight, *form));
        }
    }
    best.map(|(_, form)| form).ok_or_else(|| {
        let there: Vec<String> = forms
            .iter()
            .map(|form| format!("{} (format={})", essence(form.media_type), form.word))
            .collect();
        let detail = format!("the available formats are {}", there.join(", "));
        Problem::new(ProblemKind::NotAcceptable, detail).at("Accept")
    })
}

/// Whether nothing is liked better than a media type, as far as a glance tells: most clients name it
/// alone, or everything, or nothing.
fn likes_best(ranges: &[&str], media_type: &str) -> bool {
    match ranges {
        [] => true,
        [only] => *only == "*/*" || *only == essence(media_type),
        _ => false,
    }
}

/// How much some media ranges like a media type, in thousandths: by the most specific that fits
/// (RFC 9110, section 12.5.1). Without a range, everything is liked.
fn weight(ranges: &[&str], media_type: &str) -> u32 {
    let wanted = essence(media_type);
    let of = wanted.split('/').next().unwrap_or_default();
    let mut best: Option<(u8, u32)> = None;
    let mut is_there = false;
    for range in ranges
        .iter()
        .map(|range| range.trim())
        .filter(|r| !r.is_empty())
    {
        is_there = true;
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let specific = match name.split_once('/') {
            Some(("*", "*")) => 1,
            Some((kind, "*")) if kind == of => 2,
            Some(_) if name == wanted => 3,
            _ => continue,
        };
        let weight = parts
            .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
            .map_or(FULL_WEIGHT, thousandths);
        if best.is_none_or(|(known, _)| specific > known) {
            best = Some((specific, weight));
        }
    }
    if is_there {
        best.map_or(0, |(_, weight)| weight)
    } else {
        FULL_WEIGHT
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of a weight"
)]
fn thousandths(text: &str) -> u32 {
    let weight: f64 = text.trim().parse().unwrap_or(1.0);
    (weight.clamp(0.0, 1.0) * f64::from(FULL_WEIGHT)).round() as u32
}

/// A media type without its parameters.
fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_alone_is_liked_best() {
        let json = "application/json; charset=utf-8";
        for alone in [&[][..], &["*/*"], &["application/json"]] {
            assert!(likes_best(alone, json), "{alone:?}");
            assert_eq!(weight(alone, json), FULL_WEIGHT, "{alone:?}");
        }
        for other in [
            &["text/csv"][..],
            &["application/json", "text/csv"],
            &["application/json;q=0"],
            &["*/*;q=0"],
        ] {
            assert!(!likes_best(other, json), "{other:?}");
        }
    }

    #[test]
    fn the_most_specific_range_counts() {
        let of = |accept: &str, media_type| {
            let ranges: Vec<&str> = accept.split(',').collect();
            weight(&ranges, media_type)
        };
        assert_eq!(of("", "text/csv"), 1000);
        assert_eq!(of("text/csv", "text/csv; charset=utf-8"), 1000);
        assert_eq!(of("text/*;q=0.5, */*;q=0.1", "text/csv"), 500);
        assert_eq!(of("text/*;q=0.5, */*;q=0.1", "application/json"), 100);
        assert_eq!(of("text/csv;q=0, */*", "text/csv"), 0);
        assert_eq!(of("text/html", "application/json"), 0);
        assert_eq!(of("TEXT/CSV;Q=0.2", "text/csv"), 200);
        assert_eq!(of("nonsense", "text/csv"), 0);
    }
}
