//! Events of GDELT, versions 1.0 and 2.0: text with tabs, without header and quotes, called `.CSV`.
//!
//! The columns are those of the codebooks ("The GDELT Event Database Data Format Codebook" V1.03 and V2.0):
//! 57 in files of before April 2013, 58 with `SOURCEURL` since, mixed in some; 61 in version 2.0. Copies
//! with a header and other separators are read by the names of their columns.
//! `api-docs/formats.md` says which column becomes which field.

use super::format::{FormatDeclaration, FormatReader};
use super::table::event::EventBuilder;
use super::table::header::TableHeader;
use super::table::{HeaderlessTable, RowMapping, TableDeclaration};
use crate::model::{RecordProblem, Role, SourceKind, Title};

pub(super) const FORMAT: FormatDeclaration = FormatDeclaration {
    word: "gdelt",
    media_types: &[],
    extensions: &[],
    reader: FormatReader::Table(&TABLE),
};

static TABLE: TableDeclaration = TableDeclaration {
    title: "events of GDELT",
    telling: &[
        &["SQLDATE", "Day"],
        &["GLOBALEVENTID"],
        &["Actor1Name"],
        &["Actor2Name"],
        &["EventCode"],
        &["EventRootCode"],
    ],
    headerless: Some(HeaderlessTable { columns, is_row }),
    dates: &["SQLDATE", "Day"],
    absent: &[],
    mapping: |header| Box::new(GdeltColumns::new(header)),
};

macro_rules! columns {
    ($($geo:literal)+; $($last:literal)+) => {
        &[
            "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
            "Actor1Code", "Actor1Name", "Actor1CountryCode", "Actor1KnownGroupCode", "Actor1EthnicCode",
            "Actor1Religion1Code", "Actor1Religion2Code", "Actor1Type1Code", "Actor1Type2Code", "Actor1Type3Code",
            "Actor2Code", "Actor2Name", "Actor2CountryCode", "Actor2KnownGroupCode", "Actor2EthnicCode",
            "Actor2Religion1Code", "Actor2Religion2Code", "Actor2Type1Code", "Actor2Type2Code", "Actor2Type3Code",
            "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale",
            "NumMentions", "NumSources", "NumArticles", "AvgTone",
            $(concat!("Actor1Geo_", $geo),)+ $(concat!("Actor2Geo_", $geo),)+ $(concat!("ActionGeo_", $geo),)+
            $($last,)+
        ]
    };
}

/// The columns of version 1.0.
const FIRST: &[&str] = columns! {
    "Type" "FullName" "CountryCode" "ADM1Code" "Lat" "Long" "FeatureID"; "DATEADDED" "SOURCEURL"
};
/// The columns of version 2.0.
const SECOND: &[&str] = columns! {
    "Type" "FullName" "CountryCode" "ADM1Code" "ADM2Code" "Lat" "Long" "FeatureID"; "DATEADDED" "SOURCEURL"
};

fn columns(width: usize) -> Option<&'static [&'static str]> {
    // Without the address of the source in files of before April 2013.
    if width == FIRST.len() || width + 1 == FIRST.len() {
        return Some(FIRST);
    }
    (width == SECOND.len()).then_some(SECOND)
}

fn is_row(cells: &[&str]) -> bool {
    let is_digits = |cell: &str| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
    matches!(cells, [id, day, ..] if is_digits(id) && is_digits(day) && day.len() == 8)
}

/// Where a file has what.
struct GdeltColumns {
    id: Option<usize>,
    day: Option<usize>,
    sides: [GdeltSide; 2],
    code: Option<usize>,
    root: Option<usize>,
    is_root_event: Option<usize>,
    goldstein: Option<usize>,
    mentions: Option<usize>,
    sources: Option<usize>,
    articles: Option<usize>,
    tone: Option<usize>,
    geo_type: Option<usize>,
    place: Option<usize>,
    country: Option<usize>,
    region: Option<usize>,
    coordinates: [Option<usize>; 2],
    feature: Option<usize>,
    added: Option<usize>,
    url: Option<usize>,
}

