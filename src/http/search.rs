//! Search over names and texts, and whom a name means.

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
use crate::query::answer::{ResolveAnswer, SearchPage, TopicPage};
use crate::query::{
    self, OfRecords, OfSearches, ResolveQuestion, SEARCHED, ScopeParams, SearchOrder,
    SearchQuestion, TopicsQuestion,
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
        /// The words to search for. Case and accents are ignored. A word of three letters or more also
        /// matches words that begin with it. In texts whose sources state a `language`, it also matches the
        /// other grammatical forms of the word. `"two words"` is a phrase and matches these words exactly in
        /// this order. `-word` and `-"two words"` exclude records that contain the word or phrase.
        #[example("missile launches")]
        q: Chars<QUERY_MAX_CHARS>,
        /// Search only records of this kind. By default, all kinds are searched.
        #[spelled("in")]
        kinds: Vec<Searched>,
    }
}

parameters! {
    /// What a search is asked.
    pub(super) struct SearchParams {
        words: WordsParams,
        /// The order of the results: best match first, or latest first. In the latter order, records without
        /// a date come last.
        order: SearchOrder = "relevance",
        scope: ScopeParams<OfSearches>,
        page: PageParams,
        at: KnownAtParams,
    }
}

parameters! {
    /// What is asked of a name.
    pub(super) struct ResolveParams {
        /// The name to resolve: an id, a code, a name, an alias or an office. If two schemes contain the same
        /// code, put the scheme before it: `cow:710`.
        #[example("Secretary of State")]
        q: ActorName,
        /// The day or days on which names, aliases and offices must be valid. By default, they may be valid
        /// at any time.
        #[example("2023-06-16")]
        on: Option<Date>,
        /// Only actors of this kind.
        kind: Vec<ActorKind>,
        at: KnownAtParams,
    }
}

/// Adds the search.
pub(super) fn configure(config: &mut impl Routes) {
    config.service(search).service(resolve).service(topics);
}

/// Search for actors by name, and for other records by their text
///
/// Actors are found by their names, codes and offices. The parts of a name can be given in any order, or only
/// by their beginnings. A part of four letters or more can contain a typing error. Events, statements and
/// sources are found if every word of `q` matches in a title, text, quote, place or topic. A word matches
/// itself, a longer word that begins with it, or another form of it in the language of a cited source. Case
/// and accents are ignored. `match` says how an item matched; items with the exact words come first. `"two
/// words"` is a phrase, and `-word` excludes a word.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<SearchParams>),
    responses((status = 200, description = "A page of results.", body = SearchPage<'static>), SearchProblems),
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

/// The actor that a name refers to
///
/// A name is resolved in these steps, in this order: id; code, name or alias as written; spelling; accents;
/// office as of the day. The first step that finds an actor decides. If it finds several actors, the name is
/// ambiguous. The answer lists every match with its reason. If there is no match, it lists actors with
/// similar names.
#[utoipa::path(
    tag = "questions",
    params(ValidatedParams<ResolveParams>),
    responses((status = 200, description = "The actor that the name refers to.", body = ResolveAnswer<'static>), ResolveProblems),
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

parameters! {
    /// What topics are asked.
    pub(super) struct TopicsParams {
        scope: ScopeParams<OfRecords>,
        page: PageParams,
        at: KnownAtParams,
    }
}

/// The topics of the records in a window
///
/// Returns the topics that the records name, most frequent first, each with the number of its records.
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
