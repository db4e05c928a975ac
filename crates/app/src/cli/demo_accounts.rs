//! Ready-made accounts of a demonstration, one for each role, printed with their secrets.

use std::collections::BTreeSet;

use accounts::demo::{DemoAccount, Stage, demo};
use anyhow::{Context, Result};
use kernel::{DivisionCode, DivisionLevel, Lang, PersonId, PlaceId};
use store::{Database, Session};
use worklist::{Filter, Kind, Scope};

use super::home::HomeArgs;
use super::say;

/// People in the care of the visitor, the worker and the others.
const ASSIGNED: usize = 12;

/// Makes the accounts, or gives those of an earlier demonstration new secrets, and prints them.
pub fn make(home: &HomeArgs, database: &Database, pack: &str) -> Result<()> {
    let accounts = home.open_accounts(database)?;
    let mut session = database.session()?;
    let prefecture = *home.load_pack(pack)?.roots.first().context("the pack names no division")?;
    let stage = stage(&mut session, prefecture)?;
    let made = demo(&accounts, &mut session, &stage)?;
    print(&made, &accounts, home.lang());
    Ok(())
}

/// The village with the most to offer, and people of it.
fn stage(session: &mut Session, prefecture: DivisionCode) -> Result<Stage> {
    let scope = Scope(Some(prefecture));
    let filter = Filter { kind: Kind::Unserved, scope, rule: None, fact: None, limit: 5_000, offset: 0 };
    let items = worklist::page(session, &filter)?;
    let mut villages: Vec<DivisionCode> =
        items.iter().map(|item| item.wanted.village).filter(|v| v.level() == DivisionLevel::Community).collect();
    villages.sort();
    let busiest = villages.chunk_by(|a, b| a == b).max_by_key(|of_one| of_one.len()).map(|of_one| of_one[0]);
    let village = busiest.context("the night found nothing to offer, so there is nobody to show")?;
    let of_village = items.iter().filter(|item| item.wanted.village == village).map(|item| item.wanted.person);
    let people: BTreeSet<PersonId> = of_village.collect();
    let at = |level| village.at(level).context("a village lies in a county");
    Ok(Stage {
        prefecture,
        county: at(DivisionLevel::County)?,
        township: at(DivisionLevel::Township)?,
        village,
        elder: people.first().copied(),
        place: PlaceId(1),
        assigned: people.into_iter().take(ASSIGNED).collect(),
    })
}

fn print(made: &[DemoAccount], accounts: &accounts::Accounts, lang: Lang) {
    let words = say(
        lang,
        "演示账号（密码每次重新生成；验证码密钥填进任一验证器）",
        "accounts of the demonstration (passwords are new each time; put the secret into any authenticator)",
    );
    println!("{words}");
    for account in made {
        let role = accounts.authz().role(&account.role).map_or("", |role| role.label.get(lang));
        let secret = account.totp_secret.as_deref().unwrap_or("-");
        println!("  {:26} {}  {secret}  {role}", account.username, account.password);
    }
}
