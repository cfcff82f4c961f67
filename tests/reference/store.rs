//! What is written, kept naively: every commit is a whole copy of a list of records.

use std::collections::{BTreeMap, BTreeSet};

use chancery::document::{self, Defaults};
use chancery::engine::ImportStatus;
use chancery::model::{
    Draft, Id, Kind, LinkKind, Name, Record, RecordProblem, StanceTarget, ValidRecord, Verdict,
};
use serde_json::Value;

use super::names::{resolve_name, says_the_same};
use super::time::When;
use super::world::ParseId as _;

/// Days since 1970, first and last.
pub(crate) type Days = (i32, i32);
/// Kind and id.
pub(crate) type Key = (Kind, Id);

/// A current record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) record: Record,
    /// The commit that wrote this version.
    pub(crate) commit: u64,
    /// Its place in the order in which records were first recorded.
    pub(crate) nth: u64,
    /// Whether it is the record of an actor that is merged, under the id of its survivor.
    pub(crate) is_merged: bool,
}

impl Entry {
    pub(crate) fn key(&self) -> Key {
        key(&self.record)
    }
}

/// One version of a record that is or was.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) since: u64,
    pub(crate) until: Option<u64>,
    pub(crate) record: Record,
}

/// A change of one record.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every change is a record")]
enum Change {
    Put(Record),
    Delete(Key),
}

/// What came of a single write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    New,
    Changed,
    Same,
    Deleted,
    Invalid,
    Exists,
    NotFound,
    /// How many records name it.
    Named(usize),
    /// The actor has been merged.
    Merged,
}

/// What came of an undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Undone {
    /// How many records stay as they are.
    Done(u64),
    Named(usize),
    Invalid,
    NotUndoable,
}

/// What came of an import: new, changed, same and rejected records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Imported {
    pub(crate) status: ImportStatus,
    pub(crate) counts: [u64; 4],
}

/// An import as the store remembers it.
#[derive(Clone, Debug)]
struct Import {
    commit: u64,
    keys: Vec<Key>,
    undone: bool,
}

/// Why a name leads to nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unnamed {
    Unknown,
    Ambiguous(Vec<Id>),
}

/// The records after every commit.
#[derive(Debug)]
pub(crate) struct Store {
    /// By commit; commit 0 is empty.
    pub(crate) commits: Vec<Vec<Entry>>,
    versions: Vec<(Key, Version)>,
    /// Imports by the order of asking; `None` when nothing was committed.
    imports: Vec<Option<Import>>,
    recorded: u64,
}

impl Store {
    pub(crate) fn new() -> Self {
        Self {
            commits: vec![Vec::new()],
            versions: Vec::new(),
            imports: Vec::new(),
            recorded: 0,
        }
    }

    pub(crate) fn now(&self) -> &[Entry] {
        self.commits.last().unwrap()
    }

    /// The versions of a record as they were known at a commit, the oldest first.
    pub(crate) fn versions(&self, key: &Key, commit: u64) -> Vec<Version> {
        let known = self
            .versions
            .iter()
            .filter(|(k, version)| k == key && version.since <= commit);
        known
            .map(|(_, version)| Version {
                until: version.until.filter(|until| *until <= commit),
                ..version.clone()
            })
            .collect()
    }

    pub(crate) fn put(&mut self, document: &Value, replace: bool) -> Written {
        let Some(draft) = read(document) else {
            return Written::Invalid;
        };
        if draft.kind() == Kind::Actor && survivor(self.now(), draft.id()) != *draft.id() {
            return Written::Merged;
        }
        let Some(record) = resolve(self.now(), draft) else {
            return Written::Invalid;
        };
        let after = with(self.now(), &record);
        if !missing_sources(&after, &record).is_empty()
            || !missing_events(&after, &record).is_empty()
            || in_circle(&after, record.id())
            || !merges_fit(&after, &record)
        {
            return Written::Invalid;
        }
        let outcome = match find(self.now(), &key(&record)) {
            None => Written::New,
            Some(current) if current.record == record => return Written::Same,
            Some(_) if replace => Written::Changed,
            Some(_) => return Written::Exists,
        };
        self.commit(vec![Change::Put(record)]);
        outcome
    }

