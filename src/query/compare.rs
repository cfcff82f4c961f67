//! Two windows of a dyad side by side: what grew, fell, began and ended.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;

use super::answer::{CompareAnswer, CompareCount, CompareItem, Meta, WindowAnswer};
use super::describe::actor_brief;
use super::filter::Scope;
use super::network::Network;
use super::records_url::{Only, Opened, WAYS, type_word};
use super::tally::{Codings, Tally, real, rounded};
use super::timeline::{Selection, meta};
use crate::graph::{Direction, Row, Term, View};
use crate::model::{Coding, EventType, Kind, QuadClass, Window};

/// A dyad in two windows.
#[derive(Clone, Debug)]
pub struct CompareQuestion {
    /// The one.
    pub a: Term,
    /// The other.
    pub b: Term,
    /// The window asked about, and what counts in both.
    pub scope: Scope,
    /// The window compared with.
    pub base: Window,
}

/// Counts the records of a dyad in two windows. A record that may lie in both counts in both. Both
/// windows must have an end on either side, since rates are records over days.
pub fn compare<'v>(view: &'v View, question: &CompareQuestion) -> CompareAnswer<'v> {
    let base = Scope {
        window: question.base,
        ..question.scope.clone()
    };
    let base = Side::new(view, question, &base);
    let window = Side::new(view, question, &question.scope);
    let mut keys: Vec<&Key> = base.counts.keys().chain(window.counts.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let items = keys.into_iter().map(|key| item(key, &base, &window));
    CompareAnswer {
        a: actor_brief(view, question.a),
        b: actor_brief(view, question.b),
        items: items.collect(),
        base: base.answer,
        meta: window.meta,
        window: window.answer,
    }
}

/// What records are told apart by, in the order of the answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    All,
    Record(Kind),
    Quad(QuadClass),
    Type(Option<EventType>),
    /// The place in [`WAYS`].
    Direction(usize),
    Topic(Arc<str>),
}

impl Key {
    /// The word for the key and that for the value.
    fn words<'v>(&self) -> (&'static str, Option<Cow<'v, str>>) {
        match self {
            Self::All => ("all", None),
            Self::Record(kind) => ("record", Some(kind.as_str().into())),
            Self::Quad(quad) => ("quad", Some(quad.as_str().into())),
            Self::Type(event_type) => ("type", Some(type_word(*event_type).into())),
            Self::Direction(nth) => ("direction", WAYS.get(*nth).map(|(_, word)| (*word).into())),
            Self::Topic(topic) => ("topic", Some(topic.to_string().into())),
        }
    }

    fn only(&self) -> Only {
        let mut only = Only::default();
        match self {
            Self::All => {}
            Self::Record(kind) => only.record = Some(*kind),
            Self::Quad(quad) => only.quad = Some(*quad),
            Self::Type(event_type) => only.event_type = Some(type_word(*event_type)),
            Self::Direction(nth) => only.direction = WAYS.get(*nth).map(|(way, _)| *way),
            Self::Topic(topic) => only.topic = Some(Arc::clone(topic)),
        }
        only
    }
}

/// One of the windows, counted.
struct Side {
    answer: WindowAnswer,
    counts: BTreeMap<Key, usize>,
    opened: Opened,
    meta: Meta,
}

impl Side {
    fn new(view: &View, question: &CompareQuestion, scope: &Scope) -> Self {
        let network = Network::new(view, scope);
        let selection = Selection::Dyad(question.a, question.b, Direction::ANY);
        let opened = Opened::timeline(view, &selection, scope);
        let mut tally = Tally::default();
        let mut codings = Codings::new(view, scope.scheme);
        // Most records are like some others in all that they count for.
        let mut alike: HashMap<Alike, usize> = HashMap::new();
        let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
        for (row, way) in network.dyad(question.a, question.b) {
            tally.add(codings.told(row));
            *alike
                .entry((view.kind(row), view.coding(row), way))
                .or_default() += 1;
            for topic in topics(view, scope, row) {
                *counts.entry(Key::Topic(topic.into())).or_default() += 1;
            }
        }
        // In any order: counts are added up.
        for ((kind, coding, way), count) in alike {
            for key in keys(scope, kind, coding, way) {
                *counts.entry(key).or_default() += count;
            }
        }
        let meta = meta(&network, &selection, scope);
        let (lo, hi) = (scope.window.lo(), scope.window.hi());
        let days = i64::from(hi.number()) - i64::from(lo.number()) + 1;
        Self {
            answer: WindowAnswer {
                from: lo,
                to: hi,
                days: usize::try_from(days).unwrap_or(1),
                count: tally.count,
                records_url: opened.all(),
                quad: tally.quad,
                goldstein_mean: tally.mean(),
                goldstein_scale: tally.scale(),
                undated_omitted: meta.undated_omitted,
            },
            counts,
            opened,
            meta,
        }
    }

    fn count(&self, key: &Key) -> CompareCount {
        let count = self.counts.get(key).copied().unwrap_or_default();
        CompareCount {
            count,
            records_url: self.opened.only(key.only()),
            per_day: rounded(real(count) / real(self.answer.days)),
        }
    }
}

/// What records have in common that count for the same, but for topics.
type Alike = (Kind, Option<Coding>, Direction);

/// What a record counts for, but for its topics.
fn keys(scope: &Scope, kind: Kind, coding: Option<Coding>, way: Direction) -> Vec<Key> {
    let mut keys = vec![Key::All, Key::Record(kind)];
    if let Some(coding) = coding {
        keys.push(Key::Quad(coding.quad_class(scope.scheme)));
        keys.push(Key::Type(coding.event_type()));
    }
    let ways = WAYS.iter().enumerate();
    keys.extend(
        ways.filter(|(_, (one, _))| way.meets(*one))
            .map(|(nth, _)| Key::Direction(nth)),
    );
    keys
}

/// The topics that a record counts for.
fn topics<'v>(view: &'v View, scope: &Scope, row: Row) -> Vec<&'v str> {
    let topics = view.topics(row).iter().map(|topic| view.text(*topic));
    // Where topics are filtered, a URL can name one of them instead, and no other.
    let wanted = &scope.filter.topics;
    let asked = topics.filter(|t| wanted.is_empty() || wanted.iter().any(|w| w.as_str() == *t));
    let mut topics: Vec<&str> = asked.collect();
    // A record may name a topic twice.
    topics.sort_unstable();
    topics.dedup();
    topics
}

fn item<'v>(key: &Key, base: &Side, window: &Side) -> CompareItem<'v> {
    let (word, value) = key.words();
    let (before, after) = (base.count(key), window.count(key));
    // Rates compared as whole numbers: n1/d1 to n2/d2 as n1 d2 to n2 d1.
    let was = before.count as u128 * window.answer.days as u128;
    let is = after.count as u128 * base.answer.days as u128;
    let change = match (was, is) {
        (0, 0) => "same",
        (0, _) => "began",
        (_, 0) => "ended",
        _ if is > was => "grew",
        _ if is < was => "fell",
        _ => "same",
    };
    let rate = |side: &Side, count: usize| real(count) / real(side.answer.days);
    let ratio = rate(window, after.count) / rate(base, before.count);
    CompareItem {
        key: word,
        value,
        change,
        ratio: (before.count > 0).then(|| rounded(ratio)),
        base: before,
        window: after,
    }
}
