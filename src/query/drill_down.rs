//! Every number can be opened: the question that lists exactly the records that a number counts.
//!
//! Here is the one home of that. A question makes an [`DrillDownBase`] of what it asks (whose records, within
//! what, as of which commit), and each number of its answer a [`DrillDown`] of it, narrowed by what
//! the number counts: its cell. They are values. Where such a question is asked, and how it is written,
//! whoever serves the answer knows.

use std::sync::{Arc, OnceLock};

use super::cell_filter::CellFilter;
use super::filter::{Filter, Scope};
use super::selection::{ActorMatch, Selection};
use crate::graph::{Direction, Term, View};
use crate::model::{Day, Id, Kind, Label, StanceKind};

/// The ways in which a record links the two actors of a dyad, by their words.
pub const WAYS: [(Direction, &str); 3] = [
    (Direction::FORWARD, "a_to_b"),
    (Direction::BACKWARD, "b_to_a"),
    (Direction::WITH, "together"),
];

/// What a question is about, for the drill-downs of its numbers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct DrillDownBase(Arc<OpenedQuestion>);

/// The question that lists the records of all numbers of an answer.
#[derive(Debug)]
pub struct OpenedQuestion {
    /// What it lists.
    pub listed: ListedRecords,
    /// Within what; `None` for lists that know of no such thing.
    pub scope: Option<Scope>,
    /// As of which commit.
    pub known_at: u64,
    /// How it is written, once that was needed: an answer has hundreds of numbers that only add to it.
    written: OnceLock<String>,
}

/// What is listed, with actors by their ids.
#[derive(Clone, Debug, PartialEq)]
pub enum ListedRecords {
    /// The timeline of everything.
    Everything,
    /// The timeline of some actors.
    Actors(Vec<String>, ActorMatch),
    /// The timeline of a dyad, and the ways asked for, when not all.
    Dyad([String; 2], Option<Direction>),
    /// Stances.
    Stances(Box<NamedStances>),
    /// What a search for a text finds, in records of these kinds.
    Found(String, Vec<Kind>),
    /// The records of a kind, of one data set or all.
    Records(Kind, Option<Id>),
    /// What the record learned from a commit on up to that of the drill-down.
    Changes(u64),
}

/// Which [stances](super::Stances) are listed, with actors by their ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NamedStances {
    /// Whose.
    pub speakers: Vec<String>,
    /// Toward whom; or-ed with the next two.
    pub toward: Vec<String>,
    /// Toward which events.
    pub toward_events: Vec<Id>,
    /// Toward which topics.
    pub toward_topics: Vec<Label>,
    /// On which matters.
    pub about: Vec<Label>,
    /// Of which kind.
    pub kinds: Vec<StanceKind>,
    /// Passed on by whom.
    pub relayed_by: Vec<String>,
    /// Of these, only those of one kind.
    pub only: Option<StanceKind>,
}

/// What a number counts of the records that its question is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrillDownCell {
    /// Those that start on these days, in place of those of the question: see [`Filter::starts`].
    pub starts: Option<(Day, Day)>,
    /// Of a dyad: those that link the two so.
    pub direction: Option<Direction>,
    /// Those that are all this. Most numbers ask for nothing of it, and an answer has hundreds.
    pub narrowed: Option<Box<CellFilter>>,
    /// Of stances: those of a speaker, and toward or about something.
    pub stances: Option<Box<StanceCell>>,
}

/// A cell of a matrix of stances.
#[derive(Clone, Debug, PartialEq)]
pub struct StanceCell {
    /// The id of the speaker.
    pub speaker: String,
    /// What the stances are toward, or about.
    pub column: StanceColumn,
}

/// A column of a matrix of stances.
#[derive(Clone, Debug, PartialEq)]
pub enum StanceColumn {
    /// Toward an actor, by id.
    Actor(String),
    /// Toward an event, by id.
    Event(String),
    /// Toward a topic.
    Topic(String),
    /// About a matter.
    Matter(String),
}

/// The question that lists the records that a number counts.
#[derive(Clone, Debug)]
pub struct DrillDown {
    question: Arc<OpenedQuestion>,
    /// The part of them that the number counts.
    pub only: DrillDownCell,
}

impl DrillDownBase {
    /// The records of a selection, on the timeline.
    pub fn timeline(view: &View, selection: &Selection, scope: &Scope) -> Self {
        let id = |actor: &Term| view.text(*actor).to_owned();
        let listed = match selection {
            Selection::Everything => ListedRecords::Everything,
            Selection::Actors(actors, how) => {
                ListedRecords::Actors(actors.iter().map(id).collect(), *how)
            }
            Selection::Dyad(a, b, ways) => {
                let some = (*ways != Direction::ANY).then_some(*ways);
                ListedRecords::Dyad([id(a), id(b)], some)
            }
        };
        Self::list(listed, view, scope)
    }

