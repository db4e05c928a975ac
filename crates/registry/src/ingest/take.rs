//! Taking the rows of one list within its transaction, streamed or, when most are recognised or they are few, gathered
//! before the database is asked about them.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use foldhash::fast::RandomState as Fold;
use kernel::{Date, DivisionCode};
use policy::column::Bits;
use store::{PutAway, Session};

use super::ahead::{Coming, Feed};
use super::batch::Batch;
use super::imprint::{self, Gathered, Imprints, Press, Recognised, gather};
use super::layout::Layout;
use super::link::LinkIndex;
use super::lists::{self, Receipt};
use super::place::{said_place, township_of};
use super::prepare::{Message, Preparer, stream};
use super::report::{ListReport, ListState};
use super::work::{ListWork, Taken};
use super::{Ingester, Receiving, Undo, kept};
use crate::RegistryError;
use crate::linking;
use crate::quality::Tally;
use crate::reading::{Header, ListName, Probe, ReadFault};
use crate::rows::{RowFault, RowReader};
use crate::sources::{Entity, Mode, Source};

/// Faults a report carries itself; quarantine has all of them.
const FAULTS_IN_REPORT: usize = 2_000;
/// A row of a list of people has some so many bytes.
const ROW_BYTES: u64 = 150;
/// A list is short when it has less than one row for so many people.
const SHORT: i64 = 8;

/// Who is who, whether where people live is still to be read, and the list's rows where they were gathered.
type Beside = (LinkIndex, bool, Option<Gathered>);

