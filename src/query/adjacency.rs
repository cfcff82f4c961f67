//! The simple network of a window in flat arrays, gathered once for algorithms that walk it often.
//!
//! [`graph::Links`](crate::graph::Links) looks the records up at every step: right for a walk that
//! visits each actor once, too slow for one that visits each a hundred times.

use super::filter::Scope;
use super::network::Network;
use super::rollup::Rollup;
use crate::graph::{Direction, Participants, Term, View, links_of};
use crate::invariant::{Holds as _, number_32};
use crate::model::{Kind, Role};

/// What holds of the ends of an actor's links.
const COUNTED: &str = "links are as many as were counted";
/// Records for each pair of actors up to which all links are gathered: beyond, most of the time
/// would go into counting the same pairs again.
const ROWS_A_DYAD_MAX: usize = 2;
/// Links for which room is set aside before they are gathered.
const ROOM_MAX: usize = 1 << 20;
/// No place among the actors.
const NOWHERE: u32 = u32::MAX;

/// A neighbour of an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AdjacentActor {
    /// Its place among the actors.
    pub(super) to: u32,
    /// The records that link the two.
    pub(super) records: u32,
    /// How they do, seen from the actor.
    pub(super) directions: Direction,
}

impl AdjacentActor {
    const NONE: Self = Self {
        to: NOWHERE,
        records: 0,
        directions: Direction::of_bits(0),
    };
}

/// The actors of a window and their neighbours.
#[derive(Debug)]
pub(super) struct Adjacency {
    /// In the order of ids, whatever the order in which they came: where an algorithm's own order
    /// shows, it is that. Of [links](Adjacency::of_links) in no order.
    pub(super) actors: Vec<Term>,
    /// The place of each, by term.
    place_of: Vec<u32>,
    /// Where the neighbours of each start in `ends`, ascending, and at the end their number.
    starts: Vec<u32>,
    ends: Vec<AdjacentActor>,
}

/// A link as it is gathered: two actors, and how they are linked, seen from the first.
type ActorLink = (Term, Term, Direction);

impl Adjacency {
    /// Gathers the links of the records that count. An actor is in it when it stands in such a record,
    /// linked or not, and is of a kind asked for.
    pub(super) fn from_network(network: &Network<'_>, scope: &Scope) -> Self {
        Self::around(network, scope, &[])
    }

