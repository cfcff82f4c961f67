//! Time as users meet it: instants in zones, open ends, doubt, what did not occur, wide dates.

use serde_json::{Value, json};

use super::app::{App, ids};

fn ask(app: &App, path: &str) -> Value {
    app.get(&format!("/api/v1/{path}")).ok()
}

/// A service with these events: id, date, status, and between whom.
fn with(events: &[(&str, &str, &str, [&str; 2])]) -> App {
    let app = App::empty();
    let mut lines: Vec<String> = Vec::new();
    for name in ["a", "b", "c", "d"] {
        let actor =
            json!({"record": "actor", "id": name, "kind": "state", "name": name.to_uppercase()});
        lines.push(actor.to_string());
    }
    for (id, date, status, between) in events {
        let participants: Vec<Value> = between
            .iter()
            .map(|actor| json!({"actor": actor, "role": "participant"}))
            .collect();
        let event = json!({
            "record": "event", "id": id, "type": "CONSULT", "date": date, "status": status,
            "participants": participants,
        });
        lines.push(event.to_string());
    }
    let headers = [("Content-Type", "application/x-ndjson")];
    let report = app.call(
        "POST",
        "/api/v1/imports",
        &headers,
        lines.join("\n").as_bytes(),
    );
    assert_eq!(report.ok()["status"], "committed", "{}", report.text());
    app
}

const OCCURRED: &str = "occurred";

fn total(app: &App, path: &str) -> u64 {
    ask(app, path)["total"].as_u64().unwrap()
}

fn paths(app: &App, query: &str) -> usize {
    let found = ask(app, &format!("paths?mode=chronological&{query}"));
    found["paths"].as_array().unwrap().len()
}

#[test]
fn of_two_calls_in_two_zones_the_earlier_goes_first() {
    let app = with(&[
        ("late", "2023-06-16T23:30:00-05:00", OCCURRED, ["a", "b"]),
        ("early", "2023-06-17T08:00:00+09:00", OCCURRED, ["b", "c"]),
    ]);
    // The second was made before the first, though its day is the later one.
    assert_eq!(ids(&ask(&app, "timeline")), ["early", "late"]);
    assert_eq!(paths(&app, "source=a&target=c"), 0);
    let back = ask(&app, "paths?mode=chronological&source=c&target=a");
    assert_eq!(back["paths"][0]["order"], "certain");
    assert_eq!(back["paths"][0]["arrival"], "2023-06-17");
    assert_eq!(back["paths"][0]["arrival_instant"], "2023-06-17T04:30:00Z");
    let reached = ask(&app, "reach?source=c");
    assert_eq!(reached["items"][1]["actor"]["id"], "a");
    assert_eq!(reached["items"][1]["instant"], "2023-06-17T04:30:00Z");
    assert_eq!(total(&app, "reach?source=a"), 1);
    let come = ask(&app, "reach?target=a");
    assert_eq!(come["items"][1]["actor"]["id"], "c");
    assert_eq!(come["items"][1]["instant"], "2023-06-16T23:00:00Z");
    // Days are those of the zone as written, lists go by UTC.
    let late = &ask(&app, "timeline?from=2023-06-16&to=2023-06-16")["items"][0];
    assert_eq!(
        (&late["id"], &late["earliest"]),
        (&json!("late"), &json!("2023-06-16"))
    );
    assert_eq!(late["sorts_on"], "2023-06-17");
    let bins = ask(&app, "timeline/histogram?bin=day");
    let counted: Vec<&Value> = bins["bins"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bin| &bin["from"])
        .collect();
    assert_eq!(counted, ["2023-06-16", "2023-06-17"]);
}

#[test]
fn instants_bound_windows_by_the_moment_and_all_else_by_the_day() {
    let app = with(&[
        ("morning", "2023-06-16T09:00:00Z", OCCURRED, ["a", "b"]),
        ("evening", "2023-06-16T17:00:00Z", OCCURRED, ["a", "b"]),
        ("some-time", "2023-06-16", OCCURRED, ["a", "b"]),
    ]);
    assert_eq!(
        ids(&ask(&app, "timeline")),
        ["some-time", "morning", "evening"]
    );
    let afternoon = "from=2023-06-16T12:00:00Z&to=2023-06-16T18:00:00Z";
    let found = ask(&app, &format!("timeline?{afternoon}"));
    assert_eq!(ids(&found), ["some-time", "evening"]);
    let certain = ask(&app, &format!("timeline?{afternoon}&certain=true"));
    assert_eq!(ids(&certain), ["evening"]);
    // A number of an answer in that window opens with it.
    let dyad = ask(&app, &format!("dyads/a/b?{afternoon}"));
    assert_eq!(dyad["records"], 2);
    let url = dyad["records_url"].as_str().unwrap();
    assert_eq!(app.get(url).ok()["total"], 2, "{url}");
}

