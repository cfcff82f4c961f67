//! Two windows of a dyad side by side: what grew, fell, began and ended.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use statrs::function::beta::beta_reg;

use super::answer::{CompareAnswer, CompareCount, CompareItem, Meta, WindowAnswer};
use super::cell_filter::{BY_QUAD, CellFilter, CodingFilter, opens, type_word};
use super::describe::actor_brief;
use super::drill_down::{DrillDownBase, DrillDownCell, WAYS};
use super::filter::Scope;
use super::network::Network;
use super::selection::Selection;
use super::tally::{CodedScore, Tally, real, rounded};
use super::timeline::meta;
use crate::graph::{Direction, DyadRow, Row, Term, View};
use crate::invariant::Holds as _;
use crate::model::{EventType, Kind, QuadClass, Window};

/// A dyad in two windows.
#[derive(Clone, Debug)]
pub struct CompareQuestion {
    /// The one.
    pub a: Term,
    /// The other.
    pub b: Term,
    /// The window asked about, and what counts in both.
    pub scope: Scope,
    /// The window compared with.
    pub base: Window,
}

/// Counts the records of a dyad in two windows. A record that may lie in both counts in both, and in no
/// rate where the day on which it starts may lie outside of the window. Both
/// windows must have an end on either side, since rates are records over days.
pub fn compare<'v>(view: &'v View, question: &CompareQuestion) -> CompareAnswer<'v> {
    let base = Scope {
        window: question.base,
        ..question.scope.clone()
    };
    let base = WindowCounts::new(view, question, &base);
    let window = WindowCounts::new(view, question, &question.scope);
    let keys = keys(&base, &window);
    let items = keys.iter().map(|key| item(key, &base, &window));
    CompareAnswer {
        a: actor_brief(view, question.a),
        b: actor_brief(view, question.b),
        items: items.collect(),
        method: METHOD,
        base: base.answer,
        meta: window.meta,
        window: window.answer,
    }
}

/// What records are told apart by, in the order of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
enum CompareKey {
    All,
    Record(Kind),
    Quad(QuadClass),
    Type(Option<EventType>),
    /// The place in [`WAYS`].
    Direction(usize),
    Topic(Arc<str>),
}

impl CompareKey {
    /// The word for the key and that for the value.
    fn words<'v>(&self) -> (&'static str, Option<Cow<'v, str>>) {
        match self {
            Self::All => ("all", None),
            Self::Record(kind) => ("record", Some(kind.as_str().into())),
            Self::Quad(quad) => ("quad", Some(quad.as_str().into())),
            Self::Type(event_type) => ("type", Some(type_word(*event_type).into())),
            Self::Direction(nth) => ("direction", WAYS.get(*nth).map(|(_, word)| (*word).into())),
            Self::Topic(topic) => ("topic", Some(topic.to_string().into())),
        }
    }

    fn only(&self) -> DrillDownCell {
        let (mut direction, mut narrowed) = (None, CellFilter::default());
        match self {
            Self::All => {}
            Self::Record(kind) => narrowed.record = Some(*kind),
            Self::Quad(quad) => narrowed.quad = Some(CodingFilter::As(*quad)),
            Self::Type(event_type) => narrowed.event_type = Some((*event_type).into()),
            Self::Direction(nth) => direction = WAYS.get(*nth).map(|(way, _)| *way),
            Self::Topic(topic) => narrowed.topic = Some(Arc::clone(topic).into()),
        }
        DrillDownCell {
            direction,
            narrowed: narrowed.if_any(),
            ..DrillDownCell::default()
        }
    }
}

/// Records by what they are told apart by.
#[derive(Default)]
struct CompareCounts {
    tally: Tally,
    /// By kind, and by the place in [`WAYS`].
    kinds: [usize; Kind::ALL.len()],
    ways: [usize; WAYS.len()],
    topics: BTreeMap<Arc<str>, usize>,
}

impl CompareCounts {
    fn add(&mut self, view: &View, scope: &Scope, of_dyad: &DyadRow<'_>) {
        self.tally
            .add(CodedScore::from_coding(of_dyad.coding, scope.scheme));
        for (count, (one, _)) in self.ways.iter_mut().zip(&WAYS) {
            *count += usize::from(of_dyad.direction.meets(*one));
        }
        let kind = of_dyad.kind(view);
        if let Some(count) = self.kinds.get_mut(usize::from(kind.number())) {
            *count += 1;
        }
        if of_dyad.may_have_topics {
            for topic in topics(view, scope, of_dyad.row) {
                *self.topics.entry(topic.into()).or_default() += 1;
            }
        }
    }

    /// How many records there are of a key.
    fn count_of(&self, key: &CompareKey) -> usize {
        match key {
            CompareKey::All => self.tally.count,
            CompareKey::Record(kind) => at(&self.kinds, kind.number().into()),
            CompareKey::Quad(class) => self.tally.quad.count_of(*class),
            CompareKey::Type(event_type) => self.tally.types.count_of(*event_type),
            CompareKey::Direction(nth) => at(&self.ways, *nth),
            // A topic that this window lacks counts nothing here.
            CompareKey::Topic(topic) => self.topics.get(topic).copied().unwrap_or_default(),
        }
    }
}

