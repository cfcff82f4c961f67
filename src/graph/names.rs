//! Whom a name means, as of some days. Names resolve in [`ResolutionStep`]s; the first that leads to anybody
//! answers, and several actors in it are ambiguous: none is chosen.

use thiserror::Error;

use super::terms::{Term, TermKind};
use super::view::{Row, View};
use crate::model::{Actor, DayRange, Id, Kind, Record, Tenure, composed, fold, spelling, turned};
use crate::text::Closeness;

/// Candidates that an error lists at the most.
const CANDIDATES_MAX: usize = 10;
/// The steps that go by an actor's names and codes, in their order.
const BY_NAME: [ResolutionStep; 3] = [
    ResolutionStep::Exact,
    ResolutionStep::Spelling,
    ResolutionStep::Accents,
];
/// Suggestions for a name that nobody has.
const SUGGESTIONS_MAX: usize = 3;

/// How a name leads to an actor, in the order in which the ways are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResolutionStep {
    /// It is the id.
    Id,
    /// It is a code, the name or an alias as written.
    Exact,
    /// It is a spelling of one of these; see [`spelling`].
    Spelling,
    /// It differs from one of these only by accents; see [`fold`]. Only of actors of whom more is known
    /// than a name.
    Accents,
    /// It is the title of an office that the actor holds.
    Office,
}

/// An actor that a name may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameCandidate {
    /// Its id.
    pub id: String,
    /// The name under which it is shown.
    pub name: String,
}

/// Why a name means nobody, or nobody in particular.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    /// No actor has it.
    #[error(
        "no actor has the id, code, name, alias or office {name:?}{}",
        list(" (nearest: ", nearest, ")")
    )]
    Unknown {
        /// The name as written.
        name: String,
        /// Actors with the nearest names, the nearest first.
        nearest: Vec<NameCandidate>,
    },
    /// Actors have it, but not on these days.
    #[error(
        "no actor has the alias or office {name:?} on these days, as far as sources show{}: use \
         an id, or record since when the actor has it",
        list("; on other days it means ", candidates, "")
    )]
    OtherDays {
        /// The name as written.
        name: String,
        /// The actors who have it on others, by id.
        candidates: Vec<NameCandidate>,
    },
    /// Several actors have it.
    #[error(
        "{name:?} may mean several actors{}: use an id",
        list(": ", candidates, "")
    )]
    Ambiguous {
        /// The name as written.
        name: String,
        /// The actors, by id.
        candidates: Vec<NameCandidate>,
    },
}

impl NameError {
    /// What to write instead, if something is near. Of several that may be meant none is suggested.
    pub fn suggestion(&self) -> Option<String> {
        match self {
            Self::Unknown { nearest, .. } => nearest.first().map(|near| near.id.clone()),
            Self::OtherDays { candidates, .. } => match candidates.as_slice() {
                [one] => Some(one.id.clone()),
                _ => None,
            },
            Self::Ambiguous { .. } => None,
        }
    }
}

/// Whom a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// The actor.
    pub actor: Term,
    /// How the name leads to it.
    pub step: ResolutionStep,
    /// Whether it bears the name on these days by a source, or because none says otherwise.
    pub tenure: Tenure,
}

/// A way in which a name leads to an actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameEvidence {
    /// To whom, how, and whether by a source.
    pub resolution: Resolution,
    /// What of the actor was found.
    pub found: NameMatch,
}

/// What a name was found as.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameMatch {
    /// The id.
    Id,
    /// The name under which it is shown.
    Name,
    /// Another name, as it is written.
    Alias(String),
    /// The code of a scheme.
    Code {
        /// Such as `iso3`.
        scheme: String,
        /// Such as `USA`.
        code: String,
    },
    /// The office that a relation tells of.
    Office(Row),
}

/// Whom a name means, whatever the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// This actor, on every day.
    Always(Term),
    /// That depends on the day, or several have it.
    Depends,
    /// Nobody has, had or will have it.
    Nobody,
}

fn list(open: &str, candidates: &[NameCandidate], close: &str) -> String {
    if candidates.is_empty() {
        return String::new();
    }
    let each: Vec<_> = candidates
        .iter()
        .map(|c| format!("{} ({})", c.id, c.name))
        .collect();
    format!("{open}{}{close}", each.join(", "))
}

/// A name that is asked for, in the forms that are compared.
struct ComparedName<'n> {
    written: &'n str,
    composed: Option<String>,
    folded: String,
    /// With the comma's two sides turned round; empty without a comma.
    turned: Vec<String>,
}

