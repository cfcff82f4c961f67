//! Work on two threads.

use std::{panic, thread};

use crate::invariant;

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
        let first = scope.spawn(|| invariant::observe(first));
        let second = second();
        let first = first.join().unwrap_or_else(|e| panic::resume_unwind(e));
        // Whoever watches this thread does not see the other.
        (invariant::joined(first), second)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invariant::tests::{Expected, reported};

    #[test]
    fn what_is_broken_on_the_other_thread_is_reported_on_this_one() {
        for rows in [0, ROWS_MIN] {
            let work = || {
                let first = || {
                    let _expected = Expected::reports();
                    invariant::broken("first");
                };
                both(rows, first, || ())
            };
            assert_eq!(reported(|| both(rows, || (), || ())), None);
            assert_eq!(reported(work).unwrap().what, "first", "{rows} rows");
        }
    }
}
