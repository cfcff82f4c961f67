//! The query parameters: one table, from which requests are read and the `OpenAPI` document is
//! written.

use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{
    AnyOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{RefOr, Required, Schema, path};
use utoipa::{IntoParams, Number};

use super::format::{EXPORTS, GRAPHS, REJECTS, TIMELINES};
use crate::engine::OnError;
use crate::ingest::Format;
use crate::model::date::MAX_DATE_BYTES;
use crate::model::{
    ActorKind, EventType, ID_MAX_BYTES, Kind, LABEL_MAX_BYTES, QuadClass, Role, Scheme, StanceKind,
    Status,
};
use crate::query::{
    Bin, CHAIN_MAX, Columns, DEGREE_MAX, EVIDENCE_MAX, Following, GRAPH_HOPS_MAX, HALF_LIFE_MAX,
    INDEPENDENT_MAX, MARKS_MAX, MAX_HOPS_MAX, Measure, Mode, NODES_MAX, Occurrence, PATHS_MAX,
    Rollup, Rule, SEARCHED, SearchOrder, Split, UNCODED, UNTYPED, VIA_MAX, WAYS, Width,
};
use crate::text::QUERY_MAX_CHARS;

/// Values of one parameter that takes several.
pub(super) const VALUES_MAX: usize = 64;
/// Items of one page.
pub(super) const PAGE_MAX: usize = 1_000;
/// Items of a page when nothing is said.
pub(super) const PAGE_DEFAULT: usize = 50;
/// Hops of a path when nothing is said.
pub(super) const HOPS_DEFAULT: usize = 6;
/// Paths when nothing is said.
pub(super) const PATHS_DEFAULT: usize = 5;
/// Records shown for each hop when nothing is said.
pub(super) const EVIDENCE_DEFAULT: usize = 3;

/// Nodes of a network when nothing is said.
pub(super) const GRAPH_NODES_DEFAULT: usize = 100;
/// Hops from the actors of a network when nothing is said.
pub(super) const GRAPH_HOPS_DEFAULT: usize = 1;
/// Members of a community that are named when nothing is said.
pub(super) const MEMBERS_DEFAULT: usize = 20;
/// The seed of what is drawn at random when nothing is said.
pub(super) const SEED_DEFAULT: usize = 1;
/// The largest seed.
const SEED_MAX: usize = u32::MAX as usize;

/// What a value of a parameter looks like.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// An actor's id, code, name, alias or office.
    Actor,
    /// An EDTF date.
    Date,
    /// `true` or `false`.
    Flag,
    /// A whole number with its bounds.
    Whole(usize, usize),
    /// A number from 0 to 1.
    Share,
    /// One of some words, in the case shown.
    Word(fn() -> Vec<&'static str>),
    /// The start of a CAMEO code.
    Cameo,
    /// An id.
    Id,
    /// Any text of so many characters.
    Text(usize),
    /// The number of a commit.
    Commit,
    /// The number of a commit, or an instant.
    KnownAt,
    /// The cursor of a page.
    Cursor,
}

/// How often a parameter is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    /// Once or not at all.
    Optional,
    /// Once.
    Required,
    /// Up to so many times.
    UpTo(usize),
}

/// A query parameter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) times: Times,
    /// What it does; ends with a full stop.
    about: &'static str,
    example: Option<&'static str>,
    pub(super) default: Option<&'static str>,
}

const fn one(name: &'static str, shape: Shape, about: &'static str) -> Parameter {
    Parameter {
        name,
        shape,
        times: Times::Optional,
        about,
        example: None,
        default: None,
    }
}

const fn many(name: &'static str, shape: Shape, about: &'static str) -> Parameter {
    Parameter {
        times: Times::UpTo(VALUES_MAX),
        ..one(name, shape, about)
    }
}

impl Parameter {
    const fn required(self) -> Self {
        Self {
            times: Times::Required,
            ..self
        }
    }

    const fn up_to(self, times: usize) -> Self {
        Self {
            times: Times::UpTo(times),
            ..self
        }
    }

    const fn example(self, example: &'static str) -> Self {
        Self {
            example: Some(example),
            ..self
        }
    }

    const fn default(self, default: &'static str) -> Self {
        Self {
            default: Some(default),
            ..self
        }
    }
}

fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|value| word(*value)).collect()
}

/// Words of a parameter that are no list elsewhere.
pub(super) const FORMS: [&str; 2] = ["answer", "document"];
pub(super) const MATCHES: [&str; 2] = ["any", "all"];
pub(super) const ORDERS: [&str; 2] = ["asc", "desc"];
pub(super) const BY_QUAD: &str = "quad";

/// The word of [`OnError`].
pub(super) const fn on_error(value: OnError) -> &'static str {
    match value {
        OnError::Reject => "reject",
        OnError::Skip => "skip",
    }
}

