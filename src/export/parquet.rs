//! Apache Parquet, as much of it as a flat table needs: optional columns of texts, numbers, flags and
//! days, plainly encoded, compressed with gzip, one page for each column of a row group.
//!
//! The crate `parquet`, stripped of its features, would bring nine others and an API of readers, codecs
//! and encodings for this one shape of table; the part of the format that is needed fits into a file,
//! and pyarrow and pandas read it back in the tests.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::csv::text;
use super::error::ExportError;
use super::stream::{Exported, Format};
use super::table::{Cell, Table, Type};
use crate::model::Kind;

/// Rows of a row group: a bound of what is held in memory.
const GROUP_ROWS: usize = 16_384;
/// Bytes of texts that a row group may hold before it is closed early.
const GROUP_BYTES: usize = 32 << 20;

const MAGIC: &[u8] = b"PAR1";

/// Numbers of the format's enumerations.
mod code {
    pub(super) const BOOLEAN: i64 = 0;
    pub(super) const INT32: i64 = 1;
    pub(super) const DOUBLE: i64 = 5;
    pub(super) const BYTE_ARRAY: i64 = 6;
    pub(super) const OPTIONAL: i64 = 1;
    pub(super) const UTF8: i64 = 0;
    pub(super) const DATE: i64 = 6;
    pub(super) const PLAIN: i64 = 0;
    pub(super) const RLE: i64 = 3;
    pub(super) const GZIP: i64 = 2;
    pub(super) const DATA_PAGE: i64 = 0;
}

pub(super) struct Parquet {
    table: Table,
    columns: Vec<Column>,
    /// Rows of the open group, and bytes of its texts.
    rows: usize,
    bytes: usize,
    groups: Vec<Group>,
    /// Bytes written so far.
    written: usize,
}

/// The values of one column in the open row group.
struct Column {
    name: &'static str,
    of: Type,
    /// Whether each row has a value.
    there: Vec<bool>,
    /// The values, plainly encoded.
    plain: Vec<u8>,
    /// The same of flags, which are packed at the end.
    flags: Vec<bool>,
}

/// A row group that was written.
struct Group {
    rows: usize,
    chunks: Vec<Chunk>,
}

/// Where a column of a row group stands.
struct Chunk {
    offset: usize,
    plain: usize,
    compressed: usize,
}

impl Parquet {
    pub(super) fn new(kind: Kind) -> Self {
        let table = Table::of(kind);
        let columns = table.columns().into_iter().map(|(name, of)| Column {
            name,
            of,
            there: Vec::new(),
            plain: Vec::new(),
            flags: Vec::new(),
        });
        Self {
            table,
            columns: columns.collect(),
            rows: 0,
            bytes: 0,
            groups: Vec::new(),
            written: 0,
        }
    }

    fn put(&mut self, out: &mut Vec<u8>, bytes: &[u8]) {
        out.extend(bytes);
        self.written += bytes.len();
    }

    fn close_group(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut chunks = Vec::with_capacity(self.columns.len());
        for at in 0..self.columns.len() {
            let Some(column) = self.columns.get_mut(at) else {
                continue;
            };
            let page = column.page();
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&page)?;
            let compressed = encoder.finish()?;
            let header = page_header(self.rows, page.len(), compressed.len());
            chunks.push(Chunk {
                offset: self.written,
                plain: header.len() + page.len(),
                compressed: header.len() + compressed.len(),
            });
            self.put(out, &header);
            self.put(out, &compressed);
        }
        self.groups.push(Group {
            rows: self.rows,
            chunks,
        });
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    /// The metadata of the file.
    fn footer(&self) -> Vec<u8> {
        let mut footer = Thrift::default();
        footer.int(1, 1);
        footer.list(2, self.columns.len() + 1, STRUCT);
        footer.nested(|root| {
            root.text(4, "record");
            root.int(5, count(self.columns.len()));
        });
        for column in &self.columns {
            footer.nested(|schema| {
                let (physical, converted) = column.types();
                schema.int(1, physical);
                schema.int(3, code::OPTIONAL);
                schema.text(4, column.name);
                if let Some(converted) = converted {
                    schema.int(6, converted);
                }
            });
        }
        let rows = self.groups.iter().map(|group| group.rows).sum();
        footer.long(3, count(rows));
        footer.list(4, self.groups.len(), STRUCT);
        for group in &self.groups {
            footer.nested(|written| {
                written.list(1, group.chunks.len(), STRUCT);
                for (chunk, column) in group.chunks.iter().zip(&self.columns) {
                    written.nested(|place| {
                        place.long(2, count(chunk.offset));
                        place.field(3, STRUCT);
                        place.nested(|meta| column.metadata(meta, chunk, group.rows));
                    });
                }
                let plain = group.chunks.iter().map(|chunk| chunk.plain).sum();
                written.long(2, count(plain));
                written.long(3, count(group.rows));
            });
        }
        footer.text(6, concat!("chancery ", env!("CARGO_PKG_VERSION")));
        footer.end();
        footer.bytes
    }
}

