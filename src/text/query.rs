//! What a search asks for: words, `"phrases"`, and what is to be left out (`-word`, `-"a phrase"`).

use std::fmt::{self, Display, Formatter};

use thiserror::Error;

use super::graphemes::starts_with;
use super::stems::{Language, Languages};
use super::words::{Word, WordKind, WordStep, steps, words};
use crate::model::fold;

/// Characters of a search.
pub const QUERY_MAX_CHARS: usize = 256;
/// Letters from which on a word also finds those that it is the start of.
const PREFIX_MIN_CHARS: usize = 3;

/// Why a search can't be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum QueryError {
    /// It is too long.
    #[error("has {0} characters; the maximum is {QUERY_MAX_CHARS}")]
    TooLong(usize),
    /// A character that no text has.
    #[error("has the control character U+{:04X}", *.0 as u32)]
    Control(char),
    /// There is nothing to look for.
    #[error("contains no letter or digit to search for")]
    Nothing,
    /// There is only something to leave out.
    #[error("only excludes words: add a word to search for")]
    OnlyExclusions,
}

/// Something in a search that was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// What.
    pub what: PassedKind,
    /// Where it stands, in Unicode code points.
    pub at: usize,
}

/// What of a search is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassedKind {
    /// A quote without its other half: what follows it is no phrase.
    UnpairedQuote,
    /// Two quotes with no word between them.
    EmptyPhrase,
    /// A `-` with no word after it.
    LoneMinus,
}

impl PassedKind {
    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnpairedQuote => "unpaired_quote",
            Self::EmptyPhrase => "empty_phrase",
            Self::LoneMinus => "lone_minus",
        }
    }
}

impl Display for PassedKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnpairedQuote => {
                "an unpaired quote is ignored: a phrase needs a quote on both sides"
            }
            Self::EmptyPhrase => "two quotes without a word between them are ignored",
            Self::LoneMinus => {
                "a - without a word directly after it is ignored: it excludes the word that \
                 follows it"
            }
        })
    }
}

/// What a search asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextQuery {
    text: String,
    wanted: Clause,
    unwanted: Vec<Clause>,
    passed: Vec<Passed>,
}

/// Words and phrases that must all be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clause {
    words: Vec<QueryWord>,
    phrases: Vec<Phrase>,
    /// All of it as a name is compared.
    pub(super) folded: String,
}

/// How what was found matches what was asked for: the first is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is just that.
    Exact,
    /// It has every word.
    Words,
    /// It has a word that begins with each, or has it inside, where scripts have no spaces.
    Starts,
    /// It has another form of a word.
    Stems,
    /// With errors of typing.
    Near,
}

impl Fit {
    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Words => "words",
            Self::Starts => "starts",
            Self::Stems => "stems",
            Self::Near => "near",
        }
    }
}

/// A word that a text must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct QueryWord {
    folded: String,
    /// In small letters with its accents, as stems are made of it; `None` when only the word itself counts.
    form: Option<String>,
    /// The start of the other words that it finds; `None` when it finds itself alone.
    start: Option<String>,
    /// Whether it is of a phrase: then it counts where the phrase stands, and only as it is.
    is_quoted: bool,
}

/// Words that follow one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase(Vec<WordStep>);

/// A part of a search, without its marks.
struct QueryToken {
    text: String,
    is_phrase: bool,
    is_unwanted: bool,
}

