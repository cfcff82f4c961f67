//! The shortest paths of a space: breadth first from both ends until the two sides meet.
//!
//! Whether two actors are linked is looked up for the steps that the search takes, and how many
//! records link them only for those that turn out to lie on a shortest path. What the search marks
//! it marks by the number of the search in arrays that the thread keeps.

use std::cell::RefCell;
use std::cmp::{Ordering, Reverse};

use super::path::{Path, PathEnds, Rank, Space};
use super::search::PathSearch;
use crate::graph::{Direction, Term};

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// No suffix follows.
const END: u32 = u32::MAX;
/// Neighbours that are looked at in the time in which one is looked up.
const NEIGHBOURS_A_LOOKUP: usize = 16;

/// A number for each actor that forgets all when a search begins.
#[derive(Default)]
struct VisitMarks {
    search: u32,
    /// The search that set the number, and the number.
    marks: Vec<(u32, u32)>,
}

impl VisitMarks {
    /// Begins with no actor marked; `terms` bounds the numbers of actors.
    fn begin(&mut self, terms: usize) {
        if self.marks.len() < terms {
            self.marks.resize(terms, (0, 0));
        }
        self.search = self.search.wrapping_add(1);
        if self.search == 0 {
            self.marks.fill((0, 0));
            self.search = 1;
        }
    }

    fn get(&self, actor: Term) -> Option<u32> {
        let (search, number) = self.marks.get(actor.index())?;
        (*search == self.search).then_some(*number)
    }

    fn set(&mut self, actor: Term, number: u32) {
        if let Some(mark) = self.marks.get_mut(actor.index()) {
            *mark = (self.search, number);
        }
    }
}

/// The depth of actors that a side may not lead through.
const SHUT: u32 = u32::MAX;

/// One of the two sides of a search.
#[derive(Default)]
struct SearchSide {
    /// The number of hops from the end, or [`SHUT`].
    depths: VisitMarks,
    depth: u32,
    /// The actors at `depth`.
    front: Vec<Term>,
    next: Vec<Term>,
    /// The steps taken, from the nearer to the end to the farther.
    steps: Vec<(Term, Term)>,
    /// Where the steps to each depth start, from depth 1.
    starts: Vec<usize>,
}

impl SearchSide {
    fn begin(&mut self, terms: usize, end: Term) {
        self.depths.begin(terms);
        self.depths.set(end, 0);
        self.depth = 0;
        self.front.clear();
        self.front.push(end);
        self.steps.clear();
        self.starts.clear();
    }

    fn shut(&mut self, actor: Term) {
        self.depths.set(actor, SHUT);
    }

    /// Goes one hop farther. `allowed` tells which step may be taken.
    fn expand(
        &mut self,
        search: &PathSearch<'_, '_>,
        directions: Direction,
        allowed: impl Fn(Term, Term) -> bool,
    ) {
        let farther = self.depth + 1;
        self.starts.push(self.steps.len());
        let Self {
            depths,
            front,
            next,
            steps,
            ..
        } = self;
        next.clear();
        for &actor in &*front {
            search
                .network
                .visit(actor, directions, &mut |other, linked| {
                    match depths.get(other) {
                        // Whether the two are linked is looked up when the step turns out to matter.
                        Some(depth) if depth == farther => {
                            if allowed(actor, other) {
                                steps.push((actor, other));
                            }
                        }
                        Some(_) => {}
                        None => {
                            if allowed(actor, other) && linked.holds() && search.passable(other) {
                                depths.set(other, farther);
                                next.push(other);
                                steps.push((actor, other));
                            }
                        }
                    }
                });
        }
        std::mem::swap(front, next);
        self.depth = farther;
    }

    /// The steps to a depth, from 1.
    fn steps_to(&self, depth: usize) -> &[(Term, Term)] {
        let start = self.starts.get(depth - 1).copied().unwrap_or_default();
        let end = self.starts.get(depth).copied();
        self.steps
            .get(start..end.unwrap_or(self.steps.len()))
            .unwrap_or_default()
    }
}

/// The end of a path, from an actor to the target.
#[derive(Clone, Copy)]
struct Suffix {
    actor: Term,
    records: usize,
    next: u32,
}

/// The best suffixes of each actor on a shortest path.
#[derive(Default)]
struct Suffixes {
    all: Vec<Suffix>,
    /// Which list an actor's is.
    places: VisitMarks,
    /// By rank.
    lists: Vec<Vec<u32>>,
    used: usize,
}

impl Suffixes {
    fn begin(&mut self, terms: usize) {
        self.all.clear();
        self.places.begin(terms);
        self.used = 0;
    }

