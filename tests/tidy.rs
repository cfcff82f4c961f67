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
    ("invariant", &["model"]),
    ("document", &["model", "invariant"]),
    ("codec", &["model", "invariant"]),
    ("text", &["model", "invariant"]),
    ("ingest", &["model", "document"]),
    ("journal", &[]),
    ("graph", &["model", "invariant", "codec", "text"]),
    ("parameter", &["model"]),
    (
        "query",
        &["clock", "model", "invariant", "graph", "text", "parameter"],
    ),
    (
        "engine",
        &[
            "clock",
            "model",
            "invariant",
            "document",
            "codec",
            "ingest",
            "journal",
            "graph",
        ],
    ),
    (
        "export",
        &["clock", "model", "invariant", "document", "graph", "query"],
    ),
    (
        "http",
        &[
            "clock",
            "model",
            "invariant",
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
            "invariant",
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
    ("comfy_table", &["cli"]),
    ("console", &["cli"]),
    ("crc32fast", &["journal"]),
    ("csv", &["export"]),
    ("csv_core", &["ingest"]),
    ("edtf_core", &["model"]),
    ("encoding_rs", &["ingest"]),
    ("fixedbitset", &["graph"]),
    ("flate2", &["ingest", "cli"]),
    ("frostem", &["text"]),
    ("futures_util", &["http"]),
    ("hashbrown", &["ingest", "graph", "query", "engine"]),
    ("icu_properties", &["model"]),
    ("indicatif", &["cli"]),
    ("lz4_flex", &["journal"]),
    ("memchr", &["ingest"]),
    ("parquet", &["export"]),
    ("percent_encoding", &["http"]),
    ("petgraph", &["graph", "query", "engine"]),
    ("statrs", &["query"]),
    ("quick_xml", &["ingest"]),
    ("ruzstd", &["ingest"]),
    ("tar", &["ingest"]),
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
    ("zip", &["ingest", "export"]),
];

/// The rooms in which no files use one another in a circle.
const WITHOUT_CIRCLES: &[&str] = &["export", "query", "text"];

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

/// The paths that begin at `at`, from their first segment on: one, or all of those that a group in
/// braces gives. The second is where they end.
fn paths_at(tokens: &[String], mut at: usize) -> (Vec<Vec<String>>, usize) {
    let token = |at: usize| tokens.get(at).map_or("", String::as_str);
    let mut path: Vec<String> = Vec::new();
    loop {
        if token(at) == "{" {
            let mut all = Vec::new();
            at += 1;
            while !matches!(token(at), "}" | "") {
                let (inner, end) = paths_at(tokens, at);
                all.extend(
                    inner
                        .into_iter()
                        .map(|inner| [path.clone(), inner].concat()),
                );
                // An item that is renamed, and the comma.
                at = end.max(at + 1);
                while matches!(token(at), "as" | ",") {
                    at += if token(at) == "as" { 2 } else { 1 };
                }
            }
            return (all, at + 1);
        }
        if !token(at).starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return (vec![path], at);
        }
        path.push(token(at).to_owned());
        if token(at + 1) != "::" {
            return (vec![path], at + 1);
        }
        at += 2;
    }
}

/// The files of a room with the paths that each uses and those that it hands on (`pub use`).
struct Room {
    used: BTreeMap<Vec<String>, Vec<Vec<String>>>,
    handed_on: BTreeMap<Vec<String>, Vec<Vec<String>>>,
}

