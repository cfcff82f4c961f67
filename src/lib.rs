//! Chancery
pub mod clock;
pub mod model;
pub mod document;
pub mod codec;
pub mod ingest;
pub mod journal;
pub mod graph;
pub mod query;
pub mod engine;
