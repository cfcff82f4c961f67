//! The answers, by loops over plain records.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chancery::model::{
    ActorKind, Citation, Coding, Confidence, Id, Kind, QuadClass, Record, RelationKind, Role,
    StanceTarget, Status, Window,
};
use chancery::query::{
    ActorMatch, Bin, CodingFilter, Filter, HALF_LIFE_DEFAULT, Occurrence, Order, Page, Rollup,
    Scope, Split,
};
use chrono::{Datelike as _, Days as Count, NaiveDate};

use super::names::{Holds, fold, on_some_day};
use super::store::{Days, Entry, find};
use super::time::{LAST_DAY, When};
use super::world::{Chosen, ParseId as _, Ways3};

/// Steps from an actor up to the state that it stands for.
const STEPS_MAX: usize = 6;

/// A record in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    /// The commit of this version.
    pub(crate) commit: u64,
    pub(crate) independent_sources: Option<u64>,
    pub(crate) dated: Dated,
    /// Who stands for whom of those asked for.
    pub(crate) via: BTreeSet<(String, String, bool)>,
}

/// The days beside the date of a record: `earliest`, `latest`, `sorts_on`, and whether it has an end that
/// nobody knows.
pub(crate) type Dated = ([Option<String>; 3], bool);

/// A page of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Items {
    pub(crate) shown: Vec<Item>,
    pub(crate) total: usize,
    pub(crate) next: Option<usize>,
    pub(crate) undated: usize,
    pub(crate) not_occurred: Option<usize>,
}

/// Events of the four quad classes, and what is no event.
pub(crate) type Quads = [usize; 5];

/// A bin of a histogram.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) count: usize,
    pub(crate) wider: usize,
    pub(crate) ongoing: usize,
    pub(crate) quads: Quads,
    pub(crate) by: Option<BTreeMap<String, usize>>,
}

/// Records in bins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Binned {
    pub(crate) bins: Vec<Counted>,
    pub(crate) began_before: usize,
    pub(crate) total: usize,
    pub(crate) undated: usize,
    pub(crate) not_occurred: Option<usize>,
}

/// The first and the last known day of some records, and whether one goes on.
pub(crate) type Span = (Option<String>, Option<String>, bool);

/// A dyad in one direction.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct OneWay {
    pub(crate) records: usize,
    pub(crate) quads: Quads,
    pub(crate) types: BTreeMap<String, usize>,
    pub(crate) kinds: BTreeMap<String, usize>,
    pub(crate) mean: Option<f64>,
}

/// A dyad: from the first to the second, back, and with one another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dyad {
    pub(crate) records: usize,
    pub(crate) span: Span,
    pub(crate) ways: [OneWay; 3],
    pub(crate) undated: usize,
    pub(crate) not_occurred: Option<usize>,
}

/// A relationship: the other, the records, and those of each way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Relationship {
    pub(crate) other: String,
    pub(crate) records: usize,
    pub(crate) ways: [usize; 3],
    pub(crate) quads: Quads,
    pub(crate) span: Span,
}

/// The record at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Glance {
    pub(crate) counts: BTreeMap<String, usize>,
    pub(crate) datasets: BTreeMap<String, usize>,
    pub(crate) span: (Option<String>, Option<String>),
    pub(crate) quads: Quads,
    /// Actors, dyads, components, and the size of the largest.
    pub(crate) network: [usize; 4],
    pub(crate) undated: usize,
    pub(crate) not_occurred: Option<usize>,
}

/// The actors of a record with their roles.
pub(crate) fn standing(record: &Record) -> Vec<(Id, Role)> {
    let mut found = Vec::new();
    match record {
        Record::Source(_) | Record::Actor(_) | Record::Judgement(_) => {}
        Record::Relation(r) => {
            found.push((r.subject.clone(), Role::Subject));
            found.push((r.object.clone(), Role::Object));
        }
        Record::Event(r) => {
            found.extend(r.participants.iter().map(|p| (p.actor.clone(), p.role)));
        }
        Record::Statement(r) => {
            found.extend(r.speakers.iter().map(|a| (a.clone(), Role::Speaker)));
            found.extend(r.on_behalf_of.iter().map(|a| (a.clone(), Role::OnBehalfOf)));
            found.extend(r.audience.iter().map(|a| (a.clone(), Role::Audience)));
            found.extend(r.relayed_by.iter().map(|a| (a.clone(), Role::RelayedBy)));
            for stance in &r.stances {
                if let StanceTarget::Actor(actor) = &stance.toward {
                    found.push((actor.clone(), Role::StanceTarget));
                }
            }
        }
    }
    found
}

/// The least and the greatest day that is known of a record.
pub(crate) fn days(record: &Record) -> Option<Days> {
    When::from_record(record).map(|when| when.known())
}