impl Ingester<'_> {
    /// The rows come from `coming`, or else from the file.
    pub(super) fn take(
        &mut self,
        tx: &mut Session,
        receiving: &Receiving<'_>,
        coming: Option<Receiver<Coming>>,
    ) -> Result<ListReport, Undo> {
        let Receiving { source, name, probe, options, .. } = *receiving;
        let reader = RowReader::new(source, &self.names, name.date);
        let layout = Layout::of(source, &reader).settle(tx)?;
        let later = later_list(tx, source, name)?;
        let scope = lists::scope_text(name.scope);
        let reading = imprint::reading(self.keys, source, &layout, &self.places);
        let hasher = self.hasher.clone();
        let preparer = Preparer::new(source, &reader, self.keys, &hasher);
        let (path, limits) = (receiving.path, &options.limits);
        let mut feed = Feed { path, probe, limits, source, keys: self.keys, ahead: coming };
        let mut imprints = None;
        let keeps = later.is_none() && imprint::can_be_kept(source);
        if keeps {
            imprints = Imprints::load(tx, self.keys, source, (&reading, name.scope))?;
        }
        let (mut index, homes, gathered) = self.beside(tx, (source, probe, &mut feed), &preparer, imprints.as_ref())?;
        let people_before = index.next_person();
        let away = if gathered.is_none() { put_away(tx, source, probe, people_before)? } else { PutAway::default() };
        let list = lists::next_id(tx)?;
        let mut work = ListWork::begin(tx, source, self.keys, &mut index, layout, (list, name.date))?;
        work.scope = name.scope.map_or_else(|| self.region.clone(), |scope| vec![scope]);
        work.later = later;
        work.press = keeps.then(|| Press::new(name.scope));
        let mut report = receiving.blank_report();
        report.list = Some(list);
        let target = work.target();
        let write = |batch: Batch, tx: &mut Session| Ok(batch.write(tx, &target)?);
        let met = gathered.map(|gathered| work.meet(tx, (gathered, &mut imprints), homes, &hasher)).transpose()?;
        let (header, mut tally) = match met.flatten() {
            Some((gathered, tally)) => pipeline(
                |batches| take_rows(&mut work, &mut report, gathered.messages(), tally, &batches),
                |batch| write(batch, tx),
            )?,
            None => {
                if source.entity == Entity::Person && !source.creates {
                    work.index.complete_names(tx, self.keys, &hasher)?;
                }
                work.recognise_none(imprints);
                work.load_all(tx, homes)?;
                stream(&mut feed, &preparer, |messages| {
                    pipeline(
                        |batches| take_rows(&mut work, &mut report, messages, Tally::default(), &batches),
                        |batch| write(batch, tx),
                    )
                })?
            }
        };
        report.header_row = header.row;
        report.unknown_columns.clone_from(&header.unknown);
        for (township, opened) in work.finish_visits(tx)? {
            tally.part(township).opened += opened;
        }
        if work.misses_linked() {
            work.hand_over().write(tx, &target)?;
            let again = linking::linked_before(tx, self.keys, (source, &reader), list)?;
            work.spare(again);
        }
        let kept = work.keep_faulty(tx)?;
        report.closing = work.close_absent(options.force_close);
        work.closed_of.iter().for_each(|(township, closed)| tally.part(*township).closed += closed);
        let counts = work.counts;
        work.hand_over().write(tx, &target)?;
        tx.put_indexes_back(away)?;
        kept::write(tx, list.0, &kept)?;
        counts.into_report(&mut report);
        if report.closing.is_some() {
            report.state = if options.dry_run { ListState::Dry } else { ListState::Held };
            return Err(Undo::Report(Box::new(ListReport { list: None, ..report })));
        }
        work.keep_imprints(tx, &reading)?;
        if source.mode == Mode::Full {
            let params = [list.into(), source.id.as_str().into(), scope.as_str().into(), name.date.into()];
            tx.exec(include_str!("../../sql/held_row_supersede.sql"), &params)?;
        }
        let receipt = Receipt { digest: &probe.digest, mode: source.mode, columns: &header.names };
        lists::insert(tx, &report, &receipt)?;
        tally.write(tx, list, source, &header)?;
        let params = [source.id.as_str().into(), name.date.into(), scope.into(), list.into()];
        tx.exec(include_str!("../../sql/list_supersede.sql"), &params)?;
        if index.next_person() > people_before {
            self.link_waiting(tx, &mut index, list)?;
        }
        if options.dry_run {
            return Err(Undo::Report(Box::new(ListReport { list: None, state: ListState::Dry, ..report })));
        }
        self.note(tx, "list.accept", &report, &probe.digest, options)?;
        self.index = Some(index);
        Ok(report)
    }

    /// Reads who is who, unless it is known since the list before, and beside it the list when its rows may be recognised;
    /// a short list, when names would have to be opened for it.
    fn beside(
        &mut self,
        tx: &mut Session,
        (source, probe, feed): (&Source, &Probe, &mut Feed<'_>),
        preparer: &Preparer<'_>,
        imprints: Option<&Imprints>,
    ) -> Result<Beside, Undo> {
        let (known, catalogue) = (self.index.take(), self.catalogue);
        let index = |tx: &mut Session| match known {
            Some(index) => Ok((index, false)),
            None => LinkIndex::load_before(tx, catalogue, source),
        };
        if imprints.is_some() {
            return thread::scope(|scope| {
                let gathering = scope.spawn(move || feed.read(|coming| gather(coming, preparer, imprints)));
                let index = index(tx);
                let gathered = gathering.join().unwrap_or_else(|panic| resume_unwind(panic));
                let (index, homes) = index?;
                Ok((index, homes, gathered.map_err(Undo::Refused)?))
            });
        }
        let (index, homes) = index(tx)?;
        let by_name = source.entity == Entity::Person && !source.creates && !index.names_complete;
        let is_short = rows_of(probe).saturating_mul(SHORT) < index.next_person();
        let mut gather = || feed.read(|coming| gather(coming, preparer, None)).map_err(Undo::Refused);
        let gathered = if by_name && is_short { gather()? } else { None };
        Ok((index, homes, gathered))
    }
}

