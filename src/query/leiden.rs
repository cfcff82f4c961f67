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
    /// Where the neighbours of each node start, and at the end their number.
    starts: Vec<usize>,
    /// Neighbours, ascending for each node; none is the node itself.
    ends: Vec<u32>,
    /// The weight of the link with each.
    weights: Vec<u64>,
    /// The weights of all links of a node, those within it twice.
    strengths: Vec<u64>,
    /// The weights of all links, twice.
    total: u64,
}

/// Which community each node belongs to, by number.
type Communities = Vec<u32>;

/// Finds communities. Places without a neighbour are in none.
#[expect(
    clippy::indexing_slicing,
    reason = "nodes of one level, in arrays of its length"
)]
pub(super) fn partition(adjacency: &Adjacency, seed: u64) -> Partition {
    let mut shuffle = Shuffle::seeded(seed);
    let first = Level::from_adjacency(adjacency);
    // From the partition found on, until that changes nothing more.
    let mut found: Communities = numbers(first.nodes()).collect();
    let mut quality = first.quality(&found);
    loop {
        let next = run(&first, &found, &mut shuffle);
        let of_next = first.quality(&next);
        if of_next <= quality {
            break;
        }
        (found, quality) = (next, of_next);
    }
    let (found, count) = numbered(&found);
    let modularity = first.modularity(&found, count);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (place, community) in found.iter().enumerate() {
        if !first.neighbours(place).is_empty() {
            members[*community as usize].push(place);
        }
    }
    members.retain(|members| !members.is_empty());
    Partition {
        members,
        modularity,
    }
}

/// The communities of the nodes of the first level, after one run through the levels from a partition on.
#[expect(
    clippy::indexing_slicing,
    reason = "nodes of one level, in arrays of its length"
)]
fn run(first: &Level, start: &Communities, shuffle: &mut Shuffle) -> Communities {
    let mut joined: Option<Level> = None;
    // The node of the present level that each place belongs to.
    let mut node_of: Communities = numbers(first.nodes()).collect();
    let mut found: Communities = start.clone();
    loop {
        let level = joined.as_ref().unwrap_or(first);
        level.improve(&mut found, shuffle);
        let refined = level.refine(&found, shuffle);
        let (parts, count) = numbered(&refined);
        if count == level.nodes() {
            break;
        }
        let mut next_found = vec![0; count];
        for (node, part) in parts.iter().enumerate() {
            next_found[*part as usize] = found[node];
        }
        joined = Some(level.joined(&parts, count));
        for node in &mut node_of {
            *node = parts[*node as usize];
        }
        found = numbered(&next_found).0;
    }
    node_of.iter().map(|node| found[*node as usize]).collect()
}

/// The numbers of so many nodes. They are below 2^32: each stands for an actor or more.
fn numbers(nodes: usize) -> impl Iterator<Item = u32> {
    (0..=u32::MAX).take(nodes)
}

/// The same partition with the numbers from 0 on, in the order of first sight.
#[expect(
    clippy::indexing_slicing,
    reason = "communities have numbers below that of nodes"
)]
fn numbered(communities: &Communities) -> (Communities, usize) {
    let largest = communities.iter().max().map_or(0, |max| max + 1);
    let mut numbers = vec![u32::MAX; largest as usize];
    let mut count = 0;
    let renumbered = communities.iter().map(|community| {
        let number = &mut numbers[*community as usize];
        if *number == u32::MAX {
            *number = count;
            count += 1;
        }
        *number
    });
    let renumbered = renumbered.collect();
    (renumbered, count as usize)
}

/// The weights of the links of one node with each community, and which it has links with.
struct CommunityWeights {
    weights: Vec<u64>,
    /// The communities, of which `met` are; the rest is room.
    communities: Vec<u32>,
    met: usize,
}

#[expect(
    clippy::indexing_slicing,
    reason = "communities have numbers below that of nodes; a node has links with no more than all"
)]
impl CommunityWeights {
    fn from_adjacency(nodes: usize) -> Self {
        Self {
            weights: vec![0; nodes],
            communities: vec![0; nodes + 1],
            met: 0,
        }
    }

    /// Adds a link. Whether the community is new cannot be foretold, so nothing hangs on it but by
    /// how much is counted.
    fn add(&mut self, community: u32, weight: u64) {
        let known = &mut self.weights[community as usize];
        self.communities[self.met] = community;
        self.met += usize::from(*known == 0);
        *known += weight;
    }

    fn communities(&self) -> &[u32] {
        &self.communities[..self.met]
    }

    fn weight(&self, community: u32) -> u64 {
        self.weights[community as usize]
    }

