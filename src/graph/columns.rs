//! The rows of a segment as columns: one row for each version of a record.
//!
//! What many rows share (kind, coding, data set, roles, citations) is kept once and named by number.
//! A record that says no more than the columns do, as the rows of event data sets, has no body: it
//! is put together again when it is shown.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::Hash;

use hashbrown::HashMap;

use super::packed_id::{INLINE_BYTES, IdForm, PackedId, RecordKey, inline, without_zeros};
use super::parallel::both;
use super::row_lists::{ListColumn, in_places, inverse};
use super::terms::{Term, TermKind};
use crate::codec::{self, CodecError};
use crate::invariant::{Holds as _, broken_record, number_32};
use crate::model::{
    self, Citation, Coding, Confidence, Date, Day, DayRange, Event, EventParts, Id, Instant, Kind,
    Participant, Record, Role, Shape, StanceKind, Status, Timing,
};

/// The day number of a row without a date: after every day there is.
pub(super) const UNDATED: i32 = i32::MAX;
/// The last day of a row that has none, though it has a date: after every day there is, before
/// [`UNDATED`].
pub(super) const ENDLESS: i32 = i32::MAX - 1;
/// What orders rows: the day that they are sorted at, the last day, the instant (none first),
/// recorded order.
pub type SortKey = (i32, i32, Option<Instant>, u32);
/// The confidence of a citation that states none, in thousandths: as good as certain, since its
/// coder had no doubt to note.
const UNSTATED: u16 = 1000;
/// Days that a table of them has at the most: so many for each row, and these in any case.
const DAYS_A_ROW_MAX: usize = 4;
const DAYS_MIN: usize = 1024;

/// What holds of every row.
const HEADED: &str = "a row has a head";
const SHAPED: &str = "a shape has a class and citations";

/// What a row shares with many others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct RowClass {
    pub(super) kind: Kind,
    pub(super) status: Status,
    /// The number of the actor's or the relation's kind; 0 elsewhere.
    pub(super) detail: u8,
    pub(super) dating: DateClass,
    pub(super) coding: Option<Coding>,
    pub(super) dataset: Term,
    /// The roles of its actors, in the order of the record.
    pub(super) roles: Box<[Role]>,
    /// Whether the columns say all of the record, so that it has no body.
    pub(super) plain: bool,
}

/// What the rows of a class share of their dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum DateClass {
    /// Two days say all of a date, but for whether the row lasts from one to the other and whether the
    /// date is in doubt.
    Days { lasts: bool, is_doubtful: bool },
    /// There is more to it: see [`Columns::timing`].
    More,
}

/// A source with the confidence of the citation in thousandths; whether it is stated.
pub(super) type CitedSource = (Term, u16, bool);
type CitedSources = Box<[CitedSource]>;

/// Values that many rows share, by number.
#[derive(Clone, Debug)]
pub(super) struct Dictionary<T> {
    values: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T> Default for Dictionary<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            numbers: HashMap::new(),
        }
    }
}

impl<T: Clone + Eq + Hash> Dictionary<T> {
    fn number(&mut self, value: &T) -> u32 {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let number = number_32(self.values.len());
        self.values.push(value.clone());
        self.numbers.insert(value.clone(), number);
        number
    }

    pub(super) fn get(&self, number: u32) -> Option<&T> {
        self.values.get(number as usize)
    }

    /// The numbers here of all values of `other`, in their order there.
    fn translate(&mut self, other: &Self) -> Vec<u32> {
        other
            .values
            .iter()
            .map(|value| self.number(value))
            .collect()
    }
}

/// What every row has and whoever reads a row asks for: it lies in one place, so that a row which is
/// far from the one before costs one wait for memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoredHeader {
    /// The day that the row is sorted at, or [`UNDATED`]: mostly its first.
    pub(super) day: i32,
    /// The number of its shape, below two bits that tell the [`IdForm`] of its id.
    shape: u32,
    /// Its actors when they are two, in the order of the record; else [`OTHERS`] and the number of
    /// their list.
    actors: [Term; 2],
}

/// The bits of the number of a shape.
const SHAPE_BITS: u32 = 30;
/// Shapes that one segment may have. A commit would take a hundred gigabytes to have more.
pub(super) const SHAPES_MAX: usize = 1 << SHAPE_BITS;

impl StoredHeader {
    /// Rows of one shape share all that [`Columns::shared`] tells.
    pub(super) fn shape(&self) -> u32 {
        self.shape & ((1 << SHAPE_BITS) - 1)
    }

    /// Its actors, when they are two.
    pub(super) fn two(&self) -> Option<[Term; 2]> {
        (self.actors[0] != OTHERS).then_some(self.actors)
    }

