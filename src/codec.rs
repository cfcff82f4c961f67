//! A record as bytes: the form in which the journal keeps it on disk and the graph keeps what it
//! needs only for answers. Compact, versioned, and independent of the JSON form.
//!
//! A *block* of single writes is the version byte [`VERSION`] followed by changes, each a length
//! (LEB128 varint) and that many bytes of
//! [postcard](https://postcard.jamesmunns.com/wire-format): the variant of [`StoredChange`], then its
//! fields in order. Dates, ids and codes are kept as they were written, words of closed lists as
//! their numbers. A block of an import keeps plain events as columns (see [`BlockEncoder`]). A
//! [`BlockDecoder`] reads both.

mod block;
mod stored;

use thiserror::Error;

use crate::model::{Id, Kind, Record};
pub use block::{Block, BlockDecoder, BlockEncoder, EventId, PlainColumns, PlainRow};
use stored::StoredChange;

/// The version of the encoding of single changes, the first byte of their blocks.
const VERSION: u8 = 1;
/// The last version that this program reads.
const LAST_VERSION: u8 = block::COLUMNS;

/// One thing that a commit does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "nearly every change is a record")]
pub enum RecordChange {
    /// The record is as given from now on.
    Put(Record),
    /// The record is no more.
    Delete(Kind, Id),
}

/// Bytes that are no record.
#[derive(Debug, Error)]
pub enum CodecError {
    /// Written by a later version of the program.
    #[error(
        "the block has encoding version {0}, this program reads up to {LAST_VERSION}: use a newer chancery"
    )]
    TooNew(u8),
    /// The bytes end early, run on, or hold a value that can't be.
    #[error("the bytes are not a record: {0}")]
    Malformed(String),
}

impl From<postcard::Error> for CodecError {
    fn from(error: postcard::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// Writes `record` at the end of `out`.
///
/// # Errors
///
/// When a length passes what the encoding can count.
pub fn encode(record: &Record, out: &mut Vec<u8>) -> Result<(), CodecError> {
    append(&StoredChange::from_record(record), out)
}

/// The record that [`encode`] wrote.
///
/// # Errors
///
/// When the bytes are no encoded record.
pub fn decode(bytes: &[u8]) -> Result<Record, CodecError> {
    match postcard::from_bytes::<StoredChange<'_>>(bytes)?.into_change()? {
        RecordChange::Put(record) => Ok(record),
        RecordChange::Delete(..) => Err(CodecError::Malformed("a deletion is not a record".into())),
    }
}

/// The id of an encoded record, without decoding the rest: it stands first in every variant.
///
/// # Errors
///
/// When the bytes do not begin like an encoded record.
pub fn id(bytes: &[u8]) -> Result<&str, CodecError> {
    let (_variant, rest) = postcard::take_from_bytes::<u32>(bytes)?;
    Ok(postcard::take_from_bytes::<&str>(rest)?.0)
}

/// What answers show of an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActorSummary<'a> {
    /// The number of its kind.
    pub kind: u8,
    /// The name under which it is shown.
    pub name: &'a str,
}

/// What answers show of an encoded actor, without a copy and without the rest of it.
///
/// # Errors
///
/// When the bytes do not begin like an encoded actor.
pub fn actor_head(bytes: &[u8]) -> Result<ActorSummary<'_>, CodecError> {
    stored::actor_head(bytes)
}

/// What answers show of a source that a record cites.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourceSummary<'a> {
    /// Its title.
    pub title: Option<&'a str>,
    /// Who published it.
    pub publisher: Option<&'a str>,
    /// The agency whose wire it carries.
    pub agency: Option<&'a str>,
    /// The id of the source that it repeats.
    pub original: Option<&'a str>,
    /// Where it can be read.
    pub url: Option<&'a str>,
    /// When it was published, as written.
    pub published: Option<&'a str>,
}

/// What answers show of an encoded source, without a copy.
///
/// # Errors
///
/// When the bytes are no encoded source.
pub fn source_head(bytes: &[u8]) -> Result<SourceSummary<'_>, CodecError> {
    stored::source_head(bytes)
}

/// Starts a block.
pub fn block() -> Vec<u8> {
    vec![VERSION]
}

