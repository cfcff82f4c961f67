//! The index of names: found with typing errors, in any order of their parts, by their starts.

use std::collections::BTreeMap;

use super::graphemes::{count, distance, graphemes, is_unspaced, starts_with};
use super::query::{Clause, Fit};
use super::words::steps;
use crate::invariant::number_32;
use crate::model::{Record, RelationKind, fold};

/// Graphemes from which on a part of a name is found with one error, and with two.
const TYPO_MIN_CHARS: [usize; 2] = [4, 8];
/// What a part of a name counts that is found by its start, by a start as long as itself.
const PREFIX_MAX: f64 = 0.95;
/// The same, by a start that is as good as nothing.
const PREFIX_MIN: f64 = 0.7;
/// What a part of a name counts that is found with one error, and with two.
const TYPO: [f64; 2] = [0.75, 0.55];
/// What a name counts whose parts stand in another order.
const OTHER_ORDER: f64 = 0.98;
/// What parts count that are written apart on one side and together on the other.
const JOINED: f64 = 0.97;
/// What a run of graphemes counts that stands inside a part of a script without spaces.
const INNER: f64 = 0.9;
/// Places inside one part at which a run may start, at the most.
const INNER_MAX: usize = 64;
/// What a name counts that is asked for with an initial that it does not have.
const WITHOUT_INITIALS: f64 = 0.9;
/// The share of a name that counts however much of it was asked for.
const FLOOR: f64 = 0.6;

/// What a name is to its actor. Of equally good ones, the first counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameSource {
    /// The name under which it is shown.
    Name,
    /// Another name.
    Alias,
    /// The id.
    Id,
    /// A code.
    Code,
    /// The title of an office that it holds: the row is the relation's.
    Office,
}

impl NameSource {
    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Alias => "alias",
            Self::Id => "id",
            Self::Code => "code",
            Self::Office => "office",
        }
    }
}

/// A name that is like what was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness<'a> {
    /// The row of the actor or office.
    pub row: u32,
    /// What it is to the actor.
    pub named: NameSource,
    /// The name, folded.
    pub folded: &'a str,
    /// How it matches.
    pub matched: Fit,
    /// How much it is like what was asked for: above 0 and up to 1.
    pub score: f64,
}

/// The names of some rows.
#[derive(Debug, Default)]
pub struct Names {
    /// The parts of names, sorted.
    parts: Vec<Box<str>>,
    /// What tells at once that a part is no typing error, of each.
    letters: Vec<Letters>,
    /// The names that have each part.
    holders: Vec<Vec<u32>>,
    all: Vec<SplitName>,
}

/// A name taken apart.
#[derive(Debug)]
struct SplitName {
    row: u32,
    named: NameSource,
    folded: Box<str>,
    /// Its parts, in order.
    parts: Vec<u32>,
    /// Each part together with the next one.
    joined: Vec<u32>,
    /// What follows each grapheme but the first of a part of a script without spaces, with the place of
    /// that part: so it is found by any run of its graphemes.
    inner: Vec<(usize, u32)>,
}

/// How well parts of names fit one word asked for, by part; and whether only with errors.
type Fits = BTreeMap<u32, (f64, bool)>;

