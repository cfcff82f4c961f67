//! The text of cells: UTF-8, or Windows-1252 where that is what the bytes show.

use encoding_rs::WINDOWS_1252;

use super::rows::RawRow;
use crate::ingest::no_utf8;
use crate::model::RecordProblem;

/// The cells of a row as text.
#[derive(Debug, Default)]
pub(in crate::ingest) struct TextRow {
    text: String,
    ends: Vec<usize>,
}

impl TextRow {
    /// A cell without white space at its ends; a row that ends before has an empty one.
    pub(in crate::ingest) fn cell(&self, column: usize) -> &str {
        let start = match column.checked_sub(1) {
            Some(before) => self.ends.get(before).copied(),
            None => Some(0),
        };
        let cell = start.zip(self.ends.get(column).copied());
        let cell = cell.and_then(|(start, end)| self.text.get(start..end));
        cell.unwrap_or_default().trim()
    }

    /// All cells.
    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|column| self.cell(column))
    }

    /// Whether it has so many cells, or more of which the others are empty.
    pub(super) fn has_width(&self, width: usize) -> bool {
        let more = (width..self.ends.len()).all(|column| self.cell(column).is_empty());
        self.ends.len() >= width && more
    }

    /// The first cell with other characters than those of ASCII.
    pub(super) fn first_other_than_ascii(&self) -> Option<&str> {
        self.cells().find(|cell| !cell.is_ascii())
    }
}

/// Makes text of cells.
#[derive(Debug, Default)]
pub(super) struct TextDecoder {
    /// Whether a row had other characters than those of ASCII, in UTF-8.
    has_met_utf8: bool,
    is_windows_1252: bool,
}

impl TextDecoder {
    /// Whether what follows is read as Windows-1252.
    pub(super) fn is_windows_1252(&self) -> bool {
        self.is_windows_1252
    }

    /// Makes text of a row, or says which cell is none.
    pub(super) fn decode(
        &mut self,
        row: &RawRow,
        out: &mut TextRow,
    ) -> Result<(), (usize, RecordProblem)> {
        let (cells, ends) = row.cells();
        let text = str::from_utf8(cells).ok();
        // Two cells may be UTF-8 together that are not each for itself.
        let text = text.filter(|text| ends.iter().all(|end| text.is_char_boundary(*end)));
        match text {
            Some(text) if text.is_ascii() || !self.is_windows_1252 => {
                self.has_met_utf8 |= !text.is_ascii();
                out.text.clear();
                out.text.push_str(text);
                out.ends.clear();
                out.ends.extend_from_slice(ends);
                Ok(())
            }
            Some(_) => {
                let problem = RecordProblem::new("", "is UTF-8, and rows before are not");
                let column = (0..row.width()).find(|column| !row.cell(*column).is_ascii());
                Err((column.unwrap_or_default(), one_encoding(problem)))
            }
            None if self.has_met_utf8 => Err(not_utf8(row)),
            None => {
                self.is_windows_1252 = true;
                decode_windows_1252(row, out)
            }
        }
    }
}

fn decode_windows_1252(row: &RawRow, out: &mut TextRow) -> Result<(), (usize, RecordProblem)> {
    out.text.clear();
    out.ends.clear();
    for column in 0..row.width() {
        let (cell, _) = WINDOWS_1252.decode_without_bom_handling(row.cell(column));
        // Bytes that the encoding leaves open become control characters.
        if let Some(control) = cell.chars().find(|c| ('\u{80}'..'\u{a0}').contains(c)) {
            let problem = RecordProblem::new("", "is neither UTF-8 nor Windows-1252");
            let byte = format!("byte 0x{:02X}", u32::from(control));
            return Err((column, one_encoding(problem).value(byte)));
        }
        out.text.push_str(&cell);
        out.ends.push(out.text.len());
    }
    Ok(())
}

