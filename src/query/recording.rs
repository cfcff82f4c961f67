//! Records as JSON, written as they are gathered.
//!
//! The bytes are those of [`RecordAnswer`](super::answer::RecordAnswer). They are made without it, since
//! answers about data sets' events say the same again and again: what events of one shape share is
//! put into words once, by serializing an [`EventAnswer`] without what tells them apart, and so is
//! each actor. Both are kept with the state; an event is then written by copying. Records of other
//! kinds are described and serialized.

use std::ops::Range;

use serde::Serialize;

use super::answer::{EventAnswer, Via, When};
use super::describe::{Describer, recorded};
use super::written::write_day;
use crate::graph::{Kept, Outline, PackedId, Pieces, Plain, Term, View};
use crate::model::{Day, Id, Kind, Role, Scheme};

/// Writes the records of one answer, and what stands around them.
pub(super) struct Recording<'d, 'v> {
    view: &'v View,
    describer: &'d Describer<'v>,
    /// What the state can't keep.
    own: &'d Kept,
    scheme: Scheme,
    /// The answer so far.
    pub(super) out: Vec<u8>,
    /// The day that was written last, and where.
    day: Option<(i32, Range<usize>)>,
    /// The commit that was written last, and where.
    commit: Option<(u64, Range<usize>)>,
}

impl<'d, 'v> Recording<'d, 'v> {
    /// An answer of about so many bytes. `own` is for this answer alone.
    pub(super) fn new(
        view: &'v View,
        (describer, scheme): (&'d Describer<'v>, Scheme),
        own: &'d Kept,
        bytes: usize,
    ) -> Self {
        Self {
            view,
            describer,
            own,
            scheme,
            out: Vec::with_capacity(bytes),
            day: None,
            commit: None,
        }
    }

    /// Writes a value.
    pub(super) fn value(&mut self, value: &impl Serialize) -> serde_json::Result<()> {
        serde_json::to_writer(&mut self.out, value)
    }

