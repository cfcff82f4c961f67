//! Lists the files of the dashboard, so that the binary can hold them.
//!
//! They are built by Vite and kept in `dashboard/dist`; building the binary needs no Node.
#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells it where in the environment"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(var("CARGO_MANIFEST_DIR")?);
    let dist = root.join("dashboard/dist");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=dashboard/dist");
    let mut files = Vec::new();
    gather(&dist, &mut files)
        .map_err(|error| io::Error::other(format!("{}: {error}", dist.display())))?;
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
