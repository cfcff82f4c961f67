//! Names as people write them, and how they are compared.
//!
//! Two forms of a name are compared, the finer one first: its [`spelling`], which is without what people
//! type differently for one spelling (case, quotes, dashes, widths), and its [`fold`], which is without
//! accents, too. What counts as an accent depends on the script: a mark on a Latin letter is one, a mark
//! on a kana or on a letter of an Indic script makes another letter of it. `api-docs/names.md` has the
//! table.

use any_ascii::any_ascii;
use icu_properties::props::{Dash, DefaultIgnorableCodePoint, QuotationMark, Script};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use super::limits::NAME_MAX_BYTES;
use super::text::Text;

/// How the author of a record named an actor: an id, a code, a name, an alias or an office.
pub type Name = Text<NAME_MAX_BYTES>;

/// The spelling of a name: without case, quotes, full stops, middle dots and what can't be seen;
/// hyphens, underscores and white space are single spaces; compatible characters (full and half width,
/// ligatures) are one. Accents stay. `U.S.` and `us`, `Kim Jong-Un` and `kim jong_un`, `STRAUSS` and
/// `Strauß` are each one spelling. The result is its own spelling.
pub fn spelling(name: &str) -> String {
    if name.is_ascii() {
        return tidy_ascii(name);
    }
    // Some go before they would become blanks or letters (´ is a blank and a mark in NFKC), others only
    // show then (the full stop of full width).
    let kept = name.chars().filter(|c| !is_dropped(*c));
    let mut folded = String::with_capacity(name.len());
    kept.nfkc().for_each(|c| fold_case(c, &mut folded));
    tidy(folded.nfkc()).nfc().collect()
}

/// The form in which names meet across accents: the [`spelling`] without the marks that are accents in
/// the script of their letter, in NFC. `Müller` and `muller`, `Wałęsa` and `walesa`, `أحمد` and `احمد`
/// are each one; `パリ` (Paris) and `バリ` (Bali) are not. The result is its own fold.
pub fn fold(name: &str) -> String {
    fold_spelling(spelling(name))
}

/// The same of a name whose [`spelling`] is known.
pub fn fold_spelling(spelling: String) -> String {
    if spelling.is_ascii() {
        return spelling;
    }
    let mut folded = String::with_capacity(spelling.len());
    let mut base = None;
    for c in spelling.nfkd() {
        if is_combining_mark(c) {
            if !base.is_some_and(|base| is_accent(base, c)) {
                folded.push(c);
            }
            continue;
        }
        base = Some(c);
        match c {
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ħ' => folded.push('h'),
            'ŧ' => folded.push('t'),
            'ı' => folded.push('i'),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            // Alef wasla; alef maksura and the yehs; kafs; hehs.
            '\u{671}' => folded.push('\u{627}'),
            '\u{649}' | '\u{6cc}' => folded.push('\u{64a}'),
            '\u{6a9}' => folded.push('\u{643}'),
            '\u{6c1}' => folded.push('\u{647}'),
            // Armenian yiwn after yech is the ligature's vew.
            '\u{582}' if folded.ends_with('\u{565}') => folded.push('\u{57e}'),
            c => folded.push(c),
        }
    }
    folded.nfc().collect()
}

/// A name in Latin letters without accents, as far as its letters have a reading: `Сергей Лавров` gives `sergey lavrov`.
///
/// Letters are read one by one (`any_ascii`), not as any standard or language has them: Arabic and Hebrew without their
/// vowels, Han characters as in Mandarin. It is a reason to look whether two names are one, and never tells that they
/// are.
pub fn romanized(name: &str) -> String {
    let folded = fold(name);
    if folded.is_ascii() {
        return folded;
    }
    spelling(&any_ascii(&folded))
}

/// The name in NFC, when it is not so already.
pub fn composed(name: &str) -> Option<String> {
    match is_nfc_quick(name.chars()) {
        IsNormalized::Yes => None,
        IsNormalized::No | IsNormalized::Maybe => Some(name.nfc().collect()),
    }
}

