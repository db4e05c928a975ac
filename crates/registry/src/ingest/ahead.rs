//! A list's rows decoded, parted into cells and digested before they are taken: by a thread of their own, while the list
//! before is still being taken. Asks nothing of the database.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use store::Keys;

use super::imprint::{self, Digester};
use super::{Arrival, IngestOptions};
use crate::reading::{Header, Limits, Passed, Probe, ReadFault, Records, each_row};
use crate::sources::{Catalogue, Source};

/// Rows in one piece of memory, and the bytes of their cells: small, so that memory is used again.
const ROWS: usize = 256;
const BYTES: usize = 1 << 16;
/// Pieces of a list that wait to be taken: sixteen megabytes at most, unless a single row is larger than a piece.
const PIECES: usize = 256;

/// What the reading side hands over.
pub(super) enum Coming {
    Header(Header),
    /// Rows, and of each the digest by which it is recognised, where it may be.
    Rows(Records, Vec<Option<u64>>),
    Done(Passed),
    Fault(ReadFault),
}

/// With what lists are read before they are taken.
#[derive(Clone, Copy)]
pub struct Ahead<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) keys: &'a Keys,
    pub(super) options: &'a IngestOptions,
}

impl Arrival {
    /// Hands the file over and reads its rows, as far ahead of their taking as there is room; says whether the file was
    /// wanted. Rows that nobody wants, because of what the file or the database says of it, are not read to their end.
    pub fn read_ahead(mut self, with: Ahead<'_>, hand_over: impl FnOnce(Self) -> bool) -> bool {
        let Some((source, probe)) = self.readable(with) else { return hand_over(self) };
        let (path, limits) = (self.path.clone(), &with.options.limits);
        let (sender, coming) = sync_channel(PIECES);
        self.coming = Some(coming);
        hand_over(self) && {
            read((&path, &probe, limits), (source, with.keys), &sender);
            true
        }
    }

    /// Its source and what was seen of it, where its rows can be read.
    fn readable<'a>(&self, with: Ahead<'a>) -> Option<(&'a Source, Probe)> {
        let (name, probe) = self.found.as_ref().ok()?;
        let source = with.catalogue.get(&name.source).filter(|source| source.own.is_none())?;
        let is_early = with.options.until.is_some_and(|until| name.date > until);
        (!is_early).then(|| (source, probe.clone()))
    }
}

/// Where the rows of a file come from: once from whoever reads ahead of their taking, if anyone does.
pub(super) struct Feed<'f> {
    pub path: &'f Path,
    pub probe: &'f Probe,
    pub limits: &'f Limits,
    pub source: &'f Source,
    pub keys: &'f Keys,
    pub ahead: Option<Receiver<Coming>>,
}

impl Feed<'_> {
    /// Gives all rows to `work`, from the first on.
    pub fn read<T>(&mut self, work: impl FnOnce(Receiver<Coming>) -> T) -> T {
        if let Some(coming) = self.ahead.take() {
            return work(coming);
        }
        let (file, source) = ((self.path, self.probe, self.limits), (self.source, self.keys));
        thread::scope(|scope| {
            let (sender, coming) = sync_channel(PIECES);
            scope.spawn(move || read(file, source, &sender));
            work(coming)
        })
    }
}

enum Stop {
    Fault(ReadFault),
    /// Nobody listens any more.
    Gone,
}

impl From<ReadFault> for Stop {
    fn from(fault: ReadFault) -> Self {
        Self::Fault(fault)
    }
}

fn read(
    (path, probe, limits): (&Path, &Probe, &Limits),
    (source, keys): (&Source, &Keys),
    sender: &SyncSender<Coming>,
) {
    let send = |coming: Coming| sender.send(coming).map_err(|_| Stop::Gone);
    let digester = imprint::can_be_kept(source).then(|| Digester::new(keys, source));
    let (mut records, mut digests, mut is_first) = (Records::default(), Vec::new(), true);
    let passed = each_row(path, probe, source, limits, |header, number, record| -> Result<(), Stop> {
        if std::mem::take(&mut is_first) {
            send(Coming::Header(header.clone()))?;
        }
        let at = records.push_cells(number, record);
        digests.push(digester.as_ref().and_then(|digester| digester.digest(header, records.cells(at))));
        if records.rows() == ROWS || records.bytes() >= BYTES {
            send(Coming::Rows(std::mem::take(&mut records), std::mem::take(&mut digests)))?;
        }
        Ok(())
    });
    let last = match passed {
        Ok(passed) => Coming::Done(passed),
        Err(Stop::Fault(fault)) => Coming::Fault(fault),
        Err(Stop::Gone) => return,
    };
    // What was read before a fault is of no use: a file is taken wholly or not at all.
    let rest = matches!(last, Coming::Done(_)) && records.rows() > 0;
    if !rest || send(Coming::Rows(records, digests)).is_ok() {
        // The taking side may have given up; then nobody listens, and nothing is lost.
        drop(send(last));
    }
}
