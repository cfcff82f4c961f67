//! From the journal to the state: one thread reads and decodes, one applies.

use std::sync::{Arc, mpsc};
use std::thread;

use super::error::EngineError;
use super::header::{self, CommitHeader, DATES};
use super::report::{ImportReports, RejectReport};
use crate::codec::{self, Block};
use crate::graph::{Graph, GraphBuilder, PackedId, ShapeNumber, Term};
use crate::invariant;
use crate::journal::{MAX_BLOCK_BYTES, Reader};
use crate::model::Kind;

/// Events that a block may hold, each with the hash of its content.
const EVENTS_OF_BLOCK_MAX: u64 = (MAX_BLOCK_BYTES / 16) as u64;
/// Pieces that are handed over together, unless one of them is a block of many events.
const BATCH_PIECES: usize = 256;
/// Batches that may wait to be applied.
const BATCHES_WAITING_MAX: usize = 8;

/// What the reading thread hands over.
enum ReplayStep {
    /// Events that are going to follow.
    Events(u64),
    /// What a block holds, with the number of its commit.
    Block(u64, Box<Block>),
    /// The end of a commit: its number, its header, its rejects.
    End(u64, Box<CommitHeader>, Vec<RejectReport>),
}

/// Builds the state from the journal. Gives the last commit, too, of a program to which open dates meant
/// something else; 0 when there is none.
pub(super) fn replay(journal: &Reader) -> Result<(Arc<Graph>, ImportReports, u64), EngineError> {
    let mut replayed = ReplayState {
        builder: GraphBuilder::new(&Arc::default()),
        actors: Vec::new(),
        shapes: Vec::new(),
        reports: ImportReports::default(),
        written_before: 0,
    };
    let (read, applied) = thread::scope(|scope| {
        let (batches, pieces) = mpsc::sync_channel::<Vec<ReplayStep>>(BATCHES_WAITING_MAX);
        let reader = scope.spawn(move || invariant::observe(|| read(journal, &batches)));
        let applied = pieces
            .iter()
            .flatten()
            .try_for_each(|piece| replayed.apply(piece));
        // The reader stops when nobody takes its batches.
        drop(pieces);
        (reader.join(), applied)
    });
    applied?;
    let read =
        read.map_err(|_logged| EngineError::Panicked("the thread that reads the journal"))?;
    invariant::joined(read)?;
    let ReplayState {
        builder,
        reports,
        written_before,
        ..
    } = replayed;
    Ok((builder.finish().keep(), reports, written_before))
}

fn read(journal: &Reader, batches: &mpsc::SyncSender<Vec<ReplayStep>>) -> Result<(), EngineError> {
    let mut batch = Vec::new();
    // When nobody takes the batches any more, there was an error that is told elsewhere.
    let mut give = |piece: ReplayStep, is_last: bool| {
        let is_large =
            matches!(&piece, ReplayStep::Block(_, block) if block.rows().next().is_some());
        batch.push(piece);
        if is_last || is_large || batch.len() >= BATCH_PIECES {
            return batches.send(std::mem::take(&mut batch)).is_ok();
        }
        true
    };
    let last = journal.len();
    for commit in journal.commits(1) {
        let commit = commit?;
        let number = commit.number();
        let header = CommitHeader::read(commit.header()).map_err(|what| EngineError::Damaged {
            commit: number,
            what,
        })?;
        let most = u64::from(commit.block_count()) * EVENTS_OF_BLOCK_MAX;
        let mut is_taken = give(ReplayStep::Events(header.new_events().min(most)), false);
        let rejects = header::read_commit(&commit, |block| {
            is_taken &= give(ReplayStep::Block(number, Box::new(block)), false);
            Ok(())
        })?;
        is_taken &= give(
            ReplayStep::End(number, Box::new(header), rejects),
            number == last,
        );
        if !is_taken {
            break;
        }
    }
    Ok(())
}

/// The state so far, and what the blocks of the commit so far have numbered.
struct ReplayState {
    builder: GraphBuilder,
    actors: Vec<Term>,
    shapes: Vec<ShapeNumber>,
    reports: ImportReports,
    /// The last commit of a program to which open dates meant something else.
    written_before: u64,
}

impl ReplayState {
    fn apply(&mut self, piece: ReplayStep) -> Result<(), EngineError> {
        match piece {
            ReplayStep::Events(count) => {
                // Room only: where it does not fit a number, none is set aside.
                let count = usize::try_from(count).unwrap_or_default();
                self.builder.reserve_again(count);
                Ok(())
            }
            ReplayStep::Block(commit, block) => self.block(commit, &block),
            ReplayStep::End(number, header, rejects) => {
                self.builder.commit(number, header.recorded_at);
                if header.dates < DATES {
                    self.written_before = number;
                }
                self.reports.replay(number, *header, rejects);
                self.actors.clear();
                self.shapes.clear();
                Ok(())
            }
        }
    }

    fn block(&mut self, commit: u64, block: &Block) -> Result<(), EngineError> {
        // The decoder has compared the numbers with what the commit has brought so far, as we have.
        let unnumbered = |what: &str| EngineError::Damaged {
            commit,
            what: format!("an event names {what} that is not there"),
        };
        for id in &block.texts {
            self.actors.push(self.builder.actor(id));
        }
        for shape in &block.shapes {
            self.shapes.push(self.builder.shape(shape));
        }
        let mut changes = block.changes.iter().peekable();
        let mut terms = Vec::new();
        for (row, before) in block.rows().zip(0..) {
            while let Some((_, change)) = changes.next_if(|(at, _)| *at <= before) {
                self.builder.apply(change)?;
            }
            terms.clear();
            for actor in row.actors {
                let actor = self.actors.get(*actor as usize);
                terms.push(*actor.ok_or_else(|| unnumbered("an actor"))?);
            }
            let id = match row.id {
                codec::EventId::Content(hash) => PackedId::Hash(hash),
                codec::EventId::Stated(id) => PackedId::from_text(Kind::Event, id),
            };
            let shape = self.shapes.get(row.shape as usize);
            let shape = shape.ok_or_else(|| unnumbered("a shape"))?;
            self.builder.add_again(*shape, row.days, &terms, id);
        }
        for (_, change) in changes {
            self.builder.apply(change)?;
        }
        Ok(())
    }
}
