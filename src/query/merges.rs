//! Merges: which there are, and what one would do before it is done.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{
    ActorBrief, CodeClash, JudgementAnswer, MergeAnswer, MergePage, MergePreview, Meta, NameClash,
    OfficeClash, RecordAnswer, RecordsNamed,
};
use super::describe::{Describer, actor_brief, actor_record};
use super::selection::{Page, PageOffset};
use crate::graph::{Row, Term, TermKind, Version, View, WindowMatch};
use crate::model::{
    Actor, ActorKind, DayRange, Kind, Record, RelationKind, Scheme, Verdict, Window, spelling,
};

/// Records that an answer about merges shows of those that it counts.
const SHOWN_MAX: usize = 20;
/// Clashes of one sort that a preview lists.
const CLASHES_MAX: usize = 100;

/// Which merges.
#[derive(Clone, Debug)]
pub struct MergesQuestion {
    /// Only those that have made one of this actor and others; all, when `None`.
    pub actor: Option<Term>,
    /// Which part.
    pub page: Page,
}

/// The merges that hold, by the id of their judgement; and where the next page starts. `next` of the page is left
/// empty.
pub fn merges<'v>(
    view: &'v View,
    question: &MergesQuestion,
) -> (MergePage<'v>, Option<PageOffset>) {
    let is_asked = |row: &Row| {
        let Some((Verdict::Same, actor, _)) = view.judgement(*row) else {
            return false;
        };
        question
            .actor
            .is_none_or(|asked| view.survivor(actor) == view.survivor(asked))
    };
    let mut rows: Vec<Row> = view.of_kind(Kind::Judgement).filter(is_asked).collect();
    rows.sort_by_cached_key(|row| view.id(*row));
    let (page, next) = question.page.slice(&rows);
    let page = MergePage {
        // What can't be read has been reported.
        items: page.iter().filter_map(|row| merge(view, *row)).collect(),
        total: rows.len(),
        next: None,
        meta: Meta {
            known_at: view.mark().map_or(0, |mark| mark.commit),
            ..Meta::default()
        },
    };
    (page, next)
}

/// A merge that holds; `None` when the row is no judgement that two are one.
pub fn merge(view: &View, row: Row) -> Option<MergeAnswer<'_>> {
    let (Verdict::Same, actor, _) = view.judgement(row)? else {
        return None;
    };
    let RecordAnswer::Judgement(judgement) =
        Describer::new(view, Scheme::Icews).record(row, Vec::new())?
    else {
        return None;
    };
    Some(MergeAnswer {
        judgement: *judgement,
        survivor: actor_brief(view, view.survivor(actor)),
    })
}

/// What the merge of an actor into another would do to answers. Both are as they count now: with all who have been
/// merged into them.
pub fn preview_merge(view: &View, actor: Term, other: Term) -> MergePreview<'_> {
    let all = view.window(Window::ALL, WindowMatch::default());
    let between: Vec<Row> = all.of_dyad(actor, other).collect();
    let joint = all
        .of_actor(actor)
        .filter(|row| is_joined(view, *row, actor, other));
    let joint: Vec<Row> = joint.collect();
    let records = [actor_record(view, actor), actor_record(view, other)];
    let (codes, kinds) = match &records {
        [Some(one), Some(two)] => (
            code_clashes(one, two),
            (one.kind != two.kind).then(|| [one.kind.as_str(), two.kind.as_str()]),
        ),
        _ => (Vec::new(), None),
    };
    MergePreview {
        records: all.of_actor(actor).total(),
        links_lost: named(view, &between),
        participations_joined: named(view, &joint),
        kinds_differ: kinds,
        code_clashes: codes,
        name_clashes: records[0]
            .as_ref()
            .map_or(Vec::new(), |one| name_clashes(view, one, [actor, other])),
        office_clashes: office_clashes(view, actor, other),
        different: judged_different(view, actor, other),
    }
}

