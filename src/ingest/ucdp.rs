//! Events of UCDP: the Georeferenced Event Dataset (GED) and the candidate events of the same form,
//! comma-separated with a header, one event of lethal violence a row.
//!
//! The names of columns are those of the codebook ("UCDP GED Codebook version 24.1"), whose set and order
//! change by release; shapefiles cut them to ten characters. Copies from humanitarian platforms have a
//! second row of HXL tags. `date_prec` says whether the days are those of the event (1), or bounds
//! between which it took place. `api-docs/formats.md` says which column becomes which field.

use super::format::{FormatDeclaration, FormatReader};
use super::table::event::EventBuilder;
use super::table::header::TableHeader;
use super::table::{RowMapping, TableDeclaration};
use crate::model::{Date, EventType, LIST_MAX, Role, SourceKind, Title};

pub(super) const FORMAT: FormatDeclaration = FormatDeclaration {
    word: "ucdp",
    media_types: &[],
    extensions: &[],
    reader: FormatReader::Table(&TABLE),
};

static TABLE: TableDeclaration = TableDeclaration {
    title: "events of UCDP GED",
    telling: &[
        &["type_of_violence", "type_of_vi"],
        &["side_a"],
        &["side_b"],
        &["date_start"],
        &["date_end"],
        &["best", "best_est"],
    ],
    headerless: None,
    dates: &["date_start", "date_end"],
    absent: &["NA"],
    mapping: |header| Box::new(UcdpColumns::new(header)),
};

/// Columns that are kept as numbers, and the attributes that they become.
const NUMBERS: &[(&str, &[&str])] = &[
    ("deaths_best", &["best", "best_est"]),
    ("deaths_civilians", &["deaths_civilians", "deaths_civ"]),
    ("deaths_high", &["high", "high_est"]),
    ("deaths_low", &["low", "low_est"]),
    ("deaths_side_a", &["deaths_a"]),
    ("deaths_side_b", &["deaths_b"]),
    ("deaths_unknown", &["deaths_unknown", "deaths_unk"]),
    ("event_clarity", &["event_clarity", "event_clar"]),
    ("number_of_sources", &["number_of_sources"]),
    ("type_of_violence", &["type_of_violence", "type_of_vi"]),
    ("where_precision", &["where_prec"]),
];

/// Columns that are kept as texts.
const TEXTS: &[(&str, &[&str])] = &[
    ("code_status", &["code_status"]),
    ("conflict", &["conflict_name", "conflict_n"]),
    ("dyad", &["dyad_name"]),
    ("relid", &["relid"]),
    ("source_original", &["source_original", "source_ori"]),
    ("where_description", &["where_description", "where_desc"]),
];

/// Columns that are kept as codes, with their schemes.
const CODES: &[(&str, &str, &[&str])] = &[
    ("conflict_id", "ucdp", &["conflict_new_id", "conflict_n_1"]),
    ("dyad_id", "ucdp", &["dyad_new_id"]),
    ("place_country_gw", "gw", &["country_id"]),
    ("place_country_iso3", "iso3", &["iso3"]),
    ("side_a_gw", "gw", &["gwnoa"]),
    ("side_a_id", "ucdp", &["side_a_new_id", "side_a_new"]),
    ("side_b_gw", "gw", &["gwnob"]),
    ("side_b_id", "ucdp", &["side_b_new_id", "side_b_new"]),
];

/// Numbers that stand for "none" among codes.
const NO_CODES: &[&str] = &["-9", "-99", "-999"];

