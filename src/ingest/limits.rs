//! Limits on an input. The unit is in the name.

/// Bytes of one record as JSON, and so of one line of JSON Lines without its line break.
pub const RECORD_MAX_BYTES: usize = 1 << 20;
/// Bytes of a JSON document, unpacked. It is held in memory; JSON Lines are not and have no limit.
pub const DOCUMENT_MAX_BYTES: usize = 256 << 20;
/// Levels of objects and lists within each other in one record, itself included. It is the limit
/// of the JSON reader, so that records written over HTTP have the same.
pub const NESTING_MAX_LEVELS: usize = 127;
/// Bytes of a stream that are kept in memory before it goes to a temporary file.
pub const SPOOL_MEMORY_MAX_BYTES: usize = 8 << 20;
/// Bytes at the start of an input in which its format is looked for.
pub const DETECT_MAX_BYTES: usize = 64 << 10;
/// Problems of one record that are reported one by one; the others are counted.
pub const RECORD_PROBLEMS_MAX: usize = 100;
/// Bytes of a text that is kept as an attribute of an event; of a longer one the rest is cut, and `…` shows it.
pub const ATTRIBUTE_MAX_BYTES: usize = 8 << 10;
/// Bytes of all members of an archive together, unpacked. They are put by one at a time.
pub const ARCHIVE_MAX_BYTES: u64 = 16 << 30;
/// Members of an archive.
pub const ARCHIVE_MEMBERS_MAX: u32 = 100_000;
/// Cells of a row of a table.
pub const COLUMNS_MAX: usize = 1_024;
/// Rows at the start of a table that may stand before its header: a title, notes.
pub const ROWS_BEFORE_HEADER_MAX: usize = 10;
/// The last year of which a row may tell; later ones stand for "not known".
pub const ROW_YEAR_MAX: i32 = 2_100;
