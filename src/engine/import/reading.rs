//! Reading: the items of an input, parsed on one thread, their ids of content made on a second, handed
//! to the calling thread in order.

use std::ops::ControlFlow;
use std::sync::mpsc;
use std::thread;

use super::ImportRequest;
use crate::document::Defaults;
use crate::engine::error::EngineError;
#[cfg(test)]
use crate::engine::failpoint;
use crate::ingest::{self, ContentIds, IngestError, Input, Item, Kinds, ReadOptions};
use crate::invariant;

/// Items that the reading thread hands over together.
const BATCH_ITEMS: usize = 256;
/// Batches that may wait to be taken.
const BATCHES_WAITING_MAX: usize = 8;

/// The records of an input to read.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordSelection {
    /// The kinds to decode.
    pub(super) kinds: Kinds,
    /// Whether to report what belongs to no kind.
    pub(super) report_unreadable: bool,
}

/// Reads the selected records and gives them to `take`, which may stop before the last. Gives back what
/// `take` gave.
///
/// # Errors
///
/// What `take` says; when the input can't be read; [`EngineError::Panicked`] when one of the two
/// threads panicked. Then what `take` saw was not all of the input.
pub(super) fn read<T>(
    request: ImportRequest<'_>,
    selection: RecordSelection,
    take: impl FnOnce(&mut dyn Iterator<Item = Item>) -> Result<T, EngineError>,
) -> Result<(T, ingest::ReadSummary), EngineError> {
    let options = ReadOptions {
        format: request.options.format,
        defaults: Defaults {
            dataset: request.options.dataset.clone(),
        },
        kinds: selection.kinds,
        report_unreadable: selection.report_unreadable,
        content_ids: false,
        bytes_read: Some(request.progress.byte_counter()),
    };
    let (parsed, completed, taken) = thread::scope(|scope| {
        let (batches, parsed) = mpsc::sync_channel::<Vec<Item>>(BATCHES_WAITING_MAX);
        let parser = scope.spawn(move || {
            invariant::observe(|| {
                #[cfg(test)]
                failpoint::reach("the parser", &request.options.id);
                read_in_batches(request.input, &options, &batches)
            })
        });
        let (completed, items) = mpsc::sync_channel::<Vec<Item>>(BATCHES_WAITING_MAX);
        let ids = scope.spawn(move || {
            invariant::observe(|| {
                #[cfg(test)]
                failpoint::reach("the ids", &request.options.id);
                complete_ids(&parsed, &completed);
            })
        });
        let taken = take(&mut items.iter().flatten());
        // Those that are still at work stop when nobody takes their batches.
        drop(items);
        (parser.join(), ids.join(), taken)
    });
    // A panic comes first: it cuts the items short, and whatever `take` made of them is worth nothing.
    let parsed =
        parsed.map_err(|_logged| EngineError::Panicked("the thread that parses the input"))?;
    let completed = completed
        .map_err(|_logged| EngineError::Panicked("the thread that makes ids of content"))?;
    invariant::joined(completed);
    let parsed = invariant::joined(parsed);
    let taken = taken?;
    let summary = parsed?;
    request.progress.end_reading();
    Ok((taken, summary))
}

/// Reads an input and hands its items over in batches, until they are taken no more.
fn read_in_batches(
    input: &Input,
    options: &ReadOptions<'_>,
    batches: &mpsc::SyncSender<Vec<Item>>,
) -> Result<ingest::ReadSummary, IngestError> {
    let mut batch = Vec::with_capacity(BATCH_ITEMS);
    let summary = ingest::read(input, options, &mut |item| {
        // Plain events come many at once.
        let is_batch = matches!(item, Item::Events(_));
        batch.push(item);
        if batch.len() < BATCH_ITEMS && !is_batch {
            return ControlFlow::Continue(());
        }
        match batches.send(std::mem::replace(
            &mut batch,
            Vec::with_capacity(BATCH_ITEMS),
        )) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_gone) => ControlFlow::Break(()),
        }
    })?;
    if batches.send(batch).is_err() {
        tracing::debug!("the import ended before the end of its input");
    }
    Ok(summary)
}

/// Makes the ids of events whose author gave none, until no batch comes or none is taken.
fn complete_ids(read: &mpsc::Receiver<Vec<Item>>, completed: &mpsc::SyncSender<Vec<Item>>) {
    let mut ids = ContentIds::default();
    for mut batch in read {
        for item in &mut batch {
            if let Item::Events(events) = item {
                ids.complete(events);
            }
        }
        // The import broke off, and says why elsewhere.
        if completed.send(batch).is_err() {
            break;
        }
    }
}
