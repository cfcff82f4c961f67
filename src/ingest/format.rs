//! The formats, and how they are told apart.

use std::path::Path;

use super::json::is_document_member;
use super::json_lines::first_kind;
use super::{quads, walk};
use crate::document::KIND_MEMBER;
use crate::model::{RecordProblem, unknown_word};

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InputFormat {
    /// One JSON document with lists of records.
    Json,
    /// JSON Lines: one record a line.
    JsonLines,
    /// Quadruples of a temporal knowledge graph: one event a line.
    Quads,
}

impl InputFormat {
    /// All formats.
    pub const ALL: &'static [Self] = &[Self::Json, Self::JsonLines, Self::Quads];

    /// The word for the format in parameters and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonLines => "jsonl",
            Self::Quads => "quads",
        }
    }

    /// The media types under which it is sent, the one that we send first.
    pub const fn media_types(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["application/json"],
            Self::JsonLines => &[
                "application/x-ndjson",
                "application/ndjson",
                "application/jsonl",
                "application/x-jsonlines",
                "application/json-lines",
            ],
            Self::Quads => &["text/tab-separated-values"],
        }
    }

    /// The ends of file names that it goes by, without the full stop.
    const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["json"],
            Self::JsonLines => &["jsonl", "ndjson"],
            Self::Quads => &["quads"],
        }
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
            .find(|f| f.extensions().contains(&extension))
    }

    /// The format of an input that starts with `head`. It is JSON Lines when the first line that is
    /// not blank starts with a [`KIND_MEMBER`] or is a whole JSON object that has one or has
    /// nothing of a document; quadruples when that line is no JSON and has their tabs; else a JSON
    /// document.
    pub fn detect(head: &[u8]) -> Self {
        let head = head.trim_ascii_start();
        // What is split has a first part, be it empty.
        let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
        if first_kind(line).is_some() {
            return Self::JsonLines;
        }
        if quads::is_row(line) {
            return Self::Quads;
        }
        let (mut told, mut members, mut of_document) = (false, false, false);
        let whole = str::from_utf8(line).is_ok_and(|line| {
            walk::members(line, |member| {
                let name = member.name();
                members = true;
                told |= name == KIND_MEMBER;
                of_document |= is_document_member(&name);
            })
            .is_ok()
        });
        if whole && members && (told || !of_document) {
            Self::JsonLines
        } else {
            Self::Json
        }
    }
}
