//! `yilian serve`: the pages of the last published night.
//!
//! Once anyone has an account, everyone signs in. Before that the desk answers this machine alone.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use accounts::Actor;
use anyhow::Result;
use exchange::Http;
use exchange::guard::Guard;
use gate::{Certificate, Cidr, Limits, Listening, Proxies};
use kernel::{Lang, SystemClock};
use store::Database;
use tokio::signal::unix::{SignalKind, signal};

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

/// Pages and other work for the database that are made at the same time.
const PAGES_AT_ONCE: usize = 8;

/// How often it is looked whether something is to be told.
const LOOK: std::time::Duration = std::time::Duration::from_secs(2);

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
    /// PEM file with the certificate and those above it: the service speaks TLS itself. Read again on SIGHUP.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// PEM file with the certificate's key.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Port that sends whoever comes by HTTP on to HTTPS.
    #[arg(long, value_name = "PORT", requires = "tls_cert")]
    redirect_port: Option<u16>,
    /// Readers come by HTTPS, through a proxy in front.
    #[arg(long)]
    https: bool,
    /// A proxy that is believed about where a request comes from, such as 10.0.0.5 or 10.0.0.0/24; may be given several
    /// times.
    #[arg(long = "trust-proxy", value_name = "CIDR")]
    proxies: Vec<Cidr>,
    /// Port of this machine that gives figures to Prometheus, at /metrics.
    #[arg(long, value_name = "PORT")]
    metrics_port: Option<u16>,
    /// Seconds that requests under way have after the service is told to stop.
    #[arg(long, default_value_t = 25, value_name = "SECONDS")]
    drain: u64,
    /// Requests a second that one source may send for long; ten times as many at once.
    #[arg(long, default_value_t = 40, value_name = "REQUESTS", value_parser = clap::value_parser!(u32).range(1..))]
    a_second: u32,
    /// File that says what is agreed with a government's identity provider; by default identity-provider.toml in the
    /// home folder, if it is there.
    #[arg(long, value_name = "FILE")]
    identity_provider: Option<PathBuf>,
    /// Lets whoever sits at this machine in without signing in, though there are accounts.
    #[arg(long)]
    open_desk: bool,
    /// A host of one's own network that webhooks may lead to; may be given several times.
    #[arg(long = "hook-host", value_name = "NAME")]
    hook_hosts: Vec<String>,
}

impl At {
    /// The same, with or without letting in whoever sits at this machine.
    pub fn with_open_desk(self, open_desk: bool) -> Self {
        Self { open_desk: self.open_desk || open_desk, ..self }
    }

    fn secure(&self) -> bool {
        self.https || self.tls_cert.is_some()
    }

    fn options(&self) -> Result<gate::Options> {
        let certificate = match (&self.tls_cert, &self.tls_key) {
            (Some(chain), Some(key)) => {
                Some(Certificate::open(chain, key).while_doing(|| ("证书".to_owned(), "the certificate".to_owned()))?)
            }
            _ => None,
        };
        Ok(gate::Options {
            address: SocketAddr::from((self.listen, self.port)),
            certificate,
            redirect: self.redirect_port.map(|port| SocketAddr::from((self.listen, port))),
            proxies: Proxies(self.proxies.clone()),
            hosts: self.hosts.clone(),
            https: self.https,
            limits: Limits { drain: Duration::from_secs(self.drain), ..Limits::default() },
        })
    }

    fn provider(&self, home: &HomeArgs) -> Result<Option<oidc::Settings>> {
        let usual = home.home.join("identity-provider.toml");
        let path = self.identity_provider.clone().or_else(|| usual.exists().then_some(usual));
        let read = path.map(|path| oidc::Settings::load(&path)).transpose();
        read.while_doing(|| ("统一身份平台的设置".to_owned(), "the identity provider's settings".to_owned()))
    }

    fn rates(&self) -> web::Rates {
        let usual = web::Rates::default();
        let a_second = f64::from(self.a_second);
        web::Rates { pages: web::Rate { a_second, burst: a_second * 10.0 }, ..usual }
    }
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let database = home.open_database()?;
    serve(home, database, &args.pack, &args.at)
}