impl TextQuery {
    /// Reads what is asked for.
    ///
    /// # Errors
    ///
    /// When it is too long, has a control character, no word, or only words to leave out.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let length = text.chars().count();
        if length > QUERY_MAX_CHARS {
            return Err(QueryError::TooLong(length));
        }
        if let Some(control) = text.chars().find(|c| c.is_control() && !c.is_whitespace()) {
            return Err(QueryError::Control(control));
        }
        let (pieces, passed) = pieces(text);
        let (unwanted, wanted): (Vec<QueryToken>, Vec<QueryToken>) =
            pieces.into_iter().partition(|piece| piece.is_unwanted);
        let unwanted: Vec<Clause> = unwanted
            .iter()
            .map(|piece| Clause::from_pieces([piece]))
            .collect();
        let wanted = Clause::from_pieces(&wanted);
        match (wanted.is_empty(), unwanted.is_empty()) {
            (true, true) => Err(QueryError::Nothing),
            (true, false) => Err(QueryError::OnlyExclusions),
            (false, _) => Ok(Self {
                text: text.to_owned(),
                wanted,
                unwanted,
                passed,
            }),
        }
    }

    /// What was asked for.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What must be there. It is not empty.
    pub const fn wanted(&self) -> &Clause {
        &self.wanted
    }

    /// What must not be there: each one by itself, and of words alone or one phrase.
    pub fn unwanted(&self) -> &[Clause] {
        &self.unwanted
    }

    /// What was passed over, in the order in which it stands.
    pub fn passed(&self) -> &[Passed] {
        &self.passed
    }
}

/// Takes a search apart at its quotes, and what is outside of them at white space.
fn pieces(text: &str) -> (Vec<QueryToken>, Vec<Passed>) {
    let chars: Vec<char> = text.chars().collect();
    let is_word = |at: Option<usize>| {
        at.and_then(|at| chars.get(at))
            .is_some_and(|c| c.is_alphanumeric())
    };
    // Between two letters it is no quote: צה"ל, and inches.
    let is_mark = |at: usize| !(is_word(at.checked_sub(1)) && is_word(at.checked_add(1)));
    let mut marks: Vec<usize> = (0..chars.len())
        .filter(|at| chars.get(*at).is_some_and(|c| is_quote(*c)) && is_mark(*at))
        .collect();
    let mut found = QueryTokens::default();
    let unpaired = (marks.len() % 2 == 1).then(|| marks.pop()).flatten();
    let slice = |from: usize, to: usize| chars.get(from..to).unwrap_or_default();
    let mut from = 0;
    for pair in marks.chunks_exact(2) {
        if let &[open, close] = pair {
            let is_unwanted = found.take_outside(from, slice(from, open), true);
            found.take_phrase(open, slice(open + 1, close), is_unwanted);
            from = close + 1;
        }
    }
    if let Some(unpaired) = unpaired {
        found.take_outside(from, slice(from, unpaired), false);
        found.pass(PassedKind::UnpairedQuote, unpaired);
        from = unpaired + 1;
    }
    found.take_outside(from, slice(from, chars.len()), false);
    (found.pieces, found.passed)
}

const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '＂')
}

#[derive(Default)]
struct QueryTokens {
    pieces: Vec<QueryToken>,
    passed: Vec<Passed>,
}

impl QueryTokens {
    /// Takes what stands outside of quotes; says whether it ends with a `-` that is of the phrase after it.
    fn take_outside(&mut self, start: usize, chars: &[char], before_phrase: bool) -> bool {
        let mut at = start;
        let mut is_unwanted = false;
        for token in chars.split(|c| c.is_whitespace()) {
            let (place, end) = (at, at + token.len());
            at = end + 1;
            let rest = match token {
                ['-'] if before_phrase && end == start + chars.len() => {
                    is_unwanted = true;
                    continue;
                }
                ['-', rest @ ..] => Some(rest),
                _ => None,
            };
            let is_word = |chars: &[char]| chars.iter().any(|c| c.is_alphanumeric());
            match rest {
                Some(rest) if !is_word(rest) => self.pass(PassedKind::LoneMinus, place),
                _ => self.pieces.push(QueryToken {
                    text: rest.unwrap_or(token).iter().collect(),
                    is_phrase: false,
                    is_unwanted: rest.is_some(),
                }),
            }
        }
        is_unwanted
    }

    fn take_phrase(&mut self, start: usize, chars: &[char], is_unwanted: bool) {
        if !chars.iter().any(|c| c.is_alphanumeric()) {
            self.pass(PassedKind::EmptyPhrase, start);
            return;
        }
        self.pieces.push(QueryToken {
            text: chars.iter().collect(),
            is_phrase: true,
            is_unwanted,
        });
    }

