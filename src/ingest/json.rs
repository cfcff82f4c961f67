//! The JSON document: `{ "dataset": …, "sources": [], "actors": [], "relations": [], "events": [],
//! "statements": [] }`, its members in any order. It is held in memory, and its syntax is checked
//! before the first record is given out.

use std::io::Read as _;
use std::ops::ControlFlow;

use super::format::{FormatDeclaration, FormatReader};
use super::input::OpenInput;
use super::limits::DOCUMENT_MAX_BYTES;
use super::walk::{self, ObjectMember, PositionCursor};
use super::{InputPosition, InputReader, ReadStop, Subject, no_utf8, nothing, record};
use crate::document::{Defaults, KIND_MEMBER};
use crate::model::{Id, Kind, RecordProblem, unknown_word};

pub(super) const FORMAT: FormatDeclaration = FormatDeclaration {
    word: "json",
    media_types: &["application/json"],
    extensions: &["json"],
    // What is of no other format is read as this one, which says why it is none.
    reader: FormatReader::Stream {
        fits: |_| false,
        read,
    },
};

const DATASET: &str = "dataset";

/// Whether `name` is a member of documents.
pub(super) fn is_document_member(name: &str) -> bool {
    name == DATASET || section_kind(name).is_some()
}

fn section_kind(name: &str) -> Option<Kind> {
    Kind::ALL.iter().copied().find(|kind| kind.plural() == name)
}

/// Faulty members of a document that are reported.
const FAULTS_MAX: usize = 100;

/// The members of a document.
#[derive(Default)]
struct DocumentMembers<'a> {
    dataset: Option<ObjectMember<'a>>,
    sections: Vec<(Kind, ObjectMember<'a>)>,
    /// What is wrong with members; of one kind, or of none.
    faults: Vec<(ObjectMember<'a>, Option<Kind>, RecordProblem)>,
}

fn read(
    reading: &mut InputReader<'_>,
    mut opened: OpenInput<'_>,
) -> Result<ControlFlow<()>, ReadStop> {
    let text = whole_text(&mut opened)?;
    drop(opened);
    let mut cursor = PositionCursor::new(&text, InputPosition::START);
    let document = DocumentMembers::parse(&text, &mut cursor)?;
    document.read(reading, &mut cursor)
}

/// The text of a whole document.
pub(super) fn whole_text(opened: &mut OpenInput<'_>) -> Result<String, ReadStop> {
    let bytes = whole(opened, DOCUMENT_MAX_BYTES)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        // Up to there it is UTF-8, and the next byte is none.
        let (before, bad) = error.as_bytes().split_at_checked(good).unwrap_or_default();
        let position = PositionCursor::new(
            str::from_utf8(before).unwrap_or_default(),
            InputPosition::START,
        )
        .at(good);
        ReadStop::Content(position, no_utf8(bad.first().copied().unwrap_or_default()))
    })?;
    if text.trim_ascii().is_empty() {
        return Err(ReadStop::Content(InputPosition::START, nothing()));
    }
    Ok(text)
}

/// The whole input, if it has at most `max` bytes.
pub(super) fn whole(opened: &mut OpenInput<'_>, max: usize) -> Result<Vec<u8>, ReadStop> {
    let mut bytes = Vec::new();
    let read = opened.reader().take(max as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| opened.stop(error, InputPosition::START))?;
    if bytes.len() > max {
        let problem = format!("a JSON document has at most {max} bytes, this one has more");
        let remedy = "write it as JSON Lines, which have no limit".to_owned();
        return Err(ReadStop::Content(
            InputPosition::START,
            RecordProblem::new("", problem).suggest(remedy),
        ));
    }
    Ok(bytes)
}

impl<'a> DocumentMembers<'a> {
    /// The members of the document `text`, all of whose syntax is checked by this.
    fn parse(text: &'a str, cursor: &mut PositionCursor<'_>) -> Result<Self, ReadStop> {
        let mut document = Self::default();
        walk::members(text, |member| document.take(member)).map_err(|fault| {
            if fault.is_data() {
                let problem = "a document is a JSON object with the lists of records as members";
                let remedy = r#"{"events": [...]} around the records"#.to_owned();
                let position = cursor.position(text.trim_ascii());
                return ReadStop::Content(
                    position,
                    RecordProblem::new("", problem).suggest(remedy),
                );
            }
            ReadStop::Content(cursor.of_fault(text, &fault), record::no_json(&fault))
        })?;
        Ok(document)
    }

