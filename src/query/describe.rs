//! Records as answers.

use std::borrow::Cow;

use super::answer::{
    ActorAnswer, ActorBrief, AliasAnswer, EventAnswer, Evidence, History, JudgementAnswer,
    LinkAnswer, ParticipantAnswer, PlaceAnswer, RecordAnswer, RecordTime, RecordedCommit,
    RelationAnswer, SourceAnswer, StanceAnswer, StatementAnswer, TowardAnswer, VersionAnswer, Via,
};
use super::evidence::Sources;
use super::written::day_text;
use crate::graph::{CommitMark, PlainEvent, Row, Term, TermKind, View};
use crate::invariant::{Holds as _, broken_record};
use crate::model::{
    Actor, ActorKind, Cameo, Coding, Date, Event, EventType, Id, Judgement, Kind, Label, Record,
    Relation, Scheme, Source, StanceTarget, Statement,
};

/// How an actor is named in an answer: one that has been merged by its survivor, which says so.
pub fn actor_brief(view: &View, actor: Term) -> ActorBrief<'_> {
    let survivor = view.survivor(actor);
    let mut brief = own_brief(view, survivor);
    if survivor != actor {
        brief.merged_from.push(Cow::Borrowed(view.text(actor)));
    }
    brief
}

/// How an actor is called itself, merged or not.
fn own_brief(view: &View, actor: Term) -> ActorBrief<'_> {
    let id = view.text(actor);
    match view.name(actor) {
        Some(head) => ActorBrief {
            id: Cow::Borrowed(id),
            name: Cow::Borrowed(head.name),
            kind: ActorKind::from_number(head.kind)
                .holds("an actor has a kind")
                .unwrap_or(ActorKind::Unknown)
                .as_str(),
            merged_from: Vec::new(),
        },
        // A record of this view names none that is missing: such a deletion is refused. An earlier
        // version, in a history, may.
        None => unknown(Cow::Borrowed(id)),
    }
}

fn unknown(id: Cow<'_, str>) -> ActorBrief<'_> {
    ActorBrief {
        name: id.clone(),
        id,
        kind: ActorKind::Unknown.as_str(),
        merged_from: Vec::new(),
    }
}

/// The whole record of an actor, as it is called itself. What can't be read has been reported.
pub(super) fn actor_record(view: &View, actor: Term) -> Option<Actor> {
    let Record::Actor(record) = view.record(view.actor(actor)?)? else {
        return None;
    };
    Some(record)
}

/// A record as an answer; `via` tells through whom it came in.
pub fn describe<'v>(
    view: &'v View,
    row: Row,
    scheme: Scheme,
    via: Vec<Via<'v>>,
) -> Option<RecordAnswer<'v>> {
    Describer::new(view, scheme).record(row, via)
}

/// All versions of a record up to the commit of the view, the oldest first; none when there never
/// was such a record.
pub fn history<'v>(view: &'v View, kind: Kind, id: &str, scheme: Scheme) -> History<'v> {
    let describer = Describer::new(view, scheme);
    let versions = view
        .versions(kind, id)
        .into_iter()
        .map(|version| VersionAnswer {
            since: recorded(version.since),
            until: version.until.map(recorded),
            version: describer.describe(&version.record, Vec::new(), Some(version.since)),
        });
    History {
        versions: versions.collect(),
    }
}

/// A commit in an answer.
pub(super) const fn recorded(mark: CommitMark) -> RecordedCommit {
    RecordedCommit {
        commit: mark.commit,
        at: mark.recorded_at,
    }
}

/// Puts the records of one answer into words. What it has looked up of sources it remembers, since
/// the records of an answer share them.
pub struct Describer<'v> {
    view: &'v View,
    scheme: Scheme,
    sources: Sources<'v>,
}

impl std::fmt::Debug for Describer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Describer")
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}

impl<'v> Describer<'v> {
    /// Describes records of `view`, events under `scheme`.
    pub fn new(view: &'v View, scheme: Scheme) -> Self {
        Self {
            view,
            scheme,
            sources: Sources::new(view),
        }
    }

