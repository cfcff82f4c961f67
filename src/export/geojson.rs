//! `GeoJSON` (RFC 7946): a collection of features, one a record, for maps.
//!
//! The geometry is the place of an event, a point with the longitude first; a record without coordinates has `null`, as
//! section 3.2 says for a feature without a place.

use serde_json::{Value, json};

use super::error::ExportError;
use super::format::{ExportedRecord, RecordWriter};
use super::timeline_entry::{EntryActor, TimelineEntry, unique_id};
use crate::model::{Coding, Day, EventType, Scheme, Status};

pub(super) struct GeoJson {
    scheme: Scheme,
    begun: bool,
}

impl GeoJson {
    pub(super) const fn new(scheme: Scheme) -> Self {
        Self {
            scheme,
            begun: false,
        }
    }

    fn feature(&self, entry: &TimelineEntry<'_>) -> Value {
        let coordinates = entry.place.and_then(|place| place.coordinates);
        let geometry =
            coordinates.map(|(lat, lon)| json!({"type": "Point", "coordinates": [lon, lat]}));
        let when = entry.when.as_ref();
        let day = |day: Option<Day>| day.map(|day| day.to_string());
        let coding = entry.coding;
        let actor = |actor: &EntryActor| json!({"id": actor.id, "name": actor.name, "role": actor.role.as_str()});
        let sources = entry.sources.iter();
        json!({
            "type": "Feature",
            "id": unique_id(entry),
            "geometry": geometry,
            "properties": {
                "record": entry.kind.as_str(),
                "id": entry.id.as_str(),
                "dataset": entry.dataset.as_str(),
                "headline": entry.headline,
                "date": when.map(|when| when.written.as_str()),
                "earliest": day(when.and_then(|when| when.days.0)),
                "latest": day(when.and_then(|when| when.days.1)),
                "precision": when.map(|when| when.precision.as_str()),
                "type": coding.and_then(Coding::event_type).map(EventType::as_str),
                "cameo": coding.and_then(Coding::cameo).map(|code| code.to_string()),
                "quad_class": coding.map(|coding| coding.quad_class(self.scheme).as_str()),
                "scheme": coding.map(|_| self.scheme.as_str()),
                "status": entry.status.map(Status::as_str),
                "place": entry.place_text(),
                "actors": entry.actors.iter().map(actor).collect::<Vec<_>>(),
                "topics": entry.topics,
                "sources": sources.map(|citation| citation.source.as_str()).collect::<Vec<_>>(),
            },
        })
    }
}

impl RecordWriter for GeoJson {
    fn head(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        out.extend(b"{\"type\":\"FeatureCollection\",\"features\":[");
        Ok(())
    }

    fn record(
        &mut self,
        exported: &ExportedRecord<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ExportError> {
        if std::mem::replace(&mut self.begun, true) {
            out.push(b',');
        }
        let feature = self.feature(&TimelineEntry::from_record(exported));
        out.extend(feature.to_string().bytes());
        Ok(())
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        out.extend(b"]}");
        Ok(())
    }
}
