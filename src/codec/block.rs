//! Blocks of version 2: plain events as columns, with other changes where they came between.
//!
//! A block is the version byte 2, its head in [postcard](https://postcard.jamesmunns.com/wire-format)
//! ([`BlockHeader`]), and then, for the plain events in order, the columns
//!
//! 1. shape: a number;
//! 2. first day of the date: days since [`Day::MIN`] plus one, 0 for none;
//! 3. days from the first to the last;
//! 4. participants, as many each as its shape has roles: numbers of texts;
//! 5. length in bytes of the id that it has of its own, 0 for the hash of its content;
//! 6. the ids one after the other: the text, or the 16 bytes of the hash.
//!
//! A column of numbers but for the last is one byte, the width of a number in bytes (0 to 4: 0 when
//! all are 0), and the numbers, big-endian. Texts (ids of actors) and shapes are numbered from 0
//! through all blocks of a commit; each block brings those that it is the first to use. So the
//! blocks of a commit are read in order, by one [`BlockDecoder`].

use serde::{Deserialize, Serialize};

use super::stored::{StoredChange, StoredShape};
use super::{BlockChanges, CodecError, RecordChange, VERSION};
use crate::invariant::{Holds as _, number_32};
use crate::model::{Day, Id, Shape};

/// What holds of every row that is given.
const SEEN: &str = "the decoder has seen that a row is whole";
/// The version of blocks with columns.
pub(super) const COLUMNS: u8 = 2;
/// Bytes of a hash in an id.
const HASH_BYTES: usize = 16;

#[derive(Serialize, Deserialize)]
struct BlockHeader<'a> {
    #[serde(borrow)]
    texts: Vec<&'a str>,
    #[serde(borrow)]
    shapes: Vec<StoredShape<'a>>,
    rows: u32,
    /// Changes of other records, each with the number of plain events before it.
    #[serde(borrow)]
    changes: Vec<(u32, &'a [u8])>,
}

/// Gathers the changes of one commit into blocks.
#[derive(Debug, Default)]
pub struct BlockEncoder {
    /// Texts and shapes in the blocks before.
    texts_before: u32,
    shapes_before: u32,
    texts: Vec<Id>,
    shapes: Vec<Shape>,
    /// Encoded, each with the number of plain events before it.
    changes: Vec<(u32, Vec<u8>)>,
    rows: PlainColumns,
    /// About how many bytes the block is going to have.
    bytes: usize,
}

/// Plain events as columns, with the numbers of their texts and shapes in the commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlainColumns {
    shape: Vec<u32>,
    first: Vec<u32>,
    span: Vec<u32>,
    actors: Vec<u32>,
    id_bytes: Vec<u32>,
    ids: Vec<u8>,
}

/// The id of a plain event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventId<'a> {
    /// The hash of its content, as its author gave none.
    Content([u8; 16]),
    /// Its own.
    Stated(&'a str),
}

/// A plain event of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainRow<'a> {
    /// The number of its shape in the commit.
    pub shape: u32,
    /// The first and the last day of its date.
    pub days: Option<(Day, Day)>,
    /// The numbers of the ids of its participants in the commit.
    pub actors: &'a [u32],
    /// Its id.
    pub id: EventId<'a>,
}

impl BlockEncoder {
    /// The number of the id of an actor that was not given before.
    pub fn text(&mut self, id: &Id) -> u32 {
        self.bytes += id.as_str().len() + 1;
        self.texts.push(id.clone());
        self.texts_before + number(self.texts.len() - 1)
    }

    /// The number of a shape that was not given before.
    pub fn shape(&mut self, shape: &Shape) -> u32 {
        let cited: usize = shape
            .sources
            .iter()
            .map(|(id, _)| id.as_str().len() + 4)
            .sum();
        self.bytes += 32 + shape.dataset.as_str().len() + shape.roles.len() + cited;
        self.shapes.push(shape.clone());
        self.shapes_before + number(self.shapes.len() - 1)
    }

