//! Search: actors by name, the other records by the words of their texts.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::answer::{CountAnswer, FacetsAnswer, FoundAnswer, HighlightAnswer, Meta, SearchPage};
use super::describe::Describer;
use super::drill_down::{Listed, Opened};
use super::filter::{Filter, Scope, Sieve};
use super::narrowed::{opens, type_word};
use super::network::Network;
use super::timeline::{self, Page, Position, Selection};
use crate::graph::{Indexed, Row, Term, TermKind, View};
use crate::model::{ActorKind, Kind, Record, Window, fold};
use crate::text::{Field, Fit, Likeness, Named, Query, fields, words};

/// Kinds of record that are searched.
pub const SEARCHED: [Kind; 4] = [Kind::Actor, Kind::Statement, Kind::Event, Kind::Source];

/// How fast a word counts less the more often a text has it: BM25's k₁.
const SATURATION: f64 = 1.2;
/// How much the length of a text counts against it: BM25's b.
const LENGTH: f64 = 0.75;
/// The BM25 score that is half of what can be had.
const HALF: f64 = 5.0;
/// What the records of an actor may add to its score, and how many add half of that.
const TIER: f64 = 0.0999;
const RECORDS_HALF: f64 = 50.0;
/// Texts of one record that are shown with highlights.
const HIGHLIGHTS_MAX: usize = 5;
/// Characters of a text that are shown.
const EXCERPT_CHARS: usize = 240;
/// Characters that are shown before the first word found, when there are more.
const BEFORE_CHARS: usize = 60;

/// How the numbers of the facets are opened.
const OPENS: &[(&str, &str)] = &[
    ("kind", "only_record={key}"),
    ("type", "only_type={key}"),
    ("dataset", "only_dataset={key}"),
];

/// How what was found is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchOrder {
    /// What fits best first; of what fits equally well, the earliest.
    Relevance,
    /// The latest first; what has no date last, the best first.
    Date,
}

impl SearchOrder {
    /// Both orders.
    pub const ALL: [Self; 2] = [Self::Relevance, Self::Date];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Date => "date",
        }
    }
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct SearchQuestion {
    /// The words.
    pub query: Query,
    /// In which of the [`SEARCHED`] kinds; in all, when empty.
    pub kinds: Vec<Kind>,
    /// Within what. Actors have no date: the window says as of when names and offices count. The filter
    /// on kinds of actor is of themselves; other filters than that and the data set let no actor through,
    /// and no source.
    pub scope: Scope,
    /// In which order.
    pub order: SearchOrder,
    /// Which part.
    pub page: Page,
}

/// A record that was found.
struct Found {
    row: Row,
    score: f64,
    /// Of an actor: who, by what, and in how many records of the window it stands.
    actor: Option<(Term, Named, usize)>,
}