    fn pass(&mut self, what: PassedKind, at: usize) {
        self.passed.push(Passed { what, at });
    }
}

impl Clause {
    fn from_pieces<'p>(pieces: impl IntoIterator<Item = &'p QueryToken>) -> Self {
        let mut clause = Self::default();
        let mut text = String::new();
        for piece in pieces {
            text.push_str(&piece.text);
            text.push(' ');
            clause.add_words(&piece.text, piece.is_phrase);
            if piece.is_phrase {
                clause.phrases.push(Phrase(steps(&piece.text)));
            }
        }
        clause.folded = fold(&text);
        clause
    }

    fn add_words(&mut self, text: &str, is_quoted: bool) {
        let mut last = None;
        for word in words(text) {
            // The last character of a run that was cut into pairs asks for nothing more.
            let is_rest = word.cut == WordKind::Single && last == Some(word.end);
            last = Some(word.end);
            let next = QueryWord::new(word, is_quoted);
            if !is_rest && !self.words.contains(&next) {
                self.words.push(next);
            }
        }
    }

    /// The number of words that must be there, those of phrases among them.
    pub const fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether it asks for nothing.
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether it has phrases: that words follow one another only the texts themselves tell.
    pub const fn has_phrases(&self) -> bool {
        !self.phrases.is_empty()
    }

    /// The words that must be there.
    pub(super) fn words(&self) -> &[QueryWord] {
        &self.words
    }

    /// Whether each phrase stands in one of some texts.
    pub(super) fn has_phrases_in(&self, texts: &[Vec<WordStep>]) -> bool {
        let stands = |phrase: &Phrase| {
            texts
                .iter()
                .any(|steps| phrase.places(steps).next().is_some())
        };
        self.phrases.iter().all(stands)
    }

    /// Where what was asked for stands in a text that is of some languages, in Unicode code points:
    /// ascending, with nothing between two that touch.
    pub fn places(&self, text: &str, languages: Languages) -> Vec<[usize; 2]> {
        let free = self.words.iter().filter(|wanted| !wanted.is_quoted);
        let free: Vec<(&QueryWord, Vec<(Language, String)>)> = free
            .map(|wanted| (wanted, wanted.stems(languages)))
            .collect();
        let mut places: Vec<[usize; 2]> = Vec::new();
        for word in words(text) {
            let finds = |(wanted, stems): &(&QueryWord, Vec<(Language, String)>)| {
                wanted.fit(&word.folded).is_some()
                    || stems
                        .iter()
                        .any(|(language, stem)| language.stem(word.form()).as_ref() == Some(stem))
            };
            if free.iter().any(finds) {
                places.push([word.start, word.end]);
            }
        }
        if self.has_phrases() {
            let steps = steps(text);
            places.extend(self.phrases.iter().flat_map(|phrase| phrase.places(&steps)));
        }
        places.sort_unstable();
        places.dedup_by(|next, kept| {
            let touches = next[0] <= kept[1];
            if touches {
                kept[1] = kept[1].max(next[1]);
            }
            touches
        });
        places
    }
}

impl QueryWord {
    fn new(word: Word, is_quoted: bool) -> Self {
        let start = match word.cut {
            WordKind::WholeNumber
                if is_quoted || word.folded.chars().count() < PREFIX_MIN_CHARS =>
            {
                None
            }
            WordKind::WholeNumber => Some(singular(&word.folded).to_owned()),
            WordKind::Pair => None,
            WordKind::Single => Some(word.folded.clone()),
        };
        let has_form = word.cut == WordKind::WholeNumber && !is_quoted;
        Self {
            form: has_form.then(|| word.form().to_owned()),
            start,
            folded: word.folded,
            is_quoted,
        }
    }

    /// What all words begin with that it finds as they stand or by their start.
    pub(super) fn start(&self) -> &str {
        self.start.as_deref().unwrap_or(&self.folded)
    }

