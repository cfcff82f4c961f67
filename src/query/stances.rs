//! Who takes which stance toward whom, about what: as a list and as a matrix.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

use hashbrown::HashMap;

use super::answer::{
    MatrixCell, MatrixColumn, Meta, RecordAnswer, StanceMatrix, StancePage, StanceTaken,
    StatementAnswer, TowardAnswer,
};
use super::describe::{Describer, actor_brief};
use super::drill_down::{
    DrillDown, DrillDownBase, DrillDownCell, ListedRecords, NamedStances, StanceCell, StanceColumn,
};
use super::filter::Scope;
use super::network::Network;
use super::rollup::Rollup;
use super::selection::{Page, PageOffset};
use crate::graph::{Row, RowStance, RowStanceTarget, Term, TermKind, View};
use crate::model::{Id, Kind, Label, Role, StanceKind, Window};

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
    /// On these matters: see [`TakenStance::matter`].
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
pub enum MatrixColumns {
    /// What stances are taken toward.
    Target,
    /// What they are about.
    Topic,
}

impl MatrixColumns {
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
    pub columns: MatrixColumns,
}

/// A stance as it counts: of one speaker toward one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TakenStance {
    pub(super) row: Row,
    pub(super) speaker: Term,
    pub(super) stance: RowStance,
}

impl TakenStance {
    /// The topic that it is about: the one that it names, or else its target, when that is one.
    pub(super) fn matter(&self) -> Option<Term> {
        match (self.stance.about, self.stance.toward) {
            (Some(topic), _) | (None, RowStanceTarget::Topic(topic)) => Some(topic),
            (None, RowStanceTarget::Actor(_) | RowStanceTarget::Event(_)) => None,
        }
    }
}

/// The stances asked for, in the order of their statements in time; within a statement in that of
/// speakers, then of stances.
pub fn stances<'v>(
    view: &'v View,
    question: &StancesQuestion,
) -> (StancePage<'v>, Option<PageOffset>) {
    let network = Network::new(view, &question.scope);
    let found = taken(&network, &question.scope, &question.stances);
    let (page, next) = question.page.slice(&found);
    let describer = Describer::new(view, question.scope.scheme);
    let items = page
        .iter()
        // What can't be read has been reported.
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
    let column = |taken: &TakenStance| match question.columns {
        MatrixColumns::Target => Some(taken.stance.toward),
        MatrixColumns::Topic => taken.matter().map(RowStanceTarget::Topic),
    };
    let placed: Vec<(&TakenStance, RowStanceTarget)> = found
        .iter()
        .filter_map(|taken| Some((taken, column(taken)?)))
        .collect();
    let speakers = placed.iter().map(|(taken, _)| taken.speaker);
    let (rows, more_rows) = first(speakers, |speaker| ("", view.text(*speaker)));
    let targets = placed.iter().map(|(_, target)| *target);
    let (columns, more_columns) = first(targets, |target| named(view, *target));
    let row_of: HashMap<Term, usize> = rows.iter().copied().zip(0..).collect();
    let column_of: HashMap<RowStanceTarget, usize> = columns.iter().copied().zip(0..).collect();
    let cell_of = |(taken, target): &(&TakenStance, RowStanceTarget)| {
        Some((*row_of.get(&taken.speaker)?, *column_of.get(target)?))
    };
    let mut cells: Vec<((usize, usize), &TakenStance)> = placed
        .iter()
        .filter_map(|one| Some((cell_of(one)?, one.0)))
        .collect();
    // Stable: those of a cell stay in the order of time.
    cells.sort_by_key(|(cell, _)| *cell);
    let opened = opened(view, question);
    let shown = cells.chunk_by(|a, b| a.0 == b.0).filter_map(|taken| {
        let (place, _) = taken.first()?;
        let target = columns.get(place.1)?;
        let speaker = rows.get(place.0)?;
        let url = opened.only(DrillDownCell {
            stances: Some(Box::new(apart(view, question.columns, *speaker, *target))),
            ..DrillDownCell::default()
        });
        Some(cell(view, *place, taken, url))
    });
    StanceMatrix {
        cells: shown.collect(),
        rows: rows.iter().map(|row| actor_brief(view, *row)).collect(),
        columns: columns
            .iter()
            .map(|target| shown_column(view, *target))
            .collect(),
        more_rows,
        more_columns,
        count: cells.len(),
        omitted: found.len() - cells.len(),
        meta: Meta {
            opens: [("stances", "only_stance={key}")].into(),
            ..meta(&network, &question.scope, &question.stances)
        },
    }
}

