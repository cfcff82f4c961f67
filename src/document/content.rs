//! The ids of events without an id. Who took part in one role is no sequence: an event told with its
//! participants in another order has the same id, made of them in order of their names.

use super::{RecordDocument, writing};
use crate::invariant::Holds as _;
use crate::model::{Citation, Date, Day, Draft, Event, Id, Kind, Name, Role, Shape, Status};

/// The places of participants when those of one role stand in the order of their names; `None` when
/// they do already.
pub fn places_in_order(participants: &[(Role, &str)]) -> Option<Vec<usize>> {
    let mut places: Vec<usize> = (0..participants.len()).collect();
    let named = |place: &usize| participants.get(*place).map(|(_, name)| *name);
    for (nth, (role, _)) in participants.iter().enumerate() {
        let is_first = participants
            .iter()
            .take(nth)
            .all(|(other, _)| other != role);
        if !is_first {
            continue;
        }
        let of_role = || {
            (0..)
                .zip(participants)
                .filter(|(_, (other, _))| other == role)
        };
        let mut sorted: Vec<usize> = of_role().map(|(place, _)| place).collect();
        if sorted.len() < 2 {
            continue;
        }
        sorted.sort_by_key(named);
        for ((place, _), from) in of_role().zip(sorted) {
            if let Some(to) = places.get_mut(place) {
                *to = from;
            }
        }
    }
    let is_moved = places.iter().enumerate().any(|(at, from)| at != *from);
    is_moved.then_some(places)
}

/// The id of an event without one as version 0.1.0 made it: of its participants in the order in which
/// they were written. `None` where that is the draft's own id, or the draft states one.
pub fn id_as_written(draft: &Draft) -> Option<Id> {
    let Draft::Event(event) = draft else {
        return None;
    };
    Id::hash_in(Kind::Event, event.id.as_str())?;
    let participants: Vec<(Role, &str)> = named(event).collect();
    places_in_order(&participants)?;
    let is_own = content_id(Kind::Event, writing::event_in_order(event)) == event.id;
    is_own.then(|| content_id(Kind::Event, writing::event(event)))
}

/// The ids that a record would have whose author gave none, had its open dates been written as earlier
/// versions took them: `../X` for `[..X]` and `X/..` for `[X..]`, or the other way round. None where the
/// draft states an id, or has no such date.
pub fn ids_of_other_spellings(draft: &Draft) -> Vec<Id> {
    let others = other_spellings(draft);
    // Only of a record without an id can the id be that of its content.
    if others.is_empty() || !is_id_of_content(draft) {
        return Vec::new();
    }
    let id = |other: &Draft| match other {
        Draft::Event(event) => content_id(Kind::Event, writing::event_in_order(event)),
        Draft::Source(_)
        | Draft::Actor(_)
        | Draft::Relation(_)
        | Draft::Statement(_)
        | Draft::Judgement(_) => content_id(other.kind(), RecordDocument::from_record(other)),
    };
    others.iter().map(id).collect()
}

/// A draft with its open dates as earlier versions took them, and as this one does, as far as that is
/// another text.
fn other_spellings(draft: &Draft) -> Vec<Draft> {
    let has_open = draft.dates().iter().any(|(_, date)| date.is_open());
    if !has_open || Id::hash_in(draft.kind(), draft.id().as_str()).is_none() {
        return Vec::new();
    }
    let one_of = draft.with_dates(&mut |_, date| date.as_one_of().filter(|_| date.is_open()));
    let interval = draft.with_dates(&mut |_, date| date.as_interval());
    let others = [one_of, interval].into_iter();
    // What is no valid draft with that text was never written so.
    others.filter_map(Result::ok).flatten().collect()
}

/// Whether the id of a draft is that of its content, in whatever spelling of its dates: its author gave it
/// none.
pub fn is_id_of_content(draft: &Draft) -> bool {
    if Id::hash_in(draft.kind(), draft.id().as_str()).is_none() {
        return false;
    }
    is_id_as_written(draft) || other_spellings(draft).iter().any(is_id_as_written)
}

