//! An inverted index: from words to the rows that have them.

use std::collections::BTreeMap;

use super::fields::fields;
use super::words::{Query, WORDS_MAX, words};
use crate::model::Record;

/// The words of some rows.
#[derive(Debug, Default)]
pub struct Texts {
    /// Sorted.
    terms: Vec<Box<str>>,
    /// Where the postings of each term start, and at the end their total.
    starts: Vec<u32>,
    /// Documents and how often they have the term, weighted; by document.
    postings: Vec<(u32, u32)>,
    /// The row of each document, ascending.
    rows: Vec<u32>,
    /// The number of words of each document, weighted.
    lengths: Vec<u32>,
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
}

impl Texts {
    /// The number of rows that `sees` lets through and of their words, weighted.
    pub fn size(&self, sees: impl Fn(u32) -> bool) -> (u64, u64) {
        let all = self.rows.iter().zip(&self.lengths);
        let current = all.filter(|(row, _)| sees(**row));
        current.fold((0, 0), |(rows, words), (_, length)| {
            (rows + 1, words + u64::from(*length))
        })
    }

    /// The rows that `sees` lets through and that have all words of `query`, ascending; and how many
    /// rows have each of them.
    pub fn find(&self, query: &Query, sees: impl Fn(u32) -> bool) -> (Vec<Hit>, Vec<u64>) {
        let mut frequencies = Vec::with_capacity(query.len());
        let mut hits: Option<Vec<(u32, Vec<u32>)>> = None;
        for (start, weight) in query.each() {
            let mut having = self.having(start, weight);
            having.retain(|(document, _)| {
                self.rows.get(*document as usize).is_some_and(|r| sees(*r))
            });
            frequencies.push(having.len() as u64);
            hits = Some(match hits {
                None => having
                    .into_iter()
                    .map(|(d, times)| (d, vec![times]))
                    .collect(),
                Some(hits) => both(hits, &having),
            });
        }
        let hits = hits.unwrap_or_default().into_iter();
        let hits = hits.filter_map(|(document, times)| {
            Some(Hit {
                row: *self.rows.get(document as usize)?,
                length: *self.lengths.get(document as usize)?,
                times,
            })
        });
        (hits.collect(), frequencies)
    }

    /// The documents with a word that starts so and counts, and how often they have it.
    fn having(&self, start: &str, weight: impl Fn(&str) -> u32) -> Vec<(u32, u32)> {
        let first = self.terms.partition_point(|term| **term < *start);
        let with_start = self.terms.iter().enumerate().skip(first);
        let with_start = with_start.take_while(|(_, term)| term.starts_with(start));
        let mut found: Vec<(u32, u32)> = Vec::new();
        let mut lists = 0;
        for (at, term) in with_start {
            let weight = weight(term);
            if weight > 0 {
                lists += 1;
                let postings = self.postings(at).iter();
                found.extend(postings.map(|(document, times)| (*document, times * weight)));
            }
        }
        if lists > 1 {
            found.sort_unstable_by_key(|(document, _)| *document);
            found.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                if same {
                    kept.1 += next.1;
                }
                same
            });
        }
        found
    }

    fn postings(&self, term: usize) -> &[(u32, u32)] {
        match (self.starts.get(term), self.starts.get(term + 1)) {
            (Some(&start), Some(&end)) => self
                .postings
                .get(start as usize..end as usize)
                .unwrap_or_default(),
            _ => &[],
        }
    }
}

/// The documents in both lists, each ascending.
fn both(hits: Vec<(u32, Vec<u32>)>, having: &[(u32, u32)]) -> Vec<(u32, Vec<u32>)> {
    let mut others = having.iter().peekable();
    let mut kept = Vec::new();
    for (document, mut times) in hits {
        while others.next_if(|(other, _)| *other < document).is_some() {}
        if let Some((_, more)) = others.next_if(|(other, _)| *other == document) {
            times.push(*more);
            kept.push((document, times));
        }
    }
    kept
}

/// Gathers the words of rows.
#[derive(Debug, Default)]
pub(super) struct Builder {
    terms: BTreeMap<Box<str>, Vec<(u32, u32)>>,
    rows: Vec<u32>,
    lengths: Vec<u32>,
}

impl Builder {
    pub(super) fn add(&mut self, row: u32, record: &Record) {
        let document = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let mut length = 0;
        let mut left = WORDS_MAX;
        for field in fields(record) {
            for word in words(field.text).into_iter().take(left) {
                left -= 1;
                length += field.weight;
                let folded = word.folded.as_str();
                let postings = match self.terms.get_mut(folded) {
                    Some(postings) => postings,
                    None => self.terms.entry(folded.into()).or_default(),
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
            ..Texts::default()
        };
        for (term, postings) in self.terms {
            texts.terms.push(term);
            texts.postings.extend(postings);
            texts
                .starts
                .push(u32::try_from(texts.postings.len()).unwrap_or(u32::MAX));
        }
        texts
    }
}