/// One of the windows, counted.
struct WindowCounts {
    answer: WindowAnswer,
    /// All records, those of which the day on which they start may lie outside of the window, and what
    /// began before it.
    all: CompareCounts,
    wide: CompareCounts,
    before: CompareCounts,
    opened: DrillDownBase,
    meta: Meta,
}

impl WindowCounts {
    fn new(view: &View, question: &CompareQuestion, scope: &Scope) -> Self {
        let network = Network::new(view, scope);
        let selection = Selection::Dyad(question.a, question.b, Direction::ANY);
        let opened = DrillDownBase::timeline(view, &selection, scope);
        let (lo, hi) = (scope.window.lo(), scope.window.hi());
        let mut all = CompareCounts::default();
        let (mut wide, mut before) = (CompareCounts::default(), CompareCounts::default());
        network.each_of_dyad(question.a, question.b, &mut |of_dyad| {
            all.add(view, scope, &of_dyad);
            let Some(timing) = of_dyad.timing else { return };
            match timing.counts_on(scope.window) {
                None => before.add(view, scope, &of_dyad),
                Some(_) if timing.is_wider((lo, hi)) => wide.add(view, scope, &of_dyad),
                Some(_) => {}
            }
        });
        let mut meta = meta(&network, &selection, scope);
        let members = [
            BY_QUAD,
            ("wide", "only_wide=window"),
            ("began_before", "only_began_before=true"),
        ];
        meta.opens = opens(&members, &scope.filter.narrowed);
        let days = i64::from(hi.number()) - i64::from(lo.number()) + 1;
        Self {
            answer: WindowAnswer {
                from: lo,
                to: hi,
                // A window has at least one day.
                days: usize::try_from(days).unwrap_or(1),
                count: all.tally.count,
                records_url: opened.all(),
                quad: all.tally.quad,
                goldstein_mean: all.tally.mean(),
                goldstein_scale: all.tally.scale(),
                undated_omitted: meta.undated_omitted,
            },
            all,
            wide,
            before,
            opened,
            meta,
        }
    }

    /// Those of a key of which it is known that they start within the window: of these rates are made.
    fn known(&self, key: &CompareKey) -> usize {
        self.all.count_of(key) - self.wide.count_of(key) - self.before.count_of(key)
    }

    fn count(&self, key: &CompareKey) -> CompareCount {
        CompareCount {
            count: self.all.count_of(key),
            records_url: self.opened.only(key.only()),
            wide: self.wide.count_of(key),
            began_before: self.before.count_of(key),
            per_day: rounded(real(self.known(key)) / real(self.answer.days)),
        }
    }
}

/// The probability with which the interval holds the ratio of two rates.
const CONFIDENCE: f64 = 0.95;
/// Rates are about the same where the interval lies between one over this and this.
const SAME_WITHIN: f64 = 2.0;
/// How changes are told apart.
const METHOD: &str = "conditional binomial test of two Poisson rates (Przyborowski and Wilenski 1940) with the \
    exact interval of their ratio (Clopper and Pearson 1934): grew, fell, began or ended if the 95% interval \
    excludes 1; same if it lies between 1/2 and 2; otherwise too_few to tell";

/// Records in two windows of so many days.
struct Rates {
    counts: [usize; 2],
    days: [usize; 2],
}

impl Rates {
    /// What became of the rate.
    fn change(&self) -> &'static str {
        let [before, after] = self.counts;
        match (self.is_surely_above(1.0), self.is_surely_below(1.0)) {
            (true, _) if before == 0 => "began",
            (true, _) => "grew",
            (_, true) if after == 0 => "ended",
            (_, true) => "fell",
            _ if self.is_surely_above(1.0 / SAME_WITHIN) && self.is_surely_below(SAME_WITHIN) => {
                "same"
            }
            _ => "too_few",
        }
    }

    /// The share of all records that the second window would have, were its rate so many times that of
    /// the first.
    fn share(&self, ratio: f64) -> f64 {
        let [before, after] = self.days.map(real);
        ratio * after / (ratio * after + before)
    }

    /// Whether the rate grew by more than a factor, as far as the interval tells: so many records in the
    /// second window, or more, are too unlikely.
    fn is_surely_above(&self, ratio: f64) -> bool {
        let [before, after] = self.counts.map(real);
        after > 0.0 && beta_reg(after, before + 1.0, self.share(ratio)) < (1.0 - CONFIDENCE) / 2.0
    }

    /// Whether it grew by less.
    fn is_surely_below(&self, ratio: f64) -> bool {
        let [before, after] = self.counts.map(real);
        before > 0.0
            && beta_reg(before, after + 1.0, 1.0 - self.share(ratio)) < (1.0 - CONFIDENCE) / 2.0
    }
}

fn at(counts: &[usize], place: usize) -> usize {
    let count = counts.get(place).copied();
    count
        .holds("what is counted has a place")
        .unwrap_or_default()
}

