//! What the binary holds of the dashboard was built from what stands in `dashboard/`. Needs no Node.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What a build is made of, as `dashboard/stamp.mjs` lists it.
const INPUTS: [&str; 9] = [
    "index.html",
    "package-lock.json",
    "package.json",
    "public",
    "src",
    "stamp.mjs",
    "svelte.config.js",
    "tsconfig.json",
    "vite.config.ts",
];
/// Bytes that all files of the dashboard may have together, fonts included.
const DIST_MAX_BYTES: u64 = 650_000;

fn dashboard() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboard")
}

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            files(&entry.unwrap().path(), found);
        }
    } else {
        found.push(path.to_owned());
    }
}

#[test]
fn dist_is_fresh() {
    let root = dashboard();
    let mut inputs = Vec::new();
    for input in INPUTS {
        files(&root.join(input), &mut inputs);
    }
    let mut now = BTreeMap::new();
    for path in inputs {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
        let name = name.replace('\\', "/");
        if name.ends_with(".test.ts") || name == "src/lib/api.gen.ts" {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        now.insert(
            name,
            format!("{:08x}-{}", crc32fast::hash(&bytes), bytes.len()),
        );
    }
    let built = fs::read_to_string(root.join("dist/build.json")).unwrap();
    let built: BTreeMap<String, String> = serde_json::from_str(&built).unwrap();
    let differ = |(name, stamp): &(&String, &String)| built.get(*name) != Some(stamp);
    let mut changed: Vec<&String> = now.iter().filter(differ).map(|(name, _)| name).collect();
    changed.extend(built.keys().filter(|name| !now.contains_key(*name)));
    assert!(
        changed.is_empty(),
        "dashboard/dist is older than {changed:?}: cd dashboard && npm ci --ignore-scripts && npm run build"
    );
}

#[test]
fn dist_is_within_its_budget() {
    let mut all = Vec::new();
    files(&dashboard().join("dist"), &mut all);
    let bytes: u64 = all
        .iter()
        .map(|path| fs::metadata(path).unwrap().len())
        .sum();
    assert!(bytes < DIST_MAX_BYTES, "{bytes} bytes");
}

#[test]
fn the_lock_file_names_no_registry_and_checks_all() {
    let lock = fs::read_to_string(dashboard().join("package-lock.json")).unwrap();
    assert!(!lock.contains("\"resolved\""));
    let lock: serde_json::Value = serde_json::from_str(&lock).unwrap();
    let packages = lock["packages"].as_object().unwrap();
    for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
        assert!(package["integrity"].is_string(), "{name}");
    }
}
