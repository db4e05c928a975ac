//! What lets people in: accounts, the names this service goes by, and its cookie.

use accounts::{Accounts, Token};
use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

/// The value of a cookie.
fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

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
        cookie(headers, self.cookie_name()).and_then(Token::read)
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

    /// Keeps something of a step under way, sealed, for ten minutes; empty takes it away.
    #[must_use]
    pub fn step(&self, name: &str, value: &str) -> HeaderValue {
        let name = self.step_name(name);
        let secure = if self.secure { "; Secure" } else { "" };
        let age = if value.is_empty() { 0 } else { 600 };
        HeaderValue::from_str(&format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"))
            .expect("sealed values are plain text")
    }

    /// What was kept of a step.
    #[must_use]
    pub fn step_of<'h>(&self, headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
        cookie(headers, &self.step_name(name))
    }

    fn step_name(&self, name: &str) -> String {
        if self.secure { format!("__Host-{name}") } else { name.to_owned() }
    }

    fn made(&self, value: &str, more: &str) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let name = self.cookie_name();
        HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}"))
            .expect("a token is plain text")
    }
}
