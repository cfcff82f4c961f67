//! Small worlds: what is written to them, and what they are asked, made by proptest.

use std::collections::BTreeSet;
use std::fmt;

use chancery::model::{
    ActorKind, Cameo, Date, EventType, Kind, QuadClass, Role, Scheme, Status, Window,
};
use chancery::parameter::WholeNumber;
use chancery::query::{
    ActorMatch, Bin, ChainRule, CodingFilter, Filter, Mode, Occurrence, Order, Page, Rollup, Scope,
    Split,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

/// Dates of every form.
const DATES: &[&str] = &[
    "2023-01-05",
    "2023-01-06",
    "2023-01",
    "2023-02",
    "2023-02-28",
    "2023",
    "2022",
    "2023-01-XX",
    "2023-22",
    "2022-24",
    "202X",
    "2022-06-01/2024-07-15",
    "2023-01-03/2023-01-10",
    "2020/2023-01-05",
    "1990/2030",
    "2022-12/2023-01",
    "../2023-01-06",
    "../2023-01",
    "2023-01-04/",
    "2023-01/",
    "/2023-01-07",
    "/2023-01",
    "2023-02-10/..",
    "2023-01/..",
    "[2023-01-02,2023-02-05]",
    "[2023-01-03,2023-01-04,2023-01-09]",
    "[2022-12,2023-02-01..2023-02-05]",
    "[..2023-02-01]",
    "[..2023-01]",
    "[2023-01-06..]",
    "[2022..]",
    "2023-01~",
    "2023-02-10?",
    "2023-01-05?/2023-01-08",
    "2023-01-05%/..",
    "[..2023-01-08?]",
    "2023-01-06T14:00:00",
    "-0044-03",
    "-0044-03-15",
    "-0044-03-15/2023-01-05",
];
/// What windows begin and end with beside days.
const BOUNDS: &[&str] = &[
    "2023-01",
    "2023-02",
    "2023",
    "2022",
    "2023-22",
    "2022-24",
    "202X",
    "2023-01~",
    "2023-01-05",
    "2023-01-03/2023-01-10",
    "2023-01-06T14:00:00",
    "-0044-03",
];
/// Zones in which times are written: with some, the day there is not that in UTC.
const ZONES: &[&str] = &["Z", "Z", "+09:00", "-05:00", "+14:00", "-12:00"];
const STARTS: &[&str] = &[
    "2019",
    "2022-12",
    "2023-01-04",
    "2023-01~",
    "2023-02-05",
    "[..2023-01-05]",
    "[..2023-01]",
    "../2023-01-06",
    "[2022-12-30..]",
    "2023-01-05/..",
    "[2023-01-02,2023-02-05]",
    "2023-01-05T22:00:00-05:00",
];
const ENDS: &[&str] = &[
    "2023-01-08",
    "2023-02-05",
    "2023-02?",
    "2023",
    "2024-03-01",
    "2030",
    "[..2023-02-05]",
    "[2023-02-05..]",
    "../2024",
    "2023-02/..",
];
/// Names, some of them one name in several spellings, some of them also offices or codes.
/// Of ten scripts and more; `tests/reference/names.rs` knows their letters.
const NAMES: &[&str] = &[
    "Alba",
    "ÁLBA",
    "Brix",
    "Caro",
    "'caro'",
    "Dora",
    "Chief",
    "Envoy",
    "ALB",
    "a1",
    "iso3:ALB",
    "cow:710",
    "710",
    "Dora, Caro",
    "Caro Dora",
    "Wałęsa",
    "WALESA",
    "Strauß",
    "STRAUSS",
    "Hùng",
    "Hưng",
    "Пу\u{301}тин",
    "ПУТИН",
    "Ёлка",
    "елка",
    "Ναός",
    "أحمد",
    "احمد",
    "בַת",
    "בת",
    "パリ",
    "ﾊﾟﾘ",
    "バリ",
    "パ・リ",
    "김정은",
    "김정일",
    "भारत",
    "भरत",
    "พล",
    "พิล",
    "မြန်မာ",
    "山西",
    "陕西",
];
const TITLES: &[&str] = &["Chief", "Envoy", "First Envoy", "envoy"];
/// Titles, quotes and words of speakers, in four languages.
const TEXTS: &[&str] = &[
    "Front page",
    "Weekly",
    "so it was",
    "words",
    "They negotiated a joint statement",
    "Joint, statement: no talks",
    "negotiating the statement, jointly",
    "Переговоры с Россией",
    "о переговорах; Россия",
    "L’accord négocié",
    "les négociations, des accords",
    "日韓首脳会議で",
    "首脳の会議",
];
/// Tags of sources; the last has no stems.
const LANGUAGES: &[&str] = &["en", "en-GB", "ru", "fr-CA", "ja"];
const DATASETS: &[&str] = &["north", "south"];
const TOPICS: &[&str] = &["trade", "missiles"];
const CAMEO: &[&str] = &["010", "042", "043", "0231", "112", "190", "04"];
const CONFIDENCES: &[f64] = &[0.0, 0.25, 0.5, 0.75, 1.0];
const RELATIONS: u8 = 10;
const EVENTS: u8 = 22;
const STATEMENTS: u8 = 8;
const JUDGEMENTS: u8 = 4;

/// The ways in which a record links two actors: forward, back, with one another.
pub(crate) type Ways3 = [bool; 3];

/// How many actors and sources a world has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) actors: u8,
    pub(crate) sources: u8,
}

