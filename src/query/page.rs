//! A page of a timeline, written as JSON as it is gathered.
//!
//! The bytes are those of [`RecordPage`](super::answer::RecordPage). They are made without it, since
//! a page of data sets' events says the same again and again: what events of one shape share is put
//! into words once, by serializing an [`EventAnswer`] without what tells them apart, and so is each
//! actor. An event is then written by copying. Records of other kinds are described and serialized.

use std::ops::Range;

use hashbrown::HashMap;
use serde::Serialize;

use super::answer::{EventAnswer, Via, When};
use super::describe::{Describer, recorded};
use super::effort;
use super::network::Network;
use super::timeline::{Position, TimelineQuestion, meta_with_omitted, page};
use super::written::write_day;
use crate::graph::{Plain, Row, Term, View};

/// Bytes set aside for each record of a page: somewhat more than a plain event takes.
const RECORD_BYTES: usize = 768;

/// A timeline that can be asked what it may take before it is written.
pub struct Timeline<'v> {
    network: Network<'v>,
    question: &'v TimelineQuestion,
}

impl std::fmt::Debug for Timeline<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Timeline")
            .field("question", self.question)
            .finish_non_exhaustive()
    }
}

impl<'v> Timeline<'v> {
    /// The timeline that the question asks for.
    pub fn new(view: &'v View, question: &'v TimelineQuestion) -> Self {
        Self {
            network: Network::new(view, &question.scope),
            question,
        }
    }

    /// The records that it may look at, beside those that it shows: an upper bound that costs a few
    /// binary searches.
    pub fn effort(&self) -> usize {
        effort::timeline_effort(&self.network, self.question)
    }

    /// The page of [`timeline`](super::timeline::timeline) as JSON. `next` writes where the next page
    /// starts, for clients.
    ///
    /// # Errors
    ///
    /// When something can't be written as JSON; everything can.
    pub fn json(
        &self,
        next: impl FnOnce(Option<Position>) -> Option<String>,
    ) -> serde_json::Result<Vec<u8>> {
        let (network, question) = (&self.network, self.question);
        let rows = page(network, question);
        let focus = question.selection.actors();
        let describer = Describer::new(network.view(), question.scope.scheme);
        let mut records = Records::new(network.view(), &describer);
        let mut out = Vec::with_capacity((rows.rows.len() + 1) * RECORD_BYTES);
        out.extend_from_slice(b"{\"items\":[");
        let start = out.len();
        for row in &rows.rows {
            let before = out.len();
            if before > start {
                out.push(b',');
            }
            if !records.write(*row, network.via(*row, &focus), &mut out)? {
                out.truncate(before);
            }
        }
        out.extend_from_slice(b"],\"total\":");
        serde_json::to_writer(&mut out, &rows.total)?;
        out.extend_from_slice(b",\"next\":");
        serde_json::to_writer(&mut out, &next(rows.next))?;
        out.extend_from_slice(b",\"meta\":");
        let meta = meta_with_omitted(network, &question.selection, &question.scope, rows.total);
        serde_json::to_writer(&mut out, &meta)?;
        out.push(b'}');
        Ok(out)
    }
}

/// A part of what was put into words.
type Piece = Range<usize>;

/// What events of one shape share: the JSON of one, taken apart where they differ.
#[derive(Clone)]
struct Shape {
    /// Up to the text of the id.
    start: Piece,
    /// From there up to the date, if there is one.
    dataset: Piece,
    /// From there up to those who took part.
    coding: Piece,
    /// From there up to the commit.
    evidence: Piece,
}

/// Writes records. What they share it puts into words once.
struct Records<'d, 'v> {
    view: &'v View,
    describer: &'d Describer<'v>,
    words: Vec<u8>,
    shapes: HashMap<(u32, u32), Option<Shape>>,
    actors: HashMap<Term, Piece>,
    commit: Option<(u64, Piece)>,
}

impl<'d, 'v> Records<'d, 'v> {
    fn new(view: &'v View, describer: &'d Describer<'v>) -> Self {
        Self {
            view,
            describer,
            words: Vec::new(),
            shapes: HashMap::new(),
            actors: HashMap::new(),
            commit: None,
        }
    }

    /// Writes a record; `false` when there is nothing to write.
    fn write(
        &mut self,
        row: Row,
        via: Vec<Via<'v>>,
        out: &mut Vec<u8>,
    ) -> serde_json::Result<bool> {
        if via.is_empty() && self.write_plain(row, out)? {
            return Ok(true);
        }
        match self.describer.record(row, via) {
            Some(record) => serde_json::to_writer(&mut *out, &record).map(|()| true),
            None => Ok(false),
        }
    }

