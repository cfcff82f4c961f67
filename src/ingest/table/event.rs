//! An event as the cells of a row tell it: problems are kept cell by cell, and said together.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::dates::{DayOrder, read_date};
use super::text::TextRow;
use crate::document::event_of_content;
use crate::ingest::InputPosition;
use crate::ingest::limits::ATTRIBUTE_MAX_BYTES;
use crate::ingest::references::ReferenceCollector;
use crate::ingest::walk::shown;
use crate::model::{
    Cameo, Citation, Coding, Confidence, Date, Draft, EventParts, EventType, ID_MAX_BYTES, Id,
    Kind, Label, NAME_MAX_BYTES, Name, Participant, Place, RecordProblem, Role, SourceParts,
    Status, TextError, Title, ValidRecord,
};

/// Texts that stand for nobody, in lower case.
const NOBODY: &[&str] = &[
    "na",
    "nan",
    "n/a",
    "null",
    "none",
    "-9",
    "-99",
    "-999",
    ".",
    "-",
    "--",
    "?",
    "inconnu",
    "unknown",
    "unspecified actor",
    "civilians",
];

/// What is wrong with a cell, or with the row as a whole.
#[derive(Debug)]
pub(in crate::ingest) struct CellProblem {
    pub(in crate::ingest) column: Option<usize>,
    pub(in crate::ingest) problem: RecordProblem,
}

/// The parts of a record that is no row, each with its place.
#[derive(Debug)]
pub(in crate::ingest) struct EventCells {
    parts: Vec<(InputPosition, String)>,
}

impl EventCells {
    /// So many empty parts of a record that starts at `start`.
    pub(in crate::ingest) fn new(count: usize, start: InputPosition) -> Self {
        Self {
            parts: vec![(start, String::new()); count],
        }
    }

    /// Says where a part stands.
    pub(in crate::ingest) fn place(&mut self, part: usize, position: InputPosition) {
        if let Some((place, _)) = self.parts.get_mut(part) {
            *place = position;
        }
    }

    /// Adds to the text of a part.
    pub(in crate::ingest) fn push(&mut self, part: usize, more: &str) {
        if let Some((_, text)) = self.parts.get_mut(part) {
            text.push_str(more);
        }
    }

    /// Makes one line of each part, whose text was wrapped.
    pub(in crate::ingest) fn join_lines(&mut self) {
        for (_, text) in &mut self.parts {
            let words: Vec<&str> = text.split_whitespace().collect();
            *text = words.join(" ");
        }
    }

    /// Where a part stands.
    pub(in crate::ingest) fn position(&self, part: usize) -> InputPosition {
        self.parts
            .get(part)
            .map(|(position, _)| *position)
            .unwrap_or_default()
    }

    fn cell(&self, part: usize) -> &str {
        self.parts.get(part).map_or("", |(_, text)| text.trim())
    }
}

/// Where the cells of an event come from.
#[derive(Clone, Copy)]
enum CellSource<'a> {
    Row(&'a TextRow),
    Parts(&'a EventCells),
}

impl<'a> CellSource<'a> {
    fn cell(self, column: usize) -> &'a str {
        match self {
            Self::Row(row) => row.cell(column),
            Self::Parts(parts) => parts.cell(column),
        }
    }
}

/// What becomes of an event: its draft, or all that is wrong with the id as far as it is known.
pub(in crate::ingest) type EventResult = Result<Draft, (Option<String>, Vec<CellProblem>)>;

/// Makes an event of what a mapping says of a row.
pub(in crate::ingest) struct EventBuilder<'a> {
    row: CellSource<'a>,
    absent: &'static [&'static str],
    references: &'a mut ReferenceCollector,
    order: DayOrder,
    problems: Vec<CellProblem>,
    id: Option<Id>,
    event_type: Option<EventType>,
    cameo: Option<Cameo>,
    title: Option<Title>,
    date: Option<Date>,
    participants: Vec<Participant<Name>>,
    place: Place,
    topics: Vec<Label>,
    sources: Vec<Citation>,
    attributes: AttributeList,
    /// Cells that name nobody, for the message when all do.
    nobody: Vec<&'a str>,
}

