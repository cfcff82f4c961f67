//! Records counted by class, type and score.

use super::answer::{QuadCounts, TypeCounts};
use crate::graph::{Direction, Row, View};
use crate::model::ontology::Scale;
use crate::model::{Coding, Day, EventType, QuadClass, Scheme};

/// The name of the scale of a mean of scores on several scales.
const MIXED: &str = "mixed";

/// What the coding of an event tells under a scheme.
#[derive(Clone, Copy, Debug)]
pub(super) struct CodedScore {
    pub(super) class: QuadClass,
    event_type: Option<EventType>,
    pub(super) score: f64,
    scale: Scale,
}

impl CodedScore {
    /// What the coding of a record tells; `None` when it has none.
    pub(super) fn from_coding(coding: Option<&Coding>, scheme: Scheme) -> Option<Self> {
        let coding = coding?;
        let score = coding.goldstein(scheme);
        Some(Self {
            class: coding.quad_class(scheme),
            event_type: coding.event_type(),
            score: f64::from(score.value),
            scale: score.scale(),
        })
    }
}

/// What the records come to that link two actors.
pub(super) struct LinkTally {
    pub(super) records: usize,
    /// Seen from the first of the two.
    pub(super) forward: usize,
    pub(super) backward: usize,
    pub(super) together: usize,
    pub(super) quad: QuadCounts,
    pub(super) first: Option<Day>,
    pub(super) last: Option<Day>,
    pub(super) ongoing: bool,
}

impl LinkTally {
    /// Of records with the direction in which each links the two.
    pub(super) fn from_rows(view: &View, rows: &[(Row, Direction)], scheme: Scheme) -> Self {
        let mut quad = QuadCounts::default();
        for (row, _) in rows {
            quad.add(view, *row, scheme);
        }
        let count = |way: Direction| rows.iter().filter(|(_, of)| of.meets(way)).count();
        let extent = view.extent(rows.iter().map(|(row, _)| *row));
        Self {
            records: rows.len(),
            forward: count(Direction::FORWARD),
            backward: count(Direction::BACKWARD),
            together: count(Direction::WITH),
            quad,
            first: extent.map(|extent| extent.first),
            last: extent.map(|extent| extent.last),
            ongoing: extent.is_some_and(|extent| extent.is_ongoing),
        }
    }
}

/// What some records come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) count: usize,
    pub(super) quad: QuadCounts,
    pub(super) types: TypeCounts,
    events: u32,
    scores: f64,
    scale: Option<Scale>,
    is_mixed: bool,
}

impl Tally {
    /// Counts one more record, by what its coding tells.
    pub(super) fn add(&mut self, told: Option<CodedScore>) {
        self.count += 1;
        self.quad.count(told.map(|told| told.class));
        let Some(told) = told else { return };
        self.types.add(told.event_type);
        self.is_mixed |= self.scale.is_some_and(|scale| scale != told.scale);
        self.scale = Some(told.scale);
        self.scores += told.score;
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
