//! Messages to the staff: call me, this fact is wrong, this page is hard to use. Words are sealed; each is answered by
//! somebody who says what came of it.

use chrono::{DateTime, Utc};
use kernel::{DivisionCode, PersonId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Keys, Row, Session, Value, next_ids, stamp};

use crate::comments::LONGEST_TEXT;
use crate::consultations::note;
use crate::error::{Field, kept, look, refuse};
use crate::{CommunityError, sealing, time};

/// A message as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: i64,
    pub kind: MessageKind,
    /// A benefit, a fact or a page, by its key; may be empty.
    pub about: String,
    pub person: Option<PersonId>,
    pub account: Option<UserId>,
    /// Where the sender lives, as far as they said.
    pub division: Option<DivisionCode>,
    pub text: String,
    pub name: String,
    pub contact: String,
    pub received_at: DateTime<Utc>,
    /// When, by whom, and what came of it.
    pub done: Option<(DateTime<Utc>, String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    Callback,
    Feedback,
    Correction,
}

/// A message as it comes in.
#[derive(Clone, Copy, Debug)]
pub struct NewMessage<'a> {
    pub kind: MessageKind,
    pub about: &'a str,
    pub person: Option<PersonId>,
    pub account: Option<UserId>,
    pub division: Option<DivisionCode>,
    pub text: &'a str,
    pub name: &'a str,
    pub contact: &'a str,
}

#[derive(Serialize, Deserialize)]
struct Words {
    text: String,
    name: String,
    contact: String,
}

const LONGEST_NAME: usize = 40;
const LONGEST_CONTACT: usize = 60;
const LONGEST_ABOUT: usize = 80;

impl MessageKind {
    pub const ALL: [Self; 3] = [Self::Callback, Self::Feedback, Self::Correction];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Callback => "callback",
            Self::Feedback => "feedback",
            Self::Correction => "correction",
        }
    }

    fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == word)
    }
}

/// Takes a message. To be called back needs a number, the other kinds need words.
///
/// # Errors
/// `Texts` with every fault.
pub fn send(
    session: &mut Session,
    keys: &Keys,
    new: &NewMessage<'_>,
    at: DateTime<Utc>,
) -> Result<i64, CommunityError> {
    let callback = new.kind == MessageKind::Callback;
    let faults = [
        look(Field::Contact, new.contact, callback, LONGEST_CONTACT),
        look(Field::Text, new.text, !callback, LONGEST_TEXT),
        look(Field::Name, new.name, false, LONGEST_NAME),
    ];
    refuse(faults.into_iter().flatten().collect())?;
    let words = Words { text: kept(new.text), name: kept(new.name), contact: kept(new.contact) };
    let words = serde_json::to_vec(&words).map_err(|_| CommunityError::Damaged("a message"))?;
    session.transaction(|tx| {
        let id = next_ids(tx, "message", 1)?.start;
        let sealed = keys.seal(&sealing("message", id), &words);
        let about: String = new.about.chars().take(LONGEST_ABOUT).collect();
        let values: [Value; 8] = [
            id.into(),
            new.kind.name().into(),
            about.into(),
            Value::from(new.person.map(|person| person.0)),
            Value::from(new.account.map(|account| account.0)),
            new.division.map(|division| division.to_string()).unwrap_or_default().into(),
            sealed.into(),
            stamp(at).into(),
        ];
        tx.exec(include_str!("../sql/message_insert.sql"), &values)?;
        Ok(id)
    })
}

/// Messages open or done inside a division (none: everywhere, those without a division too), the newest first.
///
/// # Errors
/// Those of the database and the keys.
pub fn messages(
    session: &mut Session,
    keys: &Keys,
    open: bool,
    within: Option<DivisionCode>,
    most: i64,
) -> Result<Vec<Message>, CommunityError> {
    // Codes are digits, so that `:` comes after every code that begins alike.
    let (from, until) = within.map_or((String::new(), ":".to_owned()), |code| (code.to_string(), format!("{code}:")));
    let state = if open { "open" } else { "done" };
    let values: [Value; 4] = [state.into(), from.into(), until.into(), most.into()];
    let rows = session.query(include_str!("../sql/message_list.sql"), &values)?;
    rows.iter().map(|row| read(keys, row)).collect()
}

/// One's own messages, the newest first.
///
/// # Errors
/// Those of the database and the keys.
pub fn messages_of(session: &mut Session, keys: &Keys, account: UserId) -> Result<Vec<Message>, CommunityError> {
    let rows = session.query(include_str!("../sql/message_of_account.sql"), &[account.0.into()])?;
    rows.iter().map(|row| read(keys, row)).collect()
}

/// One message.
///
/// # Errors
/// `NotFound`, and those of the database and the keys.
pub fn message(session: &mut Session, keys: &Keys, id: i64) -> Result<Message, CommunityError> {
    let row = session.query_opt(include_str!("../sql/message_get.sql"), &[id.into()])?;
    read(keys, &row.ok_or(CommunityError::NotFound)?)
}

/// Notes what came of a message.
///
/// # Errors
/// `Done` when somebody was faster, `Texts` for a missing outcome.
pub fn done(
    session: &mut Session,
    keys: &Keys,
    id: i64,
    outcome: &str,
    (at, by): (DateTime<Utc>, &str),
) -> Result<(), CommunityError> {
    refuse(look(Field::Outcome, outcome, true, LONGEST_TEXT).into_iter().collect())?;
    session.transaction(|tx| {
        let sealed = keys.seal(&sealing("message outcome", id), kept(outcome).as_bytes());
        let values: [Value; 4] = [id.into(), stamp(at).into(), by.into(), sealed.into()];
        if tx.exec(include_str!("../sql/message_done.sql"), &values)? == 0 {
            return Err(CommunityError::Done);
        }
        note(tx, keys, (at, by), "message.done", id, &json!({}))
    })
}

fn read(keys: &Keys, row: &Row<'_>) -> Result<Message, CommunityError> {
    let id = row.int(0)?;
    let words = keys.open(&sealing("message", id), row.blob(6)?)?;
    let words: Words = serde_json::from_slice(&words).map_err(|_| CommunityError::Damaged("a message"))?;
    let done = match (time::opt(row, 9)?, row.opt_text(10)?, row.opt_blob(11)?) {
        (Some(at), Some(by), Some(outcome)) => {
            let outcome = keys.open(&sealing("message outcome", id), outcome)?;
            Some((at, by.to_owned(), String::from_utf8_lossy(&outcome).into_owned()))
        }
        _ => None,
    };
    Ok(Message {
        id,
        kind: MessageKind::read(row.text(1)?).ok_or(CommunityError::Damaged("a message's kind"))?,
        about: row.text(2)?.to_owned(),
        person: row.opt_int(3)?.map(PersonId),
        account: row.opt_int(4)?.map(UserId),
        division: row.text(5)?.parse().ok(),
        text: words.text,
        name: words.name,
        contact: words.contact,
        received_at: time::at(row, 7)?,
        done,
    })
}