impl Names {
    /// The names that are like `query`, in no order that matters. Every word asked for, initials aside,
    /// must be in the name: as it stands, as the start of a part, or, when it is long enough, with an error or two;
    /// those of phrases as they stand, one after the other.
    pub fn like(&self, query: &Clause) -> Vec<Likeness<'_>> {
        let asked: Vec<&str> = plain_parts(&query.folded).collect();
        // As written, and with each two neighbours written together.
        let mut readings: Vec<(Vec<String>, f64)> =
            vec![(asked.iter().map(ToString::to_string).collect(), 1.0)];
        for at in 1..asked.len() {
            let mut together: Vec<String> = asked.iter().map(ToString::to_string).collect();
            let next = together.remove(at);
            if let Some(first) = together.get_mut(at - 1) {
                first.push_str(&next);
            }
            readings.push((together, JOINED));
        }
        // An initial that the name does not have.
        let is_initial = |word: &&str| count(word) == 1 && !word.starts_with(is_unspaced);
        let (initials, others): (Vec<&str>, Vec<&str>) = asked.iter().partition(|w| is_initial(w));
        if !initials.is_empty() && !others.is_empty() {
            let others = others.iter().map(ToString::to_string).collect();
            readings.push((others, WITHOUT_INITIALS));
        }
        let mut known: BTreeMap<&str, Fits> = BTreeMap::new();
        for word in readings.iter().flat_map(|(words, _)| words) {
            // Two words together are long enough to make errors of what tells short ones apart.
            let forgiving = asked.contains(&word.as_str());
            known
                .entry(word)
                .or_insert_with(|| self.fitting(word, forgiving));
        }
        let mut best: BTreeMap<u32, (Fit, f64)> = BTreeMap::new();
        for (words, counts) in &readings {
            let fits: Option<Vec<(&str, &Fits)>> = words
                .iter()
                .map(|word| Some((word.as_str(), known.get(word.as_str())?)))
                .collect();
            for (name, (matched, score)) in self.holding_all(&fits.unwrap_or_default()) {
                let exact = self.all.get(name as usize);
                let exact = exact.is_some_and(|name| *name.folded == *query.folded);
                let found = if exact {
                    (Fit::Exact, 1.0)
                } else {
                    (matched, score * counts)
                };
                let best = best.entry(name).or_insert(found);
                *best = (best.0.min(found.0), best.1.max(found.1));
            }
        }
        let likenesses = best.into_iter().filter_map(|(at, (matched, score))| {
            let name = self.all.get(at as usize)?;
            if query.has_phrases() && !query.has_phrases_in(&[steps(&name.folded)]) {
                return None;
            }
            Some(Likeness {
                row: name.row,
                named: name.named,
                folded: &name.folded,
                matched,
                score,
            })
        });
        likenesses.collect()
    }

    /// The parts that fit a word asked for.
    fn fitting(&self, word: &str, forgiving: bool) -> Fits {
        let mut fits = Fits::new();
        if let Some(typos) = Typos::for_word(word).filter(|_| forgiving) {
            let numbered = (0_u32..).zip(self.letters.iter().zip(&self.parts));
            let near = numbered.filter(|(_, (letters, _))| typos.may_be(letters));
            fits.extend(near.filter_map(|(at, (_, part))| Some((at, (typos.fit(part)?, true)))));
        }
        // Parts that begin with the word stand together.
        let first = self.parts.partition_point(|part| **part < *word);
        // A partition point is in range.
        let begun = self.parts.get(first..).unwrap_or_default();
        let begun = begun.iter().take_while(|part| part.starts_with(word));
        let numbered = begun.map(|part| fit(word, part)).zip(first..);
        fits.extend(
            numbered.filter_map(|(fit, at)| Some((u32::try_from(at).ok()?, (fit?, false)))),
        );
        fits
    }

    /// The names with a part for every word, and how well they fit.
    fn holding_all(&self, words: &[(&str, &Fits)]) -> Vec<(u32, (Fit, f64))> {
        // The word that fits the fewest parts says which names come into question.
        let Some((_, rarest)) = words.iter().min_by_key(|(_, fits)| fits.len()) else {
            return Vec::new();
        };
        // Keys are places of parts, and each part has holders.
        let holders = rarest.keys().filter_map(|p| self.holders.get(*p as usize));
        let mut names: Vec<u32> = holders.flatten().copied().collect();
        names.sort_unstable();
        names.dedup();
        let scored = names.into_iter().filter_map(|at| {
            let name = self.all.get(at as usize)?;
            Some((at, name.score(words, &self.parts)?))
        });
        scored.collect()
    }
}