/// What is done to a world.
#[derive(Clone)]
pub(crate) enum Step {
    /// One import of some records, as JSON documents.
    Import {
        records: Vec<Value>,
        skip: bool,
        dry_run: bool,
    },
    Create(Value),
    Put(Value),
    Delete(Kind, String),
    /// The undo of one of the imports so far.
    Undo(Index),
    /// The last import once more.
    Again,
}

/// Records as JSON, one a line: what proptest prints of a failure can be read, and imported.
impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Import {
                records,
                skip,
                dry_run,
            } => {
                write!(f, "import, skip {skip}, dry run {dry_run}")?;
                records
                    .iter()
                    .try_for_each(|record| write!(f, "\n{record}"))
            }
            Self::Create(record) => write!(f, "create {record}"),
            Self::Put(record) => write!(f, "put {record}"),
            Self::Delete(kind, id) => write!(f, "delete {kind} {id}"),
            Self::Undo(index) => write!(f, "undo {index:?}"),
            Self::Again => write!(f, "import once more"),
        }
    }
}

/// What a world is asked.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) question: Question,
    pub(crate) scope: Scope,
    /// Which of the earlier commits is asked as well.
    pub(crate) earlier: Index,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            question,
            scope,
            earlier,
        } = self;
        // On one line, whatever the formatter asks for.
        let text = format!("{question:?} in {scope:?}, earlier {earlier:?}");
        f.write_str(&text)
    }
}

/// Which records, with actors as ids.
#[derive(Clone, Debug)]
pub(crate) enum Chosen {
    Everything,
    Actors(Vec<String>, ActorMatch),
    /// Of the two, linked in some of these ways.
    Dyad(String, String, Ways3),
}

/// A question, with actors as ids.
#[derive(Clone, Debug)]
pub(crate) enum Question {
    Timeline(Chosen, Order, Page),
    Histogram(Chosen, Bin, Option<Split>),
    Dyad(String, String),
    Relationships(String, Page),
    Paths(Ways),
    Reach(Spread),
    Explain(Ways),
    Summary,
    List(Kind, Option<String>, Page),
    Name(String, Option<Date>),
    History(Kind, String),
}

impl Question {
    /// The actors that it names: those of paths are source, target, via and avoid.
    pub(crate) fn actors(&self) -> Vec<&str> {
        let named = match self {
            Self::Timeline(chosen, ..) | Self::Histogram(chosen, ..) => match chosen {
                Chosen::Everything => Vec::new(),
                Chosen::Actors(ids, _) => ids.iter().collect(),
                Chosen::Dyad(a, b, _) => vec![a, b],
            },
            Self::Dyad(a, b) => vec![a, b],
            Self::Relationships(a, _) => vec![a],
            Self::Reach(spread) => [&spread.origin].into_iter().chain(&spread.avoid).collect(),
            Self::Paths(ways) | Self::Explain(ways) => {
                let ends = [&ways.source, &ways.target];
                let others = ways.via.iter().chain(&ways.avoid);
                ends.into_iter().chain(others).collect()
            }
            Self::Summary | Self::List(..) | Self::Name(..) | Self::History(..) => Vec::new(),
        };
        named.into_iter().map(String::as_str).collect()
    }
}

