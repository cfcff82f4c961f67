//! Plain events in JSON Lines, read without making a document of each line.
//!
//! What is read here is what most lines of event data sets are: an object without escapes whose
//! members are those of a plain event. Everything else, and everything that is wrong, is left to
//! the careful reader, so that it alone says what is a record and what is a reject.

use std::ops::ControlFlow;

use hashbrown::HashMap;

use super::walk::PositionCursor;
use super::{InputPosition, InputReader, Item, record};
use crate::document::KIND_MEMBER;
use crate::model::{Date, Draft, Id, Kind, Name, Shape};

/// Participants and citations of a line; those with more are left to the careful reader.
const LIST_MAX: usize = 16;
/// Shapes that are remembered by what is written. Data sets have fewer.
const REMEMBERED_MAX: usize = 1 << 16;

/// What was read of earlier lines.
#[derive(Debug, Default)]
pub(super) struct LineCache {
    /// The number of the shape of what is written of it.
    shapes: HashMap<Box<[u8]>, u32>,
    key: Vec<u8>,
    actors: Vec<u32>,
}

/// The parts of a line, as they are written.
#[derive(Default)]
struct LineParts<'a> {
    record: Option<&'a str>,
    id: Option<&'a str>,
    dataset: Option<&'a str>,
    event_type: Option<&'a str>,
    cameo: Option<&'a str>,
    date: Option<&'a str>,
    status: Option<&'a str>,
    participants: InlineList<(&'a str, &'a str)>,
    sources: InlineList<(&'a str, &'a str)>,
}

/// A short list without memory of its own.
#[derive(Default)]
struct InlineList<T> {
    items: [T; LIST_MAX],
    len: usize,
    is_given: bool,
}

impl<T> InlineList<T> {
    fn push(&mut self, item: T) -> Option<()> {
        *self.items.get_mut(self.len)? = item;
        self.len += 1;
        Some(())
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter().take(self.len)
    }
}

/// Reads a line as a plain event; `None` when it is left to the careful reader.
pub(super) fn read(
    reading: &mut InputReader<'_>,
    lines: &mut LineCache,
    line: &str,
    start: InputPosition,
) -> Option<ControlFlow<()>> {
    // With space before it, the line starts elsewhere.
    let parts = line
        .starts_with('{')
        .then(|| LineParts::split(line))
        .flatten()?;
    let days = match parts.date {
        Some(date) => {
            let date = Date::parse(date).ok().filter(Date::is_plain)?;
            Some((date.earliest(), date.latest()))
        }
        None => None,
    };
    if let Some(id) = parts.id {
        Id::check(id).ok()?;
    }
    let LineCache {
        shapes,
        key,
        actors,
    } = lines;
    parts.key(key);
    let shape = if let Some(shape) = shapes.get(key.as_slice()) {
        *shape
    } else {
        let shape = careful_shape(reading, line, start)?;
        if shapes.len() < REMEMBERED_MAX {
            shapes.insert(key.as_slice().into(), shape);
        }
        shape
    };
    actors.clear();
    for (i, (name, role)) in parts.participants.iter().enumerate() {
        let number = match reading.events.known_name(name) {
            Some(number) => number,
            None => reading.events.name(Name::new(name).ok()?),
        };
        let before = actors.iter().zip(parts.participants.iter()).take(i);
        let is_twin =
            |(actor, (_, other)): (&u32, &(&str, &str))| *actor == number && other == role;
        if before.into_iter().any(is_twin) {
            return None;
        }
        actors.push(number);
    }
    reading.records += 1;
    reading.events.add(start, shape, days, (actors, parts.id));
    Some(reading.pass_on_full())
}

/// The shape that the careful reader finds in the line.
fn careful_shape(reading: &mut InputReader<'_>, line: &str, start: InputPosition) -> Option<u32> {
    let defaults = &reading.options.defaults;
    match record::read(
        Kind::Event,
        line,
        &mut PositionCursor::new(line, start),
        defaults,
    ) {
        Item::Draft(_, Draft::Event(event)) => {
            let shape = Shape::from_event(&event)?;
            Some(reading.events.shape(shape))
        }
        Item::Draft(..)
        | Item::Events(_)
        | Item::References(_)
        | Item::Remark(..)
        | Item::Member(..)
        | Item::Rejects(_) => None,
    }
}

