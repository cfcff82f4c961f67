//! Files of the field as they are: each format by the built command, with the difficulties of real files
//! (`fixtures/formats`), and all real files where there are some.
//!
//! Real files are looked for in the folder that `CHANCERY_DATA` names: `cargo test formats -- --ignored`.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
#![expect(clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::support::command::run;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/formats")
        .join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(fixture(name)).unwrap()
}

/// A data directory and what an import into it came to.
struct Import {
    folder: tempfile::TempDir,
    report: Value,
}

impl Import {
    fn with(file: &Path, more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let report = import(&folder.path().join("record"), file, more);
        Self { folder, report }
    }

    fn file(name: &str) -> Self {
        Self::with(&fixture(name), &[])
    }

    /// Imports another file into the same record.
    fn again(&self, file: &Path) -> Value {
        import(&self.folder.path().join("record"), file, &[])
    }

    /// The same of a text.
    fn bytes(bytes: impl AsRef<[u8]>, more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("input");
        fs::write(&file, bytes).unwrap();
        let report = import(&folder.path().join("record"), &file, more);
        Self { folder, report }
    }

    /// The counts of events, and that they add up to so many rows.
    fn events(&self, rows: u64) -> &Value {
        let counts = &self.report["counts"]["events"];
        let all = counts.as_object().unwrap().values();
        let sum: u64 = all.map(|count| count.as_u64().unwrap()).sum();
        assert_eq!(sum, rows, "{:#}", self.report);
        assert_eq!(self.report["records"], rows);
        counts
    }

    /// Whether all of so many rows are new events.
    fn is_taken(&self, rows: u64) {
        assert_eq!(self.events(rows)["new"], rows, "{:#}", self.report);
        assert_eq!(self.report["status"], "committed");
    }

    /// Its records by id.
    fn records(&self) -> BTreeMap<String, Value> {
        let path = self.folder.path().join("record");
        let lines = run(["export", "--data", path.to_str().unwrap()]).done();
        let each = lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        each.map(|record| (record["id"].as_str().unwrap().to_owned(), record))
            .collect()
    }

    /// Its rejects: line, column, field, value, problem and remedy.
    fn rejects(&self) -> Vec<(u64, u64, String, String, String, String)> {
        let each = self.report["rejects"].as_array().unwrap().iter();
        each.map(|reject| {
            let of = |field: &str| reject[field].as_str().unwrap_or_default().to_owned();
            (
                reject["line"].as_u64().unwrap(),
                reject["column"].as_u64().unwrap(),
                of("field"),
                of("value"),
                of("problem"),
                of("suggestion"),
            )
        })
        .collect()
    }

    /// The only reject.
    fn reject(&self) -> (u64, u64, String, String, String, String) {
        let mut rejects = self.rejects();
        assert_eq!(rejects.len(), 1, "{:#}", self.report);
        rejects.pop().unwrap()
    }
}

fn import(data: &Path, file: &Path, more: &[&str]) -> Value {
    let (data, file) = (data.to_str().unwrap(), file.to_str().unwrap());
    let arguments = [
        "import",
        file,
        "--data",
        data,
        "--output",
        "json",
        "--dataset",
        "mine",
    ];
    let ended = run(arguments.iter().chain(more));
    assert!(ended.stdout.starts_with('{'), "{ended:?}");
    serde_json::from_str(&ended.stdout).unwrap()
}

/// The participants of an event: the role of each and the name of the actor.
fn participants(records: &BTreeMap<String, Value>, event: &str) -> Vec<(String, String)> {
    let all = records[event]["participants"].as_array().unwrap().iter();
    all.map(|participant| {
        let actor = &records[participant["actor"].as_str().unwrap()];
        let role = participant["role"].as_str().unwrap().to_owned();
        (role, actor["name"].as_str().unwrap().to_owned())
    })
    .collect()
}

fn named(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let each = pairs.iter();
    each.map(|(role, name)| ((*role).to_owned(), (*name).to_owned()))
        .collect()
}