    /// How an actor is named.
    pub fn actor(&self, actor: Term) -> ActorBrief<'v> {
        actor_brief(self.view, actor)
    }

    /// A record as an answer; `via` tells through whom it came in. `None` when it can't be read, which is
    /// [reported](crate::invariant).
    pub fn record(&self, row: Row, via: Vec<Via<'v>>) -> Option<RecordAnswer<'v>> {
        let mark = self.view.recorded(row);
        if let Some(event) = self.view.plain(row) {
            let event = self.plain_event(event)?;
            return Some(RecordAnswer::Event(Box::new(EventAnswer {
                via,
                recorded: mark.map(recorded),
                ..event
            })));
        }
        Some(self.describe(&self.view.record(row)?, via, mark))
    }

    fn describe(
        &self,
        record: &Record,
        via: Vec<Via<'v>>,
        mark: Option<CommitMark>,
    ) -> RecordAnswer<'v> {
        let recorded = mark.map(recorded);
        match record {
            Record::Source(r) => RecordAnswer::Source(Box::new(source(r, recorded))),
            Record::Actor(r) => RecordAnswer::Actor(Box::new(actor(r, recorded))),
            Record::Relation(r) => RecordAnswer::Relation(Box::new(RelationAnswer {
                via,
                recorded,
                ..self.relation(r)
            })),
            Record::Event(r) => RecordAnswer::Event(Box::new(EventAnswer {
                via,
                recorded,
                ..self.event(r)
            })),
            Record::Statement(r) => RecordAnswer::Statement(Box::new(StatementAnswer {
                via,
                recorded,
                ..self.statement(r)
            })),
            Record::Judgement(r) => RecordAnswer::Judgement(Box::new(self.judgement(r, recorded))),
        }
    }

    /// Both actors as they are called themselves, since what became of them is what it says.
    fn judgement(&self, r: &Judgement, recorded: Option<RecordedCommit>) -> JudgementAnswer<'v> {
        JudgementAnswer {
            record: Kind::Judgement.as_str(),
            id: owned(&r.id),
            dataset: owned(&r.dataset),
            verdict: r.verdict.as_str(),
            actor: self.own_brief(&r.actor),
            other: self.own_brief(&r.other),
            reason: text(r.reason.as_ref()),
            decided_by: text(r.decided_by.as_ref()),
            evidence: self.sources.evidence(&r.sources),
            recorded,
        }
    }

    fn brief(&self, id: &Id) -> ActorBrief<'v> {
        match self.view.term(TermKind::Actor, id.as_str()) {
            Some(actor) => self.actor(actor),
            None => unknown(owned(id)),
        }
    }

    fn own_brief(&self, id: &Id) -> ActorBrief<'v> {
        match self.view.term(TermKind::Actor, id.as_str()) {
            Some(actor) => own_brief(self.view, actor),
            None => unknown(owned(id)),
        }
    }

    /// The actors of a list, each once.
    fn briefs(&self, ids: &[Id]) -> Vec<ActorBrief<'v>> {
        let mut briefs: Vec<ActorBrief<'v>> = Vec::with_capacity(ids.len());
        for id in ids {
            let brief = self.brief(id);
            match briefs.iter_mut().find(|known| known.id == brief.id) {
                Some(known) => join(known, brief),
                None => briefs.push(brief),
            }
        }
        briefs
    }

    /// Who took part in an event, each once in each role.
    fn participants(&self, event: &Event) -> Vec<ParticipantAnswer<'v>> {
        let mut all: Vec<ParticipantAnswer<'v>> = Vec::with_capacity(event.participants.len());
        for one in &event.participants {
            let (actor, role) = (self.brief(&one.actor), one.role.as_str());
            let known = all.iter_mut();
            let mut known = known.filter(|known| known.role == role);
            match known.find(|known| known.actor.id == actor.id) {
                Some(known) => join(&mut known.actor, actor),
                None => all.push(ParticipantAnswer { actor, role }),
            }
        }
        all
    }

    /// An event whose columns say all of it: nothing of it is decoded.
    fn plain_event(&self, event: PlainEvent<'v>) -> Option<EventAnswer<'v>> {
        let date = match event.days {
            Some((first, last)) => {
                Some(Date::of_days(first, last).holds("the days of an event make a date")?)
            }
            None => None,
        };
        let participants = event.actors.iter().zip(event.roles);
        let participants = participants.map(|(actor, role)| ParticipantAnswer {
            actor: self.actor(*actor),
            role: role.as_str(),
        });
        let participants = participants.collect();
        let shape = self.shape(&event);
        Some(EventAnswer {
            id: event.id.text(Kind::Event),
            when: when(date.as_ref()),
            participants,
            ..shape
        })
    }

    /// What a plain event has in common with all that have its shape: neither id nor date, nobody
    /// who took part, no commit.
    pub(super) fn shape(&self, event: &PlainEvent<'v>) -> EventAnswer<'v> {
        EventAnswer {
            dataset: Cow::Borrowed(self.view.text(event.dataset)),
            status: event.status.as_str(),
            evidence: self.sources.plain_evidence(event.citations),
            ..self.coded(event.coding)
        }
    }

    /// An event of which only the coding is known.
    fn coded(&self, coding: Coding) -> EventAnswer<'v> {
        let score = coding.goldstein(self.scheme);
        EventAnswer {
            record: Kind::Event.as_str(),
            id: Cow::Borrowed(""),
            dataset: Cow::Borrowed(""),
            when: RecordTime::default(),
            event_type: coding.event_type().map(EventType::as_str),
            cameo: coding
                .cameo()
                .map(|code| Cow::Owned(code.as_str().to_owned())),
            cameo_label: coding.cameo().and_then(Cameo::label),
            quad_class: coding.quad_class(self.scheme).as_str(),
            goldstein: score.value,
            goldstein_scale: score.scale().as_str(),
            scheme: self.scheme.as_str(),
            title: None,
            status: "",
            participants: Vec::new(),
            place: None,
            topics: Vec::new(),
            links: Vec::new(),
            evidence: Evidence::default(),
            attributes: None,
            via: Vec::new(),
            recorded: None,
        }
    }

    fn event(&self, r: &Event) -> EventAnswer<'v> {
        let links = r.links.iter().map(|link| LinkAnswer {
            kind: link.kind.as_str(),
            event: owned(&link.event),
        });
        EventAnswer {
            id: owned(&r.id),
            dataset: owned(&r.dataset),
            when: when(r.date.as_ref()),
            title: text(r.title.as_ref()),
            status: r.status.as_str(),
            participants: self.participants(r),
            place: r.place.as_ref().map(|p| PlaceAnswer {
                name: text(p.name.as_ref()),
                country: text(p.country.as_ref()),
                lat: p.coordinates.map(|(lat, _)| lat),
                lon: p.coordinates.map(|(_, lon)| lon),
            }),
            topics: labels(&r.topics),
            links: links.collect(),
            evidence: self.sources.evidence(&r.sources),
            attributes: r.attributes.as_deref().and_then(|a| attributes(&r.id, a)),
            ..self.coded(r.coding)
        }
    }

    fn statement(&self, r: &Statement) -> StatementAnswer<'v> {
        let stances = r.stances.iter().map(|s| StanceAnswer {
            toward: match &s.toward {
                StanceTarget::Actor(actor) => TowardAnswer::Actor(self.brief(actor)),
                StanceTarget::Event(event) => TowardAnswer::Event(owned(event)),
                StanceTarget::Topic(topic) => TowardAnswer::Topic(owned(topic)),
            },
            stance: s.stance.as_str(),
            about: text(s.about.as_ref()),
        });
        StatementAnswer {
            record: Kind::Statement.as_str(),
            id: owned(&r.id),
            dataset: owned(&r.dataset),
            when: when(r.date.as_ref()),
            speakers: self.briefs(&r.speakers),
            on_behalf_of: self.briefs(&r.on_behalf_of),
            audience: self.briefs(&r.audience),
            relayed_by: self.briefs(&r.relayed_by),
            event: text(r.event.as_ref()),
            text: text(r.text.as_ref()),
            quote: r.quote,
            topics: labels(&r.topics),
            stances: stances.collect(),
            evidence: self.sources.evidence(&r.sources),
            via: Vec::new(),
            recorded: None,
        }
    }

    fn relation(&self, r: &Relation) -> RelationAnswer<'v> {
        let mut when = when(r.since.as_ref().or(r.until.as_ref()));
        if let Some(timing) = r.timing() {
            (when.earliest, when.latest) = timing.days;
            when.sorts_on = Some(timing.sorts_on);
            when.open |= r.since.is_none() || r.until.as_ref().is_none_or(Date::is_open);
        }
        // A period of two plain dates is one EDTF interval; a start alone stays open.
        let plain = |date: &Date| !date.as_written().contains(['/', '[']);
        match (&r.since, &r.until) {
            (Some(since), Some(until)) if plain(since) && plain(until) => {
                when.date = Some(Cow::Owned(format!("{since}/{until}")));
            }
            (Some(since), None) if plain(since) => {
                when.date = Some(Cow::Owned(format!("{since}/..")));
            }
            _ => {}
        }
        RelationAnswer {
            record: Kind::Relation.as_str(),
            id: owned(&r.id),
            dataset: owned(&r.dataset),
            when,
            subject: self.brief(&r.subject),
            kind: r.kind.as_str(),
            object: self.brief(&r.object),
            title: text(r.title.as_ref()),
            since: text(r.since.as_ref()),
            until: text(r.until.as_ref()),
            evidence: self.sources.evidence(&r.sources),
            via: Vec::new(),
            recorded: None,
        }
    }
}

