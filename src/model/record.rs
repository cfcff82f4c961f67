//! The kinds of record.
//!
//! The parts of a record are plain structs; [`ValidRecord`] makes a record of them after [`Check`]ing
//! what holds between its fields, and gives read access afterwards.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use super::date::{Date, Day, Timing};
use super::id::Id;
use super::judgement::{Judgement, JudgementParts};
use super::limits::{
    ALIASES_MAX, ATTRIBUTES_MAX_BYTES, LABEL_MAX_BYTES, LIST_MAX, NAME_MAX_BYTES, PARTICIPANTS_MAX,
    TEXT_MAX_BYTES,
};
use super::name::Name;
use super::ontology::Coding;
use super::period::{DayRange, Period, Tenure};
use super::problem::RecordProblem;
use super::stance::StanceKind;
use super::text::Text;
use super::vocabulary::{ActorKind, LinkKind, RelationKind, Role, SourceKind, Status, words};

/// A topic, a code, a language tag or a locator.
pub type Label = Text<LABEL_MAX_BYTES>;
/// A quote, a statement's text or a description.
pub type Prose = Text<TEXT_MAX_BYTES>;
/// A title or the name of a place.
pub type Title = Text<NAME_MAX_BYTES>;

words! {
    /// The kind of a record. A record names only records of earlier kinds, and events other events.
    Kind {
        /// A document that says so.
        Source = "source",
        /// Someone or something that acts.
        Actor = "actor",
        /// A standing tie with a period.
        Relation = "relation",
        /// A dated thing that actors did.
        Event = "event",
        /// Words of a speaker.
        Statement = "statement",
        /// Whether two actors are one.
        Judgement = "judgement",
    }
}

impl Kind {
    /// The plural: the name of the section of a document and of the REST resource.
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Source => "sources",
            Self::Actor => "actors",
            Self::Relation => "relations",
            Self::Event => "events",
            Self::Statement => "statements",
            Self::Judgement => "judgements",
        }
    }

    /// Whether records of the kind say something about the world; the others are what these name, and
    /// what is said of that.
    pub const fn is_of_world(self) -> bool {
        match self {
            Self::Relation | Self::Event | Self::Statement => true,
            Self::Source | Self::Actor | Self::Judgement => false,
        }
    }
}

/// What must hold between the parts of a record.
pub trait Check {
    /// Adds to `problems` what does not hold.
    fn check(&self, problems: &mut Vec<RecordProblem>);
}

/// A record whose parts fit together. Its parts are read through [`Deref`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidRecord<P>(P);

impl<P: Check> ValidRecord<P> {
    /// Makes a record of its parts, or says all that does not fit.
    ///
    /// # Errors
    ///
    /// All that does not fit.
    pub fn new(parts: P) -> Result<Self, Vec<RecordProblem>> {
        let mut problems = Vec::new();
        parts.check(&mut problems);
        if problems.is_empty() {
            Ok(Self(parts))
        } else {
            Err(problems)
        }
    }
}

impl<P> ValidRecord<P> {
    /// A record of parts that come from a valid one.
    pub(super) const fn unchecked(parts: P) -> Self {
        Self(parts)
    }

    /// The parts, to make another record of them.
    pub fn into_parts(self) -> P {
        self.0
    }
}

impl<P> Deref for ValidRecord<P> {
    type Target = P;

    fn deref(&self) -> &P {
        &self.0
    }
}

/// A document that says so: an article, a communiqué, a data set.
pub type Source = ValidRecord<SourceParts>;
/// Someone or something that acts.
pub type Actor = ValidRecord<ActorParts>;
/// A standing tie between two actors, with its period.
pub type Relation<A = Id> = ValidRecord<RelationParts<A>>;
/// A dated thing that actors did.
pub type Event<A = Id> = ValidRecord<EventParts<A>>;
/// Words of a speaker to an audience or about a target.
pub type Statement<A = Id> = ValidRecord<StatementParts<A>>;

/// A record of any kind; `A` is how it names actors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record<A = Id> {
    /// A source.
    Source(Source),
    /// An actor.
    Actor(Actor),
    /// A relation.
    Relation(Relation<A>),
    /// An event.
    Event(Event<A>),
    /// A statement.
    Statement(Statement<A>),
    /// A judgement.
    Judgement(Judgement<A>),
}

