//! The display menu: keeps the reader's choice and goes back to the page it was made on.

use axum::Form;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Lang;
use serde::Deserialize;

use crate::edge::Problem;
use crate::frame::Display;
use crate::state::AppState;

#[derive(Deserialize)]
pub struct Choice {
    #[serde(default)]
    theme: String,
    #[serde(default)]
    size: String,
    #[serde(default)]
    contrast: String,
    #[serde(default)]
    keys: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    back: String,
}

/// `POST /display`
pub async fn save(State(app): State<AppState>, Form(choice): Form<Choice>) -> Result<Response, Problem> {
    let display = Display::choose(&choice.theme, &choice.size, &choice.contrast, &choice.keys, &choice.lang);
    let back = if is_our_path(&choice.back) { choice.back.as_str() } else { "/" };
    let target = match display.lang {
        Lang::Zh => back.to_owned(),
        Lang::En => format!("/en{back}"),
    };
    let secure = if app.door().is_some_and(|door| door.secure) { "; Secure" } else { "" };
    let cookie = HeaderValue::from_str(&(display.to_cookie() + secure)).map_err(Problem::internal)?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&target)).into_response())
}

/// A path on this host: no scheme, no second host in disguise.
pub fn is_our_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
        && path.len() < 2000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_on_this_host() {
        assert!(is_our_path("/d/people?q=%E7%8E%8B"));
        for path in ["", "d", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb"] {
            assert!(!is_our_path(path), "{path:?}");
        }
    }
}
