//! How near a name is to one that nobody has: for suggestions.

use std::cmp::Reverse;

use super::graphemes::{count, starts_with};
use super::names::{Typos, plain_parts, real};

/// Graphemes from which on the start of a word is near to the word.
const START_MIN: usize = 3;
/// What a word counts that is near by its start, by an initial.
const START: f64 = 0.8;
const INITIAL: f64 = 0.5;
/// What names count that are written apart on one side and together on the other.
const TOGETHER: f64 = 0.97;
/// The least closeness that is worth a suggestion.
const LEAST: f64 = 0.25;

/// A name that others are compared with.
#[derive(Debug)]
pub struct Closeness<'n> {
    words: Vec<&'n str>,
    typos: Vec<Option<Typos<'n>>>,
    together: String,
}

impl<'n> Closeness<'n> {
    /// To a folded name.
    pub fn to(folded: &'n str) -> Self {
        let mut words: Vec<&str> = plain_parts(folded).collect();
        let together = words.concat();
        // An initial takes what longer words leave: in B. Begaj, of Bajram Begaj the first.
        words.sort_by_key(|word| Reverse(count(word)));
        Self {
            typos: words.iter().map(|word| Typos::for_word(word)).collect(),
            together,
            words,
        }
    }

    /// How near another folded name is: above 0 and up to 1. Words may be missing on one side, may be
    /// initials or starts, and long ones may have an error or two; `None` when a word differs on both
    /// sides, as in Kim Jong Un and Kim Jong Il.
    pub fn closeness_to(&self, folded: &str) -> Option<f64> {
        let known: Vec<&str> = plain_parts(folded).collect();
        if !self.together.is_empty() && known.concat() == self.together {
            return Some(TOGETHER);
        }
        let mut used = vec![false; known.len()];
        let (mut matched, mut is_more_than_initials, mut missing) = (0.0, false, false);
        for (word, typos) in self.words.iter().zip(&self.typos) {
            let free = known
                .iter()
                .enumerate()
                .filter(|(at, _)| used.get(*at) == Some(&false));
            let best = free
                .filter_map(|(at, other)| Some((fit(word, typos.as_ref(), other)?, at)))
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let Some((fit, at)) = best else {
                missing = true;
                continue;
            };
            if let Some(used) = used.get_mut(at) {
                *used = true;
            }
            is_more_than_initials |= fit > INITIAL;
            let length = known.get(at).map_or(0, |other| count(other));
            matched += fit * real(count(word) + length);
        }
        if !is_more_than_initials || (missing && used.contains(&false)) {
            return None;
        }
        let all: usize = self
            .words
            .iter()
            .chain(&known)
            .map(|word| count(word))
            .sum();
        let close = matched / real(all.max(1));
        (close >= LEAST).then_some(close)
    }
}

/// How near a word is to one of a name.
fn fit(word: &str, typos: Option<&Typos<'_>>, other: &str) -> Option<f64> {
    if word == other {
        return Some(1.0);
    }
    let (short, long) = if word.len() < other.len() {
        (word, other)
    } else {
        (other, word)
    };
    if starts_with(long, short) {
        match count(short) {
            1 => return Some(INITIAL),
            length if length >= START_MIN => return Some(START),
            _ => {}
        }
    }
    typos?.fit(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fold;

    fn close(a: &str, b: &str) -> Option<f64> {
        Closeness::to(&fold(a)).closeness_to(&fold(b))
    }

    #[test]
    fn missing_parts_initials_and_errors_are_near() {
        for (asked, known) in [
            ("Blinken, Antony J.", "Antony Blinken"),
            ("A. Blinken", "Antony Blinken"),
            ("B. Begaj", "Bajram Begaj"),
            ("Blinken", "Antony J. Blinken"),
            ("Erdogn", "Recep Tayyip Erdoğan"),
            ("Blinkn", "Antony Blinken"),
            ("Untied States", "United States"),
            ("Kim Jongun", "Kim Jong-Un"),
            ("Sergej Lavrov", "Sergei Lavrov"),
            ("ประเทศไทยย", "ประเทศไทย"),
        ] {
            assert!(close(asked, known).is_some(), "{asked} and {known}");
        }
        let (nearer, farther) = (
            close("Blinkn", "Blinken"),
            close("Blinkn", "Antony Blinken"),
        );
        assert!(nearer > farther);
    }

    #[test]
    fn what_differs_on_both_sides_is_not() {
        for (asked, known) in [
            ("Kim Jong Un", "Kim Jong-Il"),
            ("김정은", "김정일"),
            ("박진", "박준"),
            ("Wang Yi", "Wang Wentao"),
            ("A. B.", "Antony Blinken"),
            ("习近平", "习仲勋"),
            ("Resolution 1718", "Resolution 1719"),
        ] {
            assert_eq!(close(asked, known), None, "{asked} and {known}");
        }
    }
}
