//! The journal from outside: what is written is read, what is broken is found.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fs;
use std::path::Path;
use std::thread::{self, sleep};
use std::time::Duration;

use chancery::journal::{
    Journal, JournalError, JournalPlace, MAX_BLOCK_BYTES, MAX_HEADER_BYTES, ReadOnlyJournal,
};
use proptest::prelude::*;
use tempfile::{TempDir, tempdir};

/// Bytes that do not compress, the same for the same seed.
fn noise(seed: u64, bytes: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[3]
    };
    (0..bytes).map(|_| next()).collect()
}

type Plain = (Vec<u8>, Vec<Vec<u8>>);

fn all(journal: &Journal) -> Vec<Plain> {
    let commits = journal.reader().commits(1);
    commits
        .map(|commit| {
            let commit = commit.unwrap();
            (
                commit.header().to_vec(),
                commit.blocks().map(Result::unwrap).collect(),
            )
        })
        .collect()
}

fn open(dir: &TempDir) -> Journal {
    Journal::open(dir.path()).unwrap().0
}

/// Opens sled itself, once no thread of a store just closed holds its lock any more.
fn open_sled(dir: &Path) -> sled::Result<sled::Db> {
    loop {
        match sled::Config::new().path(dir).flush_every_ms(None).open() {
            Err(error) if error.to_string().contains("acquire lock") => sleep(WAIT),
            opened => return opened,
        }
    }
}

const WAIT: Duration = Duration::from_millis(20);

/// Changes the sled store behind the journal's back.
fn tamper(dir: &Path, change: impl FnOnce(&sled::Db)) {
    let db = open_sled(dir).unwrap();
    change(&db);
    db.flush().unwrap();
}

fn key(commit: u64, block: u32, part: u16) -> Vec<u8> {
    [
        &commit.to_be_bytes()[..],
        &block.to_be_bytes(),
        &part.to_be_bytes(),
    ]
    .concat()
}

#[test]
fn what_is_appended_is_read_back_also_after_reopening() {
    let dir = tempdir().unwrap();
    let mut journal = open(&dir);
    let large = noise(1, 300_000);
    let commits: Vec<Plain> = vec![
        (b"no blocks".to_vec(), vec![]),
        (vec![], vec![vec![]]),
        (b"small".to_vec(), vec![b"one".to_vec()]),
        (b"inside, compressed".to_vec(), vec![vec![7; 100_000]]),
        (b"alone in parts".to_vec(), vec![large.clone()]),
        (
            vec![1; MAX_HEADER_BYTES],
            vec![large, vec![], vec![5; 7000], noise(2, MAX_BLOCK_BYTES)],
        ),
    ];
    for (number, (header, blocks)) in (1..).zip(&commits) {
        let blocks: Vec<&[u8]> = blocks.iter().map(Vec::as_slice).collect();
        assert_eq!(journal.append(header, &blocks).unwrap(), number);
    }
    journal.sync().unwrap();
    assert_eq!(all(&journal), commits);
    drop(journal);

    let (journal, opened) = Journal::open(dir.path()).unwrap();
    assert_eq!(
        (opened.commits, opened.rolled_back_blocks, opened.created),
        (6, 0, false)
    );
    assert_eq!(all(&journal), commits);
    let verified = journal.reader().verify();
    assert_eq!(verified.damage, []);
    assert_eq!((verified.commits, verified.blocks), (6, 8));
    assert!(journal.reader().commit(0).unwrap().is_none());
    assert!(journal.reader().commit(7).unwrap().is_none());
    assert_eq!(journal.reader().commits(5).count(), 2);
}

#[test]
fn order_holds_past_256_commits_and_a_small_commit_is_one_key() {
    let dir = tempdir().unwrap();
    let mut journal = open(&dir);
    for number in 1..=600_u64 {
        assert_eq!(
            journal.append(&number.to_be_bytes(), &[b"x"]).unwrap(),
            number
        );
    }
    drop(journal);
    let journal = open(&dir);
    let numbers: Vec<Vec<u8>> = all(&journal)
        .into_iter()
        .map(|(header, _)| header)
        .collect();
    assert_eq!(
        numbers,
        (1..=600_u64)
            .map(|n| n.to_be_bytes().to_vec())
            .collect::<Vec<_>>()
    );
    drop(journal);
    tamper(dir.path(), |db| {
        assert_eq!(db.open_tree("journal").unwrap().len(), 600);
    });
}