impl<'n> ComparedName<'n> {
    fn new(written: &'n str) -> Self {
        Self {
            written,
            composed: composed(written),
            folded: fold(written),
            turned: turned(written).map_or(Vec::new(), |both| both.to_vec()),
        }
    }

    /// Whether a text is just this one.
    fn is_exactly(&self, text: &str) -> bool {
        let own = self.composed.as_deref().unwrap_or(self.written);
        own == text || composed(text).is_some_and(|text| text == own)
    }

    /// Whether a code, alone or behind its scheme, is just this one, or a spelling of it.
    fn is_code(&self, step: ResolutionStep, scheme: &str, code: &str) -> bool {
        let is = |asked: &str, has: &str| match step {
            ResolutionStep::Exact => asked == has,
            ResolutionStep::Id
            | ResolutionStep::Spelling
            | ResolutionStep::Accents
            | ResolutionStep::Office => {
                asked.eq_ignore_ascii_case(has) || spelling(asked) == spelling(has)
            }
        };
        let behind = self.written.split_once(':');
        is(self.written, code)
            || behind.is_some_and(|(before, after)| is(before, scheme) && is(after, code))
    }
}

/// What an actor's names are compared with in one step.
enum StepForm<'a> {
    Exactly(&'a ComparedName<'a>),
    /// In this form, which is one of these.
    Forms(fn(&str) -> String, Vec<String>),
}

impl<'a> StepForm<'a> {
    /// What is compared of an actor in a step; of one of whom nothing but a name is known, the comma
    /// of a name turns nothing round: whoever comes first would decide.
    fn new(asked: &'a ComparedName<'a>, step: ResolutionStep, is_bare: bool) -> Self {
        let form: fn(&str) -> String = match step {
            ResolutionStep::Accents => fold,
            ResolutionStep::Spelling => spelling,
            ResolutionStep::Id | ResolutionStep::Exact | ResolutionStep::Office => {
                return Self::Exactly(asked);
            }
        };
        let turned = asked.turned.iter().filter(|_| !is_bare);
        let written = std::iter::once(asked.written).chain(turned.map(String::as_str));
        Self::Forms(form, written.map(form).collect())
    }

    fn is(&self, text: &str, is_bare: bool) -> bool {
        match self {
            Self::Exactly(asked) => asked.is_exactly(text),
            Self::Forms(form, wanted) => {
                let is_one = |text: &str| {
                    let text = form(text);
                    !text.is_empty() && wanted.contains(&text)
                };
                is_one(text)
                    || (!is_bare && turned(text).is_some_and(|both| both.iter().any(|t| is_one(t))))
            }
        }
    }
}

/// All keys under which an actor's names are found.
pub(super) fn keys(actor: &Actor) -> Vec<String> {
    let mut keys = vec![fold(&actor.name)];
    let aliases = actor.aliases.iter().map(|alias| alias.text.as_str());
    let texts = std::iter::once(actor.name.as_str()).chain(aliases.clone());
    keys.extend(aliases.map(fold));
    if !actor.is_bare() {
        let turned = texts.filter_map(turned).flatten();
        keys.extend(turned.map(|text| fold(&text)));
    }
    for (scheme, code) in &actor.codes {
        keys.push(fold(code));
        keys.push(fold(&format!("{scheme}:{code}")));
    }
    keys
}

impl View {
    /// The actor that `name` means on some day from the first to the last of `days`, or at any time
    /// when `days` is `None`.
    ///
    /// # Errors
    ///
    /// When nobody has the name, or several have in the first step that finds any.
    pub fn resolve(&self, name: &str, days: Option<DayRange>) -> Result<Resolution, NameError> {
        if let Some(resolution) = self.with_id(name) {
            return Ok(resolution);
        }
        let asked = ComparedName::new(name);
        let mut found = self.named(&asked, days);
        if found.is_empty() {
            found = self.in_office(&asked.folded, days);
        }
        match one_actor(&found) {
            Some(resolution) => Ok(resolution),
            None if found.is_empty() => Err(self.unknown(&asked, days)),
            None => (self.one_survivor(&mut found)).ok_or_else(|| self.ambiguous(name, &found)),
        }
    }

