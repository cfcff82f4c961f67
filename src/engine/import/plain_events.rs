//! The fast path of plain events: what they name and share is looked up once, so that an event costs a
//! few numbers on its way into the columns and the journal.
//!
//! Whatever is out of the ordinary about an event (a name that depends on the date, a record that is
//! there already, a source that is not) sends it the way of all records, which says what is wrong.

use std::sync::Arc;

use hashbrown::HashSet;

use crate::codec;
use crate::engine::error::EngineError;
use crate::graph::{GraphBuilder, PackedId, ShapeNumber, Term};
use crate::ingest::{EventBatch, EventRow, RowId};
use crate::model::{Id, Kind, Name, Shape};

/// A plain event: its batch, its row, the numbers of its participants' names.
pub(super) type NamedEvent<'a> = (&'a EventBatch, &'a EventRow, &'a [u32]);

/// What plain events of a reading name and share, by number.
#[derive(Default)]
pub(super) struct PlainEvents {
    names: Vec<Name>,
    /// Whom each name means at any time; `None` when that depends on the date, or is nobody. Beside the
    /// names, since this is all of them that most events need.
    actors: Vec<Option<Term>>,
    /// The ids of the actors.
    ids: Vec<Option<Id>>,
    /// The number of the actor's id in the journal's commit, for the names that have been encoded.
    encoded: Vec<Option<u32>>,
    /// The actors that are named.
    named: HashSet<Id>,
    /// Whether two names mean one actor, so that events of other content may be equal.
    synonyms: bool,
    shapes: Vec<PlainShape>,
}

struct PlainShape {
    shape: Arc<Shape>,
    /// `None` when a source that it cites is not there.
    number: Option<ShapeNumber>,
    /// Its number in the journal's commit.
    encoded: Option<u32>,
    /// Whether two of its roles are the same, so that an actor could have one twice.
    repeats: bool,
}

/// Working space, so that no event needs some of its own.
#[derive(Default)]
pub(super) struct PlainScratch {
    terms: Vec<Term>,
    texts: Vec<u32>,
}

impl PlainEvents {
    /// The shape that was met first.
    pub(super) fn first_shape(&self) -> Option<&Arc<Shape>> {
        self.shapes.first().map(|first| &first.shape)
    }

    /// Adds the next shape; `is_known` tells whether all sources that it cites are there.
    pub(super) fn add_shape(
        &mut self,
        shape: Arc<Shape>,
        is_known: bool,
        builder: &mut GraphBuilder,
    ) {
        self.shapes.push(PlainShape {
            number: is_known.then(|| builder.shape(&shape)),
            encoded: None,
            repeats: shape.repeats_a_role(),
            shape,
        });
    }

    /// Adds the next name with the id of whom it means at any time.
    pub(super) fn add_name(&mut self, name: Name, id: Option<Id>, builder: &mut GraphBuilder) {
        if let Some(id) = &id {
            self.synonyms |= !self.named.insert(id.clone());
        }
        self.names.push(name);
        self.actors.push(id.as_ref().map(|id| builder.actor(id)));
        self.ids.push(id);
        self.encoded.push(None);
    }

    /// Whether two names that were met mean one actor.
    pub(super) fn has_synonyms(&self) -> bool {
        self.synonyms
    }

    /// The shape of an event and the names of its participants; `None` when one was never met.
    pub(super) fn parts(&self, row: &EventRow, names: &[u32]) -> Option<(Arc<Shape>, Vec<Name>)> {
        let shape = &self.shapes.get(row.shape as usize)?.shape;
        let names = names
            .iter()
            .map(|name| self.names.get(*name as usize).cloned());
        Some((Arc::clone(shape), names.collect::<Option<_>>()?))
    }

    /// The number of participants of an event; `None` when its shape was never met.
    pub(super) fn roles(&self, row: &EventRow) -> Option<usize> {
        let known = self.shapes.get(row.shape as usize)?;
        Some(known.shape.roles.len())
    }

    /// Adds an event if there is nothing out of the ordinary about it. `false` sends it the general
    /// way.
    pub(super) fn add(
        &self,
        (events, row, names): NamedEvent<'_>,
        builder: &mut GraphBuilder,
        PlainScratch { terms, .. }: &mut PlainScratch,
    ) -> bool {
        let Some(known) = self.shapes.get(row.shape as usize) else {
            return false;
        };
        let Some(number) = known.number else {
            return false;
        };
        terms.clear();
        for name in names {
            match self.actors.get(*name as usize) {
                Some(Some(actor)) => terms.push(*actor),
                Some(None) | None => return false,
            }
        }
        if known.repeats && has_twins(terms, &known.shape) {
            return false;
        }
        let id = match &row.id {
            RowId::Content(hash) => PackedId::Hash(*hash),
            RowId::Stated(_) => match events.stated(row) {
                Some(id) => PackedId::from_text(Kind::Event, id),
                None => return false,
            },
        };
        builder.add(number, row.days, terms, id)
    }

    /// Encodes an event that was added.
    ///
    /// # Errors
    ///
    /// When a part of it was never met, so that it can't have been added.
    pub(super) fn encode(
        &mut self,
        (events, row, names): NamedEvent<'_>,
        encoder: &mut codec::BlockEncoder,
        PlainScratch { texts, .. }: &mut PlainScratch,
    ) -> Result<(), EngineError> {
        let broken = |part: &str| {
            let line = row.position.line;
            EngineError::broken(format!("the event in line {line} was added without {part}"))
        };
        texts.clear();
        for name in names {
            let number = self.encoded.get_mut(*name as usize);
            let number = number.ok_or_else(|| broken("a name"))?;
            let text = if let Some(text) = number {
                *text
            } else {
                let id = self.ids.get(*name as usize).and_then(Option::as_ref);
                let id = id.ok_or_else(|| broken("an actor"))?;
                *number.insert(encoder.text(id))
            };
            texts.push(text);
        }
        let known = self.shapes.get_mut(row.shape as usize);
        let known = known.ok_or_else(|| broken("a shape"))?;
        let shape = *known
            .encoded
            .get_or_insert_with(|| encoder.shape(&known.shape));
        let id = match &row.id {
            RowId::Content(hash) => codec::EventId::Content(*hash),
            RowId::Stated(_) => {
                codec::EventId::Stated(events.stated(row).ok_or_else(|| broken("its id"))?)
            }
        };
        encoder.row(codec::PlainRow {
            shape,
            days: row.days,
            actors: texts,
            id,
        });
        Ok(())
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
