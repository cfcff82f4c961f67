//! One question to both, and the two answers side by side.

use std::collections::BTreeSet;

use chancery::engine::{Engine, KnownAt};
use chancery::graph::{NameError, Term, TermKind, View};
use chancery::model::{Date, Kind, Scheme};
use chancery::query::answer::{
    DirectionAnswer, HopAnswer, PathAnswer, QuadCounts, RecordAnswer, RecordPage,
};
use chancery::query::{
    DyadQuestion, HistogramQuestion, ListQuestion, Match, Order, Page, PathsQuestion,
    RelationshipsQuestion, Rollup, Scope, Selection, SummaryQuestion, TimelineQuestion, dyad,
    histogram, history, list, paths, relationships, summary, timeline,
};
use serde_json::{Value, json, to_value};

use crate::answers::{
    Counted, Dyad, Glance, Item, Items, OneWay, Quads, Reference, Relationship, Route,
};
use crate::store::{Store, Unnamed, day_numbers, resolve_name};
use crate::world::{Asked, Chosen, ParseId as _, Question, Ways};

/// Asks both at a commit; panics when they disagree.
pub(crate) fn ask(engine: &Engine, store: &Store, asked: &Asked, commit: usize) {
    let view = engine.view(KnownAt::Commit(commit as u64)).unwrap();
    let reference = Reference::new(&store.commits[commit], &asked.scope);
    let terms = |ids: &[String]| -> Option<Vec<Term>> {
        let each = ids.iter();
        each.map(|id| view.term(TermKind::Actor, id)).collect()
    };
    let ids: Vec<String> = match &asked.question {
        Question::Timeline(chosen, ..) | Question::Histogram(chosen, ..) => match chosen {
            Chosen::Everything => Vec::new(),
            Chosen::Actors(ids, _) => ids.clone(),
            Chosen::Dyad(a, b) => vec![a.clone(), b.clone()],
        },
        Question::Dyad(a, b) => vec![a.clone(), b.clone()],
        Question::Relationships(a, _) => vec![a.clone()],
        Question::Paths(ways) => {
            let ends = [ways.source.clone(), ways.target.clone()];
            ends.into_iter()
                .chain(ways.via.iter().chain(&ways.avoid).cloned())
                .collect()
        }
        _ => Vec::new(),
    };
    // An actor that never was has no term to ask for.
    let Some(terms) = terms(&ids) else { return };
    let about = format!("{asked:?} at commit {commit}");
    match &asked.question {
        Question::Timeline(chosen, order, page) => {
            let question = TimelineQuestion {
                selection: selection(chosen, &terms),
                scope: asked.scope.clone(),
                order: *order,
                page: *page,
            };
            let (answer, next) = timeline(&view, &question);
            assert_eq!(
                items(&answer, next),
                reference.timeline(chosen, *order, *page),
                "{about}"
            );
        }
        Question::Histogram(chosen, bin, split) => {
            let question = HistogramQuestion {
                selection: selection(chosen, &terms),
                scope: asked.scope.clone(),
                bin: *bin,
                split: *split,
            };
            let answer = histogram(&view, &question);
            let bins = answer.bins.into_iter().map(|bin| Counted {
                from: bin.from,
                to: bin.to,
                count: bin.count,
                wider: bin.wider_than_bin,
                quads: quads(&bin.quad),
                by: bin.by,
            });
            let found = (bins.collect(), answer.total, answer.meta.undated_omitted);
            assert_eq!(found, reference.histogram(chosen, *bin, *split), "{about}");
        }
        Question::Dyad(a, b) => {
            let question = DyadQuestion {
                a: terms[0],
                b: terms[1],
                scope: asked.scope.clone(),
            };
            let answer = dyad(&view, &question);
            let found = Dyad {
                records: answer.records,
                span: (answer.first, answer.last),
                ways: [answer.a_to_b, answer.b_to_a, answer.together].map(one_way),
                undated: answer.meta.undated_omitted,
            };
            assert_eq!(found, reference.dyad(a, b), "{about}");
        }
        Question::Relationships(actor, page) => {
            let question = RelationshipsQuestion {
                actor: terms[0],
                scope: asked.scope.clone(),
                page: *page,
            };
            let (answer, next) = relationships(&view, &question);
            let items = answer.items.into_iter().map(|item| Relationship {
                other: item.actor.id,
                records: item.records,
                ways: [item.outgoing, item.incoming, item.together],
                quads: quads(&item.quad),
                span: (item.first, item.last),
            });
            let found = (items.collect(), answer.total, next);
            assert_eq!(found, reference.relationships(actor, *page), "{about}");
        }
        Question::Paths(ways) => {
            let found = found_paths(&view, &asked.scope, ways, &terms);
            assert_eq!(found, reference.paths(ways), "{about}");
        }
        Question::Summary => {
            let scope = asked.scope.clone();
            let answer = summary(&view, &SummaryQuestion { scope });
            let network = answer.network;
            let found = Glance {
                counts: answer.counts,
                datasets: answer.datasets,
                span: (answer.first, answer.last),
                quads: quads(&answer.quad),
                network: [
                    network.actors,
                    network.dyads,
                    network.components,
                    network.largest_component,
                ],
                undated: answer.meta.undated_omitted,
            };
            assert_eq!(found, reference.summary(), "{about}");
        }
        Question::List(kind, name, page) => {
            let question = ListQuestion {
                kind: *kind,
                scope: asked.scope.clone(),
                name: name.clone(),
                page: *page,
            };
            let (answer, next) = list(&view, &question);
            let expected = reference.list(*kind, name.as_deref(), *page);
            assert_eq!(items(&answer, next), expected, "{about}");
        }
        Question::Name(name, date) => name_means(&view, store, commit, name, date.as_ref()),
        Question::History(kind, id) => {
            let key = (*kind, id.parse_id());
            let expected = store.versions(&key, commit as u64);
            let known = view.versions(*kind, id);
            assert_eq!(known.len(), expected.len(), "{about}");
            let shown = history(&view, *kind, id, Scheme::Icews).versions;
            for ((known, shown), expected) in known.iter().zip(&shown).zip(&expected) {
                assert_eq!(known.since.commit, expected.since, "{about}");
                assert_eq!(
                    known.until.map(|mark| mark.commit),
                    expected.until,
                    "{about}"
                );
                assert_eq!(known.record, expected.record, "{about}");
                assert_eq!(shown.since.commit, expected.since, "{about}");
                let until = shown.until.as_ref().map(|recorded| recorded.commit);
                assert_eq!(until, expected.until, "{about}");
                assert_eq!(item(&shown.version).commit, expected.since, "{about}");
            }
        }
    }
}

