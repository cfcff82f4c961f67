//! The Leiden method: a partition of a network into communities of high modularity, each connected.
//!
//! V. A. Traag, L. Waltman and N. J. van Eck, *From Louvain to Leiden: guaranteeing well-connected
//! communities*, Scientific Reports 9, 5233 (2019). Two choices make it repeatable: all that is random
//! comes from one seed, and a node joins the best community at hand, not one drawn by its gain (the
//! paper's θ → 0). Gains are compared as whole numbers, so no rounding decides.

use std::collections::VecDeque;

use super::adjacency::Adjacency;
use super::shuffle::Shuffle;

/// A partition of the places that have a neighbour.
pub(super) struct Partition {
    pub(super) members: Vec<Vec<usize>>,
    pub(super) modularity: f64,
}

/// A network whose nodes stand for parts of the first one.
struct Level {
    starts: Vec<usize>,
    /// Neighbours with the weight of the link; none is the node itself.
    ends: Vec<(usize, u64)>,
    /// The weights of all links of a node, those within it twice.
    strengths: Vec<u64>,
    /// The weights of all links, twice.
    total: u64,
}

/// Which community each node belongs to, by number.
type Communities = Vec<usize>;

/// Finds communities. Places without a neighbour are in none.
#[expect(
    clippy::indexing_slicing,
    reason = "nodes of one level, in arrays of its length"
)]
pub(super) fn partition(adjacency: &Adjacency, seed: u64) -> Partition {
    let mut shuffle = Shuffle::seeded(seed);
    let first = Level::of(adjacency);
    // The node of the present level that each place belongs to.
    let mut node_of: Vec<usize> = (0..adjacency.len()).collect();
    let mut found: Communities = node_of.clone();
    let mut level = Level::of(adjacency);
    loop {
        level.improve(&mut found, &mut shuffle);
        let refined = level.refine(&found, &mut shuffle);
        let (numbers, count) = numbered(&refined);
        if count == level.nodes() {
            break;
        }
        let mut next_found = vec![0; count];
        for (node, number) in numbers.iter().enumerate() {
            next_found[*number] = found[node];
        }
        level = level.joined(&numbers, count);
        for node in &mut node_of {
            *node = numbers[*node];
        }
        found = numbered(&next_found).0;
    }
    let of_place: Communities = node_of.iter().map(|node| found[*node]).collect();
    let (numbers, count) = numbered(&of_place);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (place, number) in numbers.iter().enumerate() {
        if !first.links(place).is_empty() {
            members[*number].push(place);
        }
    }
    members.retain(|members| !members.is_empty());
    Partition {
        members,
        modularity: first.modularity(&numbers, count),
    }
}

/// The same partition with the numbers from 0 on, in the order of first sight.
#[expect(
    clippy::indexing_slicing,
    reason = "communities have numbers below that of nodes"
)]
fn numbered(communities: &Communities) -> (Communities, usize) {
    let largest = communities.iter().max().map_or(0, |max| max + 1);
    let mut numbers = vec![usize::MAX; largest];
    let mut count = 0;
    let renumbered = communities.iter().map(|community| {
        if numbers[*community] == usize::MAX {
            numbers[*community] = count;
            count += 1;
        }
        numbers[*community]
    });
    (renumbered.collect(), count)
}

#[expect(
    clippy::indexing_slicing,
    reason = "nodes of one level, in arrays of its length"
)]
impl Level {
    fn of(adjacency: &Adjacency) -> Self {
        let nodes = adjacency.len();
        let mut level = Self {
            starts: vec![0],
            ends: Vec::with_capacity(2 * adjacency.links()),
            strengths: (0..nodes).map(|at| adjacency.weight(at)).collect(),
            total: 0,
        };
        level.total = level.strengths.iter().sum();
        for at in 0..nodes {
            let ends = adjacency.ends(at).iter();
            level
                .ends
                .extend(ends.map(|end| (end.to as usize, u64::from(end.records))));
            level.starts.push(level.ends.len());
        }
        level
    }

    fn nodes(&self) -> usize {
        self.strengths.len()
    }

    fn links(&self, node: usize) -> &[(usize, u64)] {
        &self.ends[self.starts[node]..self.starts[node + 1]]
    }

    /// What a community gains by a node that has links of `weight` with it, in units of 1 / total².
    fn gain(&self, weight: u64, strength: u64, community: u64) -> i128 {
        i128::from(weight) * i128::from(self.total) - i128::from(strength) * i128::from(community)
    }

    fn strengths_of(&self, communities: &Communities) -> Vec<u64> {
        let mut strengths = vec![0; self.nodes()];
        for (node, community) in communities.iter().enumerate() {
            strengths[*community] += self.strengths[node];
        }
        strengths
    }

