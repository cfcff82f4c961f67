//! Whom a name means, as clients see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ActorBrief, Meta};
use crate::graph::Step;

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

impl From<Step> for MatchStep {
    fn from(step: Step) -> Self {
        match step {
            Step::Id => Self::Id,
            Step::Exact => Self::Exact,
            Step::Spelling => Self::Spelling,
            Step::Accents => Self::Accents,
            Step::Office => Self::Office,
        }
    }
}

/// Whom a name means.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ResolveAnswer<'v> {
    /// The name as it was asked for.
    #[schema(example = "Secretary of State")]
    pub name: String,
    /// Whom it means; `null` when it means nobody, or several.
    pub actor: Option<ActorBrief<'v>>,
    /// Whether the first step that finds anybody finds several.
    pub ambiguous: bool,
    /// Every way in which the name leads to an actor, those that answer first; where it leads to nobody,
    /// actors whose names are near.
    pub items: Vec<CandidateAnswer<'v>>,
    /// How many there are.
    pub total: usize,
    /// Always `null`: there is one page.
    pub next: Option<String>,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// An actor that a name may mean.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CandidateAnswer<'v> {
    /// The actor.
    pub actor: ActorBrief<'v>,
    /// How the name leads to it.
    pub step: MatchStep,
    /// Whether it is of the first step that finds anybody.
    pub answers: bool,
    /// How sure that is, from 0 to 1.
    pub score: f64,
    /// The same in words.
    #[schema(example = "is a spelling of its alias U.S.")]
    pub reason: String,
    /// `known` when a source shows the alias or the office on that day, `assumed` when none says that it
    /// had ended or not begun; absent for names that hold always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenure: Option<&'static str>,
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
