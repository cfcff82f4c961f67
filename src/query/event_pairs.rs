//! Events that may be one though they are not equal: near in time, with parties in common, of one class.

use hashbrown::HashMap;

use super::duplicate_reasons::DuplicateReasons;
use crate::graph::{Row, Term, View};
use crate::model::{Cameo, Coding, DayRange, Event, Kind, Record, Role, Scheme, fold};

/// Events that are looked at for such pairs at the most, the earliest first.
pub const EVENTS_COMPARED_MAX: usize = 1_000_000;
/// Pairs of events that are compared at the most.
pub const EVENT_PAIRS_MAX: usize = 1_000_000;
/// Actors of an event by which others are found.
const ACTORS_MAX: usize = 6;
/// How likely two candidates are one of which nothing is known, in bits.
const PRIOR: f64 = -8.0;
/// What the dates weigh: equal, overlapping, overlapping where one is longer than a month, on days that follow.
const DATES: [f64; 4] = [4.0, 2.0, 0.5, 1.0];
/// Days up to which a range tells when something was.
const SHORT_DAYS: i32 = 31;
/// What the parties weigh: the same in the same roles, the same in others, some.
const PARTIES: [f64; 3] = [4.0, 2.0, 1.0];
/// What the class weighs: the same code, the same type or root, the same quad class.
const CLASS: [f64; 3] = [4.0, 2.0, 0.0];
/// What titles weigh: equal, alike, others.
const TITLES: [f64; 3] = [4.0, 2.0, -2.0];
/// The likeness of Jaro and Winkler from which on titles are alike.
const TITLES_ALIKE: f64 = 0.9;
/// What places weigh: the same, others.
const PLACES: [f64; 2] = [1.0, -2.0];
/// What it weighs that both cite a source.
const SAME_SOURCE: f64 = 1.0;
/// What it weighs that they are of two data sets, and of one: a data set seldom tells an event twice.
const DATASETS: [f64; 2] = [1.0, -2.0];
/// What it weighs that the one came about and the other did not.
const OTHER_STATUS: f64 = -2.0;
/// What titles, places and sources add at the most.
const DECODED_MAX: f64 = TITLES[0] + PLACES[0] + SAME_SOURCE;

/// An event as it is compared.
#[derive(Clone, Debug)]
struct EventSketch {
    row: Row,
    days: DayRange,
    actors: Vec<(Term, Role)>,
    coding: Option<Coding>,
}

impl EventSketch {
    /// Of a row; `None` without a date.
    fn read(view: &View, row: Row) -> Option<Self> {
        let mut actors: Vec<(Term, Role)> = view.actors(row).collect();
        actors.sort_unstable();
        actors.dedup();
        Some(Self {
            row,
            days: view.known_days(row)?,
            actors,
            coding: view.coding(row),
        })
    }

    /// The actors, each once.
    fn parties(&self) -> Vec<Term> {
        let mut parties: Vec<Term> = self.actors.iter().map(|(actor, _)| *actor).collect();
        parties.dedup();
        parties
    }

    /// Pairs of actors, of whom another event must have one; of a single actor that.
    fn keys(&self) -> Vec<(Term, Term)> {
        let mut parties = self.parties();
        parties.truncate(ACTORS_MAX);
        if let [only] = *parties {
            return vec![(only, only)];
        }
        let each = parties.iter().enumerate();
        let pairs = each.flat_map(|(at, one)| {
            let later = parties.get(at + 1..).unwrap_or_default().iter();
            later.map(move |other| (*one, *other))
        });
        pairs.collect()
    }
}

/// Two events that may be one, with how likely that is.
pub(super) type EventPair = (f64, Row, Row);

/// Which pairs are wanted, and how much is done for them.
#[derive(Clone, Copy, Debug)]
pub(super) struct EventPairSearch {
    /// The scheme of classes.
    pub(super) scheme: Scheme,
    /// The least score.
    pub(super) min_score: f64,
    /// See [`EVENTS_COMPARED_MAX`].
    pub(super) events_max: usize,
    /// See [`EVENT_PAIRS_MAX`].
    pub(super) pairs_max: usize,
}