impl Question {
    /// The same question with other actors, where `of` gives them; `None` where two that it names become one.
    pub(crate) fn renamed(&self, of: &impl Fn(&str) -> String) -> Option<Self> {
        let distinct = |ids: &[&str]| ids.iter().collect::<BTreeSet<_>>().len();
        let before = distinct(&self.actors());
        let mut renamed = self.clone();
        for id in renamed.actors_mut() {
            *id = of(id);
        }
        (distinct(&renamed.actors()) == before).then_some(renamed)
    }

    fn actors_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Timeline(chosen, ..) | Self::Histogram(chosen, ..) => match chosen {
                Chosen::Everything => Vec::new(),
                Chosen::Actors(ids, _) => ids.iter_mut().collect(),
                Chosen::Dyad(a, b, _) => vec![a, b],
            },
            Self::Dyad(a, b) => vec![a, b],
            Self::Relationships(a, _) => vec![a],
            Self::Reach(spread) => {
                let origin = [&mut spread.origin].into_iter();
                origin.chain(&mut spread.avoid).collect()
            }
            Self::Paths(ways) | Self::Explain(ways) => {
                let ends = [&mut ways.source, &mut ways.target];
                let others = ways.via.iter_mut().chain(&mut ways.avoid);
                ends.into_iter().chain(others).collect()
            }
            Self::Summary | Self::List(..) | Self::Name(..) | Self::History(..) => Vec::new(),
        }
    }
}

/// A question about paths.
#[derive(Clone, Debug)]
pub(crate) struct Ways {
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) mode: Mode,
    pub(crate) diverse: bool,
    pub(crate) max_degree: Option<usize>,
    pub(crate) directed: bool,
    pub(crate) chains: ChainRule,
    pub(crate) max_hops: usize,
    pub(crate) limit: usize,
    pub(crate) via: Vec<String>,
    pub(crate) avoid: Vec<String>,
}

/// A question about how far news travels.
#[derive(Clone, Debug)]
pub(crate) struct Spread {
    pub(crate) origin: String,
    pub(crate) backward: bool,
    pub(crate) directed: bool,
    pub(crate) chains: ChainRule,
    pub(crate) max_hops: Option<usize>,
    pub(crate) avoid: Vec<String>,
    pub(crate) max_degree: Option<usize>,
    pub(crate) page: Page,
}

/// A world: its size, what is done to it, what it is asked.
pub(crate) fn worlds() -> impl Strategy<Value = (Vec<Step>, Vec<Asked>)> {
    (3..=8_u8, 1..=3_u8).prop_flat_map(|(actors, sources)| {
        let size = Size { actors, sources };
        let steps = (founding(size), vec(step(size), 0..12)).prop_map(|(first, mut rest)| {
            rest.insert(0, first);
            rest
        });
        (steps, vec(asked(size), 1..24))
    })
}

/// The first import: every actor and source, and some records.
fn founding(size: Size) -> impl Strategy<Value = Step> {
    let sources = (0..size.sources).map(|n| source(size, Just(n)).boxed());
    let actors = (0..size.actors).map(|n| actor(Just(n)).boxed());
    let named: Vec<_> = sources.chain(actors).collect();
    (named, vec(happening(size), 0..24)).prop_map(|(mut records, more)| {
        records.extend(more);
        Step::Import {
            records,
            skip: true,
            dry_run: false,
        }
    })
}

fn step(size: Size) -> impl Strategy<Value = Step> {
    let import = (
        vec(any_record(size), 1..9),
        prop::bool::weighted(0.7),
        prop::bool::weighted(0.1),
    );
    prop_oneof![
        4 => import.prop_map(|(records, skip, dry_run)| Step::Import { records, skip, dry_run }),
        2 => any_record(size).prop_map(Step::Create),
        6 => any_record(size).prop_map(Step::Put),
        3 => record_id(size).prop_map(|(kind, id)| Step::Delete(kind, id)),
        2 => any::<Index>().prop_map(Step::Undo),
        1 => Just(Step::Again),
    ]
}

