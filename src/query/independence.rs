//! Which sources repeat one another, and so count as one.

use std::collections::BTreeSet;

use crate::graph::View;
use crate::model::{Id, Kind, Record, fold};

/// Sources and agencies that are looked at to find what a source repeats.
const ORIGINS_MAX: usize = 64;

/// What sources that repeat one another have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Source(Id),
    /// By its folded name.
    Agency(String),
}

/// A source, those that it repeats one after the other, and their agencies.
#[derive(Clone, Default)]
pub(super) struct Origins(BTreeSet<Origin>);

impl Origins {
    /// The origins of a source.
    pub(super) fn of(view: &View, id: &Id) -> Self {
        let mut found = BTreeSet::new();
        let mut next = Some(id.clone());
        while let Some(id) = next.take() {
            // Sources that repeat one another in a circle are one, too.
            if found.len() > ORIGINS_MAX || !found.insert(Origin::Source(id.clone())) {
                break;
            }
            let row = view.find(Kind::Source, id.as_str());
            if let Some(Record::Source(source)) = row.and_then(|row| view.record(row)) {
                let agency = source.agency.as_deref();
                found.extend(agency.map(|agency| Origin::Agency(fold(agency))));
                next.clone_from(&source.original);
            }
        }
        Self(found)
    }
}

/// Puts sources into groups, given by their places: those with an agency or an original in common,
/// directly or through sources that they repeat, are one.
pub(super) fn groups(sources: impl IntoIterator<Item = Origins>) -> Vec<Vec<usize>> {
    let mut groups: Vec<(Origins, Vec<usize>)> = Vec::new();
    for (place, Origins(mut origins)) in sources.into_iter().enumerate() {
        let mut places = vec![place];
        groups.retain(|(Origins(other), others)| {
            let apart = other.is_disjoint(&origins);
            if !apart {
                origins.extend(other.iter().cloned());
                places.extend(others);
            }
            apart
        });
        groups.push((Origins(origins), places));
    }
    groups.into_iter().map(|(_, places)| places).collect()
}
