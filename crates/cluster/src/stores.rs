//! Where objects are read from: this machine's folders, and buckets of S3 and what speaks its protocol.
//!
//! Each process gets in by its own environment; no key travels with a plan.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::common::{DataFusionError, Result};
use datafusion::execution::object_store::ObjectStoreRegistry;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use url::Url;

/// What a process computes with: the default, over [`Stores`].
///
/// # Errors
/// Those of DataFusion.
pub fn runtime() -> Result<Arc<RuntimeEnv>> {
    RuntimeEnvBuilder::new().with_object_store_registry(Arc::new(Stores::default())).build_arc()
}

/// Opens stores when a plan first names them.
#[derive(Debug, Default)]
struct Stores {
    opened: Mutex<BTreeMap<String, Arc<dyn ObjectStore>>>,
}

impl ObjectStoreRegistry for Stores {
    fn register_store(&self, url: &Url, store: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).insert(name(url), store)
    }

    fn get_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = opened.get(&name(url)) {
            return Ok(Arc::clone(store));
        }
        let store: Arc<dyn ObjectStore> = match url.scheme() {
            "file" => Arc::new(LocalFileSystem::new()),
            "s3" => bucket(url)?,
            other => return Err(DataFusionError::Configuration(format!("no store is known for {other}://"))),
        };
        opened.insert(name(url), Arc::clone(&store));
        Ok(store)
    }
}

fn name(url: &Url) -> String {
    format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default())
}

/// From the variables every S3 tool reads; without TLS only where the endpoint is written so.
fn bucket(url: &Url) -> Result<Arc<dyn ObjectStore>> {
    let plain = std::env::var("AWS_ENDPOINT_URL").is_ok_and(|endpoint| endpoint.starts_with("http://"));
    let builder = AmazonS3Builder::from_env().with_bucket_name(url.host_str().unwrap_or_default());
    Ok(Arc::new(builder.with_allow_http(plain).build()?))
}
