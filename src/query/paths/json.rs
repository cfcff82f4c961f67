//! Paths written as JSON, with the records of their hops as they are gathered.
//!
//! The bytes are those of [`PathsAnswer`](super::PathsAnswer): what stands around the records is
//! serialized as [templates](Template), and they are put where they belong.

use super::answering::HopRecords;
use super::question::PathsQuestion;
use super::search::PathSearch;
use crate::graph::View;
use crate::query::answer::PathAnswer;
use crate::query::answer_error::AnswerError;
use crate::query::describe::Describer;
use crate::query::fragments::Fragments;
use crate::query::network::Network;
use crate::query::recording::RecordSerializer;
use crate::query::template::Template;

/// Bytes set aside for an answer without records, and for each record.
const AROUND_BYTES: usize = 4096;
const RECORD_BYTES: usize = 768;

/// The answer of [`paths`](super::paths) as JSON.
///
/// # Errors
///
/// When an invariant is broken: see [`AnswerError`].
pub fn paths_json(view: &View, question: &PathsQuestion) -> Result<Vec<u8>, AnswerError> {
    let network = Network::new(view, &question.scope);
    let search = PathSearch::new(&network, question);
    let found = search.best(question);
    let scheme = question.scope.scheme;
    let describer = Describer::new(view, scheme);
    let fragments = Fragments::new(view);
    let hops: usize = found.iter().map(|path| path.rank.hops).sum();
    let bytes = AROUND_BYTES + hops * question.evidence * RECORD_BYTES;
    let mut out = RecordSerializer::new(view, (&describer, scheme), &fragments, bytes);
    let around = search.around(question, &describer, Vec::new());
    let around = Template::from_object(&around, &["paths"])?;
    let mut around = around.pieces();
    out.bytes(around.next_piece()?);
    out.bytes(br#","paths":["#);
    for (place, path) in found.iter().enumerate() {
        if place > 0 {
            out.bytes(b",");
        }
        let (answer, shown) = search.answer(question, &describer, path);
        write_path(&network, &mut out, answer, &shown)?;
    }
    out.bytes(b"]");
    out.bytes(around.last_piece()?);
    Ok(out.out)
}

fn write_path<'v>(
    network: &Network<'v>,
    out: &mut RecordSerializer<'_, 'v>,
    mut path: PathAnswer<'v>,
    shown: &[HopRecords],
) -> Result<(), AnswerError> {
    let hops = std::mem::take(&mut path.hops);
    let around = Template::from_object(&path, &["hops"])?;
    let mut around = around.pieces();
    out.bytes(around.next_piece()?);
    out.bytes(br#","hops":["#);
    for (place, (hop, HopRecords { ends, rows })) in hops.iter().zip(shown).enumerate() {
        if place > 0 {
            out.bytes(b",");
        }
        let around = Template::from_object(hop, &["evidence"])?;
        let mut around = around.pieces();
        out.bytes(around.next_piece()?);
        out.bytes(br#","evidence":["#);
        let outlines = network.view().outlines(rows);
        out.records(&outlines, |outline| network.via(outline.row, ends))?;
        out.bytes(b"]");
        out.bytes(around.last_piece()?);
    }
    out.bytes(b"]");
    out.bytes(around.last_piece()?);
    Ok(())
}
