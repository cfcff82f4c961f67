//! The answer about topics.

use serde::Serialize;
use utoipa::ToSchema;

use super::Meta;
use crate::model::Day;
use crate::query::drill_down::DrillDown;
use crate::query::written::as_day_if_any;

/// Topics, the most frequent first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TopicPage<'v> {
    /// The topics of this page.
    pub items: Vec<TopicAnswer<'v>>,
    /// The number of items on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// A topic that records are about.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TopicAnswer<'v> {
    /// The topic.
    #[schema(example = "missile-launches")]
    pub topic: &'v str,
    /// The records about it.
    pub records: usize,
    /// The URL that lists the records counted in `records`.
    pub records_url: DrillDown,
    /// The first day on which a record about the topic counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub first: Option<Day>,
    /// The last day on which a record about the topic counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub last: Option<Day>,
}
