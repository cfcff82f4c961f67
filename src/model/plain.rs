//! Plain events: what the mass of event data sets consists of.
//!
//! A plain event has a coding, a status, a plain date or none, participants, and citations without
//! a quote or a place. What many of them share is their [`Shape`]; what is left of each is a few
//! numbers, so that millions can be read, written and kept as columns.

use super::date::Date;
use super::id::Id;
use super::ontology::Coding;
use super::record::{Citation, Confidence, EventParts, Participant};
use super::vocabulary::{Role, Status};

/// What many plain events have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// The data set that they belong to.
    pub dataset: Id,
    /// How they are coded.
    pub coding: Coding,
    /// Whether they came about.
    pub status: Status,
    /// The roles of their participants, in order.
    pub roles: Box<[Role]>,
    /// The sources that they cite, with the confidence where one is stated.
    pub sources: Box<[(Id, Option<Confidence>)]>,
}

impl Shape {
    /// Whether several participants have one role.
    pub fn repeats_a_role(&self) -> bool {
        let roles = &self.roles;
        (roles.iter().enumerate())
            .any(|(at, role)| roles.iter().skip(at + 1).any(|other| other == role))
    }

    /// The shape of an event; `None` when it is not plain.
    pub fn from_event<A>(event: &EventParts<A>) -> Option<Self> {
        is_plain(event).then(|| Self {
            dataset: event.dataset.clone(),
            coding: event.coding,
            status: event.status,
            roles: event.participants.iter().map(|p| p.role).collect(),
            sources: event
                .sources
                .iter()
                .map(|citation| (citation.source.clone(), citation.confidence))
                .collect(),
        })
    }

    /// The event of this shape; `actors` are as many as it has roles.
    pub fn event<A>(
        &self,
        id: Id,
        date: Option<Date>,
        actors: impl IntoIterator<Item = A>,
    ) -> EventParts<A> {
        let participants = actors.into_iter().zip(&self.roles);
        EventParts {
            id,
            dataset: self.dataset.clone(),
            coding: self.coding,
            title: None,
            date,
            status: self.status,
            participants: participants
                .map(|(actor, role)| Participant { actor, role: *role })
                .collect(),
            place: None,
            topics: Vec::new(),
            links: Vec::new(),
            sources: self
                .sources
                .iter()
                .map(|(source, confidence)| Citation {
                    source: source.clone(),
                    quote: None,
                    locator: None,
                    confidence: *confidence,
                })
                .collect(),
            attributes: None,
        }
    }
}

/// Whether a shape, an id, two days and the actors say all of an event.
pub fn is_plain<A>(event: &EventParts<A>) -> bool {
    event.title.is_none()
        && event.date.as_ref().is_none_or(Date::is_plain)
        && event.place.is_none()
        && event.topics.is_empty()
        && event.links.is_empty()
        && event.attributes.is_none()
        && event.sources.iter().all(|citation| {
            citation.quote.is_none()
                && citation.locator.is_none()
                && citation.confidence.is_none_or(Confidence::is_thousandths)
        })
}
