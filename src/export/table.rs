//! The records of one kind as a table: what CSV and Parquet have in common.
//!
//! Columns are the members of the JSON form, and beside them what only a program would work out: days,
//! quad class, score. Lists stay lists, so that each format writes them in its own way.

use std::borrow::Cow;

use serde_json::Value;

use super::error::ExportError;
use super::format::ExportedRecord;
use super::timeline_entry::{self, EntryTime};
use crate::document::RecordDocument;
use crate::model::{
    ActorParts, Citation, Coding, Confidence, Date, Day, EventParts, Id, JudgementParts, Kind,
    Place, Record, RelationParts, Role, Scheme, SourceParts, StatementParts, Text,
};

/// The scheme of quad classes and scores in tables.
const SCHEME: Scheme = Scheme::Icews;

/// A value. Lists are never empty: a record that has none has [`Cell::Nothing`].
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'r> {
    Nothing,
    Text(Cow<'r, str>),
    Number(f64),
    Flag(bool),
    Day(Day),
    List(Vec<&'r str>),
    /// The members of one object after those of another, as [`ColumnType::Objects`] names them.
    Objects(Vec<Cell<'r>>),
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnType {
    Text,
    Number,
    Flag,
    Day,
    /// A list of ids, which have no blanks in them.
    Ids,
    /// A list of texts.
    Texts,
    /// A list of objects of these members, in alphabetical order.
    Objects(&'static [(&'static str, ColumnType)]),
    /// What has no shape of its own, as JSON.
    Json,
}

/// What of a plain event the values of a column depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlainPart {
    /// What events of one shape share.
    Shape,
    Id,
    /// Its days.
    Date,
    /// Its actors in some roles.
    Actors(&'static [Role]),
}

impl PlainPart {
    /// Those of a column of the table of events, or of a member of its objects.
    pub(super) fn for_column(name: &str, member: Option<&str>) -> Self {
        match (name, member) {
            ("id", _) => Self::Id,
            (
                "date" | "earliest" | "latest" | "precision" | "uncertain" | "approximate" | "open",
                _,
            ) => Self::Date,
            ("source_actors", _) => Self::Actors(SOURCE_ROLES),
            ("target_actors", _) => Self::Actors(TARGET_ROLES),
            ("other_actors", _) => Self::Actors(OTHER_ROLES),
            ("participants", Some("actor")) => Self::Actors(Role::ALL),
            _ => Self::Shape,
        }
    }
}

impl<'r> Cell<'r> {
    pub(super) fn text(text: Option<&'r str>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Text(Cow::Borrowed(text)))
    }

    pub(super) fn written<T: ToString>(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, |value| {
            Self::Text(Cow::Owned(value.to_string()))
        })
    }

    pub(super) fn number(number: Option<f64>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }

    pub(super) fn day(day: Option<Day>) -> Self {
        day.map_or(Self::Nothing, Self::Day)
    }

    pub(super) fn list(texts: Vec<&'r str>) -> Self {
        if texts.is_empty() {
            Self::Nothing
        } else {
            Self::List(texts)
        }
    }

    fn objects<const N: usize>(objects: impl Iterator<Item = [Self; N]>) -> Self {
        let members: Vec<Self> = objects.flatten().collect();
        if members.is_empty() {
            Self::Nothing
        } else {
            Self::Objects(members)
        }
    }

    fn date(date: Option<&'r Date>) -> Self {
        date.map_or(Self::Nothing, |date| Self::Text(date.as_written()))
    }

    fn ids(ids: &'r [Id]) -> Self {
        Self::list(ids.iter().map(Id::as_str).collect())
    }

    fn texts<const MAX: usize>(texts: &'r [Text<MAX>]) -> Self {
        Self::list(texts.iter().map(Text::as_str).collect())
    }
}