/// The readings of a name in which a comma parts the family's name from the given one: with exactly the
/// same words turned round, and in the order in which they stand, as in Korean. `None` for a name with
/// no comma or several.
pub fn turned(name: &str) -> Option<[String; 2]> {
    let (family, given) = name.split_once([',', '、', '，', '،'])?;
    let (family, given) = (family.trim(), given.trim());
    let is_bare = !family.is_empty() && !given.is_empty() && !given.contains([',', '，', '،']);
    is_bare.then(|| [format!("{given} {family}"), format!("{family} {given}")])
}

/// Full case folding (Unicode, section 3.13): what meets in capitals is one. Only the dotless i stays
/// apart: it is a letter of its own (see [`fold`]).
fn fold_case(c: char, folded: &mut String) {
    if c == 'ı' {
        folded.push(c);
        return;
    }
    let capitals = c.to_lowercase().flat_map(char::to_uppercase);
    folded.extend(capitals.flat_map(char::to_lowercase));
}

/// The same as [`tidy`] of small letters, for most names.
fn tidy_ascii(name: &str) -> String {
    let mut tidied = String::with_capacity(name.len());
    let mut gap = false;
    for byte in name.bytes() {
        match byte {
            b'.' | b'\'' | b'"' | b'`' => {}
            b'-' | b'_' | b' ' | b'\t'..=b'\r' => gap = true,
            byte => {
                if gap && !tidied.is_empty() {
                    tidied.push(' ');
                }
                gap = false;
                tidied.push(char::from(byte.to_ascii_lowercase()));
            }
        }
    }
    tidied
}

/// Drops what is dropped always, and makes single spaces of what parts words.
fn tidy(name: impl Iterator<Item = char>) -> String {
    let mut tidied = String::with_capacity(name.size_hint().0);
    let mut gap = false;
    for c in name {
        if is_gap(c) {
            gap = true;
        } else if !is_dropped(c) {
            if gap && !tidied.is_empty() {
                tidied.push(' ');
            }
            gap = false;
            tidied.push(c);
        }
    }
    tidied
}

/// White space, dashes of all kinds, underscores.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || c == '_' || CodePointSetData::new::<Dash>().contains(c)
}