    fn clear(&mut self) {
        for community in &self.communities[..self.met] {
            self.weights[*community as usize] = 0;
        }
        self.met = 0;
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "nodes of one level, in arrays of its length"
)]
impl Level {
    fn from_adjacency(adjacency: &Adjacency) -> Self {
        let nodes = adjacency.len();
        let links = 2 * adjacency.links();
        let mut level = Self {
            starts: Vec::with_capacity(nodes + 1),
            ends: Vec::with_capacity(links),
            weights: Vec::with_capacity(links),
            strengths: Vec::with_capacity(nodes),
            total: 0,
        };
        level.starts.push(0);
        for at in 0..nodes {
            let mut strength = 0;
            for end in adjacency.ends(at) {
                level.ends.push(end.to);
                level.weights.push(end.records.into());
                strength += u64::from(end.records);
            }
            level.starts.push(level.ends.len());
            level.strengths.push(strength);
            level.total += strength;
        }
        level
    }

    fn nodes(&self) -> usize {
        self.strengths.len()
    }

    fn neighbours(&self, node: usize) -> &[u32] {
        &self.ends[self.starts[node]..self.starts[node + 1]]
    }

    /// The neighbours of a node with the weights of the links.
    fn links(&self, node: usize) -> impl Iterator<Item = (u32, u64)> {
        let weights = &self.weights[self.starts[node]..self.starts[node + 1]];
        let neighbours = self.neighbours(node).iter().copied();
        neighbours.zip(weights.iter().copied())
    }

    /// What a community gains by a node that has links of `weight` with it, in units of 1 / total².
    /// Weights count records, far fewer than 2^63, so that nothing wraps.
    fn gain(&self, weight: u64, strength: u64, community: u64) -> i128 {
        let product = |a: u64, b: u64| i128::from(a).wrapping_mul(i128::from(b));
        product(weight, self.total).wrapping_sub(product(strength, community))
    }

    fn strengths_of(&self, communities: &Communities) -> Vec<u64> {
        let mut strengths = vec![0; self.nodes()];
        for (community, strength) in communities.iter().zip(&self.strengths) {
            strengths[*community as usize] += strength;
        }
        strengths
    }

    /// All nodes in some order.
    fn shuffled(&self, shuffle: &mut Shuffle) -> Vec<u32> {
        let mut order: Vec<u32> = numbers(self.nodes()).collect();
        shuffle.first(&mut order, self.nodes());
        order
    }