/// The columns of an actor.
struct GdeltSide {
    role: Role,
    name: Option<usize>,
    code: Option<usize>,
    place: Option<usize>,
    country: Option<usize>,
    attributes: [&'static str; 3],
}

impl GdeltColumns {
    fn new(header: &TableHeader) -> Self {
        let find = |name: &str| header.find(&[name]);
        let side = |number: u8, role, attributes| GdeltSide {
            role,
            name: find(&format!("Actor{number}Name")),
            code: find(&format!("Actor{number}Code")),
            place: find(&format!("Actor{number}Geo_FullName")),
            country: find(&format!("Actor{number}Geo_CountryCode")),
            attributes,
        };
        let sides = [
            side(
                1,
                Role::Source,
                ["source_code", "source_place", "source_place_country"],
            ),
            side(
                2,
                Role::Target,
                ["target_code", "target_place", "target_place_country"],
            ),
        ];
        Self {
            id: find("GLOBALEVENTID"),
            day: header.find(&["SQLDATE", "Day"]),
            sides,
            code: find("EventCode"),
            root: find("EventRootCode"),
            is_root_event: find("IsRootEvent"),
            goldstein: find("GoldsteinScale"),
            mentions: find("NumMentions"),
            sources: find("NumSources"),
            articles: find("NumArticles"),
            tone: find("AvgTone"),
            geo_type: find("ActionGeo_Type"),
            place: find("ActionGeo_FullName"),
            country: find("ActionGeo_CountryCode"),
            region: find("ActionGeo_ADM1Code"),
            coordinates: [find("ActionGeo_Lat"), find("ActionGeo_Long")],
            feature: find("ActionGeo_FeatureID"),
            added: find("DATEADDED"),
            url: find("SOURCEURL"),
        }
    }

    /// The code, which is checked against its root: spreadsheets drop the zeros before codes.
    fn code(&self, event: &mut EventBuilder<'_>) {
        let Some(code) = event.cell(self.code) else {
            event.problem(
                self.code,
                RecordProblem::new("", "is empty: an event needs its code"),
            );
            return;
        };
        match event.cell(self.root) {
            Some(root) if root.len() < 2 || !code.starts_with(root) => {
                let problem =
                    format!("does not start with its root {root}: zeros before codes are lost");
                let remedy = "take the file as it was published".to_owned();
                event.problem(self.code, RecordProblem::new("", problem).suggest(remedy));
            }
            _ => event.cameo(self.code, code),
        }
    }

    fn side(event: &mut EventBuilder<'_>, side: &GdeltSide) {
        // Where the name is missing, the code is all that is known.
        let column = if event.cell(side.name).is_some() {
            side.name
        } else {
            side.code
        };
        event.actor(column, side.role);
        let [code, place, country] = side.attributes;
        let written = event.cell(side.code);
        event.attribute(code, "cameo", written);
        event.attribute_text(place, side.place);
        let written = event.written(side.country);
        event.attribute(country, "fips", written);
    }

    fn place(&self, event: &mut EventBuilder<'_>) {
        // Type 0 is no place, whatever stands in its columns.
        if event.cell(self.geo_type) == Some("0") {
            return;
        }
        let country = event
            .written(self.country)
            .map(|code| format!("fips:{code}"));
        event.place(&[self.place], country.as_deref(), self.coordinates);
        let region = event.cell(self.region);
        event.attribute("place_region", "fips", region);
        event.attribute_text("place_feature", self.feature);
    }

    fn source(&self, event: &mut EventBuilder<'_>) {
        let Some(url) = event.cell(self.url) else {
            return;
        };
        if url.contains("://") {
            if !event.cite_page(url) {
                event.attribute_text("source_url", self.url);
            }
            return;
        }
        // Some stories have a name in place of an address.
        event.cite(url, None, |source| {
            source.kind = SourceKind::Article;
            source.title = Title::new(url).ok();
        });
    }
}

impl RowMapping for GdeltColumns {
    fn map(&mut self, event: &mut EventBuilder<'_>) {
        event.date(self.day, None);
        event.id("gdelt", self.id, |_| None);
        self.code(event);
        for side in &self.sides {
            Self::side(event, side);
        }
        self.place(event);
        self.source(event);
        event.attribute_number("goldstein", self.goldstein);
        event.attribute_number("is_root_event", self.is_root_event);
        event.attribute_number("mentions", self.mentions);
        event.attribute_number("sources", self.sources);
        event.attribute_number("articles", self.articles);
        event.attribute_number("tone", self.tone);
        event.attribute_text("added", self.added);
    }
}
