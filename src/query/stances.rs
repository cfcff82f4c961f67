//! Who takes which stance toward whom, about what: as a list and as a matrix.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::answer::{
    MatrixCell, MatrixColumn, Meta, RecordAnswer, StanceMatrix, StancePage, StanceTaken,
    StatementAnswer, TowardAnswer,
};
use super::describe::{Describer, actor_brief};
use super::dyad::span;
use super::filter::Scope;
use super::network::Network;
use super::records_url::Opened;
use super::rollup::Rollup;
use super::timeline::{Page, Position};
use crate::graph::{Row, Term, TermKind, View};
use crate::model::{Id, Kind, Label, Record, Role, StanceKind, Statement, Toward, Window};

/// Rows and columns that a matrix gives.
pub const MATRIX_SIDE_MAX: usize = 200;

/// Which stances are asked for. Values of one member are or-ed, those toward something as one member;
/// an empty one lets all through.
#[derive(Clone, Debug, Default)]
pub struct Stances {
    /// Of these speakers; under roll-up of these states and bodies.
    pub speakers: Vec<Term>,
    /// Toward these actors; under roll-up toward these states and bodies.
    pub toward: Vec<Term>,
    /// Toward these events.
    pub toward_events: Vec<Id>,
    /// Toward these topics.
    pub toward_topics: Vec<Label>,
    /// On these matters: see [`Taken::matter`].
    pub about: Vec<Label>,
    /// Of these kinds.
    pub kinds: Vec<StanceKind>,
    /// Passed on by one of these.
    pub relayed_by: Vec<Term>,
    /// Of these, those of this kind: what one number of a matrix counts.
    pub only: Option<StanceKind>,
}

/// A list of stances.
#[derive(Clone, Debug)]
pub struct StancesQuestion {
    /// Which.
    pub stances: Stances,
    /// Within what. Of the filters, those count that say something of a statement as a whole.
    pub scope: Scope,
    /// Which part.
    pub page: Page,
}

/// What the columns of a matrix are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// What stances are taken toward.
    Target,
    /// What they are about.
    Topic,
}

impl Columns {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Target, Self::Topic];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Topic => "topic",
        }
    }
}

/// Stances counted by speaker.
#[derive(Clone, Debug)]
pub struct MatrixQuestion {
    /// Which.
    pub stances: Stances,
    /// Within what.
    pub scope: Scope,
    /// By what else.
    pub columns: Columns,
}

/// What a stance is taken toward, as it counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Actor(Term),
    Event(Id),
    Topic(Label),
}

/// A stance as it counts: of one speaker toward one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) row: Row,
    pub(super) speaker: Term,
    pub(super) target: Target,
    pub(super) stance: StanceKind,
    pub(super) about: Option<Label>,
}

impl Taken {
    /// What it is about: the matter that it names, or else its target, when that is a topic.
    pub(super) fn matter(&self) -> Option<&Label> {
        match (&self.about, &self.target) {
            (Some(about), _) => Some(about),
            (None, Target::Topic(topic)) => Some(topic),
            (None, Target::Actor(_) | Target::Event(_)) => None,
        }
    }
}

/// The stances asked for, in the order of their statements in time; within a statement in that of
/// speakers, then of stances.
pub fn stances<'v>(
    view: &'v View,
    question: &StancesQuestion,
) -> (StancePage<'v>, Option<Position>) {
    let network = Network::new(view, &question.scope);
    let found = taken(&network, &question.scope, &question.stances);
    let (page, next) = question.page.of(&found);
    let describer = Describer::new(view, question.scope.scheme);
    let items = page
        .iter()
        .filter_map(|taken| item(&network, &describer, taken));
    let page = StancePage {
        items: items.collect(),
        total: found.len(),
        statements: statements(found.iter()),
        next: None,
        meta: meta(&network, &question.scope, &question.stances),
    };
    (page, next)
}

