//! JSON objects with holes, for answers that say the same again and again.
//!
//! A [`Template`] is what stands around some members of an object. The serializer itself tells where
//! they start and end, so nothing is looked for in text that it has written.

use std::cell::Cell;
use std::io::{self, Write};
use std::ops::Range;
use std::slice;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::answer_error::AnswerError;
use crate::invariant::{Holds as _, number_32};

/// A text with holes, as the pieces between them.
#[derive(Debug)]
pub(super) struct Template {
    text: Box<[u8]>,
    /// Where each piece ends.
    ends: Box<[u32]>,
}

impl Template {
    /// These pieces, one more than there are holes.
    pub(super) fn from_pieces<'p>(pieces: impl IntoIterator<Item = &'p [u8]>) -> Self {
        let (mut text, mut ends) = (Vec::new(), Vec::new());
        for piece in pieces {
            text.extend_from_slice(piece);
            ends.push(number_32(text.len()));
        }
        Self {
            text: text.into(),
            ends: ends.into(),
        }
    }

    /// A value that serializes as an object, without some of its members, which are named in their
    /// order. Whoever fills such a hole writes the member with the comma before it: so none is the
    /// first of the object.
    ///
    /// # Errors
    ///
    /// When the value can't be written, or lacks one of the members.
    pub(super) fn from_object(
        value: &impl Serialize,
        holes: &[&'static str],
    ) -> Result<Self, AnswerError> {
        let mut text = Vec::new();
        let length = Cell::new(0);
        let mut members = Members::new(&length, holes);
        value.serialize(&mut Serializer::with_formatter(
            Measured {
                text: &mut text,
                length: &length,
            },
            Cutter(&mut members),
        ))?;
        let cuts = members.cuts;
        if let Some(missing) = holes.get(cuts.len()) {
            return Err(AnswerError::Incomplete(missing));
        }
        let mut pieces = Vec::with_capacity(cuts.len() + 1);
        let mut start = 0;
        for cut in cuts {
            pieces.push(start..cut.start);
            start = cut.end;
        }
        pieces.push(start..text.len());
        let pieces = pieces
            .into_iter()
            .filter_map(|piece| text.get(piece).holds("members stand within their object"));
        Ok(Self::from_pieces(pieces))
    }

    /// The pieces, in order.
    pub(super) fn pieces(&self) -> TemplatePieces<'_> {
        TemplatePieces {
            text: &self.text,
            ends: self.ends.iter(),
            start: 0,
        }
    }

    /// Bytes outside of where it stands.
    pub(super) fn heap_bytes(&self) -> usize {
        self.text.len() + size_of_val(&*self.ends)
    }
}

/// The pieces of a template, one after the other.
pub(super) struct TemplatePieces<'t> {
    text: &'t [u8],
    ends: slice::Iter<'t, u32>,
    start: usize,
}

impl<'t> TemplatePieces<'t> {
    /// The next piece.
    ///
    /// # Errors
    ///
    /// When there is none.
    #[inline]
    pub(super) fn next_piece(&mut self) -> Result<&'t [u8], AnswerError> {
        let next = self.ends.next().and_then(|end| {
            let end = *end as usize;
            let piece = self.text.get(self.start..end)?;
            self.start = end;
            Some(piece)
        });
        next.ok_or(AnswerError::Incomplete("a piece of a template"))
    }

    /// The last piece.
    ///
    /// # Errors
    ///
    /// When there is none, or others come after it.
    #[inline]
    pub(super) fn last_piece(&mut self) -> Result<&'t [u8], AnswerError> {
        match self.ends.len() {
            1 => self.next_piece(),
            _ => Err(AnswerError::Incomplete("the part between two pieces")),
        }
    }
}

/// Text, and how long it is so far.
struct Measured<'m> {
    text: &'m mut Vec<u8>,
    length: &'m Cell<usize>,
}

impl Write for Measured<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        self.length.set(self.text.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where some members of an object stand in its text.
struct Members<'m> {
    length: &'m Cell<usize>,
    wanted: &'m [&'static str],
    /// Those found so far, with the comma before each.
    cuts: Vec<Range<usize>>,
    /// Objects and arrays that are open.
    depth: usize,
    /// Where the present member of the object starts.
    start: usize,
    /// Whether its name is being written.
    in_name: bool,
    is_wanted: bool,
}

