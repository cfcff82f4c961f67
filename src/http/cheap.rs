//! Which questions are answered on the thread that their connection is on.
//!
//! Handing a question to another thread takes longer than a cheap one takes to answer; a large one
//! would hold up the other connections of the thread. So each is asked first how much it may have
//! to look at. Names that are no ids go to the other threads, too: one that nobody has is compared
//! with all that there are.

use crate::graph::View;
use crate::model::Kind;
use crate::query::{PathsQuestion, TimelinePlan, paths_effort};

/// Records that a timeline shows at the most.
const SHOWN_MAX: usize = 200;
/// Records that a timeline looks at beside those: half a millisecond's worth.
const LOOKED_AT_MAX: usize = 5000;
/// Records in the window of a path, times the paths wanted. A search from both ends meets few of
/// them.
const WALKED_MAX: usize = 50_000;

/// Whether a page of so many records of the timeline is cheap.
pub(super) fn timeline(timeline: &TimelinePlan<'_>, shown: usize) -> bool {
    shows_few(shown) && looks_at_few(timeline.effort())
}

const fn shows_few(records: usize) -> bool {
    records <= SHOWN_MAX
}

const fn looks_at_few(records: usize) -> bool {
    records <= LOOKED_AT_MAX
}

const fn walks_few(records: usize) -> bool {
    records <= WALKED_MAX
}

/// Whether the search for paths is cheap.
pub(super) fn paths(view: &View, question: &PathsQuestion) -> bool {
    walks_few(paths_effort(view, question))
}

/// Whether a name is the id of an actor.
pub(super) fn is_id(name: &str, view: &View) -> bool {
    view.find(Kind::Actor, name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_two_hundred_records_is_cheap_and_one_more_is_not() {
        assert!(shows_few(200));
        assert!(!shows_few(201));
    }

    #[test]
    fn looking_at_five_thousand_records_is_cheap_and_at_one_more_is_not() {
        assert!(looks_at_few(5000));
        assert!(!looks_at_few(5001));
    }

    #[test]
    fn walking_over_fifty_thousand_records_is_cheap_and_over_one_more_is_not() {
        assert!(walks_few(50_000));
        assert!(!walks_few(50_001));
        // What no bound is known of.
        assert!(!walks_few(usize::MAX));
    }
}
