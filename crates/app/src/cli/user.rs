//! `yilian user`: who may come in. Links and codes are printed for their owner and kept nowhere.

use std::process::ExitCode;

use accounts::authz::{Authz, Grant, Kind};
use accounts::users::{Link, NewUser, User};
use accounts::{Accounts, AccountsError, Actor};
use anyhow::{Context, Result, anyhow, bail};
use clap::Subcommand;
use kernel::{DivisionCode, Lang, PlaceId, UserId, china_minute};
use store::Session;

use super::home::HomeArgs;
use super::say;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the first administrator and print a link to set a password.
    CreateAdmin {
        username: String,
        #[arg(long)]
        name: String,
        /// The region whose accounts are run, such as 6530.
        #[arg(long)]
        division: DivisionCode,
    },
    /// Make an account and print a link to set a password.
    Invite {
        username: String,
        #[arg(long)]
        name: String,
        /// staff, family or volunteer; by default what the role asks for.
        #[arg(long, value_parser = kind_argument)]
        kind: Option<Kind>,
        /// Also good for signing in.
        #[arg(long)]
        phone: Option<String>,
        /// Where the account belongs, and where the role is held.
        #[arg(long)]
        division: DivisionCode,
        #[arg(long)]
        role: Option<String>,
        /// For a provider's people.
        #[arg(long)]
        place: Option<PlaceId>,
    },
    /// Every account.
    List,
    /// What each role may do.
    Roles {
        /// Only this one, in full.
        role: Option<String>,
    },
    /// Keep an account out until it is unlocked.
    Lock { user: String },
    /// Let it in again and forget its wrong attempts.
    Unlock { user: String },
    /// For good.
    Close { user: String },
    /// Take the password away and print a link for a new one.
    Reset {
        user: String,
        /// The phone with the codes is lost, too: a new second factor will be set up.
        #[arg(long)]
        second_factor: bool,
    },
    /// Give a role.
    Grant(Role),
    /// Take a role back.
    Revoke(Role),
}

