//! What a request asks: its query string, read with the table of [parameters](super::parameters).

use std::borrow::Cow;
use std::cell::RefCell;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use percent_encoding::percent_decode_str;
use serde::Serialize;

use super::answer::{Answer, Hashed};
use super::cursor::{self, Cursor};
use super::parameters::{MATCHES, ORDERS, PAGE_DEFAULT, Parameter, ROLLUPS, Set, Shape, Times};
use super::problem::{Code, Problem};
use crate::clock;
use crate::engine::{Engine, EngineError, KnownAt};
use crate::graph::{Direction, NameError, Resolution, Term, View};
use crate::model::date::DateError;
use crate::model::ontology::CodeError;
use crate::model::{
    self, ActorKind, Cameo, Date, Day, EventType, Id, Kind, Label, QuadClass, Role, Scheme, Status,
    Text, Window,
};
use crate::query::answer::NameNote;
use crate::query::{
    self, Coded, Filter, Match, Narrowed, Occurrence, Order, Page, Position, Scope, Selection,
    UNCODED, UNTYPED, WAYS, Width, link,
};

/// What this program was built from: another one may word its answers in another way.
const BUILD: &str = env!("CHANCERY_BUILD");
/// Bytes of a query string.
pub(super) const QUERY_MAX_BYTES: usize = 8 * 1024;

/// The query of a request to a route with the parameters of `S`.
#[derive(Debug)]
pub(super) struct Asked<S>(Query, PhantomData<S>);

impl<S> Deref for Asked<S> {
    type Target = Query;

    fn deref(&self) -> &Query {
        &self.0
    }
}

impl<S: Set> FromRequest for Asked<S> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let query = Query::read(request.path(), request.query_string(), S::GROUPS);
        ready(query.map(|query| Self(query, PhantomData)))
    }
}

/// A path and its parameters, each known and given no more often than it may be.
#[derive(Debug)]
pub(super) struct Query {
    path: String,
    known: &'static [&'static [Parameter]],
    pairs: Vec<(&'static str, String)>,
    /// Whom the names in the question mean in its window, as far as nobody has taken them up.
    resolved: RefCell<Vec<(String, Result<Resolution, NameError>)>>,
}

/// The days as of which names count in a window: at any time, where there is none.
fn days_of(window: Window) -> Option<(Day, Day)> {
    (window != Window::ALL).then(|| (window.lo(), window.hi()))
}

/// What is wrong with a value, and what to write instead.
pub(super) struct Fault(String, Option<String>);

impl From<model::Problem> for Fault {
    fn from(problem: model::Problem) -> Self {
        Self(problem.problem, problem.suggestion)
    }
}

impl From<CodeError> for Fault {
    fn from(error: CodeError) -> Self {
        Self(error.problem, error.suggestion)
    }
}

impl From<DateError> for Fault {
    fn from(error: DateError) -> Self {
        Self(error.problem, error.suggestion)
    }
}

impl From<String> for Fault {
    fn from(problem: String) -> Self {
        Self(problem, None)
    }
}

