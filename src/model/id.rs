//! Ids of records and data sets.

use std::fmt;

use thiserror::Error;

use super::limits::ID_MAX_BYTES;
use super::name::fold;
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
        "{0:?} can't stand in an id here: an id starts with a-z or 0-9 and goes on with a-z, 0-9, '.', '_', ':' or '-'"
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
        let digit = |value: u8| value.wrapping_add(if value < 10 { b'0' } else { b'a' - 10 });
        let mut digits = [0; 2 * size_of::<u128>()];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(hash) {
            pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
        }
        let mut text = String::with_capacity(kind.as_str().len() + 1 + digits.len());
        text.push_str(kind.as_str());
        text.push('-');
        // Digits are ASCII, so that the default is never taken.
        text.push_str(str::from_utf8(&digits).unwrap_or_default());
        Self(text.into_boxed_str())
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

    /// An id for an actor of whom a name is all that is known: its words in lower case with dashes,
    /// with a number after them when another has it.
    pub fn of_name(name: &str, mut taken: impl FnMut(&Self) -> bool) -> Self {
        /// Room for a number stays.
        const WORDS_MAX_CHARS: usize = 100;
        let plain = fold(name);
        let words = plain.split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let mut slug: String = words.join("-").chars().take(WORDS_MAX_CHARS).collect();
        slug.truncate(slug.trim_end_matches('-').len());
        if slug.is_empty() {
            slug.push_str("actor");
        }
        let mut id = Self(slug.as_str().into());
        let mut number = 1_u64;
        while taken(&id) {
            number += 1;
            id = Self(format!("{slug}-{number}").into());
        }
        id
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
    fn names_give_ids_that_are_free() {
        let of = |name, taken: &[&str]| Id::of_name(name, |id| taken.contains(&id.as_str())).0;
        assert_eq!(&*of("Ministry (Japan)\u{a0}", &[]), "ministry-japan");
        assert_eq!(&*of("Müller, \"Max\"", &[]), "muller-max");
        assert_eq!(&*of("日本", &["actor", "actor-2"]), "actor-3");
        let words = "ab ".repeat(100);
        let long = of(&words, &[]);
        assert!(long.len() <= 100);
        assert_eq!(Id::check(&long), Ok(()));
        assert_eq!(&*of("—", &[]), "actor");
    }

    #[test]
    fn the_nearest_id_is_an_id() {
        let nearest = |text| Id::nearest(text).map(|id| id.to_string());
        assert_eq!(nearest("Antony Blinken"), Some("antony-blinken".into()));
        assert_eq!(nearest("—"), None);
    }
}