fn any_record(size: Size) -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => source(size, 0..size.sources),
        2 => actor(0..size.actors),
        2 => judgement(size),
        8 => happening(size),
    ]
}

/// A judgement, mostly that two actors are one.
fn judgement(size: Size) -> impl Strategy<Value = Value> {
    let actors = (0..size.actors, 0..size.actors);
    let verdict = prop::bool::weighted(0.8);
    (0..JUDGEMENTS, actors, verdict).prop_map(|(n, (actor, other), same)| {
        json!({
            "record": "judgement", "id": format!("j{n}"),
            "verdict": if same { "same" } else { "different" },
            "actor": format!("a{actor}"), "other": format!("a{other}"),
        })
    })
}

fn happening(size: Size) -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => relation(size),
        6 => event(size),
        2 => statement(size),
    ]
}

fn record_id(size: Size) -> impl Strategy<Value = (Kind, String)> {
    prop_oneof![
        (0..size.sources).prop_map(|n| (Kind::Source, format!("s{n}"))),
        (0..=size.actors).prop_map(|n| (Kind::Actor, format!("a{n}"))),
        (0..RELATIONS).prop_map(|n| (Kind::Relation, format!("r{n}"))),
        (0..EVENTS).prop_map(|n| (Kind::Event, event_id(n))),
        (0..STATEMENTS).prop_map(|n| (Kind::Statement, format!("t{n}"))),
        (0..JUDGEMENTS).prop_map(|n| (Kind::Judgement, format!("j{n}"))),
    ]
}

/// A JSON object without the members that are null.
fn object(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .collect::<Map<_, _>>(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            value
        }
    }
}

fn words(words: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    select(words).prop_map(str::to_owned)
}

/// A day of a few weeks.
fn some_day() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => (1..=12_u8).prop_map(|day| format!("2023-01-{day:02}")),
        1 => (1..=2_u8, 1..=28_u8).prop_map(|(month, day)| format!("2023-{month:02}-{day:02}")),
    ]
}

/// A moment of a few days.
pub(crate) fn moment() -> impl Strategy<Value = String> {
    (3..=8_u8, 0..=23_u8, words(ZONES))
        .prop_map(|(day, hour, zone)| format!("2023-01-{day:02}T{hour:02}:00:00{zone}"))
}

/// Days in one of the forms that have ends or members.
pub(crate) fn formed() -> impl Strategy<Value = String> {
    (0..10_u8, 1..=12_u8, 1..=12_u8).prop_map(|(form, one, other)| {
        let [a, b] = [one.min(other), one.max(other)].map(|day| format!("2023-01-{day:02}"));
        match form {
            0 => format!("{a}/{b}"),
            1 => format!("{a}/.."),
            2 => format!("../{b}"),
            3 => format!("[..{a}]"),
            4 => format!("[{a}..]"),
            5 => format!("{a}/"),
            6 => format!("/{b}"),
            7 => format!("[{a},{b}]"),
            8 => format!("{a}?"),
            _ => format!("{a}~/{b}"),
        }
    })
}

fn date() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => words(DATES),
        3 => some_day(),
        2 => moment(),
        2 => formed(),
    ]
}

/// What a window begins or ends with.
fn bound() -> impl Strategy<Value = String> {
    prop_oneof![2 => words(BOUNDS), 3 => some_day(), 2 => moment()]
}

fn dated() -> impl Strategy<Value = Option<String>> {
    option::weighted(0.88, date())
}

/// A start and an end, mostly in order.
fn period() -> impl Strategy<Value = (Option<String>, Option<String>)> {
    (
        option::weighted(0.6, words(STARTS)),
        option::weighted(0.4, words(ENDS)),
    )
}

/// An actor as a record names it: mostly by id, sometimes by name, seldom one that is not there.
fn who(size: Size) -> impl Strategy<Value = String> {
    prop_oneof![
        30 => (0..size.actors).prop_map(|n| format!("a{n}")),
        2 => words(NAMES),
        1 => words(TITLES),
        1 => Just("a9".to_owned()),
    ]
}

fn dataset() -> impl Strategy<Value = Option<String>> {
    option::weighted(0.6, words(DATASETS))
}

