//! Which records count: the filters, the same for every question.
//!
//! A filter is declared once, in [`filters!`]: what it is called and says, what its values are, and which
//! records it lets through. To add one is to add a declaration; every route that takes filters of its
//! [group](super::filter_declaration::FilterGroup), the command line and the URLs of drill-downs have it then.

use std::borrow::Cow;

use super::cell_filter::{CellFilter, CellScope, CodingFilter, ReadyNarrowed};
use super::filter_declaration::filters;
use super::independence::Independence;
use super::name_note::NameNote;
use super::rollup::Rollup;
use crate::graph::{Row, Term, TermKind, View, WindowMatch};
use crate::model::{
    ActorKind, Cameo, Coding, Day, EventType, Id, Kind, Label, QuadClass, Role, Scheme, Status,
    Window,
};
use crate::parameter::{
    Bound, GivenValues, ParameterRefusal, Params as _, Value, WholeNumber, parameters, window,
    word_values,
};

filters! {
    /// Filters. Values of one filter are or-ed, filters are and-ed; an empty one lets all through.
    pub struct Filter, ready: ReadyFilter, sees: CompiledFilter {
        /// Only records of this kind.
        #[spelled("record")]
        [Record] records: Vec<Kind>,
            holds |compiled, row, wanted| wanted.contains(&compiled.view.kind(row));
        /// Only events of this PLOVER type, whether given or derived from the CAMEO code. `none` selects
        /// events whose code has no PLOVER type.
        #[spelled("type")]
        [Coding] types: Vec<CodingFilter<EventType>>,
            holds |compiled, row, wanted| compiled.view.coding(row).is_some_and(|coding| {
                wanted.contains(&CodingFilter::from(coding.event_type()))
            });
        /// Only events whose CAMEO code starts with this one.
        #[spelled("cameo")]
        [Coding] cameo: Vec<Cameo>,
            holds |compiled, row, wanted| {
                let code = compiled.view.coding(row).and_then(Coding::cameo);
                code.is_some_and(|code| wanted.iter().any(|prefix| code.starts_with(*prefix)))
            };
        /// Only events of this quad class (a name, or a number from 1 to 4) in the coding scheme `scheme`.
        #[spelled("quad")]
        [Coding] quad: Vec<QuadClass>,
            holds |compiled, row, wanted| compiled.view.coding(row).is_some_and(|coding| {
                wanted.contains(&coding.quad_class(compiled.scheme))
            });
        /// Only events of this status.
        #[spelled("status")]
        [Coding] statuses: Vec<Status>,
            holds |compiled, row, wanted| {
                compiled.view.coding(row).is_some() && wanted.contains(&compiled.view.status(row))
            };
        /// Only records in which an actor of the question has this role. If the question names no actor, any
        /// actor of the record may have it.
        #[spelled("role")]
        [Coding] roles: Vec<Role>;
        /// Only actors of this kind. In lists of actors and in networks, the filter applies to the actors
        /// themselves. On paths, it applies to all actors between the ends. Elsewhere, it selects records
        /// with an actor of this kind other than the actors of the question.
        #[spelled("kind")]
        [Kind] kinds: Vec<ActorKind>;
        /// Only records of this data set.
        #[spelled("dataset")]
        [Dataset] datasets: Vec<Id>,
            ready Vec<Term> = |view, ids| terms(view, TermKind::Dataset, ids),
            holds |compiled, row, wanted| compiled.view.dataset(row).is_some_and(|d| wanted.contains(&d));
        /// Only records that cite this source.
        #[spelled("cited")]
        [Cited] sources: Vec<Id>,
            ready Vec<Term> = |view, ids| terms(view, TermKind::Source, ids),
            holds |compiled, row, wanted| compiled.believed(row).any(|source| wanted.contains(&source));
        /// Only records about this topic.
        #[spelled("topic")]
        [Told] topics: Vec<Label>,
            ready Vec<Term> = |view, topics| terms(view, TermKind::Topic, topics),
            holds |compiled, row, wanted| compiled.view.topics(row).iter().any(|t| wanted.contains(t));
        /// Only records with a citation of at least this confidence. A citation without a confidence counts
        /// as 1, and a record without citations counts as 0.
        #[spelled("min_confidence")]
        [Told] min_confidence: Option<f32>,
            ready Option<u16> = |_view, least| least.map(thousandths),
            holds |compiled, row, wanted| wanted.is_none_or(|least| {
                least == 0 || compiled.believed_citations(row).any(|(_, c)| c >= least)
            });
        /// Ignore this source. Filters do not see its citations, and records that cite no other source do not
        /// count. Records that cite no source at all still count.
        #[spelled("exclude_source")]
        [Told] excluded: Vec<Id>,
            ready Vec<Term> = |view, ids| terms(view, TermKind::Source, ids),
            holds |compiled, row, _wanted| {
                compiled.believed(row).next().is_some() || compiled.view.cited(row).next().is_none()
            };
        /// Only records with at least this number of independent sources. Sources with the same agency or the
        /// same original count once.
        #[spelled("min_independent")]
        [Told] min_independent: Option<WholeNumber<1, INDEPENDENT_MAX>>,
            holds |compiled, row, wanted| wanted.is_none_or(|least| compiled.is_independent(row, least.0));
        /// Leave out records of this data set, such as one that codes the same news as another.
        #[spelled("exclude_dataset")]
        [Told] excluded_datasets: Vec<Id>,
            ready Vec<Term> = |view, ids| terms(view, TermKind::Dataset, ids),
            holds |compiled, row, unwanted| {
                compiled.view.dataset(row).is_none_or(|dataset| !unwanted.contains(&dataset))
            };
    }
    also {
        /// The days, both included, on one of which a record must count: see
        /// [`Timing::counts_on`](crate::model::Timing::counts_on). It is what tells the bins of a
        /// histogram apart.
        starts: Option<(Day, Day)>,
        /// What tells the records of one number of an answer apart from the others.
        narrowed: CellFilter,
    }
}

