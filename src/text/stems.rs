//! Stems: the part that the forms of a word have in common, by the rules of its language.
//!
//! The rules are those of Snowball (<https://snowballstem.org>). A stem is only ever compared with stems
//! of the same language, and never with words: it may be no word itself.

use frostem::{Algorithm, Stemmer};

use super::graphemes::is_unspaced;
use crate::model::{Source, fold};

/// Letters that a word and its stem have at least: shorter ones join what has nothing in common, as
/// Irán and Irak in Hungarian (`ir`).
const STEM_MIN_CHARS: usize = 3;
/// Letters of the longest word that has a stem. Longer ones are hardly words.
const STEM_MAX_CHARS: usize = 64;

/// The languages that have stems, with their BCP 47 subtags and the codes of ISO 639-2 and 639-3 that
/// some data has in their place.
const LANGUAGES: [(&[&str], Algorithm); 35] = [
    (&["ar", "ara"], Algorithm::Arabic),
    (&["hy", "hye", "arm"], Algorithm::Armenian),
    (&["eu", "eus", "baq"], Algorithm::Basque),
    (&["ca", "cat"], Algorithm::Catalan),
    (&["cs", "ces", "cze"], Algorithm::Czech),
    (&["da", "dan"], Algorithm::Danish),
    (&["nl", "nld", "dut"], Algorithm::Dutch),
    (&["en", "eng"], Algorithm::English),
    (&["eo", "epo"], Algorithm::Esperanto),
    (&["et", "est"], Algorithm::Estonian),
    (&["fi", "fin"], Algorithm::Finnish),
    (&["fr", "fra", "fre"], Algorithm::French),
    (&["de", "deu", "ger"], Algorithm::German),
    (&["el", "ell", "gre"], Algorithm::Greek),
    (&["hi", "hin"], Algorithm::Hindi),
    (&["hu", "hun"], Algorithm::Hungarian),
    (&["id", "ind"], Algorithm::Indonesian),
    (&["ga", "gle"], Algorithm::Irish),
    (&["it", "ita"], Algorithm::Italian),
    (&["lt", "lit"], Algorithm::Lithuanian),
    (&["ne", "nep"], Algorithm::Nepali),
    (
        &["no", "nb", "nn", "nor", "nob", "nno"],
        Algorithm::Norwegian,
    ),
    (&["fa", "fas", "per"], Algorithm::Persian),
    (&["pl", "pol"], Algorithm::Polish),
    (&["pt", "por"], Algorithm::Portuguese),
    (&["ro", "ron", "rum"], Algorithm::Romanian),
    (&["ru", "rus"], Algorithm::Russian),
    (&["sr", "srp"], Algorithm::Serbian),
    (&["st", "sot"], Algorithm::Sesotho),
    (&["es", "spa"], Algorithm::Spanish),
    (&["sv", "swe"], Algorithm::Swedish),
    (&["ta", "tam"], Algorithm::Tamil),
    (&["tr", "tur"], Algorithm::Turkish),
    (&["uk", "ukr"], Algorithm::Ukrainian),
    (&["yi", "yid"], Algorithm::Yiddish),
];

/// A language that has stems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Language(usize);

impl Language {
    /// How many there are; their numbers are below it.
    pub const COUNT: usize = LANGUAGES.len();

    /// The language of a BCP 47 tag, whatever its script and region; `None` when it has no stems.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?.trim();
        let is_it = |code: &&str| code.eq_ignore_ascii_case(primary);
        let at = LANGUAGES
            .iter()
            .position(|(codes, _)| codes.iter().any(is_it));
        at.map(Self)
    }

    /// Its number, below [`COUNT`](Self::COUNT).
    pub const fn number(self) -> usize {
        self.0
    }

    /// The stem of a word in small letters, folded as words are, so that accents are no matter; `None`
    /// for a word that is taken as it stands: a short or very long one, one with digits, and one of a
    /// script without spaces.
    pub fn stem(self, word: &str) -> Option<String> {
        let (_, algorithm) = LANGUAGES.get(self.0)?;
        let is_long_enough = |text: &str| text.chars().nth(STEM_MIN_CHARS - 1).is_some();
        if !is_long_enough(word)
            || word.chars().nth(STEM_MAX_CHARS).is_some()
            || word.contains(char::is_numeric)
            || word.starts_with(is_unspaced)
        {
            return None;
        }
        let stem = fold(&Stemmer::new(*algorithm).stem(word));
        is_long_enough(&stem).then_some(stem)
    }
}

/// Some languages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Languages(u64);

impl Languages {
    /// No language.
    pub const NONE: Self = Self(0);

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those of either.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether one is in both.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Each, in the order of their numbers.
    pub fn each(self) -> impl Iterator<Item = Language> {
        let numbers = 0..Language::COUNT;
        numbers
            .map(Language)
            .filter(move |one| self.meets((*one).into()))
    }
}

impl From<Language> for Languages {
    fn from(language: Language) -> Self {
        Self(1 << language.0)
    }
}

impl From<Option<Language>> for Languages {
    fn from(language: Option<Language>) -> Self {
        language.map_or(Self::NONE, Self::from)
    }
}

