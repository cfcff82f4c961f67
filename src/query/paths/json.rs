//! Paths written as JSON, with the records of their hops as they are gathered.
//!
//! The bytes are those of [`PathsAnswer`](super::PathsAnswer): what stands around the records is
//! serialized without them, and they are put where they belong.

use super::{Describer, Network, PathsQuestion, Search, Shown};
use crate::graph::{Kept, View};
use crate::query::answer::PathAnswer;
use crate::query::recording::{Recording, parted};

/// Bytes set aside for an answer without records, and for each record.
const AROUND_BYTES: usize = 4096;
const RECORD_BYTES: usize = 768;

/// The answer of [`paths`](super::paths) as JSON.
///
/// # Errors
///
/// When something can't be written as JSON; everything can.
pub fn paths_json(view: &View, question: &PathsQuestion) -> serde_json::Result<Vec<u8>> {
    let network = Network::new(view, &question.scope);
    let search = Search::new(&network, question);
    let found = search.best(question);
    let scheme = question.scope.scheme;
    let describer = Describer::new(view, scheme);
    let own = Kept::unbounded();
    let hops: usize = found.iter().map(|path| path.rank.hops).sum();
    let bytes = AROUND_BYTES + hops * question.evidence * RECORD_BYTES;
    let mut out = Recording::new(view, (&describer, scheme), &own, bytes);
    // Quotes within texts are escaped, so this stands there once.
    let around = serde_json::to_vec(&search.around(question, &describer, Vec::new()))?;
    let parts = parted(&around, br#","paths":["#, b"]");
    let (start, end) = parts.unwrap_or((&around, b""));
    out.bytes(start);
    for (place, path) in found.iter().enumerate() {
        if place > 0 {
            out.bytes(b",");
        }
        let (answer, shown) = search.answer(question, &describer, path);
        write_path(&network, &mut out, answer, &shown)?;
    }
    out.bytes(b"]");
    out.bytes(end);
    Ok(out.out)
}

fn write_path<'v>(
    network: &Network<'v>,
    out: &mut Recording<'_, 'v>,
    mut path: PathAnswer<'v>,
    shown: &[Shown],
) -> serde_json::Result<()> {
    let hops = std::mem::take(&mut path.hops);
    open(out, &path)?;
    for (place, (hop, Shown { ends, rows })) in hops.iter().zip(shown).enumerate() {
        if place > 0 {
            out.bytes(b",");
        }
        open(out, hop)?;
        let outlines = network.view().outlines(rows);
        out.records(&outlines, |outline| network.via(outline.row, ends))?;
        out.bytes(b"]}");
    }
    out.bytes(b"]}");
    Ok(())
}

/// Writes a value whose last member is an empty list, up to where that ends.
fn open(out: &mut Recording<'_, '_>, value: &impl serde::Serialize) -> serde_json::Result<()> {
    out.value(value)?;
    out.out.truncate(out.out.len().saturating_sub(b"]}".len()));
    Ok(())
}
