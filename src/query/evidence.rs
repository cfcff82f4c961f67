//! The evidence of a record as an answer shows it: which sources are cited, and how many repeat none
//! of the others.

use std::borrow::Cow;

use super::answer::{CitationAnswer, Evidence};
use super::independence::Independence;
use crate::graph::{SourceSummary, Term, View};
use crate::model::{Citation, Confidence};

/// Tells what the sources say for the records of one answer.
pub(super) struct Sources<'v> {
    view: &'v View,
    sources: Independence<'v>,
}

impl<'v> Sources<'v> {
    pub(super) fn new(view: &'v View) -> Self {
        Self {
            view,
            sources: Independence::new(view),
        }
    }

    /// The evidence of a record with these citations.
    pub(super) fn evidence(&self, citations: &[Citation]) -> Evidence<'v> {
        let term = |citation: &Citation| self.sources.term(citation.source.as_str());
        let sources = citations.iter().map(|citation| {
            // A source that a record of this view cites is never missing: its deletion is refused.
            let (id, head) = match term(citation) {
                Some(source) => (
                    Cow::Borrowed(self.view.text(source)),
                    self.sources.head(source),
                ),
                None => (
                    Cow::Owned(citation.source.to_string()),
                    SourceSummary::default(),
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
                ..bare(
                    Cow::Borrowed(self.view.text(source)),
                    self.sources.head(source),
                )
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
        self.sources.groups(cited).len()
    }
}

fn bare<'v>(id: Cow<'v, str>, head: SourceSummary<'v>) -> CitationAnswer<'v> {
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
