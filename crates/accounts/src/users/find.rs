//! Looking accounts up.

use std::collections::BTreeMap;

use kernel::{PlaceId, UserId};
use store::{Row, Session};

use super::{PARTED, State, User, plain_phone, plain_username};
use crate::authz::{Grant, Kind};
use crate::error::seal;
use crate::{Accounts, AccountsError, Actor, sealing, time};

impl Accounts {
    /// Every account that the actor may see, by user name.
    ///
    /// # Errors
    /// Those of the database, and `Seal`.
    pub fn users(&self, db: &mut Session, actor: Actor<'_>) -> Result<Vec<User>, AccountsError> {
        let ranges = match actor {
            Actor::Command => vec![(String::new(), ":".to_owned())],
            Actor::User(who) => self.authz.scope(who, "user.list").division_ranges(),
        };
        db.reading(|tx| {
            let mut users = Vec::new();
            for (low, high) in ranges {
                let rows = tx.query(include_str!("../../sql/account_list.sql"), &[low.into(), high.into()])?;
                for row in &rows {
                    users.push(self.read_user(row)?);
                }
            }
            let mut grants: BTreeMap<i64, [Vec<Grant>; 2]> = BTreeMap::new();
            for row in tx.query(include_str!("../../sql/grant_standing.sql"), &[])? {
                let [held, waiting] = grants.entry(row.int(0)?).or_default();
                let side = if row.bool(4)? { waiting } else { held };
                side.push(read_grant(&row, 1)?);
            }
            for user in &mut users {
                [user.grants, user.waiting] = grants.remove(&user.id.0).unwrap_or_default();
            }
            users.sort_by(|a, b| a.username.cmp(&b.username));
            Ok(users)
        })
    }

    /// One account, whoever asks.
    ///
    /// # Errors
    /// `NoAccount`, and those of the database.
    pub fn user(&self, db: &mut Session, user: UserId) -> Result<User, AccountsError> {
        let row = db.query_opt(include_str!("../../sql/account_get.sql"), &[user.into()])?;
        let mut found = self.read_user(&row.ok_or(AccountsError::NoAccount)?)?;
        found.grants = grants_of(db, user)?;
        let rows = db.query(include_str!("../../sql/grant_waiting_of_account.sql"), &[user.into()])?;
        found.waiting = rows.iter().map(|row| read_grant(row, 0)).collect::<Result<_, _>>()?;
        Ok(found)
    }

    /// One account, for whoever may see accounts of its division.
    ///
    /// # Errors
    /// `NoAccount`, `NotAllowed`.
    pub fn user_seen(&self, db: &mut Session, actor: Actor<'_>, user: UserId) -> Result<User, AccountsError> {
        self.user_for(db, actor, "user.list", user)
    }

    /// The account with a user name or phone number.
    ///
    /// # Errors
    /// Those of the database.
    pub fn find(&self, db: &mut Session, name: &str) -> Result<Option<UserId>, AccountsError> {
        let row = if let Some(phone) = plain_phone(name) {
            let blind = self.keys.blind("account phone", &phone);
            db.query_opt(include_str!("../../sql/account_by_phone.sql"), &[blind.into()])?
        } else if let Some(name) = plain_username(name) {
            db.query_opt(include_str!("../../sql/account_by_username.sql"), &[name.into()])?
        } else {
            None
        };
        Ok(row.map(|row| row.int(0)).transpose()?.map(UserId))
    }

    fn read_user(&self, row: &Row<'_>) -> Result<User, AccountsError> {
        let id = row.int(0)?;
        let damaged = |cause| AccountsError::Damaged { table: "account", cause };
        let (display_name, phone) = open_profile(self, id, row.blob(5)?)?;
        Ok(User {
            id: UserId(id),
            username: row.text(1)?.to_owned(),
            kind: Kind::read(row.text(2)?).ok_or(damaged("an unknown kind"))?,
            state: State::read(row.text(3)?).ok_or(damaged("an unknown state"))?,
            division: row.text(4)?.parse().map_err(|_| damaged("no division"))?,
            display_name,
            phone,
            second_factor: row.bool(6)?,
            made_at: time::at(row, 7)?,
            grants: Vec::new(),
            waiting: Vec::new(),
        })
    }
}

/// Display name and phone.
pub(crate) fn open_profile(
    accounts: &Accounts,
    id: i64,
    sealed: &[u8],
) -> Result<(String, Option<String>), AccountsError> {
    let bytes = accounts.keys.open(&sealing("account profile", id), sealed).map_err(seal("account"))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| AccountsError::Damaged { table: "account", cause: "a profile is no text" })?;
    let (name, phone) = text.split_once(PARTED).unwrap_or((&text, ""));
    Ok((name.to_owned(), (!phone.is_empty()).then(|| phone.to_owned())))
}

/// The roles an account holds now, in the order in which they were given.
pub(crate) fn grants_of(db: &mut Session, user: UserId) -> Result<Vec<Grant>, AccountsError> {
    let rows = db.query(include_str!("../../sql/grant_of_account.sql"), &[user.into()])?;
    rows.iter().map(|row| read_grant(row, 0)).collect()
}

/// Role, division and place, from the given column on.
pub(crate) fn read_grant(row: &Row<'_>, from: usize) -> Result<Grant, AccountsError> {
    let division = row.opt_text(from + 1)?.map(str::parse).transpose();
    Ok(Grant {
        role: row.text(from)?.to_owned(),
        division: division.map_err(|_| AccountsError::Damaged { table: "account_grant", cause: "no division" })?,
        place: row.opt_int(from + 2)?.map(PlaceId),
    })
}
