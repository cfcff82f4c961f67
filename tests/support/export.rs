//! Exports what an engine holds.

use chancery::engine::{Engine, KnownAt};
use chancery::export::{ExportStream, RecordsFormat};
use chancery::graph::View;
use chancery::model::Kind;

/// All records as JSON Lines.
pub(crate) fn export(engine: &Engine) -> String {
    export_view(engine.view(KnownAt::Now).unwrap())
}

/// All records of a view as JSON Lines.
pub(crate) fn export_view(view: View) -> String {
    let mut lines = Vec::new();
    let mut export = ExportStream::records(view, Kind::ALL, RecordsFormat::JsonLines);
    while let Some(piece) = export.piece().unwrap() {
        lines.extend(piece);
    }
    String::from_utf8(lines).unwrap()
}
