//! Deferred checks: references that can be judged only when all records have come.
//!
//! An event may link to one that comes later, a source repeat one that comes later. A record whose
//! reference leads nowhere, or round in a circle, is bad after the fact.

use std::collections::BTreeMap;

use super::overlay::Overlay;
use crate::engine::error::EngineError;
use crate::engine::link_check::{self, LinkCheck, MergeCheck};
use crate::graph::View;
use crate::ingest::InputPosition;
use crate::model::{Id, Kind, Record, RecordProblem};

/// Records that turned out bad only at the end of an attempt, with what is wrong with each.
pub(super) type DeferredRejects = BTreeMap<(Kind, String), Vec<RecordProblem>>;

/// What has to be checked at the end.
#[derive(Default)]
pub(super) struct DeferredChecks {
    /// Where the records stand that may still turn out bad.
    positions: Vec<((Kind, String), InputPosition)>,
    links: LinkCheck,
    merges: MergeCheck,
    /// By the event that has not come yet.
    pending: BTreeMap<Id, Vec<PendingReference>>,
}

/// A reference from a record of the import to an event that has not come yet.
struct PendingReference {
    kind: Kind,
    id: String,
    field: String,
}

impl DeferredChecks {
    /// Remembers what of a record can be checked only when all have come.
    pub(super) fn defer(&mut self, overlay: &Overlay, position: InputPosition, record: &Record) {
        let (kind, id) = (record.kind(), record.id().to_string());
        let known = |event: &Id| overlay.has(Kind::Event, event);
        let mut open = matches!(record, Record::Source(source) if source.original.is_some());
        for (field, event) in link_check::unknown_events(record, known) {
            open = true;
            let reference = PendingReference {
                kind,
                id: id.clone(),
                field,
            };
            self.pending
                .entry(event.clone())
                .or_default()
                .push(reference);
        }
        if let Record::Event(event) = record {
            self.links.add(event);
            open |= !event.links.is_empty();
        }
        if let Record::Judgement(judgement) = record {
            self.merges.add(judgement);
            open = true;
        }
        if open {
            self.positions.push(((kind, id), position));
        }
    }

    /// Sources that repeat a source which never came. `view` sees all sources of the import.
    pub(super) fn unknown_originals(&self, view: &View) -> Result<DeferredRejects, EngineError> {
        let mut rejects = DeferredRejects::new();
        let sources = self.positions.iter().map(|(record, _)| record);
        for (kind, id) in sources.filter(|(kind, _)| *kind == Kind::Source) {
            let (_, source) = link_check::stored(view, *kind, id)?
                .ok_or_else(|| EngineError::broken(format!("source {id} was not added")))?;
            let problems = link_check::unknown_sources(view, &source);
            if !problems.is_empty() {
                rejects.insert((*kind, id.clone()), problems);
            }
        }
        Ok(rejects)
    }

    /// Adds the records whose references to events lead nowhere, or round in a circle, and the judgements that
    /// merge in a circle, now that all have come.
    pub(super) fn judge_rest(&mut self, overlay: &Overlay, rejects: &mut DeferredRejects) {
        let came = |id: &str| Id::parse(id).is_ok_and(|id| overlay.builder.has(Kind::Event, &id));
        for (event, references) in std::mem::take(&mut self.pending) {
            if came(event.as_str()) {
                continue;
            }
            for PendingReference { kind, id, field } in references {
                let problem = link_check::unknown_id(&overlay.view, Kind::Event, &event, field);
                rejects.entry((kind, id)).or_default().push(problem);
            }
        }
        for (event, problem) in self.links.circles(&overlay.view, came) {
            let record = (Kind::Event, event);
            rejects.entry(record).or_default().push(problem);
        }
        // Judgements of the import stand beside those of before; what it changes it has taken up itself.
        for (judgement, problem) in self.merges.problems(&overlay.view, |_| false) {
            let record = (Kind::Judgement, judgement);
            rejects.entry(record).or_default().push(problem);
        }
    }

    /// Where a record stands that was deferred.
    pub(super) fn position(&self, kind: Kind, id: &str) -> InputPosition {
        let found = self
            .positions
            .iter()
            .find(|((k, i), _)| *k == kind && i == id);
        // Only what was deferred is rejected so; a place that is off is no reason to fail the import.
        debug_assert!(found.is_some(), "{kind} {id} was not deferred");
        found.map_or(InputPosition::START, |(_, position)| *position)
    }
}
