//! Actors whose names are like what is looked for.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::question::{
    SearchHit, SearchQuestion, counted, is_of_dataset, is_of_dataset_only, real,
};
use crate::graph::{Row, Term, TermKind, View, WordIndex};
use crate::invariant::Holds as _;
use crate::model::{ActorKind, Alias, Record, Window, fold};
use crate::query::network::Network;
use crate::text::{Clause, Fit, Likeness, NameSource};

/// What the records of an actor may add to its score, and how many add half of that.
const TIER: f64 = 0.0999;
const RECORDS_HALF: f64 = 50.0;

/// The actors whose names are like what is looked for, each by the best.
pub(super) fn actors(view: &View, question: &SearchQuestion) -> Vec<SearchHit> {
    let scope = &question.scope;
    let filter = &scope.filter;
    let of_all_kinds = scope.of_all_kinds();
    if !is_of_dataset_only(&of_all_kinds.filter) {
        return Vec::new();
    }
    let mut best: BTreeMap<Term, (NameScore, NameSource)> = BTreeMap::new();
    for part in view.indexed() {
        for like in part.index().names.like(question.query.wanted()) {
            let Some(actor) = bearer(view, part, &like, scope.window) else {
                continue;
            };
            let fit = NameScore(like.matched, like.score);
            let is_better = |(known, named): &(NameScore, NameSource)| {
                let order = fit.order(known);
                order.then_with(|| like.named.cmp(named)).is_lt()
            };
            match best.get_mut(&actor) {
                Some(known) if is_better(known) => *known = (fit, like.named),
                Some(_) => {}
                None => _ = best.insert(actor, (fit, like.named)),
            }
        }
    }
    let unwanted = unwanted(view, question.query.unwanted(), scope.window);
    best.retain(|actor, _| !unwanted.contains(actor));
    let passes = |row: &Row| {
        let kind = ActorKind::from_number(view.detail(*row))
            .holds("an actor has a kind")
            .unwrap_or(ActorKind::Unknown);
        (filter.kinds.is_empty() || filter.kinds.contains(&kind))
            && is_of_dataset(view, *row, filter)
    };
    let network = Network::new(view, &counted(scope));
    let found = best.into_iter().filter_map(|(actor, (fit, named))| {
        let records = network.total_of(actor);
        Some(SearchHit {
            row: view.actor(actor).filter(passes)?,
            score: fit.score(records),
            fit: fit.0,
            actor: Some((actor, named, records)),
            is_omitted: false,
            is_unread: false,
        })
    });
    found.collect()
}

/// The actors who bear a name that has what is unwanted. No error of typing is seen in it.
fn unwanted(view: &View, unwanted: &[Clause], window: Window) -> BTreeSet<Term> {
    let mut found = BTreeSet::new();
    for part in view.indexed().filter(|_| !unwanted.is_empty()) {
        let names = &part.index().names;
        let like = unwanted.iter().flat_map(|clause| names.like(clause));
        let like = like.filter(|like| like.matched != Fit::Near);
        found.extend(like.filter_map(|like| bearer(view, part, &like, window)));
    }
    found
}

/// How well the best name of an actor fits: how it matches, and how much it is like what was asked for.
#[derive(Clone, Copy)]
struct NameScore(Fit, f64);

impl NameScore {
    /// Which of two fits better: it is less.
    fn order(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0).then(other.1.total_cmp(&self.1))
    }

    /// The score of an actor who stands in so many records: how the name matches decides, then how much is
    /// recorded. What is longer than what was asked for is no worse for that.
    fn score(self, records: usize) -> f64 {
        let least = match self.0 {
            Fit::Exact => 0.9,
            Fit::Words => 0.8,
            Fit::Starts => 0.7,
            // Names have no stems.
            Fit::Stems | Fit::Near => 0.5,
        };
        let records = real(records as u64);
        least + TIER * records / (records + RECORDS_HALF)
    }
}

/// The actor who bears a name in the window, or holds the office.
fn bearer(view: &View, part: WordIndex<'_>, like: &Likeness<'_>, window: Window) -> Option<Term> {
    if !part.sees(like.row) {
        return None;
    }
    let always = window == Window::ALL;
    match view.record(part.row(like.row))? {
        Record::Actor(actor) => {
            let in_use = |alias: &Alias| {
                fold(&alias.text) == like.folded && alias.on((window.lo(), window.hi())).is_some()
            };
            let bears =
                always || like.named != NameSource::Alias || actor.aliases.iter().any(in_use);
            let bears = bears.then(|| view.term(TermKind::Actor, actor.id.as_str()))?;
            bears.map(|actor| view.survivor(actor))
        }
        Record::Relation(office) => {
            let holds = || {
                let period = view.period(part.row(like.row))?;
                period.on((window.lo(), window.hi()))
            };
            let holds = (always || holds().is_some())
                .then(|| view.term(TermKind::Actor, office.subject.as_str()))?;
            holds.map(|holder| view.survivor(holder))
        }
        Record::Source(_) | Record::Event(_) | Record::Statement(_) | Record::Judgement(_) => None,
    }
}
