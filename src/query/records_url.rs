//! Every number can be opened: the URL that lists exactly the records that an aggregate counts.
//!
//! Here is the one home of that. A question makes an [`Opened`] of what it asks (whose records, within
//! what, as of which commit), and each number of its answer a [`RecordsUrl`] of it, narrowed by what
//! the number counts. Nothing is written before the answer is.

use std::fmt;
use std::sync::{Arc, OnceLock};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::filter::{Filter, Scope};
use super::narrowed::{Narrowed, UNTYPED};
use super::rollup::Rollup;
use super::selection::{Match, Selection};
use crate::graph::{Direction, Term, View};
use crate::model::Day;

/// The path under which the API stands.
pub const BASE: &str = "/api/v1";

/// What is escaped in links: all but the unreserved characters of RFC 3986, section 2.3.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The ways in which a record links the two actors of a dyad, by their words.
pub const WAYS: [(Direction, &str); 3] = [
    (Direction::FORWARD, "a_to_b"),
    (Direction::BACKWARD, "b_to_a"),
    (Direction::WITH, "together"),
];

/// A path with a query string.
pub fn link<'a>(path: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut link = path.to_owned();
    let mut sign = '?';
    for (name, value) in pairs {
        link.push(sign);
        link.push_str(name);
        link.push('=');
        link.extend(utf8_percent_encode(value, ESCAPED));
        sign = '&';
    }
    link
}

/// What a question is about, as the start of the URLs of its numbers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Opened(Arc<Asked>);

