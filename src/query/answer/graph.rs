//! The network of a window, as clients see it.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::super::drill_down::DrillDown;
use super::super::written::as_day_if_any;
use super::{ActorBrief, Meta, ParticipantAnswer, QuadCounts};
use crate::model::Day;

/// Actors and the links between them, within a window.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GraphAnswer<'v> {
    /// The actors: first those named in the question, then by distance, and at equal distance the strongest
    /// first.
    pub nodes: Vec<NodeAnswer<'v>>,
    /// The links between the actors: those with the most records first, then by ids.
    pub links: Vec<LinkBetween<'v>>,
    /// The events behind the links, in chronological order; only with `events=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<EventNode<'v>>>,
    /// What is left out of the answer.
    pub more: MoreAnswer<'v>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// An actor of a network.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NodeAnswer<'v> {
    /// The actor.
    pub actor: ActorBrief<'v>,
    /// The actors that it is linked with in the whole network of the window, shown or not.
    pub degree: usize,
    /// The number of records that involve the actor.
    pub records: usize,
    /// The first day of these records.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "as_day_if_any"
    )]
    #[schema(value_type = Option<String>, format = Date)]
    pub since: Option<Day>,
    /// The last known day of these records.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "as_day_if_any"
    )]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Day>,
    /// Whether one of these records is ongoing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ongoing: bool,
    /// The number of hops from the nearest actor given in the question; absent if none was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth: Option<usize>,
    /// The URL that lists the records, relative to the API.
    #[schema(example = "/api/v1/timeline?actor=usa&known_at=1")]
    pub records_url: DrillDown,
}

/// A link between two actors of a network.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LinkBetween<'v> {
    /// The id of the first actor: the one whose id sorts first.
    #[schema(example = "jpn")]
    pub source: Cow<'v, str>,
    /// The id of the second actor.
    #[schema(example = "usa")]
    pub target: Cow<'v, str>,
    /// The number of records that link the two actors.
    pub records: usize,
    /// The records by quad class.
    pub quad: QuadCounts,
    /// The first day on which a record links them.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "as_day_if_any"
    )]
    #[schema(value_type = Option<String>, format = Date)]
    pub first: Option<Day>,
    /// The last known day on which a record links them.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "as_day_if_any"
    )]
    #[schema(value_type = Option<String>, format = Date)]
    pub last: Option<Day>,
    /// Whether one of these records is ongoing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ongoing: bool,
    /// The stretches of days that the records cover, in order and apart; the last one has no end when
    /// something lasts. Formats with a time line show them; the JSON of the API has the URL.
    #[serde(skip)]
    pub spells: Vec<(Day, Option<Day>)>,
    /// Of these, the records from `source` to `target`.
    pub a_to_b: usize,
    /// Of these, the records from `target` to `source`.
    pub b_to_a: usize,
    /// Of these, the records that link both actors as equals.
    pub together: usize,
    /// The URL that lists the records, relative to the API.
    #[schema(example = "/api/v1/timeline?between=jpn&between=usa&known_at=1")]
    pub records_url: DrillDown,
}

/// An event shown as a node.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EventNode<'v> {
    /// Its id.
    pub id: Cow<'v, str>,
    /// The title of the event: what happened, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Cow<'v, str>>,
    /// The date as it was written (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Cow<'v, str>>,
    /// Its first and its last day. Formats with a time line show them.
    #[serde(skip)]
    pub days: Option<(Day, Day)>,
    /// Its quad class under the scheme of the answer.
    #[schema(example = "verbal_cooperation")]
    pub quad_class: &'static str,
    /// The participants of the event, including those that are not shown as nodes.
    pub participants: Vec<ParticipantAnswer<'v>>,
}

/// What is left out of an answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct MoreAnswer<'v> {
    /// The number of actors within the given hops that are not shown.
    pub nodes: usize,
    /// The strongest of the actors that are not shown.
    pub named: Vec<MoreActor<'v>>,
    /// The number of links between shown actors that are left out.
    pub links: usize,
    /// The number of events behind the links that are not shown; 0 without `events=true`. The URLs of the
    /// links list these events.
    pub events: usize,
}

/// An actor that is not shown.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MoreActor<'v> {
    /// The actor.
    pub actor: ActorBrief<'v>,
    /// The number of records that involve the actor.
    pub records: usize,
    /// The URL that lists the records counted in `records`.
    pub records_url: DrillDown,
}
