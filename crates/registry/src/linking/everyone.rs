//! Keys of everyone in the registry, kept sealed between nights: whom a row may be about is found without opening a
//! name. Each person's keys carry a print of who they are and where they live; whoever's print is another one is read
//! again. So it does not matter how what is kept was lost or fell behind.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

use kernel::DivisionCode;
use linkage::hash::{Folding, fold};
use linkage::standing::{KEYS_REVISION, KeyMaker, Plan, Standing};
use store::{Keys, Session, ValueRef};

use super::FIELDS;
use super::compare::Record;
use super::many::many_at_once;
use super::opening::{Identity, opened};
use super::rules::Rules;
use crate::RegistryError;
use crate::ingest::held::first_int;
use crate::ingest::link::LinkIndex;
use crate::rows::SEPARATOR;
use crate::sources::ScopeBy;

/// People in one sealed part, about a megabyte.
const PART: usize = 1 << 14;
/// Of whom more than one in so many is read again, the rest is written again too.
const ANEW: usize = 8;
const THREADS: usize = 2;

/// Everyone's keys, by person id.
pub(super) struct Everyone {
    pub standing: Standing,
    /// 0: not known.
    prints: Vec<u64>,
    plan: Plan,
    /// Lines of people in the parts that are kept, and the number of the next part.
    kept: usize,
    next_part: i64,
}

/// The sealing context of a part.
pub(crate) fn context(part: i64) -> String {
    format!("link_index {part}")
}

/// The same, for key rotation.
pub(crate) fn context_of(key: &[store::Value]) -> String {
    context(first_int(key))
}

/// What made the keys of a part: others are of no use to it.
fn made_by(rules: &Rules) -> String {
    format!("{} keys {KEYS_REVISION}", rules.engine())
}

