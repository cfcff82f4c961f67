//! What a request asks: its query string, checked against the [declarations](crate::parameter) of what
//! its route takes, and read as the struct that they make.

use std::borrow::Cow;
use std::cell::RefCell;
use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use percent_encoding::percent_decode_str;
use serde::Serialize;

use super::answer::{Answer, EtagHasher};
use super::cursor::{self, PageCursor};
use super::parameters::{DyadPath, KnownAtParams, PageParams, SelectionParams};
use super::problem::{Problem, ProblemKind};
use super::url;
use crate::engine::{Engine, EngineError, KnownAt};
use crate::graph::{Direction, NameError, Resolution, Term, View};
use crate::model::{Day, Window};
use crate::parameter::{
    ActorName, GivenValues, Miscount, ParamSet, Parameter, ParameterRefusal, Value as _, ValueShape,
};
use crate::query::answer::NameNote;
use crate::query::{self, Page, PageOffset, Scope, Selection};

/// What this program was built from: another one may word its answers in another way.
const BUILD: &str = env!("CHANCERY_BUILD");
/// Bytes of a query string.
pub(super) const QUERY_MAX_BYTES: usize = 8 * 1024;

/// What a request to a route asks that takes the parameters of `S`.
#[derive(Debug)]
pub(super) struct ValidatedParams<S> {
    /// What is asked.
    pub(super) params: S,
    query: QueryParams,
}

impl<S> Deref for ValidatedParams<S> {
    type Target = QueryParams;

    fn deref(&self) -> &QueryParams {
        &self.query
    }
}

impl<S: ParamSet> FromRequest for ValidatedParams<S> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::read(request.path(), request.query_string()))
    }
}

impl<S: ParamSet> ValidatedParams<S> {
    /// Reads the query string of a request to a path.
    ///
    /// # Errors
    ///
    /// When it is too long or not well encoded; when a parameter is unknown, missing, empty or given
    /// too often; when a value stands for nothing.
    fn read(path: &str, raw: &str) -> Result<Self, Problem> {
        if raw.len() > QUERY_MAX_BYTES {
            let detail = format!(
                "the query string has {} bytes; the maximum is {QUERY_MAX_BYTES}",
                raw.len()
            );
            return Err(Problem::new(ProblemKind::UriTooLong, detail));
        }
        Self::read_form(path, raw)
    }

    /// Reads the body of a form that is sent to a path, which is written as a query string is.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read), but however long it is.
    pub(super) fn read_form(path: &str, raw: &str) -> Result<Self, Problem> {
        let query = QueryParams::read(path, raw, S::all())?;
        let params = S::read(&query.given)?;
        Ok(Self { params, query })
    }
}

impl From<ParameterRefusal> for Problem {
    fn from(refusal: ParameterRefusal) -> Self {
        let ParameterRefusal {
            parameter,
            value,
            fault,
        } = refusal;
        Self::parameter(parameter, &value, &fault.problem).suggest(fault.suggestion)
    }
}

impl From<Miscount> for Problem {
    fn from(miscount: Miscount) -> Self {
        let (kind, name) = match miscount {
            Miscount::TooOften { name, .. } => (ProblemKind::RepeatedParameter, name),
            Miscount::Missing(name) => (ProblemKind::MissingParameter, name),
        };
        Self::new(kind, miscount.to_string()).at(name)
    }
}

/// A path and its parameters, each known and given no more often than it may be.
#[derive(Debug)]
pub(super) struct QueryParams {
    path: String,
    given: GivenValues,
    /// Whom the names in the question mean in its window, as far as nobody has taken them up.
    resolved: RefCell<Vec<(String, Result<Resolution, NameError>)>>,
}

/// The days as of which names count in a window: at any time, where there is none.
fn days_of(window: Window) -> Option<(Day, Day)> {
    (window != Window::ALL).then(|| (window.lo(), window.hi()))
}

/// The declarations of what a route takes.
type DeclaredParams = &'static [&'static Parameter];

impl QueryParams {
    fn read(path: &str, raw: &str, known: DeclaredParams) -> Result<Self, Problem> {
        let mut given = GivenValues::default();
        for piece in raw.split('&').filter(|piece| !piece.is_empty()) {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            let (name, value) = (decode(name)?, decode(value)?.into_owned());
            let parameter = find(known, &name)?;
            check_text(parameter, &name, &value)?;
            given.push(parameter, value);
        }
        given.check_counts(known)?;
        Ok(Self {
            path: path.to_owned(),
            given,
            resolved: RefCell::default(),
        })
    }

