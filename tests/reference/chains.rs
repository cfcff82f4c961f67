//! Chronological paths and reach against every chain of records there is, in small worlds of instants and
//! days: record by record, each against all before it, with nothing kept but the chain itself.

use std::collections::BTreeMap;
use std::fmt;

use chancery::engine::KnownAt;
use chancery::graph::{TermKind, View};
use chancery::model::{Date, Id, Instant, Window};
use chancery::query::{
    ChainRule, Mode, Occurrence, Page, PathsQuestion, ReachQuestion, Rollup, Scope, paths, reach,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::answers::{Reference, calendar, show};
use super::store::Entry;
use super::time::{FIRST_DAY, LAST_DAY, Stand, When};
use super::ways::{Come, Hops};
use super::world::{ParseId as _, Step, formed, moment};
use super::{Both, cases, open_engine};

/// A small world, and what is asked of it.
#[derive(Clone)]
struct Small {
    records: Vec<Value>,
    asked: Vec<Asked>,
}

/// A question about chains between two actors.
#[derive(Clone, Debug)]
struct Asked {
    source: u8,
    target: u8,
    from: Option<String>,
    to: Option<String>,
    chains: ChainRule,
    directed: bool,
    is_actual: bool,
    max_hops: usize,
    limit: usize,
}

/// Records as JSON, one a line: what proptest prints of a failure can be read, and imported.
impl fmt::Debug for Small {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut records = self.records.iter();
        records.try_for_each(|record| write!(f, "\n{record}"))?;
        let mut asked = self.asked.iter();
        // On one line, whatever the formatter asks for.
        asked.try_for_each(|asked| {
            let line = format!("{asked:?}");
            write!(f, "\n{line}")
        })
    }
}

fn small() -> impl Strategy<Value = Small> {
    (2..=6_u8).prop_flat_map(|actors| {
        let records = vec(record(actors), 1..=10).prop_map(move |records| {
            let actors = (0..actors).map(|n| {
                let id = format!("a{n}");
                json!({ "record": "actor", "id": id, "kind": "state", "name": id })
            });
            let records = records.into_iter().enumerate().map(|(n, mut record)| {
                record["id"] = format!("r{n}").into();
                record
            });
            actors.chain(records).collect()
        });
        (records, vec(asked(actors), 1..4)).prop_map(|(records, asked)| Small { records, asked })
    })
}

/// Days and moments close together, other forms now and then.
fn date() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (3..=8_u8).prop_map(|day| format!("2023-01-{day:02}")),
        5 => moment(),
        2 => formed(),
        1 => select(&["2023-01", "2022-12/2023-01-05", "2023-01-06T12:00:00", "2023-01/"][..])
            .prop_map(str::to_owned),
    ]
}

fn record(actors: u8) -> impl Strategy<Value = Value> {
    let who = move || (0..actors).prop_map(|n| format!("a{n}"));
    let role = prop_oneof![
        2 => Just(["source", "target"]),
        1 => Just(["participant", "participant"]),
    ];
    let status = prop_oneof![
        5 => Just("occurred"),
        1 => select(&["scheduled", "cancelled", "postponed", "rumoured"][..]),
    ];
    let third = option::weighted(0.2, who());
    let event = (
        role,
        status,
        who(),
        who(),
        third,
        option::weighted(0.95, date()),
    )
        .prop_map(|(roles, status, a, b, c, date)| {
            let part = |actor: String, role: &str| json!({ "actor": actor, "role": role });
            let mut parts = vec![part(a, roles[0]), part(b, roles[1])];
            parts.extend(c.map(|c| part(c, roles[1])));
            let mut event = json!({
                "record": "event", "type": "CONSULT", "status": status, "participants": parts,
            });
            if let Some(date) = date {
                event["date"] = date.into();
            }
            event
        });
    let statement = (who(), who(), date()).prop_map(|(a, b, date)| {
        json!({
            "record": "statement", "speakers": [a], "audience": [b], "text": "words",
            "date": date,
        })
    });
    let end = || option::of((3..=8_u8).prop_map(|day| format!("2023-01-{day:02}")));
    let relation = (who(), who(), end(), end()).prop_map(|(a, b, since, until)| {
        let mut tie = json!({
            "record": "relation", "subject": a, "kind": "allied_with", "object": b,
        });
        for (name, end) in [("since", since), ("until", until)] {
            if let Some(end) = end {
                tie[name] = end.into();
            }
        }
        tie
    });
    prop_oneof![7 => event, 2 => statement, 1 => relation]
}

