//! The plain events of an import: what they name and share is looked up once, so that an event
//! costs a few numbers on its way into the columns and the journal.
//!
//! Whatever is out of the ordinary about an event (a name that depends on the date, a record that is
//! there already, a source that is not) sends it the way of all records, which says what is wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use super::error::EngineError;
use super::warnings::Warnings;
use crate::codec;
use crate::graph::{Builder, Meaning, PackedId, Resolution, ShapeNumber, Step, Term, View};
use crate::ingest::{EventRow, Events, RowId};
use crate::model::{
    Actor, ActorKind, ActorParts, Id, Kind, Name, Record, Shape, Source, SourceKind, SourceParts,
    Tenure, spelling,
};

/// What plain events of a reading name and share, by number.
#[derive(Default)]
pub(super) struct Plain {
    names: Vec<Name>,
    /// Whom each name means at any time; `None` when that depends on the date, or is nobody.
    actors: Vec<Option<Term>>,
    /// The number of the actor's id in the journal's commit, for the names that have been encoded.
    texts: Vec<Option<u32>>,
    /// The ids of the actors.
    ids: Vec<Option<Id>>,
    /// The actors that are named.
    named: HashSet<Id>,
    /// Whether two names mean one actor, so that events of other content may be equal.
    synonyms: bool,
    shapes: Vec<Shaped>,
    pub(super) made: Made,
}

struct Shaped {
    shape: Arc<Shape>,
    /// `None` when a source that it cites is not there.
    number: Option<ShapeNumber>,
    /// Its number in the journal's commit.
    encoded: Option<u32>,
    /// Whether two of its roles are the same, so that an actor could have one twice.
    repeats: bool,
}

/// Actors and sources that were made of what events name. Views do not see them before the end.
#[derive(Default)]
pub(super) struct Made {
    actors: HashMap<String, Id>,
    sources: HashSet<Id>,
}

impl Made {
    /// The actor that was made of a name.
    pub(super) fn actor(&self, name: &Name) -> Option<Id> {
        if self.actors.is_empty() {
            return None;
        }
        self.actor_spelled(&spelling(name))
    }

    fn actor_spelled(&self, spelling: &str) -> Option<Id> {
        self.actors.get(spelling).cloned()
    }

    /// Whether a source was made.
    pub(super) fn has_source(&self, id: &str) -> bool {
        !self.sources.is_empty() && self.sources.iter().any(|source| source.as_str() == id)
    }
}

impl Plain {
    /// Takes up the names and shapes that a batch brings; what is made of them goes to `make`.
    pub(super) fn take_up(
        &mut self,
        events: &mut Events,
        (view, builder): (&View, &mut Builder),
        warnings: &mut Warnings,
        make: &mut dyn FnMut(&mut Builder, Record) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let dataset = events
            .shapes
            .first()
            .or_else(|| self.shapes.first().map(|s| &s.shape));
        let dataset = dataset.map(|shape| shape.dataset.clone());
        for shape in std::mem::take(&mut events.shapes) {
            for (source, _) in &shape.sources {
                if events.implied && !self.has_source(view, source) {
                    let record = implied_source(source, &shape.dataset)?;
                    make(builder, record)?;
                    self.made.sources.insert(source.clone());
                }
            }
            let known = shape
                .sources
                .iter()
                .all(|(id, _)| self.has_source(view, id));
            self.shapes.push(Shaped {
                number: known.then(|| builder.shape(&shape)),
                encoded: None,
                repeats: shape.repeats_a_role(),
                shape,
            });
        }
        for name in std::mem::take(&mut events.names) {
            let spelled = spelling(&name);
            // Who was there before goes first, so that the order of rows is no matter.
            let id = match (view.meaning(&name), self.made.actor_spelled(&spelled)) {
                (Meaning::Always(actor), _) => {
                    let is_id = view.text(actor) == name.as_str();
                    let found = Resolution {
                        actor,
                        step: if is_id { Step::Id } else { Step::Exact },
                        tenure: Tenure::Known,
                    };
                    warnings.resolved(view, &name, found, (Kind::Event, None, None));
                    Id::parse(view.text(actor)).ok()
                }
                (Meaning::Depends, _) => None,
                (Meaning::Nobody, Some(id)) => Some(id),
                (Meaning::Nobody, None) => match &dataset {
                    Some(dataset) if events.implied => {
                        let named = (&name, spelled.as_str());
                        let id = self.make_actor(named, dataset, (view, builder), make)?;
                        if let Some(id) = &id {
                            warnings.made(view, id, (&name, spelled));
                        }
                        id
                    }
                    _ => None,
                },
            };
            if let Some(id) = &id {
                self.synonyms |= !self.named.insert(id.clone());
            }
            self.names.push(name);
            self.actors.push(id.as_ref().map(|id| builder.actor(id)));
            self.texts.push(None);
            self.ids.push(id);
        }
        Ok(())
    }

    /// Whether two names that were met mean one actor.
    pub(super) fn has_synonyms(&self) -> bool {
        self.synonyms
    }

