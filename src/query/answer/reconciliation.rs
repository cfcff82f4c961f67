//! Candidates, suggestions and values as the Reconciliation API (version 0.2) has them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// An entity type of the Reconciliation API: a kind of actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EntityType {
    /// The kind of actor.
    #[schema(example = "state")]
    pub id: &'static str,
    /// A name for display.
    #[schema(example = "State")]
    pub name: String,
}

/// The answer to one query.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct ReconciliationResult<'v> {
    /// The actors that the query may mean, the best first.
    pub result: Vec<ReconciliationCandidate<'v>>,
    /// Why the query was refused. Absent if it was answered. The other queries of the batch are
    /// answered in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "query: is null or NaN (a blank cell): leave the row out")]
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
    /// How well the actor fits the query, from 0 to 100.
    #[schema(minimum = 0, maximum = 100, example = 95.0)]
    pub score: f64,
    /// Whether this actor alone has this id, code, name or alias, and no property contradicts the
    /// match.
    #[serde(rename = "match")]
    pub is_match: bool,
    /// The features from which the score is computed.
    pub features: Vec<MatchFeature>,
    /// A text that distinguishes the actor from others with the same name.
    pub description: String,
}

/// A feature that counts for or against a candidate.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MatchFeature {
    /// `name_match`: how well a name fits. `exact_name`: whether the query is a name of the actor
    /// as written. `type_match`: whether the kind fits. Otherwise a property of the query for which
    /// the actor has a value.
    #[schema(example = "name_match")]
    pub id: String,
    /// A number from 0 to 1, or `true` or `false`.
    pub value: FeatureValue,
}

/// The value of a feature.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum FeatureValue {
    /// A number from 0 to 1.
    Share(f64),
    /// Whether the feature applies.
    Flag(bool),
}

/// Suggested actors, whose names begin with what the user types.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EntitySuggestions<'v> {
    /// The suggestions, best first.
    pub result: Vec<SuggestedEntity<'v>>,
}

/// A suggested actor.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SuggestedEntity<'v> {
    /// Its id.
    pub id: Cow<'v, str>,
    /// The name under which it is shown.
    pub name: Cow<'v, str>,
    /// A text that distinguishes the actor from others with the same name.
    pub description: String,
    /// Its kind.
    pub notable: Vec<EntityType>,
}

/// Suggested kinds of actor, whose names begin with what the user types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TypeSuggestions {
    /// The kinds, in the order in which they are documented.
    pub result: Vec<EntityType>,
}

/// A property of actors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PropertyAnswer {
    /// Its id: `name`, `alias`, `kind`, `country`, `office`, `description`, or `code:` and a scheme.
    #[schema(example = "code:iso3")]
    pub id: String,
    /// A name for display.
    #[schema(example = "Code iso3")]
    pub name: String,
    /// What the property means.
    pub description: String,
}

/// Suggested properties, whose names begin with what the user types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PropertySuggestions {
    /// The properties of all actors, then codes by scheme.
    pub result: Vec<PropertyAnswer>,
}

/// The properties that actors of a kind have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PropertyProposals {
    /// The properties of all actors, then codes by scheme.
    pub properties: Vec<PropertyAnswer>,
    /// The kind that the request named.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// The maximum number of properties that the request named.
    pub limit: usize,
}

/// The values of properties of actors.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ExtensionAnswer<'v> {
    /// The properties, in the order of the request.
    pub meta: Vec<ExtendedProperty>,
    /// The values by actor and property, both as the request named them. An id without an actor has
    /// no values.
    pub rows: BTreeMap<String, BTreeMap<String, Vec<PropertyValue<'v>>>>,
}

/// A property whose values were requested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExtendedProperty {
    /// Its id, as the request gave it.
    pub id: String,
    /// A name for display.
    pub name: String,
    /// The entity type of its values, if they are actors.
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
