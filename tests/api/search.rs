//! Search: names and words, as the guide promises them.

use serde_json::{Value, json};

use super::app::App;

fn search(app: &App, query: &[(&str, &str)]) -> Value {
    let pairs: Vec<String> = query
        .iter()
        .map(|(name, value)| {
            let escaped: Vec<String> = value.bytes().map(|b| format!("%{b:02X}")).collect();
            format!("{name}={}", escaped.concat())
        })
        .collect();
    app.get(&format!("/api/v1/search?{}", pairs.join("&"))).ok()
}

fn found(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    let ids = items
        .iter()
        .map(|item| item["record"]["id"].as_str().unwrap());
    ids.collect()
}

fn actors(page: &Value) -> Vec<(&str, &str)> {
    let items = page["items"].as_array().unwrap().iter();
    let each = items.map(|item| {
        let id = item["record"]["id"].as_str().unwrap();
        (id, item["matched"].as_str().unwrap())
    });
    each.collect()
}

#[test]
fn actors_are_found_by_any_name() {
    let app = App::article();
    app.put(
        "/api/v1/actors/kim-jong-il",
        r#"{"id": "kim-jong-il", "kind": "person", "name": "Kim Jong Il"}"#,
    )
    .ok();
    app.put(
        "/api/v1/actors/park-jin",
        r#"{"id": "park-jin", "kind": "person", "name": "Park Jin", "aliases": [{"text": "박진", "language": "ko"}]}"#,
    )
    .ok();
    for (words, first) in [
        ("Antony Blinken", ("antony-blinken", "name")),
        ("Blinken Antony", ("antony-blinken", "name")),
        ("Anthony Blinkin", ("antony-blinken", "name")),
        ("blin", ("antony-blinken", "alias")),
        ("박진", ("park-jin", "alias")),
        ("PARK  jin", ("park-jin", "name")),
        ("Yoshimasa Hayashi", ("hayashi-yoshimasa", "alias")),
        ("Hayashi Yoshimasa", ("hayashi-yoshimasa", "name")),
        ("林芳正", ("hayashi-yoshimasa", "alias")),
        ("DPRK", ("prk", "alias")),
        ("Kim Jong Il", ("kim-jong-il", "name")),
    ] {
        let page = search(&app, &[("q", words), ("in", "actors")]);
        assert_eq!(actors(&page).first(), Some(&first), "{words}: {page:#}");
    }
    for (words, never) in [
        ("Kim Jong Un", "kim-jong-il"),
        ("Kim Jong Il", "kim-jong-un"),
    ] {
        let page = search(&app, &[("q", words), ("in", "actors")]);
        assert!(!found(&page).contains(&never), "{words}");
    }
    let office = search(
        &app,
        &[
            ("q", "Secretary of State"),
            ("in", "actors"),
            ("from", "2023-06"),
            ("to", "2023-06"),
        ],
    );
    assert_eq!(actors(&office)[0], ("antony-blinken", "office"));
    // Stems are of texts alone: Korean is another name than Korea.
    let korean = search(&app, &[("q", "Koreas"), ("in", "actors")]);
    assert!(actors(&korean).iter().all(|(_, by)| *by != "stems"));
    let states = search(
        &app,
        &[("q", "Blinken"), ("in", "actors"), ("kind", "state")],
    );
    assert_eq!(states["total"], 0);
}

#[test]
fn texts_are_found_by_their_words_and_shown_where() {
    let app = App::article();
    let page = search(&app, &[("q", "missile launch")]);
    let items = page["items"].as_array().unwrap();
    assert!(!items.is_empty());
    let mut last = 1.0;
    for item in items {
        let score = item["score"].as_f64().unwrap();
        assert!(score > 0.0 && score <= last, "{score} after {last}");
        last = score;
        assert_eq!(item["matched"], "text");
        for highlight in item["highlights"].as_array().unwrap() {
            let text: Vec<char> = highlight["text"].as_str().unwrap().chars().collect();
            for range in highlight["ranges"].as_array().unwrap() {
                let at = |i: usize| usize::try_from(range[i].as_u64().unwrap()).unwrap();
                let word: String = text[at(0)..at(1)].iter().collect();
                let word = word.to_lowercase();
                assert!(
                    word.starts_with("missile") || word.starts_with("launch"),
                    "{word}"
                );
            }
        }
        assert!(!item["highlights"].as_array().unwrap().is_empty());
    }
    let kinds = page["facets"]["kind"].as_object().unwrap().values();
    let sum: u64 = kinds.map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(page["total"], sum);
    let events = search(
        &app,
        &[("q", "missile launch"), ("in", "events"), ("in", "sources")],
    );
    for item in events["items"].as_array().unwrap() {
        assert!(["event", "source"].contains(&item["record"]["record"].as_str().unwrap()));
    }
}

