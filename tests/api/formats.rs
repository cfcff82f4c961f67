//! Files of timelines, networks and records: by `format` and by `Accept`, of any commit.

use serde_json::Value;

use super::app::{Answer, App};

/// Route, word, media type.
const FILES: [(&str, &str, &str); 14] = [
    ("timeline", "csv", "text/csv; charset=utf-8"),
    ("timeline", "ics", "text/calendar; charset=utf-8"),
    ("timeline", "timelinejs", "application/vnd.timelinejs+json"),
    ("timeline", "vis", "application/vnd.vis-timeline+json"),
    ("timeline", "geojson", "application/geo+json"),
    ("actors/usa/timeline", "csv", "text/csv; charset=utf-8"),
    ("graph", "gexf", "application/gexf+xml; charset=utf-8"),
    ("graph", "graphml", "application/graphml+xml; charset=utf-8"),
    ("graph", "cytoscape", "application/vnd.cytoscape+json"),
    ("export", "jsonl", "application/x-ndjson"),
    ("export?record=event", "csv", "text/csv; charset=utf-8"),
    (
        "export?record=event",
        "parquet",
        "application/vnd.apache.parquet",
    ),
    ("export", "nquads", "application/n-quads"),
    ("export", "jsonld", "application/ld+json"),
];

fn with(route: &str, more: &str) -> String {
    let mark = if route.contains('?') { '&' } else { '?' };
    format!("/api/v1/{route}{mark}{more}")
}

fn accepting(app: &App, path: &str, accept: &str) -> Answer {
    app.call("GET", path, &[("Accept", accept)], b"")
}

#[test]
fn a_form_is_chosen_by_format_or_by_accept() {
    let app = App::article();
    for (route, word, media_type) in FILES {
        let named = app.get(&with(route, &format!("format={word}")));
        assert_eq!(named.status, 200, "{route} {word}: {}", named.text());
        assert_eq!(
            named.header("Content-Type"),
            Some(media_type),
            "{route} {word}"
        );
        assert_eq!(
            named.header("Chancery-Known-At"),
            Some("1"),
            "{route} {word}"
        );
        let vary: Vec<&str> = named
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("Vary"))
            .map(|(_, value)| value.as_str())
            .collect();
        assert!(vary.contains(&"Accept"), "{route} {word}: {vary:?}");
        let essence = media_type.split(';').next().unwrap();
        let path = with(route, "known_at=1");
        let liked = accepting(&app, &path, &format!("text/html;q=0.9, {essence};q=0.5"));
        assert_eq!(
            liked.header("Content-Type"),
            Some(media_type),
            "{route} {word}"
        );
        assert_eq!(liked.body, named.body, "{route} {word}");
        let again = app.call(
            "GET",
            &with(route, &format!("format={word}")),
            &[("If-None-Match", named.etag())],
            b"",
        );
        assert_eq!((again.status, again.body.len()), (304, 0), "{route} {word}");
    }
    for route in ["timeline", "graph"] {
        for accept in ["*/*", "application/*", "text/html, application/json;q=0.1"] {
            let answer = accepting(&app, &with(route, ""), accept);
            assert_eq!(
                answer.header("Content-Type"),
                Some("application/json"),
                "{accept}"
            );
        }
    }
}

#[test]
fn what_there_is_not_is_refused_with_what_there_is() {
    let app = App::article();
    for (route, there) in [
        ("timeline", "text/calendar (format=ics)"),
        ("graph", "application/gexf+xml (format=gexf)"),
        ("export", "application/n-quads (format=nquads)"),
    ] {
        let problem = accepting(&app, &with(route, ""), "image/png").problem("not_acceptable");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(there), "{detail}");
        app.get(&with(route, "format=png")).problem("bad_parameter");
    }
    for page in [
        "limit=5",
        "cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "max_marks=5",
    ] {
        app.get(&with("timeline", &format!("format=csv&{page}")))
            .problem("bad_parameter");
    }
}

