//! What was agreed to and taken back: in which words, by whom, when, how. Lines are added, never changed.

use chrono::{DateTime, Utc};
use kernel::{Date, DivisionCode, PersonId};
use store::{Row, Session, next_ids, stamp};

use super::Spoke;
use crate::authz::{ConsentText, Target};
use crate::words::words;
use crate::{Accounts, AccountsError, Actor, time};

/// The text that a bond is made under.
const TEXT: &str = "family-binding";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Given,
    Withdrawn,
}

words!(Verdict { Given = "given", Withdrawn = "withdrawn" });

/// One line of a person's consents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentLine {
    pub bond: i64,
    pub verdict: Verdict,
    pub scopes: Vec<String>,
    pub text_id: String,
    pub text_version: String,
    pub means: String,
    pub spoke: Spoke,
    pub at: DateTime<Utc>,
    pub recorded_by: String,
}

impl Accounts {
    /// The words to show or read out before a bond is made.
    ///
    /// # Errors
    /// `NoConsentText`.
    pub fn consent_text(&self, on: Date) -> Result<&ConsentText, AccountsError> {
        self.authz.consent_text(TEXT, on).ok_or(AccountsError::NoConsentText)
    }

    /// Everything agreed to and withdrawn about an elder, in order.
    ///
    /// # Errors
    /// `NotAllowed`, and those of the database.
    pub fn consents_of(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        (person, division): (PersonId, Option<DivisionCode>),
    ) -> Result<Vec<ConsentLine>, AccountsError> {
        self.demand(actor, "bond.see", &Target::person(person, division))?;
        let rows = db.query(include_str!("../../sql/consent_of_person.sql"), &[person.into()])?;
        rows.iter().map(read).collect()
    }

    pub(super) fn keep_consent(
        &self,
        tx: &mut Session,
        by: &str,
        (bond, verdict): (i64, Verdict),
        scopes: &[String],
        (means, spoke): (&str, Spoke),
    ) -> Result<(), AccountsError> {
        if !self.authz.means.iter().any(|known| known.id == means) {
            return Err(AccountsError::NoMeans(means.to_owned()));
        }
        let text = self.consent_text(self.clock.today())?;
        let id = next_ids(tx, "consent", 1)?.start;
        let params = [
            id.into(),
            bond.into(),
            verdict.name().into(),
            scopes.join(" ").into(),
            text.id.as_str().into(),
            text.version.as_str().into(),
            means.into(),
            spoke.name().into(),
            stamp(self.now()).into(),
            by.into(),
        ];
        tx.exec(include_str!("../../sql/consent_insert.sql"), &params)?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> Result<ConsentLine, AccountsError> {
    let damaged = || AccountsError::Damaged { table: "consent", cause: "an unknown word" };
    Ok(ConsentLine {
        bond: row.int(0)?,
        verdict: Verdict::read(row.text(1)?).ok_or_else(damaged)?,
        scopes: row.text(2)?.split_whitespace().map(str::to_owned).collect(),
        text_id: row.text(3)?.to_owned(),
        text_version: row.text(4)?.to_owned(),
        means: row.text(5)?.to_owned(),
        spoke: Spoke::read(row.text(6)?).ok_or_else(damaged)?,
        at: time::at(row, 7)?,
        recorded_by: row.text(8)?.to_owned(),
    })
}