impl SplitName {
    /// How well the name fits words that must all be in it.
    fn score(&self, words: &[(&str, &Fits)], parts: &[Box<str>]) -> Option<(Fit, f64)> {
        let length = |part: &u32| parts.get(*part as usize).map_or(0, |p| count(p));
        let mut used = vec![false; self.parts.len()];
        let (mut fit, mut asked, mut covered) = (0.0, 0, 0);
        let mut last = None;
        let mut in_order = true;
        let mut matched = Fit::Words;
        for (word, fits) in words {
            // How good, where, over how many parts, how many graphemes of these it covers.
            let mut best: Option<(f64, usize, usize, usize)> = None;
            let mut how = Fit::Words;
            let singles = self.parts.iter().enumerate();
            let singles = singles.map(|(at, part)| (at, 1, 1.0, part));
            let pairs = self.joined.iter().enumerate();
            let pairs = pairs.map(|(at, part)| (at, 2, JOINED, part));
            let inner = self.inner.iter().map(|(at, part)| (*at, 1, INNER, part));
            for (at, width, counts, part) in singles.chain(pairs).chain(inner) {
                let free = used.iter().skip(at).take(width).all(|used| !used);
                let is_part = self.parts.get(at) == Some(part);
                let fit = fits
                    .get(part)
                    .filter(|(_, typo)| free && (is_part || !typo));
                let Some(&(whole, typo)) = fit else {
                    continue;
                };
                let good = whole * counts;
                if best.is_none_or(|(known, ..)| good > known) {
                    best = Some((good, at, width, length(part)));
                    how = match (typo, is_part || width > 1) {
                        (true, _) => Fit::Near,
                        (false, true) if whole >= 1.0 => Fit::Words,
                        (false, _) => Fit::Starts,
                    };
                }
            }
            let (good, at, width, covers) = best?;
            matched = matched.max(how);
            used.iter_mut()
                .skip(at)
                .take(width)
                .for_each(|used| *used = true);
            let typed = count(word);
            fit += good * real(typed);
            asked += typed;
            covered += covers;
            in_order &= last.is_none_or(|last| last < at);
            last = Some(at);
        }
        let whole: usize = self.parts.iter().map(length).sum();
        let share = FLOOR + (1.0 - FLOOR) * real(covered) / real(whole.max(1));
        let order = if in_order { 1.0 } else { OTHER_ORDER };
        Some((matched, fit / real(asked.max(1)) * share * order))
    }
}

/// A number of graphemes as a number to calculate with.
pub(super) fn real(typed: usize) -> f64 {
    // A word is shorter than 2^32.
    f64::from(u32::try_from(typed).unwrap_or(u32::MAX))
}

/// How well a part of a name fits a word asked for, as it stands or by its start.
fn fit(word: &str, part: &str) -> Option<f64> {
    if word == part {
        return Some(1.0);
    }
    let (asked, has) = (count(word), count(part));
    starts_with(part, word)
        .then(|| PREFIX_MIN + (PREFIX_MAX - PREFIX_MIN) * real(asked) / real(has))
}

/// What a word is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Letters {
    /// How many graphemes it has.
    count: usize,
    /// The graphemes that it has, each as one of 64 bits.
    kinds: u64,
}

impl Letters {
    fn from_word(word: &str) -> Self {
        let mut letters = Self { count: 0, kinds: 0 };
        for grapheme in graphemes(word) {
            letters.count += 1;
            let number = grapheme.chars().fold(0_u32, |number, c| {
                number.wrapping_mul(31).wrapping_add(u32::from(c))
            });
            letters.kinds |= 1 << (number % u64::BITS);
        }
        letters
    }
}

/// A word that may have been written with an error or two. Numbers that differ are others; so are
/// short words: Un is not Il.
#[derive(Debug)]
pub(super) struct Typos<'a> {
    word: &'a str,
    letters: Letters,
    errors: usize,
}

impl<'a> Typos<'a> {
    /// `None` for a word that is taken as it stands.
    pub(super) fn for_word(word: &'a str) -> Option<Self> {
        let letters = Letters::from_word(word);
        let errors = TYPO_MIN_CHARS
            .iter()
            .filter(|least| letters.count >= **least)
            .count();
        let is_forgiven = errors > 0 && !word.contains(char::is_numeric);
        is_forgiven.then_some(Self {
            word,
            letters,
            errors,
        })
    }

    /// Whether a part with these letters may be the word. No error brings in or takes away more than
    /// one kind of letter.
    fn may_be(&self, part: &Letters) -> bool {
        let (asked, has) = (&self.letters, part);
        let more = |one: u64, other: u64| (one & !other).count_ones() as usize;
        has.count >= TYPO_MIN_CHARS.first().copied().unwrap_or(usize::MAX)
            && asked.count.abs_diff(has.count) <= self.errors
            && more(asked.kinds, has.kinds) <= self.errors
            && more(has.kinds, asked.kinds) <= self.errors
    }

    /// How well a part fits.
    pub(super) fn fit(&self, part: &str) -> Option<f64> {
        if !self.may_be(&Letters::from_word(part)) {
            return None;
        }
        let distance = distance(self.word, part);
        TYPO.get(distance.checked_sub(1)?)
            .copied()
            .filter(|_| distance <= self.errors)
    }
}