#[test]
fn what_goes_on_is_found_and_ongoing_and_no_end_is_made_up() {
    let app = with(&[
        ("sanction", "2017-08-05/..", OCCURRED, ["a", "b"]),
        ("talks", "../2018-03", OCCURRED, ["a", "b"]),
        ("set", "[1900,2000]", OCCURRED, ["a", "b"]),
        ("today", "2018-06-01", OCCURRED, ["a", "b"]),
    ]);
    for (window, found) in [
        ("from=2018&to=2018", vec!["sanction", "talks", "today"]),
        ("from=2024&to=2024", vec!["sanction"]),
        ("from=1950&to=1950", vec!["talks"]),
        ("from=1900&to=1950", vec!["set", "talks"]),
        ("to=2017-08-04", vec!["set", "talks"]),
    ] {
        let page = ask(&app, &format!("timeline?{window}"));
        let mut shown = ids(&page);
        shown.sort_unstable();
        assert_eq!(shown, found, "{window}");
    }
    let sanction = ask(&app, "events/sanction");
    assert_eq!(sanction["earliest"], "2017-08-05");
    assert_eq!(sanction["latest"], Value::Null);
    assert_eq!(
        (&sanction["open"], &sanction["sorts_on"]),
        (&json!(true), &json!("2017-08-05"))
    );
    let dyad = ask(&app, "dyads/a/b");
    assert_eq!(dyad["ongoing"], true);
    assert_eq!(
        (&dyad["first"], &dyad["last"]),
        (&json!("1900-01-01"), &json!("2018-06-01"))
    );
    let bins = ask(&app, "timeline/histogram?bin=year&from=2018&to=2018");
    assert_eq!(bins["bins"][0]["count"], 1);
    assert_eq!(bins["bins"][0]["ongoing"]["count"], 2);
    assert_eq!(
        (&bins["began_before"]["count"], &bins["total"]),
        (&json!(2), &json!(3))
    );
    for url in [&bins["bins"][0]["ongoing"], &bins["began_before"]] {
        let opened = app.get(url["records_url"].as_str().unwrap()).ok();
        assert_eq!(opened["total"], url["count"], "{url}");
    }
}

#[test]
fn doubt_is_never_certain_and_chains_can_be_asked_to_be() {
    let app = with(&[
        ("one", "2023-06-16?", OCCURRED, ["a", "b"]),
        ("two", "2023-06-20", OCCURRED, ["b", "c"]),
        ("three", "2023-06-20", OCCURRED, ["c", "d"]),
        ("four", "2023-06-22T10:00:00Z", OCCURRED, ["d", "a"]),
    ]);
    assert_eq!(total(&app, "timeline?certain=true"), 3);
    let doubted = ask(&app, "paths?mode=chronological&source=a&target=c");
    assert_eq!(doubted["paths"][0]["order"], "possible");
    assert_eq!(paths(&app, "source=a&target=c&chains=certain"), 0);
    // Of two records of one day nobody knows which came first.
    assert_eq!(paths(&app, "source=b&target=d"), 2);
    assert_eq!(paths(&app, "source=b&target=d&chains=certain"), 0);
    // Two days later, whatever the zones are.
    assert_eq!(paths(&app, "source=c&target=a&chains=certain"), 1);
    let certain = ask(&app, "reach?source=c&chains=certain");
    assert_eq!(certain["items"][2]["actor"]["id"], "a");
    assert_eq!(certain["items"][2]["order"], "certain");
}

/// Meetings of which one was held, one called off and one only talked of.
const MEETINGS: &[(&str, &str, &str, [&str; 2])] = &[
    ("held", "2023-06-16", OCCURRED, ["a", "b"]),
    ("off", "2023-06-17", "cancelled", ["b", "c"]),
    ("said", "2023-06-18", "rumoured", ["c", "d"]),
];

