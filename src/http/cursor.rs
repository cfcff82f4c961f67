//! Cursors: where the next page of a query starts.
//!
//! A cursor holds the number of the commit that the first page was of, the number of items before
//! the page, and a fingerprint of the query, so that it serves no other.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Bytes of a cursor before it is encoded: commit, items, fingerprint.
const BYTES: usize = 24;
/// Bytes of the path and parameters of most queries, with their lengths.
const USUAL_BYTES: usize = 512;
/// What a cursor looks like: 24 bytes in base64url.
pub(super) const PATTERN: &str = "^[A-Za-z0-9_-]{32}$";

/// Where a page starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageCursor {
    /// The commit that all pages are of.
    pub(super) commit: u64,
    /// The items before the page.
    pub(super) offset: u64,
    /// Of the query that it belongs to.
    pub(super) fingerprint: [u8; 8],
}

impl PageCursor {
    /// The cursor as text.
    pub(super) fn encode(self) -> String {
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.extend(self.commit.to_be_bytes());
        bytes.extend(self.offset.to_be_bytes());
        bytes.extend(self.fingerprint);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads the text of a cursor; `None` if it is none.
    pub(super) fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (commit, rest) = bytes.split_first_chunk::<8>()?;
        let (offset, rest) = rest.split_first_chunk::<8>()?;
        Some(Self {
            commit: u64::from_be_bytes(*commit),
            offset: u64::from_be_bytes(*offset),
            fingerprint: rest.try_into().ok()?,
        })
    }
}

/// The fingerprint of a query: of its path and its parameters, in whatever order they are given.
pub(super) fn fingerprint<'a>(
    path: &str,
    parameters: impl Iterator<Item = (&'a str, &'a str)>,
) -> [u8; 8] {
    let mut parameters: Vec<(&str, &str)> = parameters.collect();
    parameters.sort_unstable();
    let mut all = Vec::with_capacity(USUAL_BYTES);
    // Lengths keep apart what would else read the same.
    let mut add = |text: &str| {
        all.extend_from_slice(&(text.len() as u64).to_be_bytes());
        all.extend_from_slice(text.as_bytes());
    };
    add(path);
    for (name, value) in parameters {
        add(name);
        add(value);
    }
    let hash = blake3::hash(&all);
    hash.as_bytes().first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back() {
        let cursor = PageCursor {
            commit: 7,
            offset: u64::MAX,
            fingerprint: *b"abcdefgh",
        };
        let text = cursor.encode();
        assert_eq!(text.len(), 32);
        assert_eq!(PageCursor::decode(&text), Some(cursor));
        for wrong in [
            "",
            "x",
            "zzzz",
            text.get(1..).unwrap(),
            &format!("{text}AAAA"),
            "äöü",
        ] {
            assert_eq!(PageCursor::decode(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn fingerprints_tell_queries_apart_but_not_the_order_of_parameters() {
        let of = |pairs: &[(&'static str, &'static str)]| fingerprint("/p", pairs.iter().copied());
        assert_eq!(of(&[("a", "1"), ("b", "2")]), of(&[("b", "2"), ("a", "1")]));
        assert_ne!(of(&[("a", "1")]), of(&[("a", "2")]));
        assert_ne!(of(&[("a", "b"), ("c", "d")]), of(&[("a", "bc"), ("d", "")]));
        assert_ne!(of(&[]), fingerprint("/q", std::iter::empty()));
    }
}
