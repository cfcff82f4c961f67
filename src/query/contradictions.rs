//! What disagrees, side by side: a speaker who turns, an event that is told differently or denied, an
//! office that two hold at once. Nothing is overwritten and nothing preferred.
//!
//! Only what the records say themselves counts: stances, links between events, periods of relations.

use std::collections::BTreeMap;

use hashbrown::HashSet;

use super::answer::{Claim, Contradiction, ContradictionPage};
use super::describe::Describer;
use super::filter::Scope;
use super::network::Network;
use super::selection::{Page, PageOffset, Selection};
use super::stances::{Stances, TakenStance, taken};
use super::timeline::meta;
use crate::graph::{Row, RowStanceTarget, SortKey, Term, TermKind, View, is_handover};
use crate::model::{
    Date, DayRange, Event, Kind, LinkKind, Period, Record, RelationKind, StanceKind, fold,
};

/// How two records disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// One speaker, one target, one matter, opposite stances in two statements.
    StanceReversal,
    /// A statement denies an event.
    Denial,
    /// Linked events lie on days apart.
    Date,
    /// Linked events have other participants.
    Participants,
    /// Linked events are of other types.
    Type,
    /// An event contradicts another in none of these.
    Account,
    /// Two hold one office on the same day.
    OfficeOverlap,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 7] = [
        Self::StanceReversal,
        Self::Denial,
        Self::Date,
        Self::Participants,
        Self::Type,
        Self::Account,
        Self::OfficeOverlap,
    ];

    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StanceReversal => "stance_reversal",
            Self::Denial => "denial",
            Self::Date => "date",
            Self::Participants => "participants",
            Self::Type => "type",
            Self::Account => "account",
            Self::OfficeOverlap => "office_overlap",
        }
    }
}

/// What disagrees among the records of a scope.
#[derive(Clone, Debug)]
pub struct ContradictionsQuestion {
    /// Only where one of these is concerned; all, when empty.
    pub actors: Vec<Term>,
    /// Only by these rules; all, when empty.
    pub rules: Vec<Rule>,
    /// Within what: both records count in it.
    pub scope: Scope,
    /// Which part.
    pub page: Page,
}

/// Two records that disagree, before they are described.
#[derive(Clone, Debug)]
struct FoundContradiction {
    rule: Rule,
    about: Option<String>,
    rows: [Row; 2],
    says: [String; 2],
    actors: Vec<Term>,
}

/// The contradictions asked for, in the order of their first claims, then of their second, then of
/// the rules.
pub fn contradictions<'v>(
    view: &'v View,
    question: &ContradictionsQuestion,
) -> (ContradictionPage<'v>, Option<PageOffset>) {
    let network = Network::new(view, &question.scope);
    let asks = |rules: &[Rule]| {
        question.rules.is_empty() || rules.iter().any(|rule| question.rules.contains(rule))
    };
    let mut found = Vec::new();
    if asks(&[Rule::StanceReversal]) {
        reversals(&network, &question.scope, &mut found);
    }
    if asks(&[Rule::Denial]) {
        denials(&network, &question.scope, &mut found);
    }
    if asks(&[Rule::Date, Rule::Participants, Rule::Type, Rule::Account]) {
        accounts(&network, &question.scope, &mut found);
    }
    if asks(&[Rule::OfficeOverlap]) {
        overlaps(&network, &question.scope, &mut found);
    }
    let concerned = |actors: &[Term]| {
        question.actors.is_empty() || question.actors.iter().any(|actor| actors.contains(actor))
    };
    found.retain(|one: &FoundContradiction| asks(&[one.rule]) && concerned(&one.actors));
    found.sort_by_cached_key(|one| {
        let [first, second] = one.rows.map(|row| view.order(row));
        let actors: Vec<&str> = one.actors.iter().map(|actor| view.text(*actor)).collect();
        let told = (one.about.clone(), one.says.clone());
        (first, second, one.rule, told, actors)
    });
    let (page, next) = question.page.slice(&found);
    let describer = Describer::new(view, question.scope.scheme);
    // What can't be read has been reported.
    let items = page.iter().filter_map(|one| shown(&describer, one));
    let page = ContradictionPage {
        items: items.collect(),
        total: found.len(),
        next: None,
        meta: meta(&network, &Selection::Everything, &question.scope),
    };
    (page, next)
}

