//! CAMEO event codes: what they say, and which PLOVER type, class and score they stand for.

use std::cmp::Ordering;
use std::fmt;
use std::iter::successors;
use std::str;
use std::sync::LazyLock;

use super::cameo_table::{CODES, CameoRow, GDELT_SCORES, ROOTS};
use super::code_error::{CodeError, shortened};
use super::event_type::EventType;
use super::quad::{QuadClass, Scheme};
use super::score::{Basis, Score};

#[cfg(test)]
mod labels_in_use;

/// A CAMEO event code: two to four digits, the first two of which are its root, 01 to 20.
///
/// Leading zeros count: `042` (make a visit) is a child of root `04`. Codes order by their digits,
/// so that a code comes right before its descendants.
///
/// A code need not be in the official table: data sets carry others (`1214`), which are understood
/// through their nearest listed ancestor.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cameo([u8; Self::MAX_DIGITS]); // ASCII digits, then zero bytes

/// The codes that PLOVER's conversion table gives another type than the rest of their root, with
/// all that start with them. None starts with another.
const TYPE_EXCEPTIONS: [(&str, EventType); 11] = [
    ("0813", EventType::Retreat),
    ("0814", EventType::Retreat),
    ("084", EventType::Retreat),
    ("085", EventType::Retreat),
    ("086", EventType::Retreat),
    ("087", EventType::Retreat),
    ("163", EventType::Coerce),
    ("1712", EventType::Assault),
    ("175", EventType::Assault),
    ("191", EventType::Coerce),
    ("192", EventType::Coerce),
];

/// The rows of the table by label, for [`Cameo::from_label`].
///
/// Where a root shares its label with its child (`04` and `040`, "Consult"), the child stands first:
/// it is the one that events are coded with.
static BY_LABEL: LazyLock<Vec<&'static CameoRow>> = LazyLock::new(|| {
    let mut rows: Vec<&CameoRow> = CODES.iter().chain(&ROOTS).collect();
    rows.sort_by(|a, b| compare_labels(a.label, b.label)); // stable: CODES before ROOTS
    rows.dedup_by(|later, first| compare_labels(later.label, first.label).is_eq());
    rows
});

/// What the tables tell of a code.
struct CodeMeaning {
    row: Option<&'static CameoRow>,
    event_type: Option<EventType>,
    /// The code itself where it is listed, else its nearest listed ancestor, and what that scores.
    scored: Cameo,
    icews: f32,
    gdelt: f32,
}

/// The same of every code there may be, by [`Cameo::place`]: questions ask it of each record.
static KNOWN: LazyLock<Vec<CodeMeaning>> = LazyLock::new(|| {
    let last = || std::iter::once(0).chain(b'0'..=b'9');
    let roots = (1..=20_u8).map(|root| [b'0' + root / 10, b'0' + root % 10]);
    let codes = roots.flat_map(|[tens, ones]| {
        let more = last().flat_map(move |third| last().map(move |fourth| (third, fourth)));
        more.map(move |(third, fourth)| Cameo([tens, ones, third, fourth]))
    });
    codes.map(CodeMeaning::for_code).collect()
});

impl CodeMeaning {
    fn for_code(code: Cameo) -> Self {
        // The root ends the search, being listed.
        let listed = successors(Some(code), |code| code.parent())
            .find_map(|code| code.find_row().map(|row| (code, row)));
        let (scored, row) = listed.unwrap_or_else(|| (code, code.root_row()));
        Self {
            row: code.find_row(),
            event_type: code.find_type(),
            scored,
            icews: row.goldstein,
            gdelt: gdelt_score(row),
        }
    }
}

impl Cameo {
    const MIN_DIGITS: usize = 2;
    const MAX_DIGITS: usize = 4;
    /// What a digit after the root may be: none, or 0 to 9.
    const LAST_DIGITS: usize = 11;

