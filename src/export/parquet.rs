//! Apache Parquet, by the writer of the Arrow project, column by column.
//!
//! Rows are gathered until there are enough for a row group, which is the unit that readers skip by its
//! statistics. Rows come in the order of [`in_order_of_days`](super::stream::in_order_of_days), so that
//! a reader who looks for a window of days reads only the groups that it lies in.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use parquet::basic::{Compression, Encoding, GzipLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::error::ExportError;
use super::format::{ExportedRecord, RecordWriter};
use super::table::{Cell, ColumnType, ExportTable};
use crate::model::Kind;

/// Rows of a row group: enough for dictionaries to pay, few enough to be held in memory and skipped.
const GROUP_ROWS: usize = 65_536;
/// Bytes of texts that a row group may hold before it is closed early.
const GROUP_BYTES: usize = 32 << 20;
/// How hard gzip tries, from 1 to 9: dictionaries have done most of it before.
const GZIP_LEVEL: u32 = 1;

pub(super) struct Parquet {
    table: ExportTable,
    /// The open group, its rows and bytes of its texts.
    columns: Vec<ParquetColumn>,
    rows: usize,
    bytes: usize,
    /// Started with the head of the file.
    encoder: Option<GroupEncoder>,
}

impl Parquet {
    pub(super) fn new(kind: Kind) -> Self {
        let table = ExportTable::for_kind(kind);
        Self {
            table,
            columns: columns(table),
            rows: 0,
            bytes: 0,
            encoder: None,
        }
    }

    /// Adds a row to the open group.
    fn add(&mut self, cells: &[Cell<'_>]) {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            self.bytes += column.add(cell);
        }
        self.rows += 1;
    }

    /// Hands the open group to the encoder, and on what it has encoded meanwhile.
    fn close_group(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let emptied = self.columns.iter().map(ParquetColumn::emptied).collect();
        let group = std::mem::replace(&mut self.columns, emptied);
        (self.rows, self.bytes) = (0, 0);
        let encoder = self.encoder.as_mut().ok_or_else(stopped)?;
        encoder.encode(group, out)
    }
}

impl RecordWriter for Parquet {
    fn head(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let mut writer = writer(self.table.kind(), &self.columns)?;
        writer.flush()?;
        out.append(writer.inner_mut());
        self.encoder = Some(GroupEncoder::start(writer)?);
        Ok(())
    }

    fn record(
        &mut self,
        exported: &ExportedRecord<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), ExportError> {
        let cells = self.table.cells(exported)?;
        self.add(&cells);
        if self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
            self.close_group(out)?;
        }
        Ok(())
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        if self.rows > 0 {
            self.close_group(out)?;
        }
        self.encoder.take().ok_or_else(stopped)?.finish(out)
    }
}

fn columns(table: ExportTable) -> Vec<ParquetColumn> {
    let columns = table.columns().into_iter();
    columns
        .map(|(name, of)| ParquetColumn::new(name, of))
        .collect()
}

/// What writes a file of records of a kind.
fn writer(
    kind: Kind,
    columns: &[ParquetColumn],
) -> Result<SerializedFileWriter<Vec<u8>>, ParquetError> {
    let fields: Vec<String> = columns.iter().map(ParquetColumn::schema).collect();
    let schema = format!("message record {{ {} }}", fields.join(" "));
    let id = ColumnPath::from("id");
    let properties = WriterProperties::builder()
        .set_created_by(concat!("chancery version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::GZIP(GzipLevel::try_new(GZIP_LEVEL)?))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        // No two ids are equal, but neighbours begin alike.
        .set_column_dictionary_enabled(id.clone(), false)
        .set_column_encoding(id, Encoding::DELTA_BYTE_ARRAY)
        .set_sorting_columns(Some(order(kind, columns)))
        .build();
    let schema = Arc::new(parse_message_type(&schema)?);
    SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))
}