fn shown<'v>(describer: &Describer<'v>, found: &FoundContradiction) -> Option<Contradiction<'v>> {
    let claims = found.rows.iter().zip(&found.says).map(|(row, says)| {
        Some(Claim {
            says: says.clone(),
            record: describer.record(*row, Vec::new())?,
        })
    });
    Some(Contradiction {
        rule: found.rule.as_str(),
        about: found.about.clone().map(Into::into),
        claims: claims.collect::<Option<_>>()?,
        actors: found.actors.iter().map(|a| describer.actor(*a)).collect(),
    })
}

// Statements.

/// Speakers who turn: each statement of one side against the last one of the other before it.
fn reversals(network: &Network<'_>, scope: &Scope, found: &mut Vec<FoundContradiction>) {
    let view = network.view();
    let all = taken(network, scope, &Stances::default());
    let mut by_matter: BTreeMap<(Term, RowStanceTarget, Option<Term>), Vec<&TakenStance>> =
        BTreeMap::new();
    for one in &all {
        let key = (one.speaker, one.stance.toward, one.stance.about);
        by_matter.entry(key).or_default().push(one);
    }
    for ((speaker, toward, about), stances) in &by_matter {
        for (one, other) in StanceKind::OPPOSITES {
            let turns = turns(stances, one, other);
            found.extend(turns.into_iter().map(|(before, after)| {
                let mut actors = vec![*speaker];
                if let RowStanceTarget::Actor(actor) = toward {
                    actors.extend((actor != speaker).then_some(*actor));
                }
                let matter = about.or(matter(*toward));
                FoundContradiction {
                    rule: Rule::StanceReversal,
                    about: matter.map(|matter| view.text(matter).to_owned()),
                    rows: [before.row, after.row],
                    says: [before, after].map(|taken| taken.stance.kind.to_string()),
                    actors,
                }
            }));
        }
    }
}

/// The matter of a stance that names no other than its target.
fn matter(target: RowStanceTarget) -> Option<Term> {
    match target {
        RowStanceTarget::Actor(_) => None,
        RowStanceTarget::Event(matter) | RowStanceTarget::Topic(matter) => Some(matter),
    }
}

/// Where ordered stances go over from one side to the other. A statement that takes both at once
/// takes neither.
fn turns<'t>(
    stances: &[&'t TakenStance],
    one: &[StanceKind],
    other: &[StanceKind],
) -> Vec<(&'t TakenStance, &'t TakenStance)> {
    let side = |taken: &TakenStance| match (
        one.contains(&taken.stance.kind),
        other.contains(&taken.stance.kind),
    ) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        (false, false) => None,
    };
    let mut turns = Vec::new();
    let mut last: Option<(&TakenStance, bool)> = None;
    for statement in stances.chunk_by(|a, b| a.row == b.row) {
        let mut sides = statement
            .iter()
            .filter_map(|taken| Some((*taken, side(taken)?)));
        let Some((first, is_one)) = sides.next() else {
            continue;
        };
        if sides.any(|(_, side)| side != is_one) {
            continue;
        }
        if let Some((before, was_one)) = last
            && was_one != is_one
        {
            turns.push((before, first));
        }
        last = Some((first, is_one));
    }
    turns
}

/// Statements that deny an event, against its record.
fn denials(network: &Network<'_>, scope: &Scope, found: &mut Vec<FoundContradiction>) {
    let view = network.view();
    let denied = Stances {
        kinds: vec![StanceKind::Denies],
        ..Stances::default()
    };
    let mut seen: HashSet<(Row, Row)> = HashSet::new();
    for one in taken(network, scope, &denied) {
        let RowStanceTarget::Event(event) = one.stance.toward else {
            continue;
        };
        let Some(row) = view.find(Kind::Event, view.text(event)) else {
            continue;
        };
        if !counts(network, row) || !seen.insert((row, one.row)) {
            continue;
        }
        let mut rows = [
            (row, status(view, row)),
            (one.row, one.stance.kind.to_string()),
        ];
        rows.sort_by_key(|(row, _)| view.order(*row));
        let [first, second] = rows;
        found.push(FoundContradiction {
            rule: Rule::Denial,
            about: Some(view.text(event).to_owned()),
            actors: standing(network, &[row, one.row]),
            rows: [first.0, second.0],
            says: [first.1, second.1],
        });
    }
}