    /// Refuses one of some parameters, when it is given.
    pub(super) fn refuse<S: ParamSet>(&self, problem: &str) -> Result<(), Problem> {
        for parameter in S::all() {
            if let Some((_, value)) = self.given.all(parameter.name).next() {
                return Err(Problem::parameter(parameter.name, value, problem));
            }
        }
        Ok(())
    }

    /// The scope of a question that names actors, here and `in_path`, with what there is to say of these
    /// names.
    pub(super) fn named(&self, scope: &Scope, view: &View, in_path: &[&str]) -> Scope {
        let named = in_path.iter().copied().chain(self.given.actors());
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
        Scope {
            names: notes,
            ..scope.clone()
        }
    }

    /// The actor whom a name means as of the window.
    pub(super) fn actor(
        &self,
        name: &ActorName,
        view: &View,
        window: Window,
    ) -> Result<Term, Problem> {
        // Mostly it was looked up for the scope, in this window.
        let mut resolved = self.resolved.borrow_mut();
        let found = match resolved.iter().position(|(known, _)| *known == name.text) {
            Some(at) => resolved.swap_remove(at).1,
            None => view.resolve(&name.text, days_of(window)),
        };
        found
            .map(|found| found.actor)
            .map_err(|error| Problem::name(name.parameter, error))
    }

    /// The actors whom names mean as of the window.
    pub(super) fn actors(
        &self,
        names: &[ActorName],
        view: &View,
        window: Window,
    ) -> Result<Vec<Term>, Problem> {
        let names = names.iter();
        names.map(|name| self.actor(name, view, window)).collect()
    }

    /// The actor that a segment of the path names.
    pub(super) fn actor_in_path(
        &self,
        segment: &'static str,
        name: &str,
        view: &View,
        window: Window,
    ) -> Result<Term, Problem> {
        let name = ActorName {
            parameter: segment,
            text: name.to_owned(),
        };
        self.actor(&name, view, window)
    }

    /// The two actors of a dyad, and the scope of a question about them.
    pub(super) fn dyad(
        &self,
        DyadPath { a, b }: &DyadPath,
        view: &View,
        scope: &Scope,
    ) -> Result<(Term, Term, Scope), Problem> {
        let scope = self.named(scope, view, &[a, b]);
        let a = self.actor_in_path("a", a, view, scope.window)?;
        let b = self.actor_in_path("b", b, view, scope.window)?;
        Ok((a, b, scope))
    }

    /// Which records are asked for: of `actor` and `match`, or `between`.
    pub(super) fn selection(
        &self,
        params: &SelectionParams,
        view: &View,
        window: Window,
    ) -> Result<Selection, Problem> {
        let actors = self.actors(&params.actor, view, window)?;
        let ways = params.way.0.iter().map(|way| way.0).reduce(Direction::or);
        let between = self.actors(&params.between.0, view, window)?;
        match (between.as_slice(), actors.is_empty()) {
            ([], _) if ways.is_some() => {
                let problem = "way requires between: give the two actors there";
                let first = params.way.0.first();
                let value = first.map_or(Cow::Borrowed(""), |way| way.spell());
                Err(Problem::parameter("way", &value, problem))
            }
            ([], true) => Ok(Selection::Everything),
            ([], false) => Ok(Selection::Actors(actors, params.how)),
            ([a, b], true) => Ok(Selection::Dyad(*a, *b, ways.unwrap_or(Direction::ANY))),
            ([_, _], false) => {
                let problem = "between already names both actors: leave out actor";
                let first = params.actor.first();
                let value = first.map_or("", |name| name.text.as_str());
                Err(Problem::parameter("actor", value, problem))
            }
            (others, _) => {
                let problem = format!(
                    "between must be given exactly twice, not {} times",
                    others.len()
                );
                let first = params.between.0.first();
                let value = first.map_or("", |name| name.text.as_str());
                Err(Problem::parameter("between", value, &problem))
            }
        }
    }

