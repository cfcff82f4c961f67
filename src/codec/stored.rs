//! The stored form of each kind of record, version 1. Fields and variants are never reordered or
//! removed: a change of form is a new version of the block.

use serde::{Deserialize, Serialize};

use super::{ActorSummary, CodecError, RecordChange, SourceSummary};
use crate::model::{
    Actor, ActorKind, ActorParts, Alias, Cameo, Check, Citation, Coding, Confidence, Date, Event,
    EventParts, EventType, Id, Judgement, JudgementParts, Kind, LIST_MAX, Link, LinkKind,
    PARTICIPANTS_MAX, Participant, Place, Record, Relation, RelationKind, RelationParts, Role,
    Shape, Source, SourceKind, SourceParts, Stance, StanceKind, StanceTarget, Statement,
    StatementParts, Status, Text, ValidRecord, Verdict,
};

/// A change as it is stored.
#[derive(Serialize, Deserialize)]
pub(super) enum StoredChange<'a> {
    #[serde(borrow)]
    Source(StoredSource<'a>),
    #[serde(borrow)]
    Actor(StoredActor<'a>),
    #[serde(borrow)]
    Relation(StoredRelation<'a>),
    #[serde(borrow)]
    Event(StoredEvent<'a>),
    #[serde(borrow)]
    Statement(StoredStatement<'a>),
    Delete(u8, &'a str),
    #[serde(borrow)]
    Judgement(StoredJudgement<'a>),
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredSource<'a> {
    id: &'a str,
    dataset: &'a str,
    kind: u8,
    title: Option<&'a str>,
    publisher: Option<&'a str>,
    #[serde(borrow)]
    authors: Vec<&'a str>,
    agency: Option<&'a str>,
    original: Option<&'a str>,
    url: Option<&'a str>,
    published: Option<DateText>,
    language: Option<&'a str>,
}

/// A date as it was written: its own string, since the plain forms are not kept as text in memory.
type DateText = String;

#[derive(Serialize, Deserialize)]
pub(super) struct StoredActor<'a> {
    id: &'a str,
    dataset: &'a str,
    kind: u8,
    name: &'a str,
    #[serde(borrow)]
    aliases: Vec<StoredAlias<'a>>,
    #[serde(borrow)]
    codes: Vec<(&'a str, &'a str)>,
    description: Option<&'a str>,
}

#[derive(Serialize, Deserialize)]
struct StoredAlias<'a> {
    text: &'a str,
    language: Option<&'a str>,
    since: Option<DateText>,
    until: Option<DateText>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredRelation<'a> {
    id: &'a str,
    dataset: &'a str,
    subject: &'a str,
    kind: u8,
    object: &'a str,
    title: Option<&'a str>,
    since: Option<DateText>,
    until: Option<DateText>,
    #[serde(borrow)]
    sources: Vec<StoredCitation<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredEvent<'a> {
    id: &'a str,
    dataset: &'a str,
    event_type: Option<u8>,
    cameo: Option<String>,
    title: Option<&'a str>,
    date: Option<DateText>,
    status: u8,
    #[serde(borrow)]
    participants: Vec<(&'a str, u8)>,
    place: Option<StoredPlace<'a>>,
    topics: Vec<&'a str>,
    links: Vec<(u8, &'a str)>,
    sources: Vec<StoredCitation<'a>>,
    attributes: Option<&'a str>,
}

#[derive(Serialize, Deserialize)]
struct StoredPlace<'a> {
    name: Option<&'a str>,
    country: Option<&'a str>,
    coordinates: Option<(f64, f64)>,
}

#[derive(Serialize, Deserialize)]
struct StoredCitation<'a> {
    source: &'a str,
    quote: Option<&'a str>,
    locator: Option<&'a str>,
    confidence: Option<f32>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredStatement<'a> {
    id: &'a str,
    dataset: &'a str,
    #[serde(borrow)]
    speakers: Vec<&'a str>,
    on_behalf_of: Vec<&'a str>,
    audience: Vec<&'a str>,
    relayed_by: Vec<&'a str>,
    date: Option<DateText>,
    event: Option<&'a str>,
    text: Option<&'a str>,
    quote: bool,
    topics: Vec<&'a str>,
    stances: Vec<StoredStance<'a>>,
    sources: Vec<StoredCitation<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredJudgement<'a> {
    id: &'a str,
    dataset: &'a str,
    verdict: u8,
    actor: &'a str,
    other: &'a str,
    reason: Option<&'a str>,
    decided_by: Option<&'a str>,
    #[serde(borrow)]
    sources: Vec<StoredCitation<'a>>,
}

#[derive(Serialize, Deserialize)]
struct StoredStance<'a> {
    #[serde(borrow)]
    toward: StoredToward<'a>,
    stance: u8,
    about: Option<&'a str>,
}

#[derive(Serialize, Deserialize)]
enum StoredToward<'a> {
    Actor(&'a str),
    Event(&'a str),
    Topic(&'a str),
}

/// The first fields of [`StoredChange::Actor`] and [`StoredChange::Source`], read without a copy.
#[derive(Deserialize)]
enum StoredPrefix<'a> {
    #[serde(borrow)]
    Source(Box<StoredSourcePrefix<'a>>),
    #[serde(borrow)]
    Actor(StoredActorPrefix<'a>),
}

#[derive(Deserialize)]
struct StoredSourcePrefix<'a> {
    _id: &'a str,
    _dataset: &'a str,
    _kind: u8,
    title: Option<&'a str>,
    publisher: Option<&'a str>,
    #[serde(borrow)]
    _authors: Vec<&'a str>,
    agency: Option<&'a str>,
    original: Option<&'a str>,
    url: Option<&'a str>,
    published: Option<&'a str>,
}

#[derive(Deserialize)]
struct StoredActorPrefix<'a> {
    _id: &'a str,
    _dataset: &'a str,
    kind: u8,
    name: &'a str,
}

pub(super) fn actor_head(bytes: &[u8]) -> Result<ActorSummary<'_>, CodecError> {
    match postcard::take_from_bytes(bytes)?.0 {
        StoredPrefix::Actor(StoredActorPrefix { kind, name, .. }) => {
            Ok(ActorSummary { kind, name })
        }
        StoredPrefix::Source(_) => Err(malformed("a source is not an actor")),
    }
}

pub(super) fn source_head(bytes: &[u8]) -> Result<SourceSummary<'_>, CodecError> {
    match postcard::take_from_bytes(bytes)?.0 {
        StoredPrefix::Source(head) => Ok(SourceSummary {
            title: head.title,
            publisher: head.publisher,
            agency: head.agency,
            original: head.original,
            url: head.url,
            published: head.published,
        }),
        StoredPrefix::Actor(_) => Err(malformed("an actor is not a source")),
    }
}

/// What plain events share.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredShape<'a> {
    dataset: &'a str,
    event_type: Option<u8>,
    cameo: Option<String>,
    status: u8,
    roles: Vec<u8>,
    /// Sources with the confidence in thousandths, where one is stated.
    #[serde(borrow)]
    sources: Vec<(&'a str, Option<u16>)>,
}

fn text<const MAX: usize>(text: Option<&Text<MAX>>) -> Option<&str> {
    text.map(Text::as_str)
}

fn texts<const MAX: usize>(texts: &[Text<MAX>]) -> Vec<&str> {
    texts.iter().map(Text::as_str).collect()
}

fn ids(ids: &[Id]) -> Vec<&str> {
    ids.iter().map(Id::as_str).collect()
}

fn date(date: Option<&Date>) -> Option<DateText> {
    date.map(Date::to_string)
}

fn citations(citations: &[Citation]) -> Vec<StoredCitation<'_>> {
    let each = citations.iter().map(|c| StoredCitation {
        source: c.source.as_str(),
        quote: text(c.quote.as_ref()),
        locator: text(c.locator.as_ref()),
        confidence: c.confidence.map(Confidence::get),
    });
    each.collect()
}

impl<'a> StoredChange<'a> {
    pub(super) fn of_change(change: &'a RecordChange) -> Self {
        match change {
            RecordChange::Put(record) => Self::from_record(record),
            RecordChange::Delete(kind, id) => Self::Delete(kind.number(), id.as_str()),
        }
    }

    pub(super) fn from_record(record: &'a Record) -> Self {
        match record {
            Record::Source(r) => Self::Source(StoredSource::from_record(r)),
            Record::Actor(r) => Self::Actor(StoredActor::from_record(r)),
            Record::Relation(r) => Self::Relation(StoredRelation::from_record(r)),
            Record::Event(r) => Self::Event(StoredEvent::from_record(r)),
            Record::Statement(r) => Self::Statement(StoredStatement::from_record(r)),
            Record::Judgement(r) => Self::Judgement(StoredJudgement::from_record(r)),
        }
    }
}

impl<'a> StoredSource<'a> {
    fn from_record(r: &'a Source) -> Self {
        Self {
            id: r.id.as_str(),
            dataset: r.dataset.as_str(),
            kind: r.kind.number(),
            title: text(r.title.as_ref()),
            publisher: text(r.publisher.as_ref()),
            authors: texts(&r.authors),
            agency: text(r.agency.as_ref()),
            original: r.original.as_ref().map(Id::as_str),
            url: text(r.url.as_ref()),
            published: date(r.published.as_ref()),
            language: text(r.language.as_ref()),
        }
    }
}

impl<'a> StoredActor<'a> {
    fn from_record(r: &'a Actor) -> Self {
        let aliases = r.aliases.iter().map(|a| StoredAlias {
            text: a.text.as_str(),
            language: text(a.language.as_ref()),
            since: date(a.since.as_ref()),
            until: date(a.until.as_ref()),
        });
        Self {
            id: r.id.as_str(),
            dataset: r.dataset.as_str(),
            kind: r.kind.number(),
            name: r.name.as_str(),
            aliases: aliases.collect(),
            codes: r
                .codes
                .iter()
                .map(|(k, v)| (k.as_str(), v.as_str()))
                .collect(),
            description: text(r.description.as_ref()),
        }
    }
}

impl<'a> StoredRelation<'a> {
    fn from_record(r: &'a Relation) -> Self {
        Self {
            id: r.id.as_str(),
            dataset: r.dataset.as_str(),
            subject: r.subject.as_str(),
            kind: r.kind.number(),
            object: r.object.as_str(),
            title: text(r.title.as_ref()),
            since: date(r.since.as_ref()),
            until: date(r.until.as_ref()),
            sources: citations(&r.sources),
        }
    }
}

impl<'a> StoredJudgement<'a> {
    fn from_record(r: &'a Judgement) -> Self {
        Self {
            id: r.id.as_str(),
            dataset: r.dataset.as_str(),
            verdict: r.verdict.number(),
            actor: r.actor.as_str(),
            other: r.other.as_str(),
            reason: text(r.reason.as_ref()),
            decided_by: text(r.decided_by.as_ref()),
            sources: citations(&r.sources),
        }
    }
}

impl<'a> StoredEvent<'a> {
    fn from_record(r: &'a Event) -> Self {
        Self {
            id: r.id.as_str(),
            dataset: r.dataset.as_str(),
            event_type: r.coding.stated_type().map(|t| t as u8),
            cameo: r.coding.cameo().map(|c| c.as_str().to_owned()),
            title: text(r.title.as_ref()),
            date: date(r.date.as_ref()),
            status: r.status.number(),
            participants: r
                .participants
                .iter()
                .map(|p| (p.actor.as_str(), p.role.number()))
                .collect(),
            place: r.place.as_ref().map(|p| StoredPlace {
                name: text(p.name.as_ref()),
                country: text(p.country.as_ref()),
                coordinates: p.coordinates,
            }),
            topics: texts(&r.topics),
            links: r
                .links
                .iter()
                .map(|l| (l.kind.number(), l.event.as_str()))
                .collect(),
            sources: citations(&r.sources),
            attributes: r.attributes.as_deref(),
        }
    }
}

impl<'a> StoredStatement<'a> {
    fn from_record(r: &'a Statement) -> Self {
        let stances = r.stances.iter().map(|s| StoredStance {
            toward: match &s.toward {
                StanceTarget::Actor(actor) => StoredToward::Actor(actor.as_str()),
                StanceTarget::Event(event) => StoredToward::Event(event.as_str()),
                StanceTarget::Topic(topic) => StoredToward::Topic(topic.as_str()),
            },
            stance: s.stance.number(),
            about: text(s.about.as_ref()),
        });
        Self {
            id: r.id.as_str(),
            dataset: r.dataset.as_str(),
            speakers: ids(&r.speakers),
            on_behalf_of: ids(&r.on_behalf_of),
            audience: ids(&r.audience),
            relayed_by: ids(&r.relayed_by),
            date: date(r.date.as_ref()),
            event: r.event.as_ref().map(Id::as_str),
            text: text(r.text.as_ref()),
            quote: r.quote,
            topics: texts(&r.topics),
            stances: stances.collect(),
            sources: citations(&r.sources),
        }
    }
}

fn malformed(what: impl std::fmt::Display) -> CodecError {
    CodecError::Malformed(what.to_string())
}

fn number<T>(value: u8, from: impl Fn(u8) -> Option<T>) -> Result<T, CodecError> {
    from(value).ok_or_else(|| malformed(format!("no value has the number {value}")))
}

fn read_id(text: &str) -> Result<Id, CodecError> {
    Id::parse(text).map_err(malformed)
}

fn read_ids(ids: &[&str]) -> Result<Vec<Id>, CodecError> {
    ids.iter().map(|id| read_id(id)).collect()
}

fn read_text<const MAX: usize>(text: &str) -> Result<Text<MAX>, CodecError> {
    Text::new(text).map_err(malformed)
}

fn read_maybe<const MAX: usize>(text: Option<&str>) -> Result<Option<Text<MAX>>, CodecError> {
    text.map(read_text).transpose()
}

fn read_texts<const MAX: usize>(texts: &[&str]) -> Result<Vec<Text<MAX>>, CodecError> {
    texts.iter().map(|t| read_text(t)).collect()
}

fn read_date(text: Option<&DateText>) -> Result<Option<Date>, CodecError> {
    text.map(|t| Date::parse_stored(t).map_err(malformed))
        .transpose()
}

fn read_citations(citations: Vec<StoredCitation<'_>>) -> Result<Vec<Citation>, CodecError> {
    let each = citations.into_iter().map(|c| {
        let confidence = c.confidence.map(|value| {
            Confidence::new(value).ok_or_else(|| malformed("a confidence out of range"))
        });
        Ok(Citation {
            source: read_id(c.source)?,
            quote: read_maybe(c.quote)?,
            locator: read_maybe(c.locator)?,
            confidence: confidence.transpose()?,
        })
    });
    each.collect()
}

fn whole<P: Check>(parts: P) -> Result<ValidRecord<P>, CodecError> {
    ValidRecord::new(parts).map_err(|problems| {
        malformed(
            problems
                .first()
                .map(ToString::to_string)
                .unwrap_or_default(),
        )
    })
}

impl StoredChange<'_> {
    pub(super) fn into_change(self) -> Result<RecordChange, CodecError> {
        let record = match self {
            Self::Source(r) => Record::Source(r.read()?),
            Self::Actor(r) => Record::Actor(r.read()?),
            Self::Relation(r) => Record::Relation(r.read()?),
            Self::Event(r) => Record::Event(r.read()?),
            Self::Statement(r) => Record::Statement(r.read()?),
            Self::Judgement(r) => Record::Judgement(r.read()?),
            Self::Delete(kind, id) => {
                return Ok(RecordChange::Delete(
                    number(kind, Kind::from_number)?,
                    read_id(id)?,
                ));
            }
        };
        Ok(RecordChange::Put(record))
    }
}

