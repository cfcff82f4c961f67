//! Reconciliation: whom the cells of a table may mean, and what is recorded of them.

use std::collections::BTreeMap;

use super::actor_properties::{
    ActorFacts, ActorProperty, ExpectedProperty, NamedExpectation, PropertyCatalog,
};
use super::answer::{
    EntitySuggestions, EntityType, ExtendedProperty, ExtensionAnswer, FeatureValue, MatchFeature,
    PropertySuggestions, PropertyValue, ReconciliationCandidate, SuggestedEntity, TypeSuggestions,
};
use super::describe::actor_brief;
use super::names::{BY_NEARNESS, sureness};
use super::search::actors_like;
use super::selection::Page;
use crate::graph::{NameEvidence, ResolutionStep, Term, TermKind, View};
use crate::model::{ActorKind, fold};
use crate::text::TextQuery;

/// Candidates of one query at the most, and when it does not say.
pub const CANDIDATES_MAX: usize = 100;
/// See [`CANDIDATES_MAX`].
pub const CANDIDATES_DEFAULT: usize = 10;
/// Actors whose names are near that are looked at, where nobody has the name.
const NEAR_MAX: usize = 50;
/// Words of a name for which near ones are looked for. A longer text is no name, and would be compared with those of all
/// actors.
const NEAR_WORDS_MAX: usize = 24;
/// What all properties count together beside the name, which counts 1.
const PROPERTIES_WEIGHT: f64 = 0.5;
/// What a property counts of which nothing is recorded: it speaks neither for the candidate nor against.
const UNRECORDED: f64 = 0.5;
/// What a property counts up to which a candidate is no match.
const CONTRADICTION: f64 = 0.0;
/// Characters of a description.
const DESCRIPTION_MAX_CHARS: usize = 200;

/// How much a type that a query gives decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TypeStrictness {
    /// Candidates of other kinds come later.
    #[default]
    Should,
    /// Candidates are of one of the kinds.
    Any,
    /// Candidates are of all of the kinds: of the one, or there are none.
    All,
}

impl TypeStrictness {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Should, Self::Any, Self::All];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Should => "should",
            Self::Any => "any",
            Self::All => "all",
        }
    }
}

/// What a row of a table says of an actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReconciliationQuery {
    /// What it is called; `None` when only its properties are given.
    pub name: Option<String>,
    /// What it is: any of these kinds; nothing is said when empty.
    pub kinds: Vec<ActorKind>,
    /// How much that decides.
    pub strictness: TypeStrictness,
    /// What else is said of it, each property once.
    pub properties: Vec<ExpectedProperty>,
    /// Candidates wanted at the most.
    pub limit: usize,
}

impl ReconciliationQuery {
    /// How far an actor of a kind is of the kinds that are asked for; `None` when none is.
    fn type_match(&self, kind: ActorKind) -> Option<f64> {
        if self.kinds.is_empty() {
            return None;
        }
        Some(if self.kinds.contains(&kind) {
            1.0
        } else if kind == ActorKind::Unknown {
            UNRECORDED
        } else {
            CONTRADICTION
        })
    }

    /// Whether an actor of a kind may be a candidate.
    fn takes(&self, kind: ActorKind) -> bool {
        match self.strictness {
            TypeStrictness::Should => true,
            TypeStrictness::Any => self.kinds.is_empty() || self.kinds.contains(&kind),
            TypeStrictness::All => self.kinds.iter().all(|wanted| *wanted == kind),
        }
    }
}

/// How the name of a query leads to an actor.
#[derive(Clone, Copy, Debug, Default)]
struct NameFit {
    /// From 0, not at all, to 1.
    share: f64,
    /// Whether it is the id, a code, the name or an alias as written.
    is_exact: bool,
    /// Whether it leads there and to nobody else.
    is_only: bool,
}

