//! What speaks for two actors being one, and against: names, codes, offices and counterparts.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use hashbrown::HashMap;

use super::describe::{actor_brief, actor_record};
use super::duplicate_keys::{DuplicateKeys, code_key, name_code_key, names};
use super::duplicate_reasons::DuplicateReasons;
use crate::graph::{Term, View, WindowMatch, WindowView};
use crate::model::{
    Actor, ActorKind, DayRange, Record, RelationKind, Verdict, Window, fold, spelling,
};
use crate::text::{ComparableName, NameRelation, NameStyle};

/// How likely two candidates are one of whom nothing is known, in bits.
const PRIOR: f64 = -3.5;
/// What one code of one scheme weighs.
const SAME_CODE: f64 = 10.0;
/// What different codes of one scheme weigh, once for all schemes.
const DIFFERENT_CODE: f64 = -12.0;
/// What it weighs that no name has anything to do with one of the other.
const NAMES_DIFFER: f64 = -3.0;
/// What it weighs that a name is a code of the other.
const NAME_IS_CODE: f64 = 4.0;
/// What an office of both weighs, on one day, and at different times.
const SAME_OFFICE: [f64; 2] = [3.0, 1.0];
/// What shared counterparts weigh at the most, and the bits for each of the index of Adamic and Adar.
const COUNTERPARTS: (f64, f64) = (3.0, 2.0);
/// What it weighs that two actors with at least so many counterparts each share none.
const NO_COUNTERPARTS: (f64, usize) = (-2.0, 10);
/// Counterparts of an actor up to which they say who it is: who deals with everybody shares them with anybody.
const COUNTERPARTS_MAX: usize = 2_000;
/// What a record weighs that links the two: hardly anybody meets himself.
const LINKED: f64 = -4.0;
/// What further reasons add at the most to those of names and codes.
const FURTHER_MAX: f64 = SAME_OFFICE[0] + COUNTERPARTS.0;
/// Shared counterparts that a sentence and an answer name.
const SHOWN_MAX: usize = 5;

/// What of two names weighs how much, where the actors are persons, bodies, or nobody knows what.
const fn name_weight(relation: NameRelation, style: NameStyle) -> f64 {
    let [person, body, any] = match relation {
        NameRelation::Same => [8.0, 8.0, 8.0],
        NameRelation::WordOrder => [7.0, 3.0, 6.0],
        NameRelation::Transliteration => [7.0, 7.0, 7.0],
        NameRelation::Together => [7.0, 6.5, 6.5],
        NameRelation::Titles => [6.5, 3.0, 5.0],
        NameRelation::Variant => [6.0, 6.0, 5.5],
        NameRelation::FormalWords => [5.5, 5.5, 5.5],
        NameRelation::MiddleInitial => [6.0, 3.0, 5.5],
        NameRelation::Nickname => [5.0, 2.0, 3.5],
        NameRelation::Qualifier => [5.0, 3.0, 3.0],
        NameRelation::MissingWords => [4.5, 2.0, 3.0],
        NameRelation::Initial => [3.5, 1.0, 2.5],
        NameRelation::NearSpelling => [3.0, 1.0, 2.0],
    };
    match style {
        NameStyle::Person => person,
        NameStyle::Body => body,
        NameStyle::Any => any,
    }
}

/// The word of a relation of names, and what it says.
const fn name_words(relation: NameRelation) -> (&'static str, &'static str) {
    match relation {
        NameRelation::Same => ("same_name", "are one name"),
        NameRelation::WordOrder => ("word_order", "have the same words in another order"),
        NameRelation::Transliteration => ("transliteration", "are one name in Latin letters"),
        NameRelation::Together => (
            "written_together",
            "are one name, written together or apart",
        ),
        NameRelation::Titles => ("titles", "differ by titles and small words only"),
        NameRelation::Variant => ("spelling_variant", "are spellings of one sound"),
        NameRelation::FormalWords => ("formal_words", "differ by the words of formal names only"),
        NameRelation::MiddleInitial => ("middle_initial", "differ by a middle initial only"),
        NameRelation::Nickname => ("nickname", "differ by a short form of a given name"),
        NameRelation::Qualifier => ("qualifier", "differ by an addition in parentheses"),
        NameRelation::MissingWords => ("missing_words", "have words in common, and one has more"),
        NameRelation::Initial => ("initial", "differ by an initial in place of a name"),
        NameRelation::NearSpelling => ("near_spelling", "differ by a letter or two in a long word"),
    }
}

