//! The answers, as clients see them.
//!
//! They borrow their texts from the view that was asked wherever it holds them; words of closed lists
//! are static, days are written when the answer is.

mod changes;
mod duplicates;
mod dyads;
mod graph;
mod marks;
mod merges;
mod names;
mod ranking;
mod reach;
mod reconciliation;
mod search;
mod stances;
mod topics;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

pub use reach::{
    ExplainAnswer, FragilityAnswer, LinkOfChain, ReachAnswer, ReachPage, SourceBrief, SupportAnswer,
};

use super::cell_filter::DrillDownMembers;
use super::drill_down::DrillDown;
use super::written::{as_day, as_day_if_any, as_instant, as_text_if_any};
use crate::model::{Day, Instant};

pub use changes::*;
pub use duplicates::*;
pub use dyads::*;
pub use graph::{EventNode, GraphAnswer, LinkBetween, MoreActor, MoreAnswer, NodeAnswer};
pub use marks::*;
pub use merges::*;
pub use names::*;
pub use ranking::{CommunityAnswer, CommunityPage, RankedAnswer, RankingPage, SampledAnswer};
pub use reconciliation::*;
pub use search::{FacetsAnswer, FoundAnswer, HighlightAnswer, SearchPage, SearchWarning};
pub use stances::*;
pub use topics::{TopicAnswer, TopicPage};

/// An actor named in an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct ActorBrief<'v> {
    /// Its id.
    #[schema(example = "antony-blinken")]
    pub id: Cow<'v, str>,
    /// The name under which it is shown.
    #[schema(example = "Antony Blinken")]
    pub name: Cow<'v, str>,
    /// The kind of actor.
    #[schema(example = "person")]
    pub kind: &'static str,
    /// The ids of merged actors by which the record names this actor; absent if the record uses
    /// only the actor's own id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["north-korea"]))]
    pub merged_from: Vec<Cow<'v, str>>,
}

