//! The flat columns of a Parquet file, as their values are gathered.
//!
//! Values of neighbouring rows are mostly the same, so a leaf can be told to repeat what a row said before. A text that
//! is known to be the same is then a number once more, and not copied.

use std::ops::Range;

use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;

use super::table::{Cell, ColumnType, PlainPart};
use crate::graph::Term;
use crate::invariant::number_32;

/// How much of a nested value is there (the format's definition levels): what there is at the least
/// where a leaf is written, whether it has a value there or not.
pub(super) struct NestingLevel;

impl NestingLevel {
    /// Nothing.
    pub(super) const COLUMN: i16 = 0;
    /// A list.
    pub(super) const ELEMENT: i16 = 1;
    /// A list and an object in it.
    pub(super) const MEMBER: i16 = 2;
}

/// A flat column of the open row group.
pub(super) struct Leaf {
    part: PlainPart,
    /// How much of each value is there.
    levels: Vec<i16>,
    /// Of lists, whether each value follows another in its list (1) or begins one (0).
    repeats: Option<Vec<i16>>,
    values: LeafValues,
}

enum LeafValues {
    Texts(LeafTexts),
    Numbers(Vec<f64>),
    Flags(Vec<bool>),
    Days(Vec<i32>),
}

/// Texts by number.
#[derive(Default)]
struct LeafTexts {
    /// Texts one after another, and where each ends.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// The number of the text of each value. A text may have several.
    numbers: Vec<u32>,
    /// The number of the text of each term that was added, by [`Term::index`].
    of_terms: Vec<Option<u32>>,
}

/// How much a leaf holds.
#[derive(Clone, Copy)]
pub(super) struct LeafEnd {
    levels: usize,
    values: usize,
}

/// What a leaf holds of a row.
#[derive(Clone)]
pub(super) struct LeafSpan {
    levels: Range<usize>,
    values: Range<usize>,
}

impl LeafEnd {
    pub(super) const fn until(self, end: Self) -> LeafSpan {
        LeafSpan {
            levels: self.levels..end.levels,
            values: self.values..end.values,
        }
    }
}

impl Leaf {
    pub(super) fn new(of: ColumnType, is_list: bool, part: PlainPart) -> Self {
        let values = match of {
            ColumnType::Number => LeafValues::Numbers(Vec::new()),
            ColumnType::Flag => LeafValues::Flags(Vec::new()),
            ColumnType::Day => LeafValues::Days(Vec::new()),
            ColumnType::Text
            | ColumnType::Ids
            | ColumnType::Texts
            | ColumnType::Objects(_)
            | ColumnType::Json => LeafValues::Texts(LeafTexts::default()),
        };
        Self {
            part,
            levels: Vec::new(),
            repeats: is_list.then(Vec::new),
            values,
        }
    }

    /// What its values depend on.
    pub(super) const fn part(&self) -> PlainPart {
        self.part
    }

    /// The same leaf without rows, with room for as many as this has.
    pub(super) fn emptied(&self) -> Self {
        let values = match &self.values {
            LeafValues::Texts(texts) => LeafValues::Texts(texts.emptied()),
            LeafValues::Numbers(numbers) => LeafValues::Numbers(Vec::with_capacity(numbers.len())),
            LeafValues::Flags(flags) => LeafValues::Flags(Vec::with_capacity(flags.len())),
            LeafValues::Days(days) => LeafValues::Days(Vec::with_capacity(days.len())),
        };
        let repeats = self.repeats.as_ref();
        Self {
            part: self.part,
            levels: Vec::with_capacity(self.levels.len()),
            repeats: repeats.map(|repeats| Vec::with_capacity(repeats.len())),
            values,
        }
    }

    /// Adds a value, or that there is none; how many bytes of text it has.
    pub(super) fn add(&mut self, cell: &Cell<'_>, least: i16, follows: bool) -> usize {
        let there = match (&mut self.values, cell) {
            (_, Cell::Text(text)) => return self.add_text(text, least, follows),
            (LeafValues::Numbers(numbers), Cell::Number(number)) => {
                numbers.push(*number);
                true
            }
            (LeafValues::Flags(flags), Cell::Flag(flag)) => {
                flags.push(*flag);
                true
            }
            (LeafValues::Days(days), Cell::Day(day)) => {
                days.push(day.number());
                true
            }
            _ => false,
        };
        self.add_level(least, there, follows);
        0
    }

    /// Adds a text; how many bytes it has.
    pub(super) fn add_text(&mut self, text: &str, least: i16, follows: bool) -> usize {
        let LeafValues::Texts(texts) = &mut self.values else {
            self.add_level(least, false, follows);
            return 0;
        };
        texts.add(text);
        self.add_level(least, true, follows);
        text.len()
    }

    fn add_level(&mut self, least: i16, there: bool, follows: bool) {
        self.levels.push(least + i16::from(there));
        if let Some(repeats) = &mut self.repeats {
            repeats.push(i16::from(follows));
        }
    }

