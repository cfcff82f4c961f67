//! Lists the files of the dashboard, so that the binary can hold them, packs the licences, and tells
//! it what it is built from.
//!
//! The files are built by Vite and kept in `dashboard/dist`; building the binary needs no Node.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "cargo tells it where in the environment; a hash that another compiler computes in another \
              way only tells two builds apart"
)]

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// What `chancery licenses` prints, one after another: files, and folders of files by name.
const LICENCES: [&str; 5] = [
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "NOTICE",
    "licenses",
    "THIRD-PARTY.txt",
];

fn main() -> io::Result<()> {
    let root = PathBuf::from(var("CARGO_MANIFEST_DIR")?);
    tell_build(&root)?;
    pack_licences(&root, &Path::new(&var("OUT_DIR")?).join("licences.deflate"))?;
    let dist = root.join("dashboard/dist");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=dashboard/dist");
    let mut files = Vec::new();
    gather(&dist, &mut files)
        .map_err(|error| io::Error::other(format!("{}: {error}", dist.display())))?;
    // What the build tells of itself is for tests and lists.
    files.retain(|file| file.extension().is_none_or(|ending| ending != "json"));
    files.sort();
    let mut table = String::from("&[\n");
    for file in files {
        let name = file.strip_prefix(&dist).map_err(io::Error::other)?;
        let name = name.to_string_lossy().replace('\\', "/");
        // Named from the package's root, so that a moved checkout keeps what it has built.
        writeln!(
            table,
            r#"    ({name:?}, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/dashboard/dist/", {name:?}))),"#
        )
        .map_err(io::Error::other)?;
    }
    table.push_str("]\n");
    fs::write(Path::new(&var("OUT_DIR")?).join("dashboard.rs"), table)
}

/// Writes the licences of the program and of what it holds of others, compressed, to `packed`.
fn pack_licences(root: &Path, packed: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    for place in LICENCES {
        println!("cargo::rerun-if-changed={place}");
        let path = root.join(place);
        if path.is_dir() {
            let mut inside = Vec::new();
            gather(&path, &mut inside)?;
            inside.sort();
            files.extend(inside);
        } else {
            files.push(path);
        }
    }
    let mut out = DeflateEncoder::new(fs::File::create(packed)?, Compression::best());
    for (file, number) in files.iter().zip(0_usize..) {
        let text = fs::read_to_string(file)
            .map_err(|error| io::Error::other(format!("{}: {error}", file.display())))?;
        // Checkouts may end lines in another way.
        let text = text.replace('\r', "");
        let line = if number == 0 { "" } else { "\n\n" };
        write!(out, "{line}{}", text.trim_matches('\n'))?;
    }
    writeln!(out)?;
    out.finish()?.flush()
}

/// Sets `CHANCERY_BUILD` to a hash of the code and of the versions of all crates.
fn tell_build(root: &Path) -> io::Result<()> {
    let mut sources = vec![root.join("Cargo.lock")];
    gather(&root.join("src"), &mut sources)?;
    sources.sort();
    let mut hasher = DefaultHasher::new();
    for source in sources.iter().filter(|path| path.exists()) {
        let content = fs::read(source)?;
        let name = source.strip_prefix(root).map_err(io::Error::other)?;
        hasher.write(name.to_string_lossy().as_bytes());
        hasher.write_usize(content.len());
        hasher.write(&content);
    }
    println!("cargo::rerun-if-changed=Cargo.lock");
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rustc-env=CHANCERY_BUILD={:016x}", hasher.finish());
    Ok(())
}

fn var(name: &str) -> io::Result<String> {
    env::var(name).map_err(|error| io::Error::other(format!("{name}: {error}")))
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