fn quads() -> Vec<&'static str> {
    let mut quads = words(&QuadClass::ALL, QuadClass::as_str);
    quads.extend(["1", "2", "3", "4"]);
    quads
}

fn narrowed_quads() -> Vec<&'static str> {
    let mut quads = words(&QuadClass::ALL, QuadClass::as_str);
    quads.push(UNCODED);
    quads
}

fn types() -> Vec<&'static str> {
    let mut types = words(&EventType::ALL, EventType::as_str);
    types.push(UNTYPED);
    types
}

fn splits() -> Vec<&'static str> {
    let mut splits = vec![BY_QUAD];
    splits.extend(words(&Split::ALL, Split::as_str));
    splits
}

pub(super) const ROLLUPS: [Rollup; 2] = [Rollup::None, Rollup::State];
pub(super) const ON_ERRORS: [OnError; 2] = [OnError::Reject, OnError::Skip];

const KIND: Parameter = many(
    "kind",
    Shape::Word(|| words(ActorKind::ALL, ActorKind::as_str)),
    "Only with actors of this kind: on lists of actors and in networks of these themselves; \
     elsewhere of somebody else in the record than the actors asked for; on a path of everyone between its ends.",
);
const DATASET: Parameter = many("dataset", Shape::Id, "Only records of this data set.");
const NAME: Parameter = one(
    "name",
    Shape::Text(LABEL_MAX_BYTES),
    "Only records with this text in a name or title, in any case and with or without accents.",
);
const CITED: Parameter = many("cited", Shape::Id, "Only records that cite this source.");
const SOURCE: Parameter = many("source", Shape::Id, "The same as `cited`.");
const TOPIC: Parameter = many(
    "topic",
    Shape::Text(LABEL_MAX_BYTES),
    "Only records about this topic.",
);
const MIN_CONFIDENCE: Parameter = one(
    "min_confidence",
    Shape::Share,
    "Only records with a citation of at least this confidence. One that states none counts as 1, a \
     record without citations as 0.",
);
const EXCLUDE_SOURCE: Parameter = many(
    "exclude_source",
    Shape::Id,
    "Answer as if nobody had to believe this source: no filter sees its citations, and records that \
     cite no other source do not count. Records that cite no source at all stay.",
);
const MIN_INDEPENDENT: Parameter = one(
    "min_independent",
    Shape::Whole(1, INDEPENDENT_MAX),
    "Only records of at least so many independent sources: sources of one agency or one original \
     count once.",
);

