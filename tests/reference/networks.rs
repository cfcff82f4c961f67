//! Networks and degrees against loops over plain records.

use std::collections::{BTreeMap, BTreeSet};

use chancery::engine::{Engine, ImportStatus, KnownAt};
use chancery::graph::View;
use chancery::model::Id;
use chancery::query::{
    ActorMatch, BETWEENNESS_STEPS_MAX, CommunitiesQuestion, GraphQuestion, Order, Page,
    RankingMeasure, RankingsQuestion, Scope, communities, graph, rankings, rankings_within,
};
use serde_json::{Value, json};

use super::answers::Reference;
use super::import;
use super::store::Entry;
use super::world::Chosen;

const ALL: Page = Page {
    limit: 1000,
    offset: 0,
};

/// Everybody who counts in some record, with the records that link each pair: source, target, number.
struct Network {
    actors: Vec<Id>,
    links: BTreeMap<(String, String), [usize; 4]>,
}

impl Network {
    fn from_reference(reference: &Reference<'_>) -> Self {
        let actors: Vec<Id> = reference.standing().into_iter().collect();
        let mut links = BTreeMap::new();
        for a in &actors {
            for b in actors.iter().filter(|b| *b > a) {
                let between = reference.linking(a, b);
                let ways = |way: usize| between.iter().filter(|ways| ways[way]).count();
                if !between.is_empty() {
                    let counts = [between.len(), ways(0), ways(1), ways(2)];
                    links.insert((a.to_string(), b.to_string()), counts);
                }
            }
        }
        Self { actors, links }
    }

    fn degree(&self, id: &str, weighted: bool) -> usize {
        let of = self.links.iter().filter(|((a, b), _)| a == id || b == id);
        of.map(|(_, counts)| if weighted { counts[0] } else { 1 })
            .sum()
    }
}

/// Asks both for the network of a scope; panics when they disagree.
pub(crate) fn ask_networks(view: &View, entries: &[Entry], scope: &Scope, about: &str) {
    let reference = Reference::new(entries, scope);
    let network = Network::from_reference(&reference);
    let everyone = Scope {
        filter: chancery::query::Filter {
            kinds: Vec::new(),
            ..scope.filter.clone()
        },
        ..scope.clone()
    };
    let of_all_kinds = Reference::new(entries, &everyone);
    let records = |id: &str| {
        let chosen = Chosen::Actors(vec![id.to_owned()], ActorMatch::Any);
        of_all_kinds.timeline(&chosen, Order::Ascending, ALL).total
    };
    for (by, weighted) in [
        (RankingMeasure::Degree, false),
        (RankingMeasure::WeightedDegree, true),
    ] {
        let question = RankingsQuestion {
            by,
            scope: scope.clone(),
            seed: 1,
            page: ALL,
        };
        let found = rankings(view, &question).0;
        let mut expected: Vec<(usize, String)> = network
            .actors
            .iter()
            .map(|actor| (network.degree(actor.as_str(), weighted), actor.to_string()))
            .collect();
        expected.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let shown: Vec<(f64, &str, usize)> = found
            .items
            .iter()
            .map(|item| (item.score, &*item.actor.id, item.records))
            .collect();
        let expected: Vec<(f64, &str, usize)> = expected
            .iter()
            .map(|(score, id)| {
                (
                    f64::from(u32::try_from(*score).unwrap()),
                    id.as_str(),
                    records(id),
                )
            })
            .collect();
        assert_eq!(shown, expected, "{by:?}: {about}");
    }
    let ranks = rankings(
        view,
        &RankingsQuestion {
            by: RankingMeasure::PageRank,
            scope: scope.clone(),
            seed: 1,
            page: ALL,
        },
    );
    let sum: f64 = ranks.0.items.iter().map(|item| item.score).sum();
    assert!(
        ranks.0.items.is_empty() || (sum - 1.0).abs() < 1e-9,
        "{about}"
    );
    let question = GraphQuestion {
        actors: Vec::new(),
        hops: 1,
        limit: 500,
        events: false,
        scope: scope.clone(),
    };
    let drawn = graph(view, &question);
    let not_occurred = reference.not_occurred(&Chosen::Everything);
    let told = [drawn.meta.not_occurred, ranks.0.meta.not_occurred];
    assert_eq!(told, [not_occurred; 2], "{about}");
    let links: BTreeMap<(String, String), [usize; 4]> = drawn
        .links
        .iter()
        .map(|link| {
            let counts = [link.records, link.a_to_b, link.b_to_a, link.together];
            ((link.source.to_string(), link.target.to_string()), counts)
        })
        .collect();
    assert_eq!(links, network.links, "{about}");
    let members = communities_of(view, scope, (links.len(), not_occurred), about);
    let linked: BTreeSet<String> = network
        .links
        .keys()
        .flat_map(|(a, b)| [a.clone(), b.clone()])
        .collect();
    assert_eq!(members, linked, "{about}");
}