#[test]
fn icews_is_read_with_codes_stories_and_places() {
    let import = Import::file("icews.tab");
    assert_eq!(import.report["format"], "icews");
    import.is_taken(6);
    let records = import.records();
    let event = &records["icews:900001:2018-06-01"];
    assert_eq!(event["cameo"], "040");
    assert_eq!(event["dataset"], "mine");
    let sides = [
        ("source", "Foreign Affairs (Freedonia)"),
        ("target", "Military Personnel (Sylvania)"),
    ];
    assert_eq!(
        participants(&records, "icews:900001:2018-06-01"),
        named(&sides)
    );
    let place = json!({"name": "Fredville, North Province", "country": "Freedonia", "lat": 21.0245, "lon": 105.841});
    assert_eq!(event["place"], place);
    assert_eq!(event["sources"][0]["locator"], "sentence 2");
    let story = &records[event["sources"][0]["source"].as_str().unwrap()];
    assert_eq!(
        (&story["title"], &story["publisher"]),
        (&json!("ICEWS story 7001"), &json!("Freedonian News Agency"))
    );
    assert_eq!(
        event["attributes"]["source_sectors"],
        "Executive,Foreign Ministry,Government"
    );
    // The id and the date are the key, and Namibia is a country.
    let visit = &records["icews:900002:2018-06-02"];
    assert_eq!(visit["place"], json!({"country": "Namibia"}));
    let gang = participants(&records, "icews:900003:2018-06-02");
    assert_eq!(
        gang,
        named(&[
            ("source", "Gang \"The Marx\" (Freedonia)"),
            ("target", "Namibia")
        ])
    );
    let rally = participants(&records, "icews:900004:2018-06-02");
    assert_eq!(rally, named(&[("source", "Citizen (Sylvania)")]));
    // Taken a second time, nothing changes; a part of it neither.
    let part: Vec<_> = text("icews.tab")
        .lines()
        .take(3)
        .map(str::to_owned)
        .collect();
    let part = part.join("\n");
    let file = import.folder.path().join("part.tab");
    fs::write(&file, part).unwrap();
    for (file, rows) in [(fixture("icews.tab"), 6), (file, 2)] {
        let again = import.again(&file);
        assert_eq!(again["status"], "unchanged");
        assert_eq!(again["counts"]["events"]["same"], rows);
    }
}

#[test]
fn icews_without_codes_has_those_of_its_labels() {
    let import = Import::file("icews-2017.tab");
    import.is_taken(3);
    let records = import.records();
    // The third row shows that the month comes first.
    let event = &records["icews:800002:2017-01-02"];
    assert_eq!(event["cameo"], "040");
    // Without it, the order is not guessed.
    let text = text("icews-2017.tab");
    let two: Vec<&str> = text.lines().take(3).collect();
    let import = Import::bytes(two.join("\n"), &["--on-error", "skip"]);
    assert_eq!(import.events(2)["new"], 1);
    let (line, column, field, value, problem, remedy) = import.reject();
    assert_eq!(
        (line, column, field.as_str(), value.as_str()),
        (3, 8, "Event Date", "1/2/2017")
    );
    assert!(problem.contains("2017-02-01 or 2017-01-02"), "{problem}");
    assert_eq!(remedy, "2017-02-01 or 2017-01-02");
}

#[test]
fn gdelt_is_read_in_both_versions() {
    let import = Import::file("gdelt-1.csv");
    assert_eq!(import.report["format"], "gdelt");
    import.is_taken(4);
    let records = import.records();
    // A source of its own has what names none.
    assert_eq!(
        records["gdelt:1001"]["sources"],
        json!([{"source": "mine"}])
    );
    assert_eq!(records["gdelt:1001"].get("place"), None);
    let visit = &records["gdelt:1002"];
    assert_eq!(visit["place"]["country"], "fips:CH");
    assert_eq!(visit["attributes"]["target_code"], "cameo:KOR");
    assert_eq!(
        participants(&records, "gdelt:1002"),
        named(&[("source", "CHINA"), ("target", "SEOUL")])
    );
    let page = &records[visit["sources"][0]["source"].as_str().unwrap()];
    assert_eq!(page["url"], "http://example.org/a?b=1");
    assert_eq!(page["publisher"], "example.org");
    assert_eq!(records["gdelt:1003"]["sources"], visit["sources"]);
    // Where no name stands, the code is all there is.
    assert_eq!(
        participants(&records, "gdelt:1004"),
        named(&[("source", "USAGOV")])
    );
    assert_eq!(records["gdelt:1004"]["cameo"], "0231");

    let import = Import::file("gdelt-2.csv");
    import.is_taken(2);
    let records = import.records();
    assert_eq!(
        records["gdelt:2001"]["attributes"]["added"],
        "20180101000000"
    );
    assert_eq!(records["gdelt:2002"]["date"], "2017-01-01");
    // An address that is too long for one is kept beside.
    let long = records["gdelt:2002"]["attributes"]["source_url"]
        .as_str()
        .unwrap();
    assert!(long.starts_with("http://example.org/xxx"));
}