fn source(size: Size, n: impl Strategy<Value = u8>) -> impl Strategy<Value = Value> {
    let agency = option::weighted(0.4, words(&["AP", "A.P.", "Yonhap"]));
    let original = option::weighted(0.3, (0..size.sources).prop_map(|n| format!("s{n}")));
    let title = option::of(words(TEXTS));
    let language = option::weighted(0.8, words(LANGUAGES));
    let said = (title, language);
    (n, agency, original, said, dataset()).prop_map(|(n, agency, original, said, dataset)| {
        let (title, language) = said;
        let id = format!("s{n}");
        let original = original.filter(|o| *o != id);
        object(json!({
            "record": "source", "id": id, "agency": agency, "original": original, "title": title,
            "language": language, "dataset": dataset,
        }))
    })
}

fn actor(n: impl Strategy<Value = u8>) -> impl Strategy<Value = Value> {
    let kind = prop_oneof![
        4 => Just(ActorKind::Person),
        4 => Just(ActorKind::State),
        3 => Just(ActorKind::GovernmentBody),
        1 => Just(ActorKind::Organization),
        2 => Just(ActorKind::Unknown),
    ];
    let alias = (words(NAMES), period()).prop_map(|(text, (since, until))| {
        object(json!({ "text": text, "since": since, "until": until }))
    });
    let name = prop_oneof![3 => Just(None), 1 => words(NAMES).prop_map(Some)];
    let code = (words(&["iso3", "cow"]), words(&["ALB", "Brix", "710"]));
    let code = option::weighted(0.3, code);
    (n, kind, name, vec(alias, 0..2), code, dataset()).prop_map(
        |(n, kind, name, aliases, code, dataset)| {
            object(json!({
                "record": "actor", "id": format!("a{n}"), "kind": kind.as_str(),
                "name": name.unwrap_or_else(|| format!("Actor {n}")), "aliases": aliases,
                "codes": code.map(|(scheme, code)| json!({ scheme: code })), "dataset": dataset,
            }))
        },
    )
}

fn citations(size: Size) -> impl Strategy<Value = Vec<Value>> {
    let citation = (
        0..size.sources,
        option::of(select(CONFIDENCES)),
        option::of(words(TEXTS)),
    );
    let citation = citation.prop_map(|(source, confidence, quote)| {
        let source = format!("s{source}");
        object(json!({ "source": source, "confidence": confidence, "quote": quote }))
    });
    vec(citation, 0..4)
}

fn relation(size: Size) -> impl Strategy<Value = Value> {
    let kind = select(&[
        "holds_office",
        "holds_office",
        "holds_office",
        "represents",
        "part_of",
        "part_of",
        "member_of",
        "allied_with",
    ]);
    let title = option::of(words(TITLES));
    (
        0..RELATIONS,
        who(size),
        kind,
        who(size),
        title,
        period(),
        citations(size),
        dataset(),
    )
        .prop_map(
            |(n, subject, kind, object_, title, (since, until), sources, dataset)| {
                object(json!({
                    "record": "relation", "id": format!("r{n}"), "subject": subject, "kind": kind,
                    "object": object_, "title": title, "since": since, "until": until,
                    "sources": sources, "dataset": dataset,
                }))
            },
        )
}

fn topics() -> impl Strategy<Value = Vec<String>> {
    prop::sample::subsequence(TOPICS, 0..=TOPICS.len())
        .prop_map(|topics| topics.into_iter().map(str::to_owned).collect())
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![
        4 => Just(Role::Source),
        4 => Just(Role::Target),
        3 => Just(Role::Participant),
        1 => Just(Role::Mediator),
        1 => Just(Role::Host),
    ]
}

