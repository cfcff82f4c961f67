//! Stances and what disagrees, against loops.

use std::collections::{BTreeMap, BTreeSet};

use chancery::graph::{Term, TermKind, View};
use chancery::model::{
    Id, Kind, LinkKind, Record, RelationKind, StanceKind, StanceTarget, Statement,
};
use chancery::query::answer::{MatrixColumn, RecordAnswer, TowardAnswer};
use chancery::query::{
    ContradictionsQuestion, MatrixColumns, MatrixQuestion, Page, Rollup, Scope, Stances,
    StancesQuestion, contradictions, matrix, stances,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::to_value;

use super::answers::{Reference, days};
use super::names::{certain, fold, overlap};
use super::store::{Entry, find};
use super::time::When;
use super::world::{ParseId as _, Size, id, page, scope, worlds};
use super::{Both, cases, open_engine};

const SIZE: Size = Size {
    actors: 8,
    sources: 3,
};

/// A question about stances, with actors as ids.
#[derive(Clone, Debug)]
struct Asked {
    speaker: Option<String>,
    toward: Option<String>,
    topic: bool,
    about: bool,
    kind: Option<StanceKind>,
    relay: Option<String>,
    scope: Scope,
    page: Page,
    columns: MatrixColumns,
}

fn asked() -> impl Strategy<Value = Asked> {
    let some = || option::weighted(0.25, id(SIZE));
    (
        some(),
        some(),
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.2),
        option::weighted(0.25, select(StanceKind::ALL)),
        option::weighted(0.15, id(SIZE)),
        scope(SIZE),
        page(),
        select(&MatrixColumns::ALL[..]),
    )
        .prop_map(
            |(speaker, toward, topic, about, kind, relay, scope, page, columns)| Asked {
                speaker,
                toward,
                topic,
                about,
                kind,
                relay,
                scope,
                page,
                columns,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(48),
        max_shrink_iters: 5_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn stances_are_those_of_the_reference(
        (steps, _) in worlds(),
        questions in vec((asked(), any::<prop::sample::Index>()), 1..12),
    ) {
        let both = Both::after(open_engine(), &steps);
        for (asked, earlier) in &questions {
            both.at_last_and(*earlier, |view, entries| hold(view, entries, asked));
        }
    }
}

/// A stance as it counts: statement, speaker, target, stance, matter named.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Taken {
    statement: String,
    speaker: String,
    target: String,
    stance: StanceKind,
    about: Option<String>,
}

fn hold(view: &View, entries: &[Entry], asked: &Asked) {
    let term = |id: &Option<String>| -> Option<Vec<Term>> {
        match id {
            Some(id) => Some(vec![view.term(TermKind::Actor, id)?]),
            None => Some(Vec::new()),
        }
    };
    let (Some(speakers), Some(toward), Some(relayed_by)) = (
        term(&asked.speaker),
        term(&asked.toward),
        term(&asked.relay),
    ) else {
        return;
    };
    let trade = || chancery::model::Text::new("trade").unwrap();
    let wanted = Stances {
        speakers,
        toward,
        toward_events: Vec::new(),
        toward_topics: asked.topic.then(trade).into_iter().collect(),
        about: asked.about.then(trade).into_iter().collect(),
        kinds: asked.kind.into_iter().collect(),
        relayed_by,
        only: None,
    };
    let reference = Reference::new(entries, &asked.scope);
    let all = taken(&reference, asked);
    holds_list(view, &all, asked, &wanted);
    holds_matrix(view, &all, asked, &wanted);
    holds_contradictions(view, &reference, asked);
}

/// The stances of all statements that count, as the speakers and targets count.
fn every(reference: &Reference<'_>) -> Vec<Taken> {
    let mut found: Vec<Taken> = Vec::new();
    for entry in &reference.ordered {
        let Record::Statement(statement) = &entry.record else {
            continue;
        };
        if !reference.in_window(&entry.record) || !reference.passes(&entry.record) {
            continue;
        }
        let mut of_statement: Vec<Taken> = Vec::new();
        for speaker in statement
            .speakers
            .iter()
            .flat_map(|s| counts_for(reference, entry, s))
        {
            for stance in &statement.stances {
                let targets = match &stance.toward {
                    StanceTarget::Actor(actor) => counts_for(reference, entry, actor)
                        .into_iter()
                        .map(|top| format!("actor {top}"))
                        .collect(),
                    StanceTarget::Event(event) => vec![format!("event {event}")],
                    StanceTarget::Topic(topic) => vec![format!("topic {topic}")],
                };
                for target in targets {
                    let taken = Taken {
                        statement: statement.id.to_string(),
                        speaker: speaker.to_string(),
                        target,
                        stance: stance.stance,
                        about: stance.about.as_ref().map(ToString::to_string),
                    };
                    if !of_statement.contains(&taken) {
                        of_statement.push(taken);
                    }
                }
            }
        }
        found.extend(of_statement);
    }
    found
}

/// For whom an actor of a record counts.
fn counts_for(reference: &Reference<'_>, entry: &Entry, actor: &Id) -> BTreeSet<Id> {
    match (reference.scope.rollup, days(&entry.record)) {
        (Rollup::State, Some(days)) => {
            let ways = reference.ways_up(actor, days);
            ways.into_iter()
                .filter_map(|way| way.last().map(|(top, _)| top.clone()))
                .collect()
        }
        _ => BTreeSet::from([actor.clone()]),
    }
}

fn matter(taken: &Taken) -> Option<String> {
    let topic = || taken.target.strip_prefix("topic ").map(str::to_owned);
    taken.about.clone().or_else(topic)
}

fn taken(reference: &Reference<'_>, asked: &Asked) -> Vec<Taken> {
    let relays = |statement: &str| {
        asked.relay.as_ref().is_none_or(|relay| {
            let entry = find(reference.entries, &(Kind::Statement, statement.parse_id()));
            let Some(Record::Statement(statement)) = entry.map(|entry| &entry.record) else {
                return false;
            };
            statement.relayed_by.contains(&relay.parse_id())
        })
    };
    let mut all = every(reference);
    all.retain(|taken| {
        let toward = asked.toward.as_ref().map(|id| format!("actor {id}"));
        let topic = asked.topic.then(|| "topic trade".to_owned());
        let targets: Vec<String> = toward.into_iter().chain(topic).collect();
        asked.speaker.as_ref().is_none_or(|s| *s == taken.speaker)
            && (targets.is_empty() || targets.contains(&taken.target))
            && (!asked.about || matter(taken).as_deref() == Some("trade"))
            && asked.kind.is_none_or(|kind| kind == taken.stance)
            && relays(&taken.statement)
    });
    all
}

/// How often each stance stands there, since the order within a statement is that of terms.
fn counted(all: &[Taken]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for taken in all {
        *counts.entry(format!("{taken:?}")).or_default() += 1;
    }
    counts
}

fn holds_list(view: &View, all: &[Taken], asked: &Asked, wanted: &Stances) {
    let ask = |page: Page| {
        let question = StancesQuestion {
            stances: wanted.clone(),
            scope: asked.scope.clone(),
            page,
        };
        stances(view, &question)
    };
    let whole = Page {
        limit: 1000,
        offset: 0,
    };
    let (answer, next) = ask(whole);
    let found: Vec<Taken> = answer
        .items
        .iter()
        .map(|item| {
            let RecordAnswer::Statement(statement) = &item.statement else {
                panic!("{item:?}");
            };
            Taken {
                statement: statement.id.to_string(),
                speaker: item.speaker.id.to_string(),
                target: match &item.toward {
                    TowardAnswer::Actor(actor) => format!("actor {}", actor.id),
                    TowardAnswer::Event(event) => format!("event {event}"),
                    TowardAnswer::Topic(topic) => format!("topic {topic}"),
                },
                stance: StanceKind::parse(item.stance).unwrap(),
                about: item.about.as_ref().map(ToString::to_string),
            }
        })
        .collect();
    let about = format!("{asked:?}");
    assert_eq!(next, None, "{about}");
    assert_eq!(counted(&found), counted(all), "{about}");
    let order = |all: &[Taken]| -> Vec<String> {
        let mut ids: Vec<String> = all.iter().map(|taken| taken.statement.clone()).collect();
        ids.dedup();
        ids
    };
    assert_eq!(order(&found), order(all), "{about}");
    assert_eq!(
        (answer.total, answer.statements),
        (all.len(), order(all).len()),
        "{about}"
    );
    let (page, next) = ask(asked.page);
    let end = asked.page.offset + asked.page.limit;
    let shown: Vec<_> = answer
        .items
        .iter()
        .skip(asked.page.offset)
        .take(asked.page.limit)
        .collect();
    assert_eq!(page.items.iter().collect::<Vec<_>>(), shown, "{about}");
    assert_eq!(next, (end < all.len()).then_some(end), "{about}");
}

fn holds_matrix(view: &View, all: &[Taken], asked: &Asked, wanted: &Stances) {
    let question = MatrixQuestion {
        stances: wanted.clone(),
        scope: asked.scope.clone(),
        columns: asked.columns,
    };
    let answer = matrix(view, &question);
    let about = format!("{asked:?}");
    let mut cells: BTreeMap<(String, String), Vec<&Taken>> = BTreeMap::new();
    for taken in all {
        let column = match asked.columns {
            MatrixColumns::Target => Some(taken.target.clone()),
            MatrixColumns::Topic => matter(taken).map(|topic| format!("topic {topic}")),
        };
        if let Some(column) = column {
            cells
                .entry((taken.speaker.clone(), column))
                .or_default()
                .push(taken);
        }
    }
    assert_eq!(answer.cells.len(), cells.len(), "{about}");
    let column = |column: &MatrixColumn<'_>| match column {
        MatrixColumn::Actor(actor) => format!("actor {}", actor.id),
        MatrixColumn::Event(event) => format!("event {event}"),
        MatrixColumn::Topic(topic) => format!("topic {topic}"),
    };
    for cell in &answer.cells {
        let key = (
            answer.rows[cell.row].id.to_string(),
            column(&answer.columns[cell.column]),
        );
        let taken = &cells[&key];
        let ids: BTreeSet<&String> = taken.iter().map(|taken| &taken.statement).collect();
        assert_eq!(
            (cell.count, cell.statements),
            (taken.len(), ids.len()),
            "{about}"
        );
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for taken in taken {
            *kinds.entry(taken.stance.as_str()).or_default() += 1;
        }
        assert_eq!(cell.stances, kinds, "{about}");
    }
    let count: usize = cells.values().map(Vec::len).sum();
    assert_eq!(
        (answer.count, answer.omitted),
        (count, all.len() - count),
        "{about}"
    );
}

