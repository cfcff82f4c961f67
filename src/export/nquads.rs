//! N-Quads (W3C 2014): a statement a line, in the graph of its data set.

use super::error::ExportError;
use super::format::{ExportedRecord, RecordWriter};
use super::linked_data::{PREFIXES, RdfObject, graph, nodes};

pub(super) struct NQuads;

impl RecordWriter for NQuads {
    fn head(&mut self, _out: &mut Vec<u8>) -> Result<(), ExportError> {
        Ok(())
    }

    fn record(
        &mut self,
        exported: &ExportedRecord<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ExportError> {
        let graph = graph(exported.record.dataset());
        for node in nodes(exported) {
            for (property, object) in &node.says {
                let property = full(property);
                let object = term(object);
                let line = format!("<{}> <{property}> {object} <{graph}> .\n", node.name);
                out.extend(line.bytes());
            }
        }
        Ok(())
    }

    fn foot(&mut self, _out: &mut Vec<u8>) -> Result<(), ExportError> {
        Ok(())
    }
}

/// The full form of a short name.
fn full(short: &str) -> String {
    let parts = short.split_once(':');
    let known = parts.and_then(|(prefix, name)| {
        let (_, full) = PREFIXES.iter().find(|(known, _)| *known == prefix)?;
        Some(format!("{full}{name}"))
    });
    known.unwrap_or_else(|| short.to_owned())
}

fn term(object: &RdfObject) -> String {
    match object {
        RdfObject::Thing(name) => format!("<{name}>"),
        RdfObject::Term(short) => format!("<{}>", full(short)),
        RdfObject::Text(text, None) => literal(text),
        RdfObject::Text(text, Some(language)) => format!("{}@{language}", literal(text)),
        RdfObject::Typed(value, of) => format!("{}^^<{}>", literal(value), full(of)),
    }
}

fn literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_written_in_full() {
        let typed = RdfObject::Typed("2023-06".into(), "edtf:EDTF");
        assert_eq!(
            term(&typed),
            "\"2023-06\"^^<http://id.loc.gov/datatypes/edtf/EDTF>"
        );
        let text = RdfObject::Text("a \"b\"\\\n".into(), Some("en".into()));
        assert_eq!(term(&text), "\"a \\\"b\\\"\\\\\\n\"@en");
        assert_eq!(full("schema:Event"), "https://schema.org/Event");
    }
}
