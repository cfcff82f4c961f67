//! What must hold between records: nothing names what is not there, and links between events do not
//! lead back to where they started.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use super::error::EngineError;
use crate::document::{id_as_written, ids_of_other_spellings};
use crate::graph::{Meaning, NameError, Resolution, Row, Term, View, WindowMatch};
use crate::model::{
    Date, Draft, Event, Id, Judgement, JudgementParts, Kind, Link, LinkKind, Name, Record,
    RecordProblem, Verdict, spelling,
};

/// Actors of a circle of merges that a problem names.
const CIRCLE_SHOWN_MAX: usize = 10;
/// Records looked through for the id nearest to an unknown one.
const NEAREST_SCANNED_MAX: usize = 100_000;

/// The record with the names of its actors resolved as of its days, or all that can't be. `known`
/// is asked for those that the view does not know; `note` hears how each name was resolved by the view.
pub(super) fn resolve(
    view: &View,
    draft: Draft,
    known: impl Fn(&Name) -> Option<Id>,
    note: &mut dyn FnMut(&Name, Resolution),
) -> Result<Record, Vec<RecordProblem>> {
    let days = draft.naming_days();
    draft.resolve(&mut |name| {
        if let Some(id) = known(name).filter(|_| view.meaning(name) == Meaning::Nobody) {
            return Ok(id);
        }
        let found = view
            .resolve(name, days)
            .map_err(|error| name_problem(&error, name))?;
        note(name, found);
        Id::parse(view.text(found.actor)).map_err(|e| RecordProblem::new("", e.to_string()))
    })
}

/// A record without an id of its own, with the id under which it is stored. Ids of before were made of
/// the participants in the order in which they were written, and of open dates in another spelling;
/// where such a record is, it keeps its id.
pub(super) fn with_stored_id(view: &View, draft: Draft) -> Draft {
    let is_stored = |id: &Id| view.find(draft.kind(), id.as_str()).is_some();
    let found = id_as_written(&draft).filter(|id| is_stored(id));
    let found = found.or_else(|| {
        if is_stored(draft.id()) {
            return None;
        }
        let others = ids_of_other_spellings(&draft).into_iter();
        let mut others = others.filter(|id| is_stored(id));
        others.find(|id| says_so_now(view, &draft, id))
    });
    match found {
        // It fails only for an event that links to that very record: then it is another one.
        Some(id) => draft.clone().with_id(id).unwrap_or(draft),
        None => draft,
    }
}

/// The version of a record that a view sees, with its row; `None` when it sees none.
///
/// # Errors
///
/// [`EngineError::Broken`] when there is one that can't be read.
pub(super) fn stored(
    view: &View,
    kind: Kind,
    id: &str,
) -> Result<Option<(Row, Record)>, EngineError> {
    let Some(row) = view.find(kind, id) else {
        return Ok(None);
    };
    match view.record(row) {
        Some(record) => Ok(Some((row, record))),
        None => Err(EngineError::broken(format!(
            "the stored {kind} {id} can't be read"
        ))),
    }
}

/// Whether the record of an id has the dates of a draft by now, in whatever spelling periods have.
fn says_so_now(view: &View, draft: &Draft, id: &Id) -> bool {
    let row = view.find(draft.kind(), id.as_str());
    let Some(stored) = row.and_then(|row| view.record(row)) else {
        // The caller has found it, and whoever writes it will read it and say so.
        debug_assert!(false, "the stored record {id} can't be read");
        return false;
    };
    let periods = |record: &Record| match record {
        Record::Relation(r) => vec![(r.since.clone(), r.until.clone())],
        Record::Actor(r) => {
            let aliases = r.aliases.iter();
            aliases
                .map(|alias| (alias.since.clone(), alias.until.clone()))
                .collect()
        }
        Record::Source(_) | Record::Event(_) | Record::Statement(_) | Record::Judgement(_) => {
            Vec::new()
        }
    };
    let of_draft = match draft {
        Draft::Relation(r) => vec![(r.since.clone(), r.until.clone())],
        Draft::Actor(r) => periods(&Record::Actor(r.clone())),
        Draft::Source(_) | Draft::Event(_) | Draft::Statement(_) | Draft::Judgement(_) => {
            Vec::new()
        }
    };
    let as_read = |ends: Vec<(Option<Date>, Option<Date>)>| -> Vec<_> {
        ends.into_iter()
            .map(|(since, until)| (as_read(since), as_read(until)))
            .collect()
    };
    stored.date() == draft.date() && as_read(periods(&stored)) == as_read(of_draft)
}

