//! What a provider says of itself, and its keys, fetched anew when a token names one that is not known.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::address::with_query;
use crate::http::Http;
use crate::jws::{Jwk, Jwks};
use crate::settings::is_safe;
use crate::{OidcError, Settings};

/// Keys are asked for no sooner again than this, whatever tokens come.
const REST: Duration = Duration::from_secs(60);

/// A provider ready for sign-ins.
pub struct Provider {
    pub(crate) settings: Settings,
    pub(crate) metadata: Metadata,
    pub(crate) http: Http,
    keys: Mutex<(Vec<Jwk>, Option<Instant>)>,
}

/// OpenID Connect Discovery 1.0, as far as it is used.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Metadata {
    issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    jwks_uri: String,
    pub end_session_endpoint: Option<String>,
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

impl Provider {
    /// Asks the provider for its configuration.
    ///
    /// # Errors
    /// `Provider` when it can't be reached, or speaks for another issuer.
    pub fn discover(settings: Settings) -> Result<Self, OidcError> {
        let http = Http::new(&settings)?;
        let address = format!("{}/.well-known/openid-configuration", settings.issuer.trim_end_matches('/'));
        let metadata: Metadata = http.get(&address)?;
        if metadata.issuer != settings.issuer {
            return Err(http.fault("speaks for another issuer".to_owned()));
        }
        Ok(Self { settings, metadata, http, keys: Mutex::new((Vec::new(), None)) })
    }

    /// Where a reader signs out of the provider too, when it has such a page (RP-Initiated Logout 1.0).
    #[must_use]
    pub fn sign_out_address(&self) -> Option<String> {
        let address = self.metadata.end_session_endpoint.as_deref().filter(|address| is_safe(address))?;
        Some(with_query(address, &[("client_id", &self.settings.client_id)]))
    }

    /// The keys that may have signed with this name.
    pub(crate) fn keys(&self, name: Option<&str>) -> Result<Vec<Jwk>, OidcError> {
        let mut held = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let fitting = |keys: &[Jwk]| keys.iter().filter(|key| key.may_be(name)).cloned().collect::<Vec<_>>();
        let found = fitting(&held.0);
        let rested = held.1.is_none_or(|asked| asked.elapsed() >= REST);
        if !found.is_empty() || !rested {
            return Ok(found);
        }
        held.1 = Some(Instant::now());
        let fresh: Jwks = self.http.get(&self.metadata.jwks_uri)?;
        held.0 = fresh.keys;
        Ok(fitting(&held.0))
    }

    /// Whether the client's secret goes into the form rather than the header.
    pub(crate) fn secret_in_form(&self) -> bool {
        let known = self.metadata.token_endpoint_auth_methods_supported.as_deref();
        known.is_some_and(|ways| {
            ways.iter().any(|way| way == "client_secret_post") && !ways.iter().any(|way| way == "client_secret_basic")
        })
    }
}