fn asked(actors: u8) -> impl Strategy<Value = Asked> {
    let bound = || {
        let day = (3..=8_u8).prop_map(|day| format!("2023-01-{day:02}"));
        option::weighted(0.25, prop_oneof![2 => day, 1 => moment()])
    };
    (
        (0..actors, 0..actors),
        (bound(), bound()),
        select(&ChainRule::ALL[..]),
        (prop::bool::weighted(0.3), any::<bool>()),
        (1..=6_usize, 1..=20_usize),
    )
        .prop_map(
            |((source, target), (from, to), chains, (directed, is_actual), (max_hops, limit))| {
                Asked {
                    source,
                    target,
                    from,
                    to,
                    chains,
                    directed,
                    is_actual,
                    max_hops,
                    limit,
                }
            },
        )
}

impl Asked {
    fn scope(&self) -> Scope {
        let [from, to] = [&self.from, &self.to]
            .map(|bound| bound.as_ref().map(|text| Date::parse(text).unwrap()));
        let window = Window::new(from.as_ref(), to.as_ref())
            .or_else(|_| Window::new(to.as_ref(), from.as_ref()));
        Scope {
            window: window.unwrap(),
            occurrence: if self.is_actual {
                Occurrence::Actual
            } else {
                Occurrence::Any
            },
            rollup: Rollup::None,
            ..Scope::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(256),
        max_shrink_iters: 20_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn chains_are_the_best_of_all_there_are(small in small()) {
        hold(&small);
    }
}

/// The hour of an instant says more than its day: news that comes back to an actor may certainly go before
/// what it did not when it came first. Yet a chain passes nobody twice.
#[test]
fn no_chain_passes_an_actor_twice() {
    let event = |id: &str, from: &str, to: &str, date: &str| {
        let participants = [
            json!({ "actor": from, "role": "source" }),
            json!({ "actor": to, "role": "target" }),
        ];
        json!({
            "record": "event", "id": id, "type": "CONSULT", "date": date,
            "participants": participants,
        })
    };
    let actors = (0..4).map(|n| {
        let id = format!("a{n}");
        json!({ "record": "actor", "id": id, "kind": "state", "name": id })
    });
    let events = [
        event("r0", "a0", "a1", "2023-01-06T01:00:00+14:00"),
        event("r1", "a1", "a2", "2023-01-05T12:00:00Z"),
        event("r2", "a2", "a1", "2023-01-05T13:00:00Z"),
        event("r3", "a1", "a3", "2023-01-07"),
    ];
    hold(&Small {
        records: actors.chain(events).collect(),
        asked: vec![Asked {
            source: 0,
            target: 3,
            from: None,
            to: None,
            chains: ChainRule::Certain,
            directed: true,
            is_actual: true,
            max_hops: 6,
            limit: 5,
        }],
    });
}

fn hold(small: &Small) {
    let mut both = Both::new(open_engine());
    both.take(&Step::Import {
        records: small.records.clone(),
        skip: true,
        dry_run: false,
    });
    let entries = both.store.now();
    let view = both.engine.view(KnownAt::Now).unwrap();
    for asked in &small.asked {
        let scope = asked.scope();
        let reference = Reference::new(entries, &scope);
        let hops = reference.hops(asked.directed);
        let about = format!("{asked:?}");
        holds_paths(&view, &hops, asked, &about);
        for is_backward in [false, true] {
            holds_reach(&view, &hops, asked, is_backward, &about);
        }
    }
}

/// A chain of records: the actors, and the records that lead from each to the next.
#[derive(Clone, Debug, Default)]
struct Chain<'e> {
    actors: Vec<Id>,
    records: Vec<(&'e Entry, Stand)>,
}

/// Calls `each` with every chain that goes on from one, at most so many hops long.
fn every<'e>(
    hops: &Hops<'e>,
    asked: &Asked,
    max_hops: usize,
    chain: &mut Chain<'e>,
    each: &mut impl FnMut(&Chain<'e>),
) {
    if !chain.records.is_empty() {
        each(chain);
    }
    if chain.records.len() == max_hops {
        return;
    }
    let at = chain.actors.last().unwrap().clone();
    for ((_, next), entries) in hops.iter().filter(|((from, _), _)| *from == at) {
        for entry in entries {
            let Some(when) = When::from_record(&entry.record) else {
                continue;
            };
            let stand = when.stand();
            if chain.actors.contains(next) || !fits(chain, stand, asked.chains) {
                continue;
            }
            chain.actors.push(next.clone());
            chain.records.push((*entry, stand));
            every(hops, asked, max_hops, chain, each);
            chain.records.pop();
            chain.actors.pop();
        }
    }
}

/// Whether a record may come next in a chain.
fn fits(chain: &Chain<'_>, next: Stand, chains: ChainRule) -> bool {
    let mut before = chain.records.iter().map(|(_, stand)| *stand);
    match chains {
        ChainRule::Possible => before.all(|stand| stand.may_precede(next)),
        ChainRule::Certain => before
            .next_back()
            .is_none_or(|last| last.surely_precedes(next)),
    }
}

impl Chain<'_> {
    fn comes_to(&self, start: i32) -> Come {
        let firsts = self.records.iter().map(|(_, stand)| stand.first);
        let instants = self.records.iter().filter_map(|(_, stand)| stand.instant);
        (firsts.max().unwrap().max(start), instants.max())
    }

    /// The last day on which it can be left behind, and its first instant, as less where that is later.
    fn leaves(&self, end: i32) -> Come {
        let lasts = self.records.iter().map(|(_, stand)| stand.last);
        let instants = self.records.iter().filter_map(|(_, stand)| stand.instant);
        let day = lasts.min().unwrap().min(end);
        (-day, instants.min().map(|instant| -instant))
    }
}

fn starting(n: u8) -> Chain<'static> {
    Chain {
        actors: vec![format!("a{n}").parse_id()],
        records: Vec::new(),
    }
}