impl EventPairSearch {
    /// The pairs among some rows, in no order that matters; and whether the limits left some out.
    pub(super) fn pairs(
        &self,
        view: &View,
        rows: impl Iterator<Item = Row>,
    ) -> (Vec<EventPair>, bool) {
        let events = rows.filter(|row| view.kind(*row) == Kind::Event);
        let mut events: Vec<EventSketch> = events
            .filter_map(|row| EventSketch::read(view, row))
            .take(self.events_max.saturating_add(1))
            .collect();
        let mut truncated = events.len() > self.events_max;
        events.truncate(self.events_max);
        events.sort_by_key(|event| (event.days.0, view.order(event.row)));
        // Of each pair of actors those events that a later one may still reach.
        let mut active: HashMap<(Term, Term), Vec<usize>> = HashMap::new();
        let (mut found, mut compared) = (Vec::new(), 0);
        for (place, event) in events.iter().enumerate() {
            let first = event.days.0.number();
            let mut before: Vec<usize> = Vec::new();
            for key in event.keys() {
                let near = active.entry(key).or_default();
                let reaches = |at: &usize| {
                    events
                        .get(*at)
                        .is_some_and(|other| other.days.1.number() >= first - 1)
                };
                near.retain(reaches);
                before.extend_from_slice(near);
                near.push(place);
            }
            before.sort_unstable();
            before.dedup();
            compared += before.len();
            if compared > self.pairs_max {
                truncated = true;
                break;
            }
            for other in before.iter().filter_map(|at| events.get(*at)) {
                let reasons = self.compare_sketches(view, other, event);
                if let Some(reasons) = reasons {
                    found.push((reasons.score(), other.row, event.row));
                }
            }
        }
        (found, truncated)
    }

    /// What speaks for two events being one.
    pub(super) fn compare(&self, view: &View, one: Row, other: Row) -> Option<DuplicateReasons> {
        let (one, other) = (
            EventSketch::read(view, one)?,
            EventSketch::read(view, other)?,
        );
        self.compare_sketches(view, &one, &other)
    }

    fn compare_sketches(
        &self,
        view: &View,
        one: &EventSketch,
        other: &EventSketch,
    ) -> Option<DuplicateReasons> {
        let mut reasons = DuplicateReasons::new(PRIOR);
        compare_dates(one, other, &mut reasons)?;
        compare_parties(one, other, &mut reasons)?;
        self.compare_classes(one, other, &mut reasons)?;
        let rows = [one.row, other.row];
        compare_datasets(view, rows, &mut reasons);
        if reasons.score_with(DECODED_MAX) < self.min_score {
            return None;
        }
        let [one, other] = rows.map(|row| event_record(view, row));
        compare_records(&one?, &other?, &mut reasons);
        (reasons.score() >= self.min_score).then_some(reasons)
    }

    /// `None` when the classes say that the two are not one.
    fn compare_classes(
        &self,
        one: &EventSketch,
        other: &EventSketch,
        reasons: &mut DuplicateReasons,
    ) -> Option<()> {
        let (one, other) = (one.coding?, other.coding?);
        let roots = [one, other].map(|coding| coding.cameo().map(Cameo::root));
        let types = [one, other].map(Coding::event_type);
        if one == other {
            reasons.add("same_code", CLASS[0], "both are coded alike".to_owned());
        } else if (types[0].is_some() && types[0] == types[1])
            || (roots[0].is_some() && roots[0] == roots[1])
        {
            reasons.add("same_type", CLASS[1], "both are of one type".to_owned());
        } else if one.quad_class(self.scheme) == other.quad_class(self.scheme) {
            let text = "both are of one quad class".to_owned();
            reasons.add("same_quad_class", CLASS[2], text);
        } else {
            return None;
        }
        Some(())
    }
}

