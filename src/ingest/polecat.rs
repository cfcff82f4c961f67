//! Events of POLECAT: the political event classification, attributes and types, as the Harvard Dataverse
//! distributes them (doi:10.7910/DVN/AJGVIT): text with tabs, without quotes, with a header.
//!
//! The names of columns are those that readers of its files quote; they vary by release (`Intensity` or
//! `Event Intensity`). Absent is `None`. No file could be had for this. Types are those of PLOVER.
//! `api-docs/formats.md` says which column becomes which field.

use super::format::{FormatDeclaration, FormatReader};
use super::table::event::EventBuilder;
use super::table::header::TableHeader;
use super::table::{RowMapping, TableDeclaration};
use crate::model::{Date, EventType, PARTICIPANTS_MAX, RecordProblem, Role, SourceKind, Title};

pub(super) const FORMAT: FormatDeclaration = FormatDeclaration {
    word: "polecat",
    media_types: &[],
    extensions: &[],
    reader: FormatReader::Table(&TABLE),
};

static TABLE: TableDeclaration = TableDeclaration {
    title: "events of POLECAT",
    telling: &[
        &["Event ID"],
        &["Event Date"],
        &["Event Type"],
        &["Event Mode"],
        &["Actor Name"],
        &["Recipient Name"],
    ],
    headerless: None,
    dates: &["Event Date", "Publication Date"],
    absent: &["None", "nan"],
    mapping: |header| Box::new(PolecatColumns::new(header)),
};

/// Columns that are kept as texts, and the attributes that they become.
const TEXTS: &[(&str, &[&str])] = &[
    ("event_mode", &["Event Mode"]),
    ("feature_type", &["Feature Type"]),
    ("language", &["Language"]),
    ("place_raw", &["Raw Placename"]),
    ("quad_code", &["Quad Code", "Quad Class"]),
    ("source_sectors", &["Actor Sectors"]),
    ("source_title", &["Actor Title"]),
    ("story_locations", &["Story Locations"]),
    ("story_organizations", &["Story Organizations"]),
    ("story_people", &["Story People"]),
    ("target_sectors", &["Recipient Sectors"]),
    ("target_title", &["Recipient Title"]),
    ("version", &["Version"]),
];

/// Columns that are kept as codes, with their schemes.
const CODES: &[(&str, &str, &[&str])] = &[
    ("place_geonames", "geonames", &["GeoNames ID"]),
    ("source_country", "iso3", &["Actor Country"]),
    ("source_cow", "cow", &["Actor COW"]),
    ("source_wikipedia", "wikipedia", &["Wikipedia Actor ID"]),
    ("target_country", "iso3", &["Recipient Country"]),
    ("target_cow", "cow", &["Recipient COW"]),
    ("target_wikipedia", "wikipedia", &["Wikipedia Recipient ID"]),
];

/// Where a file has what.
struct PolecatColumns {
    id: Option<usize>,
    date: Option<usize>,
    kind: Option<usize>,
    intensity: Option<usize>,
    contexts: Option<usize>,
    title: Option<usize>,
    sides: [PolecatSide; 2],
    places: [Option<usize>; 4],
    country: Option<usize>,
    coordinates: [Option<usize>; 2],
    source: Option<usize>,
    published: Option<usize>,
    texts: Vec<(&'static str, usize)>,
    codes: Vec<(&'static str, &'static str, usize)>,
}

/// The columns of a side.
struct PolecatSide {
    role: Role,
    name: Option<usize>,
    raw: Option<usize>,
}

impl PolecatColumns {
    fn new(header: &TableHeader) -> Self {
        let find = |name: &str| header.find(&[name]);
        let texts = TEXTS.iter();
        let texts = texts.filter_map(|(name, columns)| Some((*name, header.find(columns)?)));
        let codes = CODES.iter();
        let codes = codes
            .filter_map(|(name, scheme, columns)| Some((*name, *scheme, header.find(columns)?)));
        Self {
            id: find("Event ID"),
            date: find("Event Date"),
            kind: find("Event Type"),
            intensity: header.find(&["Intensity", "Event Intensity"]),
            contexts: header.find(&["Contexts", "Context"]),
            title: find("Headline"),
            sides: [
                PolecatSide {
                    role: Role::Source,
                    name: find("Actor Name"),
                    raw: find("Actor Name Raw"),
                },
                PolecatSide {
                    role: Role::Target,
                    name: find("Recipient Name"),
                    raw: find("Recipient Name Raw"),
                },
            ],
            places: [
                find("Placename"),
                find("City"),
                find("District"),
                find("Province"),
            ],
            country: find("Country"),
            coordinates: [find("Latitude"), find("Longitude")],
            source: find("Source"),
            published: find("Publication Date"),
            texts: texts.collect(),
            codes: codes.collect(),
        }
    }

    fn event_type(&self, event: &mut EventBuilder<'_>) {
        let written = event.cell(self.kind).unwrap_or_default();
        match EventType::parse(written) {
            Ok(kind) => event.set_type(kind),
            Err(error) => {
                let problem = RecordProblem::new("", error.problem).suggest(error.suggestion);
                event.problem(self.kind, problem);
            }
        }
    }

    /// Who is named on a side, several with `;` between them; where no name was found, as the text has it.
    fn side(event: &mut EventBuilder<'_>, side: &PolecatSide) {
        let column = if event.cell(side.name).is_some() {
            side.name
        } else {
            side.raw
        };
        let names = event.cell(column).unwrap_or_default().split(';');
        for name in names.map(str::trim).take(PARTICIPANTS_MAX / 2) {
            if !name.is_empty() {
                event.named(column, name, side.role);
            }
        }
    }

    fn source(&self, event: &mut EventBuilder<'_>) {
        let Some(publisher) = event.cell(self.source) else {
            return;
        };
        let day = event.cell(self.published);
        let key = format!("polecat source {publisher}\n{}", day.unwrap_or_default());
        event.cite(&key, None, |source| {
            source.kind = SourceKind::Article;
            source.publisher = Title::new(publisher).ok();
            source.published = day.and_then(|date| Date::parse(date).ok());
        });
    }
}

impl RowMapping for PolecatColumns {
    fn map(&mut self, event: &mut EventBuilder<'_>) {
        event.date(self.date, None);
        event.id("polecat", self.id, |_| None);
        self.event_type(event);
        event.title(self.title);
        for side in &self.sides {
            Self::side(event, side);
        }
        let contexts = event.cell(self.contexts).unwrap_or_default();
        for context in contexts
            .split(';')
            .map(str::trim)
            .filter(|context| !context.is_empty())
        {
            event.topic(context);
        }
        let country = event.cell(self.country);
        event.place(&self.places, country, self.coordinates);
        self.source(event);
        event.attribute_number("intensity", self.intensity);
        for (name, column) in &self.texts {
            event.attribute_text(name, Some(*column));
        }
        for (name, scheme, column) in &self.codes {
            let code = event.cell(Some(*column));
            event.attribute(name, scheme, code);
        }
    }
}