    /// The page asked for, and the state that it is of.
    pub(super) fn paging(
        &self,
        page: &PageParams,
        at: &KnownAtParams,
        engine: &Engine,
    ) -> Result<PageRequest<'_>, Problem> {
        self.paging_at(page, at.known_at, engine)
    }

    /// The page asked for, and the state that it is of.
    pub(super) fn paging_at(
        &self,
        page: &PageParams,
        known_at: Option<KnownAt>,
        engine: &Engine,
    ) -> Result<PageRequest<'_>, Problem> {
        let limit = page.limit.0;
        let Some(cursor) = self.cursor(page)? else {
            return Ok(PageRequest {
                query: self,
                view: KnownAtParams { known_at }.view(engine)?,
                page: Page { limit, offset: 0 },
            });
        };
        let refuse = |why| bad_cursor(page, why);
        let view = engine.view(KnownAt::Commit(cursor.commit));
        let view = view.map_err(|error| {
            if matches!(error, EngineError::NoCommit { .. }) {
                refuse("it names a commit that does not exist")
            } else {
                error.into()
            }
        })?;
        if let Some(KnownAt::Commit(number)) = known_at
            && number != cursor.commit
        {
            return Err(refuse("it belongs to another commit"));
        }
        let offset = usize::try_from(cursor.offset).unwrap_or(usize::MAX);
        Ok(PageRequest {
            query: self,
            view,
            page: Page { limit, offset },
        })
    }

    /// The cursor of this very query.
    pub(super) fn cursor(&self, page: &PageParams) -> Result<Option<PageCursor>, Problem> {
        let Some(text) = &page.cursor else {
            return Ok(None);
        };
        let cursor =
            PageCursor::decode(&text.0).ok_or_else(|| bad_cursor(page, "it is not a cursor"))?;
        if cursor.fingerprint != self.fingerprint() {
            return Err(bad_cursor(page, "it belongs to another query"));
        }
        Ok(Some(cursor))
    }

    /// What tells this query from others: all but which page is asked for, and of which commit, since
    /// its first page must be the same whether `known_at` names the commit that is the last one now.
    pub(super) fn fingerprint(&self) -> [u8; 8] {
        let pairs = self.given.pairs();
        let pairs = pairs.filter(|(name, _)| !["cursor", "limit", "known_at"].contains(name));
        cursor::fingerprint(&self.path, pairs)
    }

    /// The `ETag` of the answer to this query, of `view` and after `offset` items. A program gives the
    /// same bytes to the same question about the same commit, so it is told by these, and a client that
    /// has the answer is told so before it is worked out.
    pub(super) fn tag(&self, view: &View, offset: usize) -> String {
        let mark = view.mark();
        let mut seen = EtagHasher::default();
        seen.text(BUILD);
        // Records that were made apart have other times, even where the numbers are the same.
        seen.number(mark.map_or(0, |mark| mark.commit));
        seen.number(mark.map_or(0, |mark| mark.recorded_at.cast_unsigned()));
        seen.number(offset as u64);
        seen.text(&self.path);
        let same = |name: &str| ["cursor", "known_at"].contains(&name);
        for (name, value) in self.given.pairs().filter(|(name, _)| !same(name)) {
            seen.text(name);
            seen.text(value);
        }
        // Under another base path the same question has other links in its answer.
        let base = url::base_path();
        if !base.is_empty() {
            seen.text(base);
        }
        seen.tag()
    }

    /// The same query with another cursor, as a link.
    pub(super) fn with_cursor(&self, cursor: &str) -> String {
        let others = self.given.pairs().filter(|(name, _)| *name != "cursor");
        url::link(&self.path, others.chain([("cursor", cursor)]))
    }
}

fn bad_cursor(page: &PageParams, why: &str) -> Problem {
    let value = page.cursor.as_ref().map_or("", |cursor| &cursor.0);
    let detail = format!(
        "{why}: use `next` of the previous page and keep the other parameters, or start again \
         without a cursor"
    );
    Problem::new(ProblemKind::BadCursor, detail)
        .at("cursor")
        .value(value)
}

/// The parameter of this name.
fn find(known: DeclaredParams, name: &str) -> Result<&'static Parameter, Problem> {
    let found = known.iter().find(|parameter| parameter.is_called(name));
    found.copied().ok_or_else(|| unknown(known, name))
}

