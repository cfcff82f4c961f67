//! Tests of reading whole inputs.

use std::fmt::Write as _;
use std::io::{BufReader, Read, Write as _};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::document::RecordDocument;
use crate::model::{Id, Name, Shape};

const EXAMPLE: &str = include_str!("../../examples/blinken-2023.json");

fn options() -> ReadOptions<'static> {
    ReadOptions::new(Defaults {
        dataset: Id::parse("default").unwrap(),
    })
}

fn read_all(
    bytes: impl Into<Vec<u8>>,
    options: &ReadOptions<'_>,
) -> (Vec<Draft>, Vec<Reject>, ReadSummary) {
    let (mut drafts, mut rejects) = (Vec::new(), Vec::new());
    let (mut names, mut shapes) = (Vec::new(), Vec::new());
    let summary = read(&Input::bytes(bytes), options, &mut |item| {
        match item {
            Item::Draft(_, draft) => drafts.push(draft),
            Item::Events(events) => drafts.extend(of_events(&events, &mut names, &mut shapes)),
            Item::Rejects(more) => rejects.extend(more),
            Item::References(_) | Item::Remark(..) | Item::Member(..) => {}
        }
        ControlFlow::Continue(())
    });
    (drafts, rejects, summary.unwrap())
}

/// The drafts of plain events, after those that brought `names` and `shapes`.
fn of_events(
    events: &EventBatch,
    names: &mut Vec<Name>,
    shapes: &mut Vec<Arc<Shape>>,
) -> Vec<Draft> {
    names.extend(events.names.iter().cloned());
    shapes.extend(events.shapes.iter().cloned());
    let mut actors = events.actors.iter();
    let rows = events.rows.iter().map(|row| {
        let shape = &shapes[row.shape as usize];
        let actors = actors.by_ref().take(shape.roles.len());
        let actors: Vec<Name> = actors.map(|name| names[*name as usize].clone()).collect();
        draft(shape, events.id(row).unwrap(), row.days, actors).unwrap()
    });
    rows.collect()
}

fn drafts(text: &str) -> Vec<Draft> {
    let (drafts, rejects, _) = read_all(text, &options());
    assert_eq!(rejects, []);
    drafts
}

fn rejects(bytes: impl Into<Vec<u8>>) -> Vec<Reject> {
    read_all(bytes, &options()).1
}

/// The only reject: line, column, field, problem and suggestion.
fn the_reject(bytes: impl Into<Vec<u8>>) -> (u64, u64, String, String, String) {
    let rejects = rejects(bytes);
    assert_eq!(rejects.len(), 1, "{rejects:#?}");
    let Reject {
        position, problem, ..
    } = rejects.into_iter().next().unwrap();
    let suggestion = problem.suggestion.unwrap_or_default();
    (
        position.line,
        position.column,
        problem.field,
        problem.problem,
        suggestion,
    )
}

fn lines(bytes: impl Into<Vec<u8>>) -> (u64, u64, String, String, String) {
    let options = ReadOptions {
        format: Some(InputFormat::JsonLines),
        ..options()
    };
    let rejects = read_all(bytes, &options).1;
    assert_eq!(rejects.len(), 1, "{rejects:#?}");
    let Reject {
        position, problem, ..
    } = rejects.into_iter().next().unwrap();
    let suggestion = problem.suggestion.unwrap_or_default();
    (
        position.line,
        position.column,
        problem.field,
        problem.problem,
        suggestion,
    )
}

fn event(more: &str) -> String {
    format!(
        r#"{{"record":"event","cameo":"042","participants":[{{"actor":"a","role":"source"}},{{"actor":"b","role":"target"}}]{more}}}"#
    )
}

