//! From bytes to drafts, one file a format (`format.rs` lists them), plain or packed with gzip. Nothing here
//! knows what is stored.
//!
//! [`read`] hands out every record as a [`Draft`], as one of many [`EventBatch`] or as [`Reject`]s that say where, what and what
//! to do, and goes on after a bad record. It may be called more than once on one [`Input`], each
//! time for other [`Kinds`]. A record's problems are reported by the reading that asks for its
//! kind; what has no kind (an unreadable line, an unknown member of a document, a broken document)
//! by the reading with [`ReadOptions::report_unreadable`]. So readings whose kinds don't overlap, one
//! of which reports the unreadable, together report each problem once.

mod acled;
mod archive;
mod events;
mod format;
mod ftm;
mod gdelt;
mod historian;
mod icews;
mod input;
mod json;
mod json_lines;
mod limits;
mod lines;
mod plain_line;
mod polecat;
mod quads;
mod read_ahead;
mod record;
mod references;
mod table;
#[cfg(test)]
mod tests;
mod timelinejs;
mod ucdp;
mod utf16;
mod walk;
mod zstd;

pub use events::{ContentIds, EVENTS_MAX, EventBatch, EventRow, RowId, draft};
pub use format::{InputFormat, UNSPECIFIC_MEDIA_TYPES};
pub use input::{Input, Spool};
pub use limits::*;
pub use references::ImpliedReferences;

use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use thiserror::Error;

use crate::document::Defaults;
use crate::model::{Draft, Kind, RecordProblem};
use events::BatchBuilder;
use format::FormatReader;
use input::OpenInput;
use references::ReferenceCollector;
use table::event::{CellProblem, EventResult};

/// A place in the unpacked input. What concerns a whole record stands at its first character, what
/// concerns the whole input at line 1, column 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputPosition {
    /// The number of the member of an archive, from 1; 0 where there is no archive.
    pub member: u32,
    /// Line, from 1. Lines end with a line feed.
    pub line: u64,
    /// Column in characters (Unicode scalar values), from 1. A byte order mark has none.
    pub column: u64,
}

impl Default for InputPosition {
    fn default() -> Self {
        Self::START
    }
}

impl InputPosition {
    /// The beginning of the input.
    pub const START: Self = Self {
        member: 0,
        line: 1,
        column: 1,
    };
}

/// Which record is meant, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Its kind.
    pub kind: Option<Kind>,
    /// Its id as it was written, if it wrote one, cut where it is too long for an id.
    pub id: Option<String>,
}

/// One thing that is wrong in the input. A record with several has several rejects, up to
/// [`RECORD_PROBLEMS_MAX`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Where: the value at fault, the name of a member that is unknown or doubled, the object that
    /// lacks a member, or the start of the record.
    pub position: InputPosition,
    /// In which record.
    pub subject: Subject,
    /// What, and what to do.
    pub problem: RecordProblem,
}

/// Something about an input that is in no record's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputRemark {
    /// What stands there.
    pub value: String,
    /// What was made of it.
    pub message: String,
}

/// What the reading of an input gives.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every item is a draft and is moved once"
)]
pub enum Item {
    /// A record, and where it starts.
    Draft(InputPosition, Draft),
    /// Plain events, and the names and shapes that they are the first to have.
    Events(Box<EventBatch>),
    /// Actors and sources that drafts after it are the first to name, of a format that has no records of
    /// such.
    References(Box<ImpliedReferences>),
    /// Something about how the input is read that its author should know.
    Remark(InputPosition, InputRemark),
    /// The number and the name of the member of an archive in which all that follows stands.
    Member(u32, String),
    /// All that is wrong with one record, or with what should have been one.
    Rejects(Vec<Reject>),
}

/// A set of kinds of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// Every kind.
    pub const ALL: Self = Self::from_kinds(Kind::ALL);

    /// These kinds.
    pub const fn from_kinds(kinds: &[Kind]) -> Self {
        let mut bits = 0;
        let mut rest = kinds;
        while let [kind, more @ ..] = rest {
            bits |= 1 << kind.number();
            rest = more;
        }
        Self(bits)
    }

    /// Whether `kind` is one of them.
    pub const fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind.number()) != 0
    }
}

/// How to read an input.
#[derive(Clone, Debug)]
pub struct ReadOptions<'a> {
    /// The format; found out from the name and the first bytes when it is not given.
    pub format: Option<InputFormat>,
    /// What holds for records that do not say otherwise.
    pub defaults: Defaults,
    /// The kinds to decode. Records of other kinds are passed over without a look at what they say.
    pub kinds: Kinds,
    /// Whether to report what belongs to no kind.
    pub report_unreadable: bool,
    /// Whether the ids of plain events that are made of content are made; else whoever takes the
    /// events does it, by [`ContentIds::complete`].
    pub content_ids: bool,
    /// Counts the bytes of the input (packed ones, where it is packed) as they are read, to be
    /// compared with [`Input::len`] for progress. It is set to 0 when a reading begins.
    pub bytes_read: Option<&'a AtomicU64>,
}

