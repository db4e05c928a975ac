//! What lets people in: accounts, the names this service goes by, and its cookie.

use accounts::{Accounts, Token};
use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

/// With a door, everyone signs in; without one, the desk answers this machine alone.
#[derive(Clone)]
pub struct Door {
    pub accounts: Accounts,
    /// Host names, without a port, that the service answers to beside those of this machine.
    pub hosts: Vec<String>,
    /// Whether readers reach it by HTTPS: its cookie is then sent by HTTPS only.
    pub secure: bool,
}

impl Door {
    /// A browser keeps a cookie with the prefix for this very host and HTTPS only.
    fn cookie_name(&self) -> &'static str {
        if self.secure { "__Host-yilian" } else { "yilian-session" }
    }

    /// The session's token, when the request carries something like one.
    #[must_use]
    pub fn token(&self, headers: &HeaderMap) -> Option<Token> {
        let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = all.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == self.cookie_name()).and_then(|(_, value)| Token::read(value))
    }

    /// Hands the token to the browser. It ends with the session on our side, and with the browser.
    #[must_use]
    pub fn cookie(&self, token: &Token) -> HeaderValue {
        self.made(token.reveal(), "")
    }

    /// Takes it away.
    #[must_use]
    pub fn no_cookie(&self) -> HeaderValue {
        self.made("", "; Max-Age=0")
    }

    fn made(&self, value: &str, more: &str) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let name = self.cookie_name();
        HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}"))
            .expect("a token is plain text")
    }
}
