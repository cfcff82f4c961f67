//! The answers to how far news travels, and what a connection rests on.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::{ActorBrief, Meta, RecordAnswer, as_day_if_any, as_text_if_any};
use crate::model::{Day, Instant};
use crate::query::drill_down::DrillDown;

/// Whom news of an actor could have reached, or from whom it could have come.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReachPage<'v> {
    /// From whom the news goes, or whom it reaches.
    pub origin: ActorBrief<'v>,
    /// `forward`: whom news of the origin could have reached. `backward`: from whom it could have
    /// come to the origin.
    #[schema(example = "forward")]
    pub direction: &'static str,
    /// The actors of this page: those reached first (`backward`: those that it may have left last),
    /// then in fewer hops, then by id.
    pub items: Vec<ReachAnswer<'v>>,
    /// How many there are on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// An actor whom news can reach, or from whom it can come.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReachAnswer<'v> {
    /// Who.
    pub actor: ActorBrief<'v>,
    /// The first day on which the news can be there; `backward`: the last on which it can have been
    /// there and still reach the origin, absent when what carries it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub day: Option<Day>,
    /// The latest instant among the records of the chain (`backward`: the earliest), in UTC; absent
    /// when none has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(serialize_with = "as_text_if_any")]
    pub instant: Option<Instant>,
    /// The fewest hops in which it gets there by that day.
    pub hops: usize,
    /// `certain` when every record of the chain certainly follows the one before it, else
    /// `possible`.
    #[schema(example = "certain")]
    pub order: &'static str,
    /// The records that carry it, from the first actor to the last.
    pub chain: Vec<LinkOfChain<'v>>,
}

/// A record that carries news from one actor to another.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LinkOfChain<'v> {
    /// From whom.
    pub source: ActorBrief<'v>,
    /// To whom.
    pub target: ActorBrief<'v>,
    /// Whether the record certainly follows the one before it (`certain`), or may (`possible`);
    /// absent for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<&'static str>,
    /// The record.
    pub record: RecordAnswer<'v>,
}

/// What the paths of a question rest on.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ExplainAnswer<'v> {
    /// Where the paths start.
    pub source: ActorBrief<'v>,
    /// Where they end.
    pub target: ActorBrief<'v>,
    /// How they are ordered.
    #[schema(example = "fewest")]
    pub mode: &'static str,
    /// How many paths there are: those that `/paths` answers with.
    pub paths: usize,
    /// The sources of their records: those that break the connection first, then those of most
    /// records, then by id; a hundred at the most.
    pub rests_on: Vec<SupportAnswer<'v>>,
    /// How many more sources there are.
    pub more: usize,
    /// How easily the connection breaks.
    pub fragility: FragilityAnswer<'v>,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// What a source does for the paths of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SupportAnswer<'v> {
    /// Which source.
    pub source: SourceBrief<'v>,
    /// The records of the paths that cite it.
    pub records: usize,
    /// Open `records`: a URL for each hop. A record of several hops is on several lists.
    pub records_urls: Vec<DrillDown>,
    /// The hops of the paths that have such a record: pairs of actors.
    pub hops: usize,
    /// Whether no path at all is left when this source alone is not believed; absent when the search
    /// was given up before it was tried.
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
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<Cow<'v, str>>,
}

/// The fewest sources whose loss leaves no path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FragilityAnswer<'v> {
    /// How many; 0 when there is no path, `null` when no loss of sources breaks the connection. Unless
    /// it is exact an upper bound, and `null` says that none was found.
    pub sources: Option<usize>,
    /// Their ids: of equally many the first found, by id.
    pub set: Vec<Cow<'v, str>>,
    /// Whether no fewer do. If not, the search was given up and fewer may.
    pub exact: bool,
}