impl<'a> EventBuilder<'a> {
    /// An event of a row of a table.
    pub(super) fn new(
        row: &'a TextRow,
        absent: &'static [&'static str],
        references: &'a mut ReferenceCollector,
        order: DayOrder,
    ) -> Self {
        Self::of_source(CellSource::Row(row), absent, references, order)
    }

    /// An event of the parts of a record that is no row.
    pub(in crate::ingest) fn of_cells(
        parts: &'a EventCells,
        references: &'a mut ReferenceCollector,
    ) -> Self {
        let order = DayOrder::default();
        Self::of_source(CellSource::Parts(parts), &[], references, order)
    }

    fn of_source(
        row: CellSource<'a>,
        absent: &'static [&'static str],
        references: &'a mut ReferenceCollector,
        order: DayOrder,
    ) -> Self {
        Self {
            row,
            absent,
            references,
            order,
            problems: Vec::new(),
            id: None,
            event_type: None,
            cameo: None,
            title: None,
            date: None,
            participants: Vec::new(),
            place: Place {
                name: None,
                country: None,
                coordinates: None,
            },
            topics: Vec::new(),
            sources: Vec::new(),
            attributes: AttributeList::default(),
            nobody: Vec::new(),
        }
    }

    /// What stands in a column that may be absent; `None` for nothing, and for what stands for it.
    pub(in crate::ingest) fn cell(&self, column: Option<usize>) -> Option<&'a str> {
        self.written(column)
            .filter(|cell| !self.absent.contains(cell))
    }

    /// The same of a column in which the words for nothing are codes: `NA` is Namibia.
    pub(in crate::ingest) fn written(&self, column: Option<usize>) -> Option<&'a str> {
        let cell = self.row.cell(column?);
        Some(cell).filter(|cell| !cell.is_empty())
    }

    /// Notes a problem of a cell.
    pub(in crate::ingest) fn problem(&mut self, column: Option<usize>, problem: RecordProblem) {
        let value = column.map(|column| shown(self.row.cell(column)));
        let problem = match (problem.value.is_some(), value) {
            (false, Some(value)) => problem.value(value),
            _ => problem,
        };
        self.problems.push(CellProblem { column, problem });
    }

    fn keep<T>(&mut self, column: Option<usize>, read: Result<T, RecordProblem>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problem(column, problem);
                None
            }
        }
    }

    /// The id: `scheme` and the number that the data set gives the event, `part` where only both are one.
    pub(in crate::ingest) fn id(
        &mut self,
        scheme: &str,
        column: Option<usize>,
        part: impl FnOnce(&Self) -> Option<String>,
    ) {
        let Some(own) = self.cell(column) else {
            return;
        };
        let part = part(self).map_or(String::new(), |part| format!(":{part}"));
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
        let id = format!("{scheme}:{}{part}", own.to_ascii_lowercase());
        let is_plain = own.chars().all(plain) && id.len() <= ID_MAX_BYTES;
        self.id = Id::parse(&id).ok().filter(|_| is_plain);
        if self.id.is_none() {
            let problem = RecordProblem::new("", "is no number or word that an id may have");
            self.problem(column, problem);
        }
    }

    /// Sets the id.
    pub(in crate::ingest) fn set_id(&mut self, id: &str) {
        self.id = Id::parse(id).ok();
    }

    /// Adds an actor by its id, which another record of the input has.
    pub(in crate::ingest) fn reference(&mut self, id: &str, role: Role) {
        if let Ok(actor) = Name::new(id) {
            let participant = Participant { actor, role };
            if !self.participants.contains(&participant) {
                self.participants.push(participant);
            }
        }
    }

    /// The date of a cell; a row without one is refused.
    pub(in crate::ingest) fn date(&mut self, column: Option<usize>, year: Option<usize>) {
        self.date = self.date_of(column, year);
    }

    /// The days from one cell to another: those of the event, if they are all, else bounds of the days on
    /// one of which it took place. Without an end it is the day of the start.
    pub(in crate::ingest) fn days(
        &mut self,
        [start, end]: [Option<usize>; 2],
        are_all: impl FnOnce(&Self) -> bool,
    ) {
        let first = self.date_of(start, None);
        let last = match self.cell(end) {
            Some(_) => self.date_of(end, None),
            None => first.clone(),
        };
        let (Some(first), Some(last)) = (first, last) else {
            return;
        };
        if first == last {
            self.date = Some(first);
            return;
        }
        let written = if are_all(self) {
            format!("{first}/{last}")
        } else {
            format!("[{first}..{last}]")
        };
        let read = Date::parse(&written).map_err(|error| RecordProblem::new("", error.problem));
        self.date = self.keep(end, read);
    }

    /// Sets the date.
    pub(in crate::ingest) fn set_date(&mut self, date: Option<Date>) {
        self.date = date;
    }

    /// The date that a cell holds, as far as it is one.
    pub(in crate::ingest) fn date_of(
        &mut self,
        column: Option<usize>,
        year: Option<usize>,
    ) -> Option<Date> {
        let year = self.cell(year).and_then(|year| year.parse().ok());
        let Some(written) = self.cell(column) else {
            let problem = RecordProblem::new("", "is empty: an event needs its day");
            self.problem(column, problem.suggest("the day, or no row".to_owned()));
            return None;
        };
        let read = read_date(written, self.order, year);
        self.keep(column, read)
    }

    /// The date so far.
    pub(in crate::ingest) fn known_date(&self) -> Option<&Date> {
        self.date.as_ref()
    }

    /// The CAMEO code of a cell.
    pub(in crate::ingest) fn cameo(&mut self, column: Option<usize>, code: &str) {
        let read = Cameo::parse(code).map_err(|error| {
            let problem = RecordProblem::new("", error.problem.clone());
            problem.suggest(error.suggestion)
        });
        self.cameo = self.keep(column, read);
    }

    /// Sets the CAMEO code.
    pub(in crate::ingest) fn set_cameo(&mut self, cameo: Cameo) {
        self.cameo = Some(cameo);
    }

    /// Sets the PLOVER type.
    pub(in crate::ingest) fn set_type(&mut self, event_type: EventType) {
        self.event_type = Some(event_type);
    }

    /// What happened, in a line.
    pub(in crate::ingest) fn title(&mut self, column: Option<usize>) {
        if let Some(text) = self.cell(column) {
            let title = Title::new(&cut(text, NAME_MAX_BYTES));
            self.title = self.keep(column, title.map_err(|error| no_text(&error)));
        }
    }

    /// Adds who a cell names; who it does not name is no actor. Gives whether it named one.
    pub(in crate::ingest) fn actor(&mut self, column: Option<usize>, role: Role) -> bool {
        match self.cell(column) {
            Some(name) => self.named(column, name, role),
            None => false,
        }
    }

    /// Adds an actor whom a cell names, maybe beside others.
    pub(in crate::ingest) fn named(
        &mut self,
        column: Option<usize>,
        name: &'a str,
        role: Role,
    ) -> bool {
        if is_nobody(name) {
            self.nobody.push(name);
            return false;
        }
        let read = self.references.actor(name);
        let Some(actor) = self.keep(column, read) else {
            return false;
        };
        let participant = Participant { actor, role };
        if !self.participants.contains(&participant) {
            self.participants.push(participant);
        }
        true
    }

    /// The place: a name, which is what the cells say from the smallest to the largest, and coordinates.
    pub(in crate::ingest) fn place(
        &mut self,
        names: &[Option<usize>],
        country: Option<&str>,
        coordinates: [Option<usize>; 2],
    ) {
        let mut parts: Vec<&str> = Vec::new();
        for part in names.iter().filter_map(|column| self.cell(*column)) {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        if !parts.is_empty() {
            let name = Title::new(&cut(&parts.join(", "), NAME_MAX_BYTES));
            let column = names.iter().copied().flatten().next();
            self.place.name = self.keep(column, name.map_err(|error| no_text(&error)));
        }
        let country = country.map(|country| Label::new(country).map_err(|error| no_text(&error)));
        self.place.country = country.and_then(|country| self.keep(None, country));
        let [latitude, longitude] = coordinates;
        let degrees = self
            .degrees(latitude, 90.0)
            .zip(self.degrees(longitude, 180.0));
        self.place.coordinates = degrees;
    }

    fn degrees(&mut self, column: Option<usize>, max: f64) -> Option<f64> {
        let written = self.cell(column)?;
        let read = match decimal(written).filter(|degrees| degrees.abs() <= max) {
            Some(degrees) => Ok(degrees),
            None => Err(RecordProblem::new(
                "",
                format!("is no number from -{max} to {max}"),
            )),
        };
        self.keep(column, read)
    }

    /// Adds a topic.
    pub(in crate::ingest) fn topic(&mut self, text: &str) {
        let topic = Label::new(text).map_err(|error| no_text(&error).value(shown(text)));
        if let Some(topic) = self.keep(None, topic)
            && !self.topics.contains(&topic)
        {
            self.topics.push(topic);
        }
    }

    /// Cites a source that `key` tells from all others, and where in it the event stands.
    pub(in crate::ingest) fn cite(
        &mut self,
        key: &str,
        locator: Option<String>,
        parts: impl FnOnce(&mut SourceParts),
    ) {
        let source = self.references.source(key, parts);
        self.citation(source, locator);
    }

    /// Cites a web page. `false` when the address is too long for one.
    pub(in crate::ingest) fn cite_page(&mut self, url: &str) -> bool {
        let page = self.references.page(url);
        let is_cited = page.is_some();
        if let Some(source) = page {
            self.citation(source, None);
        }
        is_cited
    }

    fn citation(&mut self, source: Id, locator: Option<String>) {
        self.sources.push(Citation {
            source,
            quote: None,
            locator: locator.and_then(|text| Label::new(&text).ok()),
            confidence: None::<Confidence>,
        });
    }

    /// Keeps a text of a cell, with the scheme of a code before it.
    pub(in crate::ingest) fn attribute(
        &mut self,
        name: &'static str,
        scheme: &str,
        text: Option<&str>,
    ) {
        if let Some(text) = text {
            self.attributes.text(name, scheme, text);
        }
    }

    /// Keeps the text of a cell.
    pub(in crate::ingest) fn attribute_text(&mut self, name: &'static str, column: Option<usize>) {
        let text = self.cell(column);
        self.attribute(name, "", text);
    }

    /// Keeps the number of a cell; what is none is kept as text.
    pub(in crate::ingest) fn attribute_number(
        &mut self,
        name: &'static str,
        column: Option<usize>,
    ) {
        if let Some(text) = self.cell(column) {
            match number(text) {
                Some(number) => self.attributes.number(name, number),
                None => self.attributes.text(name, "", text),
            }
        }
    }

    /// The draft, or all that is wrong, with the id as far as it is known.
    pub(in crate::ingest) fn finish(mut self) -> EventResult {
        if self.participants.is_empty() && self.problems.is_empty() {
            let problem = self.without_actors();
            self.problem(None, problem);
        }
        let coding = Coding::new(self.event_type, self.cameo);
        let coding = coding.map_err(|error| RecordProblem::new("", error.to_string()));
        let coding = match coding {
            Ok(coding) => Some(coding),
            // What is wrong with a code was said.
            Err(_) if !self.problems.is_empty() => None,
            Err(problem) => self.keep(None, Err(problem)),
        };
        let id = self.id.clone().map(Id::into_string);
        let (Some(coding), true) = (coding, self.problems.is_empty()) else {
            return Err((id, self.problems));
        };
        let parts = self.into_parts(coding);
        let draft = match id {
            Some(_) => ValidRecord::new(parts).map(Draft::Event),
            None => event_of_content(parts),
        };
        draft.map_err(|problems| {
            let each = problems.into_iter().map(|problem| CellProblem {
                column: None,
                problem,
            });
            (id, each.collect())
        })
    }

    fn without_actors(&self) -> RecordProblem {
        let problem = RecordProblem::new("", "names no actor: an event needs at least one");
        let problem = match self.nobody.first() {
            Some(written) => problem.value(shown(written)),
            None => problem,
        };
        problem.suggest("the name of who acts or is acted on, or no row".to_owned())
    }

    fn into_parts(mut self, coding: Coding) -> EventParts<Name> {
        if self.sources.is_empty() {
            let source = self.references.dataset_source();
            self.citation(source, None);
        }
        let has_place = self.place.name.is_some()
            || self.place.country.is_some()
            || self.place.coordinates.is_some();
        EventParts {
            id: self.id.unwrap_or_else(|| Id::of_hash(Kind::Event, [0; 16])),
            dataset: self.references.dataset().clone(),
            coding,
            title: self.title,
            date: self.date,
            status: Status::Occurred,
            participants: self.participants,
            place: has_place.then_some(self.place),
            topics: self.topics,
            links: Vec::new(),
            sources: self.sources,
            attributes: self.attributes.finish(),
        }
    }
}