impl ReadOptions<'_> {
    /// Reads every kind and reports everything.
    pub const fn new(defaults: Defaults) -> Self {
        Self {
            format: None,
            defaults,
            kinds: Kinds::ALL,
            report_unreadable: true,
            content_ids: true,
            bytes_read: None,
        }
    }
}

/// What a reading came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadSummary {
    /// The format that was read; `None` when the input was too broken to tell.
    pub format: Option<InputFormat>,
    /// Records found of the kinds asked for, good and bad.
    pub records: u64,
    /// Bytes of the input that were read, packed ones where it is packed.
    pub bytes: u64,
    /// Whether the reading stopped before the end: the caller broke off, or the input can't be
    /// read on (broken JSON in a document, broken gzip).
    pub ended_early: bool,
}

/// The input can't be read at all. Faults of its content are [`Reject`]s.
#[derive(Debug, Error)]
#[error("can't read {input}: {source}")]
pub struct IngestError {
    /// What was being read.
    pub input: String,
    /// Why it failed.
    pub source: io::Error,
}

/// Reads `input` and hands each record to `each`, until it is at its end or `each` breaks off.
///
/// JSON Lines are handed out in the order of the lines; a document's records by kind (sources,
/// actors, relations, events, statements), and within a kind in their order.
///
/// # Errors
///
/// [`IngestError`] when the operating system can't open or read the input.
pub fn read(
    input: &Input,
    options: &ReadOptions<'_>,
    each: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<ReadSummary, IngestError> {
    let own = AtomicU64::new(0);
    let counter = options.bytes_read.unwrap_or(&own);
    // Relaxed: the thread that is going to count is not started yet.
    counter.store(0, Ordering::Relaxed);
    let mut reading = InputReader {
        options,
        each,
        format: None,
        records: 0,
        events: BatchBuilder::new(options.content_ids),
        member: 0,
    };
    let first = input.first_bytes().map_err(|source| IngestError {
        input: input.to_string(),
        source,
    })?;
    let end = match OpenInput::new(input, counter) {
        Ok(_) if archive::is_zip(&first) => archive::read_zip(&mut reading, input),
        Ok(opened) if input.len() < AHEAD_MIN_BYTES => reading.content(input, opened),
        Ok(opened) => thread::scope(|scope| reading.content(input, opened.ahead(scope))),
        Err(stop) => Err(stop),
    };
    let end = match (end, reading.pass_on()) {
        (Ok(ControlFlow::Continue(())), last) => Ok(last),
        (end, _) => end,
    };
    let ended_early = match end {
        Ok(flow) => flow.is_break(),
        Err(ReadStop::Io(source)) => {
            return Err(IngestError {
                input: input.to_string(),
                source,
            });
        }
        Err(ReadStop::Content(position, problem)) => {
            // It ends here either way.
            let _stop = reading.unreadable(position, problem);
            true
        }
    };
    // Relaxed: the thread that has counted was joined.
    Ok(ReadSummary {
        format: reading.format,
        records: reading.records,
        bytes: counter.load(Ordering::Relaxed),
        ended_early,
    })
}

/// Bytes of an input from which on it is worth a thread of its own to read them.
const AHEAD_MIN_BYTES: u64 = 1 << 20;

/// Why an input can't be read on.
#[derive(Debug)]
enum ReadStop {
    Io(io::Error),
    Content(InputPosition, RecordProblem),
}

/// A reading in progress.
struct InputReader<'a> {
    options: &'a ReadOptions<'a>,
    each: &'a mut dyn FnMut(Item) -> ControlFlow<()>,
    format: Option<InputFormat>,
    records: u64,
    /// Plain events that were read and not yet given.
    events: BatchBuilder,
    /// The number of the member of an archive that is read; 0 where there is no archive.
    member: u32,
}

