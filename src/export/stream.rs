//! Files of records, written piece by piece.

use std::vec;

use super::calendar::Calendar;
use super::csv::Csv;
use super::error::ExportError;
use super::format::RecordWriter;
use super::geojson::GeoJson;
use super::json_lines::JsonLines;
use super::jsonld::JsonLd;
use super::nquads::NQuads;
use super::parquet::Parquet;
use super::timeline_csv::TimelineCsv;
use super::timelinejs::TimelineJs;
use super::vis::Vis;
use super::zip::Zip;
use crate::graph::{Row, View};
use crate::invariant;
use crate::model::{Day, Kind, Scheme};

/// Bytes of a piece, and a record more.
const PIECE_BYTES: usize = 64 * 1024;

/// Formats of timelines, beside the JSON of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimelineFormat {
    /// One table of all kinds of record (RFC 4180).
    Csv,
    /// iCalendar (RFC 5545).
    Calendar,
    /// The JSON of `TimelineJS` 3.
    TimelineJs,
    /// The items and groups of vis-timeline.
    Vis,
    /// `GeoJSON` (RFC 7946), a feature for each record.
    GeoJson,
}

impl TimelineFormat {
    /// Records that a file holds at the most: those of widgets are drawn by a browser.
    const fn records_max(self) -> usize {
        match self {
            Self::Csv | Self::Calendar | Self::GeoJson => 1_000_000,
            Self::TimelineJs | Self::Vis => 10_000,
        }
    }

    /// Nothing when a file holds so many records; else how many it holds at the most.
    ///
    /// # Errors
    ///
    /// When there are more.
    pub const fn holds(self, records: usize) -> Result<(), usize> {
        let most = self.records_max();
        if records > most { Err(most) } else { Ok(()) }
    }

    /// Whether files of this format have records without a date: tables and maps do.
    pub const fn has_undated(self) -> bool {
        matches!(self, Self::Csv | Self::GeoJson)
    }

    /// Whether a file of this format has the record of a row. Calendars begin with the year 0.
    pub fn shows(self, view: &View, row: Row) -> bool {
        match view.known_days(row) {
            Some((first, _)) => self != Self::Calendar || first.ymd().0 >= 0,
            None => self.has_undated(),
        }
    }
}

/// Formats of all records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordsFormat {
    /// A record a line, as imports take it: the neutral backup.
    JsonLines,
    /// A table of each kind of record (RFC 4180), in a zip archive when there are several.
    Csv,
    /// Apache Parquet, a file of each kind of record, in a zip archive when there are several.
    Parquet,
    /// RDF as N-Quads, a graph for each data set.
    NQuads,
    /// RDF as JSON-LD.
    JsonLd,
}

impl RecordsFormat {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::JsonLines,
        Self::Csv,
        Self::Parquet,
        Self::NQuads,
        Self::JsonLd,
    ];

    /// The word of the API and the command.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::NQuads => "nquads",
            Self::JsonLd => "jsonld",
        }
    }
}