/// A record whose actors are still named as its author named them.
pub type Draft = Record<Name>;

/// The parts of a [`Source`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceParts {
    /// Its id.
    pub id: Id,
    /// The data set that it belongs to.
    pub dataset: Id,
    /// What it is.
    pub kind: SourceKind,
    /// Its headline or title.
    pub title: Option<Title>,
    /// Who published it.
    pub publisher: Option<Title>,
    /// Who wrote it.
    pub authors: Vec<Title>,
    /// The agency whose wire it carries: sources with one agency count once as evidence.
    pub agency: Option<Title>,
    /// The source that it repeats: both count once as evidence.
    pub original: Option<Id>,
    /// Where it can be read. Kept as text, never followed.
    pub url: Option<Label>,
    /// When it was published.
    pub published: Option<Date>,
    /// Its language, as a BCP 47 tag.
    pub language: Option<Label>,
}

/// The parts of an [`Actor`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorParts {
    /// Its id.
    pub id: Id,
    /// The data set that it belongs to.
    pub dataset: Id,
    /// What it is.
    pub kind: ActorKind,
    /// The name under which it is shown.
    pub name: Name,
    /// Other names.
    pub aliases: Vec<Alias>,
    /// Codes by scheme: `iso3`, `cow`, `cameo`, `wikidata`…
    pub codes: BTreeMap<Label, Label>,
    /// What a reader should know.
    pub description: Option<Prose>,
}

/// Another name of an actor, with the period in which it was in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The name.
    pub text: Name,
    /// Its language, as a BCP 47 tag.
    pub language: Option<Label>,
    /// In use from.
    pub since: Option<Date>,
    /// In use until, inclusive.
    pub until: Option<Date>,
}

/// The parts of a [`Relation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationParts<A = Id> {
    /// Its id.
    pub id: Id,
    /// The data set that it belongs to.
    pub dataset: Id,
    /// Who is tied.
    pub subject: A,
    /// How.
    pub kind: RelationKind,
    /// To whom.
    pub object: A,
    /// The office or the form of the tie in words: "Secretary of State".
    pub title: Option<Title>,
    /// The first day of the tie; absent when no source says.
    pub since: Option<Date>,
    /// The last day of the tie; absent while it lasts.
    pub until: Option<Date>,
    /// What says so.
    pub sources: Vec<Citation>,
}

/// The parts of an [`Event`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventParts<A = Id> {
    /// Its id.
    pub id: Id,
    /// The data set that it belongs to.
    pub dataset: Id,
    /// Its PLOVER type, its CAMEO code or both.
    pub coding: Coding,
    /// What happened, in a line.
    pub title: Option<Title>,
    /// When; absent when no source says.
    pub date: Option<Date>,
    /// Whether it came about.
    pub status: Status,
    /// Who took part.
    pub participants: Vec<Participant<A>>,
    /// Where.
    pub place: Option<Place>,
    /// What about.
    pub topics: Vec<Label>,
    /// How it stands to other events.
    pub links: Vec<Link>,
    /// What says so.
    pub sources: Vec<Citation>,
    /// Free JSON object of the author, as compact JSON text.
    pub attributes: Option<Box<str>>,
}

/// The parts of a [`Statement`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementParts<A = Id> {
    /// Its id.
    pub id: Id,
    /// The data set that it belongs to.
    pub dataset: Id,
    /// Who speaks.
    pub speakers: Vec<A>,
    /// Whom they speak for.
    pub on_behalf_of: Vec<A>,
    /// Who is spoken to.
    pub audience: Vec<A>,
    /// Who passed the words on.
    pub relayed_by: Vec<A>,
    /// When; absent when no source says.
    pub date: Option<Date>,
    /// The event in which it was made.
    pub event: Option<Id>,
    /// What was said.
    pub text: Option<Prose>,
    /// Whether `text` is verbatim.
    pub quote: bool,
    /// What about.
    pub topics: Vec<Label>,
    /// The stances that it takes.
    pub stances: Vec<Stance<A>>,
    /// What says so.
    pub sources: Vec<Citation>,
}

/// An actor's part in an event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Participant<A = Id> {
    /// Who.
    pub actor: A,
    /// One of [`Role::OF_EVENTS`].
    pub role: Role,
}

