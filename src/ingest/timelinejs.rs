//! Timelines for `TimelineJS`, versions 2 and 3: one JSON document with a slide for each event
//! (<https://timeline.knightlab.com/docs/json-format.html>).
//!
//! Slides have a date, a headline and a text in HTML, and name neither actors nor types. So each becomes an
//! event of what the timeline is about (the headline of its title, else the data set), coded as CAMEO 010,
//! which says the least. `api-docs/formats.md` says which member becomes which field.

use std::ops::ControlFlow;

use serde_json::Value;

use super::format::{FormatDeclaration, FormatReader};
use super::input::OpenInput;
use super::json::whole_text;
use super::references::ReferenceCollector;
use super::table::event::{EventBuilder, EventCells};
use super::walk::{self, PositionCursor};
use super::{InputPosition, InputReader, InputRemark, ReadStop, limits, nothing, record};
use crate::model::{Cameo, Kind, RecordProblem, Role};

pub(super) const FORMAT: FormatDeclaration = FormatDeclaration {
    word: "timelinejs",
    media_types: &[],
    extensions: &[],
    reader: FormatReader::Stream { fits, read },
};

/// The code that says the least: a statement that nothing more is known of.
const UNSPECIFIC: &str = "010";

/// The parts of a slide, as cells.
const PARTS: &[&str] = &[
    "unique_id",
    "start_date",
    "end_date",
    "text.headline",
    "text.text",
    "group",
    "media.url",
];
const ID: Option<usize> = Some(0);
const DAYS: [Option<usize>; 2] = [Some(1), Some(2)];
const HEADLINE: Option<usize> = Some(3);
const TEXT: Option<usize> = Some(4);
const GROUP: Option<usize> = Some(5);
const MEDIA: Option<usize> = Some(6);

/// Whether it is a JSON object with slides: `events` whose dates are objects, or a `timeline`.
fn fits(head: &[u8]) -> bool {
    let has = |member: &[u8]| memchr::memmem::find(head, member).is_some();
    let is_third = has(b"\"events\"") && has(b"\"start_date\"") && has(b"\"headline\"");
    let is_second = has(b"\"timeline\"") && (has(b"\"startDate\"") || has(b"\"headline\""));
    head.starts_with(b"{") && !has(b"\"participants\"") && (is_third || is_second)
}

fn read(
    reading: &mut InputReader<'_>,
    mut opened: OpenInput<'_>,
) -> Result<ControlFlow<()>, ReadStop> {
    let text = whole_text(&mut opened)?;
    drop(opened);
    let mut cursor = PositionCursor::new(&text, InputPosition::START);
    if let Err(fault) = walk::members(&text, |_| ()) {
        let position = cursor.of_fault(&text, &fault);
        return Err(ReadStop::Content(position, record::no_json(&fault)));
    }
    let timeline = walk::find(&text, "timeline");
    let (slides, about) = match timeline.key {
        Some(_) => (
            walk::find(timeline.value, "date"),
            walk::find(timeline.value, "headline"),
        ),
        None => (
            walk::find(&text, "events"),
            walk::find(&text, "title.text.headline"),
        ),
    };
    let about = about.key.and_then(|_| walk::string(about.value));
    let about = about.map(|headline| plain_text(&headline));
    if slides.key.is_none() {
        return Err(ReadStop::Content(InputPosition::START, nothing()));
    }
    let eras = match timeline.key {
        Some(_) => walk::find(timeline.value, "era"),
        None => walk::find(&text, "eras"),
    };
    let mut each = TimelineSlides {
        references: ReferenceCollector::new(reading.options.defaults.dataset.clone()),
        about: about.filter(|about| !about.is_empty()),
    };
    let mut flow = TimelineSlides::remark_eras(reading, &eras, &mut cursor);
    let list = walk::elements(slides.value, |json| {
        if flow.is_continue() {
            flow = each.slide(reading, json, &mut cursor);
        }
    });
    if list.is_err() {
        let problem = RecordProblem::new("events", "is no list of slides");
        return Ok(reading.unreadable(cursor.position(slides.value), problem));
    }
    Ok(flow)
}

/// Slides on their way.
struct TimelineSlides {
    references: ReferenceCollector,
    /// What the timeline is about.
    about: Option<String>,
}

impl TimelineSlides {
    fn remark_eras(
        reading: &mut InputReader<'_>,
        eras: &walk::FieldSpan<'_>,
        cursor: &mut PositionCursor<'_>,
    ) -> ControlFlow<()> {
        let mut count = 0;
        // What is no list has none.
        let _fault = eras.key.map(|_| walk::elements(eras.value, |_| count += 1));
        if count == 0 {
            return ControlFlow::Continue(());
        }
        let remark = InputRemark {
            value: format!("{count} eras"),
            message: "are the background of the timeline and no records".to_owned(),
        };
        reading.remark(cursor.position(eras.value), remark)
    }

