//! What of a record is searched.

use crate::model::{Citation, Record};

/// A text of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// Where it stands, as a path in the record.
    pub path: String,
    /// The text.
    pub text: &'a str,
    /// How much its words count.
    pub weight: u32,
}

/// How much the words of a title count.
const TITLE: u32 = 2;
/// How much other words count.
const PLAIN: u32 = 1;

/// The texts of a record that a search looks through, the first first. None for relations, whose titles
/// are offices, and actors, whose names are names: [`Names`](super::Names) has them.
pub fn fields(record: &Record) -> Vec<Field<'_>> {
    let mut found = FieldMatch(Vec::new());
    match record {
        Record::Event(event) => {
            found.add("title", event.title.as_deref(), TITLE);
            if let Some(place) = &event.place {
                found.add("place.name", place.name.as_deref(), PLAIN);
                found.add("place.country", place.country.as_deref(), PLAIN);
            }
            found.add_all("topics", event.topics.iter().map(|topic| &**topic));
            found.add_quotes(&event.sources);
        }
        Record::Statement(statement) => {
            found.add("text", statement.text.as_deref(), TITLE);
            found.add_all("topics", statement.topics.iter().map(|topic| &**topic));
            for (at, stance) in statement.stances.iter().enumerate() {
                found.add(
                    &format!("stances[{at}].about"),
                    stance.about.as_deref(),
                    PLAIN,
                );
            }
            found.add_quotes(&statement.sources);
        }
        Record::Source(source) => {
            found.add("title", source.title.as_deref(), TITLE);
            found.add("publisher", source.publisher.as_deref(), PLAIN);
            found.add("agency", source.agency.as_deref(), PLAIN);
            found.add_all("authors", source.authors.iter().map(|author| &**author));
        }
        Record::Relation(_) | Record::Actor(_) | Record::Judgement(_) => {}
    }
    found.0
}

struct FieldMatch<'a>(Vec<Field<'a>>);

impl<'a> FieldMatch<'a> {
    fn add(&mut self, path: &str, text: Option<&'a str>, weight: u32) {
        self.0.extend(text.map(|text| Field {
            path: path.to_owned(),
            text,
            weight,
        }));
    }

    fn add_all(&mut self, path: &str, texts: impl Iterator<Item = &'a str>) {
        for (at, text) in texts.enumerate() {
            self.add(&format!("{path}[{at}]"), Some(text), PLAIN);
        }
    }

    fn add_quotes(&mut self, citations: &'a [Citation]) {
        for (at, citation) in citations.iter().enumerate() {
            self.add(
                &format!("sources[{at}].quote"),
                citation.quote.as_deref(),
                PLAIN,
            );
        }
    }
}
