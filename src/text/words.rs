//! Words of a text, and what a search asks for.

use thiserror::Error;
use unicode_normalization::char::is_combining_mark;

use super::graphemes::{graphemes, is_unspaced, starts_with};
use crate::model::fold;

/// Characters of a search.
pub const QUERY_MAX_CHARS: usize = 256;
/// Words of one record that are indexed; what comes after them is not found.
pub const WORDS_MAX: usize = 20_000;
/// Letters from which on a word also finds those that it is the start of.
const PREFIX_MIN_CHARS: usize = 3;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it starts, in Unicode code points.
    pub start: usize,
    /// Where it ends, in Unicode code points.
    pub end: usize,
    /// The word as it is compared: folded like a name.
    pub folded: String,
    cut: Cut,
}

/// How a word was cut out of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    /// As it stands between spaces.
    Whole,
    /// Two graphemes of a script that puts no spaces between words.
    Pair,
    /// One, the last of a run.
    Single,
}

/// The words of a text: runs of letters and digits, with the apostrophes inside them. Scripts that put
/// no spaces between words are cut into pairs of graphemes that overlap, and the last grapheme of a
/// run stands alone, so that every grapheme begins a word.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut run: Vec<char> = Vec::new();
    let mut start = 0;
    let mut end = 0;
    for (at, c) in text.chars().enumerate() {
        let begins = run.first().copied();
        let goes_on = match begins {
            None => c.is_alphanumeric(),
            Some(first) if is_unspaced(first) => is_unspaced(c) || is_inside(c),
            Some(_) => (c.is_alphanumeric() && !is_unspaced(c)) || is_inside(c) || is_apostrophe(c),
        };
        if !goes_on {
            take_run(&run, start, &mut found);
            run.clear();
            if !c.is_alphanumeric() {
                continue;
            }
        }
        if run.is_empty() {
            start = at;
        }
        run.push(c);
        end = at + 1;
    }
    debug_assert!(run.is_empty() || start + run.len() == end, "a run is whole");
    take_run(&run, start, &mut found);
    found
}

fn take_run(run: &[char], start: usize, found: &mut Vec<Word>) {
    let mut take = |from: usize, to: usize, cut: Cut| {
        let text: String = run.get(from..to).unwrap_or_default().iter().collect();
        let folded = fold(&text);
        // What folds to several words is one here: fractions and the like.
        if !folded.is_empty() {
            found.push(Word {
                start: start + from,
                end: start + to,
                folded,
                cut,
            });
        }
    };
    let Some(first) = run.first() else { return };
    if is_unspaced(*first) {
        let text: String = run.iter().collect();
        let mut ends = vec![0];
        let mut end = 0;
        for grapheme in graphemes(&text) {
            end += grapheme.chars().count();
            ends.push(end);
        }
        for three in ends.windows(3) {
            if let &[from, _, to] = three {
                take(from, to, Cut::Pair);
            }
        }
        if let &[.., from, to] = ends.as_slice() {
            take(from, to, Cut::Single);
        }
        return;
    }
    // Apostrophes at the end are quotes; a possessive belongs to the word, but not to its form.
    let mut end = run.len();
    while end > 0 && run.get(end - 1).is_some_and(|c| is_apostrophe(*c)) {
        end -= 1;
    }
    if end > 2
        && run.get(end - 1).is_some_and(|c| matches!(c, 's' | 'S'))
        && run.get(end - 2).is_some_and(|c| is_apostrophe(*c))
    {
        end -= 2;
    }
    take(0, end, Cut::Whole);
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// Whether a character goes on with the word that it stands in: a mark, or what can't be seen.
fn is_inside(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}')
}

/// Why a search can't be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum QueryError {
    /// It is too long.
    #[error("has {0} characters, at most {QUERY_MAX_CHARS} are taken")]
    TooLong(usize),
    /// A character that no text has.
    #[error("has the control character U+{:04X}", *.0 as u32)]
    Control(char),
    /// There is nothing to look for.
    #[error("has no letter and no digit to look for")]
    Nothing,
}

/// What a search asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    text: String,
    wanted: Vec<Wanted>,
    /// The search as a name is compared.
    pub(super) folded: String,
}

/// A word that a text must have.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    folded: String,
    /// The start of the other words that it finds; `None` when it finds itself alone.
    stem: Option<String>,
}

