//! Single writes.

use std::fmt;

use super::error::{Blocker, EngineError};
use super::link_check::{self, LinkCheck, MergeCheck};
use crate::codec::RecordChange;
use crate::document::is_id_of_content;
use crate::graph::View;
use crate::model::{Draft, Id, Kind, Record};

/// Records that an error about dependents lists.
const BLOCKERS_SHOWN_MAX: usize = 20;

/// A test of the state that a write is about to change; the write is refused when it fails.
pub type Precondition = Box<dyn Fn(&View) -> bool + Send>;

/// What to do with one record.
pub struct Write {
    /// What.
    pub mode: WriteMode,
    /// What must hold before.
    pub condition: Option<Precondition>,
}

/// How a record is written.
#[derive(Debug)]
pub enum WriteMode {
    /// Makes it; one with the same content may be there.
    Create(Box<Draft>),
    /// Makes it, or a new version of it.
    Put(Box<Draft>),
    /// Deletes it. Refused while others name it.
    Delete(Kind, Id),
}

impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, kind, id) = match &self.mode {
            WriteMode::Create(draft) => ("create", draft.kind(), draft.id()),
            WriteMode::Put(draft) => ("put", draft.kind(), draft.id()),
            WriteMode::Delete(kind, id) => ("delete", *kind, id),
        };
        write!(f, "{verb} {kind} {id}")
    }
}

/// What a write did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteOutcome {
    /// The record is new.
    New,
    /// The record has a new version.
    Changed,
    /// The record was there with the same content; nothing was written.
    Same,
    /// The record is gone.
    Deleted,
}

/// An accepted write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedWrite {
    /// What it did.
    pub outcome: WriteOutcome,
    /// The kind of the record.
    pub kind: Kind,
    /// The id of the record.
    pub id: Id,
    /// The commit after which it holds.
    pub commit: u64,
}

/// What a write comes to in one state: the change, or nothing to do.
pub(super) fn prepare(
    view: &View,
    write: Write,
) -> Result<(WriteOutcome, Kind, Id, Option<RecordChange>), EngineError> {
    if let Some(condition) = &write.condition
        && !condition(&view.clone().with_merges())
    {
        return Err(EngineError::Changed);
    }
    let (kind, id) = match &write.mode {
        WriteMode::Create(draft) | WriteMode::Put(draft) => (draft.kind(), draft.id()),
        WriteMode::Delete(kind, id) => (*kind, id),
    };
    if kind == Kind::Actor
        && let Some((survivor, by)) = link_check::merged_into(view, id.as_str())
    {
        let id = id.clone();
        return Err(EngineError::Merged { id, survivor, by });
    }
    match write.mode {
        WriteMode::Create(draft) => put(view, *draft, false),
        WriteMode::Put(draft) => put(view, *draft, true),
        WriteMode::Delete(kind, id) => delete(view, kind, id),
    }
}

fn put(
    view: &View,
    draft: Draft,
    replace: bool,
) -> Result<(WriteOutcome, Kind, Id, Option<RecordChange>), EngineError> {
    let invalid = |problems| EngineError::Invalid { problems };
    let draft = link_check::with_stored_id(view, draft);
    let (draft, _) = link_check::with_periods_as_read(draft);
    if is_id_of_content(&draft)
        && let Some((_, stored)) = link_check::stored_as_written(view, &draft)
    {
        return Ok((WriteOutcome::Same, stored.kind(), stored.id().clone(), None));
    }
    let record = link_check::resolve(view, draft, |_| None, &mut |_, _| ()).map_err(invalid)?;
    let mut problems = link_check::unknown_sources(view, &record);
    let known = |id: &Id| view.find(Kind::Event, id.as_str()).is_some();
    for (field, id) in link_check::unknown_events(&record, known) {
        problems.push(link_check::unknown_id(view, Kind::Event, id, field));
    }
    if let Record::Event(event) = &record {
        let mut links = LinkCheck::default();
        links.add(event);
        problems.extend(
            links
                .circles(view, |_| false)
                .into_iter()
                .map(|(_, problem)| problem),
        );
    }
    if let Record::Judgement(judgement) = &record {
        let mut merges = MergeCheck::default();
        merges.add(judgement);
        let found = merges.problems(view, |_| false).into_iter();
        problems.extend(found.map(|(_, problem)| problem));
    }
    if !problems.is_empty() {
        return Err(invalid(problems));
    }
    let (kind, id) = (record.kind(), record.id().clone());
    let Some((_, stored)) = link_check::stored(view, kind, id.as_str())? else {
        return Ok((WriteOutcome::New, kind, id, Some(RecordChange::Put(record))));
    };
    if stored == record {
        Ok((WriteOutcome::Same, kind, id, None))
    } else if replace {
        Ok((
            WriteOutcome::Changed,
            kind,
            id,
            Some(RecordChange::Put(record)),
        ))
    } else {
        Err(EngineError::Exists { kind, id })
    }
}

fn delete(
    view: &View,
    kind: Kind,
    id: Id,
) -> Result<(WriteOutcome, Kind, Id, Option<RecordChange>), EngineError> {
    if view.find(kind, id.as_str()).is_none() {
        return Err(super::not_found(view, kind, id.as_str()));
    }
    let itself = |k: Kind, i: &str| k == kind && i == id.as_str();
    let naming = link_check::naming(view, kind, id.as_str(), itself);
    if !naming.is_empty() {
        return Err(named(&naming));
    }
    let change = RecordChange::Delete(kind, id.clone());
    Ok((WriteOutcome::Deleted, kind, id, Some(change)))
}

/// The error of records that name what is to go.
pub(super) fn named(naming: &[(Kind, String)]) -> EngineError {
    let first = naming.iter().take(BLOCKERS_SHOWN_MAX);
    EngineError::Named {
        count: naming.len(),
        first: first
            .map(|(kind, id)| Blocker {
                kind: *kind,
                id: id.clone(),
            })
            .collect(),
    }
}
