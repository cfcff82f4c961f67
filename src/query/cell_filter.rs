//! What one number of an answer counts of the records that its question is about.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use super::filter_declaration::filters;
use crate::graph::{Row, View};
use crate::model::{
    Bin, Day, DayRange, EventType, Id, Kind, LABEL_MAX_BYTES, Label, QuadClass, Scheme, Window,
};
use crate::parameter::{Fault, GivenValues, ParameterRefusal, Value, ValueShape, word_values};

/// The word for events whose code PLOVER has no type for, where types are named.
pub const UNTYPED: &str = "none";
/// The word for records of no quad class, where classes are counted.
pub const UNCODED: &str = "uncoded";

/// How an event is coded, or that it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodingFilter<T> {
    /// As this.
    As(T),
    /// As nothing.
    Nothing,
}

impl<T> CodingFilter<T> {
    fn word(self, word: impl Fn(T) -> &'static str, nothing: &'static str) -> &'static str {
        match self {
            Self::As(code) => word(code),
            Self::Nothing => nothing,
        }
    }
}

impl<T> From<Option<T>> for CodingFilter<T> {
    fn from(coded: Option<T>) -> Self {
        coded.map_or(Self::Nothing, Self::As)
    }
}

impl Value for CodingFilter<EventType> {
    const SHAPE: ValueShape = ValueShape::Word(|| {
        let types = EventType::ALL.into_iter().map(EventType::as_str);
        types.chain([UNTYPED]).collect()
    });

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        let typed = (text != UNTYPED).then(|| EventType::parse(text));
        Ok(typed.transpose()?.into())
    }

    fn spell(&self) -> Cow<'_, str> {
        self.word(EventType::as_str, UNTYPED).into()
    }
}

impl Value for CodingFilter<QuadClass> {
    const SHAPE: ValueShape = ValueShape::Word(|| {
        let classes = QuadClass::ALL.into_iter().map(QuadClass::as_str);
        classes.chain([UNCODED]).collect()
    });

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        let coded = (text != UNCODED).then(|| QuadClass::parse(text));
        Ok(coded.transpose()?.into())
    }

    fn spell(&self) -> Cow<'_, str> {
        self.word(QuadClass::as_str, UNCODED).into()
    }
}

/// The id of something that an answer counts by. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellId(Arc<str>);

/// A topic that an answer counts by. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellTopic(Arc<str>);

impl From<&str> for CellId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

impl From<Arc<str>> for CellTopic {
    fn from(topic: Arc<str>) -> Self {
        Self(topic)
    }
}

impl Deref for CellId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Deref for CellTopic {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Value for CellId {
    const SHAPE: ValueShape = Id::SHAPE;

    fn read(text: &str, name: &'static str) -> Result<Self, Fault> {
        Ok(Id::read(text, name)?.as_str().into())
    }