#[test]
fn filters_order_and_pages_hold_for_what_is_found() {
    let app = App::article();
    let all = search(
        &app,
        &[
            ("q", "china"),
            ("in", "events"),
            ("order", "date"),
            ("limit", "1000"),
        ],
    );
    let days: Vec<&str> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["record"]["sorts_on"].as_str())
        .collect();
    assert!(days.len() > 1);
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
    let windowed = search(
        &app,
        &[("q", "china"), ("from", "2023-06-16"), ("to", "2023-06-16")],
    );
    for item in windowed["items"].as_array().unwrap() {
        if item["record"]["record"] != "actor" {
            assert!(item["record"]["sorts_on"].as_str() <= Some("2023-06-16"));
        }
    }
    let consult = search(&app, &[("q", "china"), ("type", "CONSULT")]);
    assert_eq!(
        consult["facets"]["type"],
        json!({"CONSULT": consult["total"]})
    );
    let (mut pages, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let mut query = vec![("q", "china"), ("limit", "2")];
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page = search(&app, &query);
        pages.extend(page["items"].as_array().unwrap().clone());
        cursor = page["next"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(
        json!(pages),
        search(&app, &[("q", "china"), ("limit", "1000")])["items"]
    );
}

#[test]
fn a_write_is_found_at_once_and_an_old_commit_stays_as_it_was() {
    let app = App::article();
    let count = |query: &[(&str, &str)]| search(&app, query)["total"].as_u64().unwrap();
    assert_eq!(count(&[("q", "walrus")]), 0);
    let before = app.get("/api/v1/search?q=china&known_at=1");
    let event = |title: &str| {
        format!(
            r#"{{"id": "walrus", "cameo": "040", "title": "{title}", "date": "2023-06-01", "participants": [{{"actor": "usa", "role": "participant"}}, {{"actor": "chn", "role": "participant"}}], "sources": [{{"source": "trtworld-2023-06-17"}}]}}"#
        )
    };
    app.put("/api/v1/events/walrus", &event("A walrus visits China"))
        .ok();
    assert_eq!(count(&[("q", "walrus")]), 1);
    app.put("/api/v1/events/walrus", &event("A seal visits China"))
        .ok();
    assert_eq!(count(&[("q", "walrus")]), 0);
    assert_eq!(count(&[("q", "seal")]), 1);
    assert_eq!(count(&[("q", "walrus"), ("known_at", "2")]), 1);
    app.delete("/api/v1/events/walrus").ok_empty();
    assert_eq!(count(&[("q", "seal")]), 0);
    assert_eq!(count(&[("q", "seal"), ("known_at", "3")]), 1);
    let after = app.get("/api/v1/search?q=china&known_at=1");
    assert_eq!((before.etag(), &before.body), (after.etag(), &after.body));
}

#[test]
fn limits_of_a_search_hold_at_their_edges() {
    let app = App::article();
    let longest = "a".repeat(256);
    app.get(&format!("/api/v1/search?q={longest}")).ok();
    for (wrong, code) in [
        (format!("q={longest}a"), "bad_parameter"),
        ("q=%2C%20-".into(), "bad_parameter"),
        ("q=%22%22".into(), "bad_parameter"),
        ("q=-china".into(), "bad_parameter"),
        (
            "q=-%22joint%20statement%22%20-china".into(),
            "bad_parameter",
        ),
        ("q=a%01".into(), "bad_parameter"),
        ("q=".into(), "bad_parameter"),
        (String::new(), "missing_parameter"),
        ("q=a&in=relations".into(), "bad_parameter"),
        ("q=a&order=asc".into(), "bad_parameter"),
        ("q=a&words=b".into(), "unknown_parameter"),
    ] {
        app.get(&format!("/api/v1/search?{wrong}")).problem(code);
    }
}

#[test]
fn so_many_words_of_a_record_are_searched() {
    let app = App::article();
    let words = 20_000;
    let text = format!("{}outermost beyond", "word ".repeat(words - 1));
    let statement = json!({"id": "long", "speakers": ["usa"], "text": text});
    app.post("/api/v1/statements", &statement.to_string()).ok();
    assert_eq!(found(&search(&app, &[("q", "outermost")])), ["long"]);
    assert_eq!(found(&search(&app, &[("q", "beyond")])), [""; 0]);
}

/// A record of texts in several languages, each in a statement with the id of its language and number.
fn polyglot() -> App {
    let app = App::empty();
    app.put(
        "/api/v1/actors/usa",
        r#"{"id": "usa", "kind": "state", "name": "United States"}"#,
    )
    .ok();
    for (tag, texts) in TEXTS {
        let source = format!("s-{tag}");
        let language = json!({"id": source, "kind": "article", "language": tag});
        app.put(&format!("/api/v1/sources/{source}"), &language.to_string())
            .ok();
        for (nth, text) in texts.iter().enumerate() {
            let id = format!("{tag}{nth}");
            let statement = json!({
                "id": id, "speakers": ["usa"], "text": text, "sources": [{"source": source}]
            });
            app.post("/api/v1/statements", &statement.to_string()).ok();
        }
    }
    app
}

const TEXTS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "They negotiated a joint statement.",
            "They are negotiating a statement, jointly",
            "A negotiatingtable",
        ],
    ),
    (
        "ru",
        &["Начались переговоры с Россией", "о переговорах в Россию"],
    ),
    (
        "de",
        &[
            "Die Gespräche der Außenminister",
            "mit dem Außenministers Gespräch",
        ],
    ),
    ("fr", &["L’accord négocié", "des accords et négociations"]),
    ("es", &["las negociaciones", "una negociación"]),
    ("ar", &["المفاوضات بدأت", "مفاوضه"]),
    ("uk", &["переговорів", "переговорами"]),
    ("ja", &["日韓首脳会議で共同声明", "首脳の会議"]),
    ("zh", &["中美联合声明", "联合国的声明"]),
    ("th", &["ออกแถลงการณ์ร่วมกัน", "แถลงข่าว"]),
    ("ko", &["공동성명을 발표했다", "공동 성명"]),
    // Says the same in English words; no stems.
    ("xx", &["They negotiated"]),
];

