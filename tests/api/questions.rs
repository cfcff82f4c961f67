//! Paths, timelines, histograms, dyads, relationships, the summary, and their pages.

use serde_json::Value;

use super::app::{App, ids};

fn question(app: &App, path: &str) -> Value {
    app.get(&format!("/api/v1/{path}")).ok()
}

#[test]
fn paths_cite_the_article_and_end_with_the_window() {
    let app = App::article();
    for names in ["source=Park%20Jin&target=DPRK", "source=Hayashi&target=PRC"] {
        let found = question(&app, &format!("paths?{names}&from=2023-06&to=2023-06"));
        let path = &found["paths"][0];
        let hops = path["hops"].as_array().unwrap();
        assert_eq!(path["length"], hops.len());
        for hop in hops {
            assert_eq!(
                hop["evidence"][0]["sources"][0]["source"],
                "trtworld-2023-06-17"
            );
        }
        assert_eq!(hops[0]["source"], found["source"]);
        assert_eq!(hops[hops.len() - 1]["target"], found["target"]);
        let none = question(&app, &format!("paths?{names}&to=2021"));
        assert_eq!(none["paths"], serde_json::json!([]));
    }
}

#[test]
fn paths_obey_their_parameters() {
    let app = App::article();
    let count = |more: &str| {
        let found = question(&app, &format!("paths?source=park-jin&target=chn{more}"));
        found["paths"].as_array().unwrap().len()
    };
    assert_eq!(count("&limit=1"), 1);
    assert_eq!(
        count("&limit=20&max_hops=1"),
        1,
        "the two condemned influence together"
    );
    let all = question(
        &app,
        "paths?source=park-jin&target=chn&limit=20&via=jpn&evidence=0",
    );
    for path in all["paths"].as_array().unwrap() {
        let hops = path["hops"].as_array().unwrap();
        assert!(hops.iter().any(|hop| hop["target"]["id"] == "jpn"));
        assert_eq!(hops[0]["evidence"], serde_json::json!([]));
        assert!(hops[0]["records"].as_u64().unwrap() > 0);
    }
    let avoiding = question(
        &app,
        "paths?source=park-jin&target=chn&limit=20&avoid=Blinken&avoid=usa",
    );
    assert!(
        !avoiding
            .to_string()
            .contains("\"target\":{\"id\":\"antony-blinken\"")
    );
    let rolled = question(
        &app,
        "paths?source=usa&target=kor&rollup=state&evidence=20&record=event",
    );
    let evidence = rolled["paths"][0]["hops"][0]["evidence"]
        .as_array()
        .unwrap();
    let call = evidence
        .iter()
        .find(|e| e["id"] == "blinken-park-call-2023-06-16")
        .unwrap();
    assert_eq!(call["via"][0]["represents"]["id"], "usa");
    let cited = question(&app, "paths?source=park-jin&target=chn&cited=nothing");
    assert_eq!(cited["paths"], serde_json::json!([]));
}

#[test]
fn the_timeline_of_an_actor_is_in_the_order_of_time() {
    let app = App::article();
    let page = question(&app, "timeline?actor=Blinken&record=event");
    assert_eq!(
        ids(&page),
        [
            "blinken-china-trip-2023-02",
            "blinken-park-call-2023-06-16",
            "blinken-hayashi-call-2023-06",
            "blinken-china-visit-2023-06",
        ]
    );
    assert_eq!(page["items"][3]["date"], "2023-06-18/2023-06-19");
    assert_eq!(page["items"][3]["earliest"], "2023-06-18");
    assert_eq!(
        question(&app, "actors/Blinken/timeline?record=event")["items"],
        page["items"]
    );
    let mut reversed = question(&app, "timeline?actor=Blinken&record=event&order=desc");
    reversed["items"].as_array_mut().unwrap().reverse();
    assert_eq!(reversed["items"], page["items"]);

    let together = question(&app, "timeline?match=all&actor=usa&actor=jpn&actor=kor");
    assert!(ids(&together).contains(&"trilateral-joint-statement-2023-06-15"));
    let dyad = question(&app, "timeline?between=Blinken&between=Park");
    assert!(ids(&dyad).contains(&"blinken-park-call-2023-06-16"));
    assert_eq!(
        dyad["total"],
        question(&app, "timeline?between=Park&between=Blinken")["total"]
    );
    let office = question(
        &app,
        "timeline?actor=Secretary%20of%20State&from=2023-06&record=event",
    );
    assert!(ids(&office).contains(&"blinken-park-call-2023-06-16"));
}