    fn form(&self) -> IdForm {
        match self.shape >> SHAPE_BITS {
            0 => IdForm::Hash,
            1 => IdForm::Short,
            _ => IdForm::Long,
        }
    }

    fn with_shape(self, shape: u32) -> Self {
        Self {
            shape: (self.form() as u32) << SHAPE_BITS | shape,
            ..self
        }
    }
}

/// The number of an id that is kept elsewhere.
fn long_id(id: [u8; INLINE_BYTES]) -> u32 {
    let [a, b, c, d, ..] = id;
    u32::from_be_bytes([a, b, c, d])
}

fn of_long_id(number: u32) -> [u8; INLINE_BYTES] {
    let mut id = [0; INLINE_BYTES];
    if let Some(first) = id.first_chunk_mut() {
        *first = number.to_be_bytes();
    }
    id
}

/// In place of the first actor: the number of the others is not two. It is that of no term.
const OTHERS: Term = Term(u32::MAX);

/// One row for each version of a record; the columns are of equal length.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    heads: Vec<StoredHeader>,
    /// Last day of the row, or [`ENDLESS`]; empty as long as no row has another than the one that it is
    /// sorted at.
    latest: Vec<i32>,
    timings: Timings,
    /// The operation that made it.
    pub(super) born: Vec<u32>,
    /// The operation that made the first version of the record, for the rows that replaced one.
    first: BTreeMap<u32, u32>,
    /// Numbers of the class and of the citations.
    shapes: Dictionary<(u32, u32)>,
    classes: Dictionary<RowClass>,
    citations: Dictionary<CitedSources>,
    /// The ids, to be read as the [`IdForm`] of each tells. Apart from the heads, which are gone through
    /// alone where no id is shown.
    ids: Vec<[u8; INLINE_BYTES]>,
    /// The ids that have no room there.
    long_ids: ListColumn<u8>,
    /// The actors of rows that have not two, in the order of the record.
    others: ListColumn<Term>,
    /// Topics, events named, stances and bodies of the rows that have some, by row.
    extras: Extras,
}

/// The rows whose date says more than two days.
#[derive(Clone, Debug, Default)]
struct Timings {
    /// Ascending.
    rows: Vec<u32>,
    kept: Vec<Timing>,
    /// The days of the members of sets.
    members: ListColumn<DayRange>,
}

/// What few rows have, by row.
#[derive(Clone, Debug, Default)]
struct Extras {
    /// Ascending.
    rows: Vec<u32>,
    topics: ListColumn<Term>,
    events: ListColumn<Term>,
    /// The stances that a statement takes, in the order of the record.
    stances: ListColumn<RowStance>,
    /// The two actors that a judgement is about.
    judged: ListColumn<Term>,
    /// The whole record, encoded by [`codec`].
    body: ListColumn<u8>,
}

/// A stance that a statement takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowStance {
    /// Toward whom or what.
    pub toward: RowStanceTarget,
    /// Which.
    pub kind: StanceKind,
    /// The topic that it is about, when it names another than its target.
    pub about: Option<Term>,
}

/// What a stance is taken toward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowStanceTarget {
    /// An actor.
    Actor(Term),
    /// An event.
    Event(Term),
    /// A topic.
    Topic(Term),
}

