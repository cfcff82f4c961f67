//! The answer of a timeline that has to fit: records or bins, whichever does.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ActorBrief, CountAnswer, Meta, QuadCounts, RecordPage};
use crate::model::Day;
use crate::query::drill_down::DrillDown;
use crate::query::written::as_day;

/// A timeline of so many marks at the most.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum MarksAnswer<'v> {
    /// All records: they are few enough.
    Records(RecordPage<'v>),
    /// Records counted in the finest bins that are few enough.
    Bins(MarkedBins<'v>),
}

/// Records counted by time, few enough to be drawn.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MarkedBins<'v> {
    /// The width of the bins: `day`, `week`, `month`, `quarter`, `year`, or `all` when even years
    /// are too many.
    #[schema(example = "month")]
    pub bin: &'static str,
    /// The bins that hold a record: by lane in the order of asking, then by time.
    pub bins: Vec<MarkedBin<'v>>,
    /// What lasts and began before the window, or nobody says when, by lane: in no bin.
    pub began_before: Vec<MarkedBefore<'v>>,
    /// All records, with a date or without.
    pub total: usize,
    /// Opens `total`.
    pub records_url: DrillDown,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// Records of a lane that last and began before the window.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MarkedBefore<'v> {
    /// The actor whose lane it is; absent when the timeline has no lanes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lane: Option<ActorBrief<'v>>,
    /// How many.
    #[serde(flatten)]
    pub records: CountAnswer,
}

/// A bin of a timeline. A record counts once in a lane: in the bin of its first day as written,
/// within the window.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MarkedBin<'v> {
    /// What tells the bin from others, the same in every answer: the lane, the width and the first
    /// day.
    #[schema(example = "usa/month/2023-06-01")]
    pub id: String,
    /// The actor whose lane it is in; absent when the timeline has no lanes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lane: Option<ActorBrief<'v>>,
    /// The first day of the bin.
    #[schema(value_type = String, example = "2023-06-01", format = Date)]
    #[serde(serialize_with = "as_day")]
    pub from: Day,
    /// The last day of the bin.
    #[schema(value_type = String, example = "2023-06-30", format = Date)]
    #[serde(serialize_with = "as_day")]
    pub to: Day,
    /// The records counted.
    pub count: usize,
    /// Opens `count`.
    pub records_url: DrillDown,
    /// Of these, the records of which the day on which they start may lie in another bin.
    pub wider_than_bin: usize,
    /// The records by quad class.
    pub quad: QuadCounts,
}
