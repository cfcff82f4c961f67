//! What a person types: grapheme clusters, such as a Hangul syllable, a Han character, or a letter of an
//! Indic script with its vowel signs (Unicode Standard Annex 29).

use std::collections::BTreeMap;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

/// The clusters of a text.
pub(super) fn graphemes(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true)
}

/// How many clusters a text has.
pub(super) fn count(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    graphemes(text).count()
}

/// Whether `text` starts with `start` and that ends where a cluster does.
pub(super) fn starts_with(text: &str, start: &str) -> bool {
    let rest = text.strip_prefix(start);
    rest.is_some_and(|rest| rest.is_ascii() || !rest.starts_with(is_combining_mark))
}

/// How many clusters have to be written anew, left out, put in or swapped with the next to make one text
/// of the other (optimal string alignment).
pub(super) fn distance(a: &str, b: &str) -> usize {
    let is_single = |text: &str| !text.chars().any(is_combining_mark);
    if (a.is_ascii() && b.is_ascii()) || (is_single(a) && is_single(b)) {
        return strsim::osa_distance(a, b);
    }
    // Each cluster as one character.
    let mut known: BTreeMap<&str, char> = BTreeMap::new();
    let mut numbers = ('\u{100000}'..).chain('\u{f0000}'..'\u{ffffd}');
    let mut numbered = |text| {
        let each = graphemes(text);
        let each = each.map(|one| {
            *known
                .entry(one)
                .or_insert_with(|| numbers.next().unwrap_or(' '))
        });
        each.collect::<String>()
    };
    let (a, b): (String, String) = (numbered(a), numbered(b));
    strsim::osa_distance(&a, &b)
}

/// Whether a character is of a script that puts no spaces between words, or glues small words to them.
pub(super) const fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e01}'..='\u{0eff}' // Thai, Lao
        | '\u{0f00}'..='\u{0fff}' // Tibetan
        | '\u{1000}'..='\u{109f}' // Burmese
        | '\u{1100}'..='\u{11ff}' // Hangul
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{1950}'..='\u{19df}' | '\u{1a20}'..='\u{1aaf}' // Tai Le, New Tai Lue, Tai Tham
        | '\u{1b00}'..='\u{1b7f}' // Balinese
        | '\u{2e80}'..='\u{2fdf}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{31ff}' // Kana, Bopomofo, Hangul
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' // Han
        | '\u{a000}'..='\u{a4cf}' // Yi
        | '\u{a980}'..='\u{a9ff}' | '\u{aa60}'..='\u{aadf}' // Javanese, more Burmese, Tai Viet
        | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' // Hangul
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ffdc}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_counted_in_what_is_typed() {
        assert_eq!(distance("김정은", "김정일"), 1);
        assert_eq!(distance("मोदी", "मेदा"), 2);
        assert_eq!(distance("कमल", "कमला"), 1);
        assert_eq!(distance("blinkin", "blinken"), 1);
        assert_eq!(distance("untied", "united"), 1);
        assert_eq!(distance("พล", "พิล"), 1);
        assert_eq!(
            (count("김정은"), count("मोदी"), count("blinken")),
            (3, 2, 7)
        );
        assert!(starts_with("মোমেন", "মো") && !starts_with("মোমেন", "ম"));
        assert!(starts_with("blinken", "bl"));
    }
}
