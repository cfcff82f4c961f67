//! JSON Lines: one record a line, its kind in the member `record`. The data set of a record is its
//! own or the default. Blank lines are passed over. Read line by line, so memory does not grow.

use std::ops::ControlFlow;

use super::format::{FormatDeclaration, FormatReader};
use super::input::OpenInput;
use super::json::is_document_member;
use super::limits::RECORD_MAX_BYTES;
use super::lines::next_line;
use super::plain_line::{self, LineCache};
use super::walk::{self, PositionCursor};
use super::{InputPosition, InputReader, ReadStop, Subject, no_utf8, nothing, record};
use crate::document::KIND_MEMBER;
use crate::model::{Kind, RecordProblem};

pub(super) const FORMAT: FormatDeclaration = FormatDeclaration {
    word: "jsonl",
    media_types: &[
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/x-jsonlines",
        "application/json-lines",
    ],
    extensions: &["jsonl", "ndjson"],
    reader: FormatReader::Stream { fits, read },
};

/// Members that only one kind of record has, the most telling first.
const TELLING: &[(&str, Kind)] = &[
    ("participants", Kind::Event),
    ("cameo", Kind::Event),
    ("links", Kind::Event),
    ("speakers", Kind::Statement),
    ("stances", Kind::Statement),
    ("subject", Kind::Relation),
    ("object", Kind::Relation),
    ("aliases", Kind::Actor),
    ("codes", Kind::Actor),
    ("name", Kind::Actor),
    ("publisher", Kind::Source),
    ("published", Kind::Source),
    ("authors", Kind::Source),
    ("url", Kind::Source),
];

/// Whether the first line that is not blank starts with a [`KIND_MEMBER`] or is a whole JSON object that
/// has one or has nothing of a document.
fn fits(head: &[u8]) -> bool {
    // What is split has a first part, be it empty.
    let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
    if first_kind(line).is_some() {
        return true;
    }
    let (mut told, mut members, mut of_document) = (false, false, false);
    let whole = str::from_utf8(line).is_ok_and(|line| {
        walk::members(line, |member| {
            let name = member.name();
            members = true;
            told |= name == KIND_MEMBER;
            of_document |= is_document_member(&name);
        })
        .is_ok()
    });
    whole && members && (told || !of_document)
}

pub(super) fn read(
    reading: &mut InputReader<'_>,
    mut opened: OpenInput<'_>,
) -> Result<ControlFlow<()>, ReadStop> {
    let mut line = Vec::new();
    let mut lines = LineCache::default();
    let mut number = 0;
    let mut blank = true;
    loop {
        number += 1;
        let start = InputPosition {
            member: 0,
            line: number,
            column: 1,
        };
        let length = match next_line(opened.reader(), &mut line) {
            Ok(Some(length)) => length,
            Ok(None) => break,
            Err(error) => return Err(opened.stop(error, start)),
        };
        reading.events.note_line(length);
        let text = line.trim_ascii_end();
        if text.is_empty() && length <= RECORD_MAX_BYTES {
            continue;
        }
        blank = false;
        let flow = if length > RECORD_MAX_BYTES {
            reading.unreadable(start, record::too_long())
        } else {
            one_line(reading, &mut lines, text, start)
        };
        if flow.is_break() {
            return Ok(flow);
        }
    }
    Ok(if blank {
        reading.unreadable(InputPosition::START, nothing())
    } else {
        ControlFlow::Continue(())
    })
}

fn one_line(
    reading: &mut InputReader<'_>,
    lines: &mut LineCache,
    line: &[u8],
    start: InputPosition,
) -> ControlFlow<()> {
    let first = first_kind(line);
    if first.is_some_and(|kind| !reading.wants(kind)) {
        return ControlFlow::Continue(());
    }
    let text = match str::from_utf8(line) {
        Ok(text) => text,
        Err(error) => return bad_bytes(reading, line, error.valid_up_to(), (start, first)),
    };
    if first.is_none_or(|kind| kind == Kind::Event)
        && reading.wants(Kind::Event)
        && let Some(flow) = plain_line::read(reading, lines, text, start)
    {
        return flow;
    }
    let json = text.trim_ascii();
    let mut cursor = PositionCursor::new(text, start);
    let kind = match first.map_or_else(|| kind(json, &mut cursor), Ok) {
        Ok(kind) => kind,
        Err((position, problem)) => return reading.unreadable(position, problem),
    };
    if !reading.wants(kind) {
        return ControlFlow::Continue(());
    }
    reading.records += 1;
    let item = record::read(kind, json, &mut cursor, &reading.options.defaults);
    reading.give(item)
}