/// Whether two actors of these kinds may be one.
fn are_compatible(one: ActorKind, other: ActorKind) -> bool {
    one == other || one == ActorKind::Unknown || other == ActorKind::Unknown
}

/// What is compared of an actor, with that of who has been merged into it.
struct ActorProfile {
    /// The first kind that is known.
    kind: ActorKind,
    names: Vec<(String, ComparableName)>,
    /// By scheme.
    codes: BTreeMap<String, BTreeSet<String>>,
    /// Codes as names may stand for them.
    code_names: BTreeMap<String, String>,
    offices: OnceCell<Vec<ComparedOffice>>,
}

/// An office: its title, of whom, and on which days certainly.
struct ComparedOffice {
    title: String,
    body: Term,
    days: Option<DayRange>,
}

impl ActorProfile {
    fn read(view: &View, actor: Term) -> Option<Self> {
        let merged = view.merged_into(actor).iter();
        let merged = merged.filter_map(|merged| actor_record(view, *merged));
        let records: Vec<Actor> = actor_record(view, actor)
            .into_iter()
            .chain(merged)
            .collect();
        records.first()?;
        let kinds = records.iter().map(|record| record.kind);
        let kind = kinds.clone().find(|kind| *kind != ActorKind::Unknown);
        let mut profile = Self {
            kind: kind.unwrap_or(ActorKind::Unknown),
            names: Vec::new(),
            codes: BTreeMap::new(),
            code_names: BTreeMap::new(),
            offices: OnceCell::new(),
        };
        for record in &records {
            for name in names(record) {
                if profile.names.iter().all(|(known, _)| known != name) {
                    let compared = ComparableName::new(name);
                    profile.names.push((name.to_owned(), compared));
                }
            }
            for (scheme, code) in &record.codes {
                let of_scheme = profile.codes.entry(spelling(scheme)).or_default();
                of_scheme.insert(code.to_string());
                if let Some(key) = name_code_key(code) {
                    profile.code_names.insert(key, format!("{scheme} {code}"));
                }
            }
        }
        Some(profile)
    }

    fn offices(&self, view: &View, actor: Term) -> &[ComparedOffice] {
        self.offices.get_or_init(|| {
            let ties = view.ties_of(actor);
            let held = ties.filter_map(|row| {
                let is_office =
                    RelationKind::from_number(view.detail(row)) == Some(RelationKind::HoldsOffice);
                let Some(Record::Relation(relation)) =
                    is_office.then(|| view.record(row)).flatten()
                else {
                    return None;
                };
                let title = fold(relation.title.as_ref()?);
                let (body, _) = view.actors(row).nth(1)?;
                let days = view.period(row).and_then(|period| period.certain());
                Some(ComparedOffice { title, body, days })
            });
            held.collect()
        })
    }
}

/// The best relation of a name of each, and how common what they share is.
struct NameFinding {
    relation: NameRelation,
    names: [String; 2],
    /// How many actors have the rarest key that both names have.
    bearers: usize,
}

/// Compares actors of a view with one another. What it has looked up it remembers.
pub(super) struct ActorComparison<'k, 'v> {
    view: &'v View,
    keys: &'k DuplicateKeys,
    all: WindowView<'v>,
    profiles: RefCell<HashMap<Term, Option<Rc<ActorProfile>>>>,
    counterparts: RefCell<HashMap<Term, Rc<[Term]>>>,
    degrees: RefCell<HashMap<Term, usize>>,
}

/// Profiles and lists of counterparts that are remembered.
const REMEMBERED_MAX: usize = 20_000;

impl<'k, 'v> ActorComparison<'k, 'v> {
    pub(super) fn new(view: &'v View, keys: &'k DuplicateKeys) -> Self {
        Self {
            view,
            keys,
            all: view.window(Window::ALL, WindowMatch::default()),
            profiles: RefCell::default(),
            counterparts: RefCell::default(),
            degrees: RefCell::default(),
        }
    }

