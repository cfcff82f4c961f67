//! Events of ACLED: the Armed Conflict Location & Event Data, comma- or semicolon-separated with a header.
//!
//! The names of columns are those of its codebooks of 2015 to 2025, which have 27 to 35 of them, two or
//! five for actors, types of actors as numbers or as words, and dates in four notations. No file could be
//! had for this: it is written after the codebooks and what readers of such files say.
//! `api-docs/formats.md` says which column becomes which field, and which type of event which of PLOVER.

use super::format::{FormatDeclaration, FormatReader};
use super::table::event::EventBuilder;
use super::table::header::TableHeader;
use super::table::{RowMapping, TableDeclaration};
use crate::model::{Date, EventType, LIST_MAX, RecordProblem, Role, SourceKind, Title};

pub(super) const FORMAT: FormatDeclaration = FormatDeclaration {
    word: "acled",
    media_types: &[],
    extensions: &[],
    reader: FormatReader::Table(&TABLE),
};

static TABLE: TableDeclaration = TableDeclaration {
    title: "events of ACLED",
    telling: &[
        &["event_id_cnty"],
        &["event_date"],
        &["event_type"],
        &["actor1"],
        &["actor2"],
        &["fatalities"],
    ],
    headerless: None,
    dates: &["event_date"],
    absent: &["NA"],
    mapping: |header| Box::new(AcledColumns::new(header)),
};

/// Types of events by how they begin, in lower case, with the types of PLOVER; the sub-type decides where it
/// is named. "Strategic developments" that are nothing else are of the type that changes in strength have.
const TYPES: &[(&str, EventType)] = &[
    ("agreement", EventType::Agree),
    ("arrests", EventType::Coerce),
    ("disrupted weapons use", EventType::Coerce),
    ("looting/property destruction", EventType::Assault),
    ("non-violent transfer of territory", EventType::Retreat),
    ("peaceful protest", EventType::Protest),
    ("battle", EventType::Assault),
    ("explosions/remote violence", EventType::Assault),
    ("headquarters or base established", EventType::Mobilize),
    ("protests", EventType::Protest),
    ("remote violence", EventType::Assault),
    ("riots", EventType::Protest),
    ("strategic development", EventType::Mobilize),
    ("violence against civilians", EventType::Assault),
];

/// Types of actors by their numbers.
const ACTOR_TYPES: [&str; 8] = [
    "State Forces",
    "Rebel Groups",
    "Political Militias",
    "Identity Militias",
    "Rioters",
    "Protesters",
    "Civilians",
    "External/Other Forces",
];

/// Columns that are kept as texts, and the attributes that they become.
const TEXTS: &[(&str, &[&str])] = &[
    ("civilian_targeting", &["civilian_targeting"]),
    ("disorder_type", &["disorder_type"]),
    ("event_type", &["event_type"]),
    ("interaction", &["interaction"]),
    ("source_associates", &["assoc_actor_1", "ally_actor_1"]),
    ("source_scale", &["source_scale"]),
    ("sub_event_type", &["sub_event_type"]),
    ("tags", &["tags"]),
    ("target_associates", &["assoc_actor_2", "ally_actor_2"]),
];

/// Columns that are kept as numbers.
const NUMBERS: &[(&str, &[&str])] = &[
    ("fatalities", &["fatalities"]),
    ("place_precision", &["geo_precision", "geo_precis"]),
    ("population_best", &["population_best"]),
    ("timestamp", &["timestamp"]),
];

/// Columns that are kept as codes, with their schemes.
const CODES: &[(&str, &str, &[&str])] = &[
    ("place_country_gw", "gw", &["gwno"]),
    ("place_country_iso3", "iso3", &["iso3"]),
    ("place_country_iso_numeric", "iso-numeric", &["iso"]),
];

