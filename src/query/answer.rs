//! The answers, as clients see them.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::records_url::RecordsUrl;

/// An actor named in an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct ActorBrief {
    /// Its id.
    #[schema(example = "antony-blinken")]
    pub id: String,
    /// The name under which it is shown.
    #[schema(example = "Antony Blinken")]
    pub name: String,
    /// What it is.
    #[schema(example = "person")]
    pub kind: String,
}

/// A record of any kind; the member `record` tells which.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum RecordAnswer {
    /// An event.
    Event(Box<EventAnswer>),
    /// A statement.
    Statement(Box<StatementAnswer>),
    /// A relation.
    Relation(Box<RelationAnswer>),
    /// An actor.
    Actor(Box<ActorAnswer>),
    /// A source.
    Source(Box<SourceAnswer>),
}

/// When a record holds: as written, and as a closed interval of days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct When {
    /// The date as it was written (EDTF); absent when no source gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-06-18/2023-06-19")]
    pub date: Option<String>,
    /// The first day on which it is matched; absent when it has no date.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-06-18", format = Date)]
    pub earliest: Option<String>,
    /// The last day on which it is matched; absent when it has no date or lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-06-19", format = Date)]
    pub latest: Option<String>,
    /// How finely the date is known: `instant`, `day`, `month`, `season`, `year`, `decade`,
    /// `century`, `interval` or `set`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "interval")]
    pub precision: Option<String>,
    /// The source marks the date as uncertain (`?`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub uncertain: bool,
    /// The source marks the date as approximate (`~`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
    /// The date has no known start or no known end, so it is never certainly inside a window.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
}

/// The commit that recorded this version of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Recorded {
    /// Its number.
    pub commit: u64,
    /// When (RFC 3339, UTC).
    #[schema(format = DateTime)]
    pub at: String,
}

/// Through whom a record came in under `rollup=state`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Via {
    /// The actor that stands in the record.
    pub actor: ActorBrief,
    /// The state or body that it stands for on that day.
    pub represents: ActorBrief,
    /// The ids of the relations that say so, from the actor upward.
    pub relations: Vec<String>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EventAnswer {
    /// Always `event`.
    #[schema(example = "event")]
    pub record: String,
    /// Its id.
    pub id: String,
    /// Its data set.
    pub dataset: String,
    /// When.
    #[serde(flatten)]
    pub when: When,
    /// Its PLOVER type, given or derived from the CAMEO code; absent for codes that PLOVER has no
    /// type for.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schema(example = "CONSULT")]
    pub event_type: Option<String>,
    /// Its CAMEO code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "041")]
    pub cameo: Option<String>,
    /// What the CAMEO code means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cameo_label: Option<String>,
    /// Its quad class under `scheme`.
    #[schema(example = "verbal_cooperation")]
    pub quad_class: String,
    /// Its Goldstein score, from -10 to 10, under `scheme`.
    pub goldstein: f32,
    /// The scale of the score: `goldstein-cameo` or `plover`.
    pub goldstein_scale: String,
    /// The coding scheme that class and score depend on.
    #[schema(example = "icews")]
    pub scheme: String,
    /// What happened, in a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Whether it came about.
    #[schema(example = "occurred")]
    pub status: String,
    /// Who took part.
    pub participants: Vec<ParticipantAnswer>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceAnswer>,
    /// What about.
    pub topics: Vec<String>,
    /// How it stands to other events.
    pub links: Vec<LinkAnswer>,
    /// What says so.
    #[serde(flatten)]
    pub evidence: Evidence,
    /// The author's free object.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub attributes: Option<serde_json::Value>,
    /// Through whom it came in, under `rollup=state`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Via>,
    /// The commit that recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Recorded>,
}

/// The sources of a record and how many they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Evidence {
    /// What says so.
    pub sources: Vec<CitationAnswer>,
    /// The number of sources that repeat none of the others: sources with one agency or one
    /// original count once.
    pub independent_sources: usize,
}

/// A source cited for a record.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CitationAnswer {
    /// The id of the source.
    pub source: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// When it was published (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// Where it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The words that say so, verbatim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// Where in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locator: Option<String>,
    /// How sure the coder is, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
}

/// An actor's part in a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ParticipantAnswer {
    /// Who.
    pub actor: ActorBrief,
    /// Which part.
    #[schema(example = "participant")]
    pub role: String,
}

/// Where an event took place.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PlaceAnswer {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Latitude in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Longitude in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
}

