//! What whoever asks keeps with a state: made of it once, and gone with it.
//!
//! A state never changes, so what was made of it holds as long as it lives. What that is, the graph
//! does not know.

use std::any::Any;
use std::fmt;
use std::sync::OnceLock;

use super::view::View;
use crate::invariant::Holds as _;

/// What is kept with a state: one thing of each sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnnexSlot {
    /// Fragments of serialized answers.
    Fragments,
    /// The keys by which actors that may be one are found.
    DuplicateKeys,
}

/// Room for one thing of any type.
type Room = OnceLock<Box<dyn Any + Send + Sync>>;

/// Room for one thing in each slot.
#[derive(Default)]
pub(super) struct Annex {
    fragments: Room,
    duplicate_keys: Room,
}

impl Annex {
    const fn room(&self, slot: AnnexSlot) -> &Room {
        match slot {
            AnnexSlot::Fragments => &self.fragments,
            AnnexSlot::DuplicateKeys => &self.duplicate_keys,
        }
    }
}

impl fmt::Debug for Annex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Annex")
            .field("fragments", &self.fragments.get().is_some())
            .field("duplicate_keys", &self.duplicate_keys.get().is_some())
            .finish()
    }
}

impl Clone for Annex {
    /// Of what becomes another state, nothing was made yet.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl View {
    /// What is kept in a slot with the state that is seen, made by `make` when it is first asked for. A view of
    /// an earlier commit sees other records than that state holds last: with it nothing is kept. All
    /// that is kept in a slot is of one type.
    pub fn kept_with_state<T: Any + Send + Sync>(
        &self,
        slot: AnnexSlot,
        make: impl FnOnce() -> T,
    ) -> Option<&T> {
        let last = self.graph.last()?;
        if last.limit != self.limit {
            return None;
        }
        let room = self.graph.annex.room(slot);
        let kept = room.get_or_init(|| Box::new(make()));
        kept.downcast_ref()
            .holds("all that is kept in a slot is of one type")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Graph, GraphBuilder};
    use super::AnnexSlot::{DuplicateKeys, Fragments};
    use crate::invariant::tests::reported;
    use crate::model::{Id, Kind};

    fn one_commit(graph: &Arc<Graph>) -> Arc<Graph> {
        let mut builder = GraphBuilder::new(graph);
        builder.delete(Kind::Actor, &Id::parse("nobody").unwrap());
        builder.commit(1 + graph.last().map_or(0, |mark| mark.commit), 0);
        builder.finish().keep()
    }

    #[test]
    fn what_was_made_of_a_state_is_kept_as_long_as_it_is_the_last() {
        let first = one_commit(&Arc::default());
        assert_eq!(first.view().kept_with_state(Fragments, || 7), Some(&7));
        assert_eq!(first.view().kept_with_state(Fragments, || 8), Some(&7));
        assert_eq!(
            first.view().kept_with_state(DuplicateKeys, || "8"),
            Some(&"8")
        );
        assert!(reported(|| first.view().kept_with_state(Fragments, || "7").copied()).is_some());
        let next = one_commit(&first);
        assert_eq!(next.view().kept_with_state(Fragments, || 9), Some(&9));
    }

    #[test]
    fn nothing_is_kept_with_a_view_of_the_past() {
        let first = one_commit(&Arc::default());
        let past = first.view_at_commit(0).unwrap();
        assert_eq!(past.kept_with_state(Fragments, || 7), None);
        assert_eq!(
            Arc::<Graph>::default()
                .view()
                .kept_with_state(Fragments, || 7),
            None
        );
    }
}