impl Format for Parquet {
    fn head(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        self.put(out, MAGIC);
        Ok(())
    }

    fn record(&mut self, exported: &Exported<'_>, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let cells = self.table.cells(exported)?;
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            let before = column.plain.len();
            column.push(&cell);
            self.bytes += column.plain.len() - before;
        }
        self.rows += 1;
        if self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
            self.close_group(out)?;
        }
        Ok(())
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        self.close_group(out)?;
        let footer = self.footer();
        self.put(out, &footer);
        self.put(out, &long_bytes(footer.len()));
        self.put(out, MAGIC);
        Ok(())
    }
}

impl Column {
    fn push(&mut self, cell: &Cell<'_>) {
        match (self.of, cell) {
            (_, Cell::Nothing) => {
                self.there.push(false);
                return;
            }
            (Type::Number, Cell::Number(number)) => {
                self.plain.extend(double_bytes(*number));
            }
            (Type::Day, Cell::Day(day)) => self.plain.extend(day_bytes(day.number())),
            (Type::Flag, Cell::Flag(flag)) => self.flags.push(*flag),
            _ => {
                let text = text(cell, self.of);
                self.plain.extend(long_bytes(text.len()));
                self.plain.extend(text.bytes());
            }
        }
        self.there.push(true);
    }

    /// The page of the values so far, which are then forgotten.
    fn page(&mut self) -> Vec<u8> {
        let levels = runs(&self.there);
        let mut page = long_bytes(levels.len()).to_vec();
        page.extend(levels);
        page.append(&mut self.plain);
        page.extend(packed(&self.flags));
        self.there.clear();
        self.flags.clear();
        page
    }

    const fn types(&self) -> (i64, Option<i64>) {
        match self.of {
            Type::Text | Type::Ids | Type::Texts | Type::Objects(_) | Type::Json => {
                (code::BYTE_ARRAY, Some(code::UTF8))
            }
            Type::Number => (code::DOUBLE, None),
            Type::Flag => (code::BOOLEAN, None),
            Type::Day => (code::INT32, Some(code::DATE)),
        }
    }

    fn metadata(&self, meta: &mut Thrift, chunk: &Chunk, rows: usize) {
        meta.int(1, self.types().0);
        meta.list(2, 2, I32);
        meta.number(code::PLAIN);
        meta.number(code::RLE);
        meta.list(3, 1, BINARY);
        meta.bytes_of(self.name);
        meta.int(4, code::GZIP);
        meta.long(5, count(rows));
        meta.long(6, count(chunk.plain));
        meta.long(7, count(chunk.compressed));
        meta.long(9, count(chunk.offset));
    }
}

fn page_header(rows: usize, plain: usize, compressed: usize) -> Vec<u8> {
    let mut header = Thrift::default();
    header.int(1, code::DATA_PAGE);
    header.int(2, count(plain));
    header.int(3, count(compressed));
    header.field(5, STRUCT);
    header.nested(|page| {
        page.int(1, count(rows));
        page.int(2, code::PLAIN);
        page.int(3, code::RLE);
        page.int(4, code::RLE);
    });
    header.end();
    header.bytes
}