    fn slide(
        &mut self,
        reading: &mut InputReader<'_>,
        json: &str,
        cursor: &mut PositionCursor<'_>,
    ) -> ControlFlow<()> {
        if !reading.wants(Kind::Event) {
            return ControlFlow::Continue(());
        }
        reading.records += 1;
        let start = cursor.position(json);
        if json.len() > limits::RECORD_MAX_BYTES {
            let event = super::Subject {
                kind: Some(Kind::Event),
                id: None,
            };
            return reading.reject(start, event, record::too_long());
        }
        // The syntax of the whole document was checked.
        let slide: Value = serde_json::from_str(json).unwrap_or_default();
        let cells = cells(&slide, start);
        let about = self
            .about
            .clone()
            .unwrap_or_else(|| self.references.dataset().to_string());
        let mut event = EventBuilder::of_cells(&cells, &mut self.references);
        map(&mut event, &about);
        let result = event.finish();
        let place = |at: usize| (start, PARTS.get(at).copied().unwrap_or_default());
        reading.give_event(start, result, &place, &mut self.references)
    }
}

/// The parts of a slide of either version.
fn cells(slide: &Value, start: InputPosition) -> EventCells {
    let mut cells = EventCells::new(PARTS.len(), start);
    let text = |path: &str| slide.pointer(path).map_or(String::new(), text);
    let date = |path: &str| slide.pointer(path).map_or(String::new(), third_date);
    let parts = if slide.get("startDate").is_none() {
        let media = text("/media/url");
        [
            text("/unique_id"),
            date("/start_date"),
            date("/end_date"),
            plain_text(&text("/text/headline")),
            text("/text/text"),
            text("/group"),
            if media.is_empty() {
                text("/media")
            } else {
                media
            },
        ]
    } else {
        [
            String::new(),
            second_date(&text("/startDate")),
            second_date(&text("/endDate")),
            plain_text(&text("/headline")),
            text("/text"),
            text("/tag"),
            text("/asset/media"),
        ]
    };
    for (at, part) in parts.iter().enumerate() {
        cells.push(at, part);
    }
    cells
}

/// A text or a number as text; of other values nothing.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

/// `{"year": "1963", "month": 8, "day": ""}` as `1963-08`.
fn third_date(date: &Value) -> String {
    let number = |name: &str| text(date.get(name)?).trim().parse::<i64>().ok();
    let Some(year) = number("year") else {
        // Whatever stands there is shown.
        return date.as_object().map_or(String::new(), |_| date.to_string());
    };
    dashed(&[Some(year), number("month"), number("day")])
}

/// `1963,8,9` as `1963-08-09`, which version 2 writes with commas; other notations stay.
fn second_date(date: &str) -> String {
    let parts: Vec<Option<i64>> = date
        .split(',')
        .map(|part| part.trim().parse().ok())
        .collect();
    if parts.first().is_none_or(Option::is_none) || date.contains('/') {
        return date.to_owned();
    }
    dashed(&parts)
}

/// A year, a month and a day as far as they are given.
fn dashed(parts: &[Option<i64>]) -> String {
    let mut given = parts.iter().map_while(|part| *part);
    let Some(year) = given.next() else {
        return String::new();
    };
    let sign = if year < 0 { "-" } else { "" };
    let mut written = format!("{sign}{:04}", year.abs());
    for part in given.take(2) {
        written.extend(format!("-{part:02}").chars());
    }
    written
}

/// HTML without its tags, and with the characters of its most usual references.
fn plain_text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        // A sign that opens no tag is one.
        let Some((_, behind)) = after.split_once('>') else {
            text.push('<');
            rest = after;
            continue;
        };
        text.push(' ');
        rest = behind;
    }
    text.push_str(rest);
    for (reference, character) in [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(reference, character);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// Says what a slide tells.
fn map<'a>(event: &mut EventBuilder<'a>, about: &'a str) {
    event.days(DAYS, |_| true);
    if let Ok(code) = Cameo::parse(UNSPECIFIC) {
        event.set_cameo(code);
    }
    event.title(HEADLINE);
    event.named(None, about, Role::Participant);
    if let Some(group) = event.cell(GROUP) {
        event.topic(group);
    }
    event.attribute_text("slide", ID);
    event.attribute_text("text", TEXT);
    let Some(media) = event.cell(MEDIA) else {
        return;
    };
    let url = match media.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => media.to_owned(),
    };
    let is_page = url.starts_with("http://") || url.starts_with("https://");
    if !is_page || !event.cite_page(&url) {
        event.attribute_text("media", MEDIA);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn dates_of_both_versions_are_read() {
        assert_eq!(
            third_date(&json!({"year": "1963", "month": "8", "day": 9})),
            "1963-08-09"
        );
        assert_eq!(
            third_date(&json!({"year": -44, "month": "", "day": ""})),
            "-0044"
        );
        assert_eq!(third_date(&json!({"month": 1})), r#"{"month":1}"#);
        assert_eq!(third_date(&Value::Null), "");
        assert_eq!(second_date("1963,8,9"), "1963-08-09");
        assert_eq!(second_date("2012,2,11,21,30"), "2012-02-11");
        assert_eq!(second_date("1/2/2012"), "1/2/2012");
        assert_eq!(second_date(""), "");
    }

    #[test]
    fn html_becomes_text() {
        assert_eq!(
            plain_text("Whitney Houston<br/> 1963 &amp; on"),
            "Whitney Houston 1963 & on"
        );
        assert_eq!(plain_text("a < b"), "a < b");
    }
}