/// What was found: an actor when every word is in one of its names, another record when it has all
/// words, or words that they start; and where the next page starts. `next` of the page is left empty.
pub fn search<'v>(view: &'v View, question: &SearchQuestion) -> (SearchPage<'v>, Option<Position>) {
    let asked = question;
    // Other than a filter it is about actors and sources, too.
    let mut open = question.clone();
    let narrowed = std::mem::take(&mut open.scope.filter.narrowed);
    let question = &open;
    let is_in = |kind: Kind| question.kinds.is_empty() || question.kinds.contains(&kind);
    let mut found = Vec::new();
    if is_in(Kind::Actor) {
        found.extend(actors(view, question));
    }
    let texts = texts(view, question).into_iter();
    found.extend(texts.filter(|found| is_in(view.kind(found.row))));
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
    };
    let mut undated = 0;
    found.retain(|found| {
        if view.kind(found.row) == Kind::Actor {
            return true;
        }
        if !view.is_dated(found.row) {
            let counts = dateless.windowed.matches_row(found.row) && accepts(&dateless, found.row);
            undated += usize::from(counts && leaves_out);
            return counts && !leaves_out;
        }
        network.windowed.matches_row(found.row) && accepts(&network, found.row)
    });
    let facet = Sieve::new(
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
    let (page, next) = question.page.of(&found);
    let describer = Describer::new(view, question.scope.scheme);
    let items = page
        .iter()
        .filter_map(|found| describe_found(&describer, view, question, found));
    let page = SearchPage {
        items: items.collect(),
        total: found.len(),
        next: None,
        facets: facets(view, asked, &found),
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

/// The actors whose names are like what is looked for, each by the best.
fn actors(view: &View, question: &SearchQuestion) -> Vec<Found> {
    let scope = &question.scope;
    let filter = &scope.filter;
    let of_all_kinds = scope.of_all_kinds();
    if !is_of_dataset_only(&of_all_kinds.filter) {
        return Vec::new();
    }
    let mut best: BTreeMap<Term, (Best, Named)> = BTreeMap::new();
    for part in view.indexed() {
        for like in part.index().names.like(&question.query) {
            let Some(actor) = bearer(view, part, &like, scope.window) else {
                continue;
            };
            let fit = Best(like.matched, like.score);
            let is_better = |(known, named): &(Best, Named)| {
                let order = fit.order(known);
                order.then_with(|| like.named.cmp(named)).is_lt()
            };
            match best.get_mut(&actor) {
                Some(known) if is_better(known) => *known = (fit, like.named),
                Some(_) => {}
                None => _ = best.insert(actor, (fit, like.named)),
            }
        }
    }
    let passes = |row: &Row| {
        let kind = ActorKind::from_number(view.detail(*row)).unwrap_or(ActorKind::Unknown);
        (filter.kinds.is_empty() || filter.kinds.contains(&kind))
            && is_of_dataset(view, *row, filter)
    };
    let network = Network::new(view, &counted(scope));
    let found = best.into_iter().filter_map(|(actor, (fit, named))| {
        let records = network.total_of(actor);
        Some(Found {
            row: view.actor(actor).filter(passes)?,
            score: fit.score(records),
            actor: Some((actor, named, records)),
        })
    });
    found.collect()
}

/// What the records of an actor are counted in: the filters are about what is found.
fn counted(scope: &Scope) -> Scope {
    Scope {
        filter: Filter::default(),
        ..scope.clone()
    }
}

/// How well the best name of an actor fits: how it matches, and how much it is like what was asked for.
#[derive(Clone, Copy)]
struct Best(Fit, f64);

impl Best {
    /// Which of two fits better: it is less.
    fn order(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0).then(other.1.total_cmp(&self.1))
    }

    /// The score of an actor who stands in so many records: how the name matches decides, then how much is
    /// recorded. What is longer than what was asked for is no worse for that.
    fn score(self, records: usize) -> f64 {
        let least = match self.0 {
            Fit::Exact => 0.9,
            Fit::Words => 0.8,
            Fit::Starts => 0.7,
            Fit::Near => 0.5,
        };
        let records = real(records as u64);
        least + TIER * records / (records + RECORDS_HALF)
    }
}

/// Whether a filter asks for nothing but a data set. Actors and sources have no coding, topics or
/// citations: a filter on these lets none of them through. They rest on no source that might be left out.
fn is_of_dataset_only(filter: &Filter) -> bool {
    let others = Filter {
        datasets: Vec::new(),
        excluded: Vec::new(),
        ..filter.clone()
    };
    others == Filter::default()
}

fn is_of_dataset(view: &View, row: Row, filter: &Filter) -> bool {
    let dataset = view.dataset(row).map_or("", |dataset| view.text(dataset));
    filter.datasets.is_empty() || filter.datasets.iter().any(|d| d.as_str() == dataset)
}

/// The actor who bears a name in the window, or holds the office.
fn bearer(view: &View, part: Indexed<'_>, like: &Likeness<'_>, window: Window) -> Option<Term> {
    if !part.sees(like.row) {
        return None;
    }
    let always = window == Window::ALL;
    match view.record(part.row(like.row))? {
        Record::Actor(actor) => {
            let in_use = |alias: &crate::model::Alias| {
                fold(&alias.text) == like.folded && alias.on((window.lo(), window.hi())).is_some()
            };
            let bears = always || like.named != Named::Alias || actor.aliases.iter().any(in_use);
            bears.then(|| view.term(TermKind::Actor, actor.id.as_str()))?
        }
        Record::Relation(office) => {
            let holds = || {
                let period = view.period(part.row(like.row))?;
                period.on((window.lo(), window.hi()))
            };
            (always || holds().is_some())
                .then(|| view.term(TermKind::Actor, office.subject.as_str()))?
        }
        Record::Source(_) | Record::Event(_) | Record::Statement(_) => None,
    }
}

/// The records that have all words, with their scores: Okapi BM25 (Robertson and Zaragoza 2009) over
/// the rows that the view sees, brought between 0 and 1.
fn texts(view: &View, question: &SearchQuestion) -> Vec<Found> {
    let query = &question.query;
    let (mut rows, mut all_words) = (0, 0);
    let mut frequencies = vec![0; query.len()];
    let mut hits = Vec::new();
    for part in view.indexed() {
        let texts = &part.index().texts;
        let size = texts.size(|row| part.sees(row));
        rows += size.0;
        all_words += size.1;
        let (of_part, having) = texts.find(query, |row| part.sees(row));
        for (frequency, having) in frequencies.iter_mut().zip(having) {
            *frequency += having;
        }
        hits.extend(of_part.into_iter().map(|hit| (part.row(hit.row), hit)));
    }
    let rarities: Vec<f64> = frequencies
        .iter()
        .map(|having| (1.0 + (real(rows - having) + 0.5) / (real(*having) + 0.5)).ln())
        .collect();
    let typical = real(all_words.max(1)) / real(rows.max(1));
    let scored = hits.into_iter().map(|(row, hit)| {
        let length = 1.0 - LENGTH + LENGTH * f64::from(hit.length) / typical;
        let mut score = 0.0;
        for (times, rarity) in hit.times.iter().zip(&rarities) {
            let times = f64::from(*times) / 2.0;
            score += rarity * times * (SATURATION + 1.0) / (times + SATURATION * length);
        }
        Found {
            row,
            score: score / (score + HALF),
            actor: None,
        }
    });
    scored.collect()
}

/// A count to calculate with.
#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of words are far below 2^52"
)]
fn real(count: u64) -> f64 {
    count as f64
}

