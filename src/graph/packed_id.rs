//! Ids of rows, as they are kept: the hash of a content as its bytes, a short text as its characters,
//! both in as many bytes; a longer one elsewhere.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::terms;
use crate::model::{Id, Kind};

/// Bytes that a row has for its id.
pub(super) const INLINE_BYTES: usize = 16;

/// The id of a record, as a row has it: made by [`PackedId::from_text`], since a text that is that of a hash
/// counts as the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackedId<'a> {
    /// It was made of its content, of which this is the hash.
    Hash([u8; 16]),
    /// Its text.
    Text(&'a [u8]),
}

impl<'a> PackedId<'a> {
    /// That of a record of a kind.
    pub fn from_text(kind: Kind, id: &'a str) -> Self {
        Id::hash_in(kind, id).map_or(Self::Text(id.as_bytes()), Self::Hash)
    }

    /// Its text, as that of a record of a kind.
    pub fn text(self, kind: Kind) -> Cow<'a, str> {
        match self {
            Self::Hash(hash) => Cow::Owned(Id::of_hash(kind, hash).into_string()),
            // It was a text when it was kept, and to see that again takes the least time so.
            Self::Text(text) => {
                str::from_utf8(text).map_or_else(|_| String::from_utf8_lossy(text), Cow::Borrowed)
            }
        }
    }

    fn hashed(self, kind: Kind) -> u64 {
        match self {
            Self::Hash(hash) => terms::hash_of((kind.number(), u128::from_be_bytes(hash))),
            Self::Text(text) => terms::hash_of((kind.number(), text)),
        }
    }
}

/// The place of an id among those of records of its kind: in the order of their texts, without the text that a hash
/// stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdOrder<'a> {
    kind: Kind,
    id: PackedId<'a>,
}

impl<'a> IdOrder<'a> {
    pub(super) const fn new(kind: Kind, id: PackedId<'a>) -> Self {
        Self { kind, id }
    }
}

impl Ord for IdOrder<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.id, other.id) {
            // Digits are in the order of what they stand for, after the same word.
            (PackedId::Hash(one), PackedId::Hash(other)) => one.cmp(&other),
            (PackedId::Text(one), PackedId::Text(other)) => one.cmp(other),
            (one, another) => one.text(self.kind).cmp(&another.text(other.kind)),
        }
    }
}

impl PartialOrd for IdOrder<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The id of a record as rows are found by it, hashed once for all segments.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordKey<'a> {
    pub(super) kind: Kind,
    pub(super) hash: u64,
    pub(super) id: PackedId<'a>,
}

impl<'a> RecordKey<'a> {
    pub(super) fn from_text(kind: Kind, id: &'a str) -> Self {
        Self::new(kind, PackedId::from_text(kind, id))
    }

    pub(super) fn new(kind: Kind, id: PackedId<'a>) -> Self {
        Self {
            kind,
            hash: id.hashed(kind),
            id,
        }
    }
}

/// How the bytes that a row has for its id are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IdForm {
    /// As the hash of a content.
    Hash,
    /// As a text, with zeros after it.
    Short,
    /// As the number of a text that is kept elsewhere.
    Long,
}

/// A text with zeros after it; `None` when it is too long.
pub(super) fn inline(text: &[u8]) -> Option<[u8; INLINE_BYTES]> {
    let mut bytes = [0; INLINE_BYTES];
    bytes.get_mut(..text.len())?.copy_from_slice(text);
    Some(bytes)
}

/// The text of such bytes: no id has a zero.
pub(super) fn without_zeros(bytes: &[u8; INLINE_BYTES]) -> &[u8] {
    let zeros = u128::from_be_bytes(*bytes).trailing_zeros() / u8::BITS;
    let end = INLINE_BYTES.saturating_sub(zeros as usize);
    // The end is a place among the bytes.
    bytes.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_in_the_order_of_their_texts() {
        let digits = ["0", "7", "9", "a", "f"];
        let hashes = digits.map(|digit| format!("event-{}", digit.repeat(32)));
        let others = [
            "event", "event-0", "event-a", "event-b0", "eventual", "a", "z",
        ];
        let texts: Vec<&str> = hashes.iter().map(String::as_str).chain(others).collect();
        let order = |text| IdOrder::new(Kind::Event, PackedId::from_text(Kind::Event, text));
        for one in &texts {
            for other in &texts {
                assert_eq!(
                    order(one).cmp(&order(other)),
                    one.cmp(other),
                    "{one}, {other}"
                );
            }
        }
    }

    #[test]
    fn texts_are_inline_as_long_as_they_fit() {
        for length in 0..=INLINE_BYTES {
            let text = "a".repeat(length);
            let bytes = inline(text.as_bytes()).unwrap();
            assert_eq!(without_zeros(&bytes), text.as_bytes());
        }
        assert_eq!(inline(&[b'a'; INLINE_BYTES + 1]), None);
    }
}