    /// The same; the actors of `asked` are in it whatever their kind.
    pub(super) fn around(network: &Network<'_>, scope: &Scope, asked: &[Term]) -> Self {
        let mut gathered = LinkCollector::new(network);
        if network.is_plain() {
            let mut parts: Vec<(Term, Role)> = Vec::new();
            network
                .windowed
                .each_standing(&mut |_, standing| match standing {
                    Participants::Pair(a, b, direction) => gathered.pair(a, b, direction),
                    Participants::Several(kind, actors, roles) => {
                        parts.clear();
                        parts.extend(actors.iter().copied().zip(roles.iter().copied()));
                        gathered.take(kind, &parts, |_, _| true);
                    }
                });
            return gathered.finish(Direction::ANY, Some(network.view()), |_| true);
        }
        let open = network.compiled.is_open();
        let has_roles = !scope.filter.roles.is_empty();
        let mut parts: Vec<(Term, Role)> = Vec::new();
        network.windowed.each(&mut |row, kind, actors, roles| {
            if !open && !network.compiled.accepts_record(row) {
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
        let all_kinds = scope.filter.kinds.is_empty();
        let of_kind = |actor: &Term| {
            all_kinds || asked.contains(actor) || network.compiled.accepts_kind(*actor)
        };
        gathered.finish(Direction::ANY, Some(network.view()), of_kind)
    }

    /// The links of an actor that count in `directions`, with the records that do, whatever the kinds
    /// of the actors. `None` when it takes less to look up those that are asked for, one by one.
    pub(super) fn of_links(network: &Network<'_>, directions: Direction) -> Option<Self> {
        let rows = network.windowed.all().most();
        if network.rollup != Rollup::None || rows > ROWS_A_DYAD_MAX * network.windowed.dyads() {
            return None;
        }
        let mut gathered = LinkCollector::new(network);
        let mut parts: Vec<(Term, Role)> = Vec::new();
        network
            .windowed
            .each_standing(&mut |row, standing| match standing {
                Participants::Pair(a, b, direction) => {
                    if network.accepts_link(row, a, b) {
                        gathered.pair(a, b, direction);
                    }
                }
                Participants::Several(kind, actors, roles) => {
                    parts.clear();
                    parts.extend(actors.iter().copied().zip(roles.iter().copied()));
                    gathered.take(kind, &parts, |a, b| network.accepts_link(row, a, b));
                }
            });
        Some(gathered.finish(directions, None, |_| true))
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
    pub(super) fn ends(&self, at: usize) -> &[AdjacentActor] {
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&start), Some(&end)) => self
                .ends
                .get(start as usize..end as usize)
                .holds(COUNTED)
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
        let place = self.place_of.get(actor.index()).copied()?;
        (place != NOWHERE).then_some(place as usize)
    }
}

/// What has been gathered so far.
struct LinkCollector {
    /// No fewer than the ways of each actor, by term, and 0 only for those who stand in no record that
    /// counts.
    most: Vec<u32>,
    links: Vec<ActorLink>,
    /// The links of one record.
    of_record: Vec<ActorLink>,
}

impl LinkCollector {
    fn new(network: &Network<'_>) -> Self {
        Self {
            most: vec![0; network.view().terms_end()],
            // Nearly every row of a data set is one link.
            links: Vec::with_capacity(network.windowed.all().most().min(ROOM_MAX)),
            of_record: Vec::new(),
        }
    }

    /// A record in which two different actors stand, and how it links them, if it does.
    fn pair(&mut self, a: Term, b: Term, direction: Option<Direction>) {
        self.stand([a, b]);
        if let Some(direction) = direction {
            self.links.push((a, b, direction));
        }
    }

    fn stand(&mut self, actors: impl IntoIterator<Item = Term>) {
        for actor in actors {
            if let Some(most) = self.most.get_mut(actor.index()) {
                *most += 1;
            }
        }
    }

    fn take(&mut self, kind: Kind, parts: &[(Term, Role)], counts: impl Fn(Term, Term) -> bool) {
        self.stand(parts.iter().map(|(actor, _)| *actor));
        let mut links = std::mem::take(&mut self.of_record);
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
        for (a, b, direction) in links.drain(..) {
            if counts(a, b) {
                self.pair(a, b, Some(direction));
            }
        }
        self.of_record = links;
    }

    /// The links of the actors for whom `of_kind` holds; in the order of their ids where `by_id` tells
    /// these.
    fn finish(
        self,
        directions: Direction,
        by_id: Option<&View>,
        of_kind: impl Fn(&Term) -> bool,
    ) -> Adjacency {
        let mut seats = vec![ActorSlot::NONE; self.most.len()];
        let mut actors: Vec<Term> = Vec::new();
        let mut total = 0;
        for (index, (seat, most)) in seats.iter_mut().zip(&self.most).enumerate() {
            let actor = Term::at(index);
            if *most > 0 && of_kind(&actor) {
                seat.first = total;
                seat.next = total;
                total += *most;
                actors.push(actor);
            }
        }
        if let Some(view) = by_id {
            actors = in_order_of_ids(view, &actors);
        }
        let mut place_of = vec![NOWHERE; self.most.len()];
        for (place, actor) in (0..).zip(&actors) {
            if let Some(of_actor) = place_of.get_mut(actor.index()) {
                *of_actor = place;
            }
            if let Some(seat) = seats.get_mut(actor.index()) {
                seat.place = place;
            }
        }
        let ways = ways(&self.links, &mut seats, directions, total);
        let of_actors = actors.iter().map(|actor| {
            let seat = seats.get(actor.index());
            let range = seat.map_or(0..0, |seat| seat.first as usize..seat.next as usize);
            ways.get(range).holds(COUNTED).unwrap_or_default()
        });
        let (starts, ends) = counted(of_actors, actors.len());
        let seen = Adjacency {
            actors,
            place_of,
            starts,
            ends,
        };
        seen.transposed()
    }
}

impl Adjacency {
    /// The same links from their other ends: the neighbours of each ascend.
    fn transposed(self) -> Self {
        let mut counts = vec![0_u32; self.len()];
        for end in &self.ends {
            if let Some(count) = counts.get_mut(end.to as usize) {
                *count += 1;
            }
        }
        let starts = running(counts.into_iter());
        let mut next = starts.clone();
        let mut ends = vec![AdjacentActor::NONE; self.ends.len()];
        // Who is met in the order of places gives every one of its neighbours an end in that order.
        for (at, place) in (0..self.len()).zip(0..) {
            for end in self.ends(at) {
                if let Some(next) = next.get_mut(end.to as usize)
                    && let Some(slot) = ends.get_mut(*next as usize)
                {
                    *next += 1;
                    *slot = AdjacentActor {
                        to: place,
                        directions: end.directions.reversed(),
                        ..*end
                    };
                }
            }
        }
        Self {
            actors: self.actors,
            place_of: self.place_of,
            starts,
            ends,
        }
    }
}

/// Actors in the order of their ids. Most differ within their first bytes, which are compared as one
/// number.
fn in_order_of_ids(view: &View, actors: &[Term]) -> Vec<Term> {
    let beginning = |actor: &Term| {
        let mut bytes = [0; 8];
        for (byte, of_id) in bytes.iter_mut().zip(view.text(*actor).bytes()) {
            *byte = of_id;
        }
        u64::from_be_bytes(bytes)
    };
    let mut keyed: Vec<(u64, Term)> = actors
        .iter()
        .map(|actor| (beginning(actor), *actor))
        .collect();
    keyed.sort_unstable_by(|one, two| {
        let by_beginning = one.0.cmp(&two.0);
        by_beginning.then_with(|| view.text(one.1).cmp(view.text(two.1)))
    });
    keyed.into_iter().map(|(_, actor)| actor).collect()
}

/// An actor on its way into an [`Adjacency`].
#[derive(Clone, Copy)]
struct ActorSlot {
    /// Its place.
    place: u32,
    /// Where its ways start, and where the next one goes.
    first: u32,
    next: u32,
}

impl ActorSlot {
    const NONE: Self = Self {
        place: NOWHERE,
        first: 0,
        next: 0,
    };
}

/// To whom the ways of each actor lead: each neighbour once, with the number of ways, in no order;
/// and where those of each start.
fn counted<'a>(
    of_actors: impl Iterator<Item = &'a [PackedNeighbour]>,
    actors: usize,
) -> (Vec<u32>, Vec<AdjacentActor>) {
    let mut starts = Vec::with_capacity(actors + 1);
    let mut ends: Vec<AdjacentActor> = Vec::new();
    // The ways of one actor to each place, and the places to which there are some, with room for one
    // more than there can be.
    let mut to_place = vec![(0_u32, Direction::default()); actors];
    let mut places = vec![0_u32; actors + 1];
    for of_actor in of_actors {
        starts.push(number_32(ends.len()));
        let mut met = 0;
        for way in of_actor {
            if let (Some((records, directions)), Some(place)) =
                (to_place.get_mut(way.place() as usize), places.get_mut(met))
            {
                // Whether it leads to somebody new can't be foretold, so nothing hangs on it but by
                // how much is counted.
                *place = way.place();
                met += usize::from(*records == 0);
                *records += 1;
                *directions = directions.or(way.direction());
            }
        }
        for to in places.iter().take(met) {
            if let Some(counted) = to_place.get_mut(*to as usize) {
                let (records, directions) = std::mem::take(counted);
                ends.push(AdjacentActor {
                    to: *to,
                    records,
                    directions,
                });
            }
        }
    }
    starts.push(number_32(ends.len()));
    (starts, ends)
}

/// The ways of each actor to those who see him in `directions`, from where its seat tells on; there
/// are at most `total`.
fn ways(
    links: &[ActorLink],
    seats: &mut [ActorSlot],
    directions: Direction,
    total: u32,
) -> Vec<PackedNeighbour> {
    let mut ways = vec![PackedNeighbour(0); total as usize];
    for (a, b, direction) in links {
        let places =
            [a, b].map(|actor| seats.get(actor.index()).map_or(NOWHERE, |seat| seat.place));
        let [at_a, at_b] = places;
        if at_a == NOWHERE || at_b == NOWHERE {
            continue;
        }
        for (from, way) in [
            (a, PackedNeighbour::to(at_b, *direction)),
            (b, PackedNeighbour::to(at_a, direction.reversed())),
        ] {
            if way.direction().reversed().meets(directions)
                && let Some(seat) = seats.get_mut(from.index())
                && let Some(slot) = ways.get_mut(seat.next as usize)
            {
                *slot = way;
                seat.next += 1;
            }
        }
    }
    ways
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
struct PackedNeighbour(u32);

impl PackedNeighbour {
    /// Places are below 2^29: each is an actor with a record of its own in memory.
    fn to(place: u32, direction: Direction) -> Self {
        Self(place << Direction::BITS | u32::from(direction.bits()))
    }

    fn place(self) -> u32 {
        self.0 >> Direction::BITS
    }

    fn direction(self) -> Direction {
        let [.., low] = self.0.to_be_bytes();
        Direction::of_bits(low)
    }
}
