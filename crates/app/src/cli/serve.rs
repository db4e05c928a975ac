//! `yilian serve`: the pages of the last published night.
//!
//! Once anyone has an account, everyone signs in. Before that the desk answers this machine alone.

use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;

use accounts::Actor;
use anyhow::Result;
use kernel::SystemClock;
use store::Database;

use super::home::HomeArgs;
use super::say;
use super::told::{While, fault};

#[derive(clap::Args)]
pub struct Args {
    #[arg(long, env = "YILIAN_PACK", default_value = "kizilsu-2024")]
    pack: String,
    #[command(flatten)]
    at: At,
}

/// Where and how to serve.
#[derive(clap::Args, Clone, Debug)]
pub struct At {
    #[arg(long, default_value_t = 8020)]
    port: u16,
    /// Address to listen at, such as 0.0.0.0; another than this machine's own needs accounts.
    #[arg(long, default_value = "127.0.0.1", value_name = "IP")]
    listen: IpAddr,
    /// A name readers reach the service by; may be given several times.
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// Readers come by HTTPS, through a proxy in front.
    #[arg(long)]
    https: bool,
    /// Lets whoever sits at this machine in without signing in, though there are accounts.
    #[arg(long)]
    open_desk: bool,
}

impl At {
    /// The same, with or without letting in whoever sits at this machine.
    pub fn with_open_desk(self, open_desk: bool) -> Self {
        Self { open_desk: self.open_desk || open_desk, ..self }
    }
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let database = home.open_database()?;
    serve(home, database, &args.pack, &args.at)
}

/// Serves until interrupted.
pub fn serve(home: &HomeArgs, database: Database, pack: &str, at: &At) -> Result<ExitCode> {
    let lang = home.lang();
    let keys = home.open_keys(&database)?;
    let door = door(home, &database, at)?;
    if door.is_none() && !at.listen.is_loopback() {
        return Err(fault(
            "还没有账号（或者用了 --open-desk）：只能在本机打开。先用 yilian user create-admin 建管理员",
            "there are no accounts (or --open-desk was given), so only this machine may reach it; \
             make an administrator with `yilian user create-admin` first",
        ));
    }
    let places = web::Places { packs: home.packs.clone(), pack: pack.to_owned(), documents: home.documents() };
    let state = web::AppState::open(database, keys, places, Arc::new(SystemClock))?;
    let signed = door.is_some();
    let state = match door {
        Some(door) => state.behind(door),
        None => state,
    };
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let address = SocketAddr::from((at.listen, at.port));
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .while_doing(|| (format!("听不了 {address}"), format!("could not listen on {address}")))?;
        let address = listener.local_addr()?;
        let how = match signed {
            true => say(lang, "要登录", "sign in"),
            false => say(lang, "不用登录，只限本机", "no sign-in, this machine only"),
        };
        println!(
            "{} http://{address}/  {how} {}",
            say(lang, "打开", "open"),
            say(lang, "（Ctrl+C 停止）", "(Ctrl+C stops)")
        );
        let stop = async {
            let _ = tokio::signal::ctrl_c().await;
        };
        let service = web::router(state).into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(stop).await?;
        Ok::<_, anyhow::Error>(())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The door, once anyone has an account.
fn door(home: &HomeArgs, database: &Database, at: &At) -> Result<Option<web::Door>> {
    if at.open_desk {
        return Ok(None);
    }
    let accounts = home.open_accounts(database)?;
    if accounts.users(&mut database.session()?, Actor::Command)?.is_empty() {
        return Ok(None);
    }
    Ok(Some(web::Door { accounts, hosts: at.hosts.clone(), secure: at.https }))
}
