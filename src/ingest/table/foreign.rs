//! Tables that are of no format: what they look like, and what fits them best.

use super::header::TableHeader;
use super::rows::first_cells;
use super::{TableDeclaration, TableDialect, dialects, header_row};
use crate::ingest::format::InputFormat;
use crate::ingest::walk::shown;
use crate::model::RecordProblem;

/// Columns of a header that a message names.
const COLUMNS_SHOWN_MAX: usize = 6;
/// The fewest columns of a table.
const COLUMNS_MIN: usize = 2;

/// A table that is known and holds no events.
struct EventlessTable {
    telling: &'static [&'static [&'static str]],
    title: &'static str,
    remedy: &'static str,
}

/// Those with a header. The columns are those of the codebooks of UCDP (dyadic 24.1, battle-related deaths
/// 24.1, one-sided and non-state 24.1), of ACLED's aggregates, and of the maps beside quadruples.
const EVENTLESS: &[EventlessTable] = &[
    EventlessTable {
        telling: &[
            &["dyad_id", "dyad id", "dyadid"],
            &["incompatibility", "incomp"],
            &["intensity_level", "int", "intensity"],
        ],
        title: "UCDP dyadic data: one row a year of a conflict between two sides, which is no event",
        remedy: "the events are in UCDP GED, which has the same sides in side_a and side_b",
    },
    EventlessTable {
        telling: &[&["conflict_id"], &["incompatibility"], &["intensity_level"]],
        title: "UCDP/PRIO armed conflict data: one row a year of a conflict, which is no event",
        remedy: "the events are in UCDP GED",
    },
    EventlessTable {
        telling: &[
            &["dyad_id", "conflict_id"],
            &["bd_best", "best_fatality_estimate", "fatality_best"],
        ],
        title: "UCDP deaths a year of a conflict, which are no events",
        remedy: "the events are in UCDP GED",
    },
    EventlessTable {
        telling: &[
            &["country", "admin1"],
            &["week", "month", "year"],
            &["events", "event_count", "no_events"],
        ],
        title: "counts of events by place and time, which are no events",
        remedy: "download the events themselves, one row an event",
    },
];

/// Why a head is of no format; `None` when it is neither a table nor XML.
pub(super) fn explain(head: &[u8]) -> Option<RecordProblem> {
    if head.starts_with(b"<") {
        return Some(foreign_xml(head));
    }
    if head.is_empty() || head.starts_with(b"{") || head.starts_with(b"[") || head.starts_with(b"<")
    {
        return None;
    }
    let (width, dialect) = widest(head)?;
    if width < COLUMNS_MIN {
        return None;
    }
    if let Some(problem) = eventless(head) {
        return Some(problem);
    }
    let cells = first_cells(head, dialect);
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| String::from_utf8_lossy(cell).trim().to_owned())
        .collect();
    Some(headerless(&cells).unwrap_or_else(|| nearest(head, dialect, &cells)))
}

/// Why XML is of no format.
fn foreign_xml(head: &[u8]) -> RecordProblem {
    let text = String::from_utf8_lossy(head);
    let is_name = |tag: &&str| tag.starts_with(|c: char| c.is_alphabetic());
    let tag = text.split('<').skip(1).find(is_name).unwrap_or_default();
    let end = tag.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | ':' | '.'));
    let root = shown(tag.get(..end.unwrap_or(tag.len())).unwrap_or_default());
    if root.eq_ignore_ascii_case("html") {
        let remedy = "open it in a browser: it says why there is no file".to_owned();
        return RecordProblem::new("", "is a web page and no file of records").suggest(remedy);
    }
    let problem = format!("is XML whose first element is <{root}>: none that is read starts so");
    let known = "travels and visits of the Office of the Historian, <trips> or <visits>".to_owned();
    RecordProblem::new("", problem).suggest(known)
}

/// The dialect that gives the first row the most cells, and how many.
fn widest(head: &[u8]) -> Option<(usize, TableDialect)> {
    let widths = dialects(head).map(|dialect| (first_cells(head, dialect).len(), dialect));
    widths.reduce(|widest, next| if next.0 > widest.0 { next } else { widest })
}

/// Why a table is not of the format that was named for it.
pub(super) fn not_of(head: &[u8], declared: &TableDeclaration) -> RecordProblem {
    let header = widest(head).and_then(|(_, dialect)| header_row(head, dialect, |_| true));
    let missing = header.map(|(_, header)| header.missing(declared));
    let missing = missing.filter(|missing| missing.len() < declared.telling.len());
    let problem = match missing {
        Some(missing) => format!(
            "has no column {}: these are no {}",
            listed(&missing),
            declared.title
        ),
        None => format!("has no column of those that tell {}", declared.title),
    };
    let found = InputFormat::detect(head);
    let remedy = if found == InputFormat::Json {
        "leave the format out, and what it looks like is said".to_owned()
    } else {
        format!("leave the format out: it looks like {}", found.as_str())
    };
    RecordProblem::new("", problem).suggest(remedy)
}

