//! Properties of actors, as tables have them in columns: what an actor has of each, and how far that is
//! what a cell says.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::answer::{PropertyAnswer, PropertyValue};
use super::describe::{actor_brief, actor_record};
use super::names::BY_NEARNESS;
use super::rollup::ways;
use crate::graph::{NameMatch, ResolutionStep, Term, View};
use crate::model::{
    Actor, ActorKind, Kind, Prose, Record, RecordProblem, RelationKind, Window, fold, spelling,
    unknown_word,
};
use crate::text::Closeness;

/// What stands before the scheme in the id of a code.
const CODE: &str = "code:";
/// What some clients put in place of the rest of a long value.
const CUT_MARKS: [&str; 2] = ["...", "…"];

/// A property of actors.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ActorProperty {
    /// The name under which it is shown, or another one.
    Name,
    /// Another name.
    Alias,
    /// What it is.
    Kind,
    /// The state that it stands for: through offices, memberships of bodies and representations.
    Country,
    /// The title of an office that it holds or held.
    Office,
    /// What a reader should know.
    Description,
    /// The code of a scheme.
    Code(String),
}

impl ActorProperty {
    /// All but codes.
    const PLAIN: [Self; 6] = [
        Self::Name,
        Self::Alias,
        Self::Kind,
        Self::Country,
        Self::Office,
        Self::Description,
    ];

    /// Its id.
    pub fn id(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Name => "name",
            Self::Alias => "alias",
            Self::Kind => "kind",
            Self::Country => "country",
            Self::Office => "office",
            Self::Description => "description",
            Self::Code(scheme) => return Cow::Owned(format!("{CODE}{scheme}")),
        })
    }

    /// Its name for a reader.
    pub fn name(&self) -> String {
        match self {
            Self::Name => "Name".to_owned(),
            Self::Alias => "Other name".to_owned(),
            Self::Kind => "Kind of actor".to_owned(),
            Self::Country => "Country".to_owned(),
            Self::Office => "Office".to_owned(),
            Self::Description => "Description".to_owned(),
            Self::Code(scheme) => format!("Code {scheme}"),
        }
    }

    fn about(&self) -> String {
        match self {
            Self::Name => "The name under which the actor is shown; a query may give any name.",
            Self::Alias => "The other names of the actor.",
            Self::Kind => "The kind of actor: a person, a state …",
            Self::Country => "The states that the actor represents, at any time.",
            Self::Office => "The titles of offices that the actor holds or held.",
            Self::Description => "A description of the actor for readers.",
            Self::Code(scheme) => return format!("The code of the actor in the scheme {scheme}."),
        }
        .to_owned()
    }

    /// Whether actors of a kind may have it, codes aside.
    fn is_of(&self, kind: ActorKind) -> bool {
        match self {
            Self::Name | Self::Alias | Self::Kind | Self::Description | Self::Code(_) => true,
            Self::Country => kind != ActorKind::State,
            Self::Office => [ActorKind::Person, ActorKind::Unknown].contains(&kind),
        }
    }

    fn describe(&self) -> PropertyAnswer {
        PropertyAnswer {
            id: self.id().into_owned(),
            name: self.name(),
            description: self.about(),
        }
    }
}

/// The properties that the actors of a view have.
#[derive(Debug)]
pub struct PropertyCatalog<'v> {
    view: &'v View,
    /// The schemes of codes, each with the kinds of those who have one; looked for when somebody asks.
    schemes: OnceCell<BTreeMap<String, Vec<ActorKind>>>,
}

impl<'v> PropertyCatalog<'v> {
    /// Of a view.
    pub const fn new(view: &'v View) -> Self {
        Self {
            view,
            schemes: OnceCell::new(),
        }
    }

    /// The property of an id. The scheme of a code may stand alone, where some actor has one.
    ///
    /// # Errors
    ///
    /// When there is none; the problem says what there is.
    pub fn find(&self, id: &str) -> Result<ActorProperty, RecordProblem> {
        let mut plain = ActorProperty::PLAIN.into_iter();
        if let Some(found) = plain.find(|property| property.id() == id) {
            return Ok(found);
        }
        let code = id.strip_prefix(CODE).filter(|scheme| !scheme.is_empty());
        if let Some(scheme) = code {
            return Ok(ActorProperty::Code(scheme.to_owned()));
        }
        if self.schemes().contains_key(id) {
            return Ok(ActorProperty::Code(id.to_owned()));
        }
        let plain = ActorProperty::PLAIN.map(|known| known.id());
        let codes = self.schemes().keys().map(String::as_str);
        let known: Vec<&str> = plain.iter().map(Cow::as_ref).chain(codes).collect();
        Err(unknown_word(id, &known))
    }

