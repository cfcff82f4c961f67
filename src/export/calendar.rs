//! iCalendar (RFC 5545): a timeline in a calendar.
//!
//! Days leave as days, never as instants. A date that is less than a day is drawn as the days that it
//! may mean; the description says what was written.

use super::error::ExportError;
use super::format::{ExportedRecord, RecordWriter};
use super::timeline_entry::{EntryTime, TimelineEntry, unique_id};
use crate::clock;
use crate::model::{Day, Status};

/// Bytes of a line, without its end.
const LINE_BYTES: usize = 75;

pub(super) struct Calendar;

impl RecordWriter for Calendar {
    fn head(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        for text in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Chancery//Chancery//EN",
            "CALSCALE:GREGORIAN",
            "X-WR-CALNAME:Chancery",
        ] {
            line(out, text);
        }
        Ok(())
    }

    fn record(
        &mut self,
        exported: &ExportedRecord<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ExportError> {
        let entry = TimelineEntry::from_record(exported);
        // A calendar has no place for what has no day.
        let Some(when) = entry.when.as_ref().filter(|w| w.first.ymd().0 >= 0) else {
            return Ok(());
        };
        line(out, "BEGIN:VEVENT");
        line(out, &format!("UID:{}@chancery", text(&unique_id(&entry))));
        let recorded = exported.mark.map_or(0, |mark| mark.recorded_at);
        line(out, &format!("DTSTAMP:{}", instant(recorded)));
        line(out, &format!("DTSTART;VALUE=DATE:{}", day(when.first)));
        if let Some(end) = end(when) {
            line(out, &format!("DTEND;VALUE=DATE:{}", day(end)));
        }
        line(out, &format!("SUMMARY:{}", text(&entry.headline)));
        let details = entry.details(exported);
        if !details.is_empty() {
            line(out, &format!("DESCRIPTION:{}", text(&details.join("\n"))));
        }
        if let Some(place) = entry.place_text() {
            line(out, &format!("LOCATION:{}", text(&place)));
        }
        if let Some((lat, lon)) = entry.place.and_then(|place| place.coordinates) {
            line(out, &format!("GEO:{lat:.6};{lon:.6}"));
        }
        let mut categories = vec![text(entry.kind.as_str())];
        categories.extend(entry.topics.iter().map(|topic| text(topic)));
        line(out, &format!("CATEGORIES:{}", categories.join(",")));
        if let Some(status) = entry.status {
            let status = match status {
                Status::Occurred | Status::Scheduled => "CONFIRMED",
                Status::Cancelled => "CANCELLED",
                Status::Postponed | Status::Rumoured => "TENTATIVE",
            };
            line(out, &format!("STATUS:{status}"));
        }
        line(out, "TRANSP:TRANSPARENT");
        line(out, "END:VEVENT");
        Ok(())
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        line(out, "END:VCALENDAR");
        Ok(())
    }
}

/// The day after the last one. What lasts has none, nor has the last day there is.
fn end(when: &EntryTime) -> Option<Day> {
    when.last?.succ()
}

fn day(day: Day) -> String {
    let (year, month, day) = day.ymd();
    format!("{year:04}{month:02}{day:02}")
}

/// An instant in UTC, to the second.
fn instant(millis: i64) -> String {
    let written = clock::rfc3339(millis);
    // There is always a first part.
    let seconds = written.split(['.', 'Z']).next().unwrap_or_default();
    let digits: String = seconds
        .chars()
        .filter(|c| !matches!(c, '-' | ':'))
        .collect();
    format!("{digits}Z")
}

/// A text as the value of a property.
fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '\r' => {
                // A line break is one, whoever wrote it.
                rest.next_if_eq(&'\n');
                escaped.push_str("\\n");
            }
            '\n' => escaped.push_str("\\n"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Writes a line, folded so that none is longer than it may be and no character is cut.
fn line(out: &mut Vec<u8>, content: &str) {
    let mut width = 0;
    for c in content.chars() {
        if width + c.len_utf8() > LINE_BYTES {
            out.extend(b"\r\n ");
            width = 1;
        }
        let mut bytes = [0; 4];
        out.extend(c.encode_utf8(&mut bytes).bytes());
        width += c.len_utf8();
    }
    out.extend(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters() {
        let content = format!("SUMMARY:{}", "박진, ".repeat(40));
        let mut out = Vec::new();
        line(&mut out, &content);
        let folded = String::from_utf8(out).unwrap();
        assert!(folded.ends_with("\r\n"));
        for line in folded.trim_end().split("\r\n") {
            assert!(line.len() <= LINE_BYTES, "{} bytes", line.len());
        }
        assert_eq!(
            folded.trim_end_matches("\r\n").replace("\r\n ", ""),
            content
        );
    }

    #[test]
    fn a_line_of_just_so_many_bytes_is_not_folded() {
        for (bytes, lines) in [(LINE_BYTES, 1), (LINE_BYTES + 1, 2)] {
            let mut out = Vec::new();
            line(&mut out, &"a".repeat(bytes));
            assert_eq!(
                String::from_utf8(out).unwrap().matches("\r\n").count(),
                lines
            );
        }
    }

    #[test]
    fn values_are_escaped() {
        assert_eq!(text("a, b; c\\d\r\ne\nf"), "a\\, b\\; c\\\\d\\ne\\nf");
        assert_eq!(instant(1_686_924_000_123), "20230616T140000Z");
    }
}
