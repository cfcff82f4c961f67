//! Looking at every key and every byte, and telling all that is wrong.

use super::end::{self, EndEntry};
use super::error::{JournalError, JournalPlace};
use super::frame;
use super::key::{END, Slot};
use super::reader::{Reader, place};

/// What a verification found.
#[derive(Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifyReport {
    /// Commits that are whole.
    pub commits: u64,
    /// Blocks that are whole, those inside END entries included.
    pub blocks: u64,
    /// Bytes of all whole headers and blocks, uncompressed.
    pub bytes: u64,
    /// Keys of a commit that never ended, which the next opening for writing rolls back.
    pub unfinished_keys: u64,
    /// Every damaged place, in the order of the log. Empty: the journal is whole.
    pub damage: Vec<Damage>,
}

/// One damaged place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Damage {
    /// Where.
    pub place: JournalPlace,
    /// What does not hold, and what that means.
    pub what: String,
}

impl Reader {
    /// Reads everything: checksums, versions, numbering, block counts, keys that belong nowhere.
    /// Never stops at the first damage, changes nothing. Commits appended meanwhile are left out.
    pub fn verify(&self) -> VerifyReport {
        let mut report = VerifyReport::default();
        let last = self.len();
        let mut previous = 0;
        self.check_before_the_first(&mut report);
        while previous < last {
            let number = self.next_number(previous, last, &mut report);
            if number > previous + 1 {
                let place = missing(previous + 1, number - 1);
                report.damage(place, "no part of it is stored; restore from a backup");
            }
            if number > last {
                break;
            }
            self.check_commit(number, &mut report);
            previous = number;
        }
        self.check_after_the_last(last, &mut report);
        if let Some((place, what)) = self.lost(last) {
            report.damage(place, what);
        }
        report
    }

    /// What to say if commits that were synced are no longer there.
    pub(super) fn lost(&self, last: u64) -> Option<(JournalPlace, &'static str)> {
        (last < self.synced_commit).then(|| {
            let what = "acknowledged, but the store found a damaged place and dropped \
                        everything after it";
            (missing(last + 1, self.synced_commit), what)
        })
    }

    fn check_before_the_first(&self, report: &mut VerifyReport) {
        for key in self
            .tree
            .range(
                ..Slot {
                    commit: 1,
                    block: 0,
                }
                .key(0),
            )
            .keys()
        {
            report.stray_or_unreadable(key, JournalPlace::Commit(0));
        }
    }

    /// The next commit of which a key is stored, `last + 1` if there is none.
    fn next_number(&self, previous: u64, last: u64, report: &mut VerifyReport) -> u64 {
        let from = Slot {
            commit: previous + 1,
            block: 0,
        }
        .key(0);
        match self.tree.range(from..).keys().next() {
            None => last + 1,
            Some(Ok(key)) => commit_of(&key).clamp(previous + 1, last + 1),
            Some(Err(error)) => {
                report.damage(JournalPlace::Commit(previous + 1), unreadable(&error));
                previous + 1
            }
        }
    }

    fn check_commit(&self, number: u64, report: &mut VerifyReport) {
        let before = report.damage.len();
        let end = self
            .commit(number)
            .map(|commit| commit.map(|commit| commit.end));
        let parts = match end {
            Ok(Some(end)) => self.check_blocks(number, &end, report),
            Ok(None) => return,
            Err(error) => {
                let what = format!("{}; none of the commit can be used", text(&error));
                report.damage(JournalPlace::Commit(number), what);
                // Without the END entry nobody knows which keys belong.
                return;
            }
        };
        self.check_keys(number, &parts, report);
        if report.damage.len() == before {
            report.commits += 1;
        }
    }

    /// Checks every block; answers how many parts each has, `None` where that cannot be known.
    fn check_blocks(
        &self,
        number: u64,
        end: &EndEntry,
        report: &mut VerifyReport,
    ) -> Vec<Option<u16>> {
        report.bytes += wide(end.header.len());
        let (count, checksum) = match &end.blocks {
            end::BlockRange::Inside(block) => {
                report.bytes += wide(block.len());
                report.blocks += 1;
                return Vec::new();
            }
            end::BlockRange::Apart { count, checksum } => (*count, *checksum),
        };
        let mut hasher = crc32fast::Hasher::new();
        let mut parts = Vec::new();
        for block in 0..count {
            let slot = Slot {
                commit: number,
                block,
            };
            let checked = self.check_block(slot, &mut hasher);
            match checked {
                Ok(bytes) => {
                    report.blocks += 1;
                    report.bytes += wide(bytes);
                    let counted = self.count_parts(slot);
                    let counted = counted.map_err(|what| report.damage(place(slot), what));
                    parts.push(counted.ok());
                }
                Err(what) => {
                    let what = format!("{what}; the commit cannot be used without it");
                    report.damage(place(slot), what);
                    parts.push(None);
                }
            }
        }
        if parts.iter().all(Option::is_some) && hasher.finalize() != checksum {
            let what = "its blocks are complete but do not belong to its END entry";
            report.damage(JournalPlace::Commit(number), what);
        }
        parts
    }