    fn profile(&self, actor: Term) -> Option<Rc<ActorProfile>> {
        let mut profiles = self.profiles.borrow_mut();
        if profiles.len() > REMEMBERED_MAX {
            profiles.clear();
        }
        let read = || ActorProfile::read(self.view, actor).map(Rc::new);
        profiles.entry(actor).or_insert_with(read).clone()
    }

    /// The kind of an actor, as far as it is known of it or of who has been merged into it.
    pub(super) fn kind(&self, actor: Term) -> Option<ActorKind> {
        Some(self.profile(actor)?.kind)
    }

    /// What speaks for two actors being one, and against; `None` when neither a name nor a code does, their kinds are not
    /// compatible, somebody has judged that they are different, or the score is lower than `least`.
    pub(super) fn compare(&self, one: Term, other: Term, least: f64) -> Option<DuplicateReasons> {
        if one == other {
            return None;
        }
        let (profile, with) = (self.profile(one)?, self.profile(other)?);
        if !are_compatible(profile.kind, with.kind) {
            return None;
        }
        let style = NameStyle::for_kind(profile.kind).or(NameStyle::for_kind(with.kind));
        let mut reasons = DuplicateReasons::new(PRIOR);
        let has_code = self.compare_codes(&profile, &with, &mut reasons);
        let has_name = self.compare_names(&profile, &with, style, &mut reasons);
        if !has_code && !has_name {
            return None;
        }
        if !has_name {
            let text = "no name of the one is like a name of the other";
            reasons.add("names_differ", NAMES_DIFFER, text.to_owned());
        }
        if reasons.score_with(FURTHER_MAX) < least {
            return None;
        }
        self.compare_offices((one, &profile), (other, &with), &mut reasons);
        self.compare_counterparts(one, other, &mut reasons);
        let is_likely = reasons.score() >= least;
        (is_likely && !self.are_different(one, other)).then_some(reasons)
    }

    /// Whether somebody has judged that two actors, or two who have been merged into them, are different.
    fn are_different(&self, one: Term, other: Term) -> bool {
        let view = self.view;
        let own = std::iter::once(&one).chain(view.merged_into(one));
        let mut judgements = own.flat_map(|own| view.judging(*own));
        judgements.any(|row| match view.judgement(row) {
            Some((Verdict::Different, a, b)) => {
                let ends = [view.survivor(a), view.survivor(b)];
                ends.contains(&one) && ends.contains(&other)
            }
            Some((Verdict::Same, ..)) | None => false,
        })
    }

    /// Whether a code of the one is a code of the other.
    fn compare_codes(
        &self,
        one: &ActorProfile,
        other: &ActorProfile,
        reasons: &mut DuplicateReasons,
    ) -> bool {
        let mut is_same = false;
        let mut differing = Vec::new();
        for (scheme, codes) in &one.codes {
            let Some(others) = other.codes.get(scheme) else {
                continue;
            };
            let same = codes.iter().find(|code| {
                let is_code = |other: &String| spelling(code) == spelling(other);
                others.iter().any(is_code)
            });
            match same {
                Some(_) if is_same => {}
                Some(code) => {
                    is_same = true;
                    let bearers = self.keys.bearers(self.view, &code_key(scheme, code)).len();
                    let text = format!("both have the {scheme} code {code}");
                    reasons.add("same_code", SAME_CODE, text);
                    add_bearers(reasons, bearers, "the code");
                }
                None => differing.push(format!(
                    "{scheme}: {} and {}",
                    join(codes.iter()),
                    join(others.iter())
                )),
            }
        }
        if !differing.is_empty() {
            let text = format!("they have different codes ({})", differing.join("; "));
            reasons.add("different_code", DIFFERENT_CODE, text);
        }
        is_same
    }

