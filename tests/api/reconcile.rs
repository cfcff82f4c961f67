//! Reconciliation: tables matched with actors, as the Reconciliation API 0.2 and its clients have it.

use std::collections::BTreeMap;

use jsonschema::{Draft, Registry, Validator};
use serde_json::{Value, json};

use super::app::{Answer, App};

const BASE: &str = "/api/v1/reconcile";
/// The limits, each with its unit, as the guide states them.
const QUERIES: usize = 50;
const TEXT_CHARS: usize = 1_000;
const PROPERTIES: usize = 20;
const VALUES: usize = 20;
const CANDIDATES: usize = 100;
const IDS: usize = 100;
const NEAR_WORDS: usize = 24;
const BODY_BYTES: usize = 1 << 20;

/// The schemas of the specification, by name.
struct Schemas(BTreeMap<&'static str, Value>);

impl Schemas {
    fn new() -> Self {
        let names = [
            "manifest",
            "reconciliation-query-batch",
            "reconciliation-result-batch",
            "suggest-entities-response",
            "suggest-properties-response",
            "suggest-types-response",
            "data-extension-property-proposal",
            "data-extension-query",
            "data-extension-response",
            "type",
        ];
        Self(names.map(|name| (name, Self::read(name))).into())
    }

    fn read(name: &str) -> Value {
        let path = format!("tests/fixtures/reconciliation/schemas/{name}.json");
        let mut schema: Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        // It names the newest draft of JSON Schema, whatever that is: they are of draft 7.
        schema.as_object_mut().unwrap().remove("$schema");
        schema
    }

    fn check(&self, name: &str, value: &Value) {
        let kind = self.0["type"].clone();
        // Of OpenAPI 2 a manifest takes the security schemes; ours has none.
        let security =
            json!({"definitions": {"securityDefinitions": {"additionalProperties": false}}});
        let registry = Registry::new()
            .draft(Draft::Draft7)
            .add(
                "https://reconciliation-api.github.io/specs/0.2/schemas/type.json",
                kind,
            )
            .unwrap()
            .add("http://swagger.io/v2/schema.json", security)
            .unwrap()
            .prepare()
            .unwrap();
        let validator: Validator = jsonschema::options()
            .with_draft(Draft::Draft7)
            .with_registry(&registry)
            .offline()
            .build(&self.0[name])
            .unwrap();
        let errors: Vec<String> = validator
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}\n{value:#}");
    }
}

fn escaped(text: &str) -> String {
    let each = text.bytes().map(|byte| match byte {
        b' ' => "+".to_owned(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    each.collect()
}

/// The field of a form, sent as `OpenRefine` and its like do.
fn form(app: &App, field: &str, json: &str) -> Answer {
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let body = format!("{field}={}", escaped(json));
    app.call("POST", BASE, &headers, body.as_bytes())
}

/// The result of one query, and its problem.
fn one(app: &App, query: &Value) -> (Vec<Value>, Option<String>) {
    let answer = form(app, "queries", &json!({"q": query}).to_string()).ok();
    Schemas::new().check("reconciliation-result-batch", &answer);
    let candidates = answer["q"]["result"].as_array().unwrap().clone();
    for candidate in &candidates {
        let score = candidate["score"].as_f64().unwrap();
        assert!((0.0..=100.0).contains(&score), "{candidate}");
        let features = candidate["features"].as_array().unwrap();
        let mut ids: Vec<&str> = features
            .iter()
            .map(|one| one["id"].as_str().unwrap())
            .collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{candidate}");
        assert!(candidate["type"][0]["id"].is_string() && candidate["type"][0]["name"].is_string());
        assert!(!candidate["description"].as_str().unwrap().is_empty());
    }
    assert!(candidates.is_sorted_by(|a, b| a["score"].as_f64() >= b["score"].as_f64()));
    let problem = answer["q"]["problem"].as_str().map(str::to_owned);
    (candidates, problem)
}

/// The ids of the candidates, and that of the match.
fn found(app: &App, query: &Value) -> (Vec<String>, Option<String>) {
    let (candidates, problem) = one(app, query);
    assert_eq!(problem, None, "{query}");
    let id = |candidate: &Value| candidate["id"].as_str().unwrap().to_owned();
    let matches: Vec<String> = candidates
        .iter()
        .filter(|candidate| candidate["match"] == true)
        .map(id)
        .collect();
    assert!(matches.len() <= 1, "{query}: {matches:?}");
    (
        candidates.iter().map(id).collect(),
        matches.into_iter().next(),
    )
}

fn matched(app: &App, query: &Value) -> Option<String> {
    found(app, query).1
}

fn feature(candidate: &Value, id: &str) -> Value {
    let mut features = candidate["features"].as_array().unwrap().iter();
    let feature = features.find(|feature| feature["id"] == id);
    feature.map_or(Value::Null, |feature| feature["value"].clone())
}

fn put(app: &App, actor: &Value) {
    let id = actor["id"].as_str().unwrap();
    app.put(&format!("/api/v1/actors/{id}"), &actor.to_string())
        .ok();
}

#[test]
fn the_manifest_is_one_and_what_it_names_is_there() {
    let app = App::article();
    let schemas = Schemas::new();
    let manifest = app.get(BASE).ok();
    schemas.check("manifest", &manifest);
    assert_eq!(manifest["versions"], json!(["0.2"]));
    assert_eq!(manifest["batchSize"], QUERIES);
    assert_eq!(manifest["defaultTypes"].as_array().unwrap().len(), 8);
    let below = |url: String| {
        let path = url.strip_prefix(&app.url).unwrap().to_owned();
        app.get(&path)
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let view = text(&manifest["view"]["url"]).replace("{{id}}", "usa");
    assert_eq!(below(view).status, 200);
    let preview = below(text(&manifest["preview"]["url"]).replace("{{id}}", "usa"));
    assert_eq!(preview.status, 200);
    assert!(below(text(&manifest["documentation"])).status < 400);
    for (service, prefix, schema) in [
        ("entity", "st", "suggest-entities-response"),
        ("property", "na", "suggest-properties-response"),
        ("type", "st", "suggest-types-response"),
    ] {
        let parts = &manifest["suggest"][service];
        let url = text(&parts["service_url"]) + &text(&parts["service_path"]);
        let answer = below(format!("{url}?prefix={prefix}&cursor=0")).ok();
        schemas.check(schema, &answer);
        assert!(
            !answer["result"].as_array().unwrap().is_empty(),
            "{service}"
        );
    }
    let parts = &manifest["suggest"]["entity"];
    let url = text(&parts["service_url"]) + &text(&parts["flyout_service_path"]);
    let flyout = below(url.replace("${id}", "usa")).ok();
    assert_eq!(flyout["id"], "usa");
    assert!(
        flyout["html"]
            .as_str()
            .unwrap()
            .contains("United States of America")
    );
    let parts = &manifest["extend"]["propose_properties"];
    let url = text(&parts["service_url"]) + &text(&parts["service_path"]);
    let proposals = below(format!("{url}?type=state&limit=100")).ok();
    schemas.check("data-extension-property-proposal", &proposals);
}

#[test]
fn urls_are_of_the_host_that_was_asked() {
    let app = App::with(|options| {
        options.allowed_hosts = vec!["chancery.example.org".parse().unwrap()];
    });
    let view = |headers: &[(&str, &str)]| {
        let manifest = app.call("GET", BASE, headers, b"").ok();
        manifest["view"]["url"].as_str().unwrap().to_owned()
    };
    let host = ("Host", "chancery.example.org");
    assert_eq!(
        view(&[host]),
        "http://chancery.example.org/?view=actor&actor={{id}}"
    );
    let https = ("X-Forwarded-Proto", "https");
    assert!(view(&[host, https]).starts_with("https://chancery.example.org/"));
    // A proxy tells the scheme, and nobody another host or a scheme of his own.
    let other = ("X-Forwarded-Host", "elsewhere.example.org");
    assert!(view(&[host, other]).starts_with("http://chancery.example.org/"));
    let script = ("X-Forwarded-Proto", "javascript");
    assert!(view(&[host, script]).starts_with("http://chancery.example.org/"));
}

#[test]
fn forms_json_and_query_strings_are_answered_alike() {
    let app = App::article();
    let queries = json!({
        "0": {"query": "DPRK"},
        "1": {"query": "Antony Blinken", "type": "person", "type_strict": "should", "limit": 3},
        "2": {"query": "Foreign Minister", "type": ["person"], "properties": [
            {"pid": "country", "v": "South Korea"}, {"pid": "kind", "v": ["person", {"id": "x"}]},
        ]},
        "3": {"properties": [{"pid": "iso3", "v": "CHN"}]},
    });
    let schemas = Schemas::new();
    schemas.check("reconciliation-query-batch", &queries);
    let by_form = form(&app, "queries", &queries.to_string());
    schemas.check("reconciliation-result-batch", &by_form.ok());
    let by_json = app.post(BASE, &json!({"queries": queries}).to_string());
    let by_get = app.get(&format!("{BASE}?queries={}", escaped(&queries.to_string())));
    assert_eq!(by_form.ok(), by_json.ok());
    assert_eq!(by_form.ok(), by_get.ok());
    let answer = by_form.ok();
    for (key, id) in [
        ("0", "prk"),
        ("1", "antony-blinken"),
        ("2", "park-jin"),
        ("3", "chn"),
    ] {
        assert_eq!(answer[key]["result"][0]["id"], id, "{key}: {answer:#}");
    }
    let extend = json!({"ids": ["prk"], "properties": [{"id": "name"}]});
    let by_form = form(&app, "extend", &extend.to_string());
    let by_json = app.post(BASE, &json!({"extend": extend}).to_string());
    let by_get = app.get(&format!("{BASE}?extend={}", escaped(&extend.to_string())));
    assert_eq!(by_form.ok(), by_json.ok());
    assert_eq!(by_form.ok(), by_get.ok());
    // Forms are packed by some clients, and written with parameters of their type.
    let kind = [(
        "Content-Type",
        "application/x-www-form-urlencoded; charset=UTF-8",
    )];
    let body = format!("queries={}", escaped(&queries.to_string()));
    assert_eq!(app.call("POST", BASE, &kind, body.as_bytes()).ok(), answer);
    assert_eq!(form(&app, "queries", "{}").ok(), json!({}));
}

#[test]
fn a_match_is_one_that_bears_the_name_alone() {
    let app = App::article();
    for (name, id) in [
        ("prk", "prk"),
        ("PRK", "prk"),
        ("cow:731", "prk"),
        ("north korea", "prk"),
        ("U.S.", "usa"),
        ("Blinken, Antony", "antony-blinken"),
        ("ANTONY BLINKEN", "antony-blinken"),
        ("Ántony Blinkén", "antony-blinken"),
        ("林芳正", "hayashi-yoshimasa"),
    ] {
        assert_eq!(
            matched(&app, &json!({"query": name})).as_deref(),
            Some(id),
            "{name}"
        );
    }
    // An office is somebody's on a day, and a name that is only near is a suggestion.
    for (name, first) in [
        ("Foreign Minister", "park-jin"),
        ("Anthony Blinkin", "antony-blinken"),
        ("A. J. Blinken", "antony-blinken"),
    ] {
        let (ids, matched) = found(&app, &json!({"query": name}));
        assert_eq!((ids[0].as_str(), matched), (first, None), "{name}");
    }
    assert_eq!(found(&app, &json!({"query": "Atlantis"})), (vec![], None));
    // Two of one name are a choice, which a kind may make.
    put(
        &app,
        &json!({"id": "georgia", "kind": "state", "name": "Georgia"}),
    );
    put(
        &app,
        &json!({"id": "usa-georgia", "kind": "government_body", "name": "Georgia"}),
    );
    let (ids, matched) = found(&app, &json!({"query": "Georgia"}));
    assert_eq!((ids.len(), matched), (2, None));
    let (ids, matched) = found(&app, &json!({"query": "Georgia", "type": "state"}));
    assert_eq!(
        (ids[0].as_str(), matched.as_deref()),
        ("georgia", Some("georgia"))
    );
    // The id of one is the name of another.
    let (_, matched) = found(&app, &json!({"query": "georgia"}));
    assert_eq!(matched, None);
}

#[test]
fn kinds_weigh_unless_they_must_decide() {
    let app = App::article();
    put(
        &app,
        &json!({"id": "usa-ship", "kind": "organization", "name": "USS United States", "aliases": ["United States"]}),
    );
    put(
        &app,
        &json!({"id": "us-bare", "kind": "unknown", "name": "United States"}),
    );
    let ids = |query: &Value| found(&app, query).0;
    let name = "United States";
    let all = ids(&json!({"query": name, "type": "state"}));
    assert_eq!(all, ["usa", "us-bare", "usa-ship"]);
    assert_eq!(
        ids(&json!({"query": name, "type": ["state"], "type_strict": "any"})),
        ["usa"]
    );
    let both = json!(["organization", "state"]);
    let any = ids(&json!({"query": name, "type": both, "type_strict": "any"}));
    assert_eq!(any, ["usa", "usa-ship"]);
    assert_eq!(
        ids(&json!({"query": name, "type": both, "type_strict": "all"})),
        [""; 0]
    );
    // One of whom nothing but a name is known may be of any kind, and so is no match beside another.
    assert_eq!(
        matched(&app, &json!({"query": name, "type": "state"})),
        None
    );
    let strictly = json!({"query": name, "type": "state", "type_strict": "any"});
    assert_eq!(matched(&app, &strictly).as_deref(), Some("usa"));
    assert_eq!(
        matched(&app, &json!({"query": "Japan", "type": "person"})),
        None
    );
    assert_eq!(
        found(&app, &json!({"query": "Japan", "type": "person"})).0,
        ["jpn"]
    );
}

#[test]
fn properties_are_scored_and_never_filtered_by() {
    let app = App::article();
    let long = "Minister of State for Foreign Affairs and Worldwide Trade";
    put(
        &app,
        &json!({"id": "kim-a", "kind": "person", "name": "Kim Ha", "codes": {"wikidata": "Q1", "iso": "008"}}),
    );
    put(
        &app,
        &json!({"id": "kim-b", "kind": "person", "name": "Kim Ha"}),
    );
    let office = json!({"id": "kim-b-minister", "subject": "kim-b", "kind": "holds_office", "object": "kor",
        "title": long, "since": "2020", "sources": [{"source": "trtworld-2023-06-17"}]});
    app.put("/api/v1/relations/kim-b-minister", &office.to_string())
        .ok();
    let asked =
        |properties: &Value| one(&app, &json!({"query": "Kim Ha", "properties": properties})).0;
    let cut: String = long.chars().take(47).collect();
    for (pid, value, first, share) in [
        ("country", json!("ROK"), "kim-b", json!(1.0)),
        (
            "country",
            json!({"id": "kor", "name": "Korea, South"}),
            "kim-b",
            json!(1.0),
        ),
        (
            "country",
            json!(["nowhere", "South Korea"]),
            "kim-b",
            json!(1.0),
        ),
        ("office", json!(long), "kim-b", json!(1.0)),
        ("office", json!(format!("{cut}...")), "kim-b", json!(1.0)),
        (
            "office",
            json!(format!("President\n{long}")),
            "kim-b",
            json!(1.0),
        ),
        ("wikidata", json!("q1"), "kim-a", json!(1.0)),
        (
            "code:wikidata",
            json!("https://www.wikidata.org/wiki/Q1"),
            "kim-a",
            json!(1.0),
        ),
        ("iso", json!(8), "kim-a", json!(1.0)),
        ("iso", json!(8.0), "kim-a", json!(1.0)),
    ] {
        let candidates = asked(&json!([{"pid": pid, "v": value}]));
        assert_eq!(candidates.len(), 2, "{pid} {value}");
        assert_eq!(candidates[0]["id"], first, "{pid} {value}");
        let id = match pid {
            "wikidata" | "iso" => format!("code:{pid}"),
            pid => pid.to_owned(),
        };
        assert_eq!(feature(&candidates[0], &id), share, "{pid} {value}");
        // Nothing is recorded of the other.
        assert_eq!(feature(&candidates[1], &id), Value::Null, "{pid} {value}");
    }
    // Of a blank cell nothing is said; neither of a country that is none.
    let plain = asked(&json!([]));
    for blank in [json!(null), json!(""), json!(" \n"), json!([])] {
        assert_eq!(
            asked(&json!([{"pid": "country", "v": blank}])),
            plain,
            "{blank}"
        );
    }
    // What is written in one way only takes the match away when it is another.
    for (pid, value, expected) in [
        ("iso3", "JPN", Some("jpn")),
        ("iso3", "CHN", None),
        ("kind", "state", Some("jpn")),
        ("kind", "person", None),
        ("country", "China", None),
        ("description", "something else", Some("jpn")),
        ("country", "Atlantis", Some("jpn")),
    ] {
        let query = json!({"query": "Japan", "properties": [{"pid": pid, "v": value}]});
        assert_eq!(matched(&app, &query).as_deref(), expected, "{pid} {value}");
    }
}

#[test]
fn codes_find_those_whose_name_is_another() {
    let app = App::article();
    let query = json!({"query": "Choson", "properties": [{"pid": "iso3", "v": "PRK"}]});
    let (candidates, _) = one(&app, &query);
    assert_eq!(candidates[0]["id"], "prk");
    assert_eq!(candidates[0]["match"], false);
    assert!(candidates[0]["score"].as_f64().unwrap() < 50.0);
    for (properties, id) in [
        (json!([{"pid": "wikidata", "v": "Q884"}]), Some("kor")),
        (json!([{"pid": "code:cow", "v": 731}]), Some("prk")),
        (
            json!([{"pid": "iso3", "v": "USA"}, {"pid": "cow", "v": "740"}]),
            None,
        ),
    ] {
        assert_eq!(
            matched(&app, &json!({"properties": properties})).as_deref(),
            id,
            "{properties}"
        );
    }
    let (ids, _) = found(
        &app,
        &json!({"properties": [
            {"pid": "office", "v": "President"}, {"pid": "country", "v": "PRC"},
        ]}),
    );
    assert_eq!(ids, ["xi-jinping", "joe-biden"]);
    let (ids, _) = found(
        &app,
        &json!({"properties": [{"pid": "name", "v": "Biden"}]}),
    );
    assert_eq!(ids, ["joe-biden"]);
    // Kinds and countries weigh; they name nobody.
    assert_eq!(
        found(
            &app,
            &json!({"properties": [{"pid": "kind", "v": "state"}]})
        )
        .0,
        [""; 0]
    );
}

#[test]
fn a_query_that_can_not_be_used_is_refused_alone() {
    let app = App::article();
    let long = "a".repeat(TEXT_CHARS + 1);
    for (query, says) in [
        ("NaN", "is not an object"),
        ("null", "is not an object"),
        ("[]", "is not an object"),
        ("\"DPRK\"", "is not an object"),
        ("{}", "query: is missing"),
        (r#"{"query": NaN}"#, "query: is null or NaN"),
        (r#"{"query": null}"#, "query: is null or NaN"),
        (
            r#"{"query": Infinity, "type": "state"}"#,
            "query: is null or NaN",
        ),
        (r#"{"query": -Infinity}"#, "query: is null or NaN"),
        (r#"{"query": " "}"#, "query: is blank"),
        (r#"{"query": ["a"]}"#, "query: is not a string"),
        (r#"{"query": true}"#, "query: is not a string"),
        (r#"{"query": "a", "typ": "state"}"#, "did you mean type?"),
        (r#"{"query": "a", "type": "stat"}"#, "did you mean state?"),
        (r#"{"query": "a", "type": 5}"#, "type: is not a string"),
        (
            r#"{"query": "a", "type_strict": "none"}"#,
            "type_strict: is not one of",
        ),
        (
            r#"{"query": "a", "limit": "5"}"#,
            "limit: must be a whole number",
        ),
        (
            r#"{"query": "a", "limit": 1.5}"#,
            "limit: must be a whole number",
        ),
        (
            r#"{"query": "a", "properties": {}}"#,
            "properties: is not a list",
        ),
        (r#"{"properties": []}"#, "query: is missing"),
        (
            r#"{"properties": [{"pid": "iso3", "v": NaN}]}"#,
            "query: is missing",
        ),
        (
            r#"{"query": "a", "properties": [5]}"#,
            "properties[0]: is not",
        ),
        (
            r#"{"query": "a", "properties": [{"p": "iso3", "v": 1}]}"#,
            "properties[0]: is not",
        ),
        (
            r#"{"query": "a", "properties": [{"pid": "iso3"}]}"#,
            "properties[0]: is not",
        ),
        (
            r#"{"query": "a", "properties": [{"pid": "is3", "v": 1}]}"#,
            "did you mean iso3?",
        ),
        (
            r#"{"query": "a", "properties": [{"pid": "name", "v": [[1]]}]}"#,
            "a list within",
        ),
        (
            r#"{"query": "a", "properties": [{"pid": "name", "v": {}}]}"#,
            "does not name an actor",
        ),
        (
            &format!(r#"{{"query": "{long}"}}"#),
            "has 1001 characters; the maximum is 1000",
        ),
    ] {
        let batch =
            format!(r#"{{"0": {{"query": "DPRK"}}, "1": {query}, "2": {{"query": "NaN"}}}}"#);
        let answer = form(&app, "queries", &batch).ok();
        Schemas::new().check("reconciliation-result-batch", &answer);
        assert_eq!(answer["0"]["result"][0]["id"], "prk", "{query}");
        assert_eq!(answer["0"].get("problem"), None);
        assert_eq!(answer["1"]["result"], json!([]), "{query}");
        let problem = answer["1"]["problem"].as_str().unwrap();
        assert!(problem.contains(says), "{query}: {problem}");
        assert_eq!(answer["2"], json!({"result": []}), "{query}");
    }
}

#[test]
fn limits_hold_at_their_edges() {
    let app = App::article();
    let batch = |count: usize| {
        let all = (0..count).map(|number| (format!("q{number}"), json!({"query": "DPRK"})));
        Value::Object(all.collect()).to_string()
    };
    let answer = form(&app, "queries", &batch(QUERIES)).ok();
    assert_eq!(answer.as_object().unwrap().len(), QUERIES);
    let refused = form(&app, "queries", &batch(QUERIES + 1));
    assert_eq!(refused.status, 413);
    assert_eq!(refused.problem("body_too_large")["parameter"], "queries");

    let property = |values: usize| json!({"pid": "name", "v": vec!["a"; values]});
    let queries = [
        (
            json!({"query": "é".repeat(TEXT_CHARS)}),
            json!({"query": "é".repeat(TEXT_CHARS + 1)}),
        ),
        (
            json!({"query": "a", "properties": [{"pid": "name", "v": "é".repeat(TEXT_CHARS)}]}),
            json!({"query": "a", "properties": [{"pid": "name", "v": "é".repeat(TEXT_CHARS + 1)}]}),
        ),
        (
            json!({"query": "a", "properties": vec![property(1); PROPERTIES]}),
            json!({"query": "a", "properties": vec![property(1); PROPERTIES + 1]}),
        ),
        (
            json!({"query": "a", "properties": [property(VALUES)]}),
            json!({"query": "a", "properties": [property(VALUES + 1)]}),
        ),
        (
            json!({"query": "a", "limit": CANDIDATES}),
            json!({"query": "a", "limit": CANDIDATES + 1}),
        ),
        (
            json!({"query": "a", "limit": 1}),
            json!({"query": "a", "limit": 0}),
        ),
    ];
    for (edge, past) in queries {
        assert_eq!(one(&app, &edge).1, None);
        assert!(one(&app, &past).1.is_some());
    }

    let extend = |ids: usize, properties: usize| {
        let extend =
            json!({"ids": vec!["usa"; ids], "properties": vec![json!({"id": "name"}); properties]});
        form(&app, "extend", &extend.to_string())
    };
    extend(IDS, PROPERTIES).ok();
    for refused in [extend(IDS + 1, 1), extend(1, PROPERTIES + 1)] {
        assert_eq!(refused.problem("body_too_large")["parameter"], "extend");
    }

    let document: Value = serde_json::from_str(&chancery::http::openapi_json().unwrap()).unwrap();
    let described = &document["components"]["schemas"]["ExtensionDocument"]["properties"];
    assert_eq!(described["ids"]["maxItems"], IDS);
    assert_eq!(described["properties"]["maxItems"], PROPERTIES);

    let padded = |bytes: usize| format!("queries={{}}{}", "+".repeat(bytes - "queries={}".len()));
    let kind = [("Content-Type", "application/x-www-form-urlencoded")];
    app.call("POST", BASE, &kind, padded(BODY_BYTES).as_bytes())
        .ok();
    let refused = app.call("POST", BASE, &kind, padded(BODY_BYTES + 1).as_bytes());
    assert_eq!(refused.status, 413);
    refused.problem("body_too_large");
}

#[test]
fn near_names_are_looked_for_up_to_a_number_of_words() {
    let app = App::empty();
    let name = |words: usize, last: &str| {
        let parts = (1..words).map(|number| format!("Word{number:02}"));
        parts.chain([last.to_owned()]).collect::<Vec<_>>().join(" ")
    };
    for (id, words) in [("edge", NEAR_WORDS), ("past", NEAR_WORDS + 1)] {
        put(
            &app,
            &json!({"id": id, "kind": "organization", "name": name(words, "Republic"), "aliases": [id]}),
        );
    }
    let near = |words: usize| found(&app, &json!({"query": name(words, "Republik")})).0;
    assert_eq!(near(NEAR_WORDS), ["edge", "past"]);
    assert_eq!(near(NEAR_WORDS + 1), [""; 0]);
    let (ids, matched) = found(&app, &json!({"query": name(NEAR_WORDS + 1, "REPUBLIC")}));
    assert_eq!(
        (ids, matched.as_deref()),
        (vec!["past".to_owned()], Some("past"))
    );
}

#[test]
fn as_many_candidates_as_wanted_come() {
    let app = App::empty();
    for number in 0..12 {
        put(
            &app,
            &json!({"id": format!("kim-{number:02}"), "kind": "person", "name": "Kim Ha"}),
        );
    }
    let count = |limit: Option<usize>| {
        let query = match limit {
            Some(limit) => json!({"query": "Kim Ha", "limit": limit}),
            None => json!({"query": "Kim Ha"}),
        };
        found(&app, &query).0.len()
    };
    assert_eq!((count(None), count(Some(1)), count(Some(12))), (10, 1, 12));
}

#[test]
fn what_is_no_batch_is_refused_whole() {
    let app = App::article();
    for wrong in [
        "",
        "NaN",
        "[]",
        "{",
        "\"x\"",
        r#"{"a": {}, "a": {}}"#,
        "\u{1}",
    ] {
        let refused = form(&app, "queries", wrong);
        assert_eq!(
            refused.problem("bad_parameter")["parameter"],
            "queries",
            "{wrong}"
        );
    }
    for wrong in [
        "{}",
        "[]",
        r#"{"ids": "usa", "properties": []}"#,
        r#"{"ids": ["usa"]}"#,
        r#"{"ids": ["usa"], "properties": [{"id": "nmae"}]}"#,
        r#"{"ids": ["usa"], "properties": [{"id": "name", "settings": {"limit": "1"}}]}"#,
        r#"{"ids": ["usa"], "properties": [], "more": 1}"#,
    ] {
        let refused = form(&app, "extend", wrong);
        assert_eq!(
            refused.problem("bad_parameter")["parameter"],
            "extend",
            "{wrong}"
        );
    }
    for wrong in ["", "[]", "{", r#"{"queries": []}"#, r#"{"query": {}}"#] {
        app.post(BASE, wrong).problem("bad_json");
    }
    app.post(BASE, "{}").problem("missing_parameter");
    app.post(
        BASE,
        r#"{"queries": {}, "extend": {"ids": [], "properties": []}}"#,
    )
    .problem("bad_parameter");
    form(&app, "query", "x").problem("unknown_parameter");
    let send =
        |kind: &str, body: &str| app.call("POST", BASE, &[("Content-Type", kind)], body.as_bytes());
    let a_form = "application/x-www-form-urlencoded";
    send(a_form, "").problem("missing_parameter");
    send(a_form, "queries={}&queries={}").problem("repeated_parameter");
    send(a_form, "queries=%zz").problem("bad_query");
    send(a_form, "queries=%FF").problem("bad_query");
    send(
        "application/x-www-form-urlencoded; charset=latin1",
        "queries={}",
    )
    .problem("unsupported_media_type");
    for kind in ["text/plain", "multipart/form-data; boundary=x", "text/csv"] {
        send(kind, "queries={}").problem("unsupported_media_type");
    }
    assert_eq!(
        app.get(&format!("{BASE}?query=DPRK"))
            .problem("unknown_parameter")["parameter"],
        "query"
    );
}

#[test]
fn forms_of_other_origins_are_refused_and_ours_write_nothing() {
    let app = App::article();
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let body = format!("queries={}", escaped(r#"{"0": {"query": "DPRK"}}"#));
    for foreign in [
        ("Origin", "https://elsewhere.example.org"),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
    ] {
        let refused = app.call("POST", BASE, &[kind, foreign], body.as_bytes());
        assert_eq!(refused.status, 403, "{foreign:?}");
        refused.problem("cross_origin_write");
    }
    let before = app.get("/api/v1/summary").ok()["meta"]["known_at"].clone();
    let own = ("Origin", app.url.as_str());
    app.call("POST", BASE, &[kind, own], body.as_bytes()).ok();
    assert_eq!(app.get("/api/v1/summary").ok()["meta"]["known_at"], before);
    // A record that is sent as a form is none.
    app.call(
        "POST",
        "/api/v1/actors",
        &[kind],
        b"id=a&kind=person&name=A",
    )
    .problem("unsupported_media_type");
}

#[test]
fn answers_are_as_of_a_commit() {
    let app = App::article();
    put(
        &app,
        &json!({"id": "x", "kind": "person", "name": "Xenia Late"}),
    );
    let body = json!({"queries": {"0": {"query": "Xenia Late"}}}).to_string();
    let count = |path: &str| {
        app.post(path, &body).ok()["0"]["result"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(count(BASE), 1);
    assert_eq!(count(&format!("{BASE}?known_at=1")), 0);
    assert_eq!(app.get(&format!("{BASE}/preview/x?known_at=1")).status, 404);
    app.post(&format!("{BASE}?known_at=9"), &body)
        .problem("no_such_commit");
}

#[test]
fn suggestions_begin_as_somebody_types() {
    let app = App::article();
    let suggested = |query: &str| -> Vec<String> {
        let answer = app.get(&format!("{BASE}/suggest/{query}")).ok();
        let result = answer["result"].as_array().unwrap().iter();
        result
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(suggested("entity?prefix=blin"), ["antony-blinken"]);
    assert_eq!(
        suggested("entity?prefix=antony-blinken"),
        ["antony-blinken"]
    );
    assert_eq!(suggested("entity?prefix=%22antony+bl"), ["antony-blinken"]);
    assert!(suggested("entity?prefix=DPRK").contains(&"prk".to_owned()));
    let all = suggested("entity?prefix=s&limit=100");
    assert!(all.len() > 2, "{all:?}");
    assert_eq!(suggested("entity?prefix=s&limit=2"), all[..2]);
    assert_eq!(suggested("entity?prefix=s&limit=2&cursor=1"), all[1..3]);
    assert_eq!(suggested("entity?prefix=s&cursor=10000"), [""; 0]);
    let states = suggested("entity?prefix=s&type=state&type_strict=any");
    assert!(
        states.len() < all.len() && states.iter().all(|id| id.len() == 3),
        "{states:?}"
    );
    assert_eq!(suggested("property?prefix=iso"), ["code:iso3"]);
    assert_eq!(suggested("property?prefix=code%3Aiso"), ["code:iso3"]);
    assert_eq!(suggested("property?prefix=cou"), ["country"]);
    assert_eq!(suggested("property?prefix=cou&type=state"), [""; 0]);
    assert_eq!(
        suggested("type?prefix=org"),
        ["international_organization", "organization"]
    );
    for (query, parameter) in [
        ("entity", "prefix"),
        ("entity?prefix=", "prefix"),
        ("entity?prefix=--", "prefix"),
        ("property?prefix=%01", "prefix"),
        ("type?prefix=a&cursor=10001", "cursor"),
        ("type?prefix=a&limit=0", "limit"),
        ("type?prefix=a&limit=101", "limit"),
        ("entity?prefix=a&type=planet", "type"),
    ] {
        let refused = app.get(&format!("{BASE}/suggest/{query}"));
        assert_eq!(
            (refused.status, &refused.json()["parameter"]),
            (400, &json!(parameter)),
            "{query}"
        );
    }
}

#[test]
fn tables_are_extended_by_what_is_recorded() {
    let app = App::article();
    let extend = json!({
        "ids": ["prk", "antony-blinken", "nobody"],
        "properties": [
            {"id": "name"}, {"id": "alias"}, {"id": "kind"}, {"id": "country"}, {"id": "office", "settings": {}},
            {"id": "description"}, {"id": "iso3"}, {"id": "code:wikidata"}, {"id": "code:none"},
        ],
    });
    let schemas = Schemas::new();
    schemas.check("data-extension-query", &extend);
    let answer = form(&app, "extend", &extend.to_string()).ok();
    schemas.check("data-extension-response", &answer);
    let meta = &answer["meta"];
    assert_eq!(
        meta[3],
        json!({"id": "country", "name": "Country", "type": {"id": "state", "name": "State"}})
    );
    assert_eq!(meta[6], json!({"id": "iso3", "name": "Code iso3"}));
    let rows = &answer["rows"];
    assert_eq!(
        rows["prk"]["name"],
        json!([{"str": "Democratic People's Republic of Korea"}])
    );
    assert_eq!(rows["prk"]["alias"].as_array().unwrap().len(), 3);
    assert_eq!(
        rows["prk"]["country"],
        json!([{"id": "prk", "name": "Democratic People's Republic of Korea"}])
    );
    assert_eq!(rows["prk"]["iso3"], json!([{"str": "PRK"}]));
    assert_eq!(rows["prk"]["code:wikidata"], json!([{"str": "Q423"}]));
    assert_eq!(rows["prk"]["code:none"], json!([]));
    let blinken = &rows["antony-blinken"];
    assert_eq!(blinken["office"], json!([{"str": "Secretary of State"}]));
    assert_eq!(
        blinken["country"],
        json!([{"id": "usa", "name": "United States of America"}])
    );
    assert_eq!(blinken["kind"], json!([{"str": "person"}]));
    assert_eq!(
        blinken["description"][0]["str"],
        "United States Secretary of State in June 2023."
    );
    let nobody = rows["nobody"].as_object().unwrap();
    assert_eq!(nobody.len(), 9);
    assert!(nobody.values().all(|values| *values == json!([])));
    // A spokesman of a ministry stands for its state.
    let extend = json!({"ids": ["matthew-miller"], "properties": [{"id": "country"}]});
    let answer = form(&app, "extend", &extend.to_string()).ok();
    assert_eq!(answer["rows"]["matthew-miller"]["country"][0]["id"], "usa");
    // Names are no ids.
    let extend = json!({"ids": ["DPRK"], "properties": [{"id": "kind"}]});
    let answer = form(&app, "extend", &extend.to_string()).ok();
    assert_eq!(answer["rows"]["DPRK"]["kind"], json!([]));
}

#[test]
fn properties_are_proposed_by_kind() {
    let app = App::article();
    let ids = |query: &str| -> Vec<String> {
        let answer = app.get(&format!("{BASE}/properties{query}")).ok();
        Schemas::new().check("data-extension-property-proposal", &answer);
        let all = answer["properties"].as_array().unwrap().iter();
        all.map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let plain = ["name", "alias", "kind", "country", "office", "description"];
    let codes = ["code:cameo", "code:cow", "code:iso3", "code:wikidata"];
    assert_eq!(ids(""), [&plain[..], &codes[..]].concat());
    assert_eq!(
        ids("?type=state"),
        [
            "name",
            "alias",
            "kind",
            "description",
            codes[0],
            codes[1],
            codes[2],
            codes[3]
        ]
    );
    assert_eq!(ids("?type=person"), [&plain[..], &codes[3..]].concat());
    assert_eq!(ids("?type=person&limit=2"), plain[..2]);
    app.get(&format!("{BASE}/properties?type=planet"))
        .problem("bad_parameter");
}

#[test]
fn a_preview_is_a_page_without_scripts() {
    let app = App::with(|options| {
        let ancestors = vec!["https://refine.example.org".parse().unwrap()];
        options.frame_ancestors = chancery::http::FrameAncestors::new(ancestors).unwrap();
    });
    put(
        &app,
        &json!({"id": "x", "kind": "person", "name": "<script>alert(1)</script>",
        "aliases": ["<img src=x>"], "codes": {"a&b": "\"c\""}, "description": "</p><b>"}),
    );
    let page = app.get(&format!("{BASE}/preview/x"));
    assert_eq!(page.status, 200);
    assert_eq!(
        page.header("Content-Type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(
        page.header("Content-Security-Policy"),
        Some(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors https://refine.example.org"
        )
    );
    let flyout = app.get(&format!("{BASE}/flyout/entity/x")).ok();
    for html in [page.text(), flyout["html"].as_str().unwrap().to_owned()] {
        for markup in ["<script", "<img", "<b>", "\"c\"", "a&b", " on", "style"] {
            assert!(!html.contains(markup), "{markup}: {html}");
        }
        assert!(
            html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
            "{html}"
        );
    }
    for path in ["preview/nobody", "flyout/entity/nobody"] {
        app.get(&format!("{BASE}/{path}")).problem("no_such_record");
    }
    let tag = page.etag();
    let again = app.call(
        "GET",
        &format!("{BASE}/preview/x"),
        &[("If-None-Match", tag)],
        b"",
    );
    assert_eq!(again.status, 304);
}

/// The cells of `names.csv`: name, kind, country, expected id; none of them has a quote within.
fn cells() -> Vec<[String; 4]> {
    let text = std::fs::read_to_string("tests/fixtures/reconciliation/names.csv").unwrap();
    let rows = text.lines().skip(1).map(|line| {
        let mut cells = vec![String::new()];
        let mut is_quoted = false;
        for c in line.chars() {
            match c {
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted => cells.push(String::new()),
                c => cells.last_mut().unwrap().push(c),
            }
        }
        let [name, kind, country, expected, _how] = cells.try_into().unwrap();
        [name, kind, country, expected]
    });
    rows.collect()
}

#[test]
fn two_hundred_names_are_matched() {
    let app = App::empty();
    let record = std::fs::read_to_string("tests/fixtures/reconciliation/record.jsonl").unwrap();
    let headers = [("Content-Type", "application/x-ndjson")];
    let report = app
        .call("POST", "/api/v1/imports", &headers, record.as_bytes())
        .ok();
    assert_eq!(report["status"], "committed", "{report}");
    let cells = cells();
    assert_eq!(cells.len(), 200);
    let (mut certain, mut right, mut first_right, mut shown, mut wanted) = (0, 0, 0, 0, 0);
    for batch in cells.chunks(10) {
        let queries = batch
            .iter()
            .enumerate()
            .map(|(number, [name, kind, country, _])| {
                let mut query = json!({"query": name, "type": kind});
                if !country.is_empty() {
                    query["properties"] = json!([{"pid": "country", "v": country}]);
                }
                (number.to_string(), query)
            });
        let queries = Value::Object(queries.collect());
        let answer = form(&app, "queries", &queries.to_string()).ok();
        for (number, [name, _, _, expected]) in batch.iter().enumerate() {
            let result = answer[number.to_string()]["result"].as_array().unwrap();
            wanted += usize::from(!expected.is_empty());
            if let Some(first) = result.first() {
                shown += 1;
                first_right += usize::from(first["id"] == **expected);
            }
            for matched in result.iter().filter(|one| one["match"] == true) {
                assert_eq!(matched["id"], **expected, "{name} is matched wrongly");
                certain += 1;
                right += 1;
            }
        }
    }
    // Every match is right; who takes the first candidate is right with more of them, and wrong with some.
    assert_eq!((certain, right, wanted), (106, 106, 186));
    assert_eq!((shown, first_right), (187, 176));
}
