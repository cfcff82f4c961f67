//! Whom a name means: ids, codes, names, aliases and offices, as of some days.

use thiserror::Error;

use super::terms::{Term, TermKind};
use super::view::{Row, View};
use crate::model::{Day, Id, Kind, Record, RelationKind, fold};

/// Candidates that an error lists at the most.
const CANDIDATES_MAX: usize = 10;

/// An actor that a name may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
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
        nearest: Vec<Candidate>,
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
        candidates: Vec<Candidate>,
    },
}

impl NameError {
    /// What to write instead, if something is near.
    pub fn suggestion(&self) -> Option<String> {
        let (Self::Unknown { nearest: of, .. } | Self::Ambiguous { candidates: of, .. }) = self;
        of.first().map(|candidate| candidate.id.clone())
    }
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

fn list(open: &str, candidates: &[Candidate], close: &str) -> String {
    if candidates.is_empty() {
        return String::new();
    }
    let each: Vec<_> = candidates
        .iter()
        .map(|c| format!("{} ({})", c.id, c.name))
        .collect();
    format!("{open}{}{close}", each.join(", "))
}

impl View {
    /// The actor that `name` means on some day from the first to the last of `days`, or at any
    /// time when `days` is `None`. An id goes before all else; codes, names, aliases and offices
    /// are one: if they lead to several actors, none is chosen.
    ///
    /// # Errors
    ///
    /// When nobody has the name, or several have.
    pub fn resolve(&self, name: &str, days: Option<(Day, Day)>) -> Result<Term, NameError> {
        if Id::check(name).is_ok() && self.find(Kind::Actor, name).is_some() {
            let actor = self.term(TermKind::Actor, name);
            return actor.ok_or_else(|| self.unknown(name));
        }
        let folded = fold(name);
        let mut actors: Vec<Term> = self.named(&folded, days);
        actors.extend(self.in_office(&folded, days));
        actors.sort_unstable();
        actors.dedup();
        match actors.as_slice() {
            [actor] => Ok(*actor),
            [] => Err(self.unknown(name)),
            several => Err(self.ambiguous(name, several)),
        }
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
        let folded = fold(name);
        let named = self.named(&folded, None);
        match (named.as_slice(), self.in_office(&folded, None).is_empty()) {
            ([], true) => Meaning::Nobody,
            ([actor], true) if self.always_bears(*actor, &folded) => Meaning::Always(*actor),
            _ => Meaning::Depends,
        }
    }

    /// Whether an actor bears a folded name on every day.
    fn always_bears(&self, actor: Term, folded: &str) -> bool {
        let Some(Record::Actor(actor)) = self.actor(actor).and_then(|row| self.record(row)) else {
            return false;
        };
        fold(&actor.name) == folded
            || actor.codes.values().any(|code| fold(code) == folded)
            || actor.aliases.iter().any(|alias| {
                alias.since.is_none() && alias.until.is_none() && fold(&alias.text) == folded
            })
    }

    /// The actors with a folded name, alias or code.
    fn named(&self, folded: &str, days: Option<(Day, Day)>) -> Vec<Term> {
        let mut actors = Vec::new();
        for (number, segment) in self.segments() {
            for &index in segment.names.get(folded).map_or(&[][..], |rows| rows) {
                let row = Row::new(number, index);
                if self.sees(segment, index) && self.bears(row, folded, days) {
                    actors.extend(self.actor_term(row));
                }
            }
        }
        actors
    }

    /// Whether an actor bears a folded name on some of the days.
    fn bears(&self, row: Row, folded: &str, days: Option<(Day, Day)>) -> bool {
        let Some(Record::Actor(actor)) = self.record(row) else {
            return false;
        };
        let in_use = |alias: &crate::model::Alias| days.is_none_or(|(a, b)| alias.may_cover(a, b));
        fold(&actor.name) == folded
            || actor.codes.values().any(|code| fold(code) == folded)
            || actor
                .aliases
                .iter()
                .any(|alias| fold(&alias.text) == folded && in_use(alias))
    }

    /// The actors who hold an office with a folded title.
    fn in_office(&self, folded: &str, days: Option<(Day, Day)>) -> Vec<Term> {
        let mut holders = Vec::new();
        for (number, segment) in self.segments() {
            for &index in segment.offices.get(folded).map_or(&[][..], |rows| rows) {
                let row = Row::new(number, index);
                if let (true, Some(Record::Relation(office))) =
                    (self.sees(segment, index), self.record(row))
                    && office.kind == RelationKind::HoldsOffice
                    && days.is_none_or(|(first, last)| office.may_cover(first, last))
                {
                    holders.extend(self.term(TermKind::Actor, office.subject.as_str()));
                }
            }
        }
        holders
    }

    fn actor_term(&self, row: Row) -> Option<Term> {
        self.term(TermKind::Actor, &self.id(row))
    }

    fn unknown(&self, name: &str) -> NameError {
        NameError::Unknown {
            name: name.to_owned(),
            nearest: self.nearest(name),
        }
    }

    fn ambiguous(&self, name: &str, actors: &[Term]) -> NameError {
        let mut candidates: Vec<Candidate> = actors
            .iter()
            .filter_map(|actor| self.candidate(self.actor(*actor)?))
            .collect();
        candidates.sort_by(|a, b| a.id.cmp(&b.id));
        candidates.truncate(CANDIDATES_MAX);
        NameError::Ambiguous {
            name: name.to_owned(),
            candidates,
        }
    }

    fn candidate(&self, row: Row) -> Option<Candidate> {
        match self.record(row)? {
            Record::Actor(actor) => Some(Candidate {
                id: actor.id.to_string(),
                name: actor.name.to_string(),
            }),
            Record::Source(_) | Record::Relation(_) | Record::Event(_) | Record::Statement(_) => {
                None
            }
        }
    }

    /// The actors whose names differ least from `name`, the nearest first.
    fn nearest(&self, name: &str) -> Vec<Candidate> {
        let folded = fold(name);
        let length = folded.chars().count();
        let mut near: Vec<(usize, &str, Row)> = Vec::new();
        for (number, segment) in self.segments() {
            // The order of a hash map must not reach an answer: the result is sorted below.
            for (known, rows) in &segment.names {
                if known.chars().count().abs_diff(length) > length / 3 + 1 {
                    continue;
                }
                let distance = strsim::damerau_levenshtein(known, &folded);
                if distance > length / 3 + 1 {
                    continue;
                }
                let current = rows.iter().filter(|row| self.sees(segment, **row));
                near.extend(current.map(|row| (distance, &**known, Row::new(number, *row))));
            }
        }
        near.sort_by(|a, b| (a.0, a.1, self.id(a.2)).cmp(&(b.0, b.1, self.id(b.2))));
        let mut nearest: Vec<Candidate> = Vec::new();
        for (_, _, row) in near {
            if let Some(candidate) = self.candidate(row)
                && !nearest.contains(&candidate)
                && nearest.len() < CANDIDATES_MAX / 3
            {
                nearest.push(candidate);
            }
        }
        nearest
    }
}