    /// Whether a name of the one has to do with a name or code of the other.
    fn compare_names(
        &self,
        one: &ActorProfile,
        other: &ActorProfile,
        style: NameStyle,
        reasons: &mut DuplicateReasons,
    ) -> bool {
        if let Some(found) = self.best_names(one, other, style) {
            let (code, says) = name_words(found.relation);
            let [name, with] = &found.names;
            let text = format!("\"{name}\" and \"{with}\" {says}");
            reasons.add(code, name_weight(found.relation, style), text);
            add_bearers(reasons, found.bearers, "what these names share");
            return true;
        }
        let named = name_is_code(one, other).or_else(|| name_is_code(other, one));
        if let Some((name, code)) = &named {
            let text = format!("the name \"{name}\" of the one is the code {code} of the other");
            reasons.add("name_is_code", NAME_IS_CODE, text);
        }
        named.is_some()
    }

    /// The relation of two names that weighs most, where many bear what they share less.
    fn best_names(
        &self,
        one: &ActorProfile,
        other: &ActorProfile,
        style: NameStyle,
    ) -> Option<NameFinding> {
        let mut best: Option<(f64, NameFinding)> = None;
        for (name, compared) in &one.names {
            for (with, other) in &other.names {
                let Some(relation) = compared.relation_to(other, style) else {
                    continue;
                };
                let weight = name_weight(relation, style);
                if best.as_ref().is_some_and(|(known, _)| *known >= weight) {
                    continue;
                }
                let bearers = self.bearers(compared, other, style);
                let weight = weight + bearers_weight(bearers);
                if best.as_ref().is_none_or(|(known, _)| *known < weight) {
                    let names = [name.clone(), with.clone()];
                    let found = NameFinding {
                        relation,
                        names,
                        bearers,
                    };
                    best = Some((weight, found));
                }
            }
        }
        best.map(|(_, found)| found)
    }

    /// How many actors have the rarest key that two names have.
    fn bearers(&self, name: &ComparableName, other: &ComparableName, style: NameStyle) -> usize {
        let (keys, others) = (name.keys(style), other.keys(style));
        let shared = keys.intersection(&others);
        let bearers = shared.map(|key| self.keys.bearers(self.view, key).len());
        bearers.min().unwrap_or_default()
    }

    fn compare_offices(
        &self,
        (one, profile): (Term, &ActorProfile),
        (other, with): (Term, &ActorProfile),
        reasons: &mut DuplicateReasons,
    ) {
        let mut shared: Option<(bool, String)> = None;
        for own in profile.offices(self.view, one) {
            for held in with.offices(self.view, other) {
                if own.title != held.title || own.body != held.body {
                    continue;
                }
                let is_together = match (own.days, held.days) {
                    (Some(days), Some(others)) => days.0 <= others.1 && others.0 <= days.1,
                    (Some(_) | None, Some(_) | None) => false,
                };
                let body = actor_brief(self.view, own.body).name;
                let text = format!("\"{}\" of {body}", own.title);
                shared = shared.max(Some((is_together, text)));
            }
        }
        match shared {
            Some((true, office)) => {
                let text = format!("both hold the office {office} on the same days");
                reasons.add("same_office", SAME_OFFICE[0], text);
            }
            Some((false, office)) => {
                let text = format!("both hold the office {office}, at different or unknown times");
                reasons.add("same_office_title", SAME_OFFICE[1], text);
            }
            None => {}
        }
    }

    /// The actors that dated records link with an actor, by term.
    fn counterparts(&self, actor: Term) -> Rc<[Term]> {
        if let Some(known) = self.counterparts.borrow().get(&actor) {
            return Rc::clone(known);
        }
        let mut found = Vec::new();
        self.all.neighbours(actor, &mut |other, rows| {
            if other != actor && rows.any() {
                found.push(other);
            }
        });
        found.sort_unstable();
        found.dedup();
        let found: Rc<[Term]> = found.into();
        let mut known = self.counterparts.borrow_mut();
        if known.len() > REMEMBERED_MAX {
            known.clear();
        }
        known.insert(actor, Rc::clone(&found));
        found
    }

    fn degree(&self, actor: Term) -> usize {
        if let Some(known) = self.degrees.borrow().get(&actor) {
            return *known;
        }
        let degree = self.counterparts(actor).len();
        self.degrees.borrow_mut().insert(actor, degree);
        degree
    }

