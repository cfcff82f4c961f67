//! Events of ICEWS: the Integrated Crisis Early Warning System's coded events, as the Harvard Dataverse
//! distributes them (doi:10.7910/DVN/28075): text with tabs, one event a row, with a header.
//!
//! The names of columns are those of its README ("ICEWS Coded Event Data Read Me"). Files of 2017 have no
//! column `CAMEO Code` and dates such as `1/13/2017`: the code is then that of the label in `Event Text`.
//! An `Event ID` may come again with another date, so that both together are the id. The story that an
//! event is coded from is its source. `api-docs/formats.md` says which column becomes which field.

use super::format::{FormatDeclaration, FormatReader};
use super::table::RowMapping;
use super::table::TableDeclaration;
use super::table::event::EventBuilder;
use super::table::header::TableHeader;
use crate::model::{Cameo, RecordProblem, Role, SourceKind, Title};

pub(super) const FORMAT: FormatDeclaration = FormatDeclaration {
    word: "icews",
    media_types: &[],
    extensions: &[],
    reader: FormatReader::Table(&TABLE),
};

static TABLE: TableDeclaration = TableDeclaration {
    title: "events of ICEWS",
    telling: &[
        &["Event Date"],
        &["Source Name"],
        &["Event Text"],
        &["Target Name"],
        &["Source Sectors"],
        &["Target Sectors"],
    ],
    headerless: None,
    dates: &["Event Date"],
    absent: &["NA", "NULL"],
    mapping: |header| Box::new(IcewsColumns::new(header)),
};

/// Where a file has what.
struct IcewsColumns {
    id: Option<usize>,
    date: Option<usize>,
    text: Option<usize>,
    code: Option<usize>,
    intensity: Option<usize>,
    source: IcewsSide,
    target: IcewsSide,
    story: Option<usize>,
    sentence: Option<usize>,
    publisher: Option<usize>,
    places: [Option<usize>; 3],
    country: Option<usize>,
    coordinates: [Option<usize>; 2],
}

/// The columns of a side.
struct IcewsSide {
    name: Option<usize>,
    sectors: Option<usize>,
    country: Option<usize>,
}

impl IcewsColumns {
    fn new(header: &TableHeader) -> Self {
        let find = |name: &str| header.find(&[name]);
        Self {
            id: find("Event ID"),
            date: find("Event Date"),
            text: find("Event Text"),
            code: find("CAMEO Code"),
            intensity: find("Intensity"),
            source: IcewsSide {
                name: find("Source Name"),
                sectors: find("Source Sectors"),
                country: find("Source Country"),
            },
            target: IcewsSide {
                name: find("Target Name"),
                sectors: find("Target Sectors"),
                country: find("Target Country"),
            },
            story: find("Story ID"),
            sentence: find("Sentence Number"),
            publisher: find("Publisher"),
            places: [find("City"), find("District"), find("Province")],
            country: find("Country"),
            coordinates: [find("Latitude"), find("Longitude")],
        }
    }

    /// The code, which is checked against the label: spreadsheets drop the zeros before codes.
    fn code(&self, event: &mut EventBuilder<'_>) {
        let label = event.cell(self.text);
        let of_label = label.and_then(Cameo::from_label);
        match (event.cell(self.code), of_label) {
            (Some(code), Some(meant)) if is_stripped(code, meant) => {
                let problem = format!(
                    "has lost a zero: {:?} is coded {meant}",
                    label.unwrap_or_default()
                );
                let problem = RecordProblem::new("", problem).suggest(meant.to_string());
                event.problem(self.code, problem);
            }
            (Some(code), _) => event.cameo(self.code, code),
            (None, Some(code)) => event.set_cameo(code),
            (None, None) => {
                let problem = RecordProblem::new("", "is the label of no CAMEO code");
                let near = label.and_then(Cameo::nearest_label);
                event.problem(self.text, problem.suggest(near.map(str::to_owned)));
            }
        }
    }

    fn story(&self, event: &mut EventBuilder<'_>) {
        let publisher = event.cell(self.publisher);
        let key = match (event.cell(self.story), publisher) {
            (Some(story), _) => format!("icews story {story}"),
            (None, Some(publisher)) => format!("icews publisher {publisher}"),
            (None, None) => return,
        };
        let sentence = event.cell(self.sentence);
        let title = event
            .cell(self.story)
            .map(|story| format!("ICEWS story {story}"));
        event.cite(
            &key,
            sentence.map(|number| format!("sentence {number}")),
            |source| {
                source.kind = SourceKind::Article;
                source.title = title.and_then(|title| Title::new(&title).ok());
                source.publisher = publisher.and_then(|name| Title::new(name).ok());
            },
        );
    }
}

/// Whether a code is another one without its first zero.
fn is_stripped(code: &str, whole: Cameo) -> bool {
    whole.as_str().strip_prefix('0') == Some(code)
}

impl RowMapping for IcewsColumns {
    fn map(&mut self, event: &mut EventBuilder<'_>) {
        event.date(self.date, None);
        event.id("icews", self.id, |event| {
            event.known_date().map(ToString::to_string)
        });
        self.code(event);
        event.actor(self.source.name, Role::Source);
        event.actor(self.target.name, Role::Target);
        let country = event.cell(self.country);
        event.place(&self.places, country, self.coordinates);
        self.story(event);
        event.attribute_number("intensity", self.intensity);
        event.attribute_text("source_country", self.source.country);
        event.attribute_text("source_sectors", self.source.sectors);
        event.attribute_text("target_country", self.target.country);
        event.attribute_text("target_sectors", self.target.sectors);
    }
}