impl StoredSource<'_> {
    fn read(self) -> Result<Source, CodecError> {
        whole(SourceParts {
            id: read_id(self.id)?,
            dataset: read_id(self.dataset)?,
            kind: number(self.kind, SourceKind::from_number)?,
            title: read_maybe(self.title)?,
            publisher: read_maybe(self.publisher)?,
            authors: read_texts(&self.authors)?,
            agency: read_maybe(self.agency)?,
            original: self.original.map(read_id).transpose()?,
            url: read_maybe(self.url)?,
            published: read_date(self.published.as_ref())?,
            language: read_maybe(self.language)?,
        })
    }
}

impl StoredActor<'_> {
    fn read(self) -> Result<Actor, CodecError> {
        let aliases = self.aliases.into_iter().map(|a| {
            Ok(Alias {
                text: read_text(a.text)?,
                language: read_maybe(a.language)?,
                since: read_date(a.since.as_ref())?,
                until: read_date(a.until.as_ref())?,
            })
        });
        let codes = self
            .codes
            .into_iter()
            .map(|(k, v)| Ok((read_text(k)?, read_text(v)?)));
        whole(ActorParts {
            id: read_id(self.id)?,
            dataset: read_id(self.dataset)?,
            kind: number(self.kind, ActorKind::from_number)?,
            name: read_text(self.name)?,
            aliases: aliases.collect::<Result<_, CodecError>>()?,
            codes: codes.collect::<Result<_, CodecError>>()?,
            description: read_maybe(self.description)?,
        })
    }
}

