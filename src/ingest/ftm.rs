//! Entities of `FollowTheMoney` as JSON Lines, as `OpenSanctions`, Aleph and others export them
//! (<https://followthemoney.tech/explorer/>): `{"id", "schema", "properties"}` with a list of texts for each
//! property.
//!
//! People and bodies become actors, memberships, posts and representations relations, events events. What
//! other schemas say (ownership, addresses, documents) has no place in these records: it is counted by
//! schema and said. No file of other origin could be had for this: it is written after the model's
//! description. `api-docs/formats.md` says which property becomes which field.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde_json::Value;

use super::format::{FormatDeclaration, FormatReader};
use super::input::OpenInput;
use super::limits::RECORD_MAX_BYTES;
use super::lines::{blank, next_line};
use super::references::ReferenceCollector;
use super::table::event::{EventBuilder, EventCells};
use super::walk::PositionCursor;
use super::{
    InputPosition, InputReader, InputRemark, Item, ReadStop, Reject, Subject, no_utf8, nothing,
    record, walk,
};
use crate::model::{
    ALIASES_MAX, ActorKind, ActorParts, Alias, Cameo, Date, Draft, Id, Kind, Label, Name, Prose,
    RecordProblem, RelationKind, RelationParts, Role, Title, ValidRecord,
};

pub(super) const FORMAT: FormatDeclaration = FormatDeclaration {
    word: "ftm",
    media_types: &[],
    extensions: &["ftm"],
    reader: FormatReader::Stream { fits, read },
};

/// The code that says the least: a statement that nothing more is known of.
const UNSPECIFIC: &str = "010";

/// Schemas that are actors.
const ACTORS: &[(&str, ActorKind)] = &[
    ("Person", ActorKind::Person),
    ("PublicBody", ActorKind::GovernmentBody),
    ("Company", ActorKind::Organization),
    ("Organization", ActorKind::Organization),
    ("LegalEntity", ActorKind::Unknown),
];

/// A schema that is a relation: who is tied how to whom, and what names the office or the form.
struct TieSchema {
    schema: &'static str,
    kind: RelationKind,
    subject: &'static str,
    object: &'static str,
    title: &'static [&'static str],
}

const TIES: &[TieSchema] = &[
    TieSchema {
        schema: "Membership",
        kind: RelationKind::MemberOf,
        subject: "member",
        object: "organization",
        title: &["role"],
    },
    TieSchema {
        schema: "Directorship",
        kind: RelationKind::HoldsOffice,
        subject: "director",
        object: "organization",
        title: &["role"],
    },
    TieSchema {
        schema: "Employment",
        kind: RelationKind::HoldsOffice,
        subject: "employee",
        object: "employer",
        title: &["role"],
    },
    TieSchema {
        schema: "Representation",
        kind: RelationKind::Represents,
        subject: "agent",
        object: "client",
        title: &["role"],
    },
];

/// Properties that are codes, with their schemes.
const CODES: &[(&str, &str)] = &[
    ("wikidataId", "wikidata"),
    ("leiCode", "lei"),
    ("registrationNumber", "registration"),
    ("isinCode", "isin"),
    ("imoNumber", "imo"),
];

/// The parts of an event, as cells.
const PARTS: &[&str] = &[
    "id",
    "date",
    "startDate",
    "endDate",
    "name",
    "location",
    "country",
    "sourceUrl",
    "summary",
];

/// Whether the first line is an object with a `schema` and `properties`.
fn fits(head: &[u8]) -> bool {
    // What is split has a first part, be it empty.
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let has = |member: &[u8]| memchr::memmem::find(line, member).is_some();
    line.starts_with(b"{") && !has(b"\"record\"") && has(b"\"schema\"") && has(b"\"properties\"")
}

fn read(
    reading: &mut InputReader<'_>,
    mut opened: OpenInput<'_>,
) -> Result<ControlFlow<()>, ReadStop> {
    let mut entities = EntityReader {
        references: ReferenceCollector::new(reading.options.defaults.dataset.clone()),
        passed_over: BTreeMap::new(),
    };
    let mut line = Vec::new();
    let mut start = InputPosition::START;
    let mut is_empty = true;
    loop {
        let length = match next_line(opened.reader(), &mut line) {
            Ok(Some(length)) => length,
            Ok(None) => break,
            Err(error) => return Err(opened.stop(error, start)),
        };
        let flow = if length > RECORD_MAX_BYTES {
            is_empty = false;
            reading.unreadable(start, record::too_long())
        } else if blank(&line) {
            ControlFlow::Continue(())
        } else {
            is_empty = false;
            entities.line(reading, &line, start)
        };
        if flow.is_break() {
            return Ok(flow);
        }
        start.line += 1;
    }
    if is_empty {
        return Ok(reading.unreadable(InputPosition::START, nothing()));
    }
    Ok(entities.remark_passed_over(reading))
}

/// An entity.
struct Entity<'v> {
    id: &'v str,
    schema: &'v str,
    properties: &'v Value,
}

impl<'v> Entity<'v> {
    fn new(value: &'v Value) -> Option<Self> {
        Some(Self {
            id: value.get("id")?.as_str()?,
            schema: value.get("schema")?.as_str()?,
            properties: value.get("properties")?,
        })
    }

