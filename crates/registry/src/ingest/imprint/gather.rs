//! A whole list read before the database is asked of whom its rows speak: what is recognised is only counted, the other
//! rows are held in memory, if they are few.

use std::path::Path;

use super::Imprints;
use crate::ingest::prepare::{Prepared, Preparer, RawRows};
use crate::reading::{Limits, Passed, Probe, ReadFault, each_row};
use crate::rows::Values;

/// Rows held in memory; some 150 MB.
pub(in crate::ingest) const MOST: usize = 1 << 18;
/// Rows with their cells in one piece of memory.
const BATCH: usize = 1024;

/// A list's rows.
pub(in crate::ingest) struct Gathered {
    pub passed: Passed,
    /// Those that were not recognised.
    pub batches: Vec<(Vec<Prepared>, RawRows)>,
    /// By line of what was kept, the number of the first row that is it; 0: none is.
    pub met: Vec<u32>,
    /// Lines, by place, that further rows are.
    pub again: Vec<usize>,
}

enum Stop {
    Fault(ReadFault),
    TooMany,
}

impl From<ReadFault> for Stop {
    fn from(fault: ReadFault) -> Self {
        Self::Fault(fault)
    }
}

/// Reads a list; none when too many of its rows are not recognised.
pub(in crate::ingest) fn gather(
    (path, probe, limits): (&Path, &Probe, &Limits),
    preparer: &Preparer<'_>,
    imprints: Option<&Imprints>,
) -> Result<Option<Gathered>, ReadFault> {
    let mut met = vec![0; imprints.map_or(0, |imprints| imprints.lines().len())];
    let ours = |imprints: &Imprints| imprints.lines().iter().filter(|line| imprints.is_ours(line)).count();
    let most = imprints.map_or(MOST, |imprints| MOST.min(ours(imprints) / 2 + BATCH));
    let (mut batches, mut again, mut held, mut likely) = (Vec::new(), Vec::new(), 0, 0);
    let (mut batch, mut raw, mut scratch) = (Vec::new(), RawRows::default(), Values::default());
    let passed = each_row(path, probe, preparer.source, limits, |header, row, record| {
        let known = imprints.and_then(|imprints| imprints.find(preparer.digest(header, record)?, likely));
        if let Some(at) = known {
            likely = at + 1;
            // Beyond four thousand million rows everything is read as ever.
            let number = u32::try_from(row).map_err(|_| Stop::TooMany)?;
            if met[at] == 0 {
                met[at] = number
            } else {
                again.push(at)
            }
            return Ok(());
        }
        held += 1;
        if held > most {
            return Err(Stop::TooMany);
        }
        batch.push(preparer.prepare(header, row, record, &mut raw, &mut scratch));
        if batch.len() == BATCH {
            batches.push((std::mem::take(&mut batch), std::mem::take(&mut raw)));
        }
        Ok(())
    });
    batches.push((batch, raw));
    match passed {
        Ok(passed) => Ok(Some(Gathered { passed, batches, met, again })),
        Err(Stop::TooMany) => Ok(None),
        Err(Stop::Fault(fault)) => Err(fault),
    }
}
