//! A whole list read before the database is asked of whom its rows speak: what is recognised is only counted, the other
//! rows are held in memory, if they are few.

use std::sync::mpsc::Receiver;

use super::Imprints;
use crate::ingest::ahead::Coming;
use crate::ingest::prepare::{Prepared, Preparer};
use crate::reading::{Header, Passed, ReadFault, Records};
use crate::rows::Values;

/// Rows held in memory; some 150 MB.
pub(in crate::ingest) const MOST: usize = 1 << 18;
/// Rows with their cells in one piece of memory.
const BATCH: usize = 1024;

/// A list's rows.
pub(in crate::ingest) struct Gathered {
    pub passed: Passed,
    /// Those that were not recognised.
    pub batches: Vec<(Vec<Prepared>, Records)>,
    /// By line of what was kept, the number of the first row that is it; 0: none is.
    pub met: Vec<u32>,
    /// Lines, by place, that further rows are.
    pub again: Vec<usize>,
}

/// Reads a list as it comes; none when too many of its rows are not recognised.
pub(in crate::ingest) fn gather(
    coming: Receiver<Coming>,
    preparer: &Preparer<'_>,
    imprints: Option<&Imprints>,
) -> Result<Option<Gathered>, ReadFault> {
    let mut met = vec![0; imprints.map_or(0, |imprints| imprints.lines().len())];
    let ours = |imprints: &Imprints| imprints.lines().iter().filter(|line| imprints.is_ours(line)).count();
    let most = imprints.map_or(MOST, |imprints| MOST.min(ours(imprints) / 2 + BATCH));
    let (mut batches, mut again, mut held, mut likely) = (Vec::new(), Vec::new(), 0, 0);
    let (mut batch, mut raw, mut scratch) = (Vec::new(), Records::default(), Values::default());
    let mut header = Header::default();
    for coming in coming {
        let (records, digests) = match coming {
            Coming::Header(found) => {
                header = found;
                continue;
            }
            Coming::Rows(records, digests) => (records, digests),
            Coming::Done(passed) => {
                batches.push((batch, raw));
                return Ok(Some(Gathered { passed, batches, met, again }));
            }
            Coming::Fault(fault) => return Err(fault),
        };
        for (at, digest) in digests.into_iter().enumerate() {
            let number = records.number(at);
            let known = imprints.zip(digest).and_then(|(imprints, digest)| imprints.find(digest, likely));
            if let Some(line) = known {
                likely = line + 1;
                // Beyond four thousand million rows everything is read as ever.
                let Ok(number) = u32::try_from(number) else { return Ok(None) };
                if met[line] == 0 {
                    met[line] = number
                } else {
                    again.push(line)
                }
                continue;
            }
            held += 1;
            if held > most {
                return Ok(None);
            }
            let place = raw.push(number, records.cells(at).iter());
            batch.push(preparer.prepare(&header, (&raw, place), digest, &mut scratch));
            if batch.len() == BATCH {
                batches.push((std::mem::take(&mut batch), std::mem::take(&mut raw)));
            }
        }
    }
    // The reading side stopped without a word: whoever reads anew finds why.
    Ok(None)
}