    fn has_source(&self, view: &View, id: &Id) -> bool {
        self.made.sources.contains(id) || view.find(Kind::Source, id.as_str()).is_some()
    }

    fn make_actor(
        &mut self,
        (name, spelled): (&Name, &str),
        dataset: &Id,
        (view, builder): (&View, &mut Builder),
        make: &mut dyn FnMut(&mut Builder, Record) -> Result<(), EngineError>,
    ) -> Result<Option<Id>, EngineError> {
        let id = Id::of_spelling(spelled, |id| {
            view.find(Kind::Actor, id.as_str()).is_some() || builder.has(Kind::Actor, id)
        });
        // A name without a spelling makes nobody: its events are rejects.
        let Some(id) = id else { return Ok(None) };
        make(builder, implied_actor(id.clone(), name, dataset)?)?;
        self.made.actors.insert(spelled.to_owned(), id.clone());
        Ok(Some(id))
    }

    /// The shape of an event and the names of its participants.
    pub(super) fn parts(&self, row: &EventRow, names: &[u32]) -> Option<(Arc<Shape>, Vec<Name>)> {
        let shape = &self.shapes.get(row.shape as usize)?.shape;
        let names = names
            .iter()
            .map(|name| self.names.get(*name as usize).cloned());
        Some((Arc::clone(shape), names.collect::<Option<_>>()?))
    }

    /// The number of participants of an event.
    pub(super) fn roles(&self, row: &EventRow) -> usize {
        let shaped = self.shapes.get(row.shape as usize);
        shaped.map_or(0, |shaped| shaped.shape.roles.len())
    }

    /// Adds an event if there is nothing out of the ordinary about it. `terms` is working space and
    /// holds its actors afterwards.
    pub(super) fn add(
        &self,
        (events, row): (&Events, &EventRow),
        names: &[u32],
        builder: &mut Builder,
        terms: &mut Vec<Term>,
    ) -> bool {
        let Some(shaped) = self.shapes.get(row.shape as usize) else {
            return false;
        };
        let Some(number) = shaped.number else {
            return false;
        };
        terms.clear();
        for name in names {
            match self.actors.get(*name as usize) {
                Some(Some(actor)) => terms.push(*actor),
                Some(None) | None => return false,
            }
        }
        if shaped.repeats && has_twins(terms, &shaped.shape) {
            return false;
        }
        let id = match &row.id {
            RowId::Content(hash) => PackedId::Hash(*hash),
            RowId::Stated(_) => match events.stated(row) {
                Some(id) => PackedId::of(Kind::Event, id),
                None => return false,
            },
        };
        builder.add(number, row.days, terms, id)
    }

    /// Encodes an event that was added.
    pub(super) fn encode(
        &mut self,
        (events, row): (&Events, &EventRow),
        names: &[u32],
        encoder: &mut codec::Encoder,
        texts: &mut Vec<u32>,
    ) {
        texts.clear();
        for name in names {
            let Some(known) = self.texts.get_mut(*name as usize) else {
                continue;
            };
            if known.is_none()
                && let Some(Some(id)) = self.ids.get(*name as usize)
            {
                *known = Some(encoder.text(id));
            }
            texts.extend(*known);
        }
        let Some(shaped) = self.shapes.get_mut(row.shape as usize) else {
            return;
        };
        let shape = *shaped
            .encoded
            .get_or_insert_with(|| encoder.shape(&shaped.shape));
        encoder.row(codec::Row {
            shape,
            days: row.days,
            actors: texts,
            id: match &row.id {
                RowId::Content(hash) => codec::EventId::Content(*hash),
                RowId::Stated(_) => codec::EventId::Stated(events.stated(row).unwrap_or_default()),
            },
        });
    }
}

/// Whether an actor has one role twice.
fn has_twins(actors: &[Term], shape: &Shape) -> bool {
    let mut pairs: Vec<_> = actors.iter().zip(&shape.roles).collect();
    pairs.sort_unstable();
    pairs
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a == b))
}

/// The source of events whose format has none: their data set.
fn implied_source(id: &Id, dataset: &Id) -> Result<Record, EngineError> {
    let source = Source::new(SourceParts {
        id: id.clone(),
        dataset: dataset.clone(),
        kind: SourceKind::Dataset,
        title: None,
        publisher: None,
        authors: Vec::new(),
        agency: None,
        original: None,
        url: None,
        published: None,
        language: None,
    });
    source
        .map(Record::Source)
        .map_err(|problems| EngineError::Invalid { problems })
}

/// An actor of whom a name is all that is known.
fn implied_actor(id: Id, name: &Name, dataset: &Id) -> Result<Record, EngineError> {
    let actor = Actor::new(ActorParts {
        id,
        dataset: dataset.clone(),
        kind: ActorKind::Unknown,
        name: name.clone(),
        aliases: Vec::new(),
        codes: BTreeMap::new(),
        description: None,
    });
    actor
        .map(Record::Actor)
        .map_err(|problems| EngineError::Invalid { problems })
}
