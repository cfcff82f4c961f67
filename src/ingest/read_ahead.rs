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
pub(super) struct ReadAhead {
    pieces: mpsc::Receiver<io::Result<Vec<u8>>>,
    /// Pieces that were taken, to be filled again.
    empty: mpsc::Sender<Vec<u8>>,
    piece: Vec<u8>,
    /// Bytes of the piece that were taken.
    taken: usize,
    /// Whether the thread has said that nothing more comes.
    is_over: bool,
}

impl ReadAhead {
    /// Reads all of `source` on a thread of `scope`, which ends no later than the reading.
    pub(super) fn spawn<'scope>(
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
            is_over: false,
        }
    }
}

/// Reads piece by piece, until there is no more, which an empty piece says, it fails, or nobody takes
/// them.
fn fill(
    mut source: impl BufRead,
    to_fill: &mpsc::Receiver<Vec<u8>>,
    filled: &mpsc::SyncSender<io::Result<Vec<u8>>>,
) {
    loop {
        // A new one where none has come back yet.
        let mut piece = to_fill.try_recv().unwrap_or_default();
        piece.clear();
        let read = source
            .by_ref()
            .take(PIECE_BYTES as u64)
            .read_to_end(&mut piece);
        let is_over = piece.is_empty();
        // What came before a failure is given first. Nobody may be left to take it or to be told.
        if (!is_over || read.is_ok()) && filled.send(Ok(piece)).is_err() {
            return;
        }
        if let Err(error) = read {
            drop(filled.send(Err(error)));
            return;
        }
        if is_over {
            return;
        }
    }
}

impl BufRead for ReadAhead {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken >= self.piece.len() && !self.is_over {
            let done = std::mem::take(&mut self.piece);
            self.taken = 0;
            if done.capacity() > 0 && self.empty.send(done).is_err() {
                tracing::trace!("all is read");
            }
            // A thread that ends without a word has panicked: that is not the end of the input.
            let next = self.pieces.recv().unwrap_or_else(|_ended| {
                Err(io::Error::other("the thread that reads has panicked"))
            });
            self.is_over = next.as_ref().map_or(true, Vec::is_empty);
            self.piece = next?;
        }
        // No more was taken than there is.
        Ok(self.piece.get(self.taken..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.taken = (self.taken + amount).min(self.piece.len());
    }
}

impl Read for ReadAhead {
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
    use std::panic;
    use std::thread;

    /// Fails after its bytes.
    struct FailingReader(Cursor<Vec<u8>>);

    impl Read for FailingReader {
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
                ReadAhead::spawn(source, scope)
                    .read_to_end(&mut read)
                    .unwrap();
                assert!(read == bytes);
                read.clear();
                let source = BufReader::new(FailingReader(Cursor::new(bytes.clone())));
                let error = ReadAhead::spawn(source, scope)
                    .read_to_end(&mut read)
                    .unwrap_err();
                assert_eq!(error.to_string(), "broken");
                assert!(read == bytes);
            });
        }
    }

    #[test]
    fn a_panic_is_not_the_end_of_the_input() {
        struct Panicking;
        impl Read for Panicking {
            fn read(&mut self, _buffer: &mut [u8]) -> io::Result<usize> {
                panic::resume_unwind(Box::new("as planned"))
            }
        }
        let mut read = None;
        let scoped = panic::catch_unwind(panic::AssertUnwindSafe(|| {
            thread::scope(|scope| {
                let source = Cursor::new(b"abc").chain(Panicking);
                let mut ahead = ReadAhead::spawn(BufReader::new(source), scope);
                read = Some(ahead.read_to_end(&mut Vec::new()));
            });
        }));
        read.unwrap().unwrap_err();
        scoped.unwrap_err();
    }

    #[test]
    fn it_stops_when_nobody_reads_on() {
        thread::scope(|scope| {
            let mut ahead = ReadAhead::spawn(BufReader::new(io::repeat(7)), scope);
            assert_eq!(ahead.fill_buf().unwrap().first(), Some(&7));
        });
    }
}
