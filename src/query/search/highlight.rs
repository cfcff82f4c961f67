//! Where the words looked for stand in the texts that are shown.

use crate::query::answer::HighlightAnswer;
use crate::text::{Clause, Field, Languages, words};

/// Characters of a text that are shown.
const EXCERPT_CHARS: usize = 240;
/// Characters that are shown before the first word found, when there are more.
const BEFORE_CHARS: usize = 60;

/// A text with the places of what is looked for, other forms of words in some languages among it; none
/// when it has nothing of that.
pub(super) fn highlight<'v>(
    field: &Field<'_>,
    wanted: &Clause,
    languages: Languages,
) -> Option<HighlightAnswer<'v>> {
    let ranges = wanted.places(field.text, languages);
    let first = ranges.first()?[0];
    let length = field.text.chars().count();
    let from = if length > EXCERPT_CHARS && first > BEFORE_CHARS {
        let earliest = (first - BEFORE_CHARS).min(length - EXCERPT_CHARS);
        let starts = words(field.text).into_iter().map(|word| word.start);
        starts
            .filter(|at| *at >= earliest)
            .min()
            .map_or(earliest, |at| at.min(first))
    } else {
        0
    };
    let to = length.min(from + EXCERPT_CHARS);
    let within = ranges
        .into_iter()
        .filter(|[start, end]| *start >= from && *end <= to);
    Some(HighlightAnswer {
        field: field.path.clone(),
        merged_from: None,
        text: field.text.chars().skip(from).take(to - from).collect(),
        cut: to - from < length,
        ranges: within
            .map(|[start, end]| [start - from, end - from])
            .collect(),
    })
}