/// Serves until told to stop.
pub fn serve(home: &HomeArgs, database: Database, pack: &str, at: &At) -> Result<ExitCode> {
    let lang = home.lang();
    let keys = home.open_keys(&database)?;
    say_whose_nights_there_are(&database, pack, lang)?;
    let door = door(home, &database, at)?;
    if door.is_none() && !(at.listen.is_loopback() && at.proxies.is_empty()) {
        return Err(fault(
            "还没有账号（或者用了 --open-desk）：只能在本机打开，也不能放在代理后面。先用 yilian user create-admin 建管理员",
            "there are no accounts (or --open-desk was given), so only this machine may reach it, and no proxy; \
             make an administrator with `yilian user create-admin` first",
        ));
    }
    let options = at.options()?;
    let places = web::Places { packs: home.packs.clone(), pack: pack.to_owned(), documents: home.documents() };
    let state = web::AppState::open(database, keys, places, Arc::new(SystemClock))?.limited(at.rates());
    let guard = Guard::allowing(&at.hook_hosts);
    let state = state.telling(guard.clone());
    let signed = door.is_some();
    let state = match door {
        Some(door) => state.behind(door),
        None => state,
    };
    let state = match at.provider(home)? {
        Some(settings) => state.with_provider(settings),
        None => state,
    };
    tell(state.clone(), Http::new(guard));
    // Whoever comes first should not wait for the night to be read; before the first night there is nothing to read.
    let early = state.clone();
    std::thread::spawn(move || early.published().is_ok());
    // Fewer than there are connections: whoever has to wait does so in line, before anything is begun.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(PAGES_AT_ONCE).build()?;
    runtime.block_on(async {
        let certificate = options.certificate.clone();
        let main = gate::bind(options).await?;
        if let Some(port) = at.metrics_port {
            tokio::spawn(figures(port).await?.serve(web::metrics_router(state.clone()), std::future::pending()));
        }
        announce(&main, signed, at, lang);
        if let Some(certificate) = certificate {
            tokio::spawn(renew_on_hangup(certificate));
        }
        let watched = state.clone();
        let stop = async move {
            told_to_stop().await;
            watched.watch().stop();
            watched.stopping();
            eprintln!("{}", say(lang, "正在停止，等手上的请求办完", "stopping; waiting for requests under way"));
        };
        if !main.serve(web::router(state), stop).await {
            tracing::warn!("requests under way were cut off");
        }
        Ok::<_, anyhow::Error>(())
    })?;
    // A page's work that still runs must not hold the process.
    runtime.shutdown_timeout(Duration::from_secs(2));
    Ok(ExitCode::SUCCESS)
}

/// Tells subscribers what happened, in a thread that ends with the service.
fn tell(state: web::AppState, sender: Http) {
    std::thread::spawn(move || {
        loop {
            match state.tell(&sender) {
                Ok(true) => {}
                Ok(false) => std::thread::sleep(LOOK),
                Err(fault) => {
                    tracing::error!(%fault, "subscribers could not be told");
                    std::thread::sleep(LOOK * 15);
                }
            }
        }
    });
}

async fn figures(port: u16) -> Result<Listening, gate::Fault> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    gate::bind(gate::Options {
        address,
        certificate: None,
        redirect: None,
        proxies: Proxies::default(),
        hosts: Vec::new(),
        https: false,
        limits: Limits::default(),
    })
    .await
}

fn announce(main: &Listening, signed: bool, at: &At, lang: Lang) {
    let how = match signed {
        true => say(lang, "要登录", "sign in"),
        false => say(lang, "不用登录，只限本机", "no sign-in, this machine only"),
    };
    let scheme = if at.tls_cert.is_some() { "https" } else { "http" };
    println!(
        "{} {scheme}://{}/  {how} {}",
        say(lang, "打开", "open"),
        main.address,
        say(lang, "（Ctrl+C 停止）", "(Ctrl+C stops)")
    );
    if let Some(address) = main.redirect {
        println!("  http://{address}/ → https");
    }
}

/// Until somebody presses Ctrl+C or the service manager says so.
async fn told_to_stop() {
    let Ok(mut ended) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = ended.recv() => {}
    }
}

/// A certificate lasts for months: a new one is taken up without a restart.
async fn renew_on_hangup(certificate: Certificate) {
    let Ok(mut hangups) = signal(SignalKind::hangup()) else { return };
    while hangups.recv().await.is_some() {
        match certificate.renew() {
            Ok(()) => tracing::warn!("the certificate was read again"),
            Err(fault) => tracing::error!(%fault, "the certificate stays as it was"),
        }
    }
}

/// Whoever ran the nights of one pack and serves another would wait for pages that never come.
fn say_whose_nights_there_are(database: &Database, pack: &str, lang: Lang) -> Result<()> {
    let packs = cycle::night_packs(&mut database.session()?)?;
    if !packs.is_empty() && !packs.iter().any(|other| other == pack) {
        let packs = packs.join(", ");
        let zh = format!("{pack} 还没有夜间结果，有结果的是 {packs}：用 --pack 指明看哪一个");
        let en = format!("there is no night of {pack} yet, but of {packs}: say with --pack which is meant");
        eprintln!("{}", say(lang, &zh, &en));
    }
    Ok(())
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
    Ok(Some(web::Door { accounts, hosts: at.hosts.clone(), secure: at.secure() }))
}