#[test]
fn codes_that_lost_a_zero_are_refused() {
    let rows = text("gdelt-1.csv").replace("\t042\t042\t04\t", "\t42\t42\t4\t");
    let import = Import::bytes(rows, &["--on-error", "skip"]);
    assert_eq!(import.events(4)["rejected"], 2);
    let (line, _, field, value, problem, _) = import.rejects().swap_remove(0);
    assert_eq!(
        (line, field.as_str(), value.as_str()),
        (2, "EventCode", "42")
    );
    assert!(problem.contains("zeros"), "{problem}");
    let rows = text("icews.tab").replace("\t040\t", "\t40\t");
    let import = Import::bytes(rows, &["--on-error", "skip"]);
    assert_eq!(import.events(6)["rejected"], 2);
    let (line, _, field, value, _, remedy) = import.rejects().swap_remove(0);
    assert_eq!(
        (line, field.as_str(), value.as_str(), remedy.as_str()),
        (2, "CAMEO Code", "40", "040")
    );
}

#[test]
fn two_versions_of_gdelt_in_one_file_are_refused() {
    let both = text("gdelt-1.csv") + &text("gdelt-2.csv");
    let import = Import::bytes(&both, &["--on-error", "skip"]);
    assert_eq!(import.events(6)["rejected"], 2);
    let (line, _, _, _, problem, _) = import.rejects().swap_remove(0);
    assert_eq!(
        (line, problem.as_str()),
        (5, "has 61 columns, and the table has 58")
    );
}

#[test]
fn tables_that_fit_no_format_are_told_what_they_look_like() {
    let explained = |bytes: &str| {
        let import = Import::bytes(bytes, &[]);
        assert_eq!(import.report["status"], "rejected");
        assert_eq!(import.report["unreadable"], 1);
        let (.., problem, remedy) = import.reject();
        (problem, remedy)
    };
    let without = text("icews.tab").replace("Event Text", "Text");
    let (problem, remedy) = explained(&without);
    assert!(
        problem.contains("looks like events of ICEWS: column `Event Text` is missing"),
        "{problem}"
    );
    assert!(remedy.contains("Event Text"), "{remedy}");
    let (problem, _) = explained("name,born\nA,1900\n");
    assert!(
        problem.contains("a table of 2 columns with commas between them (name, born)"),
        "{problem}"
    );
    let (problem, _) = explained("1,2,3\n4,5,6\n");
    assert!(problem.contains("numbers"), "{problem}");
    let mentions =
        "1\t20150218230000\t20150218230000\t1\ta\thttp://a\t1\t1\t1\t1\t1\t1\t1\t1\t\t\n";
    let (problem, remedy) = explained(mentions);
    assert!(problem.contains("GDELT 2.0 mentions"), "{problem}");
    assert!(remedy.contains("export"), "{remedy}");
    // A format that is named must fit.
    let import = Import::bytes(&without, &["--format", "icews"]);
    let (.., problem, _) = import.reject();
    assert!(problem.contains("`Event Text`"), "{problem}");
}