pub(crate) fn coding(record: &Record) -> Option<Coding> {
    match record {
        Record::Event(event) => Some(event.coding),
        _ => None,
    }
}

/// An actor of a record as it counts.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Who stands in the record.
    pub(crate) stands: Id,
    pub(crate) role: Role,
    /// For whom that counts.
    pub(crate) counts: Id,
    /// All on the ways from the one to the other.
    ways: Vec<Vec<Stop>>,
}

/// An actor on a way up, and whether a step to it is assumed.
pub(crate) type Stop = (Id, bool);

impl Part {
    /// Whether it is one of those asked for who stands there, or whom somebody stands for.
    fn is_of(&self, focus: &[Id]) -> bool {
        self.ways
            .iter()
            .flatten()
            .any(|(actor, _)| focus.contains(actor))
    }
}

/// The records of one commit, and one question's scope.
pub(crate) struct Reference<'a> {
    pub(crate) entries: &'a [Entry],
    /// In the order of time.
    pub(crate) ordered: Vec<&'a Entry>,
    pub(crate) scope: &'a Scope,
}

impl<'a> Reference<'a> {
    pub(crate) fn new(entries: &'a [Entry], scope: &'a Scope) -> Self {
        let mut ordered: Vec<&Entry> = entries
            .iter()
            .filter(|entry| entry.record.kind().is_of_world())
            .collect();
        ordered.sort_by_key(|entry| {
            let key = When::from_record(&entry.record).map(|when| when.sort_key());
            (key.is_none(), key, entry.nth)
        });
        Self {
            entries,
            ordered,
            scope,
        }
    }

    pub(crate) fn filter(&self) -> &Filter {
        &self.scope.filter
    }

    pub(crate) fn window(&self) -> Days {
        let window = self.scope.window;
        (window.lo().number(), window.hi().number())
    }

    /// Whether the window leaves records without a date out.
    pub(crate) fn leaves_undated(&self) -> bool {
        self.scope.window != Window::ALL || self.scope.certain
    }

    pub(crate) fn in_window(&self, record: &Record) -> bool {
        let window = self.scope.window;
        match When::from_record(record) {
            None => !self.leaves_undated(),
            Some(when) if self.scope.certain => when.is_inside(window),
            Some(when) => when.is_found(window),
        }
    }

    /// Whether events that did not occur are left out.
    fn is_actual(&self) -> bool {
        self.scope.occurrence == Occurrence::Actual && self.filter().statuses.is_empty()
    }

    /// How many events of a selection are left out because they did not occur; `None` when such count.
    pub(crate) fn not_occurred(&self, chosen: &Chosen) -> Option<usize> {
        let any = Scope {
            occurrence: Occurrence::Any,
            ..self.scope.clone()
        };
        let all = Reference::new(self.entries, &any).selected(chosen);
        let others = all.iter().filter(|entry| !has_occurred(&entry.record));
        self.is_actual().then(|| others.count())
    }

    pub(crate) fn kind_of(&self, actor: &Id) -> ActorKind {
        match find(self.entries, &(Kind::Actor, actor.clone())).map(|entry| &entry.record) {
            Some(Record::Actor(actor)) => actor.kind,
            _ => ActorKind::Unknown,
        }
    }

    // Roll-up.

    /// All ways up from an actor on some of the days: to a state, or as far as they lead; and whether a
    /// step is assumed.
    pub(crate) fn ways_up(&self, actor: &Id, days: Days) -> Vec<Vec<Stop>> {
        let mut found = Vec::new();
        self.climb(&mut vec![(actor.clone(), false)], days, &mut found);
        found
    }

    fn climb(&self, way: &mut Vec<Stop>, days: Days, found: &mut Vec<Vec<Stop>>) {
        let (at, assumed) = way.last().unwrap().clone();
        let mut higher = false;
        let at_top = self.kind_of(&at) == ActorKind::State || way.len() > STEPS_MAX;
        for entry in self.ordered.iter().filter(|_| !at_top) {
            let Record::Relation(tie) = &entry.record else {
                continue;
            };
            let counts = matches!(
                tie.kind,
                RelationKind::HoldsOffice | RelationKind::Represents | RelationKind::PartOf
            );
            if !counts || tie.subject != at || way.iter().any(|(actor, _)| *actor == tie.object) {
                continue;
            }
            if let Some((holds, on)) = on_some_day(self.entries, tie, days) {
                higher = true;
                way.push((tie.object.clone(), assumed || holds == Holds::Assumed));
                self.climb(way, on, found);
                way.pop();
            }
        }
        if !higher {
            found.push(way.clone());
        }
    }

