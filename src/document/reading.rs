//! From JSON shapes to drafts: every value is checked, every problem kept.

use std::collections::BTreeMap;
use std::fmt;

use super::shapes::{
    ActorDocument, AliasDocument, CitationDocument, EventDocument, JudgementDocument, LinkDocument,
    ParticipantDocument, PlaceDocument, RelationDocument, SourceDocument, StanceDocument,
    StatementDocument, Str, TowardDocument, TowardWhichDocument,
};
use super::{RecordDocument, shown, writing};
use crate::model::{
    Actor, ActorKind, ActorParts, Alias, Cameo, Check, Citation, Coding, Confidence, Date, Event,
    EventParts, EventType, Id, Judgement, JudgementParts, Kind, Link, LinkKind, Name, Participant,
    Place, Precision, RecordProblem, Relation, RelationKind, RelationParts, Role, Source,
    SourceKind, SourceParts, Stance, StanceKind, StanceTarget, Statement, StatementParts, Status,
    Text, ValidRecord, Verdict,
};

/// What holds for every record of an import that does not say otherwise.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// The data set of records that name none.
    pub dataset: Id,
}

/// The start of a word. No known word is as long, and looking for the nearest one to a very long
/// text would take very long.
fn cut(word: &str) -> &str {
    word.get(..word.floor_char_boundary(256)).unwrap_or(word)
}

/// Values read so far and what was wrong with them.
#[derive(Default)]
struct ProblemCollector {
    problems: Vec<RecordProblem>,
}

