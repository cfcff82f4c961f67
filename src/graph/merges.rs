//! Merged actors: what a view shows of records that name an actor who has been merged into another.
//!
//! A judgement ([`Verdict::Same`]) is a redirect from its commit on. No row is changed by it: the columns name actors
//! as their records do. A view with merges reads every term through [`Redirects`], and for each segment with rows
//! that name a merged actor has a [`SegmentMerges`]: which rows these are, and the lists of the survivors, as if
//! their records had named them. Where an actor is named twice in one role then, that counts once; what would link it
//! with itself is no link, as with any record.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use fixedbitset::FixedBitSet;
use hashbrown::HashMap;

use super::Graph;
use super::columns::{Columns, at};
use super::dyads::{Direction, DyadRows, Dyads, LinkEnd, links_by_role};
use super::row_lists::{Postings, RowList};
use super::segment::{Segment, is_tie};
use super::terms::{Term, TermKind};
use super::view::{Row, View};
use crate::invariant::{Holds as _, broken};
use crate::model::{Id, Kind, Record, Role, Verdict};

/// Who has been merged into whom, as one commit sees it.
#[derive(Debug, Default)]
pub struct Redirects {
    /// By the number of each actor, up to the last merged one, who counts in its place: the last of a chain, or
    /// itself. Each row of a window is asked, so that it is looked up in a table.
    survivors: Vec<Term>,
    /// For each survivor, who has been merged into it, ascending.
    merged: BTreeMap<Term, Vec<Term>>,
}

impl Redirects {
    /// Of merges, each with the actor and whom it is merged into. Chains lead to their last actor; a circle, which
    /// is refused where it is written, ends where it began.
    fn from_merges(merges: &[(Term, Term)]) -> Self {
        let next: HashMap<Term, Term> = merges.iter().copied().collect();
        let mut redirects = Self::default();
        let end = next.keys().map(|actor| actor.0 + 1).max().unwrap_or(0);
        redirects.survivors = (0..end).map(Term).collect();
        for &(actor, _) in merges {
            let (mut passed, mut at) = (Vec::new(), actor);
            while let Some(further) = next.get(&at) {
                if redirects.is_merged(at) {
                    at = redirects.survivor(at);
                    break;
                }
                if passed.len() > next.len() {
                    broken("merges lead to an actor that is not merged");
                    passed.clear();
                    break;
                }
                passed.push(at);
                at = *further;
            }
            for merged in passed {
                let place = redirects.survivors.get_mut(merged.index());
                if let Some(survivor) = place.holds("the table reaches to the last merged actor") {
                    *survivor = at;
                }
            }
        }
        for (actor, survivor) in (0..).map(Term).zip(&redirects.survivors) {
            if actor != *survivor {
                redirects.merged.entry(*survivor).or_default().push(actor);
            }
        }
        redirects
    }

    /// Who counts in place of an actor: the survivor, or the actor itself.
    #[inline]
    pub fn survivor(&self, actor: Term) -> Term {
        self.survivors.get(actor.index()).copied().unwrap_or(actor)
    }

    /// Whether an actor has been merged into another.
    #[inline]
    pub fn is_merged(&self, actor: Term) -> bool {
        self.survivor(actor) != actor
    }

    /// Who has been merged into an actor, itself or by way of others: ascending.
    pub fn merged_into(&self, survivor: Term) -> &[Term] {
        self.merged.get(&survivor).map_or(&[], Vec::as_slice)
    }

    fn is_empty(&self) -> bool {
        self.merged.is_empty()
    }
}

/// A set of actors: term numbers are small, so a bit tells.
fn bits(actors: impl Iterator<Item = Term>) -> FixedBitSet {
    actors.map(Term::index).collect()
}