fn event(size: Size) -> impl Strategy<Value = Value> {
    let coding = prop_oneof![
        words(CAMEO).prop_map(|code| (None, Some(code))),
        select(&EventType::ALL[..]).prop_map(|t| (Some(t.as_str().to_owned()), None)),
        Just((Some("CONSULT".to_owned()), Some("190".to_owned()))),
    ];
    let status = prop_oneof![
        3 => Just(None),
        1 => select(Status::ALL).prop_map(|s| Some(s.as_str())),
    ];
    let participant = (who(size), role())
        .prop_map(|(actor, role)| json!({ "actor": actor, "role": role.as_str() }));
    let link = (
        select(&[
            "follows",
            "responds_to",
            "part_of",
            "contradicts",
            "corroborates",
        ]),
        0..EVENTS,
    )
        .prop_map(|(kind, n)| json!({ "kind": kind, "event": event_id(n) }));
    let links = prop_oneof![5 => Just(Vec::new()), 1 => vec(link, 1..3)];
    (
        (0..EVENTS, coding, dated(), status),
        vec(participant, 1..5),
        topics(),
        links,
        citations(size),
        dataset(),
    )
        .prop_map(
            |((n, (kind, cameo), date, status), participants, topics, links, sources, dataset)| {
                object(json!({
                    "record": "event", "id": event_id(n), "type": kind, "cameo": cameo,
                    "date": date, "status": status, "participants": participants, "topics": topics,
                    "links": links, "sources": sources, "dataset": dataset,
                }))
            },
        )
}

fn statement(size: Size) -> impl Strategy<Value = Value> {
    let toward = prop_oneof![
        4 => who(size).prop_map(|who| json!({ "actor": who })),
        1 => (0..EVENTS).prop_map(|n| json!({ "event": event_id(n) })),
        1 => Just(json!({ "topic": "trade" })),
    ];
    let stance = select(&[
        "condemns",
        "supports",
        "warns",
        "denies",
        "acknowledges",
        "pledges",
        "rejects",
    ]);
    let about = option::weighted(0.3, words(TOPICS));
    let stance = (toward, stance, about).prop_map(|(toward, stance, about)| {
        object(json!({ "toward": toward, "stance": stance, "about": about }))
    });
    let event = option::weighted(0.15, (0..EVENTS).prop_map(event_id));
    (
        (0..STATEMENTS, dated(), event, dataset()),
        vec(who(size), 1..3),
        vec(who(size), 0..2),
        vec(who(size), 0..3),
        vec(who(size), 0..2),
        vec(stance, 0..3),
        topics(),
        (citations(size), words(TEXTS)),
    )
        .prop_map(
            |(
                (n, date, event, dataset),
                speakers,
                behalf,
                audience,
                relayed,
                stances,
                topics,
                (sources, text),
            )| {
                object(json!({
                    "record": "statement", "id": format!("t{n}"), "date": date, "event": event,
                    "speakers": speakers, "on_behalf_of": behalf, "audience": audience,
                    "relayed_by": relayed, "text": text, "stances": stances, "topics": topics,
                    "sources": sources, "dataset": dataset,
                }))
            },
        )
}

fn asked(size: Size) -> impl Strategy<Value = Asked> {
    (question(size), scope(size), any::<Index>()).prop_map(|(question, scope, earlier)| Asked {
        question,
        scope,
        earlier,
    })
}

/// The id of an event: of all lengths and forms that are kept in different ways.
fn event_id(n: u8) -> String {
    match n % 5 {
        0 => format!("e{n:015}"),
        1 => format!("e{n:016}"),
        2 => format!("event-{n:04x}{:028}", 0),
        _ => format!("e{n}"),
    }
}

pub(crate) fn id(size: Size) -> impl Strategy<Value = String> + Clone {
    (0..size.actors).prop_map(|n| format!("a{n}"))
}

pub(crate) fn page() -> impl Strategy<Value = Page> {
    prop_oneof![
        3 => Just(Page { limit: 1000, offset: 0 }),
        2 => (1..5_usize, 0..8_usize).prop_map(|(limit, offset)| Page { limit, offset }),
    ]
}

pub(crate) fn chosen(size: Size) -> impl Strategy<Value = Chosen> {
    let how = prop_oneof![Just(ActorMatch::Any), Just(ActorMatch::All)];
    prop_oneof![
        2 => Just(Chosen::Everything),
        5 => (vec(id(size), 1..4), how).prop_map(|(ids, how)| Chosen::Actors(ids, how)),
        2 => (id(size), id(size), dyad_ways()).prop_map(|(a, b, ways)| Chosen::Dyad(a, b, ways)),
    ]
}

