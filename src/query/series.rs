//! A dyad over time: its records by bin, how strong its contact is, and where that changed.

use std::collections::BTreeSet;

use super::answer::{
    ChangePoint, CountAnswer, IntensityAnswer, QuadCounts, SegmentAnswer, SeriesAnswer, SeriesBin,
    SeriesDirection, SeriesMethod, StretchAnswer,
};
use super::cell_filter::{BY_QUAD, BY_TYPE, CellFilter, WideBin, opens};
use super::change_points::{CountedDays, parted, penalty, score, segments};
use super::describe::actor_brief;
use super::drill_down::{DrillDown, DrillDownBase, DrillDownCell, WAYS};
use super::filter::Scope;
use super::histogram::only_wide;
use super::network::Network;
use super::observed_days::ObservedDays;
use super::ongoing::OngoingRecords;
use super::selection::Selection;
use super::tally::{CodedScore, Tally, real, rounded};
use super::timeline::meta;
use crate::graph::{Direction, Term, View};
use crate::model::{Bin, Day, Kind, QuadClass, Timing, Window};

/// Days after which a record counts for half in the intensity, when nothing is said.
pub const HALF_LIFE_DEFAULT: usize = 90;
/// The longest half-life in days.
pub const HALF_LIFE_MAX: usize = 36_500;
/// Bins with a record that one series may have.
pub const SERIES_BINS_MAX: usize = 5_000;
/// Bins with a record among which change points are looked for. The search takes time that may grow
/// with the square of their number.
const CHANGE_BINS_MAX: usize = 1_000;

/// The least variance of Goldstein scores that is reckoned with: they have one decimal.
const VARIANCE_MIN: f64 = 0.01;

const INTENSITY: &str = "each record counts for 2^(-d/half_life), d days after it starts; \
                         records whose day may lie in another bin, and records that began before \
                         the window, do not count";
const CHANGE_POINTS: &str = "PELT (Killick, Fearnhead & Eckley 2012, JASA 107:1590) over the days that the \
    data sets of the records cover (observed), including days without records: for the rate with a Poisson cost, \
    for the share of conflict with a binomial cost, for the mean Goldstein score with a Gaussian cost; each change \
    costs 3 ln(number of bins)";

/// A dyad by time.
#[derive(Clone, Debug)]
pub struct SeriesQuestion {
    /// The one.
    pub a: Term,
    /// The other.
    pub b: Term,
    /// Within what.
    pub scope: Scope,
    /// How wide the bins are.
    pub bin: Bin,
    /// The half-life of the intensity in days, 1 to [`HALF_LIFE_MAX`].
    pub half_life: usize,
}

/// The series has more than [`SERIES_BINS_MAX`] bins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the series has {bins} bins; the maximum is {SERIES_BINS_MAX}: use wider bins or a narrower \
     window"
)]
pub struct TooManyBins {
    /// How many it has.
    pub bins: usize,
}