    pub(crate) fn delete(&mut self, key: &Key) -> Written {
        if key.0 == Kind::Actor && survivor(self.now(), &key.1) != key.1 {
            return Written::Merged;
        }
        if find(self.now(), key).is_none() {
            return Written::NotFound;
        }
        let naming = naming(self.now(), key, &BTreeSet::from([key.clone()]));
        if !naming.is_empty() {
            return Written::Named(naming.len());
        }
        self.commit(vec![Change::Delete(key.clone())]);
        Written::Deleted
    }

    pub(crate) fn import(&mut self, documents: &[Value], skip: bool, dry_run: bool) -> Imported {
        let mut fallen = BTreeSet::new();
        loop {
            let pass = Pass::run(self.now(), documents, &fallen);
            let late = pass.late(self.now());
            if skip && !late.is_empty() {
                fallen.extend(late);
                continue;
            }
            let bad = pass.rejected > 0 || !late.is_empty();
            let status = match (bad && !skip, dry_run, pass.records.is_empty()) {
                (true, ..) => ImportStatus::Rejected,
                (_, true, _) => ImportStatus::Checked,
                (.., true) => ImportStatus::Unchanged,
                _ => ImportStatus::Committed,
            };
            let counts = [pass.new, pass.changed, pass.same, pass.rejected];
            let import = (status == ImportStatus::Committed).then(|| Import {
                keys: pass.records.iter().map(key).collect(),
                commit: self.commit(pass.records.into_iter().map(Change::Put).collect()),
                undone: false,
            });
            self.imports.push(import);
            return Imported { status, counts };
        }
    }

    pub(crate) fn imports(&self) -> usize {
        self.imports.len()
    }

    pub(crate) fn undo(&mut self, nth: usize) -> Undone {
        let Some(import) = self.imports[nth].clone().filter(|import| !import.undone) else {
            return Undone::NotUndoable;
        };
        let before = &self.commits[usize::try_from(import.commit - 1).unwrap()];
        let (mut changes, mut kept) = (Vec::new(), 0);
        for key in &import.keys {
            match find(self.now(), key) {
                Some(current) if current.commit == import.commit => {
                    let earlier = find(before, key).map(|entry| entry.record.clone());
                    changes.push(earlier.map_or(Change::Delete(key.clone()), Change::Put));
                }
                _ => kept += 1,
            }
        }
        let touched: BTreeSet<Key> = changes
            .iter()
            .map(|change| match change {
                Change::Put(record) => key(record),
                Change::Delete(key) => key.clone(),
            })
            .collect();
        let named: BTreeSet<Key> = changes
            .iter()
            .filter_map(|change| match change {
                Change::Delete(key) => Some(naming(self.now(), key, &touched)),
                Change::Put(_) => None,
            })
            .flatten()
            .collect();
        if !named.is_empty() {
            return Undone::Named(named.len());
        }
        let mut after = self.now().to_vec();
        for change in &changes {
            match change {
                Change::Put(record) => after = with(&after, record),
                Change::Delete(key) => after.retain(|entry| entry.key() != *key),
            }
        }
        let fits = |record: &Record| {
            missing_sources(&after, record).is_empty()
                && missing_events(&after, record).is_empty()
                && missing_actors(&after, record).is_empty()
                && !in_circle(&after, record.id())
                && merges_fit(&after, record)
        };
        let all_fit = changes.iter().all(|change| match change {
            Change::Put(record) => fits(record),
            Change::Delete(_) => true,
        });
        if !all_fit {
            return Undone::Invalid;
        }
        self.commit(changes);
        if let Some(import) = &mut self.imports[nth] {
            import.undone = true;
        }
        Undone::Done(kept)
    }

    fn commit(&mut self, changes: Vec<Change>) -> u64 {
        let commit = self.commits.len() as u64;
        let mut entries = self.now().to_vec();
        for change in changes {
            let subject = match &change {
                Change::Put(record) => key(record),
                Change::Delete(key) => key.clone(),
            };
            let current = entries.iter().position(|entry| entry.key() == subject);
            let replaced = current.map(|at| entries.remove(at));
            for (key, version) in &mut self.versions {
                if *key == subject && version.until.is_none() {
                    version.until = Some(commit);
                }
            }
            if let Change::Put(record) = change {
                self.recorded += 1;
                self.versions.push((
                    subject,
                    Version {
                        since: commit,
                        until: None,
                        record: record.clone(),
                    },
                ));
                entries.push(Entry {
                    record,
                    commit,
                    nth: replaced.map_or(self.recorded, |entry| entry.nth),
                    is_merged: false,
                });
            }
        }
        self.commits.push(entries);
        commit
    }
}

