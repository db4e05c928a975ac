//! Rows of a full list of people that come again, recognised by a keyed digest of their cells before anything is read in
//! them.
//!
//! Kept, sealed, of each row of a source's last list that was taken and says where it belongs: its digest, whom it is about,
//! which columns it fills, and where. A row of the next list with the same cells says the same again, so long as rows
//! are read in the same way ([`reading`]) and nothing else was said of the person meanwhile: by rows out of quarantine
//! ([`note_astray`]), or by a list that changed who they are. Whatever is not kept is read as ever, so it does not matter how
//! it was lost.
//!
//! Where counties send lists of their own, the last of each is kept: a row is recognised by what the same county sent. What
//! another's list said of a person is withdrawn when this one names or ends them.

mod digest;
mod gather;
mod keep;
mod words;

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState as Fold;
use kernel::DivisionCode;
use policy::column::Bits;
use store::{Keys, Session};

pub(super) use digest::{Digester, places, reading};
pub(super) use gather::{Gathered, gather};
use keep::{WIDTH, read_part};
use words::Words;

use super::link::LinkIndex;
use super::place::Said;
use crate::RegistryError;
use crate::sources::{Entity, Mode, Source};

/// A row that was taken, as it is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    digest: u64,
    pub subject: u32,
    /// The part it stands in; 0: in none yet.
    part: u32,
    /// What its list spoke for, as a place.
    scope: u16,
    filled: u16,
    said: [u16; 3],
}

/// What is kept of a source's last lists.
pub(super) struct Imprints {
    /// Of the list at hand: only lines of its scope are met.
    scope: u16,
    /// By subject, each once, those of all scopes; the rows of a list stand mostly in this order.
    lines: Vec<Line>,
    /// Places of lines by the first bits of their digests.
    by_digest: Vec<u32>,
    /// Where those that begin with some bits begin.
    starts: Vec<u32>,
    shift: u32,
    pub words: Words,
    /// Others of whom the source speaks: their rows are not recognised.
    pub beside: BTreeSet<i64>,
    /// Digests of lines that are of no use any more, though they stand in the parts.
    dropped: Vec<u64>,
    next_part: u32,
    /// Lines and withdrawals in all parts.
    kept: usize,
}

/// Digests of lines that are withdrawn, and by which part.
type Withdrawn = HashMap<u64, u32, Fold>;

/// Collects the rows of a list as they are taken.
pub(super) struct Press {
    words: Words,
    /// Of the list, as a place.
    scope: u16,
    lines: Vec<Line>,
}

/// The sealing context of a part.
fn context(source: &str, part: i64) -> String {
    format!("imprint {source} {part}")
}

/// The same, for key rotation.
pub(crate) fn context_of(key: &[store::Value]) -> String {
    match key {
        [store::Value::Text(source), store::Value::Int(part)] => context(source, *part),
        _ => String::new(),
    }
}

/// Whether rows of a source can be recognised: a full list speaks of each person once.
pub(super) fn can_be_kept(source: &Source) -> bool {
    source.entity == Entity::Person && source.mode == Mode::Full && source.sub_key.is_empty() && source.own.is_none()
}

