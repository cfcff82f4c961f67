//! Merging segments apart changes no answer, whatever is written meanwhile.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::model::{Cameo, Coding, Date, Day, Id, Kind, Role, Shape, Status, Window};

/// Every so many commits all ways to ask are compared.
const LOOKED_AT_EVERY: u32 = 40;

/// What is done to one of a few events.
#[derive(Clone, Debug)]
enum TestStep {
    /// It is made, or a new version of it, on a day.
    Put(u8, i32),
    Delete(u8),
    /// Two segments are taken to be merged, if there are such.
    Take,
    /// What was taken is merged into the state.
    Merge,
}

fn step() -> impl Strategy<Value = TestStep> {
    prop_oneof![
        6 => (0..12_u8, 0..5).prop_map(|(event, day)| TestStep::Put(event, day)),
        2 => (0..12_u8).prop_map(TestStep::Delete),
        2 => Just(TestStep::Take),
        2 => Just(TestStep::Merge),
    ]
}

fn id(event: u8) -> Id {
    Id::parse(&format!("e{event}")).unwrap()
}

fn put(builder: &mut GraphBuilder, event: u8, day: i32) {
    let shape = Shape {
        dataset: Id::parse("d").unwrap(),
        coding: Coding::new(None, Cameo::parse("042").ok()).unwrap(),
        status: Status::Occurred,
        roles: [Role::Source, Role::Target].into(),
        sources: [].into(),
    };
    let actors = [event % 3, event % 5].map(|n| Id::parse(&format!("a{n}")).unwrap());
    let days = Day::from_number(day).map(|day| (day, day));
    let terms = actors.each_ref().map(|actor| builder.actor(actor));
    let number = builder.shape(&shape);
    let text = format!("e{event}");
    if !builder.add(
        number,
        days,
        &terms,
        PackedId::from_text(Kind::Event, &text),
    ) {
        let date = days.and_then(|(a, b)| crate::model::Date::of_days(a, b));
        let parts = shape.event(id(event), date, actors);
        let event = crate::model::Event::new(parts).unwrap();
        builder.put(&crate::model::Record::Event(event)).unwrap();
    }
}

/// What tells of rows without looking at them says what a look at each does.
fn agree(view: &View, window: &WindowView<'_>) {
    let actors = window.standing_actors();
    let mut lists = vec![window.all()];
    lists.extend(actors.iter().map(|actor| window.of_actor(*actor)));
    for (n, a) in actors.iter().enumerate() {
        for b in &actors[n + 1..] {
            let dyad = window.of_dyad(*a, *b);
            let between = window.between(*a, *b);
            assert_eq!(dyad.total(), between.len());
            let linkings = || window.linkings(*a, *b);
            assert_eq!(
                linkings().map(LinkRows::count).sum::<usize>(),
                between.len()
            );
            assert_eq!(linkings().any(LinkRows::any), !between.is_empty());
            for day in -1..6 {
                let ends = |row: Row| {
                    view.known_days(row)
                        .map_or(i32::MAX, |(_, last)| last.number())
                };
                let later = |(row, _): &(Row, Direction)| ends(*row) >= day;
                let expected: Vec<_> = between.iter().copied().filter(later).collect();
                let found: Vec<_> = window.between_from(*a, *b, day).filter(later).collect();
                assert_eq!(found, expected);
            }
            lists.push(dyad);
        }
    }
    for rows in lists {
        let all: Vec<Row> = rows.clone().collect();
        assert_eq!(rows.total(), all.len());
        assert!(rows.most() >= all.len());
        let back: Vec<Row> = rows.clone().descending().collect();
        assert!(all.iter().rev().eq(&back));
        for offset in 0..=all.len() {
            assert_eq!(
                rows.clone().page(offset, 2),
                all[offset..].iter().take(2).copied().collect::<Vec<_>>()
            );
            let page = rows.clone().descending().page(offset, 2);
            assert_eq!(
                page,
                back[offset..].iter().take(2).copied().collect::<Vec<_>>()
            );
        }
    }
    let (mut links, mut linked) = (Vec::new(), Vec::new());
    window.each_standing(&mut |row, standing| match standing {
        Participants::Pair(a, b, direction) => links.extend(direction.map(|way| (row, a, b, way))),
        Participants::Several(kind, actors, roles) => {
            let parts: Vec<_> = actors.iter().copied().zip(roles.iter().copied()).collect();
            links_of(kind, &parts, &mut |a, b, way| links.push((row, a, b, way)));
        }
    });
    window.each_link(&mut |_, row, a, b, way| linked.push((row, a, b, way)));
    links.retain(|(row, ..)| view.is_dated(*row));
    assert_eq!(links, linked);
}