/// A link from one event to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// How.
    pub kind: LinkKind,
    /// To which event.
    pub event: Id,
}

/// Where an event took place.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its name.
    pub name: Option<Title>,
    /// The country, as its author wrote it.
    pub country: Option<Label>,
    /// Latitude and longitude in degrees, WGS 84: within ±90 and ±180.
    pub coordinates: Option<(f64, f64)>,
}

impl Eq for Place {}

/// A source cited for a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The source.
    pub source: Id,
    /// The words that say so, verbatim.
    pub quote: Option<Prose>,
    /// Where in the source: a page, a paragraph.
    pub locator: Option<Label>,
    /// How sure the coder is that the source says so.
    pub confidence: Option<Confidence>,
}

/// How sure a coder is, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Confidence(f32);

impl Eq for Confidence {}

impl Hash for Confidence {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl Confidence {
    /// A confidence from 0 to 1, both included; anything else is none.
    pub fn new(value: f32) -> Option<Self> {
        // `+ 0.0` makes one zero of the two.
        (0.0..=1.0).contains(&value).then_some(Self(value + 0.0))
    }

    /// The value.
    pub const fn get(self) -> f32 {
        self.0
    }

    /// The value in thousandths, rounded.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a confidence must be between 0 and 1"
    )]
    pub fn thousandths(self) -> u16 {
        (self.0 * 1000.0).round() as u16
    }

    /// The confidence of so many thousandths; of more than 1,000 there is none.
    pub fn of_thousandths(thousandths: u16) -> Option<Self> {
        Self::new(f32::from(thousandths) / 1000.0)
    }

    /// Whether its thousandths say all of it.
    pub fn is_thousandths(self) -> bool {
        Self::of_thousandths(self.thousandths()) == Some(self)
    }
}

/// A stance that a statement takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stance<A = Id> {
    /// Toward whom or what.
    pub toward: StanceTarget<A>,
    /// Which.
    #[expect(clippy::struct_field_names, reason = "the word of the API")]
    pub stance: StanceKind,
    /// The matter, when it is another than the target.
    pub about: Option<Label>,
}

/// What a stance is taken toward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StanceTarget<A = Id> {
    /// An actor.
    Actor(A),
    /// An event.
    Event(Id),
    /// A topic.
    Topic(Label),
}

pub(super) fn at_most(problems: &mut Vec<RecordProblem>, field: &str, len: usize, max: usize) {
    if len > max {
        problems.push(RecordProblem::new(
            field,
            format!("has {len} entries; the maximum is {max}"),
        ));
    }
}

fn in_order(
    problems: &mut Vec<RecordProblem>,
    since: Option<&Date>,
    until: Option<&Date>,
    at: &str,
) {
    if let (Some(since), Some(until)) = (since, until)
        && since.earliest() > until.latest()
    {
        problems.push(
            RecordProblem::new(
                "until",
                format!("ends before it starts: {until} is before {since}"),
            )
            .value(until.as_written())
            .under(at),
        );
    }
}

fn no_twins<T: Ord>(
    problems: &mut Vec<RecordProblem>,
    field: &str,
    items: impl Iterator<Item = T>,
) {
    let mut items: Vec<(T, usize)> = items.enumerate().map(|(i, item)| (item, i)).collect();
    items.sort_unstable();
    for pair in items.windows(2) {
        if let [(a, _), (b, index)] = pair
            && a == b
        {
            problems.push(RecordProblem::new(
                format!("{field}[{index}]"),
                "is in the list already",
            ));
        }
    }
}

fn check_citations(problems: &mut Vec<RecordProblem>, sources: &[Citation]) {
    at_most(problems, "sources", sources.len(), LIST_MAX);
}

impl Check for SourceParts {
    fn check(&self, problems: &mut Vec<RecordProblem>) {
        at_most(problems, "authors", self.authors.len(), LIST_MAX);
        if self.original.as_ref() == Some(&self.id) {
            problems.push(
                RecordProblem::new("original", "a source can't repeat itself")
                    .value(self.id.as_str()),
            );
        }
    }
}

impl Check for ActorParts {
    fn check(&self, problems: &mut Vec<RecordProblem>) {
        at_most(problems, "aliases", self.aliases.len(), ALIASES_MAX);
        at_most(problems, "codes", self.codes.len(), LIST_MAX);
        for (i, alias) in self.aliases.iter().enumerate() {
            in_order(
                problems,
                alias.since.as_ref(),
                alias.until.as_ref(),
                &format!("aliases[{i}]"),
            );
        }
    }
}

