//! What can go wrong in the journal, and what to do about it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a journal could not be opened, read or written. In every case the data is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// Another process, or another part of this one, has the directory open.
    #[error(
        "the journal in {} is in use by another process; stop that process, or name another data \
         directory", .dir.display()
    )]
    Locked {
        /// The directory.
        dir: PathBuf,
    },
    /// There is no journal to read in the directory.
    #[error("there is no journal in {}; check the name of the data directory", .dir.display())]
    Missing {
        /// The directory.
        dir: PathBuf,
    },
    /// The journal's format is newer than this program.
    #[error(
        "the journal has format {found}, but this program understands {understood}; use the \
         program that wrote the journal, or a newer one"
    )]
    TooNew {
        /// The format version found on disk.
        found: u32,
        /// The versions understood, in words.
        understood: String,
    },
    /// Stored bytes are not what was written.
    #[error(
        "damage in {place}: {what}; run `chancery verify` for every damaged place, then restore \
         from a backup (chancery itself deleted nothing)"
    )]
    Corrupt {
        /// Where.
        place: JournalPlace,
        /// What does not hold.
        what: String,
    },
    /// An earlier write or sync failed, so that what is on disk is no longer known.
    #[error(
        "the journal takes no more writes because an earlier one failed ({cause}); fix the cause \
         and restart: no acknowledged commit is lost"
    )]
    Poisoned {
        /// The message of the failure.
        cause: String,
    },
    /// The disk, or the quota on it, is full.
    #[error("no room left on the disk while {doing}: {source}; make room, then restart")]
    Full {
        /// What was being done.
        doing: &'static str,
        /// The system's own words.
        source: io::Error,
    },
    /// The system refused to read or write a file.
    #[error("{doing} failed in {}: {source}; check the disk and the permissions", .path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The system's own words.
        source: io::Error,
    },
    /// The store below could not open its files.
    #[error(
        "the store in {} cannot be opened: {what}; copy the directory before anything else, then \
         restore from a backup (nothing was deleted)", .dir.display()
    )]
    Unopenable {
        /// The directory.
        dir: PathBuf,
        /// What the store said.
        what: String,
    },
    /// The store below failed.
    #[error("the store failed while {doing}: {source}; run `chancery verify`, then restart")]
    Store {
        /// What was being done.
        doing: &'static str,
        /// The store's own words.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Something to be written is over its limit; nothing was written.
    #[error("{what} of {bytes} bytes exceeds the limit of {limit_bytes}; split it")]
    TooLarge {
        /// What is too large: a header or a block.
        what: &'static str,
        /// Its size.
        bytes: usize,
        /// The limit.
        limit_bytes: usize,
    },
    /// A commit with more blocks than can be numbered.
    #[error("a commit holds at most {limit} blocks; split the import")]
    TooMany {
        /// The limit.
        limit: u32,
    },
}

/// What is to be mended.
enum FailureCause {
    /// What is written.
    Size,
    /// The disk.
    Disk,
    /// The journal as it is.
    State,
}

/// A place in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum JournalPlace {
    /// The entry that holds the format version.
    Format,
    /// A commit as a whole, or its END entry.
    Commit(u64),
    /// All commits of a range, both ends included.
    Commits(u64, u64),
    /// One block of one commit.
    Block {
        /// The commit's number, from 1.
        commit: u64,
        /// The block's number in it, from 0.
        block: u32,
    },
    /// A key that no commit accounts for, in bytes.
    Key(Vec<u8>),
}

impl fmt::Display for JournalPlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format => write!(out, "the journal's format entry"),
            Self::Commit(commit) => write!(out, "commit {commit}"),
            Self::Commits(first, last) => write!(out, "commits {first} to {last}"),
            Self::Block { commit, block } => write!(out, "block {block} of commit {commit}"),
            Self::Key(key) => {
                write!(out, "key 0x")?;
                key.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
            }
        }
    }
}

impl JournalError {
    /// Whether what was to be written is over a limit; nothing is wrong with the journal then.
    pub const fn is_too_large(&self) -> bool {
        matches!(self.cause(), FailureCause::Size)
    }

    /// Whether the disk is full or failed, so that nothing is written until that is mended.
    pub const fn is_of_disk(&self) -> bool {
        matches!(self.cause(), FailureCause::Disk)
    }

    const fn cause(&self) -> FailureCause {
        match self {
            Self::TooLarge { .. } | Self::TooMany { .. } => FailureCause::Size,
            Self::Poisoned { .. } | Self::Full { .. } | Self::Io { .. } | Self::Store { .. } => {
                FailureCause::Disk
            }
            Self::Locked { .. }
            | Self::Missing { .. }
            | Self::TooNew { .. }
            | Self::Corrupt { .. }
            | Self::Unopenable { .. } => FailureCause::State,
        }
    }

    pub(super) fn corrupt(place: JournalPlace, what: impl Into<String>) -> Self {
        Self::Corrupt {
            place,
            what: what.into(),
        }
    }

    pub(super) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        if is_full(&source) {
            Self::Full { doing, source }
        } else {
            Self::Io {
                doing,
                path: path.to_owned(),
                source,
            }
        }
    }

    pub(super) fn sled(doing: &'static str, source: sled::Error) -> Self {
        match source {
            sled::Error::Io(source) if is_full(&source) => Self::Full { doing, source },
            source @ (sled::Error::Io(_)
            | sled::Error::CollectionNotFound(_)
            | sled::Error::Unsupported(_)
            | sled::Error::ReportableBug(_)
            | sled::Error::Corruption { .. }) => Self::Store {
                doing,
                source: Box::new(source),
            },
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}