/// Counts the records of a dyad by time. Records without a date are in no bin, nor is what lasts and
/// began before the window.
///
/// # Errors
///
/// When there would be too many bins.
pub fn series<'v>(
    view: &'v View,
    question: &SeriesQuestion,
) -> Result<SeriesAnswer<'v>, TooManyBins> {
    let scope = &question.scope;
    let network = Network::new(view, scope);
    let selection = Selection::Dyad(question.a, question.b, Direction::ANY);
    let opened = DrillDownBase::timeline(view, &selection, scope);
    let mut meta = meta(&network, &selection, scope);
    let mut dated: Vec<DatedRow> = Vec::new();
    let mut lasting = OngoingRecords::default();
    let mut began_before = 0;
    let mut datasets: BTreeSet<Term> = BTreeSet::new();
    network.each_of_dyad(question.a, question.b, &mut |of_dyad| {
        let Some(timing) = of_dyad.timing else {
            meta.undated_omitted += 1;
            return;
        };
        lasting.add(&timing);
        let Some(day) = timing.counts_on(scope.window) else {
            began_before += 1;
            return;
        };
        datasets.extend(view.dataset(of_dyad.row));
        dated.push(DatedRow {
            day,
            timing,
            kind: of_dyad.kind(view),
            way: of_dyad.direction,
            told: CodedScore::from_coding(of_dyad.coding, scope.scheme),
        });
    });
    // Instants may lie a day before the one that they are sorted at.
    dated.sort_by_key(|record| record.day);
    let wide = ("wider_than_bin", only_wide(question.bin));
    meta.opens = opens(&[BY_QUAD, BY_TYPE, wide], &scope.filter.narrowed);
    let binned = bins(question.bin, dated.iter().map(|record| record.day));
    if binned.len() > SERIES_BINS_MAX {
        return Err(TooManyBins { bins: binned.len() });
    }
    let span = span(scope.window, &binned);
    let mut contact = ContactIntensity::new(question.half_life);
    let mut answers = Vec::with_capacity(binned.len());
    let mut rest = dated.as_slice();
    // The number of the bin after the one before.
    let mut next = span.map(|(first, _)| question.bin.nth(first));
    for bin in &binned {
        let (here, others) = rest.split_at_checked(bin.count).unwrap_or((rest, &[]));
        rest = others;
        let mut answer = series_bin(&opened, *bin, here);
        let number = question.bin.nth(bin.first);
        answer.silent_before = next.map_or(0, |next| next.abs_diff(number) as usize);
        next = Some(number + 1);
        for record in here {
            let is_wide = record.timing.is_wider((bin.first, bin.last));
            answer.wider_than_bin += usize::from(is_wide);
            if !is_wide {
                contact.meet(record.day);
            }
        }
        answer.ongoing = lasting.ongoing(bin.first.max(scope.window.lo()), &opened);
        let end = span.map_or(bin.last, |(_, last)| last.min(bin.last));
        answer.intensity = rounded(contact.on(end));
        answers.push(answer);
    }
    let of_width = |width: Bin| ObservedDays::for_datasets(view, &datasets, width, scope.window);
    let changed = changes(question.bin, &dated, of_width);
    let rated = rated(view, &selection, scope, &dated);
    let rated = rated.as_ref().unwrap_or(&opened);
    let stretches = changed.observed.stretches().iter();
    let observed = stretches.map(|(from, to)| StretchAnswer {
        from: *from,
        to: *to,
    });
    Ok(SeriesAnswer {
        a: actor_brief(view, question.a),
        b: actor_brief(view, question.b),
        bin: question.bin.as_str(),
        from: span.map(|(first, _)| first),
        to: span.map(|(_, last)| last),
        span: span.map_or(0, |span| question.bin.count(span)),
        count: dated.len() + began_before,
        records_url: opened.dated(),
        bins: answers,
        began_before: CountAnswer {
            count: began_before,
            records_url: opened.began_before(),
        },
        observed: observed.collect(),
        change_points: change_points(rated, &changed),
        shifts: shifts(rated, &dated, &changed),
        segments: changed
            .segments
            .iter()
            .filter_map(|segment| segment_answer(rated, *segment, &changed))
            .collect(),
        method: SeriesMethod {
            half_life: question.half_life,
            intensity: INTENSITY,
            change_points: CHANGE_POINTS,
            penalty: rounded(changed.penalty),
            bin: changed.bin.as_str(),
        },
        meta,
    })
}

/// How strong the contact is at the end of a window, of records that start on `days`, in order; when
/// it has no end, on the last of these. `None` without a day.
pub(super) fn intensity(
    days: impl Iterator<Item = Day>,
    window: Window,
) -> Option<IntensityAnswer> {
    let mut contact = ContactIntensity::new(HALF_LIFE_DEFAULT);
    days.for_each(|day| contact.meet(day));
    let last = contact.as_of?;
    let at = if window.hi() == Day::MAX {
        last
    } else {
        window.hi()
    };
    Some(IntensityAnswer {
        value: rounded(contact.on(at)),
        half_life: HALF_LIFE_DEFAULT,
        at,
    })
}

/// Contact that fades.
struct ContactIntensity {
    half_life: f64,
    value: f64,
    as_of: Option<Day>,
}