/// Gathers the names of rows.
#[derive(Debug, Default)]
pub(super) struct NamesBuilder {
    parts: BTreeMap<Box<str>, Vec<u32>>,
    names: Vec<(u32, NameSource, Box<str>)>,
}

impl NamesBuilder {
    pub(super) fn add(&mut self, row: u32, record: &Record) {
        match record {
            Record::Actor(actor) => {
                self.take(row, NameSource::Name, &actor.name);
                for alias in &actor.aliases {
                    self.take(row, NameSource::Alias, &alias.text);
                }
                self.take(row, NameSource::Id, actor.id.as_str());
                for code in actor.codes.values() {
                    self.take(row, NameSource::Code, code);
                }
            }
            Record::Relation(relation) if relation.kind == RelationKind::HoldsOffice => {
                if let Some(title) = &relation.title {
                    self.take(row, NameSource::Office, title);
                }
            }
            Record::Source(_)
            | Record::Relation(_)
            | Record::Event(_)
            | Record::Statement(_)
            | Record::Judgement(_) => {}
        }
    }

    fn take(&mut self, row: u32, named: NameSource, text: &str) {
        let folded = fold(text);
        let known = self.names.iter().rev().take_while(|name| name.0 == row);
        if folded.is_empty() || known.clone().any(|(_, _, other)| **other == *folded) {
            return;
        }
        let at = number_32(self.names.len());
        for part in parts_of(&folded) {
            let holders = self.parts.entry(part.into()).or_default();
            if holders.last() != Some(&at) {
                holders.push(at);
            }
        }
        self.names.push((row, named, folded.into()));
    }

    pub(super) fn finish(self) -> Names {
        let (parts, holders): (Vec<Box<str>>, Vec<Vec<u32>>) = self.parts.into_iter().unzip();
        let number = |part: &str| {
            let at = parts.binary_search_by(|known| (**known).cmp(part));
            at.ok().and_then(|at| u32::try_from(at).ok())
        };
        let names = self.names.into_iter().map(|(row, named, folded)| {
            let own: Vec<&str> = plain_parts(&folded).collect();
            let joined = own.iter().zip(own.iter().skip(1));
            let inner = own.iter().enumerate().flat_map(|(at, part)| {
                inner(part).filter_map(move |rest| Some((at, number(rest)?)))
            });
            SplitName {
                row,
                named,
                parts: own.iter().filter_map(|part| number(part)).collect(),
                inner: inner.collect(),
                joined: joined
                    .filter_map(|(a, b)| number(&format!("{a}{b}")))
                    .collect(),
                folded,
            }
        });
        Names {
            all: names.collect(),
            letters: parts.iter().map(|part| Letters::from_word(part)).collect(),
            parts,
            holders,
        }
    }
}

/// The words of a folded name. Punctuation that folding leaves parts them too.
pub(super) fn plain_parts(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| c == ' ' || (c.is_ascii_punctuation()))
        .filter(|part| !part.is_empty())
}

/// What of a part begins with each of its graphemes but the first, where that is of a script without
/// spaces.
fn inner(part: &str) -> impl Iterator<Item = &str> {
    let mut place = 0;
    let places = graphemes(part).map(move |grapheme| {
        place += grapheme.len();
        place
    });
    let rests = places.filter_map(move |place| part.get(place..));
    rests
        .filter(|rest| rest.starts_with(is_unspaced))
        .take(INNER_MAX)
}

