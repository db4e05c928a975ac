//! Who looked at whom: every time a masked value is shown, for which purpose, which fields.

use chrono::{DateTime, Utc};
use kernel::{DivisionCode, PersonId, UserId};
use serde_json::json;
use store::{Row, Session, Value, next_ids, stamp};

use crate::authz::{Principal, Target};
use crate::error::seal;
use crate::{Accounts, AccountsError, Actor, sealing, time};

/// Somebody wants to see masked values of a person.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub person: PersonId,
    /// Where the person lives, as the registry says.
    pub division: Option<DivisionCode>,
    /// A word of `purposes.toml`.
    pub purpose: &'a str,
    /// Such as `name`, `phone`.
    pub fields: &'a [&'a str],
    /// A sentence of one's own, where the purpose asks for it.
    pub note: Option<&'a str>,
}

/// One line of "who looked".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookLine {
    /// Its number; later looks have higher ones.
    pub id: i64,
    pub at: DateTime<Utc>,
    pub account: UserId,
    /// The role that allowed it.
    pub role: String,
    pub person: PersonId,
    pub purpose: String,
    pub fields: Vec<String>,
    pub note: Option<String>,
}

impl Accounts {
    /// Writes down that somebody looks, before anything is shown. Elders looking at themselves are not written down.
    ///
    /// # Errors
    /// `NotAllowed`, `NoPurpose`, `NoteMissing`.
    pub fn reveal(&self, db: &mut Session, who: &Principal, look: &Look<'_>) -> Result<(), AccountsError> {
        self.reveal_all(db, who, std::slice::from_ref(look))
    }

    /// The same for several people at once, such as those a visitor's phone takes along: one line for each, or none
    /// at all when one of them may not be looked at.
    ///
    /// # Errors
    /// `NotAllowed`, `NoPurpose`, `NoteMissing`.
    pub fn reveal_all(&self, db: &mut Session, who: &Principal, looks: &[Look<'_>]) -> Result<(), AccountsError> {
        let mut lines = Vec::new();
        for look in looks {
            lines.extend(self.look_line(who, look)?.map(|role| (look, role)));
        }
        if lines.is_empty() {
            return Ok(());
        }
        db.transaction(|tx| {
            let ids = next_ids(tx, "reveal", u32::try_from(lines.len()).unwrap_or(u32::MAX))?;
            for ((look, role), id) in lines.iter().zip(ids) {
                let note = look.note.map(str::trim).filter(|note| !note.is_empty());
                let note = note.map(|note| self.keys.seal(&sealing("reveal", id), note.as_bytes()));
                let params = [
                    id.into(),
                    stamp(self.now()).into(),
                    who.user.into(),
                    role.as_str().into(),
                    look.person.into(),
                    look.purpose.into(),
                    look.fields.join(" ").into(),
                    Value::from(note),
                ];
                tx.exec(include_str!("../sql/reveal_insert.sql"), &params)?;
            }
            let (first, _) = lines[0];
            let mut detail = json!({ "purpose": first.purpose, "fields": first.fields });
            if lines.len() > 1 {
                detail["people"] = json!(lines.iter().map(|(look, _)| look.person.to_string()).collect::<Vec<_>>());
            }
            let subject = if lines.len() > 1 { who.user.to_string() } else { first.person.to_string() };
            self.note(tx, &who.user.to_string(), "person.reveal", &subject, &detail)
        })
    }

    /// The role that allows a look; none: it is not written down.
    fn look_line(&self, who: &Principal, look: &Look<'_>) -> Result<Option<String>, AccountsError> {
        let decision = self.authz.decide(who, "person.reveal", &Target::person(look.person, look.division));
        let role = decision.reasons.iter().filter_map(|reason| match reason {
            crate::authz::Reason::Has { role, .. } => Some(role.as_str()),
            _ => None,
        });
        let (allowed, roles) = (decision.allowed, role.map(str::to_owned).collect::<Vec<_>>());
        if !allowed {
            return Err(AccountsError::NotAllowed(decision));
        }
        if roles.iter().any(|role| role == "elder") {
            return Ok(None);
        }
        let no_purpose = || AccountsError::NoPurpose(look.purpose.to_owned());
        let purpose = self.authz.purpose(look.purpose).ok_or_else(no_purpose)?;
        let named = |role: &String| purpose.roles.is_empty() || purpose.roles.contains(role);
        let role = roles.into_iter().find(named).ok_or_else(no_purpose)?;
        if purpose.note && look.note.is_none_or(|note| note.trim().is_empty()) {
            return Err(AccountsError::NoteMissing);
        }
        Ok(Some(role))
    }

    /// Who looked at a person, the newest first.
    ///
    /// # Errors
    /// `NotAllowed`, and those of the database.
    pub fn looked_at(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        (person, division): (PersonId, Option<DivisionCode>),
    ) -> Result<Vec<LookLine>, AccountsError> {
        self.demand(actor, "person.looked", &Target::person(person, division))?;
        let rows = db.query(include_str!("../sql/reveal_of_person.sql"), &[person.into()])?;
        rows.iter().map(|row| self.read_look(row)).collect()
    }

    /// What an account looked at, the newest first; for whoever audits accounts of its division.
    ///
    /// # Errors
    /// `NotAllowed`, `NoAccount`, and those of the database.
    pub fn looks_of(&self, db: &mut Session, actor: Actor<'_>, user: UserId) -> Result<Vec<LookLine>, AccountsError> {
        self.user_for(db, actor, "reveal.list", user)?;
        let rows = db.query(include_str!("../sql/reveal_of_account.sql"), &[user.into()])?;
        rows.iter().map(|row| self.read_look(row)).collect()
    }

    /// What accounts of the actor's divisions looked at, the newest first: of one account, or of all.
    ///
    /// # Errors
    /// Those of the database.
    pub fn looks(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        (of, before): (Option<UserId>, Option<i64>),
        limit: i64,
    ) -> Result<Vec<LookLine>, AccountsError> {
        let ranges = match actor {
            Actor::Command => vec![(String::new(), ":".to_owned())],
            Actor::User(who) => self.authz.scope(who, "reveal.list").division_ranges(),
        };
        let mut lines = Vec::new();
        for (low, high) in ranges {
            let params = [
                low.into(),
                high.into(),
                before.unwrap_or(i64::MAX).into(),
                of.map_or(0, |user| user.0).into(),
                limit.into(),
            ];
            let rows = db.query(include_str!("../sql/reveal_recent.sql"), &params)?;
            for row in &rows {
                lines.push(self.read_look(row)?);
            }
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.id));
        lines.truncate(usize::try_from(limit).unwrap_or(0));
        Ok(lines)
    }

    fn read_look(&self, row: &Row<'_>) -> Result<LookLine, AccountsError> {
        let note = row.opt_blob(7)?.map(|sealed| self.keys.open(&sealing("reveal", row.int(0).unwrap_or(0)), sealed));
        let note = note.transpose().map_err(seal("reveal"))?;
        Ok(LookLine {
            id: row.int(0)?,
            at: time::at(row, 1)?,
            account: UserId(row.int(2)?),
            role: row.text(3)?.to_owned(),
            person: PersonId(row.int(4)?),
            purpose: row.text(5)?.to_owned(),
            fields: row.text(6)?.split_whitespace().map(str::to_owned).collect(),
            note: note.map(|note| String::from_utf8_lossy(&note).into_owned()),
        })
    }
}