#[test]
fn rows_that_are_no_records_are_said_and_broken_ones_refused() {
    let good = text("icews.tab");
    let (header, rows) = good.split_once('\n').unwrap();
    let body = format!("Events of June\n\n{header}\n{rows}{header}\nInternal server error\n");
    let import = Import::bytes(body, &["--on-error", "skip"]);
    assert_eq!(import.events(7)["new"], 6);
    let warnings = import.report["warnings"].as_array().unwrap();
    let lines: Vec<_> = warnings
        .iter()
        .map(|warning| warning["line"].as_u64().unwrap())
        .collect();
    assert_eq!(lines, [1, 10]);
    assert!(
        warnings
            .iter()
            .all(|warning| warning["kind"] == "input_reading")
    );
    let (line, column, _, value, problem, _) = import.reject();
    assert_eq!(
        (line, column, value.as_str()),
        (11, 1, "Internal server error")
    );
    assert_eq!(problem, "has 1 columns, and the table has 20");
    let import = Import::bytes(format!("{header}\n"), &[]);
    assert!(import.reject().4.contains("no row"));
}

#[test]
fn tables_that_spreadsheets_saved_are_read() {
    let tabs = text("icews.tab");
    // With commas and quotes, and with tabs and quotes where cells have commas.
    let quoted = |cell: &str, delimiter: char| {
        if cell.contains(['"', ',', delimiter]) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    };
    let expected = Import::file("icews.tab").records();
    for delimiter in [',', ';', '\t'] {
        let line = |line: &str| {
            let cells: Vec<String> = line
                .split('\t')
                .map(|cell| quoted(cell, delimiter))
                .collect();
            cells.join(&delimiter.to_string()) + "\r\n"
        };
        let text: String = tabs.lines().map(line).collect();
        let import = Import::bytes(text, &[]);
        import.is_taken(6);
        assert_eq!(import.records(), expected, "{delimiter:?}");
    }
    let old_mac = tabs.replace('\n', "\r");
    Import::bytes(old_mac, &[]).is_taken(6);
}

#[test]
fn ucdp_has_days_or_bounds_of_days_and_nobody_is_no_actor() {
    let import = Import::file("ucdp-ged.csv");
    assert_eq!(import.report["format"], "ucdp");
    import.is_taken(3);
    assert_eq!(import.report["warnings"][0]["line"], 2);
    let records = import.records();
    let event = &records["ucdp:501"];
    assert_eq!(
        (&event["type"], &event["date"]),
        (&json!("ASSAULT"), &json!("2014-01-22"))
    );
    let sides = [
        ("participant", "Government of Freedonia"),
        ("participant", "Front for Liberty"),
    ];
    assert_eq!(participants(&records, "ucdp:501"), named(&sides));
    assert_eq!(event["place"]["country"], "Freedonia");
    assert_eq!(event["attributes"]["side_a_gw"], "gw:901");
    assert_eq!(event["attributes"]["place_country_iso3"], "iso3:FRE");
    let sources = event["sources"].as_array().unwrap();
    let titles = sources
        .iter()
        .map(|cited| &records[cited["source"].as_str().unwrap()]["title"]);
    assert_eq!(
        titles.collect::<Vec<_>>(),
        ["Two shot dead", "Two dead, police say"]
    );
    // One of seven days, of one side against nobody in particular, far in the west.
    let event = &records["ucdp:502"];
    assert_eq!(event["date"], "[2014-02-01..2014-02-07]");
    assert_eq!(
        participants(&records, "ucdp:502"),
        named(&[("source", "Front for Liberty")])
    );
    assert_eq!(event["attributes"]["side_b"], "Civilians");
    assert_eq!(event["place"]["lon"], -99.0);
    assert_eq!(event["attributes"].get("side_a_gw"), None);
    // A headline with the separator in it is no list.
    assert_eq!(event["attributes"]["source_headline"], "Bus; attacked");
    let event = participants(&records, "ucdp:503");
    assert_eq!(event, named(&[("participant", "Clan A")]));
}

#[test]
fn years_of_dyads_are_no_events() {
    let import = Import::file("ucdp-dyadic.csv");
    let (.., problem, remedy) = import.reject();
    assert!(
        problem.contains("UCDP dyadic data: one row a year"),
        "{problem}"
    );
    assert!(remedy.contains("UCDP GED"), "{remedy}");
}

