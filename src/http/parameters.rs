//! The parameters that several routes share, and how `OpenAPI` describes all parameters. What one
//! question is asked stands beside its handler.

use std::borrow::Cow;

use serde::Deserialize;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{
    AnyOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{Deprecated, RefOr, Required, Schema, path};
use utoipa::{IntoParams, Number};

use super::format::{GRAPHS, REJECTS, TIMELINES};
use super::problem::Problem;
use super::query_params::ValidatedParams;
use crate::clock;
use crate::engine::{Engine, KnownAt};
use crate::graph::{Direction, View};
use crate::model::date::MAX_DATE_BYTES;
use crate::model::{ID_MAX_BYTES, LABEL_MAX_BYTES};
use crate::parameter::{
    ActorName, Chars, CursorText, Fault, Few, Multiplicity, OneOf, ParamSet, Parameter, Twice,
    Value, ValueShape, WholeNumber, WordList, parameters, word_values,
};
use crate::query::{ActorMatch, Bin, ChainRule, DEGREE_MAX, WAYS};

/// Items of one page.
pub(super) const PAGE_MAX: usize = 1_000;
/// The largest seed.
const SEED_MAX: usize = u32::MAX as usize;

word_values! {
    Bin: Bin::ALL, Bin::as_str;
    ChainRule: ChainRule::ALL, ChainRule::as_str;
    ActorMatch: ActorMatch::ALL, ActorMatch::as_str;
    Way: Way::ALL, Way::as_str;
}

/// A way in which a record links the two actors of a dyad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way(pub(super) Direction);

impl Way {
    /// The parameter that asks for it.
    pub(super) const NAME: &'static str = "way";
    const ALL: [Self; WAYS.len()] = [Self(WAYS[0].0), Self(WAYS[1].0), Self(WAYS[2].0)];

    fn as_str(self) -> &'static str {
        let known = WAYS.iter().find(|(way, _)| *way == self.0);
        known.map_or("", |(_, word)| word)
    }
}

impl Value for KnownAt {
    const SHAPE: ValueShape = ValueShape::KnownAt;

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            // No commit has a number so large that it is none of ours.
            return Ok(Self::Commit(text.parse().unwrap_or(u64::MAX)));
        }
        // A plus sign that was not encoded is read as a space.
        let encoded = text.replace(' ', "+");
        clock::parse_rfc3339(&encoded)
            .map(Self::Time)
            .ok_or_else(|| {
                let problem = "must be the number of a commit or an instant (RFC 3339) such as \
                               2023-06-17T12:00:00Z";
                Fault::from(problem.to_owned())
            })
    }

    fn spell(&self) -> Cow<'_, str> {
        match self {
            Self::Now => clock::rfc3339(clock::now_millis()).into(),
            Self::Commit(number) => number.to_string().into(),
            Self::Time(millis) => clock::rfc3339(*millis).into(),
        }
    }
}

/// The two actors that a path names.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct DyadPath {
    /// The first actor: an id, code, name, alias or office.
    #[param(min_length = 1, example = "usa")]
    pub(super) a: String,
    /// The second actor: an id, code, name, alias or office.
    #[param(min_length = 1, example = "chn")]
    pub(super) b: String,
}

parameters! {
    /// As of which state of the record.
    pub(super) struct KnownAtParams {
        /// Answer as of this commit (a number; 0 is the state before the first commit) or as of this instant
        /// (RFC 3339). The default is the current state.
        known_at: Option<KnownAt>,
    }
}

impl KnownAtParams {
    /// The state that is asked for; the last, when none is.
    ///
    /// # Errors
    ///
    /// When there is no such commit.
    pub(super) fn view(&self, engine: &Engine) -> Result<View, Problem> {
        Ok(engine.view(self.known_at.unwrap_or(KnownAt::Now))?)
    }
}

parameters! {
    /// Which page.
    pub(super) struct PageParams {
        /// The maximum number of items per page.
        limit: WholeNumber<1, PAGE_MAX> = "50",
        /// Where the page starts: the value of `next` of the previous page. All other parameters must be the
        /// same as for that page. All pages are as of the same commit.
        cursor: Option<CursorText>,
    }
}

