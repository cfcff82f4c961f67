//! The thread that merges large segments, so that no write waits for it.

use std::sync::{Arc, mpsc};

use super::Shared;

/// Merges what is worth it whenever the writer says that there is something.
pub(super) fn run(shared: &Arc<Shared>, told: &mpsc::Receiver<()>) {
    while told.recv().is_ok() {
        while let Some(merge) = shared.graph.load_full().worth_merging() {
            let merged = merge.run();
            let _writing = shared.writing();
            // Nothing is written now, so this is the last state.
            if let Some(graph) = shared.graph.load_full().with_merged(merged) {
                shared.graph.store(Arc::new(graph));
            }
        }
    }
}