impl<A: Eq> Check for RelationParts<A> {
    fn check(&self, problems: &mut Vec<RecordProblem>) {
        if self.subject == self.object {
            problems.push(RecordProblem::new(
                "object",
                "a relation needs two different actors",
            ));
        }
        in_order(problems, self.since.as_ref(), self.until.as_ref(), "");
        check_citations(problems, &self.sources);
    }
}

impl<A: Ord> Check for EventParts<A> {
    fn check(&self, problems: &mut Vec<RecordProblem>) {
        if self.participants.is_empty() {
            problems.push(RecordProblem::new(
                "participants",
                "an event needs at least one participant",
            ));
        }
        at_most(
            problems,
            "participants",
            self.participants.len(),
            PARTICIPANTS_MAX,
        );
        no_twins(
            problems,
            "participants",
            self.participants.iter().map(|p| (&p.actor, p.role)),
        );
        for (i, p) in self.participants.iter().enumerate() {
            if !Role::OF_EVENTS.contains(&p.role) {
                let known: Vec<_> = Role::OF_EVENTS.iter().map(|r| r.as_str()).collect();
                problems.push(
                    RecordProblem::new(
                        format!("participants[{i}].role"),
                        format!("is not a role of an event: {}", known.join(", ")),
                    )
                    .value(p.role.as_str()),
                );
            }
        }
        at_most(problems, "topics", self.topics.len(), LIST_MAX);
        no_twins(problems, "topics", self.topics.iter());
        at_most(problems, "links", self.links.len(), LIST_MAX);
        no_twins(problems, "links", self.links.iter());
        for (i, link) in self.links.iter().enumerate() {
            if link.event == self.id {
                problems.push(
                    RecordProblem::new(
                        format!("links[{i}].event"),
                        "an event can't be linked to itself",
                    )
                    .value(link.event.as_str()),
                );
            }
        }
        check_citations(problems, &self.sources);
        if let Some(attributes) = &self.attributes
            && attributes.len() > ATTRIBUTES_MAX_BYTES
        {
            problems.push(RecordProblem::new(
                "attributes",
                format!(
                    "has {} bytes; the maximum is {ATTRIBUTES_MAX_BYTES}",
                    attributes.len()
                ),
            ));
        }
    }
}

impl<A: Ord + Clone> EventParts<A> {
    /// Whether two events say the same but for their ids. Who took part is no sequence.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let plain = |event: &Self, id: &Id| {
            let mut event = event.clone();
            event.id = id.clone();
            event.participants.sort();
            event
        };
        plain(self, &self.id) == plain(other, &self.id)
    }
}

impl Event {
    /// What an event says beside its id, in one form: the id is that of nobody, and who took part is no
    /// sequence. `None` for an event that is linked to the one of that id; none is.
    pub fn without_id(self) -> Option<Self> {
        let mut parts = self.into_parts();
        parts.id = Id::of_hash(Kind::Event, [0; 16]);
        parts.participants.sort();
        Self::new(parts).ok()
    }
}

impl<A: Ord> Check for StatementParts<A> {
    fn check(&self, problems: &mut Vec<RecordProblem>) {
        if self.speakers.is_empty() {
            problems.push(RecordProblem::new(
                "speakers",
                "a statement needs at least one speaker",
            ));
        }
        let lists = [
            ("speakers", &self.speakers),
            ("on_behalf_of", &self.on_behalf_of),
            ("audience", &self.audience),
            ("relayed_by", &self.relayed_by),
        ];
        let named: usize = lists.iter().map(|(_, list)| list.len()).sum();
        at_most(problems, "", named + self.stances.len(), PARTICIPANTS_MAX);
        for (field, list) in lists {
            no_twins(problems, field, list.iter());
        }
        if self.text.is_none() && self.stances.is_empty() {
            problems.push(RecordProblem::new(
                "text",
                "a statement needs a text or a stance",
            ));
        }
        if self.quote && self.text.is_none() {
            problems.push(RecordProblem::new(
                "quote",
                "there is no text that could be a verbatim quote",
            ));
        }
        at_most(problems, "topics", self.topics.len(), LIST_MAX);
        no_twins(problems, "topics", self.topics.iter());
        check_citations(problems, &self.sources);
    }
}