/// A record of any kind; the member `record` names the kind.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum RecordAnswer<'v> {
    /// An event.
    Event(Box<EventAnswer<'v>>),
    /// A statement.
    Statement(Box<StatementAnswer<'v>>),
    /// A relation.
    Relation(Box<RelationAnswer<'v>>),
    /// An actor.
    Actor(Box<ActorAnswer<'v>>),
    /// A source.
    Source(Box<SourceAnswer<'v>>),
    /// A judgement.
    Judgement(Box<JudgementAnswer<'v>>),
}

/// The date of a record, as written and as the days that it may mean.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a member of the answer, and any may go with any"
)]
pub struct RecordTime<'v> {
    /// The date as it was written (EDTF); absent when no source gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-06-18/2023-06-19")]
    pub date: Option<Cow<'v, str>>,
    /// The first day that it may mean; absent when it has no date or no known beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "2023-06-18", format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub earliest: Option<Day>,
    /// The last day that the date may mean. Absent if there is no date, if it is ongoing, or if its end is
    /// not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "2023-06-19", format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub latest: Option<Day>,
    /// The day by which the record is sorted. Absent if it has no date. For an instant, the day in UTC; for a
    /// date with only an end, the last day of that end; otherwise the first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "2023-06-18", format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub sorts_on: Option<Day>,
    /// The precision of the date: `instant`, `day`, `month`, `season`, `year`, `decade`, `century`,
    /// `interval` or `set`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "interval")]
    pub precision: Option<&'static str>,
    /// Whether the source marks the date as uncertain (`?`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub uncertain: bool,
    /// Whether the source marks the date as approximate (`~`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
    /// Whether the date is open on one side: an ongoing period, a period with an open beginning, or a single
    /// day no later or no earlier than a given day.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    /// Whether the date has an unknown beginning or end (`2023/`, `/2023`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub end_unknown: bool,
}

/// The commit that recorded this version of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordedCommit {
    /// Its number.
    pub commit: u64,
    // In milliseconds since 1970-01-01T00:00:00Z.
    /// The time of the commit (RFC 3339, UTC).
    #[schema(value_type = String, format = DateTime)]
    #[serde(serialize_with = "as_instant")]
    pub at: i64,
}

/// The actor through whom a record counts for a state or body with `rollup=state`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Via<'v> {
    /// The actor in the record.
    pub actor: ActorBrief<'v>,
    /// The state or body that the actor represents on that day.
    pub represents: ActorBrief<'v>,
    /// The ids of the relations that establish this, from the actor upward.
    pub relations: Vec<Cow<'v, str>>,
    /// Whether one of these relations is only assumed on that day: a source shows it earlier (or later), and
    /// no source says that it had ended (or had not begun). Absent if sources show all of them on that day.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EventAnswer<'v> {
    /// Always `event`.
    #[schema(example = "event")]
    pub record: &'static str,
    /// Its id.
    pub id: Cow<'v, str>,
    /// Its data set.
    pub dataset: Cow<'v, str>,
    /// The date of the record.
    #[serde(flatten)]
    pub when: RecordTime<'v>,
    /// Its PLOVER type, given or derived from the CAMEO code; absent for codes without a PLOVER
    /// type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schema(example = "CONSULT")]
    pub event_type: Option<&'static str>,
    /// Its CAMEO code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "041")]
    pub cameo: Option<Cow<'v, str>>,
    /// What the CAMEO code means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cameo_label: Option<&'static str>,
    /// Its quad class under `scheme`.
    #[schema(example = "verbal_cooperation")]
    pub quad_class: &'static str,
    /// Its Goldstein score, from -10 to 10, under `scheme`.
    pub goldstein: f32,
    /// The scale of the score: `goldstein-cameo` or `plover`.
    pub goldstein_scale: &'static str,
    /// The coding scheme of the quad class and the score.
    #[schema(example = "icews")]
    pub scheme: &'static str,
    /// The title of the event: what happened, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Cow<'v, str>>,
    /// Whether the event took place.
    #[schema(example = "occurred")]
    pub status: &'static str,
    /// The participants of the event.
    pub participants: Vec<ParticipantAnswer<'v>>,
    /// The place of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceAnswer<'v>>,
    /// The topics of the record.
    pub topics: Vec<Cow<'v, str>>,
    /// How the event relates to other events.
    pub links: Vec<LinkAnswer<'v>>,
    /// The sources of the record.
    #[serde(flatten)]
    pub evidence: Evidence<'v>,
    /// A free-form JSON object set by the author of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub attributes: Option<serde_json::Value>,
    /// With `rollup=state`, the actors through whom the record counts for a state or body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Via<'v>>,
    /// The commit that recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<RecordedCommit>,
}

/// The sources of a record and the number of independent sources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Evidence<'v> {
    /// The sources of the record.
    pub sources: Vec<CitationAnswer<'v>>,
    /// The number of independent sources. Sources with the same agency or the same original count once.
    pub independent_sources: usize,
}

/// A source cited for a record.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CitationAnswer<'v> {
    /// The id of the source.
    pub source: Cow<'v, str>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Cow<'v, str>>,
    /// The publisher of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<Cow<'v, str>>,
    /// When it was published (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Cow<'v, str>>,
    /// The URL of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Cow<'v, str>>,
    /// The words of the source that support the record, verbatim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<Cow<'v, str>>,
    /// The place in the source: a page, a paragraph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locator: Option<Cow<'v, str>>,
    /// The coder's confidence, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
}

/// An actor's part in a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ParticipantAnswer<'v> {
    /// The actor.
    pub actor: ActorBrief<'v>,
    /// The role of the actor.
    #[schema(example = "participant")]
    pub role: &'static str,
}

/// Where an event took place.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PlaceAnswer<'v> {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Cow<'v, str>>,
    /// Its country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Cow<'v, str>>,
    /// Latitude in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Longitude in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
}

