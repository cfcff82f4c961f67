//! Reading ahead: a thread reads, and unpacks where there is something to unpack, while the caller
//! parses what it has read.

use std::io::{self, BufRead, Read};
use std::sync::mpsc;
use std::thread::Scope;

/// Bytes that are handed over together.
const PIECE_BYTES: usize = 256 << 10;
/// Pieces that may wait to be taken.
const PIECES_WAITING_MAX: usize = 4;

/// What another thread reads. Its end ends the thread.
pub(super) struct Ahead {
    pieces: mpsc::Receiver<io::Result<Vec<u8>>>,
    /// Pieces that were taken, to be filled again.
    empty: mpsc::Sender<Vec<u8>>,
    piece: Vec<u8>,
    /// Bytes of the piece that were taken.
    taken: usize,
}

impl Ahead {
    /// Reads all of `source` on a thread of `scope`, which ends no later than the reading.
    pub(super) fn of<'scope>(
        source: impl BufRead + Send + 'scope,
        scope: &'scope Scope<'scope, '_>,
    ) -> Self {
        let (filled, pieces) = mpsc::sync_channel(PIECES_WAITING_MAX);
        let (empty, to_fill) = mpsc::channel();
        scope.spawn(move || fill(source, &to_fill, &filled));
        Self {
            pieces,
            empty,
            piece: Vec::new(),
            taken: 0,
        }
    }
}

/// Reads piece by piece, until there is no more, it fails, or nobody takes them.
fn fill(
    mut source: impl BufRead,
    to_fill: &mpsc::Receiver<Vec<u8>>,
    filled: &mpsc::SyncSender<io::Result<Vec<u8>>>,
) {
    loop {
        let mut piece = to_fill.try_recv().unwrap_or_default();
        piece.clear();
        let read = source
            .by_ref()
            .take(PIECE_BYTES as u64)
            .read_to_end(&mut piece);
        // What came before a failure is given first.
        let is_over = piece.is_empty() || filled.send(Ok(piece)).is_err();
        if let Err(error) = read {
            // Nobody may be left to be told.
            drop(filled.send(Err(error)));
            return;
        }
        if is_over {
            return;
        }
    }
}

impl BufRead for Ahead {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken >= self.piece.len() {
            let done = std::mem::take(&mut self.piece);
            self.taken = 0;
            if done.capacity() > 0 && self.empty.send(done).is_err() {
                tracing::trace!("all is read");
            }
            // Nothing more comes when the thread has ended.
            if let Ok(piece) = self.pieces.recv() {
                self.piece = piece?;
            }
        }
        Ok(self.piece.get(self.taken..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.taken = (self.taken + amount).min(self.piece.len());
    }
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut rest = self.fill_buf()?;
        let read = rest.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufReader, Cursor};
    use std::thread;

    /// Fails after its bytes.
    struct Failing(Cursor<Vec<u8>>);

    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::Error::other("broken")),
                read => Ok(read),
            }
        }
    }

    #[test]
    fn all_bytes_come_in_order_and_then_the_failure() {
        for bytes in [0, 1, PIECE_BYTES - 1, PIECE_BYTES, 7 * PIECE_BYTES + 3] {
            let bytes: Vec<u8> = (0..bytes).map(|i| u8::try_from(i % 251).unwrap()).collect();
            thread::scope(|scope| {
                let mut read = Vec::new();
                let source = Cursor::new(bytes.clone());
                Ahead::of(source, scope).read_to_end(&mut read).unwrap();
                assert!(read == bytes);
                read.clear();
                let source = BufReader::new(Failing(Cursor::new(bytes.clone())));
                let error = Ahead::of(source, scope).read_to_end(&mut read).unwrap_err();
                assert_eq!(error.to_string(), "broken");
                assert!(read == bytes);
            });
        }
    }

    #[test]
    fn it_stops_when_nobody_reads_on() {
        thread::scope(|scope| {
            let mut ahead = Ahead::of(BufReader::new(io::repeat(7)), scope);
            assert_eq!(ahead.fill_buf().unwrap().first(), Some(&7));
        });
    }
}
