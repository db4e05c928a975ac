//! The few requests a sign-in makes: with a time limit, a size limit, no redirects, and no address in the clear.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::address::encoded;
use crate::settings::is_safe;
use crate::{OidcError, Settings};

const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST: u64 = 256 * 1024;

/// A client for one provider.
pub(crate) struct Http {
    agent: ureq::Agent,
    issuer: String,
}

impl Http {
    pub(crate) fn new(settings: &Settings) -> Result<Self, OidcError> {
        let roots = match &settings.authority {
            None => RootCerts::WebPki,
            Some(path) => {
                let fault = |cause: String| OidcError::Settings { file: path.display().to_string(), cause };
                let pem = std::fs::read(path).map_err(|e| fault(e.to_string()))?;
                let held = parse_pem(&pem).filter_map(|item| match item {
                    Ok(PemItem::Certificate(certificate)) => Some(certificate),
                    _ => None,
                });
                let held: Vec<Certificate<'static>> = held.collect();
                if held.is_empty() {
                    return Err(fault("it holds no certificate".to_owned()));
                }
                RootCerts::new_with_certs(&held)
            }
        };
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .http_status_as_error(false)
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .build();
        Ok(Self { agent: config.into(), issuer: settings.issuer.clone() })
    }

    /// A JSON document.
    pub(crate) fn get<T: DeserializeOwned>(&self, address: &str) -> Result<T, OidcError> {
        self.check(address)?;
        let answer = self.agent.get(address).header("accept", "application/json").call();
        self.read(answer)
    }

    /// Sends a form as the client; the answer is JSON.
    pub(crate) fn post<T: DeserializeOwned>(
        &self,
        address: &str,
        form: &[(&str, &str)],
        client: Option<(&str, &str)>,
    ) -> Result<T, OidcError> {
        self.check(address)?;
        let mut request = self.agent.post(address).header("accept", "application/json");
        if let Some((id, secret)) = client {
            // RFC 6749, 2.3.1: both are encoded before they are joined.
            let pair = STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret)));
            request = request.header("authorization", format!("Basic {pair}"));
        }
        let answer = request.send_form(form.iter().copied());
        self.read(answer)
    }

    fn read<T: DeserializeOwned>(
        &self,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<T, OidcError> {
        let mut answer = answer.map_err(|e| self.fault(e.to_string()))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(self.fault(format!("answered {status}")));
        }
        let body = answer.body_mut().with_config().limit(LONGEST).read_to_vec();
        let body = body.map_err(|e| self.fault(e.to_string()))?;
        // The parser's message could quote a token.
        serde_json::from_slice(&body).map_err(|_| self.fault("answered something unreadable".to_owned()))
    }

    fn check(&self, address: &str) -> Result<(), OidcError> {
        if is_safe(address) { Ok(()) } else { Err(self.fault("names an address in the clear".to_owned())) }
    }

    pub(crate) fn fault(&self, cause: String) -> OidcError {
        OidcError::Provider { issuer: self.issuer.clone(), cause }
    }
}