impl ProblemCollector {
    /// Keeps the value or the problem, with its field and its text.
    fn keep<T>(
        &mut self,
        field: impl fmt::Display,
        written: &str,
        read: Result<T, RecordProblem>,
    ) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(mut problem) => {
                // What is long is not repeated in the report.
                problem.value.get_or_insert_with(|| shown(written));
                problem.value = problem.value.map(|value| shown(&value));
                self.problems.push(problem.under(&field.to_string()));
                None
            }
        }
    }

    fn id(&mut self, field: impl fmt::Display, written: &str) -> Option<Id> {
        let read = Id::parse(written).map_err(|e| {
            let nearest = Id::nearest(written).map(|id| id.to_string());
            RecordProblem::new("", e.to_string()).suggest(nearest)
        });
        self.keep(field, written, read)
    }

    fn date(&mut self, field: impl fmt::Display, written: Option<&Str<'_>>) -> Option<Date> {
        let written = written?.as_str();
        let read = Date::parse(written)
            .map_err(|e| RecordProblem::new("", e.problem.clone()).suggest(e.suggestion.clone()));
        self.keep(field, written, read)
    }

    /// The beginning or the end of a period: one date, not a duration of its own.
    fn end(&mut self, field: impl fmt::Display, written: Option<&Str<'_>>) -> Option<Date> {
        let field = field.to_string();
        let date = self.date(&field, written)?;
        if date.precision() != Precision::Interval || date.is_open() {
            return Some(date);
        }
        let problem = RecordProblem::new(
            "",
            "a period begins and ends with a single date, not with a duration",
        )
        .suggest(date.as_one_of().map(|one| one.to_string()));
        self.keep(field, &date.as_written(), Err(problem))
    }

    fn text<const MAX: usize>(
        &mut self,
        field: impl fmt::Display,
        written: &Str<'_>,
    ) -> Option<Text<MAX>> {
        let read = Text::new(written.as_str()).map_err(|e| RecordProblem::new("", e.to_string()));
        self.keep(field, written.as_str(), read)
    }

    fn maybe<const MAX: usize>(
        &mut self,
        field: impl fmt::Display,
        written: Option<&Str<'_>>,
    ) -> Option<Text<MAX>> {
        written.and_then(|w| self.text(field, w))
    }

    fn texts<const MAX: usize>(
        &mut self,
        field: impl fmt::Display,
        written: &[Str<'_>],
    ) -> Vec<Text<MAX>> {
        self.list(field, written, |r, at, w| r.text(at, w))
    }

    fn word<T>(
        &mut self,
        field: impl fmt::Display,
        written: &Str<'_>,
        parse: impl Fn(&str) -> Result<T, RecordProblem>,
    ) -> Option<T> {
        self.keep(field, written.as_str(), parse(cut(written.as_str())))
    }

    fn list<S, T>(
        &mut self,
        field: impl fmt::Display,
        items: &[S],
        mut read: impl FnMut(&mut Self, fmt::Arguments<'_>, &S) -> Option<T>,
    ) -> Vec<T> {
        let each = items.iter().enumerate();
        each.filter_map(|(i, item)| read(self, format_args!("{field}[{i}]"), item))
            .collect()
    }

    /// The head of a record: its kind as written must fit, its id may be missing, its data set
    /// may be the default.
    fn head(
        &mut self,
        kind: Kind,
        record: Option<&Str<'_>>,
        id: Option<&Str<'_>>,
        dataset: Option<&Str<'_>>,
        defaults: &Defaults,
    ) -> (Option<Id>, Id) {
        if let Some(written) = record
            && written.as_str() != kind.as_str()
        {
            let problem = format!("this is read as a record of kind {kind}");
            self.problems.push(
                RecordProblem::new("record", problem)
                    .value(written.as_str())
                    .suggest(Some(kind.as_str().to_owned())),
            );
        }
        let id = match id {
            Some(written) => self.id("id", written.as_str()),
            // Replaced by the id of the content once the record is whole.
            None => Id::parse("0").ok(),
        };
        let dataset = dataset
            .and_then(|written| self.id("dataset", written.as_str()))
            .unwrap_or_else(|| defaults.dataset.clone());
        (id, dataset)
    }

    fn citations(&mut self, citations: &[CitationDocument<'_>]) -> Vec<Citation> {
        self.list("sources", citations, |r, at, c| {
            let source = r.id(format_args!("{at}.source"), c.source.as_str());
            let confidence = c.confidence.and_then(|written| {
                let read = Confidence::new(written)
                    .ok_or_else(|| RecordProblem::new("", "a confidence must be between 0 and 1"));
                r.keep(format_args!("{at}.confidence"), &written.to_string(), read)
            });
            Some(Citation {
                quote: r.maybe(format_args!("{at}.quote"), c.quote.as_ref()),
                locator: r.maybe(format_args!("{at}.locator"), c.locator.as_ref()),
                confidence,
                source: source?,
            })
        })
    }

    /// The record of these parts, or all that was wrong. A record without an id gets that of its
    /// content, through `with_id`.
    fn finish<P: Check>(
        self,
        parts: Option<P>,
        (kind, has_id): (Kind, bool),
        describe: fn(&ValidRecord<P>) -> RecordDocument<'_>,
        with_id: impl FnOnce(&mut P, Id),
    ) -> Result<ValidRecord<P>, Vec<RecordProblem>> {
        let mut problems = self.problems;
        let Some(parts) = parts else {
            return Err(problems);
        };
        let valid = match ValidRecord::new(parts) {
            Ok(valid) if problems.is_empty() => valid,
            Ok(_) => return Err(problems),
            Err(more) => {
                problems.extend(more);
                return Err(problems);
            }
        };
        if has_id {
            return Ok(valid);
        }
        with_content_id(valid, kind, describe, with_id)
    }
}

/// The record with the id of its content.
pub(super) fn with_content_id<P: Check>(
    valid: ValidRecord<P>,
    kind: Kind,
    describe: fn(&ValidRecord<P>) -> RecordDocument<'_>,
    with_id: impl FnOnce(&mut P, Id),
) -> Result<ValidRecord<P>, Vec<RecordProblem>> {
    let content = serde_json::to_vec(&describe(&valid).without_id())
        .map_err(|e| vec![RecordProblem::new("", e.to_string())])?;
    let mut parts = valid.into_parts();
    with_id(&mut parts, Id::of_content(kind, &content));
    ValidRecord::new(parts)
}

impl SourceDocument<'_> {
    pub(super) fn into_draft(self, defaults: &Defaults) -> Result<Source, Vec<RecordProblem>> {
        let mut r = ProblemCollector::default();
        let (id, dataset) = r.head(
            Kind::Source,
            self.record.as_ref(),
            self.id.as_ref(),
            self.dataset.as_ref(),
            defaults,
        );
        let kind = match &self.kind {
            Some(written) => r.word("kind", written, SourceKind::parse),
            None => Some(SourceKind::Other),
        };
        let mut parts = SourceParts {
            id: defaults.dataset.clone(),
            dataset,
            kind: kind.unwrap_or(SourceKind::Other),
            title: r.maybe("title", self.title.as_ref()),
            publisher: r.maybe("publisher", self.publisher.as_ref()),
            authors: r.texts("authors", &self.authors),
            agency: r.maybe("agency", self.agency.as_ref()),
            original: self
                .original
                .as_ref()
                .and_then(|o| r.id("original", o.as_str())),
            url: r.maybe("url", self.url.as_ref()),
            published: r.date("published", self.published.as_ref()),
            language: r.maybe("language", self.language.as_ref()),
        };
        let parts = match (id, kind) {
            (Some(id), Some(_)) => {
                parts.id = id;
                Some(parts)
            }
            _ => None,
        };
        r.finish(
            parts,
            (Kind::Source, self.id.is_some()),
            writing::source,
            |parts, id| parts.id = id,
        )
    }
}

impl ActorDocument<'_> {
    pub(super) fn into_draft(self, defaults: &Defaults) -> Result<Actor, Vec<RecordProblem>> {
        let mut r = ProblemCollector::default();
        let (id, dataset) = r.head(
            Kind::Actor,
            self.record.as_ref(),
            self.id.as_ref(),
            self.dataset.as_ref(),
            defaults,
        );
        let kind = r.word("kind", &self.kind, ActorKind::parse);
        let name = r.text("name", &self.name);
        let aliases = r.list("aliases", &self.aliases, ProblemCollector::alias);
        let mut codes = BTreeMap::new();
        for (scheme, code) in &self.codes {
            let at = format!("codes.{}", scheme.as_str());
            if let (Some(scheme), Some(code)) = (r.text(&at, scheme), r.text(&at, code)) {
                codes.insert(scheme, code);
            }
        }
        let description = r.maybe("description", self.description.as_ref());
        let parts = id.zip(kind).zip(name).map(|((id, kind), name)| ActorParts {
            id,
            dataset,
            kind,
            name,
            aliases,
            codes,
            description,
        });
        r.finish(
            parts,
            (Kind::Actor, self.id.is_some()),
            writing::actor,
            |parts, id| parts.id = id,
        )
    }
}