/// Some answers of the engine as clients see them.
pub(crate) fn glimpse(engine: &Engine, known_at: KnownAt) -> Value {
    let view = engine.view(known_at).unwrap();
    let everything = TimelineQuestion {
        selection: Selection::Everything,
        scope: Scope::default(),
        order: Order::Ascending,
        page: Page {
            limit: 1000,
            offset: 0,
        },
    };
    let actors = ListQuestion {
        kind: Kind::Actor,
        scope: Scope::default(),
        name: None,
        page: everything.page,
    };
    let mut dyads = Vec::new();
    let ends = ["a0", "a1", "a2"].map(|id| view.term(TermKind::Actor, id));
    let [a, b, c] = ends;
    for (a, b) in [(a, b), (b, c), (c, a)] {
        // The terms are the graph's, whatever the commit: ask only for actors who were there.
        let there = |actor: &Term| view.actor(*actor).is_some();
        if let (Some(a), Some(b)) = (a.filter(there), b.filter(there)) {
            let scope = Scope {
                rollup: Rollup::State,
                ..Scope::default()
            };
            dyads.push(to_value(dyad(&view, &DyadQuestion { a, b, scope })).unwrap());
        }
    }
    json!({
        "everything": to_value(timeline(&view, &everything).0).unwrap(),
        "actors": to_value(list(&view, &actors).0).unwrap(),
        "summary": to_value(summary(&view, &SummaryQuestion::default())).unwrap(),
        "dyads": dyads,
    })
}