/// The merges of one commit, and what they make of each segment.
#[derive(Debug)]
pub(super) struct Merges {
    /// The operations that made the judgements that hold: what tells one set of merges from another.
    key: Vec<u32>,
    pub(super) redirects: Arc<Redirects>,
    /// For each segment, what changes there, with the segment that it was made of, which is not kept for that.
    segments: Vec<(Weak<Segment>, Option<Arc<SegmentMerges>>)>,
}

impl Merges {
    /// The merges that a view sees; `None` when there are none. What one of `known` has of the same segments and the
    /// same merges is taken from there.
    pub(super) fn from_view<'k>(
        view: &View,
        mut known: impl Iterator<Item = &'k Arc<Self>>,
    ) -> Option<Arc<Self>> {
        let graph = &view.graph;
        if !graph.has_judgements() {
            return None;
        }
        let mut key: Vec<u32> = judgements(view)
            .map(|row| view.born(row).unwrap_or_default())
            .collect();
        key.sort_unstable();
        let known = known.find(|known| known.key == key);
        if let Some(known) = known
            && known.is_of(graph)
        {
            return Some(Arc::clone(known));
        }
        let redirects = known.map_or_else(
            || Arc::new(redirects(view)),
            |known| Arc::clone(&known.redirects),
        );
        if redirects.is_empty() {
            return None;
        }
        let segments = graph.segments.iter().map(|segment| {
            let made = known.and_then(|known| {
                let mut all = known.segments.iter();
                all.find(|(of, _)| is_same(of, segment))
            });
            let made = made.map_or_else(
                || SegmentMerges::new(segment, &redirects).map(Arc::new),
                |(_, made)| made.clone(),
            );
            (Arc::downgrade(segment), made)
        });
        let segments = segments.collect();
        Some(Arc::new(Self {
            key,
            redirects,
            segments,
        }))
    }

    fn is_of(&self, graph: &Graph) -> bool {
        self.segments.len() == graph.segments.len()
            && (self.segments.iter().zip(&graph.segments)).all(|((of, _), own)| is_same(of, own))
    }

    /// What the merges make of a segment; `None` when none of its rows names a merged actor.
    pub(super) fn of_segment(&self, number: u32) -> Option<&SegmentMerges> {
        self.segments.get(number as usize)?.1.as_deref()
    }
}

/// Whether something was made of this very segment.
fn is_same(of: &Weak<Segment>, segment: &Arc<Segment>) -> bool {
    std::ptr::eq(of.as_ptr(), Arc::as_ptr(segment))
}

/// The judgements that a view sees.
fn judgements(view: &View) -> impl Iterator<Item = Row> {
    view.of_kind(Kind::Judgement)
}

/// Who is merged into whom by the judgements that a view sees.
fn redirects(view: &View) -> Redirects {
    let merges = judgements(view).filter_map(|row| match view.judgement(row)? {
        (Verdict::Same, actor, other) => Some((actor, other)),
        (Verdict::Different, ..) => None,
    });
    Redirects::from_merges(&merges.collect::<Vec<_>>())
}

/// What merges make of one segment. It costs what the rows of the actors do that are merged there, or survive.
#[derive(Debug)]
pub(super) struct SegmentMerges {
    redirects: Arc<Redirects>,
    /// The rows that name a merged actor.
    touched: FixedBitSet,
    /// Those of them in which merges make one actor of two.
    joined: FixedBitSet,
    /// The actors whose lists in the segment do not hold: those that are merged, and those that survive them here.
    members: FixedBitSet,
    /// The lists of the survivors, as those of the segment would be.
    by_actor: Postings,
    not_occurred_of: Postings,
    ties_of: Postings,
    ties_to: Postings,
    /// The links that have a survivor at one end.
    dyads: Dyads,
}

/// The actors of a row, each with its role, as they count; room for them is used again.
#[derive(Debug, Default)]
pub(super) struct StandingActors {
    pub(super) actors: Vec<Term>,
    pub(super) roles: Vec<Role>,
}

