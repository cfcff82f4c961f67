//! What a search finds, as clients see it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{CountAnswer, Meta, RecordAnswer};
use crate::query::drill_down::DrillDown;

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SearchPage<'v> {
    /// What was found, of this page.
    pub items: Vec<FoundAnswer<'v>>,
    /// How much there is on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// All that was found, counted.
    pub facets: FacetsAnswer<'v>,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FoundAnswer<'v> {
    /// The record.
    pub record: RecordAnswer<'v>,
    /// How well it fits, from 0 to 1. Actors by how a name matches (just that; every word; words that begin so;
    /// with errors of typing), and within that by how much is recorded of them; the others by BM25.
    pub score: f64,
    /// Of an actor, the records of the window in which it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<CountAnswer>,
    /// By what: `id`, `code`, `name`, `alias` or `office` for actors, `text` for the others.
    #[schema(example = "alias")]
    pub matched: &'static str,
    /// Where the words stand.
    pub highlights: Vec<HighlightAnswer>,
}

/// Words of the search in a text of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HighlightAnswer {
    /// The field, as a path in the record.
    #[schema(example = "sources[0].quote")]
    pub field: String,
    /// The text, or the part of it around the first word found.
    pub text: String,
    /// Whether `text` is only a part.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// Where the words start and end in `text`, in Unicode code points.
    #[schema(example = json!([[0, 7]]))]
    pub ranges: Vec<[usize; 2]>,
}

/// What was found on all pages, counted.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FacetsAnswer<'v> {
    /// By kind of record.
    pub kind: BTreeMap<&'static str, usize>,
    /// Events by PLOVER type.
    #[serde(rename = "type")]
    pub event_type: BTreeMap<&'static str, usize>,
    /// By data set.
    pub dataset: BTreeMap<&'v str, usize>,
    /// The URL of all that was found; `meta.opens` tells what to add for one of the numbers.
    pub records_url: DrillDown,
}