impl StoredRelation<'_> {
    fn read(self) -> Result<Relation, CodecError> {
        whole(RelationParts {
            id: read_id(self.id)?,
            dataset: read_id(self.dataset)?,
            subject: read_id(self.subject)?,
            kind: number(self.kind, RelationKind::from_number)?,
            object: read_id(self.object)?,
            title: read_maybe(self.title)?,
            since: read_date(self.since.as_ref())?,
            until: read_date(self.until.as_ref())?,
            sources: read_citations(self.sources)?,
        })
    }
}

impl StoredJudgement<'_> {
    fn read(self) -> Result<Judgement, CodecError> {
        whole(JudgementParts {
            id: read_id(self.id)?,
            dataset: read_id(self.dataset)?,
            verdict: number(self.verdict, Verdict::from_number)?,
            actor: read_id(self.actor)?,
            other: read_id(self.other)?,
            reason: read_maybe(self.reason)?,
            decided_by: read_maybe(self.decided_by)?,
            sources: read_citations(self.sources)?,
        })
    }
}

impl StoredEvent<'_> {
    fn read(self) -> Result<Event, CodecError> {
        let participants = self.participants.into_iter().map(|(actor, role)| {
            Ok(Participant {
                actor: read_id(actor)?,
                role: number(role, Role::from_number)?,
            })
        });
        let place = self.place.map(|p| {
            Ok::<_, CodecError>(Place {
                name: read_maybe(p.name)?,
                country: read_maybe(p.country)?,
                coordinates: p.coordinates,
            })
        });
        let links = self.links.into_iter().map(|(kind, event)| {
            Ok(Link {
                kind: number(kind, LinkKind::from_number)?,
                event: read_id(event)?,
            })
        });
        whole(EventParts {
            id: read_id(self.id)?,
            dataset: read_id(self.dataset)?,
            coding: read_coding(self.event_type, self.cameo.as_deref())?,
            title: read_maybe(self.title)?,
            date: read_date(self.date.as_ref())?,
            status: number(self.status, Status::from_number)?,
            participants: participants.collect::<Result<_, CodecError>>()?,
            place: place.transpose()?,
            topics: read_texts(&self.topics)?,
            links: links.collect::<Result<_, CodecError>>()?,
            sources: read_citations(self.sources)?,
            attributes: self.attributes.map(Into::into),
        })
    }
}