const KNOWN_AT: &[Parameter] = &[one(
    "known_at",
    Shape::KnownAt,
    "Answer as it would have been given after this commit (a number; 0 is before the first) or at \
     this instant (RFC 3339). By default, now.",
)];
const SCHEME: &[Parameter] = &[one(
    "scheme",
    Shape::Word(|| words(&Scheme::ALL, Scheme::as_str)),
    "The coding scheme of quad classes and Goldstein scores.",
)
.default("icews")];
const ROLLUP: &[Parameter] = &[one(
    "rollup",
    Shape::Word(|| words(&ROLLUPS, Rollup::as_str)),
    "With `state`, what a person does counts for the state or body that he or she represents on \
     that day.",
)
.default("none")];
const PAGE: &[Parameter] = &[
    one(
        "limit",
        Shape::Whole(1, PAGE_MAX),
        "Items of a page at the most.",
    )
    .default("50"),
    one(
        "cursor",
        Shape::Cursor,
        "Where the page starts: `next` of the page before it, with all other parameters as they \
         were. All pages are of one commit.",
    ),
];
const WINDOW: &[Parameter] = &[
    one(
        "from",
        Shape::Date,
        "Only what may have happened on or after the first day of this date (EDTF). With a time and its \
         zone, instants from that on.",
    )
    .example("2023-01"),
    one(
        "to",
        Shape::Date,
        "Only what may have happened on or before the last day of this date (EDTF). With a time and its \
         zone, instants up to that.",
    )
    .example("2023-06"),
    CERTAIN,
];
const CERTAIN: Parameter = one(
    "certain",
    Shape::Flag,
    "Only what certainly happened within the window: all that its date may mean lies inside, and nothing \
     marks it as in doubt. An open side lies inside where the window has no end.",
)
.default("false");
const OCCURRENCE: Parameter = one(
    "occurrence",
    Shape::Word(|| words(&Occurrence::ALL, Occurrence::as_str)),
    "Count events of every status (`any`), or only those that occurred, beside all statements and \
     relations (`actual`). `status` overrides it.",
);
/// Where everything counts that was planned, called off or only said to be, unless asked otherwise.
const ANY: &[Parameter] = &[OCCURRENCE.default("any")];
/// Where only what occurred counts, unless asked otherwise.
const ACTUAL: &[Parameter] = &[OCCURRENCE.default("actual")];
/// The filters but for those that the routes name differently.
const FILTERS: &[Parameter] = &[
    many(
        "type",
        Shape::Word(types),
        "Only events of this PLOVER type, given or derived; `none` is of those whose code PLOVER \
         has no type for.",
    ),
    many(
        "cameo",
        Shape::Cameo,
        "Only events whose CAMEO code starts with this one.",
    ),
    many(
        "quad",
        Shape::Word(quads),
        "Only events of this quad class (a name, or 1 to 4), under `scheme`.",
    ),
    many(
        "status",
        Shape::Word(|| words(Status::ALL, Status::as_str)),
        "Only events of this status.",
    ),
    many(
        "role",
        Shape::Word(|| words(Role::ALL, Role::as_str)),
        "Only records in which an actor asked for (anyone, if none is) has this role.",
    ),
    KIND,
    DATASET,
    CITED,
    TOPIC,
    MIN_CONFIDENCE,
    EXCLUDE_SOURCE,
    MIN_INDEPENDENT,
];
/// The filters that say something of statements, too.
const FILTERS_OF_ANY: &[Parameter] = &[
    DATASET,
    CITED,
    SOURCE,
    TOPIC,
    MIN_CONFIDENCE,
    EXCLUDE_SOURCE,
    MIN_INDEPENDENT,
];
const RECORD: &[Parameter] = &[many(
    "record",
    Shape::Word(|| words(Kind::ALL, Kind::as_str)),
    "Only records of this kind.",
)];
const ORDER: &[Parameter] = &[one(
    "order",
    Shape::Word(|| ORDERS.to_vec()),
    "The earliest first (`asc`) or the latest (`desc`).",
)
.default("asc")];
const SELECTION: &[Parameter] = &[
    many(
        "actor",
        Shape::Actor,
        "Only records in which this actor stands: an id, a code, a name, an alias or an office as \
         of the window.",
    )
    .example("antony-blinken"),
    one(
        "match",
        Shape::Word(|| MATCHES.to_vec()),
        "Whether one of the actors must stand in a record (`any`), or all.",
    )
    .default("any"),
    one(
        "between",
        Shape::Actor,
        "Given exactly twice: only records that link the two actors. Not together with `actor`.",
    )
    .up_to(2),
    one(
        "way",
        Shape::Word(|| words(&WAYS, |(_, word)| word)),
        "Only with `between`: only records that link the first actor to the second (`a_to_b`), the \
         second to the first (`b_to_a`), or the two as equals (`together`).",
    )
    .up_to(WAYS.len()),
];
/// How much a timeline may show.
const MARKS: &[Parameter] = &[
    one(
        "max_marks",
        Shape::Whole(1, MARKS_MAX),
        "Answer with all records when there are no more than so many, else with the finest bins \
         that are no more (`mode` says which). Not together with `limit` and `cursor`.",
    ),
    one(
        "lanes",
        Shape::Flag,
        "Only with `max_marks` and `actor`: bins for each actor asked for. `max_marks` is then at \
         least their number.",
    )
    .default("false"),
];
/// What tells apart the records that the numbers of other answers count.
const NARROWED: &[Parameter] = &[
    one(
        "starts_from",
        Shape::Date,
        "Only records that count on or after the first day of this date (EDTF), as in the bins of a \
         histogram: on their first day as written, within the window. What lasts and began before the \
         window does not.",
    ),
    one(
        "starts_to",
        Shape::Date,
        "Only records that count on or before the last day of this date (EDTF).",
    ),
    ONLY_RECORD,
    ONLY_TYPE,
    one(
        "only_quad",
        Shape::Word(narrowed_quads),
        "Of these, only those of this quad class; `uncoded` is of those that have none.",
    ),
    ONLY_DATASET,
    one(
        "only_topic",
        Shape::Text(LABEL_MAX_BYTES),
        "Of these, only those about this topic.",
    ),
    one(
        "only_cited",
        Shape::Id,
        "Of these, only those that cite this source.",
    ),
    one(
        "only_with",
        Shape::Id,
        "Of these, only those in which this actor stands, as it counts, beside those asked for.",
    ),
    one(
        "only_wide",
        Shape::Word(|| words(&Width::ALL, Width::as_str)),
        "Of these, only those of which the day on which they start may lie in another bin of this \
         width than the one in which they count; with `window`, outside of the window.",
    ),
    one(
        "only_narrow",
        Shape::Word(|| words(&Width::ALL, Width::as_str)),
        "Of these, only those of which the day on which they start lies in one bin of this width for \
         certain.",
    ),
    one(
        "only_began_before",
        Shape::Flag,
        "Of these, only what lasts and began before the window, or nobody says when.",
    )
    .default("false"),
    one(
        "only_ongoing",
        Shape::Date,
        "Of these, only what lasts, started before the first day of this date and reaches it.",
    ),
    one(
        "only_dated",
        Shape::Flag,
        "Of these, only those with a date.",
    )
    .default("false"),
];
const ONLY_RECORD: Parameter = one(
    "only_record",
    Shape::Word(|| words(Kind::ALL, Kind::as_str)),
    "Of what all other parameters let through, only records of this kind: `meta.opens` of an answer \
     tells which numbers open so.",
);
const ONLY_TYPE: Parameter = one(
    "only_type",
    Shape::Word(types),
    "Of these, only events of this PLOVER type, or with `none` of none.",
);
const ONLY_DATASET: Parameter = one(
    "only_dataset",
    Shape::Id,
    "Of these, only records of this data set.",
);
/// What tells apart what the facets of a search count.
const FACETED: &[Parameter] = &[ONLY_RECORD, ONLY_TYPE, ONLY_DATASET];
/// What tells apart what a cell of a matrix counts.
const ONLY_STANCE: &[Parameter] = &[one(
    "only_stance",
    Shape::Word(|| words(StanceKind::ALL, StanceKind::as_str)),
    "Of what all other parameters let through, only this stance: what one number of a matrix counts.",
)];
const PATHS: &[Parameter] = &[
    one(
        "source",
        Shape::Actor,
        "Where paths start: an actor's id, code, name, alias or office as of the window.",
    )
    .required()
    .example("park-jin"),
    one("target", Shape::Actor, "Where paths end.")
        .required()
        .example("prk"),
    one(
        "mode",
        Shape::Word(|| words(&Mode::ALL, Mode::as_str)),
        "What makes a path good. `fewest`: few hops; of equally long ones, more records. \
         `strongest`: little cost, where a hop costs one over its records. `chronological`: an early \
         arrival, where the records of its hops can be chosen so that none goes before the one ahead \
         of it in time.",
    )
    .default("fewest"),
    one(
        "diverse",
        Shape::Flag,
        "Each further path is the best that shares no actor between its ends with those before it, \
         but for `via`.",
    )
    .default("false"),
    DIRECTED,
    one(
        "max_hops",
        Shape::Whole(1, MAX_HOPS_MAX),
        "Hops of a path at the most.",
    )
    .default("6"),
    one("limit", Shape::Whole(1, PATHS_MAX), "Paths at the most.").default("5"),
    one(
        "via",
        Shape::Actor,
        "An actor that each path leads through, in any order.",
    )
    .up_to(VIA_MAX),
    many(
        "avoid",
        Shape::Actor,
        "An actor that no path leads through.",
    ),
    one(
        "evidence",
        Shape::Whole(0, EVIDENCE_MAX),
        "Records shown for each hop at the most.",
    )
    .default("3"),
    CHAINS,
    MAX_DEGREE,
];
const DIRECTED: Parameter = one(
    "directed",
    Shape::Flag,
    "Follow links from source to target only, and those of equals (calls, meetings) both ways.",
)
.default("false");
const MAX_DEGREE: Parameter = one(
    "max_degree",
    Shape::Whole(1, DEGREE_MAX),
    "Lead through no actor that has more neighbours in the window and under the filters, whichever way the \
     links go: hubs are left out as a whole, never cut short.",
);
const CHAINS: Parameter = one(
    "chains",
    Shape::Word(|| words(&Following::ALL, Following::as_str)),
    "Of records in the order of time: whether each may follow the one before it (`possible`), or must \
     certainly do so (`certain`).",
)
.default("possible");
const REACH: &[Parameter] = &[
    one(
        "source",
        Shape::Actor,
        "Whose news goes out: an actor's id, code, name, alias or office as of the window. Either \
         this or `target`.",
    )
    .example("park-jin"),
    one(
        "target",
        Shape::Actor,
        "Whom news reaches: then the actors from whom it can have come, and when it can have left \
         them at the latest.",
    ),
    DIRECTED,
    one(
        "max_hops",
        Shape::Whole(1, CHAIN_MAX),
        "Hops of a chain at the most; by default any number.",
    ),
    many(
        "avoid",
        Shape::Actor,
        "An actor whom news neither reaches nor passes.",
    ),
    CHAINS,
    MAX_DEGREE,
];
const BIN: Parameter = one(
    "bin",
    Shape::Word(|| words(&Bin::ALL, Bin::as_str)),
    "The width of the bins. Weeks start on Monday.",
)
.default("month");
const SERIES: &[Parameter] = &[
    BIN,
    one(
        "half_life",
        Shape::Whole(1, HALF_LIFE_MAX),
        "Days after which a record counts for half in the intensity.",
    )
    .default("90"),
];
const BASE_WINDOW: &[Parameter] = &[
    one(
        "base_from",
        Shape::Date,
        "The start of the window compared with (EDTF): the first day of this date.",
    )
    .required()
    .example("2023-02"),
    one(
        "base_to",
        Shape::Date,
        "The end of the window compared with (EDTF): the last day of this date.",
    )
    .required()
    .example("2023-02"),
    one(
        "from",
        Shape::Date,
        "The start of the window asked about (EDTF): the first day of this date.",
    )
    .required()
    .example("2023-06"),
    one(
        "to",
        Shape::Date,
        "The end of the window asked about (EDTF): the last day of this date.",
    )
    .required()
    .example("2023-06"),
    CERTAIN,
];
const STANCES: &[Parameter] = &[
    many(
        "speaker",
        Shape::Actor,
        "Only stances of this speaker: an id, a code, a name, an alias or an office as of the \
         window.",
    )
    .example("antony-blinken"),
    many(
        "toward",
        Shape::Actor,
        "Only stances toward this actor; or-ed with `toward_event` and `toward_topic`.",
    )
    .example("prk"),
    many("toward_event", Shape::Id, "Only stances toward this event."),
    many(
        "toward_topic",
        Shape::Text(LABEL_MAX_BYTES),
        "Only stances toward this topic.",
    ),
    many(
        "about",
        Shape::Text(LABEL_MAX_BYTES),
        "Only stances on this matter: the one that the stance names, or else its target, when that \
         is a topic.",
    )
    .example("missile-launches"),
    many(
        "stance",
        Shape::Word(|| words(StanceKind::ALL, StanceKind::as_str)),
        "Only this stance.",
    ),
    many(
        "relayed_by",
        Shape::Actor,
        "Only stances of statements that this actor passed on.",
    ),
];
/// What the rows of a matrix may be.
pub(super) const MATRIX_ROWS: [&str; 1] = ["speaker"];
const MATRIX: &[Parameter] = &[
    one(
        "rows",
        Shape::Word(|| MATRIX_ROWS.to_vec()),
        "What the rows are.",
    )
    .default("speaker"),
    one(
        "columns",
        Shape::Word(|| words(&Columns::ALL, Columns::as_str)),
        "What the columns are: the targets of stances, or the matters that they are about.",
    )
    .default("target"),
];
const CONTRADICTIONS: &[Parameter] = &[
    many(
        "actor",
        Shape::Actor,
        "Only where this actor is concerned: an id, a code, a name, an alias or an office as of the \
         window.",
    ),
    many(
        "rule",
        Shape::Word(|| words(&Rule::ALL, Rule::as_str)),
        "Only by this rule: `stance_reversal` (one speaker turns on one matter), `denial` (a \
         statement denies an event), `date`, `participants`, `type` (events that contradict or \
         corroborate one another tell it differently), `account` (one contradicts the other in some \
         other way), `office_overlap` (two hold an office on one day that is otherwise held by one at a time).",
    ),
];
const SINCE: &[Parameter] = &[one(
    "since",
    Shape::Commit,
    "Only commits after the one with this number.",
)
.default("0")];
const DIFF: &[Parameter] = &[
    one(
        "from_commit",
        Shape::KnownAt,
        "The state compared with: after this commit (a number; 0 is before the first), or at this \
         instant (RFC 3339).",
    )
    .required()
    .example("1"),
    one(
        "to_commit",
        Shape::KnownAt,
        "The state asked about, named in the same way. By default, now.",
    ),
];
const HISTOGRAM: &[Parameter] = &[
    BIN,
    one(
        "by",
        Shape::Word(splits),
        "What to break the bins down by, beside the quad classes, which are always there.",
    )
    .default("quad"),
];
const GRAPH: &[Parameter] = &[
    many(
        "actor",
        Shape::Actor,
        "Around this actor: an id, a code, a name, an alias or an office as of the window. Without \
         one, the strongest actors of the window.",
    )
    .example("antony-blinken"),
    one(
        "hops",
        Shape::Whole(0, GRAPH_HOPS_MAX),
        "Hops from the actors asked for; without one it means nothing.",
    )
    .default("1"),
    one("limit", Shape::Whole(1, NODES_MAX), "Actors at the most.").default("100"),
    one(
        "events",
        Shape::Flag,
        "Show the events behind the links as nodes of their own.",
    )
    .default("false"),
];
const TIMELINE_FORMAT: &[Parameter] = &[one(
    "format",
    Shape::Word(|| TIMELINES.iter().map(|form| form.word).collect()),
    "The form of the answer; by default the one that `Accept` likes best. All but `json` are files of \
     the whole timeline and take neither `limit` nor `cursor`.",
)];
const GRAPH_FORMAT: &[Parameter] = &[one(
    "format",
    Shape::Word(|| GRAPHS.iter().map(|form| form.word).collect()),
    "The form of the answer; by default the one that `Accept` likes best. Events that are asked for are \
     nodes of the files, too, linked with those shown who took part.",
)];
const EXPORT: &[Parameter] = &[one(
    "format",
    Shape::Word(|| EXPORTS.iter().map(|form| form.word).collect()),
    "The form of the file; by default the one that `Accept` likes best.",
)];
const SEED: Parameter = one(
    "seed",
    Shape::Whole(0, SEED_MAX),
    "The seed of what is drawn at random: the same seed gives the same answer.",
)
.default("1");
const COMMUNITIES: &[Parameter] = &[
    SEED,
    one(
        "members",
        Shape::Whole(0, 500),
        "Members of each community to name at the most; the others are counted.",
    )
    .default("20"),
];
const RANKINGS: &[Parameter] = &[
    one(
        "by",
        Shape::Word(|| words(&Measure::ALL, Measure::as_str)),
        "What actors are ranked by.",
    )
    .default("degree"),
    SEED,
];
/// What pairs of actors are ordered by.
pub(super) const PAIRS_BY: [&str; 1] = ["records"];
const DYADS: &[Parameter] = &[one(
    "by",
    Shape::Word(|| PAIRS_BY.to_vec()),
    "What pairs are ordered by: the records that link the two.",
)
.default("records")];
const SEARCH: &[Parameter] = &[
    one(
        "q",
        Shape::Text(QUERY_MAX_CHARS),
        "What to look for: words, in any case and with or without accents. Words of three letters or \
         more also find those that they are the start of and, in texts whose sources say their \
         `language`, their other forms. `\"two words\"` are a phrase, as they stand; `-word` and \
         `-\"two words\"` leave out what has that.",
    )
    .required()
    .example("missile launches"),
    many(
        "in",
        Shape::Word(|| words(&SEARCHED, Kind::plural)),
        "Only in records of this kind; by default in all of them.",
    ),
    one(
        "order",
        Shape::Word(|| words(&SearchOrder::ALL, SearchOrder::as_str)),
        "What fits best first, or the latest first; what has no date comes last.",
    )
    .default("relevance"),
];
const RESOLVE: &[Parameter] = &[
    one(
        "q",
        Shape::Actor,
        "The name: an id, a code (with its scheme before it where two schemes have it: `cow:710`), a name, \
         an alias or an office.",
    )
    .required()
    .example("Secretary of State"),
    one(
        "on",
        Shape::Date,
        "As of which day or days names, aliases and offices count; at any time, when it is not given.",
    )
    .example("2023-06-16"),
    many(
        "kind",
        Shape::Word(|| words(ActorKind::ALL, ActorKind::as_str)),
        "Only actors of this kind.",
    ),
];
const FORM: &[Parameter] = &[one(
    "form",
    Shape::Word(|| FORMS.to_vec()),
    "The record with names, days and counts beside what it says (`answer`), or just as it can be \
     written and imported (`document`).",
)
.default("answer")];
const IMPORT: &[Parameter] = &[
    one(
        "dataset",
        Shape::Id,
        "The data set of records that name none.",
    )
    .default("default"),
    one(
        "format",
        Shape::Word(|| words(Format::ALL, Format::as_str)),
        "The format; by default that of `Content-Type`, or what the first bytes look like.",
    ),
    one(
        "on_error",
        Shape::Word(|| words(&ON_ERRORS, on_error)),
        "What to do when there are rejects: write nothing, or write the good records.",
    )
    .default("reject"),
    one("dry_run", Shape::Flag, "Do everything but write.").default("false"),
];
const REJECTS_FORMAT: &[Parameter] = &[one(
    "format",
    Shape::Word(|| REJECTS.iter().map(|form| form.word).collect()),
    "The form of the answer; by default the one that `Accept` likes best.",
)];

