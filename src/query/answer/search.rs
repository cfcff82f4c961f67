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
    /// What of `q` was passed over, and whether not all records could be read for its phrases. Absent when
    /// there is nothing to say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<SearchWarning>,
    /// What holds for the whole answer.
    pub meta: Meta,
}

/// Something in a search that is not as it may seem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SearchWarning {
    /// `unpaired_quote`, `empty_phrase`, `lone_minus`: a mark in `q` that was passed over; `phrases_unread`:
    /// records that have all words of a phrase were left out unread, for there are too many.
    #[schema(example = "unpaired_quote")]
    pub kind: &'static str,
    /// Where the mark stands in `q`, in Unicode code points from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<usize>,
    /// The same in words, and what to do.
    pub text: String,
}

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FoundAnswer<'v> {
    /// The record.
    pub record: RecordAnswer<'v>,
    /// How well it fits, from 0 to 1: first by `match`, then actors by how much is recorded of them, the others
    /// by BM25.
    pub score: f64,
    /// How its name or text matches, the best first: `exact`, the name is just that; `words`, it has every
    /// word; `starts`, words that begin so; `stems`, other forms of a word, in texts only; `near`, with errors of
    /// typing, in names only.
    #[serde(rename = "match")]
    #[schema(example = "words")]
    pub fit: &'static str,
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
