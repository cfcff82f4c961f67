//! Reasons for and against two records being one, added up.
//!
//! This is record linkage after Fellegi and Sunter ("A Theory for Record Linkage", Journal of the American Statistical
//! Association 64, 1969): each thing that two records have in common weighs the logarithm of how much more often it is
//! seen of two that are one than of two that are not; the sum of the weights and of what is known beforehand gives the
//! likelihood. A name that many bear weighs less (Winkler, "Frequency-Based Matching in the Fellegi-Sunter Model of Record
//! Linkage", 2000). The weights are not estimated from the data of a store, so that an answer depends on the two records
//! and what they share, and on nothing else.

use super::answer::DuplicateReason;

/// The reasons for and against two records being one.
#[derive(Clone, Debug)]
pub(super) struct DuplicateReasons {
    reasons: Vec<DuplicateReason>,
    bits: f64,
}

impl DuplicateReasons {
    /// None yet: `prior` says in bits how likely two candidates are one of whom nothing is known.
    pub(super) const fn new(prior: f64) -> Self {
        Self {
            reasons: Vec::new(),
            bits: prior,
        }
    }

    /// Takes up a reason with its weight in bits.
    pub(super) fn add(&mut self, code: &'static str, weight: f64, text: String) {
        self.bits += weight;
        let weight = (weight * 100.0).round() / 100.0;
        self.reasons.push(DuplicateReason { code, text, weight });
    }

    /// How likely the two are one, from 0 to 1: 1 / (1 + 2^-bits), in thousandths.
    pub(super) fn score(&self) -> f64 {
        self.score_with(0.0)
    }

    /// The same with further reasons of some bits.
    pub(super) fn score_with(&self, bits: f64) -> f64 {
        let likely = 1.0 / (1.0 + (-(self.bits + bits)).exp2());
        (likely * 1000.0).round() / 1000.0
    }

    /// The reasons, the weightiest first.
    pub(super) fn into_sorted(mut self) -> Vec<DuplicateReason> {
        self.reasons.sort_by(|a, b| {
            let heavier = b.weight.total_cmp(&a.weight);
            heavier.then_with(|| (a.code, &a.text).cmp(&(b.code, &b.text)))
        });
        self.reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_add_up_to_a_likelihood() {
        let mut reasons = DuplicateReasons::new(-1.0);
        assert!((reasons.score() - 0.333).abs() < 1e-9);
        reasons.add("a", 1.0, String::new());
        assert!((reasons.score() - 0.5).abs() < 1e-9);
        reasons.add("b", -2.0, String::new());
        reasons.add("c", 4.0, String::new());
        assert!((reasons.score() - 0.8).abs() < 1e-9);
        let codes: Vec<&str> = reasons.into_sorted().iter().map(|one| one.code).collect();
        assert_eq!(codes, ["c", "a", "b"]);
    }
}
