//! The simple network of a window in flat arrays, gathered once for algorithms that walk it often.
//!
//! [`graph::Links`](crate::graph::Links) looks the records up at every step: right for a walk that
//! visits each actor once, too slow for one that visits each a hundred times.

use super::filter::Scope;
use super::network::Network;
use super::rollup::Rollup;
use crate::graph::{Direction, Standing, Term, links_of};
use crate::model::{Kind, Role};

/// Records for each pair of actors up to which all links are gathered: beyond, most of the time
/// would go into counting the same pairs again.
const ROWS_A_DYAD_MAX: usize = 2;
/// Links for which room is set aside before they are gathered.
const ROOM_MAX: usize = 1 << 20;
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

impl End {
    const NONE: Self = Self {
        to: NOWHERE,
        records: 0,
        directions: Direction::of_bits(0),
    };
}

/// The actors of a window and their neighbours.
#[derive(Debug)]
pub(super) struct Adjacency {
    /// Ascending.
    pub(super) actors: Vec<Term>,
    /// Where the neighbours of each start in `ends`, and how many they are.
    starts: Vec<u32>,
    lengths: Vec<u32>,
    ends: Vec<End>,
}

/// A link as it is gathered: two actors, and how they are linked, seen from the first.
type Link = (Term, Term, Direction);

impl Adjacency {
    /// Gathers the links of the records that count. An actor is in it when it stands in such a record,
    /// linked or not, and is of a kind asked for.
    pub(super) fn of(network: &Network<'_>, scope: &Scope) -> Self {
        Self::around(network, scope, &[])
    }

    /// The same; the actors of `asked` are in it whatever their kind.
    pub(super) fn around(network: &Network<'_>, scope: &Scope, asked: &[Term]) -> Self {
        let mut gathered = Gathered::new(network);
        if network.is_plain() {
            let mut parts: Vec<(Term, Role)> = Vec::new();
            network
                .windowed
                .each_standing(&mut |_, standing| match standing {
                    Standing::Pair(a, b, direction) => gathered.pair(a, b, direction),
                    Standing::Several(kind, actors, roles) => {
                        parts.clear();
                        parts.extend(actors.iter().copied().zip(roles.iter().copied()));
                        gathered.take(kind, &parts, |_, _| true);
                    }
                });
            return gathered.finish(Direction::ANY, true, |_| true);
        }
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
        gathered.finish(Direction::ANY, scope.filter.kinds.is_empty(), of_kind)
    }

    /// The links of an actor that count in `directions`, with the records that do, whatever the kinds
    /// of the actors. `None` when it takes less to look up those that are asked for, one by one.
    pub(super) fn of_links(network: &Network<'_>, directions: Direction) -> Option<Self> {
        let rows = network.windowed.all().most();
        if network.rollup != Rollup::None || rows > ROWS_A_DYAD_MAX * network.windowed.dyads() {
            return None;
        }
        let mut gathered = Gathered::new(network);
        let mut parts: Vec<(Term, Role)> = Vec::new();
        network
            .windowed
            .each_standing(&mut |row, standing| match standing {
                Standing::Pair(a, b, direction) => {
                    if network.accepts_link(row, a, b) {
                        gathered.pair(a, b, direction);
                    }
                }
                Standing::Several(kind, actors, roles) => {
                    parts.clear();
                    parts.extend(actors.iter().copied().zip(roles.iter().copied()));
                    gathered.take(kind, &parts, |a, b| network.accepts_link(row, a, b));
                }
            });
        Some(gathered.finish(directions, true, |_| true))
    }

    /// The number of actors.
    pub(super) fn len(&self) -> usize {
        self.actors.len()
    }

    /// The number of pairs of neighbours.
    pub(super) fn links(&self) -> usize {
        let ends = self.lengths.iter().map(|length| *length as usize);
        ends.sum::<usize>() / 2
    }

