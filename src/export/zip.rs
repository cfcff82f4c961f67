//! A zip archive of one file for each kind of record, written without going back.
//!
//! Sizes and checksums follow their file (APPNOTE 4.3.9), with 64 bits: how large a file gets is not known
//! when it begins, and readers of ZIP64 have been common for twenty years.

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use std::io::Write as _;

use super::csv::Csv;
use super::error::ExportError;
use super::format::{ExportedRecord, RecordWriter};
use super::parquet::Parquet;
use super::sink::Sink;
use crate::graph::{Row, View};
use crate::model::Kind;

/// How hard archives try to compress, from 1 to 9: files of Parquet are compressed before.
const CSV_LEVEL: i64 = 6;
const PARQUET_LEVEL: i64 = 1;

/// A file of the archive.
struct ArchiveFile {
    kind: Kind,
    name: &'static str,
    format: Box<dyn RecordWriter>,
}

pub(super) struct Zip {
    files: std::vec::IntoIter<ArchiveFile>,
    /// The file that is being written.
    open: Option<ArchiveFile>,
    archive: ZipWriter<StreamWriter<Sink>>,
    sink: Sink,
    options: SimpleFileOptions,
}

impl Zip {
    pub(super) fn of_csv(kinds: &[Kind]) -> Self {
        Self::with_files(kinds, CSV_LEVEL, |kind| {
            let name = match kind {
                Kind::Source => "sources.csv",
                Kind::Actor => "actors.csv",
                Kind::Relation => "relations.csv",
                Kind::Event => "events.csv",
                Kind::Statement => "statements.csv",
                Kind::Judgement => "judgements.csv",
            };
            (name, Box::new(Csv::new(kind)))
        })
    }

    pub(super) fn of_parquet(kinds: &[Kind]) -> Self {
        Self::with_files(kinds, PARQUET_LEVEL, |kind| {
            let name = match kind {
                Kind::Source => "sources.parquet",
                Kind::Actor => "actors.parquet",
                Kind::Relation => "relations.parquet",
                Kind::Event => "events.parquet",
                Kind::Statement => "statements.parquet",
                Kind::Judgement => "judgements.parquet",
            };
            (name, Box::new(Parquet::new(kind)))
        })
    }

    fn with_files(
        kinds: &[Kind],
        level: i64,
        file: impl Fn(Kind) -> (&'static str, Box<dyn RecordWriter>),
    ) -> Self {
        let kinds = Kind::ALL.iter().filter(|kind| kinds.contains(kind));
        let files: Vec<ArchiveFile> = kinds
            .map(|kind| {
                let (name, format) = file(*kind);
                ArchiveFile {
                    kind: *kind,
                    name,
                    format,
                }
            })
            .collect();
        let sink = Sink::default();
        Self {
            files: files.into_iter(),
            open: None,
            archive: ZipWriter::new_stream(sink.clone()),
            sink,
            options: SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .compression_level(Some(level))
                // 1980-01-01: archives do not depend on when they are made.
                .last_modified_time(DateTime::default())
                .large_file(true),
        }
    }

    /// Opens the next file.
    fn begin(&mut self, mut file: ArchiveFile) -> Result<(), ExportError> {
        self.archive.start_file(file.name, self.options)?;
        let mut plain = Vec::new();
        file.format.head(&mut plain)?;
        self.open = Some(file);
        self.add(&plain)
    }

    /// Adds to the open file.
    fn add(&mut self, plain: &[u8]) -> Result<(), ExportError> {
        Ok(self.archive.write_all(plain)?)
    }

    /// Closes the open file.
    fn end(&mut self) -> Result<(), ExportError> {
        let Some(mut file) = self.open.take() else {
            return Ok(());
        };
        let mut plain = Vec::new();
        file.format.foot(&mut plain)?;
        self.add(&plain)
    }

    /// Lets the format of the file of a kind write a record, with the files before it closed.
    fn write_to(
        &mut self,
        kind: Kind,
        out: &mut Vec<u8>,
        write: impl FnOnce(&mut dyn RecordWriter, &mut Vec<u8>) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        while self.open.as_ref().is_none_or(|file| file.kind != kind) {
            self.end()?;
            let Some(file) = self.files.next() else {
                return Ok(());
            };
            self.begin(file)?;
        }
        let mut plain = Vec::new();
        if let Some(file) = &mut self.open {
            write(&mut *file.format, &mut plain)?;
        }
        // Most formats gather many records before they write some.
        if !plain.is_empty() {
            self.add(&plain)?;
            self.sink.drain_into(out);
        }
        Ok(())
    }

    /// Writes the directory. Nothing follows it.
    fn finish(&mut self) -> Result<(), ExportError> {
        let done = ZipWriter::new_stream(Sink::default());
        std::mem::replace(&mut self.archive, done).finish()?;
        Ok(())
    }
}

impl RecordWriter for Zip {
    fn head(&mut self, _out: &mut Vec<u8>) -> Result<(), ExportError> {
        Ok(())
    }