    fn values(&self, property: &str) -> impl Iterator<Item = &'v str> {
        let values = self.properties.get(property).and_then(Value::as_array);
        let values = values.into_iter().flatten();
        // Entities may stand in place of their ids.
        values.filter_map(|value| value.as_str().or_else(|| value.get("id")?.as_str()))
    }

    fn first(&self, property: &str) -> Option<&'v str> {
        self.values(property).next()
    }
}

/// Reads entities line by line.
struct EntityReader {
    references: ReferenceCollector,
    /// How many entities of a schema say nothing that these records hold, with the line of the first.
    passed_over: BTreeMap<String, (u64, u64)>,
}

impl EntityReader {
    fn line(
        &mut self,
        reading: &mut InputReader<'_>,
        line: &[u8],
        start: InputPosition,
    ) -> ControlFlow<()> {
        let text = match str::from_utf8(line) {
            Ok(text) => text,
            Err(error) => {
                let byte = line.get(error.valid_up_to()).copied();
                return reading.unreadable(start, no_utf8(byte.unwrap_or_default()));
            }
        };
        let value: Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(fault) => {
                let position = PositionCursor::new(text, start).of_fault(text, &fault);
                return reading.unreadable(position, record::no_json(&fault));
            }
        };
        let Some(entity) = Entity::new(&value) else {
            let problem =
                RecordProblem::new("", "is no entity: it has `id`, `schema` and `properties`");
            return reading.unreadable(start, problem.value(walk::shown(text)));
        };
        self.entity(reading, &entity, start)
    }

    fn entity(
        &mut self,
        reading: &mut InputReader<'_>,
        entity: &Entity<'_>,
        start: InputPosition,
    ) -> ControlFlow<()> {
        if let Some((_, kind)) = ACTORS.iter().find(|(schema, _)| *schema == entity.schema) {
            return self.give(reading, Kind::Actor, start, |dataset| {
                actor(entity, *kind, dataset)
            });
        }
        if let Some(tie) = TIES.iter().find(|tie| tie.schema == entity.schema) {
            return self.give(reading, Kind::Relation, start, |dataset| {
                relation(entity, tie, dataset)
            });
        }
        if entity.schema == "Event" {
            return self.event(reading, entity, start);
        }
        let (count, _) = self
            .passed_over
            .entry(walk::shown(entity.schema))
            .or_insert((0, start.line));
        *count += 1;
        ControlFlow::Continue(())
    }

    fn give(
        &self,
        reading: &mut InputReader<'_>,
        kind: Kind,
        start: InputPosition,
        draft: impl FnOnce(&Id) -> Result<Draft, Vec<RecordProblem>>,
    ) -> ControlFlow<()> {
        if !reading.wants(kind) {
            return ControlFlow::Continue(());
        }
        reading.records += 1;
        let item = match draft(self.references.dataset()) {
            Ok(draft) => Item::Draft(start, draft),
            Err(problems) => {
                let each = problems.into_iter().map(|problem| Reject {
                    position: start,
                    subject: Subject {
                        kind: Some(kind),
                        id: None,
                    },
                    problem,
                });
                Item::Rejects(each.collect())
            }
        };
        reading.give(item)
    }

    fn event(
        &mut self,
        reading: &mut InputReader<'_>,
        entity: &Entity<'_>,
        start: InputPosition,
    ) -> ControlFlow<()> {
        if !reading.wants(Kind::Event) {
            return ControlFlow::Continue(());
        }
        reading.records += 1;
        let mut cells = EventCells::new(PARTS.len(), start);
        for (at, part) in PARTS.iter().enumerate() {
            cells.push(at, entity.first(part).unwrap_or_default());
        }
        let id = entity_id(entity.id).map(Id::into_string);
        let involved = ["involved", "organizer"].into_iter();
        let involved: Vec<String> = involved
            .flat_map(|property| entity.values(property))
            .filter_map(|id| entity_id(id).ok().map(Id::into_string))
            .collect();
        let mut event = EventBuilder::of_cells(&cells, &mut self.references);
        map(&mut event, id, &involved);
        let result = event.finish();
        let place = |at: usize| (start, PARTS.get(at).copied().unwrap_or_default());
        reading.give_event(start, result, &place, &mut self.references)
    }

    fn remark_passed_over(&self, reading: &mut InputReader<'_>) -> ControlFlow<()> {
        for (schema, (count, line)) in &self.passed_over {
            let position = InputPosition {
                line: *line,
                ..InputPosition::START
            };
            let message =
                "are entities of a schema that says nothing these records hold".to_owned();
            let value = format!("{count} × {schema}");
            reading.remark(position, InputRemark { value, message })?;
        }
        ControlFlow::Continue(())
    }
}