impl InputReader<'_> {
    fn content(
        &mut self,
        input: &Input,
        mut opened: OpenInput<'_>,
    ) -> Result<ControlFlow<()>, ReadStop> {
        if archive::is_tar(opened.head()) {
            if self.member > 0 {
                return Err(ReadStop::Content(InputPosition::START, nested()));
            }
            return archive::read_tar(self, opened);
        }
        if self.member > 0 && opened.head().trim_ascii().is_empty() {
            return Err(ReadStop::Content(InputPosition::START, nothing()));
        }
        // Files called .json hold JSON Lines often enough to have a look.
        let by_name = input
            .path()
            .and_then(InputFormat::from_file_name)
            .filter(|f| *f != InputFormat::Json);
        let named = self.options.format.or(by_name);
        let format = named.unwrap_or_else(|| InputFormat::detect(opened.head()));
        if named.is_none()
            && format == InputFormat::Json
            && let Some(stop) = InputFormat::explain(opened.head())
        {
            return Err(stop);
        }
        if let Some(first) = self.format
            && self.member > 0
            && first != format
        {
            return Err(ReadStop::Content(
                InputPosition::START,
                other_format(format, first),
            ));
        }
        self.format = Some(format);
        match format.declaration().reader {
            FormatReader::Stream { read, .. } => read(self, opened),
            FormatReader::Table(declared) => table::read(self, declared, (input, opened)),
        }
    }

    const fn wants(&self, kind: Kind) -> bool {
        self.options.kinds.contains(kind)
    }

    fn give(&mut self, mut item: Item) -> ControlFlow<()> {
        self.pass_on()?;
        match &mut item {
            Item::Draft(position, _) | Item::Remark(position, _) => position.member = self.member,
            Item::Rejects(rejects) => {
                for reject in rejects {
                    reject.position.member = self.member;
                }
            }
            Item::Events(_) | Item::References(_) | Item::Member(..) => {}
        }
        (self.each)(item)
    }

    /// Gives the plain events that were gathered.
    fn pass_on(&mut self) -> ControlFlow<()> {
        match self.events.take() {
            Some(mut events) => {
                for row in &mut events.rows {
                    row.position.member = self.member;
                }
                (self.each)(Item::Events(Box::new(events)))
            }
            None => ControlFlow::Continue(()),
        }
    }

    /// Gives the plain events that were gathered when they are enough.
    fn pass_on_full(&mut self) -> ControlFlow<()> {
        if self.events.is_full() {
            self.pass_on()
        } else {
            ControlFlow::Continue(())
        }
    }

    fn reject(
        &mut self,
        position: InputPosition,
        subject: Subject,
        problem: RecordProblem,
    ) -> ControlFlow<()> {
        self.give(Item::Rejects(vec![Reject {
            position,
            subject,
            problem,
        }]))
    }

    /// Says something about the input, if this is the reading to do so.
    fn remark(&mut self, position: InputPosition, remark: InputRemark) -> ControlFlow<()> {
        if self.options.report_unreadable {
            self.give(Item::Remark(position, remark))
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Gives an event with what it is the first to name, or its rejects. `place` says where a cell of its
    /// record stands and what it is called.
    fn give_event<'n>(
        &mut self,
        start: InputPosition,
        event: EventResult,
        place: &dyn Fn(usize) -> (InputPosition, &'n str),
        references: &mut ReferenceCollector,
    ) -> ControlFlow<()> {
        let (id, problems) = match event {
            Ok(draft) => {
                if let Some(new) = references.take() {
                    self.give(Item::References(Box::new(new)))?;
                }
                return self.give(Item::Draft(start, draft));
            }
            Err(faults) => faults,
        };
        let each = problems.into_iter().take(RECORD_PROBLEMS_MAX);
        let rejects = each.map(|CellProblem { column, problem }| {
            let (position, name) = column.map_or((start, ""), place);
            Reject {
                position,
                subject: Subject {
                    kind: Some(Kind::Event),
                    id: id.clone(),
                },
                problem: problem.under(name),
            }
        });
        let rejects = rejects.collect();
        self.give(Item::Rejects(rejects))
    }

    /// Reports what belongs to no kind, if this is the reading to do so.
    fn unreadable(&mut self, position: InputPosition, problem: RecordProblem) -> ControlFlow<()> {
        if self.options.report_unreadable {
            self.reject(position, Subject::default(), problem)
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// What is wrong with an input in which nothing stands.
fn nothing() -> RecordProblem {
    RecordProblem::new("", "the input contains no record")
}

/// What is wrong with an archive in an archive.
fn nested() -> RecordProblem {
    let remedy = "unpack it, and import its members".to_owned();
    RecordProblem::new("", "is an archive in an archive").suggest(remedy)
}

/// What is wrong with a member of another format than the first.
fn other_format(format: InputFormat, first: InputFormat) -> RecordProblem {
    let problem = format!(
        "is read as {}, and the members before as {}: an archive has members of one format",
        format.as_str(),
        first.as_str()
    );
    RecordProblem::new("", problem).suggest("import them one by one".to_owned())
}

/// What is wrong with bytes that are no UTF-8. `byte` is the first bad one.
fn no_utf8(byte: u8) -> RecordProblem {
    RecordProblem::new("", "is not valid UTF-8: save the file as UTF-8")
        .value(format!("byte 0x{byte:02X}"))
}
