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

/// How strong the contact of a dyad is on a day: each record counts for 1 on the day it starts and
/// for half of that whenever a half-life has passed, so that silence shows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct IntensityAnswer {
    /// The sum of 2^(-d/h) over the records that start on or before `at`, where d is the number of
    /// days since and h the half-life. Records of which the day is not known, and what began before the
    /// window, do not count.
    pub value: f64,
    /// The half-life in days.
    #[schema(example = 90)]
    pub half_life: usize,
    /// The day that it is of.
    #[schema(value_type = String, example = "2023-06-30", format = Date)]
    #[serde(serialize_with = "as_day")]
    pub at: Day,
}

/// A dyad over time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SeriesAnswer<'v> {
    /// The one.
    pub a: ActorBrief<'v>,
    /// The other.
    pub b: ActorBrief<'v>,
    /// The width of the bins.
    #[schema(example = "month")]
    pub bin: &'static str,
    /// The first day of the series: the window's, or that of the first bin; absent when the window
    /// has none and there is no record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub from: Option<Day>,
    /// The last day of the series: the window's, or that of the last bin.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub to: Option<Day>,
    /// The bins from `from` to `to`, with and without records.
    pub span: usize,
    /// All records counted: those of the bins, and what began before.
    pub count: usize,
    /// Opens `count`.
    pub records_url: DrillDown,
    /// The bins that hold a record, in order.
    pub bins: Vec<SeriesBin>,
    /// What lasts and began before the window, or nobody says when: in no bin.
    pub began_before: CountAnswer,
    /// The stretches of even contact that the change points part, in order; one when nothing
    /// changed, none when there is no record.
    pub segments: Vec<SegmentAnswer>,
    /// The days that the data sets of the records cover, within the window: from the first to the last known
    /// day of each, together. Rates are records over these.
    pub observed: Vec<StretchAnswer>,
    /// Where the rate of contact changed, in order.
    pub change_points: Vec<ChangePoint>,
    /// Where the balance of cooperation and conflict changed, and the mean Goldstein score.
    pub shifts: Vec<ChangePoint>,
    /// How intensity and change points are worked out.
    pub method: SeriesMethod,
    /// What holds for the whole answer.
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
    /// Bins without a record between the one before in this list and this one; before the first,
    /// since the start of the series.
    pub silent_before: usize,
    /// The records counted.
    pub count: usize,
    /// Opens `count`.
    pub records_url: DrillDown,
    /// Of these, the records of which the day on which they start may lie in another bin: neither
    /// intensity nor change points know them.
    pub wider_than_bin: usize,
    /// Records that last, started before this bin or before the window, and reach it; absent when there
    /// are none. They are not among those counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ongoing: Option<CountAnswer>,
    /// The records by quad class.
    pub quad: QuadCounts,
    /// From the one to the other.
    pub a_to_b: SeriesDirection,
    /// From the other to the one.
    pub b_to_a: SeriesDirection,
    /// With one another, as equals.
    pub together: SeriesDirection,
    /// How strong the contact is at the end of the bin: see `method`.
    pub intensity: f64,
}

/// The records of one bin in one direction.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SeriesDirection {
    /// How many.
    pub count: usize,
    /// Opens `count`.
    pub records_url: DrillDown,
    /// By quad class.
    pub quad: QuadCounts,
    /// Events by PLOVER type; `none` counts those whose code PLOVER has no type for.
    #[schema(value_type = BTreeMap<String, usize>)]
    pub types: TypeCounts,
    /// The mean Goldstein score of the events; absent when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goldstein_mean: Option<f64>,
    /// The scale of the mean: `goldstein-cameo`, `plover`, or `mixed` when events are scored on
    /// both, so that the mean is to be taken with care.
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

/// A stretch of time in which the contact of a dyad was even.
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
    /// The events and statements that start in it, but for those of which the day may lie in another bin of
    /// `method.bin`.
    pub count: usize,
    /// Opens `count`.
    pub records_url: DrillDown,
    /// Records a day that is observed.
    pub per_day: f64,
}

/// A stretch of days.
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
    /// The first day of what is new.
    #[schema(value_type = String, example = "2023-06-01", format = Date)]
    #[serde(serialize_with = "as_day")]
    pub day: Day,
    /// What it was in the segment before.
    pub before: f64,
    /// What it is in the segment that begins.
    pub after: f64,
    /// By how much the change explains the records better than one value for both segments: twice the
    /// difference of log-likelihoods.
    pub score: f64,
    /// `up` or `down`.
    #[schema(example = "up")]
    pub direction: &'static str,
    /// Opens the records of the segment that begins.
    pub records_url: DrillDown,
}

/// How a series is worked out.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SeriesMethod {
    /// The half-life of the intensity in days.
    #[schema(example = 90)]
    pub half_life: usize,
    /// What the intensity is.
    pub intensity: &'static str,
    /// How change points are found.
    pub change_points: &'static str,
    /// What each change point costs.
    pub penalty: f64,
    /// The width of the bins in which change points are looked for: `bin`, or the finest one that
    /// makes few enough.
    #[schema(example = "month")]
    pub bin: &'static str,
}

/// Two windows of a dyad side by side.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CompareAnswer<'v> {
    /// The one.
    pub a: ActorBrief<'v>,
    /// The other.
    pub b: ActorBrief<'v>,
    /// The window compared with.
    pub base: WindowAnswer,
    /// The window asked about.
    pub window: WindowAnswer,
    /// How it is told what became of a rate.
    pub method: &'static str,
    /// What was counted in either window, by `key` and `value`: first all records, then by kind of
    /// record, quad class, type, direction and topic.
    pub items: Vec<CompareItem<'v>>,
    /// What holds for the whole answer.
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
    /// Its days.
    pub days: usize,
    /// The records that may lie in it.
    pub count: usize,
    /// Opens `count`.
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
    /// What the records are told apart by: `all`, `record`, `quad`, `type`, `direction` or `topic`.
    #[schema(example = "type")]
    pub key: &'static str,
    /// Which of them; absent for `all`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "CONSULT")]
    pub value: Option<Cow<'v, str>>,
    /// In the window compared with.
    pub base: CompareCount,
    /// In the window asked about.
    pub window: CompareCount,
    /// What became of the rate per day, where chance hardly did it: `began` (from none), `ended` (to none),
    /// `grew` or `fell`. Else `same`, when it is about the same; `too_few`, when the records are too few to tell;
    /// `unclear`, when all that could tell may lie outside of a window. `method` says how that is told.
    #[schema(example = "grew")]
    pub change: &'static str,
    /// The rate in the window asked about over that in the one compared with; absent when that is 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
}

/// A number in one of two windows.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CompareCount {
    /// The records.
    pub count: usize,
    /// Opens `count`.
    pub records_url: DrillDown,
    /// Of these, the records of which the day on which they start may lie outside of the window.
    pub wide: usize,
    /// Of these, the records that last and began before the window.
    pub began_before: usize,
    /// Records a day, without the wide ones and what began before: windows may differ in length.
    pub per_day: f64,
}
