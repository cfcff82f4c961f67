//! Referencing records: events, statements and judgements, in the order of the input, on top of what they name.

use super::Attempt;
use super::diagnostics::subject;
use super::overlay::Overlay;
use super::plain_events::PlainScratch;
use super::referenced::REFERENCED;
use crate::engine::error::EngineError;
use crate::graph::PackedId;
use crate::ingest::{self, EventBatch, EventRow, Item, RowId};
use crate::model::{Id, Kind};

/// The kinds that reference others.
pub(super) const REFERENCING: [Kind; 3] = [Kind::Event, Kind::Statement, Kind::Judgement];

/// Bytes of an input for each plain event that room is set aside for, at the least.
const ROW_BYTES_MIN: u64 = 16;

impl Attempt<'_> {
    /// Adds events, statements and judgements. `false` when something comes that they may name: then the input
    /// has to be read twice.
    pub(super) fn add_referencing(
        &mut self,
        overlay: &mut Overlay,
        items: &mut dyn Iterator<Item = Item>,
    ) -> Result<bool, EngineError> {
        for item in items {
            match item {
                Item::Draft(_, draft) if REFERENCED.contains(&draft.kind()) => return Ok(false),
                Item::Draft(position, draft) => {
                    self.request.progress.add_records(1);
                    self.resolve_and_add(overlay, position, (draft, false))?;
                }
                Item::Events(events) => self.add_events(overlay, *events)?,
                Item::References(references) => self.imply(overlay, *references)?,
                Item::Member(number, name) => self.diagnostics.enter_member(number, name),
                Item::Remark(position, remark) => {
                    self.diagnostics.warnings.remark(position, remark);
                }
                Item::Rejects(rejects) => self.diagnostics.reject_record(rejects),
            }
        }
        Ok(true)
    }

    fn add_events(
        &mut self,
        overlay: &mut Overlay,
        mut events: EventBatch,
    ) -> Result<(), EngineError> {
        if overlay.builder.is_empty() {
            overlay.builder.reserve(self.expected_events(&events));
        }
        self.register(overlay, &mut events)?;
        let count = events.rows.len() as u64;
        self.request.progress.add_records(count);
        let mut scratch = PlainScratch::default();
        let mut rest = events.actors.as_slice();
        let mut new = 0;
        let mut as_written = events.as_written.iter().peekable();
        for (number, row) in events.rows.iter().enumerate() {
            let roles = self.plain.roles(row);
            let split = roles.and_then(|roles| rest.split_at_checked(roles));
            let (names, after) = split.ok_or_else(|| broken_event(&events, row))?;
            rest = after;
            self.diagnostics.warnings.dated(row.days, || {
                let id = events.id(row).map(Id::into_string);
                // An id that is none is heard of below.
                (Kind::Event, id.unwrap_or_default(), row.position)
            });
            // What was stored with the id of before keeps it.
            let before = as_written.next_if(|(of, _)| *of == number);
            let is_new =
                before.is_none_or(|(_, hash)| !overlay.builder.knows_event(PackedId::Hash(*hash)));
            // Ids of their own hide that two say the same.
            self.may_repeat |= matches!(row.id, RowId::Stated(_));
            let event = (&events, row, names);
            if is_new
                && self.skipped.is_empty()
                && self.plain.add(event, &mut overlay.builder, &mut scratch)
            {
                new += 1;
                let plain = &mut self.plain;
                self.blocks
                    .push_with(|encoder| plain.encode(event, encoder, &mut scratch))?;
            } else {
                self.add_as_draft(overlay, event)?;
            }
        }
        self.diagnostics.count(Kind::Event).new += new;
        Ok(())
    }

    /// Sends an event the general way.
    fn add_as_draft(
        &mut self,
        overlay: &mut Overlay,
        (events, row, names): (&EventBatch, &EventRow, &[u32]),
    ) -> Result<(), EngineError> {
        let parts = self.plain.parts(row, names).zip(events.id(row));
        let ((shape, names), id) = parts.ok_or_else(|| broken_event(events, row))?;
        match ingest::draft(&shape, id, row.days, names) {
            Ok(draft) => {
                let is_of_content = matches!(row.id, RowId::Content(_));
                self.resolve_and_add(overlay, row.position, (draft, is_of_content))
            }
            Err(problems) => {
                let event = subject(Kind::Event, "");
                self.diagnostics.reject(row.position, &event, problems);
                Ok(())
            }
        }
    }

    /// About how many plain events the input has, after the first.
    fn expected_events(&self, first: &EventBatch) -> usize {
        // Of a packed input, what has been read tells more, though that is more than was taken.
        let read = self.request.progress.bytes_read();
        let bytes = match first.bytes {
            0 => read,
            bytes => bytes.min(read),
        };
        let bytes = bytes.max(1);
        let input = self.request.input;
        // A little more, so that there is room to the end. A row has some bytes even when packed.
        let all = first.rows.len() as u64 * input.len() / bytes * 17 / 16;
        // Room only: where it does not fit a number, none is set aside.
        usize::try_from(all.min(input.len() / ROW_BYTES_MIN)).unwrap_or_default()
    }
}

/// A row of a batch that does not hold together: its names, its shape or its id are not there.
fn broken_event(events: &EventBatch, row: &EventRow) -> EngineError {
    let id = events.id(row);
    let id = id.as_ref().map_or("without an id", Id::as_str);
    let line = row.position.line;
    EngineError::broken(format!(
        "the parts of event {id} in line {line} do not fit together"
    ))
}
