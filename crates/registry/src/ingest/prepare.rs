//! What can be worked out of a row before anyone knows whom it is about; runs beside the database work.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use store::Keys;

use super::imprint::Digester;
use super::place::{Said, SaidAt};
use crate::reading::{Header, Limits, Passed, Probe, ReadFault, StringRecord, each_row};
use crate::rows::{Checked, IdCell, RowReader, SEPARATOR, Values};
use crate::sources::{Entity, Source};

/// A blind index.
pub(crate) type Blind = [u8; store::keys::BLIND];

/// A checked row with its blind indexes.
pub(crate) struct Prepared {
    pub checked: Checked,
    /// Of the ID number, when it is sound.
    pub id: Option<Blind>,
    pub kin: Option<Blind>,
    /// Whom it was decided to be about, whatever its number says.
    pub decided: Option<i64>,
    /// Of the name within this process; 0 when there is none.
    pub name: u64,
    /// What a source that creates people says of who they are.
    pub identity: Option<Identity>,
    /// Of the sealed values.
    pub sealed: Option<Blind>,
    /// Where it says that it belongs.
    pub said: Said,
    /// Of its cells, where rows are recognised when they come again.
    pub digest: Option<u64>,
    /// The row as it came, in the batch's [`RawRows`], for quarantine.
    pub raw: (usize, usize),
}

/// The cells of a batch of rows as they came, in one piece of memory.
#[derive(Default)]
pub(crate) struct RawRows {
    text: String,
    ends: Vec<usize>,
}

impl RawRows {
    fn add(&mut self, record: &StringRecord) -> (usize, usize) {
        let first = self.ends.len();
        for cell in record {
            self.text.push_str(cell);
            self.ends.push(self.text.len());
        }
        (first, self.ends.len())
    }

    /// One row's cells.
    pub fn cells(&self, (first, last): (usize, usize)) -> Vec<String> {
        let start = |at: usize| if at == 0 { 0 } else { self.ends[at - 1] };
        (first..last).map(|at| self.text[start(at)..self.ends[at]].to_owned()).collect()
    }
}

/// Who someone is, ready to be sealed.
pub(crate) struct Identity {
    pub text: String,
    pub digest: Blind,
    pub phone: Option<Blind>,
}

/// Rows per message between the reading and the writing side; small, so that memory is used again.
const BATCH: usize = 128;

/// Makes [`Prepared`] rows of records.
pub(crate) struct Preparer<'p> {
    pub source: &'p Source,
    reader: &'p RowReader<'p>,
    keys: &'p Keys,
    hasher: &'p RandomState,
    said_at: SaidAt,
    digester: Option<Digester>,
}

impl<'p> Preparer<'p> {
    pub fn new(source: &'p Source, reader: &'p RowReader<'p>, keys: &'p Keys, hasher: &'p RandomState) -> Self {
        Self { source, reader, keys, hasher, said_at: SaidAt::of(reader.plain_keys()), digester: None }
    }

    /// The same for rows that shall be recognised when they come again.
    pub fn digesting(self) -> Self {
        Self { digester: Some(Digester::new(self.keys, self.source)), ..self }
    }

    /// Of a row's cells, where it shall be recognised.
    pub fn digest(&self, header: &Header, record: &StringRecord) -> Option<u64> {
        self.digester.as_ref().and_then(|digester| digester.digest(header, record))
    }

    pub fn prepare(
        &self,
        header: &Header,
        row: u64,
        record: &StringRecord,
        raw: &mut RawRows,
        scratch: &mut Values,
    ) -> Prepared {
        let mut checked = self.reader.read(header, row, record, scratch);
        let id = self.blind_of(&checked.id);
        let kin = self.blind_of(&checked.kin);
        let name = name_hash(self.hasher, &checked.name);
        let mut identity = None;
        if self.source.creates && self.source.is_about_people() {
            if let (IdCell::Sound(number), true) = (&checked.id, checked.faults.is_empty()) {
                let text = identity_text(number.reveal(), &checked.name, &checked.phone, &checked.address);
                let digest = self.keys.blind("identity", &text);
                let phone = plain_phone(&checked.phone).map(|p| self.keys.blind("phone", &p));
                identity = Some(Identity { text, digest, phone });
            }
        } else {
            seal_part(self.source, self.reader.sealed_keys().count(), &mut checked);
        }
        let sealed = (!checked.sealed.is_empty()).then(|| self.keys.blind("statement", &checked.sealed));
        let said = self.said_at.read(&checked.plain);
        let digest = self.digest(header, record);
        Prepared { checked, id, kin, decided: None, name, identity, sealed, said, digest, raw: raw.add(record) }
    }

    fn blind_of(&self, cell: &IdCell) -> Option<Blind> {
        match cell {
            IdCell::Sound(number) => Some(self.keys.blind("id_number", number.reveal())),
            IdCell::None | IdCell::Faulty(_) => None,
        }
    }
}

