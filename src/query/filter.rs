//! Which records count: the filters, the same for every question.

use super::independence::Independence;
use super::name_note::NameNote;
use super::narrowed::Narrowed;
use super::rollup::Rollup;
use crate::graph::{Matching, Row, Term, TermKind, View};
use crate::model::{
    ActorKind, Cameo, Day, EventType, Id, Kind, Label, QuadClass, Role, Scheme, Status, Window,
};

/// Filters. Values of one filter are or-ed, filters are and-ed; an empty one lets all through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Kinds of record.
    pub records: Vec<Kind>,
    /// PLOVER types, given or derived.
    pub types: Vec<EventType>,
    /// Events of no PLOVER type, beside those of `types`.
    pub untyped: bool,
    /// Prefixes of CAMEO codes.
    pub cameo: Vec<Cameo>,
    /// Quad classes, under the scheme of the question.
    pub quad: Vec<QuadClass>,
    /// Statuses of events.
    pub statuses: Vec<Status>,
    /// Roles: of an actor asked for, or of anyone when no actor is asked for.
    pub roles: Vec<Role>,
    /// Kinds of actor: of somebody else in the record than the actors asked for. On a path, of
    /// everyone between its ends.
    pub kinds: Vec<ActorKind>,
    /// Data sets.
    pub datasets: Vec<Id>,
    /// Cited sources.
    pub sources: Vec<Id>,
    /// Topics.
    pub topics: Vec<Label>,
    /// The least confidence, from 0 to 1, that some citation must have; one that states none counts
    /// as 1, a record without citations as 0.
    pub min_confidence: Option<f32>,
    /// Sources that are not believed: no other filter sees a citation of theirs, and a record that
    /// cites nobody else does not count. One that cites nobody at all rests on none of them.
    pub excluded: Vec<Id>,
    /// The least number of independent sources, up to [`INDEPENDENT_MAX`]: sources that repeat one
    /// another are one, which counts as long as some of them is believed.
    pub min_independent: Option<usize>,
    /// The days, both included, on one of which a record must count: see
    /// [`Timing::counts_on`](crate::model::Timing::counts_on). It is what tells the bins of a histogram
    /// apart.
    pub starts: Option<(Day, Day)>,
    /// What tells the records of one number of an answer apart from the others.
    pub narrowed: Narrowed,
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
    pub(super) fn matching(&self) -> Matching {
        Matching {
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
pub(super) struct Part {
    pub(super) actor: Term,
    pub(super) role: Role,
    /// Whether it is one of those whom the question is about.
    pub(super) is_of_focus: bool,
}

/// A [`Filter`] made ready for one view: its texts are terms.
pub(super) struct Sieve<'v> {
    view: &'v View,
    filter: Filter,
    scheme: Scheme,
    window: Window,
    datasets: Vec<Term>,
    sources: Vec<Term>,
    topics: Vec<Term>,
    least: Option<u16>,
    excluded: Vec<Term>,
    cited: Independence<'v>,
    /// Whether everything passes.
    open: bool,
}

impl<'v> Sieve<'v> {
    pub(super) fn new(view: &'v View, scope: &Scope) -> Self {
        let filter = &scope.filter;
        let ids = |kind, ids: &[Id]| {
            ids.iter()
                // What no record names lets none through.
                .filter_map(|id| view.term(kind, id.as_str()))
                .collect()
        };
        let topics = filter
            .topics
            .iter()
            // The same of topics.
            .filter_map(|t| view.term(TermKind::Topic, t))
            .collect();
        Self {
            view,
            filter: filter.clone(),
            scheme: scope.scheme,
            window: scope.window,
            datasets: ids(TermKind::Dataset, &filter.datasets),
            sources: ids(TermKind::Source, &filter.sources),
            topics,
            least: filter.min_confidence.map(thousandths),
            excluded: ids(TermKind::Source, &filter.excluded),
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
        let part = |(actor, role): (Term, Role)| Part {
            actor,
            role,
            is_of_focus: focus.contains(&actor),
        };
        let parts = || self.view.actors(row).map(part);
        self.open || (self.accepts_record(row) && self.accepts_parts(parts, focus.is_empty()))
    }

    /// Whether a record counts, whoever stands in it.
    pub(super) fn accepts_record(&self, row: Row) -> bool {
        let (view, filter) = (self.view, &self.filter);
        is_one(&filter.records, || view.kind(row))
            && self.accepts_coding(row)
            && filter
                .starts
                .is_none_or(|days| self.starts_within(row, days))
            && filter.narrowed.holds(view, row, (self.scheme, self.window))
            && (filter.datasets.is_empty()
                || view
                    .dataset(row)
                    .is_some_and(|d| self.datasets.contains(&d)))
            && (filter.topics.is_empty()
                || view.topics(row).iter().any(|t| self.topics.contains(t)))
            && self.accepts_citations(row)
    }

    fn accepts_citations(&self, row: Row) -> bool {
        let filter = &self.filter;
        let believed = || {
            let all = self.view.cited(row);
            all.filter(|(source, _)| !self.excluded.contains(source))
        };
        (self.excluded.is_empty()
            || believed().next().is_some()
            || self.view.cited(row).next().is_none())
            && (filter.sources.is_empty()
                || believed().any(|(source, _)| self.sources.contains(&source)))
            && self
                .least
                .is_none_or(|least| least == 0 || believed().any(|(_, c)| c >= least))
            && filter
                .min_independent
                .is_none_or(|least| self.is_independent(row, least))
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
            let believed = sources.filter(|source| !self.excluded.contains(source));
            believed.copied().collect::<Vec<Term>>()
        });
        believed.filter(|group| !group.is_empty()).collect()
    }

    /// The sources that a record cites, but for those that are not believed.
    pub(super) fn believed(&self, row: Row) -> impl Iterator<Item = Term> {
        let cited = self.view.cited(row).map(|(source, _)| source);
        cited.filter(|source| !self.excluded.contains(source))
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
        let is_believed = |source: &Term| !self.excluded.contains(source);
        let mut found = vec![set(&mut self.believed(row))];
        if !self.filter.sources.is_empty() {
            let mut asked = self.believed(row).filter(|s| self.sources.contains(s));
            found.push(set(&mut asked));
        }
        if let Some(least) = self.least.filter(|least| *least > 0) {
            let sure = self.view.cited(row).filter(|(_, c)| *c >= least);
            found.push(set(&mut sure.map(|(source, _)| source).filter(is_believed)));
        }
        let mut whole = true;
        if let Some(least) = self.filter.min_independent.filter(|least| *least > 1) {
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

    fn accepts_coding(&self, row: Row) -> bool {
        let filter = &self.filter;
        if filter.types.is_empty()
            && !filter.untyped
            && filter.cameo.is_empty()
            && filter.quad.is_empty()
            && filter.statuses.is_empty()
        {
            return true;
        }
        // Only events have a coding and a status.
        let Some(coding) = self.view.coding(row) else {
            return false;
        };
        let typed = || {
            coding
                .event_type()
                .map_or(filter.untyped, |t| filter.types.contains(&t))
        };
        let coded = || {
            coding
                .cameo()
                .is_some_and(|c| filter.cameo.iter().any(|prefix| c.starts_with(*prefix)))
        };
        (filter.types.is_empty() && !filter.untyped || typed())
            && (filter.cameo.is_empty() || coded())
            && is_one(&filter.quad, || coding.quad_class(self.scheme))
            && is_one(&filter.statuses, || self.view.status(row))
    }

    /// Whether a record with these actors counts: one of those asked for (anyone, when nobody is)
    /// has a role asked for, and somebody else is of a kind asked for.
    pub(super) fn accepts_parts<I: Iterator<Item = Part>>(
        &self,
        parts: impl Fn() -> I,
        of_all: bool,
    ) -> bool {
        self.accepts_roles(parts(), of_all)
            && (self.filter.kinds.is_empty()
                || parts().any(|part| !part.is_of_focus && self.accepts_kind(part.actor)))
            && self.filter.narrowed.with.as_deref().is_none_or(|with| {
                parts().any(|part| !part.is_of_focus && self.view.text(part.actor) == with)
            })
    }

    /// Whether one of those asked for (anyone, when nobody is) has a role asked for.
    pub(super) fn accepts_roles(
        &self,
        mut parts: impl Iterator<Item = Part>,
        of_all: bool,
    ) -> bool {
        let roles = &self.filter.roles;
        roles.is_empty()
            || parts.any(|part| (of_all || part.is_of_focus) && roles.contains(&part.role))
    }

    /// Whether an actor is of a kind that counts.
    pub(super) fn accepts_kind(&self, actor: Term) -> bool {
        is_one(&self.filter.kinds, || {
            let row = self.view.actor(actor);
            // What is no record of this view has no kind.
            row.and_then(|row| ActorKind::from_number(self.view.detail(row)))
                .unwrap_or(ActorKind::Unknown)
        })
    }

    /// Whether a path may lead only through actors of some kinds.
    pub(super) fn limits_kinds(&self) -> bool {
        !self.filter.kinds.is_empty()
    }
}

fn is_one<T: PartialEq>(wanted: &[T], of: impl FnOnce() -> T) -> bool {
    wanted.is_empty() || wanted.contains(&of())
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
