//! Lists of varying length in two flat arrays, and lists found by a sorted key.

use std::collections::BTreeMap;

use crate::invariant::{Holds as _, number_32};

/// How many times more keys than items a table indexed by key may have.
pub(super) const SPARSE_MAX: usize = 4;
/// Keys of a table that is made whatever the number of items.
pub(super) const TABLE_MIN: usize = 1024;

/// One list of `T` a row, stored end to end.
///
/// Most rows have none of a thing, or one: as long as all lists have the length of the first, nothing but the
/// items is kept.
#[derive(Clone, Debug)]
pub(super) struct ListColumn<T> {
    /// The length of the first `even` lists.
    stride: usize,
    even: usize,
    /// Where each further list ends in `items`.
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for ListColumn<T> {
    fn default() -> Self {
        Self {
            stride: 0,
            even: 0,
            ends: Vec::new(),
            items: Vec::new(),
        }
    }
}

impl<T: Copy> ListColumn<T> {
    /// The number of items in all lists.
    pub(super) fn total(&self) -> usize {
        self.items.len()
    }

    /// Where list number `index` starts among all items.
    pub(super) fn start(&self, index: usize) -> usize {
        match index.checked_sub(self.even) {
            None => index * self.stride,
            Some(0) => self.even * self.stride,
            Some(after) => self.ends.get(after - 1).map_or(0, |end| *end as usize),
        }
    }

    /// List number `index`; empty when there is none.
    pub(super) fn get(&self, index: usize) -> &[T] {
        let end = match index.checked_sub(self.even) {
            None => (index + 1) * self.stride,
            Some(after) => match self.ends.get(after) {
                Some(end) => *end as usize,
                None => return &[],
            },
        };
        let items = self.items.get(self.start(index)..end);
        items
            .holds("a list ends within the items")
            .unwrap_or_default()
    }

    /// Adds a list at the end.
    pub(super) fn push(&mut self, items: impl IntoIterator<Item = T>) {
        self.items.extend(items);
        self.close();
    }

    /// Adds a list at the end.
    pub(super) fn push_slice(&mut self, items: &[T]) {
        self.items.extend_from_slice(items);
        self.close();
    }

    /// Ends the list that was added to.
    fn close(&mut self) {
        let start = self
            .ends
            .last()
            .map_or(self.even * self.stride, |end| *end as usize);
        let length = self.items.len() - start;
        if self.ends.is_empty() && (self.even == 0 || self.stride == length) {
            self.stride = length;
            self.even += 1;
        } else {
            // A segment is closed before its items could pass 32 bits: see `Segment::can_take`.
            self.ends.push(number_32(self.items.len()));
        }
    }

    /// The number of lists.
    pub(super) fn len(&self) -> usize {
        self.even + self.ends.len()
    }

    /// Adds all lists of `other` at the end.
    pub(super) fn append(&mut self, other: &Self) {
        self.items.reserve(other.items.len());
        for list in 0..other.len() {
            self.push_slice(other.get(list));
        }
    }

    /// The same lists in the order of `order`.
    pub(super) fn gather(&self, order: &[u32]) -> Self {
        let mut gathered = Self {
            items: Vec::with_capacity(self.items.len()),
            ..Self::default()
        };
        if self.ends.is_empty() {
            for &index in order {
                gathered.items.extend_from_slice(self.get(index as usize));
            }
            (gathered.stride, gathered.even) = (self.stride, order.len());
            return gathered;
        }
        for &index in order {
            gathered.push_slice(self.get(index as usize));
        }
        gathered.ends.shrink_to_fit();
        gathered
    }
}

/// Values, each at its place among `places`.
///
/// Read from front to back and written in as many places at a time as there are days: this stays in
/// the cache, where reading in the order of the result would miss it with every row.
pub(super) fn in_places<T: Copy>(values: &[T], places: &[u32]) -> Vec<T> {
    let mut sorted = values.to_vec();
    for (value, place) in values.iter().zip(places) {
        if let Some(slot) = sorted.get_mut(*place as usize) {
            *slot = *value;
        }
    }
    sorted
}

/// The rows in the order of their places.
pub(super) fn inverse(places: &[u32]) -> Vec<u32> {
    let mut order = vec![0; places.len()];
    for (place, row) in places.iter().zip(0..) {
        if let Some(slot) = order.get_mut(*place as usize) {
            *slot = row;
        }
    }
    order
}

/// The place of a number among keys that ascend. Most keys follow one another without a gap, so the
/// search begins where the number would stand if all did.
pub(super) fn place_of<K>(keys: &[K], number: u32, of: impl Fn(&K) -> u32) -> Option<usize> {
    let first = keys.first().map(&of)?;
    let without_gap = number.checked_sub(first)? as usize;
    let mut end = without_gap.saturating_add(1).min(keys.len());
    let mut start = end - 1;
    let mut step = 1;
    while of(keys.get(start)?) > number {
        end = start;
        start = start.saturating_sub(step);
        step *= 2;
    }
    let near = keys.get(start..end)?;
    let found = near.binary_search_by_key(&number, of).ok()?;
    Some(start + found)
}

/// Rows that a stretch of a [`RowList`] has at the least, if they are spread evenly, and four times as many
/// at the most: two to eight lines of memory.
const STRETCH: usize = 32;

/// What holds of the rows of a key and of those of a stretch.
const WITHIN: &str = "rows are listed within all rows";

/// Ascending rows. Where there are many, all rows of the segment are divided into equal stretches, and
/// how many of these come before each is kept, so that a place is found by looking into one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RowList<'a> {
    rows: &'a [u32],
    /// How many come before each stretch, and at the end their number; empty when there are few.
    before: &'a [u32],
    /// How far a row is shifted to give the number of its stretch.
    shift: u32,
}