impl ListWork<'_> {
    /// Reads from the database what is needed for the gathered rows, and counts what was recognised. None: a recognised row
    /// stands behind another one about the same person, and all must be read in their order.
    fn meet(
        &mut self,
        tx: &mut Session,
        (mut gathered, kept): (Gathered, &mut Option<Imprints>),
        homes: bool,
        hasher: &std::hash::RandomState,
    ) -> Result<Option<(Gathered, Tally)>, RegistryError> {
        let mut row_of: HashMap<i64, u64, Fold> = HashMap::default();
        for row in gathered.batches.iter().flat_map(|(rows, _)| rows) {
            if let Some(subject) = self.known(row) {
                row_of.entry(subject).or_insert(row.checked.row);
            }
        }
        let mut tally = Tally::default();
        let both = match kept.as_ref().map(|imprints| named_too(imprints, &gathered, &row_of)) {
            Some(None) => return Ok(None),
            both => both.flatten(),
        };
        match kept.take().zip(both) {
            Some((mut imprints, both)) => {
                let mut asked = std::mem::take(&mut imprints.beside);
                asked.extend(self.unmet(&imprints, &gathered, homes));
                asked.extend(row_of.keys());
                self.count_recognised(&imprints, &gathered, &mut tally);
                let seen: Vec<i64> = both.ones().map(|at| i64::from(imprints.lines()[at].subject)).collect();
                let (met, asked) = (std::mem::take(&mut gathered.met), asked.into_iter().collect());
                self.recognised = Some(Recognised { imprints, met, both, asked });
                self.load_some(tx, homes)?;
                self.mark_seen(seen);
                self.press_on();
            }
            // A list of changes ends nothing by its silence: of others it needs to know nothing.
            None if self.source.mode == Mode::Delta && !homes => {
                let mut subjects: Vec<i64> = row_of.keys().copied().collect();
                subjects.sort_unstable();
                self.load_for_all(tx, &subjects, hasher)?;
            }
            None => self.load_all(tx, homes)?,
        }
        if self.source.entity == Entity::Person && !self.source.creates {
            let people: Vec<i64> = row_of.keys().filter_map(|subject| self.index.person_of(*subject)).collect();
            self.index.complete_names_of(tx, (self.keys, hasher), &people)?;
        }
        Ok(Some((gathered, tally)))
    }

    /// All rows are read: what is kept of lists of other scopes goes on to hold.
    fn recognise_none(&mut self, imprints: Option<Imprints>) {
        if let Some(imprints) = imprints {
            self.recognised = Some(Recognised::none(imprints));
            self.press_on();
        }
    }

    fn press_on(&mut self) {
        let recognised = self.recognised.as_mut();
        self.press = recognised.map(|recognised| Press::after(&mut recognised.imprints));
    }

    /// Of whom a list of the same scope said something and this one does not, or a list of another and this one speaks for
    /// them too.
    fn unmet(&mut self, imprints: &Imprints, gathered: &Gathered, homes: bool) -> Vec<i64> {
        if homes {
            imprints.settle(self.index);
        }
        let lines = imprints.lines().iter().zip(&gathered.met).filter(|(_, met)| **met == 0);
        let lines = lines.map(|(line, _)| (imprints.is_ours(line), i64::from(line.subject)));
        lines.filter(|(is_ours, subject)| *is_ours || self.speaks_for(*subject)).map(|(_, subject)| subject).collect()
    }

    fn count_recognised(&mut self, imprints: &Imprints, gathered: &Gathered, tally: &mut Tally) {
        let met = gathered.met.iter().enumerate().filter(|(_, row)| **row > 0).map(|(at, _)| at);
        let mut alike: HashMap<(Option<DivisionCode>, u128), u64, Fold> = HashMap::default();
        for at in met.chain(gathered.again.iter().copied()) {
            let line = &imprints.lines()[at];
            let township = said_place(&imprints.said(line)).map(township_of);
            *alike.entry((township, imprints.filled(line))).or_default() += 1;
        }
        let all: u64 = alike.values().sum();
        self.counts.repeated = gathered.again.len() as u64;
        self.counts.unchanged = all - self.counts.repeated;
        self.counts.good = self.counts.unchanged;
        for ((township, filled), rows) in alike {
            tally.part(township).rows(filled, rows);
        }
    }
}

/// The lines that were met and whose people another row names too, further below: those rows are read. None: one stands
/// above.
fn named_too(imprints: &Imprints, gathered: &Gathered, row_of: &HashMap<i64, u64, Fold>) -> Option<Bits> {
    let mut both = Bits::filled(imprints.lines().len(), false);
    for (at, (line, met)) in imprints.lines().iter().zip(&gathered.met).enumerate().filter(|(_, (_, met))| **met > 0) {
        match row_of.get(&i64::from(line.subject)) {
            Some(row) if *row < u64::from(*met) => return None,
            Some(_) => both.set(at, true),
            None => {}
        }
    }
    Some(both)
}

impl Gathered {
    /// The rows as the reading side would have handed them over.
    fn messages(self) -> impl Iterator<Item = Message> + Send {
        let header = Message::Header(self.passed.header.clone());
        let rows = self.batches.into_iter().map(|(rows, raw)| Message::Rows(rows, raw));
        std::iter::once(header).chain(rows).chain(std::iter::once(Message::Done(self.passed)))
    }
}