    /// Adds a plain event.
    pub fn row(&mut self, row: PlainRow<'_>) {
        let rows = &mut self.rows;
        let (first, span) = row.days.map_or((0, 0), |(first, last)| {
            let since = |from: Day, to: Day| to.number().abs_diff(from.number());
            (since(Day::MIN, first) + 1, since(first, last))
        });
        rows.shape.push(row.shape);
        rows.first.push(first);
        rows.span.push(span);
        rows.actors.extend_from_slice(row.actors);
        let id = match &row.id {
            EventId::Content(hash) => {
                rows.id_bytes.push(0);
                hash.as_slice()
            }
            EventId::Stated(id) => {
                rows.id_bytes.push(number(id.len()));
                id.as_bytes()
            }
        };
        rows.ids.extend_from_slice(id);
        self.bytes += 8 + 2 * row.actors.len() + id.len();
    }

    /// Adds a change of any record.
    ///
    /// # Errors
    ///
    /// When a length passes what the encoding can count.
    pub fn change(&mut self, change: &RecordChange) -> Result<(), CodecError> {
        let change = postcard::to_stdvec(&StoredChange::of_change(change))?;
        self.bytes += change.len() + 4;
        self.changes.push((number(self.rows.len()), change));
        Ok(())
    }

    /// About how many bytes the block has by now.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The block of what was added since the last; `None` when that is nothing.
    ///
    /// # Errors
    ///
    /// When a length passes what the encoding can count.
    pub fn take(&mut self) -> Result<Option<Vec<u8>>, CodecError> {
        if self.bytes == 0 {
            return Ok(None);
        }
        let changes = self.changes.iter();
        let head = BlockHeader {
            texts: self.texts.iter().map(Id::as_str).collect(),
            shapes: self.shapes.iter().map(StoredShape::from_shape).collect(),
            rows: number(self.rows.len()),
            changes: changes
                .map(|(before, change)| (*before, change.as_slice()))
                .collect(),
        };
        let mut block = Vec::with_capacity(self.bytes + self.bytes / 4);
        block.push(COLUMNS);
        let mut block = postcard::to_extend(&head, block)?;
        let rows = &self.rows;
        for column in [
            &rows.shape,
            &rows.first,
            &rows.span,
            &rows.actors,
            &rows.id_bytes,
        ] {
            write_column(column, &mut block);
        }
        block.extend_from_slice(&rows.ids);
        self.texts_before += number(self.texts.len());
        self.shapes_before += number(self.shapes.len());
        self.texts.clear();
        self.shapes.clear();
        self.changes.clear();
        self.rows.clear();
        self.bytes = 0;
        Ok(Some(block))
    }
}

impl PlainColumns {
    /// The number of plain events.
    pub fn len(&self) -> usize {
        self.shape.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn clear(&mut self) {
        self.shape.clear();
        self.first.clear();
        self.span.clear();
        self.actors.clear();
        self.id_bytes.clear();
        self.ids.clear();
    }
}

/// What a block holds.
#[derive(Debug, Default)]
pub struct Block {
    /// The ids of actors first used in it.
    pub texts: Vec<Id>,
    /// The shapes first used in it.
    pub shapes: Vec<Shape>,
    /// Changes of other records, each with the number of plain events before it.
    pub changes: Vec<(u32, RecordChange)>,
    rows: PlainColumns,
    /// The number of participants of each plain event.
    roles: Vec<usize>,
}

impl Block {
    /// The plain events in order.
    pub fn rows(&self) -> impl Iterator<Item = PlainRow<'_>> {
        let rows = &self.rows;
        let (mut actors, mut ids) = (rows.actors.as_slice(), rows.ids.as_slice());
        let days = rows.first.iter().zip(&rows.span);
        let numbers = rows
            .shape
            .iter()
            .zip(&self.roles)
            .zip(days)
            .zip(&rows.id_bytes);
        numbers.filter_map(move |(((shape, roles), (first, span)), id_bytes)| {
            let (of_row, rest) = actors.split_at_checked(*roles).holds(SEEN)?;
            actors = rest;
            let bytes = if *id_bytes == 0 {
                HASH_BYTES
            } else {
                *id_bytes as usize
            };
            let (id, rest) = ids.split_at_checked(bytes).holds(SEEN)?;
            ids = rest;
            Some(PlainRow {
                shape: *shape,
                days: days_of(*first, *span),
                actors: of_row,
                id: if *id_bytes == 0 {
                    EventId::Content(id.try_into().holds(SEEN)?)
                } else {
                    EventId::Stated(str::from_utf8(id).holds(SEEN)?)
                },
            })
        })
    }
}

