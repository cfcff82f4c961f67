//! The JSON form of records, in both directions: what an importer accepts, what an export writes,
//! what the REST resources take, and what `schema/` describes. Every export can be imported again.
//!
//! The shapes here hold what JSON says; [`RecordDocument::into_draft`] makes a [`Draft`] of them and
//! says everything that is wrong; [`RecordDocument::from_record`] goes the other way.

mod content;
mod reading;
pub mod schema;
mod shapes;
pub mod values;
mod writing;

pub use content::{
    ContentId, id_as_written, ids_of_other_spellings, is_id_of_content, places_in_order,
    plain_date, quoted,
};
pub use reading::Defaults;
pub use shapes::{
    ActorDocument, AliasDocument, CitationDocument, DatedAliasDocument, EventDocument,
    JudgementDocument, LinkDocument, ParticipantDocument, PlaceDocument, RelationDocument,
    SourceDocument, StanceDocument, StatementDocument, Str, TowardDocument, TowardWhichDocument,
};

use serde::Serialize;

use crate::model::{Draft, EventParts, Kind, Name, RecordProblem, ValidRecord};

/// The name of the member that tells the kind of a record in JSON Lines.
pub const KIND_MEMBER: &str = "record";

/// A record of any kind in its JSON form.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum RecordDocument<'a> {
    /// A source.
    Source(SourceDocument<'a>),
    /// An actor.
    Actor(ActorDocument<'a>),
    /// A relation.
    Relation(RelationDocument<'a>),
    /// An event.
    Event(EventDocument<'a>),
    /// A statement.
    Statement(StatementDocument<'a>),
    /// A judgement.
    Judgement(JudgementDocument<'a>),
}

/// Why a JSON text is no record.
#[derive(Debug)]
pub enum ReadError {
    /// The text is no JSON, or a member has another type than the shape's, or is unknown.
    Shape {
        /// The member and what is wrong with it.
        problem: RecordProblem,
        /// Line in the text that was read, from 1.
        line: usize,
        /// Column in bytes, from 1; 0 when it is not known.
        column: usize,
    },
    /// The members are of the right types but their values make no record.
    Values(Vec<RecordProblem>),
}

impl<'a> RecordDocument<'a> {
    /// Reads one JSON object as a record of `kind`.
    ///
    /// # Errors
    ///
    /// [`ReadError::Shape`] with the member and the place at fault.
    pub fn read(kind: Kind, json: &'a str) -> Result<Self, ReadError> {
        match kind {
            Kind::Source => shape(json).map(Self::Source),
            Kind::Actor => shape(json).map(Self::Actor),
            Kind::Relation => shape(json).map(Self::Relation),
            Kind::Event => shape(json).map(Self::Event),
            Kind::Statement => shape(json).map(Self::Statement),
            Kind::Judgement => shape(json).map(Self::Judgement),
        }
    }

    /// The id that the record states.
    pub fn id(&self) -> Option<&str> {
        let id = match self {
            Self::Source(d) => &d.id,
            Self::Actor(d) => &d.id,
            Self::Relation(d) => &d.id,
            Self::Event(d) => &d.id,
            Self::Statement(d) => &d.id,
            Self::Judgement(d) => &d.id,
        };
        id.as_ref().map(Str::as_str)
    }

    /// The same record with this id.
    #[must_use]
    pub fn with_id(mut self, id: &'a str) -> Self {
        let place = match &mut self {
            Self::Source(d) => &mut d.id,
            Self::Actor(d) => &mut d.id,
            Self::Relation(d) => &mut d.id,
            Self::Event(d) => &mut d.id,
            Self::Statement(d) => &mut d.id,
            Self::Judgement(d) => &mut d.id,
        };
        *place = Some(id.into());
        self
    }

    /// The draft that the JSON form describes, or all that is wrong with it.
    ///
    /// # Errors
    ///
    /// All problems of the values, each with its field.
    pub fn into_draft(self, defaults: &Defaults) -> Result<Draft, Vec<RecordProblem>> {
        match self {
            Self::Source(d) => d.into_draft(defaults).map(Draft::Source),
            Self::Actor(d) => d.into_draft(defaults).map(Draft::Actor),
            Self::Relation(d) => d.into_draft(defaults).map(Draft::Relation),
            Self::Event(d) => d.into_draft(defaults).map(Draft::Event),
            Self::Statement(d) => d.into_draft(defaults).map(Draft::Statement),
            Self::Judgement(d) => d.into_draft(defaults).map(Draft::Judgement),
        }
    }
}

/// Reads one JSON object as a draft of `kind`.
///
/// # Errors
///
/// As [`RecordDocument::read`] and [`RecordDocument::into_draft`].
pub fn read(kind: Kind, json: &str, defaults: &Defaults) -> Result<Draft, ReadError> {
    RecordDocument::read(kind, json)?
        .into_draft(defaults)
        .map_err(ReadError::Values)
}

/// The draft of an event whose author gave it no id: that of its parts is replaced by the one of
/// its content.
///
/// # Errors
///
/// As [`ValidRecord::new`].
pub fn event_of_content(parts: EventParts<Name>) -> Result<Draft, Vec<RecordProblem>> {
    let event = ValidRecord::new(parts)?;
    let event =
        reading::with_content_id(event, Kind::Event, writing::event_in_order, |parts, id| {
            parts.id = id;
        });
    event.map(Draft::Event)
}

/// Reads a shape. The path of a wrong member is found by a second, slower reading.
fn shape<'a, T: serde::Deserialize<'a>>(json: &'a str) -> Result<T, ReadError> {
    let first = match serde_json::from_str(json) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let field = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) => error.path().to_string(),
        Ok(_) => String::new(),
    };
    Err(shape_error(&first, field))
}

fn shape_error(error: &serde_json::Error, field: String) -> ReadError {
    let text = error.to_string();
    // serde_json ends its messages with the place, which is told apart here.
    let problem = text.split(" at line ").next().unwrap_or(&text).to_owned();
    let field = if field == "." { String::new() } else { field };
    ReadError::Shape {
        problem: explain(RecordProblem::new(field, problem)),
        line: error.line(),
        column: error.column(),
    }
}

/// Adds to serde's messages the member that they speak of, and to an unknown one the nearest.
fn explain(mut problem: RecordProblem) -> RecordProblem {
    let mut quoted = problem.problem.split('`').skip(1).step_by(2);
    let Some(named) = quoted.next().map(shown) else {
        return problem;
    };
    let known: Vec<&str> = quoted.collect();
    if problem.problem.starts_with("missing field")
        || problem.problem.starts_with("duplicate field")
    {
        let outer = std::mem::take(&mut problem.field);
        problem.field = named;
        return problem.under(&outer);
    }
    let what = ["unknown field", "unknown variant"];
    let Some(what) = what.iter().find(|what| problem.problem.starts_with(**what)) else {
        return problem;
    };
    let nearest = known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(k, &named), *k))
        .min()
        .filter(|(distance, k)| *distance <= k.len() / 2)
        .map(|(_, k)| k.to_owned());
    let text = format!("{what} `{named}`, expected one of {}", known.join(", "));
    RecordProblem::new(problem.field, text)
        .value(named)
        .suggest(nearest)
}

/// The start of a text that may be long, enough to know it by.
fn shown(text: &str) -> String {
    const SHOWN_CHARS: usize = 64;
    text.chars().take(SHOWN_CHARS).collect()
}