    /// How a word of a text fits, as it stands or by its start.
    pub(super) fn fit(&self, word: &str) -> Option<Fit> {
        if word == self.folded {
            return Some(Fit::Words);
        }
        let begins = self
            .start
            .as_deref()
            .is_some_and(|start| starts_with(word, start));
        begins.then_some(if self.is_quoted {
            Fit::Words
        } else {
            Fit::Starts
        })
    }

    /// Its stems in some languages, where it has one.
    pub(super) fn stems(&self, languages: Languages) -> Vec<(Language, String)> {
        let form = self.form.as_deref();
        let each = languages
            .each()
            .filter_map(|language| Some((language, language.stem(form?)?)));
        each.collect()
    }
}

impl Phrase {
    /// Where the phrase stands among the steps of a text.
    fn places<'s>(&'s self, steps: &'s [WordStep]) -> impl Iterator<Item = [usize; 2]> {
        let is_next = |(wanted, has): (&WordStep, &WordStep)| {
            wanted.folded == has.folded && (!wanted.is_joined || has.is_joined)
        };
        let windows = steps.windows(self.0.len().max(1));
        windows.filter_map(move |window| match window {
            [first, ..] if self.0.iter().zip(window).all(is_next) => Some([
                first.start,
                window.last().map_or(first.end, |last| last.end),
            ]),
            _ => None,
        })
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

    fn query(text: &str) -> TextQuery {
        TextQuery::parse(text).unwrap()
    }

    /// Whether the wanted part finds something in a text, whatever its language.
    fn finds(asked: &str, text: &str) -> bool {
        !query(asked)
            .wanted()
            .places(text, Languages::NONE)
            .is_empty()
    }

    /// What a search asks for, in short: words, "phrases", -what is left out, and what is passed over.
    fn shape(text: &str) -> String {
        let clause = |clause: &Clause| {
            let free = clause
                .words
                .iter()
                .filter(|w| !w.is_quoted)
                .map(|w| w.folded.clone());
            let phrases = clause.phrases.iter().map(|phrase| {
                let steps = phrase.0.iter().map(|step| step.folded.as_str());
                format!("{:?}", steps.collect::<Vec<_>>().join(" "))
            });
            free.chain(phrases).collect::<Vec<_>>().join(" ")
        };
        let query = match TextQuery::parse(text) {
            Ok(query) => query,
            Err(error) => return format!("{error:?}"),
        };
        let unwanted = query
            .unwanted
            .iter()
            .map(|one| format!(" -({})", clause(one)));
        let passed = query
            .passed
            .iter()
            .map(|one| format!(" {:?}@{}", one.what, one.at));
        clause(&query.wanted) + &unwanted.chain(passed).collect::<String>()
    }

