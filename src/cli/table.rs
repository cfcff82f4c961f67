//! Tables: aligned columns for people, CSV for programs.
//!
//! What is printed into a pipe is a line a row and does not depend on where it is printed. A terminal
//! that is too narrow for that gets cells that wrap.

use std::io::{self, Write};

use comfy_table::{CellAlignment, ContentArrangement, presets};
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

    /// Writes the rows under their head, aligned; numbers to the right. Where there are fewer columns
    /// than the lines need, cells wrap; nothing is left out for that.
    pub(super) fn write(&self, out: &mut dyn Write, screen_columns: Option<u16>) -> io::Result<()> {
        let head = self.head.map(str::to_uppercase);
        let rows: Vec<[String; N]> = self
            .rows
            .iter()
            .map(|row| row.each_ref().map(|cell| shown(cell)))
            .collect();
        let mut columns = head.each_ref().map(|cell| TextColumn {
            width: cell.width(),
            numbers: !rows.is_empty(),
        });
        for row in &rows {
            for (column, cell) in columns.iter_mut().zip(row) {
                column.take(cell);
            }
        }
        let widths = columns.iter().map(|column| column.width);
        let whole = widths.sum::<usize>() + BETWEEN.len() * N.saturating_sub(1);
        match screen_columns {
            Some(narrow) if usize::from(narrow) < whole => {
                let table = wrapped(narrow, &columns, head, rows);
                writeln!(out, "{}", table.trim_fmt())
            }
            _ => {
                for row in std::iter::once(&head).chain(&rows) {
                    write_line(out, &columns, row)?;
                }
                Ok(())
            }
        }
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

/// What stands between two columns.
const BETWEEN: &str = "  ";

/// The table with cells that wrap, so that no line is longer than so many columns.
fn wrapped<const N: usize>(
    screen_columns: u16,
    columns: &[TextColumn; N],
    head: [String; N],
    rows: Vec<[String; N]>,
) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table
        // Lines between the rows, since a row has several lines.
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(screen_columns)
        .set_header(head)
        .add_rows(rows);
    for (at, (set, column)) in table.column_iter_mut().zip(columns).enumerate() {
        let between = u16::from(at + 1 < N);
        set.set_padding((0, between));
        if column.numbers {
            set.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// How a column is set.
struct TextColumn {
    width: usize,
    numbers: bool,
}

impl TextColumn {
    fn take(&mut self, cell: &str) {
        self.width = self.width.max(cell.width());
        self.numbers &= cell.bytes().all(|byte| byte.is_ascii_digit());
    }
}

fn write_line<const N: usize>(
    out: &mut dyn Write,
    columns: &[TextColumn; N],
    cells: &[String; N],
) -> io::Result<()> {
    let mut line = String::new();
    for (column, cell) in columns.iter().zip(cells) {
        if !line.is_empty() {
            line.push_str(BETWEEN);
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

    fn lines<const N: usize>(table: &Table<N>) -> Vec<String> {
        lines_on(table, None)
    }

    fn lines_on<const N: usize>(table: &Table<N>, screen_columns: Option<u16>) -> Vec<String> {
        let mut out = Vec::new();
        table.write(&mut out, screen_columns).unwrap();
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
    fn cells_wrap_only_where_the_screen_is_too_narrow() {
        let mut table = Table::new(["date", "id", "text", "records"]);
        let text = "Blinken und 박진 sprechen über Nordkorea, wieder und wieder und noch einmal";
        table.push([
            "2023-06-16".into(),
            "a-long-id-2023-06-16".into(),
            text.into(),
            "12".into(),
        ]);
        table.push(["2023".into(), "b".into(), "short".into(), "7".into()]);
        let whole = lines(&table);
        assert_eq!(whole.len(), 3, "a row a line");
        let needed = u16::try_from(whole[0].width().max(whole[1].width())).unwrap();
        assert_eq!(lines_on(&table, Some(needed)), whole);
        assert_eq!(lines_on(&table, Some(u16::MAX)), whole);
        let cells = |lines: &[String]| {
            let marks = |c: &char| !c.is_whitespace() && !('─'..='╿').contains(c);
            let mut all: Vec<char> = lines.concat().chars().filter(marks).collect();
            all.sort_unstable();
            all
        };
        for columns in [needed - 1, 80, 60, 40] {
            let wrapped = lines_on(&table, Some(columns));
            for line in &wrapped {
                assert!(line.width() <= usize::from(columns), "{columns}: {line}");
            }
            assert_eq!(cells(&wrapped), cells(&whole), "{columns}");
        }
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
