//! An inverted index: from words to the rows that have them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::fields::fields;
use super::query::{Clause, Fit, QueryWord};
use super::stems::{Language, Languages, source_languages};
use super::words::{WORDS_MAX, Word, steps, words};
use crate::invariant::{Holds as _, number_32};
use crate::model::Record;

/// Parts a word from its form in a term. No word has it, and it is before all characters that one can
/// have, so that the forms of a word follow it.
const FORM: char = '\0';

/// The words of some rows.
#[derive(Debug, Default)]
pub struct Texts {
    /// Sorted: folded words, and after [`FORM`] the form with accents and apostrophes of those that have
    /// some. So a word is looked up whatever its accents, and stems are made of it as it was written.
    terms: Vec<Box<str>>,
    /// Where the postings of each term start, and at the end their total.
    starts: Vec<u32>,
    /// Documents and how often they have the term, weighted; by document.
    postings: Vec<(u32, u32)>,
    /// The row of each document, ascending.
    rows: Vec<u32>,
    /// The number of words of each document, weighted.
    lengths: Vec<u32>,
    /// For each language, the numbers of the terms that have stems in it, in the order of these; made when
    /// somebody first searches texts of the language. The stems themselves are made again when they are
    /// compared, some twenty a search.
    by_stem: Vec<OnceLock<Box<[u32]>>>,
    /// The languages of the sources among the rows, current or not.
    languages: Languages,
}

/// A row that has all words asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The row.
    pub row: u32,
    /// The number of its words, weighted.
    pub length: u32,
    /// How often it has each word asked for, weighted, in halves.
    pub times: Vec<u32>,
    /// How it has the word that fits worst.
    pub fit: Fit,
}

/// What a view knows of the rows of an index.
pub trait Reading {
    /// Whether it sees a row.
    fn sees(&self, row: u32) -> bool;
    /// The languages of its texts.
    fn languages(&self, row: u32) -> Languages;
}

/// A document that has a word: how often, weighted, in halves, and how.
type Having = (u32, u32, Fit);

impl Texts {
    /// The number of rows that `sees` lets through and of their words, weighted.
    pub fn size(&self, sees: impl Fn(u32) -> bool) -> (u64, u64) {
        let all = self.rows.iter().zip(&self.lengths);
        let current = all.filter(|(row, _)| sees(**row));
        current.fold((0, 0), |(rows, words), (_, length)| {
            (rows + 1, words + u64::from(*length))
        })
    }

    /// The languages of the sources among the rows, current or not.
    pub const fn languages(&self) -> Languages {
        self.languages
    }

    /// The rows that `reading` sees and that have all words of `clause`, ascending; and how many rows have
    /// each of them. `languages` are those in which other forms of a word are looked for: they are found in
    /// rows of the same language.
    pub fn find(
        &self,
        clause: &Clause,
        languages: Languages,
        reading: &impl Reading,
    ) -> (Vec<Hit>, Vec<u64>) {
        let mut frequencies = Vec::with_capacity(clause.len());
        let mut hits: Option<Vec<(u32, Vec<u32>, Fit)>> = None;
        for wanted in clause.words() {
            let having = self.having(wanted, languages, reading);
            frequencies.push(having.len() as u64);
            hits = Some(match hits {
                None => having
                    .into_iter()
                    .map(|(document, times, fit)| (document, vec![times], fit))
                    .collect(),
                Some(hits) => both(hits, &having),
            });
        }
        let hits = hits.unwrap_or_default().into_iter();
        let hits = hits.filter_map(|(document, times, fit)| {
            Some(Hit {
                row: *self.rows.get(document as usize)?,
                length: *self.lengths.get(document as usize)?,
                times,
                fit,
            })
        });
        (hits.collect(), frequencies)
    }