// What disagrees.

/// A contradiction: rule, the two records, what they say.
type Found = (String, BTreeSet<String>, BTreeSet<String>);

fn holds_contradictions(view: &View, reference: &Reference<'_>, asked: &Asked) {
    let question = ContradictionsQuestion {
        actors: Vec::new(),
        rules: Vec::new(),
        scope: asked.scope.clone(),
        page: Page {
            limit: 1000,
            offset: 0,
        },
    };
    let (answer, _) = contradictions(view, &question);
    let mut found: Vec<Found> = Vec::new();
    for item in &answer.items {
        assert_eq!(item.claims.len(), 2);
        let json = to_value(item).unwrap();
        let claims = json["claims"].as_array().unwrap();
        let key = |claim: &serde_json::Value| {
            format!("{} {}", claim["record"]["record"], claim["record"]["id"]).replace('"', "")
        };
        let says = claims
            .iter()
            .map(|claim| format!("{} {}", key(claim), claim["says"]));
        found.push((
            item.rule.to_owned(),
            claims.iter().map(key).collect(),
            says.map(|says| says.replace('"', "")).collect(),
        ));
    }
    let mut expected = reversals(reference);
    expected.extend(denials(reference));
    expected.extend(accounts(reference));
    expected.extend(overlaps(reference));
    // What an account or a denial says in words is no matter of the rule.
    let bare = |found: &Found| {
        let wordless = matches!(found.0.as_str(), "account" | "denial");
        (
            found.0.clone(),
            found.1.clone(),
            if wordless {
                BTreeSet::new()
            } else {
                found.2.clone()
            },
        )
    };
    let mut found: Vec<Found> = found.iter().map(bare).collect();
    let mut expected: Vec<Found> = expected.iter().map(bare).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{asked:?}");
}

