//! A load generator: one thread, keep-alive connections that each have one request under way.
//!
//! It reads no more of an answer than its status and length, so that on two cores it takes little
//! from the service; what it takes, it takes from the constant too.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::report::Timing;

/// Bytes read at once.
const READ_BYTES: usize = 64 * 1024;
/// How long an answer may take before the run is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a run came to.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) timing: Timing,
    /// Answers other than 2xx.
    pub(crate) failed: usize,
    /// The mean bytes of a body.
    pub(crate) bytes: usize,
}

/// When requests are sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// The next as soon as the answer to the last is there.
    Closed,
    /// So many a second, whether the answers come or not; an answer's time counts from when its
    /// request was due.
    Open(u32),
}

/// Sends requests over `connections` for a time. `request` writes request number `n`.
pub(crate) fn run(
    address: SocketAddr,
    connections: usize,
    (pace, lasting): (Pace, Duration),
    mut request: impl FnMut(usize, &mut Vec<u8>),
) -> io::Result<Run> {
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(connections);
    let mut all = Vec::with_capacity(connections);
    for token in 0..connections {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let interests = Interest::READABLE | Interest::WRITABLE;
        poll.registry()
            .register(&mut stream, Token(token), interests)?;
        all.push(Connection::new(stream));
    }
    let start = Instant::now();
    let end = start + lasting;
    let due = |sent: usize| match pace {
        Pace::Closed => start,
        Pace::Open(per_second) => {
            start + Duration::from_secs(1) * u32::try_from(sent).unwrap_or(u32::MAX) / per_second
        }
    };
    let mut each: Vec<Duration> = Vec::new();
    let (mut sent, mut failed, mut bytes) = (0, 0, 0);
    let mut next = 0;
    loop {
        let now = Instant::now();
        while now < end && now >= due(sent) {
            // In turn: the service closes a connection that nothing comes over.
            let mut turns = (0..connections).map(|turn| (next + turn) % connections);
            let Some(free) = turns.find(|free| all[*free].since.is_none()) else {
                break;
            };
            next = free + 1;
            let connection = &mut all[free];
            connection.out.clear();
            request(sent, &mut connection.out);
            connection.since = Some(match pace {
                Pace::Closed => now,
                Pace::Open(_) => due(sent),
            });
            connection.written = 0;
            sent += 1;
            connection.write()?;
        }
        let busy = all.iter().any(|c| c.since.is_some());
        if now >= end && !busy {
            break;
        }
        if now >= end + PATIENCE {
            return Err(ErrorKind::TimedOut.into());
        }
        let wait = match pace {
            Pace::Closed => PATIENCE,
            Pace::Open(_) => due(sent)
                .saturating_duration_since(now)
                .min(end.saturating_duration_since(now)),
        };
        poll.poll(
            &mut events,
            Some(if busy {
                wait.max(Duration::from_micros(50))
            } else {
                wait
            }),
        )?;
        for event in &events {
            let Some(connection) = all.get_mut(event.token().0) else {
                continue;
            };
            connection.write()?;
            if let Some(answer) = connection.read()? {
                if let Some(since) = connection.since.take() {
                    each.push(since.elapsed());
                }
                failed += usize::from(!(200..300).contains(&answer.status));
                bytes += answer.bytes;
            }
        }
    }
    let bytes = bytes / each.len().max(1);
    let timing = Timing::from_durations(&mut each, start.elapsed().min(lasting));
    Ok(Run {
        timing,
        failed,
        bytes,
    })
}

struct Answer {
    status: u16,
    bytes: usize,
}

struct Connection {
    stream: TcpStream,
    out: Vec<u8>,
    written: usize,
    read: Vec<u8>,
    buffer: Box<[u8]>,
    since: Option<Instant>,
    /// Bytes of the body that have not come yet, once the head has.
    awaited: Option<(Answer, usize)>,
}

impl Connection {
    fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            out: Vec::new(),
            written: 0,
            read: Vec::with_capacity(READ_BYTES),
            buffer: vec![0; READ_BYTES].into_boxed_slice(),
            since: None,
            awaited: None,
        }
    }

    fn write(&mut self) -> io::Result<()> {
        while let Some(rest @ [_, ..]) = self.out.get(self.written..) {
            match self.stream.write(rest) {
                Ok(written) => self.written += written,
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected) => {
                    break;
                }
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// Reads what has come; the answer, when all of it has.
    fn read(&mut self) -> io::Result<Option<Answer>> {
        loop {
            let read = match self.stream.read(&mut self.buffer) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(read) => read,
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected) => {
                    return Ok(None);
                }
                Err(e) => return Err(e),
            };
            let came = &self.buffer[..read];
            let left = if let Some((answer, left)) = self.awaited.take() {
                Some((answer, left.saturating_sub(read)))
            } else {
                self.read.extend_from_slice(came);
                let head = head(&self.read)?;
                head.map(|(answer, length)| {
                    let body = self.read.len() - length;
                    self.read.clear();
                    let left = answer.bytes.saturating_sub(body);
                    (answer, left)
                })
            };
            match left {
                Some((answer, 0)) => return Ok(Some(answer)),
                other => self.awaited = other,
            }
        }
    }
}

/// The status and the length of the body, and the bytes of the head, once all of it has come.
fn head(read: &[u8]) -> io::Result<Option<(Answer, usize)>> {
    let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
    let status = text.get(9..12).and_then(|digits| digits.parse().ok());
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    match (status, length) {
        (Some(status), Some(bytes)) => Ok(Some((Answer { status, bytes }, end + 4))),
        _ => Err(io::Error::new(ErrorKind::InvalidData, text)),
    }
}
