//! The resources of the five kinds of record.

use serde_json::{Value, json};

use super::app::{App, ids};

/// A record of each kind that the article's record can take, with a change of it.
fn samples() -> [(&'static str, Value, Value); 5] {
    let source = json!({"id": "s-1", "kind": "article", "title": "One"});
    let actor = json!({"id": "wang-yi", "kind": "person", "name": "Wang Yi"});
    let relation = json!({"id": "r-1", "subject": "Xi", "kind": "represents", "object": "PRC"});
    let event = json!({
        "id": "e-1", "cameo": "042", "date": "2023-06-19", "title": "A visit",
        "participants": [{"actor": "Blinken", "role": "source"}, {"actor": "China", "role": "target"}]
    });
    let statement = json!({"id": "t-1", "speakers": ["Biden"], "text": "Soon.", "date": "2023-07"});
    let with = |record: &Value, member: &str, value: &str| {
        let mut changed = record.clone();
        changed[member] = value.into();
        changed
    };
    [
        ("sources", source.clone(), with(&source, "title", "Two")),
        (
            "actors",
            actor.clone(),
            with(&actor, "description", "A minister."),
        ),
        (
            "relations",
            relation.clone(),
            with(&relation, "title", "President"),
        ),
        (
            "events",
            event.clone(),
            with(&event, "title", "A long visit"),
        ),
        (
            "statements",
            statement.clone(),
            with(&statement, "text", "Very soon."),
        ),
    ]
}

#[test]
fn a_record_of_each_kind_is_made_read_and_changed() {
    let app = App::article();
    for (kind, record, changed) in samples() {
        let (list, id) = (format!("/api/v1/{kind}"), record["id"].as_str().unwrap());
        let path = format!("{list}/{id}");
        app.get(&path).problem("no_such_record");
        let before = app.get(&list).ok()["total"].as_u64().unwrap();

        let made = app.post(&list, &record.to_string());
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(made.header("Location"), Some(path.as_str()));
        assert_eq!(made.json()["record"], kind.trim_end_matches('s'));
        let again = app.post(&list, &record.to_string());
        assert_eq!(again.status, 200);
        assert_eq!(again.json(), made.json());
        app.post(&list, &changed.to_string()).problem("exists");

        let read = app.get(&path);
        assert_eq!(read.ok(), made.json());
        assert_eq!(read.etag(), made.etag());
        let page = app.get(&format!("{list}?limit=1000")).ok();
        assert_eq!(page["total"], before + 1);
        assert!(ids(&page).contains(&id));

        let replaced = app.put(&path, &changed.to_string());
        assert_eq!(replaced.status, 200, "{}", replaced.text());
        let same = app.put(&path, &changed.to_string());
        assert_eq!((same.status, same.json()), (200, replaced.json()));
    }
}

#[test]
fn a_record_of_each_kind_keeps_its_history() {
    let app = App::article();
    for (kind, record, changed) in samples() {
        let (list, id) = (format!("/api/v1/{kind}"), record["id"].as_str().unwrap());
        let path = format!("{list}/{id}");
        let before = app.get(&list).ok()["total"].clone();
        let made = app.post(&list, &record.to_string());
        app.put(&path, &changed.to_string()).ok();

        let versions = app.get(&format!("{path}/history")).ok()["versions"].clone();
        assert_eq!(versions.as_array().unwrap().len(), 2);
        assert_eq!(versions[0]["until"], versions[1]["since"]);
        assert_eq!(versions[0]["version"], made.json());
        let first = versions[0]["since"]["commit"].as_u64().unwrap();
        assert_eq!(
            app.get(&format!("{path}?known_at={first}")).ok(),
            made.json()
        );

        let gone = app.delete(&path);
        assert_eq!((gone.status, gone.body.len()), (204, 0));
        app.get(&path).problem("no_such_record");
        app.delete(&path).problem("no_such_record");
        assert_eq!(
            app.get(&format!("{path}?known_at={first}")).ok(),
            made.json()
        );
        let versions = app.get(&format!("{path}/history")).ok()["versions"].clone();
        assert_eq!(versions.as_array().unwrap().len(), 2);
        assert!(versions[1]["until"]["commit"].is_u64());
        assert_eq!(app.get(&list).ok()["total"], before);
    }
}

#[test]
fn the_document_form_can_be_written_again() {
    let app = App::article();
    for (kind, id) in [
        ("sources", "trtworld-2023-06-17"),
        ("actors", "prk"),
        ("relations", "antony-blinken-secretary-of-state"),
        ("events", "blinken-china-visit-2023-06"),
        ("statements", "trilateral-condemnation-of-launch-2023-06-15"),
    ] {
        let path = format!("/api/v1/{kind}/{id}");
        let before = app.get(&path).ok();
        let document = app.get(&format!("{path}?form=document"));
        let written = app.put(&path, &document.text());
        assert_eq!(written.status, 200, "{}", written.text());
        assert_eq!(
            written.json(),
            before,
            "nothing changed, so nothing was written"
        );
    }
}

#[test]
fn a_record_without_an_id_gets_that_of_its_content() {
    let app = App::article();
    let event = r#"{"type": "CONSULT", "participants": [{"actor": "usa", "role": "source"}]}"#;
    let first = app.post("/api/v1/events", event);
    assert_eq!(first.status, 201);
    let id = first.json()["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("event-"), "{id}");
    let second = app.post("/api/v1/events", event);
    assert_eq!((second.status, second.json()), (200, first.json()));
}

#[test]
fn put_takes_the_id_of_the_path_and_no_other() {
    let app = App::article();
    let without = r#"{"kind": "person", "name": "Wang Yi"}"#;
    let made = app.put("/api/v1/actors/wang-yi", without);
    assert_eq!(made.status, 201);
    assert_eq!(made.header("Location"), Some("/api/v1/actors/wang-yi"));
    assert_eq!(made.json()["id"], "wang-yi");
    let other = r#"{"id": "other", "kind": "person", "name": "Wang Yi"}"#;
    let problem = app
        .put("/api/v1/actors/wang-yi", other)
        .problem("id_mismatch");
    assert_eq!(problem["suggestion"], "wang-yi");
    app.put("/api/v1/actors/Wang-Yi", without)
        .problem("bad_parameter");
}

#[test]
fn what_others_name_can_not_be_deleted() {
    let app = App::article();
    let actor = app.delete("/api/v1/actors/antony-blinken");
    assert_eq!(actor.status, 409);
    let actor = actor.problem("still_referenced");
    assert!(actor["count"].as_u64().unwrap() > 5);
    assert!(
        actor["referenced_by"]
            .as_array()
            .unwrap()
            .iter()
            .any(|named| {
                *named == json!({"record": "relation", "id": "antony-blinken-secretary-of-state"})
            })
    );
    let source = app
        .delete("/api/v1/sources/trtworld-2023-06-17")
        .problem("still_referenced");
    assert_eq!(
        source["referenced_by"].as_array().unwrap().len(),
        20,
        "the first ones are listed"
    );
    let event = app
        .delete("/api/v1/events/blinken-china-trip-2023-02")
        .problem("still_referenced");
    assert_eq!(event["count"], 1);
    assert_eq!(
        event["referenced_by"][0]["id"],
        "blinken-china-visit-2023-06"
    );
}

#[test]
fn lists_are_filtered() {
    let app = App::article();
    let list = |path: &str| app.get(&format!("/api/v1/{path}")).ok();
    assert_eq!(list("actors")["total"], 12);
    assert_eq!(list("actors?kind=state")["total"], 5);
    assert_eq!(list("actors?kind=state&kind=government_body")["total"], 6);
    assert_eq!(ids(&list("actors?name=yoshi")), ["hayashi-yoshimasa"]);
    assert_eq!(list("actors?dataset=other")["total"], 0);
    assert_eq!(list("sources?name=blinken%20talks")["total"], 1);
    assert_eq!(
        list("events?status=cancelled")["items"][0]["id"],
        "blinken-china-trip-2023-02"
    );
    assert_eq!(
        ids(&list("events?from=2023-06-18&to=2023-06-19")),
        ["blinken-china-visit-2023-06"]
    );
    assert_eq!(list("events?type=CONSULT&status=occurred")["total"], 2);
    assert_eq!(
        list("statements?role=speaker&cited=trtworld-2023-06-17")["total"],
        15
    );
    assert_eq!(list("statements?source=nothing")["total"], 0);
    assert_eq!(list("relations?kind=state")["total"], 6);
    let sorted: Vec<String> = ids(&list("actors"))
        .into_iter()
        .map(str::to_owned)
        .collect();
    assert!(sorted.is_sorted(), "{sorted:?}");
}
