//! The words of a segment: indexed when somebody first searches, and then for as long as the segment
//! lives.

use super::segment::Segment;
use super::view::{Row, View};
use crate::text::TextIndex;

/// The index of the rows of one segment, as a view sees them.
#[derive(Clone, Copy, Debug)]
pub struct WordIndex<'v> {
    view: &'v View,
    number: u32,
    segment: &'v Segment,
}

impl View {
    /// The indexes of all rows that say something in words.
    pub fn indexed(&self) -> impl Iterator<Item = WordIndex<'_>> {
        self.segments().map(|(number, segment)| WordIndex {
            view: self,
            number,
            segment,
        })
    }
}

impl<'v> WordIndex<'v> {
    /// The index.
    pub fn index(self) -> &'v TextIndex {
        self.segment.words.get_or_init(|| {
            let rows = self.segment.columns.with_body().iter().copied();
            // What can't be read has been reported.
            TextIndex::from_records(rows.filter_map(|row| {
                let text = |term| self.view.text(term);
                Some((row, self.segment.columns.record(row as usize, text)?))
            }))
        })
    }

    /// Whether the view sees a row of the index.
    pub fn sees(self, row: u32) -> bool {
        self.view.sees(self.segment, row)
    }

    /// The row of the view that a row of the index is.
    pub const fn row(self, row: u32) -> Row {
        Row::new(self.number, row)
    }
}
