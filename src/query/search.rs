//! Search: actors by name, the other records by the words of their texts.

mod actors;
mod highlight;
mod question;
mod texts;

use std::collections::BTreeMap;

use super::answer::{
    CountAnswer, FacetsAnswer, FoundAnswer, HighlightAnswer, Meta, SearchPage, SearchWarning,
};
use super::cell_filter::{opens, type_word};
use super::describe::Describer;
use super::drill_down::{DrillDownBase, ListedRecords};
use super::filter::{CompiledFilter, Filter, Scope};
use super::network::Network;
use super::selection::{ActorMatch, Page, PageOffset, Selection};
use crate::graph::{Row, Term, View};
use crate::model::{Actor, ActorKind, Kind, Record, Window};
use crate::text::{Field, Languages, TextQuery, fields};
use actors::actors;
use highlight::highlight;
use question::{SearchHit, counted, is_of_dataset, is_of_dataset_only, put_in_order};
pub use question::{SearchOrder, SearchQuestion};
pub use texts::PHRASE_RECORDS_MAX;
use texts::{TextLanguages, keep_phrases, texts};

/// Kinds of record that are searched.
pub const SEARCHED: [Kind; 4] = [Kind::Actor, Kind::Statement, Kind::Event, Kind::Source];

/// Texts of one record that are shown with highlights.
const HIGHLIGHTS_MAX: usize = 5;

/// How the numbers of the facets are opened.
const OPENS: &[(&str, &str)] = &[
    ("kind", "only_record={key}"),
    ("type", "only_type={key}"),
    ("dataset", "only_dataset={key}"),
];

/// What was found: an actor when every word is in one of its names, another record when it has all
/// words, other forms of them, or words that they start; and where the next page starts. `next` of the page
/// is left empty.
pub fn search<'v>(
    view: &'v View,
    question: &SearchQuestion,
) -> (SearchPage<'v>, Option<PageOffset>) {
    search_within(view, question, PHRASE_RECORDS_MAX)
}

/// The same with at most so many records that are read for phrases.
pub fn search_within<'v>(
    view: &'v View,
    question: &SearchQuestion,
    phrase_records_max: usize,
) -> (SearchPage<'v>, Option<PageOffset>) {
    let asked = question;
    // Other than a filter it is about actors and sources, too.
    let mut open = question.clone();
    let narrowed = std::mem::take(&mut open.scope.filter.narrowed);
    let question = &open;
    let is_in = |kind: Kind| question.kinds.is_empty() || question.kinds.contains(&kind);
    let languages = TextLanguages::new(view);
    let mut found = texts(view, question, &languages);
    found.retain(|found| is_in(view.kind(found.row)));
    keep_within(view, question, &mut found);
    let unread = keep_phrases(view, &question.query, phrase_records_max, &mut found);
    let undated = found.iter().filter(|found| found.is_omitted).count();
    found.retain(|found| !found.is_omitted);
    if is_in(Kind::Actor) {
        found.extend(actors(view, question));
    }
    let facet = CompiledFilter::new(
        view,
        &Scope {
            filter: Filter {
                narrowed: narrowed.clone(),
                ..Filter::default()
            },
            ..question.scope.clone()
        },
    );
    found.retain(|found| facet.accepts_record(found.row));
    put_in_order(view, question.order, &mut found);
    let (page, next) = question.page.slice(&found);
    let describer = Describer::new(view, question.scope.scheme);
    let items = page.iter().filter_map(|found| {
        let languages = languages.languages(found.row);
        describe_found(&describer, view, question, found, languages)
    });
    let page = SearchPage {
        items: items.collect(),
        total: found.len(),
        next: None,
        facets: facets(view, asked, &found),
        warnings: warnings(&question.query, unread, phrase_records_max),
        meta: Meta {
            known_at: view.mark().map_or(0, |m| m.commit),
            scheme: question.scope.scheme.as_str(),
            undated_omitted: undated,
            opens: opens(OPENS, &narrowed),
            ..Meta::default()
        },
    };
    (page, next)
}

/// The actors of some kinds, or of all, whose names are like a text: the best first.
pub(super) fn actors_like(view: &View, query: TextQuery, kinds: &[ActorKind]) -> Vec<Term> {
    let filter = Filter {
        kinds: kinds.to_vec(),
        ..Filter::default()
    };
    let question = SearchQuestion {
        query,
        kinds: vec![Kind::Actor],
        scope: Scope {
            filter,
            ..Scope::default()
        },
        order: SearchOrder::Relevance,
        page: Page {
            limit: 0,
            offset: 0,
        },
    };
    let mut found = actors(view, &question);
    put_in_order(view, question.order, &mut found);
    let actors = found.into_iter().filter_map(|found| found.actor);
    actors.map(|(actor, _, _)| actor).collect()
}