    /// The list of an actor, which it gets if it has none.
    fn list_of(&mut self, actor: Term) -> usize {
        if let Some(place) = self.places.get(actor) {
            return place as usize;
        }
        if self.used == self.lists.len() {
            self.lists.push(Vec::new());
        }
        if let Some(list) = self.lists.get_mut(self.used) {
            list.clear();
        }
        self.places
            .set(actor, u32::try_from(self.used).unwrap_or(END));
        self.used += 1;
        self.used - 1
    }

    /// Keeps, for `actor`, the best `want` of its own suffixes and of those that go on with one of
    /// `next` over a hop of so many records.
    fn take(
        &mut self,
        search: &PathSearch<'_, '_>,
        actor: Term,
        next: Term,
        hop: usize,
        want: usize,
    ) {
        let Some(from) = self.places.get(next) else {
            return;
        };
        let into = self.list_of(actor);
        let mut list = self
            .lists
            .get_mut(into)
            .map(std::mem::take)
            .unwrap_or_default();
        for nth in 0..self.lists.get(from as usize).map_or(0, Vec::len) {
            let Some(&after) = self.lists.get(from as usize).and_then(|list| list.get(nth)) else {
                continue;
            };
            let Some(rest) = self.all.get(after as usize) else {
                continue;
            };
            let suffix = Suffix {
                actor,
                records: rest.records + hop,
                next: after,
            };
            let at = list.partition_point(|other| {
                let other = self.all.get(*other as usize);
                other.is_some_and(|other| self.compare(search, other, &suffix) == Ordering::Less)
            });
            // What follows in the list of the next actor is worse yet.
            if at >= want {
                break;
            }
            list.insert(at, u32::try_from(self.all.len()).unwrap_or(END));
            list.truncate(want);
            self.all.push(suffix);
        }
        if let Some(place) = self.lists.get_mut(into) {
            *place = list;
        }
    }

    /// More records go first, then ids.
    fn compare(&self, search: &PathSearch<'_, '_>, one: &Suffix, two: &Suffix) -> Ordering {
        let mut order = two.records.cmp(&one.records);
        let (mut one, mut two) = (one, two);
        while order == Ordering::Equal
            && let (Some(a), Some(b)) = (
                self.all.get(one.next as usize),
                self.all.get(two.next as usize),
            )
        {
            if one.next == two.next {
                break;
            }
            if a.actor != b.actor {
                let view = search.network.view();
                order = view.text(a.actor).cmp(view.text(b.actor));
            }
            (one, two) = (a, b);
        }
        order
    }
}

#[derive(Default)]
struct Scratch {
    near: SearchSide,
    far: SearchSide,
    /// The steps by which the sides meet.
    meetings: Vec<(Term, Term)>,
    /// Actors beyond the meeting that lie on a shortest path.
    needed: VisitMarks,
    suffixes: Suffixes,
}

/// The shortest paths of a space, as far as they are wanted: more records first, then ids.
pub(super) fn fewest<'v>(
    search: &PathSearch<'_, 'v>,
    ends: &PathEnds,
    space: &Space,
    want: usize,
) -> Vec<Path<'v>> {
    SCRATCH.with_borrow_mut(|scratch| scratch.shortest(search, ends, space, want))
}

