//! Comments: anyone may make one while the time runs; a person shows or withholds each, with reasons. None is removed.

use chrono::{DateTime, Utc};
use kernel::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Keys, Row, Session, Value, next_ids, stamp};

use crate::consultations::{get, note};
use crate::error::{Field, kept, look, refuse};
use crate::themes::themes;
use crate::{CommunityError, sealing, time};

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub id: i64,
    /// The element of the draft it speaks of; empty: the whole.
    pub about: String,
    pub text: String,
    /// As they called themselves; may be empty.
    pub name: String,
    /// How to reach them; may be empty, and is never shown.
    pub contact: String,
    pub received_at: DateTime<Utc>,
    pub state: CommentState,
    pub withheld_why: String,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<String>,
    pub theme: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentState {
    Waiting,
    Shown,
    Withheld,
}

/// A comment as it comes in.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewComment<'a> {
    pub about: &'a str,
    pub text: &'a str,
    pub name: &'a str,
    pub contact: &'a str,
}

/// What becomes of a comment.
#[derive(Clone, Copy, Debug)]
pub enum Decision<'a> {
    /// Shown, under a theme once there is one.
    Show { theme: Option<i64> },
    /// Kept back, for a reason that is published in its place.
    Withhold { why: &'a str },
}

/// What is sealed of a comment.
#[derive(Serialize, Deserialize)]
struct Words {
    text: String,
    name: String,
    contact: String,
}

pub(crate) const LONGEST_TEXT: usize = 2_000;
const LONGEST_NAME: usize = 40;
const LONGEST_CONTACT: usize = 60;
const LONGEST_WHY: usize = 200;

impl CommentState {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Shown => "shown",
            Self::Withheld => "withheld",
        }
    }

    fn read(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Shown, Self::Withheld].into_iter().find(|state| state.name() == word)
    }
}

/// Takes a comment.
///
/// # Errors
/// `NotFound`, `Closed`, `Texts` with every fault.
pub fn comment(
    session: &mut Session,
    keys: &Keys,
    consultation: i64,
    new: &NewComment<'_>,
    (at, on): (DateTime<Utc>, Date),
) -> Result<i64, CommunityError> {
    let known = get(session, consultation)?;
    if !known.is_open(on) {
        return Err(CommunityError::Closed);
    }
    let faults = [
        look(Field::Text, new.text, true, LONGEST_TEXT),
        look(Field::Name, new.name, false, LONGEST_NAME),
        look(Field::Contact, new.contact, false, LONGEST_CONTACT),
    ];
    refuse(faults.into_iter().flatten().collect())?;
    let about = if known.content.has(new.about) { new.about } else { "" };
    let words = Words { text: kept(new.text), name: kept(new.name), contact: kept(new.contact) };
    let words = serde_json::to_vec(&words).map_err(|_| CommunityError::Damaged("a comment"))?;
    session.transaction(|tx| {
        let id = next_ids(tx, "consultation_comment", 1)?.start;
        let sealed = keys.seal(&sealing("comment", id), &words);
        let values: [Value; 5] = [id.into(), consultation.into(), about.into(), sealed.into(), stamp(at).into()];
        tx.exec(include_str!("../sql/comment_insert.sql"), &values)?;
        Ok(id)
    })
}

/// Every comment of a consultation, in the order in which they came.
///
/// # Errors
/// Those of the database and the keys.
pub fn comments(session: &mut Session, keys: &Keys, consultation: i64) -> Result<Vec<Comment>, CommunityError> {
    let rows = session.query(include_str!("../sql/comment_list.sql"), &[consultation.into()])?;
    rows.iter().map(|row| read(keys, row)).collect()
}

/// Shows or withholds a comment; until the reply is published that can be changed.
///
/// # Errors
/// `NotFound`, `Done`, `Texts` for a missing reason.
pub fn decide(
    session: &mut Session,
    keys: &Keys,
    (consultation, comment): (i64, i64),
    decision: Decision<'_>,
    (at, by): (DateTime<Utc>, &str),
) -> Result<(), CommunityError> {
    let (state, why, theme) = match decision {
        Decision::Show { theme } => (CommentState::Shown, "", theme),
        Decision::Withhold { why } => (CommentState::Withheld, why.trim(), None),
    };
    refuse(look(Field::Why, why, state == CommentState::Withheld, LONGEST_WHY).into_iter().collect())?;
    session.transaction(|tx| {
        if get(tx, consultation)?.answered_on.is_some() {
            return Err(CommunityError::Done);
        }
        if let Some(theme) = theme
            && !themes(tx, consultation)?.iter().any(|known| known.id == theme)
        {
            return Err(CommunityError::NotFound);
        }
        let values: [Value; 7] = [
            comment.into(),
            consultation.into(),
            state.name().into(),
            why.into(),
            stamp(at).into(),
            by.into(),
            Value::from(theme),
        ];
        if tx.exec(include_str!("../sql/comment_decide.sql"), &values)? == 0 {
            return Err(CommunityError::NotFound);
        }
        let detail = json!({ "consultation": consultation, "state": state.name() });
        note(tx, keys, (at, by), "comment.decide", comment, &detail)
    })
}

fn read(keys: &Keys, row: &Row<'_>) -> Result<Comment, CommunityError> {
    let id = row.int(0)?;
    let words = keys.open(&sealing("comment", id), row.blob(2)?)?;
    let words: Words = serde_json::from_slice(&words).map_err(|_| CommunityError::Damaged("a comment"))?;
    Ok(Comment {
        id,
        about: row.text(1)?.to_owned(),
        text: words.text,
        name: words.name,
        contact: words.contact,
        received_at: time::at(row, 3)?,
        state: CommentState::read(row.text(4)?).ok_or(CommunityError::Damaged("a comment's state"))?,
        withheld_why: row.text(5)?.to_owned(),
        decided_at: time::opt(row, 6)?,
        decided_by: row.opt_text(7)?.map(str::to_owned),
        theme: row.opt_int(8)?,
    })
}
