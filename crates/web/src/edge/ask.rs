//! What every page needs to know of the request: language, display, address.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;
use kernel::Lang;

use super::{Viewer, Within};
use crate::frame::{Display, Rail, Shell};

/// The request as a page sees it.
#[derive(Clone, Debug)]
pub struct Ask {
    pub lang: Lang,
    /// Path and query without the language prefix.
    pub here: String,
    pub viewer: Viewer,
    /// How far the permission behind the page reaches.
    pub within: Within,
    /// What forms of the answer carry, for someone who is signed in.
    pub token: Option<String>,
    /// Another system asks: answers and problems are JSON.
    pub machine: bool,
    display: Display,
}

/// Whether a path is one of the interface for other systems.
#[must_use]
pub fn is_machine(path: &str) -> bool {
    path == API || path.strip_prefix(API).is_some_and(|rest| rest.starts_with(['/', '?']))
}

/// The opening of every address of that interface.
pub const API: &str = "/api/v1";

impl Ask {
    /// The language is the address's, the rest the cookie's. To be read before the router strips its prefixes.
    #[must_use]
    pub fn read(parts: &Parts) -> Self {
        let whole = parts.uri.path_and_query().map_or("/", |p| p.as_str());
        let (lang, here) = match whole.strip_prefix("/en") {
            Some("") => (Lang::En, "/"),
            Some(rest) if rest.starts_with('/') || rest.starts_with('?') => (Lang::En, rest),
            _ => (Lang::Zh, whole),
        };
        let machine = is_machine(parts.uri.path());
        let lang = if machine { spoken(parts) } else { lang };
        let cookies = parts.headers.get(COOKIE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let display = Display { lang, ..Display::from_cookies(cookies) };
        Self {
            lang,
            here: here.to_owned(),
            viewer: Viewer::Machine,
            within: Within::default(),
            machine,
            token: None,
            display,
        }
    }

    /// A frame for the page that answers this request.
    #[must_use]
    pub fn shell(&self, rail: Rail, title: impl Into<String>) -> Shell {
        Shell::new(self.display, &self.here, rail, title).with_token(self.token.clone())
    }

    /// The same request, answered in English.
    #[must_use]
    pub fn in_english(self) -> Self {
        Self { lang: Lang::En, display: Display { lang: Lang::En, ..self.display }, ..self }
    }

    /// The path without query and language prefix.
    #[must_use]
    pub fn path(&self) -> &str {
        self.here.split('?').next().unwrap_or("/")
    }

    /// The address with the language's prefix.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        match self.lang {
            Lang::Zh => path.to_owned(),
            Lang::En => format!("/en{path}"),
        }
    }
}

/// The language another system likes best, of the two there are; Chinese when it names neither.
fn spoken(parts: &Parts) -> Lang {
    let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut best = (Lang::Zh, 0.0_f32);
    for one in header.split(',') {
        let mut words = one.split(';').map(str::trim);
        let lang = match words.next().unwrap_or_default().split('-').next() {
            Some(zh) if zh.eq_ignore_ascii_case("zh") => Lang::Zh,
            Some(en) if en.eq_ignore_ascii_case("en") => Lang::En,
            _ => continue,
        };
        let weight = words.find_map(|word| word.strip_prefix("q=")).and_then(|q| q.parse().ok()).unwrap_or(1.0);
        if weight > best.1 {
            best = (lang, weight);
        }
    }
    best.0
}

impl<S: Send + Sync> FromRequestParts<S> for Ask {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_else(|| Self::read(parts)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(uri: &str) -> Ask {
        let (parts, ()) = axum::http::Request::get(uri).body(()).unwrap().into_parts();
        Ask::read(&parts)
    }

    #[test]
    fn the_address_says_the_language() {
        assert_eq!(ask("/d/today").lang, Lang::Zh);
        assert_eq!(ask("/en/d/people?q=a").here, "/d/people?q=a");
        assert_eq!(ask("/en").here, "/");
        assert_eq!(ask("/england").lang, Lang::Zh);
    }

    #[test]
    fn another_system_says_its_language_in_a_header() {
        for (header, lang) in [
            ("en", Lang::En),
            ("en-GB;q=0.7, zh-CN;q=0.8", Lang::Zh),
            ("fr, en;q=0.5, *;q=0.1", Lang::En),
            ("fr", Lang::Zh),
            ("", Lang::Zh),
        ] {
            let request = axum::http::Request::get("/api/v1/people").header("accept-language", header);
            let (parts, ()) = request.body(()).unwrap().into_parts();
            let ask = Ask::read(&parts);
            assert_eq!((ask.lang, ask.machine), (lang, true), "{header}");
        }
        assert!(!ask("/api/v10").machine && !ask("/api").machine);
    }
}
