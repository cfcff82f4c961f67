//! From records to JSON shapes: the form in which they are exported and can be imported again.

use std::borrow::Cow;
use std::ops::Deref as _;

use super::RecordDocument;
use super::content::places_in_order;
use super::shapes::{
    ActorDocument, AliasDocument, CitationDocument, DatedAliasDocument, EventDocument,
    JudgementDocument, LinkDocument, ParticipantDocument, PlaceDocument, RelationDocument,
    SourceDocument, StanceDocument, StatementDocument, Str, TowardDocument, TowardWhichDocument,
};
use crate::invariant::Holds as _;
use crate::model::{
    Actor, Alias, Citation, Date, Event, Id, Judgement, Kind, Name, Record, Relation, Role, Source,
    StanceTarget, Statement, Status, Text,
};

/// How a record names an actor: an id, or in a draft a name.
pub trait ActorText {
    /// The text.
    fn actor_text(&self) -> &str;
}

impl ActorText for Id {
    fn actor_text(&self) -> &str {
        self.as_str()
    }
}

impl ActorText for Name {
    fn actor_text(&self) -> &str {
        self.as_str()
    }
}

fn text<const MAX: usize>(text: Option<&Text<MAX>>) -> Option<Str<'_>> {
    text.map(|t| t.as_str().into())
}

fn texts<const MAX: usize>(texts: &[Text<MAX>]) -> Vec<Str<'_>> {
    texts.iter().map(|t| t.as_str().into()).collect()
}

fn date(date: Option<&Date>) -> Option<Str<'_>> {
    date.map(|d| Str(d.as_written()))
}

fn actors<A: ActorText>(actors: &[A]) -> Vec<Str<'_>> {
    actors.iter().map(|a| a.actor_text().into()).collect()
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the member is optional in the shape"
)]
fn head(kind: Kind) -> Option<Str<'static>> {
    Some(kind.as_str().into())
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the member is optional in the shape"
)]
fn id(id: &Id) -> Option<Str<'_>> {
    Some(id.as_str().into())
}

impl<'a> RecordDocument<'a> {
    /// The JSON form of a record: only what it says, members in the order of the documentation.
    pub fn from_record<A: ActorText>(record: &'a Record<A>) -> Self {
        match record {
            Record::Source(r) => source(r),
            Record::Actor(r) => actor(r),
            Record::Relation(r) => relation(r),
            Record::Event(r) => event(r),
            Record::Statement(r) => statement(r),
            Record::Judgement(r) => judgement(r),
        }
    }

    /// The same without its id: what the id of a record depends on whose author gave none.
    pub(super) fn without_id(mut self) -> Self {
        match &mut self {
            Self::Source(d) => d.id = None,
            Self::Actor(d) => d.id = None,
            Self::Relation(d) => d.id = None,
            Self::Event(d) => d.id = None,
            Self::Statement(d) => d.id = None,
            Self::Judgement(d) => d.id = None,
        }
        self
    }
}

pub(super) fn source(r: &Source) -> RecordDocument<'_> {
    RecordDocument::Source(SourceDocument {
        record: head(Kind::Source),
        id: id(&r.id),
        dataset: Some(r.dataset.as_str().into()),
        kind: Some(r.kind.as_str().into()),
        title: text(r.title.as_ref()),
        publisher: text(r.publisher.as_ref()),
        authors: texts(&r.authors),
        agency: text(r.agency.as_ref()),
        original: r.original.as_ref().map(|o| o.as_str().into()),
        url: text(r.url.as_ref()),
        published: date(r.published.as_ref()),
        language: text(r.language.as_ref()),
    })
}

pub(super) fn actor(r: &Actor) -> RecordDocument<'_> {
    RecordDocument::Actor(ActorDocument {
        record: head(Kind::Actor),
        id: id(&r.id),
        dataset: Some(r.dataset.as_str().into()),
        kind: r.kind.as_str().into(),
        name: r.name.as_str().into(),
        aliases: r.aliases.iter().map(alias).collect(),
        codes: r
            .codes
            .iter()
            .map(|(k, v)| (k.as_str().into(), v.as_str().into()))
            .collect(),
        description: text(r.description.as_ref()),
    })
}

fn alias(alias: &Alias) -> AliasDocument<'_> {
    if alias.language.is_none() && alias.since.is_none() && alias.until.is_none() {
        return AliasDocument::Text(alias.text.as_str().into());
    }
    AliasDocument::Dated(DatedAliasDocument {
        text: alias.text.as_str().into(),
        language: text(alias.language.as_ref()),
        since: date(alias.since.as_ref()),
        until: date(alias.until.as_ref()),
    })
}

