//! Where writers that keep their output to themselves leave it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes that a writer has handed on and that nobody has fetched yet.
///
/// Writers of the libraries own what they write to and do not give it away before they are finished.
/// A file in pieces needs what they have written so far, so they are given one end of this.
#[derive(Clone, Debug, Default)]
pub(super) struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    /// Moves all that was written so far to the end of `out`.
    pub(super) fn drain_into(&self, out: &mut Vec<u8>) {
        // Nothing panics while it holds the lock, and bytes can't be half written.
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        out.append(&mut bytes);
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
