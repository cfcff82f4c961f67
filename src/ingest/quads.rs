//! Quadruples of a temporal knowledge graph: `subject⇥relation⇥object⇥date`, one event a line.
//!
//! The relation is the label of a CAMEO code, the subject the event's source and the object its
//! target. Nothing but names stands for actors, so those that nobody knows are made; the source
//! that events cite is the data set itself.
//!
//! Copies of one corpus differ, and all of them are read: `_` in place of spaces, white space and
//! no-break spaces around names, carriage returns, and a fifth column with a number that says
//! nothing (`-1`, `0`). Quotes and commas belong to the names.

use std::ops::ControlFlow;

use hashbrown::HashMap;

use super::format::{FormatDeclaration, FormatReader};
use super::input::OpenInput;
use super::limits::RECORD_MAX_BYTES;
use super::lines::{blank, next_line};
use super::walk::{self, PositionCursor};
use super::{
    InputPosition, InputReader, Item, ReadStop, Reject, Subject, no_utf8, nothing, record,
};
use crate::document::event_of_content;
use crate::model::{Cameo, Coding, Date, Day, Id, Kind, Name, RecordProblem, Role, Shape, Status};

pub(super) const FORMAT: FormatDeclaration = FormatDeclaration {
    word: "quads",
    media_types: &["text/tab-separated-values"],
    extensions: &["quads"],
    reader: FormatReader::Stream { fits, read },
};

/// The columns of a row.
const COLUMNS: [&str; 4] = ["subject", "relation", "object", "date"];
/// Texts remembered as they are written, so that each is looked at once. Corpora have fewer.
const REMEMBERED_MAX: usize = 1 << 20;
/// Unknown relations for which the nearest label is looked for.
const SUGGESTED_MAX: usize = 100;

/// Whether the first line that is not blank is a row of quadruples: four columns, or one more for what
/// some copies have behind, and no JSON.
fn fits(head: &[u8]) -> bool {
    // What is split has a first part, be it empty.
    let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let columns = memchr::memchr_iter(b'\t', line).count() + 1;
    (COLUMNS.len()..=COLUMNS.len() + 1).contains(&columns)
        && !line.starts_with(b"{")
        && !line.starts_with(b"[")
}