fn unknown(known: DeclaredParams, name: &str) -> Problem {
    let known: Vec<&str> = known.iter().map(|parameter| parameter.name).collect();
    let shown: String = name.chars().take(64).collect();
    let nearest = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known, &shown), *known))
        .min()
        .filter(|(distance, known)| *distance <= known.len() / 2)
        .map(|(_, known)| known.to_owned());
    let detail = if known.is_empty() {
        format!("{shown:?} is not a parameter of this path, which has none")
    } else {
        format!("{shown:?} is not a parameter of this path")
    };
    Problem::new(ProblemKind::UnknownParameter, detail)
        .at(&shown)
        .suggest(nearest)
        .known(known)
}

/// What is wrong with a value whatever it stands for.
fn check_text(parameter: &Parameter, name: &str, value: &str) -> Result<(), Problem> {
    if value.is_empty() {
        let problem = format!("{name} has no value: give it one, or leave it out");
        return Err(Problem::parameter(name, "", &problem));
    }
    if let ValueShape::Text(most) = parameter.shape
        && value.chars().count() > most
    {
        let problem = format!("{name} has at most {most} characters");
        return Err(Problem::parameter(name, value, &problem));
    }
    Ok(())
}

/// A page of a query.
pub(super) struct PageRequest<'q> {
    query: &'q QueryParams,
    /// The state that all pages are of.
    pub(super) view: View,
    /// Which part.
    pub(super) page: Page,
}

