//! The service over real HTTP, as clients meet it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod app;
mod changes;
mod conditions;
mod dashboard;
mod documentation;
mod duplicates;
mod formats;
mod hostile;
mod imports;
mod merges;
mod names;
mod network;
mod opened;
mod pages;
mod problems;
mod questions;
mod reconcile;
mod records;
mod same_origin;
mod search;
mod time;
mod ways;
