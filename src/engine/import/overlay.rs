//! An overlay: a snapshot with changes on top of it that nobody else sees.

use std::sync::Arc;

use crate::graph::{Graph, GraphBuilder, NextState, View};
use crate::model::{Id, Kind};

/// A snapshot, and the changes of an import on top of it so far. The view does not see them.
pub(super) struct Overlay {
    pub(super) view: View,
    pub(super) builder: GraphBuilder,
}

impl Overlay {
    /// On top of the last commit of a state.
    pub(super) fn on_commit(graph: &Arc<Graph>) -> Self {
        Self {
            view: graph.view(),
            builder: GraphBuilder::new(graph),
        }
    }

    /// On top of changes that were applied and that the view sees.
    pub(super) fn on_changes(applied: &NextState) -> Self {
        Self {
            view: applied.graph.view_of_all(),
            builder: applied.builder(),
        }
    }

    /// Whether a record is in the snapshot or among the changes.
    pub(super) fn has(&self, kind: Kind, id: &Id) -> bool {
        self.view.find(kind, id.as_str()).is_some() || self.builder.has(kind, id)
    }
}
