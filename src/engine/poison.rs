//! Poison: why no more writes are taken.
//!
//! What a thread that panicked has left half done nobody knows. So each thread of the engine holds a
//! [`PoisonGuard`]: when it panics, writes are refused until the service is restarted, and
//! `/readyz` says so. A broken invariant that such a thread reports is a fault of the same kind: the
//! state that it makes may lack something. Reads go on: the state that they see was published whole, and
//! an answer that meets what is broken is an error.

use std::sync::{Arc, OnceLock};
use std::thread;

use super::error::EngineError;
use crate::invariant::{self, BrokenInvariant};

/// Why writes are refused, if they are. Once set it stays.
#[derive(Debug, Default)]
pub(super) struct Poison {
    /// The journal has failed. It refuses writes itself, and says why to each.
    journal: OnceLock<String>,
    /// Which thread has panicked.
    panicked: OnceLock<&'static str>,
    /// What a thread of the engine has found broken first.
    broken: OnceLock<BrokenInvariant>,
}

impl Poison {
    /// The journal takes no more writes.
    pub(super) fn journal_failed(&self, why: &str) {
        self.journal.get_or_init(|| why.to_owned());
    }

    /// A thread has panicked. Gives the error of whoever waits for it.
    pub(super) fn thread_panicked(&self, thread: &'static str) -> EngineError {
        let first = self.panicked.get_or_init(|| {
            tracing::error!("{thread} has panicked: no more writes are accepted");
            thread
        });
        EngineError::Poisoned(first)
    }

    /// Does some work of a thread of the engine. When that reports a broken invariant, no more writes are
    /// taken.
    pub(super) fn watch<T>(&self, thread: &'static str, work: impl FnOnce() -> T) -> T {
        let (done, found) = invariant::observe(work);
        if let Some(found) = found {
            tracing::error!("{thread} has met a broken invariant: no more writes are taken");
            self.broken.get_or_init(|| found);
        }
        done
    }

    /// Whether the threads of the engine are as they should be.
    ///
    /// # Errors
    ///
    /// [`EngineError::Poisoned`] when one has panicked, [`EngineError::BrokenState`] when one has
    /// reported a broken invariant.
    pub(super) fn check(&self) -> Result<(), EngineError> {
        if let Some(thread) = self.panicked.get() {
            return Err(EngineError::Poisoned(thread));
        }
        let broken = self.broken.get().cloned();
        broken.map_or(Ok(()), |broken| Err(EngineError::BrokenState(broken)))
    }

    /// Why writes are refused, whatever the reason.
    pub(super) fn why(&self) -> Option<String> {
        let stopped = self.check().err().map(|error| error.to_string());
        stopped.or_else(|| self.journal.get().cloned())
    }
}

/// Poisons the engine when the thread that holds it panics.
pub(super) struct PoisonGuard {
    pub(super) poison: Arc<Poison>,
    /// What the thread is called in messages.
    pub(super) thread: &'static str,
}

impl Drop for PoisonGuard {
    fn drop(&mut self) {
        if thread::panicking() {
            // Whoever waits for the thread makes the error.
            let _error = self.poison.thread_panicked(self.thread);
        }
    }
}
