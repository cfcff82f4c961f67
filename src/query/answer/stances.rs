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
    /// The stances of this page, in the order of their statements in time.
    pub items: Vec<StanceTaken<'v>>,
    /// How many there are on all pages.
    pub total: usize,
    /// The statements that take them, on all pages.
    pub statements: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// A stance that one speaker takes. A statement of several speakers takes its stances for each.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StanceTaken<'v> {
    /// Who takes it; under roll-up, the state or body that the speaker stands for.
    pub speaker: ActorBrief<'v>,
    /// Whom the speakers speak for, as the statement says.
    pub on_behalf_of: Vec<ActorBrief<'v>>,
    /// Toward whom or what.
    pub toward: TowardAnswer<'v>,
    /// Which stance.
    #[schema(example = "condemns")]
    pub stance: &'static str,
    /// The matter, when it is another than the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "missile-launches")]
    pub about: Option<Cow<'v, str>>,
    /// Who passed the words on.
    pub relayed_by: Vec<ActorBrief<'v>>,
    /// The statement that takes it.
    pub statement: RecordAnswer<'v>,
}

/// Stances counted by speaker and target, or by speaker and topic.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StanceMatrix<'v> {
    /// The speakers: most stances first, then by id.
    pub rows: Vec<ActorBrief<'v>>,
    /// What they take stances toward: most stances first, then by what they are.
    pub columns: Vec<MatrixColumn<'v>>,
    /// The cells that hold a stance, by row, then by column.
    pub cells: Vec<MatrixCell>,
    /// Rows that are left out, since only the first are given.
    pub more_rows: usize,
    /// Columns that are left out.
    pub more_columns: usize,
    /// Stances in the cells given.
    pub count: usize,
    /// Stances in no cell: of rows and columns left out, or about no topic where columns are topics.
    pub omitted: usize,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// A column of a matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatrixColumn<'v> {
    /// An actor that stances are taken toward.
    Actor(ActorBrief<'v>),
    /// The id of an event that they are taken toward.
    Event(Cow<'v, str>),
    /// A topic.
    Topic(Cow<'v, str>),
}

/// The stances of one speaker toward one target, or on one topic.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MatrixCell {
    /// The place of the speaker in `rows`, from 0.
    pub row: usize,
    /// The place of the target in `columns`, from 0.
    pub column: usize,
    /// The stances.
    pub count: usize,
    /// The statements that take them.
    pub statements: usize,
    /// Opens `count`, the stances, and `statements`, which the list counts, too.
    pub records_url: DrillDown,
    /// By stance.
    pub stances: BTreeMap<&'static str, usize>,
    /// Stances for (`supports`, `praises`, `reassures`) less stances against (`condemns`,
    /// `criticizes`, `rejects`, `threatens`, `warns`); the others weigh nothing.
    pub balance: i64,
    /// The first day of any; absent when none has a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub first: Option<Day>,
    /// The last day of any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub last: Option<Day>,
}

/// A page of what disagrees.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ContradictionPage<'v> {
    /// The contradictions of this page, in the order of their first claims in time.
    pub items: Vec<Contradiction<'v>>,
    /// How many there are on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// Two records that disagree. Neither is preferred.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Contradiction<'v> {
    /// How they disagree: `stance_reversal` (one speaker turns on one matter), `denial` (a statement
    /// denies an event), `date`, `participants` or `type` (events that contradict or corroborate one
    /// another tell it differently), `account` (one contradicts the other in some other way), or
    /// `office_overlap` (two hold an office on one day that is otherwise held by one at a time).
    #[schema(example = "stance_reversal")]
    pub rule: &'static str,
    /// What the disagreement is about: of a reversal the matter, of an overlap the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Cow<'v, str>>,
    /// The two claims, the earlier first.
    pub claims: Vec<Claim<'v>>,
    /// The actors concerned: of a reversal the speaker, of an overlap the two and the state or body,
    /// else all who stand in the claims.
    pub actors: Vec<ActorBrief<'v>>,
}

/// One side of a contradiction.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Claim<'v> {
    /// What it says on the point: a stance, a date, a type, the ids of participants.
    #[schema(example = "condemns")]
    pub says: String,
    /// The record that says so, with its sources.
    pub record: RecordAnswer<'v>,
}
