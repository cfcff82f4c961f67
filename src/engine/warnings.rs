//! What an import takes and its author should look at: nothing of it is in the way.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::{HashMap, HashSet};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::report::{ImportReport, shortened};
use crate::clock;
use crate::graph::{NameEvidence, NameMatch, Resolution, ResolutionStep, View};
use crate::ingest::{InputPosition, InputRemark};
use crate::model::{
    Date, Day, DayRange, Draft, Id, Kind, Name, Record, RelationKind, Tenure, fold, fold_spelling,
    spelling,
};

/// Warnings that a report lists; further ones are counted only.
pub const WARNINGS_KEPT_MAX: usize = 100;
/// Years after which an office that one holds is worth a look.
const OFFICE_YEARS: i32 = 80;
/// Years between a date and all others from which on it is worth a look, when the century differs too.
const FAR_YEARS: i32 = 20;
/// Records that make a century the one that the others are compared with.
const CENTURY_RECORDS_MIN: u64 = 4;
/// Of so many records of that century, one of another is still a few.
const CENTURY_RECORDS_EACH: u64 = 100;

/// The kind of a warning.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// Two actors have one code of a scheme.
    SharedCode,
    /// A name or an alias of an actor is a name of another one.
    SharedName,
    /// The names of two actors differ only by accents: the actors may be the same.
    AccentsOnly,
    /// An id that records name an actor by is also a name, a code or an office of another one.
    IdIsName,
    /// A name was resolved by a tenure that no source shows on that day.
    AssumedTenure,
    /// A date lies in another century than all the rest.
    OtherCentury,
    /// An office is held for 80 years.
    LongOffice,
    /// An open date is written as earlier versions took it.
    OldSpelling,
    /// Something stands in the input that is no record, or was read in a way that its author should know.
    InputReading,
}

impl WarningKind {
    /// The word for it, as in a report.
    const fn as_str(self) -> &'static str {
        match self {
            Self::SharedCode => "shared_code",
            Self::SharedName => "shared_name",
            Self::AccentsOnly => "accents_only",
            Self::IdIsName => "id_is_name",
            Self::AssumedTenure => "assumed_tenure",
            Self::OtherCentury => "other_century",
            Self::LongOffice => "long_office",
            Self::OldSpelling => "old_spelling",
            Self::InputReading => "input_reading",
        }
    }
}

/// One warning of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WarningReport {
    /// The kind of warning.
    pub kind: WarningKind,
    /// The kind of the record.
    #[schema(example = "actor")]
    pub record: String,
    /// The id of the record; absent if the warning is about a name that occurs in many records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The line of the record, from 1, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The value to check.
    pub value: String,
    /// What may be wrong with the record.
    pub message: String,
}

/// Gathers the warnings of a reading.
#[derive(Debug, Default)]
pub(super) struct Warnings {
    kept: Vec<WarningReport>,
    counts: BTreeMap<String, u64>,
    /// What was said already.
    said: HashSet<(WarningKind, String, String)>,
    centuries: Vec<Century>,
    /// The place of the one that was met last.
    last_century: usize,
    /// The first actor that was made of a name, by folded name.
    made: HashMap<String, (Id, Name)>,
    /// Who bears what several actors bear, by what and text: thousands may share one code.
    bearers: HashMap<(WarningKind, String), Bearers>,
}

/// The ids of two actors that a text leads to, the first ones of all by id.
type Bearers = [Option<String>; 2];

/// The records with dates in one century.
#[derive(Debug)]
struct Century {
    /// Its days.
    days: DayRange,
    records: u64,
    /// The first and the last day of a record.
    first: Day,
    last: Day,
    example: Example,
}

impl Century {
    fn note(&mut self, day: Day) {
        self.records += 1;
        self.first = self.first.min(day);
        self.last = self.last.max(day);
    }
}

#[derive(Clone, Debug)]
struct Example {
    kind: Kind,
    id: String,
    line: u64,
    date: String,
}