/// How one event relates to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinkAnswer<'v> {
    /// The kind of link.
    #[schema(example = "reschedules")]
    pub kind: &'static str,
    /// The id of the other event.
    pub event: Cow<'v, str>,
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StatementAnswer<'v> {
    /// Always `statement`.
    #[schema(example = "statement")]
    pub record: &'static str,
    /// Its id.
    pub id: Cow<'v, str>,
    /// Its data set.
    pub dataset: Cow<'v, str>,
    /// The date of the record.
    #[serde(flatten)]
    pub when: RecordTime<'v>,
    /// The speakers.
    pub speakers: Vec<ActorBrief<'v>>,
    /// The actors for whom the speakers speak.
    pub on_behalf_of: Vec<ActorBrief<'v>>,
    /// The actors to whom the speakers speak.
    pub audience: Vec<ActorBrief<'v>>,
    /// The actors that relayed the words.
    pub relayed_by: Vec<ActorBrief<'v>>,
    /// The id of the event in which the statement was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Cow<'v, str>>,
    /// The words of the statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Cow<'v, str>>,
    /// Whether `text` is verbatim.
    pub quote: bool,
    /// The topics of the record.
    pub topics: Vec<Cow<'v, str>>,
    /// The stances that it takes.
    pub stances: Vec<StanceAnswer<'v>>,
    /// The sources of the record.
    #[serde(flatten)]
    pub evidence: Evidence<'v>,
    /// With `rollup=state`, the actors through whom the record counts for a state or body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Via<'v>>,
    /// The commit that recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<RecordedCommit>,
}

/// A stance that a statement takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StanceAnswer<'v> {
    /// The target of the stance: one of `actor`, `event` and `topic`.
    pub toward: TowardAnswer<'v>,
    /// The stance.
    #[schema(example = "condemns")]
    pub stance: &'static str,
    /// The topic of the stance, if it differs from the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Cow<'v, str>>,
}

/// What a stance is taken toward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TowardAnswer<'v> {
    /// An actor.
    Actor(ActorBrief<'v>),
    /// The id of an event.
    Event(Cow<'v, str>),
    /// A topic.
    Topic(Cow<'v, str>),
}

/// A relation.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RelationAnswer<'v> {
    /// Always `relation`.
    #[schema(example = "relation")]
    pub record: &'static str,
    /// Its id.
    pub id: Cow<'v, str>,
    /// Its data set.
    pub dataset: Cow<'v, str>,
    /// The days on which a window can match the relation: from its known beginning to its end.
    #[serde(flatten)]
    pub when: RecordTime<'v>,
    /// The subject of the relation.
    pub subject: ActorBrief<'v>,
    /// The kind of relation.
    #[schema(example = "holds_office")]
    pub kind: &'static str,
    /// The object of the relation.
    pub object: ActorBrief<'v>,
    /// The title of the office, or the form of the relation in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Cow<'v, str>>,
    /// The first day of the relation, as written (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Cow<'v, str>>,
    /// The last day of the relation, as written (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Cow<'v, str>>,
    /// The sources of the record.
    #[serde(flatten)]
    pub evidence: Evidence<'v>,
    /// With `rollup=state`, the actors through whom the record counts for a state or body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Via<'v>>,
    /// The commit that recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<RecordedCommit>,
}

/// A judgement: whether two actors are the same.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct JudgementAnswer<'v> {
    /// Always `judgement`.
    #[schema(example = "judgement")]
    pub record: &'static str,
    /// Its id.
    pub id: Cow<'v, str>,
    /// Its data set.
    pub dataset: Cow<'v, str>,
    /// `same`: `actor` is merged into `other`. `different`: the two are different actors, even if
    /// they look alike.
    #[schema(example = "same")]
    pub verdict: &'static str,
    /// For `same`, the actor that is merged; for `different`, one of the two actors. Shown under
    /// its own id and name, even if it has been merged.
    pub actor: ActorBrief<'v>,
    /// For `same`, the actor that survives; for `different`, the other actor. Shown under its own
    /// id and name, even if it has been merged.
    pub other: ActorBrief<'v>,
    /// The reason for the decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'v, str>>,
    /// Who decided: a person, a rule or a program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Cow<'v, str>>,
    /// The sources of the record.
    #[serde(flatten)]
    pub evidence: Evidence<'v>,
    /// The commit that recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<RecordedCommit>,
}

