//! Names in questions, files and search: what is one name, and what only looks like one.

use serde_json::{Value, json};

use super::app::{Answer, App};

const LINES: &[(&str, &str)] = &[("Content-Type", "application/x-ndjson")];
const ROWS: &[(&str, &str)] = &[("Content-Type", "text/tab-separated-values")];

fn import(app: &App, records: &[Value], query: &str) -> Answer {
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    let path = format!("/api/v1/imports{query}");
    app.call("POST", &path, LINES, lines.join("\n").as_bytes())
}

fn with(records: &[Value]) -> App {
    let app = App::empty();
    import(&app, records, "").ok();
    app
}

fn person(id: &str, name: &str) -> Value {
    json!({"record": "actor", "id": id, "kind": "person", "name": name})
}

fn state(id: &str, name: &str) -> Value {
    json!({"record": "actor", "id": id, "kind": "state", "name": name})
}

fn encoded(text: &str) -> String {
    let bytes = text.bytes().map(|byte| format!("%{byte:02X}"));
    bytes.collect()
}

/// The id of the actor that a question takes a name for, or the code of its problem.
fn meant(app: &App, name: &str, window: &str) -> String {
    let path = format!(
        "/api/v1/actors/{}/relationships?limit=1{window}",
        encoded(name)
    );
    let resolved = resolve(app, name, "");
    let asked = app.get(&path);
    if asked.status == 200 && window.is_empty() {
        return resolved["actor"]["id"].as_str().unwrap().to_owned();
    }
    asked.json()["kind"].as_str().unwrap_or("found").to_owned()
}

fn resolve(app: &App, name: &str, more: &str) -> Value {
    app.get(&format!("/api/v1/resolve?q={}{more}", encoded(name)))
        .ok()
}