    /// Reads a code of two to four ASCII digits.
    ///
    /// A code that lost its leading zero as a number is refused where that shows (`42` for `042`).
    /// It doesn't show in `10` to `20`, which are roots as well as what is left of `010` to `020`:
    /// these are read as roots.
    ///
    /// # Errors
    ///
    /// When `text` is no such code or its root is not 01 to 20; the error suggests the code that
    /// was meant where that is clear: a lost zero, spaces around it, a number's `.0`, a label.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        Self::read(text).ok_or_else(|| CodeError {
            problem: problem_with(text),
            suggestion: suggest(text),
        })
    }

    fn read(text: &str) -> Option<Self> {
        let code = Self::read_digits(text)?;
        (1..=20).contains(&code.root()).then_some(code)
    }

    /// Two to four digits, whatever their root.
    fn read_digits(text: &str) -> Option<Self> {
        let length_fits = (Self::MIN_DIGITS..=Self::MAX_DIGITS).contains(&text.len());
        if !length_fits || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut digits = [0; Self::MAX_DIGITS];
        for (digit, byte) in digits.iter_mut().zip(text.bytes()) {
            *digit = byte;
        }
        Some(Self(digits))
    }

    /// The code with this label, as ICEWS's event files and the temporal knowledge graphs made from
    /// them write it ("Make a visit"). Case doesn't count, nor do spaces around the label; `_`
    /// counts as a space.
    ///
    /// Where a root shares its label with its child ("Consult": 04 and 040), the child is meant.
    pub fn from_label(label: &str) -> Option<Self> {
        let label = label.trim();
        let found = BY_LABEL
            .binary_search_by(|row| compare_labels(row.label, label))
            .ok()?;
        BY_LABEL.get(found).and_then(|row| Self::read(row.code))
    }

    /// The label that differs least from a text; `None` when none is near.
    pub fn nearest_label(text: &str) -> Option<&'static str> {
        let near = BY_LABEL.iter().map(|row| {
            let distance = strsim::damerau_levenshtein(row.label, text);
            (distance, row.label)
        });
        near.min()
            .filter(|(distance, label)| *distance <= label.len() / 3 + 1)
            .map(|(_, label)| label)
    }

    /// The digits as text, leading zeros kept.
    pub fn as_str(&self) -> &str {
        // Digits are ASCII by construction, so that the default is never taken.
        str::from_utf8(self.digits()).unwrap_or_default()
    }

    fn digits(&self) -> &[u8] {
        self.0.split(|&byte| byte == 0).next().unwrap_or_default()
    }

    /// The digits as one number: different codes have different ones.
    pub(super) const fn bits(self) -> u32 {
        u32::from_be_bytes(self.0)
    }

    /// The number of the root, 1 to 20.
    pub const fn root(self) -> u8 {
        let [tens, ones, ..] = self.0;
        (tens - b'0') * 10 + (ones - b'0')
    }

    /// Whether `prefix` is this code or one of its ancestors: `042` and `04` are prefixes of `042`.
    pub fn starts_with(self, prefix: Self) -> bool {
        self.digits().starts_with(prefix.digits())
    }

    /// Whether the code is in the official table.
    pub fn is_listed(self) -> bool {
        self.row().is_some()
    }

    /// The label of the official table ("Make a visit"); `None` for a code that isn't listed.
    pub fn label(self) -> Option<&'static str> {
        self.row().map(|row| row.label)
    }

    /// The PLOVER type that the code maps to; `None` for roots 01 and 02 (statements and appeals),
    /// which PLOVER dropped.
    ///
    /// As in PLOVER's conversion table `CAMEO2PLOVER-2021.txt`
    /// (<https://github.com/openeventdata/PLOVER>). There root 08 is both `CONCEDE` and `RETREAT`;
    /// the bare root, and what isn't listed right under it, is `CONCEDE`, like its `080`.
    pub fn event_type(self) -> Option<EventType> {
        self.known().event_type
    }

    fn find_type(self) -> Option<EventType> {
        let exception = TYPE_EXCEPTIONS
            .iter()
            .find(|(prefix, _)| self.digits().starts_with(prefix.as_bytes()));
        exception.map_or_else(|| type_of_root(self.root()), |&(_, kind)| Some(kind))
    }

    /// The quad class under `scheme`.
    pub const fn quad_class(self, scheme: Scheme) -> QuadClass {
        scheme.class_of_root(self.root())
    }

    /// The Goldstein score under `scheme`, from the code where it is listed, else from its nearest
    /// listed ancestor; [`Score::basis`] says which it was.
    ///
    /// The schemes' tables differ on four codes: 016 (ICEWS −5, GDELT −2), 022 (3.4, 3.2), 164
    /// (−6.5, −7) and 165 (−7, −6.5).
    pub fn goldstein(self, scheme: Scheme) -> Score {
        let known = self.known();
        Score {
            value: match scheme {
                Scheme::Icews => known.icews,
                Scheme::Gdelt => known.gdelt,
            },
            basis: Basis::Cameo(known.scored),
        }
    }

    /// The code with one digit less; none above a root.
    fn parent(self) -> Option<Self> {
        self.as_str()
            .get(..self.as_str().len() - 1)
            .and_then(Self::read)
    }

    fn row(self) -> Option<&'static CameoRow> {
        self.known().row
    }

    #[inline]
    #[expect(clippy::indexing_slicing, reason = "every code has its place")]
    fn known(self) -> &'static CodeMeaning {
        &KNOWN[self.place()]
    }

    /// Its place among all codes there may be.
    #[inline]
    fn place(self) -> usize {
        let [.., third, fourth] = self.0;
        let digit = |byte: u8| usize::from(byte.saturating_sub(b'0' - 1));
        let of_root = usize::from(self.root()) - 1;
        (of_root * Self::LAST_DIGITS + digit(third)) * Self::LAST_DIGITS + digit(fourth)
    }

    fn find_row(self) -> Option<&'static CameoRow> {
        if self.digits().len() == Self::MIN_DIGITS {
            return Some(self.root_row());
        }
        let found = CODES
            .binary_search_by(|row| row.code.as_bytes().cmp(self.digits()))
            .ok()?;
        CODES.get(found)
    }

    fn root_row(self) -> &'static CameoRow {
        let [root_01, ..] = &ROOTS;
        // Roots are 1 to 20 by construction, so that the alternative is never taken.
        ROOTS.get(usize::from(self.root()) - 1).unwrap_or(root_01)
    }
}

