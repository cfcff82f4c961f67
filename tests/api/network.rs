//! Networks, rankings and communities: their numbers lead to just the records that they count.

use serde_json::{Value, json};

use super::app::App;

const SCOPES: [&str; 5] = [
    "",
    "&from=2023-06&to=2023-06",
    "&record=event&rollup=state",
    "&kind=state&quad=verbal_cooperation",
    "&role=source&certain=true",
];

fn question(app: &App, path: &str) -> Value {
    app.get(&format!("/api/v1/{path}")).ok()
}

/// That the link of an aggregate lists as many records as it counts.
fn opens(app: &App, item: &Value) {
    let url = item["records_url"].as_str().unwrap();
    assert!(url.contains("known_at=1"), "{url}");
    let listed = app.get(url).ok();
    assert_eq!(listed["total"], item["records"], "{url}");
}

#[test]
fn every_number_of_a_network_opens() {
    let app = App::article();
    for scope in SCOPES {
        for actors in ["", "&actor=antony-blinken", "&actor=usa&actor=kor&hops=2"] {
            let graph = question(&app, &format!("graph?limit=12{actors}{scope}"));
            let nodes = graph["nodes"].as_array().unwrap();
            assert!(nodes.len() <= 12);
            for node in nodes {
                opens(&app, node);
            }
            for link in graph["links"].as_array().unwrap() {
                opens(&app, link);
                for end in ["source", "target"] {
                    assert!(nodes.iter().any(|node| node["actor"]["id"] == link[end]));
                }
                assert!(link["source"].as_str() < link["target"].as_str());
                let quad = link["quad"].as_object().unwrap();
                let sum: u64 = quad.values().map(|n| n.as_u64().unwrap()).sum();
                assert_eq!(link["records"], sum);
            }
        }
    }
}

