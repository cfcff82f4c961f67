//! The JSON Schema of records and documents (draft 2020-12), made of the shapes that are read.
//!
//! What one record can say about itself is in the schema; what needs other records (an actor that
//! is not there), a calendar or an order of dates is for the importer to check.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::KIND_MEMBER;
use super::shapes::{
    ActorDocument, EventDocument, JudgementDocument, RelationDocument, SourceDocument,
    StatementDocument,
};
use super::values::Id;
use crate::model::Kind;

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaKind {
    /// One record, as on a line of JSON Lines.
    Record,
    /// A document of records.
    Document,
}

impl SchemaKind {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Record, Self::Document];

    /// The word for it in commands and file names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Document => "document",
        }
    }

    /// The schema, as indented JSON with a line break at its end.
    ///
    /// # Errors
    ///
    /// When a schema is no JSON, which would be a fault of this program.
    pub fn schema(self) -> serde_json::Result<String> {
        let root = match self {
            Self::Record => record()?,
            Self::Document => document()?,
        };
        Ok(serde_json::to_string_pretty(&root)? + "\n")
    }
}

/// A schema as it is written: what a reader looks for first stands first.
#[derive(Serialize)]
struct RootSchema {
    #[serde(rename = "$schema")]
    dialect: &'static str,
    #[serde(rename = "$id")]
    id: &'static str,
    title: &'static str,
    description: &'static str,
    #[serde(flatten)]
    body: Map<String, Value>,
    examples: Vec<Value>,
    #[serde(rename = "$defs")]
    definitions: BTreeMap<String, Value>,
}

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

fn record() -> serde_json::Result<RootSchema> {
    let each = Kind::ALL.iter().map(|kind| {
        json!({
            "title": kind.as_str(),
            "$ref": reference(*kind),
            "properties": { KIND_MEMBER: { "const": kind.as_str() } },
            "required": [KIND_MEMBER],
        })
    });
    Ok(RootSchema {
        dialect: DIALECT,
        id: "urn:chancery:schema:record",
        title: "Chancery record",
        description: "One record of any kind, as on a line of JSON Lines. The member `record` \
                      names its kind.",
        body: object(json!({ "type": "object", "oneOf": each.collect::<Vec<_>>() })),
        examples: vec![json!({
            "record": "event",
            "id": "blinken-park-call",
            "type": "CONSULT",
            "date": "2023-06-16",
            "participants": [
                { "actor": "antony-blinken", "role": "participant" },
                { "actor": "park-jin", "role": "participant" }
            ],
            "sources": [{ "source": "trt-2023-06-17" }]
        })],
        definitions: definitions()?,
    })
}

fn document() -> serde_json::Result<RootSchema> {
    let mut properties = Map::new();
    let dataset = json!({
        "description": "The data set of the records that do not name one.",
        "oneOf": [{ "type": "null" }, { "$ref": "#/$defs/Id" }],
    });
    properties.insert("dataset".into(), dataset);
    for kind in Kind::ALL {
        let list = json!({ "type": "array", "items": { "$ref": reference(*kind) } });
        properties.insert(kind.plural().into(), list);
    }
    let holds_a_record = Kind::ALL.iter().map(|kind| {
        json!({
            "required": [kind.plural()],
            "properties": { kind.plural(): { "minItems": 1 } },
        })
    });
    Ok(RootSchema {
        dialect: DIALECT,
        id: "urn:chancery:schema:document",
        title: "Chancery document",
        description: "Records of all kinds in one JSON document, with at least one record.",
        body: object(json!({
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
            "anyOf": holds_a_record.collect::<Vec<_>>(),
        })),
        examples: vec![json!({
            "dataset": "my-articles",
            "actors": [
                { "id": "usa", "kind": "state", "name": "United States of America" },
                { "id": "kor", "kind": "state", "name": "Republic of Korea" }
            ],
            "relations": [{ "subject": "usa", "kind": "allied_with", "object": "kor" }]
        })],
        definitions: definitions()?,
    })
}