/// Adds what a row says of who someone is to its sealed values, where it says anything.
fn seal_part(source: &Source, facts: usize, checked: &mut Checked) {
    match source.entity {
        Entity::Person if !(checked.phone.is_empty() && checked.address.is_empty() && checked.sealed.is_empty()) => {
            checked.sealed = said(facts, &checked.sealed, [&checked.phone, &checked.address, ""]);
        }
        Entity::Kin => {
            let number = if let IdCell::Sound(number) = &checked.kin { number.reveal() } else { "" };
            checked.sealed = format!("{}{SEPARATOR}{number}", checked.kin_name);
        }
        Entity::Person | Entity::Visit | Entity::Thing(_) => {}
    }
}

/// The sealed values of a row about someone whose name it writes differently; `facts` of them are facts.
pub(crate) fn with_said_name(facts: usize, sealed: &str, name: &str) -> String {
    // The name has the last place, left empty so far.
    if sealed.is_empty() { said(facts, "", ["", "", name]) } else { format!("{sealed}{name}") }
}

fn said(facts: usize, sealed: &str, said: [&str; 3]) -> String {
    let mut parts = if sealed.is_empty() { vec![""; facts] } else { vec![sealed] };
    parts.extend(said);
    parts.join(&SEPARATOR.to_string())
}

/// `number ␟ name ␟ phone ␟ address`.
pub(crate) fn identity_text(number: &str, name: &str, phone: &str, address: &str) -> String {
    format!("{number}{SEPARATOR}{name}{SEPARATOR}{phone}{SEPARATOR}{address}")
}

/// A name without blanks, its separating dots all alike.
pub(crate) fn plain_name(name: &str) -> String {
    name_chars(name).collect()
}

fn name_chars(name: &str) -> impl Iterator<Item = char> {
    let dot = |c| matches!(c, '•' | '‧' | '・' | '.' | '．' | '●');
    name.chars().filter(|c| !c.is_whitespace()).map(move |c| if dot(c) { '·' } else { c })
}

/// A name's hash within this process, however it is spelled; 0 when it is empty.
pub(crate) fn name_hash(hasher: &RandomState, name: &str) -> u64 {
    let mut state = hasher.build_hasher();
    let mut any = false;
    for c in name_chars(name) {
        any = true;
        state.write_u32(u32::from(c));
    }
    if any { state.finish() | 1 } else { 0 }
}

/// The digits of a phone number, for its blind index.
pub(crate) fn plain_phone(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix("86").filter(|rest| rest.len() == 11).map_or(digits.clone(), str::to_owned);
    (digits.len() >= 5).then_some(digits)
}

/// What the reading side tells.
pub(crate) enum Message {
    Header(Header),
    Rows(Vec<Prepared>, RawRows),
    Done(Passed),
    Fault(ReadFault),
}

struct Gone;

enum Stop {
    Fault(ReadFault),
    Gone,
}

impl From<ReadFault> for Stop {
    fn from(fault: ReadFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Gone> for Stop {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

/// Reads and prepares in a thread of its own, a few batches ahead, while `work` takes the rows.
pub(crate) fn stream<T>(
    path: &Path,
    probe: &Probe,
    limits: &Limits,
    preparer: &Preparer<'_>,
    work: impl FnOnce(Receiver<Message>) -> T,
) -> T {
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel(8);
        scope.spawn(move || {
            let last = match read(path, probe, limits, preparer, &sender) {
                Ok(passed) => Message::Done(passed),
                Err(Stop::Fault(fault)) => Message::Fault(fault),
                Err(Stop::Gone) => return,
            };
            // The writing side may have given up; then nobody listens, and nothing is lost.
            drop(sender.send(last));
        });
        work(receiver)
    })
}

fn read(
    path: &Path,
    probe: &Probe,
    limits: &Limits,
    preparer: &Preparer<'_>,
    sender: &SyncSender<Message>,
) -> Result<Passed, Stop> {
    let mut batch = Vec::with_capacity(BATCH);
    let (mut raw, mut scratch) = (RawRows::default(), Values::default());
    let mut header_sent = false;
    let passed = each_row(path, probe, preparer.source, limits, |header, row, record| -> Result<(), Stop> {
        if !header_sent {
            header_sent = true;
            sender.send(Message::Header(header.clone())).map_err(|_| Gone)?;
        }
        batch.push(preparer.prepare(header, row, record, &mut raw, &mut scratch));
        if batch.len() == BATCH {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            sender.send(Message::Rows(full, std::mem::take(&mut raw))).map_err(|_| Gone)?;
        }
        Ok(())
    })?;
    if !batch.is_empty() {
        sender.send(Message::Rows(batch, raw)).map_err(|_| Gone)?;
    }
    Ok(passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_phones_compare_without_their_spelling() {
        assert_eq!(plain_name("阿不都•热合曼 "), "阿不都·热合曼");
        assert_eq!(plain_phone("+86 139-9901-2345").as_deref(), Some("13999012345"));
        assert_eq!(plain_phone("无"), None);
    }
}
