//! What the record learned: commit by commit, and between two of them.

use std::borrow::Cow;

use hashbrown::HashMap;

use super::answer::{
    ChangeCounts, ChangedRecord, ChangesMeta, ChangesPage, CommitAnswer, DiffItem, DiffPage, Meta,
};
use super::describe::Describer;
use super::drill_down::DrillDownBase;
use super::selection::{Page, PageOffset};
use crate::graph::{ChangeEntry, ChangeKind, CommitMark, Row, View};
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

const fn word(change: ChangeKind) -> &'static str {
    match change {
        ChangeKind::Created => "created",
        ChangeKind::Changed => "changed",
        ChangeKind::Deleted => "deleted",
    }
}

impl ChangeCounts {
    const fn add(&mut self, change: ChangeKind) {
        match change {
            ChangeKind::Created => self.created += 1,
            ChangeKind::Changed => self.changed += 1,
            ChangeKind::Deleted => self.deleted += 1,
        }
    }
}

/// The commits up to the view's, after one; and where the next page starts. All are given as single
/// writes: what else a commit was is not known here. `next` of the page is left empty.
pub fn changes(view: &View, question: &ChangesQuestion) -> (ChangesPage, Option<PageOffset>) {
    let marks: Vec<CommitMark> = view
        .marks()
        .filter(|mark| mark.commit > question.since)
        .collect();
    let (shown, next) = question.page.slice(&marks);
    let mut items: Vec<CommitAnswer> = shown.iter().map(|mark| commit(*mark)).collect();
    if let (Some(first), Some(last)) = (shown.first(), shown.last()) {
        let mut at = items.iter_mut().peekable();
        for ChangeEntry {
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

fn commit(mark: CommitMark) -> CommitAnswer {
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
        records_url: DrillDownBase::commit(mark.commit).all(),
        records: Vec::new(),
        more: 0,
    }
}

impl CommitAnswer {
    fn take(&mut self, view: &View, row: Row, change: ChangeKind) {
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
///
/// All that differ are counted for each page, but only those of its kinds are told apart by their
/// ids, and only its own are put in order.
pub fn diff<'v>(
    from: &'v View,
    to: &'v View,
    question: &DiffQuestion,
) -> (DiffPage<'v>, Option<PageOffset>) {
    let commit = |view: &View| view.mark().map_or(0, |mark| mark.commit);
    let (from_commit, to_commit) = (commit(from), commit(to));
    let forward = from_commit <= to_commit;
    let later = if forward { to } else { from };
    let differing = RecordDifference::between(later, from_commit.min(to_commit), forward);
    let mut counts = ChangeCounts::default();
    for one in &differing {
        counts.add(one.change);
    }
    let (page, next) = page_of(later, &differing, question.page);
    let [before, after] = [from, to].map(|view| Describer::new(view, question.scheme));
    let items = page.into_iter().map(|(one, id)| {
        let then = from.find(one.kind, &id);
        let now = to.find(one.kind, &id);
        DiffItem {
            record: one.kind.as_str(),
            change: word(one.change),
            // What can't be read has been reported.
            before: then.and_then(|row| before.record(row, Vec::new())),
            after: now.and_then(|row| after.record(row, Vec::new())),
            id,
        }
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
            ..Meta::default()
        },
    };
    (page, next)
}

/// A record that differs.
#[derive(Clone, Copy)]
struct RecordDifference {
    kind: Kind,
    change: ChangeKind,
    /// A version of it.
    row: Row,
}

impl RecordDifference {
    /// What differs between a state and the one after commit number `after`, in no order: as it
    /// became since then, or with `forward` unset as it had been.
    fn between(later: &View, after: u64, forward: bool) -> Vec<Self> {
        let (came, went) = later.turnover(after);
        let mut gone: HashMap<(Kind, Cow<'_, str>), Row> = HashMap::new();
        gone.extend(went.iter().map(|row| (identity(later, *row), *row)));
        let (appeared, vanished) = if forward {
            (ChangeKind::Created, ChangeKind::Deleted)
        } else {
            (ChangeKind::Deleted, ChangeKind::Created)
        };
        let mut found = Vec::with_capacity(came.len());
        for row in came {
            let other = if gone.is_empty() {
                None
            } else {
                gone.remove(&identity(later, row))
            };
            let change = match other {
                None => appeared,
                Some(other) if later.record(other) == later.record(row) => continue,
                Some(_) => ChangeKind::Changed,
            };
            found.push(Self {
                kind: later.kind(row),
                change,
                row,
            });
        }
        found.extend(gone.into_iter().map(|((kind, _), row)| Self {
            kind,
            change: vanished,
            row,
        }));
        found
    }
}

fn identity(view: &View, row: Row) -> (Kind, Cow<'_, str>) {
    (view.kind(row), view.id_text(row))
}

/// The records of a page, by kind, then by id; and where the next page starts.
fn page_of<'v>(
    view: &'v View,
    all: &[RecordDifference],
    page: Page,
) -> (Vec<(RecordDifference, Cow<'v, str>)>, Option<PageOffset>) {
    let mut kinds = Kind::ALL.to_vec();
    kinds.sort_unstable();
    let (mut shown, mut before) = (Vec::new(), 0);
    let end = page.offset.saturating_add(page.limit);
    for kind in kinds {
        let of_kind = all.iter().filter(|one| one.kind == kind);
        let after = before + of_kind.clone().count();
        let (first, last) = (page.offset.max(before), end.min(after));
        if first < last {
            let named = of_kind.map(|one| (*one, view.id_text(one.row)));
            shown.extend(in_order(named.collect(), first - before, last - before));
        }
        before = after;
    }
    let next = (end < all.len()).then_some(end);
    (shown, next)
}

/// Those from place `first` to `last` in the order of ids, without putting the others in order.
fn in_order<'v>(
    mut named: Vec<(RecordDifference, Cow<'v, str>)>,
    first: usize,
    last: usize,
) -> Vec<(RecordDifference, Cow<'v, str>)> {
    let by_id =
        |a: &(RecordDifference, Cow<'v, str>), b: &(RecordDifference, Cow<'v, str>)| a.1.cmp(&b.1);
    if last < named.len() {
        named.select_nth_unstable_by(last, by_id);
        named.truncate(last);
    }
    if first > 0 && first < named.len() {
        named.select_nth_unstable_by(first, by_id);
    }
    let mut page = named.split_off(first.min(named.len()));
    page.sort_unstable_by(by_id);
    page
}
