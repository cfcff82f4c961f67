//! The rules of the house that the compiler does not hold: which module may use which, who names
//! which outside crate, how files begin and what they are called.
//!
//! Code is read as tokens, without comments, strings and test modules.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules in reading order, each with those that it may use.
const MODULES: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("model", &[]),
    ("config", &["model"]),
    ("document", &["model"]),
    ("codec", &["model"]),
    ("text", &["model"]),
    ("ingest", &["model", "document"]),
    ("journal", &[]),
    ("graph", &["model", "codec", "text"]),
    ("parameter", &["model"]),
    ("query", &["clock", "model", "graph", "text", "parameter"]),
    (
        "engine",
        &[
            "clock", "model", "document", "codec", "ingest", "journal", "graph",
        ],
    ),
    ("export", &["clock", "model", "document", "graph", "query"]),
    (
        "http",
        &[
            "clock",
            "model",
            "config",
            "document",
            "codec",
            "text",
            "ingest",
            "graph",
            "parameter",
            "query",
            "engine",
            "export",
        ],
    ),
    (
        "cli",
        &[
            "clock",
            "model",
            "config",
            "document",
            "codec",
            "text",
            "ingest",
            "journal",
            "graph",
            "parameter",
            "query",
            "engine",
            "export",
            "http",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Paths that one file may use though its module may not. The translator of errors to answers
/// matches on those of every module, so it names that of the journal, and nothing else there.
const EXCEPTIONS: &[(&str, &[&str])] = &[(
    "http/problem",
    &["crate", "::", "journal", "::", "JournalError"],
)];

/// The outside crates, each with the modules that may name it; none means any.
const CRATES: &[(&str, &[&str])] = &[
    ("actix_web", &["http"]),
    ("anstream", &["cli"]),
    ("any_ascii", &["model"]),
    ("arc_swap", &["engine"]),
    ("base64", &["http"]),
    ("blake3", &["model", "http"]),
    ("chrono", &["clock", "model"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("crc32fast", &["journal"]),
    ("edtf_core", &["model"]),
    ("fixedbitset", &["graph"]),
    ("flate2", &["ingest", "export"]),
    ("futures_util", &["http"]),
    ("hashbrown", &["ingest", "graph", "query", "engine"]),
    ("icu_properties", &["model"]),
    ("indicatif", &["cli"]),
    ("lz4_flex", &["journal"]),
    ("memchr", &["ingest"]),
    ("percent_encoding", &["http"]),
    ("petgraph", &["graph", "query", "engine"]),
    ("statrs", &["query"]),
    ("postcard", &["codec"]),
    ("serde", &[]),
    ("serde_json", &[]),
    ("serde_path_to_error", &["document"]),
    ("sled", &["journal"]),
    ("strsim", &[]),
    ("tempfile", &["ingest", "journal"]),
    ("thiserror", &[]),
    ("tracing", &[]),
    ("tracing_subscriber", &["cli"]),
    ("unicode_normalization", &["model", "text"]),
    ("unicode_segmentation", &["text"]),
    ("unicode_width", &["cli"]),
    ("utoipa", &["document", "query", "engine", "http"]),
    ("utoipa_actix_web", &["http"]),
    ("utoipa_swagger_ui", &["http"]),
];

/// Names that say nothing of what a file owns.
const DRAWERS: &[&str] = &[
    "util", "utils", "common", "helper", "helpers", "misc", "manager",
];

/// A source file: its module path (`["graph", "view"]`) and its text.
struct Source {
    path: PathBuf,
    module: Vec<String>,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The files of `src/` but for those that hold tests only.
fn sources() -> Vec<Source> {
    let src = root().join("src");
    let files = rust_files(&src).into_iter();
    let files = files.filter(|path| path.file_stem().is_none_or(|stem| stem != "tests"));
    files
        .map(|path| {
            let module = path.strip_prefix(&src).unwrap().with_extension("");
            let parts = module.iter().map(|p| p.to_str().unwrap().to_owned());
            Source {
                module: parts.collect(),
                text: fs::read_to_string(&path).unwrap(),
                path,
            }
        })
        .collect()
}

/// Code without comments, and with nothing in its strings and characters.
fn bare(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    let get = |at: usize| chars.get(at).copied().unwrap_or('\0');
    while at < chars.len() {
        match (get(at), get(at + 1)) {
            ('/', '/') => {
                while at < chars.len() && get(at) != '\n' {
                    at += 1;
                }
            }
            ('/', '*') => {
                let mut depth = 1;
                at += 2;
                while at < chars.len() && depth > 0 {
                    match (get(at), get(at + 1)) {
                        ('/', '*') => depth += 1,
                        ('*', '/') => depth -= 1,
                        _ => {
                            at += 1;
                            continue;
                        }
                    }
                    at += 2;
                }
            }
            ('r', '"' | '#') if !get(at.wrapping_sub(1)).is_alphanumeric() => {
                let hashes = (at + 1..chars.len()).take_while(|i| get(*i) == '#').count();
                if get(at + 1 + hashes) == '"' {
                    at += 2 + hashes;
                    let ends = |at: usize| (1..=hashes).all(|i| get(at + i) == '#');
                    while at < chars.len() && !(get(at) == '"' && ends(at)) {
                        at += 1;
                    }
                    at += 1 + hashes;
                    code.push_str("\"\"");
                } else {
                    code.push('r');
                    at += 1;
                }
            }
            ('"', _) => {
                at += 1;
                while at < chars.len() && get(at) != '"' {
                    at += if get(at) == '\\' { 2 } else { 1 };
                }
                at += 1;
                code.push_str("\"\"");
            }
            // A character, not a lifetime.
            ('\'', '\\') => {
                at += 3;
                while at < chars.len() && get(at) != '\'' {
                    at += 1;
                }
                at += 1;
            }
            ('\'', _) if get(at + 2) == '\'' => at += 3,
            (c, _) => {
                code.push(c);
                at += 1;
            }
        }
    }
    code
}

/// Words and marks; `::` is one mark.
fn tokens(code: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_alphanumeric() || c == '_' {
            let mut word = String::from(c);
            while let Some(next) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                word.push(next);
            }
            found.push(word);
        } else if c == ':' && chars.next_if_eq(&':').is_some() {
            found.push("::".into());
        } else if !c.is_whitespace() {
            found.push(c.into());
        }
    }
    found
}

/// The tokens without the test modules: `#[cfg(test)] mod tests { … }`.
fn without_tests(tokens: &[String]) -> Vec<String> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let mut kept = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let rest = tokens.get(at..).unwrap_or_default();
        if rest.len() <= mark.len() || !rest.iter().zip(mark).all(|(a, b)| a == b) {
            kept.push(token.clone());
            at += 1;
            continue;
        }
        at += mark.len();
        let mut depth = 0_usize;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token.as_str() {
                "{" => depth += 1,
                "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && matches!(token.as_str(), "}" | ";") {
                break;
            }
        }
    }
    kept
}