/// The parameters of a route.
pub(super) trait Set: 'static {
    /// In groups, in the order of the documentation.
    const GROUPS: &'static [&'static [Parameter]];
}

macro_rules! sets {
    ($($(#[$doc:meta])* $name:ident = [$($group:expr),*];)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(super) struct $name;

        impl Set for $name {
            const GROUPS: &'static [&'static [Parameter]] = &[$($group),*];
        }

        impl IntoParams for $name {
            fn into_params(
                _place: impl Fn() -> Option<ParameterIn>,
            ) -> Vec<path::Parameter> {
                Self::GROUPS.iter().copied().flatten().map(Parameter::document).collect()
            }
        }
    )+};
}

sets! {
    /// None.
    NoParameters = [];
    /// Of a list of actors.
    ListActors = [&[NAME, KIND, DATASET], PAGE, KNOWN_AT];
    /// Of a list of sources.
    ListSources = [&[NAME, DATASET], PAGE, KNOWN_AT];
    /// Of a list of relations, events or statements.
    ListDated = [WINDOW, ANY, FILTERS, &[SOURCE], SCHEME, PAGE, KNOWN_AT];
    /// Of one record.
    OneRecord = [FORM, SCHEME, KNOWN_AT];
    /// Of a record's history.
    HistoryParameters = [SCHEME, KNOWN_AT];
    /// Of paths.
    PathsParameters = [PATHS, WINDOW, ACTUAL, FILTERS, RECORD, SCHEME, ROLLUP, KNOWN_AT];
    /// Of how far news travels.
    ReachParameters = [REACH, WINDOW, ACTUAL, FILTERS, RECORD, SCHEME, ROLLUP, PAGE, KNOWN_AT];
    /// Of a timeline.
    TimelineParameters = [TIMELINE_FORMAT, SELECTION, NARROWED, MARKS, WINDOW, ANY, ORDER, FILTERS, &[SOURCE], RECORD, SCHEME, ROLLUP, PAGE, KNOWN_AT];
    /// Of the timeline of an actor.
    ActorTimelineParameters = [TIMELINE_FORMAT, WINDOW, ANY, ORDER, FILTERS, &[SOURCE], RECORD, SCHEME, ROLLUP, PAGE, KNOWN_AT];
    /// Of a histogram.
    HistogramParameters = [HISTOGRAM, SELECTION, WINDOW, ANY, FILTERS, &[SOURCE], RECORD, SCHEME, ROLLUP, KNOWN_AT];
    /// Of an actor's relationships.
    RelationshipsParameters = [WINDOW, ACTUAL, FILTERS, &[SOURCE], RECORD, SCHEME, ROLLUP, PAGE, KNOWN_AT];
    /// Of a dyad.
    DyadParameters = [WINDOW, ACTUAL, FILTERS, &[SOURCE], RECORD, SCHEME, ROLLUP, KNOWN_AT];
    /// Of all dyads.
    DyadsParameters = [DYADS, WINDOW, ACTUAL, FILTERS, &[SOURCE], RECORD, SCHEME, ROLLUP, PAGE, KNOWN_AT];
    /// Of the series of a dyad.
    SeriesParameters = [SERIES, WINDOW, ACTUAL, FILTERS, &[SOURCE], RECORD, SCHEME, ROLLUP, KNOWN_AT];
    /// Of two windows of a dyad.
    CompareParameters = [BASE_WINDOW, ACTUAL, FILTERS, &[SOURCE], RECORD, SCHEME, ROLLUP, KNOWN_AT];
    /// Of a list of stances.
    StancesParameters = [STANCES, ONLY_STANCE, WINDOW, ANY, FILTERS_OF_ANY, SCHEME, ROLLUP, PAGE, KNOWN_AT];
    /// Of a matrix of stances.
    MatrixParameters = [MATRIX, STANCES, WINDOW, ANY, FILTERS_OF_ANY, SCHEME, ROLLUP, KNOWN_AT];
    /// Of contradictions.
    ContradictionsParameters = [CONTRADICTIONS, WINDOW, ANY, FILTERS_OF_ANY, SCHEME, ROLLUP, PAGE, KNOWN_AT];
    /// Of the commits.
    ChangesParameters = [SINCE, PAGE, KNOWN_AT];
    /// Of the difference of two commits.
    DiffParameters = [DIFF, SCHEME, PAGE];
    /// Of a network.
    GraphParameters = [GRAPH, GRAPH_FORMAT, WINDOW, ACTUAL, FILTERS, &[SOURCE], RECORD, SCHEME, ROLLUP, KNOWN_AT];
    /// Of rankings.
    RankingsParameters = [RANKINGS, WINDOW, ACTUAL, FILTERS, &[SOURCE], RECORD, SCHEME, ROLLUP, PAGE, KNOWN_AT];
    /// Of communities.
    CommunitiesParameters = [COMMUNITIES, WINDOW, ACTUAL, FILTERS, &[SOURCE], RECORD, SCHEME, ROLLUP, PAGE, KNOWN_AT];
    /// Of a search.
    SearchParameters = [SEARCH, FACETED, WINDOW, ANY, FILTERS, &[SOURCE], SCHEME, ROLLUP, PAGE, KNOWN_AT];
    /// Of what a name means.
    ResolveParameters = [RESOLVE, KNOWN_AT];
    /// Of events told twice.
    DuplicatesParameters = [WINDOW, ANY, FILTERS, &[SOURCE], SCHEME, PAGE, KNOWN_AT];
    /// Of the summary.
    SummaryParameters = [WINDOW, FILTERS, &[SOURCE], RECORD, SCHEME, KNOWN_AT];
    /// Of an import.
    ImportParameters = [IMPORT];
    /// Of the list of imports.
    ImportsParameters = [PAGE];
    /// Of the rejects of an import.
    RejectsParameters = [REJECTS_FORMAT];
    /// Of an export.
    ExportParameters = [EXPORT, RECORD, KNOWN_AT];
}

