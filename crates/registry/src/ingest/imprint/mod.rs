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
mod words;

use std::collections::{BTreeSet, HashMap};

use kernel::DivisionCode;
use policy::column::Bits;
use store::{Keys, Session, ValueRef, counter};

pub(super) use digest::{Digester, places, reading};
pub(super) use gather::{Gathered, gather};
use words::Words;

use super::place::Said;
use super::work::ListWork;
use crate::RegistryError;
use crate::sources::{Entity, Mode, Source};

/// Lines in one sealed part.
const PART: usize = 1 << 14;
/// When more than one line in so many is of no more use, all are written anew.
const ANEW: usize = 8;
/// A line in a sealed part, in bytes.
const WIDTH: usize = 22;

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
        let (mut lines, mut gone, mut kept, mut next_part) = (Vec::new(), HashMap::new(), 0, 1);
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

impl ListWork<'_> {
    /// Keeps what the next list will be recognised by; the rows are taken and written, and the absent are ended.
    pub fn keep_imprints(&mut self, tx: &mut Session, reading: &str) -> Result<(), RegistryError> {
        let Some(mut press) = self.press.take() else { return forget(tx, &self.source.id) };
        let before = self.recognised.take();
        let stay = before.as_ref().map_or_else(Vec::new, |before| self.stay(before));
        let beside = self.beside(&press, before.as_ref(), &stay);
        if beside.len() > (press.lines.len() + stay.len()) / ANEW + PART {
            // A list most of whose rows can't be recognised.
            return forget(tx, &self.source.id);
        }
        let (first, gone) = match before {
            Some(before) => before.left_behind(&mut press, &stay),
            None => (None, Vec::new()),
        };
        let id = self.source.id.as_str();
        match first {
            Some(_) => tx.exec(include_str!("../../../sql/imprint_forget_beside.sql"), &[id.into()])?,
            None => tx.exec(include_str!("../../../sql/imprint_forget.sql"), &[id.into()])?,
        };
        let (keys, words) = (self.keys, words::write(&press.words, &beside));
        let parts = press.parts(&gone);
        tx.bulk_insert_with("imprint", &["source", "part", "sealed"], |sink| {
            let numbers = std::iter::once(0).chain(i64::from(first.unwrap_or(1))..);
            for (part, bytes) in numbers.zip(std::iter::once(words).chain(parts)) {
                let sealed = keys.seal(&context(id, part), &bytes);
                sink.push(&[ValueRef::Text(id), ValueRef::Int(part), ValueRef::Blob(&sealed)])?;
            }
            Ok::<_, RegistryError>(())
        })?;
        tx.exec(include_str!("../../../sql/imprint_forget_astray.sql"), &[id.into()])?;
        tx.exec(include_str!("../../../sql/imprint_forget_head.sql"), &[id.into()])?;
        let past = counter::next_ids(tx, "person_past", 0)?.start;
        tx.bulk_insert("imprint_head", &["source", "reading", "past"], [[id.into(), reading.into(), past.into()]])?;
        Ok(())
    }

    /// The lines that go on to hold, by place: those that were met, and those of other scopes of whose people this list has
    /// said and ended nothing.
    fn stay(&self, before: &Recognised) -> Vec<usize> {
        let lines = before.imprints.lines.iter().zip(&before.met).enumerate();
        let holds = lines.filter(|(_, (line, met))| {
            let subject = i64::from(line.subject);
            let is_untouched = || {
                let slot = self.current.get(&(subject, String::new()));
                !slot.is_some_and(|slot| slot.seen) && !self.ended.contains(&subject)
            };
            **met > 0 || !before.imprints.is_ours(line) && is_untouched()
        });
        holds.map(|(at, _)| at).collect()
    }

    /// People with a statement in force whose row is not kept.
    fn beside(&self, press: &Press, before: Option<&Recognised>, stay: &[usize]) -> Vec<i64> {
        let mut all: Vec<i64> = press.lines.iter().map(|line| i64::from(line.subject)).collect();
        all.sort_unstable();
        let lines = before.map_or(&[][..], |before| &before.imprints.lines);
        // Both stand by subject.
        let is_kept = |subject: i64| {
            stay.binary_search_by_key(&subject, |at| i64::from(lines[*at].subject)).is_ok()
                || all.binary_search(&subject).is_ok()
        };
        let mut beside: Vec<i64> = self.in_force().filter(|subject| *subject > 0 && !is_kept(*subject)).collect();
        beside.sort_unstable();
        beside
    }
}