/// Reads the blocks of one commit in order.
#[derive(Debug, Default)]
pub struct BlockDecoder {
    texts: u32,
    /// The number of roles of each shape.
    roles: Vec<usize>,
}

impl BlockDecoder {
    /// What a block holds, of any version.
    ///
    /// # Errors
    ///
    /// When the block is empty, of a later version, or damaged.
    pub fn block(&mut self, block: &[u8]) -> Result<Block, CodecError> {
        match block.split_first() {
            Some((&VERSION, rest)) => {
                let changes = BlockChanges { rest };
                let changes: Result<_, CodecError> =
                    changes.map(|change| Ok((0, change?))).collect();
                Ok(Block {
                    changes: changes?,
                    ..Block::default()
                })
            }
            Some((&COLUMNS, rest)) => self.columns(rest),
            Some((&version, _)) => Err(CodecError::TooNew(version)),
            None => Err(malformed("the block is empty")),
        }
    }

    fn columns(&mut self, bytes: &[u8]) -> Result<Block, CodecError> {
        let (head, mut rest) = postcard::take_from_bytes::<BlockHeader<'_>>(bytes)?;
        let texts: Result<Vec<Id>, CodecError> = head
            .texts
            .iter()
            .map(|text| Id::parse(text).map_err(|e| malformed(&e.to_string())))
            .collect();
        let texts = texts?;
        let shapes: Result<Vec<Shape>, CodecError> =
            head.shapes.into_iter().map(StoredShape::read).collect();
        let shapes = shapes?;
        self.texts = u32::try_from(texts.len())
            .ok()
            .and_then(|texts| self.texts.checked_add(texts))
            .ok_or_else(|| malformed("it has too many texts"))?;
        self.roles
            .extend(shapes.iter().map(|shape| shape.roles.len()));
        let mut changes = Vec::with_capacity(head.changes.len());
        let mut before = 0;
        for (at, change) in head.changes {
            if at < before || at > head.rows {
                return Err(malformed("its changes are out of order"));
            }
            before = at;
            changes.push((
                at,
                postcard::from_bytes::<StoredChange<'_>>(change)?.into_change()?,
            ));
        }
        let (rows, roles) = self.rows(head.rows as usize, &mut rest)?;
        Ok(Block {
            texts,
            shapes,
            changes,
            rows,
            roles,
        })
    }

