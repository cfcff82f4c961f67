//! The `OpenAPI` document says what the service does.

use std::collections::BTreeSet;

use chancery::http::{ProblemKind, openapi_json};
use serde_json::Value;

use super::app::App;

const METHODS: [&str; 4] = ["get", "post", "put", "delete"];

fn document() -> Value {
    serde_json::from_str(&openapi_json().unwrap()).unwrap()
}

/// Path, method and operation.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        METHODS
            .iter()
            .filter_map(move |method| Some((path.as_str(), *method, item.get(method)?)))
    });
    each.collect()
}

#[test]
fn the_committed_document_is_the_generated_one() {
    let committed = std::fs::read_to_string("api-docs/openapi.json").unwrap_or_default();
    assert!(
        committed == openapi_json().unwrap(),
        "api-docs/openapi.json is out of date; run: chancery openapi > api-docs/openapi.json"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    fn check(document: &Value, value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get("$ref") {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{reference}");
                }
                members.values().for_each(|member| check(document, member));
            }
            Value::Array(items) => items.iter().for_each(|item| check(document, item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = document();
    check(&document, &document);
}

#[test]
fn every_operation_is_described() {
    let document = document();
    let mut names = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let at = format!("{method} {path}");
        assert!(
            names.insert(operation["operationId"].as_str().unwrap()),
            "{at}: name"
        );
        assert!(operation["summary"].is_string(), "{at}: summary");
        assert_eq!(
            operation["tags"].as_array().map(Vec::len),
            Some(1),
            "{at}: tag"
        );
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses {
            assert!(
                response["description"]
                    .as_str()
                    .is_some_and(|d| !d.is_empty()),
                "{at}: {status}"
            );
            if status.starts_with(['4', '5']) {
                let content = &response["content"]["application/problem+json"]["schema"];
                assert!(content.is_object(), "{at}: {status}");
            }
        }
        for status in ["400", "404", "405", "406", "414", "500", "503"] {
            assert!(responses.contains_key(status), "{at}: {status}");
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(
                parameter["description"].is_string(),
                "{at}: {}",
                parameter["name"]
            );
            assert!(
                parameter["schema"].is_object(),
                "{at}: {}",
                parameter["name"]
            );
        }
        for (kind, body) in operation["requestBody"]["content"]
            .as_object()
            .into_iter()
            .flatten()
        {
            assert!(!body["example"].is_null(), "{at}: {kind} has no example");
        }
    }
    assert_eq!(names.len(), 83);
}

#[test]
fn every_code_is_in_the_document() {
    let document = document();
    let mut described = String::new();
    for (_, _, operation) in operations(&document) {
        for response in operation["responses"].as_object().unwrap().values() {
            described += response["description"].as_str().unwrap();
        }
    }
    for code in ProblemKind::ALL {
        assert!(
            described.contains(&format!("`{}`", code.as_str())),
            "{code:?}"
        );
    }
}

/// The fields of a form as it is sent.
fn form(fields: &serde_json::Map<String, Value>) -> String {
    let pairs = fields.iter().map(|(name, value)| {
        let bytes = value.as_str().unwrap().bytes();
        let escaped: Vec<String> = bytes.map(|byte| format!("%{byte:02X}")).collect();
        format!("{name}={}", escaped.concat())
    });
    pairs.collect::<Vec<_>>().join("&")
}

#[test]
fn examples_of_bodies_are_taken() {
    let app = App::article();
    let document = document();
    for (path, method, operation) in operations(&document) {
        for (kind, body) in operation["requestBody"]["content"]
            .as_object()
            .into_iter()
            .flatten()
        {
            let example = &body["example"];
            let text = match (kind.as_str(), example) {
                ("application/x-www-form-urlencoded", Value::Object(fields)) => form(fields),
                (_, Value::String(text)) => text.clone(),
                (_, example) => example.to_string(),
            };
            let id = example["id"].as_str().unwrap_or_default();
            // Those that make no record of the id in the path are about an actor.
            let id = if id.is_empty() { "kor" } else { id };
            let path = path.replace("{id}", id);
            let headers = [("Content-Type", kind.as_str())];
            app.call(&method.to_uppercase(), &path, &headers, text.as_bytes())
                .ok();
        }
    }
}

/// A value that no parameter but a text takes.
fn bad_value(schema: &Value) -> Option<&'static str> {
    let schema = schema.get("items").unwrap_or(schema);
    let is_any_text = schema["type"] == "string"
        && ["format", "pattern", "enum"]
            .iter()
            .all(|limit| schema.get(limit).is_none());
    (!is_any_text).then_some("!")
}

/// The windows that a comparison must have.
const COMPARED: &[(&str, &str)] = &[
    ("base_from", "2022"),
    ("base_to", "2022"),
    ("from", "2023"),
    ("to", "2023"),
];

/// The parameters but one, each with an ampersand behind it.
fn without(parameters: &[(&str, &str)], but: &str) -> String {
    let others = parameters.iter().filter(|(name, _)| *name != but);
    let pairs: Vec<String> = others
        .map(|(name, value)| format!("{name}={value}&"))
        .collect();
    pairs.concat()
}

#[test]
fn every_parameter_is_read() {
    let app = App::article();
    let two = r#"{"verdict": "different", "actor": "usa", "other": "chn"}"#;
    app.put("/api/v1/judgements/two-states", two).ok();
    let document = document();
    for (path, method, operation) in operations(&document) {
        if method != "get" {
            continue;
        }
        let path = path.replace("{a}", "usa").replace("{b}", "chn");
        let path = match operation["operationId"].as_str().unwrap() {
            name if name.contains("event") => path.replace("{id}", "japan-south-korea-thaw"),
            name if name.contains("statement") => {
                path.replace("{id}", "miller-statement-2023-06-17")
            }
            name if name.contains("relation") && !name.contains("actor") => {
                path.replace("{id}", "joe-biden-president")
            }
            name if name.contains("source") => path.replace("{id}", "trtworld-2023-06-17"),
            name if name.contains("import") => {
                let imports = app.get("/api/v1/imports").ok();
                path.replace("{id}", imports["items"][0]["id"].as_str().unwrap())
            }
            name if name.contains("judgement") => path.replace("{id}", "two-states"),
            _ => path.replace("{id}", "usa"),
        };
        // What is needed beside a parameter.
        let needed_beside = |name: &str| match (path.rsplit('/').next(), name) {
            (Some("paths" | "explain"), "source") => "target=chn&",
            (Some("paths" | "explain"), "target") => "source=usa&",
            (Some("paths" | "explain"), _) => "source=usa&target=chn&",
            (Some("reach"), name) if !["source", "target"].contains(&name) => "source=usa&",
            (Some("search" | "resolve"), name) if name != "q" => "q=usa&",
            (Some("entity" | "property" | "type"), name) if name != "prefix" => "prefix=a&",
            (Some("diff"), name) if name != "from_commit" => "from_commit=0&",
            _ => "",
        };
        let needed_beside = |name: &str| match path.rsplit('/').next() {
            Some("compare") => without(COMPARED, name),
            _ => needed_beside(name).to_owned(),
        };
        let answer = app.get(&format!("{path}?{}", needed_beside("")));
        assert!(answer.status < 300, "{path}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            if parameter["in"] != "query" || name == "name" {
                continue;
            }
            let value = bad_value(&parameter["schema"]).unwrap_or("%01nobody");
            let needed = needed_beside(name);
            let answer = app.get(&format!("{path}?{needed}{name}={value}"));
            assert!(
                (400..500).contains(&answer.status),
                "{path}: {name}={value}"
            );
            assert_eq!(answer.json()["parameter"], name, "{}", answer.text());
        }
    }
}
