//! The answers to how far news travels, and what a connection rests on.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::{ActorBrief, Meta, RecordAnswer, as_day_if_any, as_text_if_any};
use crate::model::{Day, Instant};
use crate::query::drill_down::DrillDown;

/// The actors that news from an actor can have reached, or from which news can have reached it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReachPage<'v> {
    /// The actor from which the news starts or, for `backward`, which it reaches.
    pub origin: ActorBrief<'v>,
    /// `forward`: the actors that news from the origin can have reached. `backward`: the actors
    /// from which news can have reached the origin.
    #[schema(example = "forward")]
    pub direction: &'static str,
    /// The actors on this page, by the day on which the news reaches them (`backward`: the latest day first),
    /// then by the number of hops, then by id.
    pub items: Vec<ReachAnswer<'v>>,
    /// The number of items on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// An actor that news can reach, or from which news can come.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReachAnswer<'v> {
    /// The actor.
    pub actor: ActorBrief<'v>,
    /// The first day on which the news can have reached the actor. For `backward`: the last day on which the
    /// news can have been at the actor and still have reached the origin; absent if the record that carries
    /// it is ongoing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub day: Option<Day>,
    /// The latest instant (`backward`: the earliest instant) of the records of the chain, in UTC. Absent if
    /// none of them has an instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(serialize_with = "as_text_if_any")]
    pub instant: Option<Instant>,
    /// The smallest number of hops in which the news can reach the actor by that day.
    pub hops: usize,
    /// `certain` if every record of the chain certainly follows the previous one, otherwise `possible`.
    #[schema(example = "certain")]
    pub order: &'static str,
    /// The records that carry the news, from the first actor to the last.
    pub chain: Vec<LinkOfChain<'v>>,
}

/// A record that carries news from one actor to another.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LinkOfChain<'v> {
    /// The actor at the start of the link.
    pub source: ActorBrief<'v>,
    /// The actor at the end of the link.
    pub target: ActorBrief<'v>,
    /// Whether the record certainly follows the previous one (`certain`) or may follow it (`possible`).
    /// Absent for the first record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<&'static str>,
    /// The record.
    pub record: RecordAnswer<'v>,
}

/// The sources on which the paths of a question depend.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ExplainAnswer<'v> {
    /// Where the paths start.
    pub source: ActorBrief<'v>,
    /// Where the paths end.
    pub target: ActorBrief<'v>,
    /// The order of the paths.
    #[schema(example = "fewest")]
    pub mode: &'static str,
    /// The number of paths that `/paths` returns.
    pub paths: usize,
    /// The sources of the records of the paths, at most 100. Sources that break the connection alone come
    /// first, then those cited by the most records, then by id.
    pub rests_on: Vec<SupportAnswer<'v>>,
    /// The number of sources that are not listed.
    pub more: usize,
    /// The smallest set of sources whose loss breaks the connection.
    pub fragility: FragilityAnswer<'v>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// How the paths of an answer depend on a source.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SupportAnswer<'v> {
    /// The source.
    pub source: SourceBrief<'v>,
    /// The number of records of the paths that cite the source.
    pub records: usize,
    /// The URLs that list the records counted in `records`, one per hop. A record that belongs to several
    /// hops is in several lists.
    pub records_urls: Vec<DrillDown>,
    /// The number of hops (pairs of actors) of the paths that have such a record.
    pub hops: usize,
    /// Whether no path is left if only this source is ignored. Absent if the search reached its limit before
    /// this source was tested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaks: Option<bool>,
}

/// A source named in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourceBrief<'v> {
    /// Its id.
    pub id: Cow<'v, str>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Cow<'v, str>>,
    /// The publisher of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<Cow<'v, str>>,
}

/// The smallest set of sources whose loss leaves no path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FragilityAnswer<'v> {
    /// The number of sources in the set. It is 0 if there is no path, and `null` if no loss of sources breaks
    /// the connection. If `exact` is `false`, the number is an upper bound, and `null` means that no such set
    /// was found.
    pub sources: Option<usize>,
    /// The ids of the sources, sorted. If several sets have the same size, this is the first one found.
    pub set: Vec<Cow<'v, str>>,
    /// Whether the set is certainly the smallest. If `false`, the search was stopped at its limit, and a
    /// smaller set may exist.
    pub exact: bool,
}