/// The language of a source.
pub fn source_languages(source: &Source) -> Languages {
    let tag = source.language.as_deref();
    tag.and_then(Language::from_tag).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By language: forms of one word, and words that are others.
    #[rustfmt::skip]
    const FORMS: &[(&str, &[&str], &[&str])] = &[
        ("en", &["negotiating", "negotiated", "negotiations", "negotiator"], &["navigated", "university"]),
        ("en-GB", &["agreed", "agree"], &["agreement"]),
        ("ru", &["переговоров", "переговоры", "переговорам", "переговорами"], &["договоров", "разговоры"]),
        ("rus", &["россия", "россии", "россией"], &["российский"]),
        ("uk", &["переговори", "переговорів", "переговорами"], &["договір"]),
        ("de-Latn-AT", &["gespräch", "gespräche", "gesprächen"], &["sprecher"]),
        ("DE", &["außenminister", "aussenministers"], &["innenminister"]),
        ("fr", &["négociation", "négociations", "négocié", "negociations"], &["négoce", "associations"]),
        ("fr", &["accord", "accords", "l'accord", "d'accord"], &["record"]),
        ("es", &["negociación", "negociaciones", "negociando", "negociacion"], &["negro"]),
        ("ar", &["المفاوضات", "مفاوضه"], &["ألمانيا"]),
        ("ar", &["وزير", "وزيرا"], &["وزراء"]),
        ("it", &["accordo", "accordi", "l'accordo"], &["ricordo"]),
        ("pt", &["negociação", "negociações"], &["negro"]),
        ("pl", &["rozmowy", "rozmowach"], &["mowa"]),
        ("el", &["διαπραγματεύσεις", "διαπραγμάτευση"], &["πράγμα"]),
        ("tr", &["görüşme", "görüşmeler"], &["görev"]),
        ("fa", &["مذاکرات", "مذاكرات"], &["کرات"]),
        ("hi", &["वार्ता", "वार्ताओं"], &["वर्ता"]),
        ("sr", &["преговори", "преговора", "pregovori"], &["govor"]),
        ("id", &["perundingan", "berunding"], &["gunung"]),
    ];

    fn language(tag: &str) -> Language {
        Language::from_tag(tag).unwrap()
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for (tag, forms, others) in FORMS {
            let stem = |word: &str| language(tag).stem(word);
            let first = stem(forms[0]);
            assert!(first.is_some(), "{tag}: {}", forms[0]);
            for form in *forms {
                assert_eq!(stem(form), first, "{tag}: {form}");
            }
            for other in *others {
                assert_ne!(stem(other), first, "{tag}: {other}");
            }
        }
    }

    #[test]
    fn languages_without_stems_have_none() {
        for tag in [
            "", "ja", "zh-Hans", "th", "ko", "he", "und", "x-en", "english", "en.",
        ] {
            assert_eq!(Language::from_tag(tag), None, "{tag}");
        }
        assert_eq!(language("pt-BR"), language("pt"));
        assert_eq!(language("nb"), language("nn"));
        let mut codes: Vec<&str> = LANGUAGES
            .iter()
            .flat_map(|(codes, _)| *codes)
            .copied()
            .collect();
        codes.sort_unstable();
        let all = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), all, "each code is of one language");
    }

    #[test]
    fn what_is_no_word_has_no_stem() {
        let english = language("en");
        for word in ["us", "b52s", "g7", "朝鮮", "공동", "ไทย"] {
            assert_eq!(english.stem(word), None, "{word}");
        }
        assert_eq!(language("hu").stem("irán"), None);
        let longest = "s".repeat(STEM_MAX_CHARS);
        assert!(english.stem(&longest).is_some());
        assert_eq!(english.stem(&format!("{longest}s")), None);
        assert!(english.stem("use").is_some());
    }

    #[test]
    fn sets_hold_what_was_put_in() {
        let (en, ru) = (language("en"), language("ru"));
        let both = Languages::from(en).and(ru.into());
        assert_eq!(both.each().collect::<Vec<_>>(), [en, ru]);
        assert!(both.meets(ru.into()) && !Languages::from(en).meets(ru.into()));
        assert!(Languages::from(None).is_empty() && !both.is_empty());
        let last = Language(Language::COUNT - 1);
        assert_eq!(Languages::from(last).each().collect::<Vec<_>>(), [last]);
    }

    proptest::proptest! {
        #[test]
        fn no_word_is_too_much(word in "\\PC{0,70}|[a-zà-ž']{0,24}|[Ͱ-Ͽ]{0,24}|[Ѐ-ӿ]{0,24}|[א-ת]{0,24}|[ء-ي]{0,24}|[ऀ-ॿ]{0,24}|[஀-௿]{0,24}|[ա-և]{0,24}") {
            for number in 0..Language::COUNT {
                let language = Language(number);
                let stem = language.stem(&word);
                proptest::prop_assert_eq!(&language.stem(&word), &stem);
                if let Some(stem) = stem {
                    proptest::prop_assert_eq!(fold(&stem), stem);
                }
            }
        }
    }
}