impl Columns {
    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.born.len()
    }

    /// The largest number of items in any list.
    pub(super) fn items(&self) -> usize {
        self.long_ids
            .total()
            .max(self.others.total())
            .max(self.extras.body.total())
    }

    /// Adds a version of a record; `first` is the operation that made its first version. `intern`
    /// gives the number of a text.
    pub(super) fn push(
        &mut self,
        record: &Record,
        (born, first): (u32, u32),
        mut intern: impl FnMut(TermKind, &str) -> Term,
    ) -> Result<(), CodecError> {
        let plain = is_plain(record);
        if !plain {
            self.push_extras(record, &mut intern)?;
        }
        if first != born {
            let row = number_32(self.len());
            self.first.insert(row, first);
        }
        self.born.push(born);
        let mut roles = Vec::new();
        let mut actors = Vec::new();
        for (role, actor) in record.actors() {
            actors.push(intern(TermKind::Actor, actor.as_str()));
            roles.push(role);
        }
        let dataset = intern(TermKind::Dataset, record.dataset().as_str());
        let class = class(record, dataset, roles, plain);
        let cited = cited(record, &mut intern);
        let shape = self.shape_of(&class, &cited);
        let timing = record.timing();
        if let Some(timing) = timing.filter(|_| class.dating == DateClass::More) {
            let row = number_32(self.heads.len());
            let members = record.date().map_or(&[][..], Date::members);
            self.timings.push(row, timing, members);
        }
        let days = timing.map(|timing| {
            let last = timing.sort_end().map_or(ENDLESS, Day::number);
            (timing.sorts_on.number(), last)
        });
        let id = PackedId::from_text(record.kind(), record.id().as_str());
        self.push_head(shape, days, &actors, id);
        // Records that others name by id are terms from the start.
        match record {
            Record::Actor(actor) => _ = intern(TermKind::Actor, actor.id.as_str()),
            Record::Source(source) => _ = intern(TermKind::Source, source.id.as_str()),
            Record::Relation(_)
            | Record::Event(_)
            | Record::Statement(_)
            | Record::Judgement(_) => {}
        }
        Ok(())
    }

    /// The number of a shape of plain events, for [`Columns::push_plain`].
    pub(super) fn plain_shape(
        &mut self,
        shape: &Shape,
        mut intern: impl FnMut(TermKind, &str) -> Term,
    ) -> u32 {
        let class = RowClass {
            kind: Kind::Event,
            status: shape.status,
            detail: 0,
            dating: DateClass::Days {
                lasts: false,
                is_doubtful: false,
            },
            coding: Some(shape.coding),
            dataset: intern(TermKind::Dataset, shape.dataset.as_str()),
            roles: shape.roles.clone(),
            plain: true,
        };
        let sources = shape.sources.iter();
        let cited: CitedSources = sources
            .map(|(source, confidence)| {
                let thousandths = confidence.map(Confidence::thousandths);
                let source = intern(TermKind::Source, source.as_str());
                (
                    source,
                    thousandths.unwrap_or(UNSTATED),
                    thousandths.is_some(),
                )
            })
            .collect();
        self.shape_of(&class, &cited)
    }

    /// Adds a plain event that has no earlier version.
    pub(super) fn push_plain(
        &mut self,
        shape: u32,
        days: Option<(i32, i32)>,
        actors: &[Term],
        (born, id): (u32, PackedId<'_>),
    ) {
        self.push_head(shape, days, actors, id);
        self.born.push(born);
    }

    fn push_head(
        &mut self,
        shape: u32,
        days: Option<(i32, i32)>,
        actors: &[Term],
        id: PackedId<'_>,
    ) {
        let (day, latest) = days.unwrap_or((UNDATED, UNDATED));
        if self.latest.is_empty() && latest != day {
            self.latest = self.days_sorted_at();
        }
        if !self.latest.is_empty() || latest != day {
            self.latest.push(latest);
        }
        let actors = if let [first, second] = *actors {
            [first, second]
        } else {
            let list = number_32(self.others.len());
            self.others.push_slice(actors);
            [OTHERS, Term(list)]
        };
        let (form, id) = match id {
            PackedId::Hash(hash) => (IdForm::Hash, hash),
            PackedId::Text(text) => inline(text).map_or_else(
                || {
                    let number = number_32(self.long_ids.len());
                    self.long_ids.push_slice(text);
                    (IdForm::Long, of_long_id(number))
                },
                |id| (IdForm::Short, id),
            ),
        };
        self.ids.push(id);
        self.heads.push(StoredHeader {
            day,
            shape: (form as u32) << SHAPE_BITS | shape,
            actors,
        });
    }

    fn days_sorted_at(&self) -> Vec<i32> {
        self.heads.iter().map(|head| head.day).collect()
    }

    fn shape_of(&mut self, class: &RowClass, cited: &CitedSources) -> u32 {
        let class = self.classes.number(class);
        let cited = self.citations.number(cited);
        self.shapes.number(&(class, cited))
    }

    fn push_extras(
        &mut self,
        record: &Record,
        intern: &mut impl FnMut(TermKind, &str) -> Term,
    ) -> Result<(), CodecError> {
        let mut body = Vec::with_capacity(128);
        codec::encode(record, &mut body)?;
        self.extras.rows.push(number_32(self.len()));
        self.extras.body.push(body);
        let topics = record.topics().iter();
        self.extras
            .topics
            .push(topics.map(|topic| intern(TermKind::Topic, topic.as_str())));
        let events = record.events().into_iter();
        self.extras
            .events
            .push(events.map(|(_, event)| intern(TermKind::Event, event.as_str())));
        let stances = match record {
            Record::Statement(statement) => statement.stances.as_slice(),
            Record::Source(_)
            | Record::Actor(_)
            | Record::Relation(_)
            | Record::Event(_)
            | Record::Judgement(_) => &[],
        };
        let stances = stances.iter().map(|stance| RowStance {
            toward: match &stance.toward {
                model::StanceTarget::Actor(id) => {
                    RowStanceTarget::Actor(intern(TermKind::Actor, id.as_str()))
                }
                model::StanceTarget::Event(id) => {
                    RowStanceTarget::Event(intern(TermKind::Event, id.as_str()))
                }
                model::StanceTarget::Topic(topic) => {
                    RowStanceTarget::Topic(intern(TermKind::Topic, topic))
                }
            },
            kind: stance.stance,
            about: (stance.about.as_ref()).map(|topic| intern(TermKind::Topic, topic)),
        });
        self.extras.stances.push(stances);
        let judged = record.judged().into_iter().flatten();
        self.extras
            .judged
            .push(judged.map(|(_, actor)| intern(TermKind::Actor, actor.as_str())));
        Ok(())
    }

    /// Adds all rows of `other` at the end.
    pub(super) fn append(&mut self, other: &Self) {
        let before = number_32(self.len());
        let first = other.first.iter();
        self.first
            .extend(first.map(|(row, first)| (row + before, *first)));
        if !self.latest.is_empty() || !other.latest.is_empty() {
            if self.latest.is_empty() {
                self.latest = self.days_sorted_at();
            }
            if other.latest.is_empty() {
                let days = other.heads.iter().map(|head| head.day);
                self.latest.extend(days);
            } else {
                self.latest.extend_from_slice(&other.latest);
            }
        }
        self.born.extend_from_slice(&other.born);
        let classes = self.classes.translate(&other.classes);
        let citations = self.citations.translate(&other.citations);
        let shapes: Vec<u32> = other
            .shapes
            .values
            .iter()
            .map(|(class, cited)| {
                let class = at(&classes, *class as usize);
                self.shapes
                    .number(&(class, at(&citations, *cited as usize)))
            })
            .collect();
        let number = |lists: usize| number_32(lists);
        let lists = number(self.others.len());
        let long_ids = number(self.long_ids.len());
        self.heads.extend(other.heads.iter().map(|head| {
            let actors = match head.actors {
                [OTHERS, list] => [OTHERS, Term(lists + list.0)],
                two => two,
            };
            StoredHeader { actors, ..*head }.with_shape(at(&shapes, head.shape() as usize))
        }));
        let ids = other.heads.iter().zip(&other.ids);
        self.ids.extend(ids.map(|(head, id)| match head.form() {
            IdForm::Hash | IdForm::Short => *id,
            IdForm::Long => of_long_id(long_ids + long_id(*id)),
        }));
        self.long_ids.append(&other.long_ids);
        self.others.append(&other.others);
        self.timings.append(&other.timings, before);
        self.extras
            .rows
            .extend(other.extras.rows.iter().map(|row| row + before));
        self.extras.topics.append(&other.extras.topics);
        self.extras.events.append(&other.extras.events);
        self.extras.stances.append(&other.extras.stances);
        self.extras.judged.append(&other.extras.judged);
        self.extras.body.append(&other.extras.body);
    }

    /// The same rows, each at its place among `places`.
    pub(super) fn in_places(mut self, places: &[u32]) -> Self {
        // Ids take nearly as much as all other columns together.
        let ids = std::mem::take(&mut self.ids);
        let ids = || in_places(&ids, places);
        // Column by column, so that no more than one on each thread stands twice in memory.
        let others = |columns: &mut Self| {
            columns.heads = in_places(&columns.heads, places);
            if !columns.latest.is_empty() {
                columns.latest = in_places(&columns.latest, places);
            }
            columns.born = in_places(&columns.born, places);
            let first = std::mem::take(&mut columns.first).into_iter();
            columns.first = first
                .map(|(row, first)| (at(places, row as usize), first))
                .collect();
            columns.timings = columns.timings.in_places(places);
            columns.extras = columns.extras.in_places(places);
        };
        self.ids = both(places.len(), ids, || others(&mut self)).0;
        self
    }

    /// Where each row goes in the order of time: see [`SortKey`].
    pub(super) fn places_in_time(&self) -> Vec<u32> {
        let rows = 0..number_32(self.len());
        let places = if self.latest.is_empty() {
            by_day(rows, &self.heads, |head| head.day)
        } else {
            let by_latest = inverse(&by_day(rows, &self.latest, |day| *day));
            by_day(by_latest.into_iter(), &self.heads, |head| head.day)
        };
        if self.first.is_empty() && self.timings.rows.is_empty() {
            // Rows are added as they are recorded, and those of one day keep their order.
            return places;
        }
        let mut order = inverse(&places);
        let days = |row: &u32| (self.order(*row).0, self.order(*row).1);
        let mut is_other = vec![false; self.len()];
        for row in self.first.keys().chain(&self.timings.rows) {
            if let Some(is_other) = is_other.get_mut(*row as usize) {
                *is_other = true;
            }
        }
        let is_other = |row: &u32| is_other.get(*row as usize) == Some(&true);
        for run in order.chunk_by_mut(|a, b| days(a) == days(b)) {
            if run.iter().any(is_other) {
                run.sort_by_key(|row| (self.order(*row), at(&self.born, *row as usize)));
            }
        }
        inverse(&order)
    }

    /// The operation that made the first version of the record: its place in recorded order, which
    /// corrections and their undo leave as it is.
    pub(super) fn first(&self, row: u32) -> u32 {
        let born = || at(&self.born, row as usize);
        self.first.get(&row).copied().unwrap_or_else(born)
    }

    /// What orders rows.
    pub(super) fn order(&self, row: u32) -> SortKey {
        let index = row as usize;
        let (day, latest) = self.days(index);
        let instant = self.timed(index).and_then(|timing| timing.instant);
        (day, latest, instant, self.first(row))
    }

    /// What every row has.
    pub(super) fn heads(&self) -> &[StoredHeader] {
        &self.heads
    }

    /// The same of one row.
    pub(super) fn head(&self, row: usize) -> Option<&StoredHeader> {
        self.heads.get(row)
    }

    /// The day that a row is sorted at, or [`UNDATED`].
    #[inline]
    pub(super) fn day(&self, row: usize) -> i32 {
        let head = self.head(row).holds(HEADED);
        head.map_or(UNDATED, |head| head.day)
    }

    /// The day that a row is sorted at and its last, or [`UNDATED`] twice.
    pub(super) fn days(&self, row: usize) -> (i32, i32) {
        let day = self.day(row);
        (day, self.latest(row, day))
    }

    /// The last day of a row that is sorted at a known day; [`ENDLESS`] when it has none.
    #[inline]
    pub(super) fn latest(&self, row: usize, day: i32) -> i32 {
        if self.latest.is_empty() {
            return day;
        }
        at(&self.latest, row)
    }

    /// When a row counts; `None` when it has no date.
    pub(super) fn timing(&self, row: usize) -> Option<Timing> {
        let head = self.head(row)?;
        self.timing_of(row, head.day, self.class_of(head.shape())?)
    }

    /// The same of a row whose day and class are known.
    #[inline]
    pub(super) fn timing_of(&self, row: usize, day: i32, class: &RowClass) -> Option<Timing> {
        let DateClass::Days { lasts, is_doubtful } = class.dating else {
            return self.timed(row).copied();
        };
        // No day has the number of rows without a date.
        let first = Day::from_number(day)?;
        let last = Day::from_number(self.latest(row, day))?;
        let timing = if lasts {
            Timing::lasting(first, last)
        } else {
            Timing::within(first, last)
        };
        Some(Timing {
            is_doubtful,
            ..timing
        })
    }

    /// Whether the date of a row says more than two days.
    #[inline]
    pub(super) fn is_timed(&self, row: usize) -> bool {
        self.has_timed()
            && self
                .class(row)
                .is_some_and(|class| class.dating == DateClass::More)
    }

    /// When a row counts whose date says more than two days.
    fn timed(&self, row: usize) -> Option<&Timing> {
        self.timings.kept.get(self.timings.at(row)?)
    }

    /// The days of the members of a row's date, when that is a set with gaps.
    pub(super) fn members(&self, row: usize) -> &[DayRange] {
        let at = self.timings.at(row);
        at.map_or(&[], |at| self.timings.members.get(at))
    }

    /// The rows whose date says more than two days, ascending, each with when it counts.
    pub(super) fn timed_rows(&self) -> impl Iterator<Item = (u32, &Timing)> {
        self.timings.rows.iter().copied().zip(&self.timings.kept)
    }

    /// Whether the date of some row says more than two days.
    pub(super) fn has_timed(&self) -> bool {
        !self.timings.rows.is_empty()
    }

    /// Whether some row has another last day than the one that it is sorted at.
    pub(super) fn lasts(&self) -> bool {
        !self.latest.is_empty()
    }

    /// The number of the shape of a row.
    #[inline]
    pub(super) fn shape(&self, row: usize) -> u32 {
        self.head(row).holds(HEADED).map_or(0, StoredHeader::shape)
    }

    /// All that a shape tells: what rows share, and their citations.
    pub(super) fn shared(&self, shape: u32) -> Option<(&RowClass, &[CitedSource])> {
        let (class, cited) = self.shapes.get(shape).holds(SHAPED)?;
        let citations = self.citations.get(*cited).holds(SHAPED);
        Some((
            self.classes.get(*class).holds(SHAPED)?,
            citations.map_or(&[], |cited| cited),
        ))
    }

    /// The number of shapes.
    pub(super) fn shapes(&self) -> usize {
        self.shapes.values.len()
    }

    /// What a row shares with others.
    #[inline]
    pub(super) fn class(&self, row: usize) -> Option<&RowClass> {
        self.class_of(self.head(row).holds(HEADED)?.shape())
    }

    /// What the rows of a shape share.
    #[inline]
    pub(super) fn class_of(&self, shape: u32) -> Option<&RowClass> {
        let class = self
            .shapes
            .get(shape)
            .and_then(|(class, _)| self.classes.get(*class));
        class.holds(SHAPED)
    }

    /// Something of each shape, by its number, to be looked up for many rows. `of` is given a class
    /// and the number of what is cited.
    pub(super) fn by_shape<'c, T>(&'c self, mut of: impl FnMut(&'c RowClass, u32) -> T) -> Vec<T> {
        // Shapes are made of classes that are there.
        let classes = self.shapes.values.iter().filter_map(|(class, cited)| {
            let class = self.classes.get(*class).holds(SHAPED)?;
            Some((class, *cited))
        });
        classes.map(|(class, cited)| of(class, cited)).collect()
    }

    /// Sets room aside for so many more plain events of two actors.
    pub(super) fn reserve(&mut self, rows: usize) {
        self.heads.reserve(rows);
        self.ids.reserve(rows);
        self.born.reserve(rows);
    }

    /// The kind of a row.
    pub(super) fn kind(&self, row: usize) -> Option<Kind> {
        self.class(row).map(|class| class.kind)
    }

    /// The actors of a row with their roles, in the order of the record.
    pub(super) fn actors(&self, row: usize) -> impl Iterator<Item = (Term, Role)> + Clone {
        let roles = self.class(row).map_or(&[][..], |class| &class.roles);
        self.standing(row)
            .iter()
            .copied()
            .zip(roles.iter().copied())
    }

    /// The actors of a row, in the order of the record; their roles are those of its class.
    #[inline]
    pub(super) fn standing(&self, row: usize) -> &[Term] {
        let head = self.head(row).holds(HEADED);
        head.map_or(&[], |head| self.standing_in(head))
    }

    /// The same of the head of a row.
    pub(super) fn standing_in<'c>(&'c self, head: &'c StoredHeader) -> &'c [Term] {
        match &head.actors {
            [OTHERS, list] => self.others.get(list.index()),
            two => two,
        }
    }

    /// The sources that a row cites, with the confidence in thousandths.
    pub(super) fn cited(&self, row: usize) -> impl Iterator<Item = (Term, u16)> {
        self.citations_of(row)
            .iter()
            .map(|(source, confidence, _)| (*source, *confidence))
    }

    pub(super) fn citations_of(&self, row: usize) -> &[CitedSource] {
        self.head(row)
            .and_then(|head| self.shapes.get(head.shape()))
            .and_then(|(_, cited)| self.citations.get(*cited))
            .holds(SHAPED)
            .map_or(&[], |cited| cited)
    }

    /// The rows with a body, ascending: all but plain events.
    pub(super) fn with_body(&self) -> &[u32] {
        &self.extras.rows
    }

    /// The encoded record of a row that is not plain.
    pub(super) fn body(&self, row: usize) -> Option<&[u8]> {
        Some(self.extras.body.get(self.extras.at(row)?))
    }

    /// The encoded record at a place among the rows with a body.
    pub(super) fn body_at(&self, place: usize) -> &[u8] {
        self.extras.body.get(place)
    }

    /// The topics of a row.
    pub(super) fn topics(&self, row: usize) -> &[Term] {
        // Most rows have no extras, as what they share with others tells at once.
        if self.class(row).is_some_and(|class| class.plain) {
            return &[];
        }
        self.extras
            .at(row)
            .map_or(&[], |at| self.extras.topics.get(at))
    }

    /// The events that a row names.
    pub(super) fn events(&self, row: usize) -> &[Term] {
        self.extras
            .at(row)
            .map_or(&[], |at| self.extras.events.get(at))
    }

    /// The two actors that a judgement is about; nobody for other rows.
    pub(super) fn judged(&self, row: usize) -> &[Term] {
        self.extras
            .at(row)
            .map_or(&[], |at| self.extras.judged.get(at))
    }

    /// The stances that a row takes.
    pub(super) fn stances(&self, row: usize) -> &[RowStance] {
        self.extras
            .at(row)
            .map_or(&[], |at| self.extras.stances.get(at))
    }

    /// The id of a row.
    pub(super) fn id(&self, row: usize) -> Cow<'_, str> {
        let Some((head, kind)) = self.head(row).holds(HEADED).zip(self.kind(row)) else {
            return Cow::default();
        };
        self.id_of(row, head).text(kind)
    }

    /// The id of a row whose head is known.
    pub(super) fn id_of(&self, row: usize, head: &StoredHeader) -> PackedId<'_> {
        let Some(id) = self.ids.get(row).holds("a row has an id") else {
            return PackedId::Text(&[]);
        };
        match head.form() {
            IdForm::Hash => PackedId::Hash(*id),
            IdForm::Short => PackedId::Text(without_zeros(id)),
            IdForm::Long => PackedId::Text(self.long_ids.get(long_id(*id) as usize)),
        }
    }

    /// Something of the id of a row: see [`super::View::look_up`].
    pub(super) fn glimpse_id(&self, row: usize) -> u8 {
        self.ids.get(row).map_or(0, |id| id[0])
    }

    /// Puts what is no record in place of each body.
    #[cfg(test)]
    pub(super) fn spoil_bodies(&mut self) {
        let bodies = self.extras.body.len();
        self.extras.body = ListColumn::default();
        (0..bodies).for_each(|_| self.extras.body.push_slice(&[u8::MAX; 3]));
    }

    /// Reports what does not hold at a row.
    #[cold]
    pub(super) fn report(&self, row: u32, what: &str) {
        let kind = self.kind(row as usize).unwrap_or(Kind::Event);
        broken_record(kind, &self.id(row as usize), what);
    }

    /// The key of a row.
    pub(super) fn key(&self, row: u32) -> RecordKey<'_> {
        let kind = self.kind(row as usize);
        self.key_of(kind.unwrap_or(Kind::Event), row)
    }

    /// The same of a row whose kind is known.
    pub(super) fn key_of(&self, kind: Kind, row: u32) -> RecordKey<'_> {
        let index = row as usize;
        let id = self.head(index).holds(HEADED);
        let id = id.map(|head| self.id_of(index, head));
        RecordKey::new(kind, id.unwrap_or(PackedId::Text(&[])))
    }

    /// Whether a row has a key.
    pub(super) fn is_keyed(&self, row: u32, key: &RecordKey<'_>) -> bool {
        let row = row as usize;
        let head = self.head(row);
        head.is_some_and(|head| self.id_of(row, head) == key.id) && self.kind(row) == Some(key.kind)
    }

    /// The whole record; what can't be read is [reported](crate::invariant). `text` gives the text of a
    /// term.
    pub(super) fn record<'t>(&self, row: usize, text: impl Fn(Term) -> &'t str) -> Option<Record> {
        let class = self.class(row)?;
        let read = if class.plain {
            let event = self.plain_event(row, text).map(Record::Event);
            event.ok_or_else(|| "its columns say a valid event".to_owned())
        } else {
            let body = self.body(row).ok_or_else(|| "it has a body".to_owned());
            body.and_then(|body| codec::decode(body).map_err(|error| error.to_string()))
        };
        match read {
            Ok(record) => Some(record),
            Err(what) => {
                broken_record(class.kind, &self.id(row), &what);
                None
            }
        }
    }

    /// Puts together the event of a row without a body; `None` when its columns say none that is valid.
    fn plain_event<'t>(&self, row: usize, text: impl Fn(Term) -> &'t str) -> Option<Event> {
        let class = self.class(row)?;
        let id = |term| Id::parse(text(term)).ok();
        let participants = self.actors(row).map(|(actor, role)| {
            Some(Participant {
                actor: id(actor)?,
                role,
            })
        });
        let sources = self
            .citations_of(row)
            .iter()
            .map(|(source, confidence, stated)| {
                let confidence = stated.then(|| Confidence::of_thousandths(*confidence));
                Some(Citation {
                    source: id(*source)?,
                    quote: None,
                    locator: None,
                    confidence: confidence.flatten(),
                })
            });
        // No day has the number of rows without a date.
        let (first, last) = self.days(row);
        let date = match Day::from_number(first) {
            Some(first) => {
                let last = Day::from_number(last)?;
                Some(Date::of_days(first, last)?)
            }
            None => None,
        };
        Event::new(EventParts {
            id: Id::parse(&self.id(row)).ok()?,
            dataset: id(class.dataset)?,
            coding: class.coding?,
            title: None,
            date,
            status: class.status,
            participants: participants.collect::<Option<_>>()?,
            place: None,
            topics: Vec::new(),
            links: Vec::new(),
            sources: sources.collect::<Option<_>>()?,
            attributes: None,
        })
        .ok()
    }
}