impl Recognised {
    /// The part behind which new lines stand, and which lines are withdrawn; none when it is better to write all of them
    /// anew: they are with the new ones then.
    fn left_behind(self, press: &mut Press, stay: &[usize]) -> (Option<u32>, Vec<u64>) {
        let imprints = &self.imprints;
        let mut stays = Bits::filled(imprints.lines.len(), false);
        stay.iter().for_each(|at| stays.set(*at, true));
        let leave = imprints.lines.iter().enumerate().filter(|(at, _)| !stays.get(*at)).map(|(_, line)| line.digest);
        let mut gone: Vec<u64> = leave.chain(imprints.dropped.iter().copied()).collect();
        gone.sort_unstable();
        let all = stay.len() + press.lines.len();
        if imprints.kept + gone.len() + press.lines.len() <= all + all / ANEW + PART {
            return (Some(imprints.next_part), gone);
        }
        press.lines.extend(stay.iter().map(|at| imprints.lines[*at]));
        (None, Vec::new())
    }
}

impl Press {
    /// The lines in parts, before them those that are withdrawn.
    fn parts(&mut self, gone: &[u64]) -> impl Iterator<Item = Vec<u8>> {
        self.lines.sort_unstable_by_key(|line| (line.subject, line.digest));
        let first = (!gone.is_empty()).then(|| write_part(gone, &[]));
        first.into_iter().chain(self.lines.chunks(PART).map(|lines| write_part(&[], lines)))
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

/// `withdrawn (4) | digests | lines`, all numbers lowest byte first.
fn write_part(gone: &[u64], lines: &[Line]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4 + 8 * gone.len() + WIDTH * lines.len());
    bytes.extend_from_slice(&(gone.len() as u32).to_le_bytes());
    gone.iter().for_each(|digest| bytes.extend_from_slice(&digest.to_le_bytes()));
    for line in lines {
        bytes.extend_from_slice(&line.digest.to_le_bytes());
        bytes.extend_from_slice(&line.subject.to_le_bytes());
        bytes.extend_from_slice(&line.scope.to_le_bytes());
        bytes.extend_from_slice(&line.filled.to_le_bytes());
        line.said.iter().for_each(|place| bytes.extend_from_slice(&place.to_le_bytes()));
    }
    bytes
}

/// Adds a part's lines and withdrawals; gives how many they are.
fn read_part(bytes: &[u8], part: u32, lines: &mut Vec<Line>, gone: &mut HashMap<u64, u32>) -> usize {
    let Some((count, rest)) = bytes.split_first_chunk::<4>() else { return 0 };
    let count = u32::from_le_bytes(*count) as usize;
    let Some((withdrawn, rest)) = rest.split_at_checked(8 * count) else { return 0 };
    for digest in withdrawn.chunks_exact(8) {
        gone.insert(u64::from_le_bytes(std::array::from_fn(|at| digest[at])), part);
    }
    lines.reserve(rest.len() / WIDTH);
    for line in rest.chunks_exact(WIDTH) {
        let short = |at: usize| u16::from_le_bytes([line[at], line[at + 1]]);
        lines.push(Line {
            digest: u64::from_le_bytes(std::array::from_fn(|at| line[at])),
            subject: u32::from_le_bytes(std::array::from_fn(|at| line[8 + at])),
            part,
            scope: short(12),
            filled: short(14),
            said: [short(16), short(18), short(20)],
        });
    }
    count + rest.len() / WIDTH
}

/// Where a line says that its person lives and is registered.
pub(super) fn homes(said: &Said) -> (Option<DivisionCode>, Option<DivisionCode>) {
    (said[0], said[1])
}
