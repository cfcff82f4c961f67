//! The answers about dyads over time: series, change points, two windows compared.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::{ActorBrief, CountAnswer, Meta, QuadCounts};
use crate::model::{Day, EventType};
use crate::query::cell_filter::type_word;
use crate::query::drill_down::DrillDown;
use crate::query::written::{as_day, as_day_if_any};

/// The intensity of the contact of a dyad on a day. A record has the weight 1 on the day it starts, and its
/// weight is halved after each half-life, so that the intensity decreases while there are no records.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct IntensityAnswer {
    /// The sum of 2^(-d/h) over the records that start on or before `at`, where d is the number of days from
    /// the start of the record to `at` and h is the half-life. Records with an unknown day and records that
    /// began before the window do not count.
    pub value: f64,
    /// The half-life in days.
    #[schema(example = 90)]
    pub half_life: usize,
    /// The day for which the intensity is given.
    #[schema(value_type = String, example = "2023-06-30", format = Date)]
    #[serde(serialize_with = "as_day")]
    pub at: Day,
}

/// A dyad over time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SeriesAnswer<'v> {
    /// The first actor.
    pub a: ActorBrief<'v>,
    /// The second actor.
    pub b: ActorBrief<'v>,
    /// The width of the bins.
    #[schema(example = "month")]
    pub bin: &'static str,
    /// The first day of the series: that of the window or, if the window has none, that of the first bin.
    /// Absent if the window has no first day and there are no records.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub from: Option<Day>,
    /// The last day of the series: that of the window or, if the window has none, that of the last bin.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub to: Option<Day>,
    /// The number of bins from `from` to `to`, with and without records.
    pub span: usize,
    /// The number of all records: those in the bins and those in `began_before`.
    pub count: usize,
    /// The URL that lists the records counted in `count`.
    pub records_url: DrillDown,
    /// The bins that contain a record, in chronological order.
    pub bins: Vec<SeriesBin>,
    /// Records that last for a period and began before the window or have no known beginning. They are in no
    /// bin.
    pub began_before: CountAnswer,
    /// The periods of constant rate between the change points, in order. There is one if nothing changed, and
    /// none if there are no records.
    pub segments: Vec<SegmentAnswer>,
    /// The days within the window that the data sets of the records cover: the union of the ranges from the
    /// first to the last known day of each data set. Rates are records per day of this set.
    pub observed: Vec<StretchAnswer>,
    /// The days on which the rate of contact changed, in chronological order.
    pub change_points: Vec<ChangePoint>,
    /// The days on which the balance of cooperation and conflict changed, or the mean Goldstein score.
    pub shifts: Vec<ChangePoint>,
    /// How intensity and change points are computed.
    pub method: SeriesMethod,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// The records of one bin of a dyad's series. A record counts once: in the bin of its first day as
/// written, within the window.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SeriesBin {
    /// The first day of the bin.
    #[schema(value_type = String, example = "2023-06-01", format = Date)]
    #[serde(serialize_with = "as_day")]
    pub from: Day,
    /// The last day of the bin.
    #[schema(value_type = String, example = "2023-06-30", format = Date)]
    #[serde(serialize_with = "as_day")]
    pub to: Day,
    /// The number of bins without records between the previous bin in this list and this one. For the first
    /// bin, counted from the start of the series.
    pub silent_before: usize,
    /// The number of records.
    pub count: usize,
    /// The URL that lists the records counted in `count`.
    pub records_url: DrillDown,
    /// Of these, the records whose start day may lie in another bin. They are not used for intensity and
    /// change points.
    pub wider_than_bin: usize,
    /// Records that last for a period, started before this bin or before the window, and reach into the bin.
    /// They are not included in `count`. Absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ongoing: Option<CountAnswer>,
    /// The records by quad class.
    pub quad: QuadCounts,
    /// The records from the first actor to the second.
    pub a_to_b: SeriesDirection,
    /// The records from the second actor to the first.
    pub b_to_a: SeriesDirection,
    /// The records that link both actors as equals.
    pub together: SeriesDirection,
    /// How strong the contact is at the end of the bin: see `method`.
    pub intensity: f64,
}

/// The records of one bin in one direction.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SeriesDirection {
    /// The number of records.
    pub count: usize,
    /// The URL that lists the records counted in `count`.
    pub records_url: DrillDown,
    /// The records by quad class.
    pub quad: QuadCounts,
    /// Events by PLOVER type; `none` counts events whose code has no PLOVER type.
    #[schema(value_type = BTreeMap<String, usize>)]
    pub types: TypeCounts,
    /// The mean Goldstein score of the events; absent when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goldstein_mean: Option<f64>,
    /// The scale of the mean: `goldstein-cameo`, `plover`, or `mixed`. With `mixed`, the events are scored on
    /// both scales, so interpret the mean with care.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "goldstein-cameo")]
    pub goldstein_scale: Option<&'static str>,
}

/// The types of events, and one for those without.
const TYPES: usize = EventType::ALL.len() + 1;

/// Events by PLOVER type, and those of none. Counted in places, since a series has hundreds of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TypeCounts([u32; TYPES]);

/// Where a type is counted; those of none are the last.
fn place(event_type: Option<EventType>) -> usize {
    event_type.map_or(TYPES - 1, |event_type| event_type as usize)
}

impl TypeCounts {
    /// Counts one more event of a type, or of none.
    pub(in crate::query) fn add(&mut self, event_type: Option<EventType>) {
        if let Some(count) = self.0.get_mut(place(event_type)) {
            *count += 1;
        }
    }