    /// The properties of actors of a kind, or of all actors.
    pub fn describe(&self, kind: Option<ActorKind>) -> Vec<PropertyAnswer> {
        let plain = ActorProperty::PLAIN.into_iter();
        let plain = plain.filter(|property| kind.is_none_or(|kind| property.is_of(kind)));
        let codes = self.schemes().iter();
        let codes = codes.filter(|(_, kinds)| kind.is_none_or(|kind| kinds.contains(&kind)));
        let codes = codes.map(|(scheme, _)| ActorProperty::Code(scheme.clone()));
        plain
            .chain(codes)
            .map(|property| property.describe())
            .collect()
    }

    fn schemes(&self) -> &BTreeMap<String, Vec<ActorKind>> {
        self.schemes.get_or_init(|| {
            let mut found: BTreeMap<String, Vec<ActorKind>> = BTreeMap::new();
            // Those of merged actors, too: their codes are the survivor's.
            for row in self.view.of_kind(Kind::Actor) {
                // What can't be read has been reported.
                let Some(Record::Actor(actor)) = self.view.record(row) else {
                    continue;
                };
                for scheme in actor.codes.keys() {
                    let kinds = found.entry(scheme.to_string()).or_default();
                    if !kinds.contains(&actor.kind) {
                        kinds.push(actor.kind);
                    }
                }
            }
            found
        })
    }
}

/// What a cell says of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedProperty {
    /// The property.
    pub property: ActorProperty,
    /// What it is by the cell: any of these.
    pub values: Vec<String>,
}

/// The same, with the actors that the values name.
pub(super) struct NamedExpectation<'q> {
    pub(super) property: &'q ActorProperty,
    pub(super) values: Vec<&'q str>,
    /// Those whom the values name, of a property whose values are actors.
    actors: Vec<Term>,
}

impl<'q> NamedExpectation<'q> {
    pub(super) fn new(view: &View, expected: &'q ExpectedProperty) -> Self {
        // Where several rows of a table are one, a client sends the values of all as lines.
        let lines = expected.values.iter().flat_map(|value| value.lines());
        let values: Vec<&str> = lines
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let mut actors = Vec::new();
        if expected.property == ActorProperty::Country {
            let leads = values.iter().flat_map(|value| view.leads(value, None));
            let named = leads.filter(|lead| lead.resolution.step != ResolutionStep::Office);
            actors = named.map(|lead| lead.resolution.actor).collect();
        }
        Self {
            property: &expected.property,
            values,
            actors,
        }
    }

    /// The actors that have it by an index: those with the code, with the title of an office.
    pub(super) fn bearers(&self, view: &View) -> Vec<Term> {
        let values = self.values.iter();
        match self.property {
            ActorProperty::Code(scheme) => values
                .flat_map(|value| with_code(view, scheme, value))
                .collect(),
            ActorProperty::Office => values
                .flat_map(|value| view.holders(&fold(value)))
                .map(|holder| holder.actor)
                .collect(),
            ActorProperty::Name | ActorProperty::Alias => values
                .flat_map(|value| view.leads(value, None))
                .filter(|lead| lead.resolution.step != ResolutionStep::Office)
                .map(|lead| lead.resolution.actor)
                .collect(),
            ActorProperty::Kind | ActorProperty::Country | ActorProperty::Description => Vec::new(),
        }
    }
}

/// The actors with the code of a scheme.
fn with_code(view: &View, scheme: &str, value: &str) -> Vec<Term> {
    let leads = view.leads(&format!("{scheme}:{value}"), None).into_iter();
    let coded = leads.filter(|lead| matches!(lead.found, NameMatch::Code { .. }));
    coded.map(|lead| lead.resolution.actor).collect()
}

