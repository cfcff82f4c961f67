//! The commands as users meet them: the built binary, its output, its messages, its exit codes.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::ffi::OsStr;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::command::{Ended, Served, chancery, run};
use serde_json::Value;
use tempfile::TempDir;

fn run_with_input<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>, input: &[u8]) -> Ended {
    let mut child = chancery()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // It may end before it has read everything.
    let writer = thread::spawn(move || stdin.write_all(&input).is_ok());
    let ended = child.wait_with_output().unwrap().into();
    writer.join().unwrap();
    ended
}

/// The article's record.
fn article() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/blinken-2023.json")
}

/// A directory for one test, with a data directory in it that is not there yet.
fn place() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    (dir, data)
}

fn import(file: &Path, data: &Path) -> String {
    run([Path::new("import"), file, Path::new("--data"), data]).done()
}

fn with_data(arguments: &[&str], data: &Path) -> Ended {
    let mut all: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
    all.extend([OsStr::new("--data"), data.as_os_str()]);
    run(all)
}

fn export(data: &Path) -> String {
    with_data(&["export"], data).done()
}

fn commits(data: &Path) -> String {
    with_data(&["verify"], data).done()
}

/// A place with the article's record in it.
fn with_article() -> (TempDir, PathBuf) {
    let (dir, data) = place();
    import(&article(), &data);
    (dir, data)
}

#[test]
fn an_export_imported_elsewhere_gives_the_same_export() {
    let (dir, data) = with_article();
    let other = dir.path().join("other");
    let first = export(&data);
    assert_eq!(first.lines().count(), 50);
    let report = with_input(&["import", "-"], &other, first.as_bytes()).done();
    assert!(report.contains("committed as commit 1"), "{report}");
    assert_eq!(export(&other), first);
}

fn with_input(arguments: &[&str], data: &Path, input: &[u8]) -> Ended {
    let mut all: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
    all.extend([OsStr::new("--data"), data.as_os_str()]);
    run_with_input(all, input)
}

#[test]
fn importing_again_changes_nothing() {
    let (_dir, data) = with_article();
    let (record, before) = (export(&data), commits(&data));
    let report = import(&article(), &data);
    assert!(report.contains("nothing new, nothing written"), "{report}");
    assert_eq!(export(&data), record);
    assert_eq!(commits(&data), before);
}

#[test]
fn a_dry_run_writes_nothing_and_makes_no_directory() {
    let (dir, data) = place();
    let file = article();
    let dry = |data: &Path| {
        let args = [
            "import",
            "--dry-run",
            "--output",
            "json",
            file.to_str().unwrap(),
        ];
        let report: Value = serde_json::from_str(&with_data(&args, data).done()).unwrap();
        assert_eq!(report["status"], "checked");
        report
    };
    assert_eq!(dry(&data)["counts"]["actors"]["new"], 12);
    assert!(!data.exists());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);

    import(&article(), &data);
    let (record, before) = (export(&data), commits(&data));
    assert_eq!(dry(&data)["counts"]["actors"]["same"], 12);
    assert_eq!((export(&data), commits(&data)), (record, before));
}

const BAD: &str = concat!(
    "{\"record\":\"actor\",\"id\":\"usa\",\"kind\":\"state\",\"name\":\"United States\"}\n",
    "{\"record\":\"event\",\"id\":\"call\",\"type\":\"CONSULT\",\"date\":\"2023-02-30\",",
    "\"participants\":[{\"actor\":\"usa\",\"role\":\"source\"},{\"actor\":\"uza\",\"role\":\"tarjet\"}]}\n",
    "{\"record\":\"event\",\"id\":\"talk\",\"type\":\"CONSULT\",",
    "\"participants\":[{\"actor\":\"Unted States\",\"role\":\"source\"}]}\n",
);

#[test]
fn rejects_are_shown_like_the_errors_of_a_compiler() {
    let (dir, data) = place();
    let file = dir.path().join("bad.jsonl");
    fs::write(&file, BAD).unwrap();
    let ended = with_data(&["import", file.to_str().unwrap()], &data);
    assert_eq!(ended.code, Some(1));
    let shown = ended.stderr.replace(dir.path().to_str().unwrap(), "DIR");
    let lines: Vec<&str> = shown.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "DIR/bad.jsonl:2:55: event call: date: February 2023 has 28 days (\"2023-02-30\" is \
             written)",
            "  hint: 2023-02-28",
            "DIR/bad.jsonl:2:138: event call: participants[1].role: is not one of source, target, \
             participant, mediator, host (\"tarjet\" is written)",
            "  hint: target",
            "DIR/bad.jsonl:3:1: event talk: participants[0].actor: no actor has the id, code, \
             name, alias or office \"Unted States\" (nearest: usa (United States))",
            "  hint: usa",
            "error: nothing was imported: 3 problems in 2 records",
            "hint: correct the records listed above, or import the valid ones with --on-error skip",
        ]
    );
    assert!(
        ended.stdout.contains("rejected, nothing written"),
        "{}",
        ended.stdout
    );
    assert_eq!(export(&data), "");
}