/// The parameters of the days on one of which records must count.
pub const STARTS: [&str; 2] = ["starts_from", "starts_to"];

parameters! {
    /// The days on one of which records must count.
    pub(super) struct StartsParams {
        /// Only records that count on or after the first day of this date (EDTF). As in the bins of a
        /// histogram, a record counts on its first day as written, within the window. Records that last for a
        /// period and began before the window do not count.
        starts_from: Option<Bound>,
        /// Only records that count on or before the last day of this date (EDTF).
        starts_to: Option<Bound>,
    }
}

impl Filter {
    /// Reads all filters that were given.
    ///
    /// # Errors
    ///
    /// The first value that stands for nothing.
    pub(super) fn read(given: &GivenValues) -> Result<Self, ParameterRefusal> {
        let mut filter = Self::read_declared(given)?;
        // Events of no type are named last, and once.
        let untyped = filter.types.contains(&CodingFilter::Nothing);
        filter.types.retain(|kind| *kind != CodingFilter::Nothing);
        filter
            .types
            .extend(untyped.then_some(CodingFilter::Nothing));
        let starts = StartsParams::read(given)?;
        let days = window(
            (STARTS[0], starts.starts_from.as_ref()),
            starts.starts_to.as_ref(),
        )?;
        let is_given = starts.starts_from.or(starts.starts_to).is_some();
        filter.starts = is_given.then(|| (days.lo(), days.hi()));
        filter.narrowed = CellFilter::read(given)?;
        Ok(filter)
    }

    /// Passes on name and value of each parameter that asks for these.
    pub fn spell(&self, each: &mut dyn FnMut(&'static str, Cow<'_, str>)) {
        self.spell_declared(each);
        if let Some((first, last)) = self.starts {
            each(STARTS[0], first.to_string().into());
            each(STARTS[1], last.to_string().into());
        }
        self.narrowed.spell(each);
    }
}

/// Independent sources that a filter may ask for.
pub const INDEPENDENT_MAX: usize = 100;

/// Whether events count that did not occur.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Occurrence {
    /// Events of every status.
    #[default]
    Any,
    /// Events that occurred, and all statements and relations.
    Actual,
}

impl Occurrence {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Any, Self::Actual];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Actual => "actual",
        }
    }
}

word_values! {
    Occurrence: Occurrence::ALL, Occurrence::as_str;
}

/// What every question about records has in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// The days asked for.
    pub window: Window,
    /// Only records that certainly lie inside the window.
    pub certain: bool,
    /// Whether events count that did not occur. A filter on statuses overrides it.
    pub occurrence: Occurrence,
    /// Which records count.
    pub filter: Filter,
    /// The scheme of quad classes and scores.
    pub scheme: Scheme,
    /// Whether what people do counts for their states.
    pub rollup: Rollup,
    /// What there is to say of the names in the question, for the answer.
    pub names: Vec<NameNote>,
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            window: Window::ALL,
            certain: false,
            occurrence: Occurrence::Any,
            filter: Filter::default(),
            scheme: Scheme::Icews,
            rollup: Rollup::None,
            names: Vec::new(),
        }
    }
}