/// The beginning or the end of a period as it is read: `../X` as `[..X]`, `X/..` as `[X..]`.
fn as_read(date: Option<Date>) -> Option<Date> {
    let date = date?;
    let read = date.as_one_of().filter(|_| date.is_open());
    Some(read.unwrap_or(date))
}

/// The record with the ends of its periods as they are read, and the first that was written otherwise.
pub(super) fn with_periods_as_read<A>(record: Record<A>) -> (Record<A>, Option<Date>)
where
    A: Clone + Ord,
{
    let mut first = None;
    let read = record.with_dates(&mut |field, date| {
        let read = date
            .as_one_of()
            .filter(|_| field != "date" && date.is_open())?;
        first.get_or_insert_with(|| date.clone());
        Some(read)
    });
    match read {
        Ok(Some(read)) => (read, first),
        // What begins or ends no later than a day may hold together as it did.
        Ok(None) | Err(_) => (record, None),
    }
}

/// Whether a stored record says what another one does in the spelling of now: its open dates were
/// rewritten since it said just that, or stand in a period, where both spellings are read alike.
fn was_respelled(view: &View, stored: &Record, record: &Record) -> bool {
    let (stored_as_read, _) = with_periods_as_read(stored.clone());
    if &stored_as_read == record {
        return true;
    }
    let rewritten = record.with_dates(&mut |_, date| date.as_one_of().filter(|_| date.is_open()));
    let is_rewritten = matches!(&rewritten, Ok(Some(rewritten)) if rewritten == &stored_as_read);
    is_rewritten && {
        let versions = view.versions(record.kind(), record.id().as_str());
        let mut said = versions.into_iter().map(|version| version.record);
        said.any(|said| with_periods_as_read(said).0 == *record)
    }
}

/// The stored record that a draft was made into before, when it was written just so and its id is that
/// of its content: the names are those of then, whomever they mean now.
pub(super) fn stored_as_written(view: &View, draft: &Draft) -> Option<(Row, Record)> {
    let (kind, id) = (draft.kind(), draft.id().as_str());
    let row = view.find(kind, id)?;
    let stored = view.record(row)?;
    let (named, standing) = (draft.actors(), stored.actors());
    let same_roles =
        named.len() == standing.len() && named.iter().zip(&standing).all(|((a, _), (b, _))| a == b);
    if !same_roles {
        return None;
    }
    let pairs = named
        .iter()
        .zip(&standing)
        .map(|((_, name), (_, id))| (*name, *id));
    let resolved = draft.clone().resolve(&mut |name| {
        let id = pairs
            .clone()
            .find(|(other, _)| *other == name)
            .map(|(_, id)| id.clone());
        // Names may have changed their meaning since, ids have not.
        let is_other = |id: &Id| {
            name.as_str() != id.as_str()
                && Id::check(name).is_ok()
                && view.find(Kind::Actor, name).is_some()
        };
        id.filter(|id| !is_other(id))
            .ok_or_else(|| RecordProblem::new("", "is in no stored record"))
    });
    // One name is one actor within a record.
    let consistent = pairs
        .clone()
        .all(|(name, id)| pairs.clone().all(|(n, i)| n != name || i == id));
    let says_so = |record: Record| record == stored || was_respelled(view, &stored, &record);
    let is_same = consistent && resolved.is_ok_and(says_so);
    is_same.then_some((row, stored))
}

