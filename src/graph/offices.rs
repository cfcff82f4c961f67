//! Offices: who holds one on which days, and where an assumption ends since another has begun.

use hashbrown::HashMap;

use super::Row;
use super::segment::Segment;
use super::terms::Term;
use super::view::View;
use crate::invariant::broken_record;
use crate::model::{DayRange, Kind, Period, Record, RelationKind, fold};

/// The offices of a segment, by title.
#[derive(Debug, Default)]
pub(super) struct Offices {
    /// Those of each folded title.
    by_title: HashMap<Box<str>, Vec<Office>>,
}

/// A relation that says who holds an office of whom.
#[derive(Clone, Copy, Debug)]
struct Office {
    row: u32,
    holder: Term,
    body: Term,
    /// On its own: nothing is known of successors.
    period: Period,
}

impl Offices {
    /// Takes up the relation of a row, if it says that somebody holds an office.
    pub(super) fn note(&mut self, row: u32, record: &Record, actors: &[Term]) {
        let Record::Relation(relation) = record else {
            return;
        };
        let (Some(title), RelationKind::HoldsOffice) = (&relation.title, relation.kind) else {
            return;
        };
        if let &[holder, body] = actors {
            let office = Office {
                row,
                holder,
                body,
                period: relation.period(),
            };
            self.by_title
                .entry(fold(title).into())
                .or_default()
                .push(office);
        } else {
            let what = "a relation has a subject and an object";
            broken_record(Kind::Relation, relation.id.as_str(), what);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_title.is_empty()
    }

    fn of_title(&self, folded: &str) -> &[Office] {
        self.by_title.get(folded).map_or(&[], Vec::as_slice)
    }
}

/// A holder of an office that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// The relation that says so.
    pub row: Row,
    /// Who holds it.
    pub actor: Term,
    /// Of whom.
    pub body: Term,
    /// On which days, up to a successor.
    pub period: Period,
}

impl View {
    /// All holders of offices with a folded title, each with the days up to a successor.
    pub fn holders(&self, folded: &str) -> Vec<Holder> {
        let mut holders = self.tenures(folded, |_| true);
        holders.sort_by_key(|holder| holder.body);
        let groups = holders.chunk_by_mut(|a, b| a.body == b.body);
        groups.for_each(end_at_successors);
        holders
    }

    /// The days on which a tie holds: of an office up to the day before a successor begins. `None` for
    /// a row that is no tie.
    pub fn period(&self, row: Row) -> Option<Period> {
        let Record::Relation(relation) = self.record(row)? else {
            return None;
        };
        let period = relation.period();
        let (Some(title), RelationKind::HoldsOffice, false) =
            (&relation.title, relation.kind, period.has_end())
        else {
            return Some(period);
        };
        let body = self.actors(row).nth(1).map(|(body, _)| body);
        let mut of_body = self.tenures(&fold(title), |office| {
            Some(self.survivor(office.body)) == body
        });
        end_at_successors(&mut of_body);
        let own = of_body.iter().find(|holder| holder.row == row);
        Some(own.map_or(period, |own| own.period))
    }

    fn tenures(&self, folded: &str, wanted: impl Fn(&Office) -> bool) -> Vec<Holder> {
        let mut found = Vec::new();
        for (number, segment) in self.segments() {
            let offices = segment.offices.of_title(folded).iter();
            let seen = offices.filter(|office| wanted(office) && self.sees(segment, office.row));
            found.extend(seen.map(|office| Holder {
                row: Row::new(number, office.row),
                actor: self.survivor(office.holder),
                body: self.survivor(office.body),
                period: office.period,
            }));
        }
        found
    }
}

/// Ends what is assumed of the holders of one office of one body where another begins; not where
/// several hold it at a time.
fn end_at_successors(holders: &mut [Holder]) {
    if is_collegial(holders) {
        return;
    }
    let starts: Vec<(Term, DayRange)> = holders
        .iter()
        .filter_map(|holder| Some((holder.actor, holder.period.may()?)))
        .collect();
    for holder in holders {
        let Some((from, _)) = holder.period.may() else {
            continue;
        };
        let others = starts.iter().filter(|(other, _)| *other != holder.actor);
        let later = others
            .map(|(_, (start, _))| *start)
            .filter(|start| *start > from);
        if let Some(successor) = later.min() {
            holder.period = holder.period.until_successor(successor);
        }
    }
}

/// Whether two hold it certainly on one day, other than a day on which one hands it over to the next.
fn is_collegial(holders: &[Holder]) -> bool {
    let mut certain: Vec<(DayRange, Holder)> = holders
        .iter()
        .filter_map(|holder| Some((holder.period.certain()?, *holder)))
        .collect();
    certain.sort_unstable_by_key(|(days, holder)| (*days, holder.actor));
    let pairs = certain.iter().enumerate().flat_map(|(at, (days, one))| {
        let later = certain.get(at + 1..).unwrap_or_default().iter();
        // In the order of their first days, so that only those up to the last day may share one.
        let later = later.take_while(|(other, _)| other.0 <= days.1);
        later.map(move |(_, other)| (one, other))
    });
    let mut shared = pairs.filter(|(one, other)| one.actor != other.actor);
    shared.any(|(one, other)| !is_handover(&one.period, &other.period))
}

/// Whether the only day that two certainly share is one on which the one ends and the other begins.
pub(crate) fn is_handover(one: &Period, other: &Period) -> bool {
    let passes_on = |one: &Period, other: &Period| match (one.certain(), other.certain()) {
        (Some((_, last)), Some((first, _))) => one.has_end() && last == first,
        _ => false,
    };
    passes_on(one, other) || passes_on(other, one)
}

impl Segment {
    /// Whether no name leads to anybody here.
    pub(super) fn has_no_names(&self) -> bool {
        self.names.is_empty() && self.offices.is_empty()
    }
}
