//! The shapes: one struct for each JSON object, member for member.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer, forward_to_deserialize_any};
use utoipa::ToSchema;

use super::values::{
    ActorKindWord, CameoCode, Codes, EdtfDate, Id, LabelText, LinkKindWord, NameText, PeriodEnd,
    PloverType, ProseText, RelationKindWord, RoleWord, SourceKindWord, StanceWord, StatusWord,
    VerdictWord,
};

/// A JSON string, borrowed from the input where it has no escapes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Str<'a>(pub Cow<'a, str>);

impl Str<'_> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'a> From<&'a str> for Str<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StrVisitor;
        impl<'de> Visitor<'de> for StrVisitor {
            type Value = Str<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Str<'de>, E> {
                Ok(Str(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Str<'de>, E> {
                Ok(Str(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(StrVisitor)
    }
}

/// Declares a shape: unknown members are refused, absent ones are not written, and only a JSON
/// object is one (serde would take a list of the members' values, too).
macro_rules! shape {
    ($(#[$doc:meta])* $name:ident as $public:ident { $($body:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
        #[serde(remote = "Self", deny_unknown_fields)]
        #[schema(as = $public)]
        pub struct $name<'a> { $($body)* }

        impl<'de: 'a, 'a> Deserialize<'de> for $name<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // The function that `remote` makes, not this one.
                Self::deserialize(ObjectOnly(deserializer))
            }
        }

        impl Serialize for $name<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }
    };
}

/// Reads an object and nothing else, whatever is asked for.
struct ObjectOnly<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ObjectOnly<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

shape! {
/// A document that records cite: an article, a communiqué, a data set.
SourceDocument as Source {
    /// The kind of record: `source`. Required in JSON Lines, where it is by convention the first member.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^source$")]
    pub record: Option<Str<'a>>,
    /// Its id. A record without one gets an id that depends only on its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>, example = "trt-2023-06-17")]
    pub id: Option<Str<'a>>,
    /// The data set of the record, if it differs from that of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub dataset: Option<Str<'a>>,
    /// The kind of source. The default is `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<SourceKindWord>, example = "article")]
    pub kind: Option<Str<'a>>,
    /// Its headline or title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NameText>)]
    pub title: Option<Str<'a>>,
    /// The publisher of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NameText>)]
    pub publisher: Option<Str<'a>>,
    /// The authors of the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<NameText>, max_items = 256)]
    pub authors: Vec<Str<'a>>,
    /// The news agency whose wire report it carries. Sources with the same agency count once as evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NameText>)]
    pub agency: Option<Str<'a>>,
    /// The id of the source that this one repeats. The two count as one source of evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub original: Option<Str<'a>>,
    /// The URL of the source. The service stores it as text and never opens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LabelText>)]
    pub url: Option<Str<'a>>,
    /// When it was published (EDTF).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<EdtfDate>, example = "2023-06-17")]
    pub published: Option<Str<'a>>,
    /// Its language, as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LabelText>, example = "en")]
    pub language: Option<Str<'a>>,
}}

shape! {
/// Someone or something that acts: a person, a state, a body, an organization.
ActorDocument as Actor {
    /// The kind of record: `actor`. Required in JSON Lines.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^actor$")]
    pub record: Option<Str<'a>>,
    /// Its id. A record without one gets an id that depends only on its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>, example = "antony-blinken")]
    pub id: Option<Str<'a>>,
    /// The data set of the record, if it differs from that of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub dataset: Option<Str<'a>>,
    /// The kind of actor.
    #[schema(value_type = ActorKindWord, example = "person")]
    pub kind: Str<'a>,
    /// The name under which it is shown.
    #[schema(value_type = NameText, example = "Antony Blinken")]
    pub name: Str<'a>,
    /// Other names: strings, or objects with language and period.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub aliases: Vec<AliasDocument<'a>>,
    /// Codes by scheme: `iso3`, `cow`, `cameo`, `wikidata`…
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Codes)]
    pub codes: BTreeMap<Str<'a>, Str<'a>>,
    /// A description for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ProseText>)]
    pub description: Option<Str<'a>>,
}}