    fn spell(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Value for CellTopic {
    const SHAPE: ValueShape = ValueShape::Text(LABEL_MAX_BYTES);

    fn read(text: &str, name: &'static str) -> Result<Self, Fault> {
        Ok(Self(Label::read(text, name)?.as_str().into()))
    }

    fn spell(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

/// What decides whether a number counts a record, beside the filters of its question.
pub(super) struct CellScope<'v> {
    pub(super) view: &'v View,
    pub(super) scheme: Scheme,
    pub(super) window: Window,
}

impl CellScope<'_> {
    /// Whether the day on which a record starts may lie in another bin than the one in which it counts;
    /// `None` when it counts on no day.
    fn is_wide(&self, row: Row, width: WideBin) -> Option<bool> {
        let timing = self.view.timing(row)?;
        let day = timing.counts_on(self.window)?;
        Some(timing.is_wider(width.around(day, self.window)))
    }
}

filters! {
    /// Of the records that all other parameters let through, those that are all that is given here. It
    /// is what a number adds to the URL of its question's records, so each member is a parameter of
    /// its own and is never or-ed with a filter.
    pub struct CellFilter, ready: ReadyNarrowed, sees: CellScope {
        /// Of the records that all other parameters select, only those of this kind. The drill-downs in an
        /// answer use this parameter; see `meta.opens`.
        #[spelled("only_record")]
        [Facet] record: Option<Kind>,
            holds |compiled, row, wanted| wanted.is_none_or(|kind| compiled.view.kind(row) == kind);
        /// Of these, only events of this PLOVER type. `none` selects events without a PLOVER type.
        #[spelled("only_type")]
        [Facet] event_type: Option<CodingFilter<EventType>>,
            holds |compiled, row, wanted| {
                let coding = compiled.view.coding(row);
                let coded = coding.map(|coding| CodingFilter::from(coding.event_type()));
                coded.is_some() && coded == *wanted
            };
        /// Of these, only records of this quad class. `uncoded` selects records without a quad class.
        #[spelled("only_quad")]
        [Cell] quad: Option<CodingFilter<QuadClass>>,
            holds |compiled, row, wanted| {
                let coding = compiled.view.coding(row);
                let class = coding.map(|coding| coding.quad_class(compiled.scheme));
                *wanted == Some(CodingFilter::from(class))
            };
        /// Of these, only records of this data set.
        #[spelled("only_dataset")]
        [Facet] dataset: Option<CellId>,
            holds |compiled, row, wanted| {
                let dataset = compiled.view.dataset(row);
                dataset.is_some_and(|term| wanted.as_deref() == Some(compiled.view.text(term)))
            };
        /// Of these, only records about this topic.
        #[spelled("only_topic")]
        [Cell] topic: Option<CellTopic>,
            holds |compiled, row, wanted| {
                let topics = compiled.view.topics(row);
                topics.iter().any(|term| wanted.as_deref() == Some(compiled.view.text(*term)))
            };
        /// Of these, only records that cite this source.
        #[spelled("only_cited")]
        [Cell] cited: Option<CellId>,
            holds |compiled, row, wanted| {
                let mut cited = compiled.view.cited(row);
                cited.any(|(term, _)| wanted.as_deref() == Some(compiled.view.text(term)))
            };
        /// Of these, only records that involve this actor, after roll-up, in addition to the actors of the
        /// question.
        #[spelled("only_with")]
        [Cell] with: Option<CellId>;
        /// Of these, only records whose start day may lie in a bin of this width other than the bin in which
        /// they count. With `window`, records whose start day may lie outside the window.
        #[spelled("only_wide")]
        [Cell] wide: Option<WideBin>,
            holds |compiled, row, wanted| wanted.is_none_or(|width| compiled.is_wide(row, width) == Some(true));
        /// Of these, only records whose start day certainly lies in a single bin of this width.
        #[spelled("only_narrow")]
        [Cell] narrow: Option<WideBin>,
            holds |compiled, row, wanted| wanted.is_none_or(|width| compiled.is_wide(row, width) == Some(false));
        /// Of these, only records that last for a period and began before the window or have no known
        /// beginning.
        #[spelled("only_began_before")]
        #[default("false")]
        [Cell] began_before: bool,
            holds |compiled, row, _wanted| {
                let timing = compiled.view.timing(row);
                timing.is_some_and(|timing| timing.counts_on(compiled.window).is_none())
            };
        /// Of these, only records that last for a period, started before the first day of this date, and
        /// include that day.
        #[spelled("only_ongoing")]
        [Cell] ongoing: Option<Day>,
            holds |compiled, row, wanted| {
                let timing = compiled.view.timing(row);
                timing.zip(*wanted).is_some_and(|(timing, day)| timing.is_ongoing(day))
            };
        /// Of these, only records with a date.
        #[spelled("only_dated")]
        #[default("false")]
        [Cell] dated: bool,
            holds |compiled, row, _wanted| compiled.view.is_dated(row);
    }
}

/// The bin beyond which a record is wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WideBin {
    /// That of this width around the day on which it counts.
    Bin(Bin),
    /// The whole window.
    Window,
}

impl WideBin {
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
    pub(super) fn around(self, day: Day, window: Window) -> DayRange {
        match self {
            Self::Bin(bin) => bin.around(day),
            Self::Window => (window.lo(), window.hi()),
        }
    }
}

word_values! {
    WideBin: WideBin::ALL, WideBin::as_str;
}

impl CellFilter {
    /// Reads what was given.
    pub(super) fn read(given: &GivenValues) -> Result<Self, ParameterRefusal> {
        Self::read_declared(given)
    }

    /// Passes on name and value of each parameter that asks for it.
    pub fn spell(&self, each: &mut dyn FnMut(&'static str, Cow<'_, str>)) {
        self.spell_declared(each);
    }

    /// `None` when nothing is given.
    pub(super) fn if_any(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| self.into())
    }
}

/// The word for a type of event, or for none.
pub(super) fn type_word(event_type: Option<EventType>) -> &'static str {
    event_type.map_or(UNTYPED, EventType::as_str)
}

/// How the numbers of an answer are opened that have no URL of their own: by the name of the
/// member that holds them, what to add to the `records_url` of the object in which it stands.
pub type DrillDownMembers = BTreeMap<&'static str, &'static str>;

/// Of the members whose numbers are to be opened, those that the question has not narrowed itself:
/// a parameter is given once.
pub(super) fn opens(
    all: &[(&'static str, &'static str)],
    narrowed: &CellFilter,
) -> DrillDownMembers {
    let given = |added: &str| {
        let mut is_given = false;
        narrowed.spell(&mut |name, _| is_given |= added.split('=').next() == Some(name));
        is_given
    };
    let free = all.iter().filter(|(_, added)| !given(added));
    free.copied().collect()
}

/// Counts by quad class.
pub(super) const BY_QUAD: (&str, &str) = ("quad", "only_quad={key}");
/// Counts of events by type.
pub(super) const BY_TYPE: (&str, &str) = ("types", "only_type={key}");