impl StoredStatement<'_> {
    fn read(self) -> Result<Statement, CodecError> {
        let stances = self.stances.into_iter().map(|s| {
            Ok(Stance {
                toward: match s.toward {
                    StoredToward::Actor(actor) => StanceTarget::Actor(read_id(actor)?),
                    StoredToward::Event(event) => StanceTarget::Event(read_id(event)?),
                    StoredToward::Topic(topic) => StanceTarget::Topic(read_text(topic)?),
                },
                stance: number(s.stance, StanceKind::from_number)?,
                about: read_maybe(s.about)?,
            })
        });
        whole(StatementParts {
            id: read_id(self.id)?,
            dataset: read_id(self.dataset)?,
            speakers: read_ids(&self.speakers)?,
            on_behalf_of: read_ids(&self.on_behalf_of)?,
            audience: read_ids(&self.audience)?,
            relayed_by: read_ids(&self.relayed_by)?,
            date: read_date(self.date.as_ref())?,
            event: self.event.map(read_id).transpose()?,
            text: read_maybe(self.text)?,
            quote: self.quote,
            topics: read_texts(&self.topics)?,
            stances: stances.collect::<Result<_, CodecError>>()?,
            sources: read_citations(self.sources)?,
        })
    }
}

impl<'a> StoredShape<'a> {
    pub(super) fn from_shape(shape: &'a Shape) -> Self {
        let sources = shape.sources.iter();
        Self {
            dataset: shape.dataset.as_str(),
            event_type: shape.coding.stated_type().map(|t| t as u8),
            cameo: shape.coding.cameo().map(|c| c.as_str().to_owned()),
            status: shape.status.number(),
            roles: shape.roles.iter().map(|role| role.number()).collect(),
            sources: sources
                .map(|(id, confidence)| (id.as_str(), confidence.map(Confidence::thousandths)))
                .collect(),
        }
    }

