//! Merges over HTTP: what answers show, what they refuse, what comes back.

use std::thread;

use serde_json::{Value, json};

use super::app::App;

const LINES: &str = r#"
{"record":"source","id":"wire"}
{"record":"actor","id":"prk","kind":"state","name":"DPRK","codes":{"iso3":"PRK","cow":"731"}}
{"record":"actor","id":"north-korea","kind":"state","name":"North Korea","aliases":["Pyongyang"],"codes":{"cow":"732"}}
{"record":"actor","id":"kor","kind":"state","name":"South Korea"}
{"record":"actor","id":"usa","kind":"state","name":"USA"}
{"record":"actor","id":"choe","kind":"person","name":"Choe"}
{"record":"relation","id":"office","subject":"choe","kind":"holds_office","object":"north-korea","title":"Foreign Minister","since":"2022-06"}
{"record":"event","id":"e1","cameo":"040","date":"2023-01-05","participants":[{"actor":"prk","role":"participant"},{"actor":"usa","role":"participant"}]}
{"record":"event","id":"e2","cameo":"112","date":"2023-01-06","participants":[{"actor":"north-korea","role":"source"},{"actor":"kor","role":"target"}]}
{"record":"event","id":"e3","cameo":"112","date":"2023-01-07","participants":[{"actor":"north-korea","role":"source"},{"actor":"prk","role":"source"},{"actor":"kor","role":"target"}]}
{"record":"event","id":"e4","cameo":"040","date":"2023-01-08","participants":[{"actor":"north-korea","role":"source"},{"actor":"prk","role":"target"}]}
{"record":"statement","id":"t1","speakers":["north-korea","prk"],"audience":["usa"],"date":"2023-01-09","text":"No.","stances":[{"toward":{"actor":"north-korea"},"stance":"supports"}]}
"#;

fn app() -> App {
    let app = App::empty();
    let report = import(&app, LINES.trim());
    assert_eq!(report["status"], "committed", "{report}");
    app
}

fn import(app: &App, lines: &str) -> Value {
    let headers = [("Content-Type", "application/x-ndjson")];
    app.call("POST", "/api/v1/imports", &headers, lines.as_bytes())
        .ok()
}

fn merge(app: &App, actor: &str, body: &Value) -> Value {
    app.post(&format!("/api/v1/actors/{actor}/merge"), &body.to_string())
        .ok()
}

fn ids(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["id"].as_str().unwrap()).collect()
}

fn exported(app: &App) -> String {
    String::from_utf8(app.get("/api/v1/export?format=jsonl").body).unwrap()
}

#[test]
fn a_merge_shows_the_survivor_under_every_name() {
    let app = app();
    let before = exported(&app);
    let body = json!({ "other": "prk", "reason": "One state.", "decided_by": "Test" });

    let dry = app
        .post(
            "/api/v1/actors/north-korea/merge?dry_run=true",
            &body.to_string(),
        )
        .ok();
    assert!(dry.get("merge").is_none());
    let preview = &dry["preview"];
    assert_eq!(preview["links_lost"]["count"], 3, "e3, e4, t1: {preview}");
    assert_eq!(
        preview["participations_joined"]["count"], 2,
        "e3, t1: {preview}"
    );
    assert_eq!(
        preview["code_clashes"],
        json!([{ "scheme": "cow", "actor": "732", "other": "731" }])
    );
    assert_eq!(exported(&app), before, "a dry run writes nothing");

    let report = merge(&app, "north-korea", &body);
    assert_eq!(report["preview"], *preview);
    assert_eq!(report["merge"]["survivor"]["id"], "prk");
    assert_eq!(
        report["merge"]["actor"]["name"], "North Korea",
        "as it is called itself"
    );

    // Whatever names either leads to the survivor, and records say who was named.
    for name in [
        "prk",
        "north-korea",
        "North%20Korea",
        "Pyongyang",
        "DPRK",
        "cow:732",
        "PRK",
    ] {
        let page = app.get(&format!("/api/v1/timeline?actor={name}")).ok();
        assert_eq!(page["total"], 6, "{name}: {page}");
    }
    let page = app.get("/api/v1/timeline?actor=north-korea").ok();
    assert_eq!(page["meta"]["names"][0]["actor"], "prk", "{page}");
}

