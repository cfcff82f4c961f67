//! A zip archive of one file for each kind of record, written without going back.
//!
//! Sizes and checksums follow their file (APPNOTE 4.3.9). Sizes of 64 bits are not written: a file of
//! 4 GiB or more is an error that says what to do.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::csv::Csv;
use super::error::ExportError;
use super::parquet::Parquet;
use super::stream::{Exported, Format};
use crate::model::Kind;

/// Bytes that a size of 32 bits can say.
const BYTES_MAX: u64 = u32::MAX as u64 - 1;
/// The version of the format that a reader must know: compression by deflate.
const VERSION: u16 = 20;
/// Sizes follow the file; names are UTF-8.
const FLAGS: u16 = 0x0808;
const DEFLATE: u16 = 8;
/// 1980-01-01, the first day that the format has: archives do not depend on when they are made.
const DATE: u16 = 0x0021;

/// A file of the archive.
struct File {
    kind: Kind,
    name: &'static str,
    format: Box<dyn Format>,
}

pub(super) struct Zip {
    files: std::vec::IntoIter<File>,
    open: Option<Open>,
    /// The central directory so far.
    directory: Vec<u8>,
    entries: u16,
    /// Bytes written so far.
    written: u64,
    /// Bytes that an archive, and each file of it, has at the most.
    bytes_max: u64,
}

/// The file that is being written.
struct Open {
    file: File,
    start: u64,
    encoder: DeflateEncoder<Vec<u8>>,
    crc: Crc,
    compressed: u64,
    plain: u64,
}

impl Zip {
    pub(super) fn of_csv(kinds: &[Kind]) -> Self {
        Self::of(kinds, |kind| {
            let name = match kind {
                Kind::Source => "sources.csv",
                Kind::Actor => "actors.csv",
                Kind::Relation => "relations.csv",
                Kind::Event => "events.csv",
                Kind::Statement => "statements.csv",
            };
            (name, Box::new(Csv::new(kind)))
        })
    }

    pub(super) fn of_parquet(kinds: &[Kind]) -> Self {
        Self::of(kinds, |kind| {
            let name = match kind {
                Kind::Source => "sources.parquet",
                Kind::Actor => "actors.parquet",
                Kind::Relation => "relations.parquet",
                Kind::Event => "events.parquet",
                Kind::Statement => "statements.parquet",
            };
            (name, Box::new(Parquet::new(kind)))
        })
    }

    fn of(kinds: &[Kind], file: impl Fn(Kind) -> (&'static str, Box<dyn Format>)) -> Self {
        let kinds = Kind::ALL.iter().filter(|kind| kinds.contains(kind));
        let files: Vec<File> = kinds
            .map(|kind| {
                let (name, format) = file(*kind);
                File {
                    kind: *kind,
                    name,
                    format,
                }
            })
            .collect();
        Self {
            files: files.into_iter(),
            open: None,
            directory: Vec::new(),
            entries: 0,
            written: 0,
            bytes_max: BYTES_MAX,
        }
    }

    fn put(&mut self, out: &mut Vec<u8>, bytes: &[u8]) {
        out.extend(bytes);
        self.written += bytes.len() as u64;
    }

    /// Opens the next file.
    fn begin(&mut self, file: File, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let start = self.written;
        let mut head = Vec::new();
        head.extend(b"PK\x03\x04");
        head.extend(shorts(&[VERSION, FLAGS, DEFLATE, 0, DATE]));
        head.extend([0; 12]);
        head.extend(shorts(&[length(file.name), 0]));
        head.extend(file.name.bytes());
        self.put(out, &head);
        self.open = Some(Open {
            file,
            start,
            encoder: DeflateEncoder::new(Vec::new(), Compression::default()),
            crc: Crc::new(),
            compressed: 0,
            plain: 0,
        });
        let mut plain = Vec::new();
        if let Some(open) = &mut self.open {
            open.file.format.head(&mut plain)?;
        }
        self.take(&plain, out)
    }

    /// Adds to the open file.
    fn take(&mut self, plain: &[u8], out: &mut Vec<u8>) -> Result<(), ExportError> {
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        open.plain += plain.len() as u64;
        open.crc.update(plain);
        open.encoder.write_all(plain)?;
        let done = std::mem::take(open.encoder.get_mut());
        open.compressed += done.len() as u64;
        let (file, most) = (open.file.name, open.plain.max(open.compressed));
        self.put(out, &done);
        self.check(file, most)
    }

    /// An error when a file of so many bytes, or all that was written, is more than the format can say.
    fn check(&self, file: &'static str, bytes: u64) -> Result<(), ExportError> {
        if bytes.max(self.written) > self.bytes_max {
            return Err(ExportError::TooLarge {
                file,
                max_bytes: self.bytes_max,
            });
        }
        Ok(())
    }

    /// Closes the open file.
    fn end(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let mut plain = Vec::new();
        if let Some(open) = &mut self.open {
            open.file.format.foot(&mut plain)?;
        }
        self.take(&plain, out)?;
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        let rest = open.encoder.finish()?;
        let compressed = open.compressed + rest.len() as u64;
        self.put(out, &rest);
        self.check(open.file.name, compressed)?;
        let sizes = longs(&[u64::from(open.crc.sum()), compressed, open.plain]);
        let mut descriptor = b"PK\x07\x08".to_vec();
        descriptor.extend(&sizes);
        self.put(out, &descriptor);
        let name = open.file.name;
        self.directory.extend(b"PK\x01\x02");
        let head = [VERSION, VERSION, FLAGS, DEFLATE, 0, DATE];
        self.directory.extend(shorts(&head));
        self.directory.extend(sizes);
        self.directory.extend(shorts(&[length(name), 0, 0, 0, 0]));
        self.directory.extend([0; 4]);
        self.directory.extend(longs(&[open.start]));
        self.directory.extend(name.bytes());
        self.entries += 1;
        Ok(())
    }
}

impl Format for Zip {
    fn head(&mut self, _out: &mut Vec<u8>) -> Result<(), ExportError> {
        Ok(())
    }

