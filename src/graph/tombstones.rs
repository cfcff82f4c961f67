//! Which operation ended each row.
//!
//! Few rows ever end, so nothing is kept of a stretch of rows in which none has.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::invariant::{Holds as _, number_32};

/// The operation that ended a row which is still current.
pub(super) const ALIVE: u32 = u32::MAX;
/// Rows in one stretch.
const STRETCH: usize = if cfg!(test) { 4 } else { 4096 };

/// What holds of whatever ends.
const IN_RANGE: &str = "what ends is a row of its segment";

/// The operations that ended rows. Set by the writer before the commit that does so can be seen: a
/// reader of an earlier commit compares and finds the row still current.
#[derive(Debug)]
pub(super) struct Tombstones {
    stretches: Box<[OnceLock<Box<[AtomicU32]>>]>,
    /// No row ended before this operation.
    first: AtomicU32,
    rows: usize,
}

impl Default for Tombstones {
    fn default() -> Self {
        Self::with_rows(0)
    }
}

impl Tombstones {
    /// For so many rows, all current.
    pub(super) fn with_rows(rows: usize) -> Self {
        Self {
            stretches: (0..rows.div_ceil(STRETCH))
                .map(|_| OnceLock::new())
                .collect(),
            first: AtomicU32::new(ALIVE),
            rows,
        }
    }

    /// The operation that ended a row, or [`ALIVE`].
    pub(super) fn get(&self, row: u32) -> u32 {
        let row = row as usize;
        let stretch = self.stretches.get(row / STRETCH).holds(IN_RANGE);
        stretch
            .and_then(OnceLock::get)
            .and_then(|stretch| stretch.get(row % STRETCH))
            .map_or(ALIVE, |operation| operation.load(Ordering::Acquire))
    }

    /// Marks a row as ended by an operation; [`ALIVE`] takes the mark back.
    pub(super) fn set(&self, row: u32, operation: u32) {
        let row = row as usize;
        let of_row = |_: &&_| row < self.rows;
        let stretch = self.stretches.get(row / STRETCH).filter(of_row);
        let Some(stretch) = stretch.holds(IN_RANGE) else {
            return;
        };
        self.first.fetch_min(operation, Ordering::AcqRel);
        let stretch = stretch.get_or_init(|| (0..STRETCH).map(|_| AtomicU32::new(ALIVE)).collect());
        if let Some(end) = stretch.get(row % STRETCH) {
            end.store(operation, Ordering::Release);
        }
    }

    /// Whether no row has ended before operation `limit`.
    pub(super) fn none_before(&self, limit: u32) -> bool {
        self.first.load(Ordering::Acquire) >= limit
    }

    /// The next stretch of rows, from the one of `row` on, of which some may have ended.
    pub(super) fn stretch_from(&self, row: u32) -> Option<Range<u32>> {
        let first = row as usize / STRETCH;
        let stretches = self.stretches.get(first..)?;
        let next = first + stretches.iter().position(|s| s.get().is_some())?;
        let bound = |stretch: usize| number_32(stretch * STRETCH);
        Some(bound(next)..bound(next + 1))
    }

    /// The rows that have ended and the operations that ended them, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let stretches = self.stretches.iter().zip((0_u32..).step_by(STRETCH));
        let ends = stretches.filter_map(|(stretch, start)| Some((stretch.get()?, start)));
        ends.flat_map(|(stretch, start)| {
            stretch
                .iter()
                .zip(start..)
                .map(|(end, row)| (row, end.load(Ordering::Acquire)))
                .filter(|(_, end)| *end != ALIVE)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invariant::tests::reported;

    #[test]
    fn a_row_that_is_not_there_does_not_end_in_silence() {
        let ends = Tombstones::with_rows(STRETCH + 1);
        let last = number_32(STRETCH);
        assert_eq!(reported(|| ends.set(last, 7)), None);
        assert_eq!(ends.get(last), 7);
        // In the last stretch, and beyond it.
        for row in [last + 1, 3 * last] {
            assert_eq!(reported(|| ends.set(row, 7)).unwrap().what, IN_RANGE);
        }
        assert!(reported(|| ends.get(3 * last)).is_some());
        assert!(ends.iter().eq([(last, 7)]));
    }
}