/// Whether a record says nothing that the stored one does not: just the same; of an actor of whom a name
/// is all that is known, another writing of that name; of an event whose id is that of its content, the
/// participants in another order.
pub(super) fn says_the_same(
    view: &View,
    stored: &Record,
    record: &Record,
    is_of_content: bool,
) -> bool {
    let is_same = match (stored, record) {
        (Record::Actor(one), Record::Actor(other)) if one.is_bare() && other.is_bare() => {
            spelling(&one.name) == spelling(&other.name)
        }
        (Record::Event(one), Record::Event(other)) if is_of_content => one.says_the_same_as(other),
        _ => stored == record,
    };
    is_same || was_respelled(view, stored, record)
}

fn name_problem(error: &NameError, name: &Name) -> RecordProblem {
    RecordProblem::new("", error.to_string())
        .value(name.as_str())
        .suggest(error.suggestion())
}

/// Sources that a record names and that are not there.
pub(super) fn unknown_sources(view: &View, record: &Record) -> Vec<RecordProblem> {
    let is_known = |id: &Id| view.find(Kind::Source, id.as_str()).is_some();
    unknown_sources_beside(view, record, is_known)
}

/// Sources that a record names and for which `is_known` is false.
pub(super) fn unknown_sources_beside(
    view: &View,
    record: &Record,
    is_known: impl Fn(&Id) -> bool,
) -> Vec<RecordProblem> {
    let cited = record.sources().iter().enumerate();
    let mut named: Vec<(String, &Id)> = cited
        .map(|(i, c)| (format!("sources[{i}].source"), &c.source))
        .collect();
    if let Record::Source(source) = record
        && let Some(original) = &source.original
    {
        named.push(("original".into(), original));
    }
    let unknown = named.into_iter().filter(|(_, id)| !is_known(id));
    unknown
        .map(|(field, id)| unknown_id(view, Kind::Source, id, field))
        .collect()
}

/// Events that a record names and for which `known` is false.
pub(super) fn unknown_events(record: &Record, known: impl Fn(&Id) -> bool) -> Vec<(String, &Id)> {
    record
        .events()
        .into_iter()
        .filter(|(_, id)| *id != record.id() && !known(id))
        .collect()
}

/// The problem of an id that is not there.
pub(super) fn unknown_id(view: &View, kind: Kind, id: &Id, field: String) -> RecordProblem {
    RecordProblem::new(field, format!("there is no {kind} with this id"))
        .value(id.as_str())
        .suggest(nearest_id(view, kind, id.as_str()))
}

/// The id of a kind that differs least from `id`.
pub(super) fn nearest_id(view: &View, kind: Kind, id: &str) -> Option<String> {
    let longest = id.len() / 3 + 1;
    let near = view
        .of_kind(kind)
        .take(NEAREST_SCANNED_MAX)
        .filter_map(|row| {
            let known = view.id(row);
            if known.len().abs_diff(id.len()) > longest {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&known, id);
            (distance <= longest).then_some((distance, known))
        });
    near.min().map(|(_, id)| id)
}

/// The links of some events that must not lead back to where they started.
#[derive(Debug, Default)]
pub(super) struct LinkCheck {
    /// Links by the id of the event that has them, as they are going to be.
    links: BTreeMap<String, Vec<(LinkKind, String)>>,
}

impl LinkCheck {
    /// Takes up an event that is going to be written.
    pub(super) fn add(&mut self, event: &Event) {
        let links: Vec<_> = event
            .links
            .iter()
            .filter(|link| link.kind.is_acyclic())
            .map(plain)
            .collect();
        if !links.is_empty() {
            self.links.insert(event.id.to_string(), links);
        }
    }

