//! The lists that wait in a folder, taken in order, each in its own transaction.

use std::fs;
use std::path::{Path, PathBuf};

use registry::archive::Disposal;
use registry::ingest::{IngestOptions, Ingester, ListReport, ListState};
use registry::reading::ListName;

use crate::progress::{Progress, Step};
use crate::summary::Lists;
use crate::{CycleFault, Options};

/// Takes every list file of the inbox and counts it into `lists`; what was taken leaves the inbox as the installation wants it.
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
    for file in files {
        progress.advance(&file.file_name().unwrap_or_default().to_string_lossy());
        let report = ingester.file(&file, &how)?;
        lists.add(&report);
        if matches!(report.state, ListState::Accepted | ListState::Known)
            && registry::archive::dispose(&file, keys, options.archive.as_deref())? == Disposal::Left
        {
            lists.left_files.push(report.file_name.clone());
        }
    }
    progress.end(Step::Ingest);
    Ok(())
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
