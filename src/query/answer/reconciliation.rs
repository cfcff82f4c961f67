//! Candidates, suggestions and values as the Reconciliation API (version 0.2) has them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// A type of entity: a kind of actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EntityType {
    /// The kind of actor.
    #[schema(example = "state")]
    pub id: &'static str,
    /// The same for a reader.
    #[schema(example = "State")]
    pub name: String,
}

/// The answer to one query.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct ReconciliationResult<'v> {
    /// The actors that may be meant, the best first.
    pub result: Vec<ReconciliationCandidate<'v>>,
    /// Why the query was not answered; the others of its batch are. Absent when it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "query: is null or NaN, a blank cell: leave the row out")]
    pub problem: Option<String>,
}

/// An actor that a query may mean.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReconciliationCandidate<'v> {
    /// Its id.
    #[schema(example = "prk")]
    pub id: Cow<'v, str>,
    /// The name under which it is shown.
    pub name: Cow<'v, str>,
    /// Its kind.
    #[serde(rename = "type")]
    pub types: Vec<EntityType>,
    /// How well it fits, from 0 to 100.
    #[schema(minimum = 0, maximum = 100, example = 95.0)]
    pub score: f64,
    /// Whether it, and nobody else, has this id, code, name or alias, and no property says otherwise.
    #[serde(rename = "match")]
    pub is_match: bool,
    /// What the score is made of.
    pub features: Vec<MatchFeature>,
    /// What tells it from its namesakes.
    pub description: String,
}

/// Something that speaks for a candidate or against it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MatchFeature {
    /// `name_match`, how well a name fits; `exact_name`, whether it is one as written; `type_match`; or a property of the
    /// query, when the actor has it.
    #[schema(example = "name_match")]
    pub id: String,
    /// From 0 to 1, or whether it is so.
    pub value: FeatureValue,
}

/// The value of a feature.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum FeatureValue {
    /// From 0 to 1.
    Share(f64),
    /// Whether it is so.
    Flag(bool),
}

/// Actors whose names begin as somebody types.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EntitySuggestions<'v> {
    /// The best first.
    pub result: Vec<SuggestedEntity<'v>>,
}

/// An actor whose name begins as somebody types.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SuggestedEntity<'v> {
    /// Its id.
    pub id: Cow<'v, str>,
    /// The name under which it is shown.
    pub name: Cow<'v, str>,
    /// What tells it from its namesakes.
    pub description: String,
    /// Its kind.
    pub notable: Vec<EntityType>,
}

/// Kinds of actor whose names begin as somebody types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TypeSuggestions {
    /// In the order in which they are documented.
    pub result: Vec<EntityType>,
}

/// A property of actors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PropertyAnswer {
    /// Its id: `name`, `alias`, `kind`, `country`, `office`, `description`, or `code:` and a scheme.
    #[schema(example = "code:iso3")]
    pub id: String,
    /// The same for a reader.
    #[schema(example = "Code iso3")]
    pub name: String,
    /// What it says.
    pub description: String,
}

/// Properties whose names begin as somebody types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PropertySuggestions {
    /// Those of all actors, then codes by scheme.
    pub result: Vec<PropertyAnswer>,
}

/// The properties that actors of a kind have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PropertyProposals {
    /// Those of all actors, then codes by scheme.
    pub properties: Vec<PropertyAnswer>,
    /// The kind that was asked about.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// How many were wanted at the most.
    pub limit: usize,
}

/// What some actors have of some properties.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ExtensionAnswer<'v> {
    /// The properties, in the order in which they were asked for.
    pub meta: Vec<ExtendedProperty>,
    /// The values by actor and property, both as they were asked for. Those of an id that nobody has are empty.
    pub rows: BTreeMap<String, BTreeMap<String, Vec<PropertyValue<'v>>>>,
}

/// A property whose values were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExtendedProperty {
    /// As it was asked for.
    pub id: String,
    /// The same for a reader.
    pub name: String,
    /// What its values are, where they are actors.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<EntityType>,
}

/// A value of a property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum PropertyValue<'v> {
    /// A text.
    Text {
        /// The text.
        #[serde(rename = "str")]
        text: String,
    },
    /// An actor.
    Entity {
        /// Its id.
        id: Cow<'v, str>,
        /// The name under which it is shown.
        name: Cow<'v, str>,
    },
}