impl<A> RelationParts<A> {
    /// When the tie counts: on the days that its ends name and those between; without an end it is
    /// assumed to go on. `None` when no source dates it.
    pub fn timing(&self) -> Option<Timing> {
        let date = self.since.as_ref().or(self.until.as_ref())?;
        let (from, to) = (date.earliest(), date.latest());
        let is_sure = |date: &Option<Date>| {
            (date.as_ref()).is_some_and(|date| !date.is_open() && !date.is_doubtful())
        };
        let timing = match (&self.since, &self.until) {
            (Some(_), Some(until)) => Timing {
                start: (Some(from), Some(to)),
                ..Timing::lasting(from, until.latest().max(from))
            },
            (Some(_), None) => Timing {
                days: (Some(from), None),
                found: (Some(from), None),
                start: (Some(from), Some(to)),
                lasts: true,
                ..Timing::within(from, to)
            },
            (None, _) => Timing::within(from, to),
        };
        Some(Timing {
            is_doubtful: !is_sure(&self.since) || !is_sure(&self.until),
            ..timing
        })
    }

    /// The days on which the tie holds.
    pub fn period(&self) -> Period {
        Period::new(self.since.as_ref(), self.until.as_ref())
    }
}

impl Alias {
    /// How the name is in use on some day from `first` to `last`: always, when nothing dates it; `None`
    /// when it is not in use on any.
    pub fn on(&self, days: DayRange) -> Option<Tenure> {
        if self.since.is_none() && self.until.is_none() {
            return Some(Tenure::Known);
        }
        Period::new(self.since.as_ref(), self.until.as_ref()).on(days)
    }
}

impl ActorParts {
    /// Whether a name is all that is known of it: such actors are made of the names in files that have
    /// no records of actors.
    pub fn is_bare(&self) -> bool {
        self.kind == ActorKind::Unknown
            && self.aliases.is_empty()
            && self.codes.is_empty()
            && self.description.is_none()
    }
}

