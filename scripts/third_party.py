#!/usr/bin/env python3
"""Prints what the binary holds of others, with their licences: `THIRD-PARTY.txt`.

Crates come from `cargo tree` and `cargo metadata`, for the three systems named below; npm packages
from `dashboard/dist/licenses.json`, which the dashboard's build writes. Needs Python 3 and cargo.
A crate that lets us choose is taken under MIT where it offers that.
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin", "x86_64-pc-windows-msvc"]
# Needed at build time only, but what it carries is in the binary.
CARRIED = "utoipa-swagger-ui-vendored"
# Crates published without the text that their licence asks for, and where it stands: in a crate of
# the same repository, or in this one.
TEXT_OF = {"alloc-stdlib": "alloc-no-stdlib", "fxhash": "LICENSE-APACHE", "impl-more": "LICENSE-APACHE"}
LICENCE_FILE = re.compile(r"(?i)^(un)?licen[cs]e|^copying|^copyright|^notice")

HEAD = """\
What the binary of Chancery holds of others
===========================================

Written by scripts/third_party.py from Cargo.lock and the build of the dashboard: `just bless`.
`chancery licenses` prints it. A package under a choice of licences is taken under MIT where it
offers that. The texts follow the list, each once, under the names of its packages.

Besides these: Rust's standard library (MIT OR Apache-2.0, The Rust Project Developers), the fonts
whose licences are in licenses/, and the data that NOTICE names.
"""


def cargo(*arguments):
    command = [os.environ.get("CARGO", "cargo"), *arguments, "--locked"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def linked():
    """Name and version of each crate that the binary links or carries."""
    targets = [word for target in TARGETS for word in ("--target", target)]
    lines = cargo("tree", "-e", "normal", "--prefix", "none", "-f", "{p}", *targets).splitlines()
    named = {tuple(line.split()[:2]) for line in lines if line}
    named = {(name, version.removeprefix("v")) for name, version in named}
    return {package for package in named if package[0] != "chancery"}


def texts_in(folder, may_choose_mit):
    files = sorted(path for path in folder.iterdir() if LICENCE_FILE.match(path.name) and path.is_file())
    if may_choose_mit and any("mit" in path.name.lower() for path in files):
        files = [path for path in files if "mit" in path.name.lower() or path.name.lower().startswith("notice")]
    return [path.read_text(encoding="utf-8", errors="replace") for path in files]


def crates():
    """Each crate as name, version, licence, address and texts."""
    wanted = linked()
    packages = json.loads(cargo("metadata", "--format-version", "1"))["packages"]
    folders = {package["name"]: Path(package["manifest_path"]).parent for package in packages}
    for package in packages:
        name, version = package["name"], package["version"]
        if name != CARRIED and (name, version) not in wanted:
            continue
        licence = (package["license"] or "").replace("/", " OR ").replace("  ", " ")
        may_choose_mit = "MIT" in licence.split() and " AND " not in licence
        folder = Path(package["manifest_path"]).parent
        texts = texts_in(folder, may_choose_mit)
        if not texts and name in TEXT_OF:
            place = TEXT_OF[name]
            texts = texts_in(folders[place], False) if place in folders else [(ROOT / place).read_text()]
        if name == CARRIED:
            with zipfile.ZipFile(next(folder.glob("res/*.zip"))) as archive:
                inside = [file for file in archive.namelist() if re.fullmatch(r"[^/]+/(LICENSE|NOTICE)", file)]
                texts += [archive.read(file).decode() for file in sorted(inside)]
        yield name, version, licence, package["repository"] or "", texts


def npm_packages():
    """Each package in the dashboard's scripts, as Vite lists them."""
    listed = json.loads((ROOT / "dashboard/dist/licenses.json").read_text(encoding="utf-8"))
    for package in listed:
        address = f"npm package {package['name']}"
        yield package["name"], package["version"], package["identifier"] or "", address, [package["text"] or ""]


def main():
    lists = {"Crates": sorted(crates()), "Packages in the scripts of the dashboard": sorted(npm_packages())}
    by_text = {}
    print(HEAD, end="")
    for title, packages in lists.items():
        print(f"\n{title}\n{'-' * len(title)}\n")
        for name, version, licence, address, texts in packages:
            if not licence or not any(text.strip() for text in texts):
                sys.exit(f"{name} {version} has no licence text: say in scripts/third_party.py where it stands")
            print(f"{name} {version}: {licence}, {address}")
            for text in texts:
                holders = by_text.setdefault(" ".join(text.split()), (text, []))[1]
                if f"{name} {version}" not in holders:
                    holders.append(f"{name} {version}")
    for text, holders in by_text.values():
        print(f"\n{'=' * 80}\n{', '.join(holders)}\n{'=' * 80}\n")
        print("\n".join(line.rstrip() for line in text.replace("\t", "    ").strip("\r\n").splitlines()))


main()
