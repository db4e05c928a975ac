//! The lists that wait in a folder, taken in order, each in its own transaction.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::thread::{self, Scope};

use registry::archive::Disposal;
use registry::ingest::{Arrival, IngestOptions, Ingester, ListReport, ListState};
use registry::reading::ListName;

use crate::progress::{Progress, Step};
use crate::summary::Lists;
use crate::{CycleFault, Options};

/// Files whose rows are read before their turn: small ones between large ones keep nobody waiting.
const AHEAD: usize = 3;

/// The files of an inbox, looked at by a thread of its own from the largest on: that is who lives here, and taken first.
pub struct Arrivals {
    files: Vec<PathBuf>,
    looked_at: Receiver<Arrival>,
    early: BTreeMap<PathBuf, Arrival>,
}

impl Arrivals {
    /// Begins to look.
    ///
    /// # Errors
    /// `File` when the folder can't be read.
    pub fn of<'s>(scope: &'s Scope<'s, '_>, inbox: &Path) -> Result<Self, CycleFault> {
        let files = list_files(inbox)?;
        let (looked, looked_at) = channel();
        let mut by_size = files.clone();
        by_size.sort_by_cached_key(|file| Reverse(file.metadata().map_or(0, |about| about.len())));
        // Nobody listens any more where the night failed.
        scope.spawn(move || by_size.iter().all(|file| looked.send(Arrival::of(file)).is_ok()));
        Ok(Self { files, looked_at, early: BTreeMap::new() })
    }

    /// The file asked for, as soon as it was looked at.
    fn next(&mut self, file: &Path) -> Arrival {
        while !self.early.contains_key(file)
            && let Ok(arrival) = self.looked_at.recv()
        {
            self.early.insert(arrival.path().to_path_buf(), arrival);
        }
        self.early.remove(file).unwrap_or_else(|| Arrival::of(file))
    }
}

/// Takes every list file of the inbox, its rows read while the one before is taken, and counts it into `lists`; what was
/// taken leaves the inbox as the installation wants it, while the next one is taken.
///
/// Held and refused files stay where they are until someone decides.
pub fn take(
    ingester: &mut Ingester<'_>,
    mut arrivals: Arrivals,
    options: &Options,
    keys: &store::Keys,
    progress: &mut dyn Progress,
    lists: &mut Lists,
) -> Result<(), CycleFault> {
    let files = ingester.in_order(&arrivals.files);
    progress.begin(Step::Ingest, Some(files.len() as u64));
    let how = how(options);
    let (ahead, order) = (ingester.ahead(&how), files.clone());
    thread::scope(|scope| {
        let (taken, leaving) = channel();
        let (coming, arrived) = sync_channel(AHEAD);
        // Nobody listens any more where the night failed.
        let hand_over = move |arrival| coming.send(arrival).is_ok();
        scope.spawn(move || order.iter().all(|file| arrivals.next(file).read_ahead(ahead, &hand_over)));
        let disposing = scope.spawn(move || dispose(&leaving, keys, options.archive.as_deref()));
        for file in files {
            progress.advance(&name_of(&file));
            // Whoever reads stops early by a panic alone, which is passed on below.
            let Ok(arrival) = arrived.recv() else { break };
            let report = ingester.arrival(arrival, &how)?;
            lists.add(&report);
            // A file that can't be put away ends the night: the disposing side says why.
            if matches!(report.state, ListState::Accepted | ListState::Known) && taken.send(file).is_err() {
                break;
            }
        }
        drop(taken);
        let left = disposing.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        lists.left_files.extend(left.iter().map(|file| name_of(file)));
        Ok::<_, CycleFault>(())
    })?;
    progress.end(Step::Ingest);
    Ok(())
}

/// Puts files away as they come; gives those that had to stay.
fn dispose(
    leaving: &Receiver<PathBuf>,
    keys: &store::Keys,
    archive: Option<&Path>,
) -> Result<Vec<PathBuf>, CycleFault> {
    let mut left = Vec::new();
    for file in leaving {
        if registry::archive::dispose(&file, keys, archive)? == Disposal::Left {
            left.push(file);
        }
    }
    Ok(left)
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// How a night takes rows.
pub fn how(options: &Options) -> IngestOptions {
    IngestOptions {
        dry_run: false,
        force_close: false,
        received_on: options.as_of,
        until: (!options.allow_future).then_some(options.as_of),
        at: options.at,
        actor: options.actor.clone(),
        limits: registry::reading::Limits::default(),
    }
}

impl Lists {
    fn add(&mut self, report: &ListReport) {
        match report.state {
            ListState::Accepted => self.received += 1,
            ListState::Known => {
                self.known_before += 1;
                return;
            }
            ListState::Held | ListState::Rejected | ListState::Released => {
                self.held += 1;
                self.held_files.push(report.file_name.clone());
            }
            ListState::Early => self.early_files.push(report.file_name.clone()),
            _ => {
                self.refused += 1;
                self.refused_files.push(report.file_name.clone());
            }
        }
        if report.state == ListState::Accepted {
            self.rows += report.rows;
            self.good += report.good;
            self.faulty += report.faulty;
            self.unlinked += report.unlinked;
            self.opened += report.opened;
            self.changed += report.changed;
            self.closed += report.closed;
        }
    }
}

/// CSV, XLSX and other spreadsheet files of a folder, sorted; none when the folder is absent.
pub fn list_files(folder: &Path) -> Result<Vec<PathBuf>, CycleFault> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(CycleFault::file("read", folder, e)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| CycleFault::file("read", folder, e))?.path();
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(['.', '~']));
        if ListName::may_be(&path) && !hidden && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
