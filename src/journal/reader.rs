//! Reading commits and their blocks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::end::{self, EndEntry};
use super::error::{JournalError, JournalPlace};
use super::frame;
use super::key::{END, Slot};

/// Reads commits. Cheap to clone and usable from any thread while commits are appended.
#[derive(Debug, Clone)]
pub struct Reader {
    pub(super) tree: sled::Tree,
    pub(super) commits: Arc<AtomicU64>,
    /// The last commit known to have been synced when the store was opened.
    pub(super) synced_commit: u64,
}

impl Reader {
    /// How many commits there are, which is the number of the last one. Those appended since the
    /// last sync count.
    pub fn len(&self) -> u64 {
        // Acquire: pairs with the release with which the journal stores the number when a commit's END
        // entry is in the store, so that whoever sees the number finds all of the commit.
        self.commits.load(Ordering::Acquire)
    }

    /// Whether nothing was ever committed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The commit with this number, or `None` before 1 and after the last.
    ///
    /// # Errors
    ///
    /// `Corrupt` if its END entry is missing or damaged, `Store` or `Io` if it cannot be read.
    pub fn commit(&self, number: u64) -> Result<Option<Commit<'_>>, JournalError> {
        if number == 0 || number > self.len() {
            return Ok(None);
        }
        let place = JournalPlace::Commit(number);
        let Some(frame) = self.frame(Slot::end(number))? else {
            return Err(JournalError::corrupt(place, "its END entry is missing"));
        };
        let end = frame::decode(Slot::end(number), &frame)
            .and_then(|content| EndEntry::decode(&content))
            .map_err(|what| JournalError::corrupt(place, what))?;
        Ok(Some(Commit {
            reader: self,
            number,
            end,
        }))
    }

    /// The commits from number `from` to the last one at the time of the call, in order. After an
    /// error the iterator goes on with the next commit.
    pub fn commits(&self, from: u64) -> impl Iterator<Item = Result<Commit<'_>, JournalError>> {
        (from.max(1)..=self.len()).filter_map(|number| self.commit(number).transpose())
    }

    /// The value at a slot, put together from its parts, not yet checked.
    pub(super) fn frame(&self, slot: Slot) -> Result<Option<Vec<u8>>, JournalError> {
        let Some(first) = self.get(slot, 0)? else {
            return Ok(None);
        };
        let corrupt = |what: String| JournalError::corrupt(place(slot), what);
        let total = frame::total_bytes(&first).map_err(corrupt)?;
        let mut bytes = Vec::with_capacity(total);
        bytes.extend_from_slice(&first);
        for part in 1..=u16::MAX {
            if bytes.len() >= total {
                break;
            }
            let next = self.get(slot, part)?.filter(|next| !next.is_empty());
            bytes.extend_from_slice(
                &next.ok_or_else(|| corrupt(format!("part {part} is missing")))?,
            );
        }
        if bytes.len() == total {
            Ok(Some(bytes))
        } else {
            Err(corrupt("its parts are longer than it states".to_owned()))
        }
    }

    fn get(&self, slot: Slot, part: u16) -> Result<Option<sled::IVec>, JournalError> {
        self.tree
            .get(slot.key(part))
            .map_err(|e| JournalError::sled("reading a commit", e))
    }
}

/// The place that a slot is called by in messages.
pub(super) fn place(slot: Slot) -> JournalPlace {
    if slot.block == END {
        JournalPlace::Commit(slot.commit)
    } else {
        JournalPlace::Block {
            commit: slot.commit,
            block: slot.block,
        }
    }
}

/// One commit. Its header is in memory, its blocks are read one by one.
#[derive(Debug)]
pub struct Commit<'a> {
    reader: &'a Reader,
    number: u64,
    pub(super) end: EndEntry,
}

impl Commit<'_> {
    /// The commit's number, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The header as given to `append` or `finish`.
    pub fn header(&self) -> &[u8] {
        &self.end.header
    }

    /// How many blocks the commit has.
    pub fn block_count(&self) -> u32 {
        match self.end.blocks {
            end::BlockRange::Apart { count, .. } => count,
            end::BlockRange::Inside(_) => 1,
        }
    }

    /// The blocks in order, each checked; with the last one the checksum over all of them.
    pub fn blocks(&self) -> BlockReader<'_> {
        match &self.end.blocks {
            end::BlockRange::Inside(block) => BlockReader::inside(self.reader, block),
            end::BlockRange::Apart { count, checksum } => {
                BlockReader::apart(self.reader, self.number, *count, Some(*checksum))
            }
        }
    }
}

/// Iterator over the blocks of a commit. Ends after the first error.
#[derive(Debug)]
pub struct BlockReader<'a> {
    reader: &'a Reader,
    commit: u64,
    next: u32,
    count: u32,
    inside: Option<&'a [u8]>,
    hasher: crc32fast::Hasher,
    expected: Option<u32>,
}

impl<'a> BlockReader<'a> {
    fn inside(reader: &'a Reader, block: &'a [u8]) -> Self {
        Self {
            inside: Some(block),
            ..Self::apart(reader, 0, 0, None)
        }
    }

    pub(super) fn apart(
        reader: &'a Reader,
        commit: u64,
        count: u32,
        expected: Option<u32>,
    ) -> Self {
        let hasher = crc32fast::Hasher::new();
        Self {
            reader,
            commit,
            next: 0,
            count,
            inside: None,
            hasher,
            expected,
        }
    }

    fn read(&mut self) -> Result<Vec<u8>, JournalError> {
        let slot = Slot {
            commit: self.commit,
            block: self.next,
        };
        let corrupt = |what| JournalError::corrupt(place(slot), what);
        let frame = self
            .reader
            .frame(slot)?
            .ok_or_else(|| corrupt("it is missing".to_owned()))?;
        let block = frame::decode(slot, &frame).map_err(corrupt)?;
        self.hasher.update(&frame::checksum(&frame));
        self.next += 1;
        if self.next == self.count
            && self
                .expected
                .is_some_and(|expected| self.hasher.clone().finalize() != expected)
        {
            let what = "its blocks are complete but do not belong to its END entry";
            return Err(JournalError::corrupt(
                JournalPlace::Commit(self.commit),
                what,
            ));
        }
        Ok(block)
    }
}

impl Iterator for BlockReader<'_> {
    type Item = Result<Vec<u8>, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(block) = self.inside.take() {
            return Some(Ok(block.to_vec()));
        }
        if self.next >= self.count {
            return None;
        }
        let block = self.read();
        if block.is_err() {
            self.next = self.count;
        }
        Some(block)
    }
}