/// The columns by which the rows are in order.
fn order(kind: Kind, columns: &[ParquetColumn]) -> Vec<SortingColumn> {
    let order: &[&str] = match kind {
        Kind::Event | Kind::Statement | Kind::Relation => &["earliest", "id"],
        Kind::Source | Kind::Actor | Kind::Judgement => &["id"],
    };
    let leaves = columns.iter();
    let leaves: Vec<&str> = leaves
        .flat_map(|column| column.leaves.iter().map(|_| column.name))
        .collect();
    let places = order
        .iter()
        .filter_map(|name| leaves.iter().position(|leaf| leaf == name));
    places
        .filter_map(|place| i32::try_from(place).ok())
        .map(|column_idx| SortingColumn {
            column_idx,
            descending: false,
            nulls_first: true,
        })
        .collect()
}

/// Encodes row groups on a thread of its own, while the next is gathered: each is half of the work.
struct GroupEncoder {
    groups: Sender<Vec<ParquetColumn>>,
    /// The bytes of each group in turn, and after the last of them the end of the file.
    encoded: Receiver<Result<Vec<u8>, ParquetError>>,
    /// Whether a group is on its way. There is never more than one, so that memory has a bound.
    busy: bool,
}

impl GroupEncoder {
    fn start(mut writer: SerializedFileWriter<Vec<u8>>) -> io::Result<Self> {
        let (groups, gathered) = mpsc::channel::<Vec<ParquetColumn>>();
        let (given, encoded) = mpsc::channel();
        let encode = move || {
            for group in gathered {
                if given.send(write_group(&mut writer, group)).is_err() {
                    return;
                }
            }
            let end = writer.finish();
            let end = end.map(|_metadata| std::mem::take(writer.inner_mut()));
            if given.send(end).is_err() {
                tracing::debug!("nobody waits for the end of a Parquet file");
            }
        };
        let name = "chancery-parquet".to_owned();
        drop(thread::Builder::new().name(name).spawn(encode)?);
        Ok(Self {
            groups,
            encoded,
            busy: false,
        })
    }

    fn encode(&mut self, group: Vec<ParquetColumn>, out: &mut Vec<u8>) -> Result<(), ExportError> {
        if self.busy {
            let mut bytes = self.encoded.recv().map_err(|_gone| stopped())??;
            out.append(&mut bytes);
        }
        self.busy = true;
        self.groups.send(group).map_err(|_gone| stopped())
    }

    fn finish(self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        drop(self.groups);
        let pieces = if self.busy { 2 } else { 1 };
        for _ in 0..pieces {
            let mut bytes = self.encoded.recv().map_err(|_gone| stopped())??;
            out.append(&mut bytes);
        }
        Ok(())
    }
}

/// The error when there is no encoder, or it has died.
fn stopped() -> ExportError {
    ParquetError::General("its encoder has stopped".to_owned()).into()
}

fn write_group(
    writer: &mut SerializedFileWriter<Vec<u8>>,
    columns: Vec<ParquetColumn>,
) -> Result<Vec<u8>, ParquetError> {
    let mut group = writer.next_row_group()?;
    for leaf in columns.into_iter().flat_map(|column| column.leaves) {
        if let Some(mut column) = group.next_column()? {
            leaf.write(column.untyped())?;
            column.close()?;
        }
    }
    group.close()?;
    writer.flush()?;
    Ok(std::mem::take(writer.inner_mut()))
}

/// A column of the table, in the open row group.
struct ParquetColumn {
    name: &'static str,
    of: ColumnType,
    /// The flat columns that it is kept as: one, or one for each member of its objects.
    leaves: Vec<Leaf>,
}

