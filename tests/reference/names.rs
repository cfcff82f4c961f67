//! Names and tenures, written anew from `api-docs/names.md`: with the letters of the worlds alone, and
//! day by day.

use std::collections::BTreeSet;

use chancery::model::{Actor, Date, Id, Kind, Record, Relation, RelationKind};

use super::store::{Days, Entry, Unnamed, find, survivor};
use super::time::{FIRST_DAY, LAST_DAY, When};

/// The letters with an accent that names of the worlds have, without it.
const ACCENTS: &[(&str, &str)] = &[
    ("á", "a"),
    ("ü", "u"),
    ("ł", "l"),
    ("ę", "e"),
    ("ı", "i"),
    ("ư", "u"),
    ("ù", "u"),
    ("ё", "е"),
    ("ό", "ο"),
    ("أ", "ا"),
    ("\u{64e}", ""),
    ("у\u{301}", "у"),
    ("\u{5b7}", ""),
    ("æ", "ae"),
];
/// What makes no other spelling.
const SPELLINGS: &[(&str, &str)] = &[
    ("'", ""),
    ("’", ""),
    (".", ""),
    ("・", ""),
    ("\u{200c}", ""),
    ("-", " "),
    ("_", " "),
    ("ß", "ss"),
    ("ﾊﾟ", "パ"),
    ("ﾘ", "リ"),
    ("\u{1111}\u{1161}\u{11a8}", "팍"),
];