/// All ways in which two actors may be linked, or some.
fn dyad_ways() -> impl Strategy<Value = Ways3> {
    let some = any::<Ways3>().prop_filter("some way", |ways| ways.contains(&true));
    prop_oneof![1 => Just([true; 3]), 1 => some]
}

fn question(size: Size) -> impl Strategy<Value = Question> {
    let order = prop_oneof![2 => Just(Order::Ascending), 1 => Just(Order::Descending)];
    let name = prop_oneof![words(NAMES), words(TITLES), id(size)];
    let day = date().prop_map(|text| Date::parse(&text).unwrap());
    let part = option::weighted(0.3, words(&["al", "ACT", "front"]));
    prop_oneof![
        5 => (chosen(size), order, page()).prop_map(|(c, o, p)| Question::Timeline(c, o, p)),
        3 => (chosen(size), select(&Bin::ALL[..]), option::of(select(&Split::ALL[..])))
            .prop_map(|(chosen, bin, split)| Question::Histogram(chosen, bin, split)),
        3 => (id(size), id(size)).prop_map(|(a, b)| Question::Dyad(a, b)),
        2 => (id(size), page()).prop_map(|(a, page)| Question::Relationships(a, page)),
        9 => ways(size).prop_map(Question::Paths),
        4 => spread(size).prop_map(Question::Reach),
        2 => ways(size).prop_map(Question::Explain),
        1 => Just(Question::Summary),
        2 => (select(Kind::ALL), part, page()).prop_map(|(k, n, p)| Question::List(k, n, p)),
        2 => (name, option::of(day)).prop_map(|(name, day)| Question::Name(name, day)),
        1 => record_id(size).prop_map(|(kind, id)| Question::History(kind, id)),
    ]
}

fn ways(size: Size) -> impl Strategy<Value = Ways> {
    let some = |max| prop_oneof![3 => Just(Vec::new()), 1 => vec(id(size), 1..=max)];
    let ends = (id(size), id(size));
    let mode = (
        select(&Mode::ALL[..]),
        prop::bool::weighted(0.2),
        option::weighted(0.2, 1..5_usize),
    );
    (
        (ends, mode),
        (prop::bool::weighted(0.3), following()),
        1..=8_usize,
        1..=20_usize,
        some(3),
        some(2),
    )
        .prop_map(
            |(
                ((source, target), (mode, diverse, max_degree)),
                (directed, chains),
                max_hops,
                limit,
                via,
                avoid,
            )| Ways {
                source,
                target,
                mode,
                diverse,
                max_degree,
                directed,
                chains,
                max_hops,
                limit,
                via,
                avoid,
            },
        )
}

fn following() -> impl Strategy<Value = ChainRule> {
    prop_oneof![2 => Just(ChainRule::Possible), 1 => Just(ChainRule::Certain)]
}

fn spread(size: Size) -> impl Strategy<Value = Spread> {
    let avoid = prop_oneof![3 => Just(Vec::new()), 1 => vec(id(size), 1..=2)];
    let flags = (any::<bool>(), prop::bool::weighted(0.4), following());
    let bounds = (option::of(1..5_usize), option::weighted(0.2, 1..5_usize));
    (id(size), flags, bounds, avoid, page()).prop_map(
        |(origin, (backward, directed, chains), (max_hops, max_degree), avoid, page)| Spread {
            origin,
            backward,
            directed,
            chains,
            max_hops,
            avoid,
            max_degree,
            page,
        },
    )
}

pub(crate) fn scope(size: Size) -> impl Strategy<Value = Scope> {
    let window = prop_oneof![
        1 => Just(Window::ALL),
        4 => (option::of(bound()), option::of(bound())).prop_map(|(from, to)| window(from, to)),
    ];
    (
        window,
        prop::bool::weighted(0.2),
        filter(size),
        select(&Scheme::ALL[..]),
        prop_oneof![2 => Just(Rollup::None), 1 => Just(Rollup::State)],
        select(&Occurrence::ALL[..]),
    )
        .prop_map(
            |(window, certain, filter, scheme, rollup, occurrence)| Scope {
                occurrence,
                names: Vec::new(),
                window,
                certain,
                filter,
                scheme,
                rollup,
            },
        )
}

