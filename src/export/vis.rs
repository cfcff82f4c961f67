//! The items and groups of vis-timeline.
//!
//! Days leave as days. One certain day is a box; several are a range that ends where the next day
//! begins; what is known less finely than a day is a range of the class `imprecise`; ties that have
//! ended are a background, ties that last a box of the class `lasting` where they began. Texts are
//! HTML there: all of them are escaped.

use serde_json::{Map, Value, json};

use super::error::ExportError;
use super::format::{ExportedRecord, RecordWriter};
use super::markup::html;
use super::timeline_entry::{TimelineEntry, unique_id};
use crate::model::{Kind, Scheme};

pub(super) struct Vis {
    scheme: Scheme,
    begun: bool,
}

impl Vis {
    pub(super) const fn new(scheme: Scheme) -> Self {
        Self {
            scheme,
            begun: false,
        }
    }
}

impl RecordWriter for Vis {
    fn head(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let groups = [Kind::Event, Kind::Statement, Kind::Relation];
        let groups = groups.map(|kind| json!({"id": kind.plural(), "content": kind.plural()}));
        out.extend(format!("{{\"groups\":{},\"items\":[", json!(groups)).bytes());
        Ok(())
    }

    fn record(
        &mut self,
        exported: &ExportedRecord<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ExportError> {
        let entry = TimelineEntry::from_record(exported);
        let Some(when) = &entry.when else {
            return Ok(());
        };
        let mut item = Map::new();
        item.insert("id".into(), unique_id(&entry).into());
        item.insert("content".into(), html(&entry.headline).into());
        item.insert("start".into(), when.first.to_string().into());
        let relation = entry.kind == Kind::Relation;
        let one_day = when.last == Some(when.first) && when.is_exact();
        let end = when.last.and_then(crate::model::Day::succ);
        let kind = match end {
            None => "box",
            Some(_) if relation => "background",
            Some(_) if one_day => "box",
            Some(_) => "range",
        };
        item.insert("type".into(), kind.into());
        if let Some(end) = end.filter(|_| kind != "box") {
            item.insert("end".into(), end.to_string().into());
        }
        let mut classes = vec![entry.kind.as_str()];
        if let Some(coding) = entry.coding {
            classes.push(coding.quad_class(self.scheme).as_str());
        }
        if !when.is_exact() {
            classes.push(if when.last.is_none() {
                "lasting"
            } else {
                "imprecise"
            });
        }
        item.insert("className".into(), classes.join(" ").into());
        item.insert("group".into(), entry.kind.plural().into());
        let details = entry.details(exported).join("\n");
        if !details.is_empty() {
            item.insert("title".into(), html(&details).into());
        }
        if std::mem::replace(&mut self.begun, true) {
            out.push(b',');
        }
        out.extend(Value::Object(item).to_string().bytes());
        Ok(())
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        out.extend(b"]}");
        Ok(())
    }
}