    /// The counterparts that two actors share, those with the fewest of their own first, with the number of these.
    fn shared_counterparts(&self, one: Term, other: Term) -> Vec<(usize, Term)> {
        let (own, others) = (self.counterparts(one), self.counterparts(other));
        let is_shared = |actor: &&Term| others.binary_search(actor).is_ok();
        let shared = own.iter().filter(is_shared);
        let mut shared: Vec<(usize, Term)> =
            shared.map(|actor| (self.degree(*actor), *actor)).collect();
        shared.sort_by_key(|(degree, actor)| (*degree, self.view.text(*actor)));
        shared
    }

    /// The first of the counterparts that two actors share.
    pub(super) fn shown_counterparts(&self, one: Term, other: Term) -> Vec<Term> {
        let shared = self.shared_counterparts(one, other).into_iter();
        shared.map(|(_, actor)| actor).take(SHOWN_MAX).collect()
    }

    /// Shared counterparts weigh as Adamic and Adar count them ("Friends and neighbors on the Web", Social Networks 25,
    /// 2003): each the inverse of the logarithm of its own counterparts, so that the United States say little.
    fn compare_counterparts(&self, one: Term, other: Term, reasons: &mut DuplicateReasons) {
        let (own, others) = (self.counterparts(one), self.counterparts(other));
        if own.binary_search(&other).is_ok() {
            let text = "a record links the two with one another".to_owned();
            reasons.add("linked_with_each_other", LINKED, text);
        }
        if own.len().max(others.len()) > COUNTERPARTS_MAX {
            return;
        }
        let shared = self.shared_counterparts(one, other);
        if shared.is_empty() {
            let (weight, least) = NO_COUNTERPARTS;
            if own.len().min(others.len()) >= least {
                let text = format!(
                    "none of the {} and {} counterparts is shared",
                    own.len(),
                    others.len()
                );
                reasons.add("no_shared_counterparts", weight, text);
            }
            return;
        }
        let index: f64 = shared.iter().map(|(degree, _)| adamic_adar(*degree)).sum();
        let (most, each) = COUNTERPARTS;
        let first = shared.iter().take(SHOWN_MAX);
        let first = first.map(|(_, actor)| actor_brief(self.view, *actor).name);
        let text = format!(
            "{} of {} and {} counterparts are shared: {}{}",
            shared.len(),
            own.len(),
            others.len(),
            join(first),
            if shared.len() > SHOWN_MAX {
                ", …"
            } else {
                ""
            }
        );
        reasons.add("shared_counterparts", (index * each).min(most), text);
    }
}

/// What a shared counterpart with so many counterparts counts.
fn adamic_adar(degree: usize) -> f64 {
    let degree = f64::from(u32::try_from(degree).unwrap_or(u32::MAX));
    1.0 / (1.0 + degree).log2().max(1.0)
}

/// Actors that may have what two share without making it common: one actor has several records.
const FEW_BEARERS: u32 = 4;

/// What the number of actors weighs that have what two share: nothing when they are few.
fn bearers_weight(bearers: usize) -> f64 {
    let bearers = u32::try_from(bearers).unwrap_or(u32::MAX);
    -(f64::from(bearers.max(FEW_BEARERS)) / f64::from(FEW_BEARERS)).log2()
}

fn add_bearers(reasons: &mut DuplicateReasons, bearers: usize, what: &str) {
    let weight = bearers_weight(bearers);
    if weight < 0.0 {
        let text = format!("{bearers} actors have {what}");
        reasons.add("common", weight, text);
    }
}

/// A name of the one that is a code of the other, and the code.
fn name_is_code(one: &ActorProfile, other: &ActorProfile) -> Option<(String, String)> {
    one.names.iter().find_map(|(name, _)| {
        let code = other.code_names.get(&name_code_key(name)?)?;
        Some((name.clone(), code.clone()))
    })
}

fn join(texts: impl Iterator<Item = impl AsRef<str>>) -> String {
    let texts: Vec<String> = texts.map(|text| text.as_ref().to_owned()).collect();
    texts.join(", ")
}
