//! Rankings and communities, as clients see them.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::drill_down::DrillDown;
use super::{ActorBrief, Meta};

/// The actors of a window's network, ranked.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RankingPage<'v> {
    /// The measure by which the actors are ranked.
    #[schema(example = "pagerank")]
    pub by: &'static str,
    /// The actors of this page: by rank, within a rank by id.
    pub items: Vec<RankedAnswer<'v>>,
    /// The number of items on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// The method by which the scores are computed.
    pub method: &'static str,
    /// The maximum error of a score: its distance from the exact score or, if the scores are estimated from a
    /// sample, from the exact estimate.
    pub error: f64,
    /// Present when the scores were estimated from a sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampled: Option<SampledAnswer>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// An actor with its score.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RankedAnswer<'v> {
    /// The actor.
    pub actor: ActorBrief<'v>,
    /// The score.
    pub score: f64,
    /// The rank, from 1. Actors whose scores differ by at most twice `error` from the next score share a
    /// rank: the first rank of their group.
    pub rank: usize,
    /// The number of records that involve the actor.
    pub records: usize,
    /// The URL that lists the records, relative to the API.
    #[schema(example = "/api/v1/timeline?actor=usa&known_at=1")]
    pub records_url: DrillDown,
}

/// How a sample was drawn, and the error bound of its scores.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct SampledAnswer {
    /// The number of actors from which shortest paths were counted.
    pub pivots: usize,
    /// The number of actors in the network.
    pub of: usize,
    /// The seed of the sample.
    pub seed: u64,
    /// No score is further than this from the exact one, with the confidence below (Hoeffding's bound
    /// for all actors at once).
    pub bound: f64,
    /// The probability that the bound holds.
    #[schema(example = 0.95)]
    pub confidence: f64,
}

/// The communities of a window's network.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CommunityPage<'v> {
    /// The communities of this page: the largest first, then by the id of the strongest member.
    pub items: Vec<CommunityAnswer<'v>>,
    /// The number of items on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// Newman's modularity of the partition, weighted by records: from -0.5 to 1.
    pub modularity: f64,
    /// The method by which the communities were found.
    pub method: &'static str,
    /// The seed of the order in which actors were visited.
    pub seed: u64,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// Actors that are linked more with one another than with others.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CommunityAnswer<'v> {
    /// The position of the community in the list, from 1.
    pub id: usize,
    /// The number of actors in the community.
    pub size: usize,
    /// The members with the most records in links, up to the requested number.
    pub members: Vec<ActorBrief<'v>>,
    /// The number of members that are not listed.
    pub more: usize,
    /// The number of pairs of members that at least one record links.
    pub links_inside: usize,
    /// The number of pairs of a member and another actor that at least one record links.
    pub links_outside: usize,
}