parameters! {
    /// Which records: of some actors, of a dyad, or all.
    pub(super) struct SelectionParams {
        /// Only records that involve this actor. The actor is given by an id, a code, a name, an alias or an
        /// office as of the window.
        #[example("antony-blinken")]
        actor: Vec<ActorName>,
        /// Whether a record must involve at least one of the actors (`any`) or all of them (`all`).
        #[spelled("match")]
        how: ActorMatch = "any",
        /// Only records that link two actors. Give this parameter exactly twice, once for each actor. It
        /// cannot be combined with `actor`.
        between: Twice<ActorName>,
        /// Requires `between`. Only records that link the first actor to the second (`a_to_b`), the second to
        /// the first (`b_to_a`), or both as equals (`together`).
        way: Few<Way, { WAYS.len() }>,
    }
}

parameters! {
    /// Which way links are followed.
    pub(crate) struct DirectedParams {
        /// Follow each link only from its source to its target. Links between equals (calls, meetings) are
        /// followed in both directions.
        directed: bool = "false",
    }
}

parameters! {
    /// Through whom paths lead.
    pub(crate) struct MaxDegreeParams {
        /// Paths do not lead through an actor with more neighbours than this in the window and under the
        /// filters. Neighbours in both directions count. Such hubs are excluded completely; their links are
        /// not truncated.
        max_degree: Option<WholeNumber<1, DEGREE_MAX>>,
    }
}

parameters! {
    /// How records of a chain follow one another.
    pub(crate) struct ChainsParams {
        /// For chronological chains of records: whether it is sufficient that each record may follow the
        /// previous one (`possible`), or whether it must certainly follow it (`certain`).
        chains: ChainRule = "possible",
    }
}

parameters! {
    /// How wide bins are.
    pub(super) struct BinParams {
        /// The width of the bins. Weeks start on Monday.
        bin: Bin = "month",
    }
}

parameters! {
    /// What is drawn at random.
    pub(super) struct SeedParams {
        /// The seed of the random numbers. The same seed gives the same answer.
        seed: WholeNumber<0, SEED_MAX> = "1",
    }
}

parameters! {
    /// What a name or title has in it.
    pub(super) struct NameParams {
        /// Only records whose name or title contains this text. Case and accents are ignored.
        name: Option<Chars<LABEL_MAX_BYTES>>,
    }
}

/// The forms of a timeline.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimelineForms;

impl WordList for TimelineForms {
    fn words() -> Vec<&'static str> {
        TIMELINES.iter().map(|form| form.word).collect()
    }
}

parameters! {
    /// In which form.
    pub(super) struct TimelineFormParams {
        /// The format of the answer. By default, the format that `Accept` prefers. All formats other than
        /// `json` are files with the complete timeline; `limit` and `cursor` cannot be used with them.
        format: Option<OneOf<TimelineForms>>,
    }
}

/// The forms of a network.
#[derive(Clone, Copy, Debug)]
pub(super) struct GraphForms;

impl WordList for GraphForms {
    fn words() -> Vec<&'static str> {
        GRAPHS.iter().map(|form| form.word).collect()
    }
}

/// The forms of rejects.
#[derive(Clone, Copy, Debug)]
pub(super) struct RejectForms;

impl WordList for RejectForms {
    fn words() -> Vec<&'static str> {
        REJECTS.iter().map(|form| form.word).collect()
    }
}

/// The word of a form, if one is asked for.
pub(super) fn form_word<L>(format: Option<OneOf<L>>) -> Option<&'static str> {
    format.map(|one| one.0)
}

/// What a route is asked, for `OpenAPI`.
impl<S: ParamSet> IntoParams for ValidatedParams<S> {
    fn into_params(_place: impl Fn() -> Option<ParameterIn>) -> Vec<path::Parameter> {
        S::all()
            .iter()
            .flat_map(|parameter| describe(parameter))
            .collect()
    }
}