#[derive(clap::Args)]
struct Role {
    /// User name, or an id such as U00000001.
    user: String,
    role: String,
    #[arg(long)]
    division: Option<DivisionCode>,
    #[arg(long)]
    place: Option<PlaceId>,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let lang = home.lang();
    if let Command::Roles { role } = &args.command {
        return roles(&home.load_authz()?, role.as_deref(), lang);
    }
    let database = home.open_database()?;
    let accounts = home.open_accounts(&database)?;
    let mut session = database.session()?;
    let db = &mut session;
    match &args.command {
        Command::CreateAdmin { username, name, division } => {
            print_link(&accounts.create_administrator(db, username, name, *division)?, lang);
        }
        Command::Invite { username, name, kind, phone, division, role, place } => {
            let of_role = role.as_deref().and_then(|id| accounts.authz().role(id));
            let grant = role.as_ref().map(|role| {
                let tied_to_division = of_role.is_none_or(|role| !role.levels.is_empty());
                Grant { role: role.clone(), division: tied_to_division.then_some(*division), place: *place }
            });
            let new = NewUser {
                username: username.clone(),
                kind: kind.or(of_role.map(|role| role.kind)).context(say(
                    lang,
                    "请用 --kind 或 --role 说明是哪种账号",
                    "say with --kind or --role what kind of account it is",
                ))?,
                display_name: name.clone(),
                phone: phone.clone(),
                division: *division,
                grants: grant.into_iter().collect(),
            };
            print_link(&accounts.invite(db, Actor::Command, &new)?, lang);
        }
        Command::List => {
            let users = accounts.users(db, Actor::Command)?;
            users.iter().for_each(|user| print_user(user, accounts.authz(), lang));
            println!("{} {}", users.len(), say(lang, "个账号", "accounts"));
        }
        Command::Roles { .. } => {}
        Command::Lock { user } => {
            let user = find(&accounts, db, user)?;
            accounts.lock(db, Actor::Command, user)?;
            done(user, say(lang, "已锁定", "locked"));
        }
        Command::Unlock { user } => {
            let user = find(&accounts, db, user)?;
            accounts.unlock(db, Actor::Command, user)?;
            done(user, say(lang, "已解锁", "unlocked"));
        }
        Command::Close { user } => {
            let user = find(&accounts, db, user)?;
            accounts.close(db, Actor::Command, user)?;
            done(user, say(lang, "已关闭", "closed"));
        }
        Command::Reset { user, second_factor } => {
            let user = find(&accounts, db, user)?;
            print_link(&accounts.reset(db, Actor::Command, user, *second_factor)?, lang);
        }
        Command::Grant(role) => {
            let user = find(&accounts, db, &role.user)?;
            accounts.grant(db, Actor::Command, user, &role.grant())?;
            done(user, say(lang, "已授予", "granted"));
        }
        Command::Revoke(role) => {
            let user = find(&accounts, db, &role.user)?;
            accounts.revoke(db, Actor::Command, user, &role.grant())?;
            done(user, say(lang, "已收回", "revoked"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Role {
    fn grant(&self) -> Grant {
        Grant { role: self.role.clone(), division: self.division, place: self.place }
    }
}

/// An account by user name, phone number or id.
pub fn find(accounts: &Accounts, db: &mut Session, text: &str) -> Result<UserId> {
    if let Some(user) = accounts.find(db, text)? {
        return Ok(user);
    }
    let by_id = text.strip_prefix(UserId::PREFIX).and_then(|digits| digits.parse().ok()).map(UserId);
    let Some(user) = by_id else { bail!(AccountsError::NoAccount) };
    Ok(accounts.user(db, user)?.id)
}

fn kind_argument(text: &str) -> Result<Kind> {
    Kind::read(text).ok_or_else(|| anyhow!("staff, family or volunteer"))
}

fn done(user: UserId, what: &str) {
    println!("{user} {what}");
}

fn print_link(link: &Link, lang: Lang) {
    println!("{}", link.user);
    println!("/invite/{}", link.token.reveal());
    println!(
        "{} {}",
        say(lang, "只交给本人；有效到（北京时间）", "for its owner only; good until (Beijing time)"),
        china_minute(link.ends_at)
    );
}

fn print_user(user: &User, authz: &Authz, lang: Lang) {
    let grants: Vec<String> = user
        .grants
        .iter()
        .map(|grant| {
            let label = authz.role(&grant.role).map_or(grant.role.as_str(), |role| role.label.get(lang));
            let place = grant.place.map(|place| format!(" {place}")).unwrap_or_default();
            let division = grant.division.map(|division| format!(" {division}")).unwrap_or_default();
            format!("{label}{division}{place}")
        })
        .collect();
    let factor = if user.second_factor { say(lang, "有验证码", "second factor") } else { "" };
    println!(
        "{}  {:20} {:8} {:12} {}  {}",
        user.id,
        user.username,
        user.state.name(),
        user.division,
        grants.join("; "),
        factor
    );
}

fn roles(authz: &Authz, only: Option<&str>, lang: Lang) -> Result<ExitCode> {
    let Some(id) = only else {
        for role in &authz.roles {
            println!("{:22} {}\n{:22} {}", role.id, role.label.get(lang), "", role.summary.get(lang));
        }
        return Ok(ExitCode::SUCCESS);
    };
    let role = authz.role(id).ok_or_else(|| AccountsError::NoRole(id.to_owned()))?;
    println!("{} {}", role.label.get(lang), role.summary.get(lang));
    for (permission, reaches) in &role.may {
        let Some(known) = authz.permission(permission) else { continue };
        let far: Vec<&str> = reaches.iter().map(|reach| reach.say(lang)).collect();
        println!(
            "  {permission:22} {} · {}\n  {:22} {}",
            known.label.get(lang),
            far.join(", "),
            "",
            known.why.get(lang)
        );
    }
    Ok(ExitCode::SUCCESS)
}