impl<A> Record<A> {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Source(_) => Kind::Source,
            Self::Actor(_) => Kind::Actor,
            Self::Relation(_) => Kind::Relation,
            Self::Event(_) => Kind::Event,
            Self::Statement(_) => Kind::Statement,
            Self::Judgement(_) => Kind::Judgement,
        }
    }

    /// Its id.
    pub fn id(&self) -> &Id {
        match self {
            Self::Source(r) => &r.id,
            Self::Actor(r) => &r.id,
            Self::Relation(r) => &r.id,
            Self::Event(r) => &r.id,
            Self::Statement(r) => &r.id,
            Self::Judgement(r) => &r.id,
        }
    }

    /// The data set that it belongs to.
    pub fn dataset(&self) -> &Id {
        match self {
            Self::Source(r) => &r.dataset,
            Self::Actor(r) => &r.dataset,
            Self::Relation(r) => &r.dataset,
            Self::Event(r) => &r.dataset,
            Self::Statement(r) => &r.dataset,
            Self::Judgement(r) => &r.dataset,
        }
    }

    /// What it cites.
    pub fn sources(&self) -> &[Citation] {
        match self {
            Self::Source(_) | Self::Actor(_) => &[],
            Self::Relation(r) => &r.sources,
            Self::Event(r) => &r.sources,
            Self::Statement(r) => &r.sources,
            Self::Judgement(r) => &r.sources,
        }
    }

    /// When it counts; `None` when it has no date.
    pub fn timing(&self) -> Option<Timing> {
        match self {
            Self::Source(_) | Self::Actor(_) | Self::Judgement(_) => None,
            Self::Relation(r) => r.timing(),
            Self::Event(_) | Self::Statement(_) => self.date().map(Date::timing),
        }
    }

    /// The date of an event or a statement.
    pub fn date(&self) -> Option<&Date> {
        match self {
            Self::Source(_) | Self::Actor(_) | Self::Relation(_) | Self::Judgement(_) => None,
            Self::Event(r) => r.date.as_ref(),
            Self::Statement(r) => r.date.as_ref(),
        }
    }

    /// Its dates by their fields, but for that of a source's publication.
    pub fn dates(&self) -> Vec<(&'static str, &Date)> {
        const SINCE: &str = "since";
        const UNTIL: &str = "until";
        fn named<'d>(
            field: &'static str,
            date: Option<&'d Date>,
        ) -> Option<(&'static str, &'d Date)> {
            date.map(|date| (field, date))
        }
        match self {
            Self::Source(_) | Self::Judgement(_) => Vec::new(),
            Self::Actor(r) => {
                let ends = r.aliases.iter().flat_map(|alias| {
                    [
                        named(SINCE, alias.since.as_ref()),
                        named(UNTIL, alias.until.as_ref()),
                    ]
                });
                ends.flatten().collect()
            }
            Self::Relation(r) => {
                let ends = [
                    named(SINCE, r.since.as_ref()),
                    named(UNTIL, r.until.as_ref()),
                ];
                ends.into_iter().flatten().collect()
            }
            Self::Event(_) | Self::Statement(_) => named("date", self.date()).into_iter().collect(),
        }
    }

    /// The same record with other dates, where `of` gives one for a field (`date`, `since`, `until`) and
    /// what stands there. `None` when it gives none.
    ///
    /// # Errors
    ///
    /// When the parts do not hold together then.
    pub fn with_dates(
        &self,
        of: &mut impl FnMut(&'static str, &Date) -> Option<Date>,
    ) -> Result<Option<Self>, Vec<RecordProblem>>
    where
        A: Clone + Ord,
    {
        let mut is_changed = false;
        let mut put = |field: &'static str, date: &mut Option<Date>| {
            if let Some(other) = date.as_ref().and_then(|date| of(field, date)) {
                *date = Some(other);
                is_changed = true;
            }
        };
        let changed = match self {
            Self::Source(_) | Self::Judgement(_) => return Ok(None),
            Self::Actor(r) => {
                let mut parts = r.clone().into_parts();
                for alias in &mut parts.aliases {
                    put("since", &mut alias.since);
                    put("until", &mut alias.until);
                }
                ValidRecord::new(parts).map(Self::Actor)
            }
            Self::Relation(r) => {
                let mut parts = r.clone().into_parts();
                put("since", &mut parts.since);
                put("until", &mut parts.until);
                ValidRecord::new(parts).map(Self::Relation)
            }
            Self::Event(r) => {
                let mut parts = r.clone().into_parts();
                put("date", &mut parts.date);
                ValidRecord::new(parts).map(Self::Event)
            }
            Self::Statement(r) => {
                let mut parts = r.clone().into_parts();
                put("date", &mut parts.date);
                ValidRecord::new(parts).map(Self::Statement)
            }
        };
        if is_changed {
            changed.map(Some)
        } else {
            Ok(None)
        }
    }

    /// The days as of which the names of its actors count: those that it may mean, and where the
    /// date is open or has an end that nobody knows, all before or after. A name that means another
    /// actor on one of them is ambiguous.
    pub fn naming_days(&self) -> Option<DayRange> {
        if let Self::Relation(relation) = self {
            let days = relation.timing()?.days;
            return Some((days.0.unwrap_or(Day::MIN), days.1.unwrap_or(Day::MAX)));
        }
        self.date().map(Date::naming_days)
    }

    /// The actors that stand in it, each with its role. Nobody stands in a judgement: it is about actors,
    /// not of what they did.
    pub fn actors(&self) -> Vec<(Role, &A)> {
        match self {
            Self::Source(_) | Self::Actor(_) | Self::Judgement(_) => Vec::new(),
            Self::Relation(r) => vec![(Role::Subject, &r.subject), (Role::Object, &r.object)],
            Self::Event(r) => r.participants.iter().map(|p| (p.role, &p.actor)).collect(),
            Self::Statement(r) => {
                let lists = [
                    (Role::Speaker, &r.speakers),
                    (Role::OnBehalfOf, &r.on_behalf_of),
                    (Role::Audience, &r.audience),
                    (Role::RelayedBy, &r.relayed_by),
                ];
                let named = lists
                    .into_iter()
                    .flat_map(|(role, list)| list.iter().map(move |a| (role, a)));
                let targets = r.stances.iter().filter_map(|s| match &s.toward {
                    StanceTarget::Actor(a) => Some((Role::StanceTarget, a)),
                    StanceTarget::Event(_) | StanceTarget::Topic(_) => None,
                });
                named.chain(targets).collect()
            }
        }
    }

    /// The two actors that a judgement is about, each with the field that names it; `None` for other kinds.
    pub fn judged(&self) -> Option<[(&'static str, &A); 2]> {
        match self {
            Self::Judgement(r) => Some([("actor", &r.actor), ("other", &r.other)]),
            Self::Source(_)
            | Self::Actor(_)
            | Self::Relation(_)
            | Self::Event(_)
            | Self::Statement(_) => None,
        }
    }

    /// The events that it names, each with the field that names it.
    pub fn events(&self) -> Vec<(String, &Id)> {
        match self {
            Self::Source(_) | Self::Actor(_) | Self::Relation(_) | Self::Judgement(_) => Vec::new(),
            Self::Event(r) => r
                .links
                .iter()
                .enumerate()
                .map(|(i, link)| (format!("links[{i}].event"), &link.event))
                .collect(),
            Self::Statement(r) => {
                let made_in = r.event.iter().map(|e| ("event".to_owned(), e));
                let toward = r
                    .stances
                    .iter()
                    .enumerate()
                    .filter_map(|(i, s)| match &s.toward {
                        StanceTarget::Event(e) => Some((format!("stances[{i}].toward.event"), e)),
                        StanceTarget::Actor(_) | StanceTarget::Topic(_) => None,
                    });
                made_in.chain(toward).collect()
            }
        }
    }

    /// What it is about.
    pub fn topics(&self) -> &[Label] {
        match self {
            Self::Source(_) | Self::Actor(_) | Self::Relation(_) | Self::Judgement(_) => &[],
            Self::Event(r) => &r.topics,
            Self::Statement(r) => &r.topics,
        }
    }
}