impl SegmentMerges {
    /// `None` when no row of the segment names a merged actor.
    fn new(segment: &Segment, redirects: &Arc<Redirects>) -> Option<Self> {
        let columns = &segment.columns;
        let mut touched = FixedBitSet::with_capacity(columns.len());
        let mut survivors: Vec<Term> = Vec::new();
        let mut members: Vec<Term> = Vec::new();
        let mut rows: Vec<u32> = Vec::new();
        for (survivor, merged) in &redirects.merged {
            let before = rows.len();
            for actor in merged {
                let own = segment.by_actor.get(actor.0);
                if !own.is_empty() {
                    for row in own {
                        touched.insert(*row as usize);
                    }
                    rows.extend_from_slice(own);
                }
            }
            if rows.len() > before {
                rows.extend_from_slice(segment.by_actor.get(survivor.0));
                survivors.push(*survivor);
                members.push(*survivor);
                members.extend(merged);
            }
        }
        if survivors.is_empty() {
            return None;
        }
        rows.sort_unstable();
        rows.dedup();
        let mut made = Self {
            redirects: Arc::clone(redirects),
            joined: FixedBitSet::with_capacity(columns.len()),
            touched,
            members: bits(members.into_iter()),
            by_actor: Postings::default(),
            not_occurred_of: Postings::default(),
            ties_of: Postings::default(),
            ties_to: Postings::default(),
            dyads: Dyads::default(),
        };
        made.index(segment, &rows, &survivors);
        Some(made)
    }

    /// Makes the lists of the survivors of the rows in which they stand.
    fn index(&mut self, segment: &Segment, rows: &[u32], survivors: &[Term]) {
        let columns = &segment.columns;
        let survives = bits(survivors.iter().copied());
        let mut stands: Vec<(u32, u32)> = Vec::with_capacity(rows.len());
        let mut links: Vec<(Term, Term, u32, Direction)> = Vec::with_capacity(rows.len());
        let (mut ties_of, mut ties_to) = (Vec::new(), Vec::new());
        let mut standing = StandingActors::default();
        for &row in rows {
            self.standing(columns, row, &mut standing);
            let StandingActors { actors, roles } = &standing;
            if actors.len() < columns.standing(row as usize).len() {
                self.joined.insert(row as usize);
            }
            let tie = is_tie(columns, row);
            for (actor, role) in actors.iter().zip(roles) {
                if survives.contains(actor.index()) {
                    stands.push((actor.0, row));
                    if tie && *role == Role::Subject {
                        ties_of.push((actor.0, row));
                    } else if tie && *role == Role::Object {
                        ties_to.push((actor.0, row));
                    }
                }
            }
            // A row without a class has been reported.
            let Some(class) = columns.class(row as usize) else {
                continue;
            };
            links_by_role(class.kind, actors, roles, &mut |a, b, direction| {
                if survives.contains(a.index()) || survives.contains(b.index()) {
                    links.push(if a < b {
                        (a, b, row, direction)
                    } else {
                        (b, a, row, direction.reversed())
                    });
                }
            });
        }
        let of_pairs = |pairs: &[(u32, u32)]| {
            Postings::from_pairs(|each| pairs.iter().for_each(|(actor, row)| each(*actor, *row)))
        };
        self.by_actor = of_pairs(&stands).with_places();
        stands.retain(|(_, row)| !segment.has_occurred(*row));
        self.not_occurred_of = of_pairs(&stands);
        (self.ties_of, self.ties_to) = (of_pairs(&ties_of), of_pairs(&ties_to));
        self.dyads = Dyads::from_columns(
            |each| {
                for (a, b, row, direction) in &links {
                    each(*a, *b, *row, *direction);
                }
            },
            |row| columns.shape(row as usize),
        );
    }

    /// Whether a row names a merged actor.
    #[inline]
    pub(super) fn touches(&self, row: usize) -> bool {
        self.touched.contains(row)
    }