impl ContactIntensity {
    fn new(half_life: usize) -> Self {
        Self {
            half_life: real(half_life.max(1)),
            value: 0.0,
            as_of: None,
        }
    }

    /// One more record, no earlier than those before.
    fn meet(&mut self, day: Day) {
        if self.as_of != Some(day) {
            self.value = self.on(day);
            self.as_of = Some(day);
        }
        self.value += 1.0;
    }

    /// What is left on a day, no earlier than the last record's.
    fn on(&self, day: Day) -> f64 {
        self.as_of.map_or(0.0, |as_of| {
            let days = f64::from(day.number()) - f64::from(as_of.number());
            self.value * (-days / self.half_life).exp2()
        })
    }
}

/// A bin that holds a record.
#[derive(Clone, Copy)]
pub(super) struct CountedBin {
    first: Day,
    last: Day,
    count: usize,
}

/// The bins that ordered days fall into.
fn bins(bin: Bin, days: impl Iterator<Item = Day>) -> Vec<CountedBin> {
    let mut found: Vec<CountedBin> = Vec::new();
    for day in days {
        match found.last_mut() {
            Some(last) if day <= last.last => last.count += 1,
            _ => {
                let (first, last) = bin.around(day);
                found.push(CountedBin {
                    first,
                    last,
                    count: 1,
                });
            }
        }
    }
    found
}

/// The days of the series: of the window; on a side where it has no end, of the records.
fn span(window: Window, bins: &[CountedBin]) -> Option<(Day, Day)> {
    let bounded = |day: Day, edge: Day| (day != edge).then_some(day);
    let first = bounded(window.lo(), Day::MIN).or(bins.first().map(|bin| bin.first))?;
    let last = bounded(window.hi(), Day::MAX).or(bins.last().map(|bin| bin.last))?;
    (first <= last).then_some((first, last))
}

/// A record with a date.
struct DatedRow {
    /// The day on which it counts.
    day: Day,
    timing: Timing,
    kind: Kind,
    way: Direction,
    told: Option<CodedScore>,
}

fn series_bin(opened: &DrillDownBase, bin: CountedBin, records: &[DatedRow]) -> SeriesBin {
    let mut quad = QuadCounts::default();
    let mut tallies = WAYS.map(|(way, _)| (way, Tally::default()));
    for record in records {
        quad.count(record.told.map(|told| told.class));
        for (way, tally) in &mut tallies {
            if record.way.meets(*way) {
                tally.add(record.told);
            }
        }
    }
    let days = Some((bin.first, bin.last));
    let direction = |(way, tally): &(Direction, Tally)| SeriesDirection {
        count: tally.count,
        records_url: opened.only(DrillDownCell {
            starts: days,
            direction: Some(*way),
            ..DrillDownCell::default()
        }),
        quad: tally.quad,
        goldstein_mean: tally.mean(),
        goldstein_scale: tally.scale(),
        types: tally.types,
    };
    let [a_to_b, b_to_a, together] = &tallies;
    SeriesBin {
        from: bin.first,
        to: bin.last,
        silent_before: 0,
        count: records.len(),
        records_url: opened.starting(bin.first, bin.last),
        wider_than_bin: 0,
        ongoing: None,
        quad,
        a_to_b: direction(a_to_b),
        b_to_a: direction(b_to_a),
        together: direction(together),
        intensity: 0.0,
    }
}

/// Where the rate changed, and how that was looked for.
struct ChangePoints {
    /// Their days are numbers of observed days.
    segments: Vec<CountedDays>,
    observed: ObservedDays,
    penalty: f64,
    bin: Bin,
}

impl ChangePoints {
    /// The first and the last day of some observed days.
    fn days(&self, first: i32, last: i32) -> Option<(Day, Day)> {
        self.observed.nth(first).zip(self.observed.nth(last))
    }
}

