//! A cache of serialized fragments: what answers make of actors and of shapes of events.
//!
//! A state never changes, so what was once serialized can be copied into every answer about it. It is
//! kept with the state ([`View::kept_with_state`]), up to some room. Nothing is made before it is asked
//! for; beyond the room, whoever asks keeps it for as long as the answer takes.

use std::cell::OnceCell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::answer_error::AnswerError;
use super::template::Template;
use crate::graph::{AnnexSlot, RowShape, Term, View};
use crate::model::Scheme;

/// Bytes that are kept with a state.
const ROOM: usize = 8 << 20;
/// Slots that are made at once.
const CHUNK: usize = 64;

/// The fragments that one answer is made of.
pub(super) struct Fragments<'v> {
    view: &'v View,
    /// Those kept with the state.
    kept: Option<&'v FragmentCache>,
    /// Those for which there is no room with the state, or no state to keep them with.
    own: OnceCell<FragmentCache>,
}

impl<'v> Fragments<'v> {
    pub(super) fn new(view: &'v View) -> Self {
        Self {
            view,
            kept: view
                .kept_with_state(AnnexSlot::Fragments, || FragmentCache::for_view(view, ROOM)),
            own: OnceCell::new(),
        }
    }

    /// What `make` makes of an actor.
    ///
    /// # Errors
    ///
    /// Those of `make`, or when there is no such actor.
    pub(super) fn actor(
        &self,
        actor: Term,
        make: impl Fn() -> Result<Box<[u8]>, AnswerError>,
    ) -> Result<&[u8], AnswerError> {
        if let Some(kept) = self.kept
            && let Some(made) = kept.actor(actor, &make)?
        {
            return Ok(made);
        }
        let own = self.own().actor(actor, make)?;
        own.ok_or(AnswerError::Incomplete("an actor"))
    }

    /// What `make` makes of a shape under a scheme; `None` when that has no template.
    ///
    /// # Errors
    ///
    /// Those of `make`, or when there is no such shape.
    pub(super) fn shape(
        &self,
        shape: RowShape,
        scheme: Scheme,
        make: impl Fn() -> Result<Option<Template>, AnswerError>,
    ) -> Result<Option<&Template>, AnswerError> {
        if let Some(kept) = self.kept
            && let Some(made) = kept.shape(shape, scheme, &make)?
        {
            return Ok(made.as_ref());
        }
        let own = self.own().shape(shape, scheme, make)?;
        own.map_or(Err(AnswerError::Incomplete("a shape")), |made| {
            Ok(made.as_ref())
        })
    }

    fn own(&self) -> &FragmentCache {
        let unbounded = || FragmentCache::for_view(self.view, usize::MAX);
        self.own.get_or_init(unbounded)
    }
}

/// What was made of the actors and the shapes of a state.
#[derive(Debug)]
struct FragmentCache {
    /// Bytes that may still be kept.
    room: AtomicUsize,
    actors: Slots<Box<[u8]>>,
    /// By segment and scheme.
    shapes: Box<[Slots<Option<Template>>]>,
}

impl FragmentCache {
    fn for_view(view: &View, room: usize) -> Self {
        let shapes = view.shapes_by_segment();
        let by_scheme = shapes.flat_map(|shapes| Scheme::ALL.map(|_| Slots::new(shapes)));
        Self {
            room: AtomicUsize::new(room),
            actors: Slots::new(view.terms_end()),
            shapes: by_scheme.collect(),
        }
    }

    /// What `make` makes of an actor; `None` when there is no room to keep it.
    fn actor(
        &self,
        actor: Term,
        make: impl FnOnce() -> Result<Box<[u8]>, AnswerError>,
    ) -> Result<Option<&[u8]>, AnswerError> {
        let text = self.actors.filled(&self.room, actor.index(), make)?;
        Ok(text.map(|text| &**text))
    }

    /// What `make` makes of a shape under a scheme; `None` when there is no room to keep it.
    fn shape(
        &self,
        shape: RowShape,
        scheme: Scheme,
        make: impl FnOnce() -> Result<Option<Template>, AnswerError>,
    ) -> Result<Option<&Option<Template>>, AnswerError> {
        let place = shape.segment as usize * Scheme::ALL.len() + scheme as usize;
        match self.shapes.get(place) {
            Some(slots) => slots.filled(&self.room, shape.number as usize, make),
            None => Ok(None),
        }
    }
}

/// What takes memory outside of where it stands.
trait HeapBytes {
    /// So many bytes.
    fn heap_bytes(&self) -> usize;
}

