//! What one number of an answer counts of the records that its question is about.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::graph::{Row, View};
use crate::model::{Bin, Day, Days, EventType, Kind, QuadClass, Scheme, Window};

/// The word for events whose code PLOVER has no type for, where types are named.
pub const UNTYPED: &str = "none";
/// The word for records of no quad class, where classes are counted.
pub const UNCODED: &str = "uncoded";

/// How an event is coded, or that it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coded<T> {
    /// As this.
    As(T),
    /// As nothing.
    Nothing,
}

impl<T> Coded<T> {
    fn word(self, word: impl Fn(T) -> &'static str, nothing: &'static str) -> &'static str {
        match self {
            Self::As(code) => word(code),
            Self::Nothing => nothing,
        }
    }
}

impl<T> From<Option<T>> for Coded<T> {
    fn from(coded: Option<T>) -> Self {
        coded.map_or(Self::Nothing, Self::As)
    }
}

/// Of the records that all other parameters let through, those that are all that is given here. It
/// is what a number adds to the URL of its question's records, so each member is a parameter of
/// its own and is never or-ed with a filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Narrowed {
    /// Records of this kind.
    pub record: Option<Kind>,
    /// Events of this type, or of none.
    pub event_type: Option<Coded<EventType>>,
    /// Events of this quad class under the scheme of the question, or records that have none.
    pub quad: Option<Coded<QuadClass>>,
    /// Records of this data set.
    pub dataset: Option<Arc<str>>,
    /// Records about this topic.
    pub topic: Option<Arc<str>>,
    /// Records that cite this source.
    pub cited: Option<Arc<str>>,
    /// Records in which this actor stands, as it counts, beside those asked for.
    pub with: Option<Arc<str>>,
    /// Records of which the day on which they start may lie in another bin of this width.
    pub wide: Option<Width>,
    /// Records of which the day on which they start lies in one bin of this width for certain.
    pub narrow: Option<Width>,
    /// Records that last and began before the window.
    pub began_before: bool,
    /// Records that last, started before this day and reach it.
    pub ongoing: Option<Day>,
    /// Records with a date.
    pub dated: bool,
}

/// The bin beyond which a record is wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// That of this width around the day on which it counts.
    Bin(Bin),
    /// The whole window.
    Window,
}

impl Width {
    /// All widths.
    pub const ALL: [Self; 6] = [
        Self::Bin(Bin::Day),
        Self::Bin(Bin::Week),
        Self::Bin(Bin::Month),
        Self::Bin(Bin::Quarter),
        Self::Bin(Bin::Year),
        Self::Window,
    ];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bin(bin) => bin.as_str(),
            Self::Window => "window",
        }
    }

    /// The days of the bin in which a day of a window lies.
    pub(super) fn around(self, day: Day, window: Window) -> Days {
        match self {
            Self::Bin(bin) => bin.around(day),
            Self::Window => (window.lo(), window.hi()),
        }
    }
}

impl Narrowed {
    /// Whether a record is all that is given, whoever stands in it.
    pub(super) fn holds(&self, view: &View, row: Row, (scheme, window): (Scheme, Window)) -> bool {
        let Self {
            record,
            event_type,
            quad,
            dataset,
            topic,
            cited,
            with: _,
            wide,
            narrow,
            began_before,
            ongoing,
            dated,
        } = self;
        let counts_on = || {
            view.timing(row)
                .map(|timing| (timing, timing.counts_on(window)))
        };
        let is_wide = |width: Width| {
            let (timing, day) = counts_on()?;
            Some(timing.is_wider(width.around(day?, window)))
        };
        let is = |wanted: &str, term| view.text(term) == wanted;
        record.is_none_or(|kind| view.kind(row) == kind)
            && event_type.is_none_or(|wanted| {
                let coding = view.coding(row);
                coding.is_some_and(|coding| Coded::from(coding.event_type()) == wanted)
            })
            && quad.is_none_or(|wanted| {
                let coding = view.coding(row);
                Coded::from(coding.map(|coding| coding.quad_class(scheme))) == wanted
            })
            && dataset
                .as_deref()
                .is_none_or(|wanted| view.dataset(row).is_some_and(|term| is(wanted, term)))
            && topic
                .as_deref()
                .is_none_or(|wanted| view.topics(row).iter().any(|term| is(wanted, *term)))
            && cited
                .as_deref()
                .is_none_or(|wanted| view.cited(row).any(|(term, _)| is(wanted, term)))
            && wide.is_none_or(|width| is_wide(width) == Some(true))
            && narrow.is_none_or(|width| is_wide(width) == Some(false))
            && (!began_before || counts_on().is_some_and(|(_, day)| day.is_none()))
            && (!dated || view.is_dated(row))
            && ongoing.is_none_or(|day| {
                let timing = view.timing(row);
                timing.is_some_and(|timing| timing.is_ongoing(day))
            })
    }

