//! What events of a foreign format name: actors by their names, and the documents that they cite. The
//! format has no records of either, so those that nobody knows are made.

use hashbrown::{HashMap, HashSet};

use crate::model::{
    Id, Kind, Label, Name, RecordProblem, Source, SourceKind, SourceParts, Title, ValidRecord,
};

/// Names and sources of the events that follow. Whom nobody knows by a name, and what is not there, is
/// made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImpliedReferences {
    /// The data set that actors are made in.
    pub dataset: Id,
    /// Names of actors.
    pub actors: Vec<Name>,
    /// Sources.
    pub sources: Vec<Source>,
}

/// Gathers what is named, each once in a reading.
#[derive(Debug)]
pub(super) struct ReferenceCollector {
    /// By the text as it is written.
    names: HashMap<Box<str>, Name>,
    sources: HashSet<[u8; 16]>,
    cites_dataset: bool,
    new: ImpliedReferences,
}

impl ReferenceCollector {
    pub(super) fn new(dataset: Id) -> Self {
        Self {
            names: HashMap::new(),
            sources: HashSet::new(),
            cites_dataset: false,
            new: ImpliedReferences {
                dataset,
                actors: Vec::new(),
                sources: Vec::new(),
            },
        }
    }

    /// The data set of what is read.
    pub(super) fn dataset(&self) -> &Id {
        &self.new.dataset
    }

    /// The actor of a name as it is written.
    pub(super) fn actor(&mut self, written: &str) -> Result<Name, RecordProblem> {
        if let Some(name) = self.names.get(written) {
            return Ok(name.clone());
        }
        // A cell may be wrapped; a name is one line.
        let one_line: Vec<&str> = written.split_whitespace().collect();
        let name = Name::new(&one_line.join(" "))
            .map_err(|error| RecordProblem::new("", error.to_string()))?;
        self.names.insert(written.into(), name.clone());
        self.new.actors.push(name.clone());
        Ok(name)
    }

    /// The id of the source that `key` tells from all others; `parts` is asked once for what else is
    /// known of it.
    pub(super) fn source(&mut self, key: &str, parts: impl FnOnce(&mut SourceParts)) -> Id {
        let hash = Id::hash_of(key.as_bytes());
        let id = Id::of_hash(Kind::Source, hash);
        if self.sources.insert(hash) {
            let mut of_source = bare_source(id.clone(), self.new.dataset.clone());
            parts(&mut of_source);
            self.add(of_source);
        }
        id
    }

    /// The id of the source that is a web page, under its address; `None` for what is too long for one.
    pub(super) fn page(&mut self, url: &str) -> Option<Id> {
        let address = Label::new(url).ok()?;
        Some(self.source(url, |source| {
            source.kind = SourceKind::Article;
            source.publisher = host(url).and_then(|host| Title::new(host).ok());
            source.url = Some(address);
        }))
    }

    /// The id of the source that is the data set itself, for what cites nothing.
    pub(super) fn dataset_source(&mut self) -> Id {
        let dataset = self.new.dataset.clone();
        if !self.cites_dataset {
            self.cites_dataset = true;
            let mut source = bare_source(dataset.clone(), dataset.clone());
            source.kind = SourceKind::Dataset;
            self.add(source);
        }
        dataset
    }

    fn add(&mut self, parts: SourceParts) {
        // It has no list and repeats nothing, so that nothing about it can be wrong.
        if let Ok(source) = ValidRecord::new(parts) {
            self.new.sources.push(source);
        }
    }

    /// What was named since the last time; `None` when that is nothing.
    pub(super) fn take(&mut self) -> Option<ImpliedReferences> {
        if self.new.actors.is_empty() && self.new.sources.is_empty() {
            return None;
        }
        Some(ImpliedReferences {
            dataset: self.new.dataset.clone(),
            actors: std::mem::take(&mut self.new.actors),
            sources: std::mem::take(&mut self.new.sources),
        })
    }
}

fn bare_source(id: Id, dataset: Id) -> SourceParts {
    SourceParts {
        id,
        dataset,
        kind: SourceKind::Other,
        title: None,
        publisher: None,
        authors: Vec::new(),
        agency: None,
        original: None,
        url: None,
        published: None,
        language: None,
    }
}

/// The host of a web address, without `www.`.
fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    Some(host.strip_prefix("www.").unwrap_or(host)).filter(|host| !host.is_empty())
}