/// The keys of which there is a record, in order.
fn keys(base: &WindowCounts, window: &WindowCounts) -> Vec<CompareKey> {
    let types = EventType::ALL.into_iter().map(Some);
    let of_both = base.all.topics.keys().chain(window.all.topics.keys());
    let mut topics: Vec<&Arc<str>> = of_both.collect();
    topics.sort_unstable();
    topics.dedup();
    let keys = std::iter::once(CompareKey::All)
        .chain(Kind::ALL.iter().map(|kind| CompareKey::Record(*kind)))
        .chain(QuadClass::ALL.map(CompareKey::Quad))
        .chain(std::iter::once(None).chain(types).map(CompareKey::Type))
        .chain((0..WAYS.len()).map(CompareKey::Direction))
        .chain(
            topics
                .into_iter()
                .map(|topic| CompareKey::Topic(Arc::clone(topic))),
        );
    keys.filter(|key| base.all.count_of(key) + window.all.count_of(key) > 0)
        .collect()
}

/// The topics that a record counts for.
fn topics<'v>(view: &'v View, scope: &Scope, row: Row) -> Vec<&'v str> {
    let topics = view.topics(row).iter().map(|topic| view.text(*topic));
    // Where topics are asked for, others are not counted.
    let wanted = &scope.filter.topics;
    let asked = topics.filter(|t| wanted.is_empty() || wanted.iter().any(|w| w.as_str() == *t));
    let mut topics: Vec<&str> = asked.collect();
    // A record may name a topic twice.
    topics.sort_unstable();
    topics.dedup();
    topics
}

fn item<'v>(key: &CompareKey, base: &WindowCounts, window: &WindowCounts) -> CompareItem<'v> {
    let (word, value) = key.words();
    let (before, after) = (base.count(key), window.count(key));
    let (known_before, known_after) = (base.known(key), window.known(key));
    let rates = Rates {
        counts: [known_before, known_after],
        days: [base.answer.days, window.answer.days],
    };
    // Where there is anything of a key, and nothing of it is known to have started within, nothing is said.
    let tells = |known: usize, all: usize| known > 0 || all == 0;
    let change = if known_before + known_after == 0
        || !tells(known_before, before.count)
        || !tells(known_after, after.count)
    {
        "unclear"
    } else {
        rates.change()
    };
    let rate = |side: &WindowCounts, count: usize| real(count) / real(side.answer.days);
    let ratio = rate(window, known_after) / rate(base, known_before);
    CompareItem {
        key: word,
        value,
        change,
        ratio: (known_before > 0).then(|| rounded(ratio)),
        base: before,
        window: after,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(counts: [usize; 2], days: [usize; 2]) -> &'static str {
        Rates { counts, days }.change()
    }

    #[test]
    fn what_chance_may_have_done_is_no_change() {
        // One against one, in months of other lengths, and as many in a leap year.
        assert_eq!(change([1, 1], [31, 28]), "too_few");
        assert_eq!(change([0, 1], [28, 30]), "too_few");
        assert_eq!(change([1, 0], [28, 30]), "too_few");
        assert_eq!(change([75, 75], [365, 366]), "same");
        assert_eq!(change([75, 75], [366, 366]), "same");
        assert_eq!(change([10_000, 10_100], [365, 365]), "same");
        // What chance hardly does.
        assert_eq!(change([10, 30], [30, 30]), "grew");
        assert_eq!(change([30, 10], [30, 30]), "fell");
        assert_eq!(change([0, 6], [30, 30]), "began");
        assert_eq!(change([6, 0], [30, 30]), "ended");
        assert_eq!(change([0, 5], [30, 30]), "too_few");
        // As many in a third of the days.
        assert_eq!(change([30, 30], [90, 30]), "grew");
        assert_eq!(change([1_000_000, 1_010_000], [1000, 1000]), "grew");
    }

    /// The tail of a binomial distribution, added up term by term.
    fn tail(least: usize, of: usize, share: f64) -> f64 {
        let term = |hits: usize| {
            let ways = (1..=hits).map(|k| (real(of - hits + k) / real(k)).ln());
            let ways: f64 = ways.sum();
            (ways + real(hits) * share.ln() + real(of - hits) * (1.0 - share).ln()).exp()
        };
        (least..=of).map(term).sum()
    }

    #[test]
    fn the_bounds_are_those_of_the_binomial_tails() {
        for before in 0..25 {
            for after in 0..25 {
                let rates = Rates {
                    counts: [before, after],
                    days: [30, 91],
                };
                for ratio in [0.5, 1.0, 2.0] {
                    let share = rates.share(ratio);
                    let above = tail(after, before + after, share) < 0.025;
                    let below = tail(before, before + after, 1.0 - share) < 0.025;
                    assert_eq!(
                        rates.is_surely_above(ratio),
                        above,
                        "{before} {after} {ratio}"
                    );
                    assert_eq!(
                        rates.is_surely_below(ratio),
                        below,
                        "{before} {after} {ratio}"
                    );
                }
            }
        }
    }
}