impl<'a> LineParts<'a> {
    fn split(line: &'a str) -> Option<Self> {
        let mut parts = Self::default();
        let mut text = LineScanner { rest: line };
        text.members(|text, name| {
            let place = match name {
                KIND_MEMBER => &mut parts.record,
                "id" => &mut parts.id,
                "dataset" => &mut parts.dataset,
                "type" => &mut parts.event_type,
                "cameo" => &mut parts.cameo,
                "date" => &mut parts.date,
                "status" => &mut parts.status,
                "participants" => {
                    return text.objects(&mut parts.participants, ("actor", "role"), |text| {
                        text.string()
                    });
                }
                "sources" => {
                    return text.objects(&mut parts.sources, ("source", "confidence"), |text| {
                        text.number()
                    });
                }
                _ => return None,
            };
            let value = text.string()?;
            place.replace(value).is_none().then_some(())
        })?;
        let is_over = text.rest.trim_ascii().is_empty();
        (is_over && parts.record == Some(Kind::Event.as_str())).then_some(parts)
    }

    /// What is written of the shape. Strings without escapes have no such bytes in them.
    fn key(&self, key: &mut Vec<u8>) {
        key.clear();
        for part in [self.dataset, self.event_type, self.cameo, self.status] {
            match part {
                Some(part) => key.extend_from_slice(part.as_bytes()),
                None => key.push(1),
            }
            key.push(0);
        }
        for (_, role) in self.participants.iter() {
            key.extend_from_slice(role.as_bytes());
            key.push(0);
        }
        key.push(2);
        for (source, confidence) in self.sources.iter() {
            key.extend_from_slice(source.as_bytes());
            key.push(0);
            key.extend_from_slice(confidence.as_bytes());
            key.push(0);
        }
    }
}

/// What is left of a line.
struct LineScanner<'a> {
    rest: &'a str,
}

impl<'a> LineScanner<'a> {
    fn skip(&mut self, mark: char) -> Option<()> {
        self.rest = match self.rest.strip_prefix(mark) {
            Some(rest) => rest,
            None => self.rest.trim_ascii_start().strip_prefix(mark)?,
        };
        Some(())
    }

    /// A string without escapes.
    fn string(&mut self) -> Option<&'a str> {
        self.skip('"')?;
        let special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..b' ');
        let end = self.rest.as_bytes().iter().position(special)?;
        let (string, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.strip_prefix('"')?;
        Some(string)
    }

    /// A number, whatever it says.
    fn number(&mut self) -> Option<&'a str> {
        let text = self.rest.trim_ascii_start();
        let end = text.find([',', '}'])?;
        let (number, rest) = text.split_at_checked(end)?;
        self.rest = rest;
        Some(number.trim_ascii_end())
    }

    /// An object; `member` reads the value of each.
    fn members(&mut self, mut member: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.skip('{')?;
        loop {
            let name = self.string()?;
            self.skip(':')?;
            member(self, name)?;
            if self.skip(',').is_none() {
                return self.skip('}');
            }
        }
    }

    /// A list of objects with two members, the first a string, the second perhaps not there.
    fn objects(
        &mut self,
        list: &mut InlineList<(&'a str, &'a str)>,
        (first, second): (&str, &str),
        read_second: impl Fn(&mut Self) -> Option<&'a str>,
    ) -> Option<()> {
        if std::mem::replace(&mut list.is_given, true) {
            return None;
        }
        self.skip('[')?;
        loop {
            let (mut a, mut b) = (None, None);
            self.members(|text, name| {
                if name == first {
                    a.replace(text.string()?).is_none().then_some(())
                } else if name == second {
                    b.replace(read_second(text)?).is_none().then_some(())
                } else {
                    None
                }
            })?;
            // The second says nothing where it is not there.
            list.push((a?, b.unwrap_or_default()))?;
            if self.skip(',').is_none() {
                return self.skip(']');
            }
        }
    }
}