fn status(view: &View, row: Row) -> String {
    view.status(row).to_string()
}

// Events.

/// Whether a record counts in the scope, whoever stands in it.
fn counts(network: &Network<'_>, row: Row) -> bool {
    network.windowed.matches_row(row) && network.compiled.accepts_record(row)
}

/// Events that contradict or corroborate one another, and tell it differently.
fn accounts(network: &Network<'_>, scope: &Scope, found: &mut Vec<FoundContradiction>) {
    let view = network.view();
    let mut pairs: BTreeMap<[SortKey; 2], ([Row; 2], bool)> = BTreeMap::new();
    for (term, id) in view.terms(TermKind::Event) {
        let Some(named) = view
            .find(Kind::Event, id)
            .filter(|row| counts(network, *row))
        else {
            continue;
        };
        let naming = view.naming(term);
        for row in naming.filter(|row| view.kind(*row) == Kind::Event && counts(network, *row)) {
            // What can't be read has been reported.
            let Some(Record::Event(event)) = view.counted_record(row) else {
                continue;
            };
            let links = event.links.iter().filter(|link| link.event.as_str() == id);
            for link in links {
                let contradicts = match link.kind {
                    LinkKind::Contradicts => true,
                    LinkKind::Corroborates => false,
                    LinkKind::Follows
                    | LinkKind::RespondsTo
                    | LinkKind::Reschedules
                    | LinkKind::PartOf => continue,
                };
                let mut rows = [named, row];
                rows.sort_by_key(|row| view.order(*row));
                let (_, known) = pairs
                    .entry(rows.map(|row| view.order(row)))
                    .or_insert((rows, false));
                *known |= contradicts;
            }
        }
    }
    for (rows, contradicts) in pairs.into_values() {
        // What can't be read has been reported.
        let [Some(Record::Event(one)), Some(Record::Event(other))] =
            rows.map(|row| view.counted_record(row))
        else {
            continue;
        };
        let before = found.len();
        differences(network, scope, (&one, &other), rows, found);
        if contradicts && found.len() == before {
            let title = |event: &Event| event.title.as_ref().map(ToString::to_string);
            found.push(FoundContradiction {
                rule: Rule::Account,
                about: None,
                rows,
                says: [&one, &other].map(|e| title(e).unwrap_or_else(|| e.id.to_string())),
                actors: standing(network, &rows),
            });
        }
    }
}

/// What two events tell differently.
fn differences(
    network: &Network<'_>,
    scope: &Scope,
    (one, other): (&Event, &Event),
    rows: [Row; 2],
    found: &mut Vec<FoundContradiction>,
) {
    let view = network.view();
    let mut add = |rule: Rule, says: [String; 2]| {
        found.push(FoundContradiction {
            rule,
            about: None,
            rows,
            says,
            actors: standing(network, &rows),
        });
    };
    if let (Some(a), Some(b)) = (&one.date, &other.date)
        && (is_over(a, b) || is_over(b, a))
    {
        add(Rule::Date, [a, b].map(ToString::to_string));
    }
    let taking_part = rows.map(|row| {
        let parts = view.actors(row).map(|(actor, _)| actor);
        let mut ids: Vec<&str> = parts
            .flat_map(|actor| network.counts_for(row, actor, scope.rollup))
            .map(|actor| view.text(actor))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids.join(", ")
    });
    if taking_part.first() != taking_part.last() {
        add(Rule::Participants, taking_part);
    }
    if let (Some(a), Some(b)) = (one.coding.event_type(), other.coding.event_type())
        && a != b
    {
        add(Rule::Type, [a, b].map(|t| t.to_string()));
    }
}

/// Whether a date is over before another begins, whatever they mean: where one has no last day, or the
/// other no first, it may not be.
fn is_over(one: &Date, other: &Date) -> bool {
    let (last, first) = (one.timing().days.1, other.timing().days.0);
    last.zip(first).is_some_and(|(last, first)| last < first)
}