    /// The neighbours of the actor at a place, by place.
    pub(super) fn ends(&self, at: usize) -> &[End] {
        match (self.starts.get(at), self.lengths.get(at)) {
            (Some(&start), Some(&length)) => self
                .ends
                .get(start as usize..(start + length) as usize)
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
    links: Vec<Link>,
    /// The links of one record.
    of_record: Vec<Link>,
}

impl Gathered {
    fn new(network: &Network<'_>) -> Self {
        Self {
            stands: vec![false; network.view().terms_end()],
            // Nearly every row of a data set is one link.
            links: Vec::with_capacity(network.windowed.all().most().min(ROOM_MAX)),
            of_record: Vec::new(),
        }
    }

    /// A record in which two different actors stand, and how it links them, if it does.
    fn pair(&mut self, a: Term, b: Term, direction: Option<Direction>) {
        for actor in [a, b] {
            if let Some(stands) = self.stands.get_mut(actor.index()) {
                *stands = true;
            }
        }
        if let Some(direction) = direction {
            self.links.push((a, b, direction));
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
        let counted = links.iter().filter(|link| counts(link.0, link.1));
        self.links.extend(counted);
    }

    fn finish(
        self,
        directions: Direction,
        all_kinds: bool,
        of_kind: impl Fn(&Term) -> bool,
    ) -> Adjacency {
        let mut places = vec![NOWHERE; self.stands.len()];
        let mut actors: Vec<Term> = Vec::new();
        for (index, place) in places.iter_mut().enumerate() {
            let actor = Term::at(index);
            if self.stands.get(index) == Some(&true) && (all_kinds || of_kind(&actor)) {
                *place = u32::try_from(actors.len()).unwrap_or(NOWHERE);
                actors.push(actor);
            }
        }
        let (bounds, ways) = by_place(&self.links, &places, actors.len(), directions);
        // Who is met in the order of places gives every one of its neighbours an end in that order.
        let of = |at: usize| match (bounds.get(at), bounds.get(at + 1)) {
            (Some(start), Some(end)) => ways.get(*start as usize..*end as usize),
            _ => None,
        };
        let starts = if directions == Direction::ANY {
            bounds.clone()
        } else {
            let mut counts = vec![0_u32; actors.len()];
            for way in &ways {
                if let Some(count) = counts.get_mut(way.place()) {
                    *count += 1;
                }
            }
            running(counts.into_iter())
        };
        let mut lengths = vec![0_u32; actors.len()];
        let mut ends = vec![End::NONE; ways.len()];
        for (at, number) in (0..actors.len()).zip(0_u32..) {
            for way in of(at).unwrap_or_default() {
                let start = starts.get(way.place()).copied().unwrap_or_default();
                let Some(length) = lengths.get_mut(way.place()) else {
                    continue;
                };
                // Whether the last end is to the same actor can't be foretold, so nothing hangs on it
                // but by how much is counted; an end that is new has counted nothing.
                let next = (start + *length) as usize;
                let last = ends.get(next.wrapping_sub(1)).map_or(NOWHERE, |end| end.to);
                #[expect(clippy::needless_bitwise_bool, reason = "`&&` may become a branch")]
                let known = (*length > 0) & (last == number);
                if let Some(end) = ends.get_mut(next - usize::from(known)) {
                    end.to = number;
                    end.records += 1;
                    end.directions = end.directions.or(way.direction().reversed());
                }
                *length += u32::from(!known);
            }
        }
        Adjacency {
            actors,
            starts,
            lengths,
            ends,
        }
    }
}

/// The ways of each actor to those who see him in `directions`, end to end in the order of places,
/// and where those of each start.
fn by_place(
    links: &[Link],
    places: &[u32],
    actors: usize,
    directions: Direction,
) -> (Vec<u32>, Vec<Way>) {
    let place = |actor: Term| places.get(actor.index()).copied().unwrap_or(NOWHERE);
    let within = || {
        let all = links.iter().map(|(a, b, way)| (place(*a), place(*b), *way));
        all.filter(|(a, b, _)| *a != NOWHERE && *b != NOWHERE)
    };
    let mut counts = vec![0_u32; actors];
    for (a, b, direction) in within() {
        for (from, seen) in [(a, direction.reversed()), (b, direction)] {
            if seen.meets(directions)
                && let Some(count) = counts.get_mut(from as usize)
            {
                *count += 1;
            }
        }
    }
    let bounds = running(counts.into_iter());
    let mut next = bounds.clone();
    let mut ways = vec![Way(0); bounds.last().map_or(0, |total| *total as usize)];
    for (a, b, direction) in within() {
        for (from, way) in [
            (a, Way::to(b, direction)),
            (b, Way::to(a, direction.reversed())),
        ] {
            if way.direction().reversed().meets(directions)
                && let Some(next) = next.get_mut(from as usize)
                && let Some(slot) = ways.get_mut(*next as usize)
            {
                *slot = way;
                *next += 1;
            }
        }
    }
    (bounds, ways)
}

/// Where each of some lists starts that stand end to end, and at the end their total.
fn running(lengths: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut total = 0;
    let mut starts = vec![0];
    starts.extend(lengths.map(|length| {
        total += length;
        total
    }));
    starts
}

/// A neighbour by its place, and how it is linked, in one number.
#[derive(Clone, Copy)]
struct Way(u32);

impl Way {
    /// Places are below 2^29: each is an actor with a record of its own in memory.
    fn to(place: u32, direction: Direction) -> Self {
        Self(place << 3 | u32::from(direction.bits()))
    }

    fn place(self) -> usize {
        (self.0 >> 3) as usize
    }

    fn direction(self) -> Direction {
        Direction::of_bits(u8::try_from(self.0 & 7).unwrap_or_default())
    }
}
