//! What the sources of a record come to: which are cited, and how many repeat none of the others.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::answer::{CitationAnswer, Evidence};
use crate::graph::{SourceHead, Term, TermKind, View};
use crate::model::{Citation, Confidence, fold};

/// Sources and agencies that are looked at to find what a source repeats.
const ORIGINS_MAX: usize = 64;

/// The sources that the records of one answer cite. What it has looked up it remembers.
pub(super) struct Sources<'v> {
    view: &'v View,
    known: RefCell<HashMap<Term, SourceHead<'v>>>,
}

impl<'v> Sources<'v> {
    pub(super) fn new(view: &'v View) -> Self {
        Self {
            view,
            known: RefCell::default(),
        }
    }

    /// The evidence of a record with these citations.
    pub(super) fn evidence(&self, citations: &[Citation]) -> Evidence<'v> {
        let term = |citation: &Citation| self.term(citation.source.as_str());
        let sources = citations.iter().map(|citation| {
            // A source that a record of this view cites is never missing: its deletion is refused.
            let (id, head) = match term(citation) {
                Some(source) => (Cow::Borrowed(self.view.text(source)), self.head(source)),
                None => (
                    Cow::Owned(citation.source.to_string()),
                    SourceHead::default(),
                ),
            };
            CitationAnswer {
                quote: owned(citation.quote.as_deref()),
                locator: owned(citation.locator.as_deref()),
                confidence: citation.confidence.map(Confidence::get),
                ..bare(id, head)
            }
        });
        Evidence {
            sources: sources.collect(),
            independent_sources: match citations {
                [] | [_] => citations.len(),
                several => self.independent(several.iter().map(term)),
            },
        }
    }

    /// The evidence of a record whose citations are these: source, confidence in thousandths,
    /// whether it is stated.
    pub(super) fn plain_evidence(&self, citations: &[(Term, u16, bool)]) -> Evidence<'v> {
        let sources = citations
            .iter()
            .map(|&(source, confidence, stated)| CitationAnswer {
                confidence: stated.then(|| f32::from(confidence) / 1000.0),
                ..bare(Cow::Borrowed(self.view.text(source)), self.head(source))
            });
        Evidence {
            sources: sources.collect(),
            independent_sources: match citations {
                [] | [_] => citations.len(),
                several => self.independent(several.iter().map(|(source, ..)| Some(*source))),
            },
        }
    }

    /// The number of cited sources that repeat none of the others.
    fn independent(&self, cited: impl Iterator<Item = Option<Term>>) -> usize {
        self.groups(cited).len()
    }

    /// Puts sources into groups, given by their places: those with an agency or an original in
    /// common, or whose publisher is the agency of another, directly or through sources that they repeat, are one.
    pub(super) fn groups(&self, cited: impl Iterator<Item = Option<Term>>) -> Vec<Vec<usize>> {
        let mut groups: Vec<(BTreeSet<Origin>, Vec<usize>)> = Vec::new();
        for (place, source) in cited.enumerate() {
            let (mut origins, mut places) = (self.origins(source), vec![place]);
            groups.retain(|(other, others)| {
                let apart = !have_in_common(other, &origins);
                if !apart {
                    origins.extend(other.iter().cloned());
                    places.extend(others);
                }
                apart
            });
            groups.push((origins, places));
        }
        groups.into_iter().map(|(_, places)| places).collect()
    }

    /// A source, those that it repeats one after the other, and their agencies.
    fn origins(&self, source: Option<Term>) -> BTreeSet<Origin> {
        let mut found = BTreeSet::new();
        let mut next = source;
        while let Some(source) = next.take() {
            // Sources that repeat one another in a circle are one, too.
            if found.len() > ORIGINS_MAX || !found.insert(Origin::Source(source)) {
                break;
            }
            let head = self.head(source);
            found.extend(head.agency.map(|agency| Origin::Agency(fold(agency))));
            found.extend(
                head.publisher
                    .map(|publisher| Origin::Publisher(fold(publisher))),
            );
            next = head.original.and_then(|original| self.term(original));
        }
        found
    }

    fn head(&self, source: Term) -> SourceHead<'v> {
        let mut known = self.known.borrow_mut();
        *known
            .entry(source)
            .or_insert_with(|| self.view.source(source).unwrap_or_default())
    }

    fn term(&self, source: &str) -> Option<Term> {
        self.view.term(TermKind::Source, source)
    }
}

/// What sources that repeat one another have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Source(Term),
    /// By its folded name.
    Agency(String),
    /// By its folded name. Two sources of one publisher are two, but what an agency publishes itself is
    /// its wire.
    Publisher(String),
}

/// Whether one repeats the other: a source or an agency is of both, or the one's publisher is the other's
/// agency.
fn have_in_common(one: &BTreeSet<Origin>, other: &BTreeSet<Origin>) -> bool {
    let is_shared = |origin: &Origin| match origin {
        Origin::Source(_) => other.contains(origin),
        Origin::Agency(name) => {
            other.contains(origin) || other.contains(&Origin::Publisher(name.clone()))
        }
        Origin::Publisher(name) => other.contains(&Origin::Agency(name.clone())),
    };
    one.iter().any(is_shared)
}

fn bare<'v>(id: Cow<'v, str>, head: SourceHead<'v>) -> CitationAnswer<'v> {
    CitationAnswer {
        source: id,
        title: head.title.map(Cow::Borrowed),
        publisher: head.publisher.map(Cow::Borrowed),
        published: head.published.map(Cow::Borrowed),
        url: head.url.map(Cow::Borrowed),
        quote: None,
        locator: None,
        confidence: None,
    }
}

fn owned<'v>(text: Option<&str>) -> Option<Cow<'v, str>> {
    text.map(|text| Cow::Owned(text.to_owned()))
}
