//! Making and ending bonds.

use kernel::{DivisionCode, PersonId, UserId};
use serde_json::json;
use store::{Row, Session, next_ids, stamp};

use super::consent::Verdict;
use super::{Bond, NewBond, Spoke};
use crate::authz::{Kind, Relation, Target, Tie};
use crate::users::{Link, NewUser, State};
use crate::{Accounts, AccountsError, Actor, time};

impl Accounts {
    /// Binds an account to an elder, with the consent that was given.
    ///
    /// # Errors
    /// `NotAllowed`, `NoAccount`, `RoleKind` for an account that is no family's, `NoScope`, `NoMeans`,
    /// `NoConsentText`, `BoundAlready`.
    pub fn bind(&self, db: &mut Session, actor: Actor<'_>, new: &NewBond) -> Result<i64, AccountsError> {
        self.demand(actor, "bond.make", &Target::person(new.person, new.division))?;
        db.transaction(|tx| self.bind_in(tx, &actor.name(), new))
    }

    /// Makes a family account and binds it, both or neither; gives the link for its owner.
    ///
    /// # Errors
    /// As [`Accounts::invite`] and [`Accounts::bind`].
    pub fn invite_and_bind(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        new: &NewUser,
        bond: &NewBond,
    ) -> Result<Link, AccountsError> {
        self.demand(actor, "bond.make", &Target::person(bond.person, bond.division))?;
        db.transaction(|tx| {
            let link = self.invite_in(tx, actor, new)?;
            self.bind_in(tx, &actor.name(), &NewBond { account: link.user, ..bond.clone() })?;
            Ok(link)
        })
    }

    pub(super) fn bind_in(&self, tx: &mut Session, by: &str, new: &NewBond) -> Result<i64, AccountsError> {
        let scopes = self.check_scopes(&new.scopes)?;
        let account = self.user(tx, new.account)?;
        if account.kind != Kind::Family {
            return Err(AccountsError::RoleKind(new.relation.role().to_owned()));
        }
        if account.state == State::Closed {
            return Err(AccountsError::State { user: account.id, state: account.state });
        }
        if ties_of(tx, new.account)?.iter().any(|tie| tie.person == new.person) {
            return Err(AccountsError::BoundAlready(new.person));
        }
        let id = next_ids(tx, "family_bond", 1)?.start;
        let params = [
            id.into(),
            new.account.into(),
            new.person.into(),
            new.relation.name().into(),
            scopes.join(" ").into(),
            stamp(self.now()).into(),
            by.into(),
        ];
        tx.exec(include_str!("../../sql/bond_insert.sql"), &params)?;
        self.keep_consent(tx, by, (id, Verdict::Given), &scopes, (&new.means, new.spoke))?;
        tx.exec(include_str!("../../sql/session_renew_all.sql"), &[new.account.into()])?;
        let detail = json!({ "person": new.person.to_string(), "relation": new.relation.name(), "scopes": scopes });
        self.note(tx, by, "bond.make", &new.account.to_string(), &detail)?;
        Ok(id)
    }

    /// Ends a bond, from this very moment. The elder, the family and the township may. `division`: where the elder
    /// lives.
    ///
    /// # Errors
    /// `NoBond`, `NotAllowed`, `NoMeans`.
    pub fn end_bond(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        (bond, division): (i64, Option<DivisionCode>),
        means: &str,
        spoke: Spoke,
    ) -> Result<(), AccountsError> {
        db.transaction(|tx| {
            let row = tx.query_opt(include_str!("../../sql/bond_get.sql"), &[bond.into()])?;
            let known = read(&row.ok_or(AccountsError::NoBond(bond))?)?;
            self.demand(actor, "bond.end", &Target::person(known.person, division))?;
            // Family may end its own bond, not that of another member of it.
            if let Actor::User(who) = actor
                && who.kind == Kind::Family
                && who.user != known.account
                && !who.ties.iter().any(|tie| tie.relation == Relation::Own && tie.person == known.person)
            {
                return Err(AccountsError::NoBond(bond));
            }
            let params = [bond.into(), stamp(self.now()).into(), actor.name().into()];
            if tx.exec(include_str!("../../sql/bond_end.sql"), &params)? == 0 {
                return Err(AccountsError::NoBond(bond));
            }
            self.keep_consent(tx, &actor.name(), (bond, Verdict::Withdrawn), &known.scopes, (means, spoke))?;
            tx.exec(include_str!("../../sql/session_renew_all.sql"), &[known.account.into()])?;
            let detail = json!({ "person": known.person.to_string() });
            self.note(tx, &actor.name(), "bond.end", &known.account.to_string(), &detail)
        })
    }

    /// Every bond of an elder, ended ones too, the newest first.
    ///
    /// # Errors
    /// `NotAllowed`, and those of the database.
    pub fn bonds_of_person(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        (person, division): (PersonId, Option<DivisionCode>),
    ) -> Result<Vec<Bond>, AccountsError> {
        self.demand(actor, "bond.see", &Target::person(person, division))?;
        let rows = db.query(include_str!("../../sql/bond_of_person.sql"), &[person.into()])?;
        rows.iter().map(read).collect()
    }

    /// An account's own bonds, ended ones too, the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn bonds_of_account(&self, db: &mut Session, account: UserId) -> Result<Vec<Bond>, AccountsError> {
        let rows = db.query(include_str!("../../sql/bond_of_account.sql"), &[account.into()])?;
        rows.iter().map(read).collect()
    }

    /// The scopes, each once, in the file's order.
    pub(super) fn check_scopes(&self, given: &[String]) -> Result<Vec<String>, AccountsError> {
        let known = &self.authz.consent_scopes;
        if let Some(unknown) = given.iter().find(|scope| !known.iter().any(|one| one.id == **scope)) {
            return Err(AccountsError::NoScope(unknown.clone()));
        }
        let scopes: Vec<String> = known.iter().map(|one| one.id.clone()).filter(|id| given.contains(id)).collect();
        if scopes.is_empty() { Err(AccountsError::NoScope(String::new())) } else { Ok(scopes) }
    }
}

/// What an account is tied to now.
pub(crate) fn ties_of(db: &mut Session, account: UserId) -> Result<Vec<Tie>, AccountsError> {
    let rows = db.query(include_str!("../../sql/bond_standing.sql"), &[account.into()])?;
    let ties = rows.iter().map(|row| {
        let bond = read(row)?;
        Ok(Tie { person: bond.person, relation: bond.relation, scopes: bond.scopes.into_iter().collect() })
    });
    ties.collect()
}

fn read(row: &Row<'_>) -> Result<Bond, AccountsError> {
    let damaged = || AccountsError::Damaged { table: "family_bond", cause: "an unknown relation" };
    Ok(Bond {
        id: row.int(0)?,
        account: UserId(row.int(1)?),
        person: PersonId(row.int(2)?),
        relation: Relation::read(row.text(3)?).ok_or_else(damaged)?,
        scopes: row.text(4)?.split_whitespace().map(str::to_owned).collect(),
        made_at: time::at(row, 5)?,
        made_by: row.text(6)?.to_owned(),
        ended_at: time::opt(row, 7)?,
    })
}