#[test]
fn acled_is_read_in_the_releases_of_ten_years() {
    let import = Import::file("acled-2024.csv");
    assert_eq!(import.report["format"], "acled");
    import.is_taken(4);
    let records = import.records();
    let event = &records["acled:fre1"];
    assert_eq!(
        (&event["type"], &event["date"]),
        (&json!("ASSAULT"), &json!("2024-02-18"))
    );
    assert_eq!(
        event["title"],
        "On 18 February 2024, both sides clashed, in \"Fredville\"."
    );
    assert_eq!(event["sources"].as_array().unwrap().len(), 2);
    assert_eq!(
        event["attributes"]["place_country_iso_numeric"],
        "iso-numeric:901"
    );
    let sides = [
        ("participant", "Military Forces of Freedonia (2020-)"),
        ("participant", "Front for Liberty"),
    ];
    assert_eq!(participants(&records, "acled:fre1"), named(&sides));
    let event = &records["acled:fre2"];
    assert_eq!(event["date"], "2024-02-19~");
    assert_eq!(
        participants(&records, "acled:fre2"),
        named(&[("source", "Front for Liberty")])
    );
    assert_eq!(event["attributes"]["target"], "Civilians");
    assert_eq!(records["acled:fre3"]["date"], "2024-02");
    assert_eq!(records["acled:fre4"]["type"], "AGREE");

    let import = Import::file("acled-2020.csv");
    import.is_taken(2);
    let records = import.records();
    assert_eq!(records["acled:fre9"]["date"], "2020-12-03");
    assert_eq!(records["acled:fre9"]["place"]["lat"], 50.45);
    assert_eq!(
        records["acled:fre9"]["attributes"]["target_type"],
        "Civilians"
    );
    assert_eq!(records["acled:fre10"]["date"], "2020-05-09");

    let import = Import::file("acled-2016.csv");
    import.is_taken(2);
    let records = import.records();
    assert_eq!(
        records["acled:1fre"]["attributes"]["source_type"],
        "Identity Militias"
    );
    // The first row shows that the day comes first.
    assert_eq!(records["acled:2fre"]["date"], "2016-01-02");
    assert_eq!(records["acled:2fre"]["type"], "PROTEST");
}

#[test]
fn polecat_is_read_in_either_encoding() {
    let text = text("polecat.tsv");
    let swapped = |unit: u16| {
        let [high, low] = unit.to_be_bytes();
        [low, high]
    };
    let utf16: Vec<u8> = text.encode_utf16().flat_map(swapped).collect();
    let latin1: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let with_mark = [b"\xFF\xFE".to_vec(), utf16.clone()].concat();
    for (bytes, warnings) in [
        (text.clone().into_bytes(), 0),
        (latin1, 1),
        (utf16, 0),
        (with_mark, 0),
        (("\u{feff}".to_owned() + &text).into_bytes(), 0),
    ] {
        let import = Import::bytes(bytes, &[]);
        assert_eq!(import.report["format"], "polecat");
        import.is_taken(2);
        assert_eq!(
            import.report["warnings"].as_array().unwrap().len(),
            warnings
        );
        let records = import.records();
        let event = &records["polecat:20230101-0001"];
        assert_eq!(event["type"], "CONSULT");
        assert_eq!(event["topics"], json!(["military", "diplomatic"]));
        assert_eq!(event["attributes"]["source_cow"], "cow:70");
        assert_eq!(event["attributes"]["target_country"], "iso3:NAM");
        let sides = [
            ("source", "Peña Nieto"),
            ("source", "Freedonia"),
            ("target", "Namibia"),
        ];
        assert_eq!(
            participants(&records, "polecat:20230101-0001"),
            named(&sides)
        );
        let raw = participants(&records, "polecat:20230101-0002");
        assert_eq!(raw, named(&[("source", "gunmen of \"the Front\"")]));
    }
}