impl ParquetColumn {
    fn new(name: &'static str, of: ColumnType) -> Self {
        let leaves = match of {
            ColumnType::Objects(members) => {
                members.iter().map(|(_, of)| Leaf::new(*of, true)).collect()
            }
            ColumnType::Ids | ColumnType::Texts => vec![Leaf::new(ColumnType::Text, true)],
            ColumnType::Text
            | ColumnType::Number
            | ColumnType::Flag
            | ColumnType::Day
            | ColumnType::Json => {
                vec![Leaf::new(of, false)]
            }
        };
        Self { name, of, leaves }
    }

    /// The same column without rows, with room for as many as this has.
    fn emptied(&self) -> Self {
        Self {
            name: self.name,
            of: self.of,
            leaves: self.leaves.iter().map(Leaf::emptied).collect(),
        }
    }

    /// The column in the language of schemas. Lists have the three levels that the format asks for.
    fn schema(&self) -> String {
        let (name, of) = (self.name, self.of);
        match of {
            ColumnType::Ids | ColumnType::Texts => format!(
                "optional group {name} (LIST) {{ repeated group list {{ {} }} }}",
                scalar("required", "element", ColumnType::Text)
            ),
            ColumnType::Objects(members) => {
                let members = members.iter();
                let members: Vec<String> = members
                    .map(|(name, of)| scalar("optional", name, *of))
                    .collect();
                format!(
                    "optional group {name} (LIST) {{ repeated group list {{ required group element {{ {} }} }} }}",
                    members.join(" ")
                )
            }
            ColumnType::Text
            | ColumnType::Number
            | ColumnType::Flag
            | ColumnType::Day
            | ColumnType::Json => scalar("optional", name, of),
        }
    }

    /// Adds the cell of a row; how many bytes of text it has.
    fn add(&mut self, cell: &Cell<'_>) -> usize {
        let leaves = &mut self.leaves;
        match (self.of, cell) {
            (ColumnType::Objects(members), Cell::Objects(cells)) => {
                let mut bytes = 0;
                for (at, object) in cells.chunks(members.len()).enumerate() {
                    for (leaf, cell) in leaves.iter_mut().zip(object) {
                        bytes += leaf.add(cell, NestingLevel::MEMBER, at > 0);
                    }
                }
                bytes
            }
            (_, Cell::List(texts)) => {
                let texts = texts.iter().enumerate();
                let leaf = leaves.first_mut();
                leaf.map_or(0, |leaf| {
                    texts
                        .map(|(at, text)| leaf.add_text(text, NestingLevel::ELEMENT, at > 0))
                        .sum()
                })
            }
            _ => leaves
                .iter_mut()
                .map(|leaf| leaf.add(cell, NestingLevel::COLUMN, false))
                .sum(),
        }
    }
}

/// A field without parts.
fn scalar(repetition: &str, name: &str, of: ColumnType) -> String {
    let (physical, logical) = match of {
        ColumnType::Number => ("double", ""),
        ColumnType::Flag => ("boolean", ""),
        ColumnType::Day => ("int32", " (DATE)"),
        // Not as the format's own JSON, which some readers give as bytes.
        ColumnType::Text
        | ColumnType::Json
        | ColumnType::Ids
        | ColumnType::Texts
        | ColumnType::Objects(_) => ("binary", " (STRING)"),
    };
    format!("{repetition} {physical} {name}{logical};")
}

/// How much of a nested value is there (the format's definition levels): what there is at the least
/// where a leaf is written, whether it has a value there or not.
struct NestingLevel;

impl NestingLevel {
    /// Nothing.
    const COLUMN: i16 = 0;
    /// A list.
    const ELEMENT: i16 = 1;
    /// A list and an object in it.
    const MEMBER: i16 = 2;
}

/// A flat column of the open row group.
struct Leaf {
    /// How much of each value is there.
    levels: Vec<i16>,
    /// Of lists, whether each value follows another in its list (1) or begins one (0).
    repeats: Option<Vec<i16>>,
    values: Values,
}

enum Values {
    /// Texts one after another, and where each ends.
    Texts(Vec<u8>, Vec<usize>),
    Numbers(Vec<f64>),
    Flags(Vec<bool>),
    Days(Vec<i32>),
}