/// Where the values of a column come from, given the parts of a record.
enum ColumnSource<P: 'static> {
    /// A text of the record.
    Text(for<'r> fn(&'r P) -> Option<&'r str>),
    /// What is made of the record.
    Made(ColumnType, for<'r> fn(&'r P) -> Cell<'r>),
    /// What its date says.
    When(ColumnType, fn(&EntryTime) -> Cell<'static>),
    /// A member of its JSON form, for records of which the function says that they have it.
    Member(&'static str, fn(&P) -> bool),
}

type Column<P> = (&'static str, ColumnSource<P>);

impl<P> ColumnSource<P> {
    const fn column_type(&self) -> ColumnType {
        match self {
            Self::Text(_) => ColumnType::Text,
            Self::Made(of, _) | Self::When(of, _) => *of,
            Self::Member(..) => ColumnType::Json,
        }
    }
}

/// A table of the records of one kind.
#[derive(Clone, Copy)]
pub(super) struct ExportTable(Kind);

impl ExportTable {
    pub(super) const fn for_kind(kind: Kind) -> Self {
        Self(kind)
    }

    /// The kind of its records.
    pub(super) const fn kind(self) -> Kind {
        self.0
    }

    /// The names of the columns and what they hold.
    pub(super) fn columns(self) -> Vec<(&'static str, ColumnType)> {
        fn names_and_types<P>(columns: &[Column<P>]) -> Vec<(&'static str, ColumnType)> {
            let columns = columns.iter();
            columns
                .map(|(name, from)| (*name, from.column_type()))
                .collect()
        }
        match self.0 {
            Kind::Source => names_and_types(SOURCES),
            Kind::Actor => names_and_types(ACTORS),
            Kind::Relation => names_and_types(RELATIONS),
            Kind::Event => names_and_types(EVENTS),
            Kind::Statement => names_and_types(STATEMENTS),
            Kind::Judgement => names_and_types(JUDGEMENTS),
        }
    }

    /// The cells of a record of this kind.
    pub(super) fn cells<'r>(
        self,
        exported: &'r ExportedRecord<'_>,
    ) -> Result<Vec<Cell<'r>>, ExportError> {
        let record = &exported.record;
        debug_assert_eq!(record.kind(), self.0, "a table is of one kind");
        match record {
            Record::Source(parts) => cells(SOURCES, parts, record),
            Record::Actor(parts) => cells(ACTORS, parts, record),
            Record::Relation(parts) => cells(RELATIONS, parts, record),
            Record::Event(parts) => cells(EVENTS, parts, record),
            Record::Statement(parts) => cells(STATEMENTS, parts, record),
            Record::Judgement(parts) => cells(JUDGEMENTS, parts, record),
        }
    }
}

fn cells<'r, P>(
    columns: &[Column<P>],
    parts: &'r P,
    record: &'r Record,
) -> Result<Vec<Cell<'r>>, ExportError> {
    let when = timeline_entry::when(record);
    let mut document = None;
    let mut cells = Vec::with_capacity(columns.len());
    for (_, from) in columns {
        cells.push(match from {
            ColumnSource::Text(text) => Cell::text(text(parts)),
            ColumnSource::Made(_, make) => make(parts),
            ColumnSource::When(_, say) => when.as_ref().map_or(Cell::Nothing, say),
            ColumnSource::Member(name, has) if has(parts) => {
                // Made once for all members, and only of records that have some.
                let document = match &mut document {
                    Some(document) => document,
                    none => none.insert(json(record)?),
                };
                Cell::written(document.get(name))
            }
            ColumnSource::Member(..) => Cell::Nothing,
        });
    }
    Ok(cells)
}

/// The JSON form of a record.
fn json(record: &Record) -> Result<Value, ExportError> {
    let document = serde_json::to_value(RecordDocument::from_record(record));
    document.map_err(|source| ExportError::Unwritable {
        kind: record.kind(),
        id: record.id().to_string(),
        source,
    })
}

/// The column of the first day that the date may mean.
const fn earliest<P>() -> Column<P> {
    (
        "earliest",
        ColumnSource::When(ColumnType::Day, |when| Cell::day(when.days.0)),
    )
}

/// The column of the last day that the date may mean.
const fn latest<P>() -> Column<P> {
    (
        "latest",
        ColumnSource::When(ColumnType::Day, |when| Cell::day(when.days.1)),
    )
}