impl Everyone {
    /// What is kept, whatever of it can be opened, with room for so many people and for more who may be made of rows.
    pub fn load(
        tx: &mut Session,
        keys: &Keys,
        rules: &Rules,
        (people, more): (i64, usize),
    ) -> Result<Self, RegistryError> {
        let plan = rules.plan();
        let mut everyone = Self { standing: Standing::new(&plan), prints: Vec::new(), plan, kept: 0, next_part: 1 };
        let engine = made_by(rules);
        let people = usize::try_from(people).unwrap_or(0);
        everyone.standing.reserve(people + more);
        everyone.grow(people);
        thread::scope(|scope| {
            // Parts are opened beside and taken in their order.
            let (sealed, to_open) = sync_channel::<(i64, Vec<u8>)>(4);
            let (opened, to_take) = channel();
            let to_open = Arc::new(Mutex::new(to_open));
            for _ in 0..THREADS {
                let (to_open, opened) = (Arc::clone(&to_open), opened.clone());
                scope.spawn(move || {
                    while let Some((part, blob)) = next(&to_open) {
                        // What does not open is as good as lost.
                        let lines = keys.open(&context(part), &blob).unwrap_or_default();
                        if opened.send((part, lines)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(opened);
            let (mut asked, mut early) = (VecDeque::new(), BTreeMap::new());
            tx.query_each(include_str!("../../sql/link_index_all.sql"), &[engine.into()], |row| {
                let part = row.int(0)?;
                asked.push_back(part);
                let _ = sealed.send((part, row.blob(1)?.to_vec()));
                early.extend(to_take.try_iter());
                everyone.take_parts(&mut asked, &mut early);
                Ok::<_, RegistryError>(())
            })?;
            drop(sealed);
            for (part, lines) in to_take {
                early.insert(part, lines);
                everyone.take_parts(&mut asked, &mut early);
            }
            Ok::<_, RegistryError>(())
        })?;
        Ok(everyone)
    }

    fn take_parts(&mut self, asked: &mut VecDeque<i64>, early: &mut BTreeMap<i64, Vec<u8>>) {
        while let Some((part, lines)) = asked.front().and_then(|part| early.remove_entry(part)) {
            asked.pop_front();
            self.next_part = part + 1;
            self.take_lines(&lines);
        }
    }

    fn take_lines(&mut self, lines: &[u8]) {
        for line in lines.chunks_exact(12 + 4 * self.plan.width()) {
            let word = |at: usize| u32::from_le_bytes(std::array::from_fn(|byte| line[at + byte]));
            let id = word(0) as usize;
            self.grow(id + 1);
            self.prints[id] = u64::from(word(4)) | u64::from(word(8)) << 32;
            let words = line[12..].chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
            self.standing.get_mut(id).iter_mut().zip(words).for_each(|(to, word)| *to = word);
            self.kept += 1;
        }
    }

    fn grow(&mut self, people: usize) {
        if people > self.prints.len() {
            self.standing.grow(people);
            self.prints.resize(people, 0);
        }
    }

    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Reads again who is new or has changed and keeps it; gives those whose keys are others, ids ascending.
    pub fn refresh(
        &mut self,
        tx: &mut Session,
        keys: &Keys,
        index: &LinkIndex,
        rules: &Rules,
    ) -> Result<Vec<i64>, RegistryError> {
        let people = usize::try_from(index.next_person()).unwrap_or(0);
        self.grow(people);
        let now = |id: usize| index.digest(id as i64).map_or(0, |digest| print(digest, home(index, id as i64)));
        let stale: Vec<i64> = (1..people).filter(|id| self.prints[*id] != now(*id)).map(|id| id as i64).collect();
        let plan = self.plan.clone();
        let make = || {
            let (mut maker, mut record) = (KeyMaker::new(&plan, &rules.spec), Opened::default());
            let plan = &plan;
            move |made: &mut Made, id: i64, identity: &str| {
                record.take(identity, home(index, id));
                let from = made.keys.len();
                made.people.push(id);
                made.keys.resize(from + plan.width(), 0);
                maker.write(&record.fields(), &mut made.keys[from..]);
            }
        };
        let mut changed = Vec::new();
        let take = |made: Made| {
            for (id, keys) in made.people.iter().zip(made.keys.chunks_exact(plan.width())) {
                let at = *id as usize;
                if self.prints[at] == 0 || self.standing.get(at) != keys {
                    self.standing.get_mut(at).copy_from_slice(keys);
                    changed.push(*id);
                }
                self.prints[at] = now(at);
            }
        };
        opened(keys, make, take, |give| {
            let closed = give_brought(index, &stale, give)?;
            if closed.len() * ANEW > people {
                let mut awaited = closed.iter().copied().peekable();
                return tx.query_each(include_str!("../../sql/person_identities.sql"), &[], |row| {
                    let id = row.int(0)?;
                    if awaited.next_if_eq(&id).is_some() { give(id, Identity::Sealed(row.blob(1)?)) } else { Ok(()) }
                });
            }
            give_some(tx, &closed, give)
        })?;
        changed.sort_unstable();
        self.keep(tx, keys, rules, &stale)?;
        Ok(changed)
    }

    /// Writes what is new behind what is kept, or all of it anew when that has grown too long.
    fn keep(&mut self, tx: &mut Session, keys: &Keys, rules: &Rules, stale: &[i64]) -> Result<(), RegistryError> {
        if stale.is_empty() {
            return Ok(());
        }
        let people = self.prints.len();
        let anew = self.kept == 0 || self.kept + stale.len() > people + people / ANEW + PART;
        let all: Vec<i64>;
        let ids = if anew {
            tx.exec(include_str!("../../sql/link_index_forget.sql"), &[])?;
            (self.kept, self.next_part) = (0, 1);
            all = (1..people as i64).filter(|id| self.prints[*id as usize] != 0).collect();
            &all[..]
        } else {
            stale
        };
        let engine = made_by(rules);
        let first = self.next_part;
        self.kept += ids.len();
        self.next_part += ids.len().div_ceil(PART) as i64;
        tx.bulk_insert_with("link_index", &["part", "engine", "sealed"], |sink| {
            for (part, ids) in (first..).zip(ids.chunks(PART)) {
                let sealed = keys.seal(&context(part), &self.lines(ids));
                sink.push(&[ValueRef::Int(part), ValueRef::Text(&engine), ValueRef::Blob(&sealed)])?;
            }
            Ok::<_, RegistryError>(())
        })?;
        Ok(())
    }

    fn lines(&self, ids: &[i64]) -> Vec<u8> {
        let mut lines = Vec::with_capacity(ids.len() * (12 + 4 * self.plan.width()));
        for id in ids {
            let at = *id as usize;
            lines.extend_from_slice(&(*id as u32).to_le_bytes());
            lines.extend_from_slice(&self.prints[at].to_le_bytes());
            self.standing.get(at).iter().for_each(|word| lines.extend_from_slice(&word.to_le_bytes()));
        }
        lines
    }
}

fn next<T>(waiting: &Mutex<Receiver<T>>) -> Option<T> {
    waiting.lock().ok()?.recv().ok()
}

fn home(index: &LinkIndex, id: i64) -> Option<DivisionCode> {
    index.division(id, ScopeBy::Residence)
}

/// Of who someone is and where they live. Never 0.
fn print(digest: &[u8; store::keys::BLIND], home: Option<DivisionCode>) -> u64 {
    let half = |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| digest[at + byte]));
    let mut hasher = Folding::default();
    home.hash(&mut hasher);
    fold(fold(half(0)) ^ half(8).rotate_left(17) ^ hasher.finish()) | 1
}

/// People and, one after the other, their keys.
#[derive(Default)]
struct Made {
    people: Vec<i64>,
    keys: Vec<u32>,
}

type Give<'g> = dyn FnMut(i64, Identity<'_>) -> Result<(), RegistryError> + 'g;

/// Gives the identities that tonight's lists brought; whose others are, in their order, is left.
fn give_brought(index: &LinkIndex, ids: &[i64], give: &mut Give<'_>) -> Result<Vec<i64>, RegistryError> {
    let mut others = Vec::new();
    for id in ids {
        match index.brought(*id) {
            Some(identity) => give(*id, Identity::Open(identity))?,
            None => others.push(*id),
        }
    }
    Ok(others)
}

fn give_some(tx: &mut Session, ids: &[i64], give: &mut Give<'_>) -> Result<(), RegistryError> {
    for params in many_at_once(ids) {
        tx.query_each(include_str!("../../sql/person_identities_of.sql"), &params, |row| {
            give(row.int(0)?, Identity::Sealed(row.blob(1)?))
        })?;
    }
    Ok(())
}

/// Some people's records.
pub(super) fn records(
    tx: &mut Session,
    keys: &Keys,
    index: &LinkIndex,
    ids: &[i64],
) -> Result<BTreeMap<i64, Record>, RegistryError> {
    let mut records = BTreeMap::new();
    let make = || {
        let mut opened = Opened::default();
        move |made: &mut Vec<(i64, Record)>, id: i64, identity: &str| {
            opened.take(identity, home(index, id));
            made.push((id, opened.fields().map(str::to_owned)));
        }
    };
    opened(
        keys,
        make,
        |made| records.extend(made),
        |give| {
            let others = give_brought(index, ids, give)?;
            give_some(tx, &others, give)
        },
    )?;
    Ok(records)
}

/// An identity in the form in which it is compared; its memory is used again.
#[derive(Default)]
pub(super) struct Opened {
    parts: [String; 4],
    birth: String,
    sex: String,
    home: String,
}

impl Opened {
    pub fn take(&mut self, identity: &str, home: Option<DivisionCode>) {
        let mut parts = identity.split(SEPARATOR);
        for part in &mut self.parts {
            part.clear();
            part.push_str(parts.next().unwrap_or_default());
        }
        self.birth.clear();
        self.home.clear();
        self.sex.clear();
        // Numbers in the registry were found sound before.
        if let Some(number) = self.parts[0].get(..17).filter(|number| number.bytes().all(|b| b.is_ascii_digit())) {
            for part in [&number[6..10], "-", &number[10..12], "-", &number[12..14]] {
                self.birth.push_str(part);
            }
            self.sex.push(if number.as_bytes()[16] % 2 == 1 { '1' } else { '2' });
        } else {
            let mut said = parts.map(str::to_owned);
            let mut next = || said.next().unwrap_or_default();
            (self.birth, self.sex, self.parts[0]) = (next(), next(), next());
        }
        if let Some(home) = home {
            let _ = write!(self.home, "{home}");
        }
    }

    /// In the order of [`FIELDS`].
    pub fn fields(&self) -> [&str; FIELDS.len()] {
        let [number, name, phone, address] = &self.parts;
        [number, name, &self.birth, &self.sex, phone, address, &self.home]
    }
}