#[test]
fn values_never_spill_into_blob_files() {
    let dir = tempdir().unwrap();
    let mut journal = open(&dir);
    let mut staged = journal.begin().unwrap();
    for seed in 0..150 {
        staged.block(&noise(seed, 128 * 1024)).unwrap();
    }
    staged.finish(&[9; MAX_HEADER_BYTES]).unwrap();
    for seed in 0..300 {
        journal
            .append(&noise(seed, MAX_HEADER_BYTES), &[&noise(seed, 2000)])
            .unwrap();
    }
    journal.sync().unwrap();
    assert_eq!(fs::read_dir(dir.path().join("blobs")).unwrap().count(), 0);
}

#[test]
fn a_staged_commit_reads_back_while_staging_and_exists_once_finished() {
    let mut journal = Journal::temporary().unwrap();
    let reader = journal.reader().clone();
    let blocks: Vec<Vec<u8>> = (0..20).map(|seed| noise(seed, 50_000)).collect();
    let mut staged = journal.begin().unwrap();
    for block in &blocks {
        staged.block(block).unwrap();
    }
    assert_eq!(
        staged.blocks().map(Result::unwrap).collect::<Vec<_>>(),
        blocks
    );
    assert!(reader.is_empty() && reader.commits(1).next().is_none());
    assert_eq!(reader.verify().damage, []);
    assert_eq!(staged.finish(b"import").unwrap(), 1);
    assert_eq!(all(&journal), [(b"import".to_vec(), blocks)]);
}

#[test]
fn an_abandoned_commit_leaves_nothing() {
    let mut journal = Journal::temporary().unwrap();
    let mut staged = journal.begin().unwrap();
    staged.block(&noise(1, 100_000)).unwrap();
    staged.abandon().unwrap();
    let mut staged = journal.begin().unwrap();
    staged.block(&noise(2, 100_000)).unwrap();
    drop(staged);
    journal
        .begin()
        .unwrap()
        .finish(&[0; MAX_HEADER_BYTES + 1])
        .unwrap_err();
    assert_eq!(journal.append(b"next", &[]).unwrap(), 1);
    let verified = journal.reader().verify();
    assert_eq!((verified.damage, verified.unfinished_keys), (vec![], 0));
    assert_eq!(all(&journal), [(b"next".to_vec(), vec![])]);
}