const fn type_of_root(root: u8) -> Option<EventType> {
    match root {
        0..=2 => None,
        3 => Some(EventType::Agree),
        4 => Some(EventType::Consult),
        5 => Some(EventType::Support),
        6 => Some(EventType::Cooperate),
        7 => Some(EventType::Aid),
        8 => Some(EventType::Concede),
        9 | 11 => Some(EventType::Accuse),
        10 => Some(EventType::Request),
        12 => Some(EventType::Reject),
        13 => Some(EventType::Threaten),
        14 => Some(EventType::Protest),
        15 => Some(EventType::Mobilize),
        16 => Some(EventType::Sanction),
        17 => Some(EventType::Coerce),
        18.. => Some(EventType::Assault),
    }
}

fn gdelt_score(row: &CameoRow) -> f32 {
    let own = GDELT_SCORES.iter().find(|(code, _)| *code == row.code);
    own.map_or(row.goldstein, |&(_, score)| score)
}

/// Orders labels without regard to case, `_` counting as a space.
fn compare_labels(a: &str, b: &str) -> Ordering {
    let folded = |byte: u8| {
        if byte == b'_' {
            b' '
        } else {
            byte.to_ascii_lowercase()
        }
    };
    a.bytes().map(folded).cmp(b.bytes().map(folded))
}

fn problem_with(text: &str) -> String {
    if text.is_empty() {
        return "a CAMEO code is empty: expected two to four digits".to_owned();
    }
    let shown = shortened(text);
    Cameo::read_digits(text).map_or_else(
        || format!("`{shown}` is not a CAMEO code: expected two to four digits, such as 042"),
        |code| {
            let root = code.root();
            format!("`{shown}` is not a CAMEO code: its root {root:02} is not one of 01 to 20")
        },
    )
}

/// The code that was probably meant by a text that is none.
fn suggest(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let digits = trimmed.strip_suffix(".0").unwrap_or(trimmed);
    let lost_zero = || Cameo::read(&format!("0{digits}")).filter(|code| code.is_listed());
    let meant = Cameo::read(digits)
        .or_else(lost_zero)
        .or_else(|| Cameo::from_label(text))?;
    Some(meant.to_string())
}