const fn precision<P>() -> Column<P> {
    let say: fn(&EntryTime) -> Cell<'static> = |when| Cell::text(Some(when.precision.as_str()));
    ("precision", ColumnSource::When(ColumnType::Text, say))
}

const fn uncertain<P>() -> Column<P> {
    (
        "uncertain",
        ColumnSource::When(ColumnType::Flag, |when| Cell::Flag(when.uncertain)),
    )
}

const fn approximate<P>() -> Column<P> {
    (
        "approximate",
        ColumnSource::When(ColumnType::Flag, |when| Cell::Flag(when.approximate)),
    )
}

const fn open<P>() -> Column<P> {
    (
        "open",
        ColumnSource::When(ColumnType::Flag, |when| Cell::Flag(when.open)),
    )
}

const CITATION: ColumnType = ColumnType::Objects(&[
    ("confidence", ColumnType::Number),
    ("locator", ColumnType::Text),
    ("quote", ColumnType::Text),
    ("source", ColumnType::Text),
]);

fn cited(citations: &[Citation]) -> Cell<'_> {
    Cell::objects(citations.iter().map(|citation| {
        [
            Cell::number(citation.confidence.map(decimal)),
            Cell::text(citation.locator.as_deref()),
            Cell::text(citation.quote.as_deref()),
            Cell::text(Some(citation.source.as_str())),
        ]
    }))
}

/// A confidence as it was written: 0.8, not what single precision makes of it.
fn decimal(confidence: Confidence) -> f64 {
    let value = confidence.get();
    let written = value.to_string().parse();
    written.unwrap_or_else(|_no_number| f64::from(value))
}

/// The Goldstein score of a coding. Scores have one decimal: what single precision adds is rounded off.
pub(super) fn score(coding: Coding, scheme: Scheme) -> Cell<'static> {
    let score = f64::from(coding.goldstein(scheme).value);
    Cell::Number((score * 10.0).round() / 10.0)
}

/// The ids of those who take part in an event in some roles.
fn participants<'r>(event: &'r EventParts, roles: &[Role]) -> Cell<'r> {
    let all = event.participants.iter();
    let ids = all.filter(|one| roles.contains(&one.role));
    Cell::list(ids.map(|one| one.actor.as_str()).collect())
}

fn place(event: &EventParts) -> Option<&Place> {
    event.place.as_ref()
}

fn coordinates(event: &EventParts) -> Option<(f64, f64)> {
    place(event)?.coordinates
}

/// The roles of the columns of actors.
const SOURCE_ROLES: &[Role] = &[Role::Source];
const TARGET_ROLES: &[Role] = &[Role::Target];
const OTHER_ROLES: &[Role] = &[Role::Participant, Role::Mediator, Role::Host];

