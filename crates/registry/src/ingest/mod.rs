//! Taking a list: one file, one transaction, one report.
//!
//! Four stages run side by side. The reading side decodes, parts rows into cells and digests them, and goes on to the next
//! list while this one is taken; rows that are not recognised are checked and blinded; the taking side links them to people,
//! compares them with what the source said before and seals; the writing side owns the transaction. Killed at any moment, a
//! list was taken wholly or not at all.

mod ahead;
pub(crate) mod batch;
mod closing;
pub(crate) mod held;
mod imprint;
mod kept;
pub(crate) mod layout;
pub(crate) mod link;
pub(crate) mod lists;
pub(crate) mod pending;
mod place;
pub(crate) mod prepare;
mod receipts;
mod reenter;
mod report;
mod said_before;
mod settle;
mod take;
mod visits;
mod work;

use std::hash::RandomState;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use kernel::{Date, DivisionCode, Divisions};
use store::{Database, Keys};

pub use ahead::Ahead;
pub(crate) use batch::{Batch, NextIds, Target};
pub(crate) use imprint::context_of as imprint_context;
pub use lists::{all, get, last_list};
pub(crate) use pending::{NewStatement, NewVisit, Pending, write_visits};
pub(crate) use reenter::{Entry as HeldEntry, reenter};
pub use report::{Closing, DivisionClosing, ListReport, ListState, Refusal};
pub use settle::{Settling, settle};

use crate::RegistryError;
use crate::reading::{Limits, ListName, Probe, ReadFault, file_name};
use crate::rows::DivisionNames;
use crate::sources::{Catalogue, Source};
use ahead::Coming;
use link::LinkIndex;

/// How a file is taken.
#[derive(Clone, Debug)]
pub struct IngestOptions {
    /// Says what would happen and writes nothing.
    pub dry_run: bool,
    /// Someone decided that the list may close as much as it does.
    pub force_close: bool,
    pub received_on: Date,
    /// A list dated after this day is left for its day; none: every date is taken.
    pub until: Option<Date>,
    /// For the audit trail.
    pub at: DateTime<Utc>,
    /// For the audit trail: a user's id or `cycle`.
    pub actor: String,
    pub limits: Limits,
}

/// Takes the lists of a night, one after the other, and remembers who is who between them.
pub struct Ingester<'a> {
    database: &'a Database,
    keys: &'a Keys,
    catalogue: &'a Catalogue,
    /// The whole region: what a list without a scope speaks for.
    region: Vec<DivisionCode>,
    index: Option<LinkIndex>,
    hasher: RandomState,
    /// Made once: every list and every reading of a waiting row looks places up in it.
    names: Arc<DivisionNames>,
    /// What imprints hold the table of divisions against.
    places: String,
}

/// Why a transaction was rolled back.
enum Undo {
    Fault(RegistryError),
    Refused(ReadFault),
    /// Held or dry: the account of what would have been.
    Report(Box<ListReport>),
}

impl<E: Into<RegistryError>> From<E> for Undo {
    fn from(fault: E) -> Self {
        Self::Fault(fault.into())
    }
}

/// A file that has arrived: its name and a first pass over its bytes. Asks nothing of the database, so that the next file
/// can be looked at while one is taken.
pub struct Arrival {
    path: PathBuf,
    /// Its length and when it was last written, before it was read.
    state: Option<(u64, SystemTime)>,
    found: Result<(ListName, Probe), ReadFault>,
    /// Its rows, where somebody reads them ahead of their taking.
    coming: Option<Receiver<Coming>>,
}