impl Imprints {
    /// What is kept of the source's last lists, if their rows were read in the same way; rows of one that speaks for
    /// `scope` are to be recognised.
    pub fn load(
        tx: &mut Session,
        keys: &Keys,
        source: &Source,
        (reading, scope): (&str, Option<DivisionCode>),
    ) -> Result<Option<Self>, RegistryError> {
        let id = source.id.as_str();
        let head = tx.query_opt(include_str!("../../../sql/imprint_head.sql"), &[id.into()])?;
        let Some(head) = head.filter(|head| head.text(0).is_ok_and(|read| read == reading)) else { return Ok(None) };
        let mut astray = BTreeSet::new();
        let params = [id.into(), head.int(1)?.into()];
        tx.query_each(include_str!("../../../sql/imprint_astray.sql"), &params, |row| {
            astray.insert(row.int(0)?);
            Ok::<_, RegistryError>(())
        })?;
        let (mut words, mut beside, mut whole) = (Words::default(), BTreeSet::new(), false);
        let bytes = tx.query_one(include_str!("../../../sql/imprint_bytes.sql"), &[id.into()])?.int(0)?;
        let mut lines = Vec::with_capacity(usize::try_from(bytes).unwrap_or(0) / WIDTH);
        let (mut gone, mut kept, mut next_part) = (Withdrawn::default(), 0, 1);
        tx.query_each(include_str!("../../../sql/imprint_parts.sql"), &[id.into()], |row| {
            let part = row.int(0)?;
            // What does not open is as good as lost.
            let Ok(bytes) = keys.open(&context(id, part), row.blob(1)?) else { return Ok(()) };
            if part == 0 {
                whole = words::read(&bytes).map(|read| (words, beside) = read).is_some();
                return Ok(());
            }
            next_part = u32::try_from(part).unwrap_or(u32::MAX).saturating_add(1);
            kept += read_part(&bytes, next_part - 1, &mut lines, &mut gone);
            Ok::<_, RegistryError>(())
        })?;
        let Some(scope) = words.number_of_place(scope).filter(|_| whole && !lines.is_empty()) else { return Ok(None) };
        let mut dropped = Vec::new();
        lines.retain(|line: &Line| {
            let stands = gone.get(&line.digest).is_none_or(|part| *part <= line.part);
            if stands && astray.contains(&i64::from(line.subject)) {
                dropped.push(line.digest);
                return false;
            }
            stands
        });
        // Of lines about one person the last counts.
        lines.sort_by_key(|line| line.subject);
        lines.dedup_by(|later, earlier| {
            let same = later.subject == earlier.subject;
            if same {
                *earlier = *later;
            }
            same
        });
        beside.extend(astray.into_iter().filter(|subject| *subject > 0));
        let mut found = Self {
            scope,
            lines,
            by_digest: Vec::new(),
            starts: Vec::new(),
            shift: 0,
            words,
            beside,
            dropped,
            next_part,
            kept,
        };
        found.index();
        Ok(Some(found))
    }

    /// Makes the lines be found by their digests.
    fn index(&mut self) {
        let bits = usize::BITS - self.lines.len().max(2).leading_zeros() - 1;
        self.shift = u64::BITS - bits;
        let bucket = |line: &Line| (line.digest >> self.shift) as usize;
        let mut ends = vec![0_u32; (1 << bits) + 1];
        self.lines.iter().for_each(|line| ends[bucket(line) + 1] += 1);
        for at in 1..ends.len() {
            ends[at] += ends[at - 1];
        }
        self.starts.clone_from(&ends);
        self.by_digest = vec![0; self.lines.len()];
        for (line, at) in self.lines.iter().zip(0..) {
            let slot = &mut ends[bucket(line)];
            self.by_digest[*slot as usize] = at;
            *slot += 1;
        }
    }

    /// The place of a line of the list's scope with this digest; `likely` is where it stands if nothing has moved.
    pub fn find(&self, digest: u64, likely: usize) -> Option<usize> {
        let is_it = |at: usize| self.lines.get(at).is_some_and(|line| line.digest == digest && self.is_ours(line));
        if is_it(likely) {
            return Some(likely);
        }
        let bucket = (digest >> self.shift) as usize;
        let (first, end) = (self.starts[bucket] as usize, self.starts[bucket + 1] as usize);
        self.by_digest[first..end].iter().map(|at| *at as usize).find(|at| is_it(*at))
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Whether a line is of the last list of the same scope.
    pub const fn is_ours(&self, line: &Line) -> bool {
        line.scope == self.scope
    }

    /// The columns that a line fills.
    pub fn filled(&self, line: &Line) -> u128 {
        self.words.filled(line.filled)
    }

    /// Where a line says that it belongs.
    pub fn said(&self, line: &Line) -> Said {
        line.said.map(|place| self.words.place(place))
    }

    /// People live where the lines say so.
    pub fn settle(&self, index: &mut LinkIndex) {
        for line in &self.lines {
            let [residence, hukou, _] = self.said(line);
            index.settle_person(i64::from(line.subject), (residence, hukou));
        }
    }
}

impl Press {
    /// For a list of a source of which nothing is kept.
    pub fn new(scope: Option<DivisionCode>) -> Self {
        let mut words = Words::default();
        let scope = words.number_of_place(scope).unwrap_or(0);
        Self { words, scope, lines: Vec::new() }
    }