impl HeapBytes for Box<[u8]> {
    fn heap_bytes(&self) -> usize {
        self.len()
    }
}

impl HeapBytes for Option<Template> {
    fn heap_bytes(&self) -> usize {
        self.as_ref().map_or(0, Template::heap_bytes)
    }
}

/// A slot for each number up to some end, filled when it is first asked for.
#[derive(Debug)]
struct Slots<T> {
    end: usize,
    chunks: OnceLock<Box<[Chunk<T>]>>,
}

type Chunk<T> = OnceLock<Box<[OnceLock<T>]>>;

impl<T> Slots<T> {
    const fn new(end: usize) -> Self {
        Self {
            end,
            chunks: OnceLock::new(),
        }
    }
}

impl<T: HeapBytes> Slots<T> {
    /// What is in a slot, made by `make` if need be; `None` when there is no such slot, or nothing in
    /// it and no room left.
    fn filled<E>(
        &self,
        room: &AtomicUsize,
        at: usize,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<Option<&T>, E> {
        let chunks = self.chunks.get_or_init(|| {
            let chunks = self.end.div_ceil(CHUNK);
            take(room, chunks * size_of::<Chunk<T>>());
            (0..chunks).map(|_| Chunk::<T>::new()).collect()
        });
        let Some(chunk) = chunks.get(at / CHUNK) else {
            return Ok(None);
        };
        let is_full = || room.load(Ordering::Relaxed) == 0;
        if chunk.get().is_none() && is_full() {
            return Ok(None);
        }
        let slots = chunk.get_or_init(|| {
            take(room, CHUNK * size_of::<OnceLock<T>>());
            (0..CHUNK).map(|_| OnceLock::new()).collect()
        });
        let Some(slot) = slots.get(at % CHUNK) else {
            return Ok(None);
        };
        if let Some(made) = slot.get() {
            return Ok(Some(made));
        }
        if is_full() {
            return Ok(None);
        }
        let new = make()?;
        take(room, new.heap_bytes());
        Ok(Some(slot.get_or_init(|| new)))
    }
}

/// Takes so many bytes of the room, or all that is left: then nothing more is kept. Of two that take
/// at once one may not count, which matters little: so the ordering is relaxed.
fn take(room: &AtomicUsize, bytes: usize) {
    let left = room.load(Ordering::Relaxed).saturating_sub(bytes);
    room.store(left, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::convert::Infallible;
    use std::sync::Arc;

    use super::*;
    use crate::graph::{Graph, GraphBuilder};

    fn text(text: &[u8]) -> Box<[u8]> {
        text.into()
    }

    #[test]
    fn what_was_made_is_not_made_again() {
        let room = AtomicUsize::new(usize::MAX);
        let slots = Slots::new(71);
        let times = Cell::new(0);
        let make = || {
            times.set(times.get() + 1);
            Ok::<_, Infallible>(text(b"x"))
        };
        for at in [3, 3, 70, 3] {
            let found = slots.filled(&room, at, make).unwrap().unwrap();
            assert_eq!(**found, *b"x");
        }
        assert_eq!(times.get(), 2);
        assert!(slots.filled(&room, 128, make).unwrap().is_none());
    }

    #[test]
    fn nothing_is_kept_beyond_the_room() {
        let filled = |slots: &Slots<Box<[u8]>>, room: &AtomicUsize, at, bytes: &[u8]| {
            let made = slots.filled(room, at, || Ok::<_, Infallible>(text(bytes)));
            made.unwrap().is_some()
        };
        assert!(!filled(&Slots::new(9), &AtomicUsize::new(1), 0, b"x"));
        let (slots, room) = (Slots::new(9), AtomicUsize::new(1 << 14));
        let large = [0; 1 << 14];
        assert!(filled(&slots, &room, 0, &large), "there was room");
        assert!(!filled(&slots, &room, 1, b"x"));
        assert!(filled(&slots, &room, 0, &large), "it is there");
    }

    #[test]
    fn what_no_state_has_is_an_error() {
        let mut builder = GraphBuilder::new(&Arc::new(Graph::default()));
        builder.commit(1, 0);
        let view = builder.finish().keep().view();
        let fragments = Fragments::new(&view);
        let missing = fragments.actor(Term::at(64), || Ok(text(b"x")));
        assert!(matches!(missing, Err(AnswerError::Incomplete("an actor"))));
        let shape = RowShape {
            segment: 7,
            number: 0,
        };
        let missing = fragments.shape(shape, Scheme::Icews, || Ok(None));
        assert!(matches!(missing, Err(AnswerError::Incomplete("a shape"))));
    }
}
