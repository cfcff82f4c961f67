//! What a search finds, as clients see it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{CountAnswer, Meta, RecordAnswer};
use crate::query::drill_down::DrillDown;

/// A page of search results.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SearchPage<'v> {
    /// The results on this page.
    pub items: Vec<FoundAnswer<'v>>,
    /// The number of results on all pages.
    pub total: usize,
    /// Where the next page starts; `null` on the last one.
    pub next: Option<String>,
    /// Counts of the results on all pages.
    pub facets: FacetsAnswer<'v>,
    /// Parts of `q` that were ignored, and a note if not all records could be checked for its phrases. Absent
    /// if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<SearchWarning>,
    /// Metadata of the answer.
    pub meta: Meta,
}

/// A warning about a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SearchWarning {
    /// `unpaired_quote`, `empty_phrase`, `lone_minus`: a mark in `q` that was ignored. `phrases_unread`: some
    /// records that contain all words of a phrase were left out without checking the phrase, because there
    /// are too many.
    #[schema(example = "unpaired_quote")]
    pub kind: &'static str,
    /// The position of the mark in `q`, in Unicode code points from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<usize>,
    /// The warning in words, and what to do.
    pub text: String,
}

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FoundAnswer<'v> {
    /// The record.
    pub record: RecordAnswer<'v>,
    /// The relevance, from 0 to 1. It depends first on `match`, then for actors on the number of their
    /// records, and for other records on the BM25 score.
    pub score: f64,
    /// How the name or text matches; the best match comes first. `exact`: the whole name is equal to the
    /// query. `words`: it contains every word. `starts`: it contains words that begin with the given words.
    /// `stems`: it contains other forms of a word (texts only). `near`: it matches with typing errors (names
    /// only).
    #[serde(rename = "match")]
    #[schema(example = "words")]
    pub fit: &'static str,
    /// For an actor, the number of records in the window that involve it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<CountAnswer>,
    /// What matched: `id`, `code`, `name`, `alias` or `office` for actors, `text` for other records.
    #[schema(example = "alias")]
    pub matched: &'static str,
    /// The positions of the matched words.
    pub highlights: Vec<HighlightAnswer<'v>>,
}

/// Words of the search in a text of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HighlightAnswer<'v> {
    /// The field, as a path in the record.
    #[schema(example = "sources[0].quote")]
    pub field: String,
    /// The id of the merged actor whose text it is; absent where it is the record's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_from: Option<&'v str>,
    /// The text, or the part of it around the first word found.
    pub text: String,
    /// Whether `text` is only a part.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// Where the words start and end in `text`, in Unicode code points.
    #[schema(example = json!([[0, 7]]))]
    pub ranges: Vec<[usize; 2]>,
}

/// Counts of the results on all pages.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FacetsAnswer<'v> {
    /// The number of results of each kind of record.
    pub kind: BTreeMap<&'static str, usize>,
    /// Events by PLOVER type.
    #[serde(rename = "type")]
    pub event_type: BTreeMap<&'static str, usize>,
    /// The number of results in each data set.
    pub dataset: BTreeMap<&'v str, usize>,
    /// The URL that lists everything that was found. `meta.opens` says what to add to it to list the records
    /// of a single count.
    pub records_url: DrillDown,
}