impl ProblemCollector {
    fn alias(&mut self, at: fmt::Arguments<'_>, alias: &AliasDocument<'_>) -> Option<Alias> {
        match alias {
            AliasDocument::Text(text) => {
                let text = self.text(at, text)?;
                Some(Alias {
                    text,
                    language: None,
                    since: None,
                    until: None,
                })
            }
            AliasDocument::Dated(d) => {
                let text = self.text(format_args!("{at}.text"), &d.text);
                let language = self.maybe(format_args!("{at}.language"), d.language.as_ref());
                let since = self.end(format_args!("{at}.since"), d.since.as_ref());
                let until = self.end(format_args!("{at}.until"), d.until.as_ref());
                Some(Alias {
                    text: text?,
                    language,
                    since,
                    until,
                })
            }
        }
    }
}

impl RelationDocument<'_> {
    pub(super) fn into_draft(
        self,
        defaults: &Defaults,
    ) -> Result<Relation<Name>, Vec<RecordProblem>> {
        let mut r = ProblemCollector::default();
        let (id, dataset) = r.head(
            Kind::Relation,
            self.record.as_ref(),
            self.id.as_ref(),
            self.dataset.as_ref(),
            defaults,
        );
        let subject = r.text("subject", &self.subject);
        let kind = r.word("kind", &self.kind, RelationKind::parse);
        let object = r.text("object", &self.object);
        let title = r.maybe("title", self.title.as_ref());
        let since = r.end("since", self.since.as_ref());
        let until = r.end("until", self.until.as_ref());
        let sources = r.citations(&self.sources);
        let parts = id
            .zip(kind)
            .zip(subject.zip(object))
            .map(|((id, kind), (subject, object))| RelationParts {
                id,
                dataset,
                subject,
                kind,
                object,
                title,
                since,
                until,
                sources,
            });
        r.finish(
            parts,
            (Kind::Relation, self.id.is_some()),
            writing::relation,
            |parts, id| parts.id = id,
        )
    }
}

