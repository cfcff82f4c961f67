//! What answers make of actors and of shapes of events, kept with the state that it was made of.
//!
//! A state never changes, so what was once put into words can be copied into every answer about it.
//! Nothing is made before it is asked for, and nothing is kept beyond some room: whoever asks then
//! keeps it for as long as the answer takes.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Graph;
use super::outlines::Outline;
use super::terms::Term;
use super::view::View;
use crate::model::Scheme;

/// Bytes that are kept with a state.
const ROOM: usize = 8 << 20;
/// Slots that are made at once.
const CHUNK: usize = 64;

/// A text with holes, as the pieces between them.
#[derive(Debug, Default)]
pub struct Pieces {
    text: Box<[u8]>,
    /// Where each piece ends.
    ends: Box<[u32]>,
}

impl Pieces {
    /// These pieces.
    pub fn of<'p>(pieces: impl IntoIterator<Item = &'p [u8]>) -> Self {
        let (mut text, mut ends) = (Vec::new(), Vec::new());
        for piece in pieces {
            text.extend_from_slice(piece);
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        }
        Self {
            text: text.into(),
            ends: ends.into(),
        }
    }

    /// The pieces, in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let piece = self.text.get(start..*end as usize);
            start = *end as usize;
            piece.unwrap_or_default()
        })
    }
}

/// What takes memory outside of where it stands.
trait Held {
    /// So many bytes.
    fn held(&self) -> usize;
}

impl Held for Pieces {
    fn held(&self) -> usize {
        self.text.len() + size_of_val(&*self.ends)
    }
}

impl Held for Box<[u8]> {
    fn held(&self) -> usize {
        self.len()
    }
}

/// A slot for each of some numbers, filled when one is first asked for.
#[derive(Debug)]
struct Slots<T>(OnceLock<Box<[Chunk<T>]>>);

type Chunk<T> = OnceLock<Box<[OnceLock<T>]>>;

impl<T> Slots<T> {
    const fn new() -> Self {
        Self(OnceLock::new())
    }
}

/// What was made of the actors and the shapes of a state.
#[derive(Debug)]
pub struct Kept {
    /// Bytes that may still be kept.
    room: AtomicUsize,
    actors: Slots<Box<[u8]>>,
    /// By segment and scheme.
    shapes: OnceLock<Box<[Slots<Pieces>]>>,
}

impl Default for Kept {
    fn default() -> Self {
        Self::with_room(ROOM)
    }
}

impl Clone for Kept {
    /// Of what becomes another state, nothing was made yet.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Kept {
    /// Without bounds: for one answer.
    pub fn unbounded() -> Self {
        Self::with_room(usize::MAX)
    }

    const fn with_room(bytes: usize) -> Self {
        Self {
            room: AtomicUsize::new(bytes),
            actors: Slots::new(),
            shapes: OnceLock::new(),
        }
    }

    /// What `make` makes of an actor of `graph`; `None` when there is no room to keep it.
    fn actor<E>(
        &self,
        graph: &Graph,
        actor: Term,
        make: impl FnOnce() -> Result<Box<[u8]>, E>,
    ) -> Result<Option<&[u8]>, E> {
        let actors = (&self.actors, graph.terms_end() as usize);
        let words = self.filled(actors, actor.index(), make)?;
        Ok(words.map(|words| &**words))
    }

    /// What `make` makes of a shape of `graph` under a scheme; `None` when there is no room to keep it.
    fn shape<E>(
        &self,
        graph: &Graph,
        ((segment, shape), scheme): ((u32, u32), Scheme),
        make: impl FnOnce() -> Result<Pieces, E>,
    ) -> Result<Option<&Pieces>, E> {
        let schemes = Scheme::ALL.len();
        let all = graph.segments.len() * schemes;
        let shapes = || (0..all).map(|_| Slots::new()).collect();
        let place = segment as usize * schemes + scheme as usize;
        let slots = self.shapes.get_or_init(shapes).get(place);
        let segment = graph.segments.get(segment as usize);
        let Some((slots, segment)) = slots.zip(segment) else {
            return Ok(None);
        };
        self.filled((slots, segment.columns.shapes()), shape as usize, make)
    }

