//! Tables: formats whose records are rows of delimited text.
//!
//! A format declares the columns that tell it and a [`RowMapping`], which makes an event of a row. What
//! is the same for all of them is here: finding the separator and the header, encodings, limits, and
//! saying of each problem in which row and column it is, of which value, and what to do.
//!
//! The text is UTF-8; where the first row that is none comes before any that has other letters than those
//! of ASCII, it and all after it are read as Windows-1252, which is said.

pub(super) mod dates;
pub(super) mod event;
mod foreign;
pub(super) mod header;
mod rows;
mod text;

use std::ops::ControlFlow;
use std::sync::atomic::AtomicU64;

use super::format::InputFormat;
use super::input::{Input, OpenInput};
use super::limits::{COLUMNS_MAX, RECORD_MAX_BYTES, ROWS_BEFORE_HEADER_MAX};
use super::references::ReferenceCollector;
use super::{InputPosition, InputReader, InputRemark, ReadStop, Subject, nothing, walk};
use crate::model::{Kind, RecordProblem};
use dates::{DayOrder, OrderEvidence};
use event::EventBuilder;
use header::TableHeader;
use rows::{RawRow, RowReader, TableDialect, first_cells};
use text::{TextDecoder, TextRow};

/// What is said once about a format whose records are rows.
pub(super) struct TableDeclaration {
    /// What it holds, for messages: `events of ICEWS`.
    pub(super) title: &'static str,
    /// The columns that tell it, each with the names that it has in one release or another.
    pub(super) telling: &'static [&'static [&'static str]],
    /// How it looks where it has no header.
    pub(super) headerless: Option<HeaderlessTable>,
    /// The columns that hold dates, by the names that they may have.
    pub(super) dates: &'static [&'static str],
    /// What stands in a cell that is empty, beside nothing.
    pub(super) absent: &'static [&'static str],
    /// The mapping of rows under a header.
    pub(super) mapping: fn(&TableHeader) -> Box<dyn RowMapping>,
}

/// A table without a header.
#[derive(Clone, Copy)]
pub(super) struct HeaderlessTable {
    /// The names of so many columns; `None` when no release has as many.
    pub(super) columns: fn(usize) -> Option<&'static [&'static str]>,
    /// Whether these cells are a row.
    pub(super) is_row: fn(&[&str]) -> bool,
}

/// Makes an event of a row.
pub(super) trait RowMapping {
    /// Tells `event` what the cells of its row say.
    fn map(&mut self, event: &mut EventBuilder<'_>);
}

/// Where a table begins and what its columns are.
struct TableStart {
    dialect: TableDialect,
    /// Rows before the header.
    rows_before: usize,
    /// `None` when the first row is a record.
    header: Option<TableHeader>,
}

/// The format of a table that starts with `head`.
pub(super) fn recognize(head: &[u8]) -> Option<&'static TableDeclaration> {
    InputFormat::tables().find(|declared| start(head, declared).is_some())
}

/// Why a table that starts with `head` is of no format; `None` when it is no table.
pub(super) fn explain(head: &[u8]) -> Option<RecordProblem> {
    foreign::explain(head)
}

/// The dialects in which a head may be read: the quotes of text with tabs belong to its cells, unless
/// whoever wrote it has quoted some.
fn dialects(head: &[u8]) -> impl Iterator<Item = TableDialect> {
    let has_quoted_tabs = text::has_quoted_cells(head, b'\t');
    let each = TableDialect::DELIMITERS.into_iter();
    each.map(move |delimiter| TableDialect {
        delimiter,
        has_quotes: delimiter != b'\t' || has_quoted_tabs,
    })
}

/// Where a table of a format begins; `None` when the head is of another.
fn start(head: &[u8], declared: &TableDeclaration) -> Option<TableStart> {
    dialects(head).find_map(|dialect| {
        let header = header_row(head, dialect, |header| header.missing(declared).is_empty());
        if let Some((rows_before, header)) = header {
            return Some(TableStart {
                dialect,
                rows_before,
                header: Some(header),
            });
        }
        let headerless = declared.headerless?;
        let cells = first_cells(head, dialect);
        let cells: Vec<_> = cells.iter().map(|c| String::from_utf8_lossy(c)).collect();
        let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
        let is_row = (headerless.columns)(cells.len()).is_some() && (headerless.is_row)(&cells);
        is_row.then_some(TableStart {
            dialect,
            rows_before: 0,
            header: None,
        })
    })
}

/// The first row that is a header as wanted, with the number of rows before it.
fn header_row(
    head: &[u8],
    dialect: TableDialect,
    is_wanted: impl Fn(&TableHeader) -> bool,
) -> Option<(usize, TableHeader)> {
    let mut reader = RowReader::new(dialect);
    let (mut row, mut rest) = (RawRow::default(), head);
    for number in 0..=ROWS_BEFORE_HEADER_MAX {
        // A slice in memory can't fail to be read.
        if !reader.next(&mut rest, &mut row).unwrap_or_default() {
            return None;
        }
        let header = TableHeader::from_cells(row.cells());
        if is_wanted(&header) {
            return Some((number, header));
        }
    }
    None
}

