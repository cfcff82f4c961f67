//! What a question may have to look at, told before it is asked.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fmt::Write as _;

use chancery::engine::{Engine, KnownAt};
use chancery::graph::{Direction, Term, TermKind, View};
use chancery::model::{Date, EventType, Window};
use chancery::query::{
    ActorMatch, Mode, Order, Page, PathsQuestion, Rollup, Scope, Selection, TimelinePlan,
    TimelineQuestion, paths_effort,
};
use tempfile::TempDir;

use crate::support::import::import;

/// Actors. Their records have no date, and stand among the rows that are looked at for all there is.
const ACTORS: usize = 3;
/// Events from a to b in 2020, one a day.
const OF_2020: usize = 30;
/// Events from a to c in 2021, one a day.
const OF_2021: usize = 20;
/// Events from a to b without a date.
const UNDATED: usize = 3;

/// A record of these.
fn record() -> (TempDir, View) {
    let mut lines = String::new();
    for actor in ["a", "b", "c"] {
        writeln!(
            lines,
            r#"{{"record":"actor","id":"{actor}","kind":"state","name":"{actor}"}}"#
        )
        .unwrap();
    }
    let mut event = |number: usize, target: &str, date: String| {
        writeln!(
            lines,
            r#"{{"record":"event","id":"{target}-{number}","type":"CONSULT"{date},"participants":[{{"actor":"a","role":"source"}},{{"actor":"{target}","role":"target"}}],"sources":[]}}"#
        )
        .unwrap();
    };
    for day in 1..=OF_2020 {
        event(day, "b", format!(r#","date":"2020-06-{day:02}""#));
    }
    for day in 1..=OF_2021 {
        event(day, "c", format!(r#","date":"2021-06-{day:02}""#));
    }
    for number in 0..UNDATED {
        event(100 + number, "b", String::new());
    }
    let folder = tempfile::tempdir().unwrap();
    let (engine, _) = Engine::open(folder.path()).unwrap();
    import(&engine, &lines, "effort");
    let view = engine.view(KnownAt::Now).unwrap();
    (folder, view)
}

fn actor(view: &View, id: &str) -> Term {
    view.term(TermKind::Actor, id).unwrap()
}

fn year(year: &str) -> Window {
    let date = Date::parse(year).unwrap();
    Window::new(Some(&date), Some(&date)).unwrap()
}

fn consults() -> Scope {
    let mut scope = Scope::default();
    scope.filter.types.push(Some(EventType::Consult).into());
    scope
}

fn timeline(view: &View, selection: Selection, scope: Scope) -> usize {
    let question = TimelineQuestion {
        selection,
        scope,
        order: Order::Ascending,
        page: Page {
            limit: 5,
            offset: 10,
        },
    };
    TimelinePlan::new(view, &question).effort()
}

#[test]
fn a_page_of_one_actor_looks_at_what_it_shows() {
    let (_folder, view) = record();
    let (a, b) = (actor(&view, "a"), actor(&view, "b"));
    let plain = |selection| timeline(&view, selection, Scope::default());
    assert_eq!(plain(Selection::Everything), 2 * (UNDATED + ACTORS));
    assert_eq!(plain(Selection::Actors(vec![a], ActorMatch::Any)), 0);
    assert_eq!(plain(Selection::Dyad(a, b, Direction::ANY)), 0);
}

#[test]
fn what_is_sifted_or_put_together_looks_at_all_that_may_match() {
    let (_folder, view) = record();
    let of = |ids: &[&str], scope: Scope| {
        let actors = ids.iter().map(|id| actor(&view, id)).collect();
        timeline(&view, Selection::Actors(actors, ActorMatch::Any), scope)
    };
    // All of its records; those without a date are in the window of all time and looked at for
    // what is left out.
    let all = OF_2020 + OF_2021 + UNDATED;
    assert_eq!(of(&["a"], consults()), all + UNDATED);
    assert_eq!(of(&["c"], consults()), OF_2021);
    assert_eq!(of(&["b", "c"], Scope::default()), all + UNDATED);
    let in_2021 = Scope {
        window: year("2021"),
        ..consults()
    };
    assert_eq!(of(&["a"], in_2021.clone()), OF_2021 + UNDATED);
    assert_eq!(of(&["b"], in_2021), UNDATED);
}

#[test]
fn what_nothing_is_known_of_may_look_at_everything() {
    let (_folder, view) = record();
    let a = actor(&view, "a");
    let rolled = Scope {
        rollup: Rollup::State,
        ..Scope::default()
    };
    let of_one = Selection::Actors(vec![a], ActorMatch::Any);
    assert_eq!(timeline(&view, of_one, rolled.clone()), usize::MAX);
    let question = PathsQuestion::new(a, actor(&view, "c"));
    for hard in [
        PathsQuestion {
            scope: rolled,
            ..question.clone()
        },
        PathsQuestion {
            mode: Mode::Strongest,
            ..question.clone()
        },
        PathsQuestion {
            mode: Mode::Chronological,
            ..question.clone()
        },
        PathsQuestion {
            via: vec![actor(&view, "b")],
            ..question.clone()
        },
        PathsQuestion {
            diverse: true,
            ..question
        },
    ] {
        assert_eq!(paths_effort(&view, &hard), usize::MAX, "{hard:?}");
    }
}

#[test]
fn paths_may_walk_over_the_window_once_for_each() {
    let (_folder, view) = record();
    let question = PathsQuestion::new(actor(&view, "a"), actor(&view, "c"));
    for limit in [1, 5, 20] {
        let mut asked = PathsQuestion {
            limit,
            ..question.clone()
        };
        let all = OF_2020 + OF_2021 + UNDATED + ACTORS;
        assert_eq!(paths_effort(&view, &asked), limit * all);
        asked.scope.window = year("2021");
        assert_eq!(paths_effort(&view, &asked), limit * OF_2021);
        asked.scope.window = year("1999");
        assert_eq!(paths_effort(&view, &asked), 0);
    }
}
