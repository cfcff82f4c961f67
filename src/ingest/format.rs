//! The formats, each declared once, and how they are told apart.
//!
//! A format is a file beside this one with a [`FormatDeclaration`] and a line in the list below. Formats
//! that are tables declare a [`TableDeclaration`]: the columns that tell
//! them, and what makes an event of a row.

use std::ops::ControlFlow;
use std::path::Path;

use super::input::OpenInput;
use super::table::{self, TableDeclaration};
use super::{InputPosition, InputReader, ReadStop};
use super::{
    acled, ftm, gdelt, historian, icews, json, json_lines, polecat, quads, timelinejs, ucdp,
};
use crate::model::{RecordProblem, unknown_word};

/// What is said once about a format.
pub(super) struct FormatDeclaration {
    /// The word for it in parameters and reports.
    pub(super) word: &'static str,
    /// The media types under which it alone is sent, the one that we send first.
    pub(super) media_types: &'static [&'static str],
    /// The ends of file names that it alone goes by, without the full stop.
    pub(super) extensions: &'static [&'static str],
    /// How it is recognized and read.
    pub(super) reader: FormatReader,
}

/// How inputs of a format are recognized and read.
pub(super) enum FormatReader {
    /// By code of its own.
    Stream {
        /// Whether an input that starts with these bytes is of the format.
        fits: fn(&[u8]) -> bool,
        /// Reads it to its end.
        read: StreamReader,
    },
    /// Row by row.
    Table(&'static TableDeclaration),
}

/// Reads an input to its end.
pub(super) type StreamReader =
    fn(&mut InputReader<'_>, OpenInput<'_>) -> Result<ControlFlow<()>, ReadStop>;

/// Declares the formats, in the order in which they are looked for.
macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident = $declaration:path,)+) => {
        /// A format that can be read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum InputFormat { $($(#[$doc])* $variant,)+ }

        impl InputFormat {
            /// All formats.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            pub(super) const fn declaration(self) -> &'static FormatDeclaration {
                match self { $(Self::$variant => &$declaration,)+ }
            }
        }
    };
}

formats! {
    /// One JSON document with lists of records.
    Json = json::FORMAT,
    /// A timeline of slides for `TimelineJS`.
    TimelineJs = timelinejs::FORMAT,
    /// Entities of `FollowTheMoney`: one a line.
    Ftm = ftm::FORMAT,
    /// JSON Lines: one record a line.
    JsonLines = json_lines::FORMAT,
    /// Travels and visits of the Office of the Historian, as XML.
    Historian = historian::FORMAT,
    /// Events of ICEWS as a tab-separated file.
    Icews = icews::FORMAT,
    /// Events of GDELT 1.0 or 2.0.
    Gdelt = gdelt::FORMAT,
    /// Events of UCDP GED or of the candidate data.
    Ucdp = ucdp::FORMAT,
    /// Events of ACLED.
    Acled = acled::FORMAT,
    /// Events of POLECAT.
    Polecat = polecat::FORMAT,
    /// Quadruples of a temporal knowledge graph: one event a line.
    Quads = quads::FORMAT,
}

/// Media types under which many formats are sent: the content tells which it is.
pub const UNSPECIFIC_MEDIA_TYPES: &[&str] = &[
    "text/csv",
    "application/xml",
    "text/xml",
    "application/zip",
    "application/x-tar",
    "application/zstd",
];

impl InputFormat {
    /// The word for the format in parameters and reports.
    pub const fn as_str(self) -> &'static str {
        self.declaration().word
    }

    /// The media types under which it is sent, the one that we send first.
    pub const fn media_types(self) -> &'static [&'static str] {
        self.declaration().media_types
    }

    /// The format with this word.
    ///
    /// # Errors
    ///
    /// The problem lists the words and suggests the nearest.
    pub fn parse(word: &str) -> Result<Self, RecordProblem> {
        let words: Vec<&str> = Self::ALL.iter().map(|f| f.as_str()).collect();
        let found = Self::ALL.iter().copied().find(|f| f.as_str() == word);
        found.ok_or_else(|| unknown_word(word, &words))
    }

    /// The format of a `Content-Type`, whatever its parameters and case.
    pub fn from_media_type(content_type: &str) -> Option<Self> {
        // What is split has a first part, be it empty.
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        let known = |f: &Self| {
            f.media_types()
                .iter()
                .any(|t| t.eq_ignore_ascii_case(essence))
        };
        Self::ALL.iter().copied().find(known)
    }

    /// The format that a file's name promises, with or without `.gz` behind it.
    pub fn from_file_name(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let (_, extension) = name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.')?;
        Self::ALL
            .iter()
            .copied()
            .find(|f| f.declaration().extensions.contains(&extension))
    }

    /// The format of an input that starts with `head`: the first that recognizes it, else a JSON
    /// document.
    pub fn detect(head: &[u8]) -> Self {
        let head = head.trim_ascii_start();
        let table = table::recognize(head);
        let fits = |format: &Self| match format.declaration().reader {
            FormatReader::Stream { fits, .. } => fits(head),
            FormatReader::Table(declared) => {
                table.is_some_and(|found| std::ptr::eq(found, declared))
            }
        };
        Self::ALL.iter().copied().find(fits).unwrap_or(Self::Json)
    }

    /// Why an input that starts with `head` is of no format, where more can be said than that it is no
    /// JSON.
    pub(super) fn explain(head: &[u8]) -> Option<ReadStop> {
        let problem = table::explain(head.trim_ascii_start())?;
        Some(ReadStop::Content(InputPosition::START, problem))
    }

    /// The formats that are tables.
    pub(super) fn tables() -> impl Iterator<Item = &'static TableDeclaration> {
        let declared = Self::ALL.iter().map(|format| format.declaration());
        declared.filter_map(|declared| match declared.reader {
            FormatReader::Table(table) => Some(table),
            FormatReader::Stream { .. } => None,
        })
    }
}
