//! The thread that indexes and merges large segments, so that no write and no answer waits for it.

use std::sync::{Arc, mpsc};

use super::{MERGER, SharedState, background};

/// Does what there is to do, at first and whenever the writer says that there is something.
pub(super) fn run(shared: &Arc<SharedState>, told: &mpsc::Receiver<()>) {
    loop {
        shared.poison.watch(MERGER, || index_and_merge(shared));
        // What lacks something is not merged on.
        if shared.poison.check().is_err() || told.recv().is_err() {
            return;
        }
    }
}

fn index_and_merge(shared: &Arc<SharedState>) {
    background::run(|| shared.graph.load_full().index_events());
    while let Some(merge) = shared.graph.load_full().worth_merging() {
        let merged = background::run(|| merge.run());
        // Not in the background: writes wait for this.
        let _writing = shared.writing();
        // Nothing is written now, so this is the last state. A commit may have merged the two
        // meanwhile; then this was for nothing.
        if let Some(graph) = shared.graph.load_full().with_merged(merged) {
            let graph = Arc::new(graph);
            graph.prepare_merges();
            shared.graph.store(graph);
        }
    }
}
