//! The forms that answers take, by route.

use crate::export::{NetworkFormat, RecordsFormat, TimelineFormat};

/// A form that an answer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AnswerForm<T> {
    /// Its word as a value of `format`.
    pub(super) word: &'static str,
    /// What `Content-Type` says.
    pub(super) media_type: &'static str,
    /// The name under which it is saved, when it is for saving.
    pub(super) file: Option<&'static str>,
    /// What it is made by.
    pub(super) of: T,
}

/// The forms of a timeline.
pub(super) const TIMELINES: [AnswerForm<Option<TimelineFormat>>; 6] = [
    AnswerForm {
        word: "json",
        media_type: "application/json",
        file: None,
        of: None,
    },
    AnswerForm {
        word: "csv",
        media_type: "text/csv; charset=utf-8",
        file: Some("timeline.csv"),
        of: Some(TimelineFormat::Csv),
    },
    AnswerForm {
        word: "ics",
        media_type: "text/calendar; charset=utf-8",
        file: Some("timeline.ics"),
        of: Some(TimelineFormat::Calendar),
    },
    AnswerForm {
        word: "timelinejs",
        media_type: "application/vnd.timelinejs+json",
        file: Some("timeline.json"),
        of: Some(TimelineFormat::TimelineJs),
    },
    AnswerForm {
        word: "vis",
        media_type: "application/vnd.vis-timeline+json",
        file: Some("vis-timeline.json"),
        of: Some(TimelineFormat::Vis),
    },
    AnswerForm {
        word: "geojson",
        media_type: "application/geo+json",
        file: Some("timeline.geojson"),
        of: Some(TimelineFormat::GeoJson),
    },
];

/// The forms of a network.
pub(super) const GRAPHS: [AnswerForm<Option<NetworkFormat>>; 4] = [
    AnswerForm {
        word: "json",
        media_type: "application/json",
        file: None,
        of: None,
    },
    AnswerForm {
        word: "gexf",
        media_type: "application/gexf+xml; charset=utf-8",
        file: Some("graph.gexf"),
        of: Some(NetworkFormat::Gexf),
    },
    AnswerForm {
        word: "graphml",
        media_type: "application/graphml+xml; charset=utf-8",
        file: Some("graph.graphml"),
        of: Some(NetworkFormat::GraphMl),
    },
    AnswerForm {
        word: "cytoscape",
        media_type: "application/vnd.cytoscape+json",
        file: Some("graph.cyjs"),
        of: Some(NetworkFormat::Cytoscape),
    },
];

/// The forms of an export of several kinds of record.
pub(super) const EXPORTS: [AnswerForm<RecordsFormat>; 5] = [
    EXPORTS_OF_ONE[0],
    AnswerForm {
        media_type: "application/zip",
        file: Some("chancery-csv.zip"),
        ..EXPORTS_OF_ONE[1]
    },
    AnswerForm {
        media_type: "application/zip",
        file: Some("chancery-parquet.zip"),
        ..EXPORTS_OF_ONE[2]
    },
    EXPORTS_OF_ONE[3],
    EXPORTS_OF_ONE[4],
];

/// The forms of an export of one kind of record.
pub(super) const EXPORTS_OF_ONE: [AnswerForm<RecordsFormat>; 5] = [
    export(
        RecordsFormat::JsonLines,
        "application/x-ndjson",
        "chancery.jsonl",
    ),
    export(
        RecordsFormat::Csv,
        "text/csv; charset=utf-8",
        "chancery.csv",
    ),
    export(
        RecordsFormat::Parquet,
        "application/vnd.apache.parquet",
        "chancery.parquet",
    ),
    export(RecordsFormat::NQuads, "application/n-quads", "chancery.nq"),
    export(
        RecordsFormat::JsonLd,
        "application/ld+json",
        "chancery.jsonld",
    ),
];

const fn export(
    of: RecordsFormat,
    media_type: &'static str,
    file: &'static str,
) -> AnswerForm<RecordsFormat> {
    AnswerForm {
        word: of.as_str(),
        media_type,
        file: Some(file),
        of,
    }
}

/// The forms of rejects; whether they are CSV.
pub(super) const REJECTS: [AnswerForm<bool>; 2] = [
    AnswerForm {
        word: "json",
        media_type: "application/json",
        file: None,
        of: false,
    },
    AnswerForm {
        word: "csv",
        media_type: "text/csv; charset=utf-8",
        file: None,
        of: true,
    },
];