    /// The actors of a record as they count.
    pub(crate) fn parts(&self, record: &Record) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for (stands, role) in standing(record) {
            let ways = match (self.scope.rollup, days(record)) {
                (Rollup::State, Some(days)) => self.ways_up(&stands, days),
                _ => vec![vec![(stands.clone(), false)]],
            };
            let mut tops: Vec<(Id, Vec<Vec<Stop>>)> = Vec::new();
            for way in ways {
                let top = way.last().unwrap().0.clone();
                match tops.iter_mut().find(|(known, _)| *known == top) {
                    Some((_, ways)) => ways.push(way),
                    None => tops.push((top, vec![way])),
                }
            }
            parts.extend(tops.into_iter().map(|(counts, ways)| Part {
                stands: stands.clone(),
                role,
                counts,
                ways,
            }));
        }
        parts
    }

    /// For whom of those asked for somebody else stands in a record, and whether that is assumed.
    pub(crate) fn via(&self, record: &Record, focus: &[Id]) -> BTreeSet<(String, String, bool)> {
        let mut found: BTreeMap<(String, String), bool> = BTreeMap::new();
        for part in self.parts(record) {
            for (higher, assumed) in part.ways.iter().flat_map(|way| way.iter().skip(1)) {
                if focus.contains(higher) {
                    let pair = (part.stands.to_string(), higher.to_string());
                    let known = found.entry(pair).or_insert(true);
                    *known &= *assumed;
                }
            }
        }
        found
            .into_iter()
            .map(|((a, b), assumed)| (a, b, assumed))
            .collect()
    }

    // Filters.

    pub(crate) fn passes(&self, record: &Record) -> bool {
        let filter = self.filter();
        let coding = coding(record);
        let status = match record {
            Record::Event(event) => Some(event.status),
            _ => None,
        };
        let topics: Vec<String> = match record {
            Record::Event(event) => event.topics.iter().map(ToString::to_string).collect(),
            Record::Statement(s) => s.topics.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        let cited = record.sources();
        let is_believed = |c: &&Citation| !filter.excluded.contains(&c.source);
        let believed: Vec<&Citation> = cited.iter().filter(is_believed).collect();
        let confidence = believed
            .iter()
            .map(|c| c.confidence.map_or(1.0, Confidence::get))
            .fold(0.0, f32::max);
        let any = |empty: bool, one: bool| empty || one;
        any(!self.is_actual(), has_occurred(record))
            && any(
                filter.records.is_empty(),
                filter.records.contains(&record.kind()),
            )
            && any(
                filter.types.is_empty(),
                coding
                    .and_then(Coding::event_type)
                    .is_some_and(|t| filter.types.contains(&CodingFilter::As(t))),
            )
            && any(
                filter.cameo.is_empty(),
                coding.and_then(Coding::cameo).is_some_and(|code| {
                    let prefixes = filter.cameo.iter();
                    prefixes
                        .map(chancery::model::Cameo::as_str)
                        .any(|prefix| code.as_str().starts_with(prefix))
                }),
            )
            && any(
                filter.quad.is_empty(),
                coding.is_some_and(|c| filter.quad.contains(&c.quad_class(self.scope.scheme))),
            )
            && any(
                filter.statuses.is_empty(),
                status.is_some_and(|s| filter.statuses.contains(&s)),
            )
            && any(
                filter.datasets.is_empty(),
                filter.datasets.contains(record.dataset()),
            )
            && !filter.excluded_datasets.contains(record.dataset())
            && any(
                filter.sources.is_empty(),
                believed.iter().any(|c| filter.sources.contains(&c.source)),
            )
            && any(
                filter.topics.is_empty(),
                filter
                    .topics
                    .iter()
                    .any(|t| topics.contains(&t.to_string())),
            )
            && any(
                cited.is_empty() || filter.excluded.is_empty(),
                !believed.is_empty(),
            )
            && filter
                .min_confidence
                .is_none_or(|least| confidence >= least)
            && filter.min_independent.is_none_or(|least| {
                let groups = self.source_groups(record);
                let names_one = |group: &&BTreeSet<String>| {
                    let mut ids = believed.iter().map(|c| format!("id {}", c.source));
                    ids.any(|id| group.contains(&id))
                };
                groups.iter().filter(names_one).count() >= least.0
            })
    }

    fn has_role(&self, parts: &[Part], asked: impl Fn(&Part) -> bool) -> bool {
        let roles = &self.filter().roles;
        roles.is_empty() || parts.iter().any(|p| roles.contains(&p.role) && asked(p))
    }

    /// Whether a record counts for a question about some actors, or about nobody in particular.
    pub(crate) fn accepts(&self, record: &Record, focus: &[Id]) -> bool {
        let parts = self.parts(record);
        let kinds = &self.filter().kinds;
        self.passes(record)
            && self.has_role(&parts, |part| focus.is_empty() || part.is_of(focus))
            && (kinds.is_empty()
                || parts
                    .iter()
                    .any(|p| !p.is_of(focus) && kinds.contains(&self.kind_of(&p.counts))))
    }

    // Links.

    /// How a record links two actors as they count; nothing when it does not.
    fn linked(&self, record: &Record, a: &Id, b: &Id) -> Option<Ways3> {
        let mut ways = [false; 3];
        let parts = self.parts(record);
        for (i, one) in parts.iter().enumerate() {
            for (j, other) in parts.iter().enumerate() {
                if i == j || a == b || one.counts != *a || other.counts != *b {
                    continue;
                }
                match link(record.kind(), one.role, other.role) {
                    Some(Link::To) => ways[0] = true,
                    Some(Link::From) => ways[1] = true,
                    Some(Link::With) => ways[2] = true,
                    None => {}
                }
            }
        }
        let ends = [a.clone(), b.clone()];
        let asked = |part: &Part| part.is_of(&ends);
        let counts = ways.contains(&true) && self.passes(record) && self.has_role(&parts, asked);
        counts.then_some(ways)
    }

    /// The records that link two actors, in order.
    pub(crate) fn between(&self, a: &Id, b: &Id) -> Vec<(&'a Entry, Ways3)> {
        let matched = self.ordered.iter().filter(|e| self.in_window(&e.record));
        matched
            .filter_map(|entry| Some((*entry, self.linked(&entry.record, a, b)?)))
            .collect()
    }

    /// Everybody of a kind asked for who counts in a record of the window.
    pub(crate) fn standing(&self) -> BTreeSet<Id> {
        let kinds = &self.filter().kinds;
        let matched = self.ordered.iter().filter(|e| self.in_window(&e.record));
        matched
            .filter(|entry| self.passes(&entry.record))
            .map(|entry| self.parts(&entry.record))
            .filter(|parts| self.has_role(parts, |_| true))
            .flatten()
            .map(|part| part.counts)
            .filter(|actor| kinds.is_empty() || kinds.contains(&self.kind_of(actor)))
            .collect()
    }

    /// The ways in which each record of the window that links two actors does.
    pub(crate) fn linking(&self, a: &Id, b: &Id) -> Vec<Ways3> {
        let between = self.between(a, b).into_iter();
        between.map(|(_, ways)| ways).collect()
    }

    /// Whether a record has a date, and whether it passes, as far as its date lets it.
    pub(crate) fn finds(&self, record: &Record) -> (bool, bool) {
        let dated = days(record).is_some();
        let in_window = !dated || self.in_window(record);
        if let Record::Source(source) = record {
            let others = Filter {
                datasets: Vec::new(),
                excluded_datasets: Vec::new(),
                excluded: Vec::new(),
                ..self.filter().clone()
            };
            let (datasets, excluded) = (&self.filter().datasets, &self.filter().excluded_datasets);
            let of_dataset = datasets.is_empty() || datasets.contains(&source.dataset);
            let of_dataset = of_dataset && !excluded.contains(&source.dataset);
            return (dated, of_dataset && others == Filter::default());
        }
        (dated, in_window && self.accepts(record, &[]))
    }

    // Selections.

    pub(crate) fn selects(&self, chosen: &Chosen, record: &Record) -> bool {
        match chosen {
            Chosen::Everything => self.accepts(record, &[]),
            Chosen::Actors(ids, how) => {
                let ids: Vec<Id> = ids.iter().map(|id| id.parse_id()).collect();
                let parts = self.parts(record);
                let stands = |id: &Id| parts.iter().any(|p| p.is_of(std::slice::from_ref(id)));
                let stand = match how {
                    ActorMatch::Any => ids.iter().any(stands),
                    ActorMatch::All => ids.iter().all(stands),
                };
                stand && self.accepts(record, &ids)
            }
            Chosen::Dyad(a, b, asked) => {
                let (a, b) = (a.parse_id(), b.parse_id());
                let linked = self.linked(record, &a, &b);
                linked.is_some_and(|ways| (0..3).any(|way| asked[way] && ways[way]))
                    && self.accepts(record, &[a, b])
            }
        }
    }

    pub(crate) fn selected(&self, chosen: &Chosen) -> Vec<&'a Entry> {
        let matched = self.ordered.iter().filter(|e| self.in_window(&e.record));
        matched
            .filter(|e| self.selects(chosen, &e.record))
            .copied()
            .collect()
    }

    /// The records that the window left out since they have no date.
    pub(crate) fn undated(&self, selects: impl Fn(&Record) -> bool) -> usize {
        let undated = self.ordered.iter().filter(|e| days(&e.record).is_none());
        let left_out = undated.filter(|e| self.leaves_undated() && selects(&e.record));
        left_out.count()
    }

    fn item(&self, entry: &Entry, focus: &[Id]) -> Item {
        let record = &entry.record;
        let evidence = !matches!(record, Record::Source(_) | Record::Actor(_));
        let when = When::from_record(record);
        let days = [
            when.as_ref().and_then(When::earliest),
            when.as_ref().and_then(When::latest),
            when.as_ref().map(When::sorts_on),
        ];
        Item {
            dated: (
                days.map(|day| day.map(|day| show(calendar(day)))),
                when.is_some_and(|when| when.end_unknown()),
            ),
            kind: record.kind(),
            id: record.id().to_string(),
            commit: entry.commit,
            independent_sources: evidence.then(|| self.source_groups(record).len() as u64),
            via: self.via(record, focus),
        }
    }

    /// The groups of cited sources that share an agency or an original, or of which one is published
    /// by the other's agency.
    fn source_groups(&self, record: &Record) -> Vec<BTreeSet<String>> {
        let mut groups: Vec<BTreeSet<String>> = Vec::new();
        for citation in record.sources() {
            let mut group = BTreeSet::new();
            let mut next = Some(citation.source.clone());
            while let Some(id) = next
                .take()
                .filter(|id| !group.contains(&format!("id {id}")))
            {
                group.insert(format!("id {id}"));
                let source = find(self.entries, &(Kind::Source, id)).map(|e| &e.record);
                if let Some(Record::Source(source)) = source {
                    let agency = source.agency.as_ref();
                    group.extend(agency.map(|agency| format!("agency {}", fold(agency))));
                    let publisher = source.publisher.as_ref();
                    group.extend(publisher.map(|name| format!("publisher {}", fold(name))));
                    next.clone_from(&source.original);
                }
            }
            let (alike, others): (Vec<_>, Vec<_>) =
                groups.into_iter().partition(|known| repeat(known, &group));
            groups = others;
            groups.push(alike.into_iter().flatten().chain(group).collect());
        }
        groups
    }

    // Questions.

    pub(crate) fn timeline(&self, chosen: &Chosen, order: Order, page: Page) -> Items {
        let mut entries = self.selected(chosen);
        if order == Order::Descending {
            entries.reverse();
        }
        let focus = focus(chosen);
        let items = self.page(
            &entries,
            page,
            &focus,
            self.undated(|r| self.selects(chosen, r)),
        );
        Items {
            not_occurred: self.not_occurred(chosen),
            ..items
        }
    }

    fn page(&self, entries: &[&Entry], page: Page, focus: &[Id], undated: usize) -> Items {
        let shown = entries.iter().skip(page.offset).take(page.limit);
        let end = page.offset + page.limit;
        Items {
            shown: shown.map(|entry| self.item(entry, focus)).collect(),
            total: entries.len(),
            next: (end < entries.len()).then_some(end),
            undated,
            not_occurred: None,
        }
    }

    pub(crate) fn list(&self, kind: Kind, name: Option<&str>, page: Page) -> Items {
        if matches!(kind, Kind::Relation | Kind::Event | Kind::Statement) {
            let plain = Scope {
                rollup: Rollup::None,
                ..self.scope.clone()
            };
            let plain = Reference::new(self.entries, &plain);
            let of_kind = plain.ordered.iter().filter(|e| e.record.kind() == kind);
            let entries: Vec<&Entry> = of_kind
                .filter(|e| plain.in_window(&e.record) && plain.accepts(&e.record, &[]))
                .copied()
                .collect();
            let undated = plain.undated(|r| r.kind() == kind && plain.accepts(r, &[]));
            return plain.page(&entries, page, &[], undated);
        }
        let filter = self.filter();
        let called = |name: &str, wanted: &str| fold(name).contains(&fold(wanted));
        let mut entries: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|e| e.record.kind() == kind && !e.is_merged)
            .filter(|e| filter.datasets.is_empty() || filter.datasets.contains(e.record.dataset()))
            .filter(|e| match &e.record {
                Record::Actor(actor) => {
                    (filter.kinds.is_empty() || filter.kinds.contains(&actor.kind))
                        && name.is_none_or(|wanted| {
                            // By its own names, and by those of who is merged into it.
                            let bears = |other: &Entry| match &other.record {
                                Record::Actor(one) if one.id == actor.id => {
                                    let aliases = one.aliases.iter().map(|alias| &alias.text);
                                    aliases.chain([&one.name]).any(|n| called(n, wanted))
                                }
                                _ => false,
                            };
                            self.entries.iter().any(bears)
                        })
                }
                Record::Source(source) => name.is_none_or(|wanted| {
                    source
                        .title
                        .as_ref()
                        .is_some_and(|title| called(title, wanted))
                }),
                Record::Judgement(_) => name.is_none(),
                _ => false,
            })
            .collect();
        entries.sort_by_key(|entry| entry.record.id());
        if self.leaves_undated() {
            return self.page(&[], page, &[], entries.len());
        }
        self.page(&entries, page, &[], 0)
    }

    pub(crate) fn histogram(&self, chosen: &Chosen, bin: Bin, split: Option<Split>) -> Binned {
        let focus = focus(chosen);
        let mut bins: BTreeMap<NaiveDate, Counted> = BTreeMap::new();
        let mut all = Binned {
            undated: self.undated(|r| self.selects(chosen, r)),
            not_occurred: self.not_occurred(chosen),
            ..Binned::default()
        };
        let selected = self.selected(chosen);
        for entry in &selected {
            let record = &entry.record;
            let Some(when) = When::from_record(record) else {
                all.undated += 1;
                continue;
            };
            all.total += 1;
            let Some(day) = when.counts_on(self.scope.window) else {
                all.began_before += 1;
                continue;
            };
            let (from, to) = around(bin, calendar(day));
            let counted = bins.entry(from).or_default();
            counted.from = show(from);
            counted.to = show(to);
            counted.count += 1;
            counted.wider += usize::from(when.is_wider((from.to_epoch_days(), to.to_epoch_days())));
            self.count_quad(&mut counted.quads, record);
            if let Some(split) = split {
                let by = counted.by.get_or_insert_default();
                for key in self.keys(record, split, &focus) {
                    *by.entry(key).or_default() += 1;
                }
            }
        }
        for (from, counted) in &mut bins {
            let day = from.to_epoch_days().max(self.window().0);
            counted.ongoing = ongoing(selected.iter().map(|entry| &entry.record), day);
        }
        all.bins = bins.into_values().collect();
        all
    }

    fn keys(&self, record: &Record, split: Split, focus: &[Id]) -> BTreeSet<String> {
        let one = |key: String| BTreeSet::from([key]);
        match split {
            Split::Type => coding(record).map_or_else(BTreeSet::new, |c| one(type_name(c))),
            Split::Dataset => one(record.dataset().to_string()),
            Split::Record => one(record.kind().to_string()),
            Split::Counterpart => {
                let parts = self.parts(record);
                let others = parts.iter().filter(|part| !part.is_of(focus));
                others.map(|part| part.counts.to_string()).collect()
            }
        }
    }

    pub(crate) fn count_quad(&self, quads: &mut Quads, record: &Record) {
        let slot = match coding(record).map(|c| c.quad_class(self.scope.scheme)) {
            Some(QuadClass::VerbalCooperation) => 0,
            Some(QuadClass::MaterialCooperation) => 1,
            Some(QuadClass::VerbalConflict) => 2,
            Some(QuadClass::MaterialConflict) => 3,
            None => 4,
        };
        quads[slot] += 1;
    }

    pub(crate) fn dyad(&self, a: &str, b: &str) -> Dyad {
        let ids = [a.parse_id(), b.parse_id()];
        let mut rows = self.between(&ids[0], &ids[1]);
        rows.retain(|(entry, _)| self.accepts(&entry.record, &ids));
        let way = |way: usize| {
            let of_way = rows.iter().filter(|(_, ways)| ways[way]);
            self.one_way(of_way.map(|(entry, _)| &entry.record))
        };
        let chosen = Chosen::Dyad(a.to_owned(), b.to_owned(), [true; 3]);
        Dyad {
            records: rows.len(),
            span: span(rows.iter().map(|(entry, _)| &entry.record)),
            ways: [way(0), way(1), way(2)],
            undated: self.undated(|r| self.selects(&chosen, r)),
            not_occurred: self.not_occurred(&chosen),
        }
    }

    /// How strong the contact of a dyad is, and on which day.
    pub(crate) fn intensity(&self, a: &str, b: &str) -> Option<(f64, String)> {
        let ids = [a.parse_id(), b.parse_id()];
        let mut rows = self.between(&ids[0], &ids[1]);
        rows.retain(|(entry, _)| self.accepts(&entry.record, &ids));
        let days: Vec<i32> = rows
            .iter()
            .filter_map(|(entry, _)| {
                let when = When::from_record(&entry.record)?;
                let day = when.counts_on(self.scope.window)?;
                (!when.is_wider((day, day))).then_some(day)
            })
            .collect();
        let last = days.iter().max().copied()?;
        let hi = self.window().1;
        let at = if hi == LAST_DAY { last } else { hi };
        let half_life = f64::from(u32::try_from(HALF_LIFE_DEFAULT).unwrap());
        let fading = days
            .iter()
            .map(|day| 2_f64.powf(-f64::from(at - day) / half_life));
        Some((fading.sum(), show(calendar(at))))
    }

    pub(crate) fn one_way<'r>(&self, records: impl Iterator<Item = &'r Record>) -> OneWay {
        let mut counted = OneWay::default();
        let mut scores = Vec::new();
        for record in records {
            counted.records += 1;
            self.count_quad(&mut counted.quads, record);
            *counted.kinds.entry(record.kind().to_string()).or_default() += 1;
            if let Some(coding) = coding(record) {
                *counted.types.entry(type_name(coding)).or_default() += 1;
                // As it is printed: scores are decimals, to be added up as such.
                let score = coding.goldstein(self.scope.scheme).value.to_string();
                scores.push(score.parse::<f64>().unwrap());
            }
        }
        let events = u32::try_from(scores.len()).unwrap();
        let mean = || scores.iter().sum::<f64>() / f64::from(events);
        counted.mean = (events > 0).then(|| (mean() * 1e6).round() / 1e6);
        counted
    }

    pub(crate) fn everyone(&self) -> BTreeSet<Id> {
        let all = self
            .ordered
            .iter()
            .flat_map(|entry| self.parts(&entry.record));
        all.map(|part| part.counts).collect()
    }

    pub(crate) fn relationships(
        &self,
        actor: &str,
        page: Page,
    ) -> (Vec<Relationship>, usize, Option<usize>) {
        let actor = actor.parse_id();
        let kinds = &self.filter().kinds;
        let mut all: Vec<Relationship> = Vec::new();
        for other in self.everyone() {
            let rows = self.between(&actor, &other);
            let counts = kinds.is_empty() || kinds.contains(&self.kind_of(&other));
            if rows.is_empty() || !counts {
                continue;
            }
            let mut quads = Quads::default();
            for (entry, _) in &rows {
                self.count_quad(&mut quads, &entry.record);
            }
            let way = |way: usize| rows.iter().filter(|(_, ways)| ways[way]).count();
            all.push(Relationship {
                other: other.to_string(),
                records: rows.len(),
                ways: [way(0), way(1), way(2)],
                quads,
                span: span(rows.iter().map(|(entry, _)| &entry.record)),
            });
        }
        all.sort_by_key(|r| (Reverse(r.records), r.other.clone()));
        let (total, end) = (all.len(), page.offset + page.limit);
        let shown = all.into_iter().skip(page.offset).take(page.limit);
        (shown.collect(), total, (end < total).then_some(end))
    }

    pub(crate) fn summary(&self) -> Glance {
        let plain = Scope {
            rollup: Rollup::None,
            ..self.scope.clone()
        };
        // Whatever is counted, only what occurred links anybody.
        let actual = Scope {
            occurrence: Occurrence::Actual,
            ..plain.clone()
        };
        let plain = Reference::new(self.entries, &plain);
        let actual = Reference::new(self.entries, &actual);
        let selected = plain.selected(&Chosen::Everything);
        let named = self
            .entries
            .iter()
            .filter(|e| matches!(e.record, Record::Source(_) | Record::Actor(_)))
            .filter(|e| !e.is_merged);
        let mut counts: BTreeMap<String, usize> = Kind::ALL
            .iter()
            .filter(|k| **k != Kind::Judgement)
            .map(|k| (k.plural().to_owned(), 0))
            .collect();
        let mut datasets = BTreeMap::new();
        for entry in named.chain(selected.iter().copied()) {
            *counts.get_mut(entry.record.kind().plural()).unwrap() += 1;
            *datasets
                .entry(entry.record.dataset().to_string())
                .or_default() += 1;
        }
        let happened = || {
            let records = selected.iter().map(|entry| &entry.record);
            records.filter(|record| record.kind() != Kind::Relation)
        };
        let mut quads = Quads::default();
        happened().for_each(|record| self.count_quad(&mut quads, record));
        let (first, last, _) = span(happened());
        Glance {
            counts,
            datasets,
            span: (first, last),
            quads,
            network: network(&actual.selected(&Chosen::Everything)),
            undated: plain.undated(|r| plain.selects(&Chosen::Everything, r)),
            not_occurred: plain.not_occurred(&Chosen::Everything),
        }
    }
}