fn export(drafts: &[Draft]) -> String {
    drafts.iter().fold(String::new(), |mut text, draft| {
        writeln!(
            text,
            "{}",
            serde_json::to_string(&RecordDocument::from_record(draft)).unwrap()
        )
        .unwrap();
        text
    })
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn the_article_reads_and_its_export_reads_back_equal() {
    let document = drafts(EXAMPLE);
    assert!(document.len() > 40);
    assert!(document.is_sorted_by_key(Draft::kind));
    assert!(
        document
            .iter()
            .all(|d| d.dataset().as_str() == "trtworld-2023")
    );
    assert_eq!(drafts(&export(&document)), document);
}

#[test]
fn a_document_gives_records_by_kind_and_its_dataset_may_come_last() {
    let event = event("");
    let text = format!(
        r#"{{"events":[{event}],"actors":[{{"id":"a","kind":"state","name":"A"}}],"dataset":"d"}}"#
    );
    let drafts = drafts(&text);
    let kinds: Vec<_> = drafts
        .iter()
        .map(|d| (d.kind(), d.dataset().as_str()))
        .collect();
    assert_eq!(kinds, [(Kind::Actor, "d"), (Kind::Event, "d")]);
}

#[test]
fn a_wrong_value_is_shown_where_it_stands() {
    let text = "{\n \"dataset\": \"d\",\n \"events\": [\n  {\"cameo\": \"042\",\n   \"title\": \"é\", \"participants\": [{\"actor\": \"a\", \"role\": \"source\"},\n    {\"actor\": \"b\", \"role\": \"traget\"}]},\n  {\"cameo\": \"042\", \"participants\": [{\"actor\": \"a\", \"role\": \"source\"}]}\n ]\n}";
    let (drafts, rejects, summary) = read_all(text, &options());
    assert_eq!(
        (drafts.len(), summary.records, summary.ended_early),
        (1, 2, false)
    );
    let [reject] = rejects.as_slice() else {
        panic!("{rejects:#?}")
    };
    assert_eq!(
        reject.position,
        InputPosition {
            member: 0,
            line: 6,
            column: 28
        }
    );
    assert_eq!(reject.problem.field, "participants[1].role");
    assert_eq!(reject.problem.suggestion.as_deref(), Some("target"));
    assert_eq!(
        reject.subject,
        Subject {
            kind: Some(Kind::Event),
            id: None
        }
    );
}

#[test]
fn columns_are_characters() {
    let line = event(r#","title":"日本","date":"2023-02-30","id":"x""#);
    let column =
        line.chars().take_while(|c| *c != '本').count() + "本\",\"date\":".chars().count() + 1;
    let reject = &rejects(line)[0];
    assert_eq!(
        reject.position,
        InputPosition {
            member: 0,
            line: 1,
            column: column as u64
        }
    );
    assert_eq!(reject.subject.id.as_deref(), Some("x"));
}

#[test]
fn unknown_doubled_and_missing_members_are_named_and_shown() {
    let (_, column, field, problem, suggestion) = the_reject(event(r#","particpants":[]"#));
    assert_eq!(
        (field.as_str(), suggestion.as_str()),
        ("particpants", "participants")
    );
    assert_eq!(column, event("").chars().count() as u64 + 1);
    assert!(problem.starts_with("unknown field"), "{problem}");

    let (_, column, field, problem, _) = the_reject(event(r#","cameo":"042""#));
    assert_eq!(
        (field.as_str(), problem.as_str()),
        ("cameo", "duplicate field `cameo`")
    );
    assert_eq!(column, event("").chars().count() as u64 + 1);

    let line = r#"{"record":"event","cameo":"042","participants":[{"actor":"a"}]}"#;
    let (_, column, field, problem, _) = the_reject(line);
    assert_eq!((column, field.as_str()), (49, "participants[0].role"));
    assert_eq!(problem, "missing field `role`");
}

#[test]
fn a_line_says_its_kind_or_is_told_how_to() {
    let line = event("").replace(r#""record":"event","#, "");
    let (_, column, field, _, suggestion) = lines(line);
    assert_eq!(
        (column, field.as_str(), suggestion.as_str()),
        (1, "record", r#""record": "event""#)
    );
    let (_, column, _, _, suggestion) = the_reject(r#"{"record":"events"}"#);
    assert_eq!((column, suggestion.as_str()), (11, "event"));
    assert_eq!(the_reject(r#"{"record":7}"#).3, "is not a string");
    assert!(lines("[1]").4.starts_with("one record per line"));
    assert!(lines("  7").3.starts_with("each line contains one record"));
    // The kind may stand anywhere.
    let last = r#"{"id":"a","kind":"state","name":"A","record":"actor"}"#;
    assert_eq!(drafts(last).len(), 1);
}

#[test]
fn broken_json_is_shown_at_its_place_and_ends_a_document_only() {
    let text = format!(
        "{}\n{{\"record\":\"event\",}}\n{}\n",
        event(""),
        event(r#","id":"z""#)
    );
    let (drafts, rejects, summary) = read_all(text, &options());
    assert_eq!(
        (drafts.len(), rejects.len(), summary.ended_early),
        (2, 1, false)
    );
    assert_eq!(
        rejects[0].position,
        InputPosition {
            member: 0,
            line: 2,
            column: 19
        }
    );

    let text = "{\"actors\": [{\"kind\": \"state\", \"name\": \"A\"}],\n\"events\": [}";
    let (drafts, rejects, summary) = read_all(text, &options());
    assert_eq!(
        (drafts.len(), rejects.len(), summary.ended_early),
        (0, 1, true)
    );
    assert_eq!(
        rejects[0].position,
        InputPosition {
            member: 0,
            line: 2,
            column: 12
        }
    );
    assert!(rejects[0].problem.problem.starts_with("is not valid JSON"));
    let two = event("") + &event("");
    assert_eq!(
        the_reject(two).4,
        "a line break after each record, nothing else"
    );
}

#[test]
fn bytes_that_are_no_utf8_are_shown() {
    let mut bytes = format!("\n{}", event(r#","title":"日?""#)).into_bytes();
    let at = bytes.iter().rposition(|b| *b == b'?').unwrap();
    bytes[at] = 0xFF;
    let column = event(r#","title":"日"#).chars().count() as u64;
    let reject = &rejects(bytes.clone())[0];
    assert_eq!(
        reject.position,
        InputPosition {
            member: 0,
            line: 2,
            column
        }
    );
    assert_eq!(reject.subject.kind, Some(Kind::Event));
    assert_eq!(reject.problem.value.as_deref(), Some("byte 0xFF"));
    let document = [b"{\"events\":[".as_slice(), &bytes, b"]}"].concat();
    assert_eq!(
        rejects(document)[0].position,
        InputPosition {
            member: 0,
            line: 2,
            column
        }
    );
}

#[test]
fn an_input_without_records_is_one_reject() {
    for text in [
        "",
        "\n \r\n",
        "\u{feff}",
        "{}",
        r#"{"dataset":"d"}"#,
        r#"{"events":[ ],"actors":[]}"#,
    ] {
        assert_eq!(
            the_reject(text),
            (
                1,
                1,
                String::new(),
                "the input contains no record".into(),
                String::new()
            )
        );
    }
    assert_eq!(lines(" \n").3, "the input contains no record");
    assert_eq!(lines(gzip(b"")).3, "the input contains no record");
}

#[test]
fn marks_line_ends_and_blank_lines_are_of_no_account() {
    let plain = format!("{}\n{}\n", event(""), event(r#","id":"b""#));
    let odd = format!("\u{feff}\r\n \n{}", plain.replace('\n', "\r\n\r\n"))
        .trim_end()
        .to_owned();
    assert_eq!(drafts(&odd), drafts(&plain));
}

#[test]
fn a_line_may_have_its_limit_and_not_more() {
    let line = |bytes: usize| {
        let bare = event("");
        bare + &" ".repeat(bytes - event("").len())
    };
    // Blanks before the record count too, and white space behind it.
    for (text, bad) in [
        (line(RECORD_MAX_BYTES), 0),
        (line(RECORD_MAX_BYTES) + "\r\n", 0),
        (line(RECORD_MAX_BYTES + 1), 1),
        (line(RECORD_MAX_BYTES + 1) + "\r\n", 1),
        (" ".repeat(RECORD_MAX_BYTES + 1), 1),
    ] {
        let rejects = rejects(format!("{}\n{text}\n{}", event(""), event("")));
        assert_eq!(rejects.len(), bad, "{rejects:?}");
        assert!(rejects.iter().all(|r| r.position
            == InputPosition {
                member: 0,
                line: 2,
                column: 1
            }));
    }
}

#[test]
fn a_huge_line_is_passed_over_without_being_held() {
    let huge = 100 << 20;
    let head = format!("{}\n", event(""));
    let tail = format!("\n{}", event(r#","id":"z""#));
    let stream = head
        .as_bytes()
        .chain(std::io::repeat(b'x').take(huge))
        .chain(tail.as_bytes());
    let opened = OpenInput::plain(BufReader::new(stream), None).unwrap_or_else(|e| panic!("{e:?}"));
    let (mut good, mut bad) = (0, Vec::new());
    let options = options();
    let mut each = |item| {
        match item {
            Item::Draft(..) => good += 1,
            Item::Events(events) => good += events.rows.len(),
            Item::Rejects(rejects) => bad.extend(rejects),
            Item::References(_) | Item::Remark(..) | Item::Member(..) => {}
        }
        ControlFlow::Continue(())
    };
    let mut reading = InputReader {
        options: &options,
        each: &mut each,
        format: None,
        records: 0,
        events: BatchBuilder::default(),
        member: 0,
    };
    assert_eq!(
        json_lines::read(&mut reading, opened).unwrap(),
        ControlFlow::Continue(())
    );
    assert_eq!(reading.pass_on(), ControlFlow::Continue(()));
    assert_eq!((good, bad.len(), bad[0].position.line), (2, 1, 2));
    assert!(bad[0].problem.problem.contains("1048576 bytes"));
}

#[test]
fn a_record_in_a_document_has_the_same_limit() {
    let record = |bytes: usize| {
        event(&format!(
            r#","title":"{}""#,
            "x".repeat(bytes - event(r#","title":"""#).len())
        ))
    };
    let problem = |bytes| {
        rejects(format!("{{\"events\":[{}]}}", record(bytes)))[0]
            .problem
            .clone()
    };
    assert_eq!(problem(RECORD_MAX_BYTES).field, "title");
    assert_eq!(problem(RECORD_MAX_BYTES + 1), record::too_long());
}

#[test]
fn a_document_may_have_its_limit_and_not_more() {
    let whole = |bytes: usize| {
        let text = vec![b' '; bytes];
        let mut opened =
            OpenInput::plain(text.as_slice(), None).unwrap_or_else(|e| panic!("{e:?}"));
        json::whole(&mut opened, 1000)
            .map(|b| b.len())
            .map_err(|stop| format!("{stop:?}"))
    };
    assert_eq!(whole(1000), Ok(1000));
    assert!(whole(1001).unwrap_err().contains("JSON Lines"));
}

#[test]
fn depth_is_limited_and_harmless() {
    // The record is the first level, `attributes` the second.
    let nested = |levels: usize| {
        let lists = levels - 2;
        event(&format!(
            r#","attributes":{{"a":{}{}}}"#,
            "[".repeat(lists),
            "]".repeat(lists)
        ))
    };
    assert_eq!(rejects(nested(NESTING_MAX_LEVELS)), []);
    for levels in [NESTING_MAX_LEVELS + 1, 10_000, 400_000] {
        let (_, column, field, problem, _) = the_reject(nested(levels));
        assert_eq!(field, "attributes");
        assert_eq!(problem, "the record is nested deeper than 127 levels");
        assert_eq!(column, event(r#","attributes":"#).chars().count() as u64);
        assert_eq!(
            rejects(format!("{{\"events\":[{}]}}", nested(levels))).len(),
            1
        );
    }
    let deep = "[".repeat(400_000) + &"]".repeat(400_000);
    assert_eq!(rejects(format!("{{\"events\":[{deep}]}}")).len(), 1);
    assert_eq!(rejects(format!("{{\"other\":{deep}}}")).len(), 1);
    assert_eq!(rejects(format!("{{\"dataset\":{deep}}}")).len(), 1);
    assert_eq!(lines(deep.clone()).0, 1);
    assert_eq!(lines(format!("{{\"x\":{deep}}}")).2, "record");
    assert_eq!(lines("[".repeat(400_000)).0, 1);
}

#[test]
fn a_record_with_very_many_problems_has_them_counted() {
    let bad = |count: usize| {
        let people: Vec<_> = (0..count)
            .map(|_| json!({"actor": "", "role": "host"}))
            .collect();
        let event = json!({"record": "event", "cameo": "042", "participants": people});
        rejects(event.to_string())
    };
    // One more is that nobody is left who took part.
    assert_eq!(bad(RECORD_PROBLEMS_MAX - 1).len(), RECORD_PROBLEMS_MAX);
    let past = bad(RECORD_PROBLEMS_MAX);
    assert_eq!(past.len(), RECORD_PROBLEMS_MAX + 1);
    assert_eq!(
        past[RECORD_PROBLEMS_MAX].problem.problem,
        "the record has 1 more problems"
    );
    // What is long is not repeated.
    let word = "x".repeat(300_000);
    let line = event(&format!(
        r#","id":"{word}","status":"{word}","date":"{word}""#
    ));
    let long = rejects(line);
    assert_eq!(long.len(), 3);
    assert!(
        long.iter().all(|r| r.problem.to_string().len() < 500),
        "{long:?}"
    );
    assert!(
        long.iter()
            .all(|r| r.problem.value.as_ref().is_some_and(|v| v.len() == 64))
    );
    assert!(
        rejects(event(&format!(r#","{word}":1"#)))[0]
            .problem
            .problem
            .len()
            < 500
    );
}

#[test]
fn members_of_a_document_are_checked() {
    let text = "{\"event\": [],\n\"actors\": [], \"actors\": [7],\n \"events\": {}}";
    let all = rejects(text);
    let seen: Vec<_> = all
        .iter()
        .map(|r| (r.position.line, r.position.column, r.problem.field.as_str()))
        .collect();
    assert_eq!(
        seen,
        [(1, 2, "event"), (2, 15, "actors"), (3, 12, "events")]
    );
    assert_eq!(all[0].problem.suggestion.as_deref(), Some("events"));
    let (_, column, field, _, suggestion) = the_reject(r#"{"dataset":"My Set","events":[7]}"#);
    assert_eq!(
        (column, field.as_str(), suggestion.as_str()),
        (12, "dataset", "my-set")
    );
    assert!(
        the_reject("[1]")
            .3
            .starts_with("a document is a JSON object")
    );
    assert_eq!(rejects(r#"{"events":[7,"x",null]}"#).len(), 3);
}

#[test]
fn two_passes_report_each_problem_once() {
    let text = format!(
        "{}\nnonsense\n{{\"record\":\"actor\"}}\n{{\"id\":\"x\",\"record\":\"event\"}}\n{{\"record\":\"evnt\"}}\n{{\"record\":\"event\",\n",
        event("")
    );
    let document = format!(
        r#"{{"actors":[7],"actors":[],"events":[{},7],"other":1}}"#,
        event("")
    );
    for text in [text, document, String::new(), "{".into()] {
        let first = ReadOptions {
            kinds: Kinds::from_kinds(&[Kind::Source, Kind::Actor, Kind::Relation]),
            ..options()
        };
        let second = ReadOptions {
            kinds: Kinds::from_kinds(&[Kind::Event, Kind::Statement]),
            report_unreadable: false,
            ..options()
        };
        let sorted = |mut rejects: Vec<Reject>| {
            rejects.sort_by_key(|r| (r.position, r.problem.to_string()));
            rejects
        };
        let (all, bad, summary) = read_all(text.clone(), &options());
        let (mut good, mut parts, one) = read_all(text.clone(), &first);
        let (more, rest, two) = read_all(text, &second);
        good.extend(more);
        parts.extend(rest);
        assert_eq!(good, all);
        assert_eq!(sorted(parts), sorted(bad));
        assert_eq!(one.records + two.records, summary.records);
    }
}

#[test]
fn gzip_is_unpacked_and_counted_as_stored() {
    let packed = gzip(EXAMPLE.as_bytes());
    let twice = [packed.clone(), gzip(b"\n")].concat();
    let count = AtomicU64::new(7);
    let (found, bad, summary) = read_all(
        twice.clone(),
        &ReadOptions {
            bytes_read: Some(&count),
            ..options()
        },
    );
    assert_eq!((found, bad.len()), (drafts(EXAMPLE), 0));
    assert_eq!(summary.bytes, twice.len() as u64);
    assert_eq!(count.load(Ordering::Relaxed), summary.bytes);
    let (none, rejects, summary) = read_all(&packed[..packed.len() / 2], &options());
    assert_eq!(
        (none.len(), rejects.len(), summary.ended_early),
        (0, 1, true)
    );
    assert!(rejects[0].problem.problem.contains("gzip"));
    assert!(the_reject(b"\x28\xB5\x2F\xFDxxxx").3.contains("zstd"));
}

#[test]
fn breaking_off_ends_the_reading() {
    for text in [EXAMPLE.to_owned(), export(&drafts(EXAMPLE))] {
        let mut seen = 0;
        let summary = read(&Input::bytes(text), &options(), &mut |_| {
            seen += 1;
            if seen == 3 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        assert_eq!((seen, summary.unwrap().ended_early), (3, true));
    }
}

#[test]
fn inputs_can_be_read_again_wherever_they_are_kept() {
    for (extra, kept_in_memory) in [(0, true), (1, false)] {
        let bytes = vec![b' '; SPOOL_MEMORY_MAX_BYTES + extra];
        let input = Input::spool(bytes.as_slice()).unwrap();
        assert_eq!(input.len(), bytes.len() as u64);
        assert_eq!(
            format!("{input:?}").starts_with("Input { content: Bytes"),
            kept_in_memory
        );
        for _ in 0..2 {
            let summary = read(&input, &options(), &mut |_| ControlFlow::Continue(())).unwrap();
            assert_eq!(summary.bytes, input.len());
        }
    }
    let file = tempfile::Builder::new()
        .suffix(".jsonl")
        .tempfile()
        .unwrap();
    std::fs::write(file.path(), event("")).unwrap();
    let input = Input::file(file.path()).unwrap();
    let summary = read(&input, &options(), &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(
        (summary.records, summary.format),
        (1, Some(InputFormat::JsonLines))
    );
    drop(file);
    let gone = read(&input, &options(), &mut |_| ControlFlow::Continue(()));
    assert!(gone.unwrap_err().to_string().starts_with("can't read /"));
    assert_eq!(
        Input::file(std::env::temp_dir()).unwrap_err().kind(),
        io::ErrorKind::IsADirectory
    );
}

#[test]
fn formats_are_told_apart() {
    assert_eq!(InputFormat::parse("jsonl"), Ok(InputFormat::JsonLines));
    assert_eq!(
        InputFormat::parse("jsn").unwrap_err().suggestion.as_deref(),
        Some("json")
    );
    for format in InputFormat::ALL {
        assert_eq!(InputFormat::parse(format.as_str()), Ok(*format));
        assert!(
            format
                .media_types()
                .iter()
                .all(|t| InputFormat::from_media_type(t) == Some(*format))
        );
    }
    assert_eq!(
        InputFormat::from_media_type("Application/JSON; charset=utf-8"),
        Some(InputFormat::Json)
    );
    assert_eq!(InputFormat::from_media_type("text/plain"), None);
    assert_eq!(
        InputFormat::from_file_name("a/b.NDJSON.gz".as_ref()),
        Some(InputFormat::JsonLines)
    );
    assert_eq!(InputFormat::from_file_name("json".as_ref()), None);
    let example = EXAMPLE.as_bytes();
    for (head, format) in [
        (example, InputFormat::Json),
        (b"{}", InputFormat::Json),
        (b"{\"events\": []}", InputFormat::Json),
        (
            b"\n {\"id\":\"x\", \"record\":\"event\"}\n{",
            InputFormat::JsonLines,
        ),
        (b"{ \"record\" : \"event\", broken", InputFormat::JsonLines),
        (b"{\"actor\":1}\n", InputFormat::JsonLines),
        (b"{\"id\":", InputFormat::Json),
        (b"[", InputFormat::Json),
        (b"", InputFormat::Json),
        (b"\na\tConsult\tb\t2014-01-01\n", InputFormat::Quads),
        (b"a\tConsult\tb\n", InputFormat::Json),
        (b"{\t\"a\"\t:\t1}", InputFormat::JsonLines),
        (b"[\t\t\t]", InputFormat::Json),
    ] {
        assert_eq!(
            InputFormat::detect(head),
            format,
            "{}",
            String::from_utf8_lossy(head)
        );
    }
}

fn quads(bytes: impl Into<Vec<u8>>) -> (Vec<Draft>, Vec<Reject>, ReadSummary) {
    let options = ReadOptions {
        format: Some(InputFormat::Quads),
        ..options()
    };
    read_all(bytes, &options)
}

/// What quads come to as JSON Lines of the same events.
fn as_json(subject: &str, cameo: &str, object: &str, date: &str) -> String {
    json!({
        "record": "event", "dataset": "default", "cameo": cameo, "date": date,
        "participants": [
            { "actor": subject, "role": "source" }, { "actor": object, "role": "target" },
        ],
        "sources": [{ "source": "default" }],
    })
    .to_string()
}

#[test]
fn quads_are_the_events_that_they_say() {
    let rows = "\u{feff}Ministry (Japan)\u{a0}\tMake a visit\tA \"B\", C\t2014-09-22\r\n\
                \n\
                Citizen_(India)\tMake_a_visit\tCitizen_(India)\t2014-09\t-1\n \
                Japan\tConsult\tChina\t2014-09-22~";
    let (found, rejects, summary) = quads(rows);
    assert_eq!(rejects, []);
    assert_eq!(summary.records, 3);
    let same = [
        as_json("Ministry (Japan)", "042", "A \"B\", C", "2014-09-22"),
        as_json("Citizen (India)", "042", "Citizen (India)", "2014-09"),
        as_json("Japan", "040", "China", "2014-09-22~"),
    ];
    assert_eq!(found, drafts(&same.join("\n")));
}

#[test]
fn a_bad_quad_is_told_column_by_column() {
    let rows = "Japan\tMake a visitt\t\t2014-02-30\nJapan\tConsult\tChina\n\
                Japan\tConsult\tChina\t2014-02-03\tmore\nÄ\tConsult\tÖ\t2014\n";
    let mut bytes = Vec::from(rows);
    bytes.extend(b"J\tConsult\t\xff\t2014");
    let (found, rejects, summary) = quads(bytes);
    assert_eq!((found.len(), summary.records), (1, 5));
    let told: Vec<_> = rejects
        .iter()
        .map(|reject| {
            let problem = &reject.problem;
            let suggestion = problem.suggestion.as_deref();
            (
                reject.position.line,
                reject.position.column,
                problem.field.as_str(),
                suggestion,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (1, 7, "relation", Some("Make a visit")),
            (1, 21, "object", None),
            (1, 22, "date", Some("2014-02-28")),
            (2, 1, "", None),
            (3, 32, "column 5", None),
            (5, 11, "", None),
        ]
    );
    assert_eq!(rejects[2].problem.value.as_deref(), Some("2014-02-30"));
}

#[test]
fn quads_of_numbers_are_refused_with_the_remedy() {
    let (found, rejects, summary) = quads("0\t18\t384\t7536\t-1\n1\t18\t1289\t7536\t-1\n");
    assert_eq!((found, rejects.len()), (Vec::new(), 1));
    assert!(summary.ended_early);
    assert!(rejects[0].problem.problem.contains("entity2id.txt"));
    assert!(rejects[0].problem.suggestion.is_some());
}

/// A reader that gives at most `step` bytes at once.
struct SlowReader<'a>(&'a [u8], usize);

impl Read for SlowReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let step = self.1.min(buffer.len());
        self.0.read(&mut buffer[..step])
    }
}

fn dripped(bytes: &[u8], step: usize) -> (Vec<Item>, bool) {
    let mut items = Vec::new();
    let options = options();
    let mut each = |item| {
        items.push(item);
        ControlFlow::Continue(())
    };
    let mut reading = InputReader {
        options: &options,
        each: &mut each,
        format: None,
        records: 0,
        events: BatchBuilder::default(),
        member: 0,
    };
    let reader = BufReader::with_capacity(step, SlowReader(bytes, step));
    let opened = OpenInput::plain_without_head(reader);
    let ok = json_lines::read(&mut reading, opened).is_ok() && reading.pass_on().is_continue();
    (items, ok)
}

fn word() -> impl Strategy<Value = String> {
    "[a-zé日\"\\\\ ]{0,6}[a-z]"
}

/// A record as JSON, sometimes a bad one.
fn record_json() -> impl Strategy<Value = (Kind, Value)> {
    let date = prop_oneof![
        Just("2023-06-16"),
        Just("2023"),
        Just("../2023-06-17"),
        Just("2023-02~")
    ];
    let role = prop_oneof![Just("source"), Just("target"), Just("host")];
    let people = || prop::collection::btree_set(word(), 1..4);
    let actor = (word(), people()).prop_map(|(name, aliases)| {
        (
            Kind::Actor,
            json!({"kind": "state", "name": name, "aliases": aliases}),
        )
    });
    let event = (
        people(),
        role,
        date.clone(),
        prop::option::of(word()),
        any::<f64>(),
    )
        .prop_map(|(actors, role, date, title, number)| {
            let participants: Vec<_> = actors
                .iter()
                .map(|a| json!({"actor": a, "role": role}))
                .collect();
            let attributes = json!({"n": number, "title": title, "deep": [[{"x": null}]]});
            let event = json!({"cameo": "042", "date": date, "title": title,
                "participants": participants, "attributes": attributes,
                "place": {"name": "P", "lat": 12.5, "lon": -0.0},
                "sources": [{"source": "s", "confidence": 0.7}]});
            (Kind::Event, event)
        });
    let statement = (people(), word(), date).prop_map(|(speakers, text, date)| {
        let stances = json!([{"toward": text, "stance": "warns"}, {"toward": {"topic": text}, "stance": "pledges"}]);
        (Kind::Statement, json!({"speakers": speakers, "text": text, "date": date, "stances": stances}))
    });
    prop_oneof![actor, event, statement]
}

/// A line of an event that is mostly plain, with what may be wrong with one.
fn plain_line() -> impl Strategy<Value = String> {
    let member = prop_oneof![
        Just(r#""cameo":"042""#),
        Just(r#""cameo": "42""#),
        Just(r#""type":"consult""#),
        Just(r#""date":"2023-06""#),
        Just(r#""date":"2023-06-17""#),
        Just(r#""date":"2023-02-30""#),
        Just(r#""date":"2023?""#),
        Just(r#""date":null"#),
        Just(r#""id":"e1""#),
        Just(r#""id":"E 1""#),
        Just(r#""dataset" : "d""#),
        Just(r#""status":"planned""#),
        Just(r#""status":"scheduled""#),
        Just(r#""title":"T""#),
        Just(r#""topics":[]"#),
        Just(r#""sources":[{"source":"s"},{"confidence":0.8333,"source":"s"}]"#),
        Just(r#""sources":[{"source":"s","confidence":0.5 }]"#),
        Just(r#""sources":[{"source":"s","confidence":5}]"#),
        Just(r#""sources":[{"source":"s","quote":"q"}]"#),
        Just(r#""attributes":{"a":1}"#),
    ];
    let actor = prop_oneof![
        Just("a"),
        Just(" a"),
        Just("é \\\" "),
        Just("b\\u0000"),
        Just("")
    ];
    let role = prop_oneof![4 => Just("source"), 4 => Just("target"), 1 => Just("traget")];
    let participants = prop::collection::vec((actor, role), 0..4);
    (
        prop::collection::vec(member, 0..5),
        participants,
        "[ ]{0,1}",
        "( |}|,)?",
    )
        .prop_map(|(members, participants, space, end)| {
            let participants: Vec<String> = participants
                .iter()
                .map(|(actor, role)| format!(r#"{{"actor":"{actor}",{space}"role":"{role}"}}"#))
                .collect();
            let mut all = vec![r#""record":"event""#.to_owned()];
            all.extend(members.iter().map(|member| (*member).to_owned()));
            all.push(format!(
                r#""participants":{space}[{}]"#,
                participants.join(",")
            ));
            format!("{{{}{space}}}{end}", all.join(","))
        })
}

fn as_lines(records: &[(Kind, Value)]) -> String {
    records
        .iter()
        .fold(String::new(), |mut text, (kind, record)| {
            let mut record = record.clone();
            record["record"] = kind.as_str().into();
            writeln!(text, "{record}").unwrap();
            text
        })
}

fn as_document(records: &[(Kind, Value)]) -> String {
    let mut document = json!({"dataset": "default"});
    for kind in Kind::ALL {
        let of_kind: Vec<_> = records
            .iter()
            .filter(|(k, _)| k == kind)
            .map(|(_, r)| r)
            .collect();
        document[kind.plural()] = json!(of_kind);
    }
    format!("{document:#}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for format in [None, Some(InputFormat::Json), Some(InputFormat::JsonLines)] {
            let (drafts, rejects, _) = read_all(bytes.clone(), &ReadOptions { format, ..options() });
            prop_assert!(drafts.len() + rejects.len() > 0);
        }
    }

    #[test]
    fn plain_lines_are_read_as_the_careful_reader_reads_them(
        lines in prop::collection::vec(plain_line(), 1..12),
    ) {
        let text = lines.join("\n");
        let (found, rejects, summary) = read_all(
            text.clone(),
            &ReadOptions { format: Some(InputFormat::JsonLines), ..options() },
        );
        let (mut drafts, mut problems) = (Vec::new(), Vec::new());
        for (line, number) in lines.iter().zip(1..) {
            let start = InputPosition { member: 0, line: number, column: 1 };
            let mut cursor = walk::PositionCursor::new(line, start);
            match record::read(Kind::Event, line.trim_ascii(), &mut cursor, &options().defaults) {
                Item::Draft(_, draft) => drafts.push(draft),
                Item::Rejects(rejects) => problems.extend(rejects),
                Item::Events(_) | Item::References(_) | Item::Remark(..) | Item::Member(..) => {}
            }
        }
        prop_assert_eq!(found, drafts);
        prop_assert_eq!(rejects, problems);
        prop_assert_eq!(summary.records, lines.len() as u64);
    }

    #[test]
    fn arbitrary_quads_never_panic_and_each_line_is_answered(
        lines in prop::collection::vec(
            ("[Ja_ \u{a0}\"]{0,4}", "(Consult|Make a visit|x)", "[b\t]{0,3}", "(2014-01-01|2014~|x)", "[\t\r1]{0,2}"),
            1..20,
        ),
        implied: bool,
    ) {
        let mut text = String::new();
        for (a, b, c, d, e) in &lines {
            writeln!(text, "{a}\t{b}\t{c}\t{d}{e}").unwrap();
        }
        let (found, rejects, summary) = quads(text.into_bytes());
        let bad: std::collections::BTreeSet<u64> =
            rejects.iter().map(|reject| reject.position.line).collect();
        prop_assert_eq!(found.len() + bad.len(), lines.len());
        prop_assert_eq!(summary.records, lines.len() as u64);
        // What the first of two readings brings is what the second names.
        let kinds = if implied { Kinds::from_kinds(&[Kind::Actor]) } else { Kinds::ALL };
        let options = ReadOptions { kinds, format: Some(InputFormat::Quads), ..options() };
        let mut names = 0;
        let read = read(&Input::bytes(b"a\tConsult\tb\t2014\nb\tConsult\ta\t2014".to_vec()), &options, &mut |item| {
            if let Item::Events(events) = item {
                names += events.names.len();
            }
            ControlFlow::Continue(())
        });
        prop_assert!(read.is_ok());
        prop_assert_eq!(names, 2);
    }

    #[test]
    fn mutated_inputs_never_panic_and_always_answer(
        records in prop::collection::vec(record_json(), 1..4),
        lines: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let text = if lines { as_lines(&records) } else { as_document(&records) };
        let mut bytes = text.into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let (drafts, rejects, _) = read_all(bytes.clone(), &options());
        prop_assert!(drafts.len() + rejects.len() > 0);
        let breaks = memchr::memchr_iter(b'\n', &bytes).count() as u64;
        prop_assert!(rejects.iter().all(|r| (1..=breaks + 1).contains(&r.position.line)));
    }

    #[test]
    fn both_formats_and_the_export_give_the_same_drafts(
        mut records in prop::collection::vec(record_json(), 1..6),
    ) {
        records.sort_by_key(|(kind, _)| *kind);
        let (from_lines, bad, _) = read_all(as_lines(&records), &options());
        let (from_document, worse, _) = read_all(as_document(&records), &options());
        prop_assert_eq!(&from_lines, &from_document);
        prop_assert_eq!(bad.len(), worse.len());
        prop_assert_eq!(from_lines.len() + bad.iter().map(|r| r.position.line).collect::<std::collections::BTreeSet<_>>().len(), records.len());
        if !from_lines.is_empty() {
            prop_assert_eq!(drafts(&export(&from_lines)), from_lines);
        }
    }

    #[test]
    fn chunks_make_no_difference(
        records in prop::collection::vec(record_json(), 1..4),
        step in 1_usize..40,
        noise in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let bytes = [as_lines(&records).into_bytes(), noise].concat();
        let whole = dripped(&bytes, 1 << 20);
        prop_assert_eq!(dripped(&bytes, step), whole);
    }
}