fn replaced(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// The spelling of a name of the worlds.
pub(crate) fn spelling(name: &str) -> String {
    let tidy = replaced(name, SPELLINGS).to_lowercase();
    let tidy = replaced(&tidy, SPELLINGS);
    tidy.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same without accents.
pub(crate) fn fold(name: &str) -> String {
    replaced(&spelling(name), ACCENTS)
}

fn is_bare(actor: &Actor) -> bool {
    actor.kind == chancery::model::ActorKind::Unknown
        && actor.aliases.is_empty()
        && actor.codes.is_empty()
        && actor.description.is_none()
}

/// Whether an import of `new` changes nothing of what is stored.
pub(crate) fn says_the_same(stored: &Record, new: &Record) -> bool {
    match (stored, new) {
        (Record::Actor(one), Record::Actor(other)) if is_bare(one) && is_bare(other) => {
            spelling(&one.name) == spelling(&other.name)
        }
        _ => stored == new,
    }
}

/// Whether two texts are one in a step.
type Same = dyn Fn(&str, &str) -> bool;

/// Whom a name means on some of the days: the first step with a hit answers.
pub(crate) fn resolve_name(
    entries: &[Entry],
    name: &str,
    days: Option<Days>,
) -> Result<Id, Unnamed> {
    if let Ok(id) = Id::parse(name)
        && find(entries, &(Kind::Actor, id.clone())).is_some()
    {
        return Ok(id);
    }
    // Among records as they count, a merged actor stands under its survivor's id.
    if let Ok(id) = Id::parse(name)
        && survivor(entries, &id) != id
    {
        return Ok(survivor(entries, &id));
    }
    let steps: [&Same; 3] = [
        &|a, b| a == b,
        &|a, b| spelling(a) == spelling(b),
        &|a, b| fold(a) == fold(b),
    ];
    for (nth, same) in steps.iter().enumerate() {
        let hits = entries.iter().filter_map(|entry| match &entry.record {
            Record::Actor(actor) if nth < 2 || !is_bare(actor) => {
                bears(actor, name, (nth, *same), days).then(|| actor.id.clone())
            }
            _ => None,
        });
        let hits: BTreeSet<Id> = hits.collect();
        if !hits.is_empty() {
            return one(entries, hits);
        }
    }
    let holders = entries.iter().filter_map(|entry| match &entry.record {
        Record::Relation(office) => {
            let title = office
                .title
                .as_ref()
                .is_some_and(|title| fold(title) == fold(name));
            let holds = office.kind == RelationKind::HoldsOffice && title;
            let on = || days.is_none_or(|days| on_some_day(entries, office, days).is_some());
            (holds && on()).then(|| office.subject.clone())
        }
        _ => None,
    });
    one(entries, holders.collect())
}

fn one(entries: &[Entry], hits: BTreeSet<Id>) -> Result<Id, Unnamed> {
    let hits = if hits.len() > 1 {
        hits.iter().map(|hit| survivor(entries, hit)).collect()
    } else {
        hits
    };
    let mut hits: Vec<Id> = hits.into_iter().collect();
    match hits.len() {
        0 => Err(Unnamed::Unknown),
        1 => Ok(hits.remove(0)),
        _ => Err(Unnamed::Ambiguous(hits)),
    }
}

fn bears(actor: &Actor, name: &str, (nth, same): (usize, &Same), days: Option<Days>) -> bool {
    // The comma of a name turns it round, in the steps after the first, for whom more is known of.
    let turns = |text: &str| {
        let mut all = vec![text.to_owned()];
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        if let [family, given] = parts.as_slice()
            && !is_bare(actor)
            && nth > 0
        {
            all.push(format!("{given} {family}"));
            all.push(format!("{family} {given}"));
        }
        all
    };
    let is = |text: &str| {
        turns(text)
            .iter()
            .any(|a| turns(name).iter().any(|b| same(a, b)))
    };
    let alias = |alias: &chancery::model::Alias| {
        let dated = alias.since.is_some() || alias.until.is_some();
        let shown = Shown::from_dates(alias.since.as_ref(), alias.until.as_ref());
        let in_use = !dated || days.is_none_or(|days| shown.within(days).is_some());
        in_use && is(&alias.text)
    };
    let code = |(scheme, code): (&chancery::model::Label, &chancery::model::Label)| {
        let same_code = |a: &str, b: &str| {
            if nth == 0 {
                a == b
            } else {
                spelling(a) == spelling(b)
            }
        };
        same_code(code, name) || same_code(&format!("{scheme}:{code}"), name)
    };
    is(&actor.name) || actor.codes.iter().any(code) || actor.aliases.iter().any(alias)
}

/// How a tie holds on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holds {
    Assumed,
    Known,
}

/// What the source says of a period.
#[derive(Clone, Copy, Debug)]
struct Shown {
    days: Option<Days>,
    has_start: bool,
    has_end: bool,
}

impl Shown {
    fn from_dates(since: Option<&Date>, until: Option<&Date>) -> Self {
        let days = |date: &Date| When::of_date(date).known();
        let both = match (since.map(days), until.map(days)) {
            (Some((from, _)), Some((_, to))) => Some((from, to.max(from))),
            (one, other) => one.or(other),
        };
        Self {
            days: both,
            has_start: since.is_some(),
            // "No earlier than" is no end.
            has_end: until.is_some_and(|until| When::of_date(until).latest().is_some()),
        }
    }

    fn on(&self, day: i32) -> Option<Holds> {
        match self.days {
            None => Some(Holds::Assumed),
            Some((from, to)) if (from..=to).contains(&day) => Some(Holds::Known),
            Some((from, _)) if day < from => (!self.has_start).then_some(Holds::Assumed),
            Some(_) => (!self.has_end).then_some(Holds::Assumed),
        }
    }

    /// The best on any of the days.
    fn within(&self, days: Days) -> Option<Holds> {
        let ends = self
            .days
            .map_or(vec![], |(from, to)| vec![from - 1, from, to, to + 1]);
        worth_a_look(days, ends.into_iter())
            .filter_map(|day| self.on(day))
            .max()
    }
}

/// The first and the last of some days, and those of others that lie between.
fn worth_a_look(
    (first, last): Days,
    others: impl Iterator<Item = i32>,
) -> impl Iterator<Item = i32> {
    let within = others.filter(move |day| (first..=last).contains(day));
    [first, last].into_iter().chain(within)
}

fn shown(relation: &Relation) -> Shown {
    Shown::from_dates(relation.since.as_ref(), relation.until.as_ref())
}

/// The days on which a tie certainly holds.
pub(crate) fn certain(relation: &Relation) -> Option<Days> {
    let ends = [&relation.since, &relation.until];
    let mut dates = ends.iter().filter_map(|end| end.as_ref());
    if dates.any(|date| date.as_written().contains(['?', '~', '%'])) {
        return None;
    }
    let [since, until] = ends.map(|end| end.as_ref().map(When::of_date));
    if since.as_ref().is_some_and(|since| since.latest().is_none()) {
        return None;
    }
    // Up to an end, of which only a day that is sure to be one is certain: that of a start that is a day.
    let no_later = |until: &When| until.earliest().is_none();
    let days = match (since.map(|since| since.known()), until) {
        (None, None) => return None,
        (Some(since), None) => (since.1, since.1),
        (None, Some(until)) if no_later(&until) => return None,
        (None, Some(until)) => (until.known().0, until.known().0),
        (Some(since), Some(until)) if no_later(&until) => {
            if since.0 != since.1 || since.1 > until.known().1 {
                return None;
            }
            since
        }
        (Some(since), Some(until)) => (since.1, until.known().0),
    };
    (days.0 <= days.1).then_some(days)
}

/// The offices of the same title and body.
fn seats<'e>(entries: &'e [Entry], office: &Relation) -> Vec<&'e Relation> {
    let Some(title) = &office.title else {
        return Vec::new();
    };
    let all = entries.iter().filter_map(|entry| match &entry.record {
        Record::Relation(other) => Some(other),
        _ => None,
    });
    let same = all.filter(|other| {
        other.kind == RelationKind::HoldsOffice
            && other.object == office.object
            && other
                .title
                .as_ref()
                .is_some_and(|other| fold(other) == fold(title))
    });
    same.collect()
}