/// The most frequent values, then by name: as many as a side has; and how many are left out.
fn first<'v, T: Copy + Eq + Hash>(
    values: impl Iterator<Item = T>,
    name: impl Fn(&T) -> (&'static str, &'v str),
) -> (Vec<T>, usize) {
    let mut counts: HashMap<T, usize> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let mut ranked: Vec<(T, usize)> = counts.into_iter().collect();
    ranked.sort_unstable_by_key(|(value, count)| (Reverse(*count), name(value)));
    let more = ranked.len().saturating_sub(MATRIX_SIDE_MAX);
    ranked.truncate(MATRIX_SIDE_MAX);
    (ranked.into_iter().map(|(value, _)| value).collect(), more)
}

/// What a target is called, kinds of target apart.
fn named(view: &View, target: RowStanceTarget) -> (&'static str, &str) {
    match target {
        RowStanceTarget::Actor(actor) => ("actor", view.text(actor)),
        RowStanceTarget::Event(event) => ("event", view.text(event)),
        RowStanceTarget::Topic(topic) => ("topic", view.text(topic)),
    }
}

fn shown_column(view: &View, target: RowStanceTarget) -> MatrixColumn<'_> {
    match target {
        RowStanceTarget::Actor(actor) => MatrixColumn::Actor(actor_brief(view, actor)),
        RowStanceTarget::Event(event) => MatrixColumn::Event(view.text(event).into()),
        RowStanceTarget::Topic(topic) => MatrixColumn::Topic(view.text(topic).into()),
    }
}

fn cell(
    view: &View,
    (row, column): (usize, usize),
    taken: &[((usize, usize), &TakenStance)],
    records_url: DrillDown,
) -> MatrixCell {
    let mut stances: BTreeMap<&'static str, usize> = BTreeMap::new();
    let taken = || taken.iter().map(|(_, taken)| *taken);
    for one in taken() {
        *stances.entry(one.stance.kind.as_str()).or_default() += 1;
    }
    let extent = view.extent(taken().map(|taken| taken.row));
    MatrixCell {
        row,
        column,
        count: taken().count(),
        statements: statements(taken()),
        records_url,
        stances,
        balance: taken().map(|taken| taken.stance.kind.weight()).sum(),
        first: extent.map(|extent| extent.first),
        last: extent.map(|extent| extent.last),
    }
}

/// How many statements take some stances, which are in the order of time.
fn statements<'t>(taken: impl Iterator<Item = &'t TakenStance>) -> usize {
    let mut rows: Vec<Row> = taken.map(|taken| taken.row).collect();
    rows.dedup();
    rows.len()
}

/// The stances that a matrix counts, without what tells its cells apart.
fn opened(view: &View, question: &MatrixQuestion) -> DrillDownBase {
    let mut shared = question.stances.clone();
    shared.speakers.clear();
    match question.columns {
        MatrixColumns::Topic => shared.about.clear(),
        MatrixColumns::Target => {
            shared.toward.clear();
            shared.toward_events.clear();
            shared.toward_topics.clear();
        }
    }
    let listed = ListedRecords::Stances(Box::new(shared.named(view)));
    DrillDownBase::list(listed, view, &question.scope)
}

