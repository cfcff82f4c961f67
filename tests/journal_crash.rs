//! What is left when the process is killed, and what reaches the disk before it says "written".
//!
//! Keeps out: acknowledging before sled has flushed (37 of 40 kills lost commits), taking sled's
//! flush for an fsync (a power cut loses what was acknowledged), a half-written import that shows.
//!
//! The tests start this binary again as the process to kill.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking, and the process to kill reports on stdout"
)]

use std::env::{current_exe, var_os};
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use chancery::journal::{Journal, JournalError};
use tempfile::tempdir;

const CHILD_ARGS: [&str; 3] = [
    "--exact",
    "journal_crash::the_process_to_kill",
    "--nocapture",
];

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

/// The blocks of commit `number`: every third has three large ones.
fn blocks_of(number: u64) -> Vec<Vec<u8>> {
    if number.is_multiple_of(3) {
        (0..3)
            .map(|block| noise(number * 4 + block, 20_000))
            .collect()
    } else {
        vec![noise(number, 300)]
    }
}

const IMPORT_BLOCKS: u64 = 120;

fn import_block(number: u64, block: u64) -> Vec<u8> {
    noise(number * 1000 + block, 30_000)
}

fn append(journal: &mut Journal, number: u64) -> Result<(), JournalError> {
    let blocks = blocks_of(number);
    let blocks: Vec<&[u8]> = blocks.iter().map(Vec::as_slice).collect();
    journal.append(&number.to_be_bytes(), &blocks)?;
    journal.sync()
}

fn import(journal: &mut Journal, number: u64) -> Result<(), JournalError> {
    let mut staged = journal.begin()?;
    for block in 0..IMPORT_BLOCKS {
        staged.block(&import_block(number, block))?;
    }
    staged.finish(&number.to_be_bytes())?;
    journal.sync()
}

/// What the tests below start and kill. Run among them it does nothing.
#[test]
fn the_process_to_kill() {
    let Some(dir) = var_os("JOURNAL_DIR") else {
        return;
    };
    let mode = var_os("JOURNAL_MODE").unwrap();
    let mut journal = Journal::open(Path::new(&dir)).unwrap().0;
    let first = journal.reader().len() + 1;
    println!("\nopen");
    match mode.to_str().unwrap() {
        "append" => (first..u64::MAX).for_each(|n| acknowledge(n, append(&mut journal, n))),
        "import" => (first..u64::MAX).for_each(|n| acknowledge(n, import(&mut journal, n))),
        "five" => (1..6).for_each(|n| acknowledge(n, append(&mut journal, n))),
        _ => fill(&mut journal),
    }
}

fn acknowledge(number: u64, written: Result<(), JournalError>) {
    written.unwrap();
    println!("ack {number}");
}

fn fill(journal: &mut Journal) {
    for number in 1.. {
        match append(journal, number) {
            Ok(()) => println!("ack {number}"),
            Err(error) => {
                println!("error {error}");
                println!("then {}", journal.append(b"", &[]).unwrap_err());
                println!("sync {}", journal.sync().unwrap_err());
                let read = journal
                    .reader()
                    .commits(1)
                    .take_while(Result::is_ok)
                    .count();
                println!("read {read}");
                return;
            }
        }
    }
}