/// A path in an answer: what it comes to in words, its actors.
type Told = (Option<String>, Option<i64>, Vec<String>);

fn holds_paths(view: &View, hops: &Hops<'_>, asked: &Asked, about: &str) {
    let term = |n: u8| view.term(TermKind::Actor, &format!("a{n}")).unwrap();
    let question = PathsQuestion {
        scope: asked.scope(),
        mode: Mode::Chronological,
        chains: asked.chains,
        directed: asked.directed,
        max_hops: asked.max_hops,
        limit: asked.limit,
        ..PathsQuestion::new(term(asked.source), term(asked.target))
    };
    let lo = question.scope.window.lo().number();
    let target = format!("a{}", asked.target).parse_id();
    let mut best: BTreeMap<Vec<Id>, Come> = BTreeMap::new();
    every(
        hops,
        asked,
        asked.max_hops,
        &mut starting(asked.source),
        &mut |chain| {
            if chain.actors.last() == Some(&target) {
                let come = chain.comes_to(lo);
                let known = best.entry(chain.actors.clone()).or_insert(come);
                *known = come.min(*known);
            }
        },
    );
    let mut ranked: Vec<(Come, usize, Vec<Id>)> = best
        .into_iter()
        .map(|(actors, come)| (come, actors.len(), actors))
        .collect();
    ranked.sort();
    let expected: Vec<Told> = ranked
        .into_iter()
        .take(asked.limit)
        .map(|(come, _, actors)| {
            let day = (come.0 != FIRST_DAY).then(|| show(calendar(come.0)));
            (
                day,
                come.1,
                actors.iter().map(ToString::to_string).collect(),
            )
        })
        .collect();
    let answer = paths(view, &question);
    let found: Vec<Told> = answer
        .paths
        .iter()
        .zip(&expected)
        .map(|(path, expected)| {
            let ends = path.hops.iter().map(|hop| hop.target.id.to_string());
            let start = std::iter::once(path.hops[0].source.id.to_string());
            // The known end of the last record, where no first day is known.
            let day = path.arrival.map(|day| day.to_string());
            let day = day.filter(|_| expected.0.is_some());
            (
                day,
                path.arrival_instant.map(Instant::number),
                start.chain(ends).collect(),
            )
        })
        .collect();
    assert_eq!(found, expected, "{about}");
    assert_eq!(answer.paths.len(), expected.len(), "{about}");
}

