//! The questions, one file each: a typed question, a pure function of a [`View`], a typed answer.
//!
//! A question names actors by [`Term`]; whoever asks turns names into terms with
//! [`View::resolve`]. Answers are what clients see: they serialize to the documented JSON.
//!
//! [`View`]: crate::graph::View
//! [`View::resolve`]: crate::graph::View::resolve
//! [`Term`]: crate::graph::Term

pub mod answer;
mod describe;
mod dyad;
mod evidence;
mod filter;
mod histogram;
mod listing;
mod network;
mod paths;
mod relationships;
mod rollup;
mod summary;
mod timeline;
mod written;

pub use describe::{Describer, actor_brief, describe, history};
pub use dyad::{DyadQuestion, dyad};
pub use filter::{Filter, INDEPENDENT_MAX, Scope};
pub use histogram::{Bin, HistogramQuestion, Split, histogram};
pub use listing::{ListQuestion, list};
pub use paths::{EVIDENCE_MAX, MAX_HOPS_MAX, PATHS_MAX, PathsQuestion, VIA_MAX, paths};
pub use relationships::{RelationshipsQuestion, relationships};
pub use rollup::Rollup;
pub use summary::{SummaryQuestion, summary};
pub use timeline::{
    Match, Order, Page, Position, RowPage, Selection, TimelineQuestion, timeline, timeline_rows,
};
