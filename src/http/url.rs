//! URLs: where the API stands, how queries are written, and where the numbers of answers open.

use std::fmt;
use std::io;
use std::str::FromStr;
use std::sync::OnceLock;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::changes::CommitsParams;
use super::parameters::{KnownAtParams, SelectionParams, Way};
use super::search::WordsParams;
use super::stances::{OnlyStanceParams, StancesParams};
use crate::engine::KnownAt;
use crate::model::Kind;
use crate::parameter::{ActorName, Chars, Few, Params, Twice};
use crate::query::{
    ActorMatch, DrillDown, Filter, ListedRecords, NamedStances, OpenedQuestion, Scope, StanceCell,
    StanceColumn, WAYS,
};

/// The path under which the API stands, below the [base path](BasePath).
pub const BASE: &str = "/api/v1";

/// What is escaped in links: all but the unreserved characters of RFC 3986, section 2.3.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The path under which a proxy serves what this process does, such as `/chancery`; empty when there is
/// none. It is written before the paths of links and of drill-downs. The proxy takes it off again: it is
/// no part of the routes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BasePath(String);

impl FromStr for BasePath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let path = text.trim_end_matches('/');
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
        let rooted = path.is_empty() || path.starts_with('/');
        if rooted && !path.contains("//") && path.chars().all(plain) {
            Ok(Self(path.to_owned()))
        } else {
            Err(format!(
                "{text:?} is not a path: write one such as /chancery, of letters, digits and - . _ ~"
            ))
        }
    }
}

/// The base path of this process. Drill-downs are written deep inside of answers, where nobody hands
/// it on.
static BASE_PATH: OnceLock<BasePath> = OnceLock::new();

impl BasePath {
    /// Makes it that of the process.
    ///
    /// # Errors
    ///
    /// When the process has another one already.
    pub(super) fn settle(&self) -> io::Result<()> {
        if BASE_PATH.get_or_init(|| self.clone()) == self {
            return Ok(());
        }
        let problem = "this process already uses another base path";
        Err(io::Error::new(io::ErrorKind::AlreadyExists, problem))
    }
}

/// The base path of the process; empty before one was settled.
pub(super) fn base_path() -> &'static str {
    BASE_PATH.get().map_or("", |base| &base.0)
}

/// The path of something below [`BASE`], as it is seen from outside.
pub(super) fn api_path(below: &str) -> String {
    format!("{}{BASE}{below}", base_path())
}

/// A path with a query string, being written.
pub(super) struct UrlWriter {
    text: String,
    sign: char,
}

impl UrlWriter {
    pub(super) fn to(path: String) -> Self {
        Self {
            text: path,
            sign: '?',
        }
    }

    pub(super) fn add(&mut self, name: &str, value: &str) {
        self.text.push(self.sign);
        self.text.push_str(name);
        self.text.push('=');
        self.text.extend(utf8_percent_encode(value, ESCAPED));
        self.sign = '&';
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    fn add_all(&mut self, params: &impl Params) {
        params.spell(&mut |name, value| self.add(name, &value));
    }
}

/// A text as it stands in a segment of a path.
pub(super) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// A path of this service with a query string, as it is seen from outside.
pub(super) fn link<'a>(path: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut link = UrlWriter::to(format!("{}{path}", base_path()));
    for (name, value) in pairs {
        link.add(name, value);
    }
    link.text
}

fn actors(ids: &[String]) -> Vec<ActorName> {
    let named = |id: &String| ActorName {
        parameter: "",
        text: id.clone(),
    };
    ids.iter().map(named).collect()
}

fn write_listed(link: &mut UrlWriter, listed: &ListedRecords, known_at: u64) {
    let selection = SelectionParams {
        actor: Vec::new(),
        how: ActorMatch::Any,
        between: Twice(Vec::new()),
        way: Few(Vec::new()),
    };
    match listed {
        ListedRecords::Everything => {}
        ListedRecords::Actors(ids, how) => link.add_all(&SelectionParams {
            actor: actors(ids),
            how: *how,
            ..selection
        }),
        ListedRecords::Dyad(ids, _) => link.add_all(&SelectionParams {
            between: Twice(actors(ids)),
            ..selection
        }),
        ListedRecords::Stances(stances) => write_stances(link, stances),
        ListedRecords::Found(words, kinds) => link.add_all(&WordsParams {
            q: Chars(words.clone()),
            kinds: kinds.iter().copied().map(super::search::Searched).collect(),
        }),
        ListedRecords::Records(_, dataset) => {
            let filter = Filter {
                datasets: dataset.iter().cloned().collect(),
                ..Filter::default()
            };
            filter.spell(&mut |name, value| link.add(name, &value));
        }
        ListedRecords::Changes(from) => link.add_all(&CommitsParams {
            from_commit: KnownAt::Commit(*from),
            to_commit: Some(KnownAt::Commit(known_at)),
        }),
    }
}

fn write_stances(link: &mut UrlWriter, stances: &NamedStances) {
    link.add_all(&StancesParams {
        speaker: actors(&stances.speakers),
        toward: actors(&stances.toward),
        toward_event: stances.toward_events.clone(),
        toward_topic: stances.toward_topics.clone(),
        about: stances.about.clone(),
        stance: stances.kinds.clone(),
        relayed_by: actors(&stances.relayed_by),
    });
    link.add_all(&OnlyStanceParams {
        only_stance: stances.only,
    });
}

