//! Apache Parquet, by the writer of the Arrow project, column by column.
//!
//! Rows are gathered until there are enough for a row group, which is the unit that readers skip by its
//! statistics. Rows come in the order of [`in_order_of_days`](super::stream::in_order_of_days), so that
//! a reader who looks for a window of days reads only the groups that it lies in.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use parquet::basic::{Compression, Encoding, GzipLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::error::ExportError;
use super::format::{ExportedRecord, RecordWriter};
use super::parquet_leaf::{Leaf, LeafEnd, LeafSpan, NestingLevel};
use super::table::{Cell, ColumnType, ExportTable, PlainPart};
use crate::graph::{PlainEvent, Row, RowShape, View};
use crate::model::{DayRange, Kind};

/// Rows of a row group: enough for dictionaries to pay, few enough to be held in memory and skipped.
const GROUP_ROWS: usize = 65_536;
/// Bytes of texts that a row group may hold before it is closed early.
const GROUP_BYTES: usize = 32 << 20;
/// How hard gzip tries, from 1 to 9: dictionaries have done most of it before.
const GZIP_LEVEL: u32 = 1;

/// Shapes of which a row group keeps a model: where each event has its own, models are of no use.
const MODELS_MAX: usize = 4096;

pub(super) struct Parquet {
    table: ExportTable,
    /// The open group, its rows and bytes of its texts.
    columns: Vec<ParquetColumn>,
    rows: usize,
    bytes: usize,
    models: ModelRows,
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
            models: ModelRows::default(),
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

    /// Adds a plain event without its record, from what rows of its shape and of its days said before;
    /// `false` when the group has no such rows.
    fn repeat(&mut self, view: &View, event: &PlainEvent<'_>) -> bool {
        let Some((of_shape, of_days)) = self.models.find(event) else {
            return false;
        };
        let spans = of_shape.iter().zip(of_days);
        let leaves = self
            .columns
            .iter_mut()
            .flat_map(|column| &mut column.leaves);
        for (leaf, (of_shape, of_days)) in leaves.zip(spans) {
            self.bytes += match leaf.part() {
                PlainPart::Shape => leaf.repeat(of_shape),
                PlainPart::Date => leaf.repeat(of_days),
                PlainPart::Id => {
                    let id = event.id.text(Kind::Event);
                    leaf.add_text(&id, NestingLevel::COLUMN, false)
                }
                PlainPart::Actors(roles) => {
                    let actors = event.actors.iter().zip(event.roles);
                    let actors = actors.filter(|(_, role)| roles.contains(role));
                    let actors = actors.map(|(actor, _)| view.survivor(*actor));
                    leaf.repeat_actors(of_shape, actors, |actor| view.text(actor))
                }
            };
        }
        self.rows += 1;
        true
    }

    /// Adds a record; where its values stand.
    fn add_record(&mut self, exported: &ExportedRecord<'_>) -> Result<Vec<LeafSpan>, ExportError> {
        let leaves = |columns: &[ParquetColumn]| -> Vec<LeafEnd> {
            let leaves = columns.iter().flat_map(|column| &column.leaves);
            leaves.map(Leaf::end).collect()
        };
        let before = leaves(&self.columns);
        self.add(&self.table.cells(exported)?);
        let after = leaves(&self.columns);
        let spans = before.into_iter().zip(after);
        Ok(spans.map(|(from, to)| from.until(to)).collect())
    }

    fn close_full_group(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        if self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
            self.close_group(out)?;
        }
        Ok(())
    }

    /// Hands the open group to the encoder, and on what it has encoded meanwhile.
    fn close_group(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let emptied = self.columns.iter().map(ParquetColumn::emptied).collect();
        let group = std::mem::replace(&mut self.columns, emptied);
        (self.rows, self.bytes) = (0, 0);
        self.models = ModelRows::default();
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
        self.add(&self.table.cells(exported)?);
        self.close_full_group(out)
    }

    fn row(&mut self, view: &View, row: Row, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let Some(event) = view.plain(row) else {
            return self.record(&ExportedRecord::read(view, row)?, out);
        };
        if !self.repeat(view, &event) {
            let exported = ExportedRecord::read(view, row)?;
            if !self.models.wants(&event) {
                return self.record(&exported, out);
            }
            let spans = self.add_record(&exported)?;
            self.models.keep(&event, spans);
        }
        self.close_full_group(out)
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> Result<(), ExportError> {
        if self.rows > 0 {
            self.close_group(out)?;
        }
        self.encoder.take().ok_or_else(stopped)?.finish(out)
    }
}