    fn rows(
        &self,
        count: usize,
        rest: &mut &[u8],
    ) -> Result<(PlainColumns, Vec<usize>), CodecError> {
        // Each has an id of some bytes, which bounds what the columns can take.
        if count > rest.len() {
            return Err(malformed("it has fewer bytes than events"));
        }
        let shape = read_column(count, rest)?;
        let first = read_column(count, rest)?;
        let span = read_column(count, rest)?;
        let roles = shape.iter().map(|number| {
            let roles = self.roles.get(*number as usize).copied();
            roles.ok_or_else(|| malformed("it names a shape that is not there"))
        });
        let roles = roles.collect::<Result<Vec<usize>, _>>()?;
        let actors = roles.iter().sum();
        if actors > ACTORS_MAX {
            return Err(malformed("its events have too many participants"));
        }
        let actors = read_column(actors, rest)?;
        if actors.iter().any(|actor| *actor >= self.texts) {
            return Err(malformed("it names an actor that is not there"));
        }
        let dated = first.iter().zip(&span);
        for (first, span) in dated {
            let fits = if *first == 0 {
                *span == 0
            } else {
                days_of(*first, *span).is_some()
            };
            if !fits {
                return Err(malformed("a date is out of range"));
            }
        }
        let id_bytes = read_column(count, rest)?;
        let mut ids = *rest;
        for bytes in &id_bytes {
            let length = if *bytes == 0 {
                HASH_BYTES
            } else {
                *bytes as usize
            };
            let (id, after) = ids
                .split_at_checked(length)
                .ok_or_else(|| malformed("it ends inside an id"))?;
            ids = after;
            if *bytes > 0 {
                let text = str::from_utf8(id).map_err(|e| malformed(&e.to_string()))?;
                Id::check(text).map_err(|e| malformed(&e.to_string()))?;
            }
        }
        if !ids.is_empty() {
            return Err(malformed("it runs on after its last event"));
        }
        let rows = PlainColumns {
            shape,
            first,
            span,
            actors,
            id_bytes,
            ids: rest.to_vec(),
        };
        Ok((rows, roles))
    }
}

/// Participants of all events of a block. Blocks are closed long before.
const ACTORS_MAX: usize = 1 << 24;

fn days_of(first: u32, span: u32) -> Option<(Day, Day)> {
    let since = first.checked_sub(1)?;
    let first = Day::from_number(Day::MIN.number().checked_add_unsigned(since)?)?;
    let last = Day::from_number(first.number().checked_add_unsigned(span)?)?;
    Some((first, last))
}

fn write_column(numbers: &[u32], block: &mut Vec<u8>) {
    // Of no numbers none is written.
    let most = numbers.iter().copied().max().unwrap_or_default();
    let width = 4 - most.leading_zeros() as usize / 8;
    // A width is at most 4.
    block.push(u8::try_from(width).unwrap_or_default());
    for number in numbers {
        let bytes = number.to_be_bytes();
        block.extend_from_slice(bytes.get(4 - width..).unwrap_or_default());
    }
}

fn read_column(count: usize, rest: &mut &[u8]) -> Result<Vec<u32>, CodecError> {
    let cut = || malformed("it ends inside a column");
    let (&width, after) = rest.split_first().ok_or_else(cut)?;
    let width = usize::from(width);
    if width > 4 {
        return Err(malformed("a column has numbers of more than four bytes"));
    }
    let (bytes, after) = after.split_at_checked(count * width).ok_or_else(cut)?;
    *rest = after;
    let value = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0, |value, byte| value << 8 | u32::from(*byte))
    };
    Ok(match width {
        0 => vec![0; count],
        _ => bytes.chunks_exact(width).map(value).collect(),
    })
}

fn number(count: usize) -> u32 {
    number_32(count)
}

