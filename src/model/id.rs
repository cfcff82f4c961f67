//! Ids of records and data sets.

use std::fmt;

use any_ascii::any_ascii;
use icu_properties::CodePointMapData;
use icu_properties::props::Script;
use thiserror::Error;

use super::limits::ID_MAX_BYTES;
use super::name::{fold_spelling, spelling};
use super::record::Kind;

/// The id of a record or of a data set: `^[a-z0-9][a-z0-9._:-]{0,127}$`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Box<str>);

/// Why a text is no id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum IdError {
    /// Nothing was written.
    #[error("an id can't be empty")]
    Empty,
    /// More than [`ID_MAX_BYTES`].
    #[error("an id has at most {ID_MAX_BYTES} bytes, this one has {0}")]
    TooLong(usize),
    /// The character that an id can't have, and where it may stand.
    #[error(
        "{0:?} can't be used here in an id: an id starts with a-z or 0-9 and continues with a-z, \
         0-9, '.', '_', ':' or '-'"
    )]
    Character(char),
}

impl Id {
    /// Checks `text` against the pattern of ids.
    ///
    /// # Errors
    ///
    /// [`IdError`] says which character or length is at fault.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        Self::check(text)?;
        Ok(Self(text.into()))
    }

    /// Whether `text` is an id, without keeping it.
    ///
    /// # Errors
    ///
    /// As [`Id::parse`].
    pub fn check(text: &str) -> Result<(), IdError> {
        let Some(&first) = text.as_bytes().first() else {
            return Err(IdError::Empty);
        };
        if text.len() > ID_MAX_BYTES {
            return Err(IdError::TooLong(text.len()));
        }
        let ok = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let wrong = if ok(&first) {
            text.chars().find(|c| {
                !(c.is_ascii_lowercase()
                    || c.is_ascii_digit()
                    || matches!(c, '.' | '_' | ':' | '-'))
            })
        } else {
            text.chars().next()
        };
        wrong.map_or(Ok(()), |c| Err(IdError::Character(c)))
    }

    /// The id of a record whose author gave none: its kind and the first 128 bits of the BLAKE3
    /// hash of its content, so that the same content always has the same id.
    pub fn of_content(kind: Kind, content: &[u8]) -> Self {
        Self::of_hash(kind, Self::hash_of(content))
    }

    /// The hash in the id of a record with this content.
    pub fn hash_of(content: &[u8]) -> [u8; 16] {
        let mut first = [0; 16];
        first.copy_from_slice(blake3::hash(content).as_bytes().split_at(16).0);
        first
    }

    /// The id with this hash.
    pub fn of_hash(kind: Kind, hash: [u8; 16]) -> Self {
        let digits = Self::digits(hash);
        // Digits are ASCII, so that the default is never taken.
        let digits = str::from_utf8(&digits).unwrap_or_default();
        Self([kind.as_str(), "-", digits].concat().into())
    }

    /// The hash as an id has it: 32 hexadecimal digits.
    pub fn digits(hash: [u8; 16]) -> [u8; 32] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut digits = [b'0'; 32];
        for (two, byte) in digits.as_chunks_mut().0.iter_mut().zip(hash) {
            // Half a byte is one of sixteen, so that the alternative is never taken.
            let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or(b'0');
            *two = [digit(byte >> 4), digit(byte & 15)];
        }
        digits
    }

    /// The hash in an id that was made of the content of a record of `kind`.
    pub fn hash_in(kind: Kind, id: &str) -> Option<[u8; 16]> {
        let digits = id.strip_prefix(kind.as_str())?.strip_prefix('-')?;
        if digits.len() != 32 {
            return None;
        }
        // No sign and no capitals: an id has none.
        let plain = digits
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let hash = u128::from_str_radix(digits, 16).ok()?;
        plain.then_some(hash.to_be_bytes())
    }

    /// The nearest valid id to a text that is none: lower case, other characters become `-`.
    pub fn nearest(text: &str) -> Option<Self> {
        let slug: String = text
            .chars()
            .flat_map(char::to_lowercase)
            .map(|c| {
                if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':') {
                    c
                } else {
                    '-'
                }
            })
            .take(ID_MAX_BYTES)
            .collect();
        Self::parse(slug.trim_matches(['-', '.', '_', ':'])).ok()
    }

    /// The id of an actor of whom a name is all that is known. It comes from the [`spelling`] alone, so
    /// that all writings of one have one id in every store: of a spelling of ASCII letters, digits and
    /// blanks its words with dashes between them, of any other these and a hash of it. Where that id is
    /// taken, by an actor who does not bear the name, the hash makes it another one. `None` for a name
    /// that has no spelling.
    pub fn of_name(name: &str, taken: impl Fn(&Self) -> bool) -> Option<Self> {
        Self::of_spelling(&spelling(name), taken)
    }

    /// The same of a name whose [`spelling`] is known.
    pub fn of_spelling(spelling: &str, taken: impl Fn(&Self) -> bool) -> Option<Self> {
        /// Room for a dash and the hash stays.
        const SLUG_MAX_BYTES: usize = ID_MAX_BYTES - 1 - SHORT;
        const SHORT: usize = 8;
        const LONG: usize = 26;
        if spelling.is_empty() {
            return None;
        }
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b' ';
        let mut slug = slug(spelling);
        let is_whole = spelling.bytes().all(is_plain) && slug.len() <= SLUG_MAX_BYTES;
        slug.truncate(SLUG_MAX_BYTES);
        slug.truncate(slug.trim_end_matches('-').len());
        let hashed = |digits_count: usize| {
            let hash = blake3::hash(spelling.as_bytes());
            let digits = base32(hash.as_bytes(), digits_count);
            let room = ID_MAX_BYTES - 1 - digits_count;
            let slug = slug.get(..room).unwrap_or(&slug).trim_end_matches('-');
            Self(format!("{slug}-{digits}").into())
        };
        let plain = is_whole.then(|| Self(slug.as_str().into()));
        let longer = [SHORT, LONG].into_iter().map(hashed);
        plain.into_iter().chain(longer).find(|id| !taken(id))
    }

    /// The id as a text of its own.
    pub fn into_string(self) -> String {
        self.0.into_string()
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The words of a spelling in ASCII with dashes between them; `actor`, when it has none that a reader
/// would know. Han characters are read differently in each language, so they give none.
fn slug(spelling: &str) -> String {
    let script = CodePointMapData::<Script>::new();
    let is_han = |c| script.get(c) == Script::Han;
    let ascii = if spelling.is_ascii() {
        spelling.to_owned()
    } else if spelling.chars().any(is_han) {
        String::new()
    } else {
        any_ascii(&fold_spelling(spelling.to_owned())).to_ascii_lowercase()
    };
    let words = ascii.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return "actor".to_owned();
    }
    words.join("-")
}

