//! One statement over the lakes, in this process or on a cluster: planned here, the same plan either way.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use ballista_core::config::BallistaConfig;
use ballista_core::execution_plans::execute_physical_plan;
use ballista_core::extension::SessionConfigExt as _;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::physical_plan::{displayable, execute_stream};
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion_proto::protobuf::PhysicalPlanNode;
use kernel::Lang;

use crate::told::{While as _, told};

/// How often a cluster is asked the same, and how long it is given to find out who is left.
const ATTEMPTS: u32 = 5;
const BETWEEN: Duration = Duration::from_secs(2);

/// Where plans are run.
#[derive(Clone, Debug)]
pub struct Machine {
    /// `host:port`; none: this process.
    pub scheduler: Option<String>,
    /// Into how many parts rows are divided after they were exchanged.
    pub parts: usize,
    pub runtime: Arc<RuntimeEnv>,
    /// Of what is told between two attempts.
    pub lang: Lang,
}

impl Machine {
    /// A session without tables.
    #[must_use]
    pub fn session(&self) -> SessionContext {
        SessionContext::new_with_config_rt(self.config(), Arc::clone(&self.runtime))
    }

    fn config(&self) -> SessionConfig {
        SessionConfig::new_with_ballista().with_target_partitions(self.parts)
    }

    /// Asks until there is a whole answer: a cluster that lost a worker is asked again, and what is left of it answers.
    ///
    /// Ballista 55 mends a job that lost rows with the worker, but hands what a stage had found before it was begun anew
    /// to the next stage a second time. So a scheduler of ours gives such a job up, and `ask` has to refuse an answer in
    /// which not everyone stands once.
    ///
    /// # Errors
    /// The last attempt's.
    pub async fn until_whole<T>(&self, mut ask: impl AsyncFnMut() -> Result<T>) -> Result<T> {
        let again = if self.scheduler.is_some() { ATTEMPTS } else { 1 };
        for attempt in 1..again {
            match ask().await {
                Err(fault) => eprintln!("{attempt}/{again}: {}", told(&fault, self.lang)),
                answer => return answer,
            }
            tokio::time::sleep(BETWEEN).await;
        }
        ask().await
    }

    /// The answer's rows as they come.
    ///
    /// # Errors
    /// When the statement can't be planned, or nobody answers at the scheduler's address.
    pub async fn ask(&self, session: &SessionContext, sql: &str) -> Result<SendableRecordBatchStream> {
        let plan = session.sql(sql).await?.create_physical_plan().await?;
        tracing::debug!("{}", displayable(plan.as_ref()).indent(false));
        let Some(scheduler) = &self.scheduler else { return Ok(execute_stream(plan, session.task_ctx())?) };
        let config = self.config();
        let (codec, ballista) = (config.ballista_physical_extension_codec(), BallistaConfig::default());
        let asked = execute_physical_plan::<PhysicalPlanNode>(
            format!("http://{scheduler}"),
            &ballista,
            plan,
            codec.as_ref(),
            session.session_id(),
            config,
        );
        asked.await.while_doing(|| {
            (format!("{scheduler} 的集群没有回答"), format!("the cluster at {scheduler} did not answer"))
        })
    }
}