/// One attempt at an import.
#[derive(Debug, Default)]
struct Pass {
    records: Vec<Record>,
    /// Records that were there just so.
    unchanged: Vec<Record>,
    new: u64,
    changed: u64,
    same: u64,
    rejected: u64,
}

impl Pass {
    fn run(now: &[Entry], documents: &[Value], fallen: &BTreeSet<Key>) -> Self {
        let mut pass = Self::default();
        let of = |kinds: &'static [Kind]| {
            documents
                .iter()
                .filter(move |document| kinds.contains(&kind_of(document)))
        };
        // Names lead to what the import brings, too, whatever the order of its lines.
        for kinds in [
            &[Kind::Source][..],
            &[Kind::Actor],
            &[Kind::Relation],
            &[Kind::Event, Kind::Statement, Kind::Judgement],
        ] {
            let base = pass.over(now);
            for document in of(kinds) {
                let record = read(document).and_then(|draft| resolve(&base, draft));
                let good = record.filter(|record| {
                    !fallen.contains(&key(record))
                        && (record.kind() == Kind::Source
                            || missing_sources(&base, record).is_empty())
                });
                match good {
                    Some(record) => pass.take(now, record),
                    None => pass.rejected += 1,
                }
            }
        }
        pass
    }

    /// The records of the import on top of those that were there.
    fn over(&self, now: &[Entry]) -> Vec<Entry> {
        self.records
            .iter()
            .fold(now.to_vec(), |entries, record| with(&entries, record))
    }

    fn take(&mut self, now: &[Entry], record: Record) {
        let mut met = self.records.iter().chain(&self.unchanged);
        if let Some(twin) = met.find(|twin| key(twin) == key(&record)) {
            if *twin == record {
                self.same += 1;
            } else {
                self.rejected += 1;
            }
            return;
        }
        match find(now, &key(&record)) {
            Some(current) if says_the_same(&current.record, &record) => {
                self.same += 1;
                self.unchanged.push(record);
                return;
            }
            Some(_) => self.changed += 1,
            None => self.new += 1,
        }
        self.records.push(record);
    }

    /// The records that name what never came, or stand in a circle of links.
    fn late(&self, now: &[Entry]) -> BTreeSet<Key> {
        let after = self.over(now);
        let bad = |record: &&Record| {
            !missing_events(&after, record).is_empty()
                || !missing_sources(&after, record).is_empty()
                || (record.kind() == Kind::Event && in_circle(&after, record.id()))
                || !merges_fit(&after, record)
        };
        self.records.iter().filter(bad).map(key).collect()
    }
}

pub(crate) fn key(record: &Record) -> Key {
    (record.kind(), record.id().clone())
}

pub(crate) fn find<'e>(entries: &'e [Entry], key: &Key) -> Option<&'e Entry> {
    entries.iter().find(|entry| entry.key() == *key)
}

fn with(entries: &[Entry], record: &Record) -> Vec<Entry> {
    let mut after: Vec<Entry> = entries.to_vec();
    after.retain(|entry| entry.key() != key(record));
    after.push(Entry {
        record: record.clone(),
        commit: 0,
        nth: 0,
        is_merged: false,
    });
    after
}

fn kind_of(document: &Value) -> Kind {
    Kind::parse(document["record"].as_str().unwrap()).unwrap()
}

/// The draft of a document; `None` when its values make none.
pub(crate) fn read(document: &Value) -> Option<Draft> {
    let kind = kind_of(document);
    let defaults = Defaults {
        dataset: "default".parse_id(),
    };
    document::read(kind, &periods_as_read(document).to_string(), &defaults).ok()
}

/// The document with the ends of its periods as they are read: `../X` as `[..X]`, `X/..` as `[X..]`.
fn periods_as_read(document: &Value) -> Value {
    let mut document = document.clone();
    let as_read = |period: &mut Value| {
        for end in ["since", "until"] {
            let Some(text) = period.get(end).and_then(Value::as_str) else {
                continue;
            };
            let last = text.strip_prefix("../").map(|x| format!("[..{x}]"));
            let first = text.strip_suffix("/..").map(|x| format!("[{x}..]"));
            if let Some(read) = last.or(first) {
                period[end] = read.into();
            }
        }
    };
    as_read(&mut document);
    let aliases = document.get_mut("aliases").and_then(Value::as_array_mut);
    aliases.into_iter().flatten().for_each(as_read);
    document
}

