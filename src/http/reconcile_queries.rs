//! What clients of the Reconciliation API send: batches of queries, and which values they want. A query that can't
//! be used is refused alone.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::problem::{Problem, ProblemKind};
use crate::graph::View;
use crate::model::{self, ActorKind, RecordProblem};
use crate::query::answer::{ExtensionAnswer, ReconciliationResult};
use crate::query::{
    self, ActorProperty, CANDIDATES_DEFAULT, CANDIDATES_MAX, ExpectedProperty, PropertyCatalog,
    ReconciliationQuery, TypeStrictness,
};

/// Bytes of a body.
pub(super) const BODY_MAX_BYTES: usize = 1 << 20;
/// Queries of one batch.
pub(super) const QUERIES_MAX: usize = 50;
/// Characters of the name that a query gives, and of a value of a property.
pub(super) const TEXT_MAX_CHARS: usize = 1_000;
/// Properties of one query, and of one extension.
pub(super) const PROPERTIES_MAX: usize = 20;
/// Values of one property of a query.
pub(super) const VALUES_MAX: usize = 20;
/// Actors of one extension.
pub(super) const IDS_MAX: usize = 100;

/// The members of a query.
const QUERY_MEMBERS: [&str; 5] = ["query", "type", "type_strict", "limit", "properties"];

/// An object of JSON in which no key stands twice.
#[derive(Debug)]
struct UniqueMembers(BTreeMap<String, Value>);

impl<'de> Deserialize<'de> for UniqueMembers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct UniqueMembersVisitor;

        impl<'de> Visitor<'de> for UniqueMembersVisitor {
            type Value = UniqueMembers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of queries, each under its own key")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UniqueMembers, A::Error> {
                let mut members = BTreeMap::new();
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    if members.contains_key(&key) {
                        let problem =
                            format!("the key {key:?} appears twice: give each query its own key");
                        return Err(de::Error::custom(problem));
                    }
                    members.insert(key, value);
                }
                Ok(UniqueMembers(members))
            }
        }

        deserializer.deserialize_map(UniqueMembersVisitor)
    }
}

/// What a request asks.
#[derive(Debug)]
pub(super) enum BatchQuestion {
    /// Whom the queries of a batch mean, each under its key.
    Queries(BTreeMap<String, Value>),
    /// What some actors have of some properties.
    Extension(ExtensionDocument),
}

/// A request for the values of properties.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtensionDocument {
    /// The ids of actors.
    #[schema(max_items = 100)]
    ids: Vec<String>,
    /// The properties.
    #[schema(max_items = 20)]
    properties: Vec<WantedProperty>,
}

/// A property whose values are requested.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WantedProperty {
    /// Its id.
    #[schema(example = "code:iso3")]
    id: String,
    /// Settings of the property. None are supported; some clients send an empty object.
    #[serde(default)]
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
}

/// A request body as JSON: `queries` or `extend`.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReconciliationQuestion)]
#[serde(deny_unknown_fields)]
pub(super) struct QuestionDocument {
    /// Up to 50 queries, each under its own key.
    #[schema(value_type = Option<BTreeMap<String, Object>>)]
    queries: Option<UniqueMembers>,
    /// Which properties of which actors are wanted.
    extend: Option<ExtensionDocument>,
}

