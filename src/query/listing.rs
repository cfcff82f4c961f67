//! Lists of the records of one kind.

use super::answer::{Meta, RecordPage};
use super::describe::Describer;
use super::filter::{CompiledFilter, Scope};
use super::selection::{Page, PageOffset};
use crate::graph::{Row, TermKind, View, WindowMatch};
use crate::model::{ActorKind, Kind, Record, fold};

/// The records of one kind.
#[derive(Clone, Debug)]
pub struct ListQuestion {
    /// Which kind.
    pub kind: Kind,
    /// Within what. Actors and sources have no date, so a window or `certain` lets none of them through; the
    /// filters on data set and kind of actor hold for them.
    pub scope: Scope,
    /// A part of a name or title that actors and sources must have, in any case.
    pub name: Option<String>,
    /// Which part.
    pub page: Page,
}

/// The records of a kind: actors and sources by id, the others in the order of time; and where the
/// next page starts. `next` of the page is left empty.
pub fn list<'v>(view: &'v View, question: &ListQuestion) -> (RecordPage<'v>, Option<PageOffset>) {
    let rows = match question.kind {
        Kind::Actor | Kind::Source | Kind::Judgement if question.scope.leaves_undated_out() => {
            Vec::new()
        }
        Kind::Actor | Kind::Source | Kind::Judgement => by_id(view, question),
        Kind::Relation | Kind::Event | Kind::Statement => by_time(view, question),
    };
    let (page, next) = question.page.slice(&rows);
    let describer = Describer::new(view, question.scope.scheme);
    let items = page
        .iter()
        // What can't be read has been reported.
        .filter_map(|row| describer.record(*row, Vec::new()));
    let page = RecordPage {
        items: items.collect(),
        total: rows.len(),
        next: None,
        meta: Meta {
            known_at: view.mark().map_or(0, |m| m.commit),
            scheme: question.scope.scheme.as_str(),
            undated_omitted: undated(view, question),
            ..Meta::default()
        },
    };
    (page, next)
}

fn by_time(view: &View, question: &ListQuestion) -> Vec<Row> {
    let windowed = view.window(question.scope.window, question.scope.matching());
    let compiled = CompiledFilter::new(view, &question.scope);
    let rows = view.of_kind(question.kind);
    rows.filter(|row| windowed.matches_row(*row) && compiled.accepts(*row, &[]))
        .collect()
}

/// The records of the kind that are left out because they have no date.
fn undated(view: &View, question: &ListQuestion) -> usize {
    if !question.scope.leaves_undated_out() {
        return 0;
    }
    match question.kind {
        Kind::Actor | Kind::Source | Kind::Judgement => by_id(view, question).len(),
        Kind::Relation | Kind::Event | Kind::Statement => {
            let compiled = CompiledFilter::new(view, &question.scope);
            // A record without a date is never certain: that it is left out is what is counted.
            let windowed = view.undated(WindowMatch {
                certain: false,
                ..question.scope.matching()
            });
            let rows = view.of_kind(question.kind);
            let is_left_out = |row: &Row| !view.is_dated(*row) && windowed.matches_row(*row);
            rows.filter(|row| is_left_out(row) && compiled.accepts(*row, &[]))
                .count()
        }
    }
}

fn by_id(view: &View, question: &ListQuestion) -> Vec<Row> {
    let wanted = question.name.as_deref().map(fold);
    let filter = &question.scope.filter;
    let mut rows: Vec<Row> = view
        .of_kind(question.kind)
        .filter(|row| {
            let dataset = view.dataset(*row).map(|d| view.text(d));
            filter.datasets.is_empty()
                || filter
                    .datasets
                    .iter()
                    .any(|wanted| Some(wanted.as_str()) == dataset)
        })
        .filter(|row| {
            question.kind != Kind::Actor
                || filter.kinds.is_empty()
                || ActorKind::from_number(view.detail(*row))
                    .is_some_and(|k| filter.kinds.contains(&k))
        })
        .filter(|row| question.kind != Kind::Actor || !view.is_of_merged(*row))
        .filter(|row| {
            wanted.as_deref().is_none_or(|wanted| {
                let mut merged = merged_into(view, *row).into_iter();
                is_called(view, *row, wanted) || merged.any(|row| is_called(view, row, wanted))
            })
        })
        .collect();
    rows.sort_by_cached_key(|row| view.id(*row));
    rows
}

/// The records of the actors that have been merged into the one of a row.
fn merged_into(view: &View, row: Row) -> Vec<Row> {
    if view.redirects().is_none() || view.kind(row) != Kind::Actor {
        return Vec::new();
    }
    let actor = view.term(TermKind::Actor, &view.id_text(row));
    let merged = actor.map_or(&[][..], |actor| view.merged_into(actor));
    let rows = merged.iter().filter_map(|actor| view.actor(*actor));
    rows.collect()
}

fn is_called(view: &View, row: Row, wanted: &str) -> bool {
    match view.record(row) {
        Some(Record::Actor(actor)) => {
            fold(&actor.name).contains(wanted)
                || actor
                    .aliases
                    .iter()
                    .any(|alias| fold(&alias.text).contains(wanted))
        }
        Some(Record::Source(source)) => source
            .title
            .as_ref()
            .is_some_and(|title| fold(title).contains(wanted)),
        Some(
            Record::Relation(_) | Record::Event(_) | Record::Statement(_) | Record::Judgement(_),
        )
        | None => false,
    }
}
