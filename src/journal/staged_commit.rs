//! A large commit, written block by block, that exists only once it is finished.

use super::end::EndEntry;
use super::error::JournalError;
use super::frame;
use super::key::{END, Slot};
use super::reader::BlockReader;
use super::{Journal, check_block, check_header};

/// Bytes staged between two flushes, so that what sled has not written yet stays small.
const FLUSH_BYTES: usize = 4 * 1024 * 1024;

/// A commit that is being written. Dropped without [`StagedCommit::finish`], its blocks are removed; if
/// the process dies first, the next opening removes them.
#[derive(Debug)]
pub struct StagedCommit<'a> {
    pub(super) journal: &'a mut Journal,
    pub(super) commit: u64,
    pub(super) count: u32,
    hasher: crc32fast::Hasher,
    unflushed_bytes: usize,
    done: bool,
}

impl<'a> StagedCommit<'a> {
    pub(super) fn new(journal: &'a mut Journal, commit: u64) -> Self {
        let hasher = crc32fast::Hasher::new();
        Self {
            journal,
            commit,
            count: 0,
            hasher,
            unflushed_bytes: 0,
            done: false,
        }
    }

    /// Writes the next block, of at most `MAX_BLOCK_BYTES`.
    ///
    /// # Errors
    ///
    /// `TooLarge` or `TooMany`, after which the commit may go on; anything else poisons the
    /// journal.
    pub fn block(&mut self, block: &[u8]) -> Result<(), JournalError> {
        check_block(block)?;
        if self.count == END {
            return Err(JournalError::TooMany { limit: END });
        }
        let slot = Slot {
            commit: self.commit,
            block: self.count,
        };
        let frame = frame::encode(slot, block)?;
        self.journal.insert(slot, &frame)?;
        self.hasher.update(&frame::checksum(&frame));
        self.count += 1;
        self.unflushed_bytes += frame.len();
        if self.unflushed_bytes >= FLUSH_BYTES {
            self.journal.flush()?;
            self.unflushed_bytes = 0;
        }
        Ok(())
    }

    /// The blocks staged so far, in order, read back from the store.
    pub fn blocks(&self) -> BlockReader<'_> {
        BlockReader::apart(&self.journal.reader, self.commit, self.count, None)
    }

    /// How many blocks are staged.
    pub fn block_count(&self) -> u32 {
        self.count
    }

    /// Ends the commit and returns its number. It is written, not yet synced.
    ///
    /// # Errors
    ///
    /// `TooLarge` for a header over `MAX_HEADER_BYTES` (the blocks are removed); anything else
    /// poisons the journal.
    pub fn finish(mut self, header: &[u8]) -> Result<u64, JournalError> {
        check_header(header)?;
        let content = EndEntry::apart(header, self.count, self.hasher.clone().finalize())?;
        self.journal.end(
            self.commit,
            &frame::encode(Slot::end(self.commit), &content)?,
        )?;
        self.done = true;
        Ok(self.commit)
    }

    /// Removes the blocks, as dropping does, and says whether that worked.
    ///
    /// # Errors
    ///
    /// Any failure poisons the journal; the next opening removes the rest.
    pub fn abandon(mut self) -> Result<(), JournalError> {
        self.done = true;
        self.journal.remove_unfinished(self.commit)
    }
}

impl Drop for StagedCommit<'_> {
    fn drop(&mut self) {
        if !self.done {
            // A failure is not lost: it has poisoned the journal, and the next write tells it.
            drop(self.journal.remove_unfinished(self.commit));
        }
    }
}