const fn path(listed: &ListedRecords) -> &'static str {
    match listed {
        ListedRecords::Everything | ListedRecords::Actors(..) | ListedRecords::Dyad(..) => {
            "/timeline"
        }
        ListedRecords::Stances(_) => "/stances",
        ListedRecords::Found(..) => "/search",
        ListedRecords::Changes(_) => "/diff",
        ListedRecords::Records(kind, _) => match kind {
            Kind::Actor => "/actors",
            Kind::Source => "/sources",
            Kind::Relation => "/relations",
            Kind::Event => "/events",
            Kind::Statement => "/statements",
            Kind::Judgement => "/judgements",
        },
    }
}

/// The URL of a question, with what a cell of its answer puts in the place of its own values.
fn written(question: &OpenedQuestion, cell: Option<&DrillDown>) -> String {
    let mut link = UrlWriter::to(api_path(path(&question.listed)));
    write_listed(&mut link, &question.listed, question.known_at);
    let only = cell.map(|cell| &cell.only);
    if let Some(stances) = only.and_then(|only| only.stances.as_deref()) {
        let (name, value) = column(stances);
        link.add("speaker", &stances.speaker);
        link.add(name, value);
    }
    let mut ways = only.and_then(|only| only.direction);
    if let ListedRecords::Dyad(_, asked) = &question.listed {
        ways = ways.or(*asked);
    }
    for (_, word) in WAYS
        .iter()
        .filter(|(way, _)| ways.is_some_and(|ways| ways.meets(*way)))
    {
        link.add(Way::NAME, word);
    }
    if let Some(scope) = &question.scope {
        let filter = cell.and_then(DrillDown::filter);
        let scope = &Scope {
            filter: filter.unwrap_or_else(|| scope.filter.clone()),
            ..scope.clone()
        };
        scope.spell(&mut |name, value| link.add(name, &value));
    }
    if !matches!(question.listed, ListedRecords::Changes(_)) {
        link.add_all(&KnownAtParams {
            known_at: Some(KnownAt::Commit(question.known_at)),
        });
    }
    link.text
}

/// The parameter of the column of a cell of stances, and its value.
fn column(cell: &StanceCell) -> (&'static str, &str) {
    match &cell.column {
        StanceColumn::Actor(id) => ("toward", id),
        StanceColumn::Event(id) => ("toward_event", id),
        StanceColumn::Topic(topic) => ("toward_topic", topic),
        StanceColumn::Matter(topic) => ("about", topic),
    }
}

/// As the URL, relative to the service.
impl fmt::Display for DrillDown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.only_adds() {
            return f.write_str(&written(self.question(), Some(self)));
        }
        f.write_str(self.question().written(|question| written(question, None)))?;
        let only = &self.only;
        for (_, word) in WAYS.iter().filter(|(way, _)| only.direction == Some(*way)) {
            write!(f, "&way={word}")?;
        }
        if let Some((first, last)) = only.starts {
            // The names of `STARTS`, in one piece with what stands between: an answer has hundreds.
            write!(f, "&starts_from={first}&starts_to={last}")?;
        }
        if let Some(narrowed) = &only.narrowed {
            let mut done = Ok(());
            narrowed.spell(&mut |name, value| {
                let value = utf8_percent_encode(&value, ESCAPED);
                done = done.and_then(|()| write!(f, "&{name}={value}"));
            });
            done?;
        }
        if let Some(stances) = &only.stances {
            let (name, value) = column(stances);
            let speaker = utf8_percent_encode(&stances.speaker, ESCAPED);
            let value = utf8_percent_encode(value, ESCAPED);
            write!(f, "&speaker={speaker}&{name}={value}")?;
        }
        Ok(())
    }
}

impl Serialize for DrillDown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl PartialSchema for DrillDown {
    fn schema() -> RefOr<Schema> {
        let example = "/api/v1/timeline?between=usa&between=kor&scheme=icews&known_at=1";
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .description(Some(
                "The URL, relative to the service, that lists exactly the records that are counted \
                 here. It contains the window, filters, roll-up and scheme of the question, and its \
                 commit. `meta.opens` says what to add to it to list the records of the other counts \
                 in this object.",
            ))
            .examples([example])
            .build()
            .into()
    }
}

impl ToSchema for DrillDown {
    fn name() -> std::borrow::Cow<'static, str> {
        "RecordsUrl".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::ParamSet as _;
    use crate::query::STARTS;

    #[test]
    fn what_a_cell_adds_has_the_names_of_the_declarations() {
        assert_eq!(STARTS, ["starts_from", "starts_to"]);
        assert_eq!(Way::NAME, "way");
        let way = SelectionParams::all()
            .iter()
            .find(|one| one.name == Way::NAME);
        assert!(way.is_some());
        let starts = super::super::questions::TimelineParams::all().iter();
        let known = starts.filter(|one| STARTS.contains(&one.name)).count();
        assert_eq!(known, STARTS.len());
    }

    #[test]
    fn a_base_path_is_a_path() {
        for (text, path) in [
            ("", ""),
            ("/", ""),
            ("/chancery", "/chancery"),
            ("/a/b-c_d.e~1/", "/a/b-c_d.e~1"),
        ] {
            assert_eq!(
                text.parse::<BasePath>(),
                Ok(BasePath(path.into())),
                "{text}"
            );
        }
        for wrong in [
            "chancery",
            "/a//b",
            "/a b",
            "/a?b",
            "/a#b",
            "/ä",
            "/a%20b",
            "https://a.example/b",
        ] {
            assert!(wrong.parse::<BasePath>().is_err(), "{wrong}");
        }
    }
}