impl Scope {
    /// The same without the filter on kinds of actor.
    pub(super) fn of_all_kinds(&self) -> Self {
        let mut scope = self.clone();
        scope.filter.kinds.clear();
        scope
    }

    /// Which records of the window count, whatever the filters say.
    pub(super) fn matching(&self) -> WindowMatch {
        WindowMatch {
            certain: self.certain,
            actual: self.occurrence == Occurrence::Actual && self.filter.statuses.is_empty(),
        }
    }

    /// Whether records without a date are left out.
    pub(super) fn leaves_undated_out(&self) -> bool {
        self.certain || self.window != Window::ALL
    }
}

/// An actor of a record as it counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct CountedActor {
    pub(super) actor: Term,
    pub(super) role: Role,
    /// Whether it is one of those whom the question is about.
    pub(super) is_of_focus: bool,
}

/// A [`Filter`] made ready for one view: its texts are terms.
pub(super) struct CompiledFilter<'v> {
    pub(super) view: &'v View,
    pub(super) scheme: Scheme,
    pub(super) window: Window,
    ready: ReadyFilter,
    starts: Option<(Day, Day)>,
    narrowed: ReadyNarrowed,
    cited: Independence<'v>,
    /// Whether everything passes.
    open: bool,
}

impl<'v> CompiledFilter<'v> {
    pub(super) fn new(view: &'v View, scope: &Scope) -> Self {
        let filter = &scope.filter;
        Self {
            view,
            scheme: scope.scheme,
            window: scope.window,
            ready: ReadyFilter::new(view, filter),
            starts: filter.starts,
            narrowed: ReadyNarrowed::new(view, &filter.narrowed),
            cited: Independence::new(view),
            open: *filter == Filter::default(),
        }
    }

    /// Whether everything passes.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Whether a record counts, for a question about the actors of `focus` (all, when empty).
    pub(super) fn accepts(&self, row: Row, focus: &[Term]) -> bool {
        let part = |(actor, role): (Term, Role)| CountedActor {
            actor,
            role,
            is_of_focus: focus.contains(&actor),
        };
        let parts = || self.view.actors(row).map(part);
        self.open || (self.accepts_record(row) && self.accepts_parts(parts, focus.is_empty()))
    }

    /// Whether a record counts, whoever stands in it.
    pub(super) fn accepts_record(&self, row: Row) -> bool {
        self.ready.holds(self, row)
            && self.starts.is_none_or(|days| self.starts_within(row, days))
            && self.narrowed.holds(&self.cell(), row)
    }