/// Whether a text has the form of the ids that worlds give to actors.
pub(crate) fn is_actor_id(text: &str) -> bool {
    text.strip_prefix('a')
        .is_some_and(|n| n.parse::<u8>().is_ok())
}

fn resolve(entries: &[Entry], draft: Draft) -> Option<Record> {
    let when = match &draft {
        Draft::Source(_) | Draft::Actor(_) | Draft::Judgement(_) => None,
        Draft::Relation(r) => When::of_tie(r.since.as_ref(), r.until.as_ref()),
        Draft::Event(r) => r.date.as_ref().map(When::of_date),
        Draft::Statement(r) => r.date.as_ref().map(When::of_date),
    };
    let days = when.map(|when| when.naming_days());
    let mut find = |name: &Name| {
        resolve_name(entries, name, days).map_err(|why| RecordProblem::new("", format!("{why:?}")))
    };
    draft.resolve(&mut find).ok()
}

fn missing_sources(entries: &[Entry], record: &Record) -> Vec<Id> {
    let original = match record {
        Record::Source(source) => source.original.clone(),
        _ => None,
    };
    let cited = record.sources().iter().map(|c| c.source.clone());
    let named = cited.chain(original);
    named
        .filter(|id| find(entries, &(Kind::Source, id.clone())).is_none())
        .collect()
}

fn missing_events(entries: &[Entry], record: &Record) -> Vec<Id> {
    let named = named_events(record).into_iter();
    named
        .filter(|id| find(entries, &(Kind::Event, id.clone())).is_none())
        .collect()
}

fn missing_actors(entries: &[Entry], record: &Record) -> Vec<Id> {
    let named = named_actors(record).into_iter();
    named
        .filter(|id| find(entries, &(Kind::Actor, id.clone())).is_none())
        .collect()
}

fn named_events(record: &Record) -> Vec<Id> {
    match record {
        Record::Event(event) => event.links.iter().map(|link| link.event.clone()).collect(),
        Record::Statement(statement) => {
            let toward = statement
                .stances
                .iter()
                .filter_map(|stance| match &stance.toward {
                    StanceTarget::Event(event) => Some(event.clone()),
                    _ => None,
                });
            toward.chain(statement.event.clone()).collect()
        }
        _ => Vec::new(),
    }
}

fn named_actors(record: &Record) -> Vec<Id> {
    let parts = super::answers::standing(record).into_iter();
    let parts = parts.map(|(actor, _)| actor);
    let judged = match record {
        Record::Judgement(r) => vec![r.actor.clone(), r.other.clone()],
        _ => Vec::new(),
    };
    parts.chain(judged).collect()
}

/// The current records that name another, but for some.
fn naming(entries: &[Entry], (kind, id): &Key, but: &BTreeSet<Key>) -> Vec<Key> {
    let names = |record: &Record| match kind {
        Kind::Source => {
            let cites = record.sources().iter().any(|c| c.source == *id);
            let repeats = matches!(record, Record::Source(s) if s.original.as_ref() == Some(id));
            cites || repeats
        }
        Kind::Actor => named_actors(record).contains(id),
        Kind::Event => named_events(record).contains(id),
        Kind::Relation | Kind::Statement | Kind::Judgement => false,
    };
    entries
        .iter()
        .filter(|entry| !but.contains(&entry.key()) && names(&entry.record))
        .map(Entry::key)
        .collect()
}

/// Whether links of one kind lead from an event back to it.
fn in_circle(entries: &[Entry], event: &Id) -> bool {
    let kinds = [
        LinkKind::Follows,
        LinkKind::RespondsTo,
        LinkKind::Reschedules,
        LinkKind::PartOf,
    ];
    kinds.into_iter().any(|kind| {
        let mut seen = BTreeSet::new();
        let mut open = vec![event.clone()];
        while let Some(at) = open.pop() {
            let Some(Record::Event(record)) =
                find(entries, &(Kind::Event, at)).map(|entry| &entry.record)
            else {
                continue;
            };
            for link in record.links.iter().filter(|link| link.kind == kind) {
                if link.event == *event {
                    return true;
                }
                if seen.insert(link.event.clone()) {
                    open.push(link.event.clone());
                }
            }
        }
        false
    })
}

