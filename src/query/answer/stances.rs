//! The answers about stances: the list, the matrix, and what disagrees.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{ActorBrief, Meta, RecordAnswer, TowardAnswer};
use crate::model::Day;
use crate::query::drill_down::DrillDown;
use crate::query::written::as_day_if_any;

/// A page of stances taken.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StancePage<'v> {
    /// The stances on this page, in the chronological order of their statements.
    pub items: Vec<StanceTaken<'v>>,
    /// The number of items on all pages.
    pub total: usize,
    /// The number of statements with these stances, on all pages.
    pub statements: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// A stance of one speaker. If a statement has several speakers, its stances count for each of them.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StanceTaken<'v> {
    /// The actor who takes the stance. With roll-up, the state or body that the speaker represents.
    pub speaker: ActorBrief<'v>,
    /// Whom the speakers speak for, as the statement says.
    pub on_behalf_of: Vec<ActorBrief<'v>>,
    /// The target of the stance.
    pub toward: TowardAnswer<'v>,
    /// The stance.
    #[schema(example = "condemns")]
    pub stance: &'static str,
    /// The topic of the stance, if it differs from the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "missile-launches")]
    pub about: Option<Cow<'v, str>>,
    /// The actors that relayed the words.
    pub relayed_by: Vec<ActorBrief<'v>>,
    /// The statement that takes the stance.
    pub statement: RecordAnswer<'v>,
}

/// Stances counted by speaker and target, or by speaker and topic.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StanceMatrix<'v> {
    /// The speakers: most stances first, then by id.
    pub rows: Vec<ActorBrief<'v>>,
    /// The targets of the stances: those with the most stances first, then by name.
    pub columns: Vec<MatrixColumn<'v>>,
    /// The cells that contain a stance, by row, then by column.
    pub cells: Vec<MatrixCell>,
    /// The number of rows that are left out.
    pub more_rows: usize,
    /// The number of columns that are left out.
    pub more_columns: usize,
    /// The number of stances in the cells of the answer.
    pub count: usize,
    /// The number of stances that are in no cell, because their row or column is left out, or because the
    /// columns are topics and the stance has none.
    pub omitted: usize,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// A column of a matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatrixColumn<'v> {
    /// An actor toward which stances are taken.
    Actor(ActorBrief<'v>),
    /// The id of an event toward which stances are taken.
    Event(Cow<'v, str>),
    /// A topic.
    Topic(Cow<'v, str>),
}

/// The stances of one speaker toward one target, or on one topic.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MatrixCell {
    /// The index of the speaker in `rows`, from 0.
    pub row: usize,
    /// The index of the target in `columns`, from 0.
    pub column: usize,
    /// The number of stances.
    pub count: usize,
    /// The number of statements with these stances.
    pub statements: usize,
    /// The URL that lists the stances counted in `count`. The list also contains the number of `statements`.
    pub records_url: DrillDown,
    /// The number of stances of each kind.
    pub stances: BTreeMap<&'static str, usize>,
    /// The number of stances for the target (`supports`, `praises`, `reassures`) minus the number of stances
    /// against it (`condemns`, `criticizes`, `rejects`, `threatens`, `warns`). Other stances do not count.
    pub balance: i64,
    /// The first day of any of the stances; absent if none has a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub first: Option<Day>,
    /// The last day of any of the stances.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub last: Option<Day>,
}

/// A page of contradictions.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ContradictionPage<'v> {
    /// The contradictions on this page, by the date of their earlier claim.
    pub items: Vec<Contradiction<'v>>,
    /// The number of items on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// Two records that disagree. Neither is preferred.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Contradiction<'v> {
    /// The rule that found the contradiction. `stance_reversal`: a speaker takes opposite stances on one
    /// topic. `denial`: a statement denies an event. `date`, `participants`, `type`: two events that are
    /// linked as contradicting or corroborating each other differ in this property. `account`: one event
    /// contradicts another in some other way. `office_overlap`: two actors hold an office on the same day
    /// that otherwise has one holder at a time.
    #[schema(example = "stance_reversal")]
    pub rule: &'static str,
    /// What the contradiction is about: for a stance reversal, the topic; for an office overlap, the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Cow<'v, str>>,
    /// The two claims, the earlier first.
    pub claims: Vec<Claim<'v>>,
    /// The actors concerned. For a stance reversal, the speaker. For an office overlap, the two holders and
    /// the state or body. Otherwise, all actors in the claims.
    pub actors: Vec<ActorBrief<'v>>,
}

/// One side of a contradiction.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Claim<'v> {
    /// The conflicting value: a stance, a date, a type, or the ids of participants.
    #[schema(example = "condemns")]
    pub says: String,
    /// The record that makes the claim, with its sources.
    pub record: RecordAnswer<'v>,
}