/// An actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ActorAnswer<'v> {
    /// Always `actor`.
    #[schema(example = "actor")]
    pub record: &'static str,
    /// Its id.
    pub id: Cow<'v, str>,
    /// Its data set.
    pub dataset: Cow<'v, str>,
    /// The kind of actor.
    #[schema(example = "person")]
    pub kind: &'static str,
    /// The name under which it is shown.
    pub name: Cow<'v, str>,
    /// Other names.
    pub aliases: Vec<AliasAnswer<'v>>,
    /// Codes by scheme.
    pub codes: BTreeMap<Cow<'v, str>, Cow<'v, str>>,
    /// A description for readers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Cow<'v, str>>,
    /// The commit that recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<RecordedCommit>,
}

/// Another name of an actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AliasAnswer<'v> {
    /// The name.
    pub text: Cow<'v, str>,
    /// Its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Cow<'v, str>>,
    /// The first day of use (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Cow<'v, str>>,
    /// The last day of use (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Cow<'v, str>>,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourceAnswer<'v> {
    /// Always `source`.
    #[schema(example = "source")]
    pub record: &'static str,
    /// Its id.
    pub id: Cow<'v, str>,
    /// Its data set.
    pub dataset: Cow<'v, str>,
    /// The kind of source.
    #[schema(example = "article")]
    pub kind: &'static str,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Cow<'v, str>>,
    /// The publisher of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<Cow<'v, str>>,
    /// The authors of the source.
    pub authors: Vec<Cow<'v, str>>,
    /// The news agency whose wire report it carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<Cow<'v, str>>,
    /// The id of the source that it repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Cow<'v, str>>,
    /// The URL of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Cow<'v, str>>,
    /// When it was published (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Cow<'v, str>>,
    /// Its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Cow<'v, str>>,
    /// The commit that recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<RecordedCommit>,
}

/// Metadata of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Meta {
    /// The commit as of which the answer was given. Pass it as `known_at` to get the same answer again.
    pub known_at: u64,
    /// The coding scheme of quad classes and scores.
    #[schema(example = "icews")]
    pub scheme: &'static str,
    /// Records that a window left out because they have no date.
    pub undated_omitted: usize,
    /// With `occurrence=actual`, given or by default: the number of events that are left out because they did
    /// not occur. Only events among the records of the question are counted; for paths, reach and explain,
    /// these are the events that involve the origin or the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_occurred: Option<usize>,
    /// The records that a timeline leaves out only because of their date or confidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub omitted: Option<OmittedCounts>,
    /// How to make the URLs of counts that have no URL of their own. For each member with such counts, this
    /// gives the text to append, after `&`, to the `records_url` of the enclosing object. Replace `{key}` by
    /// the key of the count.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, String>, example = json!({"quad": "only_quad={key}"}))]
    pub opens: DrillDownMembers,
    /// Notes on the names in the question: ids that are also names of other actors, and names or offices that
    /// no source shows on these days. Absent if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<NameNote>,
}

/// Counts of matching records that a timeline does not list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct OmittedCounts {
    /// Records without a date, if the timeline has a window or bins.
    pub undated: usize,
    /// Records that are only counted, in bins.
    pub clustered: usize,
    /// Records that only `min_confidence` excludes, with or without a date.
    pub low_confidence: usize,
}

/// The versions of a record, the oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct History<'v> {
    /// The versions.
    pub versions: Vec<VersionAnswer<'v>>,
}

/// One version of a record.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VersionAnswer<'v> {
    /// The commit that made it.
    pub since: RecordedCommit,
    /// The commit that replaced or deleted it; absent while it is current.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<RecordedCommit>,
    /// The record as it was.
    pub version: RecordAnswer<'v>,
}

/// A page of records.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RecordPage<'v> {
    /// The records of this page, in order.
    pub items: Vec<RecordAnswer<'v>>,
    /// The number of items on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// The number of events of each quad class; `uncoded` counts statements and relations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuadCounts {
    /// Verbal cooperation.
    pub verbal_cooperation: usize,
    /// Material cooperation.
    pub material_cooperation: usize,
    /// Verbal conflict.
    pub verbal_conflict: usize,
    /// Material conflict.
    pub material_conflict: usize,
    /// Records that are no events.
    pub uncoded: usize,
}