fn not_utf8(row: &RawRow) -> (usize, RecordProblem) {
    let is_bad = |column: &usize| str::from_utf8(row.cell(*column)).is_err();
    let column = (0..row.width()).find(is_bad).unwrap_or_default();
    let cell = row.cell(column);
    let good = str::from_utf8(cell).map_or_else(|error| error.valid_up_to(), str::len);
    let problem = no_utf8(cell.get(good).copied().unwrap_or_default());
    let text = "is no UTF-8, and rows before are";
    (
        column,
        one_encoding(RecordProblem {
            problem: text.to_owned(),
            ..problem
        }),
    )
}

fn one_encoding(problem: RecordProblem) -> RecordProblem {
    problem.suggest("save the whole file in the encoding UTF-8".to_owned())
}

/// Whether a table whose cells are not quoted by nature has quoted ones, as spreadsheets write them:
/// all cells that start with a quote end with one, those inside are doubled, and some cell needs them.
pub(super) fn has_quoted_cells(head: &[u8], delimiter: u8) -> bool {
    let mut is_needed = false;
    for line in head.split(|byte| matches!(byte, b'\n' | b'\r')) {
        for cell in line.split(|byte| *byte == delimiter) {
            let Some(inner) = cell.strip_prefix(b"\"") else {
                continue;
            };
            let Some(inner) = inner.strip_suffix(b"\"") else {
                return false;
            };
            let quotes = memchr::memchr_iter(b'"', inner).count();
            let doubled = inner.windows(2).filter(|pair| pair == b"\"\"").count();
            // Of three in a row, two pairs are counted.
            if !quotes.is_multiple_of(2) || doubled * 2 < quotes {
                return false;
            }
            is_needed |= quotes > 0 || inner.contains(&b',') || inner.contains(&b' ');
        }
    }
    is_needed
}

#[cfg(test)]
mod tests {
    use super::super::rows::{RowReader, TableDialect};
    use super::*;

    fn decoded(rows: &[u8]) -> Vec<Result<Vec<String>, (usize, String)>> {
        let dialect = TableDialect {
            delimiter: b',',
            has_quotes: true,
        };
        let (mut reader, mut decoder) = (RowReader::new(dialect), TextDecoder::default());
        let (mut row, mut text, mut rest) = (RawRow::default(), TextRow::default(), rows);
        let mut all = Vec::new();
        while reader.next(&mut rest, &mut row).unwrap() {
            let cells = decoder.decode(&row, &mut text);
            let cells = cells.map(|()| text.cells().map(str::to_owned).collect());
            all.push(cells.map_err(|(column, problem)| (column, problem.problem)));
        }
        all
    }

    fn cells(cells: [&str; 2]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    #[test]
    fn an_encoding_holds_for_the_whole_table() {
        let rows = decoded(b"a,b\nc\xE9,\x80\n\xC3\xA9,x\n\x81,x\nd,e\n");
        assert_eq!(rows[..2], [Ok(cells(["a", "b"])), Ok(cells(["cé", "€"]))]);
        assert_eq!(rows[2].as_ref().unwrap_err().0, 0);
        rows[3].as_ref().unwrap_err();
        assert_eq!(rows[4], Ok(cells(["d", "e"])));
        let rows = decoded(b"\xC3\xA9,b\na,c\xE9\n");
        assert_eq!(rows[0], Ok(cells(["é", "b"])));
        let problem = "is no UTF-8, and rows before are".to_owned();
        assert_eq!(rows[1], Err((1, problem)));
        // Two halves of one character in two cells.
        assert_eq!(decoded(b"\xC3,\xA9\n"), [Ok(cells(["Ã", "©"]))]);
    }

    #[test]
    fn quotes_of_spreadsheets_are_told_from_those_of_names() {
        for (head, is_quoted) in [
            ("a\t\"b, c\"\n", true),
            ("a\t\"b \"\"c\"\"\"\n", true),
            ("a\t\"b\" c\n", false),
            ("a\t\"b\n", false),
            ("\"b\"\n", false),
            ("a\tb\n", false),
        ] {
            assert_eq!(
                has_quoted_cells(head.as_bytes(), b'\t'),
                is_quoted,
                "{head}"
            );
        }
    }
}
