//! What the record learned: commit by commit, and between two of them.

use std::collections::BTreeSet;

use super::answer::{
    ChangeCounts, ChangedRecord, ChangesMeta, ChangesPage, CommitAnswer, DiffItem, DiffPage, Meta,
};
use super::describe::Describer;
use super::timeline::{Page, Position};
use crate::graph::{Change, Doing, Mark, Row, View};
use crate::model::{Kind, Scheme};

/// Records that are named of one commit.
const NAMED_MAX: usize = 20;

/// The commits after one.
#[derive(Clone, Copy, Debug)]
pub struct ChangesQuestion {
    /// After which commit; 0 is before the first.
    pub since: u64,
    /// Which part.
    pub page: Page,
}

/// The difference of two commits, which are those of two views.
#[derive(Clone, Copy, Debug)]
pub struct DiffQuestion {
    /// The scheme of quad classes and scores.
    pub scheme: Scheme,
    /// Which part.
    pub page: Page,
}

const fn word(change: Change) -> &'static str {
    match change {
        Change::Created => "created",
        Change::Changed => "changed",
        Change::Deleted => "deleted",
    }
}

impl ChangeCounts {
    const fn add(&mut self, change: Change) {
        match change {
            Change::Created => self.created += 1,
            Change::Changed => self.changed += 1,
            Change::Deleted => self.deleted += 1,
        }
    }
}

/// The commits up to the view's, after one; and where the next page starts. All are given as single
/// writes: what else a commit was is not known here. `next` of the page is left empty.
pub fn changes(view: &View, question: &ChangesQuestion) -> (ChangesPage, Option<Position>) {
    let marks: Vec<Mark> = view
        .marks()
        .filter(|mark| mark.commit > question.since)
        .collect();
    let (shown, next) = question.page.of(&marks);
    let mut items: Vec<CommitAnswer> = shown.iter().map(|mark| commit(*mark)).collect();
    if let (Some(first), Some(last)) = (shown.first(), shown.last()) {
        let mut at = items.iter_mut().peekable();
        for Doing {
            commit,
            row,
            change,
        } in view.doings(first.commit - 1, last.commit)
        {
            while at.next_if(|item| item.commit < commit).is_some() {}
            if let Some(item) = at.peek_mut() {
                item.take(view, row, change);
            }
        }
    }
    let page = ChangesPage {
        items,
        total: marks.len(),
        next: None,
        meta: ChangesMeta {
            known_at: view.mark().map_or(0, |mark| mark.commit),
        },
    };
    (page, next)
}

const fn commit(mark: Mark) -> CommitAnswer {
    CommitAnswer {
        commit: mark.commit,
        at: mark.recorded_at,
        kind: "write",
        import: None,
        counts: ChangeCounts {
            created: 0,
            changed: 0,
            deleted: 0,
        },
        records: Vec::new(),
        more: 0,
    }
}

impl CommitAnswer {
    fn take(&mut self, view: &View, row: Row, change: Change) {
        self.counts.add(change);
        if self.records.len() < NAMED_MAX {
            self.records.push(ChangedRecord {
                record: view.kind(row).as_str(),
                id: view.id(row),
                change: word(change),
            });
        } else {
            self.more += 1;
        }
    }
}

/// The records that differ between two states of one record, by kind, then by id; and where the next
/// page starts. What was changed and changed back does not differ. `next` of the page is left empty.
pub fn diff<'v>(
    from: &'v View,
    to: &'v View,
    question: &DiffQuestion,
) -> (DiffPage<'v>, Option<Position>) {
    let commit = |view: &View| view.mark().map_or(0, |mark| mark.commit);
    let (from_commit, to_commit) = (commit(from), commit(to));
    let later = if from_commit < to_commit { to } else { from };
    let touched = later.doings(from_commit.min(to_commit), from_commit.max(to_commit));
    let keys: BTreeSet<(Kind, String)> = touched
        .iter()
        .map(|doing| (later.kind(doing.row), later.id(doing.row)))
        .collect();
    let mut differing: Vec<Differing> = Vec::new();
    let mut counts = ChangeCounts::default();
    for (kind, id) in keys {
        let (before, after) = (from.find(kind, &id), to.find(kind, &id));
        let change = match (before, after) {
            (None, None) => continue,
            (None, Some(_)) => Change::Created,
            (Some(_), None) => Change::Deleted,
            (Some(before), Some(after)) => {
                if from.record(before) == to.record(after) {
                    continue;
                }
                Change::Changed
            }
        };
        counts.add(change);
        differing.push(Differing {
            kind,
            id,
            change,
            before,
            after,
        });
    }
    let (page, next) = question.page.of(&differing);
    let [before, after] = [from, to].map(|view| Describer::new(view, question.scheme));
    let items = page.iter().map(|one| DiffItem {
        record: one.kind.as_str(),
        id: one.id.clone().into(),
        change: word(one.change),
        before: one.before.and_then(|row| before.record(row, Vec::new())),
        after: one.after.and_then(|row| after.record(row, Vec::new())),
    });
    let page = DiffPage {
        from_commit,
        to_commit,
        items: items.collect(),
        total: differing.len(),
        counts,
        next: None,
        meta: Meta {
            known_at: to_commit,
            scheme: question.scheme.as_str(),
            undated_omitted: 0,
            omitted: None,
        },
    };
    (page, next)
}

/// A record that differs, with its rows in the two views.
struct Differing {
    kind: Kind,
    id: String,
    change: Change,
    before: Option<Row>,
    after: Option<Row>,
}
