//! The truth on disk: a log of commits, numbered 1, 2, 3, …
//!
//! A commit is a small header and any number of blocks. The journal stores bytes and does not know
//! what they mean. It is the only module that names sled.
//!
//! # The format, version 2
//!
//! Version 1 is the same without judgements among the records. It is read, and becomes version 2 with the first commit.
//!
//! All numbers are big-endian. The tree `meta` has one key, `format`: the version as a `u32` and
//! the crc32 of these four bytes. The tree `journal` has keys of 14 bytes:
//!
//! | bytes | |
//! | --- | --- |
//! | 0–7 | commit, from 1 |
//! | 8–11 | block, from 0; `ff ff ff ff` is the commit's END entry |
//! | 12–13 | part, from 0: a value longer than 7,000 bytes continues under the next part |
//!
//! The parts of a key, put together, are:
//!
//! | bytes | |
//! | --- | --- |
//! | 0 | version of this layout, 1 |
//! | 1 | compression of the payload: 0 none, 1 lz4 (block format) |
//! | 2–5 | bytes of the content, which is what the payload decompresses to |
//! | 6–9 | bytes of the payload, *n* |
//! | 10–9+*n* | payload |
//! | last 4 | crc32 (IEEE) of the key without its part, then of all bytes before |
//!
//! A block's content is the caller's. An END entry is always one part, and its content is:
//!
//! | bytes | |
//! | --- | --- |
//! | 0 | shape: 0 the blocks have keys of their own, 1 the only block is in here |
//! | 1–4 | number of blocks |
//! | 5–8 | crc32 of the last four bytes of every block's value in order; 0 for shape 1 |
//! | 9–12 | bytes of the header, *h* |
//! | 13–12+*h* | header |
//! | the rest | the block, for shape 1 |
//!
//! A commit exists if its END entry exists. That entry is one insert into sled, which keeps writes
//! in order and after a crash recovers a prefix of them: so a commit is there as a whole or not.
//!
//! Beside sled's own files, the directory has `lock`, held by the process that has it open, and
//! `synced`: the number of the last synced commit (`u64`) and its crc32.
//!
//! # How it can be broken
//!
//! | | opening to write | reading | [`Reader::verify`] |
//! | --- | --- | --- | --- |
//! | blocks after the last END (a crash in an import) | removed and counted | not seen | counted |
//! | blocks of any other number without END | refused after the last END | `Corrupt` | damage |
//! | a bit flipped, a value cut, swapped or of a newer layout | not seen | `Corrupt` | damage |
//! | a block missing; a block of an older attempt | not seen | `Corrupt` | damage |
//! | a commit missing in between | not seen | `Corrupt` | damage |
//! | a key that no END accounts for | kept | not seen | damage |
//! | fewer commits than were synced (sled dropped a damaged tail) | refused | the rest can be read | damage |
//! | the format is newer | refused | refused | refused |
//! | the format entry is damaged, or missing while there are commits | refused | refused | refused |
//! | sled cannot open its files | refused | refused | refused |
//! | sled left an unfinished snapshot (a crash while opening) | put aside and counted | same | same |
//! | a second process | refused | refused | refused |
//!
//! Nothing is deleted but the blocks of the first row. If the very last END entry is lost without
//! a trace, its blocks look like that row; no acknowledged commit ends like this in a crash.

mod end;
mod error;
mod files;
mod frame;
mod key;
mod reader;
mod staged_commit;
mod verify;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use error::{JournalError, JournalPlace};
pub use reader::{BlockReader, Commit, Reader};
pub use staged_commit::StagedCommit;
pub use verify::{Damage, VerifyReport};

use end::EndEntry;
use files::{Files, PART_BYTES};
use key::{END, Slot};

/// The largest header of a commit, so that an END entry is always one part.
pub const MAX_HEADER_BYTES: usize = 4 * 1024;

/// The largest block, before compression. Blocks of 64 to 256 KiB compress and stream well.
pub const MAX_BLOCK_BYTES: usize = 2 * 1024 * 1024;

/// The format that is written. Version 1 had no judgements, and is else the same: a journal of that version becomes
/// one of this with the first commit that this program writes.
const FORMAT: u32 = 2;
/// The first format that is read.
const FIRST_FORMAT: u32 = 1;

