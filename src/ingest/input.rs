//! What is read: files, bytes in memory, and streams that are put by so that they can be read twice.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::Scope;

use flate2::read::MultiGzDecoder;
use tempfile::{NamedTempFile, TempPath};

use super::limits::{DETECT_MAX_BYTES, SPOOL_MEMORY_MAX_BYTES};
use super::read_ahead::ReadAhead;
use super::utf16::{self, Utf16Reader};
use super::zstd::{self, ZstdReader};
use super::{InputPosition, ReadStop};
use crate::model::RecordProblem;

/// Bytes that are asked of the operating system at once.
const BUFFER_BYTES: usize = 256 << 10;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// The first bytes of gzip (RFC 1952, section 2.3.1), with the only method that it has.
const GZIP: &[u8] = b"\x1F\x8B\x08";
/// Packed formats that are recognized to say that they are not read, by their first bytes.
const NOT_READ: &[(&[u8], &str)] = &[(b"\xFD7zXZ\0", "xz"), (b"BZh", "bzip2")];

/// What can be read from any place.
pub(super) trait SeekableRead: Read + Seek {}

impl<R: Read + Seek> SeekableRead for R {}

/// Something that can be read more than once.
#[derive(Debug)]
pub struct Input {
    content: InputContent,
    len: u64,
}

#[derive(Debug)]
enum InputContent {
    File(PathBuf),
    Bytes(Vec<u8>),
    /// Removed from the disk when dropped.
    Spooled(TempPath),
}

impl Input {
    /// The file at `path`. A pipe or a device can be read once only and is put by, like a stream.
    ///
    /// # Errors
    ///
    /// When there is no such file, it is a directory, or may not be read.
    pub fn file(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let metadata = fs::metadata(&path)?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let file = File::open(&path)?;
        if !metadata.is_file() {
            return Self::spool(file);
        }
        Ok(Self {
            content: InputContent::File(path),
            len: metadata.len(),
        })
    }

    /// These bytes.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self {
            len: bytes.len() as u64,
            content: InputContent::Bytes(bytes),
        }
    }

    /// All that `reader` gives: up to [`SPOOL_MEMORY_MAX_BYTES`] in memory, more in a temporary file
    /// that goes with the input. How much is taken is for the caller to limit ([`Read::take`]).
    ///
    /// # Errors
    ///
    /// When `reader` fails or the temporary file can't be written.
    pub fn spool(mut reader: impl Read) -> io::Result<Self> {
        let mut spool = Spool::default();
        io::copy(&mut reader, &mut spool)?;
        Ok(spool.finish())
    }

    /// Bytes of the input as it is stored, packed or not.
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Whether it has no bytes.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The path of a file that the caller named.
    pub fn path(&self) -> Option<&Path> {
        match &self.content {
            InputContent::File(path) => Some(path),
            InputContent::Bytes(_) | InputContent::Spooled(_) => None,
        }
    }

    /// The input, to be read wherever one likes.
    pub(super) fn open_seekable(&self) -> io::Result<Box<dyn SeekableRead + '_>> {
        Ok(match &self.content {
            InputContent::File(path) => Box::new(BufReader::new(File::open(path)?)),
            InputContent::Bytes(bytes) => Box::new(Cursor::new(bytes.as_slice())),
            InputContent::Spooled(path) => Box::new(BufReader::new(File::open(path)?)),
        })
    }

    /// The first bytes as they are stored, as many as there are and at most four.
    pub(super) fn first_bytes(&self) -> io::Result<Vec<u8>> {
        let mut first = Vec::new();
        self.open()?.take(4).read_to_end(&mut first)?;
        Ok(first)
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(match &self.content {
            InputContent::File(path) => Box::new(File::open(path)?),
            InputContent::Bytes(bytes) => Box::new(bytes.as_slice()),
            InputContent::Spooled(path) => Box::new(File::open(path)?),
        })
    }
}

/// What it is, for messages.
impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            InputContent::File(path) => write!(f, "{}", path.display()),
            InputContent::Bytes(_) | InputContent::Spooled(_) => f.write_str("the input"),
        }
    }
}

/// Takes a stream piece by piece and makes an [`Input`] of it.
#[derive(Debug, Default)]
pub struct Spool {
    memory: Vec<u8>,
    file: Option<NamedTempFile>,
    len: u64,
}

impl Spool {
    /// Bytes taken so far.
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Whether nothing was taken so far.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The input of all that was taken.
    pub fn finish(self) -> Input {
        let content = match self.file {
            Some(file) => InputContent::Spooled(file.into_temp_path()),
            None => InputContent::Bytes(self.memory),
        };
        Input {
            content,
            len: self.len,
        }
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.file.is_none() && self.memory.len() + bytes.len() > SPOOL_MEMORY_MAX_BYTES {
            let mut file = NamedTempFile::new()?;
            file.write_all(&self.memory)?;
            self.memory = Vec::new();
            self.file = Some(file);
        }
        match &mut self.file {
            Some(file) => file.write_all(bytes)?,
            None => self.memory.extend_from_slice(bytes),
        }
        self.len += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

/// Counts what is read through it.
struct CountingReader<'a, R> {
    inner: R,
    count: &'a AtomicU64,
}

impl<R: Read> Read for CountingReader<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        // Relaxed: for show while it grows. Its last value is read when the thread that counts, if it
        // is another, has been joined, which orders the two.
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// An input that is being read: unpacked, without byte order mark, and with its first bytes known.
pub(super) struct OpenInput<'a> {
    reader: io::Chain<Cursor<Vec<u8>>, Box<dyn BufRead + Send + 'a>>,
    /// How it is packed.
    packed: Option<&'static str>,
}

