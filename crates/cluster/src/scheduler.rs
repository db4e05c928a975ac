//! `yilian-cluster scheduler`: takes plans, divides them into stages and hands these to workers.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Result;
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::extension::{ballista_aggregate_functions, ballista_scalar_functions, ballista_window_functions};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::{SchedulerConfig, TaskDistributionPolicy};
use ballista_scheduler::scheduler_process::start_server;
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::prelude::SessionConfig;

use crate::said::Tongue;
use crate::stores;
use crate::told::While as _;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Address to listen on. There is no sign-in: whoever reaches it can have any plan run.
    #[arg(long, default_value = "127.0.0.1:50050")]
    listen: SocketAddr,
    /// A worker that has not been heard of for so many seconds counts as lost, and its work is given to others.
    #[arg(long, default_value_t = 30)]
    worker_timeout: u64,
    #[command(flatten)]
    pub tongue: Tongue,
}

pub async fn run(args: &Args) -> Result<()> {
    let config = SchedulerConfig {
        bind_host: args.listen.ip().to_string(),
        external_host: args.listen.ip().to_string(),
        bind_port: args.listen.port(),
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        task_distribution: TaskDistributionPolicy::RoundRobin,
        executor_timeout_seconds: args.worker_timeout,
        expire_dead_executor_interval_seconds: (args.worker_timeout / 2).max(1),
        // Never half a job anew: see `Machine::until_whole`.
        stage_max_failures: 1,
        no_executors_grace_period_seconds: args.worker_timeout.saturating_mul(4),
        ..SchedulerConfig::default()
    };
    let config = Arc::new(config.with_override_session_builder(Arc::new(state)));
    let cluster = BallistaCluster::new_from_config(&config).await?;
    let listen = args.listen;
    let words = || (format!("调度器在 {listen} 运行不了"), format!("the scheduler can't run at {listen}"));
    start_server(cluster, listen, config).await.while_doing(words)
}

fn state(config: SessionConfig) -> datafusion::common::Result<SessionState> {
    Ok(SessionStateBuilder::new()
        .with_runtime_env(stores::runtime()?)
        .with_config(config)
        .with_default_features()
        .with_scalar_functions(ballista_scalar_functions())
        .with_aggregate_functions(ballista_aggregate_functions())
        .with_window_functions(ballista_window_functions())
        .build())
}