/// Parts the observed days into segments of even rate, at the width asked for or the finest one that makes
/// few enough bins. When even years make too many, it stays whole. Records of which the day may lie
/// in another bin say nothing.
fn changes(asked: Bin, dated: &[DatedRow], observed: impl Fn(Bin) -> ObservedDays) -> ChangePoints {
    let coarser = Bin::ALL.iter().skip_while(|bin| **bin != asked);
    let known = |bin: Bin| known(dated, bin).map(|record| record.day);
    let mut widths = coarser.copied().map(|bin| (bin, bins(bin, known(bin))));
    let few = widths.find(|(_, bins)| bins.len() <= CHANGE_BINS_MAX);
    let (bin, bins) = few.unwrap_or((Bin::Year, Vec::new()));
    let observed = observed(bin);
    let days = observed.days();
    if days == 0 {
        return ChangePoints {
            segments: Vec::new(),
            observed,
            penalty: 0.0,
            bin,
        };
    }
    let penalty = penalty(observed.bins(bin));
    // The first and the last bin of a stretch count with the days that are observed.
    let stretches = bins.iter().map(|bin| CountedDays {
        first: observed.before(bin.first),
        last: bin.last.succ().map_or(days, |next| observed.before(next)) - 1,
        count: bin.count,
    });
    let stretches: Vec<CountedDays> = stretches.collect();
    let mut found = segments(&stretches, 0, days - 1, penalty);
    if bins.is_empty()
        && let [whole] = found.as_mut_slice()
    {
        whole.count = known(bin).count();
    }
    ChangePoints {
        segments: found,
        observed,
        penalty,
        bin,
    }
}

/// The records that rates count: events and statements of which the day they start on lies in one bin of
/// a width for certain. All of these are observed; relations need not be.
fn known(dated: &[DatedRow], bin: Bin) -> impl Iterator<Item = &DatedRow> {
    dated.iter().filter(move |record| {
        record.kind != Kind::Relation && !record.timing.is_wider(bin.around(record.day))
    })
}

/// What lists the records that rates count, where some others are counted, too.
fn rated(
    view: &View,
    selection: &Selection,
    scope: &Scope,
    dated: &[DatedRow],
) -> Option<DrillDownBase> {
    let has_others = dated.iter().any(|record| record.kind == Kind::Relation);
    has_others.then(|| {
        let mut scope = scope.clone();
        let kinds = [Kind::Event, Kind::Statement];
        let asked = &scope.filter.records;
        let is_asked = |kind: &Kind| asked.is_empty() || asked.contains(kind);
        scope.filter.records = kinds.into_iter().filter(is_asked).collect();
        DrillDownBase::timeline(view, selection, &scope)
    })
}

/// The records of a segment: those of which the day is known well enough.
fn known_within(opened: &DrillDownBase, days: (Day, Day), bin: Bin) -> DrillDown {
    opened.only(DrillDownCell {
        starts: Some(days),
        narrowed: CellFilter {
            narrow: Some(WideBin::Bin(bin)),
            ..CellFilter::default()
        }
        .if_any(),
        ..DrillDownCell::default()
    })
}

fn segment_answer(
    opened: &DrillDownBase,
    segment: CountedDays,
    changed: &ChangePoints,
) -> Option<SegmentAnswer> {
    let (first, last) = changed.days(segment.first, segment.last)?;
    Some(SegmentAnswer {
        from: first,
        to: last,
        count: segment.count,
        records_url: known_within(opened, (first, last), changed.bin),
        per_day: rounded(segment.rate()),
    })
}

fn direction(before: f64, after: f64) -> &'static str {
    if after > before { "up" } else { "down" }
}

fn change_points(opened: &DrillDownBase, changed: &ChangePoints) -> Vec<ChangePoint> {
    let segments = &changed.segments;
    let pairs = segments.iter().zip(segments.iter().skip(1));
    let points = pairs.filter_map(|(before, after)| {
        let (first, last) = changed.days(after.first, after.last)?;
        Some(ChangePoint {
            of: "rate",
            day: first,
            before: rounded(before.rate()),
            after: rounded(after.rate()),
            score: rounded(score(*before, *after)),
            direction: direction(before.rate(), after.rate()),
            records_url: known_within(opened, (first, last), changed.bin),
        })
    });
    points.collect()
}

