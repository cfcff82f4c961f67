//! The topics of a window, the most frequent first.

use std::cmp::Reverse;
use std::sync::Arc;

use hashbrown::HashMap;

use super::answer::{TopicAnswer, TopicPage};
use super::cell_filter::CellFilter;
use super::drill_down::DrillDownBase;
use super::filter::Scope;
use super::network::Network;
use super::selection::{Page, PageOffset, Selection};
use super::timeline::{meta, select};
use crate::graph::{Row, Term, View};

/// The topics that records are about.
#[derive(Clone, Debug)]
pub struct TopicsQuestion {
    /// Within what.
    pub scope: Scope,
    /// Which part.
    pub page: Page,
}

/// The topics: most records first, then by name; and where the next page starts. `next` of the page is
/// left empty.
pub fn topics<'v>(
    view: &'v View,
    question: &TopicsQuestion,
) -> (TopicPage<'v>, Option<PageOffset>) {
    let scope = &question.scope;
    let network = Network::new(view, scope);
    let mut rows_of: HashMap<Term, Vec<Row>> = HashMap::new();
    for row in select(&network, &Selection::Everything) {
        for topic in view.topics(row) {
            rows_of.entry(*topic).or_default().push(row);
        }
    }
    let mut ranked: Vec<(&str, Vec<Row>)> = rows_of
        .into_iter()
        .map(|(topic, rows)| (view.text(topic), rows))
        .collect();
    ranked.sort_unstable_by_key(|(topic, rows)| (Reverse(rows.len()), *topic));
    let (page, next) = question.page.slice(&ranked);
    let opened = DrillDownBase::timeline(view, &Selection::Everything, scope);
    let items = page.iter().map(|(topic, rows)| {
        let extent = view.extent(rows.iter().copied());
        TopicAnswer {
            topic,
            records: rows.len(),
            records_url: opened.narrowed(CellFilter {
                topic: Some(Arc::<str>::from(*topic).into()),
                ..CellFilter::default()
            }),
            first: extent.map(|extent| extent.first),
            last: extent.map(|extent| extent.last),
        }
    });
    let page = TopicPage {
        items: items.collect(),
        total: ranked.len(),
        next: None,
        meta: meta(&network, &Selection::Everything, scope),
    };
    (page, next)
}
