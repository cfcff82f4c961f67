//! The ids of plain events without an id, made without the event.

use super::writing;
use crate::model::{Citation, Date, Day, Id, Shape, Status};

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

/// What is written here has string keys only and can't fail.
fn json<T: serde::Serialize + ?Sized>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// How the plain date with these days is written.
pub fn plain_date(first: Day, last: Day) -> Vec<u8> {
    let date = Date::of_days(first, last).map(|date| date.to_string());
    date.unwrap_or_default().into_bytes()
}