    /// The records that link two actors: where the filter on kinds of actor is about the two, so
    /// that third actors of the records may be of any kind.
    pub fn link(view: &View, a: Term, b: Term, scope: &Scope) -> Self {
        let mut scope = scope.clone();
        scope.filter.kinds.clear();
        Self::timeline(view, &Selection::Dyad(a, b, Direction::ANY), &scope)
    }

    /// The items of a list.
    pub(super) fn list(listed: ListedRecords, view: &View, scope: &Scope) -> Self {
        Self::new(listed, known_at(view), Some(scope.clone()))
    }

    /// The items of a list that nothing narrows.
    pub(super) fn whole_list(listed: ListedRecords, view: &View) -> Self {
        Self::new(listed, known_at(view), None)
    }

    /// What the record learned with a commit.
    pub(super) fn commit(number: u64) -> Self {
        Self::new(
            ListedRecords::Changes(number.saturating_sub(1)),
            number,
            None,
        )
    }

    fn new(listed: ListedRecords, known_at: u64, scope: Option<Scope>) -> Self {
        Self(Arc::new(OpenedQuestion {
            listed,
            scope,
            known_at,
            written: OnceLock::new(),
        }))
    }

    /// All of them.
    pub fn all(&self) -> DrillDown {
        self.only(DrillDownCell::default())
    }

    /// Some of them.
    pub fn only(&self, only: DrillDownCell) -> DrillDown {
        DrillDown {
            question: Arc::clone(&self.0),
            only,
        }
    }

    /// Those that link the two of a dyad in some direction.
    pub fn directed(&self, direction: Direction) -> DrillDown {
        self.only(DrillDownCell {
            direction: Some(direction),
            ..DrillDownCell::default()
        })
    }

    /// Those that start on some days.
    pub fn starting(&self, first: Day, last: Day) -> DrillDown {
        self.only(DrillDownCell {
            starts: Some((first, last)),
            ..DrillDownCell::default()
        })
    }

    /// Those with a date.
    pub fn dated(&self) -> DrillDown {
        self.narrowed(CellFilter {
            dated: true,
            ..CellFilter::default()
        })
    }

    /// Those that last and began before the window.
    pub fn began_before(&self) -> DrillDown {
        self.narrowed(CellFilter {
            began_before: true,
            ..CellFilter::default()
        })
    }

    /// Those that are all that is given.
    pub fn narrowed(&self, narrowed: CellFilter) -> DrillDown {
        self.only(DrillDownCell {
            narrowed: narrowed.if_any(),
            ..DrillDownCell::default()
        })
    }
}

fn known_at(view: &View) -> u64 {
    view.mark().map_or(0, |mark| mark.commit)
}

impl OpenedQuestion {
    /// How the question is written: by `write`, the first time.
    pub fn written(&self, write: impl FnOnce(&Self) -> String) -> &str {
        self.written.get_or_init(|| write(self))
    }
}

impl DrillDown {
    /// The question whose records the number counts a part of.
    pub fn question(&self) -> &OpenedQuestion {
        &self.question
    }

    /// Whether the cell only adds to the question: no value of the one takes the place of one of the
    /// other.
    pub fn only_adds(&self) -> bool {
        let DrillDownCell {
            starts,
            direction,
            narrowed,
            // What is opened leaves these out.
            stances: _,
        } = &self.only;
        let asked = self.question.scope.as_ref().map(|scope| &scope.filter);
        let of_asked = asked.is_some_and(|filter| {
            starts.is_some() && filter.starts.is_some()
                || narrowed.is_some() && filter.narrowed != CellFilter::default()
        });
        let ways_asked = matches!(self.question.listed, ListedRecords::Dyad(_, Some(_)));
        let is_single = |way: Direction| WAYS.iter().any(|(known, _)| *known == way);
        !of_asked && direction.is_none_or(|way| !ways_asked && is_single(way))
    }

    /// The filter of the question and the cell, taken together.
    pub fn filter(&self) -> Option<Filter> {
        let asked = &self.question.scope.as_ref()?.filter;
        Some(Filter {
            starts: self.only.starts.or(asked.starts),
            narrowed: match &self.only.narrowed {
                Some(only) => only.or(&asked.narrowed),
                None => asked.narrowed.clone(),
            },
            ..asked.clone()
        })
    }
}

impl PartialEq for DrillDown {
    fn eq(&self, other: &Self) -> bool {
        let (one, two) = (&self.question, &other.question);
        let same = one.listed == two.listed && one.known_at == two.known_at;
        same && one.scope == two.scope && self.only == other.only
    }
}
