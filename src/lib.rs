//! Chancery keeps the record of diplomacy: who met, called, promised, condemned or threatened whom,
//! on which day, as told by which source. It answers how actors are connected and what happened
//! between them over time.
//!
//! The modules in reading order; each uses only those above it. `ARCHITECTURE.md` walks through what
//! happens when a record arrives, a question is asked and the process dies.
//!
//! | module | owns |
//! |---|---|
//! | [`clock`] | the time: its only reader |
//! | [`model`] | the vocabulary: ids, dates, the ontology, the five kinds of record; a value that exists is valid |
//! | [`document`] | the JSON form of records, read and written, and its schema |
//! | [`codec`] | a record as bytes, for the journal and for the graph |
//! | [`text`] | words: how texts and names are taken apart, and the index that finds them again |
//! | [`parameter`] | what questions are asked: each parameter declared once, read, described and spelled |
//! | [`ingest`] | input files → drafts: formats, places, rejects |
//! | [`journal`] | the truth: commits on disk (sled), synced, checked, replayed |
//! | [`graph`] | the state: a temporal multigraph, its views and its index of names |
//! | [`query`] | the questions: a typed question → a pure function of a view → a typed answer |
//! | [`engine`] | where journal and graph meet: resolve, commit, view, import, undo |
//! | [`export`] | records → files, one file a format |
//! | [`http`] | the REST service and its OpenAPI document |
//! | [`cli`] | the command: its flags, what it prints, its exit codes |

pub mod cli;
pub mod clock;
pub mod codec;
pub mod document;
pub mod engine;
pub mod export;
pub mod graph;
pub mod http;
pub mod ingest;
pub mod journal;
pub mod model;
pub mod parameter;
pub mod query;
pub mod text;
