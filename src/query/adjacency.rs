//! The simple network of a window in flat arrays, gathered once for algorithms that walk it often.
//!
//! [`graph::Links`](crate::graph::Links) looks the records up at every step: right for a walk that
//! visits each actor once, too slow for one that visits each a hundred times.

use super::filter::Scope;
use super::network::Network;
use super::rollup::Rollup;
use crate::graph::{Direction, Term, links_of};
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

/// A link as it is gathered: the lower term, the higher one, and how seen from the lower.
type Link = (Term, Term, Direction);

impl Adjacency {
    /// Gathers the links of the records that count. An actor is in it when it stands in such a record,
    /// linked or not, and is of a kind asked for.
    pub(super) fn of(network: &Network<'_>, scope: &Scope) -> Self {
        Self::around(network, scope, &[])
    }

    /// The same; the actors of `asked` are in it whatever their kind.
    pub(super) fn around(network: &Network<'_>, scope: &Scope, asked: &[Term]) -> Self {
        let mut gathered = Gathered::new(network.view().terms_end());
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
            gathered.take(kind, &parts, |a, b| {
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
    /// The links of each actor so far, by term.
    counts: Vec<u32>,
    links: Vec<Link>,
    /// The links of one record.
    of_record: Vec<Link>,
}

impl Gathered {
    fn new(terms: usize) -> Self {
        Self {
            stands: vec![false; terms],
            counts: vec![0; terms],
            links: Vec::new(),
            of_record: Vec::new(),
        }
    }

    fn take(&mut self, kind: Kind, parts: &[(Term, Role)], counts: impl Fn(Term, Term) -> bool) {
        for (actor, _) in parts {
            if let Some(stands) = self.stands.get_mut(actor.index()) {
                *stands = true;
            }
        }
        let links = &mut self.of_record;
        links.clear();
        links_of(kind, parts, &mut |a, b, direction| {
            links.push(if a < b {
                (a, b, direction)
            } else {
                (b, a, direction.reversed())
            });
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
        for link in links.iter().filter(|link| counts(link.0, link.1)) {
            for actor in [link.0, link.1] {
                if let Some(count) = self.counts.get_mut(actor.index()) {
                    *count += 1;
                }
            }
            self.links.push(*link);
        }
    }

    fn finish(self, all_kinds: bool, of_kind: impl Fn(&Term) -> bool) -> Adjacency {
        let mut places = vec![NOWHERE; self.stands.len()];
        let mut actors: Vec<Term> = Vec::new();
        for (index, place) in places.iter_mut().enumerate() {
            let actor = Term::at(index);
            if self.stands.get(index) == Some(&true) && (all_kinds || of_kind(&actor)) {
                *place = u32::try_from(actors.len()).unwrap_or(NOWHERE);
                actors.push(actor);
            }
        }
        let (bounds, mut ways) = self.by_actor();
        let mut starts = Vec::with_capacity(actors.len() + 1);
        let mut ends: Vec<End> = Vec::with_capacity(ways.len());
        starts.push(0);
        for actor in &actors {
            let bounds = bounds.get(actor.index()).zip(bounds.get(actor.index() + 1));
            let of_actor = bounds.and_then(|(start, end)| ways.get_mut(*start..*end));
            let of_actor = of_actor.unwrap_or_default();
            of_actor.sort_unstable();
            for records in of_actor.chunk_by(|a, b| a.actor() == b.actor()) {
                let to = records.first().and_then(|way| places.get(way.actor()));
                let to = to.copied().unwrap_or(NOWHERE);
                if to != NOWHERE {
                    let nothing = Direction::default();
                    ends.push(End {
                        to,
                        records: u32::try_from(records.len()).unwrap_or(u32::MAX),
                        directions: records
                            .iter()
                            .fold(nothing, |all, way| all.or(way.direction())),
                    });
                }
            }
            starts.push(u32::try_from(ends.len()).unwrap_or(u32::MAX));
        }
        Adjacency {
            actors,
            starts,
            ends,
        }
    }

    /// The links of each actor, end to end in the order of terms; and where those of each start.
    fn by_actor(&self) -> (Vec<usize>, Vec<Way>) {
        let mut total = 0;
        let mut bounds = Vec::with_capacity(self.counts.len() + 1);
        for count in &self.counts {
            bounds.push(total);
            total += *count as usize;
        }
        bounds.push(total);
        let mut next = bounds.clone();
        let mut ways = vec![Way(0); total];
        for &(a, b, direction) in &self.links {
            for (from, way) in [
                (a, Way::to(b, direction)),
                (b, Way::to(a, direction.reversed())),
            ] {
                let Some(at) = next.get_mut(from.index()) else {
                    continue;
                };
                if let Some(slot) = ways.get_mut(*at) {
                    *slot = way;
                }
                *at += 1;
            }
        }
        (bounds, ways)
    }
}

/// An actor and a direction in one number, ordered by actor.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Way(u64);

impl Way {
    fn to(actor: Term, direction: Direction) -> Self {
        Self(u64::from(actor.number()) << 3 | u64::from(direction.bits()))
    }

    /// The actor's term, as an index.
    fn actor(self) -> usize {
        usize::try_from(self.0 >> 3).unwrap_or(usize::MAX)
    }

    fn direction(self) -> Direction {
        Direction::of_bits(u8::try_from(self.0 & 7).unwrap_or_default())
    }
}