fn read(
    reading: &mut InputReader<'_>,
    mut opened: OpenInput<'_>,
) -> Result<ControlFlow<()>, ReadStop> {
    let mut rows = QuadCache::default();
    let mut line = Vec::new();
    let mut start = InputPosition::START;
    let mut is_first = true;
    reading.events.imply();
    loop {
        let length = match next_line(opened.reader(), &mut line) {
            Ok(Some(length)) => length,
            Ok(None) => break,
            Err(error) => return Err(opened.stop(error, start)),
        };
        reading.events.note_line(length);
        if length > RECORD_MAX_BYTES {
            is_first = false;
            if reading.unreadable(start, record::too_long()).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        } else if !blank(&line) {
            if is_first && is_numbers(&line) {
                return Err(ReadStop::Content(start, numbers(&line)));
            }
            is_first = false;
            if rows.one(reading, &line, start).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        start.line += 1;
    }
    Ok(if is_first {
        reading.unreadable(InputPosition::START, nothing())
    } else {
        ControlFlow::Continue(())
    })
}

/// Whether a row is of the copies that have numbers in place of names.
fn is_numbers(line: &[u8]) -> bool {
    let number = |column: &[u8]| {
        let column = column.trim_ascii();
        !column.is_empty() && column.iter().all(u8::is_ascii_digit)
    };
    let mut columns = line.split(|byte| *byte == b'\t').take(COLUMNS.len());
    columns.clone().count() == COLUMNS.len() && columns.all(number)
}

fn numbers(line: &[u8]) -> RecordProblem {
    let problem = "the rows are numbers, which have no meaning without the files that define \
                   them (entity2id.txt, relation2id.txt)";
    RecordProblem::new("", problem)
        .value(walk::shown(&String::from_utf8_lossy(line)))
        .suggest(
            "the copy of the corpus with names: \
             Japan⇥Make a visit⇥Thailand⇥2014-09-22"
                .to_owned(),
        )
}

/// What was read of earlier rows.
#[derive(Default)]
struct QuadCache {
    /// The number of each name as it is written.
    names: HashMap<Box<[u8]>, u32>,
    /// The number of the shape of each relation as it is written.
    relations: HashMap<Box<[u8]>, u32>,
    /// The last plain date as it is written, and its days: the next is often the same.
    date: Option<(Vec<u8>, (Day, Day))>,
    suggested: usize,
}

impl QuadCache {
    fn one(
        &mut self,
        reading: &mut InputReader<'_>,
        line: &[u8],
        start: InputPosition,
    ) -> ControlFlow<()> {
        let mut columns = [&[][..]; 5];
        let mut count = 0;
        let mut start_of_column = 0;
        for end in memchr::memchr_iter(b'\t', line).chain([line.len()]) {
            // Columns beyond those are counted only. Tabs come one after the other.
            if let Some(place) = columns.get_mut(count) {
                *place = line.get(start_of_column..end).unwrap_or_default();
            }
            start_of_column = end + 1;
            count += 1;
        }
        let [subject, relation, object, date, more] = columns;
        let whole = count == 4 || (count == 5 && says_nothing(more));
        let quad = whole.then(|| self.quad(reading, (subject, relation, object), date));
        let Some((shape, actors, days)) = quad.flatten() else {
            return self.bad_or_rare(reading, line, start);
        };
        if reading.wants(Kind::Event) {
            reading.records += 1;
            reading
                .events
                .add(start, shape, Some(days), (&actors, None));
        }
        reading.pass_on_full()
    }

    /// The parts of a row whose date is a plain one. `None` when something about it is wrong: then it
    /// is read once more, with care, to say what.
    fn quad(
        &mut self,
        reading: &mut InputReader<'_>,
        (subject, relation, object): (&[u8], &[u8], &[u8]),
        date: &[u8],
    ) -> Option<(u32, [u32; 2], (Day, Day))> {
        let days = self.days(date)?;
        let shape = self.relation(reading, relation)?;
        let subject = self.name(reading, subject)?;
        let object = self.name(reading, object)?;
        Some((shape, [subject, object], days?))
    }

    /// The days of a date, if it is a plain one.
    #[expect(
        clippy::option_option,
        reason = "no date, and a date that days don't tell"
    )]
    fn days(&mut self, written: &[u8]) -> Option<Option<(Day, Day)>> {
        if let Some((known, days)) = &self.date
            && known == written
        {
            return Some(Some(*days));
        }
        let date = Date::parse(str::from_utf8(written).ok()?.trim()).ok()?;
        if !date.is_plain() {
            return Some(None);
        }
        let days = (date.earliest(), date.latest());
        self.date = Some((written.to_vec(), days));
        Some(Some(days))
    }

    fn name(&mut self, reading: &mut InputReader<'_>, written: &[u8]) -> Option<u32> {
        if let Some(number) = self.names.get(written) {
            return Some(*number);
        }
        let number = reading
            .events
            .name(name(str::from_utf8(written).ok()?).ok()?);
        if self.names.len() < REMEMBERED_MAX {
            self.names.insert(written.into(), number);
        }
        Some(number)
    }

    fn relation(&mut self, reading: &mut InputReader<'_>, written: &[u8]) -> Option<u32> {
        if let Some(number) = self.relations.get(written) {
            return Some(*number);
        }
        let cameo = Cameo::from_label(str::from_utf8(written).ok()?)?;
        let shape = shape(&reading.options.defaults.dataset, cameo).ok()?;
        let number = reading.events.shape(shape);
        if self.relations.len() < REMEMBERED_MAX {
            self.relations.insert(written.into(), number);
        }
        Some(number)
    }

    /// A row that is wrong, or that has a date that is not plain.
    fn bad_or_rare(
        &mut self,
        reading: &mut InputReader<'_>,
        line: &[u8],
        start: InputPosition,
    ) -> ControlFlow<()> {
        if !reading.wants(Kind::Event) {
            return ControlFlow::Continue(());
        }
        reading.records += 1;
        let text = match str::from_utf8(line) {
            Ok(text) => text,
            Err(error) => {
                let good = error.valid_up_to();
                // Up to there it is UTF-8, and the next byte is none.
                let before = line.get(..good).and_then(|b| str::from_utf8(b).ok());
                let at = PositionCursor::new(before.unwrap_or_default(), start).at(good);
                let byte = line.get(good).copied().unwrap_or_default();
                return reading.reject(at, subject(), no_utf8(byte));
            }
        };
        match self.careful(reading, text, start) {
            Ok(item) => reading.give(item),
            Err(rejects) => reading.give(Item::Rejects(rejects)),
        }
    }

    /// Reads a row column by column and says all that is wrong with it.
    fn careful(
        &mut self,
        reading: &InputReader<'_>,
        text: &str,
        start: InputPosition,
    ) -> Result<Item, Vec<Reject>> {
        let mut cursor = PositionCursor::new(text, start);
        let columns: Vec<&str> = text.split('\t').collect();
        let mut problems: Vec<(InputPosition, RecordProblem)> = Vec::new();
        let &[subject_name, relation, object_name, date, ..] = columns.as_slice() else {
            let problem = format!(
                "has {} columns: a row is {}, separated by tabs",
                columns.len(),
                COLUMNS.join(", ")
            );
            return Err(vec![reject(
                start,
                RecordProblem::new("", problem).value(walk::shown(text)),
            )]);
        };
        let mut keep = |column: &str, written: &str, problem: RecordProblem| {
            let problem = RecordProblem {
                value: Some(walk::shown(written.trim())),
                ..problem
            };
            problems.push((cursor.position(written), problem.under(column)));
        };
        let source = name(subject_name).map_err(|p| keep("subject", subject_name, p));
        let cameo = Cameo::from_label(relation).ok_or_else(|| {
            keep("relation", relation, self.no_label(relation));
        });
        let dataset = &reading.options.defaults.dataset;
        let shape = cameo.and_then(|cameo| {
            shape(dataset, cameo).map_err(|problem| keep("relation", relation, problem))
        });
        let target = name(object_name).map_err(|p| keep("object", object_name, p));
        let date = Date::parse(date.trim()).map_err(|error| {
            let problem = RecordProblem::new("", error.problem.clone());
            keep("date", date, problem.suggest(error.suggestion.clone()));
        });
        for (written, number) in columns.iter().zip(1_usize..).skip(COLUMNS.len()) {
            if number > COLUMNS.len() + 1 || !says_nothing(written.as_bytes()) {
                let problem = RecordProblem::new(
                    format!("column {number}"),
                    format!("is an extra column: a row is {}", COLUMNS.join(", ")),
                );
                keep("", written, problem);
                break;
            }
        }
        if let (Ok(source), Ok(shape), Ok(target), Ok(date)) = (source, shape, target, date)
            && problems.is_empty()
        {
            let parts = shape.event(dataset.clone(), Some(date), [source, target]);
            let draft = event_of_content(parts);
            return draft
                .map(|draft| Item::Draft(start, draft))
                .map_err(|problems| problems.into_iter().map(|p| reject(start, p)).collect());
        }
        let each = problems.into_iter();
        Err(each.map(|(at, problem)| reject(at, problem)).collect())
    }

    fn no_label(&mut self, written: &str) -> RecordProblem {
        let problem = RecordProblem::new("", "is not the label of a CAMEO code");
        self.suggested += 1;
        if self.suggested > SUGGESTED_MAX {
            return problem;
        }
        problem.suggest(Cameo::nearest_label(&walk::shown(written.trim())).map(str::to_owned))
    }
}

