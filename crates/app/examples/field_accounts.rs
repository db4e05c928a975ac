//! For the load test of the field: makes volunteers in a home, gives each people who are due visits, signs them in, and
//! writes one JSON line each: account, cookie, people. Run against a demonstration's home, never a real one.

use std::path::PathBuf;
use std::sync::Arc;

use accounts::authz::{Authz, Grant, Kind};
use accounts::signing::{Attempt, SignedIn};
use accounts::users::NewUser;
use accounts::{Accounts, Actor, SystemEntropy};
use anyhow::{Context, Result, bail};
use kernel::{DivisionLevel, SystemClock};
use serde_json::json;
use store::{Database, DatabaseUrl, Keys};
use worklist::{Filter, Scope};

const PASSWORD: &str = "seven apricots on the wall";

fn main() -> Result<()> {
    let mut given = std::env::args().skip(1);
    let mut next = || given.next().context("home, packs, authz, visitors, people each, the run's letter");
    let (home, _packs, authz): (PathBuf, PathBuf, PathBuf) = (next()?.into(), next()?.into(), next()?.into());
    let (visitors, each): (usize, usize) = (next()?.parse()?, next()?.parse()?);
    let run = next()?;
    let database = Database::open(&DatabaseUrl::file(home.join("yilian.db")))?;
    let mut session = database.session()?;
    let keys = Keys::from_file(&home.join("keys"))?.attach(&mut session)?;
    let authz = Authz::load(&authz).map_err(|faults| anyhow::anyhow!("{} faults", faults.len()))?;
    let accounts = Accounts::new(keys, Arc::new(authz), Arc::new(SystemClock), Arc::new(SystemEntropy));
    let filter = Filter {
        kind: worklist::Kind::Visit,
        scope: Scope(None),
        rule: Some("monthly_contact".into()),
        fact: None,
        limit: i64::try_from(visitors * each * 2)?,
        offset: 0,
    };
    let mut due = worklist::page(&mut session, &filter)?;
    due.retain(|item| item.wanted.village.level() == DivisionLevel::Community);
    due.sort_by_key(|item| (item.wanted.village, item.wanted.person));
    due.dedup_by_key(|item| item.wanted.person);
    if due.len() < visitors * each {
        bail!("only {} people are due visits", due.len());
    }
    for (number, people) in due.chunks(each).take(visitors).enumerate() {
        let township = people[0].wanted.village.at(DivisionLevel::Township).context("a village lies in a township")?;
        let username = format!("load-{run}-{number}");
        let new = NewUser {
            username: username.clone(),
            kind: Kind::Volunteer,
            display_name: format!("志愿者 {number}"),
            phone: None,
            division: township,
            grants: vec![Grant { role: "volunteer".into(), division: Some(township), place: None }],
        };
        let link = accounts.invite(&mut session, Actor::Command, &new)?;
        let user = accounts.follow_link(&mut session, &link.token, PASSWORD)?;
        for item in people {
            accounts.assign(&mut session, Actor::Command, user, (item.wanted.person, Some(item.wanted.village)))?;
        }
        let attempt = Attempt { name: &username, password: PASSWORD, source: "load", device: "load" };
        let SignedIn::Whole(signed) = accounts.sign_in(&mut session, &attempt)? else { bail!("a second factor") };
        let people: Vec<String> = people.iter().map(|item| item.wanted.person.to_string()).collect();
        println!("{}", json!({ "user": user.to_string(), "cookie": signed.token.reveal(), "people": people }));
    }
    Ok(())
}
