//! The JSON document: `{ "dataset": …, "sources": [], "actors": [], "relations": [], "events": [],
//! "statements": [] }`, its members in any order. It is held in memory, and its syntax is checked
//! before the first record is given out.

use std::io::Read as _;
use std::ops::ControlFlow;

use super::input::Opened;
use super::limits::DOCUMENT_MAX_BYTES;
use super::walk::{self, Cursor, Member};
use super::{Position, Reading, Stop, Subject, no_utf8, nothing, record};
use crate::document::{Defaults, KIND_MEMBER};
use crate::model::{Id, Kind, Problem, unknown_word};

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
struct Document<'a> {
    dataset: Option<Member<'a>>,
    sections: Vec<(Kind, Member<'a>)>,
    /// What is wrong with members; of one kind, or of none.
    faults: Vec<(Member<'a>, Option<Kind>, Problem)>,
}

pub(super) fn read(
    reading: &mut Reading<'_>,
    mut opened: Opened<'_>,
) -> Result<ControlFlow<()>, Stop> {
    let bytes = whole(&mut opened, DOCUMENT_MAX_BYTES)?;
    drop(opened);
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        // Up to there it is UTF-8, and the next byte is none.
        let (before, bad) = error.as_bytes().split_at_checked(good).unwrap_or_default();
        let position =
            Cursor::new(str::from_utf8(before).unwrap_or_default(), Position::START).at(good);
        Stop::Content(position, no_utf8(bad.first().copied().unwrap_or_default()))
    })?;
    if text.trim_ascii().is_empty() {
        return Err(Stop::Content(Position::START, nothing()));
    }
    let mut cursor = Cursor::new(&text, Position::START);
    let document = Document::of(&text, &mut cursor)?;
    document.read(reading, &mut cursor)
}

/// The whole input, if it has at most `max` bytes.
pub(super) fn whole(opened: &mut Opened<'_>, max: usize) -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    let read = opened.reader().take(max as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| opened.stop(error, Position::START))?;
    if bytes.len() > max {
        let problem = format!("a JSON document has at most {max} bytes, this one has more");
        let remedy = "write it as JSON Lines, which have no limit".to_owned();
        return Err(Stop::Content(
            Position::START,
            Problem::new("", problem).suggest(remedy),
        ));
    }
    Ok(bytes)
}

impl<'a> Document<'a> {
    /// The members of the document `text`, all of whose syntax is checked by this.
    fn of(text: &'a str, cursor: &mut Cursor<'_>) -> Result<Self, Stop> {
        let mut document = Self::default();
        walk::members(text, |member| document.take(member)).map_err(|fault| {
            if fault.is_data() {
                let problem = "a document is a JSON object with the lists of records as members";
                let remedy = r#"{"events": [...]} around the records"#.to_owned();
                let position = cursor.of(text.trim_ascii());
                return Stop::Content(position, Problem::new("", problem).suggest(remedy));
            }
            Stop::Content(cursor.of_fault(text, &fault), record::no_json(&fault))
        })?;
        Ok(document)
    }

    fn take(&mut self, member: Member<'a>) {
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
                Problem::new(
                    name.clone(),
                    "stands in the document already: make one of the two",
                )
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
        reading: &mut Reading<'_>,
        cursor: &mut Cursor<'_>,
    ) -> Result<ControlFlow<()>, Stop> {
        let mut defaults = reading.options.defaults.clone();
        if let Some(member) = self.dataset.filter(|member| member.value != "null") {
            defaults.dataset = dataset(member.value)
                .map_err(|problem| Stop::Content(cursor.of(member.value), problem))?;
        }
        let empty = |(_, member): &(Kind, Member<'_>)| is_empty_list(member.value);
        if self.faults.is_empty() && self.sections.iter().all(empty) {
            return Err(Stop::Content(Position::START, nothing()));
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

    fn report(&self, reading: &mut Reading<'_>, cursor: &mut Cursor<'_>) -> ControlFlow<()> {
        for (member, kind, problem) in &self.faults {
            let position = cursor.of(member.key);
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
    reading: &mut Reading<'_>,
    kind: Kind,
    section: Member<'_>,
    cursor: &mut Cursor<'_>,
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
        let problem = Problem::new(kind.plural(), format!("is no list of {}", kind.plural()));
        let subject = Subject {
            kind: Some(kind),
            id: None,
        };
        return reading.reject(cursor.of(section.value), subject, problem);
    }
    flow
}

fn dataset(json: &str) -> Result<Id, Problem> {
    let Some(written) = walk::string(json) else {
        return Err(Problem::new(DATASET, "is no string").value(walk::shown(json)));
    };
    Id::parse(&written).map_err(|error| {
        let nearest = Id::nearest(&written).map(|id| id.to_string());
        Problem::new(DATASET, error.to_string())
            .value(walk::shown(&written))
            .suggest(nearest)
    })
}

fn is_empty_list(json: &str) -> bool {
    json.strip_prefix('[')
        .is_some_and(|rest| rest.trim_ascii_start() == "]")
}

/// The problem of a member that documents do not have.
fn unknown(name: &str) -> Problem {
    let name = walk::shown(name);
    if name == KIND_MEMBER {
        return Problem::new(
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