    fn record(&mut self, exported: &Exported<'_>, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let kind = exported.record.kind();
        while self.open.as_ref().is_none_or(|open| open.file.kind != kind) {
            self.end(out)?;
            let Some(file) = self.files.next() else {
                return Ok(());
            };
            self.begin(file, out)?;
        }
        let mut plain = Vec::new();
        if let Some(open) = &mut self.open {
            open.file.format.record(exported, &mut plain)?;
        }
        self.take(&plain, out)
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        self.end(out)?;
        while let Some(file) = self.files.next() {
            self.begin(file, out)?;
            self.end(out)?;
        }
        let start = self.written;
        let directory = std::mem::take(&mut self.directory);
        self.put(out, &directory);
        let mut end = b"PK\x05\x06".to_vec();
        end.extend(shorts(&[0, 0, self.entries, self.entries]));
        end.extend(longs(&[directory.len() as u64, start]));
        end.extend(shorts(&[0]));
        self.put(out, &end);
        Ok(())
    }
}

fn shorts(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// Numbers of 32 bits; none is larger, [`Zip::check`] sees to it.
fn longs(numbers: &[u64]) -> Vec<u8> {
    numbers.iter().flat_map(|number| long(*number)).collect()
}

#[expect(clippy::little_endian_bytes, reason = "the format says so")]
fn long(number: u64) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}

fn length(name: &str) -> u16 {
    u16::try_from(name.len()).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes of an archive of empty tables that may have so many, and those before the last
    /// file's descriptor and the directory.
    fn archive(bytes_max: u64) -> Result<Vec<u8>, ExportError> {
        let mut zip = Zip::of_csv(Kind::ALL);
        zip.bytes_max = bytes_max;
        let mut out = Vec::new();
        zip.foot(&mut out)?;
        Ok(out)
    }

    #[test]
    fn archives_have_a_limit() {
        let whole = archive(BYTES_MAX).unwrap();
        let directory = whole.windows(4).position(|at| at == b"PK\x01\x02");
        // What lies in front of the directory but for the descriptor of the last file.
        let last = directory.unwrap() as u64 - 16;
        assert_eq!(archive(last).unwrap(), whole);
        let refused = archive(last - 1).unwrap_err();
        assert!(
            matches!(refused, ExportError::TooLarge { file: "statements.csv", max_bytes } if max_bytes == last - 1),
            "{refused}"
        );
    }

    #[test]
    fn files_of_an_archive_have_a_limit() {
        // Compressed they are small.
        let plain = vec![b'a'; 1 << 20];
        let take = |bytes_max: u64| {
            let mut zip = Zip::of_csv(&[Kind::Actor]);
            let file = zip.files.next().unwrap();
            let mut out = Vec::new();
            zip.begin(file, &mut out).unwrap();
            let head = zip.open.as_ref().unwrap().plain;
            zip.bytes_max = head + bytes_max;
            zip.take(&plain, &mut out)
        };
        take(1 << 20).unwrap();
        let refused = take((1 << 20) - 1).unwrap_err();
        assert!(
            matches!(
                refused,
                ExportError::TooLarge {
                    file: "actors.csv",
                    ..
                }
            ),
            "{refused}"
        );
    }
}
