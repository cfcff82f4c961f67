//! A timeline as one table of all kinds of record.

use super::csv::{CsvRows, text};
use super::error::ExportError;
use super::format::{ExportedRecord, RecordWriter};
use super::table::{Cell, ColumnType, score};
use super::timeline_entry::{EntryTime, TimelineEntry};
use crate::model::{Coding, EventType, Role, Scheme, Status};

/// The columns.
const COLUMNS: [&str; 26] = [
    "record",
    "id",
    "dataset",
    "date",
    "earliest",
    "latest",
    "precision",
    "uncertain",
    "approximate",
    "open",
    "type",
    "cameo",
    "quad_class",
    "goldstein",
    "scheme",
    "status",
    "headline",
    "source_actors",
    "target_actors",
    "other_actors",
    "place",
    "lat",
    "lon",
    "topics",
    "sources",
    "quotes",
];

/// Those who act in a record.
const ACTING: [Role; 3] = [Role::Source, Role::Speaker, Role::Subject];
/// Those whom it is done to or said to.
const ACTED_ON: [Role; 4] = [
    Role::Target,
    Role::Audience,
    Role::StanceTarget,
    Role::Object,
];
/// The others.
const OTHERS: [Role; 5] = [
    Role::Participant,
    Role::Mediator,
    Role::Host,
    Role::OnBehalfOf,
    Role::RelayedBy,
];

pub(super) struct TimelineCsv {
    scheme: Scheme,
    rows: CsvRows,
}

impl TimelineCsv {
    pub(super) fn new(scheme: Scheme) -> Self {
        Self {
            scheme,
            rows: CsvRows::new(),
        }
    }
}

impl RecordWriter for TimelineCsv {
    fn head(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        self.rows.write(COLUMNS, out)
    }

    fn record(
        &mut self,
        exported: &ExportedRecord<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ExportError> {
        let entry = TimelineEntry::from_record(exported);
        let when = entry.when.as_ref();
        let coding = entry.coding;
        let flag =
            |of: fn(&EntryTime) -> bool| when.map_or(Cell::Nothing, |when| Cell::Flag(of(when)));
        let coordinates = entry.place.and_then(|place| place.coordinates);
        let ids = |roles: &[Role]| {
            let ids = entry.ids(roles);
            Cell::written((!ids.is_empty()).then_some(ids))
        };
        let quotes = entry.sources.iter();
        let quotes: Vec<&str> = quotes.filter_map(|c| c.quote.as_deref()).collect();
        let sources: Vec<&str> = entry.sources.iter().map(|c| c.source.as_str()).collect();
        let cells = [
            Cell::text(Some(entry.kind.as_str())),
            Cell::text(Some(entry.id.as_str())),
            Cell::text(Some(entry.dataset.as_str())),
            Cell::text(when.map(|when| when.written.as_str())),
            Cell::day(when.and_then(|when| when.days.0)),
            Cell::day(when.and_then(|when| when.days.1)),
            Cell::text(when.map(|when| when.precision.as_str())),
            flag(|when| when.uncertain),
            flag(|when| when.approximate),
            flag(|when| when.open),
            Cell::text(coding.and_then(Coding::event_type).map(EventType::as_str)),
            Cell::written(coding.and_then(Coding::cameo)),
            Cell::text(coding.map(|coding| coding.quad_class(self.scheme).as_str())),
            coding.map_or(Cell::Nothing, |coding| score(coding, self.scheme)),
            Cell::text(coding.map(|_| self.scheme.as_str())),
            Cell::text(entry.status.map(Status::as_str)),
            Cell::text(Some(&entry.headline)),
            ids(&ACTING),
            ids(&ACTED_ON),
            ids(&OTHERS),
            Cell::written(entry.place_text()),
            Cell::number(coordinates.map(|(lat, _)| lat)),
            Cell::number(coordinates.map(|(_, lon)| lon)),
            Cell::list(entry.topics.clone()),
            Cell::written(Some(sources.join(" ")).filter(|ids| !ids.is_empty())),
            Cell::list(quotes),
        ];
        let cells = cells.iter().map(|cell| text(cell, ColumnType::Texts));
        self.rows.write(cells, out)
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        self.rows.finish(out)
    }
}
