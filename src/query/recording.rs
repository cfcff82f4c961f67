//! Records as JSON, written as they are gathered.
//!
//! The bytes are those of [`RecordAnswer`](super::answer::RecordAnswer). They are made without it, since
//! answers about data sets' events say the same again and again: what events of one shape share is
//! serialized once, as a [`Template`] of an [`EventAnswer`] with holes for what tells them apart, and so
//! is each actor. Both are [kept with the state](super::fragments); an event is then written by
//! copying. Records of other kinds are described and serialized.

use std::ops::Range;

use serde::Serialize;

use super::answer::{EventAnswer, RecordTime, RecordedCommit, Via};
use super::answer_error::AnswerError;
use super::describe::{Describer, recorded};
use super::fragments::Fragments;
use super::template::Template;
use super::written::write_day;
use crate::graph::{PackedId, PlainEvent, RowHeader, Term, View};
use crate::model::{Day, Id, Kind, Role, Scheme};

/// Writes the records of one answer, and what stands around them.
pub(super) struct RecordSerializer<'d, 'v> {
    view: &'v View,
    describer: &'d Describer<'v>,
    fragments: &'d Fragments<'v>,
    scheme: Scheme,
    /// The answer so far.
    pub(super) out: Vec<u8>,
    /// The day that was written last, and where.
    day: Option<(i32, Range<usize>)>,
    /// The commit that was written last, and where.
    commit: Option<(u64, Range<usize>)>,
}

impl<'d, 'v> RecordSerializer<'d, 'v> {
    /// An answer of about so many bytes.
    pub(super) fn new(
        view: &'v View,
        (describer, scheme): (&'d Describer<'v>, Scheme),
        fragments: &'d Fragments<'v>,
        bytes: usize,
    ) -> Self {
        Self {
            view,
            describer,
            fragments,
            scheme,
            out: Vec::with_capacity(bytes),
            day: None,
            commit: None,
        }
    }

    /// Writes a value.
    pub(super) fn value(&mut self, value: &impl Serialize) -> Result<(), AnswerError> {
        Ok(serde_json::to_writer(&mut self.out, value)?)
    }

    /// Writes bytes as they are.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Writes records with commas between them; `via` tells through whom one came in.
    pub(super) fn records(
        &mut self,
        outlines: &[RowHeader<'v>],
        via: impl Fn(&RowHeader<'v>) -> Vec<Via<'v>>,
    ) -> Result<(), AnswerError> {
        for (place, outline) in outlines.iter().enumerate() {
            if place > 0 {
                self.out.push(b',');
            }
            self.record(outline, via(outline))?;
        }
        Ok(())
    }

    fn record(&mut self, outline: &RowHeader<'v>, via: Vec<Via<'v>>) -> Result<(), AnswerError> {
        if via.is_empty() && self.plain(outline)? {
            return Ok(());
        }
        match self.describer.record(outline.row, via) {
            Some(record) => self.value(&record),
            None => Err(AnswerError::Unreadable {
                kind: self.view.kind(outline.row),
                id: self.view.id(outline.row),
            }),
        }
    }

    /// Writes a plain event of one day or of none; `false` when it is no such record.
    fn plain(&mut self, outline: &RowHeader<'v>) -> Result<bool, AnswerError> {
        let day = match outline.days {
            Some((first, last)) if first == last => Some(first),
            Some(_) => return Ok(false),
            None => None,
        };
        // Its shape is not that of its participants as they count.
        if self.view.joins_actors(outline.row) {
            return Ok(false);
        }
        let make = || event_template(self.view.plain(outline.row), self.describer);
        let shape = self.fragments.shape(outline.shape, self.scheme, make)?;
        let Some(shape) = shape else {
            return Ok(false);
        };
        let mut pieces = shape.pieces();
        self.bytes(pieces.next_piece()?);
        self.id(outline.id);
        self.bytes(pieces.next_piece()?);
        if let Some(day) = day {
            self.date(day)?;
        }
        self.bytes(pieces.next_piece()?);
        for actor in outline.actors() {
            self.actor(*actor)?;
            self.bytes(pieces.next_piece()?);
        }
        self.recorded(outline)?;
        self.bytes(pieces.last_piece()?);
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
    fn date(&mut self, day: i32) -> Result<(), AnswerError> {
        if let Some((known, place)) = &self.day
            && *known == day
        {
            self.out.extend_from_within(place.clone());
            return Ok(());
        }
        let of = Day::from_number(day).ok_or(AnswerError::Incomplete("the day of a record"))?;
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
        Ok(())
    }

    /// Writes how an actor is named.
    fn actor(&mut self, actor: Term) -> Result<(), AnswerError> {
        let make = || Ok(serde_json::to_vec(&self.describer.actor(actor))?.into_boxed_slice());
        self.out
            .extend_from_slice(self.fragments.actor(actor, make)?);
        Ok(())
    }

    fn recorded(&mut self, outline: &RowHeader<'v>) -> Result<(), AnswerError> {
        let mark = self.view.recorded_of(outline);
        let mark = mark.ok_or(AnswerError::Incomplete("the commit of a record"))?;
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

/// What plain events of one shape share: up to the id, up to the date, up to the first who took part,
/// between those, from the last of them up to the commit, and the end. Other records have no template.
fn event_template<'v>(
    event: Option<PlainEvent<'v>>,
    describer: &Describer<'v>,
) -> Result<Option<Template>, AnswerError> {
    let Some(event) = event else {
        return Ok(None);
    };
    let shape = EventAnswer {
        when: RecordTime {
            date: Some("".into()),
            ..RecordTime::default()
        },
        recorded: Some(RecordedCommit { commit: 0, at: 0 }),
        ..describer.shape(&event)
    };
    let holes = ["id", "date", "participants", "recorded"];
    let around = Template::from_object(&shape, &holes)?;
    let mut around = around.pieces();
    let start = [around.next_piece()?, br#","id":""#].concat();
    let dataset = [b"\"", around.next_piece()?].concat();
    let mut pieces = vec![start, dataset];
    let mut last = [around.next_piece()?, br#","participants":["#].concat();
    for (place, role) in event.roles.iter().enumerate() {
        last.extend_from_slice(if place > 0 { b"," } else { b"" });
        last.extend_from_slice(br#"{"actor":"#);
        pieces.push(std::mem::take(&mut last));
        last.extend_from_slice(br#","role":""#);
        last.extend_from_slice(Role::as_str(*role).as_bytes());
        last.extend_from_slice(br#""}"#);
    }
    last.push(b']');
    last.extend_from_slice(around.next_piece()?);
    pieces.push(last);
    pieces.push(around.last_piece()?.to_vec());
    Ok(Some(Template::from_pieces(
        pieces.iter().map(Vec::as_slice),
    )))
}