/// The actors that a row of a table may mean, the best first.
pub fn reconcile<'v>(
    view: &'v View,
    query: &ReconciliationQuery,
) -> Vec<ReconciliationCandidate<'v>> {
    let leads = query.name.as_ref().map(|name| view.leads(name, None));
    let leads = leads.unwrap_or_default();
    let expected: Vec<NamedExpectation<'_>> = query
        .properties
        .iter()
        .map(|property| NamedExpectation::new(view, property))
        .collect();
    let mut fits = name_fits(view, query, &leads);
    let mut coded = Vec::new();
    for expectation in &expected {
        let bearers = expectation.bearers(view);
        // Of a name that nobody has, only who has the code of the row is a candidate besides.
        let is_code = matches!(expectation.property, ActorProperty::Code(_));
        if is_code || query.name.is_none() {
            for actor in &bearers {
                fits.entry(*actor).or_default();
            }
        }
        if is_code {
            coded.extend(bearers);
        }
    }
    let meant = match query.name {
        Some(_) => meant_by_name(view, query, &leads),
        None => only(coded),
    };
    let mut found: Vec<ReconciliationCandidate<'v>> = fits
        .into_iter()
        .filter_map(|(actor, fit)| {
            let facts = ActorFacts::read(view, actor)?;
            let fit = NameFit {
                is_only: meant == Some(actor),
                ..fit
            };
            let is_taken = query.takes(facts.record.kind);
            is_taken.then(|| candidate(view, query, &expected, &facts, fit))
        })
        .collect();
    found.sort_by(|a, b| {
        let best = b
            .score
            .total_cmp(&a.score)
            .then(b.is_match.cmp(&a.is_match));
        best.then_with(|| a.id.cmp(&b.id))
    });
    found.truncate(query.limit);
    found
}

/// How the name leads to actors: by the steps in which names resolve or, where they lead to nobody, by
/// names that are near.
fn name_fits(
    view: &View,
    query: &ReconciliationQuery,
    leads: &[NameEvidence],
) -> BTreeMap<Term, NameFit> {
    let mut fits: BTreeMap<Term, NameFit> = BTreeMap::new();
    for lead in leads {
        let fit = fits.entry(lead.resolution.actor).or_default();
        let step = lead.resolution.step;
        fit.share = fit.share.max(sureness(step));
        fit.is_exact |= step <= ResolutionStep::Exact;
    }
    if let Some(name) = &query.name
        && leads.is_empty()
        && fold(name).split(' ').count() <= NEAR_WORDS_MAX
    {
        for (near, close) in view.nearest(name, NEAR_MAX) {
            // Somebody just found is there.
            if let Some(actor) = view.term(TermKind::Actor, &near.id) {
                let fit = fits.entry(actor).or_default();
                fit.share = fit.share.max(close * BY_NEARNESS);
            }
        }
    }
    fits
}

/// The one actor whom the name means: alone in the first step that finds anybody of the kinds asked for,
/// offices aside, for whose they are depends on the day.
fn meant_by_name(view: &View, query: &ReconciliationQuery, leads: &[NameEvidence]) -> Option<Term> {
    let is_taken = |lead: &&NameEvidence| {
        let row = view.actor(lead.resolution.actor);
        let kind = row.and_then(|row| ActorKind::from_number(view.detail(row)));
        kind.is_some_and(|kind| query.takes(kind) && query.type_match(kind) != Some(CONTRADICTION))
    };
    let taken: Vec<&NameEvidence> = leads.iter().filter(is_taken).collect();
    let first = taken.first()?.resolution.step;
    let answers = |lead: &&&NameEvidence| match first {
        ResolutionStep::Office => false,
        // An id is a cell's word for somebody only when no name is.
        ResolutionStep::Id => lead.resolution.step != ResolutionStep::Office,
        ResolutionStep::Exact | ResolutionStep::Spelling | ResolutionStep::Accents => {
            lead.resolution.step == first
        }
    };
    only(
        taken
            .iter()
            .filter(answers)
            .map(|lead| lead.resolution.actor),
    )
}

/// The one of some actors that are all the same.
fn only(actors: impl IntoIterator<Item = Term>) -> Option<Term> {
    let mut actors = actors.into_iter();
    let first = actors.next()?;
    actors.all(|other| other == first).then_some(first)
}