/// What tells one cell of a matrix apart.
fn apart(
    view: &View,
    columns: MatrixColumns,
    speaker: Term,
    target: RowStanceTarget,
) -> StanceCell {
    let (_, text) = named(view, target);
    let text = text.to_owned();
    StanceCell {
        speaker: view.text(speaker).to_owned(),
        column: match (columns, target) {
            (MatrixColumns::Topic, RowStanceTarget::Topic(_)) => StanceColumn::Matter(text),
            (_, RowStanceTarget::Actor(_)) => StanceColumn::Actor(text),
            (_, RowStanceTarget::Event(_)) => StanceColumn::Event(text),
            (_, RowStanceTarget::Topic(_)) => StanceColumn::Topic(text),
        },
    }
}

impl Stances {
    /// The same with actors by their ids.
    fn named(&self, view: &View) -> NamedStances {
        let ids = |actors: &[Term]| actors.iter().map(|a| view.text(*a).to_owned()).collect();
        NamedStances {
            speakers: ids(&self.speakers),
            toward: ids(&self.toward),
            toward_events: self.toward_events.clone(),
            toward_topics: self.toward_topics.clone(),
            about: self.about.clone(),
            kinds: self.kinds.clone(),
            relayed_by: ids(&self.relayed_by),
            only: self.only,
        }
    }
}

/// [`Stances`] made ready for one view: its texts are terms.
struct StanceFilter<'q> {
    asked: &'q Stances,
    /// What they may be toward; `None` for anything.
    toward: Option<Vec<RowStanceTarget>>,
    /// What they may be about; `None` for anything.
    about: Option<Vec<Term>>,
}

impl<'q> StanceFilter<'q> {
    fn new(view: &View, asked: &'q Stances) -> Self {
        let topics = |topics: &[Label]| -> Vec<Term> {
            let terms = topics.iter().map(|t| view.term(TermKind::Topic, t));
            terms.flatten().collect()
        };
        let events = asked.toward_events.iter();
        let events = events.filter_map(|id| view.term(TermKind::Event, id.as_str()));
        let actors = asked.toward.iter().copied().map(RowStanceTarget::Actor);
        let toward = actors.chain(events.map(RowStanceTarget::Event));
        let toward = toward.chain(
            topics(&asked.toward_topics)
                .into_iter()
                .map(RowStanceTarget::Topic),
        );
        let anything = asked.toward.is_empty()
            && asked.toward_events.is_empty()
            && asked.toward_topics.is_empty();
        Self {
            toward: (!anything).then(|| toward.collect()),
            about: (!asked.about.is_empty()).then(|| topics(&asked.about)),
            asked,
        }
    }

    fn accepts(&self, taken: &TakenStance) -> bool {
        let Stances {
            speakers,
            kinds,
            only,
            ..
        } = self.asked;
        let RowStance { toward, kind, .. } = taken.stance;
        let about = |topics: &Vec<Term>| taken.matter().is_some_and(|m| topics.contains(&m));
        (speakers.is_empty() || speakers.contains(&taken.speaker))
            && self.toward.as_ref().is_none_or(|all| all.contains(&toward))
            && (kinds.is_empty() || kinds.contains(&kind))
            && only.is_none_or(|only| only == kind)
            && self.about.as_ref().is_none_or(about)
    }

    /// Whether a statement is passed on by one of those asked for.
    fn accepts_relays(&self, view: &View, row: Row) -> bool {
        let relays = |relay: &Term| self.asked.relayed_by.contains(relay);
        self.asked.relayed_by.is_empty()
            || view
                .actors(row)
                .any(|(actor, role)| role == Role::RelayedBy && relays(&actor))
    }
}

/// The stances asked for, in order.
pub(super) fn taken(network: &Network<'_>, scope: &Scope, asked: &Stances) -> Vec<TakenStance> {
    let view = network.view();
    let wanted = StanceFilter::new(view, asked);
    let mut found = Vec::new();
    for row in statements_of(network, scope, asked) {
        if wanted.accepts_relays(view, row) {
            let before = found.len();
            of_statement(network, scope, row, &mut |taken| {
                // A statement takes few stances.
                let known = found.get(before..).unwrap_or_default();
                if wanted.accepts(&taken) && !known.contains(&taken) {
                    found.push(taken);
                }
            });
        }
    }
    found
}