impl Timings {
    fn push(&mut self, row: u32, timing: Timing, members: &[DayRange]) {
        self.rows.push(row);
        self.kept.push(timing);
        self.members.push_slice(members);
    }

    fn at(&self, row: usize) -> Option<usize> {
        self.rows.binary_search(&u32::try_from(row).ok()?).ok()
    }

    /// Adds those of `other`, whose rows come after so many.
    fn append(&mut self, other: &Self, before: u32) {
        self.rows.extend(other.rows.iter().map(|row| row + before));
        self.kept.extend_from_slice(&other.kept);
        self.members.append(&other.members);
    }

    fn in_places(&self, places: &[u32]) -> Self {
        let (rows, order) = ordered(&self.rows, places);
        let timings = order
            .iter()
            .filter_map(|before| self.kept.get(*before as usize).holds(HEADED));
        Self {
            kept: timings.copied().collect(),
            members: self.members.gather(&order),
            rows,
        }
    }
}

/// Some rows at their new places, ascending, and which of them stands at each.
fn ordered(rows: &[u32], places: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let places = rows.iter().map(|row| at(places, *row as usize));
    let mut rows: Vec<(u32, u32)> = places.zip(0..).collect();
    rows.sort_unstable();
    rows.into_iter().unzip()
}

impl Extras {
    fn at(&self, row: usize) -> Option<usize> {
        self.rows.binary_search(&u32::try_from(row).ok()?).ok()
    }

