//! Imports: all of an input or nothing, or its good records.
//!
//! Names resolve whatever the order of the input, so sources, actors and relations must be known
//! before the first event. In most inputs they come first, and one reading does. When one comes
//! after an event, the import starts again and reads twice: the first reading takes up sources,
//! actors and relations, the second the rest.
//!
//! Events and statements are checked, encoded and handed to the journal one by one; what is
//! remembered of them is what the graph keeps anyway. What can be known only at the end (a link to
//! an event that never came) makes a record bad after the fact: with [`OnError::Skip`] the input is
//! read again without it, until no further record falls.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use hashbrown::HashSet;

use super::check::{self, LinkCheck};
use super::error::EngineError;
use super::header::{Cause, DATES, Header, rejects_block};
use super::plain::Plain;
use super::report::{Counts, ImportReport, ImportStatus, REJECTS_KEPT_MAX, RejectReport};
use super::warnings::Warnings;
use super::writer::{BLOCK_BYTES, recorded_at};
use crate::clock;
use crate::codec::{self, Change};
use crate::document::{Defaults, is_id_of_content};
use crate::graph::{Applied, Builder, Graph, PackedId, Resolution, Row, View};
use crate::ingest::{
    self, ContentIds, Events, Format, IngestError, Input, Item, Kinds, Options, Position, Reject,
    RowId, Subject,
};
use crate::journal::{Journal, JournalError, Staged};
use crate::model::{Draft, Id, Kind, Name, Problem, Record};

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
    /// Whether the input is read twice.
    twice: AtomicBool,
    /// The most bytes that were told.
    told: AtomicU64,
    /// Records taken up so far.
    records: AtomicU64,
}

impl Progress {
    /// Bytes read so far of an input of `total` bytes. It never goes down: when records have to be
    /// skipped and the input is read again, it stays where it is.
    pub fn bytes_of(&self, total: u64) -> u64 {
        let of_this = self.bytes.load(Ordering::Relaxed).min(total);
        let readings = self.readings.load(Ordering::Relaxed);
        let bytes = match (self.twice.load(Ordering::Relaxed), readings) {
            (false, 0) => of_this,
            (true, 0) => of_this / 2,
            (true, 1) => u64::midpoint(total, of_this),
            _ => total,
        };
        self.told.fetch_max(bytes, Ordering::Relaxed).max(bytes)
    }

    /// Records taken up so far.
    pub fn records(&self) -> u64 {
        self.records.load(Ordering::Relaxed)
    }

    /// The input is going to be read twice, from the beginning.
    fn start_again(&self) {
        self.twice.store(true, Ordering::Relaxed);
        self.readings.store(0, Ordering::Relaxed);
        self.bytes.store(0, Ordering::Relaxed);
    }
}

/// Bytes of an input for each plain event that room is set aside for, at the least.
const ROW_BYTES_MIN: u64 = 16;
/// Items that the reading thread hands over together.
const BATCH_ITEMS: usize = 256;
/// Batches that may wait to be taken.
const BATCHES_WAITING_MAX: usize = 8;
/// Blocks that may wait to be written.
const BLOCKS_WAITING_MAX: usize = 16;