/// Whether what a record tells came about: of all but events it did.
fn has_occurred(record: &Record) -> bool {
    !matches!(record, Record::Event(event) if event.status != Status::Occurred)
}

/// The actors of some records, their pairs, and the groups that those form.
fn network(selected: &[&Entry]) -> [usize; 4] {
    let actors: BTreeSet<Id> = selected
        .iter()
        .flat_map(|entry| standing(&entry.record))
        .map(|(actor, _)| actor)
        .collect();
    let mut dyads = BTreeSet::new();
    let mut groups: Vec<BTreeSet<Id>> = actors
        .iter()
        .map(|actor| BTreeSet::from([actor.clone()]))
        .collect();
    for entry in selected {
        let parts = standing(&entry.record);
        for (a, first) in &parts {
            for (b, second) in &parts {
                if a < b && link(entry.record.kind(), *first, *second).is_some() {
                    dyads.insert((a.clone(), b.clone()));
                    let (joined, others): (Vec<_>, Vec<_>) = groups
                        .into_iter()
                        .partition(|group| group.contains(a) || group.contains(b));
                    groups = others;
                    groups.push(joined.into_iter().flatten().collect());
                }
            }
        }
    }
    let largest = groups.iter().map(BTreeSet::len).max().unwrap_or_default();
    [actors.len(), dyads.len(), groups.len(), largest]
}