/// The top-level modules that a file uses, through `crate::`, `chancery::` or `super::`.
fn uses(module: &[String], tokens: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    // The braces of inline modules, in which `super` means the file's own module.
    let mut inline: Vec<usize> = Vec::new();
    let mut depth = 0_usize;
    let token = |at: usize| tokens.get(at).map_or("", String::as_str);
    for at in 0..tokens.len() {
        match token(at) {
            "{" => {
                depth += 1;
                if at >= 2 && token(at - 2) == "mod" {
                    inline.push(depth);
                }
            }
            "}" => {
                inline.retain(|d| *d != depth);
                depth = depth.saturating_sub(1);
            }
            "crate" | "chancery" if token(at + 1) == "::" => found.extend(heads(tokens, at + 2)),
            "super" if at == 0 || token(at - 1) != "::" => {
                let mut ups = 0;
                let mut next = at;
                while token(next) == "super" && token(next + 1) == "::" {
                    ups += 1;
                    next += 2;
                }
                if ups == module.len() + inline.len() {
                    found.extend(heads(tokens, next));
                }
            }
            _ => {}
        }
    }
    found.retain(|used| module.first() != Some(used));
    found
}

/// The first segments of the paths at `at`: one, or those of a group in braces.
fn heads(tokens: &[String], at: usize) -> Vec<String> {
    let rest = tokens.get(at..).unwrap_or_default();
    if rest.first().is_none_or(|first| first != "{") {
        return rest.first().cloned().into_iter().collect();
    }
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut fresh = false;
    for token in rest {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            "," if depth == 1 => {}
            word if depth == 1 && fresh => found.push(word.to_owned()),
            _ => {}
        }
        fresh = matches!(token.as_str(), "{" | ",");
        if depth == 0 {
            break;
        }
    }
    found
}