impl<'a> RowList<'a> {
    /// Of ascending rows alone.
    pub(super) fn from_rows(rows: &'a [u32]) -> Self {
        Self {
            rows,
            ..Self::default()
        }
    }

    pub(super) fn rows(self) -> &'a [u32] {
        self.rows
    }

    /// The place of the first row that is `bound` or later.
    // Asked for every actor of a window: `/summary` is a fifth slower where it is called.
    #[inline]
    pub(super) fn place(self, bound: u32) -> usize {
        let within = if self.before.is_empty() {
            // A whole window is asked for, or one before or after all rows.
            match (self.rows.first(), self.rows.last()) {
                (Some(first), _) if *first >= bound => return 0,
                (_, Some(last)) if *last >= bound => 0..self.rows.len(),
                _ => return self.rows.len(),
            }
        } else {
            let stretch = (bound >> self.shift) as usize;
            match (self.before.get(stretch), self.before.get(stretch + 1)) {
                (Some(start), Some(end)) => *start as usize..*end as usize,
                _ => return self.rows.len(),
            }
        };
        let start = within.start;
        let near = self.rows.get(within).holds(WITHIN).unwrap_or_default();
        start + near.partition_point(|row| *row < bound)
    }
}

/// How far rows below `end` are shifted to fall into stretches of which each has a few of `count` rows;
/// `None` when there are too few.
fn stretches(count: usize, end: u32) -> Option<u32> {
    let wanted = (count / STRETCH).checked_ilog2()?;
    let bits = u32::BITS - end.leading_zeros();
    (wanted > 0).then(|| bits.saturating_sub(wanted))
}

/// Sorted rows for each of some keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Postings {
    keys: Vec<u32>,
    /// Where the rows of each key start in `rows`, and at the end their number.
    starts: Vec<u32>,
    rows: Vec<u32>,
    /// The number after the largest row, and what [`RowList`] needs of each key; empty unless made.
    end: u32,
    before: ListColumn<u32>,
}

impl Postings {
    /// Postings of the pairs of key and row that `each` gives, rows ascending, always the same. A
    /// pair that stands twice counts once.
    pub(super) fn from_pairs(each: impl Fn(&mut dyn FnMut(u32, u32))) -> Self {
        let (mut count, mut least, mut most) = (0_usize, u32::MAX, 0);
        each(&mut |key, _| {
            count += 1;
            least = least.min(key);
            most = most.max(key);
        });
        if count == 0 {
            return Self::default();
        }
        let width = (most - least) as usize + 1;
        if width > SPARSE_MAX * count + TABLE_MIN {
            return Self::sorted(count, each);
        }
        // The last row of each key, plus one, tells pairs that stand twice.
        let mut seen = vec![0_u32; width];
        let mut counts = vec![0_u32; width];
        let place = |key: u32| (key - least) as usize;
        each(&mut |key, row| {
            if let (Some(count), Some(seen)) =
                (counts.get_mut(place(key)), seen.get_mut(place(key)))
                && *seen != row + 1
            {
                *seen = row + 1;
                *count += 1;
            }
        });
        let mut postings = Self::default();
        let mut total = 0;
        for (key, count) in (least..=most).zip(&mut counts) {
            if *count > 0 {
                postings.keys.push(key);
                postings.starts.push(total);
                total += *count;
                // From here on: where the next row of the key goes.
                *count = total - *count;
            }
        }
        postings.starts.push(total);
        postings.rows = vec![0; total as usize];
        seen.fill(0);
        each(&mut |key, row| {
            if let (Some(next), Some(seen)) = (counts.get_mut(place(key)), seen.get_mut(place(key)))
                && *seen != row + 1
                && let Some(slot) = postings.rows.get_mut(*next as usize)
            {
                *seen = row + 1;
                *slot = row;
                *next += 1;
            }
        });
        postings
    }

