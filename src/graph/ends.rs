//! Which operation ended each row.
//!
//! Few rows ever end, so nothing is kept of a stretch of rows in which none has.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The operation that ended a row which is still current.
pub(super) const ALIVE: u32 = u32::MAX;
/// Rows in one stretch.
const STRETCH: usize = if cfg!(test) { 4 } else { 4096 };

/// The operations that ended rows. Set by the writer before the commit that does so can be seen: a
/// reader of an earlier commit compares and finds the row still current.
#[derive(Debug)]
pub(super) struct Ends {
    stretches: Box<[OnceLock<Box<[AtomicU32]>>]>,
    /// No row ended before this operation.
    first: AtomicU32,
}

impl Default for Ends {
    fn default() -> Self {
        Self::of(0)
    }
}

impl Ends {
    /// For so many rows, all current.
    pub(super) fn of(rows: usize) -> Self {
        Self {
            stretches: (0..rows.div_ceil(STRETCH))
                .map(|_| OnceLock::new())
                .collect(),
            first: AtomicU32::new(ALIVE),
        }
    }

    /// The operation that ended a row, or [`ALIVE`].
    pub(super) fn get(&self, row: u32) -> u32 {
        let row = row as usize;
        let stretch = self.stretches.get(row / STRETCH).and_then(OnceLock::get);
        stretch
            .and_then(|stretch| stretch.get(row % STRETCH))
            .map_or(ALIVE, |operation| operation.load(Ordering::Acquire))
    }

    /// Marks a row as ended by an operation; [`ALIVE`] takes the mark back.
    pub(super) fn set(&self, row: u32, operation: u32) {
        let row = row as usize;
        let Some(stretch) = self.stretches.get(row / STRETCH) else {
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
        let bound = |stretch: usize| u32::try_from(stretch * STRETCH).unwrap_or(u32::MAX);
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
