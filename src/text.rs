//! Words: how texts and names are taken apart, and the index by which they are found again.
//!
//! An [`TextIndex`] is of some rows, given by number. The graph keeps one for each of its segments, made
//! when it is first asked for: rows are never changed, so an index never grows stale, and rows that
//! say nothing in words cost nothing. Which rows a question may see is for the graph to say.

mod closeness;
mod fields;
mod graphemes;
mod name_relation;
mod names;
mod query;
mod stems;
mod texts;
mod words;

pub use closeness::Closeness;
pub use fields::{Field, fields};
pub use name_relation::{ComparableName, NameRelation, NameStyle};
pub use names::{Likeness, NameSource, Names};
pub use query::{Clause, Fit, Passed, PassedKind, QUERY_MAX_CHARS, QueryError, TextQuery};
pub use stems::{Language, Languages, source_languages};
pub use texts::{Hit, Reading, Texts, has_phrases};
pub use words::{WORDS_MAX, Word, words};

use crate::model::Record;

/// The words and names of some rows.
#[derive(Debug, Default)]
pub struct TextIndex {
    /// The words of texts.
    pub texts: Texts,
    /// The names of actors and the titles of offices.
    pub names: Names,
}

impl TextIndex {
    /// The index of rows, given ascending.
    pub fn from_records(records: impl Iterator<Item = (u32, Record)>) -> Self {
        let (mut texts, mut names) = (
            texts::TextsBuilder::default(),
            names::NamesBuilder::default(),
        );
        for (row, record) in records {
            texts.add(row, &record);
            names.add(row, &record);
        }
        Self {
            texts: texts.finish(),
            names: names.finish(),
        }
    }
}