impl Warnings {
    fn add(
        &mut self,
        kind: WarningKind,
        (record, id, line): (Kind, Option<&str>, Option<u64>),
        value: &str,
        message: String,
    ) {
        *self.counts.entry(kind.as_str().to_owned()).or_default() += 1;
        if self.kept.len() < WARNINGS_KEPT_MAX {
            self.kept.push(WarningReport {
                kind,
                record: record.to_string(),
                id: id.map(str::to_owned),
                line,
                value: shortened(value.to_owned()),
                message: shortened(message),
            });
        }
    }

    /// Says how something in the input was read.
    pub(super) fn remark(&mut self, position: InputPosition, remark: InputRemark) {
        let subject = (Kind::Event, None, Some(position.line));
        self.add(
            WarningKind::InputReading,
            subject,
            &remark.value,
            remark.message,
        );
    }

    /// Notes once how a name was resolved, where that is worth a look.
    pub(super) fn resolved(
        &mut self,
        view: &View,
        name: &Name,
        found: Resolution,
        subject: (Kind, Option<&str>, Option<u64>),
    ) {
        let warning = match (found.step, found.tenure) {
            (ResolutionStep::Id, _) => WarningKind::IdIsName,
            (_, Tenure::Assumed) => WarningKind::AssumedTenure,
            (_, Tenure::Known) => return,
        };
        let actor = view.text(found.actor);
        if !self
            .said
            .insert((warning, name.to_string(), actor.to_owned()))
        {
            return;
        }
        let message = if warning == WarningKind::IdIsName {
            let others = view.namesakes(name, found.actor, None);
            // An id that is nobody's name needs no look.
            let Some(other) = others.first() else { return };
            let other = view.text(*other);
            format!(
                "is read as the id of an actor, but is also a name, a code or an office of {other}"
            )
        } else {
            format!(
                "is resolved to {actor}: no source shows this on the day of the record, and none \
                 says that it had ended or not begun; if this actor is meant, write the id"
            )
        };
        self.add(warning, subject, name, message);
    }

    /// Says once what an open interval means as the end of a period.
    pub(super) fn period_spelling(&mut self, draft: &Draft, date: &Date, position: InputPosition) {
        // It was read otherwise than it is written, so there is another spelling.
        let read = date.as_one_of();
        debug_assert!(read.is_some(), "{date} has no other spelling");
        let message = format!(
            "is read as `{}`: a period begins and ends with a single date; this also applies to \
             all other such dates of this import",
            read.as_ref().unwrap_or(date)
        );
        let subject = (draft.kind(), draft.id().as_str(), position.line);
        self.old_spelling(subject, "period", date, message);
    }

    /// Says once what an open interval means as the date of an event or a statement.
    pub(super) fn date_spelling(&mut self, record: &Record, position: InputPosition) {
        let Some(date) = record
            .date()
            .filter(|date| date.timing().lasts && date.is_open())
        else {
            return;
        };
        let (meaning, other) = if date.open_start() {
            ("lasted until then", "no later")
        } else {
            ("is ongoing since then", "no earlier")
        };
        // What lasts and has an open end is an interval, which has another spelling.
        let one_of = date.as_one_of();
        debug_assert!(one_of.is_some(), "{date} has no other spelling");
        let message = format!(
            "means that it {meaning}; for a single day {other} than that, write `{}`. This also \
             applies to all other such dates of this import",
            one_of.as_ref().unwrap_or(date)
        );
        let subject = (record.kind(), record.id().as_str(), position.line);
        let of = if date.open_start() { "until" } else { "since" };
        self.old_spelling(subject, of, date, message);
    }

    fn old_spelling(
        &mut self,
        (kind, id, line): (Kind, &str, u64),
        of: &str,
        date: &Date,
        message: String,
    ) {
        let is_new = self
            .said
            .insert((WarningKind::OldSpelling, of.to_owned(), String::new()));
        if is_new {
            let subject = (kind, Some(id), Some(line));
            self.add(
                WarningKind::OldSpelling,
                subject,
                &date.as_written(),
                message,
            );
        }
    }

