//! The lists that wait in a folder, taken in order, each in its own transaction.

use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::thread;

use registry::archive::Disposal;
use registry::ingest::{Arrival, IngestOptions, Ingester, ListReport, ListState};
use registry::reading::ListName;

use crate::progress::{Progress, Step};
use crate::summary::Lists;
use crate::{CycleFault, Options};

/// Takes every list file of the inbox and counts it into `lists`; what was taken leaves the inbox as the installation wants it.
/// While one is taken, the next is looked at and the last one is put away.
///
/// Held and refused files stay where they are until someone decides.
pub fn take(
    ingester: &mut Ingester<'_>,
    options: &Options,
    keys: &store::Keys,
    progress: &mut dyn Progress,
    lists: &mut Lists,
) -> Result<(), CycleFault> {
    let files = ingester.in_order(&list_files(&options.inbox)?);
    progress.begin(Step::Ingest, Some(files.len() as u64));
    let how = how(options);
    thread::scope(|scope| {
        let (looked_at, arrivals) = sync_channel(1);
        // Nobody takes any more where a list failed.
        scope.spawn(move || files.iter().try_for_each(|file| looked_at.send(Arrival::of(file))));
        let (taken, leaving) = channel();
        let disposing = scope.spawn(move || dispose(&leaving, keys, options.archive.as_deref()));
        for arrival in arrivals {
            let file = arrival.path().to_path_buf();
            progress.advance(&name_of(&file));
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