/// Reads an input and hands its items over in batches, until they are taken no more.
fn read_in_batches(
    input: &Input,
    options: &Options<'_>,
    batches: &mpsc::SyncSender<Vec<Item>>,
) -> Result<ingest::Summary, IngestError> {
    let mut batch = Vec::with_capacity(BATCH_ITEMS);
    let summary = ingest::read(input, options, &mut |item| {
        // Plain events come many at once.
        let is_batch = matches!(item, Item::Events(_));
        batch.push(item);
        if batch.len() < BATCH_ITEMS && !is_batch {
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

/// Makes the ids of events whose author gave none, until no batch comes or none is taken.
fn complete_ids(read: &mpsc::Receiver<Vec<Item>>, completed: &mpsc::SyncSender<Vec<Item>>) {
    let mut ids = ContentIds::default();
    for mut batch in read {
        for item in &mut batch {
            if let Item::Events(events) = item {
                ids.complete(events);
            }
        }
        if completed.send(batch).is_err() {
            break;
        }
    }
}

/// Records that turned out bad only at the end of a reading, with what is wrong with each.
type Fallen = BTreeMap<(Kind, String), Vec<Problem>>;

/// The kinds that events name, and the others.
const NAMED: [Kind; 3] = [Kind::Source, Kind::Actor, Kind::Relation];
const NAMING: [Kind; 2] = [Kind::Event, Kind::Statement];

/// What all readings of an input came to.
struct Taken {
    base: Applied,
    builder: Builder,
    late: Fallen,
}

/// Runs an import on top of `graph`. The state comes back when something was committed and synced. With
/// `rewrites`, dates are taken as they are written, and another spelling of one is a change.
pub(super) fn run(
    journal: &mut Journal,
    graph: &Arc<Graph>,
    (input, rewrites): (&Input, bool),
    options: &ImportOptions,
    progress: &Progress,
) -> Result<(ImportReport, Option<Applied>), EngineError> {
    let mut fallen = Fallen::new();
    let mut twice = false;
    loop {
        let mut pass = Pass {
            input,
            rewrites,
            options,
            progress,
            fallen: &fallen,
            report: options.waiting(),
            positions: Vec::new(),
            links: LinkCheck::default(),
            same: HashSet::new(),
            pending: BTreeMap::new(),
            plain: Plain::default(),
            warnings: Warnings::default(),
            may_repeat: false,
        };
        let staged = if options.dry_run {
            None
        } else {
            Some(journal.begin()?)
        };
        let (taken, changes, staged) = take_and_write(&mut pass, graph, staged, twice)?;
        let Some(taken) = taken else {
            abandon(staged)?;
            twice = true;
            progress.start_again();
            continue;
        };
        let Taken {
            base,
            builder,
            late,
        } = taken;
        if options.on_error == OnError::Skip && !late.is_empty() {
            drop(base);
            abandon(staged)?;
            fallen.extend(late);
            continue;
        }
        for ((kind, id), problems) in late {
            pass.reject_known(kind, &id, problems);
        }
        let before = graph.view();
        let has_events = before.of_kind(Kind::Event).next().is_some();
        if pass.may_repeat || pass.plain.has_synonyms() || has_events {
            pass.report.same_as = builder.equal_events(&before);
        }
        let rejected = pass.report.problems > 0 && options.on_error == OnError::Reject;
        pass.report.status = match (rejected, options.dry_run, changes) {
            (true, ..) => ImportStatus::Rejected,
            (false, true, _) => ImportStatus::Checked,
            (false, false, 0) => ImportStatus::Unchanged,
            (false, false, _) => ImportStatus::Committed,
        };
        let mut report = pass.finish();
        if report.status != ImportStatus::Committed {
            abandon(staged)?;
            return Ok((report, None));
        }
        let builder = commit(graph, builder, staged, &mut report)?;
        // What is written goes to the disk while its rows are put in order and indexed.
        let (applied, synced) = thread::scope(|scope| {
            let applied = scope.spawn(|| builder.finish());
            let synced = journal.sync();
            let applied = applied.join();
            (applied.unwrap_or_else(|panic| resume_unwind(panic)), synced)
        });
        synced?;
        return Ok((report, Some(applied.after(base))));
    }
}

/// Takes up an input; another thread packs the blocks that come of it and hands them to the disk.
/// Gives how many changes there are, too, and what is staged of them.
fn take_and_write<'j>(
    pass: &mut Pass<'_>,
    graph: &Arc<Graph>,
    staged: Option<Staged<'j>>,
    twice: bool,
) -> Result<(Option<Taken>, u64, Option<Staged<'j>>), EngineError> {
    let (taken, changes, written) = thread::scope(|scope| {
        // In here, so that the thread that writes ends whatever happens.
        let mut out = Out {
            blocks: None,
            encoder: codec::Encoder::default(),
            changes: 0,
        };
        let writing = staged.map(|mut staged| {
            let (blocks, waiting) = mpsc::sync_channel::<Vec<u8>>(BLOCKS_WAITING_MAX);
            out.blocks = Some(blocks);
            scope.spawn(move || {
                waiting.iter().try_for_each(|block| staged.block(&block))?;
                Ok::<_, JournalError>(staged)
            })
        });
        let taken = pass.take(graph, &mut out, twice);
        let taken = taken.and_then(|taken| out.pass_on(1).map(|()| taken));
        let changes = out.changes;
        drop(out);
        let written = writing.map(thread::ScopedJoinHandle::join);
        (taken, changes, written)
    });
    // Where writing has failed, taking up has broken off for that reason.
    let staged = match written {
        Some(written) => {
            let panicked = |_panic| EngineError::Thread("writing blocks panicked".into());
            Some(written.map_err(panicked)??)
        }
        None => None,
    };
    Ok((taken?, changes, staged))
}

fn abandon(staged: Option<Staged<'_>>) -> Result<(), EngineError> {
    match staged {
        Some(staged) => Ok(staged.abandon()?),
        None => Ok(()),
    }
}

/// Ends the commit in the journal and in the builder; not synced.
fn commit(
    graph: &Graph,
    mut builder: Builder,
    staged: Option<Staged<'_>>,
    report: &mut ImportReport,
) -> Result<Builder, EngineError> {
    // Only a dry run has nothing staged, and that is never committed.
    let mut staged = staged.ok_or(EngineError::Closed)?;
    let recorded_at = recorded_at(graph);
    let kept = ImportReport {
        rejects: Vec::new(),
        ..report.clone()
    };
    let header = Header {
        dates: DATES,
        recorded_at,
        cause: Cause::Import(Box::new(kept)),
    };
    if !report.rejects.is_empty() {
        staged.block(&rejects_block(&report.rejects))?;
    }
    let number = staged.finish(&header.bytes())?;
    builder.commit(number, recorded_at);
    report.commit = Some(number);
    report.recorded_at = Some(clock::rfc3339(recorded_at));
    Ok(builder)
}

/// The changes on their way to the journal.
struct Out {
    /// To the thread that writes them; `None` in a dry run.
    blocks: Option<mpsc::SyncSender<Vec<u8>>>,
    encoder: codec::Encoder,
    changes: u64,
}

impl Out {
    fn push(&mut self, change: &Change) -> Result<(), EngineError> {
        self.changes += 1;
        if self.blocks.is_some() {
            self.encoder.change(change)?;
            self.pass_on(BLOCK_BYTES)?;
        }
        Ok(())
    }

    /// Closes the block when it has `bytes` or more.
    fn pass_on(&mut self, bytes: usize) -> Result<(), EngineError> {
        if self.encoder.bytes() >= bytes
            && let Some(blocks) = &self.blocks
            && let Some(block) = self.encoder.take()?
        {
            // Its thread has ended only if it failed, and then tells why.
            blocks.send(block).map_err(|_ended| EngineError::Closed)?;
        }
        Ok(())
    }
}

/// Sources, actors and relations with their places.
type Drafts = [Vec<(Position, Draft)>; 3];

/// A link from a record of the import to an event that has not come yet.
struct Pending {
    kind: Kind,
    id: String,
    field: String,
}

/// One attempt at the whole input.
struct Pass<'a> {
    /// Whether another spelling of a date is a change.
    rewrites: bool,
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
    warnings: Warnings,
    /// Whether it brings events whose content does not tell at once that no two are equal.
    may_repeat: bool,
}

impl Pass<'_> {
    /// Reads the input, once or twice, and takes up all that is good. `None` when it was read once
    /// and has to be read twice; then nothing is left of it.
    fn take(
        &mut self,
        graph: &Arc<Graph>,
        out: &mut Out,
        twice: bool,
    ) -> Result<Option<Taken>, EngineError> {
        if !twice {
            return self.read(Kinds::ALL, true, |pass, items| {
                let (drafts, next) = pass.gather(items);
                let (base, late) = pass.take_up_named(graph, drafts, out)?;
                pass.take_up_naming((base, late), &mut next.into_iter().chain(items), out)
            });
        }
        let drafts = self.read(Kinds::of(&NAMED), true, |pass, items| {
            Ok(pass.gather(items).0)
        })?;
        let (base, late) = self.take_up_named(graph, drafts, out)?;
        self.read(Kinds::of(&NAMING), false, |pass, items| {
            pass.take_up_naming((base, late), items, out)
        })
    }

    /// Sources, actors and relations up to the first item that names such.
    fn gather(&mut self, items: &mut dyn Iterator<Item = Item>) -> (Drafts, Option<Item>) {
        let mut drafts = Drafts::default();
        for item in items {
            match item {
                Item::Draft(position, draft) => {
                    match drafts.get_mut(usize::from(draft.kind().number())) {
                        Some(of_kind) => of_kind.push((position, draft)),
                        None => return (drafts, Some(Item::Draft(position, draft))),
                    }
                    self.progress.records.fetch_add(1, Ordering::Relaxed);
                }
                Item::Rejects(rejects) => self.reject_record(rejects),
                events @ Item::Events(_) => return (drafts, Some(events)),
            }
        }
        (drafts, None)
    }

    /// Takes up sources, actors and relations.
    fn take_up_named(
        &mut self,
        graph: &Arc<Graph>,
        drafts: Drafts,
        out: &mut Out,
    ) -> Result<(Applied, Fallen), EngineError> {
        let [sources, actors, relations] = drafts;
        let mut late = Fallen::new();
        let before = graph.view();
        let mut builder = Builder::new(graph);
        let places = actors.iter();
        let places: Vec<(String, Position)> = places
            .map(|(position, draft)| (draft.id().to_string(), *position))
            .collect();
        for (position, draft) in sources.into_iter().chain(actors) {
            let draft = self.with_periods_as_read(draft, position);
            // Sources and actors name no actors, so there is nothing to look up.
            match check::resolve(&before, draft, |_| None, &mut |_, _| ()) {
                Ok(record) => {
                    self.take_up(&before, &mut builder, out, position, (record, false))?;
                }
                Err(problems) => self.reject(position, &Subject::default(), problems),
            }
        }
        let named = builder.finish();
        let view = named.graph.view_of_all();
        self.check_originals(&view, &mut late);
        for (id, position) in places {
            self.warnings.actor(&view, &id, position);
        }
        let mut builder = named.builder();
        for (position, draft) in relations {
            self.resolve_and_take_up(&view, &mut builder, out, position, (draft, false))?;
        }
        let applied = builder.finish();
        Ok((applied.after(named), late))
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

    /// Takes up events and statements. `None` when something comes that they may name.
    fn take_up_naming(
        &mut self,
        (base, late): (Applied, Fallen),
        items: &mut dyn Iterator<Item = Item>,
        out: &mut Out,
    ) -> Result<Option<Taken>, EngineError> {
        let view = base.graph.view_of_all();
        let mut builder = base.builder();
        if !self.take_in_all(items, &view, &mut builder, out)? {
            return Ok(None);
        }
        let late = self.judge_late(&view, &builder, late);
        Ok(Some(Taken {
            base,
            builder,
            late,
        }))
    }

    fn take_in_all(
        &mut self,
        items: &mut dyn Iterator<Item = Item>,
        view: &View,
        builder: &mut Builder,
        out: &mut Out,
    ) -> Result<bool, EngineError> {
        for item in items {
            match item {
                Item::Draft(_, draft) if NAMED.contains(&draft.kind()) => return Ok(false),
                Item::Draft(position, draft) => {
                    self.progress.records.fetch_add(1, Ordering::Relaxed);
                    self.resolve_and_take_up(view, builder, out, position, (draft, false))?;
                }
                Item::Events(events) => self.take_in_events(*events, view, builder, out)?,
                Item::Rejects(rejects) => self.reject_record(rejects),
            }
        }
        Ok(true)
    }

    fn take_in_events(
        &mut self,
        mut events: Events,
        view: &View,
        builder: &mut Builder,
        out: &mut Out,
    ) -> Result<(), EngineError> {
        if builder.is_empty() {
            builder.reserve(self.expected(&events));
        }
        let mut plain = std::mem::take(&mut self.plain);
        let mut warnings = std::mem::take(&mut self.warnings);
        let made = plain.take_up(
            &mut events,
            (view, builder),
            &mut warnings,
            &mut |builder, record| {
                let record = (record, false);
                self.take_up(view, builder, out, Position::START, record)
            },
        );
        (self.plain, self.warnings) = (plain, warnings);
        made?;
        let count = events.rows.len() as u64;
        self.progress.records.fetch_add(count, Ordering::Relaxed);
        let (mut terms, mut texts) = (Vec::new(), Vec::new());
        let mut rest = events.actors.as_slice();
        let mut new = 0;
        let mut as_written = events.as_written.iter().peekable();
        for (number, row) in events.rows.iter().enumerate() {
            let (names, after) = rest
                .split_at_checked(self.plain.roles(row))
                .unwrap_or_default();
            rest = after;
            let event = (&events, row);
            self.warnings.dated(row.days, || {
                let id = events.id(row).map(Id::into_string);
                (Kind::Event, id.unwrap_or_default(), row.position)
            });
            // What was stored with the id of before keeps it.
            let before = as_written.next_if(|(of, _)| *of == number);
            let is_new = before.is_none_or(|(_, hash)| !builder.knows_event(PackedId::Hash(*hash)));
            // Ids of their own hide that two say the same.
            self.may_repeat |= matches!(row.id, RowId::Stated(_));
            if is_new && self.fallen.is_empty() && self.plain.add(event, names, builder, &mut terms)
            {
                new += 1;
                if out.blocks.is_some() {
                    self.plain
                        .encode(event, names, &mut out.encoder, &mut texts);
                    out.pass_on(BLOCK_BYTES)?;
                }
                continue;
            }
            let Some((shape, names)) = self.plain.parts(row, names) else {
                continue;
            };
            let Some(id) = events.id(row) else {
                continue;
            };
            match ingest::draft(&shape, id, row.days, names) {
                Ok(draft) => {
                    let is_of_content = matches!(row.id, RowId::Content(_));
                    let told = (draft, is_of_content);
                    self.resolve_and_take_up(view, builder, out, row.position, told)?;
                }
                Err(problems) => self.reject(row.position, &subject(Kind::Event, ""), problems),
            }
        }
        out.changes += new;
        self.report.count(Kind::Event).new += new;
        Ok(())
    }

    /// About how many plain events the input has, after the first.
    fn expected(&self, first: &Events) -> usize {
        // Of a packed input, what has been read tells more, though that is more than was taken.
        let read = self.progress.bytes.load(Ordering::Relaxed);
        let bytes = match first.bytes {
            0 => read,
            bytes => bytes.min(read),
        };
        let bytes = bytes.max(1);
        // A little more, so that there is room to the end. A row has some bytes even when packed.
        let all = first.rows.len() as u64 * self.input.len() / bytes * 17 / 16;
        usize::try_from(all.min(self.input.len() / ROW_BYTES_MIN)).unwrap_or_default()
    }

    /// What can be told only when all has come.
    fn judge_late(&mut self, view: &View, builder: &Builder, mut late: Fallen) -> Fallen {
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
        late
    }

    fn read<T>(
        &mut self,
        kinds: Kinds,
        report_unreadable: bool,
        take: impl FnOnce(&mut Self, &mut dyn Iterator<Item = Item>) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let progress = self.progress;
        let options = Options {
            format: self.options.format,
            defaults: Defaults {
                dataset: self.options.dataset.clone(),
            },
            kinds,
            report_unreadable,
            content_ids: false,
            bytes_read: Some(&progress.bytes),
        };
        let input = self.input;
        // One thread reads and parses, one makes ids, while this one checks.
        let (summary, taken) = thread::scope(|scope| {
            let (batches, read) = mpsc::sync_channel::<Vec<Item>>(BATCHES_WAITING_MAX);
            let reader = scope.spawn(move || read_in_batches(input, &options, &batches));
            let (completed, items) = mpsc::sync_channel::<Vec<Item>>(BATCHES_WAITING_MAX);
            scope.spawn(move || complete_ids(&read, &completed));
            let taken = take(self, &mut items.iter().flatten());
            // Those that are still at work stop when nobody takes their batches.
            drop(items);
            (reader.join(), taken)
        });
        let taken = taken?;
        let summary =
            summary.map_err(|_panic| EngineError::Thread("the reader panicked".into()))??;
        progress.readings.fetch_add(1, Ordering::Relaxed);
        progress.bytes.store(0, Ordering::Relaxed);
        self.report.records += summary.records;
        if let Some(format) = summary.format {
            self.report.format = Some(format.as_str().to_owned());
        }
        Ok(taken)
    }

    /// Takes up a draft; with it goes whether it is known that its id is that of its content.
    fn resolve_and_take_up(
        &mut self,
        view: &View,
        builder: &mut Builder,
        out: &mut Out,
        position: Position,
        (draft, is_of_content): (Draft, bool),
    ) -> Result<(), EngineError> {
        let draft = check::with_stored_id(view, draft);
        let draft = self.with_periods_as_read(draft, position);
        let (kind, subject) = (draft.kind(), subject(draft.kind(), draft.id().as_str()));
        let is_known =
            || view.find(kind, draft.id().as_str()).is_some() || builder.has(kind, draft.id());
        let is_of_content = is_of_content || (is_known() && is_id_of_content(&draft));
        if is_of_content
            && !self.rewrites
            && let Some((row, stored)) = check::stored_as_written(view, &draft)
            && !builder.has(kind, stored.id())
        {
            self.same.insert((kind, row));
            self.report.count(kind).same += 1;
            return Ok(());
        }
        let (made, warnings) = (&self.plain.made, &mut self.warnings);
        let named_by = (kind, subject.id.clone(), Some(position.line));
        let mut note = |name: &Name, found: Resolution| {
            let (kind, id, line) = &named_by;
            warnings.resolved(view, name, found, (*kind, id.as_deref(), *line));
        };
        let record = match check::resolve(view, draft, |name| made.actor(name), &mut note) {
            Ok(record) => record,
            Err(problems) => {
                self.reject(position, &subject, problems);
                return Ok(());
            }
        };
        let mut problems = check::unknown_sources(view, &record);
        problems.retain(|problem| {
            let source = problem.value.as_deref().unwrap_or_default();
            !self.plain.made.has_source(source)
        });
        if !problems.is_empty() {
            self.reject(position, &subject, problems);
            return Ok(());
        }
        match &record {
            Record::Relation(_) => self.warnings.relation(&record, position),
            Record::Event(_) | Record::Statement(_) => {
                self.warnings.date_spelling(&record, position);
                let id = || (kind, record.id().to_string(), position);
                self.warnings
                    .dated(record.timing().map(|timing| timing.known), id);
            }
            Record::Source(_) | Record::Actor(_) => {}
        }
        self.take_up(view, builder, out, position, (record, is_of_content))
    }

    /// A draft with the ends of its periods as they are read, which is said once.
    fn with_periods_as_read(&mut self, draft: Draft, position: Position) -> Draft {
        if self.rewrites {
            return draft;
        }
        let (draft, respelled) = check::with_periods_as_read(draft);
        if let Some(date) = &respelled {
            self.warnings.period_spelling(&draft, date, position);
        }
        draft
    }

    /// Adds a record to the commit, unless it is there already or has fallen.
    fn take_up(
        &mut self,
        view: &View,
        builder: &mut Builder,
        out: &mut Out,
        position: Position,
        (record, is_of_content): (Record, bool),
    ) -> Result<(), EngineError> {
        let (kind, id) = (record.kind(), record.id().to_string());
        if let Some(problems) = self.fallen.get(&(kind, id.clone())) {
            self.reject(position, &subject(kind, &id), problems.clone());
            return Ok(());
        }
        if let Some(held) = builder.held(kind, record.id()) {
            if self.says_the_same(view, &held, &record, is_of_content) {
                self.report.count(kind).same += 1;
            } else {
                self.reject_twin(position, kind, id);
            }
            return Ok(());
        }
        if let Some(row) = view.find(kind, &id) {
            let stored = view.record(row);
            if stored
                .is_some_and(|stored| self.says_the_same(view, &stored, &record, is_of_content))
            {
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
        self.may_repeat |= kind == Kind::Event;
        self.note_links(view, builder, position, &record);
        builder.put(&record)?;
        out.push(&Change::Put(record))
    }

    fn says_the_same(
        &self,
        view: &View,
        stored: &Record,
        record: &Record,
        is_of_content: bool,
    ) -> bool {
        if self.rewrites {
            return stored == record;
        }
        check::says_the_same(view, stored, record, is_of_content)
    }

    /// Remembers what can be checked only when all records have come.
    fn note_links(&mut self, view: &View, builder: &Builder, position: Position, record: &Record) {
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
        self.warnings.into_report(&mut report);
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

fn subject(kind: Kind, id: &str) -> Subject {
    Subject {
        kind: Some(kind),
        id: Some(id.to_owned()),
    }
}
