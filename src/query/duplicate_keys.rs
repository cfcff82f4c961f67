//! What actors that may be one have in common: keys, by which pairs are found without comparing every actor with every
//! other (blocking). Two names that have a relation have a key in common, and so have two actors with one code.

use std::collections::BTreeSet;

use crate::graph::{AnnexSlot, Term, TermKind, View};
use crate::model::{Actor, Kind, Record, spelling};
use crate::text::{ComparableName, NameStyle};

/// Actors up to which what they have in common suggests anybody. What more have says nothing: a family's name, a
/// ministry's words.
pub const BLOCK_MAX: usize = 200;
/// Names of an actor that are compared: its own, then its aliases in their order.
const NAMES_MAX: usize = 50;
/// Letters of a name that may be another's code.
const CODE_LETTERS: std::ops::RangeInclusive<usize> = 3..=12;

/// Two actors that have a key in common, by term.
pub(super) type CandidatePair = (Term, Term);

/// The keys of the actors of a view, as records have them: whoever asks looks at merges.
#[derive(Debug)]
pub(super) struct DuplicateKeys {
    /// Hashes of keys with the actors that have them, ascending. Two keys of one hash make candidates that are compared
    /// for nothing.
    entries: Vec<(u64, Term)>,
}

impl DuplicateKeys {
    fn from_view(view: &View) -> Self {
        let mut entries = Vec::new();
        for row in view.of_kind(Kind::Actor) {
            // What can't be read has been reported.
            let Some(Record::Actor(record)) = view.record(row) else {
                continue;
            };
            if let Some(actor) = view.term(TermKind::Actor, record.id.as_str()) {
                let keys = keys(view, actor, &record);
                entries.extend(keys.iter().map(|key| (hash(key), actor)));
            }
        }
        entries.sort_unstable();
        entries.dedup();
        entries.shrink_to_fit();
        Self { entries }
    }

    /// Calls `ask` with the keys of a view: those that are kept with its state, or of an earlier commit those made for
    /// this question.
    pub(super) fn with<T>(view: &View, ask: impl FnOnce(&Self) -> T) -> T {
        let make = || Self::from_view(view);
        match view.kept_with_state(AnnexSlot::DuplicateKeys, make) {
            Some(kept) => ask(kept),
            None => ask(&make()),
        }
    }

    /// The actors with a key, after merges.
    pub(super) fn bearers(&self, view: &View, key: &str) -> Vec<Term> {
        let hash = hash(key);
        let first = self.entries.partition_point(|(own, _)| *own < hash);
        let rest = self.entries.get(first..).unwrap_or_default();
        let end = rest.partition_point(|(own, _)| *own == hash);
        survivors(view, rest.get(..end).unwrap_or_default())
    }

    /// The pairs with an actor, or all, that have a key which at most [`BLOCK_MAX`] actors have: at most `most`, those of
    /// the rarest keys; and whether there are more.
    pub(super) fn pairs(
        &self,
        view: &View,
        actor: Option<Term>,
        most: usize,
    ) -> (Vec<CandidatePair>, bool) {
        let mut blocks: Vec<Vec<Term>> = if let Some(actor) = actor {
            let keys = own_keys(view, actor);
            keys.iter().map(|key| self.bearers(view, key)).collect()
        } else {
            let same = self.entries.chunk_by(|a, b| a.0 == b.0);
            let several = same.filter(|block| block.len() > 1);
            several.map(|block| survivors(view, block)).collect()
        };
        blocks.retain(|block| (2..=BLOCK_MAX).contains(&block.len()));
        // The hashes of keys order them in the same way in all stores.
        blocks.sort_by_key(Vec::len);
        let (mut pairs, mut compared, mut truncated) = (Vec::new(), 0, false);
        for block in &blocks {
            let of_block = match actor {
                Some(_) => block.len() - 1,
                None => block.len() * (block.len() - 1) / 2,
            };
            compared += of_block;
            if compared > most {
                truncated = true;
                break;
            }
            for (one, place) in block.iter().zip(1..) {
                let others = block.get(place..).unwrap_or_default().iter();
                let is_asked =
                    |other: &&Term| actor.is_none_or(|actor| actor == *one || actor == **other);
                pairs.extend(others.filter(is_asked).map(|other| (*one, *other)));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        (pairs, truncated)
    }
}

/// The actors of a block after merges, each once.
fn survivors(view: &View, block: &[(u64, Term)]) -> Vec<Term> {
    let actors = block.iter().map(|(_, actor)| view.survivor(*actor));
    let mut actors: Vec<Term> = actors.collect();
    actors.sort_unstable();
    actors.dedup();
    actors
}

/// The keys of an actor and of who has been merged into it.
fn own_keys(view: &View, actor: Term) -> BTreeSet<String> {
    let all = std::iter::once(&actor).chain(view.merged_into(actor));
    let records = all.filter_map(|actor| match view.record(view.actor(*actor)?)? {
        Record::Actor(record) => Some(keys(view, *actor, &record)),
        Record::Source(_)
        | Record::Relation(_)
        | Record::Event(_)
        | Record::Statement(_)
        | Record::Judgement(_) => None,
    });
    records.flatten().collect()
}

/// The names of an actor that are compared.
pub(super) fn names(record: &Actor) -> impl Iterator<Item = &str> {
    let aliases = record.aliases.iter().map(|alias| alias.text.as_str());
    let all = std::iter::once(record.name.as_str()).chain(aliases);
    all.take(NAMES_MAX)
}

/// The key of a code of a scheme.
pub(super) fn code_key(scheme: &str, code: &str) -> String {
    format!("c {}:{}", spelling(scheme), spelling(code))
}

/// The key of a code, whatever its scheme, that may stand as a name; and of a name that may be one.
pub(super) fn name_code_key(text: &str) -> Option<String> {
    let spelled = spelling(text);
    let is_code = CODE_LETTERS.contains(&spelled.len()) && !spelled.contains(' ');
    is_code.then(|| format!("n {spelled}"))
}

fn keys(view: &View, actor: Term, record: &Actor) -> BTreeSet<String> {
    // Names of who is merged are compared in the style of whoever survives, and that may be of another kind.
    let is_joined = view.is_merged(actor) || !view.merged_into(actor).is_empty();
    let style = if is_joined {
        NameStyle::Any
    } else {
        NameStyle::for_kind(record.kind)
    };
    let mut all = BTreeSet::new();
    for name in names(record) {
        all.extend(ComparableName::new(name).keys(style));
        all.extend(name_code_key(name));
    }
    for (scheme, code) in &record.codes {
        all.insert(code_key(scheme, code));
        all.extend(name_code_key(code));
    }
    all
}

/// The hash of a key, the same in every process, since the order of an answer may come from it: FNV-1a of 64 bits
/// (Fowler, Noll and Vo).
fn hash(key: &str) -> u64 {
    let bytes = key.bytes().map(u64::from);
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ byte).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