/// A table with a header that is known.
fn eventless(head: &[u8]) -> Option<RecordProblem> {
    let has = |table: &EventlessTable, header: &TableHeader| {
        table
            .telling
            .iter()
            .all(|names| header.find(names).is_some())
    };
    let of_dialect = |dialect| {
        let known = EVENTLESS.iter();
        known
            .clone()
            .find(|table| header_row(head, dialect, |header| has(table, header)).is_some())
    };
    let table = dialects(head).find_map(of_dialect)?;
    Some(RecordProblem::new("", format!("is {}", table.title)).suggest(table.remedy.to_owned()))
}

/// A table without a header that is known by the look of its first row.
fn headerless(cells: &[String]) -> Option<RecordProblem> {
    let is_digits = |cell: usize, len: usize| {
        cells.get(cell).is_some_and(|cell| {
            (len == 0 || cell.len() == len)
                && !cell.is_empty()
                && cell.bytes().all(|b| b.is_ascii_digit())
        })
    };
    let (title, remedy) = match cells.len() {
        16 if is_digits(0, 0) && is_digits(1, 14) && is_digits(2, 14) => (
            "looks like GDELT 2.0 mentions: where each event was told, and no events",
            "import the file *.export.CSV of the same quarter of an hour",
        ),
        27 if is_digits(1, 14) => (
            "looks like GDELT's knowledge graph: what articles are about, and no events",
            "import the file *.export.CSV of the same quarter of an hour",
        ),
        57..=61 if is_digits(0, 0) && is_digits(1, 8) => (
            "looks like GDELT, with a column too few or too many",
            "a file of GDELT 1.0 has 57 or 58 columns, of 2.0 61",
        ),
        _ if cells.iter().all(|cell| !cell.is_empty() && is_number(cell)) => (
            "looks like a table of numbers without a header: counts, a matrix, or records whose names are in \
             other files",
            "import the file in which the rows name actors, with a header",
        ),
        _ => return None,
    };
    Some(RecordProblem::new("", title).suggest(remedy.to_owned()))
}

fn is_number(cell: &str) -> bool {
    cell.parse::<f64>().is_ok()
}

/// What fits a table best that none fits.
fn nearest(head: &[u8], dialect: TableDialect, cells: &[String]) -> RecordProblem {
    let best = dialects(head)
        .filter_map(|dialect| header_row(head, dialect, |_| true))
        .flat_map(|(_, header)| {
            InputFormat::tables().map(move |declared| (header.clone(), declared))
        })
        .map(|(header, declared)| {
            let missing = header.missing(declared);
            (
                declared.telling.len() - missing.len(),
                header,
                declared,
                missing,
            )
        })
        .fold(
            None,
            |best: Option<(usize, TableHeader, &TableDeclaration, Vec<&str>)>, next| match best {
                Some(best) if best.0 >= next.0 => Some(best),
                _ => Some(next),
            },
        );
    let named = cells.iter().take(COLUMNS_SHOWN_MAX).map(|cell| shown(cell));
    let named: Vec<String> = named.collect();
    let table = format!(
        "a table of {} columns with {} between them ({}{})",
        cells.len(),
        dialect.delimiter_name(),
        named.join(", "),
        if cells.len() > COLUMNS_SHOWN_MAX {
            ", …"
        } else {
            ""
        }
    );
    match best {
        Some((found, header, declared, missing)) if found * 2 >= declared.telling.len() => {
            let problem = format!(
                "is {table}, and looks like {}: column {} is missing",
                declared.title,
                listed(&missing)
            );
            RecordProblem::new("", problem).suggest(renamed(&header, &missing))
        }
        _ => {
            let words: Vec<&str> = InputFormat::ALL
                .iter()
                .map(|format| format.as_str())
                .collect();
            let problem = format!(
                "is {table}, and of no format that is read: {}",
                words.join(", ")
            );
            let remedy = "write its rows as JSON Lines; examples/importer.rs shows how".to_owned();
            RecordProblem::new("", problem).suggest(remedy)
        }
    }
}

/// What to do about columns that are missing.
fn renamed(header: &TableHeader, missing: &[&str]) -> String {
    let alike = missing.iter().find_map(|wanted| {
        let near = header
            .names()
            .filter(|name| name.len() < 64)
            .map(|name| {
                (
                    strsim::damerau_levenshtein(&name.to_lowercase(), wanted),
                    name,
                )
            })
            .min()?;
        (near.0 <= wanted.len() / 3).then_some((near.1, *wanted))
    });
    match alike {
        Some((name, wanted)) => {
            format!("call the column {name:?} {wanted:?}, if that is what it holds")
        }
        None => format!("add {} as published", listed(missing)),
    }
}

fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
