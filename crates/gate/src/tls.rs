//! The certificate and its key: read from files, checked against each other, read again when asked.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// Why a certificate can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsFault {
    #[error("{path}: {cause}")]
    File { path: String, cause: String },
    #[error("certificate and key do not go together: {0}")]
    Pair(rustls::Error),
}

/// A certificate in use; clones share it, so that a new one reaches every listener.
#[derive(Clone)]
pub struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    config: Arc<RwLock<Arc<ServerConfig>>>,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificate").field("chain", &self.chain).finish_non_exhaustive()
    }
}

impl Certificate {
    /// Reads a PEM chain, the service's own certificate first, and its PEM key. TLS 1.2 and 1.3.
    ///
    /// # Errors
    /// `File`, `Pair`.
    pub fn open(chain: &Path, key: &Path) -> Result<Self, TlsFault> {
        let config = Arc::new(RwLock::new(read(chain, key)?));
        Ok(Self { chain: chain.to_owned(), key: key.to_owned(), config })
    }

    /// Reads the files again. Connections that stand keep what they have; after a fault everything stays as it is.
    ///
    /// # Errors
    /// As [`Certificate::open`].
    pub fn renew(&self) -> Result<(), TlsFault> {
        let fresh = read(&self.chain, &self.key)?;
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn read(chain: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsFault> {
    let fault = |path: &Path, cause: String| TlsFault::File { path: path.display().to_string(), cause };
    let found = CertificateDer::pem_file_iter(chain).map_err(|e| fault(chain, e.to_string()))?;
    let found: Vec<_> = found.collect::<Result<_, _>>().map_err(|e| fault(chain, e.to_string()))?;
    if found.is_empty() {
        return Err(fault(chain, "it holds no certificate".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|e| fault(key, e.to_string()))?;
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(TlsFault::Pair)?;
    let mut config = builder.with_no_client_auth().with_single_cert(found, private).map_err(TlsFault::Pair)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
