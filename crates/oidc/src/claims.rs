//! What an identity token has to say (OpenID Connect Core, 3.1.3.7).

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::OidcError;

/// Seconds by which clocks may differ.
const LEEWAY: i64 = 120;

#[derive(Deserialize)]
pub(crate) struct Claims {
    iss: String,
    pub sub: String,
    aud: OneOrMore,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nonce: Option<String>,
    acr: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Claims {
    /// For us, from there, for this sign-in, now.
    pub(crate) fn check(
        bytes: &[u8],
        (issuer, client): (&str, &str),
        nonce: &str,
        now: DateTime<Utc>,
    ) -> Result<Self, OidcError> {
        let claims: Self = serde_json::from_slice(bytes).map_err(|_| OidcError::Token("its claims"))?;
        let (held, several) = match &claims.aud {
            OneOrMore::One(one) => (one == client, false),
            OneOrMore::More(more) => (more.iter().any(|one| one == client), more.len() > 1),
        };
        let authorized = claims.azp.as_deref().map_or(!several, |party| party == client);
        let now = now.timestamp();
        let checks = [
            (claims.iss == issuer, "its issuer"),
            (held && authorized, "its audience"),
            (now < claims.exp.saturating_add(LEEWAY), "it is too old"),
            (claims.iat <= now + LEEWAY, "it comes from the future"),
            (claims.nonce.as_deref() == Some(nonce), "its nonce"),
            (!claims.sub.is_empty() && claims.sub.len() <= 255, "its subject"),
        ];
        match checks.iter().find(|(holds, _)| !holds) {
            Some((_, why)) => Err(OidcError::Token(why)),
            None => Ok(claims),
        }
    }

    /// Whether the provider asked for a second factor, by the words agreed with it.
    pub(crate) fn has_second_factor(&self, words: &[String]) -> bool {
        self.amr.iter().chain(&self.acr).any(|said| words.contains(said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"iss":"https://id","sub":"s","aud":["us"],"exp":2000,"iat":1000,"nonce":"n","acr":"loa3"}"#;

    fn check(json: &str, at: i64) -> Result<Claims, OidcError> {
        Claims::check(json.as_bytes(), ("https://id", "us"), "n", DateTime::from_timestamp(at, 0).unwrap())
    }

    #[test]
    fn each_claim_is_looked_at() {
        assert!(check(GOOD, 1500).unwrap().has_second_factor(&["loa3".to_owned()]));
        assert!(check(GOOD, 2119).is_ok());
        for (from, to, why) in [
            ("https://id", "https://evil", "its issuer"),
            ("[\"us\"]", "[\"them\"]", "its audience"),
            ("[\"us\"]", "[\"us\",\"them\"]", "its audience"),
            ("[\"us\"]", "\"us\",\"azp\":\"them\"", "its audience"),
            ("\"iat\":1000", "\"iat\":1700", "it comes from the future"),
            ("\"n\"", "\"m\"", "its nonce"),
            (",\"nonce\":\"n\"", "", "its nonce"),
            ("\"sub\":\"s\"", "\"sub\":\"\"", "its subject"),
            ("\"exp\":2000,", "", "its claims"),
        ] {
            assert!(
                matches!(check(&GOOD.replace(from, to), 1500), Err(OidcError::Token(said)) if said == why),
                "{why}"
            );
        }
        assert!(matches!(check(GOOD, 2120), Err(OidcError::Token("it is too old"))));
    }
}
