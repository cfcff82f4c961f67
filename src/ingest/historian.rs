//! Travels and visits of the Office of the Historian of the U.S. Department of State, as XML: trips of
//! presidents and secretaries of state abroad, and visits of foreign leaders to the United States
//! (<https://github.com/HistoryAtState/travels>, <https://github.com/HistoryAtState/visits>, public domain).
//!
//! The elements are those of their schemas (`trips.rnc`, `visits.rnc`). Whom somebody met stands in the
//! remarks only, which are kept as the title. `api-docs/formats.md` says which element becomes which field.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::format::{FormatDeclaration, FormatReader};
use super::input::OpenInput;
use super::limits::RECORD_MAX_BYTES;
use super::references::ReferenceCollector;
use super::table::event::{EventBuilder, EventCells};
use super::{InputPosition, InputReader, ReadStop, nothing, record};
use crate::model::{Cameo, Kind, Label, RecordProblem, Role, SourceKind, Title};

pub(super) const FORMAT: FormatDeclaration = FormatDeclaration {
    word: "historian",
    media_types: &[],
    extensions: &[],
    reader: FormatReader::Stream { fits, read },
};

/// The code of a visit.
const VISIT: &str = "042";
/// The state that visitors come to.
const HOST: &str = "United States";
const PUBLISHER: &str = "Office of the Historian, U.S. Department of State";

/// What a record is: its element, the elements of its parts, and what it cites.
#[derive(Debug)]
struct Collection {
    element: &'static str,
    parts: &'static [&'static str],
    title: &'static str,
    url: &'static str,
}

static TRIP: Collection = Collection {
    element: "trip",
    parts: &[
        "id",
        "start-date",
        "end-date",
        "name",
        "country",
        "locale",
        "remarks",
        "role",
        "who",
        "country-id",
    ],
    title: "Travels Abroad of the President and the Secretary of State",
    url: "https://history.state.gov/departmenthistory/travels",
};

static VISIT_OF_LEADER: Collection = Collection {
    element: "visit",
    parts: &[
        "id",
        "start-date",
        "end-date",
        "visitor",
        "from",
        "locale",
        "description",
        "role",
        "who",
        "from-id",
    ],
    title: "Visits by Foreign Leaders",
    url: "https://history.state.gov/departmenthistory/visits",
};

/// Places of the parts, the same in both collections.
const ID: Option<usize> = Some(0);
const DAYS: [Option<usize>; 2] = [Some(1), Some(2)];
const TRAVELLER: Option<usize> = Some(3);
const COUNTRY: Option<usize> = Some(4);
const LOCALE: Option<usize> = Some(5);
const REMARKS: Option<usize> = Some(6);
const ROLE: Option<usize> = Some(7);
const WHO: Option<usize> = Some(8);
const COUNTRY_ID: Option<usize> = Some(9);

/// Whether it is XML whose root element is that of a collection.
fn fits(head: &[u8]) -> bool {
    let has = |root: &[u8]| memchr::memmem::find(head, root).is_some();
    head.starts_with(b"<") && (has(b"<trips") || has(b"<visits"))
}

/// Counts lines and columns of what is read through it.
struct PlacedReader<'r> {
    inner: &'r mut dyn BufRead,
    position: InputPosition,
}

impl Read for PlacedReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut rest = self.fill_buf()?;
        let read = rest.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for PlacedReader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed is in the buffer, so that this reads nothing.
        let buffer = self.inner.fill_buf().unwrap_or_default();
        let passed = buffer.get(..amount).unwrap_or(buffer);
        let last = match memchr::memrchr(b'\n', passed) {
            Some(at) => {
                self.position.line += memchr::memchr_iter(b'\n', passed).count() as u64;
                self.position.column = 1;
                passed.get(at + 1..).unwrap_or_default()
            }
            None => passed,
        };
        // A character of several bytes counts by its first.
        let characters = last.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        self.position.column += characters as u64;
        self.inner.consume(amount);
    }
}