fn holds_reach(view: &View, hops: &Hops<'_>, asked: &Asked, is_backward: bool, about: &str) {
    let about = format!("backward {is_backward}: {about}");
    let term = |n: u8| view.term(TermKind::Actor, &format!("a{n}")).unwrap();
    let question = ReachQuestion {
        origin: term(asked.source),
        backward: is_backward,
        scope: asked.scope(),
        directed: asked.directed,
        chains: asked.chains,
        max_hops: Some(asked.max_hops),
        avoid: Vec::new(),
        max_degree: None,
        page: Page {
            limit: 1000,
            offset: 0,
        },
    };
    let window = question.scope.window;
    let (lo, hi) = (window.lo().number(), window.hi().number());
    let mut best: BTreeMap<Id, (Come, usize)> = BTreeMap::new();
    let mut take = |actor: &Id, come: Come, hops: usize| {
        let known = best.entry(actor.clone()).or_insert((come, hops));
        *known = (come, hops).min(*known);
    };
    if is_backward {
        let origin = format!("a{}", asked.source).parse_id();
        let everyone = (0..6).filter(|n| view.term(TermKind::Actor, &format!("a{n}")).is_some());
        for n in everyone {
            every(
                hops,
                asked,
                asked.max_hops,
                &mut starting(n),
                &mut |chain| {
                    if chain.actors.last() == Some(&origin) {
                        take(&chain.actors[0], chain.leaves(hi), chain.records.len());
                    }
                },
            );
        }
    } else {
        every(
            hops,
            asked,
            asked.max_hops,
            &mut starting(asked.source),
            &mut |chain| {
                let at = chain.actors.last().unwrap();
                take(at, chain.comes_to(lo), chain.records.len());
            },
        );
    }
    let mut ranked: Vec<(Come, usize, Id)> = best
        .into_iter()
        .map(|(actor, (come, hops))| (come, hops, actor))
        .collect();
    ranked.sort();
    let answer = reach(view, &question).0;
    let found: Vec<(Option<String>, Option<i64>, usize, String)> = answer
        .items
        .iter()
        .map(|item| {
            let day = item.day.map(|day| day.to_string());
            let instant = item.instant.map(Instant::number);
            (day, instant, item.hops, item.actor.id.to_string())
        })
        .collect();
    let expected: Vec<(Option<String>, Option<i64>, usize, String)> = ranked
        .into_iter()
        .zip(&answer.items)
        .map(|((come, hops, actor), item)| {
            let (day, instant) = if is_backward {
                (-come.0, come.1.map(|instant| -instant))
            } else {
                come
            };
            let day = match (is_backward, day) {
                (true, LAST_DAY) => None,
                // The known end of the last record, where no first day is known.
                (false, FIRST_DAY) => item.day.map(|day| day.to_string()),
                _ => Some(show(calendar(day))),
            };
            (day, instant, hops, actor.to_string())
        })
        .collect();
    assert_eq!(found, expected, "{about}");
    assert_eq!(answer.total, answer.items.len(), "{about}");
    let has_day = |day: &Option<_>| is_backward || day.is_some();
    assert!(
        answer.items.iter().all(|item| has_day(&item.day)),
        "{about}"
    );
}
