//! Archives: zip and tar, the latter packed or not. Every member is read in order as an input of its own, and
//! all are of one format.
//!
//! Members are put by one after the other, so that each can be read as often as a file can. Names of
//! members stand in reports; nothing is written under them.

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::sync::atomic::AtomicU64;

use zip::ZipArchive;
use zip::result::ZipError;

use super::input::{Input, OpenInput, Spool};
use super::limits::{ARCHIVE_MAX_BYTES, ARCHIVE_MEMBERS_MAX};
use super::{InputPosition, InputReader, InputRemark, Item, ReadStop, nothing, walk};
use crate::model::RecordProblem;

/// The first bytes of a zip archive that has members.
const ZIP: &[u8] = b"PK\x03\x04";
/// What stands in the header of the first member of a tar archive (POSIX.1-1988 ustar), and where.
const TAR: (usize, &[u8]) = (257, b"ustar");

/// How much an archive may hold.
#[derive(Clone, Copy, Debug)]
struct ArchiveLimits {
    bytes: u64,
    members: u32,
}

const LIMITS: ArchiveLimits = ArchiveLimits {
    bytes: ARCHIVE_MAX_BYTES,
    members: ARCHIVE_MEMBERS_MAX,
};

/// Whether an input that starts with these bytes is a zip archive.
pub(super) fn is_zip(first: &[u8]) -> bool {
    first.starts_with(ZIP)
}

/// Whether an unpacked input that starts with these bytes is a tar archive.
pub(super) fn is_tar(head: &[u8]) -> bool {
    let (at, magic) = TAR;
    head.get(at..at + magic.len()) == Some(magic)
}

/// Reads the members of a tar archive.
pub(super) fn read_tar(
    reading: &mut InputReader<'_>,
    mut opened: OpenInput<'_>,
) -> Result<ControlFlow<()>, ReadStop> {
    let mut members = MemberReader::new(reading, LIMITS);
    let read = members.tar(opened.reader());
    match read {
        Ok(()) => Ok(members.end()),
        Err(MemberStop::Read(stop)) => Err(stop),
        Err(MemberStop::Over) => Ok(ControlFlow::Break(())),
        Err(MemberStop::Archive(error)) => Err(match error.raw_os_error() {
            Some(_) => ReadStop::Io(error),
            None => broken("tar", &error),
        }),
    }
}

/// Reads the members of a zip archive.
pub(super) fn read_zip(
    reading: &mut InputReader<'_>,
    input: &Input,
) -> Result<ControlFlow<()>, ReadStop> {
    let mut members = MemberReader::new(reading, LIMITS);
    match members.zip(input) {
        Ok(()) => Ok(members.end()),
        Err(MemberStop::Read(stop)) => Err(stop),
        Err(MemberStop::Over) => Ok(ControlFlow::Break(())),
        Err(MemberStop::Archive(error)) => Err(match error.raw_os_error() {
            Some(_) => ReadStop::Io(error),
            None => broken("zip", &error),
        }),
    }
}

fn broken(packing: &str, error: &io::Error) -> ReadStop {
    let problem = format!("the {packing} archive is damaged or truncated: {error}");
    let remedy = "make the archive again, or send its members unpacked".to_owned();
    let problem = RecordProblem::new("", problem).suggest(remedy);
    ReadStop::Content(InputPosition::START, problem)
}

/// Why no further member is read.
#[derive(Debug)]
enum MemberStop {
    /// The caller broke off.
    Over,
    Read(ReadStop),
    /// The archive itself can't be read on.
    Archive(io::Error),
}

impl From<io::Error> for MemberStop {
    fn from(error: io::Error) -> Self {
        Self::Archive(error)
    }
}

impl From<ReadStop> for MemberStop {
    fn from(stop: ReadStop) -> Self {
        Self::Read(stop)
    }
}

/// Reads one member after the other.
struct MemberReader<'r, 'a> {
    reading: &'r mut InputReader<'a>,
    limits: ArchiveLimits,
    bytes: u64,
    members: u32,
}

impl<'r, 'a> MemberReader<'r, 'a> {
    fn new(reading: &'r mut InputReader<'a>, limits: ArchiveLimits) -> Self {
        Self {
            reading,
            limits,
            bytes: 0,
            members: 0,
        }
    }

    fn tar(&mut self, reader: &mut dyn BufRead) -> Result<(), MemberStop> {
        let mut archive = tar::Archive::new(reader);
        // Archives may stand one behind the other, each with zeros at its end.
        archive.set_ignore_zeros(true);
        for entry in archive.entries()? {
            let mut entry = entry?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if entry.header().entry_type().is_file() {
                self.member(&name, &mut entry)?;
            }
        }
        Ok(())
    }

