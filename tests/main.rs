//! All tests from outside, in one binary: one link for an edit, and one pool of threads for all.
//!
//! `cargo test --test all reference::` runs those of one module. A file in `tests/` is a module here; `tidy`
//! looks that none is left out.

mod api;
mod cli;
mod crash;
mod dashboard;
mod duplicates;
mod effort;
mod engine;
mod formats;
mod guide;
mod icews;
mod journal;
mod journal_crash;
mod names;
mod reference;
mod rewriting;
mod schema;
mod scores;
mod support;
mod tidy;
