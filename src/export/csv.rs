//! Comma-separated values (RFC 4180), one table a file.
//!
//! **Cells that a spreadsheet would run.** A text that begins with `=`, `+`, `-`, `@`, a tab or a
//! carriage return, or with such a character behind apostrophes, gets one apostrophe in front. Whoever
//! reads takes one off again: the rule loses nothing. Numbers are never touched.

use super::error::ExportError;
use super::stream::{Exported, Format};
use super::table::{Cell, Table};
use crate::model::Kind;

/// Writes the records of one kind.
pub(super) struct Csv(Table);

impl Csv {
    pub(super) const fn new(kind: Kind) -> Self {
        Self(Table::of(kind))
    }
}

impl Format for Csv {
    fn head(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        line(out, self.0.names().map(|name| Cell::Text(name.to_owned())));
        Ok(())
    }

    fn record(&mut self, exported: &Exported<'_>, out: &mut Vec<u8>) -> Result<(), ExportError> {
        line(out, self.0.cells(exported)?);
        Ok(())
    }

    fn foot(&mut self, _out: &mut Vec<u8>) -> Result<(), ExportError> {
        Ok(())
    }
}

/// Writes one line.
pub(super) fn line(out: &mut Vec<u8>, cells: impl IntoIterator<Item = Cell>) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        match cell {
            Cell::Nothing => {}
            Cell::Text(text) => out.extend(csv_cell(&text).bytes()),
            Cell::Number(number) => out.extend(number.to_string().bytes()),
            Cell::Flag(flag) => out.extend(flag.to_string().bytes()),
            Cell::Day(day) => out.extend(day.to_string().bytes()),
        }
    }
    out.extend(b"\r\n");
}

/// A text as a cell: quoted when it must be, and never run.
pub fn csv_cell(text: &str) -> String {
    let bare = text.trim_start_matches('\'');
    let guard = if bare.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert_eq!(csv_cell(text), cell);
        }
    }

    #[test]
    fn numbers_stay_numbers() {
        let mut out = Vec::new();
        line(
            &mut out,
            [Cell::Number(-3.5), Cell::Nothing, Cell::Flag(true)],
        );
        assert_eq!(out, b"-3.5,,true\r\n");
    }
}