/// The id of an entity, which may have capitals and other signs; those that an id has not are told apart by
/// a hash.
fn entity_id(written: &str) -> Result<Id, RecordProblem> {
    if let Ok(id) = Id::parse(written) {
        return Ok(id);
    }
    let nearest = Id::nearest(
        written
            .get(..written.floor_char_boundary(64))
            .unwrap_or_default(),
    );
    let hash = Id::digits(Id::hash_of(written.as_bytes()));
    let digits: String = hash
        .iter()
        .take(12)
        .map(|digit| char::from(*digit))
        .collect();
    let slug = nearest.map_or_else(|| "entity".to_owned(), Id::into_string);
    Id::parse(&format!("{slug}-{digits}"))
        .map_err(|error| RecordProblem::new("id", error.to_string()).value(walk::shown(written)))
}

fn text_problem(property: &str, value: &str, error: &impl ToString) -> Vec<RecordProblem> {
    vec![RecordProblem::new(property, error.to_string()).value(walk::shown(value))]
}

fn actor(entity: &Entity<'_>, kind: ActorKind, dataset: &Id) -> Result<Draft, Vec<RecordProblem>> {
    let id = entity_id(entity.id).map_err(|problem| vec![problem])?;
    let names = ["name", "alias", "weakAlias", "previousName"];
    let mut names = names
        .into_iter()
        .flat_map(|property| entity.values(property));
    let Some(first) = names.next() else {
        let problem = RecordProblem::new("properties.name", "is missing: an actor needs a name");
        return Err(vec![problem.suggest("a name, or no entity".to_owned())]);
    };
    let name = Name::new(first).map_err(|error| text_problem("properties.name", first, &error))?;
    let mut aliases: Vec<Alias> = Vec::new();
    for other in names {
        let text =
            Name::new(other).map_err(|error| text_problem("properties.alias", other, &error))?;
        let is_new = text != name && aliases.iter().all(|alias| alias.text != text);
        if is_new && aliases.len() < ALIASES_MAX {
            aliases.push(Alias {
                text,
                language: None,
                since: None,
                until: None,
            });
        }
    }
    let codes = CODES.iter().filter_map(|(property, scheme)| {
        let code = entity.first(property)?;
        Some((Label::new(scheme).ok()?, Label::new(code).ok()?))
    });
    let description = entity.first("summary").or_else(|| entity.first("notes"));
    let actor = ValidRecord::new(ActorParts {
        id,
        dataset: dataset.clone(),
        kind,
        name,
        aliases,
        codes: codes.collect(),
        description: description.and_then(|text| Prose::new(text).ok()),
    });
    actor.map(Draft::Actor)
}

fn relation(
    entity: &Entity<'_>,
    tie: &TieSchema,
    dataset: &Id,
) -> Result<Draft, Vec<RecordProblem>> {
    let id = entity_id(entity.id).map_err(|problem| vec![problem])?;
    let end = |property: &'static str| {
        let Some(written) = entity.first(property) else {
            let field = format!("properties.{property}");
            return Err(vec![RecordProblem::new(
                field,
                "is missing: a tie has two ends",
            )]);
        };
        let id = entity_id(written).map_err(|problem| vec![problem])?;
        Name::new(id.as_str()).map_err(|error| text_problem(property, written, &error))
    };
    let date = |property: &str| match entity.first(property) {
        None => Ok(None),
        Some(written) => Date::parse(written).map(Some).map_err(|error| {
            let field = format!("properties.{property}");
            let problem = RecordProblem::new(field, error.problem).value(walk::shown(written));
            vec![problem.suggest(error.suggestion)]
        }),
    };
    let title = tie.title.iter().find_map(|property| entity.first(property));
    let relation = ValidRecord::new(RelationParts {
        id,
        dataset: dataset.clone(),
        subject: end(tie.subject)?,
        kind: tie.kind,
        object: end(tie.object)?,
        title: title.and_then(|title| Title::new(title).ok()),
        since: date("startDate")?,
        until: date("endDate")?,
        sources: Vec::new(),
    });
    relation.map(Draft::Relation)
}

/// Says what an event tells.
fn map<'a>(
    event: &mut EventBuilder<'a>,
    id: Result<String, RecordProblem>,
    involved: &'a [String],
) {
    let [own, date, start, end, name, location, country, url, summary] =
        std::array::from_fn(Some::<usize>);
    match id {
        Ok(id) => event.set_id(&id),
        Err(problem) => event.problem(own, problem),
    }
    let first = if event.cell(date).is_some() {
        date
    } else {
        start
    };
    event.days([first, end], |_| true);
    if let Ok(code) = Cameo::parse(UNSPECIFIC) {
        event.set_cameo(code);
    }
    event.title(name);
    for actor in involved {
        event.reference(actor, Role::Participant);
    }
    let country = event.cell(country);
    event.place(&[location], country, [None, None]);
    if let Some(url) = event.cell(url) {
        event.cite_page(url);
    }
    event.attribute_text("summary", summary);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_are_none_are_told_apart() {
        let id = |written| entity_id(written).unwrap().into_string();
        assert_eq!(id("nk-abc"), "nk-abc");
        assert!(id("NK-Abc").starts_with("nk-abc-"));
        assert_ne!(id("NK-Abc"), id("NK-abc"));
        assert!(id("東京").starts_with("entity-"));
        assert_eq!(id("NK-Abc"), id("NK-Abc"));
    }
}