/// Records counted by time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HistogramAnswer<'v> {
    /// The width of the bins.
    #[schema(example = "month")]
    pub bin: &'static str,
    /// The bins that contain a record, in chronological order.
    pub bins: Vec<BinAnswer<'v>>,
    /// Records that last for a period and began before the window or have no known beginning. They are in no
    /// bin.
    pub began_before: CountAnswer,
    /// The number of all records: those in the bins and those in `began_before`.
    pub total: usize,
    /// The URL that lists the records counted in `total`.
    pub records_url: DrillDown,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// A number of records.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CountAnswer {
    /// The number of records.
    pub count: usize,
    /// The URL that lists the records counted in `count`.
    pub records_url: DrillDown,
}

/// The records of one bin. A record counts once, in the bin of its first day as written, within the window. A
/// record dated `[..X]` or `/X` counts on the last day of X.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BinAnswer<'v> {
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
    /// Records that last for a period, started before this bin or before the window, and reach into the bin.
    /// They are not included in `count`. Absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ongoing: Option<CountAnswer>,
    /// The records by quad class.
    pub quad: QuadCounts,
    /// The records by the property given in `by`, if it is given. A record with several counterparts counts
    /// for each of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<BTreeMap<Cow<'v, str>, usize>>,
}

/// Paths between two actors, the best first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PathsAnswer<'v> {
    /// Where the paths start.
    pub source: ActorBrief<'v>,
    /// Where the paths end.
    pub target: ActorBrief<'v>,
    /// The order of the paths.
    #[schema(example = "fewest")]
    pub mode: &'static str,
    /// The paths. The list is empty if there is no path.
    pub paths: Vec<PathAnswer<'v>>,
    /// Present if the search for paths through `via` stopped at its limit of 20,000 partial paths. The paths
    /// found are the best ones, but there may be more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub given_up: bool,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// A path.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PathAnswer<'v> {
    /// The number of its hops.
    pub length: usize,
    /// The sum of the numbers of records of its hops.
    pub records: usize,
    /// In mode `strongest`: the sum over all hops of 1 divided by the number of records of the hop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// In mode `chronological`: the first day on which the target can be reached by this path. If no chosen
    /// record has a known beginning, the known end of the last record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub arrival: Option<Day>,
    /// In mode `chronological`: the latest instant of the chosen records, in UTC. Absent if none of them has
    /// an instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(serialize_with = "as_text_if_any")]
    pub arrival_instant: Option<Instant>,
    /// In mode `chronological`: `certain` if every chosen record certainly follows the previous one,
    /// otherwise `possible`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<&'static str>,
    /// Its hops, in order.
    pub hops: Vec<HopAnswer<'v>>,
}

/// A step from one actor to the next.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HopAnswer<'v> {
    /// The actor at the start of the hop.
    pub source: ActorBrief<'v>,
    /// The actor at the end of the hop.
    pub target: ActorBrief<'v>,
    /// The number of records that link the two actors.
    pub records: usize,
    /// The URL that lists the records counted in `records`.
    pub records_url: DrillDown,
    /// The number of records that are not shown.
    pub more: usize,
    /// In mode `chronological`, from the second hop on. `certain`: the chosen record certainly follows the
    /// record chosen for the previous hop. This is the case if it has a later instant, if both have days and
    /// its day is later, or if only one has an instant and it is at least two days later. `possible`: its
    /// days only allow it to follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<&'static str>,
    /// The first records of the hop in chronological order. In mode `chronological`, the chosen record comes
    /// first.
    pub evidence: Vec<RecordAnswer<'v>>,
}

/// The pairs of actors of a window.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PairPage<'v> {
    /// The pairs of this page: most records first, then by ids.
    pub items: Vec<PairAnswer<'v>>,
    /// The number of items on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// Two actors that at least one record links.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PairAnswer<'v> {
    /// The first actor: the one whose id sorts first.
    pub a: ActorBrief<'v>,
    /// The second actor.
    pub b: ActorBrief<'v>,
    /// The number of records that link the two actors.
    pub records: usize,
    /// The URL that lists the records counted in `records`.
    pub records_url: DrillDown,
    /// Of these, the records from the first actor to the second.
    pub a_to_b: usize,
    /// Of these, the records from the second actor to the first.
    pub b_to_a: usize,
    /// Of these, the records that link both actors as equals.
    pub together: usize,
    /// The records by quad class.
    pub quad: QuadCounts,
    /// The first known day on which a record links them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub first: Option<Day>,
    /// The last known day on which a record links them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub last: Option<Day>,
    /// Whether one of these records is ongoing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ongoing: bool,
}

