# What is done in this repository, each in one place. `.ci/run` is made of these, CONTRIBUTING.md
# says how long each takes. Install just with `cargo install just` or `pip install rust-just`.

set shell := ["bash", "-euo", "pipefail", "-c"]

target := env("CARGO_TARGET_DIR", "target")
bin := target / "release/chancery"

[private]
list:
    @just --list --unsorted

# Formatting, lints, documentation, and the licences and sources of all crates
check:
    cargo fmt --check
    cargo clippy --all-targets --locked -- -D warnings
    RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --document-private-items --locked --quiet
    cargo deny --locked check bans licenses sources

# All tests that need Rust alone, or those that the arguments of `cargo test` name
test *ARGUMENTS:
    cargo test --locked {{ ARGUMENTS }}

# What a clone may lack the means for: strace, and public data in folders below CHANCERY_DATA (tkg: ICEWS14)
with-data:
    cargo test --locked --test all journal_crash -- --ignored
    if [ -d "${CHANCERY_DATA:-../shared/data}/tkg" ]; then CHANCERY_DATA="${CHANCERY_DATA:-../shared/data}" cargo test --locked --test all -- --ignored icews formats; else echo 'there is no ICEWS14 here: CHANCERY_DATA names the folder above tkg'; fi

# The release binary
build:
    cargo build --release --locked --quiet

# Makes every generated file anew: the dashboard's build, the API's description, the schemas, the licences
bless: dist build
    scripts/generated write {{ bin }}

# Fails where a generated file is not what its sources make; `dashboard` looks after the dashboard's build
fresh: build
    scripts/generated compare {{ bin }}

# Builds the dashboard into dashboard/dist; needs Node and npm
dist:
    cd dashboard && npm ci --ignore-scripts --silent && npm run --silent types && npm run --silent build -- --logLevel error

# The dashboard: types, tests, a build that must equal dist, and every view in a browser; needs Node, npm, chromium
dashboard: build
    .ci/dashboard {{ bin }}

# Holds the service to its OpenAPI document with schemathesis; needs Python
schemathesis: build
    .ci/schemathesis {{ bin }}

# Reads the service's answers with the tools that they are for, and compares its numbers with theirs; needs Python
peers: build
    tests/peers/run {{ bin }}

# A long run of what is drawn at random: properties, worlds against the reference, killed processes, requests
fuzz CASES="1500" KILLS="20" REQUESTS="100":
    PROPTEST_CASES={{ CASES }} cargo test --release --locked --lib
    PROPTEST_CASES={{ CASES }} cargo test --release --locked --test all -- reference:: api::
    CHANCERY_CRASH_ROUNDS={{ KILLS }} cargo test --release --locked --test all -- crash::
    SCHEMATHESIS_EXAMPLES={{ REQUESTS }} just schemathesis

# The workload, as benches/README.md describes it: `just bench --size 4.6m --inside`
bench *ARGUMENTS:
    cargo bench --locked --bench workload -- {{ ARGUMENTS }}

# Asks the RustSec database whether a crate has a known fault; needs a network that reaches it
audit:
    cargo deny --locked check advisories

# Whether CITATION.cff is one; needs Python's cffconvert
citation:
    cffconvert --validate
