//! Draws that depend on a seed and nothing else: the same on every machine, today and tomorrow.

/// A sequence of numbers by `SplitMix64` (Steele, Lea and Flood 2014).
#[derive(Debug)]
pub(super) struct Shuffle(u64);

impl Shuffle {
    pub(super) const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 when that is 0. The bias is below 2⁻³² for the bounds in use.
    fn below(&mut self, bound: usize) -> usize {
        let bound = bound as u128;
        let scaled = (u128::from(self.next()) * bound) >> 64;
        // It is less than the bound, which fits.
        usize::try_from(scaled).unwrap_or_default()
    }

    /// Puts a random choice of `count` items first (Fisher and Yates).
    pub(super) fn first<T>(&mut self, items: &mut [T], count: usize) {
        for at in 0..count.min(items.len()) {
            let other = at + self.below(items.len() - at);
            items.swap(at, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_says_all_and_every_item_is_kept() {
        let drawn = |seed, count| {
            let mut items: Vec<u32> = (0..100).collect();
            Shuffle::seeded(seed).first(&mut items, count);
            items
        };
        assert_eq!(drawn(1, 100), drawn(1, 100));
        assert_ne!(drawn(1, 100), drawn(2, 100));
        let mut sorted = drawn(7, 30);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..100).collect::<Vec<u32>>());
        // The first numbers that Steele, Lea and Flood's generator gives for the seed 0.
        let mut shuffle = Shuffle::seeded(0);
        assert_eq!(shuffle.next(), 0xE220_A839_7B1D_CDAF);
        assert_eq!(shuffle.next(), 0x6E78_9E6A_A1B9_65F4);
    }
}
