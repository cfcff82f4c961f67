//! Records → files, one file a format. Every export can be imported again.

mod json_lines;

pub use json_lines::{ExportError, JsonLines};