impl Query {
    /// Reads a query string.
    ///
    /// # Errors
    ///
    /// When it is too long or not well encoded; when a parameter is unknown, missing, empty or given
    /// too often.
    fn read(
        path: &str,
        raw: &str,
        known: &'static [&'static [Parameter]],
    ) -> Result<Self, Problem> {
        if raw.len() > QUERY_MAX_BYTES {
            let detail = format!(
                "the query string has {} bytes, at most {QUERY_MAX_BYTES} are taken",
                raw.len()
            );
            return Err(Problem::new(Code::UriTooLong, detail));
        }
        let mut query = Self {
            path: path.to_owned(),
            known,
            pairs: Vec::new(),
            resolved: RefCell::default(),
        };
        for piece in raw.split('&').filter(|piece| !piece.is_empty()) {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            query.take(&decode(name)?, decode(value)?.into_owned())?;
        }
        query.check_counts()?;
        Ok(query)
    }

    fn take(&mut self, name: &str, value: String) -> Result<(), Problem> {
        let Some(parameter) = self.parameter(name) else {
            return Err(self.unknown(name));
        };
        if value.is_empty() {
            let problem = format!("{name} has no value: give it one, or leave it out");
            return Err(Problem::parameter(name, "", &problem));
        }
        if let Shape::Text(most) = parameter.shape
            && value.chars().count() > most
        {
            let problem = format!("{name} has at most {most} characters");
            return Err(Problem::parameter(name, &value, &problem));
        }
        self.pairs.push((parameter.name, value));
        Ok(())
    }

    fn check_counts(&self) -> Result<(), Problem> {
        let repeats = (1..).zip(&self.pairs).any(|(after, (name, _))| {
            let mut others = self.pairs.iter().skip(after);
            others.any(|(other, _)| other == name)
        });
        let doubtful = |parameter: &&Parameter| repeats || parameter.times == Times::Required;
        let known = self.known.iter().copied().flatten();
        for parameter in known.filter(doubtful) {
            let name = parameter.name;
            let given = self.all(name).count();
            let most = match parameter.times {
                Times::Optional | Times::Required => 1,
                Times::UpTo(times) => times,
            };
            if given > most {
                let detail = format!("{name} is given {given} times; at most {most} are taken");
                return Err(Problem::new(Code::RepeatedParameter, detail).at(name));
            }
            if given == 0 && parameter.times == Times::Required {
                return Err(
                    Problem::new(Code::MissingParameter, format!("{name} is needed")).at(name),
                );
            }
        }
        Ok(())
    }

    fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.known
            .iter()
            .copied()
            .flatten()
            .find(|p| p.name == name)
    }

    fn unknown(&self, name: &str) -> Problem {
        let known: Vec<&str> = self
            .known
            .iter()
            .copied()
            .flatten()
            .map(|p| p.name)
            .collect();
        let shown: String = name.chars().take(64).collect();
        let nearest = known
            .iter()
            .map(|known| (strsim::damerau_levenshtein(known, &shown), *known))
            .min()
            .filter(|(distance, known)| *distance <= known.len() / 2)
            .map(|(_, known)| known.to_owned());
        let detail = if known.is_empty() {
            format!("{shown:?} is no parameter here: there are none")
        } else {
            format!("{shown:?} is no parameter here")
        };
        Problem::new(Code::UnknownParameter, detail)
            .at(&shown)
            .suggest(nearest)
            .known(known)
    }

    /// The value of a parameter that is given at most once.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The values of a parameter.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let of_name = self.pairs.iter().filter(move |(known, _)| *known == name);
        of_name.map(|(_, value)| value.as_str())
    }

    /// The values of a parameter, each read by `read`.
    fn each<T, F: Into<Fault>>(
        &self,
        name: &str,
        read: impl Fn(&str) -> Result<T, F>,
    ) -> Result<Vec<T>, Problem> {
        let read = |value| {
            read(value).map_err(|fault| {
                let Fault(problem, suggestion) = fault.into();
                Problem::parameter(name, value, &problem).suggest(suggestion)
            })
        };
        self.all(name).map(read).collect()
    }

    /// The value of a parameter that is given at most once, read by `read`.
    pub(super) fn read_one<T, F: Into<Fault>>(
        &self,
        name: &str,
        read: impl Fn(&str) -> Result<T, F>,
    ) -> Result<Option<T>, Problem> {
        Ok(self.each(name, read)?.pop())
    }

    /// Some of some values by their words.
    pub(super) fn words<T: Copy>(
        &self,
        name: &str,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Result<Vec<T>, Problem> {
        self.each(name, |value| {
            let known: Vec<&str> = all.iter().map(|one| word(*one)).collect();
            let found = all.iter().copied().find(|one| word(*one) == value);
            found.ok_or_else(|| model::unknown_word(value, &known))
        })
    }

    /// One of some values by its word.
    pub(super) fn word<T: Copy>(
        &self,
        name: &str,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Result<Option<T>, Problem> {
        Ok(self.words(name, all, word)?.pop())
    }

    /// `true` or `false`; `false` when it is not given.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Problem> {
        let flag = self.word(
            name,
            &[true, false],
            |flag| if flag { "true" } else { "false" },
        )?;
        Ok(flag.unwrap_or_default())
    }

    /// A whole number within the bounds of its parameter.
    pub(super) fn whole(&self, name: &str, default: usize) -> Result<usize, Problem> {
        Ok(self.whole_if_given(name)?.unwrap_or(default))
    }

    /// A whole number within the bounds of its parameter, when it is given.
    pub(super) fn whole_if_given(&self, name: &str) -> Result<Option<usize>, Problem> {
        let bounds = self.parameter(name).map(|parameter| parameter.shape);
        let Some(Shape::Whole(least, most)) = bounds else {
            return Ok(None);
        };
        let read = |value: &str| {
            let digits = value.bytes().all(|byte| byte.is_ascii_digit());
            let number = value.parse().ok().filter(|_| digits);
            number
                .filter(|number| (least..=most).contains(number))
                .ok_or_else(|| format!("{name} is a whole number from {least} to {most}"))
        };
        self.read_one(name, read)
    }

    /// The ids that a parameter gives.
    pub(super) fn ids(&self, name: &str) -> Result<Vec<Id>, Problem> {
        self.each(name, |value| {
            Id::parse(value).map_err(|error| {
                let nearest = Id::nearest(value).map(|id| id.to_string());
                Fault(error.to_string(), nearest)
            })
        })
    }

    /// The topics that a parameter gives.
    pub(super) fn topics(&self, name: &str) -> Result<Vec<Label>, Problem> {
        self.each(name, |value| Text::new(value).map_err(|e| e.to_string()))
    }

    /// The number of a commit.
    pub(super) fn commit(&self, name: &str) -> Result<Option<u64>, Problem> {
        self.read_one(name, |value| {
            let digits = value.bytes().all(|byte| byte.is_ascii_digit());
            // No commit has a number so large that it is none of ours.
            let number = digits.then(|| value.parse().unwrap_or(u64::MAX));
            number.ok_or_else(|| format!("{name} is the number of a commit"))
        })
    }

    /// The window between the dates of two parameters.
    pub(super) fn window_of(&self, from: &str, to: &str) -> Result<Window, Problem> {
        let first = self.read_one(from, Date::parse_bound)?;
        let last = self.read_one(to, Date::parse_bound)?;
        Window::new(first.as_ref(), last.as_ref())
            .map_err(|error| Problem::parameter(from, &error.from, &error.to_string()))
    }

    /// Window, filters, scheme and roll-up, as far as the route has them.
    pub(super) fn scope(&self) -> Result<Scope, Problem> {
        let rollup = self.word("rollup", &ROLLUPS, crate::query::Rollup::as_str)?;
        Ok(Scope {
            window: self.window_of("from", "to")?,
            certain: self.flag("certain")?,
            occurrence: self.occurrence()?,
            filter: self.filter()?,
            scheme: self.scheme()?,
            rollup: rollup.unwrap_or(crate::query::Rollup::None),
            names: Vec::new(),
        })
    }

    /// Whether events count that did not occur: as asked, or as the question takes it by default.
    fn occurrence(&self) -> Result<Occurrence, Problem> {
        let given = self.word("occurrence", &Occurrence::ALL, Occurrence::as_str)?;
        let by_default = || {
            let word = self.parameter("occurrence")?.default?;
            Occurrence::ALL.into_iter().find(|one| one.as_str() == word)
        };
        Ok(given.or_else(by_default).unwrap_or_default())
    }

    /// The same of a question that names actors, here and `in_path`, with what there is to say of these
    /// names.
    pub(super) fn scope_in(&self, view: &View, in_path: &[&str]) -> Result<Scope, Problem> {
        let scope = self.scope()?;
        let is_actor = |name: &str| {
            self.parameter(name)
                .is_some_and(|parameter| matches!(parameter.shape, Shape::Actor))
        };
        let here = self.pairs.iter().filter(|(name, _)| is_actor(name));
        let here = here.map(|(_, name)| name.as_str());
        let named = in_path.iter().copied().chain(here);
        let days = days_of(scope.window);
        let mut notes: Vec<NameNote> = Vec::new();
        for name in named {
            let found = view.resolve(name, days);
            if let Ok(found) = &found {
                notes.extend(query::name_note(view, name, *found, days));
            }
            self.resolved.borrow_mut().push((name.to_owned(), found));
        }
        notes.dedup();
        Ok(Scope {
            names: notes,
            ..scope
        })
    }

    fn filter(&self) -> Result<Filter, Problem> {
        let mut sources = self.ids("cited")?;
        if self.is_filter("source") {
            sources.extend(self.ids("source")?);
        }
        let share = |value: &str| {
            let number = value.parse().ok();
            number
                .filter(|number| (0.0..=1.0).contains(number))
                .ok_or_else(|| String::from("a confidence is a number from 0 to 1"))
        };
        Ok(Filter {
            records: self.each("record", Kind::parse)?,
            types: self.types()?,
            untyped: self.all("type").any(|word| word == UNTYPED),
            cameo: self.each("cameo", Cameo::parse)?,
            quad: self.each("quad", QuadClass::parse)?,
            statuses: self.each("status", Status::parse)?,
            roles: self.each("role", Role::parse)?,
            kinds: self.each("kind", ActorKind::parse)?,
            datasets: self.ids("dataset")?,
            sources,
            topics: self.topics("topic")?,
            min_confidence: self.read_one("min_confidence", share)?,
            excluded: self.ids("exclude_source")?,
            min_independent: self.whole_if_given("min_independent")?,
            starts: self.starts()?,
            narrowed: self.narrowed()?,
        })
    }

    /// What one number of an answer counts.
    fn narrowed(&self) -> Result<Narrowed, Problem> {
        let id = |name| -> Result<Option<Arc<str>>, Problem> {
            Ok(self.ids(name)?.pop().map(|id| id.as_str().into()))
        };
        let event_type = |word: &str| {
            let typed = (word != UNTYPED).then(|| EventType::parse(word));
            typed.transpose().map(Coded::from)
        };
        let quad = |word: &str| {
            let coded = (word != UNCODED).then(|| QuadClass::parse(word));
            coded.transpose().map(Coded::from)
        };
        let topic = self.topics("only_topic")?.pop();
        Ok(Narrowed {
            record: self.read_one("only_record", Kind::parse)?,
            event_type: self.read_one("only_type", event_type)?,
            quad: self.read_one("only_quad", quad)?,
            dataset: id("only_dataset")?,
            topic: topic.map(|topic| topic.as_str().into()),
            cited: id("only_cited")?,
            with: id("only_with")?,
            wide: self.word("only_wide", &Width::ALL, Width::as_str)?,
            narrow: self.word("only_narrow", &Width::ALL, Width::as_str)?,
            began_before: self.flag("only_began_before")?,
            ongoing: self
                .read_one("only_ongoing", Date::parse_bound)?
                .map(|date| date.earliest()),
            dated: self.flag("only_dated")?,
        })
    }

    /// Types of events but for the word that stands for none.
    fn types(&self) -> Result<Vec<EventType>, Problem> {
        let read = |word: &str| {
            let typed = (word != UNTYPED).then(|| EventType::parse(word));
            typed.transpose()
        };
        Ok(self.each("type", read)?.into_iter().flatten().collect())
    }

    /// The days on one of which records must start.
    fn starts(&self) -> Result<Option<(Day, Day)>, Problem> {
        if self.one("starts_from").or(self.one("starts_to")).is_none() {
            return Ok(None);
        }
        let days = self.window_of("starts_from", "starts_to")?;
        Ok(Some((days.lo(), days.hi())))
    }

    /// Whether the parameter filters; `source` of a path does not.
    fn is_filter(&self, name: &str) -> bool {
        self.parameter(name)
            .is_some_and(|p| matches!(p.shape, Shape::Id))
    }

    /// The coding scheme.
    pub(super) fn scheme(&self) -> Result<Scheme, Problem> {
        Ok(self
            .read_one("scheme", Scheme::parse)?
            .unwrap_or(Scheme::Icews))
    }

    fn known_at(&self) -> Result<KnownAt, Problem> {
        self.known_at_of("known_at")
    }

    /// The state that a parameter names; now, when it is not given.
    fn known_at_of(&self, name: &str) -> Result<KnownAt, Problem> {
        let read = |value: &str| {
            if value.bytes().all(|byte| byte.is_ascii_digit()) {
                // No commit has a number so large that it is none of ours.
                return Ok(KnownAt::Commit(value.parse().unwrap_or(u64::MAX)));
            }
            // A plus sign that was not encoded is read as a space.
            let encoded = value.replace(' ', "+");
            match clock::parse_rfc3339(&encoded) {
                Some(millis) => Ok(KnownAt::Time(millis)),
                None => Err(Fault(
                    "is the number of a commit or an instant (RFC 3339) such as \
                     2023-06-17T12:00:00Z"
                        .into(),
                    None,
                )),
            }
        };
        Ok(self.read_one(name, read)?.unwrap_or(KnownAt::Now))
    }

    /// The state that a parameter names.
    pub(super) fn view_of(&self, name: &str, engine: &Engine) -> Result<View, Problem> {
        Ok(engine.view(self.known_at_of(name)?)?)
    }

    /// The state that the question is about.
    pub(super) fn view(&self, engine: &Engine) -> Result<View, Problem> {
        Ok(engine.view(self.known_at()?)?)
    }

    /// The actor that a parameter names, as of the window.
    fn actor(
        &self,
        view: &View,
        parameter: &str,
        name: &str,
        window: Window,
    ) -> Result<Term, Problem> {
        // Mostly it was looked up for the scope, in this window.
        let mut resolved = self.resolved.borrow_mut();
        let found = match resolved.iter().position(|(known, _)| known == name) {
            Some(at) => resolved.swap_remove(at).1,
            None => view.resolve(name, days_of(window)),
        };
        found
            .map(|found| found.actor)
            .map_err(|error| Problem::name(parameter, error))
    }

    /// The actors that a parameter names, as of the window.
    pub(super) fn actors(
        &self,
        parameter: &str,
        view: &View,
        window: Window,
    ) -> Result<Vec<Term>, Problem> {
        self.all(parameter)
            .map(|name| self.actor(view, parameter, name, window))
            .collect()
    }

    /// The actor that a parameter of the query must name.
    pub(super) fn the_actor(
        &self,
        parameter: &str,
        view: &View,
        window: Window,
    ) -> Result<Term, Problem> {
        // Checked when the query was read.
        let name = self.one(parameter).unwrap_or_default();
        self.actor(view, parameter, name, window)
    }

    /// The actor that a segment of the path names.
    pub(super) fn actor_in_path(
        &self,
        segment: &str,
        name: &str,
        view: &View,
        window: Window,
    ) -> Result<Term, Problem> {
        self.actor(view, segment, name, window)
    }

    /// The two actors of a dyad that the path names.
    pub(super) fn dyad(
        &self,
        (a, b): &(String, String),
        view: &View,
        window: Window,
    ) -> Result<(Term, Term), Problem> {
        Ok((
            self.actor(view, "a", a, window)?,
            self.actor(view, "b", b, window)?,
        ))
    }

    /// Which records are asked for: of `actor` and `match`, or `between`.
    pub(super) fn selection(&self, view: &View, window: Window) -> Result<Selection, Problem> {
        let all = [(Match::Any, MATCHES[0]), (Match::All, MATCHES[1])];
        let how = self.word("match", &all, |(_, word)| word)?;
        let how = how.map_or(Match::Any, |(how, _)| how);
        let actors = self.actors("actor", view, window)?;
        let way = self.way()?;
        match (
            self.actors("between", view, window)?.as_slice(),
            actors.is_empty(),
        ) {
            ([], _) if way.is_some() => {
                let problem = "way is of the two actors of between: give them";
                let value = self.one("way").unwrap_or_default();
                Err(Problem::parameter("way", value, problem))
            }
            ([], true) => Ok(Selection::Everything),
            ([], false) => Ok(Selection::Actors(actors, how)),
            ([a, b], true) => Ok(Selection::Dyad(*a, *b, way.unwrap_or(Direction::ANY))),
            ([_, _], false) => {
                let problem = "between names both actors already: leave out actor";
                Err(Problem::parameter(
                    "actor",
                    self.one("actor").unwrap_or_default(),
                    problem,
                ))
            }
            (others, _) => {
                let problem = format!("between is given twice, not {} times", others.len());
                let value = self.one("between").unwrap_or_default();
                Err(Problem::parameter("between", value, &problem))
            }
        }
    }

    /// The ways in which records must link the actors of a dyad.
    fn way(&self) -> Result<Option<Direction>, Problem> {
        let read = |value: &str| {
            let known = WAYS.map(|(_, word)| word);
            let found = WAYS.iter().find(|(_, word)| *word == value);
            let found = found.map(|(direction, _)| *direction);
            found.ok_or_else(|| model::unknown_word(value, &known))
        };
        Ok(self.each("way", read)?.into_iter().reduce(Direction::or))
    }

    /// The direction of time.
    pub(super) fn order(&self) -> Result<Order, Problem> {
        let all = [
            (Order::Ascending, ORDERS[0]),
            (Order::Descending, ORDERS[1]),
        ];
        let order = self.word("order", &all, |(_, word)| word)?;
        Ok(order.map_or(Order::Ascending, |(order, _)| order))
    }

    /// The page asked for, and the state that it is of.
    pub(super) fn paging(&self, engine: &Engine) -> Result<Paging<'_>, Problem> {
        self.paging_of("known_at", engine)
    }

    /// The page asked for, and the state that it is of, which a parameter names.
    pub(super) fn paging_of(&self, name: &str, engine: &Engine) -> Result<Paging<'_>, Problem> {
        let limit = self.whole("limit", PAGE_DEFAULT)?;
        let Some(cursor) = self.cursor()? else {
            return Ok(Paging {
                query: self,
                view: self.view_of(name, engine)?,
                page: Page { limit, offset: 0 },
            });
        };
        let view = engine.view(KnownAt::Commit(cursor.commit));
        let view = view.map_err(|error| {
            if matches!(error, EngineError::NoCommit { .. }) {
                self.bad_cursor("it names a commit that is not there")
            } else {
                error.into()
            }
        })?;
        if let KnownAt::Commit(number) = self.known_at_of(name)?
            && number != cursor.commit
        {
            return Err(self.bad_cursor("it is of another commit"));
        }
        let offset = usize::try_from(cursor.offset).unwrap_or(usize::MAX);
        Ok(Paging {
            query: self,
            view,
            page: Page { limit, offset },
        })
    }

    /// The cursor of this very query.
    pub(super) fn cursor(&self) -> Result<Option<Cursor>, Problem> {
        let Some(text) = self.one("cursor") else {
            return Ok(None);
        };
        let cursor = Cursor::decode(text).ok_or_else(|| self.bad_cursor("it is no cursor"))?;
        if cursor.fingerprint != self.fingerprint() {
            return Err(self.bad_cursor("it belongs to another query"));
        }
        Ok(Some(cursor))
    }

    fn bad_cursor(&self, why: &str) -> Problem {
        let value = self.one("cursor").unwrap_or_default();
        let detail = format!(
            "{why}: take `next` of the page before and leave the other parameters as they were, or \
             start again without a cursor"
        );
        Problem::new(Code::BadCursor, detail)
            .at("cursor")
            .value(value)
    }

    /// What tells this query from others: all but which page is asked for, and of which commit, since
    /// its first page must be the same whether `known_at` names the commit that is the last one now.
    pub(super) fn fingerprint(&self) -> [u8; 8] {
        let pairs = self
            .pairs
            .iter()
            .filter(|(name, _)| !["cursor", "limit", "known_at"].contains(name));
        cursor::fingerprint(
            &self.path,
            pairs.map(|(name, value)| (*name, value.as_str())),
        )
    }

    /// The `ETag` of the answer to this query, of `view` and after `offset` items. A program gives the
    /// same bytes to the same question about the same commit, so it is told by these, and a client that
    /// has the answer is told so before it is worked out.
    pub(super) fn tag(&self, view: &View, offset: usize) -> String {
        let mark = view.mark();
        let mut seen = Hashed::default();
        seen.text(BUILD);
        // Records that were made apart have other times, even where the numbers are the same.
        seen.number(mark.map_or(0, |mark| mark.commit));
        seen.number(mark.map_or(0, |mark| mark.recorded_at.cast_unsigned()));
        seen.number(offset as u64);
        seen.text(&self.path);
        let same = |name: &str| ["cursor", "known_at"].contains(&name);
        for (name, value) in self.pairs.iter().filter(|(name, _)| !same(name)) {
            seen.text(name);
            seen.text(value);
        }
        seen.tag()
    }

    /// The same query with another cursor, as a link.
    pub(super) fn with_cursor(&self, cursor: &str) -> String {
        let others = self.pairs.iter().filter(|(name, _)| *name != "cursor");
        let others = others.map(|(name, value)| (*name, value.as_str()));
        link(&self.path, others.chain([("cursor", cursor)]))
    }
}