    /// Who survives of several actors that a name leads to, when they have been merged into one. A view with
    /// merges has them as one already.
    fn one_survivor(&self, found: &mut [NameEvidence]) -> Option<Resolution> {
        for lead in found.iter_mut() {
            lead.resolution.actor = self.survivor_by_judgements(lead.resolution.actor);
        }
        one_actor(found)
    }

    /// Every way in which `name` leads to an actor on some of the days, step after step; those after
    /// the first step that finds any are no answer, but what somebody may have meant.
    pub fn leads(&self, name: &str, days: Option<DayRange>) -> Vec<NameEvidence> {
        let with_id = self.with_id(name).map(|resolution| NameEvidence {
            resolution,
            found: NameMatch::Id,
        });
        let mut leads: Vec<NameEvidence> = with_id.into_iter().collect();
        let asked = ComparedName::new(name);
        let bearers = self.bearers(&asked);
        leads.extend(
            BY_NAME
                .iter()
                .flat_map(|step| leads_in(*step, &bearers, &asked, days)),
        );
        leads.extend(self.in_office(&asked.folded, days));
        // An actor that a step finds is found by the later ones, too.
        leads.sort_by(|a, b| {
            let key = |lead: &NameEvidence| {
                (
                    self.text(lead.resolution.actor).to_owned(),
                    lead.found.clone(),
                )
            };
            key(a)
                .cmp(&key(b))
                .then_with(|| a.resolution.step.cmp(&b.resolution.step))
        });
        leads.dedup_by(|a, b| a.resolution.actor == b.resolution.actor && a.found == b.found);
        leads.sort_by_key(|lead| lead.resolution.step);
        leads
    }

    /// The actors other than the one with this id that `name` leads to in later steps, by id.
    pub fn namesakes(&self, name: &str, actor: Term, days: Option<DayRange>) -> Vec<Term> {
        let folded = fold(name);
        let own = self.actor(actor);
        let mut rows = self.rows_named(&folded);
        if rows.all(|row| Some(row) == own) && self.holders(&folded).is_empty() {
            return Vec::new();
        }
        let leads = self.leads(name, days).into_iter();
        let mut others: Vec<Term> = leads
            .map(|lead| lead.resolution.actor)
            .filter(|other| *other != actor)
            .collect();
        others.sort_unstable_by_key(|other| self.text(*other));
        others.dedup();
        others
    }

    /// Whom `name` means, whatever the day.
    pub fn meaning(&self, name: &str) -> Meaning {
        if Id::check(name).is_ok()
            && let Some(row) = self.find(Kind::Actor, name)
        {
            return self
                .actor_term(row)
                .map_or(Meaning::Depends, Meaning::Always);
        }
        if self.segments().all(|(_, segment)| segment.has_no_names()) {
            return Meaning::Nobody;
        }
        let asked = ComparedName::new(name);
        let named = self.named(&asked, None);
        if named.is_empty() {
            return if self.holders(&asked.folded).is_empty() {
                Meaning::Nobody
            } else {
                Meaning::Depends
            };
        }
        // A name in use for a time leads on to later steps at others.
        let always = |lead: &NameEvidence| match &lead.found {
            NameMatch::Id | NameMatch::Name | NameMatch::Code { .. } => true,
            NameMatch::Alias(_) => lead.resolution.tenure == Tenure::Known && self.is_undated(lead),
            NameMatch::Office(_) => false,
        };
        match one_actor(&named) {
            Some(resolution) if named.iter().any(always) => Meaning::Always(resolution.actor),
            _ => Meaning::Depends,
        }
    }

    /// Whether an actor bears an alias on every day.
    fn is_undated(&self, lead: &NameEvidence) -> bool {
        let record = self
            .actor(lead.resolution.actor)
            .and_then(|row| self.record(row));
        let (Some(Record::Actor(actor)), NameMatch::Alias(text)) = (record, &lead.found) else {
            return false;
        };
        let mut aliases = actor.aliases.iter().filter(|alias| *alias.text == **text);
        aliases.any(|alias| alias.since.is_none() && alias.until.is_none())
    }

    /// The ways in which the first step that finds anybody does, offices aside.
    fn named(&self, asked: &ComparedName<'_>, days: Option<DayRange>) -> Vec<NameEvidence> {
        let bearers = self.bearers(asked);
        let mut steps = BY_NAME
            .iter()
            .map(|step| leads_in(*step, &bearers, asked, days));
        steps.find(|leads| !leads.is_empty()).unwrap_or_default()
    }