    pub(super) fn read(self) -> Result<Shape, CodecError> {
        let roles: Vec<Role> = self
            .roles
            .iter()
            .map(|role| number(*role, Role::from_number))
            .collect::<Result<_, _>>()?;
        let fit = (1..=PARTICIPANTS_MAX).contains(&roles.len())
            && roles.iter().all(|role| Role::OF_EVENTS.contains(role))
            && self.sources.len() <= LIST_MAX;
        if !fit {
            return Err(malformed("a shape is not that of an event"));
        }
        let sources = self.sources.into_iter().map(|(id, thousandths)| {
            let confidence = thousandths.map(|thousandths| {
                Confidence::of_thousandths(thousandths)
                    .ok_or_else(|| malformed("a confidence out of range"))
            });
            Ok((read_id(id)?, confidence.transpose()?))
        });
        Ok(Shape {
            dataset: read_id(self.dataset)?,
            coding: read_coding(self.event_type, self.cameo.as_deref())?,
            status: number(self.status, Status::from_number)?,
            roles: roles.into(),
            sources: sources.collect::<Result<_, CodecError>>()?,
        })
    }
}

fn read_coding(event_type: Option<u8>, cameo: Option<&str>) -> Result<Coding, CodecError> {
    let event_type = event_type
        .map(|n| number(n, |n| EventType::ALL.get(usize::from(n)).copied()))
        .transpose()?;
    let cameo = cameo
        .map(|c| Cameo::parse(c).map_err(malformed))
        .transpose()?;
    Coding::new(event_type, cameo).map_err(malformed)
}