/// A file of records, piece by piece.
pub struct ExportStream {
    view: View,
    rows: vec::IntoIter<Row>,
    format: Box<dyn RecordWriter>,
    state: StreamState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StreamState {
    Before,
    Within,
    After,
}

impl std::fmt::Debug for ExportStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream")
            .field("rows", &self.rows.len())
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl ExportStream {
    /// The rows of a timeline as a file, events under `scheme`.
    pub fn timeline(view: View, rows: Vec<Row>, format: TimelineFormat, scheme: Scheme) -> Self {
        let format: Box<dyn RecordWriter> = match format {
            TimelineFormat::Csv => Box::new(TimelineCsv::new(scheme)),
            TimelineFormat::Calendar => Box::new(Calendar),
            TimelineFormat::TimelineJs => Box::new(TimelineJs::default()),
            TimelineFormat::Vis => Box::new(Vis::new(scheme)),
            TimelineFormat::GeoJson => Box::new(GeoJson::new(scheme)),
        };
        Self::with_rows(view, rows, format)
    }

    /// The records of some kinds as a file, in the order of [`everything`], those of Parquet in that of
    /// [`in_order_of_days`].
    ///
    /// JSON Lines have every record as it was written, with the judgements: an import brings the merges back. In all
    /// other formats survivors stand in the place of merged actors, as in answers.
    pub fn records(view: View, kinds: &[Kind], format: RecordsFormat) -> Self {
        let view = match format {
            RecordsFormat::JsonLines => view.without_merges(),
            RecordsFormat::Csv
            | RecordsFormat::Parquet
            | RecordsFormat::NQuads
            | RecordsFormat::JsonLd => view,
        };
        let rows = match format {
            RecordsFormat::Parquet => in_order_of_days(&view, kinds),
            RecordsFormat::JsonLines
            | RecordsFormat::Csv
            | RecordsFormat::NQuads
            | RecordsFormat::JsonLd => everything(&view, kinds),
        };
        let format: Box<dyn RecordWriter> = match (format, kinds) {
            (RecordsFormat::JsonLines, _) => Box::new(JsonLines),
            (RecordsFormat::Csv, [kind]) => Box::new(Csv::new(*kind)),
            (RecordsFormat::Parquet, [kind]) => Box::new(Parquet::new(*kind)),
            (RecordsFormat::Csv, kinds) => Box::new(Zip::of_csv(kinds)),
            (RecordsFormat::Parquet, kinds) => Box::new(Zip::of_parquet(kinds)),
            (RecordsFormat::NQuads, _) => Box::new(NQuads),
            (RecordsFormat::JsonLd, _) => Box::new(JsonLd::default()),
        };
        Self::with_rows(view, rows, format)
    }

    fn with_rows(view: View, rows: Vec<Row>, format: Box<dyn RecordWriter>) -> Self {
        Self {
            view,
            rows: rows.into_iter(),
            format,
            state: StreamState::Before,
        }
    }

    /// The number of records that are still to come.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no record is to come.
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 0
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    ///
    /// When a record can't be read or written. The file is then not complete.
    pub fn piece(&mut self) -> Result<Option<Vec<u8>>, ExportError> {
        invariant::watch(|| self.next_piece())?
    }

    fn next_piece(&mut self) -> Result<Option<Vec<u8>>, ExportError> {
        let mut out = Vec::with_capacity(PIECE_BYTES);
        if self.state == StreamState::Before {
            self.format.head(&mut out)?;
            self.state = StreamState::Within;
        }
        while self.state == StreamState::Within && out.len() < PIECE_BYTES {
            let Some(row) = self.rows.next() else {
                self.format.foot(&mut out)?;
                self.state = StreamState::After;
                break;
            };
            self.format.row(&self.view, row, &mut out)?;
        }
        let ended = out.is_empty() && self.state == StreamState::After;
        Ok((!ended).then_some(out))
    }
}

/// The rows of all records of some kinds but those of merged actors: kind by kind in the order of [`Kind::ALL`], and
/// within a kind by the bytes of the id.
pub fn everything(view: &View, kinds: &[Kind]) -> Vec<Row> {
    let mut all = Vec::new();
    for kind in Kind::ALL.iter().filter(|kind| kinds.contains(kind)) {
        let rows = view.of_kind(*kind).filter(|row| !view.is_of_merged(*row));
        let mut rows: Vec<Row> = rows.collect();
        rows.sort_by_cached_key(|row| view.id(*row));
        all.extend(rows);
    }
    all
}

/// The rows of all records of some kinds: kind by kind in the order of [`Kind::ALL`], and within a kind
/// by the first day that a record may mean (those without one first), then by the bytes of the id.
pub(super) fn in_order_of_days(view: &View, kinds: &[Kind]) -> Vec<Row> {
    let mut all = Vec::new();
    for kind in Kind::ALL.iter().filter(|kind| kinds.contains(kind)) {
        let mut rows: Vec<(Option<Day>, Row)> = view
            .of_kind(*kind)
            .filter(|row| !view.is_of_merged(*row))
            .map(|row| (view.timing(row).and_then(|timing| timing.days.0), row))
            .collect();
        rows.sort_by_key(|(day, _)| *day);
        for of_a_day in rows.chunk_by_mut(|(one, _), (other, _)| one == other) {
            of_a_day.sort_by_cached_key(|(_, row)| view.id_order(*row));
        }
        all.extend(rows.into_iter().map(|(_, row)| row));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Graph;
    use crate::invariant::tests::Expected;

    #[test]
    fn a_file_breaks_off_at_a_record_that_can_not_be_read() {
        let view = Graph::with_an_unreadable_event("a-call").view();
        let _expected = Expected::reports();
        for format in RecordsFormat::ALL {
            let mut stream = ExportStream::records(view.clone(), &[Kind::Event], format);
            let broken = loop {
                match stream.piece() {
                    Ok(piece) => assert!(piece.is_some(), "{format:?} ends as if it were whole"),
                    Err(error) => break error,
                }
            };
            assert!(broken.to_string().starts_with("event a-call"), "{broken}");
        }
    }

    #[test]
    fn files_of_timelines_have_limits() {
        let limits = [
            (TimelineFormat::Csv, 1_000_000),
            (TimelineFormat::Calendar, 1_000_000),
            (TimelineFormat::TimelineJs, 10_000),
            (TimelineFormat::Vis, 10_000),
        ];
        for (format, most) in limits {
            assert_eq!(format.holds(most), Ok(()), "{format:?}");
            assert_eq!(format.holds(most + 1), Err(most), "{format:?}");
        }
    }
}