/// The stances asked for, counted by speaker and target or topic.
pub fn matrix<'v>(view: &'v View, question: &MatrixQuestion) -> StanceMatrix<'v> {
    let network = Network::new(view, &question.scope);
    let found = taken(&network, &question.scope, &question.stances);
    let column = |taken: &Taken| match question.columns {
        Columns::Target => Some(taken.target.clone()),
        Columns::Topic => taken.matter().cloned().map(Target::Topic),
    };
    let placed: Vec<(&Taken, Target)> = found
        .iter()
        .filter_map(|taken| Some((taken, column(taken)?)))
        .collect();
    let speakers = placed.iter().map(|(taken, _)| taken.speaker);
    let (rows, more_rows) = first(speakers, |speaker| view.text(*speaker).to_owned());
    let targets = placed.iter().map(|(_, target)| target.clone());
    let (columns, more_columns) = first(targets, |target| named(view, target));
    let mut cells: BTreeMap<(usize, usize), Vec<&Taken>> = BTreeMap::new();
    let row_of: BTreeMap<Term, usize> = rows.iter().copied().zip(0..).collect();
    let column_of: BTreeMap<&Target, usize> = columns.iter().zip(0..).collect();
    for (taken, target) in &placed {
        if let (Some(row), Some(column)) = (row_of.get(&taken.speaker), column_of.get(target)) {
            cells.entry((*row, *column)).or_default().push(taken);
        }
    }
    let count = cells.values().map(Vec::len).sum();
    let shown = cells.iter().filter_map(|((row, column), taken)| {
        let target = columns.get(*column)?;
        let speaker = rows.get(*row)?;
        let opened = opened(view, question, *speaker, target);
        Some(cell(view, (*row, *column), taken, &opened))
    });
    StanceMatrix {
        cells: shown.collect(),
        rows: rows.iter().map(|row| actor_brief(view, *row)).collect(),
        columns: columns
            .iter()
            .map(|target| shown_column(view, target))
            .collect(),
        more_rows,
        more_columns,
        count,
        omitted: found.len() - count,
        meta: Meta {
            opens: [("stances", "only_stance={key}")].into(),
            ..meta(&network, &question.scope, &question.stances)
        },
    }
}

/// The most frequent values, then by name: as many as a side has; and how many are left out.
fn first<T: Ord + Clone>(
    values: impl Iterator<Item = T>,
    name: impl Fn(&T) -> String,
) -> (Vec<T>, usize) {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let mut ranked: Vec<(T, usize)> = counts.into_iter().collect();
    ranked.sort_by_cached_key(|(value, count)| (Reverse(*count), name(value)));
    let more = ranked.len().saturating_sub(MATRIX_SIDE_MAX);
    ranked.truncate(MATRIX_SIDE_MAX);
    (ranked.into_iter().map(|(value, _)| value).collect(), more)
}

/// What a target is called, kinds of target apart.
fn named(view: &View, target: &Target) -> String {
    match target {
        Target::Actor(actor) => format!("actor {}", view.text(*actor)),
        Target::Event(event) => format!("event {event}"),
        Target::Topic(topic) => format!("topic {topic}"),
    }
}

fn shown_column<'v>(view: &'v View, target: &Target) -> MatrixColumn<'v> {
    match target {
        Target::Actor(actor) => MatrixColumn::Actor(actor_brief(view, *actor)),
        Target::Event(event) => MatrixColumn::Event(event.to_string().into()),
        Target::Topic(topic) => MatrixColumn::Topic(topic.to_string().into()),
    }
}

fn cell(
    view: &View,
    (row, column): (usize, usize),
    taken: &[&Taken],
    opened: &Opened,
) -> MatrixCell {
    let mut stances: BTreeMap<&'static str, usize> = BTreeMap::new();
    for one in taken {
        *stances.entry(one.stance.as_str()).or_default() += 1;
    }
    let (first, last) = span(taken.iter().filter_map(|taken| view.days(taken.row))).unzip();
    MatrixCell {
        row,
        column,
        count: taken.len(),
        statements: statements(taken.iter().copied()),
        records_url: opened.all(),
        stances,
        balance: taken.iter().map(|taken| weight(taken.stance)).sum(),
        first,
        last,
    }
}