pub(super) fn relation<A: ActorText>(r: &Relation<A>) -> RecordDocument<'_> {
    RecordDocument::Relation(RelationDocument {
        record: head(Kind::Relation),
        id: id(&r.id),
        dataset: Some(r.dataset.as_str().into()),
        subject: r.subject.actor_text().into(),
        kind: r.kind.as_str().into(),
        object: r.object.actor_text().into(),
        title: text(r.title.as_ref()),
        since: date(r.since.as_ref()),
        until: date(r.until.as_ref()),
        sources: citations(&r.sources),
    })
}

pub(super) fn judgement<A: ActorText>(r: &Judgement<A>) -> RecordDocument<'_> {
    RecordDocument::Judgement(JudgementDocument {
        record: head(Kind::Judgement),
        id: id(&r.id),
        dataset: Some(r.dataset.as_str().into()),
        verdict: r.verdict.as_str().into(),
        actor: r.actor.actor_text().into(),
        other: r.other.actor_text().into(),
        reason: text(r.reason.as_ref()),
        decided_by: text(r.decided_by.as_ref()),
        sources: citations(&r.sources),
    })
}

/// An event with its participants of one role in the order of their names.
pub(super) fn event_in_order<A: ActorText>(r: &Event<A>) -> RecordDocument<'_> {
    let mut document = event(r);
    let participants = r.participants.iter();
    let named: Vec<(Role, &str)> = participants
        .map(|p| (p.role, p.actor.actor_text()))
        .collect();
    if let RecordDocument::Event(event) = &mut document
        && let Some(places) = places_in_order(&named)
    {
        let written = std::mem::take(&mut event.participants);
        let each = places.into_iter();
        event.participants = each
            // Places are those of what was written.
            .filter_map(|place| written.get(place).cloned())
            .collect();
    }
    document
}

pub(super) fn event<A: ActorText>(r: &Event<A>) -> RecordDocument<'_> {
    let place = r.place.as_ref().map(|p| PlaceDocument {
        name: text(p.name.as_ref()),
        country: text(p.country.as_ref()),
        lat: p.coordinates.map(|(lat, _)| lat),
        lon: p.coordinates.map(|(_, lon)| lon),
    });
    let participants = r.participants.iter().map(|p| ParticipantDocument {
        actor: p.actor.actor_text().into(),
        role: p.role.as_str().into(),
    });
    let links = r.links.iter().map(|link| LinkDocument {
        kind: link.kind.as_str().into(),
        event: link.event.as_str().into(),
    });
    RecordDocument::Event(EventDocument {
        record: head(Kind::Event),
        id: id(&r.id),
        dataset: Some(r.dataset.as_str().into()),
        event_type: r.coding.stated_type().map(|t| t.as_str().into()),
        cameo: r
            .coding
            .cameo()
            .map(|c| Str(Cow::Owned(c.as_str().to_owned()))),
        title: text(r.title.as_ref()),
        date: date(r.date.as_ref()),
        status: (r.status != Status::Occurred).then(|| r.status.as_str().into()),
        participants: participants.collect(),
        place,
        topics: texts(&r.topics),
        links: links.collect(),
        sources: citations(&r.sources),
        attributes: r
            .attributes
            .as_deref()
            .and_then(|a| serde_json::from_str(a).holds("attributes are JSON")),
    })
}

pub(super) fn statement<A: ActorText>(r: &Statement<A>) -> RecordDocument<'_> {
    let stances = r.stances.iter().map(|s| StanceDocument {
        toward: TowardDocument::Which(match &s.toward {
            StanceTarget::Actor(actor) => TowardWhichDocument::Actor(actor.actor_text().into()),
            StanceTarget::Event(event) => TowardWhichDocument::Event(event.as_str().into()),
            StanceTarget::Topic(topic) => TowardWhichDocument::Topic(topic.deref().into()),
        }),
        stance: s.stance.as_str().into(),
        about: text(s.about.as_ref()),
    });
    RecordDocument::Statement(StatementDocument {
        record: head(Kind::Statement),
        id: id(&r.id),
        dataset: Some(r.dataset.as_str().into()),
        speakers: actors(&r.speakers),
        on_behalf_of: actors(&r.on_behalf_of),
        audience: actors(&r.audience),
        relayed_by: actors(&r.relayed_by),
        date: date(r.date.as_ref()),
        event: r.event.as_ref().map(|e| e.as_str().into()),
        text: text(r.text.as_ref()),
        quote: r.quote,
        topics: texts(&r.topics),
        stances: stances.collect(),
        sources: citations(&r.sources),
    })
}

pub(super) fn citations(citations: &[Citation]) -> Vec<CitationDocument<'_>> {
    let each = citations.iter().map(|c| CitationDocument {
        source: c.source.as_str().into(),
        quote: text(c.quote.as_ref()),
        locator: text(c.locator.as_ref()),
        confidence: c.confidence.map(crate::model::Confidence::get),
    });
    each.collect()
}
