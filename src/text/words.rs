//! The words of a text.

use unicode_normalization::char::is_combining_mark;

use super::graphemes::{graphemes, is_unspaced};
use crate::model::{fold, fold_spelling, spelling};

/// Words of one record that are indexed; what comes after them is not found.
pub const WORDS_MAX: usize = 20_000;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it starts, in Unicode code points.
    pub start: usize,
    /// Where it ends, in Unicode code points.
    pub end: usize,
    /// The word as it is compared: folded like a name.
    pub folded: String,
    /// The same with its accents, and with apostrophes inside it, where it has some: what its stem is made
    /// of.
    accented: Option<String>,
    pub(super) cut: WordKind,
}

/// How a word was cut out of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordKind {
    /// As it stands between spaces.
    WholeNumber,
    /// Two graphemes of a script that puts no spaces between words.
    Pair,
    /// One, the last of a run.
    Single,
}

impl Word {
    /// The word in small letters, with its accents and the apostrophes inside it.
    pub(super) fn form(&self) -> &str {
        self.accented.as_deref().unwrap_or(&self.folded)
    }

    /// The folded word, and the form if that is another text.
    pub(super) fn into_parts(self) -> (String, Option<String>) {
        (self.folded, self.accented)
    }
}

/// A step of a text as phrases see it: a word or, in scripts that put no spaces between words, a
/// grapheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WordStep {
    /// Where it starts, in Unicode code points.
    pub(super) start: usize,
    /// Where it ends, in Unicode code points.
    pub(super) end: usize,
    pub(super) folded: String,
    /// Whether nothing stands between it and the step before it.
    pub(super) is_joined: bool,
}

/// The words of a text: runs of letters and digits, with the apostrophes inside them. Scripts that put
/// no spaces between words are cut into pairs of graphemes that overlap, and the last grapheme of a
/// run stands alone, so that every grapheme begins a word.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for run in runs(text) {
        let places = run.places();
        let is_unspaced = run.is_unspaced();
        let mut take = |from: Position, to: Position, cut: WordKind| {
            let (folded, accented) = folded(run.between(from, to));
            // What folds to several words is one here: fractions and the like.
            if !folded.is_empty() {
                found.push(Word {
                    start: run.start + from.chars,
                    end: run.start + to.chars,
                    folded,
                    accented,
                    cut,
                });
            }
        };
        for three in places.windows(3) {
            if let &[from, _, to] = three {
                take(from, to, WordKind::Pair);
            }
        }
        if let &[.., from, to] = places.as_slice() {
            let cut = if is_unspaced {
                WordKind::Single
            } else {
                WordKind::WholeNumber
            };
            take(from, to, cut);
        }
    }
    found
}

/// The steps of a text: as many as it has words.
pub(super) fn steps(text: &str) -> Vec<WordStep> {
    let mut found = Vec::new();
    for run in runs(text) {
        for both in run.places().windows(2) {
            if let &[from, to] = both {
                let folded = fold(run.between(from, to));
                if !folded.is_empty() {
                    found.push(WordStep {
                        start: run.start + from.chars,
                        end: run.start + to.chars,
                        folded,
                        is_joined: from.chars > 0,
                    });
                }
            }
        }
    }
    found
}

/// A part of a text in which nothing parts words.
struct ScriptRun<'t> {
    /// Where it starts in the text, in Unicode code points.
    start: usize,
    text: &'t str,
}

/// A place in a run.
#[derive(Clone, Copy, Default)]
struct Position {
    /// In Unicode code points.
    chars: usize,
    bytes: usize,
}

impl<'t> ScriptRun<'t> {
    fn is_unspaced(&self) -> bool {
        self.text.starts_with(is_unspaced)
    }

