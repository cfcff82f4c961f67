//! How a name led to an actor, and what there is to say of that.

use serde::Serialize;
use utoipa::ToSchema;

use crate::graph::ResolutionStep;

/// How a name matches an actor. The first step that finds an actor decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatchStep {
    /// It is the id.
    Id,
    /// It is a code, the name or an alias as written.
    Exact,
    /// It is a spelling of one of these: case, quotes, dashes, widths are no matter.
    Spelling,
    /// It differs from one of these only by accents.
    Accents,
    /// It is the title of an office that the actor holds.
    Office,
    /// It is only near to a name: a suggestion, never an answer.
    Near,
}

impl From<ResolutionStep> for MatchStep {
    fn from(step: ResolutionStep) -> Self {
        match step {
            ResolutionStep::Id => Self::Id,
            ResolutionStep::Exact => Self::Exact,
            ResolutionStep::Spelling => Self::Spelling,
            ResolutionStep::Accents => Self::Accents,
            ResolutionStep::Office => Self::Office,
        }
    }
}

/// A note on a name in a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NameNote {
    /// The name as given in the question.
    pub name: String,
    /// The id of the actor to which the name was resolved.
    pub actor: String,
    /// How the name matches the actor.
    pub step: MatchStep,
    /// `assumed` when no source shows the alias or the office on these days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenure: Option<&'static str>,
    /// The ids of other actors that the name may refer to. An id takes precedence over names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Whether the name is the id of an actor that has been merged into this one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub merged: bool,
}