fn statement_key(id: &str) -> String {
    format!("statement {id}")
}

fn reversals(reference: &Reference<'_>) -> Vec<Found> {
    let all = every(reference);
    let mut found = Vec::new();
    let keys: BTreeSet<(String, String, Option<String>)> = all
        .iter()
        .map(|t| (t.speaker.clone(), t.target.clone(), t.about.clone()))
        .collect();
    for key in keys {
        let of_key: Vec<&Taken> = all
            .iter()
            .filter(|t| (&t.speaker, &t.target, &t.about) == (&key.0, &key.1, &key.2))
            .collect();
        let mut ids: Vec<&String> = of_key.iter().map(|t| &t.statement).collect();
        ids.dedup();
        for (one, other) in StanceKind::OPPOSITES {
            // The side of each statement that takes just one.
            let sided: Vec<(&String, bool, StanceKind)> = ids
                .iter()
                .filter_map(|id| {
                    let of: Vec<&&Taken> = of_key.iter().filter(|t| t.statement == **id).collect();
                    let of_one = of.iter().find(|t| one.contains(&t.stance));
                    let of_other = of.iter().find(|t| other.contains(&t.stance));
                    match (of_one, of_other) {
                        (Some(taken), None) => Some((*id, true, taken.stance)),
                        (None, Some(taken)) => Some((*id, false, taken.stance)),
                        _ => None,
                    }
                })
                .collect();
            for pair in sided.windows(2) {
                if pair[0].1 != pair[1].1 {
                    let keys = pair.iter().map(|(id, ..)| statement_key(id));
                    let says = pair
                        .iter()
                        .map(|(id, _, s)| format!("{} {s}", statement_key(id)));
                    found.push(("stance_reversal".to_owned(), keys.collect(), says.collect()));
                }
            }
        }
    }
    found
}