fn focus(chosen: &Chosen) -> Vec<Id> {
    match chosen {
        Chosen::Everything => Vec::new(),
        Chosen::Actors(ids, _) => ids.iter().map(|id| id.parse_id()).collect(),
        Chosen::Dyad(a, b, _) => vec![a.parse_id(), b.parse_id()],
    }
}

/// A link, seen from the first of two.
enum Link {
    To,
    From,
    With,
}

/// How the role of one actor and that of another link the two.
fn link(kind: Kind, one: Role, other: Role) -> Option<Link> {
    use Role::{Audience, Host, Mediator, Object, Source, Speaker, StanceTarget, Subject, Target};
    match (kind, one, other) {
        (Kind::Event, Source, Target)
        | (Kind::Statement, Speaker, Audience | StanceTarget)
        | (Kind::Relation, Subject, Object) => Some(Link::To),
        (Kind::Event, Target, Source)
        | (Kind::Statement, Audience | StanceTarget, Speaker)
        | (Kind::Relation, Object, Subject) => Some(Link::From),
        (Kind::Event, Host | Mediator, _) | (Kind::Event, _, Host | Mediator) => Some(Link::With),
        (Kind::Event, one, other) if one == other => Some(Link::With),
        _ => None,
    }
}

/// The least and the greatest known day of some records, and whether one goes on.
pub(crate) fn span<'r>(records: impl Iterator<Item = &'r Record>) -> Span {
    let whens: Vec<When> = records.filter_map(When::from_record).collect();
    let first = whens.iter().map(|when| when.known().0).min();
    let last = whens.iter().map(|when| when.known().1).max();
    let shown = |day: Option<i32>| day.map(|day| show(calendar(day)));
    (shown(first), shown(last), whens.iter().any(When::goes_on))
}