fn put_in_order(view: &View, order: SearchOrder, found: &mut [Found]) {
    // Recorded order decides nothing: a record that came in another order is found in the same.
    let day = |found: &Found| {
        let (day, last, instant, _) = view.order(found.row);
        (day, last, instant, view.kind(found.row).number())
    };
    let by_score = |a: &Found, b: &Found| {
        let best = b.score.total_cmp(&a.score);
        best.then_with(|| day(a).cmp(&day(b)))
            .then_with(|| view.id(a.row).cmp(&view.id(b.row)))
    };
    match order {
        SearchOrder::Relevance => found.sort_by(by_score),
        SearchOrder::Date => found.sort_by(|a, b| {
            let dated = |found: &Found| view.is_dated(found.row);
            match (dated(a), dated(b)) {
                (true, true) => day(b)
                    .cmp(&day(a))
                    .then_with(|| view.id(a.row).cmp(&view.id(b.row))),
                (false, false) => by_score(a, b),
                (a, b) => b.cmp(&a),
            }
        }),
    }
}

fn facets<'v>(view: &'v View, question: &SearchQuestion, found: &[Found]) -> FacetsAnswer<'v> {
    let words = question.query.as_str().to_owned();
    let listed = Listed::Found(words, question.kinds.clone());
    let mut facets = FacetsAnswer {
        kind: BTreeMap::new(),
        event_type: BTreeMap::new(),
        dataset: BTreeMap::new(),
        records_url: Opened::list(listed, view, &question.scope).all(),
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

fn describe_found<'v>(
    describer: &Describer<'v>,
    view: &'v View,
    question: &SearchQuestion,
    found: &Found,
) -> Option<FoundAnswer<'v>> {
    let record = view.record(found.row)?;
    let shown = match &record {
        Record::Actor(actor) => {
            let mut all = vec![Field {
                path: "name".to_owned(),
                text: &actor.name,
                weight: 1,
            }];
            let aliases = actor.aliases.iter().enumerate();
            all.extend(aliases.map(|(at, alias)| Field {
                path: format!("aliases[{at}].text"),
                text: &alias.text,
                weight: 1,
            }));
            all
        }
        Record::Source(_) | Record::Relation(_) | Record::Event(_) | Record::Statement(_) => {
            fields(&record)
        }
    };
    let highlights = shown
        .iter()
        .filter_map(|field| highlight(field, &question.query))
        .take(HIGHLIGHTS_MAX);
    Some(FoundAnswer {
        score: found.score,
        matched: found.actor.map_or("text", |(_, named, _)| named.as_str()),
        records: found.actor.map(|(actor, _, records)| {
            let selection = Selection::Actors(vec![actor], timeline::Match::Any);
            let scope = counted(&question.scope);
            CountAnswer {
                count: records,
                records_url: Opened::timeline(view, &selection, &scope).all(),
            }
        }),
        highlights: highlights.collect(),
        record: describer.record(found.row, Vec::new())?,
    })
}

/// A text with the places of the words looked for; none when it has none of them.
fn highlight(field: &Field<'_>, query: &Query) -> Option<HighlightAnswer> {
    let all = words(field.text);
    let mut ranges: Vec<[usize; 2]> = Vec::new();
    for word in all.iter().filter(|word| query.finds(&word.folded)) {
        match ranges.last_mut() {
            // Pairs of characters overlap.
            Some(last) if word.start <= last[1] => last[1] = last[1].max(word.end),
            _ => ranges.push([word.start, word.end]),
        }
    }
    let first = ranges.first()?[0];
    let length = field.text.chars().count();
    let from = if length > EXCERPT_CHARS && first > BEFORE_CHARS {
        let earliest = (first - BEFORE_CHARS).min(length - EXCERPT_CHARS);
        let starts = all.iter().map(|word| word.start);
        starts
            .filter(|at| *at >= earliest)
            .min()
            .map_or(earliest, |at| at.min(first))
    } else {
        0
    };
    let to = length.min(from + EXCERPT_CHARS);
    let within = ranges
        .into_iter()
        .filter(|[start, end]| *start >= from && *end <= to);
    Some(HighlightAnswer {
        field: field.path.clone(),
        text: field.text.chars().skip(from).take(to - from).collect(),
        cut: to - from < length,
        ranges: within
            .map(|[start, end]| [start - from, end - from])
            .collect(),
    })
}