    /// The actors of a row as they count, in the order of the record; each once in each role.
    pub(super) fn standing(&self, columns: &Columns, row: u32, standing: &mut StandingActors) {
        let StandingActors { actors, roles } = standing;
        actors.clear();
        roles.clear();
        for (actor, role) in columns.actors(row as usize) {
            let actor = self.redirects.survivor(actor);
            let mut known = actors.iter().zip(roles.iter());
            if !known.any(|(other, in_role)| *other == actor && *in_role == role) {
                actors.push(actor);
                roles.push(role);
            }
        }
    }

    /// Whether the lists that the segment has of an actor do not hold.
    #[inline]
    fn replaces(&self, actor: Term) -> bool {
        self.members.contains(actor.index())
    }

    /// The two that a row links as they count; `None` when they are one.
    #[inline]
    pub(super) fn linked(
        &self,
        (a, b, direction): (Term, Term, Direction),
    ) -> Option<(Term, Term, Direction)> {
        let (a, b) = (self.redirects.survivor(a), self.redirects.survivor(b));
        (a != b).then_some((a, b, direction))
    }
}

/// A segment as a view reads it: its lists, or in place of them those that merges made.
#[derive(Clone, Copy, Debug)]
pub(super) struct SegmentLists<'v> {
    pub(super) segment: &'v Segment,
    pub(super) merges: Option<&'v SegmentMerges>,
}

impl<'v> SegmentLists<'v> {
    /// Merges that replace the lists of an actor.
    fn replacing(self, actor: Term) -> Option<&'v SegmentMerges> {
        self.merges.filter(|merges| merges.replaces(actor))
    }

    /// The rows in which an actor stands.
    pub(super) fn of_actor(self, actor: Term) -> RowList<'v> {
        match self.replacing(actor) {
            Some(merges) => merges.by_actor.listed(actor.0),
            None => self.segment.by_actor.listed(actor.0),
        }
    }

    /// The events that did not occur in which an actor stands.
    pub(super) fn not_occurred_of(self, actor: Term) -> &'v [u32] {
        match self.replacing(actor) {
            Some(merges) => merges.not_occurred_of.get(actor.0),
            None => self.segment.not_occurred_of.get(actor.0),
        }
    }

    /// The ties whose subject is an actor.
    pub(super) fn ties_of(self, actor: Term) -> &'v [u32] {
        match self.replacing(actor) {
            Some(merges) => merges.ties_of.get(actor.0),
            None => self.segment.ties_of.get(actor.0),
        }
    }

    /// The ties whose object is an actor.
    pub(super) fn ties_to(self, actor: Term) -> &'v [u32] {
        match self.replacing(actor) {
            Some(merges) => merges.ties_to.get(actor.0),
            None => self.segment.ties_to.get(actor.0),
        }
    }

    /// The links that tell of two actors.
    pub(super) fn dyads(self, a: Term, b: Term) -> &'v Dyads {
        let merges = self.replacing(a).or_else(|| self.replacing(b));
        merges.map_or(&self.segment.dyads, |merges| &merges.dyads)
    }

    /// The rows that link two actors.
    pub(super) fn between(self, a: Term, b: Term) -> Option<DyadRows<'v>> {
        self.dyads(a, b).between(a, b)
    }

    /// Calls `each` with the neighbours of an actor, and the links that tell of the two.
    pub(super) fn neighbours(self, actor: Term, each: &mut impl FnMut(&'v Dyads, LinkEnd)) {
        let own = &self.segment.dyads;
        let Some(merges) = self.merges else {
            own.neighbours(actor).iter().for_each(|to| each(own, *to));
            return;
        };
        let with_survivors = merges.dyads.neighbours(actor);
        let plain: &[LinkEnd] = if merges.replaces(actor) {
            &[]
        } else {
            own.neighbours(actor)
        };
        // Who has no link with a survivor has none with a merged actor either.
        if with_survivors.is_empty() {
            for to in plain {
                each(own, *to);
            }
            return;
        }
        let holds = |to: &&LinkEnd| !merges.replaces(to.actor);
        plain.iter().filter(holds).for_each(|to| each(own, *to));
        for to in with_survivors {
            each(&merges.dyads, *to);
        }
    }

    /// How many neighbours an actor has at the most.
    pub(super) fn neighbourhood(self, actor: Term) -> usize {
        let own = self.segment.dyads.neighbours(actor).len();
        let merged = self
            .merges
            .map_or(0, |merges| merges.dyads.neighbours(actor).len());
        own + merged
    }

    /// The number of pairs of actors at the most.
    pub(super) fn pairs(self) -> usize {
        self.segment.dyads.len() + self.merges.map_or(0, |merges| merges.dyads.len())
    }

    /// The actors that stand in some row.
    pub(super) fn standing_actors(self) -> impl Iterator<Item = Term> + use<'v> {
        let own = self.segment.by_actor.keys().iter().map(|key| Term(*key));
        let own = own.filter(move |actor| self.replacing(*actor).is_none());
        let merged = self.merges.into_iter();
        own.chain(merged.flat_map(|merges| merges.by_actor.keys().iter().map(|key| Term(*key))))
    }

    /// The merges of a row that names a merged actor.
    #[inline]
    pub(super) fn touching(self, row: usize) -> Option<&'v SegmentMerges> {
        self.merges.filter(|merges| merges.touches(row))
    }
}

