//! Whom a name means, as clients see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ActorBrief, Meta};
pub use crate::query::name_note::{MatchStep, NameNote};

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