/// The journal, open for writing. There is one for a directory; see [`Journal::reader`] for the
/// many.
#[derive(Debug)]
pub struct Journal {
    reader: Reader,
    files: Files,
    unsynced: bool,
    /// Whether the format that is noted is an earlier one.
    is_of_earlier_format: bool,
    poison: Option<String>,
    /// Removed on drop, after the store in it is closed.
    _temporary: Option<tempfile::TempDir>,
}

/// What opening found and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecoveryReport {
    /// How many commits there are.
    pub commits: u64,
    /// Blocks of an unfinished commit that were removed.
    pub rolled_back_blocks: u64,
    /// Unfinished snapshot files of the store that were renamed to `unfinished-snap.…`.
    pub set_aside_files: u64,
    /// Whether the journal was created just now.
    pub created: bool,
}

impl Journal {
    /// Opens the journal in `dir`, or creates it there, and removes the blocks of a commit that
    /// never ended.
    ///
    /// # Errors
    ///
    /// `Locked`, `TooNew`, `Corrupt`, `Unopenable`, `Full`, `Io` or `Store`.
    pub fn open(dir: &Path) -> Result<(Self, RecoveryReport), JournalError> {
        Self::open_in(dir, None)
    }

    /// Whether there is a journal in `dir`.
    ///
    /// # Errors
    ///
    /// `Io` if that can't be seen.
    pub fn exists(dir: &Path) -> Result<bool, JournalError> {
        Files::exist(dir)
    }

    fn open_in(
        dir: &Path,
        temporary: Option<tempfile::TempDir>,
    ) -> Result<(Self, RecoveryReport), JournalError> {
        let created = !Files::exist(dir)?;
        let (files, reader, format) = open_store(dir)?;
        let tail = LogTail::find(&reader.tree)?;
        if let Some((place, what)) = reader.lost(tail.commits) {
            return Err(JournalError::corrupt(place, what));
        }
        // Release: pairs with the acquire in `Reader::len`.
        reader.commits.store(tail.commits, Ordering::Release);
        let set_aside_files = files.set_aside;
        let mut journal = Self {
            reader,
            files,
            unsynced: true,
            is_of_earlier_format: format < FORMAT,
            poison: None,
            _temporary: temporary,
        };
        let rolled_back_blocks = if tail.unfinished {
            let blocks = journal.count_blocks(tail.commits + 1)?;
            journal.remove_unfinished(tail.commits + 1)?;
            blocks
        } else {
            0
        };
        journal.sync()?;
        let commits = tail.commits;
        Ok((
            journal,
            RecoveryReport {
                commits,
                rolled_back_blocks,
                set_aside_files,
                created,
            },
        ))
    }

    /// A new journal in a directory of its own under the system's directory for temporary files,
    /// removed on drop.
    ///
    /// # Errors
    ///
    /// As [`Journal::open`].
    pub fn temporary() -> Result<Self, JournalError> {
        let dir = tempfile::tempdir()
            .map_err(|e| JournalError::io("creating a temporary directory", Path::new("."), e))?;
        let path = dir.path().to_owned();
        Self::open_in(&path, Some(dir)).map(|(journal, _)| journal)
    }

    /// For reading; clone it for other threads.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Writes a commit and returns its number. It survives a kill or a power cut only once
    /// [`Journal::sync`] has returned: do not acknowledge it before. Several appends may share one
    /// sync, which is how many writers share the disk.
    ///
    /// # Errors
    ///
    /// `TooLarge`, with nothing written, for a header over [`MAX_HEADER_BYTES`] or a block over
    /// [`MAX_BLOCK_BYTES`]; `Poisoned` after an earlier failure; anything else poisons the journal.
    pub fn append(&mut self, header: &[u8], blocks: &[&[u8]]) -> Result<u64, JournalError> {
        check_header(header)?;
        blocks.iter().try_for_each(|block| check_block(block))?;
        if let [only] = blocks {
            let commit = self.next_commit()?;
            let frame = frame::encode(Slot::end(commit), &EndEntry::inside(header, only)?)?;
            if frame.len() <= PART_BYTES {
                self.end(commit, &frame)?;
                return Ok(commit);
            }
        }
        let mut staged = self.begin()?;
        blocks.iter().try_for_each(|block| staged.block(block))?;
        staged.finish(header)
    }

