//! What the searches for strong paths of one question have in common.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::graph::Term;
use crate::query::adjacency::Adjacency;

/// What the searches for strong paths of one question have at hand.
#[derive(Default)]
pub(super) struct Strengths {
    /// The links onward and backward, when it pays to gather them all.
    pub(super) onward: OnceCell<Option<Adjacency>>,
    pub(super) backward: OnceCell<Option<Adjacency>>,
    /// What leads to the target that was asked for last.
    pub(super) ahead: Option<(Term, Rc<RemainingCost>)>,
}

/// The least that a path to a target costs from each actor on.
pub(super) struct RemainingCost {
    /// By term; of those that were reached.
    pub(super) costs: Vec<i64>,
    /// What it costs at the least from those that were not gone on from.
    pub(super) others: i64,
}
