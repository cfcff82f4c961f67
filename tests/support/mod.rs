//! What several files of tests need: the built command, imports into an engine and exports from one.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

pub(crate) mod command;
pub(crate) mod export;
pub(crate) mod import;