fn bad_bytes(
    reading: &mut InputReader<'_>,
    line: &[u8],
    good: usize,
    (start, kind): (InputPosition, Option<Kind>),
) -> ControlFlow<()> {
    // So far it is UTF-8, and the next byte is none.
    let before = line
        .get(..good)
        .and_then(|b| str::from_utf8(b).ok())
        .unwrap_or_default();
    let position = PositionCursor::new(before, start).at(good);
    let problem = no_utf8(line.get(good).copied().unwrap_or_default());
    if kind.is_none() {
        return reading.unreadable(position, problem);
    }
    reading.records += 1;
    reading.reject(position, Subject { kind, id: None }, problem)
}

/// The kind of a line that starts with it, as most do: `{"record":"event"`.
fn first_kind(line: &[u8]) -> Option<Kind> {
    let rest = line
        .trim_ascii_start()
        .strip_prefix(b"{")?
        .trim_ascii_start();
    let rest = rest
        .strip_prefix(b"\"")?
        .strip_prefix(KIND_MEMBER.as_bytes())?
        .strip_prefix(b"\"")?;
    let rest = rest
        .trim_ascii_start()
        .strip_prefix(b":")?
        .trim_ascii_start()
        .strip_prefix(b"\"")?;
    let says = |kind: &Kind| {
        let after = rest.strip_prefix(kind.as_str().as_bytes());
        after.is_some_and(|after| after.starts_with(b"\""))
    };
    Kind::ALL.iter().copied().find(says)
}

/// The kind of a line, wherever it stands in it, or why it has none.
fn kind(
    json: &str,
    cursor: &mut PositionCursor<'_>,
) -> Result<Kind, (InputPosition, RecordProblem)> {
    let mut written = None;
    let mut told = None;
    let read = walk::members(json, |member| {
        let name = member.name();
        if name == KIND_MEMBER {
            written.get_or_insert(member.value);
        }
        let tells = TELLING.iter().position(|(telling, _)| *telling == name);
        told = [told, tells].into_iter().flatten().min();
    });
    if let Err(fault) = read {
        if fault.is_data() {
            return Err((cursor.position(json), no_object(json)));
        }
        return Err((cursor.of_fault(json, &fault), record::no_json(&fault)));
    }
    let Some(written) = written else {
        let told = told.and_then(|i| TELLING.get(i)).map(|(_, kind)| *kind);
        return Err((cursor.position(json), no_kind(told)));
    };
    let kind = match walk::string(written) {
        Some(word) => {
            Kind::parse(&walk::shown(&word)).map_err(|problem| problem.under(KIND_MEMBER))
        }
        None => Err(RecordProblem::new(KIND_MEMBER, "is not a string").value(walk::shown(written))),
    };
    kind.map_err(|problem| (cursor.position(written), problem))
}

fn no_kind(told: Option<Kind>) -> RecordProblem {
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    let problem = format!(
        "is missing: it gives the kind of the record on the line, one of {}",
        kinds.join(", ")
    );
    let suggestion = told.map(|kind| format!("\"{KIND_MEMBER}\": \"{kind}\""));
    RecordProblem::new(KIND_MEMBER, problem).suggest(suggestion)
}

/// A line that holds another JSON value.
fn no_object(json: &str) -> RecordProblem {
    RecordProblem::new("", "each line contains one record, a JSON object")
        .value(walk::shown(json))
        .suggest(
            json.starts_with('[')
                .then(|| "one record per line, without a list around them".to_owned()),
        )
}