fn read(
    reading: &mut InputReader<'_>,
    mut opened: OpenInput<'_>,
) -> Result<ControlFlow<()>, ReadStop> {
    let placed = PlacedReader {
        inner: opened.reader(),
        position: InputPosition::START,
    };
    let mut records = XmlRecords {
        xml: Reader::from_reader(placed),
        buffer: Vec::new(),
        references: ReferenceCollector::new(reading.options.defaults.dataset.clone()),
    };
    match records.read(reading) {
        Ok(flow) => Ok(flow),
        Err(XmlFault::Io(error, position)) => Err(opened.stop(error, position)),
        Err(XmlFault::Content(stop)) => Err(stop),
    }
}

/// Why the XML can't be read on.
enum XmlFault {
    Io(io::Error, InputPosition),
    Content(ReadStop),
}

/// Reads records out of XML, one at a time.
struct XmlRecords<'r> {
    xml: Reader<PlacedReader<'r>>,
    buffer: Vec<u8>,
    references: ReferenceCollector,
}

impl XmlRecords<'_> {
    fn position(&self) -> InputPosition {
        self.xml.get_ref().position
    }

    fn next(&mut self) -> Result<Event<'static>, XmlFault> {
        self.buffer.clear();
        let read = self.xml.read_event_into(&mut self.buffer);
        let read = read.map(Event::into_owned);
        read.map_err(|error| {
            let position = self.position();
            if let quick_xml::Error::Io(error) = &error {
                let same = io::Error::new(error.kind(), error.to_string());
                return XmlFault::Io(same, position);
            }
            let problem = RecordProblem::new("", format!("is no XML: {error}"));
            XmlFault::Content(ReadStop::Content(position, problem))
        })
    }

    fn read(&mut self, reading: &mut InputReader<'_>) -> Result<ControlFlow<()>, XmlFault> {
        let mut is_empty = true;
        loop {
            let start = self.position();
            let next = self.next()?;
            if matches!(next, Event::Eof) {
                break;
            }
            let Event::Start(tag) = next else {
                continue;
            };
            let collections = [&TRIP, &VISIT_OF_LEADER].into_iter();
            let is_its = |of: &&Collection| of.element == tag.name().as_ref();
            if let Some(collection) = collections.into_iter().find(is_its) {
                is_empty = false;
                let cells = self.parts(collection, &tag)?;
                if self.record(reading, collection, cells, start).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(if is_empty {
            reading.unreadable(InputPosition::START, nothing())
        } else {
            ControlFlow::Continue(())
        })
    }

    /// The parts of a record, each with its place; `None` when they are too long.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "comments and the like say nothing of the record"
    )]
    fn parts(
        &mut self,
        collection: &Collection,
        tag: &BytesStart<'_>,
    ) -> Result<Option<EventCells>, XmlFault> {
        let mut parts = OpenParts::new(collection, self.position());
        parts.attribute(WHO, attribute(tag, "who"));
        loop {
            match self.next()? {
                Event::Eof => {
                    let problem = format!("ends within the element {}", collection.element);
                    let stop = ReadStop::Content(self.position(), RecordProblem::new("", problem));
                    return Err(XmlFault::Content(stop));
                }
                Event::End(end) if end.name().as_ref() == collection.element => break,
                Event::End(end) => parts.close(end.name().as_ref()),
                Event::Start(tag) => parts.open(&tag, self.position()),
                Event::Text(text) => parts.text(&text.xml10_content()),
                Event::CData(text) => parts.text(&text.xml10_content()),
                Event::GeneralRef(entity) => parts.text(&self.entity(&entity)?),
                _ => {}
            }
        }
        Ok(parts.finish())
    }

    /// The character of a reference. Entities that the document makes itself are not read.
    fn entity(&self, entity: &BytesRef<'_>) -> Result<String, XmlFault> {
        if let Ok(Some(character)) = entity.resolve_char_ref() {
            return Ok(character.to_string());
        }
        let name: &str = entity;
        if let Some(text) = quick_xml::escape::resolve_predefined_entity(name) {
            return Ok(text.to_owned());
        }
        let problem = RecordProblem::new("", "is an entity that XML does not have by itself");
        let problem = problem.value(format!("&{name};"));
        let problem = problem.suggest("write the character in its place".to_owned());
        let position = self.position();
        Err(XmlFault::Content(ReadStop::Content(position, problem)))
    }

    fn record(
        &mut self,
        reading: &mut InputReader<'_>,
        collection: &'static Collection,
        cells: Option<EventCells>,
        start: InputPosition,
    ) -> ControlFlow<()> {
        if !reading.wants(Kind::Event) {
            return ControlFlow::Continue(());
        }
        reading.records += 1;
        let Some(cells) = cells else {
            let event = super::Subject {
                kind: Some(Kind::Event),
                id: None,
            };
            return reading.reject(start, event, record::too_long());
        };
        let mut event = EventBuilder::of_cells(&cells, &mut self.references);
        map(&mut event, collection);
        let result = event.finish();
        let place = |at: usize| {
            let name = collection.parts.get(at).copied().unwrap_or_default();
            (cells.position(at), name)
        };
        reading.give_event(start, result, &place, &mut self.references)
    }
}