#[test]
fn records_lists_and_offices_show_the_survivor() {
    let app = app();
    merge(&app, "north-korea", &json!({ "other": "prk" }));
    let e2 = app.get("/api/v1/events/e2").ok();
    assert_eq!(e2["participants"][0]["actor"]["id"], "prk");
    assert_eq!(
        e2["participants"][0]["actor"]["merged_from"],
        json!(["north-korea"])
    );
    let e3 = app.get("/api/v1/events/e3").ok();
    assert_eq!(e3["participants"].as_array().unwrap().len(), 2, "{e3}");
    let with_kor = app.get("/api/v1/dyads/prk/kor").ok();
    assert_eq!(with_kor["records"], 2);
    let minister = app
        .get("/api/v1/resolve?q=Foreign%20Minister&on=2022-06-30")
        .ok();
    assert_eq!(minister["actor"]["id"], "choe");
    let rolled = app.get("/api/v1/actors/choe/relationships").ok();
    assert_eq!(rolled["items"][0]["actor"]["id"], "prk", "{rolled}");
    let actors = app.get("/api/v1/actors").ok();
    assert_eq!(ids(&actors), ["choe", "kor", "prk", "usa"]);
    let found = app.get("/api/v1/search?q=North%20Korea&in=actors").ok();
    assert_eq!(found["items"][0]["record"]["id"], "prk", "{found}");
    assert_eq!(found["total"], 1, "once: {found}");
}

#[test]
fn the_resource_of_a_merged_actor_leads_to_the_survivor() {
    let app = app();
    merge(&app, "north-korea", &json!({ "other": "prk" }));
    // The resource of the merged actor.
    let moved = app.get("/api/v1/actors/north-korea?form=document");
    assert_eq!(moved.status, 308);
    assert_eq!(
        moved.header("location"),
        Some("/api/v1/actors/prk?form=document")
    );
    for refused in [
        app.put(
            "/api/v1/actors/north-korea",
            r#"{"kind":"state","name":"X"}"#,
        ),
        app.delete("/api/v1/actors/north-korea"),
    ] {
        let problem = refused.problem("merged_actor");
        assert_eq!(problem["suggestion"], "prk");
    }
    let named = app.delete("/api/v1/actors/prk").problem("still_referenced");
    assert!(named["count"].as_u64().unwrap() > 0, "{named}");
}