const EVENTS: &[Column<EventParts>] = &[
    ("id", ColumnSource::Text(|event| Some(event.id.as_str()))),
    (
        "dataset",
        ColumnSource::Text(|event| Some(event.dataset.as_str())),
    ),
    (
        "date",
        ColumnSource::Made(ColumnType::Text, |event| Cell::date(event.date.as_ref())),
    ),
    earliest(),
    latest(),
    precision(),
    uncertain(),
    approximate(),
    open(),
    (
        "type",
        ColumnSource::Text(|event| Some(event.coding.event_type()?.as_str())),
    ),
    (
        "cameo",
        ColumnSource::Made(ColumnType::Text, |event| {
            Cell::written(event.coding.cameo())
        }),
    ),
    (
        "quad_class",
        ColumnSource::Text(|event| Some(event.coding.quad_class(SCHEME).as_str())),
    ),
    (
        "goldstein",
        ColumnSource::Made(ColumnType::Number, |event| score(event.coding, SCHEME)),
    ),
    ("scheme", ColumnSource::Text(|_| Some(SCHEME.as_str()))),
    (
        "status",
        ColumnSource::Text(|event| Some(event.status.as_str())),
    ),
    ("title", ColumnSource::Text(|event| event.title.as_deref())),
    (
        "source_actors",
        ColumnSource::Made(ColumnType::Ids, |event| participants(event, SOURCE_ROLES)),
    ),
    (
        "target_actors",
        ColumnSource::Made(ColumnType::Ids, |event| participants(event, TARGET_ROLES)),
    ),
    (
        "other_actors",
        ColumnSource::Made(ColumnType::Ids, |event| participants(event, OTHER_ROLES)),
    ),
    (
        "participants",
        ColumnSource::Made(
            ColumnType::Objects(&[("actor", ColumnType::Text), ("role", ColumnType::Text)]),
            |event| {
                Cell::objects(event.participants.iter().map(|one| {
                    [
                        Cell::text(Some(one.actor.as_str())),
                        Cell::text(Some(one.role.as_str())),
                    ]
                }))
            },
        ),
    ),
    (
        "place_name",
        ColumnSource::Text(|event| place(event)?.name.as_deref()),
    ),
    (
        "place_country",
        ColumnSource::Text(|event| place(event)?.country.as_deref()),
    ),
    (
        "lat",
        ColumnSource::Made(ColumnType::Number, |event| {
            Cell::number(coordinates(event).map(|(lat, _)| lat))
        }),
    ),
    (
        "lon",
        ColumnSource::Made(ColumnType::Number, |event| {
            Cell::number(coordinates(event).map(|(_, lon)| lon))
        }),
    ),
    (
        "topics",
        ColumnSource::Made(ColumnType::Texts, |event| Cell::texts(&event.topics)),
    ),
    (
        "links",
        ColumnSource::Made(
            ColumnType::Objects(&[("event", ColumnType::Text), ("kind", ColumnType::Text)]),
            |event| {
                Cell::objects(event.links.iter().map(|link| {
                    [
                        Cell::text(Some(link.event.as_str())),
                        Cell::text(Some(link.kind.as_str())),
                    ]
                }))
            },
        ),
    ),
    (
        "sources",
        ColumnSource::Made(CITATION, |event| cited(&event.sources)),
    ),
    (
        "attributes",
        ColumnSource::Member("attributes", |event| event.attributes.is_some()),
    ),
];

const JUDGEMENTS: &[Column<JudgementParts>] = &[
    ("id", ColumnSource::Text(|one| Some(one.id.as_str()))),
    (
        "dataset",
        ColumnSource::Text(|one| Some(one.dataset.as_str())),
    ),
    (
        "verdict",
        ColumnSource::Text(|one| Some(one.verdict.as_str())),
    ),
    ("actor", ColumnSource::Text(|one| Some(one.actor.as_str()))),
    ("other", ColumnSource::Text(|one| Some(one.other.as_str()))),
    ("reason", ColumnSource::Text(|one| one.reason.as_deref())),
    (
        "decided_by",
        ColumnSource::Text(|one| one.decided_by.as_deref()),
    ),
    (
        "sources",
        ColumnSource::Made(CITATION, |one| cited(&one.sources)),
    ),
];

const STATEMENTS: &[Column<StatementParts>] = &[
    (
        "id",
        ColumnSource::Text(|statement| Some(statement.id.as_str())),
    ),
    (
        "dataset",
        ColumnSource::Text(|statement| Some(statement.dataset.as_str())),
    ),
    (
        "date",
        ColumnSource::Made(ColumnType::Text, |statement| {
            Cell::date(statement.date.as_ref())
        }),
    ),
    earliest(),
    latest(),
    precision(),
    uncertain(),
    approximate(),
    open(),
    (
        "speakers",
        ColumnSource::Made(ColumnType::Ids, |statement| Cell::ids(&statement.speakers)),
    ),
    (
        "on_behalf_of",
        ColumnSource::Made(ColumnType::Ids, |statement| {
            Cell::ids(&statement.on_behalf_of)
        }),
    ),
    (
        "audience",
        ColumnSource::Made(ColumnType::Ids, |statement| Cell::ids(&statement.audience)),
    ),
    (
        "relayed_by",
        ColumnSource::Made(ColumnType::Ids, |statement| {
            Cell::ids(&statement.relayed_by)
        }),
    ),
    (
        "event",
        ColumnSource::Text(|statement| statement.event.as_ref().map(Id::as_str)),
    ),
    (
        "text",
        ColumnSource::Text(|statement| statement.text.as_deref()),
    ),
    (
        "quote",
        ColumnSource::Made(ColumnType::Flag, |statement| Cell::Flag(statement.quote)),
    ),
    (
        "topics",
        ColumnSource::Made(ColumnType::Texts, |statement| {
            Cell::texts(&statement.topics)
        }),
    ),
    (
        "stances",
        ColumnSource::Member("stances", |statement| !statement.stances.is_empty()),
    ),
    (
        "sources",
        ColumnSource::Made(CITATION, |statement| cited(&statement.sources)),
    ),
];

