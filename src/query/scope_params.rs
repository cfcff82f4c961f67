//! How window, filters, scheme and roll-up are asked for: the part that most questions share.

use std::borrow::Cow;
use std::marker::PhantomData;

use super::cell_filter::CellFilter;
use super::filter::{Filter, Occurrence, Scope, StartsParams};
use super::filter_declaration::FilterGroup;
use super::rollup::Rollup;
use super::selection::Order;
use crate::model::Scheme;
use crate::parameter::{
    self, Bound, GivenValues, Parameter, ParameterField as _, ParameterRefusal, Params, parameters,
    word_values,
};

word_values! {
    Rollup: Rollup::ALL, Rollup::as_str;
    Order: Order::ALL, Order::as_str;
}

parameters! {
    /// The days asked for.
    pub(super) struct WindowParams {
        /// Only records that may have happened on or after the first day of this date (EDTF). If the date has
        /// a time and a zone, records with an instant must not be earlier than that instant.
        #[example("2023-01")]
        from: Option<Bound>,
        /// Only records that may have happened on or before the last day of this date (EDTF). If the date has
        /// a time and a zone, records with an instant must not be later than that instant.
        #[example("2023-06")]
        to: Option<Bound>,
        certain: CertainParams,
    }
}

parameters! {
    /// How records lie in the window.
    pub struct CertainParams {
        /// Only records that certainly happened within the window: all days that the date may mean are inside
        /// the window, and the date is not marked as uncertain or approximate. An open side of a date counts
        /// as inside if the window has no bound on that side.
        certain: bool = "false",
    }
}

parameters! {
    /// Whose coding counts.
    pub struct SchemeParams {
        /// The coding scheme of quad classes and Goldstein scores.
        scheme: Scheme = "icews",
    }
}

parameters! {
    /// For whom actors count.
    pub(super) struct RollupParams {
        /// With `state`, the records of a person count for the state or body that the person represents on
        /// the day of the record.
        rollup: Rollup = "none",
    }
}

parameters! {
    /// The direction of time.
    pub struct OrderParams {
        /// The order of the records: the earliest first (`asc`) or the latest first (`desc`).
        order: Order = "asc",
    }
}

