//! Records counted by class, type and score.

use std::collections::BTreeMap;

use super::answer::QuadCounts;
use super::narrowed::type_word;
use crate::graph::{Row, View};
use crate::model::Scheme;
use crate::model::ontology::Scale;

/// The name of the scale of a mean of scores on several scales.
const MIXED: &str = "mixed";

/// What some records come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) count: usize,
    pub(super) quad: QuadCounts,
    /// Events by type.
    pub(super) types: BTreeMap<&'static str, usize>,
    events: u32,
    scores: f64,
    scale: Option<Scale>,
    is_mixed: bool,
}

impl Tally {
    /// Counts one more record.
    pub(super) fn add(&mut self, view: &View, row: Row, scheme: Scheme) {
        self.count += 1;
        self.quad.add(view, row, scheme);
        let Some(coding) = view.coding(row) else {
            return;
        };
        *self
            .types
            .entry(type_word(coding.event_type()))
            .or_default() += 1;
        let score = coding.goldstein(scheme);
        self.is_mixed |= self.scale.is_some_and(|scale| scale != score.scale());
        self.scale = Some(score.scale());
        self.scores += f64::from(score.value);
        self.events += 1;
    }

    /// The mean score of the events; `None` when there are none.
    pub(super) fn mean(&self) -> Option<f64> {
        (self.events > 0).then(|| rounded(self.scores / f64::from(self.events)))
    }

    /// The scale of the mean.
    pub(super) fn scale(&self) -> Option<&'static str> {
        if self.is_mixed {
            return Some(MIXED);
        }
        self.scale.map(Scale::as_str)
    }
}

/// A number with six decimals: what single precision and sums add to it is rounded off.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// A count as a number to reckon with. Counts are far below 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(super) const fn real(count: usize) -> f64 {
    count as f64
}