const RELATIONS: &[Column<RelationParts>] = &[
    (
        "id",
        ColumnSource::Text(|relation| Some(relation.id.as_str())),
    ),
    (
        "dataset",
        ColumnSource::Text(|relation| Some(relation.dataset.as_str())),
    ),
    (
        "subject",
        ColumnSource::Text(|relation| Some(relation.subject.as_str())),
    ),
    (
        "kind",
        ColumnSource::Text(|relation| Some(relation.kind.as_str())),
    ),
    (
        "object",
        ColumnSource::Text(|relation| Some(relation.object.as_str())),
    ),
    (
        "title",
        ColumnSource::Text(|relation| relation.title.as_deref()),
    ),
    (
        "since",
        ColumnSource::Made(ColumnType::Text, |relation| {
            Cell::date(relation.since.as_ref())
        }),
    ),
    (
        "until",
        ColumnSource::Made(ColumnType::Text, |relation| {
            Cell::date(relation.until.as_ref())
        }),
    ),
    earliest(),
    latest(),
    open(),
    (
        "sources",
        ColumnSource::Made(CITATION, |relation| cited(&relation.sources)),
    ),
];

const ACTORS: &[Column<ActorParts>] = &[
    ("id", ColumnSource::Text(|actor| Some(actor.id.as_str()))),
    (
        "dataset",
        ColumnSource::Text(|actor| Some(actor.dataset.as_str())),
    ),
    (
        "kind",
        ColumnSource::Text(|actor| Some(actor.kind.as_str())),
    ),
    (
        "name",
        ColumnSource::Text(|actor| Some(actor.name.as_str())),
    ),
    (
        "aliases",
        ColumnSource::Member("aliases", |actor| !actor.aliases.is_empty()),
    ),
    (
        "codes",
        ColumnSource::Member("codes", |actor| !actor.codes.is_empty()),
    ),
    (
        "description",
        ColumnSource::Text(|actor| actor.description.as_deref()),
    ),
];

const SOURCES: &[Column<SourceParts>] = &[
    ("id", ColumnSource::Text(|source| Some(source.id.as_str()))),
    (
        "dataset",
        ColumnSource::Text(|source| Some(source.dataset.as_str())),
    ),
    (
        "kind",
        ColumnSource::Text(|source| Some(source.kind.as_str())),
    ),
    (
        "title",
        ColumnSource::Text(|source| source.title.as_deref()),
    ),
    (
        "publisher",
        ColumnSource::Text(|source| source.publisher.as_deref()),
    ),
    (
        "authors",
        ColumnSource::Made(ColumnType::Texts, |source| Cell::texts(&source.authors)),
    ),
    (
        "agency",
        ColumnSource::Text(|source| source.agency.as_deref()),
    ),
    (
        "original",
        ColumnSource::Text(|source| source.original.as_ref().map(Id::as_str)),
    ),
    ("url", ColumnSource::Text(|source| source.url.as_deref())),
    (
        "published",
        ColumnSource::Made(ColumnType::Text, |source| {
            Cell::date(source.published.as_ref())
        }),
    ),
    (
        "earliest",
        ColumnSource::Made(ColumnType::Day, |source| {
            Cell::day(source.published.as_ref().map(Date::earliest))
        }),
    ),
    (
        "latest",
        ColumnSource::Made(ColumnType::Day, |source| {
            Cell::day(source.published.as_ref().map(Date::latest))
        }),
    ),
    (
        "language",
        ColumnSource::Text(|source| source.language.as_deref()),
    ),
];