fn is_id_as_written(draft: &Draft) -> bool {
    let is_own = |document: RecordDocument<'_>| content_id(draft.kind(), document) == *draft.id();
    match draft {
        Draft::Event(event) => {
            is_own(writing::event_in_order(event)) || is_own(writing::event(event))
        }
        Draft::Source(_)
        | Draft::Actor(_)
        | Draft::Relation(_)
        | Draft::Statement(_)
        | Draft::Judgement(_) => is_own(RecordDocument::from_record(draft)),
    }
}

fn named(event: &Event<Name>) -> impl Iterator<Item = (Role, &str)> {
    let each = event.participants.iter();
    each.map(|participant| (participant.role, participant.actor.as_str()))
}

fn content_id(kind: Kind, document: RecordDocument<'_>) -> Id {
    Id::of_content(kind, &json(&document.without_id()))
}

/// What the id of a record depends on whose author gave none is its JSON form without an id. For
/// plain events of one shape, most of that text is always the same: this keeps it.
#[derive(Clone, Debug)]
pub struct ContentId {
    /// Up to the date.
    head: Vec<u8>,
    /// From the date up to the first participant.
    open: Vec<u8>,
    /// What follows each participant's name.
    roles: Vec<Vec<u8>>,
    tail: Vec<u8>,
}

impl ContentId {
    /// For the events of one shape.
    pub fn new(shape: &Shape) -> Self {
        let mut head = br#"{"record":"event","dataset":"#.to_vec();
        head.extend(quoted(shape.dataset.as_str()));
        if let Some(event_type) = shape.coding.stated_type() {
            head.extend(br#","type":"#);
            head.extend(quoted(event_type.as_str()));
        }
        if let Some(cameo) = shape.coding.cameo() {
            head.extend(br#","cameo":"#);
            head.extend(quoted(cameo.as_str()));
        }
        let mut open = Vec::new();
        if shape.status != Status::Occurred {
            open.extend(br#","status":"#);
            open.extend(quoted(shape.status.as_str()));
        }
        open.extend(br#","participants":["#);
        let role = |role: &crate::model::Role| {
            [br#","role":"#, quoted(role.as_str()).as_slice(), b"}"].concat()
        };
        let mut tail = b"]".to_vec();
        if !shape.sources.is_empty() {
            let citations = shape.sources.iter().map(|(source, confidence)| Citation {
                source: source.clone(),
                quote: None,
                locator: None,
                confidence: *confidence,
            });
            let citations: Vec<Citation> = citations.collect();
            tail.extend(br#","sources":"#);
            tail.extend(json(&writing::citations(&citations)));
        }
        tail.push(b'}');
        Self {
            head,
            open,
            roles: shape.roles.iter().map(role).collect(),
            tail,
        }
    }

    /// The number of participants of the events.
    pub fn roles(&self) -> usize {
        self.roles.len()
    }

    /// The hash in the id of the event with this date, as [`plain_date`] writes it, and these names,
    /// given as JSON, by [`quoted`]. `text` is used as working space.
    pub fn hash<'n>(
        &self,
        date: Option<&[u8]>,
        names: impl Iterator<Item = &'n [u8]>,
        text: &mut Vec<u8>,
    ) -> [u8; 16] {
        text.clear();
        text.extend_from_slice(&self.head);
        if let Some(date) = date {
            text.extend_from_slice(br#","date":""#);
            text.extend_from_slice(date);
            text.push(b'"');
        }
        text.extend_from_slice(&self.open);
        for (i, (name, role)) in names.zip(&self.roles).enumerate() {
            if i > 0 {
                text.push(b',');
            }
            text.extend_from_slice(br#"{"actor":"#);
            text.extend_from_slice(name);
            text.extend_from_slice(role);
        }
        text.extend_from_slice(&self.tail);
        Id::hash_of(text)
    }
}

/// A text as a JSON string.
pub fn quoted(text: &str) -> Vec<u8> {
    json(text)
}

fn json<T: serde::Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let json = serde_json::to_vec(value);
    json.holds("what has string keys only can be written")
        .unwrap_or_default()
}

/// How the plain date with these days is written.
pub fn plain_date(first: Day, last: Day) -> Vec<u8> {
    let date = Date::of_days(first, last).map(|date| date.to_string());
    let date = date.holds("the days of an event make a date");
    date.unwrap_or_default().into_bytes()
}
