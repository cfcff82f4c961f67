//! Whom a name means, as clients see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ActorBrief, Meta};
pub use crate::query::name_note::{MatchStep, NameNote};

/// The actor that a name refers to.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ResolveAnswer<'v> {
    /// The name as given in the question.
    #[schema(example = "Secretary of State")]
    pub name: String,
    /// The actor that the name refers to; `null` if it refers to no actor or to several.
    pub actor: Option<ActorBrief<'v>>,
    /// Whether the first step that finds an actor finds several actors.
    pub ambiguous: bool,
    /// Every match of the name, starting with those of the deciding step. If there is no match, actors with
    /// similar names.
    pub items: Vec<CandidateAnswer<'v>>,
    /// The number of items on all pages.
    pub total: usize,
    /// Always `null`: there is one page.
    pub next: Option<String>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// An actor that a name may refer to.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CandidateAnswer<'v> {
    /// The actor.
    pub actor: ActorBrief<'v>,
    /// The step in which the name matches the actor.
    pub step: MatchStep,
    /// Whether this match comes from the first step that found an actor.
    pub answers: bool,
    /// The confidence of the match, from 0 to 1.
    pub score: f64,
    /// The reason for the match, in words.
    #[schema(example = "is a spelling of its alias U.S.")]
    pub reason: String,
    /// `known`: a source shows the alias or the office on that day. `assumed`: no source says that it had
    /// ended or had not begun. Absent for names that are always valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenure: Option<&'static str>,
}
