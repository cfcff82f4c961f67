//! The undo of an import: a new commit that puts its records back as they were before.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::error::EngineError;
use super::header;
use super::link_check::{self, LinkCheck, MergeCheck};
use super::report::{ImportReport, ImportStatus};
use super::write::named;
use crate::codec::{EventId, RecordChange};
use crate::graph::{Graph, GraphBuilder, View};
use crate::journal::Journal;
use crate::model::{Id, Kind, Record};

/// What an undo comes to.
#[derive(Debug)]
pub(super) struct UndoChanges {
    pub(super) changes: Vec<RecordChange>,
    /// Records that stay, since they were changed after the import.
    pub(super) kept: u64,
}

/// The changes that undo an import. Refused when a record that would go is named by one that stays,
/// or when one that comes back names one that is gone.
pub(super) fn prepare(
    graph: &Arc<Graph>,
    journal: &Journal,
    report: &ImportReport,
) -> Result<UndoChanges, EngineError> {
    let not_undoable = |why: &str| EngineError::NotUndoable {
        import: report.id.clone(),
        why: why.into(),
    };
    let commit = match (report.status, report.commit) {
        (ImportStatus::Committed, Some(commit)) => commit,
        (ImportStatus::Undone, _) => return Err(not_undoable("it has been undone already")),
        _ => return Err(not_undoable("it wrote nothing")),
    };
    let (now, before) = (graph.view(), graph.view_at_commit(commit - 1));
    let before = before.ok_or_else(|| not_undoable("the state before it is unknown"))?;
    let mut undone = UndoChanges {
        changes: Vec::new(),
        kept: 0,
    };
    for (kind, id) in records_of(journal, commit)? {
        let current = now.find(kind, id.as_str());
        // A row that is seen was recorded by a commit; without a current row the record is gone.
        let recorded = current.map(|row| now.recorded(row));
        debug_assert_ne!(
            recorded,
            Some(None),
            "{kind} {id} was recorded by no commit"
        );
        let is_the_imports = recorded.flatten().is_some_and(|mark| mark.commit == commit);
        if !is_the_imports {
            undone.kept += 1;
            continue;
        }
        let earlier = link_check::stored(&before, kind, id.as_str())?;
        undone.changes.push(
            earlier.map_or(RecordChange::Delete(kind, id), |(_, record)| {
                RecordChange::Put(record)
            }),
        );
    }
    // Records go in the opposite order of their coming, so that none names one that is gone.
    undone.changes.reverse();
    check_rest(graph, &now, &undone.changes)?;
    Ok(undone)
}

fn records_of(journal: &Journal, commit: u64) -> Result<Vec<(Kind, Id)>, EngineError> {
    let found = journal.reader().commit(commit)?;
    let found = found.ok_or_else(|| EngineError::Damaged {
        commit,
        what: "it is not in the journal".into(),
    })?;
    let mut records = Vec::new();
    header::read_commit(&found, |block| {
        let mut changes = block.changes.iter().peekable();
        for (row, before) in block.rows().zip(0..) {
            while let Some((_, change)) = changes.next_if(|(at, _)| *at <= before) {
                records.push(record_of(change));
            }
            let id = match row.id {
                EventId::Content(hash) => Id::of_hash(Kind::Event, hash),
                EventId::Stated(id) => Id::parse(id).map_err(|e| EngineError::Damaged {
                    commit,
                    what: e.to_string(),
                })?,
            };
            records.push((Kind::Event, id));
        }
        records.extend(changes.map(|(_, change)| record_of(change)));
        Ok(())
    })?;
    Ok(records)
}

fn record_of(change: &RecordChange) -> (Kind, Id) {
    match change {
        RecordChange::Put(record) => (record.kind(), record.id().clone()),
        RecordChange::Delete(kind, id) => (*kind, id.clone()),
    }
}

/// What must hold afterwards: nothing names what is gone.
fn check_rest(graph: &Arc<Graph>, now: &View, changes: &[RecordChange]) -> Result<(), EngineError> {
    let touched: BTreeSet<(Kind, &str)> = changes
        .iter()
        .map(|change| match change {
            RecordChange::Put(record) => (record.kind(), record.id().as_str()),
            RecordChange::Delete(kind, id) => (*kind, id.as_str()),
        })
        .collect();
    let mut naming = Vec::new();
    for change in changes {
        if let RecordChange::Delete(kind, id) = change {
            let itself_goes = |k: Kind, i: &str| touched.contains(&(k, i));
            naming.extend(link_check::naming(now, *kind, id.as_str(), itself_goes));
        }
    }
    naming.sort_unstable();
    naming.dedup();
    if !naming.is_empty() {
        return Err(named(&naming));
    }
    check_returning(graph, changes)
}

/// Records that come back must find all that they name.
fn check_returning(graph: &Arc<Graph>, changes: &[RecordChange]) -> Result<(), EngineError> {
    let returning: Vec<&Record> = changes
        .iter()
        .filter_map(|change| match change {
            RecordChange::Put(record) => Some(record),
            RecordChange::Delete(..) => None,
        })
        .collect();
    if returning.is_empty() {
        return Ok(());
    }
    let mut builder = GraphBuilder::new(graph);
    for change in changes {
        builder.apply(change)?;
    }
    let after = builder.finish();
    let view = after.graph.view_of_all();
    let (mut links, mut merges) = (LinkCheck::default(), MergeCheck::default());
    let mut problems = Vec::new();
    for record in returning {
        problems.extend(link_check::unknown_sources(&view, record));
        let known = |id: &Id| view.find(Kind::Event, id.as_str()).is_some();
        for (field, id) in link_check::unknown_events(record, known) {
            problems.push(link_check::unknown_id(&view, Kind::Event, id, field));
        }
        let judged = record.judged().into_iter().flatten();
        let judged = judged.map(|(_, actor)| actor);
        let named = record.actors().into_iter().map(|(_, actor)| actor);
        for actor in named.chain(judged) {
            if view.find(Kind::Actor, actor.as_str()).is_none() {
                problems.push(link_check::unknown_id(
                    &view,
                    Kind::Actor,
                    actor,
                    String::new(),
                ));
            }
        }
        match record {
            Record::Event(event) => links.add(event),
            Record::Judgement(judgement) => merges.add(judgement),
            Record::Source(_) | Record::Actor(_) | Record::Relation(_) | Record::Statement(_) => {}
        }
    }
    let contradicting = merges.problems(&view, |_| false).into_iter();
    problems.extend(contradicting.map(|(_, problem)| problem));
    problems.extend(
        links
            .circles(&view, |_| false)
            .into_iter()
            .map(|(_, problem)| problem),
    );
    drop(after);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(EngineError::Invalid { problems })
    }
}