    /// How much it holds.
    pub(super) fn end(&self) -> LeafEnd {
        let values = match &self.values {
            LeafValues::Texts(texts) => texts.numbers.len(),
            LeafValues::Numbers(numbers) => numbers.len(),
            LeafValues::Flags(flags) => flags.len(),
            LeafValues::Days(days) => days.len(),
        };
        LeafEnd {
            levels: self.levels.len(),
            values,
        }
    }

    /// Adds what it holds of a row once more; no bytes of text are added.
    pub(super) fn repeat(&mut self, span: &LeafSpan) -> usize {
        self.repeat_levels(span);
        match &mut self.values {
            LeafValues::Texts(texts) => repeat(&mut texts.numbers, &span.values),
            LeafValues::Numbers(numbers) => repeat(numbers, &span.values),
            LeafValues::Flags(flags) => repeat(flags, &span.values),
            LeafValues::Days(days) => repeat(days, &span.values),
        }
        0
    }

    /// Adds as many actors as it holds of a row; how many bytes of text were added.
    pub(super) fn repeat_actors<'t>(
        &mut self,
        span: &LeafSpan,
        actors: impl Iterator<Item = Term>,
        text: impl Fn(Term) -> &'t str,
    ) -> usize {
        self.repeat_levels(span);
        match &mut self.values {
            LeafValues::Texts(texts) => actors.map(|actor| texts.add_term(actor, &text)).sum(),
            LeafValues::Numbers(_) | LeafValues::Flags(_) | LeafValues::Days(_) => 0,
        }
    }

    fn repeat_levels(&mut self, span: &LeafSpan) {
        repeat(&mut self.levels, &span.levels);
        if let Some(repeats) = &mut self.repeats {
            repeat(repeats, &span.levels);
        }
    }

    /// Writes the values.
    pub(super) fn write(self, writer: &mut ColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = Some(self.levels.as_slice());
        let repeats = self.repeats.as_deref();
        match (writer, self.values) {
            (ColumnWriter::ByteArrayColumnWriter(writer), LeafValues::Texts(texts)) => {
                writer.write_batch(&texts.values(), levels, repeats)?;
            }
            (ColumnWriter::DoubleColumnWriter(writer), LeafValues::Numbers(numbers)) => {
                writer.write_batch(&numbers, levels, repeats)?;
            }
            (ColumnWriter::BoolColumnWriter(writer), LeafValues::Flags(flags)) => {
                writer.write_batch(&flags, levels, repeats)?;
            }
            (ColumnWriter::Int32ColumnWriter(writer), LeafValues::Days(days)) => {
                writer.write_batch(&days, levels, repeats)?;
            }
            _ => {
                let problem = "a column has another type than its schema".to_owned();
                return Err(ParquetError::General(problem));
            }
        }
        Ok(())
    }
}

impl LeafTexts {
    fn emptied(&self) -> Self {
        Self {
            bytes: Vec::with_capacity(self.bytes.len()),
            ends: Vec::with_capacity(self.ends.len()),
            numbers: Vec::with_capacity(self.numbers.len()),
            of_terms: Vec::with_capacity(self.of_terms.len()),
        }
    }

    /// Adds a value with a text of its own; the number of the text.
    fn add(&mut self, text: &str) -> u32 {
        let number = number_32(self.ends.len());
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(self.bytes.len());
        self.numbers.push(number);
        number
    }

    /// Adds the text of a term; how many bytes were added.
    fn add_term<'t>(&mut self, term: Term, text: impl Fn(Term) -> &'t str) -> usize {
        if let Some(Some(number)) = self.of_terms.get(term.index()) {
            self.numbers.push(*number);
            return 0;
        }
        let text = text(term);
        let number = self.add(text);
        if self.of_terms.len() <= term.index() {
            self.of_terms.resize(term.index() + 1, None);
        }
        if let Some(place) = self.of_terms.get_mut(term.index()) {
            *place = Some(number);
        }
        text.len()
    }

    /// The text of each value, as views of one allocation.
    fn values(self) -> Vec<ByteArray> {
        let bytes = ByteArray::from(self.bytes);
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let each = starts.zip(&self.ends);
        let texts: Vec<ByteArray> = each
            .map(|(from, to)| bytes.slice(from, to - from))
            .collect();
        // Each value has a text of its own, in their order.
        if texts.len() == self.numbers.len() {
            return texts;
        }
        let numbers = self.numbers.iter();
        let values = numbers.filter_map(|number| texts.get(*number as usize));
        values.cloned().collect()
    }
}

/// Adds some of the items once more.
fn repeat<T: Copy>(items: &mut Vec<T>, span: &Range<usize>) {
    for at in span.clone() {
        // Rows that are repeated are there.
        if let Some(item) = items.get(at).copied() {
            items.push(item);
        }
    }
}