#[test]
fn a_network_grows_by_hops_and_counts_what_it_leaves_out() {
    let app = App::article();
    let alone = question(&app, "graph?actor=park-jin&hops=0");
    assert_eq!(alone["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(alone["nodes"][0]["depth"], 0);
    assert_eq!(alone["links"], json!([]));

    let all = question(&app, "graph?actor=park-jin&hops=1&limit=500");
    let nodes = all["nodes"].as_array().unwrap();
    assert_eq!(all["nodes"][0]["degree"], nodes.len() - 1);
    assert_eq!(
        all["more"],
        json!({"nodes": 0, "named": [], "links": 0, "events": 0})
    );

    let few = question(&app, "graph?actor=park-jin&hops=1&limit=2");
    assert_eq!(few["nodes"].as_array().unwrap().len(), 2);
    assert_eq!(few["nodes"].as_array().unwrap()[..], nodes[..2]);
    assert_eq!(few["more"]["nodes"], nodes.len() - 2);
    assert_eq!(few["more"]["named"][0]["actor"], nodes[2]["actor"]);
    assert_eq!(few["more"]["named"][0]["records"], nodes[2]["records"]);

    let events = question(&app, "graph?actor=antony-blinken&events=true&record=event");
    let call = events["events"].as_array().unwrap().iter();
    let call = call
        .clone()
        .find(|e| e["id"] == "blinken-park-call-2023-06-16");
    let call = call.unwrap();
    assert_eq!(call["date"], "2023-06-16");
    assert_eq!(call["quad_class"], "verbal_cooperation");
    assert_eq!(call["participants"].as_array().unwrap().len(), 2);
    assert_eq!(
        question(&app, "graph?actor=antony-blinken").get("events"),
        None
    );
}

#[test]
fn rankings_come_in_pages_and_open() {
    let app = App::article();
    for by in ["degree", "weighted_degree", "pagerank", "betweenness"] {
        for scope in SCOPES {
            let all = question(&app, &format!("rankings?by={by}&limit=1000{scope}"));
            let items = all["items"].as_array().unwrap();
            assert_eq!(all["total"], items.len());
            assert!(all["method"].as_str().unwrap().len() > 20);
            assert_eq!(all.get("sampled"), None, "the record is small");
            let mut last = (f64::INFINITY, String::new());
            for item in items {
                opens(&app, item);
                let score = item["score"].as_f64().unwrap();
                let id = item["actor"]["id"].as_str().unwrap().to_owned();
                assert!((score, &last.1) < (last.0, &id) || score < last.0 || last.1 < id);
                last = (score, id);
            }
            if by == "pagerank" && !items.is_empty() {
                let sum: f64 = items.iter().map(|i| i["score"].as_f64().unwrap()).sum();
                assert!((sum - 1.0).abs() < 1e-9, "{sum}");
            }
        }
        let first = question(&app, &format!("rankings?by={by}&limit=3"));
        let cursor = first["next"].as_str().unwrap();
        let second = question(&app, &format!("rankings?by={by}&limit=3&cursor={cursor}"));
        let both = question(&app, &format!("rankings?by={by}&limit=6"));
        assert_eq!(
            both["items"].as_array().unwrap()[3..],
            second["items"].as_array().unwrap()[..]
        );
    }
    let states = question(&app, "rankings?kind=state&limit=1000");
    for item in states["items"].as_array().unwrap() {
        assert_eq!(item["actor"]["kind"], "state");
    }
}

#[test]
fn communities_are_the_same_for_the_same_seed() {
    let app = App::article();
    let found = question(&app, "communities?seed=7");
    assert_eq!(found, question(&app, "communities?seed=7"));
    assert_eq!(found["seed"], 7);
    let items = found["items"].as_array().unwrap();
    assert!(items.len() > 1);
    assert!(found["modularity"].as_f64().unwrap() > 0.1);
    let linked = question(&app, "rankings?limit=1000");
    let linked = linked["items"].as_array().unwrap().iter();
    let linked = linked
        .filter(|item| item["score"].as_f64() > Some(0.0))
        .count();
    let sizes = items.iter().map(|item| item["size"].as_u64().unwrap());
    assert_eq!(
        sizes.sum::<u64>(),
        linked as u64,
        "everybody with a link is in one"
    );
    for (item, id) in items.iter().zip(1..) {
        assert_eq!(item["id"], id);
        let named = item["members"].as_array().unwrap().len();
        assert_eq!(item["size"], named as u64 + item["more"].as_u64().unwrap());
    }
    // As many members are named as were asked for, the strongest; the others are counted.
    let brief = question(&app, "communities?seed=7&members=1");
    for (item, whole) in brief["items"].as_array().unwrap().iter().zip(items) {
        assert_eq!(item["members"], json!([whole["members"][0]]));
        assert_eq!(item["more"], item["size"].as_u64().unwrap() - 1);
    }
    let none = question(&app, "communities?to=1700");
    assert_eq!(
        (&none["items"], &none["modularity"]),
        (&json!([]), &json!(0.0))
    );
}

#[test]
fn an_empty_record_has_an_empty_network() {
    let app = App::empty();
    assert_eq!(question(&app, "graph")["nodes"], json!([]));
    for by in ["degree", "pagerank", "betweenness"] {
        assert_eq!(
            question(&app, &format!("rankings?by={by}"))["items"],
            json!([])
        );
    }
    assert_eq!(question(&app, "communities")["total"], 0);
}

#[test]
fn limits_of_networks_hold_at_their_edges() {
    let app = App::article();
    for fits in [
        "graph?limit=500",
        "graph?hops=3&actor=usa",
        "graph?limit=1",
        "rankings?seed=4294967295",
        "communities?seed=0",
    ] {
        question(&app, fits);
    }
    for (wrong, code) in [
        ("graph?limit=501", "bad_parameter"),
        ("graph?limit=0", "bad_parameter"),
        ("graph?hops=4", "bad_parameter"),
        ("graph?actor=nobody-at-all", "unknown_actor"),
        ("graph?cursor=x", "unknown_parameter"),
        ("rankings?by=fame", "bad_parameter"),
        ("rankings?seed=4294967296", "bad_parameter"),
        ("communities?limit=1001", "bad_parameter"),
        ("communities?members=501", "bad_parameter"),
    ] {
        app.get(&format!("/api/v1/{wrong}")).problem(code);
    }
}

#[test]
fn what_was_known_of_a_network_stays_known() {
    let app = App::article();
    let paths = [
        "graph?limit=5&known_at=1",
        "rankings?by=pagerank&known_at=1",
        "communities?known_at=1",
    ];
    let before = paths.map(|path| app.get(&format!("/api/v1/{path}")));
    app.put(
        "/api/v1/events/new-meeting",
        r#"{"id": "new-meeting", "cameo": "040", "date": "2023-06-01", "sources": [{"source": "trtworld-2023-06-17"}],
            "participants": [{"actor": "usa", "role": "participant"}, {"actor": "prk", "role": "participant"}]}"#,
    )
    .ok();
    for (path, before) in paths.iter().zip(&before) {
        let after = app.get(&format!("/api/v1/{path}"));
        assert_eq!(
            (after.etag(), &after.body),
            (before.etag(), &before.body),
            "{path}"
        );
        let now = app.get(&format!(
            "/api/v1/{}",
            path.replace("known_at=1", "known_at=2")
        ));
        assert_ne!(now.body, before.body, "{path}");
    }
}