/// About how many rows a list of people has.
fn rows_of(probe: &Probe) -> i64 {
    i64::try_from(probe.bytes / ROW_BYTES).unwrap_or(i64::MAX)
}

/// Puts away the indexes that a list would fill: those of people when it may more than double them, and that of relations
/// with the first of them.
fn put_away(tx: &mut Session, source: &Source, probe: &Probe, people: i64) -> Result<PutAway, RegistryError> {
    let floods = rows_of(probe) / 2 > people.max(1_000);
    let any_relation = |tx: &mut Session| tx.query_opt(include_str!("../../sql/statement_any_sub_key.sql"), &[]);
    Ok(match source.entity {
        // That of people without a number stays: lists bring none.
        Entity::Person if source.creates && floods => {
            tx.put_indexes_away("person", Some(&["person_by_id_number", "person_by_phone"]))?
        }
        Entity::Kin if any_relation(tx)?.is_none() => {
            tx.put_indexes_away("statement", Some(&["statement_by_sub_key"]))?
        }
        _ => PutAway::default(),
    })
}

/// Runs `make` in a thread of its own, a batch or two ahead of `write`; the first fault of either ends both.
fn pipeline<T: Send>(
    make: impl FnOnce(SyncSender<Batch>) -> Result<T, Undo> + Send,
    mut write: impl FnMut(Batch) -> Result<(), Undo>,
) -> Result<T, Undo> {
    thread::scope(|scope| {
        let (sender, batches) = sync_channel(2);
        let making = scope.spawn(move || make(sender));
        // Leaving early drops the receiver, and the making side finds nobody to send to.
        batches.into_iter().try_for_each(&mut write)?;
        making.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// Takes the rows as the reading side hands them over and passes on what is full; gives the header and what is
/// to be said of the list's quality back at the end.
fn take_rows(
    work: &mut ListWork<'_>,
    report: &mut ListReport,
    messages: impl IntoIterator<Item = Message>,
    mut tally: Tally,
    batches: &SyncSender<Batch>,
) -> Result<(Header, Tally), Undo> {
    let file = report.file_name.clone();
    let stopped = |side: &str| {
        let cause = format!("the {side} side stopped");
        Undo::Refused(ReadFault::Io { file: file.clone(), cause })
    };
    for message in messages {
        match message {
            Message::Header(header) => work.names = header.names,
            Message::Rows(rows, raw) => {
                for row in rows {
                    let (filled, before) = (row.checked.filled, work.counts);
                    let taken = work.take(row, &raw)?;
                    let part = tally.part(work.township());
                    part.row(filled);
                    part.opened += work.counts.opened - before.opened;
                    part.changed += work.counts.changed - before.changed;
                    if let Taken::Held(held) = taken {
                        count_faults(report, &held.content.faults, held.unlinked);
                        part.held(&held.content.faults, held.unlinked);
                        work.pending.held.push(*held);
                    }
                    if work.pending.is_full() {
                        batches.send(work.hand_over()).map_err(|_| stopped("writing"))?;
                    }
                }
            }
            Message::Done(passed) => {
                report.rows = passed.rows;
                return Ok((passed.header, tally));
            }
            Message::Fault(fault) => return Err(Undo::Refused(fault)),
        }
    }
    Err(stopped("reading"))
}

fn count_faults(report: &mut ListReport, faults: &[RowFault], unlinked: bool) {
    if unlinked {
        report.unlinked += 1
    } else {
        report.faulty += 1
    }
    for fault in faults {
        *report.fault_codes.entry(fault.code).or_default() += 1;
        if report.faults.len() < FAULTS_IN_REPORT {
            report.faults.push(fault.clone());
        }
    }
}

/// The date of the next list of the same source that speaks for some of the same divisions.
pub(super) fn later_list(tx: &mut Session, source: &Source, name: &ListName) -> Result<Option<Date>, RegistryError> {
    if source.mode != Mode::Full {
        return Ok(None);
    }
    let params = [source.id.as_str().into(), name.date.into()];
    for row in tx.query(include_str!("../../sql/list_later.sql"), &params)? {
        let scope = lists::read_scope(row.text(1)?)?;
        let overlap = match (scope, name.scope) {
            (Some(one), Some(other)) => one.contains(other) || other.contains(one),
            _ => true,
        };
        if overlap {
            return Ok(Some(row.date(0)?));
        }
    }
    Ok(None)
}
