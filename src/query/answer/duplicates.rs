//! Answers about what may be told twice: actors and events.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ActorBrief, Meta, RecordAnswer};
use crate::query::drill_down::DrillDown;

/// A reason for or against two records being one.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DuplicateReason {
    /// Which reason it is.
    #[schema(example = "word_order")]
    pub code: &'static str,
    /// The reason in words.
    #[schema(
        example = "\"Kang Kyung Wha\" and \"Kyung-wha Kang\" have the same words in another order"
    )]
    pub text: String,
    /// What it adds to the evidence, in bits: the logarithm (base 2) of how much more often it is found of two records
    /// that are one than of two that are not. Negative if it speaks against.
    #[schema(example = 7.0)]
    pub weight: f64,
}

/// Two actors that may be one.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ActorDuplicate<'v> {
    /// The actor whose id comes first.
    pub actor: ActorBrief<'v>,
    /// The other.
    pub other: ActorBrief<'v>,
    /// How likely the two are one, from 0 to 1.
    #[schema(example = 0.919)]
    pub score: f64,
    /// What speaks for it and against, the weightiest first.
    pub reasons: Vec<DuplicateReason>,
    /// The counterparts that both have, those with the fewest counterparts of their own first; at most 5.
    pub shared_counterparts: Vec<ActorBrief<'v>>,
    /// The URL that lists the records of the actor.
    pub actor_records_url: DrillDown,
    /// The URL that lists the records of the other.
    pub other_records_url: DrillDown,
}

/// Pairs of actors that may be one.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ActorDuplicatePage<'v> {
    /// The pairs of this page, the likeliest first.
    pub items: Vec<ActorDuplicate<'v>>,
    /// The number of items on all pages.
    pub total: usize,
    /// Whether there are more pairs with something in common than are compared, so that some may be missing.
    pub truncated: bool,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// A group of events that may be duplicates.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DuplicateAnswer<'v> {
    /// The events, by id.
    pub events: Vec<RecordAnswer<'v>>,
    /// Why the events may be duplicates. `equal`: they are equal except for their ids. The codes of `reason_details`.
    #[schema(example = json!(["equal"]))]
    pub reasons: Vec<&'static str>,
    /// The reasons in words, with their weights; the weightiest first.
    pub reason_details: Vec<DuplicateReason>,
    /// The confidence of the match, from 0 to 1.
    pub score: f64,
}

/// Groups of events that may be duplicates.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DuplicatePage<'v> {
    /// The groups of this page: first those that are equal, by their first days, then the others, the likeliest first.
    pub items: Vec<DuplicateAnswer<'v>>,
    /// The number of items on all pages.
    pub total: usize,
    /// Whether more events or pairs would have to be compared than are, so that some groups that are not equal may be
    /// missing.
    pub truncated: bool,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// Metadata of the answer.
    pub meta: Meta,
}