    /// The actor with this id.
    fn with_id(&self, id: &str) -> Option<Resolution> {
        Id::check(id).ok()?;
        self.find(Kind::Actor, id)?;
        Some(Resolution {
            actor: self.survivor(self.term(TermKind::Actor, id)?),
            step: ResolutionStep::Id,
            tenure: Tenure::Known,
        })
    }

    /// The actors who have the name in some form at some time.
    fn bearers(&self, asked: &ComparedName<'_>) -> Vec<(Term, Actor)> {
        let turned: Vec<String> = asked.turned.iter().map(|text| fold(text)).collect();
        let folded = std::iter::once(&asked.folded).chain(&turned);
        let mut rows: Vec<Row> = folded.flat_map(|folded| self.rows_named(folded)).collect();
        rows.sort_unstable();
        rows.dedup();
        let each = rows.into_iter().filter_map(|row| match self.record(row)? {
            Record::Actor(actor) => Some((self.survivor(self.actor_term(row)?), actor)),
            Record::Source(_)
            | Record::Relation(_)
            | Record::Event(_)
            | Record::Statement(_)
            | Record::Judgement(_) => None,
        });
        each.collect()
    }

    /// Whether nobody but this actor has a folded name at any time.
    pub fn is_only_bearer(&self, folded: &str, row: Row) -> bool {
        self.rows_named(folded).all(|other| other == row)
    }

    /// All names and aliases with a folded form, each with the id of its actor, by id.
    pub fn names_folded(&self, folded: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for row in self.rows_named(folded) {
            // Only actors are listed by name; what can't be read has been reported.
            let Some(Record::Actor(actor)) = self.record(row) else {
                continue;
            };
            let aliases = actor.aliases.iter().map(|alias| &alias.text);
            let texts = std::iter::once(&actor.name).chain(aliases);
            let same = texts.filter(|text| fold(text) == folded);
            found.extend(same.map(|text| (actor.id.to_string(), text.to_string())));
        }
        found.sort();
        found.dedup();
        found
    }

    fn rows_named<'v>(&'v self, folded: &'v str) -> impl Iterator<Item = Row> + 'v {
        self.segments().flat_map(move |(number, segment)| {
            let rows = segment.names.get(folded).map_or(&[][..], |rows| rows);
            let seen = rows.iter().filter(move |row| self.sees(segment, **row));
            seen.map(move |row| Row::new(number, *row))
        })
    }

    /// Those who hold an office with a folded title on some of the days.
    fn in_office(&self, folded: &str, days: Option<DayRange>) -> Vec<NameEvidence> {
        if folded.is_empty() {
            return Vec::new();
        }
        let holders = self.holders(folded).into_iter();
        let leads = holders.filter_map(|holder| {
            let tenure = match days {
                Some(days) => holder.period.on(days)?,
                None => Tenure::Known,
            };
            let resolution = Resolution {
                actor: holder.actor,
                step: ResolutionStep::Office,
                tenure,
            };
            let found = NameMatch::Office(holder.row);
            Some(NameEvidence { resolution, found })
        });
        leads.collect()
    }

    fn actor_term(&self, row: Row) -> Option<Term> {
        self.term(TermKind::Actor, &self.id(row))
    }

    fn unknown(&self, asked: &ComparedName<'_>, days: Option<DayRange>) -> NameError {
        // Whoever has the name on other days is nearer than whoever has another.
        let mut others = Vec::new();
        if days.is_some() {
            others = self.named(asked, None);
            others.extend(self.in_office(&asked.folded, None));
        }
        let others = self.candidates(&others);
        if !others.is_empty() {
            return NameError::OtherDays {
                name: asked.written.to_owned(),
                candidates: others,
            };
        }
        let nearest = self.nearest(asked.written, SUGGESTIONS_MAX).into_iter();
        NameError::Unknown {
            name: asked.written.to_owned(),
            nearest: nearest.map(|(candidate, _)| candidate).collect(),
        }
    }

    fn ambiguous(&self, name: &str, leads: &[NameEvidence]) -> NameError {
        NameError::Ambiguous {
            name: name.to_owned(),
            candidates: self.candidates(leads),
        }
    }

    /// The actors that some leads lead to, by id.
    fn candidates(&self, leads: &[NameEvidence]) -> Vec<NameCandidate> {
        let mut actors: Vec<Term> = leads.iter().map(|lead| lead.resolution.actor).collect();
        actors.sort_unstable();
        actors.dedup();
        let mut candidates: Vec<NameCandidate> = actors
            .iter()
            .filter_map(|actor| self.candidate(self.actor(*actor)?))
            .collect();
        candidates.sort_by(|a, b| a.id.cmp(&b.id));
        candidates.truncate(CANDIDATES_MAX);
        candidates
    }