/// The merges that a state keeps: those of its last commit, made when they are first asked for, and those of an
/// earlier one that was asked for last.
#[derive(Debug, Default)]
pub(super) struct MergeCache {
    /// Those of the state before, of which much may still hold.
    before: Option<Arc<Merges>>,
    last: OnceLock<Option<Arc<Merges>>>,
    earlier: Mutex<Option<Arc<Merges>>>,
}

impl Clone for MergeCache {
    /// Of what becomes another state, nothing was made yet.
    fn clone(&self) -> Self {
        Self {
            before: self
                .last
                .get()
                .cloned()
                .flatten()
                .or_else(|| self.before.clone()),
            ..Self::default()
        }
    }
}

impl Graph {
    /// Whether there is a judgement, or was.
    fn has_judgements(&self) -> bool {
        let kind = u32::from(Kind::Judgement.number());
        self.segments
            .iter()
            .any(|segment| !segment.by_kind.get(kind).is_empty())
    }

    /// Makes the merges of the last commit, so that no answer waits for it.
    pub fn prepare_merges(self: &Arc<Self>) {
        drop(self.view().with_merges());
    }

    fn merges_of(&self, view: &View) -> Option<Arc<Merges>> {
        if !self.has_judgements() {
            return None;
        }
        let cache = &self.merges;
        if view.limit == self.last().map_or(0, |mark| mark.limit) {
            let make = || Merges::from_view(view, cache.before.iter());
            return cache.last.get_or_init(make).clone();
        }
        // Whoever panics with the lock leaves nothing half done: what is kept is whole or not there. It is not held
        // while merges are made, so that nobody waits for those of another commit.
        let earlier = || cache.earlier.lock().unwrap_or_else(PoisonError::into_inner);
        let last = cache.last.get().and_then(Option::as_ref);
        let kept = earlier().clone();
        let known = last.into_iter().chain(&kept).chain(&cache.before);
        let merges = Merges::from_view(view, known);
        if merges.is_some() {
            earlier().clone_from(&merges);
        }
        merges
    }
}

impl View {
    /// The same view with merged actors shown as their survivors.
    #[must_use]
    pub fn with_merges(mut self) -> Self {
        if self.merges.is_none() {
            self.merges = self.graph.merges_of(&self);
        }
        self
    }

    /// The same view with every actor as records name it.
    #[must_use]
    pub fn without_merges(&self) -> Self {
        let mut view = self.clone();
        view.merges = None;
        view
    }

