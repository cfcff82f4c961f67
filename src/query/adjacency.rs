//! The simple network of a window in flat arrays, gathered once for algorithms that walk it often.
//!
//! [`graph::Links`](crate::graph::Links) looks the records up at every step: right for a walk that
//! visits each actor once, too slow for one that visits each a hundred times.

use super::filter::Scope;
use super::network::Network;
use super::rollup::Rollup;
use crate::graph::{Direction, Row, Term, links_of};
use crate::model::{Kind, Role};

/// No place among the actors.
const NOWHERE: u32 = u32::MAX;

/// A neighbour of an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// Its place among the actors.
    pub(super) to: u32,
    /// The records that link the two.
    pub(super) records: u32,
    /// How they do, seen from the actor.
    pub(super) directions: Direction,
}

/// The actors of a window and their neighbours.
#[derive(Debug)]
pub(super) struct Adjacency {
    /// Ascending.
    pub(super) actors: Vec<Term>,
    /// Where the neighbours of each start in `ends`, and at the end their total.
    starts: Vec<u32>,
    ends: Vec<End>,
}

/// A half of a link as it is gathered: from, to, and how seen from the first.
type Half = (Term, Term, Direction);

impl Adjacency {
    /// Gathers the links of the records that count. An actor is in it when it stands in such a record,
    /// linked or not, and is of a kind asked for.
    pub(super) fn of(network: &Network<'_>, scope: &Scope) -> Self {
        Self::around(network, scope, &[])
    }

    /// The same; the actors of `asked` are in it whatever their kind.
    pub(super) fn around(network: &Network<'_>, scope: &Scope, asked: &[Term]) -> Self {
        let mut gathered = Gathered {
            stands: vec![false; network.view().terms_end()],
            halves: Vec::new(),
            of_record: Vec::new(),
        };
        let open = network.sieve.is_open();
        let has_roles = !scope.filter.roles.is_empty();
        let mut parts: Vec<(Term, Role)> = Vec::new();
        network.windowed.each(&mut |row, kind, actors, roles| {
            if !open && !network.sieve.accepts_record(row) {
                return;
            }
            parts.clear();
            match network.rollup {
                Rollup::None => parts.extend(actors.iter().copied().zip(roles.iter().copied())),
                Rollup::State => parts.extend(network.counted(row)),
            }
            if has_roles
                && !parts
                    .iter()
                    .any(|(_, role)| scope.filter.roles.contains(role))
            {
                return;
            }
            gathered.take((row, kind), &parts, |a, b| {
                !has_roles || network.accepts_link(row, a, b)
            });
        });
        let of_kind = |actor: &Term| asked.contains(actor) || network.sieve.accepts_kind(*actor);
        gathered.finish(scope.filter.kinds.is_empty(), of_kind)
    }

    /// The number of actors.
    pub(super) fn len(&self) -> usize {
        self.actors.len()
    }

    /// The number of pairs of neighbours.
    pub(super) fn links(&self) -> usize {
        self.ends.len() / 2
    }

    /// The neighbours of the actor at a place, by place.
    pub(super) fn ends(&self, at: usize) -> &[End] {
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&start), Some(&end)) => self
                .ends
                .get(start as usize..end as usize)
                .unwrap_or_default(),
            _ => &[],
        }
    }

    /// The records in the links of the actor at a place, added up.
    pub(super) fn weight(&self, at: usize) -> u64 {
        self.ends(at).iter().map(|end| u64::from(end.records)).sum()
    }

    /// The place of an actor.
    pub(super) fn place(&self, actor: Term) -> Option<usize> {
        self.actors.binary_search(&actor).ok()
    }
}

/// What has been gathered so far.
struct Gathered {
    /// Whether an actor stands in a record that counts, by term.
    stands: Vec<bool>,
    halves: Vec<Half>,
    /// The links of one record.
    of_record: Vec<Half>,
}