/// Levels of one bit as runs of equal ones.
fn runs(levels: &[bool]) -> Vec<u8> {
    let mut encoded = Vec::new();
    for run in levels.chunk_by(|a, b| a == b) {
        encoded.extend(varint((run.len() as u64) << 1));
        encoded.push(u8::from(run.first() == Some(&true)));
    }
    encoded
}

/// Flags, eight a byte, the first in the lowest bit.
fn packed(flags: &[bool]) -> Vec<u8> {
    let byte = |flags: &[bool]| {
        let bits = flags.iter().enumerate();
        bits.fold(0, |byte, (at, flag)| byte | u8::from(*flag) << at)
    };
    flags.chunks(8).map(byte).collect()
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A length of 32 bits. Texts of a row group are far shorter.
#[expect(clippy::little_endian_bytes, reason = "the format says so")]
fn long_bytes(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}

#[expect(clippy::little_endian_bytes, reason = "the format says so")]
fn double_bytes(number: f64) -> [u8; 8] {
    number.to_le_bytes()
}

#[expect(clippy::little_endian_bytes, reason = "the format says so")]
fn day_bytes(number: i32) -> [u8; 4] {
    number.to_le_bytes()
}

/// Types of fields in Thrift's compact protocol.
const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// A struct in Thrift's compact protocol.
#[derive(Default)]
struct Thrift {
    bytes: Vec<u8>,
    /// The number of the last field.
    last: u8,
}

impl Thrift {
    /// Begins a field; fields come in the order of their numbers, none more than 15 after another.
    fn field(&mut self, number: u8, of: u8) {
        self.bytes.push((number - self.last) << 4 | of);
        self.last = number;
    }

    fn int(&mut self, number: u8, value: i64) {
        self.field(number, I32);
        self.number(value);
    }

    fn long(&mut self, number: u8, value: i64) {
        self.field(number, I64);
        self.number(value);
    }

    /// A number without a field, signs folded into the lowest bit.
    #[expect(clippy::cast_sign_loss, reason = "the bits are what is meant")]
    fn number(&mut self, value: i64) {
        let folded = ((value << 1) ^ (value >> 63)) as u64;
        self.bytes.extend(varint(folded));
    }

    fn text(&mut self, number: u8, text: &str) {
        self.field(number, BINARY);
        self.bytes_of(text);
    }

    /// A text without a field.
    fn bytes_of(&mut self, text: &str) {
        self.bytes.extend(varint(text.len() as u64));
        self.bytes.extend(text.bytes());
    }

    /// Begins a list; its items follow.
    fn list(&mut self, number: u8, items: usize, of: u8) {
        self.field(number, LIST);
        match u8::try_from(items) {
            Ok(items) if items < 15 => self.bytes.push(items << 4 | of),
            _ => {
                self.bytes.push(0xf0 | of);
                self.bytes.extend(varint(items as u64));
            }
        }
    }

    /// A struct within.
    fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        let outer = std::mem::take(&mut self.last);
        write(self);
        self.end();
        self.last = outer;
    }

    fn end(&mut self) {
        self.bytes.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_thrift_reads_them() {
        assert_eq!(varint(0), [0]);
        assert_eq!(varint(300), [0xac, 0x02]);
        let mut thrift = Thrift::default();
        thrift.int(1, -1);
        thrift.long(3, 64);
        assert_eq!(thrift.bytes, [0x15, 0x01, 0x26, 0x80, 0x01]);
    }

    #[test]
    fn levels_and_flags_are_packed() {
        assert_eq!(runs(&[true, true, false]), [4, 1, 2, 0]);
        assert_eq!(runs(&[]), Vec::<u8>::new());
        assert_eq!(packed(&[true, false, true]), [0b101]);
        assert_eq!(packed(&[true; 9]), [0xff, 1]);
    }
}
