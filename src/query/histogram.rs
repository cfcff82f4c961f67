//! Records counted by day, week, month, quarter or year.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::answer::{BinAnswer, CountAnswer, HistogramAnswer, QuadCounts};
use super::cell_filter::{BY_QUAD, opens, type_word};
use super::drill_down::DrillDownBase;
use super::filter::Scope;
use super::network::Network;
use super::ongoing::OngoingRecords;
use super::selection::Selection;
use super::timeline::{meta, select, unsifted};
use crate::graph::{Row, Term, View};
use crate::model::{Bin, Coding, Day, QuadClass, Scheme, Timing};

/// What a bin is broken down by, beside the quad classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// PLOVER types of events.
    Type,
    /// Data sets.
    Dataset,
    /// Kinds of record.
    Record,
    /// The other actors in the record, as they count.
    Counterpart,
}

impl Split {
    /// All breakdowns.
    pub const ALL: [Self; 4] = [Self::Type, Self::Dataset, Self::Record, Self::Counterpart];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Dataset => "dataset",
            Self::Record => "record",
            Self::Counterpart => "counterpart",
        }
    }

    /// What opens one of its numbers.
    const fn opened_by(self) -> &'static str {
        match self {
            Self::Type => "only_type={key}",
            Self::Dataset => "only_dataset={key}",
            Self::Record => "only_record={key}",
            Self::Counterpart => "only_with={key}",
        }
    }
}

/// A histogram of a selection.
#[derive(Clone, Debug)]
pub struct HistogramQuestion {
    /// Which records.
    pub selection: Selection,
    /// Within what.
    pub scope: Scope,
    /// How wide.
    pub bin: Bin,
    /// Broken down by what.
    pub split: Option<Split>,
}

/// Bins that there is room for at first.
const BINS_AT_FIRST: usize = 32;

/// Counts the records of a selection by time. Records without a date are in no bin, nor is what lasts
/// and began before the window.
pub fn histogram<'v>(view: &'v View, question: &HistogramQuestion) -> HistogramAnswer<'v> {
    let network = Network::new(view, &question.scope);
    let focus = question.selection.actors();
    let opened = DrillDownBase::timeline(view, &question.selection, &question.scope);
    let mut bins: Vec<BinAnswer<'v>> = Vec::with_capacity(BINS_AT_FIRST);
    let mut lasting = OngoingRecords::default();
    let (mut total, mut undated, mut began_before) = (0, 0, 0);
    let mut count = |row: Row, timing: Option<Timing>, coding: Option<&Coding>| {
        let Some(timing) = timing else {
            undated += 1;
            return;
        };
        total += 1;
        lasting.add(&timing);
        let Some(day) = timing.counts_on(question.scope.window) else {
            began_before += 1;
            return;
        };
        let Some(bin) = bin_of(&mut bins, day, || question.bin(day, &opened)) else {
            return;
        };
        bin.count += 1;
        bin.wider_than_bin += usize::from(timing.is_wider((bin.from, bin.to)));
        let scheme = question.scope.scheme;
        bin.quad
            .count(coding.map(|coding| coding.quad_class(scheme)));
        if let (Some(split), Some(by)) = (question.split, &mut bin.by) {
            for key in keys(&network, row, split, &focus) {
                *by.entry(key).or_default() += 1;
            }
        }
    };
    if let Selection::Dyad(a, b, ways) = question.selection {
        network.each_of_dyad(a, b, &mut |of_dyad| {
            if of_dyad.direction.meets(ways) {
                count(of_dyad.row, of_dyad.timing, of_dyad.coding);
            }
        });
    } else if let Some(rows) = unsifted(&network, &question.selection) {
        view.each_coded(rows, &mut count);
    } else {
        let rows = select(&network, &question.selection);
        view.each_coded(rows.into_iter(), &mut count);
    }
    for bin in &mut bins {
        bin.ongoing = lasting.ongoing(bin.from.max(question.scope.window.lo()), &opened);
    }
    let mut meta = meta(&network, &question.selection, &question.scope);
    meta.undated_omitted += undated;
    let by = question.split.map(|split| ("by", split.opened_by()));
    let wide = ("wider_than_bin", only_wide(question.bin));
    let members: Vec<_> = [BY_QUAD, wide].into_iter().chain(by).collect();
    meta.opens = opens(&members, &question.scope.filter.narrowed);
    HistogramAnswer {
        bin: question.bin.as_str(),
        bins,
        began_before: CountAnswer {
            count: began_before,
            records_url: opened.began_before(),
        },
        total,
        records_url: opened.dated(),
        meta,
    }
}

