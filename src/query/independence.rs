//! Which sources repeat one another.

use std::cell::RefCell;
use std::collections::BTreeSet;

use hashbrown::HashMap;

use crate::graph::{SourceSummary, Term, TermKind, View};
use crate::model::fold;

/// Sources and agencies that are looked at to find what a source repeats.
const ORIGINS_MAX: usize = 64;

/// Tells which of the sources that the records of one question cite repeat one another. What it has
/// looked up it remembers.
pub(super) struct Independence<'v> {
    view: &'v View,
    known: RefCell<HashMap<Term, SourceSummary<'v>>>,
}

impl<'v> Independence<'v> {
    pub(super) fn new(view: &'v View) -> Self {
        Self {
            view,
            known: RefCell::default(),
        }
    }

    /// Puts sources into groups, given by their places: those with an agency or an original in
    /// common, or whose publisher is the agency of another, directly or through sources that they repeat, are one.
    pub(super) fn groups(&self, cited: impl Iterator<Item = Option<Term>>) -> Vec<Vec<usize>> {
        let mut groups: Vec<(BTreeSet<Origin>, Vec<usize>)> = Vec::new();
        for (place, source) in cited.enumerate() {
            let (mut origins, mut places) = (self.origins(source), vec![place]);
            groups.retain(|(other, others)| {
                let apart = !have_in_common(other, &origins);
                if !apart {
                    origins.extend(other.iter().cloned());
                    places.extend(others);
                }
                apart
            });
            groups.push((origins, places));
        }
        groups.into_iter().map(|(_, places)| places).collect()
    }

    /// A source, those that it repeats one after the other, and their agencies.
    fn origins(&self, source: Option<Term>) -> BTreeSet<Origin> {
        let mut found = BTreeSet::new();
        let mut next = source;
        while let Some(source) = next.take() {
            // Sources that repeat one another in a circle are one, too.
            if found.len() > ORIGINS_MAX || !found.insert(Origin::Source(source)) {
                break;
            }
            let head = self.head(source);
            found.extend(head.agency.map(|agency| Origin::Agency(fold(agency))));
            found.extend(
                head.publisher
                    .map(|publisher| Origin::Publisher(fold(publisher))),
            );
            next = head.original.and_then(|original| self.term(original));
        }
        found
    }

    pub(super) fn head(&self, source: Term) -> SourceSummary<'v> {
        let mut known = self.known.borrow_mut();
        *known
            .entry(source)
            // An earlier version of a record may cite what is no more: of that nothing is known.
            .or_insert_with(|| self.view.source(source).unwrap_or_default())
    }

    pub(super) fn term(&self, source: &str) -> Option<Term> {
        self.view.term(TermKind::Source, source)
    }
}

/// What sources that repeat one another have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Source(Term),
    /// By its folded name.
    Agency(String),
    /// By its folded name. Two sources of one publisher are two, but what an agency publishes itself is
    /// its wire.
    Publisher(String),
}

/// Whether one repeats the other: a source or an agency is of both, or the one's publisher is the other's
/// agency.
fn have_in_common(one: &BTreeSet<Origin>, other: &BTreeSet<Origin>) -> bool {
    let is_shared = |origin: &Origin| match origin {
        Origin::Source(_) => other.contains(origin),
        Origin::Agency(name) => {
            other.contains(origin) || other.contains(&Origin::Publisher(name.clone()))
        }
        Origin::Publisher(name) => other.contains(&Origin::Agency(name.clone())),
    };
    one.iter().any(is_shared)
}
