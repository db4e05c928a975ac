//! `yilian-cluster worker`: asks the scheduler for work, reads lakes by itself and keeps what other workers will fetch.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use ballista_core::config::TaskSchedulingPolicy;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};

use crate::said::Tongue;
use crate::stores;
use crate::told::{While as _, fault};

/// How long what a stage left for others may lie on a worker whose scheduler forgot to have it cleared.
const KEPT_SECONDS: u64 = 24 * 3600;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// The scheduler's host:port.
    #[arg(long, value_name = "HOST:PORT")]
    scheduler: String,
    /// Address at which other workers and whoever asked fetch rows. There is no sign-in.
    #[arg(long, default_value = "127.0.0.1:50051")]
    listen: SocketAddr,
    /// How many parts are computed at a time; by default as many as there are cores.
    #[arg(long, default_value_t = 0)]
    cores: usize,
    /// Folder for rows on their way between stages; by default one that goes with the process.
    #[arg(long, value_name = "DIR")]
    work_dir: Option<PathBuf>,
    #[command(flatten)]
    pub tongue: Tongue,
}

pub async fn run(args: &Args) -> Result<()> {
    let address = args.scheduler.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    let (host, port) = address.ok_or_else(|| fault("--scheduler 写成 主机:端口", "--scheduler is host:port"))?;
    let made = |zh: &str, en: &str| (format!("建不了文件夹 {zh}"), format!("could not make a folder {en}"));
    let own = match &args.work_dir {
        Some(_) => None,
        None => Some(tempfile::tempdir().while_doing(|| made("临时", "to work in"))?),
    };
    let folder = args.work_dir.clone().or_else(|| own.as_ref().map(|own| own.path().to_owned())).unwrap_or_default();
    let path = folder.display().to_string();
    std::fs::create_dir_all(&folder).while_doing(|| made(&path, &path))?;
    let config = ExecutorProcessConfig {
        bind_host: args.listen.ip().to_string(),
        port: args.listen.port(),
        scheduler_host: host.to_owned(),
        scheduler_port: port,
        scheduler_connect_timeout_seconds: 60,
        vcores: args.cores,
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        work_dir: Some(folder.to_string_lossy().into_owned()),
        job_data_ttl_seconds: KEPT_SECONDS,
        job_data_clean_up_interval_seconds: KEPT_SECONDS / 24,
        override_runtime_producer: Some(Arc::new(|_| stores::runtime())),
        ..ExecutorProcessConfig::default()
    };
    let words = || (format!("在 {} 干活的节点停了", args.listen), format!("the worker at {} has stopped", args.listen));
    start_executor_process(Arc::new(config)).await.while_doing(words)
}