/// The schema of each shape and value by its name.
fn definitions() -> serde_json::Result<BTreeMap<String, Value>> {
    let mut found = Vec::new();
    collect::<SourceDocument<'static>>(&mut found);
    collect::<ActorDocument<'static>>(&mut found);
    collect::<RelationDocument<'static>>(&mut found);
    collect::<EventDocument<'static>>(&mut found);
    collect::<StatementDocument<'static>>(&mut found);
    collect::<JudgementDocument<'static>>(&mut found);
    collect::<Id>(&mut found);
    let mut definitions = BTreeMap::new();
    for (name, schema) in found {
        let mut schema = serde_json::to_value(schema)?;
        translate(&mut schema);
        add_rules(&name, &mut schema);
        definitions.insert(name, schema);
    }
    Ok(definitions)
}

fn collect<T: ToSchema + PartialSchema>(found: &mut Vec<(String, RefOr<Schema>)>) {
    found.push((T::name().into_owned(), T::schema()));
    T::schemas(found);
}

/// The name of a kind's shape, as the shapes are named to the outside.
fn reference(kind: Kind) -> String {
    let name = match kind {
        Kind::Source => SourceDocument::name(),
        Kind::Actor => ActorDocument::name(),
        Kind::Relation => RelationDocument::name(),
        Kind::Event => EventDocument::name(),
        Kind::Statement => StatementDocument::name(),
        Kind::Judgement => JudgementDocument::name(),
    };
    format!("#/$defs/{name}")
}

/// From the dialect of `OpenAPI` to plain JSON Schema: where definitions stand, and `example`.
fn translate(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(at)) = members.get_mut("$ref") {
                *at = at.replace("#/components/schemas/", "#/$defs/");
            }
            // A property may be called `example`; the keyword holds no schema.
            let is_schema = members.contains_key("type") || members.contains_key("oneOf");
            if is_schema && let Some(example) = members.remove("example") {
                members.insert("examples".into(), json!([example]));
            }
            members.values_mut().for_each(translate);
        }
        Value::Array(items) => items.iter_mut().for_each(translate),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Adds what holds between the members of a shape, which attributes of its fields can't say.
fn add_rules(name: &str, schema: &mut Value) {
    let rules = match name {
        "Event" => json!({ "anyOf": [has("type", "string"), has("cameo", "string")] }),
        "Statement" => json!({
            "anyOf": [
                has("text", "string"),
                { "required": ["stances"], "properties": { "stances": { "minItems": 1 } } },
            ],
            "if": { "required": ["quote"], "properties": { "quote": { "const": true } } },
            "then": has("text", "string"),
        }),
        "Place" => json!({
            "anyOf": [has("name", "string"), has("country", "string"), has("lat", "number")],
            "allOf": [{ "anyOf": [
                { "allOf": [has("lat", "number"), has("lon", "number")] },
                { "properties": { "lat": { "type": "null" }, "lon": { "type": "null" } } },
            ] }],
        }),
        _ => json!({}),
    };
    if let Value::Object(members) = schema {
        members.extend(object(rules));
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for list in NO_TWINS {
            if let Some(Value::Object(list)) = properties.get_mut(*list) {
                list.insert("uniqueItems".into(), json!(true));
            }
        }
    }
    // Of the objects to choose from, one has its one member and no other.
    if let Some(Value::Array(choices)) = schema.get_mut("oneOf") {
        for choice in choices.iter_mut().filter_map(Value::as_object_mut) {
            if choice.contains_key("properties") {
                choice.insert("additionalProperties".into(), json!(false));
            }
        }
    }
}

/// Lists in which nothing stands twice.
const NO_TWINS: &[&str] = &[
    "participants",
    "links",
    "topics",
    "speakers",
    "on_behalf_of",
    "audience",
    "relayed_by",
];

/// That a member is there and of a type. A member that is `null` counts as absent.
fn has(member: &str, type_name: &str) -> Value {
    json!({ "required": [member], "properties": { member: { "type": type_name } } })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}