/// All that views of every commit show.
fn seen(graph: &Arc<Graph>) -> Vec<Vec<String>> {
    let views = (0..).map_while(|commit| graph.view_at_commit(commit));
    views
        .zip(0..)
        .map(|(view, commit)| {
            let window = view.window(Window::ALL, WindowMatch::default());
            let mut shown: Vec<String> = window.all().map(|row| view.id(row)).collect();
            for actor in window.standing_actors() {
                shown.push(view.text(actor).to_owned());
                shown.extend(window.of_actor(actor).map(|row| view.id(row)));
                // A neighbour is given once for each segment.
                let mut linked: BTreeMap<&str, usize> = BTreeMap::new();
                window.neighbours(actor, &mut |other, linking| {
                    assert_eq!(linking.any(), linking.count() > 0);
                    *linked.entry(view.text(other)).or_default() += linking.count();
                });
                linked.retain(|_, count| *count > 0);
                shown.push(format!("{linked:?}"));
            }
            for (from, to) in [(0, 4), (1, 2), (2, 2), (4, 4), (5, 9)] {
                let days = [from, to].map(|day| {
                    let day = Day::from_number(day).unwrap();
                    Date::of_days(day, day).unwrap()
                });
                let [from, to] = days.each_ref();
                let narrow = Window::new(Some(from), Some(to)).unwrap();
                for (certain, actual) in [(false, false), (true, false), (false, true)] {
                    let window = view.window(narrow, WindowMatch { certain, actual });
                    if commit % LOOKED_AT_EVERY == 0 {
                        agree(&view, &window);
                    }
                    shown.extend(window.all().map(|row| format!("{from} {}", view.id(row))));
                }
            }
            if commit % LOOKED_AT_EVERY == 0 {
                agree(&view, &window);
                agree(&view, &view.undated(WindowMatch::default()));
            }
            for event in 0..12 {
                let found = view.find(Kind::Event, id(event).as_str());
                shown.push(format!("{:?}", found.and_then(|row| view.record(row))));
                let versions = view.versions(Kind::Event, id(event).as_str());
                shown.extend(
                    versions
                        .iter()
                        .map(|v| format!("{:?} {:?}", v.since, v.until)),
                );
            }
            shown.sort();
            shown
        })
        .collect()
}

proptest! {
    #[test]
    fn merging_apart_changes_no_answer(steps in prop::collection::vec(step(), 1..80)) {
        let (mut merged, mut plain) = (Arc::new(Graph::default()), Arc::new(Graph::default()));
        let mut taken: Option<MergedSegment> = None;
        let mut commit = 0;
        for step in steps {
            match step {
                TestStep::Put(..) | TestStep::Delete(_) => {
                    commit += 1;
                    for graph in [&mut merged, &mut plain] {
                        let mut builder = GraphBuilder::new(graph);
                        match step {
                            TestStep::Put(event, day) => put(&mut builder, event, day),
                            TestStep::Delete(event) => builder.delete(Kind::Event, &id(event)),
                            TestStep::Take | TestStep::Merge => {}
                        }
                        builder.commit(commit, 0);
                        *graph = builder.finish().keep();
                    }
                }
                TestStep::Take => taken = merged.worth_merging().map(MergePlan::run),
                TestStep::Merge => {
                    if let Some(graph) = taken.take().and_then(|taken| merged.with_merged(taken)) {
                        merged = Arc::new(graph);
                    }
                }
            }
        }
        prop_assert!(seen(&merged) == seen(&plain));
        // What is abandoned leaves no trace.
        let mut builder = GraphBuilder::new(&merged);
        (0..12).for_each(|event| builder.delete(Kind::Event, &id(event)));
        drop(builder.finish());
        prop_assert!(seen(&merged) == seen(&plain));
    }
}