impl Gathered {
    fn take(
        &mut self,
        (_, kind): (Row, Kind),
        parts: &[(Term, Role)],
        counts: impl Fn(Term, Term) -> bool,
    ) {
        for (actor, _) in parts {
            if let Some(stands) = self.stands.get_mut(actor.index()) {
                *stands = true;
            }
        }
        let links = &mut self.of_record;
        links.clear();
        links_of(kind, parts, &mut |a, b, direction| {
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            let seen = if a < b {
                direction
            } else {
                direction.reversed()
            };
            links.push((low, high, seen));
        });
        // A record may link a pair in several ways: it counts once.
        if links.len() > 1 {
            links.sort_unstable_by_key(|link| (link.0, link.1));
            links.dedup_by(|next, kept| {
                let same = (next.0, next.1) == (kept.0, kept.1);
                if same {
                    kept.2 = kept.2.or(next.2);
                }
                same
            });
        }
        for &(a, b, direction) in links.iter().filter(|link| counts(link.0, link.1)) {
            self.halves.push((a, b, direction));
            self.halves.push((b, a, direction.reversed()));
        }
    }

    fn finish(self, all_kinds: bool, of_kind: impl Fn(&Term) -> bool) -> Adjacency {
        let mut actors: Vec<Term> = Vec::new();
        let mut places = vec![NOWHERE; self.stands.len()];
        for (index, stands) in self.stands.iter().enumerate() {
            let actor = Term::at(index);
            if *stands && (all_kinds || of_kind(&actor)) {
                if let Some(place) = places.get_mut(index) {
                    *place = u32::try_from(actors.len()).unwrap_or(NOWHERE);
                }
                actors.push(actor);
            }
        }
        let place = |actor: Term| places.get(actor.index()).copied().unwrap_or(NOWHERE);
        let joined = self.halves.iter().filter_map(|&(from, to, directions)| {
            let (from, to) = (place(from), place(to));
            let end = End {
                to,
                records: 1,
                directions,
            };
            (from != NOWHERE && to != NOWHERE).then_some((from, end))
        });
        let (starts, ends) = in_lists(joined, actors.len());
        Adjacency {
            actors,
            starts,
            ends,
        }
    }
}

/// The ends of each place in a row, each neighbour once, ascending.
fn in_lists(
    joined: impl Iterator<Item = (u32, End)> + Clone,
    places: usize,
) -> (Vec<u32>, Vec<End>) {
    // Where each list would start if no neighbour came twice.
    let mut next = vec![0_u32; places + 1];
    for (from, _) in joined.clone() {
        if let Some(count) = next.get_mut(from as usize + 1) {
            *count += 1;
        }
    }
    let mut total = 0;
    for start in &mut next {
        total += *start;
        *start = total;
    }
    let bounds = next.clone();
    let nothing = End {
        to: 0,
        records: 0,
        directions: Direction::default(),
    };
    let mut all = vec![nothing; total as usize];
    for (from, end) in joined {
        if let Some(at) = next.get_mut(from as usize) {
            if let Some(slot) = all.get_mut(*at as usize) {
                *slot = end;
            }
            *at += 1;
        }
    }
    let mut starts = Vec::with_capacity(places + 1);
    let mut ends: Vec<End> = Vec::with_capacity(all.len() / 2);
    starts.push(0);
    for pair in bounds.windows(2) {
        let &[start, end] = pair else { continue };
        let list = all.get_mut(start as usize..end as usize);
        let list = list.unwrap_or_default();
        list.sort_unstable_by_key(|end| end.to);
        let first = ends.len();
        for end in list {
            match ends.get_mut(first..).and_then(<[End]>::last_mut) {
                Some(known) if known.to == end.to => {
                    known.records += 1;
                    known.directions = known.directions.or(end.directions);
                }
                _ => ends.push(*end),
            }
        }
        starts.push(u32::try_from(ends.len()).unwrap_or(u32::MAX));
    }
    (starts, ends)
}
