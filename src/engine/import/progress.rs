//! How far an import is, shared with whoever shows it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How far an import is. Shared with whoever shows it.
///
/// Each member is for show (and, for [`Progress::bytes_read`], for a guess at how much room to set
/// aside): nobody reads anything else on the strength of one. So all are relaxed and pair with
/// nothing; whoever looks in the middle of a change sees a mixture, which [`Progress::bytes_of`]
/// keeps from going backwards.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes read of the current reading.
    bytes: AtomicU64,
    /// Readings that are done.
    readings: AtomicU64,
    /// Whether the input is read twice.
    twice: AtomicBool,
    /// The most bytes that were told.
    told: AtomicU64,
    /// Records taken up so far.
    records: AtomicU64,
}

impl Progress {
    /// Bytes read so far of an input of `total` bytes. It never goes down: when records have to be
    /// skipped and the input is read again, it stays where it is.
    pub fn bytes_of(&self, total: u64) -> u64 {
        // Relaxed: for show, see the type.
        let of_this = self.bytes.load(Ordering::Relaxed).min(total);
        let readings = self.readings.load(Ordering::Relaxed);
        let bytes = match (self.twice.load(Ordering::Relaxed), readings) {
            (false, 0) => of_this,
            (true, 0) => of_this / 2,
            (true, 1) => u64::midpoint(total, of_this),
            _ => total,
        };
        // Relaxed: the maximum of one member needs no order with others.
        self.told.fetch_max(bytes, Ordering::Relaxed).max(bytes)
    }

    /// Records taken up so far.
    pub fn records(&self) -> u64 {
        // Relaxed: for show, see the type.
        self.records.load(Ordering::Relaxed)
    }

    /// Where a reading counts the bytes that it has read.
    pub(super) fn byte_counter(&self) -> &AtomicU64 {
        &self.bytes
    }

    /// Bytes read so far of the current reading.
    pub(super) fn bytes_read(&self) -> u64 {
        // Relaxed: a guess, see the type.
        self.bytes.load(Ordering::Relaxed)
    }

    /// Counts records that were taken up.
    pub(super) fn add_records(&self, count: u64) {
        // Relaxed: for show, see the type.
        self.records.fetch_add(count, Ordering::Relaxed);
    }

    /// A reading is done; the next one starts at 0.
    pub(super) fn end_reading(&self) {
        // Relaxed: for show, see the type.
        self.readings.fetch_add(1, Ordering::Relaxed);
        self.bytes.store(0, Ordering::Relaxed);
    }

    /// The input is going to be read twice, from the beginning.
    pub(super) fn start_again(&self) {
        // Relaxed: for show, see the type.
        self.twice.store(true, Ordering::Relaxed);
        self.readings.store(0, Ordering::Relaxed);
        self.bytes.store(0, Ordering::Relaxed);
    }
}