impl Arrival {
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let state = state_of(path);
        let found = ListName::of(path).and_then(|name| Ok((name, Probe::of(path)?)));
        Self { path: path.to_path_buf(), state, found, coming: None }
    }

    /// The file as it is now: looked at again if somebody has written to it since.
    fn current(self) -> Self {
        if self.state == state_of(&self.path) { self } else { Self::of(&self.path) }
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn state_of(path: &Path) -> Option<(u64, SystemTime)> {
    let about = path.metadata().ok()?;
    Some((about.len(), about.modified().ok()?))
}

/// Takes one file; for several use an [`Ingester`].
///
/// # Errors
/// As [`Ingester::file`].
pub fn file(
    (database, keys): (&Database, &Keys),
    (catalogue, divisions, region): (&Catalogue, &Divisions, &[DivisionCode]),
    path: &Path,
    options: &IngestOptions,
) -> Result<ListReport, RegistryError> {
    Ingester::new(database, keys, catalogue, divisions, region).file(path, options)
}

impl IngestOptions {
    /// A plain taking in on a day, by the cycle.
    ///
    /// # Panics
    /// Never: noon exists on every date.
    #[must_use]
    pub fn on(received_on: Date) -> Self {
        let at = received_on.and_hms_opt(12, 0, 0).expect("noon exists").and_utc();
        Self {
            dry_run: false,
            force_close: false,
            received_on,
            until: None,
            at,
            actor: "cycle".into(),
            limits: Limits::default(),
        }
    }
}

impl<'a> Ingester<'a> {
    /// `keys` must be attached to the database; `region` is the pack's divisions.
    #[must_use]
    pub fn new(
        database: &'a Database,
        keys: &'a Keys,
        catalogue: &'a Catalogue,
        divisions: &'a Divisions,
        region: &[DivisionCode],
    ) -> Self {
        let region = region.to_vec();
        let names = Arc::new(DivisionNames::new(divisions));
        let places = imprint::places(keys, divisions);
        Self { database, keys, catalogue, region, index: None, hasher: RandomState::new(), names, places }
    }

    /// The order in which files are taken: by source, then by date and name. Files of no known source come last.
    #[must_use]
    pub fn in_order<P: AsRef<Path>>(&self, paths: &[P]) -> Vec<std::path::PathBuf> {
        let place = |path: &Path| {
            let name = ListName::of(path).ok();
            let source = name.as_ref().and_then(|n| self.catalogue.get(&n.source));
            (source.map_or(i64::MAX, |s| s.order), name.map(|n| n.date), path.to_path_buf())
        };
        let mut sorted: Vec<_> = paths.iter().map(|p| place(p.as_ref())).collect();
        sorted.sort();
        sorted.into_iter().map(|(_, _, path)| path).collect()
    }

    /// Takes one file. A file that is not the list it says it is gives a report with state `Refused`.
    ///
    /// # Errors
    /// Those of the database and of the keys; nothing was taken then.
    pub fn file(&mut self, path: &Path, options: &IngestOptions) -> Result<ListReport, RegistryError> {
        self.arrival(Arrival::of(path), options)
    }

    /// The same of a file that was looked at.
    ///
    /// # Errors
    /// As [`Ingester::file`].
    pub fn arrival(&mut self, arrival: Arrival, options: &IngestOptions) -> Result<ListReport, RegistryError> {
        let Arrival { path, found, coming, .. } = arrival.current();
        let path = path.as_path();
        let (name, probe) = match found {
            Ok(found) => found,
            Err(fault) => return self.refuse(path, None, None, &fault, options),
        };
        if let Some(until) = options.until.filter(|until| name.date > *until) {
            return Ok(Receiving::early(path, &name, &probe, until, options));
        }
        if let Some(code) = name.scope.filter(|code| !self.names.knows(*code)) {
            return self.refuse(path, Some(&name), Some(&probe), &ReadFault::UnknownScope { code }, options);
        }
        let catalogue = self.catalogue;
        let Some(source) = catalogue.get(&name.source).filter(|source| source.own.is_none()) else {
            let fault = ReadFault::UnknownSource { source_id: name.source.clone() };
            return self.refuse(path, Some(&name), Some(&probe), &fault, options);
        };
        let mut session = self.database.session()?;
        let known = lists::known(&mut session, &probe.digest, &source.id, name.date, name.scope)?;
        let mut options = options.clone();
        if let Some(known) = known {
            match known.state {
                ListState::Accepted => return Ok(ListReport { state: ListState::Known, ..known }),
                ListState::Released => options.force_close = true,
                ListState::Held | ListState::Rejected if !options.force_close && !options.dry_run => return Ok(known),
                _ => {}
            }
        }
        let receipt = Receiving { source, name: &name, probe: &probe, path, options: &options };
        let done = session.transaction(|tx| self.take(tx, &receipt, coming));
        if done.is_err() {
            // What the night knew of people may come from rows that are undone now.
            self.index = None;
        }
        match done {
            Ok(report) => Ok(report),
            Err(Undo::Fault(fault)) => Err(fault),
            Err(Undo::Refused(fault)) => self.refuse(path, Some(&name), Some(&probe), &fault, &options),
            Err(Undo::Report(report)) if report.state == ListState::Held => self.record(&receipt, *report),
            Err(Undo::Report(report)) => Ok(*report),
        }
    }

    /// With what lists can be read before they are taken in this way.
    #[must_use]
    pub const fn ahead<'o>(&self, options: &'o IngestOptions) -> Ahead<'o>
    where
        'a: 'o,
    {
        Ahead { catalogue: self.catalogue, keys: self.keys, options }
    }

    pub(crate) const fn database(&self) -> &'a Database {
        self.database
    }

    pub(crate) const fn keys(&self) -> &'a Keys {
        self.keys
    }

    /// A name's hash within this process.
    pub(crate) fn name_hash(&self, name: &str) -> u64 {
        prepare::name_hash(&self.hasher, name)
    }

    pub(crate) fn names(&self) -> &Arc<DivisionNames> {
        &self.names
    }

    pub(crate) const fn catalogue(&self) -> &'a Catalogue {
        self.catalogue
    }

    /// Something else changes people: who is who is read anew for the next list.
    pub(crate) fn forget(&mut self) {
        self.index = None;
    }

    pub(crate) fn take_index(&mut self) -> Option<LinkIndex> {
        self.index.take()
    }

    pub(crate) fn put_index(&mut self, index: Option<LinkIndex>) {
        self.index = index;
    }
}

/// One file being taken.
struct Receiving<'r> {
    source: &'r Source,
    name: &'r ListName,
    probe: &'r Probe,
    path: &'r Path,
    options: &'r IngestOptions,
}

impl Receiving<'_> {
    /// The account of a list whose day has not come. Nothing is kept of it: on its day it comes anew.
    fn early(path: &Path, name: &ListName, probe: &Probe, until: Date, options: &IngestOptions) -> ListReport {
        ListReport {
            source: name.source.clone(),
            file_name: file_name(path),
            list_date: name.date,
            scope: name.scope,
            encoding: probe.encoding.name().to_owned(),
            state: ListState::Early,
            refusal: Some(Refusal::of(&ReadFault::Ahead { date: name.date, until })),
            ..blank(options)
        }
    }

    fn blank_report(&self) -> ListReport {
        ListReport {
            source: self.source.id.clone(),
            file_name: file_name(self.path),
            list_date: self.name.date,
            scope: self.name.scope,
            encoding: self.probe.encoding.name().to_owned(),
            ..blank(self.options)
        }
    }
}

fn blank(options: &IngestOptions) -> ListReport {
    ListReport::blank(options.received_on)
}
