//! Ready-made accounts for every role of a demonstration, with passwords that are random each time.

use kernel::{DivisionCode, PersonId, PlaceId, UserId};
use serde_json::json;
use store::{Session, setting};

use crate::authz::{Grant, Kind, Reach, Relation, Role};
use crate::entropy::{bytes, spoken};
use crate::family::{NewBond, Spoke};
use crate::signing::totp;
use crate::users::{NewUser, State};
use crate::{Accounts, AccountsError, Actor, password, sealing};

/// Where and for whom the accounts are made.
#[derive(Clone, Debug)]
pub struct Stage {
    pub prefecture: DivisionCode,
    pub county: DivisionCode,
    pub township: DivisionCode,
    pub village: DivisionCode,
    /// For the elder's and the family's account.
    pub elder: Option<PersonId>,
    /// For the provider's people.
    pub place: PlaceId,
    /// For visitor, assessor, worker and volunteer.
    pub assigned: Vec<PersonId>,
}

/// An account to print.
#[derive(Clone)]
pub struct DemoAccount {
    pub role: String,
    pub username: String,
    pub password: String,
    /// To be put into an authenticator app.
    pub totp_secret: Option<String>,
    secret: Option<Vec<u8>>,
}

impl DemoAccount {
    /// The code of this moment, for scripts that sign in.
    #[must_use]
    pub fn code_at(&self, now: chrono::DateTime<chrono::Utc>) -> Option<String> {
        self.secret.as_deref().map(|secret| totp::code_at(secret, totp::step_at(now)))
    }
}

const MARK: &str = "demo_accounts";
const BY: &str = "demo";

/// Makes an account for each role, `demo-<role>`, or gives those of an earlier demonstration new secrets. What a county's
/// officer may not do, because it concerns the region's other counties, `demo-region-officer` does.
///
/// # Errors
/// `State`-less refusals only: `AdministratorExists` where accounts were made that are no demonstration's.
pub fn demo(accounts: &Accounts, db: &mut Session, stage: &Stage) -> Result<Vec<DemoAccount>, AccountsError> {
    let known = accounts.users(db, Actor::Command)?;
    if setting::get(db, MARK)?.is_none() && !known.is_empty() {
        return Err(AccountsError::AdministratorExists);
    }
    setting::set(db, MARK, "1")?;
    let roles = accounts.authz.roles.clone();
    let mut posts: Vec<Post<'_>> = roles.iter().map(|role| Post::of(stage, role)).collect();
    let officer = roles.iter().find(|role| role.id == OFFICER && stage.prefecture != stage.county);
    posts.extend(officer.map(|role| Post {
        role,
        username: "demo-region-officer".to_owned(),
        division: stage.prefecture,
    }));
    posts.iter().map(|post| one(accounts, db, stage, post)).collect()
}

const OFFICER: &str = "county_officer";

/// A role to be held somewhere, and the name to sign in with.
struct Post<'r> {
    role: &'r Role,
    username: String,
    division: DivisionCode,
}

impl<'r> Post<'r> {
    fn of(stage: &Stage, role: &'r Role) -> Self {
        let division = if role.id == OFFICER { stage.county } else { home(stage, role) };
        Self { role, username: format!("demo-{}", role.id.replace('_', "-")), division }
    }
}

fn one(accounts: &Accounts, db: &mut Session, stage: &Stage, post: &Post<'_>) -> Result<DemoAccount, AccountsError> {
    let Post { role, username, .. } = post;
    let entropy = accounts.entropy.as_ref();
    let password = spoken(entropy, 4).to_lowercase();
    let hash = password::hash(&accounts.authz.rules, entropy, &password);
    let needs_code = accounts.authz.rules.needs_second_factor(role.kind);
    let secret = needs_code.then(|| bytes::<{ totp::SECRET }>(entropy).to_vec());
    let user = match accounts.find(db, username)? {
        Some(user) => user,
        None => make(accounts, db, stage, post)?,
    };
    db.transaction(|tx| {
        accounts.keep_password(tx, user, &hash)?;
        accounts.drop_second_factor(tx, user)?;
        if let Some(secret) = &secret {
            let sealed = accounts.keys.seal(&sealing("account totp", user.0), secret);
            tx.exec(include_str!("../sql/account_set_pending.sql"), &[user.into(), sealed.into()])?;
            tx.exec(include_str!("../sql/account_confirm_totp.sql"), &[user.into(), 0_i64.into()])?;
        }
        tx.exec(include_str!("../sql/account_open.sql"), &[user.into()])?;
        tx.exec(include_str!("../sql/session_end_all.sql"), &[user.into(), 0_i64.into()])?;
        accounts.note(tx, BY, "user.demo", &user.to_string(), &json!({ "role": role.id }))
    })?;
    let totp_secret = secret.as_deref().map(totp::written);
    Ok(DemoAccount { role: role.id.clone(), username: username.clone(), password, totp_secret, secret })
}

/// The account with its role, tie and people.
fn make(accounts: &Accounts, db: &mut Session, stage: &Stage, post: &Post<'_>) -> Result<UserId, AccountsError> {
    let Post { role, username, division } = post;
    let new = NewUser {
        username: username.clone(),
        kind: role.kind,
        display_name: role.label.zh.clone(),
        phone: None,
        division: *division,
        grants: Vec::new(),
    };
    let user = db.transaction(|tx| accounts.make(tx, BY, &new, State::Invited))?;
    if role.kind != Kind::Family {
        let grant = Grant {
            role: role.id.clone(),
            division: (!role.levels.is_empty()).then_some(new.division),
            place: role.levels.is_empty().then_some(stage.place),
        };
        accounts.grant(db, Actor::Command, user, &grant)?;
    } else if let Some(person) = stage.elder {
        let relation = if role.id == Relation::Own.role() { Relation::Own } else { Relation::Child };
        let scopes = accounts.authz.consent_scopes.iter().map(|scope| scope.id.clone()).collect();
        let means = "township".to_owned();
        let bond = NewBond { account: user, person, division: None, relation, scopes, means, spoke: Spoke::Elder };
        accounts.bind(db, Actor::Command, &bond)?;
    }
    if role.may.values().any(|reaches| reaches.contains(&Reach::Assigned)) {
        for person in &stage.assigned {
            accounts.assign(db, Actor::Command, user, (*person, None))?;
        }
    }
    Ok(user)
}

/// The division of the widest level at which the role is granted, so that a demonstration shows much.
fn home(stage: &Stage, role: &Role) -> DivisionCode {
    let places = [stage.prefecture, stage.county, stage.township, stage.village];
    let fitting = places.into_iter().find(|place| role.levels.contains(&place.level()));
    fitting.unwrap_or(stage.township)
}