    /// The events added so far that stand in a circle of links of one kind, with the problem.
    pub(super) fn circles(
        &self,
        view: &View,
        replaced: impl Fn(&str) -> bool,
    ) -> Vec<(String, RecordProblem)> {
        let mut found = Vec::new();
        for &kind in LinkKind::ALL.iter().filter(|kind| kind.is_acyclic()) {
            self.circles_of(kind, view, &replaced, &mut found);
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    }

    fn circles_of(
        &self,
        kind: LinkKind,
        view: &View,
        replaced: &impl Fn(&str) -> bool,
        found: &mut Vec<(String, RecordProblem)>,
    ) {
        let reached = self.reached(kind, view, replaced);
        let mut graph: DiGraphMap<&str, ()> = DiGraphMap::new();
        for (from, targets) in &reached {
            for to in targets {
                graph.add_edge(from, to, ());
            }
        }
        for circle in tarjan_scc(&graph) {
            if circle.len() < 2 {
                continue;
            }
            for &event in circle
                .iter()
                .filter(|event| self.links.contains_key(**event))
            {
                let at = self.place(event, kind, &circle);
                // Who stands in a circle has a link into it. Without its place it is told, too.
                debug_assert!(at.is_some(), "{event} has no link into its circle");
                let at = at.unwrap_or_else(|| "links".to_owned());
                let mut others: Vec<&str> =
                    circle.iter().copied().filter(|e| *e != event).collect();
                others.sort_unstable();
                let problem = format!("{kind} forms a cycle with {}", others.join(", "));
                found.push((event.to_owned(), RecordProblem::new(at, problem)));
            }
        }
    }

    fn place(&self, event: &str, kind: LinkKind, circle: &[&str]) -> Option<String> {
        let links = self.links.get(event)?;
        let at = links
            .iter()
            .position(|(k, to)| *k == kind && circle.contains(&to.as_str()))?;
        Some(format!("links[{at}].event"))
    }

    /// The links of one kind between all events that can be reached from those added.
    fn reached(
        &self,
        kind: LinkKind,
        view: &View,
        replaced: &impl Fn(&str) -> bool,
    ) -> BTreeMap<String, Vec<String>> {
        let mut reached: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut open: Vec<String> = self.links.keys().cloned().collect();
        while let Some(event) = open.pop() {
            if reached.contains_key(&event) {
                continue;
            }
            let links = match self.links.get(&event) {
                Some(links) => links.clone(),
                None if replaced(&event) => Vec::new(),
                None => stored_links(view, &event),
            };
            let targets: Vec<String> = links
                .into_iter()
                .filter(|(k, _)| *k == kind)
                .map(|(_, to)| to)
                .collect();
            open.extend(targets.iter().cloned());
            reached.insert(event, targets);
        }
        reached
    }
}

/// Who survives an actor that has been merged, and the judgement that did it; `None` where it is not merged.
pub(super) fn merged_into(view: &View, id: &str) -> Option<(String, String)> {
    let actor = view.term(crate::graph::TermKind::Actor, id)?;
    let mut about = view.judging(actor);
    let by = about
        .find(|row| matches!(view.judgement(*row), Some((Verdict::Same, of, _)) if of == actor))?;
    let survivor = view.survivor_by_judgements(actor);
    Some((view.text(survivor).to_owned(), view.id(by)))
}

/// Merges that must lead to an actor that is not merged: one for each actor, and none in a circle.
#[derive(Debug, Default)]
pub(super) struct MergeCheck {
    /// Those that are going to be written: the id of the judgement, the actor, whom it is merged into.
    merges: Vec<(String, Id, Id)>,
    /// The ids of all judgements that are going to be written: what they said before does not hold any more.
    rewritten: BTreeSet<String>,
}

impl MergeCheck {
    /// Takes up a judgement that is going to be written.
    pub(super) fn add(&mut self, judgement: &Judgement) {
        self.rewritten.insert(judgement.id.to_string());
        if judgement.verdict == Verdict::Same {
            let JudgementParts {
                id, actor, other, ..
            } = &**judgement;
            self.merges
                .push((id.to_string(), actor.clone(), other.clone()));
        }
    }

