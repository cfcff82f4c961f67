//! Comma-separated values (RFC 4180), one table a file: the only place that writes them.
//!
//! **Cells that a spreadsheet would run.** A cell that begins with `=`, `+`, `-`, `@` (or one of their
//! full-width forms), a tab, a line feed or a carriage return, or with such a character behind
//! apostrophes, gets one apostrophe in front, unless it is a plain number such as `-3.5`. Whoever reads
//! takes one off again: the rule loses nothing.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};
use serde_json::{Map, Value};

use super::error::ExportError;
use super::format::{ExportedRecord, RecordWriter};
use super::sink::Sink;
use super::table::{Cell, ColumnType, ExportTable};
use crate::model::Kind;

/// Characters at which a spreadsheet takes a cell for a formula.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\n', '\r', '＝', '＋', '－', '＠'];

/// Writes rows of texts, quoted where they must be, guarded from spreadsheets.
pub struct CsvWriter<W: Write>(Writer<W>);

impl<W: Write> std::fmt::Debug for CsvWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CsvWriter").finish_non_exhaustive()
    }
}

impl<W: Write> CsvWriter<W> {
    /// For files: lines end as RFC 4180 says, with a carriage return and a line feed.
    pub fn for_file(out: W) -> Self {
        Self::with_line_ends(out, Terminator::CRLF)
    }

    /// For pipes: lines end with a line feed only.
    pub fn for_pipe(out: W) -> Self {
        Self::with_line_ends(out, Terminator::Any(b'\n'))
    }

    fn with_line_ends(out: W, ends: Terminator) -> Self {
        Self(WriterBuilder::new().terminator(ends).from_writer(out))
    }

    /// Writes a row.
    ///
    /// # Errors
    ///
    /// When it can't be written, or has more or fewer cells than the first.
    pub fn write_row<C: AsRef<str>>(
        &mut self,
        cells: impl IntoIterator<Item = C>,
    ) -> io::Result<()> {
        for cell in cells {
            self.0.write_field(guard(cell.as_ref()).as_bytes())?;
        }
        Ok(self.0.write_record(None::<&[u8]>)?)
    }

    /// Hands all rows on.
    ///
    /// # Errors
    ///
    /// When they can't be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A text as a cell that no spreadsheet runs.
fn guard(text: &str) -> Cow<'_, str> {
    let bare = text.trim_start_matches('\'');
    if bare.starts_with(FORMULA) && !is_plain_number(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a text is digits with at most a sign in front and a point between: nothing to run.
fn is_plain_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(part)
}

/// Writes the records of one kind.
pub(super) struct Csv {
    table: ExportTable,
    columns: Vec<(&'static str, ColumnType)>,
    rows: CsvRows,
}

impl Csv {
    pub(super) fn new(kind: Kind) -> Self {
        let table = ExportTable::for_kind(kind);
        Self {
            table,
            columns: table.columns(),
            rows: CsvRows::new(),
        }
    }
}

impl RecordWriter for Csv {
    fn head(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let names = self.columns.iter().map(|(name, _)| *name);
        self.rows.write(names, out)
    }

    fn record(
        &mut self,
        exported: &ExportedRecord<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ExportError> {
        let cells = self.table.cells(exported)?;
        let cells = cells.iter().zip(&self.columns);
        self.rows
            .write(cells.map(|(cell, (_, of))| text(cell, *of)), out)
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        self.rows.finish(out)
    }
}

/// The rows of a file that is written piece by piece.
pub(super) struct CsvRows {
    writer: CsvWriter<Sink>,
    sink: Sink,
}

impl CsvRows {
    pub(super) fn new() -> Self {
        let sink = Sink::default();
        Self {
            writer: CsvWriter::for_file(sink.clone()),
            sink,
        }
    }