    fn cell(&self) -> CellScope<'v> {
        CellScope {
            view: self.view,
            scheme: self.scheme,
            window: self.window,
        }
    }

    /// The sources that are not believed.
    fn excluded(&self) -> &[Term] {
        self.ready.excluded.as_deref().unwrap_or_default()
    }

    /// The citations of a record, but for those of sources that are not believed.
    fn believed_citations(&self, row: Row) -> impl Iterator<Item = (Term, u16)> {
        let all = self.view.cited(row);
        all.filter(|(source, _)| !self.excluded().contains(source))
    }

    /// Whether at least so many independent sources that are believed say so.
    fn is_independent(&self, row: Row, least: usize) -> bool {
        // Most records cite too few sources to be looked at.
        self.believed(row).count() >= least && self.believed_groups(row).len() >= least
    }

    /// The believed sources of a record in groups of those that repeat one another.
    fn believed_groups(&self, row: Row) -> Vec<Vec<Term>> {
        let cited: Vec<Term> = self.view.cited(row).map(|(source, _)| source).collect();
        let groups = self.cited.groups(cited.iter().map(|source| Some(*source)));
        let believed = groups.into_iter().map(|places| {
            // Places are those of the sources.
            let sources = places.into_iter().filter_map(|place| cited.get(place));
            let believed = sources.filter(|source| !self.excluded().contains(source));
            believed.copied().collect::<Vec<Term>>()
        });
        believed.filter(|group| !group.is_empty()).collect()
    }

    /// The sources that a record cites, but for those that are not believed.
    pub(super) fn believed(&self, row: Row) -> impl Iterator<Item = Term> {
        self.believed_citations(row).map(|(source, _)| source)
    }

    /// The sets of sources without which a record that counts does not, at most `most`; and whether
    /// these are all. What it holds in common with another set a set may hold, too.
    pub(super) fn losses(&self, row: Row, most: usize) -> (Vec<Vec<Term>>, bool) {
        let set = |sources: &mut dyn Iterator<Item = Term>| {
            let mut set: Vec<Term> = sources.collect();
            set.sort_unstable();
            set.dedup();
            set
        };
        let is_believed = |source: &Term| !self.excluded().contains(source);
        let mut found = vec![set(&mut self.believed(row))];
        if let Some(sources) = &self.ready.sources {
            let mut asked = self.believed(row).filter(|s| sources.contains(s));
            found.push(set(&mut asked));
        }
        if let Some(least) = self
            .ready
            .min_confidence
            .flatten()
            .filter(|least| *least > 0)
        {
            let sure = self.view.cited(row).filter(|(_, c)| *c >= least);
            found.push(set(&mut sure.map(|(source, _)| source).filter(is_believed)));
        }
        let mut whole = true;
        let independent = self.ready.min_independent.flatten().map(|least| least.0);
        if let Some(least) = independent.filter(|least| *least > 1) {
            let groups = self.believed_groups(row);
            let (sets, all) = some_of(&groups, groups.len().saturating_sub(least) + 1, most);
            whole = all;
            found.extend(sets.into_iter().map(|groups| set(&mut groups.into_iter())));
        }
        // A record that cites nobody rests on nobody.
        found.retain(|sources| !sources.is_empty());
        whole &= found.len() <= most;
        found.truncate(most);
        (found, whole)
    }

    fn starts_within(&self, row: Row, (from, to): (Day, Day)) -> bool {
        let timing = self.view.timing(row);
        let day = timing.and_then(|timing| timing.counts_on(self.window));
        day.is_some_and(|day| from <= day && day <= to)
    }

    /// Whether a record with these actors counts: one of those asked for (anyone, when nobody is)
    /// has a role asked for, and somebody else is of a kind asked for.
    pub(super) fn accepts_parts<I: Iterator<Item = CountedActor>>(
        &self,
        parts: impl Fn() -> I,
        of_all: bool,
    ) -> bool {
        self.accepts_roles(parts(), of_all)
            && (!self.limits_kinds()
                || parts().any(|part| !part.is_of_focus && self.accepts_kind(part.actor)))
            && self.narrowed.with.as_ref().is_none_or(|with| {
                let is_with = |actor| with.as_deref() == Some(self.view.text(actor));
                parts().any(|part| !part.is_of_focus && is_with(part.actor))
            })
    }

    /// Whether one of those asked for (anyone, when nobody is) has a role asked for.
    pub(super) fn accepts_roles(
        &self,
        mut parts: impl Iterator<Item = CountedActor>,
        of_all: bool,
    ) -> bool {
        self.ready.roles.as_ref().is_none_or(|roles| {
            parts.any(|part| (of_all || part.is_of_focus) && roles.contains(&part.role))
        })
    }

    /// Whether an actor is of a kind that counts.
    pub(super) fn accepts_kind(&self, actor: Term) -> bool {
        self.ready.kinds.as_ref().is_none_or(|kinds| {
            let row = self.view.actor(actor);
            let kind = row.and_then(|row| ActorKind::from_number(self.view.detail(row)));
            kinds.contains(&kind.unwrap_or(ActorKind::Unknown))
        })
    }

    /// Whether a path may lead only through actors of some kinds.
    pub(super) fn limits_kinds(&self) -> bool {
        self.ready.kinds.is_some()
    }
}

/// The terms of some texts that the record has.
fn terms<T: Value>(view: &View, kind: TermKind, texts: &[T]) -> Vec<Term> {
    let texts = texts.iter();
    texts
        .filter_map(|text| view.term(kind, &text.spell()))
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of a confidence"
)]
fn thousandths(confidence: f32) -> u16 {
    (confidence.clamp(0.0, 1.0) * 1000.0).round() as u16
}

/// The unions of `take` of some lists, at most `most` of them; and whether these are all.
fn some_of(lists: &[Vec<Term>], take: usize, most: usize) -> (Vec<Vec<Term>>, bool) {
    let mut found = vec![(0, Vec::new())];
    for _ in 0..take {
        let mut longer = Vec::new();
        for (from, union) in &found {
            for (at, list) in lists.iter().enumerate().skip(*from) {
                longer.push((at + 1, [union, &list[..]].concat()));
            }
            if longer.len() > most * lists.len().max(1) {
                return (Vec::new(), false);
            }
        }
        found = longer;
    }
    let whole = found.len() <= most;
    let unions = found.into_iter().map(|(_, union)| union);
    (unions.take(most).collect(), whole)
}