impl Parameter {
    /// The parameter as `OpenAPI` describes it.
    fn document(&self) -> path::Parameter {
        let (schema, required) = match self.times {
            Times::Required => (self.schema(), Required::True),
            Times::Optional => (self.schema(), Required::False),
            Times::UpTo(times) => {
                let list = ArrayBuilder::new()
                    .items(self.schema())
                    .min_items(Some(self.least()))
                    .max_items(Some(times));
                (list.build().into(), Required::False)
            }
        };
        ParameterBuilder::new()
            .name(self.name)
            .parameter_in(ParameterIn::Query)
            .description(Some(self.description()))
            .required(required)
            .schema(Some(schema))
            .build()
    }

    fn least(&self) -> usize {
        if self.name == "between" { 2 } else { 1 }
    }

    fn description(&self) -> String {
        match self.times {
            Times::UpTo(times) if times > 2 => {
                format!("{} May be repeated, up to {times} times.", self.about)
            }
            Times::UpTo(_) | Times::Optional | Times::Required => self.about.to_owned(),
        }
    }

    fn schema(&self) -> RefOr<Schema> {
        let string = || ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
        let object = match self.shape {
            Shape::Actor => string().min_length(Some(1)),
            Shape::Date => string()
                .format(Some(SchemaFormat::Custom("edtf".into())))
                .min_length(Some(1))
                .max_length(Some(MAX_DATE_BYTES)),
            Shape::Flag => ObjectBuilder::new().schema_type(SchemaType::new(Type::Boolean)),
            Shape::Whole(least, most) => ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::Integer))
                .minimum(Some(Number::from(least)))
                .maximum(Some(Number::from(most))),
            Shape::Commit => ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::Integer))
                .minimum(Some(Number::from(0))),
            Shape::Share => ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::Number))
                .minimum(Some(Number::from(0)))
                .maximum(Some(Number::from(1))),
            Shape::Word(words) => string().enum_values(Some(words())),
            Shape::Cameo => string().pattern(Some("^(0[1-9]|1[0-9]|20)[0-9]{0,2}$")),
            Shape::Id => string()
                .pattern(Some("^[a-z0-9][a-z0-9._:-]*$"))
                .max_length(Some(ID_MAX_BYTES)),
            Shape::Text(bytes) => string().min_length(Some(1)).max_length(Some(bytes)),
            Shape::Cursor => string().pattern(Some(super::cursor::PATTERN)),
            Shape::KnownAt => return self.known_at(),
        };
        let object = object
            .examples(self.example)
            .default(self.default.map(|value| self.value(value)));
        object.build().into()
    }

    /// A commit or an instant.
    #[expect(clippy::unused_self, reason = "a shape among others")]
    fn known_at(&self) -> RefOr<Schema> {
        let commit = ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::Integer))
            .minimum(Some(Number::from(0)));
        let instant = ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
        let either = AnyOfBuilder::new().item(commit).item(instant);
        Schema::AnyOf(either.build()).into()
    }

    /// A default as JSON.
    fn value(&self, text: &str) -> serde_json::Value {
        match self.shape {
            Shape::Flag | Shape::Whole(..) | Shape::Commit | Shape::Share => {
                serde_json::from_str(text).unwrap_or_default()
            }
            Shape::Actor
            | Shape::Date
            | Shape::Word(_)
            | Shape::Cameo
            | Shape::Id
            | Shape::Text(_)
            | Shape::KnownAt
            | Shape::Cursor => text.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_route_has_two_parameters_of_one_name() {
        fn check<S: Set>() {
            let mut names: Vec<&str> = S::GROUPS
                .iter()
                .copied()
                .flatten()
                .map(|p| p.name)
                .collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{names:?}");
        }
        check::<ListActors>();
        check::<ListSources>();
        check::<ListDated>();
        check::<PathsParameters>();
        check::<ReachParameters>();
        check::<TimelineParameters>();
        check::<ActorTimelineParameters>();
        check::<HistogramParameters>();
        check::<RelationshipsParameters>();
        check::<DyadParameters>();
        check::<DyadsParameters>();
        check::<SeriesParameters>();
        check::<CompareParameters>();
        check::<StancesParameters>();
        check::<MatrixParameters>();
        check::<ContradictionsParameters>();
        check::<ChangesParameters>();
        check::<DiffParameters>();
        check::<GraphParameters>();
        check::<RankingsParameters>();
        check::<CommunitiesParameters>();
        check::<SearchParameters>();
        check::<SummaryParameters>();
        check::<ResolveParameters>();
        check::<DuplicatesParameters>();
        check::<ImportParameters>();
    }

    #[test]
    fn defaults_are_what_the_documentation_says() {
        let default = |group: &[Parameter], name: &str| {
            let found = group.iter().find(|p| p.name == name).unwrap();
            found.default.unwrap().parse::<usize>().unwrap()
        };
        assert_eq!(default(PAGE, "limit"), PAGE_DEFAULT);
        assert_eq!(default(GRAPH, "limit"), GRAPH_NODES_DEFAULT);
        assert_eq!(default(GRAPH, "hops"), GRAPH_HOPS_DEFAULT);
        assert_eq!(default(&[SEED], "seed"), SEED_DEFAULT);
        assert_eq!(default(COMMUNITIES, "members"), MEMBERS_DEFAULT);
        assert_eq!(default(PATHS, "limit"), PATHS_DEFAULT);
        assert_eq!(default(PATHS, "max_hops"), HOPS_DEFAULT);
        assert_eq!(default(PATHS, "evidence"), EVIDENCE_DEFAULT);
    }
}
