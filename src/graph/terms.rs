//! Numbers in place of strings. Whatever a question compares (actors, sources, events that others
//! name, data sets, topics) is interned once; hot paths see the number only.

use std::hash::{BuildHasher as _, Hash};
use std::sync::LazyLock;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::invariant::number_32;

/// One hasher for the life of the process, so that tables of different segments agree. Seeded at
/// random: it never reaches disk, and nobody outside can choose colliding strings.
static HASHER: LazyLock<DefaultHashBuilder> = LazyLock::new(DefaultHashBuilder::default);

/// The hash of something.
pub(super) fn hash_of(value: impl Hash) -> u64 {
    HASHER.hash_one(value)
}

/// The hash of a kind of term and its text.
fn hash(kind: TermKind, text: &str) -> u64 {
    hash_of((kind as u8, text))
}

/// The number of an interned string. Numbers are given in order of first sight and never change
/// while the process lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term(pub(super) u32);

impl Term {
    /// The number.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The term of a number; an index past 32 bits is that of no term.
    pub fn at(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The number as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a term stands for. The same text may be a term of several kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum TermKind {
    /// The id of an actor.
    Actor,
    /// The id of a source.
    Source,
    /// The id of an event that another record names.
    Event,
    /// The id of a data set.
    Dataset,
    /// A topic.
    Topic,
}

/// The terms that were first seen in one segment: a range of numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    first: u32,
    texts: Vec<(TermKind, Box<str>)>,
    index: HashTable<u32>,
}

impl Terms {
    /// No terms; the first to come gets the number `first`.
    pub(super) fn starting_at(first: u32) -> Self {
        Self {
            first,
            ..Self::default()
        }
    }

    /// The number after the last.
    pub(super) fn end(&self) -> u32 {
        self.first + number_32(self.texts.len())
    }

    /// Looks a text up.
    pub(super) fn find(&self, kind: TermKind, text: &str) -> Option<Term> {
        let found = self
            .index
            .find(hash(kind, text), |&at| self.is(at, kind, text))?;
        Some(Term(self.first + found))
    }

    fn is(&self, at: u32, kind: TermKind, text: &str) -> bool {
        self.texts
            .get(at as usize)
            .is_some_and(|(k, t)| *k == kind && **t == *text)
    }

    /// Adds a text that is in no segment yet.
    pub(super) fn add(&mut self, kind: TermKind, text: &str) -> Term {
        let at = number_32(self.texts.len());
        self.texts.push((kind, text.into()));
        let texts = &self.texts;
        self.index.insert_unique(hash(kind, text), at, |&other| {
            texts.get(other as usize).map_or(0, |(k, t)| hash(*k, t))
        });
        Term(self.first + at)
    }

    /// The text of a number of this range.
    pub(super) fn text(&self, term: Term) -> Option<&str> {
        let at = term.0.checked_sub(self.first)?;
        self.texts.get(at as usize).map(|(_, text)| &**text)
    }

    /// All terms of one kind, in the order of their numbers.
    pub(super) fn of_kind(&self, kind: TermKind) -> impl Iterator<Item = (Term, &str)> {
        let numbered = self.texts.iter().zip(self.first..);
        numbered
            .filter(move |((k, _), _)| *k == kind)
            .map(|((_, t), n)| (Term(n), &**t))
    }

    /// These terms followed by those of the next range.
    pub(super) fn followed_by(&self, next: &Self) -> Self {
        let mut all = self.clone();
        for (kind, text) in &next.texts {
            all.add(*kind, text);
        }
        all
    }
}