#[test]
fn words_phrases_and_exclusions_find_what_the_guide_says() {
    let app = polyglot();
    for (words, expected) in [
        ("negotiating", "en1 words, en2 starts, en0 stems"),
        ("negotiated", "en0 words, xx0 words, en1 stems"),
        ("\"negotiating\"", "en1 words"),
        ("переговоров", "ru0 stems, ru1 stems, uk0 stems, uk1 stems"),
        ("россия", "ru0 stems, ru1 stems"),
        ("gesprächen", "de0 stems, de1 stems"),
        ("aussenminister", "de0 words, de1 starts"),
        ("accord", "fr1 starts, fr0 stems"),
        ("négociation", "fr1 starts, fr0 stems"),
        ("NEGOCIACIONES", "es0 words, es1 stems"),
        ("المفاوضات", "ar0 words, ar1 stems"),
        ("首脳会議", "ja0 words"),
        ("会議", "ja0 words, ja1 words"),
        ("\"首脳会議\"", "ja0 words"),
        ("\"联合声明\"", "zh0 words"),
        ("联合", "zh0 words, zh1 words"),
        ("แถลง", "th0 words, th1 words"),
        ("\"แถลงการณ์ร่วม\"", "th0 words"),
        ("\"공동 성명\"", "ko0 words, ko1 words"),
        ("\"joint statement\"", "en0 words"),
        ("statement", "en0 words, en1 words"),
        ("statement -jointly", ""),
        ("statement -\"jointly\"", "en0 words"),
        ("statement -joint", ""),
        ("statement -\"joint statement\"", "en1 words"),
        ("negotiating -negotiate", "en2 starts"),
        ("negotiating -statements", "en2 starts"),
        ("\"joint, STATEMENT\" negotiations", "en0 stems"),
    ] {
        let page = search(&app, &[("q", words)]);
        let items = page["items"].as_array().unwrap();
        let mut shown: Vec<String> = items
            .iter()
            .map(|item| {
                assert!(
                    !item["highlights"].as_array().unwrap().is_empty(),
                    "{words}"
                );
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                format!("{} {}", text(&item["record"]["id"]), text(&item["match"]))
            })
            .collect();
        // Equally good ones in any order.
        let place = |one: &String| {
            ["words", "starts", "stems"]
                .iter()
                .position(|fit| one.ends_with(fit))
        };
        assert!(shown.is_sorted_by_key(place), "{words}: {shown:?}");
        shown.sort_by_key(|one| (place(one), one.clone()));
        assert_eq!(shown.join(", "), expected, "{words}");
        assert_eq!(page.get("warnings"), None, "{words}");
    }
}

#[test]
fn marks_that_say_nothing_are_told() {
    let app = polyglot();
    for (words, total, warnings) in [
        ("\"joint statement", 2, json!([["unpaired_quote", 0]])),
        (
            "joint \"\" statement -",
            2,
            json!([["empty_phrase", 6], ["lone_minus", 19]]),
        ),
    ] {
        let page = search(&app, &[("q", words)]);
        assert_eq!(page["total"], total, "{words}");
        let told = page["warnings"].as_array().unwrap().iter();
        let told: Vec<Value> = told.map(|one| json!([one["kind"], one["at"]])).collect();
        assert_eq!(json!(told), warnings, "{words}");
    }
}