fn start(program: impl AsRef<OsStr>, args: &[&OsStr], dir: &Path, mode: &str) -> Child {
    Command::new(program)
        .args(args)
        .args(CHILD_ARGS)
        .env("JOURNAL_DIR", dir)
        .env("JOURNAL_MODE", mode)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Starts a writer, kills it after a while, and returns the last number it acknowledged.
fn kill_after(pause: Duration, dir: &Path, mode: &str) -> u64 {
    let mut child = start(current_exe().unwrap(), &[], dir, mode);
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while line != "open\n" {
        line.clear();
        assert_ne!(
            lines.read_line(&mut line).unwrap(),
            0,
            "the writer ended by itself"
        );
    }
    sleep(pause);
    child.kill().unwrap();
    child.wait().unwrap();
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    last_acknowledged(&rest)
}

fn last_acknowledged(output: &str) -> u64 {
    let whole = output.rsplit_once('\n').map_or("", |(lines, _)| lines);
    let numbers = whole.lines().filter_map(|line| line.strip_prefix("ack "));
    numbers
        .map(|number| number.parse().unwrap())
        .max()
        .unwrap_or(0)
}

/// Kills writers again and again on one directory and checks all that is there after each.
fn survives(mode: &str, rounds: u64, longest_ms: u64, expected: impl Fn(u64) -> Vec<Vec<u8>>) {
    let dir = tempdir().unwrap();
    let mut acknowledged = 0;
    let mut rolled_back = 0;
    for round in 0..rounds {
        let pause = Duration::from_millis(round * 7 % rounds * longest_ms / rounds);
        acknowledged = acknowledged.max(kill_after(pause, dir.path(), mode));
        let (journal, opened) = Journal::open(dir.path()).unwrap();
        rolled_back += opened.rolled_back_blocks;
        assert!(
            opened.commits >= acknowledged,
            "round {round}: {opened:?}, {acknowledged} lost"
        );
        for (number, commit) in (1_u64..).zip(journal.reader().commits(1)) {
            let commit = commit.unwrap();
            assert_eq!(commit.header(), number.to_be_bytes());
            let blocks: Vec<Vec<u8>> = commit.blocks().map(Result::unwrap).collect();
            assert!(
                blocks == expected(number),
                "round {round}: commit {number} is another"
            );
        }
        let verified = journal.reader().verify();
        assert_eq!(
            (verified.damage, verified.unfinished_keys),
            (vec![], 0),
            "round {round}"
        );
    }
    assert!(
        acknowledged > 0,
        "no writer got as far as to acknowledge anything"
    );
    println!("{mode}: {acknowledged} acknowledged, {rolled_back} blocks rolled back");
}

#[test]
fn nothing_acknowledged_is_lost_when_the_writer_is_killed() {
    survives("append", 12, 150, blocks_of);
}

#[test]
fn an_import_is_there_as_a_whole_or_not_at_all_when_it_is_killed() {
    let expected = |number| {
        (0..IMPORT_BLOCKS)
            .map(|block| import_block(number, block))
            .collect()
    };
    survives("import", 10, 400, expected);
}

#[test]
#[ignore = "needs strace"]
fn each_sync_is_an_fsync_of_the_log_after_its_last_write() {
    let dir = tempdir().unwrap();
    let trace = dir.path().join("trace");
    let exe = current_exe().unwrap();
    let calls = "trace=write,pwrite64,fsync,fdatasync";
    let args = ["-f", "-y", "-e", calls, "-o"].map(OsStr::new);
    let args = [&args[..], &[trace.as_os_str(), exe.as_os_str()]].concat();
    let child = start("strace", &args, &dir.path().join("journal"), "five");
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());

    let (mut acknowledged, mut writes, mut dirty) = (0, 0, false);
    for line in fs::read_to_string(&trace).unwrap().lines() {
        let log = line.contains("/journal/db>");
        if log && line.contains("pwrite64(") {
            (dirty, writes) = (true, writes + 1);
        } else if log && line.contains("sync(") {
            dirty = false;
        } else if line.contains("write(1<") && line.contains("\"ack ") {
            acknowledged += 1;
            assert!(
                writes > 0,
                "commit {acknowledged} was acknowledged but not written"
            );
            assert!(
                !dirty,
                "commit {acknowledged} was acknowledged before an fsync"
            );
            writes = 0;
        }
    }
    assert_eq!(acknowledged, 5);
}

/// A limit on the size of a file stands for the full disk: both fail the write.
#[test]
fn a_full_disk_poisons_the_journal_and_loses_nothing() {
    let dir = tempdir().unwrap();
    let exe = current_exe().unwrap();
    let script = "trap '' XFSZ; ulimit -f 4096; exec \"$0\" \"$@\"";
    let args = [OsStr::new("-c"), OsStr::new(script), exe.as_os_str()];
    let mut child = start("sh", &args, dir.path(), "full");
    let deadline = Instant::now() + Duration::from_secs(30);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("the writer hangs on a full disk");
        }
        sleep(Duration::from_millis(20));
    }
    let mut output = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut output)
        .unwrap();
    let says = |text: &str| output.lines().any(|line| line.starts_with(text));
    assert!(says("error no room left on the disk while "), "{output}");
    assert!(
        says("then the journal takes no more writes because an earlier one failed"),
        "{output}"
    );
    assert!(says("sync the journal takes no more writes"), "{output}");
    let acknowledged = last_acknowledged(&output);
    let (journal, opened) = Journal::open(dir.path()).unwrap();
    assert!(
        acknowledged > 0 && opened.commits >= acknowledged,
        "{output}"
    );
    assert_eq!(journal.reader().verify().damage, []);
}