    /// The documents that `reading` sees with a word that counts, and how they have it.
    fn having(
        &self,
        wanted: &QueryWord,
        languages: Languages,
        reading: &impl Reading,
    ) -> Vec<Having> {
        let start = wanted.start();
        let first = self.terms.partition_point(|term| **term < *start);
        let with_start = self.terms.iter().enumerate().skip(first);
        let with_start = with_start.take_while(|(_, term)| term.starts_with(start));
        let with_start = with_start.filter_map(|(at, term)| Some((at, wanted.fit(word_of(term))?)));
        let mut found: Vec<Having> = Vec::new();
        let mut lists = 0;
        for (at, fit) in with_start {
            lists += 1;
            let halves = if fit == Fit::Words { 2 } else { 1 };
            let seen = self
                .postings(at)
                .iter()
                .filter(|posting| self.is_seen(posting.0, reading));
            found.extend(seen.map(|(document, times)| (*document, times * halves, fit)));
        }
        for (at, languages) in self.other_forms(wanted, languages) {
            lists += 1;
            let seen = self.postings(at as usize).iter().filter(|posting| {
                let row = self.rows.get(posting.0 as usize);
                row.is_some_and(|row| {
                    reading.sees(*row) && reading.languages(*row).meets(languages)
                })
            });
            found.extend(seen.map(|(document, times)| (*document, *times, Fit::Stems)));
        }
        if lists > 1 {
            found.sort_unstable_by_key(|(document, ..)| *document);
            found.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                if same {
                    kept.1 += next.1;
                    kept.2 = kept.2.min(next.2);
                }
                same
            });
        }
        found
    }

    fn is_seen(&self, document: u32, reading: &impl Reading) -> bool {
        self.rows
            .get(document as usize)
            .is_some_and(|row| reading.sees(*row))
    }

    /// The terms that are other forms of a word and do not begin with it, and in which languages.
    fn other_forms(&self, wanted: &QueryWord, languages: Languages) -> BTreeMap<u32, Languages> {
        let mut found: BTreeMap<u32, Languages> = BTreeMap::new();
        for (language, stem) in wanted.stems(languages) {
            let order = self.by_stem(language);
            let compare = |term: &u32| self.stem(*term, language).unwrap_or_default().cmp(&stem);
            let first = order.partition_point(|term| compare(term) == Ordering::Less);
            let same = order.get(first..).unwrap_or_default().iter();
            for term in same.take_while(|term| compare(term) == Ordering::Equal) {
                let word = self
                    .terms
                    .get(*term as usize)
                    .map_or("", |term| word_of(term));
                if wanted.fit(word).is_none() {
                    let known = found.entry(*term).or_default();
                    *known = known.and(language.into());
                }
            }
        }
        found
    }

    /// The terms that have stems in a language, in the order of these.
    fn by_stem(&self, language: Language) -> &[u32] {
        let Some(order) = self.by_stem.get(language.number()) else {
            return &[];
        };
        order.get_or_init(|| {
            let numbers = 0..u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
            let stems = numbers.filter_map(|term| Some((self.stem(term, language)?, term)));
            let mut stems: Vec<(String, u32)> = stems.collect();
            stems.sort_unstable();
            stems.into_iter().map(|(_, term)| term).collect()
        })
    }

    fn stem(&self, term: u32, language: Language) -> Option<String> {
        let term = self.terms.get(term as usize)?;
        let form = term.split_once(FORM).map_or(&**term, |(_, form)| form);
        language.stem(form)
    }

    fn postings(&self, term: usize) -> &[(u32, u32)] {
        match (self.starts.get(term), self.starts.get(term + 1)) {
            (Some(&start), Some(&end)) => self
                .postings
                .get(start as usize..end as usize)
                .holds("postings are listed within all")
                .unwrap_or_default(),
            _ => &[],
        }
    }
}

/// The folded word of a term.
fn word_of(term: &str) -> &str {
    term.split_once(FORM).map_or(term, |(word, _)| word)
}

/// The term of a word.
fn term_of(word: Word) -> String {
    let (mut term, form) = word.into_parts();
    if let Some(form) = form {
        term.push(FORM);
        term.push_str(&form);
    }
    term
}

/// The documents in both lists, each ascending.
fn both(hits: Vec<(u32, Vec<u32>, Fit)>, having: &[Having]) -> Vec<(u32, Vec<u32>, Fit)> {
    let mut others = having.iter().peekable();
    let mut kept = Vec::new();
    for (document, mut times, fit) in hits {
        while others.next_if(|(other, ..)| *other < document).is_some() {}
        if let Some((_, more, other)) = others.next_if(|(other, ..)| *other == document) {
            times.push(*more);
            kept.push((document, times, fit.max(*other)));
        }
    }
    kept
}

/// What of a record only its texts tell: whether it has all phrases that are `wanted`, and none of the
/// `unwanted` ones. Its first [`WORDS_MAX`] words count.
pub fn has_phrases(record: &Record, wanted: &Clause, unwanted: &[Clause]) -> bool {
    let mut left = WORDS_MAX;
    let texts = fields(record).into_iter().map(|field| {
        let mut steps = steps(field.text);
        steps.truncate(left);
        left -= steps.len();
        steps
    });
    let texts: Vec<_> = texts.collect();
    let mut others = unwanted.iter().filter(|clause| clause.has_phrases());
    wanted.has_phrases_in(&texts) && !others.any(|clause| clause.has_phrases_in(&texts))
}

/// Gathers the words of rows.
#[derive(Debug, Default)]
pub(super) struct TextsBuilder {
    terms: BTreeMap<Box<str>, Vec<(u32, u32)>>,
    rows: Vec<u32>,
    lengths: Vec<u32>,
    languages: Languages,
}

impl TextsBuilder {
    pub(super) fn add(&mut self, row: u32, record: &Record) {
        let document = number_32(self.rows.len());
        let mut length = 0;
        let mut left = WORDS_MAX;
        if let Record::Source(source) = record {
            self.languages = self.languages.and(source_languages(source));
        }
        for field in fields(record) {
            for word in words(field.text).into_iter().take(left) {
                left -= 1;
                length += field.weight;
                let term = term_of(word);
                let postings = match self.terms.get_mut(term.as_str()) {
                    Some(postings) => postings,
                    None => self.terms.entry(term.into()).or_default(),
                };
                match postings.last_mut() {
                    Some(last) if last.0 == document => last.1 += field.weight,
                    _ => postings.push((document, field.weight)),
                }
            }
        }
        if length > 0 {
            self.rows.push(row);
            self.lengths.push(length);
        }
    }

    pub(super) fn finish(self) -> Texts {
        let mut texts = Texts {
            starts: vec![0],
            rows: self.rows,
            lengths: self.lengths,
            by_stem: (0..Language::COUNT).map(|_| OnceLock::new()).collect(),
            languages: self.languages,
            ..Texts::default()
        };
        for (term, postings) in self.terms {
            texts.terms.push(term);
            texts.postings.extend(postings);
            texts.starts.push(number_32(texts.postings.len()));
        }
        texts
    }
}