/// Whether a name stands for nobody.
pub(in crate::ingest) fn is_nobody(name: &str) -> bool {
    let name = name.trim();
    let is_number_of_unknown = |name: &str| {
        let digits = name.strip_prefix("XXX");
        digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    name.is_empty()
        || is_number_of_unknown(name)
        || NOBODY
            .iter()
            .any(|nobody| name.eq_ignore_ascii_case(nobody))
}

/// What is wrong with a text.
fn no_text(error: &TextError) -> RecordProblem {
    RecordProblem::new("", error.to_string())
}

/// What stands at the end of a text that was cut.
const END: &str = "…";

/// A text of so many bytes at the most, cut between characters.
fn cut(text: &str, max: usize) -> Cow<'_, str> {
    if text.len() <= max {
        return text.into();
    }
    let room = text.floor_char_boundary(max - END.len());
    format!("{}{END}", text.get(..room).unwrap_or_default()).into()
}

/// A decimal number, with a full stop or a comma before its fraction.
fn decimal(written: &str) -> Option<f64> {
    let is_decimal = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    let pointed = written.replacen(',', ".", 1);
    let number: f64 = pointed.parse().ok()?;
    (pointed.bytes().all(is_decimal) && number.is_finite()).then_some(number)
}

/// The JSON of a number.
fn number(written: &str) -> Option<String> {
    // Zeros before the first digit belong to codes.
    let digits = written.strip_prefix('-').unwrap_or(written);
    if digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.") {
        return None;
    }
    if let Ok(whole) = written.parse::<i64>() {
        return Some(whole.to_string());
    }
    let number = serde_json::Number::from_f64(decimal(written)?)?;
    Some(number.to_string())
}