/// The outside crates that a file names.
fn crates(tokens: &[String]) -> BTreeSet<&'static str> {
    let names = |name: &str| {
        let mut places = tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| *token == name);
        places.any(|(at, _)| {
            let before = at.checked_sub(1).and_then(|at| tokens.get(at));
            let after = tokens.get(at + 1);
            let is_root = before.is_none_or(|b| b != "::" && b != ".");
            let used = before.is_some_and(|b| b == "use") || after.is_some_and(|a| a == "::");
            is_root && used
        })
    };
    let all = CRATES.iter().map(|(name, _)| *name);
    all.filter(|name| names(name)).collect()
}

/// The tokens without the paths that the file may use in spite of its module.
fn without_exceptions(module: &[String], tokens: &[String]) -> Vec<String> {
    let file = module.join("/");
    let mut kept = tokens.to_vec();
    for (_, path) in EXCEPTIONS.iter().filter(|(of, _)| *of == file) {
        let is_path = |at: &usize| kept.get(*at..at + path.len()).is_some_and(|it| it == *path);
        let places: Vec<usize> = (0..kept.len()).filter(is_path).collect();
        for at in places.into_iter().rev() {
            kept.drain(at..at + path.len());
        }
    }
    kept
}

/// What a file does against the rules on modules and crates.
fn faults(module: &[String], text: &str) -> Vec<String> {
    let tokens = without_tests(&tokens(&bare(text)));
    let own = module.first().map_or("", String::as_str);
    let Some((_, may_use)) = MODULES.iter().find(|(name, _)| *name == own) else {
        return vec![format!(
            "the module {own} is not in the table of tests/tidy.rs"
        )];
    };
    let modules = uses(module, &without_exceptions(module, &tokens)).into_iter();
    let known = |used: &String| MODULES.iter().any(|(name, _)| name == used);
    let modules = modules.filter(|used| known(used) && !may_use.contains(&used.as_str()));
    let mut faults: Vec<String> = modules
        .map(|used| format!("{own} may not use {used}"))
        .collect();
    for name in crates(&tokens) {
        let owners = CRATES.iter().find(|(c, _)| *c == name).map(|(_, o)| *o);
        if owners.is_some_and(|owners| !owners.is_empty() && !owners.contains(&own)) {
            faults.push(format!("{own} may not name the crate {name}"));
        }
    }
    faults
}

fn path_of(module: &str) -> Vec<String> {
    module.split('/').map(str::to_owned).collect()
}

