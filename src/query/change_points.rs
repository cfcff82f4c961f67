//! Where the rate of something counted over time changed.
//!
//! The days are parted into segments of even rate so that the cost is least: twice the negative
//! log-likelihood of a Poisson process with one rate in each segment, and a penalty for each change.
//! The search is PELT, exact and deterministic: R. Killick, P. Fearnhead, I. A. Eckley, "Optimal
//! Detection of Changepoints With a Linear Computational Cost", Journal of the American Statistical
//! Association 107 (2012), 1590–1598. The penalty of 3 ln(n) for n bins is that of the modified
//! Bayes information criterion of N. R. Zhang and D. O. Siegmund, Biometrics 63 (2007), 22–32,
//! without its term for the lengths of segments.
//!
//! Days without a record count: a rate is records over days. Within a stretch without records the
//! cost of a change is concave in its day, so the best change lies at an end of the stretch; only
//! the edges of bins that hold a record are looked at, however long the silence between them.

use std::sync::LazyLock;

use super::tally::real;
use crate::invariant::Holds as _;

/// A stretch of days, first and last as numbers, and how much was counted in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CountedDays {
    pub(super) first: i32,
    pub(super) last: i32,
    pub(super) count: usize,
}

impl CountedDays {
    /// The number of its days.
    pub(super) fn days(self) -> usize {
        days(self.first, self.last + 1)
    }

    /// What is counted a day.
    pub(super) fn rate(self) -> f64 {
        real(self.count) / real(self.days())
    }

    /// Both together, where `next` follows.
    const fn with(self, next: Self) -> Self {
        Self {
            first: self.first,
            last: next.last,
            count: self.count + next.count,
        }
    }

    fn cost(self) -> f64 {
        cost(self.count, self.days())
    }
}

/// The penalty for each change among `bins` bins.
pub(super) fn penalty(bins: usize) -> f64 {
    3.0 * real(bins.max(1)).ln()
}

/// By how much two stretches are explained better by a rate each than by one for both: twice the
/// difference of log-likelihoods.
pub(super) fn score(before: CountedDays, after: CountedDays) -> f64 {
    before.with(after).cost() - before.cost() - after.cost()
}

/// Twice the negative log-likelihood of a count in so many days, but for what is the same however
/// the days are parted.
fn cost(count: usize, days: usize) -> f64 {
    if count == 0 {
        return 0.0;
    }
    2.0 * real(count) * (ln(days) - ln(count))
}

/// Logarithms that are kept: of the days of some decades, and of as many records.
const LOGARITHMS: usize = 8192;

/// The natural logarithm of a number, 1 at the least.
fn ln(number: usize) -> f64 {
    static KNOWN: LazyLock<Vec<f64>> = LazyLock::new(|| {
        (0..LOGARITHMS)
            .map(|number| real(number.max(1)).ln())
            .collect()
    });
    let known = KNOWN.get(number).copied();
    known.unwrap_or_else(|| real(number).ln())
}

/// The number of days from one to before another.
fn days(first: i32, end: i32) -> usize {
    // The end comes no earlier than the first.
    usize::try_from(i64::from(end) - i64::from(first)).unwrap_or_default()
}

/// Where a change may be: a day, and what was counted before it.
#[derive(Clone, Copy)]
struct CandidatePoint {
    day: i32,
    before: usize,
}

/// The best way to reach an edge: its cost, and the edge where its last segment begins.
#[derive(Clone, Copy)]
struct BestPrefix {
    cost: f64,
    from: usize,
}

/// An edge where the last segment of a best way may still begin.
struct OpenSegment {
    nth: usize,
    edge: CandidatePoint,
    /// Of the best way to it.
    cost: f64,
    /// What this and one segment from it to the edge that is looked at cost at the least.
    at_least: f64,
}

/// More than rounding adds, for each record, to the sums that are compared.
const SLACK: f64 = 1e-9;