/// What a stance weighs in the balance of a cell.
const fn weight(stance: StanceKind) -> i64 {
    match stance {
        StanceKind::Supports | StanceKind::Praises | StanceKind::Reassures => 1,
        StanceKind::Condemns
        | StanceKind::Criticizes
        | StanceKind::Rejects
        | StanceKind::Threatens
        | StanceKind::Warns => -1,
        StanceKind::Demands
        | StanceKind::Denies
        | StanceKind::Acknowledges
        | StanceKind::CallsFor
        | StanceKind::Pledges => 0,
    }
}

/// How many statements take some stances, which are in the order of time.
fn statements<'t>(taken: impl Iterator<Item = &'t Taken>) -> usize {
    let mut rows: Vec<Row> = taken.map(|taken| taken.row).collect();
    rows.dedup();
    rows.len()
}

/// The list of the stances of one cell.
fn opened(view: &View, question: &MatrixQuestion, speaker: Term, column: &Target) -> Opened {
    let asked = &question.stances;
    let mut narrowed = Stances {
        speakers: vec![speaker],
        ..asked.clone()
    };
    match (question.columns, column) {
        (Columns::Topic, Target::Topic(topic)) => narrowed.about = vec![topic.clone()],
        (_, target) => {
            narrowed.toward.clear();
            narrowed.toward_events.clear();
            narrowed.toward_topics.clear();
            match target {
                Target::Actor(actor) => narrowed.toward.push(*actor),
                Target::Event(event) => narrowed.toward_events.push(event.clone()),
                Target::Topic(topic) => narrowed.toward_topics.push(topic.clone()),
            }
        }
    }
    Opened::list("/stances", narrowed.parameters(view), view, &question.scope)
}

impl Stances {
    /// The parameters that ask for these.
    fn parameters(&self, view: &View) -> Vec<(&'static str, String)> {
        let Self {
            speakers,
            toward,
            toward_events,
            toward_topics,
            about,
            kinds,
            relayed_by,
            only,
        } = self;
        let mut pairs = Vec::new();
        let mut each = |name, values: Vec<String>| {
            pairs.extend(values.into_iter().map(|value| (name, value)));
        };
        let ids = |actors: &[Term]| actors.iter().map(|a| view.text(*a).to_owned()).collect();
        each("speaker", ids(speakers));
        each("toward", ids(toward));
        each(
            "toward_event",
            toward_events.iter().map(ToString::to_string).collect(),
        );
        each(
            "toward_topic",
            toward_topics.iter().map(ToString::to_string).collect(),
        );
        each("about", about.iter().map(ToString::to_string).collect());
        each("stance", kinds.iter().map(ToString::to_string).collect());
        each("relayed_by", ids(relayed_by));
        each(
            "only_stance",
            only.iter().map(ToString::to_string).collect(),
        );
        pairs
    }

    fn accepts(&self, taken: &Taken) -> bool {
        let anywhere = self.toward.is_empty()
            && self.toward_events.is_empty()
            && self.toward_topics.is_empty();
        let toward = match &taken.target {
            Target::Actor(actor) => self.toward.contains(actor),
            Target::Event(event) => self.toward_events.contains(event),
            Target::Topic(topic) => self.toward_topics.contains(topic),
        };
        (self.speakers.is_empty() || self.speakers.contains(&taken.speaker))
            && (anywhere || toward)
            && (self.kinds.is_empty() || self.kinds.contains(&taken.stance))
            && self.only.is_none_or(|only| only == taken.stance)
            && (self.about.is_empty() || taken.matter().is_some_and(|m| self.about.contains(m)))
    }
}

/// The stances asked for, in order.
pub(super) fn taken(network: &Network<'_>, scope: &Scope, asked: &Stances) -> Vec<Taken> {
    let mut found = Vec::new();
    for row in statements_of(network, scope, asked) {
        let view = network.view();
        let relays = |relay: &Term| asked.relayed_by.contains(relay);
        let relayed = view
            .actors(row)
            .any(|(actor, role)| role == Role::RelayedBy && relays(&actor));
        if !asked.relayed_by.is_empty() && !relayed {
            continue;
        }
        if let Some(Record::Statement(statement)) = view.record(row) {
            let all = of_statement(network, scope, row, &statement);
            found.extend(all.into_iter().filter(|taken| asked.accepts(taken)));
        }
    }
    found
}