#[test]
fn every_file_of_a_commit_stays_as_it_was() {
    let app = App::article();
    let path = |(route, word, _): (&str, &str, &str), commit: u64| {
        with(route, &format!("format={word}&known_at={commit}"))
    };
    let before = FILES.map(|file| app.get(&path(file, 1)));
    app.put(
        "/api/v1/events/later",
        r#"{"id": "later", "cameo": "040", "title": "=HYPERLINK(\"<b>\")", "date": "2023-06",
            "participants": [{"actor": "usa", "role": "participant"}, {"actor": "prk", "role": "participant"}]}"#,
    )
    .ok();
    for (file, before) in FILES.iter().zip(&before) {
        let after = app.get(&path(*file, 1));
        assert_eq!(
            (after.etag(), &after.body),
            (before.etag(), &before.body),
            "{file:?}"
        );
        let now = app.get(&path(*file, 2));
        assert_ne!(now.body, before.body, "{file:?}");
        assert_ne!(now.etag(), before.etag(), "{file:?}");
    }
}

#[test]
fn texts_do_no_harm_where_they_are_shown() {
    let app = App::article();
    app.put(
        "/api/v1/events/harm",
        r#"{"id": "harm", "cameo": "040", "title": "=1+1 <script>alert(1)</script>; a, b", "date": "2023-06",
            "participants": [{"actor": "usa", "role": "participant"}, {"actor": "prk", "role": "participant"}]}"#,
    )
    .ok();
    let get = |word: &str| {
        app.get(&with("timeline", &format!("format={word}&from=2023-06")))
            .text()
    };
    assert!(get("csv").contains("\"'=1+1 <script>alert(1)</script>; a, b\""));
    for word in ["vis", "timelinejs"] {
        let json: Value = serde_json::from_str(&get(word)).unwrap();
        assert!(!json.to_string().contains("<script"), "{json}");
        assert!(json.to_string().contains("&lt;script&gt;"));
    }
    let calendar = get("ics").replace("\r\n ", "");
    assert!(calendar.contains("SUMMARY:=1+1 <script>alert(1)</script>\\; a\\, b\r\n"));
    assert!(calendar.contains("DTSTART;VALUE=DATE:20230601\r\nDTEND;VALUE=DATE:20230701\r\n"));
    assert!(calendar.contains("DESCRIPTION:Date as given: 2023-06 (month)"));
}