/// Ids and steps of the candidates that answer.
fn answers(answer: &Value) -> Vec<(String, String)> {
    let items = answer["items"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    items
        .filter(|item| item["answers"] == true)
        .map(|item| (text(&item["actor"]["id"]), text(&item["step"])))
        .collect()
}

fn found(app: &App, query: &str) -> Vec<String> {
    let page = app
        .get(&format!("/api/v1/search?in=actors&q={}", encoded(query)))
        .ok();
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["record"]["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn marks_that_are_letters_make_other_actors() {
    for (one, other) in [
        ("パリ", "バリ"),
        ("কমল", "কমলা"),
        ("भारत", "भरत"),
        ("मोदी", "मेदा"),
        ("ਸਿੰਘ", "ਸੰਘ"),
        ("พล", "พิล"),
        ("မြန်မာ", "မနမ"),
        ("Андрій", "Андрии"),
        ("آل", "ال"),
        ("김정은", "김정일"),
        ("คินเนีย", "คนเนย"),
    ] {
        let app = App::empty();
        let row = format!("{one}\tMake a visit\t{other}\t2014-09-22\n");
        let report = app
            .call("POST", "/api/v1/imports?dataset=q", ROWS, row.as_bytes())
            .ok();
        assert_eq!(report["counts"]["actors"]["new"], 2, "{one} and {other}");
        let timeline = app.get(&format!(
            "/api/v1/timeline?between={}&between={}",
            encoded(one),
            encoded(other)
        ));
        assert_eq!(timeline.ok()["total"], 1, "{one} and {other}");
        let texts = with(&[
            person("a", "A"),
            json!({"record": "statement", "id": "s1", "speakers": ["a"], "text": format!("{one} x")}),
            json!({"record": "statement", "id": "s2", "speakers": ["a"], "text": format!("{other} y")}),
        ]);
        let page = texts
            .get(&format!("/api/v1/search?in=statements&q={}", encoded(one)))
            .ok();
        assert_eq!(page["items"][0]["record"]["id"], "s1", "{one}: {page}");
        if !other.starts_with(one) {
            assert_eq!(page["total"], 1, "{one} and {other}: {page}");
        }
    }
}

#[test]
fn what_is_written_exactly_goes_before_what_is_only_alike() {
    let app = with(&[
        person("hung-1", "Nguyễn Văn Hùng"),
        person("hung-2", "Nguyễn Văn Hưng"),
        person("us-1", "US"),
        person("us-2", "U.S."),
    ]);
    assert_eq!(meant(&app, "Nguyễn Văn Hùng", ""), "hung-1");
    assert_eq!(meant(&app, "Nguyễn Văn Hưng", ""), "hung-2");
    assert_eq!(meant(&app, "NGUYỄN VĂN HƯNG", ""), "hung-2");
    // The same in another composition.
    assert_eq!(
        meant(&app, "Nguye\u{302}\u{303}n Va\u{306}n Hu\u{300}ng", ""),
        "hung-1"
    );
    let both = resolve(&app, "Nguyen Van Hung", "");
    assert_eq!(both["ambiguous"], true);
    assert_eq!(answers(&both).len(), 2);
    assert_eq!(
        meant(&app, "Nguyen Van Hung", "&from=2020"),
        "ambiguous_actor"
    );
    assert_eq!(meant(&app, "U.S.", ""), "us-2");
    assert_eq!(meant(&app, "US", ""), "us-1");
    assert_eq!(resolve(&app, "u.s", "")["ambiguous"], true);
}

#[test]
fn letters_that_do_not_decompose_find_their_names() {
    let app = with(&[
        person("walesa", "Lech Wałęsa"),
        person("store", "Jonas Gahr Støre"),
        person("dang", "Đặng Tiểu Bình"),
        person("yildirim", "Binali Yıldırım"),
        person("strauss", "Franz Josef Strauß"),
        state("sanaa", "Sanaʻa"),
        state("civ", "Côte d'Ivoire"),
        person("khatami", "خاتمی\u{200c}نژاد"),
        person("kerry", "ジョン・ケリー"),
        person("thor", "Þór Æsir"),
        person("blinken", "Antony Blinken"),
        person("erdogan", "Recep Tayyip Erdoğan"),
        person("xi", "习近平"),
        person("hayashi", "林芳正"),
        person("park", "Park Jin"),
    ]);
    for (name, id) in [
        ("Lech Walesa", "walesa"),
        ("Jonas Gahr Store", "store"),
        ("dang tieu binh", "dang"),
        ("Binali Yildirim", "yildirim"),
        ("BİNALİ YILDIRIM", "yildirim"),
        ("BINALI YILDIRIM", "yildirim"),
        ("FRANZ JOSEF STRAUSS", "strauss"),
        ("FRANZ JOSEF STRAUẞ", "strauss"),
        ("Sanaa", "sanaa"),
        ("Sana'a", "sanaa"),
        ("Cote d`Ivoire", "civ"),
        ("Cote d´Ivoire", "civ"),
        ("خاتمینژاد", "khatami"),
        ("ジョンケリー", "kerry"),
        ("ｼﾞｮﾝ･ｹﾘｰ", "kerry"),
        ("Thor Aesir", "thor"),
        ("Blinken, Antony", "blinken"),
        ("BLINKEN, Antony", "blinken"),
        ("Park, Jin", "park"),
        ("习近平", "xi"),
    ] {
        assert_eq!(meant(&app, name, ""), id, "{name}");
    }
    // A missing part or an initial is suggested and found by searching, never taken.
    for (name, id) in [
        ("Blinken, Antony J.", "blinken"),
        ("Erdogn", "erdogan"),
        ("A. Blinken", "blinken"),
        ("Blinken", "blinken"),
        ("Tayyip Erdogan", "erdogan"),
    ] {
        let problem = app
            .get(&format!("/api/v1/timeline?actor={}", encoded(name)))
            .problem("unknown_actor");
        assert_eq!(problem["suggestion"], id, "{name}: {problem}");
        let near = resolve(&app, name, "");
        assert_eq!(
            (&near["actor"], &near["items"][0]["step"]),
            (&Value::Null, &"near".into()),
            "{name}"
        );
        assert_eq!(near["items"][0]["actor"]["id"], id, "{name}");
    }
    for (query, id) in [
        ("Blinken, Antony J.", "blinken"),
        ("近平", "xi"),
        ("平", "xi"),
        ("林", "hayashi"),
        ("Erdogn", "erdogan"),
    ] {
        assert!(
            found(&app, query).contains(&id.to_owned()),
            "{query}: {:?}",
            found(&app, query)
        );
    }
}

#[test]
fn typing_errors_are_counted_in_what_is_typed() {
    let app = with(&[
        person("il", "김정일"),
        person("jun", "박준"),
        person("kamala", "কমলা"),
        person("un", "김정은"),
    ]);
    assert_eq!(found(&app, "김정은"), ["un"]);
    assert_eq!(found(&app, "김정일"), ["il"]);
    assert_eq!(found(&app, "박진"), Vec::<String>::new());
    let problem = app
        .get(&format!("/api/v1/timeline?actor={}", encoded("박진")))
        .problem("unknown_actor");
    assert_eq!(problem.get("suggestion"), None);
}

#[test]
fn codes_go_with_their_schemes() {
    let app = with(&[
        json!({"record": "actor", "id": "usa", "kind": "state", "name": "United States", "codes": {"m49": "840", "cow": "2"}}),
        json!({"record": "actor", "id": "phl", "kind": "state", "name": "Philippines", "codes": {"m49": "608", "cow": "840"}}),
        json!({"record": "actor", "id": "chn", "kind": "state", "name": "China", "codes": {"iso3": "CHN", "cow": "710"}}),
    ]);
    for (name, id) in [
        ("cow:710", "chn"),
        ("COW:710", "chn"),
        ("710", "chn"),
        ("m49:840", "usa"),
        ("cow:840", "phl"),
        ("chn", "chn"),
        ("iso3:chn", "chn"),
    ] {
        assert_eq!(meant(&app, name, ""), id, "{name}");
    }
    assert_eq!(meant(&app, "840", "&from=2020"), "ambiguous_actor");
    assert_eq!(meant(&app, "cow:999", "&from=2020"), "unknown_actor");
    let reason = resolve(&app, "cow:710", "");
    assert_eq!(reason["items"][0]["reason"], "is its code cow:710");
}

/// An office; without an end where `until` is empty.
fn office(id: &str, who: &str, title: &str, body: &str, since: &str, until: &str) -> Value {
    let until = (!until.is_empty()).then_some(until);
    json!({
        "record": "relation", "id": id, "subject": who, "kind": "holds_office", "object": body,
        "title": title, "since": since, "until": until,
    })
}

fn call(id: &str, date: &str, who: &str, whom: &str) -> Value {
    json!({"record": "event", "id": id, "type": "CONSULT", "date": date,
           "participants": [{"actor": who, "role": "source"}, {"actor": whom, "role": "target"}]})
}

#[test]
fn an_office_is_held_from_the_day_on_which_a_source_shows_it() {
    let shown = |since: &str| {
        vec![
            state("usa", "USA"),
            state("kor", "ROK"),
            person("blinken", "Antony Blinken"),
            office("o", "blinken", "Secretary of State", "usa", since, ""),
        ]
    };
    for since in ["[..2023-06-16]", "../2023-06-16", "2023-06-16"] {
        let app = with(&shown(since));
        let old = call("old", "1950-06-25", "Secretary of State", "kor");
        import(&app, &[old], "").problem("import_rejected");
        let before = call("before", "2023-02-01", "blinken", "kor");
        let then = call("then", "2023-06-16", "blinken", "kor");
        let after = call("after", "2023-06-18", "Secretary of State", "kor");
        let report = import(&app, &[before, then, after], "").ok();
        assert_eq!(
            report["warning_counts"],
            json!({"assumed_tenure": 1}),
            "{since}"
        );
        let of_state = app
            .get("/api/v1/timeline?between=usa&between=kor&rollup=state")
            .ok();
        assert_eq!(super::app::ids(&of_state), ["then", "after"], "{since}");
        let via = |nth: usize| of_state["items"][nth]["via"][0].clone();
        assert_eq!(via(0).get("assumed"), None);
        assert_eq!(via(1)["assumed"], true);
        let note = app
            .get("/api/v1/timeline?actor=Secretary+of+State&from=2023-06-18&to=2023-06-18")
            .ok();
        assert_eq!(
            note["meta"]["names"],
            json!([{"name": "Secretary of State", "actor": "blinken", "step": "office", "tenure": "assumed"}])
        );
        let known = app
            .get("/api/v1/timeline?actor=Secretary+of+State&from=2023-06-16&to=2023-06-16")
            .ok();
        assert_eq!(known["meta"].get("names"), None);
        assert_eq!(
            resolve(&app, "secretary of state", "&on=2023-06-16")["items"][0]["tenure"],
            "known"
        );
        let day_before = resolve(&app, "secretary of state", "&on=2023-06-15");
        assert_eq!(
            (&day_before["actor"], answers(&day_before).len()),
            (&Value::Null, 0)
        );
        let other = &day_before["items"][0];
        assert_eq!(
            (&other["actor"]["id"], &other["step"]),
            (&"blinken".into(), &"office".into())
        );
        assert!(
            other["reason"]
                .as_str()
                .unwrap()
                .ends_with("but not on these days")
        );
        let problem = app
            .get("/api/v1/timeline?actor=Secretary+of+State&to=2023-06-15")
            .problem("unknown_actor");
        assert_eq!(
            (&problem["suggestion"], &problem["candidates"][0]["id"]),
            (&"blinken".into(), &"blinken".into())
        );
        assert!(
            problem["detail"]
                .as_str()
                .unwrap()
                .contains("on these days"),
            "{problem}"
        );
    }
}

fn seats(offices: &[[&str; 4]]) -> App {
    let people = [
        ("a", "Adams"),
        ("b", "Brown"),
        ("c", "Clark"),
        ("d", "Davis"),
    ];
    let mut records = vec![state("usa", "USA")];
    records.extend(people.map(|(id, name)| person(id, name)));
    let offices = offices.iter().enumerate();
    records.extend(offices.map(|(nth, [who, title, since, until])| {
        office(&nth.to_string(), who, title, "usa", since, until)
    }));
    with(&records)
}

/// Who holds the office on each of some days.
fn held(app: &App, days: &[&str]) -> Vec<String> {
    let on = |day: &&str| {
        let answer = resolve(app, "Secretary", &format!("&on={day}"));
        let ids: Vec<String> = answers(&answer).into_iter().map(|(id, _)| id).collect();
        ids.join(" ")
    };
    days.iter().map(on).collect()
}

fn overlaps(app: &App) -> Value {
    app.get("/api/v1/contradictions?rule=office_overlap").ok()["total"].clone()
}

#[test]
fn successors_end_what_is_assumed() {
    let app = seats(&[
        ["a", "Secretary", "2001-01-20", ""],
        ["b", "secretary", "2005-01-26", ""],
        ["c", "Secretary", "[..2009-02]", ""],
    ]);
    let days = [
        "2000-01-01",
        "2001-01-20",
        "2005-01-25",
        "2005-01-26",
        "2009-01-31",
        "2009-02-01",
        "2030-01-01",
    ];
    assert_eq!(held(&app, &days), ["", "a", "a", "b", "b", "c", "c"]);
}

#[test]
fn a_day_of_handover_is_shared_and_contradicts_nobody() {
    let app = seats(&[
        ["a", "Secretary", "2001-01-20", "2005-01-26"],
        ["b", "Secretary", "2005-01-26", "2009-01-20"],
        ["c", "Secretary", "2009-01-20", ""],
    ]);
    let days = ["2005-01-25", "2005-01-26", "2005-01-27", "2020-01-01"];
    assert_eq!(held(&app, &days), ["a", "a b", "b", "c"]);
    assert_eq!(overlaps(&app), 0);
}

#[test]
fn several_at_a_time_have_no_successors_and_contradict_nobody() {
    let app = seats(&[
        ["a", "Secretary", "2001", "2005"],
        ["b", "Secretary", "2002", "2004"],
        ["c", "Secretary", "2002-05-01", ""],
        ["d", "Secretary", "2006-01-01", ""],
    ]);
    assert_eq!(held(&app, &["2003-06-01", "2030-01-01"]), ["a b c", "c d"]);
    assert_eq!(overlaps(&app), 0);
    // Two at a time, whoever they are.
    assert_eq!(
        overlaps(&seats(&[
            ["a", "Secretary", "2001", "2005"],
            ["b", "Secretary", "2002", "2004"]
        ])),
        0
    );
}

#[test]
fn two_who_overlap_where_all_others_follow_one_another_contradict() {
    let app = seats(&[
        ["a", "Secretary", "2001-01-01", "2005-01-01"],
        ["b", "Secretary", "2005-01-01", "2009-01-01"],
        ["c", "Secretary", "2008-01-01", "2012-01-01"],
        ["d", "Secretary", "2012-01-01", "2014-01-01"],
    ]);
    assert_eq!(overlaps(&app), 1);
    // The window says which are told, not whether an office is held by one at a time.
    let within = |window: &str| {
        app.get(&format!(
            "/api/v1/contradictions?rule=office_overlap{window}"
        ))
        .ok()["total"]
            .clone()
    };
    assert_eq!(
        [
            "&from=2007&to=2008",
            "&from=2005-01-01&to=2006",
            "&from=2009"
        ]
        .map(within),
        [1, 0, 1]
    );
}

#[test]
fn whoever_acts_for_a_day_of_handover_contradicts_nobody() {
    let app = seats(&[
        ["a", "Secretary", "2000-01-01", "2005-01-01"],
        ["b", "Secretary", "2005-01-01", "2005-01-01"],
        ["c", "Secretary", "2005-01-01", "2010-01-01"],
        ["d", "Secretary", "2010-01-01", "[2012-01-01..]"],
        ["a", "Secretary", "2015-01-01", ""],
    ]);
    assert_eq!(overlaps(&app), 0);
    let days = ["2005-01-01", "2011-01-01", "2014-12-31", "2015-01-01"];
    assert_eq!(held(&app, &days), ["a b c", "d", "d", "a"]);
    // Roll-up ends where names do.
    import(
        &app,
        &[
            state("jpn", "Japan"),
            call("e1", "2014-12-31", "d", "jpn"),
            call("e2", "2016-01-01", "d", "jpn"),
        ],
        "",
    )
    .ok();
    let of_state = app
        .get("/api/v1/timeline?actor=usa&rollup=state&record=event")
        .ok();
    assert_eq!(super::app::ids(&of_state), ["e1"]);
}

#[test]
fn a_name_that_was_anothers_on_some_day_of_a_date_is_ambiguous() {
    let app = with(&[
        json!({"record": "actor", "id": "roc", "kind": "state", "name": "Republic of China",
               "aliases": [{"text": "China", "until": "1949-09-30"}]}),
        json!({"record": "actor", "id": "prc", "kind": "state", "name": "People's Republic of China",
               "aliases": [{"text": "China", "since": "1949-10-01"}]}),
        state("usa", "USA"),
    ]);
    for (date, good) in [
        ("1945-01-01", true),
        ("1950", true),
        ("1949", false),
        ("1949-06/..", false),
        ("/1950", false),
        ("[..1950]", false),
        ("1950/..", true),
        ("[1949-11-01..]", true),
        ("../1948", true),
        ("1949-06/", false),
    ] {
        let answer = import(&app, &[call("e", date, "China", "usa")], "?dry_run=true");
        assert_eq!(answer.status == 200, good, "{date}: {}", answer.text());
        if !good {
            let problem = answer.problem("import_rejected")["rejects"][0]["problem"].to_string();
            assert!(
                problem.contains("may mean several actors"),
                "{date}: {problem}"
            );
        }
    }
}

#[test]
fn an_id_goes_before_names_and_says_so() {
    let app = with(&[
        state("georgia", "Georgia (state)"),
        json!({"record": "actor", "id": "geo", "kind": "state", "name": "Georgia"}),
        state("usa", "USA"),
    ]);
    // Not the id, but the name as written.
    assert_eq!(meant(&app, "Georgia", ""), "geo");
    let asked = app.get("/api/v1/timeline?actor=georgia").ok();
    assert_eq!(
        asked["meta"]["names"],
        json!([{"name": "georgia", "actor": "georgia", "step": "id", "also": ["geo"]}])
    );
    let asked = app.get("/api/v1/timeline?actor=usa").ok();
    assert_eq!(asked["meta"].get("names"), None);
    let report = import(&app, &[call("e", "2020", "georgia", "usa")], "").ok();
    assert_eq!(report["warning_counts"], json!({"id_is_name": 1}));
    let paths = app.get("/api/v1/paths?source=georgia&target=usa").ok();
    assert_eq!(paths["meta"]["names"][0]["also"], json!(["geo"]));
}

#[test]
fn events_told_twice_are_counted_and_listed_and_never_joined() {
    let told = |who: &str, whom: &str| {
        json!({"record": "event", "type": "CONSULT", "date": "2020-01-01",
        "participants": [{"actor": who, "role": "participant"}, {"actor": whom, "role": "participant"}]})
    };
    let app = with(&[
        json!({"record": "actor", "id": "prk", "kind": "state", "name": "North Korea", "aliases": ["DPRK"]}),
        state("usa", "USA"),
    ]);
    let first = import(&app, &[told("DPRK", "USA")], "").ok();
    assert_eq!(
        (&first["same_as"], &first["counts"]["events"]["new"]),
        (&0.into(), &1.into())
    );
    // The same text again is the same event; in another order of its participants, too.
    assert_eq!(
        import(&app, &[told("DPRK", "USA")], "").ok()["status"],
        "unchanged"
    );
    assert_eq!(
        import(&app, &[told("USA", "DPRK")], "").ok()["status"],
        "unchanged"
    );
    let other = import(&app, &[told("usa", "North Korea"), told("prk", "usa")], "").ok();
    assert_eq!(
        (&other["same_as"], &other["counts"]["events"]["new"]),
        (&2.into(), &2.into()),
        "{other}"
    );
    let page = app.get("/api/v1/events/duplicates").ok();
    assert_eq!((&page["total"], &page["next"]), (&1.into(), &Value::Null));
    let group = &page["items"][0];
    assert_eq!(
        (&group["reasons"], &group["score"]),
        (&json!(["equal"]), &1.0.into())
    );
    assert_eq!(group["events"].as_array().unwrap().len(), 3);
    assert_eq!(app.get("/api/v1/events").ok()["total"], 3);
    assert_eq!(
        app.get("/api/v1/events/duplicates?from=2021").ok()["total"],
        0
    );
    assert_eq!(
        app.get("/api/v1/events/duplicates?known_at=2").ok()["total"],
        0
    );
    // Plain rows as well.
    let rows = |app: &App, rows: &str| {
        app.call("POST", "/api/v1/imports?dataset=q", ROWS, rows.as_bytes())
            .ok()
    };
    let report = rows(
        &app,
        "DPRK\tConsult\tUSA\t2014-01-01\nNorth Korea\tConsult\tusa\t2014-01-01\nDPRK\tConsult\tUSA\t2014-01-02\n",
    );
    assert_eq!(report["same_as"], 1);
    let report = rows(&app, "prk\tConsult\tUSA\t2014-01-02\n");
    assert_eq!(report["same_as"], 1);
    let first = app.get("/api/v1/events/duplicates?limit=1").ok();
    assert_eq!(first["total"], 3);
    let next = first["next"].as_str().unwrap();
    let second = app
        .get(&format!("/api/v1/events/duplicates?limit=1&cursor={next}"))
        .ok();
    assert_ne!(second["items"], first["items"]);
}

#[test]
fn one_event_told_in_both_orders_in_one_file_is_one() {
    let told = |more: Value, roles: [&str; 2], order: [&str; 2]| {
        let mut event = json!({"record": "event", "type": "CONSULT", "date": "2020-01-01"});
        let participants = order
            .iter()
            .zip(roles)
            .map(|(actor, role)| json!({"actor": actor, "role": role}));
        event["participants"] = participants.collect();
        if let Value::Object(more) = more {
            event.as_object_mut().unwrap().extend(more);
        }
        event
    };
    for more in [json!({}), json!({"title": "A call"})] {
        for roles in [["participant", "participant"], ["source", "source"]] {
            let app = App::empty();
            let both =
                [["usa", "jpn"], ["jpn", "usa"]].map(|order| told(more.clone(), roles, order));
            let [one, other] = both;
            let report = import(
                &app,
                &[state("usa", "USA"), state("jpn", "Japan"), one, other],
                "",
            )
            .ok();
            let counts = &report["counts"]["events"];
            assert_eq!(
                (&counts["new"], &counts["same"]),
                (&1.into(), &1.into()),
                "{report}"
            );
        }
    }
}

#[test]
fn only_names_of_records_without_an_id_keep_their_meaning() {
    let people = [
        state("usa", "USA"),
        person("a", "Adams"),
        person("b", "Brown"),
        office("o1", "a", "Envoy", "usa", "2020-01-01", "2020-12-31"),
    ];
    let told = |id: Option<&str>, who: &str| {
        let mut event = call("x", "2020-06-01", who, "usa");
        event["id"] = json!(id);
        event
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        event
    };
    let second = || office("o2", "b", "Envoy", "usa", "2020-06-01", "2020-06-01");
    // Without an id: the same text is the same record, though the office is two people's by now.
    let app = with(&people);
    import(&app, &[told(None, "Envoy")], "").ok();
    import(&app, &[second()], "").ok();
    assert_eq!(
        import(&app, &[told(None, "Envoy")], "").ok()["status"],
        "unchanged"
    );
    // With one, of whatever form, a name means what it means now.
    for id in ["event-00020000000000000000000000000000", "call-1"] {
        let app = with(&people);
        import(&app, &[told(Some(id), "Envoy")], "").ok();
        import(&app, &[second()], "").ok();
        import(&app, &[told(Some(id), "Envoy")], "").problem("import_rejected");
    }
    // An id means the same for ever: the file undoes the correction, as it would for any other field.
    let app = with(&people);
    import(&app, &[told(None, "a")], "").ok();
    let events = app.get("/api/v1/events").ok();
    let id = events["items"][0]["id"].as_str().unwrap().to_owned();
    let corrected = told(Some(&id), "b");
    app.put(&format!("/api/v1/events/{id}"), &corrected.to_string())
        .ok();
    let report = import(&app, &[told(None, "a")], "").ok();
    assert_eq!(report["counts"]["events"]["changed"], 1, "{report}");
}

#[test]
fn events_with_ids_and_without_a_day_are_counted_when_told_twice() {
    let people = [state("usa", "USA"), state("jpn", "Japan")];
    let dated = |id: &str| call(id, "2020-01-01", "usa", "jpn");
    let undated = |id: &str| {
        let mut event = dated(id);
        event.as_object_mut().unwrap().remove("date");
        event
    };
    let mut records = people.to_vec();
    records.extend([
        dated("e1"),
        dated("e2"),
        dated("e3"),
        undated("u1"),
        undated("u2"),
    ]);
    let app = App::empty();
    let report = import(&app, &records, "").ok();
    assert_eq!(report["same_as"], 3);
    assert_eq!(app.get("/api/v1/events/duplicates").ok()["total"], 2);
    let later = import(&app, &[undated("u3"), dated("e4")], "").ok();
    assert_eq!(later["same_as"], 2);
}

#[test]
fn who_was_there_before_goes_before_names_that_rows_make() {
    let rows = |app: &App, rows: &[&str]| {
        let all: Vec<String> = rows
            .iter()
            .map(|name| format!("{name}\tConsult\tXland\t2001-01-01"))
            .collect();
        app.call(
            "POST",
            "/api/v1/imports?dataset=q",
            ROWS,
            all.join("\n").as_bytes(),
        )
        .ok();
        let page = app.get("/api/v1/actors?limit=50").ok();
        let ids: Vec<String> = super::app::ids(&page)
            .into_iter()
            .map(str::to_owned)
            .collect();
        ids
    };
    let korea = || with(&[state("korea", "Republic of Korea"), state("x", "Xland")]);
    let both = rows(&korea(), &["Korea", "korea"]);
    assert_eq!(both, rows(&korea(), &["korea", "Korea"]));
    assert_eq!(both.len(), 3);
    let coded = json!({"record": "actor", "id": "nk", "kind": "state", "name": "North Korea", "codes": {"iso3": "PRK"}});
    let nk = || with(&[coded.clone(), state("x", "Xland")]);
    // A code in another spelling is the code.
    assert_eq!(rows(&nk(), &["P.R.K.", "PRK", "prk"]), ["nk", "x"]);
    assert_eq!(meant(&nk(), "iso3:P.R.K.", ""), "nk");
}

#[test]
fn what_an_agency_publishes_is_its_wire() {
    let app = with(&[
        json!({"record": "source", "id": "wire", "kind": "article", "publisher": "Agence France-Presse"}),
        json!({"record": "source", "id": "reprint", "kind": "article", "publisher": "Gazette", "agency": "AGENCE FRANCE PRESSE"}),
        json!({"record": "source", "id": "own-1", "kind": "article", "publisher": "Gazette"}),
        json!({"record": "source", "id": "copy", "kind": "article", "publisher": "Mirror", "original": "own-1"}),
        json!({"record": "source", "id": "copied", "kind": "article", "publisher": "Herald", "original": "copy"}),
        state("a", "A"),
        state("b", "B"),
        json!({"record": "event", "id": "e1", "type": "CONSULT", "date": "2020", "participants": [{"actor": "a", "role": "source"}], "sources": [{"source": "wire"}, {"source": "reprint"}]}),
        json!({"record": "event", "id": "e2", "type": "CONSULT", "date": "2020", "participants": [{"actor": "a", "role": "source"}], "sources": [{"source": "reprint"}, {"source": "own-1"}]}),
        json!({"record": "event", "id": "e3", "type": "CONSULT", "date": "2020", "participants": [{"actor": "a", "role": "source"}], "sources": [{"source": "own-1"}, {"source": "copied"}, {"source": "wire"}]}),
    ]);
    for (event, independent) in [("e1", 1), ("e2", 2), ("e3", 2)] {
        let answer = app.get(&format!("/api/v1/events/{event}")).ok();
        assert_eq!(answer["independent_sources"], independent, "{event}");
    }
    assert_eq!(
        app.get("/api/v1/timeline?actor=a&min_independent=2").ok()["total"],
        2
    );
}

#[test]
fn an_import_warns_of_what_is_worth_a_look() {
    let warned = |records: &[Value]| {
        let app = App::empty();
        let report = import(&app, records, "").ok();
        assert_eq!(report["status"], "committed");
        let report_again = app
            .get(&format!(
                "/api/v1/imports/{}",
                report["id"].as_str().unwrap()
            ))
            .ok();
        assert_eq!(report_again, report);
        (report["warning_counts"].clone(), report["warnings"].clone())
    };
    let coded = |id: &str, code: &str| json!({"record": "actor", "id": id, "kind": "state", "name": id.to_uppercase(), "codes": {"iso3": code}});
    let (counts, listed) = warned(&[coded("x1", "XXX"), coded("x2", "XXX"), coded("x3", "YYY")]);
    assert_eq!(counts, json!({"shared_code": 2}));
    assert_eq!(
        (&listed[0]["id"], &listed[0]["value"], &listed[0]["line"]),
        (&"x1".into(), &"XXX".into(), &1.into())
    );
    assert_eq!(listed[0]["message"], "is also the iso3 of x2");

    let aliased =
        json!({"record": "actor", "id": "y1", "kind": "state", "name": "One", "aliases": ["Two"]});
    assert_eq!(
        warned(&[aliased, state("y2", "TWO")]).0,
        json!({"shared_name": 2})
    );
    assert_eq!(
        warned(&[person("z1", "Hùng"), person("z2", "Hưng")]).0,
        json!({"accents_only": 2})
    );
    assert_eq!(
        warned(&[person("z1", "パリ"), person("z2", "バリ")]).0,
        json!({})
    );

    let dated = |date: &str, nth: usize| call(&format!("e{nth}"), date, "a", "b");
    let mut events: Vec<Value> = vec![state("a", "A"), state("b", "B")];
    events.extend((0..6).map(|nth| dated(&format!("200{nth}"), nth)));
    assert_eq!(warned(&events).0, json!({}));
    for (odd, expected) in [
        ("1023-01-01", json!({"other_century": 1})),
        ("2923", json!({"other_century": 1})),
        ("1999-12-31", json!({})),
    ] {
        let mut events = events.clone();
        events.push(dated(odd, 9));
        assert_eq!(warned(&events).0, expected, "{odd}");
    }
    let people = || vec![state("usa", "USA"), person("a", "A")];
    for (since, until, expected) in [
        ("1900", "1979-12-31", json!({})),
        ("1900", "1980", json!({"long_office": 1})),
        ("1901", "", json!({"long_office": 1})),
        ("2020", "", json!({})),
    ] {
        let mut records = people();
        records.push(office("o", "a", "Chair", "usa", since, until));
        assert_eq!(warned(&records).0, expected, "{since} to {until}");
    }
    // Names of rows, of which nothing else is known.
    let app = App::empty();
    let rows = "Wałęsa\tConsult\tJapan\t2014-01-01\nWalesa\tConsult\tJapan\t2014-01-01\n";
    let report = app
        .call("POST", "/api/v1/imports?dataset=q", ROWS, rows.as_bytes())
        .ok();
    assert_eq!(
        (
            &report["counts"]["actors"]["new"],
            &report["warning_counts"]
        ),
        (&3.into(), &json!({"accents_only": 1}))
    );
    let nobody = app.call(
        "POST",
        "/api/v1/imports?dataset=q",
        ROWS,
        "—\tConsult\tJapan\t2014-01-01\n".as_bytes(),
    );
    nobody.problem("import_rejected");
}

#[test]
fn resolve_lists_every_way_and_its_bounds_hold() {
    let app = App::article();
    let state_of = resolve(&app, "Secretary of State", "&on=2023-06-16&kind=person");
    assert_eq!(
        answers(&state_of),
        [("antony-blinken".to_owned(), "office".to_owned())]
    );
    assert!(
        state_of["items"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("antony-blinken-secretary-of-state")
    );
    assert_eq!(
        resolve(&app, "Secretary of State", "&kind=state")["items"],
        json!([])
    );
    assert_eq!(
        answers(&resolve(&app, "DPRK", "")),
        [("prk".to_owned(), "exact".to_owned())]
    );
    assert_eq!(
        answers(&resolve(&app, "d.p.r.k", "")),
        [("prk".to_owned(), "spelling".to_owned())]
    );
    app.get("/api/v1/resolve").problem("missing_parameter");
    app.get("/api/v1/resolve?q=x&on=nonsense")
        .problem("bad_parameter");
    app.get("/api/v1/resolve?q=x&kind=planet")
        .problem("bad_parameter");
    app.get("/api/v1/resolve?q=x&known_at=99")
        .problem("no_such_commit");
    assert_eq!(
        app.get("/api/v1/resolve?q=DPRK&known_at=0").ok()["actor"],
        Value::Null
    );
}