    /// Starts a commit that is written block by block. Memory does not grow with it.
    ///
    /// # Errors
    ///
    /// `Poisoned` after an earlier failure.
    pub fn begin(&mut self) -> Result<StagedCommit<'_>, JournalError> {
        let commit = self.next_commit()?;
        Ok(StagedCommit::new(self, commit))
    }

    /// Makes every commit written so far durable: flushed, and synced to the disk.
    ///
    /// # Errors
    ///
    /// `Full`, `Io` or `Store`. A failed sync poisons the journal: the system may have dropped the
    /// unwritten pages, so that a second try could succeed with the data lost.
    pub fn sync(&mut self) -> Result<(), JournalError> {
        self.writable()?;
        if self.unsynced {
            let synced = self.files.sync(self.reader.len());
            self.poison_on_error(synced)?;
            self.unsynced = false;
        }
        Ok(())
    }

    /// Why the journal takes no more writes, if it does not.
    pub fn poisoned(&self) -> Option<&str> {
        self.poison.as_deref()
    }

    fn writable(&self) -> Result<(), JournalError> {
        match &self.poison {
            None => Ok(()),
            Some(cause) => Err(JournalError::Poisoned {
                cause: cause.clone(),
            }),
        }
    }

    fn next_commit(&mut self) -> Result<u64, JournalError> {
        self.writable()?;
        if self.is_of_earlier_format {
            // It stands in the log before the commit, so whoever reads that has read it.
            let noted = self.files.tree("meta").and_then(|meta| note_format(&meta));
            self.poison_on_error(noted)?;
            self.is_of_earlier_format = false;
        }
        Ok(self.reader.len() + 1)
    }

    fn end(&mut self, commit: u64, frame: &[u8]) -> Result<(), JournalError> {
        self.insert(Slot::end(commit), frame)?;
        // Release: pairs with the acquire in `Reader::len`. The entry above happens before.
        self.reader.commits.store(commit, Ordering::Release);
        Ok(())
    }

    fn insert(&mut self, slot: Slot, frame: &[u8]) -> Result<(), JournalError> {
        self.writable()?;
        self.unsynced = true;
        // A block of the largest size has some 300 parts, so that the numbers do not run out.
        for (part, bytes) in (0..=u16::MAX).zip(frame.chunks(PART_BYTES)) {
            let inserted = self.reader.tree.insert(slot.key(part), bytes);
            let inserted = inserted.map_err(|e| JournalError::sled("writing a commit", e));
            self.poison_on_error(inserted)?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), JournalError> {
        let flushed = self.files.flush();
        self.poison_on_error(flushed)
    }

    fn count_blocks(&self, commit: u64) -> Result<u64, JournalError> {
        let mut blocks = 0;
        for key in self.reader.tree.scan_prefix(commit.to_be_bytes()).keys() {
            let key = key.map_err(|e| JournalError::sled("looking for unfinished blocks", e))?;
            blocks += u64::from(Slot::parse(&key).is_some_and(|(_, part)| part == 0));
        }
        Ok(blocks)
    }

    /// Removes what was staged for a commit that has no END entry. From the last key backwards,
    /// so that a crash in between leaves blocks numbered from 0, as any unfinished commit does.
    fn remove_unfinished(&mut self, commit: u64) -> Result<(), JournalError> {
        self.writable()?;
        self.unsynced = true;
        let keys = self
            .reader
            .tree
            .scan_prefix(commit.to_be_bytes())
            .keys()
            .rev();
        for key in keys {
            let removed = key.and_then(|key| self.reader.tree.remove(key));
            let removed = removed.map_err(|e| JournalError::sled("removing unfinished blocks", e));
            self.poison_on_error(removed)?;
        }
        self.flush()
    }

    fn poison_on_error<T>(&mut self, result: Result<T, JournalError>) -> Result<T, JournalError> {
        if let Err(error) = &result {
            self.poison.get_or_insert_with(|| error.to_string());
        }
        result
    }
}

/// A journal open for reading only, as damaged as it may be: nothing is rolled back.
#[derive(Debug)]
pub struct ReadOnlyJournal {
    reader: Reader,
    _files: Files,
}

impl ReadOnlyJournal {
    /// Opens the journal in `dir` to read or verify it.
    ///
    /// # Errors
    ///
    /// As [`Journal::open`], and `Missing` if there is none.
    pub fn open(dir: &Path) -> Result<Self, JournalError> {
        if !Files::exist(dir)? {
            return Err(JournalError::Missing {
                dir: dir.to_owned(),
            });
        }
        let (files, reader, _) = open_store(dir)?;
        // Release: pairs with the acquire in `Reader::len`.
        reader
            .commits
            .store(last_end(&reader.tree)?, Ordering::Release);
        Ok(Self {
            reader,
            _files: files,
        })
    }

