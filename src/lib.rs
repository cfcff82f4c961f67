//! Chancery keeps the record of diplomacy: who met, called, promised, condemned or threatened whom,
//! on which day, as told by which source. It answers how actors are connected and what happened
//! between them over time.
//!
//! The command `chancery` and its REST service are made of this library. It can be embedded, too:
//!
//! ```
//! use std::sync::Arc;
//!
//! use chancery::engine::{Engine, ImportOptions, KnownAt, OnError, Progress};
//! use chancery::ingest::Input;
//! use chancery::model::Id;
//! use chancery::query::{PathsQuestion, paths};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let dir = tempfile::tempdir()?;
//! let (engine, _) = Engine::open(dir.path())?;
//!
//! // The record of a news article. All of an import is written, or nothing.
//! let options = ImportOptions {
//!     id: engine.import_id(),
//!     dataset: Id::parse("article")?,
//!     format: None,
//!     on_error: OnError::Reject,
//!     dry_run: false,
//! };
//! let article = Input::file("examples/blinken-2023.json")?;
//! engine.import(article, options, Arc::new(Progress::default()))?;
//!
//! // A view is the state of one commit, and an answer a pure function of it.
//! let view = engine.view(KnownAt::Now)?;
//! let from = view.resolve("Park Jin", None)?.actor;
//! let to = view.resolve("DPRK", None)?.actor;
//! let answer = paths(&view, &PathsQuestion::new(from, to));
//!
//! let hop = &answer.paths[0].hops[0];
//! assert_eq!(hop.source.name, "Park Jin");
//! assert_eq!(hop.target.id, "prk");
//! assert_eq!(hop.evidence.len(), 1, "a statement that condemns, with its source");
//! # Ok(())
//! # }
//! ```
//!
//! `examples/` has this as a program, one that reads a timeline over HTTP, and an importer.
//!
//! The modules in reading order; each uses only those above it. `ARCHITECTURE.md` walks through what
//! happens when a record arrives, a question is asked and the process dies.
//!
//! | module | owns |
//! |---|---|
//! | [`clock`] | the time: its only reader |
//! | [`model`] | the vocabulary: ids, dates, the ontology, the kinds of record; a value that exists is valid |
//! | [`invariant`] | reports that something does not hold that always does |
//! | [`document`] | the JSON form of records, read and written, and its schema |
//! | [`codec`] | a record as bytes, for the journal and for the graph |
//! | [`text`] | words: how texts and names are taken apart, and the index that finds them again |
//! | [`ingest`] | input files → drafts: formats, places, rejects |
//! | [`journal`] | the truth: commits on disk (sled), synced, checked, replayed |
//! | [`graph`] | the state: a temporal multigraph, its views and its index of names |
//! | [`parameter`] | what questions are asked: each parameter declared once, read, described and spelled |
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
pub mod invariant;
pub mod journal;
pub mod model;
pub mod parameter;
pub mod query;
pub mod text;
