//! Laying a draft open for comments, and answering them.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};
use kernel::{Date, parse_date};
use serde_json::json;
use store::audit::{self, Entry};
use store::{Keys, Row, Session, Value, next_ids};

use crate::comments::{CommentState, comments};
use crate::error::{Field, TextFault, look, refuse};
use crate::{CommunityError, Content};

/// A draft laid open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consultation {
    pub id: i64,
    pub pack: String,
    pub title: String,
    pub content: Content,
    pub opened_on: Date,
    pub opened_by: String,
    /// The last day on which comments are taken.
    pub closes_on: Date,
    /// How long the pack asks for.
    pub usual_days: i64,
    /// Why it is shorter; empty when it is not.
    pub shortened_why: String,
    pub answered_on: Option<Date>,
    pub answered_by: Option<String>,
}

/// What is to be laid open.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    pub pack: &'a str,
    pub title: &'a str,
    pub content: &'a Content,
    pub days: i64,
    pub usual_days: i64,
    pub why: &'a str,
    pub by: &'a str,
    pub on: Date,
    pub at: DateTime<Utc>,
}

/// How many comments came, and how many wait for a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub all: i64,
    pub waiting: i64,
}

const LONGEST_TITLE: usize = 120;
const LONGEST_WHY: usize = 500;
const MOST_DAYS: i64 = 366;

impl Consultation {
    #[must_use]
    pub fn is_open(&self, today: Date) -> bool {
        self.answered_on.is_none() && today >= self.opened_on && today <= self.closes_on
    }
}

/// Lays a draft open. A period shorter than the pack's needs its reasons.
///
/// # Errors
/// `Texts` with every fault; those of the database.
pub fn open(session: &mut Session, keys: &Keys, opening: &Opening<'_>) -> Result<i64, CommunityError> {
    let short = opening.days < opening.usual_days;
    let mut faults: Vec<TextFault> =
        [look(Field::Title, opening.title, true, LONGEST_TITLE), look(Field::Why, opening.why, short, LONGEST_WHY)]
            .into_iter()
            .flatten()
            .collect();
    if !(1..=MOST_DAYS).contains(&opening.days) {
        faults.push(TextFault::OutOfRange(Field::Days));
    }
    refuse(faults)?;
    let last = opening.on + Days::new(u64::try_from(opening.days - 1).unwrap_or(0));
    let content = serde_json::to_string(opening.content).map_err(|_| CommunityError::Damaged("the content"))?;
    session.transaction(|tx| {
        let id = next_ids(tx, "consultation", 1)?.start;
        let why = if short { opening.why.trim() } else { "" };
        let values: [Value; 9] = [
            id.into(),
            opening.pack.into(),
            opening.title.trim().into(),
            content.into(),
            opening.on.into(),
            opening.by.into(),
            last.into(),
            opening.usual_days.into(),
            why.into(),
        ];
        tx.exec(include_str!("../sql/consultation_insert.sql"), &values)?;
        let detail = json!({ "closes_on": last, "shortened": short });
        note(tx, keys, (opening.at, opening.by), "consultation.open", id, &detail)?;
        Ok(id)
    })
}

/// Every consultation, the newest first.
///
/// # Errors
/// Those of the database.
pub fn all(session: &mut Session) -> Result<Vec<Consultation>, CommunityError> {
    let rows = session.query(include_str!("../sql/consultation_list.sql"), &[])?;
    rows.iter().map(read).collect()
}

/// One of them.
///
/// # Errors
/// `NotFound`, and those of the database.
pub fn get(session: &mut Session, id: i64) -> Result<Consultation, CommunityError> {
    let row = session.query_opt(include_str!("../sql/consultation_get.sql"), &[id.into()])?;
    read(&row.ok_or(CommunityError::NotFound)?)
}

/// Comments by consultation.
///
/// # Errors
/// Those of the database.
pub fn counts(session: &mut Session) -> Result<BTreeMap<i64, Counts>, CommunityError> {
    let rows = session.query(include_str!("../sql/comment_counts.sql"), &[])?;
    rows.iter().map(|row| Ok((row.int(0)?, Counts { all: row.int(1)?, waiting: row.int(2)? }))).collect()
}

/// Publishes the reply: once the time is over, every comment is decided and every one shown belongs to a theme.
///
/// # Errors
/// `NotFound`, `StillOpen`, `Done`, `NotAllDecided`.
pub fn answer(
    session: &mut Session,
    keys: &Keys,
    id: i64,
    (at, on, by): (DateTime<Utc>, Date, &str),
) -> Result<(), CommunityError> {
    session.transaction(|tx| {
        let consultation = get(tx, id)?;
        if consultation.answered_on.is_some() {
            return Err(CommunityError::Done);
        }
        if on <= consultation.closes_on {
            return Err(CommunityError::StillOpen);
        }
        let said = comments(tx, keys, id)?;
        let waiting = said.iter().filter(|comment| comment.state == CommentState::Waiting).count();
        let unthemed = said.iter().filter(|c| c.state == CommentState::Shown && c.theme.is_none()).count();
        if waiting + unthemed > 0 {
            return Err(CommunityError::NotAllDecided { waiting, unthemed });
        }
        if tx.exec(include_str!("../sql/consultation_answer.sql"), &[id.into(), on.into(), by.into()])? == 0 {
            return Err(CommunityError::Done);
        }
        note(tx, keys, (at, by), "consultation.answer", id, &json!({ "comments": said.len() }))
    })
}

pub(crate) fn note(
    tx: &mut Session,
    keys: &Keys,
    (at, actor): (DateTime<Utc>, &str),
    action: &str,
    id: i64,
    detail: &serde_json::Value,
) -> Result<(), CommunityError> {
    audit::append(tx, keys, &Entry { at, actor, action, subject: &id.to_string(), detail })?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Consultation, CommunityError> {
    let content = serde_json::from_str(row.text(3)?).map_err(|_| CommunityError::Damaged("the content"))?;
    let answered = row.opt_text(9)?.map(parse_date).transpose();
    Ok(Consultation {
        id: row.int(0)?,
        pack: row.text(1)?.to_owned(),
        title: row.text(2)?.to_owned(),
        content,
        opened_on: row.date(4)?,
        opened_by: row.text(5)?.to_owned(),
        closes_on: row.date(6)?,
        usual_days: row.int(7)?,
        shortened_why: row.text(8)?.to_owned(),
        answered_on: answered.map_err(|_| CommunityError::Damaged("a day"))?,
        answered_by: row.opt_text(10)?.map(str::to_owned),
    })
}