    #[test]
    fn searches_are_taken_apart() {
        for (text, expected) in [
            ("missile launches", "missile launches"),
            ("\"joint statement\"", "\"joint statement\""),
            (
                "china \"joint statement\" -taiwan",
                "china \"joint statement\" -(taiwan)",
            ),
            ("a -\"joint statement\" b", "a b -(\"joint statement\")"),
            (
                "“Gemeinsame Erklärung” «b c»",
                "\"gemeinsame erklarung\" \"b c\"",
            ),
            ("a -one-china", "a -(one china)"),
            ("one-China", "one china"),
            ("Korea - North", "korea north LoneMinus@6"),
            ("korea -", "korea LoneMinus@6"),
            ("korea --north -, x", "korea x -(north) LoneMinus@14"),
            ("\"joint sta", "joint sta UnpairedQuote@0"),
            ("a \"b c\" \"d", "a d \"b c\" UnpairedQuote@8"),
            ("a\" b", "a b UnpairedQuote@1"),
            ("a \"\" b", "a b EmptyPhrase@2"),
            ("a -\" , \"", "a EmptyPhrase@3"),
            ("צה\"ל", "צה ל"),
            ("(\"a b\")c", "c \"a b\""),
            ("\"a-b\"", "\"a b\""),
            ("-a", "OnlyExclusions"),
            ("-\"a b\" -c", "OnlyExclusions"),
            ("\"", "Nothing"),
            ("-", "Nothing"),
            ("\"\" - ,", "Nothing"),
            (" ,— ", "Nothing"),
            ("北朝鮮 \"首脳会議\"", "北朝 朝鮮 \"首 脳 会 議\""),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn what_has_no_marks_is_a_name_as_it_stands() {
        for text in [
            "Kim Jong-Un",
            " Antony  J. Blinken",
            "U.S.",
            "D'Ivoire, Côte",
            "習・近平",
        ] {
            assert_eq!(query(text).wanted.folded, fold(text), "{text}");
        }
        assert_eq!(query("kim \"Jong Un\" -il").wanted.folded, "kim jong un");
    }

    #[test]
    fn words_find_themselves_and_what_they_start() {
        for found in [
            "missile", "missiles", "launch", "launches", "launched", "un",
        ] {
            assert!(finds("missile launches un", found), "{found}");
        }
        for other in ["miss", "laun", "unit", "unsc"] {
            assert!(!finds("missile launches un", other), "{other}");
        }
        assert_eq!(query("北朝鮮").wanted().len(), 2);
        assert!(finds("朝", "朝鮮") && finds("パリ", "パリ"));
        assert!(!finds("パリ", "バリ") && !finds("พล", "พิล") && !finds("พ", "พิล"));
    }

    #[test]
    fn other_forms_are_found_in_texts_of_their_language() {
        let places = |asked: &str, text: &str, tag: &str| {
            query(asked)
                .wanted()
                .places(text, Language::from_tag(tag).into())
        };
        let text = "They negotiated, then Переговоры began";
        assert_eq!(places("negotiating", text, "en"), [[5, 15]]);
        assert_eq!(places("переговоров", text, "ru"), [[22, 32]]);
        assert_eq!(places("négociations", "l'accord négocié", "fr"), [[9, 16]]);
        assert_eq!(places("accords", "L’accord négocié", "fr"), [[0, 8]]);
        for (asked, tag) in [
            ("negotiating", "ru"),
            ("переговоров", "en"),
            ("negotiating", "ja"),
            ("\"negotiating\"", "en"),
        ] {
            assert_eq!(places(asked, text, tag), [[0; 2]; 0], "{asked} in {tag}");
        }
    }

    #[test]
    fn phrases_stand_where_their_words_follow_one_another() {
        for (phrase, text, place) in [
            ("joint statement", "The Joint-Statement of", Some([4, 19])),
            ("joint statement", "joint, statement", Some([0, 16])),
            ("joint statement", "a joint and a statement", None),
            ("joint statement", "joint statements", None),
            ("statement joint", "joint statement", None),
            ("Côte d'Ivoire", "cote d’ivoire", Some([0, 13])),
            ("首脳会議", "日韓首脳会議で", Some([2, 6])),
            ("首脳会議", "首脳 会議", None),
            ("首脳 会議", "首脳会議", Some([0, 4])),
            ("공동 성명", "공동성명을", Some([0, 4])),
            ("공동 성명", "공동 성명을", Some([0, 5])),
            ("脳", "首脳", Some([1, 2])),
            ("ไทย", "ประเทศไทย", Some([6, 9])),
            ("แถลงการณ์ร่วม", "ออกแถลงการณ์ร่วมกัน", Some([3, 16])),
            ("联合声明", "中美联合声明", Some([2, 6])),
            ("البيان المشترك", "صدر البيان المشترك", Some([4, 18])),
        ] {
            let places = query(&format!("\"{phrase}\""))
                .wanted()
                .places(text, Languages::NONE);
            assert_eq!(places, Vec::from_iter(place), "{phrase} in {text}");
        }
        assert!(finds("\"脳\"", "首脳会議"));
    }

    #[test]
    fn searches_have_bounds() {
        let longest = "a".repeat(QUERY_MAX_CHARS);
        query(&longest);
        assert_eq!(
            TextQuery::parse(&format!("{longest}a")),
            Err(QueryError::TooLong(QUERY_MAX_CHARS + 1))
        );
        assert_eq!(
            TextQuery::parse("a\u{1}"),
            Err(QueryError::Control('\u{1}'))
        );
    }
}
