//! Walking the audit chain and saying what was done to it.

use std::collections::BTreeSet;

use super::{AuditError, HEAD, SECRET, hash};
use crate::keys::Keys;
use crate::{Row, Session, StoreError};

/// Beyond so many comparisons a damaged row is not looked for at other places.
const MOST_COMPARISONS: usize = 1_000_000;

/// What a check of the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// Entries found.
    pub entries: u64,
    /// Number of the last entry, as sealed.
    pub last: i64,
    /// Nothing here: the chain is whole.
    pub faults: Vec<AuditFault>,
}

/// Something done to the chain from outside. Entries are named by their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuditFault {
    /// The chain's end is gone, and with it the means to check.
    HeadMissing,
    /// The chain's end is not what was sealed.
    HeadChanged,
    Changed(i64),
    /// All entries from the first to the second number.
    Removed(i64, i64),
    Inserted(i64),
    Moved {
        entry: i64,
        found_at: i64,
    },
    /// The entry is genuine but does not follow the one before it: parts of two copies were mixed.
    Unlinked(i64),
}

impl std::fmt::Display for AuditFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::HeadMissing => write!(f, "the end of the chain is missing"),
            Self::HeadChanged => write!(f, "the end of the chain was changed"),
            Self::Changed(n) => write!(f, "entry {n} was changed"),
            Self::Removed(from, to) if from == to => write!(f, "entry {from} was removed"),
            Self::Removed(from, to) => write!(f, "entries {from} to {to} were removed"),
            Self::Inserted(n) => write!(f, "entry {n} was inserted"),
            Self::Moved { entry, found_at } => write!(f, "entry {entry} was moved to {found_at}"),
            Self::Unlinked(n) => write!(f, "entry {n} does not follow the one before it"),
        }
    }
}

/// Checks every entry and the end of the chain.
///
/// # Errors
/// `Store` when the chain can't be read; what was done to it is in the report.
pub fn verify(session: &mut Session, keys: &Keys) -> Result<AuditReport, AuditError> {
    if session.in_transaction() { check(session, keys) } else { session.reading(|tx| check(tx, keys)) }
}

fn check(session: &mut Session, keys: &Keys) -> Result<AuditReport, AuditError> {
    let head = session.query_opt(include_str!("../../sql/audit_head_get.sql"), &[])?;
    let broken = |fault| AuditReport { entries: 0, last: 0, faults: vec![fault] };
    let Some(head) = head else { return Ok(broken(AuditFault::HeadMissing)) };
    let Ok(secret) = keys.open(SECRET, head.blob(3)?) else { return Ok(broken(AuditFault::HeadChanged)) };
    let stated = (head.int(0)?, head.blob(1)?.to_vec());
    let sealed = keys.open(HEAD, head.blob(2)?).ok().and_then(|bytes| {
        let (sequence, hash) = bytes.split_first_chunk::<8>()?;
        Some((i64::from_be_bytes(*sequence), hash.to_vec()))
    });
    let mut walk = Walk { secret, genuine: BTreeSet::new(), odd: Vec::new(), faults: Vec::new(), before: None };
    if sealed.as_ref() != Some(&stated) {
        walk.faults.push(AuditFault::HeadChanged);
    }
    let mut entries = 0;
    session.query_each(include_str!("../../sql/audit_list.sql"), &[], |row| {
        entries += 1;
        walk.take(row)
    })?;
    // A number that was not sealed may be anything: then the chain ends where it is last genuine.
    let (last, last_hash) = sealed.unwrap_or_else(|| walk.before.clone().unwrap_or_default());
    walk.check_end(last, &last_hash);
    Ok(AuditReport { entries, last, faults: walk.finish(last) })
}

struct Walk {
    secret: Vec<u8>,
    /// Numbers of the entries whose hash is right.
    genuine: BTreeSet<i64>,
    odd: Vec<Odd>,
    faults: Vec<AuditFault>,
    /// The genuine entry before: number and hash.
    before: Option<(i64, Vec<u8>)>,
}

/// A row whose hash does not fit its place.
struct Odd {
    found_at: i64,
    fields: [String; 5],
    previous: Vec<u8>,
    hash: Vec<u8>,
}

impl Walk {
    fn take(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        let sequence = row.int(0)?;
        let fields = [row.text(1)?, row.text(2)?, row.text(3)?, row.text(4)?, row.text(5)?];
        let (previous, found) = (row.blob(6)?, row.blob(7)?);
        if hash(&self.secret, sequence, previous, fields) != found {
            let fields = fields.map(str::to_owned);
            self.odd.push(Odd { found_at: sequence, fields, previous: previous.to_vec(), hash: found.to_vec() });
            return Ok(());
        }
        if self.before.as_ref().is_some_and(|(n, hash)| *n == sequence - 1 && hash != previous) {
            self.faults.push(AuditFault::Unlinked(sequence));
        }
        self.before = Some((sequence, found.to_vec()));
        self.genuine.insert(sequence);
        Ok(())
    }

    /// The last genuine entry must be the sealed one.
    fn check_end(&mut self, last: i64, last_hash: &[u8]) {
        let wrong = self.before.as_ref().is_some_and(|(n, hash)| *n > last || (*n == last && hash != last_hash));
        if wrong && !self.faults.contains(&AuditFault::HeadChanged) {
            self.faults.push(AuditFault::HeadChanged);
        }
    }

    fn finish(mut self, last: i64) -> Vec<AuditFault> {
        let mut empty: BTreeSet<i64> = (1..=last).filter(|n| !self.genuine.contains(n)).collect();
        let mut strangers = Vec::new();
        let search = self.odd.len().saturating_mul(empty.len()) <= MOST_COMPARISONS;
        for odd in &self.odd {
            match empty.iter().copied().find(|place| search && odd.belongs_at(&self.secret, *place)) {
                Some(entry) => {
                    empty.remove(&entry);
                    self.faults.push(AuditFault::Moved { entry, found_at: odd.found_at });
                }
                None => strangers.push(odd.found_at),
            }
        }
        for at in strangers {
            self.faults.push(if empty.remove(&at) { AuditFault::Changed(at) } else { AuditFault::Inserted(at) });
        }
        self.faults.extend(runs(&empty).map(|(from, to)| AuditFault::Removed(from, to)));
        self.faults.sort_unstable();
        self.faults
    }
}

impl Odd {
    fn belongs_at(&self, secret: &[u8], place: i64) -> bool {
        let fields = self.fields.each_ref().map(String::as_str);
        hash(secret, place, &self.previous, fields).as_slice() == self.hash
    }
}

/// Neighbouring numbers as one run.
fn runs(numbers: &BTreeSet<i64>) -> impl Iterator<Item = (i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for n in numbers {
        match runs.last_mut() {
            Some((_, to)) if *to + 1 == *n => *to = *n,
            _ => runs.push((*n, *n)),
        }
    }
    runs.into_iter()
}