/// The words of a folded name, each together with the next one, and what stands inside them.
fn parts_of(folded: &str) -> Vec<String> {
    let own: Vec<&str> = plain_parts(folded).collect();
    let joined = own.iter().zip(own.iter().skip(1));
    let joined: Vec<String> = joined.map(|(a, b)| format!("{a}{b}")).collect();
    let inner: Vec<String> = own
        .iter()
        .flat_map(|part| inner(part))
        .map(str::to_owned)
        .collect();
    own.into_iter()
        .map(str::to_owned)
        .chain(joined)
        .chain(inner)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextQuery;

    fn names(all: &[&str]) -> Names {
        let mut builder = NamesBuilder::default();
        for (row, name) in (0..).zip(all) {
            builder.take(row, NameSource::Name, name);
        }
        builder.finish()
    }

    fn found<'a>(all: &[&'a str], query: &str) -> Vec<&'a str> {
        let index = names(all);
        let mut like = index.like(TextQuery::parse(query).unwrap().wanted());
        like.sort_by(|a, b| b.score.total_cmp(&a.score));
        like.iter().map(|l| all[l.row as usize]).collect()
    }

    const KOREANS: [&str; 5] = [
        "Kim Jong-Un",
        "Kim Jong-Il",
        "Kim Il-Sung",
        "Park Jin",
        "박진",
    ];

    #[test]
    fn punctuation_parts_what_is_asked_as_it_parts_names() {
        let all = ["Men (Oman)", "Police (India)", "India"];
        assert_eq!(found(&all, "Men (Oman)"), ["Men (Oman)"]);
        assert_eq!(found(&all, "police(india)"), ["Police (India)"]);
    }

    #[test]
    fn short_parts_are_never_taken_for_one_another() {
        assert_eq!(found(&KOREANS, "Kim Jong Un"), ["Kim Jong-Un"]);
        assert_eq!(found(&KOREANS, "kim jong il"), ["Kim Jong-Il"]);
        assert_eq!(found(&KOREANS, "Kim Jongun"), ["Kim Jong-Un"]);
        assert_eq!(found(&KOREANS, "Kim Jong"), ["Kim Jong-Un", "Kim Jong-Il"]);
    }

    #[test]
    fn order_accents_and_scripts_are_no_matter() {
        let all = ["Hayashi Yoshimasa", "Gerhard Schröder", "박진"];
        assert_eq!(found(&all, "Yoshimasa Hayashi"), ["Hayashi Yoshimasa"]);
        assert_eq!(found(&all, "schroder gerhard"), ["Gerhard Schröder"]);
        assert_eq!(found(&all, "박진"), ["박진"]);
        assert_eq!(found(&all, "박"), ["박진"]);
    }

    #[test]
    fn scripts_without_spaces_are_found_by_any_run() {
        let all = [
            "习近平",
            "林芳正",
            "ประเทศไทย",
            "김정은",
            "김정일",
            "박준",
            "Xi Jinping",
        ];
        assert_eq!(found(&all, "近平"), ["习近平"]);
        assert_eq!(found(&all, "平"), ["习近平"]);
        assert_eq!(found(&all, "林"), ["林芳正"]);
        assert_eq!(found(&all, "ไทย"), ["ประเทศไทย"]);
        assert_eq!(found(&all, "정은"), ["김정은"]);
        assert_eq!(found(&["NHK放送協会", "བོད་ལྗོངས"], "協"), ["NHK放送協会"]);
        assert_eq!(found(&["NHK放送協会", "བོད་ལྗོངས"], "ལྗོངས"), ["བོད་ལྗོངས"]);
        // What a person types is counted: one of three is no typing error.
        assert_eq!(found(&all, "김정은"), ["김정은"]);
        assert_eq!(found(&all, "박진"), Vec::<&str>::new());
        assert_eq!(found(&["भारत", "भरत", "কমল", "কমলা"], "भरत"), ["भरत"]);
        assert_eq!(found(&["কমল", "কমলা"], "কমল"), ["কমল"]);
    }

    #[test]
    fn errors_of_typing_are_forgiven_in_long_parts() {
        let all = ["Antony Blinken", "Anton Bruckner", "Wang Yi", "Wang Wentao"];
        for typo in [
            "Antony Blinkin",
            "Blinekn",
            "Anthony Blinken",
            "antony blinke",
        ] {
            assert_eq!(found(&all, typo), ["Antony Blinken"], "{typo}");
        }
        assert_eq!(found(&all, "Wang Yo"), Vec::<&str>::new());
        assert_eq!(found(&["B-52", "B-53"], "B-52"), ["B-52"]);
        assert_eq!(
            found(&["Resolution 1718", "Resolution 1719"], "resolution 1718"),
            ["Resolution 1718"]
        );
    }

    #[test]
    fn the_whole_name_is_the_best() {
        let all = ["China", "China (Taiwan)", "South China Sea"];
        assert_eq!(found(&all, "china"), all);
        let index = names(&all);
        let like = index.like(TextQuery::parse("China").unwrap().wanted());
        assert!((like[0].score - 1.0).abs() < f64::EPSILON);
    }
}