    /// The judgements added so far that merge what is merged already, or merge in a circle, with the problem. Of
    /// the view's, those hold that are not `replaced`.
    pub(super) fn problems(
        &self,
        view: &View,
        replaced: impl Fn(&str) -> bool,
    ) -> Vec<(String, RecordProblem)> {
        if self.merges.is_empty() {
            return Vec::new();
        }
        let mut into: BTreeMap<&str, (&str, String)> = BTreeMap::new();
        for row in view.of_kind(Kind::Judgement) {
            let id = view.id(row);
            if let Some((Verdict::Same, actor, other)) = view.judgement(row)
                && !replaced(&id)
                && !self.rewritten.contains(&id)
            {
                into.insert(view.text(actor), (view.text(other), id));
            }
        }
        let mut problems = Vec::new();
        let mut by_actor: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for (id, actor, other) in &self.merges {
            let of_actor = by_actor.entry(actor.as_str()).or_default();
            of_actor.push((id.as_str(), other.as_str()));
        }
        for (actor, merges) in by_actor {
            let known = into.get(actor).cloned();
            if let ([(id, other)], None) = (merges.as_slice(), &known) {
                into.insert(actor, (other, (*id).to_owned()));
                continue;
            }
            for (id, other) in &merges {
                let rival = merges.iter().find(|(_, rival)| rival != other);
                let (survivor, by) = match &known {
                    Some((survivor, by)) => (*survivor, by.as_str()),
                    None => rival.map_or((*other, *id), |(by, survivor)| (*survivor, *by)),
                };
                let text = format!(
                    "is also merged into {survivor} by judgement {by}: an actor can have only one \
                     merge"
                );
                let problem = RecordProblem::new("actor", text).value(actor);
                problems.push(((*id).to_owned(), problem));
            }
        }
        // From these a walk ends, so that no chain is walked twice.
        let mut ending: BTreeSet<&str> = BTreeSet::new();
        for (id, actor, other) in &self.merges {
            let (mut passed, mut at) = (BTreeSet::new(), other.as_str());
            let ends = loop {
                if ending.contains(at) {
                    break true;
                }
                if at == actor.as_str() || !passed.insert(at) {
                    break false;
                }
                match into.get(at) {
                    Some((next, _)) => at = next,
                    None => break true,
                }
            };
            if ends {
                ending.extend(passed);
            } else if at == actor.as_str() {
                let mut others: Vec<&str> = passed.into_iter().take(CIRCLE_SHOWN_MAX).collect();
                others.push(at);
                let text = format!("the merges form a cycle: {}", others.join(", "));
                problems.push((id.clone(), RecordProblem::new("other", text)));
            }
        }
        problems
    }
}

fn plain(link: &Link) -> (LinkKind, String) {
    (link.kind, link.event.to_string())
}

fn stored_links(view: &View, event: &str) -> Vec<(LinkKind, String)> {
    // A link to an event that is not there leads nowhere; whether it may is said elsewhere.
    let Some(row) = view.find(Kind::Event, event) else {
        return Vec::new();
    };
    match view.record(row) {
        Some(Record::Event(event)) => event.links.iter().map(plain).collect(),
        other => {
            debug_assert!(false, "event {event} can't be read: {other:?}");
            Vec::new()
        }
    }
}

/// The current records that name a record, but for those that `except` holds for.
pub(super) fn naming(
    view: &View,
    kind: Kind,
    id: &str,
    except: impl Fn(Kind, &str) -> bool,
) -> Vec<(Kind, String)> {
    use crate::graph::TermKind;
    let term = |kind| view.term(kind, id);
    // What has no term is named by nothing.
    let rows: Vec<_> = match kind {
        Kind::Actor => term(TermKind::Actor)
            .map(|t| {
                of_actor(view, t)
                    .into_iter()
                    .chain(view.judging(t))
                    .collect()
            })
            .unwrap_or_default(),
        Kind::Source => term(TermKind::Source)
            .map(|t| view.citing(t).collect())
            .unwrap_or_default(),
        Kind::Event => term(TermKind::Event)
            .map(|t| view.naming(t).collect())
            .unwrap_or_default(),
        Kind::Relation | Kind::Statement | Kind::Judgement => Vec::new(),
    };
    let named = rows.into_iter().map(|row| (view.kind(row), view.id(row)));
    named.filter(|(k, i)| !except(*k, i)).collect()
}

fn of_actor(view: &View, actor: Term) -> Vec<crate::graph::Row> {
    view.window(crate::model::Window::ALL, WindowMatch::default())
        .of_actor(actor)
        .collect()
}