#[test]
fn skipping_takes_the_good_records() {
    let (_dir, data) = place();
    let ended = with_input(
        &["import", "-", "--on-error", "skip"],
        &data,
        BAD.as_bytes(),
    );
    assert!(
        ended.stderr.contains("stdin:2:55: event call: date"),
        "{}",
        ended.stderr
    );
    let report = ended.done();
    assert!(
        report.contains("committed as commit 1, without 3 problems in 2 records"),
        "{report}"
    );
    assert_eq!(export(&data).lines().count(), 1);
}

#[test]
fn of_many_rejects_the_first_are_shown_and_the_rest_counted() {
    let (_dir, data) = place();
    let line = "{\"record\":\"actor\",\"kind\":\"country\",\"name\":\"x\"}\n";
    let ended = with_input(&["import", "-"], &data, line.repeat(33).as_bytes());
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.stderr.matches("stdin:").count(), 20);
    assert!(
        ended.stderr.contains("and 13 more problems"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_file_packed_with_gzip_is_read_from_stdin_too() {
    let (_dir, data) = place();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(&fs::read(article()).unwrap()).unwrap();
    let report = with_input(&["import", "-"], &data, &packer.finish().unwrap()).done();
    assert!(report.contains("committed as commit 1"), "{report}");
    assert_eq!(export(&data), export(&with_article().1));
}

#[test]
fn the_data_set_and_the_format_can_be_named() {
    let (_dir, data) = place();
    let line = b"{\"record\":\"actor\",\"id\":\"a\",\"kind\":\"state\",\"name\":\"x\"}";
    let args = ["import", "-", "--dataset", "mine", "--format", "jsonl"];
    with_input(&args, &data, line).done();
    assert!(export(&data).contains("\"dataset\":\"mine\""));
    let wrong = with_input(&["import", "-", "--format", "json"], &data, line);
    assert_eq!(wrong.code, Some(1));
}

#[test]
fn what_can_not_be_read_is_said_and_makes_no_directory() {
    let (dir, data) = place();
    let nothing = dir.path().join("nothing.json");
    for (file, said) in [
        (nothing.as_path(), "check the path"),
        (dir.path(), "name a file in it"),
    ] {
        let ended = with_data(&["import", file.to_str().unwrap()], &data);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(
            ended.stderr.contains("error: can't read "),
            "{}",
            ended.stderr
        );
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
        assert!(!data.exists());
    }
}

#[test]
fn commands_that_read_make_no_directory() {
    let (_dir, data) = place();
    for arguments in [
        &["export"][..],
        &["verify"],
        &["timeline"],
        &["path", "a", "b"],
    ] {
        let ended = with_data(arguments, &data);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let said = format!("error: there are no records in {}\nhint: ", data.display());
        assert!(ended.stderr.starts_with(&said), "{}", ended.stderr);
        assert_eq!(ended.stdout, "");
        assert!(!data.exists(), "{arguments:?} made it");
    }
}

#[test]
fn a_second_process_on_the_same_directory_is_refused() {
    let (_dir, data) = with_article();
    let served = Served::start(chancery().env("CHANCERY_DATA", &data));
    let file = article();
    for arguments in [
        &["export"][..],
        &["verify"],
        &["import", file.to_str().unwrap()],
        &["serve", "--bind", "127.0.0.1:0"],
    ] {
        let ended = with_data(arguments, &data);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let said = format!(
            "error: {} is in use by another process\nhint: ",
            data.display()
        );
        assert!(ended.stderr.starts_with(&said), "{}", ended.stderr);
    }
    drop(served);
    assert_eq!(export(&data).lines().count(), 50);
}

#[test]
fn serve_stops_cleanly_when_asked_to() {
    for signal in ["-INT", "-TERM"] {
        let mut served = Served::start(chancery().env("CHANCERY_DEMO", "1"));
        // A feed that somebody listens to is no reason to go on.
        let mut feed = TcpStream::connect(served.address).unwrap();
        let request =
            "GET /api/v1/changes HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
        feed.write_all(request.as_bytes()).unwrap();
        assert_ne!(feed.read(&mut [0; 64]).unwrap(), 0);
        let id = served.child.id().to_string();
        let start = Instant::now();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
        assert_eq!(served.child.wait().unwrap().code(), Some(0), "{signal}");
        assert!(start.elapsed() < Duration::from_secs(10), "{signal}");
    }
}

#[test]
fn the_command_answers_as_the_service_does() {
    let (_dir, data) = with_article();
    let json = |arguments: &[&str]| -> Value {
        let all = [arguments, &["--format", "json"]].concat();
        serde_json::from_str(&with_data(&all, &data).done()).unwrap()
    };
    let path = [
        "path",
        "Park Jin",
        "DPRK",
        "--from",
        "2023-06",
        "--limit",
        "2",
        "--evidence",
        "1",
    ];
    let path = json(&path);
    let mut timeline = json(&[
        "timeline", "usa", "jpn", "--match", "all", "--type", "consult",
    ]);
    let everything = export(&data);

    let served = Served::start(chancery().env("CHANCERY_DATA", &data));
    let get = |route: &str| {
        let url = format!("http://{}{route}", served.address);
        let mut answer = ureq::get(&url).call().unwrap();
        answer.body_mut().read_to_string().unwrap()
    };
    let served_json = |route: &str| -> Value { serde_json::from_str(&get(route)).unwrap() };
    let route = "/api/v1/paths?source=Park+Jin&target=DPRK&from=2023-06&limit=2&evidence=1";
    assert_eq!(served_json(route), path);
    let route = "/api/v1/timeline?actor=usa&actor=jpn&match=all&type=consult";
    assert_eq!(served_json(route)["items"], timeline["items"].take());
    assert_eq!(get("/api/v1/export"), everything);
    for page in ["/", "/docs/"] {
        assert!(get(page).contains("<html"), "{page}");
    }
}

#[test]
fn serve_says_what_is_wrong_with_its_arguments() {
    let (_dir, data) = place();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let dir = data.to_str().unwrap();
    for (arguments, code, said) in [
        (&["serve"][..], 2, "nothing to serve"),
        (&["serve", "--demo", "--data", dir], 2, "exclude each other"),
        (
            &["serve", "--demo", "--bind", "0.0.0.0:8080"],
            2,
            "no authentication",
        ),
        (
            &["serve", "--demo", "--bind", "[::]:8080"],
            2,
            "listen on 127.0.0.1:8080",
        ),
        (
            &["serve", "--demo", "--bind", "8080"],
            2,
            "not an address and port",
        ),
        (
            &["serve", "--demo", "--bind", "192.0.2.1:80"],
            2,
            "no authentication",
        ),
        (
            &["serve", "--demo", "--bind", &taken],
            1,
            "is in use by another program",
        ),
        (
            &["serve", "--demo", "--log", "chancery=loud"],
            2,
            "is not a valid filter",
        ),
    ] {
        let ended = run(arguments);
        assert_eq!(ended.code, Some(code), "{arguments:?} {ended:?}");
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
        assert_eq!(ended.stdout, "");
    }
    assert!(!data.exists());
    fs::write(&data, "a file").unwrap();
    let ended = run(["serve", "--data", dir, "--bind", "127.0.0.1:0"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.starts_with("error: "), "{}", ended.stderr);
}

#[test]
fn a_flag_goes_before_what_the_environment_says_of_its_opposite() {
    let (_dir, data) = place();
    let served = Served::start(chancery().env("CHANCERY_DATA", &data).arg("--log=warn"));
    drop(served);
    assert!(data.exists());
    fs::remove_dir_all(&data).unwrap();
    let mut command = chancery();
    command
        .env("CHANCERY_DATA", &data)
        .args(["serve", "--demo", "--bind", "127.0.0.1:0"]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut said = [0; 20];
    child.stderr.take().unwrap().read_exact(&mut said).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(&said, b"Serving the demo dat");
    assert!(!data.exists());
}

#[test]
fn paths_are_shown_with_their_evidence() {
    let (_dir, data) = with_article();
    let june = [
        "path", "Park Jin", "DPRK", "--from", "2023-06", "--to", "2023-06",
    ];
    let table = with_data(&june, &data).done();
    let mut lines = table.lines();
    assert!(
        lines.next().unwrap().starts_with("PATH  HOP  FROM"),
        "{table}"
    );
    let first = lines.next().unwrap();
    assert!(
        first.contains("park-jin") && first.contains("trtworld-2023-06-17"),
        "{table}"
    );

    let json = with_data(
        &[&june[..], &["--format", "json", "--limit", "1"]].concat(),
        &data,
    );
    let json: Value = serde_json::from_str(&json.done()).unwrap();
    assert_eq!(json["source"]["id"], "park-jin");
    assert_eq!(json["target"]["id"], "prk");
    assert_eq!(json["paths"].as_array().unwrap().len(), 1);

    let park_to_xi = |more: &[&str]| -> Value {
        let all = [&["path", "Park Jin", "Xi Jinping", "--format=json"], more].concat();
        serde_json::from_str(&with_data(&all, &data).done()).unwrap()
    };
    let in_time = park_to_xi(&["--mode", "chronological"]);
    assert_eq!(in_time["paths"][0]["arrival"], "2023-06-17");
    assert_eq!(in_time["paths"][0]["hops"][1]["order"], "possible");
    assert_eq!(
        park_to_xi(&["--mode=strongest"])["paths"][0]["cost"],
        Value::from(1.75)
    );
    // The cancelled trip links nobody unless it is asked for.
    assert_eq!(
        park_to_xi(&["--mode=strongest", "--occurrence=any"])["paths"][0]["cost"],
        Value::from(1.5)
    );
    let apart = park_to_xi(&["--diverse", "--max-degree", "1000000"]);
    assert_eq!(apart["paths"][0]["length"], 2);
    for wrong in ["--mode=best", "--max-degree=0", "--min-independent=101"] {
        let refused = with_data(&["path", "a", "b", wrong], &data);
        assert_eq!(refused.code, Some(2), "{wrong}: {}", refused.stderr);
    }

    let may = with_data(
        &["path", "Hayashi", "PRC", "--to", "2023-05", "--format=json"],
        &data,
    );
    assert!(
        may.stderr.contains("no path from hayashi-yoshimasa to chn"),
        "{}",
        may.stderr
    );
    let may: Value = serde_json::from_str(&may.done()).unwrap();
    assert_eq!(may["paths"], Value::Array(Vec::new()));
    let through = [
        "path",
        "Park",
        "PRC",
        "--via",
        "Blinken",
        "--avoid",
        "usa",
        "--format=csv",
    ];
    let csv = with_data(&through, &data).done();
    assert!(csv.starts_with("path,hop,from,to,records,date,"), "{csv}");
    assert!(
        csv.lines().skip(1).all(|row| !row.contains(",usa,")),
        "{csv}"
    );
    let rolled = [
        "path",
        "Blinken",
        "Park",
        "--rollup",
        "state",
        "--format=json",
    ];
    let rolled: Value = serde_json::from_str(&with_data(&rolled, &data).done()).unwrap();
    assert_eq!(rolled["source"]["id"], "usa");
    assert_eq!(rolled["target"]["id"], "kor");
}

#[test]
fn a_search_finds_names_and_words() {
    let (_dir, data) = with_article();
    let json = |arguments: &[&str]| {
        let all = [&["search", "--format", "json"], arguments].concat();
        let found: Value = serde_json::from_str(&with_data(&all, &data).done()).unwrap();
        found
    };
    let found = json(&["Hayasi", "--in", "actors"]);
    assert_eq!(found["items"][0]["record"]["id"], "hayashi-yoshimasa");
    let found = json(&["missile launches", "--in", "events", "--order", "date"]);
    assert!(found["total"].as_u64().unwrap() > 0);
    assert_eq!(found["items"][0]["matched"], "text");
    let table = with_data(&["search", "missile launches", "--limit", "1"], &data);
    assert!(table.stdout.contains("launches"), "{table:?}");
    assert!(
        table.stderr.contains("continue with --offset 1"),
        "{table:?}"
    );
    let wrong = with_data(&["search", "--", "--"], &data);
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
}

#[test]
fn timelines_are_shown_in_the_order_of_time() {
    let (_dir, data) = with_article();
    let rows = |arguments: &[&str]| {
        let csv = with_data(
            &[&["timeline", "--format", "csv"], arguments].concat(),
            &data,
        )
        .done();
        assert!(csv.starts_with("date,record,id,coding,status,actors,text,sources\n"));
        csv.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let blinken = rows(&["Blinken"]);
    let at = |text: &str| blinken.iter().position(|row| row.contains(text)).unwrap();
    assert!(at("cancelled") < at("blinken-park-call"));
    assert!(at("blinken-park-call") < at("2023-06-18/2023-06-19"));
    let trilateral = rows(&["usa", "jpn", "kor", "--match", "all"]);
    assert!(
        trilateral.iter().all(|row| row.contains("trilateral")),
        "{trilateral:?}"
    );
    assert_eq!(trilateral.len(), 2);
    let mut latest = rows(&["Blinken", "--order", "desc"]);
    latest.reverse();
    assert_eq!(latest, blinken);

    let page = with_data(&["timeline", "--limit", "3", "--format", "json"], &data);
    assert!(
        page.stderr
            .contains("3 of 37 records shown; continue with --offset 3"),
        "{page:?}"
    );
    let page: Value = serde_json::from_str(&page.done()).unwrap();
    assert_eq!(page["items"].as_array().unwrap().len(), 3);
    assert_eq!(page["total"], 37);
    assert_eq!(rows(&["--offset", "36"]).len(), 1);
}

#[test]
fn questions_say_what_is_wrong_with_them() {
    let (_dir, data) = with_article();
    for (arguments, code, said) in [
        (&["timeline", "Blinkn"][..], 1, "hint: try antony-blinken"),
        (&["path", "Blinken", "Atlantis"], 1, "\"Atlantis\""),
        (&["timeline", "--from", "2023-02-30"], 2, "2023-02-28"),
        (
            &["timeline", "--from", "2024", "--to", "2023"],
            2,
            "exchange them",
        ),
        (&["timeline", "--type", "CONSLT"], 2, "CONSULT"),
        (&["timeline", "--quad", "5"], 2, "--quad"),
        (&["timeline", "--limit=-1"], 2, "--limit"),
        (
            &["timeline", "--format", "xml"],
            2,
            "possible values: table, json, csv",
        ),
        (&["timeline", "--colour"], 2, "--colour"),
        (&["timeline", "--known-at", "9"], 1, "there is no commit 9"),
        (
            &["timeline", "--known-at", "yesterday"],
            2,
            "2023-06-17T12:00:00Z",
        ),
        (&["path", "Blinken"], 2, "<TARGET>"),
        (
            &["path", "Blinken", "PRC", "--max-hops", "9"],
            2,
            "from 1 to 8",
        ),
        (
            &["path", "Blinken", "PRC", "--limit", "21"],
            2,
            "from 1 to 20",
        ),
        (
            &["path", "a", "b", "--via=a", "--via=b", "--via=c", "--via=d"],
            2,
            "the maximum is 3",
        ),
        (&["improt", "x"], 2, "'import'"),
    ] {
        let ended = with_data(arguments, &data);
        assert_eq!(ended.code, Some(code), "{arguments:?} {ended:?}");
        assert!(ended.stderr.starts_with("error: "), "{}", ended.stderr);
        assert!(
            ended.stderr.contains(said),
            "{arguments:?}: {}",
            ended.stderr
        );
        assert_eq!(ended.stdout, "", "{arguments:?}");
    }
}

#[test]
fn the_record_as_it_was_known_can_be_asked_for() {
    let (_dir, data) = with_article();
    let before = export(&data);
    with_input(
        &["import", "-"],
        &data,
        b"{\"record\":\"actor\",\"id\":\"new\",\"kind\":\"state\",\"name\":\"New\"}",
    )
    .done();
    assert_ne!(export(&data), before);
    assert_eq!(
        with_data(&["export", "--known-at", "1"], &data).done(),
        before
    );
    assert_eq!(with_data(&["export", "--known-at", "0"], &data).done(), "");
    let long_ago = ["export", "--known-at", "1990-01-01T00:00:00Z"];
    assert_eq!(with_data(&long_ago, &data).done(), "");
}

#[test]
fn an_export_to_a_file_appears_only_when_it_is_complete() {
    let (dir, data) = with_article();
    let file = dir.path().join("all.jsonl");
    fs::write(&file, "the old one").unwrap();
    let written = with_data(&["export", "-o", file.to_str().unwrap()], &data).done();
    assert_eq!(written, "");
    assert_eq!(fs::read_to_string(&file).unwrap(), export(&data));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    let nowhere = dir.path().join("nowhere/all.jsonl");
    let ended = with_data(&["export", "-o", nowhere.to_str().unwrap()], &data);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stderr.contains("error: can't write "),
        "{}",
        ended.stderr
    );
}

#[test]
fn an_export_takes_the_formats_of_the_service() {
    let (dir, data) = with_article();
    let service = Served::start(chancery().env("CHANCERY_DATA", &data));
    let mut served = Vec::new();
    for format in ["jsonl", "csv", "parquet", "nquads", "jsonld"] {
        for kinds in [&[][..], &["actor"], &["event", "source"]] {
            let asked: Vec<String> = kinds.iter().map(|kind| format!("&record={kind}")).collect();
            let address = service.address;
            let path = format!("/api/v1/export?format={format}{}", asked.concat());
            let mut answer = ureq::get(format!("http://{address}{path}")).call().unwrap();
            served.push((format, kinds, answer.body_mut().read_to_vec().unwrap()));
        }
    }
    drop(service);
    for (format, kinds, expected) in served {
        let file = dir.path().join("export");
        let mut arguments = vec!["export", "--format", format, "-o", file.to_str().unwrap()];
        for kind in kinds {
            arguments.extend(["--record", *kind]);
        }
        with_data(&arguments, &data).done();
        assert!(
            fs::read(&file).unwrap() == expected,
            "{format} of {kinds:?}"
        );
        assert!(!expected.is_empty(), "{format} of {kinds:?}");
    }
    let ended = with_data(&["export", "--format", "xml"], &data);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("jsonl, csv, parquet, nquads, jsonld"),
        "{}",
        ended.stderr
    );
}

#[test]
fn hostile_text_breaks_neither_table_nor_terminal() {
    let (_dir, data) = with_article();
    let line = "{\"record\":\"statement\",\"id\":\"zzz\",\"speakers\":[\"usa\"],\"date\":\"1999\",\
                \"text\":\"one\\ntwo\\t\u{202e}three\u{2028}four\"}";
    with_input(&["import", "-"], &data, line.as_bytes()).done();
    let arguments = ["timeline", "usa", "--to", "1999"];
    let table = with_data(&arguments, &data).done();
    assert_eq!(table.lines().count(), 2, "{table}");
    assert!(
        table.contains("one two \\u{202e}three\\u{2028}four"),
        "{table}"
    );
    let csv = with_data(&[&arguments[..], &["--format", "csv"]].concat(), &data).done();
    assert!(
        csv.contains("\"one\ntwo\t\u{202e}three\u{2028}four\""),
        "{csv}"
    );

    let bad = "{\"record\":\"event\",\"id\":\"\u{1b}[2J\"}".replace('\u{1b}', "\\u001b");
    let ended = with_input(&["import", "-"], &data, bad.as_bytes());
    assert_eq!(ended.code, Some(1));
    assert!(!ended.stderr.contains('\u{1b}'), "{}", ended.stderr);
}

#[test]
fn damage_is_listed_and_told_by_the_exit_code() {
    let (_dir, data) = with_article();
    assert!(commits(&data).starts_with("whole commits: 1\n"));
    // What the note of the last synced commit says when the store has lost commits.
    let number = 3_u64.to_be_bytes();
    let note = [&number[..], &crc32fast::hash(&number).to_be_bytes()].concat();
    fs::write(data.join("synced"), note).unwrap();
    let ended = with_data(&["verify"], &data);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended
            .stdout
            .contains("damaged places: 1\ncommits 2 to 3: acknowledged"),
        "{}",
        ended.stdout
    );
    assert!(
        ended.stderr.contains("is damaged in 1 place"),
        "{}",
        ended.stderr
    );
    assert_eq!(with_data(&["export"], &data).code, Some(1));
}

#[test]
fn whoever_stops_reading_hears_nothing() {
    let (_dir, data) = with_article();
    let mut child = chancery()
        .args(["export", "--data", data.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_nobody_can_keep_is_a_failure() {
    let (_dir, data) = with_article();
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let ended = chancery()
        .args(["export", "--data", data.to_str().unwrap()])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.starts_with("error: can't write to stdout: "), "{said}");
}

#[test]
fn colours_follow_the_environment() {
    let stderr = |variables: &[(&str, &str)]| {
        let mut command = chancery();
        command.args(["verify", "--data", "/nowhere/at/all"]);
        let ended = command.envs(variables.iter().copied()).output().unwrap();
        String::from_utf8(ended.stderr).unwrap()
    };
    assert!(!stderr(&[]).contains('\u{1b}'));
    assert!(stderr(&[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
    assert!(!stderr(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
}

#[test]
fn what_the_program_knows_of_itself_is_printed() {
    for (arguments, start) in [
        (&["openapi"][..], "{\n"),
        (
            &["schema"],
            "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\"",
        ),
        (&["schema", "document"], "{\n  \"$schema\""),
        (&["completions", "bash"], "_chancery()"),
        (&["completions", "fish"], "# Print"),
        (
            &["--version"],
            concat!("chancery ", env!("CARGO_PKG_VERSION")),
        ),
        (
            &["--help"],
            "A temporal knowledge graph of diplomatic events",
        ),
    ] {
        let printed = run(arguments).done();
        assert!(printed.starts_with(start), "{arguments:?}: {printed:.200}");
        assert!(printed.ends_with('\n'), "{arguments:?}");
    }
    assert_eq!(run([""; 0]).code, Some(2));
}

#[test]
fn the_licences_of_whatever_the_binary_holds_are_printed() {
    let printed = run(["licenses"]).done();
    assert!(printed.starts_with("MIT License\n"), "{printed:.200}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in [
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "NOTICE",
        "licenses/OFL-ibm-plex-sans.txt",
        "licenses/OFL-newsreader.txt",
        "THIRD-PARTY.txt",
    ] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        assert!(printed.contains(text.trim_matches('\n')), "{file}");
    }
}

#[test]
fn a_dyad_is_shown_in_sum_over_time_and_in_two_windows() {
    let (_dir, data) = with_article();
    let ask = |more: &[&str]| {
        let all = [&["dyad", "usa", "PRC", "--rollup", "state"], more].concat();
        with_data(&all, &data)
    };
    let sum = ask(&[]).done();
    assert!(sum.contains("usa → chn"), "{sum}");
    let series = ask(&["--series", "month", "--format", "csv"]).done();
    assert!(series.contains("2023-02-01,2023-02-28,1,"), "{series}");
    let compared = ask(&[
        "--compare",
        "2023-02,2023-02",
        "--from",
        "2023-06",
        "--to",
        "2023-06",
        "--format",
        "csv",
    ]);
    let compared = compared.done();
    assert!(compared.contains("quad,verbal_conflict,1,0,"), "{compared}");
    // All that is known of February is a balloon reported "by" then: that tells no rate.
    assert!(
        compared.contains("quad,verbal_conflict,1,0,0,0,unclear"),
        "{compared}"
    );
    assert!(
        compared.contains("record,statement,0,3,0,0.066667,too_few"),
        "{compared}"
    );
    for wrong in [
        &["--compare", "2023-02,2023-02"][..],
        &["--compare", "2023-02"],
        &["--compare", "2023-02,2022"],
        &["--compare", "2022,2022", "--series", "day"],
        &["--series", "decade"],
        &["--half-life", "0"],
        &["--half-life", "36501"],
    ] {
        let ended = ask(wrong);
        assert_eq!(ended.code, Some(2), "{wrong:?}: {ended:?}");
    }
}

#[test]
fn stances_show_who_condemned_and_who_passed_it_on() {
    let (_dir, data) = with_article();
    let ask = |more: &[&str]| with_data(&[&["stances"], more].concat(), &data);
    let shown = ask(&["--stance", "condemns", "--toward", "prk", "--format", "csv"]).done();
    assert_eq!(shown.lines().count(), 6, "{shown}");
    assert!(
        shown.contains("park-jin,condemns,prk,missile-launches,matthew-miller"),
        "{shown}"
    );
    let his = ask(&["Blinken", "--relayed-by", "Miller", "--format", "json"]).done();
    assert!(his.contains("\"total\": 4"), "{his}");
    assert_eq!(ask(&["--stance", "likes"]).code, Some(2));
}

/// Every question of the service, with what it needs.
const QUESTIONS: &[(&[&str], &str)] = &[
    (
        &["paths", "--source", "Park Jin", "--target", "prk"],
        "paths?source=Park+Jin&target=prk",
    ),
    (
        &["explain", "--source", "park-jin", "--target", "prk"],
        "explain?source=park-jin&target=prk",
    ),
    (
        &["reach", "--source", "park-jin", "--limit", "3"],
        "reach?source=park-jin&limit=3",
    ),
    (
        &[
            "timeline", "--actor", "usa", "--actor", "jpn", "--match", "all",
        ],
        "timeline?actor=usa&actor=jpn&match=all",
    ),
    (
        &["histogram", "--bin", "week", "--by", "type"],
        "timeline/histogram?bin=week&by=type",
    ),
    (
        &["actor-timeline", "Blinken", "--order", "desc"],
        "actors/Blinken/timeline?order=desc",
    ),
    (&["actor-relationships", "usa"], "actors/usa/relationships"),
    (
        &["dyad", "usa", "PRC", "--rollup", "state"],
        "dyads/usa/PRC?rollup=state",
    ),
    (&["dyads", "--certain"], "dyads?certain=true"),
    (&["series", "usa", "chn"], "dyads/usa/chn/series"),
    (
        &[
            "compare",
            "usa",
            "chn",
            "--base-from=2023-02",
            "--base-to=2023-02",
            "--from=2023-06",
            "--to=2023-06",
        ],
        "dyads/usa/chn/compare?base_from=2023-02&base_to=2023-02&from=2023-06&to=2023-06",
    ),
    (
        &["stances", "--stance", "condemns"],
        "stances?stance=condemns",
    ),
    (
        &["matrix", "--columns", "topic"],
        "stances/matrix?columns=topic",
    ),
    (&["contradictions"], "contradictions"),
    (&["changes"], "changes"),
    (&["diff", "--from-commit", "0"], "diff?from_commit=0"),
    (&["graph", "--limit", "5"], "graph?limit=5"),
    (
        &["graph", "--limit", "5", "--format", "gexf"],
        "graph?limit=5&format=gexf",
    ),
    (&["rankings", "--by", "pagerank"], "rankings?by=pagerank"),
    (&["communities"], "communities"),
    (
        &["search", "--q", "missile launches"],
        "search?q=missile+launches",
    ),
    (
        &["resolve", "--q", "Secretary of State", "--on=2023-06-16"],
        "resolve?q=Secretary+of+State&on=2023-06-16",
    ),
    (&["duplicates"], "events/duplicates"),
    (
        &["duplicate-actors", "--min-score", "0.3", "--kind", "person"],
        "actors/duplicates?min_score=0.3&kind=person",
    ),
    (&["summary"], "summary"),
    (&["topics", "--limit=2"], "topics?limit=2"),
];

#[test]
fn every_question_is_answered_with_the_bytes_of_the_service() {
    let (_dir, data) = with_article();
    let asked: Vec<String> = QUESTIONS
        .iter()
        .map(|(arguments, _)| {
            let form: &[&str] = if arguments.contains(&"--format") {
                &[]
            } else {
                &["--format", "json"]
            };
            with_data(&[&["ask"], *arguments, form].concat(), &data).done()
        })
        .collect();
    let (tables, help) = (
        with_data(&["ask", "rankings", "--limit", "2"], &data).done(),
        run(["ask", "paths", "--help"]).done(),
    );
    let listed = run(["ask", "--help"]).done();
    let served = Served::start(chancery().env("CHANCERY_DATA", &data));
    for ((arguments, route), asked) in QUESTIONS.iter().zip(asked) {
        let url = format!("http://{}/api/v1/{route}", served.address);
        let answer = ureq::get(&url).call().unwrap().body_mut().read_to_string();
        assert_eq!(asked, answer.unwrap(), "{arguments:?}");
        assert!(
            listed.contains(arguments[0]),
            "{} is not listed",
            arguments[0]
        );
    }
    // None of the service's questions is missing.
    let document: Value = serde_json::from_str(&run(["openapi"]).done()).unwrap();
    let known: Vec<&str> = QUESTIONS
        .iter()
        .map(|(arguments, _)| arguments[0])
        .collect();
    for (path, item) in document["paths"].as_object().unwrap() {
        if item["get"]["tags"][0] == "questions" {
            let name = item["get"]["operationId"]
                .as_str()
                .unwrap()
                .replace('_', "-");
            assert!(known.contains(&&*name), "{path} is not asked here");
        }
    }
    assert!(tables.starts_with("ACTOR"), "{tables}");
    assert_eq!(tables.lines().count(), 3, "{tables}");
    assert!(
        help.contains("--max-hops") && help.contains("possible values: fewest"),
        "{help}"
    );
}

#[test]
fn what_the_service_refuses_is_refused() {
    let (_dir, data) = with_article();
    for (arguments, code, said) in [
        (&["ask", "timeline", "--quad", "5"][..], 2, "quad"),
        (&["ask", "dyad", "usa", "Atlantis"], 1, "Atlantis"),
        (&["ask", "paths", "--source", "usa"], 2, "--target"),
        (&["ask", "summary", "--known-at", "9"], 1, "commit 9"),
        (&["ask", "nothing"], 2, "nothing"),
    ] {
        let ended = with_data(arguments, &data);
        assert_eq!(ended.code, Some(code), "{arguments:?} {ended:?}");
        assert!(
            ended.stderr.contains(said),
            "{arguments:?}: {}",
            ended.stderr
        );
        assert_eq!(ended.stdout, "", "{arguments:?}");
    }
}

#[test]
fn links_start_with_the_path_of_the_proxy() {
    let (_dir, data) = with_article();
    let served = Served::start(
        chancery()
            .env("CHANCERY_DATA", &data)
            .env("CHANCERY_BASE_PATH", "/records/"),
    );
    // What a proxy does with what comes for the path.
    let get = |path: &str| {
        let below = path.strip_prefix("/records").unwrap();
        let url = format!("http://{}{below}", served.address);
        ureq::get(&url).call().unwrap()
    };
    let mut page = get("/records/api/v1/actors/usa/relationships?limit=1");
    let next = page.headers()["link"].to_str().unwrap().to_owned();
    let next = next
        .trim_start_matches('<')
        .split('>')
        .next()
        .unwrap()
        .to_owned();
    let page: Value = serde_json::from_str(&page.body_mut().read_to_string().unwrap()).unwrap();
    for url in [page["items"][0]["records_url"].as_str().unwrap(), &next] {
        assert!(url.starts_with("/records/api/v1/"), "{url}");
        assert_eq!(get(url).status(), 200, "{url}");
    }
    // Clients of reconciliation get whole URLs.
    let mut manifest = get("/records/api/v1/reconcile");
    let text = manifest.body_mut().read_to_string().unwrap();
    let manifest: Value = serde_json::from_str(&text).unwrap();
    for url in [&manifest["view"]["url"], &manifest["preview"]["url"]] {
        let url = url.as_str().unwrap().replace("{{id}}", "usa");
        let path = url.split_once(&served.address.to_string()).unwrap().1;
        assert!(path.starts_with("/records/"), "{url}");
        assert_eq!(get(path).status(), 200, "{url}");
    }
    for wrong in ["records", "/a b", "https://a.example/"] {
        let ended = run(["serve", "--demo", "--base-path", wrong]);
        assert_eq!(ended.code, Some(2), "{wrong}");
    }
}