impl<'a> OpenInput<'a> {
    pub(super) fn new(input: &'a Input, count: &'a AtomicU64) -> Result<Self, ReadStop> {
        let inner = input.open().map_err(ReadStop::Io)?;
        Self::open(CountingReader { inner, count })
    }

    fn open(mut raw: impl Read + Send + 'a) -> Result<Self, ReadStop> {
        let mut magic = Vec::new();
        raw.by_ref()
            .take(8)
            .read_to_end(&mut magic)
            .map_err(ReadStop::Io)?;
        if let Some((_, name)) = NOT_READ.iter().find(|(first, _)| magic.starts_with(first)) {
            let problem = format!("the input is compressed with {name}, which is not supported");
            let remedy = "decompress it, or compress it with gzip".to_owned();
            return Err(ReadStop::Content(
                InputPosition::START,
                RecordProblem::new("", problem).suggest(remedy),
            ));
        }
        let packing = [(GZIP, "gzip"), (zstd::MAGIC, "zstd")].into_iter();
        let packing = packing.clone().find(|(first, _)| magic.starts_with(first));
        let packing = packing.map(|(_, name)| name);
        let raw = BufReader::with_capacity(BUFFER_BYTES, Cursor::new(magic).chain(raw));
        let unpacked: Box<dyn Read + Send + 'a> = match packing {
            Some("gzip") => Box::new(MultiGzDecoder::new(raw)),
            Some(_) => Box::new(ZstdReader::new(raw)),
            None => return Self::plain(raw, None),
        };
        Self::plain(BufReader::with_capacity(BUFFER_BYTES, unpacked), packing)
    }

    pub(super) fn plain(
        rest: impl BufRead + Send + 'a,
        packed: Option<&'static str>,
    ) -> Result<Self, ReadStop> {
        let mut rest: Box<dyn BufRead + Send + 'a> = Box::new(rest);
        let mut head = first_bytes(&mut rest, packed)?;
        if let Some(encoding) = utf16::recognize(&head) {
            let whole = Cursor::new(head).chain(rest);
            let text = Utf16Reader::new(whole, encoding);
            rest = Box::new(BufReader::with_capacity(BUFFER_BYTES, text));
            head = first_bytes(&mut rest, packed)?;
        }
        let mut head = Cursor::new(head);
        if head.get_ref().starts_with(BYTE_ORDER_MARK) {
            head.set_position(BYTE_ORDER_MARK.len() as u64);
        }
        Ok(Self {
            reader: head.chain(rest),
            packed,
        })
    }

    /// Lets another thread read what comes after the first bytes.
    pub(super) fn ahead<'scope>(self, scope: &'scope Scope<'scope, '_>) -> OpenInput<'scope>
    where
        'a: 'scope,
    {
        let (head, rest) = self.reader.into_inner();
        let rest: Box<dyn BufRead + Send + 'scope> = Box::new(ReadAhead::spawn(rest, scope));
        OpenInput {
            reader: head.chain(rest),
            packed: self.packed,
        }
    }

    /// The first bytes, as many as there are and at most [`DETECT_MAX_BYTES`], before any is read.
    pub(super) fn head(&mut self) -> &[u8] {
        // The first of the two is in memory and can't fail.
        self.reader.fill_buf().unwrap_or_default()
    }

    pub(super) fn reader(&mut self) -> &mut dyn BufRead {
        &mut self.reader
    }

    /// Lets the first bytes come through the buffer of the reader behind, as later ones do.
    #[cfg(test)]
    pub(super) fn plain_without_head(rest: impl BufRead + Send + 'a) -> Self {
        let rest: Box<dyn BufRead + Send + 'a> = Box::new(rest);
        Self {
            reader: Cursor::new(Vec::new()).chain(rest),
            packed: None,
        }
    }

    /// What a failure to read on at `position` means.
    pub(super) fn stop(&self, error: io::Error, position: InputPosition) -> ReadStop {
        stop(error, self.packed, position)
    }
}

/// The bytes in which the format is looked for.
fn first_bytes(rest: &mut dyn BufRead, packed: Option<&str>) -> Result<Vec<u8>, ReadStop> {
    let mut head = Vec::new();
    let read = rest.take(DETECT_MAX_BYTES as u64).read_to_end(&mut head);
    read.map_err(|error| stop(error, packed, InputPosition::START))?;
    Ok(head)
}

/// Errors of the operating system have a number; what the unpacker finds wrong has none.
fn stop(error: io::Error, packed: Option<&str>, position: InputPosition) -> ReadStop {
    if let Some(packing) = packed
        && error.raw_os_error().is_none()
    {
        let problem = format!("the {packing} data is damaged or truncated here: {error}");
        let remedy = "compress the file again, or send it uncompressed".to_owned();
        return ReadStop::Content(position, RecordProblem::new("", problem).suggest(remedy));
    }
    ReadStop::Io(error)
}