/// The records between two actors.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DyadAnswer<'v> {
    /// The first actor.
    pub a: ActorBrief<'v>,
    /// The second actor.
    pub b: ActorBrief<'v>,
    /// The number of records that link the two actors.
    pub records: usize,
    /// The first day on which a record links them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub first: Option<Day>,
    /// The last known day on which a record links them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub last: Option<Day>,
    /// Whether one of these records is ongoing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ongoing: bool,
    /// The intensity of the contact at the end of the window. If the window has no end, the intensity on the
    /// last day on which a record starts. Absent if no record has a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intensity: Option<IntensityAnswer>,
    /// The records from the first actor to the second.
    pub a_to_b: DirectionAnswer,
    /// The records from the second actor to the first.
    pub b_to_a: DirectionAnswer,
    /// The records that link both actors as equals.
    pub together: DirectionAnswer,
    /// The URL that lists the records counted in `records`.
    pub records_url: DrillDown,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// The records of a dyad in one direction.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DirectionAnswer {
    /// The number of records.
    pub records: usize,
    /// The URL that lists the records counted in `records`.
    pub records_url: DrillDown,
    /// The records by quad class.
    pub quad: QuadCounts,
    /// Events by PLOVER type.
    #[schema(value_type = BTreeMap<String, usize>)]
    pub types: TypeCounts,
    /// Records by kind.
    pub kinds: BTreeMap<&'static str, usize>,
    /// The mean Goldstein score of the events; absent when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goldstein_mean: Option<f64>,
}

/// The actors that an actor is linked with.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RelationshipPage<'v> {
    /// The relationships of this page: most records first, then by id.
    pub items: Vec<RelationshipAnswer<'v>>,
    /// The number of items on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// The records that link an actor with another.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RelationshipAnswer<'v> {
    /// The second actor.
    pub actor: ActorBrief<'v>,
    /// The number of records that link the two actors.
    pub records: usize,
    /// Of these, the records from the actor of the question to the other.
    pub outgoing: usize,
    /// Of these, the records from the other actor to the actor of the question.
    pub incoming: usize,
    /// Of these, the records that link both actors as equals.
    pub together: usize,
    /// The records by quad class.
    pub quad: QuadCounts,
    /// The first day on which a record links them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub first: Option<Day>,
    /// The last known day on which a record links them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub last: Option<Day>,
    /// Whether one of these records is ongoing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ongoing: bool,
    /// The URL that lists the records counted in `records`.
    pub records_url: DrillDown,
}

/// A summary of all records.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SummaryAnswer<'v> {
    /// The number of records of each kind; the keys are plurals.
    pub counts: BTreeMap<Cow<'v, str>, usize>,
    /// Records by data set.
    pub datasets: BTreeMap<Cow<'v, str>, usize>,
    /// The first day of any event or statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub first: Option<Day>,
    /// The last day of any event or statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(serialize_with = "as_day_if_any")]
    pub last: Option<Day>,
    /// Events and statements by quad class.
    pub quad: QuadCounts,
    /// The network that the records form.
    pub network: NetworkAnswer,
    /// The URLs that list the records counted in `counts`, `datasets` and `quad`.
    pub records_urls: SummaryUrls<'v>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// The URLs of the records that a summary counts.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SummaryUrls<'v> {
    /// The URLs of the records of each kind.
    pub counts: BTreeMap<&'static str, DrillDown>,
    /// For each data set: the URLs of its dated records, its actors and its sources. Their totals add up to
    /// the count.
    pub datasets: BTreeMap<Cow<'v, str>, [DrillDown; 3]>,
    /// The URLs of the records of each quad class.
    pub quad: BTreeMap<&'static str, DrillDown>,
}

/// The undirected network of actors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct NetworkAnswer {
    /// The number of actors in at least one record.
    pub actors: usize,
    /// The number of pairs of actors that at least one record links.
    pub dyads: usize,
    /// The number of connected components.
    pub components: usize,
    /// The number of actors in the largest component.
    pub largest_component: usize,
}