fn selection(chosen: &Chosen, terms: &[Term]) -> Selection {
    match chosen {
        Chosen::Everything => Selection::Everything,
        Chosen::Actors(_, Match::Any) => Selection::Actors(terms.to_vec(), Match::Any),
        Chosen::Actors(_, Match::All) => Selection::Actors(terms.to_vec(), Match::All),
        Chosen::Dyad(..) => Selection::Dyad(terms[0], terms[1]),
    }
}

fn item(record: &RecordAnswer) -> Item {
    let json = to_value(record).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let via = json["via"].as_array().map(Vec::as_slice);
    let via: BTreeSet<_> = via
        .unwrap_or_default()
        .iter()
        .map(|via| (text(&via["actor"]["id"]), text(&via["represents"]["id"])))
        .collect();
    Item {
        kind: Kind::parse(&text(&json["record"])).unwrap(),
        id: text(&json["id"]),
        commit: json["recorded"]["commit"].as_u64().unwrap(),
        independent_sources: json["independent_sources"].as_u64(),
        via,
    }
}

fn items(page: &RecordPage, next: Option<usize>) -> Items {
    Items {
        items: page.items.iter().map(item).collect(),
        total: page.total,
        next,
        undated: page.meta.undated_omitted,
    }
}

fn quads(counts: &QuadCounts) -> Quads {
    [
        counts.verbal_cooperation,
        counts.material_cooperation,
        counts.verbal_conflict,
        counts.material_conflict,
        counts.uncoded,
    ]
}

fn one_way(answer: DirectionAnswer) -> OneWay {
    OneWay {
        records: answer.records,
        quads: quads(&answer.quad),
        types: answer.types,
        kinds: answer.kinds,
        mean: answer.goldstein_mean,
    }
}

fn found_paths(
    view: &View,
    scope: &Scope,
    ways: &Ways,
    terms: &[Term],
) -> (String, String, Vec<Route>) {
    let (via, avoid) = terms[2..].split_at(ways.via.len());
    let question = PathsQuestion {
        source: terms[0],
        target: terms[1],
        scope: scope.clone(),
        directed: ways.directed,
        max_hops: ways.max_hops,
        limit: ways.limit,
        via: via.to_vec(),
        avoid: avoid.to_vec(),
        evidence: 20,
    };
    let answer = paths(view, &question);
    let routes = answer.paths.iter().map(route).collect();
    (answer.source.id, answer.target.id, routes)
}

fn route(path: &PathAnswer) -> Route {
    let ends = path.hops.iter().map(|hop| &hop.target.id);
    let actors: Vec<String> = [&path.hops[0].source.id]
        .into_iter()
        .chain(ends)
        .cloned()
        .collect();
    assert_eq!(path.length, path.hops.len());
    assert_eq!(
        path.records,
        path.hops.iter().map(|hop| hop.records).sum::<usize>()
    );
    for (hop, source) in path.hops.iter().zip(&actors) {
        assert_eq!(
            hop.source.id, *source,
            "a hop starts where the last one ended"
        );
    }
    Route {
        actors,
        hops: path.hops.iter().map(evidence).collect(),
    }
}

fn evidence(hop: &HopAnswer) -> Vec<(Kind, String)> {
    let shown: Vec<_> = hop
        .evidence
        .iter()
        .map(item)
        .map(|item| (item.kind, item.id))
        .collect();
    // Worlds are too small for a hop of more records than an answer shows.
    assert_eq!(hop.records, shown.len());
    shown
}

fn name_means(view: &View, store: &Store, commit: usize, name: &str, date: Option<&Date>) {
    let days = date.map(|date| (date.earliest(), date.latest()));
    let found = match view.resolve(name, days) {
        Ok(term) => Ok(view.text(term).parse_id()),
        Err(NameError::Unknown { .. }) => Err(Unnamed::Unknown),
        Err(NameError::Ambiguous { candidates, .. }) => Err(Unnamed::Ambiguous(
            candidates.iter().map(|c| c.id.parse_id()).collect(),
        )),
    };
    let expected = resolve_name(&store.commits[commit], name, date.map(day_numbers));
    assert_eq!(found, expected, "{name:?} on {date:?} at commit {commit}");
}