/// What is recorded of an actor.
pub(super) struct ActorFacts<'v> {
    view: &'v View,
    pub(super) record: Actor,
    /// The records of those who have been merged into it: their names and codes are its own, too.
    merged: Vec<Actor>,
    pub(super) actor: Term,
    /// The states and bodies that it stands for; a state stands for itself.
    stands_for: OnceCell<Vec<Term>>,
    offices: OnceCell<Vec<(String, Term)>>,
}

impl<'v> ActorFacts<'v> {
    /// Of an actor; `None` when there is no record of it.
    pub(super) fn read(view: &'v View, actor: Term) -> Option<Self> {
        let merged = view.merged_into(actor).iter();
        Some(Self {
            view,
            record: actor_record(view, actor)?,
            merged: merged
                .filter_map(|merged| actor_record(view, *merged))
                .collect(),
            actor,
            stands_for: OnceCell::new(),
            offices: OnceCell::new(),
        })
    }

    /// Its other names: its aliases, and all names of who is merged into it.
    fn aliases(&self) -> impl Iterator<Item = &str> {
        let merged = self.merged.iter().flat_map(|merged| {
            let aliases = merged.aliases.iter().map(|alias| alias.text.as_str());
            std::iter::once(merged.name.as_str()).chain(aliases)
        });
        let own = self.record.aliases.iter();
        own.map(|alias| alias.text.as_str()).chain(merged)
    }

    /// How far what is recorded is what is expected, from 0 to 1; `None` when nothing is recorded.
    pub(super) fn agreement(&self, expected: &NamedExpectation<'_>) -> Option<f64> {
        let values = &expected.values;
        match expected.property {
            ActorProperty::Name => best(
                values,
                std::iter::once(self.record.name.as_str()).chain(self.aliases()),
            ),
            ActorProperty::Alias => best(values, self.aliases()),
            ActorProperty::Kind => {
                let kind = self.record.kind;
                let is_kind = |value: &&str| fold(value) == fold(kind.as_str());
                (kind != ActorKind::Unknown).then(|| share(values.iter().any(is_kind)))
            }
            ActorProperty::Country => {
                let own = self.stands_for();
                let is_known = !own.is_empty() && !expected.actors.is_empty();
                is_known.then(|| share(expected.actors.iter().any(|actor| own.contains(actor))))
            }
            ActorProperty::Office => {
                let offices = self.offices().iter();
                let titles = offices.flat_map(|(title, body)| {
                    let body = actor_brief(self.view, *body).name;
                    [title.clone(), format!("{title} {body}")]
                });
                let titles: Vec<String> = titles.collect();
                best(values, titles.iter().map(String::as_str))
            }
            ActorProperty::Description => {
                best(values, self.record.description.iter().map(Prose::as_str))
            }
            ActorProperty::Code(scheme) => {
                let own = self.codes(scheme);
                let is_own = |value: &&str| own.iter().any(|own| is_code(value, own));
                (!own.is_empty()).then(|| share(values.iter().any(is_own)))
            }
        }
    }