fn counts<'e>(reference: &Reference<'e>, kind: Kind) -> Vec<&'e Entry> {
    let of_kind = reference.ordered.iter().filter(|e| e.record.kind() == kind);
    of_kind
        .filter(|e| reference.in_window(&e.record) && reference.passes(&e.record))
        .copied()
        .collect()
}

fn denials(reference: &Reference<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    let events = counts(reference, Kind::Event);
    for entry in counts(reference, Kind::Statement) {
        let Record::Statement(statement) = &entry.record else {
            continue;
        };
        for event in &events {
            if denies(statement, event.record.id()) && !statement.speakers.is_empty() {
                let keys = [
                    format!("event {}", event.record.id()),
                    statement_key(statement.id.as_str()),
                ];
                found.push(("denial".to_owned(), BTreeSet::from(keys), BTreeSet::new()));
            }
        }
    }
    found
}

fn denies(statement: &Statement, event: &Id) -> bool {
    statement.stances.iter().any(|stance| {
        stance.stance == StanceKind::Denies
            && matches!(&stance.toward, StanceTarget::Event(denied) if denied == event)
    })
}

fn accounts(reference: &Reference<'_>) -> Vec<Found> {
    let events = counts(reference, Kind::Event);
    let mut found = Vec::new();
    let event = |entry: &Entry| match &entry.record {
        Record::Event(event) => event.clone(),
        _ => panic!("an event"),
    };
    for (nth, one) in events.iter().enumerate() {
        for other in &events[..nth] {
            let (a, b) = (event(one), event(other));
            let linked = |kind: LinkKind| {
                let from = |x: &chancery::model::Event, y: &chancery::model::Event| {
                    x.links
                        .iter()
                        .any(|link| link.kind == kind && link.event == y.id)
                };
                from(&a, &b) || from(&b, &a)
            };
            let contradicts = linked(LinkKind::Contradicts);
            if !contradicts && !linked(LinkKind::Corroborates) {
                continue;
            }
            let keys = BTreeSet::from([&a, &b].map(|e| format!("event {}", e.id)));
            let mut add = |rule: &str, says: [String; 2]| {
                let ids = [&a, &b].map(|e| format!("event {}", e.id));
                let says = ids
                    .into_iter()
                    .zip(says)
                    .map(|(id, says)| format!("{id} {says}"));
                found.push((rule.to_owned(), keys.clone(), says.collect()));
            };
            let mut differ = false;
            if let (Some(x), Some(y)) = (
                When::from_record(&one.record),
                When::from_record(&other.record),
            ) && (is_over(&x, &y) || is_over(&y, &x))
            {
                differ = true;
                add(
                    "date",
                    [&a, &b].map(|e| e.date.as_ref().unwrap().to_string()),
                );
            }
            let [x, y] = [one, other].map(|entry| {
                let parts = reference.parts(&entry.record).into_iter();
                let ids: BTreeSet<String> = parts.map(|part| part.counts.to_string()).collect();
                ids.into_iter().collect::<Vec<_>>().join(", ")
            });
            if x != y {
                differ = true;
                add("participants", [x, y]);
            }
            if let (Some(x), Some(y)) = (a.coding.event_type(), b.coding.event_type())
                && x != y
            {
                differ = true;
                add("type", [x, y].map(|t| t.to_string()));
            }
            if contradicts && !differ {
                add("account", [String::new(), String::new()]);
            }
        }
    }
    found
}

