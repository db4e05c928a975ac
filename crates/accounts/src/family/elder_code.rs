//! The code an elder reads out to a daughter: good once, for a while, with few tries.
//!
//! Twelve letters and digits. The first four find the code, the other eight are compared like a password; a wrong
//! guess takes one of the tries, counts against the account that guesses and against its address.

use chrono::{DateTime, Duration, Utc};
use kernel::{DivisionCode, PersonId, UserId};
use serde_json::json;
use store::{Session, next_ids, stamp};

use super::{NewBond, Spoke};
use crate::authz::{Kind, Principal, Relation, Target};
use crate::entropy::{plain_code, spoken};
use crate::error::seal;
use crate::signing::attempts;
use crate::users::NewUser;
use crate::{Accounts, AccountsError, Actor, password, sealing};

const GROUPS: usize = 3;
const SELECTOR: usize = 4;
const MEANS: &str = "elder_code";

/// To be told to the elder; shown once.
#[derive(Clone)]
pub struct ElderCode {
    pub code: String,
    pub ends_at: DateTime<Utc>,
}

/// Somebody who was given a code.
#[derive(Clone, Copy)]
pub struct Redeem<'a> {
    pub code: &'a str,
    pub relation: Relation,
    /// The address it comes from.
    pub source: &'a str,
}

/// A code that fits.
struct Opened {
    id: i64,
    person: PersonId,
    scopes: Vec<String>,
}

impl Accounts {
    /// Makes a code for an elder, who asks for it here or at the township. Earlier ones of the elder end.
    ///
    /// # Errors
    /// `NotAllowed`, `NoScope`.
    pub fn issue_elder_code(
        &self,
        db: &mut Session,
        actor: Actor<'_>,
        (person, division): (PersonId, Option<DivisionCode>),
        scopes: &[String],
    ) -> Result<ElderCode, AccountsError> {
        self.demand(actor, "bond.make", &Target::person(person, division))?;
        let scopes = self.check_scopes(scopes)?;
        let code = spoken(self.entropy.as_ref(), GROUPS);
        let plain = plain_code(&code);
        let (selector, rest) = plain.split_at(SELECTOR);
        let verifier = password::hash(&self.authz.rules, self.entropy.as_ref(), rest);
        let (now, rule) = (self.now(), self.authz.rules.elder_code);
        let ends_at = now + Duration::hours(i64::from(rule.hours));
        db.transaction(|tx| {
            tx.exec(include_str!("../../sql/elder_code_end_all.sql"), &[person.into(), stamp(now).into()])?;
            let id = next_ids(tx, "elder_code", 1)?.start;
            let params = [
                id.into(),
                person.into(),
                selector.into(),
                self.keys.seal(&sealing("elder_code", id), verifier.as_bytes()).into(),
                scopes.join(" ").into(),
                rule.tries.into(),
                stamp(now).into(),
                actor.name().into(),
                stamp(ends_at).into(),
            ];
            tx.exec(include_str!("../../sql/elder_code_insert.sql"), &params)?;
            self.note(tx, &actor.name(), "elder_code.issue", &person.to_string(), &json!({ "scopes": scopes }))
        })?;
        Ok(ElderCode { code, ends_at })
    }

    /// Binds a family account by a code. Gives the bond.
    ///
    /// # Errors
    /// `WrongCode`, `Wait`, `RoleKind`, `BoundAlready`.
    pub fn redeem_elder_code(
        &self,
        db: &mut Session,
        who: &Principal,
        given: &Redeem<'_>,
    ) -> Result<i64, AccountsError> {
        let account = self.attempts_of(who.user);
        let source = attempts::subject(&self.keys, "source", given.source);
        self.count_attempt(db, &account, &source)?;
        let opened = self.try_code(db, given.code)?;
        db.transaction(|tx| {
            attempts::take_back(tx, &source)?;
            attempts::take_back(tx, &account)?;
            self.spend(tx, &who.user.to_string(), &opened, who.user, given.relation)
        })
    }

    /// Makes a family account by a code: who has it needs no invitation. Gives the account, open at once.
    ///
    /// # Errors
    /// As [`Accounts::redeem_elder_code`], and those of an invitation and a password.
    pub fn register_with_elder_code(
        &self,
        db: &mut Session,
        new: &NewUser,
        given: &Redeem<'_>,
        password: &str,
    ) -> Result<UserId, AccountsError> {
        let new = NewUser { kind: Kind::Family, grants: Vec::new(), ..new.clone() };
        let source = attempts::subject(&self.keys, "source", given.source);
        let nobody = attempts::subject(&self.keys, "registration", given.source);
        self.count_attempt(db, &nobody, &source)?;
        let hash = self.hash_for(new.kind, &new.username, &new.display_name, password)?;
        let opened = self.try_code(db, given.code)?;
        db.transaction(|tx| {
            attempts::take_back(tx, &source)?;
            attempts::take_back(tx, &nobody)?;
            let user = self.register(tx, &new, &hash)?;
            self.note(tx, &user.to_string(), "user.register", &user.to_string(), &json!({}))?;
            self.spend(tx, &user.to_string(), &opened, user, given.relation)?;
            Ok(user)
        })
    }

    /// The code that this is, after taking one of its tries.
    fn try_code(&self, db: &mut Session, given: &str) -> Result<Opened, AccountsError> {
        let plain = plain_code(given);
        let (selector, rest) = plain.split_at_checked(SELECTOR).unwrap_or_default();
        let params = [selector.into(), stamp(self.now()).into()];
        let row = db.query_opt(include_str!("../../sql/elder_code_open.sql"), &params)?;
        let Some(row) = row else {
            password::verify(&self.decoy, rest);
            return Err(AccountsError::WrongCode);
        };
        let id = row.int(0)?;
        let params = [id.into(), stamp(self.now()).into()];
        let counted = db.exec(include_str!("../../sql/elder_code_try.sql"), &params)? == 1;
        let sealed = row.blob(2)?;
        let verifier = self.keys.open(&sealing("elder_code", id), sealed).map_err(seal("elder_code"))?;
        let right = password::verify(&String::from_utf8_lossy(&verifier), rest);
        if !(counted && right) {
            return Err(AccountsError::WrongCode);
        }
        let scopes = row.text(3)?.split_whitespace().map(str::to_owned).collect();
        Ok(Opened { id, person: PersonId(row.int(1)?), scopes })
    }

    /// Makes the bond that the code is for; of two at once, one is right.
    fn spend(
        &self,
        tx: &mut Session,
        by: &str,
        opened: &Opened,
        account: UserId,
        relation: Relation,
    ) -> Result<i64, AccountsError> {
        let params = [opened.id.into(), stamp(self.now()).into()];
        if relation == Relation::Own || tx.exec(include_str!("../../sql/elder_code_spend.sql"), &params)? != 1 {
            return Err(AccountsError::WrongCode);
        }
        let bond = NewBond {
            account,
            person: opened.person,
            division: None,
            relation,
            scopes: opened.scopes.clone(),
            means: MEANS.to_owned(),
            spoke: Spoke::Elder,
        };
        self.bind_in(tx, by, &bond)
    }
}
