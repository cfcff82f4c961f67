//! The questions, one file each: a typed question, a pure function of a [`View`], a typed answer.
//!
//! A question names actors by [`Term`]; whoever asks turns names into terms with
//! [`View::resolve`]. Answers are what clients see: they serialize to the documented JSON.
//!
//! [`View`]: crate::graph::View
//! [`View::resolve`]: crate::graph::View::resolve
//! [`Term`]: crate::graph::Term

mod actor_comparison;
mod actor_duplicates;
mod actor_properties;
mod adjacency;
pub mod answer;
mod answer_error;
mod cell_filter;
mod chains;
mod change_points;
mod changes;
mod communities;
mod compare;
mod contradictions;
mod describe;
mod downsampling;
mod drill_down;
mod duplicate_keys;
mod duplicate_params;
mod duplicate_reasons;
mod duplicates;
mod dyad;
mod dyads;
mod effort;
mod event_pairs;
mod evidence;
mod explain;
mod filter;
mod filter_declaration;
mod fragments;
mod histogram;
mod independence;
mod leiden;
mod listing;
mod merges;
mod name_note;
mod names;
mod neighbourhood;
mod network;
mod observed_days;
mod ongoing;
mod paths;
mod rankings;
mod reach;
mod reconcile;
mod recording;
mod relationships;
mod rollup;
mod scope_params;
mod search;
mod selection;
mod series;
mod shuffle;
mod stances;
mod summary;
mod tally;
mod template;
mod temporal_walk;
mod timeline;
mod timeline_plan;
mod topics;
mod via;
mod whole;
mod written;

pub use crate::model::Bin;
pub use actor_duplicates::{
    ACTOR_PAIRS_MAX, ActorDuplicatesQuestion, actor_duplicates, actor_duplicates_within,
    score_actors,
};
pub use actor_properties::{ActorProperty, ExpectedProperty, PropertyCatalog};
pub use answer_error::AnswerError;
pub use cell_filter::{CellFilter, CodingFilter, DrillDownMembers, UNCODED, UNTYPED, WideBin};
pub use chains::ChainRule;
pub use changes::{ChangesQuestion, DiffQuestion, changes, diff};
pub use communities::{CommunitiesQuestion, communities};
pub use compare::{CompareQuestion, compare};
pub use contradictions::{ContradictionsQuestion, Rule, contradictions};
pub use describe::{Describer, actor_brief, describe, history};
pub use downsampling::{MARKS_MAX, MarksQuestion, marks};
pub use drill_down::{
    DrillDown, DrillDownBase, DrillDownCell, ListedRecords, NamedStances, OpenedQuestion,
    StanceCell, StanceColumn, WAYS,
};
pub use duplicate_keys::BLOCK_MAX;
pub use duplicate_params::{ActorDuplicatesParams, EventDuplicatesParams};
pub use duplicates::{DuplicatesQuestion, duplicates};
pub use dyad::{DyadQuestion, dyad};
pub use dyads::{DyadsQuestion, dyads};
pub use effort::paths_effort;
pub use event_pairs::{EVENT_PAIRS_MAX, EVENTS_COMPARED_MAX};
pub use explain::{RECORDS_MAX, SEARCHES_MAX, SEARCHES_MIN, explain, explain_within};
pub use filter::{Filter, INDEPENDENT_MAX, Occurrence, STARTS, Scope};
pub use histogram::{HistogramQuestion, Split, histogram};
pub use listing::{ListQuestion, list};
pub use merges::{
    MergeRule, MergesQuestion, actor_with_id, judged_different, merge, merges, preview_merge,
    recorded_since,
};
pub use names::{ResolveQuestion, name_note, resolve};
pub use neighbourhood::{EVENTS_MAX, GRAPH_HOPS_MAX, GraphQuestion, LINKS_MAX, NODES_MAX, graph};
pub use paths::{
    DEGREE_MAX, EVIDENCE_MAX, JOINS_MAX, MAX_HOPS_MAX, Mode, PATHS_MAX, PathsQuestion, VIA_MAX,
    paths, paths_json,
};
pub use rankings::{
    BETWEENNESS_STEPS_MAX, RankingMeasure, RankingsQuestion, rankings, rankings_within,
};
pub use reach::{CHAIN_MAX, ReachQuestion, reach};
pub use reconcile::{
    ActorPreview, CANDIDATES_DEFAULT, CANDIDATES_MAX, ReconciliationQuery, TypeStrictness,
    entity_type, extend, preview, reconcile, suggest_entities, suggest_properties, suggest_types,
};
pub use relationships::{RelationshipsQuestion, relationships};
pub use rollup::Rollup;
pub use scope_params::{
    CellParams, CertainParams, OfActors, OfLinks, OfLists, OfPaths, OfRecords, OfSearches,
    OfSources, OfSummaries, OfTellings, OfTimelines, OfWindows, OrderParams, SchemeParams,
    ScopeKind, ScopeParams,
};
pub use search::{
    PHRASE_RECORDS_MAX, SEARCHED, SearchOrder, SearchQuestion, search, search_within,
};
pub use selection::{ActorMatch, Order, Page, PageOffset, Selection};
pub use series::{
    HALF_LIFE_DEFAULT, HALF_LIFE_MAX, SERIES_BINS_MAX, SeriesQuestion, TooManyBins, series,
};
pub use stances::{
    MATRIX_SIDE_MAX, MatrixColumns, MatrixQuestion, Stances, StancesQuestion, matrix, stances,
};
pub use summary::{SummaryQuestion, summary};
pub use timeline::{RowPage, TimelineQuestion, timeline, timeline_rows};
pub use timeline_plan::TimelinePlan;
pub use topics::{TopicsQuestion, topics};
pub use whole::whole_timeline;
