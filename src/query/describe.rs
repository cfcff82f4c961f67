//! Records as answers.

use super::answer::{
    ActorAnswer, ActorBrief, AliasAnswer, CitationAnswer, EventAnswer, Evidence, History,
    LinkAnswer, ParticipantAnswer, PlaceAnswer, RecordAnswer, Recorded, RelationAnswer,
    SourceAnswer, StanceAnswer, StatementAnswer, TowardAnswer, VersionAnswer, Via, When,
};
use super::independence::{Origins, groups};
use crate::clock;
use crate::graph::{Mark, Row, Term, View};
use crate::model::{
    Actor, Cameo, Citation, Confidence, Date, Day, Event, Id, Kind, Label, Record, Relation,
    Scheme, Source, Statement, Toward,
};

/// How an actor is named in an answer.
pub fn actor_brief(view: &View, actor: Term) -> ActorBrief {
    brief(view, view.text(actor))
}

fn brief(view: &View, id: &str) -> ActorBrief {
    match view.find(Kind::Actor, id).and_then(|row| view.record(row)) {
        Some(Record::Actor(actor)) => ActorBrief {
            id: actor.id.to_string(),
            name: actor.name.to_string(),
            kind: actor.kind.to_string(),
        },
        // An actor that a record of this view names is never missing: such a deletion is refused.
        _ => ActorBrief {
            id: id.to_owned(),
            name: id.to_owned(),
            kind: "unknown".into(),
        },
    }
}

fn briefs(view: &View, ids: &[Id]) -> Vec<ActorBrief> {
    ids.iter().map(|id| brief(view, id.as_str())).collect()
}

/// A record as an answer; `via` tells through whom it came in.
pub fn describe(view: &View, row: Row, scheme: Scheme, via: Vec<Via>) -> Option<RecordAnswer> {
    let record = view.record(row)?;
    Some(describe_record(
        view,
        &record,
        scheme,
        via,
        view.recorded(row),
    ))
}

/// All versions of a record up to the commit of the view, the oldest first; none when there never
/// was such a record.
pub fn history(view: &View, kind: Kind, id: &str, scheme: Scheme) -> History {
    let versions = view
        .versions(kind, id)
        .into_iter()
        .map(|version| VersionAnswer {
            since: recorded(version.since),
            until: version.until.map(recorded),
            version: describe_record(
                view,
                &version.record,
                scheme,
                Vec::new(),
                Some(version.since),
            ),
        });
    History {
        versions: versions.collect(),
    }
}

fn describe_record(
    view: &View,
    record: &Record,
    scheme: Scheme,
    via: Vec<Via>,
    mark: Option<Mark>,
) -> RecordAnswer {
    let recorded = mark.map(recorded);
    match record {
        Record::Source(r) => RecordAnswer::Source(Box::new(source(r, recorded))),
        Record::Actor(r) => RecordAnswer::Actor(Box::new(actor(r, recorded))),
        Record::Relation(r) => RecordAnswer::Relation(Box::new(RelationAnswer {
            via,
            recorded,
            ..relation(view, r)
        })),
        Record::Event(r) => RecordAnswer::Event(Box::new(EventAnswer {
            via,
            recorded,
            ..event(view, r, scheme)
        })),
        Record::Statement(r) => RecordAnswer::Statement(Box::new(StatementAnswer {
            via,
            recorded,
            ..statement(view, r)
        })),
    }
}

/// A commit in an answer.
pub(super) fn recorded(mark: Mark) -> Recorded {
    Recorded {
        commit: mark.commit,
        at: clock::rfc3339(mark.recorded_at),
    }
}

fn text<T: ToString>(value: Option<&T>) -> Option<String> {
    value.map(ToString::to_string)
}

fn labels(labels: &[Label]) -> Vec<String> {
    labels.iter().map(ToString::to_string).collect()
}

fn when(date: Option<&Date>) -> When {
    let Some(date) = date else {
        return When::default();
    };
    When {
        date: Some(date.to_string()),
        earliest: Some(date.earliest().to_string()),
        latest: Some(date.latest().to_string()),
        precision: Some(date.precision().to_string()),
        uncertain: date.is_uncertain(),
        approximate: date.is_approximate(),
        open: date.is_open(),
    }
}

fn event(view: &View, r: &Event, scheme: Scheme) -> EventAnswer {
    let score = r.coding.goldstein(scheme);
    let participants = r.participants.iter().map(|p| ParticipantAnswer {
        actor: brief(view, p.actor.as_str()),
        role: p.role.to_string(),
    });
    let links = r.links.iter().map(|link| LinkAnswer {
        kind: link.kind.to_string(),
        event: link.event.to_string(),
    });
    EventAnswer {
        record: Kind::Event.to_string(),
        id: r.id.to_string(),
        dataset: r.dataset.to_string(),
        when: when(r.date.as_ref()),
        event_type: text(r.coding.event_type().as_ref()),
        cameo: text(r.coding.cameo().as_ref()),
        cameo_label: r.coding.cameo().and_then(Cameo::label).map(str::to_owned),
        quad_class: r.coding.quad_class(scheme).to_string(),
        goldstein: score.value,
        goldstein_scale: score.scale().to_string(),
        scheme: scheme.to_string(),
        title: text(r.title.as_ref()),
        status: r.status.to_string(),
        participants: participants.collect(),
        place: r.place.as_ref().map(|p| PlaceAnswer {
            name: text(p.name.as_ref()),
            country: text(p.country.as_ref()),
            lat: p.coordinates.map(|(lat, _)| lat),
            lon: p.coordinates.map(|(_, lon)| lon),
        }),
        topics: labels(&r.topics),
        links: links.collect(),
        evidence: evidence(view, &r.sources),
        attributes: r
            .attributes
            .as_deref()
            .and_then(|a| serde_json::from_str(a).ok()),
        via: Vec::new(),
        recorded: None,
    }
}