#[test]
fn trips_and_visits_of_the_historian_are_read() {
    let import = Import::file("historian-travels.xml");
    assert_eq!(import.report["format"], "historian");
    let trips = text("historian-travels.xml").matches("<trip ").count();
    import.is_taken(trips as u64);
    let records = import.records();
    let event = &records["historian:trip:3992"];
    assert_eq!(
        (&event["cameo"], &event["date"]),
        (&json!("042"), &json!("2021-03-15/2021-03-17"))
    );
    // What was wrapped over lines is one.
    let title = event["title"].as_str().unwrap();
    assert!(
        title.ends_with("met with Minister for Foreign Affairs Toshimitsu Motegi."),
        "{title}"
    );
    let sides = [("source", "Antony John Blinken"), ("target", "Japan")];
    assert_eq!(participants(&records, "historian:trip:3992"), named(&sides));
    assert_eq!(event["place"], json!({"name": "Tokyo", "country": "Japan"}));
    assert_eq!(event["sources"][0]["locator"], "trip 3992");
    assert_eq!(
        event["attributes"]["traveller"],
        "historian:blinken-antony-j"
    );
    // The same trip under another id.
    assert_eq!(records["historian:trip:4019"]["title"], event["title"]);

    let import = Import::file("historian-visits.xml");
    let visits = text("historian-visits.xml").matches("<visit>").count();
    import.is_taken(visits as u64);
    let records = import.records();
    let sides = [
        ("source", "Prime Minister Ehud Barak"),
        ("source", "Israel"),
        ("target", "United States"),
    ];
    assert_eq!(
        participants(&records, "historian:visit:1398"),
        named(&sides)
    );
    let names: Vec<&Value> = records.values().map(|record| &record["name"]).collect();
    assert!(names.contains(&&json!("Muscat & Oman")), "{names:?}");
}

#[test]
fn xml_that_is_broken_or_of_another_kind_is_told_so() {
    let whole = text("historian-travels.xml");
    let cut = whole.split_once("</trip>").unwrap().0;
    let (.., problem, _) = Import::bytes(cut, &[]).reject();
    assert!(
        problem.contains("ends within the element trip"),
        "{problem}"
    );
    let entity = whole.replacen("Tokyo", "T&ouml;kyo", 1);
    let (line, _, _, value, _, remedy) = Import::bytes(entity, &[]).reject();
    assert_eq!((line, value.as_str()), (10, "&ouml;"));
    assert!(remedy.contains("character"), "{remedy}");
    let bad = whole.replacen("<start-date>2021-03-15<", "<start-date>2021-03-45<", 1);
    let import = Import::bytes(bad, &["--on-error", "skip"]);
    let (line, column, field, value, ..) = import.reject();
    assert_eq!((line, column, field.as_str()), (7, 21, "start-date"));
    assert_eq!(value, "2021-03-45");
    let (.., problem, _) = Import::bytes("<html><body>Error</body></html>", &[]).reject();
    assert!(problem.contains("a web page"), "{problem}");
    let (.., problem, _) = Import::bytes("<?xml version=\"1.0\"?>\n<chiefs/>", &[]).reject();
    assert!(problem.contains("<chiefs>"), "{problem}");
}

#[test]
fn slides_of_timelines_are_events_of_what_they_are_about() {
    let import = Import::with(&fixture("timelinejs-3.json"), &["--on-error", "skip"]);
    assert_eq!(import.report["format"], "timelinejs");
    assert_eq!(import.events(4)["new"], 3);
    assert_eq!(import.report["warnings"][0]["value"], "1 eras");
    let (line, _, field, value, ..) = import.reject();
    assert_eq!(
        (line, field.as_str(), value.as_str()),
        (18, "start_date", "{\"month\":\"3\"}")
    );
    let records = import.records();
    let events: Vec<&Value> = records
        .values()
        .filter(|record| record["record"] == "event")
        .collect();
    let titled = |title: &str| *events.iter().find(|event| event["title"] == title).unwrap();
    let visit = titled("A visit to Sylvania");
    assert_eq!(
        (&visit["date"], &visit["cameo"]),
        (&json!("1933-11-17"), &json!("010"))
    );
    assert_eq!(visit["topics"], json!(["visits"]));
    let page = &records[visit["sources"][0]["source"].as_str().unwrap()];
    assert_eq!(page["url"], "https://example.org/duck.jpg");
    assert_eq!(titled("War")["date"], "1934/1935");
    assert_eq!(
        titled("War")["attributes"]["media"],
        "<blockquote>To war!</blockquote>"
    );
    assert_eq!(titled("Long ago")["date"], "-0044-03");
    let actors: Vec<&Value> = records
        .values()
        .filter(|record| record["record"] == "actor")
        .collect();
    assert_eq!(actors.len(), 1);
    assert_eq!(actors[0]["name"], "Freedonia & Sylvania");

    let import = Import::file("timelinejs-2.json");
    import.is_taken(2);
    let records = import.records();
    assert!(
        records
            .values()
            .any(|record| record["date"] == "1933-11-17/1933-11-18")
    );
}

