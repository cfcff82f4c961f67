//! Tables: aligned columns for people, CSV for programs.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::terminal::harmless;
use crate::export::CsvWriter;

/// Columns of a terminal that a cell takes at the most; what is longer is cut. JSON and CSV have
/// everything.
pub(super) const CELL_MAX_COLUMNS: usize = 60;

/// Rows under a head.
#[derive(Debug)]
pub(super) struct Table<const N: usize> {
    head: [&'static str; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    pub(super) const fn new(head: [&'static str; N]) -> Self {
        Self {
            head,
            rows: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, row: [String; N]) {
        self.rows.push(row);
    }

    /// Writes the rows under their head, aligned; numbers to the right.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let head = self.head.map(str::to_uppercase);
        let rows: Vec<[String; N]> = self
            .rows
            .iter()
            .map(|row| row.each_ref().map(|cell| shown(cell)))
            .collect();
        let mut columns = head.each_ref().map(|cell| Column {
            width: cell.width(),
            numbers: !rows.is_empty(),
        });
        for row in &rows {
            for (column, cell) in columns.iter_mut().zip(row) {
                column.take(cell);
            }
        }
        for row in std::iter::once(&head).chain(&rows) {
            write_line(out, &columns, row)?;
        }
        Ok(())
    }

    /// Writes the rows as CSV (RFC 4180, but with line feeds only), whole and as they are.
    pub(super) fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut rows = CsvWriter::for_pipe(out);
        rows.write_row(self.head)?;
        for row in &self.rows {
            rows.write_row(row)?;
        }
        rows.flush()
    }
}

/// How a column is set.
struct Column {
    width: usize,
    numbers: bool,
}

impl Column {
    fn take(&mut self, cell: &str) {
        self.width = self.width.max(cell.width());
        self.numbers &= cell.bytes().all(|byte| byte.is_ascii_digit());
    }
}

fn write_line<const N: usize>(
    out: &mut dyn Write,
    columns: &[Column; N],
    cells: &[String; N],
) -> io::Result<()> {
    let mut line = String::new();
    for (column, cell) in columns.iter().zip(cells) {
        if !line.is_empty() {
            line.push_str("  ");
        }
        let pad = " ".repeat(column.width.saturating_sub(cell.width()));
        let (before, after) = if column.numbers {
            (pad.as_str(), "")
        } else {
            ("", pad.as_str())
        };
        line.extend([before, cell, after]);
    }
    writeln!(out, "{}", line.trim_end())
}

/// A cell on one line, cut to [`CELL_MAX_COLUMNS`].
fn shown(cell: &str) -> String {
    let cell = harmless(cell);
    if cell.width() <= CELL_MAX_COLUMNS {
        return cell.into_owned();
    }
    let mut columns = 0;
    let kept = cell.chars().take_while(|c| {
        columns += c.width().unwrap_or(0);
        columns < CELL_MAX_COLUMNS
    });
    let mut cut: String = kept.collect();
    cut.truncate(cut.trim_end().len());
    cut + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(table: &Table<2>) -> Vec<String> {
        let mut out = Vec::new();
        table.write(&mut out).unwrap();
        String::from_utf8(out)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn columns_are_aligned_by_what_is_seen() {
        let mut table = Table::new(["name", "records"]);
        table.push(["박진".into(), "7".into()]);
        table.push(["Park".into(), "12".into()]);
        assert_eq!(
            lines(&table),
            ["NAME  RECORDS", "박진        7", "Park       12"]
        );
    }

    #[test]
    fn hostile_cells_stay_in_their_cell() {
        let mut table = Table::new(["a", "b"]);
        table.push(["x\n\x1b[31m\u{202e}".into(), "1".into()]);
        table.push(["long ".repeat(100), "2".into()]);
        let lines = lines(&table);
        assert_eq!(lines.len(), 3);
        assert!(
            lines[1].starts_with("x \\u{1b}[31m\\u{202e}"),
            "{}",
            lines[1]
        );
        assert!(
            lines[1..]
                .iter()
                .all(|line| line.width() <= CELL_MAX_COLUMNS + 3)
        );
        assert!(lines[2].contains('…'));
    }

    #[test]
    fn csv_keeps_everything_and_quotes_what_it_must() {
        let mut table = Table::new(["a", "b"]);
        table.push(["say \"no\", twice".into(), "two\nlines".into()]);
        let mut out = Vec::new();
        table.write_csv(&mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "a,b\n\"say \"\"no\"\", twice\",\"two\nlines\"\n"
        );
    }
}