/// The statements that may take a stance asked for, in the order of time.
fn statements_of(network: &Network<'_>, scope: &Scope, asked: &Stances) -> Vec<Row> {
    let view = network.view();
    let counts = |row: &Row| network.sieve.accepts_record(*row);
    if scope.rollup == Rollup::None && !asked.speakers.is_empty() {
        let speaks = |row: &Row| view.kind(*row) == Kind::Statement;
        let of = |speaker: &Term| network.windowed.of_actor(*speaker);
        let rows = asked.speakers.iter().flat_map(of);
        let mut rows: Vec<Row> = rows.filter(speaks).filter(counts).collect();
        network.put_in_order(&mut rows);
        return rows;
    }
    let all = view.of_kind(Kind::Statement);
    let in_window = |row: &Row| network.windowed.matches_row(*row);
    all.filter(in_window).filter(counts).collect()
}

/// The stances of a statement as they count, each once.
fn of_statement(
    network: &Network<'_>,
    scope: &Scope,
    row: Row,
    statement: &Statement,
) -> Vec<Taken> {
    let view = network.view();
    let as_counted = |actor: &Id| -> Vec<Term> {
        let term = view.term(TermKind::Actor, actor.as_str());
        term.map_or_else(Vec::new, |term| network.counts_for(row, term, scope.rollup))
    };
    let mut speakers: Vec<Term> = Vec::new();
    for speaker in statement.speakers.iter().flat_map(as_counted) {
        if !speakers.contains(&speaker) {
            speakers.push(speaker);
        }
    }
    let mut found: Vec<Taken> = Vec::new();
    for speaker in speakers {
        for stance in &statement.stances {
            let targets = match &stance.toward {
                Toward::Actor(actor) => as_counted(actor).into_iter().map(Target::Actor).collect(),
                Toward::Event(event) => vec![Target::Event(event.clone())],
                Toward::Topic(topic) => vec![Target::Topic(topic.clone())],
            };
            for target in targets {
                let taken = Taken {
                    row,
                    speaker,
                    target,
                    stance: stance.stance,
                    about: stance.about.clone(),
                };
                if !found.contains(&taken) {
                    found.push(taken);
                }
            }
        }
    }
    found
}

fn item<'v>(
    network: &Network<'v>,
    describer: &Describer<'v>,
    taken: &Taken,
) -> Option<StanceTaken<'v>> {
    let mut focus = vec![taken.speaker];
    if let Target::Actor(actor) = taken.target {
        focus.push(actor);
    }
    let statement = describer.record(taken.row, network.via(taken.row, &focus))?;
    let RecordAnswer::Statement(said) = &statement else {
        return None;
    };
    let StatementAnswer {
        on_behalf_of,
        relayed_by,
        ..
    } = &**said;
    Some(StanceTaken {
        speaker: describer.actor(taken.speaker),
        on_behalf_of: on_behalf_of.clone(),
        toward: match &taken.target {
            Target::Actor(actor) => TowardAnswer::Actor(describer.actor(*actor)),
            Target::Event(event) => TowardAnswer::Event(event.to_string().into()),
            Target::Topic(topic) => TowardAnswer::Topic(topic.to_string().into()),
        },
        stance: taken.stance.as_str(),
        about: taken.about.as_ref().map(|about| about.to_string().into()),
        relayed_by: relayed_by.clone(),
        statement,
    })
}

/// What holds for an answer about stances; stances of statements without a date that a window left
/// out are counted.
fn meta(network: &Network<'_>, scope: &Scope, asked: &Stances) -> Meta {
    let undated = if scope.leaves_undated_out() {
        let everything = Scope {
            window: Window::ALL,
            certain: false,
            ..scope.clone()
        };
        let all = Network::undated(network.view(), &everything);
        let undated = taken(&all, &everything, asked);
        let rows = undated.iter().map(|taken| taken.row);
        let rows: BTreeSet<_> = rows
            .filter(|row| network.view().days(*row).is_none())
            .map(|row| network.view().order(row))
            .collect();
        rows.len()
    } else {
        0
    };
    Meta {
        known_at: network.view().mark().map_or(0, |mark| mark.commit),
        scheme: scope.scheme.as_str(),
        undated_omitted: undated,
        ..Meta::default()
    }
}
