//! Events that are told twice.

use super::answer::{DuplicateAnswer, DuplicatePage};
use super::describe::Describer;
use super::filter::Scope;
use super::network::Network;
use super::selection::{Page, PageOffset, Selection};
use super::timeline::meta;
use crate::graph::{Row, View};

/// Why events are listed: they are equal but for their ids once their actors are known.
const EQUAL: &str = "equal";

/// Events of a scope that may be one.
#[derive(Clone, Debug)]
pub struct DuplicatesQuestion {
    /// Within what: all events of a group count in it.
    pub scope: Scope,
    /// Which part.
    pub page: Page,
}

/// The events that are equal but for their ids, in groups, by their first days; and where the next page
/// starts. `next` of the page is left empty.
pub fn duplicates<'v>(
    view: &'v View,
    question: &DuplicatesQuestion,
) -> (DuplicatePage<'v>, Option<PageOffset>) {
    let network = Network::new(view, &question.scope);
    let counts = |row: Row| network.windowed.matches_row(row) && network.accepts(row, &[]);
    let groups = view.equal_events(counts);
    let (page, next) = question.page.slice(&groups);
    let describer = Describer::new(view, question.scope.scheme);
    let items = page.iter().map(|group| DuplicateAnswer {
        events: group
            .iter()
            // What can't be read has been reported.
            .filter_map(|row| describer.record(*row, Vec::new()))
            .collect(),
        reasons: vec![EQUAL],
        score: 1.0,
    });
    let page = DuplicatePage {
        items: items.collect(),
        total: groups.len(),
        next: None,
        meta: meta(&network, &Selection::Everything, &question.scope),
    };
    (page, next)
}