/// The judgements that two actors, or two who have been merged into them, are different.
pub fn judged_different(view: &View, actor: Term, other: Term) -> Vec<JudgementAnswer<'_>> {
    let describer = Describer::new(view, Scheme::Icews);
    let (actor, other) = (view.survivor(actor), view.survivor(other));
    let is_about_other = |row: &Row| match view.judgement(*row) {
        Some((Verdict::Different, one, two)) => {
            [one, two].into_iter().any(|of| view.survivor(of) == other)
        }
        Some((Verdict::Same, ..)) | None => false,
    };
    let own = std::iter::once(&actor).chain(view.merged_into(actor));
    let found = own.flat_map(|own| view.judging(*own).filter(is_about_other));
    let answers = found.filter_map(|row| {
        let RecordAnswer::Judgement(judgement) = describer.record(row, Vec::new())? else {
            return None;
        };
        Some(*judgement)
    });
    answers.collect()
}

/// The records that name the survivor, or an actor of the chain that leads to it, by its own id and were written after
/// the merge: they stay where they are when it is reverted.
pub fn recorded_since(view: &View, judgement: Row) -> RecordsNamed<'_> {
    let Some((_, actor, _)) = view.judgement(judgement) else {
        return RecordsNamed::default();
    };
    let since = merged_since(view, judgement);
    let raw = view.without_merges();
    let all = raw.window(Window::ALL, WindowMatch::default());
    let later = |row: &Row| view.recorded(*row).is_some_and(|mark| mark.commit > since);
    let mut rows: Vec<Row> = Vec::new();
    for survivor in view.merge_chain(actor) {
        rows.extend(all.of_actor(survivor).filter(later));
    }
    rows.sort_by_key(|row| view.order(*row));
    rows.dedup();
    named(view, &rows)
}

/// The commit since which a judgement merges the two that it does, whatever else of it was written anew.
fn merged_since(view: &View, judgement: Row) -> u64 {
    let versions = view.versions(Kind::Judgement, &view.id_text(judgement));
    let said = |version: &Version| match &version.record {
        Record::Judgement(r) => Some((r.verdict, r.actor.clone(), r.other.clone())),
        Record::Source(_)
        | Record::Actor(_)
        | Record::Relation(_)
        | Record::Event(_)
        | Record::Statement(_) => None,
    };
    let last = versions.last();
    let mut since = last.map_or(0, |version| version.since.commit);
    for version in versions.iter().rev().skip(1) {
        let goes_on = version.until.is_some_and(|until| until.commit == since);
        if !goes_on || Some(said(version)) != last.map(said) {
            break;
        }
        since = version.since.commit;
    }
    since
}

fn named<'v>(view: &'v View, rows: &[Row]) -> RecordsNamed<'v> {
    let describer = Describer::new(view, Scheme::Icews);
    let shown = rows.iter().take(SHOWN_MAX);
    RecordsNamed {
        count: rows.len(),
        first: shown
            .filter_map(|row| describer.record(*row, Vec::new()))
            .collect(),
    }
}

/// Whether two actors stand in a record in one role.
fn is_joined(view: &View, row: Row, actor: Term, other: Term) -> bool {
    let roles = |of: Term| view.actors(row).filter(move |(one, _)| *one == of);
    roles(actor).any(|(_, role)| roles(other).any(|(_, same)| same == role))
}

/// The codes of one scheme that two actors have differently.
fn code_clashes(one: &Actor, other: &Actor) -> Vec<CodeClash> {
    let of_both = one.codes.iter().filter_map(|(scheme, code)| {
        let others = other.codes.get(scheme).filter(|others| *others != code)?;
        Some(CodeClash {
            scheme: scheme.to_string(),
            actor: code.to_string(),
            other: others.to_string(),
        })
    });
    of_both.collect()
}

/// The names of an actor that somebody else than the two bears, too.
fn name_clashes<'v>(view: &'v View, actor: &Actor, pair: [Term; 2]) -> Vec<NameClash<'v>> {
    let aliases = actor.aliases.iter().map(|alias| alias.text.to_string());
    let names: BTreeSet<String> = aliases.chain([actor.name.to_string()]).collect();
    let clashes = names.into_iter().filter_map(|name| {
        let mut others: Vec<Term> = view
            .leads(&name, None)
            .iter()
            .map(|lead| lead.resolution.actor)
            .collect();
        others.retain(|other| !pair.contains(other));
        others.sort_unstable();
        others.dedup();
        let also: Vec<ActorBrief<'v>> = others
            .iter()
            .map(|other| actor_brief(view, *other))
            .collect();
        (!also.is_empty()).then_some(NameClash { name, also })
    });
    clashes.take(CLASHES_MAX).collect()
}