#[derive(Debug)]
struct Asked {
    /// Of the list, below [`BASE`].
    path: &'static str,
    /// Whose records, as parameters of that list.
    named: Vec<(&'static str, String)>,
    /// Of a dyad, the ways asked for, when not all.
    ways: Option<Direction>,
    /// Within what; `None` for lists that know of no such thing.
    scope: Option<Scope>,
    known_at: u64,
    /// The URL of all of them, once it was needed: an answer has hundreds that only add to it.
    all: OnceLock<String>,
}

/// What a number counts of the records that its question is about.
#[derive(Clone, Debug, Default)]
pub struct Only {
    /// Those that start on these days, in place of those of the question: see [`Filter::starts`].
    pub starts: Option<(Day, Day)>,
    /// Of a dyad: those that link the two so.
    pub direction: Option<Direction>,
    /// Those that are all this. Most numbers ask for nothing of it, and an answer has hundreds.
    pub narrowed: Option<Box<Narrowed>>,
    /// Of a list of stances: those of a speaker, and toward or about something, as its parameters.
    pub stances: Option<Box<[(&'static str, String); 2]>>,
}

/// The relative URL that lists the records that a number counts.
#[derive(Clone, Debug)]
pub struct RecordsUrl {
    asked: Arc<Asked>,
    only: Only,
}

impl Opened {
    /// The records of a selection, on the timeline.
    pub fn timeline(view: &View, selection: &Selection, scope: &Scope) -> Self {
        let id = |actor: &Term| view.text(*actor).to_owned();
        let named = match selection {
            Selection::Everything => Vec::new(),
            Selection::Actors(actors, how) => {
                let actors = actors.iter().map(|actor| ("actor", id(actor)));
                let all = (*how == Match::All).then(|| ("match", "all".to_owned()));
                actors.chain(all).collect()
            }
            Selection::Dyad(a, b, _) => vec![("between", id(a)), ("between", id(b))],
        };
        let ways = match selection {
            Selection::Dyad(.., ways) if *ways != Direction::ANY => Some(*ways),
            Selection::Everything | Selection::Actors(..) | Selection::Dyad(..) => None,
        };
        Self::new("/timeline", named, ways, view, Some(scope))
    }

    /// The records that link two actors: where the filter on kinds of actor is about the two, so
    /// that third actors of the records may be of any kind.
    pub fn link(view: &View, a: Term, b: Term, scope: &Scope) -> Self {
        let mut scope = scope.clone();
        scope.filter.kinds.clear();
        Self::timeline(view, &Selection::Dyad(a, b, Direction::ANY), &scope)
    }

    /// The items of another list of the API, by its path and its own parameters.
    pub(super) fn list(
        path: &'static str,
        named: Vec<(&'static str, String)>,
        view: &View,
        scope: &Scope,
    ) -> Self {
        Self::new(path, named, None, view, Some(scope))
    }

    /// The items of a list that nothing but its own parameters narrows.
    pub(super) fn whole_list(
        path: &'static str,
        named: Vec<(&'static str, String)>,
        view: &View,
    ) -> Self {
        Self::new(path, named, None, view, None)
    }

    fn new(
        path: &'static str,
        named: Vec<(&'static str, String)>,
        ways: Option<Direction>,
        view: &View,
        scope: Option<&Scope>,
    ) -> Self {
        Self(Arc::new(Asked {
            path,
            named,
            ways,
            scope: scope.cloned(),
            known_at: view.mark().map_or(0, |mark| mark.commit),
            all: OnceLock::new(),
        }))
    }

    /// All of them.
    pub fn all(&self) -> RecordsUrl {
        self.only(Only::default())
    }

    /// Some of them.
    pub fn only(&self, only: Only) -> RecordsUrl {
        RecordsUrl {
            asked: Arc::clone(&self.0),
            only,
        }
    }

    /// Those that link the two of a dyad in some direction.
    pub fn directed(&self, direction: Direction) -> RecordsUrl {
        self.only(Only {
            direction: Some(direction),
            ..Only::default()
        })
    }

    /// Those that start on some days.
    pub fn starting(&self, first: Day, last: Day) -> RecordsUrl {
        self.only(Only {
            starts: Some((first, last)),
            ..Only::default()
        })
    }

    /// Those with a date.
    pub fn dated(&self) -> RecordsUrl {
        self.narrowed(Narrowed {
            dated: true,
            ..Narrowed::default()
        })
    }

    /// Those that last and began before the window.
    pub fn began_before(&self) -> RecordsUrl {
        self.narrowed(Narrowed {
            began_before: true,
            ..Narrowed::default()
        })
    }

    /// Those that are all that is given.
    pub fn narrowed(&self, narrowed: Narrowed) -> RecordsUrl {
        self.only(Only {
            narrowed: narrowed.if_any(),
            ..Only::default()
        })
    }
}

impl RecordsUrl {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let Asked {
            path: _,
            named,
            ways,
            scope,
            known_at,
            all: _,
        } = &*self.asked;
        let mut pairs = named.clone();
        let ways = self.only.direction.or(*ways);
        pairs.extend(self.only.stances.iter().flat_map(|two| two.iter().cloned()));
        let words = WAYS
            .iter()
            .filter(|(way, _)| ways.is_some_and(|ways| ways.meets(*way)));
        pairs.extend(words.map(|(_, word)| ("way", (*word).to_owned())));
        if let Some(scope) = scope {
            let (from, to) = scope.window.as_written();
            pairs.extend(from.map(|from| ("from", from)));
            pairs.extend(to.map(|to| ("to", to)));
            if scope.certain {
                pairs.push(("certain", "true".to_owned()));
            }
            self.filters(&scope.filter, &mut pairs);
            pairs.push(("occurrence", scope.occurrence.as_str().to_owned()));
            pairs.push(("scheme", scope.scheme.to_string()));
            if scope.rollup != Rollup::None {
                pairs.push(("rollup", scope.rollup.as_str().to_owned()));
            }
        }
        pairs.push(("known_at", known_at.to_string()));
        pairs
    }

    fn filters(&self, filter: &Filter, pairs: &mut Vec<(&'static str, String)>) {
        // Every filter by name, so that a new one is not forgotten.
        let Filter {
            records,
            types,
            untyped,
            cameo,
            quad,
            statuses,
            roles,
            kinds,
            datasets,
            sources,
            topics,
            min_confidence,
            excluded,
            min_independent,
            starts,
            narrowed,
        } = filter;
        let mut each = |name, values: Vec<String>| {
            pairs.extend(values.into_iter().map(|value| (name, value)));
        };
        each("record", texts(records));
        each("type", texts(types));
        if *untyped {
            each("type", vec![UNTYPED.to_owned()]);
        }
        each("cameo", texts(cameo));
        each("quad", texts(quad));
        each("status", texts(statuses));
        each("role", texts(roles));
        each("kind", texts(kinds));
        each("dataset", texts(datasets));
        each("cited", texts(sources));
        each("topic", texts(topics));
        each("min_confidence", texts(min_confidence.as_slice()));
        each("exclude_source", texts(excluded));
        each("min_independent", texts(min_independent.as_slice()));
        if let Some((first, last)) = self.only.starts.or(*starts) {
            each("starts_from", vec![first.to_string()]);
            each("starts_to", vec![last.to_string()]);
        }
        let narrowed = match &self.only.narrowed {
            Some(only) => &only.or(narrowed),
            None => narrowed,
        };
        for (name, value) in narrowed.pairs() {
            each(name, vec![value.into_owned()]);
        }
    }
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

impl fmt::Display for RecordsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.replaces() {
            return f.write_str(&self.written());
        }
        let all = self.asked.all.get_or_init(|| {
            let all = Self {
                asked: Arc::clone(&self.asked),
                only: Only::default(),
            };
            all.written()
        });
        f.write_str(all)?;
        let Only {
            starts,
            direction,
            narrowed,
            stances,
        } = &self.only;
        for (_, word) in WAYS.iter().filter(|(way, _)| *direction == Some(*way)) {
            write!(f, "&way={word}")?;
        }
        if let Some((first, last)) = starts {
            write!(f, "&starts_from={first}&starts_to={last}")?;
        }
        for (name, value) in narrowed.iter().flat_map(|only| only.pairs()) {
            write!(f, "&{name}={}", utf8_percent_encode(&value, ESCAPED))?;
        }
        for (name, value) in stances.iter().flat_map(|two| two.iter()) {
            write!(f, "&{name}={}", utf8_percent_encode(value, ESCAPED))?;
        }
        Ok(())
    }
}

impl RecordsUrl {
    /// Whether it replaces a part of the URL of all records, rather than adding to it.
    fn replaces(&self) -> bool {
        let Only {
            starts,
            direction,
            narrowed,
            // They only add: what is opened leaves these parameters out.
            stances: _,
        } = &self.only;
        let asked = self.asked.scope.as_ref().map(|scope| &scope.filter);
        let is_single = |way: Direction| WAYS.iter().any(|(known, _)| *known == way);
        let of_asked = asked.is_some_and(|filter| {
            starts.is_some() && filter.starts.is_some()
                || narrowed.is_some() && filter.narrowed != Narrowed::default()
        });
        of_asked || direction.is_some_and(|way| self.asked.ways.is_some() || !is_single(way))
    }

    fn written(&self) -> String {
        let pairs = self.pairs();
        let pairs = pairs.iter().map(|(name, value)| (*name, value.as_str()));
        link(&format!("{BASE}{}", self.asked.path), pairs)
    }
}

impl PartialEq for RecordsUrl {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Serialize for RecordsUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl PartialSchema for RecordsUrl {
    fn schema() -> RefOr<Schema> {
        let example = "/api/v1/timeline?between=usa&between=kor&scheme=icews&known_at=1";
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .description(Some(
                "The URL, relative to the service, that lists exactly the records that are counted \
                 here: the question's window, filters, roll-up and scheme, as of its commit. \
                 `meta.opens` tells what to add to it to open the numbers beside it.",
            ))
            .examples([example])
            .build()
            .into()
    }
}

impl ToSchema for RecordsUrl {}