    fn between(&self, from: Position, to: Position) -> &'t str {
        self.text.get(from.bytes..to.bytes).unwrap_or_default()
    }

    /// Where the run starts and ends, and between them, in scripts without spaces, where graphemes do.
    fn places(&self) -> Vec<Position> {
        let mut end = Position::default();
        let mut places = vec![end];
        let mut take = |part: &str| {
            end.chars += part.chars().count();
            end.bytes += part.len();
            places.push(end);
        };
        if self.is_unspaced() {
            graphemes(self.text).for_each(take);
        } else {
            take(self.text);
        }
        places
    }

    /// Without apostrophes at the end, which are quotes, and without a possessive, which belongs to the
    /// word, but not to its form.
    fn trimmed(self) -> Self {
        if self.is_unspaced() {
            return self;
        }
        let text = self.text.trim_end_matches(is_apostrophe);
        let owner = text.strip_suffix(['s', 'S']);
        let owner = owner.and_then(|text| text.strip_suffix(is_apostrophe));
        Self {
            start: self.start,
            text: owner.unwrap_or(text),
        }
    }
}

fn runs(text: &str) -> Vec<ScriptRun<'_>> {
    let mut found = Vec::new();
    // Where the run starts, in code points and in bytes, and what it starts with.
    let mut begun: Option<(usize, usize, char)> = None;
    let mut take = |begun: Option<(usize, usize, char)>, end: usize| {
        let run = begun.and_then(|(start, from, _)| Some((start, text.get(from..end)?)));
        found.extend(run.map(|(start, text)| ScriptRun { start, text }.trimmed()));
    };
    for (at, (byte, c)) in text.char_indices().enumerate() {
        let goes_on = match begun {
            None => false,
            Some((_, _, first)) if is_unspaced(first) => is_unspaced(c) || is_inside(c),
            Some(_) => (c.is_alphanumeric() && !is_unspaced(c)) || is_inside(c) || is_apostrophe(c),
        };
        if !goes_on {
            take(begun, byte);
            begun = c.is_alphanumeric().then_some((at, byte, c));
        }
    }
    take(begun, text.len());
    found
}

/// A word folded, and with its accents and apostrophes where it has some.
fn folded(text: &str) -> (String, Option<String>) {
    if text.contains(is_apostrophe) {
        let parts: Vec<String> = text.split(is_apostrophe).map(spelling).collect();
        return (fold(text), Some(parts.join("'")));
    }
    let spelled = spelling(text);
    if spelled.is_ascii() {
        return (spelled, None);
    }
    let folded = fold_spelling(spelled.clone());
    let accented = (folded != spelled).then_some(spelled);
    (folded, accented)
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// Whether a character goes on with the word that it stands in: a mark, or what can't be seen.
fn is_inside(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}')
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
    fn stems_are_made_of_words_with_their_accents() {
        let forms = |text: &str| -> Vec<String> {
            words(text)
                .iter()
                .map(|word| word.form().to_owned())
                .collect()
        };
        assert_eq!(
            forms("L’accord NÉGOCIÉ, Xi’s 'Plan' ГОРБАЧЁВ"),
            ["l'accord", "négocié", "xi", "plan", "горбачёв"]
        );
        let parts = |text: &str| words(text).remove(0).into_parts();
        assert_eq!(parts("Plan"), ("plan".into(), None));
        assert_eq!(parts("Zürich"), ("zurich".into(), Some("zürich".into())));
    }

    #[test]
    fn phrases_see_words_and_graphemes() {
        let shown = |text: &str| -> Vec<String> {
            let each = steps(text).into_iter();
            each.map(|step| format!("{}{}", if step.is_joined { "+" } else { "" }, step.folded))
                .collect()
        };
        assert_eq!(
            shown("The U.S.–China talks"),
            ["the", "u", "s", "china", "talks"]
        );
        assert_eq!(shown("G7首脳 会議"), ["g7", "首", "+脳", "会", "+議"]);
        assert_eq!(shown("พิล"), ["พิ", "+ล"]);
        for text in [
            "The U.S.–China talks",
            "G7首脳 会議",
            "พิล",
            "a'b' ½",
            "…",
            "박진 's",
        ] {
            assert_eq!(steps(text).len(), words(text).len(), "{text}");
        }
    }
}