impl Leaf {
    fn new(of: ColumnType, is_list: bool) -> Self {
        let values = match of {
            ColumnType::Number => Values::Numbers(Vec::new()),
            ColumnType::Flag => Values::Flags(Vec::new()),
            ColumnType::Day => Values::Days(Vec::new()),
            ColumnType::Text
            | ColumnType::Ids
            | ColumnType::Texts
            | ColumnType::Objects(_)
            | ColumnType::Json => Values::Texts(Vec::new(), Vec::new()),
        };
        Self {
            levels: Vec::new(),
            repeats: is_list.then(Vec::new),
            values,
        }
    }

    fn emptied(&self) -> Self {
        let values = match &self.values {
            Values::Texts(bytes, ends) => Values::Texts(
                Vec::with_capacity(bytes.len()),
                Vec::with_capacity(ends.len()),
            ),
            Values::Numbers(numbers) => Values::Numbers(Vec::with_capacity(numbers.len())),
            Values::Flags(flags) => Values::Flags(Vec::with_capacity(flags.len())),
            Values::Days(days) => Values::Days(Vec::with_capacity(days.len())),
        };
        let repeats = self.repeats.as_ref();
        Self {
            levels: Vec::with_capacity(self.levels.len()),
            repeats: repeats.map(|repeats| Vec::with_capacity(repeats.len())),
            values,
        }
    }

    /// Adds a value, or that there is none; how many bytes of text it has.
    fn add(&mut self, cell: &Cell<'_>, least: i16, follows: bool) -> usize {
        let there = match (&mut self.values, cell) {
            (_, Cell::Text(text)) => return self.add_text(text, least, follows),
            (Values::Numbers(numbers), Cell::Number(number)) => {
                numbers.push(*number);
                true
            }
            (Values::Flags(flags), Cell::Flag(flag)) => {
                flags.push(*flag);
                true
            }
            (Values::Days(days), Cell::Day(day)) => {
                days.push(day.number());
                true
            }
            _ => false,
        };
        self.add_level(least, there, follows);
        0
    }

    fn add_text(&mut self, text: &str, least: i16, follows: bool) -> usize {
        let Values::Texts(bytes, ends) = &mut self.values else {
            self.add_level(least, false, follows);
            return 0;
        };
        bytes.extend_from_slice(text.as_bytes());
        ends.push(bytes.len());
        self.add_level(least, true, follows);
        text.len()
    }

    fn add_level(&mut self, least: i16, there: bool, follows: bool) {
        self.levels.push(least + i16::from(there));
        if let Some(repeats) = &mut self.repeats {
            repeats.push(i16::from(follows));
        }
    }