/// Who stands in some records, as they count, by id.
fn standing(network: &Network<'_>, rows: &[Row]) -> Vec<Term> {
    let view = network.view();
    let mut all: Vec<Term> = rows
        .iter()
        .flat_map(|row| network.standing_in(*row))
        .collect();
    all.sort_unstable_by_key(|actor| view.text(*actor));
    all.dedup();
    all
}

// Offices.

/// When an office is held, the relation that says so, the holder's id.
type OfficeTenure = (Period, Row, String);

/// Two who certainly hold one office of one body on the same day, although it is held by one at a time:
/// others hold it too, and of all its holders these alone overlap. A day on which one hands over to the
/// next is no overlap; an office that several hold at a time is no contradiction. That is judged by all
/// holders that pass the filters; the window says which overlaps are told.
fn overlaps(network: &Network<'_>, scope: &Scope, found: &mut Vec<FoundContradiction>) {
    let view = network.view();
    let mut by_office: BTreeMap<(String, String), Vec<OfficeTenure>> = BTreeMap::new();
    let holds = |row: &Row| view.detail(*row) == RelationKind::HoldsOffice.number();
    for row in view.of_kind(Kind::Relation).filter(holds) {
        if !network.compiled.accepts_record(row) {
            continue;
        }
        // What can't be read has been reported.
        let Some(Record::Relation(relation)) = view.counted_record(row) else {
            continue;
        };
        let period = relation.period();
        if let (Some(title), Some(_)) = (&relation.title, period.certain()) {
            let office = (fold(title), relation.object.to_string());
            let held = (period, row, relation.subject.to_string());
            by_office.entry(office).or_default().push(held);
        }
    }
    let window = (scope.window.lo(), scope.window.hi());
    for ((_, body), mut held) in by_office {
        held.sort_by_key(|(period, row, _)| (period.certain(), view.order(*row)));
        let Some(((one_row, one), (other_row, other))) = only_overlap(&held, window) else {
            continue;
        };
        if !counts(network, one_row) || !counts(network, other_row) {
            continue;
        }
        let mut rows = [(one_row, one), (other_row, other)];
        rows.sort_by_key(|(row, _)| view.order(*row));
        let [one, two] = rows;
        // What can't be read has been reported.
        let Some(Record::Relation(relation)) = view.counted_record(other_row) else {
            continue;
        };
        let named = [one.1, two.1, body.as_str()];
        let actors = named.iter().filter_map(|id| view.term(TermKind::Actor, id));
        found.push(FoundContradiction {
            rule: Rule::OfficeOverlap,
            about: relation.title.as_ref().map(ToString::to_string),
            rows: [one.0, two.0],
            says: [one.1.to_owned(), two.1.to_owned()],
            actors: actors.collect(),
        });
    }
}

/// A relation and the holder of whom it tells.
type HeldOffice<'h> = (Row, &'h str);

/// The first overlap of two holders that has a day of the window, when no other two of the three or more
/// overlap at any time. The tenures are in the order of their certain days.
fn only_overlap(
    held: &[OfficeTenure],
    window: DayRange,
) -> Option<(HeldOffice<'_>, HeldOffice<'_>)> {
    let mut holders: Vec<&str> = held.iter().map(|(.., holder)| holder.as_str()).collect();
    holders.sort_unstable();
    holders.dedup();
    if holders.len() < 3 {
        return None;
    }
    let (mut pair, mut only) = (None, None);
    for (at, (period, row, holder)) in held.iter().enumerate() {
        let Some(days) = period.certain() else {
            continue;
        };
        let later = held.get(at + 1..).unwrap_or_default().iter();
        for (other_period, other_row, other) in later {
            let Some(other_days) = other_period.certain() else {
                continue;
            };
            if other_days.0 > days.1 {
                break;
            }
            if other == holder || is_handover(period, other_period) {
                continue;
            }
            let both = (holder.min(other), holder.max(other));
            if pair.is_some_and(|known| known != both) {
                return None;
            }
            pair = Some(both);
            let shared = (days.0.max(other_days.0), days.1.min(other_days.1));
            if only.is_none() && shared.0 <= window.1 && shared.1 >= window.0 {
                only = Some(((*row, holder.as_str()), (*other_row, other.as_str())));
            }
        }
    }
    only
}
