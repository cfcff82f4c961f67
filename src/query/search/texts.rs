//! Records that have the words looked for in their texts.

use std::cell::RefCell;
use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::question::{SearchHit, SearchOrder, SearchQuestion, put_in_order, real};
use crate::graph::{Row, Term, View, WordIndex};
use crate::model::{Kind, Record};
use crate::text::{Fit, Hit, Languages, Reading, TextQuery, has_phrases, source_languages};

/// How fast a word counts less the more often a text has it: BM25's k₁.
const SATURATION: f64 = 1.2;
/// How much the length of a text counts against it: BM25's b.
const LENGTH: f64 = 0.75;
/// The BM25 score that is half of what can be had.
const HALF: f64 = 5.0;
/// Records that are read, the best first, to see whether they have a phrase.
pub const PHRASE_RECORDS_MAX: usize = 20_000;

/// The languages of texts: those of the sources that a record cites, a source's own of its own.
#[derive(Debug)]
pub(super) struct TextLanguages<'v> {
    view: &'v View,
    /// Of sources that were asked for.
    known: RefCell<HashMap<Term, Languages>>,
}

impl<'v> TextLanguages<'v> {
    pub(super) fn new(view: &'v View) -> Self {
        Self {
            view,
            known: RefCell::default(),
        }
    }

    /// The languages of a record, as the view sees its sources.
    pub(super) fn languages(&self, row: Row) -> Languages {
        if self.view.kind(row) == Kind::Source {
            return self.source(Some(row));
        }
        let mut known = self.known.borrow_mut();
        let cited = self.view.cited(row).map(|(source, _)| {
            *known.entry(source).or_insert_with(|| {
                let id = self.view.text(source);
                self.source(self.view.find(Kind::Source, id))
            })
        });
        cited.fold(Languages::NONE, Languages::and)
    }

    fn source(&self, row: Option<Row>) -> Languages {
        match row.and_then(|row| self.view.record(row)) {
            Some(Record::Source(source)) => source_languages(&source),
            _ => Languages::NONE,
        }
    }
}

/// An index, as the view sees its rows.
struct TextPart<'v, 'l> {
    indexed: WordIndex<'v>,
    languages: &'l TextLanguages<'v>,
}

impl Reading for TextPart<'_, '_> {
    fn sees(&self, row: u32) -> bool {
        self.indexed.sees(row)
    }

    fn languages(&self, row: u32) -> Languages {
        self.languages.languages(self.indexed.row(row))
    }
}

/// The records that have all words, with their scores: how the word that fits worst matches decides, and
/// within that Okapi BM25 (Robertson and Zaragoza 2009) over the rows that the view sees.
pub(super) fn texts(
    view: &View,
    question: &SearchQuestion,
    languages: &TextLanguages<'_>,
) -> Vec<SearchHit> {
    let (wanted, unwanted) = (question.query.wanted(), question.query.unwanted());
    let spoken = view.indexed().map(|part| part.index().texts.languages());
    let spoken = spoken.fold(Languages::NONE, Languages::and);
    let (mut rows, mut all_words) = (0, 0);
    let mut frequencies = vec![0; wanted.len()];
    let mut hits = Vec::new();
    for indexed in view.indexed() {
        let part = TextPart { indexed, languages };
        let texts = &indexed.index().texts;
        let size = texts.size(|row| part.sees(row));
        rows += size.0;
        all_words += size.1;
        let (mut of_part, having) = texts.find(wanted, spoken, &part);
        for (frequency, having) in frequencies.iter_mut().zip(having) {
            *frequency += having;
        }
        let mut unread = BTreeSet::new();
        for clause in unwanted {
            let (without, _) = texts.find(clause, spoken, &part);
            let without: BTreeSet<u32> = without.into_iter().map(|hit| hit.row).collect();
            if clause.has_phrases() {
                unread.extend(without);
            } else {
                of_part.retain(|hit| !without.contains(&hit.row));
            }
        }
        hits.extend(of_part.into_iter().map(|hit| {
            let is_unread = wanted.has_phrases() || unread.contains(&hit.row);
            (indexed.row(hit.row), hit, is_unread)
        }));
    }
    let rarities: Vec<f64> = frequencies
        .iter()
        .map(|having| (1.0 + (real(rows - having) + 0.5) / (real(*having) + 0.5)).ln())
        .collect();
    let typical = real(all_words.max(1)) / real(rows.max(1));
    let scored = hits.into_iter().map(|(row, hit, is_unread)| SearchHit {
        row,
        score: score(&hit, &rarities, typical),
        fit: hit.fit,
        actor: None,
        is_omitted: false,
        is_unread,
    });
    scored.collect()
}

/// The score of a row among those with words of some rarity and of a typical length.
fn score(hit: &Hit, rarities: &[f64], typical: f64) -> f64 {
    let length = 1.0 - LENGTH + LENGTH * f64::from(hit.length) / typical;
    let mut score = 0.0;
    for (times, rarity) in hit.times.iter().zip(rarities) {
        let times = f64::from(*times) / 2.0;
        score += rarity * times * (SATURATION + 1.0) / (times + SATURATION * length);
    }
    // The names of actors are above, as far as they have every word: see `NameScore`.
    let (least, room) = match hit.fit {
        Fit::Exact | Fit::Words => (0.4, 0.4),
        Fit::Starts => (0.2, 0.2),
        Fit::Stems | Fit::Near => (0.0, 0.2),
    };
    least + room * score / (score + HALF)
}

/// Reads the records of which only their texts tell whether they have a phrase, at most so many, the best
/// first, and keeps those that are as asked for. How many were not read, and left out.
pub(super) fn keep_phrases(
    view: &View,
    query: &TextQuery,
    records_max: usize,
    found: &mut Vec<SearchHit>,
) -> usize {
    if !found.iter().any(|found| found.is_unread) {
        return 0;
    }
    // Which are read must not depend on where rows happen to lie.
    put_in_order(view, SearchOrder::Relevance, found);
    let (mut read, mut unread) = (0, 0);
    found.retain(|found| {
        if !found.is_unread {
            return true;
        }
        if read == records_max {
            unread += 1;
            return false;
        }
        read += 1;
        let record = view.record(found.row);
        record.is_some_and(|record| has_phrases(&record, query.wanted(), query.unwanted()))
    });
    unread
}
