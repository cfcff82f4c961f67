//! Which records a question is about, in which order, and which part of a list is wanted.

use crate::graph::{Direction, Term};

/// How the actors of a selection must take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorMatch {
    /// At least one of them.
    Any,
    /// All of them.
    All,
}

impl ActorMatch {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Any, Self::All];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::All => "all",
        }
    }
}

/// The direction of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The earliest first; records without a date last.
    Ascending,
    /// The latest first; records without a date first.
    Descending,
}

impl Order {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Ascending, Self::Descending];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }
}

/// Which records a question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All relations, events and statements.
    Everything,
    /// Those in which the actors stand.
    Actors(Vec<Term>, ActorMatch),
    /// Those that link the two in some of these directions, seen from the first.
    Dyad(Term, Term, Direction),
}

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Items wanted at the most.
    pub limit: usize,
    /// Items to pass over.
    pub offset: usize,
}

/// The start of the next page, as the number of items before it.
pub type PageOffset = usize;

impl Page {
    /// The items of this page, and where the next one starts.
    pub(super) fn slice<T>(self, items: &[T]) -> (&[T], Option<PageOffset>) {
        let end = self.offset.saturating_add(self.limit).min(items.len());
        // Both ends are at most the number of items.
        let page = items.get(self.offset.min(end)..end).unwrap_or_default();
        (page, (end < items.len()).then_some(end))
    }
}

impl Selection {
    /// The actors that it names.
    pub(super) fn actors(&self) -> Vec<Term> {
        match self {
            Self::Everything => Vec::new(),
            Self::Actors(actors, _) => actors.clone(),
            Self::Dyad(a, b, _) => vec![*a, *b],
        }
    }
}