impl Room {
    fn new<'s>(files: impl Iterator<Item = (&'s [String], &'s str)>) -> Self {
        let (mut used, mut handed_on) = (BTreeMap::new(), BTreeMap::new());
        for (module, text) in files {
            let tokens = without_tests(&tokens(&bare(text)));
            let token = |at: usize| tokens.get(at).map_or("", String::as_str);
            let (mut own, mut public) = (Vec::new(), Vec::new());
            let mut at = 0;
            while at < tokens.len() {
                let is_start = at == 0 || !matches!(token(at - 1), "::" | ".");
                let is_path = token(at + 1) == "::" || (at > 0 && token(at - 1) == "use");
                if !is_start || !is_path || token(at) == "use" {
                    at += 1;
                    continue;
                }
                let is_public =
                    at > 1 && token(at - 1) == "use" && matches!(token(at - 2), "pub" | ")");
                let (paths, end) = paths_at(&tokens, at);
                if is_public { &mut public } else { &mut own }.extend(paths);
                at = end.max(at + 1);
            }
            used.insert(module.to_vec(), own);
            handed_on.insert(module.to_vec(), public);
        }
        Self { used, handed_on }
    }

    /// The file in which what a path names from some file is made.
    fn file(&self, from: &[String], path: &[String]) -> Option<Vec<String>> {
        let mut rest = path;
        let mut at: Vec<String> = match rest.first()?.as_str() {
            "crate" => Vec::new(),
            "super" => from.get(..from.len() - 1)?.to_vec(),
            "self" => from.to_vec(),
            child => {
                let child = [from, &[child.to_owned()]].concat();
                self.used.contains_key(&child).then(|| from.to_vec())?
            }
        };
        let is_child = |at: &[String], next: &String| {
            let next = [at, std::slice::from_ref(next)].concat();
            self.used.keys().any(|file| file.starts_with(&next))
        };
        if matches!(rest.first()?.as_str(), "crate" | "super" | "self") {
            rest = rest.get(1..)?;
        }
        while rest.first().is_some_and(|next| next == "super") {
            at.pop()?;
            rest = rest.get(1..)?;
        }
        while let Some(next) = rest.first() {
            if is_child(&at, next) {
                at.push(next.clone());
                rest = rest.get(1..)?;
                continue;
            }
            let handed_on = self.handed_on.get(&at)?.iter();
            let mut made_elsewhere = handed_on.filter(|path| path.last() == Some(next));
            return match made_elsewhere.next() {
                Some(path) => self.file(&at, path),
                None => Some(at),
            };
        }
        self.used.contains_key(&at).then_some(at)
    }

    /// Files that use one another in a circle.
    fn circle(&self) -> Vec<String> {
        let mut left: BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
        for (file, paths) in &self.used {
            let used = paths.iter().filter_map(|path| self.file(file, path));
            left.insert(file, used.filter(|used| used != file).collect());
        }
        // Whoever uses none of those that are left is in no circle.
        loop {
            let before = left.len();
            let files: BTreeSet<Vec<String>> = left.keys().map(|file| (*file).clone()).collect();
            left.retain(|_, used| used.iter().any(|used| files.contains(used)));
            if left.len() == before {
                break;
            }
        }
        left.keys().map(|file| file.join("/")).collect()
    }
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
fn no_files_of_a_room_use_one_another_in_a_circle() {
    let sources = sources();
    for room in WITHOUT_CIRCLES {
        let files = sources
            .iter()
            .filter(|it| it.module.first().unwrap() == room);
        let room_files = Room::new(files.map(|it| (&*it.module, &*it.text)));
        assert!(
            room_files.used.len() > 4,
            "the files of {room} were not found"
        );
        // Those who use files of a circle are listed, too.
        assert_eq!(room_files.circle(), [""; 0], "{room} has a circle of files");
    }
}

#[test]
fn planted_circles_are_found() {
    let circle = |files: &[(&str, &str)]| {
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| (path_of(path), *text))
            .collect();
        Room::new(files.iter().map(|(path, text)| (&**path, *text))).circle()
    };
    let direct = [
        ("q/a", "use super::b::{X, Y as Z};"),
        ("q/b", "fn f() -> crate::q::a::A {}"),
    ];
    assert_eq!(circle(&direct), ["q/a", "q/b"]);
    let handed_on = [
        ("q", "mod a; mod b; pub(super) use a::A;"),
        ("q/a", "use super::b::B;"),
        ("q/b", "use super::{A, c};"),
    ];
    assert_eq!(circle(&handed_on), ["q/a", "q/b"]);
    let parent = [("q", "mod a; fn f() { a::f() }"), ("q/a", "use super::Q;")];
    assert_eq!(circle(&parent), ["q", "q/a"]);
    let long = [
        ("q/a", "use super::b::B;"),
        ("q/b", "use super::c::{self};"),
        ("q/c", "use super::{a};"),
    ];
    assert_eq!(circle(&long), ["q/a", "q/b", "q/c"]);
    let none = [
        ("q", "mod a; mod b; pub use a::A; pub use b::B;"),
        (
            "q/a",
            "use super::B; use super::a::A; // super::c::C\n#[cfg(test)] mod tests { use super::super::c; }",
        ),
        ("q/b", "use crate::r::a::A; use std::fmt;"),
        ("q/c", "use super::{a::A, b::B};"),
    ];
    assert_eq!(circle(&none), [""; 0]);
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

/// The names under `[dependencies]` of the manifest.
fn dependencies() -> Vec<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let lines = manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]");
    let names = lines
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().to_owned());
    let names: Vec<String> = names.collect();
    assert!(names.len() > 10, "the dependencies were not found");
    names
}

#[test]
fn every_dependency_has_its_owner() {
    for name in dependencies() {
        let name = name.replace('-', "_");
        let owned = CRATES.iter().any(|(known, _)| *known == name);
        assert!(owned, "say in tests/tidy.rs which modules may name {name}");
    }
}