/// Whether the one ends, as far as its end is known, before the other begins.
fn is_over(one: &When, other: &When) -> bool {
    let (last, first) = (one.latest(), other.earliest());
    last.zip(first).is_some_and(|(last, first)| last < first)
}

/// Of an office that three or more hold, the only two who ever certainly hold it on one day; told when
/// that is a day of the window.
fn overlaps(reference: &Reference<'_>) -> Vec<Found> {
    let (lo, hi) = reference.window();
    let mut held = Vec::new();
    for entry in &reference.ordered {
        let Record::Relation(relation) = &entry.record else {
            continue;
        };
        if relation.kind == RelationKind::HoldsOffice
            && let (Some(title), Some(days)) = (&relation.title, certain(relation))
            && reference.passes(&entry.record)
        {
            held.push((
                (fold(title), relation.object.clone()),
                days,
                relation,
                *entry,
            ));
        }
    }
    let mut found = Vec::new();
    let offices: BTreeSet<_> = held.iter().map(|(office, ..)| office.clone()).collect();
    for office in offices {
        let mut seats: Vec<_> = held.iter().filter(|(other, ..)| *other == office).collect();
        // In the order of their days, then of time.
        seats.sort_by_key(|(_, days, ..)| *days);
        let holders: BTreeSet<&Id> = seats.iter().map(|(_, _, seat, _)| &seat.subject).collect();
        let mut pairs = Vec::new();
        for (at, one) in seats.iter().enumerate() {
            let later = seats[at + 1..].iter();
            pairs.extend(
                later
                    .filter(|other| overlap(one.2, other.2))
                    .map(|other| (*one, *other)),
            );
        }
        let who: BTreeSet<BTreeSet<&Id>> = pairs
            .iter()
            .map(|(a, b)| BTreeSet::from([&a.2.subject, &b.2.subject]))
            .collect();
        if who.len() != 1 || holders.len() < 3 {
            continue;
        }
        let told = pairs
            .iter()
            .find(|(a, b)| a.1.0.max(b.1.0) <= hi && a.1.1.min(b.1.1) >= lo);
        let Some((one, other)) = told else { continue };
        if [one, other]
            .iter()
            .all(|seat| reference.in_window(&seat.3.record))
        {
            let both = [one.2, other.2];
            found.push((
                "office_overlap".to_owned(),
                BTreeSet::from(both.map(|seat| format!("relation {}", seat.id))),
                BTreeSet::from(both.map(|seat| format!("relation {} {}", seat.id, seat.subject))),
            ));
        }
    }
    found
}