#[test]
fn modules_use_only_what_they_may() {
    let sources = sources();
    assert!(sources.len() > 50, "the sources were not found");
    let mut found = Vec::new();
    for source in &sources {
        let faults = faults(&source.module, &source.text).into_iter();
        found.extend(faults.map(|fault| format!("{}: {fault}", source.path.display())));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_two_modules_use_each_other() {
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources() {
        let tokens = without_tests(&tokens(&bare(&source.text)));
        let own = source.module.first().unwrap().clone();
        used.entry(own)
            .or_default()
            .extend(uses(&source.module, &tokens));
    }
    for (one, others) in &used {
        for other in others {
            let back = used.get(other).is_some_and(|used| used.contains(one));
            assert!(!back, "{one} and {other} use each other");
        }
    }
    let pairs: usize = used.values().map(BTreeSet::len).sum();
    assert!(
        pairs > 15,
        "only {pairs} uses were found: is the reading broken?"
    );
}

#[test]
fn the_table_of_modules_goes_one_way() {
    for (place, (module, may_use)) in MODULES.iter().enumerate() {
        for used in *may_use {
            let above = MODULES.iter().take(place).any(|(name, _)| name == used);
            assert!(
                above,
                "{module} may use {used}, which does not stand above it"
            );
        }
    }
}

#[test]
fn every_dependency_has_its_owner() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let lines = manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]");
    let names = lines
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().replace('-', "_"));
    let mut count = 0;
    for name in names {
        let owned = CRATES.iter().any(|(known, _)| *known == name);
        assert!(owned, "say in tests/tidy.rs which modules may name {name}");
        count += 1;
    }
    assert!(count > 10, "the dependencies were not found");
}

#[test]
fn files_say_what_they_are_and_leave_nothing_for_later() {
    let later = [concat!("TO", "DO"), concat!("FIX", "ME")];
    for folder in ["src", "tests", "examples"] {
        for path in rust_files(&root().join(folder)) {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.display();
            assert!(
                text.starts_with("//!"),
                "{path} does not start with what it is"
            );
            for word in later {
                assert!(!text.contains(word), "{path} has a {word}");
            }
        }
    }
}

#[test]
fn nothing_is_called_after_a_drawer() {
    for folder in ["src", "tests", "examples"] {
        for path in rust_files(&root().join(folder)) {
            let inside = path.strip_prefix(root()).unwrap().with_extension("");
            for part in &inside {
                let name = part.to_str().unwrap();
                assert!(!DRAWERS.contains(&name), "{} says nothing", path.display());
            }
        }
    }
}

#[test]
fn planted_faults_are_found() {
    let found = |module: &str, text: &str| faults(&path_of(module), text);
    for (module, text, fault) in [
        (
            "model/id",
            "use crate::graph::View;",
            "model may not use graph",
        ),
        (
            "graph",
            "use crate::{model::Id, engine};",
            "graph may not use engine",
        ),
        (
            "graph/view",
            "use super::super::query;",
            "graph may not use query",
        ),
        ("graph", "use super::http::Route;", "graph may not use http"),
        (
            "journal",
            "fn f() { crate::model::fold(\"\") }",
            "journal may not use model",
        ),
        (
            "graph",
            "mod a { use super::super::engine::E; }",
            "graph may not use engine",
        ),
        (
            "http/problem",
            "use crate::journal::Journal;",
            "http may not use journal",
        ),
        (
            "http/routes",
            "use crate::journal::JournalError;",
            "http may not use journal",
        ),
        (
            "query",
            "use sled::Db;",
            "query may not name the crate sled",
        ),
        (
            "engine",
            "fn f(c: &clap::Command) {}",
            "engine may not name the crate clap",
        ),
        (
            "drawer",
            "",
            "the module drawer is not in the table of tests/tidy.rs",
        ),
    ] {
        assert_eq!(found(module, text), [fault], "{text}");
    }
    for (module, text) in [
        (
            "model/id",
            "// use crate::graph::View;\n/* crate::engine /* sled:: */ */",
        ),
        (
            "model/id",
            r##"const S: &str = "crate::graph sled::Db"; const R: &str = r#""sled::"#;"##,
        ),
        (
            "model/id",
            "const C: char = '\"'; fn f<'a>(x: &'a str) -> char { '\\'' }",
        ),
        ("graph/view", "use super::engine; use super::query::x;"),
        ("graph", "mod a { use super::engine::E; }"),
        (
            "codec",
            "#[cfg(test)] mod tests { use crate::document::x; fn f() {} }",
        ),
        ("query", "fn f(x: X) { x.sled::<u8>(); self::clap(); }"),
    ] {
        assert_eq!(found(module, text), [""; 0], "{text}");
    }
    let after = "#[cfg(test)] mod tests { fn f() {} } use crate::query::x;";
    assert_eq!(found("codec", after), ["codec may not use query"]);
}
