//! A record as an entry of a timeline: what all its formats show of it.

use std::fmt::Write as _;

use super::format::ExportedRecord;
use crate::graph::TermKind;
use crate::model::date::{DaySpan, Precision};
use crate::model::{Citation, Coding, Date, Day, Event, Id, Kind, Place, Record, Role, Status};

/// Characters of a statement that its headline shows.
const HEADLINE_CHARS: usize = 120;

/// When an entry stands.
pub(super) struct EntryTime {
    /// The date as it was written.
    pub(super) written: String,
    /// The first day that it names, where it is drawn.
    pub(super) first: Day,
    /// The last day that it names; `None` while it lasts.
    pub(super) last: Option<Day>,
    /// The first and the last day that it may mean; `None` where there is none.
    pub(super) days: DaySpan,
    pub(super) precision: Precision,
    pub(super) uncertain: bool,
    pub(super) approximate: bool,
    pub(super) open: bool,
}

impl EntryTime {
    /// Whether the days are those of what happened, not of what is known of it.
    pub(super) fn is_exact(&self) -> bool {
        let fine = matches!(
            self.precision,
            Precision::Instant | Precision::Day | Precision::Interval
        );
        fine && !self.uncertain && !self.approximate && !self.open
    }

    /// Whether it is one certain day, written as such.
    pub(super) fn is_plain_day(&self) -> bool {
        self.last == Some(self.first) && self.is_exact() && self.precision == Precision::Day
    }

    /// What a reader of the days alone must know of the date.
    pub(super) fn note(&self) -> String {
        let mut note = format!("Date as given: {} ({}", self.written, self.precision);
        for (holds, word) in [
            (self.uncertain, "uncertain"),
            (self.approximate, "approximate"),
            (self.open, "open"),
        ] {
            if holds {
                note.push_str(", ");
                note.push_str(word);
            }
        }
        note.push(')');
        note
    }
}

/// An actor of an entry.
pub(super) struct EntryActor {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) role: Role,
}

/// What all formats show of a record.
pub(super) struct TimelineEntry<'r> {
    pub(super) kind: Kind,
    pub(super) id: &'r Id,
    pub(super) dataset: &'r Id,
    pub(super) when: Option<EntryTime>,
    /// What it is in a line.
    pub(super) headline: String,
    pub(super) actors: Vec<EntryActor>,
    pub(super) coding: Option<Coding>,
    pub(super) status: Option<Status>,
    pub(super) place: Option<&'r Place>,
    pub(super) topics: Vec<&'r str>,
    pub(super) sources: &'r [Citation],
}

impl<'r> TimelineEntry<'r> {
    pub(super) fn from_record(exported: &'r ExportedRecord<'_>) -> Self {
        let record = &exported.record;
        let mut entry = Self {
            kind: record.kind(),
            id: record.id(),
            dataset: record.dataset(),
            when: when(record),
            headline: String::new(),
            actors: record
                .actors()
                .into_iter()
                .map(|(role, id)| EntryActor {
                    id: id.to_string(),
                    name: name(exported, id),
                    role,
                })
                .collect(),
            coding: None,
            status: None,
            place: None,
            topics: record.topics().iter().map(|topic| &**topic).collect(),
            sources: record.sources(),
        };
        entry.headline = headline(&entry, record);
        if let Record::Event(event) = record {
            entry.coding = Some(event.coding);
            entry.status = Some(event.status);
            entry.place = event.place.as_ref();
        }
        entry
    }

    /// The names of those who stand in some roles.
    pub(super) fn names(&self, roles: &[Role]) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for actor in self.actors.iter().filter(|a| roles.contains(&a.role)) {
            if !names.contains(&actor.name.as_str()) {
                names.push(&actor.name);
            }
        }
        names
    }

    /// The ids of those who stand in some roles, with blanks between, which ids have not.
    pub(super) fn ids(&self, roles: &[Role]) -> String {
        let mut ids: Vec<&str> = Vec::new();
        for actor in self.actors.iter().filter(|a| roles.contains(&a.role)) {
            if !ids.contains(&actor.id.as_str()) {
                ids.push(&actor.id);
            }
        }
        ids.join(" ")
    }

    /// Where it took place, in words.
    pub(super) fn place_text(&self) -> Option<String> {
        let place = self.place?;
        let parts = [place.name.as_deref(), place.country.as_deref()];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// What a reader may want to know beside the headline, a line each: the date as given, the coding,
    /// the sources with their words.
    pub(super) fn details(&self, exported: &ExportedRecord<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(when) = self.when.as_ref().filter(|when| !when.is_plain_day()) {
            lines.push(when.note());
        }
        if let Some(coding) = self.coding {
            lines.push(coding_text(coding));
        }
        if let Some(status) = self.status.filter(|status| *status != Status::Occurred) {
            lines.push(format!("Status: {status}"));
        }
        for citation in self.sources {
            let mut line = format!("Source: {}", source_text(exported, citation));
            if let Some(quote) = &citation.quote {
                // Writing to a string does not fail.
                _ = write!(line, ": “{quote}”");
            }
            lines.push(line);
        }
        lines
    }
}

