//! Answers about merges.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ActorBrief, JudgementAnswer, Meta, RecordAnswer};

/// A merge in effect.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MergeAnswer<'v> {
    /// The judgement that made it.
    #[serde(flatten)]
    pub judgement: JudgementAnswer<'v>,
    /// The actor shown instead of the merged actor. If merges form a chain, the last actor of the
    /// chain.
    pub survivor: ActorBrief<'v>,
}

/// A page of merges.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MergePage<'v> {
    /// The merges, by the id of their judgement.
    pub items: Vec<MergeAnswer<'v>>,
    /// The number of merges on all pages.
    pub total: usize,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
    /// What holds for the answer as a whole.
    pub meta: Meta,
}

/// Records: their number, and the first of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct RecordsNamed<'v> {
    /// The number of records.
    pub count: usize,
    /// The first records, at most 20.
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
    /// The code of the actor that would survive.
    pub other: String,
}

/// A name of the actor that would be merged that is also a name of a third actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NameClash<'v> {
    /// The name.
    pub name: String,
    /// The other actors with this name.
    pub also: Vec<ActorBrief<'v>>,
}

/// Two offices in different bodies that the two actors hold on the same day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OfficeClash<'v> {
    /// The office of the actor that would be merged.
    pub actor: RecordAnswer<'v>,
    /// The office of the actor that would survive.
    pub other: RecordAnswer<'v>,
}

/// What a merge would change, and what speaks against it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MergePreview<'v> {
    /// Records that name the merged actor. They would show the survivor.
    pub records: usize,
    /// Records that link the two actors with each other. These links would disappear, because an
    /// actor is not linked with itself.
    pub links_lost: RecordsNamed<'v>,
    /// Records that name both actors in the same role. This participation would count once.
    pub participations_joined: RecordsNamed<'v>,
    /// The kinds of the merged actor and of the survivor; absent if they are the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub kinds_differ: Option<[&'static str; 2]>,
    /// Schemes in which the two actors have different codes.
    pub code_clashes: Vec<CodeClash>,
    /// Names of the merged actor that are also names of other actors.
    pub name_clashes: Vec<NameClash<'v>>,
    /// Offices that one person can hardly have held at the same time.
    pub office_clashes: Vec<OfficeClash<'v>>,
    /// Judgements that the two actors are different.
    pub different: Vec<JudgementAnswer<'v>>,
}

/// The result of a merge, or of a dry run.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MergeReport<'v> {
    /// The merge; absent in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge: Option<MergeAnswer<'v>>,
    /// What the merge changes, as of the commit before it.
    pub preview: MergePreview<'v>,
}

/// The result of reverting a merge.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RevertReport<'v> {
    /// The merge that was reverted.
    pub merge: MergeAnswer<'v>,
    /// Records that were written after the merge and name the survivor by its own id. They stay
    /// with the survivor; check whether some of them mean the other actor.
    pub stay: RecordsNamed<'v>,
}
