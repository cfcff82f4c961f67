//! Paths between two actors, with the evidence of every hop.
//!
//! [`ranked`] brings the paths out one after the other, the best first, each loopless; what is best
//! is for the [`Mode`] to say, and each has a search of its own. What all of them ask of the network
//! is [`search`].

mod answering;
mod chronological;
mod fewest;
mod json;
mod path;
mod question;
mod ranked;
mod search;
mod strengths;
mod strongest;

use super::answer::PathsAnswer;
use super::describe::Describer;
use super::network::Network;
use crate::graph::View;

use answering::HopRecords;
pub(super) use answering::order;
pub(super) use chronological::Carrier;
pub use json::paths_json;
pub(super) use path::Path;
pub use question::{
    DEGREE_MAX, EVIDENCE_MAX, JOINS_MAX, MAX_HOPS_MAX, Mode, PATHS_MAX, PathsQuestion, VIA_MAX,
};
pub(super) use search::PathSearch;

/// The best paths of the mode.
pub fn paths<'v>(view: &'v View, question: &PathsQuestion) -> PathsAnswer<'v> {
    let network = Network::new(view, &question.scope);
    let search = PathSearch::new(&network, question);
    let found = search.best(question);
    let describer = Describer::new(view, question.scope.scheme);
    let paths = found.iter().map(|path| {
        let (mut answer, shown) = search.answer(question, &describer, path);
        for (hop, HopRecords { ends, rows }) in answer.hops.iter_mut().zip(shown) {
            let records = rows.into_iter();
            // What can't be read has been reported.
            let evidence = records.filter_map(|row| describer.record(row, network.via(row, &ends)));
            hop.evidence = evidence.collect();
        }
        answer
    });
    let paths = paths.collect();
    search.around(question, &describer, paths)
}