    /// Writes bytes as they are.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Writes records with commas between them; `via` tells through whom one came in. Gives how many
    /// there are: those that are there.
    pub(super) fn records(
        &mut self,
        outlines: &[Outline<'v>],
        via: impl Fn(&Outline<'v>) -> Vec<Via<'v>>,
    ) -> serde_json::Result<usize> {
        let mut written = 0;
        for outline in outlines {
            let before = self.out.len();
            if written > 0 {
                self.out.push(b',');
            }
            if self.record(outline, via(outline))? {
                written += 1;
            } else {
                self.out.truncate(before);
            }
        }
        Ok(written)
    }

    /// Writes a record; `false` when there is nothing to write.
    fn record(&mut self, outline: &Outline<'v>, via: Vec<Via<'v>>) -> serde_json::Result<bool> {
        if via.is_empty() && self.plain(outline)? {
            return Ok(true);
        }
        match self.describer.record(outline.row, via) {
            Some(record) => self.value(&record).map(|()| true),
            None => Ok(false),
        }
    }

    /// Writes a plain event of one day or of none; `false` when it is no such record.
    fn plain(&mut self, outline: &Outline<'v>) -> serde_json::Result<bool> {
        let day = match outline.days {
            Some((first, last)) if first == last => Some(first),
            Some(_) => return Ok(false),
            None => None,
        };
        let make = || shape_in_words(self.view.plain(outline.row), self.describer);
        let of = (outline, self.scheme);
        let Some(shape) = self.view.made_of_shape(self.own, of, make)? else {
            return Ok(false);
        };
        let mut pieces = shape.iter();
        let mut next = || pieces.next().unwrap_or_default();
        let start = next();
        if start.is_empty() {
            return Ok(false);
        }
        self.bytes(start);
        self.id(outline.id);
        self.bytes(next());
        if let Some(day) = day {
            self.date(day);
        }
        self.bytes(next());
        for actor in outline.actors() {
            self.actor(*actor)?;
            self.bytes(next());
        }
        self.recorded(outline)?;
        self.out.push(b'}');
        Ok(true)
    }

    fn id(&mut self, id: PackedId<'_>) {
        match id {
            PackedId::Hash(hash) => {
                self.bytes(Kind::Event.as_str().as_bytes());
                self.out.push(b'-');
                self.bytes(&Id::digits(hash));
            }
            // Ids have nothing that is escaped.
            PackedId::Text(id) => self.bytes(id),
        }
    }

    /// Writes a date that is one day. Records of one day mostly follow one another.
    fn date(&mut self, day: i32) {
        if let Some((known, place)) = &self.day
            && *known == day
        {
            self.out.extend_from_within(place.clone());
            return;
        }
        let Some(of) = Day::from_number(day) else {
            return;
        };
        let start = self.out.len();
        self.bytes(br#","date":""#);
        let text = self.out.len();
        write_day(of, &mut self.out);
        let text = text..self.out.len();
        self.bytes(br#"","earliest":""#);
        self.out.extend_from_within(text.clone());
        self.bytes(br#"","latest":""#);
        self.out.extend_from_within(text.clone());
        self.bytes(br#"","sorts_on":""#);
        self.out.extend_from_within(text);
        self.bytes(br#"","precision":"day""#);
        self.day = Some((day, start..self.out.len()));
    }

    /// Writes how an actor is named.
    pub(super) fn actor(&mut self, actor: Term) -> serde_json::Result<()> {
        let make = || serde_json::to_vec(&self.describer.actor(actor)).map(Vec::into_boxed_slice);
        let brief = self.view.made_of_actor(self.own, actor, make)?;
        self.out.extend_from_slice(brief.unwrap_or_default());
        Ok(())
    }

    fn recorded(&mut self, outline: &Outline<'v>) -> serde_json::Result<()> {
        let Some(mark) = self.view.recorded_of(outline) else {
            return Ok(());
        };
        if let Some((known, place)) = &self.commit
            && *known == mark.commit
        {
            self.out.extend_from_within(place.clone());
            return Ok(());
        }
        let start = self.out.len();
        self.bytes(br#","recorded":"#);
        self.value(&recorded(mark))?;
        self.commit = Some((mark.commit, start..self.out.len()));
        Ok(())
    }
}

/// What plain events of one shape share, in words: up to the id, up to the date, up to the first who
/// took part, between those, and from the last of them up to the commit. Of others there is nothing.
fn shape_in_words<'v>(
    event: Option<Plain<'v>>,
    describer: &Describer<'v>,
) -> serde_json::Result<Pieces> {
    let Some(event) = event else {
        return Ok(Pieces::default());
    };
    let words = EventAnswer {
        when: When {
            date: Some("".into()),
            ..When::default()
        },
        ..describer.shape(&event)
    };
    // It has neither id nor date, and nobody takes part. No text within it can look like these three,
    // since quotes within texts are escaped.
    let words = serde_json::to_vec(&words)?;
    let parts = || {
        let (start, rest) = parted(&words, br#""id":""#, br#"""#)?;
        let (dataset, rest) = parted(rest, b"", br#","date":"""#)?;
        let (coding, rest) = parted(rest, br#","participants":["#, b"]")?;
        Some((start, dataset, coding, rest.strip_suffix(b"}")?))
    };
    let Some((start, dataset, coding, evidence)) = parts() else {
        return Ok(Pieces::default());
    };
    let mut pieces = vec![start.to_vec(), [b"\"", dataset].concat()];
    let mut last = coding.to_vec();
    for (place, role) in event.roles.iter().enumerate() {
        last.extend_from_slice(if place > 0 { b"," } else { b"" });
        last.extend_from_slice(br#"{"actor":"#);
        pieces.push(std::mem::take(&mut last));
        last.extend_from_slice(br#","role":""#);
        last.extend_from_slice(Role::as_str(*role).as_bytes());
        last.extend_from_slice(br#""}"#);
    }
    last.push(b']');
    last.extend_from_slice(evidence);
    pieces.push(last);
    Ok(Pieces::of(pieces.iter().map(Vec::as_slice)))
}

/// What stands before `before` and `after`, with the first of the two, and what stands behind both.
pub(super) fn parted<'t>(
    text: &'t [u8],
    before: &[u8],
    after: &[u8],
) -> Option<(&'t [u8], &'t [u8])> {
    let both = [before, after].concat();
    let at = text.windows(both.len()).position(|here| here == both)?;
    let (start, rest) = (text.get(..at + before.len())?, text.get(at + both.len()..)?);
    Some((start, rest))
}
