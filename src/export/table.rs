//! The records of one kind as a table: what CSV and Parquet have in common.
//!
//! Columns are the members of the JSON form, and beside them what only a program would work out: days,
//! quad class, score. Lists of ids are one text with blanks between; other lists and objects are JSON.

use serde_json::Value;

use super::entry;
use super::error::ExportError;
use super::stream::Exported;
use crate::document::RecordDocument;
use crate::model::{Coding, Date, Day, Event, Kind, Record, Role, Scheme};

/// The scheme of quad classes and scores in tables.
const SCHEME: Scheme = Scheme::Icews;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Nothing,
    Text(String),
    Number(f64),
    Flag(bool),
    Day(Day),
}

impl Cell {
    pub(super) fn text<T: ToString>(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, |value| Self::Text(value.to_string()))
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Number,
    Flag,
    Day,
}

/// Where the values of a column come from.
#[derive(Clone, Copy)]
enum From {
    /// A member of the JSON form, or a member of one.
    Member(&'static str),
    /// The same, a list of ids.
    Ids(&'static str),
    /// What is worked out.
    Worked(Type, fn(&Exported<'_>) -> Cell),
}

/// A table of the records of one kind.
#[derive(Clone, Copy)]
pub(super) struct Table {
    columns: &'static [(&'static str, From)],
}

impl Table {
    pub(super) const fn of(kind: Kind) -> Self {
        Self {
            columns: match kind {
                Kind::Source => SOURCES,
                Kind::Actor => ACTORS,
                Kind::Relation => RELATIONS,
                Kind::Event => EVENTS,
                Kind::Statement => STATEMENTS,
            },
        }
    }

    /// The names of the columns.
    pub(super) fn names(self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(|(name, _)| *name)
    }

    /// What the columns hold.
    pub(super) fn types(self) -> impl Iterator<Item = Type> {
        self.columns.iter().map(|(_, from)| match from {
            From::Worked(of, _) => *of,
            From::Member("place.lat" | "place.lon") => Type::Number,
            From::Member(_) | From::Ids(_) => Type::Text,
        })
    }

    /// The cells of a record.
    pub(super) fn cells(self, exported: &Exported<'_>) -> Result<Vec<Cell>, ExportError> {
        let record = &exported.record;
        let document = serde_json::to_value(RecordDocument::of(record));
        let document = document.map_err(|source| ExportError::Unwritable {
            kind: record.kind(),
            id: record.id().to_string(),
            source,
        })?;
        let cells = self.columns.iter().map(|(_, from)| match from {
            From::Member(path) => member(&document, path).map_or(Cell::Nothing, cell),
            From::Ids(path) => match member(&document, path) {
                Some(Value::Array(ids)) if !ids.is_empty() => {
                    let ids: Vec<&str> = ids.iter().filter_map(Value::as_str).collect();
                    Cell::Text(ids.join(" "))
                }
                _ => Cell::Nothing,
            },
            From::Worked(_, work) => work(exported),
        });
        Ok(cells.collect())
    }
}

fn member<'d>(document: &'d Value, path: &str) -> Option<&'d Value> {
    path.split('.').try_fold(document, |at, name| at.get(name))
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Nothing,
        Value::Bool(flag) => Cell::Flag(*flag),
        Value::Number(number) => number.as_f64().map_or(Cell::Nothing, Cell::Number),
        Value::String(text) => Cell::Text(text.clone()),
        Value::Array(items) if items.is_empty() => Cell::Nothing,
        Value::Object(members) if members.is_empty() => Cell::Nothing,
        Value::Array(_) | Value::Object(_) => Cell::Text(value.to_string()),
    }
}

/// A column that holds the member of its name.
const fn same(name: &'static str) -> (&'static str, From) {
    (name, From::Member(name))
}

/// A column that holds the ids of the member of its name.
const fn ids(name: &'static str) -> (&'static str, From) {
    (name, From::Ids(name))
}

const HEAD: [(&str, From); 2] = [same("id"), same("dataset")];

const EARLIEST: (&str, From) = (
    "earliest",
    From::Worked(Type::Day, |exported| {
        let when = entry::when(&exported.record);
        when.and_then(|when| when.days.0)
            .map_or(Cell::Nothing, Cell::Day)
    }),
);
const LATEST: (&str, From) = (
    "latest",
    From::Worked(Type::Day, |exported| {
        let when = entry::when(&exported.record);
        when.and_then(|when| when.days.1)
            .map_or(Cell::Nothing, Cell::Day)
    }),
);
const PRECISION: (&str, From) = (
    "precision",
    From::Worked(Type::Text, |exported| {
        Cell::text(entry::when(&exported.record).map(|when| when.precision))
    }),
);
const UNCERTAIN: (&str, From) = (
    "uncertain",
    From::Worked(Type::Flag, |exported| flag(exported, |when| when.uncertain)),
);
const APPROXIMATE: (&str, From) = (
    "approximate",
    From::Worked(Type::Flag, |exported| {
        flag(exported, |when| when.approximate)
    }),
);
const OPEN: (&str, From) = (
    "open",
    From::Worked(Type::Flag, |exported| flag(exported, |when| when.open)),
);
const CITED: (&str, From) = same("sources");

