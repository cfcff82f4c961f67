//! Rows by the kind and id of their records.

use std::sync::OnceLock;

use hashbrown::HashTable;

use super::columns::{Columns, at};
use crate::invariant::number_32;
use crate::model::Kind;

/// Events that share a place on average, at the most: so many keys are compared to find one.
const SHARING_MAX: usize = 4;

/// The rows of finished columns by the hash of their [`super::packed_id::RecordKey`]; several when a record
/// has several versions.
///
/// Answers look up actors and sources all the time. Events are by far the most rows and are seldom
/// asked for by id, so they are indexed when the first is, or when there is time.
#[derive(Debug, Default)]
pub(super) struct IdIndex {
    others: HashTable<u32>,
    events: OnceLock<EventIdIndex>,
}

/// Events are spread over places by the first bits of the hash, by counting: this takes half the
/// time and two thirds of the memory of a table with free slots.
#[derive(Debug)]
struct EventIdIndex {
    /// How far a hash is shifted to give its place.
    shift: u32,
    /// Where the rows of each place start in `rows`, and at the end their number.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl IdIndex {
    /// Of all rows.
    pub(super) fn from_columns(columns: &Columns) -> Self {
        let mut ids = Self::default();
        let hash = |row: u32| columns.key(row).hash;
        for row in columns.with_body() {
            if columns.kind(*row as usize) != Some(Kind::Event) {
                let of_row = |row: &u32| hash(*row);
                ids.others.insert_unique(hash(*row), *row, of_row);
            }
        }
        ids
    }

    /// Whether the events are indexed.
    pub(super) fn is_indexed(&self) -> bool {
        self.events.get().is_some()
    }

    /// Indexes the events, unless this has been done. `columns` are those of which the ids are.
    ///
    /// Nothing is held meanwhile: whoever looks for an event sooner indexes them himself.
    pub(super) fn index_events(&self, columns: &Columns) {
        if !self.is_indexed() {
            let events = EventIdIndex::from_columns(columns);
            self.events.get_or_init(|| events);
        }
    }

    fn events(&self, columns: &Columns) -> &EventIdIndex {
        self.events
            .get_or_init(|| EventIdIndex::from_columns(columns))
    }

    /// The rows that may be those of a record of `kind` whose key has this hash, in no order.
    /// `columns` are those of which the ids are.
    pub(super) fn candidates(
        &self,
        columns: &Columns,
        kind: Kind,
        hash: u64,
    ) -> impl Iterator<Item = u32> + '_ {
        let (events, others) = if kind == Kind::Event {
            (self.events(columns).candidates(hash), None)
        } else {
            (&[][..], Some(self.others.iter_hash(hash)))
        };
        let others = others.into_iter().flatten();
        others.chain(events).copied()
    }
}

impl EventIdIndex {
    fn from_columns(columns: &Columns) -> Self {
        let rows = || 0..number_32(columns.len());
        let of_event = columns.by_shape(|class, _| class.kind == Kind::Event);
        let is_event = |row: &u32| at(&of_event, columns.shape(*row as usize) as usize);
        // The place of each event, counted from the last bit that is kept of its hash.
        let places = (columns.len() / SHARING_MAX).max(2).next_power_of_two();
        let mut events = Self {
            shift: u64::BITS - places.ilog2(),
            starts: vec![0; places + 1],
            rows: Vec::new(),
        };
        let mut place_of = Vec::with_capacity(columns.len());
        for row in rows().filter(is_event) {
            let place = events.place(columns.key_of(Kind::Event, row).hash);
            place_of.push(number_32(place));
            if let Some(count) = events.starts.get_mut(place) {
                *count += 1;
            }
        }
        // From counts to where each place ends; filled from behind, these become starts.
        let mut total = 0;
        for count in &mut events.starts {
            total += *count;
            *count = total;
        }
        events.rows = vec![0; place_of.len()];
        for (row, place) in rows().filter(is_event).rev().zip(place_of.iter().rev()) {
            if let Some(start) = events.starts.get_mut(*place as usize)
                && let Some(slot) = events.rows.get_mut((*start - 1) as usize)
            {
                *start -= 1;
                *slot = row;
            }
        }
        events
    }