fn subject() -> Subject {
    Subject {
        kind: Some(Kind::Event),
        id: None,
    }
}

fn reject(position: InputPosition, problem: RecordProblem) -> Reject {
    Reject {
        position,
        subject: subject(),
        problem,
    }
}

/// A fifth column that some copies have: a number without a meaning.
fn says_nothing(column: &[u8]) -> bool {
    let column = column.trim_ascii();
    let digits = column.strip_prefix(b"-").unwrap_or(column);
    digits.iter().all(u8::is_ascii_digit)
}

/// A name without the marks that copies put in place of spaces.
fn name(written: &str) -> Result<Name, RecordProblem> {
    let written = written.trim();
    let name = if written.contains('_') && !written.contains(' ') {
        Name::new(&written.replace('_', " "))
    } else {
        Name::new(written)
    };
    name.map_err(|error| RecordProblem::new("", error.to_string()))
}

/// What all events of one relation share.
fn shape(dataset: &Id, cameo: Cameo) -> Result<Shape, RecordProblem> {
    let coding = Coding::new(None, Some(cameo));
    Ok(Shape {
        dataset: dataset.clone(),
        coding: coding.map_err(|error| RecordProblem::new("", error.to_string()))?,
        status: Status::Occurred,
        roles: [Role::Source, Role::Target].into(),
        sources: [(dataset.clone(), None)].into(),
    })
}