/// The free members of an event.
#[derive(Debug, Default)]
struct AttributeList(Vec<(&'static str, String)>);

impl AttributeList {
    fn text(&mut self, name: &'static str, scheme: &str, text: &str) {
        let text = cut(text, ATTRIBUTE_MAX_BYTES);
        let text = if scheme.is_empty() {
            text
        } else {
            format!("{scheme}:{text}").into()
        };
        self.0
            .push((name, serde_json::Value::from(text).to_string()));
    }

    fn number(&mut self, name: &'static str, json: String) {
        self.0.push((name, json));
    }

    /// The JSON object, with the members in order, as records keep it.
    fn finish(mut self) -> Option<Box<str>> {
        self.0.sort_unstable_by_key(|(name, _)| *name);
        let mut json = String::from("{");
        for (name, value) in &self.0 {
            let comma = if json.len() > 1 { "," } else { "" };
            // A text in memory takes all that is written.
            let _never = write!(json, "{comma}\"{name}\":{value}");
        }
        json.push('}');
        (json.len() > 2).then(|| json.into_boxed_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_nobody_and_names_are_not() {
        for nobody in [
            "",
            " ",
            "XXX70",
            "XXX",
            "Inconnu",
            "Civilians",
            "nan",
            "NaN",
            "-9",
            "-99",
            ".",
            "NA",
            "None",
        ] {
            assert!(is_nobody(nobody), "{nobody}");
        }
        for name in [
            "Namibia",
            "Civilians (Kenya)",
            "XXX70th Brigade",
            "Nan",
            "N",
        ] {
            assert_eq!(is_nobody(name), name == "Nan", "{name}");
        }
    }

    #[test]
    fn numbers_are_numbers_and_codes_are_not() {
        for (written, json) in [
            ("1", Some("1")),
            ("-2.56", Some("-2.56")),
            ("7.0", Some("7.0")),
            ("0.5", Some("0.5")),
            ("0", Some("0")),
            ("1e3", Some("1000.0")),
            ("2,5", Some("2.5")),
            ("010", None),
            ("1.2.3", None),
            ("inf", None),
            ("x", None),
        ] {
            assert_eq!(number(written).as_deref(), json, "{written}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(cut("aäb", 4), "aäb");
        assert_eq!(cut("aäbcd", 5), "a…");
        assert_eq!(cut("abcd", 3), "…");
    }
}
