//! Chancery
pub mod clock;
pub mod codec;
pub mod document;
pub mod engine;
pub mod graph;
pub mod ingest;
pub mod journal;
pub mod model;
pub mod query;
