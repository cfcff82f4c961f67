//! Imports: all of an input or nothing, or its good records.
//!
//! An input is read twice. The first reading takes up sources, actors and relations, so that the
//! second can resolve names whatever the order of the input. Events and statements are checked,
//! encoded and handed to the journal one by one; what is remembered of them is what the graph keeps
//! anyway. What can be known only at the end (a link to an event that never came) makes a record
//! bad after the fact: with [`OnError::Skip`] the input is read again without it, until no further
//! record falls.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use hashbrown::HashSet;

use super::check::{self, LinkCheck};
use super::error::EngineError;
use super::header::{Cause, Header, rejects_block};
use super::report::{Counts, ImportReport, ImportStatus, REJECTS_KEPT_MAX, RejectReport};
use super::writer::{BLOCK_BYTES, recorded_at};
use crate::clock;
use crate::codec::{self, Change};
use crate::document::Defaults;
use crate::graph::{Applied, Builder, Graph, Row, View};
use crate::ingest::{
    self, Events, Format, IngestError, Input, Item, Kinds, Options, Position, Reject, Subject,
};
use crate::journal::{Journal, Staged};
use crate::model::{
    Actor, ActorKind, ActorParts, Draft, Id, Kind, Name, Problem, Record, Shape, Source,
    SourceKind, SourceParts, fold,
};

/// What to do with an import that has rejects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// Write nothing.
    Reject,
    /// Write the good records.
    Skip,
}

/// How to import.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The id of the import.
    pub id: String,
    /// The data set of records that name none.
    pub dataset: Id,
    /// The format; found out when it is not given.
    pub format: Option<Format>,
    /// What to do with rejects.
    pub on_error: OnError,
    /// Do everything but write.
    pub dry_run: bool,
}

impl ImportOptions {
    /// The report of this import before it has begun.
    pub fn waiting(&self) -> ImportReport {
        ImportReport::waiting(self.id.clone(), self.dataset.as_str(), self.dry_run)
    }
}

/// How far an import is. Shared with whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes read of the current reading.
    bytes: AtomicU64,
    /// Readings that are done.
    readings: AtomicU64,
    /// Records taken up so far.
    records: AtomicU64,
}

impl Progress {
    /// Bytes read so far of an input of `total` bytes that is read twice. It never goes down: when
    /// records have to be skipped and the input is read again, it stays at `total`.
    pub fn bytes_of(&self, total: u64) -> u64 {
        let of_this = self.bytes.load(Ordering::Relaxed).min(total);
        match self.readings.load(Ordering::Relaxed) {
            0 => of_this / 2,
            1 => u64::midpoint(total, of_this),
            _ => total,
        }
    }

    /// Records taken up so far.
    pub fn records(&self) -> u64 {
        self.records.load(Ordering::Relaxed)
    }
}

/// Items that the reading thread hands over together.
const BATCH_ITEMS: usize = 256;
/// Batches that may wait to be taken.
const BATCHES_WAITING_MAX: usize = 8;

/// Reads an input and hands its items over in batches, until they are taken no more.
fn read_in_batches(
    input: &Input,
    options: &Options<'_>,
    batches: &mpsc::SyncSender<Vec<Item>>,
) -> Result<ingest::Summary, IngestError> {
    let mut batch = Vec::with_capacity(BATCH_ITEMS);
    let summary = ingest::read(input, options, &mut |item| {
        batch.push(item);
        if batch.len() < BATCH_ITEMS {
            return ControlFlow::Continue(());
        }
        match batches.send(std::mem::replace(
            &mut batch,
            Vec::with_capacity(BATCH_ITEMS),
        )) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_gone) => ControlFlow::Break(()),
        }
    })?;
    if batches.send(batch).is_err() {
        tracing::debug!("the import broke off before the end of its input");
    }
    Ok(summary)
}

/// Records that turned out bad only at the end of a reading, with what is wrong with each.
type Fallen = BTreeMap<(Kind, String), Vec<Problem>>;

