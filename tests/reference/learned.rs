//! What the record learned, commit by commit and between two of them, against whole copies.

use std::collections::{BTreeMap, BTreeSet};

use chancery::engine::{Engine, KnownAt};
use chancery::model::{Record, Scheme};
use chancery::query::answer::{ChangeCounts, DiffItem};
use chancery::query::{ChangesQuestion, DiffQuestion, Page, changes, describe, diff};
use serde_json::to_value;

use super::store::{Entry, Key, Store};

/// Records that an answer names of one commit.
const NAMED: usize = 20;

/// Asks for every commit and for what differs between it and its neighbours and the last; panics when
/// the engine and the store disagree.
pub(crate) fn hold(engine: &Engine, store: &Store) {
    let last = store.commits.len() - 1;
    for commit in 0..=last {
        holds_changes(engine, store, commit, last);
        holds_diff(engine, store, (commit.saturating_sub(1), commit));
        holds_diff(engine, store, (last, commit));
    }
}

fn by_key(entries: &[Entry]) -> BTreeMap<Key, &Entry> {
    entries.iter().map(|entry| (entry.key(), entry)).collect()
}

fn record<'e>(entry: Option<&&'e Entry>) -> Option<&'e Record> {
    entry.map(|entry| &entry.record)
}

fn holds_changes(engine: &Engine, store: &Store, since: usize, last: usize) {
    let view = engine.view(KnownAt::Now).unwrap();
    let pages = [(1000, 0), (2, 1)];
    for (limit, offset) in pages {
        let question = ChangesQuestion {
            since: since as u64,
            page: Page { limit, offset },
        };
        let (page, next) = changes(&view, &question);
        let about = format!("changes since {since} of {last}, {limit} from {offset}");
        assert_eq!(page.total, last - since, "{about}");
        let end = offset + limit;
        assert_eq!(next, (end < last - since).then_some(end), "{about}");
        let shown = (since + 1..=last).skip(offset).take(limit);
        assert!(
            page.items
                .iter()
                .map(|item| item.commit)
                .eq(shown.map(|commit| commit as u64)),
            "{about}"
        );
        for item in &page.items {
            let commit = usize::try_from(item.commit).unwrap();
            let before = by_key(&store.commits[commit - 1]);
            let after = by_key(&store.commits[commit]);
            let mut done: BTreeSet<(&str, String, &str)> = BTreeSet::new();
            for (kind, id) in before.keys().chain(after.keys()) {
                let key = (*kind, id.clone());
                let change = match (before.get(&key), after.get(&key)) {
                    (None, Some(_)) => "created",
                    (Some(_), None) => "deleted",
                    (_, Some(now)) if now.commit == item.commit => "changed",
                    _ => continue,
                };
                done.insert((kind.as_str(), id.to_string(), change));
            }
            let of = |change: &str| done.iter().filter(|(.., word)| *word == change).count();
            let counts = ChangeCounts {
                created: of("created"),
                changed: of("changed"),
                deleted: of("deleted"),
            };
            assert_eq!(item.counts, counts, "{about}: commit {commit}");
            assert_eq!(item.records.len(), done.len().min(NAMED), "{about}");
            assert_eq!(item.more, done.len() - item.records.len(), "{about}");
            for record in &item.records {
                let named = (record.record, record.id.clone(), record.change);
                assert!(done.contains(&named), "{about}: {named:?}");
            }
        }
    }
}

fn holds_diff(engine: &Engine, store: &Store, (from, to): (usize, usize)) {
    let view = |commit: usize| engine.view(KnownAt::Commit(commit as u64)).unwrap();
    let (then, now) = (view(from), view(to));
    let before = by_key(&store.commits[from]);
    let after = by_key(&store.commits[to]);
    let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
    let mut expected: Vec<(&Key, &str)> = Vec::new();
    for key in keys {
        let change = match (record(before.get(key)), record(after.get(key))) {
            (None, Some(_)) => "created",
            (Some(_), None) => "deleted",
            (then, now) if then != now => "changed",
            _ => continue,
        };
        expected.push((key, change));
    }
    let of = |change: &str| expected.iter().filter(|(_, word)| *word == change).count();
    let counts = ChangeCounts {
        created: of("created"),
        changed: of("changed"),
        deleted: of("deleted"),
    };
    let pages = [(1000, 0), (3, 1), (5, expected.len())];
    for (limit, offset) in pages {
        let question = DiffQuestion {
            scheme: Scheme::Icews,
            page: Page { limit, offset },
        };
        let (page, next) = diff(&then, &now, &question);
        let about = format!("from {from} to {to}, {limit} from {offset}");
        assert_eq!((page.from_commit, page.to_commit), (from as u64, to as u64));
        assert_eq!(
            (page.total, page.counts),
            (expected.len(), counts),
            "{about}"
        );
        let end = offset + limit;
        assert_eq!(next, (end < expected.len()).then_some(end), "{about}");
        let shown: Vec<_> = expected.iter().skip(offset).take(limit).collect();
        assert_eq!(page.items.len(), shown.len(), "{about}");
        for (item, ((kind, id), change)) in page.items.iter().zip(shown) {
            let DiffItem {
                record: of_kind,
                id: of_id,
                change: what,
                before: was,
                after: is,
            } = item;
            assert_eq!(
                (*of_kind, &**of_id, *what),
                (kind.as_str(), id.as_str(), *change),
                "{about}"
            );
            let key = (*kind, id.clone());
            let described = |view, entries: &BTreeMap<Key, &Entry>| {
                let record: Option<&Record> = record(entries.get(&key));
                record.map(|_| {
                    let row = chancery::graph::View::find(view, *kind, id.as_str()).unwrap();
                    to_value(describe(view, row, Scheme::Icews, Vec::new()).unwrap()).unwrap()
                })
            };
            let shown = |record| to_value(record).ok().filter(|json| !json.is_null());
            assert_eq!(shown(was.as_ref()), described(&then, &before), "{about}");
            assert_eq!(shown(is.as_ref()), described(&now, &after), "{about}");
        }
    }
}
