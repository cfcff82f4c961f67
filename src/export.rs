//! Records and answers → files, one file a format.
//!
//! A file of records is a [`ExportStream`]: it is written piece by piece, in memory that does not grow with
//! the record. [JSON Lines](RecordsFormat::JsonLines) can be imported again and are the neutral backup; the
//! other formats are for other tools, and say what they can't.

mod calendar;
mod csv;
mod cytoscape;
mod error;
mod event_node;
mod format;
mod geojson;
mod gexf;
mod graphml;
mod json_lines;
mod jsonld;
mod linked_data;
mod markup;
mod network;
mod nquads;
mod parquet;
mod parquet_leaf;
mod sink;
mod stream;
mod table;
mod timeline_csv;
mod timeline_entry;
mod timelinejs;
mod vis;
mod zip;

pub use self::csv::CsvWriter;
pub use error::ExportError;
pub(crate) use markup::html;
pub use network::{NetworkFormat, network_file};
pub use stream::{ExportStream, RecordsFormat, TimelineFormat, everything};