/// Runs an import on top of `graph`. The state comes back when something was committed and synced.
pub(super) fn run(
    journal: &mut Journal,
    graph: &Arc<Graph>,
    input: &Input,
    options: &ImportOptions,
    progress: &Progress,
) -> Result<(ImportReport, Option<Applied>), EngineError> {
    let mut fallen = Fallen::new();
    loop {
        let mut pass = Pass {
            input,
            options,
            progress,
            fallen: &fallen,
            report: options.waiting(),
            positions: Vec::new(),
            links: LinkCheck::default(),
            same: HashSet::new(),
            pending: BTreeMap::new(),
            plain: Plain::default(),
        };
        let staged = if options.dry_run {
            None
        } else {
            Some(journal.begin()?)
        };
        let mut out = Out {
            staged,
            block: None,
            changes: 0,
        };
        let (base, late) = pass.first_reading(graph, &mut out)?;
        let view = base.graph.view_of_all();
        let (builder, late) = pass.second_reading(&base, &view, late, &mut out)?;
        if options.on_error == OnError::Skip && !late.is_empty() {
            drop(builder);
            base.abandon();
            out.abandon()?;
            fallen.extend(late);
            continue;
        }
        for ((kind, id), problems) in late {
            pass.reject_known(kind, &id, problems);
        }
        let rejected = pass.report.problems > 0 && options.on_error == OnError::Reject;
        pass.report.status = match (rejected, options.dry_run, out.changes) {
            (true, ..) => ImportStatus::Rejected,
            (false, true, _) => ImportStatus::Checked,
            (false, false, 0) => ImportStatus::Unchanged,
            (false, false, _) => ImportStatus::Committed,
        };
        let mut report = pass.finish();
        if report.status != ImportStatus::Committed {
            drop(builder);
            base.abandon();
            out.abandon()?;
            return Ok((report, None));
        }
        return match commit(graph, builder, out, &mut report) {
            Ok(applied) => match journal.sync() {
                Ok(()) => Ok((report, Some(applied.after(base)))),
                Err(error) => {
                    applied.after(base).abandon();
                    Err(error.into())
                }
            },
            Err(error) => {
                base.abandon();
                Err(error)
            }
        };
    }
}

/// Ends the commit in the journal and in the state; not synced.
fn commit(
    graph: &Graph,
    mut builder: Builder<'_>,
    out: Out<'_>,
    report: &mut ImportReport,
) -> Result<Applied, EngineError> {
    let recorded_at = recorded_at(graph);
    let kept = ImportReport {
        rejects: Vec::new(),
        ..report.clone()
    };
    let header = Header {
        recorded_at,
        cause: Cause::Import(Box::new(kept)),
    };
    let number = out.finish(&header, &report.rejects)?;
    builder.commit(number, recorded_at);
    report.commit = Some(number);
    report.recorded_at = Some(clock::rfc3339(recorded_at));
    Ok(builder.finish())
}

/// The changes on their way to the journal.
struct Out<'j> {
    /// `None` in a dry run, and once there is a reject that stops the import.
    staged: Option<Staged<'j>>,
    block: Option<Vec<u8>>,
    changes: u64,
}

impl Out<'_> {
    fn push(&mut self, change: &Change) -> Result<(), EngineError> {
        self.changes += 1;
        let Some(staged) = &mut self.staged else {
            return Ok(());
        };
        let block = self.block.get_or_insert_with(codec::block);
        codec::push(block, change)?;
        if block.len() >= BLOCK_BYTES {
            staged.block(block)?;
            self.block = None;
        }
        Ok(())
    }

    fn finish(mut self, header: &Header, rejects: &[RejectReport]) -> Result<u64, EngineError> {
        // Only a dry run has nothing staged, and that is never committed.
        let mut staged = self.staged.take().ok_or(EngineError::Closed)?;
        if let Some(block) = self.block.take() {
            staged.block(&block)?;
        }
        if !rejects.is_empty() {
            staged.block(&rejects_block(rejects))?;
        }
        Ok(staged.finish(&header.bytes())?)
    }

    fn abandon(&mut self) -> Result<(), EngineError> {
        self.block = None;
        match self.staged.take() {
            Some(staged) => Ok(staged.abandon()?),
            None => Ok(()),
        }
    }
}

/// A link from a record of the import to an event that has not come yet.
struct Pending {
    kind: Kind,
    id: String,
    field: String,
}

/// One attempt at the whole input.
struct Pass<'a> {
    input: &'a Input,
    options: &'a ImportOptions,
    progress: &'a Progress,
    fallen: &'a Fallen,
    report: ImportReport,
    /// Where the records stand that may still turn out bad.
    positions: Vec<((Kind, String), Position)>,
    links: LinkCheck,
    /// Stored records that the import has met unchanged. All of one kind are looked up in one view,
    /// so their rows tell them apart.
    same: HashSet<(Kind, Row)>,
    /// By the event that has not come yet.
    pending: BTreeMap<Id, Vec<Pending>>,
    plain: Plain,
}

