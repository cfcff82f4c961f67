//! Search over names and texts, whom a name means, and what is told twice.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::answer::{Answer, answer};
use super::documentation::{ListProblems, ResolveProblems, SearchProblems};
use super::parameters::{KnownAtParams, PageParams};
use super::problem::Problem;
use super::query_params::ValidatedParams;
use super::routes::Routes;
use crate::engine::Engine;
use crate::model::{ActorKind, Date, Kind, Name};
use crate::parameter::{ActorName, Chars, parameters, word_values};
use crate::query::answer::{DuplicatePage, ResolveAnswer, SearchPage, TopicPage};
use crate::query::{
    self, DuplicatesQuestion, OfLists, OfRecords, OfSearches, ResolveQuestion, SEARCHED,
    ScopeParams, SearchOrder, SearchQuestion, TopicsQuestion,
};
use crate::text::{self, QUERY_MAX_CHARS};

word_values! {
    SearchOrder: SearchOrder::ALL, SearchOrder::as_str;
    Searched: SEARCHED.map(Searched), Searched::as_str;
}

/// A kind of record that is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Searched(pub(super) Kind);

impl Searched {
    const fn as_str(self) -> &'static str {
        self.0.plural()
    }
}

parameters! {
    /// What is looked for, and where.
    pub(super) struct WordsParams {
        /// What to look for: words, in any case and with or without accents. Words of three letters or
        /// more also find those that they are the start of and, in texts whose sources say their
        /// `language`, their other forms. `"two words"` are a phrase, as they stand; `-word` and
        /// `-"two words"` leave out what has that.
        #[example("missile launches")]
        q: Chars<QUERY_MAX_CHARS>,
        /// Only in records of this kind; by default in all of them.
        #[spelled("in")]
        kinds: Vec<Searched>,
    }
}

parameters! {
    /// What a search is asked.
    pub(super) struct SearchParams {
        words: WordsParams,
        /// What fits best first, or the latest first; what has no date comes last.
        order: SearchOrder = "relevance",
        scope: ScopeParams<OfSearches>,
        page: PageParams,
        at: KnownAtParams,
    }
}

parameters! {
    /// What is asked of a name.
    pub(super) struct ResolveParams {
        /// The name: an id, a code (with its scheme before it where two schemes have it: `cow:710`), a name,
        /// an alias or an office.
        #[example("Secretary of State")]
        q: ActorName,
        /// As of which day or days names, aliases and offices count; at any time, when it is not given.
        #[example("2023-06-16")]
        on: Option<Date>,
        /// Only actors of this kind.
        kind: Vec<ActorKind>,
        at: KnownAtParams,
    }
}

parameters! {
    /// What events told twice are asked.
    pub(super) struct DuplicatesParams {
        scope: ScopeParams<OfLists>,
        page: PageParams,
        at: KnownAtParams,
    }
}

/// Adds the search.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(search).service(resolve).service(duplicates);
    config.service(topics);
}

/// Actors by their names, and records by their words
///
/// Actors are found by any of their names, codes and offices: in any order of its parts, by their
/// starts, with an error of typing in parts of four letters or more. Events, statements and sources
/// are found when they have every word of `q`, a longer word that begins with it, or another form of it in the
/// language of a cited source, in titles, texts, quotes, places or topics; case and accents are no matter.
/// `match` says which, and what has the words as they stand comes first. `"two words"` are a phrase, `-word`
/// leaves out.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<SearchParams>),
    responses((status = 200, description = "A page of what was found.", body = SearchPage<'static>), SearchProblems),
)]
#[get("/search")]
async fn search(
    engine: web::Data<Engine>,
    asked: ValidatedParams<SearchParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let paging = asked.paging(&params.page, &params.at, &engine)?;
        let words = params.words.q.0.as_str();
        let query = text::TextQuery::parse(words)
            .map_err(|error| Problem::parameter("q", words, &error.to_string()))?;
        let question = SearchQuestion {
            query,
            kinds: params.words.kinds.iter().map(|kind| kind.0).collect(),
            scope: params.scope.scope.clone(),
            order: params.order,
            page: paging.page,
        };
        paging.answer(query::search(&paging.view, &question), |page| {
            &mut page.next
        })
    })
    .await
}

/// Whom a name means
///
/// The steps by which names resolve, in this order: id; code, name or alias as written; spelling;
/// accents; office as of the day. The first that finds anybody answers; several actors in it are
/// ambiguous. Every way to an actor is listed with its reason, and where there is none, actors whose names
/// are near.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<ResolveParams>),
    responses((status = 200, description = "Whom it means.", body = ResolveAnswer<'static>), ResolveProblems),
)]
#[get("/resolve")]
async fn resolve(
    engine: web::Data<Engine>,
    asked: ValidatedParams<ResolveParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let view = params.at.view(&engine)?;
        let text = params.q.text.as_str();
        let name = Name::new(text)
            .map_err(|error| Problem::parameter(params.q.parameter, text, &error.to_string()))?;
        let question = ResolveQuestion {
            name: name.to_string(),
            days: params.on.as_ref().map(Date::naming_days),
            kinds: params.kind.clone(),
        };
        Answer::json(&query::resolve(&view, &question))
    })
    .await
}

/// Events that are told twice
///
/// Groups of events that say the same under different ids once their actors are known: two files that
/// name the actors differently make two events of one. None is ever joined by itself.
#[utoipa::path(
    tag = "events",
    params(ValidatedParams<DuplicatesParams>),
    responses((status = 200, description = "A page of groups.", body = DuplicatePage<'static>), ListProblems),
)]
#[get("/events/duplicates")]
async fn duplicates(
    engine: web::Data<Engine>,
    asked: ValidatedParams<DuplicatesParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let paging = asked.paging(&params.page, &params.at, &engine)?;
        let question = DuplicatesQuestion {
            scope: params.scope.scope.clone(),
            page: paging.page,
        };
        paging.answer(query::duplicates(&paging.view, &question), |page| {
            &mut page.next
        })
    })
    .await
}

parameters! {
    /// What topics are asked.
    pub(super) struct TopicsParams {
        scope: ScopeParams<OfRecords>,
        page: PageParams,
        at: KnownAtParams,
    }
}

/// What the records of a window are about
///
/// The topics that records name, the most frequent first, each with its records.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<TopicsParams>),
    responses((status = 200, description = "A page of topics.", body = TopicPage<'static>), ListProblems),
)]
#[get("/topics")]
async fn topics(
    engine: web::Data<Engine>,
    asked: ValidatedParams<TopicsParams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    answer(&request, move || {
        let params = &asked.params;
        let paging = asked.paging(&params.page, &params.at, &engine)?;
        let question = TopicsQuestion {
            scope: params.scope.scope.clone(),
            page: paging.page,
        };
        paging.answer(query::topics(&paging.view, &question), |page| {
            &mut page.next
        })
    })
    .await
}
