//! `yilian token`: what programs sign in with for an account. Printed once for its owner and kept nowhere.

use std::collections::BTreeSet;
use std::process::ExitCode;

use accounts::Actor;
use accounts::tokens::{NewToken, TokenId};
use anyhow::Result;
use clap::Subcommand;
use kernel::DivisionCode;

use super::home::HomeArgs;
use super::say;
use super::user::find;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a token for an account; it never reaches further than the account.
    Make {
        /// User name, or an id such as U00000001.
        user: String,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// A permission such as `person.see`; several times, or none for all that the account can give.
        #[arg(long = "may", value_name = "PERMISSION")]
        may: Vec<String>,
        /// Nothing outside this division.
        #[arg(long)]
        division: Option<DivisionCode>,
        #[arg(long, default_value_t = 90)]
        days: u32,
    },
    /// The tokens of an account.
    List { user: String },
    /// End a token at once.
    End { user: String, token: i64 },
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let lang = home.lang();
    let database = home.open_database()?;
    let accounts = home.open_accounts(&database)?;
    let mut session = database.session()?;
    let db = &mut session;
    match &args.command {
        Command::Make { user, name, may, division, days } => {
            let user = find(&accounts, db, user)?;
            let kind = accounts.user(db, user)?.kind;
            let owner = accounts.principal(db, user, kind)?;
            let permissions: BTreeSet<String> = match may.as_slice() {
                [] => accounts.token_permissions(&owner).into_iter().map(str::to_owned).collect(),
                some => some.iter().cloned().collect(),
            };
            let new = NewToken { name: name.clone(), permissions, division: *division, days: *days };
            let made = accounts.make_token(db, Actor::Command, &owner, &new)?;
            println!("{}", made.text());
            let until = made.ends_at + chrono::Duration::hours(8);
            let words = say(lang, "只显示这一次；有效到（北京时间）", "shown this once; good until (Beijing time)");
            println!("{words} {}", until.format("%Y-%m-%d %H:%M"));
        }
        Command::List { user } => {
            let user = find(&accounts, db, user)?;
            for line in accounts.tokens(db, user)? {
                let division = line.division.map(|division| format!(" {division}")).unwrap_or_default();
                let permissions: Vec<&str> = line.permissions.iter().map(String::as_str).collect();
                println!(
                    "{:6} {}  {}{division}  {}",
                    line.id.0,
                    line.ends_at.date_naive(),
                    line.name,
                    permissions.join(" ")
                );
            }
        }
        Command::End { user, token } => {
            let user = find(&accounts, db, user)?;
            accounts.end_token(db, Actor::Command, user, TokenId(*token))?;
            println!("{token} {}", say(lang, "已停", "ended"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