/// The window of two dates, whichever comes first.
fn window(from: Option<String>, to: Option<String>) -> Window {
    let [from, to] = [from, to].map(|text| text.map(|text| Date::parse(&text).unwrap()));
    Window::new(from.as_ref(), to.as_ref())
        .or_else(|_| Window::new(to.as_ref(), from.as_ref()))
        .unwrap()
}

/// No filter, one, or two together.
fn filter(size: Size) -> impl Strategy<Value = Filter> {
    vec(one_filter(size), 0..3).prop_map(|parts| {
        let mut all = Filter::default();
        for part in parts {
            all.records.extend(part.records);
            all.types.extend(part.types);
            all.cameo.extend(part.cameo);
            all.quad.extend(part.quad);
            all.statuses.extend(part.statuses);
            all.roles.extend(part.roles);
            all.kinds.extend(part.kinds);
            all.datasets.extend(part.datasets);
            all.sources.extend(part.sources);
            all.topics.extend(part.topics);
            all.min_confidence = part.min_confidence.or(all.min_confidence);
            all.excluded.extend(part.excluded);
            all.excluded_datasets.extend(part.excluded_datasets);
            all.min_independent = part.min_independent.or(all.min_independent);
        }
        all
    })
}

fn one_filter(size: Size) -> impl Strategy<Value = Filter> {
    let none = Filter::default;
    let quads = [
        QuadClass::VerbalCooperation,
        QuadClass::MaterialCooperation,
        QuadClass::VerbalConflict,
        QuadClass::MaterialConflict,
    ];
    let happenings = [Kind::Relation, Kind::Event, Kind::Statement];
    let kinds = [
        ActorKind::Person,
        ActorKind::State,
        ActorKind::GovernmentBody,
    ];
    let datasets = ["north", "south", "default", "nowhere"];
    prop_oneof![
        vec(select(happenings.to_vec()), 1..3)
            .prop_map(move |records| Filter { records, ..none() }),
        vec(select(&EventType::ALL[..]), 1..8).prop_map(move |types| Filter {
            types: types.into_iter().map(CodingFilter::As).collect(),
            ..none()
        }),
        vec(select(&["04", "042", "01", "19"][..]), 1..3).prop_map(move |codes| Filter {
            cameo: codes
                .into_iter()
                .map(|c| Cameo::parse(c).unwrap())
                .collect(),
            ..none()
        }),
        vec(select(quads.to_vec()), 1..3).prop_map(move |quad| Filter { quad, ..none() }),
        vec(select(Status::ALL), 1..3).prop_map(move |statuses| Filter { statuses, ..none() }),
        vec(select(Role::ALL), 1..5).prop_map(move |roles| Filter { roles, ..none() }),
        vec(select(kinds.to_vec()), 1..3).prop_map(move |kinds| Filter { kinds, ..none() }),
        select(datasets.to_vec()).prop_map(move |dataset| Filter {
            datasets: vec![dataset.parse_id()],
            ..none()
        }),
        select(datasets.to_vec()).prop_map(move |dataset| Filter {
            excluded_datasets: vec![dataset.parse_id()],
            ..none()
        }),
        (0..=size.sources).prop_map(move |n| Filter {
            sources: vec![format!("s{n}").parse_id()],
            ..none()
        }),
        select(&["trade", "missiles", "weather"][..]).prop_map(move |topic| Filter {
            topics: vec![chancery::model::Text::new(topic).unwrap()],
            ..none()
        }),
        select(&[0.0, 0.3, 0.5, 1.0][..]).prop_map(move |least| Filter {
            min_confidence: Some(least),
            ..none()
        }),
        vec(0..=size.sources, 1..3).prop_map(move |excluded| Filter {
            excluded: excluded
                .into_iter()
                .map(|n| format!("s{n}").parse_id())
                .collect(),
            ..none()
        }),
        (1..4_usize).prop_map(move |least| Filter {
            min_independent: Some(WholeNumber(least)),
            ..none()
        }),
    ]
}

/// Texts that are ids.
pub(crate) trait ParseId {
    /// The id.
    fn parse_id(&self) -> chancery::model::Id;
}

impl ParseId for str {
    fn parse_id(&self) -> chancery::model::Id {
        chancery::model::Id::parse(self).unwrap()
    }
}