/// The list is written by a script, which `just fresh` runs again; this needs no tool but cargo.
#[test]
fn the_list_of_licences_is_that_of_the_lock_file() {
    let list = fs::read_to_string(root().join("THIRD-PARTY.txt")).unwrap();
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let crates = list.split("\nCrates\n").nth(1).unwrap();
    let crates = crates.split("\nPackages in").next().unwrap();
    let crates: Vec<(&str, &str)> = crates
        .lines()
        .filter_map(|line| line.split_once(": ")?.0.split_once(' '))
        .collect();
    assert!(crates.len() > 100, "the list was not read");
    for (name, version) in &crates {
        let locked = format!("name = \"{name}\"\nversion = \"{version}\"\n");
        assert!(lock.contains(&locked), "{name} {version}: run `just bless`");
    }
    for name in dependencies() {
        let listed = crates.iter().any(|(known, _)| *known == name);
        assert!(listed, "{name} is not in THIRD-PARTY.txt: run `just bless`");
    }
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

/// A file that no `mod` names is never compiled, and its tests never fail.
#[test]
fn no_file_of_tests_is_left_out() {
    let tests = root().join("tests");
    let mut count = 0;
    for path in rust_files(&tests) {
        let inside = path.strip_prefix(&tests).unwrap().with_extension("");
        let mut name = inside.file_name().unwrap().to_str().unwrap();
        let mut parent = inside.parent().unwrap();
        if name == "main" {
            continue;
        }
        if name == "mod" {
            name = parent.file_name().unwrap().to_str().unwrap();
            parent = parent.parent().unwrap();
        }
        let place = tests.join(parent);
        let root = ["main.rs", "mod.rs"].map(|file| place.join(file));
        let root = root.iter().find_map(|file| fs::read_to_string(file).ok());
        let named = root.is_some_and(|text| text.contains(&format!("mod {name};")));
        assert!(named, "{} is no module of tests/main.rs", path.display());
        count += 1;
    }
    assert!(count > 40, "the tests were not found");
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

/// Participles and adverbs that ended as names of types: the glossary says what to write instead.
/// `Applied`, `Undone` and their like say what was done to a thing, not what it is.
const NO_NOUNS: &[&str] = &[
    "Ahead",
    "Asked",
    "Begun",
    "Changed",
    "Chosen",
    "Cited",
    "Coded",
    "Counted",
    "Dated",
    "Described",
    "Differing",
    "Fallen",
    "Following",
    "Found",
    "Gathered",
    "Given",
    "Hashed",
    "Held",
    "Indexed",
    "Kept",
    "Known",
    "Lasting",
    "Linked",
    "Linking",
    "Listed",
    "Little",
    "Lost",
    "Made",
    "Matching",
    "Merged",
    "Narrowed",
    "Near",
    "Observed",
    "Only",
    "Open",
    "Opened",
    "Ordered",
    "Out",
    "Packed",
    "Reached",
    "Recorded",
    "Replayed",
    "Resolving",
    "Rewritten",
    "Rolled",
    "Said",
    "Shaped",
    "Shared",
    "Shown",
    "Staged",
    "Standing",
    "Stored",
    "Taken",
    "Told",
    "Toward",
    "Undone",
    "Verified",
    "Waiting",
    "Wanted",
    "When",
    "Whole",
    "Windowed",
    "Written",
];

/// The names of the types that the tokens of a file declare, without those of traits' members.
fn declared_types(tokens: &[String]) -> Vec<String> {
    let mut depth = 0;
    let mut names = Vec::new();
    for pair in tokens.windows(2) {
        match pair {
            [open, _] if open == "{" => depth += 1,
            [close, _] if close == "}" => depth -= 1,
            [keyword, name]
                if ["struct", "enum", "trait", "union"].contains(&keyword.as_str())
                    || keyword == "type" && depth == 0 =>
            {
                names.push(name.clone());
            }
            _ => {}
        }
    }
    let is_name = |name: &String| name.starts_with(|first: char| first.is_ascii_uppercase());
    names.into_iter().filter(is_name).collect()
}

#[test]
fn a_type_is_a_noun_and_no_two_share_a_name() {
    let mut files: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for source in sources() {
        let code = without_tests(&tokens(&bare(&source.text)));
        for name in declared_types(&code) {
            files.entry(name).or_default().push(source.path.clone());
        }
    }
    assert!(files.len() > 300, "only {} types were found", files.len());
    let shared = files.iter().filter(|(_, files)| files.len() > 1);
    assert_eq!(shared.collect::<Vec<_>>(), [], "types of one name");
    let bare = files
        .keys()
        .filter(|name| NO_NOUNS.contains(&name.as_str()));
    assert_eq!(bare.collect::<Vec<_>>(), [""; 0], "types that are no nouns");
}

#[test]
fn no_function_is_called_of() {
    for folder in ["src", "tests", "benches", "examples"] {
        for path in rust_files(&root().join(folder)) {
            let code = tokens(&bare(&fs::read_to_string(&path).unwrap()));
            let is_of = |pair: &[String]| matches!(pair, [a, b] if a == "fn" && b == "of");
            assert!(!code.windows(2).any(is_of), "{}: fn of", path.display());
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