/// How one event stands to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinkAnswer {
    /// How.
    #[schema(example = "reschedules")]
    pub kind: String,
    /// The id of the other event.
    pub event: String,
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StatementAnswer {
    /// Always `statement`.
    #[schema(example = "statement")]
    pub record: String,
    /// Its id.
    pub id: String,
    /// Its data set.
    pub dataset: String,
    /// When.
    #[serde(flatten)]
    pub when: When,
    /// Who speaks.
    pub speakers: Vec<ActorBrief>,
    /// Whom they speak for.
    pub on_behalf_of: Vec<ActorBrief>,
    /// Who is spoken to.
    pub audience: Vec<ActorBrief>,
    /// Who passed the words on.
    pub relayed_by: Vec<ActorBrief>,
    /// The id of the event in which it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// What was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether `text` is verbatim.
    pub quote: bool,
    /// What about.
    pub topics: Vec<String>,
    /// The stances that it takes.
    pub stances: Vec<StanceAnswer>,
    /// What says so.
    #[serde(flatten)]
    pub evidence: Evidence,
    /// Through whom it came in, under `rollup=state`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Via>,
    /// The commit that recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Recorded>,
}

/// A stance that a statement takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StanceAnswer {
    /// Toward whom or what: one of `actor`, `event` and `topic`.
    pub toward: TowardAnswer,
    /// Which stance.
    #[schema(example = "condemns")]
    pub stance: String,
    /// The matter, when it is another than the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

/// What a stance is taken toward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TowardAnswer {
    /// An actor.
    Actor(ActorBrief),
    /// The id of an event.
    Event(String),
    /// A topic.
    Topic(String),
}

/// A relation.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RelationAnswer {
    /// Always `relation`.
    #[schema(example = "relation")]
    pub record: String,
    /// Its id.
    pub id: String,
    /// Its data set.
    pub dataset: String,
    /// When it is matched: from its known start, as long as it lasts.
    #[serde(flatten)]
    pub when: When,
    /// Who is tied.
    pub subject: ActorBrief,
    /// How.
    #[schema(example = "holds_office")]
    pub kind: String,
    /// To whom.
    pub object: ActorBrief,
    /// The office or the form of the tie in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its first day as written (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Its last day as written (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// What says so.
    #[serde(flatten)]
    pub evidence: Evidence,
    /// Through whom it came in, under `rollup=state`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Via>,
    /// The commit that recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Recorded>,
}

/// An actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ActorAnswer {
    /// Always `actor`.
    #[schema(example = "actor")]
    pub record: String,
    /// Its id.
    pub id: String,
    /// Its data set.
    pub dataset: String,
    /// What it is.
    #[schema(example = "person")]
    pub kind: String,
    /// The name under which it is shown.
    pub name: String,
    /// Other names.
    pub aliases: Vec<AliasAnswer>,
    /// Codes by scheme.
    pub codes: BTreeMap<String, String>,
    /// What a reader should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The commit that recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Recorded>,
}

/// Another name of an actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AliasAnswer {
    /// The name.
    pub text: String,
    /// Its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// In use from (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// In use until (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourceAnswer {
    /// Always `source`.
    #[schema(example = "source")]
    pub record: String,
    /// Its id.
    pub id: String,
    /// Its data set.
    pub dataset: String,
    /// What it is.
    #[schema(example = "article")]
    pub kind: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// The agency whose wire it carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// The id of the source that it repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// Where it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was published (EDTF).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// Its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The commit that recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Recorded>,
}

/// What holds for a whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Meta {
    /// The commit that the answer was given at; pass it as `known_at` to get the same answer again.
    pub known_at: u64,
    /// The coding scheme of quad classes and scores.
    #[schema(example = "icews")]
    pub scheme: String,
    /// Records that a window left out because they have no date.
    pub undated_omitted: usize,
}

/// The versions of a record, the oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct History {
    /// The versions.
    pub versions: Vec<VersionAnswer>,
}

/// One version of a record.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VersionAnswer {
    /// The commit that made it.
    pub since: Recorded,
    /// The commit that replaced or deleted it; absent while it is current.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Recorded>,
    /// The record as it was.
    pub version: RecordAnswer,
}