/// Reads a table of a format to its end.
pub(super) fn read(
    reading: &mut InputReader<'_>,
    declared: &'static TableDeclaration,
    (input, mut opened): (&Input, OpenInput<'_>),
) -> Result<ControlFlow<()>, ReadStop> {
    let head = opened.head();
    if head.trim_ascii().is_empty() {
        return Err(ReadStop::Content(InputPosition::START, nothing()));
    }
    let Some(start) = start(head, declared) else {
        let problem = foreign::not_of(head, declared);
        return Err(ReadStop::Content(InputPosition::START, problem));
    };
    let order = day_order(input, head, declared, &start)?;
    let mut rows = TableReader {
        reading,
        declared,
        rows: RowReader::new(start.dialect),
        dialect: start.dialect,
        references: None,
        order,
        decoder: TextDecoder::default(),
        mapping: None,
        width: None,
    };
    rows.skip_to_header(&mut opened, &start)?;
    rows.read(&mut opened)
}

/// A table that is being read.
struct TableReader<'r, 'a> {
    reading: &'r mut InputReader<'a>,
    declared: &'static TableDeclaration,
    rows: RowReader,
    dialect: TableDialect,
    references: Option<ReferenceCollector>,
    order: DayOrder,
    decoder: TextDecoder,
    mapping: Option<(TableHeader, Box<dyn RowMapping>)>,
    /// Of a table without a header, the width of its first row.
    width: Option<usize>,
}

impl TableReader<'_, '_> {
    fn skip_to_header(
        &mut self,
        opened: &mut OpenInput<'_>,
        start: &TableStart,
    ) -> Result<(), ReadStop> {
        let Some(header) = &start.header else {
            return Ok(());
        };
        let mut row = RawRow::default();
        for number in 0..=start.rows_before {
            let read = self.rows.next(opened.reader(), &mut row);
            read.map_err(|error| opened.stop(error, row.start))?;
            if number < start.rows_before {
                let text = walk::shown(&String::from_utf8_lossy(row.text()));
                // What stands before the header is said, whatever comes of it.
                let _flow = self.remark(
                    row.start,
                    &text,
                    "stands before the header and is no record",
                );
            }
        }
        self.mapping = Some((header.clone(), (self.declared.mapping)(header)));
        Ok(())
    }

    fn read(&mut self, opened: &mut OpenInput<'_>) -> Result<ControlFlow<()>, ReadStop> {
        let mut row = RawRow::default();
        let mut text = TextRow::default();
        let mut is_empty = true;
        loop {
            match self.rows.next(opened.reader(), &mut row) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return Err(opened.stop(error, row.start)),
            }
            is_empty = false;
            self.reading.events.note_line(row.length);
            if self.row(&row, &mut text).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        if is_empty {
            let problem = RecordProblem::new("", "the table has a header and no row");
            return Ok(self.reading.unreadable(InputPosition::START, problem));
        }
        Ok(ControlFlow::Continue(()))
    }

    fn row(&mut self, row: &RawRow, text: &mut TextRow) -> ControlFlow<()> {
        if row.length > RECORD_MAX_BYTES {
            return self.reject(row, too_long());
        }
        if row.is_too_wide {
            let problem = format!("has more than {COLUMNS_MAX} columns, at most those are read");
            return self.reject(row, RecordProblem::new("", problem));
        }
        let had_switched = self.decoder.is_windows_1252();
        if let Err((column, problem)) = self.decoder.decode(row, text) {
            let problem = problem.under(self.column_name(column));
            return self.reject_at(row.position(column, self.dialect), problem);
        }
        if !had_switched && self.decoder.is_windows_1252() {
            let shown = text.first_other_than_ascii().unwrap_or_default().to_owned();
            let message = "is no UTF-8 in the file, which is read as Windows-1252 from here on; save it \
                           as UTF-8 if this is not what stands there";
            self.remark(row.start, &shown, message)?;
        }
        if let Some(message) = self.passed_over(text) {
            let shown = walk::shown(&String::from_utf8_lossy(row.text()));
            return self.remark(row.start, &shown, message);
        }
        if let Err(problem) = self.check_width(row, text) {
            return self.reject(row, problem);
        }
        if !self.reading.wants(Kind::Event) {
            return ControlFlow::Continue(());
        }
        self.reading.records += 1;
        self.event(row, text)
    }

    /// Why a row is no record, where it is of those that files have among their records.
    fn passed_over(&self, text: &TextRow) -> Option<&'static str> {
        let (header, _) = self.mapping.as_ref()?;
        let is_tag = |cell: &str| cell.starts_with('#') || cell.is_empty();
        if text.cells().all(is_tag) && text.cells().any(|cell| !cell.is_empty()) {
            return Some("is a row of HXL tags and no record");
        }
        header
            .is_repeated_by(text.cells())
            .then_some("is the header once more and no record")
    }

    /// Whether a row has the columns of the table; of a table without a header, the first row says which.
    fn check_width(&mut self, row: &RawRow, text: &TextRow) -> Result<(), RecordProblem> {
        if self.mapping.is_none() {
            let names = self
                .declared
                .headerless
                .and_then(|table| (table.columns)(row.width()));
            if let Some(names) = names {
                let header = TableHeader::from_names(names);
                let mapping = (self.declared.mapping)(&header);
                self.mapping = Some((header, mapping));
                self.width = Some(names.len());
            }
        }
        let Some((header, _)) = &self.mapping else {
            return Err(other_width(row, 0));
        };
        // Releases that differ by their last column have the same names.
        let of_release = |table: HeaderlessTable| (table.columns)(row.width());
        let is_release = self.width.is_some()
            && self
                .declared
                .headerless
                .and_then(of_release)
                .is_some_and(|names| Some(names.len()) == self.width);
        if is_release || text.has_width(header.width()) {
            return Ok(());
        }
        Err(other_width(row, header.width()))
    }

    fn event(&mut self, row: &RawRow, text: &TextRow) -> ControlFlow<()> {
        let dataset = &self.reading.options.defaults.dataset;
        let references = self
            .references
            .get_or_insert_with(|| ReferenceCollector::new(dataset.clone()));
        let Some((header, mapping)) = &mut self.mapping else {
            return ControlFlow::Continue(());
        };
        let mut event = EventBuilder::new(text, self.declared.absent, references, self.order);
        mapping.map(&mut event);
        let result = event.finish();
        let dialect = self.dialect;
        let place = |column: usize| (row.position(column, dialect), header.name(column));
        self.reading
            .give_event(row.start, result, &place, references)
    }

    fn column_name(&self, column: usize) -> &str {
        let header = self.mapping.as_ref().map(|(header, _)| header);
        header.map_or("", |header| header.name(column))
    }

    fn reject(&mut self, row: &RawRow, problem: RecordProblem) -> ControlFlow<()> {
        let problem = match problem.value {
            Some(_) => problem,
            None => problem.value(walk::shown(&String::from_utf8_lossy(row.text()))),
        };
        self.reject_at(row.start, problem)
    }

    fn reject_at(&mut self, position: InputPosition, problem: RecordProblem) -> ControlFlow<()> {
        if !self.reading.wants(Kind::Event) {
            return ControlFlow::Continue(());
        }
        self.reading.records += 1;
        let subject = Subject {
            kind: Some(Kind::Event),
            id: None,
        };
        self.reading.reject(position, subject, problem)
    }

    fn remark(&mut self, position: InputPosition, value: &str, message: &str) -> ControlFlow<()> {
        self.reading.remark(
            position,
            InputRemark {
                value: value.to_owned(),
                message: message.to_owned(),
            },
        )
    }
}

