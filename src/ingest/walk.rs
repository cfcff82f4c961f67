//! Finding one's way in JSON text: members and elements as slices of it, and where a field stands.
//!
//! Everything is read by `serde_json` as raw values, which it passes over without recursion: depth
//! is no danger here.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Deserializer, Error};

use super::InputPosition;

/// A member of an object, as slices of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct ObjectMember<'a> {
    /// Its name with quotes and escapes.
    pub(super) key: &'a str,
    /// Its value.
    pub(super) value: &'a str,
}

impl<'a> ObjectMember<'a> {
    /// Its name. One that can't be decoded stays as it is written.
    pub(super) fn name(&self) -> Cow<'a, str> {
        string(self.key).unwrap_or(Cow::Borrowed(self.key))
    }
}

/// The text of a JSON string; `None` when `json` is none.
pub(super) fn string(json: &str) -> Option<Cow<'_, str>> {
    // Without escapes, what stands between the quotes is the string.
    if !json.contains('\\') {
        return json.strip_prefix('"')?.strip_suffix('"').map(Cow::Borrowed);
    }
    serde_json::from_str(json).ok().map(Cow::Owned)
}

/// The start of a long text, enough to know it by.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(64).collect()
}

/// Calls `each` with the members of the object `json`, in order, also those before a fault.
pub(super) fn members<'a>(json: &'a str, each: impl FnMut(ObjectMember<'a>)) -> Result<(), Error> {
    let mut deserializer = Deserializer::from_str(json);
    deserializer.deserialize_map(ObjectMembers(each))?;
    deserializer.end()
}

/// Calls `each` with the elements of the list `json`, in order, also those before a fault.
pub(super) fn elements<'a>(json: &'a str, each: impl FnMut(&'a str)) -> Result<(), Error> {
    let mut deserializer = Deserializer::from_str(json);
    deserializer.deserialize_seq(Elements(each))?;
    deserializer.end()
}

struct ObjectMembers<F>(F);

impl<'de, F: FnMut(ObjectMember<'de>)> Visitor<'de> for ObjectMembers<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
            (self.0)(ObjectMember {
                key: key.get(),
                value: value.get(),
            });
        }
        Ok(())
    }
}

struct Elements<F>(F);

impl<'de, F: FnMut(&'de str)> Visitor<'de> for Elements<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element::<&RawValue>()? {
            (self.0)(element.get());
        }
        Ok(())
    }
}

/// A field that was looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldSpan<'a> {
    /// The member's name, if the field is a member and is there.
    pub(super) key: Option<&'a str>,
    /// Its value; of a field that is not there, the innermost object or list on the way to it.
    pub(super) value: &'a str,
}

/// Looks for a field such as `participants[1].role` in the record `json`. Of members with the same
/// name the last is taken, as everywhere in JSON.
pub(super) fn find<'a>(json: &'a str, field: &str) -> FieldSpan<'a> {
    let mut found = FieldSpan {
        key: None,
        value: json,
    };
    let mut rest = field;
    while !rest.is_empty() {
        let step = if rest.starts_with('[') {
            element(found.value, rest)
        } else {
            member(found.value, rest)
        };
        let Some((next, left)) = step else {
            found.key = None;
            break;
        };
        (found, rest) = (next, left);
    }
    found
}

/// The element that `path` starts with, and the rest of the path.
fn element<'a, 'p>(json: &'a str, path: &'p str) -> Option<(FieldSpan<'a>, &'p str)> {
    let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
    let mut left: usize = index.parse().ok()?;
    let mut found = None;
    // A list that is faulty further on still has its first elements.
    let _fault = elements(json, |element| {
        if left == 0 && found.is_none() {
            found = Some(FieldSpan {
                key: None,
                value: element,
            });
        }
        left = left.saturating_sub(1);
    });
    Some((found?, rest.strip_prefix('.').unwrap_or(rest)))
}

/// The member that `path` starts with, and the rest of the path. Names may have full stops in them,
/// so the longest that fits is taken.
fn member<'a, 'p>(json: &'a str, path: &'p str) -> Option<(FieldSpan<'a>, &'p str)> {
    let mut best: Option<(FieldSpan<'a>, &'p str)> = None;
    let _fault = members(json, |member| {
        let Some(rest) = path.strip_prefix(&*member.name()) else {
            return;
        };
        let step = rest
            .strip_prefix('.')
            .or((rest.is_empty() || rest.starts_with('[')).then_some(rest));
        if let Some(rest) = step
            && best.is_none_or(|(_, shortest)| rest.len() <= shortest.len())
        {
            best = Some((
                FieldSpan {
                    key: Some(member.key),
                    value: member.value,
                },
                rest,
            ));
        }
    });
    best
}

/// Turns byte offsets in a text into positions. Cheap as long as the offsets grow.
#[derive(Clone, Debug)]
pub(super) struct PositionCursor<'a> {
    text: &'a str,
    start: InputPosition,
    offset: usize,
    position: InputPosition,
}

impl<'a> PositionCursor<'a> {
    /// Over `text`, which starts at `start` of the input.
    pub(super) const fn new(text: &'a str, start: InputPosition) -> Self {
        Self {
            text,
            start,
            offset: 0,
            position: start,
        }
    }

    /// Where `part`, a slice of the text, starts.
    pub(super) fn position(&mut self, part: &str) -> InputPosition {
        self.at(part
            .as_ptr()
            .addr()
            .saturating_sub(self.text.as_ptr().addr()))
    }

    /// The position of the character at byte `offset`.
    pub(super) fn at(&mut self, offset: usize) -> InputPosition {
        if offset < self.offset {
            (self.offset, self.position) = (0, self.start);
        }
        let offset = self.text.floor_char_boundary(offset);
        // Both are where characters begin, the first no later than the second.
        let passed = self.text.get(self.offset..offset).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', passed.as_bytes()).count();
        let last = match passed.rsplit_once('\n') {
            Some((_, last)) => {
                self.position.column = 1;
                last
            }
            None => passed,
        };
        self.position.line += lines as u64;
        self.position.column += last.chars().count() as u64;
        self.offset = offset;
        self.position
    }

    /// The position of a fault in the text that `serde_json` gives as line and byte column, both
    /// from 1, of `part`, a slice of the text.
    pub(super) fn of_fault(&mut self, part: &str, fault: &Error) -> InputPosition {
        let base = part
            .as_ptr()
            .addr()
            .saturating_sub(self.text.as_ptr().addr());
        let before = fault.line().saturating_sub(1);
        let line = match before.checked_sub(1) {
            Some(nth) => memchr::memchr_iter(b'\n', part.as_bytes())
                .nth(nth)
                .map_or(0, |at| at + 1),
            None => 0,
        };
        self.at(base + line + fault.column().saturating_sub(1))
    }
}
