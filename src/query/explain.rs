//! What an answer rests on: the sources of its paths, and how few of them need be wrong to leave no
//! path.
//!
//! The fewest sources are found exactly, as far as [`SEARCHES_MAX`] searches and [`RECORDS_MAX`]
//! records go; beyond, the answer says that it is an upper bound. Sets of sources
//! are tried by size, from none; when a path is left without a set, one of the ways to break that
//! path must be added to it. Each way to break a hop is a set of sources without which none of its
//! records counts; in chronological order, one without which a record that carries the path does
//! not.

use std::collections::BTreeSet;

use hashbrown::{HashMap, HashSet};

use super::answer::{ExplainAnswer, FragilityAnswer, SourceBrief, SupportAnswer};
use super::describe::Describer;
use super::network::Network;
use super::paths::{Mode, Path, PathSearch, PathsQuestion};
use super::selection::{ActorMatch, Selection};
use super::timeline::meta;
use crate::graph::{Direction, Row, Term, View};
use crate::invariant::Holds as _;
use crate::model::Id;

/// Sources that are listed.
const SOURCES_SHOWN: usize = 100;
/// Searches for a path until an exact answer is given up, as a rule. A quarter as many then look for
/// any answer, and half as many for the sources that break the connection alone.
pub const SEARCHES_MAX: usize = 200;
/// Records that the searches for an exact answer may walk over, where each may walk over all in the
/// window: in large windows there are fewer searches.
pub const RECORDS_MAX: usize = 50_000_000;
/// The searches that there are in windows of any size.
pub const SEARCHES_MIN: usize = 20;
/// Ways to break one hop that are kept.
const WAYS_MAX: usize = 32;

/// Sources, by id.
type LostSources<'v> = BTreeSet<&'v str>;

/// What the paths of an answer rest on.
pub fn explain<'v>(view: &'v View, question: &PathsQuestion) -> ExplainAnswer<'v> {
    explain_within(view, question, SEARCHES_MAX)
}

/// The same, told by so many searches at the most.
pub fn explain_within<'v>(
    view: &'v View,
    question: &PathsQuestion,
    searches_max: usize,
) -> ExplainAnswer<'v> {
    let network = Network::new(view, &question.scope);
    let search = PathSearch::new(&network, question);
    let found = search.best(question);
    let describer = Describer::new(view, question.scope.scheme);
    let records = network.windowed.all().most().max(1);
    let affordable = (RECORDS_MAX / records).max(SEARCHES_MIN);
    let mut losses = SourceLossSearch {
        view,
        question,
        searches_max: searches_max.min(affordable),
        exact: !search.is_given_up(),
    };
    let (alone, unknown) = losses.alone(&search, found.first());
    let mut supports = supports(&search, &found);
    supports.sort_by_key(|(source, support)| {
        let id = view.text(*source);
        (
            !alone.contains(id),
            std::cmp::Reverse(support.records.len()),
            id,
        )
    });
    let shown = supports.iter().take(SOURCES_SHOWN);
    let rests_on = shown.map(|(source, support)| SupportAnswer {
        source: brief(view, *source),
        records: support.records.len(),
        records_urls: support
            .gone
            .iter()
            .map(|hop| search.cited_url(question, *hop, view.text(*source)))
            .collect(),
        hops: support.hops.len(),
        breaks: {
            let id = view.text(*source);
            (!unknown.contains(id)).then(|| alone.contains(id))
        },
    });
    ExplainAnswer {
        source: describer.actor(search.source),
        target: describer.actor(search.target),
        mode: question.mode.as_str(),
        paths: found.len(),
        rests_on: rests_on.collect(),
        more: supports.len().saturating_sub(SOURCES_SHOWN),
        fragility: losses.fewest(),
        meta: meta(
            &network,
            &Selection::Actors(vec![search.source, search.target], ActorMatch::Any),
            &question.scope,
        ),
    }
}

fn brief(view: &View, source: Term) -> SourceBrief<'_> {
    let head = view.source(source).holds("a cited source is there");
    let head = head.unwrap_or_default();
    SourceBrief {
        id: view.text(source).into(),
        title: head.title.map(Into::into),
        publisher: head.publisher.map(Into::into),
    }
}

/// What a source supports.
#[derive(Default)]
struct Support {
    records: HashSet<Row>,
    hops: HashSet<(Term, Term)>,
    /// The same as they are gone, in the order in which paths were found.
    gone: Vec<(Term, Term)>,
}

