//! The files below: the lock, opening sled, and making its writes durable.
//!
//! Read from the source of sled 0.34.7:
//!
//! - `flush` ends in `sync_file_range` on Linux, which neither writes the file's metadata nor the
//!   disk's own cache. So [`Files::sync`] calls `fdatasync` on `db`, the file that holds the log,
//!   through a descriptor of our own. Linux reports a failed write-back once to each descriptor
//!   that was open at the time: ours hears of it even if sled swallowed its own report.
//! - A page over a quarter of a segment (128 KiB) goes to a file of its own in `blobs/`, which
//!   sled never syncs. A page holds at most 17 values, so values of [`PART_BYTES`] keep the
//!   directory empty; if there is a file nevertheless, it is synced.
//! - `conf` is written once and not synced; `snap.*` is written while opening and synced, the
//!   directory is not. Both are synced after opening.
//! - Opening writes `snap.….generating`, then renames it. A process killed in between leaves it
//!   behind, the next start takes it for a snapshot, and the store cannot be opened again (sled
//!   issues 1166, 1527 and 1533). It was never in use, so it is renamed out of sled's sight.
//! - The timer thread drops the error of its `sync_all`, and a write that it and a writer share
//!   can fail without waking the one who waits. It is turned off: we flush.
//! - A damaged byte in `db` after the last snapshot looks to sled like the end of the log: it opens
//!   without an error, with fewer commits, and overwrites what follows. So the number of the last
//!   synced commit is kept in a file of our own, `synced` (`u64`, then its crc32, big-endian), and
//!   compared on opening. It is written after the sync and not synced itself: it may say too
//!   little, never too much.
//! - The cache evicts only after 64 accesses to one of 256 shards, whatever its capacity: memory
//!   is bounded by the size of a page, hence again by [`PART_BYTES`].

use std::any::Any;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use super::error::JournalError;

/// The largest value given to sled: 17 of them and their keys stay under 128 KiB.
pub(super) const PART_BYTES: usize = 7_000;

/// What sled keeps of its pages: the graph answers, and a journal is read once.
const CACHE_BYTES: u64 = 8 * 1024 * 1024;
/// How often the lock is tried: a child process that is being started while a holder lets go of it
/// keeps a copy until it has become its own program.
const LOCK_TRIES: u32 = 25;
const OPEN_TRIES: u32 = 100;
const OPEN_PAUSE: Duration = Duration::from_millis(20);

/// An open store. Fields are dropped in order: the lock goes last.
#[derive(Debug)]
pub(super) struct Files {
    db: sled::Db,
    log: File,
    mark: File,
    /// The last commit known to have been synced when this store was opened, 0 if not known.
    pub(super) synced_commit: u64,
    dir: PathBuf,
    /// How many unfinished snapshots were put aside while opening.
    pub(super) set_aside: u64,
    _lock: File,
}

impl Files {
    pub(super) fn exist(dir: &Path) -> Result<bool, JournalError> {
        let exist = dir.join("db").try_exists();
        exist.map_err(|e| JournalError::io("looking for a journal", dir, e))
    }

    pub(super) fn open(dir: &Path) -> Result<Self, JournalError> {
        fs::create_dir_all(dir).map_err(|e| JournalError::io("creating the directory", dir, e))?;
        let lock = lock(dir)?;
        let set_aside = set_aside_unfinished_snapshots(dir)
            .map_err(|e| JournalError::io("putting an unfinished snapshot aside", dir, e))?;
        let db = open_sled(dir)?;
        let doing = "syncing the new files";
        let path = dir.join("db");
        let log = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|e| JournalError::io("opening the log for syncing", &path, e))?;
        let (mark, synced_commit) = open_mark(&dir.join("synced"))?;
        sync_names(dir).map_err(|e| JournalError::io(doing, dir, e))?;
        Ok(Self {
            db,
            log,
            mark,
            synced_commit,
            dir: dir.to_owned(),
            set_aside,
            _lock: lock,
        })
    }

    pub(super) fn tree(&self, name: &'static str) -> Result<sled::Tree, JournalError> {
        self.db
            .open_tree(name)
            .map_err(|e| JournalError::sled("opening a tree", e))
    }

    /// Hands everything written so far to the system: what a killed process does not lose.
    pub(super) fn flush(&self) -> Result<(), JournalError> {
        self.db
            .flush()
            .map(|_bytes| ())
            .map_err(|e| JournalError::sled("flushing", e))
    }

    /// Makes everything written so far durable: what a power cut does not lose.
    pub(super) fn sync(&mut self, last_commit: u64) -> Result<(), JournalError> {
        self.flush()?;
        let sync = |e| JournalError::io("syncing the log", &self.dir.join("db"), e);
        self.log.sync_data().map_err(sync)?;
        let blobs = self.dir.join("blobs");
        sync_blobs(&blobs).map_err(|e| JournalError::io("syncing large values", &blobs, e))?;
        let path = self.dir.join("synced");
        let error = |e| JournalError::io("noting the last synced commit", &path, e);
        let number = last_commit.to_be_bytes();
        let note = [&number[..], &crc32fast::hash(&number).to_be_bytes()].concat();
        self.mark.rewind().map_err(error)?;
        self.mark.write_all(&note).map_err(error)
    }
}