impl PageRequest<'_> {
    /// A page as an answer, with the cursor of the next one in its place.
    pub(super) fn answer<P: Serialize>(
        &self,
        (mut page, next): (P, Option<PageOffset>),
        place: impl FnOnce(&mut P) -> &mut Option<String>,
    ) -> Result<Answer, Problem> {
        let (cursor, link) = self.next(next).unzip();
        *place(&mut page) = cursor;
        Ok(Answer::json(&page)?.next(link))
    }

    /// The cursor of the next page, and the link to it.
    pub(super) fn next(&self, next: Option<PageOffset>) -> Option<(String, String)> {
        let cursor = PageCursor {
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
        let detail = format!("%{shown} is not a valid escape: write a percent sign as %25");
        return Err(Problem::new(ProblemKind::BadQuery, detail));
    }
    let spaced = piece.replace('+', " ");
    match percent_decode_str(&spaced).decode_utf8() {
        Ok(text) => Ok(Cow::Owned(text.into_owned())),
        Err(error) => {
            let detail = format!(
                "a value is not valid UTF-8 after {} bytes: encode text as UTF-8 before escaping \
                 it",
                error.valid_up_to()
            );
            Err(Problem::new(ProblemKind::BadQuery, detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::questions::{PathsParams, TimelineParams};
    use super::super::records::ActorsParams;
    use super::*;
    use crate::model::{EventType, LABEL_MAX_BYTES};
    use crate::parameter::{NoParams, VALUES_MAX};
    use crate::query::CodingFilter;

    fn read<S: ParamSet>(raw: &str) -> Result<ValidatedParams<S>, ProblemKind> {
        ValidatedParams::read("/p", raw).map_err(|problem| problem.kind())
    }

    fn timeline(raw: &str) -> Result<ValidatedParams<TimelineParams>, ProblemKind> {
        read(raw)
    }

    #[test]
    fn values_are_decoded_and_repeated_never_split() {
        let query =
            timeline("actor=Kim+Jong%20Un,%20Jr&actor=%EB%B0%95%EC%A7%84&match=all").unwrap();
        let selection = &query.params.selection;
        let actors: Vec<&str> = selection.actor.iter().map(|actor| &*actor.text).collect();
        assert_eq!(actors, ["Kim Jong Un, Jr", "박진"]);
        assert_eq!(selection.how, query::ActorMatch::All);
        assert_eq!(query.params.scope.scope.window, Window::ALL);
    }

    #[test]
    fn what_can_not_be_read_is_refused() {
        for (raw, kind) in [
            ("actor=%", ProblemKind::BadQuery),
            ("actor=%2", ProblemKind::BadQuery),
            ("actor=%zz", ProblemKind::BadQuery),
            ("actor=%ff", ProblemKind::BadQuery),
            ("%ff=a", ProblemKind::BadQuery),
            ("actor=", ProblemKind::BadParameter),
            ("actor", ProblemKind::BadParameter),
            ("actr=a", ProblemKind::UnknownParameter),
            ("order=asc&order=asc", ProblemKind::RepeatedParameter),
            (
                "between=a&between=b&between=c",
                ProblemKind::RepeatedParameter,
            ),
        ] {
            assert_eq!(timeline(raw).map(|_| ()), Err(kind), "{raw}");
        }
        assert_eq!(
            read::<PathsParams>("source=a").map(|_| ()),
            Err(ProblemKind::MissingParameter)
        );
        assert_eq!(
            read::<NoParams>("x=1").map(|_| ()),
            Err(ProblemKind::UnknownParameter)
        );
        read::<NoParams>("&&").unwrap();
    }

    #[test]
    fn limits_hold_at_their_edges() {
        let filler = "a".repeat(QUERY_MAX_BYTES - "actor=".len());
        timeline(&format!("actor={filler}")).unwrap();
        assert_eq!(
            timeline(&format!("actor={filler}a")).map(|_| ()),
            Err(ProblemKind::UriTooLong)
        );
        let name = "a".repeat(LABEL_MAX_BYTES);
        read::<ActorsParams>(&format!("name={name}")).unwrap();
        assert_eq!(
            read::<ActorsParams>(&format!("name={name}a")).map(|_| ()),
            Err(ProblemKind::BadParameter)
        );
        let many = vec!["actor=a"; VALUES_MAX].join("&");
        timeline(&many).unwrap();
        assert_eq!(
            timeline(&format!("{many}&actor=a")).map(|_| ()),
            Err(ProblemKind::RepeatedParameter)
        );
        let limit = |raw: &str| timeline(raw).map(|query| query.params.page.limit.0);
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
                Err(ProblemKind::BadParameter),
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
        let scope = query.unwrap().params.scope.scope;
        assert_eq!(scope.filter.types, [CodingFilter::As(EventType::Consult)]);
        assert_eq!(scope.filter.quad.len(), 2);
        assert_eq!(scope.filter.sources.len(), 2);
        assert_eq!(scope.filter.topics.len(), 1);
        assert_eq!(scope.filter.min_confidence, Some(0.5));
        assert_eq!(scope.filter.excluded.len(), 2);
        assert_eq!(scope.filter.min_independent.map(|least| least.0), Some(2));
        for edge in ["1", "100"] {
            assert!(
                timeline(&format!("min_independent={edge}")).is_ok(),
                "{edge}"
            );
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
            let read = timeline(wrong).map(|_| ());
            assert_eq!(read, Err(ProblemKind::BadParameter), "{wrong}");
        }
    }

    #[test]
    fn source_is_a_filter_only_where_it_is_no_end_of_a_path() {
        let query = read::<PathsParams>("source=Park%20Jin&target=prk&cited=s").unwrap();
        assert_eq!(query.params.scope.scope.filter.sources.len(), 1);
    }

    #[test]
    fn instants_are_understood_with_a_plain_plus() {
        let at = |raw: &str| timeline(raw).map(|query| query.params.at.known_at);
        assert_eq!(at(""), Ok(None));
        assert_eq!(at("known_at=12"), Ok(Some(KnownAt::Commit(12))));
        assert_eq!(
            at("known_at=1970-01-01T01:00:01+01:00"),
            Ok(Some(KnownAt::Time(1000)))
        );
        assert_eq!(
            at("known_at=1970-01-01T01:00:01%2B01:00"),
            Ok(Some(KnownAt::Time(1000)))
        );
        for wrong in ["-1", "yesterday", "2023-06-17"] {
            assert_eq!(
                at(&format!("known_at={wrong}")),
                Err(ProblemKind::BadParameter),
                "{wrong}"
            );
        }
    }

    #[test]
    fn links_can_be_read_again() {
        let query = timeline("actor=Kim+Jong%20Un,%20Jr&limit=3").unwrap();
        let link = query.with_cursor("abc");
        let again = timeline(link.split_once('?').unwrap().1).unwrap();
        assert_eq!(again.params.selection.actor, query.params.selection.actor);
        assert_eq!(again.params.page.cursor.as_ref().unwrap().0, "abc");
        assert_eq!(again.fingerprint(), query.fingerprint());
    }
}