/// The segments of even rate of the days from `first` to `last`. `bins` are those that hold
/// something, in order, apart from one another and within these days.
pub(super) fn segments(
    bins: &[CountedDays],
    first: i32,
    last: i32,
    penalty: f64,
) -> Vec<CountedDays> {
    let edges = edges(bins, first, last);
    let stretch = |from: CandidatePoint, to: CandidatePoint| CountedDays {
        first: from.day,
        last: to.day - 1,
        count: to.before - from.before,
    };
    let slack = SLACK * real(edges.last().map_or(0, |last| last.before) + 1);
    let mut reached: Vec<BestPrefix> = Vec::with_capacity(edges.len());
    let mut open: Vec<OpenSegment> = Vec::with_capacity(edges.len());
    let mut before: Option<CandidatePoint> = None;
    for (nth, to) in edges.iter().enumerate() {
        let exact = |from: &OpenSegment| from.cost + stretch(from.edge, *to).cost();
        // Where the last segment began for the edge before it mostly still does.
        let likely = reached.last().map_or(0, |before| before.from);
        let likely = open.binary_search_by_key(&likely, |from| from.nth);
        let likely = likely.ok().and_then(|at| open.get(at));
        let mut best = BestPrefix {
            cost: likely.map_or(f64::INFINITY, |from| exact(from) + penalty),
            from: likely.map_or(0, |from| from.nth),
        };
        if nth == 0 {
            best.cost = -penalty;
        }
        // Two segments never cost more than the one of both.
        let more = before.map_or(0.0, |before| stretch(before, *to).cost());
        before = Some(*to);
        for from in &mut open {
            from.at_least += more;
            if from.at_least + penalty > best.cost + slack {
                continue;
            }
            from.at_least = exact(from);
            let cost = from.at_least + penalty;
            if cost < best.cost || cost <= best.cost && from.nth < best.from {
                best = BestPrefix {
                    cost,
                    from: from.nth,
                };
            }
        }
        open.retain(|from| from.at_least <= best.cost + slack);
        open.push(OpenSegment {
            nth,
            edge: *to,
            cost: best.cost,
            at_least: best.cost,
        });
        reached.push(best);
    }
    let mut found = Vec::new();
    let mut at = edges.len().saturating_sub(1);
    while at > 0 {
        let from = reached.get(at).map_or(0, |reached| reached.from);
        if let (Some(from), Some(to)) = (edges.get(from), edges.get(at)) {
            found.push(stretch(*from, *to));
        }
        at = from.min(at - 1);
    }
    found.reverse();
    found
}

/// The first day, the edges of the bins, and the day after the last.
fn edges(bins: &[CountedDays], first: i32, last: i32) -> Vec<CandidatePoint> {
    let mut edges = Vec::with_capacity(2 * bins.len() + 2);
    edges.push(CandidatePoint {
        day: first,
        before: 0,
    });
    let mut before = 0;
    let mut push = |day: i32, before: usize| {
        if edges
            .last()
            .is_none_or(|edge: &CandidatePoint| edge.day < day)
        {
            edges.push(CandidatePoint { day, before });
        }
    };
    for bin in bins {
        push(bin.first, before);
        before += bin.count;
        push(bin.last + 1, before);
    }
    push(last + 1, before);
    edges
}