    /// Notes the day on which an event or a statement begins.
    pub(super) fn dated(
        &mut self,
        days: Option<DayRange>,
        example: impl FnOnce() -> (Kind, String, InputPosition),
    ) {
        let Some((first, last)) = days else { return };
        // Most records are of the century of the one before.
        if let Some(known) = self.centuries.get_mut(self.last_century)
            && known.days.0 <= first
            && first <= known.days.1
        {
            known.note(first);
            return;
        }
        let has = |century: &Century| century.days.0 <= first && first <= century.days.1;
        if let Some(at) = self.centuries.iter().position(has) {
            self.last_century = at;
            if let Some(known) = self.centuries.get_mut(at) {
                known.note(first);
            }
            return;
        }
        let start = first.ymd().0.div_euclid(100) * 100;
        let bounds = Day::from_ymd(start, 1, 1).zip(Day::from_ymd(start + 99, 12, 31));
        let (kind, id, position) = example();
        let date = if first == last {
            first.to_string()
        } else {
            format!("{first} to {last}")
        };
        let line = position.line;
        self.last_century = self.centuries.len();
        self.centuries.push(Century {
            // The first and the last may not be whole.
            days: bounds.unwrap_or((first, first)),
            records: 1,
            first,
            last: first,
            example: Example {
                kind,
                id,
                line,
                date,
            },
        });
    }

    /// Says which centuries have few records and are far from all the rest.
    fn judge_centuries(&mut self) {
        let centuries = std::mem::take(&mut self.centuries);
        let Some(most) = centuries.iter().max_by_key(|century| century.records) else {
            return;
        };
        if most.records < CENTURY_RECORDS_MIN {
            return;
        }
        let few = (most.records / CENTURY_RECORDS_EACH).max(1);
        let is_few = |century: &&Century| century.records <= few;
        let rest: Vec<&Century> = centuries.iter().filter(|c| !is_few(c)).collect();
        for century in centuries.iter().filter(is_few) {
            let year = |day: Day| day.ymd().0;
            let far = rest.iter().all(|other| {
                year(other.first) - year(century.last) > FAR_YEARS
                    || year(century.first) - year(other.last) > FAR_YEARS
            });
            if !far {
                continue;
            }
            let Example {
                kind,
                id,
                line,
                date,
            } = &century.example;
            let id = Some(id.as_str()).filter(|id| !id.is_empty());
            let message = match century.records {
                1 => "is in another century than all other dates".to_owned(),
                records => format!(
                    "is, like {} more, in another century than the other dates",
                    records - 1
                ),
            };
            let subject = (*kind, id, Some(*line));
            self.add(WarningKind::OtherCentury, subject, date, message);
        }
    }

    /// Looks at a relation that the import brings.
    pub(super) fn relation(&mut self, record: &Record, position: InputPosition) {
        let Record::Relation(relation) = record else {
            return;
        };
        let Some((from, to)) = relation.period().may() else {
            return;
        };
        if relation.kind != RelationKind::HoldsOffice {
            return;
        }
        let to = if relation.until.is_none() {
            today().unwrap_or(to).max(to)
        } else {
            to
        };
        if to.ymd().0 - from.ymd().0 >= OFFICE_YEARS {
            let message = format!(
                "is held for {} years: is an end missing?",
                to.ymd().0 - from.ymd().0
            );
            let title = relation
                .title
                .as_ref()
                .map_or("office", |title| title.as_str());
            let subject = (
                Kind::Relation,
                Some(relation.id.as_str()),
                Some(position.line),
            );
            self.add(WarningKind::LongOffice, subject, title, message);
        }
    }