    /// What it has of a property.
    pub(super) fn values(&self, property: &ActorProperty) -> Vec<PropertyValue<'v>> {
        let text = |text: &str| PropertyValue::Text {
            text: text.to_owned(),
        };
        match property {
            ActorProperty::Name => vec![text(&self.record.name)],
            ActorProperty::Alias => self.aliases().map(text).collect(),
            ActorProperty::Kind => vec![text(self.record.kind.as_str())],
            ActorProperty::Country => self.states().collect(),
            ActorProperty::Office => {
                let offices = self.offices().iter();
                offices.map(|(title, _)| text(title)).collect()
            }
            ActorProperty::Description => {
                let description = self.record.description.iter();
                description.map(|prose| text(prose)).collect()
            }
            ActorProperty::Code(scheme) => self.codes(scheme).into_iter().map(text).collect(),
        }
    }

    /// Its codes of a scheme, its own first: mostly one.
    fn codes(&self, scheme: &str) -> Vec<&str> {
        let all = std::iter::once(&self.record).chain(&self.merged);
        let codes = all.flat_map(|actor| &actor.codes);
        let wanted = spelling(scheme);
        let mut found: Vec<&str> = Vec::new();
        for (_, code) in codes.filter(|(known, _)| spelling(known) == wanted) {
            if !found.contains(&code.as_str()) {
                found.push(code);
            }
        }
        found
    }

    fn stands_for(&self) -> &[Term] {
        self.stands_for.get_or_init(|| {
            let days = (Window::ALL.lo(), Window::ALL.hi());
            let ways = ways(self.view, self.actor, days).into_iter();
            let mut all: Vec<Term> = ways.flat_map(|way| way.actors).collect();
            all.retain(|actor| *actor != self.actor || self.record.kind == ActorKind::State);
            all.sort_unstable_by_key(|actor| self.view.text(*actor));
            all.dedup();
            all
        })
    }

    fn states(&self) -> impl Iterator<Item = PropertyValue<'v>> {
        let all = self.stands_for().iter();
        let briefs = all.map(|actor| actor_brief(self.view, *actor));
        let states = briefs.filter(|brief| brief.kind == ActorKind::State.as_str());
        states.map(|brief| PropertyValue::Entity {
            id: brief.id,
            name: brief.name,
        })
    }

    /// The offices that it holds or held, each with the body; the earliest first.
    pub(super) fn offices(&self) -> &[(String, Term)] {
        self.offices.get_or_init(|| {
            let ties = self.view.ties_of(self.actor);
            let offices = ties.filter_map(|tie| {
                let Record::Relation(relation) = self.view.record(tie)? else {
                    return None;
                };
                let body = self.view.actors(tie).nth(1).map(|(body, _)| body);
                let is_office = relation.kind == RelationKind::HoldsOffice;
                let title = relation.title.as_ref().filter(|_| is_office)?;
                Some((title.to_string(), body?))
            });
            let mut offices: Vec<(String, Term)> = offices.collect();
            offices.dedup();
            offices
        })
    }
}

fn share(is_so: bool) -> f64 {
    if is_so { 1.0 } else { 0.0 }
}

/// How much the nearest of some texts is like the nearest of some values; `None` without texts.
fn best<'t>(values: &[&str], texts: impl Iterator<Item = &'t str>) -> Option<f64> {
    let likes = texts.map(|text| {
        let each = values.iter().map(|value| likeness(value, text));
        each.fold(0.0, f64::max)
    });
    likes.reduce(f64::max)
}

/// How much a text is like a value: wholly when it differs by spelling and accents only, or from where the
/// value was cut off.
fn likeness(value: &str, text: &str) -> f64 {
    let (folded, value) = (fold(text), value.trim());
    let cut = CUT_MARKS.iter().find_map(|mark| value.strip_suffix(mark));
    if let Some(start) = cut.map(fold).filter(|start| !start.is_empty())
        && folded.starts_with(&start)
    {
        return 1.0;
    }
    let wanted = fold(value);
    if !wanted.is_empty() && wanted == folded {
        return 1.0;
    }
    Closeness::to(&wanted).closeness_to(&folded).unwrap_or(0.0) * BY_NEARNESS
}

/// Whether a value is a code: as a spreadsheet keeps it, without the zeros before a number, or as the end
/// of a link.
fn is_code(value: &str, code: &str) -> bool {
    let value = value.rsplit('/').next().unwrap_or(value);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |text: &str| text.trim_start_matches('0').to_owned();
    spelling(value) == spelling(code)
        || (digits(value) && digits(code) && number(value) == number(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_were_cut_are_like_what_they_begin() {
        let long = "Minister of State for Foreign Affairs and Worldwide Trade";
        let cut: String = long.chars().take(47).collect();
        assert!((likeness(&format!("{cut}..."), long) - 1.0).abs() < f64::EPSILON);
        assert!(likeness("Chancellor...", long) < 0.1);
        assert!((likeness("Sécretary-of STATE", "Secretary of State") - 1.0).abs() < f64::EPSILON);
        // What is like everything is like nothing.
        assert!(likeness("...", long) < 0.1);
    }

    #[test]
    fn codes_lose_their_zeros_and_gain_links() {
        assert!(is_code("8", "008") && is_code("usa", "USA"));
        assert!(is_code("https://www.wikidata.org/wiki/Q889", "Q889"));
        assert!(!is_code("80", "008") && !is_code("Q88", "Q889") && !is_code("", "008"));
    }
}