/// Where a file has what.
struct AcledColumns {
    id: Option<usize>,
    date: Option<usize>,
    year: Option<usize>,
    precision: Option<usize>,
    kind: Option<usize>,
    sub_type: Option<usize>,
    actors: [Option<usize>; 2],
    actor_types: [Option<usize>; 2],
    places: [Option<usize>; 4],
    country: Option<usize>,
    coordinates: [Option<usize>; 2],
    sources: Option<usize>,
    notes: Option<usize>,
    texts: Vec<(&'static str, usize)>,
    numbers: Vec<(&'static str, usize)>,
    codes: Vec<(&'static str, &'static str, usize)>,
}

impl AcledColumns {
    fn new(header: &TableHeader) -> Self {
        let find = |name: &str| header.find(&[name]);
        let kept = |columns: &[(&'static str, &[&str])]| -> Vec<(&'static str, usize)> {
            let each = columns.iter();
            each.filter_map(|(name, columns)| Some((*name, header.find(columns)?)))
                .collect()
        };
        let codes = CODES.iter();
        let codes = codes
            .filter_map(|(name, scheme, columns)| Some((*name, *scheme, header.find(columns)?)));
        Self {
            id: find("event_id_cnty"),
            date: find("event_date"),
            year: find("year"),
            precision: header.find(&["time_precision", "time_precis"]),
            kind: find("event_type"),
            sub_type: find("sub_event_type"),
            actors: [find("actor1"), find("actor2")],
            actor_types: [find("inter1"), find("inter2")],
            places: [
                find("location"),
                find("admin3"),
                find("admin2"),
                find("admin1"),
            ],
            country: find("country"),
            coordinates: [find("latitude"), find("longitude")],
            sources: find("source"),
            notes: find("notes"),
            texts: kept(TEXTS),
            numbers: kept(NUMBERS),
            codes: codes.collect(),
        }
    }

    /// The day, as precise as `time_precision` says: 1 the day, 2 about the day, 3 the month.
    fn date(&self, event: &mut EventBuilder<'_>) {
        let Some(date) = event.date_of(self.date, self.year) else {
            return;
        };
        let written = date.to_string();
        let written = match event.cell(self.precision) {
            Some("2") => format!("{written}~"),
            Some("3") => written.get(..7).unwrap_or(&written).to_owned(),
            _ => return event.set_date(Some(date)),
        };
        event.set_date(Date::parse(&written).ok().or(Some(date)));
    }

    fn event_type(&self, event: &mut EventBuilder<'_>) {
        let find = |text: &str| {
            let text = text.to_lowercase();
            let found = TYPES.iter().find(|(start, _)| text.starts_with(start));
            found.map(|(_, kind)| *kind)
        };
        let of_sub_type = event.cell(self.sub_type).and_then(find);
        if let Some(kind) = of_sub_type.or_else(|| event.cell(self.kind).and_then(find)) {
            event.set_type(kind);
            return;
        }
        let problem = RecordProblem::new("", "is no type of event of ACLED");
        let known = "Battles, Explosions/Remote violence, Violence against civilians, Protests, Riots or \
                     Strategic developments";
        event.problem(self.kind, problem.suggest(known.to_owned()));
    }

    /// Of battles the data do not say who acted.
    fn actors(&self, event: &mut EventBuilder<'_>) {
        let is_battle = event
            .cell(self.kind)
            .is_some_and(|kind| kind.to_lowercase().starts_with("battle"));
        let roles = if is_battle {
            [Role::Participant, Role::Participant]
        } else {
            [Role::Source, Role::Target]
        };
        let names = [("source", "source_type"), ("target", "target_type")];
        let columns = self.actors.into_iter().zip(self.actor_types).zip(roles);
        for (((column, kind), role), (name, of_type)) in columns.zip(names) {
            if !event.actor(column, role) {
                event.attribute_text(name, column);
            }
            let kind = event.cell(kind).map(actor_type);
            event.attribute(of_type, "", kind.filter(|kind| *kind != "0"));
        }
    }

    fn sources(&self, event: &mut EventBuilder<'_>) {
        let Some(sources) = event.cell(self.sources) else {
            return;
        };
        let each = sources.split(';').map(str::trim);
        for publisher in each.filter(|name| !name.is_empty()).take(LIST_MAX) {
            event.cite(&format!("acled source {publisher}"), None, |source| {
                source.kind = SourceKind::Article;
                source.publisher = Title::new(publisher).ok();
            });
        }
    }
}

/// The type of an actor in words.
fn actor_type(written: &str) -> &str {
    let number = written
        .parse::<usize>()
        .ok()
        .and_then(|number| number.checked_sub(1));
    number
        .and_then(|at| ACTOR_TYPES.get(at).copied())
        .unwrap_or(written)
}

impl RowMapping for AcledColumns {
    fn map(&mut self, event: &mut EventBuilder<'_>) {
        self.date(event);
        event.id("acled", self.id, |_| None);
        self.event_type(event);
        event.title(self.notes);
        self.actors(event);
        let country = event.cell(self.country);
        event.place(&self.places, country, self.coordinates);
        self.sources(event);
        for (name, column) in &self.texts {
            event.attribute_text(name, Some(*column));
        }
        for (name, column) in &self.numbers {
            event.attribute_number(name, Some(*column));
        }
        for (name, scheme, column) in &self.codes {
            let code = event.cell(Some(*column));
            event.attribute(name, scheme, code);
        }
    }
}