/// An attribute and its column.
type KeptColumn = (&'static str, usize);

/// Where a file has what.
struct UcdpColumns {
    id: Option<usize>,
    violence: Option<usize>,
    sides: [Option<usize>; 2],
    dates: [Option<usize>; 2],
    precision: Option<usize>,
    places: [Option<usize>; 3],
    country: Option<usize>,
    coordinates: [Option<usize>; 2],
    article: Option<usize>,
    office: Option<usize>,
    published: Option<usize>,
    headline: Option<usize>,
    numbers: Vec<KeptColumn>,
    texts: Vec<KeptColumn>,
    codes: Vec<(&'static str, &'static str, usize)>,
}

impl UcdpColumns {
    fn new(header: &TableHeader) -> Self {
        let find = |name: &str| header.find(&[name]);
        let kept = |columns: &[(&'static str, &[&str])]| -> Vec<KeptColumn> {
            let each = columns.iter();
            each.filter_map(|(name, columns)| Some((*name, header.find(columns)?)))
                .collect()
        };
        let codes = CODES.iter();
        let codes = codes
            .filter_map(|(name, scheme, columns)| Some((*name, *scheme, header.find(columns)?)));
        Self {
            id: find("id"),
            violence: header.find(&["type_of_violence", "type_of_vi"]),
            sides: [find("side_a"), find("side_b")],
            dates: [find("date_start"), find("date_end")],
            precision: find("date_prec"),
            places: [
                header.find(&["where_coordinates", "where_coor"]),
                find("adm_2"),
                find("adm_1"),
            ],
            country: find("country"),
            coordinates: [find("latitude"), find("longitude")],
            article: header.find(&["source_article", "source_art"]),
            office: header.find(&["source_office", "source_off"]),
            published: header.find(&["source_date", "source_dat"]),
            headline: header.find(&["source_headline", "source_hea"]),
            numbers: kept(NUMBERS),
            texts: kept(TEXTS),
            codes: codes.collect(),
        }
    }

    /// Of one-sided violence the first side acts on the second, which is nobody in particular; of the rest
    /// the data do not say who acted.
    fn sides(&self, event: &mut EventBuilder<'_>) {
        let roles = if event.cell(self.violence) == Some("3") {
            [Role::Source, Role::Target]
        } else {
            [Role::Participant, Role::Participant]
        };
        for ((column, role), name) in self.sides.into_iter().zip(roles).zip(["side_a", "side_b"]) {
            if !event.actor(column, role) {
                event.attribute_text(name, column);
            }
        }
    }

    /// The articles, where the lists of offices, dates and headlines tell how many; else what is written
    /// of them is one source.
    fn sources(&self, event: &mut EventBuilder<'_>) {
        let lists = [self.office, self.published, self.headline].map(|column| event.cell(column));
        if let [Some(offices), Some(dates), headlines] = lists {
            let (offices, dates) = (members(offices), members(dates));
            if offices.len() == dates.len() {
                let headlines = headlines
                    .map(members)
                    .filter(|all| all.len() == dates.len());
                for (number, (office, date)) in
                    offices.iter().zip(&dates).enumerate().take(LIST_MAX)
                {
                    let headline = headlines.as_ref().and_then(|all| all.get(number).copied());
                    cite(event, office, date, headline);
                }
                if headlines.is_none() {
                    event.attribute_text("source_headline", self.headline);
                }
                return;
            }
        }
        if let Some(article) = event.cell(self.article).or(lists[0]) {
            event.cite(article, None, |source| {
                source.kind = SourceKind::Article;
                source.title = Title::new(article).ok();
            });
        }
    }
}

/// Cites an article.
fn cite(event: &mut EventBuilder<'_>, office: &str, date: &str, headline: Option<&str>) {
    let key = format!(
        "ucdp article {office}\n{date}\n{}",
        headline.unwrap_or_default()
    );
    event.cite(&key, None, |source| {
        source.kind = SourceKind::Article;
        source.title = headline.and_then(|text| Title::new(text).ok());
        source.publisher = Title::new(office).ok();
        source.published = Date::parse(date).ok();
    });
}

/// The members of a list with `;` between them.
fn members(list: &str) -> Vec<&str> {
    let each = list.split(';').map(str::trim);
    each.filter(|member| !member.is_empty()).collect()
}

impl RowMapping for UcdpColumns {
    fn map(&mut self, event: &mut EventBuilder<'_>) {
        let precision = self.precision;
        event.days(self.dates, |event| event.cell(precision) == Some("1"));
        event.id("ucdp", self.id, |_| None);
        event.set_type(EventType::Assault);
        self.sides(event);
        let country = event.cell(self.country);
        event.place(&self.places, country, self.coordinates);
        self.sources(event);
        for (name, column) in &self.numbers {
            event.attribute_number(name, Some(*column));
        }
        for (name, column) in &self.texts {
            event.attribute_text(name, Some(*column));
        }
        for (name, scheme, column) in &self.codes {
            let code = event
                .cell(Some(*column))
                .filter(|code| !NO_CODES.contains(code));
            event.attribute(name, scheme, code);
        }
    }
}
