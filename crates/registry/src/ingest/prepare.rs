//! What can be worked out of a row before anyone knows whom it is about; runs beside the database work.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use store::Keys;

use super::ahead::{Coming, Feed};
use super::place::{Said, SaidAt};
use crate::reading::{Header, Passed, ReadFault, Records};
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
    /// Its place among the rows as they came, for quarantine.
    pub raw: usize,
}

/// Who someone is, ready to be sealed.
pub(crate) struct Identity {
    pub text: String,
    pub digest: Blind,
    pub phone: Option<Blind>,
}

/// Makes [`Prepared`] rows of cells.
pub(crate) struct Preparer<'p> {
    pub source: &'p Source,
    reader: &'p RowReader<'p>,
    keys: &'p Keys,
    hasher: &'p RandomState,
    said_at: SaidAt,
}

impl<'p> Preparer<'p> {
    pub fn new(source: &'p Source, reader: &'p RowReader<'p>, keys: &'p Keys, hasher: &'p RandomState) -> Self {
        Self { source, reader, keys, hasher, said_at: SaidAt::of(reader.plain_keys()) }
    }

    /// Of a row among those that came, with its digest where it shall be recognised when it comes again.
    pub fn prepare(
        &self,
        header: &Header,
        (records, at): (&Records, usize),
        digest: Option<u64>,
        scratch: &mut Values,
    ) -> Prepared {
        let (row, cells) = (records.number(at), records.cells(at));
        let mut checked = self.reader.read(header, row, cells, scratch);
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
        Prepared { checked, id, kin, decided: None, name, identity, sealed, said, digest, raw: at }
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
    Rows(Vec<Prepared>, Records),
    Done(Passed),
    Fault(ReadFault),
}

/// Prepares rows in a thread of its own as they come, a few batches ahead, while `work` takes them.
pub(super) fn stream<T>(feed: &mut Feed<'_>, preparer: &Preparer<'_>, work: impl FnOnce(Receiver<Message>) -> T) -> T {
    feed.read(|coming| {
        thread::scope(|scope| {
            let (sender, receiver) = sync_channel(8);
            // The taking side may have given up; then nobody listens, and nothing is lost.
            scope.spawn(move || prepare_all(coming, preparer).all(|message| sender.send(message).is_ok()));
            work(receiver)
        })
    })
}

fn prepare_all(coming: Receiver<Coming>, preparer: &Preparer<'_>) -> impl Iterator<Item = Message> {
    let (mut header, mut scratch) = (Header::default(), Values::default());
    coming.into_iter().map(move |coming| match coming {
        Coming::Header(found) => {
            header.clone_from(&found);
            Message::Header(found)
        }
        Coming::Rows(records, digests) => {
            let rows = digests.iter().enumerate();
            let rows = rows.map(|(at, digest)| preparer.prepare(&header, (&records, at), *digest, &mut scratch));
            Message::Rows(rows.collect(), records)
        }
        Coming::Done(passed) => Message::Done(passed),
        Coming::Fault(fault) => Message::Fault(fault),
    })
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