/// The id of a record among those of other kinds.
pub(super) fn unique_id(entry: &TimelineEntry<'_>) -> String {
    format!("{}:{}", entry.kind, entry.id)
}

fn coding_text(coding: Coding) -> String {
    let word = coding.event_type().map_or("no type", |t| t.as_str());
    match coding.cameo() {
        Some(cameo) => format!("Coded as {word}, CAMEO {cameo}"),
        None => format!("Coded as {word}"),
    }
}

/// The title or publisher of a source, or its id.
fn source_text(exported: &ExportedRecord<'_>, citation: &Citation) -> String {
    let id = citation.source.as_str();
    let row = exported.view.find(Kind::Source, id);
    // What can't be read has been reported.
    let Some(Record::Source(source)) = row.and_then(|row| exported.view.record(row)) else {
        return id.to_owned();
    };
    let parts = [source.title.as_deref(), source.publisher.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return id.to_owned();
    }
    parts.join(", ")
}

/// The name of an actor.
pub(super) fn name(exported: &ExportedRecord<'_>, id: &Id) -> String {
    let term = exported.view.term(TermKind::Actor, id.as_str());
    let head = term.and_then(|term| exported.view.name(term));
    head.map_or_else(|| id.to_string(), |head| head.name.to_owned())
}

/// When a record stands; `None` when it has no date.
pub(super) fn when(record: &Record) -> Option<EntryTime> {
    let timing = record.timing()?;
    let (first, last) = timing.known;
    let last = (!timing.goes_on()).then_some(last);
    let of = |date: &Date| EntryTime {
        written: date.as_written().into_owned(),
        first,
        last,
        days: timing.days,
        precision: date.precision(),
        uncertain: date.is_uncertain(),
        approximate: date.is_approximate(),
        open: date.is_open(),
    };
    match record {
        Record::Event(event) => event.date.as_ref().map(of),
        Record::Statement(statement) => statement.date.as_ref().map(of),
        Record::Relation(relation) => {
            let dates = [relation.since.as_ref(), relation.until.as_ref()];
            let written = dates.map(|date| date.map_or("..".into(), Date::as_written));
            let any = |test: fn(&Date) -> bool| dates.into_iter().flatten().any(test);
            Some(EntryTime {
                written: written.join("/"),
                first,
                last,
                days: timing.days,
                precision: Precision::Interval,
                uncertain: any(Date::is_uncertain),
                approximate: any(Date::is_approximate),
                open: dates.contains(&None) || any(Date::is_open),
            })
        }
        Record::Source(_) | Record::Actor(_) | Record::Judgement(_) => None,
    }
}

fn headline(entry: &TimelineEntry<'_>, record: &Record) -> String {
    let join = |names: Vec<&str>| names.join(", ");
    match record {
        Record::Event(event) => event
            .title
            .as_ref()
            .map_or_else(|| untitled(entry, event), ToString::to_string),
        Record::Statement(statement) => {
            let speakers = join(entry.names(&[Role::Speaker]));
            let text = statement.text.as_deref().unwrap_or("a statement");
            let mut shown: String = text.chars().take(HEADLINE_CHARS).collect();
            if shown.len() < text.len() {
                shown.push('…');
            }
            format!("{speakers}: {shown}")
        }
        Record::Relation(relation) => {
            let subject = join(entry.names(&[Role::Subject]));
            let object = join(entry.names(&[Role::Object]));
            let tie = relation.title.as_deref();
            let tie = tie.map_or_else(
                || relation.kind.to_string().replace('_', " "),
                str::to_owned,
            );
            format!("{subject}: {tie}, {object}")
        }
        Record::Source(_) | Record::Actor(_) | Record::Judgement(_) => String::new(),
    }
}

/// An event in a line that has no title: who, to whom, what.
fn untitled(entry: &TimelineEntry<'_>, event: &Event) -> String {
    let word = event.coding.event_type().map_or("event", |t| t.as_str());
    let targets = entry.names(&[Role::Target]).join(", ");
    let others = [Role::Source, Role::Participant, Role::Host, Role::Mediator];
    let others = entry.names(&others).join(", ");
    if targets.is_empty() {
        format!("{others}: {word}")
    } else {
        format!("{others} → {targets}: {word}")
    }
}
