//! Blocks: the changes that the passes make, encoded on their thread, packed and written to the journal
//! on another.
//!
//! The passes know the sending end only. So they need no writer: whoever runs them says where blocks go.

use std::sync::mpsc;
use std::thread;

use crate::codec::{self, RecordChange};
use crate::engine::error::EngineError;
use crate::engine::writer::BLOCK_BYTES;
use crate::journal::{JournalError, StagedCommit};

/// Blocks that may wait to be written.
const BLOCKS_WAITING_MAX: usize = 16;

/// Where the passes put their changes.
pub(super) struct BlockSink {
    /// To the thread that writes them; `None` in a dry run.
    blocks: Option<mpsc::SyncSender<Vec<u8>>>,
    encoder: codec::BlockEncoder,
    changes: u64,
}

impl BlockSink {
    fn new(blocks: Option<mpsc::SyncSender<Vec<u8>>>) -> Self {
        Self {
            blocks,
            encoder: codec::BlockEncoder::default(),
            changes: 0,
        }
    }

    /// Adds the change of a record.
    pub(super) fn push(&mut self, change: &RecordChange) -> Result<(), EngineError> {
        self.push_with(|encoder| Ok(encoder.change(change)?))
    }

    /// Adds one change by what encodes it; that is not called in a dry run.
    pub(super) fn push_with(
        &mut self,
        encode: impl FnOnce(&mut codec::BlockEncoder) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        self.changes += 1;
        if self.blocks.is_some() {
            encode(&mut self.encoder)?;
            self.close_block_of(BLOCK_BYTES)?;
        }
        Ok(())
    }

    /// Closes the last block. Gives how many changes there are.
    pub(super) fn finish(mut self) -> Result<u64, EngineError> {
        self.close_block_of(1)?;
        Ok(self.changes)
    }

    /// Closes the block when it has `bytes` or more.
    fn close_block_of(&mut self, bytes: usize) -> Result<(), EngineError> {
        if self.encoder.bytes() >= bytes
            && let Some(blocks) = &self.blocks
            && let Some(block) = self.encoder.take()?
        {
            // Its thread has ended only if it failed, and then `write_meanwhile` tells why.
            blocks
                .send(block)
                .map_err(|_ended| EngineError::Panicked("the thread that writes blocks"))?;
        }
        Ok(())
    }
}

/// Runs the passes, and writes the blocks that they make to a staged commit meanwhile. Nothing is
/// written when there is none.
///
/// # Errors
///
/// What the writing says, then what the passes say. The blocks that were staged are removed.
pub(super) fn write_meanwhile<T>(
    staged: Option<StagedCommit<'_>>,
    passes: impl FnOnce(BlockSink) -> Result<T, EngineError>,
) -> Result<(T, Option<StagedCommit<'_>>), EngineError> {
    let (result, written) = thread::scope(|scope| {
        let Some(mut staged) = staged else {
            return (passes(BlockSink::new(None)), None);
        };
        let (blocks, waiting) = mpsc::sync_channel::<Vec<u8>>(BLOCKS_WAITING_MAX);
        let writer = scope.spawn(move || {
            waiting.iter().try_for_each(|block| staged.block(&block))?;
            Ok::<_, JournalError>(staged)
        });
        // The passes own the sending end, so that the thread ends with them whatever happens.
        let result = passes(BlockSink::new(Some(blocks)));
        (result, Some(writer.join()))
    });
    // Where writing has failed, the passes have broken off for that reason.
    let staged = match written {
        Some(written) => {
            let panicked = |_logged| EngineError::Panicked("the thread that writes blocks");
            Some(written.map_err(panicked)??)
        }
        None => None,
    };
    Ok((result?, staged))
}