/// Keeps what the question is about: the records of its window and filters. Those that are left out for
/// they have no date stay, and are marked.
fn keep_within(view: &View, question: &SearchQuestion, found: &mut Vec<SearchHit>) {
    let network = Network::new(view, &question.scope);
    let windowless = Scope {
        window: Window::ALL,
        certain: false,
        ..question.scope.clone()
    };
    let dateless = Network::new(view, &windowless);
    let leaves_out = question.scope.leaves_undated_out();
    let filter = &question.scope.filter;
    let plain = is_of_dataset_only(filter);
    let accepts = |network: &Network<'_>, row: Row| match view.kind(row) {
        Kind::Source => plain && is_of_dataset(view, row, filter),
        Kind::Actor | Kind::Relation | Kind::Event | Kind::Statement => network.accepts(row, &[]),
        // None has words that are searched.
        Kind::Judgement => false,
    };
    found.retain_mut(|found| {
        let is_dated = view.is_dated(found.row);
        found.is_omitted = !is_dated && leaves_out;
        let network = if is_dated { &network } else { &dateless };
        network.windowed.matches_row(found.row) && accepts(network, found.row)
    });
}

fn facets<'v>(view: &'v View, question: &SearchQuestion, found: &[SearchHit]) -> FacetsAnswer<'v> {
    let words = question.query.as_str().to_owned();
    let listed = ListedRecords::Found(words, question.kinds.clone());
    let mut facets = FacetsAnswer {
        kind: BTreeMap::new(),
        event_type: BTreeMap::new(),
        dataset: BTreeMap::new(),
        records_url: DrillDownBase::list(listed, view, &question.scope).all(),
    };
    for row in found.iter().map(|found| found.row) {
        *facets.kind.entry(view.kind(row).as_str()).or_default() += 1;
        if let Some(coding) = view.coding(row) {
            let word = type_word(coding.event_type());
            *facets.event_type.entry(word).or_default() += 1;
        }
        if let Some(dataset) = view.dataset(row) {
            let name = view.text(dataset);
            *facets.dataset.entry(name).or_default() += 1;
        }
    }
    facets
}

/// What was passed over, and that not all records were read.
fn warnings(query: &TextQuery, unread: usize, records_max: usize) -> Vec<SearchWarning> {
    let passed = query.passed().iter().map(|passed| SearchWarning {
        kind: passed.what.as_str(),
        at: Some(passed.at),
        text: passed.what.to_string(),
    });
    let unread = (unread > 0).then(|| SearchWarning {
        kind: "phrases_unread",
        at: None,
        text: format!(
            "{unread} more records have all words but were not checked for the phrase: only the \
             best {records_max} are checked; add a word or narrow the window"
        ),
    });
    passed.chain(unread).collect()
}

fn describe_found<'v>(
    describer: &Describer<'v>,
    view: &'v View,
    question: &SearchQuestion,
    found: &SearchHit,
    languages: Languages,
) -> Option<FoundAnswer<'v>> {
    let record = view.record(found.row)?;
    // Who is found may bear the name as who was merged into it.
    let actor = found.actor.map(|(actor, ..)| actor);
    let merged = actor
        .map_or(&[][..], |actor| view.merged_into(actor))
        .iter();
    let merged = merged.filter_map(|merged| {
        let record = view.record(view.actor(*merged)?)?;
        Some((record, Some(view.text(*merged))))
    });
    let mut highlights = Vec::new();
    for (record, merged_from) in std::iter::once((record, None)).chain(merged) {
        let fields = match &record {
            Record::Actor(actor) => name_fields(actor),
            Record::Source(_)
            | Record::Relation(_)
            | Record::Event(_)
            | Record::Statement(_)
            | Record::Judgement(_) => fields(&record),
        };
        let wanted = question.query.wanted();
        let found = fields.iter();
        let found = found.filter_map(|field| highlight(field, wanted, languages));
        highlights.extend(found.map(|found| HighlightAnswer {
            merged_from,
            ..found
        }));
    }
    highlights.truncate(HIGHLIGHTS_MAX);
    Some(FoundAnswer {
        score: found.score,
        fit: found.fit.as_str(),
        matched: found.actor.map_or("text", |(_, named, _)| named.as_str()),
        records: found.actor.map(|(actor, _, records)| {
            let selection = Selection::Actors(vec![actor], ActorMatch::Any);
            let scope = counted(&question.scope);
            CountAnswer {
                count: records,
                records_url: DrillDownBase::timeline(view, &selection, &scope).all(),
            }
        }),
        highlights,
        record: describer.record(found.row, Vec::new())?,
    })
}

/// The names of an actor as texts that are shown.
fn name_fields(actor: &Actor) -> Vec<Field<'_>> {
    let field = |path: String, text| Field {
        path,
        text,
        weight: 1,
    };
    let aliases = actor.aliases.iter().enumerate();
    let aliases = aliases.map(|(at, alias)| field(format!("aliases[{at}].text"), &*alias.text));
    std::iter::once(field("name".to_owned(), &*actor.name))
        .chain(aliases)
        .collect()
}