/// Another name of an actor.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Alias)]
pub enum AliasDocument<'a> {
    /// Just the name.
    #[schema(value_type = NameText)]
    Text(Str<'a>),
    /// The name with its language and the period in which it was in use.
    Dated(DatedAliasDocument<'a>),
}

shape! {
/// A name with its language and the period in which it was in use.
DatedAliasDocument as DatedAlias {
    /// The name.
    #[serde(borrow)]
    #[schema(value_type = NameText)]
    pub text: Str<'a>,
    /// Its language, as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LabelText>)]
    pub language: Option<Str<'a>>,
    /// The first day of use (EDTF).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PeriodEnd>)]
    pub since: Option<Str<'a>>,
    /// The last day of use (EDTF).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PeriodEnd>)]
    pub until: Option<Str<'a>>,
}}

// Written by hand, since serde's untagged enums lose the message and the place of what is wrong.
impl<'de: 'a, 'a> Deserialize<'de> for AliasDocument<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AliasVisitor;
        impl<'de> Visitor<'de> for AliasVisitor {
            type Value = AliasDocument<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name or an object with `text`")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(AliasDocument::Text(text.into()))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(AliasDocument::Text(Str(Cow::Owned(text.to_owned()))))
            }
            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
                let object = de::value::MapAccessDeserializer::new(map);
                DatedAliasDocument::deserialize(object).map(AliasDocument::Dated)
            }
        }
        deserializer.deserialize_any(AliasVisitor)
    }
}

shape! {
/// A standing tie between two actors, with its period.
RelationDocument as Relation {
    /// The kind of record: `relation`. Required in JSON Lines.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^relation$")]
    pub record: Option<Str<'a>>,
    /// Its id. A record without one gets an id that depends only on its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub id: Option<Str<'a>>,
    /// The data set of the record, if it differs from that of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub dataset: Option<Str<'a>>,
    /// The subject of the relation: an actor's id, code, name, alias or office.
    #[schema(value_type = NameText, example = "antony-blinken")]
    pub subject: Str<'a>,
    /// The kind of relation.
    #[schema(value_type = RelationKindWord, example = "holds_office")]
    pub kind: Str<'a>,
    /// The object of the relation: an actor's id, code, name, alias or office.
    #[schema(value_type = NameText, example = "usa")]
    pub object: Str<'a>,
    /// The title of the office, or the form of the relation in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NameText>, example = "Secretary of State")]
    pub title: Option<Str<'a>>,
    /// The first day of the relation (EDTF); absent if no source gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PeriodEnd>, example = "[..2023-06-16]")]
    pub since: Option<Str<'a>>,
    /// The last day of the relation (EDTF); absent while the relation lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PeriodEnd>)]
    pub until: Option<Str<'a>>,
    /// The sources of the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 256)]
    pub sources: Vec<CitationDocument<'a>>,
}}

shape! {
/// A judgement that two actors are the same or different, with a reason and who decided.
JudgementDocument as Judgement {
    /// The kind of record: `judgement`. Required in JSON Lines.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^judgement$")]
    pub record: Option<Str<'a>>,
    /// Its id. A record without one gets an id that depends only on its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub id: Option<Str<'a>>,
    /// The data set of the record, if it differs from that of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub dataset: Option<Str<'a>>,
    /// `same`: `actor` is merged into `other`. `different`: the two are different actors, even if
    /// they look alike.
    #[schema(value_type = VerdictWord, example = "same")]
    pub verdict: Str<'a>,
    /// For `same`, the actor that is merged; for `different`, one of the two actors: an id, code,
    /// name, alias or office.
    #[schema(value_type = NameText, example = "north-korea")]
    pub actor: Str<'a>,
    /// For `same`, the actor that survives; for `different`, the other actor.
    #[schema(value_type = NameText, example = "prk")]
    pub other: Str<'a>,
    /// The reason for the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ProseText>, example = "ICEWS writes the name, COW the code.")]
    pub reason: Option<Str<'a>>,
    /// Who decided: a person, a rule or a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NameText>, example = "R. Analyst")]
    pub decided_by: Option<Str<'a>>,
    /// The sources of the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 256)]
    pub sources: Vec<CitationDocument<'a>>,
}}