impl HistogramQuestion {
    /// The empty bin that `day` lies in.
    fn bin<'v>(&self, day: Day, opened: &DrillDownBase) -> BinAnswer<'v> {
        let (from, to) = self.bin.around(day);
        BinAnswer {
            from,
            to,
            count: 0,
            records_url: opened.starting(from, to),
            wider_than_bin: 0,
            ongoing: None,
            quad: QuadCounts::default(),
            by: self.split.map(|_| BTreeMap::new()),
        }
    }
}

/// The bin of a day among bins in order; made anew when there is none. Days come in order but for instants,
/// which may lie a day before the one that they are sorted at.
fn bin_of<'b, 'v>(
    bins: &'b mut Vec<BinAnswer<'v>>,
    day: Day,
    make: impl FnOnce() -> BinAnswer<'v>,
) -> Option<&'b mut BinAnswer<'v>> {
    let mut place = bins.len();
    while let Some(before) = place.checked_sub(1)
        && bins.get(before).is_some_and(|bin| day <= bin.to)
    {
        place = before;
    }
    if bins.get(place).is_none_or(|bin| day < bin.from) {
        bins.insert(place, make());
    }
    bins.get_mut(place)
}

/// What opens the records of a bin of which the day on which they start may lie in another one.
pub(super) const fn only_wide(bin: Bin) -> &'static str {
    match bin {
        Bin::Day => "only_wide=day",
        Bin::Week => "only_wide=week",
        Bin::Month => "only_wide=month",
        Bin::Quarter => "only_wide=quarter",
        Bin::Year => "only_wide=year",
    }
}

fn keys<'v>(network: &Network<'v>, row: Row, split: Split, focus: &[Term]) -> Vec<Cow<'v, str>> {
    let view = network.view();
    match split {
        Split::Type => view
            .coding(row)
            .map(|coding| type_word(coding.event_type()))
            .map(Cow::Borrowed)
            .into_iter()
            .collect(),
        Split::Dataset => view
            .dataset(row)
            .map(|d| Cow::Borrowed(view.text(d)))
            .into_iter()
            .collect(),
        Split::Record => vec![Cow::Borrowed(view.kind(row).as_str())],
        Split::Counterpart => network
            .counterparts(row, focus)
            .into_iter()
            .map(|other| Cow::Borrowed(view.text(other)))
            .collect(),
    }
}

impl QuadCounts {
    /// Counts one more record.
    pub(super) fn add(&mut self, view: &View, row: Row, scheme: Scheme) {
        self.count(view.coding(row).map(|coding| coding.quad_class(scheme)));
    }

    /// Counts one more record of a class.
    pub(super) fn count(&mut self, class: Option<QuadClass>) {
        // Of which class a record is can't be foretold, so nothing hangs on it but what is added.
        let of = |one: QuadClass| usize::from(class == Some(one));
        self.verbal_cooperation += of(QuadClass::VerbalCooperation);
        self.material_cooperation += of(QuadClass::MaterialCooperation);
        self.verbal_conflict += of(QuadClass::VerbalConflict);
        self.material_conflict += of(QuadClass::MaterialConflict);
        self.uncoded += usize::from(class.is_none());
    }

    /// How many were counted of a class.
    pub(super) const fn count_of(&self, class: QuadClass) -> usize {
        match class {
            QuadClass::VerbalCooperation => self.verbal_cooperation,
            QuadClass::MaterialCooperation => self.material_cooperation,
            QuadClass::VerbalConflict => self.verbal_conflict,
            QuadClass::MaterialConflict => self.material_conflict,
        }
    }
}