/// A page of records.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RecordPage {
    /// The records of this page, in order.
    pub items: Vec<RecordAnswer>,
    /// How many there are on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// How many events of each quad class; `uncoded` counts statements and relations.
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
pub struct HistogramAnswer {
    /// The width of the bins.
    #[schema(example = "month")]
    pub bin: String,
    /// The bins that hold a record, in order.
    pub bins: Vec<BinAnswer>,
    /// All records counted.
    pub total: usize,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// The records of one bin. A record counts once: in the bin of its first day, or of the window's
/// first day when it began before.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BinAnswer {
    /// The first day of the bin.
    #[schema(example = "2023-06-01", format = Date)]
    pub from: String,
    /// The last day of the bin.
    #[schema(example = "2023-06-30", format = Date)]
    pub to: String,
    /// The records counted.
    pub count: usize,
    /// Opens `count`.
    pub records_url: RecordsUrl,
    /// Of these, the records whose date reaches beyond the bin.
    pub wider_than_bin: usize,
    /// The records by quad class.
    pub quad: QuadCounts,
    /// The records by what `by` asked for, if it asked. A record with several counterparts counts
    /// for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<BTreeMap<String, usize>>,
}

/// Paths between two actors, the best first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PathsAnswer {
    /// Where the paths start.
    pub source: ActorBrief,
    /// Where they end.
    pub target: ActorBrief,
    /// How they are ordered.
    #[schema(example = "fewest")]
    pub mode: String,
    /// The paths; none is an answer.
    pub paths: Vec<PathAnswer>,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// A path.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PathAnswer {
    /// The number of its hops.
    pub length: usize,
    /// The records that support its hops, added up.
    pub records: usize,
    /// Its hops, in order.
    pub hops: Vec<HopAnswer>,
}

/// A step from one actor to the next.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HopAnswer {
    /// From whom.
    pub source: ActorBrief,
    /// To whom.
    pub target: ActorBrief,
    /// How many records link the two.
    pub records: usize,
    /// The first of them in the order of time.
    pub evidence: Vec<RecordAnswer>,
}

/// What there is between two actors.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DyadAnswer {
    /// The one.
    pub a: ActorBrief,
    /// The other.
    pub b: ActorBrief,
    /// The records that link them.
    pub records: usize,
    /// The first day on which a record links them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub first: Option<String>,
    /// The last day on which one does; of what lasts, the day on which it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub last: Option<String>,
    /// From the one to the other.
    pub a_to_b: DirectionAnswer,
    /// From the other to the one.
    pub b_to_a: DirectionAnswer,
    /// With one another, as equals.
    pub together: DirectionAnswer,
    /// Opens `records`.
    pub records_url: RecordsUrl,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// The records of a dyad in one direction.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DirectionAnswer {
    /// How many.
    pub records: usize,
    /// Opens `records`.
    pub records_url: RecordsUrl,
    /// By quad class.
    pub quad: QuadCounts,
    /// Events by PLOVER type.
    pub types: BTreeMap<String, usize>,
    /// Records by kind.
    pub kinds: BTreeMap<String, usize>,
    /// The mean Goldstein score of the events; absent when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goldstein_mean: Option<f64>,
}

/// The actors that an actor is linked with.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RelationshipPage {
    /// The relationships of this page: most records first, then by id.
    pub items: Vec<RelationshipAnswer>,
    /// How many there are on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// What links an actor with another.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RelationshipAnswer {
    /// The other.
    pub actor: ActorBrief,
    /// The records that link the two.
    pub records: usize,
    /// Of these, from the actor asked for to the other.
    pub outgoing: usize,
    /// Of these, from the other to the actor asked for.
    pub incoming: usize,
    /// Of these, with one another, as equals.
    pub together: usize,
    /// The records by quad class.
    pub quad: QuadCounts,
    /// The first day on which a record links them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub first: Option<String>,
    /// The last day on which one does; of what lasts, the day on which it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub last: Option<String>,
    /// Opens `records`; with `direction=forward`, `outgoing`, and so on.
    pub records_url: RecordsUrl,
}

/// The record at a glance.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SummaryAnswer {
    /// Records by kind, in the plural.
    pub counts: BTreeMap<String, usize>,
    /// Records by data set.
    pub datasets: BTreeMap<String, usize>,
    /// The first day of any event or statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub first: Option<String>,
    /// The last day of any event or statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub last: Option<String>,
    /// Events and statements by quad class.
    pub quad: QuadCounts,
    /// The network that the records form.
    pub network: NetworkAnswer,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// The undirected network of actors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct NetworkAnswer {
    /// Actors that stand in some record.
    pub actors: usize,
    /// Pairs of actors that some record links.
    pub dyads: usize,
    /// Components: actors that paths lead to from one another.
    pub components: usize,
    /// Actors in the largest component.
    pub largest_component: usize,
}