/// Offices of two bodies that the two certainly hold on one day.
fn office_clashes(view: &View, actor: Term, other: Term) -> Vec<OfficeClash<'_>> {
    let describer = Describer::new(view, Scheme::Icews);
    let (ones, others) = (offices(view, actor), offices(view, other));
    let mut clashes = Vec::new();
    for (row, body, days) in &ones {
        for (with, of, others) in &others {
            if body != of && days.0 <= others.1 && others.0 <= days.1 && clashes.len() < CLASHES_MAX
            {
                let both = describer
                    .record(*row, Vec::new())
                    .zip(describer.record(*with, Vec::new()));
                clashes.extend(both.map(|(actor, other)| OfficeClash { actor, other }));
            }
        }
    }
    clashes
}

/// The offices that an actor holds: the relation, of whom, on which days certainly.
fn offices(view: &View, actor: Term) -> Vec<(Row, Term, DayRange)> {
    let held = view.ties_of(actor).filter_map(|row| {
        let is_office =
            RelationKind::from_number(view.detail(row)) == Some(RelationKind::HoldsOffice);
        let (body, _) = view.actors(row).nth(1)?;
        let days = view.period(row).filter(|_| is_office)?.certain()?;
        Some((row, body, days))
    });
    held.collect()
}

/// The actor of an id, merged or not; `None` when no actor has it.
pub fn actor_with_id(view: &View, id: &str) -> Option<Term> {
    view.find(Kind::Actor, id)?;
    view.term(TermKind::Actor, id)
}

/// A rule that tells pairs of actors that are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeRule {
    /// `X (Country)` is `X`: a name with an addition in parentheses, as event data sets write it, where one actor
    /// alone bears what stands before it, and no other addition is told of that.
    NameInParentheses,
}

impl MergeRule {
    /// All rules.
    pub const ALL: [Self; 1] = [Self::NameInParentheses];

    /// The word of the API and the command.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NameInParentheses => "name_in_parentheses",
        }
    }

    /// The pairs that the rule tells: who would be merged, and into whom; by the id of the first. Two of different
    /// kinds are none, where both are known, nor are two that have been judged to be different or are one already.
    pub fn pairs(self, view: &View) -> Vec<(Term, Term)> {
        match self {
            Self::NameInParentheses => names_in_parentheses(view),
        }
    }
}

fn names_in_parentheses(view: &View) -> Vec<(Term, Term)> {
    let mut by_name: BTreeMap<String, Vec<Term>> = BTreeMap::new();
    let mut additions: BTreeMap<String, Vec<Term>> = BTreeMap::new();
    let actors = view
        .of_kind(Kind::Actor)
        .filter(|row| !view.is_of_merged(*row));
    for row in actors {
        let Some(actor) = view.term(TermKind::Actor, &view.id_text(row)) else {
            continue;
        };
        // What can't be read has been reported.
        let Some(summary) = view.name(actor) else {
            continue;
        };
        by_name
            .entry(spelling(summary.name))
            .or_default()
            .push(actor);
        let before = summary
            .name
            .strip_suffix(')')
            .and_then(|name| name.rsplit_once('('));
        if let Some((before, _)) = before.filter(|(before, _)| !before.trim().is_empty()) {
            additions.entry(spelling(before)).or_default().push(actor);
        }
    }
    let kind = |actor: Term| {
        view.name(actor)
            .and_then(|summary| ActorKind::from_number(summary.kind))
    };
    let fits = |one: Term, other: Term| {
        let kinds = [kind(one), kind(other)];
        kinds[0] == kinds[1] || kinds.contains(&Some(ActorKind::Unknown))
    };
    let pairs = additions.into_iter().filter_map(|(before, with)| {
        // Two additions to one name tell two actors apart.
        let ([actor], [other]) = (with.as_slice(), by_name.get(&before)?.as_slice()) else {
            return None;
        };
        let is_one = fits(*actor, *other) && judged_different(view, *actor, *other).is_empty();
        is_one.then_some((*actor, *other))
    });
    let mut pairs: Vec<(Term, Term)> = pairs.collect();
    pairs.sort_by_key(|(actor, _)| view.text(*actor));
    pairs
}