    /// `None` when nothing is given.
    pub(super) fn if_any(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| self.into())
    }

    /// The parameters that ask for it.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'static str, Cow<'_, str>)> {
        let Self {
            record,
            event_type,
            quad,
            dataset,
            topic,
            cited,
            with,
            wide,
            narrow,
            began_before,
            ongoing,
            dated,
        } = self;
        let flag = |flag: bool| flag.then_some(Cow::Borrowed("true"));
        [
            ("only_record", record.map(|kind| kind.as_str().into())),
            (
                "only_type",
                event_type.map(|one| one.word(EventType::as_str, UNTYPED).into()),
            ),
            (
                "only_quad",
                quad.map(|one| one.word(QuadClass::as_str, UNCODED).into()),
            ),
            ("only_dataset", dataset.as_deref().map(Cow::Borrowed)),
            ("only_topic", topic.as_deref().map(Cow::Borrowed)),
            ("only_cited", cited.as_deref().map(Cow::Borrowed)),
            ("only_with", with.as_deref().map(Cow::Borrowed)),
            ("only_wide", wide.map(|width| width.as_str().into())),
            ("only_narrow", narrow.map(|width| width.as_str().into())),
            ("only_began_before", flag(*began_before)),
            ("only_ongoing", ongoing.map(|day| day.to_string().into())),
            ("only_dated", flag(*dated)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }

    /// What it says, or else what another one does.
    pub(super) fn or(&self, other: &Self) -> Self {
        Self {
            record: self.record.or(other.record),
            event_type: self.event_type.or(other.event_type),
            quad: self.quad.or(other.quad),
            dataset: self.dataset.clone().or_else(|| other.dataset.clone()),
            topic: self.topic.clone().or_else(|| other.topic.clone()),
            cited: self.cited.clone().or_else(|| other.cited.clone()),
            with: self.with.clone().or_else(|| other.with.clone()),
            wide: self.wide.or(other.wide),
            narrow: self.narrow.or(other.narrow),
            began_before: self.began_before || other.began_before,
            ongoing: self.ongoing.or(other.ongoing),
            dated: self.dated || other.dated,
        }
    }
}

/// The word for a type of event, or for none.
pub(super) fn type_word(event_type: Option<EventType>) -> &'static str {
    event_type.map_or(UNTYPED, EventType::as_str)
}

/// How the numbers of an answer are opened that have no URL of their own: by the name of the
/// member that holds them, what to add to the `records_url` of the object in which it stands.
pub type Opens = BTreeMap<&'static str, &'static str>;

/// Of the members whose numbers are to be opened, those that the question has not narrowed itself:
/// a parameter is given once.
pub(super) fn opens(all: &[(&'static str, &'static str)], narrowed: &Narrowed) -> Opens {
    let given = |added: &str| {
        let mut pairs = narrowed.pairs();
        pairs.any(|(name, _)| added.split('=').next() == Some(name))
    };
    let free = all.iter().filter(|(_, added)| !given(added));
    free.copied().collect()
}

/// Counts by quad class.
pub(super) const BY_QUAD: (&str, &str) = ("quad", "only_quad={key}");
/// Counts of events by type.
pub(super) const BY_TYPE: (&str, &str) = ("types", "only_type={key}");