/// The answer to a request body.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum BatchAnswer<'v> {
    /// The result of each query, under its key.
    Results(BTreeMap<String, ReconciliationResult<'v>>),
    /// The values.
    Extension(ExtensionAnswer<'v>),
}

impl BatchQuestion {
    /// Answers it.
    ///
    /// # Errors
    ///
    /// When a property that is wanted is none, or has settings.
    pub(super) fn answer<'v>(&self, view: &'v View) -> Result<BatchAnswer<'v>, Problem> {
        Ok(match self {
            Self::Queries(queries) => BatchAnswer::Results(reconcile(view, queries)),
            Self::Extension(wanted) => BatchAnswer::Extension(extend(view, wanted)?),
        })
    }

    /// Reads the fields of a form or the parameters of a query string; `None` when nothing is asked.
    ///
    /// # Errors
    ///
    /// When both are given, one is no JSON or of another shape, or there is more than is taken.
    pub(super) fn from_fields(
        queries: Option<&str>,
        extend: Option<&str>,
    ) -> Result<Option<Self>, Problem> {
        let queries = queries.map(|text| read::<UniqueMembers>("queries", text));
        let extend = extend.map(|text| read::<ExtensionDocument>("extend", text));
        Self::one(queries.transpose()?, extend.transpose()?)
    }

    /// Reads a body in JSON.
    ///
    /// # Errors
    ///
    /// When it is no JSON or of another shape, both questions are asked or none, or there is more than is taken.
    pub(super) fn from_json(text: &str) -> Result<Option<Self>, Problem> {
        let read = serde_json::from_str::<QuestionDocument>(&with_nulls(text));
        let document = read.map_err(|error| {
            let detail = format!("{error}: send an object with queries or with extend");
            Problem::new(ProblemKind::BadJson, detail)
        })?;
        Self::one(document.queries, document.extend)
    }

    fn one(
        queries: Option<UniqueMembers>,
        extend: Option<ExtensionDocument>,
    ) -> Result<Option<Self>, Problem> {
        match (queries, extend) {
            (None, None) => Ok(None),
            (Some(_), Some(_)) => {
                let problem = "queries and extend can't be combined: send two requests";
                Err(Problem::parameter("extend", "", problem))
            }
            (Some(UniqueMembers(queries)), None) => {
                if queries.len() > QUERIES_MAX {
                    let detail = format!(
                        "queries has {} queries; the maximum is {QUERIES_MAX}: split them",
                        queries.len()
                    );
                    return Err(Problem::new(ProblemKind::BodyTooLarge, detail).at("queries"));
                }
                Ok(Some(Self::Queries(queries)))
            }
            (None, Some(extend)) => {
                check_count("ids", extend.ids.len(), IDS_MAX)?;
                check_count("properties", extend.properties.len(), PROPERTIES_MAX)?;
                Ok(Some(Self::Extension(extend)))
            }
        }
    }
}

fn check_count(what: &str, count: usize, most: usize) -> Result<(), Problem> {
    if count <= most {
        return Ok(());
    }
    let detail = format!("extend has {count} {what}; the maximum is {most}: split them");
    Err(Problem::new(ProblemKind::BodyTooLarge, detail).at("extend"))
}

/// Reads the JSON of a field.
fn read<T: DeserializeOwned>(field: &str, text: &str) -> Result<T, Problem> {
    serde_json::from_str(&with_nulls(text))
        .map_err(|error| Problem::parameter(field, text, &format!("{field} is not valid: {error}")))
}

/// JSON with `null` where Python's writer has put `NaN` or `Infinity` for a cell: these are no JSON, and one such
/// cell would take all queries of its batch with it.
fn with_nulls(text: &str) -> Cow<'_, str> {
    const NUMBERS: [&str; 3] = ["NaN", "-Infinity", "Infinity"];
    if !NUMBERS.iter().any(|number| text.contains(number)) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    let (mut rest, mut is_string) = (text, false);
    while let Some(c) = rest.chars().next() {
        let number = NUMBERS.iter().find_map(|number| rest.strip_prefix(number));
        if let Some(after) = number.filter(|_| !is_string) {
            written.push_str("null");
            rest = after;
            continue;
        }
        let is_escape = is_string && c == '\\';
        is_string ^= c == '"';
        // What is escaped is none of the marks.
        let taken = rest.chars().take(if is_escape { 2 } else { 1 });
        let length = taken.map(char::len_utf8).sum();
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        written.push_str(piece);
        rest = after;
    }
    Cow::Owned(written)
}

/// Answers a batch: each query by itself.
fn reconcile<'v>(
    view: &'v View,
    queries: &BTreeMap<String, Value>,
) -> BTreeMap<String, ReconciliationResult<'v>> {
    let catalog = PropertyCatalog::new(view);
    let each = queries.iter().map(|(key, value)| {
        let result = match query(value, &catalog) {
            Ok(query) => ReconciliationResult {
                result: query::reconcile(view, &query),
                problem: None,
            },
            Err(QueryFault(problem)) => ReconciliationResult {
                result: Vec::new(),
                problem: Some(problem),
            },
        };
        (key.clone(), result)
    });
    each.collect()
}

/// What some actors have of some properties.
///
/// # Errors
///
/// When there is no such property, or it has settings.
fn extend<'v>(view: &'v View, wanted: &ExtensionDocument) -> Result<ExtensionAnswer<'v>, Problem> {
    let catalog = PropertyCatalog::new(view);
    let properties = wanted.properties.iter().map(|property| {
        if !property.settings.is_empty() {
            let problem = "settings of properties are not supported: leave them out";
            return Err(Problem::parameter("extend", &property.id, problem));
        }
        let found = catalog.find(&property.id);
        let found = found.map_err(|fault| {
            let problem = format!("the property {:?} {}", property.id, fault.problem);
            Problem::parameter("extend", &property.id, &problem).suggest(fault.suggestion)
        })?;
        Ok((property.id.clone(), found))
    });
    let properties: Vec<(String, ActorProperty)> = properties.collect::<Result<_, Problem>>()?;
    Ok(query::extend(view, &wanted.ids, &properties))
}