    /// Begins where what is recognised ends.
    pub fn after(imprints: &mut Imprints) -> Self {
        Self { words: std::mem::take(&mut imprints.words), scope: imprints.scope, lines: Vec::new() }
    }

    /// Notes a row that was taken; one that does not say where it belongs is not kept: that may change without it.
    pub fn note(&mut self, digest: Option<u64>, subject: i64, filled: u128, said: &Said) {
        let (Some(digest), Ok(subject)) = (digest, u32::try_from(subject)) else { return };
        if said.iter().all(Option::is_none) {
            return;
        }
        let places = said.map(|place| self.words.number_of_place(place));
        if let (Some(filled), [Some(a), Some(b), Some(c)]) = (self.words.number_of_filled(filled), places) {
            self.lines.push(Line { digest, subject, part: 0, scope: self.scope, filled, said: [a, b, c] });
        }
    }
}

/// What is recognised of the list at hand.
pub(super) struct Recognised {
    pub imprints: Imprints,
    /// By line the number of the row that is it; 0: none is.
    pub met: Vec<u32>,
    /// Lines that are in the list and of whose people the statements were read all the same.
    pub both: Bits,
    /// Of whom the statements are to be read.
    pub asked: Vec<i64>,
}

impl Recognised {
    /// Of a list whose rows are all read: none is recognised.
    pub fn none(imprints: Imprints) -> Self {
        let lines = imprints.lines.len();
        Self { imprints, met: vec![0; lines], both: Bits::filled(lines, false), asked: Vec::new() }
    }

    fn met(&self) -> impl Iterator<Item = (usize, &Line)> {
        self.imprints.lines.iter().enumerate().filter(|(at, _)| self.met[*at] > 0)
    }

    /// The lines that are in the list and of whose people nothing was asked.
    pub fn alone(&self) -> impl Iterator<Item = &Line> {
        self.met().filter(|(at, _)| !self.both.get(*at)).map(|(_, line)| line)
    }
}

/// Nothing of a source is recognised any more.
pub(super) fn forget(tx: &mut Session, source: &str) -> Result<(), RegistryError> {
    for sql in [
        include_str!("../../../sql/imprint_forget.sql"),
        include_str!("../../../sql/imprint_forget_astray.sql"),
        include_str!("../../../sql/imprint_forget_head.sql"),
    ] {
        tx.exec(sql, &[source.into()])?;
    }
    Ok(())
}

/// Something was said of people beside the source's lists.
pub(super) fn note_astray(
    tx: &mut Session,
    source: &Source,
    subjects: impl Iterator<Item = i64>,
) -> Result<(), RegistryError> {
    let known = [source.id.as_str().into()];
    if !can_be_kept(source) || tx.query_opt(include_str!("../../../sql/imprint_head.sql"), &known)?.is_none() {
        return Ok(());
    }
    let subjects: BTreeSet<i64> = subjects.filter(|subject| *subject > 0).collect();
    let rows = subjects.into_iter().map(|subject| [source.id.as_str().into(), subject.into()]);
    tx.bulk_insert("imprint_astray", &["source", "subject"], rows)?;
    Ok(())
}
