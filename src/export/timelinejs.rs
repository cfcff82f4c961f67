//! The JSON of `TimelineJS` 3.
//!
//! Months are counted from 1; what is not known of a date is left out, not filled in. Texts are HTML
//! there: all of them are escaped. Tenures whose both ends are known are eras, the rest are events.

use serde_json::{Map, Value, json};

use super::error::ExportError;
use super::format::{ExportedRecord, RecordWriter};
use super::markup::html;
use super::timeline_entry::{EntryTime, TimelineEntry, unique_id};
use crate::model::{Day, Kind, Precision, Record, RelationKind};

#[derive(Default)]
pub(super) struct TimelineJs {
    /// Whether an event was written.
    begun: bool,
    /// Kept for the end: eras come after the events.
    eras: Vec<Value>,
}

impl RecordWriter for TimelineJs {
    fn head(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        out.extend(b"{\"events\":[");
        Ok(())
    }

    fn record(
        &mut self,
        exported: &ExportedRecord<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ExportError> {
        let entry = TimelineEntry::from_record(exported);
        // A slide has no place without a date.
        let Some(when) = &entry.when else {
            return Ok(());
        };
        let details: Vec<String> = entry.details(exported).iter().map(|d| html(d)).collect();
        let text = json!({"headline": html(&entry.headline), "text": details.join("<br>")});
        let (start, end) = bounds(when);
        let tenure =
            matches!(&exported.record, Record::Relation(r) if r.kind == RelationKind::HoldsOffice);
        if let (true, Some(end)) = (tenure, &end) {
            self.eras
                .push(json!({"start_date": start, "end_date": end, "text": text}));
            return Ok(());
        }
        let mut slide = Map::new();
        slide.insert("unique_id".into(), unique_id(&entry).into());
        slide.insert("start_date".into(), start);
        if let Some(end) = end {
            slide.insert("end_date".into(), end);
        }
        if !when.is_plain_day() {
            slide.insert("display_date".into(), html(&when.written).into());
        }
        slide.insert("text".into(), text);
        slide.insert("group".into(), group(&entry).into());
        if std::mem::replace(&mut self.begun, true) {
            out.push(b',');
        }
        out.extend(Value::Object(slide).to_string().bytes());
        Ok(())
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        out.extend(b"],\"eras\":");
        let eras = std::mem::take(&mut self.eras);
        out.extend(Value::Array(eras).to_string().bytes());
        out.push(b'}');
        Ok(())
    }
}

/// The start, and the end when it is another date. A month or a year that is given as such is one date
/// without the finer parts.
fn bounds(when: &EntryTime) -> (Value, Option<Value>) {
    let (year, month, _) = when.first.ymd();
    match when.precision {
        Precision::Year => (json!({"year": year}), None),
        Precision::Month => (json!({"year": year, "month": month}), None),
        Precision::Instant
        | Precision::Day
        | Precision::Season
        | Precision::Decade
        | Precision::Century
        | Precision::Interval
        | Precision::Set => {
            let last = when.last.filter(|last| *last != when.first);
            (date(when.first), last.map(date))
        }
    }
}

fn date(day: Day) -> Value {
    let (year, month, day) = day.ymd();
    json!({"year": year, "month": month, "day": day})
}

/// The row of the timeline: the two actors, when there are just two, else the kind of record.
fn group(entry: &TimelineEntry<'_>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for actor in &entry.actors {
        if !names.contains(&actor.name.as_str()) {
            names.push(&actor.name);
        }
    }
    names.sort_unstable();
    match (entry.kind, names.as_slice()) {
        (Kind::Event, [a, b]) => html(&format!("{a} – {b}")),
        (kind, _) => kind.plural().to_owned(),
    }
}
