//! JSON-LD 1.1 (W3C 2020): the statements of the N-Quads as one document, a graph for each data set.

use serde_json::{Map, Value, json};

use super::error::ExportError;
use super::format::{ExportedRecord, RecordWriter};
use super::linked_data::{PREFIXES, RdfNode, RdfObject, graph, nodes};

#[derive(Default)]
pub(super) struct JsonLd {
    begun: bool,
}

impl RecordWriter for JsonLd {
    fn head(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let context: Map<String, Value> = PREFIXES
            .iter()
            .map(|(prefix, full)| ((*prefix).to_owned(), (*full).into()))
            .collect();
        out.extend(format!("{{\"@context\":{},\"@graph\":[", json!(context)).bytes());
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
        let all: Vec<Value> = nodes(exported).iter().map(object).collect();
        let graph = graph(exported.record.dataset());
        out.extend(b"\n");
        out.extend(json!({"@id": graph, "@graph": all}).to_string().bytes());
        Ok(())
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        out.extend(b"\n]}\n");
        Ok(())
    }
}

fn object(node: &RdfNode) -> Value {
    let mut members: Map<String, Value> = Map::new();
    members.insert("@id".into(), node.name.clone().into());
    for (property, said) in &node.says {
        let (name, value) = match (*property, said) {
            ("rdf:type", RdfObject::Term(of)) => ("@type", of.clone().into()),
            (name, RdfObject::Thing(id) | RdfObject::Term(id)) => (name, json!({"@id": id})),
            (name, RdfObject::Text(text, None)) => (name, json!({"@value": text})),
            (name, RdfObject::Text(text, Some(language))) => {
                (name, json!({"@value": text, "@language": language}))
            }
            (name, RdfObject::Typed(value, of)) => (name, json!({"@value": value, "@type": of})),
        };
        let known = members.entry(name);
        if let Value::Array(known) = known.or_insert_with(|| Value::Array(Vec::new())) {
            known.push(value);
        }
    }
    Value::Object(members)
}
