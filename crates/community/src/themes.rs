//! Comments that say the same are answered together.

use chrono::{DateTime, Utc};
use serde_json::json;
use store::{Keys, Session, Value, next_ids};

use crate::CommunityError;
use crate::consultations::{get, note};
use crate::error::{Field, look, refuse};

/// What several comments ask for, and the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    pub id: i64,
    pub title: String,
    pub verdict: Verdict,
    pub reply: String,
    pub made_by: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Adopted,
    Partly,
    Declined,
}

/// A theme to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewTheme<'a> {
    pub title: &'a str,
    pub verdict: Verdict,
    pub reply: &'a str,
}

const LONGEST_TITLE: usize = 120;
const LONGEST_REPLY: usize = 2_000;

impl Verdict {
    pub const ALL: [Self; 3] = [Self::Adopted, Self::Partly, Self::Declined];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Adopted => "adopted",
            Self::Partly => "partly",
            Self::Declined => "declined",
        }
    }

    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == word)
    }
}

/// Makes a theme with its answer.
///
/// # Errors
/// `NotFound`, `Done`, `Texts` with every fault.
pub fn add_theme(
    session: &mut Session,
    keys: &Keys,
    consultation: i64,
    new: &NewTheme<'_>,
    (at, by): (DateTime<Utc>, &str),
) -> Result<i64, CommunityError> {
    let faults =
        [look(Field::Title, new.title, true, LONGEST_TITLE), look(Field::Reply, new.reply, true, LONGEST_REPLY)];
    refuse(faults.into_iter().flatten().collect())?;
    session.transaction(|tx| {
        if get(tx, consultation)?.answered_on.is_some() {
            return Err(CommunityError::Done);
        }
        let id = next_ids(tx, "consultation_theme", 1)?.start;
        let values: [Value; 6] = [
            id.into(),
            consultation.into(),
            new.title.trim().into(),
            new.verdict.name().into(),
            new.reply.trim().into(),
            by.into(),
        ];
        tx.exec(include_str!("../sql/theme_insert.sql"), &values)?;
        note(tx, keys, (at, by), "theme.add", id, &json!({ "consultation": consultation }))?;
        Ok(id)
    })
}

/// The themes of a consultation, in order.
///
/// # Errors
/// Those of the database.
pub fn themes(session: &mut Session, consultation: i64) -> Result<Vec<Theme>, CommunityError> {
    let rows = session.query(include_str!("../sql/theme_list.sql"), &[consultation.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Theme {
                id: row.int(0)?,
                title: row.text(1)?.to_owned(),
                verdict: Verdict::read(row.text(2)?).ok_or(CommunityError::Damaged("a verdict"))?,
                reply: row.text(3)?.to_owned(),
                made_by: row.text(4)?.to_owned(),
            })
        })
        .collect()
}