impl Query {
    /// Reads what is asked for.
    ///
    /// # Errors
    ///
    /// When it is too long, has a control character, or no word.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let length = text.chars().count();
        if length > QUERY_MAX_CHARS {
            return Err(QueryError::TooLong(length));
        }
        if let Some(control) = text.chars().find(|c| c.is_control() && !c.is_whitespace()) {
            return Err(QueryError::Control(control));
        }
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut last: Option<Word> = None;
        for word in words(text) {
            // The last character of a run that was cut into pairs asks for nothing more.
            let is_rest =
                word.cut == Cut::Single && last.as_ref().is_some_and(|last| last.end == word.end);
            last = Some(word.clone());
            let next = Wanted::of(word);
            if !is_rest && !wanted.contains(&next) {
                wanted.push(next);
            }
        }
        if wanted.is_empty() {
            return Err(QueryError::Nothing);
        }
        Ok(Self {
            text: text.to_owned(),
            wanted,
            folded: fold(text),
        })
    }

    /// What was asked for.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number of words that a text must have.
    pub fn len(&self) -> usize {
        self.wanted.len()
    }

    /// Whether it asks for nothing; it never does.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Whether one of the words finds a word of a text.
    pub fn finds(&self, word: &str) -> bool {
        self.wanted.iter().any(|wanted| wanted.weight(word) > 0)
    }

    /// For each word asked for: the start that all words it finds have in common, and how much one of
    /// these counts.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, impl Fn(&str) -> u32)> {
        self.wanted.iter().map(|wanted| {
            let start = wanted.stem.as_deref().unwrap_or(&wanted.folded);
            (start, |word: &str| wanted.weight(word))
        })
    }
}

impl Wanted {
    fn of(word: Word) -> Self {
        let has_stem = match word.cut {
            Cut::Whole => word.folded.chars().count() >= PREFIX_MIN_CHARS,
            Cut::Pair => false,
            Cut::Single => true,
        };
        let stem = has_stem.then(|| singular(&word.folded).to_owned());
        Self {
            folded: word.folded,
            stem,
        }
    }

    /// How much a word of a text counts, in halves: 2 when it is the word itself, 1 when it only starts
    /// like it, 0 when it is another.
    fn weight(&self, word: &str) -> u32 {
        if word == self.folded {
            return 2;
        }
        u32::from(
            self.stem
                .as_deref()
                .is_some_and(|stem| starts_with(word, stem)),
        )
    }
}

/// An English word without the ending of its plural, when it has one.
fn singular(word: &str) -> &str {
    let of = |ending: &str| {
        word.strip_suffix(ending)
            .filter(|stem| stem.chars().count() > PREFIX_MIN_CHARS && stem.is_ascii())
    };
    if ["ches", "shes", "sses", "xes", "zes"]
        .iter()
        .any(|ending| word.ends_with(ending))
    {
        return of("es").unwrap_or(word);
    }
    if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word;
    }
    of("s").unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn texts_are_cut_into_words() {
        assert_eq!(
            folded("Xi’s “one-China” policy, (U.S.) 2023: Côte d'Ivoire"),
            [
                "xi", "one", "china", "policy", "u", "s", "2023", "cote", "divoire"
            ]
        );
        assert_eq!(folded("北朝鮮のミサイル").len(), 8);
        assert_eq!(folded("北朝鮮")[..2], ["北朝", "朝鮮"]);
        assert_eq!(folded("G7首脳"), ["g7", "首脳", "脳"]);
        assert_eq!(folded("—!? "), Vec::<String>::new());
        assert_eq!(folded("cafe\u{301}s"), ["cafes"]);
    }

    #[test]
    fn marks_that_are_letters_stay() {
        assert_eq!(folded("พิล"), ["พิล", "ล"]);
        assert_eq!(folded("भारत और भरत"), ["भारत", "और", "भरत"]);
        assert_eq!(folded("می\u{200c}خواهد"), ["میخواهد".replace('ی', "ي")]);
        assert!(!Query::parse("พล").unwrap().finds("พิล"));
        assert!(!Query::parse("พ").unwrap().finds("พิล"));
        assert!(Query::parse("パリ").unwrap().finds("パリ"));
        assert!(!Query::parse("パリ").unwrap().finds("バリ"));
    }

    #[test]
    fn places_are_code_points() {
        let text = "🕊 Müller met 박진";
        let found = words(text);
        let cut = |word: &Word| {
            let chars = text.chars().skip(word.start);
            chars.take(word.end - word.start).collect::<String>()
        };
        let shown: Vec<String> = found.iter().map(cut).collect();
        assert_eq!(shown, ["Müller", "met", "박진", "진"]);
    }

    #[test]
    fn words_find_themselves_and_what_they_start() {
        let query = Query::parse("missile launches un").unwrap();
        for found in [
            "missile", "missiles", "launch", "launches", "launched", "un",
        ] {
            assert!(query.finds(found), "{found}");
        }
        for other in ["miss", "laun", "unit", "unsc"] {
            assert!(!query.finds(other), "{other}");
        }
        assert_eq!(Query::parse("北朝鮮").unwrap().len(), 2);
        assert!(Query::parse("朝").unwrap().finds("朝鮮"));
    }

    #[test]
    fn searches_have_bounds() {
        assert_eq!(Query::parse(" ,— "), Err(QueryError::Nothing));
        let longest = "a".repeat(QUERY_MAX_CHARS);
        Query::parse(&longest).unwrap();
        assert_eq!(
            Query::parse(&format!("{longest}a")),
            Err(QueryError::TooLong(QUERY_MAX_CHARS + 1))
        );
    }
}
