//! What a page needs of each of its rows, looked up for all of them before the first is written.
//!
//! Rows of a page lie far apart, and each is a wait for memory in every column. Looked up together,
//! they are waited for together.

use super::columns::{UNDATED, at};
use super::packed_id::PackedId;
use super::segment::CommitMark;
use super::terms::Term;
use super::view::{Row, View};
use crate::invariant::Holds as _;

/// What rows share, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RowShape {
    /// The segment of the state, from 0.
    pub segment: u32,
    /// The shape in it, from 0: see [`View::shapes_by_segment`].
    pub number: u32,
}

/// A row as far as its columns tell it without a look at what it shares with others.
#[derive(Clone, Copy, Debug)]
pub struct RowHeader<'v> {
    /// The row.
    pub row: Row,
    /// What it shares with others.
    pub shape: RowShape,
    /// The day that it is sorted at and its last; of a plain event its first and its last.
    pub days: Option<(i32, i32)>,
    /// Its id.
    pub id: PackedId<'v>,
    actors: RowActors<'v>,
    /// The operation that made it.
    pub(super) born: u32,
}

/// The actors of a row.
#[derive(Clone, Copy, Debug)]
enum RowActors<'v> {
    /// Looked up, as in most rows.
    Two([Term; 2]),
    /// Where they stand.
    Others(&'v [Term]),
}

impl RowHeader<'_> {
    /// Its actors, in the order of the record.
    pub fn actors(&self) -> &[Term] {
        match &self.actors {
            RowActors::Two(actors) => actors,
            RowActors::Others(actors) => actors,
        }
    }
}

impl View {
    /// The outlines of some rows, in their order.
    pub fn outlines(&self, rows: &[Row]) -> Vec<RowHeader<'_>> {
        let outline = |row: &Row| self.outline(*row).holds("a row stands in its segment");
        rows.iter().filter_map(outline).collect()
    }

    fn outline(&self, row: Row) -> Option<RowHeader<'_>> {
        let columns = &self.segment(row)?.columns;
        let index = row.index as usize;
        let head = columns.head(index)?;
        Some(RowHeader {
            row,
            shape: RowShape {
                segment: row.segment,
                number: head.shape(),
            },
            days: (head.day != UNDATED).then(|| (head.day, columns.latest(index, head.day))),
            id: columns.id_of(index, head),
            actors: match *columns.standing_in(head) {
                [first, second] => RowActors::Two([first, second]),
                ref others => RowActors::Others(others),
            },
            born: at(&columns.born, index),
        })
    }

    /// The number of shapes in each segment of the state.
    pub fn shapes_by_segment(&self) -> impl Iterator<Item = usize> {
        let segments = self.graph.segments.iter();
        segments.map(|segment| segment.columns.shapes())
    }

    /// The commit that made a row.
    pub fn recorded_of(&self, outline: &RowHeader<'_>) -> Option<CommitMark> {
        self.graph.commit_of(outline.born)
    }
}