#[test]
fn entities_of_follow_the_money_are_actors_ties_and_events() {
    let import = Import::file("entities.ftm.json");
    assert_eq!(import.report["format"], "ftm");
    assert_eq!(import.report["status"], "committed", "{:#}", import.report);
    let new = |kind: &str| import.report["counts"][kind]["new"].clone();
    assert_eq!(
        (new("actors"), new("relations"), new("events")),
        (json!(3), json!(1), json!(1))
    );
    // What says nothing of these is counted.
    let warnings = import.report["warnings"].as_array().unwrap();
    let values: Vec<&Value> = warnings.iter().map(|warning| &warning["value"]).collect();
    assert_eq!(values, ["2 × Address", "1 × Ownership"]);
    let records = import.records();
    let firefly = records
        .values()
        .find(|record| record["name"] == "Rufus T. Firefly")
        .unwrap();
    assert_eq!(
        (&firefly["kind"], &firefly["codes"]["wikidata"]),
        (&json!("person"), &json!("Q999001"))
    );
    assert_eq!(firefly["aliases"].as_array().unwrap().len(), 1);
    let post = &records["post-1"];
    assert_eq!(
        (&post["kind"], &post["title"]),
        (&json!("holds_office"), &json!("President"))
    );
    assert_eq!(post["subject"], firefly["id"]);
    let duel = participants(&records, "event-1");
    let both = [
        ("participant", "Rufus T. Firefly"),
        ("participant", "Government of Sylvania"),
    ];
    assert_eq!(duel, named(&both));
    assert_eq!(
        import.again(&fixture("entities.ftm.json"))["status"],
        "unchanged"
    );
    let without = text("entities.ftm.json").replace(r#""director":["Q-Firefly"],"#, "");
    let (line, _, field, ..) = Import::bytes(without, &[]).reject();
    assert_eq!((line, field.as_str()), (4, "properties.director"));
}

/// A tar archive of these members.
fn tar(members: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, text) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, name, text.as_bytes())
            .unwrap();
    }
    builder.into_inner().unwrap()
}

