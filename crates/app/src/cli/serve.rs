//! `yilian serve`: the pages of the last published night, on localhost.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use kernel::SystemClock;
use store::{Database, Keys};

use super::home::HomeArgs;
use super::say;
use super::told::While;

#[derive(clap::Args)]
pub struct Args {
    #[arg(long, default_value = "kizilsu-2024")]
    pack: String,
    /// Port on localhost; other machines can't reach it until people can sign in.
    #[arg(long, default_value_t = 8020)]
    port: u16,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    serve(home, database, keys, &args.pack, args.port)
}

/// Serves until interrupted.
pub fn serve(home: &HomeArgs, database: Database, keys: Keys, pack: &str, port: u16) -> Result<ExitCode> {
    let places = web::Places { packs: home.packs.clone(), pack: pack.to_owned(), documents: home.documents() };
    let state = web::AppState::open(database, keys, places, Arc::new(SystemClock))?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener =
            tokio::net::TcpListener::bind(address)
                .await
                .while_doing(|| (format!("听不了 {address}"), format!("could not listen on {address}")))?;
        let address = listener.local_addr()?;
        println!(
            "{} http://{address}/  {}",
            say(home.lang(), "打开", "open"),
            say(home.lang(), "（Ctrl+C 停止）", "(Ctrl+C stops)")
        );
        let stop = async {
            let _ = tokio::signal::ctrl_c().await;
        };
        axum::serve(listener, web::router(state)).with_graceful_shutdown(stop).await?;
        Ok::<_, anyhow::Error>(())
    })?;
    Ok(ExitCode::SUCCESS)
}