/// The first digits of bytes in RFC 4648 base32 (section 6), in small letters: 5 bits each.
fn base32(bytes: &[u8], digits_count: usize) -> String {
    const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut digits = String::with_capacity(digits_count);
    let (mut bits, mut known) = (0_u32, 0);
    for byte in bytes {
        bits = bits << 8 | u32::from(*byte);
        known += 8;
        while known >= 5 {
            known -= 5;
            let digit = DIGITS.get((bits >> known & 31) as usize);
            if digits.len() < digits_count {
                digits.extend(digit.map(|digit| char::from(*digit)));
            }
        }
        bits &= (1 << known) - 1;
        if digits.len() == digits_count {
            break;
        }
    }
    digits
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_holds_at_its_edges() {
        for good in [
            "a",
            "0",
            "antony-blinken",
            "icews:2014.test_1",
            &"a".repeat(128),
        ] {
            assert_eq!(
                Id::parse(good).map(|id| id.as_str().to_owned()),
                Ok(good.to_owned())
            );
        }
        assert_eq!(Id::parse(""), Err(IdError::Empty));
        assert_eq!(Id::parse(&"a".repeat(129)), Err(IdError::TooLong(129)));
        assert_eq!(Id::parse("-a"), Err(IdError::Character('-')));
        assert_eq!(Id::parse("Blinken"), Err(IdError::Character('B')));
        assert_eq!(Id::parse("a b"), Err(IdError::Character(' ')));
        assert_eq!(Id::parse("é"), Err(IdError::Character('é')));
    }

    #[test]
    fn ids_of_content_keep_their_hash() {
        let id = Id::of_content(Kind::Event, b"content");
        assert_eq!(Id::parse(id.as_str()), Ok(id.clone()));
        let hash = Id::hash_in(Kind::Event, id.as_str()).unwrap();
        assert_eq!(Id::of_hash(Kind::Event, hash), id);
        assert_eq!(Id::hash_in(Kind::Statement, id.as_str()), None);
        assert_eq!(Id::hash_in(Kind::Event, "event-1"), None);
        let zeros = Id::of_hash(Kind::Event, [0; 16]);
        assert_eq!(Id::hash_in(Kind::Event, zeros.as_str()), Some([0; 16]));
    }

    #[test]
    fn names_give_ids_by_their_spelling() {
        let of = |name: &str, taken: &[&str]| -> Option<Box<str>> {
            Id::of_name(name, |id| taken.contains(&id.as_str())).map(|id| id.0)
        };
        let plain = |name: &str| -> Box<str> { of(name, &[]).unwrap() };
        assert_eq!(&*plain("North  Korea"), "north-korea");
        assert_eq!(plain("NORTH_KOREA"), plain("north-korea"));
        assert_eq!(&*plain("U.S."), "us");
        // Any other gets a hash, so that names that only look alike in ASCII have ids of their own.
        for (name, slug) in [
            ("Ministry (Japan)", "ministry-japan-"),
            ("Lech Wałęsa", "lech-walesa-"),
            ("Əliyev", "eliyev-"),
            ("Müller, \"Max\"", "muller-max-"),
            ("東京", "actor-"),
            ("ソウル", "souru-"),
            ("김정은", "gimjeongeun-"),
            ("Владимир Путин", "vladimir-putin-"),
            ("()", "actor-"),
        ] {
            let id = plain(name);
            assert!(
                id.starts_with(slug) && id.len() == slug.len() + 8,
                "{name}: {id}"
            );
            assert_eq!(Id::check(&id), Ok(()));
        }
        let different = [
            "山西",
            "陕西",
            "パリ",
            "バリ",
            "Walesa",
            "Wałęsa",
            "Ministry Japan",
            "Ministry (Japan)",
        ];
        let ids: std::collections::BTreeSet<_> = different.into_iter().map(plain).collect();
        assert_eq!(ids.len(), different.len());
        // Known for good: stored ids never change.
        assert_eq!(&*plain("Lech Wałęsa"), "lech-walesa-ujlt7tss");
        // Where another actor has it.
        let second = of("Seoul", &["seoul"]).unwrap();
        assert!(
            second.starts_with("seoul-") && second.len() == 6 + 8,
            "{second}"
        );
        let third = of("Seoul", &["seoul", &second]).unwrap();
        assert!(
            third.starts_with(&*second) && third.len() == 6 + 26,
            "{third}"
        );
        assert_eq!(of("Seoul", &["seoul", &second, &third]), None);
        for nothing in ["—", " ", "''", "\u{200b}"] {
            assert_eq!(of(nothing, &[]), None);
        }
        let edge = "a".repeat(119);
        assert_eq!(*plain(&edge), *edge);
        let beyond = plain(&"a".repeat(120));
        assert_eq!(beyond.len(), ID_MAX_BYTES);
        assert!(beyond.starts_with(&format!("{edge}-")));
        assert_ne!(beyond, plain(&"a".repeat(121)));
        let third = of(
            &edge,
            &[&edge, &plain(&edge), &of(&edge, &[&edge]).unwrap()],
        )
        .unwrap();
        assert_eq!((third.len(), Id::check(&third)), (ID_MAX_BYTES, Ok(())));
    }

    #[test]
    fn the_nearest_id_is_an_id() {
        let nearest = |text| Id::nearest(text).map(|id| id.to_string());
        assert_eq!(nearest("Antony Blinken"), Some("antony-blinken".into()));
        assert_eq!(nearest("—"), None);
    }
}