/// The coded events of one bin, and of all before it, added up.
#[derive(Clone, Copy, Default)]
struct CodedTotals {
    last: Option<Day>,
    events: f64,
    conflicts: f64,
    scores: f64,
    squares: f64,
}

/// What some events come to.
type EventMeasure<'m> = &'m dyn Fn(CodedTotals) -> f64;

/// Where the balance of cooperation and conflict changed, and where the mean Goldstein score did: among the
/// bins that hold a coded event, by the same penalty.
fn shifts(opened: &DrillDownBase, dated: &[DatedRow], changed: &ChangePoints) -> Vec<ChangePoint> {
    let mut sums = vec![CodedTotals::default()];
    let mut firsts: Vec<Day> = Vec::new();
    let mut bin: Option<(Day, Day)> = None;
    // The scores of events that follow one another differ by noise, but at few steps.
    let (mut before, mut noise, mut steps) = (None, 0.0, 0.0);
    for record in known(dated, changed.bin) {
        let Some(told) = record.told else { continue };
        if bin.is_none_or(|(_, last)| record.day > last) {
            bin = Some(changed.bin.around(record.day));
            firsts.push(record.day);
            sums.extend(sums.last().copied());
        }
        if let Some(score) = before.replace(told.score) {
            noise += (told.score - score) * (told.score - score);
            steps += 1.0;
        }
        if let Some(sum) = sums.last_mut() {
            sum.last = Some(record.day);
            sum.events += 1.0;
            sum.conflicts += f64::from(u8::from(is_conflict(told.class)));
            sum.scores += told.score;
            sum.squares += told.score * told.score;
        }
    }
    if firsts.len() > CHANGE_BINS_MAX || steps == 0.0 {
        return Vec::new();
    }
    let variance = (noise / (2.0 * steps)).max(VARIANCE_MIN);
    let part = |from: usize, to: usize| {
        let [from, to] = [from, to].map(|at| sums.get(at).copied().unwrap_or_default());
        CodedTotals {
            last: to.last,
            events: to.events - from.events,
            conflicts: to.conflicts - from.conflicts,
            scores: to.scores - from.scores,
            squares: to.squares - from.squares,
        }
    };
    let share = |of: CodedTotals| of.conflicts / of.events;
    let mean = |of: CodedTotals| of.scores / of.events;
    // Twice the negative log-likelihood, but for what is the same however the bins are parted.
    let of_balance = |of: CodedTotals| {
        let term = |count: f64| {
            if count > 0.0 {
                count * (count / of.events).ln()
            } else {
                0.0
            }
        };
        -2.0 * (term(of.conflicts) + term(of.events - of.conflicts))
    };
    let of_mean = |of: CodedTotals| (of.squares - of.scores * of.scores / of.events) / variance;
    let measures: [(&'static str, EventMeasure<'_>, EventMeasure<'_>); 2] = [
        ("balance", &of_balance, &share),
        ("goldstein", &of_mean, &mean),
    ];
    let mut found = Vec::new();
    for (of, cost, value) in measures {
        let ends = parted(firsts.len(), changed.penalty, |from, to| {
            cost(part(from, to))
        });
        let starts: Vec<usize> = std::iter::once(0).chain(ends.iter().copied()).collect();
        for pair in starts.windows(3) {
            let &[start, at, end] = pair else { continue };
            let (one, two) = (part(start, at), part(at, end));
            let Some((first, last)) = firsts.get(at).copied().zip(two.last) else {
                continue;
            };
            found.push(ChangePoint {
                of,
                day: first,
                before: rounded(value(one)),
                after: rounded(value(two)),
                score: rounded(cost(part(start, end)) - cost(one) - cost(two)),
                direction: direction(value(one), value(two)),
                records_url: known_within(opened, (first, last), changed.bin),
            });
        }
    }
    found
}

const fn is_conflict(class: QuadClass) -> bool {
    match class {
        QuadClass::VerbalConflict | QuadClass::MaterialConflict => true,
        QuadClass::VerbalCooperation | QuadClass::MaterialCooperation => false,
    }
}