#[test]
fn histograms_count_what_the_timeline_lists() {
    let app = App::article();
    for bin in ["day", "week", "month", "quarter", "year"] {
        let counted = question(
            &app,
            &format!("timeline/histogram?bin={bin}&actor=usa&by=counterpart"),
        );
        let bins = counted["bins"].as_array().unwrap();
        let sum: u64 = bins.iter().map(|bin| bin["count"].as_u64().unwrap()).sum();
        let listed = question(&app, "timeline?actor=usa")["total"]
            .as_u64()
            .unwrap();
        let undated = counted["meta"]["undated_omitted"].as_u64().unwrap();
        assert_eq!(sum + undated, listed, "{bin}");
        assert!(bins.iter().any(|bin| bin["by"]["kor"].is_u64()));
    }
    let plain = question(&app, "timeline/histogram?by=quad");
    assert_eq!(plain["bin"], "month");
    assert!(plain["bins"][0].get("by").is_none());
    for by in ["type", "dataset", "record"] {
        assert!(
            question(&app, &format!("timeline/histogram?by={by}"))["bins"][0]["by"].is_object()
        );
    }
}

#[test]
fn numbers_can_be_opened() {
    let app = App::article();
    for more in [
        "",
        "?from=2023-06&record=event",
        "?rollup=state&role=source",
        "?kind=state",
    ] {
        let dyad = question(&app, &format!("dyads/USA/PRC{more}"));
        let opened = app.get(dyad["records_url"].as_str().unwrap()).ok();
        assert_eq!(opened["total"], dyad["records"], "{}", dyad["records_url"]);
        for way in ["a_to_b", "b_to_a", "together"] {
            let way = &dyad[way];
            let opened = app.get(way["records_url"].as_str().unwrap()).ok();
            assert_eq!(opened["total"], way["records"], "{}", way["records_url"]);
        }
        let ranked = question(&app, &format!("actors/Blinken/relationships{more}"));
        for item in ranked["items"].as_array().unwrap() {
            let opened = app.get(item["records_url"].as_str().unwrap()).ok();
            assert_eq!(opened["total"], item["records"], "{}", item["records_url"]);
        }
    }
    let ranked = question(&app, "actors/Blinken/relationships");
    let counts: Vec<u64> = ranked["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| i["records"].as_u64().unwrap())
        .collect();
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
}

#[test]
fn the_summary_counts_everything() {
    let app = App::article();
    let summary = question(&app, "summary");
    assert_eq!(summary["counts"]["events"], 15);
    assert_eq!(summary["datasets"]["trtworld-2023"], 50);
    let before = question(&app, "summary?known_at=0");
    assert_eq!(before["counts"]["events"], 0);
}

#[test]
fn pages_fit_together_while_others_write() {
    let app = App::article();
    let all: Vec<String> = ids(&question(&app, "timeline?limit=1000"))
        .into_iter()
        .map(str::to_owned)
        .collect();
    let mut found = Vec::new();
    let mut path = "/api/v1/timeline?limit=7".to_owned();
    for nth in 0.. {
        let answer = app.get(&path);
        let page = answer.ok();
        found.extend(ids(&page).into_iter().map(str::to_owned));
        // The earliest of all: it would shift every later page.
        let event = format!(
            r#"{{"id": "early-{nth}", "type": "AID", "date": "1950", "participants": [{{"actor": "usa", "role": "source"}}]}}"#
        );
        app.post("/api/v1/events", &event).ok();
        let Some(next) = page["next"].as_str() else {
            assert_eq!(answer.header("Link"), None);
            break;
        };
        let link = answer.header("Link").unwrap();
        let target = link
            .strip_prefix('<')
            .unwrap()
            .strip_suffix(">; rel=\"next\"")
            .unwrap();
        assert!(target.contains(next), "{link}");
        path = target.to_owned();
    }
    assert_eq!(found, all);
    assert!(ids(&question(&app, "timeline?limit=1")).contains(&"early-0"));
}

#[test]
fn a_cursor_serves_its_own_query_only() {
    let app = App::article();
    let next = |path: &str| question(&app, path)["next"].as_str().unwrap().to_owned();
    let cursor = next("timeline?actor=usa&limit=2");
    assert_eq!(
        question(&app, &format!("timeline?limit=5&cursor={cursor}&actor=usa"))["items"][0],
        question(&app, "timeline?actor=usa")["items"][2],
        "limit and order of parameters are free"
    );
    for wrong in [
        format!("timeline?actor=chn&cursor={cursor}"),
        format!("timeline?actor=usa&from=2023&cursor={cursor}"),
        format!("actors/usa/timeline?cursor={cursor}"),
        format!("events?cursor={cursor}"),
        format!("timeline?actor=usa&cursor={}", cursor.to_lowercase()),
        "timeline?actor=usa&cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
    ] {
        let problem = app.get(&format!("/api/v1/{wrong}")).problem("bad_cursor");
        assert_eq!(problem["parameter"], "cursor");
    }
    for pages in [
        "actors",
        "sources",
        "events",
        "statements",
        "relations",
        "actors/usa/relationships",
    ] {
        let page = question(&app, &format!("{pages}?limit=1"));
        let Some(next) = page["next"].as_str() else {
            assert_eq!(page["total"], 1);
            continue;
        };
        let second = question(&app, &format!("{pages}?limit=1&cursor={next}"));
        assert_ne!(second["items"], page["items"], "{pages}");
    }
}

#[test]
fn answers_are_as_they_would_have_been_given_then() {
    let app = App::article();
    let asked = [
        "timeline?actor=usa",
        "paths?source=park-jin&target=prk",
        "timeline/histogram",
        "dyads/usa/chn",
        "actors/usa/relationships",
        "events?type=CONSULT",
        "actors/usa",
    ];
    let then: Vec<Value> = asked.iter().map(|path| question(&app, path)).collect();
    let commit = then[0]["meta"]["known_at"].as_u64().unwrap();
    app.post(
        "/api/v1/events",
        r#"{"type": "CONSULT", "date": "2023", "participants": [{"actor": "usa", "role": "source"}, {"actor": "chn", "role": "target"}]}"#,
    )
    .ok();
    for (path, then) in asked.iter().zip(then) {
        let sign = if path.contains('?') { '&' } else { '?' };
        let again = question(&app, &format!("{path}{sign}known_at={commit}"));
        assert_eq!(again, then, "{path}");
    }
    let recorded = question(&app, "actors/usa/history")["versions"][0]["since"]["at"].clone();
    let at = question(
        &app,
        &format!("timeline?actor=usa&known_at={}", recorded.as_str().unwrap()),
    );
    assert_eq!(at["meta"]["known_at"], commit);
}

#[test]
fn the_scheme_decides_on_classes() {
    let app = App::article();
    let event = r#"{"id": "protest", "cameo": "141", "participants": [{"actor": "usa", "role": "source"}]}"#;
    app.post("/api/v1/events", event).ok();
    assert_eq!(
        question(&app, "events/protest?scheme=icews")["quad_class"],
        "material_conflict"
    );
    assert_eq!(
        question(&app, "events/protest?scheme=gdelt")["quad_class"],
        "verbal_conflict"
    );
    let by_class = |scheme: &str| {
        let page = question(
            &app,
            &format!("events?cameo=14&quad=verbal_conflict&scheme={scheme}"),
        );
        page["total"].as_u64()
    };
    assert_eq!(by_class("icews"), Some(0));
    assert_eq!(by_class("gdelt"), Some(1));
}

#[test]
fn a_dyad_is_listed_way_by_way() {
    let app = App::article();
    let dyad = question(&app, "dyads/antony-blinken/hayashi-yoshimasa");
    let between = "timeline?between=antony-blinken&between=hayashi-yoshimasa&limit=1000";
    let total = |ways: &str| question(&app, &format!("{between}{ways}"))["total"].clone();
    assert_eq!(total(""), dyad["records"]);
    for way in ["a_to_b", "b_to_a", "together"] {
        assert_eq!(total(&format!("&way={way}")), dyad[way]["records"], "{way}");
    }
    assert_eq!(
        total("&way=a_to_b&way=b_to_a&way=together"),
        dyad["records"],
        "every record links the two in some way"
    );
    for alone in ["way=a_to_b", "actor=usa&way=together"] {
        let refused = app.get(&format!("/api/v1/timeline?{alone}"));
        assert_eq!(
            refused.problem("bad_parameter")["parameter"],
            "way",
            "{alone}"
        );
    }
}

#[test]
fn a_source_can_be_left_out_and_independent_ones_asked_for() {
    let app = App::article();
    let total = |filter: &str| {
        let page = question(&app, &format!("timeline?record=event{filter}"));
        page["total"].as_u64().unwrap()
    };
    let all = total("");
    assert!(all > 0);
    assert_eq!(total("&min_independent=1"), all, "each cites the article");
    assert_eq!(total("&min_independent=2"), 0, "there is no other source");
    assert_eq!(total("&exclude_source=somebody-else"), all);
    assert_eq!(total("&exclude_source=trtworld-2023-06-17"), 0);
    let path = "paths?source=park-jin&target=prk&exclude_source=trtworld-2023-06-17";
    assert_eq!(question(&app, path)["paths"], serde_json::json!([]));
}
