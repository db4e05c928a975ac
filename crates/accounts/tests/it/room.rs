//! A room to test in: a database, keys, the project's own `authz/`, a clock that is moved by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use accounts::authz::{Authz, Grant, Kind, Principal};
use accounts::signing::{Attempt, NewSession, SignedIn, totp};
use accounts::users::NewUser;
use accounts::{Accounts, AccountsError, Actor, SystemEntropy};
use chrono::{DateTime, Duration, Utc};
use kernel::{Clock, DivisionCode, UserId};
use store::{Database, Keys, Session};

pub const PASSWORD: &str = "seven apricots on the wall";
pub const OTHER_PASSWORD: &str = "a quiet river bends twice";

/// Moves when told to.
pub struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap()
    }
}

impl HandClock {
    pub fn forward(&self, by: Duration) {
        self.0.fetch_add(by.num_seconds(), Ordering::SeqCst);
    }
}

pub struct Room {
    pub accounts: Accounts,
    pub clock: Arc<HandClock>,
    pub db: Session,
}

/// The project's own files, with hashes that cost little.
pub fn cheap_authz() -> Authz {
    let mut authz = Authz::load(&testkit::repository().join("authz")).unwrap_or_else(|faults| {
        panic!("{}", faults.iter().map(|f| format!("{f}\n")).collect::<String>());
    });
    authz.rules.password.memory_kib = 64;
    authz.rules.password.passes = 1;
    authz
}

pub fn each(body: impl Fn(&mut Room)) {
    testkit::each_database(accounts::MIGRATIONS, |database| body(&mut Room::on(database)));
}

impl Room {
    pub fn on(database: &Database) -> Self {
        Self::with_keys(database, Keys::generate())
    }

    pub fn with_keys(database: &Database, keys: Keys) -> Self {
        let authz = Arc::new(cheap_authz());
        // 2026-11-22 08:00 UTC
        let clock = Arc::new(HandClock(AtomicI64::new(1_795_334_400)));
        let mut db = database.session().unwrap();
        let accounts = Accounts::new(keys.attach(&mut db).unwrap(), authz, clock.clone(), Arc::new(SystemEntropy));
        Self { accounts, clock, db }
    }

    /// Invites and sets the password.
    pub fn open(&mut self, username: &str, kind: Kind, grants: &[(&str, &str)]) -> UserId {
        let grants = grants.iter().map(|(role, division)| grant(role, division)).collect();
        let new = NewUser { grants, ..new_user(username, kind) };
        let link = self.accounts.invite(&mut self.db, Actor::Command, &new).unwrap();
        self.accounts.follow_link(&mut self.db, &link.token, PASSWORD).unwrap()
    }

    pub fn try_in(&mut self, name: &str, password: &str) -> Result<SignedIn, AccountsError> {
        self.accounts.sign_in(&mut self.db, &Attempt { name, password, source: "10.0.0.1", device: "test" })
    }

    /// All the way in, with a second factor when one is asked for; gives the app's secret then, too.
    pub fn sign_in(&mut self, name: &str) -> (NewSession, Option<Vec<u8>>) {
        match self.try_in(name, PASSWORD).unwrap() {
            SignedIn::Whole(session) => (session, None),
            SignedIn::Enrol(partial) => {
                let setup = self.accounts.set_up_second_factor(&mut self.db, &partial.token).unwrap();
                let secret = unwritten(&setup.secret);
                let code = self.code(&secret);
                let enrolled = self.accounts.confirm_second_factor(&mut self.db, &partial.token, &code).unwrap();
                (enrolled.session, Some(secret))
            }
            SignedIn::SecondFactor(_) => panic!("the test knows no secret"),
        }
    }

    pub fn code(&self, secret: &[u8]) -> String {
        totp::code_at(secret, totp::step_at(self.clock.now()))
    }

    pub fn principal(&mut self, user: UserId) -> Principal {
        let kind = self.accounts.user(&mut self.db, user).unwrap().kind;
        self.accounts.principal(&mut self.db, user, kind).unwrap()
    }
}

pub fn new_user(username: &str, kind: Kind) -> NewUser {
    NewUser {
        username: username.to_owned(),
        kind,
        display_name: "阿依古丽".to_owned(),
        phone: None,
        division: code("6530"),
        grants: Vec::new(),
    }
}

pub fn grant(role: &str, division: &str) -> Grant {
    Grant { role: role.to_owned(), division: Some(code(division)), place: None }
}

pub fn code(text: &str) -> DivisionCode {
    text.parse().unwrap()
}

/// The bytes of a secret as a person types it.
pub fn unwritten(secret: &str) -> Vec<u8> {
    let letters = secret.bytes().filter(|b| *b != b' ');
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for letter in letters {
        let value = if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' };
        bits = bits << 5 | u32::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 255) as u8);
        }
    }
    bytes
}
