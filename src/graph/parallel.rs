//! Work on two threads.

use std::{panic, thread};

/// Rows from which on another thread is worth its start.
const ROWS_MIN: usize = 1 << 16;

/// The results of both, which are worked out at the same time when they are about many rows.
pub(super) fn both<A: Send, B>(
    rows: usize,
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B,
) -> (A, B) {
    if rows < ROWS_MIN {
        return (first(), second());
    }
    thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        let first = first.join();
        (first.unwrap_or_else(|e| panic::resume_unwind(e)), second)
    })
}