    /// The same for few pairs of keys that lie far apart.
    fn sorted(count: usize, each: impl Fn(&mut dyn FnMut(u32, u32))) -> Self {
        let mut pairs = Vec::with_capacity(count);
        each(&mut |key, row| pairs.push((key, row)));
        pairs.sort_unstable();
        pairs.dedup();
        let mut postings = Self::default();
        for chunk in pairs.chunk_by(|a, b| a.0 == b.0) {
            postings.keys.extend(chunk.first().map(|pair| pair.0));
            postings.starts.push(number_32(postings.rows.len()));
            postings.rows.extend(chunk.iter().map(|pair| pair.1));
        }
        postings.starts.push(number_32(postings.rows.len()));
        postings
    }

    /// The rows of `key`, ascending.
    pub(super) fn get(&self, key: u32) -> &[u32] {
        place_of(&self.keys, key, |key| *key).map_or(&[], |at| self.rows_at(at))
    }

    fn rows_at(&self, at: usize) -> &[u32] {
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(start), Some(end)) => self
                .rows
                .get(*start as usize..*end as usize)
                .holds(WITHIN)
                .unwrap_or_default(),
            _ => &[],
        }
    }

    /// The same with what finds places among the rows of each key.
    pub(super) fn with_places(mut self) -> Self {
        let keys = 0..self.keys.len();
        let last = keys.clone().filter_map(|at| self.rows_at(at).last()).max();
        self.end = last.map_or(0, |last| last + 1);
        let mut before = ListColumn::default();
        for rows in keys.map(|at| self.rows_at(at)) {
            let places = stretches(rows.len(), self.end).map(|shift| {
                // The last is the number of all rows.
                let stretches = 0..=(self.end >> shift) + 1;
                stretches.map(move |stretch| {
                    let place = rows.partition_point(|row| row >> shift < stretch);
                    number_32(place)
                })
            });
            before.push(places.into_iter().flatten());
        }
        self.before = before;
        self
    }

    /// The rows of `key`, with what finds places among them if that was made.
    pub(super) fn listed(&self, key: u32) -> RowList<'_> {
        let Some(at) = place_of(&self.keys, key, |key| *key) else {
            return RowList::default();
        };
        let rows = self.rows_at(at);
        RowList {
            rows,
            before: self.before.get(at),
            // Of few rows no places were made, and nothing is shifted.
            shift: stretches(rows.len(), self.end).unwrap_or_default(),
        }
    }

    /// The keys, ascending.
    pub(super) fn keys(&self) -> &[u32] {
        &self.keys
    }
}

/// Rows that follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowSpan {
    start: u32,
    /// The row after the last.
    end: u32,
    /// Rows in the spans before.
    before: u32,
}

impl RowSpan {
    /// Row number `position` of all rows of some spans.
    pub(super) fn row(spans: &[Self], position: usize) -> Option<u32> {
        let position = u32::try_from(position).ok()?;
        let at = spans.partition_point(|span| span.before <= position);
        let span = spans.get(at.checked_sub(1)?)?;
        let row = span.start + (position - span.before);
        (row < span.end).then_some(row)
    }

    /// How many rows of some spans come before row `bound`.
    pub(super) fn place(spans: &[Self], bound: u32) -> usize {
        let at = spans.partition_point(|span| span.start < bound);
        let last = at.checked_sub(1).and_then(|last| spans.get(last));
        last.map_or(0, |span| {
            (span.before + (bound.min(span.end) - span.start)) as usize
        })
    }
}

/// Rows for each of some keys, where most rows of a key follow one another: kept as spans.
#[derive(Clone, Debug, Default)]
pub(super) struct RowRanges(BTreeMap<u32, Vec<RowSpan>>);

impl RowRanges {
    /// Adds rows from `start` to before `end`, which come after all those of the key so far.
    pub(super) fn add(&mut self, key: u32, start: u32, end: u32) {
        let spans = self.0.entry(key).or_default();
        match spans.last_mut() {
            Some(last) if last.end >= start => last.end = last.end.max(end),
            last => {
                let before = last.map_or(0, |last| last.before + (last.end - last.start));
                spans.push(RowSpan { start, end, before });
            }
        }
    }