#[test]
fn a_map_has_a_feature_for_each_record_with_its_place() {
    let app = App::article();
    let placed = r#"{"id": "placed", "cameo": "042", "date": "2023-06~", "place": {"name": "Tōkyō", "country": "JPN", "lat": 35.68, "lon": 139.69}, "participants": [{"actor": "usa", "role": "source"}, {"actor": "jpn", "role": "target"}]}"#;
    app.put("/api/v1/events/placed", placed).ok();
    let undated = r#"{"id": "undated", "cameo": "040", "participants": [{"actor": "usa", "role": "participant"}, {"actor": "prk", "role": "participant"}]}"#;
    app.put("/api/v1/events/undated", undated).ok();
    let total = app.get("/api/v1/timeline?actor=usa").ok()["total"].clone();
    let map = app.get("/api/v1/timeline?actor=usa&format=geojson");
    assert_eq!(map.header("Chancery-Omitted"), None);
    let map: Value = serde_json::from_str(&map.text()).unwrap();
    assert_eq!(map["type"], "FeatureCollection");
    let features = map["features"].as_array().unwrap();
    assert_eq!(total, features.len());
    let of = |id: &str| features.iter().find(|feature| feature["id"] == id).unwrap();
    let placed = of("event:placed");
    // RFC 7946, section 3.1.1: the longitude comes first.
    assert_eq!(
        placed["geometry"],
        serde_json::json!({"type": "Point", "coordinates": [139.69, 35.68]})
    );
    let properties = &placed["properties"];
    assert_eq!(
        (
            &properties["date"],
            &properties["cameo"],
            &properties["place"]
        ),
        (&"2023-06~".into(), &"042".into(), &"Tōkyō, JPN".into())
    );
    assert_eq!(properties["actors"][1]["id"], "jpn");
    let undated = of("event:undated");
    assert_eq!(
        (&undated["geometry"], &undated["properties"]["date"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn a_file_says_what_it_leaves_out() {
    let app = App::article();
    app.put(
        "/api/v1/events/undated",
        r#"{"id": "undated", "cameo": "040", "participants": [{"actor": "usa", "role": "participant"}, {"actor": "prk", "role": "participant"}]}"#,
    )
    .ok();
    app.put(
        "/api/v1/events/ancient",
        r#"{"id": "ancient", "cameo": "040", "date": "-0043-03-15", "participants": [{"actor": "usa", "role": "participant"}, {"actor": "prk", "role": "participant"}]}"#,
    )
    .ok();
    let total = app.get("/api/v1/timeline?actor=prk").ok()["total"]
        .as_u64()
        .unwrap();
    let shown = |query: &str| {
        let answer = app.get(&format!("/api/v1/timeline?actor=prk&{query}"));
        let records = answer
            .header("Chancery-Records")
            .unwrap()
            .parse::<u64>()
            .unwrap();
        (
            records,
            answer.header("Chancery-Omitted").map(str::to_owned),
        )
    };
    assert_eq!(shown("format=csv"), (total, None));
    assert_eq!(shown("format=vis"), (total - 1, Some("undated=1".into())));
    assert_eq!(
        shown("format=ics"),
        (total - 2, Some("undated=1, before-year-0=1".into()))
    );
    assert_eq!(shown("format=csv&to=0001"), (1, Some("undated=1".into())));
    let graph = app.get("/api/v1/graph?format=gexf&limit=1&actor=usa&hops=1");
    assert!(
        graph
            .header("Chancery-Omitted")
            .unwrap()
            .starts_with("actors=")
    );
}

#[test]
fn events_of_a_network_are_nodes_of_its_files() {
    let app = App::article();
    let path = "/api/v1/graph?actor=antony-blinken&actor=chn&hops=0&events=true&occurrence=any";
    let graph = app.get(path).ok();
    let events = graph["events"].as_array().unwrap();
    let shown = ["antony-blinken", "chn"];
    let parts = |event: &Value| {
        let all = event["participants"].as_array().unwrap().iter();
        let ids: std::collections::BTreeSet<&str> = all
            .map(|part| part["actor"]["id"].as_str().unwrap())
            .filter(|id| shown.contains(id))
            .collect();
        ids.len()
    };
    let edges: usize = events.iter().map(parts).sum();
    assert!(!events.is_empty() && edges > events.len());
    for (word, node, edge) in [
        ("gexf", "<node id=\"event/", " target=\"event/"),
        ("graphml", "<node id=\"event/", " target=\"event/"),
        ("cytoscape", "\"id\":\"event/", "\"target\":\"event/"),
    ] {
        let file = app.get(&format!("{path}&format={word}"));
        let count = |what: &str| file.text().matches(what).count();
        assert_eq!((count(node), count(edge)), (events.len(), edges), "{word}");
        let plain = app.get(&format!(
            "{}&format={word}",
            path.replace("&events=true", "")
        ));
        assert!(!plain.text().contains("event/"), "{word}");
    }
}

/// The limit of widgets is tested with as many records; that of tables is a hundred times as large.
#[test]
fn a_file_holds_so_many_records_and_no_more() {
    let app = App::article();
    let event = |n: usize| {
        format!(
            "{{\"record\":\"event\",\"id\":\"n{n}\",\"cameo\":\"040\",\"date\":\"2020-01-01\",\"participants\":[{{\"actor\":\"usa\",\"role\":\"source\"}},{{\"actor\":\"prk\",\"role\":\"target\"}}]}}\n"
        )
    };
    let lines: Vec<String> = (0..10_000).map(event).collect();
    let import = |lines: &str| {
        let headers = [("Content-Type", "application/x-ndjson")];
        app.call("POST", "/api/v1/imports", &headers, lines.as_bytes())
            .ok();
    };
    import(&lines.concat());
    let path =
        |word: &str| format!("/api/v1/timeline?from=2020&to=2020&record=event&format={word}");
    for word in ["vis", "timelinejs"] {
        let full = app.get(&path(word));
        assert_eq!(
            (full.status, full.header("Chancery-Records")),
            (200, Some("10000"))
        );
    }
    import(&event(10_000));
    for word in ["vis", "timelinejs"] {
        app.get(&path(word)).problem("answer_too_large");
    }
    for word in ["csv", "ics"] {
        let file = app.get(&path(word));
        assert_eq!(
            (file.status, file.header("Chancery-Records")),
            (200, Some("10001"))
        );
    }
}