fn supports(search: &PathSearch<'_, '_>, found: &[Path<'_>]) -> Vec<(Term, Support)> {
    let mut supports: HashMap<Term, Support> = HashMap::new();
    let mut seen = HashSet::new();
    let directed = search.directions != Direction::ANY;
    for pair in found.iter().flat_map(|path| path.actors.windows(2)) {
        let &[a, b] = pair else { continue };
        let hop = (a.min(b), a.max(b));
        if !seen.insert((a, b)) {
            continue;
        }
        for (row, _) in search.rows(a, b) {
            for source in search.network.compiled.believed(row) {
                let support = supports.entry(source).or_default();
                support.records.insert(row);
                if support.hops.insert(hop)
                    || directed && support.gone.last().is_none_or(|last| *last != (a, b))
                {
                    support.gone.push((a, b));
                }
            }
        }
    }
    supports.into_iter().collect()
}

/// Looks for paths that are left when sources are not believed.
struct SourceLossSearch<'v, 'q> {
    view: &'v View,
    question: &'q PathsQuestion,
    /// Searches until an exact answer is given up.
    searches_max: usize,
    /// Whether no way to break a hop was left out.
    exact: bool,
}

impl<'v> SourceLossSearch<'v, '_> {
    /// The sources of which each alone breaks the connection, whose best path is `first`; and those
    /// that were not tried.
    fn alone(
        &mut self,
        search: &PathSearch<'_, 'v>,
        first: Option<&Path<'v>>,
    ) -> (LostSources<'v>, LostSources<'v>) {
        let Some(first) = first else {
            return (LostSources::new(), LostSources::new());
        };
        let ways = self.ways_to_break(search, first);
        let single = ways.iter().filter(|way| way.len() == 1);
        let candidates: LostSources<'v> = single.flatten().copied().collect();
        let mut tried = candidates.into_iter();
        let most = self.searches_max.div_ceil(2);
        let mut breaks =
            |source: &&'v str| self.left_without(&LostSources::from([*source])).is_none();
        let alone = tried.by_ref().take(most).filter(|source| breaks(source));
        (alone.collect(), tried.collect())
    }

    /// The fewest sources whose loss leaves no path.
    fn fewest(&mut self) -> FragilityAnswer<'v> {
        let mut queue: BTreeSet<(usize, LostSources<'v>)> =
            BTreeSet::from([(0, LostSources::new())]);
        let mut seen: HashSet<LostSources<'v>> = HashSet::new();
        let mut searches = 0;
        while let Some((_, lost)) = queue.pop_first() {
            if searches == self.searches_max {
                return self.any(lost);
            }
            searches += 1;
            let Some(ways) = self.left_without(&lost) else {
                return FragilityAnswer {
                    sources: Some(lost.len()),
                    set: lost.into_iter().map(Into::into).collect(),
                    exact: self.exact,
                };
            };
            for way in ways {
                let more: LostSources<'v> = lost.union(&way).copied().collect();
                if seen.insert(more.clone()) {
                    queue.insert((more.len(), more));
                }
            }
        }
        FragilityAnswer {
            sources: None,
            set: Vec::new(),
            exact: self.exact,
        }
    }

    /// Some sources whose loss leaves no path, found from a set that leaves one.
    fn any(&mut self, mut lost: LostSources<'v>) -> FragilityAnswer<'v> {
        for _ in 0..self.searches_max.div_ceil(4) {
            let Some(ways) = self.left_without(&lost) else {
                return FragilityAnswer {
                    sources: Some(lost.len()),
                    set: lost.into_iter().map(Into::into).collect(),
                    exact: false,
                };
            };
            let Some(way) = ways.into_iter().min_by_key(BTreeSet::len) else {
                break;
            };
            lost.extend(way);
        }
        FragilityAnswer {
            sources: None,
            set: Vec::new(),
            exact: false,
        }
    }

    /// The ways to break the best path that is left without some sources; `None` when there is none.
    fn left_without(&mut self, lost: &LostSources<'v>) -> Option<Vec<LostSources<'v>>> {
        let mut question = self.question.clone();
        // The ids of sources are ids.
        let ids = lost.iter().filter_map(|id| Id::parse(id).ok());
        question.scope.filter.excluded.extend(ids);
        (question.limit, question.diverse) = (1, false);
        let network = Network::new(self.view, &question.scope);
        let search = PathSearch::new(&network, &question);
        let left = search.best(&question).into_iter().next();
        self.exact &= left.is_some() || !search.is_given_up();
        let left = left?;
        Some(self.ways_to_break(&search, &left))
    }

    /// The least sets of sources of which one must be lost if this path is.
    fn ways_to_break(
        &mut self,
        search: &PathSearch<'_, 'v>,
        path: &Path<'v>,
    ) -> Vec<LostSources<'v>> {
        let mut all = BTreeSet::new();
        if self.question.mode == Mode::Chronological {
            for carried in search.carriers(path) {
                all.extend(self.ways_to_lose(search, &[carried.row]));
            }
        } else {
            for pair in path.actors.windows(2) {
                if let &[a, b] = pair {
                    let rows: Vec<Row> = search.rows(a, b).iter().map(|(row, _)| *row).collect();
                    all.extend(self.ways_to_lose(search, &rows));
                }
            }
        }
        all.into_iter().collect()
    }

    /// The least sets of sources without which none of some records counts.
    fn ways_to_lose(
        &mut self,
        search: &PathSearch<'_, 'v>,
        rows: &[Row],
    ) -> BTreeSet<LostSources<'v>> {
        let mut ways = BTreeSet::from([LostSources::new()]);
        let mut known: HashSet<Vec<Vec<Term>>> = HashSet::new();
        for row in rows {
            let (of_row, whole) = search.network.compiled.losses(*row, WAYS_MAX);
            self.exact &= whole;
            // Most records of a hop cite the same sources.
            if !known.insert(of_row.clone()) {
                continue;
            }
            let mut longer = BTreeSet::new();
            for way in &ways {
                for sources in &of_row {
                    let mut way = way.clone();
                    way.extend(sources.iter().map(|source| self.view.text(*source)));
                    longer.insert(way);
                }
            }
            ways = self.least(longer);
        }
        ways
    }

    /// Without the sets that hold another one, as far as they are kept.
    fn least(&mut self, ways: BTreeSet<LostSources<'v>>) -> BTreeSet<LostSources<'v>> {
        let mut by_size: Vec<LostSources<'v>> = ways.into_iter().collect();
        by_size.sort_by_key(BTreeSet::len);
        let mut least: Vec<LostSources<'v>> = Vec::new();
        for way in by_size {
            if least.iter().any(|other| other.is_subset(&way)) {
                continue;
            }
            if least.len() == WAYS_MAX {
                self.exact = false;
                break;
            }
            least.push(way);
        }
        least.into_iter().collect()
    }
}
