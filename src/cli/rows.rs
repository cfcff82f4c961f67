//! One record on one row of a table.

use crate::query::answer::{
    ActorBrief, Evidence, ParticipantAnswer, RecordAnswer, RecordTime, StanceAnswer, TowardAnswer,
};

/// The columns of a record.
pub(super) const HEAD: [&str; 8] = [
    "date", "record", "id", "coding", "status", "actors", "text", "sources",
];

/// The cells of a record under [`HEAD`].
pub(super) fn cells(record: &RecordAnswer<'_>) -> [String; 8] {
    match record {
        RecordAnswer::Event(event) => [
            date(&event.when),
            event.record.to_owned(),
            event.id.to_string(),
            join([event.event_type, event.cameo.as_deref()], " "),
            event.status.to_owned(),
            participants(&event.participants),
            text(event.title.as_deref()),
            cited(&event.evidence),
        ],
        RecordAnswer::Statement(statement) => [
            date(&statement.when),
            statement.record.to_owned(),
            statement.id.to_string(),
            statement
                .stances
                .iter()
                .map(stance)
                .collect::<Vec<_>>()
                .join(", "),
            String::new(),
            arrow(&ids(&statement.speakers), &ids(&statement.audience)),
            text(statement.text.as_deref()),
            cited(&statement.evidence),
        ],
        RecordAnswer::Relation(relation) => [
            date(&relation.when),
            relation.record.to_owned(),
            relation.id.to_string(),
            relation.kind.to_owned(),
            String::new(),
            arrow(&relation.subject.id, &relation.object.id),
            text(relation.title.as_deref()),
            cited(&relation.evidence),
        ],
        RecordAnswer::Actor(actor) => [
            String::new(),
            actor.record.to_owned(),
            actor.id.to_string(),
            actor.kind.to_owned(),
            String::new(),
            actor.id.to_string(),
            actor.name.to_string(),
            String::new(),
        ],
        RecordAnswer::Source(source) => [
            text(source.published.as_deref()),
            source.record.to_owned(),
            source.id.to_string(),
            source.kind.to_owned(),
            String::new(),
            String::new(),
            text(source.title.as_deref()),
            source.id.to_string(),
        ],
        RecordAnswer::Judgement(judgement) => [
            String::new(),
            judgement.record.to_owned(),
            judgement.id.to_string(),
            judgement.verdict.to_owned(),
            String::new(),
            arrow(&judgement.actor.id, &judgement.other.id),
            text(judgement.reason.as_deref()),
            cited(&judgement.evidence),
        ],
    }
}

/// A text; of none an empty cell.
fn text(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

/// The date as it was written, or the days that it is matched by.
fn date(when: &RecordTime<'_>) -> String {
    if let Some(written) = &when.date {
        return written.to_string();
    }
    match (&when.earliest, &when.latest) {
        (Some(earliest), Some(latest)) if earliest == latest => earliest.to_string(),
        (Some(earliest), Some(latest)) => format!("{earliest}/{latest}"),
        (Some(earliest), None) => format!("{earliest}/.."),
        (None, Some(latest)) => format!("../{latest}"),
        (None, None) => String::new(),
    }
}

/// Those who act, an arrow, those who are acted on; equals with commas between.
fn participants(participants: &[ParticipantAnswer<'_>]) -> String {
    let target = |p: &&ParticipantAnswer<'_>| p.role == "target";
    let of = |targets: bool| {
        let ids = participants
            .iter()
            .filter(|p| target(p) == targets)
            .map(|p| &*p.actor.id);
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

fn stance(stance: &StanceAnswer<'_>) -> String {
    let toward = match &stance.toward {
        TowardAnswer::Actor(actor) => &actor.id,
        TowardAnswer::Event(id) => id,
        TowardAnswer::Topic(topic) => topic,
    };
    format!("{} {toward}", stance.stance)
}

fn ids(actors: &[ActorBrief<'_>]) -> String {
    let ids = actors.iter().map(|actor| &*actor.id);
    ids.collect::<Vec<_>>().join(", ")
}

fn cited(evidence: &Evidence<'_>) -> String {
    let mut sources: Vec<&str> = evidence.sources.iter().map(|c| &*c.source).collect();
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
