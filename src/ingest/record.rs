//! One record as JSON text: its draft, or everything that is wrong with it and where.

use serde::de::IgnoredAny;
use serde_json::Error;

use super::limits::{NESTING_MAX_LEVELS, RECORD_MAX_BYTES, RECORD_PROBLEMS_MAX};
use super::walk::{self, PositionCursor};
use super::{Item, Reject, Subject};
use crate::document::{self, Defaults, ReadError};
use crate::model::{ID_MAX_BYTES, Kind, RecordProblem};

/// Reads the record `json` of `kind`; `cursor` is over a text that it is a slice of.
pub(super) fn read(
    kind: Kind,
    json: &str,
    cursor: &mut PositionCursor<'_>,
    defaults: &Defaults,
) -> Item {
    let start = cursor.position(json);
    if json.len() > RECORD_MAX_BYTES {
        let subject = Subject {
            kind: Some(kind),
            id: None,
        };
        return Item::Rejects(vec![Reject {
            position: start,
            subject,
            problem: too_long(),
        }]);
    }
    match document::read(kind, json, defaults) {
        Ok(draft) => Item::Draft(start, draft),
        Err(error) => Item::Rejects(rejects(kind, json, cursor, error)),
    }
}

/// What is wrong with a record beyond [`RECORD_MAX_BYTES`].
pub(super) fn too_long() -> RecordProblem {
    RecordProblem::new(
        "",
        format!("has more than {RECORD_MAX_BYTES} bytes, the maximum"),
    )
    .suggest("split the record, or shorten its quotes and attributes".to_owned())
}

/// What is wrong with a text that is no JSON.
pub(super) fn no_json(fault: &Error) -> RecordProblem {
    let text = fault.to_string();
    // The place stands in the position.
    let text = text.split(" at line ").next().unwrap_or(&text);
    let problem = RecordProblem::new("", format!("is not valid JSON: {text}"));
    if text.starts_with("trailing characters") {
        return problem.suggest("a line break after each record, nothing else".to_owned());
    }
    problem
}

fn rejects(
    kind: Kind,
    json: &str,
    cursor: &mut PositionCursor<'_>,
    error: ReadError,
) -> Vec<Reject> {
    if let Err(fault) = serde_json::from_str::<IgnoredAny>(json) {
        let subject = Subject {
            kind: Some(kind),
            id: None,
        };
        return vec![Reject {
            position: cursor.of_fault(json, &fault),
            subject,
            problem: no_json(&fault),
        }];
    }
    let subject = Subject {
        kind: Some(kind),
        id: id(json),
    };
    let mut problems = match error {
        ReadError::Shape { problem, .. } => vec![nesting(problem)],
        ReadError::Values(problems) => problems,
    };
    let more = problems.len().saturating_sub(RECORD_PROBLEMS_MAX);
    if more > 0 {
        // Each is looked for in the text, which must not be done without bound.
        problems.truncate(RECORD_PROBLEMS_MAX);
        problems.push(RecordProblem::new(
            "",
            format!("the record has {more} more problems"),
        ));
    }
    let reject = |problem: RecordProblem| {
        let found = walk::find(json, &problem.field);
        let names = ["unknown field", "duplicate field"];
        let at_name = names.iter().any(|n| problem.problem.starts_with(n));
        let part = found.key.filter(|_| at_name).unwrap_or(found.value);
        Reject {
            position: cursor.position(part),
            subject: subject.clone(),
            problem,
        }
    };
    problems.into_iter().map(reject).collect()
}

/// The id that the record gives itself.
fn id(json: &str) -> Option<String> {
    let found = walk::find(json, "id");
    found.key?;
    let written = walk::string(found.value)?;
    Some(
        written
            .get(..written.floor_char_boundary(ID_MAX_BYTES))?
            .to_owned(),
    )
}

/// Says the limit of the JSON reader in words; the path to its end would be of no help.
fn nesting(problem: RecordProblem) -> RecordProblem {
    if !problem.problem.starts_with("recursion limit exceeded") {
        return problem;
    }
    // What is split has a first part, be it empty.
    let member = problem.field.split(['.', '[']).next().unwrap_or_default();
    RecordProblem::new(
        member,
        format!("the record is nested deeper than {NESTING_MAX_LEVELS} levels"),
    )
    .suggest("keep nested data as text".to_owned())
}