/// `None` when there is more than a day between the two.
fn compare_dates(
    one: &EventSketch,
    other: &EventSketch,
    reasons: &mut DuplicateReasons,
) -> Option<()> {
    let [days, others] =
        [one.days, other.days].map(|(first, last)| (first.number(), last.number()));
    let is_long = |(first, last): (i32, i32)| last - first >= SHORT_DAYS;
    if days == others {
        let weight = if is_long(days) { DATES[1] } else { DATES[0] };
        reasons.add("same_date", weight, "both are on the same days".to_owned());
    } else if days.0 <= others.1 && others.0 <= days.1 {
        let weight = if is_long(days) || is_long(others) {
            DATES[2]
        } else {
            DATES[1]
        };
        let text = "their days overlap".to_owned();
        reasons.add("overlapping_dates", weight, text);
    } else if days.0 <= others.1 + 1 && others.0 <= days.1 + 1 {
        let text = "they are on days that follow one another".to_owned();
        reasons.add("next_day", DATES[3], text);
    } else {
        return None;
    }
    Some(())
}

/// `None` when the two have neither two parties in common nor all of one.
fn compare_parties(
    one: &EventSketch,
    other: &EventSketch,
    reasons: &mut DuplicateReasons,
) -> Option<()> {
    let (own, others) = (one.parties(), other.parties());
    let shared = own.iter().filter(|actor| others.contains(actor)).count();
    if shared == 0 || (shared < 2 && own.len().max(others.len()) > 1) {
        return None;
    }
    if one.actors == other.actors {
        let text = "both have the same parties in the same roles".to_owned();
        reasons.add("same_parties", PARTIES[0], text);
    } else if own == others {
        let text = "both have the same parties, in other roles".to_owned();
        reasons.add("same_parties_other_roles", PARTIES[1], text);
    } else {
        let text = format!(
            "{shared} of {} and {} parties are shared",
            own.len(),
            others.len()
        );
        reasons.add("shared_parties", PARTIES[2], text);
    }
    Some(())
}

fn compare_datasets(view: &View, rows: [Row; 2], reasons: &mut DuplicateReasons) {
    let [one, other] = rows.map(|row| view.dataset(row));
    if one == other {
        let text = "both are of one data set, which seldom tells an event twice".to_owned();
        reasons.add("same_dataset", DATASETS[1], text);
    } else {
        let text = "they are of two data sets".to_owned();
        reasons.add("other_dataset", DATASETS[0], text);
    }
    if view.status(rows[0]) != view.status(rows[1]) {
        let text = "the one came about, and the other did not or need not have".to_owned();
        reasons.add("other_status", OTHER_STATUS, text);
    }
}

fn event_record(view: &View, row: Row) -> Option<Event> {
    match view.record(row)? {
        Record::Event(event) => Some(event),
        Record::Source(_)
        | Record::Actor(_)
        | Record::Relation(_)
        | Record::Statement(_)
        | Record::Judgement(_) => None,
    }
}

/// Compares what is told in words. Titles are compared by the likeness of Jaro and Winkler (Winkler, "String Comparator
/// Metrics and Enhanced Decision Rules in the Fellegi-Sunter Model of Record Linkage", 1990).
fn compare_records(one: &Event, other: &Event, reasons: &mut DuplicateReasons) {
    if let (Some(title), Some(with)) = (&one.title, &other.title) {
        let (title, with) = (fold(title), fold(with));
        if title == with {
            reasons.add("same_title", TITLES[0], "both have one title".to_owned());
        } else if strsim::jaro_winkler(&title, &with) >= TITLES_ALIKE {
            reasons.add("like_title", TITLES[1], "their titles are alike".to_owned());
        } else {
            reasons.add("other_title", TITLES[2], "their titles differ".to_owned());
        }
    }
    let place = |event: &Event| {
        let name = event.place.as_ref()?.name.as_ref()?;
        Some(fold(name))
    };
    if let (Some(place), Some(with)) = (place(one), place(other)) {
        if place == with {
            reasons.add("same_place", PLACES[0], "both are at one place".to_owned());
        } else {
            reasons.add(
                "other_place",
                PLACES[1],
                "they are at two places".to_owned(),
            );
        }
    }
    let mut sources = one.sources.iter().map(|citation| &citation.source);
    if sources.any(|source| other.sources.iter().any(|with| with.source == *source)) {
        reasons.add(
            "same_source",
            SAME_SOURCE,
            "both cite one source".to_owned(),
        );
    }
}
