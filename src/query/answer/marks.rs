//! The answer of a timeline that has to fit: records or bins, whichever does.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ActorBrief, CountAnswer, Meta, QuadCounts, RecordPage};
use crate::model::Day;
use crate::query::drill_down::DrillDown;
use crate::query::written::as_day;

/// A timeline with a limited number of marks.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum MarksAnswer<'v> {
    /// All records, because they do not exceed the limit.
    Records(RecordPage<'v>),
    /// Counts of records in the finest bins that do not exceed the limit.
    Bins(MarkedBins<'v>),
}

/// Counts of records over time, in a limited number of bins.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MarkedBins<'v> {
    /// The width of the bins: `day`, `week`, `month`, `quarter`, `year`, or `all` when even years
    /// are too many.
    #[schema(example = "month")]
    pub bin: &'static str,
    /// The bins that contain a record: by lane, in the order of the `actor` parameters, then by time.
    pub bins: Vec<MarkedBin<'v>>,
    /// Records that last for a period and began before the window or have no known beginning, by lane. They
    /// are in no bin.
    pub began_before: Vec<MarkedBefore<'v>>,
    /// The number of all records, with or without a date.
    pub total: usize,
    /// The URL that lists the records counted in `total`.
    pub records_url: DrillDown,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// Records of a lane that last for a period and began before the window.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MarkedBefore<'v> {
    /// The actor whose lane it is; absent when the timeline has no lanes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lane: Option<ActorBrief<'v>>,
    /// The number of records.
    #[serde(flatten)]
    pub records: CountAnswer,
}

/// A bin of a timeline. A record counts once in a lane: in the bin of its first day as written,
/// within the window.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MarkedBin<'v> {
    /// An identifier of the bin, made of lane, width and first day. It is the same in every answer.
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
    /// The number of records.
    pub count: usize,
    /// The URL that lists the records counted in `count`.
    pub records_url: DrillDown,
    /// Of these, the records whose start day may lie in another bin.
    pub wider_than_bin: usize,
    /// The records by quad class.
    pub quad: QuadCounts,
}