    fn take(&mut self, member: ObjectMember<'a>) {
        let name = member.name();
        let kind = section_kind(&name);
        if name == DATASET && self.dataset.is_none() {
            self.dataset = Some(member);
        } else if let Some(kind) = kind
            && self.sections.iter().all(|(known, _)| *known != kind)
        {
            self.sections.push((kind, member));
        } else if self.faults.len() < FAULTS_MAX {
            let problem = if kind.is_some() || name == DATASET {
                RecordProblem::new(name.clone(), "is in the document twice: combine the two")
            } else {
                unknown(&name)
            };
            self.faults.push((member, kind, problem));
        }
    }

    /// Gives out the records. Without a good `dataset` none is: it would be put where it does not
    /// belong.
    fn read(
        mut self,
        reading: &mut InputReader<'_>,
        cursor: &mut PositionCursor<'_>,
    ) -> Result<ControlFlow<()>, ReadStop> {
        let mut defaults = reading.options.defaults.clone();
        if let Some(member) = self.dataset.filter(|member| member.value != "null") {
            defaults.dataset = dataset(member.value)
                .map_err(|problem| ReadStop::Content(cursor.position(member.value), problem))?;
        }
        let empty = |(_, member): &(Kind, ObjectMember<'_>)| is_empty_list(member.value);
        if self.faults.is_empty() && self.sections.iter().all(empty) {
            return Err(ReadStop::Content(InputPosition::START, nothing()));
        }
        let mut flow = self.report(reading, cursor);
        self.sections.sort_by_key(|(kind, _)| *kind);
        for (kind, section) in self.sections {
            if flow.is_continue() && reading.wants(kind) {
                flow = records(reading, kind, section, cursor, &defaults);
            }
        }
        Ok(flow)
    }

    fn report(
        &self,
        reading: &mut InputReader<'_>,
        cursor: &mut PositionCursor<'_>,
    ) -> ControlFlow<()> {
        for (member, kind, problem) in &self.faults {
            let position = cursor.position(member.key);
            match *kind {
                None => reading.unreadable(position, problem.clone())?,
                Some(kind) if reading.wants(kind) => {
                    let subject = Subject {
                        kind: Some(kind),
                        id: None,
                    };
                    reading.reject(position, subject, problem.clone())?;
                }
                Some(_) => {}
            }
        }
        ControlFlow::Continue(())
    }
}

fn records(
    reading: &mut InputReader<'_>,
    kind: Kind,
    section: ObjectMember<'_>,
    cursor: &mut PositionCursor<'_>,
    defaults: &Defaults,
) -> ControlFlow<()> {
    let mut flow = ControlFlow::Continue(());
    let list = walk::elements(section.value, |json| {
        if flow.is_continue() {
            reading.records += 1;
            let item = record::read(kind, json, cursor, defaults);
            flow = reading.give(item);
        }
    });
    // The syntax was checked: the section is another value than a list.
    if list.is_err() {
        let problem =
            RecordProblem::new(kind.plural(), format!("is not a list of {}", kind.plural()));
        let subject = Subject {
            kind: Some(kind),
            id: None,
        };
        return reading.reject(cursor.position(section.value), subject, problem);
    }
    flow
}

fn dataset(json: &str) -> Result<Id, RecordProblem> {
    let Some(written) = walk::string(json) else {
        return Err(RecordProblem::new(DATASET, "is not a string").value(walk::shown(json)));
    };
    Id::parse(&written).map_err(|error| {
        let nearest = Id::nearest(&written).map(|id| id.to_string());
        RecordProblem::new(DATASET, error.to_string())
            .value(walk::shown(&written))
            .suggest(nearest)
    })
}

fn is_empty_list(json: &str) -> bool {
    json.strip_prefix('[')
        .is_some_and(|rest| rest.trim_ascii_start() == "]")
}

/// The problem of a member that documents do not have.
fn unknown(name: &str) -> RecordProblem {
    let name = walk::shown(name);
    if name == KIND_MEMBER {
        return RecordProblem::new(
            name,
            "belongs to a record, and this is read as a document of records",
        )
        .suggest(r#"{"events": [...]} around the record, or the record on one line"#.to_owned());
    }
    let known: Vec<&str> = [DATASET]
        .into_iter()
        .chain(Kind::ALL.iter().map(|k| k.plural()))
        .collect();
    let mut problem = unknown_word(&name, &known);
    problem.problem = format!("unknown member: a document has {}", known.join(", "));
    problem.under(&name)
}