/// A parameter as `OpenAPI` describes it, and the names that it had before.
fn describe(parameter: &Parameter) -> Vec<path::Parameter> {
    let (schema, required) = match parameter.times {
        Multiplicity::Required => (schema(parameter), Required::True),
        Multiplicity::Optional => (schema(parameter), Required::False),
        Multiplicity::UpTo(_) | Multiplicity::Twice => {
            let least = if parameter.times == Multiplicity::Twice {
                2
            } else {
                1
            };
            let list = ArrayBuilder::new()
                .items(schema(parameter))
                .min_items(Some(least))
                .max_items(Some(parameter.times.most()));
            (list.build().into(), Required::False)
        }
    };
    let described = |name: &str, about: String, required: Required| {
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Query)
            .description(Some(about))
            .required(required)
            .schema(Some(schema.clone()))
    };
    let now = described(parameter.name, about(parameter), required);
    let before = parameter.aliases.iter().map(|alias| {
        let about = format!("The former name of `{}`.", parameter.name);
        described(alias, about, Required::False).deprecated(Some(Deprecated::True))
    });
    [now]
        .into_iter()
        .chain(before)
        .map(ParameterBuilder::build)
        .collect()
}

/// What a parameter does, and how often it may be given.
pub(super) fn about(parameter: &Parameter) -> String {
    match parameter.times {
        Multiplicity::UpTo(times) if times > 2 => {
            format!(
                "{} May be repeated, up to {times} times.",
                parameter.about()
            )
        }
        Multiplicity::UpTo(_)
        | Multiplicity::Twice
        | Multiplicity::Optional
        | Multiplicity::Required => parameter.about().to_owned(),
    }
}

fn schema(parameter: &Parameter) -> RefOr<Schema> {
    let string = || ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
    let object = match parameter.shape {
        ValueShape::Actor => string().min_length(Some(1)),
        ValueShape::Date => string()
            .format(Some(SchemaFormat::Custom("edtf".into())))
            .min_length(Some(1))
            .max_length(Some(MAX_DATE_BYTES)),
        ValueShape::Flag => ObjectBuilder::new().schema_type(SchemaType::new(Type::Boolean)),
        ValueShape::WholeNumber(least, most) => ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::Integer))
            .minimum(Some(Number::from(least)))
            .maximum(Some(Number::from(most))),
        ValueShape::Commit => ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::Integer))
            .minimum(Some(Number::from(0))),
        ValueShape::Share => ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::Number))
            .minimum(Some(Number::from(0)))
            .maximum(Some(Number::from(1))),
        ValueShape::Word(words) => string().enum_values(Some(words())),
        ValueShape::Cameo => string().pattern(Some("^(0[1-9]|1[0-9]|20)[0-9]{0,2}$")),
        ValueShape::Id => string()
            .pattern(Some("^[a-z0-9][a-z0-9._:-]*$"))
            .max_length(Some(ID_MAX_BYTES)),
        ValueShape::Text(bytes) => string().min_length(Some(1)).max_length(Some(bytes)),
        ValueShape::Cursor => string().pattern(Some(super::cursor::PATTERN)),
        ValueShape::KnownAt => return commit_or_instant(),
    };
    let object = object
        .examples(parameter.example)
        .default(parameter.default.map(|text| json(parameter.shape, text)));
    object.build().into()
}