#[test]
fn actors_are_left_out_and_found_by_phrases() {
    let app = App::article();
    app.put(
        "/api/v1/actors/twn",
        r#"{"id": "twn", "kind": "state", "name": "China (Taiwan)", "aliases": ["Taipei"]}"#,
    )
    .ok();
    let names = |words: &str| -> Vec<String> {
        let page = search(&app, &[("q", words), ("in", "actors")]);
        found(&page).into_iter().map(str::to_owned).collect()
    };
    assert!(names("china").contains(&"twn".to_owned()));
    for left_out in ["china -taiwan", "china -taip", "china -\"china taiwan\""] {
        let names = names(left_out);
        assert!(names.contains(&"chn".to_owned()), "{left_out}: {names:?}");
        assert!(!names.contains(&"twn".to_owned()), "{left_out}: {names:?}");
    }
    // An error of typing is seen in what is looked for, not in what is to be left out.
    assert!(names("china -taiwam").contains(&"twn".to_owned()));
    assert!(!names("korea -north").contains(&"prk".to_owned()));
    assert!(names("\"South Korea\"").contains(&"kor".to_owned()));
    assert_eq!(names("\"Korea South\""), [""; 0]);
    assert_eq!(names("\"Antony Blinkin\""), [""; 0]);
}

#[test]
fn texts_have_the_language_that_their_sources_say_at_that_commit() {
    let app = polyglot();
    let page = |known_at: Option<&str>| {
        let mut query = vec![("q", "negotiations")];
        query.extend(known_at.map(|commit| ("known_at", commit)));
        search(&app, &query)
    };
    let before = page(None);
    assert_eq!(before["total"], 2);
    app.put(
        "/api/v1/sources/s-xx",
        r#"{"id": "s-xx", "kind": "article", "language": "en-US"}"#,
    )
    .ok();
    assert_eq!(page(None)["total"], 3);
    app.put(
        "/api/v1/sources/s-en",
        r#"{"id": "s-en", "kind": "article"}"#,
    )
    .ok();
    assert_eq!(page(None)["total"], 1);
    let commit = before["meta"]["known_at"].to_string();
    assert_eq!(page(Some(&commit)), before);
}

#[test]
fn topics_are_ranked_by_their_records_and_open_to_them() {
    let app = App::article();
    let page = app.get("/api/v1/topics?limit=1000").ok();
    let items = page["items"].as_array().unwrap();
    assert!(items.len() > 1 && page["total"] == items.len());
    // Every record is counted under each of its topics, once.
    let all = app.get("/api/v1/timeline?limit=1000").ok();
    let records = all["items"].as_array().unwrap().iter();
    let named = records.map(|record| record["topics"].as_array().map_or(0, Vec::len));
    let counted = items.iter().map(|item| item["records"].as_u64().unwrap());
    assert_eq!(named.sum::<usize>() as u64, counted.clone().sum::<u64>());
    assert!(
        counted
            .clone()
            .zip(counted.skip(1))
            .all(|(one, next)| one >= next)
    );
    for item in items {
        let opened = app.get(item["records_url"].as_str().unwrap()).ok();
        assert_eq!(opened["total"], item["records"], "{item}");
        let topics = opened["items"][0]["topics"].as_array().unwrap();
        assert!(topics.contains(&item["topic"]), "{item}");
    }
    let first = app.get("/api/v1/topics?limit=1").ok();
    let next = first["next"].as_str().unwrap();
    let second = app
        .get(&format!("/api/v1/topics?limit=1&cursor={next}"))
        .ok();
    assert_eq!(second["items"][0], items[1]);
    let topic = items[0]["topic"].as_str().unwrap();
    let only = app
        .get(&format!("/api/v1/topics?topic={topic}&record=event"))
        .ok();
    assert!(
        only["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|item| item["topic"] == topic)
    );
}

#[test]
fn an_excluded_dataset_hides_its_own_actors_and_sources_alone() {
    let app = App::empty();
    for dataset in ["mine", "theirs"] {
        app.put(
            &format!("/api/v1/actors/{dataset}-envoy"),
            &format!(r#"{{"id": "{dataset}-envoy", "kind": "person", "name": "Envoy", "dataset": "{dataset}"}}"#),
        )
        .ok();
        app.put(
            &format!("/api/v1/sources/{dataset}-envoy-paper"),
            &format!(
                r#"{{"id": "{dataset}-envoy-paper", "kind": "article", "title": "Envoy", "dataset": "{dataset}"}}"#
            ),
        )
        .ok();
    }
    let all = search(&app, &[("q", "envoy")]);
    let mine = search(&app, &[("q", "envoy"), ("exclude_dataset", "theirs")]);
    let only = search(&app, &[("q", "envoy"), ("dataset", "mine")]);
    assert_eq!(found(&all).len(), 4, "{all}");
    assert_eq!(found(&mine), ["mine-envoy", "mine-envoy-paper"], "{mine}");
    assert_eq!(found(&only), found(&mine));
}