fn malformed(what: &str) -> CodecError {
    CodecError::Malformed(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cameo, Coding, Confidence, Kind, Role, Status};
    use proptest::prelude::*;

    fn shape(roles: &[Role], confidence: Option<u16>) -> Shape {
        let id = |text| Id::parse(text).unwrap();
        Shape {
            dataset: id("d"),
            coding: Coding::new(None, Cameo::parse("042").ok()).unwrap(),
            status: Status::Occurred,
            roles: roles.into(),
            sources: [(id("s"), confidence.and_then(Confidence::of_thousandths))].into(),
        }
    }

    /// Shape, days, id, and whether something is deleted before it.
    type Given = (u32, Option<(i32, i32)>, u8, bool);

    /// The roles of the two shapes that rows have.
    fn roles(shape: u32) -> usize {
        if shape == 0 { 2 } else { 1 }
    }

    /// Encodes some rows and deletions in two blocks and reads them back.
    fn blocks(rows: &[Given]) -> Vec<Vec<u8>> {
        let mut encoder = BlockEncoder::default();
        let mut blocks = Vec::new();
        for (i, (shape_number, days, id, change)) in rows.iter().enumerate() {
            if i == 0 {
                encoder.text(&Id::parse("a").unwrap());
                encoder.shape(&shape(&[Role::Source, Role::Target], Some(833)));
                encoder.shape(&shape(&[Role::Host], None));
            }
            if i == rows.len() / 2 {
                blocks.extend(encoder.take().unwrap());
                encoder.text(&Id::parse("b").unwrap());
            }
            if *change {
                let id = Id::parse("gone").unwrap();
                encoder
                    .change(&RecordChange::Delete(Kind::Event, id))
                    .unwrap();
            }
            let text = format!("e{id}");
            let actors = [0, u32::from(i >= rows.len() / 2)];
            encoder.row(PlainRow {
                shape: *shape_number,
                days: days.and_then(|(a, b)| Day::from_number(a).zip(Day::from_number(b))),
                actors: &actors[..roles(*shape_number)],
                id: if *id < 128 {
                    EventId::Content([*id; 16])
                } else {
                    EventId::Stated(&text)
                },
            });
        }
        blocks.extend(encoder.take().unwrap());
        blocks
    }

    fn row() -> impl Strategy<Value = Given> {
        let days =
            prop::option::of((-4_371_587..2_932_000_i32, 0..400_i32).prop_map(|(a, n)| (a, a + n)));
        (0..2_u32, days, any::<u8>(), any::<bool>())
    }

    proptest! {
        #[test]
        fn blocks_give_back_what_was_put_in(rows in prop::collection::vec(row(), 1..40)) {
            let mut decoder = BlockDecoder::default();
            let mut seen = Vec::new();
            let mut deletions = 0;
            for block in blocks(&rows) {
                let block = decoder.block(&block).unwrap();
                deletions += block.changes.len();
                for row in block.rows() {
                    let id = match row.id {
                        EventId::Content(hash) => hash[0],
                        EventId::Stated(text) => text.strip_prefix('e').unwrap().parse().unwrap(),
                    };
                    let days = row.days.map(|(a, b)| (a.number(), b.number()));
                    let i = seen.len();
                    prop_assert_eq!(row.actors.len(), roles(row.shape));
                    prop_assert!(row.actors.iter().all(|actor| *actor == 0 || i >= rows.len() / 2));
                    seen.push((row.shape, days, id));
                }
            }
            let expected: Vec<_> = rows.iter().map(|r| (r.0, r.1, r.2)).collect();
            prop_assert_eq!(seen, expected);
            prop_assert_eq!(deletions, rows.iter().filter(|r| r.3).count());
        }

        #[test]
        fn damaged_blocks_are_errors_or_other_events_and_never_panics(
            rows in prop::collection::vec(row(), 1..10),
            at: prop::sample::Index,
            with: u8,
            cut: prop::sample::Index,
        ) {
            for block in blocks(&rows) {
                let mut flipped = block.clone();
                let at = at.index(flipped.len());
                flipped[at] ^= with;
                if let Ok(read) = BlockDecoder::default().block(&flipped) {
                    prop_assert_eq!(read.rows().count(), read.rows.len());
                }
                let mut decoder = BlockDecoder::default();
                prop_assert!(decoder.block(&block[..cut.index(block.len())]).is_err());
            }
        }

        #[test]
        fn arbitrary_bytes_never_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..200), columns: bool) {
            if columns && !bytes.is_empty() {
                bytes[0] = COLUMNS;
            }
            if let Ok(read) = BlockDecoder::default().block(&bytes) {
                prop_assert_eq!(read.rows().count(), read.rows.len());
            }
        }
    }
}
