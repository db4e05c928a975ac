//! What an installation has agreed with its provider.

use std::path::Path;

use serde::Deserialize;

use crate::OidcError;

/// One provider, as a TOML file states it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The provider's address; its configuration lies below it.
    pub issuer: String,
    pub client_id: String,
    /// Absent for a public client, which PKCE alone protects.
    pub client_secret: Option<String>,
    /// Our address that the browser returns to.
    pub redirect: String,
    #[serde(default = "openid")]
    pub scopes: Vec<String>,
    /// Values of the token's `acr` or `amr` that mean that a second factor was asked for.
    #[serde(default)]
    pub second_factor: Vec<String>,
    /// PEM file with the authority that signed the provider's certificate, where it is none of the public ones.
    pub authority: Option<std::path::PathBuf>,
}

impl Settings {
    /// # Errors
    /// `Settings` when the file can't be read, lacks something, or names an address in the clear.
    pub fn load(path: &Path) -> Result<Self, OidcError> {
        let fault = |cause: String| OidcError::Settings { file: path.display().to_string(), cause };
        let text = std::fs::read_to_string(path).map_err(|e| fault(e.to_string()))?;
        // The parser's own message may quote the line, and that may be the secret's.
        let settings: Self = toml::from_str(&text).map_err(|e| fault(e.message().to_owned()))?;
        for address in [&settings.issuer, &settings.redirect] {
            if !is_safe(address) {
                return Err(fault(format!("{address} is no https address")));
            }
        }
        if !settings.scopes.iter().any(|scope| scope == "openid") {
            return Err(fault("scopes must hold openid".to_owned()));
        }
        Ok(settings)
    }
}

fn openid() -> Vec<String> {
    vec!["openid".to_owned()]
}

/// Encrypted, or never leaving this machine.
pub(crate) fn is_safe(address: &str) -> bool {
    let loopback = |rest: &str| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let name = if host.starts_with('[') { host.split_inclusive(']').next() } else { host.split(':').next() };
        !host.contains('@') && matches!(name, Some("127.0.0.1" | "localhost" | "[::1]"))
    };
    address.starts_with("https://") || address.strip_prefix("http://").is_some_and(loopback)
}

/// Without the secret.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_goes_out_in_the_clear() {
        for safe in ["https://id.example", "http://127.0.0.1:8080/x", "http://localhost", "http://[::1]:1/"] {
            assert!(is_safe(safe), "{safe}");
        }
        for bad in
            ["http://id.example", "http://127.0.0.1.example", "http://127.0.0.1@id.example", "ftp://localhost", ""]
        {
            assert!(!is_safe(bad), "{bad}");
        }
    }

    #[test]
    fn a_faulty_file_is_refused_without_its_secret() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("provider.toml");
        std::fs::write(&path, "issuer = \"https://id.example\"\nclient_secret = \"topsecret\" oops\n").unwrap();
        let fault = Settings::load(&path).unwrap_err().to_string();
        assert!(!fault.contains("topsecret"), "{fault}");
    }
}
