//! Long work lets others have the processor now and then.
//!
//! An import keeps all processors busy for as long as it takes. The system lets a thread that has one
//! keep it for some milliseconds before another gets its turn, and an answer waits for several turns.
//! Offered more often, the processor goes to whoever waits; when nobody does, an offer costs less
//! than a microsecond.

use std::thread;

/// Records that are read, checked or hashed between two offers: about 0.1 ms of work.
const RECORDS: usize = 256;
/// Rows that are put in order or indexed between two offers.
const ROWS: u32 = 1 << 14;

/// Offers the processor when a running count of records says that it is time.
pub(crate) fn after_records(count: usize) {
    if count.is_multiple_of(RECORDS) {
        thread::yield_now();
    }
}

/// Offers the processor.
pub(crate) fn after_much() {
    thread::yield_now();
}

/// The rows, with an offer of the processor now and then.
pub(crate) fn through(rows: impl Iterator<Item = u32>) -> impl Iterator<Item = u32> {
    rows.inspect(|row| {
        if row.is_multiple_of(ROWS) {
            thread::yield_now();
        }
    })
}