/// A zip archive of these members.
fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in members {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The fixture in two halves, each with the header.
fn halves() -> [String; 2] {
    let whole = text("icews.tab");
    let lines: Vec<&str> = whole.lines().collect();
    let half = |rows: &[&str]| [&lines[..1], rows].concat().join("\n") + "\n";
    [half(&lines[1..4]), half(&lines[4..])]
}

#[test]
fn archives_are_read_member_by_member() {
    let [first, second] = halves();
    let members = [
        ("2018/june-1.tab", first.as_str()),
        ("__MACOSX/june-1.tab", "x"),
        ("2018/june-2.tab", second.as_str()),
    ];
    let expected = Import::file("icews.tab").records();
    for packed in [zip(&members), tar(&members), gzip(&tar(&members))] {
        let import = Import::bytes(packed, &[]);
        assert_eq!(import.report["format"], "icews");
        import.is_taken(6);
        assert_eq!(import.report["warnings"][0]["value"], "__MACOSX/june-1.tab");
        assert_eq!(import.records(), expected);
    }
    // Members of gzip stand in a row, as downloads are joined.
    let joined = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
    Import::bytes(joined, &[]).is_taken(6);
}

#[test]
fn problems_of_archives_name_the_member() {
    let [first, second] = halves();
    let bad = second.replace("2018-06-02", "2018-06-45");
    let import = Import::bytes(
        zip(&[("a.tab", &first), ("b.tab", &bad)]),
        &["--on-error", "skip"],
    );
    assert_eq!(import.events(6)["new"], 3);
    let reject = &import.report["rejects"][0];
    assert_eq!(
        (&reject["member"], &reject["line"]),
        (&json!("b.tab"), &json!(2))
    );
    let other = text("gdelt-1.csv");
    for (members, problem) in [
        (
            [("a.tab", first.as_str()), ("b.csv", other.as_str())],
            "an archive has members of one format",
        ),
        ([("a.tab", first.as_str()), ("b.tab", "")], "no record"),
    ] {
        let import = Import::bytes(tar(&members), &[]);
        assert_eq!(import.report["status"], "rejected");
        let (.., said, _) = import.reject();
        assert!(said.contains(problem), "{said}");
        assert_eq!(import.report["rejects"][0]["member"], members[1].0);
    }
    let nested = String::from_utf8(tar(&[("a.tab", &first)])).unwrap();
    let (.., problem, _) = Import::bytes(tar(&[("a.tar", &nested)]), &[]).reject();
    assert_eq!(problem, "is an archive in an archive");
    let whole = zip(&[("a.tab", &first)]);
    let (.., problem, _) = Import::bytes(&whole[..whole.len() / 2], &[]).reject();
    assert!(
        problem.contains("the zip archive is damaged or truncated"),
        "{problem}"
    );
    let whole = gzip(&tar(&[("a.tab", &first)]));
    let (.., problem, _) = Import::bytes(&whole[..whole.len() / 2], &[]).reject();
    assert!(problem.contains("damaged or truncated"), "{problem}");
}

#[test]
fn a_row_without_actors_is_refused() {
    let rows = text("icews.tab").replace("Citizen (Sylvania)", "NA");
    let import = Import::bytes(rows, &["--on-error", "skip"]);
    assert_eq!(import.events(6)["rejected"], 1);
    let (line, _, _, _, problem, remedy) = import.reject();
    assert_eq!(
        (line, problem.as_str()),
        (6, "names no actor: an event needs at least one")
    );
    assert!(!remedy.is_empty());
}

/// The files of a folder and those below it, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
#[ignore = "needs public data"]
fn counts_of_real_files_add_up() {
    let data = std::env::var_os("CHANCERY_DATA").map(PathBuf::from);
    let data = data.filter(|data| data.is_dir());
    assert!(
        data.is_some(),
        "CHANCERY_DATA names a folder of public data"
    );
    let data = data.unwrap();
    let mut taken = BTreeMap::<String, u64>::new();
    for file in files(&data) {
        let import = Import::with(&file, &["--dry-run", "--on-error", "skip"]);
        let report = &import.report;
        let of = |count: &str| {
            let kinds = report["counts"].as_object().unwrap().values();
            kinds.map(|kind| kind[count].as_u64().unwrap()).sum::<u64>()
        };
        let events = &report["counts"]["events"];
        let name = file.strip_prefix(&data).unwrap().display().to_string();
        println!(
            "{name}: {} with {} records: {} new events, {} same, {} rejected, {} unreadable",
            report["format"],
            report["records"],
            events["new"],
            events["same"],
            of("rejected"),
            report["unreadable"]
        );
        let Some(format) = report["format"].as_str() else {
            // What is of no format says so, once.
            assert_eq!(report["unreadable"], 1, "{name}");
            continue;
        };
        let problems = report["rejects"].as_array().unwrap();
        let has_place = |reject: &Value| {
            reject["line"].as_u64() >= Some(1) && reject["column"].as_u64() >= Some(1)
        };
        assert!(problems.iter().all(has_place), "{name}");
        if ["icews", "gdelt", "ucdp", "acled", "polecat", "quads"].contains(&format) {
            let of_events: u64 = events
                .as_object()
                .unwrap()
                .values()
                .map(|n| n.as_u64().unwrap())
                .sum();
            assert_eq!(report["records"], of_events, "{name}");
            *taken.entry(format.to_owned()).or_default() += of_events;
        }
    }
    println!("{taken:?}");
    assert!(taken.len() >= 4, "{taken:?}");
}