/// Why a query can't be used: where, what is wrong, what to do.
#[derive(Debug)]
struct QueryFault(String);

fn fault(at: &str, problem: &str) -> QueryFault {
    QueryFault(format!("{at}: {problem}"))
}

impl QueryFault {
    fn of_word(at: &str, problem: RecordProblem) -> Self {
        let mut text = format!("{at}: {}", problem.problem);
        if let Some(suggestion) = problem.suggestion {
            text.push_str("; did you mean ");
            text.push_str(&suggestion);
            text.push('?');
        }
        Self(text)
    }
}

/// Reads a query.
fn query(value: &Value, catalog: &PropertyCatalog<'_>) -> Result<ReconciliationQuery, QueryFault> {
    let Value::Object(members) = value else {
        return Err(fault(
            "the query",
            "is not an object: send {\"query\": \"a name\"}",
        ));
    };
    if let Some(unknown) = members
        .keys()
        .find(|key| !QUERY_MEMBERS.contains(&key.as_str()))
    {
        return Err(QueryFault::of_word(
            unknown,
            model::unknown_word(unknown, &QUERY_MEMBERS),
        ));
    }
    let name = members.get("query").map(name).transpose()?;
    let properties = members
        .get("properties")
        .map(|value| properties(value, catalog));
    let properties = properties.transpose()?.unwrap_or_default();
    if name.is_none() && properties.is_empty() {
        return Err(fault("query", "is missing: give a name, or properties"));
    }
    Ok(ReconciliationQuery {
        name,
        kinds: members
            .get("type")
            .map(kinds)
            .transpose()?
            .unwrap_or_default(),
        strictness: members
            .get("type_strict")
            .map(strictness)
            .transpose()?
            .unwrap_or_default(),
        properties,
        limit: members
            .get("limit")
            .map(limit)
            .transpose()?
            .unwrap_or(CANDIDATES_DEFAULT),
    })
}

fn name(value: &Value) -> Result<String, QueryFault> {
    match value {
        Value::Null => Err(fault(
            "query",
            "is null or NaN (a blank cell): leave the row out",
        )),
        Value::String(text) if text.trim().is_empty() => {
            Err(fault("query", "is blank: leave the row out"))
        }
        Value::String(text) => checked("query", text),
        // A column of years or codes is sent as it is.
        Value::Number(_) => Ok(text_of(value)),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            Err(fault("query", "is not a string: send the name as a string"))
        }
    }
}

fn checked(at: &str, text: &str) -> Result<String, QueryFault> {
    let length = text.chars().count();
    if length > TEXT_MAX_CHARS {
        let problem = format!("has {length} characters; the maximum is {TEXT_MAX_CHARS}");
        return Err(fault(at, &problem));
    }
    Ok(text.to_owned())
}

/// A number, a text or a flag as a cell shows it: whole numbers without the point that a column with blank
/// cells gives them.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            let text = number.to_string();
            text.strip_suffix(".0")
                .map_or_else(|| text.clone(), str::to_owned)
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// The items of a list, or what stands in place of a list of one.
fn one_or_more(value: &Value) -> &[Value] {
    match value.as_array() {
        Some(all) => all,
        None => std::slice::from_ref(value),
    }
}

fn kinds(value: &Value) -> Result<Vec<ActorKind>, QueryFault> {
    let all = one_or_more(value);
    let each = all.iter().map(|kind| {
        let word = kind
            .as_str()
            .ok_or_else(|| fault("type", "is not a string: send the id of a type"))?;
        ActorKind::parse(word).map_err(|problem| QueryFault::of_word("type", problem))
    });
    each.collect()
}

fn strictness(value: &Value) -> Result<TypeStrictness, QueryFault> {
    let word = value.as_str().unwrap_or_default();
    let found = TypeStrictness::ALL
        .into_iter()
        .find(|one| one.as_str() == word);
    found.ok_or_else(|| {
        let known = TypeStrictness::ALL.map(TypeStrictness::as_str);
        QueryFault::of_word("type_strict", model::unknown_word(word, &known))
    })
}