    fn record(
        &mut self,
        exported: &ExportedRecord<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ExportError> {
        let kind = exported.record.kind();
        self.write_to(kind, out, |format, plain| format.record(exported, plain))
    }

    fn row(&mut self, view: &View, row: Row, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let kind = view.kind(row);
        self.write_to(kind, out, |format, plain| format.row(view, row, plain))
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        self.end()?;
        while let Some(file) = self.files.next() {
            self.begin(file)?;
            self.end()?;
        }
        self.finish()?;
        self.sink.drain_into(out);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File as DiskFile;
    use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
    use std::path::Path;
    use std::process::Command;

    use super::*;

    const BLOCK: usize = 1 << 20;

    /// Writes an archive of actors and events, with so many blocks of zeros in the first, to a file.
    /// Gives the most bytes that waited to be fetched.
    ///
    /// Zeros of the archive become holes, so that the file takes little room.
    fn write_archive(path: &Path, blocks: usize, method: CompressionMethod) -> usize {
        let mut zip = Zip::of_csv(&[Kind::Actor, Kind::Event]);
        let level = (method == CompressionMethod::Deflated).then_some(CSV_LEVEL);
        let options = zip.options.compression_method(method);
        zip.options = options.compression_level(level);
        let mut disk = DiskFile::create(path).unwrap();
        let zeros = vec![0; BLOCK];
        let mut most = 0;
        let mut length = 0;
        let mut fetch = |zip: &Zip| {
            let mut out = Vec::new();
            zip.sink.drain_into(&mut out);
            most = most.max(out.len());
            for page in out.chunks(4096) {
                if zeros.starts_with(page) {
                    let hole = i64::try_from(page.len()).unwrap();
                    disk.seek(SeekFrom::Current(hole)).unwrap();
                } else {
                    disk.write_all(page).unwrap();
                }
            }
            length += out.len() as u64;
            disk.set_len(length).unwrap();
        };
        let file = zip.files.next().unwrap();
        zip.begin(file).unwrap();
        for _ in 0..blocks {
            zip.add(&zeros).unwrap();
            fetch(&zip);
        }
        let mut out = Vec::new();
        zip.foot(&mut out).unwrap();
        zip.sink.write_all(&out).unwrap();
        fetch(&zip);
        most
    }

    /// Runs a command on an archive and gives what it says.
    fn said(command: &str, arguments: &[&str], path: &Path) -> String {
        let mut command = Command::new(command);
        let ended = command.args(arguments).arg(path).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        let complaint = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{command:?}: {said}{complaint}");
        said
    }

    #[test]
    fn archives_are_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("small.zip");
        write_archive(&path, 3, CompressionMethod::Deflated);
        let mut archive = zip::ZipArchive::new(DiskFile::open(&path).unwrap()).unwrap();
        let names: Vec<_> = archive
            .file_names()
            .map(|name| name.unwrap().into_owned())
            .collect();
        assert_eq!(names, ["actors.csv", "events.csv"]);
        let mut actors = Vec::new();
        let mut file = archive.by_name("actors.csv").unwrap();
        assert_eq!(file.last_modified(), Some(DateTime::default()));
        file.read_to_end(&mut actors).unwrap();
        let size = file.size();
        drop(file);
        actors.retain(|byte| *byte != 0);
        let head = "id,dataset,kind,name,aliases,codes,description\r\n";
        assert_eq!(String::from_utf8(actors).unwrap(), head);
        assert_eq!(size, (3 * BLOCK + head.len()) as u64);
        let mut events = String::new();
        archive
            .by_name("events.csv")
            .unwrap()
            .read_to_string(&mut events)
            .unwrap();
        assert!(events.starts_with("id,dataset,date,"), "{events}");
    }

    #[test]
    #[ignore = "writes and checks 9 GiB, some minutes; needs unzip and Python"]
    fn archives_go_on_beyond_4_gib() {
        const BLOCKS: usize = 4100;
        let folder = tempfile::tempdir().unwrap();
        let list = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); \
                    print(z.testzip(), *[(i.filename, i.file_size, i.header_offset) for i in z.infolist()])";
        // A file of more than 4 GiB in a small archive, and one in an archive that is as large.
        for (method, packed) in [
            (CompressionMethod::Deflated, true),
            (CompressionMethod::Stored, false),
        ] {
            let path = folder.path().join(format!("{method}.zip"));
            let most = write_archive(&path, BLOCKS, method);
            assert!(most < 4 * BLOCK, "{most} bytes were held back");
            let bytes = path.metadata().unwrap().len();
            assert_eq!(bytes < 1 << 32, packed, "{bytes}");
            assert!(said("unzip", &["-t"], &path).contains("No errors detected"));
            let listed = said("python3", &["-c", list], &path);
            assert!(listed.starts_with("None ('actors.csv', 42991"), "{listed}");
        }
    }
}
