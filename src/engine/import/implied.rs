//! Implied records: actors and sources that are made of what plain events name, where their format has
//! no records of such.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use super::Attempt;
use super::overlay::Overlay;
use crate::engine::error::EngineError;
use crate::graph::{Meaning, Resolution, ResolutionStep, View};
use crate::ingest::{EventBatch, ImpliedReferences, InputPosition};
use crate::model::{
    Actor, ActorKind, ActorParts, Id, Kind, Name, Record, Shape, Source, SourceKind, SourceParts,
    Tenure, spelling,
};

/// Actors and sources that were made of what events name. Views do not see them before the end.
#[derive(Default)]
pub(super) struct ImpliedRecords {
    /// By the spelling of the name.
    actors: HashMap<String, Id>,
    sources: HashSet<Id>,
}

impl ImpliedRecords {
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

    /// Whether a source is there or was made.
    pub(super) fn knows_source(&self, view: &View, id: &Id) -> bool {
        self.sources.contains(id) || view.find(Kind::Source, id.as_str()).is_some()
    }
}

impl Attempt<'_> {
    /// Looks up the shapes and names that a batch of plain events brings, and adds the sources and
    /// actors that it implies.
    pub(super) fn register(
        &mut self,
        overlay: &mut Overlay,
        events: &mut EventBatch,
    ) -> Result<(), EngineError> {
        let shapes = std::mem::take(&mut events.shapes);
        let first = shapes.first().or_else(|| self.plain.first_shape());
        let dataset = first.map(|shape| shape.dataset.clone());
        for shape in shapes {
            self.register_shape(overlay, shape, events.implied)?;
        }
        let implied_in = dataset.as_ref().filter(|_| events.implied);
        for name in std::mem::take(&mut events.names) {
            let id = self.actor_of_name(overlay, &name, implied_in)?;
            self.plain.add_name(name, id, &mut overlay.builder);
        }
        Ok(())
    }

    /// Adds the actors and sources that events to come are the first to name.
    pub(super) fn imply(
        &mut self,
        overlay: &mut Overlay,
        references: ImpliedReferences,
    ) -> Result<(), EngineError> {
        for source in references.sources {
            let id = source.id.clone();
            if !self.implied.knows_source(&overlay.view, &id) {
                self.add(
                    overlay,
                    InputPosition::START,
                    (Record::Source(source), false),
                )?;
                self.implied.sources.insert(id);
            }
        }
        for name in references.actors {
            self.actor_of_name(overlay, &name, Some(&references.dataset))?;
        }
        Ok(())
    }

    fn register_shape(
        &mut self,
        overlay: &mut Overlay,
        shape: Arc<Shape>,
        is_implied: bool,
    ) -> Result<(), EngineError> {
        for (source, _) in &shape.sources {
            if is_implied && !self.implied.knows_source(&overlay.view, source) {
                let record = implied_source(source, &shape.dataset)?;
                self.add(overlay, InputPosition::START, (record, false))?;
                self.implied.sources.insert(source.clone());
            }
        }
        let mut sources = shape.sources.iter();
        let is_known = sources.all(|(id, _)| self.implied.knows_source(&overlay.view, id));
        self.plain.add_shape(shape, is_known, &mut overlay.builder);
        Ok(())
    }

    /// Whom a name means at any time; `None` when that depends on the date, or is nobody. With
    /// `implied_in`, an actor of that data set is made of a name that nobody has.
    fn actor_of_name(
        &mut self,
        overlay: &mut Overlay,
        name: &Name,
        implied_in: Option<&Id>,
    ) -> Result<Option<Id>, EngineError> {
        let view = &overlay.view;
        let spelled = spelling(name);
        // Who was there before goes first, so that the order of rows is no matter.
        match (view.meaning(name), self.implied.actor_spelled(&spelled)) {
            (Meaning::Always(actor), _) => {
                let id = view.text(actor);
                let step = if id == name.as_str() {
                    ResolutionStep::Id
                } else {
                    ResolutionStep::Exact
                };
                let found = Resolution {
                    actor,
                    step,
                    tenure: Tenure::Known,
                };
                let warnings = &mut self.diagnostics.warnings;
                warnings.resolved(view, name, found, (Kind::Event, None, None));
                Id::parse(id).map(Some).map_err(|error| {
                    EngineError::broken(format!("the stored actor {id} has no id: {error}"))
                })
            }
            (Meaning::Depends, _) => Ok(None),
            (Meaning::Nobody, Some(id)) => Ok(Some(id)),
            (Meaning::Nobody, None) => match implied_in {
                Some(dataset) => self.make_actor(overlay, (name, spelled), dataset),
                None => Ok(None),
            },
        }
    }

    fn make_actor(
        &mut self,
        overlay: &mut Overlay,
        (name, spelled): (&Name, String),
        dataset: &Id,
    ) -> Result<Option<Id>, EngineError> {
        let id = Id::of_spelling(&spelled, |id| overlay.has(Kind::Actor, id));
        // A name without a spelling makes nobody: its events are rejects.
        let Some(id) = id else { return Ok(None) };
        let record = implied_actor(id.clone(), name, dataset)?;
        self.add(overlay, InputPosition::START, (record, false))?;
        self.implied.actors.insert(spelled.clone(), id.clone());
        let warnings = &mut self.diagnostics.warnings;
        warnings.made(&overlay.view, &id, (name, spelled));
        Ok(Some(id))
    }
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
