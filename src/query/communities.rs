//! The communities of a window's network.

use std::cmp::Reverse;

use super::adjacency::Adjacency;
use super::answer::{CommunityAnswer, CommunityPage};
use super::describe::actor_brief;
use super::filter::Scope;
use super::leiden;
use super::network::Network;
use super::selection::{Page, PageOffset, Selection};
use super::timeline::meta;
use crate::graph::View;
use crate::invariant::Holds as _;

const METHOD: &str = "Leiden (Traag, Waltman and van Eck 2019) for modularity (Newman 2004) on the \
                      undirected graph weighted by records, resolution 1, refined greedily; actors \
                      without a link belong to no community";

/// Who belongs together.
#[derive(Clone, Debug)]
pub struct CommunitiesQuestion {
    /// Within what. The filter on kinds of actor leaves the others out of the network.
    pub scope: Scope,
    /// The seed of the order in which actors are looked at.
    pub seed: u64,
    /// How many members of each are named at most.
    pub members: usize,
    /// Which part.
    pub page: Page,
}

/// The communities: the largest first, then by the id of the strongest member; and where the next
/// page starts. `next` of the page is left empty.
pub fn communities<'v>(
    view: &'v View,
    question: &CommunitiesQuestion,
) -> (CommunityPage<'v>, Option<PageOffset>) {
    let scope = &question.scope;
    let network = Network::new(view, scope);
    let adjacency = Adjacency::from_network(&network, scope);
    let found = leiden::partition(&adjacency, question.seed);
    let weights: Vec<u64> = (0..adjacency.len())
        .map(|at| adjacency.weight(at))
        .collect();
    let ranked = |at: &usize| {
        let id = adjacency.actors.get(*at).map(|actor| view.text(*actor));
        (Reverse(weights.get(*at).copied()), id)
    };
    let mut all = found.members;
    let strongest = |members: &[usize]| members.iter().map(ranked).min().and_then(|(_, id)| id);
    all.sort_by_cached_key(|members| (Reverse(members.len()), strongest(members)));
    let mut community_of = vec![usize::MAX; adjacency.len()];
    for (number, members) in all.iter().enumerate() {
        for at in members {
            if let Some(of) = community_of.get_mut(*at) {
                *of = number;
            }
        }
    }
    let (page, next) = question.page.slice(&all);
    let items = page
        .iter()
        .zip(question.page.offset..)
        .map(|(members, number)| {
            let mut named = members.clone();
            if question.members < named.len() {
                named.select_nth_unstable_by_key(question.members, ranked);
                named.truncate(question.members);
            }
            named.sort_unstable_by_key(ranked);
            describe(view, &adjacency, members, &named, &community_of, number)
        });
    let page = CommunityPage {
        items: items.collect(),
        total: all.len(),
        next: None,
        modularity: found.modularity,
        method: METHOD,
        seed: question.seed,
        meta: meta(&network, &Selection::Everything, scope),
    };
    (page, next)
}

fn describe<'v>(
    view: &'v View,
    adjacency: &Adjacency,
    members: &[usize],
    named: &[usize],
    community_of: &[usize],
    number: usize,
) -> CommunityAnswer<'v> {
    let (mut inside, mut outside) = (0, 0);
    for at in members {
        for end in adjacency.ends(*at) {
            if community_of.get(end.to as usize) == Some(&number) {
                inside += 1;
            } else {
                outside += 1;
            }
        }
    }
    let actors = named.iter();
    let actors = actors.filter_map(|at| adjacency.actors.get(*at).holds("a member is an actor"));
    CommunityAnswer {
        id: number + 1,
        size: members.len(),
        members: actors.map(|actor| actor_brief(view, *actor)).collect(),
        more: members.len() - named.len(),
        // Each pair of members was met from both sides.
        links_inside: inside / 2,
        links_outside: outside,
    }
}
