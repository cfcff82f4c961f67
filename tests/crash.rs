//! `kill -9` at any moment: what was acknowledged is there, and of an import everything or nothing.
//!
//! `CHANCERY_CRASH_ROUNDS` sets the kills of each test, 5 when it is not set.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::hash_map::RandomState;
use std::fmt::Write as _;
use std::fs;
use std::hash::BuildHasher as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::command::{Ended, Served, chancery, run};

const EVENTS: usize = 30_000;

fn rounds() -> u32 {
    let set = std::env::vars().find(|(name, _)| name == "CHANCERY_CRASH_ROUNDS");
    set.map_or(5, |(_, rounds)| rounds.parse().unwrap())
}

/// Somewhere in the part of `whole` that is this round's, so that the rounds cover all of it.
fn moment(round: u32, rounds: u32, whole: Duration) -> Duration {
    let chance = RandomState::new().hash_one(round) % 1_000;
    let share = f64::from(round) + f64::from(u32::try_from(chance).unwrap()) / 1_000.0;
    whole.mul_f64(share / f64::from(rounds))
}

fn on_data(command: &str, data: &Path) -> Ended {
    run([command, "--data", data.to_str().unwrap()])
}

/// The record in `data`, after its checksums were looked at.
fn whole_record(data: &Path) -> String {
    let verified = on_data("verify", data);
    let said = &verified.stderr;
    assert!(
        said.is_empty() || said.contains("unfinished import"),
        "{said}"
    );
    verified.done();
    on_data("export", data).done()
}

/// A hundred states and what they did to each other.
fn events(file: &Path) {
    let mut text = String::new();
    for state in 0..100 {
        writeln!(
            text,
            r#"{{"record":"actor","id":"s{state}","kind":"state","name":"State {state}"}}"#
        )
        .unwrap();
    }
    for event in 0..EVENTS {
        let (a, b) = (event % 100, (event * 7 + 1 + event / 100) % 100);
        let (month, day) = (event % 12 + 1, event % 28 + 1);
        writeln!(
            text,
            r#"{{"record":"event","id":"e{event}","cameo":"04{}","date":"2023-{month:02}-{day:02}","participants":[{{"actor":"s{a}","role":"source"}},{{"actor":"State {b}","role":"target"}}]}}"#,
            event % 7
        )
        .unwrap();
    }
    fs::write(file, text).unwrap();
}

#[test]
fn of_an_import_that_is_killed_everything_is_there_or_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("events.jsonl");
    events(&file);
    let import = |data: &Path| {
        let mut command = chancery();
        command.arg("import").arg(&file).arg("--data").arg(data);
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };

    let undisturbed = dir.path().join("undisturbed");
    let start = Instant::now();
    assert!(import(&undisturbed).wait().unwrap().success());
    let takes = start.elapsed();
    let everything = whole_record(&undisturbed);
    assert_eq!(everything.lines().count(), EVENTS + 100);

    let (rounds, mut killed) = (rounds(), 0);
    // What a killed import left is taken on by the next, until one comes to its end.
    let mut data = dir.path().join("0");
    for round in 0..rounds {
        let wait = moment(round, rounds, takes);
        let mut child = import(&data);
        thread::sleep(wait);
        child.kill().unwrap();
        killed += u32::from(child.wait().unwrap().code().is_none());
        if !data.join("db").exists() {
            continue;
        }
        let found = whole_record(&data);
        if found == everything {
            data = dir.path().join(format!("{}", round + 1));
        } else {
            let lines = found.lines().count();
            assert_eq!(
                lines, 0,
                "killed after {wait:?} of {takes:?}: {lines} records are there"
            );
        }
    }
    assert!(
        killed * 2 > rounds,
        "{killed} of {rounds} imports were still running"
    );
    // And one that is left alone does not mind what went before it.
    assert!(import(&data).wait().unwrap().success());
    assert_eq!(whole_record(&data), everything);
}

#[test]
fn every_acknowledged_write_is_there_after_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut acknowledged = Vec::new();
    let rounds = rounds();
    for round in 0..rounds {
        let served = Served::start(chancery().env("CHANCERY_DATA", &data));
        let url = format!("http://{}/api/v1/actors", served.address);
        let (sender, receiver) = mpsc::channel();
        let writers: Vec<_> = (0..3)
            .map(|writer| {
                let (url, sender) = (url.clone(), sender.clone());
                thread::spawn(move || {
                    for nth in 0.. {
                        let id = format!("r{round}-w{writer}-{nth}");
                        let body = format!(r#"{{"id":"{id}","kind":"person","name":"Nr {id}"}}"#);
                        let sent = ureq::post(&url)
                            .header("Content-Type", "application/json")
                            .send(&body);
                        match sent {
                            Ok(answer) => assert_eq!(answer.status(), 201),
                            // The service is gone.
                            Err(_) => return,
                        }
                        sender.send(id).unwrap();
                    }
                })
            })
            .collect();
        drop(sender);
        // Not before it writes, so that no round is idle.
        acknowledged.push(receiver.recv().unwrap());
        thread::sleep(moment(round, rounds, Duration::from_millis(400)));
        drop(served);
        for writer in writers {
            writer.join().unwrap();
        }
        acknowledged.extend(receiver);

        let record = whole_record(&data);
        let lost: Vec<_> = acknowledged
            .iter()
            .filter(|id| !record.contains(&format!("\"id\":\"{id}\"")))
            .collect();
        assert!(
            lost.is_empty(),
            "of {} writes are lost: {lost:?}",
            acknowledged.len()
        );
        // At most one write of each writer of each round was under way.
        let more = record.lines().count() - acknowledged.len();
        assert!(
            more <= 3 * (usize::try_from(round).unwrap() + 1),
            "{more} were never answered"
        );
    }
}
