//! A timeline as one table of all kinds of record.

use super::csv::line;
use super::entry::Entry;
use super::error::ExportError;
use super::stream::{Exported, Format};
use super::table::{Cell, score};
use crate::model::{Coding, Role, Scheme};

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
}

impl TimelineCsv {
    pub(super) const fn new(scheme: Scheme) -> Self {
        Self { scheme }
    }
}

impl Format for TimelineCsv {
    fn head(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        line(out, COLUMNS.map(|name| Cell::Text(name.to_owned())));
        Ok(())
    }

    fn record(&mut self, exported: &Exported<'_>, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let entry = Entry::of(exported);
        let when = entry.when.as_ref();
        let coding = entry.coding;
        let flag = |of: fn(&super::entry::When) -> bool| {
            when.map_or(Cell::Nothing, |when| Cell::Flag(of(when)))
        };
        let coordinates = entry.place.and_then(|place| place.coordinates);
        let ids = |roles: &[Role]| match entry.ids(roles) {
            ids if ids.is_empty() => Cell::Nothing,
            ids => Cell::Text(ids),
        };
        let quotes = entry.sources.iter();
        let quotes: Vec<&str> = quotes.filter_map(|c| c.quote.as_deref()).collect();
        let sources: Vec<&str> = entry.sources.iter().map(|c| c.source.as_str()).collect();
        line(
            out,
            [
                Cell::text(Some(entry.kind)),
                Cell::text(Some(entry.id)),
                Cell::text(Some(entry.dataset)),
                Cell::text(when.map(|when| &when.written)),
                when.and_then(|when| when.days.0)
                    .map_or(Cell::Nothing, Cell::Day),
                when.and_then(|when| when.days.1)
                    .map_or(Cell::Nothing, Cell::Day),
                Cell::text(when.map(|when| when.precision)),
                flag(|when| when.uncertain),
                flag(|when| when.approximate),
                flag(|when| when.open),
                Cell::text(coding.and_then(Coding::event_type)),
                Cell::text(coding.and_then(Coding::cameo)),
                Cell::text(coding.map(|coding| coding.quad_class(self.scheme))),
                coding.map_or(Cell::Nothing, |coding| score(coding, self.scheme)),
                Cell::text(coding.map(|_| self.scheme)),
                Cell::text(entry.status),
                Cell::Text(entry.headline.clone()),
                ids(&ACTING),
                ids(&ACTED_ON),
                ids(&OTHERS),
                Cell::text(entry.place_text()),
                coordinates.map_or(Cell::Nothing, |(lat, _)| Cell::Number(lat)),
                coordinates.map_or(Cell::Nothing, |(_, lon)| Cell::Number(lon)),
                list(&entry.topics),
                Cell::text(Some(sources.join(" ")).filter(|ids| !ids.is_empty())),
                list(&quotes),
            ],
        );
        Ok(())
    }

    fn foot(&mut self, _out: &mut Vec<u8>) -> Result<(), ExportError> {
        Ok(())
    }
}

/// Texts as a JSON list.
fn list(texts: &[&str]) -> Cell {
    if texts.is_empty() {
        return Cell::Nothing;
    }
    Cell::Text(serde_json::Value::from(texts.to_vec()).to_string())
}
