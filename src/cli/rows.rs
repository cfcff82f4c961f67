//! One record on one row of a table.

use crate::query::answer::{
    ActorBrief, Evidence, ParticipantAnswer, RecordAnswer, StanceAnswer, TowardAnswer, When,
};

/// The columns of a record.
pub(super) const HEAD: [&str; 8] = [
    "date", "record", "id", "coding", "status", "actors", "text", "sources",
];

/// The cells of a record under [`HEAD`].
pub(super) fn cells(record: &RecordAnswer) -> [String; 8] {
    match record {
        RecordAnswer::Event(event) => [
            date(&event.when),
            event.record.clone(),
            event.id.clone(),
            join([event.event_type.as_deref(), event.cameo.as_deref()], " "),
            event.status.clone(),
            participants(&event.participants),
            event.title.clone().unwrap_or_default(),
            cited(&event.evidence),
        ],
        RecordAnswer::Statement(statement) => [
            date(&statement.when),
            statement.record.clone(),
            statement.id.clone(),
            statement
                .stances
                .iter()
                .map(stance)
                .collect::<Vec<_>>()
                .join(", "),
            String::new(),
            arrow(&ids(&statement.speakers), &ids(&statement.audience)),
            statement.text.clone().unwrap_or_default(),
            cited(&statement.evidence),
        ],
        RecordAnswer::Relation(relation) => [
            date(&relation.when),
            relation.record.clone(),
            relation.id.clone(),
            relation.kind.clone(),
            String::new(),
            arrow(&relation.subject.id, &relation.object.id),
            relation.title.clone().unwrap_or_default(),
            cited(&relation.evidence),
        ],
        RecordAnswer::Actor(actor) => [
            String::new(),
            actor.record.clone(),
            actor.id.clone(),
            actor.kind.clone(),
            String::new(),
            actor.id.clone(),
            actor.name.clone(),
            String::new(),
        ],
        RecordAnswer::Source(source) => [
            source.published.clone().unwrap_or_default(),
            source.record.clone(),
            source.id.clone(),
            source.kind.clone(),
            String::new(),
            String::new(),
            source.title.clone().unwrap_or_default(),
            source.id.clone(),
        ],
    }
}

/// The date as it was written, or the days that it is matched by.
fn date(when: &When) -> String {
    if let Some(written) = &when.date {
        return written.clone();
    }
    match (&when.earliest, &when.latest) {
        (Some(earliest), Some(latest)) if earliest == latest => earliest.clone(),
        (Some(earliest), Some(latest)) => format!("{earliest}/{latest}"),
        (Some(earliest), None) => format!("{earliest}/.."),
        (None, Some(latest)) => format!("../{latest}"),
        (None, None) => String::new(),
    }
}

/// Those who act, an arrow, those who are acted on; equals with commas between.
fn participants(participants: &[ParticipantAnswer]) -> String {
    let target = |p: &&ParticipantAnswer| p.role == "target";
    let of = |targets: bool| {
        let ids = participants
            .iter()
            .filter(|p| target(p) == targets)
            .map(|p| p.actor.id.as_str());
        ids.collect::<Vec<_>>().join(", ")
    };
    arrow(&of(false), &of(true))
}

fn arrow(from: &str, to: &str) -> String {
    if to.is_empty() {
        from.to_owned()
    } else {
        format!("{from} → {to}")
    }
}

fn stance(stance: &StanceAnswer) -> String {
    let toward = match &stance.toward {
        TowardAnswer::Actor(actor) => &actor.id,
        TowardAnswer::Event(id) => id,
        TowardAnswer::Topic(topic) => topic,
    };
    format!("{} {toward}", stance.stance)
}

fn ids(actors: &[ActorBrief]) -> String {
    let ids = actors.iter().map(|actor| actor.id.as_str());
    ids.collect::<Vec<_>>().join(", ")
}

fn cited(evidence: &Evidence) -> String {
    let mut sources: Vec<&str> = evidence.sources.iter().map(|c| c.source.as_str()).collect();
    sources.dedup();
    sources.join(", ")
}

fn join<const N: usize>(parts: [Option<&str>; N], between: &str) -> String {
    parts
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(between)
}
