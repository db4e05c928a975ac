//! How the reader wants pages to look and in which language: kept in a cookie, applied by the server.

use kernel::Lang;
use serde::{Deserialize, Serialize};

/// The cookie's name; its value reads `theme.size.contrast.keys.lang`.
pub const COOKIE: &str = "yilian_display";

/// Choices of the display menu; each holds one of its known words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Display {
    pub theme: &'static str,
    pub size: &'static str,
    pub contrast: &'static str,
    /// Whether single-key shortcuts are on (WCAG 2.1.4).
    pub keys: &'static str,
    pub lang: Lang,
}

pub const THEMES: [&str; 3] = ["auto", "light", "dark"];
pub const SIZES: [&str; 3] = ["m", "l", "xl"];
pub const CONTRASTS: [&str; 2] = ["normal", "more"];
pub const KEYS: [&str; 2] = ["on", "off"];

impl Default for Display {
    fn default() -> Self {
        Self { theme: "auto", size: "m", contrast: "normal", keys: "on", lang: Lang::Zh }
    }
}

impl Display {
    /// Takes known words and leaves the standard for all others.
    #[must_use]
    pub fn choose(theme: &str, size: &str, contrast: &str, keys: &str, lang: &str) -> Self {
        let pick =
            |word: &str, known: &'static [&'static str]| known.iter().copied().find(|k| *k == word).unwrap_or(known[0]);
        Self {
            theme: pick(theme, &THEMES),
            size: pick(size, &SIZES),
            contrast: pick(contrast, &CONTRASTS),
            keys: pick(keys, &KEYS),
            lang: if lang == "en" { Lang::En } else { Lang::Zh },
        }
    }

    /// Reads the request's `Cookie` header.
    #[must_use]
    pub fn from_cookies(header: &str) -> Self {
        let value = header.split(';').filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == COOKIE);
        let Some((_, value)) = value else { return Self::default() };
        let mut words = value.split('.');
        let mut next = || words.next().unwrap_or_default();
        let (theme, size, contrast, keys, lang) = (next(), next(), next(), next(), next());
        Self::choose(theme, size, contrast, keys, lang)
    }

    /// The `Set-Cookie` header that keeps the choice for a year.
    #[must_use]
    pub fn to_cookie(self) -> String {
        let lang = lang_code(self.lang);
        let Self { theme, size, contrast, keys, .. } = self;
        format!("{COOKIE}={theme}.{size}.{contrast}.{keys}.{lang}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly")
    }
}

/// `zh-CN` or `en`, as in the `lang` attribute.
#[must_use]
pub const fn lang_code(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_survives_the_cookie() {
        let chosen = Display::choose("dark", "xl", "more", "off", "en");
        let cookie = chosen.to_cookie();
        let sent = cookie.split(';').next().unwrap();
        assert_eq!(Display::from_cookies(&format!("a=b; {sent}")), chosen);
    }

    #[test]
    fn unknown_words_fall_back_to_the_standard() {
        assert_eq!(Display::from_cookies("yilian_display=\"><script>.x"), Display::default());
        assert_eq!(Display::from_cookies(""), Display::default());
    }
}