/// The value of an attribute.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).ok()??;
    let value = found.normalized_value(XmlVersion::Implicit1_0).ok();
    value.map(Cow::into_owned)
}

/// The parts of a record while it is read.
struct OpenParts<'c> {
    collection: &'c Collection,
    cells: EventCells,
    /// The part whose element is open.
    part: Option<usize>,
    length: usize,
}

impl<'c> OpenParts<'c> {
    fn new(collection: &'c Collection, start: InputPosition) -> Self {
        Self {
            collection,
            cells: EventCells::new(collection.parts.len(), start),
            part: None,
            length: 0,
        }
    }

    fn attribute(&mut self, part: Option<usize>, value: Option<String>) {
        if let (Some(part), Some(value)) = (part, value) {
            self.cells.push(part, &value);
        }
    }

    /// An element opens. Within a part, it marks up its text.
    fn open(&mut self, tag: &BytesStart<'_>, position: InputPosition) {
        if self.part.is_some() {
            return;
        }
        let name = tag.name();
        self.part = self
            .collection
            .parts
            .iter()
            .position(|part| *part == name.as_ref());
        if let Some(part) = self.part {
            self.cells.place(part, position);
        }
        if self.part == COUNTRY {
            self.attribute(COUNTRY_ID, attribute(tag, "id"));
        }
    }

    fn close(&mut self, name: &str) {
        let open = self.part.and_then(|part| self.collection.parts.get(part));
        if open.is_some_and(|open| *open == name) {
            self.part = None;
        }
    }

    /// Adds a text to the part that is open; what is too long is counted only.
    fn text(&mut self, text: &str) {
        self.length += text.len();
        if let Some(part) = self.part
            && self.length <= RECORD_MAX_BYTES
        {
            self.cells.push(part, text);
        }
    }

    fn finish(mut self) -> Option<EventCells> {
        self.cells.join_lines();
        (self.length <= RECORD_MAX_BYTES).then_some(self.cells)
    }
}

/// Says what a record tells: a traveller goes to a country, or a leader comes from one.
fn map(event: &mut EventBuilder<'_>, collection: &'static Collection) {
    let is_trip = collection.element == TRIP.element;
    event.days(DAYS, |_| true);
    event.id(&format!("historian:{}", collection.element), ID, |_| None);
    if let Ok(code) = Cameo::parse(VISIT) {
        event.set_cameo(code);
    }
    event.title(REMARKS);
    event.actor(TRAVELLER, Role::Source);
    if is_trip {
        event.actor(COUNTRY, Role::Target);
        let country = event.cell(COUNTRY);
        event.place(&[LOCALE], country, [None, None]);
    } else {
        event.actor(COUNTRY, Role::Source);
        event.named(None, HOST, Role::Target);
        event.place(&[], Some(HOST), [None, None]);
    }
    let number = event.cell(ID);
    let locator = number.map(|number| format!("{} {number}", collection.element));
    event.cite(collection.url, locator, |source| {
        source.kind = SourceKind::Other;
        source.title = Title::new(collection.title).ok();
        source.publisher = Title::new(PUBLISHER).ok();
        source.url = Label::new(collection.url).ok();
    });
    event.attribute_text("role", ROLE);
    let who = event.cell(WHO);
    event.attribute("traveller", "historian", who);
    let country = event.cell(COUNTRY_ID);
    event.attribute("country", "historian", country);
}