/// Names turned into ids, with every failure kept.
struct NameResolution<'a, F> {
    find: &'a mut F,
    problems: Vec<RecordProblem>,
}

impl<F: FnMut(&Name) -> Result<Id, RecordProblem>> NameResolution<'_, F> {
    fn one(&mut self, name: &Name, field: impl FnOnce() -> String) -> Option<Id> {
        match (self.find)(name) {
            Ok(id) => Some(id),
            Err(problem) => {
                self.problems.push(problem.under(&field()));
                None
            }
        }
    }

    fn list(&mut self, names: &[Name], field: &str) -> Vec<Id> {
        let each = names.iter().enumerate();
        each.filter_map(|(i, name)| self.one(name, || format!("{field}[{i}]")))
            .collect()
    }

    fn done<P: Check>(self, parts: Option<P>) -> Result<ValidRecord<P>, Vec<RecordProblem>> {
        match parts {
            Some(parts) if self.problems.is_empty() => ValidRecord::new(parts),
            _ => Err(self.problems),
        }
    }
}

impl Draft {
    /// The same record with another id.
    ///
    /// # Errors
    ///
    /// When it names itself then: an event that links to the event of that id.
    pub fn with_id(self, id: Id) -> Result<Self, Vec<RecordProblem>> {
        match self {
            Self::Source(r) => {
                let parts = SourceParts {
                    id,
                    ..r.into_parts()
                };
                ValidRecord::new(parts).map(Self::Source)
            }
            Self::Actor(r) => {
                let parts = ActorParts {
                    id,
                    ..r.into_parts()
                };
                ValidRecord::new(parts).map(Self::Actor)
            }
            Self::Relation(r) => {
                let parts = RelationParts {
                    id,
                    ..r.into_parts()
                };
                ValidRecord::new(parts).map(Self::Relation)
            }
            Self::Event(r) => {
                let parts = EventParts {
                    id,
                    ..r.into_parts()
                };
                ValidRecord::new(parts).map(Self::Event)
            }
            Self::Statement(r) => {
                let parts = StatementParts {
                    id,
                    ..r.into_parts()
                };
                ValidRecord::new(parts).map(Self::Statement)
            }
            Self::Judgement(r) => {
                let parts = JudgementParts {
                    id,
                    ..r.into_parts()
                };
                ValidRecord::new(parts).map(Self::Judgement)
            }
        }
    }