/// Who is merged into whom by the judgements among some records, one step each.
fn merges(entries: &[Entry]) -> BTreeMap<Id, Id> {
    let same = entries.iter().filter_map(|entry| match &entry.record {
        Record::Judgement(r) if r.verdict == Verdict::Same => Some((entry.commit, r)),
        _ => None,
    });
    let mut by_actor: BTreeMap<Id, Vec<(u64, Id)>> = BTreeMap::new();
    for (commit, r) in same {
        let of_actor = by_actor.entry(r.actor.clone()).or_default();
        of_actor.push((commit, r.other.clone()));
    }
    // Of those that contradict one another, none holds but the one that was there before.
    let one = |(actor, mut merges): (Id, Vec<(u64, Id)>)| {
        if merges.len() > 1 {
            merges.retain(|(commit, _)| *commit > 0);
        }
        Some((actor, merges.pop()?.1))
    };
    by_actor.into_iter().filter_map(one).collect()
}

/// Who counts in place of an actor.
pub(crate) fn survivor(entries: &[Entry], actor: &Id) -> Id {
    last_of(&merges(entries), actor)
}

fn last_of(merges: &BTreeMap<Id, Id>, actor: &Id) -> Id {
    let mut at = actor;
    while let Some(next) = merges.get(at) {
        at = next;
    }
    at.clone()
}

/// Whether a judgement merges an actor that no other does, and in no circle.
fn merges_fit(entries: &[Entry], record: &Record) -> bool {
    let Record::Judgement(judgement) = record else {
        return true;
    };
    if judgement.verdict == Verdict::Different {
        return true;
    }
    let others = entries.iter().filter(|entry| match &entry.record {
        Record::Judgement(r) => {
            r.verdict == Verdict::Same && r.actor == judgement.actor && r.id != judgement.id
        }
        _ => false,
    });
    let merges = merges(entries);
    let mut at = &judgement.other;
    let mut seen = BTreeSet::new();
    while let Some(next) = merges.get(at)
        && seen.insert(at)
        && *at != judgement.actor
    {
        at = next;
    }
    others.count() == 0 && *at != judgement.actor
}

/// The records as they count: with survivors in the place of merged actors, each once in a role. The record of a
/// merged actor stands under its survivor's id, after that one's own.
pub(crate) fn as_merged(entries: &[Entry]) -> Vec<Entry> {
    let merges = merges(entries);
    let of = |id: &Id| last_of(&merges, id);
    let list = |ids: &[Id]| {
        let mut all: Vec<Id> = Vec::new();
        for id in ids.iter().map(of) {
            if !all.contains(&id) {
                all.push(id);
            }
        }
        all
    };
    let mut counted: Vec<Entry> = Vec::new();
    for entry in entries {
        let record = match &entry.record {
            Record::Source(_) | Record::Judgement(_) => entry.record.clone(),
            Record::Actor(r) => {
                let mut parts = r.clone().into_parts();
                parts.id = of(&r.id);
                Record::Actor(ValidRecord::new(parts).unwrap())
            }
            // What ties an actor with itself is no valid record, and stands as it is told.
            Record::Relation(_) => entry.record.with_survivors(&of),
            Record::Event(r) => {
                let mut parts = r.clone().into_parts();
                parts
                    .participants
                    .iter_mut()
                    .for_each(|p| p.actor = of(&p.actor));
                let mut all = Vec::new();
                for participant in parts.participants {
                    if !all.contains(&participant) {
                        all.push(participant);
                    }
                }
                parts.participants = all;
                Record::Event(ValidRecord::new(parts).unwrap())
            }
            Record::Statement(r) => {
                let mut parts = r.clone().into_parts();
                parts.speakers = list(&r.speakers);
                parts.on_behalf_of = list(&r.on_behalf_of);
                parts.audience = list(&r.audience);
                parts.relayed_by = list(&r.relayed_by);
                for stance in &mut parts.stances {
                    if let StanceTarget::Actor(actor) = &mut stance.toward {
                        *actor = of(actor);
                    }
                }
                Record::Statement(ValidRecord::new(parts).unwrap())
            }
        };
        let is_merged = matches!(&record, Record::Actor(r) if r.id != *entry.record.id());
        counted.push(Entry {
            record,
            is_merged,
            ..entry.clone()
        });
    }
    counted.sort_by_key(|entry| entry.is_merged);
    counted
}