/// Says of an actor that the record names it once more, under another id.
fn join<'v>(known: &mut ActorBrief<'v>, other: ActorBrief<'v>) {
    known.merged_from.extend(other.merged_from);
    known.merged_from.sort_unstable();
    known.merged_from.dedup();
}

/// The free object of an event: it was written from one.
fn attributes(event: &Id, json: &str) -> Option<serde_json::Value> {
    match serde_json::from_str(json) {
        Ok(attributes) => Some(attributes),
        Err(error) => {
            broken_record(
                Kind::Event,
                event.as_str(),
                &format!("its attributes are JSON: {error}"),
            );
            None
        }
    }
}

fn owned<'v, T: ToString>(value: &T) -> Cow<'v, str> {
    Cow::Owned(value.to_string())
}

fn text<'v, T: ToString>(value: Option<&T>) -> Option<Cow<'v, str>> {
    value.map(owned)
}

fn labels<'v>(labels: &[Label]) -> Vec<Cow<'v, str>> {
    labels.iter().map(owned).collect()
}

fn when<'v>(date: Option<&Date>) -> RecordTime<'v> {
    let Some(date) = date else {
        return RecordTime::default();
    };
    let is_day = date.is_plain() && date.earliest() == date.latest();
    let timing = date.timing();
    let (earliest, latest) = timing.days;
    RecordTime {
        date: Some(Cow::Owned(if is_day {
            day_text(date.earliest())
        } else {
            date.to_string()
        })),
        earliest,
        latest,
        sorts_on: Some(timing.sorts_on),
        precision: Some(date.precision().as_str()),
        uncertain: date.is_uncertain(),
        approximate: date.is_approximate(),
        open: date.is_open() && !date.end_unknown(),
        end_unknown: date.end_unknown(),
    }
}

