//! Referenced records: sources, actors and relations, by which events are resolved and checked.

use std::sync::Arc;

use super::Attempt;
use super::deferred::DeferredRejects;
use super::overlay::Overlay;
use crate::engine::error::EngineError;
use crate::engine::link_check;
use crate::graph::{Graph, NextState};
use crate::ingest::{InputPosition, Item, Subject};
use crate::model::{Draft, Kind};

/// The kinds that events reference, in the order in which they are added.
pub(super) const REFERENCED: [Kind; 3] = [Kind::Source, Kind::Actor, Kind::Relation];

/// The drafts of these kinds with their places.
pub(super) type ReferencedDrafts = [Vec<(InputPosition, Draft)>; REFERENCED.len()];

impl Attempt<'_> {
    /// Gathers sources, actors and relations up to the first item that references such, which is
    /// given back.
    pub(super) fn gather_referenced(
        &mut self,
        items: &mut dyn Iterator<Item = Item>,
    ) -> (ReferencedDrafts, Option<Item>) {
        let mut drafts = ReferencedDrafts::default();
        for item in items {
            match item {
                Item::Draft(position, draft) => {
                    let place = REFERENCED.iter().position(|kind| *kind == draft.kind());
                    match place.and_then(|place| drafts.get_mut(place)) {
                        Some(of_kind) => of_kind.push((position, draft)),
                        None => return (drafts, Some(Item::Draft(position, draft))),
                    }
                    self.request.progress.add_records(1);
                }
                Item::Rejects(rejects) => self.diagnostics.reject_record(rejects),
                Item::Remark(position, remark) => {
                    self.diagnostics.warnings.remark(position, remark);
                }
                Item::Member(number, name) => self.diagnostics.enter_member(number, name),
                events @ (Item::Events(_) | Item::References(_)) => return (drafts, Some(events)),
            }
        }
        (drafts, None)
    }

    /// Adds them to a snapshot. Gives the state with them and those that turned out bad.
    pub(super) fn add_referenced(
        &mut self,
        snapshot: &Arc<Graph>,
        drafts: ReferencedDrafts,
    ) -> Result<(NextState, DeferredRejects), EngineError> {
        let [sources, actors, relations] = drafts;
        let places = actors.iter();
        let places: Vec<(String, InputPosition)> = places
            .map(|(position, draft)| (draft.id().to_string(), *position))
            .collect();
        let mut overlay = Overlay::on_commit(snapshot);
        for (position, draft) in sources.into_iter().chain(actors) {
            let draft = self.with_periods_as_read(draft, position);
            // Sources and actors name no actors, so there is nothing to look up.
            match link_check::resolve(&overlay.view, draft, |_| None, &mut |_, _| ()) {
                Ok(record) => self.add(&mut overlay, position, (record, false))?,
                Err(problems) => {
                    let nobody = Subject::default();
                    self.diagnostics.reject(position, &nobody, problems);
                }
            }
        }
        // Relations name actors by what the import says of them.
        let actors = overlay.builder.finish();
        let mut overlay = Overlay::on_changes(&actors);
        let rejects = self.deferred.unknown_originals(&overlay.view)?;
        for (id, position) in places {
            let warnings = &mut self.diagnostics.warnings;
            warnings.actor(&overlay.view, &id, position);
        }
        for (position, draft) in relations {
            self.resolve_and_add(&mut overlay, position, (draft, false))?;
        }
        Ok((overlay.builder.finish().after(actors), rejects))
    }
}