    /// Writes a plain event of one day or of none; `false` when it is no such record.
    fn write_plain(&mut self, row: Row, out: &mut Vec<u8>) -> serde_json::Result<bool> {
        let Some(event) = self.view.plain(row) else {
            return Ok(false);
        };
        let day = match event.days {
            Some((first, last)) if first == last => Some(first),
            Some(_) => return Ok(false),
            None => None,
        };
        let Some(shape) = self.shape(row, &event)? else {
            return Ok(false);
        };
        self.copy(&shape.start, out);
        out.extend_from_slice(event.id.as_bytes());
        self.copy(&shape.dataset, out);
        if let Some(day) = day {
            out.extend_from_slice(br#","date":""#);
            let start = out.len();
            write_day(day, out);
            let written = start..out.len();
            out.extend_from_slice(br#"","earliest":""#);
            out.extend_from_within(written.clone());
            out.extend_from_slice(br#"","latest":""#);
            out.extend_from_within(written);
            out.extend_from_slice(br#"","precision":"day""#);
        }
        self.copy(&shape.coding, out);
        for (place, (actor, role)) in event.actors.iter().zip(event.roles).enumerate() {
            if place > 0 {
                out.push(b',');
            }
            out.extend_from_slice(br#"{"actor":"#);
            let actor = self.actor(*actor)?;
            self.copy(&actor, out);
            out.extend_from_slice(br#","role":""#);
            out.extend_from_slice(role.as_str().as_bytes());
            out.extend_from_slice(br#""}"#);
        }
        self.copy(&shape.evidence, out);
        self.write_commit(row, out)?;
        out.push(b'}');
        Ok(true)
    }

    fn shape(&mut self, row: Row, event: &Plain<'v>) -> serde_json::Result<Option<Shape>> {
        let number = self.view.shape(row);
        if let Some(known) = self.shapes.get(&number) {
            return Ok(known.clone());
        }
        let shape = self.take_apart(self.describer.shape(event))?;
        self.shapes.insert(number, shape.clone());
        Ok(shape)
    }

    /// Puts an event into words that has neither id nor date and in which nobody takes part. No text
    /// within it can look like these three, since quotes within texts are escaped.
    fn take_apart(&mut self, event: EventAnswer<'v>) -> serde_json::Result<Option<Shape>> {
        let event = EventAnswer {
            when: When {
                date: Some("".into()),
                ..When::default()
            },
            ..event
        };
        let words = self.add(&event)?;
        let text = self.words.get(words.clone()).unwrap_or_default();
        let find = |what: &[u8]| {
            let at = text.windows(what.len()).position(|here| here == what)?;
            Some(words.start + at)
        };
        let places = || {
            let id = find(br#""id":"""#)? + br#""id":""#.len();
            let date = find(br#","date":"""#)?;
            let actors = find(br#","participants":[]"#)? + br#","participants":["#.len();
            Some((id, date, actors))
        };
        Ok(places().map(|(id, date, actors)| Shape {
            start: words.start..id,
            dataset: id..date,
            coding: date + br#","date":"""#.len()..actors,
            evidence: actors..words.end - 1,
        }))
    }

    fn actor(&mut self, actor: Term) -> serde_json::Result<Piece> {
        if let Some(known) = self.actors.get(&actor) {
            return Ok(known.clone());
        }
        let piece = self.add(&self.describer.actor(actor))?;
        self.actors.insert(actor, piece.clone());
        Ok(piece)
    }

    fn write_commit(&mut self, row: Row, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let Some(mark) = self.view.recorded(row) else {
            return Ok(());
        };
        let piece = match &self.commit {
            Some((commit, piece)) if *commit == mark.commit => piece.clone(),
            _ => self.add(&recorded(mark))?,
        };
        out.extend_from_slice(br#","recorded":"#);
        self.copy(&piece, out);
        self.commit = Some((mark.commit, piece));
        Ok(())
    }

    fn add(&mut self, value: &impl Serialize) -> serde_json::Result<Piece> {
        let start = self.words.len();
        serde_json::to_writer(&mut self.words, value)?;
        Ok(start..self.words.len())
    }

    fn copy(&self, piece: &Piece, out: &mut Vec<u8>) {
        out.extend_from_slice(self.words.get(piece.clone()).unwrap_or_default());
    }
}
