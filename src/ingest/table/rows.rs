//! Delimited text, row by row: RFC 4180 where cells are quoted, plain delimiters where they are not.
//!
//! Memory does not grow with the input. Of a row its bytes are kept as they came, so that a problem can
//! say where its cell begins.

use std::io::{self, BufRead};

use csv_core::{ReadFieldResult, ReadRecordResult, Reader, ReaderBuilder};

use crate::ingest::InputPosition;
use crate::ingest::limits::{COLUMNS_MAX, RECORD_MAX_BYTES};
use crate::ingest::walk::PositionCursor;

/// Room for the cells of a row to begin with.
const CELLS_BYTES: usize = 4 << 10;
const CELLS: usize = 64;

/// How cells are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct TableDialect {
    /// The byte between cells.
    pub(in crate::ingest) delimiter: u8,
    /// Whether a cell that starts with `"` ends with one, and may have delimiters and line breaks.
    pub(in crate::ingest) has_quotes: bool,
}

impl TableDialect {
    /// The delimiters that are looked for.
    pub(in crate::ingest) const DELIMITERS: [u8; 4] = [b'\t', b',', b';', b'|'];

    /// What stands between the cells, in words.
    pub(in crate::ingest) fn delimiter_name(self) -> &'static str {
        match self.delimiter {
            b'\t' => "tabs",
            b';' => "semicolons",
            b'|' => "vertical bars",
            _ => "commas",
        }
    }

    fn reader(self) -> Reader {
        ReaderBuilder::new()
            .delimiter(self.delimiter)
            .quoting(self.has_quotes)
            .build()
    }
}

/// A row as it came.
#[derive(Debug, Default)]
pub(in crate::ingest) struct RawRow {
    /// Its cells, one after the other, and room for those of longer rows.
    cells: Vec<u8>,
    /// Bytes of its cells.
    used: usize,
    /// Where each ends there, and room for those of wider rows.
    ends: Vec<usize>,
    /// How many cells it has.
    width: usize,
    /// Its bytes, with what stands between the row before and it.
    bytes: Vec<u8>,
    /// Where it starts.
    pub(in crate::ingest) start: InputPosition,
    /// Its length in bytes, also of what is beyond the limit and not kept.
    pub(in crate::ingest) length: usize,
    /// Whether it has more than [`COLUMNS_MAX`] cells.
    pub(in crate::ingest) is_too_wide: bool,
}

impl RawRow {
    /// How many cells it has.
    pub(in crate::ingest) fn width(&self) -> usize {
        self.width
    }

    /// Its cells, one after the other, and where each ends there.
    pub(in crate::ingest) fn cells(&self) -> (&[u8], &[usize]) {
        let cells = self.cells.get(..self.used).unwrap_or_default();
        (cells, self.ends.get(..self.width).unwrap_or_default())
    }

    /// A cell; a row that ends before has an empty one.
    pub(in crate::ingest) fn cell(&self, column: usize) -> &[u8] {
        let (cells, ends) = self.cells();
        let start = match column.checked_sub(1) {
            Some(before) => ends.get(before).copied(),
            None => Some(0),
        };
        let cell = start.zip(ends.get(column).copied());
        let cell = cell.and_then(|(start, end)| cells.get(start..end));
        cell.unwrap_or_default()
    }

    /// The row as it came, without the line break before it.
    pub(in crate::ingest) fn text(&self) -> &[u8] {
        self.bytes.trim_ascii()
    }

    /// Where a cell starts. Looked up in the bytes of the row, so for problems only.
    pub(in crate::ingest) fn position(
        &self,
        column: usize,
        dialect: TableDialect,
    ) -> InputPosition {
        let before = line_breaks_before(&self.bytes);
        let bytes = self.bytes.get(before..).unwrap_or_default();
        let mut reader = dialect.reader();
        let mut cell = vec![0; bytes.len().max(1)];
        let mut offset = 0;
        for _ in 0..column {
            let rest = bytes.get(offset..).unwrap_or_default();
            let (result, read, _) = reader.read_field(rest, &mut cell);
            offset += read;
            if !matches!(result, ReadFieldResult::Field { record_end: false }) {
                break;
            }
        }
        let passed = String::from_utf8_lossy(bytes.get(..offset).unwrap_or_default());
        PositionCursor::new(&passed, self.start).at(passed.len())
    }
}

/// Bytes of line breaks at the start.
fn line_breaks_before(bytes: &[u8]) -> usize {
    let is_break = |byte: &&u8| matches!(byte, b'\r' | b'\n');
    bytes.iter().take_while(is_break).count()
}

/// Reads rows.
#[derive(Debug)]
pub(in crate::ingest) struct RowReader {
    core: Reader,
    /// Line breaks that were passed.
    lines: u64,
    /// Whether the last byte was a carriage return, which ends a line alone or with a line feed.
    after_return: bool,
}

impl RowReader {
    pub(in crate::ingest) fn new(dialect: TableDialect) -> Self {
        Self {
            core: dialect.reader(),
            lines: 0,
            after_return: false,
        }
    }

