//! Signed tokens: RS256, PS256 and ES256 by the provider's public keys, and nothing else.
//!
//! The algorithm is the token's word, so it is held against the key's kind: a token that says `none`, or that asks for
//! a public key to be taken as a shared secret, meets no key at all.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde::Deserialize;

use crate::OidcError;

#[derive(Deserialize)]
pub(crate) struct Jwks {
    pub keys: Vec<Jwk>,
}

/// A public key (RFC 7517), as far as it is used.
#[derive(Clone, Deserialize)]
pub(crate) struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood; none is.
    crit: Option<serde_json::Value>,
}

/// The name of the key that a token says it is signed with.
pub(crate) fn key_name(token: &str) -> Result<Option<String>, OidcError> {
    Ok(header(token)?.kid)
}

/// What the token says, when one of the keys signed it.
pub(crate) fn open(token: &str, keys: &[Jwk]) -> Result<Vec<u8>, OidcError> {
    let header = header(token)?;
    if header.crit.is_some() {
        return Err(OidcError::Token("it asks for an extension"));
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(OidcError::Token("its form"))?;
    let signature = decode(signature)?;
    if !keys.iter().any(|key| key.signed(&header.alg, signed.as_bytes(), &signature)) {
        return Err(OidcError::Token("its signature"));
    }
    decode(signed.split_once('.').ok_or(OidcError::Token("its form"))?.1)
}

fn header(token: &str) -> Result<Header, OidcError> {
    let mut parts = token.split('.');
    let (Some(head), Some(_), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(OidcError::Token("its form"));
    };
    serde_json::from_slice(&decode(head)?).map_err(|_| OidcError::Token("its header"))
}

fn decode(part: &str) -> Result<Vec<u8>, OidcError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| OidcError::Token("its form"))
}

impl Jwk {
    pub(crate) fn may_be(&self, name: Option<&str>) -> bool {
        let named = name.is_none() || self.kid.is_none() || self.kid.as_deref() == name;
        named && self.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
    }

    fn signed(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
        if self.alg.as_deref().is_some_and(|own| own != algorithm) {
            return false;
        }
        match (algorithm, self.kty.as_str()) {
            ("RS256" | "PS256", "RSA") => self.signed_by_rsa(algorithm, message, signature).unwrap_or(false),
            ("ES256", "EC") if self.crv.as_deref() == Some("P-256") => {
                self.signed_by_curve(message, signature).unwrap_or(false)
            }
            _ => false,
        }
    }

    fn signed_by_rsa(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> Option<bool> {
        let number = |part: &Option<String>| {
            let bytes = URL_SAFE_NO_PAD.decode(part.as_deref()?).ok()?;
            let leading = bytes.iter().take_while(|byte| **byte == 0).count();
            Some(bytes[leading..].to_vec())
        };
        let key = RsaPublicKeyComponents { n: number(&self.n)?, e: number(&self.e)? };
        let way = if algorithm == "PS256" { &RSA_PSS_2048_8192_SHA256 } else { &RSA_PKCS1_2048_8192_SHA256 };
        Some(key.verify(way, message, signature).is_ok())
    }

    fn signed_by_curve(&self, message: &[u8], signature: &[u8]) -> Option<bool> {
        let x = URL_SAFE_NO_PAD.decode(self.x.as_deref()?).ok()?;
        let y = URL_SAFE_NO_PAD.decode(self.y.as_deref()?).ok()?;
        let point = [&[4], x.as_slice(), y.as_slice()].concat();
        Some(UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendix A.3: ES256.
    const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    fn key() -> Jwk {
        serde_json::from_str(
            r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"ignored"}"#,
        )
        .unwrap()
    }

    #[test]
    fn the_standards_own_token_opens() {
        let said = open(TOKEN, &[key()]).unwrap();
        assert!(said.starts_with(b"{\"iss\":\"joe\""));
    }

    #[test]
    fn a_changed_unsigned_or_otherwise_signed_token_does_not() {
        let [_, payload, signature] = TOKEN.split('.').collect::<Vec<_>>()[..] else { panic!() };
        let head = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let forged = [
            format!("{}.{payload}.", head(r#"{"alg":"none"}"#)),
            format!("{}.{payload}.{signature}", head(r#"{"alg":"HS256"}"#)),
            format!("{}.{payload}.{signature}", head(r#"{"alg":"RS256"}"#)),
            format!("{}.{payload}.{signature}", head(r#"{"alg":"ES256","crit":["exp"]}"#)),
            format!("{}.{}.{signature}", head(r#"{"alg":"ES256"}"#), head(r#"{"iss":"mallory"}"#)),
            TOKEN.replace("DtEh", "DtEi"),
            format!("{TOKEN}.x"),
            "a.b".to_owned(),
            String::new(),
        ];
        for token in forged {
            assert!(open(&token, &[key()]).is_err(), "{token}");
        }
        assert!(open(TOKEN, &[]).is_err());
    }
}