impl JudgementDocument<'_> {
    pub(super) fn into_draft(
        self,
        defaults: &Defaults,
    ) -> Result<Judgement<Name>, Vec<RecordProblem>> {
        let mut r = ProblemCollector::default();
        let (id, dataset) = r.head(
            Kind::Judgement,
            self.record.as_ref(),
            self.id.as_ref(),
            self.dataset.as_ref(),
            defaults,
        );
        let verdict = r.word("verdict", &self.verdict, Verdict::parse);
        let actor = r.text("actor", &self.actor);
        let other = r.text("other", &self.other);
        let reason = r.maybe("reason", self.reason.as_ref());
        let decided_by = r.maybe("decided_by", self.decided_by.as_ref());
        let sources = r.citations(&self.sources);
        let parts = id
            .zip(verdict)
            .zip(actor.zip(other))
            .map(|((id, verdict), (actor, other))| JudgementParts {
                id,
                dataset,
                verdict,
                actor,
                other,
                reason,
                decided_by,
                sources,
            });
        r.finish(
            parts,
            (Kind::Judgement, self.id.is_some()),
            writing::judgement,
            |parts, id| parts.id = id,
        )
    }
}

impl EventDocument<'_> {
    pub(super) fn into_draft(self, defaults: &Defaults) -> Result<Event<Name>, Vec<RecordProblem>> {
        let mut r = ProblemCollector::default();
        let (id, dataset) = r.head(
            Kind::Event,
            self.record.as_ref(),
            self.id.as_ref(),
            self.dataset.as_ref(),
            defaults,
        );
        let coding = r.coding(self.event_type.as_ref(), self.cameo.as_ref());
        let title = r.maybe("title", self.title.as_ref());
        let date = r.date("date", self.date.as_ref());
        let status = match &self.status {
            Some(written) => r.word("status", written, Status::parse),
            None => Some(Status::Occurred),
        };
        let participants = r.list(
            "participants",
            &self.participants,
            ProblemCollector::participant,
        );
        let place = self.place.as_ref().map(|p| r.place(p));
        let topics = r.texts("topics", &self.topics);
        let links = r.list("links", &self.links, ProblemCollector::link);
        let sources = r.citations(&self.sources);
        let attributes = self.attributes.as_ref().and_then(|map| {
            let text =
                serde_json::to_string(map).map_err(|e| RecordProblem::new("", e.to_string()));
            r.keep("attributes", "", text).map(String::into_boxed_str)
        });
        let parts = id
            .zip(coding)
            .zip(status)
            .map(|((id, coding), status)| EventParts {
                id,
                dataset,
                coding,
                title,
                date,
                status,
                participants,
                place,
                topics,
                links,
                sources,
                attributes,
            });
        r.finish(
            parts,
            (Kind::Event, self.id.is_some()),
            writing::event_in_order,
            |parts, id| parts.id = id,
        )
    }
}

impl ProblemCollector {
    fn coding(&mut self, event_type: Option<&Str<'_>>, cameo: Option<&Str<'_>>) -> Option<Coding> {
        let before = self.problems.len();
        let event_type = event_type.and_then(|written| {
            let read = EventType::parse(cut(written.as_str()));
            let read = read.map_err(|e| RecordProblem::new("", e.problem).suggest(e.suggestion));
            self.keep("type", written.as_str(), read)
        });
        let cameo = cameo.and_then(|written| {
            let read = Cameo::parse(cut(written.as_str()));
            let read = read.map_err(|e| RecordProblem::new("", e.problem).suggest(e.suggestion));
            self.keep("cameo", written.as_str(), read)
        });
        if self.problems.len() > before {
            return None;
        }
        match Coding::new(event_type, cameo) {
            Ok(coding) => Some(coding),
            Err(e) => {
                self.problems
                    .push(RecordProblem::new("type", e.problem).suggest(e.suggestion));
                None
            }
        }
    }

    fn participant(
        &mut self,
        at: fmt::Arguments<'_>,
        p: &ParticipantDocument<'_>,
    ) -> Option<Participant<Name>> {
        let actor = self.text(format_args!("{at}.actor"), &p.actor);
        let role = self.word(format_args!("{at}.role"), &p.role, |word| {
            let role = Role::parse(word)
                .ok()
                .filter(|role| Role::OF_EVENTS.contains(role));
            let words: Vec<_> = Role::OF_EVENTS.iter().map(|r| r.as_str()).collect();
            role.ok_or_else(|| crate::model::unknown_word(word, &words))
        });
        Some(Participant {
            actor: actor?,
            role: role?,
        })
    }

