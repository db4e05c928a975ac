//! `yilian family`: accounts bound to elders. Every consent is recorded: in which words, by whom, when and how.

use std::process::ExitCode;

use accounts::Actor;
use accounts::authz::Relation;
use accounts::family::{NewBond, Spoke};
use anyhow::{Result, anyhow};
use clap::Subcommand;
use kernel::{Clock, PersonId, SystemClock, china_minute};

use super::home::HomeArgs;
use super::{say, user};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The words that an elder agrees to.
    Text,
    /// Bind a family account to an elder who agreed.
    Bind {
        user: String,
        person: PersonId,
        /// own, child, partner, kin, guardian or other.
        #[arg(long, value_parser = relation)]
        relation: Relation,
        /// see, order, apply.
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<String>,
        /// How the consent was given: township, home_visit, guardian, telephone.
        #[arg(long)]
        means: String,
        /// Who agreed: elder or guardian.
        #[arg(long, value_parser = spoke, default_value = "elder")]
        spoke: Spoke,
    },
    /// Make a code for an elder to read out; with it a family account binds itself.
    Code {
        person: PersonId,
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<String>,
    },
    /// End a bond.
    End {
        bond: i64,
        #[arg(long)]
        means: String,
        /// Who withdrew: elder, guardian, family or township.
        #[arg(long, value_parser = spoke, default_value = "elder")]
        spoke: Spoke,
    },
    /// Bonds and consents of an elder.
    Show { person: PersonId },
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let lang = home.lang();
    let database = home.open_database()?;
    let accounts = home.open_accounts(&database)?;
    let mut session = database.session()?;
    let db = &mut session;
    match &args.command {
        Command::Text => {
            let text = accounts.consent_text(SystemClock.today())?;
            println!("{} {}\n{}", text.id, text.version, text.words.get(lang));
            for scope in &accounts.authz().consent_scopes {
                println!("  {:6} {}", scope.id, scope.text.get(lang));
            }
        }
        Command::Bind { user, person, relation, scopes, means, spoke } => {
            let bond = NewBond {
                account: user::find(&accounts, db, user)?,
                person: *person,
                division: None,
                relation: *relation,
                scopes: scopes.clone(),
                means: means.clone(),
                spoke: *spoke,
            };
            let id = accounts.bind(db, Actor::Command, &bond)?;
            println!("{} {id}", say(lang, "已绑定", "bond"));
        }
        Command::Code { person, scopes } => {
            let code = accounts.issue_elder_code(db, Actor::Command, (*person, None), scopes)?;
            let until = china_minute(code.ends_at);
            println!("{}\n{} {until}", code.code, say(lang, "有效到（北京时间）", "good until (Beijing time)"));
        }
        Command::End { bond, means, spoke } => {
            accounts.end_bond(db, Actor::Command, (*bond, None), means, *spoke)?;
            println!("{bond} {}", say(lang, "已取消", "ended"));
        }
        Command::Show { person } => {
            for bond in accounts.bonds_of_person(db, Actor::Command, (*person, None))? {
                let ended = if bond.ended_at.is_some() { say(lang, "已取消", "ended") } else { "" };
                println!("{}  {}  {}  {} {ended}", bond.id, bond.account, bond.relation.name(), bond.scopes.join(", "));
            }
            for consent in accounts.consents_of(db, Actor::Command, (*person, None))? {
                let at = china_minute(consent.at);
                println!(
                    "  {at}  {} {}  {} {} {}  {} {}",
                    consent.bond,
                    consent.verdict.name(),
                    consent.scopes.join(", "),
                    consent.text_id,
                    consent.text_version,
                    consent.means,
                    consent.spoke.name()
                );
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn relation(text: &str) -> Result<Relation> {
    Relation::read(text).ok_or_else(|| anyhow!("own, child, partner, kin, guardian or other"))
}

fn spoke(text: &str) -> Result<Spoke> {
    Spoke::read(text).ok_or_else(|| anyhow!("elder, guardian, family or township"))
}