impl fmt::Display for Cameo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Cameo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cameo({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::labels_in_use::LABELS;
    use super::*;

    fn code(text: &str) -> Cameo {
        Cameo::parse(text).unwrap()
    }

    /// Every text of one to five digits.
    fn digit_strings() -> impl Iterator<Item = String> {
        (1..=5).flat_map(|width| (0..10_usize.pow(width)).map(move |n| digits(n, width)))
    }

    fn digits(number: usize, width: u32) -> String {
        let width = usize::try_from(width).unwrap();
        format!("{number:0width$}")
    }

    /// The score of a code by going up to what is listed, digit by digit.
    fn looked_up(code: Cameo, scheme: Scheme) -> Score {
        let mut listed = code;
        let row = loop {
            match listed.find_row() {
                Some(row) => break row,
                None => listed = listed.parent().unwrap(),
            }
        };
        Score {
            value: match scheme {
                Scheme::Icews => row.goldstein,
                Scheme::Gdelt => gdelt_score(row),
            },
            basis: Basis::Cameo(listed),
        }
    }

    #[test]
    fn every_code_has_its_place() {
        let known = KNOWN.len();
        assert_eq!(known, 20 * 121);
        for number in 0..=9999_u32 {
            for text in [
                format!("{number:02}"),
                format!("{number:03}"),
                format!("{number:04}"),
            ] {
                if let Some(code) = Cameo::read(&text) {
                    assert!(code.place() < known, "{text}");
                    assert_eq!(code.event_type(), code.find_type(), "{text}");
                    let label = code.find_row().map(|row| row.label);
                    assert_eq!(code.label(), label, "{text}");
                    for scheme in Scheme::ALL {
                        assert_eq!(code.goldstein(scheme), looked_up(code, scheme), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn exactly_the_codes_of_two_to_four_digits_under_the_twenty_roots_are_read() {
        let mut read = 0;
        for text in digit_strings() {
            let root: u8 = text
                .get(..2)
                .and_then(|root| root.parse().ok())
                .unwrap_or(0);
            let expected = text.len() <= 4 && (1..=20).contains(&root);
            match Cameo::parse(&text) {
                Ok(code) => {
                    assert!(expected, "{text} was read");
                    assert_eq!((code.to_string(), code.root()), (text, root));
                    read += 1;
                }
                Err(_) => assert!(!expected, "{text} was refused"),
            }
        }
        assert_eq!(read, 20 * (1 + 10 + 100));
    }

    #[test]
    fn what_is_no_code_is_refused_with_the_code_that_was_meant() {
        for (text, meant) in [
            ("42", Some("042")),
            ("1", Some("01")),
            ("311", Some("0311")),
            ("863", Some("0863")),
            ("42.0", Some("042")),
            ("190.0", Some("190")),
            (" 042", Some("042")),
            ("Make a visit", Some("042")),
            ("EXPRESS INTENT TO MEET OR NEGOTIATE", Some("036")),
            ("49", None),
            ("00", None),
            ("21", Some("021")),
            ("999", None),
            ("0", None),
            ("01425", None),
            ("-10", None),
            ("+042", None),
            ("04x", None),
            ("٠٤٢", None),
            ("", None),
        ] {
            let error = Cameo::parse(text).unwrap_err();
            assert_eq!(error.suggestion.as_deref(), meant, "{text:?}: {error}");
        }
    }

    #[test]
    fn the_problem_is_named() {
        let message = |text| Cameo::parse(text).unwrap_err().to_string();
        assert_eq!(
            message("42"),
            "`42` is not a CAMEO code: its root 42 is not one of 01 to 20; did you mean `042`?"
        );
        assert_eq!(
            message("talk"),
            "`talk` is not a CAMEO code: expected two to four digits, such as 042"
        );
        assert_eq!(
            message(""),
            "a CAMEO code is empty: expected two to four digits"
        );
    }

    #[test]
    fn leading_zeros_tell_codes_apart() {
        assert_ne!(code("10"), code("010"));
        assert_eq!((code("10").root(), code("010").root()), (10, 1));
        assert_eq!(code("010").label(), Some("Make statement"));
        assert_eq!(code("10").label(), Some("DEMAND"));
        assert_ne!(code("03"), code("030"));
    }

    #[test]
    fn the_tables_are_ordered_and_hold_the_official_codes() {
        assert!(CODES.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert_eq!(ROOTS.len() + CODES.len(), 312);
        for row in ROOTS.iter().chain(&CODES) {
            let code = code(row.code);
            assert!(code.is_listed(), "{code}");
            assert_eq!(code.label(), Some(row.label));
            assert!((-10.0..=10.0).contains(&row.goldstein), "{code}");
            let parent = row.code.get(..row.code.len() - 1).and_then(Cameo::read);
            assert_eq!(code.parent(), parent);
            assert!(parent.is_none_or(Cameo::is_listed), "{code} has no parent");
        }
        for (number, row) in (1..).zip(&ROOTS) {
            assert_eq!(code(row.code).root(), number);
        }
    }

    #[test]
    fn the_twenty_roots_have_their_labels_types_and_scores() {
        use EventType::{
            Accuse, Agree, Aid, Assault, Coerce, Concede, Consult, Cooperate, Mobilize, Protest,
            Reject, Request, Sanction, Support, Threaten,
        };
        let expected = [
            ("MAKE PUBLIC STATEMENT", None),
            ("APPEAL", None),
            ("EXPRESS INTENT TO COOPERATE", Some(Agree)),
            ("CONSULT", Some(Consult)),
            ("ENGAGE IN DIPLOMATIC COOPERATION", Some(Support)),
            ("ENGAGE IN MATERIAL COOPERATION", Some(Cooperate)),
            ("PROVIDE AID", Some(Aid)),
            ("YIELD", Some(Concede)),
            ("INVESTIGATE", Some(Accuse)),
            ("DEMAND", Some(Request)),
            ("DISAPPROVE", Some(Accuse)),
            ("REJECT", Some(Reject)),
            ("THREATEN", Some(Threaten)),
            ("PROTEST", Some(Protest)),
            ("EXHIBIT FORCE POSTURE", Some(Mobilize)),
            ("REDUCE RELATIONS", Some(Sanction)),
            ("COERCE", Some(Coerce)),
            ("ASSAULT", Some(Assault)),
            ("FIGHT", Some(Assault)),
            ("USE UNCONVENTIONAL MASS VIOLENCE", Some(Assault)),
        ];
        for (number, (label, kind)) in (1..).zip(expected) {
            let root = code(&digits(number, 2));
            assert_eq!(
                (root.label(), root.event_type()),
                (Some(label), kind),
                "{root}"
            );
            assert_eq!(root.goldstein(Scheme::Icews).basis, Basis::Cameo(root));
        }
    }

    #[test]
    fn every_label_in_use_stands_for_its_code() {
        assert_eq!(LABELS.len(), 238);
        for (text, label) in LABELS {
            assert_eq!(Cameo::from_label(label), Some(code(text)), "{label}");
            let spelled = format!(" {}\u{a0}", label.to_uppercase().replace(' ', "_"));
            assert_eq!(Cameo::from_label(&spelled), Some(code(text)), "{spelled}");
        }
    }

    #[test]
    fn every_listed_code_of_three_or_four_digits_is_found_by_its_label() {
        for row in &CODES {
            assert_eq!(Cameo::from_label(row.label), Some(code(row.code)));
        }
    }

    #[test]
    fn a_label_shared_with_the_root_means_the_child() {
        assert_eq!(Cameo::from_label("Consult"), Some(code("040")));
        assert_eq!(Cameo::from_label("REDUCE RELATIONS"), Some(code("160")));
        assert_eq!(Cameo::from_label("FIGHT"), Some(code("19")));
    }

    #[test]
    fn an_unknown_label_has_no_code() {
        for label in ["", "Make a", "Make a visits", "occurSince", "042"] {
            assert_eq!(Cameo::from_label(label), None, "{label}");
        }
    }

    #[test]
    fn an_unlisted_code_is_understood_through_its_nearest_listed_ancestor() {
        let unlisted = code("1214");
        assert!(!unlisted.is_listed());
        assert_eq!(unlisted.label(), None);
        assert_eq!(unlisted.event_type(), Some(EventType::Reject));
        assert_eq!(
            unlisted.quad_class(Scheme::Icews),
            QuadClass::VerbalConflict
        );
        for (text, ancestor) in [
            ("1214", "121"),
            ("0429", "042"),
            ("0999", "09"),
            ("048", "04"),
        ] {
            for scheme in Scheme::ALL {
                let score = code(text).goldstein(scheme);
                assert_eq!(score, code(ancestor).goldstein(scheme), "{text}");
                assert_eq!(score.basis, Basis::Cameo(code(ancestor)));
            }
        }
        assert_eq!(
            code("1649").goldstein(Scheme::Gdelt),
            code("164").goldstein(Scheme::Gdelt)
        );
    }

    #[test]
    fn scores_are_those_of_the_published_tables() {
        for (text, icews, gdelt) in [
            ("010", 0.0, 0.0),
            ("036", 4.0, 4.0),
            ("042", 1.9, 1.9),
            ("057", 8.0, 8.0),
            ("106", -5.0, -5.0),
            ("111", -2.0, -2.0),
            ("138", -7.0, -7.0),
            ("163", -8.0, -8.0),
            ("190", -10.0, -10.0),
            ("016", -5.0, -2.0),
            ("022", 3.4, 3.2),
            ("164", -6.5, -7.0),
            ("165", -7.0, -6.5),
        ] {
            let basis = Basis::Cameo(code(text));
            assert_eq!(
                code(text).goldstein(Scheme::Icews),
                Score {
                    value: icews,
                    basis
                }
            );
            assert_eq!(
                code(text).goldstein(Scheme::Gdelt),
                Score {
                    value: gdelt,
                    basis
                }
            );
        }
    }

    #[test]
    fn the_schemes_differ_on_investigations_and_protests() {
        let classes = |text| Scheme::ALL.map(|scheme| code(text).quad_class(scheme).number());
        assert_eq!(classes("08"), [2, 2]);
        assert_eq!(classes("091"), [3, 2]);
        assert_eq!(classes("101"), [3, 3]);
        assert_eq!(classes("138"), [3, 3]);
        assert_eq!(classes("141"), [4, 3]);
        assert_eq!(classes("15"), [4, 4]);
    }

    #[test]
    fn some_codes_have_another_type_than_their_root() {
        use EventType::{Assault, Coerce, Concede, Retreat, Sanction};
        for (text, kind) in [
            ("08", Concede),
            ("081", Concede),
            ("0812", Concede),
            ("0813", Retreat),
            ("0814", Retreat),
            ("0834", Concede),
            ("0841", Retreat),
            ("0874", Retreat),
            ("163", Coerce),
            ("1623", Sanction),
            ("171", Coerce),
            ("1711", Coerce),
            ("1712", Assault),
            ("175", Assault),
            ("190", Assault),
            ("191", Coerce),
            ("192", Coerce),
            ("193", Assault),
        ] {
            assert_eq!(code(text).event_type(), Some(kind), "{text}");
        }
        for text in ["01", "019", "02", "0256"] {
            assert_eq!(code(text).event_type(), None, "{text}");
        }
    }

    #[test]
    fn a_prefix_holds_a_code_and_its_descendants() {
        assert!(code("042").starts_with(code("042")));
        assert!(code("042").starts_with(code("04")));
        assert!(code("0311").starts_with(code("031")));
        assert!(!code("04").starts_with(code("042")));
        assert!(!code("010").starts_with(code("10")));
        assert!(!code("101").starts_with(code("010")));
    }

    #[test]
    fn codes_order_like_a_tree() {
        let mut codes = ["20", "10", "031", "03", "0311", "010", "032", "01"].map(code);
        codes.sort();
        let texts = codes.map(|code| code.to_string());
        assert_eq!(texts, ["01", "010", "03", "031", "0311", "032", "10", "20"]);
    }
}