    fn in_places(&self, places: &[u32]) -> Self {
        let (rows, order) = ordered(&self.rows, places);
        Self {
            rows,
            topics: self.topics.gather(&order),
            events: self.events.gather(&order),
            stances: self.stances.gather(&order),
            judged: self.judged.gather(&order),
            body: self.body.gather(&order),
        }
    }
}

/// The value of a row that exists. Rows come from the segment itself, so there is always one.
#[inline]
pub(super) fn at<T: Copy + Default>(column: &[T], row: usize) -> T {
    let value = column.get(row).copied();
    value
        .holds("a row has a value in every column")
        .unwrap_or_default()
}

/// Where each of some rows goes when they are sorted by day; rows of one day keep their order. `of`
/// tells the day of an item of `column`.
fn by_day<T>(rows: impl Iterator<Item = u32>, column: &[T], of: impl Fn(&T) -> i32) -> Vec<u32> {
    let day = |row: u32| column.get(row as usize).map_or(UNDATED, &of);
    let dated = || column.iter().map(&of).filter(|day| *day != UNDATED);
    // Where no row has a date, no day is looked up.
    let (first, last) = (dated().min().unwrap_or(0), dated().max().unwrap_or(0));
    let width = usize::try_from(i64::from(last) - i64::from(first)).unwrap_or(usize::MAX);
    if width > DAYS_A_ROW_MAX * column.len() + DAYS_MIN {
        let mut order: Vec<u32> = rows.collect();
        order.sort_by_key(|row| day(*row));
        return inverse(&order);
    }
    // One counter for each day, and the last for the rows without a date.
    let counter = |day: i32| match day {
        UNDATED => width + 1,
        day => usize::try_from(day - first).unwrap_or_default(),
    };
    let mut next = vec![0_u32; width + 2];
    for item in column {
        if let Some(count) = next.get_mut(counter(of(item))) {
            *count += 1;
        }
    }
    let mut total = 0;
    for count in &mut next {
        total += *count;
        *count = total - *count;
    }
    let mut places = vec![0; column.len()];
    for row in rows {
        if let Some(next) = next.get_mut(counter(day(row)))
            && let Some(place) = places.get_mut(row as usize)
        {
            *place = *next;
            *next += 1;
        }
    }
    places
}