shape! {
/// A dated thing that actors did. It has a `type`, a `cameo` code or both.
EventDocument as Event {
    /// The kind of record: `event`. Required in JSON Lines.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^event$")]
    pub record: Option<Str<'a>>,
    /// Its id. A record without one gets an id that depends only on its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>, example = "blinken-park-call")]
    pub id: Option<Str<'a>>,
    /// The data set of the record, if it differs from that of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub dataset: Option<Str<'a>>,
    /// Its PLOVER type, in any case. Older names such as DEMAND are read as their successors.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PloverType>, example = "CONSULT")]
    pub event_type: Option<Str<'a>>,
    /// Its CAMEO code. It is a string, because leading zeros are significant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CameoCode>, example = "041")]
    pub cameo: Option<Str<'a>>,
    /// The title of the event: what happened, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NameText>, example = "Blinken calls Park Jin")]
    pub title: Option<Str<'a>>,
    /// The date of the event (EDTF level 0 and 1, and one-of sets); absent if no source gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<EdtfDate>, example = "2023-06-16")]
    pub date: Option<Str<'a>>,
    /// Whether the event took place. The default is `occurred`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<StatusWord>, example = "occurred")]
    pub status: Option<Str<'a>>,
    /// The participants of the event.
    #[schema(min_items = 1, max_items = 256)]
    pub participants: Vec<ParticipantDocument<'a>>,
    /// The place of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceDocument<'a>>,
    /// The topics of the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<LabelText>, max_items = 256)]
    pub topics: Vec<Str<'a>>,
    /// How the event relates to other events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 256)]
    pub links: Vec<LinkDocument<'a>>,
    /// The sources of the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 256)]
    pub sources: Vec<CitationDocument<'a>>,
    /// A free-form JSON object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub attributes: Option<serde_json::Map<String, serde_json::Value>>,
}}

shape! {
/// An actor's part in an event.
ParticipantDocument as Participant {
    /// The actor: an id, code, name, alias or office.
    #[serde(borrow)]
    #[schema(value_type = NameText, example = "antony-blinken")]
    pub actor: Str<'a>,
    /// The role of the actor.
    #[schema(value_type = RoleWord, example = "participant")]
    pub role: Str<'a>,
}}

shape! {
/// Where an event took place.
PlaceDocument as Place {
    /// Its name.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NameText>, example = "Beijing")]
    pub name: Option<Str<'a>>,
    /// Its country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LabelText>, example = "CHN")]
    pub country: Option<Str<'a>>,
    /// Latitude in degrees, WGS 84; with `lon`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -90, maximum = 90)]
    pub lat: Option<f64>,
    /// Longitude in degrees, WGS 84; with `lat`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -180, maximum = 180)]
    pub lon: Option<f64>,
}}

shape! {
/// How one event relates to another.
LinkDocument as Link {
    /// The kind of link.
    #[serde(borrow)]
    #[schema(value_type = LinkKindWord, example = "reschedules")]
    pub kind: Str<'a>,
    /// The id of the other event.
    #[schema(value_type = Id)]
    pub event: Str<'a>,
}}

shape! {
/// A source cited for a record.
CitationDocument as Citation {
    /// The id of the source.
    #[serde(borrow)]
    #[schema(value_type = Id)]
    pub source: Str<'a>,
    /// The words of the source that support the record, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ProseText>)]
    pub quote: Option<Str<'a>>,
    /// The place in the source: a page, a paragraph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LabelText>)]
    pub locator: Option<Str<'a>>,
    /// The coder's confidence that the source supports the record, from 0 to 1.
    #[serde(default, deserialize_with = "confidence", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1)]
    pub confidence: Option<f32>,
}}