/// The statements that may take a stance asked for, in the order of time.
fn statements_of(network: &Network<'_>, scope: &Scope, asked: &Stances) -> Vec<Row> {
    let view = network.view();
    let counts = |row: &Row| network.compiled.accepts_record(*row);
    if scope.rollup == Rollup::None && !asked.speakers.is_empty() {
        let speaks = |row: &Row| view.kind(*row) == Kind::Statement;
        let of = |speaker: &Term| network.windowed.of_actor(*speaker);
        let rows = asked.speakers.iter().flat_map(of);
        let mut rows: Vec<Row> = rows.filter(speaks).filter(counts).collect();
        network.put_in_order(&mut rows);
        return rows;
    }
    let all = network.windowed.of_kind(Kind::Statement);
    all.filter(counts).collect()
}

/// Calls `each` with the stances of a statement as they count: speaker by speaker.
fn of_statement(
    network: &Network<'_>,
    scope: &Scope,
    row: Row,
    each: &mut impl FnMut(TakenStance),
) {
    let view = network.view();
    let stances: Vec<RowStance> = view.stances(row).collect();
    if stances.is_empty() {
        return;
    }
    let speakers = view.actors(row).filter(|(_, role)| *role == Role::Speaker);
    for (speaker, _) in speakers {
        each_counted(network, scope, row, speaker, &mut |speaker| {
            for stance in &stances {
                let mut take = |toward| {
                    let stance = RowStance { toward, ..*stance };
                    each(TakenStance {
                        row,
                        speaker,
                        stance,
                    });
                };
                match stance.toward {
                    RowStanceTarget::Actor(actor) => {
                        each_counted(network, scope, row, actor, &mut |actor| {
                            take(RowStanceTarget::Actor(actor));
                        });
                    }
                    toward @ (RowStanceTarget::Event(_) | RowStanceTarget::Topic(_)) => {
                        take(toward);
                    }
                }
            }
        });
    }
}

/// Calls `each` with those for whom an actor of a record counts.
fn each_counted(
    network: &Network<'_>,
    scope: &Scope,
    row: Row,
    actor: Term,
    each: &mut impl FnMut(Term),
) {
    match scope.rollup {
        Rollup::None => each(actor),
        Rollup::State => {
            let counted = network.counts_for(row, actor, scope.rollup);
            counted.into_iter().for_each(each);
        }
    }
}

fn item<'v>(
    network: &Network<'v>,
    describer: &Describer<'v>,
    taken: &TakenStance,
) -> Option<StanceTaken<'v>> {
    let TakenStance {
        row,
        speaker,
        stance,
    } = *taken;
    let mut focus = vec![speaker];
    if let RowStanceTarget::Actor(actor) = stance.toward {
        focus.push(actor);
    }
    let view = network.view();
    let statement = describer.record(row, network.via(row, &focus))?;
    let RecordAnswer::Statement(said) = &statement else {
        return None;
    };
    let StatementAnswer {
        on_behalf_of,
        relayed_by,
        ..
    } = &**said;
    Some(StanceTaken {
        speaker: describer.actor(speaker),
        on_behalf_of: on_behalf_of.clone(),
        toward: match stance.toward {
            RowStanceTarget::Actor(actor) => TowardAnswer::Actor(describer.actor(actor)),
            RowStanceTarget::Event(event) => TowardAnswer::Event(view.text(event).into()),
            RowStanceTarget::Topic(topic) => TowardAnswer::Topic(view.text(topic).into()),
        },
        stance: stance.kind.as_str(),
        about: stance.about.map(|topic| view.text(topic).into()),
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
            .filter(|row| !network.view().is_dated(*row))
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
        names: scope.names.clone(),
        ..Meta::default()
    }
}