    fn place(&self, hash: u64) -> usize {
        usize::try_from(hash >> self.shift).unwrap_or(usize::MAX)
    }

    fn candidates(&self, hash: u64) -> &[u32] {
        let place = self.place(hash);
        let range = match (self.starts.get(place), self.starts.get(place + 1)) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        };
        self.rows.get(range).unwrap_or_default()
    }
}

/// Rows by hash while they are added: each in a slot with the first half of its hash, at the place
/// that this tells or the next free one. It grows without a look at the rows, from front to back.
#[derive(Debug, Default)]
pub(super) struct RecentIds {
    /// The first half of the hash and the row, or [`FREE`].
    slots: Vec<u64>,
    len: usize,
}

/// A slot without a row: none has this number.
const FREE: u64 = u64::MAX;
/// Slots that there are at least.
const SLOTS_MIN: usize = 64;
/// Of so many slots at most so many are taken.
const SLOTS: usize = 4;
const TAKEN: usize = 3;

impl RecentIds {
    /// Sets room aside for so many more rows.
    pub(super) fn reserve(&mut self, rows: usize) {
        self.grow_to((self.len + rows) * SLOTS / TAKEN + 1);
    }

    fn grow_to(&mut self, slots: usize) {
        let slots = slots.max(SLOTS_MIN).next_power_of_two();
        if slots <= self.slots.len() {
            return;
        }
        let before = std::mem::replace(&mut self.slots, vec![FREE; slots]);
        for slot in before {
            if slot != FREE {
                self.put(slot);
            }
        }
    }

    /// The slot at which a search for a hash begins.
    fn place(&self, slot: u64) -> usize {
        let bits = self.slots.len().trailing_zeros();
        // There are no more places than 2^32; of no slots, all begin at 0.
        usize::try_from(slot.checked_shr(u64::BITS - bits).unwrap_or_default()).unwrap_or_default()
    }

    fn put(&mut self, slot: u64) {
        let mask = self.slots.len() - 1;
        let mut place = self.place(slot);
        while let Some(there) = self.slots.get_mut(place) {
            if *there == FREE {
                *there = slot;
                return;
            }
            place = (place + 1) & mask;
        }
    }

    /// Adds a row.
    pub(super) fn insert(&mut self, hash: u64, row: u32) {
        if (self.len + 1) * SLOTS > self.slots.len() * TAKEN {
            self.grow_to(self.slots.len() + 1);
        }
        self.len += 1;
        self.put((hash & !u64::from(u32::MAX)) | u64::from(row));
    }

    /// The rows that may have this hash, in no order.
    pub(super) fn candidates(&self, hash: u64) -> impl Iterator<Item = u32> + '_ {
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = self.place(hash);
        std::iter::from_fn(move || {
            loop {
                let slot = *self.slots.get(place)?;
                if slot == FREE {
                    return None;
                }
                place = (place + 1) & mask;
                if slot >> u32::BITS == hash >> u32::BITS {
                    // The second half of a slot is the row.
                    return u32::try_from(slot & u64::from(u32::MAX)).ok();
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn recent_rows_are_found_by_their_hash(
            hashes in prop::collection::vec(prop_oneof![any::<u64>(), 0..3_u64, Just(u64::MAX), Just(u64::MAX - 1)], 0..300),
            reserved in 0..200_usize,
        ) {
            let mut recent = RecentIds::default();
            prop_assert_eq!(recent.candidates(7).count(), 0);
            recent.reserve(reserved);
            for (hash, row) in hashes.iter().zip(0..) {
                recent.insert(*hash, row);
            }
            for hash in &hashes {
                let mut found: Vec<u32> = recent.candidates(*hash).collect();
                found.sort_unstable();
                let same = (0_u32..).zip(&hashes).filter(|(_, other)| *other >> 32 == hash >> 32);
                prop_assert_eq!(found, same.map(|(row, _)| row).collect::<Vec<_>>());
            }
        }
    }
}