fn limit(value: &Value) -> Result<usize, QueryFault> {
    // A number that went through a column of others may have a point.
    let number = text_of(value).parse::<usize>().ok();
    let number = number.filter(|number| (1..=CANDIDATES_MAX).contains(number) && value.is_number());
    number.ok_or_else(|| {
        fault(
            "limit",
            &format!("must be a whole number from 1 to {CANDIDATES_MAX}"),
        )
    })
}

fn properties(
    value: &Value,
    catalog: &PropertyCatalog<'_>,
) -> Result<Vec<ExpectedProperty>, QueryFault> {
    let Value::Array(all) = value else {
        return Err(fault("properties", "is not a list"));
    };
    if all.len() > PROPERTIES_MAX {
        let problem = format!(
            "has {} properties; the maximum is {PROPERTIES_MAX}",
            all.len()
        );
        return Err(fault("properties", &problem));
    }
    let mut expected: Vec<ExpectedProperty> = Vec::new();
    for (number, one) in all.iter().enumerate() {
        let at = format!("properties[{number}]");
        let (property, values) = property(&at, one, catalog)?;
        match expected.iter_mut().find(|known| known.property == property) {
            Some(known) => known.values.extend(values),
            None => expected.push(ExpectedProperty { property, values }),
        }
    }
    // A blank cell says nothing of its property.
    expected.retain(|property| !property.values.is_empty());
    Ok(expected)
}

fn property(
    at: &str,
    value: &Value,
    catalog: &PropertyCatalog<'_>,
) -> Result<(ActorProperty, Vec<String>), QueryFault> {
    let members = value.as_object();
    let known =
        |members: &&Map<String, Value>| members.keys().all(|key| key == "pid" || key == "v");
    let (Some(Value::String(id)), Some(value)) = (
        members.filter(known).and_then(|members| members.get("pid")),
        members.and_then(|members| members.get("v")),
    ) else {
        return Err(fault(
            at,
            "is not {\"pid\": \"a property\", \"v\": \"its value\"}",
        ));
    };
    let found = catalog.find(id);
    let found = found.map_err(|problem| QueryFault::of_word(&format!("{at}.pid"), problem))?;
    let all = one_or_more(value);
    if all.len() > VALUES_MAX {
        let problem = format!("has {} values; the maximum is {VALUES_MAX}", all.len());
        return Err(fault(&format!("{at}.v"), &problem));
    }
    let mut values = Vec::new();
    for value in all {
        values.extend(cell_texts(&format!("{at}.v"), value)?);
    }
    Ok((found, values))
}

/// The texts of a value: none of a blank cell, id and name of an actor that was matched before.
fn cell_texts(at: &str, value: &Value) -> Result<Vec<String>, QueryFault> {
    let texts: Vec<String> = match value {
        Value::Null => Vec::new(),
        Value::String(_) | Value::Number(_) | Value::Bool(_) => vec![text_of(value)],
        Value::Object(entity) => {
            let named = ["id", "name"]
                .into_iter()
                .filter_map(|member| entity.get(member));
            named.filter_map(Value::as_str).map(str::to_owned).collect()
        }
        Value::Array(_) => return Err(fault(at, "is a list within a list")),
    };
    if value.is_object() && texts.is_empty() {
        return Err(fault(at, "does not name an actor: send the id of an actor"));
    }
    let texts = texts.iter().filter(|text| !text.trim().is_empty());
    texts.map(|text| checked(at, text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_no_json_become_null_outside_of_texts() {
        for (sent, read) in [
            (r#"{"0": {"query": NaN}}"#, r#"{"0": {"query": null}}"#),
            ("[NaN,-Infinity, Infinity]", "[null,null, null]"),
            (
                r#"{"NaN": "a \" NaN \\", "b": NaN}"#,
                r#"{"NaN": "a \" NaN \\", "b": null}"#,
            ),
            (r#"["Ünal NaN\\\"", NaN]"#, r#"["Ünal NaN\\\"", null]"#),
            (r#"["\"#, r#"["\"#),
            (r#"["\NaN"#, r#"["\NaN"#),
        ] {
            assert_eq!(with_nulls(sent), read);
        }
    }

    #[test]
    fn whole_numbers_lose_the_point_of_their_column() {
        let text = |json: &str| text_of(&serde_json::from_str(json).unwrap());
        for (json, shown) in [
            ("731.0", "731"),
            ("731", "731"),
            ("-3.5", "-3.5"),
            ("\"731.0\"", "731.0"),
            ("true", "true"),
        ] {
            assert_eq!(text(json), shown);
        }
    }
}