/// Quotes and apostrophes of all kinds, full stops, middle dots, tatweel, and what can't be seen.
fn is_dropped(c: char) -> bool {
    // What Unicode does not count as quotes: accents that stand alone, letters of the form of an
    // apostrophe, those of Armenian, Hebrew and N'Ko.
    let is_like_quote = matches!(c,
        '`' | '´' | '\u{2b9}'..='\u{2bf}' | '\u{2c8}' | '\u{2ca}' | '\u{2cb}' | '\u{2dd}' | '\u{2ee}'
        | '\u{55a}' | '\u{5f3}' | '\u{5f4}' | '\u{7f4}' | '\u{7f5}' | '\u{1fbd}' | '\u{1fbf}'
        | '\u{1fef}' | '\u{1ffd}' | '\u{1ffe}' | '\u{2032}'..='\u{2037}' | '\u{275b}'..='\u{2760}'
        | '\u{a78b}' | '\u{a78c}' | '\u{ff40}' | '\u{1f676}'..='\u{1f678}');
    let is_dot = matches!(
        c,
        '.' | '\u{2024}' | '\u{ff0e}' // full stops
        | '·' | '\u{387}' | '\u{2022}' | '\u{2027}' | '\u{2219}' | '\u{22c5}' | '\u{2e31}'
        | '\u{30fb}' | '\u{a78f}' | '\u{ff65}'
    );
    is_dot
        || is_like_quote
        || c == '\u{640}' // tatweel
        || CodePointSetData::new::<QuotationMark>().contains(c)
        // Joiners, marks of direction, variation selectors, fillers (Unicode, section 5.21).
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Whether a combining mark is an accent on the letter `base`, and no part of it. Both are of NFKD.
fn is_accent(base: char, mark: char) -> bool {
    let script = CodePointMapData::<Script>::new();
    match script.get(base) {
        Script::Latin | Script::Greek => is_common(mark),
        // Stress stands on vowels; on consonants it makes other letters (ѓ, ќ), and so do the breve (й,
        // ў) and two dots on all letters but е (ї, ӧ).
        Script::Cyrillic => {
            let is_stress = matches!(mark, '\u{300}' | '\u{301}');
            (is_stress && is_cyrillic_vowel(base)) || (mark == '\u{308}' && base == 'е')
        }
        // Vowel signs; the hamza of alef, above and below. The madda stays: آ is another letter.
        Script::Arabic => {
            matches!(mark, '\u{64b}'..='\u{652}' | '\u{670}')
                || (base == '\u{627}' && matches!(mark, '\u{654}' | '\u{655}'))
        }
        Script::Hebrew => matches!(
            mark,
            '\u{591}'
                ..='\u{5bd}'
                    | '\u{5bf}'
                    | '\u{5c1}'
                    | '\u{5c2}'
                    | '\u{5c4}'
                    | '\u{5c5}'
                    | '\u{5c7}'
        ),
        _ => false,
    }
}

/// Whether a mark is of no script of its own.
const fn is_common(mark: char) -> bool {
    matches!(mark,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

const fn is_cyrillic_vowel(c: char) -> bool {
    matches!(
        c,
        'а' | 'е'
            | 'и'
            | 'о'
            | 'у'
            | 'ы'
            | 'э'
            | 'ю'
            | 'я'
            | 'і'
            | 'є'
            | 'ѣ'
            | 'ѵ'
            | 'ө'
            | 'ү'
            | 'ұ'
            | 'ә'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// By script or form: pairs that are one spelling, that meet across accents only, that never meet.
    type GraphemePairs = (
        &'static str,
        &'static [(&'static str, &'static str)],
        &'static [(&'static str, &'static str)],
        &'static [(&'static str, &'static str)],
    );

    #[rustfmt::skip]
    const PAIRS: &[GraphemePairs] = &[
        ("case and marks of writing",
            &[("U.S.", "us"), ("Kim Jong-Un", "kim  jong_un"), ("Ministry\u{a0}(Japan) ", "ministry (japan)"),
              ("O´Brien", "O'Brien"), ("O’Brien", "OBrien"), ("Cote d`Ivoire", "COTE D'IVOIRE"), ("Sanaʻa", "Sanaa"),
              ("Hawaiʻi", "Hawai‘i"), ("„Nord“", "Nord"), ("Saint\u{ad}Denis", "SaintDenis"), ("A\u{200d}B", "ab"),
              ("Jean‑Yves", "Jean Yves"), ("a\u{2212}b", "a-b"), ("\u{200e}Omar\u{200f}", "omar"), ("ﬁn", "FIN"),
              ("ジョン゠ケリー", "ジョン ケリー"), ("l⋅l", "l·l"), ("习•近平", "习近平"), ("a\u{2e42}b", "ab"),
              ("a\u{301c}b", "a-b"), ("a\u{fff0}b", "ab")],
            &[], &[("a, b", "a b"), ("(a)", "a")]),
        ("Latin",
            &[("STRAUSS", "Strauß"), ("STRAUẞ", "strauss"), ("Ǆ", "dž"), ("ＡＢ", "ab")],
            &[("Müller", "MULLER"), ("Wałęsa", "WALESA"), ("Støre", "Store"), ("Đặng", "Dang"), ("Ðórðarson", "Dordarson"),
              ("Æthelred", "aethelred"), ("Œuvre", "oeuvre"), ("Þór", "THOR"), ("Ħal", "hal"), ("Ionuț", "Ionuţ"),
              ("Nguyễn Văn Hùng", "Nguyen Van Hung"), ("Kŭrdža", "kurdza"), ("Côte d’Ivoire", "cote divoire")],
            &[("Əliyev", "Eliyev"), ("ŋ", "n"), ("Kim Jong-Un", "Kim Jong-Il")]),
        ("Turkish, Azeri",
            &[],
            &[("Binali Yıldırım", "BINALI YILDIRIM"), ("BİNALİ YILDIRIM", "Binali Yildirim"), ("İstanbul", "Istanbul")],
            &[("ə", "e")]),
        ("Vietnamese", &[], &[("Hùng", "Hưng"), ("Đỗ", "Do")], &[]),
        ("Greek",
            &[("ΜΑΪΟΥ", "μαϊου"), ("Παύλος", "ΠΑΎΛΟΣ")],
            &[("Μαΐου", "ΜΑΪΟΥ"), ("Ἀθῆναι", "Αθηναι"), ("Παύλος", "ΠΑΥΛΟΣ")],
            &[("Παυλοσ", "Παυλοπ")]),
        ("Cyrillic",
            &[("ГОРБАЧЁВ", "Горбачёв")],
            &[("Горбачёв", "ГОРБАЧЕВ"), ("Пу\u{301}тин", "Путин"), ("Ѐ", "е")],
            &[("Андрій", "Андрии"), ("Їжак", "Іжак"), ("й", "и"), ("ў", "у"), ("ѓ", "г"), ("ќ", "к"), ("ґ", "г"), ("ӧ", "о"), ("ө", "о")]),
        ("Arabic",
            &[("محـــمد", "محمد"), ("\u{fefb}", "لا")],
            &[("أحمد", "احمد"), ("إيران", "ايران"), ("مَلِك", "ملك"), ("ٱلله", "الله"), ("مصطفى", "مصطفي")],
            &[("آل", "ال"), ("هنية", "هني"), ("مؤمن", "مومن"), ("رئيس", "رييس")]),
        ("Persian, Urdu",
            &[("می\u{200c}خواهد", "میخواهد")],
            &[("ملک", "ملك"), ("علی", "علي"), ("ہند", "هند")],
            &[("آباد", "اباد"), ("بھ", "به")]),
        ("Hebrew",
            &[("תל־אביב", "תל אביב"), ("צה״ל", "צהל")],
            &[("בִּנְיָמִין", "בנימין"), ("שׁ", "ש")],
            &[("ש", "ס"), ("ם", "מ")]),
        ("Armenian",
            &[("Երևան", "ԵՐԵՒԱՆ")],
            &[("Երևան", "ԵՐԵՎԱՆ"), ("երեւան", "երեվան")],
            &[("վ", "ւ")]),
        ("Georgian, Cherokee",
            &[("საქართველო", "ᲡᲐᲥᲐᲠᲗᲕᲔᲚᲝ"), ("ᏣᎳᎩ", "ꮳꮃꭹ")],
            &[], &[("კ", "ქ")]),
        ("Devanagari",
            &[("\u{931}ा", "\u{930}\u{93c}ा"), ("क\u{93c}", "\u{958}")],
            &[], &[("भारत", "भरत"), ("मोदी", "मेदा"), ("रमा", "राम"), ("कि", "की"), ("क़", "क"), ("साइप्रस", "साईप्रस")]),
        ("Bengali", &[("\u{9cb}", "\u{9c7}\u{9be}")], &[], &[("কমল", "কমলা"), ("ড়", "ড")]),
        ("Gurmukhi", &[], &[], &[("ਸਿੰਘ", "ਸੰਘ"), ("ਸਿੰਘ", "ਸਿਘ")]),
        ("Gujarati", &[], &[], &[("મોદી", "મેદી")]),
        ("Tamil", &[("\u{bcb}", "\u{bc7}\u{bbe}")], &[], &[("கினியா", "கென்யா"), ("ன", "ண")]),
        ("Telugu", &[], &[], &[("రామ", "రమా")]),
        ("Kannada", &[("\u{cca}", "\u{cc6}\u{cc2}")], &[], &[("ರಾಮ", "ರಮಾ")]),
        ("Malayalam", &[("\u{d4b}", "\u{d47}\u{d3e}")], &[], &[("രാമ", "രമാ")]),
        ("Sinhala", &[("\u{ddd}", "\u{ddc}\u{dca}")], &[], &[("රාම", "රමා")]),
        ("Thai", &[("ทำ", "ทํา")], &[], &[("พล", "พิล"), ("ชิน", "ชุน"), ("ขาว", "ข้าว")]),
        ("Lao", &[("ຳ", "ໍາ")], &[], &[("ລາວ", "ລ້າວ"), ("ກິນ", "ກິນ້")]),
        ("Burmese", &[], &[], &[("မြန်မာ", "မနမ"), ("ကိုကို", "ကကု")]),
        ("Khmer", &[], &[], &[("សុីប", "សាំប៊ី"), ("ភាស", "ភស")]),
        ("Tibetan", &[], &[], &[("བོད", "བད")]),
        ("Dhivehi", &[], &[], &[("މާލެ", "މލ")]),
        ("Hangul", &[("\u{1100}\u{1161}", "가"), ("박진", "박진")], &[], &[("김정은", "김정일"), ("박진", "박준")]),
        ("kana",
            &[("ハンガリー", "ﾊﾝｶﾞﾘｰ"), ("ジョン・ケリー", "ジョンケリー"), ("ガ", "カ\u{3099}")],
            &[], &[("パリ", "バリ"), ("パリ", "ハリ"), ("ひ", "ヒ"), ("リー", "リ")]),
        ("Han", &[("神", "\u{fa19}"), ("習・近平", "習近平")], &[], &[("臺北", "台北"), ("山西", "陕西"), ("习", "習")]),
        ("Ethiopic", &[], &[], &[("አበበ", "አበባ")]),
        ("Mongolian", &[], &[], &[("ᠮᠣᠩᠭᠣᠯ", "ᠮᠣᠩᠭᠤᠯ")]),
    ];

    #[test]
    fn names_meet_by_the_rules_of_their_script() {
        assert!(PAIRS.len() >= 25);
        for (script, one_spelling, accents, different) in PAIRS {
            for (a, b) in *one_spelling {
                assert_eq!(spelling(a), spelling(b), "{script}: {a} and {b}");
                assert_eq!(fold(a), fold(b), "{script}: {a} and {b}");
            }
            for (a, b) in *accents {
                assert_ne!(spelling(a), spelling(b), "{script}: {a} and {b}");
                let equal = (fold(a), *script) == (fold(b), *script);
                assert!(equal, "{script}: {a} and {b}: {} and {}", fold(a), fold(b));
            }
            for (a, b) in *different {
                assert_ne!(fold(a), fold(b), "{script}: {a} and {b}");
            }
        }
        assert_eq!(spelling("—"), "");
        assert_eq!(spelling(" ʼ "), "");
    }

    #[test]
    fn a_comma_turns_a_name_round() {
        let readings = |name| turned(name).map(|both| both.join(" | "));
        let both = Some("Antony Blinken | Blinken Antony".to_owned());
        assert_eq!(readings("Blinken, Antony"), both);
        assert_eq!(readings("Blinken,Antony "), both);
        assert_eq!(
            readings("Kim, Jong-un").as_deref(),
            Some("Jong-un Kim | Kim Jong-un")
        );
        for not in ["Blinken", "Blinken,", ", Antony", "Washington, D.C., USA"] {
            assert_eq!(turned(not), None, "{not}");
        }
    }

    #[test]
    fn ascii_is_no_special_case() {
        for c in '\0'..='\u{7f}' {
            let text = format!("A{c}B{c}{c} {c}c");
            let all = tidy(text.chars().map(|c| c.to_ascii_lowercase()));
            assert_eq!(tidy_ascii(&text), all, "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn forms_are_their_own_forms(name in "\\PC{0,24}|[\u{0}-\u{10ffff}]{0,12}|[a-zà-žͰ-ϿЀ-џ\u{300}-\u{36f}'. ·_-]{0,12}") {
            let own = spelling(&name);
            prop_assert_eq!(spelling(&own), own.clone());
            let folded = fold(&name);
            prop_assert_eq!(fold(&folded), folded.clone());
            // What is one spelling is one across accents, too.
            prop_assert_eq!(fold(&own), folded.clone());
            prop_assert_eq!(folded.nfc().collect::<String>(), folded);
        }
    }
}