/// Reads a number without letting it be rounded into the range of a confidence.
fn confidence<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f32>, D::Error> {
    #[expect(clippy::cast_possible_truncation, reason = "fewer digits are meant")]
    let near = |exact: f64| match exact as f32 {
        1.0 if exact > 1.0 => 1_f32.next_up(),
        0.0 if exact < 0.0 => 0_f32.next_down(),
        near => near,
    };
    Ok(Option::<f64>::deserialize(deserializer)?.map(near))
}

shape! {
/// Words of a speaker to an audience or about a target. It has a `text`, `stances` or both.
StatementDocument as Statement {
    /// The kind of record: `statement`. Required in JSON Lines.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^statement$")]
    pub record: Option<Str<'a>>,
    /// Its id. A record without one gets an id that depends only on its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub id: Option<Str<'a>>,
    /// The data set of the record, if it differs from that of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub dataset: Option<Str<'a>>,
    /// The speakers: ids, codes, names, aliases or offices of actors.
    #[schema(value_type = Vec<NameText>, min_items = 1, max_items = 256, example = json!(["antony-blinken"]))]
    pub speakers: Vec<Str<'a>>,
    /// The actors for whom the speakers speak.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<NameText>, max_items = 256)]
    pub on_behalf_of: Vec<Str<'a>>,
    /// The actors to whom the speakers speak.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<NameText>, max_items = 256)]
    pub audience: Vec<Str<'a>>,
    /// The actors that relayed the words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<NameText>, max_items = 256)]
    pub relayed_by: Vec<Str<'a>>,
    /// The date of the statement (EDTF); absent if no source gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<EdtfDate>)]
    pub date: Option<Str<'a>>,
    /// The id of the event in which the statement was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub event: Option<Str<'a>>,
    /// The words of the statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ProseText>)]
    pub text: Option<Str<'a>>,
    /// Whether `text` is verbatim; `false` when absent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quote: bool,
    /// The topics of the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<LabelText>, max_items = 256)]
    pub topics: Vec<Str<'a>>,
    /// The stances that it takes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 256)]
    pub stances: Vec<StanceDocument<'a>>,
    /// The sources of the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 256)]
    pub sources: Vec<CitationDocument<'a>>,
}}

shape! {
/// A stance that a statement takes.
StanceDocument as Stance {
    /// The target of the stance: an actor's id, code, name or alias, or an object that names an actor, an
    /// event or a topic.
    #[serde(borrow)]
    pub toward: TowardDocument<'a>,
    /// The stance.
    #[schema(value_type = StanceWord, example = "condemns")]
    pub stance: Str<'a>,
    /// The topic of the stance, if it differs from the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LabelText>)]
    pub about: Option<Str<'a>>,
}}

/// What a stance is taken toward.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Toward)]
pub enum TowardDocument<'a> {
    /// An actor's id, code, name or alias.
    #[schema(value_type = NameText)]
    Text(Str<'a>),
    /// An object that names an actor, an event or a topic.
    Which(TowardWhichDocument<'a>),
}

/// What a stance is taken toward: exactly one of the three.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TowardWhich)]
pub enum TowardWhichDocument<'a> {
    /// An actor's id, code, name or alias.
    #[serde(borrow)]
    #[schema(value_type = NameText)]
    Actor(Str<'a>),
    /// The id of an event.
    #[schema(value_type = Id)]
    Event(Str<'a>),
    /// A topic.
    #[schema(value_type = LabelText)]
    Topic(Str<'a>),
}

impl<'de: 'a, 'a> Deserialize<'de> for TowardDocument<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TowardVisitor;
        impl<'de> Visitor<'de> for TowardVisitor {
            type Value = TowardDocument<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an actor, or an object with one of `actor`, `event` and `topic`")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(TowardDocument::Text(text.into()))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(TowardDocument::Text(Str(Cow::Owned(text.to_owned()))))
            }
            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
                let object = de::value::MapAccessDeserializer::new(map);
                TowardWhichDocument::deserialize(object).map(TowardDocument::Which)
            }
        }
        deserializer.deserialize_any(TowardVisitor)
    }
}