/// Adds one change to a block.
///
/// # Errors
///
/// When a length passes what the encoding can count.
pub fn push(block: &mut Vec<u8>, change: &RecordChange) -> Result<(), CodecError> {
    let bytes = postcard::to_stdvec(&StoredChange::of_change(change))?;
    append(&bytes.len(), block)?;
    block.extend_from_slice(&bytes);
    Ok(())
}

/// Reads the changes of a block in order.
///
/// # Errors
///
/// When the block is empty or of a later version.
pub fn changes(block: &[u8]) -> Result<BlockChanges<'_>, CodecError> {
    match block.split_first() {
        Some((&VERSION, rest)) => Ok(BlockChanges { rest }),
        Some((&version, _)) => Err(CodecError::TooNew(version)),
        None => Err(CodecError::Malformed("the block is empty".into())),
    }
}

/// The changes of a block.
#[derive(Debug)]
pub struct BlockChanges<'a> {
    rest: &'a [u8],
}

impl Iterator for BlockChanges<'_> {
    type Item = Result<RecordChange, CodecError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let change = self.take();
        if change.is_err() {
            self.rest = &[];
        }
        Some(change)
    }
}

impl BlockChanges<'_> {
    fn take(&mut self) -> Result<RecordChange, CodecError> {
        let (len, rest) = postcard::take_from_bytes::<usize>(self.rest)?;
        let (bytes, rest) = rest
            .split_at_checked(len)
            .ok_or_else(|| CodecError::Malformed("the block ends inside a change".into()))?;
        self.rest = rest;
        postcard::from_bytes::<StoredChange<'_>>(bytes)?.into_change()
    }
}

fn append<T: serde::Serialize>(value: &T, out: &mut Vec<u8>) -> Result<(), CodecError> {
    let bytes = std::mem::take(out);
    *out = postcard::to_extend(value, bytes)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Defaults, read};
    use crate::model::Kind;

    fn event(json: &str) -> Record {
        let defaults = Defaults {
            dataset: Id::parse("test").unwrap(),
        };
        let draft = read(Kind::Event, json, &defaults).unwrap();
        draft
            .resolve(&mut |name| Ok(Id::parse(name.as_str()).unwrap()))
            .unwrap()
    }

    #[test]
    fn a_block_gives_its_changes_back() {
        let record = event(
            r#"{"id":"e1","type":"CONSULT","cameo":"042","title":"Visit","date":"2023-06-18/2023-06-19",
            "status":"scheduled","participants":[{"actor":"a","role":"source"},{"actor":"b","role":"host"}],
            "place":{"name":"Beijing","lat":39.9,"lon":116.4},"topics":["t"],
            "links":[{"kind":"reschedules","event":"e0"}],
            "sources":[{"source":"s","quote":"“so”","locator":"p. 1","confidence":0.8333}],
            "attributes":{"n":1.5,"m":[1,{"k":null}]}}"#,
        );
        let deletion = RecordChange::Delete(Kind::Actor, Id::parse("a").unwrap());
        let mut bytes = block();
        push(&mut bytes, &RecordChange::Put(record.clone())).unwrap();
        push(&mut bytes, &deletion).unwrap();
        let back: Vec<_> = changes(&bytes).unwrap().map(Result::unwrap).collect();
        assert_eq!(back, [RecordChange::Put(record), deletion]);
    }

    #[test]
    fn the_id_is_read_from_the_front() {
        let record =
            event(r#"{"id":"e1","type":"AID","participants":[{"actor":"a","role":"source"}]}"#);
        let mut bytes = Vec::new();
        encode(&record, &mut bytes).unwrap();
        assert_eq!(id(&bytes).unwrap(), "e1");
        assert_eq!(decode(&bytes).unwrap(), record);
    }

    #[test]
    fn damaged_blocks_are_errors_and_never_panics() {
        let record = event(r#"{"type":"AID","participants":[{"actor":"a","role":"source"}]}"#);
        let mut bytes = block();
        push(&mut bytes, &RecordChange::Put(record)).unwrap();
        for cut in 2..bytes.len() {
            assert!(
                changes(&bytes[..cut]).unwrap().any(|c| c.is_err()),
                "cut at {cut}"
            );
        }
        assert!(matches!(changes(&[9]), Err(CodecError::TooNew(9))));
        assert!(matches!(changes(&[]), Err(CodecError::Malformed(_))));
        for i in 1..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[i] ^= 0x55;
            changes(&flipped).unwrap().for_each(drop);
        }
    }
}