fn statement(view: &View, r: &Statement) -> StatementAnswer {
    let stances = r.stances.iter().map(|s| StanceAnswer {
        toward: match &s.toward {
            Toward::Actor(actor) => TowardAnswer::Actor(brief(view, actor.as_str())),
            Toward::Event(event) => TowardAnswer::Event(event.to_string()),
            Toward::Topic(topic) => TowardAnswer::Topic(topic.to_string()),
        },
        stance: s.stance.to_string(),
        about: text(s.about.as_ref()),
    });
    StatementAnswer {
        record: Kind::Statement.to_string(),
        id: r.id.to_string(),
        dataset: r.dataset.to_string(),
        when: when(r.date.as_ref()),
        speakers: briefs(view, &r.speakers),
        on_behalf_of: briefs(view, &r.on_behalf_of),
        audience: briefs(view, &r.audience),
        relayed_by: briefs(view, &r.relayed_by),
        event: text(r.event.as_ref()),
        text: text(r.text.as_ref()),
        quote: r.quote,
        topics: labels(&r.topics),
        stances: stances.collect(),
        evidence: evidence(view, &r.sources),
        via: Vec::new(),
        recorded: None,
    }
}

fn relation(view: &View, r: &Relation) -> RelationAnswer {
    let mut when = when(r.since.as_ref().or(r.until.as_ref()));
    if let Some((first, last)) = r.interval() {
        when.earliest = Some(first.to_string());
        when.latest = (last != Day::MAX).then(|| last.to_string());
        when.open |= r.since.is_none() || r.until.as_ref().is_none_or(Date::is_open);
    }
    // A period of two plain dates is one EDTF interval; a start alone stays open.
    let plain = |date: &Date| !date.to_string().contains(['/', '[']);
    match (&r.since, &r.until) {
        (Some(since), Some(until)) if plain(since) && plain(until) => {
            when.date = Some(format!("{since}/{until}"));
        }
        (Some(since), None) if plain(since) => when.date = Some(format!("{since}/..")),
        _ => {}
    }
    RelationAnswer {
        record: Kind::Relation.to_string(),
        id: r.id.to_string(),
        dataset: r.dataset.to_string(),
        when,
        subject: brief(view, r.subject.as_str()),
        kind: r.kind.to_string(),
        object: brief(view, r.object.as_str()),
        title: text(r.title.as_ref()),
        since: text(r.since.as_ref()),
        until: text(r.until.as_ref()),
        evidence: evidence(view, &r.sources),
        via: Vec::new(),
        recorded: None,
    }
}

fn actor(r: &Actor, recorded: Option<Recorded>) -> ActorAnswer {
    let aliases = r.aliases.iter().map(|alias| AliasAnswer {
        text: alias.text.to_string(),
        language: text(alias.language.as_ref()),
        since: text(alias.since.as_ref()),
        until: text(alias.until.as_ref()),
    });
    ActorAnswer {
        record: Kind::Actor.to_string(),
        id: r.id.to_string(),
        dataset: r.dataset.to_string(),
        kind: r.kind.to_string(),
        name: r.name.to_string(),
        aliases: aliases.collect(),
        codes: r
            .codes
            .iter()
            .map(|(k, v)| (k.to_string(), v.to_string()))
            .collect(),
        description: text(r.description.as_ref()),
        recorded,
    }
}

fn source(r: &Source, recorded: Option<Recorded>) -> SourceAnswer {
    SourceAnswer {
        record: Kind::Source.to_string(),
        id: r.id.to_string(),
        dataset: r.dataset.to_string(),
        kind: r.kind.to_string(),
        title: text(r.title.as_ref()),
        publisher: text(r.publisher.as_ref()),
        authors: r.authors.iter().map(ToString::to_string).collect(),
        agency: text(r.agency.as_ref()),
        original: text(r.original.as_ref()),
        url: text(r.url.as_ref()),
        published: text(r.published.as_ref()),
        language: text(r.language.as_ref()),
        recorded,
    }
}

fn find_source(view: &View, id: &Id) -> Option<Source> {
    match view.record(view.find(Kind::Source, id.as_str())?)? {
        Record::Source(source) => Some(source),
        Record::Actor(_) | Record::Relation(_) | Record::Event(_) | Record::Statement(_) => None,
    }
}

fn evidence(view: &View, citations: &[Citation]) -> Evidence {
    let sources = citations.iter().map(|citation| {
        let source = find_source(view, &citation.source);
        let of = source.as_ref();
        CitationAnswer {
            source: citation.source.to_string(),
            title: of.and_then(|s| text(s.title.as_ref())),
            publisher: of.and_then(|s| text(s.publisher.as_ref())),
            published: of.and_then(|s| text(s.published.as_ref())),
            url: of.and_then(|s| text(s.url.as_ref())),
            quote: text(citation.quote.as_ref()),
            locator: text(citation.locator.as_ref()),
            confidence: citation.confidence.map(Confidence::get),
        }
    });
    Evidence {
        sources: sources.collect(),
        independent_sources: groups(citations.iter().map(|c| Origins::of(view, &c.source))).len(),
    }
}
