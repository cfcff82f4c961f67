//! Points at which a test makes an import panic: those that it reaches with an id made by [`panic_in`].

/// The id of an import that panics when it reaches a point.
pub(super) fn panic_in(point: &str) -> String {
    format!("panic in {point}")
}

/// A point that an import reaches.
pub(super) fn reach(point: &str, import: &str) {
    assert_ne!(import, panic_in(point), "as the test wants it");
}