impl Scratch {
    fn shortest<'v>(
        &mut self,
        search: &PathSearch<'_, 'v>,
        ends: &PathEnds,
        space: &Space,
        want: usize,
    ) -> Vec<Path<'v>> {
        let Some((&from, before)) = space.root.split_last() else {
            return Vec::new();
        };
        let Some(most_hops) = ends.max_hops.checked_sub(before.len()) else {
            return Vec::new();
        };
        let terms = search.network.view().terms_end();
        self.near.begin(terms, from);
        self.far.begin(terms, ends.to);
        for shut in before.iter().chain(&ends.blocked) {
            self.near.shut(*shut);
            self.far.shut(*shut);
        }
        // Neither side comes back to an end.
        self.near.shut(ends.to);
        self.far.shut(from);
        let is_taken = |a: Term, b: Term| a == from && space.taken.contains(&b);
        loop {
            if (self.near.depth + self.far.depth) as usize >= most_hops
                || self.near.front.is_empty()
                || self.far.front.is_empty()
            {
                return Vec::new();
            }
            let forward =
                search.network.weight(&self.near.front) <= search.network.weight(&self.far.front);
            if self.meet(search, forward, is_taken) {
                break;
            }
            let allowed = |a: Term, b: Term| !is_taken(a, b);
            if forward {
                self.near.expand(search, search.directions, allowed);
            } else {
                let back = search.directions.reversed();
                self.far.expand(search, back, |b, a| allowed(a, b));
            }
        }
        self.rank(search, ends.to, want);
        self.whole(search, space)
    }

    /// Finds the steps from one side's front to the other's.
    fn meet(
        &mut self,
        search: &PathSearch<'_, '_>,
        forward: bool,
        is_taken: impl Fn(Term, Term) -> bool,
    ) -> bool {
        let Self {
            near,
            far,
            meetings,
            ..
        } = self;
        meetings.clear();
        let (here, there, directions) = if forward {
            (&*near, &*far, search.directions)
        } else {
            (&*far, &*near, search.directions.reversed())
        };
        let step = |here: Term, there: Term| {
            if forward {
                (here, there)
            } else {
                (there, here)
            }
        };
        let pairs = here.front.len() * there.front.len();
        if pairs * NEIGHBOURS_A_LOOKUP < search.network.weight(&here.front) {
            for &actor in &here.front {
                for &other in &there.front {
                    let is_there = there.depths.get(other) == Some(there.depth);
                    let (a, b) = step(actor, other);
                    let links = || search.network.links(actor, other, directions);
                    if is_there && !is_taken(a, b) && links() {
                        meetings.push((a, b));
                    }
                }
            }
            return !meetings.is_empty();
        }
        for &actor in &here.front {
            search
                .network
                .visit(actor, directions, &mut |other, linked| {
                    let is_there = there.depths.get(other) == Some(there.depth);
                    let (a, b) = step(actor, other);
                    if is_there && !is_taken(a, b) && linked.holds() {
                        meetings.push((a, b));
                    }
                });
        }
        // The network may give a neighbour in parts.
        meetings.sort_unstable();
        meetings.dedup();
        !meetings.is_empty()
    }

    /// Ranks the ends of the shortest paths, from the target back to the start.
    fn rank(&mut self, search: &PathSearch<'_, '_>, to: Term, want: usize) {
        let Self {
            near,
            far,
            meetings,
            needed,
            suffixes,
        } = self;
        let terms = search.network.view().terms_end();
        needed.begin(terms);
        suffixes.begin(terms);
        for (_, met) in &*meetings {
            needed.set(*met, 0);
        }
        for depth in (1..=far.depth as usize).rev() {
            for (nearer, farther) in far.steps_to(depth) {
                if needed.get(*farther).is_some() {
                    needed.set(*nearer, 0);
                }
            }
        }
        let place = suffixes.list_of(to);
        suffixes.all.push(Suffix {
            actor: to,
            records: 0,
            next: END,
        });
        if let Some(list) = suffixes.lists.get_mut(place) {
            list.push(0);
        }
        let mut take = |actor: Term, next: Term| {
            if suffixes.places.get(next).is_none() {
                return;
            }
            let records = search.records(actor, next);
            if records > 0 {
                suffixes.take(search, actor, next, records, want);
            }
        };
        let mut steps: Vec<(Term, Term)> = Vec::new();
        for depth in 1..=far.depth as usize {
            steps.clear();
            let all = far.steps_to(depth).iter();
            steps.extend(all.filter(|(_, farther)| needed.get(*farther).is_some()));
            steps.sort_unstable();
            steps.dedup();
            for (nearer, farther) in &steps {
                take(*farther, *nearer);
            }
        }
        for (one, two) in &*meetings {
            take(*one, *two);
        }
        for depth in (1..=near.depth as usize).rev() {
            steps.clear();
            steps.extend_from_slice(near.steps_to(depth));
            steps.sort_unstable();
            steps.dedup();
            for (nearer, farther) in &steps {
                take(*nearer, *farther);
            }
        }
    }

    /// The ranked paths with the root of the space before them.
    fn whole<'v>(&self, search: &PathSearch<'_, 'v>, space: &Space) -> Vec<Path<'v>> {
        let mut before = 0;
        for pair in space.root.windows(2) {
            if let [a, b] = pair {
                before += search.records(*a, *b);
            }
        }
        let from = space
            .root
            .last()
            .and_then(|from| self.suffixes.places.get(*from));
        let list = from.and_then(|place| self.suffixes.lists.get(place as usize));
        let mut paths = Vec::new();
        for suffix in list.into_iter().flatten() {
            let mut actors = space.root.clone();
            let Some(mut at) = self.suffixes.all.get(*suffix as usize) else {
                continue;
            };
            let records = before + at.records;
            while let Some(next) = self.suffixes.all.get(at.next as usize) {
                actors.push(next.actor);
                at = next;
            }
            paths.push(Path {
                rank: Rank {
                    first: 0,
                    instant: i64::MIN,
                    hops: actors.len() - 1,
                    records: Reverse(records),
                    ids: search.ids(&actors),
                },
                actors,
            });
        }
        paths
    }
}