#[test]
fn the_state_before_a_merge_never_shows_it_and_a_revert_brings_back_every_byte() {
    let app = app();
    let before = exported(&app);
    let commit = app.get("/api/v1/summary").ok()["meta"]["known_at"].clone();
    let report = merge(&app, "north-korea", &json!({ "other": "prk" }));
    let id = report["merge"]["id"].as_str().unwrap();
    // The state before never shows it.
    let known = app
        .get(&format!(
            "/api/v1/timeline?actor=north-korea&known_at={commit}"
        ))
        .ok();
    assert_eq!(known["total"], 5);
    assert!(!known.to_string().contains("merged_from"));
    assert_eq!(
        app.get(&format!("/api/v1/actors/north-korea?known_at={commit}"))
            .status,
        200
    );

    // What comes afterwards and names the survivor stays with it.
    app.put("/api/v1/events/e9", r#"{"cameo":"040","date":"2023-02-01","participants":[{"actor":"prk","role":"participant"},{"actor":"usa","role":"participant"}]}"#).ok();
    app.put("/api/v1/events/e8", r#"{"cameo":"040","date":"2023-02-01","participants":[{"actor":"north-korea","role":"participant"},{"actor":"usa","role":"participant"}]}"#).ok();
    assert_eq!(app.get("/api/v1/merges?actor=Pyongyang").ok()["total"], 1);
    let reverted = app.post(&format!("/api/v1/merges/{id}/revert"), "").ok();
    assert_eq!(reverted["stay"]["count"], 1);
    assert_eq!(reverted["stay"]["first"][0]["id"], "e9");
    assert_eq!(app.get("/api/v1/merges").ok()["total"], 0);
    for id in ["e8", "e9"] {
        app.delete(&format!("/api/v1/events/{id}"));
    }
    assert_eq!(exported(&app), before);
    let history = app.get(&format!("/api/v1/judgements/{id}/history")).ok();
    assert_eq!(
        history["versions"].as_array().unwrap().len(),
        1,
        "{history}"
    );
}

#[test]
fn chains_lead_to_the_last_and_circles_are_refused() {
    let app = app();
    merge(&app, "north-korea", &json!({ "other": "prk" }));
    merge(&app, "prk", &json!({ "other": "kor" }));
    let e2 = app.get("/api/v1/events/e2").ok();
    assert_eq!(e2["participants"][0]["actor"]["id"], "kor");
    assert_eq!(
        app.get("/api/v1/actors/north-korea").header("location"),
        Some("/api/v1/actors/kor")
    );
    let circle = app
        .post("/api/v1/actors/kor/merge", r#"{"other":"north-korea"}"#)
        .problem("unresolved_reference");
    assert!(
        circle["detail"].as_str().unwrap().contains("circle")
            || circle["detail"].as_str().unwrap().contains("two different"),
        "{circle}"
    );
    let again = app
        .post("/api/v1/actors/prk/merge", r#"{"other":"usa"}"#)
        .problem("unresolved_reference");
    assert!(
        again["detail"]
            .as_str()
            .unwrap()
            .contains("is merged into kor"),
        "{again}"
    );
    // A dry run refuses what a write would, in the same words.
    for (actor, other) in [("kor", "north-korea"), ("prk", "usa")] {
        let body = json!({ "other": other }).to_string();
        let path = format!("/api/v1/actors/{actor}/merge");
        let refused = app.post(&path, &body).problem("unresolved_reference");
        let dry = app.post(&format!("{path}?dry_run=true"), &body);
        assert_eq!(dry.problem("unresolved_reference"), refused);
    }
    let named = app.get("/api/v1/actors?name=pyong").ok();
    assert_eq!(ids(&named), ["kor"], "by a name of a merged actor");
    let merges = app.get("/api/v1/merges").ok();
    let survivors = merges["items"].as_array().unwrap().iter();
    assert!(
        survivors
            .clone()
            .all(|item| item["survivor"]["id"] == "kor"),
        "{merges}"
    );
}

#[test]
fn a_judgement_that_two_are_different_asks_before_a_merge() {
    let app = app();
    let judged = app
        .post(
            "/api/v1/actors/kor/different-from",
            r#"{"other":"prk","reason":"Two states."}"#,
        )
        .ok();
    assert_eq!(judged["verdict"], "different");
    let refused = app.post("/api/v1/actors/kor/merge", r#"{"other":"North Korea"}"#);
    assert!(refused.status < 300, "another pair: {}", refused.status);
    let id = app.get("/api/v1/merges").ok()["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    app.post(&format!("/api/v1/merges/{id}/revert"), "").ok();
    let refused = app
        .post("/api/v1/actors/kor/merge", r#"{"other":"prk"}"#)
        .problem("judged_different");
    assert_eq!(refused["value"], judged["id"]);
    let told = app
        .post(
            "/api/v1/actors/kor/merge?despite_different=true",
            r#"{"other":"prk"}"#,
        )
        .ok();
    assert_eq!(told["preview"]["different"][0]["id"], judged["id"]);
    // Those who are one are not judged to be two.
    app.post("/api/v1/actors/kor/different-from", r#"{"other":"prk"}"#)
        .problem("merged_actor");
}

#[test]
fn an_import_brings_merges_back_and_old_files_change_nothing() {
    let app = app();
    merge(&app, "north-korea", &json!({ "other": "prk" }));
    let again = import(&app, LINES.trim());
    assert_eq!(again["status"], "unchanged", "{again}");
    let backup = exported(&app);
    assert!(backup.contains(r#""record":"judgement""#));
    let other = App::empty();
    let report = import(&other, &backup);
    assert_eq!(report["status"], "committed", "{report}");
    assert_eq!(exported(&other), backup);
    let page = other.get("/api/v1/timeline?actor=north-korea").ok();
    assert_eq!(
        (&page["total"], &page["items"]),
        (
            &app.get("/api/v1/timeline?actor=prk").ok()["total"],
            &page["items"]
        )
    );
    // Tables show who counts.
    let table = app.get("/api/v1/export?format=csv&record=event");
    assert!(
        !String::from_utf8(table.body)
            .unwrap()
            .contains("north-korea")
    );
}

#[test]
fn the_undo_of_an_import_whose_actors_were_merged_waits_for_the_revert() {
    let app = App::empty();
    let report = import(&app, LINES.trim());
    let import = report["id"].as_str().unwrap();
    let id = merge(&app, "north-korea", &json!({ "other": "prk" }))["merge"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let refused = app
        .delete(&format!("/api/v1/imports/{import}"))
        .problem("still_referenced");
    assert_eq!(
        refused["referenced_by"],
        json!([{ "record": "judgement", "id": id }])
    );
    app.post(&format!("/api/v1/merges/{id}/revert"), "").ok();
    assert!(app.delete(&format!("/api/v1/imports/{import}")).status < 300);
    assert_eq!(app.get("/api/v1/actors").ok()["total"], 0);
}

#[test]
fn what_stays_at_a_revert_is_told_along_the_chain_and_whatever_was_corrected() {
    let app = app();
    let id = merge(&app, "north-korea", &json!({ "other": "prk" }))["merge"]["id"].clone();
    let id = id.as_str().unwrap();
    merge(&app, "prk", &json!({ "other": "kor" }));
    let event = |actor: &str| {
        format!(
            r#"{{"cameo":"040","date":"2023-02-01","participants":[{{"actor":"{actor}","role":"participant"}},{{"actor":"usa","role":"participant"}}]}}"#
        )
    };
    for (id, actor) in [("e8", "prk"), ("e9", "kor")] {
        app.put(&format!("/api/v1/events/{id}"), &event(actor)).ok();
    }
    let again = r#"{"verdict":"same","actor":"north-korea","other":"prk","reason":"Told later."}"#;
    app.put(&format!("/api/v1/judgements/{id}"), again).ok();
    let reverted = app.post(&format!("/api/v1/merges/{id}/revert"), "").ok();
    assert_eq!(reverted["stay"]["count"], 2, "{reverted}");
}

#[test]
fn an_office_that_one_hands_to_himself_is_no_overlap() {
    let app = App::empty();
    let mut lines =
        vec![r#"{"record":"actor","id":"bod","kind":"organization","name":"Board"}"#.to_owned()];
    for (id, since, until) in [
        ("h1", 2000, 2010),
        ("h2", 2005, 2012),
        ("h3", 2013, 2014),
        ("h4", 2015, 2016),
    ] {
        lines.push(format!(
            r#"{{"record":"actor","id":"{id}","kind":"person","name":"{id}"}}"#
        ));
        lines.push(format!(
            r#"{{"record":"relation","subject":"{id}","kind":"holds_office","object":"bod","title":"Chair","since":"{since}","until":"{until}"}}"#
        ));
    }
    import(&app, &lines.join("\n"));
    let path = "/api/v1/contradictions?rule=office_overlap";
    let before = app.get(path).ok();
    merge(&app, "h1", &json!({ "other": "h2" }));
    let after = app.get(path).ok();
    assert_eq!(
        (&before["total"], &after["total"]),
        (&json!(1), &json!(0)),
        "{before}"
    );
}

#[test]
fn an_import_with_more_warnings_than_a_commit_keeps_is_committed() {
    let app = App::empty();
    let each = |id: &str, n: usize| {
        format!(
            r#"{{"record":"actor","id":"{id}{n}","kind":"state","name":"N{n}","description":"d"}}"#
        )
    };
    let lines: Vec<String> = (0..60).flat_map(|n| [each("a", n), each("b", n)]).collect();
    let report = import(&app, &lines.join("\n"));
    assert_eq!(report["status"], "committed", "{report}");
    assert_eq!(app.get("/api/v1/actors").ok()["total"], 120);
}

#[test]
fn an_import_may_take_a_merge_back_and_make_another_of_its_actor() {
    let app = app();
    let line = |id: &str, verdict: &str, other: &str| {
        format!(
            r#"{{"record":"judgement","id":"{id}","verdict":"{verdict}","actor":"north-korea","other":"{other}"}}"#
        )
    };
    import(&app, &line("j0", "same", "prk"));
    let both = [line("j1", "same", "kor"), line("j0", "different", "prk")].join("\n");
    let report = import(&app, &both);
    assert_eq!(report["status"], "committed", "{report}");
    let moved = app.get("/api/v1/actors/north-korea");
    assert_eq!(moved.header("location"), Some("/api/v1/actors/kor"));
}

#[test]
fn of_two_judgements_at_one_time_the_second_is_refused() {
    let app = App::empty();
    for pair in 0..24 {
        for end in ["a", "b"] {
            let actor = format!(r#"{{"kind":"person","name":"{end}{pair}"}}"#);
            app.put(&format!("/api/v1/actors/{end}{pair}"), &actor).ok();
        }
    }
    for pair in 0..24 {
        let body = json!({ "other": format!("b{pair}") }).to_string();
        let judge = |how: &str| {
            let path = format!("/api/v1/actors/a{pair}/{how}");
            app.post(&path, &body)
        };
        let (same, different) = thread::scope(|scope| {
            let same = scope.spawn(|| judge("merge"));
            let different = judge("different-from");
            (same.join().unwrap(), different)
        });
        match (same.status, different.status) {
            (201, 409) => drop(different.problem("merged_actor")),
            (409, 201) => drop(same.problem("judged_different")),
            other => panic!("{other:?}: {} {}", same.text(), different.text()),
        }
    }
}

#[test]
fn events_that_differ_by_a_merged_actor_alone_are_told_twice() {
    let app = app();
    for (id, actor) in [("d1", "north-korea"), ("d2", "prk")] {
        let event = format!(
            r#"{{"cameo":"130","date":"2023-03-01","participants":[{{"actor":"{actor}","role":"source"}},{{"actor":"usa","role":"target"}}]}}"#
        );
        app.put(&format!("/api/v1/events/{id}"), &event).ok();
    }
    let path = "/api/v1/events/duplicates";
    let before = app.get(path).ok();
    merge(&app, "north-korea", &json!({ "other": "prk" }));
    let after = app.get(path).ok();
    assert_eq!(
        (&before["total"], &after["total"]),
        (&json!(0), &json!(1)),
        "{after}"
    );
}

#[test]
fn a_table_is_matched_by_the_names_and_codes_of_who_was_merged() {
    let app = app();
    merge(&app, "north-korea", &json!({ "other": "prk" }));
    let asked = json!({ "queries": { "q": {
        "query": "Pyongyang",
        "properties": [{ "pid": "cow", "v": "732" }, { "pid": "alias", "v": "North Korea" }],
    } } });
    let result = app.post("/api/v1/reconcile", &asked.to_string()).ok()["q"]["result"][0].clone();
    assert_eq!(
        (&result["id"], &result["match"]),
        (&json!("prk"), &json!(true)),
        "{result}"
    );
    assert_eq!(result["score"], 100.0, "{result}");
    let wanted = json!({ "extend": { "ids": ["north-korea"], "properties": [{ "id": "cow" }] } });
    let rows = app.post("/api/v1/reconcile", &wanted.to_string()).ok()["rows"].clone();
    assert_eq!(
        rows["north-korea"]["cow"],
        json!([{ "str": "731" }, { "str": "732" }])
    );
}