/// Whether the columns say all of a record.
fn is_plain(record: &Record) -> bool {
    matches!(record, Record::Event(event) if model::is_plain(event))
}

fn class(record: &Record, dataset: Term, roles: Vec<Role>, plain: bool) -> RowClass {
    let timing = record.timing();
    let (status, detail, coding) = match record {
        Record::Source(_) | Record::Statement(_) => (Status::Occurred, 0, None),
        Record::Actor(actor) => (Status::Occurred, actor.kind.number(), None),
        Record::Relation(r) => (Status::Occurred, r.kind.number(), None),
        Record::Event(event) => (event.status, 0, Some(event.coding)),
        Record::Judgement(r) => (Status::Occurred, r.verdict.number(), None),
    };
    RowClass {
        kind: record.kind(),
        status,
        detail,
        dating: match timing {
            Some(timing) if !timing.is_plain() => DateClass::More,
            timing => DateClass::Days {
                lasts: timing.is_some_and(|timing| timing.lasts),
                is_doubtful: timing.is_some_and(|timing| timing.is_doubtful),
            },
        },
        coding,
        dataset,
        roles: roles.into(),
        plain,
    }
}

fn cited(record: &Record, intern: &mut impl FnMut(TermKind, &str) -> Term) -> CitedSources {
    let original = match record {
        Record::Source(source) => source.original.as_ref(),
        Record::Actor(_)
        | Record::Relation(_)
        | Record::Event(_)
        | Record::Statement(_)
        | Record::Judgement(_) => None,
    };
    let mut cited = Vec::new();
    for citation in record.sources() {
        let confidence = citation.confidence.map(Confidence::thousandths);
        let source = intern(TermKind::Source, citation.source.as_str());
        cited.push((source, confidence.unwrap_or(UNSTATED), confidence.is_some()));
    }
    if let Some(original) = original {
        cited.push((intern(TermKind::Source, original.as_str()), UNSTATED, false));
    }
    cited.into()
}