/// Whether two of different holders share a certain day that is no handover.
pub(crate) fn overlap(one: &Relation, other: &Relation) -> bool {
    let (Some(a), Some(b)) = (certain(one), certain(other)) else {
        return false;
    };
    one.subject != other.subject
        && a.0 <= b.1
        && b.0 <= a.1
        && !hands_over(one, other)
        && !hands_over(other, one)
}

/// Whether the one ends on the day on which the other begins.
fn hands_over(one: &Relation, other: &Relation) -> bool {
    let ends = shown(one).has_end;
    ends && certain(one)
        .zip(certain(other))
        .is_some_and(|(a, b)| a.1 == b.0)
}

/// How a tie holds on a day: what is assumed of an office ends where a successor begins.
fn holds_on(entries: &[Entry], tie: &Relation, day: i32) -> Option<Holds> {
    let own = shown(tie);
    let holds = own.on(day)?;
    let is_after = own.days.is_some_and(|(_, to)| day > to);
    if holds == Holds::Assumed
        && is_after
        && tie.until.is_none()
        && tie.kind == RelationKind::HoldsOffice
    {
        let seats = seats(entries, tie);
        let collegial = seats.iter().any(|a| seats.iter().any(|b| overlap(a, b)));
        let from = own.days.map(|(from, _)| from);
        let succeeded = seats.iter().any(|other| {
            let start = shown(other).days.map(|(start, _)| start);
            other.subject != tie.subject && start > from && start.is_some_and(|start| start <= day)
        });
        if succeeded && !collegial {
            return None;
        }
    }
    Some(holds)
}

/// How a tie holds on some of the days, and from which of them to which.
pub(crate) fn on_some_day(entries: &[Entry], tie: &Relation, days: Days) -> Option<(Holds, Days)> {
    let bounds = seats(entries, tie)
        .into_iter()
        .chain([tie])
        .filter_map(|other| shown(other).days);
    let bounds: Vec<i32> = bounds
        .flat_map(|(from, to)| [from - 1, from, from + 1, to - 1, to, to + 1])
        .filter(|day| (FIRST_DAY..=LAST_DAY).contains(day))
        .collect();
    let on: Vec<(i32, Holds)> = worth_a_look(days, bounds.into_iter())
        .filter_map(|day| Some((day, holds_on(entries, tie, day)?)))
        .collect();
    let best = on.iter().map(|(_, holds)| *holds).max()?;
    let first = on.iter().map(|(day, _)| *day).min()?;
    let last = on.iter().map(|(day, _)| *day).max()?;
    Some((best, (first, last)))
}
