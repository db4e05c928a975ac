//! What is kept of a list once it is taken: new lines behind the old ones, or all anew.

use policy::column::Bits;
use store::{Session, ValueRef, counter};

use super::{Line, Press, Recognised, Withdrawn, context, forget, words};
use crate::RegistryError;
use crate::ingest::work::ListWork;

/// Lines in one sealed part.
const PART: usize = 1 << 14;
/// When more than one line in so many is of no more use, all are written anew.
const ANEW: usize = 8;
/// A line in a sealed part, in bytes.
pub(super) const WIDTH: usize = 22;

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
        let lines = before.map_or(&[][..], |before| &before.imprints.lines);
        let subjects = || press.lines.iter().chain(stay.iter().map(|at| &lines[*at])).map(|line| line.subject as usize);
        let mut kept = Bits::filled(subjects().max().map_or(0, |last| last + 1), false);
        subjects().for_each(|subject| kept.set(subject, true));
        let is_kept = |subject: i64| usize::try_from(subject).is_ok_and(|at| at < kept.len() && kept.get(at));
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
pub(super) fn read_part(bytes: &[u8], part: u32, lines: &mut Vec<Line>, gone: &mut Withdrawn) -> usize {
    let Some((count, rest)) = bytes.split_first_chunk::<4>() else { return 0 };
    let count = u32::from_le_bytes(*count) as usize;
    let Some((withdrawn, rest)) = rest.split_at_checked(8 * count) else { return 0 };
    for digest in withdrawn.chunks_exact(8) {
        gone.insert(u64::from_le_bytes(std::array::from_fn(|at| digest[at])), part);
    }
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
