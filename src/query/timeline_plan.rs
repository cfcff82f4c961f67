//! A page of a timeline, written as JSON as it is gathered.
//!
//! The bytes are those of [`RecordPage`](super::answer::RecordPage), which are made without it: see
//! [`recording`](super::recording).

use super::answer_error::AnswerError;
use super::describe::Describer;
use super::effort;
use super::fragments::Fragments;
use super::network::Network;
use super::recording::RecordSerializer;
use super::selection::PageOffset;
use super::timeline::{TimelineQuestion, meta_with_omitted, page, unsifted};
use crate::graph::{MatchedRows, View};

/// Bytes set aside for each record of a page: somewhat more than a plain event takes.
const RECORD_BYTES: usize = 768;

/// A timeline that can be asked what it may take before it is written.
pub struct TimelinePlan<'v> {
    network: Network<'v>,
    question: &'v TimelineQuestion,
    /// All its rows, when nothing must be asked of any.
    unsifted: Option<MatchedRows<'v>>,
}

impl std::fmt::Debug for TimelinePlan<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Timeline")
            .field("question", self.question)
            .finish_non_exhaustive()
    }
}

impl<'v> TimelinePlan<'v> {
    /// The timeline that the question asks for.
    pub fn new(view: &'v View, question: &'v TimelineQuestion) -> Self {
        let network = Network::new(view, &question.scope);
        Self {
            unsifted: unsifted(&network, &question.selection),
            network,
            question,
        }
    }

    /// The records that it may look at, beside those that it shows: an upper bound that costs a few
    /// binary searches.
    pub fn effort(&self) -> usize {
        effort::timeline_effort(&self.network, self.question, self.unsifted.as_ref())
    }

    /// The page of [`timeline`](super::timeline::timeline) as JSON. `next` writes where the next page
    /// starts, for clients.
    ///
    /// # Errors
    ///
    /// When an invariant is broken: see [`AnswerError`].
    pub fn json(
        &self,
        next: impl FnOnce(Option<PageOffset>) -> Option<String>,
    ) -> Result<Vec<u8>, AnswerError> {
        let (network, question) = (&self.network, self.question);
        let rows = page(network, question, self.unsifted.clone());
        let focus = question.selection.actors();
        let scheme = question.scope.scheme;
        let describer = Describer::new(network.view(), scheme);
        let fragments = Fragments::new(network.view());
        let bytes = (rows.rows.len() + 1) * RECORD_BYTES;
        let of = (&describer, scheme);
        let mut out = RecordSerializer::new(network.view(), of, &fragments, bytes);
        out.bytes(b"{\"items\":[");
        let outlines = network.view().outlines(&rows.rows);
        out.records(&outlines, |outline| network.via(outline.row, &focus))?;
        out.bytes(b"],\"total\":");
        out.value(&rows.total)?;
        out.bytes(b",\"next\":");
        out.value(&next(rows.next))?;
        out.bytes(b",\"meta\":");
        let meta = meta_with_omitted(network, &question.selection, &question.scope, rows.total);
        out.value(&meta)?;
        out.bytes(b"}");
        Ok(out.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Graph;
    use crate::invariant::tests::{Expected, reported};
    use crate::model::Kind;
    use crate::query::filter::Scope;
    use crate::query::selection::{Order, Page, Selection};
    use crate::query::timeline::timeline;

    fn everything() -> TimelineQuestion {
        TimelineQuestion {
            selection: Selection::Everything,
            scope: Scope::default(),
            order: Order::Ascending,
            page: Page {
                limit: 10,
                offset: 0,
            },
        }
    }

    #[test]
    fn a_record_that_can_not_be_read_is_an_error_and_never_left_out() {
        let view = Graph::with_an_unreadable_event("a-call").view();
        let question = everything();
        let _expected = Expected::reports();
        let written = TimelinePlan::new(&view, &question).json(|_| None);
        let unreadable = written.unwrap_err();
        assert!(
            matches!(&unreadable, AnswerError::Unreadable { kind: Kind::Event, id } if id == "a-call"),
            "{unreadable}"
        );
        let found = reported(|| timeline(&view, &question)).unwrap();
        assert_eq!(found.record, Some((Kind::Event, "a-call".into())));
    }
}
