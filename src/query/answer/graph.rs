//! The network of a window, as clients see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ActorBrief, Meta, ParticipantAnswer, QuadCounts};

/// Actors and the links between them, within a window.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GraphAnswer {
    /// The actors: those asked for first, then the nearest, and of equally near ones the strongest.
    pub nodes: Vec<NodeAnswer>,
    /// What links them: most records first, then by ids.
    pub links: Vec<LinkBetween>,
    /// The events behind the links, in the order of time; only with `events=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<EventNode>>,
    /// What there was no room for.
    pub more: MoreAnswer,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// An actor of a network.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NodeAnswer {
    /// Who.
    pub actor: ActorBrief,
    /// The actors that it is linked with in the whole network of the window, shown or not.
    pub degree: usize,
    /// The records in which it stands.
    pub records: usize,
    /// The first day of these records.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub since: Option<String>,
    /// The last day of these records; of what lasts, the day on which it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub until: Option<String>,
    /// Hops from the nearest actor asked for; absent when none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth: Option<usize>,
    /// The URL that lists the records, relative to the API.
    #[schema(example = "/api/v1/timeline?actor=usa&known_at=1")]
    pub records_url: String,
}

/// What links two actors of a network.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LinkBetween {
    /// The id of the one: the lower of the two.
    #[schema(example = "jpn")]
    pub source: String,
    /// The id of the other.
    #[schema(example = "usa")]
    pub target: String,
    /// The records that link them.
    pub records: usize,
    /// The records by quad class.
    pub quad: QuadCounts,
    /// The first day on which a record links them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub first: Option<String>,
    /// The last day on which one does; of what lasts, the day on which it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub last: Option<String>,
    /// Of these records, from `source` to `target`.
    pub a_to_b: usize,
    /// Of these records, from `target` to `source`.
    pub b_to_a: usize,
    /// Of these records, with one another, as equals.
    pub together: usize,
    /// The URL that lists the records, relative to the API.
    #[schema(example = "/api/v1/timeline?between=jpn&between=usa&known_at=1")]
    pub records_url: String,
}

/// An event as a node of its own.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EventNode {
    /// Its id.
    pub id: String,
    /// What happened, in a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The date as it was written (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Its quad class under the scheme of the answer.
    #[schema(example = "verbal_cooperation")]
    pub quad_class: String,
    /// Who took part, shown as nodes or not.
    pub participants: Vec<ParticipantAnswer>,
}

/// What an answer had no room for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct MoreAnswer {
    /// Actors within reach that are not shown.
    pub nodes: usize,
    /// The strongest of them.
    pub named: Vec<MoreActor>,
    /// Links between shown actors that are not shown.
    pub links: usize,
    /// Events behind the links that are not shown; 0 without `events=true`.
    pub events: usize,
}

/// An actor that is not shown.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MoreActor {
    /// Who.
    pub actor: ActorBrief,
    /// The records in which it stands.
    pub records: usize,
}