/// What `occurrence` says; the questions differ in its default only.
macro_rules! occurrences {
    ($($(#[$meta:meta])* $name:ident = $default:literal;)+) => {$(
        parameters! {
            $(#[$meta])*
            struct $name {
                /// Which events count: events of every status (`any`), or only events that occurred
                /// (`actual`). Statements and relations always count. `status` overrides this parameter.
                occurrence: Occurrence = $default,
            }
        }
    )+};
}

occurrences! {
    /// Where everything counts that was planned, called off or only said to be, unless asked otherwise.
    AnyOccurrence = "any";
    /// Where only what occurred counts, unless asked otherwise.
    ActualOccurrence = "actual";
}

/// The same as `cited`, where `source` is no end of a path.
const SOURCE: &Parameter = &Parameter {
    name: "source",
    shape: <Vec<crate::model::Id>>::SHAPE,
    times: <Vec<crate::model::Id>>::TIMES,
    doc: "The same as `cited`.",
    example: None,
    default: None,
    aliases: &[],
    same_as: Some("cited"),
};

/// Adds declarations.
type Declare = fn(&mut Vec<&'static Parameter>);

/// Which parts of a scope a question is asked, in the order of the documentation, and what counts unless
/// it is asked for.
pub trait ScopeKind: Clone + Send + 'static {
    /// Whether what did not occur counts by default.
    const OCCURRENCE: Occurrence;
    /// The parts.
    const PARTS: &'static [Declare];
}

/// The scope of a question.
#[derive(Clone, Debug)]
pub struct ScopeParams<K> {
    /// What is asked; its names are those of the question and stand empty.
    pub scope: Scope,
    kind: PhantomData<K>,
}

impl<K: ScopeKind> Params for ScopeParams<K> {
    fn declare(list: &mut Vec<&'static Parameter>) {
        for part in K::PARTS {
            part(list);
        }
    }

    fn read(given: &GivenValues) -> Result<Self, ParameterRefusal> {
        let rollup = RollupParams::read(given)?.rollup;
        let dates = WindowParams::read(given)?;
        let scope = Scope {
            window: parameter::window(("from", dates.from.as_ref()), dates.to.as_ref())?,
            certain: dates.certain.certain,
            occurrence: match K::OCCURRENCE {
                Occurrence::Any => AnyOccurrence::read(given)?.occurrence,
                Occurrence::Actual => ActualOccurrence::read(given)?.occurrence,
            },
            filter: Filter::read(given)?,
            scheme: SchemeParams::read(given)?.scheme,
            rollup,
            names: Vec::new(),
        };
        Ok(Self {
            scope,
            kind: PhantomData,
        })
    }

    fn spell(&self, each: &mut dyn FnMut(&'static str, Cow<'_, str>)) {
        self.scope.spell(each);
    }
}

impl Scope {
    /// Passes on name and value of each parameter that asks for it, whatever the question's defaults.
    pub fn spell(&self, each: &mut dyn FnMut(&'static str, Cow<'_, str>)) {
        let (from, to) = self.window.as_written();
        if let Some(from) = from {
            each("from", from.into());
        }
        if let Some(to) = to {
            each("to", to.into());
        }
        CertainParams {
            certain: self.certain,
        }
        .spell(each);
        self.filter.spell(each);
        each("occurrence", self.occurrence.as_str().into());
        each("scheme", self.scheme.as_str().into());
        RollupParams {
            rollup: self.rollup,
        }
        .spell(each);
    }
}

/// The filters of most questions.
const FILTERS: &[FilterGroup] = &[
    FilterGroup::Coding,
    FilterGroup::Kind,
    FilterGroup::Dataset,
    FilterGroup::Cited,
    FilterGroup::Told,
];

const WINDOW: Declare = WindowParams::declare;
const ANY: Declare = AnyOccurrence::declare;
const ACTUAL: Declare = ActualOccurrence::declare;
const ORDER: Declare = OrderParams::declare;
const ALL_FILTERS: Declare = |list| Filter::declare(FILTERS, list);
const ALSO_SOURCE: Declare = |list| parameter::declare(list, SOURCE);
const RECORD: Declare = |list| Filter::declare(&[FilterGroup::Record], list);
const SCHEME: Declare = SchemeParams::declare;
const ROLLUP: Declare = RollupParams::declare;

/// Declares the scopes that there are.
macro_rules! scopes {
    ($($(#[$meta:meta])* $name:ident = $occurrence:ident [$($part:expr),+ $(,)?];)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}

        impl ScopeKind for $name {
            const OCCURRENCE: Occurrence = Occurrence::$occurrence;
            const PARTS: &'static [Declare] = &[$($part),+];
        }
    )+};
}

scopes! {
    /// Of questions about links between actors.
    OfLinks = Actual [WINDOW, ACTUAL, ALL_FILTERS, ALSO_SOURCE, RECORD, SCHEME, ROLLUP];
    /// The same where `source` is where a path starts.
    OfPaths = Actual [WINDOW, ACTUAL, ALL_FILTERS, RECORD, SCHEME, ROLLUP];
    /// The same where the window must be given.
    OfWindows = Actual [ACTUAL, ALL_FILTERS, ALSO_SOURCE, RECORD, SCHEME, ROLLUP];
    /// Of records in the order of time.
    OfTimelines = Any [WINDOW, ANY, ORDER, ALL_FILTERS, ALSO_SOURCE, RECORD, SCHEME, ROLLUP];
    /// Of records that are counted.
    OfRecords = Any [WINDOW, ANY, ALL_FILTERS, ALSO_SOURCE, RECORD, SCHEME, ROLLUP];
    /// Of records of one kind, as they are.
    OfLists = Any [WINDOW, ANY, ALL_FILTERS, ALSO_SOURCE, SCHEME];
    /// Of a search.
    OfSearches = Any [
        |list| Filter::declare_facets(list),
        WINDOW, ANY, ALL_FILTERS, ALSO_SOURCE, SCHEME, ROLLUP
    ];
    /// Of what is said, by statements and others.
    OfTellings = Any [
        WINDOW, ANY,
        |list| Filter::declare(&[FilterGroup::Dataset, FilterGroup::Cited], list),
        ALSO_SOURCE,
        |list| Filter::declare(&[FilterGroup::Told], list),
        SCHEME, ROLLUP
    ];
    /// Of a summary.
    OfSummaries = Any [WINDOW, ALL_FILTERS, ALSO_SOURCE, RECORD, SCHEME];
    /// Of a list of actors.
    OfActors = Any [|list| Filter::declare(&[FilterGroup::Kind, FilterGroup::Dataset], list)];
    /// Of a list of sources.
    OfSources = Any [|list| Filter::declare(&[FilterGroup::Dataset], list)];
}

impl Filter {
    /// Adds what tells apart what the facets of a search count.
    fn declare_facets(list: &mut Vec<&'static Parameter>) {
        CellFilter::declare(&[FilterGroup::Facet], list);
    }
}

/// What tells apart the records that the numbers of other answers count. They are read with the scope.
#[derive(Clone, Copy, Debug)]
pub struct CellParams;

impl Params for CellParams {
    fn declare(list: &mut Vec<&'static Parameter>) {
        StartsParams::declare(list);
        CellFilter::declare(&[FilterGroup::Facet, FilterGroup::Cell], list);
    }

    fn read(_given: &GivenValues) -> Result<Self, ParameterRefusal> {
        Ok(Self)
    }

    fn spell(&self, _each: &mut dyn FnMut(&'static str, Cow<'_, str>)) {}
}