    /// Looks at an actor that the import brings, beside all others.
    pub(super) fn actor(&mut self, view: &View, id: &str, position: InputPosition) {
        // Who was rejected is not there.
        let Some(row) = view.find(Kind::Actor, id) else {
            return;
        };
        let Some(Record::Actor(actor)) = view.record(row) else {
            debug_assert!(false, "the stored actor {id} can't be read");
            return;
        };
        let subject = (Kind::Actor, Some(id), Some(position.line));
        for (scheme, code) in &actor.codes {
            let whole = format!("{scheme}:{code}");
            if view.is_only_bearer(&fold(&whole), row) {
                continue;
            }
            let is_same = |lead: &NameEvidence| matches!(&lead.found, NameMatch::Code { scheme: s, code: c } if *s == **scheme && *c == **code);
            let leads = (WarningKind::SharedCode, whole);
            if let Some(other) = self.other_bearer(view, id, leads, is_same) {
                let message = format!("is also the {scheme} of {other}");
                self.add(WarningKind::SharedCode, subject, code, message);
            }
        }
        let aliases = actor.aliases.iter().map(|alias| &alias.text);
        for text in std::iter::once(&actor.name).chain(aliases) {
            if view.is_only_bearer(&fold(text), row) {
                continue;
            }
            let is_name = |lead: &NameEvidence| {
                matches!(lead.found, NameMatch::Name | NameMatch::Alias(_))
                    && lead.resolution.step <= ResolutionStep::Spelling
            };
            let leads = (WarningKind::SharedName, text.to_string());
            if let Some(other) = self.other_bearer(view, id, leads, is_name) {
                let message = format!("is also a name of {other}");
                self.add(WarningKind::SharedName, subject, text, message);
            } else {
                self.accents(view, (id, text, &fold(text)), Some(position.line));
            }
        }
    }

    /// The id of another actor to which a text leads in such a way: the first by id.
    fn other_bearer(
        &mut self,
        view: &View,
        id: &str,
        leads: (WarningKind, String),
        wanted: impl Fn(&NameEvidence) -> bool,
    ) -> Option<String> {
        let bearers = self.bearers.entry(leads).or_insert_with_key(|(_, text)| {
            let leads = view.leads(text, None).into_iter().filter(wanted);
            let ids = leads.map(|lead| view.text(lead.resolution.actor).to_owned());
            let ids: BTreeSet<String> = ids.collect();
            let mut ids = ids.into_iter();
            [ids.next(), ids.next()]
        });
        let mut ids = bearers.iter().flatten();
        ids.find(|other| *other != id).cloned()
    }

    /// Looks at an actor that was made of a name.
    pub(super) fn made(&mut self, view: &View, id: &Id, (name, spelled): (&Name, String)) {
        let folded = fold_spelling(spelled);
        if let Some((other, text)) = self.made.get(&folded) {
            let other = (other.to_string(), text.to_string());
            self.accents_only(id.as_str(), name, (&other.0, &other.1), None);
            return;
        }
        self.accents(view, (id.as_str(), name, &folded), None);
        self.made.insert(folded, (id.clone(), name.clone()));
    }

    /// Says so when a name differs from another actor's only by accents.
    fn accents(&mut self, view: &View, (id, name, folded): (&str, &str, &str), line: Option<u64>) {
        let mut alike = view.names_folded(folded).into_iter();
        let own = spelling(name);
        let other = alike.find(|(other, text)| other != id && spelling(text) != own);
        if let Some((other, text)) = other {
            self.accents_only(id, name, (&other, &text), line);
        }
    }

    fn accents_only(
        &mut self,
        id: &str,
        name: &str,
        (other, text): (&str, &str),
        line: Option<u64>,
    ) {
        let message = format!("differs from {text} ({other}) only by accents");
        self.add(
            WarningKind::AccentsOnly,
            (Kind::Actor, Some(id), line),
            name,
            message,
        );
    }

    /// Puts all that was gathered into the report.
    pub(super) fn into_report(mut self, report: &mut ImportReport) {
        self.judge_centuries();
        report.warnings = self.kept;
        report.warning_counts = self.counts;
    }
}

/// Today; `None` when the clock is off by thousands of years, so that nothing is compared with it.
fn today() -> Option<Day> {
    const DAY_MILLIS: i64 = 86_400_000;
    Day::from_number(i32::try_from(clock::now_millis().div_euclid(DAY_MILLIS)).ok()?)
}