    /// For reading; clone it for other threads.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }
}

/// Opens the files and checks the format, but does not look for the last commit.
fn open_store(dir: &Path) -> Result<(Files, Reader, u32), JournalError> {
    let files = Files::open(dir)?;
    let tree = files.tree("journal")?;
    let format = check_format(&files.tree("meta")?, tree.is_empty())?;
    let commits = Arc::new(AtomicU64::new(0));
    let synced_commit = files.synced_commit;
    Ok((
        files,
        Reader {
            tree,
            commits,
            synced_commit,
        },
        format,
    ))
}

/// Notes the format that is written.
fn note_format(meta: &sled::Tree) -> Result<(), JournalError> {
    let crc = crc32fast::hash(&FORMAT.to_be_bytes());
    let entry = [FORMAT.to_be_bytes(), crc.to_be_bytes()].concat();
    let noted = meta.insert("format", entry);
    noted
        .map(drop)
        .map_err(|e| JournalError::sled("noting the format version", e))
}

/// The format that is noted, or of an empty journal the one that is noted now.
fn check_format(meta: &sled::Tree, empty: bool) -> Result<u32, JournalError> {
    let sled = |e| JournalError::sled("reading the format version", e);
    let corrupt = |what| Err(JournalError::corrupt(JournalPlace::Format, what));
    let Some(stored) = meta.get("format").map_err(sled)? else {
        if !empty {
            return corrupt("it is missing, though there are commits");
        }
        return note_format(meta).map(|()| FORMAT);
    };
    let Some((version, crc)) = stored.split_first_chunk::<4>() else {
        return corrupt("it is cut short");
    };
    if crc != crc32fast::hash(version).to_be_bytes() {
        return corrupt("its checksum does not match its bytes");
    }
    match u32::from_be_bytes(*version) {
        found @ FIRST_FORMAT..=FORMAT => Ok(found),
        found => Err(JournalError::TooNew {
            found,
            understood: format!("formats {FIRST_FORMAT} to {FORMAT}"),
        }),
    }
}

/// The number of the last END entry, 0 if there is none.
fn last_end(tree: &sled::Tree) -> Result<u64, JournalError> {
    for key in tree.iter().keys().rev() {
        let key = key.map_err(|e| JournalError::sled("looking for the last commit", e))?;
        if let Some((Slot { commit, block: END }, 0)) = Slot::parse(&key) {
            return Ok(commit);
        }
    }
    Ok(0)
}

/// The end of the log: its last commit, and whether an unfinished one follows.
struct LogTail {
    commits: u64,
    unfinished: bool,
}

impl LogTail {
    /// Refuses a tail that this program cannot have left, rather than remove any of it.
    fn find(tree: &sled::Tree) -> Result<Self, JournalError> {
        let commits = last_end(tree)?;
        let mut unfinished = false;
        let after = if commits == 0 {
            Vec::new()
        } else {
            Slot::end(commits).key(1).to_vec()
        };
        for key in tree.range(after..).keys() {
            let key = key.map_err(|e| JournalError::sled("looking for the last commit", e))?;
            match Slot::parse(&key) {
                Some((slot, _)) if slot.commit == commits + 1 && slot.block != END => {}
                _ => {
                    let what =
                        format!("it lies after the last commit, {commits}, where no block can be");
                    return Err(JournalError::corrupt(JournalPlace::Key(key.to_vec()), what));
                }
            }
            unfinished = true;
        }
        Ok(Self {
            commits,
            unfinished,
        })
    }
}

fn check_header(header: &[u8]) -> Result<(), JournalError> {
    within("a header", header.len(), MAX_HEADER_BYTES)
}

fn check_block(block: &[u8]) -> Result<(), JournalError> {
    within("a block", block.len(), MAX_BLOCK_BYTES)
}

fn within(what: &'static str, bytes: usize, limit_bytes: usize) -> Result<(), JournalError> {
    if bytes <= limit_bytes {
        Ok(())
    } else {
        Err(JournalError::TooLarge {
            what,
            bytes,
            limit_bytes,
        })
    }
}
