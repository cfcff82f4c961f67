//! One record on its way: resolved, checked against the snapshot and the import so far, added.
//!
//! This is the general way, which decides what is a record and what is a reject. Plain events take a
//! faster one as long as nothing is out of the ordinary about them ([`super::plain_events`]).

use super::Attempt;
use super::diagnostics::subject;
use super::overlay::Overlay;
use crate::codec::RecordChange;
use crate::document::is_id_of_content;
use crate::engine::error::EngineError;
use crate::engine::link_check;
use crate::graph::{Resolution, View};
use crate::ingest::InputPosition;
use crate::model::{Draft, Id, Kind, Name, Record};

impl Attempt<'_> {
    /// Resolves and adds a draft, or rejects it; with it goes whether it is known that its id is that
    /// of its content.
    pub(super) fn resolve_and_add(
        &mut self,
        overlay: &mut Overlay,
        position: InputPosition,
        (draft, is_of_content): (Draft, bool),
    ) -> Result<(), EngineError> {
        let view = &overlay.view;
        let draft = link_check::with_stored_id(view, draft);
        let draft = self.with_periods_as_read(draft, position);
        let (kind, subject) = (draft.kind(), subject(draft.kind(), draft.id().as_str()));
        let is_known = || overlay.has(kind, draft.id());
        let is_of_content = is_of_content || (is_known() && is_id_of_content(&draft));
        if is_of_content
            && !self.request.rewrites
            && let Some((row, stored)) = link_check::stored_as_written(view, &draft)
            && !overlay.builder.has(kind, stored.id())
        {
            self.unchanged.insert((kind, row));
            self.diagnostics.count(kind).same += 1;
            return Ok(());
        }
        let (implied, warnings) = (&self.implied, &mut self.diagnostics.warnings);
        let named_by = (kind, subject.id.clone(), Some(position.line));
        let mut note = |name: &Name, found: Resolution| {
            let (kind, id, line) = &named_by;
            warnings.resolved(view, name, found, (*kind, id.as_deref(), *line));
        };
        let record = match link_check::resolve(view, draft, |name| implied.actor(name), &mut note) {
            Ok(record) => record,
            Err(problems) => {
                self.diagnostics.reject(position, &subject, problems);
                return Ok(());
            }
        };
        let is_known = |source: &Id| self.implied.knows_source(view, source);
        let problems = link_check::unknown_sources_beside(view, &record, is_known);
        if !problems.is_empty() {
            self.diagnostics.reject(position, &subject, problems);
            return Ok(());
        }
        self.warn_of(&record, position);
        self.add(overlay, position, (record, is_of_content))
    }

    /// Says what about a good record is worth a look.
    fn warn_of(&mut self, record: &Record, position: InputPosition) {
        let warnings = &mut self.diagnostics.warnings;
        match record {
            Record::Relation(_) => warnings.relation(record, position),
            Record::Event(_) | Record::Statement(_) => {
                warnings.date_spelling(record, position);
                let id = || (record.kind(), record.id().to_string(), position);
                warnings.dated(record.timing().map(|timing| timing.known), id);
            }
            Record::Source(_) | Record::Actor(_) | Record::Judgement(_) => {}
        }
    }

    /// A draft with the ends of its periods as they are read, which is said once.
    pub(super) fn with_periods_as_read(&mut self, draft: Draft, position: InputPosition) -> Draft {
        if self.request.rewrites {
            return draft;
        }
        let (draft, respelled) = link_check::with_periods_as_read(draft);
        if let Some(date) = &respelled {
            let warnings = &mut self.diagnostics.warnings;
            warnings.period_spelling(&draft, date, position);
        }
        draft
    }

    /// Adds a record to the import, unless it is there already or is to be skipped.
    pub(super) fn add(
        &mut self,
        overlay: &mut Overlay,
        position: InputPosition,
        (record, is_of_content): (Record, bool),
    ) -> Result<(), EngineError> {
        let (kind, id) = (record.kind(), record.id().to_string());
        if let Some(problems) = self.skipped.get(&(kind, id.clone())) {
            let problems = problems.clone();
            self.diagnostics
                .reject(position, &subject(kind, &id), problems);
            return Ok(());
        }
        let view = &overlay.view;
        if let Some(held) = overlay.builder.held(kind, record.id()) {
            if self.says_the_same(view, &held, &record, is_of_content) {
                self.diagnostics.count(kind).same += 1;
            } else {
                self.diagnostics.reject_twin(position, kind, id);
            }
            return Ok(());
        }
        if let Some((row, stored)) = link_check::stored(view, kind, &id)? {
            if self.says_the_same(view, &stored, &record, is_of_content) {
                self.unchanged.insert((kind, row));
                self.diagnostics.count(kind).same += 1;
                return Ok(());
            }
            if self.unchanged.contains(&(kind, row)) {
                self.diagnostics.reject_twin(position, kind, id);
                return Ok(());
            }
            self.diagnostics.count(kind).changed += 1;
        } else {
            self.diagnostics.count(kind).new += 1;
        }
        self.may_repeat |= kind == Kind::Event;
        self.deferred.defer(overlay, position, &record);
        overlay.builder.put(&record)?;
        self.blocks.push(&RecordChange::Put(record))
    }

    fn says_the_same(
        &self,
        view: &View,
        stored: &Record,
        record: &Record,
        is_of_content: bool,
    ) -> bool {
        if self.request.rewrites {
            return stored == record;
        }
        link_check::says_the_same(view, stored, record, is_of_content)
    }
}