/// A page of a query.
pub(super) struct Paging<'q> {
    query: &'q Query,
    /// The state that all pages are of.
    pub(super) view: View,
    /// Which part.
    pub(super) page: Page,
}

impl Paging<'_> {
    /// A page as an answer, with the cursor of the next one in its place.
    pub(super) fn answer<P: Serialize>(
        &self,
        (mut page, next): (P, Option<Position>),
        place: impl FnOnce(&mut P) -> &mut Option<String>,
    ) -> Result<Answer, Problem> {
        let (cursor, link) = self.next(next).unzip();
        *place(&mut page) = cursor;
        Ok(Answer::json(&page)?.next(link))
    }

    /// The cursor of the next page, and the link to it.
    pub(super) fn next(&self, next: Option<Position>) -> Option<(String, String)> {
        let cursor = Cursor {
            commit: self.view.mark().map_or(0, |mark| mark.commit),
            offset: next? as u64,
            fingerprint: self.query.fingerprint(),
        };
        let cursor = cursor.encode();
        let link = self.query.with_cursor(&cursor);
        Some((cursor, link))
    }
}

/// Decodes a name or a value of a query string.
fn decode(piece: &str) -> Result<Cow<'_, str>, Problem> {
    if !piece.contains(['%', '+']) {
        return Ok(Cow::Borrowed(piece));
    }
    let mut escapes = piece.split('%').skip(1);
    let is_escape = |after: &str| {
        let digits = after.bytes().take(2).filter(u8::is_ascii_hexdigit);
        digits.count() == 2
    };
    if let Some(wrong) = escapes.find(|after| !is_escape(after)) {
        let shown: String = wrong.chars().take(2).collect();
        let detail = format!("%{shown} is no escape: write a percent sign as %25");
        return Err(Problem::new(Code::BadQuery, detail));
    }
    let spaced = piece.replace('+', " ");
    match percent_decode_str(&spaced).decode_utf8() {
        Ok(text) => Ok(Cow::Owned(text.into_owned())),
        Err(error) => {
            let detail = format!(
                "a value is no UTF-8 after {} bytes: encode text as UTF-8 before escaping it",
                error.valid_up_to()
            );
            Err(Problem::new(Code::BadQuery, detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parameters::{
        ListActors, NoParameters, PathsParameters, TimelineParameters, VALUES_MAX,
    };
    use super::*;
    use crate::model::LABEL_MAX_BYTES;

    fn read<S: Set>(raw: &str) -> Result<Query, Code> {
        Query::read("/p", raw, S::GROUPS).map_err(|problem| problem.kind())
    }

    fn timeline(raw: &str) -> Result<Query, Code> {
        read::<TimelineParameters>(raw)
    }

    #[test]
    fn values_are_decoded_and_repeated_never_split() {
        let query =
            timeline("actor=Kim+Jong%20Un,%20Jr&actor=%EB%B0%95%EC%A7%84&match=all").unwrap();
        let actors: Vec<&str> = query.all("actor").collect();
        assert_eq!(actors, ["Kim Jong Un, Jr", "박진"]);
        assert_eq!(query.one("match"), Some("all"));
        assert_eq!(query.one("from"), None);
    }

    #[test]
    fn what_can_not_be_read_is_refused() {
        for (raw, code) in [
            ("actor=%", Code::BadQuery),
            ("actor=%2", Code::BadQuery),
            ("actor=%zz", Code::BadQuery),
            ("actor=%ff", Code::BadQuery),
            ("%ff=a", Code::BadQuery),
            ("actor=", Code::BadParameter),
            ("actor", Code::BadParameter),
            ("actr=a", Code::UnknownParameter),
            ("order=asc&order=asc", Code::RepeatedParameter),
            ("between=a&between=b&between=c", Code::RepeatedParameter),
        ] {
            assert_eq!(timeline(raw).map(|_| ()), Err(code), "{raw}");
        }
        assert_eq!(
            read::<PathsParameters>("source=a").map(|_| ()),
            Err(Code::MissingParameter)
        );
        assert_eq!(
            read::<NoParameters>("x=1").map(|_| ()),
            Err(Code::UnknownParameter)
        );
        read::<NoParameters>("&&").unwrap();
    }

    #[test]
    fn limits_hold_at_their_edges() {
        let filler = "a".repeat(QUERY_MAX_BYTES - "actor=".len());
        timeline(&format!("actor={filler}")).unwrap();
        assert_eq!(
            timeline(&format!("actor={filler}a")).map(|_| ()),
            Err(Code::UriTooLong)
        );
        let name = "a".repeat(LABEL_MAX_BYTES);
        read::<ListActors>(&format!("name={name}")).unwrap();
        assert_eq!(
            read::<ListActors>(&format!("name={name}a")).map(|_| ()),
            Err(Code::BadParameter)
        );
        let many = vec!["actor=a"; VALUES_MAX].join("&");
        timeline(&many).unwrap();
        assert_eq!(
            timeline(&format!("{many}&actor=a")).map(|_| ()),
            Err(Code::RepeatedParameter)
        );
        let limit = |raw: &str| {
            timeline(raw)
                .unwrap()
                .whole("limit", 50)
                .map_err(|p| p.kind())
        };
        assert_eq!(limit(""), Ok(50));
        assert_eq!(limit("limit=1"), Ok(1));
        assert_eq!(limit("limit=1000"), Ok(1000));
        for wrong in [
            "0",
            "1001",
            "-1",
            "%2B5",
            "1.0",
            "1e3",
            "99999999999999999999",
            "x",
        ] {
            assert_eq!(
                limit(&format!("limit={wrong}")),
                Err(Code::BadParameter),
                "{wrong}"
            );
        }
    }

    #[test]
    fn filters_are_read() {
        let query = timeline(
            "type=consult&cameo=04&quad=3&quad=verbal_cooperation&status=occurred&role=target\
             &kind=state&dataset=d&cited=s&source=t&topic=a,%20b&min_confidence=0.5&record=event\
             &exclude_source=u&exclude_source=v&min_independent=2",
        );
        let scope = query.unwrap().scope().unwrap();
        assert_eq!(scope.filter.types, [EventType::Consult]);
        assert_eq!(scope.filter.quad.len(), 2);
        assert_eq!(scope.filter.sources.len(), 2);
        assert_eq!(scope.filter.topics.len(), 1);
        assert_eq!(scope.filter.min_confidence, Some(0.5));
        assert_eq!(scope.filter.excluded.len(), 2);
        assert_eq!(scope.filter.min_independent, Some(2));
        for edge in ["1", "100"] {
            let query = timeline(&format!("min_independent={edge}")).unwrap();
            assert!(query.scope().is_ok(), "{edge}");
        }
        for wrong in [
            "type=MEET",
            "cameo=21",
            "quad=5",
            "status=done",
            "role=boss",
            "kind=planet",
            "dataset=A",
            "cited=%20",
            "topic=%09",
            "min_confidence=1.1",
            "min_confidence=NaN",
            "min_confidence=-0.1",
            "exclude_source=A",
            "min_independent=0",
            "min_independent=101",
            "min_independent=1.5",
            "record=thing",
            "certain=yes",
            "scheme=cameo",
            "rollup=all",
            "from=2023-02-30",
            "to=soon",
            "from=2024&to=2023",
        ] {
            let code = timeline(wrong)
                .unwrap()
                .scope()
                .map_err(|problem| problem.kind());
            assert_eq!(code.map(|_| ()), Err(Code::BadParameter), "{wrong}");
        }
    }

    #[test]
    fn source_is_a_filter_only_where_it_is_no_end_of_a_path() {
        let query = read::<PathsParameters>("source=Park%20Jin&target=prk&cited=s").unwrap();
        assert_eq!(query.scope().unwrap().filter.sources.len(), 1);
    }

    #[test]
    fn instants_are_understood_with_a_plain_plus() {
        let at = |raw: &str| timeline(raw).unwrap().known_at().map_err(|p| p.kind());
        assert_eq!(at(""), Ok(KnownAt::Now));
        assert_eq!(at("known_at=12"), Ok(KnownAt::Commit(12)));
        assert_eq!(
            at("known_at=1970-01-01T01:00:01+01:00"),
            Ok(KnownAt::Time(1000))
        );
        assert_eq!(
            at("known_at=1970-01-01T01:00:01%2B01:00"),
            Ok(KnownAt::Time(1000))
        );
        for wrong in ["-1", "yesterday", "2023-06-17"] {
            assert_eq!(
                at(&format!("known_at={wrong}")),
                Err(Code::BadParameter),
                "{wrong}"
            );
        }
    }

    #[test]
    fn links_can_be_read_again() {
        let query = timeline("actor=Kim+Jong%20Un,%20Jr&limit=3").unwrap();
        let link = query.with_cursor("abc");
        let again = timeline(link.split_once('?').unwrap().1).unwrap();
        assert_eq!(again.one("actor"), query.one("actor"));
        assert_eq!(again.one("cursor"), Some("abc"));
        assert_eq!(again.fingerprint(), query.fingerprint());
    }
}