    fn check_block(&self, slot: Slot, hasher: &mut crc32fast::Hasher) -> Result<usize, String> {
        let frame = self.frame(slot).map_err(|error| text(&error))?;
        let frame = frame.ok_or_else(|| "it is missing".to_owned())?;
        let block = frame::decode(slot, &frame)?;
        hasher.update(&frame::checksum(&frame));
        Ok(block.len())
    }

    /// How many parts the whole block at `slot` is made of.
    fn count_parts(&self, slot: Slot) -> Result<u16, String> {
        let part = |part| match self.tree.get(slot.key(part)) {
            Ok(Some(part)) => Ok(part),
            Ok(None) => Err(format!("part {part} existed and has disappeared")),
            Err(error) => Err(unreadable(&error)),
        };
        let first = part(0)?;
        let total = frame::total_bytes(&first)?;
        let mut bytes = first.len();
        let mut parts = 1;
        while bytes < total {
            bytes += part(parts)?.len();
            parts += 1;
        }
        Ok(parts)
    }

    /// Finds keys under the commit's number that its END entry does not account for.
    fn check_keys(&self, number: u64, parts: &[Option<u16>], report: &mut VerifyReport) {
        let from = Slot {
            commit: number,
            block: 0,
        }
        .key(0);
        let to = Slot::end(number).key(u16::MAX);
        for key in self.tree.range(from..=to).keys() {
            let Ok(key) = key else {
                report.stray_or_unreadable(key, JournalPlace::Commit(number));
                return;
            };
            let known = Slot::parse(&key).is_some_and(|(slot, part)| {
                // A number that no list has is no block's.
                let block = usize::try_from(slot.block)
                    .ok()
                    .and_then(|block| parts.get(block));
                match block {
                    Some(Some(count)) => part < *count,
                    Some(None) => true,
                    None => slot.block == END && part == 0,
                }
            });
            if !known {
                report.stray_or_unreadable(Ok(key), JournalPlace::Commit(number));
            }
        }
    }

    fn check_after_the_last(&self, last: u64, report: &mut VerifyReport) {
        let from = Slot::end(last).key(u16::MAX);
        for key in self.tree.range(from..).keys() {
            match key {
                Ok(key) => match Slot::parse(&key) {
                    // Appended since the check began.
                    Some((slot, _)) if slot.commit <= self.len() => break,
                    Some((slot, _)) if slot.commit == last + 1 && slot.block != END => {
                        report.unfinished_keys += 1;
                    }
                    _ => report.stray_or_unreadable(Ok(key), JournalPlace::Commit(last)),
                },
                Err(error) => {
                    report.stray_or_unreadable(Err(error), JournalPlace::Commit(last));
                    break;
                }
            }
        }
    }
}

impl VerifyReport {
    fn damage(&mut self, place: JournalPlace, what: impl Into<String>) {
        self.damage.push(Damage {
            place,
            what: what.into(),
        });
    }

    fn stray_or_unreadable(&mut self, key: sled::Result<sled::IVec>, near: JournalPlace) {
        match key {
            Ok(key) => {
                let what = "no commit refers to it; it is never read and does no harm, but \
                            something other than this program wrote here";
                self.damage(JournalPlace::Key(key.to_vec()), what);
            }
            Err(error) => self.damage(near, unreadable(&error)),
        }
    }
}

fn missing(first: u64, last: u64) -> JournalPlace {
    if first == last {
        JournalPlace::Commit(first)
    } else {
        JournalPlace::Commits(first, last)
    }
}

/// The commit that a key belongs to, even if the rest of it makes no sense.
fn commit_of(key: &[u8]) -> u64 {
    key.first_chunk()
        .map_or(0, |commit| u64::from_be_bytes(*commit))
}

fn unreadable(error: &sled::Error) -> String {
    format!("the store cannot read its keys ({error}); restore from a backup")
}

/// What an error says, without the advice that a report of many would repeat.
fn text(error: &JournalError) -> String {
    if let JournalError::Corrupt { what, .. } = error {
        what.clone()
    } else {
        error.to_string()
    }
}

/// A number of bytes. The alternative is never taken: no machine has addresses of more bits.
fn wide(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