fn candidate<'v>(
    view: &'v View,
    query: &ReconciliationQuery,
    expected: &[NamedExpectation<'_>],
    facts: &ActorFacts<'v>,
    fit: NameFit,
) -> ReconciliationCandidate<'v> {
    let brief = actor_brief(view, facts.actor);
    let kind = facts.record.kind;
    let mut features = Vec::new();
    let mut add = |id: String, value: FeatureValue| features.push(MatchFeature { id, value });
    if query.name.is_some() {
        add(
            "name_match".to_owned(),
            FeatureValue::Share(thousandths(fit.share)),
        );
        add("exact_name".to_owned(), FeatureValue::Flag(fit.is_exact));
    }
    let of_type = query.type_match(kind);
    if let Some(share) = of_type {
        add("type_match".to_owned(), FeatureValue::Share(share));
    }
    let mut shares: Vec<f64> = of_type.into_iter().collect();
    let mut contradicts = of_type == Some(CONTRADICTION);
    for expectation in expected {
        let agreement = facts.agreement(expectation);
        if let Some(share) = agreement {
            let id = expectation.property.id().into_owned();
            add(id, FeatureValue::Share(thousandths(share)));
            contradicts |= share <= CONTRADICTION && decides(expectation.property);
        }
        shares.push(agreement.unwrap_or(UNRECORDED));
    }
    let score = score(query.name.is_some().then_some(fit.share), &shares);
    ReconciliationCandidate {
        id: brief.id,
        name: brief.name,
        types: vec![entity_type(kind)],
        score: (score * 1000.0).round() / 10.0,
        is_match: fit.is_only && !contradicts,
        features,
        description: description(view, facts),
    }
}

/// Whether what is recorded of a property is written in one way only, so that another value is another
/// actor's. Titles of offices and descriptions are not.
const fn decides(property: &ActorProperty) -> bool {
    match property {
        ActorProperty::Kind | ActorProperty::Country | ActorProperty::Code(_) => true,
        ActorProperty::Name
        | ActorProperty::Alias
        | ActorProperty::Office
        | ActorProperty::Description => false,
    }
}

/// How well a candidate fits, from 0 to 1: its name, and beside it the mean of its properties.
fn score(name: Option<f64>, properties: &[f64]) -> f64 {
    let all: f64 = properties.iter().sum();
    let mean = all / f64::from(u32::try_from(properties.len().max(1)).unwrap_or(u32::MAX));
    match name {
        Some(name) if properties.is_empty() => name,
        Some(name) => (name + PROPERTIES_WEIGHT * mean) / (1.0 + PROPERTIES_WEIGHT),
        None => mean,
    }
}

fn thousandths(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

/// A kind of actor as a type of entity.
pub fn entity_type(kind: ActorKind) -> EntityType {
    let words = kind.as_str().replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    EntityType {
        id: kind.as_str(),
        name: first.into_iter().chain(letters).collect(),
    }
}

/// What tells an actor from its namesakes: its description, else what it is, its first office and its
/// codes.
fn description(view: &View, facts: &ActorFacts<'_>) -> String {
    let made = || {
        let offices = facts.offices().first().into_iter();
        let offices = offices.map(|(title, body)| {
            let body = actor_brief(view, *body).name;
            format!("{title}, {body}")
        });
        let codes = facts.record.codes.iter();
        let codes = codes.map(|(scheme, code)| format!("{scheme} {code}"));
        let kind = std::iter::once(entity_type(facts.record.kind).name);
        let all: Vec<String> = kind.chain(offices).chain(codes).collect();
        all.join("; ")
    };
    let own = facts.record.description.as_ref();
    let text = own.map_or_else(made, ToString::to_string);
    if text.chars().count() <= DESCRIPTION_MAX_CHARS {
        return text;
    }
    let kept = text.chars().take(DESCRIPTION_MAX_CHARS - 1);
    kept.chain(['…']).collect()
}

/// The actors whose names, codes and offices are like what somebody types, the best first: those of
/// some kinds or, when there are none, of all.
pub fn suggest_entities<'v>(
    view: &'v View,
    typed: TextQuery,
    kinds: &[ActorKind],
    page: Page,
) -> EntitySuggestions<'v> {
    let like = actors_like(view, typed, kinds);
    let (like, _) = page.slice(&like);
    let result = like.iter().filter_map(|actor| {
        let facts = ActorFacts::read(view, *actor)?;
        let brief = actor_brief(view, *actor);
        Some(SuggestedEntity {
            id: brief.id,
            name: brief.name,
            description: description(view, &facts),
            notable: vec![entity_type(facts.record.kind)],
        })
    });
    EntitySuggestions {
        result: result.collect(),
    }
}

/// The properties of actors of a kind, or of all, that have a word that begins as somebody types.
pub fn suggest_properties(
    view: &View,
    typed: &str,
    kind: Option<ActorKind>,
    page: Page,
) -> PropertySuggestions {
    let mut all = PropertyCatalog::new(view).describe(kind);
    all.retain(|property| begins(&property.id, typed) || begins(&property.name, typed));
    let (result, _) = page.slice(&all);
    PropertySuggestions {
        result: result.to_vec(),
    }
}