    fn zip(&mut self, input: &Input) -> Result<(), MemberStop> {
        let mut archive = ZipArchive::new(input.open_seekable()?).map_err(zip_error)?;
        for number in 0..archive.len() {
            let mut entry = archive.by_index(number).map_err(zip_error)?;
            if entry.is_file() {
                let name = entry.name().map_err(zip_error)?.into_owned();
                self.member(&name, &mut entry)?;
            }
        }
        Ok(())
    }

    /// Reads a member.
    fn member(&mut self, name: &str, content: &mut dyn Read) -> Result<(), MemberStop> {
        let shown = walk::shown(name);
        if is_of_the_archiver(name) {
            let remark = InputRemark {
                value: shown,
                message: "is no member but what an archiver keeps of one".to_owned(),
            };
            return over(self.reading.remark(InputPosition::START, remark));
        }
        if self.members >= self.limits.members {
            let problem = format!("the archive has more than {} members", self.limits.members);
            return Err(too_much(problem).into());
        }
        self.members += 1;
        let room = self.limits.bytes - self.bytes;
        let mut spool = Spool::default();
        let copied = io::copy(&mut content.take(room + 1), &mut spool)?;
        self.bytes += copied.min(room);
        if copied > room {
            let problem = format!(
                "the archive has more than {} bytes unpacked",
                self.limits.bytes
            );
            return Err(too_much(problem).into());
        }
        self.reading.member = self.members;
        let announced = Item::Member(self.members, name.to_owned());
        over(self.reading.give(announced))?;
        let input = spool.finish();
        let uncounted = AtomicU64::new(0);
        let opened = OpenInput::new(&input, &uncounted)?;
        over(self.reading.content(&input, opened)?)
    }

    fn end(&mut self) -> ControlFlow<()> {
        self.reading.member = 0;
        if self.members == 0 {
            self.reading.unreadable(InputPosition::START, nothing())
        } else {
            ControlFlow::Continue(())
        }
    }
}

fn over(flow: ControlFlow<()>) -> Result<(), MemberStop> {
    if flow.is_break() {
        return Err(MemberStop::Over);
    }
    Ok(())
}

fn too_much(problem: String) -> ReadStop {
    let problem =
        RecordProblem::new("", problem).suggest("unpack it, and import its files".to_owned());
    ReadStop::Content(InputPosition::START, problem)
}

fn zip_error(error: ZipError) -> io::Error {
    if let ZipError::Io(error) = error {
        return error;
    }
    io::Error::other(error.to_string())
}

/// Whether a member is what macOS keeps of the attributes of another, or begins with a full stop.
fn is_of_the_archiver(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.starts_with('.') || name.starts_with("__MACOSX/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Defaults;
    use crate::ingest::ReadOptions;
    use crate::ingest::events::BatchBuilder;
    use crate::model::Id;

    /// A tar archive of these members.
    fn tar(members: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, text) in members {
            let mut header = tar::Header::new_ustar();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            builder
                .append_data(&mut header, name, text.as_bytes())
                .unwrap();
        }
        builder.into_inner().unwrap()
    }

    /// What an archive comes to under some limits: events, and what stops the reading.
    fn read(bytes: &[u8], limits: ArchiveLimits) -> (usize, Option<String>) {
        let options = ReadOptions::new(Defaults {
            dataset: Id::parse("default").unwrap(),
        });
        let mut events = 0;
        let mut each = |item| {
            if let Item::Events(batch) = item {
                events += batch.rows.len();
            }
            ControlFlow::Continue(())
        };
        let mut reading = InputReader {
            options: &options,
            each: &mut each,
            format: None,
            records: 0,
            events: BatchBuilder::default(),
            member: 0,
        };
        let mut rest = bytes;
        let read = MemberReader::new(&mut reading, limits).tar(&mut rest);
        assert!(reading.pass_on().is_continue());
        let stop = match read {
            Ok(()) => None,
            Err(MemberStop::Read(ReadStop::Content(_, problem))) => Some(problem.problem),
            Err(other) => Some(format!("{other:?}")),
        };
        (events, stop)
    }

    #[test]
    fn archives_have_limits_and_are_read_up_to_them() {
        const ROW: &str = "Japan\tConsult\tThailand\t2014-09-22\n";
        let bytes = tar(&[("a.txt", ROW), ("b.txt", ROW)]);
        let limits = ArchiveLimits {
            bytes: 2 * ROW.len() as u64,
            members: 2,
        };
        assert_eq!(read(&bytes, limits), (2, None));
        let one = ArchiveLimits {
            members: 1,
            ..limits
        };
        let problem = "the archive has more than 1 members".to_owned();
        assert_eq!(read(&bytes, one), (1, Some(problem)));
        let less = ArchiveLimits {
            bytes: limits.bytes - 1,
            ..limits
        };
        let (events, problem) = read(&bytes, less);
        assert_eq!(events, 1);
        assert!(problem.unwrap().ends_with("bytes unpacked"));
        // One archive behind another.
        assert_eq!(read(&[bytes.clone(), bytes].concat(), LIMITS), (4, None));
    }
}