    /// What is in slot `at` of slots up to number `end`.
    fn filled<'k, T: Held, E>(
        &self,
        (slots, end): (&'k Slots<T>, usize),
        at: usize,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<Option<&'k T>, E> {
        let chunks = slots.0.get_or_init(|| {
            self.take(end.div_ceil(CHUNK) * size_of::<Chunk<T>>());
            (0..end.div_ceil(CHUNK))
                .map(|_| Chunk::<T>::new())
                .collect()
        });
        let Some(chunk) = chunks.get(at / CHUNK) else {
            return Ok(None);
        };
        let is_full = || self.room.load(Ordering::Relaxed) == 0;
        if chunk.get().is_none() && is_full() {
            return Ok(None);
        }
        let slots = chunk.get_or_init(|| {
            self.take(CHUNK * size_of::<OnceLock<T>>());
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
        self.take(new.held());
        Ok(Some(slot.get_or_init(|| new)))
    }

    /// Takes so many bytes of the room, or all that is left: then nothing more is kept. Of two that take
    /// at once one may not count, which matters little.
    fn take(&self, bytes: usize) {
        let left = self.room.load(Ordering::Relaxed).saturating_sub(bytes);
        self.room.store(left, Ordering::Relaxed);
    }
}

impl View {
    /// What is kept with the state that is seen. A view of an earlier commit sees other records than
    /// that state holds last, and keeps nothing.
    fn kept(&self) -> Option<&Kept> {
        let last = self.graph.last();
        let is_last = last.is_some_and(|last| last.limit == self.limit);
        is_last.then_some(&self.graph.kept)
    }

    /// What `make` makes of an actor: kept with the state or, when it can't be, in `own`.
    ///
    /// # Errors
    ///
    /// Those of `make`.
    pub fn made_of_actor<'a, E>(
        &'a self,
        own: &'a Kept,
        actor: Term,
        make: impl Fn() -> Result<Box<[u8]>, E>,
    ) -> Result<Option<&'a [u8]>, E> {
        if let Some(kept) = self.kept()
            && let Some(made) = kept.actor(&self.graph, actor, &make)?
        {
            return Ok(Some(made));
        }
        own.actor(&self.graph, actor, make)
    }

    /// What `make` makes of the shape of a row under a scheme: kept with the state or, when it can't
    /// be, in `own`.
    ///
    /// # Errors
    ///
    /// Those of `make`.
    pub fn made_of_shape<'a, E>(
        &'a self,
        own: &'a Kept,
        of: (&Outline<'_>, Scheme),
        make: impl Fn() -> Result<Pieces, E>,
    ) -> Result<Option<&'a Pieces>, E> {
        let of = (of.0.shape, of.1);
        if let Some(kept) = self.kept()
            && let Some(made) = kept.shape(&self.graph, of, &make)?
        {
            return Ok(Some(made));
        }
        own.shape(&self.graph, of, make)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::convert::Infallible;

    use super::*;

    fn pieces(text: &[u8]) -> Pieces {
        Pieces::of([text])
    }

    #[test]
    fn pieces_come_back_in_order() {
        let pieces = Pieces::of([&b"ab"[..], b"", b"c"]);
        assert!(pieces.iter().eq([&b"ab"[..], b"", b"c"]));
        assert_eq!(Pieces::of([]).iter().count(), 0);
    }

    #[test]
    fn what_was_made_is_not_made_again() {
        let kept = Kept::unbounded();
        let slots = Slots::new();
        let times = Cell::new(0);
        let make = || {
            times.set(times.get() + 1);
            Ok::<_, Infallible>(pieces(b"x"))
        };
        for at in [3, 3, 70, 3] {
            let found = kept.filled((&slots, 71), at, make).unwrap().unwrap();
            assert!(found.iter().eq([b"x"]));
        }
        assert_eq!(times.get(), 2);
        assert!(kept.filled((&slots, 71), 128, make).unwrap().is_none());
    }

    #[test]
    fn nothing_is_kept_beyond_the_room() {
        let kept = Kept::with_room(1);
        let slots = Slots::new();
        let make = || Ok::<_, Infallible>(pieces(b"x"));
        let of = |at| kept.filled((&slots, 9), at, make).unwrap();
        assert!(of(0).is_none());
        let kept = Kept::with_room(1 << 14);
        let slots = Slots::new();
        let large = [0; 1 << 14];
        let make = || Ok::<_, Infallible>(pieces(&large));
        let of = |at| kept.filled((&slots, 9), at, make).unwrap();
        assert!(of(0).is_some(), "there was room when it was made");
        assert!(of(1).is_none());
        assert!(of(0).is_some());
        assert!(kept.clone().room.into_inner() > 1 << 14);
    }
}