/// Where a sequence of `count` items is best parted, when a part from one item to before another costs
/// `cost` and each change `penalty`: the ends of the parts, ascending. Exact, by the same search; two
/// parts must never cost more than the one of both.
pub(super) fn parted(count: usize, penalty: f64, cost: impl Fn(usize, usize) -> f64) -> Vec<usize> {
    let mut reached = vec![BestPrefix {
        cost: -penalty,
        from: 0,
    }];
    let mut open = vec![0_usize];
    let at = |reached: &[BestPrefix], end: usize| reached.get(end).map_or(0.0, |one| one.cost);
    for end in 1..=count {
        let ways = open.iter().map(|from| BestPrefix {
            cost: at(&reached, *from) + cost(*from, end) + penalty,
            from: *from,
        });
        let best = ways.reduce(|one, other| if other.cost < one.cost { other } else { one });
        let best = best.holds("a part may begin at the start");
        let best = best.unwrap_or(BestPrefix { cost: 0.0, from: 0 });
        open.retain(|from| at(&reached, *from) + cost(*from, end) <= best.cost + SLACK);
        reached.push(best);
        open.push(end);
    }
    let mut ends = Vec::new();
    let mut end = count;
    while end > 0 {
        ends.push(end);
        let from = reached.get(end).map_or(0, |one| one.from);
        end = from.min(end - 1);
    }
    ends.reverse();
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One bin a day from day 0 on.
    fn daily(counts: &[usize]) -> Vec<CountedDays> {
        let days = counts.iter().zip(0..).filter(|(count, _)| **count > 0);
        days.map(|(count, day)| CountedDays {
            first: day,
            last: day,
            count: *count,
        })
        .collect()
    }

    fn found(counts: &[usize], penalty: f64) -> Vec<CountedDays> {
        let last = i32::try_from(counts.len()).unwrap() - 1;
        segments(&daily(counts), 0, last, penalty)
    }

    fn total(parts: &[CountedDays], penalty: f64) -> f64 {
        parts.iter().map(|part| part.cost() + penalty).sum::<f64>() - penalty
    }

    /// The least cost of any way to part the days, by trying all.
    fn least(counts: &[usize], penalty: f64) -> f64 {
        let inner = counts.len() - 1;
        let ways = (0..1_u32 << inner).map(|cuts| {
            let mut parts = Vec::new();
            let mut first = 0;
            for day in 0..counts.len() {
                if day == inner || cuts & (1 << day) != 0 {
                    parts.push(CountedDays {
                        first: i32::try_from(first).unwrap(),
                        last: i32::try_from(day).unwrap(),
                        count: counts[first..=day].iter().sum(),
                    });
                    first = day + 1;
                }
            }
            total(&parts, penalty)
        });
        ways.fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn a_step_of_a_mean_is_found_where_it_is_and_none_where_it_is_not() {
        let parts = |values: &[f64]| {
            let cost = |from: usize, to: usize| {
                let part = &values[from..to];
                let mean = part.iter().sum::<f64>() / real(part.len());
                part.iter().map(|value| (value - mean).powi(2)).sum()
            };
            parted(values.len(), 3.0 * real(values.len()).ln(), cost)
        };
        let noise = |nth: usize| real(nth * 7 % 5) / 5.0;
        let even: Vec<f64> = (0..40).map(noise).collect();
        assert_eq!(parts(&even), [40]);
        let step: Vec<f64> = (0..40)
            .map(|nth| noise(nth) + if nth < 15 { 0.0 } else { 6.0 })
            .collect();
        assert_eq!(parts(&step), [15, 40]);
        assert!(parts(&[]).is_empty());
    }

    #[test]
    fn a_step_is_found_on_its_day() {
        let counts = [vec![1; 20], vec![9; 20]].concat();
        let parts = found(&counts, penalty(40));
        assert_eq!(
            parts,
            [
                CountedDays {
                    first: 0,
                    last: 19,
                    count: 20
                },
                CountedDays {
                    first: 20,
                    last: 39,
                    count: 180
                },
            ]
        );
        assert!(score(parts[0], parts[1]) > penalty(40));
    }

    #[test]
    fn what_is_even_has_no_change_and_silence_is_one() {
        assert_eq!(found(&[3; 60], penalty(60)).len(), 1);
        let counts = [vec![2; 30], vec![0; 30]].concat();
        let parts = found(&counts, penalty(60));
        assert_eq!(parts.len(), 2, "{parts:?}");
        assert_eq!(parts[1].first, 30);
        assert_eq!(segments(&[], 0, 99, 9.0).len(), 1);
    }

    #[test]
    fn no_other_way_to_part_the_days_costs_less() {
        let mut seed = 7_u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        for round in 0..300 {
            let days = 1 + usize::try_from(next(11)).unwrap();
            let counts: Vec<usize> = (0..days)
                .map(|_| usize::try_from(next(3) * next(8)).unwrap())
                .collect();
            let penalty = [0.5, 2.0, 6.0][round % 3];
            let parts = found(&counts, penalty);
            let (got, want) = (total(&parts, penalty), least(&counts, penalty));
            assert!(
                (got - want).abs() < 1e-9,
                "{counts:?}: {got} {want} {parts:?}"
            );
            let all: usize = parts.iter().map(|part| part.count).sum();
            assert_eq!(all, counts.iter().sum::<usize>());
        }
    }

    /// The least cost of any way to part the days, by looking at every last segment.
    fn least_of_all(counts: &[usize], penalty: f64) -> f64 {
        let mut reached = vec![-penalty];
        for end in 1..=counts.len() {
            let ways = (0..end).map(|start| {
                let count = counts[start..end].iter().sum();
                reached[start] + cost(count, end - start) + penalty
            });
            reached.push(ways.fold(f64::INFINITY, f64::min));
        }
        reached[counts.len()]
    }

    #[test]
    fn what_is_passed_over_is_no_better_among_hundreds_of_days() {
        let mut seed = 11_u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from((seed >> 33) % below).unwrap()
        };
        for round in 0..60 {
            let counts: Vec<usize> = (0..30 + next(200))
                .scan(3, |rate, _| {
                    if next(30) == 0 {
                        *rate = 1 + next(9);
                    }
                    Some(next(4) / 3 * next(2 * *rate as u64))
                })
                .collect();
            let penalty = [0.1, 3.0, 15.0][round % 3];
            let parts = found(&counts, penalty);
            let (got, want) = (total(&parts, penalty), least_of_all(&counts, penalty));
            assert!((got - want).abs() < 1e-6, "{counts:?}: {got} {want}");
        }
    }
}