/// Rows of the open group that later rows repeat: plain events differ in little more than ids and actors.
#[derive(Default)]
struct ModelRows {
    shapes: HashMap<RowShape, Vec<LeafSpan>>,
    /// The last row of other days than the row before it, with the days. Rows come in the order of days.
    days: Option<(Option<DayRange>, Vec<LeafSpan>)>,
}

impl ModelRows {
    /// Where rows of the shape and of the days of an event stand.
    fn find(&self, event: &PlainEvent<'_>) -> Option<(&[LeafSpan], &[LeafSpan])> {
        let (days, of_days) = self.days.as_ref()?;
        let of_shape = self.shapes.get(&event.shape)?;
        (*days == event.days).then_some((of_shape, of_days))
    }

    /// Whether a row of an event that has no models is to be one.
    fn wants(&self, event: &PlainEvent<'_>) -> bool {
        let are_new = |(days, _): &(Option<DayRange>, Vec<LeafSpan>)| *days != event.days;
        self.shapes.len() < MODELS_MAX || self.days.as_ref().is_none_or(are_new)
    }

    /// Takes a row of a plain event as the model for those that come.
    fn keep(&mut self, event: &PlainEvent<'_>, spans: Vec<LeafSpan>) {
        if self.shapes.len() < MODELS_MAX {
            let known = self.shapes.entry(event.shape);
            known.or_insert_with(|| spans.clone());
        }
        self.days = Some((event.days, spans));
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
        let part = PlainPart::for_column(name, None);
        let leaves = match of {
            ColumnType::Objects(members) => {
                let leaf = |member: &str, of| {
                    Leaf::new(of, true, PlainPart::for_column(name, Some(member)))
                };
                let members = members.iter();
                members.map(|(member, of)| leaf(member, *of)).collect()
            }
            ColumnType::Ids | ColumnType::Texts => {
                vec![Leaf::new(ColumnType::Text, true, part)]
            }
            ColumnType::Text
            | ColumnType::Number
            | ColumnType::Flag
            | ColumnType::Day
            | ColumnType::Json => {
                vec![Leaf::new(of, false, part)]
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

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use parquet::file::reader::{FileReader as _, SerializedFileReader};

    use super::super::stream::{ExportStream, RecordsFormat, in_order_of_days};
    use super::*;
    use crate::graph::GraphBuilder;
    use crate::model::{
        Cameo, Coding, Confidence, Date, Day, Event, Id, Judgement, JudgementParts, Record, Role,
        Shape, Status, Text, Verdict,
    };

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
        let read = read_back(&file);
        let full = "{id: \"a\", earliest: 2023-06-16, score: -3.5E0, open: true, \
                    actors: [\"usa\", \"prk\"], \
                    sources: [{confidence: 0.5, source: \"x\"}, {confidence: null, source: \"y\"}], codes: \"{}\"}";
        let empty = "{id: \"b\", earliest: null, score: null, open: null, actors: null, sources: null, codes: null}";
        assert_eq!(read, [full, empty, full]);
    }

    fn id(text: &str) -> Id {
        Id::parse(text).unwrap()
    }

    /// Events of a few shapes and days, most of them plain, with ids of every form.
    fn events(prefix: &str) -> Vec<Record> {
        let roles: [&[Role]; 4] = [
            &[Role::Source, Role::Target],
            &[Role::Participant, Role::Participant],
            &[Role::Target, Role::Source, Role::Target, Role::Host],
            &[Role::Mediator],
        ];
        let dates = ["", "2023-06-16", "2023-06-16~", "2023-06", "2023-06-17"];
        let mut events = Vec::new();
        for (number, (roles, date)) in (roles
            .iter()
            .flat_map(|roles| dates.map(|date| (roles, date))))
        .cycle()
        .take(80)
        .enumerate()
        {
            let shape = Shape {
                dataset: id("d"),
                coding: Coding::new(None, Cameo::parse("042").ok()).unwrap(),
                status: Status::ALL[number / 40],
                roles: (*roles).into(),
                sources: [(id("s"), Confidence::of_thousandths(800)), (id("t"), None)].into(),
            };
            let text = match number % 3 {
                0 => Id::of_hash(Kind::Event, [u8::try_from(number).unwrap(); 16]).into_string(),
                1 => format!("{prefix}-{number}"),
                _ => format!("{prefix}-with-a-long-name-{number}"),
            };
            let actors = (0..roles.len()).map(|place| id(&format!("a{}", (number + place) % 5)));
            let mut event = shape.event(id(&text), Date::parse(date).ok(), actors);
            if number % 11 == 0 {
                event.title = Some(Text::new("A visit").unwrap());
            }
            events.push(Record::Event(Event::new(event).unwrap()));
        }
        events
    }

    /// A view of events of two commits, in which one actor is merged into another.
    fn events_of_two_commits() -> View {
        let judgement = Judgement::new(JudgementParts {
            id: id("j"),
            dataset: id("d"),
            verdict: Verdict::Same,
            actor: id("a1"),
            other: id("a2"),
            reason: None,
            decided_by: None,
            sources: Vec::new(),
        });
        let mut graph = Arc::default();
        for (commit, prefix) in [(1, "x"), (2, "y")] {
            let mut builder = GraphBuilder::new(&graph);
            for event in events(prefix) {
                builder.put(&event).unwrap();
            }
            let judgement = judgement.clone().unwrap();
            builder.put(&Record::Judgement(judgement)).unwrap();
            builder.commit(commit, 0);
            graph = builder.finish().keep();
        }
        graph.view().with_merges()
    }

    #[test]
    fn plain_events_are_written_as_their_records_are() {
        let view = events_of_two_commits();
        let rows = in_order_of_days(&view, &[Kind::Event]);
        let (mut repeating, mut recording) = (Vec::new(), Vec::new());
        let mut repeated = 0;
        let mut by_row = Parquet::new(Kind::Event);
        let mut by_record = Parquet::new(Kind::Event);
        by_row.head(&mut repeating).unwrap();
        by_record.head(&mut recording).unwrap();
        for row in rows {
            let plain = view.plain(row);
            repeated +=
                usize::from(plain.is_some_and(|event| by_row.models.find(&event).is_some()));
            by_row.row(&view, row, &mut repeating).unwrap();
            let exported = ExportedRecord::read(&view, row).unwrap();
            by_record.record(&exported, &mut recording).unwrap();
        }
        by_row.foot(&mut repeating).unwrap();
        by_record.foot(&mut recording).unwrap();
        assert!(
            (30..130).contains(&repeated),
            "{repeated} rows were repeated"
        );
        let recorded = read_back(&recording);
        assert_eq!(recorded.len(), 133, "those with hashes are in both commits");
        assert_eq!(read_back(&repeating), recorded);
        // A text has the same number wherever it stands, so that the files are the same, too.
        assert!(repeating == recording);
    }

    #[test]
    fn archives_have_the_files_of_each_kind() {
        let kinds = [Kind::Event, Kind::Judgement];
        let file = |kinds: &[Kind]| {
            let format = RecordsFormat::Parquet;
            let mut stream = ExportStream::records(events_of_two_commits(), kinds, format);
            let mut file = Vec::new();
            while let Some(mut piece) = stream.piece().unwrap() {
                file.append(&mut piece);
            }
            file
        };
        let mut archive = zip::ZipArchive::new(on_disk(&file(&kinds))).unwrap();
        for (kind, name) in kinds.iter().zip(["events.parquet", "judgements.parquet"]) {
            let mut read = Vec::new();
            let mut archived = archive.by_name(name).unwrap();
            archived.read_to_end(&mut read).unwrap();
            assert!(read == file(&[*kind]), "{name}");
        }
    }

    /// The rows of a file.
    fn read_back(file: &[u8]) -> Vec<String> {
        let reader = SerializedFileReader::new(on_disk(file)).unwrap();
        let rows = reader.get_row_iter(None).unwrap();
        rows.map(|row| row.unwrap().to_string()).collect()
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
