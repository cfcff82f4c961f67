//! How a name led to an actor, and what there is to say of that.

use serde::Serialize;
use utoipa::ToSchema;

use crate::graph::ResolutionStep;

/// How a name leads to an actor. The first step that finds anybody answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatchStep {
    /// It is the id.
    Id,
    /// It is a code, the name or an alias as written.
    Exact,
    /// It is a spelling of one of these: case, quotes, dashes, widths are no matter.
    Spelling,
    /// It differs from one of these by accents only.
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

/// What there is to say of a name that a question was asked with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NameNote {
    /// The name as it was asked for.
    pub name: String,
    /// The id of the actor that it was taken for.
    pub actor: String,
    /// How it leads there.
    pub step: MatchStep,
    /// `assumed` when no source shows the alias or the office on these days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenure: Option<&'static str>,
    /// The ids of others whom it may have meant: an id goes before all names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}