    /// Moves nodes to the communities where they add most, until none wants to.
    fn improve(&self, found: &mut Communities, shuffle: &mut Shuffle) {
        let nodes = self.nodes();
        let mut strengths = self.strengths_of(found);
        let mut order: Vec<usize> = (0..nodes).collect();
        shuffle.first(&mut order, nodes);
        let mut waits = vec![true; nodes];
        let mut queue: VecDeque<usize> = order.into();
        let mut weights = vec![0_u64; nodes];
        let mut near: Vec<usize> = Vec::new();
        while let Some(node) = queue.pop_front() {
            waits[node] = false;
            let home = found[node];
            near.clear();
            near.push(home);
            for &(other, weight) in self.links(node) {
                let community = found[other];
                if weights[community] == 0 && community != home {
                    near.push(community);
                }
                weights[community] += weight;
            }
            let strength = self.strengths[node];
            strengths[home] -= strength;
            let mut best = (self.gain(weights[home], strength, strengths[home]), home);
            for &community in near.iter().skip(1) {
                let gain = self.gain(weights[community], strength, strengths[community]);
                if gain > best.0 || (gain == best.0 && best.1 != home && community < best.1) {
                    best = (gain, community);
                }
            }
            for &community in &near {
                weights[community] = 0;
            }
            strengths[best.1] += strength;
            found[node] = best.1;
            if best.1 != home {
                for &(other, _) in self.links(node) {
                    if found[other] != best.1 && !waits[other] {
                        waits[other] = true;
                        queue.push_back(other);
                    }
                }
            }
        }
    }

    /// Splits communities into well-connected parts: each node starts alone and joins a part of its
    /// own community, if both hang together with the rest of it.
    fn refine(&self, found: &Communities, shuffle: &mut Shuffle) -> Communities {
        let nodes = self.nodes();
        let whole = self.strengths_of(found);
        let mut parts: Communities = (0..nodes).collect();
        let mut strengths = self.strengths.clone();
        // The links of each part with the rest of its community.
        let mut outward: Vec<u64> = (0..nodes)
            .map(|node| {
                let inside = self.links(node).iter();
                let inside = inside.filter(|(other, _)| found[*other] == found[node]);
                inside.map(|(_, weight)| *weight).sum()
            })
            .collect();
        let mut alone = vec![true; nodes];
        let mut order: Vec<usize> = (0..nodes).collect();
        shuffle.first(&mut order, nodes);
        let mut weights = vec![0_u64; nodes];
        let mut near: Vec<usize> = Vec::new();
        for node in order {
            let community = whole[found[node]];
            let hangs = |outward: u64, strength: u64| {
                self.gain(outward, strength, community - strength) >= 0
            };
            if !alone[node] || !hangs(outward[node], self.strengths[node]) {
                continue;
            }
            near.clear();
            for &(other, weight) in self.links(node) {
                if found[other] != found[node] {
                    continue;
                }
                let part = parts[other];
                if weights[part] == 0 {
                    near.push(part);
                }
                weights[part] += weight;
            }
            let strength = self.strengths[node];
            let mut best = (0, node);
            for &part in &near {
                if !hangs(outward[part], strengths[part]) {
                    continue;
                }
                let gain = self.gain(weights[part], strength, strengths[part]);
                if gain > best.0 || (gain == best.0 && best.1 != node && part < best.1) {
                    best = (gain, part);
                }
            }
            let (_, part) = best;
            if part != node {
                parts[node] = part;
                alone[node] = false;
                alone[part] = false;
                strengths[part] += strength;
                outward[part] = outward[part] + outward[node] - 2 * weights[part];
            }
            for &part in &near {
                weights[part] = 0;
            }
        }
        parts
    }

    /// The network in which each part is a node.
    fn joined(&self, part_of: &Communities, parts: usize) -> Self {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); parts];
        for (node, part) in part_of.iter().enumerate() {
            members[*part].push(node);
        }
        let mut joined = Self {
            starts: vec![0],
            ends: Vec::new(),
            strengths: Vec::with_capacity(parts),
            total: self.total,
        };
        let mut weights = vec![0_u64; parts];
        let mut near: Vec<usize> = Vec::new();
        for (part, nodes) in members.iter().enumerate() {
            near.clear();
            for &(other, weight) in nodes.iter().flat_map(|node| self.links(*node)) {
                let to = part_of[other];
                if to == part {
                    continue;
                }
                if weights[to] == 0 {
                    near.push(to);
                }
                weights[to] += weight;
            }
            near.sort_unstable();
            for &to in &near {
                joined.ends.push((to, weights[to]));
                weights[to] = 0;
            }
            joined.starts.push(joined.ends.len());
            let strengths = nodes.iter().map(|node| self.strengths[*node]);
            joined.strengths.push(strengths.sum());
        }
        joined
    }

    /// The share of links within communities, less that expected by chance; 0 without links.
    #[expect(
        clippy::cast_precision_loss,
        reason = "numbers of records are far below 2^52"
    )]
    fn modularity(&self, numbers: &Communities, count: usize) -> f64 {
        if self.total == 0 {
            return 0.0;
        }
        let mut inside = vec![0_u64; count];
        let mut strengths = vec![0_u64; count];
        for (node, community) in numbers.iter().enumerate() {
            strengths[*community] += self.strengths[node];
            let links = self.links(node).iter();
            let within = links.filter(|(other, _)| numbers[*other] == *community);
            inside[*community] += within.map(|(_, weight)| *weight).sum::<u64>();
        }
        let total = self.total as f64;
        let of = inside.iter().zip(&strengths);
        of.map(|(inside, strength)| {
            *inside as f64 / total - (*strength as f64 / total) * (*strength as f64 / total)
        })
        .sum()
    }
}