fn too_long() -> RecordProblem {
    let problem = format!("has more than {RECORD_MAX_BYTES} bytes, at most those are read");
    let remedy = "look for a quote that is opened in this row and not closed".to_owned();
    RecordProblem::new("", problem).suggest(remedy)
}

fn other_width(row: &RawRow, expected: usize) -> RecordProblem {
    let problem = format!("has {} columns, and the table has {expected}", row.width());
    let remedy = if row.width() == 1 {
        "delete the line, if it is no record"
    } else {
        "look for a separator that is missing, or stands in a cell without quotes"
    };
    RecordProblem::new("", problem).suggest(remedy.to_owned())
}

/// In which order dates such as `1/2/2017` name day and month, as all dates of the table show. The input
/// is read for it only where its first rows have such dates.
fn day_order(
    input: &Input,
    head: &[u8],
    declared: &TableDeclaration,
    start: &TableStart,
) -> Result<DayOrder, ReadStop> {
    let Some(header) = &start.header else {
        return Ok(DayOrder::default());
    };
    let named = declared.dates.iter();
    let columns: Vec<usize> = named.filter_map(|name| header.find(&[name])).collect();
    let evidence = |reader: &mut dyn std::io::BufRead| {
        let mut evidence = OrderEvidence::default();
        let mut rows = RowReader::new(start.dialect);
        let mut row = RawRow::default();
        let mut number = 0;
        while rows.next(reader, &mut row)? {
            if number > start.rows_before {
                for column in &columns {
                    evidence.note(row.cell(*column));
                }
            }
            number += 1;
        }
        Ok::<_, std::io::Error>(evidence)
    };
    let mut rest = head;
    let first = evidence(&mut rest).map_err(ReadStop::Io)?;
    if !first.has_dates() {
        return Ok(DayOrder::default());
    }
    let uncounted = AtomicU64::new(0);
    let mut whole = OpenInput::new(input, &uncounted)?;
    let all = evidence(whole.reader());
    let all = all.map_err(|error| whole.stop(error, InputPosition::START))?;
    Ok(all.order())
}