#[test]
fn too_large_is_refused_with_nothing_written() {
    let mut journal = Journal::temporary().unwrap();
    let block = vec![0; MAX_BLOCK_BYTES + 1];
    let error = journal.append(b"", &[b"fine", &block]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a block of 2097153 bytes exceeds the limit of 2097152; split it"
    );
    let error = journal.append(&[0; MAX_HEADER_BYTES + 1], &[]).unwrap_err();
    assert!(
        matches!(
            error,
            JournalError::TooLarge {
                what: "a header",
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(journal.poisoned(), None);
    assert_eq!(journal.append(b"", &[&block[1..]]).unwrap(), 1);
}

#[test]
fn an_unfinished_commit_is_rolled_back_on_opening() {
    let dir = tempdir().unwrap();
    let mut journal = open(&dir);
    journal.append(b"kept", &[b"kept"]).unwrap();
    let mut staged = journal.begin().unwrap();
    for seed in 0..3 {
        staged.block(&noise(seed, 20_000)).unwrap();
    }
    staged.finish(b"cut off").unwrap();
    drop(journal);
    // As a crash just before the END entry leaves it.
    tamper(dir.path(), |db| {
        assert!(
            db.open_tree("journal")
                .unwrap()
                .remove(key(2, u32::MAX, 0))
                .unwrap()
                .is_some()
        );
    });
    let read_only = ReadOnlyJournal::open(dir.path()).unwrap();
    let verified = read_only.reader().verify();
    assert_eq!(
        (verified.commits, verified.unfinished_keys, verified.damage),
        (1, 9, vec![])
    );
    drop(read_only);
    let (journal, opened) = Journal::open(dir.path()).unwrap();
    assert_eq!((opened.commits, opened.rolled_back_blocks), (1, 3));
    assert_eq!(all(&journal), [(b"kept".to_vec(), vec![b"kept".to_vec()])]);
    drop(journal);
    tamper(dir.path(), |db| {
        assert_eq!(db.open_tree("journal").unwrap().len(), 1);
    });
}

#[test]
fn a_tail_that_no_crash_leaves_is_refused_and_kept() {
    let dir = tempdir().unwrap();
    open(&dir).append(b"one", &[]).unwrap();
    tamper(dir.path(), |db| {
        db.open_tree("journal")
            .unwrap()
            .insert(key(3, 0, 0), b"?")
            .unwrap();
    });
    let error = Journal::open(dir.path()).unwrap_err();
    assert!(
        matches!(
            &error,
            JournalError::Corrupt {
                place: JournalPlace::Key(_),
                ..
            }
        ),
        "{error}"
    );
    let verified = ReadOnlyJournal::open(dir.path()).unwrap().reader().verify();
    assert_eq!((verified.commits, verified.damage.len()), (1, 1));
    assert_eq!(verified.damage[0].place, JournalPlace::Key(key(3, 0, 0)));
}

#[test]
fn verify_reports_every_damaged_place() {
    let dir = tempdir().unwrap();
    let mut journal = open(&dir);
    for number in 0..6 {
        let blocks = [noise(number, 9_000), noise(number + 100, 9_000)];
        journal.append(b"h", &[&blocks[0], &blocks[1]]).unwrap();
    }
    drop(journal);
    tamper(dir.path(), |db| {
        let tree = db.open_tree("journal").unwrap();
        let mut value = tree.get(key(1, 1, 1)).unwrap().unwrap().to_vec();
        value[17] ^= 1;
        tree.insert(key(1, 1, 1), value).unwrap();
        tree.remove(key(2, u32::MAX, 0)).unwrap();
        for old in tree.scan_prefix(3_u64.to_be_bytes()).keys() {
            tree.remove(old.unwrap()).unwrap();
        }
        // A whole block of another commit, and a key that nothing accounts for.
        let foreign = tree.get(key(6, 0, 0)).unwrap().unwrap();
        tree.insert(key(4, 0, 0), foreign).unwrap();
        tree.insert(key(5, 2, 0), b"stray").unwrap();
        tree.remove(key(6, 0, 1)).unwrap();
    });
    let journal = open(&dir);
    let verified = journal.reader().verify();
    let places: Vec<String> = verified
        .damage
        .iter()
        .map(|d| d.place.to_string())
        .collect();
    let stray = "key 0x0000000000000005000000020000";
    assert_eq!(
        places,
        [
            "block 1 of commit 1",
            "commit 2",
            "commit 3",
            "block 0 of commit 4",
            stray,
            "block 0 of commit 6"
        ]
    );
    assert_eq!(verified.commits, 0);
    let errors = journal.reader().commits(1).filter(Result::is_err).count();
    assert_eq!(errors, 2, "commits 2 and 3 have no END entry");
    let error = journal.reader().commit(2).unwrap_err().to_string();
    assert!(
        error.contains("commit 2") && error.contains("chancery verify"),
        "{error}"
    );
}

#[test]
fn blocks_of_another_attempt_are_found_by_the_end_entry() {
    let (one, two) = (tempdir().unwrap(), tempdir().unwrap());
    open(&one).append(b"h", &[b"first", b"second"]).unwrap();
    open(&two).append(b"h", &[b"other", b"second"]).unwrap();
    let mut other = None;
    tamper(two.path(), |db| {
        other = db.open_tree("journal").unwrap().get(key(1, 0, 0)).unwrap();
    });
    tamper(one.path(), |db| {
        db.open_tree("journal")
            .unwrap()
            .insert(key(1, 0, 0), other.unwrap())
            .unwrap();
    });
    let journal = open(&one);
    let commit = journal.reader().commit(1).unwrap().unwrap();
    let blocks: Vec<_> = commit.blocks().collect();
    assert!(
        matches!(blocks[..], [Ok(_), Err(JournalError::Corrupt { .. })]),
        "{blocks:?}"
    );
    assert_eq!(
        journal.reader().verify().damage[0].place,
        JournalPlace::Commit(1)
    );
}

#[test]
fn a_newer_or_damaged_format_is_refused() {
    let dir = tempdir().unwrap();
    open(&dir).append(b"one", &[]).unwrap();
    let put = |entry: Option<Vec<u8>>| {
        tamper(dir.path(), |db| {
            let meta = db.open_tree("meta").unwrap();
            match entry {
                Some(entry) => meta.insert("format", entry).unwrap(),
                None => meta.remove("format").unwrap(),
            };
        });
        Journal::open(dir.path()).unwrap_err().to_string()
    };
    let entry = |version: u32| {
        let crc = crc32fast::hash(&version.to_be_bytes());
        [version.to_be_bytes(), crc.to_be_bytes()].concat()
    };
    assert_eq!(
        put(Some(entry(3))),
        "the journal has format 3, but this program understands formats 1 to 2; use the program \
         that wrote the journal, or a newer one"
    );
    assert!(put(Some(vec![0; 8])).contains("damage in the journal's format entry"));
    assert!(put(Some(vec![0; 3])).contains("cut short"));
    assert!(put(None).contains("it is missing, though there are commits"));
}

#[test]
fn a_journal_of_format_1_becomes_one_of_format_2_with_the_first_commit() {
    let dir = tempdir().unwrap();
    open(&dir).append(b"one", &[]).unwrap();
    let format = |set: Option<u32>| {
        let mut found = 0;
        tamper(dir.path(), |db| {
            let meta = db.open_tree("meta").unwrap();
            if let Some(version) = set {
                let crc = crc32fast::hash(&version.to_be_bytes());
                let entry = [version.to_be_bytes(), crc.to_be_bytes()].concat();
                meta.insert("format", entry).unwrap();
            }
            let entry = meta.get("format").unwrap().unwrap();
            found = u32::from_be_bytes(entry[..4].try_into().unwrap());
        });
        found
    };
    assert_eq!(format(Some(1)), 1);
    // Whoever only opens it leaves it to programs of before.
    let journal = open(&dir);
    assert_eq!(journal.reader().len(), 1);
    drop(journal);
    assert_eq!(format(None), 1);
    let mut journal = open(&dir);
    journal.append(b"two", &[]).unwrap();
    journal.sync().unwrap();
    drop(journal);
    assert_eq!(format(None), 2);
    assert_eq!(open(&dir).reader().len(), 2);
}

#[test]
fn a_second_opening_is_refused_until_the_first_ends() {
    let dir = tempdir().unwrap();
    let first = open(&dir);
    let error = Journal::open(dir.path()).unwrap_err();
    assert!(matches!(&error, JournalError::Locked { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("in use by another process; stop that process"),
        "{error}"
    );
    drop(first);
    open(&dir);
}

#[test]
fn opening_waits_for_a_holder_that_is_about_to_let_go() {
    let dir = tempdir().unwrap();
    let first = open(&dir);
    let ending = thread::spawn(move || {
        sleep(Duration::from_millis(100));
        drop(first);
    });
    open(&dir);
    ending.join().unwrap();
}

#[test]
fn a_directory_without_a_journal_is_not_made_one_by_reading() {
    let dir = tempdir().unwrap();
    let error = ReadOnlyJournal::open(dir.path()).unwrap_err();
    assert!(matches!(error, JournalError::Missing { .. }), "{error}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    assert!(Journal::open(dir.path()).unwrap().1.created);
}

/// sled issue 1527: the file a crash leaves while opening made every later opening fail.
#[test]
fn an_unfinished_snapshot_of_sled_is_put_aside() {
    let dir = tempdir().unwrap();
    open(&dir).append(b"one", &[b"block"]).unwrap();
    fs::write(dir.path().join("snap.FFFFFFFFFFFFFFFF.generating"), b"cut").unwrap();
    let hazard = open_sled(dir.path());
    assert!(
        matches!(hazard, Err(sled::Error::Corruption { .. })),
        "its cure may go too"
    );
    let (journal, opened) = Journal::open(dir.path()).unwrap();
    assert_eq!((opened.commits, opened.set_aside_files), (1, 1));
    assert_eq!(all(&journal), [(b"one".to_vec(), vec![b"block".to_vec()])]);
    assert!(
        dir.path()
            .join("unfinished-snap.FFFFFFFFFFFFFFFF.generating")
            .exists()
    );
}

#[test]
fn files_that_sled_cannot_read_are_an_error_with_advice_and_stay() {
    let dir = tempdir().unwrap();
    open(&dir).append(b"one", &[b"block"]).unwrap();
    drop(open(&dir));
    let snapshot = fs::read_dir(dir.path()).unwrap().map(Result::unwrap);
    let snapshot = snapshot
        .map(|e| e.path())
        .find(|p| p.to_string_lossy().contains("/snap."));
    let snapshot = snapshot.unwrap();
    let bytes = fs::read(&snapshot).unwrap();
    fs::write(&snapshot, &bytes[..bytes.len() / 2]).unwrap();
    let error = Journal::open(dir.path()).unwrap_err();
    assert!(matches!(error, JournalError::Unopenable { .. }), "{error}");
    assert!(
        error.to_string().contains("restore from a backup"),
        "{error}"
    );
    assert_eq!(fs::read(&snapshot).unwrap(), bytes[..bytes.len() / 2]);
    fs::write(&snapshot, &bytes).unwrap();
    assert_eq!(all(&open(&dir)).len(), 1);
}

/// sled takes a damaged byte for the end of its log and opens without a word.
#[test]
fn acknowledged_commits_that_the_store_dropped_are_missed() {
    let dir = tempdir().unwrap();
    let mut journal = open(&dir);
    for number in 0..50 {
        journal.append(b"h", &[&noise(number, 300)]).unwrap();
    }
    journal.sync().unwrap();
    drop(journal);
    let log = dir.path().join("db");
    let mut bytes = fs::read(&log).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&log, bytes).unwrap();
    for _again in 0..2 {
        let error = Journal::open(dir.path()).unwrap_err().to_string();
        assert!(error.contains("to 50: acknowledged"), "{error}");
    }
    let verified = ReadOnlyJournal::open(dir.path()).unwrap().reader().verify();
    assert!((1..50).contains(&verified.commits), "{verified:?}");
    assert_eq!(
        verified.damage[0].place,
        JournalPlace::Commits(verified.commits + 1, 50)
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// One bit of one stored value, anywhere: reading that commit fails, every other one reads.
    #[test]
    fn a_flipped_bit_is_found(value in 0..64_usize, place in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let dir = tempdir().unwrap();
        let mut journal = open(&dir);
        journal.append(b"a header", &[b"inside"]).unwrap();
        journal.append(b"two", &[&noise(4, 15_000), &[3; 5_000]]).unwrap();
        journal.append(b"three", &[]).unwrap();
        drop(journal);
        let mut commit = 0;
        tamper(dir.path(), |db| {
            let tree = db.open_tree("journal").unwrap();
            let entries: Vec<_> = tree.iter().map(Result::unwrap).collect();
            let (key, old) = &entries[value % entries.len()];
            let mut new = old.to_vec();
            new[place.index(old.len())] ^= 1_u8 << bit;
            tree.insert(key, new).unwrap();
            commit = u64::from(key[7]);
        });
        let journal = open(&dir);
        for number in 1..=3 {
            let read = journal.reader().commit(number).and_then(|found| {
                found.unwrap().blocks().collect::<Result<Vec<_>, _>>()
            });
            prop_assert_eq!(read.is_err(), number == commit);
        }
        let verified = journal.reader().verify();
        prop_assert_eq!(verified.commits, 2);
        prop_assert!(!verified.damage.is_empty());
    }
}