fn lock(dir: &Path) -> Result<File, JournalError> {
    let path = dir.join("lock");
    let error = |e| JournalError::io("locking", &path, e);
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(error)?;
    for _try in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => sleep(OPEN_PAUSE),
            Err(TryLockError::Error(e)) => return Err(error(e)),
        }
    }
    Err(JournalError::Locked {
        dir: dir.to_owned(),
    })
}

/// Opens the note of the last synced commit; one that cannot be read counts as 0.
fn open_mark(path: &Path) -> Result<(File, u64), JournalError> {
    let error = |e| JournalError::io("reading the last synced commit", path, e);
    let mut options = OpenOptions::new();
    let mut file = options
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .map_err(error)?;
    let mut note = Vec::new();
    file.read_to_end(&mut note).map_err(error)?;
    let number = note.split_first_chunk::<8>().and_then(|(number, crc)| {
        let whole = crc == crc32fast::hash(number).to_be_bytes();
        whole.then(|| u64::from_be_bytes(*number))
    });
    Ok((file, number.unwrap_or(0)))
}

fn set_aside_unfinished_snapshots(dir: &Path) -> io::Result<u64> {
    let mut count = 0;
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        // What sled calls its files is ASCII, so that this one is none of them.
        let Some(name) = name.to_str() else { continue };
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::rename(dir.join(name), dir.join(format!("unfinished-{name}")))?;
            count += 1;
        }
    }
    Ok(count)
}

/// Opens sled, which on damaged files answers with an error or with a panic.
fn open_sled(dir: &Path) -> Result<sled::Db, JournalError> {
    let config = || {
        sled::Config::new()
            .path(dir)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(None)
    };
    let unopenable = |what: String| {
        Err(JournalError::Unopenable {
            dir: dir.to_owned(),
            what,
        })
    };
    for _try in 0..OPEN_TRIES {
        match catch_unwind(AssertUnwindSafe(|| config().open())) {
            Ok(Ok(db)) => return Ok(db),
            // We hold the lock, so this is a thread of a store just closed that still ends.
            Ok(Err(error)) if error.to_string().contains("could not acquire lock") => {
                sleep(OPEN_PAUSE);
            }
            Ok(Err(sled::Error::Io(error))) => {
                return Err(JournalError::io("opening the store", dir, error));
            }
            Ok(Err(error)) => return unopenable(error.to_string()),
            Err(panic) => return unopenable(panic_text(panic.as_ref())),
        }
    }
    Err(JournalError::Locked {
        dir: dir.to_owned(),
    })
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("it gave no reason").to_owned()
}

/// Syncs what says which files there are.
fn sync_names(dir: &Path) -> io::Result<()> {
    OpenOptions::new()
        .write(true)
        .open(dir.join("conf"))?
        .sync_all()?;
    sync_directory(&dir.join("blobs"))?;
    sync_directory(dir)?;
    match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_directory(parent),
        _ => Ok(()),
    }
}

fn sync_blobs(blobs: &Path) -> io::Result<()> {
    let mut found = false;
    for entry in fs::read_dir(blobs)? {
        match OpenOptions::new().write(true).open(entry?.path()) {
            Ok(blob) => blob.sync_all()?,
            // sled removes those that a newer page replaces.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        found = true;
    }
    if found { sync_directory(blobs) } else { Ok(()) }
}

#[cfg(unix)]
fn sync_directory(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the other systems' version can fail"
)]
fn sync_directory(_dir: &Path) -> io::Result<()> {
    Ok(())
}