    fn candidate(&self, row: Row) -> Option<NameCandidate> {
        // Nobody is told of a merged actor.
        let row = match self.redirects() {
            Some(_) => self.actor(self.survivor(self.actor_term(row)?))?,
            None => row,
        };
        match self.record(row)? {
            Record::Actor(actor) => Some(NameCandidate {
                id: actor.id.to_string(),
                name: actor.name.to_string(),
            }),
            Record::Source(_)
            | Record::Relation(_)
            | Record::Event(_)
            | Record::Statement(_)
            | Record::Judgement(_) => None,
        }
    }

    /// The actors with the names that are nearest to `name`, which nobody has, each with how near it is,
    /// from 0 to 1; the nearest first. A part that is missing or an initial is near, a short word that
    /// differs is not.
    pub fn nearest(&self, name: &str, most: usize) -> Vec<(NameCandidate, f64)> {
        let folded = fold(name);
        let closeness = Closeness::to(&folded);
        let mut near: Vec<(f64, &str, Row)> = Vec::new();
        for (number, segment) in self.segments() {
            // The order of a hash map must not reach an answer: the result is sorted below.
            for (known, rows) in &segment.names {
                let Some(close) = closeness.closeness_to(known) else {
                    continue;
                };
                let current = rows.iter().filter(|row| self.sees(segment, **row));
                near.extend(current.map(|row| (close, &**known, Row::new(number, *row))));
            }
        }
        near.sort_by(|a, b| {
            let closest = b.0.total_cmp(&a.0);
            closest.then_with(|| (a.1, self.id(a.2)).cmp(&(b.1, self.id(b.2))))
        });
        let mut nearest: Vec<(NameCandidate, f64)> = Vec::new();
        for (close, _, row) in near {
            if nearest.len() >= most {
                break;
            }
            if let Some(candidate) = self.candidate(row)
                && nearest.iter().all(|(known, _)| *known != candidate)
            {
                nearest.push((candidate, close));
            }
        }
        nearest
    }
}

/// The ways in which a step leads to some who have the name in one form or another.
fn leads_in(
    step: ResolutionStep,
    bearers: &[(Term, Actor)],
    asked: &ComparedName<'_>,
    days: Option<DayRange>,
) -> Vec<NameEvidence> {
    let leads = bearers.iter().flat_map(|(actor, record)| {
        let found = borne(record, asked, step, days).into_iter();
        found.map(|(found, tenure)| {
            let resolution = Resolution {
                actor: *actor,
                step,
                tenure,
            };
            NameEvidence { resolution, found }
        })
    });
    leads.collect()
}

/// As what an actor has a name in a step on some of the days, and whether by a source.
fn borne(
    actor: &Actor,
    asked: &ComparedName<'_>,
    step: ResolutionStep,
    days: Option<DayRange>,
) -> Vec<(NameMatch, Tenure)> {
    let is_bare = actor.is_bare();
    // Names that differ by accents only stay apart where they are all that is known.
    if is_bare && step == ResolutionStep::Accents {
        return Vec::new();
    }
    let wanted = StepForm::new(asked, step, is_bare);
    let mut found = Vec::new();
    if wanted.is(&actor.name, is_bare) {
        found.push((NameMatch::Name, Tenure::Known));
    }
    for (scheme, code) in &actor.codes {
        if asked.is_code(step, scheme, code) {
            let (scheme, code) = (scheme.to_string(), code.to_string());
            found.push((NameMatch::Code { scheme, code }, Tenure::Known));
        }
    }
    for alias in &actor.aliases {
        let tenure = match days {
            Some(days) => alias.on(days),
            None => Some(Tenure::Known),
        };
        if let Some(tenure) = tenure
            && wanted.is(&alias.text, is_bare)
        {
            found.push((NameMatch::Alias(alias.text.to_string()), tenure));
        }
    }
    found
}

/// The one actor that all of them lead to: by a source, when one of them has one.
fn one_actor(leads: &[NameEvidence]) -> Option<Resolution> {
    let best = leads
        .iter()
        .max_by_key(|lead| lead.resolution.tenure)?
        .resolution;
    let same = leads.iter().all(|lead| lead.resolution.actor == best.actor);
    same.then_some(best)
}