    /// The record with each name replaced by the id that `find` gives for it, or every name that
    /// it could not find with its field. What holds between the parts is checked again, since two
    /// names may turn out to be one actor.
    ///
    /// # Errors
    ///
    /// All that `find` refused, and what does not hold between the parts then.
    pub fn resolve(
        self,
        find: &mut impl FnMut(&Name) -> Result<Id, RecordProblem>,
    ) -> Result<Record, Vec<RecordProblem>> {
        let mut names = NameResolution {
            find,
            problems: Vec::new(),
        };
        match self {
            Self::Source(r) => Ok(Record::Source(r)),
            Self::Actor(r) => Ok(Record::Actor(r)),
            Self::Relation(r) => {
                let parts = resolve_relation(r.into_parts(), &mut names);
                names.done(parts).map(Record::Relation)
            }
            Self::Event(r) => {
                let parts = resolve_event(r.into_parts(), &mut names);
                names.done(Some(parts)).map(Record::Event)
            }
            Self::Statement(r) => {
                let parts = resolve_statement(r.into_parts(), &mut names);
                names.done(Some(parts)).map(Record::Statement)
            }
            Self::Judgement(r) => {
                let parts = resolve_judgement(r.into_parts(), &mut names);
                names.done(parts).map(Record::Judgement)
            }
        }
    }
}

fn resolve_relation<F: FnMut(&Name) -> Result<Id, RecordProblem>>(
    r: RelationParts<Name>,
    names: &mut NameResolution<'_, F>,
) -> Option<RelationParts> {
    let subject = names.one(&r.subject, || "subject".into());
    let object = names.one(&r.object, || "object".into());
    Some(RelationParts {
        subject: subject?,
        object: object?,
        id: r.id,
        dataset: r.dataset,
        kind: r.kind,
        title: r.title,
        since: r.since,
        until: r.until,
        sources: r.sources,
    })
}

fn resolve_judgement<F: FnMut(&Name) -> Result<Id, RecordProblem>>(
    r: JudgementParts<Name>,
    names: &mut NameResolution<'_, F>,
) -> Option<JudgementParts> {
    let actor = names.one(&r.actor, || "actor".into());
    let other = names.one(&r.other, || "other".into());
    Some(JudgementParts {
        actor: actor?,
        other: other?,
        id: r.id,
        dataset: r.dataset,
        verdict: r.verdict,
        reason: r.reason,
        decided_by: r.decided_by,
        sources: r.sources,
    })
}

fn resolve_event<F: FnMut(&Name) -> Result<Id, RecordProblem>>(
    r: EventParts<Name>,
    names: &mut NameResolution<'_, F>,
) -> EventParts {
    let each = r.participants.iter().enumerate();
    let participants = each
        .filter_map(|(i, p)| {
            let actor = names.one(&p.actor, || format!("participants[{i}].actor"))?;
            Some(Participant {
                actor,
                role: p.role,
            })
        })
        .collect();
    EventParts {
        participants,
        id: r.id,
        dataset: r.dataset,
        coding: r.coding,
        title: r.title,
        date: r.date,
        status: r.status,
        place: r.place,
        topics: r.topics,
        links: r.links,
        sources: r.sources,
        attributes: r.attributes,
    }
}

fn resolve_statement<F: FnMut(&Name) -> Result<Id, RecordProblem>>(
    r: StatementParts<Name>,
    names: &mut NameResolution<'_, F>,
) -> StatementParts {
    let each = r.stances.into_iter().enumerate();
    let stances = each
        .filter_map(|(i, s)| {
            let toward = match s.toward {
                StanceTarget::Actor(name) => {
                    StanceTarget::Actor(names.one(&name, || format!("stances[{i}].toward.actor"))?)
                }
                StanceTarget::Event(id) => StanceTarget::Event(id),
                StanceTarget::Topic(topic) => StanceTarget::Topic(topic),
            };
            Some(Stance {
                toward,
                stance: s.stance,
                about: s.about,
            })
        })
        .collect();
    StatementParts {
        speakers: names.list(&r.speakers, "speakers"),
        on_behalf_of: names.list(&r.on_behalf_of, "on_behalf_of"),
        audience: names.list(&r.audience, "audience"),
        relayed_by: names.list(&r.relayed_by, "relayed_by"),
        stances,
        id: r.id,
        dataset: r.dataset,
        date: r.date,
        event: r.event,
        text: r.text,
        quote: r.quote,
        topics: r.topics,
        sources: r.sources,
    }
}