    /// Reads the next row that is not blank; `false` at the end. Beyond [`RECORD_MAX_BYTES`] a row is
    /// passed over and not kept.
    ///
    /// # Errors
    ///
    /// When `reader` fails.
    pub(in crate::ingest) fn next(
        &mut self,
        reader: &mut dyn BufRead,
        row: &mut RawRow,
    ) -> io::Result<bool> {
        row.bytes.clear();
        row.length = 0;
        row.is_too_wide = false;
        if row.cells.is_empty() {
            row.cells.resize(CELLS_BYTES, 0);
            row.ends.resize(CELLS, 0);
        }
        let (mut written, mut ended) = (0, 0);
        loop {
            let input = match reader.fill_buf() {
                Ok(input) => input,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let out = row.cells.get_mut(written..).unwrap_or_default();
            let ends = row.ends.get_mut(ended..).unwrap_or_default();
            let (result, read, more_written, more_ended) = self.core.read_record(input, out, ends);
            row.length += read;
            let room = RECORD_MAX_BYTES.saturating_sub(row.bytes.len()).min(read);
            row.bytes
                .extend_from_slice(input.get(..room).unwrap_or_default());
            reader.consume(read);
            (written, ended) = (written + more_written, ended + more_ended);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if row.length > RECORD_MAX_BYTES => written = 0,
                ReadRecordResult::OutputFull => row.cells.resize(row.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if ended > COLUMNS_MAX => {
                    row.is_too_wide = true;
                    ended = 0;
                }
                ReadRecordResult::OutputEndsFull => row.ends.resize(row.ends.len() * 2, 0),
                ReadRecordResult::Record => {
                    (row.used, row.width) = (written, ended);
                    row.is_too_wide |= ended > COLUMNS_MAX;
                    self.place(row);
                    return Ok(true);
                }
                ReadRecordResult::End => return Ok(false),
            }
        }
    }

    /// Says where a row starts, and passes its lines.
    fn place(&mut self, row: &mut RawRow) {
        let before = line_breaks_before(&row.bytes);
        let (breaks, rest) = row.bytes.split_at_checked(before).unwrap_or_default();
        self.pass(breaks);
        row.start = InputPosition {
            member: 0,
            line: self.lines + 1,
            column: 1,
        };
        self.pass(rest);
    }

    fn pass(&mut self, bytes: &[u8]) {
        let feeds = memchr::memchr_iter(b'\n', bytes).count() as u64;
        // A line feed after a carriage return is a part of the same break.
        let returns =
            memchr::memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n'));
        let joined = u64::from(self.after_return && bytes.first() == Some(&b'\n'));
        self.lines += feeds + returns.count() as u64 - joined;
        if let Some(last) = bytes.last() {
            self.after_return = *last == b'\r';
        }
    }
}

/// The cells of the first row of a text, as far as it is there.
pub(in crate::ingest) fn first_cells(text: &[u8], dialect: TableDialect) -> Vec<Vec<u8>> {
    let mut row = RawRow::default();
    let mut rest = text;
    // A slice in memory can't fail to be read.
    if !RowReader::new(dialect)
        .next(&mut rest, &mut row)
        .unwrap_or_default()
    {
        return Vec::new();
    }
    (0..row.width())
        .map(|column| row.cell(column).to_vec())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTED: TableDialect = TableDialect {
        delimiter: b',',
        has_quotes: true,
    };

    fn rows(text: &[u8], dialect: TableDialect) -> Vec<(u64, Vec<String>)> {
        let mut reader = RowReader::new(dialect);
        let (mut row, mut rest) = (RawRow::default(), text);
        let mut rows = Vec::new();
        while reader.next(&mut rest, &mut row).unwrap() {
            let cells = (0..row.width()).map(|column| row.cell(column));
            let cells = cells.map(|cell| String::from_utf8_lossy(cell).into_owned());
            rows.push((row.start.line, cells.collect()));
        }
        rows
    }

    #[test]
    fn rows_have_their_lines_whatever_ends_them() {
        let expected: Vec<(u64, Vec<String>)> = [(1, ["a", "b"]), (2, ["c", "d"]), (4, ["e", "f"])]
            .map(|(line, cells)| (line, cells.map(str::to_owned).to_vec()))
            .to_vec();
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "c,d", "", "e,f"].join(end);
            assert_eq!(rows(text.as_bytes(), QUOTED), expected, "{end:?}");
            assert_eq!(rows((text + end).as_bytes(), QUOTED), expected, "{end:?}");
        }
        let text = b"a,\"b\nb\"\nc,d\n";
        assert_eq!(rows(text, QUOTED)[1].0, 3);
    }

    #[test]
    fn quotes_are_kept_where_cells_are_not_quoted() {
        let tabs = TableDialect {
            delimiter: b'\t',
            has_quotes: false,
        };
        let rows = rows(b"\"a\t\"\"b\"\"\n", tabs);
        assert_eq!(rows[0].1, ["\"a", "\"\"b\"\""]);
    }

    #[test]
    fn a_cell_has_its_place() {
        let mut reader = RowReader::new(QUOTED);
        let (mut row, mut rest) = (RawRow::default(), "ä,\"b\nb\",c\n\"d\",e\n".as_bytes());
        assert!(reader.next(&mut rest, &mut row).unwrap());
        let place = |row: &RawRow, column| {
            let position = row.position(column, QUOTED);
            (position.line, position.column)
        };
        assert_eq!(
            [0, 1, 2].map(|column| place(&row, column)),
            [(1, 1), (1, 3), (2, 4)]
        );
        assert!(reader.next(&mut rest, &mut row).unwrap());
        assert_eq!([0, 1].map(|column| place(&row, column)), [(3, 1), (3, 5)]);
    }

    #[test]
    fn a_row_has_no_more_than_the_limits() {
        let read = |text: &str| {
            let (mut row, mut rest) = (RawRow::default(), text.as_bytes());
            assert!(RowReader::new(QUOTED).next(&mut rest, &mut row).unwrap());
            (row.length > RECORD_MAX_BYTES, row.is_too_wide)
        };
        let long = "a".repeat(RECORD_MAX_BYTES);
        assert_eq!(read(&long), (false, false));
        assert_eq!(read(&format!("{long}a")), (true, false));
        let wide = ",".repeat(COLUMNS_MAX - 1);
        assert_eq!(read(&wide), (false, false));
        assert_eq!(read(&format!("{wide},")), (false, true));
    }
}