    pub(super) fn write<C: AsRef<str>>(
        &mut self,
        cells: impl IntoIterator<Item = C>,
        out: &mut Vec<u8>,
    ) -> Result<(), ExportError> {
        self.writer.write_row(cells)?;
        self.sink.drain_into(out);
        Ok(())
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        self.writer.flush()?;
        self.sink.drain_into(out);
        Ok(())
    }
}

/// A cell as text: ids with blanks between, other lists and objects as JSON.
pub(super) fn text<'c>(cell: &'c Cell<'_>, of: ColumnType) -> Cow<'c, str> {
    match cell {
        Cell::Nothing => Cow::Borrowed(""),
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Number(number) => Cow::Owned(number.to_string()),
        Cell::Flag(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
        Cell::Day(day) => Cow::Owned(day.to_string()),
        Cell::List(ids) if of == ColumnType::Ids => Cow::Owned(ids.join(" ")),
        Cell::List(texts) => Cow::Owned(Value::from(texts.clone()).to_string()),
        Cell::Objects(members) => Cow::Owned(objects(members, of).to_string()),
    }
}

/// Objects as JSON, without the members that they do not have.
fn objects(members: &[Cell<'_>], of: ColumnType) -> Value {
    let ColumnType::Objects(names) = of else {
        return Value::Null;
    };
    let each = members.chunks(names.len()).map(|cells| {
        let members = cells.iter().zip(names);
        let members = members.filter_map(|(cell, (name, _))| {
            let value = match cell {
                Cell::Text(text) => Value::from(text.as_ref()),
                Cell::Number(number) => Value::from(*number),
                Cell::Flag(flag) => Value::from(*flag),
                Cell::Day(day) => Value::from(day.to_string()),
                Cell::Nothing | Cell::List(_) | Cell::Objects(_) => return None,
            };
            Some(((*name).to_owned(), value))
        });
        Value::Object(members.collect::<Map<String, Value>>())
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut out = Vec::new();
        let mut writer = CsvWriter::for_file(&mut out);
        writer.write_row(cells).unwrap();
        writer.flush().unwrap();
        drop(writer);
        String::from_utf8(out).unwrap()
    }

    /// What a reader makes of a cell: one apostrophe off where the guard has put one.
    fn unguarded(cell: &str) -> &str {
        match cell.strip_prefix('\'') {
            Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA) => rest,
            _ => cell,
        }
    }

    #[test]
    fn cells_are_quoted_and_never_run() {
        for (text, cell) in [
            ("plain", "plain"),
            ("a, \"b\"\nc", "\"a, \"\"b\"\"\nc\""),
            ("=1+1", "'=1+1"),
            ("@cmd", "'@cmd"),
            ("-2,3", "\"'-2,3\""),
            ("'=1", "''=1"),
            ("'quoted'", "'quoted'"),
            ("\tx", "'\tx"),
            ("\nx", "\"'\nx\""),
            ("\rx", "\"'\rx\""),
            ("＝1+1", "'＝1+1"),
            ("＠x", "'＠x"),
            ("-0043-03-15", "'-0043-03-15"),
            ("+49 30 1", "'+49 30 1"),
            // Numbers stay numbers, whoever writes them.
            ("-3.5", "-3.5"),
            ("+7", "+7"),
            ("-", "'-"),
            ("-1.", "'-1."),
            ("-.5", "'-.5"),
            ("-1e5", "'-1e5"),
            ("'-3.5", "''-3.5"),
            ("1-2", "1-2"),
            ("", ""),
        ] {
            assert_eq!(written(&[text, "x"]), format!("{cell},x\r\n"), "{text}");
            assert_eq!(unguarded(&guard(text)), text, "nothing is lost");
        }
    }

    #[test]
    fn lists_and_objects_are_written_as_imports_take_them() {
        let objects = ColumnType::Objects(&[
            ("confidence", ColumnType::Number),
            ("source", ColumnType::Text),
        ]);
        let cited = [
            Cell::Number(0.8),
            Cell::text(Some("a")),
            Cell::Nothing,
            Cell::text(Some("b\"")),
        ];
        for (cell, of, written) in [
            (Cell::list(vec!["a", "b"]), ColumnType::Ids, "a b"),
            (
                Cell::list(vec!["a b", "c"]),
                ColumnType::Texts,
                r#"["a b","c"]"#,
            ),
            (
                Cell::Objects(cited.to_vec()),
                objects,
                r#"[{"confidence":0.8,"source":"a"},{"source":"b\""}]"#,
            ),
            (Cell::Number(-3.5), ColumnType::Number, "-3.5"),
            (Cell::Flag(true), ColumnType::Flag, "true"),
        ] {
            assert_eq!(text(&cell, of), written);
        }
    }
}