/// The Goldstein score of a coding. Scores have one decimal: what single precision adds is rounded off.
pub(super) fn score(coding: Coding, scheme: Scheme) -> Cell {
    let score = f64::from(coding.goldstein(scheme).value);
    Cell::Number((score * 10.0).round() / 10.0)
}

fn flag(exported: &Exported<'_>, of: fn(&entry::When) -> bool) -> Cell {
    entry::when(&exported.record).map_or(Cell::Nothing, |when| Cell::Flag(of(&when)))
}

/// What is worked out of an event.
fn of_event(exported: &Exported<'_>, work: fn(&Event) -> Cell) -> Cell {
    match &exported.record {
        Record::Event(event) => work(event),
        Record::Source(_) | Record::Actor(_) | Record::Relation(_) | Record::Statement(_) => {
            Cell::Nothing
        }
    }
}

/// The ids of those who stand in a role.
fn standing(exported: &Exported<'_>, roles: &[Role]) -> Cell {
    let actors = exported.record.actors().into_iter();
    let ids = actors.filter(|(role, _)| roles.contains(role));
    let ids: Vec<&str> = ids.map(|(_, id)| id.as_str()).collect();
    if ids.is_empty() {
        return Cell::Nothing;
    }
    Cell::Text(ids.join(" "))
}

const EVENTS: &[(&str, From)] = &[
    HEAD[0],
    HEAD[1],
    same("date"),
    EARLIEST,
    LATEST,
    PRECISION,
    UNCERTAIN,
    APPROXIMATE,
    OPEN,
    (
        "type",
        From::Worked(Type::Text, |exported| {
            of_event(exported, |event| Cell::text(event.coding.event_type()))
        }),
    ),
    same("cameo"),
    (
        "quad_class",
        From::Worked(Type::Text, |exported| {
            of_event(exported, |event| {
                Cell::text(Some(event.coding.quad_class(SCHEME)))
            })
        }),
    ),
    (
        "goldstein",
        From::Worked(Type::Number, |exported| {
            of_event(exported, |event| score(event.coding, SCHEME))
        }),
    ),
    (
        "scheme",
        From::Worked(Type::Text, |_| Cell::text(Some(SCHEME))),
    ),
    (
        "status",
        From::Worked(Type::Text, |exported| {
            of_event(exported, |event| Cell::text(Some(event.status)))
        }),
    ),
    same("title"),
    (
        "source_actors",
        From::Worked(Type::Text, |exported| standing(exported, &[Role::Source])),
    ),
    (
        "target_actors",
        From::Worked(Type::Text, |exported| standing(exported, &[Role::Target])),
    ),
    (
        "other_actors",
        From::Worked(Type::Text, |exported| {
            standing(exported, &[Role::Participant, Role::Mediator, Role::Host])
        }),
    ),
    same("participants"),
    ("place_name", From::Member("place.name")),
    ("place_country", From::Member("place.country")),
    ("lat", From::Member("place.lat")),
    ("lon", From::Member("place.lon")),
    same("topics"),
    same("links"),
    CITED,
    same("attributes"),
];

const STATEMENTS: &[(&str, From)] = &[
    HEAD[0],
    HEAD[1],
    same("date"),
    EARLIEST,
    LATEST,
    PRECISION,
    UNCERTAIN,
    APPROXIMATE,
    OPEN,
    ids("speakers"),
    ids("on_behalf_of"),
    ids("audience"),
    ids("relayed_by"),
    same("event"),
    same("text"),
    (
        "quote",
        From::Worked(Type::Flag, |exported| match &exported.record {
            Record::Statement(statement) => Cell::Flag(statement.quote),
            Record::Source(_) | Record::Actor(_) | Record::Relation(_) | Record::Event(_) => {
                Cell::Nothing
            }
        }),
    ),
    same("topics"),
    same("stances"),
    CITED,
];

const RELATIONS: &[(&str, From)] = &[
    HEAD[0],
    HEAD[1],
    same("subject"),
    same("kind"),
    same("object"),
    same("title"),
    same("since"),
    same("until"),
    EARLIEST,
    LATEST,
    OPEN,
    CITED,
];

const ACTORS: &[(&str, From)] = &[
    HEAD[0],
    HEAD[1],
    same("kind"),
    same("name"),
    same("aliases"),
    same("codes"),
    same("description"),
];

const SOURCES: &[(&str, From)] = &[
    HEAD[0],
    HEAD[1],
    same("kind"),
    same("title"),
    same("publisher"),
    same("authors"),
    same("agency"),
    same("original"),
    same("url"),
    same("published"),
    (
        "earliest",
        From::Worked(Type::Day, |exported| published(exported, Date::earliest)),
    ),
    (
        "latest",
        From::Worked(Type::Day, |exported| published(exported, Date::latest)),
    ),
    same("language"),
];

fn published(exported: &Exported<'_>, of: fn(&Date) -> Day) -> Cell {
    match &exported.record {
        Record::Source(source) => source
            .published
            .as_ref()
            .map_or(Cell::Nothing, |date| Cell::Day(of(date))),
        Record::Actor(_) | Record::Relation(_) | Record::Event(_) | Record::Statement(_) => {
            Cell::Nothing
        }
    }
}