    /// The events of a type, or of none.
    pub fn count_of(&self, event_type: Option<EventType>) -> usize {
        self.0
            .get(place(event_type))
            .map_or(0, |count| *count as usize)
    }

    /// Those that there are, by their words.
    pub fn by_word(&self) -> BTreeMap<&'static str, usize> {
        let all = EventType::ALL.into_iter().map(Some).chain([None]);
        let counted = all.map(|event_type| (type_word(event_type), self.count_of(event_type)));
        counted.filter(|(_, count)| *count > 0).collect()
    }
}

impl Serialize for TypeCounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.by_word().serialize(serializer)
    }
}

/// A period with a constant rate of contact in a dyad.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SegmentAnswer {
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    #[serde(serialize_with = "as_day")]
    pub from: Day,
    /// Its last day.
    #[schema(value_type = String, format = Date)]
    #[serde(serialize_with = "as_day")]
    pub to: Day,
    /// The number of events and statements that start in the segment, except those whose day may lie in
    /// another bin of the width `method.bin`.
    pub count: usize,
    /// The URL that lists the records counted in `count`.
    pub records_url: DrillDown,
    /// Records per observed day.
    pub per_day: f64,
}

/// A range of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StretchAnswer {
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    #[serde(serialize_with = "as_day")]
    pub from: Day,
    /// Its last day.
    #[schema(value_type = String, format = Date)]
    #[serde(serialize_with = "as_day")]
    pub to: Day,
}

/// A day on which the contact of a dyad changed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ChangePoint {
    /// What changed: `rate` (records a day), `balance` (the share of conflict among coded events, from 0 to 1)
    /// or `goldstein` (their mean score).
    #[schema(example = "rate")]
    pub of: &'static str,
    /// The first day of the new segment.
    #[schema(value_type = String, example = "2023-06-01", format = Date)]
    #[serde(serialize_with = "as_day")]
    pub day: Day,
    /// The value in the previous segment.
    pub before: f64,
    /// The value in the new segment.
    pub after: f64,
    /// How much better two values explain the records than one value for both segments: twice the difference
    /// of the log-likelihoods.
    pub score: f64,
    /// `up` or `down`.
    #[schema(example = "up")]
    pub direction: &'static str,
    /// The URL that lists the records of the new segment.
    pub records_url: DrillDown,
}

/// How a series is computed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SeriesMethod {
    /// The half-life of the intensity in days.
    #[schema(example = 90)]
    pub half_life: usize,
    /// What the intensity is.
    pub intensity: &'static str,
    /// How change points are found.
    pub change_points: &'static str,
    /// The penalty for each change point.
    pub penalty: f64,
    /// The width of the bins used to find change points: `bin`, or the smallest width with which the number
    /// of bins does not exceed the limit.
    #[schema(example = "month")]
    pub bin: &'static str,
}

/// Two windows of a dyad side by side.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CompareAnswer<'v> {
    /// The first actor.
    pub a: ActorBrief<'v>,
    /// The second actor.
    pub b: ActorBrief<'v>,
    /// The base window.
    pub base: WindowAnswer,
    /// The window that is compared with the base window.
    pub window: WindowAnswer,
    /// The method that decides whether a rate changed.
    pub method: &'static str,
    /// The counts in both windows, by `key` and `value`: first for all records, then by kind of record, quad
    /// class, type, direction and topic.
    pub items: Vec<CompareItem<'v>>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// One of two windows.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WindowAnswer {
    /// Its first day.
    #[schema(value_type = String, example = "2023-02-01", format = Date)]
    #[serde(serialize_with = "as_day")]
    pub from: Day,
    /// Its last day.
    #[schema(value_type = String, example = "2023-02-28", format = Date)]
    #[serde(serialize_with = "as_day")]
    pub to: Day,
    /// The number of its days.
    pub days: usize,
    /// The number of records that may lie in the window.
    pub count: usize,
    /// The URL that lists the records counted in `count`.
    pub records_url: DrillDown,
    /// The records by quad class.
    pub quad: QuadCounts,
    /// The mean Goldstein score of the events; absent when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goldstein_mean: Option<f64>,
    /// The scale of the mean: `goldstein-cameo`, `plover`, or `mixed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goldstein_scale: Option<&'static str>,
    /// Records without a date, which are in neither window.
    pub undated_omitted: usize,
}

/// One number in two windows.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CompareItem<'v> {
    /// The property by which the records are counted: `all`, `record`, `quad`, `type`, `direction` or
    /// `topic`.
    #[schema(example = "type")]
    pub key: &'static str,
    /// The value of this property; absent for `all`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "CONSULT")]
    pub value: Option<Cow<'v, str>>,
    /// The count in the base window.
    pub base: CompareCount,
    /// The count in the compared window.
    pub window: CompareCount,
    /// How the rate per day changed, if the change is unlikely to be due to chance: `began` (from zero),
    /// `ended` (to zero), `grew` or `fell`. Otherwise: `same` if the rate is about the same; `too_few` if
    /// there are too few records to decide; `unclear` if all records that could decide may lie outside a
    /// window. `method` describes the test.
    #[schema(example = "grew")]
    pub change: &'static str,
    /// The rate in the compared window divided by the rate in the base window. Absent if the latter is 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
}

/// A number in one of two windows.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CompareCount {
    /// The number of records.
    pub count: usize,
    /// The URL that lists the records counted in `count`.
    pub records_url: DrillDown,
    /// Of these, the records whose start day may lie outside the window.
    pub wide: usize,
    /// Of these, the records that last for a period and began before the window.
    pub began_before: usize,
    /// Records per day, without those counted in `wide` and `began_before`. It is a rate because the windows
    /// may differ in length.
    pub per_day: f64,
}