impl<'m> Members<'m> {
    fn new(length: &'m Cell<usize>, wanted: &'m [&'static str]) -> Self {
        Self {
            length,
            wanted,
            cuts: Vec::with_capacity(wanted.len()),
            depth: 0,
            start: 0,
            in_name: false,
            is_wanted: false,
        }
    }
}

/// Writes JSON without blanks, and notes where the members of the outermost object stand.
struct Cutter<'c, 'm>(&'c mut Members<'m>);

impl Formatter for Cutter<'_, '_> {
    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.depth += 1;
        out.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.depth -= 1;
        out.write_all(b"}")
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.depth += 1;
        out.write_all(b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.depth -= 1;
        out.write_all(b"]")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if first {
            return Ok(());
        }
        if self.0.depth == 1 {
            self.0.start = self.0.length.get();
            self.0.in_name = true;
        }
        out.write_all(b",")
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let members = &mut *self.0;
        if members.in_name {
            members.is_wanted = members.wanted.get(members.cuts.len()) == Some(&fragment);
        }
        out.write_all(fragment.as_bytes())
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.in_name = false;
        Ok(())
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let members = &mut *self.0;
        if members.depth == 1 && std::mem::take(&mut members.is_wanted) {
            members.cuts.push(members.start..members.length.get());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Serialize)]
    struct Inner {
        when: &'static str,
        evidence: Vec<u8>,
    }

    #[derive(Serialize)]
    struct OuterTemplate {
        id: u8,
        #[serde(flatten)]
        inner: Inner,
        parts: Vec<Inner>,
        end: serde_json::Value,
    }

    fn outer() -> OuterTemplate {
        // What stands within a value looks like the members that are cut out.
        let inner = || Inner {
            when: "\",\"when\":[],\"evidence\":[]",
            evidence: vec![1, 2],
        };
        OuterTemplate {
            id: 7,
            inner: inner(),
            parts: vec![inner()],
            end: json!({"when": 1, "parts": [{}], "": "parts"}),
        }
    }

    fn filled(holes: &[&'static str]) -> String {
        let value = outer();
        let template = Template::from_object(&value, holes).unwrap();
        let member = |name: &str| match name {
            "when" => serde_json::to_string(value.inner.when).unwrap(),
            "evidence" => serde_json::to_string(&value.inner.evidence).unwrap(),
            _ => serde_json::to_string(&value.parts).unwrap(),
        };
        let mut pieces = template.pieces();
        let mut json = pieces.next_piece().unwrap().to_vec();
        for hole in holes {
            let member = format!(",\"{hole}\":{}", member(hole));
            json.extend_from_slice(member.as_bytes());
            json.extend_from_slice(pieces.next_piece().unwrap());
        }
        pieces.next_piece().unwrap_err();
        String::from_utf8(json).unwrap()
    }

    #[test]
    fn an_object_with_its_holes_filled_is_the_object() {
        let whole = serde_json::to_string(&outer()).unwrap();
        let holes: [&[&'static str]; 5] = [
            &[],
            &["when"],
            &["when", "evidence"],
            &["evidence", "parts"],
            &["parts"],
        ];
        for holes in holes {
            assert_eq!(filled(holes), whole, "{holes:?}");
        }
    }

    #[test]
    fn members_that_are_missing_or_in_another_order_are_errors() {
        for (holes, missing) in [
            (&["none"][..], "none"),
            (&["parts", "when"], "when"),
            // The first member has no comma before it.
            (&["id"], "id"),
        ] {
            let error = Template::from_object(&outer(), holes).unwrap_err();
            assert!(matches!(error, AnswerError::Incomplete(it) if it == missing));
        }
        Template::from_object(&json!([1]), &["id"]).unwrap_err();
    }

    #[test]
    fn pieces_come_back_in_order() {
        let template = Template::from_pieces([&b"ab"[..], b"", b"c"]);
        let mut pieces = template.pieces();
        assert_eq!(pieces.next_piece().unwrap(), b"ab");
        assert!(pieces.last_piece().is_err(), "there are two");
        assert_eq!(pieces.next_piece().unwrap(), b"");
        assert_eq!(pieces.last_piece().unwrap(), b"c");
        pieces.next_piece().unwrap_err();
        let none = Template::from_pieces([]);
        none.pieces().next_piece().unwrap_err();
    }
}