fn actor<'v>(r: &Actor, recorded: Option<RecordedCommit>) -> ActorAnswer<'v> {
    let aliases = r.aliases.iter().map(|alias| AliasAnswer {
        text: owned(&alias.text),
        language: text(alias.language.as_ref()),
        since: text(alias.since.as_ref()),
        until: text(alias.until.as_ref()),
    });
    ActorAnswer {
        record: Kind::Actor.as_str(),
        id: owned(&r.id),
        dataset: owned(&r.dataset),
        kind: r.kind.as_str(),
        name: owned(&r.name),
        aliases: aliases.collect(),
        codes: r.codes.iter().map(|(k, v)| (owned(k), owned(v))).collect(),
        description: text(r.description.as_ref()),
        recorded,
    }
}

fn source<'v>(r: &Source, recorded: Option<RecordedCommit>) -> SourceAnswer<'v> {
    SourceAnswer {
        record: Kind::Source.as_str(),
        id: owned(&r.id),
        dataset: owned(&r.dataset),
        kind: r.kind.as_str(),
        title: text(r.title.as_ref()),
        publisher: text(r.publisher.as_ref()),
        authors: r.authors.iter().map(owned).collect(),
        agency: text(r.agency.as_ref()),
        original: text(r.original.as_ref()),
        url: text(r.url.as_ref()),
        published: text(r.published.as_ref()),
        language: text(r.language.as_ref()),
        recorded,
    }
}
