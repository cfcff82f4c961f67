//! Answers about merges.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ActorBrief, JudgementAnswer, Meta, RecordAnswer};

/// A merge that holds.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MergeAnswer<'v> {
    /// The judgement that made it.
    #[serde(flatten)]
    pub judgement: JudgementAnswer<'v>,
    /// Who counts in the place of the actor: the last of a chain of merges.
    pub survivor: ActorBrief<'v>,
}

/// A page of merges.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MergePage<'v> {
    /// The merges, by the id of their judgement.
    pub items: Vec<MergeAnswer<'v>>,
    /// How many there are on all pages.
    pub total: usize,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
    /// What holds for the answer as a whole.
    pub meta: Meta,
}

/// Some records: how many, and the first of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct RecordsNamed<'v> {
    /// How many there are.
    pub count: usize,
    /// The first of them, at most 20.
    pub first: Vec<RecordAnswer<'v>>,
}

/// A scheme in which two actors have different codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CodeClash {
    /// The scheme.
    #[schema(example = "iso3")]
    pub scheme: String,
    /// The code of the actor that would be merged.
    pub actor: String,
    /// The code of the other.
    pub other: String,
}

/// A name of the actor that would be merged which somebody else bears, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NameClash<'v> {
    /// The name.
    pub name: String,
    /// Who else bears it.
    pub also: Vec<ActorBrief<'v>>,
}

/// Offices of two bodies that the two hold on one day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OfficeClash<'v> {
    /// The office of the actor that would be merged.
    pub actor: RecordAnswer<'v>,
    /// The office of the other.
    pub other: RecordAnswer<'v>,
}

/// What a merge would do.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MergePreview<'v> {
    /// Records that name the actor, and would show the survivor.
    pub records: usize,
    /// Records that link the two with one another: those links go, since an actor is not linked with itself.
    pub links_lost: RecordsNamed<'v>,
    /// Records in which both stand in one role: that would count once.
    pub participations_joined: RecordsNamed<'v>,
    /// The kinds of the actor and of the other, where they differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub kinds_differ: Option<[&'static str; 2]>,
    /// Codes of one scheme that differ.
    pub code_clashes: Vec<CodeClash>,
    /// Names that would still mean somebody else, too.
    pub name_clashes: Vec<NameClash<'v>>,
    /// Offices that one person can hardly have held together.
    pub office_clashes: Vec<OfficeClash<'v>>,
    /// Judgements that the two are different.
    pub different: Vec<JudgementAnswer<'v>>,
}

/// What came of a merge, or would come of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MergeReport<'v> {
    /// The merge; absent in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge: Option<MergeAnswer<'v>>,
    /// What it does, as it stood before.
    pub preview: MergePreview<'v>,
}

/// What came of reverting a merge.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RevertReport<'v> {
    /// The merge as it was.
    pub merge: MergeAnswer<'v>,
    /// Records that came after the merge and name the survivor by its own id: they stay with it. Look whether some
    /// of them mean the other.
    pub stay: RecordsNamed<'v>,
}
