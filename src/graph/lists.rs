//! Lists of varying length in two flat arrays, and lists found by a sorted key.

/// One list of `T` a row, stored end to end.
#[derive(Clone, Debug)]
pub(super) struct Lists<T> {
    /// Where each list starts in `items`, and at the end their total. Never empty.
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self {
            starts: vec![0],
            items: Vec::new(),
        }
    }
}

impl<T: Copy> Lists<T> {
    /// The number of items in all lists.
    pub(super) fn total(&self) -> usize {
        self.items.len()
    }

    /// List number `index`; empty when there is none.
    pub(super) fn get(&self, index: usize) -> &[T] {
        match (self.starts.get(index), self.starts.get(index + 1)) {
            (Some(&start), Some(&end)) => self
                .items
                .get(start as usize..end as usize)
                .unwrap_or_default(),
            _ => &[],
        }
    }

    /// Adds a list at the end.
    pub(super) fn push(&mut self, items: impl IntoIterator<Item = T>) {
        self.items.extend(items);
        self.close();
    }

    /// Adds one item to the list that [`Self::close`] will end.
    pub(super) fn add(&mut self, item: T) {
        self.items.push(item);
    }

    /// Ends the list that is being added to.
    pub(super) fn close(&mut self) {
        // A segment is closed before its items could pass 32 bits: see `Segment::can_take`.
        self.starts
            .push(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
    }

    /// Adds all lists of `other` at the end.
    pub(super) fn append(&mut self, other: &Self) {
        let base = self.items.len();
        self.items.extend_from_slice(&other.items);
        let ends = other.starts.iter().skip(1);
        self.starts
            .extend(ends.map(|end| u32::try_from(base + *end as usize).unwrap_or(u32::MAX)));
    }

    /// The same lists in the order of `order`.
    pub(super) fn gather(&self, order: &[u32]) -> Self {
        let mut gathered = Self {
            starts: Vec::with_capacity(order.len() + 1),
            items: Vec::with_capacity(self.items.len()),
        };
        gathered.starts.push(0);
        for &index in order {
            gathered.push(self.get(index as usize).iter().copied());
        }
        gathered
    }

    /// Where list number `index` starts among all items.
    pub(super) fn start(&self, index: usize) -> usize {
        self.starts.get(index).map_or(0, |s| *s as usize)
    }
}

/// Sorted rows for each of some keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Postings {
    keys: Vec<u32>,
    rows: Lists<u32>,
}

impl Postings {
    /// Postings of pairs of key and row. A pair that stands twice counts once.
    pub(super) fn of(mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut postings = Self::default();
        for chunk in pairs.chunk_by(|a, b| a.0 == b.0) {
            postings.keys.extend(chunk.first().map(|pair| pair.0));
            postings.rows.push(chunk.iter().map(|pair| pair.1));
        }
        postings
    }

    /// The rows of `key`, ascending.
    pub(super) fn get(&self, key: u32) -> &[u32] {
        self.keys
            .binary_search(&key)
            .map_or(&[], |i| self.rows.get(i))
    }

    /// The keys, ascending.
    pub(super) fn keys(&self) -> &[u32] {
        &self.keys
    }
}