    /// The rows of `key`, ascending.
    pub(super) fn get(&self, key: u32) -> &[RowSpan] {
        self.0.get(&key).map_or(&[], |spans| spans)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_are_found_where_they_stand(
            gaps in prop::collection::vec(prop_oneof![8 => Just(1_u32), 1 => 1..50_u32], 0..60),
            first in 0..5_u32,
        ) {
            let keys: Vec<u32> = gaps
                .iter()
                .scan(first, |key, gap| {
                    let this = *key;
                    *key += gap;
                    Some(this)
                })
                .collect();
            for number in 0..keys.last().map_or(3, |last| last + 3) {
                let found = place_of(&keys, number, |key| *key);
                prop_assert_eq!(found, keys.binary_search(&number).ok());
            }
        }

        #[test]
        fn lists_are_those_that_were_pushed(
            lists in prop::collection::vec(prop_oneof![3 => Just(vec![1_u8, 2]), 1 => prop::collection::vec(0..9_u8, 0..4)], 0..20),
            more in prop::collection::vec(prop::collection::vec(0..9_u8, 0..4), 0..5),
        ) {
            let of = |lists: &[Vec<u8>]| {
                let mut all = ListColumn::default();
                for list in lists {
                    all.push(list.iter().copied());
                }
                all
            };
            let mut all = of(&lists);
            all.append(&of(&more));
            let expected: Vec<&Vec<u8>> = lists.iter().chain(&more).collect();
            prop_assert_eq!(all.len(), expected.len());
            let mut start = 0;
            for (index, list) in expected.iter().enumerate() {
                prop_assert_eq!(all.get(index), &list[..]);
                prop_assert_eq!(all.start(index), start);
                start += list.len();
            }
            prop_assert!(all.get(expected.len()).is_empty());
            let order: Vec<u32> = (0..u32::try_from(expected.len()).unwrap()).rev().collect();
            let turned = all.gather(&order);
            for (index, list) in expected.iter().rev().enumerate() {
                prop_assert_eq!(turned.get(index), &list[..]);
            }
        }

        #[test]
        fn postings_are_the_rows_of_each_key(
            rows in prop::collection::vec(prop::collection::vec(prop_oneof![0..5_u32, 1_000_000..1_000_003_u32], 0..4), 0..30),
            dense: bool,
        ) {
            let keys = |key: u32| if dense { key % 7 } else { key };
            let postings = Postings::from_pairs(|pair| {
                for (row, of_row) in (0..).zip(&rows) {
                    for key in of_row {
                        pair(keys(*key), row);
                    }
                }
            });
            let mut expected: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for (row, of_row) in (0..).zip(&rows) {
                for key in of_row {
                    let rows = expected.entry(keys(*key)).or_default();
                    if rows.last() != Some(&row) {
                        rows.push(row);
                    }
                }
            }
            prop_assert!(postings.keys().iter().eq(expected.keys()));
            for (key, rows) in &expected {
                prop_assert_eq!(postings.get(*key), &rows[..]);
            }
            prop_assert!(postings.get(77).is_empty());
        }
    }

    proptest! {
        #[test]
        fn a_place_is_found_in_a_stretch_as_by_halving(
            mut rows in prop::collection::vec(prop_oneof![0..2000_u32, 0..1_000_000_u32], 0..900),
            bounds in prop::collection::vec(prop_oneof![0..2100_u32, any::<u32>()], 1..60),
        ) {
            rows.sort_unstable();
            rows.dedup();
            let postings = Postings::from_pairs(|each| {
                for row in &rows {
                    each(row % 3 / 2, *row);
                }
                each(9, 1_000_003);
            });
            let postings = postings.with_places();
            for key in [0, 1, 9, 10] {
                let of_key = postings.get(key);
                let listed = postings.listed(key);
                prop_assert_eq!(listed.rows(), of_key);
                for bound in bounds.iter().chain(&rows) {
                    let halved = of_key.partition_point(|row| row < bound);
                    prop_assert_eq!(listed.place(*bound), halved, "{}", bound);
                    prop_assert_eq!(RowList::from_rows(of_key).place(*bound), halved, "{}", bound);
                }
            }
        }
    }

    #[test]
    fn ranges_join_rows_that_follow() {
        let mut ranges = RowRanges::default();
        for (start, end) in [(0, 2), (2, 3), (5, 6), (5, 7), (9, 10)] {
            ranges.add(1, start, end);
        }
        let spans = ranges.get(1);
        assert_eq!(spans.len(), 3);
        let rows = (0..).map_while(|position| RowSpan::row(spans, position));
        assert!(rows.eq([0, 1, 2, 5, 6, 9]));
        let places: Vec<usize> = (0..12).map(|bound| RowSpan::place(spans, bound)).collect();
        assert_eq!(places, [0, 1, 2, 3, 3, 3, 4, 5, 5, 5, 6, 6]);
        assert_eq!(ranges.get(2), []);
    }
}