/// The kinds of actor that have a word that begins as somebody types.
pub fn suggest_types(typed: &str, page: Page) -> TypeSuggestions {
    let all = ActorKind::ALL.iter().map(|kind| entity_type(*kind));
    let all: Vec<EntityType> = all
        .filter(|kind| begins(kind.id, typed) || begins(&kind.name, typed))
        .collect();
    let (result, _) = page.slice(&all);
    TypeSuggestions {
        result: result.to_vec(),
    }
}

/// Whether a text or a word of it begins as somebody types.
fn begins(text: &str, typed: &str) -> bool {
    let (text, typed) = (fold(text), fold(typed));
    let words = text.split([' ', ':']);
    text.starts_with(&typed) || words.into_iter().any(|word| word.starts_with(&typed))
}

/// What actors, by id, have of some properties, each with its id as it was asked for.
pub fn extend<'v>(
    view: &'v View,
    ids: &[String],
    properties: &[(String, ActorProperty)],
) -> ExtensionAnswer<'v> {
    let meta = properties.iter().map(|(asked, property)| ExtendedProperty {
        id: asked.clone(),
        name: property.name(),
        kind: (*property == ActorProperty::Country).then(|| entity_type(ActorKind::State)),
    });
    let rows = ids.iter().map(|id| {
        let facts = with_id(view, id).and_then(|actor| ActorFacts::read(view, actor));
        let values = properties.iter().map(|(asked, property)| {
            let values = facts.as_ref().map(|facts| facts.values(property));
            (asked.clone(), values.unwrap_or_default())
        });
        (id.clone(), values.collect())
    });
    ExtensionAnswer {
        meta: meta.collect(),
        rows: rows.collect(),
    }
}

/// What a reader is shown of an actor, to know it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorPreview {
    /// The name under which it is shown.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// What tells it from its namesakes.
    pub description: String,
    /// Properties that it has, each with its values.
    pub properties: Vec<(String, Vec<String>)>,
}

/// What a reader is shown of the actor with this id; `None` when there is none.
pub fn preview(view: &View, id: &str) -> Option<ActorPreview> {
    let facts = ActorFacts::read(view, with_id(view, id)?)?;
    let codes = facts.record.codes.keys();
    let codes = codes.map(|scheme| ActorProperty::Code(scheme.to_string()));
    let shown = [
        ActorProperty::Alias,
        ActorProperty::Office,
        ActorProperty::Country,
    ];
    let properties = shown.into_iter().chain(codes).map(|property| {
        let values = facts.values(&property).into_iter();
        let texts = values.map(|value| match value {
            PropertyValue::Text { text } => text,
            PropertyValue::Entity { name, .. } => name.into_owned(),
        });
        (property.name(), texts.collect::<Vec<String>>())
    });
    Some(ActorPreview {
        name: facts.record.name.to_string(),
        kind: entity_type(facts.record.kind).name,
        description: description(view, &facts),
        properties: properties
            .filter(|(_, values)| !values.is_empty())
            .collect(),
    })
}

/// The actor with this id.
fn with_id(view: &View, id: &str) -> Option<Term> {
    let leads = view.leads(id, None).into_iter();
    let mut own = leads.filter(|lead| lead.resolution.step == ResolutionStep::Id);
    own.next().map(|lead| lead.resolution.actor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_weigh_twice_what_properties_do() {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(score(Some(0.9), &[]), 0.9));
        assert!(near(score(Some(1.0), &[1.0, 1.0]), 1.0));
        assert!(near(score(Some(1.0), &[0.0]), 2.0 / 3.0));
        assert!(near(score(Some(0.0), &[1.0]), 1.0 / 3.0));
        assert!(near(score(None, &[1.0, 0.5]), 0.75));
        // Nothing recorded lies between what speaks for a candidate and what speaks against.
        let with = |share| score(Some(0.9), &[share]);
        assert!(with(0.0) < with(UNRECORDED) && with(UNRECORDED) < with(1.0));
    }

    #[test]
    fn words_begin_as_typed() {
        assert!(begins("code:iso3", "ISO") && begins("Government body", "bod"));
        assert!(begins("Government body", "government b") && begins("State", ""));
        assert!(!begins("Government body", "ody"));
    }
}