/// The members of all communities of a scope, between which there are so many links, and of which so many
/// events are left out.
fn communities_of(
    view: &View,
    scope: &Scope,
    (links, not_occurred): (usize, Option<usize>),
    about: &str,
) -> BTreeSet<String> {
    let question = CommunitiesQuestion {
        scope: scope.clone(),
        seed: 1,
        members: usize::MAX,
        page: ALL,
    };
    let found = communities(view, &question).0;
    assert_eq!(found.meta.not_occurred, not_occurred, "{about}");
    let inside: usize = found.items.iter().map(|item| item.links_inside).sum();
    let outside: usize = found.items.iter().map(|item| item.links_outside).sum();
    assert_eq!(2 * inside + outside, 2 * links, "{about}");
    let members = found.items.iter().flat_map(|item| &item.members);
    members.map(|member| member.id.to_string()).collect()
}

/// Who stands on how many shortest paths, in a network that is too large to look at all of them: told
/// from a sample, the scores are off by no more than the answer says.
#[test]
fn betweenness_of_a_sample_keeps_its_bound() {
    const ACTORS: usize = 200;
    let engine = Engine::temporary().unwrap();
    let actor = |at: usize| json!({"record": "actor", "id": format!("a{at}"), "kind": "state", "name": format!("A{at}")});
    let event = |at: usize, a: usize, b: usize| {
        let participants =
            [a, b].map(|at| json!({"actor": format!("a{at}"), "role": "participant"}));
        json!({"record": "event", "id": format!("e{at}"), "type": "CONSULT", "participants": participants})
    };
    // A ring, and a hub that every fifth of it is linked with.
    let ring = (0..ACTORS).map(|at| event(at, at, (at + 1) % ACTORS));
    let spokes = (1..ACTORS / 5).map(|at| event(ACTORS + at, 0, 5 * at));
    let records: Vec<Value> = (0..ACTORS).map(actor).chain(ring).chain(spokes).collect();
    assert_eq!(
        import(&engine, &records, false, false).status,
        ImportStatus::Committed
    );
    let view = engine.view(KnownAt::Now).unwrap();
    let ask = |steps_max: usize, seed: u64| {
        let question = RankingsQuestion {
            by: RankingMeasure::Betweenness,
            scope: Scope::default(),
            seed,
            page: ALL,
        };
        rankings_within(&view, &question, steps_max).0
    };
    let exact = ask(BETWEENNESS_STEPS_MAX, 1);
    assert_eq!(exact.sampled, None);
    let scores: BTreeMap<&str, f64> = exact
        .items
        .iter()
        .map(|item| (&*item.actor.id, item.score))
        .collect();
    assert_eq!(exact.items[0].actor.id, "a0");
    // One walk takes each link both ways and each actor once.
    let links = ACTORS + ACTORS / 5 - 1;
    let all = ACTORS * (2 * links + ACTORS);
    assert_eq!(ask(all, 1).sampled, None);
    let mut tops = BTreeSet::new();
    for (steps_max, pivots) in [(all - 1, ACTORS - 1), (all / 2, ACTORS / 2), (1, 64)] {
        for seed in 1..4 {
            let found = ask(steps_max, seed);
            let sampled = found.sampled.unwrap();
            assert_eq!(
                (sampled.pivots, sampled.of, sampled.seed),
                (pivots, ACTORS, seed)
            );
            for item in &found.items {
                let off = (item.score - scores[&*item.actor.id]).abs();
                assert!(off <= sampled.bound, "{off} of {}", item.actor.id);
            }
            assert_eq!(ask(steps_max, seed), found, "the same seed");
            tops.insert(found.items[1].score.to_bits());
        }
    }
    assert!(tops.len() > 3, "seeds draw different samples");
}