    /// Writes the values.
    fn write(self, writer: &mut ColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = Some(self.levels.as_slice());
        let repeats = self.repeats.as_deref();
        match (writer, self.values) {
            (ColumnWriter::ByteArrayColumnWriter(writer), Values::Texts(bytes, ends)) => {
                // Views of one allocation.
                let bytes = ByteArray::from(bytes);
                let starts = std::iter::once(0).chain(ends.iter().copied());
                let each = starts.zip(&ends);
                let texts: Vec<ByteArray> = each
                    .map(|(from, to)| bytes.slice(from, to - from))
                    .collect();
                writer.write_batch(&texts, levels, repeats)?;
            }
            (ColumnWriter::DoubleColumnWriter(writer), Values::Numbers(numbers)) => {
                writer.write_batch(&numbers, levels, repeats)?;
            }
            (ColumnWriter::BoolColumnWriter(writer), Values::Flags(flags)) => {
                writer.write_batch(&flags, levels, repeats)?;
            }
            (ColumnWriter::Int32ColumnWriter(writer), Values::Days(days)) => {
                writer.write_batch(&days, levels, repeats)?;
            }
            _ => {
                let problem = "a column has another type than its schema".to_owned();
                return Err(ParquetError::General(problem));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use parquet::file::reader::{FileReader as _, SerializedFileReader};

    use super::*;
    use crate::model::Day;

    /// The bytes of a file of rows, a row group for so many.
    fn file(rows: &[Vec<Cell<'_>>], group_rows: usize, columns: Vec<ParquetColumn>) -> Vec<u8> {
        let mut parquet = Parquet::new(Kind::Event);
        parquet.columns = columns;
        let mut out = Vec::new();
        parquet.head(&mut out).unwrap();
        for group in rows.chunks(group_rows) {
            for row in group {
                parquet.add(row);
            }
            parquet.close_group(&mut out).unwrap();
        }
        parquet.foot(&mut out).unwrap();
        out
    }

    #[test]
    fn what_is_written_is_read_back() {
        const MEMBERS: ColumnType = ColumnType::Objects(&[
            ("confidence", ColumnType::Number),
            ("source", ColumnType::Text),
        ]);
        let columns = || {
            vec![
                ParquetColumn::new("id", ColumnType::Text),
                ParquetColumn::new("earliest", ColumnType::Day),
                ParquetColumn::new("score", ColumnType::Number),
                ParquetColumn::new("open", ColumnType::Flag),
                ParquetColumn::new("actors", ColumnType::Ids),
                ParquetColumn::new("sources", MEMBERS),
                ParquetColumn::new("codes", ColumnType::Json),
            ]
        };
        let full = vec![
            Cell::text(Some("a")),
            Cell::Day(Day::from_ymd(2023, 6, 16).unwrap()),
            Cell::Number(-3.5),
            Cell::Flag(true),
            Cell::list(vec!["usa", "prk"]),
            Cell::Objects(vec![
                Cell::Number(0.5),
                Cell::text(Some("x")),
                Cell::Nothing,
                Cell::text(Some("y")),
            ]),
            Cell::text(Some("{}")),
        ];
        let mut empty = vec![Cell::Nothing; 7];
        empty[0] = Cell::text(Some("b"));
        let rows = [full.clone(), empty, full];
        let file = file(&rows, 2, columns());
        let reader = SerializedFileReader::new(on_disk(&file)).unwrap();
        let metadata = reader.metadata();
        assert_eq!(metadata.num_row_groups(), 2);
        let group = metadata.row_group(0);
        let order = group.sorting_columns().unwrap();
        let order: Vec<i32> = order.iter().map(|column| column.column_idx).collect();
        assert_eq!(order, [1, 0], "by day, then by id");
        let days = group.column(1).statistics().unwrap();
        assert_eq!(days.null_count_opt(), Some(1));
        assert_eq!(days.min_bytes_opt().unwrap(), days.max_bytes_opt().unwrap());
        let rows = reader.get_row_iter(None).unwrap();
        let read: Vec<String> = rows.map(|row| row.unwrap().to_string()).collect();
        let full = "{id: \"a\", earliest: 2023-06-16, score: -3.5E0, open: true, \
                    actors: [\"usa\", \"prk\"], \
                    sources: [{confidence: 0.5, source: \"x\"}, {confidence: null, source: \"y\"}], codes: \"{}\"}";
        let empty = "{id: \"b\", earliest: null, score: null, open: null, actors: null, sources: null, codes: null}";
        assert_eq!(read, [full, empty, full]);
    }

    #[test]
    fn a_file_without_rows_has_its_columns() {
        let columns = Parquet::new(Kind::Event).columns;
        let file = file(&[], 1, columns);
        let reader = SerializedFileReader::new(on_disk(&file)).unwrap();
        let schema = reader.metadata().file_metadata().schema();
        assert_eq!(
            schema.get_fields().len(),
            ExportTable::for_kind(Kind::Event).columns().len()
        );
        assert_eq!(reader.metadata().num_row_groups(), 0);
    }

    fn on_disk(bytes: &[u8]) -> std::fs::File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }
}