#[test]
fn what_did_not_occur_carries_no_news_and_links_nobody_unless_asked_for() {
    let app = with(MEETINGS);
    assert_eq!(total(&app, "reach?source=a"), 1);
    assert_eq!(ask(&app, "reach?source=a")["meta"]["not_occurred"], 0);
    assert_eq!(ask(&app, "reach?source=b")["meta"]["not_occurred"], 1);
    assert_eq!(total(&app, "reach?source=a&occurrence=any"), 3);
    for path in [
        "paths?source=b&target=c",
        "paths?source=b&target=c&mode=strongest",
    ] {
        let found = ask(&app, path);
        assert_eq!(found["paths"], json!([]), "{path}");
        assert_eq!(found["meta"]["not_occurred"], 2, "{path}");
        let any = ask(&app, &format!("{path}&occurrence=any"));
        assert_eq!(any["paths"][0]["length"], 1);
        assert_eq!(any["meta"]["not_occurred"], Value::Null);
        let by_status = ask(&app, &format!("{path}&status=cancelled"));
        assert_eq!(by_status["paths"][0]["length"], 1);
    }
    let dyad = ask(&app, "dyads/b/c");
    assert_eq!(
        (&dyad["records"], &dyad["meta"]["not_occurred"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(ask(&app, "graph")["links"].as_array().unwrap().len(), 1);
    assert_eq!(ask(&app, "graph")["meta"]["not_occurred"], 2);
    assert_eq!(total(&app, "rankings"), 2);
    assert_eq!(total(&app, "actors/b/relationships"), 1);
}

#[test]
fn timelines_lists_and_bins_show_what_was_planned_and_called_off() {
    let app = with(MEETINGS);
    assert_eq!(total(&app, "timeline"), 3);
    assert_eq!(total(&app, "events"), 3);
    assert_eq!(total(&app, "timeline?occurrence=actual"), 1);
    assert_eq!(total(&app, "timeline/histogram?bin=day"), 3);
    let summary = ask(&app, "summary");
    assert_eq!(
        (&summary["counts"]["events"], &summary["network"]["dyads"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(
        app.get("/api/v1/timeline?occurrence=maybe")
            .problem("bad_parameter")["parameter"],
        "occurrence"
    );
}

#[test]
fn wide_records_make_no_change_of_rate() {
    let years: Vec<String> = (2010..2020)
        .flat_map(|year| vec![year.to_string(); 12])
        .collect();
    let ids: Vec<String> = (0..years.len()).map(|nth| format!("e{nth:03}")).collect();
    let events: Vec<_> = ids
        .iter()
        .zip(&years)
        .map(|(id, year)| (id.as_str(), year.as_str(), OCCURRED, ["a", "b"]))
        .collect();
    let app = with(&events);
    let monthly = ask(&app, "dyads/a/b/series?bin=month");
    assert_eq!(monthly["count"], 120);
    assert_eq!(monthly["bins"][0]["wider_than_bin"], 12);
    assert_eq!(monthly["bins"][0]["intensity"], 0.0);
    assert_eq!(monthly["change_points"], json!([]));
    // By year they are known well enough, and even.
    let yearly = ask(&app, "dyads/a/b/series?bin=year");
    assert_eq!(yearly["bins"][0]["wider_than_bin"], 0);
    assert_eq!(yearly["segments"][0]["count"], 120);
    let compared = ask(
        &app,
        "dyads/a/b/compare?base_from=2010-01&base_to=2010-01&from=2010-02&to=2010-02",
    );
    assert_eq!(compared["items"][0]["change"], "unclear");
    assert_eq!(compared["items"][0]["window"]["wide"], 12);
}

#[test]
fn a_duration_is_no_end_of_a_period_and_bounds_are_closed() {
    let app = with(&[]);
    let tie = |since: &str| {
        let relation =
            json!({"subject": "a", "kind": "allied_with", "object": "b", "since": since});
        app.post("/api/v1/relations", &relation.to_string())
    };
    let refused = tie("2020/2021").problem("invalid_record");
    assert_eq!(
        refused["errors"][0]["suggestion"], "[2020..2021]",
        "{refused}"
    );
    let read = tie("../2020").ok();
    assert_eq!(read["since"], "[..2020]", "{read}");
    for bound in ["2023/..", "../2023", "[..2023]", "[2022,2023]", "2023/"] {
        let refused = app.get(&format!("/api/v1/timeline?from={bound}"));
        assert_eq!(
            refused.problem("bad_parameter")["parameter"],
            "from",
            "{bound}"
        );
    }
}