    /// Who is merged into whom; `None` when nobody is.
    pub fn redirects(&self) -> Option<&Redirects> {
        self.merges.as_ref().map(|merges| &*merges.redirects)
    }

    /// Who counts in place of an actor: the survivor, or the actor itself.
    #[inline]
    pub fn survivor(&self, actor: Term) -> Term {
        self.redirects()
            .map_or(actor, |redirects| redirects.survivor(actor))
    }

    /// Who survives an actor by the judgements that are seen, in a view that sees actors as records name them, too.
    pub fn survivor_by_judgements(&self, actor: Term) -> Term {
        self.merge_chain(actor).last().copied().unwrap_or(actor)
    }

    /// Whom an actor is merged into, into whom that one is, and so on, by the judgements that are seen.
    pub fn merge_chain(&self, actor: Term) -> Vec<Term> {
        let into = |actor: Term| {
            let mut about = self.judging(actor);
            about.find_map(|row| match self.judgement(row)? {
                (Verdict::Same, of, other) if of == actor => Some(other),
                (Verdict::Same | Verdict::Different, ..) => None,
            })
        };
        let (mut chain, mut at) = (Vec::new(), actor);
        // A circle is refused where it is written.
        while let Some(next) = into(at).filter(|next| *next != actor && !chain.contains(next)) {
            chain.push(next);
            at = next;
        }
        chain
    }

    /// Who has been merged into an actor, itself or by way of others: ascending.
    pub fn merged_into(&self, survivor: Term) -> &[Term] {
        self.redirects()
            .map_or(&[], |redirects| redirects.merged_into(survivor))
    }

    /// Whether an actor has been merged into another.
    pub fn is_merged(&self, actor: Term) -> bool {
        self.redirects()
            .is_some_and(|redirects| redirects.is_merged(actor))
    }

    /// Whether merges make one actor of two that stand in a row.
    pub fn joins_actors(&self, row: Row) -> bool {
        let merges = self.merges.as_ref();
        let of_segment = merges.and_then(|merges| merges.of_segment(row.segment));
        of_segment.is_some_and(|merges| merges.joined.contains(row.index as usize))
    }

    /// The whole record as it counts: with survivors in the place of merged actors.
    pub fn counted_record(&self, row: Row) -> Option<Record> {
        let record = self.record(row)?;
        if self.touching(row).is_none() {
            return Some(record);
        }
        let survivor = |id: &Id| {
            let actor = self.term(TermKind::Actor, id.as_str());
            let survivor = actor.map(|actor| self.text(self.survivor(actor)));
            // The text of a term is an id.
            survivor
                .and_then(|text| Id::parse(text).ok())
                .unwrap_or_else(|| id.clone())
        };
        Some(record.with_survivors(&survivor))
    }

    /// Whether a row is the record of an actor that has been merged into another.
    pub fn is_of_merged(&self, row: Row) -> bool {
        self.redirects().is_some()
            && self.kind(row) == Kind::Actor
            && (self.term(TermKind::Actor, &self.id_text(row)))
                .is_some_and(|actor| self.is_merged(actor))
    }

    /// The operation that made a row.
    fn born(&self, row: Row) -> Option<u32> {
        let segment = self.segment(row)?;
        Some(at(&segment.columns.born, row.index as usize))
    }

    /// A segment as the view reads it.
    pub(super) fn lists<'v>(&'v self, number: u32, segment: &'v Segment) -> SegmentLists<'v> {
        SegmentLists {
            segment,
            merges: self
                .merges
                .as_ref()
                .and_then(|merges| merges.of_segment(number)),
        }
    }

    /// The merges of a row that names a merged actor.
    pub(super) fn touching(&self, row: Row) -> Option<(&Columns, &SegmentMerges)> {
        let merges = self.merges.as_ref()?.of_segment(row.segment)?;
        let columns = &self.segment(row)?.columns;
        merges
            .touches(row.index as usize)
            .then_some((columns, merges))
    }
}