/// How many of some records started before a day and reach it.
pub(crate) fn ongoing<'r>(records: impl Iterator<Item = &'r Record>, day: i32) -> usize {
    let whens = records.filter_map(When::from_record);
    whens.filter(|when| when.is_ongoing(day)).count()
}

pub(crate) fn type_name(coding: Coding) -> String {
    coding
        .event_type()
        .map_or("none", |t| t.as_str())
        .to_owned()
}

pub(crate) fn calendar(day: i32) -> NaiveDate {
    NaiveDate::from_epoch_days(day).unwrap()
}

pub(crate) fn show(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

/// The first and the last day of a bin.
pub(crate) fn around(bin: Bin, date: NaiveDate) -> (NaiveDate, NaiveDate) {
    let month = |year: i32, month: u32| NaiveDate::from_ymd_opt(year, month, 1).unwrap();
    let (from, next) = match bin {
        Bin::Day => (date, date + Count::new(1)),
        Bin::Week => {
            let monday = date - Count::new(u64::from(date.weekday().num_days_from_monday()));
            (monday, monday + Count::new(7))
        }
        Bin::Month => {
            let from = month(date.year(), date.month());
            (from, from + chrono::Months::new(1))
        }
        Bin::Quarter => {
            let from = month(date.year(), [1, 4, 7, 10][date.month0() as usize / 3]);
            (from, from + chrono::Months::new(3))
        }
        Bin::Year => (month(date.year(), 1), month(date.year() + 1, 1)),
    };
    (from, next - Count::new(1))
}

/// Whether sources with these ids, agencies and publishers repeat one another.
fn repeat(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let published = |name: &String| {
        name.strip_prefix("agency ")
            .map(|name| format!("publisher {name}"))
    };
    let wires = |a: &BTreeSet<String>, b: &BTreeSet<String>| {
        a.iter().filter_map(published).any(|name| b.contains(&name))
    };
    let shared = one
        .intersection(other)
        .any(|name| !name.starts_with("publisher "));
    shared || wires(one, other) || wires(other, one)
}