/// What the plain events of a reading name and share, by number.
#[derive(Default)]
struct Plain {
    names: Vec<Name>,
    shapes: Vec<Arc<Shape>>,
    /// Whether actors and sources that nobody knows are to be made.
    implied: bool,
}

impl Pass<'_> {
    /// Takes up sources, actors and relations.
    fn first_reading(
        &mut self,
        graph: &Arc<Graph>,
        out: &mut Out<'_>,
    ) -> Result<(Applied, Fallen), EngineError> {
        let mut drafts: [Vec<(Position, Draft)>; 3] = Default::default();
        self.read(
            &[Kind::Source, Kind::Actor, Kind::Relation],
            true,
            &mut |pass, position, draft| {
                if let Some(of_kind) = drafts.get_mut(usize::from(draft.kind().number())) {
                    of_kind.push((position, draft));
                }
                pass.progress.records.fetch_add(1, Ordering::Relaxed);
                Ok(())
            },
        )?;
        let [sources, actors, relations] = drafts;
        let mut late = Fallen::new();
        let before = graph.view();
        let mut builder = Builder::new(graph);
        for (position, draft) in sources.into_iter().chain(actors) {
            // Sources and actors name no actors, so there is nothing to look up.
            match check::resolve(&before, draft) {
                Ok(record) => self.take_up(&before, &mut builder, out, position, record)?,
                Err(problems) => self.reject(position, &Subject::default(), problems),
            }
        }
        if self.plain.implied {
            self.make_implied(&before, &mut builder, out)?;
        }
        let named = builder.finish();
        let view = named.graph.view_of_all();
        self.check_originals(&view, &mut late);
        let mut builder = named.builder();
        for (position, draft) in relations {
            self.resolve_and_take_up(&view, &mut builder, out, position, draft)?;
        }
        let applied = builder.finish();
        Ok((applied.after(named), late))
    }

    /// Makes the sources and actors that plain events name and that nobody knows.
    fn make_implied(
        &mut self,
        before: &View,
        builder: &mut Builder<'_>,
        out: &mut Out<'_>,
    ) -> Result<(), EngineError> {
        let plain = std::mem::take(&mut self.plain);
        for shape in &plain.shapes {
            for (source, _) in &shape.sources {
                let known = before.find(Kind::Source, source.as_str()).is_some()
                    || builder.has(Kind::Source, source);
                if !known {
                    let record = implied_source(source, &shape.dataset)?;
                    self.take_up(before, builder, out, Position::START, record)?;
                }
            }
        }
        let mut made: HashSet<String> = HashSet::new();
        for name in &plain.names {
            if before.is_known(name) || !made.insert(fold(name)) {
                continue;
            }
            let taken = |id: &Id| {
                before.find(Kind::Actor, id.as_str()).is_some() || builder.has(Kind::Actor, id)
            };
            let id = Id::of_name(name, taken);
            let record = implied_actor(id, name, &self.options.dataset)?;
            self.take_up(before, builder, out, Position::START, record)?;
        }
        Ok(())
    }

    /// Sources may repeat sources that come later in the input.
    fn check_originals(&self, view: &View, late: &mut Fallen) {
        for ((kind, id), _) in self
            .positions
            .iter()
            .filter(|((kind, _), _)| *kind == Kind::Source)
        {
            let Some(record) = view.find(*kind, id).and_then(|row| view.record(row)) else {
                continue;
            };
            let problems = check::unknown_sources(view, &record);
            if !problems.is_empty() {
                late.insert((*kind, id.clone()), problems);
            }
        }
    }

    /// Takes up events and statements.
    fn second_reading<'g>(
        &mut self,
        base: &'g Applied,
        view: &View,
        mut late: Fallen,
        out: &mut Out<'_>,
    ) -> Result<(Builder<'g>, Fallen), EngineError> {
        let mut builder = base.builder();
        self.read(
            &[Kind::Event, Kind::Statement],
            false,
            &mut |pass, position, draft| {
                pass.progress.records.fetch_add(1, Ordering::Relaxed);
                pass.resolve_and_take_up(view, &mut builder, out, position, draft)
            },
        )?;
        let came = |id: &str| Id::parse(id).is_ok_and(|id| builder.has(Kind::Event, &id));
        for (event, pending) in std::mem::take(&mut self.pending) {
            if came(event.as_str()) {
                continue;
            }
            for Pending { kind, id, field } in pending {
                let problem = check::unknown_id(view, Kind::Event, &event, field);
                late.entry((kind, id)).or_default().push(problem);
            }
        }
        for (event, problem) in self.links.circles(view, came) {
            late.entry((Kind::Event, event)).or_default().push(problem);
        }
        Ok((builder, late))
    }

    fn read(
        &mut self,
        kinds: &[Kind],
        report_unreadable: bool,
        each: &mut dyn FnMut(&mut Self, Position, Draft) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let progress = self.progress;
        let options = Options {
            format: self.options.format,
            defaults: Defaults {
                dataset: self.options.dataset.clone(),
            },
            kinds: Kinds::of(kinds),
            report_unreadable,
            bytes_read: Some(&progress.bytes),
        };
        let input = self.input;
        self.plain = Plain::default();
        // One thread reads and parses while this one checks and writes.
        let (summary, failure) = thread::scope(|scope| {
            let (batches, items) = mpsc::sync_channel::<Vec<Item>>(BATCHES_WAITING_MAX);
            let reader = scope.spawn(move || read_in_batches(input, &options, &batches));
            let failure = items
                .iter()
                .flatten()
                .find_map(|item| self.take_in(item, each).err());
            // A reader that is still at work stops when nobody takes its batches.
            drop(items);
            (reader.join(), failure)
        });
        if let Some(failure) = failure {
            return Err(failure);
        }
        let summary =
            summary.map_err(|_panic| EngineError::Thread("the reader panicked".into()))??;
        progress.readings.fetch_add(1, Ordering::Relaxed);
        progress.bytes.store(0, Ordering::Relaxed);
        self.report.records += summary.records;
        if let Some(format) = summary.format {
            self.report.format = Some(format.as_str().to_owned());
        }
        Ok(())
    }

    fn take_in(
        &mut self,
        item: Item,
        each: &mut dyn FnMut(&mut Self, Position, Draft) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        match item {
            Item::Draft(position, draft) => each(self, position, draft),
            Item::Events(events) => self.take_in_events(*events, each),
            Item::Rejects(rejects) => {
                self.reject_record(rejects);
                Ok(())
            }
        }
    }

    fn take_in_events(
        &mut self,
        mut events: Events,
        each: &mut dyn FnMut(&mut Self, Position, Draft) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        self.plain.names.append(&mut events.names);
        self.plain.shapes.append(&mut events.shapes);
        self.plain.implied |= events.implied;
        let mut actors = events.actors.as_slice();
        for row in &events.rows {
            let shape = self.plain.shapes.get(row.shape as usize).map(Arc::clone);
            let (Some(shape), Some(id)) = (shape, events.id(row)) else {
                continue;
            };
            let (of_row, rest) = actors
                .split_at_checked(shape.roles.len())
                .unwrap_or_default();
            actors = rest;
            let names = of_row
                .iter()
                .filter_map(|name| self.plain.names.get(*name as usize).cloned());
            match ingest::draft(&shape, id, row.days, names) {
                Ok(draft) => each(self, row.position, draft)?,
                Err(problems) => self.reject(row.position, &subject(Kind::Event, ""), problems),
            }
        }
        Ok(())
    }

    fn resolve_and_take_up(
        &mut self,
        view: &View,
        builder: &mut Builder<'_>,
        out: &mut Out<'_>,
        position: Position,
        draft: Draft,
    ) -> Result<(), EngineError> {
        let subject = subject(draft.kind(), draft.id().as_str());
        let record = match check::resolve(view, draft) {
            Ok(record) => record,
            Err(problems) => {
                self.reject(position, &subject, problems);
                return Ok(());
            }
        };
        let problems = check::unknown_sources(view, &record);
        if !problems.is_empty() {
            self.reject(position, &subject, problems);
            return Ok(());
        }
        self.take_up(view, builder, out, position, record)
    }

    /// Adds a record to the commit, unless it is there already or has fallen.
    fn take_up(
        &mut self,
        view: &View,
        builder: &mut Builder<'_>,
        out: &mut Out<'_>,
        position: Position,
        record: Record,
    ) -> Result<(), EngineError> {
        let (kind, id) = (record.kind(), record.id().to_string());
        if let Some(problems) = self.fallen.get(&(kind, id.clone())) {
            self.reject(position, &subject(kind, &id), problems.clone());
            return Ok(());
        }
        match builder.holds(&record) {
            Some(true) => {
                self.report.count(kind).same += 1;
                return Ok(());
            }
            Some(false) => {
                self.reject_twin(position, kind, id);
                return Ok(());
            }
            None => {}
        }
        if let Some(row) = view.find(kind, &id) {
            if view.record(row).as_ref() == Some(&record) {
                self.same.insert((kind, row));
                self.report.count(kind).same += 1;
                return Ok(());
            }
            if self.same.contains(&(kind, row)) {
                self.reject_twin(position, kind, id);
                return Ok(());
            }
            self.report.count(kind).changed += 1;
        } else {
            self.report.count(kind).new += 1;
        }
        self.note_links(view, builder, position, &record);
        builder.put(&record)?;
        out.push(&Change::Put(record))
    }

    /// Remembers what can be checked only when all records have come.
    fn note_links(
        &mut self,
        view: &View,
        builder: &Builder<'_>,
        position: Position,
        record: &Record,
    ) {
        let (kind, id) = (record.kind(), record.id().to_string());
        let known = |event: &Id| {
            view.find(Kind::Event, event.as_str()).is_some() || builder.has(Kind::Event, event)
        };
        let mut open = matches!(record, Record::Source(source) if source.original.is_some());
        for (field, event) in check::unknown_events(record, known) {
            open = true;
            let pending = Pending {
                kind,
                id: id.clone(),
                field,
            };
            self.pending.entry(event.clone()).or_default().push(pending);
        }
        if let Record::Event(event) = record {
            self.links.add(event);
            open |= !event.links.is_empty();
        }
        if open {
            self.positions.push(((kind, id), position));
        }
    }

    fn reject_twin(&mut self, position: Position, kind: Kind, id: String) {
        let problem = Problem::new("id", "stands earlier in this import with other content");
        self.reject(position, &subject(kind, &id), vec![problem.value(id)]);
    }

    /// Rejects a record that was taken up before.
    fn reject_known(&mut self, kind: Kind, id: &str, problems: Vec<Problem>) {
        let found = self
            .positions
            .iter()
            .find(|((k, i), _)| *k == kind && i == id);
        let position = found.map_or(Position::START, |(_, position)| *position);
        let counts = self.report.count(kind);
        // It was counted as new or changed; as none of the import is written, either will do.
        if counts.new > 0 {
            counts.new -= 1;
        } else {
            counts.changed = counts.changed.saturating_sub(1);
        }
        self.reject(position, &subject(kind, id), problems);
    }

    fn reject(&mut self, position: Position, subject: &Subject, problems: Vec<Problem>) {
        let each = problems.into_iter();
        self.reject_record(
            each.map(|problem| Reject {
                position,
                subject: subject.clone(),
                problem,
            })
            .collect(),
        );
    }

    fn reject_record(&mut self, rejects: Vec<Reject>) {
        match rejects.first().and_then(|reject| reject.subject.kind) {
            Some(kind) => self.report.count(kind).rejected += 1,
            None => self.report.unreadable += 1,
        }
        for reject in rejects {
            self.report.problems += 1;
            if self.report.rejects.len() < REJECTS_KEPT_MAX {
                self.report.rejects.push(RejectReport::from(reject));
            }
        }
    }

    fn finish(self) -> ImportReport {
        let mut report = self.report;
        report
            .rejects
            .sort_by_key(|reject| (reject.line, reject.column));
        if report.status == ImportStatus::Rejected {
            // Nothing was taken, so nothing is new.
            for counts in report.counts.values_mut() {
                *counts = Counts {
                    new: 0,
                    changed: 0,
                    ..*counts
                };
            }
        }
        report
    }
}

/// The source of events whose format has none: their data set.
fn implied_source(id: &Id, dataset: &Id) -> Result<Record, EngineError> {
    let source = Source::new(SourceParts {
        id: id.clone(),
        dataset: dataset.clone(),
        kind: SourceKind::Dataset,
        title: None,
        publisher: None,
        authors: Vec::new(),
        agency: None,
        original: None,
        url: None,
        published: None,
        language: None,
    });
    source
        .map(Record::Source)
        .map_err(|problems| EngineError::Invalid { problems })
}

/// An actor of whom a name is all that is known.
fn implied_actor(id: Id, name: &Name, dataset: &Id) -> Result<Record, EngineError> {
    let actor = Actor::new(ActorParts {
        id,
        dataset: dataset.clone(),
        kind: ActorKind::Unknown,
        name: name.clone(),
        aliases: Vec::new(),
        codes: BTreeMap::new(),
        description: None,
    });
    actor
        .map(Record::Actor)
        .map_err(|problems| EngineError::Invalid { problems })
}

fn subject(kind: Kind, id: &str) -> Subject {
    Subject {
        kind: Some(kind),
        id: Some(id.to_owned()),
    }
}
