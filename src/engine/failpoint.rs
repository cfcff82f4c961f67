//! Points at which a test makes an import panic or report a broken invariant: those that it reaches with an id
//! made by [`panic_in`] or [`break_in`].

use crate::invariant;
use crate::invariant::tests::PLANNED;
use crate::model::Kind;

/// The id of an import that panics when it reaches a point.
pub(super) fn panic_in(point: &str) -> String {
    format!("panic in {point}")
}

/// The id of an import that reports a broken invariant when it reaches a point.
pub(super) fn break_in(point: &str) -> String {
    format!("break in {point}")
}

/// A point that an import reaches.
pub(super) fn reach(point: &str, import: &str) {
    if import == break_in(point) {
        invariant::broken_record(Kind::Actor, "a", PLANNED);
    }
    assert_ne!(import, panic_in(point), "as the test wants it");
}
