//! One sign-in: out with the browser, back with a code, the code against a token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::address::with_query;
use crate::claims::Claims;
use crate::jws;
use crate::{OidcError, Provider};

/// What has to be remembered until the browser returns. It holds secrets: the caller seals it into a cookie.
#[derive(Clone, Serialize, Deserialize)]
pub struct Begun {
    state: String,
    nonce: String,
    verifier: String,
}

/// What the browser brings back in its address.
#[derive(Clone, Default, Deserialize)]
pub struct Returned {
    pub code: Option<String>,
    pub state: Option<String>,
    pub iss: Option<String>,
    pub error: Option<String>,
}

/// Who signed in there.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    pub second_factor: bool,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

impl Provider {
    /// Where to send the browser, and what to remember meanwhile.
    ///
    /// # Panics
    /// When the operating system has no randomness to give.
    #[must_use]
    pub fn begin(&self) -> (String, Begun) {
        let begun = Begun { state: random(), nonce: random(), verifier: random() };
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&begun.verifier));
        let scope = self.settings.scopes.join(" ");
        let acr = self.settings.second_factor.join(" ");
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", self.settings.client_id.as_str()),
            ("redirect_uri", &self.settings.redirect),
            ("scope", &scope),
            ("state", &begun.state),
            ("nonce", &begun.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        if !acr.is_empty() {
            parameters.push(("acr_values", &acr));
        }
        (with_query(&self.metadata.authorization_endpoint, &parameters), begun)
    }

    /// Who came back, after every check.
    ///
    /// # Errors
    /// `NotOurs`, `Declined`, `Provider`, `Token`.
    pub fn finish(&self, begun: &Begun, returned: &Returned, now: DateTime<Utc>) -> Result<Identity, OidcError> {
        if returned.state.as_deref() != Some(&begun.state) {
            return Err(OidcError::NotOurs);
        }
        // RFC 9207: an answer of another provider is not taken to this one.
        let issuer = &self.settings.issuer;
        let names_issuer = self.metadata.authorization_response_iss_parameter_supported;
        if returned.iss.as_ref().map_or(names_issuer, |named| named != issuer) {
            return Err(OidcError::NotOurs);
        }
        if let Some(error) = &returned.error {
            let word: String = error.chars().filter(|c| c.is_ascii_lowercase() || *c == '_').take(40).collect();
            return Err(OidcError::Declined(word));
        }
        let code = returned.code.as_deref().ok_or(OidcError::NotOurs)?;
        let token = self.exchange(code, &begun.verifier)?;
        let keys = self.keys(jws::key_name(&token)?.as_deref())?;
        let claims = Claims::check(&jws::open(&token, &keys)?, (issuer, &self.settings.client_id), &begun.nonce, now)?;
        let second_factor = claims.has_second_factor(&self.settings.second_factor);
        Ok(Identity { issuer: issuer.clone(), subject: claims.sub, second_factor })
    }

    fn exchange(&self, code: &str, verifier: &str) -> Result<String, OidcError> {
        let client = self.settings.client_id.as_str();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.settings.redirect.as_str()),
            ("code_verifier", verifier),
        ];
        let secret = self.settings.client_secret.as_deref();
        let in_header = secret.filter(|_| !self.secret_in_form());
        if in_header.is_none() {
            form.push(("client_id", client));
            form.extend(secret.map(|secret| ("client_secret", secret)));
        }
        let header = in_header.map(|secret| (client, secret));
        Ok(self.http.post::<Tokens>(&self.metadata.token_endpoint, &form, header)?.id_token)
    }
}

/// 256 bits.
fn random() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    URL_SAFE_NO_PAD.encode(bytes)
}