    fn place(&mut self, place: &PlaceDocument<'_>) -> Place {
        let coordinates = match (place.lat, place.lon) {
            (Some(lat), Some(lon)) => {
                let lat = self.degrees("place.lat", lat, 90.0);
                let lon = self.degrees("place.lon", lon, 180.0);
                lat.zip(lon)
            }
            (None, None) => None,
            (lat, _) => {
                let missing = if lat.is_some() {
                    "place.lon"
                } else {
                    "place.lat"
                };
                self.problems.push(RecordProblem::new(
                    missing,
                    "give both lat and lon, or neither",
                ));
                None
            }
        };
        let name = self.maybe("place.name", place.name.as_ref());
        let country = self.maybe("place.country", place.country.as_ref());
        if name.is_none() && country.is_none() && coordinates.is_none() {
            self.problems
                .push(RecordProblem::new("place", "has no content; leave it out"));
        }
        Place {
            name,
            country,
            coordinates,
        }
    }

    fn degrees(&mut self, field: impl fmt::Display, value: f64, max: f64) -> Option<f64> {
        let inside = (-max..=max).contains(&value).then_some(value + 0.0);
        let read =
            inside.ok_or_else(|| RecordProblem::new("", format!("is outside -{max} to {max}")));
        self.keep(field, &value.to_string(), read)
    }

    fn link(&mut self, at: fmt::Arguments<'_>, link: &LinkDocument<'_>) -> Option<Link> {
        let kind = self.word(format_args!("{at}.kind"), &link.kind, LinkKind::parse);
        let event = self.id(format_args!("{at}.event"), link.event.as_str());
        Some(Link {
            kind: kind?,
            event: event?,
        })
    }

    fn stance(
        &mut self,
        at: fmt::Arguments<'_>,
        stance: &StanceDocument<'_>,
    ) -> Option<Stance<Name>> {
        let toward = match &stance.toward {
            TowardDocument::Text(actor) => self
                .text(format_args!("{at}.toward"), actor)
                .map(StanceTarget::Actor),
            TowardDocument::Which(TowardWhichDocument::Actor(actor)) => self
                .text(format_args!("{at}.toward.actor"), actor)
                .map(StanceTarget::Actor),
            TowardDocument::Which(TowardWhichDocument::Event(event)) => self
                .id(format_args!("{at}.toward.event"), event.as_str())
                .map(StanceTarget::Event),
            TowardDocument::Which(TowardWhichDocument::Topic(topic)) => self
                .text(format_args!("{at}.toward.topic"), topic)
                .map(StanceTarget::Topic),
        };
        let kind = self.word(
            format_args!("{at}.stance"),
            &stance.stance,
            StanceKind::parse,
        );
        let about = self.maybe(format_args!("{at}.about"), stance.about.as_ref());
        Some(Stance {
            toward: toward?,
            stance: kind?,
            about,
        })
    }
}

impl StatementDocument<'_> {
    pub(super) fn into_draft(
        self,
        defaults: &Defaults,
    ) -> Result<Statement<Name>, Vec<RecordProblem>> {
        let mut r = ProblemCollector::default();
        let (id, dataset) = r.head(
            Kind::Statement,
            self.record.as_ref(),
            self.id.as_ref(),
            self.dataset.as_ref(),
            defaults,
        );
        let mut parts = StatementParts {
            id: defaults.dataset.clone(),
            dataset,
            speakers: r.texts("speakers", &self.speakers),
            on_behalf_of: r.texts("on_behalf_of", &self.on_behalf_of),
            audience: r.texts("audience", &self.audience),
            relayed_by: r.texts("relayed_by", &self.relayed_by),
            date: r.date("date", self.date.as_ref()),
            event: self.event.as_ref().and_then(|e| r.id("event", e.as_str())),
            text: r.maybe("text", self.text.as_ref()),
            quote: self.quote,
            topics: r.texts("topics", &self.topics),
            stances: r.list("stances", &self.stances, ProblemCollector::stance),
            sources: r.citations(&self.sources),
        };
        let parts = match id {
            Some(id) => {
                parts.id = id;
                Some(parts)
            }
            None => None,
        };
        r.finish(
            parts,
            (Kind::Statement, self.id.is_some()),
            writing::statement,
            |parts, id| parts.id = id,
        )
    }
}