fn commit_or_instant() -> RefOr<Schema> {
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
fn json(shape: ValueShape, text: &str) -> serde_json::Value {
    match shape {
        ValueShape::Flag | ValueShape::WholeNumber(..) | ValueShape::Commit | ValueShape::Share => {
            serde_json::from_str(text).unwrap_or_default()
        }
        ValueShape::Actor
        | ValueShape::Date
        | ValueShape::Word(_)
        | ValueShape::Cameo
        | ValueShape::Id
        | ValueShape::Text(_)
        | ValueShape::KnownAt
        | ValueShape::Cursor => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::collections::BTreeSet;

    use super::super::{
        changes, duplicates, dyads, export, imports, network, questions, records, search, stances,
    };
    use super::*;
    use crate::parameter::{GivenValues, Params as _};

    /// What a set is given in the tests: what it needs, by the examples of its documentation.
    fn needed<S: ParamSet>() -> GivenValues {
        let mut given = GivenValues::default();
        for parameter in S::all() {
            if parameter.times == Multiplicity::Required {
                let example = parameter.example;
                given.push(parameter, example.expect(parameter.name).to_owned());
            }
        }
        given
    }

    fn check<S: ParamSet>() {
        let names: Vec<&str> = S::all().iter().map(|parameter| parameter.name).collect();
        let unique: BTreeSet<&&str> = names.iter().collect();
        assert_eq!(unique.len(), names.len(), "{names:?}");
        // Every default and every example of what is needed can be read.
        let given = needed::<S>();
        given.check_counts(S::all()).unwrap();
        let read = S::read(&given).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        // What is spelled is what was given, and the parts of a scope whose defaults differ.
        let mut spelled = Vec::new();
        read.spell(&mut |name, value: Cow<'_, str>| {
            spelled.push((name.to_owned(), value.into_owned()));
        });
        spelled.retain(|(name, _)| !["occurrence", "scheme"].contains(&name.as_str()));
        let given: Vec<(String, String)> = given
            .pairs()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        // The window is read by the parameters of its dates and by the scope.
        let spelled: BTreeSet<&(String, String)> = spelled.iter().collect();
        for pair in &given {
            assert!(
                spelled.contains(pair) || ["from", "to"].contains(&pair.0.as_str()),
                "{pair:?} of {spelled:?}"
            );
        }
        for (name, _) in spelled {
            assert!(
                given.iter().any(|(known, _)| known == name),
                "{name} was not given"
            );
        }
    }

    #[test]
    fn names_are_unique_defaults_are_read_and_what_is_read_is_spelled() {
        check::<questions::PathsParams>();
        check::<questions::ReachParams>();
        check::<questions::TimelineParams>();
        check::<questions::ActorTimelineParams>();
        check::<questions::HistogramParams>();
        check::<questions::RelationshipsParams>();
        check::<questions::DyadParams>();
        check::<questions::SummaryParams>();
        check::<dyads::DyadsParams>();
        check::<dyads::SeriesParams>();
        check::<dyads::CompareParams>();
        check::<stances::StanceListParams>();
        check::<stances::MatrixParams>();
        check::<stances::ContradictionsParams>();
        check::<changes::ChangesParams>();
        check::<changes::DiffParams>();
        check::<network::GraphParams>();
        check::<network::RankingsParams>();
        check::<network::CommunitiesParams>();
        check::<search::SearchParams>();
        check::<search::ResolveParams>();
        check::<duplicates::DuplicateActorsParams>();
        check::<duplicates::DuplicatesParams>();
        check::<search::TopicsParams>();
        check::<records::ActorsParams>();
        check::<records::SourcesParams>();
        check::<records::DatedParams>();
        check::<records::RecordParams>();
        check::<records::HistoryParams>();
        check::<imports::ImportsParams>();
        check::<imports::RejectsParams>();
        check::<export::ExportParams>();
    }

    parameters! {
        /// A parameter that had another name.
        struct Renamed {
            /// Points at most.
            #[alias("max_marks")]
            max_points: WholeNumber<1, 9> = "3",
        }
    }

    #[test]
    fn a_former_name_is_read_and_described_as_deprecated() {
        let parameter = Renamed::all()[0];
        assert!(parameter.is_called("max_marks") && parameter.is_called("max_points"));
        let described = describe(parameter);
        let seen: Vec<(&str, bool)> = described
            .iter()
            .map(|one| (one.name.as_str(), one.deprecated.is_some()))
            .collect();
        assert_eq!(seen, [("max_points", false), ("max_marks", true)]);
        let mut given = GivenValues::default();
        given.push(parameter, "7".to_owned());
        assert_eq!(Renamed::read(&given).unwrap().max_points.0, 7);
    }
}