    /// Moves nodes to the communities where they add most, until none wants to.
    fn improve(&self, found: &mut Communities, shuffle: &mut Shuffle) {
        let nodes = self.nodes();
        let mut strengths = self.strengths_of(found);
        let mut waits = vec![true; nodes];
        // Who has all neighbours in his own community would not move.
        let is_at_edge = |node: &u32| {
            let home = found[*node as usize];
            let mut neighbours = self.neighbours(*node as usize).iter();
            neighbours.any(|other| found[*other as usize] != home)
        };
        let mut queue: VecDeque<u32> = self.shuffled(shuffle).into();
        queue.retain(is_at_edge);
        waits.fill(false);
        for node in &queue {
            waits[*node as usize] = true;
        }
        let mut near = CommunityWeights::from_adjacency(nodes);
        while let Some(node) = queue.pop_front() {
            let node = node as usize;
            waits[node] = false;
            let home = found[node];
            for (other, weight) in self.links(node) {
                near.add(found[other as usize], weight);
            }
            let strength = self.strengths[node];
            strengths[home as usize] -= strength;
            let gain = |community: u32| {
                let weight = near.weight(community);
                self.gain(weight, strength, strengths[community as usize])
            };
            let mut best = (gain(home), home);
            for &community in near.communities() {
                let gain = gain(community);
                if gain > best.0 || (gain == best.0 && best.1 != home && community < best.1) {
                    best = (gain, community);
                }
            }
            near.clear();
            let (_, best) = best;
            strengths[best as usize] += strength;
            if best != home {
                found[node] = best;
                for &other in self.neighbours(node) {
                    if found[other as usize] != best && !waits[other as usize] {
                        waits[other as usize] = true;
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
        let mut parts: Communities = numbers(nodes).collect();
        let mut strengths = self.strengths.clone();
        // The links of each part with the rest of its community.
        let mut outward: Vec<u64> = (0..nodes)
            .map(|node| {
                let inside = self.links(node);
                let inside = inside.filter(|(other, _)| found[*other as usize] == found[node]);
                inside.map(|(_, weight)| weight).sum()
            })
            .collect();
        let mut alone = vec![true; nodes];
        let mut near = CommunityWeights::from_adjacency(nodes);
        for number in self.shuffled(shuffle) {
            let node = number as usize;
            let community = whole[found[node] as usize];
            let hangs = |outward: u64, strength: u64| {
                self.gain(outward, strength, community - strength) >= 0
            };
            if !alone[node] || !hangs(outward[node], self.strengths[node]) {
                continue;
            }
            for (other, weight) in self.links(node) {
                if found[other as usize] == found[node] {
                    near.add(parts[other as usize], weight);
                }
            }
            let strength = self.strengths[node];
            let mut best = (0, number);
            for &part in near.communities() {
                if !hangs(outward[part as usize], strengths[part as usize]) {
                    continue;
                }
                let gain = self.gain(near.weight(part), strength, strengths[part as usize]);
                if gain > best.0 || (gain == best.0 && best.1 != number && part < best.1) {
                    best = (gain, part);
                }
            }
            if best.1 != number {
                let part = best.1 as usize;
                parts[node] = best.1;
                alone[node] = false;
                alone[part] = false;
                strengths[part] += strength;
                outward[part] = outward[part] + outward[node] - 2 * near.weight(best.1);
            }
            near.clear();
        }
        parts
    }

    /// The network in which each part is a node.
    fn joined(&self, part_of: &Communities, parts: usize) -> Self {
        let mut joined = Self {
            starts: Vec::with_capacity(parts + 1),
            ends: Vec::new(),
            weights: Vec::new(),
            strengths: vec![0; parts],
            total: self.total,
        };
        // The nodes of each part, end to end.
        let mut next = vec![0; parts];
        for (node, part) in part_of.iter().enumerate() {
            next[*part as usize] += 1;
            joined.strengths[*part as usize] += self.strengths[node];
        }
        let mut total = 0;
        for count in &mut next {
            total += *count;
            *count = total - *count;
        }
        let mut members = vec![0; part_of.len()];
        for (node, part) in part_of.iter().enumerate() {
            members[next[*part as usize]] = node;
            next[*part as usize] += 1;
        }
        // The parts that each has links with, as they are met.
        let mut near = CommunityWeights::from_adjacency(parts);
        let mut met: Vec<(u32, u64)> = Vec::new();
        let mut start = 0;
        joined.starts.push(0);
        for (part, &end) in (0_u32..).zip(&next) {
            for (other, weight) in members[start..end]
                .iter()
                .flat_map(|node| self.links(*node))
            {
                let to = part_of[other as usize];
                if to != part {
                    near.add(to, weight);
                }
            }
            start = end;
            let communities = near.communities().iter();
            met.extend(communities.map(|to| (*to, near.weight(*to))));
            near.clear();
            joined.starts.push(met.len());
        }
        // A link has the same weight from either end. So gone through by part, what each part met
        // gives the others their neighbours in order.
        joined.ends = vec![0; met.len()];
        joined.weights = vec![0; met.len()];
        next.copy_from_slice(&joined.starts[..parts]);
        for (part, bounds) in (0_u32..).zip(joined.starts.windows(2)) {
            for (to, weight) in &met[bounds[0]..bounds[1]] {
                let place = &mut next[*to as usize];
                joined.ends[*place] = part;
                joined.weights[*place] = *weight;
                *place += 1;
            }
        }
        joined
    }

    /// What a partition is worth, in units of 1 / total²: compared as whole numbers, so that no rounding
    /// decides.
    fn quality(&self, communities: &Communities) -> i128 {
        let mut inside = 0_u64;
        for (node, home) in communities.iter().enumerate() {
            let links = self.links(node);
            let within = links.filter(|(other, _)| communities[*other as usize] == *home);
            inside += within.map(|(_, weight)| weight).sum::<u64>();
        }
        let expected = self.strengths_of(communities).into_iter().map(|strength| {
            let strength = i128::from(strength);
            strength.wrapping_mul(strength)
        });
        i128::from(inside)
            .wrapping_mul(self.total.into())
            .wrapping_sub(expected.fold(0, i128::wrapping_add))
    }

    /// The share of links within communities, less that expected by chance; 0 without links. Links
    /// within a node are within its community.
    #[expect(
        clippy::cast_precision_loss,
        reason = "numbers of records are far below 2^52"
    )]
    fn modularity(&self, numbers: &Communities, count: usize) -> f64 {
        if self.total == 0 {
            return 0.0;
        }
        // The weights of the links that leave each.
        let mut outside = vec![0_u64; count];
        let mut strengths = vec![0_u64; count];
        for (node, community) in numbers.iter().enumerate() {
            strengths[*community as usize] += self.strengths[node];
            let links = self.links(node);
            let leaving = links.filter(|(other, _)| numbers[*other as usize] != *community);
            outside[*community as usize] += leaving.map(|(_, weight)| weight).sum::<u64>();
        }
        let total = self.total as f64;
        let of = outside.iter().zip(&strengths);
        of.map(|(outside, strength)| {
            let inside = (*strength - *outside) as f64 / total;
            inside - (*strength as f64 / total) * (*strength as f64 / total)
        })
        .sum()
    }
}
